"""Arguments: every spelling of a flag, what is refused, paths and commands."""

from __future__ import annotations

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
    (["--fail-health-below", "72.5"], {"health_floor": 72.5}),
    (["--baseline", "b.json"], {"baseline_file": "b.json"}),
    (["-c", "c.json"], {"config": "c.json"}),
    (["--report", "json=a.json", "--report", "console"],
     {"output.reports": (cg.ReportRequest("json", "a.json"), cg.ReportRequest("console", "-"))}),
    (["--max-file-bytes", "1e6"], {"files.max_file_bytes": 1_000_000}),
    (["--file-timeout", "0"], {"analysis.file_timeout": 0}),
    (["--file-memory", "100", "--run-timeout", "0.5"],
     {"analysis.file_memory": 100, "analysis.run_timeout": 0.5}),
    (["--max-warnings", "0"], {"max_warnings": 0}),
    (["--threshold", "cognitive=20", "--threshold=cyclomatic=off/9.5"], {"threshold": (
        ("analysis.thresholds.cognitive.warning", 20), ("analysis.thresholds.cognitive.error", 20),
        ("analysis.thresholds.cyclomatic.warning", cg.OFF), ("analysis.thresholds.cyclomatic.error", 9.5))}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("argv", "expected"), ACCEPTED, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
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
    (["--threshold", "cognitiv=3"], "not 'cognitiv=3'; did you mean cognitive?"),
    *(
        (["--threshold", text], 'each a number of at least 0 or "off"')
        for text in (
            "cognitive",
            "cognitive=",
            "cognitive=3/",
            "cognitive=x",
            "cognitive=nan",
            "=3",
            "cognitive=1/2/3",
            "cognitive=-1",
        )
    ),
    (["--threshold", "lines=20"], "not 'lines=20'; did you mean line_count?"),  # as the console calls them
    (["--threshold", "Depth=3"], "did you mean nesting_depth?"),
    (["--metrics", "volume"], "not 'volume'; did you mean halstead?"),
    (["--json"], "unknown option --json; did you mean --format json?"),
    (["explian", "a.ts"], "explian: no such file or folder; did you mean complexity-guard explain?"),
    (["version"], "version: no such file or folder; did you mean --version?"),
    (["explain", "a.ts", "-f", "json"], "-f is for analyses; explain prints its text as it is"),  # it was passed over
    (["-o", "a.txt", "schema"], "-o is for analyses; schema prints its text as it is"),
    (["init", "--quiet"], "did you mean --init?"),
    (["--max-warnings", "1.5"], "a whole number of at least 0"),
    (["--xyzzy"], "unknown option --xyzzy; --help lists all there are"),
    (["--verbose=yes"], "option --verbose takes no value"),
    (["--color=never"], "option --color takes no value; its opposite is --no-color"),
    (["--no-color=no"], "option --no-color takes no value; its opposite is --color"),
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
    (
        ["--stdin-filename", "a.py"],
        "a name in .ts, .mts, .cts, .tsx, .js, .jsx, .mjs, .cjs, .vue, .svelte, .astro, .html or .htm, not 'a.py'",
    ),
    (["--file-timeout", "1e300"], "a number from 0 to 1000000"),
    (["--fail-health-below", "101"], "a number from 0 to 100"),
    (["--fail-health-below", "NaN"], "a number from 0 to 100"),
    (["--memory-factor", "0"], "a number from 0.01 to 1"),
    (["--metrics", "cyclomatic,cognitiv"], "did you mean cognitive?"),
    (["--metrics", ""], "--metrics must be a list out of"),
    (["--include", ""], "--include must be"),
    (["-", "a.ts"], "cannot be combined"),
    (["explain"], "usage: complexity-guard explain FILE[:LINE[:COLUMN]|:NAME]"),
    (["completions"], "usage: complexity-guard completions SHELL with bash, zsh, fish or powershell"),
    (["explain", "a", "b"], "usage:"),
    (["schema", "report", "a"], "write ./schema"),
]


@pytest.mark.parametrize(
    ("argv", "message"), REFUSED, ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else ""
)
def test_what_is_refused(argv, message):
    with pytest.raises(cg.UsageError) as caught:
        cg.parse_command_line(argv)
    assert message in str(caught.value)


def test_what_was_written_whole_is_not_suggested():
    """`--threshold cognitive` asked whether cognitive was meant, where its limits were missing."""
    with pytest.raises(cg.UsageError) as caught:
        cg.parse_command_line(["--threshold", "cognitive"])
    assert str(caught.value).endswith("not 'cognitive'")


def test_a_folder_by_the_name_of_a_slip_is_analysed(guard, project):
    root = project({"explian/a.ts": "function f() {}", "version/a.ts": "function f() {}"})
    assert [guard(name, cwd=root).code for name in ("explian", "version")] == [0, 0]


def test_paths_and_actions():
    parse = cg.parse_command_line
    assert parse(["a", "-v", "b"]).paths == ("a", "b")
    assert parse(["--", "-v", "--no-color"]).paths == ("-v", "--no-color")
    assert parse(["explain", "a.ts:3"])[:2] == ("explain", ("a.ts:3",))
    assert parse(["--", "schema"])[:2] == ("", ("./schema",))
    assert parse(["src", "schema"])[:2] == ("", ("src", "schema"))
    assert parse(["--", "-"])[:2] == ("", ("./-",)), "standard input is what - is before --"
    assert parse(["--", "-:3", "a", "-"])[:2] == ("", ("./-:3", "a", "./-"))
    assert parse(["explain", "--", "-:3"])[:2] == ("explain", ("./-:3",))
    assert parse(["explain", "--", "man"])[:2] == ("explain", ("man",))
    assert parse(["@a", "--", "@b"]).paths == ("@a", "@b")
    assert parse(["--help", "--version"]).action == "help"
    assert parse(["-V"]).action == "version"
    assert parse(["--init", "src"])[:2] == ("init", ("src",))
    assert parse(["--print-config", "a.ts"]).action == "print_config"


@pytest.mark.parametrize("name", ["--exclude=**", "--output=", "-q", "--no-color", "-\x1b[31m"])
def test_a_file_is_never_taken_for_an_option(guard, project, name):
    """A hook handed over the names of a commit, and one of them was --exclude=**/a.ts, which left out the other."""
    root = project({f"{name}/a.ts": "", "-q.ts": "", "a.ts": "function f() {}"})
    for file in (f"{name}/a.ts", "-q.ts"):
        result = guard("a.ts", file, cwd=root)
        shown = cg.printable(file)
        said = f"complexity-guard: error: {shown} is a file here: write ./{shown}, or -- before the names of files\n"
        assert (result.code, result.out, result.err) == (3, "", said)
        for command in (["a.ts", f"./{file}"], ["--", file, "a.ts"]):
            assert "2 files, 1 function" in guard(*command, cwd=root).out
    assert sorted(path.name for path in root.iterdir()) == sorted([name, "-q.ts", "a.ts"])


def test_names_that_other_programs_read_as_something_else_are_files(guard, project):
    names = [" .ts", "$HOME.ts", "%41.ts", "*.ts", "-:1.ts", ":(exclude)a.ts", "@a.ts", "a.ts", "two\nlines.ts"]
    root = project(dict.fromkeys([*names, "-"], "function f() {}"))
    result = guard("-f", "json", "--", *names, cwd=root)
    assert [file["path"] for file in result.json["files"]] == names
    assert "-: not a TypeScript" in guard("--", "-", cwd=root, stdin=b"const x = 1;").err
