"""Real projects, split by chance: whatever the number of parts, their order, and the folder and the number of workers that they
were made in, a merge writes what one run does, to the byte, in every format.

`make splits FOLDERS="a b" [STEPS=20]`. The folders stay as they are: copies are measured.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import copytree, ignore_patterns

import complexity_guard as cg

TOLD = re.compile(rb'("(?:elapsed_ms|thread_count)": ?)\d+')
PROGRAM = [sys.executable, "-m", "complexity_guard"]
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "0", "PYTHONPATH": str(Path(cg.__file__).parent)}
FLAGS = ((), ("--duplication",), ("--graph",), ("--duplication", "--graph", "--templates"), ("--preset", "sonarqube"))
JUDGED = ((), ("--threshold", "cyclomatic=3/6"), ("--fail-on", "none", "--top", "3"))


def called(folder: Path, *words: object) -> subprocess.CompletedProcess[bytes]:
    command = [*PROGRAM, *map(str, words)]
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, check=False)


def reports(folder: Path, room: Path, *words: object) -> dict[str, bytes]:
    """Every format of a run or a merge, and how it ended."""
    room.mkdir()
    wanted = [word for name in cg.REPORTERS for word in ("--report", f"{name}={room / name}")]
    done = called(folder, *words, *wanted)
    assert done.returncode in (0, 1, 2, 4), done.stderr.decode()
    found = {name: TOLD.sub(rb"\g<1>0", (room / name).read_bytes()) for name in cg.REPORTERS}
    return found | {"end": b"%d %s %s" % (done.returncode, done.stdout, done.stderr)}


def shards_of(folder: Path, room: Path, count: int, flags: tuple[str, ...], chance: random.Random) -> list[Path]:
    shards = []
    for number in range(1, count + 1):
        shard = room / f"{number}.shard"
        workers = chance.choice(("1", "2"))
        done = called(
            folder, ".", *flags, "--threads", workers, "--shard", f"{number}/{count}", "--report", f"shard={shard}"
        )
        assert done.returncode in (0, 4), done.stderr.decode()
        shards.append(shard)
    chance.shuffle(shards)
    return shards


def split(project: Path, elsewhere: Path, room: Path, seed: int) -> str:
    """One split; what differs in it, if anything does."""
    chance = random.Random(seed)
    count = chance.choice((1, 2, 3, 5, 7, chance.randrange(1, 30)))
    flags, judged = chance.choice(FLAGS), chance.choice(JUDGED)
    if chance.random() < 0.5:
        judged = (*judged, "--baseline", room.parent / "baseline.jsonl")
    expected = reports(project, room / "one", ".", *flags, *judged)
    shards = shards_of(elsewhere, room, count, flags, chance)
    found = reports(project, room / "merged", "merge", *shards, *judged)
    differing = [name for name in expected if found[name] != expected[name]]
    print(
        f"{project.name}: split {seed}, {count} parts, {' '.join(map(str, (*flags, *judged)))}: {differing or 'equal'}"
    )
    return f"{project.name}, split {seed}: {differing}" if differing else ""


def splits_of(folder: Path, steps: int, first: int) -> list[str]:
    with tempfile.TemporaryDirectory() as place:
        project, elsewhere = Path(place, folder.name), Path(place, "elsewhere")
        copytree(folder, project, symlinks=True, ignore=ignore_patterns("node_modules"))
        copytree(project, elsewhere, symlinks=True)
        called(
            project,
            ".",
            "--write-baseline",
            Path(place, "baseline.jsonl"),
            "--metrics",
            "cyclomatic,cognitive",
            "--no-cache",
        )
        wrong = []
        for seed in range(first, first + steps):
            room = Path(place, str(seed))
            room.mkdir()
            wrong.append(split(project, elsewhere, room, seed))
        return [words for words in wrong if words]


def main(steps: str, seed: str, *folders: str) -> int:
    began = time.monotonic()
    first = int(seed or began)
    wrong = [words for folder in folders for words in splits_of(Path(folder).resolve(), int(steps), first)]
    print(f"{int(steps) * len(folders)} splits in {time.monotonic() - began:.0f} s, {len(wrong)} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
