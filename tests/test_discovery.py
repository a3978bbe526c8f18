"""Which files are analysed: git's rules against git itself, globs, links, what is named, what cannot be read."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import complexity_guard as cg

GIT = shutil.which("git")
needs_git = pytest.mark.skipif(not GIT, reason="compares with git")
not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX file names")
not_as_root = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")


@pytest.fixture(autouse=True)
def own_git_settings(monkeypatch, tmp_path_factory):
    """No rules of the machine that runs the tests."""
    home = tmp_path_factory.mktemp("home")
    for name, value in {"HOME": home, "XDG_CONFIG_HOME": home / "xdg", "GIT_CONFIG_NOSYSTEM": "1"}.items():
        monkeypatch.setenv(name, str(value))
    return home


@pytest.fixture
def tree(project, monkeypatch):
    """tree("a.ts", "b/c.ts") or tree({"a.ts": text}): files in a fresh folder, which becomes the working directory."""

    def tree(*names, **_):
        files = {name: "" for name in names if isinstance(name, str)}
        for name in names:
            files |= name if isinstance(name, dict) else {}
        folder = project(files)
        monkeypatch.chdir(folder)
        return folder

    return tree


def settings(**changes):
    return cg.Settings(cg.DEFAULT_ANALYSIS, **{"base": cg.real_path(os.getcwd()), **changes})


def discovered(path):
    files, skipped = cg.discover([path], settings())
    return [(job.path, job.file) for job in files], skipped


def found(*paths, **changes):
    return [job.path for job in cg.discover(paths or ["."], settings(**changes))[0]]


# What is taken from a folder


def test_the_suffixes(tree):
    tree("a.ts", "b.tsx", "c.mts", "d.cts", "e.js", "f.jsx", "g.mjs", "h.cjs", "i.TS", "j.d.ts", "k.d.mts", "l.d.cts", "m.txt", "ts", "n.ts.bak")
    assert found() == ["a.ts", "b.tsx", "c.mts", "d.cts", "e.js", "f.jsx", "g.mjs", "h.cjs", "i.TS"]


def test_folders_skipped_by_default(tree):
    skipped = ["node_modules", "dist", "build", "vendor", "coverage", ".next", ".hidden"]
    tree("a.ts", ".eslintrc.js", *[f"{folder}/x.ts" for folder in skipped], *[f"deep/{folder}/y.ts" for folder in skipped], ".git/z.ts")
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


def test_globs_outside_their_base(tree, monkeypatch):
    folder = tree("here/a.ts", "there/b.ts", "there/gen/c.ts", "there/d.test.ts")
    monkeypatch.chdir(folder / "here")
    assert found("../there", exclude=("*.test.ts", "/gen/")) == ["../there/b.ts"]
    assert found("..", exclude=("*.test.ts", "gen/")) == ["../there/b.ts", "a.ts"]


@not_on_windows
def test_the_same_through_a_symbolic_link(tree, monkeypatch, tmp_path_factory):
    folder = tree("src/a.ts", "src/gen/b.ts")
    link = tmp_path_factory.mktemp("links") / "project"
    link.symlink_to(folder)
    assert found(f"{link}/src", exclude=("/src/gen/",)) == ["src/a.ts"]
    monkeypatch.chdir(link)
    assert found("src", exclude=("/src/gen/",)) == ["src/a.ts"]


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (["src"], [], ["src/a.ts", "src/a.test.ts", "src/lib/b.ts", "src/lib/c.js"]),
        (["src/**"], [], ["src/a.ts", "src/a.test.ts", "src/lib/b.ts", "src/lib/c.js"]),
        (["src/*"], [], ["src/a.ts", "src/a.test.ts", "src/lib/b.ts", "src/lib/c.js"]),
        (["src/*.ts"], [], ["src/a.ts", "src/a.test.ts"]),
        (["**/*.ts"], ["**/*.test.ts"], ["src/a.ts", "src/lib/b.ts", "top.ts"]),
        (["*.js"], [], ["src/lib/c.js"]),
        (["src", "!src/lib"], [], ["src/a.ts", "src/a.test.ts"]),
        (["src", "!src/lib", "*.js"], [], ["src/a.ts", "src/a.test.ts", "src/lib/c.js"]),
        ([], ["src/*", "!src/lib"], ["src/lib/b.ts", "src/lib/c.js", "top.ts"]),
        ([], ["*", "!top.ts"], ["top.ts"]),
        ([], ["lib/"], ["src/a.ts", "src/a.test.ts", "top.ts"]),
        ([], ["/lib"], ["src/a.ts", "src/a.test.ts", "src/lib/b.ts", "src/lib/c.js", "top.ts"]),
        ([], ["**/lib/**"], ["src/a.ts", "src/a.test.ts", "top.ts"]),
        ([], ["[!a]*.ts"], ["src/a.ts", "src/a.test.ts", "src/lib/c.js"]),
    ],
)
def test_globs(tree, include, exclude, expected):
    tree("top.ts", "src/a.ts", "src/a.test.ts", "src/lib/b.ts", "src/lib/c.js")
    assert found(include=tuple(include), exclude=tuple(exclude)) == sorted(expected)


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
    with pytest.raises(cg.UsageError, match="embedded null"):
        found("a\0.ts")


def test_nothing_to_analyse_is_an_error_unless_allowed(guard, tree):
    folder = tree("a.txt", "node_modules/b.ts")
    result = guard(cwd=folder)
    assert result.code == 3
    message = "no TypeScript or JavaScript file to analyse in .; files and folders left out: 1 ignored (--no-ignore takes them)"
    assert result.err == f"complexity-guard: error: {message}\n"
    assert guard("--allow-empty", cwd=folder).code == 0
    assert guard("--no-ignore", cwd=folder).code == 0
    assert "in node_modules; files and folders left out: 1 excluded by globs" in guard("--exclude", "*", "node_modules", cwd=folder).err


def test_max_file_bytes(guard, tree):
    folder = tree({"large.ts": "x();" * 100, "small.ts": "x();"})
    result = guard("-f", "json", "--max-file-bytes", "100", cwd=folder)
    assert result.code == 0
    assert [file["path"] for file in result.json["files"]] == ["small.ts"]
    assert result.json["skipped"] == [{"path": "large.ts", "reason": "left out as configured: 400 bytes are more than max_file_bytes"}]


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


# Git's rules

RULES = {
    "nested, negated, anchored": {
        ".gitignore": "*.gen.ts\n/top.ts\nlogs/\n!keep.gen.ts\n",
        "src/.gitignore": "!a.gen.ts\n/only-here.ts\n",
        "src/logs/.gitignore": "!*\n",
    },
    "two stars": {".gitignore": "**/x/*.ts\na/**/b.ts\nsrc/**\n!src/a.ts\n**/deep/**\n"},
    "spaces, escapes, comments": {".gitignore": "# a\n\\#a.ts\n\\!b.ts\nspace \nkept\\ \n  c.ts\ntab\t\n\n"},
    "carriage returns and a mark": {".gitignore": b"\xef\xbb\xbfa.ts\r\nsrc/\r\n"},
    "classes": {".gitignore": "[a-c].ts\n[!x-z]_.ts\n[[:digit:]]*.ts\n[]-]f.ts\n[z-a]g.ts\n[h\ni[^.]j.ts\n"},
    "not a pattern": {".gitignore": "/\n//\n!\n\\\n**\\\nfoo//\nb.ts\n"},
    "all but one": {".gitignore": "/*\n!/src/\n/src/*\n!/src/a.ts\n"},
    "folders only": {".gitignore": "a.ts/\nsrc/x/\n"},
}
NAMES = ("a.ts", "b.ts", "c.ts", "top.ts", "only-here.ts", "a.gen.ts", "keep.gen.ts", "1.ts", "w_.ts", "y_.ts", "-f.ts", "]f.ts", "ag.ts",
         "[h", "i.j.ts", "ikj.ts", "#a.ts", "!b.ts", "space", "kept ", "  c.ts", "tab\t", "\\")  # fmt: skip
FOLDERS = ("", "src/", "src/x/", "src/logs/", "a/p/q/", "a/", "deep/er/", "space/", "foo/", "node_module/")


def repository(folder: Path) -> None:
    subprocess.run([GIT, "init", "-q", str(folder)], check=True)


def as_git_sees_it() -> set[str]:
    """Files that git does not ignore, found by git; nothing is tracked."""
    command = [GIT, "ls-files", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, capture_output=True, check=True).stdout.split(b"\0")
    return {name for name in map(os.fsdecode, names) if name.endswith((".ts", ".js"))}


@needs_git
@not_on_windows
@pytest.mark.parametrize("rules", RULES.values(), ids=list(RULES))
def test_gits_rules(tree, rules):
    files = {folder + name + ("" if name.endswith(".ts") else "/n.ts"): "" for folder in FOLDERS for name in NAMES}
    repository(tree({**files, **rules}))
    ours = set(found())
    assert ours == as_git_sees_it()
    assert ours < {name for name in files if name.endswith(".ts")}


def random_rule(chance: random.Random) -> str:
    pieces = ["*", "**", "?", "[ab]", "[!a]", "[^b]", "[a-b]", "\\a", "\\*", "[]a]", "[[:alpha:]]", "x.ts", ".ts", "é", " ", "\\ ", "["]
    parts = ["".join(chance.choice(pieces if chance.random() < 0.5 else "ab") for _ in range(chance.randint(1, 3))) for _ in range(chance.randint(1, 4))]
    rule = ("!" if chance.random() < 0.2 else "") + ("/" if chance.random() < 0.25 else "")
    rule += parts[0] + "".join(chance.choice(["/", "/", "", "/**/"]) + part for part in parts[1:])
    return rule + chance.choice(["", "", "", "/", "/**", "/*", " ", "\\ ", "\r", "\\"])


def random_tree(chance: random.Random, folder: Path) -> None:
    names = ("a", "b", "ab", "ba", "aa", "a.b", "é", "a b", "aab", "*a", "[a", "x")
    folders = [""]
    for _ in range(chance.randint(3, 10)):
        folders.append(chance.choice(folders) + chance.choice(names) + "/")
    for name in folders:
        (folder / name).mkdir(exist_ok=True)
        for _ in range(chance.randint(1, 4)):
            (folder / name / (chance.choice(names) + chance.choice([".ts", ".js"]))).write_text("")
    for name in {"", *chance.sample(folders, 2)}:
        (folder / name / ".gitignore").write_text("\n".join(random_rule(chance) for _ in range(chance.randint(1, 6))))
    (folder / ".git/info/exclude").write_text("\n".join(random_rule(chance) for _ in range(chance.randint(0, 2))))


@needs_git
@not_on_windows
def test_random_rules_as_git_reads_them(tmp_path, monkeypatch):
    (tmp_path / "template").mkdir()
    repository(tmp_path / "template")
    for seed in range(60):
        folder = tmp_path / str(seed)
        shutil.copytree(tmp_path / "template", folder)
        random_tree(random.Random(seed), folder)
        monkeypatch.chdir(folder)
        assert set(found(allow_empty=True)) == as_git_sees_it(), f"seed {seed}"
        shutil.rmtree(folder)


@needs_git
@not_on_windows
def test_random_globs_match_as_git_matches(tmp_path, monkeypatch):
    """Many names against one rule at a time, through `git check-ignore`."""
    repository(tmp_path)
    monkeypatch.chdir(tmp_path)
    chance = random.Random(11)
    letters = ("a", "b", "ab", "x.ts", "é", "a b", "*", "]", "a]b", "ba")
    paths = sorted({"/".join(chance.choice(letters) for _ in range(chance.randint(1, 4))) for _ in range(300)})
    for _ in range(150):
        rule = random_rule(chance).lstrip("!").rstrip("\r") or "a"
        (tmp_path / ".git/info/exclude").write_text(rule)
        command = [GIT, "check-ignore", "--no-index", "--stdin", "-z"]
        answer = subprocess.run(command, input="\0".join(paths).encode(), capture_output=True, check=False).stdout
        rules = cg.read_ignore_file(".git/info/exclude", False)
        ours = {path for path in paths if rules and rules.selects(cg.byte_text(path))}
        assert ours == {name.decode() for name in answer.split(b"\0") if name}, rule


@needs_git
def test_the_users_excludes_file(tree, own_git_settings):
    folder = tree("a.ts", "b.ts", "c.ts", "d.ts", "e.ts", "sub/b.ts")
    repository(folder)
    xdg = own_git_settings / "xdg/git"
    xdg.mkdir(parents=True)
    (xdg / "ignore").write_text("/b.ts\n")
    assert found() == ["a.ts", "c.ts", "d.ts", "e.ts", "sub/b.ts"]
    (own_git_settings / "mine").write_text("c.ts\n")
    (own_git_settings / ".gitconfig").write_text('# x\n[user]\n\tname = "a;b" ; c\n[core] excludesFile = ~/mine ; no other\n')
    assert set(found()) == as_git_sees_it() == {"a.ts", "b.ts", "d.ts", "e.ts", "sub/b.ts"}
    (own_git_settings / "more").write_text('[Core]\nExcludesFile = "./their\\\ns"\n')
    (own_git_settings / ".gitconfig").write_text("[include]\n\tpath = more\n")
    (folder / "theirs").write_text("d.ts\n")
    assert set(found()) == as_git_sees_it() == {"a.ts", "b.ts", "c.ts", "e.ts", "sub/b.ts"}
    for glob, applies in ((f"{folder}/", True), (f"{folder.name}/**", True), ("~/", False), ("**/none/", False)):
        (own_git_settings / ".gitconfig").write_text(f'[includeIf "gitdir:{glob}"]\n\tpath = ~/more\n')
        assert set(found()) == as_git_sees_it()
        assert ("d.ts" not in found()) is applies
    (folder / ".git/info/exclude").write_text("!d.ts\n")
    (folder / ".git/config").open("a").write("[core]\n\texcludesFile = theirs\n")
    assert "d.ts" in found()
    assert set(found()) == as_git_sees_it()


@needs_git
def test_case_as_the_repository_says(tree):
    folder = tree({".gitignore": "Gen/\n*.TEST.ts\n[A-C]x.ts\nLib/**/É.ts\n"}, "gen/a.ts", "b.test.ts", "bx.ts", "lib/q/é.ts", "lib/q/É.ts", "c.ts")
    repository(folder)
    for value in ("false", "true"):
        subprocess.run([GIT, "config", "core.ignorecase", value], check=True)
        assert set(found()) == as_git_sees_it()
    assert found() == ["c.ts", "lib/q/é.ts"]


@needs_git
def test_a_repository_in_a_repository_has_its_own_rules(tree):
    folder = tree({".gitignore": "a.ts\n", "sub/.gitignore": "b.ts\n"}, "a.ts", "c.ts", "sub/a.ts", "sub/b.ts", "sub/deep/b.ts", "plain/a.ts")
    repository(folder)
    repository(folder / "sub")
    assert found() == found(".", "sub") == ["c.ts", "sub/a.ts"]
    assert found("sub/deep", allow_empty=True) == []


@needs_git
def test_worktrees_share_the_repositorys_rules(tree, monkeypatch):
    folder = tree("main/a.ts")
    repository(folder / "main")
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([GIT, "-C", "main", *identity, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    subprocess.run([GIT, "-C", "main", "worktree", "add", "-q", "../other"], check=True)
    (folder / "main/.git/info/exclude").write_text("b.ts\n")
    monkeypatch.chdir(folder / "other")
    for name in ("b.ts", "c.ts"):
        Path(name).write_text("")
    assert set(found()) == as_git_sees_it() == {"c.ts"}


def test_rules_reach_below_the_folder_that_is_named(tree, monkeypatch):
    folder = tree({".gitignore": "gen/\n/src/x.ts\n", "src/.gitignore": "y.ts"}, ".git/HEAD", "src/a.ts", "src/x.ts", "src/p/y.ts", "src/gen/b.ts")
    assert found() == found("src") == found(str(folder / "src")) == ["src/a.ts"]
    monkeypatch.chdir(folder / "src/p")
    assert found("..") == ["../a.ts"]
    assert found(allow_empty=True) == []


def test_without_a_repository_gitignore_files_still_count(tree):
    tree({".gitignore": "gen/\n"}, "src/a.ts", "src/gen/b.ts")
    assert found() == found("src") == ["src/a.ts"]
    assert found(no_ignore=True) == ["src/a.ts", "src/gen/b.ts"]


@not_on_windows
def test_odd_ignore_files_are_harmless(tree):
    folder = tree({"b/.gitignore": b"\0\xff\n[[[[\n" + b"*" * 5000 + b"\n" + b"a/" * 3000, "c/.gitignore/x": ""}, "a.ts", "b/b.ts", "c/c.ts")
    (folder / "d").mkdir()
    (folder / "d/.gitignore").symlink_to("/dev/zero")
    (folder / ".git").write_text("gitdir: /nowhere")
    assert found() == ["a.ts", "c/c.ts"]  # *** ignores all of b


@pytest.mark.parametrize("glob", ["*a" * 40 + "b", "**/a" * 40 + "/b", "*a*/" * 30 + "b", "[ab]*" * 40 + "c", "**/*a*a*a*a*/**/*b*b*b/**/c"])
def test_globs_take_no_exponential_time(glob):
    rules = cg.compile_rules([glob])
    started = time.process_time()
    for path in ("a" * 200, "a/" * 100 + "a", "ab" * 100, ("a" * 40 + "/") * 5 + "b" * 50):
        rules.selects(path)
    assert time.process_time() - started < 2


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


def test_names_of_skipped_folders_are_documented():
    text = re.sub(r"\s+", " ", cg.help_text())
    assert all(name in text for name in cg.SKIPPED_FOLDERS - {".next"})


# The order of the walk


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
