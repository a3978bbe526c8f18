#!/usr/bin/env python3
"""Analyse 200 hostile files one by one, and see that each is measured, in little time and memory.

    make shapes [ARGS="--seed 7 --count 200 --only repeat --binary PATH --write"]

Repeats of one to four tokens, mangled real files, truncated bundles, binary junk, and brackets of every kind that nothing
closes, of 5 KB to 3 MB, by a seed. Each is analysed by a process of its own; a table says what the worst of each family
took. Fails where a file takes more than 6 s of CPU or 512 MB, or where fewer than 95 of 100 are measured. `--write` puts
the table into docs/shapes.md. A shape that fails is left in out/shapes/.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import kernel_fuzz

ROOT = Path(__file__).resolve().parent.parent
os.environ["COMPLEXITY_GUARD_CACHE"] = "0"  # each run is to do all of its work
PAGE = ROOT / "docs" / "shapes.md"
MOST_SECONDS, MOST_MEGABYTES, LEAST_MEASURED = 6.0, 512, 0.95

TOKENS = (
    "a b x y 1 'a' \"b\" /r/ // /* */ -- ++ - + * / % ** < > << >> >>> <= >= = == === != => ? ?. ?? : ; , . ... ! ~ & | ^ && || "
    "&&= ||= ??= += ( ) [ ] { } ` ${ @ # \\ <a> </a> <a /> <> </> <!-- --> async await yield function class new in of "
    "instanceof typeof void delete if else for while do switch case default return throw try catch finally import export "
    "from as satisfies type interface enum namespace declare abstract static get set let const var this super null "
    "keyof infer is extends implements readonly public private unique symbol asserts accessor using goto"
).split()
GLUES = ("", "", " ", "\n")
BRACKETS = (
    "(", "[", "{", "<", "`${", "({", "([", "({a:", "[{", "(a,", "a(", "a[", "a<", "async (", "(a=>", "a=>{", "()=>{", "if(a){",
    "function f(){", "function(", "class A{a(){", "new (class{", "<a>", "<a b={", "<a>{", "type A=B<", "type A=(", "type A={a:", "let a:[",
    "switch(a){case 1:{", "try{", "for(;;){", "a?(", "a?[", "!(", "...[", "@a(", "x={y:", "import(", "enum A{a=(", "namespace a{",
)  # fmt: skip

Dice = random.Random


class Measured(NamedTuple):
    family: str
    name: str
    size: int
    seconds: float
    megabytes: float
    verdict: str  # "measured", or what was said instead


# ── The shapes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def size_of(dice: Dice, least: int, most: int) -> int:
    """As many small ones as large ones."""
    return int(least * (most / least) ** dice.random())


def filled(piece: str, size: int) -> bytes:
    raw = piece.encode()
    return (raw * (size // len(raw) + 1))[:size]


def repeat(dice: Dice, pool: list[bytes]) -> tuple[str, bytes]:
    glue = dice.choice(GLUES)
    piece = glue.join(dice.choices(TOKENS, k=dice.randint(1, 4))) + glue
    return piece, filled(piece, size_of(dice, 5_000, 400_000))


def mangled(dice: Dice, pool: list[bytes]) -> tuple[str, bytes]:
    text = bytearray(dice.choice(pool))
    for _ in range(dice.choice((1, 2, 5, 30, 200))):
        dice.choice(kernel_fuzz.CHANGES)(dice, text, pool)
    still_text = text[:2_000_000].decode(errors="replace").replace("\0", " ")  # or it is refused before it is parsed
    return f"{len(text)} bytes", still_text.encode()


def truncated(dice: Dice, pool: list[bytes]) -> tuple[str, bytes]:
    """What a download leaves that broke off, or that began too late."""
    size, parts, total = size_of(dice, 200_000, 3_000_000), [], 0
    while total < size:
        parts.append(dice.choice(pool))
        total += len(parts[-1])
    whole = b"\n".join(parts)
    if dice.random() < 0.5:
        whole = whole.replace(b"\n", b" ")  # comments to the end of a line now take all that follows
    start = dice.choice((0, 0, dice.randrange(1000)))
    return f"{size} bytes from {start}", b"(function(){" * dice.randint(0, 3) + whole[start:size]


def junk(dice: Dice, pool: list[bytes]) -> tuple[str, bytes]:
    size = size_of(dice, 5_000, 1_000_000)
    kind = dice.choice(("bytes", "characters", "printable", "words"))
    if kind == "bytes":
        return kind, dice.randbytes(size)
    if kind == "characters":
        return kind, "".join(map(chr, dice.choices(range(32, 0x3000), k=size // 3))).encode()
    if kind == "printable":
        return kind, bytes(dice.choices(range(32, 127), k=size))
    return kind, " ".join(dice.choices(TOKENS, k=size // 4)).encode()


def deep(dice: Dice, pool: list[bytes]) -> tuple[str, bytes]:
    piece = "".join(dice.choices(BRACKETS, k=dice.choice((1, 1, 1, 2, 3))))
    size = size_of(dice, 5_000, 400_000)
    source = filled(piece, size)
    closing = {"(": ")", "[": "]", "{": "}", "<": ">"}
    if dice.random() < 0.3:
        close = "".join(closing[mark] for mark in reversed(piece) if mark in closing) or ")"
        source += filled(close, size // len(piece) * len(close))
        return f"{piece} … {close}", source
    return piece, source


FAMILIES: dict[str, tuple[float, Callable[[Dice, list[bytes]], tuple[str, bytes]]]] = {  # share of all shapes
    "repeat": (0.5, repeat),
    "mangled": (0.15, mangled),
    "truncated": (0.1, truncated),
    "junk": (0.1, junk),
    "deep": (0.15, deep),
}


def shapes(seed: int, count: int, pool: list[bytes]) -> list[tuple[str, str, bytes]]:
    """Family, name, source. A shape depends on the seed and its number alone."""
    found = []
    for family, (share, make) in FAMILIES.items():
        for number in range(round(count * share)):
            found.append((family, *make(Dice(f"{seed} {family} {number}"), pool)))
    return found


# ── Analysing one ────────────────────────────────────────────────────────────────────────────────────────────────────


def analysed(program: list[str], suffix: str, source: bytes) -> tuple[float, float, str]:
    """CPU seconds, megabytes at the peak, verdict."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"shape{suffix}").write_bytes(source)
        report = Path(folder) / "report.json"
        command = [*program, ".", "--threads", "1", "--fail-on", "none", "-f", "json", "-o", str(report)]
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        words = process.stderr.read().decode(errors="replace")
        process.stderr.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, verdict_of(report, process.returncode, words)


def verdict_of(report: Path, code: int, words: str) -> str:
    try:
        found = json.loads(report.read_text())
    except (OSError, ValueError):
        return f"no report, exit {code}: {words.strip()[-200:]}"
    if found["files"]:
        return "measured"
    return "; ".join(row["reason"] for row in found.get("skipped", [])) or f"exit {code}"


def complaint(found: Measured) -> str:
    if found.seconds > MOST_SECONDS:
        return f"{found.seconds:.1f} s"
    if found.megabytes > MOST_MEGABYTES:
        return f"{found.megabytes:.0f} MB"
    return "" if found.verdict == "measured" else found.verdict


def measure_all(chosen: argparse.Namespace) -> list[Measured]:
    program = [chosen.binary] if chosen.binary else [sys.executable, "-m", "complexity_guard"]
    os.environ["PYTHONPATH"] = str(ROOT)
    rows = []
    for number, (family, name, source) in enumerate(shapes(chosen.seed, chosen.count, kernel_fuzz.real_files())):
        if chosen.only not in ("", family):
            continue
        suffix = (".ts", ".tsx", ".js")[number % 3]
        found = Measured(family, name, len(source), *analysed(program, suffix, source))
        rows.append(found)
        if words := complaint(found):
            target = ROOT / "out" / "shapes" / f"{chosen.seed}-{number}{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source)
            print(f"{family} {name!r}, {len(source):,} bytes: {words} ({target})", flush=True)
    return rows


# ── The table ────────────────────────────────────────────────────────────────────────────────────────────────────────


def table(rows: list[Measured], chosen: argparse.Namespace) -> str:
    lines = [
        "| family | files | measured | largest, bytes | most CPU, s | most memory, MB |",
        "|---|---|---|---|---|---|",
    ]
    for family in [*FAMILIES, "all"]:
        those = [row for row in rows if family in (row.family, "all")]
        if those:
            measured = sum(row.verdict == "measured" for row in those)
            lines.append(
                f"| {family} | {len(those)} | {measured} | {max(row.size for row in those):,} "
                f"| {max(row.seconds for row in those):.2f} | {max(row.megabytes for row in those):.0f} |"
            )
    return "\n".join(lines) + f"\n\nSeed {chosen.seed}; CPU with the start of the program.\n"


def write_page(text: str) -> None:
    before, mark, _ = PAGE.read_text().partition("<!-- figures -->\n")
    PAGE.write_text(before + mark + "\n" + text)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=200)
    options.add_argument("--only", choices=("", *FAMILIES), default="")
    options.add_argument("--binary", default="", help="this program instead of the module")
    options.add_argument("--write", action="store_true", help="put the table into docs/shapes.md")
    chosen = options.parse_args()
    rows = measure_all(chosen)
    text = table(rows, chosen)
    print(text)
    if chosen.write:
        write_page(text)
    measured = sum(row.verdict == "measured" for row in rows)
    too_much = any(row.seconds > MOST_SECONDS or row.megabytes > MOST_MEGABYTES for row in rows)
    return 1 if too_much or measured < LEAST_MEASURED * len(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
