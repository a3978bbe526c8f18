"""Clone groups against a slow, obvious definition of them."""

from __future__ import annotations

import random
import re
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import complexity_guard as cg

kernel = pytest.importorskip("complexity_guard_kernel", reason="the native kernel is not built")

Group = tuple[int, bool, tuple[int, ...]]


def pack(values: list[int]) -> bytes:
    return struct.pack(f"{len(values)}i", *values)


def native(codes: list[int], hashes: list[int], minimum: int) -> set[Group]:
    return set(cg.unpack_groups(kernel.clones(bytes(codes), pack(hashes), minimum)))


def in_python(codes: list[int], hashes: list[int], minimum: int) -> set[Group]:
    return set(cg.unpack_groups(cg.clones_in_python(bytes(codes), pack(hashes), minimum)))


def obvious(codes: list[int], hashes: list[int], minimum: int) -> set[Group]:
    """Every repeated run of every length, longest first."""
    n, covered, groups = len(codes), [], set()
    for length in range(n, minimum - 1, -1):
        runs: dict[tuple, list[int]] = {}
        for start in range(n - length + 1):
            run = tuple(codes[start : start + length])
            if min(run) > 0:
                runs.setdefault(run, []).append(start)
        for starts in runs.values():
            if len(starts) < 2 or extends(codes, starts, -1) or extends(codes, starts, length):
                continue
            fresh = any(not any(s <= p and p + length <= e for s, e in covered) for p in starts)
            if fresh:
                groups |= apart(hashes, starts, length, minimum)
            covered += [(p, p + length) for p in starts]
    return groups


def extends(codes: list[int], starts: list[int], offset: int) -> bool:
    around = {codes[p + offset] if 0 <= p + offset < len(codes) else 0 for p in starts}
    return len(around) == 1 and min(around) > 0


def apart(hashes: list[int], starts: list[int], length: int, minimum: int) -> set[Group]:
    kept = [starts[0]]
    kept += [p for p in starts[1:] if p - kept[-1] >= length and not kept.append(p)] and []
    if len(kept) == 1:
        gap, at = min((b - a, a) for a, b in zip(starts, starts[1:]))
        length = (gap + length) // 2 // gap * gap
        kept = [at, at + length]
        if length < minimum:
            return set()
    exact = len({tuple(hashes[p : p + length]) for p in kept}) == 1
    return {(length, exact, tuple(kept))}


@pytest.mark.parametrize("find", [native, in_python])
@settings(max_examples=400, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=70), st.integers(2, 6), st.randoms())
def test_groups_are_those_of_the_definition(find, codes, minimum, rng):
    hashes = [rng.randint(0, 1) for _ in codes]
    assert find(codes, hashes, minimum) == obvious(codes, hashes, minimum)


@pytest.mark.parametrize("find", [native, in_python])
@pytest.mark.parametrize("period", [1, 2, 3, 7])
def test_a_repeating_line_is_one_clone_of_two_halves(find, period):
    codes = [1 + i % period for i in range(period * 40)]
    (group,) = find(codes, codes, 5)
    assert group == (period * 20, True, (0, period * 20))


def test_python_and_native_agree_on_larger_streams():
    rng = random.Random(3)
    for _ in range(20):
        block = [rng.randint(1, 9) for _ in range(60)]
        codes = []
        for _ in range(40):
            codes += block[rng.randint(0, 20) : rng.randint(30, 60)] if rng.random() < 0.6 else [rng.randint(0, 9) for _ in range(30)]
        hashes = [code * 7 for code in codes]
        assert native(codes, hashes, 12) == in_python(codes, hashes, 12)


@pytest.mark.parametrize("shape", ["one line 40,000 times", "two kinds of lines at random", "one token"])
def test_no_quadratic_blow_up(shape):
    rng = random.Random(5)
    lines = {"one line 40,000 times": [[1, 2, 3, 4, 5, 6]], "two kinds of lines at random": [[1, 2, 3, 4, 5, 6], [1, 2, 2, 4, 7]], "one token": [[1]]}[shape]

    def cost(count: int) -> float:
        codes = [code for _ in range(count) for code in rng.choice(lines)]
        stream, hashes, begin = bytes(codes), pack(codes), time.process_time()
        kernel.clones(stream, hashes, 25)
        return time.process_time() - begin

    small, large = min(cost(4_000) for _ in range(3)), min(cost(40_000) for _ in range(2))
    assert large < 40 * small + 0.5, "ten times the tokens; quadratic would be a hundred times the cost"


def test_every_token_has_a_code_of_its_own_in_both_grammars():
    """All but what only the grammar's own rules name: "_x", "x_repeat1", and groups such as "pattern"."""
    groups = {"declaration", "end", "expression", "formal_parameters", "pattern", "primary_expression", "primary_type", "statement"}
    codes = {}
    for grammar in (0, 1):
        names = {name for name, named in kernel.symbols(grammar) if not named and not re.search(r"^_\w|_repeat\d$", name)} - groups
        codes |= {name: cg.duplication_code(name, False) & 0xFF for name in names}
    shared = {name for name, code in codes.items() if code == 255}
    assert shared <= {"unique symbol", "implements_clause", "extends_type_clause"}, "types only: never in the stream"
    counted = [code for code in codes.values() if 0 < code < 255]
    assert len(counted) == len(set(counted)) and min(counted) > 2
