"""The console report: what a row holds, and how it is fitted to a terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from samples import LIMITS, function
from trees import not_on_windows

import complexity_guard as cg

WRAPPED = [  # words, columns, lines
    ("cyclomatic 30 > 20, cognitive 33 > 25, +4 more", 80, ["cyclomatic 30 > 20,", "cognitive 33 > 25, +4 more"]),
    ("cyclomatic 30 > 20, cognitive 33 > 25, +4 more", 120, ["cyclomatic 30 > 20, cognitive 33 > 25, +4 more"]),
    ("cyclomatic 30 > 20, cognitive 33 > 25, +4 more", 0, ["cyclomatic 30 > 20, cognitive 33 > 25, +4 more"]),
    ("cyclomatic 30 > 20, cognitive 33 > 25, +4 more", 40, ["cyclomatic 30 > 20, cognitive 33 > 25, +4 more"]),
    ("this suppression matches no finding", 80, ["this suppression matches no", "finding"]),
    ("x" * 60 + " y", 80, ["x" * 60, "y"]),
    ("lines 30 > 25, a word that is longer than a line of this terminal has room for", 80,
     ["lines 30 > 25, a word that is", "longer than a line of this", "terminal has room for"]),
    ("関数 関数 関数 関数 関数 関数 関数", 80, ["関数 関数 関数 関数 関数 関数", "関数"]),
    ("\x1b[31mcyclomatic 30 > 20, lines 30\x1b[0m", 80, ["\x1b[31mcyclomatic 30 > 20, lines 30\x1b[0m"]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "columns", "lines"), WRAPPED)
def test_words_are_wrapped_to_the_terminal(words, columns, lines):
    assert cg.hanging(words, 49, columns).split("\n" + " " * 49) == lines


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize(("health", "percentile"), [(85.4, 93), (100.0, 100), (5.1, None)])
def test_the_health_and_what_it_means_stay_in_one_line(health, percentile, color):
    """At any width of a terminal; where one line has no room for all of it, the grade at least."""
    standing = SimpleNamespace(health_score=health, grade=cg.grade_of(health), percentile=percentile)
    shown = cg.painted_standing(standing, cg.Settings(cg.DEFAULT_ANALYSIS, color=color))
    plain = cg.health_words(standing)
    for columns in range(60, 201):
        for found in (
            "1 file, 1 function: no findings",
            "1,125 files, 3,729 functions: 9 findings (2 errors, 7 warnings)",
        ):
            lines = cg.PAINT.sub("", cg.hanging(f"{found}; {shown}", 2, columns)).split("\n  ")
            together = plain if len(plain) <= columns - 2 else plain.partition(": ")[0]
            assert any(together in line for line in lines), (columns, lines)


def test_the_indent_of_a_row_is_what_stands_before_its_name():
    row = cg.ConsoleRow(12, 3, "warning", "name", "words").text(26, cg.Settings(cg.DEFAULT_ANALYSIS, color=False))
    assert (row.index("name"), row.index("words")) == (cg.ROW_INDENT, cg.ROW_INDENT + 26 + 2)


MANY = ["cyclomatic 30 > 20", "cognitive 60 > 25", "volume 1,500 > 1,000", "params 7 > 6", "depth 5 > 3"]
ROOM = {
    0: 3,
    19: 3,
    31: 3,
    45: 4,
    50: 5,
    62: 5,
    69: 3,
    77: 3,
    82: 4,
    86: 5,
    200: 5,
}  # cells -> how many findings are listed


@pytest.mark.parametrize(("room", "most"), ROOM.items())
def test_a_wide_terminal_shows_more_findings_of_a_function(room, most):
    shown = cg.first_findings(MANY, room)
    assert list(shown) == [*MANY[:most], *([f"+{5 - most} more"] if most < 5 else [])]
    assert cg.lines_in(shown, room) <= cg.lines_in([*MANY[:3], "+2 more"], room)
    assert cg.first_findings(MANY[:3], room) == MANY[:3]


NAMES = {  # name, cells -> as it stands in a column of a terminal
    ("name", 6): "name  ",
    ("nameOf", 6): "nameOf",
    ("nameOfIt", 6): "nameO…",
    ("関数", 6): "関数  ",
    ("関数関数", 6): "関数… ",
    ("関数関数", 7): "関数関…",
    ("é\u0301é\u0301é\u0301", 4): "é\u0301é\u0301é\u0301 ",
    ("\x1b[31m", 6): "\\x1b[…",
}


@pytest.mark.parametrize(("name", "cells"), NAMES)
def test_a_column_of_names_is_as_wide_as_it_looks(name, cells):
    shown = cg.shown_name(name, cells, cg.Settings(cg.DEFAULT_ANALYSIS, columns=80))
    assert (shown, cg.cells_of(shown)) == (NAMES[name, cells], cells)


def test_letters_take_the_cells_that_unicode_gives_them():
    """Of all letters that names may hold; of the marks, those that stand over Latin letters."""
    import unicodedata

    for code in range(0x20, 0x40000):
        letter = chr(code)
        if letter.isidentifier():
            wide = unicodedata.east_asian_width(letter) in "WF"
            assert cg.cells_of(letter) == 1 + wide, hex(code)


@pytest.mark.parametrize("group", ["file", "metric", "folder"])
def test_quiet_shows_what_fails_and_nothing_else(strict_guard, project, group):
    clean = "// complexity-guard-ignore-next-line\nfunction calm(a, b, c, d) {}\n// complexity-guard-ignore-next-line\n"
    folder = project(
        {
            "bad.ts": "function f(a, b, c, d, e, f, g) { return a ? 1 : 2 }\n",
            "warned.ts": "function calm(a, b, c, d) {}\n",
            "noticed.ts": clean,
        }
    )
    loud, quiet = (strict_guard(*flags, "--group-by", group, cwd=folder) for flags in ([], ["-q"]))
    assert loud.code == quiet.code == 1
    assert all(word in loud.out for word in ("bad.ts", "warned.ts", "noticed.ts"))
    assert re.search("✗ error .*(7 > 6|bad.ts)", quiet.out)
    assert not re.search("▲|calm|warned.ts|noticed.ts|Worst functions", quiet.out)
    assert quiet.out.splitlines()[-2:] == loud.out.splitlines()[-2:]  # the sum counts everything


def test_verbose_shows_all_findings_of_a_function(strict_guard, project):
    source = (
        "function f(a, b, c, d, e, f, g) {"
        + "if (a && b) { for (;;) { if (c) { while (d) { if (e) { g() } } } } }" * 5
        + "}\n"
    )
    folder = project({"a.ts": source})
    assert ", +1 more" in strict_guard(cwd=folder).out
    shown = strict_guard("-v", cwd=folder).out
    assert " more" not in shown and "params_count 7 > 6, nesting_depth 5 > 3" in shown


def in_terminal(guard, columns: int, *arguments: str, cwd: Path, rows: int = 24, **variables: str) -> list[str]:
    """The lines that a terminal of so many columns is given, without their colours."""
    import fcntl
    import pty
    import struct
    import termios

    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    environment |= {"TERM": "xterm-256color", **variables}
    running = subprocess.Popen([*guard.command, *arguments], cwd=cwd, stdout=child, env=environment)
    os.close(child)
    output = b""
    while chunk := read_terminal(parent):
        output += chunk
    assert running.wait(60) in (0, 1)
    assert (b"\x1b[31m" in output) == ("NO_COLOR" not in variables) or "explain" in arguments
    return re.sub(r"\x1b\[[\d;]*m", "", output.decode()).split("\r\n")


terminal_only = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
TANGLED = "if (a && b) { for (;;) { if (c) { while (d) { if (e) { g() } } } } }" * 5


@terminal_only
def test_a_terminal_of_80_columns_is_enough(strict_guard, project):
    source = f"function aFunctionWithAName(a, b, c, d, e, f, g) {{{TANGLED}}}\n"
    lines = in_terminal(strict_guard, 80, "a.ts", cwd=project({"a.ts": source}))
    assert max(map(len, lines)) <= 80
    assert any(re.fullmatch(" {41}params_count 7 > 6, nesting_depth 5 > 3", line) for line in lines)


WIDE_NAMES = {
    "src/components/editor/actions/actionFinalizeTheDrawing.tsx": f"class Editor {{ performTheWholeOfTheAction(a, b, c, d, e, f, g) {{{TANGLED}}} }}\n",
    "src/数式/関数.ts": f"function 複雑さを計算する関数の名前(a, b, c, d, e, f, g) {{ {TANGLED} }}\n",
    "src/ok.ts": "// complexity-guard-ignore-next-line params_count -- all that a caller of this function may want\nfunction f(a, b, c, d, e, f, g) {}\n",
    "src/broken.ts": "function g() { if ( }\n// complexity-guard-ignore-next-line\nf();\n",
}
SHOWN = {
    "files": (),
    "all": ("-v",),
    "metrics": ("-v", "--group-by", "metric"),
    "folders": ("-v", "--group-by", "folder"),
    "clones": ("--duplication",),
    "explained": ("explain", "src/数式/関数.ts"),
    "sums": ("explain", "src/components/editor/actions/actionFinalizeTheDrawing.tsx:1"),
}


@terminal_only
@pytest.mark.parametrize("columns", [80, 120, 200])
@pytest.mark.parametrize("arguments", SHOWN.values(), ids=SHOWN)
def test_nothing_breaks_inside_words(guard, project, arguments, columns):
    """A line is longer than the terminal only where no blank could part it."""
    for line in in_terminal(guard, columns, *arguments, cwd=project(WIDE_NAMES)):
        if line.startswith("  complexity-guard "):  # to be copied
            continue
        assert cg.cells_of(line) <= columns or not re.search("[^ ] +[^ ]", line.strip("│ 0123456789+←")), line


@terminal_only
def test_a_wide_terminal_cuts_no_names(strict_guard, project):
    lines = in_terminal(strict_guard, 200, cwd=project(WIDE_NAMES))
    assert not any("…" in line or " more" in line for line in lines)
    assert [line for line in lines if "Editor.performTheWholeOfTheAction" in line]


LIMITED = LIMITS | {"params_count": {"warning": 4, "error": 6}}


def test_all_that_there_is_to_say_of_a_function_stands_in_one_row(guard, project):
    """It was an error in one row and better in another."""
    root = project(
        {
            "a.ts": function("f", 30, "a, b, c, d, e, f, g, h"),
            ".complexityguard.json": json.dumps({"analysis": {"thresholds": LIMITED}}),
        }
    )
    guard("--write-baseline", "b.jsonl", "--fail-on", "none", cwd=root)
    (root / "a.ts").write_text(function("f", 40, "a, b, c, d, e, f, g"))
    shown = guard("--baseline", "b.jsonl", cwd=root).out
    (row,) = [line for line in shown.splitlines() if " f " in line and "a.ts" not in line]
    assert re.search(
        r"· note     f +cyclomatic 41 > 10 \(\+10 since baseline, does not gate\); better: params_count 8 → 7$", row
    )


IGNORED = (
    """// complexity-guard-ignore-file file_length -- generated
// complexity-guard-ignore-next-line params_count -- as the protocol has it
function f(a, b, c, d, e, f, g) { if (h) { i() } }
// complexity-guard-ignore-next-line
function j(a, b, c, d, e, f, g) {}
"""
    + "k();\n" * 700
)
LISTED_AS = {
    "file": [
        r"     3:0  · ignored  f +params_count 7 > 6 \(as the protocol has it\)",
        r"     5:0  · ignored  j +params_count 7 > 6 \(no reason given\)",
        r"     1:0  · ignored  the file +file_length 70\d > 600 \(generated\)",
    ],
    "metric": [
        r"       7  · ignored  f +a.ts:3:0 \(as the protocol has it\)",
        r"       7  · ignored  j +a.ts:5:0 \(no reason given\)",
        r"     70\d  · ignored  the file +a.ts:1:0 \(generated\)",
    ],
    "folder": [
        r"  · ignored  a.ts:3:0  f +params_count 7 > 6 \(as the protocol has it\)",
        r"  · ignored  a.ts:5:0  j +params_count 7 > 6 \(no reason given\)",
        r"  · ignored  a.ts:1:0  file_length 70\d > 600 \(generated\)",
    ],
}


@pytest.mark.parametrize(("group", "rows"), LISTED_AS.items())
def test_verbose_lists_what_comments_keep_quiet(strict_guard, project, group, rows):
    root = project({"a.ts": IGNORED})
    shown = strict_guard("-v", "--group-by", group, cwd=root).out
    assert all(re.search(f"^{row}$", shown, re.M) for row in rows), shown
    assert group != "metric" or "params_count  0 errors, 0 warnings, 2 suppressed\n" in shown
    for flags in ((), ("-q",), ("-q", "-v")):
        assert "ignored" not in strict_guard(*flags, "--group-by", group, cwd=root).out


def test_the_sum_tells_findings_from_functions(strict_guard, project):
    root = project({"a.ts": f"function f(a, b, c, d, e, f, g) {{{TANGLED}}}\n"})
    assert "1 file, 1 function: 4 findings (3 errors, 1 warning); health" in strict_guard(cwd=root).out
    (root / "a.ts").write_text("f();\n")
    assert "1 file, 0 functions: no findings; health 100" in strict_guard(cwd=root).out


def read_terminal(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # as Linux says that the other end is closed
        return b""


@not_on_windows
def test_a_folder_with_a_line_break_in_its_name_is_one_heading(strict_guard, tmp_path):
    folder = tmp_path / "a\nb"
    folder.mkdir()
    (folder / "c.ts").write_text(function("f", 12))
    lines = strict_guard("--all", "--group-by", "folder", ".", cwd=tmp_path).out.splitlines()
    (heading,) = [line for line in lines if "1 function, " in line]
    assert heading.startswith("a\\nb  health ")


def test_names_are_cut_only_for_a_terminal(strict_guard, project):
    name = "aFunctionWhoseNameIsLongerThanItsColumn"
    folder = project({"a.ts": f"function {name}(a, b, c, d) {{}}"})
    for options in ([], ["--group-by", "metric"], ["--group-by", "folder"]):
        assert f"{name}  " in strict_guard(".", *options, cwd=folder).out
    settings = cg.Settings(cg.DEFAULT_ANALYSIS, columns=80)
    assert cg.shown_name(name, 26, settings) == "aFunctionWhoseNameIsLonge…"


# One screen of a terminal
MANY_FILES = {
    f"packages/editor/src/tools/part{number}.ts": "".join(
        function(f"performTheAction{number}of{i}", 12 + number + i).replace("; ", ";\n") for i in range(4)
    )
    for number in range(12)
}


@terminal_only
@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}], ids=["colour", "no colour"])
@pytest.mark.parametrize(("columns", "rows", "most"), [(80, 24, 4), (120, 30, 5), (200, 60, 5), (40, 16, 1)])
def test_a_terminal_gets_one_screen(flat_guard, project, columns, rows, most, variables):
    """The verdict in words, the worst with their reasons, and at most three things to do; room for a prompt."""
    lines = in_terminal(flat_guard, columns, cwd=project(MANY_FILES), rows=rows, **variables)[:-1]
    taken = sum(max(1, -(-cg.cells_of(line) // columns)) for line in lines)
    assert taken <= rows - 2 or most == 1
    assert re.fullmatch(r"✗ failed: \d+ errors", lines[0])
    worst = [line for line in lines if re.match(r" +\d+\.\d\d  perform", line)]
    assert most <= len(worst) <= 5 and "11of3" in worst[0]
    assert sum("error: many paths" in line for line in lines) == len(worst)
    steps = lines[lines.index("Next steps") + 1 :]
    assert [step.split()[0] for step in steps if step[2] != " "] == ["--init", "--all", "complexity-guard"]


LISTED = re.compile("(?:✗ error|▲ warning) +performTheAction")


@terminal_only
def test_all_lists_in_a_terminal_what_a_file_gets(flat_guard, project):
    folder = project(MANY_FILES)
    for arguments in (["--all"], ["-v"], ["--group-by", "metric"]):
        shown = in_terminal(flat_guard, 200, *arguments, cwd=folder)
        assert len(LISTED.findall("\n".join(shown))) >= 48
        assert "Next steps" not in shown
    listed = flat_guard(cwd=folder).out
    assert len(LISTED.findall(listed)) == 48 and "Next steps" not in listed


@terminal_only
def test_what_fits_one_screen_is_listed_whole(flat_guard, project):
    shown = in_terminal(flat_guard, 100, cwd=project({"a.ts": function("knot", 30) + function("tangle", 12)}))
    assert [line.split()[0] for line in shown if "✗ error" in line or "▲ warning" in line] == ["1:0", "2:0"]
    assert "Next steps" in shown and not any(line.startswith("Worst") for line in shown)


RUN = cg.Settings(cg.DEFAULT_ANALYSIS)
SPOT = cg.Hotspot("a.ts", 3, "f", "error", 1.0, (cg.Violation("cyclomatic", "error", 30, 20, None),))
STEPS = [  # what the summary holds, what the settings hold, whether findings are cut -> what to do
    ({}, {}, False, []),
    ({"errors": 1, "hotspots": (SPOT,)}, {}, True, ["--init", "--all", "complexity-guard explain a.ts:3", "--report"]),
    ({"errors": 1, "hotspots": (SPOT,)}, {"configuration": "c.json"}, False,
     ["--write-baseline", "complexity-guard explain a.ts:3", "--report"]),
    ({"warnings": 1, "hotspots": (SPOT,)}, {}, False, ["complexity-guard explain a.ts:3", "--report"]),
    ({"errors": 2}, {"comparison": cg.Comparison("baseline", "b.jsonl")}, True, ["--all", "--report"]),
    ({"errors": 2}, {"reports": (cg.ReportRequest("console", "-"), cg.ReportRequest("html", "r.html"))}, False, ["--init"]),
]  # fmt: skip


@pytest.mark.parametrize(("found", "asked", "is_cut", "steps"), STEPS)
def test_the_next_steps_fit_what_was_found(found, asked, is_cut, steps):
    nothing = dict.fromkeys(cg.Summary._fields, 0) | {"hotspots": (), "skipped": ()}
    shown = [what for what, _ in cg.steps_after(cg.Summary(**nothing | found), RUN._replace(**asked), is_cut)]
    assert [what if "explain" in what else what.split()[0] for what in shown] == steps
