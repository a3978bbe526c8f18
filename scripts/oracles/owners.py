#!/usr/bin/env python3
"""Hold GitHub's rules of CODEOWNERS against the package codeowners, over files made by chance.

    python scripts/oracles/owners.py [COUNT]

The package (PyPI, a port of what GitHub's documentation says) is installed into out/, and nowhere else. Prints what
differs, and how much was compared; exit code 1 where anything does.
"""

from __future__ import annotations

import importlib
import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PLACE = ROOT / "out" / "codeowners"
VERSION = "0.9.0"
PARTS = ["a", "b", "docs", "lib", "x.ts", "y.js", "*", "*.ts", "**", "a*", "?"]
PLAIN = [part for part in PARTS if not set(part) & set("*?")]


def pattern(dice: random.Random) -> str:
    body = "/".join(dice.choice(PARTS) for _ in range(dice.randint(1, 3)))
    return dice.choice(["", "/"]) + body + dice.choice(["", "", "/"])


def main() -> int:
    if not (PLACE / "codeowners").is_dir():
        command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(PLACE), f"codeowners=={VERSION}"]
        subprocess.run(command, check=True)
    sys.path[:0] = [str(ROOT), str(PLACE)]
    importlib.invalidate_caches()
    import codeowners

    import complexity_guard as cg

    dice = random.Random(20)
    count = int(sys.argv[1]) if sys.argv[1:] else 20_000
    differing: dict[str, str] = {}
    owned = 0
    for _ in range(count):
        lines = [f"{pattern(dice)} @o{number}" for number in range(dice.randint(1, 4))]
        path = "/".join(dice.choice(PLAIN) for _ in range(dice.randint(1, 4)))
        text = "\n".join(lines) + "\n"
        ours = cg.Owners(text, is_gitlab=False).of(path)
        theirs = tuple(owner for _, owner in codeowners.CodeOwners(text).of(path))
        owned += bool(theirs)
        if ours != theirs:
            differing.setdefault(str([line.split()[0] for line in lines]), f"{path}: ours {ours}, theirs {theirs}")
    for lines, words in list(differing.items())[:20]:
        print(lines, words)
    print(f"{count:,} files of owners, {owned:,} with an owner: {len(differing)} differ")
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
