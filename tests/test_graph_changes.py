"""The import graph where a run looks at changed code: it fails for the cycle that a change adds, and not for old ones."""

from __future__ import annotations

import json
import shutil

import pytest
from repository import Repo

LIMITS = {"analysis": {"graph": True, "thresholds": {"import_cycles": {"warning": "off", "error": 1}}}}


def imports(*names: str) -> str:
    return "".join(f'import "./{name}";\n' for name in names)


START = {
    ".complexityguard.json": json.dumps(LIMITS),
    "a.ts": imports("b"),
    "b.ts": imports("a"),
    "c.ts": imports("d"),
    "d.ts": "",
    "e.ts": imports("f"),
    "f.ts": imports("e"),
    "g.ts": imports("lib/h"),
    "lib/h.ts": "",
}
EDITS = {  # the change, and the cycles that it adds: the files of their shortest ways
    "nothing": ({}, []),
    "a file in an old cycle": ({"a.ts": imports("b") + "f();\n"}, []),
    "another import in an old cycle": ({"a.ts": imports("b", "d")}, []),
    "a new cycle": ({"d.ts": imports("c")}, ["c.ts → d.ts → c.ts"]),
    "a new cycle beside an old one that is touched": (
        {"d.ts": imports("c"), "a.ts": imports("b", "d")},
        ["c.ts → d.ts → c.ts"],
    ),
    "one more file in an old cycle": ({"d.ts": imports("a"), "b.ts": imports("a", "d")}, ["a.ts → b.ts → a.ts"]),
    "two old cycles that become one": ({"a.ts": imports("b", "e"), "f.ts": imports("e", "a")}, ["a.ts → b.ts → a.ts"]),
    "an old cycle that is gone": ({"a.ts": ""}, []),
    "a type": ({"d.ts": 'import type { C } from "./c";\n'}, []),
    "a new file in a new cycle": ({"n.ts": imports("c"), "d.ts": imports("n")}, ["c.ts → d.ts → n.ts → c.ts"]),
    "a new file beside": ({"n.ts": imports("a")}, []),
    "a file in a cycle that is renamed": ({"b.ts": None, "bee.ts": imports("a"), "a.ts": imports("bee")}, []),
    "a file in a cycle that moves": ({"b.ts": None, "lib/b.ts": 'import "../a";\n', "a.ts": imports("lib/b")}, []),
    "a file in a cycle that is deleted": ({"b.ts": None, "a.ts": ""}, []),
    "a deleted file that a cycle went round": ({"b.ts": None, "a.ts": imports("d"), "d.ts": imports("a")}, ["a.ts → d.ts → a.ts"]),
    "a file that now hides another": ({"lib/h.ts": 'import "../g";\n'}, ["g.ts → lib/h.ts → g.ts"]),
}  # fmt: skip
FILLING = "".join(f"export function f{number}() {{ return {number}; }}\n" for number in range(20))


@pytest.fixture
def repo(guard, tmp_path):
    """Files that are long enough for git to know them by another name."""
    return Repo(guard, tmp_path / "r").commit(
        {name: text + FILLING * name.endswith(".ts") for name, text in START.items()}
    )


def edited(repo, change):
    return repo.write({name: None if text is None else text + FILLING for name, text in change.items()})


def cycles(result) -> list[str]:
    found = result.json["graph"]
    shortest = {tuple(component["shortest"]) for component in found["components"]}
    rows = [row["file"] for row in found["violations"] if row["metric"] == "import_cycles"]
    words = {way[0]: " → ".join((*way, way[0])) for way in shortest}
    return [words[file] for file in rows]


@pytest.mark.parametrize(("change", "expected"), EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("how", ["changed", "since", "staged", "diff", "whole project"])
def test_the_cycles_that_a_change_adds(repo, how, change, expected):
    edited(repo, change)
    arguments = {"staged": ["--staged"], "whole project": ["--changed", "--whole-project"]}.get(how, ["--changed"])
    if how == "since":
        repo.commit().git("tag", "old", "HEAD~1")
        arguments = ["--since", "old"]
    if how in ("staged", "diff"):
        repo.git("add", "-A")
    if how == "diff":
        diff = repo.git("diff", "--cached", "-M").encode()
        shutil.rmtree(repo.root / ".git")
        result = repo.run("--diff", "-", ".", stdin=diff)
    else:
        result = repo.run(*arguments, ".")
    assert (cycles(result), result.code) == (expected, 1 if expected else 0), result.err


def test_a_diff_of_files_in_an_inner_folder(repo):
    inner = {f"src/{name}": text for name, text in START.items() if "/" not in name and name.endswith(".ts")}
    repo.commit(
        {name: None for name in START if name.endswith(".ts")} | {name: text + FILLING for name, text in inner.items()}
    )
    repo.write({"src/d.ts": imports("c") + FILLING, "src/a.ts": imports("b", "c") + FILLING}).git("add", "-A")
    diff = repo.git("diff", "--cached").encode()
    shutil.rmtree(repo.root / ".git")
    result = repo.run("--diff", "-", "src", stdin=diff)
    assert result.json["graph"]["violations"][0]["file"] == "src/c.ts" and len(result.json["graph"]["violations"]) == 1


def test_only_what_changed_is_judged_and_counted(repo):
    edited(repo, {"d.ts": imports("c")})
    result = repo.run("--changed", ".")
    assert [file["path"] for file in result.json["files"]] == ["d.ts"] and result.json["summary"]["files_analyzed"] == 1
    assert result.json["graph"]["summary"]["files"] == 8


def test_a_finding_says_since_when(repo):
    edited(repo, {"d.ts": imports("a"), "b.ts": imports("a", "d")})
    shown = repo.guard("--changed", ".", cwd=repo.root)
    assert "3 files import each other: a.ts → b.ts → a.ts (error above 1, +1 since HEAD)" in shown.out


def test_numbers_that_rose(repo):
    limits = {"analysis": {"graph": True, "thresholds": {"fan_out": {"error": 1}, "reach.error": 0}}}
    repo.commit({".complexityguard.json": json.dumps(limits), "c.ts": imports("d", "g") + FILLING})
    edited(repo, {"c.ts": imports("d", "lib/h"), "e.ts": imports("f", "g")})
    result = repo.run("--changed", ".")
    rows = [(row["file"], row["metric"], row["value"], row.get("delta")) for row in result.json["graph"]["violations"]]
    assert rows == [("e.ts", "fan_out", 2, 1), ("g.ts", "reach", 2, 1), ("lib/h.ts", "reach", 4, 2)]


def test_an_unchanged_file_that_cannot_be_read_fails_nothing(repo):
    (repo.root / "lib" / "loop.ts").symlink_to("loop.ts")
    edited(repo, {"d.ts": "f();\n"})
    repo.commit()
    edited(repo, {"d.ts": ""})
    assert repo.run("--changed", ".").code == 0


def test_a_baseline_knows_a_file_by_another_name(repo):
    assert repo.run("--write-baseline", "base.jsonl", ".").code == 0
    edited(repo, {"b.ts": None, "bee.ts": imports("a"), "a.ts": imports("bee")})
    assert repo.run("--baseline", "base.jsonl", ".").code == 0
    edited(repo, {"bee.ts": imports("a", "new"), "new.ts": imports("bee")})
    assert repo.run("--baseline", "base.jsonl", ".").code == 1


def test_overrides_have_limits_of_their_own(repo):
    """A cycle is judged by the strictest of its files."""
    for files, code in ((["c.ts"], 1), (["c.ts", "d.ts"], 0)):
        limits = LIMITS | {"overrides": [{"files": files, "analysis": {"thresholds": {"import_cycles": {"error": 2}}}}]}
        repo.write({".complexityguard.json": json.dumps(limits)})
        edited(repo, {"d.ts": imports("c")})
        assert repo.run("--changed", ".").code == code and repo.run(".").code == 1
