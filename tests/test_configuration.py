"""Configuration: what is accepted and refused, where it is looked for, precedence, extends, overrides, and what it shows."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import schemas
from configurations import ANCESTOR, ANCESTOR_OLD, REFUSED, read
from configurations import load as load
from configurations import settings as settings
from processes import needs_root

import complexity_guard as cg


def test_the_ancestors_configuration(settings):
    loaded = settings(ANCESTOR)
    assert loaded.reports == (cg.ReportRequest("json", "out.json"),)
    assert loaded.analysis.metrics == frozenset(cg.FAMILIES) - {"template", "graph", "coverage"}
    assert loaded.analysis.thresholds["halstead_bugs"] == (1, 2)
    assert loaded.analysis.thresholds["duplication"] == (15, 25)
    assert loaded.analysis.thresholds["duplication_project"] == (5, 10)
    assert (loaded.threads, loaded.health_floor) == (4, 73.2)
    assert (loaded.include, loaded.exclude) == (("src/**/*.ts",), ("**/*.test.ts",))
    assert cg.analysis_for(loaded, "src/legacy/a.ts")[1].thresholds["cyclomatic"] == (30, 40)
    assert cg.analysis_for(loaded, "src/new/a.ts")[1].thresholds["cyclomatic"] == (10, 20)


def test_the_ancestors_older_keys(settings):
    analysis = settings(ANCESTOR_OLD).analysis
    assert analysis.thresholds["cyclomatic"] == (11, 21)
    assert analysis.thresholds["line_count"] == (26, 51)
    assert analysis.thresholds["params_count"] == (4, 7)
    assert analysis.thresholds["nesting_depth"] == (4, 6)
    assert analysis.thresholds["export_count"] == (16, 31)
    assert analysis.cyclomatic_variant == "modified"
    assert "duplication" not in settings({"analysis": {"no_duplication": True}}).analysis.metrics


# What 0.10's documentation shows, and what its last release reads: file -> the limits of a function's lines and volume in it.
# The others are 0.10's, which the preset strict holds: 25 / 50 and 500 / 1,000.
FOR_THE_ANCESTOR = {
    "docs/examples.md, strict mode": ({"thresholds": {"cyclomatic": {"warning": 5, "error": 10}}}, (25, 50), (500, 1000)),
    "docs/examples.md, structural": ({"thresholds": {"function_length": {"warning": 20, "error": 40}}}, (20, 40), (500, 1000)),
    "docs/examples.md, monorepo": (
        {"files": {"exclude": ["node_modules/**"]}, "thresholds": {"cyclomatic": {"warning": 10, "error": 20}}}, (25, 50), (500, 1000),
    ),
    "docs/examples.md, counting": ({"counting_rules": {"optional_chaining": True}}, (25, 50), (500, 1000)),
    "docs/cli-reference.md, baseline": ({"baseline": 73.2}, (25, 50), (500, 1000)),
    "docs/getting-started.md, volume": ({"thresholds": {"halstead_volume": {"warning": 400, "error": 800}}}, (25, 50), (400, 800)),
    "src/cli/config.rs": ({"analysis": {"thresholds": {"cyclomatic": {"warning": 10, "error": 20}}}}, (25, 50), (500, 1000)),
    "src/cli/config.rs, weights": ({"weights": {"cognitive": 0.4}}, (25, 50), (500, 1000)),
    "an override": (
        {"overrides": [{"files": ["a"], "analysis": {"thresholds": {"cognitive": {"error": 30}}}}]}, (25, 50), (500, 1000),
    ),
    "the whole": (ANCESTOR, (25, 50), (500, 1000)),
    "older keys": (ANCESTOR_OLD, (26, 51), (500, 1000)),
}  # fmt: skip
LIMITS_FOR_US = ((50, 100), (cg.OFF, cg.OFF))
FOR_US = [
    {},
    {"files": {"exclude": ["**/*.test.ts"]}, "output": {"format": "json"}},  # says nothing of what is good enough
    {"analysis": {"threads": 2, "duplication_enabled": True}},
    {"$schema": "x", "analysis": {"thresholds": {"cyclomatic": {"warning": 5}}}},
    {"fail_on": "warning", "analysis": {"thresholds": {"cyclomatic": {"warning": 5}}}},
    {"preset": "recommended", "baseline": 73.2},
    {"extends": "complexity-guard:recommended", "thresholds": {"cyclomatic": {"warning": 5}}},
    {"overrides": [{"files": ["a"], "preset": "strict"}], "analysis": {"thresholds": {"cyclomatic": {"warning": 5}}}},
]


@pytest.mark.parametrize("source", FOR_THE_ANCESTOR)
def test_a_configuration_for_the_ancestor_means_what_it_meant(settings, source):
    content, lines, volume = FOR_THE_ANCESTOR[source]
    analysis = settings(content).analysis
    assert (analysis.thresholds["line_count"], analysis.thresholds["halstead_volume"]) == (lines, volume)
    assert (analysis.duplication_min_tokens, analysis.duplication_min_lines) == (25, 1)


@pytest.mark.parametrize("content", FOR_US, ids=json.dumps)
def test_other_configurations_start_from_recommended(settings, content):
    thresholds = settings(content).analysis.thresholds
    assert (thresholds["line_count"], thresholds["halstead_volume"]) == LIMITS_FOR_US


def test_an_ancestors_configuration_is_said_to_be_one(guard, project):
    folder = project({"a.ts": "", ".complexityguard.json": '{"baseline": 3}'})
    told = guard(cwd=folder).err
    assert told.startswith("complexity-guard: .complexityguard.json names no preset, and is read as for 0.10: ")
    assert guard("-q", cwd=folder).err == ""
    assert guard("--preset", "strict", cwd=folder).err == ""
    project({".complexityguard.json": '{"baseline": 3, "preset": "strict"}'})
    assert guard(cwd=folder).err == ""


@pytest.mark.parametrize(
    ("content", "floor"),
    [
        ({"health_floor": 70}, 70),
        ({"baseline": 70}, 70),
        ({"fail_health_below": 70}, 70),
        ({"fail_health_below": 80, "baseline": 70}, 80),  # as it was
        ({"baseline": 70, "fail_health_below": 80}, 80),
        ({"baseline": 70, "health_floor": 60, "fail_health_below": 80}, 60),
    ],
)
def test_the_names_of_the_health_floor(load, content, floor):
    configuration = load(content)
    assert cg.settings_of(configuration).health_floor == floor
    assert read(cg.config_text(configuration, "a.ts"))["health_floor"] == floor


# Presets: the files, the flags, and what becomes of the warnings for lines, of params and of cyclomatic complexity.
PRESET_CASES = [
    ({}, [], (50, 4, 10)),
    ({}, ["--preset", "strict"], (25, 3, 10)),
    ({"preset": "strict"}, [], (25, 3, 10)),
    ({"preset": None}, [], (50, 4, 10)),
    ({"extends": "complexity-guard:strict"}, [], (25, 3, 10)),
    ({"extends": ["complexity-guard:strict", "complexity-guard:eslint"]}, [], ("off", "off", "off")),
    ({"extends": "complexity-guard:strict", "preset": "recommended"}, [], (50, 4, 10)),
    ({"extends": "base.json"}, [], (25, 3, 7)),
    ({"extends": ["base.json", "complexity-guard:recommended"]}, [], (50, 4, 10)),
    ({"extends": ["complexity-guard:recommended", "base.json"]}, [], (25, 3, 7)),
    ({"extends": ["complexity-guard:strict", "limits.json"]}, [], (25, 3, 8)),
    ({"extends": ["limits.json"], "preset": "strict"}, [], (25, 3, 10)),
    ({"preset": "strict", "analysis": {"thresholds": {"params_count": {"warning": 2}}}}, [], (25, 2, 10)),
    ({"preset": "strict", "analysis": {"thresholds": {"params_count": {"warning": 2}}}}, ["--preset", "recommended"], (50, 4, 10)),
    ({"preset": "strict"}, ["--preset", "recommended", "--threshold", "params_count=9"], (50, 9, 10)),
    ({"overrides": [{"files": "a.ts", "preset": "strict"}]}, [], (25, 3, 10)),
    ({"overrides": [{"files": "b.ts", "preset": "strict"}]}, [], (50, 4, 10)),
    ({"overrides": [{"files": "a.ts", "extends": "complexity-guard:strict"}]}, [], (25, 3, 10)),
    ({"overrides": [{"files": "a.ts", "extends": ["complexity-guard:eslint", "complexity-guard:strict"]}]}, [], (25, 3, 10)),
    ({"overrides": [{"files": "a.ts", "preset": "strict"}]}, ["--preset", "recommended"], (50, 4, 10)),
    (
        {"overrides": [{"files": "a.ts", "preset": "strict", "analysis": {"thresholds": {"cyclomatic": {"warning": 5}}}}]},
        [],
        (25, 3, 5),
    ),
    ({"overrides": [{"files": "a.ts", "preset": "eslint"}, {"files": "*.ts", "preset": "strict"}]}, [], (25, 3, 10)),
]  # fmt: skip


@pytest.mark.parametrize(("content", "flags", "warnings"), PRESET_CASES, ids=str)
def test_which_preset_holds(load, tmp_path, content, flags, warnings):
    """Nearer wins: extended ones in order, the file's preset, its values, overrides, flags."""
    (tmp_path / "base.json").write_text(
        '{"preset": "strict", "analysis": {"thresholds": {"cyclomatic": {"warning": 7}}}}'
    )
    (tmp_path / "limits.json").write_text('{"analysis": {"thresholds": {"cyclomatic": {"warning": 8}}}}')
    configuration = load(content, flags)
    thresholds = cg.analysis_for(cg.settings_of(configuration), "a.ts")[1].thresholds
    metrics = ("line_count", "params_count", "cyclomatic")
    assert tuple(cg.to_config(thresholds[metric][0]) for metric in metrics) == warnings
    shown = read(cg.config_text(configuration, "a.ts"))["analysis"]["thresholds"]
    assert tuple(shown[metric]["warning"] for metric in metrics) == warnings


def test_an_override_leaves_the_whole_runs_limits_alone(settings):
    loaded = settings({"overrides": [{"files": "a.ts", "preset": "sonarqube"}], "preset": "strict"})
    analysis = cg.analysis_for(loaded, "a.ts")[1]
    assert (analysis.thresholds["cognitive"], analysis.thresholds["duplication"]) == ((cg.OFF, 15), (cg.OFF, cg.OFF))
    assert (analysis.thresholds["duplication_project"], analysis.duplication_min_tokens) == ((5, 10), 25)


def test_print_config_says_what_came_from_which_preset(guard, project):
    folder = project({
        "a.ts": "", ".complexityguard.json":
        '{\n"extends": "complexity-guard:strict",\n"analysis": {"thresholds": {"cognitive": {"error": 40}}},\n'
        '"overrides": [{"files": "b.ts",\n"preset": "eslint"}]}',
    })  # fmt: skip
    config = ".complexityguard.json"

    def origins(*arguments):
        lines = guard(*arguments, cwd=folder).out.splitlines()
        keys = ('"preset"', '"error": 40', '"error": 50', '"error": 1000 ', '"error": 15', '"top"')
        return {key: line.partition("// ")[2] for line in lines for key in keys if key in line}

    assert origins("--print-config", "a.ts") == {
        '"preset"': f"{config}:2", '"error": 40': f"{config}:3", '"error": 50': f"preset strict, {config}:2",
        '"error": 1000 ': f"preset strict, {config}:2", '"top"': "default",
    }  # fmt: skip
    assert origins("--print-config", "b.ts") == {
        '"preset"': f"{config}:5 overrides[0]", '"error": 50': f"preset eslint, {config}:5 overrides[0]", '"top"': "default",
    }  # fmt: skip
    assert origins("--print-config", "b.ts", "--preset", "sonarqube") == {
        '"preset"': "--preset", '"error": 15': "preset sonarqube, --preset", '"top"': "default",
    }  # fmt: skip
    (folder / config).unlink()
    assert origins("--print-config", "a.ts")['"error": 1000 '] == "preset recommended"


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text[:40] for text, _ in REFUSED])
def test_what_is_refused(load, text, message):
    with pytest.raises(cg.ConfigError) as caught:
        load(text)
    assert str(caught.value).startswith(".complexityguard.json:")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_errors_end_with_3_and_nothing_is_analysed(guard, project):
    folder = project({"a.ts": "", ".complexityguard.json": '{\n  "analysis": { "treads": 3 } // slip\n}'})
    result = guard("-f", "json", "-o", "out.json", cwd=folder)
    assert (result.code, result.out) == (3, "")
    message = "unknown key analysis.treads; did you mean analysis.threads?"
    assert result.err == f"complexity-guard: error: .complexityguard.json:2: {message}\n"
    assert not (folder / "out.json").exists()


def test_what_is_no_file_is_refused(guard, project):
    folder = project({"a.ts": "", ".complexityguard.json/x": ""})
    assert guard(cwd=folder).err == "complexity-guard: error: .complexityguard.json: not a regular file\n"
    shutil.rmtree(folder / ".complexityguard.json")
    (folder / ".complexityguard.json").symlink_to("none")
    assert (
        guard(cwd=folder).err
        == "complexity-guard: error: .complexityguard.json: cannot be read: No such file or directory\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a": "\xff"}', "not UTF-8 text"),
        (b"{\n\n\xff", ".complexityguard.json:3: not UTF-8 text"),
        (b"\xff\xfe{\0}\0", "not UTF-8 text"),
        (b" " * 1_000_001, "larger than 1,000,000 bytes"),
        (b'{"baseline": ' + b"9" * 100_000 + b"}", "is too large"),
        (b"[" * 900_000, "nested deeper"),
        (b'{"' + b"a" * 900_000 + b'": 1}', "unknown key aaaa"),
        (b'{"' + b"\\" * 900_001 + b"}", "this is not JSON"),
        (b"/*" * 450_000, "this is not JSON"),
        (b"\0", "this is not JSON"),
    ],
)
def test_hostile_files_are_refused_in_one_line(guard, project, content, message):
    result = guard(cwd=project({"a.ts": "", ".complexityguard.json": content}), timeout=20)
    assert result.code == 3
    assert message in result.err
    assert len(result.err) < 2000
    assert "Traceback" not in result.err


def test_arbitrary_text_is_read_or_refused(load):
    """Mutations of a real file: ConfigError or a configuration, never another exception."""
    chance, text = random.Random(7), json.dumps(ANCESTOR, indent=1)
    outcomes = set()
    for _ in range(400):
        letters = list(text)
        for _ in range(chance.randrange(1, 4)):
            letters[chance.randrange(len(letters))] = chance.choice(
                ['"', "{", "}", ",", ":", "\\", "\n", "9", "", "/", "e", "-", "\0", "é"]
            )
        try:
            load("".join(letters))
            outcomes.add("read")
        except cg.UsageError:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_lines_are_those_of_the_keys(load):
    text = (
        '// one\n{ /* two\n three */ "fail_on":\n"none",\r\n\n"analysis": {"threads":2,\n"metrics": [\n"cyclomatic"]}}'
    )
    values = load(text).values
    assert values["fail_on"] == cg.Value("none", ".complexityguard.json:3", cg.FROM_FILE)
    assert values["analysis.threads"] == cg.Value(2, ".complexityguard.json:6", cg.FROM_FILE)
    assert values["analysis.metrics"].origin == ".complexityguard.json:7"


# Where it is looked for


def test_the_nearest_file_up_to_the_repository_root(project, monkeypatch):
    folder = project({"above/.complexityguard.json": "{}", "above/repo/.git/HEAD": "", "above/repo/a/b/x.ts": ""})
    monkeypatch.chdir(folder / "above/repo/a/b")
    assert cg.config_path(cg.parse_command_line([])) is None
    project({"above/repo/complexityguard.config.json": "{}"})
    assert cg.config_path(cg.parse_command_line([])) == str(folder / "above/repo/complexityguard.config.json")
    project({"above/repo/.complexityguard.json": "{}"})
    assert cg.config_path(cg.parse_command_line([])) == str(folder / "above/repo/.complexityguard.json")
    project({"above/repo/a/.complexityguard.json": "{}"})
    assert cg.config_path(cg.parse_command_line([])) == str(folder / "above/repo/a/.complexityguard.json")
    assert cg.config_path(cg.parse_command_line(["-c", "../../.complexityguard.json"])).endswith(
        "repo/.complexityguard.json"
    )


def test_from_elsewhere_it_is_looked_for_above_the_paths(project, monkeypatch):
    folder = project(
        {
            "project/.git/HEAD": "",
            "project/.complexityguard.json": "{}",
            "project/src/a/x.ts": "",
            "project/src/b/y.ts": "",
            "here/z": "",
        }
    )
    monkeypatch.chdir(folder / "here")
    expected = str(folder / "project/.complexityguard.json")
    assert cg.config_path(cg.parse_command_line(["../project/src/a", "../project/src/b/y.ts"])) == expected
    assert cg.config_path(cg.parse_command_line(["--print-config", "../project/src/b/y.ts"])) == expected
    assert cg.config_path(cg.parse_command_line(["-"])) is None


def test_a_given_file_must_exist(guard, project):
    result = guard("--config", "none.json", cwd=project({"a.ts": ""}))
    assert (result.code, result.err) == (3, "complexity-guard: error: none.json: there is no such configuration file\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be removed there")
@pytest.mark.parametrize(
    "arguments", [[], ["-"], ["--init"], ["--print-config", "a.ts"], ["-c", "/etc/passwd"], ["explain", "a.ts"]]
)
def test_a_working_directory_that_is_gone(guard, tmp_path, arguments):
    script = 'cd "$0" && rmdir "$0" && exec "$@"'
    (tmp_path / "gone").mkdir()
    command = ["/bin/sh", "-c", script, str(tmp_path / "gone"), *guard.command, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr == "complexity-guard: error: the working directory cannot be used: No such file or directory\n"


# Precedence


def test_flags_over_configuration_over_environment_over_defaults(load):
    variable = {"COMPLEXITY_GUARD_MEMORY_FACTOR": "0.5"}
    name = "analysis.memory_factor"
    assert load({}).values[name] == cg.Value(0.75, "default", cg.FROM_DEFAULT)
    assert load({}, environment=variable).values[name] == cg.Value(
        0.5, "COMPLEXITY_GUARD_MEMORY_FACTOR", cg.FROM_ENVIRONMENT
    )
    config = {"analysis": {"memory_factor": 0.4}}
    assert load(config, environment=variable).values[name].value == 0.4
    assert load(config, ["--memory-factor", "0.3"], variable).values[name] == cg.Value(
        0.3, "--memory-factor", cg.FROM_FLAG
    )
    with pytest.raises(cg.ConfigError, match="variable COMPLEXITY_GUARD_MEMORY_FACTOR must be a number from"):
        load({}, environment={"COMPLEXITY_GUARD_MEMORY_FACTOR": "lots"})


def test_lists_of_flags_replace_those_of_the_configuration(settings):
    assert settings({"files": {"exclude": ["a"]}}, ["--exclude", "b", "--exclude", "c"]).exclude == ("b", "c")


def test_the_defaults_are_those_of_the_types():
    assert cg.settings_of(cg.load_configuration(None, {}, {}))._replace(base=".") == cg.Settings(
        cg.DEFAULT_ANALYSIS._replace(
            thresholds={**cg.DEFAULT_THRESHOLDS, "duplication": (15, 25), "duplication_project": (5, 10)}
        )
    )


@pytest.mark.parametrize(
    ("config", "flags", "on"),
    [
        ({}, [], False),
        ({}, ["--duplication"], True),
        ({}, ["--metrics", "duplication"], True),
        ({}, ["--metrics", "duplication", "--no-duplication"], False),
        ({"duplication_enabled": True}, [], True),
        ({"duplication_enabled": True}, ["--no-duplication"], False),
        ({"duplication_enabled": True}, ["--metrics", "cyclomatic"], False),
        ({"duplication_enabled": True, "metrics": ["cyclomatic"]}, [], True),
        ({"duplication_enabled": False, "metrics": ["cyclomatic", "duplication"]}, [], False),
        ({"metrics": ["cyclomatic", "duplication"]}, [], True),
        ({"metrics": ["cyclomatic"]}, ["--duplication"], True),
    ],
)
def test_when_duplication_is_on(settings, config, flags, on):
    assert ("duplication" in settings({"analysis": config}, flags).analysis.metrics) is on


def test_reports(settings):
    one = cg.ReportRequest
    assert settings({}, ["-f", "json", "-o", "x"]).reports == (one("json", "x"),)
    assert settings({}, ["--report", "json=x"]).reports == (one("json", "x"),)
    assert settings({}, ["-f", "sarif", "--report", "json=x"]).reports == (one("sarif", "-"), one("json", "x"))
    assert settings({}, ["-f", "console", "--report", "json=x"]).reports == (one("console", "-"), one("json", "x"))
    config = {"output": {"reports": ["json=a", "console"]}}
    assert settings(config).reports == (one("json", "a"), one("console", "-"))
    assert settings(config, ["-o", "x"]).reports == (one("console", "x"),)
    assert settings(config, ["--report", "csv"]).reports == (one("csv", "-"),)
    assert settings({"output": {"format": "json"}}, ["--report", "csv"]).reports == (one("csv", "-"),)
    assert settings({"output": {"file": "b", "reports": ["json"]}}).reports == (one("console", "b"), one("json", "-"))
    with pytest.raises(cg.UsageError, match=r"two reports would be written to \./x"):
        settings({}, ["--report", "json=./x", "--report", "sarif=x"])
    with pytest.raises(cg.UsageError, match="two reports would be written to standard output"):
        settings({}, ["--report", "json", "--report", "sarif"])


def test_a_limit_for_errors_alone(guard, project):
    """Refused before: "warning off is above error 30"."""
    branches = "if (a) { " * 40 + "} " * 40
    folder = project({
        "a.ts": "const f = (a) => { if (a) {} }", "b.ts": f"function g(a) {{ {branches} }}",
        ".complexityguard.json": '{"analysis": {"metrics": ["cyclomatic"], "thresholds": {"cyclomatic": {"warning": "off", "error": 30}}}}',
    })  # fmt: skip
    result = guard("-f", "json", cwd=folder)
    assert (result.code, result.json["summary"]["errors"], result.json["summary"]["warnings"]) == (1, 1, 0)
    healthy, sick = (file["health_score"] for file in result.json["files"])
    assert healthy == pytest.approx(100 - 40 * 2 / 30, abs=0.01)
    assert sick == pytest.approx(60 * (2 - 41 / 30), abs=0.01)


def test_of_two_hints_for_a_key_the_first_by_name_is_given(load, monkeypatch):
    """The groups are a set: which of two came first changed with the hash of texts, from run to run."""
    for order in (["b.same", "a.same"], ["a.same", "b.same"]):
        monkeypatch.setattr(cg, "CONFIG_GROUPS", order)
        with pytest.raises(cg.ConfigError, match=r"unknown key same; did you mean a\.same\?"):
            load({"same": {}})


# extends and overrides


def test_extends(load, project):
    project({
        "base/one.json": '{"extends": "deeper/two.json", "fail_on": "none", "overrides": [{"files": "one"}]}',
        "base/deeper/two.json": '{"fail_on": "warning", "baseline": 50, "overrides": [{"files": "two"}]}',
        "three.json": '{"baseline": 60, "analysis": {"threads": 3}}',
    })  # fmt: skip
    loaded = load(
        {"extends": ["base/one.json", "./three.json"], "analysis": {"threads": 2}, "overrides": [{"files": "own"}]}
    )
    assert loaded.values["fail_on"] == cg.Value("none", "base/one.json:1", cg.FROM_FILE)
    assert loaded.values["health_floor"] == cg.Value(60, "three.json:1", cg.FROM_FILE)
    assert loaded.values["analysis.threads"] == cg.Value(2, ".complexityguard.json:1", cg.FROM_FILE)
    assert [rule.globs for rule in loaded.overrides] == [("two",), ("one",), ("own",)]


def test_circles_of_extends_end(load, project):
    project({"one.json": '{"extends": "two.json"}', "two.json": '{\n"extends": ["./one.json"]}'})
    with pytest.raises(cg.ConfigError, match=r"two.json:2: extends './one.json' leads back to itself"):
        load({"extends": "one.json"})
    project({f"{n}.json": json.dumps({"extends": [f"{n + 1}.json"] * 2}) for n in range(30)} | {"30.json": "{}"})
    with pytest.raises(cg.ConfigError, match="more than 50 files"):
        load({"extends": "0.json"})


# What somebody else's configuration can do


HOSTILE_PLACES = [
    "../home/.profile", "{tmp}/home/.profile", "linked/.profile", "link.csv", ".git/config", "sub/.GIT/attributes", ".", "/dev/stdout",
    ".hg/hgrc-not-shared", ".jj/repo/config.toml", ".svn/x", "git~1/hooks/post-checkout", ".git. /hooks/x", ".git::$INDEX_ALLOCATION/x",
]  # fmt: skip


@pytest.mark.parametrize("place", HOSTILE_PLACES)
@pytest.mark.parametrize("key", ["file", "reports"])
def test_a_configuration_writes_nothing_outside_its_folder(guard, project, place, key):
    """`"reports": ["csv=../home/.profile"]` and a file named $(id>pwned).ts made a .profile that ran."""
    folder = project({"home/.profile": "export A=1\n", "repo/.git/HEAD": "", "repo/.git/config": "[core]\n", "repo/$(id>pwned).ts": ""})  # fmt: skip
    repo, place = folder / "repo", place.format(tmp=folder)
    (repo / "linked").symlink_to("../home")
    (repo / "link.csv").symlink_to("../home/.profile")
    output = {"reports": [f"csv={place}"]} if key == "reports" else {"format": "csv", "file": place}
    project({"repo/.complexityguard.json": json.dumps({"output": output})})
    for arguments, cwd in (([], repo), (["repo"], folder), (["--force"], repo)):
        result = guard(*arguments, cwd=cwd)
        assert (result.code, result.out) == (3, "")
        assert ".complexityguard.json:1: " in result.err
        assert "is not below the folder of the configuration" in result.err
    assert (folder / "home/.profile").read_text() == "export A=1\n"
    assert (repo / ".git/config").read_text() == "[core]\n"
    assert guard("-o", folder / "home/out.csv", cwd=repo).code == 0  # whoever starts the program may


def test_reports_of_a_configuration_are_in_its_folder_wherever_one_starts(guard, project):
    folder = project({"repo/.git/HEAD": "", "repo/src/a.ts": "", "repo/out/.gitignore": "*"})
    project({"repo/.complexityguard.json": '{"output": {"reports": ["json=out/a.json", "console"]}}'})
    for cwd in (folder / "repo", folder / "repo/src", folder):
        assert guard(folder / "repo/src", cwd=cwd).code == 0
        (folder / "repo/out/a.json").unlink()


@pytest.mark.parametrize("name", cg.REPORTERS)
def test_a_configuration_replaces_reports_and_empty_files_only(guard, project, name):
    folder = project({"a.ts": "function f(a) { if (a) { for (;;) { if (a) { while (a) {} } } } }"})
    for content in ("PASSWORD=1\n", "#!/bin/sh\n", "[core]\n\tpager = less\n", "\n"):
        project({"out": content, ".complexityguard.json": json.dumps({"output": {"reports": [f"{name}=out"]}})})
        result = guard(cwd=folder)
        assert (result.code, (folder / "out").read_text()) == (3, content)
        assert "is there, and no report" in result.err
    project({"out": ""})
    for _ in range(2):  # over the empty file, then over itself
        assert guard("--fail-on", "none", cwd=folder).code == 0
    project({"out": "mine"})
    assert guard("--fail-on", "none", f"--report={name}=out", cwd=folder).code == 0


def test_every_report_is_known_as_ours():
    for snapshot in (Path(__file__).parent / "snapshots").iterdir():
        assert cg.is_own_file(str(snapshot)), snapshot.name
    for other in ("pyproject.toml", "Makefile", "README.md", "LICENSE", "complexity_guard.py", "docs/formats.md"):
        assert not cg.is_own_file(str(Path(cg.__file__).parent / other))


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
@pytest.mark.parametrize("flag", ["--output=", "--report=sarif=", "--write-baseline="])
@pytest.mark.parametrize("has_git", [True, False])
def test_no_link_of_a_repository_leads_a_report_elsewhere(guard, project, flag, has_git):
    """The Action writes complexity-guard.sarif into the checkout, where a pull request had a link of that name."""
    folder = project({"home/.profile": "mine\n", "home/repo/a.ts": "", "home/repo/real/x": ""})
    repo = folder / "home/repo"
    if has_git:
        project({"home/repo/.git/HEAD": ""})
    for name, target in (
        ("profile", "../.profile"), ("login", "../.bash_login"), ("up", ".."),
        ("hook", ".git/hooks/pre-push"), ("git", ".git"), ("inner", "real/out.json"), ("folder", "real"),
    ):  # fmt: skip
        (repo / name).symlink_to(target)
    for name in ("profile", "login", "up/new", *["hook", "git/config"] * has_git):
        for place, cwd in ((name, repo), (repo / name, repo), *[(f"repo/{name}", folder / "home")] * has_git):
            result = guard(f"{flag}{place}", ".", cwd=cwd)
            assert (result.code, result.out) == (3, ""), name
            assert f"{place}: a link to " in result.err
    assert (folder / "home/.profile").read_text() == "mine\n"
    assert sorted(path.name for path in (folder / "home").iterdir()) == [".profile", "repo"]
    for place in ("inner", "folder/b.json", folder / "new.json", "../new.json"):
        assert guard(f"{flag}{place}", ".", cwd=repo).code == 0, place
    (folder / "link").symlink_to("home")  # above all: it is the machine's, as /tmp is on macOS
    assert guard(f"{flag}{folder}/link/repo/c.json", ".", cwd=repo).code == 0
    assert guard(f"{flag}login", "--force", ".", cwd=repo).code == 0
    assert (folder / "home/.bash_login").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_baseline_that_is_a_pipe_holds_nothing_up(guard, project):
    folder = project({".complexityguard.json": '{"baseline_file": "pipe"}', "a.ts": ""})
    os.mkfifo(folder / "pipe")
    result = guard(cwd=folder)
    assert (result.code, result.out) == (3, "")
    assert ".complexityguard.json:1: baseline_file 'pipe': not a regular file" in result.err


@pytest.mark.parametrize("flags", [["-o"], ["--report", "json="], ["--write-baseline"]])
def test_nothing_replaces_a_source_file(guard, project, flags):
    folder = project({"a.ts": "let a = 1\n"})
    (folder / "b.json").symlink_to("a.ts")
    for name in ("a.ts", "new.TSX", "./b.json"):
        *front, last = flags
        arguments = [*front, last + name] if last.endswith("=") else [*flags, name]
        result = guard(*arguments, cwd=folder)
        assert result.code == 3
        assert f"{name}: a report does not get the name of a source file, unless with --force" in result.err
    assert (folder / "a.ts").read_text() == "let a = 1\n"
    assert guard("-f", "json", "-o", "new.ts", "--force", "a.ts", cwd=folder).code == 0
    assert json.loads((folder / "new.ts").read_text())["summary"]["files_analyzed"] == 1
    assert "--force goes with --write-baseline, or with a report" in guard("--force", cwd=folder).err


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
@pytest.mark.parametrize(
    "arguments", [["-o"], ["--report", "csv=report.csv", "-f", "json", "-o"], ["--write-baseline"]]
)
@pytest.mark.parametrize("target", ["../.profile", "../none"])
def test_a_link_that_waits_for_a_report_is_not_followed_out(guard, project, arguments, target):
    """A repository had report.json lie there as a link to a file of the user, which the next report overwrote."""
    folder = project({".profile": "mine\n", "r/a.ts": ""})
    (folder / "r/report").symlink_to(target)
    result = guard(*arguments, "report", "a.ts", cwd=folder / "r")
    assert result.code == 3 and "a link to" in result.err
    assert (folder / ".profile").read_text() == "mine\n" and not (folder / "none").exists()
    is_refused = "--write-baseline" in arguments and target == "../.profile"  # it is no baseline
    assert guard(*arguments, "report", "--force", "a.ts", cwd=folder / "r").code == (3 if is_refused else 0)
    assert is_refused or (folder / target[3:]).read_text() != "mine\n"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs such sockets")
def test_a_socket_is_not_replaced(guard, project, monkeypatch):
    folder = project({"a.ts": ""})
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        assert guard("-o", "s", "a.ts", cwd=folder).code == 3
    assert (folder / "s").is_socket()


SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    "text",
    [
        f"machine example.org password {SECRET}",
        f"// comment\n{SECRET}",
        f'{{"{SECRET}": 1}}',
        f'{{"auths": {{"{SECRET}": "{SECRET}"}}}}',
        f'["{SECRET}"]',
        f'"{SECRET}"',
        f'{{"fail_on": "none", "{SECRET}',
        f'{{"{SECRET}": 1, "{SECRET}": 2}}',
    ],
)
def test_nothing_of_a_file_that_is_no_configuration_is_shown(guard, project, text):
    """{"extends": "../netrc"} printed a password into the log of a pipeline."""
    folder = project({".git/HEAD": "", "netrc": text, "a.ts": "", ".complexityguard.json": '{"extends": "netrc"}'})
    errors = [guard(cwd=folder)]
    (folder / ".complexityguard.json").unlink()
    (folder / ".complexityguard.json").symlink_to("netrc")
    errors += [guard(cwd=folder), guard("-c", ".complexityguard.json", cwd=folder)]
    for result in errors:
        assert (result.code, result.out) == (3, "")
        assert SECRET not in result.err
    assert "netrc" in errors[0].err


@pytest.mark.parametrize("key", ["extends", "baseline_file"])
@pytest.mark.parametrize("repository", [True, False])
def test_a_configuration_reads_nothing_outside_its_repository(guard, project, key, repository):
    folder = project({"base.json": "{}", "r/base.json": "{}", "r/app/base.json": "{}", "r/app/a.ts": ""})
    if repository:
        project({"r/.git/HEAD": ""})
    (folder / "r/app/link.json").symlink_to("../../base.json")
    for name, is_inside in {
        "base.json": True,
        "../base.json": repository,
        "../../base.json": False,
        "link.json": False,
    }.items():
        project({"r/app/.complexityguard.json": json.dumps({key: name})})
        for arguments in ([], ["-c", ".complexityguard.json"]):
            result = guard("a.ts", *arguments, cwd=folder / "r/app")
            assert ("it is outside of" in result.err) is not is_inside, (name, result.err)
            assert result.code == (0 if is_inside and key == "extends" else 3)


def test_a_configuration_that_is_a_link_out_of_the_repository(guard, project):
    folder = project({"mine.json": '{"fail_on": "none"}', "r/.git/HEAD": "", "r/a.ts": "", "r/near.json": "{}"})
    config = folder / "r/.complexityguard.json"
    config.symlink_to("../mine.json")
    assert "it is outside of" in guard(cwd=folder / "r").err
    assert guard("-c", ".complexityguard.json", cwd=folder / "r").code == 0
    config.unlink()
    config.symlink_to("near.json")
    assert guard(cwd=folder / "r").code == 0


@needs_root
def test_a_configuration_of_somebody_else_is_refused(guard, project):
    """Anybody could leave one in /tmp."""
    folder = project({"a.ts": "", ".complexityguard.json": '{"extends": "base.json"}', "base.json": "{}"})
    for name in (".complexityguard.json", "base.json"):
        os.chown(folder / name, 4711, -1)
        result = guard(cwd=folder)
        words = f"{name}: it belongs to somebody else, neither to you nor to root; if you trust it, name it: --config .complexityguard.json"
        assert (result.code, result.err) == (3, f"complexity-guard: error: {words}\n")
        assert guard("-c", ".complexityguard.json", cwd=folder).code == 0
        assert guard(cwd=folder, env={"SUDO_UID": "4711"}).code == 0
        os.chown(folder / name, 0, -1)
    os.chown(folder / ".complexityguard.json", 4711, -1)
    assert cg.library_settings(str(folder / ".complexityguard.json")).configuration


def test_how_far_up_it_is_looked_for(project, monkeypatch):
    """It went up to /, where a forgotten one governed every run."""
    config = ".complexityguard.json"
    folder = project({config: "{}", "home/u/a/b/x.ts": "", "srv/a/b/x.ts": "", "repo/.hg/x": "", "repo/a/b/x.ts": ""})

    def found(home, start):
        monkeypatch.setenv("HOME", str(folder / home) if home != "/" else home)
        monkeypatch.chdir(folder / start)
        path = cg.config_path(cg.parse_command_line(["."]))
        return path and str(Path(path).relative_to(folder))

    assert found("home/u", "home/u/a/b") is None
    project({f"home/{config}": "{}", f"home/u/{config}": "{}"})
    assert found("home/u", "home/u/a/b") == f"home/u/{config}"
    assert found("home/u", "home") == f"home/{config}"
    project({f"srv/a/{config}": "{}", f"repo/{config}": "{}"})
    assert (
        found("home/u", "srv/a/b") is None
    )  # neither in a repository nor at home: nobody knows where the project begins
    assert found("home/u", "srv/a") == f"srv/a/{config}"
    assert found("/", "srv/a/b") is None  # the home of users without one, in containers
    assert found("home/u", "repo/a/b") == f"repo/{config}"


def test_the_configuration_that_governs_is_named(guard, project):
    """One in / governed runs in a project that has its own further down, and nothing said so."""
    folder = project({
        ".git/HEAD": "", "complexityguard.config.json": "{}", "a.ts": "", "sub/x.ts": "", "sub/.complexityguard.json": "{}",
        "sub/deep/y.ts": "", "node_modules/p/.complexityguard.json": "{}", "node_modules/p/z.ts": "",
    })  # fmt: skip
    used = "complexityguard.config.json"
    warned = f"complexity-guard: warning: sub/.complexityguard.json is not used: {used} governs this run; --config FILE names another\n"
    for paths in ([], ["sub/deep"], ["sub/x.ts", "sub/deep/y.ts", "a.ts"], ["sub"]):
        result = guard(*paths, cwd=folder)
        assert result.out.splitlines()[-1] == f"  configuration: {used}"
        assert result.err == warned
    assert guard("-f", "json", cwd=folder).json["metadata"]["configuration"] == used
    told = guard("-v", cwd=folder)
    assert told.err.count(f"configuration: {used}") == 1 and "configuration" not in told.out
    assert guard("a.ts", cwd=folder).err == ""
    assert guard("-q", cwd=folder).err == ""
    assert guard("-c", used, cwd=folder).err == ""
    assert guard("explain", "sub/x.ts", cwd=folder).err == ""
    inner = guard(".", cwd=folder / "sub")
    assert (inner.err, inner.out.splitlines()[-1]) == ("", "  configuration: .complexityguard.json")
    (folder / used).unlink()
    result = guard("-v", cwd=folder)
    assert "sub/.complexityguard.json is not used: no configuration governs this run" in result.err
    assert "configuration: none, the defaults" in result.err
    assert guard("-f", "json", cwd=folder).json["metadata"]["configuration"] is None


# Written out again, and given elsewhere


def test_print_config_is_a_configuration_with_the_same_meaning(load, tmp_path):
    config = {**ANCESTOR, "output": {"reports": ["json=x", "console"]}, "overrides": []}
    assert '"reports": ["json=x", "console"]' in cg.config_text(load({"output": config["output"]}), "a.ts")
    config["analysis"] = {**ANCESTOR["analysis"], "thresholds": {"cognitive": {"warning": 4.5, "error": "off"}}}
    first = load(config)
    again = load(cg.config_text(first, "a.ts"))
    assert {name: value.value for name, value in again.values.items()} == {
        name: value.value for name, value in first.values.items()
    }
    assert cg.settings_of(again) == cg.settings_of(first)


def test_the_library_takes_a_configuration(project, monkeypatch):
    folder = project(
        {"c.json": '{"analysis": {"threads": 2}}', ".complexityguard.json": '{"analysis": {"threads": 3}}'}
    )
    monkeypatch.chdir(folder)
    assert cg.library_settings("c.json").threads == 2
    assert cg.library_settings(None).threads is None
    with pytest.raises(cg.ConfigError):
        cg.library_settings("none.json")


def test_the_readmes_example_is_accepted(project, monkeypatch):
    example = (
        (Path(cg.__file__).parent / "README.md").read_text(encoding="utf-8").split("```jsonc\n")[1].split("```")[0]
    )
    folder = project({".git/HEAD": "", "complexityguard.base.json": "{}", "app/.complexityguard.json": example})
    monkeypatch.chdir(folder / "app")
    loaded = cg.settings_of(cg.load_configuration(cg.find_config(os.getcwd()), {}, {}))
    assert loaded.analysis.thresholds["line_count"] == (60, cg.OFF)
    assert loaded.health_floor == 82.5
    assert cg.analysis_for(loaded, "src/parser/a.ts")[1].thresholds["cyclomatic"] == (30, 50)
    jsonschema.validate(read(example), schemas.config_schema())


# What people look for in the first hour


def test_thresholds_of_the_command_line(guard, project):
    folder = project({
        "a.ts": "function f(a) { if (a) { if (a) { if (a) {} } } }",  # cognitive 6
        ".complexityguard.json": '{"overrides": [{"files": "*", "analysis": {"thresholds": {"cognitive": {"warning": 9, "error": 99}}}}]}',
    })  # fmt: skip
    cases = [
        ("5", (1, 0), 1), ("6", (0, 0), 0), ("5/9", (0, 1), 0), ("off/5", (1, 0), 1), ("5/off", (0, 1), 0), ("off", (0, 0), 0),
    ]  # fmt: skip
    for limits, counts, code in cases:
        result = guard("--threshold", f"cognitive={limits}", "--metrics", "cognitive", "-f", "json", cwd=folder)
        assert ((result.json["summary"]["errors"], result.json["summary"]["warnings"]), result.code) == (counts, code)
    result = guard("--threshold", "cognitive=9/5", cwd=folder)
    assert (result.code, "cognitive.warning 9 (--threshold) is above error 5 (--threshold)" in result.err) == (3, True)
    shown = guard("--threshold", "cognitive=5", "--print-config", "a.ts", cwd=folder).out
    assert shown.count("// --threshold\n") == 2


def test_more_warnings_than_allowed(flat_guard, project):
    folder = project({"a.ts": "function f(a, b, c, d, e) {}\nfunction g(a, b, c, d, e) {}\n"})
    for allowed, code in (("0", 2), ("1", 2), ("2", 0), ("3", 0)):
        assert flat_guard("--max-warnings", allowed, cwd=folder).code == code
    result = flat_guard("--max-warnings", "1", "--fail-on", "none", "-f", "json", cwd=folder)
    assert (result.code, result.json["summary"]["failures"]) == (2, ["2 warnings, more than the 1 that are allowed"])
    project({".complexityguard.json": '{"max_warnings": 1}'})
    assert flat_guard(cwd=folder).code == 2
    assert flat_guard("--max-warnings", "9", cwd=folder).code == 0
    assert "2 warnings" in flat_guard("--fail-on", "warning", "--max-warnings", "9", cwd=folder).out


LINES_OF_SUMMARY = {"--duplication": (1, 7), "-v": (0, 5)}  # shares, and all: -v notes the configuration elsewhere


@pytest.mark.parametrize("more", [[], ["-v"], ["--group-by", "metric"], ["--group-by", "folder"], ["--duplication"]])
def test_the_summary_alone(flat_guard, project, more):
    folder = project(
        {"a.ts": "function f(a, b, c, d, e) {}\n" * 3, "b.ts": bytes(range(256)) * 40, ".complexityguard.json": "{}"}
    )
    result = flat_guard("--summary", *more, cwd=folder)
    assert (result.code, result.out.splitlines()[:3]) == (4, ["Skipped 1 file", "  b.ts: binary data, not text", ""])
    shares = [line for line in result.out.splitlines() if line.startswith("Duplication 0.0 % in 0 clone groups")]
    assert (len(shares), len(result.out.splitlines())) == LINES_OF_SUMMARY.get("".join(more), (0, 6)), (
        "the health falls by the share, and the reader saw no reason"
    )
    assert "1 file, 3 functions: 3 findings (0 errors, 3 warnings)" in result.out
