"""Every format over the same projects: valid by its schema, saying the same as JSON, the same bytes as last time.

A snapshot is named after what was run: `tests/snapshots/<project> --report <format>`. `UPDATE_SNAPSHOTS=1` rewrites
them; read the diff before committing it.
"""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import markdown_it
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from projects import BUSY, FINDINGS, FORMATS, HOSTILE, HOSTILE_FILES, PROJECTS, SNAPSHOTS, Runs
from projects import report as report
from repository import Repo
from validators import VALID

import complexity_guard as cg

TESTS = Path(__file__).parent


# ------------------------------------------------------------------------------------- valid, and as last time


def test_no_format_is_forgotten() -> None:
    assert sorted(VALID) == sorted(FORMATS)
    assert tuple(cg.REPORTERS) == cg.FORMATS


@pytest.mark.parametrize("format", FORMATS)
def test_format_and_report_are_the_same(report: Runs, format: str) -> None:
    stdout = report.run("findings", "-f", format)
    assert re.sub(rb'"elapsed_ms": \d+', b"", stdout) == re.sub(rb'"elapsed_ms": \d+', b"", report("findings", format))


@pytest.mark.parametrize("project", PROJECTS)
@pytest.mark.parametrize("format", FORMATS)
def test_is_valid(report: Runs, format: str, project: str) -> None:
    output = report(project, format)
    output.decode("utf-8")  # strict: no lone surrogates, whatever the file names
    VALID[format](output)


@pytest.mark.parametrize("project", SNAPSHOTS)
@pytest.mark.parametrize("format", FORMATS)
def test_is_as_last_time(report: Runs, format: str, project: str) -> None:
    compare(f"{project} --report {format}", report(project, format))


def compare(name: str, output: bytes) -> None:
    output = re.sub(rb'"elapsed_ms": \d+', b'"elapsed_ms": 0', output).replace(cg.__version__.encode(), b"VERSION")
    snapshot = TESTS / "snapshots" / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        snapshot.write_bytes(output)
    assert output.decode() == snapshot.read_bytes().decode()


@pytest.mark.parametrize("project", ("findings", "broken", "hostile"))
@pytest.mark.parametrize("group", ("metric", "folder"))
def test_console_groups_as_last_time(report: Runs, group: str, project: str) -> None:
    compare(f"{project} --group-by {group}", report.run(project, "--group-by", group))


@pytest.mark.parametrize("group", ("metric", "folder"))
def test_console_groups_hold_every_finding_once(report: Runs, group: str) -> None:
    output = report.run("hostile", "--group-by", group).decode()
    rows = [line for line in output.split("\n") if re.search(r"(✗ error|▲ warning)  ", line)]
    assert (
        len(rows) == sum(said.level in ("error", "warning") for said in said_by_json(report("hostile", "json"))) - 1
    )  # skipped
    counts = re.findall(r"(\d[\d,]*) errors?, (\d[\d,]*) warnings?$", output, re.M)
    assert sum(int(errors) + int(warnings) for errors, warnings in counts) == len(rows)


# ------------------------------------------------------------------------------------- all say the same


class Said(NamedTuple):
    path: str
    line: int
    rule: str
    level: str  # warning, error, suppressed


def said_by_json(output: bytes) -> list[Said]:
    found = []
    everything = json.loads(output)
    for file in everything["files"]:
        path = file["path"]
        for function in (*file["functions"], file["module"]):
            found += [Said(path, function["start_line"], v["metric"], v["level"]) for v in function["violations"]]
        found += [Said(path, 1, v["metric"], v["level"]) for v in file["violations"]]
        found += [Said(path, problem["line"], "syntax-error", "warning") for problem in file["syntax_errors"]]
        found += [Said(path, notice["line"], notice["rule"], notice["level"]) for notice in file["notices"]]
        found += [Said(path, entry["line"], entry["metric"], "suppressed") for entry in file["suppressed"]]
    found += [Said(skipped["path"], 1, "skipped-file", "error") for skipped in everything["skipped"]]
    return found


def said_by_sarif(output: bytes) -> list[Said]:
    (sarif,) = json.loads(output)["runs"]
    found = []
    for result in sarif["results"]:
        place = result["locations"][0]["physicalLocation"]
        level = "suppressed" if "suppressions" in result else result["level"]
        found.append(
            Said(unquoted(place["artifactLocation"]["uri"]), place["region"]["startLine"], result["ruleId"], level)
        )
    for notice in sarif["invocations"][0]["toolExecutionNotifications"]:
        if "locations" in notice:
            place = notice["locations"][0]["physicalLocation"]
            line = place.get("region", {"startLine": 1})["startLine"]
            found.append(
                Said(unquoted(place["artifactLocation"]["uri"]), line, notice["descriptor"]["id"], notice["level"])
            )
    return found


def unquoted(uri: str) -> str:
    """The path that a URI names, its bytes that are not UTF-8 as JSON has them."""
    from urllib.parse import unquote

    return unquote(uri, errors="surrogateescape")


def said_by_gitlab(output: bytes) -> list[Said]:
    levels = {"info": "suppressed", "minor": "warning", "major": "error"}
    return [
        Said(
            issue["location"]["path"],
            issue["location"]["lines"]["begin"],
            issue["check_name"],
            levels[issue["severity"]],
        )
        for issue in json.loads(output)
    ]


def said_by_rdjson(output: bytes) -> list[Said]:
    return [
        Said(
            entry["location"]["path"], entry["location"]["range"]["start"]["line"], entry["code"]["value"],
            {"INFO": "suppressed"}.get(entry["severity"], entry["severity"].lower()),
        )
        for entry in json.loads(output)["diagnostics"]
    ]  # fmt: skip


def said_by_checkstyle(output: bytes) -> list[Said]:
    return [
        Said(
            file.get("name"), int(error.get("line")), error.get("source").partition(".")[2],
            {"info": "suppressed"}.get(error.get("severity"), error.get("severity")),
        )
        for file in etree.fromstring(output)
        for error in file
    ]  # fmt: skip


def said_by_compact(output: bytes) -> list[Said]:
    found = []
    for line in output.decode().split("\n")[:-1]:
        path, number, level, rule = re.fullmatch(
            r"(.+?):(\d+):\d+: (error|warning|note): .+ \[([a-z_-]+)\]", line
        ).groups()
        found.append(Said(path, int(number), rule, level.replace("note", "suppressed")))
    return found


SAID: dict[str, Callable[[bytes], list[Said]]] = {
    "sarif": said_by_sarif,
    "gitlab": said_by_gitlab,
    "rdjson": said_by_rdjson,
    "checkstyle": said_by_checkstyle,
    "compact": said_by_compact,
}


@pytest.mark.parametrize("project", ("clean", "findings", "broken", "unreadable", "empty"))
@pytest.mark.parametrize("format", SAID)
def test_says_what_json_says(report: Runs, format: str, project: str) -> None:
    assert sorted(SAID[format](report(project, format))) == sorted(said_by_json(report(project, "json")))


@pytest.mark.parametrize("format", SAID)
def test_says_what_json_says_of_hostile_names(report: Runs, format: str) -> None:
    """Paths differ by how a format escapes them; how many there are, and of what, does not."""
    expected = said_by_json(report("hostile", "json"))
    found = SAID[format](report("hostile", format))
    assert sorted((s.line, s.rule, s.level) for s in found) == sorted((s.line, s.rule, s.level) for s in expected)
    assert (
        len({s.path for s in found}) == len({s.path for s in expected}) == len(HOSTILE_FILES) + 2
    )  # all.ts and the binary one


def test_csv_has_every_number_of_json(report: Runs) -> None:
    rows = list(csv.DictReader(io.StringIO(report("findings", "csv").decode(), newline="")))
    everything = json.loads(report("findings", "json"))
    expected = [
        {"path": file["path"], "line": f["start_line"], "column": f["start_col"], "name": f["qualified_name"], **f}
        for file in everything["files"]
        for f in file["functions"]
    ]
    functions = [row for row in rows if row["record"] == "function"]
    assert len(functions) == len(expected) > 0
    numbers = [
        "line",
        "column",
        "cyclomatic",
        "cognitive",
        "halstead_volume",
        "halstead_effort",
        "halstead_bugs",
        "line_count",
        "params_count",
    ]
    for row, function in zip(functions, expected):
        assert (row["path"], row["name"]) == (function["path"], function["name"])
        assert [float(row[name]) for name in numbers] == pytest.approx([function[name] for name in numbers], abs=1e-4)


def test_the_status_of_a_file_in_csv_is_what_its_message_says(guard: Any, project: Any) -> None:
    """A row said `error` and "(warning above 5)": the error was of a function, which has a row of its own."""
    limits = '{"analysis": {"thresholds": {"file_length": {"warning": 2, "error": 9}}}}'
    source = "function f(a, b, c, d, e, f, g) {\n  return a\n}\n"
    out = guard("-f", "csv", cwd=project({"a.ts": source, ".complexityguard.json": limits})).out
    rows = {row["record"]: row for row in csv.DictReader(io.StringIO(out, newline=""))}
    assert rows["file"]["status"] == "warning" and "(warning above 2)" in rows["file"]["message"]
    assert rows["function"]["status"] == "error" and "(error above 6)" in rows["function"]["message"]


def test_csv_tells_the_share_of_a_file_from_that_of_the_project(guard: Any, project: Any) -> None:
    source = "export function f(a: number[]) {\n" + "  a.push(a.length + 1, a[0]);\n" * 20 + "}\n"
    out = guard("-f", "csv", "--duplication", cwd=project({"a.ts": source, "b.ts": source})).out
    rows = [(row["record"], row["message"]) for row in csv.DictReader(io.StringIO(out, newline=""))]
    said = {record: message.partition(" has ")[0] for record, message in rows if record.startswith("duplication")}
    assert said == {"duplication": "the file", "duplication_project": "the project"}


def test_junit_has_a_case_per_function_and_counts_them(report: Runs) -> None:
    everything = json.loads(report("findings", "json"))
    suites = etree.fromstring(report("findings", "junit"))
    for suite in suites:
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute)) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
    names = {case.get("name") for case in suites.iter("testcase")}
    assert {f["qualified_name"] for file in everything["files"] for f in file["functions"]} <= names


@pytest.mark.parametrize(
    ("fail_on", "fails"), (("none", set()), ("error", {"error"}), ("warning", {"error", "warning"}))
)
def test_junit_fails_where_the_run_fails(report: Runs, fail_on: str, fails: set[str]) -> None:
    failures = etree.fromstring(report("findings", "junit", "--fail-on", fail_on)).findall("testsuite/testcase/failure")
    assert bool(failures) == bool(fails)
    assert all(re.search(rf": ({'|'.join(fails)}): ", failure.text) for failure in failures)


def test_markdown_shows_names_as_they_are(report: Runs) -> None:
    """Rendered, each hostile name is the text it was, and none is markup in its row."""
    rendered = markdown_it.MarkdownIt("gfm-like").render(report("hostile", "markdown").decode())
    shown = {html.unescape(name) for name in re.findall(r"<code>(.*?)</code>", rendered)}
    files = json.loads(report("hostile", "json"))["files"]
    names = {cg.printable(f["qualified_name"]) for file in files for f in file["functions"]}
    assert len(names) > len(HOSTILE) and names <= shown, names - shown
    for row in re.findall(r"<tr>(.*?)</tr>", rendered, re.S):
        assert "<th" in row or row.count("<td") == 4


def test_markdown_says_which_finding_is_the_error_and_what_a_row_is_about(guard: Any, project: Any) -> None:
    """The row of a function said **error**, and not for which of its findings; that of a file had no name."""
    limits = '{"analysis": {"thresholds": {"file_length": {"warning": 2}}}}'
    source = f"function f(a, b, c, d, e, g, h) {{\n  {BUSY}\n}}\n"
    out = guard("-f", "markdown", cwd=project({"a.ts": source, ".complexityguard.json": limits})).out
    rows = [line for line in out.splitlines() if "a&#46;ts" in line or "a.ts" in line]
    of_function, of_file = (
        next(row for row in rows if f"| {what} |" in row) for what in ("<code>f</code>", "the file")
    )
    assert "parameter count **7** (**error** above 6)" in of_function
    assert "nesting depth **5** (warning above 3)" in of_function
    assert "file length **3** (warning above 2)" in of_file


# ------------------------------------------------------------------------------------- limits


def test_sarif_keeps_the_worst_5000_and_says_so(report: Runs) -> None:
    everything = said_by_json(report("many", "json"))
    kept = said_by_sarif(report("many", "sarif"))
    errors = sorted(said for said in everything if said.level == "error")
    assert len(everything) > 10_000 and len(kept) == 5000 and 0 < len(errors) < 5000
    assert sorted(said for said in kept if said.level == "error") == errors
    (notice,) = json.loads(report("many", "sarif"))["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notice["descriptor"]["id"] == "results-left-out" and str(len(everything) - 5000) in notice["message"]["text"]


def test_github_shows_ten_of_each_worst_first_and_says_how_many_more(report: Runs) -> None:
    everything = json.loads(report("many", "json"))
    lines = report("many", "github").decode().split("\n")[:-1]
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"]
    units = [unit for file in everything["files"] for unit in (*file["functions"], file["module"])]
    wholes = [whole for file in everything["files"] for whole in (*file["violations"], *file["notices"])]
    for level in ("error", "warning"):
        annotations = [unit["status"] for unit in units].count(level) + [whole["level"] for whole in wholes].count(
            level
        )
        assert f"{annotations - 10:,} of level {level}" in lines[-1]


def test_every_format_has_the_same_worst_functions_in_the_same_order(report: Runs) -> None:
    """By the numbers in JSON: errors before warnings, then missing points times lines."""
    everything = json.loads(report("many", "json"))
    found = [
        ((f["status"] != "error", -(100 - f["health_score"]) * f["line_count"]), file["path"], f["start_line"])
        for file in everything["files"]
        for f in file["functions"]
        if f["violations"]
    ]
    wanted = [f"{path}:{line}" for _, path, line in sorted(found)[:5]]
    assert [f"{spot['path']}:{spot['line']}" for spot in everything["summary"]["hotspots"]] == wanted
    assert re.findall(r"^ +\d+\.\d\d  .*  (\S+:\d+)$", report("many", "console").decode(), re.M) == wanted
    rows = re.findall(r"^\| \*\*error\*\* \|[^|]+\| <code>(.*?)</code>", report("many", "markdown").decode(), re.M)
    assert [html.unescape(place) for place in rows[:5]] == wanted
    annotated = re.findall(r"^::error file=([^,]*),line=(\d+)", report("many", "github").decode(), re.M)
    assert [f"{path}:{line}" for path, line in annotated[:5]] == wanted


def test_reports_link_to_the_repository_that_released_them(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = cg.Settings(cg.DEFAULT_ANALYSIS)
    head = cg.Sarif().head(plain)
    assert '"informationUri"' not in head and '"helpUri"' not in head
    monkeypatch.setattr(cg, "HOME_PAGE", "https://github.com/someone/guard")
    head = json.loads(cg.Sarif().head(plain) + "]}]}]}")
    driver = head["runs"][0]["tool"]["driver"]
    assert driver["informationUri"] == "https://github.com/someone/guard"
    page = f"https://github.com/someone/guard/blob/v{cg.__version__}/docs/rules.md#"
    for rule in driver["rules"]:
        assert rule["helpUri"] == page + rule["id"]
    entry = cg.Rdjson().entry(cg.View("a.ts", [], cg.Settings(cg.DEFAULT_ANALYSIS)), finding())
    assert json.loads(entry)["code"] == {"value": "cyclomatic", "url": f"{page}cyclomatic"}


def test_sarif_keeps_1000_increments_of_a_result() -> None:
    points = tuple(cg.Point(line, 0, 1, "if", 0) for line in range(1, 1500))
    view = cg.View("a.ts", [], cg.Settings(cg.DEFAULT_ANALYSIS))
    line = cg.Sarif().line(view, '{"uri": "a.ts"}', finding(points=points))
    result = json.loads(line[1 + cg.URGENCY_WIDTH :])
    assert [entry["id"] for entry in result["relatedLocations"]] == list(range(1000))


def test_markdown_stays_below_the_size_of_a_comment() -> None:
    lines = [f"{number} {'é' * 100}\n" for number in range(1000)]
    text = "".join(cg.Markdown().within_bytes(lines))
    assert 59_000 < len(text.encode()) <= cg.Markdown.BYTES
    assert text.startswith("".join(lines[:100])) and "left out" in text.splitlines()[-1]
    assert "".join(cg.Markdown().within_bytes(lines[:9])) == "".join(lines[:9])


def test_gitlab_fingerprints_are_unique(report: Runs) -> None:
    for project in PROJECTS:
        prints = [issue["fingerprint"] for issue in json.loads(report(project, "gitlab"))]
        assert len(set(prints)) == len(prints)


@pytest.mark.parametrize("format", ("sarif", "gitlab"))
def test_nothing_seems_resolved_because_it_was_not_changed(flat_guard: Any, tmp_path: Path, format: str) -> None:
    """GitHub and GitLab compare reports, and took for mended what --whole-project left out as unchanged."""
    repo = Repo(flat_guard, tmp_path / "repo").commit({"a.ts": CLONED, "b.ts": CLONED.replace("f(", "h(")})
    repo.write({"a.ts": CLONED + CLONED.replace("f(", "g(")})
    everything, compared = (
        flat_guard("-f", format, *more, cwd=repo.root) for more in ((), ("--changed", "--whole-project"))
    )
    if format == "gitlab":
        before, now = ({issue["fingerprint"] for issue in json.loads(run.out)} for run in (everything, compared))
        assert before == now
        return
    before, now = (run.json["runs"][0]["results"] for run in (everything, compared))
    assert {str(result["partialFingerprints"]) for result in before} == {str(r["partialFingerprints"]) for r in now}
    states = {(r["message"]["text"].partition(" ")[0], r["baselineState"]) for r in now}
    assert {("'f'", "unchanged"), ("'g'", "new"), ("'h'", "unchanged")} <= states
    assert not any("baselineState" in result for result in before)


def test_fingerprints_outlive_edits_elsewhere(flat_guard: Any, tmp_path: Path) -> None:
    def prints(text: str) -> dict[str, str]:
        (tmp_path / "a.ts").write_text(text, encoding="utf-8")
        results = flat_guard("-f", "sarif", cwd=tmp_path).json["runs"][0]["results"]
        return {r["message"]["text"]: r["partialFingerprints"]["primaryLocationLineHash"] for r in results}

    before = prints(FINDINGS)
    after = prints(
        "// a new comment\nexport const early = (x: number) => x ? 1 : 2\n\n"
        + FINDINGS.replace("Says what", "Tells what")
    )
    assert before == after and len(set(before.values())) == len(before) > 3


# ------------------------------------------------------------------------------------- paths

SHARED = [name for name in cg.REPORTERS if cg.REPORTERS[name].is_shared]
REPOSITORY = {".git/HEAD": "ref: refs/heads/main\n"}  # as much of one as tells where it begins
CLONED = "export function f(a: any, b, c, d, e, g, h) {\n" + "  a.push(a.length + 1, a[0]);\n" * 20 + "}\n"
MONOREPO = REPOSITORY | {
    "packages/a/src/m1.ts": CLONED + "// complexity-guard-ignore-next-line params_count -- as agreed\n" + CLONED,
    "packages/a/src/m2.ts": CLONED + "let = = ;\n",
    "packages/a/src/binary.ts": bytes(range(256)) * 40,
    "packages/b/none.txt": "",
}


@pytest.mark.parametrize("format", SHARED)
def test_tools_get_paths_from_the_repository_wherever_a_run_is_started(guard: Any, project: Any, format: str) -> None:
    """In a job with a working directory of its own, no path of SARIF, GitLab or GitHub matched."""
    root = project(MONOREPO)
    reports = {
        guard("-f", format, "--duplication", os.path.relpath(root / "packages/a", root / place), cwd=root / place).out
        for place in (".", "packages/a", "packages/b", "packages/a/src", "..")
    }
    assert len(reports) == 1
    named = set(re.findall(r"[\w./-]*(?:m[12]|binary)(?=\.ts|&#46;ts)", reports.pop().replace("&#45;", "-")))
    assert named == {f"packages/a/src/{name}" for name in ("m1", "m2", "binary")}


@pytest.mark.parametrize("format", sorted(set(cg.REPORTERS) - set(SHARED) - {"html"}))
def test_people_get_paths_from_where_they_are(guard: Any, project: Any, format: str) -> None:
    """So does reviewdog, which puts its own place in the repository before paths."""
    out = guard("-f", format, "--path-base", "repository", "src/m1.ts", cwd=project(MONOREPO) / "packages/a").out
    assert "src/m1.ts" in out and "a/src/m1.ts" not in out


def fingerprints(guard: Any, folder: Path, *arguments: str) -> list[str]:
    results = guard("-f", "sarif", "--preset", "strict", *arguments, cwd=folder).json["runs"][0]["results"]
    prints = sorted(result["partialFingerprints"]["primaryLocationLineHash"] for result in results)
    assert len(set(prints)) == len(prints) > 1
    return prints


def test_fingerprints_do_not_depend_on_where_a_run_is_started(guard: Any, project: Any) -> None:
    """`../m2.ts` opened alerts again that had been dismissed."""
    root = project(MONOREPO)
    package = root / "packages/a"
    once = fingerprints(guard, package, "src/m2.ts")
    assert (
        once
        == fingerprints(guard, package / "src", "m2.ts")
        == fingerprints(guard, root / "packages/b", "../a/src/m2.ts")
    )
    assert once == fingerprints(guard, root.parent, str(package / "src/m2.ts"))
    assert once == fingerprints(guard, package, "--path-base", "cwd", "src/m2.ts")
    assert once == fingerprints(guard, package, "--path-base", "src", "src/m2.ts")


def test_without_a_repository_fingerprints_are_made_of_paths_from_the_configuration(guard: Any, project: Any) -> None:
    root = project({"m2.ts": CLONED, "sub/none.txt": "", ".complexityguard.json": "{}"})
    assert fingerprints(guard, root, "m2.ts") == fingerprints(guard, root / "sub", "../m2.ts")


def test_a_submodule_is_a_part_of_the_repository_around_it(flat_guard: Any, project: Any) -> None:
    inner = {".git/modules/sub/HEAD": "", "sub/.git": "gitdir: ../.git/modules/sub\n", "sub/m2.ts": CLONED}
    root = project(REPOSITORY | inner | {"other/.git/HEAD": "", "other/m2.ts": CLONED})
    assert '"uri": "sub/m2.ts"' in flat_guard("-f", "sarif", cwd=root / "sub").out
    assert '"uri": "m2.ts"' in flat_guard("-f", "sarif", cwd=root / "other").out


def sarif_paths(guard: Any, folder: Path, *arguments: str) -> set[str]:
    return {
        said.path
        for said in said_by_sarif(guard("-f", "sarif", "--preset", "strict", *arguments, cwd=folder).out.encode())
    }


def test_path_base_says_what_paths_are_relative_to(guard: Any, project: Any) -> None:
    root = project(MONOREPO)
    package = root / "packages/a"
    for base, path in {
        "repository": "packages/a/src/m1.ts", "cwd": "src/m1.ts", "..": "a/src/m1.ts", "src": "m1.ts",
        "../b": "../a/src/m1.ts", str(root.parent): f"{root.name}/packages/a/src/m1.ts",
    }.items():  # fmt: skip
        assert sarif_paths(guard, package, "--path-base", base, "src/m1.ts") == {path}, base
    (root / ".complexityguard.json").write_text('{"output": {"path_base": "packages"}}')
    assert sarif_paths(guard, package, "src/m1.ts") == {"a/src/m1.ts"}  # from where the configuration is
    assert sarif_paths(guard, package, "--path-base", "cwd", "src/m1.ts") == {"src/m1.ts"}


def test_a_path_base_that_is_no_folder_is_refused(guard: Any, project: Any) -> None:
    folder = project({"a.ts": CLONED})
    result = guard("--path-base", "nowhere", cwd=folder)
    assert result.code == 3 and "--path-base: 'nowhere' is neither a folder nor repository or cwd" in result.err
    (folder / ".complexityguard.json").write_text('{"output":\n{"path_base": "a.ts"}}')
    result = guard(cwd=folder)
    assert result.code == 3 and ".complexityguard.json:2: 'a.ts' is neither a folder" in result.err


def test_standard_input_has_a_path_from_the_repository(flat_guard: Any, project: Any) -> None:
    package = project(MONOREPO) / "packages/a"
    report = flat_guard("-f", "sarif", "--stdin-filename", "src/m1.ts", "-", cwd=package, stdin=CLONED.encode()).out
    assert {said.path for said in said_by_sarif(report.encode())} == {"packages/a/src/m1.ts"}


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_a_repository_that_is_reached_by_a_link_is_the_same_one(guard: Any, project: Any) -> None:
    root = project({f"real/{name}": text for name, text in MONOREPO.items()} | {"elsewhere/none.txt": ""})
    (root / "link").symlink_to("real")
    assert sarif_paths(guard, root / "elsewhere", "../link/packages/a/src/m1.ts") == {"packages/a/src/m1.ts"}


def test_a_file_outside_of_the_repository_is_named_from_there(guard: Any, project: Any) -> None:
    root = project({f"inner/{name}": text for name, text in MONOREPO.items()} | {"outer.ts": CLONED})
    found = sarif_paths(guard, root / "inner/packages/a", "src/m1.ts", "../../../outer.ts")
    assert found == {"packages/a/src/m1.ts", "../outer.ts"}


# ------------------------------------------------------------------------------------- any number of workers


@pytest.mark.parametrize("project", ("hostile", "many"))
@pytest.mark.parametrize("format", FORMATS)
def test_workers_do_not_show(report: Runs, format: str, project: str) -> None:
    def masked(*arguments: str) -> bytes:
        return re.sub(rb'"(elapsed_ms|thread_count)": \d+', b"", report(project, format, *arguments))

    assert masked("--threads", "1") == masked("--threads", "3", "--executor", "process")


# ------------------------------------------------------------------------------------- parts


def finding(level: str = "error", value: float = 25, threshold: float = 20, **fields: Any) -> cg.Finding:
    violation = cg.Violation("cyclomatic", level, value, threshold, None)
    return cg.Finding("cyclomatic", level, "a message", 3, 4, 5, 6, "f", violation=violation)._replace(**fields)


@given(st.lists(st.tuples(st.sampled_from(("warning", "error")), st.floats(1, 1e9)), max_size=60), st.integers(1, 9))
def test_worst_keeps_the_worst(values: list[tuple[str, float]], limit: int) -> None:
    worst = cg.Sieve(limit)
    keys = [finding(level, value).urgency for level, value in values]
    for number, key in enumerate(keys):
        worst.add(f"{key}{number}")
    order = sorted(range(len(keys)), key=lambda number: keys[number], reverse=True)  # stable: the first of equals stays
    assert worst.worst_first() == [str(number) for number in order[:limit]]
    assert worst.in_order() == [str(number) for number in sorted(order[:limit])]
    assert worst.left_out == max(0, len(keys) - limit)


def test_urgency_orders_by_level_then_by_what_is_lost_then_by_excess() -> None:
    ranked = [
        finding("error", 25, lost=10**18), finding("error", 25, lost=5 * 10**9), finding("error", 25, lost=4 * 10**9),
        finding("error", 1e9), finding("error", 99), finding("error", 25), finding("warning", 1e9), finding("warning", 11),
        finding("error", 99, suppressed="known"),
    ]  # fmt: skip
    keys = [entry.urgency for entry in ranked]
    assert keys == sorted(keys, reverse=True) and len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {cg.URGENCY_WIDTH}
    assert finding(threshold=0, value=3).urgency > finding(threshold=0, value=2).urgency


@given(st.text())
def test_xml_text_is_read_back(text: str) -> None:
    element = etree.fromstring(f'<a b="{cg.xml_text(text)}">{cg.xml_text(text)}</a>')
    assert element.get("b") == (element.text or "") == cg.printable(text)


@given(st.text())
def test_github_properties_are_read_back(text: str) -> None:
    escaped = cg.Github().property_text(text)
    assert not set(escaped) & set("\r\n:,")
    back = escaped.replace("%3A", ":").replace("%2C", ",").replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    assert cg.printable(back) == cg.printable(text)


@given(st.text())
def test_csv_fields_are_read_back_and_are_no_formula(text: str) -> None:
    ((field,),) = csv.reader([cg.csv_field(text) or '""'], strict=True)
    assert field.replace("'", "") == cg.printable(text).replace("'", "")
    assert field.lstrip()[:1] not in tuple("=+-@\t\r＝＋－＠")


FORMULAS = (
    "=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "﹦1",
    " =1",
    "  ＝1",
    "\t=1",
    "\r=1",
    "\n=1",
    "\u3000=1",
    "\ufeff=1",
    "a;=1",
    "a; ＠b",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_lets_no_formula_through_in_another_guise(text: str) -> None:
    """Signs of full width, blanks before signs, and the semicolon that divides cells where a comma divides decimals."""
    ((field,),) = csv.reader([cg.csv_field(text)], strict=True)
    assert all(re.match(r" ?'|\w", cell) for cell in field.split(";"))
    assert field.replace("'", "") == cg.printable(text)


# GitHub links what names a scheme, an address of mail or `www.`; this renderer also takes every `x.al` for a site.
GITHUB_LIKE = markdown_it.MarkdownIt("gfm-like")
GITHUB_LIKE.linkify.tlds("no-such-domain")


@given(st.text())
@example(".AL:")
@example(" www.x.no-such-domain ")
@example(" http://x.no-such-domain ")
@example(" a@x.no-such-domain ")
def test_markdown_text_renders_as_text(text: str) -> None:
    rendered = GITHUB_LIKE.renderInline(cg.markdown_text(f"x{text}x", limit=10**6))
    assert html.unescape(rendered) == cg.printable(f"x{text}x")


@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name))
def test_uris_name_the_bytes_of_a_path(name: bytes) -> None:
    from urllib.parse import unquote_to_bytes

    uri = cg.uri_of(os.fsdecode(name))
    assert unquote_to_bytes(uri.removeprefix("file://")) == name
    assert re.fullmatch(r"[\w/.~%:-]+", uri, re.A)


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    (("let x", 4, 4), ("é = x", 2, 3), ("😀 = x", 2, 4), ("x" * 5000, 4990, None), ("é" * 5000, 3000, None)),
)
def test_byte_columns(line: str, column: int, expected: int | None) -> None:
    text = f"first\n{line}\n".encode()
    starts = memoryview(b"".join(n.to_bytes(4, sys.byteorder) for n in (0, 6, len(text)))).cast("i")
    assert cg.Rdjson().byte_column(cg.SourceText(text, bytes(starts)), 2, column) == expected


STEERING = """\
// complexity-guard-ignore-next-line cyc\x1b[31m -- no such metric
function f() {}
// complexity-guard-ignore-next-line params_count -- \x1b[5m why \x9b31m \u202e
function g(a, b, c, d) { return "\x1b]0;title\x07" && 1 }
let x = \x1b[31mRED\x07\u202e ( }
"""
FOR_PEOPLE = (
    ["-f", "console"],
    ["--group-by", "metric"],
    ["--group-by", "folder"],
    ["-f", "markdown"],
    ["-f", "compact"],
    ["-f", "github"],
)


@pytest.mark.parametrize(
    "arguments", (*FOR_PEOPLE, ["explain", "a.ts"], *(["-f", name] for name in FORMATS)), ids=" ".join
)
def test_text_of_the_source_cannot_steer_a_terminal(guard: Any, project: Any, arguments: list[str]) -> None:
    output = guard(*arguments, cwd=project({"a.ts": STEERING})).out
    assert "a.ts" in output
    steering = (
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]"
        if arguments in FOR_PEOPLE or "explain" in arguments
        else "[\x00-\x08\x0b\x0c\x0e-\x1f]"
    )
    assert not re.findall(steering, output)


@pytest.mark.parametrize("text", ("a [link](target)", "{0}", "plain [Symbol.iterator]"))
def test_sarif_text_has_no_links_and_no_placeholders(text: str) -> None:
    escaped = cg.Sarif().text(text)
    assert not re.search(r"(?<!\\)\]\(|(?<!\{)\{\d", escaped)
    assert re.sub(r"\\(.)", r"\1", escaped).replace("{{", "{").replace("}}", "}") == text


def test_colour_reaches_the_report(guard, project):
    folder = project({"a.ts": "function f(a,b,c,d) {}"})
    assert "\x1b[" in guard("--color", "-v", cwd=folder).out
    assert "\x1b[" not in guard("--no-color", "-v", cwd=folder, env={"FORCE_COLOR": "1"}).out


# ------------------------------------------------------------------------------------- several at once

SOURCE = "export function f(a, b, c, d, e, f, g, h) { return a ? 1 : 2 }\n"


@pytest.fixture
def root(project) -> Path:
    return project({"src/a.ts": SOURCE, "taken/x": "", "file": ""})


BAD = {
    "no/such/folder/out": "No such file or directory",
    "taken": "Is a directory",
    "file/out": "Not a directory",
    **({"/dev/full": "No space left on device"} if sys.platform == "linux" else {}),
}


@pytest.mark.parametrize("place", BAD)
def test_a_destination_that_fails_is_named_and_the_others_are_whole(flat_guard, root: Path, place: str) -> None:
    (root / "alone").mkdir()
    alone = [f"--report={name}=alone/{name}" for name in cg.REPORTERS]
    together = [f"--report={name}=out.{name}" for name in cg.REPORTERS]
    environment = {"SOURCE_DATE_EPOCH": "1700000000"}
    assert flat_guard(*alone, "src", cwd=root, env=environment).code == 1
    result = flat_guard(together[0], f"--report=json={place}", *together[1:], "src", cwd=root, env=environment)
    assert result.code == 4
    assert place in result.err and BAD[place] in result.err and len(result.err.splitlines()) == 1
    for name in cg.REPORTERS:
        written, whole = (masked((root / place).read_bytes()) for place in (f"out.{name}", f"alone/{name}"))
        assert written == whole != b""
    assert sorted(os.listdir(root)) == sorted(
        ["src", "taken", "file", "alone", *(f"out.{name}" for name in cg.REPORTERS)]
    )


def masked(report: bytes) -> bytes:
    return re.sub(rb'"elapsed_ms": ?\d+', b"", report)


def test_a_report_replaces_a_file_and_keeps_a_link(flat_guard, root: Path) -> None:
    (root / "real.json").write_text("before")
    (root / "link.json").symlink_to("real.json")
    assert flat_guard("-f", "json", "-o", "link.json", "src", cwd=root).code == 1
    assert (root / "link.json").is_symlink() and json.loads((root / "real.json").read_text())["schema_version"] == 1
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((root / "real.json").stat().st_mode) == 0o666 & ~umask


def test_a_file_stays_as_it_was_when_the_run_fails_before(guard, root: Path) -> None:
    (root / "out.json").write_text("before")
    assert guard("-f", "json", "-o", "out.json", "no-such-folder", cwd=root).code == 3
    assert (root / "out.json").read_text() == "before"


@pytest.mark.parametrize(
    "arguments",
    (
        ["--report", "json", "--report", "sarif"],
        ["-f", "json", "--report", "sarif"],
        ["--report", "json=x", "--report", "csv=x"],
    ),
)
def test_two_reports_cannot_share_a_destination(guard, root: Path, arguments: list[str]) -> None:
    result = guard(*arguments, "src", cwd=root)
    assert result.code == 3 and "two reports" in result.err and result.out == ""


def test_reports_of_the_configuration(flat_guard, project) -> None:
    root = project(
        {"src/a.ts": SOURCE, ".complexityguard.json": '{"output": {"reports": ["compact", "sarif=out.sarif"]}}'}
    )
    result = flat_guard("src", cwd=root)
    assert result.out == "src/a.ts:1:8: error: 'f' has parameter count 8 (error above 7) [params_count]\n"
    assert json.loads((root / "out.sarif").read_text())["version"] == "2.1.0"


def test_standard_output_closed_early_is_silent(guard, root: Path) -> None:
    command = [*guard.command, "--report", "ndjson", "--report", "csv=out.csv", "src"]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b"" and process.wait(60) in (0, 1)


@pytest.mark.parametrize("form", ["json", "ndjson", "sarif", "gitlab", "rdjson"])
def test_json_does_not_drive_a_terminal(guard, project, form):
    """JSON lets DEL and U+0080 to U+009F be, of which the last begins commands."""
    hostile = "\x7f\x9b31m"
    folder = project({f"{hostile}.ts": f"class A {{ '{hostile}'() {{ {'if (a) {' * 12}{'}' * 12} }} }}"})
    out = guard(".", "-f", form, "--fail-on", "none", cwd=folder).out
    assert "\\u009b31m" in out or "%C2%9B31m" in out
    assert not re.search("[\x7f-\x9f]", out)


LOG_COMMANDS = ["##vso[task.prependpath]∕x", "::add-mask::x", " ::stop-commands::x", "##[add-path]x", "##TeamCity[x]"]


@pytest.mark.parametrize("reporter", FORMATS)
@pytest.mark.parametrize("arguments", [["."], ["--group-by", "metric", "."], ["absent ##[error]x"]], ids=len)
def test_names_are_no_commands_to_a_service_that_reads_its_log(guard, tmp_path, reporter, arguments):
    """GitHub obeys `::` at the beginning of a line, and it and Azure and TeamCity what follows `##`, anywhere in a line."""
    functions = "".join(
        f"const x = {{ {json.dumps(name)}(a, b, c, d, e, f, g, h) {{ return a }} }}\n" for name in LOG_COMMANDS
    )
    for name in LOG_COMMANDS:
        (tmp_path / f"{name}.ts").write_text(functions, encoding="utf-8")
    done = guard("-f", reporter, "--duplication", *arguments, cwd=tmp_path)
    ours = re.compile(r"::(error|warning|notice) (file=[^:]*|title=ComplexityGuard)[^:]*::")
    for line in (done.out + done.err).splitlines():
        assert not line.lstrip().startswith("::") or (reporter == "github" and ours.match(line)), line
        assert not re.search(r"##(\[|vso\[|teamcity\[)", line, re.IGNORECASE), line
