"""Discovery: what is taken from a folder, in which order, what is named, links, and what cannot be read."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
import time

import pytest
from processes import needs_root
from repository import GIT, Repo
from samples import function
from trees import found, not_on_windows, settings
from trees import own_git_settings as own_git_settings
from trees import tree as tree

import complexity_guard as cg

not_as_root = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")


def discovered(path):
    files, skipped = cg.discover([path], settings())
    return [(job.path, job.file) for job in files], skipped


# What is taken from a folder


@needs_root
@pytest.mark.parametrize("owner, wanted", [((4711, 0), ["a.ts"]), ((0, 0), []), ((4711, 4711), []), ((0, 4711), [])])
def test_a_git_folder_that_a_stranger_put_above_hides_nothing(tmp_path, owner, wanted):
    """Anybody may make a /tmp/.git, and had what others analysed below /tmp ignored. In a container, where all belongs to
    another user, its own rules count."""
    git, work = tmp_path / ".git", tmp_path / "work"
    for folder in (git, git / "info", work):
        folder.mkdir()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "info" / "exclude").write_text("*.ts\n")
    (work / "a.ts").write_text("")
    os.chown(git, owner[0], -1)
    os.chown(work, owner[1], -1)
    (work / "b.js").write_text("")
    assert [os.path.basename(path) for path, _ in discovered(str(work))[0]] == [*wanted, "b.js"]


@needs_root
@pytest.mark.parametrize("owner, wanted", [((4711, 0), ["a.ts"]), ((0, 0), []), ((4711, 4711), []), ((0, 4711), [])])
def test_an_ignore_file_that_a_stranger_put_on_the_way_hides_nothing(tmp_path, monkeypatch, owner, wanted):
    """Where there is no repository, rules are read from the working folder down to what is named: through a /tmp, maybe."""
    work = tmp_path / "shared" / "work"
    work.mkdir(parents=True)
    (tmp_path / "shared" / ".gitignore").write_text("*.ts\n")
    (work / "a.ts").write_text("")
    (work / "b.js").write_text("")
    os.chown(tmp_path / "shared" / ".gitignore", owner[0], -1)
    os.chown(work, owner[1], -1)
    monkeypatch.chdir(tmp_path)
    files, _ = cg.discover(["shared/work"], settings(base=str(tmp_path)))
    assert [os.path.basename(job.path) for job in files] == [*wanted, "b.js"]


def test_the_suffixes(tree):
    tree(
        "a.ts",
        "b.tsx",
        "c.mts",
        "d.cts",
        "e.js",
        "f.jsx",
        "g.mjs",
        "h.cjs",
        "i.TS",
        "j.d.ts",
        "k.d.mts",
        "l.d.cts",
        "m.txt",
        "ts",
        "n.ts.bak",
    )
    assert found() == ["a.ts", "b.tsx", "c.mts", "d.cts", "e.js", "f.jsx", "g.mjs", "h.cjs", "i.TS"]


def test_folders_skipped_by_default(tree):
    skipped = ["node_modules", "dist", "build", "vendor", "coverage", ".next", ".hidden"]
    tree(
        "a.ts",
        ".eslintrc.js",
        *[f"{folder}/x.ts" for folder in skipped],
        *[f"deep/{folder}/y.ts" for folder in skipped],
        ".git/z.ts",
    )
    assert found() == [".eslintrc.js", "a.ts"]
    everything = found(no_ignore=True)
    assert len(everything) == 2 + 2 * len(skipped)
    assert ".git/z.ts" not in everything
    assert found("dist", "deep/node_modules") == ["deep/node_modules/y.ts", "dist/x.ts"]
    assert "build/x.ts" in found(exclude=("!build/",))


def test_declarations_only_when_named_or_included(tree):
    tree("a.ts", "b.d.ts", "types/c.d.mts")
    assert found() == ["a.ts"]
    assert found(".", "b.d.ts") == ["a.ts", "b.d.ts"]
    assert found(include=("**/*.ts",)) == ["a.ts"]
    assert found(include=("**/*.ts", "**/*.d.*")) == ["a.ts", "b.d.ts", "types/c.d.mts"]
    assert found(include=("*.d.ts", "*.d.mts", "!types/")) == ["b.d.ts", "types/c.d.mts"]
    assert found(include=("*.d.ts", "*.d.mts", "!types/*")) == ["b.d.ts"]


def test_order_is_that_of_the_paths(tree):
    tree("b.ts", "a/z.ts", "a.ts", "a-b.ts", "B.ts", "é.ts", "a/é/c.ts")
    assert found() == sorted(found())
    assert found("b.ts", "a", "B.ts") == ["B.ts", "a/z.ts", "a/é/c.ts", "b.ts"]


# How paths are written


def test_the_same_however_a_path_is_spelled(tree, monkeypatch):
    folder = tree("src/a.ts", "src/gen/b.ts", "src/x/c.ts", "other/src/d.ts")
    expected = ["src/a.ts"]
    for spelled in ("src", "./src", "src/", "src/.", "src/../src", f"{folder}/src", "other/../src"):
        assert found(spelled, exclude=("/src/gen/", "src/x/*")) == expected, spelled
        assert found(spelled, include=("src/*.ts",)) == expected, spelled
        assert found(spelled, include=("./src/*.ts",)) == expected, spelled
    assert found(".", include=("/src/*.ts",)) == expected
    base = cg.real_path(".")
    monkeypatch.chdir(folder / "src")
    assert found(base=base, exclude=("/src/gen/", "src/x/")) == ["a.ts"]
    monkeypatch.chdir(folder / "other")
    assert found("../src", base=base, exclude=("/src/gen/", "src/x/")) == ["../src/a.ts"]
    assert found(f"{folder}/src", base=base, exclude=("/src/gen/", "src/x/")) == [f"{cg.real_path(folder)}/src/a.ts"]


@not_on_windows
def test_the_same_through_a_symbolic_link(tree, monkeypatch, tmp_path_factory):
    folder = tree("src/a.ts", "src/gen/b.ts")
    link = tmp_path_factory.mktemp("links") / "project"
    link.symlink_to(folder)
    assert found(f"{link}/src", exclude=("/src/gen/",)) == ["src/a.ts"]
    monkeypatch.chdir(link)
    assert found("src", exclude=("/src/gen/",)) == ["src/a.ts"]


# What is named


def test_named_files_are_analysed_though_ignored_but_not_though_excluded(tree):
    tree({".gitignore": "a.ts\nout/\n"}, ".git/HEAD", "a.ts", "out/b.ts", "node_modules/c.ts", "d.ts")
    assert found() == ["d.ts"]
    assert found("a.ts", "out/b.ts", "node_modules/c.ts") == ["a.ts", "node_modules/c.ts", "out/b.ts"]
    assert found("out") == ["out/b.ts"]
    assert found("a.ts", "d.ts", exclude=("a.*",)) == ["d.ts"]
    assert found("a.ts", "out/b.ts", exclude=("out/",)) == ["a.ts"]
    assert found("a.ts", "d.ts", "out/b.ts", include=("d.ts", "out/")) == ["d.ts", "out/b.ts"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("none.ts", "none.ts: no such file or folder"),
        ("aa.ts", "aa.ts: no such file or folder; did you mean a.ts?"),
        ("src/actoins", "src/actoins: no such file or folder; did you mean src/actions?"),
        ("src/**/*.ts", "src/**/*.ts: no such file or folder; a path is no glob: --include takes one"),
        ("a.ts/b.ts", "a.ts/b.ts: Not a directory"),
        ("", "'': no such file or folder"),
        ("README.md", "README.md: not a TypeScript or JavaScript file (.ts .mts"),
        ("x" * 5000, "name too long"),  # musl: Filename
    ],
)
def test_wrong_paths_are_errors(guard, tree, path, message):
    folder = tree("a.ts", "README.md", "src/actions/b.ts")
    result = guard("a.ts", path, cwd=folder)
    assert (result.code, result.out) == (3, "")
    assert message in result.err


def test_a_nul_in_a_path_is_an_error(tree):
    tree("a.ts")
    with pytest.raises(cg.UsageError, match="no file can have such a name"):
        found("a\0.ts")


def test_nothing_to_analyse_is_an_error_unless_allowed(guard, tree):
    folder = tree("a.txt", "node_modules/b.ts")
    result = guard(cwd=folder)
    assert result.code == 3
    message = "no TypeScript or JavaScript file to analyse in .; files and folders left out: 1 ignored (--no-ignore takes them)"
    assert result.err == f"complexity-guard: error: {message}\n"
    assert guard("--allow-empty", cwd=folder).code == 0
    assert guard("--no-ignore", cwd=folder).code == 0
    assert (
        "in node_modules; files and folders left out: 1 excluded by globs"
        in guard("--exclude", "*", "node_modules", cwd=folder).err
    )


def test_max_file_bytes(guard, tree):
    folder = tree({"large.ts": "x();" * 100, "small.ts": "x();"})
    result = guard("-f", "json", "--max-file-bytes", "100", cwd=folder)
    assert result.code == 0
    assert [file["path"] for file in result.json["files"]] == ["small.ts"]
    assert result.json["skipped"] == [
        {"path": "large.ts", "reason": "left out as configured: 400 bytes are more than max_file_bytes"}
    ]


# Links, twice the same, what cannot be read


def test_no_file_twice(tree):
    tree("src/a.ts", "src/b/c.ts")
    assert found(".", "src", "src/a.ts", "./src/b", "src/b/c.ts", ".") == ["src/a.ts", "src/b/c.ts"]


@not_on_windows
def test_symbolic_links(tree):
    folder = tree("src/a.ts", "src/deep/b.ts", "lib/c.ts", "node_modules/d.ts", ".git/HEAD")
    links = {"src/loop": "..", "src/self": "self", "src/deep/up": "../../src", "src/linked.ts": "a.ts", "src/lib": "../lib",
             "src/dead.ts": "none.ts", "src/.#lock.ts": "user@host:1", "src/node_modules": "../lib", "z.ts": "lib/c.ts"}  # fmt: skip
    for name, target in links.items():
        (folder / name).symlink_to(target)
    assert found() == ["lib/c.ts", "src/a.ts", "src/deep/b.ts"]
    assert found("src") == ["src/a.ts", "src/deep/b.ts", "src/lib/c.ts"]
    assert found("z.ts") == ["lib/c.ts"]
    assert found("src/lib", "lib") == ["lib/c.ts"]


@not_on_windows
def test_links_out_of_the_project(tree, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "deep").mkdir()
    (outside / "a.ts").write_text("")
    (outside / "deep/b.ts").write_text("")
    folder = tree("c.ts")
    (folder / "all").symlink_to(outside)
    (folder / "one.ts").symlink_to(outside / "a.ts")
    files, skipped = discovered(".")
    assert [shown for shown, _ in files] == ["c.ts"]
    assert skipped == [cg.LeftOut("one.ts", "a link to a file outside the project")]
    assert found("all") == ["all/a.ts", "all/deep/b.ts"]
    assert found("one.ts") == ["one.ts"]


@not_on_windows
def test_what_is_no_file_is_not_opened(tree):
    folder = tree("a.ts")
    for name in ("pipe.ts", ".gitignore"):
        os.mkfifo(folder / name)
    (folder / "folder.ts").mkdir()
    (folder / "folder.ts/b.ts").write_text("")
    assert found() == ["a.ts", "folder.ts/b.ts"]
    files, skipped = discovered("pipe.ts")
    assert (files, skipped) == ([], [cg.Skipped("pipe.ts", "not a regular file")])


@not_on_windows
@not_as_root
def test_a_folder_that_cannot_be_read_is_reported(tree):
    folder = tree("a.ts", "shut/b.ts")
    (folder / "shut").chmod(0)
    try:
        files, skipped = discovered(".")
    finally:
        (folder / "shut").chmod(0o755)
    assert [shown for shown, _ in files] == ["a.ts"]
    assert skipped == [cg.Skipped("shut/", "folder cannot be read: Permission denied")]


def test_a_folder_that_fails_to_be_read_is_reported(tree, monkeypatch):
    tree("a.ts", "shut/b.ts")
    scandir = os.scandir

    def refusing(path):
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    files, skipped = discovered(".")
    assert [shown for shown, _ in files] == ["a.ts"]
    assert skipped == [cg.Skipped("shut/", "folder cannot be read: Permission denied")]


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names that are not UTF-8")
def test_names_that_are_not_utf8_survive(guard, tree):
    folder = tree({".gitignore": b"b\xff.ts\n?\xfe.ts\n"}, ".git/HEAD")
    for name in (b"a\xff.ts", b"b\xff.ts", b"c\xfe.ts", b"d\xc3\xa9.ts", b"e \n.ts"):
        (folder / os.fsdecode(name)).write_bytes(b"f();")
    assert {os.fsencode(name) for name in found()} == {b"a\xff.ts", b"d\xc3\xa9.ts", b"e \n.ts"}
    result = guard("-f", "json", cwd=folder)
    assert result.code == 0
    assert len(result.json["files"]) == 3


def test_standard_input(guard, tree):
    folder = tree("a.ts")
    result = guard("-f", "json", "-", "--stdin-filename", "src/b.tsx", cwd=folder, stdin=b"const f = () => <a/>")
    assert [file["path"] for file in result.json["files"]] == ["src/b.tsx"]
    assert result.json["summary"]["total_functions"] == 1


# The walk


def test_a_large_tree_is_walked_quickly(tmp_path, monkeypatch):
    """10,000 files in 500 folders: measured 66 ms of CPU; far more would be a mistake."""
    for number in range(500):
        folder = tmp_path / f"p{number % 20}" / f"m{number}"
        folder.mkdir(parents=True)
        for name in range(20):
            (folder / f"f{name}.ts").touch()
    (tmp_path / ".gitignore").write_text("node_modules\n*.log\nnpm-debug.log*\n/packages/*/dist/\n**/generated/*.ts\n")
    monkeypatch.chdir(tmp_path)
    started = time.process_time()
    assert len(found(exclude=("**/*.test.ts",))) == 10_000
    assert time.process_time() - started < 1


@pytest.mark.parametrize("seed", range(20))
def test_folders_are_read_in_the_order_of_reports(tree, seed):
    rng = random.Random(seed)
    words = ("a", "a-b", "a.b", "ab", "A", "é", "z", "0", "a b", "_")
    names = {"/".join(rng.choices(words, k=rng.randint(0, 4)) + [f"{rng.choice(words)}.ts"]) for _ in range(60)}
    tree(*names)
    jobs, _ = cg.discover(["."], settings())
    assert [job.path for job in jobs] == sorted(names)
    assert jobs.in_order() is jobs, "sorting a hundred thousand names again would cost their memory"


def test_several_places_are_merged_in_order_and_each_file_counts_once(tree):
    tree("b/x.ts", "a/y.ts", "a/z/w.ts", "a-b/v.ts")
    os.symlink("../b/x.ts", "a/0.ts")
    assert found("b", "a/z", "a", "a/y.ts", "a-b") == ["a-b/v.ts", "a/y.ts", "a/z/w.ts", "b/x.ts"]
    assert found("a", "b") == ["a/0.ts", "a/y.ts", "a/z/w.ts"], "a link that is met first names the file"


# What git tracks, it does not ignore


@pytest.fixture
def repository(guard, tmp_path, monkeypatch):
    """Sources that .gitignore matches, some of them tracked all the same."""
    repo = Repo(guard, tmp_path / "r")
    sources = (
        "a.ts",
        "gen.ts",
        "lost.ts",
        "out/b.ts",
        "out/lost.ts",
        "out/deep/c.tsx",
        "out/deep/lost.ts",
        "dist/d.ts",
    )
    repo.write({".gitignore": "gen.ts\n/lost.ts\n/out/\n*.log\n", **dict.fromkeys(sources, "f();\n")})
    repo.git("add", "-f", "a.ts", "gen.ts", "out/b.ts", "out/deep/c.tsx", "dist/d.ts", ".gitignore")
    repo.git("commit", "-qm", "all")
    monkeypatch.chdir(repo.root)
    return repo


TRACKED = ["a.ts", "gen.ts", "out/b.ts", "out/deep/c.tsx"]
INDEXES = {
    "format 2": ["update-index --index-version 2"],
    "format 3": ["update-index --index-version 3", "update-index --skip-worktree out/b.ts"],
    "format 4": ["update-index --index-version 4"],
    "split": ["update-index --split-index"],
    "split since, with changes": ["update-index --split-index", "rm -q --cached a.ts gen.ts", "add -f gen.ts a.ts"],
    "a flag": ["update-index --assume-unchanged gen.ts"],
    "an untracked cache": ["update-index --force-untracked-cache", "status"],
}


@pytest.mark.parametrize("name", INDEXES)
def test_what_git_tracks_is_seen_though_its_rules_match(repository, name):
    for command in INDEXES[name]:
        repository.git(*command.split())
    assert found() == TRACKED
    inside = ["out/b.ts", "out/deep/c.tsx", "out/deep/lost.ts", "out/lost.ts"]
    assert found("out", "a.ts") == ["a.ts", *inside], "a folder that is named is not ignored"
    assert found(exclude=("out/",)) == ["a.ts", "gen.ts"]
    assert found(exclude=("!out/",)) == ["a.ts", "gen.ts", *inside]
    assert "lost.ts" in found(no_ignore=True)
    repository.git("rm", "-rq", "--sparse", "--cached", "gen.ts", "out/deep")
    assert found() == ["a.ts", "out/b.ts"]


def test_gates_see_what_git_tracks(repository):
    repository.write({"gen.ts": function("gen", 60), "lost.ts": function("lost", 60), "out/b.ts": function("b", 60)})
    for how in (["."], ["--changed", "."], ["--since", "HEAD", "."]):
        assert {file["path"] for file in repository.run(*how).json["files"]} >= {"gen.ts", "out/b.ts"}
    repository.git("add", "-u")
    result = repository.run("--staged", ".")
    assert ({file["path"] for file in result.json["files"]}, result.code) == ({"gen.ts", "out/b.ts"}, 1)
    assert repository.guard("gen.ts", cwd=repository.root, env=GIT).code == 1


def test_it_is_the_same_from_anywhere_in_another_work_tree_and_without_git(repository, monkeypatch, tmp_path):
    repository.git("worktree", "add", "-q", "../w")
    monkeypatch.chdir(tmp_path)
    assert found("w") == [f"w/{path}" for path in TRACKED]
    monkeypatch.chdir(tmp_path / "r" / "out")
    monkeypatch.setenv("PATH", "")
    assert found("..") == [*(f"../{path}" for path in ("a.ts", "gen.ts")), "b.ts", "deep/c.tsx"]


def test_files_in_conflict_and_submodules_are_tracked(repository, guard, tmp_path):
    inner = Repo(guard, tmp_path / "inner").commit({"in.ts": "f();\n", ".gitignore": "sub.ts\n", "own.ts": "f();\n"})
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", "-f", str(inner.root), "out/sub")
    repository.write({"out/sub/sub.ts": "f();\n"}).git("commit", "-qm", "sub")
    assert found() == [*TRACKED, "out/sub/in.ts", "out/sub/own.ts"]
    repository.git("checkout", "-qb", "other", "HEAD~1")
    repository.commit({"gen.ts": "g();\n"}).git("checkout", "-q", "main")
    repository.commit({"gen.ts": "h();\n"})
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "-q", "other")
    assert "gen.ts" in found()


def test_folders_that_a_sparse_index_folds_up(repository):
    repository.commit({f"part{i}/x.ts": "f();\n" for i in range(3)})
    repository.git("sparse-checkout", "set", "--cone", "--sparse-index", "part1")
    assert found() == ["a.ts", "gen.ts", "part1/x.ts"]


@pytest.mark.parametrize("version", ["2", "4"])
def test_identities_of_another_size(guard, tmp_path, monkeypatch, version):
    root = tmp_path / "s"
    root.mkdir()
    if subprocess.run(
        ["git", "init", "-q", "--object-format=sha256", str(root)], capture_output=True, check=False
    ).returncode:
        pytest.skip("a git without SHA-256")
    repo = Repo(guard, root).write({".gitignore": "*.ts\n", "a.ts": "f();\n", "b.ts": "f();\n"})
    repo.git("add", "-f", "a.ts")
    repo.git("update-index", "--index-version", version)
    monkeypatch.chdir(root)
    assert found() == ["a.ts"]


def test_letters_of_another_case_where_git_does_not_mind(repository):
    repository.git("config", "core.ignoreCase", "true")
    (repository.root / "gen.ts").rename(repository.root / "GEN.ts")
    assert found() == ["GEN.ts", *(path for path in TRACKED if path != "gen.ts")]


@pytest.mark.parametrize("seed", range(8))
def test_an_index_is_read_as_git_reads_it(guard, tmp_path, seed):
    rng = random.Random(seed)
    words = ("a", "b-c", "ü", "x y", "long" * 20, "n" * 200, "out")
    repo = Repo(guard, tmp_path / "r")
    repo.git("update-index", "--index-version", rng.choice("234"))
    for _ in range(4):
        names = {
            "/".join(rng.choices(words, k=rng.randint(0, 4)) + [f"{rng.choice(words)}{rng.choice('123')}.ts"])
            for _ in range(40)
        }
        repo.write(dict.fromkeys(names, str(rng.random())))
        repo.git("add", "-A")
        gone = [name for name in names if rng.random() < 0.3]
        repo.git("rm", "-q", "--cached", "--ignore-unmatch", "--", *gone, "none.ts")
        repo.git("update-index", rng.choice(("--split-index", "--refresh", "--split-index")))
    told = repo.git("ls-files", "-z").split("\0")[:-1]
    assert sorted(map(os.fsdecode, cg.index_names(str(repo.root / ".git/index")))) == sorted(told)


DAMAGES = {
    "empty": lambda data: b"",
    "another file": lambda data: b"PK" + data[2:],
    "format 5": lambda data: data[:7] + b"\5" + data[8:],
    "cut short": lambda data: data[: len(data) // 2],
    "more entries than there are": lambda data: data[:8] + b"\xff\xff\xff\xff" + data[12:],
    "an extension of tomorrow": lambda data: data[:-20] + b"tree\0\0\0\0" + data[-20:],
    "split from nothing": lambda data: data[:-20] + b"link\0\0\0\x14" + b"\1" * 20 + data[-20:],
}


@pytest.mark.parametrize("name", DAMAGES)
def test_an_index_that_cannot_be_read_is_named(repository, name):
    index = repository.root / ".git/index"
    index.write_bytes(DAMAGES[name](index.read_bytes()))
    result = repository.run(".")
    ((path, reason),) = [skipped.values() for skipped in result.json["skipped"]]
    assert (result.code, path) == (4, ".git/index") and reason.endswith(
        "which of the files that git ignores it tracks all the same"
    )
    assert [file["path"] for file in result.json["files"]] == ["a.ts"]
    repository.write({".gitignore": ""})
    assert repository.run(".").code == 0, "where git's rules match nothing, nobody asks"


def test_an_index_that_grows_when_it_is_read_is_refused(monkeypatch):
    """In format 4 an entry of 66 bytes can name a path of any length."""
    monkeypatch.setattr(cg, "INDEX_BYTES", 100_000)
    long = ENTRY + b"\0\4\0" + b"x" * 1000 + b"\0"
    again = ENTRY + b"\0\4\0.ts\0"
    data = b"DIRC\0\0\0\4" + struct.pack(">L", 201) + long + again * 200 + bytes(20)
    with pytest.raises(ValueError):
        cg.IndexReader(data, 20).all_names("/nowhere")


@pytest.mark.parametrize("seed", range(300))
def test_a_damaged_index_does_no_harm(seed):
    """Not even one that was made to be large: format 4 repeats the beginning of a path for nothing."""
    rng = random.Random(seed)
    data = bytearray(SPLIT if seed % 2 else SHORT)
    for _ in range(rng.randint(1, 6)):
        data[rng.randrange(len(data))] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
    try:
        for size in cg.IDENTITY_BYTES:
            cg.IndexReader(bytes(data), size).all_names("/nowhere")
    except (ValueError, IndexError, struct.error, cg.Unreadable):
        pass


ENTRY = bytes(24) + b"\0\0\x81\xa4" + bytes(32)
SHORT = (
    b"DIRC\0\0\0\4\0\0\0\3"
    + b"".join(ENTRY + b"\0\4" + more for more in (b"\0a.ts\0", b"\4b.ts\0", b"\3c.ts\0"))
    + bytes(20)
)
SPLIT = b"DIRC\0\0\0\2\0\0\0\0link\0\0\0\x30" + b"\1" * 20 + b"\0\0\0\2\0\0\0\1" + bytes(8) + bytes(12) + bytes(20)
