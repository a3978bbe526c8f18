"""The catalogue: its tables of options, metrics, formats and rules are sound."""

from __future__ import annotations

import pytest

import complexity_guard as cg


def test_flags_are_unique_and_every_option_is_sound():
    spellings = [spelling for option in cg.OPTIONS for spelling in option.flags + option.opposite]
    assert len(spellings) == len(set(spellings))
    for option in cg.OPTIONS:
        assert option.section in cg.SECTIONS
        assert option.flags or option.in_config, f"{option.name} can be set nowhere"
        assert (
            option.default is None
            or option.default == ()
            or option.kind.check(cg.to_config(option.default)) == option.default
        )
        assert len(option.help) <= 110
        assert not option.help.endswith(".")


def test_formats_are_the_reporters():
    assert tuple(cg.REPORTERS) == cg.FORMATS


def test_every_metric_has_a_rule() -> None:
    assert {metric.name for metric in cg.METRICS} | {"duplication", "unused-suppression"} <= {
        rule.name for rule in cg.RULES
    }
    rules = (*cg.RULES, *cg.RANKED_RULES)
    assert all(rule.title.lower() != rule.name for rule in rules)  # SARIF1001 of Microsoft's validator


NAMES = {metric.name: metric for metric in cg.METRICS}


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_has_one_name_that_is_read_wherever_it_is_printed(name):
    violation = cg.Violation(name, "error", 9, 5, None)
    printed = {
        cg.finding_words(violation).split()[0],
        cg.suppressed_words(cg.Suppressed(1, "f", name, "error", 9, 5, "")).split()[0],
        cg.improvement_words(cg.Improvement(name, 9, 5)).split()[0],
        cg.ByMetric().heading("a.ts", cg.Finding(name, "error", "", violation=violation)),
    }
    assert printed == {name}
    assert name in cg.RULE_INDEX
    for key, limit in zip(NAMES[name].limit_keys, (5, 9)):
        assert key in cg.CONFIG_KEYS and (key, limit) in cg.METRIC_LIMITS.read(f"{name}=5/9")
    assert cg.FAMILY_LIST.check([name]) == (NAMES[name].family,)
    comment = cg.SuppressionComment(1, 0, 2, 2, words=f"{name} -- reason", problem="")
    suppression = cg.Suppression(comment, require_reason=True)
    assert suppression.covers(name) and not suppression.strangers


@pytest.mark.parametrize("word", sorted(cg.MEANT_METRICS))
def test_another_word_for_a_metric_is_answered_with_its_name(word, guard, project):
    name = cg.MEANT_METRICS[word]
    slips = {word, word.upper()} - {name, "halstead", "structural"}
    for slip in slips:
        assert cg.stranger_words(slip, True, "").endswith(f"; did you mean {name}?")
        if name in cg.LIMIT_KEYS:
            assert cg.meant_word(slip, tuple(cg.LIMIT_KEYS)) == name


OFF = cg.OFF
PRESETS = {  # by METRICS.md; ESLint's are what each rule has by default
    "recommended": {
        "import_cycles": (1, OFF), "import_boundaries": (OFF, 0),
        "cyclomatic": (10, 20), "cognitive": (15, 25), "line_count": (50, 100), "params_count": (4, 7), "nesting_depth": (4, 6),
        "file_length": (400, 1000), "duplication": (15, 25), "duplication_project": (5, 10),
    },
    "strict": {
        "cyclomatic": (10, 20), "cognitive": (15, 25), "line_count": (25, 50), "params_count": (3, 6), "nesting_depth": (3, 5),
        "import_cycles": (1, OFF), "import_boundaries": (OFF, 0), "crap": (30, OFF), "file_length": (300, 600), "export_count": (15, 30),
        "halstead_volume": (500, 1000), "halstead_difficulty": (10, 20),
        "halstead_effort": (5000, 10000), "halstead_bugs": (0.5, 1.0), "duplication": (15, 25), "duplication_project": (5, 10),
    },
    "sonarqube": {"cognitive": (OFF, 15)},
    "eslint": {
        "cyclomatic": (OFF, 20), "nesting_depth": (OFF, 4), "line_count": (OFF, 50), "params_count": (OFF, 3), "file_length": (OFF, 300),
    },
}  # fmt: skip
MINIMA = {"recommended": (50, 5), "strict": (25, 1), "sonarqube": (50, 5), "eslint": (50, 5)}


def test_the_limits_of_presets():
    assert list(cg.PRESETS) == list(PRESETS)
    for name, limits in PRESETS.items():
        preset, values = cg.PRESETS[name], cg.PRESETS[name].values()
        assert {
            metric: tuple(map(values.__getitem__, keys)) for metric, keys in cg.LIMIT_KEYS.items()
        } == dict.fromkeys(cg.LIMIT_KEYS, (OFF, OFF)) | limits
        assert (preset.duplication_min_tokens, preset.duplication_min_lines) == MINIMA[name]


def test_a_preset_sets_what_configurations_can_set():
    for preset in cg.PRESETS.values():
        for name, value in preset.values().items():
            assert cg.CONFIG_KEYS[name].kind.check(cg.to_config(value)) == value


def test_without_a_configuration_recommended_holds():
    for name, value in cg.PRESETS["recommended"].values().items():
        assert cg.OPTION[name].default == value
    assert {metric.name: (metric.warning, metric.error) for metric in cg.ALL_METRICS} == cg.DEFAULT_ANALYSIS.thresholds
    values = cg.PRESETS["recommended"].values()
    for name in (
        "duplication_min_tokens",
        "duplication_min_lines",
        "cognitive_variant",
        "least_cognitive",
        "least_burden",
    ):
        assert getattr(cg.DEFAULT_ANALYSIS, name) == values[f"analysis.{name}"]
