#!/usr/bin/env python3
"""Run every check on each binary given; exit 1 when one fails.

    python dist-checks/run_all.py [--only size,links] [BINARY…]

Without a binary, all that out/dist holds are checked.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKS = sorted(path for path in HERE.glob("[!_]*.py") if path.name != Path(__file__).name)


def built() -> list[Path]:
    found = (HERE.parent / "out" / "dist").glob("*/complexity-guard*")
    return sorted(path for path in found if path.suffix in ("", ".exe"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="names of checks, with commas")
    parser.add_argument("binaries", nargs="*", type=Path)
    chosen = parser.parse_args()
    wanted = chosen.only.split(",") if chosen.only else [check.stem for check in CHECKS]
    binaries = chosen.binaries or built()
    if not binaries:
        print("nothing is built: `make binary` first", file=sys.stderr)
        return 1
    sys.stdout.reconfigure(encoding="utf-8")  # figures have signs that the code pages of Windows lack
    failed = 0
    for binary in binaries:
        print(f"{binary}:", flush=True)
        for check in (check for check in CHECKS if check.stem in wanted):
            start = time.monotonic()
            done = subprocess.run(
                [sys.executable, check, binary],
                stdout=subprocess.PIPE,
                encoding="utf-8",
                env={**os.environ, "PYTHONUTF8": "1"},
            )
            failed += done.returncode != 0
            verdict = done.stdout.strip() or f"FAIL  {check.stem}: no verdict"
            print(f"  {verdict}  [{time.monotonic() - start:.1f} s]", flush=True)
    print(f"{failed} failed" if failed else "all hold")
    return min(failed, 1)


sys.exit(main())
