#!/usr/bin/env python3
"""Whether two checkouts say the same of the same files, byte for byte.

    python scripts/same_reports.py CHECKOUT OTHER FOLDER … [--formats json,sarif,csv] [--options "--duplication"]

A checkout is a folder with complexity_guard.py; a kernel that lies beside it is its own, or else it has that of this
Python. Times and dates are left out. Told is the first line that differs.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from itertools import zip_longest

os.environ["COMPLEXITY_GUARD_CACHE"] = "0"  # each run is to do all of its work
VOLATILE = re.compile(rb'"(?:elapsed_ms|timestamp)": ?(?:"[^"]*"|\d+)|timestamp="[^"]*"|time="[^"]*"')


def report(checkout: str, folders: list[str], form: str, options: list[str]) -> list[bytes]:
    start = (
        f"import sys; sys.path.insert(0, {checkout!r}); import complexity_guard as cg; sys.exit(cg.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", start, *folders, "-f", form, "--fail-on", "none", *options]
    done = subprocess.run(command, capture_output=True, check=False)
    return VOLATILE.sub(b"", done.stdout + done.stderr).splitlines()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout")
    parser.add_argument("other")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--formats", default="json,ndjson,csv,sarif,html,console")
    parser.add_argument("--options", default="")
    wishes = parser.parse_args()
    differing = 0
    for form in wishes.formats.split(","):
        one, other = (
            report(os.path.abspath(checkout), wishes.folders, form, wishes.options.split())
            for checkout in (wishes.checkout, wishes.other)
        )
        pairs = enumerate(zip_longest(one, other), 1)
        first = next(((number, *pair) for number, pair in pairs if pair[0] != pair[1]), None)
        print(f"{form}: {len(one):,} lines, {'equal' if first is None else 'not equal'}")
        if first:
            differing += 1
            number, old, new = first
            print(f"  line {number}\n  - {(old or b'')[:2000]!r}\n  + {(new or b'')[:2000]!r}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
