"""A run with a cache says what one without it says, whatever became of project, program and cache; and it says so quickly."""

import json
import os
import random
import re
import struct
import sys
import time

import pytest
import warm
from repository import START
from repository import repo as repo
from samples import function

import complexity_guard as cg

FILES = {
    "src/a.ts": function("one", 12),
    "src/b.ts": function("two", 3) + "export const x = 1\n",
    "tests/c.test.ts": "it()\n",
}
LARGE = "export const row = [1, 2, 3];\n" * 20_000  # more than FROM_BYTES
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX folders")


@pytest.fixture
def old(project, monkeypatch, tmp_path_factory):
    """old(files): a project whose files are believed by their stamps, with a place for the cache beside it."""

    def make(files=FILES):
        folder = project(files)
        monkeypatch.chdir(folder)
        monkeypatch.setattr(cg, "RACY", -10_000_000_000)
        return folder

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("user")))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.delenv("COMPLEXITY_GUARD_CACHE")
    return make


class Told:
    """What a run says, and what it found in the cache."""

    def __init__(self, capfd, arguments):
        self.code = cg.main(["--verbose", "--fail-on", "none", *arguments])
        out, err = capfd.readouterr()
        self.out = warm.VOLATILE.sub(b"", out.encode())
        self.err = err
        words = re.search(r"cache: ([\d,]+) files? as before, ([\d,]+) measured before and judged anew, ([\d,]+)", err)
        self.found = tuple(int(number.replace(",", "")) for number in words.groups()) if words else None


@pytest.fixture
def run(capfd, tmp_path_factory):
    """run(*arguments): the program with a cache; that it says what a run without one says, is checked each time."""
    cache = tmp_path_factory.mktemp("cache") / "own"

    def run(*arguments, cold=()):
        told = Told(capfd, ["-f", "json", "--cache-dir", str(cache), *arguments])
        without = Told(capfd, ["-f", "json", *arguments, *cold, "--no-cache"])
        assert without.found is None
        assert (told.code, told.out) == (without.code, without.out)
        return told.found

    run.cache = cache
    return run


# What is found


def test_the_second_run_analyses_nothing(old, run, monkeypatch):
    old()
    assert run(".") == (0, 0, 3)
    assert run(".") == (3, 0, 0)
    assert run(".", "--cache-strategy", "content") == (3, 0, 0)


def test_a_run_on_what_is_known_reads_nothing_and_scans_nothing(old, run, monkeypatch, capfd):
    old()
    run(".")
    for name in ("read_bytes", "make_scanner"):
        whole = getattr(cg, name)
        monkeypatch.setattr(cg, name, lambda *given, whole=whole: whole(*given) if ".ts" not in str(given) else 1 / 0)
    monkeypatch.setattr(cg, "plan_for", lambda jobs, settings: cg.Plan("none") if not jobs else 1 / 0)
    assert Told(capfd, [".", "-f", "json", "--cache-dir", str(run.cache)]).found == (3, 0, 0)


def test_what_changed_is_analysed_and_the_rest_is_not(old, run):
    folder = old()
    run(".")
    (folder / "src/a.ts").write_text(function("one", 13))
    (folder / "src/d.ts").write_text("d()\n")
    (folder / "tests/c.test.ts").unlink()
    assert run(".") == (1, 0, 2)
    assert run(".") == (3, 0, 0)


def test_what_was_there_before_is_measured_no_second_time(old, run):
    """Somebody goes to another branch and back."""
    folder = old()
    run(".")
    (folder / "src/a.ts").write_text(function("one", 13))
    assert run(".") == (2, 0, 1)
    (folder / "src/a.ts").write_text(FILES["src/a.ts"])
    assert run(".") == (2, 1, 0)


@pytest.mark.parametrize("format", [name for name in cg.REPORTERS if name not in ("sarif", "html")])
def test_another_format_measures_nothing(format, old, run):
    old()
    run(".")
    assert run(".", "-f", format)[1:] == ((0, 0) if format == "json" else (3, 0))


@pytest.mark.parametrize("format", ["sarif", "html"])
def test_formats_that_show_increments_read_the_files_with_findings(format, old, run):
    old()
    run(".")
    known, before, anew = run(".", "-f", format, "--preset", "strict", "--least-cognitive", "0", "--least-burden", "0")
    assert (known, before) == (0, 3) and anew == (3 if format == "html" else 1)
    assert run(".", "-f", format, "--preset", "strict", "--least-cognitive", "0", "--least-burden", "0") == (3, 0, 0)


def test_other_limits_measure_nothing(old, run):
    old()
    run(".")
    for flags in (["--preset", "strict"], ["--threshold", "cyclomatic=1"], ["--top", "2"], ["--exclude", "tests"]):
        assert run(".", *flags)[2] == 0
    assert run(".") == (3, 0, 0)


def test_another_variant_measures_anew(old, run):
    folder = old()
    run(".")
    (folder / ".complexityguard.json").write_text('{"analysis": {"cognitive_variant": "whitepaper"}}')
    assert run(".") == (0, 0, 3)


@pytest.mark.parametrize("name", [".gitattributes", "src/.gitattributes", ".git/info/attributes"])
def test_attributes_count_though_no_file_changed(name, old, run):
    folder = old(
        {**FILES, ".git/HEAD": "ref: refs/heads/main\n", ".git/objects/x": "", ".git/refs/x": "", ".git/info/x": ""}
    )
    run(".")
    (folder / name).write_text("a.ts linguist-generated\n")
    assert run(".") == (0, 3, 0)
    (folder / name).unlink()
    assert run(".") == (3, 0, 0)


def test_duplication_takes_tokens_from_the_records(old, run):
    same = "const same = [1, 2].map((x) => x + 1).filter((y) => y > 2).join(',')\n" * 9
    old({"a.ts": same, "b.ts": same, "c.ts": "c()\n"})
    assert run(".", "--duplication") == (0, 0, 3)
    assert run(".", "--duplication") == (3, 0, 0)
    for path in run.cache.glob("*.records"):
        path.unlink()
    assert run(".", "--duplication") == (0, 0, 3)


@pytest.mark.parametrize(
    "workers", [["--executor", "process", "--threads", "2"], ["--executor", "thread", "--threads", "2"]]
)
def test_workers_keep_what_one_does(workers, old, run):
    old({f"f{number}.ts": function("one", number % 9) for number in range(40)})
    assert run(".", *workers) == (0, 0, 40)
    assert run(".") == (40, 0, 0)
    assert run(".", *workers, "--preset", "strict") == (0, 40, 0)


def test_the_worst_of_the_project_are_told_whatever_is_found(old, run):
    """The second worst of a file enters the lists when the worst is mended; so does one that was not listed before."""
    folder = old(
        {f"f{number}.ts": function("one", number) + function("two", 60 - number) for number in range(0, 60, 3)}
    )
    flags = (".", "--top", "3", "--preset", "strict", "--least-cognitive", "0", "--least-burden", "0")
    run(*flags)
    for number in (0, 3, 57, 54, 6, 9):
        (folder / f"f{number}.ts").write_text("f()\n")
        run(*flags)


def test_a_baseline_is_a_part_of_what_is_the_same(old, run, capfd):
    """Functions that move to another file are looked at together, whichever of the files is known."""
    folder = old({**FILES, "src/d.ts": function("four", 20) + function("five", 30)})
    strict = ["--preset", "strict", "--least-cognitive", "0", "--least-burden", "0"]
    assert cg.main([".", "--no-cache", *strict, "--write-baseline", "base.jsonl"]) == 0
    capfd.readouterr()
    flags = (".", *strict, "--baseline", "base.jsonl")
    assert [run(*flags), run(*flags)] == [(0, 0, 4), (4, 0, 0)]
    (folder / "src/d.ts").write_text(function("four", 20))
    (folder / "src/e.ts").write_text(function("five", 30))
    assert [run(*flags)[0], run(*flags)[0], run(*flags, "--verbose")[0]] == [3, 5, 5]
    (folder / "base.jsonl").write_text("".join((folder / "base.jsonl").read_text().splitlines(keepends=True)[:-1]))
    assert [run(*flags)[0], run(*flags)[0]] == [0, 5]


def test_changed_code_is_measured_once(repo, capfd, monkeypatch, tmp_path_factory):
    """Older versions too: the second run over the same changes scans nothing."""
    monkeypatch.delenv("COMPLEXITY_GUARD_CACHE")
    monkeypatch.chdir(repo.root)
    repo.commit(START)
    repo.write({"a.ts": START["a.ts"].replace("one", "two"), "b.ts": function("four", 22)})
    place = str(tmp_path_factory.mktemp("cache") / "own")
    flags = [".", "-f", "json", "--changed", "--cache-dir", place]
    first, second = Told(capfd, flags), Told(capfd, flags)
    cold = Told(capfd, [*flags, "--no-cache"])
    assert first.out == second.out == cold.out
    assert (first.found, second.found) == ((0, 0, 4), (0, 4, 0))


# What is believed


def stamped(path, times):
    os.utime(path, ns=times)


@posix
def test_an_edit_of_the_same_size_with_its_time_put_back_is_seen(old, run):
    folder = old()
    path = folder / "src/a.ts"
    run(".")
    before = path.stat()
    path.write_text(path.read_text().replace("one", "eno"))
    stamped(path, (before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert run(".") == (2, 0, 1)


def test_a_touched_file_is_read_and_not_analysed(old, run):
    folder = old()
    run(".")
    stamped(folder / "src/a.ts", (10**18, 10**18))
    assert run(".") == (3, 0, 0)


def test_what_is_younger_than_two_seconds_is_read_again(old, run, monkeypatch):
    """A file system may count in steps of two seconds: a change right after the run would leave no mark."""
    folder = old()
    monkeypatch.setattr(cg, "RACY", 2_000_000_000)
    run(".")
    stamp = cg.Jobs.stamps
    frozen = {}

    def same_stamps(jobs):
        return [frozen.setdefault(path, found) for path, found in zip(jobs.paths(), stamp(jobs))]

    monkeypatch.setattr(cg.Jobs, "stamps", same_stamps)
    monkeypatch.setattr(cg.Jobs, "stamp", lambda jobs, index: same_stamps(jobs)[index])
    run(".")
    (folder / "src/a.ts").write_text(function("one", 14))
    assert run(".") == (2, 0, 1)


# Where it is


@posix
def test_nothing_appears_in_a_project(old, capfd, tmp_path):
    folder = old({"a.ts": LARGE})
    Told(capfd, ["."])
    assert [path.name for path in folder.iterdir()] == ["a.ts"]
    user = cg.user_folder()
    assert {name.rpartition(".")[2] for name in os.listdir(user)} >= {"results", "records", "key", "TAG"}
    assert Told(capfd, ["."]).found == (1, 0, 0)


@posix
def test_a_small_run_keeps_nothing(old, capfd):
    old()
    assert Told(capfd, ["."]).found is None
    assert not os.path.exists(cg.user_folder())


@posix
def test_where_there_is_a_node_modules_it_lies_there(old, capfd):
    folder = old({"src/a.ts": LARGE, "node_modules/x/index.js": ""})
    Told(capfd, ["src"])
    place = folder / "node_modules/.cache/complexity-guard"
    assert (place / ".gitignore").read_text() == "*\n"
    assert (place / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55")
    assert not (place / "key").exists()
    assert Told(capfd, ["src"]).found == (1, 0, 0)


@posix
@pytest.mark.parametrize("link", ["node_modules", "node_modules/.cache", "node_modules/.cache/complexity-guard"])
def test_links_lead_nowhere(link, old, capfd, tmp_path_factory):
    """A project brings a link along, to have files written where it cannot write itself."""
    folder, elsewhere = old({"src/a.ts": LARGE}), tmp_path_factory.mktemp("elsewhere")
    (folder / link).parent.mkdir(parents=True, exist_ok=True)
    (folder / link).symlink_to(elsewhere)
    Told(capfd, ["src"])
    assert list(elsewhere.rglob("*")) == []


@pytest.mark.parametrize("word", ["0", "false", "OFF", "no"])
def test_the_environment_switches_it_off(word, old, capfd, monkeypatch):
    old({"a.ts": LARGE})
    monkeypatch.setenv("COMPLEXITY_GUARD_CACHE", word)
    assert Told(capfd, ["."]).found is None


def test_the_environment_names_a_folder(old, capfd, monkeypatch, tmp_path_factory):
    old()
    place = tmp_path_factory.mktemp("room") / "own"
    monkeypatch.setenv("COMPLEXITY_GUARD_CACHE", str(place))
    assert [Told(capfd, ["."]).found for _ in range(2)] == [(0, 0, 3), (3, 0, 0)]
    assert (place / "key").stat().st_size == cg.KEY_BYTES


def test_a_configuration_names_a_folder_of_the_project(old, capfd):
    folder = old({**FILES, ".complexityguard.json": '{"cache": ".cg"}'})
    assert [Told(capfd, ["."]).found for _ in range(2)] == [(0, 0, 3), (3, 0, 0)]
    assert not (folder / ".cg/key").exists()
    (folder / ".complexityguard.json").write_text('{"cache": false}')
    assert Told(capfd, ["."]).found is None


@pytest.mark.parametrize("place", ["../other", "/tmp", "x/../../y"])
def test_a_configuration_names_no_other_folder(place, old, capfd):
    old({**FILES, ".complexityguard.json": json.dumps({"cache": place})})
    told = Told(capfd, ["."])
    assert told.code == cg.EXIT_USAGE and "is outside of" in told.err


def test_a_folder_with_other_files_stays_as_it_is(old, run, tmp_path_factory, capfd):
    folder = old()
    assert Told(capfd, [".", "--cache-dir", "src"]).found == (0, 0, 3)
    assert sorted(path.name for path in (folder / "src").iterdir()) == ["a.ts", "b.ts", "complexity-guard"]


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everything")
def test_where_nothing_can_be_written_nothing_is(old, run):
    old()
    run.cache.mkdir(parents=True)
    run.cache.chmod(0o555)
    assert run(".") is None


def test_a_file_in_the_place_of_the_folder_is_no_error(old, run):
    old()
    run.cache.write_text("")
    assert run(".") is None


# Who may write it


def test_a_cache_that_a_project_brings_along_changes_no_number(old, capfd):
    """It was made by another key, of files with the same stamps that hold something else."""
    folder = old({"src/a.ts": LARGE, "node_modules/x/index.js": ""})
    first = Told(capfd, ["src", "-f", "json"])
    with open(cg.join_path(cg.user_folder(), "key"), "wb") as file:
        file.write(bytes(32))
    told = Told(capfd, ["src", "-f", "json"])
    assert (told.found, told.out) == ((0, 0, 1), first.out)
    assert folder.exists()


def packs(folder):
    return sorted(path for path in folder.iterdir() if path.suffix in (".results", ".records"))


def test_no_damage_passes(old, run):
    old()
    run(".")
    shelf = cg.Shelf(str(run.cache), (run.cache / "key").read_bytes(), "", "")
    chance = random.Random(7)
    for path in packs(run.cache):
        data = path.read_bytes()
        assert cg.read_pack(str(path), path.stem, shelf.key) is not None
        assert cg.read_pack(str(path), "other", shelf.key) is None
        assert cg.read_pack(str(path), path.stem, bytes(32)) is None
        for size in (*range(80), *range(80, len(data), 37)):
            path.write_bytes(data[:size])
            assert cg.read_pack(str(path), path.stem, shelf.key) is None
        for _ in range(300):
            changed = bytearray(data)
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)
            assert cg.read_pack(str(path), path.stem, shelf.key) is None


def forged(path, key, sections):
    """A pack that somebody wrote who has the key."""
    writer = cg.PackWriter(str(path), path.stem, key)
    writer.add(b"x" * 100)
    writer.finish(sections)


ONE_ROW, EXTENT, KEY = cg.RESULT_ROW.pack(*[1 << 62] * 17), b"\xff" * 8, b"k" * 20
SECTIONS = [
    [], [b""], [b""] * 7, [b"\xff" * 1000] * 7, [b"\xff" * 152, b"", b"k" * 20, b"a\0", b"\0", b"\0", b"", b""],
    [ONE_ROW, EXTENT, KEY, b"src/a.ts\0", b"\0", b"\0", cg.Packing.packed([b""]), b"\xff" * 28],
    [ONE_ROW, EXTENT, KEY, b"src/a.ts\0", b"\0", b"\0", cg.Packing.packed([b""]), b""],
    [ONE_ROW, EXTENT, KEY, b"src/a.ts\0", b"\0", b"\0", cg.Packing.packed([7]), b""],
    [ONE_ROW, EXTENT, KEY, b"src/a.ts\0", b"\0", b"\0", b"\7", b""],
    [b"k" * 20 + b"\xff" * 12, b"\xff" * 28], [b"k" * 32, b""], [b"{}"] * 20,
]  # fmt: skip


@pytest.mark.parametrize("sections", SECTIONS, ids=range(len(SECTIONS)))
def test_who_has_the_key_can_lie_and_do_no_harm(sections, old, capfd, run):
    old()
    run(".")
    key = (run.cache / "key").read_bytes()
    for path in packs(run.cache):
        forged(path, key, sections)
    told = Told(capfd, [".", "-f", "json", "--cache-dir", str(run.cache)])
    assert told.code in (0, 4) and "Traceback" not in told.err


@pytest.mark.parametrize("packing", [cg.kernel_module() or cg.Packing, cg.Packing])
def test_nothing_unfolds_to_more_than_it_says(packing, monkeypatch):
    monkeypatch.setattr(cg, "packing", packing)
    bomb = packing.squeezed(bytes(10_000_000))
    for size in (0, 1, 1000, 9_999_999, 10_000_001, cg.MOST_CACHE + 1, 2**32 - 1):
        with pytest.raises(ValueError):
            cg.unfolded(struct.pack("<I", size) + bomb)


def test_a_pack_too_large_to_be_one_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "x.results"
    with path.open("wb") as file:
        file.truncate(cg.MOST_CACHE + 1)
    monkeypatch.setattr(cg, "all_of", lambda descriptor: 1 / 0)
    assert cg.read_pack(str(path), "x", bytes(32)) is None


@posix
@pytest.mark.parametrize("kind", ["pipe", "folder", "link"])
def test_what_is_no_file_is_no_pack(kind, old, run):
    old()
    run(".")
    for path in packs(run.cache):
        path.unlink()
        {"pipe": os.mkfifo, "folder": os.mkdir, "link": lambda path: path.symlink_to("/dev/zero")}[kind](path)
    run(".")


# How much there is


def test_what_was_used_longest_ago_goes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(cg, "MOST_CACHE", 250)
    for number in range(5):
        path = tmp_path / f"{number}.results"
        path.write_bytes(bytes(100))
        os.utime(path, (number, number))
    (tmp_path / "mine.txt").write_bytes(bytes(1000))
    fresh, stale = tmp_path / "a.results.1-1.new", tmp_path / "b.results.2-2.new"
    fresh.write_bytes(b"")
    stale.write_bytes(b"")
    os.utime(stale, (1, 1))
    cg.sweep(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["3.results", "4.results", fresh.name, "mine.txt"]


def test_the_blocks_of_files_that_changed_go(old, run):
    """After any number of edits a pack is hardly larger than that of a first run."""
    folder = old({f"f{number}.ts": function("one", number % 9) * 5 for number in range(30)})
    run(".")
    first = max(path.stat().st_size for path in run.cache.glob("*.results"))
    for number in range(29):
        (folder / f"f{number}.ts").write_text(function("two", number % 8) * 5)
        run(".")
    assert max(path.stat().st_size for path in run.cache.glob("*.results")) < 3 * first


# The command


def test_the_command_says_where_and_how_much(old, capfd, run):
    old()
    run(".")
    run(".")
    assert cg.main(["cache", "--cache-dir", str(run.cache)]) == 0
    place, size, last = capfd.readouterr().out.splitlines()
    assert place == str(run.cache) and re.fullmatch(r"[\d.]+ MB of at most 268 MB", size)
    assert last == "last run: 3 files as before, 0 measured before and judged anew, 0 measured anew"
    assert cg.main(["cache", "clean", "--cache-dir", str(run.cache)]) == 0
    assert packs(run.cache) == [] and "is empty" in capfd.readouterr().out
    assert run(".") == (0, 0, 3)
    assert cg.main(["cache", "--no-cache"]) == 0
    assert capfd.readouterr().out == "There is no cache.\n"


def test_the_program_under_test_has_a_cache(guard, project, tmp_path_factory):
    place = str(tmp_path_factory.mktemp("room") / "own")
    folder = project(FILES)
    time.sleep(2.1)
    flags = [".", "-f", "json", "--cache-dir", place, "--verbose", "--fail-on", "none"]
    first, second = guard(*flags, cwd=folder), guard(*flags, cwd=folder)
    assert "cache: 0 files as before" in first.err and "cache: 3 files as before" in second.err
    assert second.json["files"] == first.json["files"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="some changes fork")
def test_a_project_that_changes_by_chance(monkeypatch):
    """`make warm` goes on with this for as long as one likes."""
    for name in ("HOME", "XDG_CACHE_HOME", "SOURCE_DATE_EPOCH", "COMPLEXITY_GUARD_CACHE"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    assert warm.run(examples=3, steps=8) >= 24
    assert warm.Machine.hits["as before"] and warm.Machine.hits["measured before"]


def test_settings_that_shape_nothing_are_fields():
    """A field that is renamed, and not here, would be passed over in silence."""
    assert {*cg.SHAPES_NOTHING, *cg.FOR_TERMINALS} <= {*cg.Settings._fields}
