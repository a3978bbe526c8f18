"""What stands in more than one place because it comes before the module: each place says the same."""

from __future__ import annotations

import ast
import re
from multiprocessing import resource_tracker
from pathlib import Path

from conftest import ROOT


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def preludes() -> dict[str, list[ast.stmt]]:
    """The statements that put Python's handler of SIGINT away, by where they stand."""
    body = ast.parse(text_of("complexity_guard.py")).body
    (main, *_) = (node for node in body if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test))
    (first, *_) = (node for node in body if isinstance(node, ast.Import))
    (static,) = re.findall(r'^ENTRY = """(.*?)"""', text_of("build/static/frozen_modules.py"), re.M | re.S)
    return {
        "the module": [first, main.body[0]],  # behind it, what only `python -m` needs
        "packed binaries": ast.parse(text_of("spec/entry.py")).body[1:3],  # behind the docstring
        "the static binary": ast.parse(static).body[:2],
    }


def test_every_entry_puts_pythons_handler_of_sigint_away_first():
    found = {place: list(map(ast.unparse, statements)) for place, statements in preludes().items()}
    assert found["the module"][0] == "import _signal as signal"
    assert found["packed binaries"] == found["the static binary"] == found["the module"]


def test_every_binary_knows_how_multiprocessing_starts_its_tracker():
    """multiprocessing runs the binary as if it were Python, with this text to execute."""
    (command,) = re.findall(
        r"'(from multiprocessing\.resource_tracker import main;[^']*)'", Path(resource_tracker.__file__).read_text()
    )
    (packed,) = re.findall(r'fullmatch\(r"(.*?)"', text_of("spec/entry.py"))
    (static,) = re.findall(r'sscanf\(text, "(.*?)%n"', text_of("build/static/on_unix.h"))
    assert static == command
    assert re.fullmatch(packed, command % 17)[1] == "17"
