"""Several reports at once, and destinations that fail."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import complexity_guard as cg

SOURCE = "export function f(a, b, c, d, e, f, g) { return a ? 1 : 2 }\n"


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
def test_a_destination_that_fails_is_named_and_the_others_are_whole(guard, root: Path, place: str) -> None:
    (root / "alone").mkdir()
    alone = [f"--report={name}=alone/{name}" for name in cg.REPORTERS]
    together = [f"--report={name}=out.{name}" for name in cg.REPORTERS]
    environment = {"SOURCE_DATE_EPOCH": "1700000000"}
    assert guard(*alone, "src", cwd=root, env=environment).code == 1
    result = guard(together[0], f"--report=json={place}", *together[1:], "src", cwd=root, env=environment)
    assert result.code == 4
    assert place in result.err and BAD[place] in result.err and len(result.err.splitlines()) == 1
    for name in cg.REPORTERS:
        written, whole = (masked((root / place).read_bytes()) for place in (f"out.{name}", f"alone/{name}"))
        assert written == whole != b""
    assert sorted(os.listdir(root)) == sorted(["src", "taken", "file", "alone", *(f"out.{name}" for name in cg.REPORTERS)])


def masked(report: bytes) -> bytes:
    return re.sub(rb'"elapsed_ms": ?\d+', b"", report)


def test_a_report_replaces_a_file_and_keeps_a_link(guard, root: Path) -> None:
    (root / "real.json").write_text("before")
    (root / "link.json").symlink_to("real.json")
    assert guard("-f", "json", "-o", "link.json", "src", cwd=root).code == 1
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
    (["--report", "json", "--report", "sarif"], ["-f", "json", "--report", "sarif"], ["--report", "json=x", "--report", "csv=x"]),
)
def test_two_reports_cannot_share_a_destination(guard, root: Path, arguments: list[str]) -> None:
    result = guard(*arguments, "src", cwd=root)
    assert result.code == 3 and "two reports" in result.err and result.out == ""


def test_reports_of_the_configuration(guard, project) -> None:
    root = project({"src/a.ts": SOURCE, ".complexityguard.json": '{"output": {"reports": ["compact", "sarif=out.sarif"]}}'})
    result = guard("src", cwd=root)
    assert result.out == "src/a.ts:1:8: error: 'f' has parameter count 7 (error above 6) [params_count]\n"
    assert json.loads((root / "out.sarif").read_text())["version"] == "2.1.0"


def test_standard_output_closed_early_is_silent(guard, root: Path) -> None:
    import subprocess

    command = [*guard.command, "--report", "ndjson", "--report", "csv=out.csv", "src"]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b"" and process.wait(60) in (0, 1)


WRAPPED = [  # words, columns, lines
    ("cyclomatic 30 > 20, cognitive 33 > 25, +4 more", 80, ["cyclomatic 30 > 20,", "cognitive 33 > 25, +4 more"]),
    ("cyclomatic 30 > 20, cognitive 33 > 25, +4 more", 120, ["cyclomatic 30 > 20, cognitive 33 > 25, +4 more"]),
    ("cyclomatic 30 > 20, cognitive 33 > 25, +4 more", 0, ["cyclomatic 30 > 20, cognitive 33 > 25, +4 more"]),
    ("cyclomatic 30 > 20, cognitive 33 > 25, +4 more", 40, ["cyclomatic 30 > 20, cognitive 33 > 25, +4 more"]),
    ("this suppression matches no finding", 80, ["this suppression matches no", "finding"]),
    ("x" * 60 + " y", 80, ["x" * 60, "y"]),
]


@pytest.mark.parametrize(("words", "columns", "lines"), WRAPPED)
def test_words_are_wrapped_to_the_terminal(words, columns, lines):
    assert cg.wrapped(words, columns).split("\n" + " " * cg.CONSOLE_INDENT) == lines


def test_the_indent_of_a_row_is_what_stands_before_its_words():
    settings = cg.Settings(cg.DEFAULT_ANALYSIS, color=False)
    assert cg.console_row(cg.ConsoleRow(12, 3, "warning", "name", "words"), settings).index("words") == cg.CONSOLE_INDENT


@pytest.mark.parametrize("group", ["file", "metric", "folder"])
def test_quiet_shows_what_fails_and_nothing_else(guard, project, group):
    clean = "// complexity-guard-ignore-next-line\nfunction calm(a, b, c, d) {}\n// complexity-guard-ignore-next-line\n"
    folder = project({"bad.ts": SOURCE, "warned.ts": "function calm(a, b, c, d) {}\n", "noticed.ts": clean})
    loud, quiet = (guard(*flags, "--group-by", group, cwd=folder) for flags in ([], ["-q"]))
    assert loud.code == quiet.code == 1
    assert all(word in loud.out for word in ("bad.ts", "warned.ts", "noticed.ts"))
    assert re.search("✗ error .*(7 > 6|bad.ts)", quiet.out)
    assert not re.search("▲|calm|warned.ts|noticed.ts|Most complex", quiet.out)
    assert quiet.out.splitlines()[-2:] == loud.out.splitlines()[-2:]  # the sum counts everything


def test_verbose_shows_all_findings_of_a_function(guard, project):
    source = "function f(a, b, c, d, e, f, g) {" + "if (a && b) { for (;;) { if (c) { while (d) { if (e) { g() } } } } }" * 5 + "}\n"
    folder = project({"a.ts": source})
    assert ", +1 more" in guard(cwd=folder).out
    shown = guard("-v", cwd=folder).out
    assert " more" not in shown and "params 7 > 6, depth 5 > 3" in shown


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_terminal_of_80_columns_is_enough(guard, project):
    import fcntl
    import pty
    import struct
    import termios

    source = "function f(a, b, c, d, e, f, g) {" + "if (a && b) { for (;;) { if (c) { while (d) { if (e) { g() } } } } }" * 5 + "}\n"
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")} | {"TERM": "xterm-256color"}
    running = subprocess.Popen([*guard.command, "a.ts"], cwd=project({"a.ts": source}), stdout=child, env=environment)
    os.close(child)
    output = b""
    while chunk := read_terminal(parent):
        output += chunk
    assert running.wait(60) == 1
    assert b"\x1b[31m" in output
    lines = re.sub(r"\x1b\[[\d;]*m", "", output.decode()).split("\r\n")
    assert max(map(len, lines)) <= 80
    assert any(re.fullmatch(" {49}cognitive .*", line) for line in lines)


def read_terminal(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # as Linux says that the other end is closed
        return b""


def test_names_are_cut_only_for_a_terminal(guard, project):
    name = "aFunctionWhoseNameIsLongerThanItsColumn"
    folder = project({"a.ts": f"function {name}(a, b, c, d) {{}}"})
    for options in ([], ["--group-by", "metric"], ["--group-by", "folder"]):
        assert f"{name}  " in guard(".", *options, cwd=folder).out
    settings = cg.Settings(cg.DEFAULT_ANALYSIS, columns=80)
    assert cg.shown_name(name, 26, settings) == "aFunctionWhoseNameIsLonge…"
