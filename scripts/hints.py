#!/usr/bin/env python3
"""Apply what `next` and `explain` say to extract, on real code, and hold the result against TypeScript, ESLint and SonarJS.

    python scripts/hints.py FOLDER... [--most N]        make hints FOLDERS="a b"

Of each folder the functions of product code that are past a limit of extracting are taken, the worst first, N at most
(40). Where there is a hint, the source with the run taken out has to be one: TypeScript 5.9.3 has no more syntax
errors in it than before, and none of its errors on names and declarations, ESLint's `no-undef` finds no name that it did
not find before; and ESLint and SonarJS have to measure both functions as the hint says. Prints what differs, and a row
for each folder; exit code 1 where a result is refused, or fewer than 95 % of the numbers agree.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import complexity_guard as cg  # noqa: E402

NUMBERS = {"cognitive": "mended", "cyclomatic": "cyclomatic", "line_count": "lines", "nesting_depth": "depth"}
LEAST_AGREED = 0.95


def bad_functions(folder: Path) -> list[tuple[float, str, str, int, int]]:
    """Those past a limit that extracting can bring them below, the worst first, each with its place."""
    found = []
    for file in cg.analyze_all(folder).values():
        if file.code != "product" or file.syntax_errors:
            continue
        for f in file.functions:
            past = [one.value / one.threshold for one in f.violations if one.metric in NUMBERS]
            if past:
                found.append((-max(past), file.path, f.qualified_name, f.start_line, f.start_col))
    return sorted(found)


def hints_in(folder: Path, most: int) -> Iterator[dict]:
    """A task for the oracle for each function; without `edited` where there is no hint."""
    workspace = cg.Workspace(folder)
    for _, path, name, line, column in bad_functions(folder)[:most]:
        view = workspace.look(path)
        f = next(f for f in view.file.functions if (f.start_line, f.start_col) == (line, column))
        hint = cg.extraction_of(view, f)
        task = {"path": path, "name": name, "line": line, "column": column}
        if hint:
            before = hint.edited[: hint.place].decode()
            place = [before.count("\n") + 1, len(before.rpartition("\n")[2])]
            task |= {
                "edited": hint.edited.decode(),
                "place": place,
                "after": hint.after,
                "extracted": hint.extracted,
                "words": cg.extraction_words(hint),
            }
        yield task


def asked(tasks: list[dict]) -> list[dict]:
    """What the oracle says of each."""
    command = ["node", "--max-old-space-size=3000", str(ROOT / "scripts" / "oracles" / "hints.mjs")]
    lines = "".join(json.dumps(task) + "\n" for task in tasks)
    done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def compared(task: dict, said: dict) -> tuple[int, int]:
    """How many numbers there are, and how many of them agree."""
    total = agreed = 0
    for part in ("after", "extracted"):
        for ours, theirs in NUMBERS.items():
            total += 1
            mine, its = task[part].get(ours), (said[part] or {}).get(theirs)
            agreed += mine == its
            if mine != its:
                print(f"  {task['path']}:{task['line']} {task['name']}: {part} {ours} {mine}, measured {its}")
    return total, agreed


def main() -> int:
    arguments = sys.argv[1:]
    most = 40
    if "--most" in arguments:
        place = arguments.index("--most")
        most = int(arguments[place + 1])
        del arguments[place : place + 2]
    refused, numbers, agreed = 0, 0, 0
    print(f"{'folder':<16} functions  hints  accepted  numbers  as measured")
    for name in arguments:
        folder = Path(name).resolve()
        tasks = list(hints_in(folder, most))
        hinted = [task for task in tasks if "edited" in task]
        bad, total, same = 0, 0, 0
        for task, said in zip(hinted, asked(hinted), strict=True):
            if said["refused"]:
                bad += 1
                print(f"  {task['path']}:{task['line']} {task['name']}: {task['words']}: {said['refused']}")
            more, equal = compared(task, said)
            total, same = total + more, same + equal
        print(f"{folder.name:<16} {len(tasks):>9} {len(hinted):>6} {len(hinted) - bad:>9} {total:>8} {same:>12}")
        refused, numbers, agreed = refused + bad, numbers + total, agreed + same
    share = agreed / numbers if numbers else 1.0
    print(f"{refused} refused; {share:.1%} of {numbers} numbers as measured")
    return int(refused > 0 or share < LEAST_AGREED)


if __name__ == "__main__":
    raise SystemExit(main())
