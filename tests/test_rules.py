"""Which rules apply to a file: the configuration's, its overrides', and those of flags."""

from __future__ import annotations

from pathlib import Path

from configurations import load as load
from configurations import settings as settings

import complexity_guard as cg


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
        ".git/HEAD": "", "src/a.ts": many, "src/legacy/b.ts": many,
        ".complexityguard.json": '{"overrides": [{"files": ["src/legacy/**"], "analysis":'
        ' {"thresholds": {"params_count": {"warning": 10, "error": 20}}}}]}',
    })  # fmt: skip
    for cwd, arguments in (
        (folder, ["src"]),
        (folder / "src", []),
        (folder / "src/legacy", [".."]),
        (folder, [str(folder)]),
    ):
        result = guard("-f", "json", *arguments, cwd=cwd)
        statuses = {Path(file["path"]).name: file["functions"][0]["status"] for file in result.json["files"]}
        assert statuses == {"a.ts": "error", "b.ts": "ok"}
        assert result.code == 1
