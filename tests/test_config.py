"""Configuration: the reader, what is accepted and refused, extends, overrides, precedence, schema, --init, --print-config."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import complexity_guard as cg

# What the ancestor documents, whole.
ANCESTOR = {
    "output": {"format": "json", "file": "out.json"},
    "analysis": {
        "metrics": ["cyclomatic", "cognitive", "halstead", "nesting", "line_count", "params_count"],
        "thresholds": {
            "cyclomatic": {"warning": 10, "error": 20},
            "cognitive": {"warning": 15, "error": 25},
            "halstead_volume": {"warning": 500, "error": 1000},
            "halstead_difficulty": {"warning": 10, "error": 20},
            "halstead_effort": {"warning": 5000, "error": 10000},
            "halstead_bugs": {"warning": 1, "error": 2},
            "nesting_depth": {"warning": 3, "error": 5},
            "line_count": {"warning": 25, "error": 50},
            "params_count": {"warning": 3, "error": 6},
            "file_length": {"warning": 300, "error": 600},
            "export_count": {"warning": 15, "error": 30},
            "duplication": {"file_warning": 15.0, "file_error": 25.0, "project_warning": 5.0, "project_error": 10.0},
        },
        "no_duplication": False,
        "duplication_enabled": True,
        "threads": 4,
    },
    "files": {"include": ["src/**/*.ts"], "exclude": ["**/*.test.ts"]},
    "weights": {"cyclomatic": 0.2, "cognitive": 0.3, "duplication": 0.2, "halstead": 0.15, "structural": 0.15},
    "overrides": [{"files": ["src/legacy/**"], "analysis": {"thresholds": {"cyclomatic": {"warning": 30, "error": 40}}}}],
    "baseline": 73.2,
}
# Keys of its documentation that its last release no longer reads.
ANCESTOR_OLD = {
    "thresholds": {
        "cyclomatic": {"warning": 11, "error": 21},
        "function_length": {"warning": 26, "error": 51},
        "params": {"warning": 4, "error": 7},
        "nesting": {"warning": 4, "error": 6},
        "exports": {"warning": 16, "error": 31},
    },
    "counting_rules": {
        "logical_operators": True, "nullish_coalescing": True, "optional_chaining": True, "switch_case_mode": "switchOnly",
    },
}  # fmt: skip


@pytest.fixture
def load(tmp_path, monkeypatch):
    """load(text or object, flags, environment) -> Configuration, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def load(content, flags=(), environment=None):
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / ".complexityguard.json").write_text(text)
        request = cg.parse_command_line(flags)
        return cg.load_configuration(cg.config_path(request), request.values, environment or {})

    return load


@pytest.fixture
def settings(load):
    return lambda *arguments, **named: cg.settings_of(load(*arguments, **named))


def test_the_ancestors_configuration(settings):
    loaded = settings(ANCESTOR)
    assert loaded.reports == (cg.ReportRequest("json", "out.json"),)
    assert loaded.analysis.metrics == frozenset(cg.FAMILIES)
    assert loaded.analysis.thresholds["halstead_bugs"] == (1, 2)
    assert loaded.analysis.thresholds["duplication"] == (15, 25)
    assert loaded.analysis.thresholds["duplication_project"] == (5, 10)
    assert (loaded.threads, loaded.baseline_health) == (4, 73.2)
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


REFUSED = [
    # text, what the message says after the file's name
    ('{"analysis": {\n "treads": 3}}', ":2: unknown key analysis.treads; did you mean analysis.threads?"),
    ('{"outptu": {}}', ":1: unknown key outptu; did you mean output?"),
    ('{"analysis": {"weights": {}}}', ":1: unknown key analysis.weights; did you mean weights?"),
    ('{"threads": 3}', ":1: unknown key threads; did you mean analysis.threads?"),
    ('{"qqqq": 3}', ":1: unknown key qqqq; the keys here are analysis, baseline, baseline_file, fail_health_below, fail_on, files, output, weights"),
    ('{"analysis": {"thresholds": {"cyclomatic": {"warn": 3}}}}', "unknown key analysis.thresholds.cyclomatic.warn; did you mean"),
    ('{"analysis":\n{"threads":\n"many"}}', ':2: analysis.threads must be a whole number from 1 to 4096, not "many"'),
    ('{"analysis": {"threads": true}}', "must be a whole number from 1 to 4096, not true"),
    ('{"analysis": {"threads": 1.5}}', "not 1.5"),
    ('{"analysis": {"threads": {}}}', "not {}"),
    ('{"analysis": {"metrics": "cyclomatic"}}', 'not "cyclomatic"; did you mean ["cyclomatic"]?'),
    ('{"analysis": {"metrics": []}}', "analysis.metrics must be a list out of"),
    ('{"analysis": {"metrics": ["cognitiv"]}}', 'not "cognitiv"; did you mean cognitive?'),
    ('{"analysis": {"metrics": [["cognitive"]]}}', "analysis.metrics must be a list out of"),
    ('{"analysis": 3}', "analysis must be an object: { ... }"),
    ('{"analysis": {"module_code": 1}}', "must be true or false, not 1"),
    ('{"output": {"format": "jsn"}}', 'not "jsn"; did you mean json?'),
    ('{"output": {"file": ""}}', 'output.file must be a text, not ""'),
    ('{"files": {"include": [3]}}', "files.include must be a list of globs"),
    ('{"weights": {"cognitive":\n -0.1}}', "weights.cognitive must be a number of at least 0, not -0.1"),
    ('{"weights": {"cognitive": 0, "cyclomatic": 0, "halstead": 0, "structural": 0, "duplication": 0}}', "all weights are 0"),
    ('{"baseline": 120}', "baseline must be a number from 0 to 100, not 120"),
    ('{"baseline": NaN}', ":1: this is not JSON: NaN}"),
    ('{"baseline": Infinity}', "this is not JSON"),
    ('{"baseline": -Infinity}', "this is not JSON"),
    ('{"baseline": 1e999}', "1e999 is too large"),
    ('{"baseline": 01}', "this is not JSON: 01}"),
    ('{"baseline": 0x1}', "this is not JSON"),
    ('{"baseline": 1.}', "this is not JSON"),
    ("{'baseline': 1}", "this is not JSON"),
    ("{baseline: 1}", "this is not JSON"),
    ('{"baseline": 1', ":1: expected , or }, found the end of the file"),
    ('{"baseline" 1}', "expected :, found 1"),
    ('{"baseline": }', "expected a value, found }"),
    ('{"baseline": 1 "fail_on": "none"}', 'expected , or }, found "fail_on"'),
    ('{"baseline": 1,, "fail_on": "none"}', "expected a key in double quotes, found ,"),
    ('{"baseline": ","} x', "this is not JSON: x"),
    ('{"baseline": 1} {}', "expected the end of the file, found {"),
    ('{"a\n": 1}', "this is not JSON"),
    ('{"\\x": 1}', "this is not JSON"),
    ('{"\\ud800": 1}', "half a surrogate pair"),
    ("{ /* no end", ":1: this is not JSON: /* no end"),
    ("", ":1: expected a value, found the end of the file"),
    ("[]", ":1: the configuration must be an object: { ... }"),
    ('"text"', ":1: the configuration must be an object"),
    ('{"fail_on": "error",\n\n"fail_on": "none"}', ":3: fail_on is already set on line 1"),
    ('{"files": {"include": []}, "files": {}}', ":1: files is already set on line 1"),
    ('{"analysis": {"thresholds": {"cyclomatic": {"warning": 30}}}}',
     "analysis.thresholds.cyclomatic.warning 30 (.complexityguard.json:1) is above error 20 (default)"),
    ('{"analysis": {"thresholds": {"cognitive": {\n"warning": 9,\n"error": 8}}}}', ":2: analysis.thresholds.cognitive.warning 9"),
    ('{"analysis": {"thresholds": {"duplication": {"file_error": 5}}}}', "analysis.thresholds.duplication.file_warning 15 (default)"),
    ('{"analysis": {"thresholds": {"cognitive": {"warning": "off"}}}}', "cognitive.warning off"),
    ('{"analysis": {"thresholds": {"cognitive": {"warning": -1}}}}', 'of at least 0 or "off", not -1'),
    ('{"overrides": {}}', "overrides must be a list: [ ... ]"),
    ('{"overrides": [3]}', 'overrides[0] must be an object with "files" and "analysis"'),
    ('{"overrides": [{"analysis": {}}]}', 'overrides[0] must be an object with "files"'),
    ('{"overrides": [{"files": 3}]}', "overrides[0].files must be a list of globs"),
    ('{"overrides": [{"files": ["a"], "analisys": {}}]}', "unknown key overrides[0].analisys; did you mean analysis?"),
    ('{"overrides": [{"files": ["a"], "thresholds": {}}]}', "unknown key overrides[0].thresholds; the keys here are files, analysis"),
    ('{"overrides": [{"files": ["a"], "analysis": {"thresholds": {"duplication": {"project_error": 9}}}}]}',
     "analysis.thresholds.duplication.project_error holds for the whole run"),
    ('{"overrides": [{"files": ["a"], "analysis": {"threads": 2}}]}', "analysis.threads holds for the whole run, not for single files"),
    ('{"overrides": [{"files": ["a"],\n"analysis": {"metric": []}}]}', ":2: unknown key analysis.metric; did you mean analysis.metrics?"),
    ('{"overrides": [{"files": ["a"], "analysis": {"thresholds": {"params_count": {"warning": 9}}}}]}', "params_count.warning 9"),
    ('{"extends": 3}', "extends must be a path or a list of paths"),
    ('{"extends": "/etc/base.json"}', "extends takes relative paths only, not '/etc/base.json'"),
    ('{"extends": "https://example.com/a.json"}', "extends takes relative paths only"),
    ('{"extends": "none.json"}', "extends 'none.json': there is no such file"),
    ('{"extends": "."}', "extends '.': there is no such file"),
    ('{"extends": "./.complexityguard.json"}', "extends './.complexityguard.json' leads back to itself"),
    ('{"$schema": 3}', "$schema must be a text"),
    ('{"counting_rules":\n{"logical_operators": false}}', ":2: counting_rules.logical_operators can only be true: cyclomatic complexity counts them"),
    ('{"counting_rules": {"switch": true}}', "unknown key counting_rules.switch"),
    ('{"counting_rules": {"switch_case_mode": "both"}}', 'one of "perCase", "switchOnly", not "both"'),
    ('{"a":' + "[" * 100 + "]" * 100 + "}", "nested deeper than 40 levels"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text[:40] for text, _ in REFUSED])
def test_what_is_refused(load, text, message):
    with pytest.raises(cg.ConfigError) as caught:
        load(text)
    assert str(caught.value).startswith(".complexityguard.json:")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_fail_health_below_stands_in_for_the_baseline(guard, project):
    folder = project({"a.ts": "export const f = (a, b) => a || b;\n", ".complexityguard.json": '{"baseline": 99.99}'})
    assert guard(cwd=folder).code == 1
    assert guard("--fail-health-below", "50", cwd=folder).code == 0
    assert guard("--fail-health-below", "100", cwd=folder).code == 1


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
    assert guard(cwd=folder).err == "complexity-guard: error: .complexityguard.json: cannot be read: No such file or directory\n"


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


def test_the_reader_agrees_with_json():
    """On generated documents, written with and without comments, trailing commas and escapes."""
    chance = random.Random(5)
    for _ in range(300):
        value = {"top": generated(chance, 4)}
        assert read(json.dumps(value, ensure_ascii=chance.random() < 0.5)) == value
        assert read(adorned(value, chance)) == value


def read(text: str) -> object:
    return cg.without_lines(cg.JsonReader(text, "x").document())


def generated(chance, depth):
    scalars = (None, True, False, 0, -1.5, 3e8, 1e-7, "", "a // b /* c */", 'quote " \\ \n\t', "é\U0001f600\u2028", "{[,]}")
    if depth == 0 or chance.random() < 0.4:
        return chance.choice(scalars)
    if chance.random() < 0.5:
        return [generated(chance, depth - 1) for _ in range(chance.randrange(4))]
    return {chance.choice("abcdéfgh") * (i + 1): generated(chance, depth - 1) for i in range(chance.randrange(4))}


def adorned(value, chance):
    space = chance.choice(["", " ", "\n", "\r\n", "\t", "/* , } */", "// ]\n"])
    if isinstance(value, dict):
        members = [f"{json.dumps(key)}{space}:{adorned(member, chance)}" for key, member in value.items()]
        return space + "{" + space + f",{space}".join(members) + ("," if members and chance.random() < 0.5 else "") + space + "}"
    if isinstance(value, list):
        elements = [adorned(element, chance) for element in value]
        return "[" + ",".join(elements) + (f",{space}" if elements and chance.random() < 0.5 else "") + "]" + space
    return space + json.dumps(value) + space


def test_arbitrary_text_is_read_or_refused(load):
    """Mutations of a real file: ConfigError or a configuration, never another exception."""
    chance, text = random.Random(7), json.dumps(ANCESTOR, indent=1)
    outcomes = set()
    for _ in range(400):
        letters = list(text)
        for _ in range(chance.randrange(1, 4)):
            letters[chance.randrange(len(letters))] = chance.choice(['"', "{", "}", ",", ":", "\\", "\n", "9", "", "/", "e", "-", "\0", "é"])
        try:
            load("".join(letters))
            outcomes.add("read")
        except cg.UsageError:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_lines_are_those_of_the_keys(load):
    text = '// one\n{ /* two\n three */ "fail_on":\n"none",\r\n\n"analysis": {"threads":2,\n"metrics": [\n"cyclomatic"]}}'
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
    assert cg.config_path(cg.parse_command_line(["-c", "../../.complexityguard.json"])).endswith("repo/.complexityguard.json")


def test_from_elsewhere_it_is_looked_for_above_the_paths(project, monkeypatch):
    folder = project({"project/.complexityguard.json": "{}", "project/src/a/x.ts": "", "project/src/b/y.ts": "", "here/z": ""})
    monkeypatch.chdir(folder / "here")
    expected = str(folder / "project/.complexityguard.json")
    assert cg.config_path(cg.parse_command_line(["../project/src/a", "../project/src/b/y.ts"])) == expected
    assert cg.config_path(cg.parse_command_line(["--print-config", "../project/src/b/y.ts"])) == expected
    assert cg.config_path(cg.parse_command_line(["-"])) is None


def test_a_given_file_must_exist(guard, project):
    result = guard("--config", "none.json", cwd=project({"a.ts": ""}))
    assert (result.code, result.err) == (3, "complexity-guard: error: none.json: there is no such configuration file\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be removed there")
@pytest.mark.parametrize("arguments", [[], ["-"], ["--init"], ["--print-config", "a.ts"], ["-c", "/etc/passwd"], ["explain", "a.ts"]])
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
    assert load({}, environment=variable).values[name] == cg.Value(0.5, "COMPLEXITY_GUARD_MEMORY_FACTOR", cg.FROM_ENVIRONMENT)
    config = {"analysis": {"memory_factor": 0.4}}
    assert load(config, environment=variable).values[name].value == 0.4
    assert load(config, ["--memory-factor", "0.3"], variable).values[name] == cg.Value(0.3, "--memory-factor", cg.FROM_FLAG)
    with pytest.raises(cg.ConfigError, match="variable COMPLEXITY_GUARD_MEMORY_FACTOR must be a number from"):
        load({}, environment={"COMPLEXITY_GUARD_MEMORY_FACTOR": "lots"})


def test_lists_of_flags_replace_those_of_the_configuration(settings):
    assert settings({"files": {"exclude": ["a"]}}, ["--exclude", "b", "--exclude", "c"]).exclude == ("b", "c")


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


# extends and overrides


def test_extends(load, project):
    project({
        "base/one.json": '{"extends": "deeper/two.json", "fail_on": "none", "overrides": [{"files": "one"}]}',
        "base/deeper/two.json": '{"fail_on": "warning", "baseline": 50, "overrides": [{"files": "two"}]}',
        "three.json": '{"baseline": 60, "analysis": {"threads": 3}}',
    })  # fmt: skip
    loaded = load({"extends": ["base/one.json", "./three.json"], "analysis": {"threads": 2}, "overrides": [{"files": "own"}]})
    assert loaded.values["fail_on"] == cg.Value("none", "base/one.json:1", cg.FROM_FILE)
    assert loaded.values["baseline"] == cg.Value(60, "three.json:1", cg.FROM_FILE)
    assert loaded.values["analysis.threads"] == cg.Value(2, ".complexityguard.json:1", cg.FROM_FILE)
    assert [rule.globs for rule in loaded.overrides] == [("two",), ("one",), ("own",)]


def test_circles_of_extends_end(load, project):
    project({"one.json": '{"extends": "two.json"}', "two.json": '{\n"extends": ["./one.json"]}'})
    with pytest.raises(cg.ConfigError, match=r"two.json:2: extends './one.json' leads back to itself"):
        load({"extends": "one.json"})
    project({f"{n}.json": json.dumps({"extends": [f"{n + 1}.json"] * 2}) for n in range(30)} | {"30.json": "{}"})
    with pytest.raises(cg.ConfigError, match="more than 50 files"):
        load({"extends": "0.json"})


def test_overrides_apply_in_order_the_last_match_wins(settings):
    def thresholds(warning, error):
        return {"thresholds": {"cyclomatic": {"warning": warning, "error": error}}}

    loaded = settings({
        "analysis": {"thresholds": {"cyclomatic": {"warning": 5, "error": 6}}, "duplication_enabled": True},
        "overrides": [
            {"files": ["**/*.test.ts", "!keep.test.ts"], "analysis": {"metrics": ["cyclomatic"], **thresholds(50, 60)}},
            {"files": "legacy/", "analysis": {"syntax_errors": "error", **thresholds(30, 40)}},
            {"files": ["/legacy/a.*"], "analysis": {"duplication_enabled": False, **thresholds(None, 35)}},
        ],
    })  # fmt: skip

    def at(path):
        _, analysis = cg.analysis_for(loaded, path)
        return analysis.thresholds["cyclomatic"], len(analysis.metrics), analysis.syntax_errors

    assert at("src/a.ts") == ((5, 6), 5, "warning")
    assert at("src/a.test.ts") == ((50, 60), 1, "warning")
    assert at("keep.test.ts") == ((5, 6), 5, "warning")
    assert at("legacy/deep/b.ts") == ((30, 40), 5, "error")
    assert at("legacy/a.ts") == ((30, 35), 4, "error")
    assert at("deep/legacy/a.ts") == ((30, 40), 5, "error")
    assert at("legacy/a.test.ts") == ((30, 35), 1, "error")
    assert at("./legacy/../src/a.ts") == at("src/a.ts")
    keys = {cg.analysis_for(loaded, path)[0] for path in ("src/a.ts", "src/b.ts", "x/legacy/a.ts", "legacy/b.ts")}
    assert len(keys) == 2


def test_flags_stand_above_overrides(settings):
    config = {"overrides": [{"files": "*", "analysis": {"metrics": ["halstead"], "duplication_enabled": True}}]}
    assert cg.analysis_for(settings(config, ["--metrics", "cognitive"]), "a.ts")[1].metrics == {"cognitive"}
    assert cg.analysis_for(settings(config, ["--no-duplication"]), "a.ts")[1].metrics == {"halstead"}
    assert cg.analysis_for(settings(config), "a.ts")[1].metrics == {"halstead", "duplication"}


def test_overrides_reach_the_numbers(guard, project):
    many = "function f(a, b, c, d, e, f, g) {}\n"
    folder = project({
        "src/a.ts": many, "src/legacy/b.ts": many,
        ".complexityguard.json": '{"overrides": [{"files": ["src/legacy/**"], "analysis":'
        ' {"thresholds": {"params_count": {"warning": 10, "error": 20}}}}]}',
    })  # fmt: skip
    for cwd, arguments in ((folder, ["src"]), (folder / "src", []), (folder / "src/legacy", [".."]), (folder, [str(folder)])):
        result = guard("-f", "json", *arguments, cwd=cwd)
        statuses = {Path(file["path"]).name: file["functions"][0]["status"] for file in result.json["files"]}
        assert statuses == {"a.ts": "error", "b.ts": "ok"}
        assert result.code == 1


# What is derived from the table


def test_the_schema_is_a_schema_and_takes_what_the_reader_takes(guard, tmp_path):
    schema = json.loads(guard("schema", cwd=tmp_path).out)
    jsonschema.Draft7Validator.check_schema(schema)
    for accepted in (ANCESTOR, ANCESTOR_OLD, {}, {"$schema": "x", "extends": ["a"]}, {"overrides": [{"files": ["a"]}]}):
        jsonschema.validate(accepted, schema)


# What a JSON Schema cannot say: the syntax, files, what holds between two keys.
NOT_IN_A_SCHEMA = ("is already set", "this is not JSON", "too large", "all weights", "leads back", "no such file", "expected",
                   "relative paths only", "surrogate", "nested deeper", "warning 30", "warning 15", "warning 9", "warning off")  # fmt: skip


@pytest.mark.parametrize("text", [text for text, message in REFUSED if not any(word in message for word in NOT_IN_A_SCHEMA)])
def test_the_schema_refuses_what_the_reader_refuses(text):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(text), cg.schema())


def test_the_schema_names_every_key():
    leaves = set()

    def visit(properties, prefix):
        for key, schema in properties.items():
            if "properties" in schema:
                visit(schema["properties"], f"{prefix}{key}.")
            else:
                leaves.add(prefix + key)

    visit(cg.schema()["properties"], "")
    assert leaves == {*cg.CONFIG_KEYS, *cg.OLD_KEYS, *cg.COUNTED_ALWAYS, "$schema", "extends", "overrides"}


def test_init_writes_a_file_that_passes_today(guard, project):
    folder = project({"src/a.ts": "function f(a) { if (a) { for (;;) { if (a) { while (a) {} } } } }", "src/a.test.ts": "x("})
    result = guard("--init", cwd=folder)
    assert result.code == 0
    assert result.out.startswith("Wrote .complexityguard.json (1 file, health ")
    text = (folder / ".complexityguard.json").read_text()
    assert "//" in text
    baseline = read(text)["baseline"]
    health = guard("-f", "json", cwd=folder).json["summary"]["health_score"]
    assert baseline <= health < baseline + 0.1 < 100
    assert guard("--fail-on", "none", cwd=folder).code == 0
    (folder / ".complexityguard.json").write_text(re.sub(r'("baseline": )[0-9.]+', rf"\g<1>{baseline + 0.2:.1f}", text))
    assert guard("--fail-on", "none", cwd=folder).code == 1


def test_init_never_overwrites(guard, project):
    for name in cg.CONFIG_NAMES:
        folder = project({"a.ts": "", name: "{} // mine"})
        result = guard("--init", cwd=folder)
        assert (result.code, result.err) == (3, f"complexity-guard: error: {name} is there already; --init does not overwrite it\n")
        assert (folder / name).read_text() == "{} // mine"
        (folder / name).unlink()
    assert [path.name for path in folder.iterdir()] == ["a.ts"]


def test_init_without_sources_has_no_baseline(guard, tmp_path):
    assert guard("--init", cwd=tmp_path).code == 0
    assert read((tmp_path / ".complexityguard.json").read_text())["baseline"] is None


def test_print_config_says_where_each_value_is_from(guard, project):
    folder = project({
        "base.json": '{"fail_on":\n"none"}',
        ".complexityguard.json": '{\n"extends": "base.json",\n"analysis": {"thresholds": {"cognitive": {"warning": 7}}},\n'
        '"overrides": [{"files": ["old/"],\n"analysis": {"thresholds": {"cognitive": {"error": 99}}}}]}',
        "old/a.ts": "", "new/a.ts": "",
    })  # fmt: skip
    result = guard("--print-config", "old/a.ts", "--threads", "3", cwd=folder, env={"COMPLEXITY_GUARD_MEMORY_FACTOR": "0.5"})
    assert result.code == 0
    found = {line.split("//")[0].strip().rstrip(","): line.split("// ")[1] for line in result.out.splitlines() if "// " in line}
    assert found['"fail_on": "none"'] == "base.json:1"
    assert found['"warning": 7'] == ".complexityguard.json:3"
    assert found['"error": 99'] == ".complexityguard.json:5 overrides[0]"
    assert found['"threads": 3'] == "--threads"
    assert found['"memory_factor": 0.5'] == "COMPLEXITY_GUARD_MEMORY_FACTOR"
    assert found['"module_code": false'] == "default"
    assert result.out.startswith("// old/a.ts: .complexityguard.json, overrides[0]\n")
    assert '"error": 25 ' in guard("--print-config", "new/a.ts", cwd=folder).out


def test_print_config_is_a_configuration_with_the_same_meaning(load, tmp_path):
    config = {**ANCESTOR, "output": {"reports": ["json=x", "console"]}, "overrides": []}
    config["analysis"] = {**ANCESTOR["analysis"], "thresholds": {"cognitive": {"warning": 4.5, "error": "off"}}}
    first = load(config)
    again = load(cg.print_config(first, "a.ts"))
    assert {name: value.value for name, value in again.values.items()} == {name: value.value for name, value in first.values.items()}
    assert cg.settings_of(again) == cg.settings_of(first)


def test_the_library_takes_a_configuration(project, monkeypatch):
    folder = project({"c.json": '{"analysis": {"threads": 2}}', ".complexityguard.json": '{"analysis": {"threads": 3}}'})
    monkeypatch.chdir(folder)
    assert cg.library_settings("c.json").threads == 2
    assert cg.library_settings(None).threads is None
    with pytest.raises(cg.ConfigError):
        cg.library_settings("none.json")


def test_the_readmes_example_is_accepted(load, project):
    example = (Path(cg.__file__).parent / "README.md").read_text(encoding="utf-8").split("```jsonc\n")[1].split("```")[0]
    project({"../complexityguard.base.json": "{}"})
    loaded = cg.settings_of(load(example))
    assert loaded.analysis.thresholds["line_count"] == (60, cg.OFF)
    assert loaded.baseline_health == 82.5
    assert cg.analysis_for(loaded, "src/parser/a.ts")[1].thresholds["cyclomatic"] == (30, 50)
    jsonschema.validate(read(example), cg.schema())


def test_init_and_a_configuration_do_not_go_together(guard, project):
    folder = project({"a.ts": "a();", "other.json": "{}"})
    result = guard("--init", "--config", "other.json", cwd=folder)
    assert (result.code, result.err) == (3, "complexity-guard: error: --init starts from the defaults; it cannot go with --config\n")
    assert not (folder / ".complexityguard.json").exists()
