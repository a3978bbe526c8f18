#!/usr/bin/env python3
"""Hold what three reports of the same tests say of each function against Istanbul's own map, and against each other.

    python scripts/oracles/runs.py ISTANBUL.json LCOV V8_FOLDER

Istanbul's and LCOV's are of one run (`nyc --reporter=json --reporter=lcov …`), V8's of the same tests without instruments
(`NODE_V8_COVERAGE=FOLDER …`). By statements each share has to be what Istanbul's `fnMap` and `s` come to. By lines and by
ranges it is counted otherwise, so of these it is told how many functions are the same, whether each says of as many that
nothing, all or a part of them ran, and how far apart the shares are.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from coverage import theirs  # noqa: E402

import complexity_guard as cg  # noqa: E402

Shares = dict[tuple, float | None]


def units_of(paths: list[str]) -> dict[str, tuple]:
    """Path -> its module's code and its functions."""
    reports = cg.analyze_all(paths)
    return {cg.real_path(path): report.units for path, report in reports.items()}


def shares_by(names: list[str], units: dict[str, tuple]) -> Shares:
    """What reports say of each function, by file and number."""
    found = cg.coverage_from(names, "", ".")
    shares: Shares = {}
    for path, some in units.items():
        for number, share in enumerate(cg.shares_of(some, found.files.get(path))[1:]):
            shares[path, number] = share
    return shares


def held_against_istanbul(istanbul: dict, units: dict[str, tuple], ours: Shares) -> str:
    same = differing = 0
    for file in istanbul.values():
        path = cg.real_path(file["path"])
        mine: dict[tuple, list] = {}
        for number, f in enumerate(units[path][1:]):
            mine.setdefault((f.end_line, f.end_col), []).append(ours[path, number])
        for end, shares in theirs(file).items():
            if len(mine.get(end, ())) == len(shares):
                same += sum(map(lambda one, other: one == other, mine[end], shares))
                differing += sum(map(lambda one, other: one != other, mine[end], shares))
    return f"Istanbul's own map: {same} the same, {differing} not"


def kind(share: float) -> str:
    return {0.0: "nothing", 1.0: "all"}.get(share, "a part")


def compared(one: Shares, other: Shares) -> str:
    """How two reports agree on what both know."""
    both = [(one[key], other[key]) for key in one if one[key] is not None and other[key] is not None]
    apart = sorted(abs(a - b) for a, b in both)
    kinds = sum(kind(a) == kind(b) for a, b in both)
    ran = sum((a > 0) == (b > 0) for a, b in both)
    middle, far = statistics.median(apart), apart[int(0.95 * (len(apart) - 1))]
    return (
        f"of {len(both)} that both know {apart.count(0.0)} have the same share, {kinds} are alike (nothing, a part, all), {ran} ran "
        f"or not alike; apart by {middle:.3f} (median), {far:.3f} (95 %), {apart[-1]:.3f} (most)"
    )


def main() -> int:
    name, lcov, folder = sys.argv[1:]
    istanbul = json.loads(Path(name).read_text())
    units = units_of([file["path"] for file in istanbul.values()])
    statements, lines = shares_by([name], units), shares_by([lcov], units)
    ranges = shares_by([str(path) for path in sorted(Path(folder).iterdir())], units)
    print(f"{len(units)} files, {len(statements)} functions")
    verdict = held_against_istanbul(istanbul, units, statements)
    print(verdict)
    for title, other in (("LCOV", lines), ("V8", ranges)):
        print(f"Istanbul and {title}: {compared(statements, other)}")
    print(f"LCOV and V8: {compared(lines, ranges)}")
    return int(not verdict.endswith(" 0 not"))


if __name__ == "__main__":
    sys.exit(main())
