"""The reference: what a run is compared with, be it a baseline or an older version, and how much of the project is read for it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from baselines import BASELINE, apply, changes, entries, run, write
from repository import GIT, START, words
from repository import repo as repo
from samples import LIMITS, function

# What is touched, and how

EDITS = [
    # what is edited, function -> change, exit code
    ("nothing", {}, {}, 0),
    ("a remark", {"a.ts": "// so\n" + START["a.ts"].replace("two_();", "two_(); /* why */")}, {}, 0),
    ("spaces", {"a.ts": START["a.ts"].replace(" ", "  ")}, {}, 0),
    ("another layout", {"b.ts": START["b.ts"].replace("(", "(\n").replace("{", "{\n")}, {}, 0),
    ("worse, an error", {"a.ts": function("one", 14) + function("two", 3) + function("three", 7)}, {"one": "worse"}, 1),
    ("worse, a warning", {"a.ts": function("one", 12) + function("two", 3) + function("three", 8)}, {"three": "worse"}, 0),
    ("better", {"a.ts": function("one", 11) + function("two", 3) + function("three", 7)}, {"one": "better"}, 0),
    ("touched, an old error in it", {"b.ts": START["b.ts"].replace("b3", "c3")}, {"four": "unchanged"}, 0),
    ("a new error", {"d.ts": function("six", 11)}, {"six": "new"}, 1),
    ("a new function among the old", {"a.ts": START["a.ts"] + function("six", 1)}, {"six": "new"}, 0),
    ("re-ordered", {"a.ts": function("three", 7) + function("two", 3) + function("one", 12)}, {}, 0),
    ("renamed", {"a.ts": function("uno", 12, mark="one") + function("two", 3) + function("three", 7)}, {}, 0),
    ("moved to another file", {"a.ts": function("two", 3) + function("three", 7), "b.ts": START["b.ts"] + function("one", 12)}, {}, 0),
    ("moved to a new file", {"a.ts": function("two", 3) + function("three", 7), "new.ts": function("one", 12)}, {}, 0),
    ("moved and worse", {"a.ts": function("two", 3) + function("three", 7), "b.ts": START["b.ts"] + function("one", 14)}, {"one": "worse"}, 1),
    ("a file renamed", {"b.ts": None, "lib/d.ts": START["b.ts"]}, {}, 0),
    ("a file renamed, worse", {"a.ts": None, "z.ts": START["a.ts"].replace("two_();", "two_(); if (x) y();")}, {"two": "worse"}, 0),
    ("a file renamed to tsx", {"b.ts": None, "b.tsx": START["b.ts"]}, {}, 0),
    ("a file deleted", {"b.ts": None}, {}, 0),
    ("a copy", {"d.ts": START["b.ts"]}, {"four": "new"}, 1),
    ("a file that is not ours", {"README.md": "# x"}, {}, 0),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "expected", "code"), [case[1:] for case in EDITS], ids=[case[0] for case in EDITS])
@pytest.mark.parametrize("how", ["changed", "since", "staged"])
def test_what_became_of_each_function(repo, how, edit, expected, code):
    repo.write(edit)
    if how == "since":
        repo.commit().git("tag", "old", "HEAD~1")
    if how == "staged":
        repo.git("add", "-A")
    result = repo.run(*{"changed": ["--changed"], "since": ["--since", "old"], "staged": ["--staged"]}[how], ".")
    assert (words(result), result.code) == (expected, code)


@pytest.mark.parametrize(("edit", "expected", "code"), [case[1:] for case in EDITS], ids=[case[0] for case in EDITS])
def test_a_diff_says_the_same_without_git(repo, tmp_path, edit, expected, code):
    repo.write(edit).git("add", "-A")
    diff = repo.git("diff", "--cached", "-M").encode()
    shutil.rmtree(repo.root / ".git")
    result = repo.run("--diff", "-", ".", stdin=diff, env={"PATH": str(tmp_path)})
    assert (words(result), result.code) == (expected, code)


# What nobody knows


LONG = {"limit": ("--file-timeout", "0.05"), "text": "export const f = (a) => a ? 1 : 2;\n" * 60_000}


def test_an_older_version_that_takes_too_long_makes_nothing_new_without_a_word(repo):
    repo.commit({"b.ts": START["b.ts"] + LONG["text"]})
    repo.write({"b.ts": START["b.ts"], "a.ts": START["a.ts"] + function("six", 1)})
    result = repo.run("--changed", *LONG["limit"], ".")
    assert (words(result), result.code) == ({"six": "new"}, 4)
    reason = "its older version cannot be compared: not finished within 0.05 s"
    assert result.json["skipped"] == [{"path": "b.ts", "reason": reason}]
    assert "b.ts: " + reason in repo.guard("--changed", *LONG["limit"], ".", cwd=repo.root, env=GIT).out


def test_a_file_that_is_gone_and_takes_too_long_is_named_and_fails_nothing(repo):
    repo.commit({"big.ts": LONG["text"]})
    repo.write({"big.ts": None})
    result = repo.run("--changed", *LONG["limit"], ".")
    assert (words(result), result.code) == ({}, 0)
    ((path, reason),) = [skipped.values() for skipped in result.json["skipped"]]
    assert path == "big.ts" and reason.endswith("; functions that moved from there count as new")


def test_of_an_older_version_that_was_no_text_all_is_new(repo):
    (repo.root / "video.ts").write_bytes(b"\xff\0\1\2" * 500)
    repo.commit()
    repo.write({"video.ts": function("six", 3)})
    result = repo.run("--changed", ".")
    assert (words(result), result.code) == ({"six": "new"}, 0)


def test_of_a_file_in_another_layout_nothing_is_reported(repo):
    limits = LIMITS | {"export_count": {"warning": 1, "error": 2}, "line_count": {"warning": 1, "error": 2}}
    repo.commit(
        {
            ".complexityguard.json": json.dumps({"analysis": {"thresholds": limits}}),
            "e.ts": "export const a = f(1);\n" * 3,
        }
    )
    repo.write({"e.ts": "export const a = f(\n1);\n" * 3, "b.ts": START["b.ts"].replace("(", "(\n")})
    result = repo.run("--changed", ".")
    assert (words(result), result.code) == ({}, 0)
    assert not any(file.get(field) for file in result.json["files"] for field in ("violations", "known", "better"))


def test_by_how_much(repo):
    repo.write({"b.ts": function("four", 23)})
    ((found,),) = [
        f["violations"] for file in repo.run("--since", "main", ".").json["files"] for f in file["functions"]
    ]
    assert (found["value"], found["delta"], found["since"]) == (24, 3, "main")
    assert "cyclomatic 24 > 10 (+3 since main)" in repo.guard("--since", "main", ".", cwd=repo.root, env=GIT).out


def test_only_what_changed_is_read_unless_all_is_asked_for(repo):
    repo.write({"a.ts": function("one", 14) + function("two", 3) + function("three", 7)})
    part, whole = repo.run("--changed", "."), repo.run("--changed", "--whole-project", ".")
    assert [file["path"] for file in part.json["files"]] == ["a.ts"]
    assert [file["path"] for file in whole.json["files"]] == ["a.ts", "b.ts", "lib/c.ts"]
    assert (part.json["summary"]["total_functions"], whole.json["summary"]["total_functions"]) == (1, 5)
    assert part.json["summary"]["errors"] == whole.json["summary"]["errors"] == 1  # four's is known
    plain = repo.run(".").json["summary"]
    assert whole.json["summary"]["health_score"] == plain["health_score"]


def test_health_gates_need_the_whole_project(repo):
    repo.write({"b.ts": START["b.ts"].replace("b3", "c3")})
    result = repo.run("--changed", "--health-floor", "99.9", ".")
    assert (result.code, "(99.9) rests: this run looks at changed code only" in result.err) == (0, True)
    assert repo.run("--changed", "--whole-project", "--fail-health-below", "99.9", ".").code == 1


def test_workers_say_what_one_says(repo):
    repo.commit({f"m{i}.ts": function(f"m{i}", 12) for i in range(30)})
    repo.write(
        {f"m{i}.ts": None for i in range(0, 30, 2)}
        | {f"n{i}.ts": function(f"n{i}", 12 + i % 3, mark=f"m{i}") for i in range(0, 30, 2)}
    )
    reports = [
        repo.run("--changed", "--threads", "2", "--executor", name, ".").json
        for name in ("serial", "process", "thread")
    ]
    assert reports[0]["files"] == reports[1]["files"] == reports[2]["files"]


# Shares of clones

CLONE = (
    "export function NAME(items, limit) {\n  const total = items.map((item) => item.price).reduce((a, b) => a + b, 0);\n"
    + (
        "  if (total > limit) { notify(total, limit); return null; }\n  return { total, rounded: Math.round(total) };\n}\n"
    )
)
OWN = "".join(f"export const c{i} = {'[' * i}{i}{']' * i};\n" for i in range(1, 25))  # no 25 tokens of it stand twice


@pytest.fixture
def cloned(project):
    """Two files that share a function; only clones have thresholds."""
    limits = LIMITS | {
        "cyclomatic": {"warning": "off", "error": "off"},
        "duplication": {f"{what}_{level}": 5 for what in ("file", "project") for level in ("warning", "error")},
    }
    return project({
        ".complexityguard.json": json.dumps({"analysis": {"thresholds": limits, "duplication_enabled": True}}),
        "src/a.ts": OWN + CLONE.replace("NAME", "a"), "src/b.ts": CLONE.replace("NAME", "b"), "src/c.ts": "export const c = 1;\n",
    })  # fmt: skip


def shares(root: Path) -> dict[str, int]:
    return {key.removesuffix(" <duplication>"): values["cloned_tokens"] for key, values in entries(root).items()}


def test_shares_of_clones_are_recorded_and_known(guard, cloned):
    assert guard(".", cwd=cloned).code == 1
    assert write(guard, cloned).code == 0
    assert list(shares(cloned)) == [".", "src/a.ts", "src/b.ts"]
    result = run(guard, cloned)
    assert (result.code, changes(result)) == (0, {"unchanged": 3, "known": 3})
    assert [f["status"] for f in result.json["duplication"]["files"]] == ["ok"] * 3
    assert write(guard, cloned).code == 0 and "as it was" in write(guard, cloned).err


SHARES = [
    # what is edited, what becomes of the shares of the project and of files, exit code
    ("a new clone", {"src/c.ts": CLONE.replace("NAME", "c")}, {"new": 1, "worse": 1, "unchanged": 2}, 1),
    ("a clone is gone", {"src/b.ts": "export const b = 1;\n"}, {"better": 3}, 0),
    ("other code is gone", {"src/a.ts": CLONE.replace("NAME", "a")}, {"unchanged": 3}, 0),
    ("a file is renamed", {"src/b.ts": None, "lib/d.ts": CLONE.replace("NAME", "b")}, {"unchanged": 3}, 0),
    ("half of a clone is edited", {"src/b.ts": CLONE.replace("NAME", "b").replace("notify(total, limit)", "notify()")}, {"better": 3}, 0),
    ("a file is gone", {"src/b.ts": None}, {"better": 2, "gone": 1}, 0),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "expected", "code"), [case[1:] for case in SHARES], ids=[case[0] for case in SHARES])
def test_only_a_larger_share_of_clones_counts(guard, cloned, edit, expected, code):
    write(guard, cloned)
    before = shares(cloned)
    apply(cloned, edit)
    result = run(guard, cloned)
    assert ({word: count for word, count in changes(result).items() if word != "known"}, result.code) == (
        expected,
        code,
    )
    write(guard, cloned)
    after = shares(cloned)
    assert all(after[path] <= before.get(path, before["src/b.ts"]) for path in after) and len(after) <= len(before)


def test_every_format_tells_of_a_larger_share(guard, cloned):
    write(guard, cloned)
    apply(cloned, {"src/a.ts": OWN + CLONE.replace("NAME", "a") + CLONE.replace("NAME", "again")})
    for format in ("console", "sarif", "github", "gitlab", "markdown", "compact"):
        text = guard("-f", format, "--baseline", BASELINE, ".", cwd=cloned).out
        assert re.search(r"(\+|&#43;|%2B)\d+(\.\d+)? since baseline", text), (format, text)


def test_parentheses_of_a_formatter_change_no_share(guard, cloned):
    """They are tokens of clones; where nothing else changed in the whole project, its shares are those that were accepted."""
    apply(cloned, {"src/c.ts": CLONE.replace("NAME", "c").replace("(item) =>", "item =>")})
    write(guard, cloned, "--force")
    before = entries(cloned)
    apply(cloned, {"src/c.ts": CLONE.replace("NAME", "c"), "src/b.ts": None, "src/d.ts": CLONE.replace("NAME", "b")})
    result = run(guard, cloned)
    assert (result.code, result.json["summary"]["changes"]["worse"]) == (0, 0)
    apply(cloned, {"src/e.ts": "export const e = 1;\n"})
    assert run(guard, cloned).code == 1  # more than layout
    write(guard, cloned)
    assert entries(cloned)[". <duplication>"] == before[". <duplication>"]
    assert run(guard, cloned).code == 1  # writing it has not accepted it


def test_a_run_over_a_part_of_the_project_leaves_shares_alone(guard, cloned):
    write(guard, cloned)
    before = entries(cloned)
    assert guard("--write-baseline", BASELINE, "src/a.ts", cwd=cloned).code == 0
    assert entries(cloned) == before
    assert write(guard, cloned, "--no-duplication").code == 0
    assert entries(cloned) == before
