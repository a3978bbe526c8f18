"""Configurations that several files of tests share: accepted ones, refused ones, and ways to load them."""

from __future__ import annotations

import json

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
    "overrides": [
        {"files": ["src/legacy/**"], "analysis": {"thresholds": {"cyclomatic": {"warning": 30, "error": 40}}}}
    ],
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


REFUSED = [
    # text, what the message says after the file's name
    ('{"analysis": {\n "treads": 3}}', ":2: unknown key analysis.treads; did you mean analysis.threads?"),
    ('{"outptu": {}}', ":1: unknown key outptu; did you mean output?"),
    ('{"analysis": {"weights": {}}}', ":1: unknown key analysis.weights; did you mean weights?"),
    ('{"threads": 3}', ":1: unknown key threads; did you mean analysis.threads?"),
    ('{"qqqq": 3}', ":1: unknown key qqqq; the keys here are analysis, baseline_file, boundaries, cache, fail_on, files, gate, "
     "health_floor, max_warnings, output, preset, suppressions, weights, worse_by"),
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
    ('{"analysis": {"thresholds": {"lines": {"error": 3}}}}', "did you mean analysis.thresholds.line_count?"),
    ('{"analysis": {"thresholds": {"cognitive": 20}}}',  # as --threshold cognitive=20
     'analysis.thresholds.cognitive must be an object: { "error": ..., "warning": ... }'),
    ('{"analysis": {"module_code": 1}}', "must be true or false, not 1"),
    ('{"output": {"format": "jsn"}}', 'not "jsn"; did you mean json?'),
    ('{"output": {"file": ""}}', 'output.file must be a text, not ""'),
    ('{"files": {"include": [3]}}', "files.include must be a list of globs with / between folders"),
    ('{"weights": {"cognitive":\n -0.1}}', "weights.cognitive must be a number from 0 to 1000000, not -0.1"),
    ('{"weights": {"cognitive": 1e308, "cyclomatic": 1e308}}', "weights.cognitive must be a number from 0 to 1000000, not 1e+308"),
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
     "analysis.thresholds.cyclomatic.warning 30 (.complexityguard.json:1) is above error 20 (preset strict, for a file of 0.10)"),
    ('{"preset": "recommended", "analysis": {"thresholds": {"cyclomatic": {"warning": 30}}}}',
     "cyclomatic.warning 30 (.complexityguard.json:1) is above error 20 (preset recommended, .complexityguard.json:1)"),
    ('{"fail_on": "none", "analysis": {"thresholds": {"cyclomatic": {"warning": 30}}}}', "is above error 20 (preset recommended)"),
    ('{"analysis": {"thresholds": {"cognitive": {\n"warning": 9,\n"error": 8}}}}', ":2: analysis.thresholds.cognitive.warning 9"),
    ('{"analysis": {"thresholds": {"duplication": {"file_error": 5}}}}', "analysis.thresholds.duplication.file_warning 15 (preset strict, for a file of 0.10)"),
    ('{"analysis": {"thresholds": {"cognitive": {"warning": -1}}}}', 'of at least 0 or "off", not -1'),
    ('{"overrides": {}}', "overrides must be a list: [ ... ]"),
    ('{"overrides": [3]}', 'overrides[0] must be an object with "files" and "analysis"'),
    ('{"overrides": [{"analysis": {}}]}', 'overrides[0] must be an object with "files"'),
    ('{"overrides": [{"files": 3}]}', "overrides[0].files must be a list of globs with / between folders"),
    ('{"overrides": [{"files": ["a"], "analisys": {}}]}', "unknown key overrides[0].analisys; did you mean analysis?"),
    ('{"overrides": [{"files": ["a"], "thresholds": {}}]}', "overrides[0].thresholds; the keys here are files, analysis, generated, extends, preset"),
    ('{"overrides": [{"files": ["a"], "analysis": {"thresholds": {"duplication": {"project_error": 9}}}}]}',
     "analysis.thresholds.duplication.project_error holds for the whole run"),
    ('{"overrides": [{"files": ["a"], "analysis": {"threads": 2}}]}', "analysis.threads holds for the whole run, not for single files"),
    ('{"overrides": [{"files": ["a"],\n"analysis": {"metric": []}}]}', ":2: unknown key analysis.metric; did you mean analysis.metrics?"),
    ('{"overrides": [{"files": ["a"], "analysis": {"thresholds": {"params_count": {"warning": 9}}}}]}', "params_count.warning 9"),
    ('{"extends": 3}', "extends must be a path, complexity-guard:NAME, or a list of these"),
    ('{"preset": "Strict"}', 'preset must be recommended, strict, sonarqube or eslint, not "Strict"; did you mean strict?'),
    ('{"preset": ["strict"]}', 'preset must be recommended, strict, sonarqube or eslint, not ["strict"]'),
    ('{"extends": "complexity-guard:recomended"}', 'not "recomended"; did you mean recommended?'),
    ('{"extends":\n["complexity-guard:"]}', ':2: preset must be recommended, strict, sonarqube or eslint, not ""'),
    ('{"extends": "strict"}', "there is no such file; did you mean complexity-guard:strict?"),
    ('{"overrides": [{"files": ["a"],\n"extends": "base.json"}]}', ":2: overrides[0].extends takes complexity-guard:NAME only, not 'base.json'"),
    ('{"overrides": [{"files": ["a"], "preset": "eslnt"}]}', 'not "eslnt"; did you mean eslint?'),
    ('{"extends": "/etc/base.json"}', "extends takes relative paths only, not '/etc/base.json'"),
    ('{"extends": "https://example.com/a.json"}', "extends takes relative paths only"),
    ('{"extends": "none.json"}', "extends 'none.json': there is no such file"),
    ('{"extends": "."}', "extends '.': there is no such file"),
    ('{"extends": "./.complexityguard.json"}', "extends './.complexityguard.json' leads back to itself"),
    ('{"$schema": 3}', "$schema must be a text"),
    ('{"counting_rules":\n{"logical_operators": false}}', ":2: counting_rules.logical_operators can only be true: cyclomatic complexity counts them"),
    ('{"counting_rules": {"switch": true}}', "unknown key counting_rules.switch"),
    ('{"counting_rules": {"switch_case_mode": "both"}}', 'one of "perCase", "switchOnly", not "both"'),
    ('{"counting_rules": {"switch_case_mode": "switchonly"}}', 'not "switchonly"; did you mean switchOnly?'),
    ('{"counting_rules": {"switch_case_mode": "modifed"}}', 'one of "perCase", "switchOnly", not "modifed"'),
    ('{"a":' + "[" * 100 + "]" * 100 + "}", "nested deeper than 40 levels"),
]  # fmt: skip


def read(text: str) -> object:
    return cg.without_lines(cg.JsonReader(text, "x").document())
