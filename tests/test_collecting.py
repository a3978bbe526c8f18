"""Collecting: what workers hand over, and what the parent makes of it for the exit code."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import pytest
from conftest import BINARY, COMMAND
from processes import expected as expected
from processes import linux_only, needs_root, report_of, source
from processes import many as many
from tools import needs

import complexity_guard as cg

module_only = pytest.mark.skipif(bool(BINARY), reason="the module's own functions")


@linux_only
@needs_root
@needs("unshare")
def test_a_temporary_folder_that_fills_up_costs_no_result(many, expected, tmp_path):
    """Workers keep their fragments there; what does not fit comes back with the result."""
    small = tmp_path / "small"
    small.mkdir()
    script = f'mount -t tmpfs -o size=20k none {small} || exit 99; TMPDIR={small} exec "$@"'
    options = ["-f", "json", "--fail-on", "none", "--threads", "2", "--executor", "process"]
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", *COMMAND, str(many), *options],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=many,
        check=False,
    )
    if done.returncode == 99:
        pytest.skip("mounting is not allowed here")
    assert done.stderr == ""
    assert report_of(done.stdout) == expected


def test_a_flag_stands_in_for_the_floor_of_the_configuration(guard, project):
    folder = project({"a.ts": "export const f = (a, b) => a || b;\n", ".complexityguard.json": '{"baseline": 99.99}'})
    assert guard(cwd=folder).code == 1
    for flag in ("--health-floor", "--fail-health-below"):
        assert guard(flag, "50", cwd=folder).code == 0
        assert guard(flag, "100", cwd=folder).code == 1


# From outcomes to a summary: nothing is counted twice, and one function tells why a run fails

SETTINGS = cg.Settings(cg.DEFAULT_ANALYSIS)
NOTHING = cg.Collected(
    **dict.fromkeys(cg.Collected._fields[:7], 0), health_score=80.0, skipped=(), hotspots=(), losses=cg.NO_LOSSES,
    duplication=None, graph=None, changes=None, entries=(), tests=cg.CodeSums(*[0] * 7, 100.0), generated=cg.CodeSums(*[0] * 7, 100.0),
)  # fmt: skip
LOST, LEFT_OUT = (
    cg.Skipped("a.ts", "permission denied"),
    cg.LeftOut("b.ts", "left out as configured: 9 bytes are more than max_file_bytes"),
)


@pytest.fixture
def folder(project) -> Path:
    return project({f"f{i}.ts": source(i % 3, 40) for i in range(9)})


@module_only
def test_asking_twice_counts_nothing_twice(folder):
    """The search for clones takes the tokens apart, and clones are errors of their own."""
    analysis = SETTINGS.analysis._replace(metrics=SETTINGS.analysis.metrics | {"duplication"})
    settings = SETTINGS._replace(analysis=analysis, threads=1, reports=())
    collector, _ = cg.analysed([str(folder)], settings)
    collected = collector.collected()
    assert collected.duplication and collected.duplication.groups and collected.errors
    assert collector.collected() == collected
    one, other = (cg.summary_of(collected, settings, 1.5, 2)._replace(timestamp="") for _ in range(2))
    assert one == other and one.elapsed_ms == 1500


@module_only
@pytest.mark.parametrize(
    ("found", "wishes", "code", "words"),
    [
        ({}, {}, cg.EXIT_PASSED, ()),
        ({"errors": 1}, {}, cg.EXIT_ERRORS, ("1 error",)),
        ({"errors": 1}, {"fail_on": "none"}, cg.EXIT_PASSED, ()),
        ({"warnings": 2}, {}, cg.EXIT_PASSED, ()),
        ({"warnings": 2}, {"fail_on": "warning"}, cg.EXIT_WARNINGS, ("2 warnings",)),
        ({"warnings": 2, "errors": 3}, {"fail_on": "warning"}, cg.EXIT_ERRORS, ("3 errors", "2 warnings")),
        (
            {"warnings": 2},
            {"fail_on": "warning", "health_floor": 90},
            cg.EXIT_ERRORS,
            ("2 warnings", "health 80.0 is below 90"),
        ),
        ({}, {"fail_on": "none", "health_floor": 80}, cg.EXIT_PASSED, ()),
        ({}, {"health_floor": 90, "comparison": cg.Comparison("since", "main")}, cg.EXIT_PASSED, ()),
        ({"skipped": (LEFT_OUT,)}, {}, cg.EXIT_PASSED, ()),
        ({"skipped": (LOST, LEFT_OUT), "errors": 1}, {}, cg.EXIT_SKIPPED, ("1 file could not be analysed", "1 error")),
    ],
)
def test_the_verdict_of_a_run(found, wishes, code, words):
    assert cg.verdict_of_run(NOTHING._replace(**found), SETTINGS._replace(**wishes)) == (code, words)


@module_only
def test_a_run_fails_exactly_where_it_says_why():
    counts = {"warnings": (0, 1), "errors": (0, 1), "health_score": (50.0, 90.0), "skipped": ((), (LOST,), (LEFT_OUT,))}
    for values in itertools.product(*counts.values()):
        for fail_on, minimum in itertools.product(("none", "error", "warning"), (None, 60)):
            collected = NOTHING._replace(**dict(zip(counts, values, strict=True)))
            code, words = cg.verdict_of_run(collected, SETTINGS._replace(fail_on=fail_on, health_floor=minimum))
            assert bool(code) == bool(words)


@module_only
@pytest.mark.parametrize("in_memory", [0, 40, 1 << 20])
def test_what_is_kept_is_replayed_in_path_order(in_memory):
    store = cg.FragmentStore(50, 2, in_memory)
    kept = {index: (f"a{index}é" * index, f"\udcff{index}") for index in range(50) if index % 7}
    for index in sorted(kept, key=lambda index: index * 17 % 50):
        store.keep(index, kept[index])
    for report in (1, 0):
        assert list(store.replay(report)) == [kept[index][report] for index in sorted(kept)]
    store.close()
