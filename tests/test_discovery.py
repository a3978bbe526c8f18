"""Discovery: what is taken from a folder, in which order, what is named, links, and what cannot be read."""

from __future__ import annotations

import os
import random
import sys
import time

import pytest
from trees import found, not_on_windows, settings
from trees import own_git_settings as own_git_settings
from trees import tree as tree

import complexity_guard as cg

not_as_root = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")


def discovered(path):
    files, skipped = cg.discover([path], settings())
    return [(job.path, job.file) for job in files], skipped


# What is taken from a folder


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
        ("a.ts/b.ts", "a.ts/b.ts: Not a directory"),
        ("", "'': no such file or folder"),
        ("README.md", "README.md: not a TypeScript or JavaScript file (.ts .mts"),
        ("x" * 5000, "name too long"),  # musl: Filename
    ],
)
def test_wrong_paths_are_errors(guard, tree, path, message):
    folder = tree("a.ts", "README.md")
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
    assert found() == ["c.ts", "one.ts"]
    assert found("all") == ["all/a.ts", "all/deep/b.ts"]


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
