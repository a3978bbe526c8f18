"""Findings: their wording, which all formats share."""

from __future__ import annotations

import math

import pytest

import complexity_guard as cg


@pytest.mark.parametrize(
    ("delta", "said"),
    (
        (3, ", +3 since baseline"),
        (-1.5, ", -1.5 since baseline"),
        (0, ", unchanged since baseline"),
        (None, ""),
        (1234567.5, ", +1,234,568 since baseline"),
        (-0.0004, ", -0.0004 since baseline"),
    ),
)
def test_messages_say_what_changed_since_the_baseline(delta: float | None, said: str) -> None:
    violation = cg.Violation("cognitive", "error", 28, 25, delta)
    assert cg.violation_message(violation, "'f'") == f"'f' has cognitive complexity 28 (error above 25{said})"


CLOSE = (
    (500.3, 500, "500.3"),
    (10.004, 10, "10.004"),
    (0.502, 0.5, "0.502"),
    (1000.4, 1000, "1,000.4"),
    (2098.6, 1000, "2,099"),
    (21, 20, "21"),
)


@pytest.mark.parametrize(("value", "threshold", "said"), (*CLOSE, (math.nextafter(10, 11), 10, "10")))
def test_a_value_is_told_from_the_threshold_that_it_is_above(value: float, threshold: float, said: str) -> None:
    violation = cg.Violation("halstead_volume", "error", value, threshold, None)
    assert (
        cg.violation_message(violation, "'f'") == f"'f' has Halstead volume {said} (error above {cg.number(threshold)})"
    )
    assert cg.finding_words(violation) == f"halstead_volume {said} > {cg.number(threshold)}"
