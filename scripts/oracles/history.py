#!/usr/bin/env python3
"""Hold commits and lines of files against PyDriller's, which reads the same repositories commit by commit.

    python scripts/oracles/history.py [--window 12m] [--functions N] FOLDER...

PyDriller is installed into out/, and nowhere else. Of each source file that is in HEAD the commits of the window, without
merges, and the lines that these added and deleted have to be equal. Prints what is not, and a row of sums for each
repository; exit code 1 where anything differs that is not explained.

Explained are lines that begin with two dashes or two plus signs: with the sign of the diff before them, PyDriller's counts
take them for its header. Its own list of the same lines (diff_parsed) has them, and has to have our numbers then.

With --functions, N functions of product code, half of them out of those that changed twice or more, are held against
`git log -L` of their lines, without commits of more than 30 files: that counts other layout, comments and types, too, so
what differs has to be read.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PLACE = ROOT / "out" / "pydriller"
VERSION = "2.9"
sys.path[:0] = [str(ROOT), str(PLACE)]

import complexity_guard as cg  # noqa: E402

Counts = dict[str, tuple[int, int, int]]  # path at HEAD -> commits, added, deleted


def install() -> None:
    if not (PLACE / "pydriller").is_dir():
        command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(PLACE), f"pydriller=={VERSION}"]
        subprocess.run(command, check=True)
        importlib.invalidate_caches()


def ours(folder: Path, window: str) -> tuple[Counts, list[str]]:
    """What we count, and the commits that it is of."""
    repository = cg.Repository(str(folder))
    log = cg.log_of(repository, window)
    files, large, _ = cg.touches_of(log)
    lines = cg.lines_of_files(repository, log)
    counts = {}
    for path in log.tracked:
        commits = len(files.get(path, ())) + len(large.get(path, ()))
        if commits:
            counts[path] = (commits, *lines.get(path, (0, 0)))
    return counts, [commit.id for commit in log.commits]


def theirs(folder: Path, commits: list[str], tracked: set[str]) -> tuple[Counts, Counts]:
    """What PyDriller counts over the same commits, the newest first, following renames as its process metrics do; and
    the same of its lists of lines."""
    from pydriller import ModificationType, Repository

    names: dict[str, str] = {}
    counts: Counts = {}
    listed: Counts = {}
    for commit in Repository(str(folder), only_commits=commits, order="reverse").traverse_commits():
        for file in commit.modified_files:
            path = names.get(file.new_path or file.old_path, file.new_path or file.old_path)
            if file.change_type == ModificationType.RENAME:
                names[file.old_path] = path
            if path in tracked:
                add(counts, path, file.added_lines, file.deleted_lines)
                lines = file.diff_parsed
                add(listed, path, len(lines["added"]), len(lines["deleted"]))
    return counts, listed


def add(counts: Counts, path: str, added: int, deleted: int) -> None:
    known = counts.get(path, (0, 0, 0))
    counts[path] = (known[0] + 1, known[1] + added, known[2] + deleted)


def by_ranges(folder: Path, window: str, count: int) -> None:
    """Prints where a function's commits are others than those of its lines."""
    command = [
        sys.executable,
        str(ROOT / "complexity_guard.py"),
        "hotspots",
        "-f",
        "json",
        "--no-cache",
        "--window",
        window,
    ]
    told = json.loads(subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout)
    functions = [one for one in told["functions"] if one["code"] == "product"]
    often = [one for one in functions if one["commits"] > 1]
    dice = random.Random(3)
    chosen = dice.sample(often, min(len(often), count // 2))
    chosen += dice.sample(functions, min(len(functions), count - len(chosen)))
    log = cg.log_of(cg.Repository(str(folder)), window)
    wanted = {commit.id for commit in log.commits if not commit.is_large}
    same = 0
    for one in chosen:
        lines = f"-L{one['start_line']},{one['end_line']}:{one['path']}"
        found = subprocess.run(
            ["git", "log", lines, "-s", "--format=%H"], cwd=folder, capture_output=True, text=True, check=True
        )
        theirs = [name for name in found.stdout.split() if name in wanted]
        same += len(theirs) == one["commits"]
        if len(theirs) != one["commits"]:
            print(
                f"{one['path']}:{one['start_line']} {one['qualified_name']}: ours {one['commits']}, git log -L {theirs}"
            )
    print(f"{folder.name}: {same} of {len(chosen)} functions have the commits of git log -L", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--functions", type=int, default=0)
    parser.add_argument("--window", default="12m")
    parser.add_argument("folders", nargs="+", type=Path)
    wanted = parser.parse_args()
    install()
    failed = False
    for folder in wanted.folders:
        start = time.process_time()
        mine, commits = ours(folder, wanted.window)
        seconds = time.process_time() - start
        other, listed = theirs(folder, commits, set(mine))
        differing = [path for path in sorted(mine) if mine[path] != other.get(path)]
        wrong = [path for path in differing if mine[path] != listed.get(path)]
        explained = [path for path in differing if path not in wrong]
        for path in [*wrong, *explained][:20]:
            why = ", explained: it lists as many as we, and counts some as headers of the diff"
            words = "" if path in wrong else why
            print(f"{folder.name}: {path}: ours {mine[path]}, PyDriller {other.get(path)}{words}")
        sums = [sum(column) for column in zip(*mine.values(), strict=True)] or [0, 0, 0]
        words = f"{len(commits):,} commits, {len(mine):,} files, {sums[0]:,} changes, +{sums[1]:,} -{sums[2]:,} lines"
        others = f", {len(explained)} explained" if explained else ""
        print(f"{folder.name}: {words}: {len(wrong)} files differ{others} ({seconds:.1f} s of CPU)", flush=True)
        failed = failed or bool(wrong)
        if wanted.functions:
            by_ranges(folder, wanted.window, wanted.functions)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
