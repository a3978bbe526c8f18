#!/usr/bin/env python3
"""Hold the share of each function that tests ran against Istanbul's own map of functions.

    python scripts/oracles/coverage.py FOLDER...

Istanbul (npm, installed into out/) instruments the sources that git tracks, and half of the statements are let run. A
statement is of the innermost function of `fnMap` whose body holds it; of each function that both know, the share has to be
the same. Prints what differs and how much was compared; exit code 1 where anything does.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PLACE = ROOT / "out" / "istanbul"
sys.path.insert(0, str(ROOT))

import complexity_guard as cg  # noqa: E402

Where = tuple[int, int]


def install() -> None:
    if not (PLACE / "node_modules").is_dir():
        PLACE.mkdir(parents=True, exist_ok=True)
        (PLACE / "package.json").write_text("{}")
        subprocess.run(["npm", "install", "--silent", "istanbul-lib-instrument@6.0.3"], cwd=PLACE, check=True)


def instrumented(folder: Path) -> list[dict]:
    names = subprocess.run(["git", "ls-files"], cwd=folder, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    paths = [
        str(folder / name) for name in names if name.endswith((".ts", ".tsx", ".js", ".jsx")) and ".d.ts" not in name
    ]
    command = ["node", str(Path(__file__).with_suffix(".mjs")), str(PLACE)]
    done = subprocess.run(command, input="\n".join(paths), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def place(where: dict) -> Where:
    return where["line"], where["column"]


def theirs(file: dict) -> dict[Where, list[float | None]]:
    """End of a function -> shares of those that end there, the outermost first."""
    spans = sorted((place(one["loc"]["start"]), place(one["loc"]["end"])) for one in file["fnMap"].values())
    sums = [[0, 0] for _ in spans]
    for key, statement in file["statementMap"].items():
        start = place(statement["start"])
        inside = [number for number, (first, last) in enumerate(spans) if first <= start < last]
        if inside:
            innermost = max(inside, key=lambda number: spans[number][0])
            sums[innermost][0] += file["s"][key] > 0
            sums[innermost][1] += 1
    found: dict[Where, list[float | None]] = {}
    for (_, end), (ran, total) in zip(spans, sums, strict=True):
        found.setdefault(end, []).append(round(ran / total, 4) if total else None)
    return found


def ours(file: dict) -> dict[Where, list[float | None]]:
    """The same of our functions."""
    report = cg.analyze_all([file["path"]]).popitem()[1]
    pieces = {place(one["start"]): file["s"][key] > 0 for key, one in file["statementMap"].items()}
    _, *shares = cg.shares_of(report.units, pieces)
    found: dict[Where, list[float | None]] = {}
    for f, share in zip(report.functions, shares, strict=True):
        found.setdefault((f.end_line, f.end_col), []).append(share)
    return found


def main() -> int:
    install()
    failed = False
    for folder in map(Path, sys.argv[1:]):
        same, differing, alone, words = 0, 0, 0, []
        for file in instrumented(folder):
            mine = ours(file)
            for end, shares in theirs(file).items():
                if len(mine.get(end, ())) != len(shares):
                    alone += len(shares)
                    continue
                for one, other in zip(mine[end], shares, strict=True):
                    same += one == other
                    differing += one != other
                    if one != other:
                        words.append(f"{file['path']}:{end[0]}:{end[1]}: ours {one}, Istanbul {other}")
        print("\n".join(words[:10]))
        print(
            f"{folder.name}: {same:,} functions have the same share, {differing} another, {alone} are not told apart by their end"
        )
        failed = failed or differing > 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
