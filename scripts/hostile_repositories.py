"""Hostile repositories by chance: what somebody may put into one to hurt whoever analyses it. See hostile.py.

Each room of a case holds a home folder with secrets in it, and below that the repository, as on most people's disks:

    room/home/dev/repository    room/home/.netrc, .profile, …    room/elsewhere    room/out    room/tmp

A wickedness is a function that adds one thing to a world, by chance, and says in a line what it was.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Dice = random.Random
STRANGER = 23456  # a user who is neither root nor the one that runs
GIT = {
    "PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_ALLOW_PROTOCOL": "file", "GIT_TEMPLATE_DIR": "",
}  # fmt: skip
BUSY = "function busy(a, b) { if (a && b) { for (const c of a) { while (b) { if (c) { b = a ? b : c; } } } } }\n" * 2
PLAIN = "export const one = (a) => (a ? 1 : 2);\n"
LIMITS = {
    "analysis": {"thresholds": {"cyclomatic": {"warning": 2, "error": 4}, "nesting_depth": {"warning": 1, "error": 2}}}
}
CONFIG_NAMES = (".complexityguard.json", "complexityguard.config.json")


@dataclass
class World:
    """The room of one case, and what was put into it."""

    dice: Dice
    room: Path
    templates: Path
    told: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of files that a command line may name
    config: dict = field(default_factory=lambda: json.loads(json.dumps(LIMITS)))
    strangers: list[Path] = field(default_factory=list)  # whose owner is somebody else
    secrets: dict[str, str] = field(default_factory=dict)  # path -> what must never be printed
    git_state: str = ""

    home = property(lambda self: self.room / "home")
    parent = property(lambda self: self.room / "home" / "dev")
    repo = property(lambda self: self.room / "home" / "dev" / "repository")
    elsewhere = property(lambda self: self.room / "elsewhere")
    out = property(lambda self: self.room / "out")
    tmp = property(lambda self: self.room / "tmp")

    def put(self, name: str, content: str | bytes, mode: int | None = None) -> Path:
        """A file in the repository; nothing where no such file can be."""
        path = self.repo / name
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink() or (path.exists() and not path.is_file()):
                return path
            path.write_bytes(data)
            if mode is not None:
                path.chmod(mode)
        except (OSError, ValueError):
            pass
        return path

    def link(self, name: str, target: str | Path) -> None:
        path = self.repo / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_file() or path.is_symlink():
                path.unlink()
            path.symlink_to(target)
        except (OSError, ValueError):
            pass

    def special(self, name: str) -> None:
        """A pipe that nobody writes to, or a socket."""
        path = self.repo / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(path):
                return
            if self.dice.random() < 0.6:
                os.mkfifo(path)
            else:
                with socket.socket(socket.AF_UNIX) as end:
                    end.bind(str(path))
        except (OSError, ValueError):
            pass

    def append(self, name: str, text: str | bytes) -> None:
        """More of a file that there may be."""
        path = self.repo / name
        before = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        self.put(name, before + (text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")))

    def secret(self) -> str:
        return self.dice.choice(list(self.secrets))

    def merge(self, piece: dict) -> None:
        merge(self.config, piece)


def merge(into: dict, piece: dict) -> None:
    for key, value in piece.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value


WICKED: dict[str, list[Callable[[World], str]]] = {}


def wicked(family: str) -> Callable:
    def keep(function: Callable[[World], str]) -> Callable:
        WICKED.setdefault(family, []).append(function)
        return function

    return keep


# ── Names ────────────────────────────────────────────────────────────────────────────────────────────────────────────

STEMS = [
    "$(touch ran)", "`touch ran`", "a;touch ran", "a|touch ran", "a&touch ran&", "a\nb", "\nfirst", "a\rb", "\x1b[2J\x1b[31mred",
    "\x1b]0;title\x07", "\x9b31m", "\u202egpj", "\u2066a\u2069", "\u200bzero", "\u2028line", "\x85next", "\x7fdel", "--exclude=**",
    "--output=stolen", "-o", "-", "--", "--force", "--diff=x", "-c", "--config=evil.json", "\udcff\udcfe", "\udc80bad", "a" * 240,
    "\u00e9" * 120, "Case", "case", "CASE", "CON", "nul", "aux", "com1", "::error::x",
    "::set-output name=x::y", " ::add-mask::e", "##[add-mask]e", "##vso[task.setvariable variable=x]y", "a%0Ab", "%0D%0A::set-output name=x::y",
    "<script>alert(1)<x>", "=cmd|' C calc'!A0", "@SUM(1)", "+1", "a\"b", "a'b", "a&amp;b", "]]>", "--><b>", "a`b|c", "[x](javascript:y)",
    "e\u0301", "\u00e9", "", " ", " a ", "a\\b", "C:\\x", "file:1:2", "file:one", "*", "[a]", "!a", "#a", "a\tb", "x.d", "a,b", "{a}",
    "${jndi:x}", "%s%n", "~", "~root", "@file", "a\x00b", ":(glob)x", ":!x", "\ufeffbom", "\U0001f600",
]  # fmt: skip
SUFFIXES = (".ts", ".ts", ".ts", ".tsx", ".js", ".mjs", ".d.ts", ".TS")


@wicked("names")
def files_of_nasty_names(world: World) -> str:
    stems = world.dice.sample(STEMS, world.dice.randint(1, 6))
    for stem in stems:
        name = stem + world.dice.choice(SUFFIXES)
        world.put(name, BUSY)
        world.names.append(name)
    return f"files named {stems!a}"


@wicked("names")
def folders_of_nasty_names(world: World) -> str:
    stems = world.dice.sample(STEMS, world.dice.randint(1, 3))
    for stem in filter(None, stems):
        world.put(f"{stem}/{world.dice.choice(STEMS)}.ts", BUSY)
    return f"folders named {stems!a}"


@wicked("names")
def deep_folders(world: World) -> str:
    """Deeper than a path can say: only from within can such a folder be made."""
    name, depth = world.dice.choice((("d", 120), ("n" * 200, 15), ("n" * 200, 25), ("x", 900)))
    here = os.open(world.repo, os.O_RDONLY)
    try:
        for _ in range(depth):
            os.mkdir(name, dir_fd=here)
            inner = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
        file = os.open("deep.ts", os.O_WRONLY | os.O_CREAT, dir_fd=here)
        os.write(file, BUSY.encode())
        os.close(file)
    except OSError:
        pass
    finally:
        os.close(here)
    return f"{depth} folders named {name[:9]} in each other"


@wicked("names")
def files_that_python_would_import(world: World) -> str:
    names = world.dice.sample(
        ["json", "subprocess", "tempfile", "re", "multiprocessing", "complexity_guard_kernel", "tree_sitter", "array", "codecs",
         "sitecustomize", "usercustomize", "threading", "zlib", "base64", "unicodedata", "shutil", "difflib", "hashlib"], 8)  # fmt: skip
    for name in names:
        world.put(f"{name}.py", f"open({str(world.room / 'ran')!r}, 'w').write('x')\n")
    world.put("pyvenv.cfg", "home = /nonexistent\n")
    return f"modules {names}"


@wicked("names")
def programs_named_as_what_is_started(world: World) -> str:
    for name in ("git", "python3", "sh", "ssh", "less", "git-upload-pack", "pager"):
        world.put(name, f"#!/bin/sh\ntouch {world.room}/ran\n", 0o755)
    return "programs named git, python3, …"


# ── Links, pipes, sockets ────────────────────────────────────────────────────────────────────────────────────────────

LINK_NAMES = (
    "link.ts", "lib/link.js", "folder", "lib/folder", "baseline.jsonl", "report.json", "hostile.diff", ".gitignore", ".gitattributes",
    "lib/.gitignore", ".complexityguard.json", "complexityguard.config.json", "base.json", ".git/info/exclude", ".gitmodules",
)  # fmt: skip
LINK_TARGETS = (
    "/etc/passwd", "/", "..", ".", "/proc", "/proc/self", "/proc/self/environ", "/proc/self/root", "/proc/self/fd/0", "/dev", "/dev/zero",
    "/dev/tty", "/dev/stdin", "/dev/full", "nowhere", "link.ts", "../..", "lib/../..", "/proc/self/mem", "/dev/random", "/sys",
)  # fmt: skip


@wicked("links")
def links_anywhere(world: World) -> str:
    pairs = []
    for name in world.dice.sample(LINK_NAMES, world.dice.randint(1, 3)):
        target = world.dice.choice(
            (world.dice.choice(LINK_TARGETS), world.secret(), os.path.relpath(world.secret(), world.repo))
        )
        world.link(name, target)
        world.names.append(name)
        pairs.append(f"{name} -> {target}")
    return "; ".join(pairs)


@wicked("links")
def links_to_sources_outside(world: World) -> str:
    world.link("outer.ts", world.elsewhere / "secret.ts")
    world.link("outer", world.elsewhere)
    world.link("lib/chained.ts", "../outer.ts")
    world.link("lib/through.ts", "../outer/secret.ts")
    return "links to sources outside, and to their folder"


@wicked("links")
def links_in_a_ring(world: World) -> str:
    world.link("ring/a", "b")
    world.link("ring/b", "a")
    world.link("ring/c.ts", "c.ts")
    world.link("ring/up", "..")
    world.link("ring/here", ".")
    for number in range(45):
        world.link(f"chain/l{number}.ts", f"l{number + 1}.ts")
    world.put("chain/l45.ts", BUSY)
    return "links in rings and in a chain of 45"


@wicked("links")
def pipes_and_sockets(world: World) -> str:
    names = world.dice.sample([*LINK_NAMES, "pipe.ts", "lib/pipe.tsx", ".git/config", ".git/index", ".git/HEAD"], 3)
    for name in names:
        path = world.repo / name
        if name.startswith(".git/") and path.is_file() and world.dice.random() < 0.3:
            path.unlink()
        world.special(name)
        world.names.append(name)
    return f"pipes or sockets {names}"


@wicked("links")
def folders_named_as_files(world: World) -> str:
    names = world.dice.sample([*LINK_NAMES, "x.ts", "src/y.tsx"], 3)
    for name in names:
        world.put(f"{name}/inner.ts", BUSY)
        world.names.append(name)
    return f"folders named {names}"


# ── Owners and modes ─────────────────────────────────────────────────────────────────────────────────────────────────


@wicked("owners")
def a_stranger_owns(world: World) -> str:
    name = world.dice.choice(
        (".complexityguard.json", ".git", ".", "a.ts", "lib", "baseline.jsonl", ".git/config", ".gitignore", "..")
    )
    world.strangers.append(world.repo / name)
    return f"{name} is of a stranger"


@wicked("owners")
def a_stranger_left_something_above(world: World) -> str:
    """As in /tmp: a sticky folder that everybody may write to."""
    name = world.dice.choice((*CONFIG_NAMES, ".git", ".gitignore"))
    path = world.parent / name
    if name == ".git":
        shutil.copytree(world.templates / "plain" / ".git", path, symlinks=True, dirs_exist_ok=True)
    elif not path.exists():
        path.write_text(json.dumps({"output": {"file": "report.out"}, "extends": "netrc"}) if "json" in name else "*\n")
    world.parent.chmod(0o1777)
    world.strangers.append(path)
    return f"../{name} is of a stranger, in a sticky folder"


@wicked("owners")
def modes(world: World) -> str:
    name = world.dice.choice(
        (
            "a.ts",
            "lib",
            ".complexityguard.json",
            ".git/config",
            ".git/index",
            ".git",
            "baseline.jsonl",
            ".gitignore",
            ".",
        )
    )
    mode = world.dice.choice((0, 0o111, 0o222, 0o444, 0o555, 0o1777, 0o4755, 0o6777))
    path = world.repo / name
    if path.exists() and not path.is_symlink():
        path.chmod(mode)
    return f"{name} has mode {mode:o}"


# ── Configurations ───────────────────────────────────────────────────────────────────────────────────────────────────


def ways_out(world: World) -> list[str]:
    """Paths that a configuration may name, to write to or to read."""
    home = str(world.home)
    return [
        "../.profile", "../../.profile", "../../.ssh/authorized_keys", f"{home}/.profile", f"{home}/.netrc", "../netrc", "../secret.json",
        "lib/../../new.txt", "outer/new.txt", "~/.profile", "$HOME/.profile", ".git/config", ".git/hooks/pre-commit", ".git/new",
        ".git/info/attributes", "a.ts", "lib/c.ts", "tool.sh", "tool", ".", "..", "lib", "lib/", "/", "", "-", "/dev/stdout", "/dev/stderr",
        "/dev/null", "/dev/full", "/dev/shm/x", "/proc/self/fd/1", "/proc/self/mem", "/tmp/hostile-out", "x\ny", "\u202e.json", "\x1b[2J",
        "a" * 300, "b/" * 2100 + "c", "x\0y", "\ud800", "--force", "-o", "report.json", "baseline.jsonl", "base.json", "fifo", "link.ts",
        ".GIT/config", ".git./config", "node_modules/.bin/tsc", ".complexityguard.json", "package.json", "lib/new/deep/x.json", "report",
        *world.secrets,
    ]  # fmt: skip


FORMATS = "console json ndjson sarif github gitlab junit checkstyle rdjson markdown csv compact html nonsense".split()


@wicked("configurations")
def reports_anywhere(world: World) -> str:
    ways = ways_out(world)
    reports = [
        f"{world.dice.choice(FORMATS)}={world.dice.choice(ways)}" for _ in range(world.dice.choice((1, 1, 2, 12)))
    ]
    world.merge({"output": {"reports": reports}})
    world.put("$(touch ran).ts", BUSY)
    return f"reports {reports!a}"


@wicked("configurations")
def output_anywhere(world: World) -> str:
    way = world.dice.choice(ways_out(world))
    world.merge({"output": {"file": way, "format": world.dice.choice(FORMATS[:-1])}})
    return f"output.file {way[:60]!a}"


@wicked("configurations")
def files_that_a_report_may_replace(world: World) -> str:
    """What lies there before a report comes: a program, a link, a pipe, something of a stranger."""
    name = world.dice.choice(("report.json", "baseline.jsonl", "report", "tool.sh"))
    what = world.dice.choice(("program", "link", "pipe", "stranger", "read-only"))
    if what == "link":
        world.link(
            name, world.dice.choice((world.secret(), "a.ts", ".git/config", "../new.txt", str(world.home / ".profile")))
        )
    elif what == "pipe":
        world.special(name)
    else:
        path = world.put(name, "#!/bin/sh\n", 0o755 if what == "program" else 0o444 if what == "read-only" else 0o644)
        if what == "stranger":
            world.strangers.append(path)
    world.merge({"output": {"reports": [f"csv={name}"]}})
    return f"{name} is there: {what}"


@wicked("configurations")
def extends_anything(world: World) -> str:
    ways = world.dice.sample(ways_out(world), world.dice.choice((1, 1, 2, 9)))
    world.merge({"extends": ways[0] if len(ways) == 1 else ways})
    return f"extends {[way[:60] for way in ways]!a}"


@wicked("configurations")
def extends_in_chains(world: World) -> str:
    kind = world.dice.choice(("long", "ring", "wide", "self", "bomb"))
    for number in range(60):
        following = {"long": [f"b{number + 1}.json"], "ring": [f"b{(number + 1) % 3}.json"], "wide": [], "self": [f"b{number}.json"],
                     "bomb": [f"b{number + 1}.json"] * 2}[kind]  # fmt: skip
        world.put(f"b{number}.json", json.dumps({"extends": following}))
    world.merge({"extends": [f"b{number}.json" for number in range(60)] if kind == "wide" else "b0.json"})
    return f"extends: {kind}"


@wicked("configurations")
def a_baseline_anywhere(world: World) -> str:
    way = world.dice.choice([*ways_out(world), "baseline.jsonl", "baseline.jsonl"])
    world.merge({"baseline_file": way})
    return f"baseline_file {way[:60]!a}"


NUMBERS = (
    "1e308",
    "-1",
    "-0",
    "1e999",
    "-1e999",
    "NaN",
    "9" * 5000,
    "1" + "0" * 400,
    "0.1e-400",
    "1e-308",
    "true",
    "null",
    '"1"',
    "[]",
)
KEYS = (
    "analysis.threads", "analysis.thresholds.cyclomatic.error", "analysis.thresholds.line_count.warning", "weights.cognitive", "weights",
    "baseline", "health_floor", "fail_on", "files.include", "files.exclude", "files.max_file_bytes", "files.no_ignore", "output.top",
    "output.format", "output.color", "output.verbose", "analysis.metrics", "analysis.ignore_functions", "analysis.file_timeout",
    "analysis.memory_factor", "overrides", "extends", "$schema", "analysis", "output", "files", "analysis.duplication_min_tokens",
    "analysis.cyclomatic_variant", "analysis.module_code", "baseline_file", "output.group_by", "analysis.executor", "counting_rules",
)  # fmt: skip
VALUES = (
    *NUMBERS, "{}", '{"a": 1}', '[[[[1]]]]', '"\\u202e"', '"\\u001b[2J"', '"\\ud800"', '"\\u0000"', '"' + "x" * 3000 + '"', '[null]',
    '["\\u001b]0;x\\u0007"]', '[{}]', '["' + '","'.join("abc") + '"]', '{"files": ["**"], "analysis": {}}', '[{"files": [3]}]',
)  # fmt: skip


@wicked("configurations")
def a_value_of_any_kind(world: World) -> str:
    """As text, for JSON of ours cannot say it: put in place of a marker when the file is written."""
    told = []
    for _ in range(world.dice.randint(1, 3)):
        key, value = world.dice.choice(KEYS), world.dice.choice(VALUES)
        piece: dict = {}
        inner = piece
        *path, last = key.split(".")
        for name in path:
            inner = inner.setdefault(name, {})
        inner[last] = f"RAW:{value}"
        if all(isinstance(world.config.get(name, {}), dict) for name in path[:1]):
            world.merge(piece)
        told.append(f"{key} = {value[:30]}")
    return "; ".join(told)


GLOBS = (
    "**/" * 200 + "x", "*a" * 60 + "b", "**/**/**/**/**/*a*b*c*d*e*f*", "[", "[!", "[]", "[z-a]", "[[:alpha:", "{", "\\", "!", "!!!!", "/", "//",
    "../../**", "/etc/**", "*" * 5000, "?" * 2000, "\x1b[2J", "\u202e", "\ud800", "a\nb", "x" * 20000, "**", "!**", "", " ", "[\x00]", "a/**/b/**/c/**",
)  # fmt: skip


@wicked("configurations")
def globs(world: World) -> str:
    some = [world.dice.choice(GLOBS) for _ in range(world.dice.randint(1, 5))]
    where = world.dice.choice(("include", "exclude", "overrides", "ignore_functions"))
    piece = {
        "overrides": {"overrides": [{"files": some, "analysis": {"metrics": ["cognitive"]}}]},
        "ignore_functions": {"analysis": {"ignore_functions": some}},
    }
    world.merge(piece.get(where, {"files": {where: some}}))
    world.put("a" * 120 + ".ts", BUSY)
    return f"{where} {[glob[:30] for glob in some]!a}"


@wicked("configurations")
def an_ignore_file(world: World) -> str:
    lines = [world.dice.choice(GLOBS) for _ in range(world.dice.choice((1, 5, 400)))]
    name = world.dice.choice((".gitignore", "lib/.gitignore", ".git/info/exclude"))
    world.put(
        name,
        "\n".join(lines).encode("utf-8", "surrogatepass")
        + world.dice.choice((b"", b"\xff\xfe\n", b"\0\0", b"x" * 300_000)),
    )
    return f"{name} of {len(lines)} lines"


TEXTS: dict[str, Callable[[Dice], bytes]] = {
    "empty": lambda dice: b"",
    "huge": lambda dice: b'{"$schema": "' + b"x" * dice.choice((990_000, 1_100_000, 5_000_000)) + b'"}',
    "deep": lambda dice: b'{"a":' + dice.choice((b"[", b'{"a":')) * dice.choice((39, 41, 5000, 150_000)),
    "long list": lambda dice: b'{"files": {"exclude": [' + b'"a",' * 150_000 + b'"b"]}}',
    "many keys": lambda dice: b"{" + b",".join(b'"k%d": 1' % number for number in range(60_000)) + b"}",
    "not UTF-8": lambda dice: b'{"files": {"include": ["\xff\xfe\x80"]}}',
    "UTF-16": lambda dice: '{"fail_on": "none"}'.encode("utf-16"),
    "a mark": lambda dice: b"\xef\xbb\xbf{}",
    "twice": lambda dice: b'{"fail_on": "none", "fail_on": "error", "output": {}, "output": {"file": "../x"}}',
    "garbage": lambda dice: dice.randbytes(dice.choice((1, 100, 5000))),
    "controls": lambda dice: '{"\x1b[2J\u202e": "\x1b]0;x\x07"}'.encode(),
    "escapes": lambda dice: b'{"\\u001b[2J\\u202e\\u2066": "\\u0007\\u009b"}',
    "no end": lambda dice: dice.choice((b"{", b'{"a', b"/*", b"{/*", b'{"a": "\\', b'{"a": "\\u12', b"//", b"[1,")),
    "zeros": lambda dice: b"\0" * 1000,
    "comments": lambda dice: b"/* x */" * 100_000 + b"{}",
    "blanks": lambda dice: b" " * 900_000 + b"{}",
    "backslashes": lambda dice: b'{"a": "' + b"\\\\" * 400_000 + b'"}',
    "slashes": lambda dice: b"{" + b"/" * 900_001,
    "stars": lambda dice: b"/" + b"*" * 900_000,
    "quotes": lambda dice: b'{"' * 300_000,
    "digits": lambda dice: b'{"baseline": ' + b"9" * 900_000 + b"}",
    "commas": lambda dice: b"{" + b"," * 500_000 + b"}",
}


@wicked("configurations")
def a_text_of_any_kind(world: World) -> str:
    kind = world.dice.choice(list(TEXTS))
    world.config = {"RAW": TEXTS[kind](world.dice)}
    return f"a configuration of {kind}"


@wicked("configurations")
def a_mangled_text(world: World) -> str:
    text = bytearray(json.dumps({**LIMITS, "files": {"exclude": ["x"]}, "output": {"file": "o.json"}}).encode())
    for _ in range(world.dice.randint(1, 4)):
        at = world.dice.randrange(len(text))
        text[at : at + world.dice.randint(0, 3)] = world.dice.randbytes(world.dice.randint(0, 3))
    world.config = {"RAW": bytes(text)}
    return "a mangled configuration"


@wicked("configurations")
def configurations_inside(world: World) -> str:
    """In a folder below, from which somebody may start; in both names; and one that a link leads to."""
    world.put(
        "lib/.complexityguard.json", json.dumps({"output": {"reports": ["csv=../.git/x", "json=../../out.json"]}})
    )
    world.put("complexityguard.config.json", json.dumps({"output": {"file": "../../.profile"}}))
    world.link("other/.complexityguard.json", world.home / "settings.json")
    world.put("other/b.ts", BUSY)
    return "configurations in other folders and of another name"


def config_bytes(world: World) -> bytes:
    """The configuration as it is written, with what JSON cannot say in place of its marks."""
    if "RAW" in world.config:
        return world.config["RAW"]
    text = json.dumps(world.config)
    for value in VALUES:
        text = text.replace(json.dumps(f"RAW:{value}"), value)
    return text.encode()


# ── Git ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def git(folder: Path, *arguments: str, stdin: bytes = b"", check: bool = True) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=folder, env=GIT, input=stdin, capture_output=True, check=check)
    return done.stdout


def base(folder: Path, *options: str) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main", *options)
    (folder / "lib").mkdir()
    for name in ("a.ts", "b.ts", "lib/c.ts"):
        (folder / name).write_text(PLAIN)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")
    (folder / "a.ts").write_text(PLAIN + BUSY)
    (folder / "lib/c.ts").write_text(BUSY)
    git(folder, "add", "lib/c.ts")
    (folder / "untracked.ts").write_text(BUSY)
    return folder


def make_templates(folder: Path) -> None:
    """A repository in each state that git itself has to make; the cases copy them."""
    base(folder / "plain")
    for version in ("2", "3", "4"):
        one = base(folder / f"index {version}")
        (one / "intended.ts").write_text(BUSY)
        git(one, "add", "-N", "intended.ts")
        git(one, "update-index", "--skip-worktree", "b.ts")
        git(one, "update-index", "--index-version", version)
    one = base(folder / "split index")
    git(one, "update-index", "--split-index")
    one = base(folder / "untracked cache")
    git(one, "update-index", "--force-untracked-cache")
    base(folder / "sha256", "--object-format=sha256")
    one = base(folder / "conflict")
    git(one, "commit", "-qam", "two")
    git(one, "checkout", "-qb", "other", "HEAD~1")
    (one / "a.ts").write_text("let x;\n" + PLAIN)
    git(one, "rm", "-q", "lib/c.ts")
    git(one, "commit", "-qam", "three")
    git(one, "merge", "main", check=False)
    one = base(folder / "no commit", "--separate-git-dir", str(folder / "unused"))
    shutil.rmtree(one / ".git", ignore_errors=True)
    (one / ".git").unlink(missing_ok=True)
    git(one, "init", "-q", "-b", "main")
    git(one, "add", "a.ts")
    one = base(folder / "tracked but ignored")
    (one / ".gitignore").write_text("*.ts\nlib\n")
    one = base(folder / "sub module")
    commit = git(folder / "plain", "rev-parse", "HEAD").decode().strip()
    git(one, "update-index", "--add", "--cacheinfo", f"160000,{commit},module")
    git(one, "update-index", "--add", "--cacheinfo", f"160000,{commit},outside")
    git(one, "commit", "-qm", "module")
    shutil.copytree(folder / "plain", one / "module", symlinks=True)
    one = base(folder / "links in history")
    (one / "b.ts").unlink()
    (one / "b.ts").symlink_to("/etc/passwd")
    (one / "l.ts").symlink_to("../netrc")
    git(one, "add", "-A")
    git(one, "commit", "-qm", "links")
    (one / "l.ts").unlink()
    (one / "l.ts").write_text(BUSY)
    one = base(folder / "odd tree")
    blob = git(one, "hash-object", "-w", "--stdin", stdin=BUSY.encode()).decode().strip()
    lines = "".join(
        f"100644 blob {blob}\t{name}\0"
        for name in ("..x.ts", ".git1.ts", "-o.ts", "a\nb.ts", "\x1b[2J.ts", "\u202e.ts")
    )
    tree = git(one, "mktree", "-z", stdin=lines.encode()).decode().strip()
    evil = (
        (b"100644 ..\0" + bytes.fromhex(blob))
        + (b"100644 ../../netrc\0" + bytes.fromhex(blob))
        + b"100644 x/../../y.ts\0"
        + bytes.fromhex(blob)
    )
    bad = git(one, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=evil).decode().strip()
    git(one, "update-ref", "refs/heads/odd", git(one, "commit-tree", tree, "-m", "\x1b[2J").decode().strip())
    git(one, "update-ref", "refs/heads/bad", git(one, "commit-tree", bad, "-m", "x").decode().strip())


def git_bomb(world: World, name: str = "evil") -> str:
    """A program that leaves a trace where it runs."""
    world.put(f"{name}.sh", f"#!/bin/sh\ntouch {world.room}/ran\ncat\n", 0o755)
    return f"{world.repo}/{name}.sh"


GIT_SETTINGS = (
    "[core]\n\tfsmonitor = {evil}\n", "[core]\n\thooksPath = {repo}\n", "[core]\n\tpager = {evil}\n", "[core]\n\tsshCommand = {evil}\n",
    "[core]\n\teditor = {evil}\n[core]\n\taskPass = {evil}\n", "[core]\n\tgitProxy = {evil}\n", "[core]\n\talternateRefsCommand = {evil}\n",
    '[filter "evil"]\n\tclean = {evil}\n\tsmudge = {evil}\n\trequired = true\n', '[filter "evil"]\n\tprocess = {evil}\n',
    '[filter "e=v"]\n\tclean = {evil}\n', '[diff "evil"]\n\tcommand = {evil}\n\ttextconv = {evil}\n\tcachetextconv = true\n',
    "[diff]\n\texternal = {evil}\n", '[merge "evil"]\n\tdriver = {evil}\n', "[include]\n\tpath = {secret}\n", "[include]\n\tpath = config\n" * 20,
    '[includeIf "gitdir:/**"]\n\tpath = {secret}\n', '[includeIf "onbranch:**"]\n\tpath = ../evil.config\n', "[core]\n\tworktree = {home}\n",
    "[core]\n\tworktree = /\n", "[core]\n\tbare = true\n", "[core]\n\texcludesFile = {secret}\n", "[core]\n\texcludesFile = /dev/zero\n",
    "[core]\n\texcludesFile = {repo}/pipe\n", "[core]\n\tattributesFile = {secret}\n", "[extensions]\n\tworktreeConfig = true\n\tx = y\n",
    "[extensions]\n\tpartialClone = evil\n[remote \"evil\"]\n\tpromisor = true\n\turl = ext::{evil}\n\tuploadpack = {evil}\n",
    "[remote \"evil\"]\n\tpromisor = true\n\turl = ssh://example.invalid/x\n\tpartialclonefilter = blob:none\n",
    "[alias]\n\trev-parse = !{evil}\n\tdiff-index = !{evil}\n\tls-files = !{evil}\n", "[credential]\n\thelper = !{evil}\n",
    "[gpg]\n\tprogram = {evil}\n[log]\n\tshowSignature = true\n", "[safe]\n\tdirectory = *\n", "[core]\n\tignoreCase = true\n",
    "[core]\n\tprecomposeUnicode = true\n\tprotectNTFS = false\n", "[trace2]\n\teventTarget = {home}/trace\n", "[core\n", "\xff\xfe\n",
    "[core]\n\tx = \"\x1b[2J\n", "[diff]\n\trenames = copies\n\tnoprefix = true\n\torderFile = {secret}\n", "[status]\n\tshowUntrackedFiles = no\n",
    "[index]\n\tthreads = 64\n\tsparse = true\n", "[submodule]\n\trecurse = true\n", "[core]\n\tcommentChar = x\n" * 3000,
)  # fmt: skip


@wicked("git")
def settings_of_the_repository(world: World) -> str:
    if not (world.repo / ".git").is_dir():
        return ""
    places = {"evil": git_bomb(world), "repo": world.repo, "home": world.home, "secret": world.secret()}
    some = world.dice.sample(GIT_SETTINGS, world.dice.randint(1, 4))
    for text in some:
        for word, value in places.items():
            text = text.replace("{" + word + "}", str(value))
        world.append(".git/config", text)
    world.put("evil.config", "[core]\n\tfsmonitor = ./evil.sh\n[include]\n\tpath = evil.config\n")
    world.put(
        ".gitattributes",
        "*.ts filter=evil diff=evil merge=evil ident text=auto eol=crlf working-tree-encoding=UTF-16\nlib/*.ts filter=e=v\n",
    )
    for hook in ("post-index-change", "pre-commit", "post-checkout", "fsmonitor-watchman", "reference-transaction"):
        world.put(f".git/hooks/{hook}", f"#!/bin/sh\ntouch {world.room}/ran\n", 0o755)
        world.put(hook, f"#!/bin/sh\ntouch {world.room}/ran\n", 0o755)
    return f"settings {[text[:40] for text in some]!a}"


@wicked("git")
def a_damaged_git_folder(world: World) -> str:
    inner = world.repo / ".git"
    if not inner.is_dir():
        return ""
    files = sorted(path for path in inner.rglob("*") if path.is_file() and not path.is_symlink())
    told = []
    for path in world.dice.sample(files, min(len(files), world.dice.randint(1, 3))):
        data = bytearray(path.read_bytes())
        how = world.dice.choice(("empty", "cut", "flip", "grow", "garbage", "gone"))
        path.chmod(0o644)
        if how == "gone":
            path.unlink()
        elif how == "flip" and data:
            for _ in range(world.dice.randint(1, 8)):
                data[world.dice.randrange(len(data))] = world.dice.randrange(256)
            path.write_bytes(data)
        else:
            changed = {"empty": b"", "cut": data[: len(data) // 2], "grow": data + world.dice.randbytes(40)}
            path.write_bytes(changed.get(how, world.dice.randbytes(300)))
        told.append(f"{path.relative_to(inner)} {how}")
    return f"damaged: {told}"


@wicked("git")
def a_damaged_index(world: World) -> str:
    """A head that promises what does not follow, entries that lead elsewhere, and extensions without end."""
    path = world.repo / ".git" / "index"
    if not path.is_file():
        return ""
    data = bytearray(path.read_bytes())
    kind = world.dice.choice(("count", "version", "path", "size", "extension", "head only", "huge", "flags"))
    if kind == "count":
        data[8:12] = world.dice.choice((0, 4, 10**6, 2**32 - 1)).to_bytes(4, "big")
    elif kind == "version":
        data[4:8] = world.dice.choice((0, 1, 3, 4, 5, 2**31)).to_bytes(4, "big")
    elif kind == "path":
        data = bytearray(
            bytes(data).replace(
                b"lib/c.ts", world.dice.choice((b"../x.tsx", b"/etc/x.t", b"a//b\0.ts", b"\xff\x1b[2J.t"))
            )
        )
    elif kind == "size":
        data = data[: world.dice.randrange(len(data))]
    elif kind == "extension":
        data[-20:-20] = b"evil" + (2**31).to_bytes(4, "big")
    elif kind == "head only":
        data = bytearray(b"DIRC" + (2).to_bytes(4, "big") + (3).to_bytes(4, "big"))
    elif kind == "huge":
        data += b"\0" * 3_000_000
    else:
        data[70:74] = world.dice.randbytes(4)
    path.write_bytes(data)
    return f"a damaged index: {kind}"


@wicked("git")
def git_elsewhere(world: World) -> str:
    """A .git that is a file, a link or a part of another repository."""
    inner, kind = (
        world.repo / ".git",
        world.dice.choice(("file", "file out", "link", "commondir", "alternates", "garbage", "ring", "worktree")),
    )
    if kind == "alternates" and inner.is_dir():
        lines = [
            f"{world.elsewhere}/repository/.git/objects",
            "/proc/self/fd",
            str(world.secret()),
            "../../../../../..",
            "\x1b[2J",
        ]
        world.put(".git/objects/info/alternates", "\n".join(world.dice.sample(lines, 3)) + "\n")
        return "alternates elsewhere"
    if kind == "commondir" and inner.is_dir():
        world.put(
            ".git/commondir",
            f"{world.dice.choice(('../../..', str(world.elsewhere) + '/repository/.git', '/proc/self', '.'))}\n",
        )
        return "a commondir elsewhere"
    if inner.is_dir() and not inner.is_symlink():
        moved = world.repo / "moved.git"
        inner.rename(moved)
    targets = {
        "file": "gitdir: moved.git\n", "file out": f"gitdir: {world.elsewhere}/repository/.git\n", "garbage": "\xff\x1b[2J\n",
        "ring": "gitdir: .git\n", "worktree": f"gitdir: {world.elsewhere}/repository/.git/worktrees/x\n",
    }  # fmt: skip
    if kind in targets:
        world.put(".git", targets[kind])
    elif kind == "link":
        world.link(
            ".git", world.dice.choice(("moved.git", str(world.elsewhere / "repository/.git"), "/proc/self", "."))
        )
    return f".git: {kind}"


@wicked("git")
def a_submodule_outside(world: World) -> str:
    world.put(
        ".gitmodules",
        '[submodule "x"]\n\tpath = ../../elsewhere\n\turl = ext::touch ran\n\tupdate = !touch ran\n\tignore = none\n',
    )
    world.link("outside", world.elsewhere / "repository")
    if (world.repo / "module" / ".git").is_dir():
        evil = git_bomb(world)
        world.append("module/.git/config", f'[filter "evil"]\n\tclean = {evil}\n[core]\n\tfsmonitor = {evil}\n')
        world.put("module/.gitattributes", "*.ts filter=evil\n")
        world.put("module/a.ts", BUSY)
    return "submodules outside, with filters of their own"


@wicked("git")
def odd_refs(world: World) -> str:
    names = ("-x", "--output=x", "HEAD", "a\x1bb", "..")
    for name in world.dice.sample(names, 2):
        world.put(f".git/refs/heads/{name}", "0" * 40 + "\n")
    world.put(
        ".git/HEAD",
        world.dice.choice(
            ("ref: refs/heads/odd\n", "ref: refs/heads/bad\n", "ref: ../../netrc\n", "garbage\n", "ref: HEAD\n", "")
        ),
    )
    return "odd refs and HEAD"


# ── Baselines and diffs ──────────────────────────────────────────────────────────────────────────────────────────────

HEADER = '{"complexity-guard-baseline": 2}\n'
ENTRY = {"path": "a.ts", "function": "busy", "values": {"cyclomatic": 9}, "body": "0123456789abcdef"}


def lines_of(*entries: object) -> bytes:
    return (HEADER + "".join(f"\n{json.dumps(entry)}\n" for entry in entries)).encode()


BASELINES: dict[str, Callable[[Dice], bytes]] = {
    "plain": lambda dice: lines_of(ENTRY),
    "traversal": lambda dice: lines_of(*(ENTRY | {"path": path} for path in ("../../.netrc", "/etc/passwd", "..", "", "a\0b", "\x1b[2J.ts"))),
    "outer": lambda dice: lines_of(*(ENTRY | {"path": path} for path in ("../../.netrc", "/etc/passwd", "../a.ts", "a\0b", "x" * 5000))),
    "twice": lambda dice: lines_of(ENTRY, ENTRY),
    "twin keys": lambda dice: HEADER.encode() + b'\n{"path": "a.ts", "path": "b.ts", "function": "x", "body": "y"}\n',
    "names": lambda dice: lines_of(ENTRY | {"function": "\x1b[2J\u202e"}, ENTRY | {"function": "\ud800"}, ENTRY | {"body": "\x07"}),
    "huge number": lambda dice: HEADER.encode() + b'\n{"path":"a.ts","function":"x","body":"y","values":{"cyclomatic":' + b"9" * 6000 + b"}}\n",
    "values": lambda dice: lines_of(*(ENTRY | {"nth": nth, "values": value} for nth, value in (
        (1, {"cyclomatic": float("nan")}), (2, {"cyclomatic": -1}), (3, {"\x1b[2J": 1}), (4, {"cyclomatic": True}), (5, [])))),
    "nth": lambda dice: lines_of(ENTRY | {"nth": dice.choice((0, -1, 1.5, "1", True, 10**30, None))}),
    "metric": lambda dice: lines_of(ENTRY | {"values": {"\x1b[31m\u202emetric": 3, "cyclomatic": 1e300}}),
    "garbage": lambda dice: dice.randbytes(500),
    "empty": lambda dice: b"",
    "header": lambda dice: dice.choice((b'{"complexity-guard-baseline": 99}\n', b'{"complexity-guard-baseline": "\x1b[2J"}\n', b"[]\n", b"3\n",
                                        b'{"complexity-guard-baseline": [' + b"[" * 90_000 + b"\n", b'{"complexity-guard-baseline": ' + b"9" * 9000 + b"}\n")),
    "deep": lambda dice: HEADER.encode() + b"\n" + b'{"values":' * 60_000 + b"\n",
    "long": lambda dice: lines_of(*(ENTRY | {"nth": nth} for nth in range(1, 6000))),
    "conflict": lambda dice: HEADER.encode() + b"\n<<<<<<< ours\n=======\n>>>>>>> theirs\n",
    "zeros": lambda dice: HEADER.encode() + b"\0" * 4000,
    "cut": lambda dice: lines_of(ENTRY)[: dice.randrange(80)],
    "not UTF-8": lambda dice: HEADER.encode() + b'\n{"path": "\xff\xfe"}\n',
}  # fmt: skip


@wicked("baselines")
def a_baseline(world: World) -> str:
    kind = world.dice.choice(list(BASELINES))
    world.put("baseline.jsonl", BASELINES[kind](world.dice))
    if world.dice.random() < 0.4:
        world.merge({"baseline_file": "baseline.jsonl"})
    return f"a baseline: {kind}"


HUNK = "@@ -1 +1,2 @@\n export const one = (a) => (a ? 1 : 2);\n+x();\n"
DIFFS: dict[str, Callable[[Dice], bytes]] = {
    "traversal": lambda dice: f"--- a/../../.netrc\n+++ b/{dice.choice(('../../.netrc', '/etc/passwd', '../netrc', 'a/../../../netrc.ts'))}\n{HUNK}".encode(),
    "binary": lambda dice: b"diff --git a/a.ts b/a.ts\nindex 1..2 100644\nBinary files a/a.ts and b/a.ts differ\n",
    "git binary": lambda dice: b"diff --git a/a.ts b/a.ts\nGIT binary patch\nliteral 10\nRcmZ=zfake\n\n",
    "garbage": lambda dice: dice.randbytes(3000),
    "text": lambda dice: b"nothing of a diff\n" * 10,
    "counts": lambda dice: f"--- a/a.ts\n+++ b/a.ts\n@@ -{dice.choice(('1,99999999999', '0,0', '9' * 5000, '-1', '1,1'))} +1,2 @@\n x\n".encode(),
    "names": lambda dice: f'--- "a/\\033[2J\\342\\200\\256.ts"\n+++ "b/\\033[2J.ts"\n{HUNK}'.encode(),
    "controls": lambda dice: f"--- a/\x1b[2J\u202e.ts\n+++ b/\x1b[2J\u202e.ts\n{HUNK}".encode(),
    "quotes": lambda dice: f'--- "a/\\777\\8\\x\n+++ "b/\\\n{HUNK}'.encode(),
    "renames": lambda dice: b"diff --git a/a.ts b/../x.ts\nsimilarity index 100%\nrename from ../../.netrc\nrename to a.ts\n",
    "modes": lambda dice: b"diff --git a/a.ts b/a.ts\nold mode 100644\nnew mode 120000\n",
    "link": lambda dice: b"diff --git a/l.ts b/l.ts\nnew file mode 120000\n--- /dev/null\n+++ b/l.ts\n@@ -0,0 +1 @@\n+/etc/passwd\n",
    "twice": lambda dice: f"--- a/a.ts\n+++ b/a.ts\n{HUNK}--- a/a.ts\n+++ b/a.ts\n{HUNK}".encode(),
    "many": lambda dice: b"".join(b"--- a/f%d.ts\n+++ b/f%d.ts\n@@ -1 +1 @@\n-x\n+y\n" % (n, n) for n in range(3000)),
    "long line": lambda dice: b"--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-" + b"x" * 2_000_000 + b"\n+y\n",
    "empty": lambda dice: b"",
    "UTF-16": lambda dice: f"--- a/a.ts\n+++ b/a.ts\n{HUNK}".encode("utf-16"),
    "no newline": lambda dice: b"\\ No newline at end of file\n" * 50,
    "combined": lambda dice: b"diff --cc a.ts\nindex 1,2..3\n--- a/a.ts\n+++ b/a.ts\n@@@ -1,1 -1,1 +1,2 @@@\n  x\n++y\n",
    "not UTF-8": lambda dice: b"--- a/\xff.ts\n+++ b/\xff.ts\n@@ -1 +1 @@\n-x\n+y\n",
    "colours": lambda dice: b"\x1b[1m--- a/a.ts\x1b[m\n\x1b[1m+++ b/a.ts\x1b[m\n\x1b[36m@@ -1 +1 @@\x1b[m\n\x1b[31m-x\x1b[m\n\x1b]0;t\x07+y\n",
    "device": lambda dice: f"--- /dev/zero\n+++ /dev/zero\n{HUNK}--- a/pipe.ts\n+++ b/pipe.ts\n{HUNK}".encode(),
}  # fmt: skip


@wicked("baselines")
def a_diff(world: World) -> str:
    kind = world.dice.choice(list(DIFFS))
    data = DIFFS[kind](world.dice)
    world.put("hostile.diff", data)
    return f"a diff: {kind}"


# ── Sources ──────────────────────────────────────────────────────────────────────────────────────────────────────────

SUPPRESSIONS = (
    "// complexity-guard-ignore-next-line\n", "// complexity-guard-ignore-next-line cyclomatic -- \x1b[2J\u202e\n", "// complexity-guard-ignore-file\n",
    "// complexity-guard-ignore-next-line " + "x," * 20_000 + "\n", "/* complexity-guard-ignore-file cyclomatic -- \u2066 */\n",
    "// complexity-guard-ignore-next-line \x1b]0;t\x07,\u202emetric\n", "// complexity-guard-ignore-next-line -- ]]> <script> | ` ::error::\n",
    "// complexity-guard-disable-next-line: no\n", "// complexity-guard-ignore-next-line\n" * 3000, "// complexity-guard-ignore-" + "y" * 9000 + "\n",
    "// complexity-guard-ignore-line cognitiv\n", "// complexity-guard-ignore-next-line %0A::warning::x\n",
)  # fmt: skip
KEYS_OF_SOURCES = (
    "\x1b[2J",
    "\u202egpj",
    "a\\u202eb",
    "\\x1b[31m",
    "=1+1",
    "]]>",
    "<script>",
    "`|*_",
    "::error::",
    "%0A",
    "\\ud800",
    "\u2066\x9b",
    "\x85",
)


@wicked("sources")
def suppressions(world: World) -> str:
    some = world.dice.sample(SUPPRESSIONS, world.dice.randint(1, 4))
    world.put("s.ts", "".join(line + BUSY for line in some))
    world.names.append("s.ts")
    return f"suppressions {[line[:50] for line in some]!a}"


@wicked("sources")
def names_of_functions(world: World) -> str:
    some = world.dice.sample(KEYS_OF_SOURCES, 4)
    methods = "".join(f'"{key}"(a, b) {{ {BUSY} }}, ' for key in some)
    world.put("k.ts", f"export const o = {{ {methods} }};\nclass A {{ '{some[0]}'(a) {{ {BUSY} }} }}\n")
    world.names.append("k.ts")
    return f"functions named {some!a}"


@wicked("sources")
def sources_of_any_bytes(world: World) -> str:
    data = world.dice.choice((world.dice.randbytes(2000), b"\0" * 3000, "let a;\n".encode("utf-16"), b"\xff\xfe", b"(" * 3000, b"`${" * 900,
                              b"\r" * 500 + BUSY.encode(), b"#!/bin/sh\n\x1b[2J\x07 <<<<<<< \n", b"x" * 400_000, b"a\xe2\x80\xaeb(\x1b[2J" * 9))  # fmt: skip
    world.put("x.ts", data)
    world.names.append("x.ts")
    return f"a source of {data[:20]!a}"


# ── A world ──────────────────────────────────────────────────────────────────────────────────────────────────────────

FAMILIES = {"configurations": 34, "names": 14, "links": 16, "owners": 8, "git": 26, "baselines": 18, "sources": 10}
SECRETS = {
    "home/.netrc": "machine example.com login me password {}\n", "home/.profile": "export TOKEN={}\n", "home/.ssh/id_rsa": "-----BEGIN {}\n",
    "home/dev/netrc": "password {}\n", "home/dev/secret.json": '{{"password": "{0}", "{0}": 1}}\n', "elsewhere/secret.ts": "function {}(a) {{ if (a) b(); }}\n",
    "elsewhere/secret.txt": "{}\n", "home/settings.json": '{{"token": "{}"}}\n',
}  # fmt: skip


def build(dice: Dice, room: Path, templates: Path) -> World:
    """A case: a room with a repository in it, to which a few things were done."""
    world = World(dice, room, templates)
    states = sorted(path.name for path in templates.iterdir() if (path / ".git").exists())
    world.git_state = dice.choice(
        ("none", "none", "plain", "plain", "plain", dice.choice(states), dice.choice(states), dice.choice(states))
    )
    for folder in (world.parent, world.elsewhere, world.out, world.tmp):
        folder.mkdir(parents=True)
    shutil.copytree(templates / ("plain" if world.git_state == "none" else world.git_state), world.repo, symlinks=True)
    shutil.copytree(templates / "plain", world.elsewhere / "repository", symlinks=True)
    if world.git_state == "none":
        shutil.rmtree(world.repo / ".git")
    for number, (name, text) in enumerate(SECRETS.items()):
        path, secret = room / name, f"CANARY{number}x{dice.randrange(10**9)}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(secret))
        world.secrets[str(path)] = secret
    (world.home / ".gitconfig").write_text("[user]\n\tname = me\n")
    world.names += ["a.ts", "lib/c.ts"]
    world.put("tool.sh", "#!/bin/sh\n", 0o755)
    world.put("node_modules/.bin/tsc", "#!/bin/sh\n", 0o755)
    world.put("baseline.jsonl", BASELINES["plain"](dice))
    world.put("hostile.diff", f"--- /dev/null\n+++ b/b.ts\n@@ -0,0 +1 @@\n+{PLAIN}")
    # Most wicked configurations are refused at once, and nothing else is seen then.
    weights = FAMILIES if dice.random() < 0.4 else FAMILIES | {"configurations": 0}
    families = dice.choices(list(weights), list(weights.values()), k=dice.randint(1, 5))
    late = []
    for family in families:
        (late if family == "owners" else world.told).append(
            dice.choice(WICKED[family]) if family == "owners" else dice.choice(WICKED[family])(world)
        )
    name = dice.choice((*CONFIG_NAMES[:1] * 4, CONFIG_NAMES[1]))
    if dice.random() < 0.9:
        world.put(name, config_bytes(world))
    world.told += [one(world) for one in late]
    return world
