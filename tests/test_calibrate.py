"""scripts/calibrate.py: the arithmetic by hand, what counts as product code, and the list itself."""

from __future__ import annotations

import io
import json
import math
import tarfile
from dataclasses import replace

import calibrate
import pytest

NOTHING = calibrate.Function("a.ts", "f", 1, 0, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0, 0)


def function(**values) -> calibrate.Function:
    return replace(NOTHING, **values)


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (7.5, 20), (15, 40), (22.5, 70), (30, 100), (400, 100)])
def test_a_single_limit_takes_as_much_as_an_error(value, expected):
    """The program's (off, 15), where half of the limit takes what a warning does: docs/health.md."""
    assert calibrate.PRESETS["sonarqube"] == {"cognitive": (calibrate.cg.OFF, 15)}
    assert math.isclose(calibrate.function_penalty(function(cognitive=value), calibrate.PRESETS["sonarqube"]), expected)


def test_limits_of_whole_files_are_left_out():
    assert set(calibrate.PRESETS["eslint"]) == {"cyclomatic", "nesting_depth", "line_count", "params_count"}
    assert set(calibrate.RECOMMENDED) == {"cyclomatic", "cognitive", "line_count", "params_count", "nesting_depth"}


def test_the_worst_family_decides():
    # Cognitive 25 of 15 / 25: 40; cyclomatic 10 of 10 / 20: 20; structural: 100 lines of 50 / 100: 40.
    one = function(cognitive=25, cyclomatic=10, line_count=100, params_count=1)
    expected = ((0.30 * 40**4 + 0.20 * 20**4 + 0.15 * 40**4) / 0.65) ** 0.25
    assert math.isclose(calibrate.function_penalty(one, calibrate.RECOMMENDED), expected)
    assert 36 < expected < 40


def test_a_family_without_limits_has_no_weight():
    one = function(cognitive=15, cyclomatic=900, halstead_volume=1e9)
    assert math.isclose(calibrate.function_penalty(one, calibrate.PRESETS["sonarqube"]), 40)


def test_health_is_a_mean_by_lines():
    good, bad = function(line_count=25), function(cognitive=50, cyclomatic=40, line_count=200)
    limits = calibrate.RECOMMENDED
    penalty = (0.15 * 10**4 / 0.65) ** 0.25  # of 25 lines: 10 in the structural family alone
    assert math.isclose(calibrate.health([good], limits), 100 - penalty)
    assert math.isclose(calibrate.health([good, bad], limits), 100 - (25 * penalty + 200 * 100) / 225)
    assert calibrate.health([], limits) == 100


@pytest.mark.parametrize(
    ("values", "preset", "expected"),
    [
        ({"cyclomatic": 10}, "recommended", 0),
        ({"cyclomatic": 11}, "recommended", 1),
        ({"cyclomatic": 20, "params_count": 8}, "recommended", 2),
        ({"cognitive": 15}, "sonarqube", 0),
        ({"cognitive": 16}, "sonarqube", 2),
        ({"halstead_bugs": 1.1}, "strict", 2),
        ({"halstead_bugs": 1.1}, "recommended", 0),
        ({"line_count": 51}, "eslint", 2),
    ],
)
def test_a_value_above_a_limit_violates_it(values, preset, expected):
    assert calibrate.level(function(**values), calibrate.PRESETS[preset]) == expected


def test_shares_of_functions_and_lines():
    functions = [function(line_count=10), function(line_count=60), function(line_count=130), function(cognitive=26)]
    found = calibrate.flagged(functions, calibrate.RECOMMENDED)
    assert (found.errors, found.anything, found.lines) == (50, 75, 65)
    assert calibrate.alone(functions, calibrate.RECOMMENDED)["line_count"] == (25, 50, 25)
    assert calibrate.flagged([], calibrate.RECOMMENDED) == calibrate.Flagged(0, 0, 0)


def test_quantiles_by_number_and_by_weight():
    pairs = [(1, 1), (2, 1), (3, 1), (100, 7)]
    assert calibrate.quantile(pairs, 0, 0.1, 0.11, 0.3, 0.31, 1) == [1, 1, 2, 3, 100, 100]


def test_equal_values_share_a_rank():
    assert calibrate.ranks([30, 10, 20, 20]) == [4, 1, 2.5, 2.5]


def test_the_correlation_of_ranks():
    assert calibrate.spearman([1, 2, 3, 4], [10, 100, 1000, 10000]) == 1
    assert calibrate.spearman([1, 2, 3, 4], [4, 3, 2, 1]) == -1
    assert math.isclose(calibrate.spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]), 1 - 6 * 4 / (5 * 24))
    assert calibrate.spearman([1, 2], [7, 7]) == 0


def test_own_lines_are_those_of_no_function_inside():
    outer = {"start_line": 1, "start_col": 0, "end_line": 20, "end_col": 1, "line_count": 18}
    inner = {"start_line": 3, "start_col": 4, "end_line": 12, "end_col": 5, "line_count": 9}
    innermost = {"start_line": 4, "start_col": 8, "end_line": 5, "end_col": 9, "line_count": 2}
    beside = {"start_line": 21, "start_col": 0, "end_line": 21, "end_col": 9, "line_count": 1}
    entries = [
        {**dict.fromkeys(calibrate.METRICS, 0), "qualified_name": "f", **entry}
        for entry in (innermost, outer, beside, inner)
    ]
    assert [f.own_lines for f in calibrate.functions_of_file("a.ts", entries)] == [2, 9, 1, 7]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/a.ts", True),
        ("src/latest.js", True),
        ("src/contest/a.tsx", True),
        ("src/a.d.ts", False),
        ("src/a.d.mts", False),
        ("src/a.test.ts", False),
        ("src/a-test.js", False),
        ("src/__tests__/a.ts", False),
        ("test/a.js", False),
        ("src/api.generated.ts", False),
        ("examples/a.ts", False),
        ("src/a.css", False),
    ],
)
def test_product_code_by_its_path(path, expected):
    assert calibrate.is_product(path) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"export const one = 1;\n", False),
        (b'"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n', True),
        (b"var __awaiter = (this && this.__awaiter) || f;\n", True),
        (b"a();\n//# sourceMappingURL=a.js.map\n", True),
        (b"// Looks for sourceMappingURL= in what the loader gave\nexport const a = '__esModule';\n", False),
    ],
)
def test_what_compilers_leave_behind(content, expected):
    assert calibrate.is_compiled("a.js", content) is expected


def test_typescript_is_no_compilers_output():
    assert not calibrate.is_compiled("a.ts", b'Object.defineProperty(exports, "__esModule", { value: true });\n')


def test_only_product_code_is_unpacked(tmp_path):
    archive = tmp_path / "a.tgz"
    names = (
        "package/src/a.ts",
        "package/src/old/b.ts",
        "package/lib/a.js",
        "package/src/a.test.ts",
        "package/src/../../c.ts",
    )
    with tarfile.open(archive, "w:gz") as tar:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = 2
            tar.addfile(entry, io.BytesIO(b"1\n"))
    calibrate.unpack({"folders": ["src"], "without": ["src/old"]}, archive, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == ["a.ts"]


def test_the_document_has_a_row_a_package_and_the_held_out_ones_last():
    functions = [function(line_count=10), function(line_count=130, cognitive=30)]
    packages = [
        calibrate.Package("seen 1.0.0", "ts", functions),
        calibrate.Package("held 2.0.0", "js", functions, True),
    ]
    text = "\n".join(calibrate.document(packages))
    seen, _, held = text.partition("## Held out")
    assert "| seen 1.0.0 (ts) | 2 | 140 | 50.0 | 50.0 | 92.9 |" in seen
    assert "held 2.0.0" not in seen
    assert "| held 2.0.0 (js) | 2 |" in held
    assert "\npackages 1\n" in calibrate.carried(packages)


def test_a_table_reads_as_it_was_kept(tmp_path):
    functions = [function(name='a "b", c', start=7, halstead_volume=12.5, own_lines=3), function(path="b.ts")]
    calibrate.keep(tmp_path / "folder" / "t.csv.gz", functions)
    assert calibrate.read(tmp_path / "folder" / "t.csv.gz") == functions


def test_the_list_is_pinned_varied_and_its_held_out_rows_are_the_hashed_ones():
    rows = json.loads(calibrate.PACKAGES.read_text("utf-8"))
    names = [row["name"] for row in rows]
    assert len(set(names)) == len(names) >= 220
    assert {row["name"] for row in rows if row.get("held_out")} == calibrate.held_out(names)
    assert all(len(row["sha256"]) == 64 and row["folders"] and row["language"] in ("ts", "js") for row in rows)
    assert min(sum(row["language"] == kind for row in rows) for kind in ("ts", "js")) >= 60


def test_what_a_preset_flags_has_enough_to_follow_with_the_functions_in_it():
    """By hand: the outer one has 10 + 9 + 8, the middle one 9 + 8, the inner one 8; all are past a limit of lines."""
    outer, middle, inner = (function(cognitive=points, line_count=60) for points in (10, 9, 8))
    nested = [outer, replace(middle, outer=1), replace(inner, outer=1)]
    assert calibrate.cognitive_within(nested) == [27, 17, 8]
    found = [calibrate.flagged(nested, {"line_count": (50, 100)}, (least, 0)) for least in (0, 9, 26, 28)]
    assert [round(one.anything) for one in found] == [100, 67, 33, 0]
