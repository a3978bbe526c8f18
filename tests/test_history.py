"""History: which commits changed which files and functions, in repositories made for it."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from processes import with_readers_gone
from repository import GIT, Repo
from samples import function
from validators import VALID

import complexity_guard as cg

# What is committed one step after the other (a text: all of a.ts; None: the file is gone), and then: function -> in how
# many commits it changed, whether it is new in the window, and what its cyclomatic number was before.
ONE, TWO = function("one", 3), function("two", 1)
START = {"a.ts": ONE + TWO}
HISTORIES = [
    ("nothing", [], {}),
    ("an edit", [{"a.ts": function("one", 4) + TWO}], {"a.ts one": (1, False, 4)}),
    ("an edit, and back", [{"a.ts": function("one", 4) + TWO}, START], {"a.ts one": (2, False, 4)}),
    ("layout and comments", [{"a.ts": "// x\n" + ONE.replace(" ", "\n ") + TWO.replace("{", "{ /* y */")}], {}),
    ("types alone", [{"a.ts": ONE.replace("()", "(): void", 1) + TWO}], {}),
    ("moved within the file", [{"a.ts": TWO + ONE}], {}),
    ("a name of its own", [{"a.ts": function("uno", 3, mark="one") + TWO}], {}),
    (
        "renamed, and edited before and afterwards",
        [
            {"a.ts": function("one", 4) + TWO},
            {"a.ts": function("uno", 4, mark="one") + TWO},
            {"a.ts": function("uno", 5, mark="one") + TWO},
        ],
        {"a.ts uno": (2, False, 4)},
    ),
    ("a new one", [{"a.ts": ONE + TWO + function("three", 2)}], {"a.ts three": (1, True, None)}),
    (
        "a new one, edited",
        [{"a.ts": ONE + TWO + function("three", 2)}, {"a.ts": ONE + TWO + function("three", 1)}],
        {"a.ts three": (2, True, None)},
    ),
    ("the file renamed", [{"a.ts": None, "lib/b.ts": ONE + TWO}], {}),
    (
        "the file renamed, edited before and with it",
        [{"a.ts": function("one", 4) + TWO}, {"a.ts": None, "b.ts": function("one", 5) + TWO}],
        {"b.ts one": (2, False, 4)},
    ),
    ("moved to a new file", [{"a.ts": TWO, "b.ts": ONE}], {}),
    (
        "moved to a file that is there, edited before",
        [{"a.ts": function("one", 4) + TWO}, {"b.ts": function("x", 9)}, {"a.ts": TWO, "b.ts": function("x", 9) + function("one", 4)}],
        {"b.ts one": (1, False, 4), "b.ts x": (1, True, None)},
    ),
    (
        "moved and edited at once",
        [{"a.ts": TWO, "b.ts": function("one", 4)}],
        {"b.ts one": (1, False, 4)},
    ),
    (
        "moved out of a file that goes away",
        [{"c.ts": function("three", 2)}, {"c.ts": function("three", 3)}, {"c.ts": None, "a.ts": ONE + TWO + function("three", 3)}],
        {"a.ts three": (2, True, None)},
    ),
    (
        "gone, and another of its name",
        [{"a.ts": TWO}, {"a.ts": TWO + function("one", 8, mark="other")}],
        {"a.ts one": (1, True, None)},
    ),
    (
        "two that change their names",
        [{"a.ts": function("two", 3, mark="one") + function("one", 1, mark="two")}, {"a.ts": function("two", 4, mark="one") + function("one", 1, mark="two")}],
        {"a.ts two": (1, False, 4)},
    ),
    (
        "in one of two branches",
        [{"a.ts": ONE + TWO, "branch": "side"}],
        {"a.ts two": (1, False, 2)},
    ),
    ("one inside another", [{"a.ts": f"function out() {{ {ONE} }}\n"}], {"a.ts out": (1, True, None)}),
    ("a syntax error for a while", [{"a.ts": ONE + TWO + "function ("}, START], {}),
    ("many files at once", [{**{f"f{n}.ts": function(f"f{n}", 1) for n in range(31)}, "a.ts": function("one", 9) + TWO}], {}),
]  # fmt: skip


def step(repo: Repo, files: dict[str, str | None], seconds: int) -> None:
    """A commit at a time of its own; "branch" merges an edit of two() that was made beside it."""
    date = f"{1_700_000_000 + seconds} +0000"
    environment = {**os.environ, **GIT, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}

    def git(*args: str) -> None:
        subprocess.run(["git", *args], cwd=repo.root, env=environment, capture_output=True, check=True)

    branch = files.pop("branch", None)
    if branch:
        git("checkout", "-q", "-b", branch)
        repo.write({"a.ts": ONE + function("two", 5)})
        git("commit", "-qam", "beside")
        git("checkout", "-q", "main")
        repo.write({"z.ts": function("z", 1)})
        git("add", "-A")
        git("commit", "-qm", "ahead")
        git("merge", "-q", "--no-edit", branch)
        return
    repo.write(files)
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", f"step {seconds}")


@pytest.fixture
def repo(guard, tmp_path):
    made = Repo(guard, tmp_path / "r")
    step(made, {**START, "README.md": "x"}, 0)
    return made


def told(result) -> dict[str, tuple]:
    assert result.code == 0, result.err
    found = {}
    for row in result.json["functions"]:
        before = row["before"]["cyclomatic"] if row["before"] else None
        found[f"{row['path']} {row['qualified_name']}"] = (row["commits"], row["is_new"], before)
    return found


def hotspots(repo: Repo, *args: str, **more):
    return repo.run("hotspots", "--window", "HEAD~0" if not args else args[0], *args[1:], **more)


@pytest.mark.parametrize(("what", "steps", "expected"), HISTORIES, ids=[row[0] for row in HISTORIES])
def test_what_became_of_functions(repo, what, steps, expected, tmp_path):
    """First without a cache, then twice with one: what was kept tells the same."""
    repo.git("tag", "start")
    for number, files in enumerate(steps, 1):
        step(repo, dict(files), number)
    expected = {name: row for name, row in expected.items() if not name.startswith("z.ts")}
    cache = str(tmp_path / "cache")
    for flags in ((), ("--cache-dir", cache), ("--cache-dir", cache)):
        found = told(hotspots(repo, "start", *flags))
        found.pop("z.ts z", None)
        assert found == expected, what


def test_the_window_counts_from_the_date_of_head(repo):
    """Not from today's: a report does not change by the day. All is older than any window of today's would be."""
    for number, days in enumerate((100, 380, 400, 410), 1):
        step(repo, {"a.ts": function("one", 4 + number) + TWO}, days * 86_400)
    commits = {
        window: told(hotspots(repo, window))["a.ts one"][0] for window in ("10d", "3w", "2m", "12m", "2y", "all")
    }
    assert commits == {"10d": 2, "3w": 2, "2m": 3, "12m": 4, "2y": 5, "all": 5}


def test_files_authors_and_lines(repo):
    """Files have the commits that git log tells, renames followed, and what touches more than 30 files apart."""
    people = [("Ann", "ann@a.example"), ("Bob", "bob@b.example"), ("Ann S.", "ANN@a.example"), ("Ann", "ann@a.example")]
    for number, (name, email) in enumerate(people, 1):
        repo.write({"a.ts": function("one", 4 + number) + TWO})
        repo.git("-c", f"user.name={name}", "add", "-A")
        repo.git("commit", "-qm", "edit", f"--author={name} <{email}>")
    repo.write({"a.ts": None, "b.ts": function("one", 8) + TWO})
    repo.commit({})
    repo.commit({**{f"f{n}.ts": function("f", 1) for n in range(31)}, "b.ts": function("one", 20) + TWO})
    files = {row["path"]: row for row in hotspots(repo, "all", "--lines").json["files"]}
    b = files["b.ts"]
    assert (b["commits"], b["large_commits"], b["authors"], b["main_author"]) == (6, 1, 3, "Ann")
    assert (b["main_author_share"], b["bus_factor"]) == (0.5, 2)
    assert (b["added"], b["deleted"]) == (2 + 4 + 1, 4 + 1)  # a function is a line
    assert files["f3.ts"]["commits"] == 0 and files["f3.ts"]["large_commits"] == 1
    text = json.dumps(hotspots(repo, "all").json)
    assert "example" not in text
    assert "Ann <ann@a.example>" in json.dumps(hotspots(repo, "all", "--emails").json)


def test_ignored_revisions_and_mailmap(repo):
    repo.commit({"a.ts": function("one", 9) + TWO})
    ignored = repo.git("rev-parse", "HEAD").strip()
    repo.write({"a.ts": function("one", 10) + TWO})
    repo.git("commit", "-qam", "edit", "--author=Old <old@example.com>")
    assert told(hotspots(repo, "all"))["a.ts one"][0] == 3
    repo.write(
        {
            ".git-blame-ignore-revs": f"# layout\n{ignored} # so\n",
            ".mailmap": "New <new@example.com> <old@example.com>\n",
        }
    )
    result = hotspots(repo, "all")
    assert told(result)["a.ts one"][0] == 2
    assert result.json["functions"][0]["main_author"] in ("A", "New")
    assert "Old" not in json.dumps(result.json)


def test_addresses_in_names_and_subjects_are_cut(repo):
    """Whoever has an address for a name, and whoever writes one into a subject; what only looks like one stays."""
    repo.write({"a.ts": function("one", 9) + TWO})
    subject = "ask bob@mail.example.org, Ann.B+x@b.example; bump @x/vite@5.0.1 and node@20"
    repo.git("commit", "-qam", subject, "--author=joe@mail.example.com <joe@mail.example.com>")
    told = hotspots(repo, "HEAD~1").json["functions"][0]
    assert told["main_author"] == "joe" and "example" not in json.dumps(told)
    point = repo.run("trend", "a.ts:one", "--window", "all").json["points"][-1]
    assert point["author"] == "joe"
    assert point["subject"] == "ask bob, Ann.B+x; bump @x/vite@5.0.1 and node@20"
    asked = hotspots(repo, "HEAD~1", "--emails").json["functions"][0]
    assert asked["main_author"] == "joe <joe@mail.example.com>"


def test_who_made_a_folder_and_what_an_owner_has(repo):
    """A commit that changed several files of it counts once: as `git log` of the paths tells, renames aside."""
    repo.commit({"lib/a.ts": function("a", 9), "lib/b.ts": function("b", 9), "CODEOWNERS": "lib/* @lib\nlib/b.ts @b\n"})
    people = ("Ann", "Bob", "Bob", "Bob")
    for number, name in enumerate(people):
        files = {"lib/a.ts": function("a", 10 + number), "lib/b.ts": function("b", 10 + number // 2)}
        repo.write(files)
        repo.git("commit", "-qam", "edit", f"--author={name} <{name}@e>")
    by_folder = {row["path"]: row for row in hotspots(repo, "all", "--by", "folder").json["folders"]}
    by_owner = {row["owner"]: row for row in hotspots(repo, "all", "--by", "owner").json["owners"]}
    for row, paths in ((by_folder["lib"], ["lib"]), (by_owner["@b"], ["lib/b.ts"]), (by_owner["@lib"], ["lib/a.ts"])):
        authors = repo.git("log", "--format=%an", "--", *paths).split()
        most = min(set(authors), key=lambda name: (-authors.count(name), name))
        assert (row["commits"], row["authors"], row["main_author"]) == (len(authors), len(set(authors)), most), paths
        assert row["main_author_share"] == round(authors.count(most) / len(authors), 3)
    assert by_folder["lib"]["owners"] == ["@lib", "@b"] and by_folder["lib"]["bus_factor"] == 1
    assert "changed in 5 commits by 3 authors" in by_folder["lib"]["why"]
    table = hotspots(repo, "all", "--by", "folder", "-f", "csv").out.splitlines()
    assert "commits,authors,main_author,main_author_share,bus_factor,owners" in table[0]


# What makes the counts others than they seem


def test_not_a_repository(guard, tmp_path):
    (tmp_path / "a.ts").write_text(ONE)
    result = guard("hotspots", cwd=tmp_path, env=GIT)
    assert result.code == 3 and "not a git repository" in result.err and "--history" in result.err
    assert result.out == ""


def test_no_git(guard, tmp_path):
    (tmp_path / "a.ts").write_text(ONE)
    result = guard("hotspots", cwd=tmp_path, env={**GIT, "PATH": str(tmp_path)})
    assert result.code == 3 and "git is not installed" in result.err and "--history" in result.err


def test_no_commits_yet(guard, tmp_path):
    repo = Repo(guard, tmp_path / "r").write({"a.ts": ONE})
    result = repo.run("hotspots")
    assert result.code == 3 and "no commits yet" in result.err


def test_a_window_that_is_none(repo):
    result = hotspots(repo, "12 months")
    assert result.code == 3 and "nor a commit" in result.err


def clone(repo: Repo, target: Path, *flags: str) -> Repo:
    repo.git("clone", "-q", *flags, f"file://{repo.root}", str(target))
    made = Repo.__new__(Repo)
    made.guard, made.root, made.program = repo.guard, target, repo.program
    return made


def test_a_shallow_clone_says_so(repo, tmp_path):
    """The commit that it begins with seems to make all there is, and counts for nobody."""
    for number in range(3):
        repo.commit({"a.ts": function("one", 4 + number) + TWO})
    shallow = clone(repo, tmp_path / "shallow", "--depth=2")
    result = hotspots(shallow, "all")
    assert any("shallow" in remark for remark in result.json["history"]["remarks"])
    assert told(result) == {"a.ts one": (1, False, 6)}
    for format, stream in (("console", "out"), ("markdown", "out"), ("csv", "err")):
        assert "this clone is shallow" in getattr(hotspots(shallow, "all", "-f", format), stream), format
    assert "this clone is shallow" in shallow.run("trend", "-f", "csv").err
    latest = hotspots(clone(repo, tmp_path / "latest", "--depth=1"), "all")
    assert not latest.json["functions"] and len(latest.json["history"]["remarks"]) == 2


def test_a_partial_clone_is_refused(repo, tmp_path):
    """Git would fetch each version by itself."""
    repo.git("config", "uploadpack.allowFilter", "true")
    result = hotspots(clone(repo, tmp_path / "partial", "--filter=blob:none"), "all")
    assert result.code == 3 and "partial" in result.err and "--history" in result.err


def test_replaced_history_says_so(repo):
    repo.commit({"a.ts": function("one", 4) + TWO})
    repo.git("replace", "--graft", "HEAD")
    result = hotspots(repo, "all")
    assert any("git replaces commits" in remark for remark in result.json["history"]["remarks"])


def test_a_clock_in_the_future_says_so(repo):
    step(repo, {"a.ts": function("one", 4) + TWO}, 1_000_000_000)
    result = hotspots(repo, "12m")
    assert any("still to come" in remark for remark in result.json["history"]["remarks"])


def test_a_commit_in_the_midst_from_the_future_says_so(repo):
    step(repo, {"a.ts": function("one", 4) + TWO}, 1_000_000_000)
    step(repo, {"a.ts": function("one", 5) + TWO}, 100)
    remarks = hotspots(repo, "all").json["history"]["remarks"]
    assert len(remarks) == 1 and "still to come" in remarks[0]


def test_paths_elsewhere_have_their_past(repo, tmp_path):
    """Given whole, by another way, or by a link: as the run names the files, so does the past."""
    repo.commit({"lib/b.ts": function("three", 5)})
    (tmp_path / "here").mkdir()
    (tmp_path / "link").symlink_to(repo.root)
    expected = {path.rpartition("/")[2]: row for path, row in told(hotspots(repo, "all")).items()}
    for path in (str(repo.root), f"{repo.root}/lib/..", f"../{repo.root.name}", "../link"):
        result = hotspots(repo, "all", path, cwd=tmp_path / "here")
        assert {path.rpartition("/")[2]: row for path, row in told(result).items()} == expected, path
        assert result.json["history"]["remarks"] == []


def test_a_subfolder_and_a_worktree_tell_the_same(repo, tmp_path):
    """Renames into the folder are followed from outside, and paths are those of where the run was started."""
    repo.commit({"a.ts": function("one", 4) + TWO})
    repo.commit({"a.ts": None, "lib/b.ts": function("one", 5) + TWO})
    expected = {"lib/b.ts one": (3, True, None), "lib/b.ts two": (1, True, None)}
    assert told(hotspots(repo, "all", "lib")) == expected
    inside = told(hotspots(repo, "all", cwd=repo.root / "lib"))
    assert {f"lib/{name}": row for name, row in inside.items()} == expected
    repo.git("worktree", "add", "-q", str(tmp_path / "tree"))
    assert told(hotspots(repo, "all", cwd=tmp_path / "tree")) == expected


def test_a_submodule_has_a_past_of_its_own(repo, guard, tmp_path):
    inner = Repo(guard, tmp_path / "inner").commit({"in.ts": function("deep", 2)})
    inner.commit({"in.ts": function("deep", 3)})
    repo.git("submodule", "add", "-q", f"file://{inner.root}", "sub")
    repo.commit({})
    result = hotspots(repo, "all")
    assert result.json["history"]["submodules"] == ["sub"]
    assert not any(row["path"].startswith("sub/") for row in result.json["functions"])
    assert any("sub/in.ts" in remark for remark in result.json["history"]["remarks"])
    assert told(hotspots(repo, "all", "sub")) == {"sub/in.ts deep": (2, True, None)}


def test_what_is_not_committed_is_named(repo):
    repo.write({"new.ts": function("new", 20)})
    result = hotspots(repo, "all")
    assert any("new.ts" in remark for remark in result.json["history"]["remarks"])


# Reports


def test_history_from_a_file(repo, tmp_path):
    """What one machine wrote, another without git reads: the same functions, in the same order."""
    repo.commit({"a.ts": function("one", 14) + TWO})
    repo.commit({"a.ts": function("one", 15) + function("two", 6)})
    for number in range(5):
        repo.commit({"a.ts": function("one", 20 + number), "c.ts": function("four", number)})
    first = hotspots(repo, "all")
    shutil.copytree(repo.root, tmp_path / "plain", ignore=shutil.ignore_patterns(".git"))
    (tmp_path / "past.json").write_text(first.out)
    second = repo.guard(
        "hotspots", "-f", "json", "--history", tmp_path / "past.json", cwd=tmp_path / "plain", env={"PATH": ""}
    )
    assert second.code == 0, second.err
    for key in ("functions", "files", "couplings"):
        assert second.json[key] == first.json[key]
    assert len(second.json["couplings"]) == 1
    assert second.json["history"]["remarks"] == first.json["history"]["remarks"]
    folders = repo.run("hotspots", "--window", "all", "--by", "folder", "--history", tmp_path / "past.json").json[
        "folders"
    ]
    assert [row["last_change"] for row in folders] == [max(row["last_change"] for row in first.json["files"])]
    assert "commits" not in folders[0]  # a commit of two files may be one of each, or the same


def test_a_file_of_the_past_says_nothing_of_the_code_of_today(repo, tmp_path):
    """Not what depends on a file, nor what tests ran, nor priorities."""
    row = {
        "path": "a.ts",
        "qualified_name": "one",
        "commits": 2,
        "reach": 50,
        "coverage": 0,
        "crap": 9,
        "priority": 1e9,
    }
    file = {"path": "a.ts", "commits": 2, "priority": 7e7, "functions": 9, "worst": "else", "code": "generated"}
    (tmp_path / "past.json").write_text(json.dumps({"files": [file], "functions": [row]}))
    result = repo.run("hotspots", "--history", tmp_path / "past.json").json
    found = result["functions"][0]
    assert set(found["factors"]) == {"complexity", "change", "size"} and not {"reach", "coverage", "crap"} & set(found)
    assert (result["files"][0]["priority"], result["files"][0]["functions"]) == (found["priority"], 1)
    assert (result["files"][0]["worst"], result["files"][0]["code"]) == ("one", "product")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"files": [], "functions": [{}]}', '{"files": [{"path": 1, "commits": 1}], "functions": []}',
     '{"files": [{"path": "a.ts", "commits": -1}], "functions": []}', "[" * 100_000,
     '{"files": [{"path": "a.ts", "commits": 1, "last_change": "\\u001b[2J"}], "functions": []}',
     '{"files": [{"path": "a.ts", "commits": 1}], "functions": [{"path": "a.ts", "qualified_name": "one", "commits": 1e400}]}',
     '{"files": [{"path": "a.ts", "commits": 1}], "functions": [{"path": "a.ts", "qualified_name": "one", "commits": 1, "before": [1]}]}',
     '{"files": [{"path": "a.ts", "commits": 1}], "functions": [{"path": "a.ts", "qualified_name": "one", "commits": 1, "before": {"cognitive": "9"}}]}',
     '{"files": [{"path": "a.ts", "commits": 1, "owners": [1]}], "functions": []}',
     '{"files": [], "functions": [], "couplings": [{"path": "a.ts", "other": "b.ts", "commits": "many"}]}',
     '{"files": [], "functions": [], "history": {"remarks": [1]}}',
     '{"files": [], "functions": [{"path": "a.ts", "qualified_name": "one", "commits": 1}]}'],
)  # fmt: skip
def test_a_file_that_is_no_history(repo, tmp_path, text):
    (tmp_path / "past.json").write_text(text)
    result = repo.run("hotspots", "--history", str(tmp_path / "past.json"))
    assert result.code == 3 and "no history as hotspots writes it" in result.err, result.err


def test_every_format_tells_the_same_order(repo, tmp_path):
    repo.commit({"a.ts": function("one", 34) + function("two", 14), "lib/c.ts": function("three", 22)})
    repo.commit({"a.ts": function("one", 35) + function("two", 15)})
    rows = hotspots(repo, "all").json["functions"]
    assert [row["qualified_name"] for row in rows] == ["one", "two", "three"]
    reports = [f"--report={name}={tmp_path / name}" for name in ("csv", "markdown", "json")]
    console = repo.guard("hotspots", "--window", "all", "--report=console", *reports, cwd=repo.root, env=GIT)
    table = (tmp_path / "csv").read_text().splitlines()
    assert [row.split(",")[4] for row in table[1:]] == ["one", "two", "three"]
    for text in (console.out, (tmp_path / "markdown").read_text()):
        assert text.index(">one<" if "<code>" in text else " one ") < text.index("two") < text.index("three")
    assert rows[0]["why"] in console.out
    assert "cyclomatic 36 is 3.6 × its limit of 10" in rows[0]["why"]
    assert "changed in 3 commits by 1 author" in rows[0]["why"]
    expected = {"complexity": math.sqrt(3.6), "change": 3, "size": math.sqrt(50 / 10)}  # one line counts as ten
    assert rows[0]["factors"] == pytest.approx(expected, abs=1e-4)
    assert rows[0]["priority"] == pytest.approx(math.prod(expected.values()), abs=0.01)


@pytest.mark.parametrize(("ifs", "words"), [
    (3, "past no limit, cyclomatic 4 is 0.4 × its limit of 10; "), (9, "past no limit, cyclomatic 10 is 1 × its limit of 10; "),
    (10, "cyclomatic 11 is 1.1 × its limit of 10; "),
])  # fmt: skip
def test_a_function_past_no_limit_is_said_to_be(repo, ifs, words):
    """It may come first all the same, where it is short and changes often; `next` leaves it out."""
    repo.commit({"b.ts": function("calm", ifs)})
    row = next(row for row in hotspots(repo, "all").json["functions"] if row["qualified_name"] == "calm")
    assert row["why"].startswith(words)
    told = repo.run("next", "--window", "all").json["functions"]
    assert ("calm" in [row["qualified_name"] for row in told]) == (not words.startswith("past no limit"))


@pytest.mark.parametrize(("by", "first"), [("file", "a.ts"), ("folder", ".")])
def test_files_and_folders_are_sums(repo, by, first):
    repo.commit({"a.ts": function("one", 34) + function("two", 14), "lib/c.ts": function("three", 22)})
    result = hotspots(repo, "all", "--by", by).json
    rows = result[f"{by}s"]
    assert rows[0]["path"] == first
    total = sum(row["priority"] for row in result["functions"])
    assert sum(row["priority"] for row in rows) == pytest.approx(total, abs=0.05)


def test_tests_are_in_no_sum_of_a_folder(repo):
    code = {"a.ts": function("one", 14), "a.test.ts": function("tried", 60), "lib/c.ts": function("three", 44)}
    repo.commit({"a.test.ts": function("tried", 50), "lib/c.ts": function("three", 40)})
    repo.commit(code)
    rows = {row["path"]: row for row in hotspots(repo, "all", "--by", "folder").json["folders"]}
    functions = {row["qualified_name"]: row for row in hotspots(repo, "all").json["functions"]}
    assert functions["tried"]["priority"] > functions["three"]["priority"]
    assert (rows["."]["priority"], rows["."]["worst"]) == (functions["one"]["priority"], "one")
    assert (rows["."]["files"], rows["."]["functions"]) == (2, 1)
    assert list(rows) == ["lib", "."]


def test_people_are_shown_one_of_two_functions_with_the_same_lines(repo):
    """A wrapper and the callback that is all of it; programs get both. Functions of one line are no wrappers."""
    body = "".join(f"  if (a{n}) b();\n" for n in range(24))
    code = {
        "a.ts": f"const run = wrap(() => {{\n{body}}});\nfunction outer() {{\n wrap(function inner() {{\n{body} }});\n}}\n"
    }
    repo.commit(code | {"b.ts": "const f = () => () => a ? b : c;\n"})
    names = [row["qualified_name"] for row in hotspots(repo, "all").json["functions"]]
    assert {"outer", "outer>inner", "f", "f><anonymous>"} <= set(names)
    shown = hotspots(repo, "all", "-f", "markdown").out
    assert shown.count("outer") == 1 and shown.count("<code>f") == 2


@pytest.mark.parametrize("command", [("hotspots", "--window", "all"), ("trend", "--window", "all"), ("graph",)])
def test_a_reader_that_has_heard_enough(repo, command):
    repo.commit({"b.ts": function("one", 14)})
    env = {**os.environ, **GIT}
    done = with_readers_gone([*repo.guard.command, *command, "-f", "csv"], "stdout", cwd=repo.root, env=env)
    assert (done.returncode, done.stderr) == (0, b"")


BLOCKS = "".join(f"  if (a{n} && b{n}) {{ for (const x of c) if (x > {n}) d(x, e); }}\n" for n in range(9))
LONG = f"export function long(c: number[], e: string) {{\n{BLOCKS}  return c;\n}}\n"


def test_next_says_what_to_do_and_what_it_changes(repo):
    """Of what is past a limit; the numbers are those that the functions have once it is done (test_extraction)."""
    repo.commit({"d.ts": LONG.replace("return c", "return [c]")})
    repo.commit({"d.ts": LONG, "a.ts": function("one", 12), "lib/c.ts": function("five", 3)})
    rows = repo.run("next", "--window", "all").json["functions"]
    assert [row["qualified_name"] for row in rows] == ["long", "one"]
    step = rows[0]["next"][0]
    assert step["inputs"] == ["c", "e"] and step["outputs"] == []
    assert step["before"]["cyclomatic"] - step["after"]["cyclomatic"] == step["extracted"]["cyclomatic"] - 1
    shown = repo.guard("next", "--window", "all", "-n", "1", cwd=repo.root, env=GIT).out
    assert step["what"] in shown and " one " not in shown
    change = f"takes cognitive from {step['before']['cognitive']} to {step['after']['cognitive']}"
    assert f"lines {step['start_line']}–{step['end_line']} (2 in, 0 out) {change}" in step["what"]
    assert step["what"] in repo.guard("explain", "d.ts:long", cwd=repo.root).out
    assert "extracting lines" in repo.guard("next", "-f", "markdown", cwd=repo.root, env=GIT).out
    assert "is past a limit" in repo.guard("next", "lib", "--window", "all", cwd=repo.root, env=GIT).out


FINDING_FORMATS = ("sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "compact")


def ranked_findings(repo, folder, command, *flags):
    """What a ranking is in each format that tells findings, by its name; each valid as ordinary reports are."""
    folder.mkdir(exist_ok=True)
    reports = [f"--report={name}={folder / name}" for name in FINDING_FORMATS]
    result = repo.guard(command, "--window", "all", *flags, *reports, cwd=repo.root, env=GIT)
    assert (result.code, result.out, result.err) == (0, "", ""), result.err
    texts = {name: (folder / name).read_bytes() for name in FINDING_FORMATS}
    for name, text in texts.items():
        VALID[name](text)
    return texts


def of_owners_and_pairs(repo):
    """Two functions of one name and length, files of two owners, and two that change together."""
    repo.write({"CODEOWNERS": "* @all\na.ts @one @two\nlib/ @two\n"})
    for number in range(6):
        pair = {
            "a.ts": 2 * function("one", 26 + number).replace("; ", ";\n"),  # on one line each, they were minified code
            "lib/c.ts": function("three", 22 + number),
        }
        repo.commit(pair | {"x.test.ts": function("tried", 24 + number)})
    repo.commit({"b.ts": function("two", 14)})


RANKED_BY = {  # what is asked -> the files at which the rows stand, in order
    ("hotspots",): "lib/c.ts a.ts a.ts b.ts",
    ("next",): "lib/c.ts a.ts a.ts b.ts",
    ("hotspots", "--by", "file"): "a.ts lib/c.ts b.ts",
    ("hotspots", "--by", "folder"): "a.ts lib/c.ts",
    ("hotspots", "--by", "owner"): "a.ts a.ts b.ts",
    ("hotspots", "--by", "coupling"): "lib/c.ts a.ts a.ts",
}


@pytest.mark.parametrize("question", RANKED_BY, ids=" ".join)
def test_every_format_of_findings_tells_the_ranking(repo, tmp_path, question):
    """As notes, at the places and in the order that people are shown; nothing that a gate could fail by."""
    of_owners_and_pairs(repo)
    texts = ranked_findings(repo, tmp_path / "reports", *question)
    run = json.loads(texts["sarif"])["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    rule = "coupling" if "coupling" in question else "priority"
    places = []
    for result in run["results"]:
        assert result["level"] == "note" and rules[result["ruleIndex"]] == result["ruleId"] == rule
        location = result["locations"][0]
        where = location["physicalLocation"]
        places.append(f"{where['artifactLocation']['uri']}:{where['region']['startLine']}")
    assert run["invocations"][0]["exitCode"] == 0 and run["automationDetails"]["id"] == "complexity-guard/hotspots/"
    lines = texts["compact"].decode().splitlines()
    assert [":".join(line.split(":")[:2]) for line in lines] == places
    values = [float(re.search(r" (?:priority|degree) ([\d,.]+): ", line)[1].replace(",", "")) for line in lines]
    assert values == sorted(values, reverse=True)
    assert [place.partition(":")[0] for place in places] == RANKED_BY[question].split()
    names = {"folder": ["lib", "."], "owner": ["@all", "@one", "@two"], "coupling": ["x.test.ts", "lib/c.ts"]}
    assert all(
        any(f" {name} " in line or f": {name} " in line for line in lines) for name in names.get(question[-1], ())
    )
    issues = json.loads(texts["gitlab"])
    assert {issue["severity"] for issue in issues} == {"info"}
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert {one["severity"] for one in json.loads(texts["rdjson"])["diagnostics"]} == {"INFO"}
    assert b"<failure" not in texts["junit"] and texts["junit"].count(b"<testcase ") == len(lines)
    assert texts["checkstyle"].count(b'severity="info"') == len(lines)
    notices = texts["github"].decode().splitlines()
    assert all(line.startswith("::notice ") for line in notices) and len(notices) == len(lines) + 1


def test_a_place_in_a_ranking_is_known_again(repo, tmp_path):
    """By GitLab and GitHub, when its numbers and its rank are others."""
    of_owners_and_pairs(repo)

    def fingerprints(name, *flags):
        issues = json.loads(ranked_findings(repo, tmp_path / name, "hotspots", *flags)["gitlab"])
        return {issue["fingerprint"] for issue in issues}

    ways = [("--by", "function"), ("--by", "file"), ("--by", "coupling")]
    before = [fingerprints("before", *way) for way in ways]
    for number in range(3):
        repo.commit({"lib/c.ts": function("three", 26 + number), "b.ts": function("two", 15 + number)})
    assert [fingerprints("after", *way) for way in ways] == before


def test_paths_of_a_ranking_are_those_of_the_repository(repo):
    """Where tools read it that know nothing else; the others click on them where the run was started."""
    repo.commit({"lib/c.ts": function("three", 22)})
    told = {}
    for name in ("gitlab", "compact"):
        told[name] = repo.guard("hotspots", "--window", "all", "-f", name, cwd=repo.root / "lib", env=GIT).out
    assert '"path": "lib/c.ts"' in told["gitlab"] and told["compact"].startswith(
        "c.ts:1:1: note: 'three' has priority "
    )


def test_a_ranking_line_by_line(repo):
    of_owners_and_pairs(repo)
    whole = hotspots(repo, "all", "--by", "owner").json
    rows = [json.loads(line) for line in hotspots(repo, "all", "--by", "owner", "-f", "ndjson").out.splitlines()]
    assert rows[0] == {"type": "history", "version": cg.__version__, **whole["history"]}
    for kind in ("function", "file", "coupling", "owner"):
        mine = [row for row in rows if row["type"] == kind]
        assert mine == [{"type": kind, **row} for row in whole[f"{kind}s"]] != []
    assert len(rows) == 1 + sum(len(value) for value in whole.values() if isinstance(value, list))


def test_what_has_to_be_known_of_a_report_without_a_place_for_it(repo, tmp_path):
    repo.commit({"b.ts": function("one", 14)})
    repo.commit({"b.ts": function("one", 15)})
    shallow = clone(repo, tmp_path / "shallow", "--depth=1")
    for name in FINDING_FORMATS:
        result = hotspots(shallow, "all", "-f", name)
        assert result.code == 0 and "this clone is shallow" in result.err and "shallow" not in result.out, name
        assert hotspots(shallow, "all", "-f", name, "--quiet").err == ""


@pytest.mark.parametrize(
    ("command", "by"), [("hotspots", by) for by in cg.GROUPS] + [("hotspots", "coupling"), ("next", ""), ("trend", "")]
)
def test_a_configuration_may_write_its_rankings_again(repo, command, by):
    """Reports that it names are replaced, and no other file is."""
    of_owners_and_pairs(repo)
    flags = ("--by", by) if by else ()
    for name in cg.COMMANDS[command].formats:
        report = repo.root / f"report.{name}"
        repo.write({".complexityguard.json": json.dumps({"output": {"reports": [f"{name}={report.name}"]}})})
        for _ in range(2):
            result = repo.guard(command, "--window", "all", *flags, cwd=repo.root, env=GIT)
            assert result.code == 0, (name, result.err)
    (repo.root / "report.json").write_text('{"history": {}}')
    repo.write({".complexityguard.json": json.dumps({"output": {"reports": ["json=report.json"]}})})
    assert repo.guard(command, cwd=repo.root, env=GIT).code == 3


def test_a_format_that_it_does_not_write(repo):
    result = repo.run("trend", "-f", "sarif")
    assert result.code == 3 and "trend writes console, json, csv or html, not sarif" in result.err
    result = repo.run("trend", "--history", "past.json")
    assert result.code == 3 and "--history is for hotspots and next" in result.err


def test_names_that_drive_terminals_or_spreadsheets(repo):
    """Authors, subjects and paths are the words of strangers."""
    repo.write({"=x\x1b[2J.ts": function("one_", 12)})
    repo.git("add", "-A")
    repo.git("commit", "-qm", ":100644 \x01\x02", "--author=\x1b[31m=cmd|x\x07 <@e>")
    for name in ("console", "json", "csv", "markdown"):
        result = hotspots(repo, "all", "-f", name)
        assert result.code == 0, result.err
        assert "\x1b" not in result.out and "\x07" not in result.out, name
    assert not any(
        field.startswith("=") for row in hotspots(repo, "all", "-f", "csv").out.splitlines() for field in row.split(",")
    )


def test_a_name_with_an_odd_byte_has_a_past(repo):
    """Reports tell it by six letters."""
    path = os.fsencode(repo.root) + b"/odd\xff.ts"
    for number in (3, 4):
        Path(os.fsdecode(path)).write_text(function("one", number))
        repo.git("add", "-A")
        repo.git("commit", "-qm", f"step {number}")
    assert told(hotspots(repo, "HEAD~1"))["odd\\udcff.ts one"] == (1, False, 4)
