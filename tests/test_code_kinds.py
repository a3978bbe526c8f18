"""Product code, test code and generated code: what is judged of each, and where it is summed up."""

from __future__ import annotations

import json

import pytest
from repository import CONFIG, Repo
from samples import function

import complexity_guard as cg

LONG = "".join(f"  call{number}();\n" for number in range(150))
MADE = "// @generated\n"
MANY = "a, b, c, d, e, f, g, h, i"


def in_test(body: str) -> str:
    return f"describe('it', () => {{\n  it('does', ({MANY}) => {{\n{body}  }});\n}});\n"


FILES = {
    ".git/HEAD": "",
    "src/a.ts": f"export function wide({MANY}) {{}}\n",
    "src/a.test.ts": in_test(LONG) + f"function helper({MANY}) {{\n{LONG}}}\n",
    "src/made.ts": f"{MADE}// complexity-guard-ignore-next-line nonsense\nexport function wide({MANY}) {{}}\n",
}


@pytest.fixture
def folder(project):
    return project(FILES)


def test_each_kind_is_judged_by_its_own_rules(guard, folder):
    result = guard("-f", "json", "--preset", "strict", ".", cwd=folder)
    found = {
        file["path"]: sorted({violation["metric"] for one in file["functions"] for violation in one["violations"]})
        for file in result.json["files"]
    }
    assert found["src/a.ts"] == ["params_count"]
    assert "params_count" in found["src/a.test.ts"]
    assert "line_count" not in found["src/a.test.ts"]
    assert found["src/made.ts"] == []
    in_tests = next(file for file in result.json["files"] if file["path"] == "src/a.test.ts")
    assert [one["name"] for one in in_tests["functions"] if one["violations"]] == ["helper"], "wrappers have none"
    made = next(file for file in result.json["files"] if file["path"] == "src/made.ts")
    assert made["functions"][0]["params_count"] == 9, "it is measured"
    assert made["notices"] == made["suppressed"] == []


def test_sums_and_health_are_of_product_code(flat_guard, folder):
    alone = flat_guard("-f", "json", "src/a.ts", cwd=folder).json["summary"]
    summary = flat_guard("-f", "json", ".", cwd=folder).json["summary"]
    for key in ("files_analyzed", "total_functions", "errors", "warnings", "health_score"):
        assert summary[key] == alone[key], key
    assert summary["files_analyzed"] == summary["total_functions"] == summary["errors"] == 1
    tests = summary["tests"]
    assert (tests["files"], tests["functions"], tests["errors"]) == (1, 3, 1)
    assert summary["generated"] == {"files": 1, "functions": 1}
    assert summary["failures"] == ["2 errors"], "one of them in test code"


def test_people_are_told_of_all_kinds(flat_guard, folder):
    for format in ("console", "markdown", "github"):
        out = flat_guard("-f", format, ".", cwd=folder).out
        assert "test code: 1 file, 3 functions: 1 finding (1 error, 0 warnings); health" in out, format
        assert "generated code: 1 file, 1 function, not judged" in out, format
    assert "generated code, by its first comment, '@generated'" in flat_guard("-v", ".", cwd=folder).out


@pytest.mark.parametrize(
    ("files", "overrides", "expected"),
    [
        ({}, [], "list"),
        ({"generated": "judge"}, [], "judge"),
        ({"generated": "skip"}, [], "skip"),
        ({}, [{"files": "src/**", "generated": "skip"}], "skip"),
        ({"generated": "skip"}, [{"files": "made.ts", "generated": "judge"}], "judge"),
        ({"generated": "skip"}, [{"files": "other/**", "generated": "judge"}], "skip"),
    ],
)
def test_generated_code_is_listed_judged_or_skipped(flat_guard, folder, files, overrides, expected):
    (folder / ".complexityguard.json").write_text(json.dumps({"files": files, "overrides": overrides}))
    report = flat_guard("-f", "json", ".", cwd=folder).json
    codes = {file["path"]: file["code"] for file in report["files"]}
    assert codes.get("src/made.ts", "skip") == {"list": "generated", "judge": "product", "skip": "skip"}[expected]
    assert report["summary"]["generated"]["files"] == (expected != "judge")
    assert report["summary"]["errors"] == 1 + (expected == "judge")
    assert report["skipped"] == []


def test_an_override_judges_the_length_of_tests_all_the_same(guard, folder):
    limits = {"line_count": {"warning": 10, "error": 20}}
    overrides = [{"files": "*.test.ts", "analysis": {"thresholds": limits, "treat_wrappers_as_modules": False}}]
    (folder / ".complexityguard.json").write_text(json.dumps({"overrides": overrides}))
    file = guard("-f", "json", "src/a.test.ts", cwd=folder).json["files"][0]
    assert any(violation["metric"] == "line_count" for one in file["functions"] for violation in one["violations"])


@pytest.mark.parametrize(("wrappers", "judged"), [({}, []), ({"treat_wrappers_as_modules": False}, ['it "adds"'])])
def test_the_paths_of_a_test_are_judged_where_an_override_says_so(guard, project, wrappers, judged):
    configuration = {"overrides": [{"files": ["**/*.test.*"], "analysis": wrappers}], "preset": "recommended"}
    source = "it('adds', () => {" + " if (a) {" * 8 + " b();" + " }" * 8 + "\n" * 200 + "});\n"
    root = project({"src/a.test.ts": source, ".complexityguard.json": json.dumps(configuration)})
    file = guard("-f", "json", ".", cwd=root).json["files"][0]
    assert [f["name"] for f in file["functions"] if f["violations"]] == judged


def test_the_share_of_duplicated_code_is_of_product_code(guard, project):
    twice = "".join(f"export const f{n} = (a) => a.b(c[{n}]) + d{{}};\n".replace("{}", str(n)) for n in range(30))
    files = {".git/HEAD": "", "a.ts": twice, "test/b.ts": twice, "test/c.ts": twice, "d.ts": MADE + twice}
    report = guard("-f", "json", "--duplication", ".", cwd=project(files)).json
    alone = guard("-f", "json", "--duplication", "a.ts", cwd=project(files)).json
    assert report["duplication"]["project_duplication_pct"] == alone["duplication"]["project_duplication_pct"]
    assert [file["path"] for file in report["duplication"]["files"]] == ["a.ts"]


def test_print_config_says_what_a_file_is_and_by_which_sign(guard, folder):
    assert (
        "// src/made.ts: generated code, by its first comment, '@generated'"
        in guard("--print-config", "src/made.ts", cwd=folder).out
    )
    shown = guard("--print-config", "src/a.test.ts", cwd=folder).out
    assert "// src/a.test.ts: test code, by files.tests" in shown
    assert '"treat_wrappers_as_modules": true' in shown
    assert " code, by " not in guard("--print-config", "src/a.ts", cwd=folder).out


# Gates


@pytest.fixture
def repo(guard, tmp_path):
    return Repo(guard, tmp_path / "repo").commit(
        {**CONFIG, "a.ts": function("one", 2), "test/b.ts": function("two", 2)}
    )


def test_changed_code_is_compared_by_the_rules_of_its_kind(repo):
    repo.commit({"made.ts": MADE + function("made", 30), "test/b.ts": function("two", 2) + in_test(LONG)})
    assert repo.run("--since", "HEAD~1", ".").code == 0
    repo.commit({"test/b.ts": function("two", 30)})
    assert repo.run("--since", "HEAD~1", ".").code == 1, "test code has limits, too"


def test_a_baseline_says_nothing_of_generated_code(repo):
    repo.commit({"a.ts": function("one", 30)})
    assert repo.run("--write-baseline", "base.json", ".").code == 0
    repo.commit({"a.ts": MADE + function("one", 40), "made.ts": MADE + function("made", 30)})
    assert repo.run("--baseline", "base.json", ".").code == 0
    repo.run("--write-baseline", "base.json", ".")
    assert "one" not in (repo.root / "base.json").read_text()
    repo.commit({"a.ts": function("one", 40)})
    assert repo.run("--baseline", "base.json", ".").code == 1


def test_the_library_says_what_the_code_of_a_file_is(folder):
    reports = cg.analyze_all(folder, threads=1)
    assert sorted(report.code for report in reports.values()) == sorted(cg.CODE_KINDS)
