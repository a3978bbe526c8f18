"""Shards and their merge: any split of a run, in any order and made elsewhere, says what the one run says."""

from __future__ import annotations

import json
import random
import re
import shutil
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import BINARY
from processes import source
from repository import repo as repo
from samples import function

import complexity_guard as cg

TOLD = re.compile(rb'("(?:elapsed_ms|thread_count)": ?)\d+')  # how long it took, and with how many workers
ENVIRONMENT = {"SOURCE_DATE_EPOCH": "0"}
TWIN = "export function twin(a) {\n" + "".join(f"  const x{i} = a + {i} * b{i};\n" for i in range(40)) + "}\n"
CONFIG = {
    "analysis": {
        "duplication_enabled": True,
        "graph": True,
        "thresholds": {"cyclomatic": {"warning": 3, "error": 6}},
    },
    "boundaries": [{"from": "src/ui/**", "deny": ["src/db/**"], "reason": "through services"}],
    "overrides": [{"files": ["src/old/**"], "analysis": {"cyclomatic_variant": "modified"}}],
    "baseline_file": "baseline.jsonl",
}
FILES = {
    ".complexityguard.json": json.dumps(CONFIG),
    ".gitattributes": "src/made.ts linguist-generated\n",
    "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}, "module": "preserve"}}',
    "src/ui/page.ts": 'import { db } from "@/db/db";\nimport "./nowhere";\nexport const p = db;\n'
    + function("page", 8),
    "src/db/db.ts": 'import { page } from "../ui/page";\nexport const db = page;\n' + function("query", 4),
    "src/db/index.ts": 'export * from "./db";\nexport { twin } from "../one";\n',
    "src/one.ts": TWIN + function("kept", 9),
    "src/two.ts": "// complexity-guard-ignore-file cyclomatic -- no\n" + TWIN + function("quiet", 9),
    "src/made.ts": function("generated", 30),
    "src/old/switch.ts": "export function s(a) { switch (a) { case 1: case 2: case 3: case 4: return 1; } }\n",
    "src/page.vue": '<script lang="ts">\nexport const v = (a) => a ? 1 : 2;\n</script>\n',
    "src/a.test.ts": 'it("x", () => { if (a) { if (b) { if (c) { d(); } } } });\n',
    "src/bad.ts": b"a\0b\xffccc" * 50,
    "src/twice.ts": TWIN,
    "src/broken.ts": "function f( { if (a && ) }\n",
}


@pytest.fixture
def folder(project, guard) -> Path:
    """A project with findings of every kind, some of which its baseline knows."""
    folder = project({".git/HEAD": "ref: refs/heads/main\n", "baseline.jsonl": "", **FILES})
    (folder / "baseline.jsonl").unlink()
    assert guard(".", "--write-baseline", "baseline.jsonl", cwd=folder).code == 4
    (folder / "src" / "one.ts").write_text(TWIN + function("kept", 9) + function("fresh", 7))
    return folder


def shards_of(guard, folder: Path, count: int, room: Path, *flags: str) -> list[Path]:
    """Each part of a project, measured as on a machine of its own."""
    room.mkdir(exist_ok=True)
    shards = [room / f"{number}-{count}.shard" for number in range(1, count + 1)]
    for number, shard in enumerate(shards, 1):
        done = guard(".", *flags, "--shard", f"{number}/{count}", "--report", f"shard={shard}", cwd=folder)
        assert (done.code, done.out) == (4 if "bad.ts" in done.err else 0, ""), done.err
    return shards


def reports(guard, folder: Path, room: Path, *words) -> dict[str, bytes]:
    """Every format of a run or a merge, and how it ended."""
    room.mkdir(parents=True)
    wanted = [word for name in cg.REPORTERS for word in ("--report", f"{name}={room / name}")]
    done = guard(*words, *wanted, cwd=folder, env=ENVIRONMENT)
    found = {name: TOLD.sub(rb"\g<1>0", (room / name).read_bytes()) for name in cg.REPORTERS}
    return found | {"end": f"{done.code} {done.out} {done.err}".encode()}


@pytest.mark.parametrize("count", [1, 2, 7, len(FILES) + 1])
def test_any_split_says_what_one_run_says(guard, folder, tmp_path_factory, count):
    room = tmp_path_factory.mktemp("room")
    expected = reports(guard, folder, room / "one", ".")
    seen = json.loads(expected["json"])
    assert seen["duplication"] and seen["graph"]["components"] and seen["graph"]["unresolved"], (
        "there is much to get wrong"
    )
    elsewhere = shutil.copytree(folder, room / "elsewhere", symlinks=True)
    shards = shards_of(guard, elsewhere, count, room / "shards")
    random.Random(count).shuffle(shards)
    assert reports(guard, folder, room / "merged", "merge", *shards) == expected


def test_limits_and_gates_are_those_of_the_merge(guard, folder, tmp_path_factory):
    room = tmp_path_factory.mktemp("room")
    shards = shards_of(guard, folder, 2, room)
    (folder / "src" / "bad.ts").unlink()
    shards = shards_of(guard, folder, 2, room)
    for flags in (
        ["--fail-on", "none"],
        ["--threshold", "cyclomatic=1/2"],
        ["--health-floor", "99", "--max-warnings", "0"],
    ):
        one, merged = (guard(*words, *flags, "--no-color", cwd=folder) for words in ((".",), ("merge", *shards)))
        assert (merged.code, merged.out) == (one.code, one.out)


def test_what_is_measured_is_said_once(guard, project, tmp_path_factory):
    """The flags that shape measures are those of the shards, and a merge need not repeat them."""
    folder = project({"src/a.ts": TWIN, "src/b.ts": TWIN, "lib/c.ts": TWIN})
    flags = [
        "--duplication",
        "--graph",
        "--exclude",
        "lib/**",
        "--preset",
        "sonarqube",
        "--metrics",
        "cyclomatic,cognitive",
    ]
    shards = shards_of(guard, folder, 2, tmp_path_factory.mktemp("room"), *flags)
    one, merged = (guard(*words, "-f", "json", cwd=folder) for words in ((".", *flags), ("merge", *shards)))
    assert len(one.json["files"]) == 2
    assert (
        TOLD.sub(b"", merged.out.encode()).partition(b'"files"')[2]
        == TOLD.sub(b"", one.out.encode()).partition(b'"files"')[2]
    )


def test_changed_code_is_judged_in_the_merge(guard, repo, tmp_path_factory):
    repo.write({"a.ts": function("a", 3), "b.ts": function("b", 9)}).commit()
    repo.write({"a.ts": function("a", 12)}).commit()
    shards = shards_of(guard, repo.root, 3, tmp_path_factory.mktemp("room"))
    one, merged = (guard(*words, "--since", "HEAD~1", cwd=repo.root) for words in ((".",), ("merge", *shards)))
    assert one.code == 1 and (merged.code, merged.out) == (one.code, one.out)


def test_a_file_that_is_another_one_is_measured_in_the_merge(guard, project, tmp_path_factory):
    """By its content it is in no shard, and by its name and size nobody would notice."""
    folder = project({"a.ts": "export const f = (a) => a ? 1 : 2;\n", "b.ts": function("b", 3)})
    shards = shards_of(guard, folder, 2, tmp_path_factory.mktemp("room"))
    (folder / "a.ts").write_text("export const f = (a) => a + 1 * 2;\n")
    one, merged = (guard(*words, "-f", "csv", cwd=folder) for words in ((".",), ("merge", *shards)))
    assert merged.out == one.out and merged.code == one.code
    assert "1 content in no shard, and measured here" in merged.err


# What does not go together


def test_what_does_not_go_together_is_named(guard, project, tmp_path_factory):
    room = tmp_path_factory.mktemp("room")
    folder = project({"a.ts": function("a", 3), "b.ts": function("b", 3), "c.ts": function("c", 2)})
    one, two, three = shards_of(guard, folder, 3, room)
    half, _ = shards_of(guard, folder, 2, room)
    (odd,) = shards_of(guard, folder, 1, room, "--duplication")
    odd = odd.rename(room / "odd.shard")
    twin = shutil.copy(two, room / "twin.shard")
    other = folder / "other"
    other.mkdir()
    (other / "x.ts").write_text("export const x = 1;\n")
    (foreign, *_) = shards_of(guard, other, 3, room / "foreign")
    told = {
        (one, two): "there is no shard 3/3 among the 2 files",
        (one, one, two, three): f"{one} and {one} are both shard 1/3",
        (one, two, twin, three): f"{two} and {twin} are both shard 2/3",
        (one, half): f"{one} and {half} do not go together: they are of other numbers of parts",
        (two, foreign, three): f"{two} and {foreign} do not go together: they are of other projects",
        (odd, one): "do not go together: they are of other numbers of parts",
        (one, two, three, folder / "none"): "none: no such file",
        (one, two, folder): "not a regular file",
        (one, two, folder / "a.ts"): "a.ts: no shard, or a damaged one",
    }
    shutil.rmtree(other)
    for shards, words in told.items():
        done = guard("merge", *shards, cwd=folder)
        assert done.code == 3 and words in done.err and not done.out, (words, done.err)
    done = guard("merge", one, two, three, "--no-duplication", "--graph", cwd=folder)
    assert done.code == 3 and "was made under other settings: graph" in done.err
    (folder / "d.ts").write_text("export const d = 1;\n")
    done = guard("merge", one, two, three, cwd=folder)
    assert done.code == 3 and "none has measured d.ts" in done.err
    (folder / "d.ts").unlink()
    (folder / "a.ts").write_text("export const a = 1;\n")
    done = guard("merge", one, two, three, cwd=folder)
    assert done.code == 3 and "there is no a.ts of" in done.err
    done = guard("merge", one, two, three, cwd=room)
    assert done.code == 3 and "of another version of the project" in done.err or "no TypeScript" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--shard", "1/2"], "--shard I/N goes with --report shard=FILE"),
        (["--shard", "1/2", "-f", "json"], "--shard I/N goes with --report shard=FILE"),
        (["--shard", "1/2", "--report", "shard"], "--shard I/N goes with --report shard=FILE"),
        (["--shard", "1/2", "--report", "shard=x", "--report", "json=y"], "with no other report"),
        (["--shard", "3/2", "--report", "shard=x"], "I/N, part I of N"),
        (["--shard", "0/2", "--report", "shard=x"], "I/N, part I of N"),
        (["--shard", "1/2", "--report", "shard=x", "--since", "HEAD"], "--since is for complexity-guard merge"),
        (["--report", "shard=x", "--fail-on", "none"], "--fail-on is for complexity-guard merge"),
        (["--report", "shard=x", "--watch"], "--watch is for complexity-guard merge"),
        (["merge", "x", "--report", "shard=y"], "x: no such file"),
        (["hotspots", "--report", "shard=y"], "hotspots writes"),
        (["merge"], "usage: complexity-guard merge FILE..."),
    ],
)
def test_what_cannot_be_asked_for(guard, project, words, said):
    done = guard(*words, cwd=project({"a.ts": "export const a = 1;\n"}))
    assert done.code == 3 and said in done.err, done.err
    assert not Path(project({}), "x").exists()


def test_a_configuration_asks_for_no_shard_and_names_no_address(guard, project):
    for said in ('{"output": {"reports": ["shard=x"]}}', '{"analysis": {"executor": "dask=tcp://127.0.0.1:1"}}'):
        folder = project({"a.ts": "export const a = 1;\n", ".complexityguard.json": said})
        done = guard(".", cwd=folder)
        assert done.code == 3 and "is for the command line" in done.err
        assert not (folder / "x").exists()


# How files are spread


def jobs_of(sizes: dict[str, int]) -> cg.Jobs:
    jobs = cg.Jobs("/")
    for path in sorted(sizes):
        jobs.add(path, f"/{path}", (sizes[path], 0, 0, 0))
    return jobs


def sizes_by_chance(count: int) -> dict[str, int]:
    """As in projects: half below 2 KB, some of 50."""
    rng = random.Random(count)
    return {f"src/{i // 20}/f{i}.ts": min(50_000, int(rng.lognormvariate(7.5, 1.2))) for i in range(count)}


@pytest.mark.parametrize("count", [1, 2, 7, 16])
def test_parts_are_of_one_size_and_stay_where_they_are(count):
    sizes = sizes_by_chance(2000)
    parts = dict(zip(sorted(sizes), cg.parts_of_project(jobs_of(sizes), count)))
    filled = [sum(sizes[path] for path, part in parts.items() if part == number) for number in range(count)]
    assert max(filled) <= 1.05 * sum(sizes.values()) / count
    more = sizes | {f"lib/new{i}.ts": 3000 for i in range(20)}
    again = dict(zip(sorted(more), cg.parts_of_project(jobs_of(more), count)))
    moved = sum(sizes[path] for path, part in parts.items() if again[path] != part)
    assert moved <= 0.05 * sum(sizes.values()), "one in a hundred was added"


def test_there_may_be_more_parts_than_files():
    assert len(set(cg.parts_of_project(jobs_of({"a.ts": 10, "b.ts": 0, "c.ts": 7}), 5))) == 3


# Who sends a shard can write anything into it


@pytest.fixture
def shard(project, guard, tmp_path_factory) -> bytes:
    folder = project({f"src/f{i}.ts": source(i, 5) for i in range(6)})
    (path,) = shards_of(guard, folder, 1, tmp_path_factory.mktemp("room"), "--duplication", "--graph")
    return path.read_bytes()


def sealed(data: bytes, sections: list[bytes]) -> bytes:
    """The shard with other sections, whose seal is right."""
    (size,) = struct.unpack("<Q", data[-cg.SEAL - 8 : -cg.SEAL])
    blocks = data[: -cg.SEAL - 8 - size]
    index = cg.folded(b"".join(map(cg.headed, sections)))
    index += struct.pack("<Q", len(index))
    return blocks + index + cg.seal_of(cg.SHARD, b"", index)


def mangled(data: bytes) -> Iterator[bytes]:
    rng = random.Random(7)
    for _ in range(60):
        place = rng.randrange(len(data))
        yield data[:place]
        yield data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]
    sections = cg.sections_of(data, cg.SHARD, b"")
    head = json.loads(sections[0])
    for name in head:
        for value in (None, -1, 1 << 70, "x", [], {}, [[]], {"a": []}):
            if type(value) is not type(head[name]):
                yield sealed(data, [json.dumps(head | {name: value}).encode(), *sections[1:]])
    yield sealed(data, [b"[" * 100_000, *sections[1:]])
    yield sealed(data, sections[1:])
    yield sealed(data, [sections[0], sections[1] * 2, sections[2] * 2, *sections[3:]])
    yield sealed(data, [*sections[:4], struct.pack("<QI16s", 1 << 40, 1 << 31, b"")])
    yield sealed(data, [json.dumps(head | {"number": 2}).encode(), *sections[1:]])
    yield sealed(data, [json.dumps(head | {"of": 1 << 40}).encode(), *sections[1:]])


@pytest.mark.skipif(bool(BINARY), reason="the module is asked, some hundred times")
def test_a_shard_that_lies_about_itself_is_refused(shard, tmp_path_factory):
    path = tmp_path_factory.mktemp("room") / "a.shard"
    path.write_bytes(shard)
    assert cg.shard_at(str(path)).title == "1/1"
    for number, data in enumerate(mangled(shard)):
        path.write_bytes(data)
        with pytest.raises(cg.UsageError, match="no shard, or a damaged one"):
            cg.shard_at(str(path))
            pytest.fail(f"taken: {number}")


def test_records_that_lie_cost_no_more_than_their_files(guard, shard, tmp_path):
    """Rows that lead anywhere, and blocks that unfold to anything: such files are measured in the merge."""
    sections = cg.sections_of(shard, cg.SHARD, b"")
    rng = random.Random(3)
    rows = [sections[3][i : i + cg.RECORD_ROW.size] for i in range(0, len(sections[3]), cg.RECORD_ROW.size)]
    wrong = [
        row[:20] + struct.pack("<3I", rng.randrange(4), rng.randrange(1 << 32), rng.randrange(1 << 32)) for row in rows
    ]
    swapped = [row[:20] + other[20:] for row, other in zip(rows, rows[1:] + rows[:1])]
    expected = guard(".", "--duplication", "--graph", "-f", "csv", cwd=tmp_path).out
    for number, changed in enumerate((wrong, swapped, [])):
        path = tmp_path / f"{number}.shard"
        path.write_bytes(sealed(shard, [*sections[:3], b"".join(changed), sections[4]]))
        done = guard("merge", path, "-f", "csv", cwd=tmp_path)
        assert "Traceback" not in done.err and "internal error" not in done.out + done.err
        assert changed is swapped or done.out == expected


def test_flags_in_a_shard_are_those_that_shape_measures(guard, shard, tmp_path):
    sections = cg.sections_of(shard, cg.SHARD, b"")
    head = json.loads(sections[0])
    path = tmp_path / "a.shard"
    for flags in ({"output.file": "stolen"}, {"config": "/etc/passwd"}, {"files.include": [1]}, {"preset": {}}):
        path.write_bytes(sealed(shard, [json.dumps(head | {"flags": flags}).encode(), *sections[1:]]))
        done = guard("merge", path, cwd=tmp_path)
        assert done.code == 3 and "its flag" in done.err
        assert not (tmp_path / "stolen").exists()


def test_the_folder_stays_as_it_was(guard, folder, tmp_path_factory):
    before = sorted(str(path) for path in folder.rglob("*"))
    shards = shards_of(guard, folder, 2, tmp_path_factory.mktemp("room"))
    guard("merge", *shards, cwd=folder)
    assert sorted(str(path) for path in folder.rglob("*")) == before
    assert sys.platform == "win32" or shards[0].stat().st_mode & 0o044, "others may fetch it"
