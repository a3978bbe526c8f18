#!/usr/bin/env python3
"""Hold what is said of old versions against checkouts of them, and against ESLint and SonarJS.

    python scripts/oracles/versions.py [--commits 20] [--files 60] FOLDER...

Of each repository so many commits are taken, evenly spaced over all of its history. What `trend` says of each of them has to
be what a run over a checkout of its sources says, beside the files of today that say which ones are analysed. Then of an old
commit so many files are read as history reads them, beside the version of today where there is one, and ESLint's cyclomatic
and SonarJS's cognitive number (without its fault) of each function are held against theirs: `make oracles-setup` installs both.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts"), str(Path(__file__).parent)]

from backtest import checked_out, git  # noqa: E402
from compare import from_reference  # noqa: E402

import complexity_guard as cg  # noqa: E402

RULES_OF_TODAY = (".gitignore", ".gitattributes")
FIELDS = {"health_score": "health_score", "functions": "total_functions"}


def guard(folder: Path, *arguments: str) -> dict:
    command = [
        sys.executable,
        str(ROOT / "complexity_guard.py"),
        *arguments,
        "-f",
        "json",
        "--no-cache",
        "--allow-empty",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return json.loads(done.stdout)


def numbers_of_checkout(folder: Path, commit: str, place: Path) -> dict:
    """What a run over a checkout comes to, in the words of a trend."""
    checked_out(folder, place, commit, tuple(cg.SOURCE_SUFFIXES))
    for rule in RULES_OF_TODAY:
        for name in git(folder, "ls-files", "--", rule, f"**/{rule}").split("\n"):
            if name and (place / name).parent.is_dir():
                (place / name).write_bytes((folder / name).read_bytes())
    report = guard(place)
    product = [file for file in report["files"] if file["code"] == "product"]
    units = [unit for file in product for unit in (*file["functions"], file["module"])]
    found = {name: report["summary"][theirs] for name, theirs in FIELDS.items()}
    found["past_limits"] = sum(bool(f["violations"]) for file in product for f in file["functions"])
    found["cognitive"] = sum(unit["cognitive"] for unit in units)
    found["lines"] = sum(file["file_length"] for file in product)
    return found


def points_and_checkouts(folder: Path, commits: int, place: Path) -> tuple[int, list[str]]:
    """How many commits are the same, and what differs."""
    same, words = 0, []
    for point in guard(folder, "trend", "--window", "all", "--points", str(commits))["points"]:
        found = numbers_of_checkout(folder, point["commit"], place)
        git(folder, "worktree", "remove", "--force", str(place))
        differing = {name: (point[name], value) for name, value in found.items() if point[name] != value}
        same += not differing
        if differing:
            words.append(f"{point['commit'][:9]}: trend and checkout {differing}")
    return same, words


def old_numbers(repository: cg.Repository, names: dict[str, str], today: dict[str, str]) -> dict:
    """Path and place of each function of an old commit -> its numbers as history reads them."""
    reader = cg.VersionReader(cg.Settings(analysis=cg.DEFAULT_ANALYSIS, cache=False))
    contents = repository.blobs([*names.values(), *[today[path] for path in names if path in today]])
    found = {}
    for path, name in names.items():
        known = reader.version(path, contents[today[path]]) if path in today else None
        raw = contents[name]
        for unit in reader.version(path, raw, known).units[1:]:
            head = raw[: unit.start].decode().removeprefix("\ufeff")
            line, column = head.count("\n") + 1, cg.utf16_length(head.rpartition("\n")[2])
            found[path, line, column] = (unit.cyclomatic, unit.cognitive)
    return found


def held_against_eslint(folder: Path, commit: str, files: int, place: Path) -> tuple[int, list[str]]:
    """How many functions have the same numbers, and what differs."""
    checked_out(folder, place, commit)
    (place / ".git").unlink()
    repository = cg.Repository(str(folder))
    names, _ = cg.files_of_commit(repository, commit)
    today, _ = cg.files_of_commit(repository, "HEAD")
    some = sorted(path for path in names if (place / path).is_file() and ".d." not in path)
    some = some[:: max(1, len(some) // files)]
    for path in place.rglob("*"):
        if path.is_file() and str(path.relative_to(place)) not in some:
            path.unlink()
    command = ["node", str(Path(__file__).parent / "freeze.mjs"), str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    ours = old_numbers(repository, {path: names[path] for path in some}, today)
    same, words = 0, []
    for answer in map(json.loads, done.stdout.splitlines()):
        for (line, column, _), numbers in from_reference(answer).functions.items() if "functions" in answer else ():
            theirs = (numbers["cyclomatic"], numbers["cognitive"])
            mine = ours.get((answer["path"], line, column))
            same += mine == theirs
            if mine != theirs:
                words.append(f"{answer['path']}:{line}:{column}: ours {mine}, theirs {theirs}")
    return same, words


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--commits", type=int, default=20)
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("folders", nargs="+", type=Path)
    wanted = parser.parse_args()
    failed = False
    for folder in map(Path.resolve, wanted.folders):
        with tempfile.TemporaryDirectory() as room:
            place = Path(room, "checkout")
            commit = git(folder, "rev-list", "-1", "--first-parent", "--before=1 year ago", "HEAD")
            functions, different = held_against_eslint(folder, commit, wanted.files, Path(room, "sample"))
            git(folder, "worktree", "prune")
            print(
                f"{folder.name} {commit[:9]}: {functions} functions as ESLint and SonarJS, {len(different)} not",
                flush=True,
            )
            same, words = points_and_checkouts(folder, wanted.commits, place)
        print(
            f"{folder.name}: {same} commits as their checkouts, {len(words)} not",
            *words,
            *different[:9],
            sep="\n",
            flush=True,
        )
        failed = failed or bool(words or different)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
