#!/usr/bin/env python3
"""Analyse hostile repositories by the thousand, as a user who may do little, and watch every system call (Linux, root).

    python scripts/hostile.py [--cases 2000] [--seed N] [--case K] [--workers 2] [--keep]

Each case is a repository made by chance (hostile_repositories.py) and some command lines on it. They run as another
user, without a network, under strace. Failures are: whatever is written, renamed or removed outside the folder of the
configuration, what the command line names, and the temporary folder; any program but git, and any that the repository
chose; whatever is read outside the repository, but for what docs/security.md lists; an exit code that is none of ours; a
traceback, or Python's words; controls of a terminal or of the direction of text in what is printed; a secret in it; a
temporary file that stays; more than 20 s. `--seed N --case K` repeats a case, and says what is in it.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import io
import json
import multiprocessing
import os
import random
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 20  # for one command line; most take a tenth of one
BATCH = 8  # cases that one strace watches
MARK = "/hostile-mark/"  # a folder that nobody can make: the trace shows where a command line begins
NOBODY = 10**9  # the number of no command line
USERS = (65534, 61234)  # nobody, and one without a name
CALLS = (
    "openat,open,creat,rename,renameat,renameat2,unlink,unlinkat,rmdir,link,linkat,symlink,symlinkat,mkdir,mkdirat,mknod,mknodat,"
    "chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,truncate,execve,execveat,connect"
)
CODES = {0, 1, 2, 3, 4, 130, 143}
PYTHONS_WORDS = re.compile(
    r"Traceback|internal error|\[Errno|codec can't|object has no attribute|object is not|NoneType|Expecting value|surrogates not allowed"
    r"|embedded null|invalid literal|unhashable|Exceeds the limit|recursion depth|<class '|Fatal Python|(?:Value|Key|Type|Index|OS)Error"
)
# Python itself ends so where standard input is a folder, before any line of ours; a binary closes such an input.
STARTLESS = "init_sys_streams: <stdin> is a directory"
DIRECTIONS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ORDERS = re.compile(r"(?m)^ *::|##(?:vso|teamcity)?\[")
FILES_OF_GIT = ("info/exclude", "config", "HEAD", "index", "commondir")
COLOURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[\x20-\x7e]*\x1b\\")
# What anybody's run reads: the interpreter, libraries, what the machine is; docs/security.md lists it.
READABLE = (
    "/usr/", "/lib", "/etc/ld.so", "/etc/localtime", "/etc/nsswitch.conf", "/etc/group", "/etc/locale", "/dev/null", "/dev/urandom",
    "/proc/self/", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/filesystems", "/sys/fs/cgroup/", "/sys/devices/system/",
    "/sys/kernel/mm/", "/dev/shm/", "/etc/gitconfig", "/etc/ssl/openssl.cnf", "/proc/sys/vm/overcommit_memory",
)  # fmt: skip
PROCESS_FILE = re.compile(r"/proc/\d+/(?:fd|cgroup|mounts|mountinfo|status|stat|maps|statm|limits|oom_score_adj)")


# ── Command lines ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Command:
    argv: list[str]
    cwd: str
    env: dict[str, str]
    stdin: str = ""  # a file; "" is the null device
    start: list[str] | None = None  # a process of its own: slower than a fork, and as users do it
    number: int = 0
    named: list[str] = field(default_factory=list)  # what it may write to, besides the temporary folder
    stdout: str = ""
    stderr: str = ""


FORMATS = "console json ndjson sarif github gitlab junit checkstyle rdjson markdown csv compact html".split()


def command_lines(world) -> Iterator[tuple[list[str], Path]]:
    """Arguments and folders to start in, without end."""
    dice, out, repo = world.dice, world.out, world.repo
    # A link to a folder elsewhere that is named, or started in, is what the user wants.
    names = [f"./{name}" if dice.random() < 0.3 else name for name in world.names if not is_way_out(repo / name)]
    inner = [
        repo / name
        for name in ("lib", "other", "ring", "module")
        if (repo / name).is_dir() and not is_way_out(repo / name)
    ]

    def some() -> list[str]:
        return dice.sample(names, min(len(names), 4))

    comparisons = [
        ["--since", "HEAD"],
        ["--changed"],
        ["--staged"],
        ["--diff", "hostile.diff"],
        ["--diff", "-"],
        ["--baseline", "baseline.jsonl"],
    ]
    more = (["--no-ignore"], ["--duplication"], ["--color"], ["-v"], ["-q"], ["--fail-on", "warning"], ["--group-by", "folder"],
            ["--executor", "process", "--threads", "2"], ["--executor", "thread", "--threads", "2"], ["--fail-health-below", "99"], [], [], [])  # fmt: skip
    if world.git_state == "none":  # without git these end at once
        comparisons = [["--diff", "hostile.diff"], ["--baseline", "baseline.jsonl"]] * 3
    yield ["."], repo
    yield ["-f", dice.choice(FORMATS), *dice.choice(more), "."], repo
    yield [*dice.choice(comparisons), *dice.choice(more), "."], repo
    while True:
        kinds = (
            lambda: ([*dice.choice(comparisons[:3]), *dice.choice(more), "-f", dice.choice(FORMATS), "."], repo),
            lambda: ([word for name in FORMATS for word in ("--report", f"{name}={out}/all.{name}")] + ["."], repo),
            lambda: (["explain", dice.choice(names)], repo),
            lambda: (["explain", dice.choice(names) + dice.choice((":1", ":busy", ":99", ":\x1b[2J", ":a:b"))], repo),
            lambda: (["--init", "."], repo),
            lambda: (["--print-config", dice.choice((".", *names))], repo),
            lambda: ([*dice.choice(more), "--", *some()], repo),
            lambda: ([*dice.choice(comparisons), "--", *some()], repo),
            lambda: ([*dice.choice(more), "-f", dice.choice(FORMATS), str(repo)], world.elsewhere),
            lambda: ([*dice.choice(comparisons[:3]), str(repo)], world.elsewhere),
            lambda: (["dev/repository"], world.home),
            lambda: (["."], dice.choice([repo, *inner])),
            lambda: (["--write-baseline", f"{out}/b.jsonl", "."], repo),
            lambda: (["--write-baseline", "baseline.jsonl", *dice.choice(([], ["--force"])), "."], repo),
            lambda: (["-f", dice.choice(FORMATS), "-o", f"{out}/report", "."], repo),
            lambda: (["-o", "report.json", "-f", "json", "."], repo),
            lambda: (
                ["--config", dice.choice(("evil.config", "base.json", "complexityguard.config.json", "b0.json")), "."],
                repo,
            ),
            lambda: (
                [
                    "--since",
                    dice.choice(("odd", "bad", "-x", "--output=x", "HEAD~1", "main", "\x1b[2J", ":/x", "nowhere")),
                    ".",
                ],
                repo,
            ),
            lambda: (["--whole-project", *dice.choice(comparisons[:4]), "."], repo),
            lambda: (["-"], repo),
        )
        yield dice.choice(kinds)()


def is_way_out(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return path.is_symlink() and path.is_dir()
    return False


def commands_of(world, user: int) -> list[Command]:
    dice, commands = world.dice, []
    for argv, cwd in command_lines(world):
        env = {
            "PATH": dice.choice((".:", "", "", "")) + "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(world.home), "TMPDIR": str(world.tmp), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        start = None
        if dice.random() < 0.06:
            start = [
                sys.executable,
                *dice.choice((["-P", "-m", "complexity_guard"], [str(ROOT / "complexity_guard.py")])),
            ]
        if any(word == "process" for word in argv) and dice.random() < 0.3:
            argv, start = ["--start-method", "spawn", *argv], [sys.executable, str(ROOT / "complexity_guard.py")]
        takes_input = "-" in argv
        stdin = str(world.repo / dice.choice(("hostile.diff", "a.ts", "x.ts"))) if takes_input else ""
        named = [str(world.out)]
        if argv[:1] == ["--write-baseline"] or argv[:1] == ["-o"]:
            path = os.path.join(cwd, argv[1])
            named.append(os.path.realpath(path) if "--force" in argv else path)
        if "\0" not in "".join(argv):
            commands.append(Command(argv, str(cwd), env, stdin, start, named=named))
        if len(commands) == 6:
            return commands
    return commands


# ── Running: as the other user, one process that forks for each command line ─────────────────────────────────────────


def run_plan(plan: str) -> None:
    """All command lines of a plan, in this process's children; what became of them goes beside it."""
    import complexity_guard  # once: a start of Python takes longer than most of them

    results = []
    for command in json.loads(Path(plan).read_text()):
        started = time.monotonic()
        pid = os.fork()
        if not pid:
            run_command(complexity_guard, Command(**command))
        code = wait_for(pid, started + SECONDS)
        results.append([code, round(time.monotonic() - started, 2)])
    mark(NOBODY)
    Path(f"{plan}.results").write_text(json.dumps(results))


def mark(number: int) -> None:
    """Tells the trace whose calls follow."""
    with contextlib.suppress(OSError):
        os.mkdir(f"{MARK}{number}")


def wait_for(pid: int, end: float) -> int | None:
    """The exit code; None where it had to be killed."""
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)  # whoever it left behind
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def run_command(program, command: Command) -> None:
    """In a child: become the command line, and end."""
    os.setsid()
    mark(NOBODY)
    for number, path, flags in ((0, command.stdin or os.devnull, os.O_RDONLY | os.O_NONBLOCK), (1, command.stdout, os.O_WRONLY | os.O_CREAT),
                                (2, command.stderr, os.O_WRONLY | os.O_CREAT)):  # fmt: skip
        try:
            descriptor = os.open(path, flags, 0o644)
        except OSError:
            descriptor = os.open(os.devnull, os.O_RDWR)
        os.dup2(descriptor, number)
        os.close(descriptor)
    code = 1
    try:
        os.chdir(command.cwd)
    except OSError:  # its mode, or its owner
        os._exit(3)
    mark(command.number)
    os.environ.clear()
    os.environ.update(command.env)
    if command.start:
        os.execve(command.start[0], [*command.start, *command.argv], command.env)
    try:
        sys.argv = ["complexity-guard", *command.argv]
        code = program.run_command_line()
        sys.stdout.flush()
    except SystemExit as error:
        code = error.code or 0
    except BaseException:
        traceback.print_exc()
    os._exit(code)


# ── Watching ─────────────────────────────────────────────────────────────────────────────────────────────────────────

BEGIN = re.compile(r"(\d+)(?:<((?:[^>\\]|\\.)*)>)? +(.*)")
CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+|\?)(?:<((?:[^>\\]|\\.)*)>)?(.*)")
PLACE = re.compile(r'(?:(?:AT_FDCWD|-?\d+)<((?:[^>\\]|\\.)*)>(?:, )?)?"((?:[^"\\]|\\.)*)"')
HANDLE = re.compile(r"\d+<((?:[^>\\]|\\.)*)>")
ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9a-f]{2}|.)")
LETTERS = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f", "a": "\a", "b": "\b"}


def unescaped(text: str) -> str:
    def letter(match: re.Match) -> str:
        word = match[1]
        if word[0] in "01234567":
            return chr(int(word, 8))
        return chr(int(word[1:], 16)) if word[0] == "x" and len(word) == 3 else LETTERS.get(word, word)

    return os.fsdecode(ESCAPE.sub(letter, text).encode("latin-1", "replace")) if "\\" in text else text


@dataclass
class Event:
    program: str  # the process's name
    call: str
    arguments: str
    result: int
    opened: str  # the real path of what was opened
    line: str

    def paths(self) -> list[str]:
        """Whole paths that the call names."""
        places = [(folder, name) for folder, name in PLACE.findall(self.arguments) if name]
        found = [os.path.normpath(os.path.join(unescaped(folder or "/"), unescaped(name))) for folder, name in places]
        return found or [unescaped(path) for path in HANDLE.findall(self.arguments)]


def events_of(trace: Path) -> Iterator[tuple[int, Event]]:
    """The number of the command line, and a call. Calls that another interrupted are put together again."""
    waiting: dict[str, str] = {}
    started: dict[str, str] = {}  # a process and the program that it executed
    number = -1
    with trace.open(encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            head = BEGIN.match(line.rstrip("\n"))
            if not head:
                continue
            pid, program, text = head.groups()
            if text.endswith("<unfinished ...>"):
                waiting[pid] = text.removesuffix("<unfinished ...>").rstrip()
                continue
            if text.startswith("<... "):
                text = waiting.pop(pid, "") + text.partition(" resumed>")[2]
            call = CALL.match(text)
            if not call:
                continue
            name, arguments, result, opened, _ = call.groups()
            if name.startswith("mkdir") and MARK in arguments:
                number = int(re.search(rf"{MARK}(\d+)", arguments)[1])
                continue
            if name == "execve" and result == "0":
                started[pid] = os.path.basename(arguments.split('"')[1])
            yield (
                number,
                Event(
                    started.get(pid) or program or "",
                    name,
                    arguments,
                    -1 if result == "?" else int(result),
                    unescaped(opened or ""),
                    text[:400],
                ),
            )


# ── Judging ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Case:
    """What was made, and what is not to change of it."""

    seed: int
    number: int
    user: int
    world: object
    commands: list[Command]
    before: dict[str, tuple] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    codes: list[int | None] = field(default_factory=list)
    written: set[str] = field(default_factory=set)


def inside(path: str, *folders: object) -> bool:
    return any(path == str(folder) or path.startswith(f"{folder}/") for folder in folders)


def judge_event(case: Case, command: Command, event: Event) -> str:
    """What is wrong with a call; "" where nothing is."""
    if event.call in ("execve", "execveat"):
        return judge_program(command, event)
    if event.call == "connect":
        return "" if event.program == "ssh" or "/var/run/nscd" in event.arguments else "connects"
    if event.call in ("open", "openat"):
        flags = event.arguments.rsplit('"', 1)[-1]
        if not re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)", flags):
            return judge_reading(case, command, event)
    return judge_writing(case, command, event)


def judge_program(command: Command, event: Event) -> str:
    if event.result:
        return ""
    path = event.paths()[0]
    if path in ("/usr/bin/git", "/usr/local/bin/git", "/bin/git") or path.startswith(
        ("/usr/lib/git-core/", "/usr/libexec/git-core/")
    ):
        return ""
    if path == "/usr/bin/ssh":  # git's, for what a partial clone lacks
        return ""
    if command.start and os.path.realpath(path) == os.path.realpath(sys.executable):
        return ""
    return f"executes {path}"


def judge_reading(case: Case, command: Command, event: Event) -> str:
    world, path = case.world, event.opened
    if (
        event.result < 0
        or event.program.startswith("git")
        or inside(path, world.repo, world.out, world.tmp, ROOT, *PREFIXES)
    ):
        return ""
    if path.startswith(READABLE) or PROCESS_FILE.fullmatch(path) or path == "/etc/passwd" == event.paths()[0]:
        return ""
    if inside(path, world.home / ".gitconfig", world.home / ".config") or (
        path == command.cwd and "O_DIRECTORY" not in event.arguments
    ):
        return ""
    if (
        path in (command.stdout, command.stderr, command.stdin)
        or path == "/dev/null"
        or path.startswith(("pipe:", "socket:", "anon_inode:"))
    ):
        return ""
    if event.program == "ssh" or event.paths()[0] in {str(world.repo / ".git" / name) for name in FILES_OF_GIT}:
        return ""  # git may fetch what a partial clone lacks, and follows links in its own folder
    if is_of_git(world, path) or event.paths()[0] in named_by(command):
        return ""
    return f"reads {path} (as {event.paths()[0]}, {event.program})"


def named_by(command: Command) -> set[str]:
    """What a command line names may be a link: to read it is what the user wants."""
    words = (word.rpartition("=")[2] for word in command.argv)
    named = {os.path.normpath(os.path.join(command.cwd, word)) for word in words if "\0" not in word}
    return named | set(map(os.path.realpath, named))


def is_of_git(world, path: str) -> bool:
    """Whether git's own rules lead there: its folder, or settings and ignore rules that the repository's settings name."""
    pointer = world.repo / ".git"
    if inside(path, world.parent / ".git"):  # that of somebody else, in a folder above
        return True
    with contextlib.suppress(OSError, ValueError):
        if pointer.is_symlink() or pointer.is_file() or (pointer / "commondir").exists():
            if inside(path, world.elsewhere / "repository" / ".git", "/proc"):
                return True
        config = (pointer / "config").read_bytes() if (pointer / "config").is_file() else b""
        if (pointer / "commondir").exists() or pointer.is_symlink() or pointer.is_file():
            config += read(str(world.repo / "moved.git/config")) + read(str(world.elsewhere / "repository/.git/config"))
        if os.fsencode(path) in config:
            return True
        return any(os.path.realpath(pointer / name) == path for name in ("info/exclude", "config", "HEAD", "index"))
    return False


def judge_writing(case: Case, command: Command, event: Event) -> str:
    world = case.world
    paths = event.paths() + ([event.opened] if event.opened and event.result >= 0 else [])
    for path in paths:
        real = path if event.opened else os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        if inside(real, world.tmp, world.out, "/dev/null", "/dev/tty", *command.named) or re.match(
            r"/dev/shm/(sem\.|pym-|__KMP)", real
        ):
            continue
        if real in (command.stdout, command.stderr) and event.program.startswith("strace"):
            continue
        if inside(real, world.repo) and not inside(real, world.repo / ".git") and not event.program.startswith("git"):
            case.written.add(real)
            continue
        return f"writes {real} by {event.call} (as {path})"
    return ""


def judge_output(case: Case, command: Command, code: int | None, seconds: float) -> Iterator[str]:
    if code is None or seconds > SECONDS:
        if waits_as_git_does(case) or names_what_has_no_end(command):
            return
        yield f"takes more than {SECONDS} s"
        return
    if code not in CODES:
        yield f"exit code {code}"
    texts = [("stdout", read(command.stdout)), ("stderr", read(command.stderr))]
    for stream, data in texts:
        text = data.decode("utf-8", "surrogateescape")
        shown = COLOURS.sub("", text) if "--color" in command.argv else text
        shown = shown.replace("\r\n", "\n") if "csv" in command.argv else shown
        for letter in sorted(set(shown)):
            if (
                letter in DIRECTIONS
                or "\udc80" <= letter <= "\udcff"
                or (unicodedata.category(letter) == "Cc" and letter not in "\n\t")
            ):
                at = shown.index(letter)
                yield f"prints {letter!a} raw to {stream}: {shown[max(0, at - 30) : at + 20]!a}"
        order = ORDERS.search(text)
        if order and not ({"html", "github"} & set(command.argv)):
            yield f"prints what a CI system obeys to {stream}: {text[max(0, order.start() - 30) : order.end() + 30]!a}"
        found = None if STARTLESS in text else PYTHONS_WORDS.search(text)
        if found:
            yield f"prints Python's words to {stream}: {text[max(0, found.start() - 60) : found.end() + 90]!a}"
        if not names_a_link_outside(case, command):
            yield from leaks(case, text, stream)
    yield from malformed(command, code, texts[0][1])


def names_what_has_no_end(command: Command) -> bool:
    """Whether the command line names a pipe or a device, by a link maybe: it is waited for, as cat does."""
    paths = [path for path in named_by(command) if "\0" not in path and os.path.exists(path)]
    return any(not stat.S_ISREG(os.stat(path).st_mode) and not os.path.isdir(path) for path in paths)


def names_a_link_outside(case: Case, command: Command) -> bool:
    """Whether the command line names a link to a file elsewhere: its text is shown to whoever named it."""
    links = [os.path.realpath(path) for path in named_by(command) if os.path.islink(path)]
    return any(not inside(path, case.world.repo, case.world.out) for path in links)


def waits_as_git_does(case: Case) -> bool:
    """Git opens pipes where its own files should be, and waits for a writer: for five minutes, then we end it."""
    repo = case.world.repo
    places = [*(repo / ".git").glob("**/*"), *repo.glob(".git*"), *repo.glob("*/.git*")]
    return any(path.is_fifo() for path in places)


def leaks(case: Case, text: str, where: str) -> Iterator[str]:
    for path, secret in case.world.secrets.items():
        if secret in text:
            at = text.index(secret)
            yield f"shows the secret of {path} in {where}: {text[max(0, at - 60) : at + 20]!a}"
    if "root:x:0:0" in text:
        yield f"shows /etc/passwd in {where}"


def malformed(command: Command, code: int, data: bytes) -> Iterator[str]:
    """A report on standard output that its readers would refuse."""
    if code not in (0, 1, 2) or "-f" not in command.argv or not data or "-o" in command.argv:
        return
    name = command.argv[command.argv.index("-f") + 1]
    try:
        text = data.decode()
        if name in ("json", "sarif", "gitlab", "rdjson"):
            json.loads(text)
        elif name == "ndjson":
            [json.loads(line) for line in text.split("\n") if line]
        elif name in ("junit", "checkstyle"):
            ElementTree.fromstring(text)
        elif name == "csv":
            if len({len(row) for row in csv.reader(io.StringIO(text), strict=True)}) > 1:
                yield "the rows of the CSV differ in length"
    except (ValueError, csv.Error, ElementTree.ParseError) as error:
        yield f"a malformed {name} report: {error}"


def read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def state_of(room: Path, user: int) -> dict[str, tuple]:
    """What each file of a room is: its kind, mode, owner and content."""
    found: dict[str, tuple] = {}
    folders = [str(room)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    status = entry.stat(follow_symlinks=False)
                    content: object = ""
                    if entry.is_symlink():
                        content = os.readlink(entry.path)
                    elif entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif stat.S_ISREG(status.st_mode):
                        content = hashlib.sha256(Path(entry.path).read_bytes()).digest()
                    found[entry.path] = (stat.S_IFMT(status.st_mode), status.st_mode, status.st_uid, content)
        except OSError:  # deeper than a path can say
            pass
    return found


def judge_room(case: Case) -> Iterator[str]:
    """What is different in the end: outside the repository nothing may be, and no source, program or file of git's."""
    world = case.world
    if (world.room / "ran").exists() or (world.repo / "ran").exists():
        yield "something of the repository was executed"
    after = state_of(world.room, case.user)
    for path in sorted(case.before.keys() | after.keys()):
        if inside(path, world.out, world.tmp):
            continue
        was, now = case.before.get(path), after.get(path)
        if ".complexity-guard-" in path and now:
            yield f"leaves {path}"
        if was == now or path == str(world.repo):
            continue
        is_own = inside(path, world.repo) and not inside(path, world.repo / ".git")
        is_precious = was and (
            path.endswith((".ts", ".js", ".tsx", ".mjs"))
            or (was[1] & 0o111 and was[0] == stat.S_IFREG and not path.endswith("baseline.jsonl"))
            or was[0] != stat.S_IFREG
        )
        if not is_own or (is_precious and was[0] != stat.S_IFDIR):
            yield f"changes {path}"
        elif (
            was and now and (was[1] & ~0o7000, was[2]) != (now[1] & ~0o7000, now[2])
        ):  # what is written anew has no set-id bits
            yield f"changes mode or owner of {path}"
    for path in [*case.written, *(str(path) for path in world.out.glob("*"))]:
        if os.path.isfile(path):
            yield from leaks(case, read(path).decode("utf-8", "replace"), path)
    for path in world.tmp.iterdir():
        yield f"leaves {path}"


@dataclass
class Answer:
    """What became of a case."""

    number: int
    told: str  # what was done to the repository
    failures: list[str]
    details: str
    codes: list[int | None]  # of its command lines


# ── Batches ──────────────────────────────────────────────────────────────────────────────────────────────────────────

PREFIXES = sorted({os.path.realpath(path) for path in (sys.prefix, sys.base_prefix)} | {sys.prefix, sys.base_prefix})


def blocked(path: str) -> str:
    """The outermost folder on the way that others may not enter; "" where there is none."""
    for folder in reversed([path, *map(str, Path(path).parents)]):
        if not os.stat(folder).st_mode & 0o001:
            return folder
    return ""


def namespace_script(stage: Path) -> str:
    """Commands that let the other user reach the interpreter and the module where they lie in somebody's home."""
    lines, walls = ["set -e"], set()
    for number, path in enumerate(sorted({str(ROOT), *PREFIXES})):
        wall = blocked(path)
        if wall:
            walls.add(wall)
            place = stage / f"bind{number}"
            place.mkdir()
            lines.insert(1, f"mount --bind {shlex.quote(path)} {shlex.quote(str(place))}")
            lines.append(f"mkdir -p {shlex.quote(path)}; mount --move {shlex.quote(str(place))} {shlex.quote(path)}")
    binds = [line for line in lines[1:] if line.startswith("mount")]
    moves = [line for line in lines[1:] if line.startswith("mkdir")]
    hides = [f"mount -t tmpfs -o mode=755 none {shlex.quote(wall)}" for wall in sorted(walls)]
    return "\n".join([lines[0], *binds, *hides, *moves, 'exec "$@"'])


def make_case(seed: int, number: int, place: Path, templates: Path) -> Case:
    import hostile_repositories

    dice = random.Random(f"{seed}:{number}")
    user = dice.choice(USERS)
    world = hostile_repositories.build(dice, place / f"{number}", templates)
    case = Case(seed, number, user, world, commands_of(world, user))
    subprocess.run(["chown", "-hR", f"{user}:{user}", str(world.room)], check=True)
    for path in world.strangers:
        if os.path.lexists(path):
            os.lchown(path, hostile_repositories.STRANGER, hostile_repositories.STRANGER)
    case.before = state_of(world.room, user)
    return case


def run_batch(job: tuple[int, list[int], str, str, bool]) -> list[Answer]:
    """What became of each case of a batch."""
    seed, numbers, place_name, templates, keep = job
    place = Path(place_name) / f"batch-{numbers[0]}"
    place.mkdir(mode=0o755)
    by_user: dict[int, list[Case]] = {}
    for number in numbers:
        case = make_case(seed, number, place, Path(templates))
        by_user.setdefault(case.user, []).append(case)
    answers = []
    for user, cases in by_user.items():
        answers += run_cases(user, cases, place)
    if not keep:
        subprocess.run(["rm", "-rf", str(place)], check=True)
    return answers


def run_cases(user: int, cases: list[Case], place: Path) -> list[Answer]:
    scratch = place / f"run-{user}"
    scratch.mkdir()
    commands = [(case, command) for case in cases for command in case.commands]
    for number, (_, command) in enumerate(commands):
        command.number, command.stdout, command.stderr = number, f"{scratch}/{number}.out", f"{scratch}/{number}.err"
    plan, trace = scratch / "plan", scratch / "trace"
    plan.write_text(json.dumps([vars(command) for _, command in commands]))
    os.chown(scratch, user, user)
    environment = {
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": os.environ.get("HOSTILE_MODULE", str(ROOT)),  # a test puts another module in its place
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    stage = scratch / "stage"
    stage.mkdir()
    watch = [
        "strace",
        "-f",
        "-y",
        "-qq",
        "--seccomp-bpf",
        "--decode-pids=comm",
        "-s",
        "8192",
        "-e",
        "signal=none",
        "-e",
        f"trace={CALLS}",
        "-o",
        str(trace),
    ]
    become = [
        "setpriv",
        f"--reuid={user}",
        f"--regid={user}",
        "--clear-groups",
        "--no-new-privs",
        "--bounding-set=-all",
        "--inh-caps=-all",
    ]
    run = [sys.executable, str(Path(__file__).resolve()), "--run", str(plan)]
    whole = ["unshare", "-m", "-n", "sh", "-c", namespace_script(stage), "sh", *watch, *become, *run]
    done = subprocess.run(whole, env=environment, capture_output=True, check=False, cwd="/")
    results = Path(f"{plan}.results")
    if not results.exists():
        raise RuntimeError(f"the runner failed: {done.stderr.decode(errors='replace')[-2000:]}")
    for number, event in events_of(trace):
        if 0 <= number < len(commands):
            case, command = commands[number]
            wrong = judge_event(case, command, event)
            if wrong:
                case.failures.append(f"{shown(command)}: {wrong}")
    for (case, command), (code, seconds) in zip(commands, json.loads(results.read_text()), strict=True):
        case.codes.append(code)
        case.failures += [f"{shown(command)}: {wrong}" for wrong in judge_output(case, command, code, seconds)]
    for case in cases:
        case.failures += judge_room(case)
    return [answer_of(case) for case in cases]


def answer_of(case: Case) -> Answer:
    told = "; ".join(filter(None, case.world.told))
    return Answer(case.number, told, list(dict.fromkeys(case.failures)), details(case), case.codes)


def shown(command: Command) -> str:
    start = " ".join(command.start or ["complexity-guard"])
    return f"[{os.path.basename(command.cwd)}] {start} {shlex.join(command.argv)!a}"[:300]


def details(case: Case) -> str:
    lines = [
        f"git: {case.world.git_state}; user {case.user}; PATH {[command.env['PATH'] for command in case.commands]}"
    ]
    for command in case.commands:
        lines += [
            f"  {shown(command)}",
            *(f"    {line!a}"[:300] for line in read(command.stderr).decode(errors="replace").splitlines()[:4]),
        ]
    return "\n".join(lines)


def missing() -> str:
    """What this machine lacks for it; "" where nothing."""
    if not sys.platform.startswith("linux") or os.getuid():
        return "it needs Linux and root, to become another user"
    lacking = [name for name in ("strace", "setpriv", "unshare", "git") if not shutil.which(name)]
    if lacking:
        return f"there is no {', '.join(lacking)}"
    probe = ["unshare", "-m", "-n", "strace", "-f", "--seccomp-bpf", "--decode-pids=comm", "-o", os.devnull, "true"]
    done = subprocess.run(probe, capture_output=True, check=False)
    return (
        f"no namespaces, or no tracing: {done.stderr.decode(errors='replace').strip()[:200]}" if done.returncode else ""
    )


def hunt(seed: int, numbers: list[int], workers: int = 2, keep: bool = False, report=print) -> list[Answer]:
    """The cases that failed."""
    import hostile_repositories

    place = Path(tempfile.mkdtemp(prefix="hostile-"))
    place.chmod(0o755)
    failed = []
    try:
        (place / "templates").mkdir()
        hostile_repositories.make_templates(place / "templates")
        batches = [numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH)]
        jobs = [(seed, batch, str(place), str(place / "templates"), keep) for batch in batches]
        with multiprocessing.Pool(min(workers, len(jobs))) as pool:
            for answers in pool.imap_unordered(run_batch, jobs):
                failed += [answer for answer in answers if answer.failures]
                report(answers)
    finally:
        if keep:
            print(f"kept: {place}")
        else:
            subprocess.run(["rm", "-rf", str(place)], check=True)
    return failed


def kind_of(failure: str) -> str:
    """The failure without what is different in each case, to count by."""
    words = failure.partition(": ")[2] if failure.startswith("[") else failure
    words = re.sub(r"\S*/(?:batch|run)-\d+/(?:\d+/)?|\d{3,}|\.complexity-guard-\w+", "…", words)
    return words[:110]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--case", type=int, help="only this one, and all about it")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="leave the folders where they are")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run_plan(options.run)
        return 0
    lacks = missing()
    if lacks:
        print(f"hostile: {lacks}", file=sys.stderr)
        return 3
    numbers = list(range(options.cases)) if options.case is None else [options.case]
    started, kinds, codes = time.monotonic(), Counter(), Counter()

    def report(answers: list[Answer]) -> None:
        for one in answers:
            codes.update(one.codes)
            kinds.update({kind_of(failure) for failure in one.failures})
            if one.failures or options.case is not None:
                print(f"--seed {options.seed} --case {one.number}: {one.told!a}"[:700])
                print("".join(f"    {failure}\n" for failure in one.failures[:6]), end="", flush=True)
            if options.case is not None:
                print(one.details)

    failed = hunt(options.seed, numbers, options.workers, options.keep, report)
    for kind, count in kinds.most_common():
        print(f"{count:6} {kind}")
    seconds = time.monotonic() - started
    print(f"exit codes: {', '.join(f'{code}: {count}' for code, count in sorted(codes.items(), key=str))}")
    print(
        f"seed {options.seed}: {len(numbers)} repositories, {6 * len(numbers)} command lines, {len(failed)} with failures, {seconds:.0f} s"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
