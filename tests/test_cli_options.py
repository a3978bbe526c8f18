"""The option table and what is derived from it: the command line, --help, the tables of the documentation."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
from collections import Counter
from pathlib import Path

import pytest

import complexity_guard as cg

# argv -> what it sets, for every way to write a flag
ACCEPTED = [
    (["-f", "json"], {"output.format": "json"}),
    (["-fjson"], {"output.format": "json"}),
    (["-f=json"], {"output.format": "json"}),
    (["--format=json"], {"output.format": "json"}),
    (["--format", "json"], {"output.format": "json"}),
    (["-f", "json", "-f", "console"], {"output.format": "console"}),
    (["-vq"], {"output.verbose": True, "output.quiet": True}),
    (["-vo", "x"], {"output.verbose": True, "output.file": "x"}),
    (["-o", "-"], {"output.file": "-"}),
    (["--output=--odd"], {"output.file": "--odd"}),
    (["--color"], {"output.color": True}),
    (["--no-color"], {"output.color": False}),
    (["--color", "--no-color"], {"output.color": False}),
    (["--metrics", "cyclomatic, nesting,line_count"], {"analysis.metrics": ("cyclomatic", "structural")}),
    (["--duplication"], {"analysis.duplication_enabled": True}),
    (["--no-duplication"], {"analysis.duplication_enabled": False}),
    (["--threads", "4"], {"analysis.threads": 4}),
    (["--include", "a", "--include=b"], {"files.include": ("a", "b")}),
    (["--exclude", "!a"], {"files.exclude": ("!a",)}),
    (["--fail-on", "never"], {"fail_on": "none"}),
    (["--fail-health-below", "72.5"], {"fail_health_below": 72.5}),
    (["--baseline", "b.json"], {"baseline_file": "b.json"}),
    (["-c", "c.json"], {"config": "c.json"}),
    (["--report", "json=a.json", "--report", "console"],
     {"output.reports": (cg.ReportRequest("json", "a.json"), cg.ReportRequest("console", "-"))}),
    (["--max-file-bytes", "1e6"], {"files.max_file_bytes": 1_000_000}),
    (["--file-timeout", "0"], {"analysis.file_timeout": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("argv", "expected"), ACCEPTED, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_flags_in_every_spelling(argv, expected):
    request = cg.parse_command_line(argv)
    assert {name: value.value for name, value in request.values.items()} == expected
    assert (request.action, request.paths) == ("", (".",))


REFUSED = [
    (["--fromat", "json"], "unknown option --fromat; did you mean --format?"),
    (["--colour"], "did you mean --color?"),
    (["--thread", "3"], "did you mean --threads?"),
    (["-format", "x"], "did you mean --format?"),
    (["-x"], "unknown option -x"),
    (["-vx"], "unknown option -vx"),
    (["--xyzzy"], "unknown option --xyzzy; --help lists all there are"),
    (["--verbose=yes"], "option --verbose takes no value"),
    (["--format"], "option --format needs a value: --format FORMAT"),
    (["--config", "--verbose"], "option --config needs a value"),
    (["-f", "jsn"], "did you mean json?"),
    (["--report", "sarff=x"], "option --report must be a list of FORMAT"),
    (["--threads", "0"], "a whole number from 1 to 4096, not '0'"),
    (["--threads", "-1"], "a whole number from 1 to 4096, not '-1'"),
    (["--threads", "2.5"], "a whole number from 1 to 4096"),
    (["--threads", "1_0"], "a whole number"),
    (["--threads", "inf"], "a whole number"),
    (["--threads", "nan"], "a whole number"),
    (["--threads", "9" * 5000], "a whole number"),
    (["--stdin-filename", "a.py"], "a name in .ts, .mts, .cts, .tsx, .js, .jsx, .mjs or .cjs, not 'a.py'"),
    (["--file-timeout", "1e300"], "a number from 0 to 1000000"),
    (["--fail-health-below", "101"], "a number from 0 to 100"),
    (["--fail-health-below", "NaN"], "a number from 0 to 100"),
    (["--memory-factor", "0"], "a number from 0.01 to 1"),
    (["--metrics", "cyclomatic,cognitiv"], "did you mean cognitive?"),
    (["--metrics", ""], "--metrics must be a list out of"),
    (["--include", ""], "--include must be"),
    (["-", "a.ts"], "cannot be combined"),
    (["explain"], "usage: complexity-guard explain FILE[:LINE|:NAME]"),
    (["completions"], "usage: complexity-guard completions SHELL with bash, zsh, fish or powershell"),
    (["explain", "a", "b"], "usage:"),
    (["schema", "report", "a"], "write ./schema"),
]


@pytest.mark.parametrize(("argv", "message"), REFUSED, ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "")
def test_what_is_refused(argv, message):
    with pytest.raises(cg.UsageError) as caught:
        cg.parse_command_line(argv)
    assert message in str(caught.value)


def test_paths_and_actions():
    parse = cg.parse_command_line
    assert parse(["a", "-v", "b"]).paths == ("a", "b")
    assert parse(["--", "-v", "--no-color"]).paths == ("-v", "--no-color")
    assert parse(["explain", "a.ts:3"])[:2] == ("explain", ("a.ts:3",))
    assert parse(["--", "schema"])[:2] == ("", ("./schema",))
    assert parse(["src", "schema"])[:2] == ("", ("src", "schema"))
    assert parse(["--help", "--version"]).action == "help"
    assert parse(["-V"]).action == "version"
    assert parse(["--init", "src"])[:2] == ("init", ("src",))
    assert parse(["--print-config", "a.ts"]).action == "print_config"


def test_every_action_can_be_carried_out():
    flags = {"help", "version", "init", "print_config"}
    assert set(cg.ACTIONS) == flags | set(cg.COMMANDS)


def test_flags_are_unique_and_every_option_is_sound():
    spellings = [spelling for option in cg.OPTIONS for spelling in option.flags + option.opposite]
    assert len(spellings) == len(set(spellings))
    for option in cg.OPTIONS:
        assert option.section in cg.SECTIONS
        assert option.flags or option.in_config, f"{option.name} can be set nowhere"
        assert option.default is None or option.default == () or option.kind.check(cg.to_config(option.default)) == option.default
        assert len(option.help) <= 110
        assert not option.help.endswith(".")


def test_the_defaults_are_those_of_the_types():
    assert cg.settings_of(cg.load_configuration(None, {}, {}))._replace(base=".") == cg.Settings(
        cg.DEFAULT_ANALYSIS._replace(thresholds={**cg.DEFAULT_THRESHOLDS, "duplication": (15, 25), "duplication_project": (5, 10)})
    )


def test_formats_are_the_reporters():
    assert tuple(cg.REPORTERS) == cg.FORMATS


ANCESTOR_FLAGS = """--init -f --format -o --output --color --no-color -q --quiet -v --verbose --metrics --duplication
    --no-duplication --threads --include --exclude --fail-on --fail-health-below -c --config --baseline -h --help -V --version"""


def test_help_names_every_flag_and_fits_80_columns(guard):
    result = guard("--help")
    assert result.code == 0
    assert result.err == ""
    assert max(map(len, result.out.splitlines())) < 80
    assert not re.search(r"[ \t]$", result.out, re.M)
    for option in cg.OPTIONS:
        for spelling in option.flags + option.opposite:
            assert re.search(rf"(?<![\w-]){re.escape(spelling)}(?![\w-])", result.out), spelling
    for spelling in ANCESTOR_FLAGS.split():
        assert spelling in result.out
    for code in cg.EXIT_CODES:
        assert re.search(rf"^  {code} ", result.out, re.M)


def test_version(guard):
    for flag in ("-V", "--version"):
        result = guard(flag)
        assert (result.code, result.out, result.err) == (0, f"complexity-guard {cg.__version__}\n", "")


@pytest.mark.parametrize(
    ("wish", "environment", "terminal", "expected"),
    [
        (None, {}, True, True),
        (None, {}, False, False),
        (None, {"NO_COLOR": "1"}, True, False),
        (None, {"NO_COLOR": ""}, True, True),
        (None, {"FORCE_COLOR": "1"}, False, True),
        (None, {"FORCE_COLOR": "0"}, True, False),
        (None, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        (None, {"TERM": "dumb"}, True, False),
        (True, {"NO_COLOR": "1"}, False, True),
        (False, {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_color(wish, environment, terminal, expected):
    assert cg.use_color(wish, environment, terminal) is expected


def test_colour_reaches_the_report(guard, project):
    folder = project({"a.ts": "function f(a,b,c,d) {}"})
    assert "\x1b[" in guard("--color", "-v", cwd=folder).out
    assert "\x1b[" not in guard("--no-color", "-v", cwd=folder, env={"FORCE_COLOR": "1"}).out


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("a", "", 1), ("format", "fromat", 1), ("kitten", "sitting", 3), ("ab", "ba", 1), ("abc", "abc", 0), ("a", "b", 1)],
)
def test_edit_distance(one, other, distance):
    assert cg.edit_distance(one, other) == cg.edit_distance(other, one) == distance


def test_usage_errors_end_with_3_and_one_line(guard, tmp_path):
    result = guard("--fromat", "json", cwd=tmp_path)
    assert (result.code, result.out) == (3, "")
    assert result.err == "complexity-guard: error: unknown option --fromat; did you mean --format?\n"


def test_explain_finds_the_file_in_its_target(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.ts", "b:1.ts"):
        (tmp_path / name).write_text("")
    assert cg.split_target("a.ts") == ("a.ts", "")
    assert cg.split_target("a.ts:12") == ("a.ts", "12")
    assert cg.split_target("a.ts:on:click handler") == ("a.ts", "on:click handler")
    assert cg.split_target("b:1.ts:7") == ("b:1.ts", "7")
    assert cg.split_target("-:7") == ("-", "7")
    assert cg.split_target("none.ts:7") == ("none.ts", "7")


@pytest.mark.parametrize("wanted", ["99", "9" * 5000, "0", "²", "٣", "zzz", "[", "\x1b"])
def test_explain_names_what_it_does_not_find(guard, project, wanted):
    result = guard("explain", f"a.ts:{wanted}", cwd=project({"a.ts": "function f() {}\n"}))
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("complexity-guard: error: a.ts has no ") and result.err.endswith(" (its functions: f)\n")


@pytest.mark.parametrize(("flags", "cognitive"), [([], 2), (["--stdin-filename", "a.tsx"], 1)])  # && before JSX is free
@pytest.mark.parametrize("target", ["-", "-:A", "-:1"])
def test_explain_takes_standard_input_for_what_it_is_called(guard, tmp_path, flags, cognitive, target):
    result = guard("explain", target, *flags, cwd=tmp_path, stdin=b"const A = () => { if (x) { return <div>{a && b}</div> } }")
    assert f"A  cyclomatic 3, cognitive {cognitive}  {flags[-1] if flags else 'stdin.ts'}:1:10" in result.out


@pytest.mark.parametrize("epoch", ["", "soon", "²", "-1", "9" * 5000, "1700000000"])
def test_the_time_of_a_report(guard, project, epoch):
    result = guard("-f", "json", cwd=project({"a.ts": ""}), env={"SOURCE_DATE_EPOCH": epoch})
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", result.json["timestamp"])
    assert (result.json["timestamp"] == "2023-11-14T22:13:20Z") == (epoch == "1700000000")


def test_no_name_of_the_module_is_bound_twice():
    """One long module with many authors: a constant of one section must not replace that of another."""
    names = Counter()
    for node in ast.parse(Path(cg.__file__).read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        names.update(part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))
        names.update([node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else [])
    assert [name for name, count in names.items() if count > 1] == []


CLOSED = {
    "standard output": ("f.ts", ">&-", 0),
    "standard error": ("f.ts -v", "2>&-", 0),
    "standard input": ("-", "<&-", 0),
    "all three": ("f.ts -v", "<&- >&- 2>&-", 0),
    "output of help": ("--help", ">&-", 0),
    "a report's is its own": ("f.ts -v -o out.txt", ">&- 2>&-", 0),
}


@pytest.mark.skipif(os.name == "nt", reason="closes streams with a POSIX shell")
@pytest.mark.parametrize(("arguments", "redirection", "code"), CLOSED.values(), ids=CLOSED)
def test_closed_streams(guard, project, arguments, redirection, code):
    root = project({"f.ts": "f()\n"})
    command = f"{shlex.join(guard.command)} {arguments} {redirection}"
    done = subprocess.run(["sh", "-c", command], cwd=root, capture_output=True, timeout=60, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False)
    if "-o" in arguments:
        assert (root / "out.txt").read_text(encoding="utf-8").startswith("f.ts  health 100\n\n✓ 1 file")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", [["--help"], ["schema", "report"], ["--print-config", "f.ts"], ["f.ts"]], ids=" ".join)
def test_a_full_disk_is_exit_4(guard, project, arguments):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*guard.command, *arguments], cwd=project({"f.ts": "f()\n"}), stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 4
    assert re.fullmatch(rb"complexity-guard: error: cannot write .*to standard output: No space left on device\n", done.stderr)


def test_explain_says_so_where_there_is_nothing_to_explain(guard, project):
    root = project({"a.ts": "export const one = () => 1\n"})
    assert guard("explain", "a.ts", cwd=root).out == "a.ts: no line adds to a cyclomatic or cognitive number\n"
    assert guard("explain", "a.ts:99", cwd=root).err == "complexity-guard: error: a.ts has no line 99 (its functions: one)\n"
    assert guard("explain", "a.ts:two", cwd=root).err == "complexity-guard: error: a.ts has no function 'two' (its functions: one)\n"
