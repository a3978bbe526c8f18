#!/usr/bin/env python3
"""Replay commits of real repositories through the gate: which share of them is red, and why.

    make replay ARGS="[--clones FOLDER] [--only NAME[,NAME]] [--commits 120] [--kept] [--write] [-- FLAG...]"

Each commit of the first-parent history that touches a source is checked out, and `--since HEAD~1` judges it with the
defaults, as a hook or a pull request of one commit would be. What the program said is kept in out/replay, a line a
commit. `--clones` is a folder with clones (owner+name/repo) to take the history from instead of the network; flags
behind -- go to the program. `--write` writes docs/replay.md: the figures, and what scripts/replay_reading.json says of
the commits that somebody read.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
os.environ["COMPLEXITY_GUARD_CACHE"] = "0"  # each run is to do all of its work
FOLDER = ROOT / "out" / "replay"
READING = ROOT / "scripts" / "replay_reading.json"
DOCUMENT = ROOT / "docs" / "replay.md"
SOURCES = tuple(f"*.{suffix}" for suffix in ("ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"))


@dataclass(frozen=True, slots=True)
class Repository:
    name: str  # owner/name on GitHub
    head: str  # the newest commit that is replayed
    tuned: bool  # the defaults were chosen by it; the others judge them

    @property
    def short(self) -> str:
        return self.name.partition("/")[2]


REPOSITORIES = (
    Repository("excalidraw/excalidraw", "4872083c04", tuned=True),
    Repository("typeorm/typeorm", "281bfba42", tuned=True),
    Repository("vitejs/vite", "a98c8d95d5", tuned=False),
    Repository("outline/outline", "d77dcdf853", tuned=False),
    Repository("colinhacks/zod", "e516c3baf", tuned=False),
)


@dataclass(frozen=True, slots=True)
class Rise:
    """A finding of a commit that made its run fail."""

    path: str
    code: str  # product, test or generated
    function: str  # "" for a file as a whole
    metric: str
    value: float
    before: float | None  # None: the function is new
    threshold: float
    level: str


@dataclass(frozen=True, slots=True)
class Replayed:
    commit: str
    subject: str
    code: int  # the exit code
    failures: tuple[str, ...]
    rises: tuple[Rise, ...]


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def work_tree(repository: Repository, clones: Path | None) -> Path:
    """A clone of our own, to check commits out in."""
    folder = FOLDER / "trees" / repository.short
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        source = f"https://github.com/{repository.name}"
        flags = ["--filter=blob:none"]
        if clones:
            source, flags = str(clones / repository.name.replace("/", "+") / "repo"), ["--shared"]
        subprocess.run(["git", "clone", "--quiet", "--no-checkout", *flags, source, str(folder)], check=True)
        git(folder, "sparse-checkout", "set", "--no-cone", *SOURCES, ".gitignore", ".gitattributes")
    return folder


def commits_of(folder: Path, head: str, most: int) -> list[tuple[str, str]]:
    """The newest commits that touch a source, the oldest first, each with its subject."""
    log = git(folder, "log", "--first-parent", "--format=%h%x09%s", f"-{most}", head, "--", *SOURCES)
    rows = [line.partition("\t") for line in log.splitlines()]
    return [(commit, subject) for commit, _, subject in reversed(rows)]


def subject() -> list[str]:
    binary = os.environ.get("COMPLEXITY_GUARD_BINARY")
    return [binary] if binary else [sys.executable, str(ROOT / "complexity_guard.py")]


def replayed(folder: Path, commit: str, title: str, flags: Sequence[str]) -> Replayed:
    """One commit, judged against its first parent."""
    git(folder, "checkout", "--quiet", "--force", "--detach", commit)
    report = FOLDER / f"report-{os.getpid()}.json"
    report.unlink(missing_ok=True)
    command = [*subject(), "--since", "HEAD~1", "--allow-empty", "-f", "json", "-o", str(report), *flags, "--", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not report.exists():
        raise SystemExit(f"{commit}: exit {done.returncode}: {done.stderr.strip()}")
    found = json.loads(report.read_text("utf-8"))
    rises = tuple(rise for file in found["files"] for rise in rises_of(file))
    return Replayed(commit, title, done.returncode, tuple(found["summary"]["failures"]), rises)


def rises_of(file: dict[str, Any]) -> Iterator[Rise]:
    """The findings of a file that fail the run."""
    for part in (file, file["module"], *file["functions"]):
        for violation in part["violations"]:
            if violation["level"] == "error" and not violation.get("ungated"):
                delta = violation.get("delta")
                yield Rise(
                    path=file["path"],
                    code=file.get("code", "product"),
                    function=part.get("qualified_name", ""),
                    metric=violation["metric"],
                    value=violation["value"],
                    before=None if delta is None else round(violation["value"] - delta, 4),
                    threshold=violation["threshold"],
                    level=violation["level"],
                )


def replay(repository: Repository, options: argparse.Namespace) -> list[Replayed]:
    """All commits of a repository; what was found is kept."""
    folder = work_tree(repository, options.clones)
    found = []
    for commit, title in commits_of(folder, repository.head, options.commits):
        one = replayed(folder, commit, title, options.flags)
        found.append(one)
        print(f"{repository.short} {commit} {'RED' if one.code else 'ok '} {title}", flush=True)
    kept = FOLDER / f"{repository.short}.jsonl"
    kept.write_text("".join(json.dumps(row_of(one)) + "\n" for one in found), "utf-8")
    return found


def row_of(one: Replayed) -> dict[str, Any]:
    rises = [[getattr(rise, field) for field in Rise.__slots__] for rise in one.rises]
    return {"commit": one.commit, "subject": one.subject, "code": one.code, "failures": one.failures, "rises": rises}


def kept_of(repository: Repository) -> list[Replayed]:
    """What the last run kept of a repository."""
    kept = FOLDER / f"{repository.short}.jsonl"
    rows = [json.loads(line) for line in kept.read_text("utf-8").splitlines()]
    return [
        Replayed(
            row["commit"], row["subject"], row["code"], tuple(row["failures"]), tuple(Rise(*r) for r in row["rises"])
        )
        for row in rows
    ]


# The document


def kind_of(rise: Rise) -> str:
    if rise.before is None:
        return "a new function"
    return "a limit crossed" if rise.before <= rise.threshold else "past it, and worse"


def share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "0"


def row_of_repository(repository: Repository, found: list[Replayed]) -> str:
    """How many commits are red, and how many of them by each metric and for each kind of reason."""
    red = [one for one in found if one.code]
    metrics = Counter(metric for one in red for metric in {rise.metric for rise in one.rises})
    kinds = Counter(kind for one in red for kind in {kind_of(rise) for rise in one.rises})
    cells = [
        repository.name,
        "tuned on" if repository.tuned else "judged",
        str(len(found)),
        share(len(red), len(found)),
    ]
    cells += [", ".join(f"{name} {count}" for name, count in counts.most_common()) for counts in (metrics, kinds)]
    return f"| {' | '.join(cells)} |"


def reading_rows(found: Iterable[Replayed]) -> Iterator[str]:
    """The commits that somebody read, each with the finding that was the largest."""
    reading = json.loads(READING.read_text("utf-8"))
    for one in found:
        if one.code and one.commit in reading:
            deserved, words = reading[one.commit]
            rise = max(one.rises, key=lambda rise: rise.value / rise.threshold)
            before = "new" if rise.before is None else f"{rise.before:g}"
            number = f"{rise.metric} {before} → {rise.value:g}"
            yield f"| `{one.commit}` | `{rise.function}` | {number} | {'yes' if deserved else 'no'} | {words} |"


# Which commits would be red by other rules, of the same records. They were counted once, when the default was chosen.
POLICIES = """## What other defaults would make of them

Of what an earlier replay kept (120, 100 and 100 commits, before there was `least_cognitive`, or `least_burden`) in which each rise above a limit of
errors failed. The defaults are the strictest of these rules with which no repository has more than 15 % red commits.

| what fails | excalidraw | vite | outline |
|---|---|---|---|
| each rise of any metric | 79 (66%) | 58 (58%) | 62 (62%) |
| cognitive, params_count, nesting_depth, duplication, with their allowances | 17 (14%) | 6 (6%) | 3 (3%) |
| **the same; of new functions cyclomatic, and line_count from 1.5 times its limit (the default)** | 18 (15%) | 6 (6%) | 4 (4%) |
| the same; of new functions cyclomatic and line_count | 19 (16%) | 6 (6%) | 4 (4%) |
| the same; any function that crosses twice the limit of cyclomatic or line_count | 21 (18%) | 7 (7%) | 5 (5%) |
| the same; cyclomatic where it crosses its limit by more than 4, or rises by more than 4 | 23 (19%) | 6 (6%) | 4 (4%) |
| the same; cyclomatic like cognitive: whatever crosses the limit, or rises by more than 4 | 29 (24%) | 8 (8%) | 5 (5%) |

So cyclomatic gates for new functions alone. The full rule adds 12 commits on excalidraw: a new function, 7 functions that had 17 to 20
paths and have 21 to 23, and four rises in functions of 46 to 147; with an allowance of 10 it would still be 28 (23%). The length of what
is there gates nothing: with an allowance of 5 lines, test code left out, 48 (40%), 18 (18%) and 20 (20%) commits are red.
""".splitlines()


def document(found: dict[Repository, list[Replayed]]) -> str:
    """docs/replay.md."""
    rows = [row for commits in found.values() for row in reading_rows(commits)]
    deserved = sum("| yes |" in row for row in rows)
    lines = [
        "# What the gate makes of real histories",
        "",
        "Written by `make replay ARGS=--write`; do not edit. Each of the newest commits that touch a source is judged with",
        "`--since HEAD~1` and the defaults: `recommended` limits, `gate` and `worse_by` as they come (docs/gates.md).",
        "The defaults were chosen by the repositories marked so; the others judge them.",
        "",
        "| repository | | commits | red | by metric | by reason |",
        "|---|---|---|---|---|---|",
        *(row_of_repository(repository, commits) for repository, commits in found.items()),
        "",
        *POLICIES,
        "A commit is counted under each metric and reason that it is red for. A commit of these histories is mostly a whole pull",
        "request, squashed.",
        "",
        "## Read",
        "",
        f"{len(rows)} red commits were judged, for whether the function named deserves a look before it is merged: {deserved} do.",
        "Some new functions and leaps were judged by their numbers alone, the others by their diffs.",
        "",
        "| commit | function | number | deserves it | why |",
        "|---|---|---|---|---|",
        *rows,
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clones", type=Path, help="a folder with clones, instead of the network")
    parser.add_argument("--only", default="", help="these repositories only, by the second half of their names")
    parser.add_argument("--commits", type=int, default=100, help="how many commits of each")
    parser.add_argument("--kept", action="store_true", help="replay nothing: what the last run kept")
    parser.add_argument("--write", action="store_true", help="write docs/replay.md")
    parser.add_argument("flags", nargs="*", help="flags for the program, behind --")
    options = parser.parse_args()
    names = options.only.split(",") if options.only else [repository.short for repository in REPOSITORIES]
    chosen = [repository for repository in REPOSITORIES if repository.short in names]
    found = {one: kept_of(one) if options.kept else replay(one, options) for one in chosen}
    for repository, commits in found.items():
        print(row_of_repository(repository, commits))
    if options.write:
        DOCUMENT.write_text(document(found), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
