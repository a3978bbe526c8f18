"""Projects to report on: ordinary, broken, hostile and large ones; each is made once and analysed once."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import complexity_guard as cg

FORMATS = [name for name in cg.REPORTERS if name != "html"]  # which has a browser to answer to: test_page.py
BUSY = "if (a) { for (const x of b) { if (x) { while (x) { if (x && a) { a++ } } } } }"
FINDINGS = f"""\
import {{ b }} from "./b"

// complexity-guard-ignore-next-line cognitive -- rewritten in the spring
export function known(a: any) {{ {BUSY} {BUSY} }}

class Shop {{
  /** Says what é costs. */ price(a: any, b2: number, c: number, d: number) {{ {BUSY} {BUSY} return "é" }}
}}
// complexity-guard-ignore-next-line params_count
const fine = (x: number) => x
"""
BROKEN = (
    "export function before() { return 1 }\nclass A { m( { }\nexport function after(a: number) { return a ? 1 : 2 }\n"
)
HOSTILE = [  # where a format has a special character, a name has it
    '"><svg onload=alert(1)>', "</script>", "]]>&amp;", "=HYPERLINK(1)", "+1", "-1", "@everyone", "a|b`c``d", "[x](https://evil.example)",
    "{0} {{1}}", "::error file=x,line=1::boo", "%0A%25", "a,b;c\td", "$(id) `id`", "\\u202e", "**b** _i_ ~~s~~ #1", "www.evil.example", "日本語 😀",
]  # fmt: skip
HOSTILE_FILES = [f"{name.replace('/', '∕')}.ts".encode() for name in HOSTILE]
HOSTILE_FILES += [
    b"new\nline.ts",
    b"esc\x1b[31m.ts",
    b"not utf-8 \xff\xfe.ts",
    "rtl \u202e.ts".encode(),
    b'"quoted".ts',
    b" .ts",
]


def busy_function(key: str) -> str:
    return f"export const {{ a1 }} = {{ {json.dumps(key)}: function (a, b) {{ {BUSY} {BUSY} }} }}\n"


def clean(root: Path) -> None:
    (root / "a.ts").write_text("export function add(a: number, b: number) {\n  return a + b\n}\n")


def findings(root: Path) -> None:
    (root / "a.ts").write_text(FINDINGS, encoding="utf-8")
    (root / "sub").mkdir()
    (root / "sub" / "b.ts").write_text("export const b = [1]\n")


def broken(root: Path) -> None:
    (root / "a.ts").write_text(BROKEN)


def unreadable(root: Path) -> None:
    clean(root)
    (root / "binary.ts").write_bytes(bytes(range(256)) * 40)


def empty(root: Path) -> None:
    (root / "README").write_text("nothing to see\n")


def hostile(root: Path) -> None:
    (root / "all.ts").write_text("".join(map(busy_function, HOSTILE)), encoding="utf-8")
    for name in HOSTILE_FILES:
        with open(os.path.join(os.fsencode(root), name), "w", encoding="utf-8") as file:
            file.write(busy_function("f"))
    with open(os.path.join(os.fsencode(root), b"binary \xff<b>|.ts"), "wb") as file:
        file.write(bytes(range(256)) * 40)


def many(root: Path) -> None:
    for folder in range(10):
        text = "".join(
            f"export function f{i}(a, b, c, d{', e, f, g' * (i % 7 == 0)}) {{ return a }}\n" for i in range(1001)
        )
        (root / f"m{folder}.ts").write_text(text)


PROJECTS: dict[str, Callable[[Path], None]] = {
    build.__name__: build for build in (clean, findings, broken, unreadable, empty, hostile, many)
}
EXIT_CODES = {"clean": 0, "findings": 1, "broken": 0, "unreadable": 4, "empty": 0, "hostile": 4, "many": 1}
SNAPSHOTS = ("clean", "findings", "broken", "unreadable", "empty", "hostile")


class Runs:
    """Each project is made once, and for each set of arguments analysed once, for all formats together."""

    def __init__(self, command: list[str], folder: Callable[[str], Path]) -> None:
        self.command, self.folder = command, folder
        self.roots: dict[str, Path] = {}
        self.done: dict[tuple[str, ...], dict[str, bytes]] = {}

    def root(self, project: str) -> Path:
        if project not in self.roots:
            self.roots[project] = self.folder(project)
            PROJECTS[project](self.roots[project])
        return self.roots[project]

    def run(self, project: str, *arguments: str) -> bytes:
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000", "NO_COLOR": "1"}
        command = [*self.command, *arguments, *(["--allow-empty"] if project == "empty" else [])]
        result = subprocess.run(command, cwd=self.root(project), env=environment, capture_output=True, timeout=300)
        assert result.stderr == b"", result.stderr.decode()
        assert result.returncode == EXIT_CODES[project] or "--fail-on" in arguments
        return result.stdout

    def __call__(self, project: str, format: str, *arguments: str) -> bytes:
        key = (project, *arguments)
        if key not in self.done:
            target = self.folder("reports")
            reports = [f"--report={name}={target / name}" for name in FORMATS]
            assert self.run(project, *reports, *arguments) == b""
            self.done[key] = {name: (target / name).read_bytes() for name in FORMATS}
        return self.done[key][format]


@pytest.fixture(scope="session")
def report(strict_guard: Any, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs(strict_guard.command, tmp_path_factory.mktemp)
