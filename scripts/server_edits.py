#!/usr/bin/env python3
"""Random edits of what an editor has open, each held against a cold run: `make server-edits [ARGS="--edits 10000 --seed 7"] [FOLDER=sources]`.

Texts are files of a folder and programs made by chance; edits have emoji, CRLF, tabs and halves of statements in them. After each,
the findings that the language server tells are those of a run on a file that holds the text. What breaks the syntax of
a file is taken back, so that it stays code; of every so many of those texts ESLint's `complexity` and SonarJS's `cognitive-complexity` are
asked, function by function, and held against the numbers in the server's outline.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ORACLES = ROOT / "scripts" / "oracles"
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "scripts"), str(ORACLES)]

from compare import ROW  # noqa: E402
from programs import generated  # noqa: E402
from servers import PULLING, EditorClient  # noqa: E402
from test_server_editor import as_lines, random_change  # noqa: E402

import complexity_guard as cg  # noqa: E402

Json = dict[str, Any]
LIMITS = {"cyclomatic": {"warning": 3, "error": 6}, "cognitive": {"warning": 3, "error": 6}}
CONFIGURATION = {"preset": "strict", "analysis": {"thresholds": LIMITS, "least_burden": 0}}
Numbers = dict[tuple[int, int], tuple[int, int]]  # where a function begins -> cyclomatic, cognitive


class Buffer:
    """A text that the server holds, and the same text here."""

    def __init__(self, client: EditorClient, text: str) -> None:
        self.client, self.text, self.version = client, text, 1
        client.open("a.ts", text)

    def edit(self, dice: random.Random) -> str:
        """The text as it was before."""
        before = self.text
        change, self.text = random_change(dice, before)
        self.tell(change)
        return before

    def replace(self, text: str) -> None:
        self.text = text
        self.tell({"text": text})

    def tell(self, change: Json) -> None:
        self.version += 1
        self.client.change("a.ts", self.version, change)

    def findings(self) -> list[Json]:
        return self.client.result("textDocument/diagnostic", self.client.of("a.ts"))["items"]

    def numbers(self) -> Numbers:
        """Those of the outline."""
        found = {}
        rest = self.client.result("textDocument/documentSymbol", self.client.of("a.ts"))
        while rest:
            symbol = rest.pop()
            rest += symbol["children"]
            told = dict(re.findall(r"(\w+) (\d+)", symbol["detail"]))
            start = symbol["range"]["start"]
            found[start["line"] + 1, start["character"]] = int(told["cyclomatic"]), int(told["cognitive"])
        return found


def texts(folder: Path, dice: random.Random) -> Iterator[str]:
    """Files of a folder, and programs made by chance, in turn; line ends of every kind."""
    paths = sorted(path for path in folder.rglob("*.ts") if path.is_file() and 500 < path.stat().st_size < 12_000)
    while True:
        text = dice.choice(paths).read_text("utf-8", "replace")
        yield text.replace("\n", "\r\n") if dice.random() < 0.3 else text
        made = generated(dice.randrange(10_000)).decode("utf-8", "replace")
        yield re.sub("[\u2028\u2029\ufeff]", "", made)  # which runs count in another way than editors


def cold(text: str, folder: Path) -> list[str]:
    """The findings of a run that knows of nothing."""
    (folder / "a.ts").write_bytes(text.encode())
    report = folder / "report.txt"
    cg.main(["a.ts", "-f", "compact", "-o", str(report), "--threads", "1", "--no-cache", "--quiet"])
    lines = [line.rstrip("\r") for line in re.split("\r\n|\r|\n", text)]
    return sorted(within(lines, line) for line in report.read_text("utf-8").splitlines() if line.startswith("a.ts:"))


def within(lines: list[str], told: str) -> str:
    """A finding, at the latest at the end of its line: behind that editors have no place. (A comment that begins with #! holds the CR.)"""
    path, line, column, words = told.split(":", 3)
    width = len(lines[int(line) - 1].encode("utf-16-le")) // 2
    return f"{path}:{line}:{min(int(column), width + 1)}:{words}"


def asked(folder: Path) -> dict[str, Numbers]:
    """What ESLint and SonarJS say of the files in a folder that their parser accepts."""
    done = subprocess.run(["node", str(ORACLES / "freeze.mjs"), str(folder)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr[-1000:])
    found = {}
    for answer in map(json.loads, done.stdout.splitlines()):
        if "error" not in answer:
            rows = [dict(zip(ROW, row, strict=True)) for row in answer["functions"]]
            found[answer["path"]] = {
                (row["start_line"], row["start_col"]): (row["cyclomatic"], row["cognitive"])
                for row in rows
                if row["kind"] != "i"
            }
    return found


class Edits:
    def __init__(self, folder: Path, sample: Path, every: int, dice: random.Random) -> None:
        self.folder, self.sample, self.every, self.dice = folder, sample, every, dice
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.outlines: dict[str, Numbers] = {}

    def held(self, buffer: Buffer, number: int) -> bool:
        """Whether the text is code; notes where the server's findings are not those of a run."""
        items = buffer.findings()
        expected = cold(buffer.text, self.folder)
        self.counts["edits"] += 1
        self.counts["findings"] += len(items)
        if as_lines(items) != expected:
            self.wrong.append(f"edit {number}: {sorted(set(expected) ^ set(as_lines(items)))[:3]}")
        return all(item["code"] != "syntax-error" for item in items)

    def keep(self, buffer: Buffer) -> None:
        """A text for the others to be asked about."""
        name = f"{len(self.outlines):05}.ts"
        (self.sample / name).write_bytes(buffer.text.encode())
        self.outlines[name] = buffer.numbers()

    def run(self, client: EditorClient, source: Iterator[str], count: int) -> None:
        buffer, is_file = Buffer(client, next(source)), True
        for number in range(count):
            if number % 100 == 99:
                client.tell("textDocument/didClose", client.of("a.ts"))
                buffer = Buffer(client, next(source))
                is_file = number // 100 % 2
            before = buffer.edit(self.dice)
            is_code = self.held(buffer, number)
            self.counts["texts that are code"] += is_code
            if is_code and self.counts["texts that are code"] % self.every == 0:
                self.keep(buffer)
            if not is_code and is_file:
                buffer.replace(before)

    def ask_others(self) -> None:
        for name, theirs in asked(self.sample).items():
            ours = self.outlines[name]
            self.counts["texts that ESLint reads"] += 1
            self.counts["functions"] += len(theirs)
            for place in sorted(ours.keys() | theirs.keys()):
                if ours.get(place) != theirs.get(place):
                    self.wrong.append(
                        f"{name}:{place}: {ours.get(place)} and {theirs.get(place)} of ESLint and SonarJS"
                    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "tests" / "corpus")
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--every", type=int, default=4, help="of how many texts that are code one is shown to ESLint")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    chosen = parser.parse_args()
    dice = random.Random(chosen.seed)
    source = texts(chosen.folder.resolve(), dice)
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as other:
        folder = Path(name).resolve()
        (folder / ".complexityguard.json").write_text(json.dumps(CONFIGURATION))
        os.chdir(folder)
        edits = Edits(folder, Path(other), chosen.every, dice)
        with EditorClient(folder, PULLING) as client:
            edits.run(client, source, chosen.edits)
        edits.ask_others()
        os.chdir(ROOT)
    told = ", ".join(f"{count:,} {what}" for what, count in edits.counts.items())
    print(f"seed {chosen.seed}: {told}; {len(edits.wrong)} differ")
    sys.exit("\n".join(edits.wrong[:20]) or 0)


if __name__ == "__main__":
    main()
