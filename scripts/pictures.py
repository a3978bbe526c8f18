#!/usr/bin/env python3
"""Draw the pictures of README.md, of what the program says of a pinned package: `make pictures`.

The terminal's is an SVG of what a terminal is given, letter by letter; the page's a screenshot by headless Chromium."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import termios
from collections.abc import Iterator
from html import escape
from pathlib import Path

import complexity_guard as cg
import sources

ROOT = Path(__file__).resolve().parent.parent
os.environ["COMPLEXITY_GUARD_CACHE"] = "0"  # each run is to do all of its work
PACKAGE, FOLDER = "rxjs", "src"
COLUMNS, ROWS = 110, 30
TERMINAL, PAGE = ROOT / "docs" / "terminal.svg", ROOT / "docs" / "page.png"
PAGE_SIZE = "1280,780"
ENVIRONMENT = {"TERM": "xterm-256color", "SOURCE_DATE_EPOCH": "1767225600", "PYTHONPATH": str(ROOT)}

CELL, LINE, MARGIN = 8.4, 18, 16  # of the SVG, in pixels
INK, PAPER = "#d4d8e0", "#1b1e24"
COLORS = {"1": "", "2": "#8b93a1", "31": "#ff7b72", "32": "#7ee787", "33": "#e3b341"}  # as a terminal's, by code
BLANK = "\N{NO-BREAK SPACE}"  # SVG drops others at the beginning of a text
PAINT = re.compile("\x1b\\[([0-9]+)m")


def unpacked(folder: Path) -> Path:
    """The sources of the package that the benchmark pins."""
    rows = json.loads((ROOT / "scripts" / "bench_corpus.json").read_text())
    row = next(row for row in rows if row["name"] == PACKAGE)
    with tarfile.open(sources.npm_package(row)) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def in_terminal(command: list[str], folder: Path) -> list[str]:
    """The lines that a terminal is given."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("4H", ROWS, COLUMNS, 0, 0))
    running = subprocess.Popen(command, cwd=folder, stdout=child, env=os.environ | ENVIRONMENT)
    os.close(child)
    return b"".join(chunks(parent)).decode().rstrip().split("\r\n") if running.wait() in (0, 1) else []


def chunks(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            yield os.read(terminal, 65536)
        except OSError:  # the other end is closed
            return


def runs(lines: list[str]) -> Iterator[tuple[int, int, str, str]]:
    """The row and column where each run of letters of one colour begins, its code, its letters. A colour goes on in the
    next line, as in a terminal."""
    code = "0"
    for row, line in enumerate(lines):
        column = 0
        for number, part in enumerate(PAINT.split(line)):
            if number % 2:
                code = part
            elif part:
                yield row, column, code, part
                column += cg.cells_of(part)


def svg_text(row: int, column: int, code: str, letters: str) -> str:
    """A run of letters, held to its cells whatever the font."""
    style = ' font-weight="bold"' if code == "1" else f' fill="{COLORS[code]}"' if COLORS.get(code) else ""
    x, y = MARGIN + column * CELL, MARGIN + (row + 1) * LINE - 5
    width = cg.cells_of(letters) * CELL
    return f'<text x="{x:.1f}" y="{y}" textLength="{width:.1f}"{style}>{escape(letters).replace(" ", BLANK)}</text>\n'


def drawn(lines: list[str]) -> str:
    """A terminal's lines as SVG."""
    width, height = 2 * MARGIN + COLUMNS * CELL, 2 * MARGIN + len(lines) * LINE
    texts = [svg_text(*run) for run in runs(lines)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}" '
        f'role="img" aria-label="What complexity-guard says of {PACKAGE} in a terminal">\n'
        f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>\n'
        f'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="{INK}">\n{"".join(texts)}</g>\n</svg>\n'
    )


def draw_terminal(folder: Path) -> None:
    lines = in_terminal([sys.executable, "-m", "complexity_guard", FOLDER], folder)
    TERMINAL.write_text(drawn([f"\x1b[2m$\x1b[0m complexity-guard {FOLDER}", *lines]), encoding="utf-8")


def draw_page(folder: Path) -> None:
    report = folder / "report.html"
    command = [sys.executable, "-m", "complexity_guard", "-f", "html", "-o", str(report), FOLDER]
    subprocess.run(command, cwd=folder, check=False, env=os.environ | ENVIRONMENT)
    browser = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or "chromium-browser"
    )
    flags = "--headless=new --no-sandbox --disable-gpu --hide-scrollbars --virtual-time-budget=5000".split()
    place = [f"--window-size={PAGE_SIZE}", f"--screenshot={PAGE}", f"--user-data-dir={folder / 'profile'}"]
    subprocess.run([browser, *flags, *place, report.as_uri()], check=True, stderr=subprocess.DEVNULL)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = unpacked(Path(folder))
        draw_terminal(package)
        draw_page(package)
    for picture in (TERMINAL, PAGE):
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
