"""Coverage: the share of each function that tests ran, in each format, and what is not used."""

from __future__ import annotations

import base64
import json
import os
import re
from urllib.parse import quote

import pytest
from test_history import hotspots
from test_history import repo as repo

import complexity_guard as cg

SOURCE = """\
export function half(a) {
  if (a) {
    return 1;
  }
  return [1].map((x) => {
    return x + a;
  });
}
function none() {
  return 3;
}
const line = () => 4;
half(0);
"""
# Of the pieces of half(): `if`, `return 1`, `return [1]...`; of the callback: `return x`; each with whether it ran.
ISTANBUL = {
    "0": (2, 2, 1), "1": (3, 4, 0), "2": (5, 2, 1), "3": (6, 4, 1), "4": (10, 2, 0), "5": (12, 19, 0), "6": (13, 0, 1), "7": (12, 13, 1),
}  # fmt: skip
LINES = {1: 1, 2: 1, 3: 0, 5: 1, 6: 1, 7: 1, 9: 1, 10: 0, 12: 1, 13: 1}
BY_STATEMENTS = {"half": 0.6667, "half>map callback": 1.0, "none": 0.0, "line": 0.0}
BY_LINES = {"half": 0.6667, "half>map callback": 1.0, "none": 0.0, "line": 1.0}  # its line ran, as far as lines tell


def istanbul(path: str, statements=None) -> str:
    rows = (statements or ISTANBUL).items()
    spots = {
        key: {"start": {"line": line, "column": column}, "end": {"line": line, "column": column + 1}}
        for key, (line, column, _) in rows
    }
    return json.dumps(
        {path: {"path": path, "statementMap": spots, "s": {key: row[2] for key, row in rows}, "fnMap": {}, "f": {}}}
    )


def lcov(path: str) -> str:
    return (
        f"TN:\nSF:{path}\nFN:1,half\n"
        + "".join(f"DA:{line},{count}\n" for line, count in LINES.items())
        + "LF:10\nend_of_record\n"
    )


def cobertura(path: str, source: str = "") -> str:
    lines = "".join(f'<line number="{line}" hits="{count}" branch="false"/>' for line, count in LINES.items())
    head = '<?xml version="1.0"?><!DOCTYPE coverage SYSTEM "x.dtd">\n<coverage><sources>'
    body = f'<class name="a" filename="{path}"><methods/><lines>{lines}</lines></class>'
    return f"{head}<source>{source}</source></sources><packages><package><classes>{body}</classes></package></packages></coverage>"


@pytest.fixture
def covered(repo):
    repo.commit({"src/a.js": SOURCE, "a.ts": None})
    return repo


def report(repo, text: str, name: str = "report") -> str:
    """A report that is newer than the source."""
    target = repo.root.parent / name
    target.write_text(text)
    os.utime(repo.root / "src/a.js", (1_000_000_000, 1_000_000_000))
    return str(target)


def shares(result) -> dict[str, float | None]:
    assert result.code == 0, result.err
    return {row["qualified_name"]: row["coverage"] for row in result.json["functions"] if "coverage" in row}


FORMATS = [
    ("istanbul", lambda repo: istanbul(str(repo.root / "src/a.js")), BY_STATEMENTS),
    ("istanbul of another machine", lambda repo: istanbul("/home/ci/build/src/a.js"), BY_STATEMENTS),
    ("istanbul of Windows", lambda repo: istanbul("C:\\work\\src\\a.js"), BY_STATEMENTS),
    ("lcov", lambda repo: lcov(str(repo.root / "src/a.js")), BY_LINES),
    ("lcov, relative", lambda repo: lcov("src/a.js"), BY_LINES),
    ("cobertura", lambda repo: cobertura("src/a.js"), BY_LINES),
    ("cobertura with a source", lambda repo: cobertura("a.js", str(repo.root / "src")), BY_LINES),
]


@pytest.mark.parametrize(("what", "text", "expected"), FORMATS, ids=[row[0] for row in FORMATS])
def test_formats(covered, what, text, expected):
    result = hotspots(covered, "all", "--coverage", report(covered, text(covered)))
    assert shares(result) == expected
    rows = {row["qualified_name"]: row for row in result.json["functions"]}
    half = rows["half"]
    cyclomatic = half["cyclomatic"]
    assert half["crap"] == pytest.approx(cyclomatic**2 * (1 - 2 / 3) ** 3 + cyclomatic, abs=0.01)
    assert half["factors"]["untested"] == pytest.approx(2 - 2 / 3, abs=0.001)
    assert "tests ran 67 % of it" in half["why"]


@pytest.mark.needs("node")
def test_v8_of_a_real_run(covered, tmp_path):
    """Node's own report of a script that runs as it is."""
    import subprocess

    os.utime(covered.root / "src/a.js", (1_000_000_000, 1_000_000_000))
    (covered.root / "package.json").write_text('{"type": "module"}')
    folder = tmp_path / "v8"
    subprocess.run(
        ["node", "src/a.js"], cwd=covered.root, env={**os.environ, "NODE_V8_COVERAGE": str(folder)}, check=True
    )
    (name,) = folder.iterdir()
    # Of half(), lines 2, 5 and 8 ran, and the block on 3 and 4 did not. line() is never called, but its line makes it.
    assert shares(hotspots(covered, "all", "--coverage", str(name))) == {**BY_LINES, "half": 0.6}


def test_several_reports_add_up(covered):
    """What one saw run did run; where statements are known, lines do not count."""
    one = report(covered, istanbul("src/a.js"), "one")
    ran = {**ISTANBUL, "1": (3, 4, 5), "4": (10, 2, 1)}
    two = report(covered, istanbul("src/a.js", ran), "two")
    three = report(covered, lcov("src/a.js"), "three")
    found = shares(hotspots(covered, "all", "--coverage", one, "--coverage", two, "--coverage", three))
    assert found == {**BY_STATEMENTS, "half": 1.0, "none": 1.0}


def test_found_by_itself(covered):
    (covered.root / "coverage").mkdir()
    text = istanbul("src/a.js")
    report(covered, text)
    (covered.root / "coverage/coverage-final.json").write_text(text)
    (covered.root / "coverage/lcov.info").write_text("SF:src/a.js\nDA:2,0\nend_of_record\n")
    result = hotspots(covered, "all")
    assert shares(result) == BY_STATEMENTS
    assert result.json["history"]["coverage"] == ["coverage/coverage-final.json"]


def test_a_root(covered):
    text = lcov("a.js")
    assert shares(hotspots(covered, "all", "--coverage", report(covered, text))) == dict.fromkeys(BY_LINES)
    root = str(covered.root / "src")
    assert shares(hotspots(covered, "all", "--coverage-root", root, "--coverage", report(covered, text))) == BY_LINES


def remarks(result) -> str:
    return " ".join(result.json["history"]["remarks"])


def test_what_is_not_used_is_said(covered):
    """Older than the source; of lines that the source does not have; of no file of here. Unknown is null, and no factor."""
    name = report(covered, istanbul("src/a.js"))
    os.utime(name, (900_000_000, 900_000_000))
    result = hotspots(covered, "all", "--coverage", name)
    assert "newer than it" in remarks(result) and "src/a.js" in remarks(result)
    assert shares(result) == dict.fromkeys(BY_LINES)
    assert all(row["crap"] is None and "untested" not in row["factors"] for row in result.json["functions"])
    result = hotspots(covered, "all", "--coverage", report(covered, istanbul("src/a.js", {"0": (99, 2, 1)})))
    assert "coverage of other versions of files is not used: src/a.js" in remarks(result)
    assert shares(result) == dict.fromkeys(BY_LINES)
    result = hotspots(covered, "all", "--coverage", report(covered, istanbul("src/elsewhere.js")))
    assert "--coverage-root" in remarks(result) and shares(result) == dict.fromkeys(BY_LINES)


DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def encoded(number: int) -> str:
    """A number as source maps have it."""
    value, letters = abs(number) << 1 | (number < 0), ""
    while True:
        value, digit = value >> 5, value & 31
        letters += DIGITS[digit | (32 if value else 0)]
        if not value:
            return letters


# What was built of SOURCE: on one line each statement, with the line of SOURCE that it is of.
BUILT = [("var x='é';", None), ("function half(a){", 1), ("if(a){", 2), ("return 1}", 3), ("return[1].map(x=>{", 5), ("return x+a", 6),
         ("})}", 7), ("function none(){", 9), ("return 3}", 10), ("const line=()=>4;", 12), ("half(0);", 13)]  # fmt: skip


def source_map(source: str = "../src/a.js", **more) -> dict:
    column, before, last, segments = 0, 0, 0, []
    for text, line in BUILT:
        if line is not None:
            segments.append("".join(map(encoded, (column - before, 0, line - 1 - last, 0))))
            before, last = column, line - 1
        column += len(text)
    return {"version": 3, "sources": [source], "names": [], "mappings": ";" + ",".join(segments)} | more


def built_script(covered, url: str) -> str:
    """The coverage of a script that was built into a folder of its own, where none() and `return 1` did not run."""
    code = "/* é */\n" + "".join(text for text, _ in BUILT) + f"\n//# sourceMappingURL={url}\n"
    covered.write({"dist/a.js": code})
    spans = [(0, len(code), 1), (code.index("return 1}"), code.index("return[1]"), 0),
             (code.index("function none"), code.index("const line"), 0)]  # fmt: skip
    ranges = [{"startOffset": start, "endOffset": end, "count": count} for start, end, count in spans]
    script = {"url": f"file://{covered.root}/dist/a.js", "functions": [{"functionName": "", "ranges": ranges}]}
    return report(covered, json.dumps({"result": [script]}))


MAPS = {
    "beside": source_map(),
    "with a root": source_map("a.js", sourceRoot="../src/"),
    "of a bundler": source_map("webpack://name/./src/a.js"),
    "in sections": {"version": 3, "sections": [{"offset": {"line": 0, "column": 0}, "map": source_map()}]},
}


@pytest.mark.parametrize("kind", [*MAPS, "inline", "inline as text"])
def test_built_code_is_told_of_its_sources(covered, kind):
    if kind.startswith("inline"):
        text = json.dumps(source_map())
        url = "data:application/json;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()
        if kind == "inline as text":
            url = "data:application/json," + quote(text)
    else:
        covered.write({"dist/a.js.map": json.dumps(MAPS[kind])})
        url = "a.js.map"
    result = hotspots(covered, "all", "--coverage", built_script(covered, url))
    assert shares(result) == BY_LINES | {"none": 0.0}, remarks(result)


def test_a_source_that_is_newer_than_what_was_built_of_it(covered):
    name = built_script(covered, "data:application/json," + quote(json.dumps(source_map())))
    os.utime(covered.root / "src/a.js", (1_700_000_000, 1_700_000_000))
    os.utime(covered.root / "dist/a.js", (1_600_000_000, 1_600_000_000))
    result = hotspots(covered, "all", "--coverage", name)
    assert "newer than what was built of them" in remarks(result) and set(shares(result).values()) == {None}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": 2}', '{"version": 3, "sources": [], "mappings": "AAAA"}', "[" * 100_000,
     '{"version": 3, "sources": ["a"], "mappings": "g"}', '{"version": 3, "sources": ["a"], "mappings": "é"}',
     '{"version": 3, "sources": ["a"], "mappings": "AADA"}', '{"version": 3, "sources": ["a"], "mappings": "' + ";" * 999 + 'AAAA"}',
     '{"version": 3, "sources": 3, "mappings": "AAAA"}', '{"version": 3, "sections": [3]}', '{"version": 3, "sections": 3}'],
)  # fmt: skip
def test_a_map_that_is_none(covered, text):
    """What was built stays unknown, which is said; and so where there is no map, or one that would have to be fetched."""
    covered.write({"dist/a.js.map": text})
    for url in ("a.js.map", "none.map", "https://example.com/a.js.map", "data:application/json;base64,é", "/dev/zero"):
        result = hotspots(covered, "all", "--coverage", built_script(covered, url))
        assert "built code" in remarks(result) and set(shares(result).values()) == {None}
        if not text.startswith("{}"):
            break


def test_no_report_no_words(covered):
    assert shares(hotspots(covered, "all")) == {}


@pytest.mark.parametrize(
    "text",
    ["", "x", "{", '{"a": 1}', '{"result": 1}', "SF:a\nDA:x,1\n", "DA:1,1\n", "<coverage/>", "<a><line number='1' hits='x'/></a>",
     '{"src/a.js": {"statementMap": {"0": {"start": {"line": "x", "column": 0}}}, "s": {"0": 1}}}', "[" * 100_000,
     '{"src/a.js": {"statementMap": {"0": {"start": {"line": 1e99, "column": 0}}}, "s": {"0": 1}}}'],
)  # fmt: skip
def test_a_file_that_is_none(covered, text):
    result = covered.run("hotspots", "--coverage", report(covered, text))
    assert result.code == 3 and "no coverage as Istanbul, LCOV, V8 or Cobertura have it" in result.err, result.out


def test_a_file_that_is_not_there(covered):
    assert covered.run("hotspots", "--coverage", "nowhere.json").code == 3


# In ordinary runs: what the limits make of half (0.6667 of 2 paths) and none (nothing of it)


def ordinary(covered, *flags: str, text: str = ""):
    """A run that looks for the report by itself."""
    (covered.root / "coverage").mkdir(exist_ok=True)
    (covered.root / "coverage/lcov.info").write_text(text or lcov("src/a.js"))
    os.utime(covered.root / "src/a.js", (1_000_000_000, 1_000_000_000))
    return covered.run("src", *flags, "-f", "json")


def findings(result) -> list[tuple]:
    (file,) = result.json["files"]
    return [
        (f["name"], found["metric"], found["level"], found["value"])
        for f in file["functions"]
        for found in f["violations"]
    ]


CRAP = {"half": pytest.approx(4 / 27 + 2, abs=0.005), "map callback": 1.0, "none": 2.0, "line": 1.0}


def test_numbers_of_ordinary_runs(covered):
    result = ordinary(covered, "--metrics", "cyclomatic,coverage")
    assert result.code == 0 and result.json["coverage"] == {"reports": ["coverage/lcov.info"], "remarks": []}
    (file,) = result.json["files"]
    assert {f["qualified_name"]: f["coverage"] for f in file["functions"]} == BY_LINES
    assert {f["name"]: f["crap"] for f in file["functions"]} == CRAP
    console = covered.run("src", "--coverage", "coverage/lcov.info", "-v", "-f", "console").out
    assert "coverage 0.67, crap 2.15" in console and "coverage 0, crap 2" in console
    head, *rows = covered.run("src", "--coverage", "coverage/lcov.info", "-f", "csv").out.splitlines()
    assert head.endswith(",message,coverage,crap")
    ends = [row.rsplit(",", 2)[1:] for row in rows if row.startswith("function,")]
    assert ends == [["0.6667", "2.1500"], ["1.0000", "1.0000"], ["0.0000", "2.0000"], ["1.0000", "1.0000"]]


LIMITS = [
    (["--threshold", "coverage=0.8/0.5"], 1, [("half", "coverage", "warning", 0.6667), ("none", "coverage", "error", 0.0)]),
    (["--threshold", "coverage=0.6667"], 1, [("none", "coverage", "error", 0.0)]),  # equal to the limit is past none
    (["--threshold", "coverage=off/0.1", "--gate", "cognitive"], 0, [("none", "coverage", "error", 0.0)]),
    (["--threshold", "crap=2/off", "--fail-on", "warning"], 2, [("half", "crap", "warning", 2.15)]),
    (["--threshold", "crap=2.15"], 0, []),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "code", "expected"), LIMITS, ids=[" ".join(row[0]) for row in LIMITS])
def test_limits(covered, flags, code, expected):
    result = ordinary(covered, *flags)
    assert (result.code, findings(result)) == (code, expected), result.err


def test_limits_of_the_configuration(covered):
    """Of an override, too: of other files the numbers are told, and not judged."""
    covered.write({"src/b.js": "function b() {\n  return 1;\n}\n"})
    text = lcov("src/a.js") + "SF:src/b.js\nDA:2,0\nend_of_record\n"
    limits = {"thresholds": {"coverage": {"error": 0.5}}}
    config = {"overrides": [{"files": ["src/b.js"], "analysis": limits}]}
    (covered.root / ".complexityguard.json").write_text(json.dumps(config))
    os.utime(covered.root / "src/b.js", (1_000_000_000, 1_000_000_000))
    a, b = ordinary(covered, text=text).json["files"]
    assert [f["status"] for f in (*a["functions"], *b["functions"])] == ["ok"] * 4 + ["error"]
    assert a["functions"][2]["coverage"] == 0.0
    wrong = covered.run("src", "--threshold", "coverage=0.5/0.8")
    assert wrong.code == 3 and "is below error 0.8" in wrong.err
    assert covered.run("src", "--threshold", "coverage=80").code == 3


def test_off_it_changes_no_byte(covered):
    """Neither a report that lies there, nor limits without one; strict asks for one, and keeps quiet where there is none."""
    formats = [part for name in ("json", "csv", "sarif", "html") for part in ("--report", f"{name}=../{name}")]

    def bytes_of(*flags: str) -> list[str]:
        covered.run("src", *formats, *flags, "--force")
        texts = [(covered.root.parent / name).read_text() for name in ("json", "csv", "sarif", "html")]
        return [re.sub(r'"(timestamp|elapsed_ms)":[^,]*', "", text) for text in texts]

    before, strict = bytes_of(), bytes_of("--preset", "strict")
    without = covered.run("src", "--preset", "strict")
    assert without.err == "" and "coverage" not in "".join(before[1:3])
    assert "no report of coverage" in covered.run("src", "--threshold", "crap=30").err
    assert bytes_of("--threshold", "crap=30/60")[:2] == before[:2]
    ordinary(covered)
    assert bytes_of() == before
    assert bytes_of("--preset", "strict") != strict


def test_what_is_unknown_is_null_and_past_no_limit(covered):
    text = lcov("src/a.js")
    result = ordinary(covered, "--threshold", "coverage=0.9", "--threshold", "crap=1", text=text.replace("DA:", "DA:9"))
    assert "coverage of other versions of files is not used: src/a.js" in result.err and findings(result) == []
    os.utime(covered.root / "src/a.js", (2_000_000_000, 2_000_000_000))
    result = covered.run("src", "--threshold", "coverage=0.9", "-f", "json")
    assert result.code == 0 and {f["coverage"] for f in result.json["files"][0]["functions"]} == {None}
    assert "newer than it is not used" in result.json["coverage"]["remarks"][0]


def test_a_baseline_and_a_comment(covered):
    """What is recorded is known, what got worse is not; a comment keeps one quiet, and says so where it is not needed."""
    limit = ("--threshold", "coverage=0.8")
    assert ordinary(covered, *limit, "--write-baseline", "base").code == 0
    assert ordinary(covered, *limit, "--baseline", "base").code == 0
    worse = ordinary(covered, *limit, "--baseline", "base", text=lcov("src/a.js").replace("DA:5,1", "DA:5,0"))
    (file,) = worse.json["files"]
    assert worse.code == 1 and [v["delta"] for f in file["functions"] for v in f["violations"]] == [
        pytest.approx(-1 / 3, abs=1e-3)
    ]
    better = ordinary(covered, *limit, "--baseline", "base", text=lcov("src/a.js").replace("DA:10,0", "DA:10,1"))
    assert better.code == 0 and better.json["summary"]["changes"]["better"] == 1
    commented = SOURCE.replace(
        "function none", "// complexity-guard-ignore-next-line coverage: of the tests of others\nfunction none"
    )
    covered.write({"src/a.js": commented})
    moved = "".join(f"DA:{line + (line > 8)},{count}\n" for line, count in LINES.items())
    result = ordinary(covered, *limit, text=f"SF:src/a.js\n{moved}end_of_record\n")
    assert [row[0] for row in findings(result)] == ["half"]
    assert [row["function"] for row in result.json["files"][0]["suppressed"]] == ["none"]


def test_compared_with_an_older_version(covered):
    """Of a function that did not change, nobody knows what tests ran before."""
    covered.commit({"src/a.js": SOURCE.replace("return 3", "return 5")})
    result = ordinary(covered, "--threshold", "coverage=0.8", "--since", "HEAD~1")
    assert result.code == 1 and [row[0] for row in findings(result)] == ["none"]


def test_a_second_run_believes_other_coverage(covered, tmp_path):
    """The cache keeps what was told with one report from runs with another."""
    cache = ("--cache-dir", str(tmp_path / "cache"), "--threshold", "coverage=0.8")
    for text in (lcov("src/a.js"), lcov("src/a.js").replace("DA:10,0", "DA:10,1")) * 2:
        warm = ordinary(covered, *cache, text=text).json
        cold = ordinary(covered, *cache[2:], "--no-cache", text=text).json
        assert warm["files"] == cold["files"] and warm["summary"] == cold["summary"]


def test_nested_ranges_and_wide_letters():
    ranges = [{"startOffset": 0, "endOffset": 6, "count": 1}, {"startOffset": 2, "endOffset": 4, "count": 0}]
    assert list(cg.letters_that_ran(ranges[::-1], 6)) == [1, 1, 0, 0, 1, 1]
    assert cg.letters_that_ran(ranges, 5) is None
    assert cg.utf16_length("a😀é") == 4
