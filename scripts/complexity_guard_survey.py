"""ComplexityGuard over many repositories: a manifest in, a row for each function, file and repository out.

`complexity_guard.survey` leads here, and scripts/survey.py is its command line. It is for programs in Python: no binary
holds it. It uses what `__all__` of complexity_guard.py names and nothing else.

    1  Words      limits, tables and their columns, what can go wrong
    2  Manifest   which repositories, at which revisions
    3  Addresses  what git may be asked for, and what is read as it lies
    4  Clone      one revision, shallow, by a git that runs nothing and asks nobody
    5  Rows       reports as rows, and rows as lines
    6  Child      one repository, in a process of its own that ends with whoever started it
    7  Places     folders for clones, which are removed whatever becomes of their makers
    8  Work       one repository as a task: a function of small records, for any engine
    9  Executors  tasks through whatever runs them, and what becomes of those that are lost
    10 Parts      what is kept, and goes on where it stopped
    11 Survey     the whole

The way of the data: manifest -> Task -> (anywhere) place -> child: clone -> analyze() -> lines -> Result -> part.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor
from itertools import accumulate, chain, islice
from typing import Any, NamedTuple
from urllib.parse import quote

from complexity_guard import (
    FileReport,
    FunctionReport,
    Incomplete,
    UsageError,
    __version__,
    analyze,
    csv_row,
    printable,
    scanner_words,
    without_halves,
)

# ---------------------------------------------------------------------------------------
# 1  Words: limits, tables and their columns, what can go wrong
# gives: *
# ---------------------------------------------------------------------------------------

Path = str | os.PathLike[str]
FORMATS = ("ndjson", "csv", "ndjson.gz", "csv.gz")

# What every row begins with. `run` says by what it was made: two rows of one run are comparable.
_HEAD = {"run": "string", "repository": "string", "revision": "string", "tag": "string", "commit": "string"}
TABLES: dict[str, dict[str, str]] = {
    "repositories": _HEAD | {
        "committed": "bigint", "status": "string", "error": "string", "files": "bigint", "functions": "bigint",
        "warnings": "bigint", "errors": "bigint", "health_score": "double", "health_lines": "bigint", "lost": "double",
        "test_files": "bigint", "generated_files": "bigint", "failed_files": "bigint",
    },
    "files": _HEAD | {
        "path": "string", "code": "string", "status": "string", "error": "string", "file_length": "bigint",
        "export_count": "bigint", "functions": "bigint", "health_score": "double", "health_lines": "bigint",
        "lost": "double", "syntax_errors": "bigint", "findings": "string",
    },
    "functions": _HEAD | {
        "path": "string", "code": "string", "name": "string", "place": "bigint", "kind": "string",
        "start_line": "bigint", "end_line": "bigint", "cyclomatic": "bigint", "cognitive": "bigint",
        "line_count": "bigint", "params_count": "bigint", "nesting_depth": "bigint", "halstead_volume": "double",
        "halstead_effort": "double", "health_score": "double", "health_lines": "bigint", "lost": "double",
        "status": "string", "findings": "string",
    },
}  # fmt: skip
OK, EMPTY, FAILED = "ok", "empty", "failed"  # what becomes of a repository

Row = dict[str, Any]


class Limits(NamedTuple):
    """What one repository may take. What is past it is a row that says so."""

    bytes: int = 1 << 30  # of what git fetches, of the sources that it writes, and of the rows
    files: int = 100_000  # of the sources
    seconds: float = 600  # for all of it
    memory: int = 4 << 30  # of each process


class Wishes(NamedTuple):
    """All that a caller may choose. The second half changes no row."""

    config: str = ""  # the text of a configuration
    format: str = "ndjson"
    part: int = 64  # repositories in a part
    limits: Limits = Limits()
    scratch: str = ""  # where clones are made, on the machine that makes them
    git_config: str = ""  # a file of git's settings: credentials, other addresses
    in_flight: int = 64  # tasks that an executor has at a time
    say: Callable[[str], None] | None = None  # is told what was done


class Task(NamedTuple):
    """One repository of a manifest, and all that a worker has to know of it. Plain values: it travels."""

    index: int
    repository: str
    revision: str
    tag: str
    folder: str  # that a relative path begins at
    run: str
    program: str  # what scans has a part in the numbers
    wishes: Wishes  # without what only the caller needs


class Result(NamedTuple):
    """What became of a task: the lines of its rows by TABLES, packed where the format is."""

    index: int
    status: str
    counts: tuple[int, ...]
    lines: tuple[bytes, ...]
    cost: dict[str, float]  # seconds and bytes; no part of any row


class Refused(Exception):
    """Why there are no rows of a repository, in words for its row."""


class Stopped(Exception):
    """The executor is of no use any more. All that was done is kept; the same call goes on from there."""


TOO_MANY_BYTES = "more than {} bytes"
TOO_SLOW = "it took more than {:g} s"


def program_words() -> str:
    return f"{__version__}, {scanner_words()}"


def bytes_of(folder: str) -> int:
    """Of all files in there, while others write them."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_size
            except OSError:
                pass
    return total


def one_line(text: str) -> str:
    """What others say, as words of a row."""
    return printable(" ".join(text.split()))[:300]


# ---------------------------------------------------------------------------------------
# 2  Manifest: which repositories, at which revisions
# gives: Listed, Manifest
# uses: Words
# ---------------------------------------------------------------------------------------

_KEYS = ("repository", "revision", "tag")
_LONGEST_LINE = 1 << 16
_LONGEST_VALUE = 4096


class Listed(NamedTuple):
    """A row of a manifest."""

    repository: str  # a folder, or an address that git understands
    revision: str = ""
    tag: str = ""  # whatever rows are to be told apart by: a team, a language


class Manifest:
    """A file of NDJSON, or of CSV with a header, or rows that a program has. UsageError where it cannot be read."""

    def __init__(self, source: Path | Iterable[Mapping[str, Any]]) -> None:
        self.name, self.folder, self.given = "manifest", os.getcwd(), None
        if isinstance(source, (str, os.PathLike)):
            self.name = os.fspath(source)
            self.folder = os.path.dirname(os.path.abspath(self.name))
        else:
            self.given = [_listed(row, f"{self.name}, row {number}") for number, row in enumerate(source, 1)]

    def rows(self) -> Iterator[Listed]:
        """One after the other: ten million rows are not held."""
        if self.given is not None:
            return iter(self.given)
        lines = _lines_of(self.name)
        return _csv_rows(lines, self.name) if self.name.lower().endswith(".csv") else _json_rows(lines, self.name)

    def digest(self) -> tuple[str, int]:
        """Of all rows, and how many there are; every row is looked at, before anything is done."""
        found, count = hashlib.blake2b(digest_size=16), 0
        for row in self.rows():
            found.update(json.dumps(row).encode())
            count += 1
        if not count:
            raise UsageError(f"{self.name}: a manifest without rows")
        return found.hexdigest(), count


def _lines_of(path: str) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their numbers."""
    try:
        with open(path, "rb") as file:
            number = 0
            while line := file.readline(_LONGEST_LINE + 1):
                number += 1
                if len(line) > _LONGEST_LINE:
                    raise UsageError(f"{path}:{number}: a line of more than {_LONGEST_LINE} bytes")
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
                if text:
                    yield number, text
    except OSError as error:
        raise UsageError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}:{number}: not UTF-8") from None


def _json_rows(lines: Iterable[tuple[int, str]], name: str) -> Iterator[Listed]:
    for number, line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise UsageError(f"{name}:{number}: not a line of JSON") from None
        yield _listed(row, f"{name}:{number}")


def _csv_rows(lines: Iterable[tuple[int, str]], name: str) -> Iterator[Listed]:
    """A row is a line: no value holds a line break."""
    header: list[str] = []
    for number, line in lines:
        try:
            (values,) = csv.reader([line], strict=True)
        except (csv.Error, ValueError):
            raise UsageError(f"{name}:{number}: not a line of CSV") from None
        if not header:
            header = [value.strip() for value in values]
            continue
        if len(values) != len(header):
            raise UsageError(f"{name}:{number}: {len(values)} values for the {len(header)} columns of the header")
        yield _listed(dict(zip(header, values)), f"{name}:{number}")


def _listed(row: Any, place: str) -> Listed:
    """A row that can be worked on, whatever comes of that."""
    if not isinstance(row, Mapping):
        raise UsageError(f"{place}: a row is an object with {', '.join(_KEYS)}")
    for key in row:
        if key not in _KEYS:
            raise UsageError(f"{place}: a row has {', '.join(_KEYS)}, and not {one_line(str(key))}")
    values = [_text_in(row, key, place) for key in _KEYS]
    if not values[0]:
        raise UsageError(f"{place}: no repository")
    return Listed(*values)


def _text_in(row: Mapping[str, Any], key: str, place: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _LONGEST_VALUE or not value.isprintable():
        raise UsageError(f"{place}: {key} is no text of at most {_LONGEST_VALUE} letters, all of them printable")
    return value


# ---------------------------------------------------------------------------------------
# 3  Addresses: what git may be asked for, and what is read as it lies
# gives: PROTOCOLS, Source, shown_address, source_of
# uses: Words
# ---------------------------------------------------------------------------------------

PROTOCOLS = ("https", "ssh", "file")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:([^/@]*)@)?(.*)", re.DOTALL)
_SSH = re.compile(r"[A-Za-z0-9_][\w.-]*@[A-Za-z0-9][\w.-]*:(?!/?-)[^:]*")  # user@host:path
_HELPER = re.compile(r"[A-Za-z0-9][\w.-]*::")  # ext::sh -c …
_REVISION = re.compile(r"\w[\w./+@#=,-]*")


class Source(NamedTuple):
    """Where a repository is: what git is to fetch, or a folder that is read as it lies."""

    address: str
    folder: str


def shown_address(repository: str) -> str:
    """As rows name it: a password in an address is nobody's business."""
    found = _URL.fullmatch(repository)
    if found and ":" in (found[2] or ""):
        return f"{found[1]}://***@{found[3]}"
    return repository


def source_of(task: Task) -> Source:
    """Refused where git is not to be asked for that."""
    _check_revision(task.revision)
    repository = task.repository
    if _HELPER.match(repository):
        raise Refused("a remote helper is no address")
    if found := _URL.fullmatch(repository):
        _check_url(found)
        return Source(repository, "")
    if _SSH.fullmatch(repository):
        return Source(repository, "")
    folder = os.path.abspath(os.path.join(task.folder, repository))
    if not os.path.isdir(folder):
        raise Refused("there is no such folder")
    return Source(f"file://{quote(folder)}", "") if task.revision else Source("", folder)


def _check_revision(revision: str) -> None:
    is_name = not revision or _REVISION.fullmatch(revision)
    if not is_name or ".." in revision or "@{" in revision:
        raise Refused("this revision is no name of a branch, a tag or a commit")


def _check_url(found: re.Match[str]) -> None:
    protocol, user, rest = found.groups()
    if protocol.lower() not in PROTOCOLS:
        raise Refused(f"the protocol of an address is {', '.join(PROTOCOLS[:-1])} or {PROTOCOLS[-1]}")
    if user and ":" in user:
        raise Refused("a password in the address: git's own settings have a place for it (git_config)")
    if protocol.lower() != "file" and not re.match(r"[A-Za-z0-9\[]", rest):
        raise Refused("an address without a host")
    if user and not re.match(r"\w", user):
        raise Refused("no name of a user begins like that")


# ---------------------------------------------------------------------------------------
# 4  Clone: one revision, shallow, by a git that runs nothing and asks nobody
# gives: Clone
# uses: Words, Addresses
# ---------------------------------------------------------------------------------------

# What a clone writes to disk: sources, and what says which of them count. Nothing else of a repository is unpacked, no
# link, no submodule, and no configuration of ours: one configuration measures all repositories.
_SOURCES = ("ts", "mts", "cts", "tsx", "js", "jsx", "mjs", "cjs", "vue", "svelte", "astro", "html", "htm")
_SOURCE = re.compile(rb"(?i).*\.(?:" + "|".join(_SOURCES).encode() + rb")", re.DOTALL)
_BESIDE = (b".gitattributes", b".gitignore")
_REGULAR = (b"100644", b"100755")
_DEEPEST = 100  # folders

# Nothing of the user's settings counts, and a repository that was just made has none. What is there is for the case
# that one of git's versions has a default that starts something.
_OPTIONS = {
    "core.hooksPath": os.devnull, "core.fsmonitor": "false", "core.symlinks": "false", "core.autocrlf": "false",
    "core.askPass": "", "credential.interactive": "false", "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false", "gc.auto": "0", "maintenance.auto": "false", "transfer.bundleURI": "false",
    "fetch.unpackLimit": "1",  # what arrives stays one file, whose size can be seen
    "http.lowSpeedLimit": "1000", "http.lowSpeedTime": "60", "pack.threads": "1", "index.threads": "1",
    "protocol.version": "2",
}  # fmt: skip
_VARIABLES = {
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_ATTR_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "",
    "SSH_ASKPASS": "", "GIT_ALLOW_PROTOCOL": ":".join(PROTOCOLS), "GIT_NO_LAZY_FETCH": "1", "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=30", "LC_ALL": "C",
}  # fmt: skip
_PASSED_ON = (
    "PATH", "SSH_AUTH_SOCK", "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
    "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "SYSTEMROOT",
)  # fmt: skip


class Clone:
    """A revision of a repository, in a folder. Refused says why there is none."""

    def __init__(self, folder: str, settings: str, limits: Limits) -> None:
        self.folder, self.limits = folder, limits
        self.options = [word for key, value in _OPTIONS.items() for word in ("-c", f"{key}={value}")]
        inherited = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        chosen = {
            "GIT_CONFIG_GLOBAL": settings or os.devnull,
            "HOME": "/nonexistent",
            "GIT_CEILING_DIRECTORIES": folder,
        }
        self.environment = inherited | _VARIABLES | chosen
        self.commit, self.committed, self.bytes = "", 0, 0

    def git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """What a command prints; Refused where it fails."""
        command = ["git", "--no-pager", "--literal-pathspecs", *self.options, *arguments]
        here = {"cwd": self.folder, "env": self.environment, "input": stdin}
        try:
            done = subprocess.run(command, capture_output=True, check=False, **here)
        except OSError as error:
            raise Refused(f"git cannot be started: {error.strerror}") from None
        if done.returncode:
            raise Refused(self.words(done))
        return done.stdout

    def words(self, done: subprocess.CompletedProcess[bytes]) -> str:
        """Why git failed: its first line that is an error, without the name of a folder that is gone by then."""
        if bytes_of(os.path.join(self.folder, ".git")) >= self.limits.bytes:  # no file of ours may become larger
            return TOO_MANY_BYTES.format(self.limits.bytes)
        lines = done.stderr.decode("utf-8", "replace").replace(self.folder, "…").splitlines()
        wrong = [line for line in lines if line.startswith(("fatal: ", "error: "))]
        return one_line(f"git: {(wrong or lines or ['it failed'])[0]}")

    def fetch(self, address: str, revision: str) -> None:
        """One commit, without its history."""
        self.git("init", "--quiet", "--template=")
        wanted = revision or "HEAD"
        quietly = ("--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance")
        self.git("fetch", *quietly, "--end-of-options", address, wanted)
        told = self.git("log", "-1", "--no-show-signature", "--format=%H %ct", "FETCH_HEAD", "--")
        commit, _, committed = told.decode("ascii").strip().partition(" ")
        self.commit, self.committed = commit, int(committed)

    def unpack(self) -> int:
        """Writes the sources; how many these are. How large they are is known before the first one is written."""
        names = [name for name, size in self.tree() if self.count(size)]
        sources = sum(1 for name in names if not name.endswith(_BESIDE))
        if sources:
            self.git("read-tree", "FETCH_HEAD")
            self.git("checkout-index", "--quiet", "-z", "--stdin", stdin=b"\0".join([*names, b""]))
        return sources

    def count(self, size: int) -> bool:
        self.bytes += size
        if self.bytes > self.limits.bytes:
            raise Refused(TOO_MANY_BYTES.format(self.limits.bytes))
        return True

    def tree(self) -> Iterator[tuple[bytes, int]]:
        """The files to write, and their sizes."""
        count = 0
        for line in self.git("ls-tree", "-r", "-l", "-z", "FETCH_HEAD").split(b"\0"):
            words, _, name = line.partition(b"\t")
            if not _is_wanted(words[:6], name):
                continue
            count += 1
            if count > self.limits.files:
                raise Refused(f"more than {self.limits.files} files")
            if name.count(b"/") > _DEEPEST:
                raise Refused(f"more than {_DEEPEST} folders in each other")
            yield name, int(words.split()[-1])


def _is_wanted(mode: bytes, name: bytes) -> bool:
    is_beside = name.rpartition(b"/")[2] in _BESIDE
    return mode in _REGULAR and (is_beside or _SOURCE.fullmatch(name) is not None)


# ---------------------------------------------------------------------------------------
# 5  Rows: reports as rows, and rows as lines
# gives: Sheet, head_of, header_of
# uses: Words, Addresses
# ---------------------------------------------------------------------------------------

_PRODUCT = "product"  # the code that sums and health are of; there are "test" and "generated" beside it
_POINT = 1_000_000  # what FunctionReport.lost counts a point of health as, of one line


def head_of(task: Task, commit: str = "") -> Row:
    """What every row of a repository begins with."""
    values = (task.run, shown_address(task.repository), task.revision, task.tag, commit)
    return dict(zip(TABLES["repositories"], values))


class Sheet:
    """The lines of one repository, and its sums."""

    def __init__(self, format: str, head: Row) -> None:
        self.format, self.head = format, head
        self.empty()

    def empty(self) -> None:
        self.rows: dict[str, list[str]] = {name: [] for name in TABLES}
        self.sums: Counter[str] = Counter()

    def add(self, table: str, row: Row) -> None:
        whole = self.head | row
        values = {column: _plain(whole.get(column)) for column in TABLES[table]}
        self.rows[table].append(_line(self.format, values))

    def file(self, report: FileReport) -> None:
        path, places = report.path.removeprefix("./"), Counter()
        for function in report.functions:
            place = places[function.qualified_name]
            places[function.qualified_name] += 1
            self.add("functions", function_row(function) | {"path": path, "code": report.code, "place": place})
        self.add("files", file_row(report) | {"path": path})
        self.sums[report.code] += 1
        if report.code == _PRODUCT:
            self.judge(report)

    def judge(self, report: FileReport) -> None:
        """Adds to the sums over the product's own code, as the program's summary has them."""
        self.sums["functions"] += len(report.functions)
        for unit in report.units:
            self.sums["lost"] += unit.lost
            self.sums["lines"] += unit.health_lines
        for violation in chain(report.violations, *[unit.violations for unit in report.units]):
            self.sums[violation.level] += 1

    def failed_file(self, path: str, reason: str) -> None:
        self.sums["failed"] += 1
        self.add("files", {"path": path.removeprefix("./"), "status": FAILED, "error": one_line(reason)})

    def close(self, status: str, error: str | None = None, committed: int | None = None) -> None:
        """The row of the repository, which stands for all others where there are none."""
        sums, lines = self.sums, self.sums["lines"]
        row = {"committed": committed, "status": status, "error": error}
        if status != FAILED:
            row |= {
                "files": sums[_PRODUCT], "functions": sums["functions"], "warnings": sums["warning"],
                "errors": sums["error"], "test_files": sums["test"], "generated_files": sums["generated"],
                "failed_files": sums["failed"], "health_lines": lines, "lost": sums["lost"] / _POINT,
                "health_score": round(100 - sums["lost"] / lines / _POINT, 2) if lines else 100.0,
            }  # fmt: skip
        self.add("repositories", row)

    def result(self, index: int, status: str, cost: dict[str, float]) -> Result:
        counts, blobs = [], []
        for lines in self.rows.values():
            counts.append(len(lines))
            data = "".join(lines).encode()
            blobs.append(packed(data) if data and self.format.endswith(".gz") else data)
        return Result(index, status, tuple(counts), tuple(blobs), cost)


def function_row(function: FunctionReport) -> Row:
    halstead = function.halstead
    return {
        "name": function.qualified_name, "kind": function.kind, "start_line": function.start_line,
        "end_line": function.end_line, "cyclomatic": function.cyclomatic, "cognitive": function.cognitive,
        "line_count": function.line_count, "params_count": function.params_count,
        "nesting_depth": function.nesting_depth, "halstead_volume": halstead and halstead.volume,
        "halstead_effort": halstead and halstead.effort, "health_score": function.health_score,
        "health_lines": function.health_lines, "lost": function.lost / _POINT, "status": function.status,
        "findings": _metrics(function.violations),
    }  # fmt: skip


def file_row(report: FileReport) -> Row:
    return {
        "code": report.code, "status": report.status, "file_length": report.file_length,
        "export_count": report.export_count, "functions": len(report.functions), "health_score": report.health_score,
        "health_lines": sum(unit.health_lines for unit in report.units),
        "lost": sum(unit.lost for unit in report.units) / _POINT,
        "syntax_errors": len(report.syntax_errors), "findings": _metrics(report.violations),
    }  # fmt: skip


def _metrics(violations: Iterable[Any]) -> str:
    return ",".join(violation.metric for violation in violations)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    return without_halves(value) if isinstance(value, str) else value


def _line(format: str, values: Row) -> str:
    if format.startswith("csv"):
        return csv_row(values.values())
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def header_of(format: str, table: str) -> bytes:
    """What a file begins with, before the rows of any repository. A file of gzip is never empty."""
    line = csv_row(TABLES[table]).encode() if format.startswith("csv") else b""
    return packed(line) if format.endswith(".gz") else line


def packed(data: bytes) -> bytes:
    """Files of gzip may stand one behind the other in one, so what each worker packs is only put together."""
    return gzip.compress(data, 6, mtime=0)


# ---------------------------------------------------------------------------------------
# 6  Child: one repository, in a process of its own that ends with whoever started it
# gives: CONFIG, COST, EMPTY_WORDS, TREE, UNFIT, child, child_command, child_input, table_file
# uses: Words, Addresses, Clone, Rows
# ---------------------------------------------------------------------------------------

TREE, CONFIG, COST = "tree", "config.json", "cost.json"  # in its place
UNFIT = 78  # exit code of a process that cannot do such work here
EMPTY_WORDS = "no TypeScript or JavaScript file to analyse"
# The working folder is a stranger's: no module is taken from it.
_HOMES = ("complexity_guard", __name__)  # beside each other, but in a checkout
_START = "import sys; sys.path[:0] = sys.argv[1:]; import complexity_guard_survey as survey; survey.child()"


def child_command() -> list[str]:
    homes = [os.path.dirname(os.path.abspath(sys.modules[name].__file__)) for name in _HOMES]
    return [sys.executable, "-P", "-c", _START, *homes]


def child_input(task: Task) -> bytes:
    return json.dumps(task).encode() + b"\n"


def table_file(place: str, table: str) -> str:
    return os.path.join(place, f"{table}.rows")


def child() -> None:
    """The work of one repository, in the place that is the working folder. Its files are the answer."""
    place = os.getcwd()
    task = _task_of(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, args=(place,), daemon=True).start()
    _check_fitness(task.program)
    _bound(task.wishes.limits)
    result = Job(task, place).result()
    for table, lines in zip(TABLES, result.lines):
        with open(table_file(place, table), "wb") as file:
            file.write(lines)
    with open(os.path.join(place, COST), "w", encoding="utf-8") as file:
        json.dump([result.status, result.counts, result.cost], file)
    os._exit(0)


def _check_fitness(program: str) -> None:
    """A worker with other numbers, or with none, is no fault of any repository."""
    ours = program_words()
    if ours != program:
        os.write(2, f"a worker is not like the caller: {ours}; the caller has {program}\n".encode())
        os._exit(UNFIT)


def _task_of(line: bytes) -> Task:
    *values, wishes = json.loads(line)
    chosen = Wishes(*wishes)
    return Task(*values, chosen._replace(limits=Limits(*chosen.limits)))


def _end_with_parent(place: str) -> None:
    """Whoever started us holds the other end of this pipe, and lets go of it at the latest when it dies."""
    os.read(0, 1)
    shutil.rmtree(place, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _bound(limits: Limits) -> None:
    """Of this process and those that it starts. The caller watches, too; this holds where it looks away."""
    import resource

    wanted = {"RLIMIT_FSIZE": limits.bytes, "RLIMIT_AS": limits.memory, "RLIMIT_CPU": int(limits.seconds) + 60}
    for name, value in {**wanted, "RLIMIT_CORE": 0}.items():
        most = resource.getrlimit(getattr(resource, name))[1]
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        try:
            resource.setrlimit(getattr(resource, name), (value, most))
        except (OSError, ValueError):
            pass  # a system without such a limit


class Job:
    """One repository, from its address to its rows. What goes wrong is a row."""

    def __init__(self, task: Task, place: str) -> None:
        self.task, self.place = task, place
        self.sheet = Sheet(task.wishes.format, head_of(task))
        self.committed: int | None = None
        self.cost: dict[str, float] = {}

    def result(self) -> Result:
        started = time.monotonic()
        status, error = self.done()
        self.sheet.close(status, error, self.committed)
        self.cost["all_s"] = round(time.monotonic() - started, 3)
        return self.sheet.result(self.task.index, status, self.cost)

    def done(self) -> tuple[str, str | None]:
        """What becomes of it, and why where that is nothing."""
        try:
            source = source_of(self.task)
            if source.address and not self.cloned(source.address):
                return EMPTY, None
            return self.analysed(source.folder or os.path.join(self.place, TREE)), None
        except Refused as why:
            return FAILED, str(why)
        except MemoryError:
            self.sheet.empty()
            return FAILED, f"more than {self.task.wishes.limits.memory} bytes of memory"

    def cloned(self, address: str) -> int:
        """How many sources there are, which lie in the place then."""
        started = time.monotonic()
        folder = os.path.join(self.place, TREE)
        os.mkdir(folder)
        clone = Clone(folder, self.task.wishes.git_config, self.task.wishes.limits)
        clone.fetch(address, self.task.revision)
        self.sheet.head["commit"] = clone.commit
        self.committed = clone.committed
        count = clone.unpack()
        seconds = round(time.monotonic() - started, 3)
        self.cost |= {"fetched": bytes_of(os.path.join(folder, ".git")), "sources": clone.bytes, "clone_s": seconds}
        return count

    def analysed(self, folder: str) -> str:
        """By the one configuration of the survey, in this process."""
        os.chdir(folder)
        reports: list[FileReport] = []
        incomplete: tuple[Any, ...] = ()
        try:
            config = os.path.join(self.place, CONFIG)
            reports.extend(analyze(["."], threads=1, executor="serial", config=config))
        except Incomplete as error:
            incomplete = error.skipped
        except UsageError as error:
            if EMPTY_WORDS not in str(error):
                raise Refused(one_line(str(error))) from None
            return EMPTY
        for report in sorted(reports, key=lambda report: report.path):
            self.sheet.file(report)
        for path, reason in incomplete:
            self.sheet.failed_file(path, reason)
        return OK


# ---------------------------------------------------------------------------------------
# 7  Places: folders for clones, which are removed whatever becomes of their makers
# gives: Place, locked
# uses: Words
# ---------------------------------------------------------------------------------------


class Place:
    """A folder of ours, and a file beside it that is locked for as long as we live. Who finds one that nobody holds
    removes both."""

    swept: set[str] = set()  # where this process has looked already

    def __init__(self, scratch: str) -> None:
        self.scratch = scratch or os.path.join(tempfile.gettempdir(), f"complexity-guard-survey-{os.getuid()}")
        os.makedirs(self.scratch, mode=0o700, exist_ok=True)
        if not scratch and os.stat(self.scratch).st_uid != os.getuid():
            raise Stopped(f"{self.scratch} belongs to somebody else")
        if self.scratch not in self.swept:
            self.swept.add(self.scratch)
            self.sweep()

    def __enter__(self) -> str:
        while True:
            descriptor, self.lock = tempfile.mkstemp(".lock", "", self.scratch)
            self.held = descriptor
            if locked(descriptor) and os.path.exists(self.lock):  # else it was swept before it was locked
                break
            os.close(descriptor)
        self.folder = self.lock.removesuffix(".lock")
        os.mkdir(self.folder, 0o700)
        return self.folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        os.unlink(self.lock)
        os.close(self.held)

    def sweep(self) -> None:
        """Removes what others left who were killed."""
        for name in os.listdir(self.scratch):
            path = os.path.join(self.scratch, name)
            if not name.endswith(".lock"):
                continue
            try:
                descriptor = os.open(path, os.O_RDWR)
            except OSError:
                continue
            if locked(descriptor):
                shutil.rmtree(path.removesuffix(".lock"), ignore_errors=True)
                if os.path.exists(path):
                    os.unlink(path)
            os.close(descriptor)


def locked(descriptor: int) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# ---------------------------------------------------------------------------------------
# 8  Work: one repository as a task: a function of small records, for any engine
# gives: about_rows, digest_of, failed, rows_of, schema, surveyed, task_of
# uses: Words, Manifest, Rows, Child, Places
# ---------------------------------------------------------------------------------------

_LOOK = 0.2  # seconds between two looks at how much there is


def surveyed(task: Task) -> Result:
    """What becomes of one repository. This is what travels to workers, wherever they are."""
    with Place(task.wishes.scratch) as place:
        with open(os.path.join(place, CONFIG), "w", encoding="utf-8") as file:
            file.write(task.wishes.config or "{}")
        reason = _run(task, place)
        return failed(task, reason) if reason else _collected(task, place)


def failed(task: Task, reason: str) -> Result:
    """A repository of which all there is to say is why."""
    sheet = Sheet(task.wishes.format, head_of(task))
    sheet.close(FAILED, one_line(reason))
    return sheet.result(task.index, FAILED, {})


def _run(task: Task, place: str) -> str:
    """Has a child do the work, and ends it where it takes too much; why there is no answer, or ""."""
    with open(os.path.join(place, "said"), "wb") as said:
        process = subprocess.Popen(
            child_command(), cwd=place, stdin=subprocess.PIPE, stdout=said, stderr=said, start_new_session=True
        )
    try:
        process.stdin.write(child_input(task))
        process.stdin.flush()
        reason = _watched(process, place, task.wishes.limits)
    except BrokenPipeError:
        reason = ""
    finally:
        _end(process)
    if not reason and process.returncode:
        reason = _last_words(process.returncode, os.path.join(place, "said"))
    if process.returncode == UNFIT:
        raise Stopped(reason)
    return reason


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all that it started. What came to its end by itself has waited for that, and its number may be another's."""
    if process.returncode != 0:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
    process.wait()
    process.stdin.close()


def _watched(process: subprocess.Popen[bytes], place: str, limits: Limits) -> str:
    """Waits, and looks; why it is to be ended, or ""."""
    deadline = time.monotonic() + limits.seconds
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            return TOO_SLOW.format(limits.seconds)
        try:
            process.wait(min(_LOOK, left))
            return ""
        except subprocess.TimeoutExpired:
            if bytes_of(os.path.join(place, TREE, ".git")) > limits.bytes:
                return TOO_MANY_BYTES.format(limits.bytes)


def _last_words(code: int, path: str) -> str:
    if code < 0:
        return f"the analysis was ended by signal {-code}"
    with open(path, "rb") as file:
        lines = file.read(1 << 16).decode("utf-8", "replace").split("\n")
    words = [line for line in lines if line.strip()]
    said = words[-1] if words else f"exit code {code}"
    return said if code == UNFIT else f"the analysis failed: {said}"


def _collected(task: Task, place: str) -> Result:
    with open(os.path.join(place, COST), encoding="utf-8") as file:
        status, counts, cost = json.load(file)
    blobs = []
    for table in TABLES:
        with open(table_file(place, table), "rb") as file:
            blobs.append(file.read())
    return Result(task.index, status, tuple(counts), tuple(blobs), cost)


def about_rows(wishes: Wishes) -> Row:
    """All that shapes the rows of a repository."""
    config = hashlib.blake2b(wishes.config.encode(), digest_size=16).hexdigest()
    return {"program": program_words(), "config": config, "limits": list(wishes.limits), "columns": schema()}


def digest_of(about: Row) -> str:
    return hashlib.blake2b(json.dumps(about).encode(), digest_size=8).hexdigest()


def task_of(index: int, row: Listed, folder: str, about: Row, wishes: Wishes) -> Task:
    bare = wishes._replace(say=None)
    return Task(index, *row, folder=folder, run=about["run"], program=about["program"], wishes=bare)


def schema() -> str:
    """The columns of rows_of's rows with their types, as Spark reads them."""
    columns = {name: kind for table in TABLES.values() for name, kind in table.items()}
    return ", ".join(f"`{name}` {kind}" for name, kind in {"table": "string", **columns}.items())


def rows_of(row: Mapping[str, Any], wishes: Wishes | None = None, folder: str = "") -> Iterator[Row]:
    """The rows of one row of a manifest, each with the name of its table and all columns of all tables: for engines
    that write tables of their own. Relative paths begin at the folder. `run` stands for all but the manifest."""
    wishes = wishes or Wishes()
    columns = dict.fromkeys(name for table in TABLES.values() for name in table)
    about = about_rows(wishes)
    about["run"] = digest_of(about)
    (listed,) = Manifest([row]).rows()
    task = task_of(0, listed, folder or os.getcwd(), about, wishes._replace(format="ndjson"))
    result = surveyed(task)
    for table, lines in zip(TABLES, result.lines):
        for line in lines.split(b"\n")[:-1]:
            yield {"table": table, **columns, **json.loads(line)}


# ---------------------------------------------------------------------------------------
# 9  Executors: tasks through whatever runs them, and what becomes of those that are lost
# gives: results
# uses: Words, Work
# ---------------------------------------------------------------------------------------

_TRIES = 2
_PATIENCE = 60  # seconds beyond what the slowest task may take, until those that are out are taken for lost

Told = Callable[["Task", Any], None]  # the result, or what was raised in its place
Start = Callable[["Task", Told], None]


def results(executor: Any, tasks: Iterator[Task], wishes: Wishes) -> Iterator[Result]:
    """A result for each task, as they come. None: one after the other, here. Else what has one of WAYS or ROUNDS."""
    if executor is None:
        return map(surveyed, tasks)
    executor = getattr(executor, "sparkContext", executor)
    for name, way in WAYS.items():
        if hasattr(executor, name):
            return Flight(way(executor), wishes).results(tasks)
    for name, run in ROUNDS.items():
        if hasattr(executor, name):
            return _in_rounds(run(executor), tasks, wishes.in_flight)
    raise UsageError(f"an executor has one of {', '.join([*WAYS, *ROUNDS])}, and {type(executor).__name__} has none")


def _of_dask(client: Any) -> Start:
    """By futures of the standard library: its own are one where tasks are equal."""
    return _submitting(client.get_executor(pure=False))


def _submitting(executor: Any) -> Start:
    return lambda task, told: _hear(executor.submit(surveyed, task), task, told)


def _of_ray(ray: Any) -> Start:
    """Tasks of Ray, which starts those again whose worker died."""
    remote = ray.remote(surveyed)
    return lambda task, told: _hear(remote.remote(task).future(), task, told)


def _applying(pool: Any) -> Start:
    def start(task: Task, told: Told) -> None:
        def done(answer: Any) -> None:
            told(task, answer)

        pool.apply_async(surveyed, (task,), callback=done, error_callback=done)

    return start


def _hear(future: Any, task: Task, told: Told) -> None:
    def done(future: Any) -> None:
        wrong = CancelledTask() if future.cancelled() else future.exception()
        told(task, wrong or future.result())

    future.add_done_callback(done)


# What an executor has by which it is known: a client of Dask, the module ray, an Executor, a Pool.
WAYS = {"get_executor": _of_dask, "remote": _of_ray, "submit": _submitting, "apply_async": _applying}


class CancelledTask(Exception):
    """Somebody else cancelled a task."""


class Flight:
    """Tasks on their way, never more than so many. A task whose worker dies is sent once more."""

    def __init__(self, start: Start, wishes: Wishes) -> None:
        self.start, self.most = start, wishes.in_flight
        self.patience = wishes.limits.seconds + _PATIENCE
        self.answers: queue.SimpleQueue[tuple[Task, Any]] = queue.SimpleQueue()
        self.out: dict[int, tuple[Task, int]] = {}  # and which try it is
        self.is_silent = False

    def results(self, tasks: Iterator[Task]) -> Iterator[Result]:
        for task in islice(tasks, self.most):
            self.send(task, 1)
        while self.out:
            for result in self.arrived():
                yield result
                for task in islice(tasks, 1):
                    self.send(task, 1)

    def send(self, task: Task, attempt: int) -> None:
        self.out[task.index] = (task, attempt)
        try:
            self.start(task, lambda task, answer: self.answers.put((task, answer)))
        except (BrokenExecutor, RuntimeError) as error:
            raise Stopped(f"the executor takes no more tasks: {one_line(str(error))}") from None

    def arrived(self) -> list[Result]:
        """What has come next; none where it is sent once more, or came twice."""
        try:
            task, answer = self.answers.get(timeout=self.patience)
        except queue.Empty:
            return self.silent()
        self.is_silent = False
        return self.settled(task, answer)

    def silent(self) -> list[Result]:
        """Nobody answered for longer than the slowest task takes: all are sent again. Twice in a row, it is no fault of
        theirs, unless there is only one."""
        if self.is_silent and len(self.out) > 1:
            raise Stopped(f"no worker has answered for {2 * self.patience:g} s")
        self.is_silent = True
        gone = CancelledTask("its worker is gone")
        return [found for task, _ in list(self.out.values()) for found in self.settled(task, gone)]

    def settled(self, task: Task, answer: Any) -> list[Result]:
        _, attempt = self.out.get(task.index, (task, 0))
        if not attempt:
            return []
        if isinstance(answer, (BrokenExecutor, Stopped)):
            raise Stopped(one_line(str(answer))) from None
        if isinstance(answer, BaseException) and attempt < _TRIES:
            self.send(task, attempt + 1)
            return []
        del self.out[task.index]
        return [failed(task, _words_of(answer)) if isinstance(answer, BaseException) else Result(*answer)]


def _words_of(error: BaseException) -> str:
    return f"its worker failed: {type(error).__name__}: {error}"


def _in_rounds(run: Callable[[list[Task]], Iterable[Result]], tasks: Iterator[Task], size: int) -> Iterator[Result]:
    """Many at a time. Where a round fails, each of its tasks that has no result is a round of its own."""
    while batch := list(islice(tasks, size)):
        left = {task.index: task for task in batch}
        try:
            for result in run(batch):
                del left[result.index]
                yield result
        except Stopped:
            raise
        except Exception:
            pass  # it is tried again
        for task in left.values():
            yield _alone(run, task)


def _alone(run: Callable[[list[Task]], Iterable[Result]], task: Task) -> Result:
    try:
        return next(iter(run([task])))
    except Exception as error:
        if Stopped.__name__ in str(error):
            raise Stopped(one_line(str(error))) from None
        return failed(task, _words_of(error))


# A session or context of Spark, of which each round is a job; and whatever can do no more than map.
ROUNDS = {
    "parallelize": lambda context: lambda batch: context.parallelize(batch, len(batch)).map(surveyed).collect(),
    "imap_unordered": lambda pool: lambda batch: pool.imap_unordered(surveyed, batch),
    "map": lambda executor: lambda batch: executor.map(surveyed, batch),
}


# ---------------------------------------------------------------------------------------
# 10  Parts: what is kept, and goes on where it stopped
# gives: Book
# uses: Words, Rows, Places
# ---------------------------------------------------------------------------------------

_ABOUT, _PARTS, _KEPT, _COSTS, _PART = "survey.json", "parts", "unfinished", "costs.ndjson", "part.json"
_SEAL = 16  # bytes


class Book:
    """The folder of a survey. One result is a file until its part is whole; a part is a folder that is there or not."""

    def __init__(self, folder: str, about: Row) -> None:
        self.folder, self.about = folder, about
        self.size, self.rows = about["part"], about["rows"]
        self.format = about["format"]
        os.makedirs(folder, exist_ok=True)
        self.own()
        self.agree()
        for name in (_PARTS, _KEPT):
            os.makedirs(os.path.join(folder, name), exist_ok=True)
        self.tidy()
        self.waiting = Counter(index // self.size for index in self.kept)

    def own(self) -> None:
        self.lock = open(os.path.join(self.folder, ".lock"), "wb")
        if not locked(self.lock.fileno()):
            raise UsageError(f"{self.folder}: another survey writes there")

    def close(self) -> None:
        self.lock.close()

    def agree(self) -> None:
        """Goes on with what is there, if that is of the same run."""
        path = os.path.join(self.folder, _ABOUT)
        if os.path.lexists(path):
            self.compare(_json_of(path))
            return
        left = [name for name in os.listdir(self.folder) if name != ".lock"]
        if left:
            raise UsageError(f"{self.folder} holds {one_line(left[0])}, which is of no survey; name an empty folder")
        _write(path, json.dumps(self.about, indent=1).encode() + b"\n")

    def compare(self, before: Row) -> None:
        if before.get("run") != self.about["run"]:
            differs = [key for key, value in self.about.items() if key != "run" and before.get(key) != value]
            raise UsageError(
                f"{self.folder} holds another survey, with another {' and '.join(differs)}; name another folder"
            )

    def tidy(self) -> None:
        """Looks at what was kept, and removes what is of no use any more."""
        self.kept: set[int] = set()
        folder = os.path.join(self.folder, _KEPT)
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            if name.isdecimal() and not self.has(int(name) // self.size) and self.load(int(name)):
                self.kept.add(int(name))
            elif os.path.isdir(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)

    def part(self, number: int) -> str:
        return os.path.join(self.folder, _PARTS, f"{number:06}")

    def has(self, number: int) -> bool:
        return os.path.isdir(self.part(number))

    def wants(self, index: int) -> bool:
        return index not in self.kept and not self.has(index // self.size)

    def keep(self, result: Result) -> None:
        """From now on it need not be worked out again; the last one of a part makes the part."""
        _write(self.kept_at(result.index), sealed(result))
        self.note(result)
        number = result.index // self.size
        self.kept.add(result.index)
        self.waiting[number] += 1
        self.finish(number)

    def note(self, result: Result) -> None:
        line = json.dumps({"index": result.index, "status": result.status, **result.cost})
        with open(os.path.join(self.folder, _COSTS), "a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def kept_at(self, index: int) -> str:
        return os.path.join(self.folder, _KEPT, f"{index:09}")

    def load(self, index: int) -> Result | None:
        """A result that was kept; None where the file is damaged."""
        with open(self.kept_at(index), "rb") as file:
            return unsealed(file.read())

    def finish_all(self) -> None:
        """Parts of which all was kept when something ended before they were made."""
        for number in sorted(self.waiting):
            self.finish(number)

    def finish(self, number: int) -> None:
        """Makes a part, once all of it is there."""
        indexes = range(number * self.size, min((number + 1) * self.size, self.rows))
        if self.waiting[number] < len(indexes):
            return
        unfinished = os.path.join(self.folder, _KEPT, f"part-{number}")
        os.makedirs(unfinished, exist_ok=True)
        self.fill(unfinished, indexes)
        os.rename(unfinished, self.part(number))
        del self.waiting[number]
        for index in indexes:
            self.kept.discard(index)
            os.unlink(self.kept_at(index))

    def fill(self, folder: str, indexes: range) -> None:
        """Writes a part: a file for each table, rows in the order of the manifest, and what is in them."""
        tables = [TableFile(folder, table, self.format) for table in TABLES]
        failures = 0
        for index in indexes:
            result = self.load(index)
            failures += result.status == FAILED
            for table, lines, count in zip(tables, result.lines, result.counts):
                table.add(lines, count)
        for table in tables:
            table.close()
        rows = {table.name: table.rows for table in tables}
        sums = {table.name: table.digest.hexdigest() for table in tables}
        about = {"first": indexes[0], "failed": failures, "rows": rows, "sha256": sums}
        _write(os.path.join(folder, _PART), json.dumps(about).encode() + b"\n")

    def conclude(self) -> Row:
        """Adds up the parts; the survey is done. Its digest is that of all rows."""
        digest, sums = hashlib.blake2b(digest_size=16), Counter()
        for number in range(-(-self.rows // self.size)):
            about = _json_of(os.path.join(self.part(number), _PART))
            digest.update(json.dumps(about["sha256"]).encode())
            sums.update(about["rows"])
            sums["failed"] += about["failed"]
        done = {"done": True, "failed": sums.pop("failed"), "written": dict(sums), "digest": digest.hexdigest()}
        _write(os.path.join(self.folder, _ABOUT), json.dumps(self.about | done, indent=1).encode() + b"\n")
        shutil.rmtree(os.path.join(self.folder, _KEPT))
        return done


class TableFile:
    """A file of a part, while it is written."""

    def __init__(self, folder: str, name: str, format: str) -> None:
        self.name, self.rows, self.digest = name, 0, hashlib.sha256()
        self.file = open(os.path.join(folder, f"{name}.{format}"), "wb")
        self.add(header_of(format, name), 0)

    def add(self, lines: bytes, count: int) -> None:
        self.file.write(lines)
        self.digest.update(lines)
        self.rows += count

    def close(self) -> None:
        """Once it is on the disk, and not only on its way there."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()


def sealed(result: Result) -> bytes:
    """A result as bytes, which say themselves whether they are whole."""
    head = [result.index, result.status, result.counts, list(map(len, result.lines))]
    data = b"".join([json.dumps(head).encode(), b"\n", *result.lines])
    return hashlib.blake2b(data, digest_size=_SEAL).digest() + data


def unsealed(blob: bytes) -> Result | None:
    seal, data = blob[:_SEAL], blob[_SEAL:]
    if hashlib.blake2b(data, digest_size=_SEAL).digest() != seal:
        return None
    head, _, rest = data.partition(b"\n")
    index, status, counts, sizes = json.loads(head)
    ends = list(accumulate(sizes))
    lines = [rest[end - size : end] for size, end in zip(sizes, ends)]
    return Result(index, status, tuple(counts), tuple(lines), {})


def _json_of(path: str) -> Row:
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        raise UsageError(f"{path} cannot be read: it is damaged, or of no survey") from None
    return found if isinstance(found, dict) else {}


def _write(path: str, data: bytes) -> None:
    """Whole, or not at all."""
    with open(f"{path}.new", "wb") as file:
        file.write(data)
    os.replace(f"{path}.new", path)


# ---------------------------------------------------------------------------------------
# 11  Survey: the whole
# gives: Surveyed, survey
# uses: Words, Manifest, Child, Work, Executors, Parts
# ---------------------------------------------------------------------------------------


class Surveyed(NamedTuple):
    """What a survey came to."""

    run: str  # by what it was made: manifest, version, configuration, limits
    digest: str  # of all its rows
    repositories: int
    files: int
    functions: int
    failed: int  # repositories without rows but the one that says why


def survey(manifest: Any, folder: Path = "survey", executor: Any = None, **given: Any) -> Surveyed:
    """See complexity_guard.survey."""
    wishes = wishes_of(given)
    listed = Manifest(manifest)
    check_configuration(wishes.config)
    book = Book(os.fspath(folder), about_of(listed, wishes))
    try:
        book.finish_all()
        for result in results(executor, tasks_of(listed, book, wishes), wishes):
            book.keep(result)
            if wishes.say:
                wishes.say(f"{result.index + 1} of {book.rows}: {result.status}")
        done = book.conclude()
    finally:
        book.close()
    rows = [done["written"][table] for table in TABLES]
    return Surveyed(book.about["run"], done["digest"], *rows, done["failed"])


def tasks_of(listed: Manifest, book: Book, wishes: Wishes) -> Iterator[Task]:
    for index, row in enumerate(listed.rows()):
        if book.wants(index):
            yield task_of(index, row, listed.folder, book.about, wishes)


def about_of(listed: Manifest, wishes: Wishes) -> Row:
    """All that shapes the parts, and the digest of it."""
    manifest, rows = listed.digest()
    about = about_rows(wishes) | {"manifest": manifest, "rows": rows, "format": wishes.format, "part": wishes.part}
    return {"run": digest_of(about), **about}


def wishes_of(given: Mapping[str, Any]) -> Wishes:
    """Checked: UsageError."""
    if os.name != "posix":
        raise UsageError("a survey needs POSIX: locks of files, and groups of processes")
    values = {name: value for name, value in given.items() if value is not None}
    known = {*Wishes._fields, *Limits._fields} - {"limits"}
    for name in values.keys() - known:
        raise UsageError(f"a survey knows no {name}; it knows {', '.join(sorted(known))}")
    limits = Limits(**{name: values.pop(name) for name in Limits._fields if name in values})
    if "config" in values:
        values["config"] = _text_of(os.fspath(values["config"]))
    for name in {"scratch", "git_config"} & values.keys():
        values[name] = os.path.abspath(values[name])
    wishes = Wishes(limits=limits, **values)
    check_numbers(wishes)
    return wishes


def check_numbers(wishes: Wishes) -> None:
    if wishes.format not in FORMATS:
        raise UsageError(f"format is one of {', '.join(FORMATS)}, not {wishes.format!r}")
    numbers = {"part": wishes.part, "in_flight": wishes.in_flight, **wishes.limits._asdict()}
    for name, value in numbers.items():
        is_number = isinstance(value, int) or (name == "seconds" and isinstance(value, float))
        if not is_number or isinstance(value, bool) or not value > 0:
            raise UsageError(f"{name} is a number above 0, not {value!r}")


def _text_of(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(1 << 20)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}") from None


def check_configuration(text: str) -> None:
    """It travels to workers alone, so it has to be whole: what it extends must be a preset."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, CONFIG)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text or "{}")
        try:
            list(analyze([folder], config=path))
        except UsageError as error:
            if EMPTY_WORDS not in str(error):
                raise UsageError(str(error).replace(path, "the configuration of the survey")) from None
