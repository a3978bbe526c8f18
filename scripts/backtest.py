#!/usr/bin/env python3
"""Whether the order of `hotspots` means anything: what was ranked first half a year, and a year, ago, and what had bugs since.

    python scripts/backtest.py [--write] FOLDER...

For each repository and each day: the functions of product code at the last first parent of HEAD before that day are put in
order by `hotspots` (its window ends there), by complexity alone, by lines alone, by commits alone, and at random. Then the
bug-fixing commits from there to HEAD are read (RULE and NO_RULE tell which they are), and the functions that they changed,
as far as these were there, under the same path and name. Of these changes the share is told that is in the first functions
of each order which have 5 % of all lines of functions together (of the last one, in part). The lift is that share by that of random orders.
`--write` writes docs/backtest.md.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import subprocess
import sys
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
ORDERS = ("hotspots", "complexity", "lines", "commits")
Key = tuple[str, str, int]


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def guard(folder: Path, *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "complexity_guard.py"), *arguments, "--no-cache", "--allow-empty"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 2, 4):
        raise ValueError(f"{folder}: {done.stderr}")
    return done.stdout


def functions_at(folder: Path) -> tuple[dict[Key, dict], dict[Key, dict]]:
    """Every function of product code, and those of them that hotspots ranks."""
    functions = {}
    for line in guard(folder, "-f", "ndjson").splitlines():
        file = json.loads(line)
        if file["type"] != "file" or file["code"] != "product":
            continue
        seen: dict[str, int] = {}
        for function in file["functions"]:
            name = function["qualified_name"]
            seen[name] = seen.get(name, 0) + 1
            functions[file["path"], name, seen[name]] = function
    ranked = json.loads(guard(folder, "hotspots", "-f", "json"))["functions"]
    return functions, {(row["path"], row["qualified_name"], row["number"]): row for row in ranked}


def complexity_of(function: dict) -> float:
    """As hotspots has it: how many times its limit the worst number is."""
    limits = cg.DEFAULT_ANALYSIS.thresholds
    return max(function[name] / min(limits[name]) for name in cg.JUDGED_BY)


def orders_of(functions: dict[Key, dict], ranked: dict[Key, dict]) -> dict[str, list[Key]]:
    """The first functions of each order first; equal ones by chance."""
    dice = random.Random(20)
    keys = sorted(functions)
    dice.shuffle(keys)
    values = {
        "hotspots": lambda key: ranked[key]["priority"] if key in ranked else 0,
        "complexity": lambda key: complexity_of(functions[key]),
        "lines": lambda key: functions[key]["line_count"],
        "commits": lambda key: ranked[key]["commits"] if key in ranked else 0,
    }
    return {name: sorted(keys, key=values[name], reverse=True) for name in ORDERS}


def fixed_functions(folder: Path, start: str) -> tuple[list[tuple[str, str]], int]:
    """Path and name of each function that a bug-fixing commit since then changed, once a commit; and how many such
    commits there are."""
    repository = cg.Repository(str(folder))
    log = cg.log_of(repository, start)
    fixes = {
        number
        for number, commit in enumerate(log.commits)
        if RULE.search(commit.subject) and not NO_RULE.search(commit.subject)
    }
    _, _, touches = cg.touches_of(log)
    touches = [touch for touch in touches if touch.commit in fixes and touch.row.status[0] in "MR"]
    reader = cg.VersionReader(cg.Settings(analysis=cg.DEFAULT_ANALYSIS, cache=False))
    found = set()
    for touch, delta in cg.DeltaReader(repository, reader).deltas(touches):
        for _, _, name, _, is_same, *_ in delta.changed:
            if not is_same:
                found.add((touch.commit, touch.row.old_path, name))
    return [(path, name) for _, path, name in found], len(fixes)


def first_of(order: list[Key], functions: dict[Key, dict]) -> dict[tuple[str, str], float]:
    """The functions at the beginning of an order that have the share of all lines; the last one as far as there is room."""
    room = SHARE * sum(function["line_count"] for function in functions.values())
    chosen: dict[tuple[str, str], float] = {}
    for key in order:
        lines = functions[key]["line_count"] or 1
        chosen[key[:2]] = max(chosen.get(key[:2], 0), min(1, room / lines))
        room -= lines
        if room <= 0:
            break
    return chosen


def captured(order: list[Key], functions: dict[Key, dict], fixed: list[tuple[str, str]]) -> float:
    chosen = first_of(order, functions)
    return sum(chosen.get(one, 0) for one in fixed) / len(fixed)


def tried(folder: Path, months: int) -> dict | None:
    """One repository, from a day so many months before HEAD."""
    until = int(git(folder, "log", "-1", "--format=%ct"))
    day = until - months * cg.PERIODS["m"]
    commit = git(folder, "rev-list", "-1", "--first-parent", f"--before={day}", "HEAD")
    place = WORK / folder.name
    subprocess.run(["git", "worktree", "remove", "--force", str(place)], cwd=folder, capture_output=True, check=False)
    git(folder, "worktree", "prune")
    git(folder, "worktree", "add", "-f", "--detach", "--no-checkout", str(place), commit)
    sources = [
        name for name in git(folder, "ls-tree", "-r", "-z", "--name-only", commit).split("\0") if name.endswith(SOURCES)
    ]
    paths = ("checkout", commit, "--pathspec-from-file=-", "--pathspec-file-nul")
    subprocess.run(
        ["git", "--literal-pathspecs", *paths],
        cwd=place,
        input="\0".join(sources),
        text=True,
        capture_output=True,
        check=True,
    )
    try:
        functions, ranked = functions_at(place)
    finally:
        git(folder, "worktree", "remove", "--force", str(place))
    fixed, fixes = fixed_functions(folder, commit)
    known = {key[:2] for key in functions}
    fixed = [one for one in fixed if one in known]
    if not fixed:
        return None
    dice = random.Random(months)
    shares = []
    keys = sorted(functions)
    for _ in range(RANDOM_ORDERS):
        dice.shuffle(keys)
        shares.append(captured(keys, functions, fixed))
    row = {"name": folder.name, "months": months, "functions": len(functions), "fixes": fixes, "changes": len(fixed)}
    row["random"] = statistics.mean(shares)
    for name, order in orders_of(functions, ranked).items():
        row[name] = captured(order, functions, fixed)
    return row


def words(rows: list[dict]) -> str:
    """The tables."""
    lines = []
    for months in sorted({row["months"] for row in rows}):
        some = [row for row in rows if row["months"] == months]
        lines += [f"\n## {months} months back\n"]
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
    parser.add_argument("folders", nargs="+", type=Path)
    wanted = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    rows = []
    for months in (6, 12):
        for folder in wanted.folders:
            try:
                row = tried(folder.resolve(), months)
            except ValueError as error:  # a clone that lacks something
                print(error, file=sys.stderr)
                continue
            if row:
                rows.append(row)
                print(json.dumps(row), flush=True)
    print(words(rows))
    page = ROOT / "docs" / "backtest.md"
    if wanted.write:
        head = page.read_text().partition("\n## ")[0].rstrip("\n") + "\n"
        page.write_text(head + words(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
