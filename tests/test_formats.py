"""Every format over the same projects: valid by its schema, saying the same as JSON, the same bytes as last time.

A snapshot is named after what was run: `tests/snapshots/<project> --report <format>`. `UPDATE_SNAPSHOTS=1` rewrites
them; read the diff before committing it.
"""

from __future__ import annotations

import csv
import html
import io
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import complexity_guard as cg

etree = pytest.importorskip("lxml.etree")
markdown_it = pytest.importorskip("markdown_it")

TESTS = Path(__file__).parent
FORMATS = [name for name in cg.REPORTERS if name != "html"]  # which has a browser to answer to: test_html.py

# ------------------------------------------------------------------------------------- projects

BUSY = "if (a) { for (const x of b) { if (x) { while (x) { if (x && a) { a++ } } } } }"
FINDINGS = f"""\
import {{ b }} from "./b"

// complexity-guard-ignore-next-line cognitive -- rewritten in the spring
export function known(a: any) {{ {BUSY} {BUSY} }}

class Shop {{
  /** Says what é costs. */ price(a: any, b2: number, c: number, d: number) {{ {BUSY} {BUSY} return "é" }}
}}
// complexity-guard-ignore-next-line params_count
const fine = (x: number) => x
"""
BROKEN = "export function before() { return 1 }\nclass A { m( { }\nexport function after(a: number) { return a ? 1 : 2 }\n"

HOSTILE = [  # where a format has a special character, a name has it
    '"><svg onload=alert(1)>', "</script>", "]]>&amp;", "=HYPERLINK(1)", "+1", "-1", "@everyone", "a|b`c``d", "[x](https://evil.example)",
    "{0} {{1}}", "::error file=x,line=1::boo", "%0A%25", "a,b;c\td", "$(id) `id`", "\\u202e", "**b** _i_ ~~s~~ #1", "www.evil.example", "日本語 😀",
]  # fmt: skip
HOSTILE_FILES = [f"{name.replace('/', '∕')}.ts".encode() for name in HOSTILE]
HOSTILE_FILES += [b"new\nline.ts", b"esc\x1b[31m.ts", b"not utf-8 \xff\xfe.ts", "rtl \u202e.ts".encode(), b'"quoted".ts', b" .ts"]


def busy_function(key: str) -> str:
    return f"export const {{ a1 }} = {{ {json.dumps(key)}: function (a, b) {{ {BUSY} {BUSY} }} }}\n"


def clean(root: Path) -> None:
    (root / "a.ts").write_text("export function add(a: number, b: number) {\n  return a + b\n}\n")


def findings(root: Path) -> None:
    (root / "a.ts").write_text(FINDINGS, encoding="utf-8")
    (root / "sub").mkdir()
    (root / "sub" / "b.ts").write_text("export const b = [1]\n")


def broken(root: Path) -> None:
    (root / "a.ts").write_text(BROKEN)


def unreadable(root: Path) -> None:
    clean(root)
    (root / "binary.ts").write_bytes(bytes(range(256)) * 40)


def empty(root: Path) -> None:
    (root / "README").write_text("nothing to see\n")


def hostile(root: Path) -> None:
    (root / "all.ts").write_text("".join(map(busy_function, HOSTILE)), encoding="utf-8")
    for name in HOSTILE_FILES:
        with open(os.path.join(os.fsencode(root), name), "w", encoding="utf-8") as file:
            file.write(busy_function("f"))
    with open(os.path.join(os.fsencode(root), b"binary \xff<b>|.ts"), "wb") as file:
        file.write(bytes(range(256)) * 40)


def many(root: Path) -> None:
    for folder in range(10):
        text = "".join(f"export function f{i}(a, b, c, d{', e, f, g' * (i % 7 == 0)}) {{ return a }}\n" for i in range(1001))
        (root / f"m{folder}.ts").write_text(text)


PROJECTS: dict[str, Callable[[Path], None]] = {build.__name__: build for build in (clean, findings, broken, unreadable, empty, hostile, many)}
EXIT_CODES = {"clean": 0, "findings": 1, "broken": 0, "unreadable": 4, "empty": 0, "hostile": 4, "many": 1}
SNAPSHOTS = ("clean", "findings", "broken", "unreadable", "empty", "hostile")


class Runs:
    """Each project is made once, and for each set of arguments analysed once, for all formats together."""

    def __init__(self, command: list[str], folder: Callable[[str], Path]) -> None:
        self.command, self.folder = command, folder
        self.roots: dict[str, Path] = {}
        self.done: dict[tuple[str, ...], dict[str, bytes]] = {}

    def root(self, project: str) -> Path:
        if project not in self.roots:
            self.roots[project] = self.folder(project)
            PROJECTS[project](self.roots[project])
        return self.roots[project]

    def run(self, project: str, *arguments: str) -> bytes:
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000", "NO_COLOR": "1"}
        command = [*self.command, *arguments, *(["--allow-empty"] if project == "empty" else [])]
        result = subprocess.run(command, cwd=self.root(project), env=environment, capture_output=True, timeout=300)
        assert result.stderr == b"", result.stderr.decode()
        assert result.returncode == EXIT_CODES[project] or "--fail-on" in arguments
        return result.stdout

    def __call__(self, project: str, format: str, *arguments: str) -> bytes:
        key = (project, *arguments)
        if key not in self.done:
            target = self.folder("reports")
            reports = [f"--report={name}={target / name}" for name in FORMATS]
            assert self.run(project, *reports, *arguments) == b""
            self.done[key] = {name: (target / name).read_bytes() for name in FORMATS}
        return self.done[key][format]


@pytest.fixture(scope="session")
def report(guard: Any, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs(guard.command, tmp_path_factory.mktemp)


# ------------------------------------------------------------------------------------- schemas


def json_schema(name: str) -> Callable[[bytes], None]:
    validator = jsonschema.Draft7Validator(json.loads((TESTS / "schemas" / name).read_text(encoding="utf-8")))
    return lambda output: validator.validate(thinned(json.loads(output)))


def thinned(document: Any) -> Any:
    """Of long lists every n-th row, some 300 of them: all rows come out of one function, and validating is slow."""
    if isinstance(document, list):
        return [thinned(row) for row in document[:: len(document) // 300 or 1]]
    return {key: thinned(value) for key, value in document.items()} if isinstance(document, dict) else document


def xml_schema(name: str) -> Callable[[bytes], None]:
    schema = etree.XMLSchema(etree.parse(str(TESTS / "schemas" / name)))
    return lambda output: schema.assertValid(etree.fromstring(output))


def is_json_lines(output: bytes) -> None:
    rows = [json.loads(line) for line in output.decode().split("\n")[:-1]]
    assert [row["type"] for row in rows[-1:]] == ["summary"]
    assert {row["type"] for row in rows[:-1]} <= {"file", "skipped"}


GITHUB_LINE = re.compile(r"::(error|warning|notice) (?:(?:file=[^,:\n]+(?:,line=\d+,col=\d+)?)?,?(?:title=[^,:\n]+)?)::(?:%(?:25|0A|0D)|[^%\n])+")


def is_github(output: bytes) -> None:
    lines = output.decode().split("\n")[:-1]
    assert all(GITHUB_LINE.fullmatch(line) for line in lines), lines
    for level in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{level} ") for line in lines) <= 10


def is_markdown(output: bytes) -> None:
    assert len(output) <= 60_000
    tokens = markdown_it.MarkdownIt("gfm-like", {"linkify": True}).parse(output.decode())
    inline = [child for token in tokens for child in token.children or ()]
    assert not [token.type for token in inline if token.type.startswith(("link", "image"))]
    tags = {token.content for token in inline if token.type == "html_inline"}
    assert tags <= {"<code>", "</code>", "<br>"}
    assert not [token for token in tokens if token.type == "html_block"]


def is_csv(output: bytes) -> None:
    rows = list(csv.reader(io.StringIO(output.decode(), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(cg.CSV_COLUMNS)}
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "-", "\t", "\r")]


COMPACT_LINE = re.compile(r".+?:\d+:\d+: (error|warning|note): .+ \[[a-z_-]+\]")


def is_compact(output: bytes) -> None:
    assert all(COMPACT_LINE.fullmatch(line) for line in output.decode().split("\n")[:-1])


def is_console(output: bytes) -> None:
    lines = output.decode().split("\n")
    assert all(line.isprintable() for line in lines)
    assert re.search(r"^[✓✗] [\d,]+ files?, [\d,]+ functions?: .*; health [\d.]+$", output.decode(), re.M)


def closed(schema: Any) -> Any:
    """The published schema is open to fields of later versions; here a field that it does not name is an error."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {"additionalProperties": False} if schema.get("type") == "object" else {}
    return {key: closed(value) for key, value in schema.items()} | shut


REPORT_SCHEMA = jsonschema.Draft7Validator(closed(cg.report_schema()))


def is_json(output: bytes) -> None:
    REPORT_SCHEMA.validate(thinned(json.loads(output)))


VALID: dict[str, Callable[[bytes], None]] = {
    "console": is_console,
    "json": is_json,
    "ndjson": is_json_lines,
    "sarif": json_schema("sarif-2.1.0.json"),
    "github": is_github,
    "gitlab": json_schema("gitlab-codequality.schema.json"),
    "junit": xml_schema("junit-10.xsd"),
    "checkstyle": xml_schema("checkstyle.xsd"),
    "rdjson": json_schema("rdjson.schema.json"),
    "markdown": is_markdown,
    "csv": is_csv,
    "compact": is_compact,
}


def test_the_report_schema_is_printed(guard: Any) -> None:
    printed = guard("schema", "report").json
    jsonschema.Draft7Validator.check_schema(printed)
    assert printed == json.loads(json.dumps(cg.report_schema()))
    assert guard("schema", "config").out == guard("schema").out
    refused = guard("schema", "reprot")
    assert refused.code == 3
    assert "schema takes config or report, not 'reprot'" in refused.err


@pytest.mark.parametrize("options", (["--duplication"], ["--metrics", "cyclomatic"], ["--metrics", "halstead,structural"], ["--top", "3"]), ids=" ".join)
def test_the_report_schema_holds_whatever_is_switched_on(report: Runs, options: list[str]) -> None:
    is_json(report.run("many", "-f", "json", "--fail-on", "none", *options))


def test_the_report_schema_holds_against_a_baseline(guard: Any, project: Callable[[dict[str, str]], Path]) -> None:
    root = project({"a.ts": FINDINGS, "b.ts": f"function b() {{ {BUSY} }}\nfunction c() {{ {BUSY} {BUSY} }}\n"})
    guard("--write-baseline", "known.json", cwd=root)
    (root / "b.ts").write_text(f"function b() {{ {BUSY} {BUSY} {BUSY} }}\nfunction c() {{ {BUSY} return }}\n")
    output = guard("-f", "json", "--baseline", "known.json", cwd=root)
    is_json(output.out.encode())
    changes = output.json["summary"]["changes"]
    assert changes["worse"] and changes["better"] and changes["known"]


BREAKS: dict[str, Callable[[Any], object]] = {
    "a number as text": lambda report: report["files"][0]["functions"][0].update(start_line="1"),
    "a name missing": lambda report: report["files"][0]["functions"][0].pop("name"),
    "a level that is none": lambda report: report["files"][0]["functions"][0]["violations"][0].update(level="fatal"),
    "a field nobody described": lambda report: report["summary"].update(extra=1),
    "no summary": lambda report: report.pop("summary"),
}


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS)
def test_the_report_schema_refuses(report: Runs, change: Callable[[Any], object]) -> None:
    document = json.loads(report("findings", "json"))
    change(document)
    with pytest.raises(jsonschema.ValidationError):
        REPORT_SCHEMA.validate(document)


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
    assert len(rows) == sum(said.level in ("error", "warning") for said in said_by_json(report("hostile", "json"))) - 1  # skipped
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
        found.append(Said(unquoted(place["artifactLocation"]["uri"]), place["region"]["startLine"], result["ruleId"], level))
    for notice in sarif["invocations"][0]["toolExecutionNotifications"]:
        if "locations" in notice:
            place = notice["locations"][0]["physicalLocation"]
            line = place.get("region", {"startLine": 1})["startLine"]
            found.append(Said(unquoted(place["artifactLocation"]["uri"]), line, notice["descriptor"]["id"], notice["level"]))
    return found


def unquoted(uri: str) -> str:
    """The path that a URI names, its bytes that are not UTF-8 as JSON has them."""
    from urllib.parse import unquote

    return unquote(uri, errors="surrogateescape")


def said_by_gitlab(output: bytes) -> list[Said]:
    levels = {"info": "suppressed", "minor": "warning", "major": "error"}
    return [
        Said(issue["location"]["path"], issue["location"]["lines"]["begin"], issue["check_name"], levels[issue["severity"]]) for issue in json.loads(output)
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
        path, number, level, rule = re.fullmatch(r"(.+?):(\d+):\d+: (error|warning|note): .+ \[([a-z_-]+)\]", line).groups()
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
    assert len({s.path for s in found}) == len({s.path for s in expected}) == len(HOSTILE_FILES) + 2  # all.ts and the binary one


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
    numbers = ["line", "column", "cyclomatic", "cognitive", "halstead_volume", "halstead_effort", "halstead_bugs", "line_count", "params_count"]
    for row, function in zip(functions, expected):
        assert (row["path"], row["name"]) == (function["path"], function["name"])
        assert [float(row[name]) for name in numbers] == pytest.approx([function[name] for name in numbers], abs=1e-4)


def test_junit_has_a_case_per_function_and_counts_them(report: Runs) -> None:
    everything = json.loads(report("findings", "json"))
    suites = etree.fromstring(report("findings", "junit"))
    for suite in suites:
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute)) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
    names = {case.get("name") for case in suites.iter("testcase")}
    assert {f["qualified_name"] for file in everything["files"] for f in file["functions"]} <= names


@pytest.mark.parametrize(("fail_on", "fails"), (("none", set()), ("error", {"error"}), ("warning", {"error", "warning"})))
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
    for row in re.findall(r"<tr>(.*?)</tr>", rendered, re.S)[1:]:
        assert row.count("<td>") == 4


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
    everything = said_by_json(report("many", "json"))
    lines = report("many", "github").decode().split("\n")[:-1]
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"]
    for level in ("error", "warning"):
        more = sum(said.level == level for said in everything) - 10
        assert f"{more:,} {level}s" in lines[-1]


def test_reports_link_to_the_repository_that_released_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert '"informationUri"' not in cg._sarif_head() and '"helpUri"' not in cg._sarif_head()
    monkeypatch.setattr(cg, "HOME_PAGE", "https://github.com/someone/guard")
    head = json.loads(cg._sarif_head() + "]}]}]}")
    driver = head["runs"][0]["tool"]["driver"]
    assert driver["informationUri"] == "https://github.com/someone/guard"
    for rule in driver["rules"]:
        assert rule["helpUri"] == f"https://github.com/someone/guard/blob/v{cg.__version__}/docs/formats.md#{rule['id']}"


def test_sarif_keeps_1000_increments_of_a_result() -> None:
    points = tuple(cg.Point(line, 0, 1, "if", 0) for line in range(1, 1500))
    result = json.loads(cg._sarif_result("a.ts", '{"uri": "a.ts"}', "{}", finding(points=points)))
    assert [entry["id"] for entry in result["relatedLocations"]] == list(range(1000))


def test_markdown_stays_below_the_size_of_a_comment() -> None:
    lines = [f"{number} {'é' * 100}\n" for number in range(1000)]
    text = "".join(cg.within_bytes(lines, cg.MARKDOWN_BYTES))
    assert 59_000 < len(text.encode()) <= cg.MARKDOWN_BYTES
    assert text.startswith("".join(lines[:100])) and "left out" in text.splitlines()[-1]
    assert "".join(cg.within_bytes(lines[:9], cg.MARKDOWN_BYTES)) == "".join(lines[:9])


def test_gitlab_fingerprints_are_unique(report: Runs) -> None:
    for project in PROJECTS:
        prints = [issue["fingerprint"] for issue in json.loads(report(project, "gitlab"))]
        assert len(set(prints)) == len(prints)


def test_fingerprints_outlive_edits_elsewhere(guard: Any, tmp_path: Path) -> None:
    def prints(text: str) -> dict[str, str]:
        (tmp_path / "a.ts").write_text(text, encoding="utf-8")
        results = guard("-f", "sarif", cwd=tmp_path).json["runs"][0]["results"]
        return {r["message"]["text"]: r["partialFingerprints"]["primaryLocationLineHash"] for r in results}

    before = prints(FINDINGS)
    after = prints("// a new comment\nexport const early = (x: number) => x ? 1 : 2\n\n" + FINDINGS.replace("Says what", "Tells what"))
    assert before == after and len(set(before.values())) == len(before) > 3


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
    worst = cg.Worst(limit)
    keys = [cg.urgency(finding(level, value)) for level, value in values]
    for number, key in enumerate(keys):
        worst.add(f"{key}{number}")
    order = sorted(range(len(keys)), key=lambda number: keys[number], reverse=True)  # stable: the first of equals stays
    assert worst.worst_first() == [str(number) for number in order[:limit]]
    assert worst.in_order() == [str(number) for number in sorted(order[:limit])]
    assert worst.left_out == max(0, len(keys) - limit)


def test_urgency_orders_by_level_then_by_excess() -> None:
    ranked = [
        finding("error", 1e9), finding("error", 99), finding("error", 25), finding("warning", 1e9), finding("warning", 11),
        finding("error", 99, suppressed="known"),
    ]  # fmt: skip
    keys = [cg.urgency(entry) for entry in ranked]
    assert keys == sorted(keys, reverse=True) and len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {cg.URGENCY_WIDTH}
    assert cg.urgency(finding(threshold=0, value=3)) > cg.urgency(finding(threshold=0, value=2))


@given(st.text())
def test_xml_text_is_read_back(text: str) -> None:
    element = etree.fromstring(f'<a b="{cg.xml_text(text)}">{cg.xml_text(text)}</a>')
    assert element.get("b") == (element.text or "") == cg.printable(text)


@given(st.text())
def test_github_properties_are_read_back(text: str) -> None:
    escaped = cg.github_property(text)
    assert not set(escaped) & set("\r\n:,")
    back = escaped.replace("%3A", ":").replace("%2C", ",").replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    assert cg.printable(back) == cg.printable(text)


@given(st.text())
def test_csv_fields_are_read_back_and_are_no_formula(text: str) -> None:
    ((field,),) = csv.reader([cg.csv_field(text) or '""'], strict=True)
    assert field.removeprefix("'") == cg.printable(text).removeprefix("'")
    assert field[:1] not in tuple("=+-@\t\r")


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
    ("line", "column", "expected"), (("let x", 4, 4), ("é = x", 2, 3), ("😀 = x", 2, 4), ("x" * 5000, 4990, None), ("é" * 5000, 3000, None))
)
def test_byte_columns(line: str, column: int, expected: int | None) -> None:
    text = f"first\n{line}\n".encode()
    starts = memoryview(b"".join(n.to_bytes(4, sys.byteorder) for n in (0, 6, len(text)))).cast("i")
    assert cg.byte_column(cg.SourceText(text, bytes(starts)), 2, column) == expected


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


CLOSE = ((500.3, 500, "500.3"), (10.004, 10, "10.004"), (0.502, 0.5, "0.502"), (1000.4, 1000, "1,000.4"), (2098.6, 1000, "2,099"), (21, 20, "21"))


@pytest.mark.parametrize(("value", "threshold", "said"), (*CLOSE, (math.nextafter(10, 11), 10, "10")))
def test_a_value_is_told_from_the_threshold_that_it_is_above(value: float, threshold: float, said: str) -> None:
    violation = cg.Violation("halstead_volume", "error", value, threshold, None)
    assert cg.violation_message(violation, "'f'") == f"'f' has Halstead volume {said} (error above {cg.number(threshold)})"
    assert cg.finding_words(violation) == f"volume {said} > {cg.number(threshold)}"


STEERING = """\
// complexity-guard-ignore-next-line cyc\x1b[31m -- no such metric
function f() {}
// complexity-guard-ignore-next-line params_count -- \x1b[5m why \x9b31m \u202e
function g(a, b, c, d) { return "\x1b]0;title\x07" && 1 }
let x = \x1b[31mRED\x07\u202e ( }
"""
FOR_PEOPLE = (["-f", "console"], ["--group-by", "metric"], ["--group-by", "folder"], ["-f", "markdown"], ["-f", "compact"], ["-f", "github"])


@pytest.mark.parametrize("arguments", (*FOR_PEOPLE, ["explain", "a.ts"], *(["-f", name] for name in FORMATS)), ids=" ".join)
def test_text_of_the_source_cannot_steer_a_terminal(guard: Any, project: Any, arguments: list[str]) -> None:
    output = guard(*arguments, cwd=project({"a.ts": STEERING})).out
    assert "a.ts" in output
    steering = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]" if arguments in FOR_PEOPLE or "explain" in arguments else "[\x00-\x08\x0b\x0c\x0e-\x1f]"
    assert not re.findall(steering, output)


def test_every_metric_has_a_rule() -> None:
    assert {metric.name for metric in cg.METRICS} | {"duplication", "unused-suppression"} <= {rule.name for rule in cg.RULES}
    assert all(rule.title.lower() != rule.name for rule in cg.RULES)  # SARIF1001 of Microsoft's validator


def test_docs_describe_every_format_and_rule() -> None:
    text = (TESTS.parent / "docs" / "formats.md").read_text(encoding="utf-8")
    for name in cg.REPORTERS:
        assert re.search(rf"^\| `{name}` \|", text, re.M) and re.search(rf"^## {name}$", text, re.M), name
    for rule in (*cg.RULES, *cg.SARIF_NOTICES):  # help.uri of SARIF points at these headings
        assert f"### {rule.name}\n\n{rule.meaning}\n{rule.advice}\n" in text


@pytest.mark.parametrize("text", ("a [link](target)", "{0}", "plain [Symbol.iterator]"))
def test_sarif_text_has_no_links_and_no_placeholders(text: str) -> None:
    escaped = cg.sarif_text(text)
    assert not re.search(r"(?<!\\)\]\(|(?<!\{)\{\d", escaped)
    assert re.sub(r"\\(.)", r"\1", escaped).replace("{{", "{").replace("}}", "}") == text
