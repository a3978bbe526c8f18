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
    """The longest runs that every two places have in common, each with all its places; without those that only
    ever stand inside longer ones."""
    runs = sorted(common_runs(codes, minimum), key=len, reverse=True)
    places = {run: [p for p in range(len(codes)) if tuple(codes[p : p + len(run)]) == run] for run in runs}
    groups = set()
    for run in runs:
        longer = [range(q, q + len(other)) for other in runs if len(other) > len(run) for q in places[other]]
        if any(not any(p in around and p + len(run) - 1 in around for around in longer) for p in places[run]):
            length, kept = apart(codes, places[run], len(run))
            if length >= minimum:
                groups.add((length, len({tuple(hashes[p : p + length]) for p in kept}) == 1, tuple(kept)))
    return groups


def common_runs(codes: list[int], minimum: int) -> set[tuple[int, ...]]:
    runs = set()
    for shift in range(1, len(codes)):
        start = 0
        for i in range(len(codes) - shift + 1):
            if i + shift == len(codes) or codes[i] != codes[i + shift] or not codes[i]:
                runs.add(tuple(codes[start:i]))
                start = i + 1
    return {run for run in runs if len(run) >= minimum}


def apart(codes: list[int], places: list[int], length: int) -> tuple[int, list[int]]:
    """The places that do not overlap, from the first on. If that is one alone: the two longest equal runs, side by
    side or apart, in what the places cover."""
    kept = places[:1]
    for place in places[1:]:
        if place >= kept[-1] + length:
            kept.append(place)
    if len(kept) > 1:
        return length, kept
    first, end = places[0], places[-1] + length
    pairs = [
        (min(distance, end - start - distance), start, distance) for start in range(first, end) for distance in range(1, end - start)
        if codes[start : end - distance] == codes[start + distance : end]
    ]  # fmt: skip
    length, start, distance = max(pairs, key=lambda pair: (pair[0], -pair[1], -pair[2]))
    return length, [start, start + distance]


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


@pytest.mark.parametrize("find", [native, in_python])
def test_two_and_a_half_repetitions_are_not_cut_to_one(find):
    """Of 70 tokens with a period of 20, the first 30 stand again 40 tokens on: more than one period alone."""
    codes = [1 + i % 20 for i in range(70)]
    assert find(codes, codes, 25) == {(30, True, (0, 40))}


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
