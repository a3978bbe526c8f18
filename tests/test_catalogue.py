"""The catalogue: its tables of options, metrics, formats and rules are sound."""

from __future__ import annotations

import complexity_guard as cg


def test_flags_are_unique_and_every_option_is_sound():
    spellings = [spelling for option in cg.OPTIONS for spelling in option.flags + option.opposite]
    assert len(spellings) == len(set(spellings))
    for option in cg.OPTIONS:
        assert option.section in cg.SECTIONS
        assert option.flags or option.in_config, f"{option.name} can be set nowhere"
        assert (
            option.default is None
            or option.default == ()
            or option.kind.check(cg.to_config(option.default)) == option.default
        )
        assert len(option.help) <= 110
        assert not option.help.endswith(".")


def test_formats_are_the_reporters():
    assert tuple(cg.REPORTERS) == cg.FORMATS


def test_every_metric_has_a_rule() -> None:
    assert {metric.name for metric in cg.METRICS} | {"duplication", "unused-suppression"} <= {
        rule.name for rule in cg.RULES
    }
    assert all(rule.title.lower() != rule.name for rule in cg.RULES)  # SARIF1001 of Microsoft's validator
