#!/usr/bin/env python3
"""Draw the functions to be read for docs/flagged.md: out of JSON reports, flagged ones of product code, uniformly at random.

    complexity-guard --format json --output vite.json --fail-on none packages
    python scripts/flagged.py [--count 20] [--seed 20261130] [--but docs/flagged.tsv --before 4] vite.json...

A report is called as its project. What was read in drawings before the one that `--before` names is not drawn again. Each
report gets a generator of its own with the same seed, so that a sample does not depend on what other reports there are.
Told are lines with tabs: path and lines, qualified name, and findings (E an error, w a warning).
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any


def product_functions(report: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """All functions of product code, by path and place."""
    found = [(file["path"], one) for file in report["files"] if file["code"] == "product" for one in file["functions"]]
    return sorted(found, key=lambda row: (row[0], row[1]["start_line"], row[1]["start_col"]))


def key_of(project: str, path: str, function: dict[str, Any]) -> tuple[str, ...]:
    return project, path, str(function["start_line"]), function["qualified_name"]


def read_before(readings: Path, drawing: int) -> set[tuple[str, ...]]:
    """The project, path, line and name of what was read in the drawings before this one."""
    rows = [line.split("\t") for line in readings.read_text(encoding="utf-8").splitlines()[1:]]
    return {tuple(row[1:5]) for row in rows if int(row[0]) < drawing}


def line_of(path: str, function: dict[str, Any]) -> str:
    findings = [
        f"{one['metric']}={one['value']}{'E' if one['level'] == 'error' else 'w'}" for one in function["violations"]
    ]
    place = f"{path}:{function['start_line']}-{function['end_line']}"
    return "\t".join((place, function["qualified_name"], " ".join(findings)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="+", type=Path, metavar="REPORT", help="JSON reports, one for each project")
    parser.add_argument("--count", type=int, default=20, help="functions of each report (default: 20)")
    parser.add_argument("--seed", type=int, default=20261130, help="where the generators start (default: 20261130)")
    parser.add_argument("--but", type=Path, metavar="FILE", help="readings, of which none is drawn again")
    parser.add_argument("--before", type=int, default=99, metavar="N", help="of these, the drawings before this one")
    arguments = parser.parse_args()
    known = read_before(arguments.but, arguments.before) if arguments.but else set()
    for path in arguments.reports:
        functions = product_functions(json.loads(path.read_text(encoding="utf-8")))
        flagged = [row for row in functions if row[1]["violations"]]
        errors = sum(any(one["level"] == "error" for one in row[1]["violations"]) for row in flagged)
        print(f"# {path}: {len(functions)} functions, {len(flagged)} flagged, {errors} with an error")
        flagged = [row for row in flagged if key_of(path.stem, *row) not in known]
        drawn = random.Random(arguments.seed).sample(range(len(flagged)), min(arguments.count, len(flagged)))
        for index in sorted(drawn):
            print(line_of(*flagged[index]))


if __name__ == "__main__":
    main()
