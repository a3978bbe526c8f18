#!/usr/bin/env python3
"""Feed the scan kernel what it should survive: mangled real files, generated programs, arbitrary bytes.

    PYTHONPATH=.:tests:scripts/oracles python scripts/kernel_fuzz.py [--seconds 60] [--seed N] [--threads 6]

Under `make sanitize` every block is malloc's own, AddressSanitizer and UBSan watch, and memory can be made to run out
after any number of blocks. On small inputs the arrays are held against those of PythonScanner. What fails is written to
out/fuzz-SEED.bin, with the way it was scanned in its name.
"""

from __future__ import annotations

import argparse
import random
import struct
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from operator import mod
from pathlib import Path
from typing import Any

import compare
import complexity_guard_kernel as kernel
import programs as ours

import complexity_guard as cg

ROOT = Path(__file__).resolve().parent.parent
COMPARED = 6_000  # bytes: beyond, the pure-Python scanner takes too long
LIMIT = 2_000  # milliseconds
FORMERLY_FOUND = [b"x<y<" * 2_000, b"<-" * 2_000, b"(" + b"\n" * 40 + b"]", b"async<" * 1_000, b"/[" * 3_000]
PIECES_OF_CLAUSES = ("a", "$b", "type ", "type", "as", " as ", "default", "*", "* as ", "{", "}", ",", ", ", " ", "ë")
cg.forms = cg.PlainForms  # what the kernel fills and reads is held against Python's way

Dice = random.Random


# ── Inputs ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def real_files() -> list[bytes]:
    with tempfile.TemporaryDirectory() as scratch:
        folders = [compare.unpacked_sample(Path(scratch)), ROOT / "tests" / "corpus"]
        return [
            path.read_bytes()
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file() and cg.grammar_of(path.name) is not None
        ]


def cut(dice: Dice, text: bytearray, pool: list[bytes]) -> None:
    at = dice.randrange(len(text) + 1)
    del text[at : at + dice.choice((1, 1, 2, 10, 1000))]


def flip(dice: Dice, text: bytearray, pool: list[bytes]) -> None:
    if text:
        text[dice.randrange(len(text))] = dice.randrange(256)


def snippet(dice: Dice, text: bytearray, pool: list[bytes]) -> None:
    at = dice.randrange(len(text) + 1)
    text[at:at] = dice.choice(ours.SNIPPETS).encode() * dice.choice((1, 1, 1, 3, 200))


def repeat(dice: Dice, text: bytearray, pool: list[bytes]) -> None:
    at = dice.randrange(len(text) + 1)
    text[at:at] = text[at : at + dice.randint(1, 30)] * dice.choice((2, 10, 300))


def graft(dice: Dice, text: bytearray, pool: list[bytes]) -> None:
    other = dice.choice(pool)
    at, start = dice.randrange(len(text) + 1), dice.randrange(len(other) + 1)
    text[at:at] = other[start : start + dice.randint(1, 400)]


def shuffle(dice: Dice, text: bytearray, pool: list[bytes]) -> None:
    lines = text.split(b"\n")
    dice.shuffle(lines)
    text[:] = b"\n".join(lines)


CHANGES = (cut, cut, flip, flip, snippet, snippet, repeat, graft, shuffle)


def mangled(dice: Dice, pool: list[bytes]) -> bytes:
    text = dice.choice(pool)
    if len(text) > COMPARED and dice.random() < 0.8:
        start = dice.randrange(len(text) - COMPARED)
        text = text[start : start + dice.randint(10, COMPARED)]
    changed = bytearray(text)
    for _ in range(dice.choice((0, 1, 1, 2, 5, 30))):
        dice.choice(CHANGES)(dice, changed, pool)
    return bytes(changed[:200_000])


def any_bytes(dice: Dice, pool: list[bytes]) -> bytes:
    return dice.randbytes(dice.choice((0, 1, 10, 1000)))


def tokens(dice: Dice, pool: list[bytes]) -> bytes:
    words = [*ours.SNIPPETS, *" abc;,=1?:.!", "if", "\ufeff", "class ", "type ", "=>", "</", "async ", "\u200b"]
    return "".join(dice.choices(words, k=dice.choice((3, 30, 400)))).encode()


def generated(dice: Dice, pool: list[bytes]) -> bytes:
    return ours.generated(dice.randrange(1 << 40))


def monotonous(dice: Dice, pool: list[bytes]) -> bytes:
    """The same few tokens over and over: recovery is at its slowest."""
    piece = dice.choice((tokens(dice, pool)[: dice.randint(1, 6)], dice.choice(FORMERLY_FOUND)[:4]))
    return piece * dice.randint(1, 3000)


def with_little_memory(dice: Dice, often: float, most: int, call: Callable[[], Any]) -> Any:
    """What a call gives, that now and then is let have fewer blocks of memory than these; None where it got too few."""
    is_starving = hasattr(kernel, "fail_after") and dice.random() < often
    try:
        if is_starving:
            kernel.fail_after(dice.randrange(most))
        return call()
    except MemoryError:
        assert is_starving
        return None
    finally:
        if is_starving:
            kernel.fail_after(-1)


def plain_value(dice: Dice, source: bytes, depth: int = 0) -> Any:
    """A value as records have them."""
    start = dice.randrange(len(source) + 1)
    part = source[start : start + dice.choice((3, 31, 32, 200, 20_000))]
    leaves = (
        dice.randrange(300), dice.randrange(1 << 64), -dice.randrange(1 << 63), 1 << dice.randrange(64), dice.randrange(192),
        None, True, False, dice.random() * 1e9, part, bytearray(part), part.decode("utf-8", "replace"), part[:9].decode("latin-1"),
    )  # fmt: skip
    if depth >= 5 or dice.random() < 0.3:
        return dice.choice(leaves)
    row = [plain_value(dice, source, depth + 1 + dice.randrange(4)) for _ in range(dice.choice((0, 1, 3, 12)))]
    return dice.choice((row, tuple(row), dice.choices(leaves, k=dice.randrange(300))))


def outcome_of(function: Callable[..., str], *values: Any) -> str:
    try:
        return function(*values)
    except (TypeError, ValueError, OverflowError) as error:
        return repr(error)


def unpacked_by(packing: Any, data: bytes) -> Any:
    try:
        return packing.unpacked(data)
    except ValueError:
        return "refused"


def rows_by(packing: Any, types: str, value: Any) -> Any:
    """A column of one value as rows; "refused" where it is of another type."""
    try:
        return packing.rows(cg.Point, types, ((value,),), 0)
    except ValueError:
        return "refused"


Input = Callable[[Dice, list[bytes]], bytes]
INPUTS: tuple[Input, ...] = (mangled, mangled, mangled, mangled, generated, any_bytes, tokens, monotonous)


# ── Ways to scan ─────────────────────────────────────────────────────────────────────────────────────────────────────


def gave_up(scan: cg.Scan) -> bool:
    """Was some text too costly for the kernel? PythonScanner takes its time over it, and sees something else."""
    return any(row[4] == cg.LEFT_OUT for row in struct.iter_unpack("6i", scan.errors))


class Fuzzer:
    def __init__(self) -> None:
        self.native = cg.NativeScanner()
        self.counts: Counter[str] = Counter()
        self.local = threading.local()

    def plainly(self, dice: Dice, source: bytes) -> None:
        dialect = dice.choice(ours.DIALECTS)
        got = self.scanned(dialect, source, LIMIT)
        if got and gave_up(got):
            self.counts["with text left out"] += 1
            return
        expected = self.in_python(dialect, source) if got and len(source) <= COMPARED else None
        if expected:
            self.counts["compared"] += 1
            if got != expected:
                raise AssertionError("the scanners differ")

    def in_python(self, dialect: cg.Dialect, source: bytes) -> Any:
        """What tree-sitter as published finds no end to, `shortcuts.h` ends: nothing to compare there."""
        try:
            return self.python_here().scan(dialect, source, ours.ALL, LIMIT)
        except TimeoutError:
            self.counts["without an end in Python"] += 1
            return None

    def python_here(self) -> Any:
        """A parser is not for two threads."""
        if not hasattr(self.local, "python"):
            self.local.python = cg.PythonScanner()
        return self.local.python

    def scanned(self, dialect: cg.Dialect, source: bytes, limit: int) -> Any:
        # The other threads' share of the interpreter and of the machine is no fault of the kernel's.
        started = time.thread_time()
        try:
            return self.native.scan(dialect, source, ours.ALL, limit)
        except TimeoutError:
            self.counts["out of time"] += 1
            if time.thread_time() - started > limit / 1000 + 2:
                raise AssertionError("a time limit was not kept") from None
            return None

    def hurried(self, dice: Dice, source: bytes) -> None:
        """Out of time at any moment, and the next scan is right."""
        self.scanned(dice.choice(ours.DIALECTS), source, dice.choice((1, 1, 2, 5)))
        self.sound()

    def starved(self, dice: Dice, source: bytes) -> None:
        """Out of memory at any moment."""
        kernel.fail_after(int(2 ** dice.uniform(0, 14)))
        try:
            self.scanned(dice.choice(ours.DIALECTS), source, LIMIT)
        except MemoryError:
            self.counts["out of memory"] += 1
        finally:
            kernel.fail_after(-1)
        self.sound()

    def sound(self) -> None:
        assert self.native.scan(ours.DIALECTS[0], b"a && b", 0, 0).file_lines == 1

    def strangely(self, dice: Dice, source: bytes) -> None:
        """Under a role table that no program would write. Slots 8 to 15: one for each thread."""
        grammar = dice.randrange(2)
        kernel.configure(self.local.number, grammar, *ours.random_table(dice, grammar).packed())
        try:
            kernel.scan(self.local.number, source, dice.randrange(ours.ALL + 1), LIMIT)
        except TimeoutError:
            pass

    def readings(self, dice: Dice, source: bytes) -> None:
        """What the events of a scan do to the numbers, under any effects; and events that no scan leaves."""
        scan = self.scanned(dice.choice(ours.DIALECTS), source, LIMIT)
        if not scan:
            return
        events = bytearray(scan.events)
        effects = struct.pack("256I", 0, *(dice.getrandbits(20) & dice.getrandbits(20) for _ in range(cg.KIND)))
        steps = bytes(dice.choices(range(3), k=256)) * 256
        if dice.random() < 0.5:
            for place in dice.choices(range(len(events)), k=dice.randrange(1, 9)):
                events[place] = dice.choice((0, 1, 2, 127, 128, 255))
            del events[len(events) - dice.choice((0, 0, 1, 4, 36)) :]
        try:
            got = self.native.reading(bytes(events), effects, steps)
        except ValueError:
            self.counts["events refused"] += 1
            return
        if len(events) <= COMPARED and bytes(events) == scan.events:
            self.counts["readings compared"] += 1
            if got != self.python_here().reading(bytes(events), effects, steps):
                raise AssertionError("the readings differ")

    def clones(self, dice: Dice, source: bytes) -> None:
        codes = bytes(dice.choices(range(dice.choice((2, 3, 256))), k=len(source))) if dice.random() < 0.5 else source
        codes = (codes * dice.choice((1, 2, 5)))[:60_000]
        hashes = struct.pack(f"{len(codes)}I", *dice.choices(range(dice.choice((1, 2, 1 << 32))), k=len(codes)))
        try:
            found = with_little_memory(
                dice, 0.5, 40, lambda: kernel.clones(codes, hashes, dice.choice((1, 2, 10, 50, 1000)))
            )
            if found is None:
                self.counts["clones out of memory"] += 1
        except ValueError:
            self.counts["clones refused"] += 1

    def squeezed(self, dice: Dice, source: bytes) -> None:
        """There and back; and back from what is no way there, which makes no more than it may."""
        text = source[:200_000] * dice.choice((1, 1, 3))

        def there_and_back() -> bytes:
            squeezed = kernel.squeezed(text)
            assert kernel.unsqueezed(squeezed, len(text)) == text
            return squeezed

        squeezed = with_little_memory(dice, 0.2, 5, there_and_back)
        if squeezed is None:
            return
        self.counts["squeezed"] += 1
        damaged = bytearray(squeezed[: dice.randrange(len(squeezed)) + 1])
        for _ in range(dice.choice((1, 2, 20))):
            damaged[dice.randrange(min(len(damaged), dice.choice((8, 1 << 20))))] = dice.randrange(256)
        try:
            assert len(kernel.unsqueezed(bytes(damaged), len(text))) <= len(text)
        except ValueError:
            self.counts["squeezed, damaged"] += 1

    def statements(self, dice: Dice, source: bytes) -> None:
        """What imports and exports say, as it is and at places where none are; by expressions it is the same."""
        try:
            scan = self.native.scan(cg.Dialect(0, False), source, cg.WANT_IMPORTS, LIMIT)
        except TimeoutError:
            return
        if dice.random() < 0.3:
            places, comments = self.anywhere(dice, source, (0, 4)), self.anywhere(dice, source, None)
            kernel.imports(source, places, comments, cg.Import, tuple("abcdefgh"))
            return
        text = cg.SourceText(source, scan.line_starts)
        plain = cg.ImportReader(text, scan, ()).plain_imports()
        self.counts["statements, plain"] += plain is not None
        assert plain in (None, cg.ImportReader(text, scan, ()).imports())

    def anywhere(self, dice: Dice, source: bytes, kinds: tuple[int, int] | None) -> bytes:
        """Rows of places, or of comments, that no scan told."""
        rows = []
        for start in dice.choices(range(-2, len(source) + 1), k=dice.randrange(20)):
            row = (start, dice.randrange(start - 3, len(source) + 40), 1)
            rows.append(struct.pack("4i", dice.randrange(*kinds), *row) if kinds else struct.pack("3i", *row))
        return b"".join(sorted(rows) if dice.random() < 0.5 else rows)

    def packed(self, dice: Dice, source: bytes) -> None:
        """Any plain values there and back, as Packing packs them; and back from what is no way there."""
        value = plain_value(dice, source)
        packed = with_little_memory(dice, 0.2, 12, lambda: kernel.packed(value))
        if packed is None:
            return
        assert packed == cg.Packing.packed(value)
        assert kernel.unpacked(packed) == cg.Packing.unpacked(packed)
        self.counts["packed"] += 1
        rows = [(value, number) for number in range(dice.randrange(5))]
        assert kernel.columns(rows) == cg.Packing.columns(rows)
        for types in "sib":
            assert rows_by(kernel, types, value) == rows_by(cg.Packing, types, value)
        damaged = bytearray(packed[: dice.randrange(len(packed)) + 1])
        for _ in range(dice.choice((1, 2, 20))):
            damaged[dice.randrange(min(len(damaged), dice.choice((8, 1 << 20))))] = dice.choice(
                (dice.randrange(256), 196)
            )
        found = [unpacked_by(packing, bytes(damaged)) for packing in (kernel, cg.Packing)]
        assert repr(found[0]) == repr(found[1])
        self.counts["packed, damaged"] += found[0] == "refused"

    def digests(self, dice: Dice, source: bytes) -> None:
        """Whatever the place in memory, a content has one digest, and a changed one another."""
        key, start = dice.randbytes(dice.choice((16, 17, 32))), dice.randrange(9)
        digest = kernel.digest(key, source)
        assert digest == kernel.digest(bytearray(key), memoryview(bytes(start) + source)[start:])
        assert digest != kernel.digest(key, source + bytes(1 + dice.randrange(9)))
        self.counts["digests"] += 1

    def fills(self, dice: Dice, source: bytes) -> None:
        """A pattern filled as Python fills it, whatever is wrong with it."""
        values = tuple([dice.choice(ours.real_numbers(dice)) for _ in range(dice.randrange(6))])
        texts = tuple([plain_value(dice, source, 5) for _ in range(dice.randrange(3))])
        parts = [dice.choice(("", "x", "%%", source[:9].decode("latin-1"))) for _ in range(4)]
        forms = dice.choices(
            ("%.6f", "%.4f", "%.0f", "%d", "%s", "%5d", "%.7f", "%", "%."), (9, 9, 3, 3, 2, 1, 1, 1, 1), k=len(values)
        )
        pattern = dice.choice(parts).join((*forms, *["%s"] * len(texts), *parts[:1]))
        got = with_little_memory(dice, 0.2, 2, lambda: outcome_of(kernel.filled, pattern, (*values, *texts)))
        assert got is None or got == outcome_of(mod, pattern, (*values, *texts)), (pattern, values, texts)
        self.counts["fills"] += 1

    def links(self, dice: Dice, source: bytes) -> None:
        """A graph, and what clauses of imports take, as Python makes them."""
        count = dice.randrange(1, 60)
        ends = range(count) if dice.random() < 0.8 else range(-1, count + 1)
        edges = [(*dice.choices(ends, k=2), "value") for _ in range(dice.randrange(200))]
        try:
            graph = with_little_memory(dice, 0.3, 60, lambda: kernel.graph(count, edges))
            assert graph is None or graph == cg.plain_graph(count, edges)
            self.counts["graphs"] += graph is not None
        except ValueError:
            assert ends[0] < 0
        words = "".join(dice.choices((*PIECES_OF_CLAUSES, source[:9].decode("latin-1")), k=dice.randrange(9)))
        clause = " ".join(words.split())
        names = with_little_memory(dice, 0.2, 9, lambda: kernel.names(clause))
        bindings = with_little_memory(dice, 0.2, 9, lambda: kernel.bindings(clause, True))
        if max(map(clause.count, "{}")) < 2:
            assert names in (None, cg.names_in(clause)), clause
            assert bindings in (None, cg.bindings_in(clause)), clause
            self.counts["clauses"] += names is not None

    def ways(self) -> list[Callable[[Dice, bytes], None]]:
        starving = [self.starved, self.starved] if hasattr(kernel, "fail_after") else []
        return [
            self.plainly,
            self.plainly,
            self.plainly,
            self.hurried,
            self.strangely,
            self.readings,
            self.clones,
            self.squeezed,
            self.statements,
            self.packed,
            self.digests,
            self.fills,
            self.links,
            *starving,
        ]

    def work(self, number: int, seed: int, end: float, pool: list[bytes], failures: list[str]) -> None:
        self.local.number = 8 + number % 8
        while time.monotonic() < end and not failures:
            dice = Dice(seed)
            source, way = dice.choice(INPUTS)(dice, pool), dice.choice(self.ways())
            try:
                way(dice, source)
            except BaseException as error:
                path = ROOT / "out" / f"fuzz-{seed}-{way.__name__}.bin"
                path.write_bytes(source)
                failures.append(f"seed {seed}: {way.__name__}, {len(source)} bytes, {path}: {error!r}")
            self.counts[way.__name__] += 1
            seed += 1


def fuzz(seconds: float, seed: int, threads: int) -> list[str]:
    pool, fuzzer, failures = [*real_files(), *FORMERLY_FOUND], Fuzzer(), []
    print(f"seed {seed}, {len(pool)} files, kernel: {kernel.info()['allocator']} memory", flush=True)
    end = time.monotonic() + seconds
    seeds = [seed + number * 10_000_000 for number in range(threads)]
    workers = [
        threading.Thread(target=fuzzer.work, args=(number, first, end, pool, failures))
        for number, first in enumerate(seeds)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(dict(fuzzer.counts))
    return failures


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--threads", type=int, default=6)
    chosen = options.parse_args()
    failures = fuzz(chosen.seconds, chosen.seed, chosen.threads)
    print(*failures or ["nothing found"], sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
