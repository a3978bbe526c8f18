#!/usr/bin/env python3
"""Survey 200 synthetic repositories and real packages with two workers, kill it at random moments, and let it go on.

    make survey-proof ARGS="[--repositories 200] [--packages 20] [--kills 3] [--seed 7]"

What comes out has to be, byte for byte, what a survey says that nobody interrupted. The packages are of the calibration
corpus, pinned by checksum; every other one is committed to a repository, and cloned from it. Prints what was seen, and
the figures that docs/scale.md reckons with.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "build")]

import sources  # noqa: E402

PLACE = ROOT / "out" / "survey-proof"
MOST_BYTES = 4_000_000  # of an archive
PACKAGES = ROOT / "scripts" / "calibration_corpus.json"
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}  # fmt: skip
BODIES = (
    "if (a && b) c();",
    "for (const x of y) { while (x) z(); }",
    "q ??= a ? b : c;",
    "return [1].map((v) => v ? 1 : 2);",
)


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, env={**os.environ, **GIT}, check=True, capture_output=True)


def committed(folder: Path) -> None:
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message=all")


def synthetic(folder: Path, dice: random.Random) -> None:
    """A repository of some files, most small and a few large, as repositories are."""
    for number in range(dice.randint(1, 6)):
        count = int(dice.paretovariate(0.9)) + 1
        lines = [
            f"export function f{n}(a, b = 1) {{ {' '.join(dice.choices(BODIES, k=3))} }}"
            for n in range(min(count, 400))
        ]
        path = (
            folder / dice.choice(("src", "lib", "test")) / f"m{number}{dice.choice(('.ts', '.tsx', '.js', '.test.ts'))}"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")
    committed(folder)


def packages(count: int) -> Iterator[Path]:
    """Real ones from all over the corpus, unpacked, but for the largest: two surveys are to take minutes."""
    archives = map(sources.npm_package, json.loads(PACKAGES.read_text("utf-8"))[::13])
    for archive in islice((one for one in archives if one.stat().st_size < MOST_BYTES), count):
        folder = PLACE / "packages" / archive.stem
        if not folder.exists():
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
        yield folder


def manifest(options: argparse.Namespace) -> Path:
    """All that is to be surveyed, and some that cannot be."""
    dice = random.Random(options.seed)
    rows = []
    for number in range(options.repositories):
        folder = PLACE / "synthetic" / f"r{number:04}"
        folder.mkdir(parents=True)
        synthetic(folder, dice)
        rows.append({"repository": f"synthetic/{folder.name}", "revision": "main", "tag": f"team{number % 5}"})
    for number, folder in enumerate(packages(options.packages)):
        if number % 2 and not (folder / ".git").exists():
            committed(folder)
        rows.append({"repository": f"packages/{folder.name}", "revision": "main" if number % 2 else "", "tag": "real"})
    rows += [
        {"repository": "nowhere"},
        {"repository": "synthetic/r0000", "revision": "gone"},
        {"repository": "ext::true"},
    ]
    dice.shuffle(rows)
    path = PLACE / "manifest.ndjson"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def command(path: Path, folder: Path) -> list[str]:
    script = str(ROOT / "scripts" / "survey.py")
    return [
        sys.executable,
        script,
        str(path),
        str(folder),
        "--workers=2",
        "--part=16",
        f"--scratch={PLACE / 'scratch'}",
    ]


def uninterrupted(path: Path, folder: Path) -> str:
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*command(path, folder), "--quiet"], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{time.monotonic() - started:.1f} s, {cpu:.1f} s of CPU of the caller and its waited children; {' '.join(done.stdout.split())}"


def interrupted(path: Path, folder: Path, options: argparse.Namespace, rows: int) -> list[int]:
    """Kills it after so many answers, at so many moments, and lets it end; after how many answers each began."""
    dice, known = random.Random(options.seed + 1), []
    for moment in range(options.kills):
        known.append(answers_in(folder))
        process = subprocess.Popen(command(path, folder), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        for _ in range(dice.randint(1, max(1, (rows - known[-1]) // (options.kills - moment + 1)))):
            process.stderr.readline()
        time.sleep(dice.random() * 0.5)
        process.kill()
        process.wait()
    known.append(answers_in(folder))
    subprocess.run([*command(path, folder), "--quiet"], check=True, capture_output=True)
    return known


def answers_in(folder: Path) -> int:
    parts = [json.loads(path.read_text()) for path in folder.glob("parts/*/part.json")]
    return sum(part["rows"]["repositories"] for part in parts) + len(list(folder.glob("unfinished/0*")))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("parts/*/*")}


def figures(folder: Path) -> str:
    costs = [json.loads(line) for line in (folder / "costs.ndjson").read_text().splitlines()]
    sizes = {table: sum(path.stat().st_size for path in folder.glob(f"parts/*/{table}.*")) for table in TABLES}
    seconds = sorted(cost.get("all_s", 0) for cost in costs)
    sums = {name: sum(cost.get(name, 0) for cost in costs) for name in ("fetched", "sources", "clone_s", "all_s")}
    return f"bytes of tables {sizes}; sums {sums}; seconds, median {seconds[len(seconds) // 2]}, longest {seconds[-1]}"


TABLES = ("repositories", "files", "functions")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in {"repositories": 200, "packages": 20, "kills": 3, "seed": 7}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    for name in ("synthetic", "whole", "killed", "scratch"):
        shutil.rmtree(PLACE / name, ignore_errors=True)
    path = manifest(options)
    rows = len(path.read_text().splitlines())
    print(
        f"{rows} rows: {options.repositories} synthetic repositories, {options.packages} packages, 3 that cannot be had"
    )
    print("uninterrupted:", uninterrupted(path, PLACE / "whole"))
    print(figures(PLACE / "whole"))
    known = interrupted(path, PLACE / "killed", options, rows)
    print(f"killed {options.kills} times; answers that were there when it began again: {known[1:]}")
    left = os.listdir(PLACE / "scratch")
    is_same = bytes_of(PLACE / "whole") == bytes_of(PLACE / "killed")
    print("the parts are the same bytes" if is_same else "THE PARTS DIFFER", f"; left in the scratch folder: {left}")
    return 0 if is_same and not left else 1


if __name__ == "__main__":
    sys.exit(main())
