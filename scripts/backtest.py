#!/usr/bin/env python3
"""Whether the order of `hotspots` means anything: what was ranked first half a year, and a year, ago, and what had bugs since.

    python scripts/backtest.py [--write] [--tuned NAME]... FOLDER...

For each repository and each day: the functions of product code at the last first parent of HEAD before that day are put in
order by each of ORDERS, and at random. Then the bug-fixing commits from there to HEAD are read (RULE and NO_RULE tell which they
are), and the functions that they changed, as far as these were there, under the same path and name. Of these changes the
share is told that is in the first functions of each order which have 5 % of all lines of functions together (of the last
one, in part). The lift is that share by that of random orders. What is collected of a repository is kept in out/backtest/, so
that another order is judged in seconds. `--tuned` names the repositories that the formula was chosen on: they have a table of
their own. `--write` writes docs/backtest.md.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "out" / "backtest"
sys.path.insert(0, str(ROOT))

import complexity_guard as cg  # noqa: E402

RULE = re.compile(r"\b(fix(e[sd])?|bug(fix)?|hotfix|regression|crash(es)?)\b", re.IGNORECASE)
NO_RULE = re.compile(
    r"\b(typos?|docs?|readme|lint|format(ting)?|tests?|ci|build|deps|changelog|style|types?|typings)\b", re.IGNORECASE
)
SHARE = 0.05
SOURCES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".gitattributes", ".gitignore")
RANDOM_ORDERS = 50
LEAST_CHANGES = 20  # of functions by bug fixes, for a repository to say something
MONTHS = (6, 12)
Key = tuple[str, str, int]


def priority_of(row: dict) -> float:
    """As hotspots ranks it."""
    one = {"value": row["complexity"], "commits": len(row["days"]), "line_count": row["line_count"] or 1}
    return math.prod(cg.factors_of(one, "value", 1).values())


# What each order puts first, by a function as `collected` has it. The first one is what `hotspots` ranks by.
ORDERS: dict[str, Callable[[dict], float]] = {
    "hotspots": priority_of,
    "complexity × commits": lambda row: row["complexity"] * len(row["days"]),
    "complexity": lambda row: row["complexity"],
    "lines": lambda row: row["line_count"],
    "commits": lambda row: len(row["days"]),
    "commits ÷ √lines": lambda row: len(row["days"]) / math.sqrt(max(1, row["line_count"])),
}


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def guard(folder: Path, *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "complexity_guard.py"), *arguments, "--no-cache", "--allow-empty"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 2, 4):
        raise ValueError(f"{folder}: {done.stderr}")
    return done.stdout


def complexity_of(function: dict) -> float:
    """As hotspots has it: how many times its limit the worst number is."""
    limits = cg.DEFAULT_ANALYSIS.thresholds
    return max(function[name] / min(limits[name]) for name in cg.JUDGED_BY)


def functions_at(folder: Path) -> list[dict]:
    """Every function of product code, with what was known of its past on that day."""
    history = cg.history_of(cg.Repository(str(folder)), "12m", settings())
    rows = []
    for line in guard(folder, "-f", "ndjson").splitlines():
        file = json.loads(line)
        if file["type"] != "file" or file["code"] != "product":
            continue
        seen: dict[str, int] = {}
        for function in file["functions"]:
            name = function["qualified_name"]
            seen[name] = seen.get(name, 0) + 1
            rows.append(row_of((file["path"], name, seen[name]), function, history))
    return rows


def row_of(key: Key, function: dict, history: cg.History) -> dict:
    """A function, and how many days before that day each commit changed it, which of them was a bug fix, and by whom."""
    trace = history.functions.get(key, cg.Trace())
    commits = [history.log.commits[number] for number in trace.commits]
    return {
        "path": key[0],
        "name": key[1],
        "number": key[2],
        "complexity": round(complexity_of(function), 3),
        **{name: function[name] for name in cg.JUDGED_BY},
        "days": [round((history.log.span.until - commit.time) / 86400, 1) for commit in commits],
        "fixes": [is_fix(commit.subject) for commit in commits],
        "authors": len({commit.email for commit in commits}),
        "is_new": bool(trace.commits) and trace.before is None,
        "file_commits": len(history.files.get(key[0], ())),
    }


def settings() -> cg.Settings:
    return cg.Settings(analysis=cg.DEFAULT_ANALYSIS, cache=False)


def is_fix(subject: str) -> bool:
    return bool(RULE.search(subject)) and not NO_RULE.search(subject)


def fixed_functions(folder: Path, start: str) -> tuple[list[tuple[str, str]], int]:
    """Path and name of each function that a bug-fixing commit since then changed, once a commit; and how many such
    commits there are."""
    repository = cg.Repository(str(folder))
    log = cg.log_of(repository, start)
    fixes = {number for number, commit in enumerate(log.commits) if is_fix(commit.subject)}
    _, _, touches = cg.touches_of(log)
    touches = [touch for touch in touches if touch.commit in fixes and touch.row.status[0] in "MR"]
    reader = cg.VersionReader(settings())
    found = set()
    deltas = dict(cg.DeltaReader(repository, reader).deltas(touches))
    for touch in touches:
        for _, _, name, _, is_same, *_ in deltas[touch.key].changed:
            if not is_same:
                found.add((touch.commit, touch.row.old_path, name))
    return sorted((path, name) for _, path, name in found), len(fixes)


def checked_out(folder: Path, place: Path, commit: str, endings: tuple[str, ...] = SOURCES) -> None:
    """A worktree of a commit, with its source files alone."""
    subprocess.run(["git", "worktree", "remove", "--force", str(place)], cwd=folder, capture_output=True, check=False)
    git(folder, "worktree", "prune")
    git(folder, "worktree", "add", "-f", "--detach", "--no-checkout", str(place), commit)
    names = git(folder, "ls-tree", "-r", "-z", "--name-only", commit).split("\0")
    paths = ("checkout", commit, "--pathspec-from-file=-", "--pathspec-file-nul")
    subprocess.run(
        ["git", "--literal-pathspecs", *paths],
        cwd=place,
        input="\0".join(name for name in names if name.endswith(endings)),
        text=True,
        capture_output=True,
        check=True,
    )


def collected(folder: Path, months: int) -> dict:
    """One repository, from a day so many months before HEAD: its functions then, and what bug fixes changed since."""
    until = int(git(folder, "log", "-1", "--format=%ct"))
    day = until - months * cg.PERIODS["m"]
    commit = git(folder, "rev-list", "-1", "--first-parent", f"--before={day}", "HEAD")
    kept = WORK / f"{folder.name}-{months}-{commit[:9]}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    place = WORK / f"{folder.name}-{months}"
    checked_out(folder, place, commit)
    try:
        functions = functions_at(place)
    finally:
        git(folder, "worktree", "remove", "--force", str(place))
    fixed, fixes = fixed_functions(folder, commit)
    known = {(row["path"], row["name"]) for row in functions}
    data = {"functions": functions, "fixes": fixes, "fixed": [one for one in fixed if tuple(one) in known]}
    kept.write_text(json.dumps(data))
    return data


def first_of(order: list[dict], room: float) -> dict[tuple[str, str], float]:
    """The functions at the beginning of an order that have so many lines; the last one as far as there is room."""
    chosen: dict[tuple[str, str], float] = {}
    for row in order:
        lines = row["line_count"] or 1
        key = (row["path"], row["name"])
        chosen[key] = max(chosen.get(key, 0), min(1, room / lines))
        room -= lines
        if room <= 0:
            break
    return chosen


def captured(order: list[dict], fixed: list[list[str]]) -> float:
    chosen = first_of(order, SHARE * sum(row["line_count"] for row in order))
    return sum(chosen.get(tuple(one), 0) for one in fixed) / len(fixed)


def judged(data: dict, orders: dict[str, Callable[[dict], float]]) -> dict | None:
    """The share of each order; equal ones by chance."""
    fixed = data["fixed"]
    if len(fixed) < LEAST_CHANGES:
        return None
    dice = random.Random(20)
    rows = sorted(data["functions"], key=lambda row: (row["path"], row["name"], row["number"]))
    row = {"functions": len(rows), "fixes": data["fixes"], "changes": len(fixed)}
    shares = []
    for _ in range(RANDOM_ORDERS):
        dice.shuffle(rows)
        shares.append(captured(rows, fixed))
    row["random"] = statistics.mean(shares)
    for name, value in orders.items():
        row[name] = captured(sorted(rows, key=value, reverse=True), fixed)
    return row


def words(rows: list[dict], title: str) -> str:
    """A table for each time back."""
    lines = []
    for months in sorted({row["months"] for row in rows}):
        some = [row for row in rows if row["months"] == months]
        lines += [f"\n## {title}, {months} months back\n"]
        lines += ["| repository | functions | bug fixes | changes of functions | random | " + " | ".join(ORDERS) + " |"]
        lines += ["|---|---:|---:|---:|---:|" + "---:|" * len(ORDERS)]
        for row in some:
            shares = " | ".join(f"{100 * row[name]:.1f} %" for name in ("random", *ORDERS))
            lines += [f"| {row['name']} | {row['functions']:,} | {row['fixes']:,} | {row['changes']:,} | {shares} |"]
        lifts = [[row[name] / row["random"] for row in some] for name in ORDERS]
        cells = " | ".join(f"**{statistics.median(lift):.1f}** ({min(lift):.1f}–{max(lift):.1f})" for lift in lifts)
        lines += [f"| lift, median (least–most) | | | | 1 | {cells} |"]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--tuned", action="append", default=[])
    parser.add_argument("folders", nargs="+", type=Path)
    wanted = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    rows = []
    for months in MONTHS:
        for folder in wanted.folders:
            try:
                row = judged(collected(folder.resolve(), months), ORDERS)
            except (ValueError, cg.GitError) as error:  # a clone that lacks something
                print(error, file=sys.stderr)
                continue
            if row:
                rows.append({"name": folder.name, "months": months, **row})
                print(json.dumps(rows[-1]), flush=True)
    tables = [
        words([row for row in rows if row["name"] not in wanted.tuned], "Judged on"),
        words([row for row in rows if row["name"] in wanted.tuned], "Tuned on"),
    ]
    print("".join(tables))
    page = ROOT / "docs" / "backtest.md"
    if wanted.write:
        head = page.read_text().partition("\n## ")[0].rstrip("\n") + "\n"
        page.write_text(head + "".join(tables))
    return 0


if __name__ == "__main__":
    sys.exit(main())
