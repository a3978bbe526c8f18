"""Measures are values of their own: what is judged of them follows from them and an analysis, and from nothing else."""

import ast

import house
import pytest
from samples import measure_file

import complexity_guard as cg

SOURCE = b"""
// complexity-guard-ignore-file params_count -- a sample
export class Shop {
  @logged
  sell(a, b, c, d) { if (a && b) { for (const x of c) { d(x) } } else if (c) { return () => d ?? c } }
}
export const total = (items) => items.map((x) => x.price ?? 0)
"""


def measured(source: bytes = SOURCE, name: str = "shop.ts", **options) -> cg.MeasuredFile:
    wanted = cg.measure_options(cg.DEFAULT_ANALYSIS)._replace(**options)
    return cg.measure(name, source, wanted, cg.make_scanner(), cg.Bounds())[0]


def literal_makes():
    """Every `Record._make((...))` and every `(...) = record` of the module: the record's name and those of the values."""
    for node in ast.walk(ast.parse(house.MODULE.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_make":
            (values,) = node.args
            if isinstance(values, ast.Tuple) and len(values.elts) > 9:
                yield node.func.value.id, [getattr(value, "id", "?") for value in values.elts]


def test_the_records_that_are_made_by_place_are_made_of_their_fields_in_order():
    made = dict(literal_makes())
    assert {"MeasuredFunction", "FunctionReport"} <= made.keys()
    for name, values in made.items():
        assert values == list(getattr(cg, name)._fields)


def test_a_report_takes_each_measure_from_the_field_of_its_name():
    numbers = cg.MeasuredFunction._make(range(len(cg.MeasuredFunction._fields)))
    judge = cg.Judge(cg.DEFAULT_ANALYSIS, "none")
    report = judge.report(numbers, judge.alike[numbers[judge.numbers]], 0, cg.NO_POINTS)
    same = set(cg.MeasuredFunction._fields) & set(cg.FunctionReport._fields)
    assert len(same) == 12
    assert {name: getattr(report, name) for name in same} == {name: getattr(numbers, name) for name in same}


def test_judged_values_stand_in_the_order_of_their_names():
    numbers = cg.MeasuredFunction._make(range(100, 100 + len(cg.MeasuredFunction._fields)))._replace(is_wrapper=False)
    sizes = cg.halstead_of(3, 4, 50, 60)
    values = dict(zip(cg.JUDGED_VALUES, cg.judged_values(numbers, sizes), strict=True))
    assert set(values) == {metric.name for metric in cg.FUNCTION_METRICS}
    for name, value in values.items():
        assert value == (getattr(sizes, name[9:]) if name.startswith("halstead_") else getattr(numbers, name))


@pytest.mark.parametrize("order", [-1, 1])
def test_the_order_of_the_catalogue_is_no_part_of_judging(monkeypatch, order):
    strict = cg.DEFAULT_ANALYSIS._replace(thresholds=dict.fromkeys(cg.DEFAULT_THRESHOLDS, (1, 2)))
    before = cg.Judge(strict, "all").file("shop.ts", measured())
    monkeypatch.setattr(cg, "FUNCTION_METRICS", cg.FUNCTION_METRICS[::order])
    after = cg.Judge(strict, "all").file("shop.ts", measured())
    assert [sorted(f.violations) for f in after.functions] == [sorted(f.violations) for f in before.functions]
    assert [f.health_score for f in after.functions] == [f.health_score for f in before.functions]


def test_one_measure_serves_every_judge():
    """Thresholds, families, comments and points are matters of judging: measuring asks for none of them."""
    once = measured()
    for analysis in (
        cg.DEFAULT_ANALYSIS,
        cg.DEFAULT_ANALYSIS._replace(metrics=frozenset({"cognitive"})),
        cg.DEFAULT_ANALYSIS._replace(thresholds=dict.fromkeys(cg.DEFAULT_THRESHOLDS, (0, 1))),
        cg.DEFAULT_ANALYSIS._replace(module_code=True, syntax_errors="error", ignore_functions=("Shop*",)),
    ):
        for points in cg.POINTS:
            judge = cg.Judge(analysis, points)
            assert judge.file("shop.ts", once) == measure_file("shop.ts", SOURCE, judge, cg.make_scanner())[0]


def test_what_shapes_measures_is_in_the_options():
    assert [function.qualified_name for function in measured().functions] == [
        "Shop.sell",
        "Shop.sell><anonymous>",
        "total",
        "total>map callback",
    ]
    modified = measured(b"switch (a) { case 1: case 2: }", cyclomatic_variant="modified").module
    assert (modified.cyclomatic, measured(b"switch (a) { case 1: case 2: }").module.cyclomatic) == (2, 3)
    assert [f.is_wrapper for f in measured(b"(function () { a() })()", wrappers=True).functions] == [True]
    assert measured().tokens is None
    assert measured().bodies == ()
    whole = measured(tokens=True, bodies=True)
    assert len(whole.tokens.lines) % 4 == 0
    assert len(whole.bodies) == 1 + len(whole.units)
