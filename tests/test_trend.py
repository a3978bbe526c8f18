"""Trends: what a project was at a commit is what a run over a checkout of it says."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repository import GIT, Repo
from samples import function
from test_history import repo as repo
from test_history import step

import complexity_guard as cg

STEPS = [
    {"src/b.ts": function("b", 24), "dist/out.ts": function("d", 30), "a.test.ts": function("t", 30)},
    {
        "a.ts": function("one", 30) + function("two", 1),
        ".complexityguard.json": '{"files": {"exclude": ["src/left/"]}}',
    },
    {"src/left/c.ts": function("c", 40), ".hidden/h.ts": function("h", 40), "x.d.ts": "declare const x: number"},
    {"src/b.ts": None, "src/e.tsx": function("b", 24) + function("f", 2)},
    {"a.ts": function("one", 2) + "function ("},
    {"gen.ts": "// @generated\n" + function("g", 40), "a.ts": "function broken( {"},
]


def sums(report) -> tuple:
    """What a run says of product code."""
    files = [file for file in report["files"] if file["code"] == "product"]
    functions = [f for file in files for f in file["functions"]]
    units = [*functions, *(file["module"] for file in files)]
    past = sum(bool(f["violations"]) for f in functions)
    numbers = (len(functions), past, sum(f["cognitive"] for f in units), sum(file["file_length"] for file in files))
    return (report["summary"]["health_score"], *numbers)


@pytest.fixture
def history(repo):
    for number, files in enumerate(STEPS, 1):
        step(repo, dict(files), number * 86_400)
    repo.git("tag", "v1", "HEAD~2")
    repo.git("tag", "v2")
    return repo


@pytest.mark.parametrize("place", [".", "src"])
def test_each_point_is_what_a_checkout_says(history, tmp_path, place):
    """The configuration is today's: what it leaves out is left out of older commits, too."""
    cache = ("--cache-dir", str(tmp_path / "cache"))
    first = history.run("trend", place, "--window", "all", "--points", "7", *cache)
    assert first.code == 0, first.err
    points = first.json["points"]
    assert len(points) == 7
    config = (history.root / ".complexityguard.json").read_text()
    for point in points:
        history.git("checkout", "-q", "--detach", point["commit"])
        (history.root / ".complexityguard.json").write_text(config)
        report = history.run("--allow-empty", place if (history.root / place).exists() else "--allow-empty").json
        found = [point[key] for key in ("health_score", "functions", "past_limits", "cognitive", "lines")]
        if place == "." or (history.root / "src").exists():
            assert tuple(found) == sums(report), point
        history.git("checkout", "-qf", "main")
    assert len({json.dumps(point["functions"]) for point in points}) > 2
    assert history.run("trend", place, "--window", "all", "--points", "7", *cache).out == first.out


def test_tags_stand_at_the_point_that_has_them(history):
    points = history.run("trend", "--window", "all", "--points", "3").json["points"]
    assert [point["tags"] for point in points] == [[], [], ["v1", "v2"]]
    console = history.run("trend", "--window", "all", "-f", "console").out
    assert "  v1: health" in console and "v2: health" in console and "▁" in console
    table = history.run("trend", "--window", "all", "-f", "csv").out.splitlines()
    assert table[0].startswith("commit,date,tags,health_score") and len(table) == 8


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40), st.integers(2, 60))
def test_points_are_the_last_commits_before_even_times(times, count):
    """Against the rule in plain words; clocks may go backwards from one commit to the next."""
    moments = [cg.Moment(str(place), time, (str(place),), "") for place, time in enumerate(times)]
    latest = list(itertools.accumulate(times, max))
    expected = set()
    for number in range(count):
        wanted = latest[-1] - (latest[-1] - latest[0]) * (count - 1 - number) // (count - 1)
        expected.add(max(place for place, time in enumerate(latest) if time <= wanted))
    found = cg.evenly_spaced(moments, count)
    assert [int(moment.id) for moment in found] == sorted(expected)
    assert int(found[-1].id) == len(times) - 1
    assert [tag for moment in found for tag in moment.tags] == [str(place) for place in range(len(times))]


def test_a_function_and_the_commits_that_made_it_worse(repo):
    nested = "function one() { if (a) { if (b) { c() } } }\n"
    for number, text in enumerate((nested, nested.replace("c()", "d()"), "function one() { if (a) { d() } }\n"), 1):
        step(repo, {"a.ts": text}, number)
    result = repo.run("trend", "a.ts:one", "--window", "all")
    assert result.code == 0, result.err
    rows = [(point["change"], point["cognitive"], point["subject"]) for point in result.json["points"]]
    assert rows == [
        ("new", 3, "step 0"),
        ("better", 3, "step 1"),
        ("unchanged", 3, "step 2"),
        ("better", 1, "step 3"),
    ]
    assert "better: cognitive 1" in repo.run("trend", "a.ts:one", "--window", "all", "-f", "console").out
    assert repo.run("trend", "a.ts:1", "--window", "all").json["points"] == result.json["points"]
    missing = repo.run("trend", "a.ts:none")
    assert missing.code == 3 and "a.ts has no function 'none'" in missing.err


def test_submodules_are_not_in_it(repo, guard, tmp_path):
    inner = Repo(guard, tmp_path / "inner").commit({"in.ts": function("deep", 2)})
    repo.git("submodule", "add", "-q", f"file://{inner.root}", "sub")
    repo.commit({})
    remarks = repo.run("trend", "--window", "all").json["history"]["remarks"]
    assert len(remarks) == 1 and "sub" in remarks[0]


def test_many_tags_of_a_point_are_told_from_the_newest(history):
    for number in range(9):
        history.git("tag", f"w{number}")
    shown = history.run("trend", "--window", "all", "--points", "2", "-f", "console").out
    assert "and 6 more: health" in shown
    tags = history.run("trend", "--window", "all", "--points", "2").json["points"][-1]["tags"]
    assert len(tags) == 11 and f"  {tags[-1]}, {tags[-2]}, " in shown


def test_what_trend_refuses(repo, guard, tmp_path):
    assert repo.run("trend", "-f", "json", "--window", "nothing").code == 3
    assert "trend writes console, json, csv or html" in repo.run("trend", "-f", "markdown").err
    for path in ("nofile", "README.md"):
        result = repo.run("trend", path, "--window", "all")
        assert result.code == 3 and f"no commit of the window has source files in {path}" in result.err
    (tmp_path / "other").mkdir()
    other = Repo(guard, tmp_path / "other").commit({"a.ts": function("x", 1)})
    result = repo.run("trend", ".", str(other.root))
    assert result.code == 3 and "one repository at a time" in result.err
    assert "is in no function" in repo.run("trend", "a.ts:3", "--window", "all").err
    (tmp_path / "x").mkdir()
    assert guard("trend", cwd=tmp_path / "x", env=GIT).code == 3
