"""Globs and ignore rules: git's, against git itself."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from tools import needs
from trees import found, not_on_windows
from trees import own_git_settings as own_git_settings
from trees import tree as tree

import complexity_guard as cg

# Globs of the configuration


def test_globs_outside_their_base(tree, monkeypatch):
    folder = tree("here/a.ts", "there/b.ts", "there/gen/c.ts", "there/d.test.ts")
    monkeypatch.chdir(folder / "here")
    assert found("../there", exclude=("*.test.ts", "/gen/")) == ["../there/b.ts"]
    assert found("..", exclude=("*.test.ts", "gen/")) == ["../there/b.ts", "a.ts"]


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


@pytest.mark.parametrize(
    "glob", ["*a" * 40 + "b", "**/a" * 40 + "/b", "*a*/" * 30 + "b", "[ab]*" * 40 + "c", "**/*a*a*a*a*/**/*b*b*b/**/c"]
)
def test_globs_take_no_exponential_time(glob):
    rules = cg.Rules([glob])
    started = time.process_time()
    for path in ("a" * 200, "a/" * 100 + "a", "ab" * 100, ("a" * 40 + "/") * 5 + "b" * 50):
        rules.selects(path)
    assert time.process_time() - started < 2


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
    subprocess.run(["git", "init", "-q", str(folder)], check=True)


def as_git_sees_it() -> set[str]:
    """Files that git does not ignore, found by git; nothing is tracked."""
    command = ["git", "ls-files", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, capture_output=True, check=True).stdout.split(b"\0")
    return {name for name in map(os.fsdecode, names) if name.endswith((".ts", ".js"))}


@needs("git")
@not_on_windows
@pytest.mark.parametrize("rules", RULES.values(), ids=list(RULES))
def test_gits_rules(tree, rules):
    files = {folder + name + ("" if name.endswith(".ts") else "/n.ts"): "" for folder in FOLDERS for name in NAMES}
    repository(tree({**files, **rules}))
    ours = set(found())
    assert ours == as_git_sees_it()
    assert ours < {name for name in files if name.endswith(".ts")}


def random_rule(chance: random.Random) -> str:
    pieces = [
        "*",
        "**",
        "?",
        "[ab]",
        "[!a]",
        "[^b]",
        "[a-b]",
        "\\a",
        "\\*",
        "[]a]",
        "[[:alpha:]]",
        "x.ts",
        ".ts",
        "é",
        " ",
        "\\ ",
        "[",
    ]
    parts = [
        "".join(chance.choice(pieces if chance.random() < 0.5 else "ab") for _ in range(chance.randint(1, 3)))
        for _ in range(chance.randint(1, 4))
    ]
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


@needs("git")
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


@needs("git")
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
        command = ["git", "check-ignore", "--no-index", "--stdin", "-z"]
        answer = subprocess.run(command, input="\0".join(paths).encode(), capture_output=True, check=False).stdout
        rules = cg.read_ignore_file(".git/info/exclude", False)
        ours = {path for path in paths if rules and rules.selects(cg.byte_text(path))}
        assert ours == {name.decode() for name in answer.split(b"\0") if name}, rule


def test_a_long_glob_is_read_in_time(tree):
    """An ignore file of 300,000 letters in one rule took half a minute: each letter was looked at once for each."""
    tree({".gitignore": "a/**/b/**/c/**" + "x" * 300_000 + "\n", "a.ts": ""})
    started = time.process_time()
    assert found() == ["a.ts"]
    assert time.process_time() - started < 5


def test_settings_that_include_each_other_end(tree):
    """Each of twenty lines included the file itself, and each of those again."""
    tree({".git/HEAD": "ref: refs/heads/main\n", ".git/config": "[include]\n\tpath = config\n" * 20, "a.ts": ""})
    started = time.process_time()
    assert found() == ["a.ts"]
    assert time.process_time() - started < 5


@needs("git")
def test_the_users_excludes_file(tree, own_git_settings):
    folder = tree("a.ts", "b.ts", "c.ts", "d.ts", "e.ts", "sub/b.ts")
    repository(folder)
    xdg = own_git_settings / "xdg/git"
    xdg.mkdir(parents=True)
    (xdg / "ignore").write_text("/b.ts\n")
    assert found() == ["a.ts", "c.ts", "d.ts", "e.ts", "sub/b.ts"]
    (own_git_settings / "mine").write_text("c.ts\n")
    (own_git_settings / ".gitconfig").write_text(
        '# x\n[user]\n\tname = "a;b" ; c\n[core] excludesFile = ~/mine ; no other\n'
    )
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


@needs("git")
def test_case_as_the_repository_says(tree):
    folder = tree(
        {".gitignore": "Gen/\n*.TEST.ts\n[A-C]x.ts\nLib/**/É.ts\n"},
        "gen/a.ts",
        "b.test.ts",
        "bx.ts",
        "lib/q/é.ts",
        "lib/q/É.ts",
        "c.ts",
    )
    repository(folder)
    for value in ("false", "true"):
        subprocess.run(["git", "config", "core.ignorecase", value], check=True)
        assert set(found()) == as_git_sees_it()
    assert found() == ["c.ts", "lib/q/é.ts"]


@needs("git")
def test_a_repository_in_a_repository_has_its_own_rules(tree):
    folder = tree(
        {".gitignore": "a.ts\n", "sub/.gitignore": "b.ts\n"},
        "a.ts",
        "c.ts",
        "sub/a.ts",
        "sub/b.ts",
        "sub/deep/b.ts",
        "plain/a.ts",
    )
    repository(folder)
    repository(folder / "sub")
    assert found() == found(".", "sub") == ["c.ts", "sub/a.ts"]
    assert found("sub/deep", allow_empty=True) == []


@needs("git")
def test_worktrees_share_the_repositorys_rules(tree, monkeypatch):
    folder = tree("main/a.ts")
    repository(folder / "main")
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "-C", "main", *identity, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    subprocess.run(["git", "-C", "main", "worktree", "add", "-q", "../other"], check=True)
    (folder / "main/.git/info/exclude").write_text("b.ts\n")
    monkeypatch.chdir(folder / "other")
    for name in ("b.ts", "c.ts"):
        Path(name).write_text("")
    assert set(found()) == as_git_sees_it() == {"c.ts"}


def test_rules_reach_below_the_folder_that_is_named(tree, monkeypatch):
    folder = tree(
        {".gitignore": "gen/\n/src/x.ts\n", "src/.gitignore": "y.ts"},
        ".git/HEAD",
        "src/a.ts",
        "src/x.ts",
        "src/p/y.ts",
        "src/gen/b.ts",
    )
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
    folder = tree(
        {"b/.gitignore": b"\0\xff\n[[[[\n" + b"*" * 5000 + b"\n" + b"a/" * 3000, "c/.gitignore/x": ""},
        "a.ts",
        "b/b.ts",
        "c/c.ts",
    )
    (folder / "d").mkdir()
    (folder / "d/.gitignore").symlink_to("/dev/zero")
    (folder / ".git").write_text("gitdir: /nowhere")
    assert found() == ["a.ts", "c/c.ts"]  # *** ignores all of b


# Attributes
ATTRIBUTE_PATTERNS = (
    "*.ts", "*.gen.ts", "gen/*", "gen/**", "/gen/**", "gen/", "a.ts", "/a.ts", "src/**/*.js", "**/deep/*", "!a.ts", "[ab].ts",
    '"a.ts"', '"with space.ts"', '"\\141.ts"', "src/*", "*", "with?space.ts", "deep", "[attr]made", "[attr]ours",
)  # fmt: skip
ATTRIBUTE_WORDS = (
    "linguist-generated", "-linguist-generated", "!linguist-generated", "linguist-generated=true",
    "linguist-generated=false", "linguist-generated=x", "linguist-vendored", "-linguist-vendored", "!linguist-vendored",
    "text=auto", "-text", "made", "ours", "binary", "!made",
)  # fmt: skip
ATTRIBUTED = [
    "a.ts",
    "b.ts",
    "with space.ts",
    "x.gen.ts",
    "gen/a.ts",
    "gen/deep/a.ts",
    "src/a.js",
    "src/deep/deep.js",
    "src/gen/a.ts",
]


def random_attributes(rng: random.Random) -> str:
    lines = ["# linguist-", "", "  *.css\ttext "]
    for _ in range(rng.randint(1, 6)):
        words = [rng.choice(ATTRIBUTE_PATTERNS), *rng.sample(ATTRIBUTE_WORDS, rng.randint(0, 3))]
        lines.append(" ".join(words))
    rng.shuffle(lines)
    return "\n".join(lines) + rng.choice(("\n", "", "\r\n"))


@needs("git")
@pytest.mark.parametrize("seed", range(12))
def test_attributes_are_those_that_git_reads(tree, seed, own_git_settings):
    rng = random.Random(seed)
    folder = Path(os.path.realpath(tree(*ATTRIBUTED)))
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    for _ in range(8):
        for place in (
            ".gitattributes",
            "gen/.gitattributes",
            "src/.gitattributes",
            "src/deep/.gitattributes",
            ".git/info/attributes",
        ):
            (folder / place).parent.mkdir(exist_ok=True)
            (folder / place).write_text(random_attributes(rng) if rng.random() < 0.6 else "")
        command = ["git", "-C", str(folder), "check-attr", "-z", "--stdin", *cg.ATTRIBUTES]
        done = subprocess.run(command, input="\0".join(ATTRIBUTED), capture_output=True, text=True, check=True)
        words = done.stdout.split("\0")[:-1]
        said = {(path, name): value for path, name, value in zip(words[::3], words[1::3], words[2::3], strict=True)}
        assert len(said) == 2 * len(ATTRIBUTED)
        attributes = cg.Attributes()
        for (path, name), value in said.items():
            expected = {"unspecified": None, "unset": False, "set": True}.get(value, value)
            assert attributes.of(f"{folder}/{path}").get(name) == expected, (path, name, value)


def test_a_project_says_what_is_generated_above_all_other_signs(project, guard):
    made, by_hand = "// @generated\nlet a = 1\n", "let a = 1\n"
    folder = project({
        ".git/HEAD": "", ".gitattributes": "/sdk/** linguist-generated\n*.min.js -linguist-generated\n",
        "sdk/a.ts": by_hand, "sdk/hooks/.gitattributes": "*.ts linguist-generated=false\n", "sdk/hooks/b.ts": made,
        "lib/c.ts": made, "lib/d.min.js": by_hand, "lib/e.ts": by_hand, "third/.gitattributes": "* linguist-vendored\n",
        "third/f.js": by_hand,
    })  # fmt: skip
    files = guard("-f", "json", ".", cwd=folder).json["files"]
    found = {file["path"].rpartition("/")[2]: file.get("code_sign", file["code"]) for file in files}
    assert found == {
        "a.ts": "linguist-generated in .gitattributes", "b.ts": "product", "c.ts": "its first comment, '@generated'",
        "d.min.js": "product", "e.ts": "product", "f.js": "linguist-vendored in .gitattributes",
    }  # fmt: skip


# Many rules

SHAPES = {
    "names": "name{}.ts",
    "ends": "*{}.ts",
    "beginnings": "x{}*",
    "paths": "/src/{}.ts",
    "folders": "src{}/**",
    "in the middle": "*a{}z*",
    "any folder": "**/d{}/*.ts",
    "a letter of some": "[ab]x{}?.ts",
    "escaped": "\\a\\{}*.ts",
}


def steps_for(shape: str, count: int) -> int:
    """Regular expressions that are tried, and what is looked up, for a file under so many rules of a shape."""
    rules = cg.Rules(shape.format(10_000 + place) for place in range(count))
    for matcher in (rules.files, rules.folders):
        assert len(matcher.globs) <= cg.FEW_RULES
    tables = [table for table in rules.files.tables if isinstance(table, cg.Hints)]
    return len(rules.files.globs) + sum(max(map(len, table.rules.values())) for table in tables)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_many_rules_are_looked_up_and_not_tried(shape):
    assert steps_for(shape, 8000) <= steps_for(shape, 4000) + 1 <= cg.FEW_RULES + 1


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_what_is_looked_up_is_what_would_be_tried(shape, monkeypatch):
    """Each rule among two hundred matches the names that it matches alone."""
    globs = [shape.format(place) for place in range(200)]
    many = cg.Rules(globs)
    alone = [cg.Rules([glob]) for glob in globs]
    for place in range(0, 240, 7):
        for path in (f"name{place}.ts", f"src/{place}.ts", f"src{place}/q.ts", f"a{place}z.ts", f"d{place}/b.ts",
                     f"bx{place}!.ts", f"q/x{place}.ts", f"a{place}b.ts"):  # fmt: skip
            assert many.selects(path) == any(rules.selects(path) for rules in alone), path


@needs("git")
@not_on_windows
@pytest.mark.parametrize("seed", range(15))
def test_many_random_rules_are_gits(tree, seed):
    """As many rules as are looked up, against git: with some that nothing matches between them."""
    chance = random.Random(seed)
    repository(tree({}))
    folder = Path.cwd()
    random_tree(chance, folder)
    rules = [rule for rule in (random_rule(chance) for _ in range(200)) if len(rule.strip("*!/ ")) > 3]
    rules += [chance.choice(("", "!", "!")) + random_rule(chance).lstrip("!*/") for _ in range(40)]
    chance.shuffle(rules)
    (folder / ".gitignore").write_text("\n".join(rules))
    assert set(found(allow_empty=True)) == as_git_sees_it()


def test_rules_that_nothing_tells_apart_are_refused_by_name(guard, project):
    letters = "abcdefghij"
    rules = [f"[{a}{b}]?[{c}{d}]*?" for a in letters for b in letters for c in letters for d in letters]
    root = project({".git/HEAD": "", ".gitignore": "\n".join(rules), "a.ts": "f();"})
    result = guard(".", cwd=root)
    assert result.code == 3 and ".gitignore: more than 1,000 globs with wildcards" in result.err
