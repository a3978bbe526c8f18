"""Health: each number by its limits, each function by its worst family, each file and project by its lines."""

from __future__ import annotations

import math
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from samples import LIMITS

import complexity_guard as cg

OFF = cg.OFF
at_any_speed = settings(deadline=None)


@pytest.mark.parametrize(
    ("value", "warning", "error", "taken"),
    [
        (0, 10, 20, 0), (5, 10, 20, 10), (10, 10, 20, 20), (15, 10, 20, 30), (20, 10, 20, 40), (30, 10, 20, 70),
        (40, 10, 20, 100), (4000, 10, 20, 100), (20, 20, 20, 20), (30, 20, 20, 70),
        (5, OFF, 20, 10), (20, OFF, 20, 40), (40, OFF, 20, 100),  # as 10 and 20
        (5, 10, OFF, 10), (10, 10, OFF, 20), (20, 10, OFF, 40), (40, 10, OFF, 100),
        (0, 0, 0, 0), (1, 0, 0, 100), (1, 0, OFF, 100), (1, OFF, 0, 100), (5, 0, 20, 25),
    ],
)  # fmt: skip
def test_a_number_takes_as_much_as_its_limits_say(value, warning, error, taken):
    """METRICS.md: 100 at 0, 80 at the warning, 60 at the error, 0 at twice the error."""
    assert cg.penalty(value, warning, error) == taken


limits = some.sampled_from([(10, 20), (OFF, 20), (10, OFF), (0, 0), (0, 20), (20, 20), (0.5, 1.0), (3, 4000)])
numbers = some.floats(0, 1e6) | some.integers(0, 100)


@at_any_speed
@given(numbers, numbers, limits)
def test_a_larger_number_never_takes_less(one, other, pair):
    assert cg.penalty(min(one, other), *pair) <= cg.penalty(max(one, other), *pair)


def judge(**changes) -> cg.Judge:
    return cg.Judge(cg.DEFAULT_ANALYSIS._replace(**changes), "none")


STRICT = {  # limits of ours, so that no default's move moves these tests
    "cyclomatic": (10, 20), "cognitive": (15, 25), "line_count": (50, 100), "params_count": (4, 7), "nesting_depth": (4, 6),
    "halstead_volume": (500, 1000), "halstead_difficulty": (10, 20), "halstead_effort": (5000, 10000),
    "halstead_bugs": (0.5, 1.0), "file_length": (300, 600), "export_count": (15, 30),
    "duplication": (15, 25), "duplication_project": (5, 10),
}  # fmt: skip
NO_HALSTEAD = {**STRICT, **dict.fromkeys(cg.FAMILY_METRICS["halstead"], (OFF, OFF))}
NOTHING = dict.fromkeys(cg.JUDGED_VALUES, 0)


TABLES = {
    id(limits): cg.HealthTable(cg.DEFAULT_ANALYSIS._replace(thresholds=limits)) for limits in (STRICT, NO_HALSTEAD)
}


def health(thresholds: dict = STRICT, weights: dict | None = None, **values: float) -> float:
    table = TABLES.get(id(thresholds))
    if weights or not table:
        table = judge(thresholds=thresholds, weights=weights or cg.DEFAULT_WEIGHTS).health
    return table[table.key_of(tuple({**NOTHING, **values}.values()))]


@pytest.mark.parametrize(
    ("values", "thresholds", "expected"),
    [
        ({}, STRICT, 100),
        # every family at its error: 40 is missing, whatever the weights
        ({"cyclomatic": 20, "cognitive": 25, "params_count": 7, "halstead_volume": 1000}, STRICT, 60),
        # one family alone takes (its share of the weights)^(1/4) of its penalty; shares are 20, 30, 15, 15 of 80
        ({"cyclomatic": 40}, STRICT, 100 - 100 * (20 / 80) ** 0.25),
        ({"cognitive": 50}, STRICT, 100 - 100 * (30 / 80) ** 0.25),
        ({"line_count": 100}, STRICT, 100 - 40 * (15 / 80) ** 0.25),
        ({"halstead_bugs": 2}, STRICT, 100 - 100 * (15 / 80) ** 0.25),
        # a family without limits has no part: its weight is the others'
        ({"cognitive": 50, "halstead_volume": 9e9}, NO_HALSTEAD, 100 - 100 * (30 / 65) ** 0.25),
        # a family is as bad as its worst metric
        ({"line_count": 50, "params_count": 7, "nesting_depth": 1}, NO_HALSTEAD, 100 - 40 * (15 / 65) ** 0.25),
        ({"cyclomatic": 10, "cognitive": 25}, NO_HALSTEAD, 100 - ((20 * 20**4 + 30 * 40**4) / 65) ** 0.25),
    ],
)  # fmt: skip
def test_the_health_of_a_function_is_the_quartic_mean_of_its_families(values, thresholds, expected):
    assert math.isclose(health(thresholds, **values), expected, rel_tol=1e-12)


def test_health_without_anything_to_judge_by_is_100():
    assert health(dict.fromkeys(STRICT, (OFF, OFF)), **dict.fromkeys(NOTHING, 1e9)) == 100
    assert health(weights=dict.fromkeys(cg.FAMILIES, 0), **dict.fromkeys(NOTHING, 1e9)) == 100


def test_health_is_never_below_0():
    """Shares whose sum is a little more than 1 made it -0.00."""
    for weights in ([1, 1, 1, 1], [0.1, 0.2, 0.3, 0.7], [3, 7, 11, 13]):
        shares = {**cg.DEFAULT_WEIGHTS, **dict(zip(cg.FUNCTION_FAMILIES, weights))}
        assert health(weights=shares, **dict.fromkeys(NOTHING, 1e9)) >= 0


values_of_functions = some.fixed_dictionaries(dict.fromkeys(NOTHING, some.integers(0, 300)))


@at_any_speed
@given(
    values_of_functions,
    some.sampled_from(list(NOTHING)),
    some.integers(1, 100),
    some.sampled_from([STRICT, NO_HALSTEAD]),
)
def test_no_number_that_grows_raises_the_health_of_a_function(values, metric, more, thresholds):
    worse = {**values, metric: values[metric] + more}
    assert health(thresholds, **worse) <= health(thresholds, **values)


# Of files and projects: by lines


def measured(source: str, **changes) -> cg.FileReport:
    return cg.measure_file("a.ts", source.encode(), judge(**changes), cg.make_scanner())[0]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("const f = () => 1;\n", {"f": 1}),
        ("function f() {\n  a();\n\n  // nothing\n  b();\n}\n", {"f": 4}),
        # the lines of an inner function are its own, and no longer the outer one's
        ("function f() {\n  const g = () => {\n    a();\n  };\n  g();\n}\n", {"f": 3, "f>g": 3}),
        ("function f() {\n  function g() {\n    function h() {\n      a();\n    }\n  }\n}\n", {"f": 2, "f>g": 2, "f>g>h": 3}),
        # one line, several functions: nothing is left of the outer one
        ("const add = (a) => (b) => a + b;\n", {"add": 0, "add><anonymous>": 1}),
        # what is in a field's initializer belongs to the function around the class
        ("function f() {\n  return class {\n    x = g(() => {\n      a();\n    });\n  };\n}\n", {"f": 4, "f>g callback": 3}),
    ],
)  # fmt: skip
def test_each_line_is_the_innermost_functions_around_it(source, lines):
    report = measured(source)
    own = [function.health_lines for function in report.functions]
    assert own == list(lines.values()), {f.qualified_name: f.health_lines for f in report.functions}
    assert report.module.health_lines == 0


def test_a_file_is_the_mean_of_its_functions_by_their_own_lines():
    branches = "  if (a) b();\n" * 30
    source = f"function bad(a) {{\n{branches}}}\nfunction good() {{\n  return 1;\n}}\n"
    report = measured(source, thresholds=NO_HALSTEAD)
    bad, good = report.functions
    assert (bad.health_lines, good.health_lines) == (32, 3)
    expected = (32 * bad.health_score + 3 * good.health_score) / 35
    assert math.isclose(report.health_score, expected, abs_tol=1e-6)
    assert bad.health_score < 70 and good.health_score > 95


def test_what_is_not_judged_has_no_part_in_health():
    source = "if (a) {\n  b();\n}\nfunction f(a, b, c, d, e, f, g, h, i, j, k, l, m, n) {\n}\n"
    assert measured(source, ignore_functions=("f",)).health_score == 100
    with_module = measured(source, module_code=True)
    assert [unit.health_lines for unit in with_module.units] == [3, 2]


@cache
def template() -> cg.FunctionReport:
    return measured("const f = () => 1;\n").functions[0]


pieces = some.lists(some.tuples(values_of_functions, some.integers(1, 300)), min_size=1, max_size=8)


def lost(values: dict, lines: int) -> tuple[int, int]:
    return cg.lost_by(template()._replace(health_score=health(NO_HALSTEAD, **values), health_lines=lines))


def together(rows) -> float:
    return cg.health_of(*map(sum, zip(*[lost(values, lines) for values, lines in rows])))


@at_any_speed
@given(pieces, values_of_functions, some.lists(some.integers(1, 100), min_size=2, max_size=4), some.data())
def test_splitting_a_function_never_lowers_health(rest, whole, lines, data):
    """The parts have the lines of the whole between them, and no number of theirs is larger than the whole's. A part
    may be an inner function: an outer one has only the lines that are left."""
    parts = [({name: data.draw(some.integers(0, value)) for name, value in whole.items()}, own) for own in lines]
    before, after = together([*rest, (whole, sum(lines))]), together([*rest, *parts])
    assert after >= before - 1e-6


@at_any_speed
@given(pieces, some.randoms())
def test_the_order_of_functions_does_not_show(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert together(rows) == together(shuffled)


@at_any_speed
@given(pieces, some.sampled_from(list(NOTHING)), some.integers(1, 100))
def test_no_number_that_grows_raises_the_health_of_a_project(rows, metric, more):
    (values, lines), *rest = rows
    worse = {**values, metric: values[metric] + more}
    assert together([(worse, lines), *rest]) <= together(rows)


def test_the_order_of_samples_is_that_of_the_module():
    """`health` above hands values over by place."""
    assert list(NOTHING) == cg.JUDGED_VALUES and LIMITS.keys() <= STRICT.keys()
