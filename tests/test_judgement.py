"""Health: each number by its limits, each function by its worst family, each file and project by its lines."""

from __future__ import annotations

import math
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as some
from samples import LIMITS, measure_file

import complexity_guard as cg

OFF = cg.OFF


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


@given(numbers, numbers, limits)
def test_a_larger_number_never_takes_less(one, other, pair):
    assert cg.penalty(min(one, other), *pair) <= cg.penalty(max(one, other), *pair)


def judge(**changes) -> cg.Judge:
    return cg.Judge(cg.DEFAULT_ANALYSIS._replace(**changes), "none")


STRICT = {  # limits of ours, so that no default's move moves these tests
    "cyclomatic": (10, 20), "cognitive": (15, 25), "line_count": (50, 100), "params_count": (4, 7), "nesting_depth": (4, 6),
    "halstead_volume": (500, 1000), "halstead_difficulty": (10, 20), "halstead_effort": (5000, 10000),
    "halstead_bugs": (0.5, 1.0), "file_length": (300, 600), "export_count": (15, 30), "template_complexity": (10, 20),
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
    return measure_file("a.ts", source.encode(), judge(**changes), cg.make_scanner())[0]


BRANCHES = "if (a) b();\n" * 30  # past every limit on branches


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("const f = () => 1;\n", {"f": 1}),
        ("function f() {\n  a();\n\n  // nothing\n  b();\n}\n", {"f": 4}),
        # two that are equally healthy, and a better one inside: the outer one decides about all lines
        ("function f(a, b) {\n  const g = () => {\n    a();\n  };\n  g();\n}\n", {"f": 6, "f>g": 0}),
        # a worse one inside decides about its own lines
        (f"function f() {{\nconst g = () => {{\n{BRANCHES}}};\ng();\n}}\n", {"f": 3, "f>g": 32}),
        # and the worst about those inside it
        (f"function f() {{\nfunction g() {{\nfunction h() {{\n  a();\n}}\n{BRANCHES}}}\n}}\n", {"f": 2, "f>g": 35, "f>g>h": 0}),
        # one line, several functions: a line counts once
        ("const add = (a, b, c) => (d) => a + b;\n", {"add": 1, "add><anonymous>": 0}),
        # what is in a field's initializer is in the function around the class
        ("function f(a, b) {\n  return class {\n    x = g(() => {\n      a();\n    });\n  };\n}\n", {"f": 7, "f><anonymous>.x": 0}),
    ],
)  # fmt: skip
def test_the_worst_function_around_a_line_decides_about_it(source, lines):
    report = measured(source, thresholds=NO_HALSTEAD)
    decided = {function.qualified_name: function.health_lines for function in report.functions}
    assert decided == lines
    assert report.module.health_lines == 0


def test_a_file_is_the_mean_of_its_lines():
    source = f"function bad(a) {{\n{BRANCHES}}}\nfunction good() {{\n  return 1;\n}}\n"
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
    inner = "function f(a, b, c, d, e, g) {\n  const h = () => {\n    a();\n  };\n}\n"
    without = measured(inner, ignore_functions=("f",))
    assert [unit.health_lines for unit in without.units] == [0, 0, 3]


# A function of a made-up file: its numbers, its own lines, and the number of the one around it (0: none).
functions_of_files = some.lists(
    some.tuples(values_of_functions, some.integers(1, 300), some.integers(0, 5)), min_size=1, max_size=6
)


def health_of_file(rows) -> float:
    """Of a file with such functions, and what they lost, as the judge has it."""
    judge = JUDGE
    outers = [0, *(min(outer, number) for number, (_, _, outer) in enumerate(rows))]
    lines = [0, *(own for _, own, _ in rows)]
    for number in range(len(rows), 0, -1):
        if outers[number]:
            lines[outers[number]] += lines[number]
    units = [template()._replace(kind="module", outer=0, line_count=0)]
    units += [template()._replace(line_count=count, outer=outer) for count, outer in zip(lines[1:], outers[1:])]
    scores = [100.0, *(health(NO_HALSTEAD, **values) for values, _, _ in rows)]
    decided = judge.deciding_lines(units, scores)
    assert sum(decided) == sum(own for _, own, _ in rows)
    lost = sum(round((100 - score) * count * cg.LOST_UNIT) for score, count in zip(scores, decided))
    return cg.health_of(lost, sum(decided))


JUDGE = judge(thresholds=NO_HALSTEAD)


@cache
def template() -> cg.MeasuredFunction:
    options = cg.measure_options(cg.DEFAULT_ANALYSIS)
    return cg.measure("a.ts", b"const f = () => 1;\n", options, cg.make_scanner(), cg.Bounds())[0].functions[0]


@given(functions_of_files, some.integers(0, 5), some.integers(1, 299), some.booleans(), some.data())
def test_splitting_a_function_never_lowers_health(rows, which, lines, is_inner, data):
    """Some of its lines become a function of their own, beside it or in it, and no number of the two is larger than
    the one's was. What was in it stays in it."""
    which %= len(rows)
    values, own, outer = rows[which]
    parts = [{name: data.draw(some.integers(0, value)) for name, value in values.items()} for _ in range(2)]
    taken = min(lines, own)
    split = [*rows, (parts[1], taken, which + 1 if is_inner else min(outer, which))]
    split[which] = (parts[0], own - taken, outer)
    assert health_of_file(split) >= health_of_file(rows) - 1e-6


@given(functions_of_files, some.integers(0, 5), some.sampled_from(list(NOTHING)), some.integers(1, 100))
def test_no_number_that_grows_raises_the_health_of_a_file(rows, which, metric, more):
    which %= len(rows)
    values, own, outer = rows[which]
    worse = list(rows)
    worse[which] = ({**values, metric: values[metric] + more}, own, outer)
    assert health_of_file(worse) <= health_of_file(rows) + 1e-6


def test_the_order_of_samples_is_that_of_the_module():
    """`health` above hands values over by place."""
    assert list(NOTHING) == cg.JUDGED_VALUES and LIMITS.keys() <= STRICT.keys()


def flat_switch(cases: int) -> str:
    return (
        "function f(x) {\n  switch (x) {\n" + "".join(f"    case {n}: return {n};\n" for n in range(cases)) + "  }\n}\n"
    )


def component(ifs: int) -> str:
    """It is only long, and has a handler with as many branches in it."""
    inner = "".join(f"    if (a{n}) b();\n" for n in range(ifs))
    return f"function f() {{\n  const g = () => {{\n{inner}  }};\n" + "  c();\n" * 60 + "}\n"


TABLE = "function f() {\n  return {\n" + "".join(f"    key{n}: {n},\n" for n in range(150)) + "  };\n}\n"
FIVE = "function f(a, b, c, d, e) {}\n"
LEAST = cg.PRESETS["recommended"].least_cognitive


def ladder(ifs: int, others: int, inside: int = 0) -> str:
    """Cognitive `ifs`, depth 1, and ifs + others + 2 own lines; a function inside has so many of its own."""
    inner = "const g = () => {\n" + "d();\n" * (inside - 2) + "};\n" if inside else ""
    return "function f() {\n" + "if (a) b();\n" * ifs + "c();\n" * others + inner + "}\n"


@pytest.mark.parametrize(("source", "found"), [
    (ladder(26, 76), False),  # 26 / 25 + 104 / 100 + 1 / 6 = 2.2467
    (ladder(26, 77), True),  # one line more
    (ladder(26, 76, inside=150), False),  # lines of a function inside are its own
    (ladder(26, 77, inside=150), True),
    (ladder(25, 81), False),  # cognitive one less, four lines more: 2.2467
    (ladder(25, 82), True),  # five
    (ladder(15, 200), False),  # a burden of 2.94, and too little to follow
    ("function f() {\n" + "if (a) { " * 5 + "if (a && b) c();\n" * 9 + " }" * 5 + "\n}\n", True),
    # 1 + 2 + 3 + 4 + 5, and nine times 6 + 1 for the &&: 78 / 25 + 11 / 100 + 6 / 6
])  # fmt: skip
def test_findings_are_of_what_is_a_burden_by_itself(source, found):
    """Cognitive complexity, own lines and depth, each as a share of its limit of errors: 25, 100 and 6."""
    report = measured(source, least_cognitive=16, least_burden=2.25)
    assert bool(next(f for f in report.functions if f.name == "f").violations) == found
    everything = measured(source, least_cognitive=16, least_burden=0)
    assert next(f for f in everything.functions if f.name == "f").violations or source.count("if") == 15


def test_a_limit_that_somebody_chose_finds_what_is_no_burden():
    chosen = cg.DEFAULT_THRESHOLDS | {"cognitive": (15, 26)}
    (f,) = measured(ladder(26, 0), thresholds=chosen, least_cognitive=16, least_burden=2.25).functions
    assert [one.metric for one in f.violations] == ["cognitive"]


@pytest.mark.parametrize(("source", "changes", "findings"), [
    (flat_switch(30), {}, ""),
    (TABLE, {}, ""),
    (FIVE, {}, ""),
    (component(LEAST - 1), {}, ""),  # one short of the number
    (component(LEAST), {}, "line_count"),  # all of it in the function inside, which is within limits of its length
    (component(LEAST - 1) + component(LEAST - 1), {}, ""),  # beside one another: neither is in the other
    (component(5), {"least_cognitive": 5}, "line_count"),
    (component(4), {"least_cognitive": 5}, ""),
    (flat_switch(30), {"least_cognitive": 0}, "cyclomatic"),
    (TABLE, {"least_cognitive": 0}, "line_count"),
    (FIVE, {"least_cognitive": 0}, "params_count"),
    (FIVE, {"thresholds": {"params_count": (4, 8)}}, "params_count"),  # a limit that somebody chose always counts
    (TABLE, {"thresholds": {"params_count": (3, 8)}}, ""),
    (flat_switch(30), {"thresholds": {"cyclomatic": (cg.OFF, 20)}}, "cyclomatic"),
])  # fmt: skip
def test_findings_want_something_to_follow(source, changes, findings):
    thresholds = cg.DEFAULT_THRESHOLDS | changes.get("thresholds", {})
    report = measured(source, **{"least_burden": 0.0, **changes, "thresholds": thresholds})
    assert " ".join(found.metric for f in report.functions if f.name == "f" for found in f.violations) == findings
    assert {f.health_score for f in measured(source, thresholds=thresholds, least_cognitive=0).functions} == {
        f.health_score for f in report.functions
    }, "the health is of the numbers, whatever is found"


@pytest.mark.parametrize("preset", ["strict", "sonarqube", "eslint"])
def test_other_presets_find_whatever_is_past_their_limits(preset):
    values = cg.PRESETS[preset].values()
    leasts = {name: values[f"analysis.{name}"] for name in ("least_cognitive", "least_burden")}
    changed = cg.changed_analysis(cg.DEFAULT_ANALYSIS, {**values, **leasts})
    assert (changed.least_cognitive, changed.least_burden) == (0, 0)
    found = {one.metric for f in measured(flat_switch(60), **changed._asdict()).functions for one in f.violations}
    assert ("cyclomatic" in found) == (preset != "sonarqube")
