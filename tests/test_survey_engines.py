"""Surveys by engines that others run, as docs/scale.md has them, and the questions that it asks of the parts."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import distributed
import duckdb
import psutil
import pytest
from conftest import ROOT
from samples import function
from test_survey import bytes_of, command, commit, git, pytestmark, repository, rows, short, surveyed, world
from tools import tool

import complexity_guard as cg

__all__ = ["pytestmark", "short", "world"]
SCALE = (ROOT / "docs" / "scale.md").read_text("utf-8")


def block(heading: str, language: str) -> str:
    """The first piece of code below a heading of the document."""
    section = SCALE.partition(f"## {heading}\n")[2]
    return re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)[1]


def run_recipe(heading: str, folder: Path, monkeypatch, **replaced: str) -> dict:
    """What the document says to do, in a folder that has what it names."""
    text = block(heading, "python")
    for old, new in replaced.values():
        assert old in text
        text = text.replace(old, new)
    monkeypatch.chdir(folder)
    space = {"__name__": "recipe"}
    exec(compile(text, heading, "exec"), space)
    return space


@pytest.fixture
def desk(world, tmp_path) -> Path:
    """A folder with the manifest that recipes name."""
    text = (world / "short.ndjson").read_text()
    for name in ("one", "t%77o ü", "plain"):
        (tmp_path / name).symlink_to(world / name)
    (tmp_path / "manifest.ndjson").write_text(text)
    return tmp_path


def same(folder: Path, expected: Path) -> bool:
    """Whether a survey by a recipe, which has other wishes, has the rows of another one."""
    tables = ("repositories", "files", "functions")
    return all(
        [row | {"run": ""} for row in rows(folder, table)] == [row | {"run": ""} for row in rows(expected, table)]
        for table in tables
    )


# ── Dask ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def dask():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster


def test_dask_gives_the_serial_answer(dask, desk, world, short, monkeypatch):
    address = ("tcp://scheduler:8786", dask.scheduler_address)
    run_recipe("Dask", desk, monkeypatch, address=address)
    assert same(desk / "november", short)


def test_the_command_takes_the_address_of_dask(dask, world, short, tmp_path):
    words = command(world, tmp_path / "survey", "--executor", f"dask={dask.scheduler_address}")
    words[2] = str(world / "short.ndjson")
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0 and done.stderr.count(" of 4: ") == 4
    assert bytes_of(tmp_path / "survey") == bytes_of(short)


def test_a_worker_of_dask_may_die_in_the_middle(dask, world, short, tmp_path):
    with distributed.Client(dask.scheduler_address) as client:
        known = set(client.scheduler_info()["workers"])
        victims = [dask.workers[0].pid]

        def say(words: str) -> None:
            for pid in victims[:1]:
                os.kill(pid, signal.SIGKILL)
                victims.clear()

        surveyed(world, tmp_path / "survey", executor=client, say=say)
        assert bytes_of(tmp_path / "survey") == bytes_of(short)
        assert victims == [] and known


# ── Ray, and Spark: where they are installed ─────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def ray():
    ray = pytest.importorskip("ray", reason="Ray is not installed: pip install ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    yield ray
    ray.shutdown()


def test_ray_gives_the_serial_answer(ray, desk, world, short, monkeypatch):
    run_recipe("Ray", desk, monkeypatch, start=('ray.init(address="auto")\n', "\n"))
    assert same(desk / "november", short)


def test_a_worker_of_ray_may_die_in_the_middle(ray, world, short, tmp_path):
    killed = []

    def say(words: str) -> None:
        for process in psutil.process_iter(["name", "cmdline"]):
            if not killed and "ray::surveyed" in " ".join(process.info["cmdline"] or ()):
                process.kill()
                killed.append(process.pid)

    surveyed(world, tmp_path / "survey", executor=ray, say=say)
    assert bytes_of(tmp_path / "survey") == bytes_of(short)


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed: pip install pyspark pandas pyarrow")
    if not shutil.which("java"):
        pytest.skip("no java, which Spark needs")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def test_spark_gives_the_serial_answer(spark, desk, world, short, monkeypatch):
    run_recipe("Spark", desk, monkeypatch)
    assert same(desk / "november", short)


def test_tables_of_spark_hold_the_same_rows(spark, desk, world, short, monkeypatch):
    pytest.importorskip("pandas", reason="mapInPandas needs pandas")
    pytest.importorskip("pyarrow", reason="mapInPandas needs pyarrow")
    names = {name: (f'("{name}")', f'("{desk / name}")') for name in ("manifest.ndjson", "november.parquet")}
    run_recipe(
        "Spark, and tables of its own", desk, monkeypatch, **names, shared=("/shared", str(desk)), few=("(64)", "(2)")
    )
    found = spark.read.parquet(str(desk / "november.parquet"))
    for table in ("repositories", "files", "functions"):
        expected = rows(short, table)
        mine = [row.asDict() for row in found.where(f"table = '{table}'").collect()]
        columns = list(expected[0])
        mine = sorted(({name: row[name] for name in columns} | {"run": ""} for row in mine), key=whole_order)
        assert mine == sorted((row | {"run": ""} for row in expected), key=whole_order)


def whole_order(row: dict) -> list[str]:
    return [str(row.get(name)) for name in ("repository", "path", "name", "place", "start_line")]


# ── Questions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def knotty(name: str, depth: int) -> str:
    """A function that is past limits, the deeper the more."""
    return f"function {name}(a) {{ {'if (a) { for (;;) { ' * depth} x(); {'} }' * depth} {'if (a && b) c();' * 12} }}\n"


@pytest.fixture(scope="module")
def months(tmp_path_factory) -> Path:
    """Two surveys of three repositories: `october`, `november`; in between something became of their functions."""
    root = tmp_path_factory.mktemp("months")
    old = {f"bad{i}": knotty(f"bad{i}", 3 + i % 3) for i in range(8)}
    repository(root / "shop", {"a.ts": "".join(old.values()), "a.test.ts": knotty("tested", 6)})
    repository(root / "cart", {"c.ts": knotty("gone", 4) + function("calm", 3)})
    repository(root / "site", {"s.ts": knotty("first", 5)})
    for name in ("shop", "cart", "site"):
        git(root / name, "tag", "october")
    old["bad2"] = knotty("bad2", 6)
    commit(root / "shop", {"a.ts": "".join(old.values()) + knotty("late", 4)})
    commit(root / "cart", {"c.ts": function("calm", 4)})
    teams = {"shop": "sales", "cart": "sales", "site": "web", "nowhere": "web"}
    for month, revision in (("october", "october"), ("november", "main")):
        listed = [{"repository": name, "revision": revision, "tag": team} for name, team in teams.items()]
        (root / f"{month}.ndjson").write_text("".join(f"{json.dumps(row)}\n" for row in listed))
        cg.survey(root / f"{month}.ndjson", root / month, part=2, scratch=root / "scratch")
    return root


def asked(heading: str, months: Path, monkeypatch) -> list[dict]:
    monkeypatch.chdir(months)
    with duckdb.connect() as base:
        answer = base.execute(block(heading, "sql"))
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row)) for row in answer.fetchall()]


def test_the_worst_functions_are_those_of_one_run_over_all(months, guard, monkeypatch):
    found = asked("The worst ten functions of the organisation", months, monkeypatch)
    (months / "none.json").write_text("{}")
    report = guard("-f", "json", "--top", "10", "--config", "none.json", "shop", "cart", "site", cwd=months).json
    expected = [(spot["path"], spot["line"], spot["name"]) for spot in report["summary"]["hotspots"]]
    assert [(f"{row['repository']}/{row['path']}", row["start_line"], row["name"]) for row in found] == expected
    assert len(found) == 10


def test_health_by_team_is_that_of_one_run_over_its_repositories(months, guard, monkeypatch):
    found = {row["team"]: row for row in asked("Health by team", months, monkeypatch)}
    for team, names in {"sales": ("shop", "cart"), "web": ("site",)}.items():
        summary = guard("-f", "json", "--config", "none.json", *names, cwd=months).json["summary"]
        assert found[team]["health"] == pytest.approx(summary["health_score"], abs=0.006)
        assert (found[team]["errors"], found[team]["repositories"]) == (summary["errors"], len(names))
    assert found.keys() == {"sales", "web"}


def test_what_changed_is_what_became_worse(months, monkeypatch):
    found = asked("What changed since last month", months, monkeypatch)
    assert {(row["repository"], row["name"], row["change"]) for row in found} == {
        ("shop", "bad2", "worse"),
        ("shop", "late", "new"),
        ("cart", "gone", "gone"),
    }


def test_what_could_not_be_surveyed(months, monkeypatch):
    assert asked("What could not be surveyed", months, monkeypatch) == [
        {"error": "there is no such folder", "repositories": 1}
    ]


def test_packed_parts_can_be_asked(world, short, tmp_path):
    """Of each repository there is a file of gzip behind the other's, in one."""
    surveyed(world, tmp_path / "packed", format="ndjson.gz")
    counted = "SELECT repository, count(*) FROM read_json('{}') GROUP BY ALL ORDER BY ALL"
    packed = duckdb.sql(counted.format(tmp_path / "packed" / "parts" / "*" / "functions.ndjson.gz")).fetchall()
    assert (
        packed == duckdb.sql(counted.format(short / "parts" / "*" / "functions.ndjson")).fetchall() and len(packed) > 2
    )


def test_every_question_of_the_document_is_asked_here():
    headings = re.findall(r"^### (.*)\n(?:(?!^#).*\n)*?```sql", SCALE, re.MULTILINE)
    assert set(headings) == {
        "The worst ten functions of the organisation",
        "Health by team",
        "What changed since last month",
        "What could not be surveyed",
    }
    tool("git")
