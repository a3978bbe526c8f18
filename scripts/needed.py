#!/usr/bin/env python3
"""Which functions and methods runs on one small file call: build/static/needed.txt, for the static binary's start.

    make needed

Each run is one that a developer, an editor or a hook makes: files with and without findings, in a project with a
configuration and in none, with a cache that is empty and one that is not.
"""

from __future__ import annotations

import ast
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "build" / "static" / "needed.txt"
PLAIN = """import { b } from './b';

// A sum.
export function add(a: number, b = 1): number {
  return a + b;
}
"""
BRANCHES = "    if (x.a && x.b || !x) { for (const y of x) { while (y?.z) { y.f(() => 1); } } }\n"
LARGE = f"""export class Table<T> {{
  rows = [];
  get(x: any, ...more: T[]) {{
{40 * BRANCHES}    return <p>{{x ? 1 : `${{x}}`}}</p>;
  }}
}}
const use = (a) => {{ try {{ return a ?? /x/; }} catch (e) {{ throw e; }} }};
"""
SCRIPT = "module.exports = function (a) { switch (a) { case 1: return 2; default: return function () {}; } };\n"
SOURCES = {"plain.ts": PLAIN, "large.tsx": LARGE, "script.js": SCRIPT}
SETUP = {
    ".complexityguard.json": '{"preset": "recommended", "files": {"exclude": ["**/out/**"]}}\n',
    ".gitignore": "out/\n",
}
CACHES = (("--no-cache",), ("--cache-dir", "kept"), ("--cache-dir", "kept"))  # the third time it knows the file
RUNS = [
    *([name, "-f", form, *cache] for name in SOURCES for form in ("console", "json", "compact") for cache in CACHES),
    ["plain.ts"],
    ["plain.ts", "--format", "sarif", "--output", "kept/report"],
    ["plain.ts", "--format=json", "--threads", "1", "--fail-on", "none"],
    ["."],
]
TRACED = """
import sys
called = set()
def note(frame, event, value):
    code = frame.f_code
    if event == "call" and code.co_filename.endswith("complexity_guard.py"):
        called.add(code.co_qualname)
sys.setprofile(note)
import complexity_guard
answer = complexity_guard.run_command_line(sys.argv[2:])
sys.setprofile(None)
with open(sys.argv[1], "a") as file:
    file.writelines(f"{name}\\n" for name in called)
sys.exit(answer)
"""


def projects(place: Path) -> Iterator[Path]:
    """One with a configuration in a repository, and one that is but files."""
    subprocess.run(["git", "init", "-q", "project"], cwd=place, check=True)
    for name, files in (("project", SOURCES | SETUP), ("files", SOURCES)):
        folder = place / name
        folder.mkdir(exist_ok=True)
        for file, text in files.items():
            (folder / file).write_text(text)
        yield folder


def names_called() -> set[str]:
    """Of all runs, as code tells them: those of classes and of functions inside of functions as well."""
    with tempfile.TemporaryDirectory() as place:
        called = Path(place, "called")
        for folder, arguments in itertools.product(projects(Path(place)), RUNS):
            command = [sys.executable, "-c", TRACED, str(called), *arguments]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=False)
            assert done.returncode in (0, 1, 2), arguments
        return set(called.read_text().split())


def names_of_program() -> Iterator[str]:
    for statement in ast.parse((ROOT / "complexity_guard.py").read_text("utf-8")).body:
        if isinstance(statement, ast.FunctionDef):
            yield statement.name
        elif isinstance(statement, ast.ClassDef):
            methods = (one for one in statement.body if isinstance(one, ast.FunctionDef))
            yield from (f"{statement.name}.{method.name}" for method in methods)


def main() -> int:
    names = sorted(names_called().intersection(names_of_program()))
    LIST.write_text("".join(f"{name}\n" for name in names), "utf-8")
    print(f"{LIST.relative_to(ROOT)}: {len(names)} functions and methods")
    return 0


if __name__ == "__main__":
    sys.exit(main())
