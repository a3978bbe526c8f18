"""Clones: groups against a slow, obvious definition of them; then as a user meets them."""

from __future__ import annotations

import json
import random
import re
import struct
import time

import pytest
import tools
from hypothesis import given, settings
from hypothesis import strategies as st

import complexity_guard as cg

Group = tuple[int, bool, tuple[int, ...]]


def pack(values: list[int]) -> bytes:
    return struct.pack(f"{len(values)}i", *values)


def native(codes: list[int], hashes: list[int], minimum: int) -> set[Group]:
    return set(cg.unpack_groups(tools.kernel().clones(bytes(codes), pack(hashes), minimum)))


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
@settings(max_examples=400)
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
            codes += (
                block[rng.randint(0, 20) : rng.randint(30, 60)]
                if rng.random() < 0.6
                else [rng.randint(0, 9) for _ in range(30)]
            )
        hashes = [code * 7 for code in codes]
        assert native(codes, hashes, 12) == in_python(codes, hashes, 12)


@pytest.mark.parametrize("shape", ["one line 40,000 times", "two kinds of lines at random", "one token"])
def test_no_quadratic_blow_up(shape):
    rng = random.Random(5)
    lines = {
        "one line 40,000 times": [[1, 2, 3, 4, 5, 6]],
        "two kinds of lines at random": [[1, 2, 3, 4, 5, 6], [1, 2, 2, 4, 7]],
        "one token": [[1]],
    }[shape]

    kernel = tools.kernel()

    def cost(count: int) -> float:
        codes = [code for _ in range(count) for code in rng.choice(lines)]
        stream, hashes, begin = bytes(codes), pack(codes), time.process_time()
        kernel.clones(stream, hashes, 25)
        return time.process_time() - begin

    small, large = min(cost(4_000) for _ in range(3)), min(cost(40_000) for _ in range(2))
    assert large < 40 * small + 0.5, "ten times the tokens; quadratic would be a hundred times the cost"


# ── As a user meets them: what counts, what does not, and where it shows ───────────────────────────────────────────────

BLOCK = """  const total = items.map((item) => item.price * item.count).reduce((a, b) => a + b, 0);
  if (total > limit) { notify(total, limit); return null; }
  return { total, tax: total * rate, rounded: Math.round(total) };
"""
RENAMED = re.sub(r"\b(total|items|item|limit|rate|a|b)\b", r"\1_", BLOCK).replace("0)", "17)")
A = f"export function first(items, limit, rate) {{\n{BLOCK}}}\n"
IMPORTS = "".join(f"import {{ a{i}, b{i}, c{i} }} from './m{i}';\n" for i in range(30))
TYPES = "interface Wide {\n" + "".join(f"  field{i}: Map<string, Array<number>>;\n" for i in range(30)) + "}\n"
LICENCE = "/*\n" + " * All rights reserved, and so on and so forth.\n" * 30 + " */\n"


def duplication(guard, folder, *args):
    result = guard(".", "--duplication", "-f", "json", "--fail-on", "none", *args, cwd=folder)
    assert result.code == 0, result.err
    return result.json["duplication"]


def places(group):
    return [(place["file"], place["start_line"], place["end_line"]) for place in group["locations"]]


def test_an_exact_clone_names_every_place(guard, project):
    folder = project({"a.ts": A, "b.ts": "// something else\nconst x = 1;\n" + A, "c/d.ts": A})
    found = duplication(guard, folder)
    (group,) = found["clone_groups"]
    assert group["exact"] is True
    assert places(group) == [("a.ts", 1, 5), ("b.ts", 3, 7), ("c/d.ts", 1, 5)]
    shares = {file["path"]: file["duplication_pct"] for file in found["files"]}
    assert shares["a.ts"] == shares["c/d.ts"] == 100.0
    assert 80 < shares["b.ts"] < 100


def test_a_renamed_clone_is_one_and_not_exact(guard, project):
    folder = project({"a.ts": A, "b.ts": f"export function second(items_, limit_, rate_) {{\n{RENAMED}}}\n"})
    (group,) = duplication(guard, folder)["clone_groups"]
    assert group["exact"] is False
    assert [place[0] for place in places(group)] == ["a.ts", "b.ts"]


@pytest.mark.parametrize("text", [IMPORTS, TYPES, LICENCE], ids=["imports", "types", "licence"])
def test_what_is_no_clone(guard, project, text):
    folder = project({"a.ts": text + "export const one = 1;\n", "b.ts": text + "export const two = f(2);\n"})
    found = duplication(guard, folder)
    assert found["clone_groups"] == []
    assert found["project_duplication_pct"] == 0


def test_shares_never_pass_100(guard, project):
    folder = project(
        {"table.ts": "export const t = [\n" + "  { a: 1, b: [2, 3], c: 'x' },\n" * 5000 + "];\n", "a.ts": A, "b.ts": A}
    )
    found = duplication(guard, folder)
    assert all(0 <= file["duplication_pct"] <= 100 for file in found["files"])
    assert found["project_duplication_pct"] <= 100
    assert len(found["clone_groups"]) == 2


def test_thresholds_minima_and_exit_code(guard, project):
    folder = project({"a.ts": A, "b.ts": A})
    assert guard(".", "--duplication", cwd=folder).code == 1
    assert guard(".", cwd=folder).code == 0
    limits = {f"{scope}_{level}": 100 for scope in ("file", "project") for level in ("warning", "error")}
    project(
        {
            ".complexityguard.json": json.dumps(
                {"analysis": {"duplication_enabled": True, "thresholds": {"duplication": limits}}}
            )
        }
    )
    assert guard(".", cwd=folder).code == 0
    project(
        {
            ".complexityguard.json": json.dumps(
                {"analysis": {"duplication_enabled": True, "duplication_min_tokens": 500}}
            )
        }
    )
    assert guard(".", cwd=folder).code == 0
    project(
        {".complexityguard.json": json.dumps({"analysis": {"duplication_enabled": True, "duplication_min_lines": 50}})}
    )
    assert guard(".", cwd=folder).code == 0


def test_health_counts_duplication(guard, project):
    """A share of 100 % scores 0. Its weight is 0.2 of the 0.85 of all families that have limits; halstead's 0.15 is none."""
    folder = project({"a.ts": A, "b.ts": A})
    without = guard(".", "-f", "json", cwd=folder).json["summary"]["health_score"]
    with_it = guard(".", "--duplication", "-f", "json", cwd=folder).json["summary"]["health_score"]
    assert with_it == pytest.approx(without * (1 - 0.2 / 0.85), abs=0.02)
    off = ["--threshold=duplication_project=off", "--duplication"]
    assert guard(".", *off, "-f", "json", cwd=folder).json["summary"]["health_score"] == without


@pytest.mark.parametrize(
    "fmt",
    [
        "console",
        "json",
        "ndjson",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "checkstyle",
        "rdjson",
        "markdown",
        "csv",
        "compact",
        "html",
    ],
)
def test_every_format_tells_of_it(guard, project, fmt):
    folder, environment = project({"a.ts": A, "b.ts": A}), {"SOURCE_DATE_EPOCH": "1700000000"}
    found, without = (
        guard(".", *flags, "-f", fmt, cwd=folder, env=environment).out.splitlines() for flags in (["--duplication"], [])
    )
    assert any("uplicat" in line for line in set(found) - set(without))


def test_csv_has_a_row_for_each_share_and_no_other_twice(guard, project):
    rows = guard(".", "--duplication", "-f", "csv", cwd=project({"a.ts": A, "b.ts": A})).out.splitlines()
    records = [row.partition(",")[0] for row in rows]
    wanted = {"file": 2, "module": 2, "duplication": 2, "duplication_project": 1}
    assert {record: records.count(record) for record in wanted} == wanted
    said = [row.rpartition(",")[2] for row in rows if row.startswith("duplication")]
    assert said == [
        "the project has duplicated share 100 % (error above 10)",
        *["the file has duplicated share 100 % (error above 25)"] * 2,
    ]


OWN = "".join(f"export const c{i} = {'[' * i}{i}{']' * i};\n" for i in range(1, 25))  # no 25 tokens of it stand twice


@pytest.mark.parametrize(
    "fmt", ["console", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown", "csv", "compact"]
)
def test_a_project_above_its_limit_is_named_where_no_file_is(guard, project, fmt):
    limits = {"file_warning": 100, "file_error": 100, "project_warning": 5, "project_error": 10}
    config = json.dumps({"analysis": {"duplication_enabled": True, "thresholds": {"duplication": limits}}})
    result = guard(".", "-f", fmt, cwd=project({"a.ts": OWN + A, "b.ts": A, ".complexityguard.json": config}))
    assert result.code == 1
    named = r"(the project|it) has duplicated share \d+(\.\d+)? (%|%25) \(error above 10|Duplication \d+\.\d % \(error above 10\)"
    assert re.search(named, result.out)


def test_overrides_hold_for_shares_too(guard, project):
    def rule(files, **limits):
        return {
            "files": [files],
            "analysis": {"thresholds": {"duplication": {f"file_{level}": limit for level, limit in limits.items()}}},
        }

    config = {
        "analysis": {"duplication_enabled": True},
        "overrides": [rule("gen/**", warning=100, error=100), rule("b.ts", error=100)],
    }
    found = duplication(
        guard, project({"a.ts": A, "b.ts": A, "gen/c.ts": A, ".complexityguard.json": json.dumps(config)})
    )
    assert {file["path"]: file["status"] for file in found["files"]} == {
        "a.ts": "error",
        "b.ts": "warning",
        "gen/c.ts": "ok",
    }


@pytest.mark.parametrize(
    ("base", "override", "looked_at"), [(False, True, ["src/a.ts"]), (True, False, ["lib/b.ts", "lib/c.ts"])]
)
def test_duplication_in_some_files_only(guard, project, base, override, looked_at):
    config = {
        "analysis": {"duplication_enabled": base},
        "overrides": [{"files": ["src/**"], "analysis": {"duplication_enabled": override}}],
    }
    root = project({"src/a.ts": A + A, "lib/b.ts": A, "lib/c.ts": A, ".complexityguard.json": json.dumps(config)})
    found = guard(".", "-f", "json", cwd=root).json["duplication"]
    assert [file["path"] for file in found["files"]] == looked_at
    assert len(found["clone_groups"]) == 1
    assert guard(".", "-f", "json", "--no-duplication", cwd=root).json["duplication"] == {"enabled": False}
    assert guard(".", "-f", "html", cwd=root).code == 1


def test_same_bytes_for_every_thread_count(guard, project):
    folder = project(
        {
            f"f{i}.ts": A.replace("first", f"f{i}") + f"export const n{i} = () => {{ return {i}; }};\n" * 900
            for i in range(20)
        }
    )
    one, two, three = (duplication(guard, folder, "--threads", n) for n in ("1", "2", "3"))
    assert one == two == three


def test_ts_and_tsx_are_one_stream(guard, project):
    found = duplication(guard, project({"a.ts": A, "b.tsx": A}))
    assert [place[0] for place in places(found["clone_groups"][0])] == ["a.ts", "b.tsx"]
    assert found["project_duplication_pct"] == 100


OVERLOADED = (
    "export const repeat: {\n"
    + "".join(f"  (value: A{i}, other: B{i}): C{i};\n" for i in range(30))
    + "} = internal.repeat;\n"
)


@pytest.mark.parametrize(
    ("between", "groups"),
    [("", 1), ("// a remark\n" * 40, 1), (TYPES, 0), (OVERLOADED, 0)],
    ids=["nothing", "remarks", "an interface", "overloads"],
)
def test_no_clone_reaches_across_pages_of_types(guard, project, between, groups):
    """Eight tokens of code each: four of them in a row are long enough for a clone, however far apart."""
    text = between.join(f"export const n{i} = internal.of(n);\n" for i in range(4))
    assert (
        len(duplication(guard, project({"a.ts": text, "b.ts": text}), "--preset", "strict")["clone_groups"]) == groups
    )
