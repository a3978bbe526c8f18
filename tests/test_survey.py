"""Many repositories: what a survey says of each, whoever does the work, and that nothing a repository holds is run."""

from __future__ import annotations

import csv
import gzip
import json
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import complexity_guard_survey as surveys
import pytest
from conftest import BINARY, ROOT
from processes import source
from repository import GIT
from samples import function
from tools import needs

import complexity_guard as cg

pytestmark = [
    pytest.mark.skipif(bool(BINARY), reason="a survey is of the module"),
    pytest.mark.skipif(os.name != "posix", reason="a survey needs POSIX"),
    needs("git"),
]


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, env={**os.environ, **GIT}, capture_output=True, check=True)
    return done.stdout.decode().strip()


def repository(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    return commit(folder, files)


def commit(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", "step")
    return folder


def rows(folder: Path, table: str) -> list[dict]:
    """Of a survey in NDJSON."""
    files = sorted(folder.glob(f"parts/*/{table}.ndjson"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("parts/*/*")}


HARD = function("hard", 40).replace("hard_();", "hard_(); " + "if (x) { while (y) { if (z) { for (;;) w(); } } } " * 4)


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Path:
    """Repositories, a manifest of them in which not all is well, and a place for clones."""
    root = tmp_path_factory.mktemp("world")
    one = repository(
        root / "one",
        {
            "src/a.ts": source(1, 12) + "\n" + HARD,
            "src/b.test.ts": source(2, 3),
            "lib/ü.js": "export const x = (a) => a ? 1 : 2;",
            "dist/kept.ts": function("kept", 3),
            ".gitignore": "ignored.ts\n",
            "ignored.ts": function("tracked", 2),  # git tracks it all the same
            "broken.ts": "function (\n" + function("after", 1),
            "readme.md": "text",
            "odd \x1b.ts": function("odd", 1),
        },
    )
    git(one, "tag", "v1")
    commit(one, {"src/a.ts": source(3, 5)})
    repository(root / "t%77o ü", {"index.vue": "<script>\nexport function f(a) { return a && 1 }\n</script>\n"})
    repository(root / "empty", {"readme.md": "text"})
    (root / "plain").mkdir()
    (root / "plain" / "x.ts").write_text(HARD)
    (root / "plain" / ".complexityguard.json").write_text('{"files": {"exclude": ["x.ts"]}}')
    listed = [
        {"repository": "one", "revision": "v1", "tag": "red"},
        {"repository": "one", "revision": "main", "tag": "blue"},
        {"repository": "one", "revision": git(one, "rev-parse", "HEAD"), "tag": "blue"},
        {"repository": "t%77o ü", "revision": "HEAD", "tag": "red"},
        {"repository": f"file://{root}/t%2577o%20ü", "tag": "red"},
        {"repository": "empty", "revision": "main"},
        {"repository": "plain", "tag": "red"},
        {"repository": "nowhere", "revision": "main"},
        {"repository": "one", "revision": "no-such-branch"},
        {"repository": "https://127.0.0.1:9/none.git"},
    ]
    (root / "manifest.ndjson").write_text("".join(f"{json.dumps(row)}\n" for row in listed))
    short = [listed[0], listed[3], listed[6], listed[7]]
    (root / "short.ndjson").write_text("".join(f"{json.dumps(row)}\n" for row in short))
    (root / "scratch").mkdir()
    return root


def surveyed(world: Path, folder: Path, manifest: str = "short", **wishes) -> surveys.Surveyed:
    chosen = {"part": 3, "scratch": world / "scratch", **wishes}
    return cg.survey(world / f"{manifest}.ndjson", folder, **chosen)


@pytest.fixture(scope="module")
def serial(world, tmp_path_factory) -> Path:
    """What one process says of them, one after the other."""
    folder = tmp_path_factory.mktemp("serial") / "survey"
    done = surveyed(world, folder, "manifest")
    assert (done.repositories, done.failed) == (10, 3)
    assert os.listdir(world / "scratch") == [], "clones are removed"
    return folder


@pytest.fixture(scope="module")
def short(world, tmp_path_factory) -> Path:
    """The same of four of them."""
    folder = tmp_path_factory.mktemp("short") / "survey"
    surveyed(world, folder)
    return folder


# ── What rows say ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_repository_has_the_numbers_of_a_run_over_its_checkout(world, serial, guard, tmp_path):
    """The program itself is the oracle: over a checkout that git made, for functions, files, sums and health."""
    for listed, row in zip(
        [json.loads(line) for line in open(world / "manifest.ndjson")], rows(serial, "repositories")
    ):
        if row["status"] != "ok" or listed["repository"].startswith("file:"):
            continue
        checkout = tmp_path / str(len(os.listdir(tmp_path)))
        if listed.get("revision"):
            git(tmp_path, "clone", "-q", str(world / listed["repository"]), str(checkout))
            git(checkout, "checkout", "-q", listed["revision"])
        else:
            checkout = world / listed["repository"]
        (tmp_path / "none.json").write_text("{}")
        report = guard("-f", "json", "--config", tmp_path / "none.json", cwd=checkout).json
        check_sums(row, report["summary"])
        identity = {key: row[key] for key in ("repository", "revision", "commit", "tag")}
        check_files(report["files"], mine(rows(serial, "files"), identity), mine(rows(serial, "functions"), identity))


def mine(found: list[dict], identity: dict) -> list[dict]:
    return [row for row in found if identity.items() <= row.items()]


def check_sums(row: dict, summary: dict) -> None:
    assert (row["files"], row["functions"]) == (summary["files_analyzed"], summary["total_functions"])
    assert (row["warnings"], row["errors"]) == (summary["warnings"], summary["errors"])
    assert (row["health_score"], row["test_files"]) == (summary["health_score"], summary["tests"]["files"])


def check_files(files: list[dict], file_rows: list[dict], function_rows: list[dict]) -> None:
    numbers = "start_line end_line cyclomatic cognitive line_count params_count nesting_depth health_lines status kind"
    expected = [
        (file["path"], file["code"], f["qualified_name"], *map(f.get, numbers.split()))
        for file in files
        for f in file["functions"]
    ]
    assert expected == [tuple(map(row.get, ("path", "code", "name", *numbers.split()))) for row in function_rows] and [
        file["path"] for file in files
    ] == [row["path"] for row in file_rows]
    for file, row in zip(files, file_rows):
        assert (file["health_lines"], len(file["syntax_errors"])) == (row["health_lines"], row["syntax_errors"])
        assert file["health_score"] == pytest.approx(row["health_score"], abs=0.006)


def test_what_went_wrong_is_a_row(serial):
    told = [(row["status"], row["error"]) for row in rows(serial, "repositories")]
    assert told[5] == ("empty", None)
    assert [status for status, _ in told] == ["ok"] * 5 + ["empty", "ok"] + ["failed"] * 3
    assert [error for _, error in told[7:9]] == [
        "there is no such folder",
        "git: fatal: couldn't find remote ref no-such-branch",
    ]
    assert "unable to access" in told[9][1]


def test_a_configuration_of_theirs_changes_nothing_and_ours_all(world, short, tmp_path):
    assert [row["path"] for row in rows(short, "files") if row["repository"] == "plain"] == ["x.ts"]
    (tmp_path / "ours.json").write_text('{"files": {"exclude": ["*.vue"]}, "analysis": {"metrics": ["cognitive"]}}')
    surveyed(world, tmp_path / "ours", config=tmp_path / "ours.json")
    assert not [row for row in rows(tmp_path / "ours", "files") if row["path"].endswith(".vue")]
    assert {row["cyclomatic"] for row in rows(tmp_path / "ours", "functions")} == {None}
    (tmp_path / "wrong.json").write_text('{"extends": "base.json"}')
    with pytest.raises(cg.UsageError, match=r"base\.json"):
        surveyed(world, tmp_path / "wrong", config=tmp_path / "wrong.json")


@pytest.mark.parametrize("format", ["csv", "ndjson.gz"])
def test_formats_hold_the_same_rows(world, short, tmp_path, format):
    surveyed(world, tmp_path / "survey", format=format)
    for table, columns in surveys.TABLES.items():
        texts = []
        for path in sorted(tmp_path.glob(f"survey/parts/*/{table}.{format}")):
            data = gzip.decompress(path.read_bytes()) if format.endswith("gz") else path.read_bytes()
            texts.append(data.decode())
        if format.startswith("csv"):
            found = [row for text in texts for row in csv.DictReader(text.splitlines())]
            assert all(list(row) == list(columns) for row in found)
            pairs = [(row["repository"], row["commit"]) for row in found]
        else:
            found = [json.loads(line) for text in texts for line in text.splitlines()]
            pairs = [(row["repository"], row["commit"]) for row in found]
            assert [row | {"run": ""} for row in found] == [row | {"run": ""} for row in rows(short, table)]
        assert pairs == [(row["repository"], row["commit"]) for row in rows(short, table)]


# ── Whoever does the work ────────────────────────────────────────────────────────────────────────────────────────────


class Slow(Executor):
    """Answers late, and in another order."""

    def submit(self, function, *values) -> Future:
        future: Future = Future()
        threading.Timer(0.05 * (7 - values[0].index % 7), lambda: future.set_result(function(*values))).start()
        return future


class Mapping:
    """All that it can do is map, and it breaks down now and then."""

    def __init__(self, name: str) -> None:
        setattr(self, name, self.answers)
        self.asked = 0

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        pass

    def answers(self, function, tasks):
        for task in tasks:
            self.asked += 1
            if self.asked == 2:
                raise OSError("broken")
            yield function(task)


EXECUTORS = {
    "what only maps": lambda: Mapping("map"),
    "what only maps in any order": lambda: Mapping("imap_unordered"),
    "threads": lambda: ThreadPoolExecutor(2),
    "processes": lambda: ProcessPoolExecutor(2, multiprocessing.get_context("spawn")),
    "pool": lambda: multiprocessing.get_context("spawn").Pool(2),
    "in another order": Slow,
}


@pytest.mark.parametrize("name", EXECUTORS)
def test_every_executor_gives_the_serial_answer(world, short, tmp_path, name):
    with EXECUTORS[name]() as executor:
        surveyed(world, tmp_path / "survey", executor=executor, in_flight=2)
    assert bytes_of(tmp_path / "survey") == bytes_of(short)
    assert os.listdir(world / "scratch") == []


def test_rows_can_be_a_list_and_a_program_can_have_them_without_any_folder(world, short, tmp_path):
    row = {"repository": str(world / "one"), "revision": "v1", "tag": "red"}
    cg.survey([row], tmp_path / "survey", scratch=world / "scratch")
    found = list(surveys.rows_of(row, surveys.wishes_of({"scratch": world / "scratch"})))
    for table, columns in surveys.TABLES.items():
        alone = [{key: one[key] for key in columns} | {"run": ""} for one in found if one["table"] == table]
        assert alone == [one | {"run": ""} for one in rows(tmp_path / "survey", table)]
    assert {key for one in found for key in one} == {part.split("`")[1] for part in surveys.schema().split(", ")}


class Deadly(Executor):
    """Its first answers are exceptions, as those of a worker that died."""

    def __init__(self, deaths: int) -> None:
        self.deaths: dict[int, int] = {}
        self.each = deaths

    def submit(self, function, task) -> Future:
        future: Future = Future()
        self.deaths[task.index] = self.deaths.get(task.index, 0) + 1
        if self.deaths[task.index] <= self.each:
            future.set_exception(OSError("the worker is gone"))
        else:
            future.set_result(function(task))
        return future


def test_what_a_lost_worker_had_is_done_again_once(world, short, tmp_path):
    surveyed(world, tmp_path / "once", executor=Deadly(1))
    assert bytes_of(tmp_path / "once") == bytes_of(short)
    surveyed(world, tmp_path / "twice", executor=Deadly(2))
    assert {row["error"] for row in rows(tmp_path / "twice", "repositories")} == {
        "its worker failed: OSError: the worker is gone"
    }


def test_a_worker_that_takes_its_task_along_is_noticed(world, short, tmp_path, monkeypatch):
    """A Pool says nothing of a task whose worker was killed."""
    monkeypatch.setattr(surveys, "_PATIENCE", 1)
    context = multiprocessing.get_context("fork")
    mark = tmp_path / "killed"
    monkeypatch.setattr(surveys, "Place", killing(surveys.Place, mark))
    with context.Pool(2) as pool:
        surveyed(world, tmp_path / "survey", executor=pool, seconds=3, scratch=tmp_path / "scratch")
    assert mark.exists()
    statuses = [[row["status"] for row in rows(folder, "repositories")] for folder in (tmp_path / "survey", short)]
    assert statuses[0] == statuses[1]


def killing(place: type, mark: Path) -> type:
    class Killing(place):
        def __enter__(self) -> str:
            folder = super().__enter__()
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return folder

    return Killing


def test_workers_unlike_the_caller_end_it(world, tmp_path, monkeypatch):
    monkeypatch.setattr(surveys, "program_words", lambda: "0.9, another scanner")
    with pytest.raises(surveys.Stopped, match=r"not like the caller: 1\.\d.*; the caller has 0\.9, another scanner"):
        surveyed(world, tmp_path / "survey")
    assert not list(tmp_path.glob("survey/parts/*")), "of that no repository is to blame"


# ── Manifests and addresses of strangers ─────────────────────────────────────────────────────────────────────────────

WRONG = {
    '{"repository": "a"': "not a line of JSON",
    "[" * 5000: "not a line of JSON",
    '["a"]': "a row is an object",
    "{}": "no repository",
    '{"repository": ""}': "no repository",
    '{"repository": 1}': "repository is no text",
    '{"repository": "a", "revision": ["b"]}': "revision is no text",
    '{"repository": "a\\nb"}': "repository is no text",
    '{"repository": "a\\u0000"}': "repository is no text",
    '{"repository": "\\ud800"}': "repository is no text",
    '{"repository": "\\u202eb"}': "repository is no text",
    json.dumps({"repository": "a" * 5000}): "repository is no text",
    json.dumps({"repository": "a" * 70000}): "a line of more than 65536 bytes",
    '{"repository": "a", "branch": "b"}': "and not branch",
}


@pytest.mark.parametrize(("line", "words"), WRONG.items(), ids=[line[:24] for line in WRONG])
def test_a_wrong_manifest_is_refused_by_its_line(tmp_path, line, words):
    (tmp_path / "m.ndjson").write_text(f'{{"repository": "good"}}\n\n{line}\n')
    with pytest.raises(cg.UsageError, match="m.ndjson:3: .*" + words):
        cg.survey(tmp_path / "m.ndjson", tmp_path / "survey")
    assert not (tmp_path / "survey").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"repository,tag\na\n", ":2: 1 values for the 2 columns"),
        (b"repository,team\na,b\n", ":2: .*not team"),
        (b'repository\n"a\n', ":2: not a line of CSV"),
        (b"repository\n", "a manifest without rows"),
        (b"", "a manifest without rows"),
        (b"repository\n\xff\n", ":2: not UTF-8"),
    ],
)
def test_a_wrong_manifest_in_csv(tmp_path, data, words):
    (tmp_path / "m.csv").write_bytes(data)
    with pytest.raises(cg.UsageError, match="m.csv" + words if words[0] == ":" else words):
        cg.survey(tmp_path / "m.csv", tmp_path / "survey")
    with pytest.raises(cg.UsageError, match="no such file"):
        cg.survey(tmp_path / "none.csv", tmp_path / "survey")


def test_csv_says_what_ndjson_says(tmp_path):
    (tmp_path / "m.csv").write_bytes(b'\xef\xbb\xbftag,repository,revision\r\n"a, b",x,\r\n\r\n,y,v1\r\n')
    (tmp_path / "m.ndjson").write_text('{"repository": "x", "tag": "a, b"}\n{"repository": "y", "revision": "v1"}\n')
    assert list(surveys.Manifest(tmp_path / "m.csv").rows()) == list(surveys.Manifest(tmp_path / "m.ndjson").rows())


STRANGE = {  # repository, revision -> why git is not asked
    ("ext::sh -c touch% {mark}", ""): "a remote helper is no address",
    ("fd::17", ""): "a remote helper",
    ("http://127.0.0.1/x.git", ""): "the protocol of an address",
    ("git://127.0.0.1/x.git", ""): "the protocol of an address",
    ("EXT://x", ""): "the protocol of an address",
    ("ssh://-oProxyCommand=touch {mark}/x", ""): "without a host",
    ("ssh://-oProxyCommand=sh@host/x", ""): "begins like that",
    ("https:///x", ""): "without a host",
    ("https://user:secret@127.0.0.1/x.git", ""): "a password in the address",
    ("--upload-pack=touch {mark}", ""): "no such folder",
    ("--upload-pack=touch {mark}", "main"): "no such folder",
    ("-oProxyCommand=touch {mark}@host:x", ""): "no such folder",
    ("one", "--upload-pack=touch {mark}"): "no name of a branch",
    ("one", "+refs/heads/*:refs/heads/*"): "no name of a branch",
    ("one", "main:refs/heads/x"): "no name of a branch",
    ("one", "a..b"): "no name of a branch",
    ("one", "main@{{1}}"): "no name of a branch",
    ("one", ":/words"): "no name of a branch",
}


def test_strange_addresses_are_rows_and_start_nothing(world, tmp_path):
    mark = tmp_path / "mark"
    listed = [
        {"repository": repository.format(mark=mark), "revision": revision.format(mark=mark)}
        for repository, revision in STRANGE
    ]
    text = "".join(f"{json.dumps(row)}\n" for row in listed)
    (world / "strange.ndjson").write_text(text)
    done = cg.survey(
        world / "strange.ndjson", tmp_path / "survey", scratch=world / "scratch", executor=ThreadPoolExecutor(4)
    )
    told = rows(tmp_path / "survey", "repositories")
    assert done.failed == len(STRANGE) and not mark.exists()
    assert [words for row, words in zip(told, STRANGE.values()) if words not in row["error"]] == []
    assert b"secret" not in b"".join(bytes_of(tmp_path / "survey").values())


# ── What a repository may not do ─────────────────────────────────────────────────────────────────────────────────────


def test_nothing_of_a_repository_is_run_and_nothing_outside_is_read(tmp_path, monkeypatch):
    """Hooks, filters, what its configuration and the user's name, submodules and links: a clone has none of it."""
    mark, home = tmp_path / "mark", tmp_path / "home"
    touch = f"touch {mark}"
    hostile = repository(
        tmp_path / "hostile",
        {
            "a.ts": function("a", 3),
            ".gitattributes": "*.ts filter=evil diff=evil\n",
            "b.js": "export const b = 1;\n",
            ".git-hooks/post-checkout": f"#!/bin/sh\n{touch}\n",
            "sub/.keep": "",
        },
    )
    (hostile / "link.ts").symlink_to("/etc/passwd")
    (hostile / "up").symlink_to("..")
    git(hostile, "add", "-A")
    git(hostile, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    (hostile / ".gitmodules").write_text(f'[submodule "module"]\npath = module\nurl = ext::sh -c "{touch}"\n')
    git(hostile, "add", ".gitmodules")
    git(hostile, "commit", "-q", "-m", "hostile")
    settings = {
        "core.fsmonitor": touch, "core.hooksPath": str(hostile / ".git-hooks"), "filter.evil.smudge": touch,
        "filter.evil.clean": touch, "uploadpack.packObjectsHook": touch, "core.sshCommand": touch,
        "core.pager": touch, "core.alternateRefsCommand": touch, "credential.helper": f"!{touch}",
    }  # fmt: skip
    for key, value in settings.items():
        git(hostile, "config", key, value)
    home.mkdir()
    (home / ".gitconfig").write_text(
        f'[core]\n\thooksPath = {hostile}/.git-hooks\n[filter "evil"]\n\tsmudge = {touch}\n'
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "filter.evil.smudge")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", touch)
    os.chmod(hostile / ".git-hooks" / "post-checkout", 0o755)
    cg.survey([{"repository": str(hostile), "revision": "main"}], tmp_path / "survey", scratch=tmp_path / "scratch")
    assert not mark.exists()
    assert [row["path"] for row in rows(tmp_path / "survey", "files")] == ["a.ts", "b.js"]


def test_modules_in_a_repository_are_not_imported(tmp_path):
    names = ["json", "tree_sitter", "complexity_guard", "complexity_guard_kernel", "csv", "sitecustomize", "array"]
    wicked = {f"{name}.py": f"open({str(tmp_path / 'mark')!r}, 'w')" for name in names}
    folder = tmp_path / "wicked"
    folder.mkdir()
    for name, text in {**wicked, "a\udcff.ts": "f();"}.items():
        (folder / name).write_text(text)
    cg.survey([{"repository": str(folder)}], tmp_path / "survey", scratch=tmp_path / "scratch")
    assert not (tmp_path / "mark").exists()
    assert [row["path"] for row in rows(tmp_path / "survey", "files")] == ["a\\udcff.ts"], "strict readers take it"


def told_of(tmp_path: Path, listed: dict, **limits) -> tuple[str, str]:
    cg.survey([listed], tmp_path / "survey", scratch=tmp_path / "scratch", **limits)
    (row,) = rows(tmp_path / "survey", "repositories")
    assert os.listdir(tmp_path / "scratch") == []
    return row["status"], row["error"]


BIG = {
    "many files": ({f"f{i}.ts": "f();" for i in range(12)}, {"files": 11}, "more than 11 files"),
    "as many as may be": ({f"f{i}.ts": "f();" for i in range(12)}, {"files": 12}, None),
    # A megabyte of zeros is a kilobyte to fetch.
    "what unfolds": ({"a.ts": "\0" * 3_000_000}, {"bytes": 2_000_000}, "more than 2000000 bytes"),
    "no source, and large": ({"a.ts": "f();", "a.bin": "x" * 3_000_000}, {"bytes": 2_000_000}, None),
    "much to fetch": (
        {"a.ts": "f();", "a.bin": "".join(map(chr, os.urandom(1_000_000)))},
        {"bytes": 500_000},
        "more than 500000 bytes",
    ),
    "deep": ({"/".join(["d"] * 120) + "/a.ts": "f();"}, {}, "more than 100 folders in each other"),
}


@pytest.mark.parametrize("name", BIG)
def test_a_quota_is_kept(tmp_path, name):
    files, limits, words = BIG[name]
    repository(tmp_path / "big", files)
    told = told_of(tmp_path, {"repository": str(tmp_path / "big"), "revision": "main"}, **limits)
    assert told == (("failed", words) if words else ("ok", None))


def test_a_server_that_never_answers_is_left(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"https://127.0.0.1:{server.getsockname()[1]}/x.git"
        started = time.monotonic()
        assert told_of(tmp_path, {"repository": address}, seconds=1.5) == ("failed", "it took more than 1.5 s")
        assert time.monotonic() - started < 10


def test_memory_is_bounded(tmp_path):
    (tmp_path / "large").mkdir()
    (tmp_path / "large" / "a.ts").write_text(source(1, 30_000))
    status, error = told_of(tmp_path, {"repository": str(tmp_path / "large")}, memory=150_000_000)
    files = rows(tmp_path / "survey", "files")
    assert (status, [row["status"] for row in files]) in (("failed", []), ("ok", ["failed"])), error
    assert re.search("memory|signal", error or files[0]["error"], re.IGNORECASE)


# ── It goes on where it stopped ──────────────────────────────────────────────────────────────────────────────────────


def command(world: Path, folder: Path, *more: str) -> list[str]:
    script = str(ROOT / "scripts" / "survey.py")
    fixed = ["--part=3", "--workers=2", f"--scratch={world / 'scratch'}"]
    return [sys.executable, script, str(world / "manifest.ndjson"), str(folder), *fixed, *more]


def children_in(scratch: Path) -> list[int]:
    """Processes whose working folder is in there."""
    found = []
    for name in os.listdir("/proc"):
        try:
            if name.isdecimal() and os.readlink(f"/proc/{name}/cwd").startswith(str(scratch)):
                found.append(int(name))
        except OSError:
            pass
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
@pytest.mark.parametrize("answers", [1, 5], ids=["early", "late"])
def test_killed_and_resumed_it_is_as_if_it_had_never_stopped(world, serial, tmp_path, answers):
    process = subprocess.Popen(command(world, tmp_path / "survey"), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    for _ in range(answers):
        assert b" of 10: " in process.stderr.readline()
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while children_in(world / "scratch") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children_in(world / "scratch") == [], "what a killed survey had started ends with it"
    parts = {int(path.name) for path in tmp_path.glob("survey/parts/*")}
    kept = {int(path.name) for path in tmp_path.glob("survey/unfinished/*") if path.name.isdecimal()}
    known = len(kept | {index for index in range(10) if index // 3 in parts})
    done = subprocess.run(command(world, tmp_path / "survey"), capture_output=True, text=True, check=True, timeout=120)
    assert answers <= known < 10 and done.stderr.count(" of 10: ") == 10 - known
    assert bytes_of(tmp_path / "survey") == bytes_of(serial)
    assert os.listdir(world / "scratch") == [] and not (tmp_path / "survey" / "unfinished").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
def test_an_interrupt_ends_it_at_once(world, tmp_path):
    """Though servers hang, and many tasks wait."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        row = {"repository": f"https://127.0.0.1:{server.getsockname()[1]}/x.git"}
        (tmp_path / "hanging.ndjson").write_text(f"{json.dumps(row)}\n" * 9)
        words = command(world, tmp_path / "survey")
        words[2] = str(tmp_path / "hanging.ndjson")
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        server.accept()
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        assert (process.wait(20), process.stderr.read()) == (130, b"")
        while children_in(world / "scratch") and time.monotonic() - started < 10:
            time.sleep(0.05)
        assert children_in(world / "scratch") == []


class Silent(Executor):
    """Its workers are all gone, and nobody says so."""

    def submit(self, function, task) -> Future:
        return Future()


def test_an_executor_without_workers_ends_it(world, tmp_path, monkeypatch):
    monkeypatch.setattr(surveys, "_PATIENCE", 0)
    with pytest.raises(surveys.Stopped, match="no worker has answered"):
        surveyed(world, tmp_path / "survey", executor=Silent(), seconds=0.1)
    assert not list(tmp_path.glob("survey/parts/*"))


def test_what_was_torn_is_done_again(world, short, tmp_path):
    folder = tmp_path / "survey"
    with pytest.raises(KeyboardInterrupt):
        surveyed(world, folder, say=stopping_after(2))
    kept = sorted((folder / "unfinished").iterdir())
    assert len(kept) == 2 and not list((folder / "parts").iterdir())
    kept[0].write_bytes(kept[0].read_bytes()[:-1])
    (folder / "unfinished" / "000000003.new").write_bytes(b"half")
    (folder / "unfinished" / "part-1").mkdir()
    said: list[str] = []
    surveyed(world, folder, say=said.append)
    assert len(said) == 3 and bytes_of(folder) == bytes_of(short)
    surveyed(world, folder, say=said.append)
    assert len(said) == 3, "what is done is done"


def stopping_after(count: int):
    left = iter(range(count - 1))

    def say(words: str) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    return say


def test_a_folder_of_something_else_is_left_alone(world, serial, tmp_path):
    with pytest.raises(cg.UsageError, match="another survey, with another limits"):
        surveyed(world, serial, "manifest", seconds=5)
    with pytest.raises(cg.UsageError, match="with another part"):
        surveyed(world, serial, "manifest", part=5)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(cg.UsageError, match=r"holds notes\.txt, which is of no survey"):
        surveyed(world, tmp_path)
    for damaged in ("{", "[]", '{"run": 1}'):
        folder = tmp_path / f"damaged{len(damaged)}"
        folder.mkdir()
        (folder / "survey.json").write_text(damaged)
        with pytest.raises(cg.UsageError, match=r"cannot be read|another survey"):
            surveyed(world, folder)


def test_two_at_a_time_are_one_too_many(world, tmp_path):
    def second(words: str) -> None:
        with pytest.raises(cg.UsageError, match="another survey writes there"):
            surveyed(world, tmp_path / "survey")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        surveyed(world, tmp_path / "survey", say=second)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"part": 0}, "part is a number above 0"),
        ({"seconds": "5"}, "seconds is a number"),
        ({"bytes": 1.5}, "bytes is a number"),
        ({"format": "xml"}, "format is one of"),
        ({"worker": 3}, "a survey knows no worker"),
        ({"limits": 3}, "a survey knows no limits"),
        ({"config": "none.json"}, "none.json"),
        ({"executor": object()}, "an executor has one of get_executor, remote, submit"),
    ],
)
def test_wrong_wishes(world, tmp_path, wishes, words):
    with pytest.raises(cg.UsageError, match=words):
        surveyed(world, tmp_path / "survey", **wishes)


def test_the_command_says_what_is_wrong(world, tmp_path):
    for more, words in (
        (["--executor", "dask"], "--executor is dask=ADDRESS"),
        (["--format", "xml"], "format is one of"),
        (["--executor", "nomad=here"], "--executor is"),
    ):
        done = subprocess.run(command(world, tmp_path / "s", *more), capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (3, "") and done.stderr.startswith("survey: ") and words in done.stderr


def test_the_sources_that_a_clone_writes_are_those_of_the_program():
    assert {f".{suffix}" for suffix in surveys._SOURCES} == set(cg.GRAMMAR_OF_SUFFIX)
