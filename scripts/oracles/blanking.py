"""Blank all types of each file in place: no control-flow and no Halstead number of any function may change.

python blanking.py [FOLDER]     the corpus, or another folder of sources; needs Node and `make oracles-setup`
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from compare import CORPUS, ROOT, analyse

BLANK = Path(__file__).with_name("blank.mjs")
INVARIANT = (
    "kind", "start_line", "cyclomatic", "cognitive", "nesting_depth", "halstead_distinct_operators",
    "halstead_distinct_operands", "halstead_operators", "halstead_operands", "halstead_volume", "halstead_effort",
)  # fmt: skip


def blank(folder: Path, target: Path) -> dict[str, int]:
    shutil.rmtree(target, ignore_errors=True)
    done = subprocess.run(["node", str(BLANK), str(folder), str(target)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def changes(typed: dict[str, Any], blanked: dict[str, Any]) -> Iterator[str]:
    """What differs between the reports on one file before and after."""
    before, after = typed["functions"], blanked["functions"]
    if len(before) != len(after):
        yield f"{typed['path']}: {len(before)} functions, {len(after)} without types"
        return
    for one, other in zip(before, after, strict=True):
        if unequal := [f"{key} {one[key]} → {other[key]}" for key in INVARIANT if one[key] != other[key]]:
            yield f"{typed['path']}:{one['start_line']} {one['name']}: {', '.join(unequal)}"


def all_changes(folder: Path, target: Path) -> list[str]:
    typed, blanked = analyse(folder), analyse(target)
    pairs = ((typed[path.removesuffix(".js")], report) for path, report in blanked.items())
    return [change for pair in pairs for change in changes(*pair)]


def main() -> int:
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else CORPUS
    target = ROOT / "out" / "oracle-blanked"
    counts = blank(folder, target)
    found = all_changes(folder, target)
    files = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    print(f"{files} TypeScript files; {len(found)} functions changed")
    print("\n".join(found[:50]))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
