#!/usr/bin/env python3
"""ComplexityGuard: complexity of TypeScript and JavaScript, function by function.

This one module is the whole program. Its sections are rooms with doors: each banner says what a section gives to
others and which ones it uses, and a test holds them to it (make house).

    1  Start-up         what makes a run on one small file quick
    2  Words            the vocabulary, exit codes, levels, errors
    3  Ground           text, bytes, paths, files, streams, signals
    4  Values           what the stages hand to each other: frozen, slotted
    5  Language         TypeScript's syntax: events, roles of nodes and tokens, what each costs
    6  Catalogue        every metric, with its limits and its words
    7  Program          from the command line to the exit code
    8  Arguments        the command line as a value
    9  JSONC            JSON with comments and trailing commas, each value with its line
    10 Configuration    files, flags, environment and defaults make the settings
    11 Rules            what the code of a file is, and which analysis applies to it
    12 Globs            globs and ignore rules as git reads them
    13 Discovery        which files, in which order
    14 Plan             how many workers, which chunks, and why
    15 Pool             multiprocessing.Pool, walled in: its workers may die
    16 Engine           executors: files through workers, and what becomes of a file whose worker dies
    17 One file         read, scan, measure, judge, compare, render
    18 Markup           the scripts in components and pages
    19 Scan             source to flat arrays: the kernel, and the same in Python
    20 Functions        what functions are called, and which only wrap others
    21 Metrics          the rules, over events
    22 Imports          which other files a file names, and what it takes from them
    23 Judgement        thresholds and health
    24 Exemptions       suppression by comments, exemptions by name
    25 Comparison       a file's findings against a baseline or its older version
    26 Baseline         the baseline's file
    27 Git              what a repository tracks, and its versions, which git's plumbing tells
    28 Changes          what git, or a diff, says was touched
    29 History          the commits of a window, and the files that they touched
    30 Reference        what a run is compared with
    31 Clones           duplicated code, and the shares of it
    32 Shares           shares of duplicated code against the baseline's
    33 Projects         what tsconfig.json and package.json say
    34 Resolution       which file a specifier names, as TypeScript 5.9 finds it
    35 Graph            cycles, reach and depth of what imports each other
    36 Barrels          which file defines what is imported through others, and what the detour loads
    37 Import graph     the files of a run, and what imports what
    38 Collecting       outcomes in any order make one summary
    39 Records          what was measured of a file, as bytes
    40 Cache            what runs keep for those that follow
    41 Versions         what is measured of one version of a file after the other
    42 Traces           the commits that changed files and functions
    43 Findings         what there is to say of a file or the project, in one wording
    44 Reporter         what the formats share: a class for each to build on, the view of a file, safe text
    45 Console          the report for people in a terminal
    46 Machine formats  json, ndjson, csv, sarif, github, gitlab, junit, checkstyle, rdjson, compact
    47 Documents        what people open or comment on: markdown, html
    48 Reports          the table of all formats, and each report to its destination
    49 Graph views      parts of the import graph, for people and for programs
    50 Options          every option, command and exit code: a row each
    51 Explain          the source with its increments
    52 Help             what --help prints
    53 Run              files to outcomes to reports
    54 Hotspots         what to fix first, and why
    55 Rankings         what to fix first, as reports tell it
    56 Commands         what the command line can ask for
    57 Library          analyze() for Python programs
    58 Workspace        texts that editors and agents hold, judged as runs judge files
    59 Assets           texts that never change between two builds

The way of the data: argv -> Settings -> files -> chunks -> (in workers) source -> Scan
-> FunctionReport -> FileReport -> fragments of each report -> (in the parent) reports.
"""

from __future__ import annotations

__version__ = "1.0.0"

# ---------------------------------------------------------------------------------------
# 1  Start-up: what makes a run on one small file quick
# gives: *
# ---------------------------------------------------------------------------------------
# What each trick saves of a run on one small file, 30 ms of CPU on a busy machine, and what breaks it. To measure it:
# `python scripts/startup.py`; "nothing, again" in its answer is how much is chance (here 0.5 ms).
#
# Lazy, regex        7 ms  23 %   re is imported at the first use of an expression; one that is used at import breaks it
# NamedTuple        20 ms  67 %   sixty classes are cheap to make, and typing is not imported; see below
# _collections_abc   7 ms  24 %   collections.abc is another name of it; collections and typing are not imported
# ThreadLocal        1 ms   3 %   threading is imported only where a pool needs it
# _signal            2 ms   8 %   signal wraps it in enumerations; its numbers are bare integers
# gc.freeze          4 ms  13 %   the last collection has nothing to look at, nor has a worker's any module; what is
#                                 garbage then is not finalized: files must have been closed
# leave            1.6 ms   5 %   more than that: a packed binary takes no object apart at all
# collect_rarely   0.2 ms   1 %   and 8 % of a long run
#
# FieldOfTuple and attrgetter, by which C code reads fields, save nothing there, but much in a long run. The lines on
# SIGINT are for looks: until a run has its handlers there is nothing to clean up, and Python would print a traceback.

import _signal as signal
import os
import sys

if __name__ == "__main__":  # and in spec/entry.py and build/static/frozen_modules.py, before they import us
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # `python -m` looks for modules in the working folder first: a re.py of what is analysed would run.
    if __spec__ and not sys.flags.safe_path and sys.path[0] != os.path.dirname(__file__):
        del sys.path[0]

import gc
import math
import stat
import struct
import time
from _collections import _tuplegetter as FieldOfTuple
from _operator import attrgetter, gt, itemgetter
from _thread import _local as ThreadLocal
from bisect import bisect_left, bisect_right
from itertools import accumulate, chain, islice, takewhile

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from typing import Any, NamedTuple
else:
    from _collections_abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    Any = object


class Lazy:
    """An object that is made when it is first used. It stands for what is costly to make, and often not used."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make

    def __getattr__(self, name: str) -> Any:
        """An attribute of the object, which is kept here too, so that its next use takes no detour."""
        value = getattr(self.make(), name)
        setattr(self, name, value)
        return value


if not TYPE_CHECKING:
    re = Lazy(lambda: __import__("re"))


def regex(pattern: str | bytes) -> Any:
    """A regular expression that is compiled at its first use."""
    return Lazy(lambda: re.compile(pattern))


# Records: frozen, slotted, picklable. typing.NamedTuple takes 0.2 ms to make a class, by evaluating source and by
# closures of the class's own. Ours has the same contract, and takes a tenth of that for each of some sixty classes.
if not TYPE_CHECKING:

    class NamedTupleType(type):
        """Makes a class of the annotations in its body: a field each, with the defaults that stand there."""

        def __new__(meta, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if fields := tuple(body.get("__annotations__", ())):
                body["_field_defaults"] = {field: body[field] for field in fields if field in body}
                body["_fields"] = body["__match_args__"] = fields
                body["_ways"] = {}  # how many values by position and which by name -> the defaults behind them
                body.update(zip(fields, map(FieldOfTuple, range(len(fields)), fields)))
            body["__slots__"] = ()
            return type.__new__(meta, name, bases, body)

    class NamedTuple(tuple, metaclass=NamedTupleType):
        _fields, _field_defaults, _ways = (), {}, {}

        def __new__(cls, *values: Any, **named: Any) -> NamedTuple:
            if named or len(values) != len(cls._fields):
                values = cls._completed(values, named)
            return tuple.__new__(cls, values)

        @classmethod
        def _completed(cls, values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
            """The values by position, and behind them those by name and the defaults, as the fields stand."""
            way = len(values), *named
            if way in cls._ways:  # most calls name fields in their order
                return (*values, *named.values(), *cls._ways[way])
            rest = cls._fields[len(values) :]
            behind = rest[len(named) :]
            if rest == (*named, *behind) and cls._field_defaults.keys() >= {*behind}:
                cls._ways[way] = tuple(map(cls._field_defaults.__getitem__, behind))
            if len(values) > len(cls._fields) or not named.keys() <= {*rest}:
                raise TypeError(f"{cls.__name__} takes {cls._fields}, and got {values} and {named}")
            try:
                return (*values, *map({**cls._field_defaults, **named}.__getitem__, rest))
            except KeyError as missing:
                raise TypeError(f"{cls.__name__} needs {missing}") from None

        _make = classmethod(tuple.__new__)  # of an iterable of all values: for what is made for each function

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self))

        def _replace(self, **named: Any) -> NamedTuple:
            made = self._make(map(named.pop, self._fields, self))
            if named:
                raise TypeError(f"{type(self).__name__} has no field {', '.join(named)}")
            return made

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def __repr__(self) -> str:
            shown = ", ".join(f"{field}={value!r}" for field, value in zip(self._fields, self))
            return f"{type(self).__name__}({shown})"


def collect_rarely() -> None:
    """Look for garbage in cycles rarely: at every 700 allocations it cost 8 % of a run, and our values hold none."""
    gc.set_threshold(50_000, 50, 1000)


if __name__ == "__main__":
    collect_rarely()  # before there are our classes and tables


def freeze_support() -> None:
    """Be the worker process that a binary was started as. multiprocessing's own freeze_support() does nothing where the
    default start method is fork."""
    if len(sys.argv) > 1 and sys.argv[1] == "--multiprocessing-fork":
        from multiprocessing import spawn

        spawn.freeze_support()


# ---------------------------------------------------------------------------------------
# 2  Words: the vocabulary, exit codes, levels, errors
# gives: *
# ---------------------------------------------------------------------------------------
# event      a node of the syntax tree that some rule asks about (the few percent that matter)
# role       what a kind of node means to the scanner: which event it is, operator, operand, ...
# label      the part of a node that names it (the key of a pair, the name of a declaration)
# owner      the innermost function a construct belongs to
# point      one increment of a number: line, cost, reason
# family     a group of metrics that is switched on or off together
# fragment   one file's share of one report, rendered where the file was measured
# plan       how a run is spread over workers, and the reason in words

HOME_PAGE = ""  # where a release came from; `build/release.py stamp` states it, and reports then link to it
EXIT_PASSED, EXIT_ERRORS, EXIT_WARNINGS, EXIT_USAGE, EXIT_SKIPPED, EXIT_INTERRUPTED = 0, 1, 2, 3, 4, 130
LEVELS = ("ok", "warning", "error")
CONFIG_NAMES = (".complexityguard.json", "complexityguard.config.json")
OFF = math.inf  # a threshold nothing can exceed


class UsageError(Exception):
    """The command line or the configuration is wrong; nothing was analysed. Exit 3."""


class ConfigError(UsageError):
    """A configuration file is wrong."""


class Unreadable(Exception):
    """One file cannot be analysed; the message says why."""


# ---------------------------------------------------------------------------------------
# 3  Ground: text, bytes, paths, files, streams, signals
# gives: *
# uses: Words, Start-up
# ---------------------------------------------------------------------------------------


# Text
LOG_COMMAND = regex(r"(?i)^ *::|##(?=\[|vso\[|teamcity\[)")


def not_json(value: Any) -> None:
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def json_text(value: Any) -> str:
    """What json.dumps makes of a value, by the same code. The package compiles expressions for what it reads as well:
    a tenth of a run on one small file."""
    from _json import encode_basestring, make_encoder

    encode = make_encoder(None, not_json, encode_basestring, None, ": ", ", ", False, False, True)
    return "".join(encode(value, 0))


def to_json(value: Any) -> str:
    text = json_text(value).encode("utf-8", "replace").decode().replace("##", "#\\u0023")
    if text.isprintable():
        return text
    from _json import encode_basestring_ascii

    # JSON lets controls stand as they are, and some terminals obey them; ## begins commands in logs, see printable().
    return "".join([letter if letter.isprintable() else encode_basestring_ascii(letter)[1:-1] for letter in text])


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def number(value: float) -> str:
    return f"{round(value, 1 if value >= 10 else 2):g}" if value < 100 else f"{value:,.0f}"


def parse_number(text: str) -> float:
    """An int where the number is whole, so that it is written as one."""
    value = float(text) if "_" not in text else math.nan
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def cells_of(text: str) -> int:
    """How wide a terminal shows a printable text. Most letters of East Asia take two cells, marks over letters none."""
    if text.isascii():
        return len(text)
    return sum(CELLS[bisect_right(CELL_RANGES, letter) - 1] for letter in text)


# Where a range of letters begins, and what each letter in it takes. All of Unicode's table has 400 rows, or needs a
# module of 1 MB; these are the letters of names, and pictures.
CELL_RANGES, CELLS = zip(
    ("\0", 1), ("\u0300", 0), ("\u0370", 1), ("\u1100", 2), ("\u1160", 1), ("\u20d0", 0), ("\u2100", 1),
    ("\u2e80", 2), ("\u303f", 1), ("\u3041", 2), ("\ua4d0", 1), ("\ua960", 2), ("\ua980", 1), ("\uac00", 2),
    ("\ud7a4", 1), ("\uf900", 2), ("\ufb00", 1), ("\ufe00", 0), ("\ufe10", 2), ("\ufe20", 0), ("\ufe30", 2),
    ("\ufe70", 1), ("\uff01", 2), ("\uff61", 1), ("\uffe0", 2), ("\uffe7", 1), ("\U00016fe0", 2), ("\U0001b300", 1),
    ("\U0001f300", 2), ("\U0001f650", 1), ("\U0001f680", 2), ("\U0001f700", 1), ("\U0001f900", 2), ("\U0001fa00", 1),
    ("\U0001fa70", 2), ("\U0001fb00", 1), ("\U00020000", 2), ("\U0003fffe", 1),
)  # fmt: skip


def clipped(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def without_halves(text: str) -> str:
    """Text without halves of characters, which strict JSON readers refuse: \\udcff."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def printable(text: str) -> str:
    """Text that cannot drive a terminal, nor the CI service that reads it in a log: control characters, lone surrogates
    and beginnings of commands are shown escaped."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
    # Services obey their log: GitHub `::add-mask::` at the beginning of a line and `##[command]` anywhere in it, Azure
    # `##vso[task.prependpath]`, TeamCity `##teamcity[...]`. A name would say what later steps run.
    if "##" in text or text.lstrip().startswith("::"):
        text = LOG_COMMAND.sub(lambda found: f"{found[0][:-1]}\\x{ord(found[0][-1]):x}", text)
    return text


def abridged(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def alternatives(words: Iterable[str]) -> str:
    *front, last = words
    return f"{', '.join(front)} or {last}" if front else last


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` may be a slip of: one that it begins, or one that differs in a third of the letters."""
    letters = word.lstrip("-")
    reach, found = min(max(1, len(letters) // 3), 6), []
    for name in candidates:
        distance = 0 if letters and name.startswith(word) else edit_distance(word, name)
        if distance <= reach:
            found.append((distance, name))
    return min(found)[1] if found else None


def edit_distance(one: str, other: str) -> int:
    """Letters to insert, drop, change or swap with the next one; words longer than 60 are not compared."""
    if max(len(one), len(other)) > 60:
        return 60
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        row = [i + 1]
        for j, against in enumerate(other):
            cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (letter != against))
            if i and j and letter == other[j - 1] and one[i - 1] == against:
                cost = min(cost, before[j - 1] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def grouped(values: Iterable[Any], key: Callable) -> dict[Any, list]:
    """Key -> the values that have it, in their order."""
    found: dict[Any, list] = {}
    for value in values:
        found.setdefault(key(value), []).append(value)
    return found


class Memo(dict):
    """What a function makes of a key, worked out once, and kept while there are not too many."""

    def __init__(self, make: Callable[[Any], Any], most: int = 2000) -> None:
        self.make, self.most = make, most

    def __missing__(self, key: Any) -> Any:
        if len(self) >= self.most:
            self.clear()
        value = self[key] = self.make(key)
        return value


def worst_level(levels: Iterable[str]) -> str:
    return max(levels, key=LEVELS.index, default="ok")


# Bytes

MASK64 = (1 << 64) - 1


def int32_bytes(values: list[int]) -> bytes:
    return struct.pack(f"{len(values)}i", *values)


UTF8_BLOCK = 64 * 1024  # bytes decoded at a time to see whether all of them are UTF-8
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def to_utf8(raw: bytes) -> bytes:
    """Source as UTF-8 without byte order mark. Invalid bytes become U+FFFD, as in Node and TypeScript."""
    if raw.isascii() and b"\0" not in raw:
        return raw
    mark, encoding = mark_and_encoding(raw)
    raw = raw[len(mark) :]
    try:
        if encoding != "utf-8":
            return raw.decode(encoding).encode()
        check_utf8(raw)
        return raw
    except UnicodeError:
        if encoding == "utf-8" and raw.count(b"\0") > len(raw) // 1000:
            raise Unreadable("binary data, not text") from None
        return raw.decode(encoding, "replace").encode()


def mark_and_encoding(raw: bytes) -> tuple[bytes, str]:
    """The byte order mark and what it tells; in UTF-16 without a mark every other byte is zero."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if raw.startswith(mark):
            return mark, encoding
    even, odd = raw[0:64:2], raw[1:64:2]
    if len(raw) > 1 and (odd.count(0) > 16 or not any(odd)):
        return b"", "utf-16-le"
    return b"", "utf-8" if any(even) or len(raw) < 2 else "utf-16-be"


def check_utf8(raw: bytes) -> None:
    """Raises UnicodeError where it is not. By blocks: the text of a file with one emoji has four bytes a character."""
    import codecs

    start, end = 0, len(raw)
    while start < end:
        block = raw[start : start + UTF8_BLOCK]  # no memoryview of `raw`: Nuitka 4.3.3 cannot compile it
        start += codecs.utf_8_decode(block, "strict", start + len(block) == end)[1]


# Paths


def byte_text(text: str) -> str:
    """One letter per byte of the file system's spelling."""
    if text.isascii():
        return text
    try:
        return os.fsencode(text).decode("latin-1")
    except UnicodeEncodeError:  # a glob with letters that no file name can have here
        return text.encode("utf-8", "surrogatepass").decode("latin-1")


def join_path(folder: str, name: str) -> str:
    return f"{folder}{name}" if folder.endswith("/") else f"{folder}/{name}"


def real_path(path: str) -> str:
    return os.path.realpath(path).replace(os.sep, "/")


def is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(join_path(folder, ""))


def relative_name(path: str) -> str:
    """Relative to the working directory where it is in there, else as given."""
    here, spelled = real_path(os.getcwd()), os.path.abspath(path).replace(os.sep, "/")
    if is_inside(spelled, here):
        return spelled[len(join_path(here, "")) :] or "."
    return os.path.normpath(path).replace(os.sep, "/")


def relative_to(base: str, path: str) -> str:
    """What globs speak of: the path in the base, or outside it the path without its first slash."""
    return path[len(join_path(base, "")) :] if is_inside(path, base) else path.lstrip("/")


def folder_of(path: str) -> str:
    """The folder that a file of a report is in."""
    return path.rpartition("/")[0] or "."


def common_folder(paths: Iterable[str]) -> str:
    """The innermost folder that holds all of these, or the working directory where there is none."""
    whole = [os.path.abspath(path) for path in paths if path and path != "-"]
    try:
        common = real_path(os.path.commonpath(whole or [os.getcwd()]))
    except ValueError:  # on different drives
        return real_path(os.getcwd())
    return common if os.path.isdir(common) else os.path.dirname(common)


def path_from(folder: str, here: str, path: str) -> str:
    """A path of the working directory, `here`, as it is from another folder; outside of that it begins with ../, or is
    absolute where it was."""
    if folder == here and path[:1] not in "./":
        return path
    whole = os.path.normpath(os.path.join(here, path)).replace(os.sep, "/")
    if not is_inside(whole, folder):  # but it may be by another name of its own folder
        whole = join_path(real_path(os.path.dirname(whole)), os.path.basename(whole))
    if is_inside(whole, folder):
        return whole[len(join_path(folder, "")) :]
    return path if os.path.isabs(path) else os.path.relpath(whole, folder).replace(os.sep, "/")


def check_path(path: str) -> int:
    """The type of a path that must exist."""
    try:
        return os.stat(path).st_mode
    except (OSError, ValueError) as error:
        reason = (
            f"no such file or folder{meant_path(path)}" if isinstance(error, FileNotFoundError) else reason_of(error)
        )
        raise UsageError(f"{path or repr(path)}: {reason}") from None


def meant_path(path: str) -> str:
    """What may have been meant by a path that is none: a glob, or a name beside it that it is a slip of."""
    if "*" in path:
        return "; a path is no glob: --include takes one"
    folder, name = os.path.split(path)
    try:
        names = os.listdir(folder or ".")[:500]  # each takes some time to compare
    except OSError:
        return ""
    near = nearest(name, names) if name else None
    return f"; did you mean {join_path(folder, near) if folder else near}?" if near else ""


def reason_of(error: Exception) -> str:
    """What the operating system says of an error, without the number and the name that Python puts around it."""
    if isinstance(error, OSError):
        return error.strerror or "no reason given"
    if isinstance(error, ValueError):  # a null character, or half of a character: Python asks no operating system then
        return "no file can have such a name"
    return " ".join(str(error).split())


# Files


# Without O_NONBLOCK the opening of a pipe waits for a writer.
READING = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_BINARY", "O_CLOEXEC"))


def read_bytes(path: str) -> bytes:
    """The bytes of a regular file; anything else (a folder, a pipe, a device) is refused at once."""
    try:
        descriptor = open_patiently(path, READING)
        try:
            return all_of(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Unreadable(reason_of(error).lower()) from None


def all_of(descriptor: int) -> bytes:
    """What an open file holds. A file object would ask the system four things more of each, and take twice as long."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("not a regular file")
    data = os.read(descriptor, status.st_size + 1)
    if len(data) == status.st_size > 0:  # a byte less than was asked for: that was the end
        return data
    rest = iter(lambda: os.read(descriptor, 1 << 16), b"")
    return b"".join((data, *rest))


MOST_INPUT = 1 << 28  # bytes of a diff, a baseline or standard input: a device such as /dev/zero never ends


def read_input(path: str) -> bytes:
    """The bytes of a file or a pipe that the command line names. Unreadable says why there are none to be had."""
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        is_device = stat.S_ISBLK(status.st_mode) or stat.S_ISCHR(status.st_mode)
        if is_device and status.st_rdev != os.stat(os.devnull).st_rdev:
            raise Unreadable("it is a device, neither a file nor a pipe")
        return bounded(file)


def bounded(file: Any) -> bytes:
    """All that an open file has to give, unless that is too much."""
    data = file.read(MOST_INPUT + 1)
    if len(data) > MOST_INPUT:
        raise Unreadable(f"it has more than {MOST_INPUT:,} bytes")
    return data


def open_patiently(path: str, flags: int) -> int:
    """Waits for a descriptor where none is left: other threads hold them for their files, and give them back soon."""
    for _ in range(100):
        try:
            return os.open(path, flags)
        except OSError as error:
            import errno

            if error.errno not in (errno.EMFILE, errno.ENFILE):
                raise
            time.sleep(0.01)
    return os.open(path, flags)


def write_whole(destination: str, chunks: Iterator[str]) -> None:
    """Writes a report: to standard output as it comes; to a file whole, or the file stays as it was."""
    if destination == "-":
        sys.stdout.buffer.writelines(encoded(chunks))
        sys.stdout.buffer.flush()
        return
    if os.path.exists(destination) and not os.path.isfile(destination):  # /dev/stderr, a pipe: no renaming there
        with open(destination, "wb") as file:
            file.writelines(encoded(chunks))
    else:
        replace_file(os.path.realpath(destination), encoded(chunks))


def encoded(chunks: Iterator[str], size: int = 1 << 18) -> Iterator[bytes]:
    """The bytes of texts, small ones joined: fewer, larger writes."""
    held: list[bytes] = []
    length = 0
    for text in chunks:
        part = text.encode("utf-8", "surrogateescape")  # one by one: beside one "…" all others would be wide
        held.append(part)
        length += len(part)
        if length >= size:
            yield b"".join(held)
            held, length = [], 0
    yield b"".join(held)


def replace_file(target: str, chunks: Iterator[bytes]) -> None:
    """Writes a file under another name beside it, and gives it its name when all is written. Owner and mode stay those
    of the file that was there; PermissionError where that one is read-only."""
    import tempfile

    before, temporary = writable_status(target), ""
    try:
        with SignalsHeld():  # else a signal could come when there is a file, and `temporary` does not name it yet
            descriptor, temporary = tempfile.mkstemp(prefix=".complexity-guard-", dir=os.path.dirname(target) or ".")
        with open(descriptor, "wb") as file:
            file.writelines(chunks)
        if take_rights(temporary, before):
            with SignalsHeld():
                os.replace(temporary, target)
                temporary = ""
        else:
            copy_into(target, temporary)
    finally:
        try:
            os.unlink(temporary)
        except OSError:  # it has its name, or its folder is gone
            pass


def writable_status(path: str) -> os.stat_result | None:
    """What is known of a file that is to be written over; None where there is none."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):  # the mode counts for root, too
        import errno

        raise PermissionError(errno.EACCES, "the file is read-only", path)
    return status


def take_rights(path: str, like: os.stat_result | None) -> bool:
    """Gives a new file the mode and the owner of another, or those of any new file; False where we may not."""
    if like is None:
        mask = os.umask(0o077)
        os.umask(mask)
        os.chmod(path, 0o666 & ~mask)
        return True
    own = os.stat(path)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        try:
            os.chown(path, like.st_uid, like.st_gid)
        except OSError:
            return False
    os.chmod(path, like.st_mode & 0o777)  # whoever runs a report is to get no rights by it
    return True


def copy_into(path: str, other: str) -> None:
    """Writes the bytes of another file over those of a file, which stays whose it is."""
    import shutil

    with open(other, "rb") as source, open(path, "r+b") as target:
        shutil.copyfileobj(source, target)
        target.truncate()


def is_disk_or_socket(path: str) -> bool:
    """Whether it is what no report is written to. Pipes and terminals are fine; a folder is found out in time."""
    mode = os.stat(path).st_mode if os.path.exists(path) else 0
    return stat.S_ISBLK(mode) or stat.S_ISSOCK(mode)


def is_of_stranger(path: str) -> bool:
    """Whether a file, or a link to it, belongs neither to us nor to root: git trusts no repository like that."""
    if not hasattr(os, "geteuid"):
        return False
    trusted = {0, os.geteuid()}
    if os.geteuid() == 0 and os.environ.get("SUDO_UID", "").isdigit():
        trusted.add(int(os.environ["SUDO_UID"]))
    return not {os.lstat(path).st_uid, os.stat(path).st_uid} <= trusted


def may_speak_for(path: str, folder: str) -> bool:
    """Whether what a file around a folder says counts for it. Anybody can leave one in /tmp: that of somebody else
    counts only where the folder is not ours, either."""
    return os.path.exists(path) and (not is_of_stranger(path) or is_of_stranger(folder))


# Streams

STANDARD_OUTPUT = "standard output"


def note(text: str) -> None:
    """A line to standard error; nothing where there is none."""
    try:
        sys.stderr.write(f"complexity-guard: {printable(text)}\n")  # at once: print() writes the line's end by itself
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        silence(sys.stderr)


def open_closed_streams() -> None:
    """A stream that the caller closed (`>&-`) becomes the null device: else Python has None there, and the next file
    that is opened gets the stream's number, so that a library's message lands in a report. Input that was closed is no
    empty input: the device is opened for writing, so that whoever reads fails."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))


def read_standard_input() -> bytes:
    """All of it; UsageError where it was closed, or is nothing that can be read."""
    try:
        with open(sys.stdin.fileno(), "rb", closefd=False) as file:
            return bounded(file)
    except Unreadable as error:
        raise UsageError(f"cannot read standard input: {error}") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "it is closed").lower()
        raise UsageError(f"cannot read standard input: {reason}") from None


def silence(stream: Any) -> None:
    """Let what a stream still holds go nowhere, once it takes no more: its last flush made the exit code 120."""
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())
    except (OSError, ValueError, AttributeError):  # no file of the system's, or no stream at all
        pass


# Signals

# Windows lacks some.
STOP_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
SECOND_SIGNAL = 2.0  # seconds until a second one counts


class Stopped(BaseException):
    """A signal ends the run: Ctrl-C, a supervisor, the terminal that is closed."""

    def __init__(self, number: int) -> None:
        self.number = number

    def exit_code(self) -> int:
        if 128 + self.number == EXIT_INTERRUPTED:
            note("interrupted")
        return 128 + self.number


class StopHandler:
    """The handler of a run for signals that end it. A second signal that follows at once finds the run cleaning up, and
    is passed over, or something would be left behind. Later it counts: the first may have been lost, for Python drops
    what is raised in a finalizer."""

    def __init__(self) -> None:
        self.last = -math.inf  # when it raised Stopped

    def __call__(self, number: int, _frame: Any) -> None:
        if time.monotonic() - self.last > SECOND_SIGNAL:
            self.last = time.monotonic()
            raise Stopped(number)


def handle_signals(handler: Any) -> None:
    """Signals that our caller wants ignored (`nohup`, a background job of `sh`) stay ignored."""
    for number in STOP_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            try:
                signal.signal(number, handler)
            except ValueError:  # not in the main thread of a program that calls main()
                return


class SignalsHeld:
    """Signals that end a run wait until the end of the block."""

    def __enter__(self) -> None:
        self.mask = getattr(signal, "pthread_sigmask", None)
        if self.mask:
            self.before = self.mask(signal.SIG_BLOCK, STOP_SIGNALS)

    def __exit__(self, *_: object) -> None:
        if self.mask:
            self.mask(signal.SIG_SETMASK, self.before)


# ---------------------------------------------------------------------------------------
# 4  Values: what the stages hand to each other: frozen, slotted
# gives: *
# uses: Start-up
# ---------------------------------------------------------------------------------------


class Halstead(NamedTuple):
    n1: int
    n2: int
    N1: int
    N2: int
    vocabulary: int
    length: int
    volume: float
    difficulty: float
    effort: float
    time: float
    bugs: float


class Point(NamedTuple):
    """One increment of a cyclomatic or cognitive number."""

    line: int
    column: int
    cost: int
    reason: str
    nesting: int  # contained in the cost; 0 for flat increments


Points = tuple[Point, ...]
UnitPoints = tuple[Points, Points]  # of a unit's cyclomatic number, and of its cognitive one


class MeasuredFunction(NamedTuple):
    """The numbers of one function, before any limit is held against them."""

    name: str
    qualified_name: str
    kind: str
    start_line: int
    start_col: int
    end_line: int
    end_col: int
    outer: int  # number of the unit around it, where the module is 0
    cyclomatic: int
    cognitive: int
    line_count: int
    params_count: int
    nesting_depth: int
    is_wrapper: bool  # looked for where the analysis treats wrappers as modules
    n1: int  # these four: what Halstead's formulas take
    n2: int
    N1: int
    N2: int


class SyntaxProblem(NamedTuple):
    line: int
    column: int
    end_line: int
    end_col: int
    message: str


class SuppressionComment(NamedTuple):
    """A comment in the source that asks to keep quiet about findings."""

    line: int
    column: int
    target: int  # the line whose findings it is for
    function_line: int  # that of a function further down, which is a part of what begins there; or the same one
    words: str  # names of metrics, then the reason
    problem: str  # why it asks in vain; "" where it does not


VALUE, TYPE_ONLY, ELIDED, ELIDED_BUT_FOR_METADATA = "value", "type", "elided", "elided but for metadata"
IMPORT_USES = (VALUE, TYPE_ONLY, ELIDED, ELIDED_BUT_FOR_METADATA)
IMPORT_KINDS = ("import", "export", "import=", "require", "dynamic", "import type", "reference")


class Import(NamedTuple):
    """What one statement or call says of another file."""

    specifier: str
    kind: str  # a word of IMPORT_KINDS
    use: str  # VALUE; TYPE_ONLY: it says so; ELIDED: by TypeScript, for its names stand in types alone
    line: int
    clause: str  # what it takes, as it is written: `a, { b, type c as d }`; "" for nothing


class Imports(NamedTuple):
    """What a file says of others, in the order of its text."""

    all: tuple[Import, ...] = ()
    is_barrel: bool = False  # it re-exports, and does little else
    exports: str = ""  # names that it exports itself, as in a list: `a, b as c, default`


class MeasuredFile(NamedTuple):
    """Everything that is measured of one file, before any limit is held against it. Its path has no part in it."""

    module: MeasuredFunction
    functions: tuple[MeasuredFunction, ...]  # from top to bottom
    file_length: int
    export_count: int
    generated: str  # by which sign in its text it is generated code; "" where it has none
    suppressions: tuple[SuppressionComment, ...]
    syntax_errors: tuple[SyntaxProblem, ...]
    points: EventPoints | RecordedPoints  # gives the increments of each of the units
    bodies: tuple[int, ...]  # hashes of the tokens of the file, and of each of the units; () where nobody wants them
    tokens: TokenColumns | None  # with duplication on
    imports: Imports | None = None  # with the graph on

    @property
    def units(self) -> tuple[MeasuredFunction, ...]:
        """The module's own code first, then every function."""
        return self.module, *self.functions


class MeasureOptions(NamedTuple):
    """What shapes the measures of a file, beside its text and its grammar."""

    cyclomatic_variant: str
    cognitive_variant: str
    wrappers: bool  # whether to look for functions that only wrap others
    tokens: bool
    bodies: bool = False
    imports: bool = False


class Violation(NamedTuple):
    metric: str
    level: str
    value: float
    threshold: float
    delta: float | None  # change since the baseline or the older version; None where there is none
    since: str | None = None  # what it was compared with
    allowed: float | None = None  # it rose since then, and a rise of as much fails nothing
    ungated: bool | None = None  # True: it is only reported, for its metric does not gate

    @property
    def shown_level(self) -> str:
        """Its level for people, to whom an error is what fails a run."""
        return "note" if self.ungated else self.level


Violations = tuple[Violation, ...]


class Improvement(NamedTuple):
    """A finding of before that is smaller now, or none any more."""

    metric: str
    before: float
    value: float


class FunctionReport(NamedTuple):
    name: str
    qualified_name: str
    kind: str
    start_line: int
    start_col: int
    end_line: int
    end_col: int
    cyclomatic: int | None
    cognitive: int | None
    halstead: Halstead | None
    line_count: int | None
    params_count: int | None
    nesting_depth: int | None
    health_score: float
    health_lines: int  # its weight in the health of its file: the lines of code that it decides, see deciding_lines
    # What it is short of 100, for each of these lines, in LOST_UNITs: whole numbers add up alike in any order.
    lost: int
    status: str
    violations: tuple[Violation, ...]
    cyclomatic_points: Points
    cognitive_points: Points
    change: str | None = None  # new, worse, better or unchanged; None where nothing was compared or touched
    known: tuple[Violation, ...] = ()  # findings that are not worse than before: they fail nothing
    better: tuple[Improvement, ...] = ()


LOST_UNIT = 1_000_000  # parts of a point of health


class Suppressed(NamedTuple):
    """A finding that a comment in the source asked to keep quiet about."""

    line: int
    function: str  # "" for a finding of the file as a whole
    metric: str
    level: str
    value: float
    threshold: float
    reason: str


class Notice(NamedTuple):
    """Something about a file that is not a metric: a suppression nothing needed."""

    line: int
    column: int
    rule: str
    level: str
    message: str


CODE_KINDS = PRODUCT, TEST, GENERATED = ("product", "test", "generated")


class FileReport(NamedTuple):
    path: str
    file_length: int | None
    export_count: int | None
    functions: tuple[FunctionReport, ...]
    module: FunctionReport
    health_score: float
    status: str
    violations: tuple[Violation, ...]
    syntax_errors: tuple[SyntaxProblem, ...]
    suppressed: tuple[Suppressed, ...]
    notices: tuple[Notice, ...]
    change: str | None = None  # these three: as in functions, of the file as a whole
    known: tuple[Violation, ...] = ()
    better: tuple[Improvement, ...] = ()
    code: str = PRODUCT  # out of CODE_KINDS
    code_sign: str = ""  # what it was taken for that by, in words; "" for product code

    @property
    def units(self) -> tuple[FunctionReport, ...]:
        """The module's own code first, then every function."""
        return self.module, *self.functions


class Skipped(NamedTuple):
    """A file or folder that could not be analysed."""

    path: str
    reason: str
    expected = False  # no field: the class tells


class LeftOut(Skipped):
    """One that is not analysed because the configuration says so: no failure."""

    expected = True


Limits = dict[str, tuple[float, float]]  # metric -> limits of warnings and of errors


class Analysis(NamedTuple):
    """What applies to one file: defaults, configuration, flags, overrides, in that order."""

    metrics: frozenset[str]
    cyclomatic_variant: str
    cognitive_variant: str
    thresholds: Limits
    weights: dict[str, float]
    module_code: bool
    syntax_errors: str
    duplication_min_tokens: int
    duplication_min_lines: int
    gate: tuple[str, ...]  # metrics and families whose findings fail a run
    worse_by: Mapping[str, float | str]  # metric -> what a value past its limit may rise by; "10%" is of what it was
    ignore_functions: tuple[str, ...] = ()
    treat_wrappers_as_modules: bool = False
    require_reason: bool = False
    generated: str = "list"  # what becomes of generated code: a word of GENERATED_CHOICES
    least_cognitive: int = 0  # of a function and those nested in it, for the limits of `recommended` to make findings


class Override(NamedTuple):
    """Another Analysis for the files that match (the last override that matches wins)."""

    globs: tuple[str, ...]
    changes: dict[str, Any]  # a field of Analysis, or an option that makes one together with others -> value


class ReportRequest(NamedTuple):
    format: str
    destination: str  # "-" is standard output

    @property
    def text(self) -> str:
        """As --report takes it."""
        return self.format if self.destination == "-" else f"{self.format}={self.destination}"


class Comparison(NamedTuple):
    """What a run is compared with."""

    kind: str = ""  # baseline, since, changed, staged or diff; "" for nothing
    source: str = ""  # the baseline's file, the commit, the diff's file
    write: str = ""  # the baseline to write
    force: bool = False
    whole_project: bool = False
    accept: bool = False  # all of today's findings go into the baseline
    gates_new: bool = False  # nobody chose what gates: a new function fails by some metrics that fail no other

    @property
    def reference(self) -> str:
        return {"baseline": "baseline", "since": self.source, "diff": "the old version"}.get(self.kind, "HEAD")


def is_whole(comparison: Comparison) -> bool:
    """Whether a run sees the whole project, and not what changed alone."""
    return comparison.kind in ("", "baseline") or comparison.whole_project


TEST_GLOBS = ("*.test.*", "*.spec.*", "__tests__/", "test/", "tests/", "e2e/", "cypress/")

# Who may set an option, the weakest first: a value of a higher rank prevails, and of two of one rank the later one.
FROM_DEFAULT, FROM_ENVIRONMENT, FROM_FILE, FROM_OVERRIDE, FROM_FLAG = range(5)


class Value(NamedTuple):
    """The value of an option, and where it was set."""

    value: Any
    origin: str  # in words: a flag, FILE:LINE, the name of a variable or "default"
    rank: int
    preset: str = ""  # the preset that sets it, which is named there

    @property
    def source(self) -> str:
        """Who set it, in words."""
        if not self.preset:
            return self.origin
        return f"preset {self.preset}, {self.origin}" if self.rank > FROM_DEFAULT else f"preset {self.preset}"


Values = dict[str, Value]  # by the name of the option
PlainValues = dict[str, Any]  # the same, without origin and rank


class Places(NamedTuple):
    """Folders that paths in reports are relative to."""

    here: str = ""  # the working directory: what people click on, and what other stages speak of
    root: str = ""  # the repository's: fingerprints are made of paths from here, wherever a run is started
    base: str = ""  # of reports for tools that know the repository, and not where a run was started


class Settings(NamedTuple):
    """The whole run: flags over configuration over defaults."""

    analysis: Analysis
    overrides: tuple[Override, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    base: str = "."
    no_ignore: bool = False
    allow_empty: bool = False
    max_file_bytes: int | None = None
    tests: tuple[str, ...] = TEST_GLOBS
    common: str = ""  # the folder that holds all of what is analysed
    stdin_filename: str = "stdin.ts"
    reports: tuple[ReportRequest, ...] = (ReportRequest("console", "-"),)
    path_base: str = "repository"  # or "cwd", or a folder
    places: Places = Places()  # what follows from this and the files of the run
    color: bool | None = None
    columns: int = 0  # of the terminal; 0 where the report goes elsewhere, and lines are as long as they need be
    rows: int = 0  # of the terminal; 0 where the report goes elsewhere, which gets all of it
    list_all: bool = False  # in a terminal, too
    verbose: bool = False
    quiet: bool = False
    summary_only: bool = False
    top: int = 5
    group_by: str = "file"
    threads: int | None = None
    executor: str = "auto"
    start_method: str = ""
    memory_factor: float = 0.75
    file_timeout: float | None = None  # seconds; None: by the file's size; 0: no limit
    file_memory: int | None = None  # megabytes; the same
    run_timeout: float | None = None  # seconds; None and 0: no limit
    deadline: float = math.inf  # of the run, by time.monotonic()
    fail_on: str = "error"
    max_warnings: int | None = None
    health_floor: float | None = None
    floor_is_asked: bool = False  # by a flag: the health of whatever this run looks at has to be that good
    comparison: Comparison = Comparison()
    configuration: str = ""  # the file that governs, as reports name it; "" where none does
    nearer: tuple[str, ...] | None = None  # other ones, nearer to what is analysed; None where nobody wants to know
    keep_reports: bool = False  # the library wants the values themselves
    cache: bool = True  # whether runs keep what the next one can use
    cache_dir: str = ""  # where; "" for the usual place
    cache_is_asked: bool = False  # by who runs it, and not by the project, which anybody may have written
    cache_strategy: str = "stat"  # or "content"
    shelf: Shelf | None = None  # what follows from these and the files of the run


class ClonePlace(NamedTuple):
    path: str
    start_line: int
    end_line: int


class CloneGroup(NamedTuple):
    """One maximal run of tokens that stands at several places."""

    exact: bool  # the texts are equal too, not only the kinds of tokens
    tokens: int
    lines: int
    occurrences: tuple[ClonePlace, ...]
    excerpt: tuple[str, ...]  # the first lines of the first place, for the worst groups only


class FileDuplication(NamedTuple):
    path: str
    total_tokens: int
    cloned_tokens: int
    duplication_pct: float
    status: str  # "ok" where the baseline knows it
    delta: float | None = None  # of the share, since the baseline


class Duplication(NamedTuple):
    project_duplication_pct: float
    project_status: str
    files: tuple[FileDuplication, ...]
    groups: tuple[CloneGroup, ...]  # worst first: most tokens in surplus places
    project_delta: float | None = None


class Hotspot(NamedTuple):
    """A function for the list of the worst."""

    path: str
    line: int
    name: str
    level: str
    lost: float  # as FunctionReport.lost; JSON says it in points of the project's health
    violations: Violations  # the worst first


class Changes(NamedTuple):
    """How many functions (and files as a whole) are how, against what they were."""

    new: int = 0
    worse: int = 0
    better: int = 0
    unchanged: int = 0
    known: int = 0  # findings, not functions: those that fail nothing
    gone: int = 0  # entries of the baseline whose functions are no more
    allowed: int = 0  # of the known findings those that are worse, by no more than is allowed


class Loss(NamedTuple):
    """A part of the project, and what it costs the project's health."""

    path: str
    line: int  # 0 for a file or a folder
    name: str  # of a function
    lost: int  # as FunctionReport.lost
    lines: int
    points: float = 0.0  # of the project's health, once that is known


LOSS_KINDS = ("folders", "files", "functions")


class LossList(NamedTuple):
    """The parts of one kind that cost most, and what the others cost together."""

    worst: tuple[Loss, ...]
    others: int
    points_of_others: float


class Losses(NamedTuple):
    """Where the points went that the project's health is short of. Each list sums to all of them but duplication's."""

    missing: float
    duplication: float
    point: float  # what one unit of FunctionReport.lost is in points of the project's health
    folders: LossList  # each with the files right in it
    files: LossList
    functions: LossList


NO_LIST = LossList((), 0, 0.0)
NO_LOSSES = Losses(missing=0.0, duplication=0.0, point=0.0, folders=NO_LIST, files=NO_LIST, functions=NO_LIST)


class Digest(NamedTuple):
    """What the parent needs to know of one file to sum up the run."""

    functions: int
    warnings: int
    errors: int
    syntax_errors: int
    suppressed: int
    ungated: int  # findings that count among neither warnings nor errors, for their metrics do not gate
    lost: int  # by the functions that are shown, as FunctionReport.lost
    health_lines: int  # of the same functions
    hotspots: tuple[Hotspot, ...]  # the worst first
    losing: int  # functions that lost anything
    losses: tuple[Loss, ...]  # of functions, the worst first
    changes: Changes | None = None  # None where nothing was compared
    code: str = PRODUCT


class CodeSums(NamedTuple):
    """What the files of one kind of code come to."""

    files: int
    functions: int
    warnings: int
    errors: int
    syntax_errors: int
    suppressed: int
    ungated: int  # findings whose metrics do not gate
    health_score: float


class Summary(NamedTuple):
    """The run. What is counted, and the health, are of product code."""

    files_analyzed: int
    total_functions: int
    warnings: int
    errors: int
    syntax_errors: int
    suppressed: int
    ungated: int
    health_score: float
    grade: str
    percentile: int | None  # how much of the reference packages has a lower health, in %; None: nothing to compare with
    losses: Losses
    status: str
    skipped: tuple[Skipped, ...]
    hotspots: tuple[Hotspot, ...]  # the worst first
    elapsed_ms: int
    thread_count: int
    timestamp: str
    exit_code: int
    failures: tuple[str, ...]  # why the run fails, in words
    tests: CodeSums
    generated: CodeSums
    duplication: Duplication | None = None
    changes: Changes | None = None  # None where nothing was compared
    graph: JudgedGraph | None = None

    @property
    def all_files(self) -> int:
        return self.files_analyzed + self.tests.files + self.generated.files

    @property
    def product(self) -> CodeSums:
        return CodeSums(
            self.files_analyzed,
            self.total_functions,
            warnings=self.warnings,
            errors=self.errors,
            syntax_errors=self.syntax_errors,
            suppressed=self.suppressed,
            ungated=self.ungated,
            health_score=self.health_score,
        )


POINTS = {"none": 0, "findings": 1, "all": 2}  # the increments of which functions are located in the source


class TokenColumns(NamedTuple):
    """The tokens of a file, for the search for clones."""

    codes: bytes | bytearray  # a byte each; 0: a barrier
    hashes: bytes | bytearray  # an int32 each, of the text
    lines: bytes | bytearray  # an int32 per line: how many tokens stand before it


class Entry(NamedTuple):
    """What a baseline, or an older version, knows of one function, of a module's own code or of a file."""

    path: str
    name: str  # qualified; "<module>" and "<file>" for the two that are no functions
    nth: int  # among those of the same name in the file, from 1
    body: str  # hash of its tokens from the parameters on
    values: dict[str, float]  # empty: nothing is above a limit, but another layout could change that


Entries = tuple[Entry, ...]


class Ledger(NamedTuple):
    """What comparing one file leaves for the parent to settle."""

    orphans: Entries = ()  # functions without an entry in the file: they may have come from another one
    free: Entries = ()  # entries that nothing in the file matches
    adopted: Entries = ()  # free entries of other files that turned out to be functions of this one
    entries: Entries = ()  # what a baseline written now says of the file


FILE_NAME, MODULE_NAME = "<file>", "<module>"
BODY_OF_NOTHING = 1_000_003_000_017  # so that the hash of an empty inner function counts, too
DUPLICATED, PROJECT = "<duplication>", "."  # name of the entries, and path of the project's
IMPORTING = "<imports>"  # name of the entries of the import graph


class Before(NamedTuple):
    """The older version of a file."""

    path: str  # its name then; "" for a new file
    source: bytes


class Change(NamedTuple):
    """One file that is not what it was."""

    path: str  # real path; "" where the file is no more
    before: Before
    source: bytes | None = None  # its new version, where that is not what is on disk


class Outcome(NamedTuple):
    index: int
    path: str
    digest: Digest | None
    fragments: tuple[str, ...] | int  # of each report; or the place in a spool that has them
    skipped: str  # why the file was not analysed; "" when it was
    report: FileReport | None = None  # for the library only
    tokens: TokenColumns | None = None  # with duplication on
    imports: Imports | None = None  # with the graph on
    older: Imports | None = None  # those of its older version, where one is compared with
    ledger: Ledger | None = None  # where something is compared
    body: str = ""  # of the file as a whole, where its share of clones is compared
    is_left_out: bool = False  # not analysed, as the configuration wants it
    kept: Kept | None = None  # what a worker hands on for the cache, of this file and of some before it

    @property
    def is_of_a_gone_file(self) -> bool:
        """It says only what the older version held."""
        return self.digest is None and not self.skipped


SPOOL_BITS = 16  # of a place in a spool: the spool's number
Pieces = Iterator[str]  # of a report, in their order
JsonObject = dict[str, Any]

# ---------------------------------------------------------------------------------------
# 5  Language: TypeScript's syntax: events, roles of nodes and tokens, what each costs
# gives: *
# ---------------------------------------------------------------------------------------

GRAMMAR_OF_SUFFIX = {  # 0: typescript, 1: tsx; the TSX grammar reads JavaScript as well as the JavaScript one does
    ".ts": 0, ".mts": 0, ".cts": 0,
    ".tsx": 1, ".js": 1, ".jsx": 1, ".mjs": 1, ".cjs": 1,
    ".vue": 1, ".svelte": 1, ".astro": 0, ".html": 1, ".htm": 1,  # of scripts that say nothing else
}  # fmt: skip
PAGE_SUFFIXES = (".html", ".htm")


def is_page(path: str) -> bool:
    """Pages are sources where they are asked for, and reports."""
    return suffix_of(path) in PAGE_SUFFIXES


def suffix_of(path: str) -> str:
    """The last dot of a name and what stands behind it, in small letters."""
    _, dot, suffix = path.rpartition(".")
    return f"{dot}{suffix.lower()}"


def grammar_of(path: str) -> int | None:
    return GRAMMAR_OF_SUFFIX.get(suffix_of(path))


# Kinds of events. The first group are functions; MODULE is the code outside all of them.
(
    MODULE, FUNCTION, GENERATOR, ARROW, METHOD, STATIC_BLOCK, FIELD,
    IF, ELSE, FOR, FOR_IN, WHILE, DO, SWITCH, CASE, DEFAULT_CASE, TRY, CATCH, WITH, JUMP,
    TERNARY, AND, OR, NULLISH, LOGICAL_ASSIGNMENT, OPTIONAL, DEFAULT_PARAMETER, DEFAULT_PATTERN,
    EXPORT, CLASS, CLASS_BODY, DECORATOR, DECLARATOR, PAIR, ASSIGNMENT, CALL, NEW, ARGUMENTS,
    PARENTHESES, WRAPPER, LITERAL, JSX_EXPRESSION, JSX_ATTRIBUTE, THIS_PARAMETER, INITIALIZER, AUTO_ACCESSOR, NAMESPACE,
) = range(1, 48)  # fmt: skip

# The role of a node or token: a word of 32 bits. Bits 30 and 31 are free.
KIND = 0xFF  # bits 0 to 7: it makes an event of this kind; 0 is none
CONTEXT = 1 << 8  # the event stays only around a direct child that stays and has CONTEXT or NEEDS_CONTEXT
SCOPE = 1 << 9  # the event is a function: one row in `functions`
PROVISIONAL = 1 << 10  # the event goes unless a direct child refines it
UNREFINED = 255 | PROVISIONAL  # the role of a node whose child says of what kind its event is
REFINES = 1 << 11  # it makes no event, but gives its kind to its parent's provisional one, if it is the first to do so
OPERATOR = 1 << 12  # counted for Halstead by its number
OPERAND = 1 << 13  # counted for Halstead by its text
TYPE = 1 << 14  # it and what is below make no events, counts or tokens; comments and errors are still collected
LEAF = 1 << 15  # what is below is not visited: it is one token
OPERATOR_SHIFT = 16  # bits 16 to 22: the operator's number
COMMENT = 1 << 23  # it goes to `comments` and the rules on lines, and nowhere else
NEEDS_CONTEXT = 1 << 24  # see CONTEXT
BARRIER = 1 << 25  # its tokens are in no clone, which cannot reach across either
PARAMETER = 1 << 26  # it is one of the parameters of the innermost function around it
OUTER_SCOPE = 1 << 27  # below a function's direct child: it counts for what is around that function
NAMES_FILE = 1 << 28  # it may say which file is imported, among types too
NAME = 1 << 29  # outside of types, it may be the use of a name that an import binds

DIRECT = 0x100  # in `via`: the event's node is a direct child of its parent event's node
LABEL_IS_NAME = 0x100  # with the field of a label: the label is a name, and fingerprints start behind it
NOT_IN_PRINTS = 0x100  # with a token's code: the token has no part in fingerprints

# Halstead's operators: anonymous tokens, each with its number. One that means something else in other
# places counts only under parents of the class that OPERATORS_ONLY_UNDER names.
_OPERATORS = """
    + - * / % ** == === != !== < > <= >= && || ?? & | ^ << >> >>>
    = += -= *= /= %= **= <<= >>= >>>= &= ^= |= &&= ||= ??= ++ -- ! ~
    typeof void delete await yield new in of instanceof
    if else for while do switch case default break continue return throw try catch finally
    , @ ... => ?. ?
"""
OPERATOR_NUMBERS = {text: number for number, text in enumerate(_OPERATORS.split())}
OPERATORS_ONLY_UNDER = {
    "*": "binary", "/": "binary", "<": "binary", ">": "binary", "!": "unary", "?": "ternary",
    "default": "switch default",
}  # fmt: skip
OPERATORS_EXCEPT_UNDER = {"=": "jsx attribute"}

# Roles of named nodes, wherever they stand.
_FUNCTION_FLAGS = SCOPE | NEEDS_CONTEXT
NODE_ROLES: dict[str, int] = {
    "program": MODULE | SCOPE,
    "function_declaration": FUNCTION | _FUNCTION_FLAGS,
    "function_expression": FUNCTION | _FUNCTION_FLAGS,
    "generator_function": GENERATOR | _FUNCTION_FLAGS,
    "generator_function_declaration": GENERATOR | _FUNCTION_FLAGS,
    "arrow_function": ARROW | _FUNCTION_FLAGS,
    "method_definition": METHOD | _FUNCTION_FLAGS,
    "class_static_block": STATIC_BLOCK | _FUNCTION_FLAGS,
    "public_field_definition": FIELD | _FUNCTION_FLAGS,
    "if_statement": IF,
    "else_clause": ELSE,
    "for_statement": FOR,
    "for_in_statement": FOR_IN,
    "while_statement": WHILE,
    "do_statement": DO,
    "switch_statement": SWITCH,
    "switch_case": CASE,
    "switch_default": DEFAULT_CASE,
    "try_statement": TRY,
    "catch_clause": CATCH,
    "with_statement": WITH,
    "break_statement": UNREFINED,
    "continue_statement": UNREFINED,
    "ternary_expression": UNREFINED | NEEDS_CONTEXT,
    "binary_expression": UNREFINED | NEEDS_CONTEXT,
    "augmented_assignment_expression": UNREFINED,
    "required_parameter": UNREFINED,
    "assignment_pattern": DEFAULT_PATTERN,
    "object_assignment_pattern": DEFAULT_PATTERN,
    "class": CLASS | CONTEXT,
    "class_declaration": CLASS | CONTEXT,
    "abstract_class_declaration": CLASS | CONTEXT,
    "class_body": CLASS_BODY | CONTEXT,
    "decorator": DECORATOR,
    "variable_declarator": DECLARATOR | CONTEXT,
    "pair": PAIR | CONTEXT,
    "assignment_expression": ASSIGNMENT | CONTEXT,
    "call_expression": CALL | CONTEXT,
    "new_expression": NEW | CONTEXT,
    "arguments": ARGUMENTS | CONTEXT,
    "parenthesized_expression": PARENTHESES | CONTEXT,
    "as_expression": WRAPPER | CONTEXT,
    "satisfies_expression": WRAPPER | CONTEXT,
    "non_null_expression": WRAPPER | CONTEXT,
    "type_assertion": WRAPPER | CONTEXT,
    "await_expression": WRAPPER | CONTEXT,
    "object": LITERAL | CONTEXT,
    "array": LITERAL | CONTEXT,
    "internal_module": NAMESPACE,
    "module": NAMESPACE,
    "jsx_expression": JSX_EXPRESSION | CONTEXT,
    "jsx_attribute": JSX_ATTRIBUTE | CONTEXT,
    "comment": COMMENT | LEAF,
    "html_comment": COMMENT | LEAF,
    "hash_bang_line": COMMENT | LEAF,
    "import_statement": BARRIER | NAMES_FILE,
    "export_statement": NAMES_FILE,
    "export_clause": BARRIER,
    "import": NAMES_FILE,  # of `import("…")`
    "identifier": NAME,
    "shorthand_property_identifier": NAME,
    "string": OPERAND | LEAF,
    "regex": OPERAND | LEAF,
    "meta_property": LEAF,
}
OPERANDS = frozenset(
    """
    identifier property_identifier private_property_identifier shorthand_property_identifier
    shorthand_property_identifier_pattern statement_identifier number string_fragment escape_sequence
    true false null undefined this super jsx_text html_character_reference
    """.split()
)
TYPE_NODES = frozenset(  # and every node whose name ends in _type
    """
    type_annotation type_arguments type_parameters type_parameter type_identifier nested_type_identifier
    predefined_type type_query interface_declaration type_alias_declaration ambient_declaration
    function_signature method_signature abstract_method_signature call_signature construct_signature
    index_signature property_signature implements_clause extends_type_clause type_predicate
    type_predicate_annotation asserts asserts_annotation opting_type_annotation omitting_type_annotation
    adding_type_annotation constraint accessibility_modifier override_modifier
    """.split()
)

# What a node means under a particular parent. Named nodes and tokens ("quoted" by kind).
PARENT_CLASSES = {
    "binary_expression": "binary",
    "unary_expression": "unary",
    "ternary_expression": "ternary",
    "augmented_assignment_expression": "augmented",
    "required_parameter": "parameter",
    "formal_parameters": "parameters",
    "break_statement": "jump",
    "continue_statement": "jump",
    "switch_default": "switch default",
    "jsx_attribute": "jsx attribute",
    "public_field_definition": "field",
    "program": "program",
}
NODES_UNDER: dict[str, dict[str, int]] = {
    "parameters": {"required_parameter": UNREFINED | PARAMETER, "optional_parameter": PARAMETER},
    "parameter": {"this": THIS_PARAMETER | OPERAND},
    "jump": {"statement_identifier": JUMP | REFINES | OPERAND},
    "program": {"export_statement": EXPORT | NAMES_FILE},
    "field": {"decorator": DECORATOR | OUTER_SCOPE},
}
TOKENS_UNDER: dict[str, dict[str, int]] = {
    "binary": {"&&": AND | REFINES, "||": OR | REFINES, "??": NULLISH | REFINES},
    "augmented": dict.fromkeys(("&&=", "||=", "??="), LOGICAL_ASSIGNMENT | REFINES),
    "ternary": {"?": TERNARY | REFINES},
    "parameter": {"=": DEFAULT_PARAMETER | REFINES},
    "field": {"=": INITIALIZER, "accessor": AUTO_ACCESSOR},
}
TOKENS_ANYWHERE = {"?.": OPTIONAL}

# Tokens in the search for clones. Codes 1 and 2 are names and literals; ";" and "," are not looked at.
LITERALS = frozenset("number string regex true false null undefined string_fragment jsx_text".split())
_TOKENS = """
    ! != !== " ${ % %= & && &&= &= ' ( ) * ** **= *= + ++ += +?: - -- -= -?: . ... / /= /> : < </ << <<= <= = == ===
    => > >= >> >>= >>> >>>= ? ?. ?: ?? ??= @ [ ] ^ ^= ` { {| | |= || ||= |} } ~ abstract accessor any as assert
    asserts async await boolean break case catch class const continue debugger declare default defer delete do else
    enum export extends finally for from function get global if implements import in infer instanceof interface is
    keyof let meta module namespace never new number object of out override private protected public readonly
    require return satisfies set static string switch symbol target this super throw try type typeof unique unknown
    using var void while with yield escape_sequence meta_property html_character_reference optional_chain
"""
TOKEN_CODES = {";": 0, ",": 0} | {text: code for code, text in enumerate(_TOKENS.split(), start=3)}
TOKENS_NOT_IN_PRINTS = frozenset(("(", ")", "function", "async"))  # formatters add brackets; the words name a form

# Which child names a node, and which holds a function's body.
LABEL_FIELDS = {
    FUNCTION: "name", GENERATOR: "name", METHOD: "name", FIELD: "name", ARROW: "parameter",
    CLASS: "name", NAMESPACE: "name", DECLARATOR: "name", PAIR: "key", ASSIGNMENT: "left", LOGICAL_ASSIGNMENT: "left",
    DEFAULT_PARAMETER: "pattern", DEFAULT_PATTERN: "left", CALL: "function", NEW: "constructor",
}  # fmt: skip
BODY_FIELDS = {FUNCTION: "body", GENERATOR: "body", ARROW: "body", METHOD: "body", STATIC_BLOCK: "body", FIELD: "value"}

# What the increment of an event is called.
REASONS = {
    IF: "if", ELSE: "else", FOR: "for", FOR_IN: "for-in/of", WHILE: "while", DO: "do-while", SWITCH: "switch",
    CASE: "case", CATCH: "catch", TERNARY: "?:", AND: "&&", OR: "||", NULLISH: "??",
    LOGICAL_ASSIGNMENT: "logical assignment", OPTIONAL: "?.", DEFAULT_PARAMETER: "default value",
    DEFAULT_PATTERN: "default value", JUMP: "jump to label", CALL: "recursion",
}  # fmt: skip
BY_FAULT = " (deeper by a fault of SonarJS 4.2)"  # behind a reason, with the cognitive variant "sonarjs-4.2"
FUNCTIONS = frozenset((FUNCTION, GENERATOR, ARROW, METHOD, STATIC_BLOCK, FIELD))
# What an event does to the numbers of the function that it is in: bits by kind. Who reads events by them, here or in
# the kernel, knows no rule. Of an event, the one "above" it is the one that it is a direct child of.
TALLIED = 1 << 0  # it is a function, with numbers of its own
COUNTS = 1 << 1  # it adds 1 to the first number: the cyclomatic
COSTS = 1 << 2  # it adds 1 to the second: the cognitive
NESTED = 1 << 3  # and as much more as it is nested
OPENS = 1 << 4  # it opens a block, which ends where it ends; the third number is how many are open at once
JOINS = 1 << 5  # below one that is JOINED it opens none, though its end closes one: ESLint's arithmetic
JOINED = 1 << 6
CONTINUED = 1 << 7  # it costs nothing where one that JOINS is right below: that costs 1, and is as deep as it is itself
CHAINED = 1 << 8  # it is an operator of a chain, in which each run of one kind COSTS once
SPOILS = 1 << 9  # it is no operator, and as an operand it spoils a chain for FREES
FREES = 1 << 10  # a chain of one kind right below it, which nothing spoils, costs nothing
TRANSPARENT = 1 << 11  # for chains and arms it is not there
ARMED = 1 << 12  # a function in a field of it that nests is an arm: all that follows in the outer function is nested
PASSES_ON = 1 << 13  # it is a function whose costs belong to the outermost one, and that nests what is in it
SETS_MARK = 1 << 14  # below one that HOLDS_MARKS: the first one's line is the mark of the next that TAKES_MARK there
HOLDS_MARKS = 1 << 15
TAKES_MARK = 1 << 16
HAS_PARAMETER = 1 << 17  # its label, where it has one, is a parameter
LEAVES = 1 << 18  # what follows it in the function above it is outside of that function
REPORTED = 1 << 19  # it is listed, for Python to look at
_LOOP = COSTS | NESTED | OPENS
EFFECTS = {
    **dict.fromkeys((MODULE, *FUNCTIONS), TALLIED), METHOD: TALLIED | TAKES_MARK, ARROW: TALLIED | HAS_PARAMETER,
    IF: COSTS | NESTED | OPENS | JOINS | JOINED, ELSE: COSTS | JOINED | CONTINUED,
    FOR: _LOOP, FOR_IN: _LOOP, WHILE: _LOOP, DO: _LOOP, SWITCH: _LOOP, CATCH: COSTS | NESTED, JUMP: COSTS,
    TRY: OPENS, WITH: OPENS, TERNARY: COSTS | NESTED | SPOILS,
    AND: CHAINED | COSTS, OR: CHAINED, NULLISH: CHAINED, JSX_EXPRESSION: FREES, PARENTHESES: TRANSPARENT,
    DECORATOR: SETS_MARK, CLASS_BODY: HOLDS_MARKS, AUTO_ACCESSOR: LEAVES,
    INITIALIZER: REPORTED, THIS_PARAMETER: REPORTED, EXPORT: REPORTED,
}  # fmt: skip
COGNITIVE_EFFECTS = {  # by variant: where it differs
    "sonarjs": {},
    "sonarjs-4.2": {kind: EFFECTS[kind] | ARMED for kind in (IF, ELSE, TERNARY)},
    "whitepaper": {
        **{kind: EFFECTS[kind] | PASSES_ON for kind in FUNCTIONS},
        OR: CHAINED | COSTS, NULLISH: CHAINED | COSTS, JSX_EXPRESSION: 0, CALL: REPORTED,
    },
}  # fmt: skip
COUNTED_KINDS = frozenset((
    IF, FOR, FOR_IN, WHILE, DO, CASE, CATCH, TERNARY, AND, OR, NULLISH, LOGICAL_ASSIGNMENT,
    OPTIONAL, DEFAULT_PARAMETER, DEFAULT_PATTERN,
))  # fmt: skip
CYCLOMATIC_KINDS = {"classic": COUNTED_KINDS, "modified": COUNTED_KINDS - {CASE} | {SWITCH}}


def effects_by_kind(cyclomatic_variant: str, cognitive_variant: str) -> list[int]:
    """The effects of each kind of event, for two variants."""
    effects = EFFECTS | COGNITIVE_EFFECTS[cognitive_variant]
    counted = CYCLOMATIC_KINDS[cyclomatic_variant]
    return [effects.get(kind, 0) | COUNTS * (kind in counted) for kind in range(KIND + 1)]


NESTING_FIELDS = {  # cognitive: below which child of an event the nesting is one deeper; () is all
    IF: ("consequence",), ELSE: (), FOR: ("body",), FOR_IN: ("body",), WHILE: ("body",), DO: ("body",),
    CASE: (), DEFAULT_CASE: (), CATCH: ("body",), TERNARY: ("consequence", "alternative"),
}  # fmt: skip
KIND_NAMES = {
    MODULE: "module", FUNCTION: "function", GENERATOR: "generator", ARROW: "arrow", METHOD: "method",
    STATIC_BLOCK: "static_block", FIELD: "field_initializer",
}  # fmt: skip

# ---------------------------------------------------------------------------------------
# 6  Catalogue: every metric, with its limits and its words
# gives: *
# uses: Words, Start-up, Ground, Values
# ---------------------------------------------------------------------------------------


class Metric(NamedTuple):
    """One kind of number: where a report holds it, what its limits are, and all that readers are told of it."""

    name: str
    family: str
    scope: str  # what it is a number of: "function", "file" or "project"
    warning: float  # these two: the limits of the preset "recommended"
    error: float
    title: str  # in tables of options
    noun: str  # "'f' has <noun> 12"
    blame: str  # "'f' is <blame>", or has, where it is above a limit
    rule: str  # as SARIF wants names: PascalCase
    gist: str  # in the page, beside the heading
    meaning: str
    advice: str
    short: str  # above a column of the page
    heading: str = ""  # in the page; "" for the title
    unit: str = ""
    at: str = ""  # the attribute of a report that holds it, or an attribute of that one
    form: str = "%d"  # how it is written
    in_health: bool = False
    near: float = 0.0  # share of a limit from which another layout may lift it above; 0: layout is no part of it
    gates: bool = False  # by default, where a run is compared; any other run is gated by all metrics
    gates_new: float = 0.0  # there, a new function fails by it from so many times the limit of errors; 0: never
    worse_by: float | str = 0  # a value past its limit may rise by as much, the noise of one statement; "10%" is of it

    @property
    def limit_keys(self) -> tuple[str, str]:
        """The options that set its limits, of warnings and of errors. The shares of duplicated code have one prefix."""
        name = f"duplication.{self.scope}_" if self.family == "duplication" else f"{self.name}."
        return f"analysis.thresholds.{name}warning", f"analysis.thresholds.{name}error"


METRICS = (
    Metric(
        name="cyclomatic", family="cyclomatic", scope="function", at="cyclomatic", warning=10, error=20, in_health=True,
        title="Cyclomatic complexity", short="cyclomatic", noun="cyclomatic complexity", rule="CyclomaticComplexity",
        blame="many paths", gist="independent paths through the code", worse_by=4, gates_new=1,
        meaning="The number of independent paths through a function: 1, and 1 more for each branch, loop, catch, case, "
        "&&, ||, ??, ?. and default value. As ESLint's rule complexity counts it.",
        advice="Each path wants a test. Split the function by purpose, or turn chains of conditions into a table. "
        "Where it is mostly ?. and ??, as in JSX, splitting only moves them: check the data once, where it comes in.",
    ),
    Metric(
        name="cognitive", family="cognitive", scope="function", at="cognitive", warning=15, error=25, in_health=True,
        title="Cognitive complexity", short="cognitive", noun="cognitive complexity", rule="CognitiveComplexity",
        blame="hard to follow", gist="effort to follow the control flow", worse_by=7, gates=True,
        meaning="How hard a function is to follow: control flow costs 1, and 1 more for each level it is nested in. As "
        "SonarJS rule S3776 counts it.",
        advice="Return early, lift nested blocks into functions with a name, and give long conditions a name.",
    ),
    Metric(
        name="halstead_volume", family="halstead", scope="function", warning=OFF, error=OFF, in_health=True, near=0.8,
        at="halstead.volume", form="%.4f",
        title="Halstead volume", short="volume", noun="Halstead volume", rule="HalsteadVolume",
        blame="much at once", gist="size in bits of information", worse_by="10%",
        meaning="The size of a function in bits: its operators and operands times the logarithm of how many different "
        "ones it uses.",
        advice="Move steps that stand on their own into functions.",
    ),
    Metric(
        name="halstead_difficulty", family="halstead", scope="function", warning=OFF, error=OFF, near=0.8,
        at="halstead.difficulty", form="%.4f",
        title="Halstead difficulty", short="difficulty", noun="Halstead difficulty", rule="HalsteadDifficulty",
        blame="intricate", gist="how error-prone to write or change", worse_by="10%",
        meaning="How error-prone a function is to write or read: many different operators, and operands used again and "
        "again.",
        advice="Use fewer variables for more than one purpose, and name intermediate results.",
    ),
    Metric(
        name="halstead_effort", family="halstead", scope="function", warning=OFF, error=OFF, near=0.8,
        at="halstead.effort", form="%.4f",
        title="Halstead effort", short="effort", noun="Halstead effort", rule="HalsteadEffort",
        blame="laborious", gist="volume × difficulty", worse_by="20%",
        meaning="Halstead volume times difficulty: the mental work of understanding a function.",
        advice="Make the function smaller or simpler; either lowers the product.",
    ),
    Metric(
        name="halstead_bugs", family="halstead", scope="function", warning=OFF, error=OFF, near=0.8, at="halstead.bugs",
        form="%.6f",
        title="Halstead bugs", short="bugs", noun="Halstead bug estimate", rule="HalsteadBugs",
        blame="prone to defects", gist="expected defects, volume ÷ 3,000", worse_by="10%",
        meaning="The number of defects that a function of this volume statistically delivers.",
        advice="Split the function, and test it harder than its neighbours meanwhile.",
    ),
    Metric(
        name="line_count", family="structural", scope="function", at="line_count", warning=50, error=100,
        in_health=True, near=0.5, title="Lines of code in a function", short="lines", noun="line count",
        rule="LongFunction", heading="Lines of code", blame="long", gist="without blank lines and comments", worse_by=5,
        gates_new=1.5,
        meaning="Lines of a function, blank lines and comment lines not counted. As ESLint's max-lines-per-function.",
        advice="Lift steps into functions whose names say what they do.",
    ),
    Metric(
        name="params_count", family="structural", scope="function", at="params_count", warning=4, error=7,
        in_health=True, title="Parameters", short="params", noun="parameter count", rule="ManyParameters",
        blame="many parameters", gist="runtime parameters", gates=True,
        meaning="Parameters of a function. As ESLint's max-params.",
        advice="Group parameters that travel together into one object.",
    ),
    Metric(
        name="nesting_depth", family="structural", scope="function", at="nesting_depth", warning=4, error=6,
        in_health=True, title="Depth of nested blocks", short="depth", noun="nesting depth", rule="DeepNesting",
        heading="Nesting depth", blame="deeply nested", gist="deepest block", gates=True,
        meaning="How deep the deepest block of a function is nested. As ESLint's max-depth.",
        advice="Return or continue early, and lift inner loops into functions.",
    ),
    Metric(
        name="file_length", family="structural", scope="file", at="file_length", warning=400, error=1000, near=0.5,
        title="Lines of code in a file", short="lines", noun="file length", rule="LongFile", heading="File length",
        blame="long", gist="lines of code per file", worse_by=20,
        meaning="Lines of a file, blank lines and comment lines not counted. As ESLint's max-lines.",
        advice="Split the file along the things it talks about.",
    ),
    Metric(
        name="export_count", family="structural", scope="file", at="export_count", warning=OFF, error=OFF,
        title="Exports of a file", short="exports", noun="export count", rule="ManyExports", heading="Exports",
        blame="many exports", gist="export statements per file", worse_by=1,
        meaning="Export statements of a file.",
        advice="A file with many exports has many reasons to change: split it by reason.",
    ),
)  # fmt: skip
PROJECT_SHARE = "duplication_project"  # a file's is "duplication"
SHARES = (  # of duplicated code: their limits are set by keys of their own
    Metric(
        name="duplication", family="duplication", scope="file", warning=15, error=25, unit=" %", form="%.2f",
        title="Duplicated % of a file", short="cloned %", noun="duplicated share", rule="DuplicatedCode",
        heading="Duplication", blame="copied", gist="share of a file's tokens in clones, %", gates=True,
        meaning="The share of a file's tokens that occur elsewhere in a run of the same tokens, names and literals "
        "aside.",
        advice="Lift what is the same into one function, and pass in what differs.",
    ),
    Metric(
        name=PROJECT_SHARE, family="duplication", scope="project", warning=5, error=10, unit=" %", form="%.2f",
        title="Duplicated % of a project", short="cloned %", noun="duplicated share", rule="DuplicatedProject",
        heading="Duplication of the project", blame="copied", gist="share of all tokens in clones, %",
        meaning="The share of all files' tokens that occur elsewhere in a run of the same tokens, names and literals "
        "aside.",
        advice="Begin with the clone groups of the most tokens at the most places.",
    ),
)  # fmt: skip
CYCLES = "import_cycles"


def _graph_metric(name: str, title: str, noun: str, rule: str, *words: str) -> Metric:
    """A number of each file in the import graph; the words are blame, gist, meaning and advice."""
    blame, gist, meaning, advice = words
    return Metric(
        name=name, family="graph", scope="file", at=name.removeprefix("import_"), warning=OFF, error=OFF, title=title,
        short=noun, noun=noun, rule=rule, blame=blame, gist=gist, meaning=meaning, advice=advice, heading=noun.title(),
        form="%.2f" if name == "instability" else "%d",
    )  # fmt: skip


FILE_GRAPH_METRICS = (
    _graph_metric(
        "fan_in", "Files that import a file", "fan-in", "HighFanIn", "imported by many", "files that import it",
        "The number of files that import a file, for values or for types.",
        "What many files need should change rarely: keep it small, and give it tests."),
    _graph_metric(
        "fan_out", "Files that a file imports", "fan-out", "HighFanOut", "dependent on many", "files that it imports",
        "The number of files of the project that a file imports, for values or for types.",
        "A file that needs many others does many things: split it along them."),
    _graph_metric(
        "instability", "Instability of a file", "instability", "UnstableFile", "unstable",
        "fan-out ÷ (fan-in + fan-out)", "Fan-out divided by fan-in and fan-out: 0 depends on none, on 1 depends none.",
        "Let files depend on files that are more stable than they are."),
    _graph_metric(
        "reach", "Files that depend on a file", "reach", "WideReach", "far-reaching", "files that it may break",
        "The number of files that depend on a file, directly or through others: a change to it may break them.",
        "Let others depend on a small part of it: an interface, or a file of types."),
    _graph_metric(
        "load", "Files that importing a file loads", "load", "HeavyImport", "heavy to import", "files loaded with it",
        "The number of files that are loaded with a file. Imports of types load nothing, and import() does so later.",
        "Import from the files that define what is needed, not from barrels; what is rarely needed by import()."),
    _graph_metric(
        "import_depth", "Longest chain of imports of a file", "import depth", "DeepImports", "at the end of a chain",
        "longest chain of imports", "The length of the longest chain of imports from a file; a cycle is one step.",
        "Look at the layers that the chain goes through: some may only pass things on."),
    _graph_metric(
        "barrel_cost", "Files that a barrel loads in vain", "barrel cost", "CostlyBarrel", "costly to import through",
        "files that it loads in vain", "A barrel passes on what others export: the files that are loaded where it is "
        "imported, and not where the names are defined, over all imports of it.",
        "Import from the files that define the names; see `graph --barrels`."),
)  # fmt: skip
GRAPH_METRICS = (
    Metric(
        name=CYCLES, family="graph", scope="project", warning=1, error=OFF, gates=True,
        title="Files that import each other", short="cycle", noun="files in an import cycle", rule="ImportCycle",
        heading="Import cycles", blame="entangled", gist="files that all lead to each other",
        meaning="The number of files that all lead to each other by imports of values: a finding for each such group, "
        "however many ways round there are.",
        advice="Move what two files need of each other into a third, or import types alone; see `graph --cycles`.",
    ),
    *FILE_GRAPH_METRICS,
)  # fmt: skip
ALL_METRICS = (*METRICS, *SHARES, *GRAPH_METRICS)
FUNCTION_FAMILIES = ("cyclomatic", "cognitive", "halstead", "structural")
FAMILIES = (*FUNCTION_FAMILIES, "duplication", "graph")  # these two are no part of a function's health
FUNCTION_METRICS = tuple(metric for metric in METRICS if metric.scope == "function")
FILE_METRICS = tuple(metric for metric in METRICS if metric.scope == "file")
FAMILY_METRICS = {family: tuple(metric.name for metric in METRICS if metric.family == family) for family in FAMILIES}

# What a formatter changes: lines, and by the commas it adds behind last arguments Halstead's numbers. A function above
# this share of a limit is recorded, so that it is known when it is formatted past the limit.
LAYOUT_METRICS = {metric.name: metric.near for metric in METRICS if metric.near}
BY_LAYOUT = LAYOUT_METRICS.keys() | {"health_score"}
DEFAULT_THRESHOLDS = {metric.name: (metric.warning, metric.error) for metric in ALL_METRICS}
LIMIT_KEYS = {metric.name: metric.limit_keys for metric in ALL_METRICS}


class Preset(NamedTuple):
    """Limits under one name, with what has to be counted otherwise for them. A metric that has none here is shown, and
    not judged."""

    name: str
    help: str
    limits: dict[str, tuple[float, float]]  # by metric: of warnings and of errors
    duplication_min_tokens: int = 50
    duplication_min_lines: int = 5
    cognitive_variant: str = "sonarjs"
    least_cognitive: int = 0

    def values(self) -> dict[str, Any]:
        """Every option that it sets."""
        values = {f"analysis.{name}": value for name, value in zip(self._fields[3:], self[3:])}
        for metric, keys in LIMIT_KEYS.items():
            values.update(zip(keys, self.limits.get(metric, (OFF, OFF))))
        return values


ANCESTORS_PRESET = "strict"
PRESETS = {preset.name: preset for preset in (
    Preset("recommended", "limits that few functions of well-kept code pass, where there is much to follow",
           DEFAULT_THRESHOLDS, least_cognitive=26),
    Preset(ANCESTORS_PRESET, "the limits of ComplexityGuard 0.10", {
        "cyclomatic": (10, 20), "cognitive": (15, 25), "halstead_volume": (500, 1000), "halstead_difficulty": (10, 20),
        "halstead_effort": (5000, 10000), "halstead_bugs": (0.5, 1.0), "line_count": (25, 50), "params_count": (3, 6),
        "nesting_depth": (3, 5), "file_length": (300, 600), "export_count": (15, 30), "duplication": (15, 25),
        PROJECT_SHARE: (5, 10), CYCLES: (1, OFF),
    }, duplication_min_tokens=25, duplication_min_lines=1),
    Preset("sonarqube", "SonarQube's rule S3776: cognitive complexity above 15 is an error", {"cognitive": (OFF, 15)},
           cognitive_variant="sonarjs-4.2"),
    Preset("eslint", "the limits that ESLint's rules have by default, each an error", {
        "cyclomatic": (OFF, 20), "nesting_depth": (OFF, 4), "line_count": (OFF, 50), "params_count": (OFF, 3),
        "file_length": (OFF, 300),
    }),
)}  # fmt: skip
DEFAULT_PRESET = next(iter(PRESETS.values()))
DEFAULT_WEIGHTS = {"cognitive": 0.30, "cyclomatic": 0.20, "halstead": 0.15, "structural": 0.15, "duplication": 0.20}
DEFAULT_ANALYSIS = Analysis(
    metrics=frozenset(FUNCTION_FAMILIES),
    cyclomatic_variant="classic",
    cognitive_variant="sonarjs",
    thresholds=DEFAULT_THRESHOLDS,
    duplication_min_tokens=DEFAULT_PRESET.duplication_min_tokens,
    duplication_min_lines=DEFAULT_PRESET.duplication_min_lines,
    weights=DEFAULT_WEIGHTS,
    module_code=False,
    syntax_errors="warning",
    gate=FAMILIES,
    worse_by={metric.name: metric.worse_by for metric in METRICS},
    least_cognitive=DEFAULT_PRESET.least_cognitive,
)

METRIC = {metric.name: metric for metric in ALL_METRICS}

SUPPRESSIBLE = frozenset((*(metric.name for metric in METRICS), *FAMILIES)) - {"duplication", "graph"}
MEANT_METRICS = {  # what is written instead of the names of metrics: headings of the page, names of rules, and ESLint's
    **{metric.short: metric.name for metric in reversed(METRICS)},
    **{metric.rule.lower(): metric.name for metric in METRICS},
    "complexity": "cyclomatic", "cognitive-complexity": "cognitive", "max-lines-per-function": "line_count",
    "max-params": "params_count", "max-depth": "nesting_depth", "max-lines": "file_length",
    **{name: name for name in sorted(SUPPRESSIBLE)},
}  # fmt: skip


def meant_word(word: str, words: Sequence[str]) -> str | None:
    """The one of some words that another is a slip of, or that is the metric, or its family, by another name."""
    metric = METRIC.get(MEANT_METRICS.get(word.lower(), ""))
    other_names = (metric.name, metric.family) if metric else ()
    return nearest(word, words) or next((name for name in other_names if name in words), None)


COMPARED_GATE = tuple(metric.name for metric in ALL_METRICS if metric.gates)
GATE_OF_NEW = {metric.name: metric.gates_new for metric in METRICS if metric.gates_new}
WORSE_KEYS = {metric.name: f"worse_by.{metric.name}" for metric in METRICS}


def does_gate(metric: str, gate: Container[str]) -> bool:
    """Whether the findings of a metric fail a run that is gated by these metrics and families."""
    return metric in gate or METRIC[metric].family in gate


def does_gate_new(violation: Violation) -> bool:
    """Whether a finding of a new function fails a run whose gate nobody chose, though its metric is not in it."""
    share = GATE_OF_NEW.get(violation.metric)
    return bool(share) and violation.level == "error" and violation.value > share * violation.threshold


def allowed_rise(worse_by: float | str, before: float) -> float:
    """What "worse_by" allows a value to rise by: a number, or a share of what the value was."""
    if isinstance(worse_by, str):
        return before * float(worse_by.removesuffix("%")) / 100
    return worse_by


class Rule(NamedTuple):
    """One kind of finding: what machine formats call it and what their readers are told of it."""

    name: str
    title: str  # as SARIF wants names: PascalCase
    meaning: str
    advice: str


RULES = (
    *(Rule(metric.name, metric.rule, metric.meaning, metric.advice) for metric in ALL_METRICS),
    Rule(
        "clone-group", "CloneGroup",
        meaning="A run of the same tokens at several places, names and literals aside.",
        advice="Lift what is the same into one function, and pass in what differs.",
    ),
    Rule(
        "unused-suppression", "UnusedSuppression",
        meaning="A comment that suppresses nothing: the finding is not there, or the comment is not as it must be.",
        advice="Correct the comment, or remove it, so that it does not hide the next finding.",
    ),
)  # fmt: skip
RULE_INDEX = {rule.name: index for index, rule in enumerate(RULES)}


class Number(NamedTuple):
    """A number of a report that is no metric: what it has in common with one."""

    name: str
    family: str
    at: str  # as in Metric
    form: str


def reader(places: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads several attributes of a report at once."""
    read = attrgetter(*places)
    return read if len(places) > 1 else lambda report: (read(report),)


class Numbers:
    """Numbers of reports, family by family: those of a family are there together, or are not there at all."""

    def __init__(self, numbers: Iterable[Metric | Number]) -> None:
        self.families = list(grouped(numbers, attrgetter("family")).values())
        self.in_order = list(chain.from_iterable(self.families))
        self.readers = [reader([number.at for number in family]) for family in self.families]
        self.read = reader([number.at for number in self.in_order])
        self.heads = reader([family[0].at.partition(".")[0] for family in self.families])  # None where one is off

    def values(self, report: FunctionReport | FileReport) -> dict[str, float]:
        """Each number that is there, by its name."""
        found = {}
        for head, family, read in zip(self.heads(report), self.families, self.readers):
            if head is not None:
                found.update(zip([number.name for number in family], read(report)))
        return found

    def writer(self, head: str, number: Callable[[Any], str], tail: str, blank: str = "") -> Callable[..., str]:
        """What writes a report by one pattern: the head with the values before, all numbers, the tail with the values
        behind. `blank` stands for a number that is not there."""
        patterns = ["".join(map(number, family)) for family in self.families]
        blanks = [blank * len(family) for family in self.families]
        whole = "".join((head, *patterns, tail))

        def text(report: Any, before: tuple[Any, ...] = (), behind: tuple[Any, ...] = ()) -> str:
            heads = self.heads(report)
            if None not in heads:
                return whole % (before + self.read(report) + behind)
            texts = [head % before]
            for value, pattern, read, blank in zip(heads, patterns, self.readers, blanks):
                texts.append(blank if value is None else pattern % read(report))
            return "".join((*texts, tail % behind))

        return text


FUNCTION_NUMBERS = Numbers(FUNCTION_METRICS)
FILE_NUMBERS = Numbers(FILE_METRICS)

# ---------------------------------------------------------------------------------------
# 7  Program: from the command line to the exit code
# uses: Words, Start-up, Ground, Arguments, Configuration, Run, Commands
# ---------------------------------------------------------------------------------------


def main(argv: list[str] | None = None) -> int:
    """Run the command line within a program, whose own handlers of signals stand again afterwards."""
    handlers = [(number, signal.getsignal(number)) for number in STOP_SIGNALS]
    try:
        return run_command_line(argv)
    finally:
        for number, handler in handlers:
            if handler is not None and handler != signal.getsignal(number):
                signal.signal(number, handler)


def run_command_line(argv: list[str] | None = None) -> int:
    """The exit code of a command line, in a process of its own: signals are still handled when it is known. Each
    exception becomes an exit code here or in answer(), and nowhere else."""
    freeze_support()
    collect_rarely()
    open_closed_streams()
    try:
        handle_signals(StopHandler())
        return answer(sys.argv[1:] if argv is None else argv)
    except Stopped as stop:
        return stop.exit_code()


def answer(argv: list[str]) -> int:
    """The exit code of a command line, once what is wrong was said."""
    try:
        request = parse_command_line(argv)
        if request.action in ACTIONS:
            return ACTIONS[request.action](request)
        return run(request.paths, load_settings(request))
    except (UsageError, Unreadable) as error:
        note(f"error: {error}")
        return EXIT_USAGE if isinstance(error, UsageError) else EXIT_SKIPPED
    except OSError as error:  # most often of standard output, when the disk is full
        note(f"error: {error.filename or f'cannot write to {STANDARD_OUTPUT}'}: {reason_of(error)}")
        silence(sys.stdout)
        return EXIT_SKIPPED
    except MemoryError:
        note("error: out of memory")
        return EXIT_SKIPPED


def leave(code: int) -> None:
    """End a packed binary's process as the interpreter does, but without taking every object apart."""
    import atexit

    handle_signals(signal.SIG_IGN)
    atexit._run_exitfuncs()
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):  # the interpreter knows what to say
        sys.exit(code)
    os._exit(code)


# ---------------------------------------------------------------------------------------
# 8  Arguments: the command line as a value
# gives: parse_command_line
# uses: Words, Start-up, Ground, Values, Language, Catalogue, Graph views, Options
# ---------------------------------------------------------------------------------------


class Request(NamedTuple):
    """What the command line asks for."""

    action: str  # a row of ACTIONS; "" is to analyse
    paths: tuple[str, ...]  # or what the action takes
    values: Values  # by name of the option

    def given(self, name: str) -> Any:
        """The value of a flag, or the option's default where the flag was not given."""
        return self.values[name].value if name in self.values else OPTION[name].default


def parse_command_line(argv: Iterable[str]) -> Request:
    """The arguments after the program's name -> a Request; UsageError says what is wrong with them."""
    reader = ArgumentReader(argv)
    reader.read()
    return reader.request()


def check_no_slip(word: str) -> None:
    """Refuses a path that is none, but may be meant for a command, or for a flag in place of one: explian, version."""
    asked = {name: f"complexity-guard {name}" for name in COMMANDS}
    asked.update({name: f"--{name}" for name in ("help", "init", "version")})
    near = nearest(word, asked) if len(word) > 2 and word.isalpha() and not os.path.lexists(word) else None
    if near:
        raise UsageError(f"{word}: no such file or folder; did you mean {asked[near]}?")


def given_words(text: str, words: Sequence[str]) -> str:
    """A value that is refused, with the word that may have been meant."""
    word = text.split(",")[-1].partition("=")[0]
    near = meant_word(word, words)
    return abridged(repr(text)) + (f"; did you mean {near}?" if near not in (None, word) else "")


class ArgumentReader:
    """Flags and words in any order, as GNU's programs take them; what follows -- is words."""

    def __init__(self, argv: Iterable[str]) -> None:
        self.waiting = list(argv)[::-1]  # the next argument is the last
        self.options = {flag: option for option in OPTIONS for flag in (*option.flags, *option.opposite)}
        self.values: Values = {}
        self.words: list[str] = []

    def read(self) -> None:
        """Reads all arguments."""
        while self.waiting:
            word = self.waiting.pop()
            if word == "--":
                self.read_rest()
                return
            if word.startswith("-") and grammar_of(word) is not None and os.path.lexists(word):
                raise UsageError(f"{word} is a file here: write ./{word}, or -- before the names of files")
            if word.startswith("--"):
                spelling, equals, text = word.partition("=")
                self.read_flag(spelling, text if equals else None)
            elif word.startswith("-") and word != "-" and not word.startswith("-:"):  # explain -:12
                self.read_letters(word)
            else:
                self.words.append(word)

    def read_rest(self) -> None:
        """All that is left are paths; one that means something else without -- is spelled so that it does not."""
        for word in reversed(self.waiting):
            is_special = word == "-" or word.startswith("-:") or (not self.words and word in COMMANDS)
            self.words.append(f"./{word}" if is_special else word)

    def read_letters(self, word: str) -> None:
        """-vq is -v -q; -fjson and -f=json are -f json."""
        if "-" + word.partition("=")[0] in self.options:  # -format
            raise self.unknown(word)
        letters = word[1:]
        while letters:
            spelling, letters = "-" + letters[0], letters[1:]
            if spelling not in self.options:
                raise self.unknown(word)
            if letters and self.options[spelling].metavar:
                self.read_flag(spelling, letters.removeprefix("="))
                return
            self.read_flag(spelling, None)

    def read_flag(self, spelling: str, text: str | None) -> None:
        """One flag with its value: the text that stands with it, or else the next argument."""
        if spelling not in self.options:
            raise self.unknown(spelling)
        option = self.options[spelling]
        if option.metavar:
            texts = [] if text is None else [text]
            for _ in option.metavar.split()[len(texts) :]:  # --why A B
                texts.append(self.next_value(option, spelling))
            value = self.checked(option, spelling, "\0".join(texts))
        elif text is None:
            value = spelling in option.flags
        else:
            others = option.flags if spelling in option.opposite else option.opposite
            hint = f"; its opposite is {others[-1]}" if others else ""
            raise UsageError(f"option {spelling} takes no value{hint}")
        self.values[option.name] = Value(value, spelling, FROM_FLAG)

    def next_value(self, option: Option, spelling: str) -> str:
        """The next argument, unless it looks like another flag: then this one's value was forgotten."""
        text = self.waiting.pop() if self.waiting else "-?"
        if text.startswith("-") and text != "-" and not text[1:2].isdigit():
            raise UsageError(f"option {spelling} needs a value: {spelling} {option.metavar}")
        return text

    def checked(self, option: Option, spelling: str, text: str) -> Any:
        """The value that the text is, behind those that stand before it where a flag repeats."""
        if option.name == "output.format" and text in GRAPH_FORMATS:
            return text  # until the command is known, which may stand behind it
        try:
            value = option.kind.read(text)
        except ValueError:
            given = given_words(text, option.kind.words)
            raise UsageError(f"option {spelling} must be {option.kind.expects}, not {given}") from None
        before = self.values.get(option.name)
        return before.value + value if option.kind.repeats and before else value

    def unknown(self, spelling: str) -> UsageError:
        names = [name for name in self.options if name.startswith("--")]
        word = spelling.lstrip("-").partition("=")[0]
        near = nearest(f"--{word}", names) or (f"--format {word}" if word in FORMATS else None)
        return UsageError(
            f"unknown option {abridged(spelling)}; "
            + (f"did you mean {near}?" if near else "--help lists all there are")
        )

    def request(self) -> Request:
        """What all that was read asks for."""
        words = self.words
        action = next((name for name in ("help", "version", "print_config", "init") if name in self.values), "")
        self.check_graph(not action and words[:1] == [GRAPH])
        if not action and words and words[0] in COMMANDS:
            return self.command(COMMANDS[words[0]], words[1:])
        if not action and "-" in words and len(words) > 1:
            raise UsageError("- (standard input) cannot be combined with other paths")
        if not action and words:
            check_no_slip(words[0])
        return Request(action, tuple(words) or (".",), self.values)

    def check_graph(self, is_graph: bool) -> None:
        """Refuses flags and formats of the command graph elsewhere, and other formats there."""
        for name, value in self.values.items():
            if OPTION[name].section == "Graph" and not is_graph:
                raise UsageError(f"{value.origin} is for complexity-guard {GRAPH}")
        chosen = self.values.get("output.format")
        taken = GRAPH_FORMATS if is_graph else FORMATS
        if chosen and chosen.value not in taken:
            what = f"option {chosen.origin} of {GRAPH if is_graph else 'an analysis'}"
            raise UsageError(f"{what} must be {alternatives(taken)}, not {chosen.value}")

    def command(self, command: Command, words: list[str]) -> Request:
        if not command.arguments - command.optional <= len(words) <= command.arguments:
            choice = f" with {alternatives(command.words)}" if command.words and not command.optional else ""
            usage = f"usage: complexity-guard {command.usage}{choice}"
            raise UsageError(f"{usage} (for a path of that name write ./{command.name})")
        self.check_reports(command)
        return Request(command.name, tuple(words or command.usual), self.values)

    def check_reports(self, command: Command) -> None:
        """Refuses what asks for other reports than the text that a command prints."""
        if command.formats:
            return
        refused = ["output.reports"]
        if command.name != GRAPH:
            refused += ["output.format", "output.file"]
        for name in refused:
            if name in self.values:
                raise UsageError(f"{self.values[name].origin} is for analyses; {command.name} prints its text as it is")


# ---------------------------------------------------------------------------------------
# 9  JSONC: JSON with comments and trailing commas, each value with its line
# gives: *
# uses: Words, Start-up, Ground
# ---------------------------------------------------------------------------------------

MAX_CONFIG_DEPTH = 40

# Patterns of what few runs read are compiled at their first use, by re's own cache.
_TOKEN = r"""(?xs)
        (?P<space>[ \t\r\n]+|//[^\n]*|/\*.*?\*/)
      | (?P<string>"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+")
      | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z_.]))
      | (?P<word>(?:true|false|null)\b)
      | (?P<mark>[{}\[\]:,])
      | (?P<wrong>[^\n]+)"""
_CONSTANTS = {"true": True, "false": False, "null": None}


class Node(NamedTuple):
    """A JSON value and its place. Objects hold Nodes by key, with the key's place; arrays hold Nodes."""

    value: Any
    place: str  # FILE:LINE, with which an error about it begins


Members = dict[str, Node]  # of an object, by key


class Token(NamedTuple):
    kind: str
    text: str
    place: str


def _tokens(text: str, name: str) -> Iterator[Token]:
    """The tokens without space and comments; after the last one "end" for ever."""
    line = 1
    for match in re.finditer(_TOKEN, text):
        kind, found = match.lastgroup, match.group()
        if kind == "wrong":
            raise ConfigError(f"{name}:{line}: this is not JSON: {abridged(found)}")
        if kind != "space":
            yield Token(kind, found, f"{name}:{line}")
        line += found.count("\n")
    while True:
        yield Token("end", "the end of the file", f"{name}:{line}")


class JsonReader:
    """One pass over the text; every error names the file and the line."""

    def __init__(self, text: str, name: str) -> None:
        self.tokens = _tokens(text, name)
        self.token = next(self.tokens)
        self.depth = 0

    def next_token(self) -> Token:
        token, self.token = self.token, next(self.tokens)
        return token

    def expect(self, *texts: str) -> None:
        if self.token.text not in texts:  # none of them is the text of a string, which keeps its quotes
            found = abridged(self.token.text)
            raise ConfigError(f"{self.token.place}: expected {alternatives(texts)}, found {found}")
        self.next_token()

    def document(self) -> Node:
        node = self.node()
        self.expect("the end of the file")
        if not isinstance(node.value, dict):
            raise ConfigError(f"{node.place}: the configuration must be an object: {{ ... }}")
        return node

    def node(self) -> Node:
        """The next value, with all that is in it."""
        token = self.next_token()
        if token.kind in _SCALARS:
            return Node(_SCALARS[token.kind](token), token.place)
        if token.text not in _CONTAINERS:
            raise ConfigError(f"{token.place}: expected a value, found {abridged(token.text)}")
        if self.depth == MAX_CONFIG_DEPTH:
            raise ConfigError(f"{token.place}: nested deeper than {MAX_CONFIG_DEPTH} levels")
        self.depth += 1
        value = _CONTAINERS[token.text](self)
        self.depth -= 1
        return Node(value, token.place)

    def up_to(self, closing: str) -> Iterator[None]:
        """Halts before each member or element, for our caller to read it. A comma may stand behind the last."""
        while self.token.text != closing:
            yield
            if self.token.text != closing:
                self.expect(",", closing)
        self.next_token()

    def members(self) -> Members:
        """The members of an object, up to its end; no key may stand there twice."""
        members = {}
        for _ in self.up_to("}"):
            token = self.next_token()
            if token.kind != "string":
                raise ConfigError(f"{token.place}: expected a key in double quotes, found {abridged(token.text)}")
            key = _json_string(token)
            if key in members:
                line = members[key].place.rpartition(":")[2]
                raise ConfigError(f"{token.place}: {abridged(key)} is already set on line {line}")
            self.expect(":")
            members[key] = self.node()._replace(place=token.place)
        return members

    def elements(self) -> list[Node]:
        return [self.node() for _ in self.up_to("]")]


def _json_string(token: Token) -> str:
    text = token.text[1:-1]
    if "\\" in text:
        import json

        text = json.loads(token.text)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ConfigError(f"{token.place}: half a surrogate pair in {abridged(token.text)}")
    return text


def _json_number(token: Token) -> float:
    value = parse_number(token.text)
    if not math.isfinite(value):
        raise ConfigError(f"{token.place}: {abridged(token.text)} is too large")
    return value


_CONTAINERS = {"{": JsonReader.members, "[": JsonReader.elements}
_SCALARS = {"string": _json_string, "number": _json_number, "word": lambda token: _CONSTANTS[token.text]}


def without_lines(node: Node) -> Any:
    """The value without the lines."""
    if isinstance(node.value, list):
        return [without_lines(element) for element in node.value]
    if isinstance(node.value, dict):
        return {key: without_lines(member) for key, member in node.value.items()}
    return node.value


def jsonc_text(head: Iterable[str], rows: dict[str, tuple[Any, str]]) -> str:
    """Dotted names with their value and a note -> nested objects with the notes as comments, below some lines."""
    lines = list(_value_lines(tree_of_names(rows)))
    width = max((len(text) for text, note in lines if note and len(text) <= 64), default=0)
    texts = [f"{text:<{width}}  // {note}" if note else text for text, note in lines]
    return "\n".join((*head, *texts, ""))


def tree_of_names(rows: dict[str, Any]) -> dict[str, Any]:
    tree = {}
    for name, row in rows.items():
        *groups, key = name.split(".")
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[key] = row
    return tree


def _value_lines(branch: Any, indent: str = "", start: str = "", end: str = "") -> Iterator[tuple[str, str]]:
    """The lines of a branch of a tree, each with its note; `start` and `end` stand before and behind the value."""
    if isinstance(branch, tuple):
        value, note = branch
        yield f"{start}{to_json(value)}{end}", printable(note)
        return
    yield start + "{", ""
    inner = indent + "  "
    for place, (key, member) in enumerate(branch.items(), 1):
        comma = "," if place < len(branch) else ""
        yield from _value_lines(member, inner, f"{inner}{to_json(key)}: ", comma)
    yield f"{indent}}}{end}", ""


# ---------------------------------------------------------------------------------------
# 10  Configuration: files, flags, environment and defaults make the settings
# gives: find_config, load_configuration, settings_of, load_settings, configuration_of, folder_settings,
#        library_settings, NO_REPORTS, config_text, to_config, starter_config, write_starter
# uses: Words, Start-up, Ground, Values, Language, Catalogue, Options, JSONC, Rules, Reports
# ---------------------------------------------------------------------------------------

# Reading files
MAX_CONFIG_BYTES = 1_000_000
MAX_OVERRIDES = 1000  # of one file: each is asked of every file
MAX_EXTENDS = 50  # files that one configuration may be made of
REPOSITORY_MARKS = (".git", ".hg", ".jj", ".svn")  # in the root of a repository; code may lie in them
_INTO_MARKS = regex(r"(?i)(?:^|/)(?:\.git|\.hg|\.jj|\.svn|git~1)[. ]*(?:[:/]|$)")  # by any name that file systems know
_DOCUMENT_KEYS = ("$schema", "extends", "overrides")
_OVERRIDE_KEYS = ("files", "analysis", "generated", "extends", "preset")
PRESET_PREFIX = "complexity-guard:"  # before the name of a preset, where files may stand
ANCESTORS_VALUE = Value(ANCESTORS_PRESET, "for a file of 0.10", FROM_FILE)
CHANGE_OPTIONS = ("since", "changed", "staged", "diff")  # each is a kind of comparison


class OverrideRule(NamedTuple):
    globs: tuple[str, ...]
    values: Values
    origin: str  # "overrides[0]"


class ConfigFile(NamedTuple):
    """What one file says, together with the files it extends."""

    values: Values
    overrides: tuple[OverrideRule, ...]


def find_config(folder: str) -> str | None:
    """The nearest configuration file, from `folder` up to where no other can be of the same project."""
    top = _top_of_project(folder)
    while True:
        for name in CONFIG_NAMES:
            path = os.path.join(folder, name)
            if os.path.lexists(path):
                return path
        if folder == top:
            return None
        folder = os.path.dirname(folder)


def _top_of_project(folder: str) -> str:
    """The root of the repository that a folder is in; else the home folder, where it is in there; else the folder."""
    home = real_path(os.path.expanduser("~"))
    is_at_home = os.path.dirname(home) != home and is_inside(folder, home)
    return _repository_of(folder) or (home if is_at_home else folder)


def _repository_of(folder: str) -> str | None:
    top = folder
    while not any(os.path.lexists(os.path.join(top, mark)) for mark in REPOSITORY_MARKS):
        below, top = top, os.path.dirname(top)
        if top == below:
            return None
    return top


class ConfigReader:
    """Reads one configuration with all that it extends. Anybody may have written it, in a repository that is only
    looked at: it reaches no file outside that, and shows no text of a file that is no configuration."""

    def __init__(self, path: str, is_named: bool) -> None:
        """`is_named`: the command line names this file, and so vouches for whoever it belongs to."""
        self.path = path
        self.is_named = is_named
        folder = real_path(os.path.dirname(path))
        self.top = _repository_of(folder) or folder
        self.seen = 0

    def config(self) -> ConfigFile:
        """The file over the files it extends; ConfigError says what is wrong, and on which line."""
        values = {}
        overrides = []
        for file in self.files(self.path, ()):
            values |= file.values
            overrides += file.overrides
        return ConfigFile(values, tuple(overrides))

    def files(self, path: str, extended_by: tuple[str, ...]) -> Iterator[ConfigFile]:
        """The files that a file extends, and then the file. `extended_by` are the real paths that lead from the first
        file to this one."""
        self.seen += 1
        document = self.document(path)
        chain = (*extended_by, os.path.realpath(path))
        for node in _extended(document):
            if node.value.startswith(PRESET_PREFIX):
                yield ConfigFile(_extended_preset(node, FROM_FILE), ())
                continue
            parent = os.path.normpath(os.path.join(os.path.dirname(path), node.value))
            self.check_extended(parent, node, chain)
            yield from self.files(parent, chain)
        yield _config_file(document, is_first=not extended_by)

    def check_extended(self, path: str, node: Node, chain: tuple[str, ...]) -> None:
        where = f"{node.place}: extends"
        if os.path.realpath(path) in chain:
            raise ConfigError(f"{where} {node.value!r} leads back to itself")
        if self.seen >= MAX_EXTENDS:
            raise ConfigError(f"{where}: more than {MAX_EXTENDS} files")
        _check_inside(path, self.top, f"{where} {node.value!r}")
        if not os.path.isfile(path):
            hint = f"; did you mean {PRESET_PREFIX}{node.value}?" if node.value in PRESETS else ""
            raise ConfigError(f"{where} {node.value!r}: there is no such file{hint}")

    def document(self, path: str) -> Members:
        """What is in a file. Another than the first, or one behind a link, may be anything: nothing of it is shown."""
        name = relative_name(path)
        self.check_origin(path, name)
        text = _config_text(path, name)
        if path == self.path and not os.path.islink(path):
            return JsonReader(text, name).document().value
        return self.unknown_document(text, name)

    def unknown_document(self, text: str, name: str) -> Members:
        try:
            document = JsonReader(text, name).document().value
        except ConfigError as error:
            line = str(error).removeprefix(f"{name}:").partition(":")[0]
            raise ConfigError(f"{name}:{line}: this is not JSON, and not shown, for it may be anything") from None
        if document and document.keys().isdisjoint({*_DOCUMENT_KEYS, *KNOWN_KEYS}):
            raise ConfigError(f"{name}: this is no configuration: no key of it is known")
        return document

    def check_origin(self, path: str, name: str) -> None:
        """Whether a file that nobody named on the command line is to be trusted."""
        if self.is_named or not os.path.exists(path):
            return
        _check_inside(path, self.top, name)
        if is_of_stranger(path):
            trust = f"if you trust it, name it: --config {relative_name(self.path)}"
            raise ConfigError(f"{name}: it belongs to somebody else, neither to you nor to root; {trust}")


def _check_inside(path: str, top: str, words: str) -> None:
    if not is_inside(real_path(path), top):
        raise ConfigError(f"{words}: it is outside of {top}, where the configuration is at home")


def _config_text(path: str, name: str) -> str:
    """The text of a configuration file; ConfigError where there is none."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise ConfigError(f"{name}: not a regular file")
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_CONFIG_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror}") from None
    if len(data) > MAX_CONFIG_BYTES:
        raise ConfigError(f"{name}: larger than {MAX_CONFIG_BYTES:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{name}:{line}: not UTF-8 text") from None


def _extended(document: Members) -> Iterator[Node]:
    """The relative paths and the presets under "extends"."""
    extends = document.get("extends", Node([], ""))
    nodes = extends.value if isinstance(extends.value, list) else [extends]
    for node in nodes:
        if not isinstance(node.value, str) or not node.value:
            raise ConfigError(f"{node.place}: extends must be a path, {PRESET_PREFIX}NAME, or a list of these")
        if os.path.isabs(node.value) or "://" in node.value or "\0" in node.value:
            raise ConfigError(f"{node.place}: extends takes relative paths only, not {node.value!r}")
        yield node


def _extended_preset(node: Node, rank: int) -> Values:
    """What "complexity-guard:NAME" sets, as if the preset were named by its key."""
    name = node._replace(value=node.value.removeprefix(PRESET_PREFIX))
    return _read_options({"preset": name}, PER_FILE_KEYS, rank)


def _config_file(document: Members, is_first: bool) -> ConfigFile:
    """What a document says by itself."""
    schema = document.get("$schema", Node("", ""))
    if not isinstance(schema.value, str):
        raise ConfigError(f"{schema.place}: $schema must be a text")
    options = {key: node for key, node in document.items() if key not in _DOCUMENT_KEYS}
    file = ConfigFile(_read_options(options, CONFIG_KEYS, FROM_FILE), tuple(_overrides(document)))
    if is_first and _is_for_the_ancestor(document):
        return file._replace(values=_with_preset({"preset": ANCESTORS_VALUE}) | file.values)
    return file


def _is_for_the_ancestor(document: Members) -> bool:
    """Whether a document says what is good enough, and says it in the ancestor's keys alone."""
    keys = set(_keys_set(document))
    return keys <= ANCESTORS_KEYS and not keys.isdisjoint(ANCESTORS_JUDGEMENT)


def _keys_set(members: Members, prefix: str = "") -> Iterator[str]:
    """The keys that a document sets, as it spells them, and those of its overrides."""
    for key, node in members.items():
        if prefix + key == "overrides":
            for entry in node.value or ():
                yield from _keys_set(entry.value)
        elif isinstance(node.value, dict):
            yield from _keys_set(node.value, f"{prefix}{key}.")
        elif node.value is not None:
            yield prefix + key


def _with_preset(values: Values) -> Values:
    """The values that are set at one place, over those of the preset that is named there."""
    return _preset_values(values["preset"]) | values if "preset" in values else values


def _preset_values(preset: Value) -> Values:
    """What a preset sets where it was named: in an override, no more than what may stand there."""
    name, origin, rank, _ = preset
    keys = PER_FILE_KEYS if rank == FROM_OVERRIDE else CONFIG_KEYS
    return {key: Value(value, origin, rank, name) for key, value in PRESETS[name].values().items() if key in keys}


def _read_options(members: Members, keys: dict[str, Option], rank: int) -> Values:
    """The checked values of options, under our names for them; `keys` are the options that may stand here."""
    values = {}
    for key, node in sorted(_options_in(members), key=_rank_of_key):
        name, kind = OPTION_OF_KEY[key]
        checked = _checked_value(key, kind, node)
        if name not in keys:
            raise ConfigError(f"{node.place}: {key} holds for the whole run, not for single files")
        values[name] = Value(checked, node.place, rank)
    return _with_preset(values)


def _rank_of_key(option: tuple[str, Node]) -> int:
    return KEY_RANKS.get(option[0], len(KEY_RANKS))


def _checked_value(key: str, kind: Kind, node: Node) -> Any:
    value = without_lines(node)
    try:
        return kind.check(value)
    except ValueError as error:
        wrong = str(error) if error.args and isinstance(value, list) else value
        raise ConfigError(f"{node.place}: {key} must be {_expectation(kind, wrong)}") from None


def _options_in(members: Members, prefix: str = "") -> Iterator[tuple[str, Node]]:
    """The options in an object and in the objects inside it; a null is as if its key were not there."""
    for key, node in members.items():
        name = prefix + key
        if name not in KNOWN_KEYS:
            raise ConfigError(f"{node.place}: unknown key {prefix}{abridged(key)}; {_key_hint(prefix, key)}")
        if node.value is None:
            continue
        if name in OPTION_OF_KEY:
            yield name, node
        elif name in COUNTED_ALWAYS:
            if node.value is not True:
                raise ConfigError(
                    f"{node.place}: {name} can only be true: cyclomatic complexity counts them, as ESLint does"
                )
        elif isinstance(node.value, dict):
            yield from _options_in(node.value, f"{name}.")
        else:
            keys = _keys_in(f"{name}.")
            shown = ", ".join(f'"{key}": ...' for key in keys) if len(keys) == 2 else "..."  # those of limits
            raise ConfigError(f"{node.place}: {name} must be an object: {{ {shown} }}")


def _keys_in(prefix: str) -> list[str]:
    return sorted({name[len(prefix) :].split(".")[0] for name in CONFIG_KEYS if name.startswith(prefix)})


def _expectation(kind: Kind, wrong: Any) -> str:
    """What a value must be and is not, with the word that may have been meant."""
    words = f"{kind.expects}, not {abridged(to_json(wrong))}"
    near = meant_word(wrong, kind.words) if isinstance(wrong, str) else None
    if not near:
        return words
    return f"{words}; did you mean {near if near != wrong else to_json([near])}?"  # a word where a list belongs


def _key_hint(prefix: str, key: str) -> str:
    """What an unknown key may have been meant to be: a key of the same object, or one of that name elsewhere."""
    here = _keys_in(prefix)
    if not prefix:
        here += _DOCUMENT_KEYS
    near = meant_word(key, here)
    if near:
        return f"did you mean {prefix}{near}?"
    elsewhere = [(len(name), name) for name in (*CONFIG_KEYS, *CONFIG_GROUPS) if name.split(".")[-1] == key]
    if elsewhere:
        return f"did you mean {min(elsewhere)[1]}?"
    return f"the keys here are {', '.join(here)}" if here else "nothing can be set here"


def _overrides(document: Members) -> Iterator[OverrideRule]:
    node = document.get("overrides", Node([], ""))
    if node.value is None:
        return
    if not isinstance(node.value, list):
        raise ConfigError(f"{node.place}: overrides must be a list: [ ... ]")
    if len(node.value) > MAX_OVERRIDES:
        raise ConfigError(f"{node.place}: more than {MAX_OVERRIDES:,} overrides; one may have many globs")
    for index, entry in enumerate(node.value):
        yield _override(entry, f"overrides[{index}]")


def _override(entry: Node, label: str) -> OverrideRule:
    """One element of "overrides"."""
    if not isinstance(entry.value, dict) or "files" not in entry.value:
        raise ConfigError(f'{entry.place}: {label} must be an object with "files" and "analysis"')
    options = dict(entry.value)
    for key, node in options.items():
        _check_override_key(key, node, label)
    extended = _presets_extended(options, label)
    files = options.pop("files")
    options.pop("extends", None)
    if "generated" in options:  # "files" is taken by the globs
        options["files"] = Node({"generated": options.pop("generated")}, entry.place)
    try:
        globs = check_texts(without_lines(files))
    except ValueError:
        raise ConfigError(f"{files.place}: {label}.files must be {GLOBS.expects}") from None
    return OverrideRule(globs, extended | _read_options(options, PER_FILE_KEYS, FROM_OVERRIDE), label)


def _presets_extended(override: Members, label: str) -> Values:
    """What an override extends: no files, for these may set what holds for the whole run."""
    values = {}
    for node in _extended(override):
        if not node.value.startswith(PRESET_PREFIX):
            raise ConfigError(f"{node.place}: {label}.extends takes {PRESET_PREFIX}NAME only, not {node.value!r}")
        values |= _extended_preset(node, FROM_OVERRIDE)
    return values


def _check_override_key(key: str, node: Node, label: str) -> None:
    if key not in _OVERRIDE_KEYS:
        near = nearest(key, _OVERRIDE_KEYS)
        hint = f"did you mean {near}?" if near else f"the keys here are {', '.join(_OVERRIDE_KEYS)}"
        raise ConfigError(f"{node.place}: unknown key {label}.{abridged(key)}; {hint}")


# Flags over configuration over environment over defaults
class Configuration(NamedTuple):
    path: str | None  # the configuration file
    base: str  # the folder that globs are relative to
    values: Values  # every option
    overrides: tuple[OverrideRule, ...]


def prevailing(values: Values, others: Values) -> Values:
    """Those of the values that stand above the others: of no lower rank."""
    return {name: value for name, value in values.items() if name not in others or value.rank >= others[name].rank}


def load_configuration(path: str | None, flags: Values, environment: Mapping[str, str]) -> Configuration:
    """Every option with its value, and the overrides; ConfigError where values do not go together."""
    file = ConfigReader(path, "config" in flags).config() if path else ConfigFile({}, ())
    values = {option.name: Value(option.default, "default", FROM_DEFAULT) for option in OPTIONS}
    values |= _preset_values(values["preset"])
    for layer in (dict(_from_environment(environment)), file.values, _with_pairs(flags)):
        values |= prevailing(layer, values)
    base = real_path(os.path.dirname(path) if path else working_folder())
    _check_pairs(values)
    for override in file.overrides:
        _check_pairs(values | prevailing(override.values, values))
    _check_weights(values)
    return Configuration(path, base, values, file.overrides)


def _with_pairs(flags: Values) -> Values:
    """The flags over what --preset sets, with each --threshold and --worse-by as the options that it stands for."""
    flags = _with_preset(flags)
    pairs = [(pair, flag) for flag in ("threshold", "allow_worse") if flag in flags for pair in flags[flag].value]
    return flags | {key: Value(value, OPTION[flag].flags[0], FROM_FLAG) for (key, value), flag in pairs}


def config_path(request: Request) -> str | None:
    """--config; else the nearest file above the working directory; else above the paths to analyse."""
    given = request.given("config")
    if given:
        return existing_config(given)
    return find_config(working_folder()) or find_config(_common_folder(request))


def configs_near(request: Request, found: str | None) -> tuple[str, ...] | None:
    """Configurations of the analysed paths that do not govern, since a run has but one; None where one was named."""
    if "config" in request.values or request.given("output.quiet"):
        return None
    folders = dict.fromkeys(path if os.path.isdir(path) else os.path.dirname(path) for path in request.paths)
    near = filter(None, [find_config(os.path.realpath(folder)) for folder in folders])
    return tuple(relative_name(path) for path in dict.fromkeys(near) if _is_nearer(path, found))


def _is_nearer(path: str, found: str | None) -> bool:
    if not found:
        return True
    folder = real_path(os.path.dirname(path))
    return not is_inside(real_path(os.path.dirname(found)), folder)


def existing_config(path: str) -> str:
    if not os.path.exists(path):
        raise ConfigError(f"{path}: there is no such configuration file")
    working_folder()
    return os.path.abspath(path)


def working_folder() -> str:
    try:
        return os.getcwd()
    except OSError as error:
        raise UsageError(f"the working directory cannot be used: {error.strerror}") from None


def _common_folder(request: Request) -> str:
    return common_folder([request.given("print_config")] if request.action == "print_config" else request.paths)


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    for option in OPTIONS:
        text = environment.get(option.variable) if option.variable else None
        if text:
            try:
                value = option.kind.read(text)
            except ValueError:
                expects = option.kind.expects
                raise ConfigError(f"the variable {option.variable} must be {expects}, not {text!r}") from None
            yield option.name, Value(value, option.variable, FROM_ENVIRONMENT)


def _check_pairs(values: Values) -> None:
    """A threshold for warnings may not be above the one for errors, but there may be none for warnings."""
    for low_key, high_key in LIMIT_KEYS.values():
        low = values[low_key]
        high = values[high_key]
        if low.value > high.value and low.value != OFF:
            where = high.origin if low.preset else low.origin  # no preset is wrong by itself
            warning = f"{low_key} {option_text(low.value)} ({low.source})"
            error = f"{high_key.rpartition('.')[2]} {option_text(high.value)} ({high.source})"
            raise ConfigError(f"{where}: {warning} is above {error}")


def _check_weights(values: Values) -> None:
    weights = [values[f"weights.{family}"] for family in DEFAULT_WEIGHTS]
    if not any(weight.value for weight in weights):
        raise ConfigError(f"{weights[0].origin}: all weights are 0; at least one must be above")


# The settings that follow from a configuration
def settings_of(configuration: Configuration) -> Settings:
    """The settings of a run."""
    plain = {name: value.value for name, value in configuration.values.items()}
    fields = {option.sets: plain[option.name] for option in OPTIONS if option.sets in Settings._fields}
    fields["start_method"] = fields["start_method"].replace("auto", "")
    fields["floor_is_asked"] = configuration.values["health_floor"].rank == FROM_FLAG
    fields["reports"] = _reports(configuration)
    fields["path_base"] = _path_base(configuration)
    fields |= _cache(configuration)
    fields["comparison"] = _comparison(configuration, plain)
    if configuration.path:
        fields["configuration"] = relative_name(configuration.path)
    analysis, overrides = _analysis_and_overrides(configuration)
    analysis, fields["comparison"] = _with_gate(analysis, fields["comparison"])
    return Settings(analysis, overrides, base=configuration.base, **fields)


def _with_gate(analysis: Analysis, comparison: Comparison) -> tuple[Analysis, Comparison]:
    """Where nobody chose what gates, a run that is compared has a gate of its own."""
    if analysis.gate:
        return analysis, comparison
    if not comparison.kind:
        return analysis._replace(gate=FAMILIES), comparison
    return analysis._replace(gate=COMPARED_GATE), comparison._replace(gates_new=True)


def _analysis_and_overrides(configuration: Configuration) -> tuple[Analysis, tuple[Override, ...]]:
    """The analysis of files that no override matches, and what overrides change of it. A whole run looks for clones or
    does not: where only overrides ask for it, it does, but not in other files."""
    values = configuration.values
    weights = {family: values[f"weights.{family}"].value for family in DEFAULT_WEIGHTS}
    analysis = changed_analysis(DEFAULT_ANALYSIS, _changes(values, values) | {"weights": weights})
    overrides = [Override(rule.globs, _changes(rule.values, values)) for rule in configuration.overrides]
    asked = any("duplication" in changed_analysis(analysis, override.changes).metrics for override in overrides)
    if asked and "duplication" not in analysis.metrics:
        analysis = analysis._replace(metrics=analysis.metrics | {"duplication"})
        overrides.insert(0, Override(("**",), {"analysis.duplication_enabled": False}))
    return analysis, tuple(overrides)


def _changes(values: Values, run: Values) -> PlainValues:
    """What values change of an analysis, as far as they prevail in the run. A stronger list of metrics, as --metrics
    is, is about duplication and the graph too."""
    changes = {OPTION[name].sets or name: value.value for name, value in prevailing(values, run).items()}
    for name in ("analysis.duplication_enabled", "analysis.graph"):
        if name in values and run["analysis.metrics"].rank > values[name].rank:
            changes.pop(name, None)
    return changes


def _path_base(configuration: Configuration) -> str:
    """The word that stands for a folder, or the folder that is named: by the configuration, from where that is."""
    name, origin, rank, _ = configuration.values["output.path_base"]
    if name in PATH_BASES:
        return name
    folder = real_path(name if rank == FROM_FLAG else os.path.join(configuration.base, name))
    if not os.path.isdir(folder):
        raise UsageError(f"{origin}: {name!r} is neither a folder nor {' or '.join(PATH_BASES)}")
    return folder


def _cache(configuration: Configuration) -> PlainValues:
    """Whether there is a cache and where. What a project says of it has to stay in the project."""
    named = configuration.values["cache_dir"].value
    where, origin, rank, _ = configuration.values["cache"]
    if named:
        is_on = rank < FROM_FLAG or where is not False
        return {"cache": is_on, "cache_dir": os.path.abspath(named), "cache_is_asked": True}
    if isinstance(where, bool):
        return {"cache": where}
    if rank == FROM_ENVIRONMENT:
        return {"cache": True, "cache_dir": os.path.abspath(where), "cache_is_asked": True}
    folder = real_path(os.path.join(configuration.base, where))
    if not is_inside(folder, configuration.base):
        raise UsageError(f"{origin}: the cache {where!r} is outside of {configuration.base}; --cache-dir may name it")
    return {"cache": True, "cache_dir": folder}


def _comparison(configuration: Configuration, plain: PlainValues) -> Comparison:
    """What the run is compared with. A flag for another comparison sets aside a baseline of the configuration."""
    baseline = plain["baseline_file"]
    write = plain["write_baseline"]
    kind = _asked_comparison(plain, configuration.values["baseline_file"].rank == FROM_FLAG)
    if write:
        return Comparison("baseline", write, write, plain["force"])
    if kind in CHANGE_OPTIONS:
        source = _checked_ref(plain["since"]) if kind == "since" else plain["diff"] or ""
        return Comparison(kind, source, whole_project=plain["whole_project"])
    if not baseline:
        return Comparison()
    return Comparison("baseline", baseline if kind else _baseline_of(configuration))


def _baseline_of(configuration: Configuration) -> str:
    """The baseline that a configuration names, which must be of its own repository."""
    value = configuration.values["baseline_file"]
    base = configuration.base
    baseline = join_path(base, value.value)
    where = f"{value.origin}: baseline_file {value.value!r}"
    _check_inside(baseline, _repository_of(base) or base, where)
    if os.path.exists(baseline) and not os.path.isfile(baseline):  # a pipe that nobody writes to holds up the run
        raise ConfigError(f"{where}: not a regular file")
    return baseline


def _asked_comparison(plain: PlainValues, is_baseline_asked: bool) -> str:
    """The kind of comparison that a flag asks for, or ""; UsageError where flags do not go together."""
    asked = [name for name in CHANGE_OPTIONS if plain[name]]
    if is_baseline_asked:
        asked.append("baseline")
    if len(asked) > 1:
        raise UsageError(f"--{asked[0]} and --{asked[1]} cannot be combined")
    kind = "".join(asked)
    write = plain["write_baseline"]
    if plain["whole_project"] and kind not in CHANGE_OPTIONS:
        raise UsageError("--whole-project goes with --since, --changed, --staged or --diff")
    if write and kind in CHANGE_OPTIONS:
        raise UsageError(f"--write-baseline records a whole run; it cannot be combined with --{kind}")
    if write and kind and os.path.realpath(plain["baseline_file"]) != os.path.realpath(write):
        raise UsageError("--baseline and --write-baseline name two files; --write-baseline alone compares with its own")
    return kind


def _checked_ref(ref: str) -> str:
    if ref.startswith("-") or not ref.strip() or "\0" in ref:
        raise UsageError(f"--since needs a commit, branch or tag, not {ref!r}")
    return ref


def _reports(configuration: Configuration) -> tuple[ReportRequest, ...]:
    """The reports of a run: one by --format and --output, others by --report."""
    values = configuration.values
    base = configuration.base
    idle = _idle_report_options(values)
    reports = []
    if "output.format" not in idle:
        file = values["output.file"]
        reports.append(_placed(ReportRequest(values["output.format"].value, file.value or "-"), file, base))
    if "output.reports" not in idle:
        reports += [_placed(report, values["output.reports"], base) for report in values["output.reports"].value]
    _check_destinations([report.destination for report in reports], values)
    if any(report.format == "html" for report in reports):
        _check_html()
    return tuple(reports)


def _placed(report: ReportRequest, value: Value, base: str) -> ReportRequest:
    """A report with the file it goes to. One that a configuration asks for stays in the configuration's folder."""
    if value.rank != FROM_FILE or report.destination == "-":
        return report
    return report._replace(destination=_place_below(base, report.destination, value.origin))


def _place_below(base: str, name: str, origin: str) -> str:
    """The file that a configuration in `base` may have written, by its name from the working directory. Whoever wrote
    the configuration is not trusted: it replaces what we have written ourselves, and nothing else."""
    path = os.path.join(base, name)
    where = f"{origin}: {name!r}"
    real = real_path(path)
    if real == base or not is_inside(real, base) or _INTO_MARKS.search(relative_to(base, real)):
        raise ConfigError(f"{where} is not below the folder of the configuration; --report FORMAT=FILE writes anywhere")
    if os.path.lexists(path) and not is_own_file(real):
        raise ConfigError(f"{where} is there, and no report; --report FORMAT=FILE on the command line replaces it")
    return relative_name(path)


def _check_destinations(names: list[str], values: Values) -> None:
    """Nothing is written twice, nor over what somebody could miss."""
    force = values["force"].value
    baseline = values["write_baseline"].value or "-"
    written = [name for name in (*names, baseline) if name != "-"]
    if force and not written:
        raise UsageError("--force goes with --write-baseline, or with a report that is written to a file")
    if not force:
        for name in written:
            _check_destination(name)
    _check_different(written + [name for name in names if name == "-"])


def _check_destination(name: str) -> None:
    real = real_path(name)
    if suffix_of(real) in GRAMMAR_OF_SUFFIX and not is_page(real):
        raise UsageError(f"{name}: a report does not get the name of a source file, unless with --force")
    if is_disk_or_socket(name):
        raise UsageError(f"{name}: a report is written to files and pipes, and over nothing else")
    if _is_led_away(os.path.abspath(name).replace(os.sep, "/"), real):
        raise UsageError(f"{name}: a link to {real}, where a repository has no say; with --force that is written")


def _is_led_away(path: str, real: str) -> bool:
    """Whether links make of a path in a repository, or else in the working folder, a file outside of that, or one
    in .git. Whoever names a file may not know the links in a repository of somebody else."""
    top = _repository_of(os.path.dirname(path)) or working_folder()
    if not is_inside(path, top):
        return False
    goes_in = _INTO_MARKS.search(real) and not _INTO_MARKS.search(path)
    return bool(goes_in) or not is_inside(real, real_path(top))


def _check_different(names: list[str]) -> None:
    places = [name if name == "-" else os.path.realpath(name) for name in names]
    for place, name in zip(places, names):
        if places.count(place) > 1:
            where = STANDARD_OUTPUT if name == "-" else name
            raise UsageError(f"two reports would be written to {where}; give one of them --report FORMAT=FILE")


def _check_html() -> None:
    """Our binaries have zlib; a Python that was built where zlib's headers are missing has not."""
    try:
        import zlib  # noqa: F401
    except ImportError:
        raise UsageError("the html format needs zlib, which this Python came without") from None


def _idle_report_options(values: Values) -> tuple[str, ...]:
    """Options without effect: of --format with --output, and --report, those of the lower rank."""
    short = max(values["output.format"].rank, values["output.file"].rank)
    others = values["output.reports"].rank
    if short == others:
        return ()
    return ("output.reports",) if short > others else ("output.format", "output.file")


def configuration_of(request: Request) -> Configuration:
    return load_configuration(config_path(request), request.values, os.environ)


NO_REPORTS = {  # what a configuration says of reports is for runs; these say that there is none to write
    "output.format": Value("compact", "", FROM_FLAG),
    "output.file": Value(None, "", FROM_FLAG),
}


def folder_settings(folder: str, config: str | None, flags: Values) -> Settings:
    """The settings of a run that starts in a folder, without its reports."""
    configuration = load_configuration(config, flags | NO_REPORTS, os.environ)
    if config is None:
        configuration = configuration._replace(base=folder)
    return settings_of(configuration)._replace(common=folder, reports=(), keep_reports=True)


def library_settings(config: str | None) -> Settings:
    named = {"config": Value(config, "config", FROM_FLAG)} if config else {}
    return settings_of(load_configuration(existing_config(config) if config else None, named, os.environ))


def load_settings(request: Request) -> Settings:
    """The settings of a command line, fitted to the terminal where one shows the report."""
    configuration = configuration_of(request)
    settings = settings_of(configuration)
    terminal = sys.stdout is not None and sys.stdout.isatty() and settings.reports[0].destination == "-"
    columns, rows = terminal_size() if terminal else (0, 0)
    nearer = configs_near(request, configuration.path) if not request.action else None
    if configuration.values["preset"] == ANCESTORS_VALUE and not settings.quiet:
        name = settings.configuration
        note(f'{name} names no preset, and is read as for 0.10: limits that it does not set are those of "strict"')
    color = use_color(settings.color, os.environ, terminal)
    return settings._replace(color=color, columns=columns, rows=rows, nearer=nearer)


def terminal_size() -> tuple[int, int]:
    """Columns and rows."""
    try:
        return os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return 0, 0


def use_color(wish: bool | None, environment: Mapping[str, str], terminal: bool) -> bool:
    """A flag or the configuration decides, then NO_COLOR, then FORCE_COLOR, then whether a terminal shows it."""
    if wish is not None:
        return wish
    if environment.get("NO_COLOR"):
        return False
    forced = environment.get("FORCE_COLOR") or environment.get("YES_COLOR")
    if forced:
        return forced not in ("0", "false")
    return terminal and environment.get("TERM") != "dumb"


# Showing the configuration
def config_text(configuration: Configuration, path: str, code: str = PRODUCT) -> str:
    """The configuration that applies to `path`, as a configuration file, each value with where it is from."""
    places = matching(configuration.overrides, relative_to(configuration.base, real_path(path)))
    rules = [configuration.overrides[place] for place in places]
    values = configuration.values
    if code == TEST:
        values = values | _values_of_tests()
    values = _values_under(values, rules)
    source = relative_name(configuration.path) if configuration.path else "no configuration file"
    head = printable(f"// {path}: {', '.join([source, *(rule.origin for rule in rules)])}")
    rows = {name: (to_config(values[name].value), values[name].source) for name in CONFIG_KEYS}
    return jsonc_text([head], rows)


def _values_of_tests() -> Values:
    """What is another value for test code, unless an override says otherwise."""
    values = {}
    for option in OPTIONS:
        key = option.sets or option.name
        if key in TEST_CHANGES:
            values[option.name] = Value(TEST_CHANGES[key], "test code", FROM_DEFAULT)
    return values


def _values_under(values: Values, rules: list[OverrideRule]) -> Values:
    """The values as these overrides change them; options without effect have none."""
    values = dict(values)
    for rule in rules:
        for name, value in prevailing(rule.values, values).items():
            values[name] = value._replace(origin=f"{value.origin} {rule.origin}")
    for name in _idle_report_options(values):
        values[name] = values[name]._replace(value=None)
    return values


def to_config(value: Any) -> Any:
    """A checked value as it stands in a configuration file."""
    if isinstance(value, tuple):
        return [e.text if isinstance(e, ReportRequest) else e for e in value]
    return "off" if value == OFF else value


_STARTER_HEAD = (
    "// Configuration of ComplexityGuard. Every key is optional; comments and trailing commas are allowed.",
    "// All keys: complexity-guard schema. What applies to a file: complexity-guard --print-config FILE",
)


def starter_config(configuration: Configuration, chosen: dict[str, tuple[Any, str]]) -> str:
    """The text that --init writes: what its command line sets, and what was chosen, each with a note."""
    sections = ("Files", "Analysis", "Gates", "Thresholds")
    rows = {"preset": (configuration.values["preset"].value, "The limits; docs/rules.md has every figure")}
    for name, value in configuration.values.items():
        is_set = value.rank == FROM_FLAG and not value.preset
        if is_set and name in CONFIG_KEYS and OPTION[name].section in sections:
            rows[name] = (to_config(value.value), OPTION[name].help)
    return jsonc_text(_STARTER_HEAD, rows | chosen)


def write_starter(path: str, text: str) -> None:
    """Writes a new file or none: never over another, and not in part."""
    try:
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            try:
                file.write(text)
                file.flush()
            except OSError:
                os.unlink(path)
                raise
    except FileExistsError:
        raise UsageError(f"{path} is there already; --init does not overwrite it") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None


# ---------------------------------------------------------------------------------------
# 11  Rules: what the code of a file is, and which analysis applies to it
# gives: GENERATED_CHOICES, TEST_CHANGES, RuleBook, generated_sign, analysis_for, changed_analysis, matching
# uses: Start-up, Words, Ground, Values, Catalogue, Globs
# ---------------------------------------------------------------------------------------


GENERATED_CHOICES = ("judge", "list", "skip")
# Tests are long because they are many, they are wrapped in callbacks, and they repeat each other on purpose.
TEST_CHANGES: dict[str, Any] = {
    **dict.fromkeys((*LIMIT_KEYS["line_count"], *LIMIT_KEYS["file_length"]), OFF),
    "treat_wrappers_as_modules": True,
    "analysis.duplication_enabled": False,
}


class FileRules(NamedTuple):
    """What applies to one file."""

    code: str  # out of CODE_KINDS
    code_sign: str
    places: tuple[int, ...]  # of the overrides that match
    analysis: Analysis


class RuleBook:
    """Knows what applies to each file of a run. Each worker has one."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.test_words = tuple(map(longest_word, settings.tests))
        self.attributes = Attributes()
        self.roots = Memo(self.root_of)  # of folders
        self.analyses = Memo(self.analysis_of)  # of kinds of code under the overrides at some places

    def of(self, path: str, sign: str = "") -> FileRules:
        """What applies to a file, whose text has this sign of being generated, or ""."""
        absolute = os.path.abspath(path).replace(os.sep, "/")
        places = override_places(self.settings, absolute)
        code, sign = self.code_of(absolute, sign, places)
        analysis = self.analyses[code, places]
        return FileRules._make((code, sign, places, analysis))

    def code_of(self, absolute: str, sign: str, places: tuple[int, ...]) -> tuple[str, str]:
        """What the code of a file is, and the sign that says so."""
        if self.analyses[PRODUCT, places].generated != "judge":
            sign = self.generated_sign(absolute, sign)
            if sign:
                return GENERATED, sign
        if self.is_test(absolute):
            return TEST, "files.tests"
        return PRODUCT, ""

    def generated_sign(self, absolute: str, sign: str) -> str:
        """By which sign a file is generated code. What a project says of it stands above all else."""
        if values := self.attributes.of(absolute):
            for attribute in ATTRIBUTES:
                if values.get(attribute, "false") not in (False, None, "false"):
                    return f"{attribute} in .gitattributes"
            if values.get(ATTRIBUTES[0]) in (False, "false"):
                return ""
        return name_sign(absolute) or sign

    def analysis_of(self, key: tuple[str, tuple[int, ...]]) -> Analysis:
        return analysis_under(self.settings, *key)

    def is_test(self, absolute: str) -> bool:
        path = relative_to(self.roots[absolute.rpartition("/")[0]], absolute)
        if not any(word in path for word in self.test_words):
            return False  # so that nothing is compiled in a run on files of product code
        return glob_rules(self.settings.tests).selects(byte_text(path))

    def root_of(self, folder: str) -> str:
        """The folder that files.tests is relative to. What lies above the project, as in /home/test, says nothing."""
        base = self.settings.base
        if self.settings.configuration and is_inside(folder, base):
            return base
        around = [outer for outer in (base, self.settings.common) if is_inside(folder, outer)]
        return self.attributes.roots[folder] or min(around, key=len, default=folder)


def longest_word(glob: str) -> str:
    """Letters that stand in whatever a glob matches; "" where it demands none."""
    for mark in "*?\\!":
        glob = glob.replace(mark, "\0")
    parts = glob.partition("[")[0].split("\0")
    return max([part.strip("./") for part in parts], key=len)


_MINIFIED_NAME = (".min.js", ".min.mjs", ".min.cjs")
# What generators write above all code, in any case; a blank is any white space. docs/code-kinds.md says of which texts
# these were made, and what they were tried on. Who only speaks of generated code must not match.
GENERATED_WORDS = (
    r"^@generated(?![\w-])",
    r"<auto-?generated",
    r"\bthis (?:\w+ )?(?:file|code|module|script|source) (?:is|was|has been) "
    r"(?:(?:auto(?:matically)?[ -]?)?(?:re)?generated|automatically (?:re)?(?:built|created|compiled))\b",
    r"\bthis is (?:an? )?(?:auto(?:matically)?[ -]?generated|generated (?:file|code))\b",
    r"^(?:\w+ )?auto(?:matically)?[ -]?generated(?: (?:file|by|code|from|with|using)\b|[.,:;!]|$)",
    r"\bgenerated\b.{0,160}?\bdo(?: not|n't) (?:\w+ )?(?:edit|modify|touch)\b",
    r"\bdo(?: not|n't) (?:\w+ )?(?:edit|modify)\b.{0,60}\bgenerated\b",
    r"(?:\A|\n\n|[.!] |(?-i:^(?=[A-Z])))(?:(?:code|file|parser|source|bundle|types|jison) )?"
    r"generated (?:by|with|using|from|parser|protocol buffer)\b"
    r"(?!.{0,30}\b(?:chatgpt|gpt|copilot|claude|gemini|cursor|ai|llm)\b)",  # such code lives on by hand
)
_GENERATED = regex("(?ims)" + "|".join(GENERATED_WORDS).replace(" ", r"\s+"))
MOST_HEAD = 5000  # bytes above the first code that are looked at
# Minified code has lines on which much happens, and no others: 12 events on a line are a dozen branches, loops and
# functions. Long lines alone prove nothing: they are texts, paths of icons and tables as well.
LONG_LINE, FEWEST_LINES = 300, 4  # bytes that lines have on average, and what a file of fewer lines counts as
PACKED_EVENTS, PACKED_SHARE = 12, 0.9


def name_sign(path: str) -> str:
    return "its name, *.min.js" if path.endswith(_MINIFIED_NAME) else ""


def generated_sign(source: SourceText, comments: bytes, lines_of_events: list[int]) -> str:
    """By which sign in its text a file is generated code; "" where it has none."""
    text = source.text
    head = head_of(text, comments)
    small = head.lower()
    if "generated" in small or "automatically" in small:
        found = _GENERATED.search(undecorated(head))
        if found:
            words = " ".join(found[0].split())
            return f"its first comment, '{words[:80].strip('. ')}'"
    lines = max(len(source.starts), FEWEST_LINES)
    if len(text) > LONG_LINE * lines and is_packed(lines_of_events):
        return "its shape, that of minified code"
    return ""


def head_of(text: bytes, comments: bytes) -> str:
    """The comments above all code, with what stands between them."""
    end = start = text.find(b"\n") + 1 if text.startswith(b"#!") else 0
    for first, last, _ in struct.iter_unpack("3i", comments):
        is_after_code = text[end:first].strip()
        if is_after_code or end > MOST_HEAD:
            break
        end = last
    head = text[start : min(end, MOST_HEAD)]
    return head.decode("utf-8", "replace")


def undecorated(head: str) -> str:
    """The words of comments."""
    lines = [line.strip(" \t\r*/#!-=;|~") for line in head.split("\n")]
    return "\n".join(lines).strip("\n")


def is_packed(lines_of_events: list[int]) -> bool:
    """Whether nearly all events are on lines with many of them."""
    counts: dict[int, int] = {}
    for line in lines_of_events:
        counts[line] = counts.get(line, 0) + 1
    packed = 0
    for count in counts.values():
        if count >= PACKED_EVENTS:
            packed += count
    return packed > PACKED_SHARE * len(lines_of_events)


def analysis_for(settings: Settings, path: str) -> tuple[Any, Analysis]:
    """The analysis of a file of product code, and a key that is equal for files with the same analysis."""
    places = override_places(settings, os.path.abspath(path).replace(os.sep, "/"))
    return places, analysis_under(settings, PRODUCT, places)


def override_places(settings: Settings, absolute: str) -> tuple[int, ...]:
    return matching(settings.overrides, relative_to(settings.base, absolute)) if settings.overrides else ()


def analysis_under(settings: Settings, code: str, places: tuple[int, ...]) -> Analysis:
    """The analysis for a kind of code, as the overrides at these places change it."""
    analysis = changed_analysis(settings.analysis, TEST_CHANGES) if code == TEST else settings.analysis
    for place in places:
        analysis = changed_analysis(analysis, settings.overrides[place].changes)
    return analysis._replace(syntax_errors="warning") if code == GENERATED else analysis


def matching(rules: Sequence[Override | OverrideRule], path: str) -> tuple[int, ...]:
    """Places of the overrides that match, in the order in which they apply: the last that sets a value decides."""
    key = byte_text(path)
    return tuple(place for place, rule in enumerate(rules) if glob_rules(rule.globs).selects(key))


def changed_analysis(analysis: Analysis, changes: Mapping[str, Any]) -> Analysis:
    """The analysis with these values of options instead of its own."""
    families = frozenset(changes.get("analysis.metrics", analysis.metrics))
    duplication = changes.get("analysis.duplication_enabled")
    for family, is_on in (("duplication", duplication), ("graph", changes.get("analysis.graph"))):
        if is_on is not None:
            families = families | {family} if is_on else families - {family}
    fields = {name: value for name, value in changes.items() if name in Analysis._fields}
    limits = changed_limits(analysis.thresholds, changes)
    worse_by = {metric: changes.get(WORSE_KEYS[metric], rise) for metric, rise in analysis.worse_by.items()}
    return analysis._replace(metrics=families, thresholds=limits, worse_by=worse_by, **fields)


def changed_limits(thresholds: Limits, changes: Mapping[str, Any]) -> Limits:
    """The limits of each metric, with these values of options instead of their own."""
    return {metric: tuple(map(changes.get, LIMIT_KEYS[metric], limits)) for metric, limits in thresholds.items()}


# ---------------------------------------------------------------------------------------
# 12  Globs: globs and ignore rules as git reads them
# gives: attribute_paths, glob_rules, Scope, ignored, read_ignore_file, git_folder, index_file, repository_root,
#        repository_scopes, ATTRIBUTES, Attributes
# uses: Words, Start-up, Ground
# ---------------------------------------------------------------------------------------

# Globs, exactly as git reads them (dir.c and wildmatch.c). pathspec, the package for this, knows no [[:alpha:]], lets
# ** cross no folders in ab**/c, raises an error at [z-a] and compares characters; git compares bytes. So text goes
# through byte_text, a letter per byte. Most patterns in practice are a name, *suffix or a path: those are looked up.
_LITERAL = r"[^*?\[\\]*"
_BEGINNING = regex(_LITERAL)
_PLAIN = regex(r"[^*?\[\\/]+")
_CLASSES = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "blank": " \t", "cntrl": "\x00-\x1f\x7f", "digit": "0-9",
    "graph": "!-~", "lower": "a-z", "print": " -~", "punct": "!-/:-@\\[-`{-~", "space": " \t\n\r",
    "upper": "A-Z", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_NEVER = "(?!)"


# Anybody can write files of a hundred thousand rules. They are looked up, and never tried one after the other: by their
# whole text, by its beginning or end, or by a hint, some letters that whatever they match contains.
FEW_RULES = 16  # that are tried one by one: this is quicker than to look them up
HINT = 6  # letters; fewer where a rule has no six in a row
MOST_HINTS = 32  # of a rule, of which the rarest is taken
MOST_ALIKE = 1000  # rules that no hint tells apart


class Affixes(NamedTuple):
    """Ends or beginnings of names or of paths."""

    fits: Callable[[str, tuple[str, ...]], bool]
    of_path: bool
    texts: tuple[str, ...]
    places: dict[str, int]  # of their rules
    lengths: tuple[int, ...]  # of the texts

    def found(self, subject: str) -> list[int]:
        """The places of the rules that match."""
        if len(self.texts) <= FEW_RULES and not self.fits(subject, self.texts):
            return []
        size = len(subject)
        if self.fits is str.endswith:
            parts = [subject[size - length :] for length in self.lengths if length <= size]
        else:
            parts = [subject[:length] for length in self.lengths if length <= size]
        return [self.places[part] for part in parts if part in self.places]


class Hints(NamedTuple):
    """Rules with wildcards, each under letters that whatever it matches contains."""

    of_path: bool
    rules: dict[str, list[tuple[int, str]]]  # hint -> place and glob of each rule
    lengths: tuple[int, ...]  # of the hints

    def found(self, subject: str) -> list[int]:
        """The places of the rules that match."""
        places = []
        for length in self.lengths:
            for start in range(len(subject) - length + 1):
                for place, glob in self.rules.get(subject[start : start + length], ()):
                    if _PATTERNS[glob].fullmatch(subject):
                        places.append(place)
        return places


class Matcher(NamedTuple):
    """Rules in the order of the file, those for files or those for folders; the last that matches decides."""

    names: dict[str, int]  # name -> the rule's place
    paths: dict[str, int]
    tables: tuple[Affixes | Hints, ...]
    globs: tuple[tuple[int, re.Pattern[str], bool], ...]  # place, pattern, whether it is about the path
    selects: tuple[bool, ...]  # by place: False for a rule that begins with !
    fold: bool  # upper and lower case are the same

    def places(self, name: str, path: str) -> list[int]:
        """The places of all rules that match."""
        names, paths, tables, globs, _, fold = self  # asked of every file: kept quick
        if fold:
            name, path = _lower(name), _lower(path)
        found = []
        if name in names:
            found.append(names[name])
        if path in paths:
            found.append(paths[path])
        for table in tables:
            found += table.found(path if table.of_path else name)
        for place, pattern, of_path in globs:
            if pattern.fullmatch(path if of_path else name):
                found.append(place)
        return found

    def verdict(self, name: str, path: str) -> bool | None:
        """True: matched. False: matched by a ! rule. None: no rule matches."""
        found = self.places(name, path)
        return self.selects[max(found)] if found else None


class Rules:
    """Compiled rules, with what they say of the folder last asked about: most files come folder by folder."""

    def __init__(self, lines: Iterable[str], fold: bool = False) -> None:
        rules = [_read_rule(_lower(line) if fold else line) for line in lines]
        self.files = _matcher([rule for rule in rules if not rule.folders_only], fold)
        self.folders = _matcher(rules, fold)
        self.latest: tuple[str, bool | None] = ("", None)

    def selects(self, path: str) -> bool:
        """Whether the rules select a file, by itself or by a folder that it is in."""
        folder, _, name = path.rpartition("/")
        verdict = self.files.verdict(name, path)
        return bool(self.folder_verdict(folder) if verdict is None else verdict)

    def folder_verdict(self, folder: str) -> bool | None:
        """What the rules say of a folder, or else of the nearest folder around it of which they say something."""
        latest, verdict = self.latest
        if folder == latest:
            return verdict
        verdict, around = None, folder
        while around and verdict is None:
            outer, _, name = around.rpartition("/")
            verdict = self.folders.verdict(name, around)
            around = outer
        self.latest = (folder, verdict)
        return verdict


class GlobRule(NamedTuple):
    text: str
    selects: bool
    folders_only: bool
    of_path: bool  # has a slash: is about the path, not the name


def _read_rule(line: str) -> GlobRule:
    selects = not line.startswith("!")
    text = line if selects else line[1:]
    folders_only = text.endswith("/")
    text = text[:-1] if folders_only else text
    of_path = "/" in text
    text = text.removeprefix("/") if of_path else text
    if text.startswith("**/") and "/" not in text[3:]:  # **/name is name
        text, of_path = text[3:], False
    return GlobRule(text, selects, folders_only, of_path)


# What most rules are: whether they are about the path, and the stars before and behind a literal text.
_NAME, _PATH = (False, "", ""), (True, "", "")
_AFFIXES = {(False, "*", ""): str.endswith, (False, "", "*"): str.startswith, (True, "", "**"): str.startswith}
_SIMPLE = regex(rf"(\*?)({_LITERAL})(\*?|(?<=/)\*\*)")


def _matcher(rules: list[GlobRule], fold: bool) -> Matcher:
    """The rules by their shape, each with its place; what has no simple shape becomes a regular expression."""
    tables: dict[Any, dict[str, int]] = {shape: {} for shape in (_NAME, _PATH, *_AFFIXES)}
    wild: dict[bool, dict[str, int]] = {False: {}, True: {}}  # by whether they are about the path
    for place, rule in enumerate(rules):
        simple = _SIMPLE.fullmatch(rule.text)
        table = simple and tables.get((rule.of_path, simple[1], simple[3]))
        if table is None:
            wild[rule.of_path][rule.text] = place
        else:
            table[simple[2]] = place
    names, paths, *affixes = tables.values()
    hints, globs = _wild_rules(wild)
    selects = tuple(rule.selects for rule in rules)
    tables_to_ask = (*_affixes(affixes), *hints)
    return Matcher(
        names=names,
        paths=paths,
        tables=tables_to_ask,
        globs=globs,
        selects=selects,
        fold=fold,
    )


def _affixes(tables: list[dict[str, int]]) -> Iterator[Affixes]:
    for (shape, fits), places in zip(_AFFIXES.items(), tables):
        if places:
            yield Affixes(
                fits=fits,
                of_path=shape[0],
                texts=tuple(places),
                places=places,
                lengths=_lengths_of(places),
            )


def _wild_rules(wild: dict[bool, dict[str, int]]) -> tuple[list[Hints], tuple[tuple[int, re.Pattern[str], bool], ...]]:
    """The globs that are looked up, and those that are tried one by one."""
    looked_up = []
    tried = []
    for of_path, places in wild.items():
        hints, others = _hinted(places)
        if hints:
            lengths = _lengths_of(hints)
            looked_up.append(Hints(of_path, hints, lengths))
        for glob, place in others:
            pattern = _PATTERNS[glob]
            tried.append((place, pattern, of_path))
    return looked_up, tuple(tried)


def _lengths_of(texts: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted(set(map(len, texts))))


def _hinted(places: dict[str, int]) -> tuple[dict[str, list[tuple[int, str]]], list[tuple[str, int]]]:
    """Globs by their hints, and those that are tried one by one: all where there are few, and where a hint is shared by
    many. ConfigError where these are too many."""
    if len(places) <= FEW_RULES:
        return {}, list(places.items())
    counts: dict[str, int] = {}
    for glob in places:
        for hint in _hints_in(glob):
            counts[hint] = counts.get(hint, 0) + 1
    found: dict[str, list[tuple[int, str]]] = {}
    for glob, place in places.items():
        hint = min(_hints_in(glob), key=counts.__getitem__, default="")
        found.setdefault(hint, []).append((place, glob))
    crowded = [hint for hint, rules in found.items() if not hint or len(rules) > FEW_RULES]
    others = []
    for hint in crowded:
        for place, glob in found.pop(hint):
            others.append((glob, place))
    if len(others) > MOST_ALIKE:
        raise ConfigError(f"more than {MOST_ALIKE:,} globs with wildcards that no {HINT} letters tell apart")
    return found, others


_UNBRACKETED = regex(r"[^\[\\]*")
_WILDCARDS = regex(r"\*\*+/|[*?]+")  # **/ may be nothing at all, its slash too


def _hints_in(glob: str) -> list[str]:
    """Letters that stand in whatever a glob matches. Between brackets and behind backslashes none are looked for."""
    head = _UNBRACKETED.match(glob)[0]
    tail = "" if head == glob else glob[max(glob.rfind("]") + 1, glob.rfind("\\") + 2) :]
    found = []
    for piece in _WILDCARDS.split(head) + _WILDCARDS.split(tail):
        if not piece:
            continue
        last = max(len(piece) - HINT, 0)
        for start in range(min(last + 1, MOST_HINTS)):
            hint = piece[start : start + HINT]
            found.append(hint)
    return found[:MOST_HINTS]


_STAR, _FOLDERS, _FOLDERS_SLASH, _ALL = "[^/]*", "(?:.*/)?", ".*/", ".*"
_LAZY = {_STAR: "[^/]*?", _FOLDERS: "(?:.*?/)??", _FOLDERS_SLASH: ".*?/", _ALL: ".*?"}
# Stars, and what makes of two or more the name of any folders: where they begin a name, and this follows.
_STARS = regex(r"(?<![^/])\*\*+(/|\\/|\Z)|\*+")
_CROSSING = {"/": _FOLDERS, "\\/": _FOLDERS_SLASH, "": _ALL}
# In brackets: a class, a letter, or a range of letters.
_MEMBER = regex(r"(?s)\[:([^\]]*):\]|\\?(.)(?:-(?!\])\\?(.))?")


def glob_pattern(glob: str) -> str:
    """A glob as a regular expression that takes linear time where it can. A * is atomic where another * follows it in
    the same folder name: once the text between the two was found, no other try of the first * can do better."""
    literal = _BEGINNING.match(glob)[0]  # git compares this apart, so that ** right after it may cross folders: ab**/c
    glob, parts, position = glob[len(literal) :], [], 0
    while position < len(glob):
        part, position = _glob_part(glob, position)
        parts.append(part)
    return _NEVER if _NEVER in parts else re.escape(literal) + _joined(parts)


# Compiled when they are first tried.
_PATTERNS = Memo(lambda glob: re.compile(glob_pattern(glob), re.DOTALL), most=20_000)


def _glob_part(glob: str, position: int) -> tuple[str, int]:
    """The regular expression of the piece that starts here, and where the next one does; _NEVER matches nothing."""
    stars = _STARS.match(glob, position)
    if stars:
        return _CROSSING.get(stars[1], _STAR), stars.end()
    plain = _PLAIN.match(glob, position)
    if plain:
        return re.escape(plain[0]), plain.end()
    letter, behind = glob[position], position + 1
    if letter == "[":
        return _bracket(glob, behind)
    if letter == "?":
        return "[^/]", behind
    if letter == "\\":
        return re.escape(glob[behind : behind + 1]) or _NEVER, behind + 1
    return re.escape(letter), behind


def _bracket(glob: str, position: int) -> tuple[str, int]:
    """Letters in brackets, read as wildmatch.c does, and the position behind them; _NEVER where they are broken."""
    negated = glob.startswith(("!", "^"), position)
    position, members = position + negated, "/"
    while member := _MEMBER.match(glob, position):  # the first may be a ]
        name, first, last = member.groups()
        if name is None:
            members += re.escape(first) + (f"-{re.escape(last)}" if last and first <= last else "")
        elif name in _CLASSES:
            members += _CLASSES[name]
        else:
            break
        position = member.end()
        if glob.startswith("]", position):
            return f"(?!/)[{'^' if negated else ''}{members}]", position + 1
    return _NEVER, len(glob)


def _joined(parts: list[str]) -> str:
    """Each wildcard and what follows it up to the next one of its kind is one atomic step; the last may be retried."""
    out, place = "", 0
    while place < len(parts):
        first, place = parts[place], place + 1
        if first not in _LAZY:
            out += first
            continue
        # There a match of the wildcard can be told from a wrong one.
        stops = {*_LAZY, "/"} if first == _STAR else _CROSSING.values()
        end = next((later for later in range(place, len(parts)) if parts[later] in stops), len(parts))
        inner = _LAZY[first] + _joined(parts[place:end])
        may_be_retried = end == len(parts) or parts[end] == "/"
        out += inner if may_be_retried else f"(?>{inner})"
        place = end
    return out


def _lower(text: str) -> str:
    return text.encode("latin-1").lower().decode("latin-1")  # of bytes: ASCII letters only, as git


MAX_COMPILED = 2000  # of an override or the command line each; a process that lives on starts anew after so many
_COMPILED = Memo(lambda globs: Rules(byte_text(re.sub(r"^(!?)\./", r"\1/", glob)) for glob in globs), most=MAX_COMPILED)


def glob_rules(globs: tuple[str, ...]) -> Rules:
    """Globs as rules, compiled once; `./src` and `src` are the same glob."""
    return _COMPILED[globs]


# Git's ignore rules without git: .gitignore files, .git/info/exclude, core.excludesFile. Git itself is not asked for
# its settings: it may not be installed where a repository is, and to start it takes longer than to read a small folder.
MAX_RULES_BYTES = 4_000_000
MAX_INCLUDES = 50  # files that git's settings may be made of: each could include the others, and so without end


class Scope(NamedTuple):
    """Rules, and how many letters of an absolute path (as byte_text) come before what they speak of."""

    rules: Rules
    skip: int


def ignored(scopes: tuple[Scope, ...], name: str, key: str, is_folder: bool) -> bool:
    """Git's answer: of the files of rules, the strongest that says something decides."""
    for rules, skip in scopes:
        verdict = (rules.folders if is_folder else rules.files).verdict(name, key[skip:])
        if verdict is not None:
            return verdict
    return False


def read_ignore_file(path: str, fold: bool) -> Rules | None:
    lines = _git_file(path).removeprefix(b"\xef\xbb\xbf").decode("latin-1").split("\n")
    kept = [rule for line in lines if not line.startswith("#") and (rule := _ignore_line(line))]
    try:
        return Rules(kept, fold) if kept else None
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def _git_file(path: str) -> bytes:
    """The bytes of one of git's files; none where it cannot be read."""
    if not os.path.isfile(path):  # a pipe would keep us waiting
        return b""
    try:
        with open(path, "rb") as file:
            return file.read(MAX_RULES_BYTES)
    except OSError:
        return b""


def _ignore_line(line: str) -> str:
    """Without the carriage return and the spaces at the end, but for one that a backslash protects."""
    line = line.removesuffix("\r").split("\0")[0]
    stripped = line.rstrip(" ")
    slashes = len(stripped) - len(stripped.rstrip("\\"))
    return stripped + " " if slashes % 2 and len(stripped) < len(line) else stripped


def git_folder(folder: str) -> str | None:
    """The folder with info/exclude and config of the repository whose root this is."""
    path = _own_git_folder(folder)
    common = _git_file(join_path(path, "commondir")) if path else b""
    return os.path.join(path, os.fsdecode(common.strip())) if common else path


def index_file(folder: str) -> str:
    """The index of the repository whose root this is; each work tree of a repository has its own."""
    return join_path(_own_git_folder(folder) or folder, "index")


def _own_git_folder(folder: str) -> str | None:
    """Of the repository whose root this is: .git, or what a .git file names."""
    path = join_path(folder, ".git")
    if not os.path.lexists(path):  # as of most folders
        return None
    if not os.path.isdir(path):
        text = _git_file(path)
        if not text.startswith(b"gitdir:"):
            return None
        path = os.path.join(folder, os.fsdecode(text[7:].strip()))
    return path if os.path.exists(join_path(path, "HEAD")) else None


def repository_root(folder: str, known: Mapping[str, str | None] | None = None) -> str | None:
    """The nearest repository, from this folder upwards; `known` are the git_folder() of folders."""
    top = folder
    git_folders = Memo(git_folder) if known is None else known
    while git_folders[top] is None or not may_speak_for(join_path(top, ".git"), folder):
        below, top = top, os.path.dirname(top)
        if top == below:
            return None
    return top


def repository_scopes(root: str, git: str) -> tuple[tuple[Scope, ...], bool]:
    """The rules of a repository that are outside its work tree, nearest first, and whether case matters to it."""
    config = _git_config(git)
    fold = config.get("core.ignorecase", "").lower() in ("true", "yes", "on", "1")
    excludes = os.path.expanduser(config.get("core.excludesfile", _user_file("ignore")))
    paths = (join_path(git, "info/exclude"), os.path.join(root, excludes))
    rules = [read_ignore_file(path, fold) for path in paths]
    skip = len(byte_text(root)) + 1
    return tuple(Scope(found, skip) for found in rules if found), fold


def _user_file(name: str) -> str:
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return join_path(home, f"git/{name}")


def _git_config(git: str) -> dict[str, str]:
    """Git's settings, in its order: of the system, of the user, of the repository; later ones win."""
    environment = os.environ
    files = [_user_file("config"), os.path.expanduser("~/.gitconfig")]
    if "GIT_CONFIG_GLOBAL" in environment:
        files = [environment["GIT_CONFIG_GLOBAL"]]
    if not environment.get("GIT_CONFIG_NOSYSTEM"):
        files = [environment.get("GIT_CONFIG_SYSTEM", "/etc/gitconfig"), *files]
    settings: dict[str, str] = {}
    for path in (*files, join_path(git, "config")):
        settings.update(_git_settings(path, git, []))
    return settings


_GIT_SECTION = r'\[\s*([A-Za-z0-9.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]'
_GIT_SETTING = r"\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?$"


def _git_settings(path: str, git: str, seen: list[str]) -> Iterator[tuple[str, str]]:
    """Each setting of a file of git's, and after an include those of the file that it names. `seen` are all so far."""
    seen.append(path)
    for key, value in _settings_in(os.fsdecode(_git_file(path))):
        yield key, value
        if len(seen) < MAX_INCLUDES and (key == "include.path" or _is_met(key, git, path)):
            included = os.path.join(os.path.dirname(path), os.path.expanduser(value))
            yield from _git_settings(included, git, seen)


def _settings_in(text: str) -> Iterator[tuple[str, str]]:
    """The settings in the text of such a file: section.name or section.part.name, and the value."""
    section = ""
    for line in map(str.strip, text.replace("\\\n", "").splitlines()):
        heading = re.match(_GIT_SECTION, line)
        if heading:
            section = heading[1].lower() + ("" if heading[2] is None else f".{heading[2]}")
            line = line[heading.end() :]
        setting = re.match(_GIT_SETTING, line)
        if setting:
            yield f"{section}.{setting[1].lower()}", _git_value(setting[2])


def _git_value(text: str | None) -> str:
    """Quotes taken off, escapes undone, a comment at the end dropped; a key alone is true."""
    if text is None:
        return "true"
    value, quoted, letters = "", False, iter(text)
    for letter in letters:
        if letter == '"':
            quoted = not quoted
        elif letter == "\\":
            follower = next(letters, "")
            value += {"n": "\n", "t": "\t", "b": "\b"}.get(follower, follower)
        elif letter in "#;" and not quoted:
            break
        else:
            value += letter
    return value.rstrip()


def _is_met(key: str, git: str, path: str) -> bool:
    """Whether the key is of [includeIf "gitdir:PATTERN"], and the pattern matches the repository's folder."""
    kind, _, glob = key.removesuffix(".path").partition(":")
    if kind not in ("includeif.gitdir", "includeif.gitdir/i"):
        return False
    pattern = glob_pattern(byte_text(_absolute_glob(os.path.expanduser(glob), path)))
    folder = byte_text(os.path.realpath(git))
    flags = re.DOTALL | (re.IGNORECASE if kind.endswith("/i") else 0)
    return any(re.fullmatch(pattern, text, flags) for text in (folder, f"{folder}/"))


def _absolute_glob(glob: str, path: str) -> str:
    if glob.startswith("./"):
        glob = os.path.join(os.path.dirname(path), glob[2:])
    glob = glob if os.path.isabs(glob) else f"**/{glob}"
    return f"{glob}**" if glob.endswith("/") else glob


# Git's attributes, of which two matter here. GitHub leaves such files out of its statistics, and folds them in diffs.
ATTRIBUTES = ("linguist-generated", "linguist-vendored")
_QUOTED_PATTERN = regex(r'"((?:[^"\\]|\\.)*)"')
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
MOST_MACROS = 100  # that are looked at; anybody can write files of attributes
AttributeValues = dict[str, Any]  # True, False for -attribute, None for !attribute, else the text behind a =


class AttributeFile(NamedTuple):
    """What a .gitattributes says of attributes that matter here."""

    rules: Matcher
    lines: list[list[tuple[int, list[str]]]]  # for each rule: the number of each line with it, and the words there
    skip: int  # letters of an absolute path before what the rules speak of


class Attributes:
    """What .gitattributes and .git/info/attributes say of files; the user's own files of attributes have no say.
    A line that comes later, and a file that is nearer, is stronger. A macro stands for words where it is set."""

    def __init__(self) -> None:
        self.git_folders = Memo(git_folder)  # of what is in a repository, too: folders have most of what is around them
        self.roots = Memo(self.root_of)
        self.files = Memo(self.files_of)
        self.own = Memo(lambda key: attribute_file(*key[:2], self.macros[key[2]]))  # by path, its folder, the root
        self.macros = Memo(macros_of)  # of a repository, by its root

    def of(self, absolute: str) -> AttributeValues:
        """The attributes of a file."""
        folder, _, name = absolute.rpartition("/")
        values: AttributeValues = {}
        if files := self.files[folder]:
            key, name = byte_text(absolute), byte_text(name)
            macros = self.macros[self.roots[folder]]
            for rules, lines, skip in files:
                found = []
                for place in rules.places(name, key[skip:]):
                    found += lines[place]
                found.sort(reverse=True)
                for _, words in found:
                    fill_attributes(values, words, macros)
        return values

    def root_of(self, folder: str) -> str | None:
        """The root of the repository that a folder is in."""
        return repository_root(folder, self.git_folders)

    def files_of(self, folder: str) -> tuple[AttributeFile, ...]:
        """The files that reach a folder, the strongest first: info/attributes, then those of it and of folders around
        it."""
        root = self.roots[folder]
        if root is None:
            return ()
        places = attribute_files(folder, root, self.git_folders[root])
        found = [self.own[path, base, root] for path, base in places]
        return tuple(filter(None, found))


def macros_of(root: str) -> dict[str, list[str]]:
    """The macros of a repository, by name; git reads them in its root only."""
    macros: dict[str, list[str]] = {}
    for path, _ in attribute_files(root, root, git_folder(root)):
        for pattern, words in reversed(read_attributes(path)):
            if pattern.startswith("[attr]") and len(macros) < MOST_MACROS:
                macros.setdefault(pattern[6:], words)
    return macros


def attribute_file(path: str, base: str, macros: Container[str]) -> AttributeFile | None:
    """The lines of a file that concern us; None where there are none. `base` is the folder that it speaks of."""
    lines: dict[GlobRule, list[tuple[int, list[str]]]] = {}
    for number, (pattern, words) in enumerate(read_attributes(path)):
        if not pattern.startswith("[attr]") and concerns_us(words, macros):
            lines.setdefault(_read_rule(pattern), []).append((number, words))
    if not lines:
        return None
    try:
        rules = _matcher(list(lines), fold=False)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None
    before = byte_text(join_path(base, ""))
    return AttributeFile(rules, list(lines.values()), skip=len(before))


def attribute_files(folder: str, root: str, git: str | None) -> Iterator[tuple[str, str]]:
    """The files of attributes that reach a folder, the strongest first, each with the folder that it speaks of."""
    yield join_path(git or root, "info/attributes"), root
    yield join_path(folder, ".gitattributes"), folder
    while folder != root:
        folder = os.path.dirname(folder)
        yield join_path(folder, ".gitattributes"), folder


def attribute_paths(folder: str) -> list[str]:
    """The paths of all files of attributes that reach a folder, if they are there or not; the repository is in them."""
    root = repository_root(folder)
    if root is None:
        return []
    return [path for path, _ in attribute_files(folder, root, git_folder(root))]


def concerns_us(words: list[str], macros: Container[str]) -> bool:
    """Whether a word is about an attribute of ours, or one that may stand for it: most are about ends of lines."""
    names = [word.lstrip("!-").partition("=")[0] for word in words]
    return any(name in ATTRIBUTES or name in macros for name in names)


def fill_attributes(values: AttributeValues, words: list[str], macros: dict[str, list[str]]) -> None:
    """Add what the words of a line say of attributes of which nothing stronger has spoken."""
    for word in reversed(words):
        name, equals, text = word.lstrip("!-").partition("=")
        if name not in values:
            values[name] = {"!": None, "-": False}.get(word[0], text if equals else True)
            if values[name] is True and name in macros:
                fill_attributes(values, macros[name], macros)


def read_attributes(path: str) -> list[tuple[str, list[str]]]:
    """The patterns of a file of attributes, each with the words behind it. Git follows no link here, and takes neither
    !pattern nor pattern/ for one of files."""
    if os.path.islink(path):
        return []
    lines = _git_file(path).removeprefix(b"\xef\xbb\xbf").decode("latin-1").split("\n")
    found = [_attribute_line(line.strip(" \t\r")) for line in lines]
    return [line for line in found if line[1] and not line[0].startswith("!") and not line[0].endswith("/")]


def _attribute_line(line: str) -> tuple[str, list[str]]:
    """The pattern of a line and the words behind it."""
    quoted = _QUOTED_PATTERN.match(line) if line.startswith('"') else None
    if quoted:
        pattern = re.sub(r"\\([0-7]{3}|.)", _unescaped, quoted[1])
        return pattern, line[quoted.end() :].split()
    pattern, *words = line.split() or [""]
    return pattern, [] if line.startswith("#") else words


def _unescaped(escape: re.Match[str]) -> str:
    letter = escape[1]
    return chr(int(letter, 8) & 255) if len(letter) == 3 else _ESCAPES.get(letter, letter)


# ---------------------------------------------------------------------------------------
# 13  Discovery: which files, in which order
# gives: Job, sizes_of, jobs_of, is_part_of, check_is_source, why_left_out
# uses: Words, Start-up, Ground, Values, Language, Globs, Git
# ---------------------------------------------------------------------------------------

SOURCE_SUFFIXES = tuple(GRAMMAR_OF_SUFFIX)
DECLARATION_SUFFIXES = (".d.ts", ".d.mts", ".d.cts")
SKIPPED_FOLDERS = frozenset(("node_modules", "dist", "build", "vendor", "coverage", ".next"))  # and hidden ones


class Folder(NamedTuple):
    """A folder to read."""

    path: str  # absolute and without symbolic links: what is opened, and what is visited once
    shown: str  # what stands before its names in reports: "" or ending in "/"
    key: str  # what rules look at: byte_text of its own path, ending in "/"
    boundary: str  # symbolic links are followed inside this: the repository, or what stands for it
    skip: int  # letters of a key before what globs speak of, in folders outside the globs' own base
    scopes: tuple[Scope, ...] = ()  # git's rules that reach here, the strongest first
    fold: bool = False  # git takes upper and lower case for the same
    tracked: Tracked | None = None  # by the repository that the folder is in
    is_ignored: bool = False  # by git's rules: only what is tracked all the same is looked at
    included: bool | None = None  # what the include globs say of it


class Job(NamedTuple):
    index: int  # place in path order
    path: str  # as reported
    file: str  # as opened
    size: int
    entries: Entries | None = None  # what is known of its functions; None where nothing is compared
    before: Before | None = None  # its older version, where one is compared with
    source: bytes | None = None  # what to analyse instead of the file
    is_gone: bool = False  # there is only the older version
    is_context: bool = False  # only its imports are wanted


class Texts:
    """Many texts as one: a str takes 50 bytes beside its own."""

    def __init__(self) -> None:
        from array import array

        self.bytes = bytearray()
        self.ends = array("I", [0])

    def add(self, text: str) -> None:
        self.bytes += text.encode("utf-8", "surrogatepass")
        self.ends.append(len(self.bytes))

    def __getitem__(self, index: int) -> str:
        return self.bytes[self.ends[index] : self.ends[index + 1]].decode("utf-8", "surrogatepass")


class Jobs(Sequence[Job]):
    """The files of a run. A job is made when it is asked for, and the names are one text, each folder's once: a hundred
    thousand files take 5 MB, in pages that the parent only reads, so that workers go on sharing them."""

    def __init__(self, beside: str) -> None:
        """No files as yet."""
        from array import array

        self.beside = beside  # most files are opened by their name from here
        self.folders, self.names = Texts(), Texts()
        self.folder_of = array("I")
        self.sizes = array("q")
        self.times = array("q")  # of each file mtime, ctime and inode
        self.elsewhere: dict[int, str] = {}
        self.folder = self.latest = ""
        self.ordered = True  # by path
        self.marks: list[str] | None = None  # paths of what says things of many files; None where a file was named

    def add(self, path: str, file: str, size: int, times: Iterable[int]) -> None:
        """One more file: `path` is its name in reports, `file` the one it is opened by."""
        if file != os.path.join(self.beside, path):
            self.elsewhere[len(self.sizes)] = file
        self.ordered = self.ordered and self.latest <= path
        self.latest = path
        split = path.rfind("/") + 1
        if self.folder != path[:split] or not self.sizes:
            self.folder = path[:split]
            self.folders.add(self.folder)
        self.names.add(path[split:])
        self.folder_of.append(len(self.folders.ends) - 2)
        self.sizes.append(size)
        self.times.extend(times)

    def in_order(self) -> Jobs:
        if self.ordered:
            return self
        paths = [job.path for job in self]
        return self.pick(sorted(range(len(self)), key=paths.__getitem__))

    def pick(self, indexes: Iterable[int]) -> Jobs:
        """The files at these places, in this order."""
        some = Jobs(self.beside)
        some.marks = self.marks
        for job in map(self.__getitem__, indexes):
            size, *times = self.stamp(job.index)
            some.add(job.path, job.file, size, times)
        return some

    def paths(self) -> Iterator[str]:
        """The names of all files in reports, in order."""
        for place, folder in enumerate(self.folder_of):
            yield self.folders[folder] + self.names[place]

    def stamp(self, index: int) -> tuple[int, ...]:
        """Size, mtime, ctime and inode of a file."""
        return (self.sizes[index], *self.times[3 * index : 3 * index + 3])

    def stamps(self) -> Iterator[tuple[int, ...]]:
        """The stamps of all files, in order."""
        return zip(self.sizes, self.times[0::3], self.times[1::3], self.times[2::3])

    def __len__(self) -> int:
        return len(self.sizes)

    def __getitem__(self, index: Any) -> Any:
        path = self.folders[self.folder_of[index]] + self.names[index]
        file = self.elsewhere.get(index) or os.path.join(self.beside, path)
        return Job._make((index, path, file, self.sizes[index], *NOTHING_KNOWN))


NOTHING_KNOWN = tuple(Job._field_defaults.values())


def sizes_of(jobs: Sequence[Job]) -> Sequence[int]:
    return jobs.sizes if isinstance(jobs, Jobs) else [job.size for job in jobs]


def compile_own_globs(settings: Settings) -> None:
    """The globs of a configuration, before there are workers, which inherit them; too many end the run here."""
    tests = () if settings.tests == TEST_GLOBS else (settings.tests,)
    for globs in (*tests, *(rule.globs for rule in settings.overrides)):
        glob_rules(globs)


class Walk:
    """Keeps each source file once, in the order of the names in reports. Of many files memory holds only the names."""

    def __init__(self, settings: Settings) -> None:
        """The state of a walk that has read nothing yet."""
        self.include, self.exclude = glob_rules(settings.include), glob_rules(settings.exclude)
        self.including = bool(settings.include)
        # Declaration files hold no code, and pages little: only globs that speak of them (**/*.d.ts, and not **/*.ts)
        # take them.
        asking = [glob for glob in settings.include if ".d." in glob or ".htm" in glob or glob[:1] == "!"]
        self.asked_for = glob_rules(tuple(asking))
        compile_own_globs(settings)
        self.ignoring = not settings.no_ignore
        self.here = real_path(os.getcwd())
        self.base, self.base_key = settings.base, folder_key(settings.base)
        self.real_folders: dict[str, str] = {}  # by the names that the command line gives
        self.files = Jobs(join_path(self.here, ""))
        self.files.marks = []
        self.seen: set[str] | None = None  # real paths of the files, once one may be met a second time
        self.skipped: list[Skipped] = []
        self.visited: set[str] = set()
        self.links: list[tuple[str, Folder]] = []  # the link's name and the folder it is in
        self.excluded = self.ignored = 0  # files and folders left out by globs, and by git's rules or by default
        self.nearer = list(settings.nearer or ())  # configurations that are nearer than the one that governs

    # What the command line names

    def add(self, path: str, mode: int) -> None:
        """A file or folder of the command line; `mode` tells which."""
        real = self.real_path(path)
        if is_inside(real, self.here):
            shown = real[len(self.files.beside) :] or "."
        else:
            shown = relative_name(path)
        if stat.S_ISDIR(mode):
            self.note_marks(real)
            self.read_all(self.root_folder(real, "" if shown == "." else shown.rstrip("/") + "/"))
            self.follow_links()
        else:
            self.files.marks = None
            self.add_file(path, real, shown, stat.S_ISREG(mode))

    def note_marks(self, *folders: str) -> None:
        """Keeps in mind what around some folders, and in them, says what the code of files is."""
        if self.files.marks is not None:
            for folder in folders:
                self.files.marks += attribute_paths(folder)

    def real_path(self, path: str) -> str:
        """The path without symbolic links; thousands of named files share few folders."""
        folder, name = os.path.split(path)
        if name in ("", ".", "..") or os.path.islink(path):
            return real_path(path)
        if folder not in self.real_folders:
            self.real_folders[folder] = real_path(folder)
        return join_path(self.real_folders[folder], name)

    def add_file(self, path: str, real: str, shown: str, regular: bool) -> None:
        """A file that is named is analysed, ignored or not, unless the user's own globs leave it out."""
        check_is_source(path)
        key = byte_text(real)
        relative = key[len(self.base_key) :] if key.startswith(self.base_key) else key.rpartition("/")[2]
        if self.exclude.selects(relative) or (self.including and not self.include.selects(relative)):
            self.excluded += 1
        elif not regular:
            self.skipped.append(Skipped(shown, "not a regular file"))
        else:
            self.keep_once(real, shown)

    def keep(self, real: str, shown: str) -> None:
        if self.seen is not None:
            if real in self.seen:
                return
            self.seen.add(real)
        try:
            status = os.stat(real)
            size, times = status.st_size, (status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        except OSError:  # gone since: reading it will say so
            size, times = 0, (0, 0, 0)
        self.files.add(shown, real, size, times)

    def keep_once(self, real: str, shown: str) -> None:
        """Keeps a file that is named, or that a link leads to, if the walk has not met it; the first name stays."""
        if self.seen is None:
            self.seen = {job.file for job in self.files}
        self.keep(real, shown)

    def root_folder(self, real: str, shown: str) -> Folder:
        """A folder of the command line, under the rules of the folders around it."""
        key = folder_key(real)
        inside = key.startswith(self.base_key)
        top = repository_root(real) or (self.base if inside else real)
        folder = Folder(top, shown="", key=folder_key(top), boundary=top, skip=len(key))
        for name in filter(None, real[len(top) :].split("/")):
            rules = [rule for rule in (".git", ".gitignore") if may_speak_for(join_path(folder.path, rule), real)]
            folder = self.with_own_rules(folder, rules)
            folder = folder._replace(path=join_path(folder.path, name), key=f"{folder.key}{byte_text(name)}/")
        included = self.include.folder_verdict(key[len(self.base_key) : -1]) if inside else None
        return folder._replace(shown=shown, included=included)

    # Reading

    def read_all(self, top: Folder) -> None:
        begun = [self.read(top)]
        while begun:
            inner = next(begun[-1], None)
            if inner:
                begun.append(self.read(inner))
            else:
                begun.pop()

    def read(self, folder: Folder) -> Iterator[Folder]:
        """Keeps the files of a folder, and gives its folders when it is their turn."""
        if folder.path in self.visited:
            return
        self.visited.add(folder.path)
        path, shown, found = join_path(folder.path, ""), folder.shown, self.entries(folder)
        for name in sorted(found):
            inner = found[name]
            if inner:
                yield inner
            else:
                self.keep(path + name, shown + name)

    def entries(self, folder: Folder) -> dict[str, Folder | None]:
        """What of a folder is looked at: the names of files, and folders under names that end in "/"."""
        entries = self.listing(folder)
        names = {entry.name for entry in entries}
        folder = self.with_own_rules(folder, names)
        if not names.isdisjoint(CONFIG_NAMES):
            self.note_configs(folder, names)
        if ".git" in names or ".gitattributes" in names:
            self.note_marks(folder.path)
        found: dict[str, Folder | None] = {}
        for entry in entries:
            name = entry.name
            if entry.is_symlink():
                self.links.append((name, folder))
            elif entry.is_dir(follow_symlinks=False):
                inner = self.inner_folder(folder, name)
                if inner:
                    found[name + "/"] = inner
            elif name.lower().endswith(SOURCE_SUFFIXES) and self.keeps(folder, name) and entry.is_file():
                found[name] = None
        return found

    def note_configs(self, folder: Folder, names: Container[str]) -> None:
        """Keeps in mind the configurations in a folder, where the one that governs is another's."""
        if folder.path != self.base:
            self.nearer += [folder.shown + name for name in CONFIG_NAMES if name in names]

    def listing(self, folder: Folder) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder.path) as entries:
                return list(entries)
        except OSError as error:
            self.skipped.append(Skipped(folder.shown or ".", f"folder cannot be read: {error.strerror}"))
            return []

    def with_own_rules(self, folder: Folder, names: Container[str]) -> Folder:
        """The folder under the rules that it brings itself; to the root of a repository no others apply."""
        if not self.ignoring:
            return folder
        git = git_folder(folder.path) if ".git" in names else None
        if git:
            scopes, fold = repository_scopes(folder.path, git)
            tracked = Tracked(index_file(folder.path), len(folder.key), fold)
            folder = folder._replace(scopes=scopes, fold=fold, tracked=tracked, is_ignored=False)
        path = join_path(folder.path, ".gitignore")
        if ".gitignore" in names and not os.path.islink(path):  # git follows no link here
            rules = read_ignore_file(path, folder.fold)
            if rules:
                folder = folder._replace(scopes=(Scope(rules, len(folder.key)), *folder.scopes))
        return folder

    def inner_folder(self, folder: Folder, name: str) -> Folder | None:
        """The folder of this name in another; None where it is left out."""
        name_key, key, relative = self.keys(folder, name)
        excluded = self.exclude.folders.verdict(name_key, relative)
        by_name = self.ignoring and (name in SKIPPED_FOLDERS or name[0] == ".")
        is_ignored = excluded is None and (folder.is_ignored or ignored(folder.scopes, name_key, key, is_folder=True))
        if excluded is None and (by_name or is_ignored and not self.tracks(folder, f"{key}/")):
            self.ignored += 1
        elif excluded:
            self.excluded += 1
        elif name != ".git":
            path = join_path(folder.path, name)
            shown = "" if path == self.here else f"{folder.shown}{name}/"
            verdict = self.include.folders.verdict(name_key, relative)
            included = folder.included if verdict is None else verdict
            return folder._replace(path=path, shown=shown, key=f"{key}/", included=included, is_ignored=is_ignored)
        return None

    def tracks(self, folder: Folder, key: str) -> bool:
        """Whether the folder's repository tracks a path. Git's rules do not apply to what it tracks."""
        try:
            return folder.tracked is not None and folder.tracked.has(key)
        except Unreadable as error:
            lack = "so nobody knows which of the files that git ignores it tracks all the same"
            self.skipped.append(Skipped(relative_name(folder.tracked.index), f"{error}, {lack}"))
            return False

    def keys(self, folder: Folder, name: str) -> tuple[str, str, str]:
        """What rules look at: a name in the folder, the whole path, and what globs speak of."""
        name_key = byte_text(name)
        key = folder.key + name_key
        skip = len(self.base_key) if folder.key.startswith(self.base_key) else folder.skip
        return name_key, key, key[skip:]

    def keeps(self, folder: Folder, name: str) -> bool:
        """Whether a source file of this name in the folder is analysed."""
        name_key, key, relative = self.keys(folder, name)
        excluded = self.excludes(folder, name_key, relative)
        if excluded is None and (folder.is_ignored or ignored(folder.scopes, name_key, key, is_folder=False)):
            if not self.tracks(folder, key):
                self.ignored += 1
                return False
        if name.endswith(DECLARATION_SUFFIXES) or is_page(name):
            excluded = excluded or not self.asked_for.files.verdict(name_key, relative)
        self.excluded += bool(excluded)
        return not excluded

    def excludes(self, folder: Folder, name: str, relative: str) -> bool | None:
        """Whether the globs leave a file out; False where they take it in though git ignores it, None for neither."""
        if self.including:
            included = self.include.files.verdict(name, relative)
            if not (folder.included if included is None else included):
                return True
        return self.exclude.files.verdict(name, relative)

    # Symbolic links, after all that is there itself

    def follow_links(self) -> None:
        while self.links:
            links, self.links = sorted(self.links, key=lambda link: link[1].shown + link[0]), []
            for name, folder in links:
                self.follow(name, folder)

    def follow(self, name: str, folder: Folder) -> None:
        """A link counts as what it leads to, inside the project: reports would show strangers what is outside. A dead
        link is nothing, and neither is one to a folder outside."""
        real = real_path(join_path(folder.path, name))
        if os.path.isdir(real):
            inner = self.inner_folder(folder, name) if is_inside(real, folder.boundary) else None
            if inner:
                self.read_all(inner._replace(path=real))
        elif name.lower().endswith(SOURCE_SUFFIXES) and self.keeps(folder, name) and os.path.isfile(real):
            if is_inside(real, folder.boundary):
                self.keep_once(real, folder.shown + name)
            else:
                self.skipped.append(LeftOut(folder.shown + name, "a link to a file outside the project"))


def folder_key(path: str) -> str:
    return join_path(byte_text(path), "")


def discover(paths: Iterable[str], settings: Settings) -> tuple[Jobs, list[Skipped]]:
    """The files to analyse, in the order of the names that reports show, and what could not be read."""
    modes = {path: check_path(path) for path in paths}
    walk = Walk(settings)
    for path, mode in modes.items():
        walk.add(path, mode)
    if not (walk.files or walk.skipped or settings.allow_empty):
        raise UsageError(
            f"no TypeScript or JavaScript file to analyse in {', '.join(modes) or 'an empty list'}{_left_out(walk)}"
        )
    note_nearer(walk.nearer, settings)
    return walk.files.in_order(), walk.skipped


def note_nearer(found: Iterable[str], settings: Settings) -> None:
    """A run has one configuration. Somebody who wrote another, nearer to the files, may wait for it in vain."""
    names = list(dict.fromkeys(found))
    if names and settings.nearer is not None:
        more = f" (and {len(names) - 1} more)" if names[1:] else ""
        used = settings.configuration or "no configuration"
        note(f"warning: {names[0]}{more} is not used: {used} governs this run; --config FILE names another")


def _left_out(walk: Walk) -> str:
    reasons = {
        "ignored (--no-ignore takes them)": walk.ignored,
        "excluded by globs, or as declaration files or pages": walk.excluded,
    }
    found = [f"{count:,} {reason}" for reason, count in reasons.items() if count]
    return f"; files and folders left out: {', '.join(found)}" if found else ""


def why_left_out(path: str, settings: Settings) -> str:
    """Why runs do not analyse a file, or those alone that name it; "" where all do, and for folders."""
    if os.path.isdir(path):
        return ""
    if not path.lower().endswith(SOURCE_SUFFIXES):
        return "no run analyses it: not a TypeScript or JavaScript file"
    real = real_path(path)
    walk = Walk(settings._replace(nearer=None))
    walk.add_file(path, real, path, regular=True)
    if walk.excluded:
        return "no run analyses it: files.include and files.exclude leave it out"
    size = os.path.getsize(real) if os.path.isfile(real) else 0
    if settings.max_file_bytes is not None and size > settings.max_file_bytes:
        return f"no run analyses it: {size:,} bytes are more than files.max_file_bytes"
    if os.path.isfile(real) and is_inside(real, walk.base) and not is_met(real, walk):
        return f"only runs that name it analyse it: {why_asked_for(real)}"
    return ""


def why_asked_for(real: str) -> str:
    """Why a walk does not take a file."""
    if is_page(real):
        return "a page"
    return "a declaration file" if real.endswith(DECLARATION_SUFFIXES) else "ignored by git or by default"


def is_met(real: str, walk: Walk) -> bool:
    """Whether a walk from its base comes to a file."""
    folder: Folder | None = walk.root_folder(walk.base, "")
    *folders, name = relative_to(walk.base, real).split("/")
    for inner in folders:
        folder = folder and walk.entries(folder).get(f"{inner}/")
    return folder is not None and name in walk.entries(folder)


def check_is_source(path: str) -> None:
    """That a file which is named is one that we can read."""
    if not path.lower().endswith(SOURCE_SUFFIXES):
        raise UsageError(f"{path}: not a TypeScript or JavaScript file ({' '.join(SOURCE_SUFFIXES)})")


def is_part_of(paths: Iterable[str], base: str) -> bool:
    """Whether a run over these paths sees less than all of a folder: only files, or only folders in there."""
    folders = [real_path(path) for path in paths if os.path.isdir(path)]
    return all(folder != base and is_inside(folder, base) for folder in folders)


def jobs_of(paths: Iterable[str], settings: Settings) -> tuple[Sequence[Job], list[Skipped]]:
    """Each file with its size; "-" is standard input, read here and now."""
    if list(paths) == ["-"]:
        source = read_standard_input()
        return [Job(0, settings.stdin_filename, "", len(source), source=source)], []
    jobs, skipped = discover(paths, settings)
    if settings.max_file_bytes is None:
        return jobs, skipped
    kept, limit = [], settings.max_file_bytes
    for place, size in enumerate(jobs.sizes):
        if size <= limit:
            kept.append(place)
        else:
            reason = f"left out as configured: {size:,} bytes are more than max_file_bytes"
            skipped.append(LeftOut(jobs[place].path, reason))
    return jobs.pick(kept), skipped


# ---------------------------------------------------------------------------------------
# 14  Plan: how many workers, which chunks, and why
# gives: CHUNK_BYTES, bounds_of, with_deadline, plan_for, Chunks
# uses: Start-up, Options, Discovery
# ---------------------------------------------------------------------------------------

SERIAL_BELOW = 400_000  # bytes: below this a pool costs more than it saves (fork, pipes: about 40 ms)
CHUNK_BYTES = 256 * 1024  # about 50 ms of work: small enough to balance, large enough to hide the pipes
LARGE_BYTES = 128 * 1024  # from here a file goes alone: it takes megabytes for a moment
CHUNK_FILES = 128
WORKER_BYTES = 48 * 1024 * 1024  # resident memory of a worker, measured, before its largest file
TREE_FACTOR = 24  # bytes of tree and arrays per byte of source, measured


# What one file may take, by its size: seconds of the thread's own CPU, so that a busy machine names no file. Minified
# bundles take most of what is real: 0.6 seconds a MB with all reports, and 42 bytes of trees and arrays for a byte.
FREE_SECONDS, SECONDS_PER_BYTE = 5.0, 3e-6
FREE_MEMORY, MEMORY_PER_BYTE = 256 * 1024 * 1024, 120


class Bounds(NamedTuple):
    """Of one file, while it is parsed; 0 is no limit."""

    seconds: float = 0
    memory: int = 0  # bytes


def bounds_of(size: int, settings: Settings, slowness: float = 1) -> Bounds:
    """What a file of so many bytes may take; `slowness` is that of the scanner."""
    seconds, megabytes = settings.file_timeout, settings.file_memory
    if seconds is None:
        seconds = slowness * (FREE_SECONDS + SECONDS_PER_BYTE * size)
    memory = FREE_MEMORY + MEMORY_PER_BYTE * size if megabytes is None else megabytes * 1024 * 1024
    return Bounds(seconds, memory)


def with_deadline(settings: Settings) -> Settings:
    """The settings of a run that begins now."""
    return settings._replace(deadline=time.monotonic() + settings.run_timeout) if settings.run_timeout else settings


class Machine(NamedTuple):
    cpus: int
    memory: int  # bytes available
    start_method: str  # of worker processes: fork where that is safe


class Plan(NamedTuple):
    reason: str
    executor: str = "serial"  # a key of EXECUTORS
    workers: int = 1
    start_method: str = ""  # "" where the executor has none


def plan_for(jobs: Sequence[Job], settings: Settings) -> Plan:
    sizes = sizes_of(jobs)
    return plan(len(jobs), sum(sizes), max(sizes, default=0), this_machine(), settings)


def plan(jobs: int, size: int, largest: int, machine: Machine, settings: Settings) -> Plan:
    """How to run so many jobs, of `size` bytes together. A pure function, so that it is tested by value."""
    is_free = settings.executor == "auto"
    executor = next(iter(EXECUTORS)) if is_free else settings.executor
    if not EXECUTORS[executor].is_parallel or settings.threads == 1:
        return Plan("one worker, as asked")
    if is_free and settings.threads is None and size < SERIAL_BELOW:
        return Plan(f"{size:,} bytes are too few for a pool")
    reason, workers = min(worker_limits(jobs, size, largest, machine, settings), key=lambda row: row[1])
    if is_free and workers == 1:
        return Plan(f"one worker: {reason}")
    start_method = settings.start_method or machine.start_method if EXECUTORS[executor].has_start_method else ""
    return Plan(f"{workers} workers: {reason}", executor, workers, start_method)


def worker_limits(
    jobs: int, size: int, largest: int, machine: Machine, settings: Settings
) -> Iterator[tuple[str, int]]:
    """A reason, and how many workers there may be for it."""
    if settings.threads is None:
        yield "one per usable CPU", machine.cpus
    else:
        yield "as asked", settings.threads
    chunks = min(jobs, -(-size // CHUNK_BYTES)) if settings.executor == "auto" else jobs
    yield "one per chunk of work", max(1, chunks)
    memory = int(machine.memory * settings.memory_factor)
    yield "limited by memory", max(1, memory // (WORKER_BYTES + TREE_FACTOR * largest))


def this_machine() -> Machine:
    """The machine as a plan sees it. multiprocessing, which knows start methods too, takes 15 ms to import, and a small
    run has no other use for it."""
    can_fork = hasattr(os, "fork") and sys.platform != "darwin"  # there, system libraries start threads
    return Machine(usable_cpus(), available_memory(), "fork" if can_fork else "spawn")


def usable_cpus() -> int:
    """CPUs by affinity, cut to the cgroup's quota."""
    affinity = getattr(os, "sched_getaffinity", None)
    cpus = len(affinity(0)) if affinity else os.cpu_count() or 1
    quota = cgroup_cpus()
    return max(1, min(cpus, math.ceil(quota))) if quota else cpus


def cgroup_cpus(root: str = "/sys/fs/cgroup") -> float | None:
    """CPUs' worth of quota, of this process's group or one above it (v2, then v1)."""
    quotas = [read_small(f"{folder}/cpu.max").split() for folder in cgroup_folders(root, "")]
    for folder in cgroup_folders(f"{root}/cpu", "cpu"):
        quotas.append([read_small(f"{folder}/cpu.cfs_{name}_us") for name in ("quota", "period")])
    return min(filter(None, map(cpus_of, quotas)), default=None)


def cpus_of(words: list[str]) -> float:
    """Of a quota and its period; 0 where they limit nothing or are no numbers."""
    numbers = [int(word) for word in words if word.isdigit()]
    return numbers[0] / numbers[1] if len(numbers) == 2 and numbers[1] else 0


def read_small(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read(65536).decode("ascii", "replace").strip()
    except OSError:
        return ""


def cgroup_folders(root: str, controller: str) -> Iterator[str]:
    """The folder of this process's control group and those above it."""
    for line in read_small("/proc/self/cgroup").splitlines():
        _, controllers, path = (line.split(":", 2) + ["", ""])[:3]
        if controller in controllers.split(","):
            while path not in ("", "/"):
                yield root + path
                path = path.rpartition("/")[0]
    yield root


def available_memory(root: str = "/sys/fs/cgroup") -> int:
    """Bytes that may be used: the machine's, cut to the cgroup's limit."""
    kilobytes = read_small("/proc/meminfo").partition("MemAvailable:")[2].partition("kB")[0].strip()
    free = int(kilobytes) * 1024 if kilobytes.isdigit() else 4 << 30
    for folder in cgroup_folders(root, ""):
        limit, used = read_small(f"{folder}/memory.max"), read_small(f"{folder}/memory.current")
        if limit.isdigit() and used.isdigit():
            free = min(free, max(0, int(limit) - int(used)))
    return free


class Chunks:
    """What to send next: large files, the largest first, each alone; the others in path order, about CHUNK_BYTES
    together. So the last chunk to finish is a small one, and reports leave nearly in order. While there is anything
    else to do, at most half of the workers are in large files: a project with a hundred large files takes no more
    memory than one with two."""

    def __init__(self, jobs: Sequence[Job], workers: int) -> None:
        self.large_at_once = max(1, workers // 2)
        sizes = sizes_of(jobs)
        large = [index for index, size in enumerate(sizes) if size >= LARGE_BYTES]
        large.sort(key=sizes.__getitem__, reverse=True)
        self.large = ([jobs[index]] for index in large)
        self.small = small_chunks(jobs)

    def take(self, flight: Iterable[list[Job]]) -> list[Job] | None:
        """A chunk to go with those in flight; None when all were taken."""
        large = sum(chunk[0].size >= LARGE_BYTES for chunk in flight)
        if large < self.large_at_once:
            return next(chain(self.large, self.small), None)
        return next(chain(self.small, self.large), None)


def small_chunks(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """The files that are not large, in order, as many at a time as fill a chunk."""
    current: list[Job] = []
    room = CHUNK_BYTES
    for job in jobs:
        if job.size >= LARGE_BYTES:
            continue
        if current and (room < job.size or len(current) == CHUNK_FILES):
            yield current
            current, room = [], CHUNK_BYTES
        current.append(job)
        room -= job.size
    if current:
        yield current


# ---------------------------------------------------------------------------------------
# 15  Pool: multiprocessing.Pool, walled in: its workers may die
# gives: CannotStart, DurablePool, ThreadedPool
# uses: Ground
# ---------------------------------------------------------------------------------------
# A Pool forgets the task that a dead worker held, starts another worker in its place, and waits for ever for a lock
# that a dead worker holds. No public call mends that, so DurablePool uses private parts of CPython's multiprocessing.
# Nothing else does. A test lists them by version of CPython, and holds the list against each CPython that it finds.


GOING_ON = {"thread": "using threads", "serial": "going on with one worker"}  # by key of EXECUTORS


class CannotStart(Exception):
    """There are no workers of this kind to be had. Another executor goes on."""

    def __init__(self, reason: str, instead: str) -> None:
        super().__init__(f"{reason}; {GOING_ON[instead]}")
        self.reason, self.instead = reason, instead


class NumberedTasks:
    """What our two pools share: a task has a number, and results come back with it, in any order."""

    pool: Any  # a multiprocessing.Pool

    def __init__(self) -> None:
        import queue

        self.results: Any = queue.SimpleQueue()

    def submit(self, number: int, task: Callable[[Any], Any], argument: Any) -> None:
        results = self.results  # and not self: a callback that outlives the pool must not keep it
        self.pool.apply_async(
            task,
            (argument,),
            callback=lambda result: results.put((number, result)),
            error_callback=lambda error: results.put((number, error)),
        )

    def next_result(self, seconds: float) -> tuple[int, Any] | None:
        """The number of a task, and what it returned or the exception it raised; None where none ends in time."""
        import queue

        try:
            return self.results.get(timeout=seconds)
        except queue.Empty:
            return None


class ThreadedPool(NumberedTasks):
    """Workers that are threads of this process. None dies alone, and there is nothing private to know."""

    def __init__(self, workers: int, initializer: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        from multiprocessing.pool import ThreadPool

        super().__init__()
        try:
            self.pool = ThreadPool(workers, initializer, arguments)
        except (OSError, RuntimeError, AttributeError) as error:  # AttributeError: from ThreadPool's own clean-up
            raise CannotStart(f"neither processes nor threads can start ({reason_of(error)})", "serial") from None

    def is_alive(self) -> bool:
        return True

    def finish(self) -> None:
        self.pool.close()

    def abandon(self) -> bool:
        self.pool.terminate()
        return True


class DurablePool(NumberedTasks):
    """Workers that are processes. One that dies is noticed (is_alive), none is started in its place, and the pool can
    always be ended (abandon), whatever locks the dead hold."""

    def __init__(self, workers: int, start_method: str, initializer: Callable[..., None], arguments: tuple) -> None:
        """Start the workers; raises CannotStart."""
        super().__init__()
        self.processes: list[Any] = []
        try:
            self._open(workers, start_method, initializer, arguments)
        except (OSError, ImportError, RuntimeError) as error:
            for process in self.processes:
                if process.is_alive():
                    process.kill()
            words = clipped(reason_of(error), 150)
            raise CannotStart(f"processes cannot start ({words})", "thread") from None

    def _open(self, workers: int, start_method: str, initializer: Callable[..., None], arguments: tuple) -> None:
        import multiprocessing

        context = multiprocessing.get_context(start_method)
        if start_method != "fork":
            start_tracker()
        with SignalsHeld(), SafePath():  # a pool that is half made cannot be ended
            self.pool = self._pool_class(self.processes)(workers, initializer, arguments, context=context)

    @staticmethod
    def _pool_class(processes: list[Any]) -> Any:
        """A multiprocessing.Pool that adds its processes to the list, and starts none after the first ones."""
        from multiprocessing.pool import Pool

        class PoolOfTheFirst(Pool):
            @staticmethod
            def Process(context: Any, target: Any, args: tuple) -> Any:
                processes.append(context.Process(target=serve, args=args))
                return processes[-1]

            def _repopulate_pool(self) -> None:
                """A dead worker's place stays empty. The worker may have died with a lock in its hand, and its
                successor would wait for that lock; and it may have died with a task, which only its absence tells."""
                super()._repopulate_pool()
                self._processes = 0

            def _get_sentinels(self) -> list[Any]:
                """What wakes the thread that looks after the workers: not a result that waits to be read. As
                published, the thread spins until it was read, which is a quarter of the parent's CPU."""
                return [self._change_notifier._reader]

        return PoolOfTheFirst

    def is_alive(self) -> bool:
        """Whether every worker lives."""
        return all(process.exitcode is None for process in self.processes)

    def finish(self) -> None:
        """Let the workers end by themselves. Pool.join() would wait for a worker that stands still."""
        self.pool.close()
        end = time.monotonic() + 1
        for process in self.processes:
            process.join(max(0.0, end - time.monotonic()))

    def abandon(self) -> bool:
        """End the workers now. Pool.terminate() would wait for a lock that a dead worker may hold. False where a
        thread or a process had no time to end, and holds descriptors: another call goes on there."""
        if not self.processes:  # abandoned before
            return True
        self._stop_watching()
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.join(2)
        if not self._have_threads_ended() or any(process.exitcode is None for process in self.processes):
            return False
        self._close_pipes()
        for process in self.processes:
            process.close()
        self.processes = []
        return True

    def _stop_watching(self) -> None:
        """End the pool's thread that looks after the workers: it must not see any of them killed."""
        pool = self.pool
        pool._terminate.cancel()
        pool._state = pool._worker_handler._state = pool._task_handler._state = "TERMINATE"
        pool._change_notifier.put(None)
        pool._worker_handler.join(2)

    def _have_threads_ended(self) -> bool:
        """End the two threads that carry tasks to the workers and their results back, once there are no workers. The
        first may wait for a lock of a dead worker, and gets it. The second delivers what is left in its pipe, and
        ends with the pipe, whose last writer we are."""
        pool = self.pool
        pool._taskqueue.put(None)
        pool._task_handler.join(0.2)
        if pool._task_handler.is_alive():
            self._release_locks()
            pool._task_handler.join(2)
        if not pool._task_handler.is_alive():
            pool._outqueue._writer.close()
            pool._result_handler.join(2)
        threads = (pool._worker_handler, pool._task_handler, pool._result_handler)
        return not any(thread.is_alive() for thread in threads)

    def _release_locks(self) -> None:
        """The lock for reading tasks, and the one for writing results, which Windows does not have."""
        for lock in (self.pool._inqueue._rlock, self.pool._outqueue._wlock):
            try:
                if lock:
                    lock.release()
            except ValueError:  # nobody holds it
                pass

    def _close_pipes(self) -> None:
        """Close what would stay open until the pool is collected: six descriptors, of 1,024. No thread may use them any
        more: their numbers are given to the next file that is opened."""
        pool = self.pool
        for queue in (pool._inqueue, pool._outqueue, pool._change_notifier):
            queue._reader.close()
            queue._writer.close()


def start_tracker() -> None:
    """Start multiprocessing's process that puts semaphores away when ours is killed, before signals are held: starting
    it releases them."""
    if sys.platform != "win32":
        from multiprocessing import resource_tracker

        with SafePath():
            resource_tracker.ensure_running()


class SafePath:
    """Processes of Python that are started within the block import nothing from the working folder. multiprocessing
    starts them by `python -c`, which looks there first: a multiprocessing.py of what is analysed would run."""

    inside = 0  # how many blocks are running: two threads may start pools at once
    before: str | None = None

    def __enter__(self) -> None:
        if not SafePath.inside:
            SafePath.before = os.environ.get("PYTHONSAFEPATH")
        SafePath.inside += 1
        os.environ["PYTHONSAFEPATH"] = "1"

    def __exit__(self, *_: object) -> None:
        SafePath.inside -= 1
        if SafePath.inside:
            return
        del os.environ["PYTHONSAFEPATH"]
        if SafePath.before is not None:
            os.environ["PYTHONSAFEPATH"] = SafePath.before


def serve(*args: Any) -> None:
    """A worker process. An exception here is not a task's, which would be its result: the pipes are broken since the
    parent was killed, or there is no memory for a message. A traceback would tell the user nothing."""
    from multiprocessing.pool import worker

    try:
        worker(*args)
    except Exception:
        os._exit(1)


# ---------------------------------------------------------------------------------------
# 16  Engine: executors: files through workers, and what becomes of a file whose worker dies
# gives: outcomes
# uses: Start-up, Ground, Plan, Pool, One file, Scan
# ---------------------------------------------------------------------------------------

STARVED = 3  # how much longer than their CPU limits a chunk's files may take by the clock, on a busy machine
STALL_GRACE = 10.0  # seconds past that after which a silent pool is given up
START_LIMIT = 30.0  # seconds until a worker must have answered, where one has died
POLL = 0.1  # seconds between looks at the health of the workers
ATTEMPTS = 2  # how often a file is tried alone before it is named as the one that kills
# What the work on a file may import. In threads it is imported first: the last descriptor may be another one's file.
NEEDED_BY_FILES = ("fnmatch", "json", "re")


def outcomes(jobs: Sequence[Job], chosen: Plan, settings: Settings, spools: tuple = ()) -> Iterator[Outcome]:
    """What became of each file, in any order. The jobs' indexes ascend. Where an executor cannot start its workers, or
    start them again, another one goes on with the files that are left."""
    done = bytearray(jobs[len(jobs) - 1].index + 1 if jobs else 0)
    executor, left = chosen.executor, jobs
    while left:
        try:
            for outcome in RUNNERS[executor](left, chosen, settings, spools).outcomes():
                done[outcome.index] = True
                yield outcome
            return
        except RunOver as error:
            yield from (not_analysed(job, str(error)) for job in jobs if not done[job.index])
            return
        except CannotStart as error:
            note(str(error))
            executor = error.instead
            left = [job for job in jobs if not done[job.index]]


class RunOver(Exception):
    """The run does not go on; the message says why the files that are left were not reached."""


class Run:
    """Jobs on their way through an executor."""

    def __init__(self, jobs: Sequence[Job], chosen: Plan, settings: Settings, spools: tuple) -> None:
        self.jobs, self.chosen, self.settings, self.spools = jobs, chosen, settings, spools

    def check_deadline(self) -> None:
        if time.monotonic() > self.settings.deadline:
            raise RunOver(f"not reached within {self.settings.run_timeout:g} s, the time for the whole run")


class SerialRun(Run):
    def outcomes(self) -> Iterator[Outcome]:
        worker = Worker(self.settings, own_process=False)
        for number, job in enumerate(self.jobs, 1):
            self.check_deadline()
            outcome = worker.outcome(job)
            if kept := worker.kept(is_last=number == len(self.jobs)):
                outcome = outcome._replace(kept=kept)
            yield outcome
            worker.tidy(job.size)


class WorkerDied(Exception):
    """A file ended the only worker there was, or stood still in it; the message says which."""


class PoolRun(Run):
    """Chunks through a pool that may lose a worker at any time.

    When a worker is gone, or nothing was heard for too long, the whole pool is given up. What was in flight is tried
    one file at a time, to find the file that kills, and a new pool goes on. Where there is none to be had then, the
    files that are left are named: in a thread, the next one that kills would end the run."""

    flight: dict[int, list[Job]]  # number of a task -> its chunk
    pool: DurablePool | ThreadedPool | None = None
    next_number = 0
    has_lost_files = False  # that ended a worker, or stood still in it

    def outcomes(self) -> Iterator[Outcome]:
        self.waiting, self.flight = Chunks(self.jobs, self.chosen.workers), {}
        self.unfinished: list[Any] = []  # pools that were given up, and still hold descriptors
        self.slowness = make_scanner().slowness
        try:
            self.pool = self.open_pool(self.chosen.workers)
            yield from self.rounds()
            self.pool.finish()
        finally:
            self.abandon()

    def rounds(self) -> Iterator[Outcome]:
        """Send chunks and take outcomes until there are no more."""
        last = time.monotonic()
        while self.fill():
            self.check_deadline()
            found = self.next_outcomes(POLL)
            if found is not None:
                last = time.monotonic()
                yield from found
            elif not self.pool.is_alive() or time.monotonic() - last > max(map(self.limit, self.flight.values())):
                yield from self.recover()
                last = time.monotonic()

    def limit(self, chunk: list[Job]) -> float:
        """Seconds of the clock without any result after which the worker of this chunk is taken for dead."""
        seconds = [bounds_of(job.size, self.settings, self.slowness).seconds for job in chunk]
        return STARVED * sum(seconds) + STALL_GRACE if all(seconds) else math.inf

    def fill(self) -> bool:
        """Send as many chunks on their way as there may be in flight. False when there are none left."""
        while len(self.flight) <= 2 * self.chosen.workers and (chunk := self.waiting.take(self.flight.values())):
            self.submit(chunk)
        return bool(self.flight)

    def submit(self, chunk: list[Job]) -> None:
        self.flight[self.next_number] = chunk
        self.pool.submit(self.next_number, work, chunk)
        self.next_number += 1

    def next_outcomes(self, seconds: float) -> list[Outcome] | None:
        """Those of the next chunk that is ready; None where none is in time."""
        ready = self.pool.next_result(seconds)
        if ready is None:
            return None
        number, result = ready
        chunk = self.flight.pop(number)
        if isinstance(result, BaseException):
            return [not_analysed(job, f"{type(result).__name__}: {result}") for job in chunk]
        return result

    def recover(self) -> Iterator[Outcome]:
        """Give the pool up, find the file that kills among those in flight, and open a new pool."""
        self.pool.abandon()
        while (found := self.next_outcomes(0)) is not None:
            yield from found
        suspects = [job for chunk in self.flight.values() for job in chunk]
        self.flight.clear()
        self.open_one()
        for job in suspects:
            yield from self.tried_alone(job)
        self.abandon()
        self.pool = self.open_again(self.chosen.workers)

    def open_again(self, workers: int) -> Any:
        """A pool in the place of one that was given up, as soon as the system has what it needs."""
        end = time.monotonic() + START_LIMIT
        while True:
            try:
                return self.open_pool(workers)
            except CannotStart as error:
                if time.monotonic() > end:
                    raise RunOver(f"not reached: a worker was lost, and {error.reason}") from None
            self.unfinished = [pool for pool in self.unfinished if not pool.abandon()]
            time.sleep(POLL)
            self.check_deadline()

    def tried_alone(self, job: Job) -> list[Outcome]:
        """The outcome of a file in a pool of one; a file that ends its worker each time is named."""
        for _ in range(ATTEMPTS):
            try:
                return self.alone(job)
            except WorkerDied as reason:
                words = str(reason)
                self.has_lost_files = True
                self.open_one()
        return [not_analysed(job, words)]

    def alone(self, job: Job) -> list[Outcome]:
        self.submit([job])
        limit = self.limit([job])
        end = time.monotonic() + limit
        while time.monotonic() < end:
            self.check_deadline()
            if found := self.next_outcomes(POLL):
                return found
            if not self.pool.is_alive():
                raise WorkerDied("its worker process died twice (crashed, or was killed)")
        raise WorkerDied(f"not finished within {limit:g} s")

    def open_one(self) -> None:
        """A pool of one worker that is seen to live: a worker that dies with nothing to do says nothing of a file."""
        for _ in range(ATTEMPTS):
            self.abandon()
            self.flight.clear()
            self.pool = self.open_again(1)
            if self.answers():
                return
        reason = "worker processes end as soon as they start"
        if self.has_lost_files:
            raise RunOver(f"not reached: a worker was lost, and {reason}")
        raise CannotStart(reason, "serial")

    def answers(self) -> bool:
        """Whether the worker does an empty chunk."""
        self.submit([])
        end = time.monotonic() + START_LIMIT
        while self.flight and self.pool.is_alive() and time.monotonic() < end:
            self.next_outcomes(POLL)
        return not self.flight

    def abandon(self) -> None:
        pool, self.pool = self.pool, None
        if pool and not pool.abandon():
            self.unfinished.append(pool)


class ProcessRun(PoolRun):
    def open_pool(self, workers: int) -> DurablePool:
        arguments = (self.settings, True, self.spools)
        return DurablePool(workers, self.chosen.start_method, start_worker, arguments)


class ThreadRun(PoolRun):
    def open_pool(self, workers: int) -> ThreadedPool:
        for name in NEEDED_BY_FILES:
            __import__(name)
        return ThreadedPool(workers, start_worker, (self.settings, False, ()))


# How each executor of EXECUTORS gets from jobs to outcomes.
RUNNERS = {"process": ProcessRun, "thread": ThreadRun, "serial": SerialRun}

_here = ThreadLocal()  # .worker and .spool: of this process, or of this thread of it


def start_worker(settings: Settings, own_process: bool, spools: tuple[Spool, ...]) -> None:
    """A pool's initializer: a Worker, and with it a scanner and a parser per grammar, for each process or thread."""
    if own_process:
        answer_signals_as_worker()
        watch_parent()
        collect_rarely()
        gc.freeze()
    _here.worker = Worker(settings, own_process)
    _here.spool = next((spool for spool in spools if spool.claimed()), None)


def answer_signals_as_worker() -> None:
    """SIGTERM ends the worker; the parent answers the others and ends its workers. All were held while the pool was
    made, and the worker inherited that."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def watch_parent() -> None:
    """End with the parent, even when it is killed: a look every two seconds, by timer signal."""
    if hasattr(signal, "setitimer"):
        parent = os.getppid()
        signal.signal(signal.SIGALRM, lambda *_: os._exit(1) if os.getppid() != parent else None)
        signal.setitimer(signal.ITIMER_REAL, 2.0, 2.0)


def work(chunk: list[Job]) -> list[Outcome]:
    """A pool's task."""
    worker = _here.worker
    found = [worker.outcome(job) for job in chunk]
    if kept := worker.kept(is_last=True):
        found[-1] = found[-1]._replace(kept=kept)
    worker.tidy(sum(job.size for job in chunk))
    return spooled(found, _here.spool) if _here.spool else found


def spooled(found: list[Outcome], spool: Spool) -> list[Outcome]:
    """The outcomes with places in the spool for their fragments; as they were where the disk takes no more."""
    with_fragments = [outcome for outcome in found if outcome.fragments]
    try:
        places = spool.keep(outcome.fragments for outcome in with_fragments)
    except OSError:
        return found
    placed = [outcome._replace(fragments=place) for outcome, place in zip(with_fragments, places)]
    return [outcome for outcome in found if not outcome.fragments] + placed


# ---------------------------------------------------------------------------------------
# 17  One file: read, scan, measure, judge, compare, render
# gives: not_analysed, Worker, rules_of_file, rankings_of, ranking_of_hotspots, ranking_of_losses, scanned, reading_of
# uses: Words, Start-up, Ground, Values, Language, Rules, Plan, Markup, Scan, Metrics, Imports, Judgement, Exemptions,
#       Comparison, Records, Cache, Findings, Reporter, Reports
# ---------------------------------------------------------------------------------------

TIDY_BYTES = 2 * 1024 * 1024  # of source between two times that a worker gives back what lies idle; about 1 % of a run


class Worker:
    """Turns jobs into outcomes, one after another, and keeps between them what is costly to make.

    Each process or thread has a worker of its own, made where it works, of nothing but settings. So an executor has to
    carry settings and jobs in one direction, and outcomes in the other."""

    def __init__(self, settings: Settings, own_process: bool) -> None:
        """One that has worked on nothing yet."""
        self.settings, self.own_process = settings, own_process
        self.scanner = make_scanner()
        self.rules = RuleBook(settings)
        self.untidied = 0  # bytes of source
        self.judges: dict[Any, Judge] = {}
        self.rankings = rankings_of(settings)
        self.keeper = Keeper(settings.shelf) if settings.shelf else None
        self.believes_records = True
        self.older: Imports | None = None  # what the older version imports of the file at hand
        self.reporters = [REPORTERS[request.format] for request in settings.reports]
        wishes = ["all"] if settings.keep_reports else [reporter.points for reporter in self.reporters]
        self.points = max(wishes, key=POINTS.__getitem__, default="none")  # covers all others

    def tidy(self, read: int) -> None:
        """Give idle memory back after every large file, and now and then: a worker of a long run takes no more than one
        of a short run. Python's lists of free tuples alone grow to 2 MB, and only a collection empties them."""
        self.untidied += read
        if self.untidied < TIDY_BYTES and read < CHUNK_BYTES:
            return
        self.untidied = 0
        if self.own_process:  # elsewhere there may be a program with millions of objects around us
            gc.collect()
        self.scanner.trim()

    def outcome(self, job: Job) -> Outcome:
        """What became of a job. Whatever goes wrong with a file is the outcome of that file."""
        try:
            if job.is_context:
                return self.outcome_of_context(job)
            return self.outcome_of_gone(job) if job.is_gone else self.outcome_of_file(job)
        except Unreadable as error:
            return not_analysed(job, str(error))
        except (MemoryError, RecursionError) as error:
            return not_analysed(job, f"{type(error).__name__}: too large for this machine")
        except Exception as error:  # a mistake of ours costs one file, and is named
            return not_analysed(job, f"internal error, please report it: {type(error).__name__}: {error}")

    def outcome_of_context(self, job: Job) -> Outcome:
        """Of a file that nobody asks about, only what it imports."""
        measured, _, _ = self.measured_by_rules(job, read_bytes(job.file))
        return silent_outcome(job)._replace(imports=measured.imports)

    def outcome_of_gone(self, job: Job) -> Outcome:
        """Of a file that is no more, only what its older version held."""
        try:
            held = self.entries_before(job, self.judge(self.rules.of(job.path)))
        except Unreadable as error:
            raise Unreadable(f"{error}; functions that moved from there count as new") from None
        return silent_outcome(job)._replace(ledger=Ledger(free=held), older=self.older)

    def outcome_of_file(self, job: Job) -> Outcome:
        """Measured, judged, compared where the run compares, and rendered for each report. Raises Unreadable."""
        raw = read_bytes(job.file) if job.source is None else job.source
        try:
            outcome = self.outcome_of_source(job, raw)
        except Unlocated:
            self.believes_records = False
            outcome = self.outcome_of_source(job, raw)
        finally:
            self.believes_records = True
        if outcome.digest is None:
            return outcome
        if self.keeper:
            urgency = max(map(urgency_of_spot, outcome.digest.hotspots), default="")
            self.keeper.keep_result(self.key, outcome, urgency)
        return outcome._replace(digest=self.rankings.entering(outcome.digest))

    def kept(self, is_last: bool) -> Kept | None:
        """What there is to keep of the files since the last time, if anything is, and is enough."""
        return self.keeper.take(is_last) if self.keeper else None

    def outcome_of_source(self, job: Job, raw: bytes) -> Outcome:
        """Raises Unlocated where a record is not enough."""
        measured, source, rules = self.measured_by_rules(job, raw)
        self.older = None
        if rules.code == GENERATED and rules.analysis.generated == "skip":
            return not_analysed(job, "generated code")._replace(is_left_out=True, ledger=ledger_of_unjudged(job))
        judge = self.judge(rules)
        report, ledger = self.judged(job, measured, rules)
        view = FileView(report, source, self.settings, judge.analysis)
        return Outcome(
            index=job.index,
            path=job.path,
            digest=digest_of(report, judge, self.rankings),
            fragments=tuple([reporter.fragment(view) for reporter in self.reporters]),
            skipped="",
            report=report if self.settings.keep_reports else None,
            tokens=measured.tokens if rules.code != GENERATED else None,
            imports=measured.imports,
            older=self.older,
            ledger=ledger,
            body=bodies_of(measured)[0] if ledger and judge.options.tokens else "",
        )

    def measured_by_rules(self, job: Job, raw: bytes) -> tuple[MeasuredFile, SourceText, FileRules]:
        """The file measured, and what applies to it: whether it is generated code, its text may have to say."""
        rules = self.rules.of(job.path)
        measured, source = self.measured(job.path, raw, self.judge(rules), with_bodies=job.entries is not None)
        if measured.generated:
            rules = self.rules.of(job.path, measured.generated)
        return measured, source, rules

    def judged(self, job: Job, measured: MeasuredFile, rules: FileRules) -> tuple[FileReport, Ledger | None]:
        """The file judged, and beside what was there before where the run compares."""
        judge = self.judge(rules)
        report = judge.file(job.path, measured)._replace(code=rules.code, code_sign=rules.code_sign)
        if job.entries is None or rules.code == GENERATED:
            return report, ledger_of_unjudged(job)
        return self.compared(job, report, measured, judge)

    def judge(self, rules: FileRules) -> Judge:
        """The one for the analysis of these rules."""
        key = rules.code, rules.places
        if key not in self.judges:
            self.judges[key] = Judge(rules.analysis, self.points, rules.code)
        return self.judges[key]

    def measured(self, path: str, raw: bytes, judge: Judge, with_bodies: bool) -> tuple[MeasuredFile, SourceText]:
        """A file measured; what an earlier run measured of the same content, where that was kept."""
        imports = "graph" in self.settings.analysis.metrics
        options = judge.options._replace(bodies=with_bodies, imports=imports)
        if not self.keeper:
            return self.measured_now(path, raw, options)
        self.key = record_key(content_digest(raw), suffix_of(path), options)
        recorded = self.keeper.measured(self.key) if self.believes_records else None
        if recorded:
            return recorded, NoSource()
        measured, source = self.measured_now(path, raw, options)
        self.keeper.keep_record(self.key, measured)
        return measured, source

    def measured_now(self, path: str, raw: bytes, options: MeasureOptions) -> tuple[MeasuredFile, SourceText]:
        return measure(path, raw, options, self.scanner, bounds_of(len(raw), self.settings, self.scanner.slowness))

    def compared(
        self, job: Job, report: FileReport, measured: MeasuredFile, judge: Judge
    ) -> tuple[FileReport, Ledger | None]:
        """The report beside what was there before, and what the comparison leaves to settle."""
        comparison = self.settings.comparison
        if comparison.kind != "baseline" and job.before is None:  # not touched; --whole-project shows it
            return Comparer(report, judge, comparison).with_all_known(), None
        entries = (*self.entries_before(job, judge), *(job.entries or ()))
        return Comparer(report, judge, comparison).compared(measured, entries)

    def entries_before(self, job: Job, judge: Judge) -> Entries:
        """The older version as entries. One that was not there, or was no text, has none. Of one that cannot be
        measured nobody knows them, and Unreadable says so: without a word, all of now were new."""
        if job.before is None or not job.before.path or not is_text(job.before.source):
            return ()
        path, source = job.before
        try:
            measured, _ = self.measured(path, source, judge, with_bodies=True)
        except Unreadable as error:
            raise Unreadable(f"its older version cannot be compared: {error}") from None
        self.older = measured.imports
        return entries_of(job.path, judge.file(path, measured), measured)


class NoSource:
    """Stands for the source of a file that is known by its record alone."""

    def __getattr__(self, name: str) -> Any:
        raise Unlocated


def ledger_of_unjudged(job: Job) -> Ledger | None:
    """What a baseline says of a file is gone, where nothing in it is judged any more."""
    return None if job.entries is None else Ledger(free=job.entries)


def is_text(raw: bytes) -> bool:
    try:
        to_utf8(raw)
    except Unreadable:
        return False
    return True


def not_analysed(job: Job, reason: str) -> Outcome:
    return Outcome(index=job.index, path=job.path, digest=None, fragments=(), skipped=reason)


def silent_outcome(job: Job) -> Outcome:
    """That of a file that no report shows."""
    return not_analysed(job, "")


def rules_of_file(path: str, settings: Settings) -> FileRules:
    """What applies to a file. Whether it is generated code, its text may say; a folder has none."""
    book = RuleBook(settings)
    rules = book.of(path)
    if grammar_of(path) is None or not os.path.isfile(path):
        return rules
    scanner, options = make_scanner(), measure_options(rules.analysis)
    try:
        raw = read_bytes(path)
        measured, _ = measure(path, raw, options, scanner, bounds_of(len(raw), settings, scanner.slowness))
    except Unreadable:
        return rules
    return book.of(path, measured.generated)


def measure(
    path: str, raw: bytes, options: MeasureOptions, scanner: Any, bounds: Bounds
) -> tuple[MeasuredFile, SourceText]:
    """Everything that can be measured of one file, and its source; raises Unreadable."""
    code = code_in(path, to_utf8(raw))
    scan = scanned(code.text, code.grammar, options, scanner, bounds)
    return measured_code(code, scan, options, scanner), SourceText(code.file, scan.line_starts)


def measured_code(code: Code, scan: Scan, options: MeasureOptions, scanner: Any) -> MeasuredFile:
    """What a scan says of code, and what markup around it does."""
    source = SourceText(code.text, scan.line_starts)
    measurer = FileMeasurer(source, scan, reading_of(scan, code.grammar, options, scanner), options)
    module, *functions = measurer.functions()
    return MeasuredFile(
        module=module, functions=tuple(functions), file_length=scan.file_lines, export_count=measurer.exports,
        generated=generated_sign(source, scan.comments, measurer.columns.lines),
        suppressions=measurer.reaching(find_suppressions(source, scan.comments, measurer.prefix)),
        syntax_errors=problems_of_markup(source, code) + syntax_problems(source, scan.errors),
        points=measurer.points(), bodies=measurer.bodies(),
        tokens=TokenColumns(scan.codes, scan.hashes, scan.lines) if options.tokens else None,
        imports=imports_of(source, scan, measurer.columns.kinds) if options.imports else None,
    )  # fmt: skip


def scanned(text: bytes, grammar: int, options: MeasureOptions, scanner: Any, bounds: Bounds) -> Scan:
    """What a scanner makes of a text; raises Unreadable."""
    dialect = Dialect(grammar, options.cognitive_variant == "whitepaper")
    flags = WANT_TOKENS * options.tokens | WANT_PRINTS * options.bodies | WANT_IMPORTS * options.imports
    try:
        return scanner.scan(dialect, text, flags, math.ceil(bounds.seconds * 1000), bounds.memory)
    except TimeoutError:
        raise Unreadable(f"not finished within {bounds.seconds:.3g} s") from None
    except MemoryError as error:  # with words where it is our limit
        limit = f"not finished within {bounds.memory // (1024 * 1024):,} MB of memory"
        raise Unreadable(limit if str(error) else "out of memory") from None
    except (ValueError, OverflowError) as error:
        raise Unreadable(str(error) or "out of memory") from None


def reading_of(scan: Scan, grammar: int, options: MeasureOptions, scanner: Any) -> Reading:
    """What the events of a scan come to, for the variants that are wanted."""
    effects = scanner.effects(options.cyclomatic_variant, options.cognitive_variant)
    return scanner.reading(scan.events, effects, scanner.steps(grammar))


def problems_of_markup(source: SourceText, code: Code) -> tuple[SyntaxProblem, ...]:
    """Where the markup around scripts could not be read."""
    return tuple([SyntaxProblem(*source.position(place) * 2, message) for place, message in code.problems])


def syntax_problems(source: SourceText, errors: bytes) -> tuple[SyntaxProblem, ...]:
    """What the parser could not make sense of, with the first words of each place."""
    problems = []
    for start, end, line, column, missing, _symbol in struct.iter_unpack("6i", errors):
        words = " ".join(source.slice(start, min(end, start + 60)).split())
        message = f"unexpected '{clipped(words, 30)}'" if words else "unexpected end of file"
        if missing:
            message = "something is missing here"
        if missing == LEFT_OUT:
            message = f"too much in error: parsing went on behind '{clipped(words, 30)}' and what follows it"
        problems.append(SyntaxProblem(line, column, *source.position(end), message))
    return tuple(problems)


class Ranking:
    """The worst functions so far. Each worker has a ranking, and so has the project. A worker sends only
    functions that enter its own: a function that does not cannot enter the project's."""

    def __init__(self, top: int, rank_of: Callable[[Any], Any]) -> None:
        self.top, self.rank_of = top, rank_of
        self.ranked: list[tuple[Any, Any]] = []  # each behind its rank, the worst first

    @property
    def worst(self) -> tuple[Any, ...]:
        return tuple([spot for _, spot in self.ranked])

    def may_enter(self, rank: Any) -> bool:
        return len(self.ranked) < self.top or (self.top > 0 and rank >= self.ranked[-1][0])

    def add(self, spots: Iterable[Any]) -> list[Any]:
        """Add functions; returns those that entered."""
        found = [(self.rank_of(spot), spot) for spot in spots]
        if len(self.ranked) == self.top:
            found = [ranked for ranked in found if self.ranked and ranked[0] >= self.ranked[-1][0]]
        if found:
            self.ranked = sorted((*self.ranked, *found), key=place_of_ranked)
            self.ranked.sort(key=rank_of_ranked, reverse=True)
            del self.ranked[self.top :]
        return [ranked[1] for ranked in found if ranked in self.ranked]


class Rankings(NamedTuple):
    """What a worker lists the worst of."""

    hotspots: Ranking  # functions that something is wrong with
    losses: Ranking  # functions by what they cost the project's health
    of_each: bool = False  # whether somebody wants the worst of each file, and not those alone that enter here

    def hotspots_in(self, report: FileReport) -> tuple[Hotspot, ...]:
        """Of product code: test code costs the project no health."""
        if report.code != PRODUCT:
            return ()
        return tuple([hotspot_of(report.path, unit) for unit in report.units if unit.violations])

    def losses_in(self, report: FileReport, lost: list[int]) -> tuple[Loss, ...]:
        """`lost` is what each unit of the report lost."""
        if report.code != PRODUCT:
            return ()
        floor = self.floor(lost)
        found = []
        for points, unit in zip(lost, report.units):
            if points >= floor:
                place = (report.path, unit.start_line, unit.name)
                found.append(Loss._make((*place, points, unit.health_lines, 0.0)))
        return tuple(found)

    def floor(self, lost: list[int]) -> int:
        """What a function has to lose to enter the worst: most are below it."""
        top, ranked = self.losses.top, self.losses.ranked
        worst = ranked[-1][0] if ranked and len(ranked) == top else 1
        if self.of_each:
            worst = sorted(lost)[-top] if 0 < top < len(lost) else 1
        return max(worst, 1)

    def entering(self, digest: Digest) -> Digest:
        """The digest of a file with those of its functions alone that enter the worst."""
        if not (digest.hotspots or digest.losses):
            return digest
        hotspots, losses = self.hotspots.add(digest.hotspots), self.losses.add(digest.losses)
        return digest._replace(hotspots=tuple(hotspots), losses=tuple(losses))


def rankings_of(settings: Settings) -> Rankings:
    top = settings.top
    return Rankings(ranking_of_hotspots(top), ranking_of_losses(top), of_each=settings.shelf is not None)


def ranking_of_hotspots(top: int) -> Ranking:
    return Ranking(top, urgency_of_spot)


def ranking_of_losses(top: int) -> Ranking:
    return Ranking(top, attrgetter("lost"))


def rank_of_ranked(ranked: tuple[Any, Any]) -> Any:
    return ranked[0]


def place_of_ranked(ranked: tuple[Any, Any]) -> tuple[str, int, str]:
    return ranked[1][:3]


def hotspot_of(path: str, f: FunctionReport) -> Hotspot:
    violations = worst_first(f.violations)
    return Hotspot(
        path=path,
        line=f.start_line,
        name=f.name,
        level=f.status,
        lost=f.lost,
        violations=violations,
    )


def urgency_of_spot(spot: Hotspot) -> str:
    return urgency(spot.violations[0], spot.lost)


def digest_of(report: FileReport, judge: Judge, rankings: Rankings) -> Digest:
    """What the parent needs to know of the file. Its worst functions enter the rankings."""
    levels = finding_levels(report)
    syntax_errors = len(report.syntax_errors)
    failing = 0
    if judge.analysis.syntax_errors == "error":
        failing = syntax_errors
    lost = [unit.lost for unit in report.units]
    return Digest(
        functions=len(report.functions),
        warnings=levels.count("warning"),
        errors=levels.count("error") + failing,
        syntax_errors=syntax_errors,
        suppressed=len(report.suppressed),
        ungated=levels.count("ungated"),
        lost=sum(lost),
        health_lines=sum(map(attrgetter("health_lines"), report.units)),
        hotspots=rankings.hotspots_in(report),
        losing=len(lost) - lost.count(0),
        losses=rankings.losses_in(report, lost),
        changes=changes_of(report),
        code=report.code,
    )


def finding_levels(report: FileReport) -> list[str]:
    """The levels of all findings of a file; of those whose metrics do not gate, a word that says so."""
    violations = [violation for part in (report, *report.units) for violation in part.violations]
    levels = ["ungated" if violation.ungated else violation.level for violation in violations]
    return levels + [notice.level for notice in report.notices]


def changes_of(report: FileReport) -> Changes | None:
    """A file as a whole counts only where it has or had findings: each edit changes its length."""
    wholes = (report, report.module)
    parts = (*wholes, *report.functions)
    if not any(part.change for part in parts):
        return None
    words = [function.change for function in report.functions]
    words += [whole.change for whole in wholes if whole.violations or whole.known or whole.better]
    known = [bool(violation.allowed) for part in parts for violation in part.known]
    return Changes(*map(words.count, Changes._fields[:4]), known=len(known), allowed=sum(known))


# ---------------------------------------------------------------------------------------
# 18  Markup: the scripts in components and pages
# gives: Code, code_in
# uses: Start-up, Language
# ---------------------------------------------------------------------------------------

# All but its scripts is blanked, and what is left is measured like any other source, at its own lines and columns. What
# a script is, the compiler of each language says; docs/components.md tells the rules, and how they were compared. Each
# expression runs over a text once: what repeats in it is possessive, and ends at a letter that it does not hold.

_COMMENT = rb"<!--(?:-?>|(?:[^-]++|-(?!->))*+-->)"
_DECLARATION = rb"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+\]\]>|<!(?!--|\[CDATA\[)(?:-.|[^-])[^>]*+>|<\?[^>]*+>"
_VALUE = rb"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|(?![\"'])[^\s>]*+)"
_ATTRIBUTES = regex(rb"([^\s/>][^\s=/>]*+)(?:\s*+=\s*+(" + _VALUE + rb"))?+")
_END = regex(rb"</([^\s/>]++)[\s/>]")
_SVELTE_END = regex(rb"</([^\s/>]++)\s*+>")
_TAG_NAME = rb"[a-zA-Z][^\s/>]*+"
_IN_TAG = rb"(?:\s++|/(?!\s*+>)|(?!</)[^\s/>][^\s=/>]*+(?:\s*+=\s*+" + _VALUE + rb")?+)*+"
_TAG_END = rb"\s*+(?:>|(?=</))"
_OPEN = rb"(?:<(" + _TAG_NAME + rb")(" + _IN_TAG + rb")(/?)" + _TAG_END + rb"|)"

_VUE_TEXT = rb"(?s:[^<{]++|\{(?!\{)|<(?![a-zA-Z/!?])|" + _COMMENT + rb"|" + _DECLARATION
_HOLE = rb"|\{\{(?:[^}]++|\}(?!\}))*+\}\}"
_VUE_ROOT = regex(_VUE_TEXT + _HOLE + rb"|</[^>]*+>)*+" + _OPEN)
_PAGE_TAG = regex(_VUE_TEXT + rb"|\{\{|</[^>]*+>)*+" + _OPEN)
_VUE_TAG = (
    rb"|</(?!\s*+[a-zA-Z])[^>]*+>)*+(?:<(?:()|(/)\s*+)(" + _TAG_NAME + rb")(" + _IN_TAG + rb"/?)" + _TAG_END + rb"|)"
)
_IN_VUE, _IN_PRE = regex(_VUE_TEXT + _HOLE + _VUE_TAG), regex(_VUE_TEXT + rb"|\{\{" + _VUE_TAG)
_PLAIN_TAG = rb"|<(?!(?:template|script|style|title|textarea)[\s/>])" + _TAG_NAME
_PLAIN_TAG += _IN_TAG.replace(rb"(?!</)", rb"(?!</|v-pre)") + rb"/?" + _TAG_END
_PLAIN_TEMPLATE = regex(_VUE_TEXT + _HOLE + _PLAIN_TAG + rb"|</(?!template[\s>])[^>]*+>)*+</template(?=[\s>])")

_JS_COMMENT = rb"//[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
_JS_STRING = rb"'(?:[^'\\\r\n]++|\\.)*+(?:['\r\n]|\\?+\Z)|\"(?:[^\"\\\r\n]++|\\.)*+(?:[\"\r\n]|\\?+\Z)"
_JS_RUN = regex(rb"(?s:[^{}'\"`/]++|" + _JS_STRING + rb"|" + _JS_COMMENT + rb")*+")
_IN_TEMPLATE = regex(rb"(?s:[^`\\$]++|\\.|\$(?!\{))*+")
_OPENED = {b"{": b"{", b"$": b"{", b"`": b"`"}
# Bounded, for a slash that only divides is looked at again.
_JS_PATTERN = regex(rb"/(?:[^/\\\[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.){0,299}+\]){1,299}+/")
_BEFORE_PATTERN = regex(
    rb"(?:[^\w$)\]}'\"`\s]|(?<![\w$.])(?:return|typeof|case|in|of|void|delete|await|new|else))\s*+\Z"
)

_SVELTE_TEXT = rb"(?s:[^<{]++|<!--(?:[^-]++|-(?!->))*+-->)*+"
_IN_SVELTE = regex(_SVELTE_TEXT + rb"(?:\{\s*+(#|/(?![/*])|)|<(/?)([^\s/>]*+)|)")
_IN_SVELTE_TAG = regex(rb"(?s:[^{=>/\"']++|=\s*+(?:\"[^\"{]*+\"|'[^'{]*+')?+|" + _JS_COMMENT + rb"|/(?!>))*+")
_IN_QUOTES = {b'"': regex(rb'[^"{]*+'), b"'": regex(rb"[^'{]*+")}

_ASTRO_TEXT = rb"(?s:[^<{}]++|<(?![a-zA-Z/!?>])|</(?![a-zA-Z>])|" + _COMMENT + rb"|<(?:!(?!--)|\?)[^>]*+>)*+"
_ASTRO_CODE = rb"|" + _JS_STRING + rb"|`(?:[^`\\]++|\\.)*+(?:`|\\?+\Z)|" + _JS_COMMENT + rb"|/(?![/*])"
_FRONTMATTER = regex(
    rb"(?s:(?:[^<{}'\"`/-]++|-(?!--)|" + _COMMENT + rb")*+---"
    rb"((?:[^-/'\"`]++|-(?!--)" + _ASTRO_CODE + rb"(?:[^/\\\r\n]++|\\.)*+[/\r\n])*+)(?:---)?)"
)
_ASTRO_TOKEN = rb"(?:([{}])|<(/?)(" + _TAG_NAME + rb"|(?=>))|)"
_IN_MARKUP = regex(_ASTRO_TEXT + _ASTRO_TOKEN)
_IN_CODE = regex(
    rb"(?s:[^/'\"`<{}]++|<(?=[\s\d])|" + _COMMENT + _ASTRO_CODE + rb"(?:[^/\\\r\n{}'\"`]++|\\.)*+[/\r\n]?+)*+"
    rb"(?:<(?![a-zA-Z/!?>])" + _ASTRO_TEXT + rb"|)" + _ASTRO_TOKEN
)
_IN_ASTRO_TAG = regex(rb"(?:[^{=>]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|`[^`]*+`|[^\s>{\"'`][^\s>]*+)?+)*+")
_VOID = frozenset(b"area base br col command embed hr img input keygen link meta param source track wbr".split())
_RAW = frozenset(b"iframe noembed noframes plaintext script style textarea title xmp".split())


class Block(NamedTuple):
    """A script in markup."""

    start: int
    end: int
    attributes: bytes = b""  # as they stand in its tag


class Broken(Exception):
    """Markup that nobody can make sense of, from a place on."""


class Around:
    """What is open around a place: elements by their names, expressions and blocks as braces."""

    def __init__(self, *names: bytes) -> None:
        self.names = list(names)
        self.counts = dict.fromkeys(names, 1)

    def open(self, name: bytes) -> None:
        self.names.append(name)
        self.counts[name] = self.counts.get(name, 0) + 1

    def close(self, name: bytes) -> None:
        """Close the innermost of this name, and all that stands in it; nothing where there is none."""
        last = b""
        while last != name and self.counts.get(name):
            last = self.names.pop()
            self.counts[last] -= 1


def attributes_of(tag: bytes) -> dict[bytes, bytes]:
    """The attributes that stand in a tag; of two with one name the first."""
    found = [(name, value[1:-1] if value[:1] in (b'"', b"'") else value) for name, value in _ATTRIBUTES.findall(tag)]
    return dict(reversed(found))


def raw_end(text: bytes, name: bytes, start: int) -> int:
    """Where an element ends in which nothing else is markup."""
    ends = (end.start() for end in _END.finditer(text, start) if end[1].lower() == name.lower())
    return next(ends, len(text))


def svelte_end(text: bytes, name: bytes, start: int) -> int:
    """The same in Svelte, where capitals are other letters, and an end has no attributes."""
    ends = (end.start() for end in _SVELTE_END.finditer(text, start) if end[1] == name)
    return next(ends, len(text))


def token_at(pattern: Any, text: bytes, place: int) -> Any:
    """What a pattern finds from a place on: text, and the tag behind it; None where all the rest is text."""
    token = pattern.match(text, place)
    if not token.lastindex and token.end() < len(text):
        raise Broken(token.end())
    return token if token.lastindex else None


def vue_scripts(text: bytes, pattern: Any = _VUE_ROOT) -> Iterator[Block]:
    """Those at the root of a component, where only a template has tags in it; and those of a page, by its pattern."""
    place, last = 0, text.lower().rfind(b"<script")
    while place <= last and (tag := token_at(pattern, text, place)):
        name, attributes, closed = tag.groups()
        place = tag.end()
        if pattern is _PAGE_TAG:
            name, closed = name.lower(), name.lower() not in _RAW
        if closed:
            continue
        if name == b"template" and attributes_of(attributes).get(b"lang") in (None, b"", b"html"):
            place = end_of_template(text, place)
            continue
        block = Block(place, raw_end(text, name, place), attributes)
        place = block.end
        if name == b"script":
            yield block


def end_of_template(text: bytes, place: int) -> int:
    """Where a template ends: where its tag is closed. Most hold no other templates, and one expression finds it."""
    plain = _PLAIN_TEMPLATE.match(text, place)
    if plain:
        return plain.end()
    around = Around(b"0 template")
    while around.names:
        tag = token_at(_IN_PRE if around.counts.get(b"v-pre") else _IN_VUE, text, place)
        if not tag:
            return len(text)
        place = raw_end(text, tag[3], tag.end()) if is_raw(tag, tag[4], around) else tag.end()
        if b"v-pre" in tag[4] and not tag[4].endswith(b"/"):  # where braces are text
            around.open(b"v-pre")
    return place


def end_of_code(text: bytes, place: int) -> int:
    """Behind the brace that closes the one before a place in code."""
    begin = place - 1
    around = [b"{"]
    while around:
        place = (_IN_TEMPLATE if around[-1] == b"`" else _JS_RUN).match(text, place).end() + 1
        sign = text[place - 1 : place]
        if sign == b"/":
            place = behind_slash(text, place - 1)
        elif sign == b"}" or sign == around[-1] == b"`":
            around.pop()
        elif sign in _OPENED:
            around.append(_OPENED[sign])
            place += sign == b"$"  # and the brace behind it
        elif not sign:
            raise Broken(begin)
    return place


def behind_slash(text: bytes, place: int) -> int:
    """Behind a regular expression in code, or a slash that divides."""
    is_pattern = _BEFORE_PATTERN.search(text, max(0, place - 40), place)
    pattern = _JS_PATTERN.match(text, place) if is_pattern else None
    return pattern.end() if pattern else place + 1


def end_of_tag(pattern: Any, text: bytes, place: int) -> int:
    """Behind a tag in which braces hold code. The pattern passes over all of a tag that holds none."""
    begin, quote = place, b""
    while True:
        place = (_IN_QUOTES[quote] if quote else pattern).match(text, place).end() + 1
        sign = text[place - 1 : place]
        if not sign:
            raise Broken(begin)
        if sign == b"{":
            place = end_of_code(text, place)
        elif quote or sign in (b'"', b"'"):
            quote = b"" if quote else sign
        else:
            return place + (sign == b"/")


def svelte_scripts(text: bytes) -> Iterator[Block]:
    """Those at the root of a component: in no element and no block."""
    return (block for block, depth in braced_scripts(text, 0, _IN_SVELTE, _IN_SVELTE_TAG, svelte_end) if depth == 1)


def astro_scripts(text: bytes) -> Iterator[Block]:
    """The frontmatter, and every script in the markup and in its expressions, where markup stands in code again."""
    frontmatter = _FRONTMATTER.match(text)
    if frontmatter:
        yield Block(*frontmatter.span(1))
    place = frontmatter.end() if frontmatter else 0
    for block, _ in braced_scripts(text, place, _IN_MARKUP, _IN_ASTRO_TAG, raw_end):
        yield block


def braced_scripts(text: bytes, place: int, markup: Any, in_tag: Any, end_of: Any) -> Iterator[tuple[Block, int]]:
    """The scripts in markup where braces hold code, each with how much is open around its code."""
    last, around = text.rfind(b"<script"), Around()
    while place <= last:
        is_code = markup is _IN_MARKUP and around.names[-1:] == [b"{"]
        token = token_at(_IN_CODE if is_code else markup, text, place)
        if not token:
            return
        place = token.end()
        brace, _, name = token.groups()
        if name is None:
            if brace:
                (around.open if brace in (b"#", b"{") else around.close)(b"{")
            if markup is _IN_SVELTE:
                place = end_of_code(text, place)
            continue
        place = end_of_tag(in_tag, text, place)
        attributes = text[token.end() : place - 1]
        if is_raw(token, attributes, around):
            block = Block(place, end_of(text, name, place), attributes)
            place = block.end
            if name == b"script":
                yield block, len(around.names)


def is_raw(tag: re.Match[bytes], attributes: bytes, around: Around) -> bool:
    """Whether a tag opens an element in which nothing is markup. An element in braces is closed there."""
    closing, name = tag.group(2, 3)
    element = b"%d %s" % (around.counts.get(b"{", 0), name)
    if closing:
        around.close(element)
    is_open = not (closing or attributes.endswith(b"/") or name in _VOID or name.startswith(b"!"))
    if is_open:
        around.open(element)
    return is_open and (name in _RAW or b"is:raw" in attributes)


# The last part of a script's `lang` or `type`.
USUAL_LANGUAGES = frozenset((b"", b"js", b"mjs", b"javascript", b"ecmascript", b"module"))
GRAMMAR_OF_LANGUAGE = {b"ts": 0, b"typescript": 0, b"tsx": 1, b"jsx": 1, b"babel": 1}
SCRIPTS_OF_SUFFIX = {".vue": vue_scripts, ".svelte": svelte_scripts, ".astro": astro_scripts}
SCRIPTS_OF_SUFFIX |= dict.fromkeys(PAGE_SUFFIXES, lambda text: vue_scripts(text, _PAGE_TAG))
BLANKS = bytes([byte if byte in b"\r\n" or byte > 127 else 32 for byte in range(256)])
WIDE_BLANKS = (  # of as many bytes and UTF-16 units; U+2028 and U+2029 end lines, and stay
    (regex(rb"[\xc0-\xdf]."), b"\xc2\xa0"),
    (regex(rb"(?!\xe2\x80[\xa8\xa9])[\xe0-\xef].."), b"\xe2\x80\x80"),
    (regex(rb"[\xf0-\xff]..."), b"\xc2\xa0\xc2\xa0"),
)
_BEGINS_ANEW = regex(rb"(?s:(?:\s++|" + _JS_COMMENT + rb")*+[\w$@{}])")


class Code(NamedTuple):
    """What of a file is code."""

    text: bytes  # as long as the file, and what is no code is blanked
    grammar: int
    file: bytes  # all of it
    problems: tuple[tuple[int, str], ...] = ()  # where markup could not be read, and why


def code_in(path: str, text: bytes) -> Code:
    """The code in a file: all of it, or the scripts of a component or a page, as one source."""
    usual = grammar_of(path) or 0
    scripts = SCRIPTS_OF_SUFFIX.get(suffix_of(path))
    if not scripts:
        return Code(text, usual, text)
    blocks, problems = blocks_of(scripts(text), text)
    grammars = [grammar_of_script(block.attributes, usual) for block in blocks]
    measured = [block for block, grammar in zip(blocks, grammars) if grammar is not None]
    grammar = min([grammar for grammar in grammars if grammar is not None], default=usual)
    return Code(with_blanks(text, measured), grammar, text, problems)


def blocks_of(scripts: Iterator[Block], text: bytes) -> tuple[list[Block], tuple[tuple[int, str], ...]]:
    """The scripts, and what was wrong when they were looked for."""
    blocks: list[Block] = []
    try:
        blocks.extend(scripts)
    except Broken as error:
        return blocks, ((error.args[0], "this markup is not closed: what follows is not read"),)
    open_ones = [block.start for block in blocks[-1:] if block.end == len(text)]
    return blocks, tuple([(start, "this script is not closed") for start in open_ones])


def grammar_of_script(attributes: bytes, usual: int) -> int | None:
    """The grammar of a script; None where its code is in another file or language."""
    found = attributes_of(attributes)
    language = found.get(b"lang") or found.get(b"type") or b""
    last = language.lower().partition(b";")[0].rpartition(b"/")[2]
    if b"src" in found:
        return None
    return usual if last in USUAL_LANGUAGES else GRAMMAR_OF_LANGUAGE.get(last)


def with_blanks(text: bytes, blocks: list[Block]) -> bytes:
    """A text of which only these blocks are left. No statement of one runs on in the next."""
    pieces: list[bytes] = []
    place = 0
    for start, end, _ in blocks:
        blanks = blanked(text[place:start])
        if pieces and not (b"\n" in blanks and _BEGINS_ANEW.match(text, start, end)):
            blanks = b";" + blanks[1:]
        pieces += [blanks, text[start:end]]
        place = end
    return b"".join((*pieces, blanked(text[place:])))


def blanked(markup: bytes) -> bytes:
    """White space for markup: as many lines, bytes and UTF-16 units."""
    for pattern, blank in () if markup.isascii() else WIDE_BLANKS:
        markup = pattern.sub(blank, markup)
    return markup.translate(BLANKS)


# ---------------------------------------------------------------------------------------
# 19  Scan: source to flat arrays: the kernel, and the same in Python
# gives: FUNCTION_WIDTH, TALLY_WIDTH, INCREMENT_WIDTH, LEFT_OUT, WANT_PRINTS, WANT_TOKENS, WANT_IMPORTS, TYPE_PLACE,
#        NAME_PLACE, VALUE_PLACE, Scan, Dialect, columns_of, SourceText, kernel_module, scanner_words, make_scanner
# uses: Start-up, Ground, Language
# ---------------------------------------------------------------------------------------

# A scanner parses one source and reduces its tree to flat arrays of int32. The native kernel
# (build/native) does it in C without the interpreter lock; PythonScanner does the same over
# py-tree-sitter where no compiler was at hand, and is the readable definition of the arrays.
FUNCTION_WIDTH = 10  # event, n1, n2, N1, N2, parameters, start column, end line, end column, code lines
WANT_TOKENS, WANT_PRINTS, WANT_IMPORTS = 1, 2, 4
LEFT_OUT = 2  # in a row of `errors`, where the kernel gave up what it could not make sense of at a fair price
MOST_TYPE_TOKENS = 25  # no clone reaches across more: three names around pages of types are not one piece of code
ERROR_SYMBOL = 65535
VALUE_PLACE, TYPE_PLACE, NAME_PLACE = range(3)  # in `imports`: a node, one among types, or where a name is used


class Scan(NamedTuple):
    """The arrays that a scan leaves; build/native/README.md says what each holds."""

    events: bytes
    functions: bytes
    comments: bytes
    errors: bytes
    line_starts: bytes
    code_prefix: bytes
    file_lines: int
    codes: bytes  # the tokens' columns
    hashes: bytes
    lines: bytes  # how many of them stand before each line
    prints: bytes  # uint64 by function: its own tokens, names, layout and style aside; then one of types and imports
    imports: bytes  # what may say that another file is imported: VALUE_PLACE and so on, start, end, line


class Columns(NamedTuple):
    """The events of a scan, column by column. Few are asked for, so none is made a list."""

    kinds: Sequence[int]
    vias: Sequence[int]
    parents: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    lines: Sequence[int]
    label_starts: Sequence[int]
    label_ends: Sequence[int]
    above: Sequence[int]  # the kind of the event that this one is a direct child of; 0 where it is of none

    def unwrapped(self, event: int, wrappers: Container[int] = (PARENTHESES,)) -> int:
        """The outermost of the wrappers around an event; the event itself where it has none."""
        while self.above[event] in wrappers:
            event = self.parents[event]
        return event


EVENT_WIDTH = len(Columns._fields)


def columns_of(events: bytes) -> Columns:
    values = memoryview(events).cast("i")
    return Columns._make([values[column::EVENT_WIDTH] for column in range(EVENT_WIDTH)])


class Reading(NamedTuple):
    """What the events of a scan do to the numbers of the functions that they are in."""

    tallies: bytes  # by function, 64 bits: the outer function, three numbers (see EFFECTS), parameters, mark
    increments: bytes  # event, function, which number (0 or 1), nesting, and how much of it comes from arms
    reports: bytes  # event, function


TALLY_WIDTH, INCREMENT_WIDTH = 6, 5


class Dialect(NamedTuple):
    """What a table of roles is made for."""

    grammar: int  # see GRAMMAR_OF_SUFFIX
    keep_calls: bool  # the white paper's recursion needs every call, not only those around functions


Symbols = list[tuple[str, bool]]  # by number: the name, and whether it is a named node's


# The role table: what a scanner does with each node and token
class RoleTable(NamedTuple):
    """The tables of the section Language, by the numbers that a grammar gives to symbols and fields."""

    classes: list[int]  # by symbol: the class of parents that it is of
    roles: list[list[int]]  # by class, then symbol
    label_fields: list[int]  # by kind of event: the field, and LABEL_IS_NAME
    body_fields: list[int]  # by kind of event
    token_codes: list[int]  # by symbol: the token's code, 0 where it is none; and NOT_IN_PRINTS

    def packed(self) -> tuple[bytes, ...]:
        """As the kernel takes it."""
        roles = list(chain.from_iterable(self.roles))
        columns = zip("BIHHH", self._replace(roles=roles))
        return tuple(struct.pack(f"{len(values)}{width}", *values) for width, values in columns)


def token_role(text: str, parent: str) -> int:
    """The role of an anonymous token under a parent of the given class ("" for any)."""
    under = TOKENS_UNDER.get(parent, {})
    role = TOKENS_ANYWHERE.get(text, 0) | under.get(text, 0)
    is_elsewhere = OPERATORS_ONLY_UNDER.get(text, parent) != parent
    is_misplaced = is_elsewhere or OPERATORS_EXCEPT_UNDER.get(text) == parent
    if text in OPERATOR_NUMBERS and not is_misplaced:
        role |= OPERATOR | OPERATOR_NUMBERS[text] << OPERATOR_SHIFT
    return role


def node_role(name: str, parent: str) -> int:
    """The role of a named node under a parent of the given class ("" for any)."""
    under = NODES_UNDER.get(parent, {}).get(name)
    if under is not None:
        return under
    if name in TYPE_NODES or name.endswith("_type"):
        return TYPE
    return NODE_ROLES.get(name, 0) | (OPERAND if name in OPERANDS else 0)


def special_under(parent: str) -> set[str]:
    """The names that mean something else under a parent of the given class than elsewhere."""
    nodes = NODES_UNDER.get(parent, {})
    tokens = TOKENS_UNDER.get(parent, {})
    places = OPERATORS_ONLY_UNDER | OPERATORS_EXCEPT_UNDER
    operators = [text for text, place in places.items() if place == parent]
    return {*nodes, *tokens, *operators}


def role_table(symbols: Symbols, fields: list[str], keep_calls: bool) -> RoleTable:
    """The table for one grammar: its symbols, each with whether it is a named node, and its fields, by number."""
    classes = ["", *sorted(set(PARENT_CLASSES.values()))]
    anywhere = [role_of(name, named, "") for name, named in symbols]
    if keep_calls:
        anywhere = [role & ~CONTEXT if role & KIND == CALL else role for role in anywhere]
    parents = [PARENT_CLASSES.get(name, "") if named else "" for name, named in symbols]
    return RoleTable(
        classes=[classes.index(parent) for parent in parents],
        roles=[roles_under(parent, symbols, anywhere) for parent in classes],
        label_fields=label_fields(fields),
        body_fields=fields_by_kind(BODY_FIELDS, fields),
        token_codes=[duplication_code(name, named) for name, named in symbols],
    )


def role_of(name: str, named: bool, parent: str) -> int:
    return node_role(name, parent) if named else token_role(name, parent)


def roles_under(parent: str, symbols: Symbols, anywhere: list[int]) -> list[int]:
    """The roles of all symbols under a parent of the given class: most mean there what they mean anywhere."""
    special = special_under(parent)
    roles = list(anywhere)
    for number, (name, named) in enumerate(symbols):
        if name in special:
            roles[number] = role_of(name, named, parent)
    return roles


def fields_by_kind(names: dict[int, str], fields: list[str]) -> list[int]:
    """By kind of event, the number of the field of this name; 0, whose name is "", where there is none."""
    named = [names.get(kind, "") for kind in range(KIND + 1)]
    return [fields.index(name) for name in named]


def label_fields(fields: list[str]) -> list[int]:
    """By event kind, with LABEL_IS_NAME for functions: but an arrow's label is its parameter."""
    numbers = fields_by_kind(LABEL_FIELDS, fields)
    for kind in LABEL_FIELDS.keys() & FUNCTIONS - {ARROW}:
        numbers[kind] |= LABEL_IS_NAME
    return numbers


def duplication_code(name: str, named: bool) -> int:
    """Type 2 clones: identifiers are one class, literals another, other tokens their own; in both grammars the same."""
    if name in LITERALS and named:
        return 2
    if "identifier" in name and named:
        return 1
    code = TOKEN_CODES.get(name, 255)
    return code | NOT_IN_PRINTS * (name in TOKENS_NOT_IN_PRINTS and not named)


NESTS, OUTSIDE = 1, 2  # what a step from an event down to the next one means, where it means anything


def steps_table(fields: list[str]) -> bytes:
    """NESTS, OUTSIDE or 0 at (parent's kind << 8 | field), for the field numbers of one grammar."""
    steps = bytearray((KIND + 1) << 8)
    for number, field in enumerate(fields):
        found = {kind: NESTS for kind, names in NESTING_FIELDS.items() if not names or field in names}
        if field in ("name", "decorator"):  # what stands there belongs to what is around the function
            found |= dict.fromkeys(FUNCTIONS, OUTSIDE)
        if field != "value":
            found[FIELD] = OUTSIDE
        for kind, step in found.items():
            steps[kind << 8 | number] = step
    return bytes(steps)


CONTINUATION_BYTES, LONG_CHARACTER_BYTES = bytes(range(0x80, 0xC0)), bytes(range(0xF0, 0x100))
UNIT_BLOCK = 4096


def utf16_units(text: bytes) -> int:
    """Length of UTF-8 text in UTF-16 units: one for each byte that starts a character, two where four bytes make it."""
    return len(text.translate(None, CONTINUATION_BYTES)) + len(text) - len(text.translate(None, LONG_CHARACTER_BYTES))


class SourceText:
    """One source as UTF-8, with its lines."""

    def __init__(self, text: bytes, line_starts: bytes) -> None:
        self.text = text
        self.starts = memoryview(line_starts).cast("i")
        self._units: list[int] | None = None  # UTF-16 units before each block of text
        self._ascii = text.isascii()

    def line_of(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line, 0-based column in UTF-16 units."""
        line = self.line_of(offset)
        return line, self.column(line, offset)

    def column(self, line: int, offset: int) -> int:
        """0-based column in UTF-16 units of an offset in a line."""
        start = self.starts[line - 1]
        if self._ascii:
            return offset - start
        if offset - start < UNIT_BLOCK:
            return utf16_units(self.text[start:offset])
        return self.units(offset) - self.units(start)

    def units(self, offset: int) -> int:
        """UTF-16 units before an offset: counted once a block, for a bundle's one line can be 20 MB."""
        text = self.text
        if self._units is None:
            blocks = (text[begin : begin + UNIT_BLOCK] for begin in range(0, len(text), UNIT_BLOCK))
            units = map(utf16_units, blocks)
            self._units = [0, *accumulate(units)]
        block, rest = divmod(offset, UNIT_BLOCK)
        return self._units[block] + utf16_units(text[offset - rest : offset])

    def line(self, number: int) -> str:
        """The text of a 1-based line, without its terminator."""
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[start:end].decode("utf-8", "replace").rstrip("\r\n\u2028\u2029")

    def slice(self, start: int, end: int) -> str:
        return self.text[start:end].decode("utf-8", "replace")


# The scanners
def kernel_module() -> Any:
    """The kernel's module, which carries our parsers; None where it is not built."""
    try:
        import complexity_guard_kernel
    except ImportError:
        return None
    return complexity_guard_kernel


def is_current(kernel: Any) -> bool:
    """Does the kernel go by this module's numbers? A kernel of another version may not."""
    return all(globals().get(name) == value for name, value in kernel.constants().items())


class Scanner:
    """What both scanners have. By grammar: `symbols`, each with whether it is a node, and `fields`; 0 is no field."""

    def __init__(self) -> None:
        self._steps: dict[int, bytes] = {}
        self._effects: dict[tuple[str, str], bytes] = {}

    def effects(self, *variants: str) -> bytes:
        """What each kind of event does, for a cyclomatic and a cognitive variant."""
        if variants not in self._effects:
            self._effects[variants] = struct.pack(f"{KIND + 1}I", *effects_by_kind(*variants))
        return self._effects[variants]

    def steps(self, grammar: int) -> bytes:
        if grammar not in self._steps:
            self._steps[grammar] = steps_table(self.fields(grammar))
        return self._steps[grammar]

    def table(self, dialect: Dialect) -> RoleTable:
        return role_table(self.symbols(dialect.grammar), self.fields(dialect.grammar), dialect.keep_calls)


class NativeScanner(Scanner):
    """build/native's extension: one parser per grammar and process, made at first use."""

    name = "native kernel"
    slowness = 1  # what a file takes of its time limit, about

    def __init__(self) -> None:
        import complexity_guard_kernel

        super().__init__()
        if not is_current(complexity_guard_kernel):
            raise ImportError("the kernel is of another version")
        self._kernel = complexity_guard_kernel
        self.fields, self.symbols = self._kernel.fields, self._kernel.symbols
        self._ready: set[int] = set()

    def scan(self, dialect: Dialect, source: bytes, flags: int, timeout_ms: int, most_memory: int = 0) -> Scan:
        slot = kernel_slot(dialect)
        if slot not in self._ready:
            self._kernel.configure(slot, dialect.grammar, *self.table(dialect).packed())
            self._ready.add(slot)
        return Scan._make(self._kernel.scan(slot, source, flags, timeout_ms, most_memory))

    def reading(self, events: bytes, effects: bytes, steps: bytes) -> Reading:
        return Reading._make(self._kernel.tally(events, effects, steps))

    def trim(self) -> None:
        """Give idle memory back to the system."""
        self._kernel.trim()

    def describe(self) -> str:
        info = self._kernel.info()
        states = info["grammars"]
        grammars = ", ".join(f"{name} {state}" for name, state in states.items())
        return f"{self.name} (tree-sitter {info['tree_sitter']}; grammars: {grammars})"


def kernel_slot(dialect: Dialect) -> int:
    """Which of the kernel's tables is this dialect's."""
    return dialect.grammar * 2 + dialect.keep_calls


READ_BYTES = 1 << 16


def parsed(parser: Any, source: bytes, deadline: float) -> Any:
    """The tree. Only where the source is handed over by pieces does py-tree-sitter ask whether to go on."""
    try:
        return parser.parse(
            lambda byte, _point: source[byte : byte + READ_BYTES],
            progress_callback=lambda *_: time.thread_time() > deadline,
        )
    except ValueError:
        raise TimeoutError from None


class PythonScanner(Scanner):
    """The definition of the arrays, over py-tree-sitter and the published grammars."""

    name = "pure-Python scanner"
    slowness = 12  # measured

    def __init__(self) -> None:
        import tree_sitter

        super().__init__()
        self._tree_sitter = tree_sitter
        self._tables: dict[Dialect, RoleTable] = {}

    def reading(self, events: bytes, effects: bytes, steps: bytes) -> Reading:
        return Reader(columns_of(events), memoryview(effects).cast("I").tolist(), steps).reading()

    def trim(self) -> None:
        """Nothing to do: who has no compiler waits for other things than memory."""

    def describe(self) -> str:
        import importlib.metadata as metadata

        grammars = "of the kernel" if kernel_module() else f"upstream {metadata.version('tree-sitter-typescript')}"
        return f"{self.name} (tree-sitter {metadata.version('tree-sitter')}; grammars: {grammars})"

    def scan(self, dialect: Dialect, source: bytes, flags: int, timeout_ms: int, most_memory: int = 0) -> Scan:
        """Memory has no limit here: the published parser takes it where it likes."""
        if dialect not in self._tables:
            self._tables[dialect] = self.table(dialect)
        deadline = math.inf
        if timeout_ms:
            deadline = time.thread_time() + timeout_ms / 1000
        parser = self._tree_sitter.Parser(self._language(dialect.grammar))
        tree = parsed(parser, source, deadline)
        walk = TreeWalk(source, self._tables[dialect], flags)
        walk.run(tree, deadline)
        return walk.result()

    def fields(self, grammar: int) -> list[str]:
        language = self._language(grammar)
        numbers = range(1, language.field_count + 1)
        names = [language.field_name_for_id(number) or "" for number in numbers]
        return ["", *names]

    def symbols(self, grammar: int) -> Symbols:
        language = self._language(grammar)
        numbers = range(language.node_kind_count)
        return [(language.node_kind_for_id(i) or "", language.node_kind_is_named(i)) for i in numbers]

    def _language(self, grammar: int) -> Any:
        if kernel_module():
            return self._tree_sitter.Language(kernel_module().capsule(grammar))
        import tree_sitter_typescript as grammars

        return self._tree_sitter.Language(grammars.language_tsx() if grammar else grammars.language_typescript())


class Event:
    """A node that a rule may ask about: one row of `events`, and what decides whether the row stays."""

    def __init__(self, node: Any, role: int, via: int, parent: Event | None) -> None:
        self.node = node
        self.role = role
        self.kind = role & KIND
        self.via = via
        self.parent = parent  # the nearest event above; None for the root
        self.label: Any = None  # the node that is the label
        self.place = -1  # its row; -1 where it goes
        self.is_open = bool(role & PROVISIONAL)  # it goes unless a child refines it
        self.is_needed = False  # by an event that stays and is a direct child

    def label_range(self) -> tuple[int, int]:
        return self.label.byte_range if self.label else (-1, -1)


def settle_events(events: list[Event]) -> list[Event]:
    """The events that stay, in order, each with its place and with a parent that stays."""
    for event in reversed(events):  # children come first: a context stays where a direct child that stays needs it
        is_idle_context = event.role & CONTEXT and not event.is_needed
        event.place = -1 if event.is_open or is_idle_context else 0
        if event.place == 0 and event.via & DIRECT and event.role & (NEEDS_CONTEXT | CONTEXT):
            event.parent.is_needed = True
    stay = [event for event in events if event.place >= 0]
    for place, event in enumerate(stay):
        event.place = place
    for event in events:  # parents come first: a dropped parent's own parent stays already
        parent = event.parent
        if parent and parent.place < 0:
            event.parent, event.via = parent.parent, parent.via & ~DIRECT
    return stay


class TokenCounts:
    """What one function's body holds, in tokens."""

    def __init__(self, event: Event, outer_scope: TokenCounts | None) -> None:
        """`outer_scope` is what operators and operands around the function count for."""
        self.event = event
        self.outer_scope = outer_scope
        self.N1 = self.N2 = self.parameters = 0
        self.operators: set[int] = set()
        self.operands: set[bytes] = set()
        self.tokens: list[tuple[int, int]] = []  # start, hash

    def count(self, role: int, text: bytes) -> None:
        """An operator, told apart by its number, or an operand, told apart by its text."""
        if role & OPERATOR:
            self.N1 += 1
            self.operators.add(role >> OPERATOR_SHIFT & 0x7F)
        if role & OPERAND:
            self.N2 += 1
            self.operands.add(text)

    def row(self) -> tuple[int, ...]:
        """The columns of `functions` that do not depend on lines."""
        return self.event.place, len(self.operators), len(self.operands), self.N1, self.N2, self.parameters

    def fingerprint(self, after: int) -> int:
        """A hash of the function's own tokens from an offset on, in order."""
        value = 0
        for start, hashed in self.tokens:
            if start >= after and hashed:
                value = mixed(value ^ hashed)
        return value


class Surroundings:
    """What holds for the children of a node; as it stands here, for the root."""

    event: Event | None = None  # the nearest event: the node's own, or one above
    is_event = False  # `event` is the node's own
    via = 0  # the field by which one came here from the event's node
    function: TokenCounts | None = None  # of the innermost function
    body_field = 0  # where the node is a function: the field of its body
    scope: TokenCounts | None = None  # what operators and operands count for; None for nothing
    in_error = in_barrier = in_type = False

    def __init__(self, roles: list[int]) -> None:
        self.roles = roles  # by symbol


class Visit(Surroundings):
    """A node that the walk has come to, and what holds for its children."""

    def __init__(self, node: Any, field: int, role: int, parent: Surroundings) -> None:
        """What the parent hands down, unless the node turns out to be an event."""
        self.node = node
        self.role = role
        self.parent = parent
        self.event = parent.event
        self.function = parent.function
        self.via = field if parent.is_event else parent.via
        self.scope = self.scope_of(field)
        self.in_error = parent.in_error or node.is_error
        self.in_type = parent.in_type or bool(role & TYPE)
        self.in_barrier = parent.in_barrier or bool(role & BARRIER and not self.in_type)
        self.is_leaf = bool(role & LEAF) or node.child_count == 0

    def scope_of(self, field: int) -> TokenCounts | None:
        """The counts that the node's operators and operands go to."""
        parent = self.parent
        if self.role & OUTER_SCOPE:
            return parent.function.outer_scope
        is_body = parent.body_field and field == parent.body_field
        return parent.function if is_body else parent.scope


FAULTY = -1  # instead of the symbol of a node that the parser made up, or could not place: it plays no role


class TreeWalk:
    """One pass over a tree, parents before children; build/native/README.md says what the arrays hold."""

    def __init__(self, source: bytes, table: RoleTable, flags: int) -> None:
        """Begins with empty columns; `flags` are the WANT_ bits."""
        self.source = source
        self.table = table
        self.flags = flags
        self.roles = [[*roles, 0] for roles in table.roles]  # these three: the last is for what is FAULTY
        self.classes = [*table.classes, 0]
        self.token_codes = [*table.token_codes, 0]
        self.lines = CodeLines(source)
        self.events: list[Event] = []
        self.functions: list[TokenCounts] = []
        self.comments: list[int] = []
        self.errors: list[int] = []
        self.codes, self.hashes = bytearray(), []
        self.token_lines: list[int] = []
        self.type_tokens = 0  # since the latest token that is in `codes`
        self.aside = 0  # the sum over the tokens of types and imports
        self.imports: list[int] = []
        self.bound: set[bytes] = set()  # names in imports and in lists of exports
        self.names: list[tuple[int, int]] = []  # elsewhere, outside of types

    def run(self, tree: Any, deadline: float) -> None:
        """Visit every node that is not inside a leaf; raises TimeoutError."""
        cursor = tree.walk()
        root = tree.root_node
        number = 1
        program = tree.language.id_for_node_kind("program", True)  # which a root that is one large error is, too
        visits = [self.visit(root, program, 0, Surroundings(self.roles[0]))]
        while number < root.descendant_count:
            cursor.goto_descendant(number)
            node = cursor.node
            symbol = FAULTY if node.is_error or node.is_missing else node.kind_id
            del visits[cursor.depth :]
            visits.append(self.visit(node, symbol, cursor.field_id or 0, visits[-1]))
            number += node.descendant_count if visits[-1].is_leaf else 1
            if time.thread_time() > deadline:
                raise TimeoutError

    def visit(self, node: Any, symbol: int, field: int, parent: Surroundings) -> Visit:
        """What a node leaves behind."""
        visit = Visit(node, field, parent.roles[symbol], parent)
        visit.roles = self.roles[self.classes[symbol]]
        if visit.role & COMMENT:
            self.add_comment(node)
            return visit
        if (node.is_error or node.is_missing) and not parent.in_error:
            self.add_error(node)
        if visit.role & (NAMES_FILE | NAME) and self.flags & WANT_IMPORTS:
            self.add_import(visit)
        if not visit.in_type:
            self.measure(visit)
        if visit.is_leaf and node.start_byte < node.end_byte:
            self.add_leaf(visit, self.token_codes[symbol])
        return visit

    def measure(self, visit: Visit) -> None:
        """Events and counts: everything that types have no part in."""
        node, role = visit.node, visit.role
        if role & PARAMETER:
            visit.function.parameters += 1
        if role & REFINES:
            self.refine(visit)
        elif role & KIND:
            self.add_event(visit)
        if role & (OPERATOR | OPERAND) and visit.scope:
            visit.scope.count(role, self.source[node.start_byte : node.end_byte])
        if visit.in_barrier and not visit.parent.in_barrier and self.flags & WANT_TOKENS:
            self.add_token(0, 0, node.start_byte)

    def refine(self, visit: Visit) -> None:
        """A direct child may give its parent's event its kind, and with it a label."""
        event = visit.event
        if visit.parent.is_event and event.is_open:
            event.kind = visit.role & KIND
            event.is_open = False
            self.label(event, visit.node)

    def label(self, event: Event, otherwise: Any) -> None:
        """An event's label is the first child in the field of labels; another node for a kind without such a field."""
        field = self.table.label_fields[event.kind] & 0xFF
        children = event.node.children_by_field_id(field) if field else [otherwise]
        event.label = children[0] if children else None

    def add_event(self, visit: Visit) -> None:
        """A row of `events`, which what is below the node belongs to."""
        via = visit.via | DIRECT if visit.parent.is_event else visit.via
        visit.event = Event(visit.node, visit.role, via, visit.event)
        visit.is_event = True
        self.events.append(visit.event)
        if not (visit.event.is_open or visit.is_leaf):
            self.label(visit.event, None)
        if visit.role & SCOPE:
            self.add_function(visit)

    def add_function(self, visit: Visit) -> None:
        """Its body counts for the function, the rest of it for none; all of the root counts for the root."""
        visit.function = TokenCounts(visit.event, visit.scope)
        visit.scope = None if self.functions else visit.function
        visit.body_field = self.table.body_fields[visit.event.kind]
        self.functions.append(visit.function)

    def add_leaf(self, visit: Visit, code: int) -> None:
        """A token: something for the lines, and as asked for, for the stream of clones and for fingerprints. Those of
        types and imports are in no clone, and in no function's fingerprint."""
        start, end = visit.node.byte_range
        text = self.source[start:end]
        is_aside = visit.in_type or visit.in_barrier
        self.lines.add_token(start, end)
        self.type_tokens += visit.in_type and not visit.in_barrier
        if not code & 0xFF:
            return
        if self.flags & WANT_TOKENS and not is_aside:
            self.add_token(code & 0xFF, fnv1a(text, *FNV_32), start)
        if self.flags & WANT_PRINTS and not code & NOT_IN_PRINTS:
            self.add_print(text, start, None if is_aside else visit.function)

    def add_print(self, text: bytes, start: int, function: TokenCounts | None) -> None:
        """A token of a function's; without one it goes to a sum, which knows no order."""
        if function:
            function.tokens.append((start, loose_hash(text)))
        elif text not in (b"|", b"&"):  # a formatter may set them before the first of several types
            self.aside = (self.aside + mixed(loose_hash(text))) & MASK64

    def add_token(self, code: int, hashed: int, start: int) -> None:
        """One of the stream for clones. Code 0 is a barrier; one more stands where many types were left out."""
        is_far = self.type_tokens > MOST_TYPE_TOKENS
        self.type_tokens = 0
        if code and is_far:
            self.add_token(0, 0, start)
        missing = self.lines.line_of(start) - len(self.token_lines)
        self.token_lines += [len(self.codes)] * missing
        self.codes.append(code)
        self.hashes.append(hashed)

    def add_import(self, visit: Visit) -> None:
        """What may name a file, or a name: whether an import binds it, or it may be used as a value."""
        start, end = visit.node.byte_range
        if visit.role & NAMES_FILE:
            what = TYPE_PLACE if visit.in_type else VALUE_PLACE
            self.imports += (what, start, end, self.lines.line_of(start))
        elif visit.parent.in_barrier and not visit.in_type:
            self.bound.add(self.source[start:end])
        elif not visit.in_type:
            self.names.append((start, end))

    def add_uses(self) -> None:
        """The names that imports bind, each where it is first used; and `require`, wherever it stands."""
        unused = set(self.bound)
        for start, end in self.names:
            name = self.source[start:end]
            if name in unused or name == b"require":
                unused.discard(name)
                self.imports += (NAME_PLACE, start, end, self.lines.line_of(start))

    def add_comment(self, node: Any) -> None:
        start, end = node.byte_range
        self.comments += (start, end, self.lines.line_of(start))
        self.lines.add_comment(start, end)

    def add_error(self, node: Any) -> None:
        symbol = ERROR_SYMBOL if node.is_error else node.kind_id
        line, column = self.lines.position(node.start_byte)
        self.errors += (*node.byte_range, line, column, int(node.is_missing), symbol)

    def result(self) -> Scan:
        """The arrays."""
        prefix, file_lines = self.lines.finish()
        self.add_uses()
        events = [self.event_row(event) for event in settle_events(self.events)]
        functions = [self.function_row(counts, prefix) for counts in self.functions]
        return Scan(
            events=int32_bytes([*chain.from_iterable(events)]),
            functions=int32_bytes([*chain.from_iterable(functions)]),
            comments=int32_bytes(self.comments),
            errors=int32_bytes(self.errors),
            line_starts=int32_bytes(self.lines.starts),
            code_prefix=int32_bytes(prefix),
            file_lines=file_lines,
            codes=bytes(self.codes),
            hashes=struct.pack(f"{len(self.hashes)}I", *self.hashes),
            lines=int32_bytes(self.token_lines),
            prints=self.prints() if self.flags & WANT_PRINTS else b"",
            imports=int32_bytes(self.imports),
        )

    def prints(self) -> bytes:
        """Of each function, from the end of its name on; then of what they leave out."""
        values = []
        for counts in self.functions:
            _, end_of_label = counts.event.label_range()
            is_named = self.table.label_fields[counts.event.kind] & LABEL_IS_NAME
            fingerprint = counts.fingerprint(end_of_label if is_named else -1)
            values.append(fingerprint)
        return struct.pack(f"{len(values) + 1}Q", *values, self.aside)

    def event_row(self, event: Event) -> tuple[int, ...]:
        """The nine columns of `events`."""
        parent = event.parent.place if event.parent else -1
        line = self.lines.line_of(event.node.start_byte)
        above = event.parent.kind if event.via & DIRECT else 0
        return event.kind, event.via, parent, *event.node.byte_range, line, *event.label_range(), above

    def function_row(self, counts: TokenCounts, prefix: list[int]) -> tuple[int, ...]:
        """The ten columns of `functions`."""
        start, end = counts.event.node.byte_range
        line, column = self.lines.position(start)
        end_line, end_column = self.lines.position(end)
        code_lines = prefix[end_line] - prefix[line - 1]
        return *counts.row(), column, end_line, end_column, code_lines


_LINE_END = regex(rb"\r\n|[\n\r]|\xe2\x80[\xa8\xa9]")
_LINE_ENDS = (b"\n", b"\r", b"\xe2\x80\xa8", b"\xe2\x80\xa9")
_WHITE = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)


class CodeLines:
    """Lines as ECMAScript ends them, and which of them hold code."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        ends = [match.end() for match in _LINE_END.finditer(source)]
        self.starts = [0, *ends]
        text = SourceText(source, int32_bytes(self.starts))
        self.position = text.position
        self.line_of = text.line_of
        self.last_comment: dict[int, tuple[int, int, int, int]] = {}  # line -> start, end, its first and last line
        self.marked: set[int] = set()  # lines that ESLint's max-lines gives to comments
        self.pending: list[tuple[int, int]] = []  # first and last line of comments that no token stands behind yet
        self.token_line = -1  # the last line of the latest token

    def add_comment(self, start: int, end: int) -> None:
        """Without line terminators at its end, which the grammar counts in."""
        while self.source.endswith(_LINE_ENDS, start, end):
            end -= 1 if self.source[end - 1] in b"\r\n" else 3
        first = self.line_of(start) - 1
        last = self.line_of(end) - 1
        comment = start, end, first, last
        for line in range(first, last + 1):
            self.last_comment[line] = comment
        is_behind_token = self.token_line == first
        self.pending.append((first + is_behind_token, last))

    def add_token(self, start: int, end: int) -> None:
        self.settle(self.line_of(start) - 1)
        self.token_line = self.line_of(end) - 1

    def settle(self, token_line: int) -> None:
        """Comments before a token take all their lines but one that the token shares."""
        for first, last in self.pending:
            self.marked.update(range(first, last + (last != token_line)))
        self.pending.clear()

    def finish(self) -> tuple[list[int], int]:
        """Prefix sums of code lines (ESLint's max-lines-per-function), and the file's (its max-lines)."""
        self.settle(token_line=-1)
        prefix, file_lines = [0], 0
        limits = [*self.starts[1:], len(self.source)]
        for line, limit in enumerate(limits):
            start = self.starts[line]
            is_blank = self._is_white(start, limit)
            is_code = not is_blank and not self._is_comment(line, start, limit)
            prefix.append(prefix[-1] + is_code)
            file_lines += not is_blank and line not in self.marked
        return prefix, file_lines

    def _is_white(self, start: int, end: int) -> bool:
        return not self.source[start:end].decode("utf-8", "replace").strip(_WHITE)

    def _is_comment(self, line: int, start: int, limit: int) -> bool:
        """Is there nothing beside the last comment on the line?"""
        if line not in self.last_comment:
            return False
        begin, end, first, last = self.last_comment[line]
        is_first_there = first < line or self._is_white(start, begin)
        return is_first_there and (last > line or self._is_white(end, limit))


class FunctionTally:
    """The numbers of one function while the events in it are read."""

    def __init__(self, outer: int, heir: int, parameters: int, mark: int) -> None:
        self.outer = outer  # number of the enclosing function
        self.heir = heir  # number of the one that its costs belong to
        self.parameters = parameters
        self.mark = mark
        self.counts = self.costs = self.depth = 0
        self.blocks = 0  # open ones
        self.fault = 0  # by how much arms nest what follows


class Reader:
    """One pass over events in source order, by their effects; build/native/tally.h does the same."""

    def __init__(self, columns: Columns, effects: list[int], steps: bytes) -> None:
        """`effects` are by kind; `steps` says what it means to go from an event down to one below it."""
        self.columns = columns
        self.steps = steps
        self.effects = [effects[kind] for kind in columns.kinds]
        self.above = [effects[kind] for kind in columns.above]
        self.tallies: list[FunctionTally] = []
        self.inside = [0]  # event -> function that the events below it belong to; event 0 is the module
        self.below = [0]  # event -> nesting that the events below it start from
        self.around = [(0, 0)]  # event -> what both would be if it were no function
        self.marks: dict[int, int] = {}  # event -> line of the first mark that nobody has taken
        self.open_blocks: list[tuple[int, FunctionTally]] = []  # end, function
        self.chains: dict[int, list[int]] = {}  # first operator of a chain -> all of them
        self.chain_of: dict[int, int] = {}
        self.spoiled: set[int] = set()  # chains
        self.increments: list[tuple[int, ...]] = []
        self.reports: list[tuple[int, int]] = []

    def reading(self) -> Reading:
        """The arrays, of all events."""
        self.function(0, 0)
        for event in range(1, len(self.effects)):
            own, nesting = self.surroundings(event)
            self.inside.append(own)
            self.below.append(nesting)
            self.around.append((own, nesting))
            for effect, act in ACTS.items():
                if self.effects[event] & effect:
                    act(self, event, own)
        self.charge_chains()
        return self.result()

    def surroundings(self, event: int) -> tuple[int, int]:
        """The function that an event is in, and its nesting."""
        parent, step = self.columns.parents[event], self.step(event)
        if step == OUTSIDE:
            return self.around[parent]
        return self.inside[parent], self.below[parent] + (step == NESTS)

    def result(self) -> Reading:
        """The arrays."""
        tallies = [(one.outer, one.counts, one.costs, one.depth, one.parameters, one.mark) for one in self.tallies]
        return Reading(
            tallies=struct.pack(f"{len(tallies) * TALLY_WIDTH}q", *chain.from_iterable(tallies)),
            increments=int32_bytes([*chain.from_iterable(self.increments)]),
            reports=int32_bytes([*chain.from_iterable(self.reports)]),
        )

    def step(self, event: int) -> int:
        """What it means to come down to an event."""
        columns = self.columns
        kind = columns.kinds[columns.parents[event]]
        field = columns.vias[event] & 0xFF
        return self.steps[kind << 8 | field]

    def outermost(self, event: int) -> int:
        while self.above[event] & TRANSPARENT:
            event = self.columns.parents[event]
        return event

    def holder(self, event: int) -> int:
        """The event that this one is a direct child of, what is TRANSPARENT aside; 0 where there is none."""
        outermost = self.outermost(event)
        return self.columns.parents[outermost] if self.columns.vias[outermost] & DIRECT else 0

    # What each effect means; see ACTS.

    def count(self, event: int, own: int) -> None:
        """1 more in the first number."""
        self.tallies[own].counts += 1
        self.increments.append((event, own, 0, 0, 0))

    def link(self, event: int, own: int) -> None:
        """Gather the operators of a chain."""
        root = self.chain_of.get(self.holder(event), event)
        self.chain_of[event] = root
        self.chains.setdefault(root, []).append(event)

    def charge(self, event: int, own: int) -> None:
        """The cost of what is no operator of a chain."""
        effects = self.effects[event]
        if effects & CHAINED or self.goes_on(event):
            return
        nesting = fault = 0
        if effects & JOINS and self.above[event] & CONTINUED:
            parent = self.columns.parents[event]
            self.below[event] = self.below[parent]
        elif effects & NESTED:
            fault = self.tallies[own].fault
            nesting = self.below[event] + fault
        self.cost(event, own, nesting, fault)

    def goes_on(self, event: int) -> bool:
        """Whether it is CONTINUED by the next event, which JOINS right below it."""
        child = event + 1
        if not self.effects[event] & CONTINUED or child == len(self.effects):
            return False
        is_below = self.columns.parents[child] == event and self.columns.vias[child] & DIRECT
        return bool(is_below and self.effects[child] & JOINS)

    def cost(self, event: int, own: int, nesting: int = 0, fault: int = 0) -> None:
        """1 more in the second number, and the nesting."""
        heir = self.tallies[own].heir
        self.tallies[heir].costs += 1 + nesting
        self.increments.append((event, heir, 1, nesting, fault))

    def open(self, event: int, own: int) -> None:
        """A block opens, and those close that end before it."""
        tally = self.tallies[own]
        start, end = self.columns.starts[event], self.columns.ends[event]
        while self.open_blocks and self.open_blocks[-1][0] <= start:
            _, closed = self.open_blocks.pop()  # not in one statement with -=: Nuitka 4.3.3 would pop twice
            closed.blocks -= 1
        is_joined = self.effects[event] & JOINS and self.above[event] & JOINED
        if not is_joined:
            tally.blocks += 1
            tally.depth = max(tally.depth, tally.blocks)
        self.open_blocks.append((end, tally))

    def spoil(self, event: int, own: int) -> None:
        """The chain that it is an operand of is no longer free."""
        holder = self.holder(event)
        if holder in self.chain_of:
            self.spoiled.add(self.chain_of[holder])

    def mark(self, event: int, own: int) -> None:
        """The first line of those that mark what comes next."""
        if self.above[event] & HOLDS_MARKS:
            self.marks.setdefault(self.columns.parents[event], self.columns.lines[event])

    def leave(self, event: int, own: int) -> None:
        """The event above it is no function for what follows."""
        parent = self.columns.parents[event]
        self.inside[parent], self.below[parent] = self.around[parent]

    def report(self, event: int, own: int) -> None:
        self.reports.append((event, own))

    def function(self, event: int, own: int) -> None:
        """A function begins: a tally of its own, and a nesting of its own."""
        effects = self.effects[event]
        number = len(self.tallies)
        is_inner = bool(effects & PASSES_ON and own)
        heir = self.tallies[own].heir if is_inner else number
        has_parameter = effects & HAS_PARAMETER and self.columns.label_starts[event] >= 0
        mark = 0
        if effects & TAKES_MARK:
            mark = self.marks.pop(self.columns.parents[event], 0)
        if event and self.is_arm(event):
            self.tallies[own].fault += 1
        self.inside[event] = number
        self.below[event] = self.below[event] + 1 if is_inner else 0
        self.tallies.append(FunctionTally(own, heir, int(has_parameter), mark))

    def is_arm(self, event: int) -> bool:
        """Whether a function stands in a field that nests of what is ARMED."""
        outermost = self.outermost(event)
        if not self.above[outermost] & ARMED:
            return False
        return self.step(outermost) == NESTS

    def charge_chains(self) -> None:
        """The operators of each chain, as they stand in the source."""
        kinds = self.columns.kinds
        for root, operators in self.chains.items():
            operators.sort(key=self.columns.label_starts.__getitem__)
            if self.is_free(root, operators):
                continue
            previous = 0
            for event in operators:
                if kinds[event] != previous and self.effects[event] & COSTS:
                    self.cost(event, self.inside[event])
                previous = kinds[event]

    def is_free(self, root: int, operators: list[int]) -> bool:
        """Whether a chain is all of what FREES it, of one kind and not spoiled."""
        kinds = self.columns.kinds
        if not self.effects[self.holder(root)] & FREES or root in self.spoiled:
            return False
        return all(kinds[event] == kinds[root] for event in operators)


ACTS: dict[int, Callable[[Reader, int, int], None]] = {  # in this order
    COUNTS: Reader.count, CHAINED: Reader.link, COSTS: Reader.charge, OPENS: Reader.open, SPOILS: Reader.spoil,
    SETS_MARK: Reader.mark, LEAVES: Reader.leave, REPORTED: Reader.report, TALLIED: Reader.function,
}  # fmt: skip


def mixed(value: int) -> int:
    """A 64-bit hash whose halves depend on each other."""
    value = value * 0x9E3779B97F4A7C15 & MASK64
    return value ^ value >> 32


FNV_32, FNV_64 = (0x811C9DC5, 0x01000193, (1 << 32) - 1), (0xCBF29CE484222325, 0x100000001B3, MASK64)


def fnv1a(text: bytes, value: int, prime: int, mask: int) -> int:
    for byte in text:
        value = (value ^ byte) * prime & mask
    return value


def loose_hash(text: bytes) -> int:
    """64-bit FNV-1a whatever the quotes and the width of white space; 0 for white space alone."""
    if text[:1] in (b'"', b"'", b"`") and len(text) > 1:
        text = re.sub(rb"\\(['\"])", rb"\1", text[1:-1])
    words = text.split()
    return fnv1a(b" ".join(words), *FNV_64) if words else 0


def scanner_words() -> str:
    """What scans, for --version --verbose."""
    try:
        return make_scanner().describe()
    except ImportError as error:
        return f"no scanner: {error}"


def make_scanner() -> NativeScanner | PythonScanner:
    try:
        return NativeScanner()
    except ImportError:
        return PythonScanner()


# ---------------------------------------------------------------------------------------
# 20  Functions: what functions are called, and which only wrap others
# gives: ANONYMOUS, TRIVIA, Namer, numberless, only_wraps, statement_lines
# uses: Start-up, Values, Language
# ---------------------------------------------------------------------------------------

ANONYMOUS = "<anonymous>"
LONGEST_LABEL = 80  # characters of what a name is made of
# 234 characters in the reference corpus at most; 240 KB of `a=>` made a report of 128 MB with 1,000.
LONGEST_PREFIX = 300
MOST_STEPS = 50  # from a function to what it is bound to; people write a tenth of that
_ACCESSOR = regex(rb"(?s)(?:^|\s)(get|set)\s*(?:/\*.*?\*/\s*)*$")
_CALLEE_BACKWARDS = regex(r"!?([\w$#]+(?:\.[?!]*[\w$#]+)*)")  # from its end, where it is found at once
_WITHOUT_MARKS = {ord("?"): None, ord("!"): None}
_CURRIED = regex(r"[\w$#]+(?:\.[\w$#]+)*(?=\s*[(`<])")
_FIRST_STRING = regex(rb"(?s)\(\s*((['\"`])(?:(?!\2)[^\\]|\\.){0,%d})" % (4 * LONGEST_LABEL))
_ESCAPED_QUOTE = regex(r"\\(['\"`])")
_ATTRIBUTE_NAME = regex(rb"[\w$:.-]+")
TRIVIA_TEXT = rb"(?s:\s|//[^\n]*|/\*.*?\*/)*"
TRIVIA = regex(TRIVIA_TEXT)
LISTENERS = frozenset(("addEventListener", "on", "once", "addListener", "removeEventListener", "off"))
ROUTES = frozenset(("get", "post", "put", "patch", "delete", "head", "options", "all", "use", "route"))
_TEST_WORD = regex(r"(?:[fx]?(?:describe|it)|x?(?:test|context|suite|specify)|bench)(?:\.\w+)*")
_BEFORE_STRING = frozenset((b"'", b'"', b"`", b" ", b"\n", b"\r", b"\t"))
_EXPRESSIONS = frozenset((FUNCTION, GENERATOR, ARROW, CLASS))  # what a call can be handed
# What a function stands in, and is still all or an alternative of the value.
_VALUES = frozenset((PARENTHESES, WRAPPER, JSX_EXPRESSION, LITERAL, TERNARY, AND, OR, NULLISH))


class Named(NamedTuple):
    """What a function or a class is called."""

    name: str
    place: int  # the event that the name is of: what is around that one is around the function
    is_told: bool  # a name of its own; no two functions of a scope share one by design, as callbacks do


class Namer:
    """Names of the functions of one file, which are asked for in the order of the source."""

    def __init__(self, columns: Columns, source: SourceText) -> None:
        """Makes lists of the columns that each name asks for some places of: they answer in a fifth of the time."""
        self.columns, self.source = columns, source
        self.kinds = list(columns.kinds)
        self.parents = list(columns.parents)
        self.above = list(columns.above)
        self.classes: dict[int, Named] = {}
        self.functions: dict[int, str] = {}  # event -> qualified name, of those that were named
        self.insides = {0: ""}  # event -> what the qualified names of the functions in it start with
        self.numbers: dict[str, int] = {}  # qualified name of functions that have no name of their own -> how many
        self.open_classes = 0
        self.handed: dict[int, int] = {}  # arguments -> how many functions are among them

    def names(self, event: int) -> tuple[str, str, str]:
        """The name, the qualified name and the kind of a function."""
        if event == 0:
            return MODULE_NAME, MODULE_NAME, KIND_NAMES[MODULE]
        named, kind = self.named(event)
        prefix = self.inside(self.parents[named.place])
        qualified = prefix + named.name
        if not named.is_told:
            number = self.numbers[qualified] = self.numbers.get(qualified, 0) + 1
            if number > 1:
                qualified = f"{qualified} {number}"
        self.functions[event] = qualified
        return named.name, qualified, kind

    def inside(self, event: int) -> str:
        """What the qualified names of the functions in an event start with: functions, namespaces, and variables and
        keys of whose value the function is a part."""
        steps = []
        while event not in self.insides:
            steps.append(event)
            event = self.parents[event]
        prefix = self.insides[event]
        for step in reversed(steps):
            prefix = self.further_inside(step, prefix)
            self.insides[step] = prefix
        return prefix

    def further_inside(self, event: int, prefix: str) -> str:
        """The same, with what stands in it for what is around the event."""
        if event in self.functions:
            return shortened(f"{self.functions[event]}>")
        kind = self.kinds[event]
        if kind == CLASS:
            return self.inside(self.parents[self.of_class(event).place])
        name = PATH_PARTS[kind](self, event) if kind in PATH_PARTS else ""
        return shortened(f"{prefix}{name}>") if name else prefix

    def named(self, event: int) -> tuple[Named, str]:
        """The name and the kind of a function."""
        kind = self.kinds[event]
        kind_name = KIND_NAMES[kind]
        if kind == ARROW:  # most functions, and never with a name of its own
            return self.bound(event), kind_name
        if kind == METHOD:
            name, kind_name = self.method(event)
        elif kind == STATIC_BLOCK:
            name = self.member(event, "<static>")
        elif kind == FIELD:
            name = self.field(event)
        else:
            return self.expression(event), kind_name
        return Named._make((name, event, True)), kind_name

    def expression(self, event: int) -> Named:
        """What a function, or a class, is called that may be a part of an expression: its own name goes first."""
        own = self.label(event)
        bound = self.bound(event)
        return Named._make((own, bound.place, True)) if own else bound

    def label(self, event: int) -> str:
        start, end = self.columns.label_starts[event], self.columns.label_ends[event]
        if start < 0:
            return ""
        text = self.source.slice(start, min(end, start + 4 * LONGEST_LABEL))
        return text if text.isidentifier() else short_name(text)

    def target(self, event: int) -> str:
        """What a value is assigned to, but for a pattern, which takes it apart."""
        name = self.label(event)
        return "" if name.startswith(("[", "{")) else name

    def method(self, event: int) -> tuple[str, str]:
        """The name and the kind of a method: `get` or `set` before its label makes it an accessor."""
        label = self.label(event)
        name = self.member(event, label)
        if name != label and label == "constructor":
            return name, "constructor"
        end = self.columns.label_starts[event]
        before = self.source.text[self.columns.starts[event] : end][-200:]
        accessor = b"et" in before and _ACCESSOR.search(before)  # few files need re for their methods
        if accessor:
            word = accessor[1].decode()
            return f"{word} {name}", f"{word}ter"
        return name, "method"

    def field(self, event: int) -> str:
        return self.member(event, self.label(event))

    def member(self, event: int, label: str) -> str:
        """`Class.label` for a member of a class, the label alone in an object."""
        if self.above[event] != CLASS_BODY:
            return label
        return f"{self.of_class(self.parents[self.parents[event]]).name}.{label}"

    def of_class(self, event: int) -> Named:
        """What a class is called: one may be the value of a field of another, and so on."""
        if event not in self.classes:
            named = Named(ANONYMOUS, event, False)
            if self.kinds[event] == CLASS and self.open_classes < MOST_STEPS:
                self.open_classes += 1
                named = self.expression(event)
                self.open_classes -= 1
            self.classes[event] = named
        return self.classes[event]

    def bound(self, event: int) -> Named:
        """What a function or class expression is bound to, also through calls that it is the only function of; else
        the call that it is handed to."""
        place, arguments, name = event, 0, ""
        for _ in range(MOST_STEPS):
            above, parent = self.above[event], self.parents[event]
            if above in BINDINGS:
                name = BINDINGS[above](self, parent)
                place = parent if name else place
                break
            if above == ARGUMENTS:
                arguments = arguments or parent
                parent = self.parents[parent]
            is_passed_on = above in _VALUES or (above == CALL and not arguments)  # of this call, it is what is called
            if not is_passed_on and (above != ARGUMENTS or self.handed_to(self.parents[event]) > 1):
                break
            event = parent
        return Named._make((name or (arguments and self.call(arguments)) or ANONYMOUS, place, False))

    def handed_to(self, arguments: int) -> int:
        """How many functions a call is handed, those counted as one that another call among its arguments is handed."""
        if not self.handed:
            for event, kind in enumerate(self.kinds):
                if kind in _EXPRESSIONS:
                    self.count_handed(event)
        return self.handed.get(arguments, 0)

    def count_handed(self, event: int) -> None:
        """Count a function for the call that it is handed to, and that call for the one around it."""
        counts = self.handed
        for _ in range(MOST_STEPS):
            above, parent = self.above[event], self.parents[event]
            if above == ARGUMENTS:
                counts[parent] = counts.get(parent, 0) + 1
                if counts[parent] > 1:
                    return
                event = self.parents[parent]
            elif above in _VALUES:
                event = parent
            else:
                return

    def call(self, arguments: int) -> str:
        """`map callback` for f in x.map(f), `it "adds"` in it("adds", f), `click handler` in x.on("click", f)."""
        callee = self.callee(self.parents[arguments])
        last = callee.rpartition(".")[2]
        text = self.first_string(arguments)
        if not (callee and text):
            return callee and f"{last} callback"
        if last in LISTENERS:
            return f"{text} handler"
        if _TEST_WORD.fullmatch(callee):
            return f'{callee} "{text}"'
        return f'{callee} "{text}" {"handler" if last in ROUTES else "callback"}'

    def callee(self, call: int) -> str:
        """The names at the end of what is called: `app.get`; of `test.each(rows)`, which makes what is called, too."""
        start, end = self.columns.label_starts[call], self.columns.label_ends[call]
        if start < 0:
            return ""
        text = self.source.slice(max(start, end - 100), end)
        if text.isidentifier():  # most are, and need no re
            return text
        if text[-1:] in ")`>":
            text = self.source.slice(start, min(end, start + 100))
            found = _CURRIED.match(text)
            return found[0].removeprefix("this.") if found else ""
        found = _CALLEE_BACKWARDS.match(text[::-1])
        return found[1][::-1].translate(_WITHOUT_MARKS).removeprefix("this.") if found else ""

    def first_string(self, arguments: int) -> str:
        """The first of a call's arguments, where that is a string or a template."""
        start = self.columns.starts[arguments]
        if self.source.text[start + 1 : start + 2] not in _BEFORE_STRING:
            return ""
        found = _FIRST_STRING.match(self.source.text, start)
        if not found:
            return ""
        text = found[1].decode("utf-8", "ignore")[1:]
        if "\\" in text:
            text = _ESCAPED_QUOTE.sub(r"\1", text)
        return short_name(text)

    def export(self, event: int) -> str:
        start = self.columns.starts[event]
        head = self.source.text[start : start + 100]
        return "default export" if b"default" in head else ""

    def attribute(self, event: int) -> str:
        name = _ATTRIBUTE_NAME.match(self.source.text, self.columns.starts[event])
        return name[0].decode() if name else ""


# What binds a function that is its value, or a part of it; and what of these stands in qualified names.
PATH_PARTS: dict[int, Callable[[Namer, int], str]] = {
    DECLARATOR: Namer.target, PAIR: Namer.label, ASSIGNMENT: Namer.target, LOGICAL_ASSIGNMENT: Namer.target,
    DEFAULT_PARAMETER: Namer.target, DEFAULT_PATTERN: Namer.target, FIELD: Namer.field, NAMESPACE: Namer.label,
}  # fmt: skip
BINDINGS = {**PATH_PARTS, EXPORT: Namer.export, JSX_ATTRIBUTE: Namer.attribute}


_NUMBER = regex(r" \d+(?=>|$)")


def numberless(qualified: str) -> str:
    """A qualified name without the numbers that tell functions of one name apart."""
    return _NUMBER.sub("", qualified)


def shortened(prefix: str) -> str:
    if len(prefix) <= LONGEST_PREFIX:
        return prefix
    half = LONGEST_PREFIX // 2
    return f"{prefix[:half]}...{prefix[3 - half :]}"  # in ASCII: one other character doubles what a report takes


def short_name(text: str) -> str:
    """A label fit for one line: quotes off, white space folded, cut where it is long."""
    text = " ".join(text.split())
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'`"
    if is_quoted:
        text = text[1:-1]
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"


_CALLED_AT_ONCE = regex(TRIVIA_TEXT + rb"(?:\??\.\s*(?:call|apply)\s*)?\(")
_WRAPPER_CALLEES = regex(
    rb"(?s)(?:(?:[fx]?(?:describe|it)|x?(?:test|context|suite|specify)|bench|(?:before|after)(?:Each|All)?"
    rb"|setup|teardown|define|require(?:js)?|System\.register)(?:\.\w+)*\s*(?:[(`].*)?"
    rb"|(?:jQuery|\$)(?:\(document\)\.ready)?"
    rb"|\(?\s*(?:async\s+)?function\b.*|\(\s*(?:async\s*)?(?:\([\w$\s,]*\)|[\w$]+)\s*=>.*)",
)


def only_wraps(columns: Columns, source: SourceText, event: int) -> bool:
    """Whether a function is there for its scope alone: called where it stands, or an argument of such a call
    (UMD), of a module loader, or of a test runner. Its length is that of all it holds, as a module's is."""
    if columns.kinds[event] not in (FUNCTION, ARROW, GENERATOR):
        return False
    outermost = columns.unwrapped(event)
    is_callee = outermost != event or columns.above[event] == CALL
    if is_callee and _CALLED_AT_ONCE.match(source.text, columns.ends[outermost]):
        return True
    arguments = columns.parents[outermost]
    if columns.above[outermost] != ARGUMENTS or columns.above[arguments] != CALL:
        return False
    call = columns.parents[arguments]
    start, end = columns.label_starts[call], columns.label_ends[call]
    return bool(_WRAPPER_CALLEES.fullmatch(source.text, start, min(end, start + 200)))


# A function right below one of these is a part of it. Objects, arrays, classes and blocks are no such thing.
_HOLDERS = frozenset((
    DECLARATOR, ASSIGNMENT, LOGICAL_ASSIGNMENT, EXPORT, PAIR, FIELD, JSX_ATTRIBUTE, JSX_EXPRESSION, ARGUMENTS, CALL,
    NEW, PARENTHESES, WRAPPER, TERNARY, AND, OR, NULLISH,
))  # fmt: skip


def statement_lines(columns: Columns) -> list[int]:
    """For each event, the line on which begins what it is a part of: the variable of `const f = memo(() => …)`."""
    found: list[int] = []
    for line, parent, above in zip(columns.lines, columns.parents, columns.above):
        found.append(found[parent] if above in _HOLDERS else line)
    return found


# ---------------------------------------------------------------------------------------
# 21  Metrics: the rules, over events
# gives: halstead_of, FileMeasurer
# uses: Start-up, Ground, Values, Language, Scan, Functions
# ---------------------------------------------------------------------------------------

_VOID_TYPE = regex(rb"\s*:\s*void\b")


class Tally(NamedTuple):
    """The numbers of one function, by the effects of the events in it."""

    outer: int  # number of the enclosing function
    cyclomatic: int  # without the 1 that every function has
    cognitive: int
    depth: int
    params: int  # beside those that stand in parentheses
    decorated: int  # line of the first decorator, 0 without


def halstead_of(n1: int, n2: int, N1: int, N2: int) -> Halstead:
    vocabulary, length = n1 + n2, N1 + N2
    volume = difficulty = 0.0
    if n2:
        volume = length * math.log2(vocabulary)
        difficulty = n1 / 2 * N2 / n2
    effort = difficulty * volume
    time = effort / 18
    bugs = volume / 3000
    return Halstead._make((n1, n2, N1, N2, vocabulary, length, volume, difficulty, effort, time, bugs))


# Their increments stand at the operator, not where the expression begins.
NAMED_BY_OPERATOR = frozenset((AND, OR, NULLISH, TERNARY))


class EventPoints:
    """The increments of the units of a file, which are located in its source when somebody asks for them."""

    def __init__(self, columns: Columns, source: SourceText, increments: bytes, units: list[int]) -> None:
        """`units` are the numbers of the functions that are reported."""
        self.columns = columns
        self.source = source
        self.increments = increments
        self.units = units
        self.by_function: dict[int, list[tuple[int, ...]]] = {}

    def of(self, unit: int) -> UnitPoints:
        """Those of the cyclomatic number and those of the cognitive number of a unit: 0 is the module's own code."""
        if not self.by_function:
            rows = struct.iter_unpack(f"{INCREMENT_WIDTH}i", self.increments)
            self.by_function = grouped(rows, itemgetter(1))
        own = self.by_function.get(self.units[unit], [])
        cyclomatic = [row for row in own if row[2] == 0]
        cognitive = [row for row in own if row[2] == 1]
        return self.located(cyclomatic), self.located(cognitive)

    def located(self, increments: list[tuple[int, ...]]) -> Points:
        """Points, in the order of the source."""
        found = []
        for event, _, _, nesting, fault in increments:
            line, column = self.place(event)
            reason = self.reason(event)
            if fault:
                reason += BY_FAULT
            found.append(Point._make((line, column, 1 + nesting, reason, nesting)))
        return tuple(sorted(found))

    def place(self, event: int) -> tuple[int, int]:
        """The line and the column of an increment."""
        columns, source = self.columns, self.source
        if columns.kinds[event] in NAMED_BY_OPERATOR:
            return source.position(columns.label_starts[event])
        line = columns.lines[event]
        return line, source.column(line, columns.starts[event])

    def reason(self, event: int) -> str:
        """What an increment is called."""
        kind = self.columns.kinds[event]
        if kind == IF and self.columns.above[event] == ELSE:
            return "else if"
        return REASONS[kind]


def spanned(lines: set[int], spans: list[tuple[int, int]]) -> dict[int, int]:
    """Each line that is inside of a span, and where the first such span ends. Spans are (end, start)."""
    found = {}
    ahead = sorted(lines, reverse=True)
    behind: list[int] = []
    for end, start in sorted(spans):
        while ahead and ahead[-1] < end:
            behind.append(ahead.pop())
        while behind and behind[-1] >= start:
            found[behind.pop()] = end
    return found


class FileMeasurer:
    """From a scan to the numbers of every function of a file."""

    def __init__(self, source: SourceText, scan: Scan, reading: Reading, options: MeasureOptions) -> None:
        """Functions, points and bodies are made when they are asked for."""
        self.source = source
        self.scan = scan
        self.options = options
        self.columns = columns_of(scan.events)
        self.namer = Namer(self.columns, source)
        self.prefix = memoryview(scan.code_prefix).cast("i")
        self.comments = {end: start for start, end, _ in struct.iter_unpack("3i", scan.comments)}
        self.rows = list(struct.iter_unpack(f"{FUNCTION_WIDTH}i", scan.functions))
        self.tallies = list(map(Tally._make, struct.iter_unpack(f"{TALLY_WIDTH}q", reading.tallies)))
        self.increments = reading.increments
        self.reports = list(struct.iter_unpack("2i", reading.reports))
        self.exports = 0
        self.initializers: dict[int, int] = {}  # field -> end of its "="
        self.recursive: set[int] = set()  # functions
        self.units: list[int] = []  # numbers of the functions that are reported
        for event, function in self.reports:
            LOOKED_AT[self.columns.kinds[event]](self, event, function)

    # What is not told by effects alone; see LOOKED_AT.

    def export(self, event: int, function: int) -> None:
        self.exports += 1

    def initializer(self, event: int, function: int) -> None:
        """The first "=" of a field."""
        field = self.columns.parents[event]
        self.initializers.setdefault(field, self.columns.ends[event])

    def this_parameter(self, event: int, function: int) -> None:
        """`this: void` is no parameter to ESLint."""
        if _VOID_TYPE.match(self.source.text, self.columns.ends[event]):
            tally = self.tallies[function]
            self.tallies[function] = tally._replace(params=tally.params - 1)

    def call(self, event: int, function: int) -> None:
        """White paper: +1 for direct recursion, once a function."""
        if function in self.recursive or not self.is_recursion(event, self.rows[function][0]):
            return
        self.recursive.add(function)
        while self.tallies[function].outer:
            function = self.tallies[function].outer
        tally = self.tallies[function]
        self.tallies[function] = tally._replace(cognitive=tally.cognitive + 1)
        self.increments += int32_bytes([event, function, 1, 0, 0])

    def is_recursion(self, call: int, function: int) -> bool:
        """Whether a call is of the function with this event, by its name."""
        columns, source = self.columns, self.source
        start = columns.label_starts[function]
        if columns.kinds[function] == ARROW or start < 0:
            return False
        own = source.slice(start, columns.label_ends[function])
        callee = source.slice(columns.label_starts[call], columns.label_ends[call])
        return callee in (own, f"this.{own}")

    def functions(self) -> list[MeasuredFunction]:
        """The module first, then every function that is reported, in source order."""
        kinds = self.namer.kinds
        unit_of: list[int] = []  # function number -> the reported function that its lines are in
        found: list[MeasuredFunction] = []
        for number, (row, tally) in enumerate(zip(self.rows, self.tallies)):
            outer = unit_of[tally.outer] if number else 0
            if kinds[row[0]] == FIELD and not tally.cyclomatic:  # an initializer without branches is no function
                unit_of.append(outer)
                continue
            unit_of.append(len(found))
            found.append(self.function(row, tally, self.place(row, tally), outer))
            self.units.append(number)
        return found

    def place(self, row: tuple[int, ...], tally: Tally) -> tuple[int, int, int, int, int]:
        """Where a function begins and ends, and its lines of code, from the first decorator on."""
        event, *_, start_col, end_line, end_col, _ = row
        start_line = self.columns.lines[event]
        if not event:
            return start_line, start_col, end_line, end_col, self.module_lines()
        if event in self.initializers:
            start_line, start_col = self.start(event, start_col)
        if self.columns.ends[event] in self.comments:
            end_line, end_col = self.end_before_comments(event)
        first_line = tally.decorated or start_line
        lines = self.prefix[end_line] - self.prefix[first_line - 1]
        return start_line, start_col, end_line, end_col, lines

    def function(self, row: tuple[int, ...], tally: Tally, place: tuple[int, ...], outer: int) -> MeasuredFunction:
        """The one place that knows the order of the fields of a measured function."""
        event, n1, n2, N1, N2, counter, *_ = row
        _, branches, cognitive, nesting_depth, params, _ = tally
        start_line, start_col, end_line, end_col, line_count = place
        name, qualified_name, kind = self.namer.names(event)
        cyclomatic, params_count = 1 + branches, counter + params
        is_wrapper = self.options.wrappers and only_wraps(self.columns, self.source, event)
        return MeasuredFunction._make((
            name, qualified_name, kind, start_line, start_col, end_line, end_col, outer, cyclomatic, cognitive,
            line_count, params_count, nesting_depth, is_wrapper, n1, n2, N1, N2,
        ))  # fmt: skip

    def reaching(self, comments: tuple[SuppressionComment, ...]) -> tuple[SuppressionComment, ...]:
        """The comments, with the functions that they reach. One above a decorator is for the method; one above a line
        where no function begins is for the first that is a part of what begins there, as of a call."""
        if not comments:
            return ()
        begin = statement_lines(self.columns)
        decorated = self.decorated_methods()
        events = [self.rows[number][0] for number in self.units[1:]]
        others = [(self.start(event, 0)[0], begin[event]) for event in events]
        targets = {comment.target for comment in comments}
        free = targets - {line for line, _ in others}
        reached = spanned(free, others) | spanned(targets, decorated)
        return tuple([one._replace(function_line=reached.get(one.target, one.target)) for one in comments])

    def decorated_methods(self) -> list[tuple[int, int]]:
        """The lines of methods with decorators, each with that of the first one."""
        lines = self.columns.lines
        found = []
        for row, tally in zip(self.rows, self.tallies):
            if tally.decorated:
                found.append((lines[row[0]], tally.decorated))
        return found

    def points(self) -> EventPoints:
        return EventPoints(self.columns, self.source, self.increments, self.units)

    def bodies(self) -> tuple[int, ...]:
        """A hash of the tokens of the file, and of each unit. Layout, comments, quotes, optional punctuation, the
        function's own name and the order of the functions in it do not change it, and types only that of the file."""
        if not self.options.bodies:
            return ()
        own, *_, types = memoryview(self.scan.prints).cast("Q").tolist()
        bodies = self.all_bodies({})
        module, *functions = (bodies[number] for number in self.units)
        return (module + types) & MASK64, own, *functions

    def all_bodies(self, known: Mapping[int, int]) -> list[int]:
        """By number of the function, reported or not. Those that are known have no other function in them."""
        *bodies, _ = memoryview(self.scan.prints).cast("Q").tolist()
        for number in reversed(range(1, len(bodies))):  # inner functions first: each is whole when it is added
            outer = self.tallies[number].outer
            bodies[number] = known.get(number, bodies[number])
            added = bodies[number] ** 2 + BODY_OF_NOTHING
            bodies[outer] = (bodies[outer] + added) & MASK64
        return bodies

    def reported(self) -> list[int]:
        """The numbers of the functions that are reported: an initializer without branches is no function."""
        kinds, rows = self.namer.kinds, enumerate(zip(self.rows, self.tallies))
        return [number for number, (row, tally) in rows if kinds[row[0]] != FIELD or tally.cyclomatic]

    def end_before_comments(self, event: int) -> tuple[int, int]:
        """The grammar lets a block run on over the comments behind it, up to where a semicolon is implied."""
        start = self.columns.starts[event]
        end = self.columns.ends[event]
        while end in self.comments:
            code = self.source.slice(start, self.comments[end]).rstrip()
            end = start + len(code.encode())
        return self.source.position(end)

    def start(self, event: int, start_col: int) -> tuple[int, int]:
        """Where a function begins: an initializer behind its "=", which broken code may lack."""
        end_of_equals = self.initializers.get(event)
        if end_of_equals is None:
            return self.columns.lines[event], start_col
        trivia = TRIVIA.match(self.source.text, end_of_equals)
        return self.source.position(trivia.end())

    def module_lines(self) -> int:
        """Lines of code that no function covers."""
        lines = self.prefix[-1]
        last = 0
        open_units = {0}  # the module, and the fields whose initializers are inside no function
        for number, (tally, row) in enumerate(zip(self.tallies, self.rows)):
            if tally.outer not in open_units or not number:
                continue
            event = row[0]
            if self.columns.kinds[event] == FIELD:
                open_units.add(number)
                continue
            first = max(last, tally.decorated or self.columns.lines[event])
            end = self.source.line_of(self.columns.ends[event])
            if end >= first:
                counted = first if first == last else first - 1  # the line that the function before ends on
                lines -= self.prefix[end] - self.prefix[counted]
                last = end
        return lines


LOOKED_AT: dict[int, Callable[[FileMeasurer, int, int], None]] = {
    EXPORT: FileMeasurer.export, INITIALIZER: FileMeasurer.initializer, THIS_PARAMETER: FileMeasurer.this_parameter,
    CALL: FileMeasurer.call,
}  # fmt: skip

# ---------------------------------------------------------------------------------------
# 22  Imports: which other files a file names, and what it takes from them
# gives: imports_of, names_in, bindings_in
# uses: Start-up, Values, Language, Scan
# ---------------------------------------------------------------------------------------
# A scan says where a specifier may stand, and which of the names that imports bind are used as values. What is written
# there, expressions read: an import takes some 5 µs.

_STRING = rb"\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'"
_TRIVIA = rb"(?>(?s:\s|//[^\r\n]*|/\*.*?\*/)*)"  # atomic: it is never read in a second way
_COMMENT_OR_STRING = regex(rb"(?s)(%s)|//[^\r\n]*|/\*(?:.*?\*/|.*)" % _STRING)
_MAY_SAY_FILE = regex(rb"import\b|export\b%s(?:[{*]|(?:type|import)\b)" % _TRIVIA)  # of what may have a specifier
_STATEMENT = regex(
    rb"(?s)(?:export\s+(?=import\b))?(import|export)\b\s*+(?:"
    rb"(type(?=\s*[{*]|\s+(?!from\s*[\"'])[\w$\x80-\xff])\s*+)?"
    rb"((?:[^\"';{]|\{[^{}]*\})*?)(\bfrom\b|=\s*require\s*\()\s*+)?(%s)" % _STRING
)
_LIST_OF_EXPORTS = regex(rb"export(\s+type)?\s*\{([^{}]*)\}")
_IDENTIFIER = rb"[\w$\x80-\xff]++"
# default, and what that is if it is a name; const or let, and its name or pattern; the name of anything else
_EXPORTED = regex(
    rb"export\b%s(?:(default)\b\s*+(?:(%s)\s*;?\s*\Z)?|(?:(?:declare|abstract|async)\s+)*(?:"
    rb"(const(?!\s+enum\b)|let|var)\s*(?:(%s)|\{([^{}]*)\}|\[([^\[\]]*)\])|"
    rb"(?:function\s*\*?|(?:const\s+)?enum|class|interface|type|namespace|module|import)\s*(%s)))"
    % (_TRIVIA, _IDENTIFIER, _IDENTIFIER, _IDENTIFIER)
)
_PLAIN_VALUE = rb"\s*+(?:[:=](?:[^,;(){}\[\]<>'\"`/]|%s)*+)?" % _STRING
_OTHER_DECLARATORS = regex(rb"%s((?:,\s*%s%s)+);?\s*\Z" % (_PLAIN_VALUE, _IDENTIFIER, _PLAIN_VALUE))
_DECLARATOR = regex(rb",\s*(%s)%s" % (_IDENTIFIER, _PLAIN_VALUE))
_IN_PATTERN = regex(rb"(?:%s\s*:|\.\.\.)?\s*(%s)\s*(?:=[^,]*)?(?:,|\Z)" % (_IDENTIFIER, _IDENTIFIER))
_WORD = regex(rb"[^\s,{}*]+")
_LIST = regex(r"\{([^{}]*)\}")
_OTHER_BINDING = regex(r"(?:(?:defer|source)\s(?=[*\w$]))?(\*(?:\s?as\s[^\s,{]+)?|[^\s,{*=]+)")
_AFTER_COMMA = regex(r",\s?(\*\s?as\s\S+)")
_ARGUMENT = regex(rb"(?s)%s\(%s(%s|`(?:[^`\\$]|\\.)*`)%s(,?)%s(.?)" % (_TRIVIA, _TRIVIA, _STRING, _TRIVIA, _TRIVIA))
_BEFORE_REQUIRE = regex(rb"\bimport\s+[\w$\x80-\xff]+\s*=\s*$")
_REFERENCE = regex(rb"///\s*<reference\b[^>\r\n]*?\bpath\s*=\s*(\"[^\"\r\n]*\"|'[^'\r\n]*')")
_ESCAPED = regex(r"(?s)\\(.)")
LONGEST_STATEMENT = 1 << 18  # bytes that are read of an import, or of an export: one of 8,000 names
LONGEST_CALL = 4096  # of what follows `import` or `require`
LITTLE_ELSE = 0.2  # of the lines of a barrel, those that are neither imports nor exports from elsewhere, at most


def imports_of(source: SourceText, scan: Scan, kinds: Container[int]) -> Imports:
    """What a file says of others, in the order of its text; `kinds` are those of its events."""
    return ImportReader(source, scan, kinds).imports()


Place = tuple[int, ...]  # a row of `imports`


class ImportReader:
    """Reads what stands at the places that a scan tells."""

    def __init__(self, source: SourceText, scan: Scan, kinds: Container[int]) -> None:
        """`kinds` are those of the file's events."""
        self.source = source
        self.text = source.text
        self.scan = scan
        self.kinds = kinds
        self.rows = list(struct.iter_unpack("4i", scan.imports))
        self.used = {b"React"}  # JSX may use it, and writes no name
        for what, start, end, _ in self.rows:
            if what == NAME_PLACE:
                self.used.add(self.text[start:end])
        self.found: list[tuple[int, Import]] = []  # each behind the place where it stands
        self.spans: list[tuple[int, int]] = []  # of imports and of exports from elsewhere: the first line, and the end
        self.exports: list[bytes] = []  # names that the file exports itself
        self.end_of_export = 0  # in what is exported as a whole, a namespace, stand names of its own

    def imports(self) -> Imports:
        """All that the file names, and whether it does little else than pass it on."""
        statements = []
        for row in self.rows:
            what, start, end, _ = row
            is_call = what == NAME_PLACE or end - start == len(b"import")
            if is_call:
                self.add_call(row)
                continue
            found = self.statement(start, end) if _MAY_SAY_FILE.match(self.text, start, end) else None
            statements.append((row, found))
            if not found and what == VALUE_PLACE:
                self.note_declaration(start, min(end, start + LONGEST_STATEMENT))
        for row, statement in statements:  # which names are exported, and so used, is known by now
            if statement:
                self.add_statement(row, statement)
        self.add_references()
        return self.result()

    def result(self) -> Imports:
        self.found.sort(key=itemgetter(0))
        imports = [one for _, one in self.found]
        kinds = map(attrgetter("kind"), imports)
        has_exports = "export" in kinds
        exports = b", ".join(self.exports).decode("utf-8", "replace")
        return Imports(tuple(imports), has_exports and self.does_little_else(), exports)

    def does_little_else(self) -> bool:
        lines = set()
        for first, end in self.spans:
            last = self.source.line_of(end)
            lines.update(range(first, last + 1))
        others = self.scan.file_lines - len(lines)
        return others <= LITTLE_ELSE * self.scan.file_lines

    def unused(self) -> str:
        """What an import is for whose names stand in types alone: metadata of decorators may want them."""
        return ELIDED_BUT_FOR_METADATA if DECORATOR in self.kinds else ELIDED

    def statement(self, start: int, end: int) -> re.Match | None:
        """An import, or an export with a specifier."""
        found = _STATEMENT.match(self.text, start, end)
        if found and b"/" not in (found[3] or b""):
            return found
        end = min(end, start + LONGEST_STATEMENT)
        text = self.text[start:end]
        if b"//" in text or b"/*" in text:
            text = _COMMENT_OR_STRING.sub(rb"\1 ", text)
            found = _STATEMENT.match(text)
        if not found:
            line = self.source.line_of(start)
            self.note_exports(text, (line, end))
        return found

    def note_exports(self, text: bytes, span: tuple[int, int]) -> None:
        """The names in a list of exports are used as values, but for those that are exported as types."""
        listed = _LIST_OF_EXPORTS.match(text)
        if not listed:
            return
        if not listed[1]:
            self.spans.append(span)
        for name in listed[2].split(b","):
            words = name.split()
            is_type = is_type_name(words)
            if words and not (is_type or listed[1]):
                self.used.add(words[0])
            if words:
                self.exports.append(b" ".join(words[is_type:]))

    def note_declaration(self, start: int, end: int) -> None:
        """The names of what is declared where it is exported."""
        found = _EXPORTED.search(self.text, start, end) if start >= self.end_of_export else None
        if not found:
            return
        self.end_of_export = end
        default, alias, variable, name, *patterns, other = found.groups(b"")
        if default:
            self.exports.append(alias + b" as default" if alias else default)
        self.exports += filter(None, (name, other))
        for pattern in patterns:
            self.exports += _IN_PATTERN.findall(pattern)
        others = _OTHER_DECLARATORS.match(self.text, found.end(), end) if variable else None
        if others:
            self.exports += _DECLARATOR.findall(others[1])

    def add_statement(self, row: Place, found: re.Match) -> None:
        """An import, or an export that has a specifier."""
        word, is_type, clause, link, specifier = found.groups(b"")
        _, _, end, line = row
        kind = "import=" if link.startswith(b"=") else word.decode()
        use = TYPE_ONLY
        if not is_type:
            use = self.use_of(kind, clause) if link else VALUE
        self.add(row, specifier, kind, use, clause)
        self.spans.append((line, end))

    def use_of(self, kind: str, clause: bytes) -> str:
        """What an import or an export is for that is not marked as a type's as a whole."""
        bound = _WORD.findall(clause)
        if b"type" in clause or b"as" in clause:  # few have such words
            text = clause.decode("utf-8", "replace")
            names = names_in(text)
            words = [name.encode().split() for name in names]
            bound = [name[-1] for name in words if not is_type_name(name)]
            if names and not bound:
                return TYPE_ONLY
        if kind != "export" and self.used.isdisjoint(bound):
            return self.unused()
        return VALUE

    def add_call(self, row: Place) -> None:
        """`import("…")`, which may stand among types, or `require("…")`, which takes one argument."""
        what, start, end, _ = row
        is_require = what == NAME_PLACE
        if is_require and self.text[start:end] != b"require":
            return
        found = _ARGUMENT.match(self.text, end, end + LONGEST_CALL)
        if found and (found[3] == b")" or (found[2] and not is_require)):
            use = TYPE_ONLY if what == TYPE_PLACE else VALUE
            self.add(row, found[1], self.kind_of_call(what, start), use)

    def kind_of_call(self, what: int, start: int) -> str:
        if what == TYPE_PLACE:
            return "import type"
        if what != NAME_PLACE:
            return "dynamic"
        before = max(0, start - 200)
        begins_import = _BEFORE_REQUIRE.search(self.text, before, start)
        return "import=" if begins_import else "require"

    def add_references(self) -> None:
        """`/// <reference path="…" />`, before all code."""
        before = 0
        for start, end, line in struct.iter_unpack("3i", self.scan.comments):
            between = self.text[before:start]
            if between.strip(b"\xef\xbb\xbf \t\r\n\f\v"):
                return
            found = _REFERENCE.match(self.text, start, end)
            if found:
                self.add((TYPE_PLACE, start, end, line), found[1], "reference", TYPE_ONLY)
            before = end

    def add(self, row: Place, quoted: bytes, kind: str, use: str, clause: bytes = b"") -> None:
        """One more, which stands at the place of a row."""
        specifier = quoted[1:-1].decode("utf-8", "replace")
        if "\\" in specifier:
            specifier = _ESCAPED.sub(r"\1", specifier)
        words = clause.decode("utf-8", "replace").split()
        _, start, _, line = row
        found = Import._make((specifier, kind, use, line, " ".join(words)))
        self.found.append((start, found))


def names_in(clause: str) -> list[str]:
    """What a clause takes: `a`, `a as b`, `type a`, `default as b`, `* as b`; `*` for all that a module exports."""
    names = []
    other = _OTHER_BINDING.match(clause)
    if other:
        names.append(other_name(other[1]))
    listed = _LIST.search(clause)
    star = _AFTER_COMMA.search(clause)
    if listed:
        parts = listed[1].split(",")
        names += [" ".join(part.split()) for part in parts]
    elif star:
        names.append(other_name(star[1]))
    return list(filter(None, names))


def bindings_in(clause: str, with_types: bool = True) -> Iterator[tuple[str, str]]:
    """Of what a clause takes, its name there and its name here: the same, but for `a as b`; a star has none here."""
    for name in names_in(clause):
        words = name.split()
        is_type = is_type_name(words)
        if with_types or not is_type:
            last = "" if words == ["*"] else words[-1]
            yield words[is_type], last


def other_name(text: str) -> str:
    """What does not stand in braces: a star, with its name or without, or the name of what is the default."""
    words = text.replace("*", "* ").split()
    return " ".join(words) if words[0] == "*" else f"default as {text}"


def is_type_name(words: list[Any]) -> bool:
    """`type a` and `type a as b`; but `type` alone and `type as b` are of something that is called type."""
    return len(words) in (2, 4) and words[0] in ("type", b"type")


# ---------------------------------------------------------------------------------------
# 23  Judgement: thresholds and health
# gives: penalty, duplication_share, HealthTable, Judge, followed, measure_options, judged_values, violation_of,
#        with_findings, lost_by, health_of, GRADES, grade_of, percentile_of, reference_words, standing_of
# uses: Words, Start-up, Ground, Values, Catalogue, Functions, Metrics, Exemptions, Assets
# ---------------------------------------------------------------------------------------


def penalty(value: float, warning: float, error: float) -> float:
    """0 at 0, 20 at the warning, 40 at the error, 100 at twice the error and above; linear between.

    Where one limit is off, the other one tells where it would stand: an error at twice the warning, a warning at half
    of the error. A number counts in health as long as it is judged at all."""
    if error == OFF:
        error = 2 * warning
    elif warning == OFF:
        warning = error / 2
    if value <= 0:
        return 0.0
    if value > error:
        return min(100.0, 40.0 + 60.0 * (value - error) / error) if error else 100.0
    if value > warning:
        return 20.0 + 20.0 * (value - warning) / (error - warning)
    return 20.0 * value / warning


class HealthFamily(NamedTuple):
    """What a family of metrics is in the health of a function."""

    name: str
    share: float  # the shares of all families are 1 together
    limits: dict[str, tuple[float, float]]  # of the metrics that have any


class FamilyPenalty(NamedTuple):
    """What a family takes from the health of one function: as much as its worst metric."""

    family: HealthFamily
    metric: str
    penalty: float


def weights_in_health(analysis: Analysis) -> dict[str, float]:
    """The weights of the families that health is made of: those that are on, and have a metric with a limit."""
    judged = [metric for metric in (*FUNCTION_METRICS, METRIC[PROJECT_SHARE]) if has_limits(metric, analysis)]
    families = dict.fromkeys(metric.family for metric in judged if metric.family in analysis.metrics)
    return {family: weight for family in families if (weight := analysis.weights[family])}


def has_limits(metric: Metric, analysis: Analysis) -> bool:
    return min(analysis.thresholds[metric.name]) < OFF


def health_families(analysis: Analysis) -> list[HealthFamily]:
    """What the families are in the health of a function. Duplication is in the project's alone."""
    weights = weights_in_health(analysis)
    weights.pop("duplication", None)
    total = math.fsum(weights.values())
    found = []
    for family, weight in weights.items():
        metrics = [metric for metric in FUNCTION_METRICS if metric.family == family and has_limits(metric, analysis)]
        limits = {metric.name: analysis.thresholds[metric.name] for metric in metrics}
        found.append(HealthFamily(family, weight / total, limits))
    return found


def duplication_share(analysis: Analysis) -> float:
    """The share of duplicated code in the health of the project; functions have the rest."""
    weights = weights_in_health(analysis)
    return weights.get("duplication", 0.0) / (math.fsum(weights.values()) or 1.0)


def penalty_tables(family: HealthFamily) -> list[Memo]:
    """What each metric of a family takes, by its value."""

    def table(warning: float, error: float) -> Memo:
        return Memo(lambda value: penalty(value, warning, error))

    return [table(*limits) for limits in family.limits.values()]


class HealthTable(dict):
    """The numbers of a function, as `key_of` picks them -> its health, worked out once: most functions are alike."""

    def __init__(self, analysis: Analysis) -> None:
        self.families = health_families(analysis)
        self.names = [name for family in self.families for name in family.limits]
        self.key_of = picker([JUDGED_VALUES.index(name) for name in self.names])
        self.tables = [(family.share, penalty_tables(family)) for family in self.families]

    def __missing__(self, key: tuple[float, ...]) -> float:
        if len(self) > 2000:  # with limits on Halstead's numbers most functions are unlike
            self.clear()
        values = iter(key)
        taken = [(share, max([table[next(values)] for table in tables])) for share, tables in self.tables]
        health = self[key] = 100.0 - total_penalty(taken)
        return health

    def penalties(self, values: dict[str, float]) -> list[FamilyPenalty]:
        """What each family takes from the health of a function with these values."""
        found = []
        for family in self.families:
            taken = {name: penalty(values[name], *limits) for name, limits in family.limits.items()}
            metric = max(taken, key=taken.__getitem__)
            found.append(FamilyPenalty(family, metric, taken[metric]))
        return found


def total_penalty(penalties: Iterable[tuple[float, float]]) -> float:
    """Of the shares of families and what each takes, the quartic mean by weight: the worst family decides, and good
    ones pay for it but little. Two square roots are the same on every machine, which pow() is not."""
    parts = []
    for share, taken in penalties:
        square = taken * taken
        parts.append(share * square * square)
    mean = math.fsum(parts)
    return min(100.0, math.sqrt(math.sqrt(mean)))


def picker(places: Sequence[int]) -> Callable[[tuple[float, ...]], tuple[float, ...]]:
    """What picks the values at some places out of a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple([values[place] for place in places])


# Where the numbers of a measured function begin, and of these what Halstead's formulas take.
FIRST_NUMBER, FIRST_TOKENS = map(MeasuredFunction._fields.index, ("cyclomatic", "n1"))
NOWHERE, NO_TOKENS = ("", "", "", 0, 0, 0, 0, 0), (0, 0, 0, 0)


def judged_fields(analysis: Analysis) -> slice:
    """The fields of a measured function that its verdict and its health are made of."""
    judges_tokens = any(has_limits(metric, analysis) for metric in _WORKED_OUT if metric.family in analysis.metrics)
    return slice(FIRST_NUMBER, None if judges_tokens else FIRST_TOKENS)


class Alike(NamedTuple):
    """What functions of the same numbers have in common, as reports have it."""

    cyclomatic: int | None
    cognitive: int | None
    line_count: int | None
    params_count: int | None
    nesting_depth: int | None
    health_score: float
    violations: Violations  # of those that are judged
    status: str


class Judge:
    """Thresholds and health of one Analysis, prepared once for all files it applies to."""

    def __init__(self, analysis: Analysis, points: str, code: str = PRODUCT) -> None:
        """`points` says of which functions increments are located: none, those with findings, or all."""
        self.analysis = analysis
        self.code = code
        self.points = POINTS[points]
        self.options = measure_options(analysis)
        names = [metric.name for metric in METRICS if metric.family in analysis.metrics]
        self.limits = {name: analysis.thresholds[name] for name in names} if code != GENERATED else {}
        self.lowest = [self.lowest_limit(name) for name in JUDGED_VALUES]
        self.ignored = names_pattern(analysis.ignore_functions)
        self.judges_each = code == PRODUCT and not self.ignored  # of the functions
        self.near: dict[str, tuple[float, float]] = {}  # a value above the first could in another layout pass the limit
        for name, share in LAYOUT_METRICS.items():
            lowest = self.lowest_limit(name)
            self.near[name] = share * lowest, lowest
        self.health = HealthTable(analysis)
        self.counts_tokens = "halstead" in analysis.metrics
        self.numbers = judged_fields(analysis)
        self.alike = Memo(self.like)

    def lowest_limit(self, metric: str) -> float:
        return min(self.limits.get(metric, (OFF,)))

    def file(self, path: str, measured: MeasuredFile) -> FileReport:
        """What the limits, the weights of health and the comments in a file make of its numbers."""
        comments = measured.suppressions if self.code != GENERATED else ()
        suppressor = Suppressor(comments, self.analysis.require_reason)
        module, *functions = units = self.units(measured, suppressor)
        lengths = {}
        if "structural" in self.analysis.metrics:
            lengths = {"file_length": measured.file_length, "export_count": measured.export_count}
        violations = suppressor.kept(self.violations_of(lengths), (1,), "")
        health_score = health_of(*lost_by(units))
        report = FileReport(
            path=path, file_length=lengths.get("file_length"), export_count=lengths.get("export_count"),
            functions=tuple(functions), module=module, health_score=health_score, status="ok",
            violations=violations, syntax_errors=measured.syntax_errors,
            suppressed=tuple(suppressor.suppressed), notices=suppressor.notices(),
        )  # fmt: skip
        return self.with_status(report)

    def units(self, measured: MeasuredFile, suppressor: Suppressor) -> list[FunctionReport]:
        """The reports of the module's own code and of every function."""
        functions, numbers = measured.units, self.numbers
        alikes = [self.alike[function[numbers]] for function in functions]
        all_lines = self.deciding_lines(functions, [alike.health_score for alike in alikes])
        cognitive = []
        if any(map(attrgetter("violations"), alikes)):
            cognitive = followed(functions)
        found = []
        for number, (function, alike, lines) in enumerate(zip(functions, alikes, all_lines)):
            if alike.violations:
                alike = self.judged(function, alike, cognitive[number], suppressor)
            points = NO_POINTS
            if self.locates(alike.violations):
                points = measured.points.of(number)
            found.append(self.report(function, alike, lines, points))
        return found

    def locates(self, violations: Violations) -> bool:
        """Whether the increments of a function with these findings are located."""
        return self.points >= POINTS["findings" if violations else "all"]

    def judged(self, function: MeasuredFunction, alike: Alike, cognitive: int, suppressor: Suppressor) -> Alike:
        """What there is to say of this one among its like: nothing where it is not judged, or asks for quiet."""
        violations = self.counting(cognitive, alike.violations) if self.is_judged(function) else ()
        if violations and suppressor.suppressions:
            violations = suppressor.of_function(function, violations)
        return alike._replace(violations=violations, status=status_of(violations))

    def counting(self, cognitive: int, violations: Violations) -> Violations:
        """Those of these findings that count: of code with little to follow, those of limits that somebody chose."""
        if cognitive >= self.analysis.least_cognitive:
            return violations
        return tuple([one for one in violations if self.limits[one.metric] != DEFAULT_THRESHOLDS[one.metric]])

    def report(self, function: MeasuredFunction, alike: Alike, health_lines: int, points: UnitPoints) -> FunctionReport:
        """The one place that knows the order of the fields of a report."""
        name, qualified_name, kind, start_line, start_col, end_line, end_col, *_ = function
        cyclomatic, cognitive, line_count, params_count, nesting_depth, health_score, violations, status = alike
        halstead = halstead_of(*function[FIRST_TOKENS:]) if self.counts_tokens else None
        lost = round((100.0 - health_score) * health_lines * LOST_UNIT)
        cyclomatic_points, cognitive_points = points
        change, known, better = NOT_COMPARED
        return FunctionReport._make((
            name, qualified_name, kind, start_line, start_col, end_line, end_col, cyclomatic, cognitive, halstead,
            line_count, params_count, nesting_depth, health_score, health_lines, lost, status, violations,
            cyclomatic_points, cognitive_points, change, known, better,
        ))  # fmt: skip

    def like(self, numbers: tuple[Any, ...]) -> Alike:
        """What functions of these numbers have in common; most share theirs with others."""
        tokens = () if self.numbers.stop is None else NO_TOKENS
        function = MeasuredFunction._make((*NOWHERE, *numbers, *tokens))
        values = judged_values(function, None if tokens else halstead_of(*function[FIRST_TOKENS:]))
        cyclomatic = function.cyclomatic if "cyclomatic" in self.analysis.metrics else None
        cognitive = function.cognitive if "cognitive" in self.analysis.metrics else None
        structure = (function.line_count, function.params_count, function.nesting_depth)
        if "structural" not in self.analysis.metrics:
            structure = (None, None, None)
        health_score = self.health[self.health.key_of(values)]
        violations = self.violations(values)
        return Alike._make((cyclomatic, cognitive, *structure, health_score, violations, status_of(violations)))

    def deciding_lines(self, units: Sequence[MeasuredFunction], scores: list[float]) -> list[int]:
        """How many lines of code each unit decides the health of: of the functions around a line that with the lowest
        health does, and of equals the outermost. So each line counts once. What is not judged decides nothing."""
        own = [unit.line_count for unit in units]
        if self.judges_each and not any(map(attrgetter("outer"), units)):  # as in most files
            if not self.is_judged(units[0]):
                own[0] = 0
            return [max(0, count) for count in own]
        for unit in units[1:]:
            if unit.outer:
                own[unit.outer] -= unit.line_count
        decides = [0] * len(units)  # the one that decides about the lines of each; the module is around no function
        lines = [0] * len(units)
        for number, unit in enumerate(units):
            decider = decides[unit.outer]
            if not self.is_judged(unit):
                decides[number] = decider
                continue
            if not decider or scores[number] < scores[decider]:
                decider = number
            decides[number] = decider
            lines[decider] += max(0, own[number])  # functions that share a line leave less than none of the outer one
        return lines

    def with_status(self, report: FileReport) -> FileReport:
        """A report of a file with the status that follows from what is in it."""
        levels = [finding.level for finding in (*report.violations, *report.notices)]
        levels += [function.status for function in report.units]
        if report.syntax_errors and self.analysis.syntax_errors == "error":
            levels.append("error")
        return report._replace(status=worst_level(levels))

    def is_judged(self, function: MeasuredFunction) -> bool:
        if self.judges_each:
            return self.analysis.module_code or function.kind != "module"
        is_left_out = function.kind == "module" and not self.analysis.module_code
        is_left_out |= self.code == GENERATED or (self.code == TEST and function.is_wrapper)
        return not (is_left_out or self.ignores(function))

    def ignores(self, function: MeasuredFunction | FunctionReport) -> bool:
        matches = self.ignored and self.ignored.fullmatch
        if not matches:
            return False
        name, qualified = function.name, function.qualified_name
        return bool(matches(name) or matches(qualified) or matches(numberless(qualified)))

    def violations(self, values: tuple[float, ...]) -> Violations:
        """The findings of a function with these JUDGED_VALUES, where it is judged: most have none."""
        if not any(map(gt, values, self.lowest)):
            return ()
        by_name = dict(zip(JUDGED_VALUES, values))
        return self.violations_of(by_name)

    def violations_of(self, values: dict[str, float]) -> Violations:
        """The findings among values of metrics."""
        found = [violation_of(name, values[name], self.analysis) for name in self.limits if name in values]
        return tuple(filter(None, found))


def followed(units: Sequence[MeasuredFunction]) -> list[int]:
    """What there is to follow in each unit: its cognitive complexity, with that of the functions in it."""
    totals = [unit.cognitive for unit in units]
    for number in reversed(range(1, len(units))):  # inner functions first: each is whole when it is added
        totals[units[number].outer] += totals[number]
    return totals


def measure_options(analysis: Analysis) -> MeasureOptions:
    """What an analysis wants to have measured."""
    return MeasureOptions(
        cyclomatic_variant=analysis.cyclomatic_variant, cognitive_variant=analysis.cognitive_variant,
        wrappers=analysis.treat_wrappers_as_modules, tokens="duplication" in analysis.metrics,
    )  # fmt: skip


# The values of a function that limits are held against: those it is measured by, then those worked out of its tokens.
_MEASURED = [metric for metric in FUNCTION_METRICS if not metric.at.startswith("halstead.")]
_WORKED_OUT = [metric for metric in FUNCTION_METRICS if metric.at.startswith("halstead.")]
_measured_values = reader([metric.at for metric in _MEASURED])
_worked_out_values = reader([metric.at.removeprefix("halstead.") for metric in _WORKED_OUT])
_NO_VALUES = (0.0,) * len(_WORKED_OUT)
JUDGED_VALUES = [metric.name for metric in (*_MEASURED, *_WORKED_OUT)]  # judged_values gives them in this order


def judged_values(function: MeasuredFunction, halstead: Halstead | None) -> tuple[float, ...]:
    """0 for what is not measured, and for the length of a wrapper, which nobody judges."""
    if function.is_wrapper:
        function = function._replace(line_count=0)
    return _measured_values(function) + (_worked_out_values(halstead) if halstead else _NO_VALUES)


NO_POINTS = ((), ())
NOT_COMPARED = tuple(FunctionReport._field_defaults.values())


def status_of(violations: Iterable[Violation]) -> str:
    """The status of what has these findings."""
    return worst_level([violation.level for violation in violations]) if violations else "ok"


# Whoever has as much as this has the grade.
GRADES = ((85, "A"), (70, "B"), (55, "C"), (40, "D"), (0, "E"))


def grade_of(health: float) -> str:
    """The grade of a health as reports write it, with one digit: 84.96 is 85.0 there, an A."""
    return next(letter for least, letter in GRADES if round(health, 1) >= least)


def percentile_of(health: float, analysis: Analysis) -> int | None:
    """How much of the reference packages has a lower health, in %. They were measured by the defaults: other limits,
    weights, or duplication make another health, which cannot be compared."""
    if rules_of_health(analysis) != rules_of_health(DEFAULT_ANALYSIS):
        return None
    return bisect_left(reference_quantiles("health"), health)


def rules_of_health(analysis: Analysis) -> tuple[Any, ...]:
    """All that shapes the health of the same code."""
    return (
        weights_in_health(analysis),
        health_families(analysis),
        analysis.cyclomatic_variant,
        analysis.cognitive_variant,
    )


def reference_quantiles(name: str) -> list[float]:
    """What the reference packages measure: "health" of packages from 1 % to 100 % of them; of each metric the values at
    the "shares" of all functions, and under NAME/lines of all lines; "packages", "functions" and "date"."""
    words = QUANTILES.partition(f"\n{name} ")[2].split()
    return [float(word) for word in takewhile(lambda word: word[0].isdigit(), words)]


def reference_words() -> str:
    """Whom the project and its functions are compared with."""
    return f"{reference_quantiles('packages')[0]:.0f} reference packages"


def standing_of(metric: str, value: float, analysis: Analysis) -> str:
    """How many functions of the reference packages have less, where that is nine tenths or more: "" for other variants
    of a metric than the one that they were measured by."""
    variant, shares = f"{metric}_variant", [0.0, *reference_quantiles("shares")]
    if getattr(analysis, variant, "") != getattr(DEFAULT_ANALYSIS, variant, ""):
        return ""
    places = [bisect_left(reference_quantiles(row), value) for row in (metric, f"{metric}/lines")]
    if shares[places[0]] < 0.9:
        return ""
    functions, lines = (f"{100 * shares[place]:g} %" for place in places)
    return f"higher than {functions} of functions, {lines} of lines in {reference_words()}"


def lost_by(functions: Sequence[FunctionReport]) -> tuple[int, int]:
    """What functions lost together, and their lines."""
    lost = sum(map(attrgetter("lost"), functions))
    lines = sum(map(attrgetter("health_lines"), functions))
    return lost, lines


def health_of(lost: int, lines: int) -> float:
    """The health of code of so many lines that lost so much: the mean of its functions by their own lines, so that each
    line counts once. 100 with none."""
    return 100.0 - lost / lines / LOST_UNIT if lines else 100.0


def with_findings(report: FunctionReport, violations: Violations, **more: Any) -> FunctionReport:
    """A report with other findings, and the status that follows from them."""
    return report._replace(violations=violations, status=status_of(violations), **more)


def violation_of(name: str, value: float, analysis: Analysis) -> Violation | None:
    """A value above a threshold violates it; one equal to it does not."""
    warning, error = analysis.thresholds[name]
    level, threshold = ("error", error) if value > error else ("warning", warning)
    if value <= threshold:
        return None
    return Violation(
        metric=name,
        level=level,
        value=value,
        threshold=threshold,
        delta=None,
        ungated=None if does_gate(name, analysis.gate) else True,
    )


# ---------------------------------------------------------------------------------------
# 24  Exemptions: suppression by comments, exemptions by name
# gives: find_suppressions, NO_LINE, Suppressor, names_pattern
# uses: Start-up, Ground, Values, Catalogue
# ---------------------------------------------------------------------------------------

# Suppression by comments. Words of other linters either mean the same or are told which ones do.
SUPPRESSION_MARKS = (b"complexity-guard-", b"complexityguard-")  # the second as in the name of the configuration file
_SUPPRESSION = regex(
    r"(?s)^(?://+|/\*+)?[\s*]*complexity-?guard-((?:ignore|disable|enable)(?:-[\w-]*)?|[\w-]+-next-?line)(?!\w)"
    r"\s*(.*?)\s*(?:\*/)?$"
)
_LEADING_STARS = regex(r"(?:^|\n)\s*\*+")  # of the lines of a block comment
_BEFORE_REASON = regex("--|:")
EVERY_LINE, NO_LINE = 0, -1  # instead of the one line that a suppression is for
SUPPRESSION_VERBS, SUPPRESSION_REACHES = ("ignore", "disable"), ("next-line", "line", "file")
MOST_SUGGESTIONS = 50  # in a file: each takes a millisecond


class Suppression:
    """What one comment asks for, and whether a finding was there to keep quiet about."""

    def __init__(self, comment: SuppressionComment, require_reason: bool) -> None:
        """Takes the comment's words apart: names of metrics and families, then the reason."""
        listed, *reason = _BEFORE_REASON.split(comment.words, maxsplit=1)
        names = [name for name in re.split(r"[\s,]+", listed) if name]
        self.comment = comment
        self.reason = " ".join("".join(reason).split())
        self.lacks_reason = require_reason and not self.reason
        self.strangers = [name for name in names if name not in SUPPRESSIBLE]
        self.is_for_all = not names and not self.lacks_reason
        self.metrics: set[str] = set()
        if not self.lacks_reason:
            for name in names:
                self.metrics.update((name, *FAMILY_METRICS.get(name, ())))
        self.used = False

    def covers(self, metric: str) -> bool:
        return self.is_for_all or metric in self.metrics

    def problems(self, suggest: bool) -> list[str]:
        """What is wrong with it, a sentence each."""
        if self.comment.problem:
            return [self.comment.problem]
        strangers = self.strangers[: 3 if self.reason else 1]  # without its mark, a reason is many of them
        found = [stranger_words(name, suggest, self.reason) for name in strangers]
        if self.lacks_reason and found:
            return [f"{found[0]} Its reason is missing, too" if found[0].endswith("?") else found[0]]
        if self.lacks_reason:
            found.append("this suppression gives no reason, and so it does nothing: write -- and the reason behind it")
        if found or self.used:
            return found
        return ["this suppression matches no finding"]


def stranger_words(name: str, suggest: bool, reason: str) -> str:
    """What is wrong with a name in a suppression that is none of a metric or a family."""
    if name in ("duplication", PROJECT_SHARE):
        return "duplication is of several files: overrides in the configuration switch it off for some"
    said = f"no metric is called '{abridged(name)}'"
    meant = nearest(name.lower().rpartition("/")[2], MEANT_METRICS) if suggest else None
    if meant:
        return f"{said}; did you mean {MEANT_METRICS[meant]}?"
    return said if reason else f"{said}; a reason stands behind --"


def find_suppressions(source: SourceText, comments: bytes, prefix: memoryview) -> tuple[SuppressionComment, ...]:
    """The comments that ask to keep quiet about findings; `prefix` has the lines of code up to each line."""
    if not any(mark in source.text for mark in SUPPRESSION_MARKS):
        return ()
    spans = struct.iter_unpack("3i", comments)  # start, end, line
    return tuple(filter(None, (suppression_in(source, start, end, prefix) for start, end, _ in spans)))


def suppression_in(source: SourceText, start: int, end: int, prefix: memoryview) -> SuppressionComment | None:
    """What a comment asks for, if it is for us."""
    match = _SUPPRESSION.match(source.slice(start, end))
    if not match:
        return None
    line, column = source.position(start)
    target, problem = target_of(match[1], line, source.position(end)[0], prefix)
    words = _LEADING_STARS.sub(" ", match[2])
    return SuppressionComment(line, column, target, target, words=words, problem=problem)


def target_of(word: str, first: int, last: int, prefix: memoryview) -> tuple[int, str]:
    """The line that a comment with this word is for, by its own first and last line; and what is wrong with it."""
    verb, _, reach = word.partition("-")
    if verb not in SUPPRESSION_VERBS or reach not in SUPPRESSION_REACHES:
        return NO_LINE, f"there is no complexity-guard-{abridged(word)}{instead_of(verb, reach)}"
    if reach == "next-line":
        return next_code_line(prefix, last), ""
    if reach == "line":
        return first, ""
    if prefix[first - 1]:
        return NO_LINE, f"complexity-guard-{word} holds only above all code"
    return EVERY_LINE, ""


def instead_of(verb: str, reach: str) -> str:
    """What to write instead of a word that is none. ESLint's and Biome's pairs around code have no counterpart:
    what is written between them later would be suppressed as well."""
    if reach in ("start", "end") or not reach and verb != "ignore":
        return ": write complexity-guard-ignore-next-line above each function, or complexity-guard-ignore-file on top"
    meant = {"": "next-line", "all": "file"}.get(reach) or nearest(reach, SUPPRESSION_REACHES)
    if meant:
        return f"; did you mean complexity-guard-ignore-{meant}?"
    return f"; ignore- is followed by {alternatives(SUPPRESSION_REACHES)}"


def next_code_line(prefix: memoryview, line: int) -> int:
    """The first line of code after a line; NO_LINE where the file ends before one."""
    later = bisect_right(prefix, prefix[line], line)
    return later if later < len(prefix) else NO_LINE


class Suppressor:
    """Takes the findings that a comment covers out of a file's."""

    def __init__(self, comments: tuple[SuppressionComment, ...], require_reason: bool) -> None:
        self.suppressions = [Suppression(comment, require_reason) for comment in comments]
        self.suppressed: list[Suppressed] = []
        self.by_target: dict[int, list[Suppression]] = {}
        for suppression in self.suppressions:
            for target in {suppression.comment.target, suppression.comment.function_line}:
                self.by_target.setdefault(target, []).append(suppression)

    def of_function(self, function: MeasuredFunction, violations: Violations) -> Violations:
        """The findings of a function that stay."""
        lines = (function.start_line, 1) if function.kind == "module" else (function.start_line,)
        return self.kept(violations, lines, function.qualified_name)

    def kept(self, violations: Violations, lines: tuple[int, ...], function: str) -> Violations:
        """The findings that no comment for one of the lines covers."""
        return tuple([violation for violation in violations if not self.silences(violation, lines, function)])

    def silences(self, violation: Violation, lines: tuple[int, ...], function: str) -> bool:
        """Whether a comment covers the finding; the first one in the source that does is used for it."""
        asked = [one for line in {EVERY_LINE, *lines} for one in self.by_target.get(line, ())]
        for suppression in sorted(asked, key=attrgetter("comment")):
            if suppression.covers(violation.metric):
                suppression.used = True
                finding = Suppressed(
                    line=lines[0], function=function, metric=violation.metric, level=violation.level,
                    value=violation.value, threshold=violation.threshold, reason=suppression.reason,
                )  # fmt: skip
                self.suppressed.append(finding)
                return True
        return False

    def notices(self) -> tuple[Notice, ...]:
        """What is wrong with suppressions, and which ones nothing needed."""
        found = []
        for suppression in self.suppressions:
            comment = suppression.comment
            for message in suppression.problems(suggest=len(found) < MOST_SUGGESTIONS):
                found.append(Notice(comment.line, comment.column, "unused-suppression", "warning", message))
        return tuple(found)


# Exemptions by name and by shape
def names_pattern(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    """Patterns of ignore_functions: * is any text, ? any letter, all else itself (names hold brackets). A name that
    the console has cut, before the …, is its beginning."""
    if not patterns:
        return None
    from fnmatch import translate

    return re.compile("|".join(translate(re.sub("…$", "*", name).replace("[", "[[]")) for name in patterns))


# ---------------------------------------------------------------------------------------
# 25  Comparison: a file's findings against a baseline or its older version
# gives: delta_of, entry_value, entries_of, bodies_of, paired, adoptions, own_name, Comparer
# uses: Start-up, Ground, Values, Catalogue, Functions, Judgement
# ---------------------------------------------------------------------------------------

MOST_CANDIDATES = 50  # files with a function of a name: a name in more of them does not say to which one a file moved
SAME_HEALTH = 0.5  # points: smaller changes of a function's health are no change


class Match(NamedTuple):
    """What can have findings (a function, a module's own code, a file as a whole), and the entry of what it was."""

    now: Entry  # with all its values
    violations: tuple[Violation, ...]
    entry: Entry | None

    @property
    def before(self) -> dict[str, float]:
        return self.entry.values if self.entry else {}

    @property
    def same_body(self) -> bool:
        return self.entry is not None and self.entry.body == self.now.body


class Verdict(NamedTuple):
    """What became of it."""

    change: str | None = None  # new, worse, better, unchanged; None: there is nothing to say
    violations: tuple[Violation, ...] = ()  # those that gate
    known: tuple[Violation, ...] = ()
    better: tuple[Improvement, ...] = ()


def entry_value(value: float) -> float:
    """A value as entries hold it: the last digits of a logarithm are not the same everywhere."""
    return value if isinstance(value, int) else round(value, 4)


def delta_of(value: float, before: float | None) -> float | None:
    """How far a value is from the entry's."""
    return None if before is None else entry_value(entry_value(value) - before)


def entries_of(path: str, report: FileReport, measured: MeasuredFile) -> Entries:
    """A version of a file as entries with all their values: the file, its module code, the functions downwards."""
    values = [FILE_NUMBERS.values(report), *map(values_of, report.units)]
    named = zip(names_of(report), bodies_of(measured), values)
    return tuple(Entry(path, *name, body, own_values) for name, body, own_values in named)


def names_of(report: FileReport) -> list[tuple[str, int]]:
    """The name of the file, the module and each function, and its number among those of the same name."""
    names = [(FILE_NAME, 1)]
    seen: dict[str, int] = {}
    for f in report.units:
        seen[f.qualified_name] = nth = seen.get(f.qualified_name, 0) + 1
        names.append((f.qualified_name, nth))
    return names


def values_of(f: FunctionReport) -> dict[str, float]:
    values = {name: entry_value(value) for name, value in FUNCTION_NUMBERS.values(f).items()}
    return {**values, "health_score": f.health_score}


def bodies_of(measured: MeasuredFile) -> list[str]:
    """The hashes of the tokens of a file, its module code and its functions, as entries hold them."""
    return [f"{body:016x}" for body in measured.bodies]


# Which entry is whose. Two of the same key are a pair.
exact_key = attrgetter("name", "body")
name_key = attrgetter("name")
place_key = attrgetter("path", "name")


def numberless_key(entry: Entry) -> str:
    return numberless(entry.name)


def body_key(entry: Entry) -> tuple[str, str]:
    """The name may be another one, but no function is a file or a module."""
    return entry.name if entry.name in (FILE_NAME, MODULE_NAME) else "", entry.body


class Pairing:
    """Entries of now and of before, paired by one key after the other: who got which, and what is left of both."""

    def __init__(self, now: Sequence[Entry], before: list[Entry]) -> None:
        self.now = now
        self.before = before
        self.pairs: list[tuple[Entry, Entry]] = []

    def pair(self, key: Callable) -> None:
        """Give each entry of now the first one of before that has the same key and is left."""
        waiting = grouped(reversed(self.before), key)
        lonely = []
        taken = set()
        for one in self.now:
            if same := waiting.get(key(one)):
                entry = same.pop()
                taken.add(id(entry))
                self.pairs.append((one, entry))
            else:
                lonely.append(one)
        self.now = lonely
        self.before = [entry for entry in self.before if id(entry) not in taken]


def paired(now: Entries, before: Entries, found: Container[int] | None = None) -> Pairing:
    """Within a file: by name and body, else by body (it was renamed), else by name (it was edited), else by name but
    for its number (an edited callback after a new one); among equals in order. So a name that a new function took over
    does not mislead. A baseline knows of findings alone: `found` are the ids of what has some, which goes first."""
    pairing = Pairing(now, sorted(before, key=lambda entry: entry.nth))
    pairing.pair(exact_key)
    pairing.pair(body_key)
    if found is not None:
        harmless = [one for one in pairing.now if id(one) not in found]
        pairing.now = [one for one in pairing.now if id(one) in found]
        pairing.pair(name_key)
        pair_renamed(pairing)
        pairing.now = [*pairing.now, *harmless]
    pairing.pair(name_key)
    pairing.pair(numberless_key)
    return pairing


def in_order(entry: Entry) -> tuple[Any, ...]:
    return not entry.values, *entry[:4]


def adoptions(strays: list[Entry], free: list[Entry], vanished: Container[str]) -> dict[str, list[Entry]]:
    """Path -> the entries of other places that functions of the file, strays, are. The same body goes first; then,
    where a file is no more and another one got most of its functions, the same name; then the one function of a name
    that is gone here and the one that is new there: it was moved and edited at once."""
    pairing = Pairing(sorted(strays, key=in_order), sorted(free, key=in_order))
    pairing.pair(exact_key)
    pairing.pair(body_key)
    pairing.before = [entry for entry in pairing.before if entry.values]
    renamed = new_paths(pairing, vanished)
    pairing.before = [entry._replace(path=renamed.get(entry.path, "")) for entry in pairing.before]
    pairing.pair(place_key)
    new = by_sole_names(pairing.now)
    gone = by_sole_names(pairing.before)
    pairing.pairs += [(new[name], gone[name]) for name in sorted(new.keys() & gone.keys())]
    adopted = [entry._replace(path=stray.path, name=stray.name, nth=stray.nth) for stray, entry in pairing.pairs]
    return grouped(adopted, attrgetter("path"))


def new_paths(pairing: Pairing, vanished: Container[str]) -> dict[str, str]:
    """Vanished path -> the path that took over at least half of its entries, by body (the pairs) or by name."""
    from collections import Counter

    paths = paths_by_name(pairing.now)
    moves = [(entry.path, [stray.path]) for stray, entry in pairing.pairs]
    moves += [(path, paths.get(name, ())) for path, name in set(map(place_key, pairing.before))]
    sizes = Counter(old for old, _ in moves)
    votes = Counter((old, new) for old, candidates in moves for new in candidates)
    renamed = {}
    for old, new in sorted(votes, key=lambda move: (votes[move], is_same_name(*move), move)):
        if old in vanished and votes[old, new] * 2 >= sizes[old]:
            renamed[old] = new  # of several, the last has the most votes
    return renamed


def paths_by_name(strays: Sequence[Entry]) -> dict[str, set[str]]:
    """Name -> the files that have functions of this name, but for names that too many have."""
    paths: dict[str, set[str]] = {}
    for stray in strays:
        paths.setdefault(stray.name, set()).add(stray.path)
    return {name: found for name, found in paths.items() if len(found) <= MOST_CANDIDATES}


def is_same_name(one: str, other: str) -> bool:
    """Whether the folder alone is another one."""
    return os.path.basename(one) == os.path.basename(other)


def by_sole_names(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Own name -> the entry that alone has it."""
    found = grouped(entries, lambda entry: own_name(entry.name))
    return {name: ones[0] for name, ones in found.items() if name and len(ones) == 1}


def own_name(qualified: str) -> str:
    """The name without the functions around it; "" where it does not say which function is meant."""
    name = numberless(qualified).rpartition(">")[2]  # "" of what ends in >
    if name == "default export" or name.endswith((" callback", " handler")):
        return ""
    return name


ALIKE = 1 / 3  # how far each value of what was renamed may be from the entry's, as a share of that
MOST_COMPARED = 10_000  # pairs of what is left in a file: more of them is no edit, but another file


def pair_renamed(pairing: Pairing) -> None:
    """Pair what was renamed and edited at once, of what is left of a file: an entry that says little, or of the same
    own name, where the functions around it are the same and the values nearly so. The nearest values go first, of them
    the names that say most."""
    if len(pairing.now) * len(pairing.before) > MOST_COMPARED:
        return
    taken: set[int] = set()
    for *_, one, entry in sorted(renamed(pairing)):
        if not taken & {id(one), id(entry)}:
            taken |= {id(one), id(entry)}
            pairing.pairs.append((one, entry))
    pairing.now = [one for one in pairing.now if id(one) not in taken]
    pairing.before = [entry for entry in pairing.before if id(entry) not in taken]


def renamed(pairing: Pairing) -> Iterator[tuple]:
    """The pairs that may be, the likeliest the smallest."""
    for place, one in enumerate(pairing.now):
        for rank, entry in enumerate(pairing.before):
            far = furthest(one.values, entry.values) if could_be(one.name, entry.name) else 1
            if far <= ALIKE:
                yield far, not own_name(entry.name), -len(names_around(entry.name)), place, rank, one, entry


def furthest(values: Mapping[str, float], before: Mapping[str, float]) -> float:
    """How far the values of an entry are from those of now at most, as a share; 1 where there are none."""
    both = before.keys() & values.keys()
    return max((abs(values[metric] - before[metric]) / (before[metric] or 1) for metric in both), default=1)


def could_be(now: str, before: str) -> bool:
    """Whether a function may have had the other name: its own one says little or is the same, and each function around
    it that has a name is around it still. Names did not always go through calls: `const save = debounce(() => …)` was
    a `debounce callback`."""
    if now in (FILE_NAME, MODULE_NAME) or own_name(before) not in ("", own_name(now)):
        return False
    still = iter(names_around(now))
    return all(name in still for name in names_around(before))


def names_around(qualified: str) -> list[str]:
    """Of the functions around one, those that say something."""
    return [name for name in qualified.replace(ANONYMOUS, "").split(">")[:-1] if own_name(name)]


class Comparer:
    """Compares the report of a file with what the file was."""

    def __init__(self, report: FileReport, judge: Judge, comparison: Comparison) -> None:
        self.report = report
        self.judge = judge
        self.comparison = comparison
        self.has_versions = comparison.kind != "baseline"  # an older version knows every number
        self.parts = (report, *report.units)

    def compared(self, measured: MeasuredFile, entries: Entries) -> tuple[FileReport, Ledger]:
        """The report with only what is new or worse as its findings."""
        accept = self.comparison.accept
        if not self.has_versions and not accept and self.is_as_recorded(entries):
            return self.with_all_known(), Ledger(entries=entries)
        now = entries_of(self.report.path, self.report, measured)
        found = {id(one) for one, part in zip(now, self.parts) if part.violations}
        pairing = paired(now, entries, None if self.has_versions else found)
        matches = self.matches(now, pairing)
        verdicts = [self.verdict(match) for match in matches]
        orphans = [m.now for m in matches if not m.entry and (self.has_versions or m.violations)]
        ledger = Ledger(
            orphans=() if accept else tuple(orphan._replace(values={}) for orphan in orphans),
            free=tuple(pairing.before),
            entries=tuple(self.new_entries(matches, verdicts)) if self.comparison.write else (),
        )
        return self.with_verdicts(verdicts), ledger

    def matches(self, now: Entries, pairing: Pairing) -> list[Match]:
        """Each part with its entry."""
        found = {id(one): entry for one, entry in pairing.pairs}
        parts = zip(now, self.parts)
        return [Match(one, part.violations, found.get(id(one))) for one, part in parts]

    def is_as_recorded(self, entries: Entries) -> bool:
        """Whether the findings are to the last digit what the entries say: the usual case, and a cheap one."""
        has_entry = [bool(part.violations) or is_near for part, is_near in zip(self.parts, self.near_limits())]
        if sum(has_entry) != len(entries):
            return False
        if not entries:
            return True
        named = zip(names_of(self.report), self.parts, has_entry)
        values = {name: findings_of(part.violations) for name, part, is_wanted in named if is_wanted}
        return all(values.get((entry.name, entry.nth)) == entry.values for entry in entries)

    def near_limits(self) -> list[bool]:
        """For the file, the module and each function: whether it has no findings, and another layout could change
        that."""
        report = self.report
        low, high = self.judge.near["file_length"]
        near_file = not report.violations and low < (report.file_length or 0) <= high
        return [near_file, False, *map(self.is_near, report.functions)]

    def is_near(self, f: FunctionReport) -> bool:
        if f.violations or self.judge.ignores(f):
            return False
        values = FUNCTION_NUMBERS.values(f)
        return any(low < values.get(name, 0) <= high for name, (low, high) in self.judge.near.items())

    def with_all_known(self) -> FileReport:
        """The report of a file in which nothing changed."""
        if self.report.status == "ok":
            return self.report
        report, module, *functions = map(self.all_known, self.parts)
        return self.judge.with_status(report._replace(module=module, functions=tuple(functions)))

    def all_known(self, part: Any) -> Any:
        if not part.violations:
            return part
        known = tuple(v._replace(delta=0, since=self.comparison.reference) for v in part.violations)
        return part._replace(violations=(), known=known, change="unchanged", status="ok")

    def verdict(self, match: Match) -> Verdict:
        """What became of a part, finding by finding and as a whole."""
        gating = []
        risen = []
        known = []
        for violation in match.violations:
            before = match.before.get(violation.metric)
            finding = self.finding(violation, before)
            if self.is_harmless(finding, match):
                known.append(finding)
            elif allowed := self.allowed(finding, before):
                risen.append(finding._replace(allowed=allowed))
            else:
                gating.append(finding)
        better = tuple(self.improvements(match))
        change = self.change(match, is_worse=bool(gating or risen), is_better=bool(better))
        return Verdict(change, tuple(gating), (*risen, *known), better)

    def finding(self, violation: Violation, before: float | None) -> Violation:
        """A finding with what became of it."""
        delta = delta_of(violation.value, before)
        is_new = delta is None and self.comparison.gates_new
        return violation._replace(
            delta=delta,
            since=self.comparison.reference,
            ungated=None if is_new and does_gate_new(violation) else violation.ungated,
        )

    def is_harmless(self, violation: Violation, match: Match) -> bool:
        """Whether a finding gates nothing: its value is not above the entry's, or the layout alone brought it about."""
        is_no_larger = violation.delta is not None and violation.delta <= 0
        return self.comparison.accept or is_no_larger or (match.same_body and violation.metric in LAYOUT_METRICS)

    def allowed(self, violation: Violation, before: float | None) -> float | None:
        """What a value past the same limit as before may rise by, where it rose by no more. Crossing a limit fails."""
        if before is None or before <= violation.threshold:
            return None
        allowed = allowed_rise(self.judge.analysis.worse_by[violation.metric], before)
        if violation.delta > allowed:
            return None
        return entry_value(allowed)

    def improvements(self, match: Match) -> Iterator[Improvement]:
        """The values that were above a limit and are smaller now."""
        for metric, old in match.before.items():
            value = match.now.values.get(metric, old)
            if value < old and old > self.judge.lowest_limit(metric):
                yield Improvement(metric, old, value)

    def change(self, match: Match, is_worse: bool, is_better: bool) -> str | None:
        """What became of a part, in a word. An older version knows every number, so it tells what nobody touched."""
        if not match.before:
            if self.has_versions or is_worse:
                return "new"
            return "unchanged" if match.violations else None
        health = 0.0
        if self.has_versions:
            if is_untouched(match):
                return None
            health = match.now.values.get("health_score", 0) - match.before.get("health_score", 0)
        if is_worse or (health <= -SAME_HEALTH and not is_better):
            return "worse"
        return "better" if is_better or health >= SAME_HEALTH else "unchanged"

    def with_verdicts(self, verdicts: list[Verdict]) -> FileReport:
        """The report with the findings that the verdicts leave; of changed code, the functions that changed only."""
        whole = is_whole(self.comparison)
        shown = [verdict if verdict.change or whole else Verdict() for verdict in verdicts]
        judged = zip(self.parts, shown)
        report, module, *functions = (with_findings(part, **verdict._asdict()) for part, verdict in judged)
        functions = tuple(f for f in functions if f.change or whole)
        return self.judge.with_status(report._replace(functions=functions, module=module))

    def new_entries(self, matches: list[Match], verdicts: list[Verdict]) -> Iterator[Entry]:
        """What a baseline written now says: what is known, at its value of today; what is worse, at its old one, so
        that small rises add up to more than is allowed; and what another layout could lift above a limit."""
        for match, verdict, is_near in zip(matches, verdicts, self.near_limits()):
            now, before = match.now, match.before
            worse = [violation.metric for violation in (*verdict.violations, *filter(allowance_of, verdict.known))]
            is_off = before.keys() - now.values.keys()  # the metrics that are switched off today
            values = {metric: old for metric, old in before.items() if metric in worse or metric in is_off}
            values |= findings_of(violation for violation in verdict.known if not violation.allowed)
            body = match.entry.body if worse and match.entry else now.body  # else the next run took it for layout
            if values or is_near:
                yield now._replace(values=values, body=body)


allowance_of = attrgetter("allowed")


def findings_of(violations: Iterable[Violation]) -> dict[str, float]:
    return {v.metric: entry_value(v.value) for v in violations}


def is_untouched(match: Match) -> bool:
    """Whether nothing but the layout is another one."""
    values = match.now.values
    same = (values.get(metric, old) == old for metric, old in match.before.items() if metric not in BY_LAYOUT)
    return match.same_body and all(same)


# ---------------------------------------------------------------------------------------
# 26  Baseline: the baseline's file
# gives: read_baseline, write_baseline, baseline_key
# uses: Words, Ground, Values, Catalogue
# ---------------------------------------------------------------------------------------

# JSON lines, sorted, a line for each function, so that branches merge well.
BASELINE_HEADER, BASELINE_VERSION = "complexity-guard-baseline", 2
MAX_VALUE = 1e300  # more is no number of any function, and a whole number without end no float
_CONFLICT = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")

# And what they are where a line has none:
ENTRY_FIELDS = {"path": "", "function": "", "nth": 1, "body": "", "values": {}}


def read_baseline(path: str) -> list[Entry]:
    """All entries; ConfigError names the line that is damaged."""
    header, *lines = baseline_file_lines(path)
    check_baseline_header(path, header)
    first: dict[tuple, int] = {}  # line of each entry
    entries = []
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        try:
            entry = entry_of_line(line)
            known = first.setdefault(entry[:3], number)
            if known != number:
                raise ValueError(f"{entry.name} of {entry.path} is recorded on line {known} already")
        except ValueError as error:
            raise ConfigError(f"{path}:{number}: {error}; the baseline is damaged") from None
        entries.append(entry)
    return entries


def baseline_file_lines(path: str) -> list[bytes]:
    try:
        return read_input(path).removeprefix(b"\xef\xbb\xbf").splitlines() or [b""]
    except (OSError, Unreadable) as error:
        raise ConfigError(f"cannot read the baseline {path}: {reason_of(error).lower()}") from None


def check_baseline_header(path: str, line: bytes) -> None:
    """ConfigError says that a file is no baseline, or is one of another version."""
    import json

    wanted = f'{{"{BASELINE_HEADER}": {BASELINE_VERSION}}}'
    try:
        version = json.loads(line, object_pairs_hook=object_of_pairs)[BASELINE_HEADER]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise ConfigError(f"{path}:1: not a baseline: its first line must be {wanted}") from None
    if version != BASELINE_VERSION:
        words = f"version {version!r} of the baseline's format; this program reads version {BASELINE_VERSION}"
        raise ConfigError(f"{path}:1: {words}")


def entry_of_line(line: bytes) -> Entry:
    """ValueError says what is wrong with the line."""
    value = object_of_line(line)
    entry = Entry(*(ENTRY_FIELDS | value).values())
    if not all(isinstance(text, str) and text for text in (entry.path, entry.name, entry.body)):
        raise ValueError("path, function and body must be texts")
    if type(entry.nth) is not int or entry.nth < 1:
        raise ValueError("nth must be a whole number of at least 1")
    if "values" in value and not _holds_numbers(entry.values):
        raise ValueError("values must be numbers by metric")
    return entry


def object_of_line(line: bytes) -> dict[str, Any]:
    """The JSON of an entry; its values are yet to be checked."""
    import json

    if line.startswith(_CONFLICT):
        raise ValueError("an unresolved merge conflict")
    try:
        value = json.loads(line.decode(), object_pairs_hook=object_of_pairs)
    except StandsTwice:
        raise
    except (ValueError, RecursionError):  # not nested, that is, as nothing of ours is
        raise ValueError("not JSON") from None
    if not isinstance(value, dict) or not value.keys() <= ENTRY_FIELDS.keys():
        raise ValueError("not an entry")
    return value


class StandsTwice(ValueError):
    """A key of an object of JSON, which could say one thing to a reviewer and another one to us."""


def object_of_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; its keys differ."""
    value: dict[str, Any] = {}
    for key, inner in pairs:
        if key in value:
            raise StandsTwice(f"the key {abridged(repr(key))} stands there twice")
        value[key] = inner
    return value


def _holds_numbers(values: Any) -> bool:
    if not isinstance(values, dict) or not values:
        return False
    return all(type(value) in (int, float) and 0 <= value < MAX_VALUE for value in values.values())


def ascii_or_json(value: Any) -> str:
    """JSON that gives back every name: those that are not Unicode can only be written with escapes."""
    import json

    text = json.dumps(value, ensure_ascii=False)
    return text if text.isascii() or text.isprintable() else json.dumps(value)


def baseline_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """An empty line before each entry: git takes changes of two neighbouring lines for a conflict."""
    yield f'{{"{BASELINE_HEADER}": {BASELINE_VERSION}}}\n'
    places = {metric.name: place for place, metric in enumerate(METRICS)}
    for entry in sorted(entries, key=lambda entry: entry[:3]):
        names = sorted(entry.values, key=lambda name: (places.get(name, len(places)), name))
        values = {name: entry.values[name] for name in names}
        line = {"path": entry.path, "function": entry.name, "nth": entry.nth, "values": values, "body": entry.body}
        told = {field: value for field, value in line.items() if value != ENTRY_FIELDS[field]}
        yield f"\n{ascii_or_json(told)}\n"


def write_baseline(path: str, entries: Iterable[Entry]) -> bool:
    """Whether the file says what it is to say; where it does already, it is not touched."""
    lines = list(baseline_lines(entries))
    text = "".join(lines).encode()
    try:
        same = os.path.exists(path) and read_bytes(path) == text
        if not same:
            write_whole(path, iter(lines))
    except (OSError, Unreadable) as error:
        note(f"error: cannot write the baseline {path}: {getattr(error, 'strerror', None) or error}")
        return False
    note(f"{path} {'is as it was' if same else 'written'}: {len(lines) - 1:,} entries")
    return True


def baseline_key(file: str, folder: str) -> str:
    """A file's path from the folder of the baseline: the same wherever the program is started."""
    file = real_path(file)
    if is_inside(file, folder):
        return file[len(join_path(folder, "")) :]
    try:
        return os.path.relpath(file, folder).replace(os.sep, "/")
    except ValueError:  # on another drive
        return file


# ---------------------------------------------------------------------------------------
# 27  Git: what a repository tracks, and its versions, which git's plumbing tells
# gives: Tracked, GitError, RawChange, Repository, SUBMODULE, raw_changes, repositories
# uses: Words, Start-up, Ground, Language
# ---------------------------------------------------------------------------------------

# What a repository tracks, read from its index: git may not be installed where a repository is, and what a run looks at
# must not depend on that. Formats 2, 3 and 4 as git's gitformat-index describes them, whole or split in two files.
INDEX_BYTES = 1 << 28  # of the file, and of the paths that it names: in format 4 a few bytes can name a long one
IDENTITY_BYTES = (20, 32)  # SHA-1, SHA-256: the index does not say which
EXTENDED = 0x4000  # a flag: two more bytes of flags follow
KNOWN_EXTENSIONS = (b"link", b"sdir")  # of those that may not be passed over: split, and with folders not checked out
WANTED_ENDINGS = (*map(str.encode, GRAMMAR_OF_SUFFIX), b"/")


class Tracked:
    """The source files and submodules of a repository's index, which is read when first somebody asks."""

    def __init__(self, index: str, skip: int, fold: bool) -> None:
        """`skip`: how many letters of a path, as byte_text has it, come before what the index names."""
        self.index, self.skip, self.fold = index, skip, fold
        self.names: list[bytes] | None = None

    def has(self, key: str) -> bool:
        """Whether a file is tracked, or, of a path that ends in "/", anything in there. Raises Unreadable once."""
        if self.names is None:
            self.names = []
            self.names = sorted(map(self.spelled, index_names(self.index)))
        wanted = self.spelled(key[self.skip :].encode("latin-1"))
        found = b"".join(self.names[bisect_left(self.names, wanted) :][:1])
        return found.startswith(wanted) if wanted.endswith(b"/") else found == wanted

    def spelled(self, name: bytes) -> bytes:
        return name.lower() if self.fold else name


def index_names(path: str) -> list[bytes]:
    """The paths that an index names, of source files and, with a "/" behind them, of submodules; Unreadable."""
    if not os.path.lexists(path):
        return []
    data = index_bytes(path)
    for size in IDENTITY_BYTES:
        try:
            return IndexReader(data, size).all_names(os.path.dirname(path))
        except (struct.error, ValueError, IndexError):
            continue
    raise Unreadable("no index of git that this program can read")


def index_bytes(path: str) -> bytes:
    try:
        if os.path.getsize(path) > INDEX_BYTES:
            raise Unreadable("too large an index")
    except OSError as error:
        raise Unreadable(reason_of(error).lower()) from None
    return read_bytes(path)


class IndexReader:
    """An index. ValueError or struct.error: it is damaged, or of another kind, or has identities of another size."""

    def __init__(self, data: bytes, size: int) -> None:
        self.data, self.size = data, size
        self.head = struct.Struct(f">24xL12x{size}xH")  # of an entry: its mode, and its flags
        self.place, self.room = 12, INDEX_BYTES
        signature, self.version, self.count = struct.unpack_from(">4sLL", data)
        if signature != b"DIRC" or self.version not in (2, 3, 4):
            raise ValueError

    def all_names(self, folder: str) -> list[bytes]:
        """Those of its own, and those of the index that it is split from, which lies in the folder."""
        names = wanted_names(self.names())
        link = self.extensions().get(b"link", b"")
        if any(link[: self.size]):
            base = IndexReader(index_bytes(join_path(folder, f"sharedindex.{link[: self.size].hex()}")), self.size)
            deleted = compressed_bits(link[self.size :]) + bytes(base.count)
            names += wanted_names(name for name, is_deleted in zip(base.names(), deleted) if not is_deleted)
        return names

    def names(self) -> Iterator[bytes]:
        """The path of each entry; a submodule's ends in "/"."""
        path = b""
        for _ in range(self.count):
            mode, flags = self.head.unpack_from(self.data, self.place)
            path = self.path_after(path, self.place + self.head.size + (2 if flags & EXTENDED else 0))
            yield path + b"/" if mode >> 12 == 0o16 else path

    def path_after(self, before: bytes, start: int) -> bytes:
        """The path that begins there; format 4 says only how it differs from the one before."""
        kept, is_short = 0, self.version == 4
        if is_short:
            dropped, start = self.varying_number(start)
            kept = len(before) - dropped
        end = self.data.index(b"\0", start)
        self.place = end + 1 if is_short else self.place + (end - self.place + 8 & ~7)  # else by eight bytes
        self.room -= kept + end - start
        if kept < 0 or self.room < 0:
            raise ValueError
        return before[:kept] + self.data[start:end]

    def varying_number(self, place: int) -> tuple[int, int]:
        """A number in as many bytes as it needs, and the place behind it."""
        value = self.data[place] & 127
        while self.data[place] & 128:
            place += 1
            value = (value + 1 << 7) + (self.data[place] & 127)
        return value, place + 1

    def extensions(self) -> dict[bytes, bytes]:
        """What follows the entries, once these were read."""
        found, end = {}, len(self.data) - self.size
        while self.place < end:
            name, size = struct.unpack_from(">4sL", self.data, self.place)
            found[name] = self.data[self.place + 8 : self.place + 8 + size]
            self.place += 8 + size
        if self.place != end or any(name[:1].islower() for name in found.keys() - {*KNOWN_EXTENSIONS}):
            raise ValueError
        return found


def wanted_names(names: Iterable[bytes]) -> list[bytes]:
    return [name for name in names if name.lower().endswith(WANTED_ENDINGS)]


def compressed_bits(data: bytes) -> bytearray:
    """The first bitmap (EWAH) as a byte for each bit. Words of 64 bits: one says of what a run is and how long, and how
    many words of plain bits follow it."""
    bits, words = struct.unpack_from(">LL", data) if data else (0, 0)
    found, place = bytearray(), 8
    while place < 8 + 8 * words and len(found) < bits <= INDEX_BYTES:
        (head,) = struct.unpack_from(">Q", data, place)
        found += bytes([head & 1]) * min(64 * (head >> 1 & 0xFFFFFFFF), bits)
        plain = struct.unpack_from(f">{head >> 33}Q", data, place + 8)
        found += bytes(word >> bit & 1 for word in plain for bit in range(64))
        place += 8 + 8 * len(plain)
    return found


# All else is asked of git.

GIT_OPTIONS = (
    "--no-pager -c core.fsmonitor=false -c core.hooksPath=/dev/null -c core.quotePath=false"
    " -c maintenance.auto=false -c gc.auto=0"  # git would tidy up after it fetched what a partial clone lacks
).split()
GIT_DEFAULTS = {"GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh", "GIT_PROXY_COMMAND": ""}  # where the user says nothing
GIT_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
# Settings that name programs for git to start, and what stands in their place. Filters shape what git reads of the work
# tree. We read that ourselves, so they are off, whoever wants them. The others help to fetch what a partial clone
# lacks. Of those the user's own count, and the repository's do not.
FILTER_SETTINGS = {"clean": "", "smudge": "", "process": "", "required": "false"}
FETCH_SETTINGS = {
    "core.sshcommand": "ssh", "core.askpass": "", "core.alternaterefscommand": "true",
    "credential.helper": "",  # forgets the helpers named before
}  # fmt: skip
_LOCAL_NAMES = "DIR WORK_TREE INDEX_FILE PREFIX OBJECT_DIRECTORY ALTERNATE_OBJECT_DIRECTORIES COMMON_DIR"
GIT_LOCAL = {f"GIT_{name}" for name in _LOCAL_NAMES.split()}  # variables that speak of one repository only
GIT_SECONDS = 300  # a lock, a dead network folder or a fetch may hold it for ever
GIT_ADVICE = (  # what git says -> what it means here; {} is the repository
    (b"dubious ownership", "it belongs to someone else; if you trust it: git config --global --add safe.directory {}"),
    (b"promisor remote", "this clone is partial, and what it lacks cannot be fetched now, or only by its own programs"),
)
GIT_USAGE = 129  # git's exit code for an option that it does not know
SUBMODULE = "160000"  # the mode of a submodule, in place of a file's
DIFF_OPTIONS = "--raw -z -r -M --no-abbrev --no-ext-diff --no-textconv --ignore-submodules=dirty".split()
_OBJECT_NAME = regex(r"[0-9a-f]{40,64}")


class GitError(UsageError):
    """Git cannot say what changed. Exit 3."""


class RawChange(NamedTuple):
    """A line of git's raw diff. Modes tell files, links and submodules apart."""

    old_mode: str
    new_mode: str
    old_id: str
    new_id: str
    status: str  # its first letter counts: U is a conflict
    old_path: str
    new_path: str


class GitSetting(NamedTuple):
    scope: str  # where it is from; "" where git is too old to tell
    key: str  # section.part.name, the part as it is spelled, or section.name
    value: str

    @property
    def plain(self) -> str:
        """The key without its part."""
        return f"{self.key.partition('.')[0]}.{self.key.rpartition('.')[2]}"

    @property
    def is_foreign(self) -> bool:
        """Whether the repository says so, and not its user."""
        return self.scope not in ("system", "global", "command")


class Repository:
    """A work tree, read through git's plumbing: no hooks, no filters, no external drivers, no locks, no questions."""

    def __init__(self, folder: str, environment: Mapping[str, str] | None = None) -> None:
        variables = plain_environment() if environment is None else environment
        self.environment = {**GIT_DEFAULTS, **variables, **GIT_ENVIRONMENT}
        self.program = git_program(self.environment)
        self.disarmed: list[str] = []
        self.root = folder
        top = os.fsdecode(self.git("rev-parse", "--show-toplevel").removesuffix(b"\n"))
        if not os.path.isdir(top):
            raise GitError(f"{folder}: git does not say where its repository begins")
        self.root = real_path(top)
        self.disarm(self.settings())

    def disarm(self, settings: list[GitSetting]) -> None:
        """From now on git starts no filter, and no other program that this repository alone names."""
        for key, value in disarming(settings):
            if "=" in key:  # git would take the text before it for the key
                raise GitError(f"{self.root}: a setting names a program, and cannot be switched off: {abridged(key)}")
            self.disarmed += ["-c", f"{key}={value}"]
        if any(one.plain == "remote.uploadpack" and one.is_foreign for one in settings):
            self.environment["GIT_ALLOW_PROTOCOL"] = "none"  # of this setting the first counts, not the last: ours

    def settings(self) -> list[GitSetting]:
        """All that count for this repository, in git's order."""
        listing = ("config", "--list", "-z")
        done = self.run(*listing, "--show-scope")
        if done.returncode == GIT_USAGE:  # before git 2.26
            text = b"\0" + self.git(*listing).replace(b"\0", b"\0\0")
        else:
            text = done.stdout if not done.returncode else self.git(*listing, "--show-scope")
        texts = iter(os.fsdecode(text).split("\0"))
        return [GitSetting(scope, *text.partition("\n")[::2]) for scope, text in zip(texts, texts)]

    def git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """What a command prints; GitError where it fails."""
        done = self.run(*arguments, stdin=stdin)
        if done.returncode:
            said = os.fsdecode(done.stderr).strip() or f"git {arguments[0]} failed"
            words = said.splitlines()[0].removeprefix("fatal: ")
            for sign, advice in GIT_ADVICE:
                if sign in done.stderr:
                    words += f" ({advice.format(self.root)})"
            raise GitError(f"{self.root}: {words}")
        return done.stdout

    def run(self, *arguments: str, stdin: bytes = b"") -> Any:
        """The process of a command that has ended; GitError where it cannot start or does not end."""
        import subprocess

        options = {"cwd": self.root, "env": self.environment, "input": stdin, "timeout": GIT_SECONDS}
        try:
            command = [self.program, *GIT_OPTIONS, *self.disarmed, *arguments]
            return subprocess.run(command, capture_output=True, check=False, **options)
        except subprocess.TimeoutExpired:
            silence = f"git {arguments[0]} gives no answer within {GIT_SECONDS:g} s"
            raise GitError(f"{self.root}: {silence}; --diff FILE takes a unified diff instead") from None
        except OSError as error:
            raise GitError(f"git cannot be started: {reason_of(error)}") from None

    def commit(self, ref: str) -> str:
        """The commit that a name stands for, or "". By two questions: git does not understand :/words^{commit}."""
        name = self.object(ref)
        return name and self.object(f"{name}^{{commit}}")

    def object(self, ref: str) -> str:
        done = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", ref)
        name = done.stdout.decode("ascii", "replace").strip()
        return "" if done.returncode or not _OBJECT_NAME.fullmatch(name) else name

    def merge_base(self, one: str, other: str) -> str:
        """The commit where two histories parted; "" where there is none."""
        done = self.run("merge-base", one, other)
        return "" if done.returncode else done.stdout.decode().strip()

    def empty_tree(self) -> str:
        return self.git("hash-object", "-t", "tree", "--stdin").decode().strip()

    def is_shallow(self) -> bool:
        return self.git("rev-parse", "--is-shallow-repository").strip() == b"true"

    def changes(self, base: str, target: str) -> list[RawChange]:
        """From `base` to the work tree (""), the "index" or a commit."""
        if target == "":
            return raw_changes(self.git("diff-index", *DIFF_OPTIONS, base))
        if target == "index":
            return raw_changes(self.git("diff-index", *DIFF_OPTIONS, "--cached", base))
        return raw_changes(self.git("diff-tree", *DIFF_OPTIONS, base, target))

    def tree(self, commit: str, paths: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Path -> mode and identity, for those of the paths that are in a commit."""
        return entries_of_tree(self.git("--literal-pathspecs", "ls-tree", "-z", commit, "--", *paths))

    def submodules(self) -> dict[str, str]:
        """Path -> commit of each submodule, as the index has it."""
        found = {}
        for line in self.git("ls-files", "--stage", "-z").split(b"\0"):
            if line.startswith(SUBMODULE.encode()):
                words, _, path = line.partition(b"\t")
                found[os.fsdecode(path)] = words.split()[1].decode()
        return found

    def untracked(self) -> list[str]:
        """Paths of files that git neither has nor ignores; a path that ends in "/" is another repository."""
        names = self.git("ls-files", "--others", "--exclude-standard", "-z").split(b"\0")
        return [os.fsdecode(name) for name in names if name]

    def blobs(self, names: Iterable[str]) -> dict[str, bytes]:
        """Contents by identity, in one process."""
        wanted = list(dict.fromkeys(names))
        if not wanted:
            return {}
        data = self.git("cat-file", "--batch", stdin="".join(f"{name}\n" for name in wanted).encode())
        found, place = {}, 0
        for name in wanted:
            start = data.index(b"\n", place) + 1
            end = start + self.blob_size(name, data[place:start])
            found[name] = data[start:end]
            place = end + 1
        return found

    def contents(self, names: Sequence[str]) -> Iterator[bytes]:
        """The contents of blobs one after the other, from one process: all of a history is more than memory holds."""
        import subprocess
        import tempfile

        with tempfile.TemporaryFile() as wanted:
            wanted.write("".join([f"{name}\n" for name in names]).encode())
            wanted.seek(0)
            command = [self.program, *GIT_OPTIONS, *self.disarmed, "cat-file", "--batch", "--buffer"]
            places = {"cwd": self.root, "env": self.environment}
            pipes = {"stdin": wanted, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            with subprocess.Popen(command, **places, **pipes) as process:
                try:
                    for name in names:
                        size = self.blob_size(name, process.stdout.readline())
                        yield process.stdout.read(size + 1)[:-1]
                finally:
                    process.kill()

    def whole_tree(self, commit: str) -> dict[str, tuple[str, str]]:
        """Path -> mode and identity, of all files and submodules of a commit."""
        return entries_of_tree(self.git("ls-tree", "-r", "-z", commit))

    def is_partial(self) -> bool:
        """Whether the clone lacks contents, which git would fetch one by one."""
        names = r"^(remote\..*\.promisor|extensions\.partialclone)$"
        return bool(self.run("config", "--get-regexp", names).stdout)

    def is_replaced(self) -> bool:
        """Whether git shows other commits than were made: by refs/replace, or by an old file of grafts."""
        grafts = os.fsdecode(self.git("rev-parse", "--git-path", "info/grafts").strip())
        refs = self.git("for-each-ref", "--count=1", "refs/replace")
        return bool(refs) or os.path.isfile(os.path.join(self.root, grafts))

    def blob_size(self, name: str, head: bytes) -> int:
        """The size that stands in the line before a content: identity, kind, size."""
        words = head.split()
        if len(words) != 3 or words[1] != b"blob":
            raise GitError(f"{self.root}: object {name} cannot be read (is the clone partial or damaged?)")
        return int(words[2])


def entries_of_tree(output: bytes) -> dict[str, tuple[str, str]]:
    """What `git ls-tree -z` printed: path -> mode and identity."""
    found = {}
    for line in output.split(b"\0"):
        words, _, path = line.partition(b"\t")
        if path:
            mode, _, name = words.decode().split(" ")
            found[os.fsdecode(path)] = (mode, name)
    return found


def git_program(environment: Mapping[str, str]) -> str:
    """Where git is. Windows would look for it in the repository first, and a relative PATH would lead there too."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in os.get_exec_path(environment):
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise GitError("git is not installed; --diff FILE takes a unified diff instead")


def disarming(settings: Sequence[GitSetting]) -> list[tuple[str, str]]:
    """Keys and values under which git starts no filter, and no other program that the repository alone names."""
    pairs: dict[str, str] = {}
    foreign = set()
    for setting in settings:
        part = setting.key.rpartition(".")[0]
        if part.startswith("filter."):
            pairs.update((f"{part}.{name}", value) for name, value in FILTER_SETTINGS.items())
        elif setting.plain in FETCH_SETTINGS and setting.is_foreign:
            pairs[setting.key] = FETCH_SETTINGS[setting.plain]
            foreign.add(setting.plain)
    own = [one for one in settings if one.plain in foreign and not one.is_foreign]
    return [*pairs.items(), *((one.key, one.value) for one in own)]


def raw_changes(output: bytes) -> list[RawChange]:
    """The rows of a raw diff. A file that was renamed or copied has two paths, any other one."""
    fields = iter(output.split(b"\0"))
    rows = []
    for field in fields:
        if field.startswith(b":"):
            *identities, status = field[1:].decode().split(" ")
            old_path = os.fsdecode(next(fields))
            new_path = os.fsdecode(next(fields)) if status[0] in "RC" else old_path
            rows.append(RawChange(*identities, status, old_path=old_path, new_path=new_path))
    return rows


def repositories(paths: Sequence[str]) -> list[Repository]:
    """Those that the paths are in."""
    hook = hook_repository()
    found = {hook.root: hook} if hook else {}
    for path in paths:
        folder = real_path(path)
        folder = folder if os.path.isdir(folder) else os.path.dirname(folder)
        if not any(is_inside(folder, root) and not is_nested(folder, root) for root in found):
            repository = Repository(folder)
            found[repository.root] = repository
    return list(found.values())


def hook_repository() -> Repository | None:
    """The repository whose hook started this program: variables tell of it, and of the index to look at."""
    if os.environ.get("GIT_WORK_TREE"):
        names = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    elif os.environ.get("GIT_INDEX_FILE"):
        names = ("GIT_INDEX_FILE",)
    else:
        return None
    places = {name: os.path.abspath(os.environ[name]) for name in names if os.environ.get(name)}
    return Repository(os.getcwd(), plain_environment() | places)


def plain_environment() -> dict[str, str]:
    """The environment without what a hook says of its own repository."""
    return {name: value for name, value in os.environ.items() if name not in GIT_LOCAL}


def is_nested(folder: str, root: str) -> bool:
    """Whether another repository, a submodule say, begins between the two."""
    while folder != root:
        if os.path.lexists(join_path(folder, ".git")):
            return True
        folder = os.path.dirname(folder)
    return False


# ---------------------------------------------------------------------------------------
# 28  Changes: what git, or a diff, says was touched
# gives: git_changes, diff_changes, is_source, was_source, is_code
# uses: Words, Start-up, Ground, Values, Language, Git
# ---------------------------------------------------------------------------------------

NEW_FILE = Before("", b"")


def git_changes(paths: Sequence[str], comparison: Comparison) -> list[Change]:
    """Every changed file of the repositories that the paths are in."""
    changes: list[Change] = []
    for repository in repositories(paths):
        base = base_of(repository, comparison)
        changes += changes_in(repository, base, "index" if comparison.kind == "staged" else "")
    return changes


def base_of(repository: Repository, comparison: Comparison) -> str:
    """What to compare with: HEAD, or where the history parted from REF, as pull requests are shown."""
    head = repository.commit("HEAD")
    if comparison.kind == "since":
        return base_since(repository, comparison.source, head)
    return head or repository.empty_tree()


def base_since(repository: Repository, ref: str, head: str) -> str:
    """The commit where HEAD's history parted from that of a name; without such a commit, the one of that name."""
    commit = repository.commit(ref)
    if not commit:
        advice = "; this clone is shallow: fetch it first (git fetch origin NAME)" if repository.is_shallow() else ""
        raise GitError(f"--since {ref}: no such commit in {repository.root}{advice}")
    if not head:
        raise GitError(f"--since {ref}: {repository.root} has no commits yet")
    base = repository.merge_base(commit, head)
    if not base and repository.is_shallow():
        lack = f"this clone is too shallow to hold where HEAD and {ref} parted"
        raise GitError(f"--since {ref}: {lack}; fetch more (git fetch --unshallow)")
    return base or commit


def changes_in(repository: Repository, base: str, target: str) -> list[Change]:
    """From `base` to the work tree (""), the "index" or a commit. Submodules are followed from their old commit."""
    rows = without_conflicts(repository, repository.changes(base, target), base, target)
    changes = file_changes(repository, rows, bool(target))
    rows = [row for row in rows if SUBMODULE in (row.old_mode, row.new_mode)]
    for row in rows if target else [*rows, *other_submodules(repository, rows)]:
        changes += submodule_changes(repository, row, target)
    return changes if target else [*changes, *untracked_changes(repository)]


def without_conflicts(repository: Repository, rows: list[RawChange], base: str, target: str) -> list[RawChange]:
    """Git gives files in conflict no mode. Their old version is looked up; the new one is the file with git's marks."""
    conflicts = sorted({row.new_path for row in rows if row.status == "U"})
    if not conflicts:
        return rows
    if target:
        raise GitError(f"{join_path(repository.root, conflicts[0])}: in conflict; resolve it first")
    nothing = "0" * len(base)
    before = repository.tree(base, conflicts)
    found = [row for row in rows if row.new_path not in conflicts]
    for path in conflicts:
        mode, name = before.get(path, ("000000", nothing))
        found.append(RawChange(mode, "100644", name, nothing, "M", old_path=path, new_path=path))
    return found


def file_changes(repository: Repository, rows: list[RawChange], by_identity: bool) -> list[Change]:
    """The changes of source files; with their new contents where these are not what is on disk."""
    old = [row.old_id for row in rows if was_source(row)]
    new = [row.new_id for row in rows if is_source(row) and by_identity]
    contents = repository.blobs(old + new)
    changes = []
    for row in rows:
        before = Before(row.old_path, contents[row.old_id]) if was_source(row) else NEW_FILE
        if is_source(row):
            path = join_path(repository.root, row.new_path)
            changes.append(Change(path, before, contents[row.new_id] if by_identity else None))
        elif was_source(row):
            changes.append(Change("", before))
    return changes


def was_source(row: RawChange) -> bool:
    return row.old_mode.startswith("100") and is_code(row.old_path)


def is_source(row: RawChange) -> bool:
    return row.new_mode.startswith("100") and is_code(row.new_path)


def is_code(path: str) -> bool:
    return grammar_of(path) is not None


def other_submodules(repository: Repository, rows: list[RawChange]) -> Iterator[RawChange]:
    """The submodules that are at their old commit. What was edited in them, we ask themselves: if git asked, it would
    start the filters that they name."""
    told = {row.new_path for row in rows}
    for path, name in repository.submodules().items():
        if path not in told:
            yield RawChange(SUBMODULE, SUBMODULE, name, name, "M", old_path=path, new_path=path)


def submodule_changes(repository: Repository, row: RawChange, target: str) -> list[Change]:
    """What changed in a submodule. One that is gone, or not checked out, holds nothing to analyse."""
    folder = join_path(repository.root, row.new_path)
    if row.new_mode != SUBMODULE or not os.path.lexists(join_path(folder, ".git")):
        return []
    inner = Repository(folder)
    base = row.old_id
    if row.old_mode != SUBMODULE:
        base = inner.empty_tree()
    elif not inner.commit(base):
        advice = f"fetch it first (git -C {row.new_path} fetch)"
        raise GitError(f"{folder}: the submodule's commit {base[:12]} is not there; {advice}")
    return changes_in(inner, base, row.new_id if target else "")


def untracked_changes(repository: Repository) -> list[Change]:
    """Files that git does not have are new."""
    changes = []
    for name in repository.untracked():
        path = join_path(repository.root, name)
        if name.endswith("/"):
            note(f"{path} is another repository: its changes are not looked at")
        elif is_code(name):
            changes.append(Change(path, NEW_FILE))
    return changes


# Unified diffs, where git is not at hand
_HUNK = regex(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_COLOURS = regex(rb"\x1b\[[\d;]*[mK]")
_COLOURED = regex(rb"(?m)^\x1b\[[\d;]*m(?:diff |--- |\+\+\+ |@@ )")
_HEADINGS = (b"diff -", b"Index: ", b"Property changes on: ")
_OTHER_DIFFS = {  # how a line of a diff begins that tells no lines, or tells them in another way -> what to do
    rb"@@@": "a combined diff of a merge; make it against one side (git diff REF)",
    rb"\*{15}": "a context diff; make a unified one (diff -u)",
    rb"\d+(?:,\d+)?[acd]\d+(?:,\d+)?$": "a plain diff; make a unified one (diff -u)",
}
_ONLY_IN = regex(rb"Only in (.+?): (.+)")
_UNTOLD = regex(
    rb"(?:Binary files|Files) (?P<old>.+) and (?P<new>.+) differ|Binary file (?P<file>.+) has changed"
    rb"|GIT binary patch|Cannot display: .*"
)
_DIFF_PREFIX = regex(r"[abciow]/")
_QUOTED = regex(rb'"((?:[^"\\]|\\.)*)"')
_C_ESCAPE = regex(rb"(?s)\\(?:([0-7]{1,3})|(.))")
_C_LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


class Hunk(NamedTuple):
    line: int  # of the diff, for messages
    start: int  # index of the first line in the new file
    rows: list[bytes]  # each with its sign

    @property
    def old(self) -> list[bytes]:
        return [row[1:] for row in self.rows if row[:1] != b"+"]

    @property
    def new(self) -> list[bytes]:
        return [row[1:] for row in self.rows if row[:1] != b"-"]


class Patch(NamedTuple):
    old: str  # "" where the file is new
    new: str  # "" where it is deleted
    hunks: list[Hunk]


class OldVersion(NamedTuple):  # of a file, before a diff's patches
    path: str  # of the file now; "" where it is deleted
    old_path: str  # "" where it is new
    lines: list[bytes]


def diff_changes(name: str) -> list[Change]:
    """The older versions that a diff tells of."""
    patches = DiffReader(read_diff(name), name).patches()
    patches = [patch for patch in patches if is_code(patch.old) or is_code(patch.new)]
    folder = diff_folder(patches)
    changes = []
    for version in old_versions(patches, folder, name):
        path = version.path and real_path(join_path(folder, version.path))
        before = Before(version.old_path, b"\n".join(version.lines)) if version.old_path else NEW_FILE
        if path or version.old_path:
            changes.append(Change(path, before))
    return changes


def old_versions(patches: list[Patch], folder: str, name: str) -> list[OldVersion]:
    """Files before the patches, of which the last is taken back first: a series may touch a file several times."""
    versions: dict[str, OldVersion] = {}  # by old path
    new: list[OldVersion] = []
    for patch in reversed(patches):
        version = versions.pop(patch.new, None)
        if not version:
            version = OldVersion(patch.new, "", diff_target(folder, patch, name))
        old_path = patch.old if is_code(patch.old) or not patch.old else patch.new  # f.ts.orig is f.ts
        version = OldVersion(version.path, old_path, lines_before(version.lines, patch, name))
        if old_path:
            versions[old_path] = version
        else:
            new.append(version)
    return [*versions.values(), *new]


def read_diff(name: str) -> bytes:
    """A file, or with "-" standard input."""
    if name == "-":
        return read_standard_input()
    try:
        return read_input(name)
    except (OSError, Unreadable) as error:
        raise UsageError(f"cannot read the diff {name}: {reason_of(error).lower()}") from None


def diff_folder(patches: list[Patch]) -> str:
    """The folder that the diff's paths start from: this one, or the first above it that has one of the files."""
    start = folder = real_path(os.getcwd())
    while not any(patch.new and os.path.isfile(join_path(folder, patch.new)) for patch in patches):
        parent = os.path.dirname(folder)
        if parent == folder:
            return start
        folder = parent
    return folder


def diff_target(folder: str, patch: Patch, name: str) -> list[bytes]:
    """The lines of the file that a patch made, as it is now."""
    if not patch.new:
        return []
    path = real_path(join_path(folder, patch.new))
    if not is_inside(path, folder):
        raise UsageError(f"{name} names {patch.new}: a link to a file outside the project")
    try:
        return _lines_of(to_utf8(read_bytes(path)))
    except Unreadable as error:
        raise UsageError(f"{name} names {patch.new}: {error}") from None


def _lines_of(text: bytes) -> list[bytes]:
    return [line.removesuffix(b"\r") for line in text.split(b"\n")]


def lines_before(lines: list[bytes], patch: Patch, name: str) -> list[bytes]:
    """The lines of a file before a patch, from those after it."""
    old: list[bytes] = []
    place = 0
    for hunk in patch.hunks:
        end = hunk.start + len(hunk.new)
        if hunk.start < place or lines[hunk.start : end] != hunk.new:
            words = f"does not fit {patch.new or patch.old} as it is now; make the diff anew"
            raise UsageError(f"{name}:{hunk.line}: {words}")
        old += lines[place : hunk.start] + hunk.old
        place = end
    return old + lines[place:]


def plain_diff(data: bytes) -> bytes:
    """Without what shells and terminals do to diffs: PowerShell's UTF-16, and colours."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
    return _COLOURS.sub(b"", data) if _COLOURED.search(data) else data


class DiffReader:
    """Unified diffs as git, diff -u, Mercurial and Subversion write them, with whatever stands between."""

    def __init__(self, data: bytes, name: str) -> None:
        self.lines = _lines_of(plain_diff(data).removesuffix(b"\n"))
        self.name = name
        self.place = 0  # how many lines were read
        self.heading = b""  # the latest line that names a file of the diff

    def patches(self) -> list[Patch]:
        """All of them, in their order."""
        found: list[Patch] = []
        old = ""
        while self.place < len(self.lines):
            line = self.next_line()
            self.place += 1
            self.refuse_other_diffs(line)
            if line.startswith(b"rename from "):
                old = _diff_name(line[12:])
            elif line.startswith((b"rename to ", b"copy to ")):
                found.append(self.moved_patch(line, old))
            elif line.startswith(b"--- ") and self.next_line().startswith(b"+++ "):
                patch = self.headed_patch(line)
                if not found or not is_told_again(found[-1], patch):
                    self.check_inside(patch.old, patch.new)
                    found.append(patch)
            elif line.startswith(b"@@ ") and found:
                found[-1].hunks.append(self.hunk(line))
        self.check_is_diff(found)
        return found

    def refuse_other_diffs(self, line: bytes) -> None:
        """Refuses what tells no lines, or tells them in another way than unified diffs do: changes would pass."""
        if line.startswith(_HEADINGS):
            self.heading = line
        for beginning, words in _OTHER_DIFFS.items():
            if re.match(beginning, line):
                self.refuse(words)
        self.refuse_untold_changes(line)

    def refuse_untold_changes(self, line: bytes) -> None:
        """Refuses a line that says of a source file that it is another one, or new, in place of its lines."""
        if only := _ONLY_IN.fullmatch(line):
            folder, name = map(os.fsdecode, only.groups())
            if is_code(name) or os.path.isdir(join_path(folder, name)):
                self.refuse(f"{name} is in {folder} only, and what it holds is not told; diff -N tells it")
        if untold := _UNTOLD.fullmatch(line):
            names = [*filter(None, untold.groups()), self.heading]
            if name := next(filter(is_code, map(_last_name, names)), ""):
                self.refuse(f"{name} differs, but not told is by what; git diff --text tells it, or diff -a")

    def check_is_diff(self, patches: list[Patch]) -> None:
        """Refuses text that is no diff. One of nothing is empty; one of modes or pictures alone has headings."""
        if not patches and not self.heading and any(map(bytes.strip, self.lines)):
            raise UsageError(f"{self.name}: not a diff; git diff makes one, or diff -u")

    def refuse(self, words: str) -> None:
        raise UsageError(f"{self.name}:{self.place}: {words}")

    def next_line(self) -> bytes:
        return self.lines[self.place] if self.place < len(self.lines) else b""

    def moved_patch(self, line: bytes, old: str) -> Patch:
        """A file that git says was renamed; one that was copied is new, whatever it was copied from."""
        word, _, field = line.partition(b" to ")
        name = _diff_name(field)
        self.check_inside(old, name)
        return Patch(old if word == b"rename" else "", name, [])

    def headed_patch(self, line: bytes) -> Patch:
        """The patch of a --- line and the +++ line after it. Git's a/ and b/ are left out, if the diff has them."""
        names = (_diff_name(line[4:]), _diff_name(self.next_line()[4:]))
        old, new = ("" if name == "/dev/null" else name for name in names)
        self.place += 1
        prefixed = all(not name or _DIFF_PREFIX.match(name) for name in (old, new))
        if prefixed and not os.path.isfile(new):
            old, new = old[2:], new[2:]
        self.check_rows_follow(old, new)
        return Patch(old, new, [])

    def check_rows_follow(self, old: str, new: str) -> None:
        """Refuses a source file without hunks; only Subversion names one so, whose properties alone are others."""
        following = next(filter(None, self.lines[self.place : self.place + 2]), b"")
        if any(map(is_code, (old, new))) and not following.startswith((b"@@", b"Property changes on: ")):
            self.refuse(f"no hunk of {new or old} follows")

    def check_inside(self, *paths: str) -> None:
        for path in paths:
            if os.path.isabs(path) or ".." in path.split("/") or "\0" in path:
                raise UsageError(f"{self.name}:{self.place}: {path} is outside the folder that the diff is of")

    def hunk(self, line: bytes) -> Hunk:
        """The hunk that a line begins."""
        head = _HUNK.match(line)
        if not head:
            raise UsageError(f"{self.name}:{self.place}: not the head of a hunk")
        first = self.place
        old, new = (int(count or 1) for count in (head[2], head[4]))
        start = int(head[3]) - (new > 0)
        rows = self.rows(first, old, new)
        if self.next_line()[:1] in (b"+", b"-") and not self.next_line().startswith((b"--", b"+++ ")):
            raise UsageError(f"{self.name}:{self.place + 1}: the hunk of line {first} has more rows than its head says")
        return Hunk(first, max(start, 0), rows)

    def rows(self, first: int, old: int, new: int) -> list[bytes]:
        """The rows of the hunk that begins on line `first`: so many old lines, and so many new ones."""
        rows: list[bytes] = []
        while old > 0 or new > 0:
            row = self.next_line() or b" "
            sign = row[:1]
            if self.place >= len(self.lines) or sign not in b" +-\\":
                raise UsageError(f"{self.name}:{self.place + 1}: the hunk of line {first} is cut short")
            self.place += 1
            old -= sign in b" -"
            new -= sign in b" +"
            if sign != b"\\":
                rows.append(row)
        return rows


def is_told_again(latest: Patch, patch: Patch) -> bool:
    """Whether a patch is of the rename that the latest one is."""
    return not latest.hunks and latest.new == patch.new and latest.old in ("", patch.old)


def _last_name(words: bytes) -> str:
    """The file that a line names last, or the end of its name: enough to tell by its suffix whether it is a source."""
    name = os.fsdecode(words.rpartition(b" ")[2].strip(b"\"'"))
    return name[2:] if _DIFF_PREFIX.match(name) else name


def _diff_name(field: bytes) -> str:
    """A file's name in a header: without a time stamp, and without the quotes of C."""
    quoted_name = _QUOTED.match(field)
    if not quoted_name:
        return os.fsdecode(field.split(b"\t")[0])
    plain = _C_ESCAPE.sub(
        lambda m: bytes([int(m[1], 8) & 0xFF]) if m[1] else _C_LETTERS.get(m[2], m[2]), quoted_name[1]
    )
    return os.fsdecode(plain)


# ---------------------------------------------------------------------------------------
# 29  History: the commits of a window, and the files that they touched
# gives: FilePaths, log_of, lines_of_files, day_of, is_counted
# uses: Words, Start-up, Ground, Git, Changes
# ---------------------------------------------------------------------------------------

# One `git log --raw` tells all that is known of files. Lines are not counted: --numstat takes ten times as long.
MOST_FILES = 30  # of a commit: those that touch more are counted apart, for they say little of each file
PERIODS = {"d": 86_400, "w": 604_800, "m": 2_629_746, "y": 31_556_952}  # seconds; months and years are mean ones
_PERIOD = regex(r"([0-9]{1,4})([dwmy])")
_IDENTITIES = regex(rb"(?m)^[0-9a-f]{40,64}\b")
LOG_FORMAT = "--format=%H%x00%ct%x00%aN%x00%aE%x00%s"  # with .mailmap
LOG_FIELDS = 5
BEGINNINGS_OF_ROWS = (b"\n:", b":0", b":1")
LOG_OPTIONS = ("log", "-M", "-z", "-l2000", "--no-merges", "--no-abbrev", "--no-show-signature", "--no-ext-diff",
               "--no-textconv", "--ignore-submodules=none", "--no-color")  # fmt: skip
IGNORED_REVISIONS = ".git-blame-ignore-revs"
CLOCK_SLIP = 86_400  # seconds that clocks may differ


class LoggedCommit(NamedTuple):
    id: str
    time: int  # when it was committed, in seconds since 1970
    author: str
    email: str
    subject: str
    rows: tuple[RawChange, ...] = ()

    @property
    def is_large(self) -> bool:
        return len(self.rows) > MOST_FILES


class Log(NamedTuple):
    """The commits of a window, the newest first: no merges, and none that the repository wants passed over."""

    root: str
    head: str
    since: int  # when the window begins; 0 where a commit, or nothing, bounds it
    until: int  # the date of HEAD
    commits: tuple[LoggedCommit, ...]
    bounds: tuple[str, ...]  # of the window, as git takes them
    tracked: Mapping[str, str]  # path -> identity, of the source files of HEAD
    foreign: tuple[str, ...]  # folders of submodules, whose history is another one
    remarks: tuple[str, ...]  # what has to be known of these counts


def log_of(repository: Repository, window: str) -> Log:
    """The history of a repository: of so long before HEAD, after a commit, or all of it. Raises GitError."""
    head = repository.commit("HEAD")
    if not head:
        raise GitError(f"{repository.root} has no commits yet, so it has no history")
    if repository.is_partial():
        lack = "this clone is partial, and lacks what older commits hold"
        raise GitError(f"{repository.root}: {lack}; make it whole (git fetch --refetch --no-filter), or use --history")
    until = int(repository.git("log", "-1", "--format=%ct", head))
    since, bounds = bounds_of_window(repository, window, head, until)
    commits = commits_between(repository, since, bounds)
    tracked, foreign = files_of_commit(repository, head)
    return Log(
        root=repository.root,
        head=head,
        since=since,
        until=until,
        commits=commits,
        bounds=bounds,
        tracked=tracked,
        foreign=foreign,
        remarks=tuple(remarks_on(repository, commits, until)),
    )


def commits_between(repository: Repository, since: int, bounds: Sequence[str]) -> tuple[LoggedCommit, ...]:
    """The commits that git tells of within these bounds, from so many seconds on, without those to be passed over."""
    output = repository.git(*LOG_OPTIONS, "--raw", LOG_FORMAT, *bounds)
    passed_over = ignored_revisions(repository)
    found = []
    for commit in logged_commits(output):
        if commit.time >= since and commit.id not in passed_over:
            found.append(commit)
    return tuple(found)


def files_of_commit(repository: Repository, commit: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The source files of a commit, each with its identity, and the folders of its submodules."""
    tracked: dict[str, str] = {}
    foreign: list[str] = []
    for path, (mode, name) in repository.whole_tree(commit).items():
        if mode == SUBMODULE:
            foreign.append(path)
        elif mode.startswith("100") and is_code(path):
            tracked[path] = name
    return tracked, tuple(foreign)


def bounds_of_window(repository: Repository, window: str, head: str, until: int) -> tuple[int, tuple[str, ...]]:
    """When a window begins, and how git is told: "12m" reaches back from the date of HEAD, so that a report does not
    change by the day."""
    if window == "all":
        return 0, (head,)
    period = _PERIOD.fullmatch(window)
    if period:
        seconds = int(period[1]) * PERIODS[period[2]]
        since = max(0, until - seconds)
        return since, (f"--since={since} +0000", head)
    commit = repository.commit(window)
    if not commit:
        words = "neither so many days, weeks, months or years (12m, 2y), nor all, nor a commit"
        raise GitError(f"--window {window}: {words} of {repository.root}")
    return 0, (f"{commit}..{head}",)


def logged_commits(output: bytes) -> Iterator[LoggedCommit]:
    """What `git log` printed, field by field. The first field of a commit is its identity, and that of a row of its
    diff begins with a colon."""
    fields = output.split(b"\0")
    end = len(fields) - 1
    start = 0
    while start + LOG_FIELDS <= end:
        place = start + LOG_FIELDS
        identity, seconds, *texts = fields[start:place]
        start = place
        while place < end and fields[place][:2] in BEGINNINGS_OF_ROWS:
            status = fields[place].rpartition(b" ")[2]
            place += 3 if status.startswith((b"R", b"C")) else 2
        diff = b"\0".join(fields[start:place])
        start = place
        words = [text.decode("utf-8", "replace") for text in texts]
        rows = tuple(raw_changes(diff.lstrip(b"\n")))
        yield LoggedCommit(identity.decode(), int(seconds), *words, rows)


def ignored_revisions(repository: Repository) -> set[str]:
    """The commits that a repository wants passed over where blame is told: those that only lay out code anew."""
    try:
        data = read_bytes(join_path(repository.root, IGNORED_REVISIONS))
    except Unreadable:
        return set()
    return {name.decode() for name in _IDENTITIES.findall(data)}


def remarks_on(repository: Repository, commits: Sequence[LoggedCommit], until: int) -> Iterator[str]:
    """What makes the counts others than they seem."""
    if repository.is_shallow():
        begins = f" after {day_of(commits[-1].time)}" if commits else ""
        yield f"this clone is shallow: all that is known are the commits{begins} (git fetch --unshallow gets the rest)"
    if repository.is_replaced():
        yield "git replaces commits here (git replace, or grafts): the history is what they make of it"
    if until > time.time() + CLOCK_SLIP:
        yield f"HEAD is of {day_of(until)}, which is still to come: a clock was wrong, and so may be the window"
    if not commits:
        yield "no commit of the window touches anything"


def lines_of_files(repository: Repository, log: Log) -> dict[str, tuple[int, int]]:
    """Path at HEAD -> the lines that commits added and deleted, those of commits that touch too many files as well."""
    known = {commit.id for commit in log.commits}
    output = repository.git(*LOG_OPTIONS, "--numstat", "--format=%x00%H", *log.bounds)
    paths: dict[str, str] = {}
    found: dict[str, tuple[int, int]] = {}
    for commit, counts, old, new in counted_rows(output):
        path = paths.get(new, new)
        paths[old] = path
        if commit in known and "-" not in counts:
            added, deleted = found.get(path, (0, 0))
            found[path] = (added + int(counts[0]), deleted + int(counts[1]))
    return found


def counted_rows(output: bytes) -> Iterator[tuple[str, list[str], str, str]]:
    """The rows of --numstat: commit, both counts ("-" for what has no lines), and both paths."""
    commit = ""
    fields = iter(os.fsdecode(output).split("\0"))
    for field in fields:
        *counts, path = field.lstrip("\n").split("\t", 2)
        if not counts:
            commit = path or commit
        elif path:
            yield commit, counts, path, path
        else:
            yield commit, counts, next(fields), next(fields)


def day_of(seconds: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


class FilePaths:
    """What files are called at HEAD, for whoever goes from there to older commits."""

    def __init__(self) -> None:
        self.now: dict[str, str] = {}  # an older path -> the path at HEAD

    def of(self, row: RawChange) -> str:
        """The path at HEAD of the file that a row is of; from here on, its older path leads there."""
        path = self.now.get(row.new_path, row.new_path)
        if row.status[0] == "R":
            self.now[row.old_path] = path
        return path


def is_counted(row: RawChange) -> bool:
    """Whether it is a row of a source file."""
    return is_source(row) or was_source(row)


# ---------------------------------------------------------------------------------------
# 30  Reference: what a run is compared with
# gives: Reference, prepare, count_findings
# uses: Words, Start-up, Ground, Values, Discovery, Comparison, Baseline, Changes
# ---------------------------------------------------------------------------------------


NOTHING: Mapping[str, Any] = {}  # to read only


class Reference(NamedTuple):
    """What a run is compared with: nothing, a baseline, or older versions of its files."""

    jobs: Sequence[Job]  # the files to analyse, each with what is known of it
    comparison: Comparison
    known: Mapping[str, Entries] = NOTHING  # path as reported -> what the baseline says of the file
    free: Entries = ()  # entries of files that are no more
    vanished: frozenset[str] = frozenset()  # paths of the files that are no more
    unseen: Entries = ()  # entries of files that this run does not look at
    keys: Mapping[str, str] = NOTHING  # path as reported -> path in the baseline
    folder: str = ""  # of the baseline
    shares: Mapping[str, Entry] = NOTHING  # path in the baseline -> what it says of clones there
    links: Mapping[str, Entry] = NOTHING  # the same of imports
    clues: frozenset[str] | None = None  # bodies and names of entries; None: entries can be of any body and name

    def is_there(self, key: str) -> bool:
        """Whether a file of the baseline still exists."""
        return os.path.lexists(os.path.join(self.folder, key))

    def settle(self, arriving: Iterable[Outcome], again: Callable) -> Iterator[Outcome]:
        """The outcomes with their ledgers, each as soon as it is certain. One with functions that may have come from
        another file waits until all files have told which entries are free; if it gets some, `again` analyses its file
        once more."""
        if not self.comparison.kind:
            yield from arriving
            return
        waiting: dict[int, Outcome] = {}
        free = list(self.free)
        for outcome in arriving:
            ledger = outcome.ledger or Ledger()
            free += ledger.free
            if any(map(self.may_have_moved, ledger.orphans)):
                waiting[outcome.index] = outcome
            else:
                yield self.settled(outcome, ledger)
        strays = [orphan for outcome in waiting.values() for orphan in outcome.ledger.orphans]
        adopted = adoptions(strays, free, self.vanished) if strays and free else {}
        yield from self.settle_waiting(waiting, adopted, again)

    def settle_waiting(
        self, waiting: dict[int, Outcome], adopted: dict[str, list[Entry]], again: Callable
    ) -> Iterator[Outcome]:
        """The outcomes that waited; those of files that got entries of other files are compared with these too."""
        jobs = []
        for index, outcome in sorted(waiting.items()):
            if entries := adopted.get(outcome.path):
                job = self.jobs[index]
                jobs.append(job._replace(entries=(*job.entries, *entries)))
            else:
                yield self.settled(outcome, outcome.ledger)
        for outcome in again(jobs) if jobs else ():
            ledger = waiting[outcome.index].ledger
            yield self.settled(outcome, ledger._replace(adopted=tuple(adopted[outcome.path])))

    def may_have_moved(self, orphan: Entry) -> bool:
        """Whether a function without an entry may be of another file."""
        words = {orphan.body, orphan.name, own_name(orphan.name)}
        return self.clues is None or not words.isdisjoint(self.clues)

    def settled(self, outcome: Outcome, ledger: Ledger) -> Outcome:
        """The outcome with what there is to record of it, and with the entries that its ledger does not need."""
        entries = self.entries_to_write(outcome)
        return outcome._replace(ledger=Ledger(free=ledger.free, adopted=ledger.adopted, entries=entries))

    def entries_to_write(self, outcome: Outcome) -> Entries:
        """What a baseline written now says of a file. Of one that could not be analysed it says what it said."""
        if not self.comparison.write:
            return ()
        if outcome.ledger is None:
            return self.known[outcome.path]
        key = self.keys[outcome.path]
        return tuple(entry._replace(path=key) for entry in outcome.ledger.entries)


def prepare(paths: Sequence[str], jobs: Sequence[Job], settings: Settings) -> Reference:
    """What the settings ask the files to be compared with."""
    comparison = settings.comparison
    if not comparison.kind:
        return Reference(jobs, comparison)
    if comparison.kind == "baseline":
        return against_baseline(jobs, comparison)
    has_graph = "graph" in settings.analysis.metrics
    return against_versions(paths, jobs, comparison, has_graph)


def against_baseline(jobs: Sequence[Job], comparison: Comparison) -> Reference:
    """Each job with its entries. A first baseline, and one that is forced, accepts all findings of today."""
    first = bool(comparison.write) and not os.path.exists(comparison.source)
    accept = first or (bool(comparison.write) and comparison.force)
    folder = real_path(os.path.dirname(os.path.abspath(comparison.source)))
    entries = [] if first else read_baseline(comparison.source)
    reference = Reference(
        jobs=jobs,
        comparison=comparison._replace(accept=accept),
        keys={job.path: baseline_key(job.file or os.path.abspath(job.path), folder) for job in jobs},
        folder=folder,
        shares={entry.path: entry for entry in entries if entry.name == DUPLICATED},
        links={entry.path: entry for entry in entries if entry.name == IMPORTING},
    )
    return with_entries(reference, [entry for entry in entries if entry.name not in (DUPLICATED, IMPORTING)])


def with_entries(reference: Reference, entries: list[Entry]) -> Reference:
    """What the baseline says of the files of this run, of files that are no more, and of all others."""
    by_path = grouped(entries, attrgetter("path"))
    known = {path: tuple(by_path.pop(key, ())) for path, key in reference.keys.items()}
    others = list(chain.from_iterable(by_path.values()))
    vanished = frozenset(path for path in by_path if not reference.is_there(path))
    free = tuple(entry for entry in others if entry.path in vanished)
    accept = reference.comparison.accept
    return reference._replace(
        jobs=[job._replace(entries=() if accept else known[job.path]) for job in reference.jobs],
        known=known,
        free=free,
        vanished=vanished,
        unseen=tuple(entry for entry in others if entry.path not in vanished),
        clues=clues_of([*chain.from_iterable(known.values()), *free], free),
    )


def clues_of(everything: list[Entry], free: Iterable[Entry]) -> frozenset[str]:
    """Bodies and names: a function that has none of them cannot be the one that an entry tells of."""
    clues = {entry.body for entry in everything}
    clues |= {own_name(entry.name) for entry in everything if entry.values}
    clues |= {entry.name for entry in free if entry.values}
    return frozenset(clues - {""})


def against_versions(paths: Sequence[str], jobs: Sequence[Job], comparison: Comparison, has_graph: bool) -> Reference:
    """Only the files that changed, each with its older version; with --whole-project the others too. The graph wants to
    know what the others import."""
    if "-" in paths:
        raise UsageError(f"standard input has no older version; --{comparison.kind} needs files")
    changes = diff_changes(comparison.source) if comparison.kind == "diff" else git_changes(paths, comparison)
    for change in changes:
        if change.source is not None and not os.path.lexists(change.path):
            note(f"{change.path} is staged but not in the work tree: not analysed")
    compared = list(jobs_of_changes(jobs, changes))
    if not comparison.whole_project:
        compared = [job._replace(is_context=job.before is None) for job in compared if job.before or has_graph]
    has_versions = any(job.before and job.before.path for job in compared)
    return Reference(
        jobs=[job._replace(index=index, entries=()) for index, job in enumerate(compared)],
        comparison=comparison,
        vanished=frozenset(job.path for job in compared if job.is_gone),
        clues=None if has_versions else frozenset(),  # all is new: nothing can have come from elsewhere
    )


def jobs_of_changes(jobs: Iterable[Job], changes: list[Change]) -> Iterator[Job]:
    """Files that changed, with their older versions, and the others; then those that are no more."""
    changed = {change.path: change for change in changes if change.path}
    for job in jobs:
        change = changed.pop(real_path(job.file), None)
        if change:
            size = job.size + len(change.before.source)
            yield job._replace(before=change.before, source=change.source, size=size)
        else:
            yield job
    for before in (change.before for change in changes if not change.path):
        yield Job(0, before.path, "", len(before.source), before=before, is_gone=True)


def count_findings(entries: Iterable[Entry]) -> int:
    """How many entries hold findings: the others are near a limit only."""
    return sum(1 for entry in entries if entry.values)


# ---------------------------------------------------------------------------------------
# 31  Clones: duplicated code, and the shares of it
# gives: find_duplication, project_share, share_violation, duplication_in_health
# uses: Words, Start-up, Ground, Values, Catalogue, Rules, Scan, Judgement
# ---------------------------------------------------------------------------------------


EXCERPT_LINES = 4


class Repeat(NamedTuple):
    """A run of tokens that stands at several places of the stream."""

    tokens: int
    exact: bool  # the texts are equal too, not only the kinds of tokens
    places: tuple[int, ...]

    @property
    def surplus(self) -> int:
        """Tokens at all places but one."""
        return self.tokens * (len(self.places) - 1)


class TokenStream:
    """The tokens of all files, one file after the other with a barrier between them, for one search over them all."""

    def __init__(self) -> None:
        from array import array

        self.names: list[str] = []
        self.sizes: list[int] = []  # how many tokens each file has, barriers left out
        self.codes, self.hashes = bytearray(), bytearray()
        self.counts = array("i")  # for each line, how many tokens of its file stand before it
        self.begins = [0]  # where each file begins, and where the last one ends
        self.rows = [0]  # the same in `counts`

    def add(self, name: str, columns: TokenColumns) -> None:
        codes = columns.codes
        barriers = codes.count(0)
        self.names.append(name)
        self.sizes.append(len(codes) - barriers)
        self.codes += codes + b"\0"
        self.hashes += columns.hashes + bytes(4)
        self.counts.frombytes(columns.lines)
        self.begins.append(len(self.codes))
        self.rows.append(len(self.counts))

    def take_repeats(self, minimum: int) -> list[Repeat]:
        """The runs that occur twice, the most surplus tokens first. The columns, which are large, are given up."""
        kernel = kernel_module()
        search = kernel.clones if kernel else clones_in_python
        found = list(unpack_groups(search(self.codes, self.hashes, minimum)))
        self.codes, self.hashes = bytearray(), bytearray()
        return sorted(found, key=lambda repeat: (-repeat.surplus, repeat.places))

    def located(self, place: int, tokens: int) -> ClonePlace:
        """The file of a run, its first line, and the line that its last token begins on."""
        number = bisect_right(self.begins, place) - 1
        row, end = self.rows[number : number + 2]
        token = place - self.begins[number]
        last_token = token + tokens - 1
        first = bisect_right(self.counts, token, row, end)
        last = bisect_right(self.counts, last_token, first, end)
        return ClonePlace(self.names[number], first - row, last - row)

    def cloned(self, repeats: Iterable[Repeat]) -> list[int]:
        """How many tokens of each file are in one of the repeats."""
        marks = bytearray(self.begins[-1])
        for repeat in repeats:
            ones = b"\1" * repeat.tokens
            for place in repeat.places:
                marks[place : place + repeat.tokens] = ones
        bounds = zip(self.begins, self.begins[1:])
        return [marks.count(1, begin, end) for begin, end in bounds]


def find_duplication(tokens: dict[int, tuple[str, TokenColumns]], settings: Settings) -> Duplication:
    """Clones over all files; empties `tokens` on the way, for the columns are large."""
    stream = TokenStream()
    for index in sorted(tokens):
        stream.add(*tokens.pop(index))
    analysis = settings.analysis
    repeats, groups = [], []
    for repeat in stream.take_repeats(analysis.duplication_min_tokens):
        group = clone_group(repeat, stream)
        if group.lines >= analysis.duplication_min_lines:
            repeats.append(repeat)
            groups.append(group)
    for number, group in enumerate(groups[: settings.top]):
        excerpt = clone_excerpt(group.occurrences[0])
        groups[number] = group._replace(excerpt=excerpt)
    cloned = stream.cloned(repeats)
    shares = clone_shares(stream, cloned, settings)
    return shares._replace(groups=tuple(groups))


def clone_group(repeat: Repeat, stream: TokenStream) -> CloneGroup:
    """The files and lines of a repeat; its lines are those of the place that spans the most."""
    places = [stream.located(place, repeat.tokens) for place in repeat.places]
    spans = [place.end_line - place.start_line for place in places]
    lines = max(spans) + 1
    return CloneGroup(repeat.exact, repeat.tokens, lines, tuple(places), excerpt=())


def clone_excerpt(place: ClonePlace) -> tuple[str, ...]:
    """The first lines of a clone, read again: only a handful of groups are shown."""
    try:
        source = to_utf8(read_bytes(place.path))
    except Unreadable:
        return ()
    lines = source.decode("utf-8", "replace").split("\n")
    shown = lines[place.start_line - 1 : place.end_line]
    return tuple(line.rstrip() for line in shown[:EXCERPT_LINES])


def clone_shares(stream: TokenStream, cloned: list[int], settings: Settings) -> Duplication:
    """The share of each file's tokens, and of the project's, that are in clones."""
    rows = zip(stream.names, stream.sizes, cloned)
    files = tuple([clone_share(*row, settings) for row in rows])
    total = sum(stream.sizes)
    project = clone_share(PROJECT, total, sum(cloned), settings)
    return Duplication(project.duplication_pct, project.status, files, groups=())


def clone_share(name: str, total: int, cloned: int, settings: Settings) -> FileDuplication:
    share = 100.0 * cloned / total if total else 0.0
    violation = violation_by_share(name, share, settings)
    status = violation.level if violation else "ok"
    return FileDuplication(name, total, cloned, share, status)


def violation_by_share(name: str, share: float, settings: Settings) -> Violation | None:
    metric, analysis = PROJECT_SHARE, settings.analysis
    if name != PROJECT:
        metric, analysis = "duplication", analysis_for(settings, name)[1]
    return violation_of(metric, share, analysis)


def project_share(found: Duplication) -> FileDuplication:
    """The project's share, as those of files are."""
    return FileDuplication(
        path=PROJECT,
        total_tokens=sum(file.total_tokens for file in found.files),
        cloned_tokens=sum(file.cloned_tokens for file in found.files),
        duplication_pct=found.project_duplication_pct,
        status=found.project_status,
        delta=found.project_delta,
    )


def share_violation(share: FileDuplication, settings: Settings) -> Violation | None:
    if share.status == "ok":
        return None
    violation = violation_by_share(share.path, share.duplication_pct, settings)
    if violation and settings.comparison.kind == "baseline":
        return violation._replace(delta=share.delta, since=settings.comparison.reference)
    return violation


def duplication_in_health(found: Duplication | None, analysis: Analysis) -> tuple[float, float]:
    """The share of duplicated code in the project's health, which the functions have the rest of, and the points that
    it takes."""
    share = duplication_share(analysis) if found else 0.0
    if not found or not share:
        return 0.0, 0.0
    return share, share * penalty(found.project_duplication_pct, *analysis.thresholds[PROJECT_SHARE])


def unpack_groups(answer: bytes) -> Iterator[Repeat]:
    """The kernel answers with the length, whether the texts are equal, the number of places and the places of each."""
    values = memoryview(answer).cast("i").tolist() if answer else []
    following = iter(values)
    for length in following:
        exact, count = islice(following, 2)
        places = tuple(islice(following, count))
        yield Repeat(length, bool(exact), places)


def clones_in_python(codes: bytes, hashes: bytes, minimum: int) -> bytes:
    """The kernel's clones() where there is no kernel; build/native/clones.h tells the method."""
    search = CloneSearch(bytes(codes), memoryview(hashes).cast("i").tolist(), minimum)
    return int32_bytes([value for group in search.groups() for value in group])


BEFORE_ALL = -(1 << 40)  # the end of the text sorts before every token and barrier


class CloneSearch:
    """Runs of tokens that occur twice, by a suffix array: suffixes that begin alike stand side by side in it."""

    def __init__(self, codes: bytes, hashes: list[int], minimum: int) -> None:
        self.codes = codes
        self.hashes = hashes
        self.minimum = minimum
        self.text: list[int] = []  # the tokens that may be in a clone
        self.places: list[int] = []  # where each of them stands in the stream
        self.keep_repeated(self.repeated_windows())

    def repeated_windows(self) -> bytearray:
        """A 1 for each token that begins a window of `minimum` tokens which occurs twice."""
        first: dict[bytes, int] = {}
        marks = bytearray(len(self.codes))
        run = 0  # tokens since the last barrier
        for end, code in enumerate(self.codes, 1):
            run = run + 1 if code else 0
            if run >= self.minimum:
                start = end - self.minimum
                other = first.setdefault(self.codes[start:end], start)
                if other != start:
                    marks[start] = marks[other] = 1
        return marks

    def keep_repeated(self, marks: bytearray) -> None:
        """Take the tokens of such windows into the text, with a barrier (a number no token has) between windows."""
        until = 0
        for i, code in enumerate(self.codes):
            if marks[i]:
                if until <= i:
                    self.text.append(-1 - i)
                    self.places.append(i)
                until = i + self.minimum
            if i < until:
                self.text.append(code)
                self.places.append(i)

    def suffixes(self) -> list[int]:
        """Where the suffixes begin, in order. By doubling: sort by the first 1, 2, 4, ... tokens until all differ."""
        size = len(self.text)
        rank = self.text
        width = 1
        order = list(range(size))
        while True:
            behind = [BEFORE_ALL] * min(width, size)
            later = rank[width:] + behind
            keys = list(zip(rank, later))
            order.sort(key=keys.__getitem__)
            rank = ranks_of(order, keys)
            if rank[order[-1]] + 1 >= size:
                return order
            width *= 2

    def groups(self) -> Iterator[list[int]]:
        """Each run that is, at one of its places at least, part of no longer run that occurs twice."""
        if not self.text:
            return
        order = self.suffixes()
        common = [*self.common(order), 0]
        longest = [0] * len(order)  # for each place, of the runs from it that occur again
        for place, *beside in zip(order, common, common[1:]):
            longest[place] = max(beside)
        for length, left, right in self.intervals(common):
            starts = order[left : right + 1]
            is_longest = any(longest[place] == length and longest[place - 1] <= length for place in starts)
            if is_longest:
                yield from self.group(sorted(starts), length)

    def common(self, order: list[int]) -> list[int]:
        """How many tokens each suffix has in common with the one before it in their order, by Kasai's method."""
        text, size = self.text, len(order)
        rank = [0] * size
        for i, place in enumerate(order):
            rank[place] = i
        common = [0] * size
        length = 0
        for place in range(size):
            if not rank[place]:
                length = 0
                continue
            other = order[rank[place] - 1]
            most = size - max(place, other)
            while length < most and text[place + length] == text[other + length]:
                length += 1
            common[rank[place]] = length
            length = max(0, length - 1)  # the suffix from the next token has at least as many in common
        return common

    def intervals(self, common: list[int]) -> Iterator[tuple[int, int, int]]:
        """Length of a run, and the first and the last of the suffixes that begin with it: as many as there are."""
        stack = [(0, 0)]  # runs that the suffix at hand begins with: length, first suffix
        for last, length in enumerate(common[1:]):
            left = last
            while stack[-1][0] > length:
                longer, left = stack.pop()
                yield longer, left, last
            if length >= self.minimum and length > stack[-1][0]:
                stack.append((length, left))

    def group(self, starts: list[int], length: int) -> Iterator[list[int]]:
        """A run with its places, as the kernel answers. Of places that overlap only the first counts."""
        apart = starts[:1]
        for place in starts[1:]:
            if place - apart[-1] >= length:
                apart.append(place)
        if len(apart) == 1:
            length, apart = side_by_side(starts, length)
        if length < self.minimum:
            return
        places = [self.places[place] for place in apart]
        texts = {tuple(self.hashes[place : place + length]) for place in places}
        exact = int(len(texts) == 1)
        yield [length, exact, len(places), *places]


def ranks_of(order: list[int], keys: list[tuple[int, int]]) -> list[int]:
    """The rank of each place by its key; places of equal keys have the same."""
    rank = [0] * len(order)
    latest = 0
    for before, place in zip(order, order[1:]):
        latest += keys[place] != keys[before]
        rank[place] = latest
    return rank


def side_by_side(starts: list[int], length: int) -> tuple[int, list[int]]:
    """The longest run that stands twice, without overlap, in a run that overlaps itself: its length and two places."""
    gaps = [(after - before, before) for before, after in zip(starts, starts[1:])]
    gap, place = min(gaps)
    repetitions = (gap + length) // 2 // gap
    half = repetitions * gap
    rest = length - half
    if half >= rest:
        return half, [place, place + half]
    return rest, [place, place + half + gap]


# ---------------------------------------------------------------------------------------
# 32  Shares: shares of duplicated code against the baseline's
# gives: ComparedShares, ShareComparer
# uses: Start-up, Ground, Values, Comparison, Clones
# ---------------------------------------------------------------------------------------


class JudgedShare(NamedTuple):
    """The share of a file or of the project, against the baseline's."""

    share: FileDuplication  # "ok" where the baseline knows it
    word: str  # new, worse, better, unchanged; "": there is nothing to say
    values: dict[str, float]  # what a baseline written now says of it; empty: nothing


class ComparedShares(NamedTuple):
    duplication: Duplication | None  # None where no clones were looked for
    changes: Changes
    entries: Entries  # what a baseline written now says of shares


class ShareComparer:
    """Compares shares with the baseline's: only one that is new or larger than there keeps its status."""

    def __init__(self, bodies: dict[str, str], reference: Reference) -> None:
        self.bodies = bodies
        self.reference = reference
        self.shares = reference.shares
        self.accept = reference.comparison.accept
        self.keys = {PROJECT: PROJECT, **reference.keys}  # path as reported -> path in the baseline
        self.absent = self.shares.keys() - self.keys.values()  # paths in the baseline that this run does not look at
        self.vanished = [self.shares[key] for key in sorted(self.absent) if not reference.is_there(key)]
        self.body = body_of_all(bodies)
        before = self.shares.get(PROJECT)
        self.body_before = before.body if before else "-"

    def compared(self, found: Duplication) -> ComparedShares:
        """The shares that were found, what became of them, and what a baseline written now says of them."""
        before = {} if self.accept else self.entries_before()
        judged = [self.judged(share, before.get(share.path)) for share in (project_share(found), *found.files)]
        gone, entries = 0, tuple(self.shares.values())
        if not self.is_partial():
            gone = 0 if self.accept else len(self.shares) - len(before)
            entries = self.new_entries(judged)
        words = [one.word for one in judged]
        counts = map(words.count, Changes._fields[:4])
        known = sum(one.share.status == "ok" for one in judged if one.values)
        changes = Changes(*counts, known=known, gone=gone)
        project, *files = [one.share for one in judged]
        duplication = found._replace(project_status=project.status, project_delta=project.delta, files=tuple(files))
        return ComparedShares(duplication, changes, entries)

    def entries_before(self) -> dict[str, Entry]:
        """Path as reported -> the entry of the same path, else of a file of the same body that is no more."""
        entries = {path: self.shares[key] for path, key in self.keys.items() if key in self.shares}
        moved = grouped(reversed(self.vanished), attrgetter("body"))
        for path, body in sorted(self.bodies.items()):
            twins = moved.get(body)
            if twins and path not in entries:
                entries[path] = twins.pop()
        return entries

    def judged(self, share: FileDuplication, entry: Entry | None) -> JudgedShare:
        """A share is known where the baseline's is as large, or has as many cloned tokens: then other code went away.
        All are where the project is the baseline's."""
        before = entry.values if entry else {}
        if share.status == "ok":
            return JudgedShare(share, "better" if before else "", {})
        delta = delta_of(share.duplication_pct, before.get("duplication"))
        share = share._replace(delta=delta)
        today = {"duplication": entry_value(share.duplication_pct), "cloned_tokens": share.cloned_tokens}
        values = {metric: min(value, before.get(metric, value)) for metric, value in today.items()}
        has_no_more = share.cloned_tokens <= before.get("cloned_tokens", -1)
        is_no_larger = delta is not None and (delta <= 0 or has_no_more)
        if is_no_larger or self.accept or self.body == self.body_before:
            is_smaller = delta is not None and delta < 0
            word = "better" if is_smaller else "unchanged"
            known = share._replace(status="ok")
            return JudgedShare(known, word, values)
        if before:
            return JudgedShare(share, "worse", values)
        return JudgedShare(share, "new", {})

    def is_partial(self) -> bool:
        """Whether a run leaves out files that the baseline knows: what stands twice in the project may stand once in
        it."""
        is_unread = any(path not in self.bodies for path in self.reference.keys)
        return bool(self.reference.unseen) or is_unread or len(self.vanished) < len(self.absent)

    def new_entries(self, judged: list[JudgedShare]) -> Entries:
        """The shares of a baseline written now. The project's holds the hash of the project when none was new or
        worse."""
        if not any(one.values for one in judged):
            return ()
        has_grown = any(one.word in ("new", "worse") for one in judged)
        bodies = {**self.bodies, PROJECT: self.body_before if has_grown else self.body}
        entries = []
        for share, _, values in judged:
            path = share.path
            if values or path == PROJECT:
                entry = Entry(self.keys[path], DUPLICATED, 1, bodies[path], values)
                entries.append(entry)
        return tuple(entries)


def body_of_all(bodies: dict[str, str]) -> str:
    """A hash of the project, whatever its files are called. Layout is in it, for formatters add parentheses."""
    total = 0
    for body in bodies.values():
        part = int(body, 16) ^ BODY_OF_NOTHING
        total = (total + part**2) & MASK64
    return f"{total:016x}"


# ---------------------------------------------------------------------------------------
# 33  Projects: what tsconfig.json and package.json say
# gives: Disk, CompilerOptions, compiler_options, texts_in
# uses: Words, Start-up, Ground, JSONC
# ---------------------------------------------------------------------------------------


class Disk:
    """What there is below one folder, each folder listed once. Outside of that folder there is nothing."""

    def __init__(self, top: str) -> None:
        self.top = top
        self.listed: dict[str, dict[str, bool]] = {}  # folder -> the names in it -> whether they are folders
        self.documents: dict[str, JsonObject] = {}
        self.more: dict[str, dict[str, bool]] = {}  # what was there before, in the same way
        self.fewer: frozenset[str] = frozenset()  # files that were not

    def go_back(self, gone: Iterable[str], new: Iterable[str]) -> None:
        """From now on there is what was there before some files went, and others came."""
        self.fewer = frozenset(new)
        for path in gone:
            is_folder = False
            while path != self.top and is_inside(path, self.top):
                path, _, name = path.rpartition("/")
                self.more.setdefault(path, {})[name] = is_folder
                is_folder = True

    def names_in(self, folder: str) -> dict[str, bool]:
        names = self.listed.get(folder)
        if names is None:
            names = self.read_names(folder) if self.is_folder(folder) else {}
            if self.fewer:
                names = {name: kind for name, kind in names.items() if f"{folder}/{name}" not in self.fewer}
            self.listed[folder] = names = names | self.more.get(folder, {})
        return names

    def read_names(self, folder: str) -> dict[str, bool]:
        try:
            with os.scandir(folder) as entries:
                return {entry.name: entry.is_dir() for entry in entries}
        except OSError:
            return {}

    def is_folder(self, path: str) -> bool:
        if path == self.top:
            return True
        folder, _, name = path.rpartition("/")
        return is_inside(path, self.top) and self.names_in(folder).get(name, False)

    def is_file(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return self.names_in(folder).get(name) is False

    def document(self, path: str) -> JsonObject:
        """The object in a JSON file; an empty one where there is none, or none that can be read."""
        document = self.documents.get(path)
        if document is None:
            document = self.documents[path] = self.read_document(path) if self.is_file(path) else {}
        return document

    def read_document(self, path: str) -> JsonObject:
        try:
            text = to_utf8(read_bytes(path)).decode("utf-8", "replace")
            return without_lines(JsonReader(text, path).document())
        except (ConfigError, Unreadable):
            return {}

    def package_in(self, folder: str | None) -> JsonObject:
        """The package.json of a folder."""
        return self.document(folder + "/package.json") if folder else {}

    def package_of(self, folder: str) -> str | None:
        """The innermost folder around (or at) this one that has a package.json."""
        for outer in self.outwards(folder):
            if self.is_file(outer + "/package.json"):
                return outer
        return None

    def outwards(self, folder: str) -> Iterator[str]:
        """The folder, the one around it, and so on up to the top."""
        while is_inside(folder, self.top):
            yield folder
            folder = folder.rpartition("/")[0]


PathRows = tuple[tuple[str, tuple[str, ...]], ...]  # of `paths`: a pattern, and what it stands for


class CompilerOptions(NamedTuple):
    """What a tsconfig.json, with those it extends, says about where modules are. Paths are absolute."""

    config: str | None = None
    resolution: str = "node10"  # or classic, node16, nodenext, bundler
    base_url: str | None = None
    paths: PathRows = ()
    paths_base: str = ""
    root_dirs: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    allow_js: bool = False
    uses_exports: bool = False
    uses_imports: bool = False
    out_dirs: tuple[str, ...] = ()
    root_dir: str | None = None
    keeps_imports: bool = False  # those too whose names are used in types alone
    emits_metadata: bool = False  # for decorators, which may want an import that is used in types alone


# What `module` makes of `moduleResolution` where that is not said; all other modules, ES2015 among them, mean classic.
_RESOLUTION_OF_MODULE = {
    "commonjs": "node10", "node16": "node16", "node18": "node16", "node20": "node16", "nodenext": "nodenext",
    "preserve": "bundler",
}  # fmt: skip
_RESOLUTIONS = {
    "node": "node10", "node10": "node10", "classic": "classic", "node16": "node16", "nodenext": "nodenext",
    "bundler": "bundler",
}  # fmt: skip
_OLD_TARGETS = ("es3", "es5")  # they make commonjs the module
_KNOWS_EXPORTS = ("node16", "nodenext", "bundler")


def compiler_options(config: str, said: JsonObject) -> CompilerOptions:
    """What the compilerOptions of a project mean, with TypeScript's own defaults where nothing is said."""
    resolution = _resolution_of(said)
    knows_exports = resolution in _KNOWS_EXPORTS
    is_javascript = config.endswith("/jsconfig.json")
    own_folder = config.rpartition("/")[0] if said.get("composite") is True else None
    allow_js = said.get("allowJs", said.get("checkJs", is_javascript))
    return CompilerOptions(
        config=config,
        resolution=resolution,
        allow_js=bool(allow_js),
        uses_exports=knows_exports and said.get("resolvePackageJsonExports") is not False,
        uses_imports=knows_exports and said.get("resolvePackageJsonImports") is not False,
        root_dir=said.get("rootDir") or own_folder,
        keeps_imports=any(said.get(name) in (True, "preserve", "error") for name in _KEEPING),
        emits_metadata=said.get("emitDecoratorMetadata") is True,
        **_said_paths(said),
    )


_KEEPING = ("verbatimModuleSyntax", "preserveValueImports", "importsNotUsedAsValues")


def _said_paths(said: JsonObject) -> JsonObject:
    return {
        "base_url": said.get("baseUrl"),
        "paths": path_rows(said.get("paths")),
        "paths_base": said.get("baseUrl") or said.get("pathsBase", ""),
        "root_dirs": texts_in(said.get("rootDirs")),
        "suffixes": texts_in(said.get("moduleSuffixes")),
        "conditions": texts_in(said.get("customConditions")),
        "out_dirs": texts_in([said.get("declarationDir"), said.get("outDir")]),
    }


def _resolution_of(said: JsonObject) -> str:
    chosen = _RESOLUTIONS.get(_word(said.get("moduleResolution")))
    if chosen:
        return chosen
    module = _word(said.get("module"))
    if not module:
        target = _word(said.get("target"))
        module = "commonjs" if not target or target in _OLD_TARGETS else "es2015"
    return _RESOLUTION_OF_MODULE.get(module, "classic")


def _word(value: Any) -> str:
    return value.lower() if isinstance(value, str) else ""


def texts_in(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        return ()
    return tuple([text for text in values if isinstance(text, str)])


def path_rows(paths: Any) -> PathRows:
    rows = []
    for pattern, targets in paths.items() if isinstance(paths, dict) else ():
        if pattern.count("*") < 2:
            rows.append((pattern, texts_in(targets)))
    return tuple(rows)


# ---------------------------------------------------------------------------------------
# 34  Resolution: which file a specifier names, as TypeScript 5.9 finds it
# gives: Resolver, Projects, path_in, package_and_rest, best_row, is_relative
# uses: Start-up, Ground, JSONC, Projects
# ---------------------------------------------------------------------------------------
# Step by step what ts.resolveModuleName does; its names are in the comments, for whoever compares the two. The answer
# None means "go on with the next way" everywhere but where paths of a tsconfig match: what they name is all there is.

# What a file may be: T TypeScript, D declarations, J JavaScript, C a tsconfig (for `extends` alone).
_JS_LIKE = (("T", ".ts"), ("T", ".tsx"), ("D", ".d.ts"), ("J", ".js"), ("J", ".jsx"), ("C", ".json"))
_JSX_LIKE = (("T", ".tsx"), ("T", ".ts"), ("D", ".d.ts"), ("J", ".jsx"), ("J", ".js"))
_MJS_LIKE = (("T", ".mts"), ("D", ".d.mts"), ("J", ".mjs"))
_CJS_LIKE = (("T", ".cts"), ("D", ".d.cts"), ("J", ".cjs"))
# The extension that was written -> those that are tried in its place, in this order (tryAddingExtensions).
_SUBSTITUTES = {
    "": _JS_LIKE, ".js": _JS_LIKE, ".ts": _JS_LIKE, ".d.ts": _JS_LIKE,
    ".jsx": _JSX_LIKE, ".tsx": _JSX_LIKE,
    ".mjs": _MJS_LIKE, ".mts": _MJS_LIKE, ".d.mts": _MJS_LIKE,
    ".cjs": _CJS_LIKE, ".cts": _CJS_LIKE, ".d.cts": _CJS_LIKE,
    ".json": (("D", ".d.json.ts"), ("C", ".json")),
}  # fmt: skip
_EXTENSIONS = (
    ".d.ts", ".d.mts", ".d.cts", ".mjs", ".mts", ".cjs", ".cts", ".ts", ".js", ".tsx", ".jsx", ".json",
)  # fmt: skip
_OF_KIND = {"T": (".ts", ".cts", ".mts", ".tsx"), "D": (".d.ts", ".d.cts", ".d.mts"), "C": (".json",)}
_RELATIVE = regex(r"\.\.?(?:$|[\\/])")
_FORBIDDEN_PARTS = {".", "..", "node_modules"}
# What a build makes -> what it may have been made of (getPossibleOriginalInputExtensionForExtension).
_SOURCES = {
    ".mjs": (".mts", ".mjs"), ".d.mts": (".mts", ".mjs"),
    ".cjs": (".cts", ".cjs"), ".d.cts": (".cts", ".cjs"),
    ".js": (".tsx", ".ts", ".jsx", ".js"), ".d.ts": (".tsx", ".ts", ".jsx", ".js"),
}  # fmt: skip


Found = str | None  # the path of a file


class Search(NamedTuple):
    """How a file is looked for: by whose options, of which kinds, under which conditions of package.json."""

    options: CompilerOptions
    kinds: str
    conditions: tuple[str, ...] = ()
    is_esm: bool = False  # extensions must be written, and folders are no modules
    request: str = ""  # the folder of the file that imports


def is_relative(specifier: str) -> bool:
    return bool(_RELATIVE.match(specifier))


def search_for(options: CompilerOptions, mode: str, request: str) -> Search:
    """`mode` is what the import becomes: import or require."""
    if options.resolution in ("classic", "node10"):
        return Search(options, "TDJ", request=request)
    conditions = (mode, "types")
    if options.resolution == "bundler":
        return Search(options, "TDJ", conditions + options.conditions, request=request)
    return Search(options, "TDJ", (*conditions, "node", *options.conditions), mode == "import", request)


class Resolver:
    """Finds files by specifiers."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.found: dict[tuple[str, str, str, str | None], str | None] = {}

    def resolve(self, specifier: str, folder: str, options: CompilerOptions, mode: str = "import") -> Found:
        """The path of the file that a specifier names in a file of this folder, links in it followed; else None."""
        key = (specifier, folder, mode, options.config)
        if key not in self.found:
            self.found[key] = self.look(specifier, folder, search_for(options, mode, folder))
        return self.found[key]

    def look(self, specifier: str, folder: str, search: Search) -> Found:
        if not specifier or "\0" in specifier:
            return None
        in_turn = ("TD", "J") if search.options.resolution in ("classic", "node10") else (search.kinds,)
        for kinds in in_turn:
            found = self.by_any_way(specifier, folder, search._replace(kinds=kinds))
            if found:
                is_linked = "/node_modules/" in found and not is_relative(specifier)
                return real_path(found) if is_linked else found
        return None

    def by_any_way(self, specifier: str, folder: str, search: Search) -> Found:
        """tryResolve"""
        found = self.by_settings(specifier, folder, search)
        if found:
            return found
        if is_relative(specifier) or specifier.startswith("/"):
            return self.load(path_in(folder, specifier), search)
        if search.options.resolution == "classic":
            return self.by_ancestors(specifier, folder, search)
        return self.by_packages(specifier, folder, search)

    def by_packages(self, specifier: str, folder: str, search: Search) -> Found:
        """What a specifier names that is neither a path nor of the tsconfig's."""
        found = None
        if specifier.startswith("#") and search.options.uses_imports:
            found = self.by_imports(specifier, folder, search)
        if not found and search.options.resolution != "node10":
            found = self.by_own_name(specifier, folder, search)
        if not found and ":" not in specifier:
            found = self.in_node_modules(specifier, folder, search)
        return found

    def load(self, candidate: str, search: Search) -> Found:
        if search.options.resolution == "classic":
            return self.load_file(candidate, search)
        return self.load_relative(candidate, search)

    def by_ancestors(self, specifier: str, folder: str, search: Search) -> Found:
        """What "classic" does of a specifier that is not relative: it looks for files in all folders above."""
        for outer in self.disk.outwards(folder):
            found = self.load_file(path_in(outer, specifier), search)
            if found:
                return found
        return None

    def by_settings(self, specifier: str, folder: str, search: Search) -> Found:
        """tryLoadModuleUsingOptionalResolutionSettings"""
        options = search.options
        if options.paths and not is_relative(specifier):
            is_matched, found = self.by_paths(specifier, search)
            if is_matched:
                return found
        if not is_relative(specifier) and not specifier.startswith("/"):
            return self.load(path_in(options.base_url, specifier), search) if options.base_url else None
        return self.by_root_dirs(path_in(folder, specifier), search) if options.root_dirs else None

    def by_paths(self, specifier: str, search: Search) -> tuple[bool, Found]:
        """Whether a pattern matches, and the first of its files that is there (tryLoadModuleUsingPaths)."""
        row = best_row(search.options.paths, specifier)
        if row is None:
            return False, None
        pattern, targets = row
        prefix, star, suffix = pattern.partition("*")
        end = len(specifier) - len(suffix)
        middle = specifier[len(prefix) : end] if star else ""
        for target in targets:
            candidate = path_in(search.options.paths_base, target.replace("*", middle, 1) if middle else target)
            found = self.try_file(candidate, search) if target.endswith(_EXTENSIONS) else None
            found = found or self.load(candidate, search)
            if found:
                return True, found
        return True, None

    def by_root_dirs(self, candidate: str, search: Search) -> Found:
        """tryLoadModuleUsingRootDirs"""
        around = [root for root in search.options.root_dirs if candidate.startswith(join_path(root, ""))]
        if not around:
            return None
        own = max(around, key=len)
        rest = candidate[len(join_path(own, "")) :]
        others = [path_in(root, rest) for root in search.options.root_dirs if root != own]
        return self.first_of([candidate, *others], search)

    def first_of(self, candidates: Iterable[str], search: Search) -> Found:
        for candidate in candidates:
            found = self.load(candidate, search)
            if found:
                return found
        return None

    def load_relative(self, candidate: str, search: Search, with_package: bool = True) -> Found:
        """nodeLoadModuleByRelativeName"""
        found = None if candidate.endswith("/") else self.load_file(candidate, search)
        if found or search.is_esm:
            return found
        folder = candidate.rstrip("/")
        package = self.disk.package_in(folder) if with_package else {}
        return self.load_folder(folder, search, package)

    def load_file(self, candidate: str, search: Search) -> Found:
        """loadModuleFromFile"""
        found = self.load_by_extension(candidate, search)
        if found or search.is_esm:
            return found
        return self.add_extension(candidate, "", search)

    def load_by_extension(self, candidate: str, search: Search) -> Found:
        """loadModuleFromFileNoImplicitExtensions"""
        stem, extension = _split_extension(candidate)
        return self.add_extension(stem, extension, search) if extension else None

    def add_extension(self, stem: str, written: str, search: Search) -> Found:
        """tryAddingExtensions"""
        for kind, extension in _SUBSTITUTES.get(written) or (("D", f".d{written}.ts"),):
            if kind in search.kinds:
                found = self.try_file(stem + extension, search)
                if found:
                    return found
        return None

    def try_file(self, path: str, search: Search) -> Found:
        """tryFile"""
        stem, extension = _split_extension(path)
        for suffix in search.options.suffixes or ("",):
            found = stem + suffix + extension if suffix else path
            if self.disk.is_file(found):
                return found
        return None

    def load_folder(self, folder: str, search: Search, package: JsonObject) -> Found:
        """The file that stands for a folder (loadNodeModuleFromDirectoryWorker)."""
        if not self.disk.is_folder(folder):
            return None
        field = _main_field(package, search.kinds)
        found = self.load_main(path_in(folder, field), search, package) if field else None
        if found or search.is_esm:
            return found
        return self.load_file(folder + ("/tsconfig" if search.kinds == "C" else "/index"), search)

    def load_main(self, candidate: str, search: Search, package: JsonObject) -> Found:
        found = self.load_named(candidate, search)
        if found:
            return found
        kinds = "TD" if search.kinds == "D" else search.kinds
        is_esm = search.is_esm and package.get("type") == "module"
        return self.load_relative(candidate, search._replace(kinds=kinds, is_esm=is_esm), with_package=False)

    def load_named(self, candidate: str, search: Search) -> Found:
        """A file that a package.json names (loadFileNameFromPackageJsonField)."""
        for kind, extensions in _OF_KIND.items():
            if kind in search.kinds and candidate.endswith(extensions):
                return self.try_file(candidate, search)
        return self.load_by_extension(candidate, search)

    def in_node_modules(self, specifier: str, folder: str, search: Search) -> Found:
        """loadModuleFromNearestNodeModulesDirectory"""
        first = "".join([kind for kind in search.kinds if kind in "TD"])
        then = "".join([kind for kind in search.kinds if kind not in "TD"])
        for kinds in filter(None, (first, then)):
            for outer in self.disk.outwards(folder):
                modules = outer + "/node_modules"
                if not outer.endswith("/node_modules") and self.disk.is_folder(modules):
                    found = self.in_modules(specifier, modules, search._replace(kinds=kinds))
                    if found:
                        return found
        return None

    def in_modules(self, specifier: str, modules: str, search: Search) -> Found:
        """loadModuleFromSpecificNodeModulesDirectory"""
        candidate = path_in(modules, specifier)
        name, rest = package_and_rest(specifier)
        folder = join_path(modules, name)
        package = self.disk.package_in(folder)
        has_exports = search.options.uses_exports and package.get("exports") is not None
        if rest and not has_exports and self.disk.is_file(candidate + "/package.json"):
            inner = self.disk.package_in(candidate)
            return self.load_file(candidate, search) or self.load_folder(candidate, search, inner)
        if has_exports and package["exports"]:
            return self.by_exports(folder, f"./{rest}" if rest else ".", search)
        return self.in_package(candidate, search, {} if rest else package)

    def in_package(self, candidate: str, search: Search, package: JsonObject) -> Found:
        """A path in a package without `exports`, or such a package itself."""
        found = None if package and search.is_esm else self.load_file(candidate, search)
        found = found or self.load_folder(candidate, search, package)
        if not found and package and search.is_esm:
            found = self.load_file(candidate + "/index.js", search)
        return found

    def by_own_name(self, specifier: str, folder: str, search: Search) -> Found:
        """loadModuleFromSelfNameReference"""
        scope = self.disk.package_of(folder)
        package = self.disk.package_in(scope)
        name = str(package.get("name"))
        if not package.get("exports") or not is_inside(specifier, name):
            return None
        subpath = "." + specifier[len(name) :]
        if search.options.allow_js and "/node_modules/" not in folder:
            return self.by_exports(scope, subpath, search)
        found = self.by_exports(scope, subpath, search._replace(kinds="TD"))
        return found or self.by_exports(scope, subpath, search._replace(kinds="J"))

    def by_exports(self, scope: str, subpath: str, search: Search) -> Found:
        """loadModuleFromExports"""
        exports = self.disk.package_in(scope)["exports"]
        keys = exports if isinstance(exports, dict) else ()
        paths = [key for key in keys if key.startswith(".")]
        table = PackageMap(self, scope, search, "exports")
        if subpath != ".":
            has_paths = isinstance(exports, dict) and len(paths) == len(keys)
            return table.look_up(subpath, exports) if has_paths else None
        main = exports.get(".") if paths or exports == {} else exports
        return table.follow(main, "", False) if main else None

    def by_imports(self, specifier: str, folder: str, search: Search) -> Found:
        """loadModuleFromImports"""
        scope = self.disk.package_of(folder)
        imports = self.disk.package_in(scope).get("imports") if scope else None
        if specifier == "#" or specifier.startswith("#/") or not isinstance(imports, dict):
            return None
        return PackageMap(self, scope, search, "imports").look_up(specifier, imports)


class PackageMap:
    """`exports` or `imports` of one package.json, for one search."""

    def __init__(self, resolver: Resolver, scope: str, search: Search, field: str) -> None:
        self.resolver, self.scope, self.search, self.field = resolver, scope, search, field

    def look_up(self, name: str, table: JsonObject) -> Found:
        """The file of a name, by its own row or by the row of the longest pattern (loadModuleFromExportsOrImports)."""
        if name in table and "*" not in name and not name.endswith("/"):
            return self.follow(table[name], "", False)
        patterns = [key for key in table if key.count("*") == 1 or key.endswith("/")]
        patterns.sort(key=_pattern_order)
        for key in patterns:
            prefix, star, suffix = key.partition("*")
            if name.startswith(prefix) and name.endswith(suffix):
                end = len(name) - len(suffix)
                middle = name[len(prefix) : end]
                return self.follow(table[key], middle, bool(star))
        return None

    def follow(self, target: Any, middle: str, is_pattern: bool) -> Found:
        """loadModuleFromTargetExportOrImport"""
        if isinstance(target, str):
            return self.file_of(target, middle, is_pattern)
        if isinstance(target, dict):
            wanted = (*self.search.conditions, "default")
            targets = [inner for condition, inner in target.items() if condition in wanted]
        else:
            targets = target if isinstance(target, list) else []
        for inner in targets:
            found = self.follow(inner, middle, is_pattern)
            if found:
                return found
        return None

    def file_of(self, target: str, middle: str, is_pattern: bool) -> Found:
        """The file that a text in the map names, or what it was built from."""
        if middle and not is_pattern and not target.endswith("/"):
            return None
        filled = target.replace("*", middle) if is_pattern else target + middle
        if not target.startswith("./"):
            is_name = self.field == "imports" and not target.startswith(("../", "/"))
            return self.resolver.look(filled, self.scope, self.search) if is_name else None
        parts = target.split("/")[1:] + middle.split("/")
        if _FORBIDDEN_PARTS.intersection(parts):
            return None
        path = path_in(self.scope, filled)
        return self.source_of(path) or self.resolver.load_named(path, self.search)

    def source_of(self, path: str) -> Found:
        """The source that the project itself builds a file from (tryLoadInputFileForPath)."""
        options = self.search.options
        config = options.config or self.scope
        if not options.out_dirs or "/node_modules/" in path or not is_inside(config, self.scope):
            return None
        for root in self.source_folders():
            for out_dir in options.out_dirs:
                if is_inside(path, out_dir):
                    found = self.first_source(path_in(root, path[len(out_dir) + 1 :]))
                    if found:
                        return found
        return None

    def source_folders(self) -> Iterable[str]:
        """Where sources may lie: in rootDir, or in any folder around both the package and the file that imports."""
        if self.search.options.root_dir:
            return (self.search.options.root_dir,)
        request = self.search.request or self.scope
        inner = self.scope if is_inside(request, self.scope) else common_folder([request, self.scope])
        return reversed(list(self.resolver.disk.outwards(inner)))

    def first_source(self, built: str) -> Found:
        for extension, sources in _SOURCES.items():
            if built.endswith(extension):
                for source in sources:
                    path = built.removesuffix(extension) + source
                    if self.resolver.disk.is_file(path):
                        return self.resolver.load_named(path, self.search)
        return None


def path_in(folder: str, name: str) -> str:
    """normalizePath(combinePaths(folder, name)); what ends like a folder stays one."""
    path = name if name.startswith("/") else f"{folder}/{name}"
    path = os.path.normpath(path).replace(os.sep, "/")
    is_folder = name.endswith(("/", "/.", "/..")) or name in (".", "..")
    return path + "/" if is_folder else path


def package_and_rest(specifier: str) -> tuple[str, str]:
    """@scope/name/a/b -> @scope/name, a/b"""
    parts = specifier.split("/")
    length = 2 if specifier[:1] == "@" else 1
    return "/".join(parts[:length]), "/".join(parts[length:])


def _split_extension(path: str) -> tuple[str, str]:
    """removeFileExtension: a known extension, else what begins at the last dot of the name."""
    for extension in _EXTENSIONS:
        if path.endswith(extension) and len(path) > len(extension):
            return path.removesuffix(extension), extension
    folder, slash, name = path.rpartition("/")
    stem, dot, last = name.rpartition(".")
    return (folder + slash + stem, dot + last) if dot else (path, "")


def best_row(rows: PathRows, name: str) -> tuple[str, tuple[str, ...]] | None:
    """matchPatternOrExact: the row of this very name, else the matching pattern with the longest prefix."""
    best, longest = None, -1
    for row in rows:
        prefix, star, suffix = row[0].partition("*")
        if not star and row[0] == name:
            return row
        is_match = star and name.startswith(prefix) and name.endswith(suffix) and len(name) >= len(prefix + suffix)
        if is_match and len(prefix) > longest:
            best, longest = row, len(prefix)
    return best


def _pattern_order(key: str) -> tuple[int, bool, int]:
    """comparePatternKeys"""
    star = key.find("*")
    return -(star + 1 or len(key)), star < 0, -len(key)


def _main_field(package: JsonObject, kinds: str) -> Found:
    fields = ["tsconfig"] if kinds == "C" else ["main"]
    if "D" in kinds:
        fields = ["typings", "types", "main"]
    for field in fields:
        if isinstance(package.get(field), str) and package[field]:
            return package[field]
    return None


class Projects:
    """Whose options hold for a folder: those of the nearest tsconfig.json, or jsconfig.json where there is none."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver, self.disk = resolver, resolver.disk
        self.of_folder: dict[str, CompilerOptions] = {}
        self.missing: list[tuple[str, str]] = []  # a configuration, and what it extends that is not there

    def options_of(self, folder: str) -> CompilerOptions:
        if folder not in self.of_folder:
            self.of_folder[folder] = self.read_options(folder)
        return self.of_folder[folder]

    def read_options(self, folder: str) -> CompilerOptions:
        for name in ("/tsconfig.json", "/jsconfig.json"):
            if self.disk.is_file(folder + name):
                config = folder + name
                return compiler_options(config, _with_own_folder(self.said_by(config, ()), folder))
        outer = folder.rpartition("/")[0]
        return self.options_of(outer) if is_inside(outer, self.disk.top) else CompilerOptions()

    def said_by(self, config: str, seen: tuple[str, ...]) -> JsonObject:
        """The compilerOptions of a configuration and of all that it extends, with absolute paths."""
        document = self.disk.document(config)
        extended = document.get("extends")
        said = {}
        names = extended if isinstance(extended, list) else [extended]
        for name in texts_in(names):
            base = self.extended(config, name)
            if base is None:
                self.missing.append((config, name))
            elif base not in seen and len(seen) < MAX_CONFIG_DEPTH:
                said.update(self.said_by(base, (*seen, config)))
        own = document.get("compilerOptions")
        if isinstance(own, dict):
            said |= _absolute(own, config.rpartition("/")[0])
        return said

    def extended(self, config: str, name: str) -> Found:
        """getExtendsConfigPath: a path, with .json or without, or a file in a package."""
        folder = config.rpartition("/")[0]
        if not name.startswith(("./", "../", "/")):
            options = CompilerOptions(uses_exports=True, uses_imports=True, resolution="nodenext")
            search = Search(options, "C", ("require", "types", "node"))
            return self.resolver.look(name, folder, search)
        path = path_in(folder, name)
        candidates = (path, path + ".json")
        return next(filter(self.disk.is_file, candidates), None)


# Options that are paths, alone or in lists, relative to the configuration that says them.
_PATHS = ("baseUrl", "outDir", "declarationDir", "rootDir")
_PATH_LISTS = ("rootDirs",)
_OWN_FOLDER = "${configDir}"  # that of the configuration in use, whichever says it


def _absolute(said: JsonObject, folder: str) -> JsonObject:
    """Options as one configuration says them, with its paths made absolute."""
    placed = dict(said)
    for name in _PATHS:
        if isinstance(said.get(name), str):
            placed[name] = _absolute_path(folder, said[name])
    for name in _PATH_LISTS:
        if name in said:
            placed[name] = [_absolute_path(folder, path) for path in texts_in(said[name])]
    if "paths" in said:
        placed["pathsBase"] = folder
    return placed


def _absolute_path(folder: str, path: str) -> str:
    return path if path.startswith(_OWN_FOLDER) else path_in(folder, path).rstrip("/")


def _with_own_folder(value: Any, folder: str) -> Any:
    """Options with the folder of the configuration in use wherever they ask for it."""
    if isinstance(value, str) and value.startswith(_OWN_FOLDER):
        return path_in(folder, "./" + value.removeprefix(_OWN_FOLDER).lstrip("/")).rstrip("/")
    if isinstance(value, list):
        return [_with_own_folder(inner, folder) for inner in value]
    if isinstance(value, dict):
        return {key: _with_own_folder(inner, folder) for key, inner in value.items()}
    return value


# ---------------------------------------------------------------------------------------
# 35  Graph: cycles, reach and depth of what imports each other
# gives: Graph, Component, shortest_path, ways_from, steps_back
# uses: Start-up
# ---------------------------------------------------------------------------------------
# Nodes are numbers, in the order of paths, so that every answer is the same for any order in which files were read.

heapq = Lazy(lambda: __import__("heapq"))
Links = list[list[int]]  # of each node, those it leads to, sorted
Pair = tuple[int, int]
REACH_BLOCK = 8192  # nodes whose reach is counted in one pass: 1 KB a node, so that 100,000 files take 100 MB
LARGEST_SEARCH = 5_000_000  # steps to find which edges of a cut are needed; a larger one is as the order has it
MAX_STARTS = 500  # nodes of a component from which its shortest cycle is looked for


class Component(NamedTuple):
    """Nodes that all lead to each other, more than one."""

    nodes: tuple[int, ...]
    shortest: tuple[int, ...]  # a shortest cycle, its first node once
    cut: tuple[Pair, ...]  # edges without which there is no cycle in it; fewer may do


class Graph:
    """What a directed graph says of its nodes. An edge from a node to itself says nothing and is left out."""

    def __init__(self, count: int, edges: Iterable[Pair]) -> None:
        """Nodes are the numbers below the count."""
        self.links: Links = [[] for _ in range(count)]
        self.back: Links = [[] for _ in range(count)]
        for start, end in sorted(set(edges)):
            if start != end:
                self.links[start].append(end)
                self.back[end].append(start)
        self.groups = strong_groups(self.links, self.back)
        self.group_of = [0] * count
        for number, group in enumerate(self.groups):
            for node in group:
                self.group_of[node] = number

    def components(self) -> list[Component]:
        """The groups with a cycle in them, the largest first."""
        cyclic = [sorted(group) for group in self.groups if len(group) > 1]
        cyclic.sort(key=lambda nodes: (-len(nodes), nodes))
        found = []
        for nodes in cyclic:
            shortest = self.shortest_cycle(nodes)
            found.append(Component(tuple(nodes), shortest, self.cut_of(nodes)))
        return found

    def reached(self, links: Links) -> list[int]:
        """Of each node, how many others it leads to by these links: links for its load, back for its reach."""
        counts = [0] * len(links)
        for met in self.met_in_blocks(links):
            for group, bits in zip(self.groups, met):
                size = bits.bit_count()
                for node in group:
                    counts[node] += size
        return [count - 1 for count in counts]

    def wasted(self, pairs: Sequence[tuple[int, Iterable[int]]]) -> list[int]:
        """Of each node with some others: how many nodes it leads to, itself among them, that none of these leads to."""
        counts = [0] * len(pairs)
        for met in self.met_in_blocks(self.links) if pairs else ():
            for place, (node, others) in enumerate(pairs):
                wanted = 0
                for other in others:
                    wanted |= met[self.group_of[other]]
                counts[place] += (met[self.group_of[node]] & ~wanted).bit_count()
        return counts

    def met_in_blocks(self, links: Links) -> Iterator[list[int]]:
        """Of each group as bits the nodes of a block that it leads to, itself among them; then those of the next."""
        for first in range(0, len(links), REACH_BLOCK):
            yield self.met_in_block(links, first)

    def met_in_block(self, links: Links, first: int) -> list[int]:
        """The same for the block that begins with a node."""
        met = [0] * len(self.groups)
        block = range(first, first + REACH_BLOCK)
        order = range(len(self.groups)) if links is self.back else reversed(range(len(self.groups)))
        for number in order:  # what is led to comes first
            bits = 0
            for node in self.groups[number]:
                if node in block:
                    bits |= 1 << (node - first)
                for other in links[node]:
                    bits |= met[self.group_of[other]]
            met[number] = bits
        return met

    def depths(self) -> list[int]:
        """Of each node, the length of the longest chain of links from it; all of a cycle is one step."""
        depths = [0] * len(self.groups)
        for group in reversed(self.groups):
            own = self.group_of[group[0]]
            others = set()
            for node in group:
                others.update([self.group_of[other] for other in self.links[node]])
            others.discard(own)
            depths[own] = max([depths[other] + 1 for other in others], default=0)
        return [depths[group] for group in self.group_of]

    def shortest_cycle(self, nodes: list[int]) -> tuple[int, ...]:
        """A shortest cycle of a component; of a very large one, through its first nodes."""
        within = set(nodes)
        best: list[int] = []
        for node in nodes[:MAX_STARTS]:
            returns = [shortest_path(self.links, other, node, within) for other in self.links[node] if other in within]
            cycle = min(filter(None, returns), key=len)
            if not best or len(cycle) < len(best):
                best = [node, *cycle[:-1]]
            if len(best) == 2:
                break
        return tuple(best)

    def cut_of(self, nodes: list[int]) -> tuple[Pair, ...]:
        """Few edges whose removal leaves no cycle among the nodes: those that lead back in a good order of them."""
        order = Order(nodes, self.links, self.back).nodes()
        place = {node: number for number, node in enumerate(order)}
        kept: dict[int, list[int]] = {node: [] for node in nodes}
        backward = []
        for node in nodes:
            for other in self.links[node]:
                if place[node] < place.get(other, -1):
                    kept[node].append(other)
                elif other in place:
                    backward.append((node, other))
        is_large = len(backward) * len(nodes) > LARGEST_SEARCH
        return tuple(backward if is_large else _needed(backward, kept))


def _needed(backward: list[Pair], kept: dict[int, list[int]]) -> Iterator[Pair]:
    """Those of the edges that close a cycle with what is kept; the others are kept too."""
    for start, end in backward:
        if shortest_path(kept, end, start):
            yield start, end
        else:
            kept[start].append(end)


def strong_groups(links: Links, back: Links) -> list[list[int]]:
    """Groups of nodes that lead to each other, each before all that it leads to (Kosaraju's way)."""
    grouped_already = bytearray(len(links))
    groups = []
    for root in reversed(_finished(links)):
        if not grouped_already[root]:
            grouped_already[root] = 1
            group = [root]
            for node in group:  # which grows meanwhile
                for other in back[node]:
                    if not grouped_already[other]:
                        grouped_already[other] = 1
                        group.append(other)
            groups.append(group)
    return groups


def _finished(links: Links) -> list[int]:
    """The nodes, each behind all that a search in depth first met through it."""
    order = []
    met = bytearray(len(links))
    for root in range(len(links)):
        steps = [] if met[root] else [(root, iter(links[root]))]
        met[root] = 1
        while steps:
            node, others = steps[-1]
            following = next((other for other in others if not met[other]), None)
            if following is None:
                order.append(node)
                steps.pop()
            else:
                met[following] = 1
                steps.append((following, iter(links[following])))
    return order


class Order:
    """Puts the nodes of a component in an order in which few edges lead back: who leads to most and is led to by least
    goes first (Eades, Lin, Smyth)."""

    def __init__(self, nodes: list[int], links: Links, back: Links) -> None:
        """All nodes wait."""
        self.links, self.back = links, back
        self.within = set(nodes)
        self.outward, self.inward = {}, {}
        for node in nodes:
            self.outward[node] = self.count(links[node])
            self.inward[node] = self.count(back[node])
        self.waiting = [(self.surplus(node), node) for node in nodes]
        heapq.heapify(self.waiting)

    def count(self, others: list[int]) -> int:
        return sum([other in self.within for other in others])

    def surplus(self, node: int) -> int:
        return self.inward[node] - self.outward[node]

    def nodes(self) -> Iterator[int]:
        """The one that goes first, and so on; what it was an end of counts less from then on."""
        while self.waiting:
            surplus, node = heapq.heappop(self.waiting)
            if node in self.within and surplus == self.surplus(node):
                self.within.remove(node)
                yield node
                self.lessen(self.inward, self.links[node])
                self.lessen(self.outward, self.back[node])

    def lessen(self, counts: dict[int, int], others: list[int]) -> None:
        for other in others:
            if other in self.within:
                counts[other] -= 1
                heapq.heappush(self.waiting, (self.surplus(other), other))


def shortest_path(links: Any, start: int, end: int, within: Container[int] | None = None) -> list[int]:
    """Of links by node; both ends are in it; the first by number among equals; empty where there is none."""
    before = ways_from(links, start, end, within)
    return steps_back(before, end) if end in before else []


def ways_from(links: Any, start: int, end: int = -1, within: Container[int] | None = None) -> dict[int, int]:
    """Of each node that the start leads to, the nearest first, the one before it on a shortest way; up to the end."""
    before = {start: start}
    ring = [start]
    while ring and end not in before:
        following = []
        for node in ring:
            for other in links[node]:
                if other not in before and (within is None or other in within):
                    before[other] = node
                    following.append(other)
        ring = following
    return before


def steps_back(before: dict[int, int], end: int) -> list[int]:
    """The way to a node, from what leads to it."""
    path = [end]
    while before[path[-1]] != path[-1]:
        path.append(before[path[-1]])
    return path[::-1]


# ---------------------------------------------------------------------------------------
# 36  Barrels: which file defines what is imported through others, and what the detour loads
# gives: STATIC_KINDS, GraphEdge, Definitions, passed_on, clause_of
# uses: Start-up, Imports
# ---------------------------------------------------------------------------------------

STATIC_KINDS = ("value", "side effect")  # what is loaded with a file: cycles, load and depth are of these edges
ALL_NAMES = "*"
Target = tuple[int, str]  # a file, and a name that it exports


class GraphEdge(NamedTuple):
    """One file imports another. Files go by their places in the list of nodes."""

    start: int
    end: int
    kind: str  # value, type, dynamic, side effect
    specifier: str
    line: int
    clause: str
    statement: str = "import"  # a word of IMPORT_KINDS


class Passed(NamedTuple):
    """An import of a barrel, and where what it takes is defined."""

    edge: GraphEdge
    sources: tuple[tuple[int, tuple[str, ...]], ...]  # files, and what of them: names as clauses have them
    wasted: int  # files that are loaded by the barrel and by none of these

    def direct_edges(self) -> list[GraphEdge]:
        """The imports that would do."""
        found = []
        for node, names in self.sources:
            found.append(self.edge._replace(end=node, clause=clause_of(names)))
        return found


def clause_of(names: Iterable[str]) -> str:
    """What an import of these names says: a star stands outside of braces."""
    stars = [name for name in names if name[:1] == ALL_NAMES]
    others = [name for name in names if name[:1] != ALL_NAMES]
    listed = [f"{{ {', '.join(others)} }}"] if others else []
    return ", ".join((*stars, *listed))


class Definitions:
    """Finds the file that defines a name, through files that pass it on."""

    def __init__(self, edges: Sequence[GraphEdge], exports: Sequence[str]) -> None:
        """`exports` are the names that each file exports itself, as a list."""
        self.edges, self.exports = edges, exports
        self.of_file = grouped_edges(edges)
        self.tables: dict[int, tuple[dict[str, Target], list[int]]] = {}

    def table(self, node: int) -> tuple[dict[str, Target], list[int]]:
        """Of each name that a file exports what it is there, and the files of which it passes on all."""
        if node not in self.tables:
            self.tables[node] = self.made_table(node)
        return self.tables[node]

    def made_table(self, node: int) -> tuple[dict[str, Target], list[int]]:
        """The table of one file."""
        names: dict[str, Target] = {}
        imported: dict[str, Target] = {}
        stars = []
        for edge in self.of_file.get(node, ()):
            bound = names if edge.statement == "export" else imported
            for there, here in bindings_in(edge.clause):
                if here:
                    bound[here] = (edge.end, there)
                elif edge.statement == "export":
                    stars.append(edge.end)
        for there, here in bindings_in(f"{{{self.exports[node]}}}"):
            names[here] = imported.get(there, (node, here))
        return names, stars

    def find(self, node: int, name: str) -> Target | None:
        """The file that defines what another exports under a name, and its name there; None where nobody knows."""
        surest = None
        met = set()
        waiting = [(node, name)]
        while waiting:
            target = waiting.pop()
            if target[1] == ALL_NAMES:
                return target
            if target in met:
                continue
            met.add(target)
            names, stars = self.table(target[0])
            following = names.get(target[1])
            if following:
                surest = following
                waiting = [following] if following[0] != target[0] else []
            elif target[1] != "default":  # which * does not pass on
                waiting += [(star, target[1]) for star in reversed(stars)]
        return surest

    def sources(self, edge: GraphEdge) -> dict[int, list[str]]:
        """Which file defines what an import of a barrel takes; the barrel does where nobody knows."""
        found: dict[int, list[str]] = {}
        for there, here in bindings_in(edge.clause, edge.kind == "type"):
            node, name = self.find(edge.end, there) or (edge.end, there)
            if here not in ("", name):
                name = f"{name} as {here}"
            found.setdefault(node, []).append(name)
        return found or {edge.end: []}


def grouped_edges(edges: Iterable[GraphEdge]) -> dict[int, list[GraphEdge]]:
    """The imports and exports that bind names, by their files."""
    found: dict[int, list[GraphEdge]] = {}
    for edge in edges:
        if edge.clause and edge.statement in ("import", "export"):
            found.setdefault(edge.start, []).append(edge)
    return found


def passed_on(static: Graph, definitions: Definitions, barrels: Container[int]) -> tuple[Passed, ...]:
    """All imports of barrels, in the order of edges. What is not loaded wastes nothing."""
    through, pairs = [], []
    for edge in definitions.edges:
        if edge.end in barrels and edge.statement in ("import", "export"):
            sources = definitions.sources(edge)
            through.append((edge, sources))
            is_loaded = edge.kind in STATIC_KINDS
            pairs.append((edge.end, sources if is_loaded else (edge.end,)))
    passed = []
    for (edge, sources), count in zip(through, static.wasted(pairs)):
        rows = sorted_sources(sources)
        passed.append(Passed(edge, rows, count))
    return tuple(passed)


def sorted_sources(sources: dict[int, list[str]]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    rows = []
    for node in sorted(sources):
        words = tuple(sources[node])
        rows.append((node, words))
    return tuple(rows)


# ---------------------------------------------------------------------------------------
# 37  Import graph: the files of a run, and what imports what
# gives: Linker, graph_of, collapsed, without_barrels, top_of, judged_graph, GraphComparer, versions_of,
#        baseline_numbers
# uses: Start-up, Ground, Values, Catalogue, Rules, Imports, Globs, Judgement, Projects, Resolution, Graph, Barrels
# ---------------------------------------------------------------------------------------

COMPONENT_SUFFIXES = (".vue", ".svelte", ".astro")  # files that are no code of ours to read, and still nodes
_JAVASCRIPT = (".js", ".jsx", ".mjs", ".cjs")  # there TypeScript leaves nothing out
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")


ImportLines = dict[tuple[int, int], int]
Step = tuple[str, int, str]  # of a cycle: path, line, words
Unresolved = tuple[str, str, int, str]  # path, specifier, line, reason
UNRESOLVED_KEYS = ("from", "specifier", "line", "reason")


class GraphFile(NamedTuple):
    """A node, with its numbers."""

    path: str
    fan_in: int
    fan_out: int
    reach: int
    load: int
    depth: int
    is_barrel: bool
    component: int | None  # the place of its cycle among all, the largest first
    barrel_cost: int = 0  # files that are loaded in vain where it is imported, over all that import it

    @property
    def instability(self) -> float:
        return self.fan_out / ((self.fan_in + self.fan_out) or 1)


class ImportGraph(NamedTuple):
    """All that imports say of the files of a run."""

    files: tuple[GraphFile, ...]  # in the order of their paths
    edges: tuple[GraphEdge, ...]
    components: tuple[Component, ...]  # cycles of static value edges
    unresolved: tuple[Unresolved, ...]
    outside: tuple[tuple[int, str, GraphEdge], ...]  # packages that are not of the run: file, name, place
    others: int  # edges to files that are no nodes: assets, declarations, files that were not analysed
    passed: tuple[Passed, ...] = ()  # imports of barrels

    def places(self) -> ImportLines:
        """The line on which one file first imports the value of another."""
        found: ImportLines = {}
        for edge in self.edges:
            if edge.kind in STATIC_KINDS:
                found.setdefault((edge.start, edge.end), edge.line)
        return found

    def sums(self) -> JsonObject:
        """The graph in a few numbers. Propagation cost: the share of the files that a change to one may reach."""
        count = len(self.files)
        reached = sum([file.reach + 1 for file in self.files])
        return {
            "files": count,
            "edges": len({edge[:2] for edge in self.edges}),
            "cycles": len(self.components),
            "files_in_cycles": sum([len(component.nodes) for component in self.components]),
            "longest_chain": max([file.depth for file in self.files], default=0),
            "propagation_cost": round(reached / (count or 1) ** 2, 4),
            "unresolved": len(self.unresolved),
        }

    def as_json(self) -> JsonObject:
        """All of it, files by their paths."""
        rows = [self.file_as_json(node) for node in range(len(self.files))]
        unresolved = [dict(zip(UNRESOLVED_KEYS, row)) for row in self.unresolved]
        return {
            "summary": self.sums(),
            "files": rows,
            "edges": list(map(self.edge_as_json, self.edges)),
            "components": self.components_as_json(),
            "unresolved": unresolved,
        }

    def components_as_json(self) -> list[JsonObject]:
        found = []
        for component in self.components:
            files, shortest, *cut = map(self.named, (component.nodes, component.shortest, *component.cut))
            found.append({"files": files, "shortest": shortest, "cut": cut})
        return found

    def file_as_json(self, node: int) -> JsonObject:
        file = self.files[node]
        return {**file._asdict(), "instability": round(file.instability, 4)}

    def edge_as_json(self, edge: GraphEdge) -> JsonObject:
        return {
            "from": self.files[edge.start].path,
            "to": self.files[edge.end].path,
            "kind": edge.kind,
            "type_only": edge.kind == "type",
            "specifier": edge.specifier,
            "line": edge.line,
            "names": names_in(edge.clause),
        }

    def named(self, nodes: Iterable[int]) -> list[str]:
        return [self.files[node].path for node in nodes]


class Linker:
    """Finds what the imports of files name."""

    def __init__(self, imports: dict[str, Imports], top: str) -> None:
        """`imports` are those of files by their paths as reported; nothing outside of `top` is looked at."""
        self.imports = imports
        self.disk = Disk(top)
        self.resolver = Resolver(self.disk)
        self.projects = Projects(self.resolver)
        self.folders = {}  # as reported -> real
        self.paths = sorted(imports)
        self.real = [self.real_place(path) for path in self.paths]
        self.number = {real: place for place, real in enumerate(self.real)}
        self.edges, self.outside, self.unresolved = [], [], []
        self.others = 0

    def real_place(self, path: str) -> str:
        folder, name = os.path.split(path)
        if folder not in self.folders:
            self.folders[folder] = real_path(os.path.abspath(folder))
        return join_path(self.folders[folder], name)

    def link(self) -> None:
        """All edges, in the order of files and lines."""
        for start in range(len(self.imports)):
            self.link_file(start)
        for config, name in self.projects.missing:
            place = relative_name(config)
            self.unresolved.append((place, name, 1, "extends what is not there; its options are left out"))

    def link_file(self, start: int) -> None:
        path = self.paths[start]
        real = self.real[start]
        folder = real.rpartition("/")[0]
        options = self.projects.options_of(folder)
        for one in self.imports[path].all:
            kind = edge_kind(one, path, options)
            edge = GraphEdge._make((start, -1, kind, one.specifier, one.line, one.clause, one.kind))
            found = self.end_of(one, real, options) or self.as_it_is(one.specifier, folder)
            self.add(edge, found, options)

    def end_of(self, one: Import, real: str, options: CompilerOptions) -> str | None:
        """The file that an import names, as TypeScript finds it."""
        folder = real.rpartition("/")[0]
        if one.kind == "reference":
            return path_in(folder, one.specifier)
        return self.resolver.resolve(one.specifier, folder, options, self.mode(one, real, options))

    def add(self, edge: GraphEdge, found: str | None, options: CompilerOptions) -> None:
        """An edge, as far as its end is a file of the run."""
        end = self.number.get(found) if found else None
        if end is None and found and found.endswith(COMPONENT_SUFFIXES):
            end = self.add_node(found)
        if end is not None:
            self.edges.append(edge._replace(end=end))
        elif found and "/node_modules/" not in found:
            self.others += 1
        else:
            self.add_outside(edge, found, options)

    def add_node(self, real: str) -> int:
        """A file that nobody reads."""
        self.number[real] = place = len(self.paths)
        self.paths.append(relative_name(real))
        self.real.append(real)
        return place

    def add_outside(self, edge: GraphEdge, found: str | None, options: CompilerOptions) -> None:
        """A package, or what nobody finds."""
        name = edge.specifier
        reason = ""
        if is_relative(name) or name.startswith("/"):
            reason = "no such file"
        elif name.startswith("#"):
            reason = "not among the imports of package.json"
        elif not found and (best_row(options.paths, name) or "*")[0] != "*":
            reason = "none of the files that `paths` names is there"
        if reason:
            self.unresolved.append((self.paths[edge.start], name, edge.line, reason))
        else:
            self.outside.append((edge.start, package_and_rest(name)[0], edge))

    def as_it_is(self, specifier: str, folder: str) -> str | None:
        """An asset, or a file of another language; what bundlers read behind a ? is left out."""
        path = path_in(folder, specifier.partition("?")[0])
        return path if is_relative(specifier) and self.disk.is_file(path) else None

    def mode(self, one: Import, real: str, options: CompilerOptions) -> str:
        """Whether an import becomes an import or a require; there are conditions in package.json for both."""
        if one.kind in ("require", "import="):
            return "require"
        if one.kind == "dynamic" or options.resolution not in ("node16", "nodenext") or real.endswith((".mts", ".mjs")):
            return "import"
        scope = self.disk.package_of(real.rpartition("/")[0])
        package = self.disk.package_in(scope)
        is_module = package.get("type") == "module" and not real.endswith((".cts", ".cjs"))
        return "import" if is_module else "require"


def edge_kind(one: Import, path: str, options: CompilerOptions) -> str:
    """What is left of an import when TypeScript has made JavaScript of it."""
    is_type = one.use == TYPE_ONLY or path.endswith(_DECLARATIONS)
    if one.use in (ELIDED, ELIDED_BUT_FOR_METADATA):
        is_wanted = one.use == ELIDED_BUT_FOR_METADATA and options.emits_metadata
        is_type |= not (is_wanted or options.keeps_imports or path.endswith(_JAVASCRIPT))
    if is_type:
        return "type"
    if one.kind == "dynamic":
        return "dynamic"
    return "side effect" if one.kind == "import" and not one.clause else "value"


def graph_of(imports: dict[str, Imports], top: str) -> ImportGraph:
    """The graph of files by what they import; `top` is the folder that nobody looks outside of."""
    return linked_graph(Linker(imports, top))


def linked_graph(linker: Linker) -> ImportGraph:
    """The graph of a linker's files."""
    linker.link()
    imports = linker.imports
    barrels = {place for place, path in enumerate(linker.paths) if path in imports and imports[path].is_barrel}
    exports = [imports[path].exports if path in imports else "" for path in linker.paths]
    whole, static = graphs_of(len(linker.paths), linker.edges)
    components = tuple(static.components())
    passed = passed_on(static, Definitions(linker.edges, exports), barrels)
    return ImportGraph(
        files=with_costs(graph_files(linker.paths, (whole, static), components), barrels, passed),
        edges=tuple(linker.edges),
        components=components,
        unresolved=tuple(linker.unresolved),
        outside=tuple(linker.outside),
        others=linker.others,
        passed=passed,
    )


def graphs_of(count: int, edges: Iterable[GraphEdge]) -> tuple[Graph, Graph]:
    """All edges, and those of what is loaded."""
    whole = Graph(count, [edge[:2] for edge in edges])
    static = Graph(count, [edge[:2] for edge in edges if edge.kind in STATIC_KINDS])
    return whole, static


def graph_files(
    paths: Sequence[str], graphs: tuple[Graph, Graph], components: Sequence[Component]
) -> tuple[GraphFile, ...]:
    """The nodes with their numbers. Load and depth are of what is loaded, all else of all edges."""
    whole, static = graphs
    columns = zip(
        paths,
        map(len, whole.back),
        map(len, whole.links),
        whole.reached(whole.back),
        static.reached(static.links),
        static.depths(),
        [False] * len(paths),
        places_of_cycles(components, len(paths)),
        [0] * len(paths),
    )
    return tuple(map(GraphFile._make, columns))


def with_costs(
    files: tuple[GraphFile, ...], barrels: Container[int], passed: Iterable[Passed]
) -> tuple[GraphFile, ...]:
    """The nodes, where it is said which are barrels, and what these cost."""
    costs: dict[int, int] = {}
    for one in passed:
        costs[one.edge.end] = costs.get(one.edge.end, 0) + one.wasted
    found = list(files)
    for place in barrels:
        found[place] = files[place]._replace(is_barrel=True, barrel_cost=costs.get(place, 0))
    return tuple(found)


def without_barrels(found: ImportGraph) -> ImportGraph:
    """The graph in which an import of a barrel is one of the files that define the names."""
    passed = {one.edge: one for one in found.passed}
    edges = []
    for edge in found.edges:
        edges += passed[edge].direct_edges() if edge in passed else [edge]
    return with_edges(found, [file.path for file in found.files], edges)


def with_edges(found: ImportGraph, paths: Sequence[str], edges: Sequence[GraphEdge]) -> ImportGraph:
    """Another graph with the same remarks on what is not in it."""
    graphs = graphs_of(len(paths), edges)
    components = tuple(graphs[1].components())
    files = graph_files(paths, graphs, components)
    return found._replace(files=files, edges=tuple(edges), components=components, outside=(), passed=())


def places_of_cycles(components: Iterable[Component], count: int) -> list[int | None]:
    """Of each node the place of its cycle, or None."""
    places: list[int | None] = [None] * count
    for number, component in enumerate(components):
        for node in component.nodes:
            places[node] = number
    return places


def collapsed(found: ImportGraph, depth: int) -> ImportGraph:
    """The graph of folders: files go into the folder around them that is at most so deep below the one around all."""
    folders = [folder_parts(file.path) for file in found.files]
    deepest = common_length(folders) + depth
    names = ["/".join(parts[:deepest]) or "." for parts in folders]
    paths = sorted(set(names))
    number = {path: place for place, path in enumerate(paths)}
    place_of = [number[name] for name in names]
    edges = []
    for edge in found.edges:
        start, end = place_of[edge.start], place_of[edge.end]
        if start != end:
            edges.append(edge._replace(start=start, end=end))
    return with_edges(found, paths, edges)


def folder_parts(path: str) -> list[str]:
    """The names that lead from the working directory to the folder of a file."""
    folder = os.path.relpath(folder_of(path)).replace(os.sep, "/")
    return [] if folder == "." else folder.split("/")


def common_length(folders: Sequence[list[str]]) -> int:
    """How many names all of these folders begin with."""
    alike = takewhile(lambda names: len(set(names)) == 1, zip(*folders))
    return len(list(alike))


class GraphViolation(NamedTuple):
    """What is above a limit."""

    path: str
    violation: Violation
    words: str
    files: tuple[str, ...]  # all that it is about
    steps: tuple[Step, ...] = ()  # the imports of a cycle


class JudgedGraph(NamedTuple):
    graph: ImportGraph
    violations: tuple[GraphViolation, ...]


def top_of(paths: Iterable[str]) -> str:
    """The folder that nothing is looked for outside of: the repository's, or else the one that all files are in."""
    common = real_path(common_folder(paths))
    return repository_root(common) or common


def judged_graph(found: ImportGraph, settings: Settings) -> JudgedGraph:
    """The graph, and what of it is above limits."""
    return JudgedGraph(found, (*cycles_above(found, settings), *files_above(found, settings)))


def cycles_above(found: ImportGraph, settings: Settings) -> Iterator[GraphViolation]:
    """The cycles, each at the first import of a shortest way round."""
    places = found.places()
    for component in found.components:
        files = tuple(found.named(component.nodes))
        violation = strictest_violation(files, settings)
        if violation:
            steps = tuple(steps_of(found, component, places))
            words = f"{counted(len(files), 'file')} import each other: {cycle_words(found, component)}"
            yield GraphViolation(steps[0][0], violation, words, files, steps)


def strictest_violation(files: tuple[str, ...], settings: Settings) -> Violation | None:
    """What a cycle is by the strictest limits of its files."""
    size = len(files)
    if not settings.overrides:
        files = files[:1]
    worst = None
    for path in files:
        violation = violation_of(CYCLES, size, analysis_for(settings, path)[1])
        if violation and (worst is None or violation.level == "error"):
            worst = violation
    return worst


def steps_of(found: ImportGraph, component: Component, places: ImportLines) -> Iterator[Step]:
    """The imports of a shortest way round."""
    nodes = component.shortest
    following = (*nodes[1:], nodes[0])
    for start, end in zip(nodes, following):
        path = found.files[start].path
        other = printable(found.files[end].path)
        yield path, places[start, end], f"imports {other}"


def files_above(found: ImportGraph, settings: Settings) -> Iterator[GraphViolation]:
    """Files with a number above its limit."""
    for file in found.files:
        analysis = analysis_for(settings, file.path)[1]
        for metric in FILE_GRAPH_METRICS:
            value = getattr(file, metric.at)
            violation = violation_of(metric.name, value, analysis)
            if violation:
                words = f"the file has {metric.noun} {number(value)}"
                yield GraphViolation(file.path, violation, words, (file.path,))


class Versions(NamedTuple):
    """What the files of a run were before."""

    imports: dict[str, Imports]  # by their paths of then
    names: dict[str, str]  # path of then -> path now, or that of then where the file is no more
    gone: tuple[str, ...]  # files that were there then, and are not now
    new: tuple[str, ...]  # files that were not

    def numbers(self, top: str) -> dict[str, JsonObject]:
        """The numbers of each file then, by its path now."""
        linker = Linker(self.imports, top)
        linker.disk.go_back(self.gone, self.new)
        graph = linked_graph(linker)
        found = {}
        for file in graph.files:
            path = self.names.get(file.path, file.path)
            found[path] = {metric.name: getattr(file, metric.at) for metric in FILE_GRAPH_METRICS}
            if file.component is not None:
                found[path][CYCLES] = len(graph.components[file.component].nodes)
        return found


def versions_of(jobs: Iterable[Job], imports: dict[str, Imports], older: dict[int, Imports], top: str) -> Versions:
    """What there was before the changes: `older` are the imports of older versions, by their jobs."""
    found = Versions._make((dict(imports), {}, (), ()))
    jobs = [job for job in jobs if job.before is not None]
    root = root_of_versions(jobs, top)
    gone, new = [], []
    for job in jobs:
        found.imports.pop(job.path, None)
        place = job.file and real_path(job.file)
        before = job.before.path and join_path(root, job.before.path)
        path = job.path
        if place != before:
            new.append(place)
            gone.append(before)
            path = relative_name(before)
        if job.index in older:
            found.imports[path] = older[job.index]
            found.names[path] = job.path
    return found._replace(gone=tuple(filter(None, gone)), new=tuple(filter(None, new)))


def root_of_versions(jobs: Iterable[Job], top: str) -> str:
    """The folder that names of older versions start from: the repository's, or else one where files still have them."""
    roots = set()
    for job in jobs:
        place = real_path(job.file) if job.file else ""
        if job.before.path and place.endswith(f"/{job.before.path}"):
            roots.add(place[: -len(job.before.path) - 1])
    return top if top in roots else min(roots, key=len, default=top)


def baseline_numbers(reference: Reference) -> dict[str, JsonObject]:
    """What a baseline knows of each file, be it there or not: the size of its cycle, and numbers above limits."""
    paths = {key: path for path, key in reference.keys.items()}
    return {paths.get(key, key): entry.values for key, entry in reference.links.items()}


class GraphComparer:
    """Compares what is above limits with what was before."""

    def __init__(self, reference: Reference, before: Mapping[str, JsonObject]) -> None:
        """`before` are numbers of files by their paths; those of cycles are their sizes."""
        self.reference, self.before = reference, before
        self.values = {}  # what a baseline written now says of a file
        self.left: list[int] = []  # the sizes of cycles that files were in that are no more

    def compared(self, judged: JudgedGraph) -> JudgedGraph:
        """The graph with what is new or worse alone."""
        paths = {file.path for file in judged.graph.files}
        gone = [values for path, values in self.before.items() if path not in paths]
        self.left = [values.get(CYCLES, 0) for values in gone]
        violations = filter(None, map(self.violation, judged.violations))
        return judged._replace(violations=tuple(violations))

    def violation(self, one: GraphViolation) -> GraphViolation | None:
        """The finding, if it is new or worse."""
        found = one.violation
        known = [self.before.get(path, {}).get(found.metric, 0) for path in one.files]
        largest = max(known)
        is_known = found.value <= largest and not self.strangers(one, known)
        if is_known or self.reference.comparison.accept:
            self.record(one)
            return None
        delta = found.value - largest if largest else None
        since = self.reference.comparison.reference
        return one._replace(violation=found._replace(delta=delta, since=since))

    def strangers(self, one: GraphViolation, known: list[float]) -> int:
        """How many of its files were not in it. New files may be those that left a cycle as large, by other names."""
        strangers = known.count(0)
        new = [path for path in one.files if path not in self.before]
        left = self.left.count(max(known)) if one.violation.metric == CYCLES else 0
        return 0 if strangers == len(new) <= left else strangers

    def record(self, one: GraphViolation) -> None:
        for path in one.files:
            values = self.values.setdefault(path, {})
            values[one.violation.metric] = one.violation.value

    def entries(self) -> Iterator[Entry]:
        """Of files that this run does not look at, a baseline says what it said."""
        for path, values in sorted(self.values.items()):
            yield Entry(self.reference.keys[path], IMPORTING, 1, "-", values)
        seen = set(self.reference.keys.values())
        for key, entry in self.reference.links.items():
            if key not in seen and self.reference.is_there(key):
                yield entry


def cycle_words(found: ImportGraph, component: Component) -> str:
    """A shortest cycle of a component."""
    paths = found.named((*component.shortest, component.shortest[0]))
    return " → ".join(map(printable, paths))


# ---------------------------------------------------------------------------------------
# 38  Collecting: outcomes in any order make one summary
# gives: Collector, summary_of
# uses: Start-up, Words, Ground, Values, Catalogue, One file, Judgement, Reference, Clones, Shares, Import graph
# ---------------------------------------------------------------------------------------


class Spool:
    """A file without a name that keeps fragments: they take no memory, and a worker's never pass through a pipe. A row
    of fragments, one per report, has a place there: where it begins, and the number of the spool."""

    def __init__(self, number: int, reports: int) -> None:
        import tempfile

        self.number, self.head = number, struct.Struct(f"{reports}I")
        self.file = tempfile.TemporaryFile(buffering=1 << 18, prefix="complexity-guard-")

    def claimed(self) -> bool:
        """Whether this process may write here: the first that asks may, until it ends."""
        import fcntl

        try:
            fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def keep(self, rows: Iterable[tuple[str, ...]]) -> list[int]:
        """The place of each row. A row that a dead worker left half written is before them, and has no place."""
        places, end = [], self.file.seek(0, os.SEEK_END)
        for row in rows:
            parts = [fragment.encode("utf-8", "surrogatepass") for fragment in row]
            places.append(end << SPOOL_BITS | self.number)
            lengths = self.head.pack(*map(len, parts))
            end += self.file.write(b"".join((lengths, *parts)))
        self.file.flush()
        return places

    def close(self) -> None:
        try:
            self.file.close()
        except OSError:  # the full disk of before, once more
            pass

    def replay(self, place: int, report: int) -> str:
        """One report's fragment in the row at a place."""
        start = place >> SPOOL_BITS
        self.file.seek(start)
        lengths = self.head.unpack(self.file.read(self.head.size))
        if report:
            self.file.seek(start + self.head.size + sum(lengths[:report]))
        return self.file.read(lengths[report]).decode("utf-8", "surrogatepass")


class FragmentStore:
    """Keeps the fragments of all reports as they come, and replays a report's in path order. All but the last few are
    in spools: memory stays flat however many files there are."""

    def __init__(self, files: int, reports: int, in_memory: int = 16 << 20) -> None:
        self.reports, self.in_memory = reports, in_memory
        self.room = in_memory
        self.memory: dict[int, tuple[str, ...]] = {}
        self.places = memoryview(bytearray(8 * (files or 1))).cast("q")  # 0: not in a spool; else the place + 1
        self.spools: list[Any] = []
        self.own: Spool | None = None

    def spools_for(self, chosen: Plan) -> tuple[Spool, ...]:
        """One for each worker that is forked; others send their fragments, and the parent keeps them."""
        forked = chosen.workers if self.reports and chosen.start_method == "fork" else 0
        found = []
        try:
            for _ in range(min(forked, (1 << SPOOL_BITS) - 3)):
                found.append(Spool(len(self.spools), self.reports))
                self.spools.append(found[-1])
        except OSError:  # nowhere to write
            pass
        return tuple(found)

    def adopt(self, spool: Any) -> int:
        """The number of something else that replays fragments."""
        self.spools.append(spool)
        return len(self.spools) - 1

    def keep(self, index: int, fragments: tuple[str, ...] | int) -> None:
        """A file's fragments, or their place in a spool."""
        if isinstance(fragments, int):
            self.places[index] = fragments + 1
            return
        self.memory[index] = fragments
        self.room -= sum(map(len, fragments))
        if self.room < 0:
            self.empty_memory()

    def empty_memory(self) -> None:
        """Into a spool of our own; where nothing can be written, everything stays in memory."""
        try:
            if not self.own:
                self.own = Spool(len(self.spools), self.reports)
                self.spools.append(self.own)
            for index, place in zip(self.memory, self.own.keep(self.memory.values())):
                self.places[index] = place + 1
            self.memory.clear()
            self.room = self.in_memory
        except OSError:
            self.room = 1 << 60

    def replay(self, report: int) -> Iterator[str]:
        """The fragments of one report, in path order."""
        for index, place in enumerate(self.places):
            if place:
                spool = self.spools[place - 1 & (1 << SPOOL_BITS) - 1]
                yield spool.replay(place - 1, report)
            elif index in self.memory:
                yield self.memory[index][report]

    def close(self) -> None:
        for spool in self.spools:
            spool.close()


class Collected(NamedTuple):
    """What all outcomes of a run come to, before it is judged: a Summary has most of it."""

    files_analyzed: int
    total_functions: int
    warnings: int
    errors: int
    syntax_errors: int
    suppressed: int
    ungated: int
    health_score: float
    losses: Losses
    skipped: tuple[Skipped, ...]
    hotspots: tuple[Hotspot, ...]  # the worst first
    duplication: Duplication | None
    graph: JudgedGraph | None
    changes: Changes | None  # None where nothing was compared
    entries: Entries  # of a baseline written now
    tests: CodeSums
    generated: CodeSums


COUNTED = Digest._fields[:8]  # what is added up over all files of a kind of code


class CodeTally:
    """Adds up the files of one kind of code, in whatever order they arrive."""

    def __init__(self) -> None:
        self.files = 0
        self.counts = dict.fromkeys(COUNTED, 0)

    def add(self, digest: Digest) -> None:
        self.files += 1
        for field in COUNTED:
            self.counts[field] += getattr(digest, field)

    def sums(self) -> CodeSums:
        counts = dict(self.counts)
        health = health_of(counts.pop("lost"), counts.pop("health_lines"))
        return CodeSums(files=self.files, health_score=health, **counts)


class LossTally:
    """Who lost how much, in whatever order files arrive: every folder, and of files and functions the worst."""

    def __init__(self, top: int) -> None:
        self.top = top
        self.folders: dict[str, tuple[int, int]] = {}  # what the files right in it lost, and their lines
        self.files, self.functions = ranking_of_losses(top), ranking_of_losses(top)
        self.losing_files = self.losing_functions = self.lost = self.lines = 0

    def add(self, path: str, digest: Digest) -> None:
        """Add a file."""
        lost, lines = digest.lost, digest.health_lines
        self.lost += lost
        self.lines += lines
        folder = folder_of(path)
        lost_there, lines_there = self.folders.get(folder, (0, 0))
        self.folders[folder] = lost_there + lost, lines_there + lines
        if lost:
            self.losing_files += 1
            self.losing_functions += digest.losing
            self.files.add([Loss(path, 0, "", lost, lines)])
            self.functions.add(digest.losses)

    def losses(self, health: float, share: float, duplication: float) -> Losses:
        """In points of this health, which duplication has a share in and takes points of."""
        point = (1 - share) / LOST_UNIT / (self.lines or 1)  # for each unit that was lost
        losing = [Loss(folder, 0, "", *sums) for folder, sums in self.folders.items() if sums[0]]
        folders = ranking_of_losses(self.top)
        folders.add(losing)
        return Losses(
            missing=100.0 - health,
            duplication=duplication,
            point=point,
            folders=self.in_points(folders, len(losing), point),
            files=self.in_points(self.files, self.losing_files, point),
            functions=self.in_points(self.functions, self.losing_functions, point),
        )

    def in_points(self, ranking: Ranking, count: int, point: float) -> LossList:
        """The worst of so many, and the rest."""
        worst = tuple([loss._replace(points=loss.lost * point) for loss in ranking.worst])
        rest = self.lost - sum([loss.lost for loss in worst])
        return LossList(worst, count - len(worst), rest * point)


class Collector:
    """Adds outcomes up, in whatever order they arrive."""

    def __init__(self, settings: Settings, reference: Reference, skipped: Iterable[Skipped]) -> None:
        """`skipped` are those that are known before any outcome."""
        self.settings, self.reference = settings, reference
        self.store = FragmentStore(len(reference.jobs), len(settings.reports))
        self.tallies = {code: CodeTally() for code in CODE_KINDS}
        self.hotspots = ranking_of_hotspots(settings.top)
        self.losses = LossTally(settings.top)
        self.skipped = list(skipped)
        self.changes = Changes(gone=count_findings(reference.free))
        self.entries = list(reference.unseen)  # of a baseline written now
        self.tokens: dict[int, tuple[str, TokenColumns]] = {}
        self.imports: dict[str, Imports] = {}
        self.older: dict[int, Imports] = {}  # of older versions, by index
        self.graph: JudgedGraph | None = None  # once it was made
        self.links = tuple(reference.links.values())  # what a baseline written now says of imports
        self.bodies: dict[str, str] = {}
        self.shares: ComparedShares | None = None  # once they were looked for

    def add(self, outcome: Outcome) -> None:
        """Add one outcome. That of a file that is no more has a ledger alone."""
        if outcome.ledger:
            self.add_ledger(outcome.ledger)
        if outcome.imports:
            self.imports[outcome.path] = outcome.imports
        if outcome.older:
            self.older[outcome.index] = outcome.older
        if outcome.is_of_a_gone_file or self.reference.jobs[outcome.index].is_context:
            return
        if outcome.is_left_out:
            self.tallies[GENERATED].files += 1
            return
        if outcome.digest is None:
            is_gone = self.reference.jobs[outcome.index].is_gone  # then nothing of it is there to judge
            self.skipped.append((LeftOut if is_gone else Skipped)(outcome.path, outcome.skipped))
            return
        self.store.keep(outcome.index, outcome.fragments)
        if outcome.tokens:
            self.tokens[outcome.index] = (outcome.path, outcome.tokens)
            self.bodies[outcome.path] = outcome.body
        if outcome.digest.code == PRODUCT:
            self.losses.add(outcome.path, outcome.digest)
        self.add_digest(outcome.digest)

    def add_digest(self, digest: Digest) -> None:
        """Add what a worker counted in a file."""
        self.tallies[digest.code].add(digest)
        self.hotspots.add(digest.hotspots)
        if digest.changes:
            self.changes = added_changes(self.changes, digest.changes)

    def add_ledger(self, ledger: Ledger) -> None:
        self.entries += ledger.entries
        gone = count_findings(ledger.free) - count_findings(ledger.adopted)
        self.changes = self.changes._replace(gone=self.changes.gone + gone)

    def collected(self) -> Collected:
        """What the outcomes come to, with the clones among all files. Asked again, it answers the same: the search for
        clones runs once, since it takes the tokens, which are large, apart."""
        shares = self.shares = self.shares or self.compared_shares()
        found = shares.duplication
        product, tests, generated = (self.tallies[code].sums() for code in CODE_KINDS)
        late = self.late_levels(found)
        health, losses = self.health(found)
        return Collected(
            files_analyzed=product.files,
            total_functions=product.functions,
            warnings=product.warnings + late.count("warning"),
            errors=product.errors + late.count("error"),
            syntax_errors=product.syntax_errors,
            suppressed=product.suppressed,
            ungated=product.ungated + late.count("ungated"),
            health_score=health,
            losses=losses,
            tests=tests,
            generated=generated,
            skipped=tuple(sorted(self.skipped)),
            hotspots=self.hotspots.worst,
            duplication=found,
            graph=self.graph,
            changes=added_changes(self.changes, shares.changes) if self.settings.comparison.kind else None,
            entries=(*self.entries, *shares.entries, *self.links),
        )

    def late_levels(self, found: Duplication | None) -> list[str]:
        """The levels of what is known when all files are, for which the graph is made."""
        self.graph = self.graph or self.judged_graph()
        return levels_of(found, self.settings.analysis.gate) + levels_of_graph(self.graph)

    def health(self, found: Duplication | None) -> tuple[float, Losses]:
        """The project's health, and where the points went that are missing from it."""
        share, points = duplication_in_health(found, self.settings.analysis)
        of_functions = health_of(self.losses.lost, self.losses.lines)
        health = (1 - share) * of_functions + share * 100.0 - points
        return health, self.losses.losses(health, share, points)

    def judged_graph(self) -> JudgedGraph | None:
        """The import graph with what is new or worse, where it is wanted."""
        if "graph" not in self.settings.analysis.metrics:
            return None
        top = top_of(self.imports)
        judged = judged_graph(graph_of(self.imports, top), self.settings)
        kind = self.settings.comparison.kind
        if not kind or not (judged.violations or kind == "baseline"):
            return judged
        comparer = GraphComparer(self.reference, self.numbers_before(top))
        judged = comparer.compared(judged)
        if kind == "baseline":
            self.links = tuple(comparer.entries())
        return judged

    def numbers_before(self, top: str) -> Mapping[str, JsonObject]:
        """What the graph was before, by path: as the baseline knows it, or as it was between the older versions."""
        if self.settings.comparison.kind == "baseline":
            return baseline_numbers(self.reference)
        versions = versions_of(self.reference.jobs, self.imports, self.older, top)
        return versions.numbers(top)

    def compared_shares(self) -> ComparedShares:
        """The shares of clones, of each file and of the project."""
        settings, before = self.settings, tuple(self.reference.shares.values())
        if "duplication" not in settings.analysis.metrics or not is_whole(settings.comparison):
            return ComparedShares(None, Changes(), before)
        found = find_duplication(self.tokens, settings)
        if settings.comparison.kind == "baseline":
            return ShareComparer(self.bodies, self.reference).compared(found)
        return ComparedShares(found, Changes(), before)


def levels_of_graph(graph: JudgedGraph | None) -> list[str]:
    levels = [one.violation for one in graph.violations] if graph else []
    return ["ungated" if violation.ungated else violation.level for violation in levels]


def levels_of(found: Duplication | None, gate: Container[str]) -> list[str]:
    """Of the findings that are shares of duplicated code; "ungated" where such findings fail nothing."""
    if not found:
        return []
    levels = [found.project_status, *[file.status for file in found.files]]
    if does_gate(PROJECT_SHARE, gate):
        return levels
    return ["ungated" for level in levels if level != "ok"]


def added_changes(one: Changes, other: Changes) -> Changes:
    return Changes._make(map(sum, zip(one, other)))


def summary_of(collected: Collected, settings: Settings, elapsed: float, workers: int) -> Summary:
    """The summary that reports show of a run, which took `elapsed` seconds."""
    exit_code, failures = verdict_of_run(collected, settings)
    found = collected._asdict()
    del found["entries"]
    is_comparable = collected.total_functions and is_whole(settings.comparison)
    return Summary(
        **found,
        grade=grade_of(collected.health_score),
        percentile=percentile_of(collected.health_score, settings.analysis) if is_comparable else None,
        status=status_of_run(collected),
        elapsed_ms=int(elapsed * 1000),
        thread_count=workers,
        timestamp=timestamp(),
        exit_code=exit_code,
        failures=failures,
    )


def status_of_run(collected: Collected) -> str:
    """That of the worst finding, in tests, too."""
    if collected.errors or collected.tests.errors:
        return "error"
    return "warning" if collected.warnings or collected.tests.warnings else "ok"


def timestamp() -> str:
    """The time of the run, or what SOURCE_DATE_EPOCH says, if that is a number of seconds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    fixed = epoch.isascii() and epoch.isdigit() and len(epoch) <= 11
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(epoch) if fixed else None))


GRAVEST_FIRST = (EXIT_SKIPPED, EXIT_ERRORS, EXIT_WARNINGS)


def verdict_of_run(collected: Collected, settings: Settings) -> tuple[int, tuple[str, ...]]:
    """The exit code of a run, and all reasons for which it fails, in words. The gravest reason gives the code."""
    failures = list(failures_of(collected, settings))
    code = min((code for code, _ in failures), key=GRAVEST_FIRST.index, default=EXIT_PASSED)
    return code, tuple(words for _, words in failures)


def failures_of(collected: Collected, settings: Settings) -> Iterator[tuple[int, str]]:
    """Each reason for which the run fails: the exit code that it has alone, and the words."""
    failed = sum(not skipped.expected for skipped in collected.skipped)
    if failed:
        yield EXIT_SKIPPED, f"{counted(failed, 'file')} could not be analysed"
    errors = collected.errors + collected.tests.errors
    warnings = collected.warnings + collected.tests.warnings
    if errors and settings.fail_on != "none":
        yield EXIT_ERRORS, counted(errors, "error")
    if warnings and settings.fail_on == "warning":
        yield EXIT_WARNINGS, counted(warnings, "warning")
    elif settings.max_warnings is not None and warnings > settings.max_warnings:
        words = f"{counted(warnings, 'warning')}, more than the {settings.max_warnings:,} that are allowed"
        yield EXIT_WARNINGS, words
    minimum = health_minimum(settings)
    if minimum is not None and collected.health_score < minimum:
        yield EXIT_ERRORS, f"health {collected.health_score:.1f} is below {minimum:g}"


def health_minimum(settings: Settings) -> float | None:
    """The health that the project must have; that of a few changed functions is not the project's."""
    if not is_whole(settings.comparison):
        return None
    return settings.health_floor


# ---------------------------------------------------------------------------------------
# 39  Records: what was measured of a file, as bytes
# gives: BadRecord, Unlocated, record_of, measured_of, headed, beheaded, json_of, check, binascii
# uses: Start-up, Ground, Values, Language, Exemptions
# ---------------------------------------------------------------------------------------

# A record holds measures, no verdicts and no path: limits, baselines and formats can change, and it stays true. It is
# RECORD_MAGIC, a checksum of all that follows, the sizes in bytes of its parts, and the parts: a row of RECORD_PARTS
# each, in that order. Whoever changes the parts changes the magic. Numbers are in this machine's order of bytes.
#
# Numbers stand column by column, and JSON holds only what few files have: a record that was JSON took 0.19 ms to read,
# and 0.14 ms to write, which is a fifth of the measuring; this one takes a third of that to read, a tenth to write.
RECORD_MAGIC = b"CGM\x0a" + sys.byteorder[:1].encode()
RECORD_START = struct.Struct("<5sI")
UNIT_KINDS = sorted({*KIND_NAMES.values(), "constructor", "getter", "setter", "module"})
_PLAIN_REASONS = {*REASONS.values(), "else if"}
POINT_REASONS = sorted(_PLAIN_REASONS | {reason + BY_FAULT for reason in _PLAIN_REASONS})
KIND_PLACES = {kind: place for place, kind in enumerate(UNIT_KINDS)}
REASON_PLACES = {reason: place for place, reason in enumerate(POINT_REASONS)}
UNIT_TEXTS = 2  # the first fields of a unit are its names
UNIT_NUMBERS = MeasuredFunction._fields[UNIT_TEXTS:]  # and these its kind, which is a number here, and its numbers
UNLIKE = "\0"  # the mark of a qualified name that does not end in the name
IS_WRAPPER = UNIT_NUMBERS.index("is_wrapper")
NUMBER_CODES = ("H", "i", "q")  # of struct
REASON = Point._fields.index("reason")
FIELD_TYPES = {"int": int, "str": str, "bool": bool}
binascii = Lazy(lambda: __import__("binascii"))


class BadRecord(Exception):
    """These bytes are no record, or a damaged one, or one of another version."""


class Unlocated(Exception):
    """Somebody asks a record for what only the source has: increments that nobody had located when it was made."""


class RecordedPoints(NamedTuple):
    """The increments of each unit of a recorded file, as EventPoints gives them."""

    by_unit: list[UnitPoints] | None  # None: they were not recorded

    def of(self, unit: int) -> UnitPoints:
        if self.by_unit is None:
            raise Unlocated
        return self.by_unit[unit]


def record_of(measured: MeasuredFile, with_points: bool = True) -> bytes:
    """What was measured of a file, as bytes; `measured_of` is the way back. Without the increments, which take as long
    to locate as all else, it serves whoever does not ask for them."""
    parts = []
    for part in RECORD_PARTS:
        is_wanted = with_points or part.write is not write_points
        parts.append(part.write(measured) if is_wanted else b"")
    sizes = RECORD_SIZES.pack(*map(len, parts))
    checked = sizes + b"".join(parts)
    start = RECORD_START.pack(RECORD_MAGIC, binascii.crc32(checked))
    return start + checked


def measured_of(record: bytes) -> MeasuredFile:
    """What a record holds; raises BadRecord. A record may come from anywhere: nothing in it is taken on trust."""
    try:
        return read_record(record)
    except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError, struct.error) as error:
        raise BadRecord(f"{type(error).__name__}: {error}") from None


def read_record(record: bytes) -> MeasuredFile:
    """The file that was recorded; raises one of many errors where the parts of the record contradict each other."""
    magic, checksum = RECORD_START.unpack_from(record)
    checked = record[RECORD_START.size :]
    if magic != RECORD_MAGIC or checksum != binascii.crc32(checked):
        raise ValueError("damaged, or of another version")
    sizes = RECORD_SIZES.unpack_from(checked)
    layout = "".join([f"{size}s" for size in sizes])
    blocks = struct.unpack(layout, checked[RECORD_SIZES.size :])
    fields: dict[str, Any] = {}
    for part, block in zip(RECORD_PARTS, blocks):
        fields |= part.read(block)
    measured = MeasuredFile(**fields)
    check_units(measured)
    return measured


class RecordPart(NamedTuple):
    """Fields of a measured file, as bytes and back."""

    write: Callable[[MeasuredFile], bytes]
    read: Callable[[bytes], dict[str, Any]]  # the fields by name; raises ValueError and others


# Numbers and texts


def number_block(values: Sequence[int]) -> bytes:
    """Whole numbers, in as many bytes each as all of them need: 2 in nearly every file."""
    for code in NUMBER_CODES:
        try:
            return code.encode() + struct.pack(f"{len(values)}{code}", *values)
        except struct.error:
            continue
    raise OverflowError("a number of more than 64 bits")


def numbers_of(block: bytes, least: int = 0) -> list[int]:
    """The numbers of a block, none of them less than that."""
    code = block[:1].decode()
    check(code in NUMBER_CODES)
    values = memoryview(block)[1:].cast(code).tolist()
    check(least <= min(values, default=0))
    return values


def columns_in(values: list[int], width: int) -> list[list[int]]:
    """Numbers that were written column by column."""
    height, rest = divmod(len(values), width)
    check(not rest)
    columns = []
    for column in range(width):
        start = column * height
        columns.append(values[start : start + height])
    return columns


def text_block(texts: Sequence[str]) -> bytes:
    """Texts, behind their number and the length of each: they may hold any letter."""
    lengths = list(map(len, texts))
    return headed(number_block(lengths)) + "".join(texts).encode()


def texts_of(block: bytes) -> list[str]:
    lengths, rest = beheaded(block)
    text = rest.decode()
    starts = list(accumulate(numbers_of(lengths), initial=0))
    check(len(text) == starts[-1])
    ends = starts[1:]
    return [text[start:end] for start, end in zip(starts, ends)]


def headed(block: bytes) -> bytes:
    """A block that others follow, behind its size."""
    return struct.pack("<I", len(block)) + block


def beheaded(data: bytes) -> tuple[bytes, bytes]:
    """The block that was headed, and what follows it."""
    (size,) = struct.unpack_from("<I", data)
    check(size <= len(data) - 4)
    end = 4 + size
    return data[4:end], data[end:]


def json_of(data: bytes) -> Any:
    import json

    return json.loads(data)


def check(is_so: Any) -> None:
    if not is_so:
        raise ValueError("the record contradicts itself")


def check_values(kind: str, values: Sequence[Any], least: int = 0) -> None:
    """Values are of one type; numbers neither too small nor too large; texts without halves of characters."""
    check(set(map(type, values)) <= {FIELD_TYPES[kind]})
    if kind == "int":
        check(least <= min(values, default=0) and max(values, default=0) <= MASK64)
    elif kind == "str":
        "".join(values).encode()


def rows_of(kind: Any, rows: list[list[Any]], least: int = 0) -> tuple[Any, ...]:
    """The rows as values of a class, whose fields tell the types."""
    check({len(row) for row in rows} <= {len(kind._fields)})
    types = kind.__annotations__.values()
    columns = zip(*rows)
    for type_name, column in zip(types, columns):
        check_values(type_name, column, least)
    return tuple(map(kind._make, rows))


# The parts


def write_units(measured: MeasuredFile) -> bytes:
    """The numbers of all units, column by column; then their names, as they are and as they are qualified."""
    columns = zip(*measured.units)
    names, qualified_names, kinds, *numbers = columns
    values = list(map(KIND_PLACES.__getitem__, kinds))
    for column in numbers:
        values += column
    prefixes = prefixes_of(names, qualified_names)
    return headed(number_block(values)) + text_block((*names, *prefixes))


def prefixes_of(names: Sequence[str], qualified_names: Sequence[str]) -> list[str]:
    """What stands before each name in the qualified one; all of that, behind a mark, where it does not end so."""
    prefixes = []
    for name, whole in zip(names, qualified_names):
        is_end = name and whole.endswith(name) and whole[0] != UNLIKE
        prefixes.append(whole[: -len(name)] if is_end else UNLIKE + whole)
    return prefixes


def read_units(data: bytes) -> dict[str, Any]:
    """The module and every function."""
    values, rest = beheaded(data)
    width = len(UNIT_NUMBERS)
    columns = columns_in(numbers_of(values), width)
    check(set(columns[IS_WRAPPER]) <= {0, 1})
    columns[IS_WRAPPER] = list(map(bool, columns[IS_WRAPPER]))
    columns[0] = list(map(UNIT_KINDS.__getitem__, columns[0]))
    names = read_names(rest, len(columns[0]))
    module, *functions = map(MeasuredFunction._make, zip(*names, *columns))
    return {"module": module, "functions": tuple(functions)}


def read_names(data: bytes, count: int) -> tuple[list[str], list[str]]:
    """The names of so many units, as they are and as they are qualified."""
    texts = texts_of(data)
    check(len(texts) == UNIT_TEXTS * count)
    names, prefixes = texts[:count], texts[count:]
    whole = [prefix[1:] if prefix[:1] == UNLIKE else prefix + name for name, prefix in zip(names, prefixes)]
    return names, whole


def write_points(measured: MeasuredFile) -> bytes:
    """The increments of all units, column by column, behind how many each has of both numbers; or nothing."""
    points = measured.points
    if isinstance(points, RecordedPoints) and points.by_unit is None:
        return b""
    lists: list[Points] = []
    for unit in range(len(measured.units)):
        lists += points.of(unit)
    rows = list(chain.from_iterable(lists))
    values = [len(lists), *map(len, lists)]
    for field in Point._fields:
        column = map(attrgetter(field), rows)
        values += map(REASON_PLACES.__getitem__, column) if field == "reason" else column
    return number_block(values)


def read_points(data: bytes) -> dict[str, Any]:
    """The increments, if they were recorded."""
    if not data:
        return {"points": RecordedPoints(None)}
    count, *values = numbers_of(data)
    lengths = values[:count]
    fields = columns_in(values[count:], len(Point._fields))
    check(sum(lengths) == len(fields[0]))
    fields[REASON] = list(map(POINT_REASONS.__getitem__, fields[REASON]))
    following = map(Point._make, zip(*fields))
    lists = [tuple(islice(following, length)) for length in lengths]
    pairs = list(zip(lists[::2], lists[1::2]))
    return {"points": RecordedPoints(pairs)}


SCARCE = ("file_length", "export_count", "generated", "suppressions", "syntax_errors")
scarce_values = attrgetter(*SCARCE)


def write_scarce(measured: MeasuredFile) -> bytes:
    values = scarce_values(measured)
    if values[2:] == ("", (), ()):  # as in most files
        return b'[%a,%a,"",[],[]]' % values[:2]
    return to_json(values).encode()


def read_scarce(data: bytes) -> dict[str, Any]:
    """What is said of the file as a whole, and what few files have."""
    values = json_of(data)
    said = dict(zip(SCARCE, values, strict=True))
    check_values("int", values[:2])
    check_values("str", values[2:3])
    said["suppressions"] = rows_of(SuppressionComment, said["suppressions"], least=NO_LINE)
    said["syntax_errors"] = rows_of(SyntaxProblem, said["syntax_errors"])
    return said


def write_bodies(measured: MeasuredFile) -> bytes:
    return struct.pack(f"{len(measured.bodies)}Q", *measured.bodies)


def read_bodies(data: bytes) -> dict[str, Any]:
    return {"bodies": tuple(memoryview(data).cast("Q").tolist())}


def write_tokens(measured: MeasuredFile) -> bytes:
    """The columns of the tokens, behind how many there are; nothing where nobody wanted them."""
    tokens = measured.tokens
    if tokens is None:
        return b""
    return b"".join((headed(tokens.codes), *tokens[1:]))


def read_tokens(data: bytes) -> dict[str, Any]:
    if not data:
        return {"tokens": None}
    codes, rest = beheaded(data)
    width = 4 * len(codes)
    check(width <= len(rest))
    tokens = TokenColumns(codes, rest[:width], rest[width:])
    check_tokens(tokens)
    return {"tokens": tokens}


def write_imports(measured: MeasuredFile) -> bytes:
    """What the file says of others, column by column; nothing where nobody wanted to know."""
    if measured.imports is None:
        return b""
    numbers = [int(measured.imports.is_barrel)]
    texts = [measured.imports.exports]
    for one in measured.imports.all:
        kind = IMPORT_KINDS.index(one.kind)
        use = IMPORT_USES.index(one.use)
        numbers += (kind, use, one.line)
        texts += (one.specifier, one.clause)
    return headed(number_block(numbers)) + text_block(texts)


def read_imports(data: bytes) -> dict[str, Any]:
    """What the file says of others, if that was recorded."""
    if not data:
        return {"imports": None}
    block, rest = beheaded(data)
    is_barrel, *numbers = numbers_of(block)
    exports, *texts = texts_of(rest)
    check(is_barrel in (0, 1) and len(numbers) * 2 == len(texts) * 3)
    found = recorded_imports(numbers, texts)
    return {"imports": Imports(tuple(found), bool(is_barrel), exports)}


def recorded_imports(numbers: list[int], texts: list[str]) -> Iterator[Import]:
    specifiers, clauses = texts[::2], texts[1::2]
    kinds = map(IMPORT_KINDS.__getitem__, numbers[::3])
    uses = map(IMPORT_USES.__getitem__, numbers[1::3])
    rows = zip(specifiers, kinds, uses, numbers[2::3], clauses)
    return map(Import._make, rows)


# A new field of a measured file is a new row, or a part of one.
RECORD_PARTS = (
    RecordPart(write_units, read_units),
    RecordPart(write_points, read_points),
    RecordPart(write_scarce, read_scarce),
    RecordPart(write_bodies, read_bodies),
    RecordPart(write_tokens, read_tokens),
    RecordPart(write_imports, read_imports),
)
RECORD_SIZES = struct.Struct(f"<{len(RECORD_PARTS)}I")


# What the parts say of each other


def check_units(measured: MeasuredFile) -> None:
    """Every unit has its increments, where there are any, and its body."""
    units = measured.units
    check(len(measured.bodies) in (0, len(units) + 1))
    check(all(unit.outer < max(1, number) for number, unit in enumerate(units)))
    check(min([unit.cyclomatic for unit in units]) > 0)
    if measured.points.by_unit is not None:
        numbers_of_points = [1 + len(paths) for paths, _ in measured.points.by_unit]
        check(numbers_of_points == [unit.cyclomatic for unit in units])


def check_tokens(tokens: TokenColumns) -> None:
    """The lines of tokens are those of a text: no more tokens stand before a line than before the next one."""
    starts = memoryview(tokens.lines).cast("i").tolist()
    bounds = [0, *starts, len(tokens.codes)]
    check(bounds == sorted(bounds))


# ---------------------------------------------------------------------------------------
# 40  Cache: what runs keep for those that follow
# gives: shelf_for, cache_folder, content_digest, record_key, Keeper, Cache, MOST_CACHE, cached_bytes, last_words,
#        empty_cache, Drawer
# uses: Words, Start-up, Ground, Values, Scan, Records
# ---------------------------------------------------------------------------------------
# A run keeps two things. Results are what it told of each file: the values that are summed up, and the file's fragment
# of each report. They serve runs of the same settings, formats and program, which then neither parse nor judge nor
# render that file. Records are what was measured of a content, and serve any run. Each of both is one file for all of a
# project, a pack: thousands of small ones would take longer to open than to analyse.
#
# A result is believed when the file has the content that it was made of. Its digest says so, or, which saves the
# reading, size, times and inode: times that were older than two seconds when the content was read, for a file system
# may count in steps of two, and a change in the same step leaves no mark (what git calls racy).
#
# A pack is sealed by a key that lies in the folder of the user, so that what a project brings along is no cache at all.
# Whatever is wrong with a pack, or with writing one, it is as if there was none.

MOST_CACHE = 1 << 28  # bytes of all packs in a folder, and of what one may say that it unfolds to
MOST_RECORDS = 1 << 26  # bytes of the records of a project
FROM_BYTES = 400_000  # of source: a run over less is over sooner than a pack is read
BLOCK_BYTES = 1 << 18  # of fragments that are deflated together: many repeat each other
LOOSE_BYTES, LOOSE_FILES = 1 << 16, 128  # below the first, blocks are joined when a pack is written, so many files each
LEVEL = 3  # of deflating: a fifth smaller than by 1, in the same time
RACY = 2_000_000_000  # nanoseconds
SEAL = 32  # bytes
PACK_MAGIC = b"complexity-guard pack 1\n"
PACK_END = struct.Struct(f"<Q{SEAL}s")
NEW_SUFFIX = ".new"
PACK_SUFFIXES = (".results", ".records", ".last", NEW_SUFFIX)
OLD_AFTER = 3600  # seconds after which a pack that is being written is nobody's any more
TAG_NAME, TAG = "CACHEDIR.TAG", b"Signature: 8a477f597d28d172789f06886806bc55\n# A cache of complexity-guard.\n"
KEY_NAME, KEY_BYTES = "key", 32
DIGEST = 16  # bytes of the digest of a content
zlib = Lazy(lambda: __import__("zlib"))
blake2 = Lazy(lambda: __import__("_blake2"))


def content_digest(data: bytes) -> bytes:
    return blake2.blake2b(data, digest_size=DIGEST).digest()


def text_digest(*texts: str) -> str:
    return content_digest("\0".join(texts).encode("utf-8", "surrogatepass")).hex()


# Where it is


class CacheFolder(NamedTuple):
    """Where packs are, and the folder of the key that seals them."""

    path: str
    key_folder: str


def cache_folder(settings: Settings) -> CacheFolder | None:
    """The folder that was asked for; else that of node_modules, where tools keep such things; else the user's. None
    where there is to be no cache."""
    if settings.cache is False:
        return None
    own = user_folder()
    if settings.cache_dir:
        folder = own_part(settings.cache_dir)
        return CacheFolder(folder, folder if settings.cache_is_asked else own)
    modules = modules_folder(settings)
    if modules and own:
        return CacheFolder(f"{modules}/.cache/complexity-guard", own)
    return CacheFolder(own, own) if own else None


def own_part(folder: str) -> str:
    """A folder, or one in it where there is anything else: it gets a .gitignore that hides all of it."""
    try:
        names = os.listdir(folder)
    except OSError:
        return folder
    return folder if not names or TAG_NAME in names else join_path(folder, "complexity-guard")


def user_folder() -> str:
    """The user's folder for what can be made again; "" where there is none."""
    home = os.path.expanduser("~")
    places = {"win32": os.environ.get("LOCALAPPDATA", ""), "darwin": f"{home}/Library/Caches"}
    usual = places.get(sys.platform, f"{home}/.cache")
    folder = os.environ.get("XDG_CACHE_HOME") or usual
    return f"{folder}/complexity-guard" if os.path.isabs(folder) else ""


def modules_folder(settings: Settings) -> str:
    """The nearest node_modules of what is analysed; "" where there is none that is ours."""
    folder = settings.common
    while is_inside(folder, settings.base) and folder:
        modules = join_path(folder, "node_modules")
        cache = f"{modules}/.cache/complexity-guard"
        if os.path.isdir(modules) and real_path(cache) == cache and not is_of_stranger(modules):
            return modules
        folder = folder.rpartition("/")[0]
    return ""


def made_folder(folder: str) -> None:
    """Make a folder of ours, which backups and git pass over. Raises OSError."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for name, content in ((TAG_NAME, TAG), (".gitignore", b"*\n")):
        path = join_path(folder, name)
        if not os.path.lexists(path):
            write_new(path, content)


def write_new(path: str, content: bytes) -> None:
    """Write a file under another name, and give it its own; OSError where that cannot be."""
    temporary = f"{path}.{os.getpid()}-{time.time_ns()}{NEW_SUFFIX}"
    with open(temporary, "wb", opener=new_file) as file:
        file.write(content)
    os.replace(temporary, path)


def new_file(path: str, _flags: int) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    extra = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW"))
    return os.open(path, flags | extra, 0o600)


def key_in(folder: str) -> bytes:
    """The key of a folder, which is made where there is none. Raises OSError."""
    path = join_path(folder, KEY_NAME)
    for _ in range(2):
        try:
            key = read_bytes(path)
        except Unreadable:
            made_folder(folder)
            write_new(path, os.urandom(KEY_BYTES))
            continue
        if len(key) == KEY_BYTES and not is_of_stranger(path):
            return key
        break
    raise OSError("no key of ours")


class Shelf(NamedTuple):
    """Where a run finds what earlier ones like it kept, and leaves what it keeps."""

    folder: str
    key: bytes
    results: str  # paths of the two packs; "" for results where runs do not repeat each other
    records: str


NO_SHELF = Shelf("", b"", "", "")

# What has no part in what a run tells of one file. Any other field of the settings makes other results.
SHAPES_NOTHING = (
    "allow_empty", "max_file_bytes", "stdin_filename", "path_base", "rows", "threads", "executor", "start_method",
    "memory_factor", "run_timeout", "deadline", "fail_on", "max_warnings", "health_floor", "floor_is_asked", "nearer",
    "keep_reports", "cache", "cache_dir", "cache_is_asked", "cache_strategy", "shelf",
)  # fmt: skip
FOR_TERMINALS = ("color", "columns", "list_all", "verbose", "quiet", "summary_only", "group_by")  # the console's alone


def shape_of(settings: Settings) -> str:
    """All of the settings that shapes what a run tells of a file."""
    formats = [request.format for request in settings.reports]
    passive = {*SHAPES_NOTHING, "reports"}
    if "console" not in formats:
        passive |= {*FOR_TERMINALS}
    fields = {name: value for name, value in settings._asdict().items() if name not in passive}
    return canonical((fields, formats))


def canonical(value: Any) -> str:
    """A text that is the same for equal values, in every process."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(sorted(f'{key!r}: {canonical(value[key])}' for key in value))}}}"
    if isinstance(value, (frozenset, set)):
        return f"{{{', '.join(sorted(map(canonical, value)))}}}"
    if isinstance(value, (tuple, list)):
        return f"{type(value).__name__}({', '.join(map(canonical, value))})"
    return repr(value)


def program_digest() -> str:
    """What this program is, down to the bytes: one that was changed believes nothing of the one before."""
    return _program_digests[__version__]


def digest_of_program(version: str) -> str:
    own = globals().get("__file__") or ""
    kernel = getattr(kernel_module(), "__file__", None) or ""
    parts = [version, sys.version, scanner_words()]
    for path in (own if os.path.isfile(own) else sys.executable, kernel):
        try:
            data = read_bytes(path)
        except Unreadable:
            continue
        parts.append(f"{len(data)}-{zlib.crc32(data)}")
    return text_digest(*parts)


_program_digests = Memo(digest_of_program)


def shelf_for(paths: Sequence[str], jobs: Any, settings: Settings) -> Shelf | None:
    """Where this run looks and keeps; None where there is no cache, or where it would save nothing."""
    if list(paths) == ["-"]:
        return None
    is_small = sum(jobs.sizes) < FROM_BYTES and not settings.cache_dir
    shelf = None if is_small else plain_shelf(settings)
    if shelf is None:
        return None
    results = ""
    if jobs.marks is not None and repeats(settings):
        results = name_of_results(paths, jobs.marks, settings)
    return shelf._replace(results=results)


def plain_shelf(settings: Settings) -> Shelf | None:
    """A shelf without results; None where there is no cache."""
    place = cache_folder(settings)
    if place is None:
        return None
    try:
        made_folder(place.path)
        return Shelf(place.path, key_in(place.key_folder), "", name_of_records(settings))
    except OSError:
        return None


def repeats(settings: Settings) -> bool:
    """Whether a run tells of a file what the one before did: not of changes, nor where a baseline is written."""
    comparison = settings.comparison
    if comparison.kind == "baseline":
        return not comparison.write and "duplication" not in settings.analysis.metrics
    return not comparison.kind


def name_of_results(paths: Sequence[str], marks: Iterable[str], settings: Settings) -> str:
    """All that shapes what a run tells of a file, beside the file."""
    here = real_path(os.getcwd())
    if settings.comparison.kind:
        marks = [*marks, settings.comparison.source]
    around = canonical((tuple(paths), marks_of(marks)))
    return text_digest(program_digest(), here, shape_of(settings), around)


def name_of_records(settings: Settings) -> str:
    return text_digest(program_digest(), settings.base)


def marks_of(paths: Iterable[str]) -> list[tuple[str, bytes]]:
    """What the files at these paths say, whose words reach many others; b"" for those that are not there."""
    found = []
    for path in sorted(paths):
        try:
            found.append((path, read_bytes(path)))
        except Unreadable:
            found.append((path, b""))
    return found


# Packs


class Pack(NamedTuple):
    """What a pack holds: blocks somewhere in its data, and sections that tell of them."""

    data: bytes
    sections: list[bytes]


def read_pack(path: str, name: str, key: bytes) -> Pack | None:
    """A pack that we sealed under this name; None for anything else."""
    try:
        data = sealed_bytes(path)
        return Pack(data, sections_of(data, name, key)) if data else None
    except (OSError, Unreadable, ValueError, struct.error, zlib.error):
        return None


def sealed_bytes(path: str) -> bytes:
    """The bytes of a file that may be a pack; b"" for one that is too large to be one."""
    descriptor = os.open(path, READING | getattr(os, "O_NOFOLLOW", 0))
    try:
        if os.fstat(descriptor).st_size > MOST_CACHE:
            return b""
        return all_of(descriptor)
    finally:
        os.close(descriptor)


def sections_of(data: bytes, name: str, key: bytes) -> list[bytes]:
    """The sections behind the blocks; raises ValueError where the seal is not ours."""
    size, seal = PACK_END.unpack_from(data, len(data) - PACK_END.size)
    body = memoryview(data)[: len(data) - SEAL]
    check_seal(seal == seal_of(name, key, [body]))
    start = len(body) - 8 - size
    check_seal(start >= 0)
    rest = unfolded(data[start : len(body) - 8])
    sections = []
    while rest:
        section, rest = beheaded(rest)
        sections.append(section)
    return sections


def check_seal(is_so: bool) -> None:
    if not is_so:
        raise ValueError("no pack of ours")


def seal_of(name: str, key: bytes, parts: Iterable[Any]) -> bytes:
    hasher = hasher_of(name, key)
    for part in parts:
        hasher.update(part)
    return hasher.digest()


def hasher_of(name: str, key: bytes) -> Any:
    return blake2.blake2b(PACK_MAGIC + name.encode(), digest_size=SEAL, key=key)


def folded(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + zlib.compress(data, LEVEL)


def unfolded(data: bytes) -> bytes:
    """What was folded. It says how much that is, and no more is made of it than that."""
    (size,) = struct.unpack_from("<I", data)
    check_seal(size <= MOST_CACHE)
    found = zlib.decompressobj().decompress(data[4:], size + 1)
    check_seal(len(found) == size)
    return found


class PackWriter:
    """Writes a pack beside the one that is there, and puts it in its place when it is whole."""

    def __init__(self, path: str, name: str, key: bytes) -> None:
        """Raises OSError where nothing can be written."""
        self.path = path
        self.temporary = f"{path}.{os.getpid()}-{time.time_ns()}{NEW_SUFFIX}"
        self.hasher = hasher_of(name, key)
        self.place = 0
        self.file = open(self.temporary, "wb", opener=new_file)

    def add(self, data: bytes) -> int:
        """The place of what was written."""
        place = self.place
        self.file.write(data)
        self.hasher.update(data)
        self.place += len(data)
        return place

    def finish(self, sections: Iterable[bytes]) -> None:
        index = folded(b"".join(map(headed, sections)))
        self.add(index)
        self.add(struct.pack("<Q", len(index)))
        with self.file as file:
            file.write(self.hasher.digest())
        os.replace(self.temporary, self.path)

    def abandon(self) -> None:
        """Leave nothing behind, unless it was finished."""
        try:
            self.file.close()
            os.unlink(self.temporary)
        except OSError:
            pass


BLOCK = struct.Struct("<QI")  # where a block is, and how long


class Blocks:
    """The blocks of a pack. The last few stay unfolded."""

    def __init__(self, pack: Pack, table: bytes) -> None:
        self.pack = pack
        self.rows = list(BLOCK.iter_unpack(table))
        self.unfolded = Memo(self.unfold, most=8)

    def raw(self, number: int) -> bytes:
        """Raises OSError where there is no such block: who has the key can write anything."""
        if number >= len(self.rows):
            raise OSError("the cache is damaged")
        start, size = self.rows[number]
        return self.pack.data[start : start + size]

    def unfold(self, number: int) -> bytes:
        try:
            return unfolded(self.raw(number))
        except (ValueError, struct.error, zlib.error):
            raise OSError("the cache is damaged") from None


# Records


RECORD_ROW = struct.Struct(f"<{DIGEST + 4}s3I")  # key, block, where in it, and how long


class RecordPack:
    """The records of a project."""

    def __init__(self, shelf: Shelf) -> None:
        path = join_path(shelf.folder, f"{shelf.records}.records")
        pack = read_pack(path, shelf.records, shelf.key)
        rows, table = pack.sections if pack else (b"", b"")
        self.blocks = Blocks(pack or Pack(b"", []), table)
        self.rows = {key: row for key, *row in RECORD_ROW.iter_unpack(rows)}

    def get(self, key: bytes) -> bytes | None:
        if key not in self.rows:
            return None
        block, start, size = self.rows[key]
        return self.blocks.unfolded[block][start : start + size]


def record_key(content: bytes, suffix: str, options: MeasureOptions) -> bytes:
    """Of what is measured of a content under a name that ends so, by these rules."""
    return content + _rules_tags[suffix, tuple(options)]


_rules_tags = Memo(lambda rules: struct.pack("<I", binascii.crc32(repr(rules).encode())))


# What workers keep


class KeptFile(NamedTuple):
    """What is kept of the outcome of a file."""

    index: int
    path: str
    key: bytes  # of its record
    digest: Digest  # with all that may enter the lists of the worst
    urgency: str  # of the worst hotspot
    ledger: Ledger | None
    sizes: tuple[int, ...]  # in bytes, of the fragment of each report


class Kept(NamedTuple):
    """What a worker hands on for the cache, of some files at a time."""

    files: tuple[KeptFile, ...]
    blocks: tuple[bytes, ...]  # the fragments of all these files, for each report; folded
    records: tuple[tuple[bytes, int], ...]  # key and size of each
    record_block: bytes  # folded
    found: int  # how many contents had a record
    new: int  # and how many were measured


class Keeper:
    """What a worker keeps of the files that it analyses, and finds of them in the records."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.pack: RecordPack | None = None
        self.clear()

    def clear(self) -> None:
        self.files: list[KeptFile] = []
        self.fragments: list[tuple[bytes, ...]] = []
        self.keys: list[tuple[bytes, int]] = []
        self.records: list[bytes] = []
        self.found = self.new = self.held = 0

    def measured(self, key: bytes) -> MeasuredFile | None:
        """What an earlier run measured of the same content by the same rules."""
        self.pack = self.pack or RecordPack(self.shelf)
        record = self.pack.get(key)
        try:
            measured = measured_of(record) if record else None
        except BadRecord:
            return None
        self.found += measured is not None
        return measured

    def keep_record(self, key: bytes, measured: MeasuredFile) -> None:
        """Increments have no part in it: most reports show none, and to locate them takes longer than all else."""
        self.new += 1
        if self.pack and key in self.pack.rows:
            return  # its increments were asked for, and it has none
        record = record_of(measured, with_points=False)
        self.keys.append((key, len(record)))
        self.records.append(record)
        self.held += len(record)

    def keep_result(self, key: bytes, outcome: Outcome, urgency: str) -> None:
        """The outcome of a file, with all in its digest that may enter the lists of the worst."""
        if not self.shelf.results:
            return
        fragments = tuple([fragment.encode("utf-8", "surrogatepass") for fragment in outcome.fragments])
        sizes = tuple(map(len, fragments))
        kept = (outcome.index, outcome.path, key, outcome.digest, urgency, outcome.ledger, sizes)
        self.files.append(KeptFile._make(kept))
        self.fragments.append(fragments)
        self.held += sum(sizes)

    def take(self, is_last: bool) -> Kept | None:
        """What was kept since the last time, if that is enough for a block, or nothing comes behind it."""
        is_empty = not (self.files or self.new or self.found)
        if is_empty or not (is_last or self.held >= BLOCK_BYTES):
            return None
        blocks = [folded(b"".join(column)) for column in zip(*self.fragments)]
        kept = Kept(
            files=tuple(self.files),
            blocks=tuple(blocks),
            records=tuple(self.keys),
            record_block=folded(b"".join(self.records)),
            found=self.found,
            new=self.new,
        )
        self.clear()
        return kept


# Results

STAMP_WIDTH = 4  # numbers that tell whether a file is as it was: size, mtime, ctime, inode
NO_STAMP = (-1, 0, 0, 0)  # of a file whose times prove nothing yet
KEPT_COUNTS = Digest._fields[:8]
RESULT_ROW = struct.Struct(f"<{STAMP_WIDTH + 1 + len(KEPT_COUNTS) + 3}q")
# Behind the stamp the group of blocks, then the counts, functions that lost anything, the kind of code, the worst loss.
GROUP, FIRST_COUNT, LAST_COUNT = STAMP_WIDTH, STAMP_WIDTH + 1, STAMP_WIDTH + 1 + len(KEPT_COUNTS)
KEY_WIDTH = DIGEST + 4


class ResultTable:
    """The results of many files in the making, as the sections of a pack."""

    def __init__(self, reports: int) -> None:
        self.extent = struct.Struct(f"<{2 * reports}I")  # where each fragment begins in its block, and its size
        self.sections = [bytearray() for _ in range(7)]

    def add(self, row: tuple[int, ...], extents: Sequence[int], key: bytes, texts: tuple[str, ...]) -> None:
        """One file: its numbers, where its fragments are, and four texts: its path, the urgency of its worst hotspot,
        what may enter the lists of the worst, and what comparing left to settle."""
        numbers, places, keys, *others = self.sections
        numbers += RESULT_ROW.pack(*row)
        places += self.extent.pack(*extents)
        keys += key
        for section, text in zip(others, texts):
            section += text.encode("utf-8", "surrogatepass") + b"\0"


class Results:
    """What a run like this one told of each file; its fragments are replayed as those of a spool."""

    def __init__(self, pack: Pack, reports: int) -> None:
        """Raises ValueError and others where the sections do not go together, as those of a sealed pack do."""
        numbers, places, keys, *texts, table = pack.sections
        self.reports = reports
        self.blocks = Blocks(pack, table)
        self.rows = list(RESULT_ROW.iter_unpack(numbers))
        self.keys = keys
        self.extents = [()] * len(self.rows)
        if reports:
            self.extents = list(struct.iter_unpack(f"<{2 * reports}I", places))
        self.texts = list(map(texts_kept_in, texts))
        self.paths, self.urgencies, self.details, self.compared = self.texts
        self.check()
        self.numbers = {path: number for number, path in enumerate(self.paths)}

    def check(self) -> None:
        """That the sections are of the same files, and name kinds of code that there are."""
        lengths = set(map(len, (self.rows, self.extents, *self.texts)))
        check(lengths == {len(self.keys) // KEY_WIDTH})
        check({row[-2] for row in self.rows} <= {*range(len(CODE_KINDS))})

    def key(self, number: int) -> bytes:
        start = number * KEY_WIDTH
        return self.keys[start : start + KEY_WIDTH]

    def digest(self, number: int, rankings: Any) -> Digest:
        """What sums the file up, with those of its functions that enter the lists of the worst."""
        row = self.rows[number]
        losing, code, worst = row[LAST_COUNT:]
        urgency = self.urgencies[number]
        is_listed = worst and rankings.losses.may_enter(worst)
        spots: tuple[Any, Any] = (), ()
        if is_listed or urgency and rankings.hotspots.may_enter(urgency):
            spots = spots_in(self.details[number], self.paths[number])
        counts = row[FIRST_COUNT:LAST_COUNT]
        changes, _ = comparison_in(self.compared[number])
        return Digest._make((*counts, spots[0], losing, spots[1], changes, CODE_KINDS[code]))

    def fragment(self, number: int, report: int) -> bytes:
        start, size = self.extents[number][2 * report : 2 * report + 2]
        block = self.rows[number][GROUP] * self.reports + report
        return self.blocks.unfolded[block][start : start + size]

    def replay(self, place: int, report: int) -> str:
        """One report's fragment of the file whose number is in a place."""
        return self.fragment(place >> SPOOL_BITS, report).decode("utf-8", "surrogatepass")

    def close(self) -> None:
        """There is no file to close."""


def texts_kept_in(section: bytes) -> list[str]:
    return section.decode("utf-8", "surrogatepass").split("\0")[:-1]


def detail_of(digest: Digest) -> str:
    """The functions that may enter the lists of the worst; the path is left out."""
    import json

    spots = [spot[1:] for spot in digest.hotspots]
    losses = [loss[1:] for loss in digest.losses]
    return json.dumps([spots, losses]) if spots or losses else ""


def spots_in(detail: str, path: str) -> tuple[tuple[Hotspot, ...], tuple[Loss, ...]]:
    """What detail_of wrote."""
    hotspots, losses = json_of(detail.encode()) if detail else ((), ())
    spots = []
    for *place, violations in hotspots:
        found = tuple(map(Violation._make, violations))
        spots.append(Hotspot._make((path, *place, found)))
    return tuple(spots), tuple([Loss._make((path, *loss)) for loss in losses])


def comparison_text(digest: Digest, ledger: Ledger | None) -> str:
    """What comparing a file came to; "" where nothing was compared."""
    if ledger is None and digest.changes is None:
        return ""
    return to_json([digest.changes, ledger])


def comparison_in(text: str) -> tuple[Changes | None, Ledger | None]:
    """What comparison_text wrote."""
    if not text:
        return None, None
    changes, ledger = json_of(text.encode())
    if ledger is not None:
        ledger = Ledger._make([tuple(map(Entry._make, entries)) for entries in ledger])
    return changes and Changes._make(changes), ledger


# A run's view of the cache

FOUND_OUTCOME = tuple(Outcome._field_defaults.values())


class PackBuilder:
    """A pack in the making, which is opened when the first block comes."""

    def __init__(self, shelf: Shelf, name: str, suffix: str) -> None:
        self.name = name
        self.path = join_path(shelf.folder, name + suffix)
        self.key = shelf.key
        self.writer: PackWriter | None = None
        self.groups = 0
        self.table = bytearray()

    def add(self, blocks: Iterable[bytes]) -> int:
        """The number of a group of blocks that go together."""
        self.writer = self.writer or PackWriter(self.path, self.name, self.key)
        for block in blocks:
            place = self.writer.add(block)
            self.table += BLOCK.pack(place, len(block))
        self.groups += 1
        return self.groups - 1

    def finish(self, sections: Iterable[bytes]) -> None:
        self.writer = self.writer or PackWriter(self.path, self.name, self.key)
        self.writer.finish([*sections, self.table])

    def abandon(self) -> None:
        if self.writer:
            self.writer.abandon()


class Cache:
    """What a run finds of its files in the cache, and what it leaves there."""

    def __init__(self, jobs: Any, settings: Settings) -> None:
        """Where there is no shelf, it finds nothing, and nothing is kept."""
        self.began = time.time_ns() - RACY
        self.jobs, self.settings = jobs, settings
        self.shelf = shelf = settings.shelf or NO_SHELF
        self.reports = len(settings.reports)
        self.results = self.read_results()
        self.records = Lazy(lambda: RecordPack(shelf))
        self.found: list[tuple[int, int, tuple[int, ...]]] = []  # index of the file, number of its result, stamp
        self.renewed = self.hits = self.new = 0  # the first: results that are the same but for the stamp
        self.table = ResultTable(self.reports)
        self.record_rows = bytearray()
        self.new_results = PackBuilder(shelf, shelf.results, ".results")
        self.new_records = PackBuilder(shelf, shelf.records, ".records")

    def read_results(self) -> Results | None:
        shelf = self.shelf
        path = join_path(shelf.folder, f"{shelf.results}.results")
        pack = read_pack(path, shelf.results, shelf.key) if shelf.results else None
        try:
            return Results(pack, self.reports) if pack else None
        except (ValueError, LookupError, struct.error):
            return None

    @property
    def needs_records(self) -> bool:
        """Whether all files are looked at together: for that their results do not have what it takes."""
        return not self.settings.analysis.metrics.isdisjoint(("duplication", "graph"))

    # What is found

    def left(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """The jobs of which nothing is known; the others are found."""
        if self.results is None:
            return jobs
        left = []
        for index, (path, stamp) in enumerate(zip(self.jobs.paths(), self.jobs.stamps())):
            number = self.results.numbers.get(path)
            if number is not None and self.is_known(index, number, stamp):
                self.found.append((index, number, stamp))
            else:
                left.append(jobs[index])
        return left

    def is_known(self, index: int, number: int, stamp: tuple[int, ...]) -> bool:
        """Whether a file is as it was when its result was made."""
        if self.needs_records and not self.record(number):
            return False
        if self.settings.comparison.kind and index in self.jobs.elsewhere:
            return False  # a baseline goes by what a link leads to
        believes_stamps = self.settings.cache_strategy == "stat"
        if believes_stamps and self.results.rows[number][:STAMP_WIDTH] == stamp:
            return True
        try:
            content = content_digest(read_bytes(self.jobs[index].file))
        except Unreadable:
            return False
        is_same = content == self.results.key(number)[:DIGEST]
        self.renewed += is_same and believes_stamps
        return is_same

    def record(self, number: int) -> bytes | None:
        return self.records.get(self.results.key(number))

    def outcomes(self, rankings: Any, store: Any) -> Iterator[Outcome]:
        """Those that were found. Their fragments are among the spools of the store."""
        results = self.results
        spool = store.adopt(results) if self.found else 0
        for index, number, _ in self.found:
            digest = rankings.entering(results.digest(number, rankings))
            place = number << SPOOL_BITS | spool
            outcome = Outcome._make((index, results.paths[number], digest, place, "", *FOUND_OUTCOME))
            if results.compared[number]:
                outcome = outcome._replace(ledger=comparison_in(results.compared[number])[1])
            if self.needs_records:
                measured = measured_of(self.record(number))
                tokens = measured.tokens if digest.code != GENERATED else None
                outcome = outcome._replace(tokens=tokens, imports=measured.imports)
            yield outcome

    # What is kept

    def keeping(self, arriving: Iterable[Outcome]) -> Iterator[Outcome]:
        """The outcomes, without what workers kept of their files. Blocks are written at once: memory stays flat."""
        for outcome in arriving:
            if outcome.kept:
                self.keep(outcome.kept)
                outcome = outcome._replace(kept=None)
            yield outcome

    def keep(self, kept: Kept) -> None:
        self.hits += kept.found
        self.new += kept.new
        try:
            if kept.files:
                self.keep_files(kept)
            if kept.records:
                self.keep_records(kept)
        except OSError:  # the disk takes no more
            self.give_up()

    def keep_files(self, kept: Kept) -> None:
        """The results of some files, whose fragments stand in their order."""
        group = self.new_results.add(kept.blocks)
        starts = [0] * self.reports
        for file in kept.files:
            extents = chain.from_iterable(zip(starts, file.sizes))
            self.add_row(file, group, tuple(extents))
            starts = [start + size for start, size in zip(starts, file.sizes)]

    def add_row(self, file: KeptFile, group: int, extents: tuple[int, ...]) -> None:
        digest = file.digest
        worst = max([loss.lost for loss in digest.losses], default=0)
        stamp = self.trusted(self.jobs.stamp(file.index))
        row = (*stamp, group, *digest[: len(KEPT_COUNTS)], digest.losing, CODE_KINDS.index(digest.code), worst)
        texts = (file.path, file.urgency, detail_of(digest), comparison_text(digest, file.ledger))
        self.table.add(row, extents, file.key, texts)

    def trusted(self, stamp: tuple[int, ...]) -> tuple[int, ...]:
        """The stamp of a file, if its times are old enough to prove anything."""
        return stamp if max(stamp[1:3]) < self.began else NO_STAMP

    def keep_records(self, kept: Kept) -> None:
        """Records, which stand one behind the other in their block."""
        group = self.new_records.add([kept.record_block])
        start = 0
        for key, size in kept.records:
            self.record_rows += RECORD_ROW.pack(key, group, start, size)
            start += size

    def give_up(self) -> None:
        """Keep nothing of this run."""
        self.new_results.abandon()
        self.new_records.abandon()

    # What is written

    def save(self) -> None:
        """Put new packs in the places of the old ones, where there is anything new."""
        if self.shelf is NO_SHELF:
            return
        if self.settings.verbose:
            note(f"cache: {self.words()} ({self.shelf.folder})")
        try:
            if self.shelf.results and self.has_new_results():
                self.save_results()
            if self.record_rows:
                self.save_records()
            write_new(join_path(self.shelf.folder, f"{self.shelf.records}.last"), self.words().encode())
            sweep(self.shelf.folder)
        except (OSError, ValueError, struct.error):  # a full disk, a writer that was given up, a pack that lies
            pass
        finally:
            self.give_up()

    def words(self) -> str:
        """What became of the files of this run."""
        found = f"{counted(len(self.found), 'file')} as before"
        return f"{found}, {self.hits:,} measured before and judged anew, {self.new:,} measured anew"

    def has_new_results(self) -> bool:
        """Whether there is a result that was not there, or one too many, or one with another stamp."""
        known = len(self.results.rows) if self.results else 0
        return bool(self.table.sections[0]) or self.renewed > 0 or len(self.found) != known

    def save_results(self) -> None:
        """The results of this run: those of before that were found stay."""
        for number, group, stamp, extents in self.moved():
            results = self.results
            row = (*self.trusted(stamp), group, *results.rows[number][FIRST_COUNT:])
            texts = [column[number] for column in results.texts]
            self.table.add(row, extents, results.key(number), texts)
        self.new_results.finish(self.table.sections)

    def moved(self) -> Iterator[tuple[int, int, tuple[int, ...], tuple[int, ...]]]:
        """The results that were found: number, new group of blocks, stamp and where the fragments are in the blocks."""
        loose = []
        for group, found in grouped(self.found, lambda one: self.results.rows[one[1]][GROUP]).items():
            blocks = [self.results.blocks.raw(group * self.reports + report) for report in range(self.reports)]
            if self.is_loose(blocks, found):
                loose += found
                continue
            new = self.new_results.add(blocks)
            for _, number, stamp in found:
                yield number, new, stamp, self.results.extents[number]
        for start in range(0, len(loose), LOOSE_FILES):
            yield from self.refolded(loose[start : start + LOOSE_FILES])

    def is_loose(self, blocks: list[bytes], found: list[tuple[int, int, tuple[int, ...]]]) -> bool:
        """Whether most of some blocks is of files that are no more like that, or they are small: each run adds some."""
        whole = sum(map(unfolded_size, blocks))
        live = sum(sum(self.results.extents[number][1::2]) for _, number, _ in found)
        return 2 * live < whole or whole < LOOSE_BYTES

    def refolded(self, found: list[tuple[int, int, tuple[int, ...]]]) -> Iterator[Any]:
        """The same in blocks of their own."""
        reports = range(self.reports)
        rows = [[self.results.fragment(number, report) for report in reports] for _, number, _ in found]
        new = self.new_results.add([folded(b"".join(column)) for column in zip(*rows)])
        starts = [0] * self.reports
        for (_, number, stamp), row in zip(found, rows):
            sizes = list(map(len, row))
            yield number, new, stamp, tuple(chain.from_iterable(zip(starts, sizes)))
            starts = [start + size for start, size in zip(starts, sizes)]

    def save_records(self) -> None:
        """The records of this run, and those of before, if all that is not too much: then those of this run stay."""
        old, rows, blocks = self.records, [], {}
        kept = sum(size for _, size in old.blocks.rows)
        if kept + self.new_records.writer.place < MOST_RECORDS:
            rows = old.rows.items()
        for key, (block, start, size) in rows:
            if block not in blocks:
                blocks[block] = self.new_records.add([old.blocks.raw(block)])
            self.record_rows += RECORD_ROW.pack(key, blocks[block], start, size)
        self.new_records.finish([self.record_rows])


def unfolded_size(block: bytes) -> int:
    return struct.unpack_from("<I", block)[0]


class Drawer:
    """A place for one value that takes long to work out, as JSON has it."""

    def __init__(self, settings: Settings, *names: str) -> None:
        """The names tell all that shapes the value."""
        self.shelf = plain_shelf(settings) or NO_SHELF
        self.name = text_digest(program_digest(), *names)
        self.path = join_path(self.shelf.folder, f"{self.name}.records")

    def read(self) -> Any:
        """The value; None where there is none."""
        pack = read_pack(self.path, self.name, self.shelf.key) if self.shelf.folder else None
        try:
            return json_of(pack.sections[0]) if pack else None
        except (ValueError, LookupError):
            return None

    def write(self, value: Any) -> None:
        """Keep a value, if that can be."""
        import json

        if not self.shelf.folder:
            return
        builder = PackBuilder(self.shelf, self.name, ".records")
        try:
            builder.finish([json.dumps(value, separators=(",", ":")).encode()])
            sweep(self.shelf.folder)
        except (OSError, struct.error):  # a full disk
            pass
        finally:
            builder.abandon()


# Keeping it small


def packs_in(folder: str) -> list[tuple[float, int, str]]:
    """What lies in a folder of ours: when it was last used, its size, and its path; the oldest first."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(PACK_SUFFIXES) and entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                found.append((status.st_mtime, status.st_size, entry.path))
    return sorted(found)


def sweep(folder: str) -> None:
    """Remove what was used longest ago, until the rest is small enough, and what killed runs left half written."""
    packs = packs_in(folder)
    total = sum(size for _, size, _ in packs)
    for when, size, path in packs:
        is_left_behind = path.endswith(NEW_SUFFIX) and time.time() - when > OLD_AFTER
        if is_left_behind or total > MOST_CACHE:
            remove(path)
            total -= size


def remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:  # another run was quicker
        pass


def cached_bytes(folder: str) -> int:
    """How much lies in a folder of ours."""
    try:
        return sum(size for _, size, _ in packs_in(folder))
    except OSError:
        return 0


def last_words(folder: str, settings: Settings) -> list[str]:
    """What the last run of a project found."""
    name = name_of_records(settings)
    try:
        return [f"last run: {read_bytes(join_path(folder, f'{name}.last')).decode()[:200]}"]
    except (Unreadable, UnicodeError):
        return []


def empty_cache(folder: str) -> None:
    """Remove all that is ours in a folder of ours."""
    try:
        for _, _, path in packs_in(folder):
            remove(path)
    except OSError:
        pass


# ---------------------------------------------------------------------------------------
# 41  Versions: what is measured of one version of a file after the other
# gives: Version, VersionReader
# uses: Words, Start-up, Ground, Language, Plan, Markup, Scan, Metrics, Judgement, One file
# ---------------------------------------------------------------------------------------

# Two versions of a file are the same but for a few functions. Of what stands in the one that was read before, letter by
# letter, only a stub is read: `name(){}` for a method, `()=>{}` for an arrow. What such a function counts is known, and
# what is around it does not depend on what is in it. Read so, typeorm's history takes a third of the time. Where a stub
# is not found as the function that it stands for, or anything is in error, the version is read as a whole.
LEAST_STUB = 80  # bytes of a function for which a stub pays
MOST_VERSION = 1 << 23  # bytes of a version that is measured; larger ones are bundles
STUBS = {ARROW: b"()=>{}", FUNCTION: b"function(){}", GENERATOR: b"function*(){}", STATIC_BLOCK: b"static{}"}
NAMED_STUBS = {FUNCTION: b"function ", GENERATOR: b"function* "}


class Unit(NamedTuple):
    """A function in a version of a file, or its module's own code."""

    name: str  # qualified
    body: int  # as MeasuredFile.bodies
    cyclomatic: int
    cognitive: int
    kind: int  # of its event
    start: int  # bytes, as are these two
    name_end: int  # behind the name that it has itself; -1 without
    end: int
    behind: int = 0  # the number of the first unit that is not in it


class Version(NamedTuple):
    """What is known of a version of a file."""

    text: bytes = b""
    units: tuple[Unit, ...] = ()  # the module first, then in the order of the source
    is_clean: bool = True  # without syntax errors
    words: str = ""  # why it is not measured; "" where it is


class Sketch(NamedTuple):
    """A text with stubs in it."""

    text: bytearray
    stubs: dict[int, int]  # where a stub begins -> the unit that it stands for
    places: list[int]  # from where on in the sketch
    shifts: list[int]  # so many bytes are missing before


class VersionReader:
    """Measures versions of files, one after the other."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.scanner = make_scanner()
        self.options = measure_options(settings.analysis)._replace(bodies=True, tokens=False, imports=False)
        self.bytes_read = 0  # by the scanner

    def version(self, path: str, raw: bytes, known: Version | None = None) -> Version:
        """What is in a version of a file, of which another is known. One that cannot be measured says why."""
        try:
            if len(raw) > MOST_VERSION:
                raise Unreadable("too large")
            code = code_in(path, to_utf8(raw))
            if known and known.is_clean:
                found = self.sketched(code, known)
                if found:
                    return found
            return self.read(code, Sketch(bytearray(), {}, [0], [0]), None)
        except (Unreadable, RecursionError) as error:
            return Version(words=str(error) or "too large")

    def sketched(self, code: Code, known: Version) -> Version | None:
        """By a sketch; None where that does not work."""
        sketch = sketch_of(code.text, known)
        if not sketch.stubs:
            return None
        found = self.read(code._replace(text=bytes(sketch.text)), sketch, known)
        if not found:
            return None
        return found._replace(text=code.text)

    def read(self, code: Code, sketch: Sketch, known: Version | None) -> Version | None:
        """What is in a sketch; None where it is not what it should be."""
        bounds = bounds_of(len(code.text), self.settings, self.scanner.slowness)
        self.bytes_read += len(code.text)
        scan = scanned(code.text, code.grammar, self.options, self.scanner, bounds)
        if known and scan.errors:
            return None
        units = SketchReader(self.measurer(code, scan), sketch, known or Version()).units()
        if not units:
            return None
        return Version(code.text, units, is_clean=not scan.errors)

    def measurer(self, code: Code, scan: Scan) -> FileMeasurer:
        reading = reading_of(scan, code.grammar, self.options, self.scanner)
        source = SourceText(code.text, scan.line_starts)
        return FileMeasurer(source, scan, reading, self.options)


def sketch_of(text: bytes, known: Version) -> Sketch:
    """A text with a stub for each function that stands in it as it did in the version that is known."""
    sketch = Sketch(bytearray(), {}, [0], [0])
    sketched = sketch.text
    place = number = 0
    while number < len(known.units):
        unit = known.units[number]
        stub = stub_of(unit, known.text)
        found = -1
        if stub:
            found = text.find(known.text[unit.start : unit.end], place)
        if found < 0:
            number += 1
            continue
        sketched += text[place:found]
        sketch.stubs[len(sketched)] = number
        sketched += stub
        place = found + unit.end - unit.start
        sketch.places.append(len(sketched))
        sketch.shifts.append(place - len(sketched))
        number = unit.behind
    sketched += text[place:]
    return sketch


def stub_of(unit: Unit, text: bytes) -> bytes:
    """What stands for a function; b"" where nothing can."""
    if unit.end - unit.start < LEAST_STUB:
        return b""
    if unit.name_end < 0:
        return STUBS.get(unit.kind, b"")
    head = text[unit.start : unit.name_end]
    if unit.kind == METHOD:
        return head + b"(){}"
    if unit.kind not in NAMED_STUBS:
        return b""
    last_word = head.split()[-1]
    name = last_word.rpartition(b"*")[2]
    return NAMED_STUBS[unit.kind] + name + b"(){}"


class SketchReader:
    """From what was measured of a sketch to the units of the text."""

    def __init__(self, measurer: FileMeasurer, sketch: Sketch, known: Version) -> None:
        self.measurer, self.sketch, self.known = measurer, sketch, known
        self.columns = measurer.columns
        self.events = [row[0] for row in measurer.rows]

    def units(self) -> tuple[Unit, ...]:
        """Those of the version that is known in place of stubs; none where a stub is not what it stands for."""
        stubs = self.stubs()
        if len(stubs) != len(self.sketch.stubs):
            return ()
        known_bodies = {number: self.known.units[place].body for number, place in stubs.items()}
        bodies = self.measurer.all_bodies(known_bodies)
        found: list[Unit] = []
        for number in self.measurer.reported():
            unit = self.unit(number, bodies[number])
            if number in stubs:
                found += units_behind(self.known, stubs[number], unit)
            else:
                found.append(unit)
        return with_ends(found)

    def stubs(self) -> dict[int, int]:
        """Number of a function that was found where a stub begins -> the unit that the stub is for."""
        found: dict[int, int] = {}
        for number, event in enumerate(self.events):
            start = self.columns.starts[event]
            place = self.sketch.stubs.get(start)
            if place is None or not number:
                continue
            if self.columns.kinds[event] == self.known.units[place].kind and place not in found.values():
                found[number] = place
        return found

    def unit(self, number: int, body: int) -> Unit:
        """A function of the sketch, at its place in the text."""
        columns = self.columns
        event = self.events[number]
        tally = self.measurer.tallies[number]
        kind = columns.kinds[event]
        label_end = columns.label_ends[event]
        return Unit(
            name=self.measurer.namer.names(event)[1],
            body=body,
            cyclomatic=1 + tally.cyclomatic,
            cognitive=tally.cognitive,
            kind=kind if number else MODULE,
            start=self.real_place(columns.starts[event]),
            name_end=self.real_place(label_end) if kind != ARROW and label_end >= 0 else -1,
            end=self.real_place(columns.ends[event]),
        )

    def real_place(self, place: int) -> int:
        """The place in the text of one in the sketch."""
        row = bisect_right(self.sketch.places, place) - 1
        return place + self.sketch.shifts[row]


def units_behind(known: Version, place: int, now: Unit) -> Iterator[Unit]:
    """A function that is as it was, and those in it, under its name and at its place of today."""
    before = known.units[place]
    moved = now.start - before.start
    for unit in known.units[place : before.behind]:
        yield unit._replace(
            name=now.name + unit.name[len(before.name) :],
            start=unit.start + moved,
            name_end=unit.name_end + moved if unit.name_end >= 0 else -1,
            end=unit.end + moved,
        )


def with_ends(units: list[Unit]) -> tuple[Unit, ...]:
    """The units, each with the number of the first one behind it."""
    ends = [len(units)] * len(units)
    open_units: list[int] = []
    for number, unit in enumerate(units):
        while open_units and unit.start >= units[open_units[-1]].end:
            closed = open_units.pop()
            ends[closed] = number
        open_units.append(number)
    ended = []
    for unit, end in zip(units, ends):
        ended.append(unit._replace(behind=end))
    return tuple(ended)


# ---------------------------------------------------------------------------------------
# 42  Traces: the commits that changed files and functions
# gives: history_of
# uses: Start-up, Ground, Values, Changes, History, Versions, Comparison, Cache
# ---------------------------------------------------------------------------------------

# A commit changes a function where it gives it another body, as baselines tell bodies apart: layout, comments and names
# of its own are no change. Functions are followed from HEAD backwards, through edits and renames by what the commit
# makes of the file, and from file to file by the rules of baselines. A pair of versions is compared once: what it came
# to is kept under both identities.
FunctionKey = tuple[str, str, int]  # of a function: path, qualified name, and which of those of that name it is
Counts = tuple[int, int]  # cyclomatic and cognitive


class Trace(NamedTuple):
    """What the commits of a window did to a function."""

    commits: tuple[int, ...]  # numbers of the commits that changed it, the newest first
    before: Counts | None  # what it counted when the window began; None where it was not there
    is_born: bool


class History(NamedTuple):
    """What is known of the past of a project. Numbers of commits are places in its list."""

    root: str
    head: str
    since: int
    until: int
    commits: tuple[LoggedCommit, ...]  # without their rows
    files: Mapping[str, tuple[int, ...]]  # path at HEAD -> commits
    large: Mapping[str, tuple[int, ...]]  # the same, of commits that touch more files than say something
    functions: Mapping[FunctionKey, Trace]  # those that changed
    tracked: Container[str]  # paths of the files that have a history, be it an empty one
    foreign: tuple[str, ...]
    unmeasured: tuple[str, ...]  # paths of files of which a version could not be measured
    remarks: tuple[str, ...]
    lines: Mapping[str, tuple[int, int]] | None = None  # path -> added and deleted, where somebody asked


class Delta(NamedTuple):
    """What became of the functions of a file from one version to the next."""

    changed: list[tuple]  # name, number, older name and number, whether the body is the same, older numbers
    strays: list[tuple]  # name, number, body: of what has no counterpart before
    free: list[tuple]  # name, number, body, numbers: of what has none afterwards
    words: str = ""  # why nothing is known


def delta_of_versions(now: Version, before: Version) -> Delta:
    """The functions of both versions, paired."""
    if now.words or before.words:
        return Delta([], [], [], now.words or before.words)
    mine = numbered_units(now)
    theirs = numbered_units(before)
    same = mine.keys() & theirs.keys()
    pairing = paired(entries_in(mine, same), entries_in(theirs, same))
    strays = [(one.name, one.nth, one.body) for one in pairing.now]
    free = []
    for entry in pairing.before:
        free.append((entry.name, entry.nth, entry.body, *entry.values.values()))
    return Delta(changed_rows(pairing.pairs), strays, free)


def changed_rows(pairs: Iterable[tuple[Entry, Entry]]) -> list[tuple]:
    rows = []
    for now, before in pairs:
        is_same = now.body == before.body
        rows.append((now.name, now.nth, before.name, before.nth, is_same, *before.values.values()))
    return rows


def numbered_units(version: Version) -> dict[tuple[str, int, int], Unit]:
    """The functions by name, number among those of that name, and body."""
    seen: dict[str, int] = {}
    found = {}
    for unit in version.units[1:]:
        seen[unit.name] = nth = seen.get(unit.name, 0) + 1
        found[unit.name, nth, unit.body] = unit
    return found


def entries_in(units: Mapping[tuple[str, int, int], Unit], same: Container[Any]) -> tuple[Entry, ...]:
    """The functions that are not the same in both versions."""
    found = []
    for key, unit in units.items():
        if key in same:
            continue
        name, nth, body = key
        values = {"cyclomatic": unit.cyclomatic, "cognitive": unit.cognitive}
        found.append(Entry("", name, nth, f"{body:x}", values))
    return tuple(found)


# Which versions are read


class Touch(NamedTuple):
    """A commit's change of one file."""

    commit: int
    path: str  # at HEAD
    row: RawChange

    @property
    def key(self) -> str:
        """What its delta is kept under."""
        suffix = self.row.new_path.rpartition(".")[2]
        return f"{self.row.old_id}-{self.row.new_id}-{suffix.lower()}"


def touches_of(log: Log) -> tuple[dict[str, list[int]], dict[str, list[int]], list[Touch]]:
    """The commits of each file, those that touch too many files apart; and the changes that are looked into."""
    paths = FilePaths()
    files: dict[str, list[int]] = {}
    large: dict[str, list[int]] = {}
    touches = []
    for number, commit in enumerate(log.commits):
        for row in commit.rows:
            if not is_counted(row):
                continue
            path = paths.of(row)
            found = large if commit.is_large else files
            found.setdefault(path, []).append(number)
            if not commit.is_large and row.old_id != row.new_id:
                touches.append(Touch(number, path, row))
    return files, large, touches


def worth_reading(touches: list[Touch], tracked: Container[str]) -> list[Touch]:
    """Those of files that are still there, and of files that others may have their functions from."""
    receiving = set()
    for touch in touches:
        if touch.path in tracked and not touch.row.status.startswith("D"):
            receiving.add(touch.commit)
    giving = set()
    for touch in touches:
        if touch.commit in receiving and touch.row.status.startswith("D"):
            giving.add(touch.path)
    return [touch for touch in touches if touch.path in tracked or touch.path in giving]


class DeltaReader:
    """Works out deltas, file by file, with each version read once."""

    def __init__(self, repository: Repository, reader: VersionReader) -> None:
        self.repository, self.reader = repository, reader

    def deltas(self, touches: Sequence[Touch]) -> Iterator[tuple[Touch, Delta]]:
        """In the order of the changes, but that those of one file stand together."""
        by_file = grouped(touches, attrgetter("path"))
        names: list[str] = []
        for chained in by_file.values():
            names += names_of_versions(chained)
        contents = self.repository.contents(names)
        for chained in by_file.values():
            yield from self.deltas_of_file(chained, contents)

    def deltas_of_file(self, touches: list[Touch], contents: Iterator[bytes]) -> Iterator[tuple[Touch, Delta]]:
        """The newest first. A version is read beside the one that was read before it."""
        versions: dict[str, Version] = {"": Version()}
        known = None
        for touch in touches:
            sides = sides_of(touch)
            for name, path in sides:
                if name not in versions:
                    known = self.reader.version(path, next(contents), known)
                    versions[name] = known._replace(text=b"")
            now, before = [versions[name] for name, _ in sides]
            yield touch, delta_of_versions(now, before)


def sides_of(touch: Touch) -> list[tuple[str, str]]:
    """Identity and path of the newer version of a file and of the older one; "" for one that is no source file."""
    row = touch.row
    new_id = row.new_id if is_source(row) else ""
    old_id = row.old_id if was_source(row) else ""
    return [(new_id, row.new_path), (old_id, row.old_path)]


def names_of_versions(touches: Iterable[Touch]) -> list[str]:
    """The identities of a file's versions, in the order in which they are read."""
    names: dict[str, None] = {}
    for touch in touches:
        for name, _ in sides_of(touch):
            if name:
                names[name] = None
    return list(names)


# Functions, from HEAD backwards


class Tracer:
    """Follows functions from HEAD to older commits."""

    def __init__(self, tracked: Container[str]) -> None:
        """`origins` tells what functions were called: path at HEAD -> older name and number -> the function at HEAD;
        None where it is no more. What no commit renamed is not in there."""
        self.tracked = tracked
        self.origins: dict[str, dict[tuple[str, int], FunctionKey | None]] = {}
        self.traces: dict[FunctionKey, Trace] = {}

    def at_head(self, path: str, name: str, nth: int) -> FunctionKey | None:
        """What a function of an older commit is at HEAD."""
        key = (name, nth)
        return self.origins.get(path, {}).get(key, (path, name, nth))

    def follow(self, commit: int, deltas: Sequence[tuple[Touch, Delta]]) -> None:
        """Goes back over a commit. Names are looked up in all of it before any is set."""
        moves: list[tuple[FunctionKey, FunctionKey | None]] = []
        strays: list[Entry] = []
        free: list[Entry] = []
        gone: list[str] = []
        for touch, delta in deltas:
            path = touch.path
            moves += self.moves_in_file(commit, path, delta)
            strays += [Entry(path, name, nth, body, {"": 0}) for name, nth, body in delta.strays]
            free += [Entry(path, *row[:3], {"row": (path, row)}) for row in delta.free]
            if touch.row.status.startswith("D"):
                gone.append(path)
        moves += self.moves_between_files(commit, strays, free, gone)
        for (path, name, nth), key in moves:
            names = self.origins.setdefault(path, {})
            names[name, nth] = key

    def moves_in_file(self, commit: int, path: str, delta: Delta) -> Iterator[tuple[FunctionKey, FunctionKey | None]]:
        """What functions of a file were called before a commit, which counts for those that it changed."""
        for name, nth, *_ in delta.free:
            yield (path, name, nth), None
        for name, nth, old_name, old_nth, is_same, *numbers in delta.changed:
            key = self.at_head(path, name, nth)
            yield (path, old_name, old_nth), key
            if not is_same:
                self.count(key, commit, tuple(numbers))

    def moves_between_files(
        self, commit: int, strays: list[Entry], free: list[Entry], gone: list[str]
    ) -> Iterator[tuple[FunctionKey, FunctionKey | None]]:
        """Functions that are new in their file are of another one, or of this commit."""
        sources: dict[FunctionKey, Entry] = {}
        adopted = adoptions(strays, free, gone) if strays and free else {}
        for path, entries in adopted.items():
            for entry in entries:
                sources[path, entry.name, entry.nth] = entry
        for stray in strays:
            place = (stray.path, stray.name, stray.nth)
            key = self.at_head(*place)
            yield place, None
            if place not in sources:
                self.count(key, commit, None)
                continue
            old_path, (name, nth, body, *numbers) = sources[place].values["row"]
            yield (old_path, name, nth), key
            if body != stray.body:
                self.count(key, commit, tuple(numbers))

    def count(self, key: FunctionKey | None, commit: int, before: Counts | None) -> None:
        """One more commit that changed a function, which had these numbers before; None: it was not there."""
        if key is None or key[0] not in self.tracked:
            return
        commits: tuple[int, ...] = ()
        if key in self.traces:
            commits = self.traces[key].commits
        self.traces[key] = Trace((*commits, commit), before, is_born=before is None)


def traced(log: Log, touches: list[Touch], deltas: Mapping[str, Delta]) -> dict[FunctionKey, Trace]:
    """The functions of HEAD that the commits changed."""
    tracer = Tracer(log.tracked)
    by_commit = grouped(touches, attrgetter("commit"))
    for commit, some in by_commit.items():
        pairs = [(touch, deltas[touch.key]) for touch in some]
        tracer.follow(commit, pairs)
    return tracer.traces


def history_of(repository: Repository, window: str, settings: Settings, with_lines: bool = False) -> History:
    """The history of the files and functions of a repository."""
    log = log_of(repository, window)
    files, large, touches = touches_of(log)
    touches = worth_reading(touches, log.tracked)
    reader = VersionReader(settings)
    deltas, unmeasured = known_deltas(repository, touches, reader)
    return History(
        root=log.root,
        head=log.head,
        since=log.since,
        until=log.until,
        commits=tuple([commit._replace(rows=()) for commit in log.commits]),
        files=only_tracked(files, log.tracked),
        large=only_tracked(large, log.tracked),
        functions=traced(log, touches, deltas),
        tracked=log.tracked,
        foreign=log.foreign,
        unmeasured=unmeasured,
        remarks=log.remarks,
        lines=lines_of_files(repository, log) if with_lines else None,
    )


def only_tracked(files: Mapping[str, list[int]], tracked: Container[str]) -> dict[str, tuple[int, ...]]:
    found = {}
    for path, commits in files.items():
        if path in tracked:
            found[path] = tuple(commits)
    return found


def known_deltas(
    repository: Repository, touches: list[Touch], reader: VersionReader
) -> tuple[dict[str, Delta], tuple[str, ...]]:
    """The delta of each touch, by its key: those that were kept, and the others worked out and kept."""
    drawer = Drawer(reader.settings, "deltas", repository.root, repr(reader.options))
    kept = drawer.read() or {}
    deltas = {key: Delta._make(row) for key, row in kept.items()}
    missing = [touch for touch in touches if touch.key not in deltas]
    for touch, delta in DeltaReader(repository, reader).deltas(missing):
        deltas[touch.key] = delta
    if missing:
        drawer.write(deltas)
    return deltas, unmeasured_paths(touches, deltas)


def unmeasured_paths(touches: Iterable[Touch], deltas: Mapping[str, Delta]) -> tuple[str, ...]:
    paths = [touch.path for touch in touches if deltas[touch.key].words]
    return tuple(dict.fromkeys(paths))


# ---------------------------------------------------------------------------------------
# 43  Findings: what there is to say of a file or the project, in one wording
# gives: Finding, findings_in, known_findings, project_findings, graph_findings, numbered_functions,
#        findings_by_subject, clone_places, clone_words, whole_words, violation_message, value_words, limit_words,
#        since_words, RANKING, HARMLESS, EXCESS, URGENCY_WIDTH, urgency, worst_first, Sieve, lines_of, skip_finding,
#        found_words, size_words, other_code_words, summary_text, health_words, standing_words, losses_title
# uses: Start-up, Ground, Values, Catalogue, Judgement, Clones
# ---------------------------------------------------------------------------------------


class Related(NamedTuple):
    path: str
    line: int
    text: str


class Finding(NamedTuple):
    """One thing to act on, in words and in numbers. Columns count from 0."""

    rule: str  # a metric, "syntax-error", "unused-suppression"
    level: str  # "error" or "warning"; "note" for what fails nothing, as its metric does not gate
    message: str
    line: int = 1  # these four: the start of the file, for what is said of the file as a whole
    column: int = 0
    end_line: int = 1
    end_col: int = 0
    function: str = ""  # qualified name; "" for the file as a whole
    ordinal: int = 0  # among findings of the same rule and function name in the file
    violation: Violation | None = None
    points: tuple[Point, ...] = ()
    suppressed: str | None = None  # the reason given; None: not suppressed
    known: bool = False  # no worse than it was: it fails nothing, and most formats leave it out
    lost: int = 0  # by its function; what is said of a whole file or project is the fault of no function
    related: tuple[Related, ...] = ()  # other places that belong to it

    @property
    def state(self) -> str:
        """Its level, if that counts: out of RANKS."""
        if self.known:
            return "known"
        return self.level if self.suppressed is None else "suppressed"

    def level_or(self, word: str) -> str:
        """Its level, or a format's word for what fails nothing: it is suppressed, or its metric does not gate."""
        return self.level if self.suppressed is None and self.level != "note" else word

    @property
    def full_message(self) -> str:
        """The message where a format has no other way to say that the finding is suppressed."""
        return self.message if self.suppressed is None else f"suppressed ({self.suppressed}): {self.message}"

    def as_line(self, path: str) -> str:
        """The finding as compilers print theirs."""
        place = f"{path}:{self.line}:{self.column + 1}"
        return printable(f"{place}: {self.level_or('note')}: {self.full_message} [{self.rule}]")

    @property
    def urgency(self) -> str:
        """Its place among all: see the function of this name."""
        return urgency(self.violation, self.lost, self.state)

    def fingerprint(self, path: str) -> str:
        """The same for as long as the finding is: edits elsewhere in the file do not change it, nor does its value."""
        from hashlib import blake2b

        what = self.function or (self.message if self.violation is None else "")
        identity = "\0".join((path, self.rule, what, str(self.ordinal)))
        return blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# The worst: one order for every list of findings or functions, in every format.
RANKING = "errors first, then by what they cost the project's health"
RANKS = {"suppressed": 0, "known": 0, "note": 1, "warning": 2, "error": 3}
HARMLESS = "1"  # the highest rank of what fails nothing
EXCESS, URGENCY_WIDTH = 16, 23  # the place of its last part, and the end


def urgency(violation: Violation | None, lost: int, level: str = "") -> str:
    """How bad a finding is, as text of fixed width that sorts: its level, what its function costs the project's health,
    how far it is above its limit. That of a function is that of its worst finding."""
    rank = RANKS[level or violation.shown_level]
    return f"{rank}{min(lost, 10**15 - 1):015d}{excess_of(violation):07.3f}"


def excess_of(violation: Violation | None) -> float:
    """How many times its limit a value is; 1 for what has no value."""
    if not violation:
        return 1.0
    return min(violation.value / (violation.threshold or 1), 999.999)


def worst_first(violations: Violations) -> Violations:
    """The findings of one function."""
    return tuple(sorted(violations, key=lambda one: (RANKS[one.shown_level], excess_of(one)), reverse=True))


# Of a file
def findings_in(file: FileReport, syntax_level: str) -> list[Finding]:
    """All there is to say of a file, from top to bottom. `syntax_level` is the level of its syntax errors."""
    numbered = list(numbered_functions(file))
    found = [_of_function(f, ordinal, violation) for f, ordinal in numbered for violation in f.violations]
    found += map(_of_whole, file.violations)
    for ordinal, problem in enumerate(file.syntax_errors):
        place = problem._asdict()
        message = f"syntax error: {place.pop('message')}"
        found.append(Finding("syntax-error", syntax_level, message, ordinal=ordinal, **place))
    for ordinal, (line, column, rule, level, message) in enumerate(file.notices):
        place = {"line": line, "column": column, "end_line": line, "end_col": column}
        found.append(Finding(rule, level, message, ordinal=ordinal, **place))
    if file.suppressed:
        found += _suppressed_findings(file, numbered)
    if file.code != PRODUCT:
        found = [finding._replace(lost=0) for finding in found]
    found.sort(key=lambda finding: (finding.line, finding.column))
    return found


def known_findings(file: FileReport) -> list[Finding]:
    """What is no worse than it was, of a file and its functions."""
    found = [_of_function(f, ordinal, known) for f, ordinal in numbered_functions(file) for known in f.known]
    return [finding._replace(known=True) for finding in (*found, *map(_of_whole, file.known))]


def numbered_functions(file: FileReport) -> Iterator[tuple[FunctionReport, int]]:
    """Each function, the module first, with its place among those of the same qualified name."""
    seen: dict[str, int] = {}
    for function in file.units:
        seen[function.qualified_name] = ordinal = seen.get(function.qualified_name, -1) + 1
        yield function, ordinal


def _of_function(f: FunctionReport, ordinal: int, violation: Violation, suppressed: str | None = None) -> Finding:
    """What is wrong with a function, at the place of the function."""
    subject = "code outside functions" if f.kind == "module" else f"'{f.qualified_name}'"
    points = getattr(f, f"{violation.metric}_points", ())  # two metrics have increments
    message = violation_message(violation, subject)
    rule, level, known, lost, related = violation.metric, violation.shown_level, False, f.lost, ()
    line, column, end_line, end_col, function = f.start_line, f.start_col, f.end_line, f.end_col, f.qualified_name
    return Finding._make((  # most findings are made here: by names, they took twice as long
        rule, level, message, line, column, end_line, end_col, function, ordinal, violation, points, suppressed, known,
        lost, related,
    ))  # fmt: skip


def _of_whole(violation: Violation, suppressed: str | None = None) -> Finding:
    """What is wrong with a file as a whole, or with the project."""
    message = violation_message(violation, whole_words(violation.metric))
    return Finding(violation.metric, violation.shown_level, message, violation=violation, suppressed=suppressed)


def whole_words(rule: str) -> str:
    """What a finding is about that is of no function."""
    return "the project" if rule == PROJECT_SHARE else "the file"


def _suppressed_findings(file: FileReport, numbered: list[tuple[FunctionReport, int]]) -> Iterator[Finding]:
    """What comments keep quiet about, each with the reason that the comment gives."""
    at = {(function.qualified_name, function.start_line): (function, ordinal) for function, ordinal in numbered}
    for line, function, *measured, reason in file.suppressed:
        violation = Violation(*measured, delta=None)
        reason = reason or "no reason given"
        if (function, line) in at:
            yield _of_function(*at[function, line], violation, reason)
        else:
            yield _of_whole(violation, reason)


def skip_finding(skipped: Skipped) -> Finding:
    return Finding("skipped-file", "error", f"could not be analysed: {skipped.reason}")


# Of the project
def project_findings(summary: Summary, settings: Settings) -> Iterator[tuple[str, Finding]]:
    """What is only known when all files are, each with the path of the file that it is shown at."""
    yield from graph_findings(summary.graph)
    found = summary.duplication
    if not found:
        return
    if violation := share_violation(project_share(found), settings):
        most_cloned = min(found.files, key=lambda file: (-file.cloned_tokens, file.path))
        yield most_cloned.path, _of_whole(violation)
    for file in found.files:
        if violation := share_violation(file, settings):
            yield file.path, _of_whole(violation)


def graph_findings(judged: JudgedGraph | None) -> Iterator[tuple[str, Finding]]:
    """What the import graph has above limits: each cycle at its first import, and files by their numbers."""
    for one in judged.violations if judged else ():
        place, violation = one.path, one.violation
        message = f"{one.words} ({limit_words(violation)})"
        related = tuple([Related(*step) for step in one.steps])
        line = related[0].line if related else 1
        rule, level = violation.metric, violation.shown_level
        yield place, Finding(rule, level, message, line, end_line=line, violation=violation, related=related)


# Words
def violation_message(violation: Violation, subject: str) -> str:
    """A finding as a sentence: what has how much of what, and the limit."""
    metric = METRIC[violation.metric]
    return f"{subject} has {metric.noun} {value_words(violation)}{metric.unit} ({limit_words(violation)})"


def limit_words(violation: Violation) -> str:
    level = "" if violation.ungated or violation.allowed else f"{violation.level} "
    words = f"{level}above {number(violation.threshold)}"
    since = since_words(violation)
    return f"{words}, {since}" if since else words


def value_words(violation: Violation) -> str:
    """The value, in as many digits as tell it from its threshold: 500.2 is above 500."""
    value, threshold = violation.value, violation.threshold
    if (shown := number(value)) != number(threshold):
        return shown
    longer = ((f"{value:,.{digits}f}", f"{threshold:,.{digits}f}") for digits in range(1, 10))
    return next((words for words, limit in longer if words != limit), shown)


def since_words(violation: Violation) -> str:
    """What became of a finding since the baseline or the older version, and whether it fails anything; "" where nothing
    was compared, and its metric gates."""
    words = [_delta_words(violation)] if violation.since or violation.delta is not None else []
    if violation.allowed is not None:
        words.append(f"within the allowance of {number(violation.allowed)}")
    elif violation.ungated:
        words.append("does not gate")
    return ", ".join(words)


def _delta_words(violation: Violation) -> str:
    if violation.delta is None:
        return "new"
    since = f"since {printable(violation.since or 'baseline')}"
    if not violation.delta:
        return f"unchanged {since}"
    size = abs(violation.delta)
    sign = "-" if violation.delta < 0 else "+"
    return f"{sign}{number(size) if size >= 0.01 else f'{size:g}'} {since}"


def findings_by_subject(findings: list[Finding]) -> dict[tuple[Any, ...], list[Finding]]:
    """Findings by what they are about: those of one function together, but for the suppressed; each other one alone."""

    def subject(finding: Finding) -> tuple[Any, ...]:
        return (finding.function, finding.ordinal, finding.suppressed) if finding.function else (finding,)

    return grouped(findings, subject)


def clone_places(group: CloneGroup, shown: Callable[[str], str] = str) -> tuple[list[str], str]:
    """The first places of a clone, and how many more there are. `shown` makes of a path what stands in the report."""
    places = [f"{shown(path)}:{start}-{end}" for path, start, end in group.occurrences[:4]]
    more = len(group.occurrences) - len(places)
    return places, f"and {more} more" if more else ""


def clone_words(group: CloneGroup) -> str:
    kind = "the same text" if group.exact else "the same but for names and values"
    return f"{counted(group.lines, 'line')} ({group.tokens} tokens) stand at {len(group.occurrences)} places, {kind}"


def found_words(sums: CodeSums) -> str:
    """How much was analysed, and how many findings there are, of each sort that there is. A function has several."""
    levels = f"{counted(sums.errors, 'error')}, {counted(sums.warnings, 'warning')}"
    findings = sums.errors + sums.warnings
    found = [f"{counted(findings, 'finding')} ({levels})" if findings else "no findings"]
    if sums.syntax_errors:
        found.append(counted(sums.syntax_errors, "syntax error"))
    if sums.ungated:
        found.append(f"{sums.ungated:,} that do not gate")
    if sums.suppressed:
        found.append(f"{sums.suppressed:,} suppressed")
    return f"{size_words(sums.files, sums.functions)}: {', '.join(found)}"


def size_words(files: int, functions: int) -> str:
    """How much code there is, wherever it is said."""
    return f"{counted(files, 'file')}, {counted(functions, 'function')}"


def other_code_words(summary: Summary) -> Iterator[str]:
    """What there is beside product code, a sentence for each kind."""
    tests, generated = summary.tests, summary.generated
    if tests.files:
        yield f"test code: {found_words(tests)}; health {tests.health_score:.1f}"
    if generated.files:
        yield f"generated code: {size_words(generated.files, generated.functions)}, not judged"


def summary_text(summary: Summary) -> str:
    """The run in one line."""
    skipped = f", {counted(len(summary.skipped), 'file')} skipped" if summary.skipped else ""
    product = f"{found_words(summary.product)}{skipped}; {health_words(summary)}"
    return "; ".join((product, *other_code_words(summary), *allowance_words(summary)))


def allowance_words(summary: Summary) -> Iterator[str]:
    if summary.changes and summary.changes.allowed:
        yield f"{counted(summary.changes.allowed, 'finding')} worse within the allowance"


def health_words(summary: Summary) -> str:
    """The health of the project, and what to make of it."""
    standing = standing_words(summary)
    return f"health {summary.health_score:.1f}, {summary.grade}" + (standing and f": {standing}")


def standing_words(summary: Summary) -> str:
    """How the project's health compares; nothing where it cannot be compared."""
    if summary.percentile is None:
        return ""
    return f"better than {summary.percentile} % of {reference_words()}"


# Where the points went
def losses_title(losses: Losses) -> str:
    """What is missing from the project's health."""
    title = f"{losses.missing:.1f} points of health are missing"
    if losses.duplication:
        title += f", {losses.duplication:.1f} for duplicated code"
    return title


class Sieve:
    """The most urgent of a stream of lines that begin with their urgency. Memory holds at most twice `limit` lines."""

    def __init__(self, limit: int) -> None:
        self.limit, self.count = limit, 0
        self._held: list[tuple[str, int, str]] = []  # urgency, minus the place in the stream, the rest of the line
        self._floor = ("", 0, "")  # the least urgent that still has a place

    @property
    def left_out(self) -> int:
        return max(0, self.count - self.limit)

    def add(self, line: str) -> None:
        self.count += 1
        item = (line[:URGENCY_WIDTH], -self.count, line[URGENCY_WIDTH:])
        if item > self._floor:
            self._held.append(item)
            if len(self._held) == 2 * self.limit:
                self._floor = self._cut()[-1]

    def _cut(self) -> list[tuple[str, int, str]]:
        self._held.sort(reverse=True)
        del self._held[self.limit :]
        return self._held

    def worst_first(self) -> list[str]:
        return [line for _, _, line in self._cut()]

    def in_order(self) -> list[str]:
        return [line for _, _, line in sorted(self._cut(), key=lambda item: -item[1])]


def lines_of(fragments: Pieces) -> Pieces:
    """The lines of all fragments. Every line of a fragment ends in \\n, and only there."""
    for fragment in fragments:
        if fragment:
            yield from fragment[:-1].split("\n")


# ---------------------------------------------------------------------------------------
# 44  Reporter: what the formats share: a class for each to build on, the view of a file, safe text
# gives: places_of, shared_path, View, FileView, Reporter, separated, quoted, uri_of, xml_text, markdown_text,
#        markdown_code, csv_field, home_link, RULE_PAGE
# uses: Words, Ground, Values, Globs, Findings
# ---------------------------------------------------------------------------------------


def places_of(paths: Iterable[str], settings: Settings) -> Places:
    """What the paths in the reports of a run are relative to."""
    here, common = real_path(os.getcwd()), common_folder(paths)
    root = repository_of(common) or repository_of(here)
    if not root:
        root = settings.base if is_inside(common, settings.base) else here
    base = {"repository": root, "cwd": here}.get(settings.path_base, settings.path_base)
    return Places(here, root, base)


def repository_of(folder: str) -> str | None:
    """The root of the repository that a folder is in; of a submodule, that of the repository that it is a part of."""
    root = repository_root(folder)
    while root and is_of_submodule(git_folder(root) or "") and (outer := repository_root(os.path.dirname(root))):
        root = outer
    return root


def is_of_submodule(folder: str) -> bool:
    """Whether git keeps a submodule there: in .git/modules/ of the repository around it."""
    return "/modules/" in "/" + folder.partition("/.git/")[2]


def shared_path(path: str, settings: Settings) -> str:
    """A path for tools that know the repository, and not where the run was started."""
    return path_from(settings.places.base, settings.places.here, path)


class View:
    """What a format shows at a path: a file, or what was found late, of the project or of a file that was skipped."""

    file = source = None
    _place = ""
    known: Sequence[Finding] = ()  # what is no worse than it was, where unchanged files are reported as well
    rises: Sequence[Finding] = ()  # what is worse than it was, by no more than is allowed

    def __init__(self, path: str, findings: list[Finding], settings: Settings) -> None:
        self.path, self.findings, self.settings = path, findings, settings

    @property
    def place(self) -> str:
        self._place = self._place or shared_path(self.path, self.settings)
        return self._place

    def fingerprint(self, finding: Finding) -> str:
        """Of a finding at this path: the same wherever a run is started, and whatever paths are relative to."""
        places = self.settings.places
        return finding.fingerprint(path_from(places.root, places.here, self.path))


class FileView(View):
    """A file that was analysed. What several formats ask for is worked out once."""

    def __init__(self, file: FileReport, source: SourceText, settings: Settings, analysis: Analysis) -> None:
        self.file, self.source, self.settings, self.analysis = file, source, settings, analysis
        self.path = file.path
        self.json = ""  # the file in JSON, which two formats hold
        self._findings: list[Finding] | None = None
        if settings.comparison.whole_project:
            self.known = known_findings(file)

    @property
    def rises(self) -> list[Finding]:
        known = known_findings(self.file) if self.settings.comparison.kind else []
        return [finding for finding in known if finding.violation.allowed]

    @property
    def findings(self) -> list[Finding]:
        if self._findings is None:
            self._findings = findings_in(self.file, self.analysis.syntax_errors)
        return self._findings


class Reporter:
    """A format. Workers ask it for a fragment of each file; the parent puts the fragments together, in path order."""

    name = help = ""
    points = "none"  # whose increments it shows: a key of POINTS
    is_shared = False  # whether its paths are for tools that know the repository, and not where the run was started
    late = True  # whether findings of the project stand among those of files
    HEAD = TAIL = SEPARATOR = ""  # what stands before and behind the fragments, and between their lines

    def fragment(self, view: View) -> str:
        """What the report says of one path: the `entry` of each finding, unless a format says more."""
        return "".join([self.entry(view, finding) for finding in view.findings])

    def assemble(self, fragments: Pieces, summary: Summary, settings: Settings) -> Pieces:
        """The report, from the fragments of all files, then of what was found late."""
        yield self.head()
        parts = chain(fragments, self.skipped(summary, settings))
        yield from separated(lines_of(parts), self.SEPARATOR) if self.SEPARATOR else parts
        yield self.TAIL

    def head(self) -> str:
        return self.HEAD

    def skipped(self, summary: Summary, settings: Settings) -> Pieces:
        """Fragments for the files that could not be analysed."""
        for skipped in summary.skipped:
            yield self.fragment(View(skipped.path, [skip_finding(skipped)], settings))


def separated(texts: Pieces, separator: str) -> Pieces:
    first = True
    for text in texts:
        yield text if first else separator + text
        first = False


# Text into the various envelopes. Names of files and functions are hostile until escaped.
def quoted(text: str) -> str:
    """A JSON string."""
    if text.isidentifier() and text.isascii():
        return f'"{text}"'
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text and "##" not in text:
        return f'"{text}"'
    return to_json(text)


def uri_of(path: str) -> str:
    """A path as a relative URI reference, byte for byte what the file system has."""
    text = "".join([chr(byte) if byte in _URI_SAFE else f"%{byte:02X}" for byte in os.fsencode(path)])
    return f"file://{text}" if path.startswith("/") else text


_URI_SAFE = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-._~"
_MARKDOWN = {ord(char): f"&#{ord(char)};" for char in "!\"#$%&'()*+:;<=>?@[\\]^`{|}~_"}
RULE_PAGE = f"/blob/v{__version__}/docs/rules.md#"  # of a release, below its home; the name of a rule follows


def xml_text(text: str) -> str:
    """Text for XML 1.0, in content or in a quoted attribute."""
    if text.isidentifier():
        return text
    text = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&apos;")


def markdown_text(text: str, limit: int = 160) -> str:
    """Text that stays text in Markdown, in tables and in HTML, and mentions nobody. A long one keeps its end."""
    text = printable(text)
    if len(text) > limit:
        text = "…" + text[-limit:]
    return text.translate(_MARKDOWN).replace("www.", "www&#46;").replace("-", "&#45;")


def markdown_code(text: str) -> str:
    return f"<code>{markdown_text(text)}</code>"


# What a spreadsheet may take for a formula: a sign at the start of a cell, or one that only blanks stand before. Excel
# reads signs of full width as well, and where decimals have a comma it divides cells at semicolons. A \ begins what was
# a control character: a tab, say, which some spreadsheets drop.
_FORMULA_SIGNS = frozenset("=+-@\\\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b")


def csv_field(value: Any) -> str:
    """A field by RFC 4180. A spreadsheet must not take it for a formula, so text that could be one gets a quote."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    if not isinstance(value, str):
        return str(value)
    text = printable(value)
    if ";" in text or not text[:1].isalnum():
        cells = text.split(";")
        text = ";".join([f"'{cell}" if cell.lstrip(" ")[:1] in _FORMULA_SIGNS else cell for cell in cells])
    return '"' + text.replace('"', '""') + '"' if any(char in text for char in ',"') else text


def home_link(key: str, path: str = "") -> JsonObject:
    """A link to where the program comes from, under a key; nothing where that is not known."""
    return {key: HOME_PAGE + path} if HOME_PAGE else {}


# ---------------------------------------------------------------------------------------
# 45  Console: the report for people in a terminal
# gives: Console, painted, finding_words, number_words, project_share_words, hanging, beside, unpainted_cells
# uses: Start-up, Ground, Values, Catalogue, Judgement, Clones, Findings, Reporter
# ---------------------------------------------------------------------------------------

MARKS = {"ok": "✓", "note": "·", "warning": "▲", "error": "✗", "better": "✓", "known": "·", "ignored": "·"}
COLORS = {
    "ok": "32", "note": "36", "warning": "33", "error": "31", "better": "32", "known": "2", "ignored": "2", "dim": "2",
    "bold": "1",
}  # fmt: skip
PAINT = regex("\x1b\\[[0-9]+m")
ROW_INDENT = 21  # what stands before the name in a row
NARROW = 80  # cells: a terminal that has more gives names a quarter of them
ROOMY = 100  # cells: a narrower terminal has no room for the limits of the worst functions, nor for names and places
LEAST_ROOM = 20  # cells: below that, words are left to the terminal
LISTED = 3  # findings of a function, where there is no room for more
LEAST_WORST = 1  # of the worst functions that a screen shows, however small it is
POINTS_INDENT = 8  # what the points and two blanks take
MOST_FOLDERS = 3  # on a screen
PROMPT_ROWS = 2  # of the terminal, left for what comes behind the report
STEP_CELLS = 30  # of what to write; what is longer has a line for itself


def painted(text: str, color: str, settings: Settings) -> str:
    return f"\x1b[{COLORS[color]}m{text}\x1b[0m" if settings.color else text


def painted_mark(level: str, settings: Settings) -> str:
    return painted(f"{MARKS[level]} {level:<7}", level, settings)


def painted_health(health: float, digits: int, settings: Settings) -> str:
    level = health_level(health)
    return painted(f"health {health:.{digits}f}", level, settings)


def painted_standing(summary: Summary, settings: Settings) -> str:
    """The health of the project, its grade, and where it stands."""
    return painted(health_words(summary), health_level(summary.health_score), settings)


def health_level(health: float) -> str:
    if health >= 80:
        return "ok"
    if health >= 60:
        return "warning"
    return "error"


def is_shown(level: str, settings: Settings) -> bool:
    return level == "error" or not settings.quiet


# The terminal's width. Where the report goes elsewhere nothing is cut or wrapped: programs and people search it.
def name_cells(names: Iterable[str], usual: int, settings: Settings) -> int:
    """The width of a column of names: for a terminal that of the longest, unless that takes too much."""
    if not settings.columns:
        return usual
    longest = max(map(cells_of, map(printable, names)), default=0)
    return min(longest, most_cells(usual, settings))


def is_narrow(settings: Settings) -> bool:
    return 0 < settings.columns < ROOMY


def most_cells(usual: int, settings: Settings) -> int:
    return usual + max(0, settings.columns - NARROW) // 4


def shown_name(name: str, cells: int, settings: Settings) -> str:
    """A name for a column of so many cells."""
    shown = cut(name, cells) if settings.columns else printable(name)
    return shown + " " * (cells - cells_of(shown))


def cut(text: str, cells: int) -> str:
    """As much of a text as takes so many cells."""
    shown = printable(text)
    widths = list(accumulate(map(cells_of, shown), initial=0))
    if widths[-1] <= cells:
        return shown
    fitting = bisect_right(widths, cells - 1) - 1  # letters that leave a cell for the …
    return shown[:fitting] + "…"


def hanging(words: str, indent: int, columns: int) -> str:
    """Words behind an indent. What does not fit goes on under the first word; a narrow terminal wraps by itself."""
    room = columns - indent
    if room < LEAST_ROOM or unpainted_cells(words) <= room:
        return words
    lines = [""]
    for piece in wrappable(words, room):
        if lines[-1] and unpainted_cells(lines[-1] + piece.rstrip()) > room:
            lines.append("")
        lines[-1] += piece
    return ("\n" + " " * indent).join(map(str.rstrip, lines))


def wrappable(words: str, room: int) -> Iterator[str]:
    """Parts that stay in one line: what commas part, or words where that is too long. A grade stays by its health."""
    for clause in re.split(r"(?<=[,;] )(?![A-E]\b)", words):
        if unpainted_cells(clause) <= room:
            yield clause
        else:
            yield from re.split(r"(?<= )(?![A-E]\b)", clause)


def unpainted_cells(text: str) -> int:
    return cells_of(PAINT.sub("", text) if "\x1b" in text else text)


def beside(head: str, tail: str, indent: int, settings: Settings) -> str:
    """A row and the place it is about, which has a line for itself where the terminal is too narrow for both."""
    if not settings.columns or unpainted_cells(head) + 2 + unpainted_cells(tail) <= settings.columns:
        return f"{head}  {tail}"
    return f"{head.rstrip()}\n{' ' * indent}{tail}"


def first_findings(findings: Sequence[str], room: int) -> Sequence[str]:
    """Three, and how many more there are; or more of them, where they take no more lines of a terminal."""
    shorter = first_of(findings, LISTED)
    if room < LEAST_ROOM:
        return shorter
    lines = lines_in(shorter, room)
    for most in range(len(findings), LISTED, -1):
        longer = first_of(findings, most)
        if lines_in(longer, room) <= lines:
            return longer
    return shorter


def on_one_line(findings: Sequence[str], room: int) -> str:
    """As many as a line of a terminal has room for, "" where it has none; three where the line has no end."""
    if room < 0:
        return ", ".join(first_of(findings, LISTED))
    lines = [", ".join(first_of(findings, most)) for most in range(len(findings), 0, -1)]
    return next((line for line in lines if cells_of(line) <= room), "")


def first_of(findings: Sequence[str], most: int) -> Sequence[str]:
    left_out = len(findings) - most
    if left_out <= 0:
        return findings
    return [*findings[:most], f"+{left_out} more"]


def lines_in(findings: Sequence[str], room: int) -> int:
    return hanging(", ".join(findings), 0, room).count("\n") + 1


class ConsoleRow(NamedTuple):
    """A line below the name of its file."""

    line: int
    column: int
    level: str  # a key of MARKS
    name: str
    words: str
    findings: Sequence[str] = ()  # in a few words each; they stand first

    def text(self, cells: int, settings: Settings) -> str:
        """The row, with a column of so many cells for its name."""
        place = painted(f"{self.line}:{self.column}".rjust(8), "dim", settings)
        indent = ROW_INDENT + cells + 2
        head = f"{place}  {painted_mark(self.level, settings)}  {shown_name(self.name, cells, settings)}"
        return f"{head}  {hanging(printable(self.said(indent, settings)), indent, settings.columns)}\n"

    def said(self, indent: int, settings: Settings) -> str:
        """All that the row says, or as much as there is room for behind an indent."""
        shown = self.findings if settings.verbose else first_findings(self.findings, settings.columns - indent)
        return "; ".join(filter(None, (", ".join(shown), self.words)))


class Console(Reporter):
    name, help = "console", "for people, in a terminal"
    late = False

    def fragment(self, view: FileView) -> str:
        """The lines of one file; nothing where there is nothing to say."""
        settings = view.settings
        if settings.summary_only:
            return ""
        if settings.group_by != "file":
            return GROUPINGS[settings.group_by].fragment(view)
        rows = [row for row in self.rows(view) if is_shown(row.level, settings)]
        if not rows and (settings.quiet or not settings.verbose):
            return ""
        cells = name_cells([row.name for row in rows], 26, settings)
        return "".join([self.heading(view), "\n", *(row.text(cells, settings) for row in rows), "\n"])

    def heading(self, view: FileView) -> str:
        settings, file = view.settings, view.file
        words = painted_health(file.health_score, 0, settings)
        if file.code == GENERATED:
            words = painted(f"generated code, by {printable(file.code_sign)}", "dim", settings)
        elif file.code == TEST:
            words += painted("  test code", "dim", settings)
        return hanging(f"{painted(printable(view.path), 'bold', settings)}  {words}", 2, settings.columns)

    def rows(self, view: FileView) -> Iterator[ConsoleRow]:
        """All there is to say of a file: a row for each function and for the file, then syntax errors and notices."""
        yield from self.measured_rows(view.file, view.settings)
        for problem in view.file.syntax_errors:
            yield ConsoleRow(problem.line, problem.column, view.analysis.syntax_errors, "syntax", problem.message)
        for notice in view.file.notices:
            yield ConsoleRow(notice.line, notice.column, notice.level, notice.rule, notice.message)

    def measured_rows(self, file: FileReport, settings: Settings) -> Iterator[ConsoleRow]:
        """The functions, the code outside them, and the file."""
        ignored = grouped(file.suppressed, lambda found: found[:2]) if settings.verbose else {}
        for f in (*file.functions, file.module):
            parts = list(self.parts(f, ignored.pop((f.start_line, f.qualified_name), ()), settings))
            if not parts and settings.verbose and f.kind != "module":
                parts = [("ok", [number_words(f, ("cyclomatic", "cognitive", "line_count"))])]
            if parts:
                yield self.row(f.start_line, f.start_col, f.name, parts)
        if parts := list(self.parts(file, [*chain.from_iterable(ignored.values())], settings)):
            yield self.row(1, 0, "the file", parts)

    def parts(
        self, subject: FunctionReport | FileReport, ignored: Iterable[Suppressed], settings: Settings
    ) -> Iterator[tuple[str, list[str]]]:
        """What there is to say of a function or a file: what is too much; what got better; for changed code, or with
        --verbose, what is no worse than it was; with --verbose what comments keep quiet, by the reason they give."""
        if violations := [v for v in subject.violations if is_shown(v.shown_level, settings)]:
            yield worst_first(violations)[0].shown_level, list(map(finding_words, violations))
        if settings.quiet:
            return
        if subject.better:
            yield "better", list(map(improvement_words, subject.better))
        if known := self.shown_known(subject, settings):
            yield "known", list(map(finding_words, known))
        for reason, found in grouped(ignored, attrgetter("reason")).items():
            words = ", ".join(map(suppressed_words, found))
            yield "ignored", [f"{words} ({reason or 'no reason given'})"]

    def shown_known(self, subject: FunctionReport | FileReport, settings: Settings) -> list[Violation]:
        """Of what fails nothing all, where that is asked for or about changed code; else what is worse nevertheless."""
        if settings.verbose or not is_whole(settings.comparison):
            return list(subject.known)
        return [violation for violation in subject.known if violation.allowed]

    def row(self, line: int, column: int, name: str, parts: list[tuple[str, list[str]]]) -> ConsoleRow:
        """One row for all parts. The first gives it its level, and the others are named."""
        (level, words), *others = parts
        rest = [f"{other}: {', '.join(more)}" for other, more in others]
        if level in ("note", "warning", "error"):
            return ConsoleRow(line, column, level, name, "; ".join(rest))._replace(findings=words)
        return ConsoleRow(line, column, level, name, "; ".join([", ".join(words), *rest]))

    def assemble(self, fragments: Pieces, summary: Summary, settings: Settings) -> Pieces:
        """All of it; for a terminal that is to get one screen, and has no room for all, what matters most."""
        if wants_one_screen(settings):
            yield self.whole(fragments, summary, settings) or self.screen(summary, settings)
        else:
            yield from self.everything(fragments, summary, settings)

    def whole(self, fragments: Pieces, summary: Summary, settings: Settings) -> str | None:
        """Everything, and what to do next; None where one screen has no room for it."""
        without_lists = summary._replace(hotspots=(), losses=NO_LOSSES)
        pieces = self.everything(fragments, without_lists, settings)
        return that_fits(chain(pieces, self.next_steps(summary, settings)), settings)

    def everything(self, fragments: Pieces, summary: Summary, settings: Settings) -> Pieces:
        """What was found, then the run as a whole."""
        if not settings.summary_only:
            yield from self.findings(fragments, summary, settings)
        if summary.skipped:
            yield from self.left_out(summary.skipped, settings)
        if settings.summary_only and summary.duplication:
            yield self.project_share(summary.duplication, settings)
        yield from self.summary(summary, settings)

    def findings(self, fragments: Pieces, summary: Summary, settings: Settings) -> Pieces:
        """What was found in the files or groups, the worst of it, and the duplicated code."""
        if settings.group_by != "file":
            fragments = GROUPINGS[settings.group_by].blocks(fragments, settings)
        yield from fragments
        if not settings.quiet:
            yield from self.hotspots(summary, settings, settings.top)
            yield from self.folders(summary, settings, settings.top)
        if summary.duplication:
            yield from self.duplication(summary.duplication, settings)
        yield from self.of_graph(summary, settings)

    def of_graph(self, summary: Summary, settings: Settings) -> Pieces:
        """What the import graph has above limits."""
        for path, finding in graph_findings(summary.graph):
            if is_shown(finding.level, settings):
                words = printable(f"{path}:{finding.line}  {finding.message}")
                yield f"  {painted_mark(finding.level, settings)}  {hanging(words, 5, settings.columns)}\n"

    def screen(self, summary: Summary, settings: Settings) -> str:
        """The verdict, as many of the worst as there is room for, what was not judged, and what to do next."""
        text, most = "", min(settings.top, settings.rows)
        for size in range(most, -1, -1):
            text = "".join(self.screen_of(summary, settings, size))
            if size <= LEAST_WORST or height(text, settings.columns) <= settings.rows - PROMPT_ROWS:
                break
        return text

    def screen_of(self, summary: Summary, settings: Settings, size: int) -> Pieces:
        """The same with so many of the worst."""
        yield from self.summary(summary, settings)
        if summary.duplication:
            yield "  " + self.project_share(summary.duplication, settings)
        yield "\n"
        yield from self.hotspots(summary, settings, size)
        yield from self.folders(summary, settings, min(max(size - 2, 1), MOST_FOLDERS))
        yield from self.not_judged(summary, settings)
        yield from self.next_steps(summary, settings, is_cut=True)

    def not_judged(self, summary: Summary, settings: Settings) -> Pieces:
        """What has no part in the verdict, in one line."""
        words = list(not_judged_words(summary))
        if words:
            yield hanging(f"Not judged: {'; '.join(words)}", 2, settings.columns) + "\n\n"

    def next_steps(self, summary: Summary, settings: Settings, is_cut: bool = False) -> Pieces:
        """At most three things to do, each with what to write for it."""
        steps = list(islice(steps_after(summary, settings, is_cut), 3))
        if not steps:
            return
        yield ("" if is_cut else "\n") + painted("Next steps", "bold", settings) + "\n"
        cells = max(cells_of(what) for what, _ in steps if len(what) < STEP_CELLS)
        for what, why in steps:
            shown = f"  {what:<{cells}}  {why}"
            yield (shown if cells_of(shown) <= settings.columns else f"  {what}") + "\n"

    def left_out(self, skipped: Sequence[Skipped], settings: Settings) -> Pieces:
        yield painted(f"Skipped {counted(len(skipped), 'file')}", "error", settings) + "\n"
        for path, reason in skipped:
            yield f"  {hanging(f'{printable(path)}: {printable(reason)}', 4, settings.columns)}\n"
        yield "\n"

    def hotspots(self, summary: Summary, settings: Settings, most: int) -> Pieces:
        """The worst functions: the points of health that each costs, its name and place, and why it is bad."""
        spots = summary.hotspots[:most]
        if not spots:
            return
        heading = hanging(f"Worst functions: {RANKING}", 2, settings.columns)
        yield painted(heading, "bold", settings) + "\n"
        cells = name_cells([spot.name for spot in spots], 26 if is_narrow(settings) else 36, settings)
        for spot in spots:
            head = f"{points_words(summary.losses.point * spot.lost)}  {shown_name(spot.name, cells, settings)}"
            yield from self.hotspot(head, spot, settings)
        yield "\n"

    def hotspot(self, head: str, spot: Hotspot, settings: Settings) -> Pieces:
        """The place beside the name, and the reasons below; in a narrow terminal, the other way round."""
        place = f"{printable(spot.path)}:{spot.line}"
        if is_narrow(settings) and not settings.verbose:
            room = settings.columns - unpainted_cells(head) - 2
            yield f"{head}  {self.blame(spot, room, settings)}\n"
            yield f"{' ' * POINTS_INDENT}{place}\n"
        else:
            room = settings.columns - POINTS_INDENT
            yield beside(head, place, POINTS_INDENT, settings) + "\n"
            yield f"{' ' * POINTS_INDENT}{self.blame(spot, room, settings)}\n"

    def folders(self, summary: Summary, settings: Settings, most: int) -> Pieces:
        """Where the points went, by folder; nothing where all files are in one."""
        losses = summary.losses
        shown = losses.folders.worst[:most]
        beside = losses.folders.worst[most:]
        others = len(beside) + losses.folders.others
        if not shown or len(shown) + others < 2:
            return
        heading = f"Where the {number(losses.missing - losses.duplication)} points went that functions are short of 100"
        yield painted(heading, "bold", settings) + "\n"
        for loss in shown:
            yield f"{points_words(loss.points)}  {printable(loss.path)}\n"
        if others:
            rest = losses.folders.points_of_others + sum([loss.points for loss in beside])
            yield f"{points_words(rest)}  in {counted(others, 'other folder')}\n"
        yield "\n"

    def blame(self, spot: Hotspot, room: int, settings: Settings) -> str:
        """What is wrong with a function, in words, the worst first: as much as there is room for."""
        level = spot.violations[0].shown_level
        words = [METRIC[one.metric].blame for one in spot.violations]
        reasons = [f"{word} ({blame_words(one, settings)})" for word, one in zip(words, spot.violations)]
        if settings.verbose:
            shown = ", ".join(reasons)
        else:
            room -= len(level) + 2
            shown = on_one_line(reasons, room) or on_one_line(words, room) or words[0]
        shown = hanging(f"{level}: {shown}", POINTS_INDENT, settings.columns)
        return painted(shown, level, settings)

    def duplication(self, found: Duplication, settings: Settings) -> Pieces:
        """The project's share, the largest shares above their limit, and the clone groups of the most tokens."""
        shares = self.largest_shares(found, settings)
        if settings.quiet and not shares and found.project_status != "error":
            return
        yield self.project_share(found, settings)
        yield from (self.share(file, settings) for file in shares[: settings.top])
        if not settings.quiet:
            for group in found.groups[: settings.top]:
                yield from self.clone_group(group, settings)
        yield "\n"

    def largest_shares(self, found: Duplication, settings: Settings) -> list[FileDuplication]:
        """Those above a limit that is shown."""
        files = [file for file in found.files if file.status != "ok" and is_shown(file.status, settings)]
        return sorted(files, key=lambda file: (-file.duplication_pct, file.path))

    def project_share(self, found: Duplication, settings: Settings) -> str:
        color = found.project_status if found.project_status != "ok" else "bold"
        words = hanging(project_share_words(found, settings), 2, settings.columns)
        return painted(words, color, settings) + "\n"

    def share(self, file: FileDuplication, settings: Settings) -> str:
        violation = share_violation(file, settings)
        since = since_words(violation) if violation else ""
        words = f"{printable(file.path)} ({since})" if since else printable(file.path)
        shown = hanging(words, 22, settings.columns)
        return f"  {painted_mark(file.status, settings)}  {file.duplication_pct:5.1f} %  {shown}\n"

    def clone_group(self, group: CloneGroup, settings: Settings) -> Pieces:
        """The places of one clone, and its first lines."""
        kind = "exact" if group.exact else "renamed"
        yield f"\n  {len(group.occurrences)} × {group.lines} lines, {group.tokens} tokens, {kind}\n"
        places, more = clone_places(group)
        for line in filter(None, (*places, more)):
            yield f"    {printable(line)}\n"
        for line in group.excerpt:
            text = cut(line.expandtabs(4), max(20, settings.columns - 8) if settings.columns else 100)
            yield painted(f"      │ {text}", "dim", settings) + "\n"

    def summary(self, summary: Summary, settings: Settings) -> Pieces:
        """Whether the run passes, or why it fails, and what it found."""
        level, verdict = "ok", "passed"
        if summary.failures:
            level, verdict = "error", f"failed: {'; '.join(summary.failures)}"
        yield painted(f"{MARKS[level]} {hanging(verdict, 2, settings.columns)}", level, settings) + "\n"
        found = f"{found_words(summary.product)}; {painted_standing(summary, settings)}"
        others = list(other_code_words(summary))
        if is_narrow(settings):
            others = list(filter(None, ["; ".join(others)]))
        for words in (found, *others):
            yield f"  {hanging(words, 2, settings.columns)}\n"
        if summary.changes:
            yield f"  {hanging(changes_words(summary.changes, settings.comparison), 2, settings.columns)}\n"
        if settings.configuration and not settings.quiet and not settings.verbose:  # which notes it anyway
            governs = hanging(f"configuration: {printable(settings.configuration)}", 4, settings.columns)
            yield painted(f"  {governs}", "dim", settings) + "\n"


# One screen of a terminal
def wants_one_screen(settings: Settings) -> bool:
    asks_for_a_list = settings.list_all or settings.verbose or settings.quiet or settings.group_by != "file"
    return bool(settings.rows) and not asks_for_a_list


def that_fits(pieces: Pieces, settings: Settings) -> str | None:
    """All of a text, where one screen has room for it."""
    room, fitting = settings.rows - PROMPT_ROWS, []
    for piece in pieces:
        fitting.append(piece)
        room -= height(piece, settings.columns)
        if room < 0:
            return None
    return "".join(fitting)


def height(text: str, columns: int) -> int:
    """How many rows of a terminal a text takes. Each of its lines ends in \\n."""
    rows = 0
    for line in text.split("\n")[:-1]:
        width = unpainted_cells(line)
        rows += max(1, math.ceil(width / columns))
    return rows


def not_judged_words(summary: Summary) -> Iterator[str]:
    """What was found and has no part in the verdict."""
    if summary.skipped:
        path, reason = summary.skipped[0]
        words = f"{printable(path)} ({printable(reason)})"
        more = len(summary.skipped) - 1
        if more:
            words = f"{words} and {more:,} more"
        yield words


def steps_after(summary: Summary, settings: Settings, is_cut: bool) -> Iterator[tuple[str, str]]:
    """What to do after a run, and what for: what fits best comes first."""
    if summary.errors and not settings.comparison.kind:
        if not settings.configuration:
            yield "--init", "start green: limits, folders and a baseline for what is there today"
        else:
            yield "--write-baseline FILE", "accept what is there today: see --baseline"
    findings = summary.errors + summary.warnings
    if is_cut and findings:
        yield "--all", "list every finding, file by file"
    for spot in summary.hotspots[:1]:
        yield (
            f"complexity-guard explain {printable(spot.path)}:{spot.line}",
            "see where its numbers come from, line by line",
        )
    if findings and not any(request.format == "html" for request in settings.reports):
        yield "--report html=report.html", "explore it as a page"


def finding_words(violation: Violation) -> str:
    """A finding of a function or a file in a few words, which stand beside its name."""
    since = since_words(violation)
    words = f"{violation.metric} {value_words(violation)} > {number(violation.threshold)}"
    return f"{words} ({since})" if since else words


def points_words(points: float) -> str:
    """Points of the project's health, in the column before a name."""
    return f"{points:>6.2f}"


def blame_words(violation: Violation, settings: Settings) -> str:
    """The same without the limit, where a narrow terminal has no room for two of them in a line."""
    return f"{violation.metric} {value_words(violation)}" if is_narrow(settings) else finding_words(violation)


def suppressed_words(found: Suppressed) -> str:
    return finding_words(Violation(found.metric, found.level, found.value, found.threshold, None))


def number_words(f: FunctionReport, metrics: tuple[str, ...]) -> str:
    """The numbers of a function that were measured, each with its name."""
    values = [(metric, getattr(f, metric)) for metric in metrics]
    return ", ".join(f"{name} {value}" for name, value in values if value is not None)


def improvement_words(better: Improvement) -> str:
    return f"{better.metric} {number(better.before)} → {number(better.value)}"


def project_share_words(found: Duplication, settings: Settings) -> str:
    """The project's share, with the limit where the share is above it: nothing else says what failed then."""
    violation = share_violation(project_share(found), settings)
    limit = f" ({limit_words(violation)})" if violation else ""
    return f"Duplication {found.project_duplication_pct:.1f} %{limit} in {counted(len(found.groups), 'clone group')}"


def changes_words(changes: Changes, comparison: Comparison) -> str:
    """How many functions are how, against before. Entries that are gone matter where a new baseline would drop them."""
    words = [f"{count:,} {word}" for word, count in zip(("new", "worse", "better", "unchanged"), changes)]
    hint = ""
    if comparison.kind == "baseline":
        if changes.gone:
            words.append(f"{changes.gone:,} gone")
        if not comparison.write and (changes.better or changes.gone):
            hint = "; --write-baseline records what got better"
    known = known_words(changes)
    return f"since {printable(comparison.reference)}: {', '.join(words)} ({known}){hint}"


def known_words(changes: Changes) -> str:
    words = counted(changes.known, "known finding")
    if changes.allowed:
        words += f", {changes.allowed:,} of them worse within the allowance"
    return words


class Grouping:
    """The console's findings under another heading than their file: --group-by. A line of a fragment holds the heading,
    how urgent the finding is, and the row to print, whose lines \\0 parts."""

    def fragment(self, view: FileView) -> str:
        settings = view.settings
        rows = [
            f"{self.heading(view.path, finding)}\0{finding.urgency}{self.row(view.path, finding, settings)}"
            for finding in view.findings
            if is_shown(finding.state, settings) and (finding.suppressed is None or settings.verbose)
        ]
        return self.first_line(view) + "".join([row.replace("\n", "\0") + "\n" for row in rows])

    def blocks(self, fragments: Pieces, settings: Settings) -> Pieces:
        """All findings are held, to be put in order: this is for people, who do not read a million of them."""
        groups: dict[str, list[str]] = {}
        for line in lines_of(fragments):
            heading, _, row = line.partition("\0")
            groups.setdefault(heading, []).append(row)
        for heading in sorted(groups, key=self.rank):
            yield from self.block(heading, groups[heading], settings)

    def first_line(self, view: FileView) -> str:
        return ""

    def rank(self, heading: str) -> Any:
        return heading

    def level_counts(self, rows: list[str]) -> str:
        ranks = [row[0] for row in rows]
        words = [counted(ranks.count("3"), "error"), counted(ranks.count("2"), "warning")]
        more = {"that do not gate": ranks.count("1"), "suppressed": ranks.count("0")}
        return ", ".join([*words, *(f"{count:,} {word}" for word, count in more.items() if count)])

    def lines(self, rows: list[str]) -> Pieces:
        yield from (row[URGENCY_WIDTH:].replace("\0", "\n") + "\n" for row in rows)
        yield "\n"

    def mark(self, finding: Finding, settings: Settings) -> str:
        return painted_mark("ignored" if finding.state == "suppressed" else finding.level, settings)

    def words(self, finding: Finding) -> str:
        """A finding in a few words, with the reason where a comment keeps it quiet."""
        words = finding_words(finding.violation) if finding.violation else finding.message
        return words if finding.suppressed is None else f"{words} ({finding.suppressed})"


class ByMetric(Grouping):
    def heading(self, path: str, finding: Finding) -> str:
        return finding.rule

    def row(self, path: str, finding: Finding, settings: Settings) -> str:
        value = value_words(finding.violation) if finding.violation else ""
        head = f"{value:>8}  {self.mark(finding, settings)}  "
        place = f"{printable(path)}:{finding.line}:{finding.column}"
        if finding.suppressed is not None:
            place = f"{place} ({printable(finding.suppressed)})"
        what = shown_name(self.subject(finding), most_cells(36, settings), settings)
        return beside(head + what, place, ROW_INDENT, settings)

    def subject(self, finding: Finding) -> str:
        if finding.function:
            return finding.function
        if finding.violation:
            return "the file"
        return finding.message.removeprefix("syntax error: ")

    def rank(self, metric: str) -> tuple[int, str]:
        """In the order of the table of rules."""
        return RULE_INDEX.get(metric, len(RULES)), metric

    def block(self, metric: str, rows: list[str], settings: Settings) -> Pieces:
        yield f"{painted(metric, 'bold', settings)}  {self.level_counts(rows)}\n"
        rows.sort(key=lambda row: (row[0], row[EXCESS:URGENCY_WIDTH]), reverse=True)  # of one metric: by its values
        yield from self.lines(rows)


class ByFolder(Grouping):
    def first_line(self, view: FileView) -> str:
        """The file's share of its folder's health: how many functions it has, what they lost, and their lines."""
        lost, lines = lost_by(view.file.units)
        return f"{self.heading(view.path)}\0 {len(view.file.functions)} {lost} {lines}\n"

    def heading(self, path: str, finding: Finding | None = None) -> str:
        return printable(without_halves(folder_of(path)))  # in one line, whatever the folder is called

    def row(self, path: str, finding: Finding, settings: Settings) -> str:
        place = f"{printable(path.rpartition('/')[2])}:{finding.line}:{finding.column}"
        words = printable(self.words(finding))
        if finding.function:
            name = shown_name(finding.function, most_cells(26, settings), settings).rstrip()
            words = f"{name}  {words}"
        mark = self.mark(finding, settings)
        return f"  {mark}  {hanging(f'{place}  {words}', 13, settings.columns)}"

    def block(self, folder: str, rows: list[str], settings: Settings) -> Pieces:
        """A folder with the health of its functions, and its findings; nothing where there is nothing to say."""
        found = [row for row in rows if not row.startswith(" ")]
        if not found and (settings.quiet or not settings.verbose):
            return
        shares = [map(int, row.split()) for row in rows if row.startswith(" ")]
        functions, lost, lines = map(sum, zip((0, 0, 0), *shares))
        health = painted_health(health_of(lost, lines), 0, settings)
        size = counted(functions, "function")
        yield f"{painted(folder, 'bold', settings)}  {health}  {size}, {self.level_counts(found)}\n"
        yield from self.lines(found)


GROUPINGS: dict[str, Grouping] = {"metric": ByMetric(), "folder": ByFolder()}

# ---------------------------------------------------------------------------------------
# 46  Machine formats: json, ndjson, csv, sarif, github, gitlab, junit, checkstyle, rdjson, compact
# gives: Json, Ndjson, Csv, Sarif, Github, Gitlab, Junit, Checkstyle, Rdjson, Compact
# uses: Start-up, Words, Ground, Values, Catalogue, Judgement, Findings, Reporter
# ---------------------------------------------------------------------------------------


# Numbers in JSON that are no metrics.
HALSTEAD_NUMBERS = (
    Number("halstead_distinct_operators", "halstead", "halstead.n1", "%d"),
    Number("halstead_distinct_operands", "halstead", "halstead.n2", "%d"),
    Number("halstead_operators", "halstead", "halstead.N1", "%d"),
    Number("halstead_operands", "halstead", "halstead.N2", "%d"),
    Number("halstead_vocabulary", "halstead", "halstead.vocabulary", "%d"),
    Number("halstead_length", "halstead", "halstead.length", "%d"),
    Number("halstead_time", "halstead", "halstead.time", "%.4f"),
)
# The order of all since version 1.0; others follow those of their family.
JSON_FIRST = (
    "cyclomatic cognitive n1 n2 N1 N2 vocabulary length volume difficulty effort time bugs nesting_depth".split()
)


def json_place(number: Metric | Number) -> int:
    name = number.at.rpartition(".")[2]
    return JSON_FIRST.index(name) if name in JSON_FIRST else len(JSON_FIRST)


class Json(Reporter):
    name, help = "json", "everything, for programs"
    late = False
    PLACE = (
        '{"name": %s, "qualified_name": %s, "kind": "%s"'
        ', "start_line": %d, "end_line": %d, "start_col": %d, "end_col": %d'
    )
    VERDICT = ', "health_score": %.2f, "health_lines": %d, "status": "%s", "violations": %s}'
    NUMBERS = Numbers(sorted((*HALSTEAD_NUMBERS, *FUNCTION_METRICS), key=json_place))
    FUNCTION = staticmethod(NUMBERS.writer(PLACE, lambda number: f', "{number.name}": {number.form}', VERDICT))
    FILE = staticmethod(FILE_NUMBERS.writer("", lambda number: f', "{number.name}": {number.form}', ""))
    CLONE_PLACE = '{"file": %s, "start_line": %d, "end_line": %d}'
    CLONE_GROUP = '{"token_count": %d, "line_count": %d, "exact": %s, "locations": [%s]}'

    def __init__(self) -> None:
        self.texts = Memo(self.row_text)

    def fragment(self, view: FileView) -> str:
        if not view.json:
            view.json = self.file(view.file)
        return view.json

    def file(self, file: FileReport) -> str:
        """One file as an object, its functions on lines of their own."""
        functions = ",\n".join(map(self.function, file.functions))
        parts = [
            f'{{"path": {quoted(file.path)}, "code": "{file.code}"{self.FILE(file)}',
            f'"health_score": {file.health_score:.2f}',
            f'"health_lines": {sum([unit.health_lines for unit in file.units])}',
            f'"status": "{file.status}"',
            f'"functions": [{functions and chr(10)}{functions}]',
            f'"module": {self.function(file.module)}',
            f'"violations": {self.rows(file.violations)}',
            f'"syntax_errors": {self.rows(file.syntax_errors)}',
            f'"suppressed": {self.rows(file.suppressed)}',
            f'"notices": {self.rows(file.notices)}',
        ]
        if file.code_sign:
            parts.append(f'"code_sign": {quoted(file.code_sign)}')
        if file.change:
            parts.append(self.change(file))
        return ", ".join(parts) + "}"

    def function(self, f: FunctionReport) -> str:
        name = quoted(f.name)
        qualified = name if f.qualified_name == f.name else quoted(f.qualified_name)
        violations = self.rows(f.violations) if f.violations else "[]"
        if f.change:
            violations += ", " + self.change(f)
        place = (name, qualified, f.kind, f.start_line, f.end_line, f.start_col, f.end_col)
        return self.FUNCTION(f, place, (f.health_score, f.health_lines, f.status, violations))

    def change(self, subject: FunctionReport | FileReport) -> str:
        known, better = self.rows(subject.known), self.rows(subject.better)
        return f'"change": "{subject.change}", "known": {known}, "better": {better}'

    def rows(self, records: Iterable[Any]) -> str:
        """NamedTuples as objects; fields that are None are left out."""
        return f"[{', '.join([self.texts[type(record), record] for record in records])}]"

    def row_text(self, key: tuple[type, Any]) -> str:
        return to_json(self.row(key[1]))

    def row(self, record: Any) -> JsonObject:
        return {key: value for key, value in record._asdict().items() if value is not None}

    def assemble(self, fragments: Pieces, summary: Summary, settings: Settings) -> Pieces:
        yield '{\n"version": "1.0.0",\n"schema_version": 1,\n'
        yield f'"tool": {to_json({"name": "complexity-guard", "version": __version__})},\n'
        yield f'"timestamp": "{summary.timestamp}",\n'
        yield f'"metadata": {to_json(self.metadata(summary, settings))},\n'
        yield f'"summary": {to_json(self.summary(summary))},\n"files": ['
        yield from separated(fragments, ",\n")
        yield '],\n"duplication": '
        yield from self.duplication(summary.duplication)
        yield f',\n"graph": {to_json(self.graph(summary.graph))}'
        yield f',\n"skipped": {self.rows(summary.skipped)}\n}}\n'

    def graph(self, judged: JudgedGraph | None) -> JsonObject:
        """All of the import graph, and what is above a limit."""
        if not judged:
            return {"enabled": False}
        above = [{"file": one.path, **self.row(one.violation)} for one in judged.violations]
        return {"enabled": True, **judged.graph.as_json(), "violations": above}

    def metadata(self, summary: Summary, settings: Settings) -> JsonObject:
        """What does not belong to the result; the configuration is null where none governs."""
        numbers = {"elapsed_ms": summary.elapsed_ms, "thread_count": summary.thread_count}
        return {**numbers, "configuration": settings.configuration or None}

    def summary(self, summary: Summary) -> JsonObject:
        """The run as an object."""
        return {
            "files_analyzed": summary.files_analyzed,
            "total_functions": summary.total_functions,
            "warnings": summary.warnings,
            "errors": summary.errors,
            "health_score": round(summary.health_score, 2),
            "grade": summary.grade,
            "percentile": summary.percentile,
            "skipped_count": len(summary.skipped),
            "syntax_error_count": summary.syntax_errors,
            "suppressed_count": summary.suppressed,
            "ungated_count": summary.ungated,
            "status": summary.status,
            "failures": list(summary.failures),
            **({"changes": summary.changes._asdict()} if summary.changes else {}),
            "tests": summary.tests._asdict() | {"health_score": round(summary.tests.health_score, 2)},
            "generated": {"files": summary.generated.files, "functions": summary.generated.functions},
            "hotspots": [self.hotspot(summary, spot) for spot in summary.hotspots],
            "losses": self.losses(summary.losses),
        }

    def losses(self, losses: Losses) -> JsonObject:
        """Where the points went: the worst folders, files and functions, each list with what all others lost."""
        found = {
            "missing": round(losses.missing, 4),
            "duplication": round(losses.duplication, 4),
        }
        for kind in LOSS_KINDS:
            part = getattr(losses, kind)
            found[kind] = {
                "worst": list(map(self.loss, part.worst)),
                "others": part.others,
                "points_of_others": round(part.points_of_others, 4),
            }
        return found

    def loss(self, loss: Loss) -> JsonObject:
        place = {"line": loss.line, "name": loss.name} if loss.line else {}
        return {
            "path": loss.path,
            **place,
            "points": round(loss.points, 4),
            "health_score": round(health_of(loss.lost, loss.lines), 2),
            "health_lines": loss.lines,
        }

    def hotspot(self, summary: Summary, spot: Hotspot) -> JsonObject:
        """One of the worst functions, with the points of health that it costs the project."""
        points = round(summary.losses.point * spot.lost, 4)
        return spot._asdict() | {"lost": points, "violations": list(map(self.row, spot.violations))}

    def duplication(self, found: Duplication | None) -> Pieces:
        """Group by group: there may be as many as functions."""
        if not found:
            yield '{"enabled": false}'
            return
        yield f'{{"enabled": true, "project_duplication_pct": {round(found.project_duplication_pct, 2)}, '
        delta = "" if found.project_delta is None else f', "project_delta": {found.project_delta}'
        yield f'"project_status": "{found.project_status}"{delta}, "clone_groups": ['
        names = {file.path: to_json(file.path) for file in found.files}
        yield from separated((self.clone_group(group, names) for group in found.groups), ", ")
        shares = (file._replace(duplication_pct=round(file.duplication_pct, 2)) for file in found.files)
        yield '], "files": ['
        yield from separated((to_json(self.row(share)) for share in shares), ", ")
        yield "]}"

    def clone_group(self, group: CloneGroup, names: dict[str, str]) -> str:
        places = [self.CLONE_PLACE % (names[path], start, end) for path, start, end in group.occurrences]
        return self.CLONE_GROUP % (group.tokens, group.lines, "true" if group.exact else "false", ", ".join(places))


class Ndjson(Json):
    """One line per file, then the files that could not be read, the duplicated code, the summary."""

    name, help = "ndjson", "everything, one line per file"

    def fragment(self, view: FileView) -> str:
        return '{"type": "file", ' + super().fragment(view)[1:].replace("\n", "") + "\n"

    def assemble(self, fragments: Pieces, summary: Summary, settings: Settings) -> Pieces:
        yield from fragments
        for skipped in summary.skipped:
            yield to_json({"type": "skipped", **skipped._asdict()}) + "\n"
        if summary.duplication:
            yield '{"type": "duplication", ' + "".join(self.duplication(summary.duplication)).removeprefix("{") + "\n"
        if summary.graph:
            yield to_json({"type": "graph", **self.graph(summary.graph)}) + "\n"
        run = {"type": "summary", "timestamp": summary.timestamp, "metadata": self.metadata(summary, settings)}
        yield to_json(run | self.summary(summary)) + "\n"


class Csv(Reporter):
    """A row per file, per function, and per finding that is no number of these."""

    name, help = "csv", "a row per function, for spreadsheets"
    COLUMNS = (
        *"record path line column end_line end_column name kind status health_score".split(),
        *[number.name for number in (*FUNCTION_NUMBERS.in_order, *FILE_NUMBERS.in_order)],
        "message",
    )
    HEAD = ",".join(COLUMNS) + "\r\n"
    PLACE = "%s,%s,%s,%s,%s,%s,%s,%s,%s,%.2f"
    MESSAGE = "," * len(FILE_METRICS) + ",%s\r\n"
    FUNCTION = staticmethod(FUNCTION_NUMBERS.writer(PLACE, lambda number: "," + number.form, MESSAGE, blank=","))

    def fragment(self, view: View) -> str:
        if not view.file:
            return super().fragment(view)
        path = csv_field(view.path)
        rows = [self.file(view.file), *[self.function(path, function) for function in view.file.units]]
        rows += [self.finding(view.path, f) for f in view.findings if f.violation is None or f.suppressed is not None]
        return "".join(rows)

    def entry(self, view: View, finding: Finding) -> str:
        """A row for what was found late, and for a file that was skipped."""
        record = "skipped" if finding.rule == "skipped-file" else finding.rule
        return self.row(record=record, path=view.path, status=finding.level, message=finding.message)

    def row(self, **fields: Any) -> str:
        return ",".join(csv_field(fields.get(column)) for column in self.COLUMNS) + "\r\n"

    def messages(self, violations: tuple[Violation, ...]) -> str:
        return "; ".join([violation_message(violation, "it") for violation in violations])

    def file(self, file: FileReport) -> str:
        """A row for the file as a whole. Its status is that of its own findings: those of its functions have rows."""
        return self.row(
            record="file",
            path=file.path,
            status=worst_level([violation.level for violation in file.violations]),
            health_score=file.health_score,
            message=self.messages(file.violations),
            **FILE_NUMBERS.values(file),
        )

    def function(self, path: str, f: FunctionReport) -> str:
        """By a pattern instead of by `row`: this is every function there is."""
        record = "module" if f.kind == "module" else "function"
        extent = (f.start_line, f.start_col, f.end_line, f.end_col)
        place = (record, path, *extent, csv_field(f.qualified_name), f.kind, f.status, f.health_score)
        message = csv_field(self.messages(f.violations)) if f.violations else ""
        return self.FUNCTION(f, place, (message,))

    def finding(self, path: str, finding: Finding) -> str:
        """A row for what is no number of a function or file, or is suppressed."""
        return self.row(
            record=finding.rule if finding.suppressed is None else "suppressed",
            path=path,
            line=finding.line,
            column=finding.column,
            end_line=finding.end_line,
            end_column=finding.end_col,
            name=finding.function,
            status=finding.level,
            message=finding.full_message,
        )


class Sarif(Reporter):
    """A line of a fragment holds one result or notification: a letter that says which, a result's urgency, the JSON."""

    name, help = "sarif", "SARIF 2.1.0, for code scanning"
    points, is_shared = "findings", True
    RESULTS = 5000  # what GitHub keeps of one run
    RELATED = 1000  # and of one result
    NOTICES = (  # what can be said of the run itself
        Rule(
            "syntax-error", "SyntaxError",
            meaning="The parser could not make sense of a part of a file: the rest was measured.",
            advice="Mend the file; where it is fine for the compiler, report it as a fault of the parser.",
        ),
        Rule(
            "skipped-file", "SkippedFile",
            meaning="A file could not be analysed: the message says why.",
            advice="Make the file readable, or exclude it in the configuration.",
        ),
        Rule(
            "results-left-out", "ResultsLeftOut",
            meaning="There were more results than a report may hold: the worst were kept.",
            advice="Raise thresholds, or analyse parts of the project in runs of their own.",
        ),
    )  # fmt: skip
    NOTICE_INDEX = {rule.name: index for index, rule in enumerate(NOTICES)}
    LINK = regex(r"\]\(|\{\d")

    def fragment(self, view: View) -> str:
        findings = [*view.findings, *view.known]
        artifact = self.artifact(view.place) if findings else ""
        return "".join([self.line(view, artifact, finding) for finding in findings])

    def line(self, view: View, artifact: str, finding: Finding) -> str:
        if finding.rule == "syntax-error":
            return f"N{self.notice(finding, self.location(artifact, finding))}\n"
        points = enumerate(finding.points[: self.RELATED])
        related = [self.point(artifact, number, point) for number, point in points]
        for number, (path, place, text) in enumerate(finding.related[: self.RELATED]):
            other = self.artifact(shared_path(path, view.settings))
            related.append(self.related(number, quoted(self.text(text))[1:-1], other, f'"startLine": {place}'))
        return self.result(view, artifact, finding, related)

    def result(self, view: View, artifact: str, finding: Finding, related: list[str]) -> str:
        """The line of one finding, with the places of the increments that make up its number, or of the same code."""
        index, message = RULE_INDEX[finding.rule], quoted(self.text(finding.message))
        parts = [
            f'R{finding.urgency}{{"ruleId": "{finding.rule}", "ruleIndex": {index}, "level": "{finding.level}"',
            f'"message": {{"text": {message}}}, "locations": [{self.location(artifact, finding)}]',
            f'"partialFingerprints": {{"primaryLocationLineHash": "{view.fingerprint(finding)}"}}',
        ]
        if related:
            parts.append(f'"relatedLocations": [{", ".join(related)}]')
        if finding.suppressed is not None:
            parts.append(f'"suppressions": [{{"kind": "inSource", "justification": {quoted(finding.suppressed)}}}]')
        if violation := finding.violation:
            if violation.since:
                parts.append(f'"baselineState": "{self.state(violation)}"')
            delta = f', "delta": {violation.delta}' if violation.delta is not None else ""
            parts.append(f'"properties": {{"value": {violation.value}, "threshold": {violation.threshold}{delta}}}')
        return ", ".join(parts) + "}\n"

    def state(self, violation: Violation) -> str:
        """What became of a finding since what the run is compared with."""
        return "new" if violation.delta is None else "updated" if violation.delta else "unchanged"

    def artifact(self, path: str) -> str:
        uri = uri_of(path)  # percent-encoded: needs no quoting
        return f'{{"uri": "{uri}"}}' if uri.startswith("file:") else f'{{"uri": "{uri}", "uriBaseId": "%SRCROOT%"}}'

    def location(self, artifact: str, finding: Finding) -> str:
        """The place of a finding. Columns count from 1, and the end is the first that is not part of it."""
        region = f'"startLine": {finding.line}, "startColumn": {finding.column + 1}'
        if (finding.end_line, finding.end_col) > (finding.line, finding.column):
            region += f', "endLine": {finding.end_line}, "endColumn": {finding.end_col + 1}'
        logical = ""
        if finding.function:
            kind = "module" if finding.function == "<module>" else "function"
            name = f'{{"fullyQualifiedName": {quoted(finding.function)}, "kind": "{kind}"}}'
            logical = f', "logicalLocations": [{name}]'
        return f'{{"physicalLocation": {{"artifactLocation": {artifact}, "region": {{{region}}}}}{logical}}}'

    def related(self, number: int, text: str, artifact: str, region: str) -> str:
        """Another place that belongs to a result. `region` is the inside of an object."""
        place = f'{{"artifactLocation": {artifact}, "region": {{{region}}}}}'
        return f'{{"id": {number}, "message": {{"text": "{text}"}}, "physicalLocation": {place}}}'

    def point(self, artifact: str, number: int, point: Point) -> str:
        nested = f", nested {point.nesting}" if point.nesting else ""
        region = f'"startLine": {point.line}, "startColumn": {point.column + 1}'
        return self.related(number, f"+{point.cost} {point.reason}{nested}", artifact, region)

    def text(self, text: str) -> str:
        """Plain text in SARIF has links, [text](target), and placeholders, {0}: names that look so are escaped."""
        text = printable(text)
        if not self.LINK.search(text):
            return text
        return re.sub(r"([\\\[\]])", r"\\\1", text).replace("{", "{{").replace("}", "}}")

    def clones(self, found: Duplication, settings: Settings) -> Pieces:
        """A result for each clone group, with its other places as related locations."""
        alike: dict[tuple[str, str], int] = {}  # groups that only their order tells apart
        for group in found.groups:
            path, words = group.occurrences[0].path, clone_words(group)
            alike[path, words] = ordinal = alike.get((path, words), -1) + 1
            yield self.clone_group(group, Finding("clone-group", "warning", words, ordinal=ordinal), settings)

    def clone_group(self, group: CloneGroup, finding: Finding, settings: Settings) -> str:
        first, *others = group.occurrences
        view = View(first.path, [], settings)
        related = [self.clone(number, place, settings) for number, place in enumerate(others[: self.RELATED])]
        placed = finding._replace(line=first.start_line, end_line=first.end_line + 1)
        return self.result(view, self.artifact(view.place), placed, related)

    def clone(self, number: int, place: ClonePlace, settings: Settings) -> str:
        region = f'"startLine": {place.start_line}, "endLine": {place.end_line}'
        return self.related(number, "the same code", self.artifact(shared_path(place.path, settings)), region)

    def notice(self, finding: Finding, location: str) -> str:
        rule, message = finding.rule, quoted(self.text(finding.message))
        descriptor = f'{{"id": "{rule}", "index": {self.NOTICE_INDEX[rule]}}}'
        where = f', "locations": [{location}]' if location else ""
        return f'{{"descriptor": {descriptor}, "level": "{finding.level}", "message": {{"text": {message}}}{where}}}'

    def skipped_notice(self, skipped: Skipped, settings: Settings) -> str:
        artifact = self.artifact(shared_path(skipped.path, settings))
        location = f'{{"physicalLocation": {{"artifactLocation": {artifact}}}}}'
        return self.notice(skip_finding(skipped), location)

    def assemble(self, fragments: Pieces, summary: Summary, settings: Settings) -> Pieces:
        """Notifications go by as they come; results wait in a sieve, which keeps the worst."""
        results = Sieve(self.RESULTS)
        if summary.duplication:
            fragments = chain(fragments, self.clones(summary.duplication, settings))
        notices = chain(self.notices(fragments, results), self.late_notices(summary, settings, results))
        yield self.head()
        yield from separated(notices, ",\n")
        successful = "false" if summary.exit_code == EXIT_SKIPPED else "true"
        yield f'\n],\n"exitCode": {summary.exit_code}, "executionSuccessful": {successful}}}],\n"results": [\n'
        yield from separated(results.in_order(), ",\n")
        properties = {
            "filesAnalyzed": summary.files_analyzed,
            "totalFunctions": summary.total_functions,
            "healthScore": round(summary.health_score, 2),
            "healthGrade": summary.grade,
            "status": summary.status,
        }
        yield f'\n],\n"properties": {to_json(properties)}\n}}]}}\n'

    def notices(self, fragments: Iterable[str], results: Sieve) -> Pieces:
        """The notifications, as they come; the results between them go into the sieve."""
        for line in lines_of(fragments):
            if line[0] == "R":
                results.add(line[1:])
            else:
                yield line[1:]

    def late_notices(self, summary: Summary, settings: Settings, results: Sieve) -> Pieces:
        """Notifications of files that could not be analysed, and of results that had no place."""
        for skipped in summary.skipped:
            yield self.skipped_notice(skipped, settings)
        if results.left_out:
            text = f"{results.left_out} of {results.count} results were left out; the worst are here."
            yield self.notice(Finding("results-left-out", "warning", text), "")

    def head(self) -> str:
        """All that stands before the notifications."""
        driver = {
            "name": "ComplexityGuard",
            "fullName": f"ComplexityGuard {__version__}",
            "version": __version__,
            "semanticVersion": __version__,
            **home_link("informationUri"),
            "rules": [self.rule(rule) for rule in RULES],
            "notifications": [self.rule(rule) for rule in self.NOTICES],
        }
        return (
            '{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{\n'
            f'"tool": {{"driver": {to_json(driver)}}},\n'
            '"columnKind": "utf16CodeUnits",\n"automationDetails": {"id": "complexity-guard/"},\n'
            '"originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The repository, or else --path-base."}}},\n'
            '"invocations": [{"toolExecutionNotifications": [\n'
        )

    def rule(self, rule: Rule) -> JsonObject:
        """What readers are told of one kind of finding."""
        text = f"{rule.meaning}\n\n{rule.advice}"
        markdown = f"{rule.meaning}\n\n**What helps:** {rule.advice}"
        return {
            "id": rule.name,
            "name": rule.title,
            "shortDescription": {"text": rule.meaning.partition(":")[0].removesuffix(".") + "."},
            "fullDescription": {"text": rule.meaning},
            "help": {"text": text, "markdown": markdown},
            **home_link("helpUri", RULE_PAGE + rule.name),
            "defaultConfiguration": {"level": "warning"},
            "properties": {"tags": ["maintainability", "complexity"], "precision": "very-high"},
        }


class Github(Reporter):
    name, help = "github", "annotations of a GitHub workflow run"
    is_shared = True
    SHOWN = 10  # of each level, and one notice is the summary; GitHub drops the rest of a step's without a word

    def data(self, text: str) -> str:
        return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))

    def property_text(self, text: str) -> str:
        return self.data(text).replace(":", "%3A").replace(",", "%2C")

    def fragment(self, view: View) -> str:
        """Of ten annotations no two are about the same function."""
        subjects = findings_by_subject(view.findings).values()
        return "".join([self.annotation(view, findings) for findings in subjects])

    def annotation(self, view: View, findings: list[Finding]) -> str:
        """All that is wrong with one function, the worst first. No endLine: GitHub would show the annotation there,
        below the function instead of on its first line."""
        findings = sorted(findings, key=attrgetter("urgency"), reverse=True)
        worst, file = findings[0], self.property_text(view.place)
        message = self.data("\n".join([finding.full_message for finding in findings]))
        if worst.rule == "skipped-file":  # before all others
            return f"{'4':9<{URGENCY_WIDTH}}::error file={file}::{message}\n"
        place = f"file={file},line={worst.line},col={worst.column + 1}"
        title = self.property_text(f"ComplexityGuard {', '.join([finding.rule for finding in findings])}")
        return f"{worst.urgency}::{worst.level_or('notice')} {place},title={title}::{message}\n"

    def assemble(self, fragments: Pieces, summary: Summary, settings: Settings) -> Pieces:
        by_level = {"error": Sieve(self.SHOWN), "warning": Sieve(self.SHOWN), "notice": Sieve(self.SHOWN - 1)}
        for line in lines_of(chain(self.skipped(summary, settings), fragments)):
            by_level[line[URGENCY_WIDTH + 2 :].partition(" ")[0]].add(line)
        for kept in by_level.values():
            yield from (line + "\n" for line in kept.worst_first())
        yield f"::notice title=ComplexityGuard::{summary_text(summary)}{self.left_out(by_level)}\n"

    def left_out(self, by_level: dict[str, Sieve]) -> str:
        left_out = [f"{kept.left_out:,} of level {level}" for level, kept in by_level.items() if kept.left_out]
        if not left_out:
            return ""
        return f". Annotations not shown, as GitHub shows {self.SHOWN} of each level: {', '.join(left_out)}"


class Gitlab(Reporter):
    """The subset of Code Climate's issues that GitLab reads."""

    name, help = "gitlab", "GitLab Code Quality"
    is_shared = True
    HEAD, SEPARATOR, TAIL = "[\n", ",\n", "\n]\n"
    SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}

    def fragment(self, view: View) -> str:
        """GitLab compares reports itself, and takes for resolved what one of them leaves out."""
        return "".join([self.entry(view, finding) for finding in (*view.findings, *view.known)])

    def entry(self, view: View, finding: Finding) -> str:
        severity = self.SEVERITIES[finding.level_or("info")]
        lines = f'{{"begin": {finding.line}, "end": {finding.end_line}}}'
        place = f'{{"path": {quoted(without_halves(view.place))}, "lines": {lines}}}'
        return (
            f'{{"description": {quoted(printable(finding.full_message))}, "check_name": "{finding.rule}", '
            f'"fingerprint": "{view.fingerprint(finding)}", "severity": "{severity}", "location": {place}}}\n'
        )


class Junit(Reporter):
    """A suite per file, a case per function. A finding is a failure where the run fails for it (--fail-on); else the
    output of its case says it."""

    name, help = "junit", "JUnit XML: a case per function"
    is_shared = True
    HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="ComplexityGuard">\n'
    TAIL = "</testsuites>\n"
    FAILING = {"warning": ("warning", "error"), "error": ("error",), "none": ()}  # --fail-on -> levels

    def fragment(self, view: View) -> str:
        """The cases of the functions, then a case for each finding of none."""
        cases = [*self.function_cases(view)] if view.file else []
        others = [finding for finding in view.findings if not finding.function or finding.suppressed is not None]
        cases += [self.other_case(view, finding) for finding in others]
        return self.suite(view.place, cases) if cases else ""

    def function_cases(self, view: FileView) -> Pieces:
        """A case for each function, and for the code outside of them where it has findings."""
        classname = xml_text(view.place)
        by_subject = findings_by_subject(view.findings)
        for function, ordinal in numbered_functions(view.file):
            name = self.case_name(function.qualified_name, ordinal)
            if findings := by_subject.get((function.qualified_name, ordinal, None)):
                yield self.case(view, name, findings)
            elif function.kind != "module":
                yield f'<testcase name="{xml_text(name)}" classname="{classname}"/>\n'

    def case_name(self, name: str, ordinal: int) -> str:
        """No line numbers: a test keeps its name, and its history, when code above it changes."""
        return f"{name} ({ordinal + 1})" if ordinal else name

    def other_case(self, view: View, finding: Finding) -> str:
        """A case for a finding that is of no function, or is suppressed."""
        name = self.case_name(f"{finding.function} {finding.rule}".strip(), finding.ordinal)
        return self.case(view, name, [finding])

    def case(self, view: View, name: str, findings: list[Finding]) -> str:
        verdict = self.verdict(view, findings)
        return f'<testcase name="{xml_text(name)}" classname="{xml_text(view.place)}">{verdict}</testcase>\n'

    def verdict(self, view: View, findings: list[Finding]) -> str:
        """What became of a case: its first finding that the run fails for, or else what it says without failing."""
        message = xml_text(findings[0].full_message)
        if findings[0].suppressed is not None:
            return f'<skipped message="{message}"/>'
        if findings[0].rule == "skipped-file":
            return f'<error type="skipped-file" message="{message}"/>'
        said = "\n".join(xml_text(finding.as_line(view.place)) for finding in findings)
        for finding in findings:
            if finding.level in self.FAILING[view.settings.fail_on]:
                return f'<failure type="{finding.rule}" message="{xml_text(finding.message)}">{said}</failure>'
        return f"<system-out>{said}</system-out>"

    def suite(self, path: str, cases: list[str]) -> str:
        text = "".join(cases)
        failures, errors, skipped = (text.count(f"<{tag} ") for tag in ("failure", "error", "skipped"))
        counts = f'tests="{len(cases)}" failures="{failures}" errors="{errors}" skipped="{skipped}"'
        return f'<testsuite name="{xml_text(path)}" {counts}>\n{text}</testsuite>\n'


class Checkstyle(Reporter):
    """The XML that Checkstyle writes and many review tools read."""

    name, help = "checkstyle", "Checkstyle XML"
    is_shared = True
    HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="8.0">\n'
    TAIL = "</checkstyle>\n"

    def fragment(self, view: View) -> str:
        if not view.findings:
            return ""
        return f'<file name="{xml_text(view.place)}">\n{"".join(map(self.error, view.findings))}</file>\n'

    def error(self, finding: Finding) -> str:
        place = f'line="{finding.line}" column="{finding.column + 1}" severity="{finding.level_or("info")}"'
        message = xml_text(finding.full_message)
        return f'<error {place} message="{message}" source="complexity-guard.{finding.rule}"/>\n'


class Rdjson(Reporter):
    """Diagnostics whose columns count UTF-8 bytes from 1."""

    name, help = "rdjson", "Reviewdog's diagnostics"
    SEPARATOR, TAIL = ",\n", "\n]}\n"
    LONG_LINE = 4096  # bytes; beyond, counting columns for every finding on one line would cost its square

    def head(self) -> str:
        return f'{{"source": {to_json({"name": "complexity-guard", **home_link("url")})},\n"diagnostics": [\n'

    def entry(self, view: View, finding: Finding) -> str:
        start = self.position(view.source, finding.line, finding.column)
        end = self.position(view.source, finding.end_line, finding.end_col)
        location = f'{{"path": {quoted(without_halves(view.path))}, "range": {{"start": {start}, "end": {end}}}}}'
        message = quoted(printable(finding.full_message))
        page = f', "url": "{HOME_PAGE}{RULE_PAGE}{finding.rule}"' if HOME_PAGE else ""
        code = f'{{"value": "{finding.rule}"{page}}}'
        severity = finding.level_or("info").upper()
        return f'{{"message": {message}, "location": {location}, "code": {code}, "severity": "{severity}"}}\n'

    def position(self, source: SourceText | None, line: int, column: int) -> str:
        in_bytes = self.byte_column(source, line, column) if source else column
        return f'{{"line": {line}}}' if in_bytes is None else f'{{"line": {line}, "column": {in_bytes + 1}}}'

    def byte_column(self, source: SourceText, line: int, column: int) -> int | None:
        """A column in UTF-16 units as one in UTF-8 bytes; None on a line too long to say."""
        start = source.starts[line - 1]
        text = source.text[start : start + self.LONG_LINE]
        if column <= len(text) and text[:column].isascii():
            return column
        units = text.decode("utf-8", "replace").encode("utf-16-le")
        return len(units[: 2 * column].decode("utf-16-le", "replace").encode()) if 2 * column <= len(units) else None


class Compact(Reporter):
    name, help = "compact", "a line per finding, for editors"

    def entry(self, view: View, finding: Finding) -> str:
        return finding.as_line(view.path) + "\n"


# ---------------------------------------------------------------------------------------
# 47  Documents: what people open or comment on: markdown, html
# gives: Markdown, Html
# uses: Words, Start-up, Ground, Values, Catalogue, Judgement, Findings, Reporter, Console, Assets
# ---------------------------------------------------------------------------------------


class Markdown(Reporter):
    """A summary for comments on pull requests and for $GITHUB_STEP_SUMMARY. A line of a fragment holds the urgency of
    what is wrong with one function, then the row of the table."""

    name, help = "markdown", "a summary for pull requests and job summaries"
    is_shared = True
    BYTES = 60_000  # GitHub refuses comments above 65,536 characters
    ROWS = 50
    CLONES = 10
    LEVELS = {"error": "**error**"}  # other words stand as they are

    def fragment(self, view: View) -> str:
        subjects = findings_by_subject([*view.findings, *view.rises]).values()
        return "".join([self.row(view.place, findings) for findings in subjects])

    def row(self, path: str, findings: list[Finding]) -> str:
        """All that is wrong with one function, the worst first."""
        worst_first = sorted(findings, key=attrgetter("urgency"), reverse=True)
        worst = worst_first[0]
        level = self.LEVELS.get(worst.state, worst.state)
        what = markdown_code(worst.function) if worst.function else whole_words(worst.rule)
        place = markdown_code(f"{path}:{worst.line}")
        said = "<br>".join(map(self.finding, worst_first))
        return f"{worst.urgency}| {level} | {what} | {place} | {said} |\n"

    def finding(self, finding: Finding) -> str:
        violation = finding.violation
        if not violation or finding.related:
            return markdown_text(finding.message, 1000)
        metric = METRIC[violation.metric]
        limit = markdown_text(limit_words(violation))
        if finding.state == "error":
            limit = limit.replace("error", "**error**", 1)
        reason = f" ({markdown_text(finding.suppressed)})" if finding.suppressed else ""
        return f"{metric.noun} **{value_words(violation)}**{metric.unit} ({limit}){reason}"

    def assemble(self, fragments: Pieces, summary: Summary, settings: Settings) -> Pieces:
        rows, harmless = Sieve(self.ROWS), Sieve(self.ROWS)
        for line in lines_of(fragments):
            (rows if line[0] > HARMLESS else harmless).add(line)
        yield from self.within_bytes(self.lines(rows, harmless, summary, settings))

    def within_bytes(self, lines: Iterable[str]) -> Pieces:
        """As many lines as fit, and a word on the rest."""
        room = self.BYTES - 100
        for line in lines:
            room -= len(line.encode("utf-8", "replace"))
            if room < 0:
                yield "\n… the rest is left out: a comment holds no more.\n"
                return
            yield line

    def lines(self, rows: Sieve, harmless: Sieve, summary: Summary, settings: Settings) -> Pieces:
        """All of the summary, line by line."""
        yield "## ❌ ComplexityGuard failed" if summary.exit_code else "## ✅ ComplexityGuard passed"
        yield f"\n\n{summary_text(summary)}"
        if settings.health_floor is not None:
            change = summary.health_score - settings.health_floor
            yield f" ({change:+.1f} against the floor of {settings.health_floor:g})"
        yield "\n"
        if summary.failures:
            yield f"\n**Failed:** {markdown_text('; '.join(summary.failures))}\n"
        yield from self.table(rows)
        if harmless.count:
            yield self.folded(counted(harmless.count, "more row"), self.table(harmless))
        yield from self.losses(summary.losses, settings)
        if summary.duplication:
            yield from self.duplication(summary.duplication, settings)
        if summary.skipped:
            yield "\n### Not analysed\n\n"
        for path, reason in summary.skipped:
            yield f"- {markdown_code(shared_path(path, settings))}: {markdown_text(reason)}\n"

    def losses(self, losses: Losses, settings: Settings) -> Pieces:
        """Where the points went: folders, files, functions."""
        if not losses.functions.worst:
            return
        yield f"\n### Where the points went: {losses_title(losses)}\n"
        for kind in LOSS_KINDS:
            part = getattr(losses, kind)
            yield f"\n| {kind} | points | health | lines |\n|---|--:|--:|--:|\n"
            for loss in part.worst:
                yield self.loss(loss, settings)
            if part.others:
                yield f"| {part.others:,} others | {part.points_of_others:.1f} | | |\n"

    def loss(self, loss: Loss, settings: Settings) -> str:
        what = shared_path(loss.path, settings) or "."
        if loss.line:
            what = f"{what}:{loss.line} {loss.name}"
        health = health_of(loss.lost, loss.lines)
        return f"| {markdown_code(what)} | {loss.points:.1f} | {health:.0f} | {loss.lines:,} |\n"

    def table(self, rows: Sieve) -> Pieces:
        if worst := rows.worst_first():
            yield "\n| level | what | place | findings |\n|---|---|---|---|\n"
            yield from (row + "\n" for row in worst)
        if rows.left_out:
            yield f"\n{counted(rows.left_out, 'more row')} left out.\n"

    def folded(self, size: str, lines: Pieces) -> str:
        """What fails nothing, which opens when somebody asks. In one piece: a part of it would be open for ever."""
        words = f"{size} of what fails nothing: does not gate, is within its allowance, or is suppressed"
        return f"\n<details>\n<summary>{words}</summary>\n{''.join(lines)}\n</details>\n"

    def duplication(self, found: Duplication, settings: Settings) -> Pieces:
        yield f"\n### {project_share_words(found, settings)}\n\n"
        for group in found.groups[: self.CLONES]:
            places, more = clone_places(group, lambda path: shared_path(path, settings))
            yield f"- {clone_words(group)}: {', '.join(map(markdown_code, places))} {more}".rstrip() + "\n"


class Html(Reporter):
    """One page that needs nothing else. Its data are arrays in the order that readFile and readFunction of the page
    name them: numbers of every function as plain JSON, source lines and increments as a deflated block per file,
    which the page opens when somebody looks at one of its functions."""

    name, help = "html", "for people: one self-contained page, explorable"
    points, late = "findings", False
    WHOLE_LINES = 400  # a longer function shows only the lines around what costs
    AROUND = 3  # lines shown on either side of an increment then
    LINE_WIDTH = 400  # characters kept of a line: minified code has lines of megabytes
    LINE_END = regex("\r\n|[\n\r\u2028\u2029]")

    def fragment(self, view: FileView) -> str:
        """The row that readFile of the page takes apart."""
        file, source, limits = view.file, view.source, self.limits(view.analysis)
        line_total = len(source.starts) - (source.starts[-1] == len(source.text))
        return self.script_json(
            [
                file.path,
                line_total,
                file.file_length,
                file.export_count,
                round(file.health_score, 1),
                [self.violation(v) for v in file.violations],
                [self.function(f) for f in file.functions],
                self.function(file.module),
                *self.remarks(file, view.analysis),
                None if limits == self.limits(view.settings.analysis) else limits,
                self.detail(file, source),
                *lost_by(file.units),
                CODE_KINDS.index(file.code),
            ]
        )

    def remarks(self, file: FileReport, analysis: Analysis) -> Iterator[list]:
        """Syntax errors, suppressed findings, notices."""
        syntax_level = LEVELS.index(analysis.syntax_errors)
        yield [[p.line, p.column, p.message, syntax_level] for p in file.syntax_errors]
        yield [list(s._replace(level=LEVELS.index(s.level))) for s in file.suppressed]
        yield [[n.line, n.rule, n.message, LEVELS.index(n.level)] for n in file.notices]

    def function(self, f: FunctionReport) -> list:
        """The row that readFunction of the page takes apart."""
        row = [
            f.qualified_name.removesuffix(f.name),
            f.name,
            f.kind,
            f.start_line,
            f.start_col,
            f.end_line - f.start_line,
            f.cyclomatic,
            f.cognitive,
            f.halstead[:4] if f.halstead else None,
            f.line_count,
            f.params_count,
            f.nesting_depth,
            round(f.health_score, 1),
            self.level(f.violations),
            f.lost,
        ]
        if not f.violations:
            return row
        return [*row, [self.violation(v) for v in f.violations]]

    def level(self, violations: Sequence[Violation]) -> int:
        """What counts as an error or a warning; 0 for what fails nothing, too."""
        return LEVELS.index(worst_level([v.level for v in violations if not v.ungated]))

    def violation(self, v: Violation) -> list:
        row = [v.metric, self.level([v]), round(v.value, 4), v.threshold]
        since = since_words(v)
        return [*row, since] if since else row

    def limits(self, analysis: Analysis) -> JsonObject:
        """Warning and error of each metric that is on; None where a limit is off."""
        on = [metric.name for metric in ALL_METRICS if metric.family in analysis.metrics]
        return {name: [None if limit == OFF else limit for limit in analysis.thresholds[name]] for name in on}

    def detail(self, file: FileReport, source: SourceText) -> str:
        """Increments of the functions, and the source lines of those with findings; "" where there are neither."""
        functions = (*file.functions, file.module)
        points = {i: [f.cyclomatic_points, f.cognitive_points] for i, f in enumerate(functions) if f.violations}
        return self.deflated({"points": points, "source": self.source(functions, source)}) if points else ""

    def source(self, functions: Iterable[FunctionReport], source: SourceText) -> list:
        """[first line, text] for each run of neighbouring lines that some function with findings shows."""
        runs: list[list[int]] = []
        for first, last in sorted(span for f in functions if f.violations for span in self.spans(f)):
            if runs and first <= runs[-1][1] + 1:
                runs[-1][1] = max(last, runs[-1][1])
            else:
                runs.append([first, last])
        return [[first, self.lines(source, first, last)] for first, last in runs]

    def spans(self, f: FunctionReport) -> list[tuple[int, int]]:
        """First and last line of each part of a function that is worth showing."""
        if f.kind != "module" and f.end_line - f.start_line < self.WHOLE_LINES:
            return [(f.start_line, f.end_line)]
        costly = [point.line for point in (*f.cyclomatic_points, *f.cognitive_points)]
        lines = [f.start_line, f.end_line, *costly]
        return [(max(f.start_line, line - self.AROUND), min(f.end_line, line + self.AROUND)) for line in lines]

    def lines(self, source: SourceText, first: int, last: int) -> str:
        """Lines of the source, decoded at once: line by line, they were half the cost of the whole report."""
        starts = source.starts
        text = source.slice(starts[first - 1], starts[last] if last < len(starts) else len(source.text))
        lines = self.LINE_END.split(text)[: last - first + 1]
        return "\n".join([clipped(line, self.LINE_WIDTH) for line in lines])

    def deflated(self, value: Any) -> str:
        """JSON as Base64 of raw deflate, which browsers undo."""
        import base64
        import json
        import zlib

        packer = zlib.compressobj(4, zlib.DEFLATED, -zlib.MAX_WBITS)  # 6 takes a third longer for 4 % less
        data = packer.compress(json.dumps(value, separators=(",", ":")).encode())
        return base64.b64encode(data + packer.flush()).decode()

    def assemble(self, fragments: Pieces, summary: Summary, settings: Settings) -> Pieces:
        page = unpacked("page")  # what a project says reaches it as text, never as markup
        head, _, tail = page.partition("@DATA@")
        yield head.replace("@POLICY@", content_policy(page))
        yield '<script type="application/json" id="files">['
        yield from separated(fragments, ",\n")
        yield ']</script>\n<script type="application/json" id="summary">'
        yield self.script_json(self.summary(summary, settings)) + "</script>" + tail

    def summary(self, summary: Summary, settings: Settings) -> JsonObject:
        """What the page says of the run."""
        return {
            "version": __version__,
            "timestamp": summary.timestamp,
            "functions": summary.total_functions,
            "errors": summary.errors,
            "warnings": summary.warnings,
            "health": round(summary.health_score, 1),
            "tests": self.sums(summary.tests),
            "generated": self.sums(summary.generated),
            "grade": summary.grade,
            "grades": GRADES,
            "standing": standing_words(summary),
            "missing": summary.losses.missing,
            "duplicated": summary.losses.duplication,
            "point": summary.losses.point,
            "failures": summary.failures,
            "skipped": summary.skipped,
            "metrics": {metric.name: self.words(metric) for metric in ALL_METRICS},
            "ranking": RANKING,
            "thresholds": self.limits(settings.analysis),
            "duplication": self.duplication(summary.duplication) if summary.duplication else None,
        }

    def sums(self, sums: CodeSums) -> JsonObject:
        counts = sums._asdict()
        return {**counts, "health": round(counts.pop("health_score"), 1)}

    def words(self, metric: Metric) -> list:
        is_whole = metric.form == "%d"
        return [metric.heading or metric.title, metric.short.capitalize(), metric.gist, metric.scope, is_whole]

    def duplication(self, found: Duplication) -> JsonObject:
        """Places of clones name their file by its number among those with clones: paths are long and groups many."""
        files = [file for file in found.files if file.cloned_tokens]
        number_of = {file.path: number for number, file in enumerate(files)}
        return {
            "share": round(found.project_duplication_pct, 1),
            "level": LEVELS.index(found.project_status),
            "files": [[file.path, round(file.duplication_pct, 1), LEVELS.index(file.status)] for file in files],
            "groups": [self.clone_group(group, number_of) for group in found.groups],
        }

    def clone_group(self, group: CloneGroup, number_of: dict[str, int]) -> list:
        places = [[number_of[place.path], place.start_line, place.end_line] for place in group.occurrences]
        excerpt = [clipped(line, self.LINE_WIDTH) for line in group.excerpt]
        return [group.exact, group.tokens, group.lines, places, excerpt]

    def script_json(self, value: Any) -> str:
        """JSON that can stand in a script element: pure ASCII, and no "<" that could end it."""
        import json

        return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def content_policy(page: str) -> str:
    """Nothing may be loaded or run but the page's own style and script, by their hashes; no text may become markup."""
    import base64
    import hashlib

    hashes = []
    for tag in ("style", "script"):
        text = page.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
        digest = hashlib.sha256(text.encode()).digest()
        hashes.append("sha256-" + base64.b64encode(digest).decode())
    return (
        "default-src 'none'; style-src '{}'; script-src '{}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ).format(*hashes)


# ---------------------------------------------------------------------------------------
# 48  Reports: the table of all formats, and each report to its destination
# gives: REPORTERS, with_places, write_reports, is_own_file
# uses: Start-up, Ground, Findings, Reporter, Console, Machine formats, Documents
# ---------------------------------------------------------------------------------------

FORMAT_CLASSES = (Console, Json, Ndjson, Sarif, Github, Gitlab, Junit, Checkstyle, Rdjson, Markdown, Csv, Compact, Html)
REPORTERS: dict[str, Reporter] = {reporter.name: reporter() for reporter in FORMAT_CLASSES}


def with_places(paths: Sequence[str], settings: Settings) -> Settings:
    """The settings, with what paths are relative to where a report asks for it."""
    is_asked = any(REPORTERS[request.format].is_shared for request in settings.reports)
    return settings._replace(places=places_of(paths, settings)) if is_asked else settings


# How reports and baselines begin. Reports for people begin with whatever was found, and say below how much that is.
_BEGINNINGS = (
    rb'\{\n"version": "[^"]*",\n"schema_version": ',
    rb'\{"type": "(?:file|skipped|duplication|summary)", ',
    rb'\{"\$schema": "[^"]*", "version": "[^"]*", "runs": \[\{\n"tool": \{"driver": \{"name": "ComplexityGuard"',
    rb'\{"source": \{"name": "complexity-guard"',
    rb'\{"complexity-guard-baseline": ',
    rb'\[\n(?:\n\]|\{"description": ")',
    rb'<\?xml [^>]*\?>\n<(?:checkstyle|testsuites name="ComplexityGuard")',
    rb"record,path,line,",
    rb"## \S+ ComplexityGuard (?:passed|failed)\n",
    rb"::(?:error|warning|notice) [^\n]*",
    rb"(?s:<!doctype html>.{,1000}ComplexityGuard)",
    rb"[^\n]+:\d+:\d+: (?:error|warning|note): [^\n]* \[[\w-]+\]\n",
)
_SUM = rb"[\d,]+ files?, [\d,]+ functions?: [^\n]*; health \d"


def is_own_file(path: str) -> bool:
    """Whether a file is empty, a report or a baseline: one that a configuration may have replaced."""
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        head = file.read(4096)
        file.seek(max(0, file.seek(0, os.SEEK_END) - 4096))
        tail = file.read()
    return not head or bool(re.match(b"|".join(_BEGINNINGS), head) or re.search(_SUM, tail))


def write_reports(store: FragmentStore, summary: Summary, settings: Settings) -> bool:
    """Every report to its destination. One that fails is named and does not stop the others, and one whose reader has
    heard enough has not failed: `| head` decides nothing."""
    written = True
    of_project = [View(path, [finding], settings) for path, finding in project_findings(summary, settings)]
    for number, request in enumerate(settings.reports):
        reporter = REPORTERS[request.format]
        late = map(reporter.fragment, of_project) if reporter.late else ()
        fragments = chain(store.replay(number), late)
        try:
            write_whole(request.destination, reporter.assemble(fragments, summary, settings))
        except OSError as error:
            if request.destination == "-":
                silence(sys.stdout)
            if not isinstance(error, BrokenPipeError):
                place = STANDARD_OUTPUT if request.destination == "-" else request.destination
                note(f"error: cannot write {request.format} report to {place}: {reason_of(error)}")
                written = False
    store.close()
    return written


# ---------------------------------------------------------------------------------------
# 49  Graph views: parts of the import graph, for people and for programs
# gives: GRAPH_FORMATS, graph_view
# uses: Words, Ground, Catalogue, Graph, Barrels, Reporter
# ---------------------------------------------------------------------------------------

KINDS_OF_EDGES = (*STATIC_KINDS, "dynamic", "type")  # what loads most comes first
_LISTS = ("fan_in", "fan_out", "reach", "load")  # the numbers whose largest the summary lists
_SUMS = """\
Files: {files:,}, and {edges:,} pairs of them where one imports the other
Cycles: {cycles:,}, and {files_in_cycles:,} files in them (--cycles: which)
Longest chain of imports: {longest_chain:,}, where a cycle is one step
A change to a file may reach {share:.1f} % of all files on average
"""
_NUMBERS = """\
fan-in {fan_in:,}, fan-out {fan_out:,}, instability {instability:.2f}
reach {reach:,}, load {load:,}, import depth {depth:,}
"""


class GraphView:
    """All of a graph. Other views are parts of it. A list has at most so many rows; 0: all."""

    def __init__(self, graph: ImportGraph, most: int = 0) -> None:
        self.graph, self.most = graph, most
        self.paths = [file.path for file in graph.files]
        self.strongest: dict[tuple[int, int], GraphEdge] = {}  # of each pair the first import that loads most
        for kind in KINDS_OF_EDGES:
            for edge in graph.edges:
                if edge.kind == kind:
                    self.strongest.setdefault(edge[:2], edge)

    def nodes(self) -> Iterable[int]:
        """Those that are drawn."""
        return range(len(self.paths))

    def edges(self) -> Iterable[GraphEdge]:
        """The imports that are drawn."""
        return self.graph.edges

    def as_json(self) -> JsonObject:
        return self.graph.as_json()

    def lines(self) -> Iterator[str]:
        """What the console shows."""
        sums = self.graph.sums()
        sums["share"] = 100 * sums["propagation_cost"]
        yield from _SUMS.format_map(sums).splitlines()
        for name in _LISTS:
            yield from self.largest(METRIC[name])
        rows = [f"{path}:{line}  {name}: {reason}" for path, name, line, reason in self.graph.unresolved]
        yield from self.listed("Not found", rows)

    def largest(self, metric: Metric) -> Iterator[str]:
        """The files with the largest numbers of a kind."""
        value = attrgetter(metric.at)
        files = sorted(filter(value, self.graph.files), key=value, reverse=True)
        if files:
            yield f"\n{metric.title} ({metric.noun})"
        for file in files[:5]:
            yield f"  {value(file):6,}  {printable(file.path)}"

    def listed(self, title: str, rows: Sequence[str]) -> Iterator[str]:
        """A heading, and rows below it, as many as there may be."""
        if not rows:
            return
        yield f"\n{title}: {len(rows):,}"
        shown = rows[: self.most or None]
        for row in shown:
            yield f"  {printable(row)}"
        if len(shown) < len(rows):
            yield f"  and {len(rows) - len(shown):,} more (--all: which)"

    def is_in_cycle(self, edge: GraphEdge) -> bool:
        """Whether an import is a part of a cycle."""
        cycle = self.graph.files[edge.start].component
        is_within = cycle is not None and cycle == self.graph.files[edge.end].component
        return is_within and edge.kind in STATIC_KINDS

    def steps(self, pairs: Iterable[tuple[int, int]]) -> list[str]:
        """Where one file of each pair imports the other, and as what."""
        found = []
        for start, end in pairs:
            edge = self.strongest[start, end]
            found.append(f"{self.paths[start]}:{edge.line}  imports {self.paths[end]}  ({edge.kind})")
        return found

    def links(self, kinds: Container[str] = KINDS_OF_EDGES, is_back: bool = False) -> list[list[int]]:
        """By node, those that it imports, or those that import it."""
        found: list[list[int]] = [[] for _ in self.paths]
        pairs = [pair for pair, edge in self.strongest.items() if edge.kind in kinds]
        for start, end in sorted(pairs):
            if is_back:
                found[end].append(start)
            else:
                found[start].append(end)
        return found

    def node_of(self, name: str) -> int:
        """The node of a file that somebody names."""
        path = relative_name(name)
        if path in self.paths:
            return self.paths.index(path)
        last = os.path.basename(path)
        meant = [other for other in self.paths if os.path.basename(other) == last]
        hint = f"; did you mean {printable(meant[0])}?" if meant else ""
        raise UsageError(f"{printable(name)}: not in the graph{hint}")


class CyclesView(GraphView):
    """Files that import each other."""

    def nodes(self) -> Iterable[int]:
        return sorted(chain.from_iterable([component.nodes for component in self.graph.components]))

    def edges(self) -> Iterable[GraphEdge]:
        """Those within cycles."""
        return filter(self.is_in_cycle, self.graph.edges)

    def as_json(self) -> JsonObject:
        return {"components": self.graph.components_as_json()}

    def lines(self) -> Iterator[str]:
        if not self.graph.components:
            yield "No files import each other."
        for place, component in enumerate(self.graph.components, 1):
            if place > 1:
                yield ""
            yield f"Cycle {place}: {len(component.nodes):,} files import each other"
            yield from self.cycle_lines(component)

    def cycle_lines(self, component: Component) -> Iterator[str]:
        shortest = component.shortest
        way = zip(shortest, (*shortest[1:], shortest[0]))
        yield from self.listed("A shortest way round", self.steps(way))
        yield from self.listed("Without these imports there is none; fewer may do", self.steps(component.cut))
        yield from self.listed("Files", self.graph.named(component.nodes))


class FileInGraph(GraphView):
    """What one file imports, what imports it, and all that these lead to."""

    def __init__(self, graph: ImportGraph, most: int, name: str) -> None:
        super().__init__(graph, most)
        self.node = self.node_of(name)
        self.imported, self.importing = [], []
        for edge in graph.edges:
            if edge.start == self.node != edge.end:
                self.imported.append(edge)
            elif edge.end == self.node != edge.start:
                self.importing.append(edge)

    def nodes(self) -> Iterable[int]:
        found = {self.node}
        for edge in self.edges():
            found.update(edge[:2])
        return sorted(found)

    def edges(self) -> Iterable[GraphEdge]:
        return [*self.imported, *self.importing]

    def ways_back(self) -> list[list[int]]:
        """Of all that depend on the file, the nearest first, a shortest way to it."""
        ways = ways_from(self.links(is_back=True), self.node)
        return [steps_back(ways, node)[::-1] for node in islice(ways, 1, None)]

    def ways_onward(self) -> list[list[int]]:
        """Of all that is loaded with it, the nearest first, a shortest way to that."""
        ways = ways_from(self.links(STATIC_KINDS), self.node)
        return [steps_back(ways, node) for node in islice(ways, 1, None)]

    def as_json(self) -> JsonObject:
        named = self.graph.named
        reach = [{"path": self.paths[way[0]], "via": named(way)} for way in self.ways_back()]
        load = [{"path": self.paths[way[-1]], "via": named(way)} for way in self.ways_onward()]
        return {
            "file": self.graph.file_as_json(self.node),
            "imports": list(map(self.graph.edge_as_json, self.imported)),
            "imported_by": list(map(self.graph.edge_as_json, self.importing)),
            "reach": reach,
            "load": load,
        }

    def lines(self) -> Iterator[str]:
        """Its numbers, its neighbours, and the ways to all others."""
        row = self.graph.file_as_json(self.node)
        yield printable(row["path"])
        yield from _NUMBERS.format_map(row).splitlines()
        if row["component"] is not None:
            size = len(self.graph.components[row["component"]].nodes)
            yield f"in a cycle of {size:,} files"
        imports = [self.edge_words(edge, edge.end) for edge in self.imported]
        yield from self.listed("Imports", imports)
        importing = [self.edge_words(edge, edge.start) for edge in self.importing]
        yield from self.listed("Imported by", importing)
        yield from self.listed("A change to it may reach", self.way_words(self.ways_back()))
        yield from self.listed("Loaded with it", self.way_words(self.ways_onward()))

    def edge_words(self, edge: GraphEdge, other: int) -> str:
        return f"{self.paths[other]}  (line {edge.line}, {edge.kind}) {edge.clause}".rstrip()

    def way_words(self, ways: list[list[int]]) -> list[str]:
        return [" → ".join(self.graph.named(way)) for way in ways]


class WayInGraph(GraphView):
    """The shortest way by which one file imports another, and the shortest of what is loaded where that is longer."""

    def __init__(self, graph: ImportGraph, most: int, names: Sequence[str]) -> None:
        super().__init__(graph, most)
        self.ends = [self.node_of(name) for name in names]
        self.any_way = self.way(KINDS_OF_EDGES)
        self.loading = self.way(STATIC_KINDS)

    def way(self, kinds: Container[str]) -> list[tuple[int, int]]:
        """The steps of a shortest way by imports of these kinds."""
        nodes = shortest_path(self.links(kinds), *self.ends)
        return list(zip(nodes, nodes[1:]))

    def nodes(self) -> Iterable[int]:
        return sorted({*self.ends, *chain.from_iterable((*self.any_way, *self.loading))})

    def edges(self) -> Iterable[GraphEdge]:
        pairs = {*self.any_way, *self.loading}
        return [self.strongest[pair] for pair in sorted(pairs)]

    def as_json(self) -> JsonObject:
        return {"path": self.steps_as_json(self.any_way), "loading_path": self.steps_as_json(self.loading)}

    def steps_as_json(self, way: list[tuple[int, int]]) -> list[JsonObject]:
        return [self.graph.edge_as_json(self.strongest[pair]) for pair in way]

    def lines(self) -> Iterator[str]:
        start, end = map(printable, self.graph.named(self.ends))
        if not self.any_way:
            yield f"{start} does not depend on {end}."
            return
        yield from self.listed(f"{start} imports {end}, steps", self.steps(self.any_way))
        if not self.loading:
            yield "Nothing of that is loaded with it: there are types, or import() on every way."
        elif self.loading != self.any_way:
            yield from self.listed("What loads it, steps", self.steps(self.loading))


class BarrelsView(GraphView):
    """Files that pass on what others export, those that cost most first, and the imports that would save that."""

    def __init__(self, graph: ImportGraph, most: int) -> None:
        super().__init__(graph, most)
        self.passed: dict[int, list[Passed]] = {}
        for node, file in enumerate(graph.files):
            if file.is_barrel:
                self.passed[node] = []
        for one in graph.passed:
            self.passed[one.edge.end].append(one)
        self.barrels = sorted(self.passed, key=lambda node: -graph.files[node].barrel_cost)

    def nodes(self) -> Iterable[int]:
        found = set(self.barrels)
        for edge in self.edges():
            found.update(edge[:2])
        return sorted(found)

    def edges(self) -> Iterable[GraphEdge]:
        """Imports of barrels, and what barrels import."""
        return [edge for edge in self.graph.edges if edge.start in self.passed or edge.end in self.passed]

    def as_json(self) -> JsonObject:
        rows = []
        for node in self.barrels:
            imports = [self.passed_as_json(one) for one in self.passed[node]]
            rows.append({**self.graph.file_as_json(node), "imports": imports})
        return {"barrels": rows}

    def passed_as_json(self, one: Passed) -> JsonObject:
        """An import of a barrel, and what to import instead."""
        instead = [{"path": self.paths[node], "names": list(names)} for node, names in one.sources]
        return {**self.graph.edge_as_json(one.edge), "wasted": one.wasted, "instead": instead}

    def lines(self) -> Iterator[str]:
        """Each barrel with the imports that load anything in vain."""
        if not self.barrels:
            yield "No file does little else than to pass on what others export."
        for node in self.barrels:
            file = self.graph.files[node]
            sums = f"it loads {file.load:,}, and {file.barrel_cost:,} in vain over all imports of it"
            rows = [self.saving_words(one) for one in self.passed[node] if one.wasted]
            if rows:
                yield from self.listed(f"{printable(file.path)}: {sums}; imports that do", rows)
            else:
                yield f"\n{printable(file.path)}: {sums}"

    def saving_words(self, one: Passed) -> str:
        instead = [f"{clause_of(names)} from {self.paths[node]}" for node, names in one.sources]
        return f"{self.paths[one.edge.start]}:{one.edge.line}  {one.wasted:,} in vain; instead {'; '.join(instead)}"


def graph_view(graph: ImportGraph, most: int, given: Callable[[str], Any]) -> GraphView:
    """The part of a graph that flags ask for; `given` tells the value of each."""
    asked = [name for name in ("cycles", "of", "why", "barrels") if given(name)]
    if len(asked) > 1:
        raise UsageError(f"--{asked[0]} and --{asked[1]} are two views; ask for one at a time")
    if given("of"):
        return FileInGraph(graph, most, given("of"))
    if given("why"):
        return WayInGraph(graph, most, given("why"))
    if given("barrels"):
        return BarrelsView(graph, most)
    return CyclesView(graph, most) if given("cycles") else GraphView(graph, most)


# Formats
def _console_lines(view: GraphView) -> Pieces:
    for line in view.lines():
        yield line + "\n"


def _graph_json(view: GraphView) -> Pieces:
    yield to_json(view.as_json()) + "\n"


_CSV_COLUMNS = ("from", "to", "kind", "type_only", "specifier", "line", "names")


def _graph_csv(view: GraphView) -> Pieces:
    yield ",".join(_CSV_COLUMNS) + "\r\n"
    for edge in view.edges():
        row = view.graph.edge_as_json(edge)
        row["type_only"] = "true" if row["type_only"] else "false"
        row["names"] = ", ".join(row["names"])
        fields = [csv_field(row[column]) for column in _CSV_COLUMNS]
        yield ",".join(fields) + "\r\n"


def _drawn(view: GraphView) -> Iterator[tuple[GraphEdge, int]]:
    """Of each pair of files the import that loads most, and how many there are."""
    counts: dict[tuple[int, int], int] = {}
    for edge in view.edges():
        pair = edge.start, edge.end
        counts[pair] = counts.get(pair, 0) + 1
    for pair in sorted(counts):
        yield view.strongest[pair], counts[pair]


_IN_DOT = {ord("\\"): "\\\\", ord('"'): '\\"', ord("&"): "&amp;"}
_DOT_STYLES = {"dynamic": "style=dotted", "type": "style=dashed"}


def _graph_dot(view: GraphView) -> Pieces:
    """For Graphviz. Cycles are red, types dashed, what import() loads dotted."""
    yield "digraph imports {\n  rankdir=LR;\n  node [shape=box];\n"
    for node in view.nodes():
        label = printable(view.paths[node]).translate(_IN_DOT)
        color = "" if view.graph.files[node].component is None else ", color=red"
        yield f'  n{node} [label="{label}"{color}];\n'
    for edge, count in _drawn(view):
        style = "color=red" if view.is_in_cycle(edge) else _DOT_STYLES.get(edge.kind, "color=black")
        label = f", label={count}" if count > 1 else ""
        yield f"  n{edge.start} -> n{edge.end} [{style}{label}];\n"
    yield "}\n"


_PLAIN_IN_MERMAID = frozenset(" ./-_")


def _mermaid_text(text: str) -> str:
    """Text in quotes: whatever may mean something to Mermaid, or to the HTML that it makes, as the number of its
    letter."""
    found = []
    for letter in printable(text):
        is_plain = letter.isalnum() or letter in _PLAIN_IN_MERMAID
        found.append(letter if is_plain else f"#{ord(letter)};")
    return "".join(found)


def _graph_mermaid(view: GraphView) -> Pieces:
    """For Mermaid, which GitHub and GitLab draw in Markdown. Types and what import() loads are dotted."""
    yield "flowchart LR\n"
    for node in view.nodes():
        yield f'  n{node}["{_mermaid_text(view.paths[node])}"]\n'
    for edge, count in _drawn(view):
        arrow = "-->" if edge.kind in STATIC_KINDS else "-.->"
        label = f"|{count}|" if count > 1 else ""
        yield f"  n{edge.start} {arrow}{label} n{edge.end}\n"


_GRAPHML_NUMBERS = {"fan_in": "int", "fan_out": "int", "reach": "int", "load": "int", "depth": "int"}
_GRAPHML_KEYS = (("path", "node", "string"), *((name, "node", kind) for name, kind in _GRAPHML_NUMBERS.items()),
                 ("kind", "edge", "string"), ("imports", "edge", "int"))  # fmt: skip


def _graph_graphml(view: GraphView) -> Pieces:
    """For yEd, Gephi and networkx."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for name, what, kind in _GRAPHML_KEYS:
        yield f'<key id="{name}" for="{what}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph id="imports" edgedefault="directed">\n'
    for node in view.nodes():
        file = view.graph.files[node]
        numbers = [f'<data key="{name}">{getattr(file, name)}</data>' for name in _GRAPHML_NUMBERS]
        yield f'<node id="n{node}"><data key="path">{xml_text(file.path)}</data>{"".join(numbers)}</node>\n'
    for edge, count in _drawn(view):
        data = f'<data key="kind">{edge.kind}</data><data key="imports">{count}</data>'
        yield f'<edge source="n{edge.start}" target="n{edge.end}">{data}</edge>\n'
    yield "</graph>\n</graphml>\n"


GRAPH_FORMATS: dict[str, Callable[[GraphView], Pieces]] = {
    "console": _console_lines, "json": _graph_json, "dot": _graph_dot, "mermaid": _graph_mermaid,
    "csv": _graph_csv, "graphml": _graph_graphml,
}  # fmt: skip

# ---------------------------------------------------------------------------------------
# 50  Options: every option, command and exit code: a row each
# gives: *
# uses: Start-up, Words, Ground, Values, Language, Catalogue, Rules, Reports, Graph views
# ---------------------------------------------------------------------------------------

FORMATS = tuple(REPORTERS)


class Executor(NamedTuple):
    """A way to run a plan's jobs; the function that does is in RUNNERS, which comes later."""

    is_parallel: bool  # there may be more than one worker
    has_start_method: bool  # workers are processes, which multiprocessing starts by one of its methods


EXECUTORS = {"process": Executor(True, True), "thread": Executor(True, False), "serial": Executor(False, False)}
EXECUTOR_CHOICES = ("auto", *EXECUTORS)  # auto: the first, or the serial one where more workers are not worth it


# Options: one row each. From this table come the command line, --help, the reader of
# configuration files, the JSON Schema, --init, --print-config and the README's tables.
class Kind(NamedTuple):
    """A type of option value."""

    expects: str  # completes "must be ..."
    check: Callable[[Any], Any]  # a JSON value -> the value; ValueError when it does not fit
    parse: Callable[[str], Any]  # the text after a flag -> a JSON value, to be checked
    schema: dict[str, Any]
    words: tuple[str, ...] = ()  # the words it accepts, for suggestions and completions
    repeats: bool = False  # each use of the flag adds to the list

    def read(self, text: str) -> Any:
        """The value that a flag or a variable gives."""
        return self.check(self.parse(text))


def _number(low: float, high: float = math.inf, whole: bool = False) -> Kind:
    """A number in these bounds, which belong to it."""

    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError
        if not low <= value <= high or not math.isfinite(value) or (whole and value % 1):
            raise ValueError
        return int(value) if whole else value

    noun, schema = "a number", {"type": "number", "minimum": low}
    if whole:
        noun, schema["type"] = "a whole number", "integer"
    if high == math.inf:
        return Kind(f"{noun} of at least {low}", check, parse_number, schema)
    return Kind(f"{noun} from {low} to {high}", check, parse_number, schema | {"maximum": high})


def _meaning_of(words: dict[Any, Any]) -> Callable[[Any], Any]:
    """A check for words that stand for values."""

    def check(value: Any) -> Any:
        if not isinstance(value, (str, bool)) or value not in words:
            raise ValueError
        return words[value]

    return check


def _choice(*words: str, **synonyms: str) -> Kind:
    meaning = dict(zip(words, words)) | synonyms
    return Kind(alternatives(words), _meaning_of(meaning), str, {"enum": list(meaning)}, words)


def _check_words(value: Any, meaning: dict[str, str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError
    for word in value:
        if not isinstance(word, str) or word not in meaning:
            raise ValueError(word)
    return tuple(dict.fromkeys(meaning[word] for word in value))


def _comma_separated(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]


def _list_out_of(words: tuple[str, ...], meaning: dict[str, str]) -> Kind:
    """A list of words, one at least; those beside `words` that have a meaning are not advertised."""
    schema = {"type": "array", "items": {"enum": list(meaning)}, "minItems": 1}
    expects = f"a list out of {', '.join(words)}"
    return Kind(expects, lambda value: _check_words(value, meaning), _comma_separated, schema, words)


def _check_text(value: Any) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError
    return value


def _check_source_name(value: Any) -> str:
    if not _check_text(value).lower().endswith(tuple(GRAMMAR_OF_SUFFIX)):
        raise ValueError
    return value


def check_texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise ValueError
    return tuple(map(_check_text, value))


def _check_limit(value: Any) -> float:
    return OFF if value == "off" else FROM_ZERO.check(value)


def _check_rise(value: Any) -> float | str:
    if isinstance(value, str) and _PERCENTAGE.fullmatch(value):
        return value
    return FROM_ZERO.check(value)


_PERCENTAGE_TEXT = r"[0-9]{1,6}(?:\.[0-9]{1,6})?%"
_PERCENTAGE = regex(_PERCENTAGE_TEXT)


def _report_request(text: str) -> ReportRequest:
    name, _, destination = text.partition("=")
    if name not in FORMATS:
        raise ValueError(name)
    return ReportRequest(name, destination or "-")


FAMILY_OF_WORD = (  # --metrics takes families; the ancestor's names of single metrics mean their family
    {family: family for family in FAMILIES}
    | {metric.name: metric.family for metric in METRICS}
    | {"nesting": "structural"}
)
GATE_WORDS = tuple(dict.fromkeys((*FAMILIES, *(metric.name for metric in ALL_METRICS))))
FROM_ZERO = _number(0)
LIMIT = Kind(
    f'{FROM_ZERO.expects} or "off"', _check_limit, str, {"anyOf": [FROM_ZERO.schema, {"const": "off"}]}, ("off",)
)  # fmt: skip
FAMILY_LIST = _list_out_of(FAMILIES, FAMILY_OF_WORD)
GATE_LIST = _list_out_of(GATE_WORDS, dict(zip(GATE_WORDS, GATE_WORDS)))
SWITCH_KIND = Kind("true or false", _meaning_of({True: True, False: False}), str, {"type": "boolean"})
TEXT = Kind("a text", _check_text, str, {"type": "string", "minLength": 1})
SOURCE_NAME = Kind(f"a name in {alternatives(GRAMMAR_OF_SUFFIX)}", _check_source_name, str, {"type": "string"})
TEXTS_SCHEMA = {"type": "array", "items": TEXT.schema}
GLOBS = Kind("a list of globs", check_texts, str, TEXTS_SCHEMA, repeats=True)
PATH_BASES = ("repository", "cwd")
PATH_BASE = TEXT._replace(expects=f"{' or '.join(PATH_BASES)}, or a folder", words=PATH_BASES)
TWO_TEXTS = Kind("two texts", check_texts, lambda text: text.split("\0"), TEXTS_SCHEMA)  # of two arguments
NAMES = Kind("a list of names", check_texts, str, TEXTS_SCHEMA, repeats=True)
REPORTS = Kind(
    f"a list of FORMAT or FORMAT=FILE with FORMAT {alternatives(FORMATS)}",
    lambda value: tuple(map(_report_request, check_texts(value))), str, TEXTS_SCHEMA, FORMATS, repeats=True,
)  # fmt: skip


def _check_metric_limits(value: str) -> tuple[tuple[str, float], ...]:
    """METRIC=N or METRIC=N/N -> the options that set its limits, with their values."""
    name, _, limits = value.partition("=")
    if name not in LIMIT_KEYS:
        raise ValueError(name)
    low, slash, high = limits.partition("/")
    warning, error = (
        LIMIT.check(text if text == "off" else parse_number(text)) for text in (low, high if slash else low)
    )
    return tuple(zip(LIMIT_KEYS[name], (warning, error)))


METRIC_LIMITS = Kind(
    f"METRIC=LIMIT or METRIC=WARNING/ERROR, each {LIMIT.expects}, with METRIC {alternatives(LIMIT_KEYS)}",
    _check_metric_limits, str, TEXT.schema, tuple(LIMIT_KEYS), repeats=True,
)  # fmt: skip


CACHE_WORDS = {"0": False, "false": False, "off": False, "no": False, "1": True, "true": True, "on": True, "yes": True}
CACHE = Kind(
    "true, false or a folder", lambda value: value if isinstance(value, bool) else _check_text(value),
    lambda text: CACHE_WORDS.get(text.lower(), text), {"anyOf": [{"type": "boolean"}, TEXT.schema]},
)  # fmt: skip
RISE = Kind(
    f'{FROM_ZERO.expects} or a share as "10%"', _check_rise, lambda text: text if "%" in text else parse_number(text),
    {"anyOf": [FROM_ZERO.schema, {"type": "string", "pattern": f"^{_PERCENTAGE_TEXT}$"}]},
)  # fmt: skip


def _check_metric_rise(value: str) -> tuple[tuple[str, float | str], ...]:
    """METRIC=N or METRIC=N% -> the option that it stands for, with its value."""
    name, _, rise = value.partition("=")
    if name not in WORSE_KEYS:
        raise ValueError(name)
    return ((WORSE_KEYS[name], RISE.read(rise)),)


METRIC_RISE = Kind(
    f"METRIC=N or METRIC=N% with METRIC {alternatives(WORSE_KEYS)}",
    _check_metric_rise, str, TEXT.schema, tuple(WORSE_KEYS), repeats=True,
)  # fmt: skip


class Option(NamedTuple):
    name: str  # dotted: also the key in configuration files
    kind: Kind
    default: Any
    section: str
    help: str
    flags: tuple[str, ...] = ()
    opposite: tuple[str, ...] = ()  # the flags that switch it off
    metavar: str = ""  # empty: the flag takes no value
    in_config: bool = True
    per_file: bool = False  # may stand in an override
    variable: str = ""  # the environment variable that sets it
    sets: str = ""  # the field of Settings or Analysis that takes its value; "" where several options make a field


# One section for each heading of --help, in its order.
SECTIONS = ("Files", "Analysis", "Gates", "Output", "Graph", "History", "Engine", "Configuration", "General",
            "Thresholds", "Allowances", "Weights")  # fmt: skip


def _flag_only(name: str, section: str, help: str, metavar: str = "", letter: str = "") -> Option:
    flags = (*letter.split(), f"--{name.replace('_', '-')}")
    kind, default = (TEXT, None) if metavar else (SWITCH_KIND, False)
    return Option(name, kind, default, section, help, flags=flags, metavar=metavar, in_config=False)


def _threshold_options() -> Iterator[Option]:
    for metric in ALL_METRICS:
        levels = ("a warning", metric.warning), ("an error", metric.error)
        for key, (level, limit) in zip(metric.limit_keys, levels):
            text, per_file = f"{metric.title}: above this is {level}", metric.name != PROJECT_SHARE
            yield Option(key, LIMIT, limit, "Thresholds", text, per_file=per_file)


OPTIONS: tuple[Option, ...] = (
    Option("files.include", GLOBS, (), "Files",
           "Analyse only files that match (repeatable)",
           flags=("--include",), metavar="GLOB", sets="include"),
    Option("files.exclude", GLOBS, (), "Files",
           "Leave out files that match; !GLOB takes back in (repeatable)",
           flags=("--exclude",), metavar="GLOB", sets="exclude"),
    Option("files.no_ignore", SWITCH_KIND, False, "Files",
           "Also analyse what git ignores, hidden folders, node_modules, dist, build, vendor, coverage",
           flags=("--no-ignore",), sets="no_ignore"),
    Option("files.allow_empty", SWITCH_KIND, False, "Files",
           "A run that finds no file to analyse passes",
           flags=("--allow-empty",), sets="allow_empty"),
    Option("files.max_file_bytes", _number(1, whole=True), None, "Files",
           "Skip larger files, and say so",
           flags=("--max-file-bytes",), metavar="N", sets="max_file_bytes"),
    Option("files.tests", GLOBS, TEST_GLOBS, "Files",
           "Test code: summed up apart, and its length, wrappers and duplication are no findings", sets="tests"),
    Option("files.generated", _choice(*GENERATED_CHOICES), "list", "Files",
           "Generated code: list it with its numbers, unjudged; judge it as any other; or skip it",
           per_file=True, sets="generated"),
    Option("stdin_filename", SOURCE_NAME, "stdin.ts", "Files",
           "Name and type of the source read from standard input",
           flags=("--stdin-filename",), metavar="NAME", in_config=False, sets="stdin_filename"),
    Option("preset", _choice(*PRESETS), DEFAULT_PRESET.name, "Analysis",
           "The limits to judge by, out of the presets below", flags=("--preset",), metavar="NAME", per_file=True),
    Option("analysis.metrics", FAMILY_LIST, FUNCTION_FAMILIES, "Analysis",
           f"Compute and show only these: {', '.join(FAMILIES)}",
           flags=("--metrics",), metavar="LIST", per_file=True),
    Option("analysis.duplication_enabled", SWITCH_KIND, False, "Analysis",
           "Find duplicated code across files",
           flags=("--duplication",), opposite=("--no-duplication",), per_file=True),
    Option("analysis.graph", SWITCH_KIND, False, "Analysis",
           "Find which files import which: cycles, and how far a change reaches",
           flags=("--graph",), opposite=("--no-graph",)),
    Option("analysis.duplication_min_tokens", _number(2, whole=True), DEFAULT_PRESET.duplication_min_tokens, "Analysis",
           "A clone has at least this many tokens", sets="duplication_min_tokens"),
    Option("analysis.duplication_min_lines", _number(1, whole=True), DEFAULT_PRESET.duplication_min_lines, "Analysis",
           "A clone spans at least this many lines", sets="duplication_min_lines"),
    Option("analysis.cyclomatic_variant", _choice("classic", "modified"), "classic", "Analysis",
           "modified: a switch counts once, whatever its cases", per_file=True, sets="cyclomatic_variant"),
    Option("analysis.cognitive_variant", _choice("sonarjs", "sonarjs-4.2", "whitepaper"), "sonarjs", "Analysis",
           "sonarjs-4.2: with the fault of that release; whitepaper: ||, ?? and recursion cost, and nested functions",
           per_file=True, sets="cognitive_variant"),
    Option("analysis.least_cognitive", _number(0, whole=True), DEFAULT_PRESET.least_cognitive, "Analysis",
           "Judge by the limits of `recommended` what has, with nested functions, this cognitive complexity; 0: all",
           flags=("--least-cognitive",), metavar="N", per_file=True, sets="least_cognitive"),
    Option("analysis.module_code", SWITCH_KIND, False, "Analysis",
           "Judge the code outside functions by the thresholds too", per_file=True, sets="module_code"),
    Option("analysis.syntax_errors", _choice("warning", "error"), "warning", "Analysis",
           "error: a file with syntax errors fails the run", per_file=True, sets="syntax_errors"),
    Option("analysis.ignore_functions", NAMES, (), "Analysis",
           "Functions that are measured but not judged, by name or qualified name; * stands for any text",
           per_file=True, sets="ignore_functions"),
    Option("analysis.treat_wrappers_as_modules", SWITCH_KIND, False, "Analysis",
           "Do not judge the length of functions that only wrap others: IIFE, UMD, describe/it callbacks",
           per_file=True, sets="treat_wrappers_as_modules"),
    Option("suppressions.require_reason", SWITCH_KIND, False, "Analysis",
           "A suppression comment without a reason does nothing, and is a warning", sets="require_reason"),
    Option("fail_on", _choice("warning", "error", "none", never="none"), "error", "Gates",
           "Lowest level that fails the run: warning, error or none",
           flags=("--fail-on",), metavar="LEVEL", sets="fail_on"),
    Option("max_warnings", _number(0, whole=True), None, "Gates", "Fail when there are more than N warnings",
           flags=("--max-warnings",), metavar="N", sets="max_warnings"),
    Option("threshold", METRIC_LIMITS, (), "Gates",
           "Limits of a metric for this run: of warnings and of errors, or one number for both (repeatable)",
           flags=("--threshold",), metavar="METRIC=N[/N]", in_config=False),
    Option("gate", GATE_LIST, None, "Gates",
           f"Fail on these only (else all; if compared, {', '.join(COMPARED_GATE)})",
           flags=("--gate",), metavar="LIST", sets="gate"),
    Option("allow_worse", METRIC_RISE, (), "Gates",
           "Where the run is compared: by how much a value past its limit may rise (repeatable)",
           flags=("--worse-by",), metavar="METRIC=N[%]", in_config=False),
    Option("health_floor", _number(0, 100), None, "Gates", "Fail when the project's health score is below N",
           flags=("--health-floor", "--fail-health-below"), metavar="N", sets="health_floor"),
    Option("baseline_file", TEXT, None, "Gates", "Fail only on findings that are new, or worse than FILE records",
           flags=("--baseline",), metavar="FILE"),
    _flag_only("write_baseline", "Gates",
               "Record today's findings in FILE; one that is there gets stricter only", "FILE"),
    _flag_only("force", "Gates", "--write-baseline may also loosen, and a report may get the name of a source file"),
    _flag_only("since", "Gates",
               "Report only functions that changed since REF; fail only on those that got worse", "REF"),
    _flag_only("changed", "Gates", "The same, for what is not committed"),
    _flag_only("staged", "Gates", "The same, for what is staged, as it is staged"),
    _flag_only("diff", "Gates", "The same, for a unified diff (- for standard input)", "FILE"),
    _flag_only("whole_project", "Gates", "With these: analyse and report unchanged files as well"),
    Option("output.format", _choice(*FORMATS), "console", "Output", "Format of the report, out of those below",
           flags=("-f", "--format"), metavar="FORMAT"),
    Option("output.file", TEXT, None, "Output", "Write the report to FILE instead of standard output",
           flags=("-o", "--output"), metavar="FILE"),
    Option("output.reports", REPORTS, (), "Output", "Write this report, to FILE if given (repeatable)",
           flags=("--report",), metavar="FORMAT[=FILE]"),
    Option("output.path_base", PATH_BASE, "repository", "Output",
           "What paths are relative to in reports for other tools: repository, cwd (the working directory) or a folder",
           flags=("--path-base",), metavar="DIR", sets="path_base"),
    Option("output.top", _number(0, 1000, whole=True), 5, "Output", "Length of the lists of the worst",
           flags=("--top",), metavar="N", sets="top"),
    Option("output.all", SWITCH_KIND, False, "Output",
           "In a terminal, list all findings, where they take more than one screen",
           flags=("--all",), sets="list_all"),
    Option("output.group_by", _choice("file", "metric", "folder"), "file", "Output",
           "Order of the console's findings: by file, metric or folder",
           flags=("--group-by",), metavar="BY", sets="group_by"),
    Option("output.color", SWITCH_KIND, None, "Output", "Colour, or none (default: if a terminal shows it)",
           flags=("--color",), opposite=("--no-color",), sets="color"),
    Option("output.verbose", SWITCH_KIND, False, "Output",
           "Show every function with all findings, the time and how the work was spread",
           flags=("-v", "--verbose"), sets="verbose"),
    Option("output.quiet", SWITCH_KIND, False, "Output",
           "In the console, show errors and the sums only: no warnings, lists of the worst, or remarks",
           flags=("-q", "--quiet"), sets="quiet"),
    Option("output.summary", SWITCH_KIND, False, "Output",
           "In the console, show the sums only, and what could not be analysed",
           flags=("--summary",), sets="summary_only"),
    Option("window", TEXT, "12m", "History",
           "With hotspots: how far back from HEAD's date (90d, 12m, 2y), since which commit, or all",
           flags=("--window",), metavar="12m|2y|REF", in_config=False),
    Option("by", _choice("function", "file", "folder"), "function", "History", "With hotspots: what is ranked",
           flags=("--by",), metavar="BY", in_config=False),
    _flag_only("lines", "History", "With hotspots: count added and deleted lines as well, which takes git longer"),
    _flag_only("emails", "History", "With hotspots: tell the addresses of authors as well as their names"),
    _flag_only("history", "History", "With hotspots: take the past from FILE, which hotspots -f json wrote", "FILE"),
    Option("analysis.threads", _number(1, 4096, whole=True), None, "Engine",
           "Workers at most (default: one for each usable CPU)", flags=("--threads",), metavar="N", sets="threads"),
    Option("analysis.executor", _choice(*EXECUTOR_CHOICES), "auto", "Engine",
           f"How workers run: {alternatives(EXECUTOR_CHOICES)}", flags=("--executor",), metavar="HOW", sets="executor"),
    Option("analysis.start_method", _choice("auto", "fork", "spawn"), "auto", "Engine",
           "How worker processes start: auto, fork or spawn",
           flags=("--start-method",), metavar="HOW", sets="start_method"),
    Option("analysis.memory_factor", _number(0.01, 1), 0.75, "Engine", "Share of the free memory that workers may use",
           flags=("--memory-factor",), metavar="F", variable="COMPLEXITY_GUARD_MEMORY_FACTOR", sets="memory_factor"),
    Option("analysis.file_timeout", _number(0, 1_000_000), None, "Engine",
           "Seconds of CPU to parse one file in at most; 0 for no limit (default: 5, and 3 for each MB)",
           flags=("--file-timeout",), metavar="SECONDS", sets="file_timeout"),
    Option("analysis.file_memory", _number(0, 1_000_000, whole=True), None, "Engine",
           "Megabytes to parse one file in at most; 0 for no limit (default: 256, and 120 bytes for each byte)",
           flags=("--file-memory",), metavar="MB", sets="file_memory"),
    Option("analysis.run_timeout", _number(0, 1_000_000), None, "Engine",
           "Seconds for the whole run at most; files not reached by then are named (exit code 4)",
           flags=("--run-timeout",), metavar="SECONDS", sets="run_timeout"),
    Option("cache", CACHE, True, "Engine",
           "Keep what the next run can use, and use what earlier ones kept; or the folder for that",
           flags=("--cache",), opposite=("--no-cache",), variable="COMPLEXITY_GUARD_CACHE"),
    _flag_only("cache_dir", "Engine", "Keep it in this folder", "DIR"),
    Option("cache_strategy", _choice("stat", "content"), "stat", "Engine",
           "How a file is known that is as it was: by size, times and inode (stat), or by what is in it (content)",
           flags=("--cache-strategy",), metavar="HOW", in_config=False, sets="cache_strategy"),
    _flag_only("cycles", "Graph", "With graph: files that import each other, and imports without which they do not"),
    _flag_only("of", "Graph",
               "With graph: what FILE imports, what imports it, and the shortest ways to all others", "FILE"),
    Option("why", TWO_TEXTS, None, "Graph", "With graph: the shortest way by which file A imports file B",
           flags=("--why",), metavar="A B", in_config=False),
    _flag_only("barrels", "Graph",
               "With graph: what files that pass on what others export load in vain, and what to import instead"),
    _flag_only("direct", "Graph",
               "With graph: an import of such a file counts as one of the files that define the names"),
    Option("depth", _number(1, whole=True), None, "Graph",
           "With graph: folders in place of files, so many levels below the one around them all",
           flags=("--depth",), metavar="N", in_config=False),
    _flag_only("health", "Output", "With explain: how the health of functions and of their file is worked out"),
    _flag_only("config", "Configuration", "Use this configuration file and look for no other", "FILE", "-c"),
    _flag_only("init", "Configuration", "Write a .complexityguard.json and a baseline of today; asks in a terminal"),
    _flag_only("yes", "Configuration", "With --init: ask nothing, and take what it proposes"),
    _flag_only("print_config", "Configuration",
               "Print the configuration that applies to PATH and where each value is from", "PATH"),
    _flag_only("remove", "General", "With hook: take back what it has installed, and nothing else"),
    _flag_only("help", "General", "Print this help", letter="-h"),
    _flag_only("version", "General", "Print the version; with --verbose also what it is built of", letter="-V"),
    *_threshold_options(),
    *(Option(WORSE_KEYS[metric.name], RISE, metric.worse_by, "Allowances",
             f"{metric.title}: by how much a value past its limit may rise")
      for metric in METRICS),
    *(Option(f"weights.{family}", _number(0, 1_000_000), weight, "Weights", f"Share of {family} in the health score")
      for family, weight in DEFAULT_WEIGHTS.items()),
)  # fmt: skip
OPTION = {option.name: option for option in OPTIONS}
CONFIG_KEYS = {option.name: option for option in OPTIONS if option.in_config}

_OLD_METRICS = {"line_count": "function_length", "params_count": "params", "nesting_depth": "nesting",
                "export_count": "exports"}  # fmt: skip


def _in_other_words(name: str, expects: str, meaning: dict[Any, Any]) -> tuple[str, Kind]:
    """An option, and what stood for its values: `meaning` leads from that to ours."""
    kind = OPTION[name].kind
    words = tuple(word for word in meaning if isinstance(word, str))
    return name, kind._replace(expects=expects, check=_meaning_of(meaning), schema={"enum": list(meaning)}, words=words)


# What has, or had, another name: that key -> (ours, what its value may be). Of several keys of one option in a file
# the later one in this table prevails, and ours above all.
OLD_KEYS = {
    "baseline": ("health_floor", OPTION["health_floor"].kind),
    "fail_health_below": ("health_floor", OPTION["health_floor"].kind),
    "analysis.no_duplication": _in_other_words(
        "analysis.duplication_enabled", "one of true, false", {True: False, False: True}
    ),
    "counting_rules.switch_case_mode": _in_other_words(
        "analysis.cyclomatic_variant",
        'one of "perCase", "switchOnly"',
        {"perCase": "classic", "switchOnly": "modified"},
    ),
    **{
        f"thresholds.{_OLD_METRICS.get(metric.name, metric.name)}.{level}": (key, LIMIT)
        for metric in METRICS
        for key, level in zip(metric.limit_keys, ("warning", "error"))
    },
}
# Rules for counting that the ancestor's documentation names and that are fixed here: saying so is no error.
COUNTED_ALWAYS = tuple(
    f"counting_rules.{rule}" for rule in ("logical_operators", "nullish_coalescing", "optional_chaining")
)
# The keys by which a configuration for the ancestor can be told: those that say what is good enough, and the others.
ANCESTORS_JUDGEMENT = frozenset((
    *OLD_KEYS, *COUNTED_ALWAYS, *chain.from_iterable(LIMIT_KEYS.values()),
    *(f"weights.{family}" for family in DEFAULT_WEIGHTS),
)) - {"fail_health_below"}  # fmt: skip
ANCESTORS_KEYS = ANCESTORS_JUDGEMENT | {
    "files.include", "files.exclude", "output.format", "output.file", "analysis.metrics", "analysis.threads",
    "analysis.duplication_enabled", "files",  # the last is that of overrides
}  # fmt: skip
OPTION_OF_KEY = {name: (name, option.kind) for name, option in CONFIG_KEYS.items()} | OLD_KEYS
KEY_RANKS = {key: rank for rank, key in enumerate(OLD_KEYS)}  # of keys for one option; ours has the highest
_PARENTS = {key.rpartition(".")[0] for key in OPTION_OF_KEY if "." in key}
CONFIG_GROUPS = frozenset(chain.from_iterable(accumulate(key.split("."), "{}.{}".format) for key in _PARENTS))
KNOWN_KEYS = CONFIG_GROUPS.union(OPTION_OF_KEY, COUNTED_ALWAYS)


MANY = 1 << 20  # arguments
HOOK_HOSTS = ("claude", "cursor", "copilot", "codex", "git")


class Command(NamedTuple):
    name: str
    usage: str
    help: str
    arguments: int  # how many it takes
    optional: int = 0  # how many of these may be left out
    words: tuple[str, ...] = ()  # what the argument may be
    formats: tuple[str, ...] = ()  # of its report; it has none where there are none
    usual: tuple[str, ...] = ()  # the arguments that stand for none


GRAPH = "graph"
COMMANDS = {command.name: command for command in (
    Command("explain", "explain FILE[:LINE[:COLUMN]|:NAME]",
            "Print the source with what each line adds to the numbers; FILE: lists its functions", 1),
    Command(GRAPH, "graph [PATH]...", f"Print which files import which (-f {', '.join(GRAPH_FORMATS)})",
            MANY, optional=MANY),
    Command("hotspots", "hotspots [PATH]...", "Rank what to fix first: complex code that changes often",
            MANY, optional=MANY, formats=("console", "json", "csv", "markdown"), usual=(".",)),
    Command("schema", "schema [config|report]", "Print the JSON Schema of the configuration file or of the JSON report",
            1, optional=1, words=("config", "report")),
    Command("completions", "completions SHELL", "Print completions for bash, zsh, fish or powershell",
            1, words=("bash", "zsh", "fish", "powershell")),
    Command("cache", "cache [clean]", "Say where runs keep what the next one can use, and how much; clean: remove it",
            1, optional=1, words=("clean",)),
    Command("man", "man", "Print the manual page", 0),
    Command("lsp", "lsp", "Serve an editor: the Language Server Protocol over standard input and output", 0),
    Command("mcp", "mcp [FOLDER]", "Serve an agent: the Model Context Protocol over standard input and output",
            1, optional=1),
    Command("hook", "hook HOST [run]", "Have an agent, or git, check what was edited; --remove takes it back",
            2, optional=1, words=HOOK_HOSTS),
)}  # fmt: skip
EXIT_CODES = {
    EXIT_PASSED: "passed",
    EXIT_ERRORS: "errors found, or the health score is too low",
    EXIT_WARNINGS: "warnings found, with --fail-on warning, or too many, with --max-warnings",
    EXIT_USAGE: "wrong command line or configuration; nothing was analysed",
    EXIT_SKIPPED: "a file could not be analysed, or a report not written (before 1 and 2)",
    EXIT_INTERRUPTED: "interrupted",
}
EXAMPLES = {
    "complexity-guard src": "analyse a folder",
    "complexity-guard -f json -o report.json src": "write a JSON report",
    "complexity-guard --fail-on warning --health-floor 80 .": "a strict gate",
    "complexity-guard explain src/app.ts:120": "see where a number comes from",
}
VARIABLES = {
    "COMPLEXITY_GUARD_CACHE": "as --cache-dir, or 0 as --no-cache",
    "COMPLEXITY_GUARD_MEMORY_FACTOR": "as --memory-factor",
    "NO_COLOR": "no colour",
    "FORCE_COLOR": "colour, terminal or not",
}
PER_FILE_KEYS = {option.name: option for option in OPTIONS if option.per_file}


def option_text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "off" if value == OFF else str(value).lower() if isinstance(value, bool) else str(value)


# ---------------------------------------------------------------------------------------
# 51  Explain: the source with its increments
# gives: explain, explain_health, ExplainedFile
# uses: Words, Start-up, Ground, Values, Catalogue, Discovery, One file, Judgement, Reporter, Console
# ---------------------------------------------------------------------------------------


_NAMES = ":"  # what is wanted of `explain FILE:`
# Digits of other scripts are letters of names, and files have fewer lines than a million million.
PLACE = regex("([0-9]{1,12})(?::([0-9]{1,12}))?:?")


def explain(path: str, raw: bytes, wanted: str, settings: Settings) -> Pieces:
    """The source of functions with each increment beside the line that costs it."""
    view = explained_file(path, raw, settings)
    if wanted == _NAMES:
        yield from (f"{printable(name)}\n" for name in function_names(view.file))
        return
    for problem in view.file.syntax_errors[:1]:
        note(f"warning: {path}:{problem.line}: {problem.message}; the numbers are of what could be read")
    chosen = wanted_functions(view.file, wanted)
    for f in chosen:
        yield from explain_function(view, f)
    if not chosen:
        yield f"{printable(path)}: no line adds to a cyclomatic or cognitive number\n\n"
    if not wanted:
        yield from explain_file(view)


def explain_health(path: str, raw: bytes, wanted: str, settings: Settings) -> Pieces:
    """The arithmetic of the health of functions, and of the file that they are in."""
    view = explained_file(path, raw, settings)
    table = HealthTable(view.analysis)
    functions = wanted_functions(view.file, wanted) if wanted.strip(_NAMES) else view.file.functions
    for f in functions:
        yield from explain_health_of(view, f, table)
    lost, lines = lost_by(view.file.units)
    points = f"{lost / LOST_UNIT:,.1f} points in {counted(lines, 'line')}"
    yield f"{printable(path)}: {points}: health {view.file.health_score:.1f}\n"


def explain_health_of(view: ExplainedFile, f: FunctionReport, table: HealthTable) -> Pieces:
    """What each family takes, their mean, and how many lines have that health."""
    settings = view.settings
    place = painted(f"{printable(view.path)}:{f.start_line}", "dim", settings)
    yield beside(painted(printable(f.qualified_name), "bold", settings), place, 2, settings) + "\n"
    values = FUNCTION_NUMBERS.values(f)
    for one in table.penalties(values):
        yield f"  {hanging(penalty_words(one, values[one.metric]), 4, settings.columns)}\n"
    mean = f"100 - (sum of share x points^4)^(1/4) = {f.health_score:.1f}"
    decided = f"it decides {counted(f.health_lines, 'line')}, which lose {f.lost / LOST_UNIT:,.1f} points"
    if not f.health_lines:
        decided = view.exempt.get(place_of(f), "it decides no line: a function around it is worse")
    yield f"  {hanging(f'{mean}; {decided}', 4, settings.columns)}\n\n"


def penalty_words(one: FamilyPenalty, value: float) -> str:
    limits = ["off" if limit == OFF else number(limit) for limit in one.family.limits[one.metric]]
    words = f"{one.metric} {number(value)} (limits {' / '.join(limits)}) takes {one.penalty:.1f} points"
    return f"{words}, share {one.family.share:.3f}"


class NumberRow(NamedTuple):
    """A number of a function, or of a file: how it is judged, and how it comes about."""

    name: str
    value: str  # "" where the run does not know it
    level: str  # "ok", "warning" or "error"; "dim" where it is not judged
    judged: str
    way: str


class ExplainedFile(FileView):
    """A file with all its increments, and why some of its functions are not judged."""

    def __init__(self, worker: Worker, job: Job, raw: bytes) -> None:
        """Analyses the file; raises Unreadable."""
        self.measured, source, rules = worker.measured_by_rules(job, raw)
        self.judge = worker.judge(rules)
        report, self.ledger = worker.judged(job, self.measured, rules)
        super().__init__(report, source, worker.settings, self.judge.analysis)
        self.suppressed = {((one.line, one.function), one.metric): "suppressed" for one in report.suppressed}
        self._exempt: dict[tuple[int, str], str] | None = None
        self._spared: dict[tuple[int, str], str] | None = None

    @property
    def exempt(self) -> dict[tuple[int, str], str]:
        """By place, why functions are not judged at all."""
        if self._exempt is None:
            unjudged = [unit for unit in self.measured.units if not self.judge.is_judged(unit)]
            self._exempt = {place_of(unit): why_exempt(unit, self.judge) for unit in unjudged}
        return self._exempt

    @property
    def spared(self) -> dict[tuple[int, str], str]:
        """By place, why what is past a limit in functions is no finding; "" where nothing is."""
        if self._spared is None:
            units = self.measured.units
            told = zip(units, followed(units))
            self._spared = {place_of(unit): why_spared(unit, cognitive, self.judge) for unit, cognitive in told}
        return self._spared

    def remark(self, f: FunctionReport) -> str:
        """Why a function is not judged as others are; "" where it is."""
        place = place_of(f)
        return self.exempt.get(place) or self.spared.get(place, "")

    def judged(self, subject: FunctionReport | FileReport, name: str, value: float | None) -> tuple[str, str]:
        """The level of a value, and the limit that says so, or why there is none."""
        place = place_of(subject)
        lowest = self.judge.lowest_limit(name)
        if value is None:
            return "dim", "limits {:g} / {:g}".format(*self.analysis.thresholds[name])
        for found in subject.violations:
            if found.metric == name:
                return found.level, f"{found.level} > {number(found.threshold)}"
        if lowest == OFF or value > lowest or place in self.exempt:
            return "dim", self.suppressed.get((place, name), "not judged")
        return "ok", f"ok up to {number(lowest)}"

    def rows(self, subject: FunctionReport | FileReport) -> Iterator[NumberRow]:
        """Each number of the file, or of a function in it."""
        is_file = subject is self.file
        values = (FILE_NUMBERS if is_file else FUNCTION_NUMBERS).values(subject)
        ways = {} if is_file else ways_of_function(subject)
        if is_file and "duplication" in self.analysis.metrics:
            values["duplication"] = None
            ways["duplication"] = "what other files share: a run with --duplication finds it, and lists every place"
        for name, value in values.items():
            level, judged = self.judged(subject, name, value)
            shown = "" if value is None else number(value)
            standing = standing_of(name, value, self.analysis) if subject is not self.file.module else ""
            way = "; ".join(filter(None, (ways.get(name, GISTS[name]), standing)))
            yield NumberRow(name, shown, level, judged=judged, way=way)


def explained_file(path: str, raw: bytes, settings: Settings) -> ExplainedFile:
    """A file as no run compares it; raises Unreadable, with its name."""
    worker = Worker(settings._replace(keep_reports=True), own_process=False)
    try:
        return ExplainedFile(worker, Job(0, path, path, len(raw)), raw)
    except Unreadable as error:
        raise Unreadable(f"{path}: {error}") from None


def place_of(subject: MeasuredFunction | FunctionReport | FileReport) -> tuple[int, str]:
    """Its line and name, as what is suppressed has them."""
    return (1, "") if isinstance(subject, FileReport) else (subject.start_line, subject.qualified_name)


def why_exempt(unit: MeasuredFunction, judge: Judge) -> str:
    """Of what is not judged, by what rule."""
    if judge.code == GENERATED:
        return "not judged: generated code"
    if unit.kind == "module":
        return "not judged: code outside functions, unless analysis.module_code is on"
    return f"not judged: {'ignore_functions names it' if judge.ignores(unit) else 'a wrapper in test code'}"


def why_spared(unit: MeasuredFunction, cognitive: int, judge: Judge) -> str:
    """Of what is past a limit with so little to follow in it, why that is no finding."""
    found = judge.alike[unit[judge.numbers]].violations
    counting = judge.counting(cognitive, found)
    spared = [finding_words(one) for one in found if one not in counting]
    if not spared:
        return ""
    least = judge.analysis.least_cognitive
    words = f"cognitive {cognitive} with the functions in it, below least_cognitive {least}"
    return f"not judged: {', '.join(spared)}, for {words}"


def wanted_functions(file: FileReport, wanted: str) -> list[FunctionReport]:
    """Those of a name, or the innermost at a place; where nothing is asked for, all that have increments."""
    functions = (*file.functions, file.module)
    if not wanted:
        return [f for f in functions if f.cyclomatic_points or f.cognitive_points]
    if place := PLACE.fullmatch(wanted):
        line, column = place.groups()
        found = functions_at(functions, int(line), column and int(column))
    else:
        found = [f for f in functions if wanted in (f.name, f.qualified_name) or f.name.endswith(f".{wanted}")]
    if not found:
        missing = f"line {place[1]}" if place else missing_name(file, wanted)
        raise UsageError(f"{file.path} has no {missing} (its functions: {first_names(file)})")
    return found


def functions_at(functions: Iterable[FunctionReport], line: int, column: int | None) -> list[FunctionReport]:
    """The innermost function around a line. A column tells those of one line apart."""
    around = [f for f in functions if f.start_line <= line <= f.end_line]
    if column is not None:
        here = line, column
        inner = [f for f in around if f.kind != "module"]
        around = [f for f in inner if (f.start_line, f.start_col) <= here <= (f.end_line, f.end_col)] or around
    if not around:
        return []
    innermost = max(around, key=attrgetter("start_line", "start_col"))
    return [innermost]


def missing_name(file: FileReport, wanted: str) -> str:
    """What is not there, and the nearest name, or else the first that holds what is wanted: the console cuts names."""
    names = chain.from_iterable((f.qualified_name, f.name.rpartition(".")[2]) for f in file.functions)
    missing = f"function {abridged(repr(wanted))}"
    part = wanted.lower().rstrip("…")
    like = (f.name for f in file.functions if part in f.name.lower())
    near = nearest(wanted, names) or next(like, "")
    if not near:
        return missing
    return f"{missing}; did you mean {near}?"


def function_names(file: FileReport) -> list[str]:
    return list(dict.fromkeys(f.qualified_name for f in file.functions))


def first_names(file: FileReport, most: int = 10) -> str:
    names = function_names(file)
    shown = ", ".join(names[:most]) or "none"
    if len(names) <= most:
        return shown
    return f"{shown} and {len(names) - most:,} more"


def explain_function(view: ExplainedFile, f: FunctionReport) -> Pieces:
    """One function: its name and place, its lines with what they cost, and how each of its numbers comes about."""
    settings = view.settings
    place = f"{printable(view.path)}:{f.start_line}:{f.start_col}"
    head = f"{painted(printable(f.qualified_name), 'bold', settings)}  {number_words(f, ('cyclomatic', 'cognitive'))}"
    yield beside(head, painted(place, "dim", settings), 2, settings) + "\n"
    yield from explain_lines(view, f)
    yield from number_rows(view, f)
    if why := view.remark(f):
        yield below_numbers(why, settings)
    if f.halstead:
        yield below_numbers(HALSTEAD_WORDS, settings)
    yield "\n"


def below_numbers(words: str, settings: Settings) -> str:
    """A remark below the numbers of a function."""
    return f"  {painted(hanging(words, 2, settings.columns), 'dim', settings)}\n"


def explain_file(view: ExplainedFile) -> Pieces:
    """The numbers of the file as a whole."""
    yield f"{painted('the file', 'bold', view.settings)}  {printable(view.path)}\n"
    yield from number_rows(view, view.file)


def explain_lines(view: FileView, f: FunctionReport) -> Pieces:
    """The lines of a function; of the code outside functions those that cost something."""
    cyclomatic = grouped(f.cyclomatic_points, attrgetter("line"))
    cognitive = grouped(f.cognitive_points, attrgetter("line"))
    lines = range(f.start_line, f.end_line + 1)
    if f.kind == "module":
        lines = sorted({*cyclomatic, *cognitive})
    if lines:
        yield painted(COSTS_HEADING, "dim", view.settings) + "\n"
    for line in lines:
        costs, remark = line_words(cyclomatic.get(line, ()), cognitive.get(line, ()))
        text = view.source.line(line).expandtabs(4)
        yield from explain_line(f"{line:>6} {costs} │ ", text, remark, view.settings)


COSTS_HEADING = "  line  cyc  cog │ cyc: what a line adds to cyclomatic, cog: to cognitive"
NUMBERS_HEADING = "  metric                   value  judged            how it comes about"
MOST_TERMS = 12  # of a sum that is written term by term
HALSTEAD_WORDS = "n1, n2: how many different operators and operands; N1, N2: how many of them in all"
GISTS = {metric.name: metric.gist for metric in ALL_METRICS}


def number_rows(view: ExplainedFile, subject: FunctionReport | FileReport) -> Pieces:
    """A table: each number, how it is judged, and the way it comes about."""
    settings = view.settings
    yield painted(NUMBERS_HEADING, "dim", settings) + "\n"
    for name, value, level, judged, way in view.rows(subject):
        head = f"  {name:<19} {value:>10}  {painted(f'{judged:<16}', level, settings)}  "
        yield head + hanging(way, unpainted_cells(head), settings.columns) + "\n"


def ways_of_function(f: FunctionReport) -> dict[str, str]:
    """How the numbers of a function come about, where more can be said than what they are."""
    ways = {"line_count": f"of {counted(f.end_line - f.start_line + 1, 'line')}: {GISTS['line_count']}"}
    if f.cyclomatic is not None:
        ways["cyclomatic"] = f"1 + {total_cost(f.cyclomatic_points)}{shares_words(f.cyclomatic_points)}"
    if f.cognitive is not None:
        ways["cognitive"] = f"{sum_words(f.cognitive_points)}{shares_words(f.cognitive_points)}"
    if f.halstead:
        n1, n2, N1, N2 = f.halstead[:4]
        ways["halstead_volume"] = f"(N1 {N1:,} + N2 {N2:,}) × log2(n1 {n1:,} + n2 {n2:,})"
        ways["halstead_difficulty"] = f"n1 {n1:,} ÷ 2 × N2 {N2:,} ÷ n2 {n2:,}"
    return ways


def explain_line(gutter: str, source: str, remark: str, settings: Settings) -> Pieces:
    """A line of source behind its costs, and why it has them: beside it, or below where the terminal is too narrow."""
    text = printable(source)
    columns = settings.columns
    note = f"   ← {remark}" if remark else ""
    if columns and len(gutter) + cells_of(text + note) > columns:
        text, note = on_several_lines(text, note, len(gutter), columns)
    if note:
        note = painted(note, "warning", settings)
    yield f"{gutter}{text}{note}".rstrip() + "\n"


def on_several_lines(text: str, note: str, indent: int, columns: int) -> tuple[str, str]:
    """A line of source, and the note below it."""
    edge = "\n" + " " * (indent - 2) + "│ "
    note = note and edge + hanging(note, indent + 5, columns)
    return under_itself(text, edge, columns), note


def under_itself(text: str, edge: str, columns: int) -> str:
    """A line of source on several, all indented as the first is."""
    inner = text.lstrip()
    start = " " * (len(text) - len(inner))
    indent = len(edge) - 1 + len(start) + 2
    return start + hanging(inner, indent, columns).replace("\n" + " " * indent, f"{edge}{start}  ")


def line_words(cyclomatic: Sequence[Point], cognitive: Sequence[Point]) -> tuple[str, str]:
    """What a line adds to the two numbers, in columns, and the reasons behind it."""
    costs = [f"+{total_cost(points)}" if points else "" for points in (cyclomatic, cognitive)]
    words = []
    if cyclomatic:
        words.append("cyclomatic " + ", ".join([point.reason for point in cyclomatic]))
    if cognitive:
        words.append("cognitive " + ", ".join(map(point_words, cognitive)))
    return "{:>4} {:>4}".format(*costs), "; ".join(words)


def total_cost(points: Iterable[Point]) -> int:
    return sum(point.cost for point in points)


def point_words(point: Point) -> str:
    return f"{point.reason} +{point.cost}" + (f" (nested {point.nesting})" if point.nesting else "")


def sum_words(points: Sequence[Point]) -> str:
    """What a number is the sum of; of many terms, how many of each size there are."""
    costs = [point.cost for point in points]
    if len(costs) <= MOST_TERMS:
        return " + ".join(map(str, costs)) or "0"
    sizes = sorted(set(costs))
    return " + ".join([f"{costs.count(size)} × {size}" for size in sizes])


def shares_words(points: Iterable[Point]) -> str:
    """What most of a number is made of: a function full of ?. wants other help than one full of branches."""
    costs = {reason: total_cost(some) for reason, some in grouped(points, attrgetter("reason")).items()}
    if not costs:
        return ""
    most = sorted(costs.items(), key=lambda item: (-item[1], item[0]))
    return f" ({', '.join(f'{reason} {cost}' for reason, cost in most)})"


# ---------------------------------------------------------------------------------------
# 52  Help: what --help prints
# gives: help_text, help_column
# uses: Catalogue, Options, Reports
# ---------------------------------------------------------------------------------------


def help_text() -> str:
    return "\n".join(_help_parts()) + "\n"


def _help_parts() -> Iterator[str]:
    """What the command line is, and then a table for each thing to look up."""
    yield f"ComplexityGuard {__version__}: complexity of TypeScript and JavaScript by function."
    yield "\nUsage: complexity-guard [OPTIONS] [PATH]..."
    yield from (f"       complexity-guard {command.usage}" for command in COMMANDS.values())
    yield "\nPATHs are files or folders (default: the current folder); - is standard input."
    yield "What stands behind -- is a PATH, whatever it looks like."
    yield from _help_table("Commands", {command.usage: command.help for command in COMMANDS.values()})
    for section in SECTIONS:
        options = [option for option in OPTIONS if option.flags and option.section == section]
        if options:
            yield from _help_table(section, {_flag_column(option): help_column(option) for option in options})
    yield from _help_table("Presets", {preset.name: preset.help for preset in PRESETS.values()})
    yield from _help_table("Formats", {reporter.name: reporter.help for reporter in REPORTERS.values()})
    yield from _help_table("Environment", VARIABLES)
    yield from _help_table("Exit codes", {str(code): text for code, text in EXIT_CODES.items()})
    yield from _help_table("Examples", EXAMPLES)


def _flag_column(option: Option) -> str:
    spellings = ", ".join(option.flags + option.opposite)
    indent = "    " if spellings.startswith("--") else ""
    return f"{indent}{spellings} {option.metavar}".rstrip()


def help_column(option: Option) -> str:
    if not option.metavar or option.default in (None, ()):
        return option.help
    return f"{option.help} (default: {option_text(option.default).replace(',', ', ')})"


def _help_table(title: str, rows: dict[str, str]) -> Iterator[str]:
    """A heading and two columns; a left cell too wide for its column has the line for itself."""
    import textwrap

    yield f"\n{title}:"
    width = min(30, max(map(len, rows)) + 4) if title not in SECTIONS else 30
    behind = " " * width
    wrapper = textwrap.TextWrapper(79, subsequent_indent=behind, break_long_words=False, break_on_hyphens=False)
    for left, right in rows.items():
        wrapper.initial_indent = f"  {left}".ljust(width)
        if len(left) + 4 > width:
            yield "  " + left
            wrapper.initial_indent = behind
        yield wrapper.fill(right)


# ---------------------------------------------------------------------------------------
# 53  Run: files to outcomes to reports
# gives: run, analysed
# uses: Words, Ground, Values, Discovery, Plan, Engine, One file, Cache, Baseline, Reference, Collecting,
#       Reports
# ---------------------------------------------------------------------------------------


def run(paths: Sequence[str], settings: Settings) -> int:
    """Files -> outcomes -> reports -> exit code."""
    started = time.monotonic()
    settings = with_floor(paths, with_places(paths, settings._replace(common=common_folder(paths))))
    collector, chosen = analysed(paths, settings)
    collected = collector.collected()
    summary = summary_of(collected, settings, time.monotonic() - started, chosen.workers)
    written = write_reports(collector.store, summary, settings)
    if settings.comparison.write:
        written = write_baseline(settings.comparison.write, collected.entries) and written
    if settings.verbose:
        files, seconds = counted(summary.all_files, "file"), summary.elapsed_ms / 1000
        note(f"Analyzed {files} in {seconds:.1f} s ({chosen.executor}; {chosen.reason})")
        note(f"configuration: {settings.configuration or 'none, the defaults'}")
    if summary.syntax_errors and list(paths) == ["-"] and not settings.quiet:
        note(f"standard input is read as {settings.stdin_filename}; --stdin-filename NAME says what else it is")
    return summary.exit_code if written else EXIT_SKIPPED


def with_floor(paths: Sequence[str], settings: Settings) -> Settings:
    """The settings without a health floor, where that is for another health than that of what this run looks at."""
    if not is_whole(settings.comparison):
        reason = "this run looks at changed code only"
    elif not settings.floor_is_asked and is_part_of(paths, settings.base):
        folder = relative_name(settings.base)
        whole = "the working directory" if folder == "." else folder
        reason = f"the configuration asks it of all of {whole}, and this run looks at a part"
    else:
        return settings
    if settings.health_floor is not None and not settings.quiet:
        note(f"the health floor ({settings.health_floor:g}) rests: {reason}")
    return settings._replace(health_floor=None)


def analysed(
    paths: Sequence[str], settings: Settings, see: Callable[[Outcome], None] | None = None
) -> tuple[Collector, Plan]:
    """Paths -> jobs -> outcomes, settled against what the run is compared with -> their collector. `see` is called with
    each of them."""
    settings = with_deadline(settings)
    jobs, skipped = jobs_of(paths, settings)
    reference = prepare(paths, jobs, settings)
    shelf = shelf_for(paths, jobs, settings)
    settings = settings._replace(comparison=reference.comparison, shelf=shelf)
    collector, cache = Collector(settings, reference, skipped), Cache(jobs, settings)
    left = cache.left(reference.jobs)
    chosen = plan_for(left, settings)
    known = cache.outcomes(rankings_of(settings), collector.store)
    arriving = cache.keeping(outcomes(left, chosen, settings, collector.store.spools_for(chosen)))
    again = lambda jobs: outcomes(jobs, plan_for(jobs, settings), settings)  # noqa: E731
    for outcome in reference.settle(chain(known, arriving), again):
        if see:
            see(outcome)
        collector.add(outcome)
    cache.save()
    return collector, chosen


# ---------------------------------------------------------------------------------------
# 54  Hotspots: what to fix first, and why
# gives: pasts_of, past_in_file, today_of, spots_of, changed_files, folders_of
# uses: Words, Start-up, Ground, Values, Git, History, Traces, Records, Run
# ---------------------------------------------------------------------------------------

# The priority of a function is a product, and each factor of it is told: how many times a limit its worst number is, in
# how many commits of the window it changed, and, where that is known, how much depends on its file. A function that
# nobody touched has none. That of a file or a folder is the sum of those of its functions.
MOST_COUNT = 1_000_000_000  # of a number in a file of --history
JUDGED_BY = ("cognitive", "cyclomatic", "line_count", "nesting_depth", "params_count")
NO_CHANGES: JsonObject = {"commits": 0, "first_change": None, "last_change": None, "authors": 0}
_PATH_OF_LINE = regex(r'\{"type": "file", "path": ("(?:[^"\\]|\\.)*"), "code": "(\w+)"')
_DAY = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Past(NamedTuple):
    """What is known of the past of the files of a run, under the paths that reports show."""

    files: Mapping[str, JsonObject]  # those that changed
    functions: Mapping[FunctionKey, JsonObject]  # the same
    tracked: Container[str] | None  # the paths of the files that have a past; None: all of them
    about: JsonObject  # where all that is from
    remarks: tuple[str, ...] = ()


def authors_of(commits: Sequence[LoggedCommit], with_addresses: bool) -> JsonObject:
    """Who made some commits: how many people, and on how few of them it hangs. Names are enough to tell that."""
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for commit in commits:
        who = commit.email.lower() or commit.author
        name = f"{commit.author} <{commit.email}>" if with_addresses else commit.author
        counts[who] = counts.get(who, 0) + 1
        names.setdefault(who, name)
    return shares_of_authors([(counts[who], name) for who, name in names.items()])


def shares_of_authors(counts: list[tuple[int, str]]) -> JsonObject:
    """How many people there are, who made most, and how much that is."""
    counts.sort(key=lambda row: (-row[0], row[1]))
    made = [count for count, _ in counts]
    return {
        "authors": len(counts),
        "main_author": counts[0][1],
        "main_author_share": round(made[0] / sum(made), 3),
        "bus_factor": bus_factor_of(made),
    }


def bus_factor_of(counts: Sequence[int]) -> int:
    """How many people made more than half of the commits, where as few as possible do."""
    made = list(accumulate(counts))
    return 1 + sum([count * 2 <= made[-1] for count in made])


def commits_in_words(history: History, numbers: Sequence[int], with_addresses: bool) -> JsonObject:
    """What some commits come to, as reports have it."""
    commits = [history.commits[number] for number in numbers]
    if not commits:
        return dict(NO_CHANGES)
    days = sorted(day_of(commit.time) for commit in commits)
    changes = {"commits": len(commits), "first_change": days[0], "last_change": days[-1]}
    return changes | authors_of(commits, with_addresses)


def past_of(history: History, shown: Callable[[str], str], with_addresses: bool) -> Past:
    """What a repository tells; `shown` makes the paths of reports of its own."""
    functions = {}
    for (path, name, nth), trace in history.functions.items():
        row = commits_in_words(history, trace.commits, with_addresses)
        row |= {"is_new": trace.is_born, "before": None}
        if trace.before:
            row["before"] = dict(zip(("cyclomatic", "cognitive"), trace.before))
        functions[shown(path), name, nth] = row
    files = {shown(path): row for path, row in files_in_words(history, with_addresses)}
    tracked = frozenset(map(shown, history.tracked))
    return Past(files, functions, tracked, about_history(history, shown), history.remarks)


def files_in_words(history: History, with_addresses: bool) -> Iterator[tuple[str, JsonObject]]:
    """Each file that changed, with what its commits come to."""
    for path in history.files.keys() | history.large.keys():
        row = commits_in_words(history, history.files.get(path, ()), with_addresses)
        row["large_commits"] = len(history.large.get(path, ()))
        if history.lines is not None:
            row["added"], row["deleted"] = history.lines.get(path, (0, 0))
        yield path, row


def about_history(history: History, shown: Callable[[str], str]) -> JsonObject:
    """Where it is from, and what is left out."""
    return {
        "head": history.head,
        "since": day_of(history.since) if history.since else None,
        "until": day_of(history.until),
        "commits": len(history.commits),
        "unmeasured": sorted(map(shown, history.unmeasured)),
        "submodules": sorted(map(shown, history.foreign)),
    }


def pasts_of(paths: Sequence[str], window: str, settings: Settings, wishes: Container[str]) -> list[Past]:
    """What the repositories that the paths are in tell. Raises GitError where there is none."""
    here = real_path(os.getcwd())
    found = []
    for repository in repositories_with_history(paths):
        history = history_of(repository, window, settings, "lines" in wishes)
        root = repository.root
        shown = lambda path, root=root: path_from(here, root, path)  # noqa: E731
        found.append(past_of(history, shown, "emails" in wishes))
    return found


def repositories_with_history(paths: Sequence[str]) -> list[Repository]:
    try:
        return repositories(paths)
    except GitError as error:
        words = str(error).partition("; --diff FILE")[0]
        raise GitError(f"{words}; --history FILE takes the past from a file") from None


def past_in_file(path: str) -> Past:
    """What a file tells, which has what hotspots writes as JSON. Raises UsageError."""
    try:
        return past_in_json(json_of(read_input(path)), path)
    except (OSError, Unreadable) as error:
        raise UsageError(f"cannot read the history {path}: {reason_of(error).lower()}") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {abridged(str(error))}"
        raise UsageError(f"{path}: no history as hotspots writes it in JSON ({reason})") from None


def past_in_json(told: JsonObject, path: str) -> Past:
    """Raises ValueError and others where something else is told."""
    files = {}
    for row in told["files"]:
        check_row(row, "path")
        files[row["path"]] = row
    functions = {}
    for row in told["functions"]:
        check_row(row, "path", "qualified_name")
        number = row.get("number", 1)
        functions[row["path"], row["qualified_name"], number] = row
    about = {"file": path, **told.get("history", {})}
    check(isinstance(about.setdefault("commits", 0), int))
    return Past(files, functions, None, about)


def check_row(row: JsonObject, *texts: str) -> None:
    """Raises ValueError and others where a row is none: anybody may have written the file."""
    for key in texts:
        check(isinstance(row[key], str))
    for key in ("commits", "authors", "large_commits", "number"):
        count = row.get(key, 0)
        check(isinstance(count, int) and 0 <= count <= MOST_COUNT)
    for key in ("first_change", "last_change"):
        day = row.setdefault(key, None)
        check(day is None or _DAY.fullmatch(day))
    row.setdefault("authors", 0)
    check("commits" in row)


# The functions of today


class Today(NamedTuple):
    """What a run says of the files as they are now."""

    codes: Mapping[str, str]  # path -> kind of code
    functions: list[tuple[JsonObject, int, JsonObject]]  # of files that changed: the file, number of the name, function
    reach: Mapping[str, int]  # path -> how many files depend on it, where the graph was asked for
    limits: Limits

    @property
    def metrics(self) -> dict[str, float]:
        """Those that functions are judged by here, with their limits."""
        found = {}
        for name in JUDGED_BY:
            limit = min(self.limits.get(name, (OFF,)))
            if 0 < limit < OFF:
                found[name] = limit
        return found


def today_of(paths: Sequence[str], settings: Settings, pasts: Sequence[Past]) -> Today:
    """A run over the paths, whose functions stand in the lines of ndjson: a run like the last one has them at hand."""
    plain = settings._replace(reports=(ReportRequest("ndjson", "-"),), comparison=Comparison(), top=0)
    collector, _ = analysed(paths, plain)
    codes, functions = read_lines(collector.store.replay(0), pasts)
    collected = collector.collected()
    collector.store.close()
    reach = {}
    if collected.graph:
        reach = {file.path: file.reach for file in collected.graph.graph.files}
    return Today(codes, functions, reach, settings.analysis.thresholds)


def read_lines(lines: Iterable[str], pasts: Sequence[Past]) -> tuple[dict[str, str], list[Any]]:
    """The kind of code of each file, and the functions of those files that changed: no others can come first."""
    codes: dict[str, str] = {}
    functions: list[Any] = []
    for line in lines:
        head = _PATH_OF_LINE.match(line)
        quoted_path, code = head.groups()
        path = json_of(quoted_path.encode("utf-8", "surrogatepass"))
        codes[path] = code
        has_changed = any(path in past.files for past in pasts)
        if has_changed and code != GENERATED:
            file = json_of(line.encode("utf-8", "surrogatepass"))
            functions += numbered(file)
    return codes, functions


def numbered(file: JsonObject) -> Iterator[tuple[JsonObject, int, JsonObject]]:
    """The functions of a file, each with its number among those of the same name."""
    seen: dict[str, int] = {}
    for function in file["functions"]:
        name = function["qualified_name"]
        seen[name] = seen.get(name, 0) + 1
        yield file, seen[name], function


def spots_of(today: Today, pasts: Sequence[Past]) -> list[JsonObject]:
    """The functions that changed, those to fix first before the others."""
    spots = []
    for file, nth, function in today.functions:
        key = (file["path"], function["qualified_name"], nth)
        changes = changes_of_function(key, pasts)
        if changes["commits"]:
            spots.append(spot(file, nth, function, changes, today))
    spots.sort(key=lambda one: (-one["priority"], one["path"], one["start_line"]))
    return spots


def changes_of_function(key: FunctionKey, pasts: Sequence[Past]) -> JsonObject:
    for past in pasts:
        if key in past.functions:
            return past.functions[key]
    return NO_CHANGES


def spot(file: JsonObject, nth: int, function: JsonObject, changes: JsonObject, today: Today) -> JsonObject:
    """A function with its numbers, its past and its priority."""
    one = {"path": file["path"], "code": file["code"], "number": nth}
    for key in ("qualified_name", "start_line", "end_line", "health_score", *today.metrics):
        if key in function:
            one[key] = function[key]
    for key, value in changes.items():
        one.setdefault(key, value)
    if file["path"] in today.reach:
        one["reach"] = today.reach[file["path"]]
    add_priority(one, *worst_number(one, today))
    return one


def add_priority(one: JsonObject, metric: str, limit: float) -> None:
    """The priority of a function whose worst number this is, its factors, and a sentence that says why."""
    one["factors"] = factors_of(one, metric, limit)
    one["priority"] = round(math.prod(one["factors"].values()), 2)
    one["why"] = f"{complexity_words(one, metric, limit)}; {change_words(one)}"


def worst_number(one: JsonObject, today: Today) -> tuple[str, float]:
    """The number of a function that is furthest past its limit, and the limit; "" where no limit is on."""
    rows = []
    for metric, limit in today.metrics.items():
        if metric in one:
            rows.append((one[metric] / limit, metric, limit))
    _, metric, limit = max(rows, key=itemgetter(0), default=(0.0, "", 1.0))
    return metric, limit


def factors_of(one: JsonObject, metric: str, limit: float) -> dict[str, float]:
    """The factors of a priority."""
    factors = {
        "complexity": round(one.get(metric, 0) / limit, 3),
        "change": one["commits"],
    }
    if "reach" in one:
        factors["reach"] = round(1 + math.log10(1 + one["reach"]), 3)
    return factors


def complexity_words(one: JsonObject, metric: str, limit: float) -> str:
    """How far past its limit the worst number is, and what it was."""
    if not metric:
        return "no limit is on"
    value = one[metric]
    words = f"{metric} {number(value)} is {number(value / limit)} × its limit of {number(limit)}"
    before = one.get("before") or {}
    if before.get(metric, value) != value:
        words += f" (it was {number(before[metric])})"
    return words


def change_words(row: JsonObject) -> str:
    """In how many commits a function or a file changed, by whom, and how much hangs on it."""
    words = f"changed in {counted(row['commits'], 'commit')}"
    if row.get("authors"):
        words += f" by {counted(row['authors'], 'author')}"
    if row["last_change"]:
        words += f", last on {row['last_change']}"
    if "reach" in row:
        words += f"; {counted(row['reach'], 'file')} depend on it"
    return words


# Files and folders


def changed_files(today: Today, pasts: Sequence[Past], spots: Sequence[JsonObject]) -> list[JsonObject]:
    """The files that changed, with the sums of their functions, the worst first."""
    files: dict[str, JsonObject] = {}
    for past in pasts:
        for path in past.files.keys() & today.codes.keys():
            files[path] = {
                "path": path,
                "code": today.codes[path],
                "priority": 0.0,
                "functions": 0,
                "worst": None,
                **past.files[path],
            }
    for one in spots:
        add_function(files[one["path"]], one)
    for row in files.values():
        row["why"] = change_words(row) + worst_words(row)
    return sorted(files.values(), key=lambda row: (-row["priority"], -row["commits"], row["path"]))


def worst_words(row: JsonObject) -> str:
    if not row["worst"]:
        return ""
    return f"; {counted(row['functions'], 'function')} of it changed, {row['worst']} is first"


def folders_of(files: Iterable[JsonObject]) -> list[JsonObject]:
    """The folders that the files are in, the worst first."""
    by_folder = grouped(files, lambda row: folder_of(row["path"]))
    rows = [folder_row(path, some) for path, some in by_folder.items()]
    return sorted(rows, key=lambda row: (-row["priority"], row["path"]))


def add_function(row: JsonObject, one: JsonObject) -> None:
    """A function in the sums of what it is in; the first one that comes is the worst."""
    row["priority"] = round(row["priority"] + one["priority"], 2)
    row["functions"] += 1
    row["worst"] = row["worst"] or one["qualified_name"]


def folder_row(path: str, files: list[JsonObject]) -> JsonObject:
    """The files right in a folder, the worst first."""
    days = [row["last_change"] for row in files if row["last_change"]]
    row = {
        "path": path,
        "priority": round(sum([row["priority"] for row in files]), 2),
        "files": len(files),
        "functions": sum([row["functions"] for row in files]),
        "worst": files[0]["worst"],
        "last_change": max(days, default=None),
    }
    row["why"] = f"{counted(len(files), 'file')} of it changed{worst_words(row)}"
    return row


# ---------------------------------------------------------------------------------------
# 55  Rankings: what to fix first, as reports tell it
# gives: ranked_of, write_ranked
# uses: Start-up, Ground, Values, Hotspots, Reporter, Console
# ---------------------------------------------------------------------------------------

LONGEST_WHY = 400  # characters
WHY_INDENT = 16
MOST_RANKED = 20  # that people are shown, where --top does not say
RANKED_COLUMNS = {  # of CSV
    "function": "priority path start_line end_line qualified_name code cognitive cyclomatic line_count nesting_depth "
                "params_count health_score commits authors main_author main_author_share bus_factor first_change "
                "last_change is_new reach why",
    "file": "priority path code functions worst commits large_commits added deleted authors main_author "
            "main_author_share bus_factor first_change last_change why",
    "folder": "priority path files functions worst last_change why",
}  # fmt: skip


class Ranked(NamedTuple):
    """What a report of hotspots shows."""

    by: str
    rows: list[JsonObject]
    document: JsonObject  # for programs: all of it
    title: str
    remarks: list[str]
    top: int = MOST_RANKED


def ranked_json(ranked: Ranked, settings: Settings) -> Pieces:
    yield to_json(ranked.document) + "\n"


def ranked_csv(ranked: Ranked, settings: Settings) -> Pieces:
    columns = RANKED_COLUMNS[ranked.by].split()
    yield ",".join(columns) + "\r\n"
    for row in ranked.rows:
        fields = [csv_field(row.get(column)) for column in columns]
        yield ",".join(fields) + "\r\n"


def shown_rows(ranked: Ranked) -> Iterator[tuple[int, str, JsonObject]]:
    """What people are shown: rank, place and row of what is no test code."""
    rows = [row for row in ranked.rows if row.get("code") != TEST]
    for rank, row in enumerate(rows[: ranked.top], 1):
        place = row["path"]
        if "start_line" in row:
            place += f":{row['start_line']}"
        yield rank, place, row


def ranked_markdown(ranked: Ranked, settings: Settings) -> Pieces:
    """A table."""
    yield f"## {markdown_text(ranked.title)}\n\n"
    yield "| | priority | where | why |\n|---:|---:|---|---|\n"
    for rank, place, row in shown_rows(ranked):
        where = markdown_code(place)
        if "qualified_name" in row:
            where = f"{markdown_code(row['qualified_name'])} {where}"
        why = markdown_text(row["why"], LONGEST_WHY)
        yield f"| {rank} | {row['priority']:,.1f} | {where} | {why} |\n"
    for remark in ranked.remarks:
        yield f"\n{markdown_text(remark, LONGEST_WHY)}\n"


def ranked_console(ranked: Ranked, settings: Settings) -> Pieces:
    """Two lines for each: where it is, and why it is there."""
    yield painted(printable(ranked.title), "bold", settings) + "\n\n"
    for rank, place, row in shown_rows(ranked):
        priority = painted(f"{row['priority']:>8,.1f}", "bold", settings)
        yield f"{rank:>4}  {priority}  {where_words(place, row, settings)}\n"
        why = hanging(printable(row["why"]), WHY_INDENT, settings.columns)
        yield f"{' ' * WHY_INDENT}{why}\n"
    for remark in ranked.remarks:
        yield f"\n{hanging(printable(remark), 0, settings.columns)}\n"


def where_words(place: str, row: JsonObject, settings: Settings) -> str:
    where = printable(place)
    if "qualified_name" not in row:
        return where
    return beside(printable(row["qualified_name"]), painted(where, "dim", settings), WHY_INDENT, settings)


def ranked_of(today: Today, pasts: list[Past], by: str) -> Ranked:
    """All that the reports of hotspots have."""
    spots = spots_of(today, pasts)
    files = changed_files(today, pasts, spots)
    rows = {"function": spots, "file": files}
    history = history_in_words(today, pasts)
    document = {"version": __version__, "history": history, "files": files, "functions": spots}
    if by == "folder":
        rows["folder"] = document["folders"] = folders_of(files)
    words = f"{counted(len(spots), 'function')} changed, in a history of {counted(history['commits'], 'commit')}"
    if history.get("since"):
        words += f" since {history['since']}"
    return Ranked(by, rows[by], document, f"Fix first: {words}", history["remarks"])


def history_in_words(today: Today, pasts: Sequence[Past]) -> JsonObject:
    """Where the past is from, of several repositories that of the first, and what has to be known of it."""
    remarks = [remark for past in pasts for remark in past.remarks]
    remarks += remarks_of_today(today, pasts)
    history = {**pasts[0].about, "remarks": remarks}
    history["commits"] = sum([past.about["commits"] for past in pasts])
    return history


def remarks_of_today(today: Today, pasts: Sequence[Past]) -> Iterator[str]:
    """What the run has that no past knows."""
    unknown = []
    for path in sorted(today.codes):
        if not any(past.tracked is None or path in past.tracked for past in pasts):
            unknown.append(path)
    if unknown:
        words = f"{counted(len(unknown), 'file')} not in HEAD, or in a submodule"
        yield f"{words}: nothing is known of the past of {first_words(unknown, 3)}"
    unmeasured = []
    for past in pasts:
        unmeasured += past.about.get("unmeasured", ())
    if unmeasured:
        yield f"changes may be missing, for older versions could not be measured, of {first_words(unmeasured, 3)}"


def first_words(names: Sequence[str], most: int) -> str:
    """The first of some names, and how many more there are."""
    words = ", ".join(names[:most])
    if len(names) > most:
        words += f" and {len(names) - most:,} more"
    return words


RANKED_FORMATS = {"console": ranked_console, "json": ranked_json, "csv": ranked_csv, "markdown": ranked_markdown}


def write_ranked(ranked: Ranked, settings: Settings) -> None:
    """Each report to its destination."""
    for one in settings.reports:
        write_whole(one.destination, RANKED_FORMATS[one.format](ranked, settings))


# ---------------------------------------------------------------------------------------
# 56  Commands: what the command line can ask for
# gives: ACTIONS
# uses: Words, Start-up, Ground, Values, Catalogue, Options, Configuration, Discovery, Plan, Engine, One file, Scan,
#       Import graph, Cache, Findings, Console, Graph views, Explain, Help, Baseline, Run, Hotspots, Rankings,
#       Assets
# ---------------------------------------------------------------------------------------


def write_text(text: str) -> int:
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has what it wanted
        silence(sys.stdout)
    return EXIT_PASSED


def print_version(request: Request) -> int:
    text = f"complexity-guard {__version__}\n"
    if request.given("output.verbose"):
        text += f"Python {sys.version.split()[0]}, {sys.platform}\n{scanner_words()}\n"
    return write_text(text)


def print_text(command: str, word: str) -> int:
    """Prints one of the texts that lie packed in the module, each under the name of its command."""
    words = COMMANDS[command].words
    if word not in words:
        taken = f"{command} takes {alternatives(words)}, not {abridged(repr(word))}"
        raise UsageError(f"{taken} (for a path of that name write ./{command})")
    return write_text(unpacked(f"{command} {word}"))


def print_explanation(request: Request) -> int:
    settings = load_settings(request)
    path, wanted = split_target(request.paths[0])
    source = read_standard_input() if path == "-" else bytes_to_explain(path)
    explained = explain_health if request.given("health") else explain
    for text in explained(settings.stdin_filename if path == "-" else path, source, wanted, settings):
        write_text(text)
    return EXIT_PASSED


def bytes_to_explain(path: str) -> bytes:
    if stat.S_ISDIR(check_path(path)):
        raise UsageError(f"{path}: a folder; explain takes a file")
    check_is_source(path)
    try:
        return read_bytes(path)
    except Unreadable as error:
        raise Unreadable(f"{path}: {error}") from None


def split_target(target: str) -> tuple[str, str]:
    """FILE[:LINE[:COLUMN]|:NAME] -> file and the rest: the shortest beginning that is a file, for names hold colons.
    The rest of `FILE:` is the colon."""
    for path in accumulate(target.split(":"), "{}:{}".format):
        if path == "-" or os.path.isfile(path):
            return path, target[len(path) + 1 :] or target[len(path) :]
    path, wanted = MISSING_TARGET.fullmatch(target).groups("")
    return path, wanted


def print_config(request: Request) -> int:
    """The configuration for a file, behind a remark where the file is not analysed anyway."""
    configuration, path = configuration_of(request), request.given("print_config")
    settings = settings_of(configuration)  # raises an error where options do not go together
    remarks = [why_left_out(path, settings)]
    rules = rules_of_file(path, settings._replace(common=common_folder([path])))
    if rules.code_sign:
        remarks.append(f"{rules.code} code, by {rules.code_sign}")
    text = config_text(configuration, path, rules.code)
    for remark in filter(None, reversed(remarks)):
        text = f"// {printable(path)}: {printable(remark)}\n{text}"
    return write_text(text)


def show_cache(request: Request) -> int:
    """Where the cache is and what is in it; or that it is empty now."""
    settings = load_settings(request)
    place = cache_folder(settings._replace(common=real_path(os.getcwd())))
    if place is None:
        return write_text("There is no cache.\n")
    if request.paths[:1] == ("clean",):
        empty_cache(place.path)
        return write_text(f"{printable(place.path)} is empty.\n")
    lines = [place.path, f"{cached_bytes(place.path) / 1e6:,.1f} MB of at most {MOST_CACHE / 1e6:,.0f} MB"]
    lines += last_words(place.path, settings)
    return write_text("".join([f"{printable(line)}\n" for line in lines]))


def print_graph(request: Request) -> int:
    """The import graph of all that is given, or the part of it that flags ask for."""
    compared = [request.values[name].origin for name in _COMPARING if name in request.values]
    if compared or "-" in request.paths:
        raise UsageError(f"{(*compared, '-')[0]} is for analyses; graph looks at all files, as they are on disk")
    values = dict(request.values)
    form = values.pop("output.format", None)
    settings = load_settings(request._replace(values=values))
    collector = imports_read(request.paths or (".",), settings)
    graph = graph_of(collector.imports, top_of(collector.imports))
    if request.given("direct"):
        graph = without_barrels(graph)
    if request.given("depth"):
        graph = collapsed(graph, request.given("depth"))
    most = 20 if settings.rows and not settings.list_all else 0
    view = graph_view(graph, most, request.given)
    write_graph(settings, GRAPH_FORMATS[form.value if form else "console"](view), bool(request.given("output.file")))
    return EXIT_SKIPPED if name_failed(collector) else EXIT_PASSED


def write_graph(settings: Settings, pieces: Pieces, is_file: bool) -> None:
    """The graph to the file that is asked for, or to standard output, whose reader may have heard enough."""
    destination = settings.reports[0].destination if is_file else "-"
    try:
        write_whole(destination, pieces)
    except BrokenPipeError:
        silence(sys.stdout)


_COMPARING = ("since", "changed", "staged", "diff", "baseline_file", "write_baseline")


def imports_read(paths: Sequence[str], settings: Settings) -> Collector:
    """What a run finds that looks for imports alone."""
    analysis = settings.analysis._replace(metrics=frozenset((GRAPH,)))
    settings = settings._replace(analysis=analysis, reports=(), comparison=Comparison(), common=common_folder(paths))
    collector, _ = analysed(paths, settings)
    return collector


def name_failed(collector: Collector) -> bool:
    """Whether files could not be read, once each was named."""
    failed = sorted([one for one in collector.skipped if not one.expected])
    for path, reason in failed:
        note(f"{path}: could not be analysed: {reason}")
    return bool(failed)


def settings_for_report(request: Request) -> Settings:
    """The settings of a command that writes a report, in a format that it knows."""
    settings = load_settings(request)
    formats = COMMANDS[request.action].formats
    for one in settings.reports:
        if one.format not in formats:
            raise UsageError(f"{request.action} writes {alternatives(formats)}, not {one.format}")
    return settings._replace(common=common_folder(request.paths))


def print_hotspots(request: Request) -> int:
    """What to fix first."""
    settings = settings_for_report(request)
    file = request.given("history")
    if file:
        pasts = [past_in_file(file)]
    else:
        wishes = [name for name in ("lines", "emails") if request.given(name)]
        pasts = pasts_of(request.paths, request.given("window"), settings, wishes)
    today = today_of(request.paths, settings, pasts)
    ranked = ranked_of(today, pasts, request.given("by"))
    if "output.top" in request.values:
        ranked = ranked._replace(top=settings.top)
    write_ranked(ranked, settings)
    return EXIT_PASSED


MISSING_TARGET = regex(r"(?s)(.*?)(?::([0-9]+(?::[0-9]+)?:?|[^:]*))?")
BASELINE_NAME = "complexity-baseline.jsonl"
HARDLY_OWN = frozenset((  # folders whose code is hardly the project's own
    "third_party", "third-party", "thirdparty", "vendored", "fixtures", "__fixtures__", "testdata", "__testfixtures__",
    "__generated__", "storybook-static",
))  # fmt: skip
ENOUGH_FUNCTIONS = 200  # for a percentile to say something
Rows = dict[str, tuple[Any, str]]  # of a configuration: by key, the value and a note


class Survey(NamedTuple):
    """What --init looks at before it proposes anything."""

    sizes: dict[str, list[int]]  # by the kind of code, the functions of each file that is in none of these folders:
    folders: dict[str, int]  # HARDLY_OWN names that are there: how many files are in such folders
    values: dict[str, list[float]]  # of functions of product code, by metric


def survey(paths: Sequence[str], settings: Settings) -> Survey:
    """One run over the files, with the limits of the command line or the defaults."""
    folders: dict[str, int] = {}
    sizes: dict[str, list[int]] = {kind: [] for kind in CODE_KINDS}
    values: dict[str, list[float]] = {metric.name: [] for metric in FUNCTION_METRICS}
    for report in surveyed_files(paths, settings):
        folder = foreign_folder(report.path)
        if folder:
            folders[folder] = folders.get(folder, 0) + 1
            continue
        sizes[report.code].append(len(report.functions))
        if report.code == PRODUCT:
            add_values(values, report.functions)
    return Survey(sizes, folders, values)


def survey_words(found: Survey) -> Iterator[str]:
    """What there is, as the console of the next run counts it."""
    remarks = {TEST: ": judged apart, and not by length", GENERATED: ", not judged"}
    for kind, sizes in found.sizes.items():
        words = size_words(len(sizes), sum(sizes))
        if kind == PRODUCT:
            yield words
        elif sizes:
            yield f"{kind} code: {words}{remarks[kind]}"


def surveyed_files(paths: Sequence[str], settings: Settings) -> Iterator[FileReport]:
    settings = settings._replace(reports=(), keep_reports=True, comparison=Comparison())
    jobs, _ = jobs_of(paths, settings)
    for outcome in outcomes(jobs, plan_for(jobs, settings), settings):
        if outcome.report is not None:
            yield outcome.report


def foreign_folder(path: str) -> str:
    """The outermost folder of a file's whose name says that it holds other people's code, or none."""
    *folders, _ = path.split("/")
    return next((name for name in folders if name in HARDLY_OWN), "")


def add_values(values: dict[str, list[float]], functions: Iterable[FunctionReport]) -> None:
    for function in functions:
        for metric, value in FUNCTION_NUMBERS.values(function).items():
            values[metric].append(value)


def own_limits(values: dict[str, list[float]]) -> Rows:
    """Errors above what 98 % of the functions keep to, for each metric that has limits by default; warnings above the
    preset's limit, where that is lower."""
    rows = {}
    for metric in FUNCTION_METRICS:
        found = sorted(values[metric.name])
        if metric.error != OFF and len(found) >= ENOUGH_FUNCTIONS:
            error = max(1, math.ceil(found[math.ceil(0.98 * len(found)) - 1]))
            low, high = metric.limit_keys
            rows[low] = (min(metric.warning, error), metric.title)
            rows[high] = (error, "98 % of the functions are not above this")
    return rows


def ask(question: str, answers: str) -> str:
    """The letter that somebody answers with; the first one for an empty line."""
    while True:
        sys.stdout.write(f"{question} [{'/'.join(answers)}; Enter: {answers[0]}] ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            sys.stdout.write("\n")
            raise UsageError("no answer, and nothing is written; --init --yes takes what is proposed")
        letter = line.strip().lower()[:1] or answers[0]
        if letter in answers:
            return letter
        sys.stdout.write(f"Please answer {alternatives(tuple(answers))}.\n")


def choose_limits(found: Survey) -> Rows:
    """A preset, or limits of the project's own."""
    own = own_limits(found.values)
    names = ("recommended", "strict")
    write_text("\nWhich limits?\n")
    for place, name in enumerate(names, 1):
        write_text(f"  {place}  {name}: {PRESETS[name].help}\n")
    if own:
        write_text(words_of_limits(own))
    answer = int(ask("Limits:", "123" if own else "12"))
    return own if answer == 3 else {"preset": (names[answer - 1], "The limits; docs/rules.md has every figure")}


def words_of_limits(own: Rows) -> str:
    """The third answer: which limits of its own the project would get."""
    errors = [f"{name} {own[high][0]}" for name, (_, high) in LIMIT_KEYS.items() if high in own]
    listed = hanging(", ".join(errors), 5, 79)
    return f"  3  your own: an error above what 98 % of your functions keep to:\n     {listed}\n"


def leave_out(folders: dict[str, int], is_asking: bool) -> Rows:
    """The folders that are hardly the project's own code, unless somebody wants them in."""
    names = [f"{name}/" for name in sorted(folders)]
    words = f"{', '.join(names)} ({counted(sum(folders.values()), 'file')})"
    if is_asking and ask(f"\nFolders that are hardly your own code: {words}\nLeave them out?", "yn") == "n":
        write_text(f"Counted in: {words}\n")
        return {}
    write_text(f"Left out: {words}\n")
    return {"files.exclude": (names, "Folders that are hardly the project's own code")}


def choices(request: Request, found: Survey, is_asking: bool) -> Rows:
    """What the configuration is to say beside the command line, as proposed or as answered."""
    rows: Rows = {}
    if is_asking and "preset" not in request.values:
        rows |= choose_limits(found)
    if found.folders and "files.exclude" not in request.values:
        rows |= leave_out(found.folders, is_asking)
    if any(found.values.values()):
        question = f"\nToday's findings go into {BASELINE_NAME}:\nonly new and worse ones fail then. Write it?"
        if not is_asking or ask(question, "yn") == "y":
            rows["baseline_file"] = (BASELINE_NAME, "Findings of before, which fail nothing")
    return rows


def check_init(request: Request) -> None:
    for name in (*CONFIG_NAMES, BASELINE_NAME):
        if os.path.lexists(name):
            raise UsageError(f"{name} is there already; --init does not overwrite it")
    if request.given("config"):
        raise UsageError("--init starts from the defaults; it cannot go with --config")


def parts_of(paths: Sequence[str], base: str) -> Rows:
    """What the configuration includes where --init is given a part of the folder."""
    globs = []
    for path in paths:
        check_path(path)
        real = real_path(path)
        if not is_inside(real, base):
            raise UsageError(f"{path}: --init is for what is below the working directory")
        place = relative_to(base, real)
        if os.path.isdir(path):
            place += "/**"
        globs.append(f"/{place}")
    if is_part_of(paths, base):
        return {"files.include": (globs, "What --init was given")}
    return {}


def is_asking(request: Request) -> bool:
    """Whether --init asks: somebody has to be there to answer."""
    has_streams = sys.stdin is not None and sys.stdout is not None
    if request.given("yes") or not has_streams:
        return False
    return sys.stdin.isatty() and sys.stdout.isatty()


def init(request: Request) -> int:
    """Asks, or takes what it would propose; writes a configuration and a baseline, with which the next run passes."""
    check_init(request)
    configuration = load_configuration(None, request.values, os.environ)
    settings = settings_of(configuration)._replace(allow_empty=True)
    rows = parts_of(request.paths, settings.base)
    found = survey(request.paths, settings)
    write_text("".join([f"{words}\n" for words in survey_words(found)]))
    rows |= choices(request, found, is_asking(request))
    write_starter(CONFIG_NAMES[0], starter_config(configuration, rows))
    try:
        collected = first_run("baseline_file" in rows)
        if collected.total_functions:
            floor = max(0, math.floor(collected.health_score - 0.5))
            rows["health_floor"] = (floor, "A little below today's health of the whole")
            write_whole(CONFIG_NAMES[0], iter([starter_config(configuration, rows)]))
    except BaseException:
        os.unlink(CONFIG_NAMES[0])
        raise
    return write_text(closing_words(collected, rows))


def first_run(has_baseline: bool) -> Collected:
    """Analyses by the new configuration, and writes its baseline."""
    flags = {"write_baseline": Value(BASELINE_NAME, "--init", FROM_FLAG)} if has_baseline else {}
    plain = load_configuration(os.path.abspath(CONFIG_NAMES[0]), flags, os.environ)
    collector, _ = analysed((".",), settings_of(plain)._replace(reports=(), allow_empty=True))
    collected = collector.collected()
    if has_baseline and not write_baseline(BASELINE_NAME, collected.entries):
        raise UsageError("nothing is written")
    return collected


def closing_words(collected: Collected, rows: Rows) -> str:
    """What was written, and what to do next."""
    floor = "nothing to judge yet"
    if "health_floor" in rows:
        floor = f"health {collected.health_score:.1f}, floor {rows['health_floor'][0]}"
    lines = [f"Wrote {CONFIG_NAMES[0]} ({floor})"]
    if "baseline_file" in rows:
        lines.append("Commit both files. By hand and in CI, this fails on what is new or worse:")
    else:
        lines.append("By hand and in CI:")
    return "\n".join((*lines, "  complexity-guard .", ""))


def talk(request: Request) -> int:
    """Talk to an editor or an agent, by the module beside this one that alone can, and that no other run needs."""
    sys.modules.setdefault("complexity_guard", sys.modules[__name__])  # started as __main__, we are not there yet
    try:
        import complexity_guard_server
    except ImportError as error:
        if error.name != "complexity_guard_server":
            raise
        missing = "complexity_guard_server.py is not there"
        raise UsageError(f"{request.action}: {missing}; it belongs beside complexity_guard.py") from None
    return complexity_guard_server.serve(request.action, request.paths, request.given("remove"))


ACTIONS: dict[str, Callable[[Request], int]] = {
    "help": lambda request: write_text(help_text()),
    "version": print_version,
    "print_config": print_config,
    "init": init,
    "schema": lambda request: print_text("schema", *request.paths or ("config",)),
    "completions": lambda request: print_text("completions", *request.paths),
    "man": lambda request: write_text(unpacked("man")),
    "cache": show_cache,
    "hotspots": print_hotspots,
    "explain": print_explanation,
    GRAPH: print_graph,
    **dict.fromkeys(("lsp", "mcp", "hook"), talk),
}

# ---------------------------------------------------------------------------------------
# 57  Library: analyze() for Python programs
# uses: Words, Ground, Values, Options, Configuration, Discovery, Plan, Engine
# ---------------------------------------------------------------------------------------


# What other programs may rely on, complexity_guard_server.py among them.
__all__ = (
    "METRIC", "Checked", "ExplainedFile", "FileReport", "Finding", "FunctionReport", "Halstead", "Improvement",
    "Incomplete", "Notice", "NumberRow", "Point", "Skipped", "Summary", "Suppressed", "SyntaxProblem", "Unreadable",
    "UsageError", "Violation", "Workspace", "__version__", "analyze", "analyze_all", "checked", "regex",
    "start_command",
)  # fmt: skip


Path = str | os.PathLike[str]


class Incomplete(Exception):
    """Some files could not be analysed; raised after the reports of all others. Files that are left out as configured
    do not count."""

    def __init__(self, skipped: tuple[Skipped, ...]) -> None:
        self.skipped = skipped
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in skipped))


def analyze(
    paths: Path | Iterable[Path],
    *,
    threads: int | None = None,
    config: str | None = None,
    executor: str = "auto",
) -> Iterator[FileReport]:
    """Analyse files and folders; a report per file, as they complete.

    `config` is a configuration file; without it the defaults apply. Raises UsageError for
    paths, options or a configuration that are wrong, and Incomplete, after the last report, where
    files could not be analysed. On platforms that spawn workers, call it below
    `if __name__ == "__main__":`."""
    check_wishes(threads, executor)
    settings = library_settings(config)._replace(threads=threads, executor=executor, reports=(), keep_reports=True)
    if isinstance(paths, (str, os.PathLike)):  # one path, and not a sequence of letters
        paths = [paths]
    names = [os.fspath(path) for path in paths]
    settings = with_deadline(settings._replace(common=common_folder(names)))
    jobs, skipped = jobs_of(names, settings)
    for outcome in outcomes(jobs, plan_for(jobs, settings), settings):
        if outcome.report:
            yield outcome.report
        else:
            skipped.append((LeftOut if outcome.is_left_out else Skipped)(outcome.path, outcome.skipped))
    failed = sorted(one for one in skipped if not one.expected)
    if failed:
        raise Incomplete(tuple(failed))


def check_wishes(threads: Any, executor: Any) -> None:
    """Raises UsageError for a number of threads or an executor that cannot be."""
    if threads is not None and (not isinstance(threads, int) or isinstance(threads, bool) or threads < 1):
        raise UsageError(f"threads must be a whole number from 1 on, not {threads!r}")
    if executor not in EXECUTOR_CHOICES:
        raise UsageError(f"executor must be one of {', '.join(EXECUTOR_CHOICES)}, not {executor!r}")


def analyze_all(
    paths: Path | Iterable[Path],
    *,
    threads: int | None = None,
    config: str | None = None,
    executor: str = "auto",
) -> dict[str, FileReport]:
    """As analyze(), but a dict by path, in the order of the paths."""
    reports = analyze(paths, threads=threads, config=config, executor=executor)
    return dict(sorted((report.path, report) for report in reports))


# ---------------------------------------------------------------------------------------
# 58  Workspace: texts that editors and agents hold, judged as runs judge files
# uses: Words, Start-up, Ground, Values, Arguments, Configuration, Discovery, One file, Comparison, Baseline, Git,
#       Reference, Collecting, Findings, Explain, Run
# ---------------------------------------------------------------------------------------


COMPARED = {"changed": Value(True, "", FROM_FLAG)}  # judged as code that is compared with an older version
Stamp = tuple[int, int, int] | None


class Bench(NamedTuple):
    """What judges the files of one configuration, and is costly to make."""

    worker: Worker
    reference: Reference  # the baseline, with no file of this run
    entries: Mapping[str, Entries]  # what it says of each file
    stamps: tuple[Stamp, Stamp]  # of the configuration and the baseline, when they were read


class Workspace:
    """A folder as an editor or an agent has it open. Its texts are judged as a run that starts in the folder judges its
    files: by the same configuration, baseline and comments. A text need not be on any disk.

    What is costly to make is kept. A configuration or a baseline that was written anew is seen; after a change of
    .gitattributes, .gitignore or what a configuration extends, call `forget`."""

    def __init__(self, folder: Path) -> None:
        self.folder = real_path(os.path.abspath(folder))
        self.forget()

    def forget(self) -> None:
        """Make everything anew when it is asked for next."""
        self._benches: dict[tuple[str | None, bool], Bench] = {}
        self._repositories: dict[str, Repository] = {}
        self._left_out: dict[str, str] = {}

    def look(self, path: str, text: str | None = None, before: str | None = None) -> ExplainedFile:
        """A file with its findings and all its increments; of a text, what the file would have if it held that. With an
        older text, what is no worse than there is no finding. Raises Unreadable for what cannot be measured, and
        UsageError for a configuration that is wrong."""
        path = os.path.join(self.folder, path)
        check_is_source(path)
        raw = read_bytes(path) if text is None else bytes_of(text)
        bench = self._bench(path, before is not None)
        job = Job(0, path, path, len(raw))
        if before is not None:
            return ExplainedFile(bench.worker, job._replace(before=Before(path, bytes_of(before)), entries=()), raw)
        if not bench.reference.comparison.kind:
            return ExplainedFile(bench.worker, job, raw)
        known = bench.entries.get(baseline_key(path, bench.reference.folder), ())
        view = ExplainedFile(bench.worker, job._replace(entries=known), raw)
        moved = adopted_by(view, bench.reference)
        return ExplainedFile(bench.worker, job._replace(entries=(*known, *moved)), raw) if moved else view

    def why_left_out(self, path: str) -> str:
        """Why runs over the folder do not analyse a file; "" where they do, and where it is not on disk yet."""
        path = os.path.join(self.folder, path)
        settings = self._bench(path, False).worker.settings
        if path not in self._left_out and os.path.isfile(path):
            self._left_out[path] = why_left_out(path, settings)
        return self._left_out.get(path, "")

    def committed(self, path: str, ref: str = "HEAD") -> bytes | None:
        """The file as a commit has it; None where it is not there. UsageError where git cannot say."""
        real = real_path(os.path.join(self.folder, path))
        folder = os.path.dirname(real)
        if folder not in self._repositories:
            self._repositories[folder] = Repository(folder)
        repository = self._repositories[folder]
        commit = repository.commit(ref)
        if not commit:
            raise UsageError(f"{repository.root} has no commit {abridged(ref)}")
        name = relative_to(repository.root, real)
        mode, blob = repository.tree(commit, [name]).get(name, ("", ""))
        return repository.blobs([blob])[blob] if mode.startswith("100") else None

    def _bench(self, path: str, is_compared: bool) -> Bench:
        """The one for a file, made anew where what it goes by is not what it was."""
        config = find_config(self.folder) or find_config(real_path(os.path.dirname(path)))
        key = config, is_compared
        bench = self._benches.get(key)
        if not bench or bench.stamps != stamps_of(config, bench.worker.settings):
            settings = folder_settings(self.folder, config, COMPARED if is_compared else {})
            self._benches[key] = bench = bench_of(config, settings)
            self._left_out = {}
        return bench


def bench_of(config: str | None, settings: Settings) -> Bench:
    """What judges by these settings. A baseline is read before the settings can change again."""
    stamps = stamps_of(config, settings)
    reference = prepare((), (), settings) if settings.comparison.kind == "baseline" else Reference((), Comparison())
    entries = {path: tuple(some) for path, some in grouped(reference.unseen, attrgetter("path")).items()}
    return Bench(Worker(settings, own_process=False), reference, entries, stamps)


def stamps_of(config: str | None, settings: Settings) -> tuple[Stamp, Stamp]:
    """What tells whether the configuration and the baseline were written anew."""
    comparison = settings.comparison
    return stamp_of(config or ""), stamp_of(comparison.source if comparison.kind == "baseline" else "")


def stamp_of(path: str) -> Stamp:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def adopted_by(view: ExplainedFile, reference: Reference) -> list[Entry]:
    """The entries of files that are no more whose functions are in this one now."""
    ledger = view.ledger or Ledger()
    free = [*reference.free, *ledger.free]
    adopted = adoptions(list(ledger.orphans), free, reference.vanished) if free and ledger.orphans else {}
    return adopted.get(view.path, [])


def bytes_of(text: str) -> bytes:
    """A text as UTF-8, said to be that: it may look like another encoding. Halves of characters become U+FFFD."""
    try:
        return text.encode("utf-8-sig")
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", "\ufffd", text).encode("utf-8-sig")


class Checked(NamedTuple):
    """What a run found, as values."""

    findings: tuple[tuple[str, Finding], ...]  # each with its path, in path order
    summary: Summary


def checked(arguments: Iterable[str]) -> Checked:
    """The run that a command line asks for, without its reports. UsageError says what is wrong with it."""
    started = time.monotonic()
    request = parse_command_line(arguments)
    if request.action:
        raise UsageError(f"{request.action} is no run")
    configuration = configuration_of(request._replace(values=request.values | NO_REPORTS))
    settings = settings_of(configuration)._replace(reports=(), keep_reports=True)
    settings = settings._replace(common=common_folder(request.paths))
    found: list[Outcome] = []
    collector, chosen = analysed(request.paths, settings, found.append)
    summary = summary_of(collector.collected(), settings, time.monotonic() - started, chosen.workers)
    found.sort(key=attrgetter("index"))
    level = settings.analysis.syntax_errors
    reports = [outcome.report for outcome in found if outcome.report]
    return Checked(tuple((file.path, finding) for file in reports for finding in findings_in(file, level)), summary)


def start_command() -> list[str]:
    """The words that start this program once more, in a process of its own."""
    if getattr(sys, "frozen", False) or not os.path.isfile(globals().get("__file__") or ""):
        return [sys.executable]
    return [sys.executable, os.path.abspath(__file__)]


# ---------------------------------------------------------------------------------------
# 59  Assets: texts that never change between two builds
# gives: unpacked, QUANTILES
# uses: Words
# ---------------------------------------------------------------------------------------
# The page of the HTML report, the manual, the completions and the JSON Schemas lie here packed, in raw deflate and
# base 64. Scripts make these texts; what makes one of them from the tables above would be as long as the text.


def unpacked(name: str) -> str:
    """One of the texts below. A Python that was built where zlib's headers are missing cannot read them."""
    import binascii

    try:
        import zlib
    except ImportError:
        raise UsageError(f"{name} lies packed, and this Python came without zlib to unpack it") from None
    return zlib.decompress(binascii.a2b_base64(PACKED[name]), -zlib.MAX_WBITS).decode()


# generated by scripts/assets.py: edit what makes a text, then `make assets`

PACKED = {
    "page": """
tL1Nd9tIliC6969AIl3TgE1SJPVhmbbsdjrtSk857TxpZ+XrR7NSEAlKKFEEiwAlq5Q8p1e9n9OL3sw5s523fot33ixf/5P8Je9+RcQNAKTkqpquTosIBO
Lzxo37fZ9+NcnH5fUiDc7Ki9mze0/xTzBL5qdHYToPsSBNJvDnIi2TYHyWLIu0PApX5bR9GJris7JctNO/rLLLo/BlPi/Tedn+kI5Xy6y8bv+Qz7LxdRiM
+cVR+M8/vH/75uW//LP9fJ5cpEfhZZZeLfJlqWpeZZPy7GiSXmbjtE0PrSCbZ2WWzNrFOJmlR71KI8t0mi6X6VI1Ms/bthQql1k5S5+9zC8Ws/QzjO/3q2
Q5CZYpdv10h9/ee1qU1/h3sMzzMri5F0Bzs3wJnZ6lF+kgmGWnZ2UwSZbnT+Bdu71ITk1pG0ujr6f704PpYSv4upv2er2DmOuNoa9KPfo/qNc76CX9ntQr
VvPzSr3utD/dx3rd3l4vkXqzbF7pN+2le2kC9frJbnfX1MuqzfUeYW9QLT1MT6Zd020+Lf16+8nB7qM+1HucJHsnfamXjMewtH7N3YP93mQPah5Ok/50Kj
XzeWNlN+tub7c3lsplVq2XJmk6HWO9tL+/tyv1YC/zpV9x3O9PdydQcTp9dHK4pys2NDudpOM0hdq7CSyDmf1Vspxn81O/6uP9g24X13PaPenvTfyqjU3D
OHBmu/v9w65dhury7z863MNae9Nx+viRrdW0BHvT/ZSWoL/b7ZkGz7p+rZPd/sEuDnP8eK+3Z2v1/FqTyf7+XhdqTQ4P+ru2Vr8Kao+7e9jjeHrY2zWge7
ZbBfDx3j5C0LifOEA72/NrJY/Hk0fY46PJ4+neY1NrvwJlhye9wwNctJPD6cGhqXXg1+pPHz867NHSPu4+MqM/T6+v8uqpOuzudk/w9I0fPX403TfgXS5r
+9vrPerunSDYHoynj02j89XFSVoBseRgL+meECQkh49Mm+P84qIG3gcHj7qPEL4eTQ+Tx2bW4+vxLL9Iymzs1+6eHOye4Owf9U727ckZ56eI6S4r5/tx0h
8fpjSKw3FqQPcin+eDYJXRj2KRjKFG+OF18D08hvDzZQLocpIlwct8kkLB9+l8lrfgaV7ks6SAGt+mf07+uAo+JPPCfGXbktU7Syb51SDoBr3F56AP/33d
5f+Dc9cN9qCgd6BKkyf31vceEPI8yT+3i+yvtPgnsFnpsg1F+H54lk0m6XxE1SZZsZgl14Ngns/T4KvsAnFyMi+xIl1LWKkYL/PZDDDuZEInMF8MgoPDxW
ca5FV6cp6V7TL9XGKHaTuZ/HlVwO70ut3fYTP/fJHiMkQLuhIKuBkmq3E6gXUrs3yOPbf5VTofpzF1aHu2fZ+kZ8llhiiouID74Qy7XkPjJ/nkmmpeJMvT
DFrr4puTZHx+usxXc4DRy2QZ8W1BG0eXiikFHE2FU7i4BtRdbx+WcyfodfaD4roo04v2KmvRm3aygOurzaVcFH5IT/M0+OlNyM8F7GS7SJfZlJav17p31o
f/dlv3Fq17q1nrXg7/TfC/SeveNDtdLdP62GWV6WktX1GtWVbACuMlybuFr09WZZnPW/ey+WJVtu4V6Swd8+VJU4Kb+wyGU6qJ2xLzMUOLWjBuOxCoaRgV
tLVaFtjYIgfcmS6xiPY/gWMz9/oYTPPxqmhfZkV2MuPZ5quS71CEZzgL2UR2g28t2hCp086nU6B9qKobUnsJ52pVDBD+sY/EUQuDalPrex28Yes1sJTf45
mzS9aeJhfZ7NrUwncWQgi8YQU6j9ML+hJQlvsQPsjg4CAeg8kDvimTk9UsWWJBQdWTq4RhdZEXGcN+cgILsCppvYnYGuBJx6ezFDGQfcwv0+V0hriATy/t
wixbAGDjR9kclina7/6OBnt1lpUAqYhHcDuvlsmCV+I8W2wZwCxFUkTONR3y9kGXn/4KR2WSfh4Euz40HCIG2mvcHGmnfhTVNns7YumW2A6WoYeGTOM55A
2/1zlJlpWJFIDjz6/tyLveqHs1rMC05UX2OcrmQbE8hUtGIYrg8PB3raBcwnleJEszWvx+sswX7Wk2K/FknMxWy6gHSxSr+Z/kcKouaOM86EZ45pnh4J8B
5r30MfAUiGNshw5RG3bwAlYR14MP2GkC0+p3fejYP+AV6eAeCy753DaQBNQQV7cIJkhWZe6f56Avx6hzAvOdfPmYetIJnYIrGdjBfpdBqoSqBIrUW7vb6f
bw9GwGUh5FcXlKI5Gp9Pf8ebsxw1rOkw0ryUsmo5sRIOiz1IYCsx58zUBrZvEMFjSX3lI6PjQrWpy3swvhQeYpfHiKkA9LE5U5HSUPgFp0R9PnsTdwRl52
O/A2NwvafKCasJigXyCx82ViblUev0Jc5qBuXHkzpMEZLlHtYpAuV3JpNtyk2Ii7VOx+ZHNC5ncBpgMeol0PvI57HvbfeLLujoGQJYy/dHFoXrwyg3leRg
OYXgJ32iQWeov6br6FttxO0q5pjG9IPC7lNV41e/v6vp2k02Q1o4v13kWSzd2x92gzA6Sm0KAkgy0KIBIy2SRGDfzdXpfff42TRNlArQbRJB0UT9wBT5wk
QI9kDIaMKdRZbOPQBwGvr+3EIk8532d9d8HyPvW/FNvsy2VNg15sJAQagAE+QkjZcA4sEH0pWLr78rMl8GUo9BTLcJe5v8any2xCSwl/gdy+gFKAVJjL6m
Je4M0MKxNcZHO4ASJg/3rTZVy5N6BZoMRnPsbBV/xPz1z9ipRzx7O217SLk2zJwERXKoxkywFHtiCbXrdFTORemXFVkX7fXl/uTiOmQtNDQlq6VjqXyWyV
VuFm76AJbg43ws0e31Jw1c9qOI67yafVPix8q48cnclfwZ0wPmeuqlzm52kFrdqlgJfz01oHj/R9zkeyLbvWfPvJy8YdsWOaJtmsqJ8MEuWoMS1qw9nt7G
+7lPQwd2tbudsdn1HjzAkVFbBE7sBc+18Aex6ZVIM4wuvATJZXKdLQ0HmZzaTrux60ZbpIkzJCygEpwVnLHLreHqw2Hzx38nqH9gazvU3K+kpuXkf32aSG
DA+bgHpvI1D39xmq6Tq2HEanv//k7lwMj6VDwGGGtAlspK6I7hpryzt/nsCTLdP66TLQ5k13r9s43W7DPPduXWLuOGkkX05m+fjcI05g07ifRqJBEClcGe
nSY2Z3FZp1JFu7PAMOZp4WhTB9dlAef6s4+moD3szs7bNhEPu3DsLA7ClA/xb6ehuGab5U4Zpbbmtxt8IBNzP/B5sYY9vDMzzuQuUAGjJoxxtFJz/fcL+f
7ce6noHhDZV3vcp8ODZU7XHVWXqabmK3GggkWpk9uaqryFWjgbugZtf9Sf1EaqGYQyrdrvAIk9O08XgYrAmFgGLrgED8l+FKzG1+WNnqw8atfuymx1K6R8
BK9XosqavK6XwhHA/Y7LIvbziPm9kD0QnE6nu9+xvQV1NLWmehm3Pw0Yg5m5pyehVuCJc7gF1spsTdBqsdM4t+UFn0gzr0+DAmvO++kb4Ui7z8B92Z8CdC
mq4V7O6jIKV2fRrCFfvcgjMMUb0BDVWoR4vBEbfYBajS6YJ3FO7o2qFoFnkb52dGzrhoMEuKsj0+y2aTKlrqekIKZD1mIqyzE7YXUJMwkBC5e5HO4PMiK7
axtNhDByUV0o2lppblrMoHYLXKR8+Ck0lW/XRW0nqv5tk4n8CdmU0ywBCo8SiZREedsbvZq+jlCi639AuJI1jORfHlePSgjkaNMA1b3CrBoEb2F9tZXgdk
0NvhtjuskcjZInnZQG7ckYDD2f3jEBq19g/AZ8U4X/4DLhZ1ovaqMsOqbKkbHGwTtDVJGBpv2Lusu12Zr3t7vUe9scMMauYy8P2+P/C97fhJj8lA8Fl3E/
XR1eIoNArg+r1bqBURxDRU6EuF3VtIo7O9TRX2pML+LZTY2cGmCgdSodfCkeI/u/jPHv6z37Jf2i3o9na7PPFxXpQVzrPnBCJWDES1ysSosCrXibsBZsmi
SIkdpV9fciq5izNWdtQwbzPTYyXZjOOS+TUhUK/Blv058ee5z9yLqmqIiS/AvWbUD/2eBvPyjO+5qB/rJXvUr8uYiLzQzU2q96Qh3Q/17d1mfZWFef7Yqo
bq16YleLq1i72ZxdiIic2pkPFO0WJJz58LJpo8oAtmo4jQxzV93hZ4e75FtamFJYYRrakBLOP3dzOMhm86y4oyP10mF/94CnCvkQLsVzuuHFdrBWFpRVdT
sJLHhTZKEcyae59a9rEOS02n8Xaxslzu0M9iJuSs02AuU1ix7DJ9cqtgncgaIO7dGvkXxuN+nbapcNG3aylphEqboxRo7iAx/rv7aGu0tO5F8evNCNacy7
4Yw3Q3WXuYG0O1bike1cvmy0p/yMTN9s96tc+26tAc2aO/2GgqYc9gRavNVgWfs2ILJFVZaw2Ove3i27uaNeAA7OI0mxaQJnSaLwHi6Cfihv8jahuDBYMc
/fYG02zpXQOqFUPv8R3QrXxYuT4avhOWVhi6JHP8mCUXu1uI802mJL42TiGv8XJ1cXJ3LmWrDUCNjN1TSuNGLRZ3LnZEf0f/CgfUTrJ0Msu+yIJgSzMP4Z
/B4CSdGvLYSvHDnfA2pYMsS6VJhc48Ie7BNu5s0+27lfiqdDnEU9Qer5ZoCzD6QplbtbG7qOfdZ8omzID2rn8/8BlqsAw5/Afr3cUIz41NWwt4gzE0XblM
0zsgt/EsuVhEu3hkW8H+4eUZ/HtQscupjK5JhrJtNWkkGn4a8VxTqw0Kwkb9S2Wcu1vsEbaKe5qYB6hYZuNkZsoB4dZmdQsK540R/Cfoc1fZiu1uXteNg/
VH0Jnms8lGwLbQdveD09C2nSQbSmgwk4rY66IyBmPpw0Qs8R4Vm5/e7v4kPW0ZS9zeGA2rEBqVDRDRLI+MAZDqUx1oa1pGK4yKmKjX6dW/2GJWuVs5pmaJ
qsREe7di29c3d9g03yRr3SRQO1TK2tuUrlVWe88wL1+ivjCjfGa00nwzwf929xR7Z0UofR86m3C2bnKjWoQkVcks/XIzucOt55m/BFw9FYK5KJNlqfrLtu
skrclERbZvxefciJBU+bRN/kc3jTwv0tVG2G8/JJJqy3f0hZIp8Hd1DsrqJxjSiy+Gsyd1+mrjwt+Z2TGDETtq+9x0eR7877kVvZu3QUTRrQ+0Avl9a+XT
MHxleNHfrdbrjGFAZf0aNjTBF9h83JFpQDvarbKNjUzTpoVtNKFsHHjNnIiMxJdluqy7RDhd2413uZmVwZKaiwJiviRjVNdAt0iLd+D32lYHjyMYQjfob5
dfhaMvkr2IwRo/xlvOC1dpNx61rpO0se4RxYXpF5lh95/cxZLutuOqBONNu7z12pAxKzpuk2bw4Bbbji+lc6RnZgQQ2kZ6FHegafrd5naOwqSAHcRRh6bN
wSCZGnB2XFPw27/9t3BTI5P07q38u9dKh0gVPZtm4a511dlwJuh9Dca3EaNdn5PfAkAbzf0JpoL9/QZz/5qTS9MY78iLufMecBudZIwTb93zHreLi3yTUX
L5YBOkBqWzRhj4ewzAKCtau1N4/zZs3N0VGNBD+05qxUa4ps9v1SM2fgr4rryuMPUHylKm2Z61GUN8fZEVhZlBxUzg0OOaLZBZ/cMMXegaZNMbvut6332Z
pPoLdd3mOtygq7aDWM1qFt/+7GYZQOw8L1Mr6NlIUTepJxquY9y/z+N0uSg9V7hDJ971nY2qhLzy4bgrwWX16Owjx1I9cvo78N2+1vcmaYm2sc4OfMMmFq
sLeFMBQryL7O43uMw18aymIUs4313R0CRAkfEHHcAW2aQCnV0xTjVyMm9fba1HZvPuoMjSjZxstPIgPWoHoDebVwxoNqlPKy4a/pWtyLn9A9kP3YXoVL2R
7G9byCa7l0qDrO70Cid/Lwb1u2hs3dPdHjp+6+6cjtcoXT2yPLdTIHu8e8gjp8tNnifdZs8TQ6ndriKzVPqdwA3t0vNT34mW/mdwggAGKhkfH5B4EMDm8i
quAI5RCyjN1uTyzFQypY2esTJOUUZvIll9/9kv9U/W9367x6ovNDY34qbd7u28iFmsbaIjw/FIzYHxeKzRJV93k+4E/QvF6jVNyypuQXGQ9SiSKl/OMuw+
+RsNjx04tI1gyr/OTemWvbiz+MCbnUPdTlvyJaItaazu+dS7RYblX9zmKG6wl+xvdwyxgzA2fnUrSKrRQf/jL/ULueMM9jzY4Z6Slv+8iYfyDDB5LnUCa3
+z94QBnz7xgY5Yu0jrQqu/3/Kh/2iz7WtFjX+oB9JguMQkZ7M9iz8L9ECuqVhr0HK7NFcfxkYg2Ex18jhONrk5NW3MHbkRatnq/E9u8Tvh2sx9nGz1aOER
d5ZAVd1BL9WsV9y9lTA10Ee0lxXF6r6zLcwxcYbG2dsaSdxxDMZ0wl9A3elmqwm9jLd80asv52qb/QB5uplBCz42zxUbrvqyWrzj/Gofqe6Li2Q2u6NjqL
PgQfvmJkG4ObVNHEqd4divBprwuB226UpOjA+j61h0+QorI6Eih9RVq2rjb0FVaHlKdzb/Y4koLQJbLBv94rt6WaBbMXh3doDtOVDNu/FmKrnS4lZ391WB
vl4k3VZy2o19iw2i15YLDVQndR8ZzfumBnebGjTRg25tT1md/kOEPabZeVqUdRfyg35DJSW3slV7Xr3TZJuztM/b078HVYLDN5aTyDVZCfs+dj2lLoQK+/
ZwBabRbnHvuRMn7EMmdHcXkqHB7lKCXglJ0bA0FOlKmOD6aw5vJfvVBDwU0yreslwwgC9TlmmhVYOIvCLKONxKlGLnnfH1lx0jMpq3H+dfdGTMtxj1KGgK
KuGTs92/yf3nsE4r3ap8qBHCaoR3lAbrOW3CVdtMrej7WabN3HQsJ8edmro3mwxemulDE7HLV5QhiUotbdBG3aJ+mqZXngpqbVvqwG2wTKSNivZN6in1XB
OCwUhgTaN+dOAGbQUWvgRMuMA1HQgdUaMi2TBOYjQcP4JPBQYbD6SjCc2lWmn/0HxcE51U+jXRbmBHeZ93XaeoB+5aMPeY4EPdjA3048HZujHymjfKx3oV
bIiKjTtfj0ZRYT+pHe3/r9kZPWQbt6KBmNnYfa9PB3y65Fpau2m2s9lcqsm8nMs3IBg3RhPDQga1xAPXg4tMdsmFZqpOTkV8qESE861DxJLafWjAVVcS6x
Gp5mIc/I1Mav9QJGe/00yqcr30N9QLV+DLMDQ0VzwJNm/j1K3xJg+RTYjDGhAqpqx/eWbfX9SRgt4ZD+9UjkqT9cQtx7D2qTLQ0JYce+7LmohS4U0lTtvE
OG2JEleLMadabtbFbtwhCtYhILTbUsce4SmOK3hA4hB5i36gYMiAci1ODL6C0bS1GXTlWHc1miPN6oVRM8jok2Wa8JHsy38HstYVZ1zVhnWzrrXRq9ZMir
K55oH09qh+pCt4hFs6WWbplOBdt8eTHZgxNzJSjY14ltRKn++BVf0jZwHg2QAsytAufgMBXm2shhH723BvA6260Qyj2tOmaSZluYwmSZm0Z8lJOothDltn
0Kx4qy3SSa9pc/rNdftNdXeb6+421d1zaMuJIbehTXf3aSGda6EB9XFchce1mk5I0kSA1Uyad/cdDrXagRrlFezq8+oJvn0wOKxX07hP0TmGoGuSi6pbxM
lGNq4f2ozSAPkfQ7e5BoR1bV4PrY6yqKopHk0NtJew0jXsP05m44hUV0E76O0b2/a1o9YXwH7yMiOZ2FK3TEsuOvprY4BuujGtqtuXQJg6UAoo7bzNCmU4
WJd5NjFDebojQdyf7kgIewRq+JOgiX5RHIXYfRicLdPpUfj1dDWnsAFF+OwDDqvM0Qk1sMVPdxL4Fsls+RomFj7TBYgGwmfQ+1PSuphqSN9SMb4Aggxj2X
2Tfz4KaTf24P/DgGyfmBU6CsvlKpUP4BPSLEyOwu97fdilw6DfC/YvDzoH426w397tHASHncftxwBXnYP2fmev3es8aj+GXwfwLxb+cf+vIQUBOwo90UK4
U+/iUQf62O/s/7HXv9iDvnbh52P6dQC/DjqHoQQKM22RtZwpZPA4Cvudvi1CIBsnC7y4gfuEPmFXLk+550oMfngDy0brR4EfcUkIPx6FH1LZmiCDYcJbWP
gd+EOVhds0y01PXLHEYP1hgFbC9sWzj1j4dIcfEThgB5/xv/ee0v2st5PawVLocZ4DF5ItSuz1I9CLkjQgmCyTqyLISrw/gaaGtfyvyWXygeoC1QGYKp/C
64BU6fAZbAaLxssgKc4LgGYoBmobaiXz62Cellf58rxDvaTBnwuYHLJI4+IyQL+xBGhOWPflNcFngSEsWJ5TdGBRzBif7uCoYUqsIq9PCstxGfk9gTapr/
EdYbVQbcEsnZxcS3mbciSEKAomvehR2O6FtIL4/bN7//zti48v/vneU7NY4apIERyyMd7TURQHR8/gTMNtCNTEhz/+PjgKQkwgMdjZubq66lztdvLl6U4f
eHwEFfiEa75598c3H9588/ZVcAQrszP8tLh5Waw/rVDl3KY/h/TvCT30pvjvoyk9PMaHg97406rP7+HPFP/tJ/TQT/Hfgy49HDz+tJqm0+lo53T15J50Xi
xoDd6vShgtJsHAORz/9j/+508P79/gMyHhH9Cc5kUZdeNOmX8gEVzUO8CHnxaLdPkyKdIo7sBV8AE5omivFYTdMF7/9j/+r2MzyyJN59AF0iLYhTSCj3EH
wA2jTkR2JVpqXLEda1a8E4A6Cjj6IDQkP46OAFYAIH/9VZWge/UUzunEL54mM7R6uWcwIIwNJgcDgqOTRnOYb4uSbrT4G5ZsZNMgwsIOMX3Fz3AaohCOHd
Dd+EUHrsFXl4B+3gK7lc7TpVSeZTCvfmyawtORQu+2ORpQSPg8jPEUBBFPdnieXsNXIzw870/+DHiiA60D2VJE3JT0S592YAY/LHPYivI64g9dV1zNm6Kb
HPWPeDl4HoRhMKB9Mj1QHCK7SohqZXUS01TRCog7XKZzEaipGahumqbhGsHtuVnHsVyIuDZf2c22071ll8zVqkbAjCv0bMbYmQLxEb2ZTzHXyvWmDqm23V
cA8PmEy5C1K5P5OIUm3yFt8ly6kGWTD81Ilmm5Ws6pGVpJHtQZQG9UJqf+KnY6HbeQANa02JN8vEJ5dWcMxECZvpqlFxT5ODmNN+yBPW2Xp39vN+8+RIDD
WsEdersPfQE/C+3Zpk7TUtr55vrNJMpQou9AqUzOUywzRs/QBq4SNHOfq5pSRhe8E/j7pVG9BVy2TC/yS8A9T9xy/9cP798BKloCSiLsopb+D2/effsBmh
uGi2U+WQHaBkQFU6K/p3hqYfqTcPQk2NkBejEp6SJiTSBcYXS/ARYyayxGhEc8nVCeQ7sslsLCLke2lMQ25iN6CmMkHCNY/clreLYN5NOXvCpUq5Nepsvr
iAbBW5dyENYCSdD0l1k6P4Ur+itBhTGeaAJ+zIwBIBraG+ft+w8ff/np3ZuP0HQvPXDTdSOe5YRw8Wq/ABiBsvKs4FUg28qgzC4oaCLSQdJsCQRncZbPJs
X7qQzaDtS9w8MuS6VKn9zDQ2jKJ6sFIE4KnxEHf4b+vnUF0Ty9Cr6H5eJFuZBf2NOQukKir0W9juLYAzuzwBFwxxr2hvwJTgXAm9exFaSfkQiCAiCyZ1hw
mWGALVyeFgpIihFMEv46aB1eAFTNACORch5qFavFAmZYpJMWEkNwF0Chm3QLWZmTFi226eYtDwI3TdqXS+SROhY8YcvtoR2jYXyKlvDbyDYISDx/rl/JdO
i3mhI9y8BZMu0GT89mAixTcJNgdgUnQr/OM1TG0FEb0iy4OCt+4DM34AOF905Xho3TV0N7a8a6ljC/dLviUGDOhGhxyrF9yYcA1yNQB2FQ2chfSH44MNuq
GtfnFPeVYIqvnQLTcgEpSMiSwEfqEszJ1WMruSExIEB78uO//Jemrw24UKc8WtcEqpSAcjnSDT7vuA3rmM0NhoDV/Ym09EcjOPv+azfzjHxRcOK0Oq/lmc
bnhgKXXrkqzFDMR8P+CDrvQ+vviEqP/Le9UfAs6IrK0V7JU8Qhan6xwzmdxao4i6YalzNDoYmQhmGqg6zmM+y2Avz/UWUAl3YAbilj++HwEsY9eviw8tHc
fiSHQH0xH+42fJHaL/hIxURkpFCXIL+vGujXv25YpeoMbh2+XUJ+pSmQpJAVhHWawa0yI+jOr+DPPZL9OsB47j0OqTZtLGw7vlHwWOQXaXRJNDluPk6Tqt
dRsH8KoBl7yhROLsZAzxoSD5EKI+iWSKJbpNGFJ6sZxzei6AZkCjR+CX3VcbRgeaAQkgv4O0kXiCMMjmdQNyjZzY6ucB8hP1YIWaGgDQPCbg0K8oZgCs2A
0HIE1voXGtiAx8fICiHIzCs21DQwv9np3GIr8/791FXVJ4pRpKw3TPe2RU7nEx5v8FAW3PZUWTF9OxL1sPZPrhrZcN6DPvut4B38fdcf6X2/zMdsZYiE1b
wH3c77ap1xWIhXVbXnQfQO672DQ/UAKIPyrAPsej9yVeLAZFSiRibZdJqNV7OSuuhjA3PSVOD30TtUH8z79huzcHxBySR+4YEMZEAt/6XrYKA6q1QCThzu
IdMC9Lyx5snqtLD1djAFQVduR72+VTIJ9/n9tMaVEekg2IUwh6MiFdUFC9Ot4CQhkij2cisQRAANNdBsHWncagccycKjQvbAXeLBllFQd08cl8YYhTQO2X
yV6s8dJqKLZBiqlkIZsR2/plX5GtEdM55DGfBopIdYwYOMaKuXJEEgKuJUccuiQjGjSIrr+djefXAckTNNJxHSUfo4nFyXhFd+Apr78MVymVx3psv8Apjn
/IQrt6zYhsU18A9yDSStURiqKAH1XiDAA/n8DXwYDantUdzhVyjAyRbpx7Nlvjo9Iyr723ScXxANCGP8wLXCSUpDbS+TqzDewHglV0lWUk8/psUC+k8j7i
QmLi4S0UJlEVbzRTI+V5c6LSA7VwHXIOQHThqOLHdh182+wnN7wzwKHJrhCHY8Xy1R5j8cMRpVtIU0ru7G7199/PHNyw9CXANhZcD7IkVBH5GljPmgwfA7
+kXHyQrZgZXkYvzV63aRizoBnP4kOOwGYunbCg66TGuHQB6vrYQLTd+YeeLucFdlREMuGSH7JL9bgfkbhpa9JKmm14A0GnFJPOzaunAAluXbWz/o2Q8u0m
TOZMPm2v2RnQ5eK8XPFGwYTvIqA6obPpCL6zy9LiKZXCxKlMg1S9WjyuRjyxq/f/3L65/evfz45v07hGnbURQNWwH+j262EdHt9JMFbWabQq+hNyh7/YJG
MhTWOfHtLz9/9/7tq1/e/fT9N69+/CBH7ANguIYW4eaFknwmrcpD7IScsMTFaplWgMAuDPbP8BcybSakW4cLmSozZYxR7eI9sXLUP8zzq3ldimpEB8iuuB
IrRXVgimOWeb6Zl7MOMwCvSYYfhem8/dMHgP4bVK1lF6uL18uEVv3b7DQrKYrJ2g4GxTlnf0dbPdUWjvILmvoAhFMGV24yL01ru9Sau1RZ/xBV5MB3kjnH
BtGEv/3rv4eGfuMhdbICBpieuqahDbo3khMj3w2eHZE9oG2HVr3DipLIyTzlbVT9/Cl8DSBCazLgZY6rX1u0x7Y1R0AIoaBixcLB4/s3Xp/zeB3cv8HXa/
hDs+0ZsXFYhGsr64c7aH5KZz6bjwm+Iv71PDgOovs39LCOj0koZXcvOckv8SMeHRKiF1lJA4n8beCFpxKp89zoE6TGwN84d7rwPksIHUVJKzih1oV7TTDU
egx3vn1+Cs9PnLAvML0SFjOaKc6zGkVlXiZAXvDK0QOSri3igI3Y7dUfX71l+WN+jreD3Ab4Uy4D092HN79/xzV/++//ju+/wn/+8z9Ch1w/vn/3iqpg3u
MD+A+zER/Cf4/xv0e2qTKnQyH4AQZHHxqEe4LaSyyV9wB0VBSLeMF2xwkOjgJD5iCneBaFyBPQmSI13CA45nr3b3iyQ64+Wh8jn4em1mF2QRN2KrhwEPiV
g3WLF8AUuF2gIN56Mk1D4Fpn929w6hHXjdfH2Cw/dMr8dfYZqAbTzhEdNQAjZGt77pa5krtrKsdh2rESxvUAH5EzcnCfzoH1K/iCpE+iaYfuDSAHy/FZtP
N0+Kenz0YPnv06/NOz0cOdUzr3QyDBkHiPwuC3f/1fgTsQ2M0PWTpmcbEozvBvpwBKtYx2oudPjz7txDssPgaCegk8a0YQOMyISQdEDit0dbIMY+I3S7eW
lPnAtduwkCFV4TVAu6GQVjAKTyYZVEPU16LP1fkSAplur6hY0U1vyBS+RrlMU+v4jZEbdFluIB888Vv9yMqAyJI/wowKqmgxuqGLFYATtovAyxAmiLsIxf
j4ZS0/ELNpnLIm9SegMUZdMe6yRW+0cm4cwlrods0omuCTvrcnhFkJBk8Ys6PJ3MCPedntojdMw8EsJ2o48mQXG7YXa9Kmqt1ASMIXvuRcchlG2QQbID05
SbRT/NpTKuEdeT8iU4bYKM+g84R6RosUWICv799kE54xNaX5FAqPfoTjnWSX3nDxjQHBsz69yiYDXDNojHX3qkkZHh+AhV06LOTuYJBk/qBHKdOUtj0sRY
YCYUN3OCx/DfTF+vOLfyFmIgDeLb96S74yw3YPBZMtLvuR7ZSGuuynxYAEmO2eKfkWCDYu6xEbw62/Yn3WTfBdjsIIePsK5TXtHlZRQrf8Ei/Hk9yTsJF5
NcIxIwyYAVTo/GWVLq8/kMFsvnwxm0XGviQeuU1KMrwNsQE2eWBDMisqyEvAGWwbAl0At8clnTI5eYNyJ/iWq+BZp1YY87bZzlPcsuoq9ZCc6jPcnxRfYO
cwlIgeoPXlaVrG8ebPgeWYwDrqz7WIAhNHH9GODblFqD96oipgpp8jWvRaBRJOYAMAcFStiRTkqvwpsNX491vONRrFup85Izps7nmAETCBfYxkLVtOx8rR
jETN2sLqSPlIvQ4QbDCQ2A0PW42p7Q6tI/e59ojI2CyptAIIuWIF4A2nFaAwQrq+4fxwxOwGTBpLyjj4L6Eyo3mviJYIBAy4+GIjssw1oIa2G9AfLIppKE
ABG+vkIx4K1uQBuZlTI095FKb5wA4K3z6RMhk7NsJFa1+XT4y8tx6V7su8FQwnn2GXrj2xZhLw2FHy9Q0SWHAgX84wqOmPcNIihQBP8FLOb6+Hpyg64SRB
D4MTiS/VDhIuwh9UFKNk0312zZ+V+YK+Yv8Xqo1F+JeLKp8ls5zIms8oqPwMn17jj2sFO1zjKfMEan+4/CGwVg8Uk0LtANA8dGwPtfi5anWCYSImEapBCC
kz1KFhGkqeU7yHkXJb67W+ECLRoi59i9giNJ5zz3IOEFjhBr6yAlBu8ZSY6sBYeLGutSjNzQGokwYmigFqoCXtPKRhMoWGwzZOHaYXlhYC9cctGJ2l97HG
DbS5DKFWBdjm6mLOCrPXthJQ+fgDvA4q3JztGLtoUbsx0Bq0eHAWK7XpNdJAtgs26iQNEo7oSBaMsDdVqONfoCfHyPjgcnIABvjhGW8MeaPx+5G6RZW0h1
ge+MBIQVAgFzqdizwbvQs/VqT2XOgUMvystTFc4mlioMhxZx9f/UDj6Ha6+3Btd/Du7vTpJ/wDT/1WgD/gQu7jf/B7v0uuPVhAJV0s4jIu5AInnPvu1Yu3
H7/7BfuCrvYt9QlkUTYhliD6zGeAoPKzJ49Q52yHz0mby8ha1ZbGJCZI2489Wg9evJ+iNcoYAHFoRZbEoo5QdUQyq0IfOfwGh0QrY3hLPp/Pgq/MF2T6gY
Uo2tCyaRYNBuYDmWJku+ZZwtVq3tBYVDkN1kwVWj+sFQJi2tf6HBqxHSkOgK7Mdi82oxTOxAyq2tpel2qa4t2uj7eoHHVdtfW7yM0tJNwNSu/5LenTH8jv
gZEWQykiT/M0oBbUVOxJhpZaTv1wQSpMbgsGaj6Hn8Dh0h9/xBRLGEZsFHzEWBTN+33B17Ltq2v0grKGanN5gY7sgphmaRmeeBAkIOCArzYEdU0mS1LK3g
Tkbds2Nw4Q5HDrDewnCAjcNomrjGSzMKym4foZC4ouFi4URe0KOYbtIiBgz6xikr6pgOfdwUo8BN2YySc3S+HurdSGE0izZdKs/lrdAUjL0Mo/q/UpX1vT
RgUeWLWiiiXU+Q2UR3pTsR1cU6VmugmMMQ3esjseUgLeJ/rFyBv0C7jnMa9Ez9MOUeMsp+DV4e/MGmawDTTdttdUbWO9Va2QCjhRq4hwimoGIk+pxrDTLF
P3Fmew8VRUxf6ds6QwHLslJbIGPSqLiuGG5RYNPSrQwW95f4fZSPY2M5pGU0yLwIXrbTu9RAkGjB59VSoHGYEJihnIcA0s7JjmjokWKM+SuROO4BewYUIK
1Npw0uqwG+oaMySgoEK73suKXFK8HmjW3IVQPUR/2TP9PDBtApgFA/OkwM30Z0f33IqM0faP+HhVsN48hLUzP/+BGYYbpQPklXWiatsf3BAslcKgAMjsFv
XKLHjSWhczrWf2a4+RJ1mR2c4bq/5jmBzU7mqfLF7w6HkaWp3IJR0epVpD/IC74tBMKOtnOXUwUC9NjCd8bSTaYm6qQRHzBhF2w5FXEXuFgE+W54GsQJVJ
T3AOhP3wdiZxArZq1l4vHrIwVNOIssmzVbgVRKJAvhGhkCB32O08FmmRFZRJdJAbCYQMIINY8AHUX//uOFgjBvRkhrElgHmshNsYb0HtI420NWaMaGAs76
KfjlvBRbPScqa4wwHb66/FSsSOlwVc+t4jbNEdueOJrBmel25sDEZxG4T3NcSQqAdjU4ze2ZFTlySAok/sS0TouF1x82hqyAVVQM/8o3fs1DV06KipCmpf
Fatk9jNqmiONNnmZ/7JK5iWbl/zFqWak4tBSR0KgWJ6pJ7TSdJbny+gvsK9ejTge6V06Jv8/xISmuwiIfUAc/9//EzzuBr8LDBpTrx/za7qy7Zx9OkkwjC
PCkmsU1dF8G8zjRZbpAASTajl1CnI8ULjIZ8AfkqyUG1JkFsm4jNBfM7RVG3upVgHpXDvxwOWdz0mWNMCG2d6+BWUX+QrtdCnHivfiZLaSIh6YrTxLk8tU
v/EFUzcBO3xA91WzMhPeIELzNb1kDj+ifS3rNd39PT7L8yLVGAgmhk00GPW9nuVJebCn6CJrJmzV9fburx6jmA+QJeC+8qHMeomIuMyjULZTNMpNIl8Yan
yWn/YWkSXMUaqLWAfHqtAk0Q+xZx+E2dmOPPjzzpuqimIMHlwVOS9F79tMdmgxhjh2AEqluusBHBAaVGSHJ5poI3Qw6gEScx25WSBGuX9jJ7wLVCljabUc
aspwJ8BqxYjAB4ZIccBNEgor6WEYsctPs2lSK/EUjr0JKu+mI3devQucALZl3Q1R/l1VjOIykXIBt6eTz91J4pGuvUvNl3j5Ai5qRQ2K9Sj1q04WeM3ktX
f22V+tvgIsg6WG4US2pIkCD2sCN+ApzKg8uwBKm2hpRdVRWsZGXQ++Ca3KmJJF1ZTGNJx1K7Dw7cRrovDAVmItMyWtDfd4tmsvKW82rdodJkZP9oD7d3dt
6OTZbbFSaDVSLZpuS9NBAgC0t4jftOKIz/jdzICGh2QCgIb+dc8az3BMlGDw78jX753lV9+qTSwihv3XzqNACrKKJCCfvlbuEzeEaweB8kTAQzxQllempU
FQ6cK7ZqavxU3KtojPrjU0waq1RJ+sa4gqYsNmp4VmUsVeHDd4NHQdR1GbXXDQYbDZYCsHKLeXNbMjUe+Q+oW+tDhTbhGzwzjkSK2pHbYQWPL1m7evNnzI
y6Q/0pIMVIkeoYEin1A0hVEHFG0lkd9DdQWaMaClMAatxsAUZ3jjBS9poeE1In8gdyjuGbmOsa9YVnYIoxp9cagxQxFa5TFs4beVN0ab3KT5tSGM6DjRen
pa1g/fvf/5HakCyJeNs9AV9ihZmwzyGJP72XNPs95JSDaz4wXLWbpWr44F31y/mM3IlvEi4lY9/zP7obKIyObkPI2gTE0i24d/H9ijSraq+jCy8SpKwYyb
mlHPsS8GdPacbP9iNe7ntieqRaMgwnqmzVuByFomdEW76ezQdOredFFlZZ7z/Mh7C1kIZ3JAvoAvbNMRO0+QlwMLeUy3z3nuO/wO/poXA7aTqiwBGnxE/N
PJLBaynNbNscnMTlWqiSQMd8tVkPHrdveReX0Kv3rE29IrayXUrzpCM3h9c/0SJuNJ0HB2b+Zigog+ilX3p5tAXA3JQQKlQAxGFVt5zqJ4RJVFqdRt8ROG
PiKuF+Aj3AljErQ9sX50b+bo6h1xCy3eCig7tWUk+e3iZzMjgF3f8zsmuSogGv52xEK7oRv4yEjuuMjYWlv4Y9hbexeltFxlJk86sg2oeJSd9i7BOVFjTA
YJ0ROLPcsWUscgDvw+VNSS2Cs98RzKivJHwG2yPCKdQPgdr7DPRTr3hRNLVhHbCdHujFdali2EEkUfITHP/Jy8HQDInE0X+z8EcpkR9pzn0iyMORIJUSGO
ElqiDsOtjaBLAxZLMH9rcPxo4YHD4sbMm5FqlcU/JHaB4RqVIdPkOGermgzZdkNGGqNpH66SZXBU5ZhdG9kfgztoEbahOoRsBNSfSXsGCIT5bnIKJnsK12
zoytnVuRXUv/BYefzYP9GUrwOgIBriXWZXp66rITKZqBKJGATEsLAbBk/t0EckIPL4OSY7ywkBbLNAp9FKC6PxtKTjdZX4LJdO1AJPZ0zLo8khfIkh5bBV
nBPTtdQ7V69j2JhI6bhhZd5PEdPRxbJVCwQ4wzLGzgx92Btp6J3bGB6ROcnbFqVKvRNyCl+bYxIyzgkZSwl9/6xhMcb5LGw0OGNbXWh08wKGJl0VWZ/Ado
fbltN6jPBHMRtOVYR9tK5W3OczNjInvB3EQPXk2hw3JfYrySBOb78DBl6qllnsKI6tgE4kdyHlpZERBPyZ/K7uoT0d5KlJR0Jac1K/kqLubBiMmEb7Y6kA
GhJ15v7IzKEjeUl1QYkq0yZVmrbl1X2FKkfyWgSs6ty7OaylDexwlS9VlAYghskWOiNalswwcQdIZ89q5wnuA37Ikjx8C09FytRMJwiDh9z9N2a7Whw1ic
JtEZJnIx0ilA3XEqB9tiGlMbBTJ3STImbyaCObSRMKvUPirvAKmVJji8armnCdbjvfziVgzsJcNspLnT6DUWwxGRxCHyNtbRYYiQV9KHF/XorhZOQhm7td
zEpI0TBOABVmDR6S6Jt/D4KGyViGhQ+yx6mwBxNuotynV+m8VByLZNbU0Ex8I8vPDEtZVc5oREo+VJZDNJp6rRg6NoXsJWGlyUb5ArewC+Dgf8lFle9Yo8
NfafxEIzEs0jc5cLrJ3JinAyIk6rEiEPFnns4njVYPyoXGtwswhg+9zn6j6UPfM31g/egDTOdes4CAG0jsBtCkJa5qQrOZZzJdNA6GRm9kxM7JxgTLInnV
Z/EGsJoFwhFCBnxGCoAV+kADPPF0WoVRajF6tfqtuh4QDvyqSQWFIzBOL+s6OVBFEjjpjeoj/CDzOxGihnqRDcNeWjz6yopSxMqqkT9HnmiIyUDstzgH1D
wDKjJ34rDFT8BzYUO+V1p53iFPQxu8iYTtNlZUo1Cdlx71FzXn301Csrup6Y4JGXMEz/s3ZsLPjVuLFGBoBtKLkuW7uTh5y+y16UkePcFkXHECkIOsrLrs
2UCnsR36Yy7qBuh3CjuMOer6rGMuc1weokjAzE2cI8zc9kYxe3Opu904NJZ8H1V3vTCwIo4Sm7Wg3ISlfeTzigBsGziaQVm2siglKBOKi+BW58VsEauekI
9TGnC0IuTJbNwUjH6E4opZniA5kCCbfz5HdgwvbqyLJhP30PSD4zYcsZgRiBdq83mHiwGMu0+oWrJcZpcU5oVgFYczTtDZAP1u5kymJNeU58AE7pTgjECk
TIB0uCf21Zd8xmwrGKo0B4opFTKF4inaCCDLdEqiZRtXBxDa1zv3b9I5slA//fgmkjfs96JsA2EWhCE1iUakC2Ctr2hhOxmw2yu00qNaMS83c2tU4un1JP
4GvhgE5nsWb3AnawVLy/QixY1KJ2hUKt5oqWGUi6EsMj6M9LDP03TxMV9EbsjUbWx3RyiRD/g9y4O9fWtxaqT7kQSQjDscth/aJP4gZIBX7+vGr/wFXDBw
1GQ8CJEVH/jT/GNu1p5XhcfM7u6yz7iAdkpE+uBs2BzIjBuXm6fj7RkOtiX7b/e4yvPBzjSPonG5vrh9hvkXJVqPubYb5rC9myoDUSbXuMGVsmX5TTpDK+
PNExAgJJsyHn/4ddgYoeDPqwtY9OgsKc64vfouGIuv2obVN6beLzXsmRx9m5JZJFPk3MEz7EDbBCUYAc/xSwLajj9S2AHw1Q+MFqIJ+YUaMt/hoYkJUxzr
UZ/mUZsbrsxUL3c+f4HNJDMkw2dGeF0/Cot8QbuJYq4bOcNrxXMQTuFBe+4aGsdJqYw7shyJ9rRZ29aoj9iOmx4ZF5sw5DheqWZm78edukg/5j8S6o0UwN
pFEHev9z+iRxbGcf0E/+s8+BX+PBh+Kj59GD14Hj0ffHrwaefX+/Gvx/j7E7/4dfin40+fRvEDKDvGlyG97EB5+OnTpzm8CZ//+k+28J+k8J+e//rp5NNk
+OmqM3rw6/BF+/9M2n/95f4ICu6PHuycGvH8H179i4zLRiaAAcp9m5wUJbrUB0kRMLQz5FL8abiL4AIZo/MqX8bWK4fDr8AakPsS/IVrCB5zDjmawn0qgd
bgD+w6XKSWO6bwq0jGwT13TTcuiVUcCkTDyWmQYQxl9Gwq8CfdeHMdgJMSPE/hEJOlJU6MiGd4s0AYhNHYHuEmLIEoAPBerE4w7RVGocrn0LsxBk/KrJhm
KaaKKAk6UFu9WqDiCzj48RnHNwa6Mb9i8rnEKMXXi5T+gT5dqFnb62WyDDBst5h2XmfpbBIiHSLuuyGwU617vjAa1xhwHKXAsid650+fdoY7D0Y7HYxVyS
+dUmNslR47fxqG/3S8oVqhqn2aNNeZa/2IgRpSa/KAngfheZNpHwb3X8GlzNYJWh9Cah4gtIYjpYVcULDhaIFicFGCG6UslZn1+YTOmQAfKM3xvZsNTsDp
ZLHIX1gcPLKYgPRA8JF5L9bSVA07RVvfuryV3qzZWTo2gV3pwQgwrHXvjA0quzUdT3dAfLRE2WI9D/ltkxs4SkhoZWNf60M9H/kwoJwLeZ38wEewkhE7hJ
MOAAfkxSLkGjwW+l4URWIJSqN7SGNVNpKINRsa9nhNWlGF91DMlZHoaMqKP9FewBXzDBg/8pNHCpH+PsUSSrCjxX8JABAqtuZlxBF7gBr3DA1Ih86vKI7v
96SWotSqrNcZWTBSTvICRSzQiDi4WWZH1wEm4SIiFxKeAo6fmoR1ySzf4JyveOVgLDbwQ6ImbCUCUmj8/v80DD6VgJLRn9JInVrUig3i2O92RQvqFpl6ey
5xlE5ffV5Ex9gSNHXTa92/ofdr1L+Epxdhg7aXBK9E5xt96DPSvoh+E/knDuYK5fQDWGqn1QUkWZC5H8euGZNSl+RDNkgdawKPMVQ46jzQaQzfY3gQrsAR
P8yDLTaxP1zoBO6M7V0s42lUKmZ4VqyHYq37N1wNe1UT4oa0yEp57nPs7heUbYVh9ZRaP2UAfWYg9ddfg0jKyOnUwu9phwPjUVX+6SHwbA4EjjXeiKYOiU
87fL7RcofjcoYW8Q61nGFaieVpYPeUBkpSoik7tdi5yERofOh8bA5YVQQGjCoKPExILE8AxjrFoULTGR1GE4OtfjYNGhT3GF6katA4fTwpWpzquXpL2GtE
en7O59hEh+dSovyDgVHkGvTIZ/YZzxv3zxxixv0CN0/NMKuIVDfBftJKw8gv2vRi5Dtqr5gbZa2p2E94SGZokQljBPO9ax54TdOMRVPDOZ8sh5PmscHost
xW5Dkn3XjTdKuByOt6T6z9Eu+byER9LNgqf46GAgZ0qVQRHKR0UBBL1Tn856k6TU8DH+szcBIVwdlRm0mJSUrxf3HSJo6bAVi8l1Hu/8aNT8DMOYASEKvI
mzZwJzc1nLJ4gSV9HrTPCSnUTrB2UYMTB1VOrQlZFKYXWnq3xSRBbBAGwsrZaURwcDHyx2//9n8DIjvtoJJ+zU5OBZ0kTr9xrFWW4hTvkHpVcOhjy+eEoe
UyMNretY2+VLWWGzIs2BtVMWVstdsY5QqGMMs84fMpJuTgoCZsRcDtkuMtYGX0upjnNBffchY2E/cP92zYGEyVdb2YfgTdEWYzc2wqd5k4+NFx9zq4OkMb
+KG9ciLPfzgYX8PdrF86Z2JoIB5t0I6gpX/o9cMY2sCUj8fd5ULjoxlRfa+FsbX697aXzWFwGqwqUEAIhXFLevZRFduk1E78tYESOA/j3Bp5MAqoWhf7O2
wMcGtia5wRI5OIFpN/5TGHNXcaOysEZBPP2v3Ejv6eBPDl+29fGZ/o3n6X7f34AsG65NgDRy114Vd+ef+aDDYWbF89p5BxjiKgNFdHSrRnKJI5uZzR2AZ2
Yiik5N94gNMJyW6gMWIHsvm5k+R6SPb8A7ZNbISonWxlKlMTPLmWoJI6RFliwvu1gxPzE/YrYSjCQr57dadF+Z6sQWtBso0BkwsvLVR+he5Ql0hlo9A4rB
50fMTGXWYCMVmcY2eAjhOM+45LZjBr1Y1DVL/VyPxULFGX2fBRVk4FbR/YIlSxq+HSx2yRYkXS1P5zaXdgZ8RVEwquhEOV53HpAR8aXHxDCN2Pm0OQ06AG
l+xpHRVBx5eyRjZwimEdycSC5OlryntxVXNDpsATOOqh/WUl5jS7h6gxcKoxIWecNJC+QgXl8w7HhLGlMF8hJ1jRzoLgBukwL4KY5VG+mUlW4JJ5DjhVdw
qaMZ9IzG4zqigv7x6sw3XXMkr64z+k1+hDAu2SQVrN4s+3NYH9+o42J6otf2FWng6HioBSmvQAZrWxjolk4SmIqwixGkgxKclqc90QZ0OnAhCPEhGaLNPL
LKcAw2oHwt/+9f8NfpBXyO2gmwS6Mx4JK+mBjv7wHRb99q//Cz+a80d4G6n+0UVOEx0zNFY5+tKdqtA9fFSorYgIn/Al/g4rsMAnxy4grmvLLkErYCClVh
rMiCLJR9kiqa3n4Z7OJhw+0JzjKLbb2RxXia1DaNRVc5UGhbvkFyMjdQVjLZMiM3ZuYNwmWU5K+zj27/NJMtPGOslpQoIVb8xDnAgd8Yjfo/KNfnXMycAQ
yfRqwK3H2gxH+rM6rCMk8iUZFepRiK7wFZfoNEWmwxV8KKZ8Vu/KIkAT+07FafNzrK1bHMzRfCi3WlwLMKgMZjnWYM1619kTeN7OxureWtObSjreleT0pa
ocL5FKjpGYM2IFbSO5NtrU+zcVqzRrLY7nWlosjaXZYplj1/9UGIM+ZWF23GALt7qA8d54YflFee8sepuD0W70J6Szy3XbQYUXeFIRslFtcqvDX2tiQ3TK
SMBex8K7VS2Y4BvqBHHo/Rtobl3nPFCQb3gCj1NB/IXPoTj9OXzgOxVvltqiVz8xUMexyKpqehy0LZti3geM/K3UZtN6bhUjpnDjqDjf5hIUM/zA/CkTop
jTEAiOpWgv0MnmPF2UrOqwZAtZBto8G6iN6IQVc/y7sLU8j84t3C1AlLMv0+AFs3ipmR/O3gMMUSggN8BUI+yxqpkxY/SvRriOW43NK/bJtJ43te5yZdjG
7WzXVU8mIzPi8GCYim+GRrmkumfaV20yBwoaKOZBW0xWPDWdO2bXOiAu01N2XasY6nrbThvq9j30eJxhw2UBtAojQticuLXFyJOM2mvum+xfM6pKdCpzr5
E3hqkigZsStnD9Fkk3PFI9Oq1kEKHYYwOvsSZludfGVKjaI48zIZI95nsaBSs5UJs0YD+5yRyJYuHETENmBy/SyAXmFYMDFZuXfrGgFulCa39iLMrH58T+
PXyIxBzzdEoiwqkHjkQlavITdGx2JJKJcBtkvWfbqJsnS/6LSihUMZTwhx+z/sneeyrqsOexzRHpA4kxTEJxwqw2DHE05QAEx3znA2VEB3QoCjK5vknlQX
Kn2FiA1zAd9m0ubUwYQ0uOp9kQRcTv/IInBCXu1GlLUs0cu9347V//HX+n8wluhlze09j2y4ZeOCDlItkKDJy40Snv3fBnvGVZKGmrVNE8l49MbjTO2OJb
WvwwY0ILMJfxs1chdNk8oYYIOd4hUl9VLMaF1RtF0y6sBcBcHRH/VJeRpA3j4Cw4MFNlw/2+Ie0QnXL+UtCsuuq1rbd3VqWrJ39XQEVF+bOpdmWnGkgHta
zWTtmVYaRmNzFXwRRhnOQKwtVQQpkU81WJ+bRVtg7Guy4+sOi3zJrVsq1JUG1ckVhHKDQtvqFApYLrnnEU8Js7bdO0tkN2YUjKYw8RHq7blorqbF2s45q7
2sYI4Pi+Kfa3IA0NKNlkMmuSWDIl29QDhRdnNyUi1+K7QOhUYfKKdPKLZPEGMiloPQZrp3jzaO9MEzE8ytRwJ2TJZmWHZKsuG26k5iZv1gXgcSBNRsbFqT
I2JxqQvTWXlVxVRL9KG37mVGSfJpFEFGgIi2pYA6Ob0XFCBXgrR8PEy94YaRWarFAZRfbX1JhOK/AWcbWkLcX7CLM9ePIN60KMAda54jrW59ZqC0Q+SZnS
jM4A3034BHjVqkLLls70Yq5Az1INockIRy1pYoSQfwNVkrntMJJhRw2Q+4kiWPRlX6NJmAWrym+f1MJ2kw0CSmus/+dm+a1xDaJcD7V0Wah7sPH3G1LxfG
UiDlgpqo5zZ0wNvk8WtTviVmFQfvV+bnK5sjgIyzByCPKbMLAwvoV2oYV39NEdKBgFuy0etyNFrLG4pkaoi6GLvEC0OC3mSOzL7RfuSlcJOO1rObzhh+t5
mXyWZKshYYTVzBstuhaRY1fL0dsqmySfy4HCQOtaJ69VRqp6B8RZIJB5nZh29W0WYbAF234jCVUh/Kvb6uyXxX42/FrtrJIHPrGKEYRJkodFbmupK67fFF
oYpYgttoaFqpvrcQhiLwA8peZUMeRZDkZSs+oA11va3hBevhJcHqXffvR47F5Cx3/Fb8blcvaHVJfA9eMXAHAmUBI7PQIPTkUmTxFZTqwVNg0G7RY9oQbX
0hb/JIMQo0+vqlQQ9wI0G70OfofCnCQ4S+aT9tUyK2EprFMBhgQh5bVJeuciKMiPF6VFwO7y9P2tk2XpgncYfZUJ4UEkVkWVqhj7pUZ4NYMa/fXTo6DRRC
2uBywQlRvr3mIvojCPlcMGS+tiLoSjM7Oj8MJcFXXUqMejgcpDPeetCC5hsZzhOXEJ+NhhXe/PWQmH/OudcBOH4DIoG7jgr+ny6MeV5NJsNCbxC0zYlPnE
j3RimzziuqqNYStwObXNxo6cw4k1jIs6D5/Hg+jT5GEcPR/wj/j5/Z24KsHy8ke63JEqmZ9yOCADLvoCw7lUge2didlIaup3hjSm3an6KuAF7oTb4n9a0S
rQleVc1kRP6Wk7B5bisNeZ1+jziprSCrSfM20ysLSJeSPDqEUP/J7F0ZHNxCLy6TCGPtILTBzjdBCzXBJ2boWkBo7kI5pDiyMSfGud+hMMdGgArNK6gbR1
59jPv7KAhiQBy6J2SUEBaQ/MNKxMjml1n3OoRGmZ5VcvGCKMA4DaNF5Ht28AHt6AVfwJ2QuBNR8kfJck6aclTg3PWZsysC4vfOepXTI0ofMtwBJHOrJDTP
USqgDoi/IDbl30t83vK097Uh+ePWT1ca6lCfZTieINayRKvFKScmivHHxuqkxEt2cW8QHoNs8o4qSTLNOEUDH9IAMWSu8WJR3GPieGcjA+uOfpaxNbZ5qM
2XgqujEO4QMXtwdji7Gaj5OIIsVHH/h3LIyav404PiVbjVsETTE1jbc52tGzIXlzsB83Ois8x+o4r3AnZITKcYuxVULOD6nGeueYek4xLjYFCl0bW0Hdfy
EWKC3pUtcxk5Uc7O69Mh/0GjuVxirQiAkdPi7TNPJtS0kr3jC/EI246Hqx8wtNOIPNOYv16i3ExMqSicbse8e3xZL4qVTdcUzoDyB23HYnWzTezYuj98Y4
FZjB21EY2WfDrqgVvcIwbJF0p5eRX1BIQAtMvPxEUOvPiUWcG7Oq4jxbvDxDeaEtUutIE8GF9KZlFxSfOzxisoCYiHEsj4Ze2xn4CyOGP3hE9a0M1/FPi8
hFNvTn50buSchos9dqANJYlfnG42ZSscxTwx/hzdMSj7Y0GTgz2V7LVTC+zxLDm8olnbmbcDkImgOgcU3SmwSkJEJymOI3Ic96ZlMCK8WvDc+1qU2KB4aN
sTeaIVUHzTy9CvVgq5jM1H3h0CRkQu19T97TWRoEvVaDs1sFimiZJT69v+8iV7KpFby36Osg6MI/s+R5dVSrrE6cSCQF0S1TE+XVvlzv3L8hlSk9oDKanv
x4ae2ePsVMzbp6DQfcvDbPT2qMi4JoX6xrWtCAq04esHoIEkMSZElE7zShHKAEa/gLYSBUkqvC5gUtVLJQ+s0ocxSr0M1kUSWhCe3+SDK/2YSj2cIPrkYh
4PyzbFJh8hOPCqNydLto+Y5lErrv7fsPH3/56d2bj/Bb16UUEU/866JyOSQYAewDhhugJSxadEg9ez8JxoSzoCo0BUbez7g7+kSrwS7IEjjg6i4ovPkosl
9h5Hbqb0f6eRocaispCogj7T2lxCDcpkC5QiZUp+XcfXQ9SuPjJ0ApSjs+P1xcJVwa5eyN9QIWWsUjJ2FNyVSKUo5MNTavb06mYrGteWrp0lOToPuBGpmE
kWsJpBsbFL7eeADmgjM0E/pDwmN6ZX46ygm7b9lxV6XI+dVctM8G4uv+Xl4gxQpbz+yhphPojCGpVrFJ1Za0nsksW9EKk46F8hOKT8iTBKlLlANU0nTwGJ
Q7khSIjyE54VhXE3m3MH7iVRsGawLhUlJRoBMZgIgoHgY9/hgFvxTj0ZgAOBcWb1ixrekNjv3OTqvFmPlYN2cGTfRglXChZGPehQ5Mo3OaqOJH3kq73ZaS
cfukT6FDxg0VOWhgNW6VWUl925tZTmOfizG+o0zFsQ7LyE4ZzEklBd+ZUmFN0PbA+KKTWsK6oCOh4RVZysIjKwwJ4LApSifolxuAoxdbLl5WJRa+nFl90h
pJsaqRdfGXVbLMptcG+57knzEqdWIcstCKXbAVvDL+XV+Ek2ep85PpqqxHXPbUx6iUowsQFIUdMtopKpEo5Bjpzdto0t6qpHnu85b+0HfDwKjjyDmqvh54
tc2FoL/ijH8aNdIUKJnAq/nELKEU3tDIWtLX2vc3obuH1w/t2LesXmCWnzYFQ+6JRThWaUkf5RmrUORKoy5xCrQ265ZBurSt3CjvYPuImpH0g7QfD9myXv
v+VhwGb5+qhRyZZteAAYfXa0j6iS85lSo1+SRgdKlBg8oePoxtdApo+qFsxxBejTpuKkI5nImpedOy6IroOkyZ7qktGsGoU/2IW5O/HligAEVjGmyuFUT8
wQP+AFuIKmO1rSt0zY0945Wy937KOSgCu4BUrYEZd0YlXsLM20CHFN6Vk29IDCi9bgVyoGwqAIsOuNpqsZQkDHJwj6Sq2fl8Oi3SJtd4Anu4o62XhwuczG
bEjlbbEVrtgdpAXDPpPObRGz6QBj4IruGW5M5bJpYZTdnMZcAdGfEIxaqotDMIPqtGrm07+KFrRhZS2pH5PjyiWpWdkgFTxeeuBxmX64DXsu0PWEKYDLwZ
Sg1vlwbmg7YZmxKefffqLfpLhSiZAewz4POUFXJvwoYgV9zhTNPIqxQBCooxmzR6Sp/mFJ4YHgGCFyk/5ysK9c4d/P7H9z/98Ms3r96+/xn62TsgFdEi+w
wLDJ0ZEVcpceLnCfaDATSXmCAJfmTWe6vgcJhwZ9hs60gPvSG/8LmkBCHMae6LY20NMFdJQ+4p2uCNISeIEeKqdAt79gW08S+Jb1FyZBT7NbB8RsCqOT4v
UoG8fx6EnNu4wBehtZs2BLjxJHU2Ie5LxwwPFBOLAsEXVnDmArmdLM3DMRuUwLR54Gs2xcaVEj7PmgSp+HGaD3xAnAgGkbOhJS01hqbyxO7L1jiCrhDe1I
yDX1iT56+052h977zKvgmHDKFul2+DjluiKnZG+s7snr84NsprNWyjUJfMZnFDFcN5OyY8tKbOvFPoju8FLFR2gF4szqpd1qavbGBOe4a//+ntxzc/vH1F
eWd3KcNsT/LNmtSz3f1R1TfiI5ymGuxSuH40d1Fh+936tRRRokNsmv6N+vSEubBn0tzTgApifScZl82373/68c2733+o5M5zEVZfkuf/IDA5fYFimafvpw
N7ZEszD+cngkGFBsEw7KJABMUU8vGIwwQaG/J6J+JCgcF96Ni73syKucZ3g//8D5OkgDylcvmcu1k/qUXBeXmWE4dPsX09JmhBtdBUjDzmZGDB2tqIcQ3S
gIlxPIqNbMxqnYSLoy9iwFJjaSC5irQZQ8fFL1WeFOSgqOJtW2N2Xh9zdtBCo+V6glGIABbaX2bAxbltZe9lHr2XluPF27e/fHz/jmG2axIjA/DuUXrkAw
9ciTr6AYXq0ZAim3Co6ZFvYIZDpBylpmnqO5MV9NyTj8/u32QYazP2M0xz21ULRWk6ll6rXmVw772fWiqhQiBt0Pi4kAnQ5zR8UlWlpFeUl5fu/afeHQrF
0rZf/tzkQqK0ARwRvOKdCdj3Hcb556Gy79CWAUvvR8Hunu71KOgd1gwJau44G+PYu3vrIWff4bgnMnY0YrEr8ByVWxI6VIEOEw9MebKSjmhLScMIhZ3P68
VnwpIUmlEKr02hC8+vZQJYxdBZvdjUNRRUQ2VLVJnapP7jUGhITaHRmwXP5Qo9fyn9+5v5R9TXGyIXo4d1RA3mVGRP3LvxailqF1tVv13CXV2wdR36uahX
2Xya67yAGxIBVuROxFY4GzwZbaSHojuRD/5W+2/21wDsSUE7kRBS9td+cjcOd35TyQoo7sM4lDKdzfxxYkdieTVw6JCqQDEjxNiEHadiAqkmd5sStuW2rG
NIS5M6mAe71uuUZBcvyteZcG2cg8z0qOsZiUSTPTS9q+4YWjtSfRO830XJ1XFyGU5snFwPerwismOxrhLq2sILx6wev8AiG+7f46PzTcnbACNTNgC6ugyQ
ttTUPci3KN1dKHLJ61rb4+BfSKgRXKeW3eQWjVF3xmdf+NJAAmuRQehJkS4vMfSOA7UlvYniuJPzW38vAVWRuIbq6BgpUqkD0A+g9zN3eXSkRhB7USq9kT
V9raoBxJNDsR2A2iSNa5pWdWjsDTe1pY6Lm05kbRWJkg2ZByQkXnnzTTI+B3Aepxwl/it9SkWL50+cv0evbvj7LUeS9LDiX/P8Impqxg6Z0IGjbxVSrHlr
S8NAvQoCYagUVwbH5KnGjYLa3KO49Z7YArt34Q0sfrK692YXQ3MSfXxpSnU2SHNEhaC5f+PuUpMP5DlaTDCxo3e+wzStsH/HGCQNvzWMVFDBap5utRVU2c
eWYhsdEW5dnrsxfXMrW+ZxYYEJO89XfYSLa95U7MS5FccWe74g+h0FBrOQw9vp2pRMtbhFrlCnqnVvKtdFJ1kYCzV7vbk9bTVTXTghBU2UnsIJ3q21lZHJ
N2hHHbnyQFEjsYjvPJMjFRTTiybpU64LF2BIJleDca8KIgBq6CsFcv4hlnbs7KzyXKRp2F4HBV67JL+iRxRi9XtW8kVlhix75CRaVG4psP6+vRTXGgHPXR
QPpY9nfEErRRIaHCR/jAu5ATc0avMN6hGzTl/TZYgQgDv56SSVFSuJWC1UZY26tDRduyDV2+Mhck5mVdxLzuKonEtEoukDrG9SmV4sSvY6Dt+5yPZsvJIV
bCsSxs1EjU+xElVRW0kgjBiuKONA7Ck7fDco14oc1LhKcnaYr3B74K7RCoFMVMXtGJ+qWSmb4zc9xImsvzcUQumaKubLgSfoXwdLdhcejkxUadF2iPWZvs
qesNDQvFKmLjG301nNi7NsWurbxAQ2wveOBHBr6I3G8RTcx5E/ALzBQ2TYwi/IIcy3hrQQDtw5q2DsChL2eEK3hqrCTRMv5EzQagRLoAgtL/CSSz6ERIgG
1Q3VTGCUm0AokQ8UFsXLPxY0Xe40BTLl5kx+np4yTc+VxDlSFkhiLF/lguecVtPHoWwEL9HhoMmYrfBN5LkKPc5WEVgvsodEh8gk+ZzaGi7gCmSNvbCJDd
7My/yPWXplqEMnzHv7/p0NwHZIcn7ik9CWB7qnA0gaBRTj05tWJTDbvYqXgSTT2uJnYNetmtcPTZnpoyE3MkL/NT+eNgzjB1LwDG2KD45IiiGNRzr/gDgu
YGdiR7W9Ly/l1oy0xZ7bz3b61nNAxPuZGo15QFEt9bYkwmyOHiAhqtE/VR1EGRUHRcG3FAsBJ89u+LgAEmFqYwjHi3yehxJr4rxqX4+Lga4YtOVODSzCgo
rQSKcUoxq//nrkxZMzkem5OY5NjD8pniP+wL2NRzZD7ftprMPKkdGoh8hM9K6KDQSBxO8RMKNh+jmhkEX5eTovxJpG1KLwN/08TpeLigDyLEMvR46D+azZ
ZRqqhCrwmP6UYrCwtsN0GtIP9EOn0SA9n2GcW4C5GcnFEGUWpCrLgEhNZkUwyaZToMNGxrxvcWuGcy8Ep/Kn9SLx8MK7SDwzYuUoUAMO3Ys/SneWjdcrKy
WBMD8RUuUEV5xiQnyj8Y3OOCqQUgGket5sG+NlJTFexCHSbBT7LFpoUYeeyuSQ2yAwDoOt44b8TuiZNVa5Gf1YLNi2FbCwFzaT8ThWscuV1fCdrpESW6Y+
LcYVCVisWXJDPLNvHQrSeT4aMFTdY+eGoze3BEsTRdvwYWMgJ9EQUgMAK79DtI62kQy6FNcokwNVdAKWe5HtFCH/cb64htZWs0lQJJcpidU7x7Vc5DwuF6
qW+x8QecpN882msyIK4Fi4QJmQBgxzIzFguBO/EQRcunK3JH6ycq/cJP4Tz22drhjj6ZAZinZ/MzHRNuBvWGqHwhFLUzCA41jnKzZBAPOTWXphYw5wJxtC
D4xcGDZFdpsxegNUN0QlEAHGIQiDUAcjkMN5ngGLMakMhcPm3hr1QJIQU8MSsN2FXYXjlzbPsDK3v2VmDfPR3jyLBXqL8bQqnbMhrM2JBpf6zEZlowxpdv
aNqR0lMhkp700+0HA9cPniSG4y3NL+yAvawUGMGyXIJiqZBPDHHue5eTrNLvG62Rg548tWUcKlGOMDCj9cT5ZuwlWQVzvy5JNrPyqjlm6Hgp4EAbvEtArb
UkOc8bd2E7sQybX0DU7wT1GBirqzoREi00fER9e8vMv89HSW2gzdPrNdlU5nc7ReCtnkanJNuW9JvTFOPQZDtoLMrGp5RAvWzvgqfJsK+XuCGOTNftYpQr
Hglcv8+XckSGZLSAWaNCaXbEOlFF425hPenFi5kuDQWtfWU2T62ZbnxoMXE2F62gkvm0FFY23uPZf+MTZpjqtptTk7sw4fgUGYTBCc2zMvS7ZGybEsryh9
tr4v8umL2ex1xjspqhdhgiS/ieaDSH7P6m7CjpRcwPqbYRkl7zAOk7N8fK7CFMP8hrXAE24AkfE0QV82d8ugyQsHbcJ7/CSlzEku8TFbA10lBeaELZAWDM
m9CHri68E695m1l2ujpe8Psqso601YbGzDJFaG7PA1DtvH3hhKBGrBQaO0zQn6hmJcPuOnxSHGTV/v6Naptj+X0rilriVMQAFfebYLtNjRUNCcCqXBOG/k
heTRGHHoeWvoYD2xfGrwjCaCt0cKsUF7GkjJd1g78tOzUrbJIwGYyOXKGcpM+K71xtaQU5VmFb6lRxjgMLRptm2MSyQYzSZzcNqiDEctjeR8aoznpumwd1
KCb9hXtCUzoINBc4htxlJ11JDWpugHU5enhzPWe3E/Ze4SDac3kvQvEhdKR8rpj9DI93K4S95UvVgfveuflqcAedfaXRnvE2mHnErk56+/wgsJQXDSHG8M
PTOkRrKpBjVjI92e4Cf2KZHXvAT8Un6bV85vWmGUExV2kKvV481bGqeweu8m/xu7IpbME0GRc/BxbXASlam1TyZE1wra9KjyE624SRIiTa2YoBCnDxJNkU
NmdnqGch+T8d1KoH7/44tvX/3C+lGyUArP9vHWPNujf3fp3x792w05U6zYRp0uE9LP4O+TlA4RjNvR6OTZeWTlWRxtREu0rP+nWw9+tpoF/HxDwJINLWTF
a6BpOFaKwbZTKIHTpmFF50IyiZkZwxy7mMY0wbV7tnXRhnEQ1F+sj/08sZfpcpKNS82uVmdocImW2WBksqJc5hTnQUQXv8exBNWxHVcD93nqDOEY41Gdrz
VU5qJGX7oFfK56lQlGGLYCtTzJIiuTWXTcsDgY2AWVCpw9GT8QyiSf2oAKpuAlsbaRo1A5jIKMIG5cEIf0p0S9ush1faTHOSbHCi2W8a0JgDyqBEW8+/qa
zy0SlckrARj+RT/fMv8JbvPly4TCuj8MVO64nkOMbnUM0N0LAq9fyaBkjPRmaQmAzxdQZNKhoXEzla85caRJhIbbc0wKMFvhONaJwDSAqi3xrLolzIiWk9
g4GZF5iSh3k3Xc0PJCFWY//FosR0UkuyVuOF2U/Pq45jRpQWerJIgsMDYduQ0RgmaUEVZcfilPHH9vZa4Wf7FCv+IMvPUL5TTvm2Pa5TrGwDOBlkl5MccL
Gd9ZQobT9KDXrnM8qmYZHkcIHyjfBdo7mWQrz780sanNqt6EyfyUHca6nUf76IBClR4G3c7uo330SOnDf0RC/PDGEznDrka4eg+lO1NtnMNVi40COJoh92
O0yWisXmACwXr142renOPvcSFKmiW09gKeuKG1+tXFXsoc/UixGo7+URcN+A/RwbmHQQfW8IcaKnPqxaXbluvBLSOLfM3JvTyNOK4eQvlkUFnyx4iVkDgj
KpUMrRH3nGO2jstkGbXbJGWC9tYx5jDkl23SgYeDYI9YY5EQJKTaikSW6Uwvto2k2zKyz0eHtZF40bTrnff2XBmSOoD5QuJb4V4J1cCy+fcm5Gl0bWREVt
xHw8KnUBT9sNvk8kOF7WQ+PsuXIQU3wkYwv5SfWclI/1R8FUCSPyI17eEtSrALFAy0jw4BmJJmI1ZlbEo/Y3033AEPS1I7BnnEnZaO7rYkWyWekn12HIGy
CAc2zEYAfbqYdx1zeVO7cVyNxmwqkHw4YR2qR64NK6N1bv/Ituhrg38THU91/SQ8kwzucnEp0EwRqRJo/0QmdXlqFQKXWXr1TQ67GXbhdGHezt6jA2c2ml
2c1oxGj78z5lMVyylJAkOr4hEbx0bHoHdcPH2gEtona7vVZHwe2hiNYqtlFA9YXYpk/W82HUSKL6YWNsZEnaZZA+tRr9dvYXrj2QpBtjajWvVdPEz5NKR/
cQShI3uczKXRsBP3h5k8UuRYsrKmi6R1e52dArVreOspPYkotSqShd19++qPr95+GNJrLxEgcaIuXcLQi8hRu1OFOD9Litc8iog7jBti0UrslWFoYx7JfX
mXRlBgTA2MNIsuwvZ5XFMWR8NsAu/ZI27UpH84/vr+TTbBWCq4JARzge9HpxMQGY7NLBCjCFGxSbbLDPWXKBsm2Sf+nJEsmTg5L+HTsLJLtlWXtBBHJ6VA
Y8L/q5Ei828+Fq2RlPE4R/VElwIdHg0wM47tm0kdR7IQrcUOgo5AD99KRBeKCIIDCMNRzb+PaxlPy9Amytjc71gZL4ah/7eWT2o2AzxC+SdOZsn8nFOQiM
CrqLmSYepvS4XfBMYDTkUdmptj3bJxhDgC/r3A6ZLnvotey2qSqy516lWTK522Lq2jR4+t5P0uKjS7ohlbdjanKK1PSiVqbNHECz0ln8gX6Q1ixvlW9p37
MNS0cp+XMHOrkiRquL/cSG13nazStBLXYMZHaizMR0AzM+zHraZ6P7s4QW61e7HBPDossBUTOKdLHq89g+HXDvfJ+QodFntdwWIGV9UboYrVBvSh5BLNwG
Cgcqt3TVHc7lTS2ijHqqeRhvzaV+AKitfVGd3LCAggrE8rB0cPP6Zi4hAabKiqOQdXOy0+9fZQce1YerBgWO3l9+aF7aVSdWNPJCz/8wr4/olZSYHwapz3
uhTeq4cNGxGr3RQBf9vEN/xsWuDXjV8y2Lu+nXC+xe8avqolU617s0XVm8IGTmeDZUzFMKqGY8Xzi7aLFDSQ7ggymgeyB1EORV2jUgz24kWnx9ImqxDncF
PNOWW8rydlNaK+feN0RSZk7vPqVWwnVbPLp8ZIUUwT41uafsaU2w1/yAZgmg42NaEutR2X5FigvBVVahuoDpKro0lFlbqhrM4ieBSRNa5kl0PXNEujDXP0
4eOLj+z7aXsAZIDXVL4qrVqghbZNCNKnickJXa1C4c/wdtMx0KhAlFa+IykiBP+OKOGGvBYnVPz/xsBR1bnH/NnQTHzEsVhd3EkJSZD58QgaVPKChrJRy/
g83ATTGfp4IEpDHr0Lu+olpZqlpxwixfZQ0bWiyr5Z11rt/ZhkhAA/dhho07XBc/PDm9+/wyo6kP6Jyi6sDsvcaWyPoXXebWydnfQjkm08AMoU2I5NkiiP
EfrdcU2Re5Ism92+aJPDjdOgnWMjQoq42sRq8JSgh6b4+Lz+od8WF8ZNirX3wJpcksGsH8xSBPCWxGkkORDykbDWAmhfmkt2IkaYzxLNJ5hoiWTSTvK7gM
FDBWUqZR3nNqIxZrSEsgo1QvNXpOQ7fN1yVJiYFLicCRu22RwNczJtF4tKwvAyVUJtvRx9lFPBTXhK0ZUN8+hCSDsLDFEeurSTueyMk66EZ+kyrydzM1tI
Q9CCgRatYtyQSfAlGkZGUz/YLVpLjPmFRpA2vt6egGN+pSNfb7YjPW5IRMlps6xHlQfgS0wabJG7pKTdkJCoIYeYTfLTYFF0HNQTjOkktbdkEvKTCCkdtk
kwZNKQ8bjiJu1NU14hbDsyUdsk37jZmqbL3HO5qxwEXK/b09g2ZiMyZ6eSNKhlgjlNCnPzPqlgj+/yEvv1Ly0T/klpRn1FYP32pUu5ph8UzpXaqagA/NTF
xQZci69MoPWidJB8IJ4J8D4yttxUpTHhtzj4WO3+mUzaU/D/TPajZc6hwaymH9BhKgui2FSntFoC14tqyA5TR9ispnDo5vsFrqePFIMEeXWTxz2ZXw/40D
6jIylEzjNyx2JyYxAouQwGUCSqwyvtxzqn/CIVmwqtJoOr7i0GO2IdmYSp3vlUPNyJ60SwyhKHiRLgHefaPvPzhZtjIT1G1uTcbPhko87HIYua+oOEItCT
NYxyAaupReCgltcRS9GeYXWXtwALrfOCd0emyXJ89k3+OSLbKtxyEtScScxt6M6EpWjOysnnkZsxUh7zsY/IvVe0MrCAeHTDaTIr0lD7VXB7DPbZfLEqPc
dOgVes0mAIaOqLxxNljJeNNEJ/s3nShlhz4iZ6eIlfVyRWyKeKV37pYknoWDJaRAm7gBwyhoUCloHGggK8dXFsuXWAdGUlyDIiQz+bOkYoo+q5lyzOMXaF
8mKkPRxyThHuojB4i0JTMlw5n8ZhPV7NyMsAZ2PmyNrhwm4MmON5Xdwl5M1rZVcmkW4GZhrrllnmengbu0vIA+pNYqb0vUcRYAlu1R/evPvWRk9i91yzQn
iGiNOS48iN0PkjdgufGWK4fj79wVqZiGfN2hx76s4FFO47UeWoaWHVut5pWZsBkJ8jEk8gDJL4RG6+TqfDY8JlNPOWD5iFF8f2miHBmsutIcGa2j2O4zrg
ZWNDeGzc7D9g10YCq7Y3boDgpjONQ0EikjpjWAXKdMOOebX4ruF+uLwhMRVBH7fPae23bLbE61ddMIyoDDKh0OIh5pCxDzb6XGACRsVVrfKQ260I0CfLfK
GwN2MsDeVYoajQfpbZnWRw3SXXZGU8LyU7ssfv4ufE7foaVO9e4hRakefsLqiOIgrKx6FQh9aLXbAvu3kaF/LN4RmAS0rKpE1E6UAozIpU5kdKpBMwZCAd
ggNGrtqSiTTY9RbPWkNc4cQb6M1atudj6SQI/vM/jt2m6fn768ciSbVYHjSbeoXxEFXSkJyTRKAhH+2qdUcFxIsYBt6jkd0LM75ILRhDP1Hx2I6Xckjio9
CouGFh2/BB73wNJql21Y8PdpUC7Bh6grdZ9H3kv1cuk5YAptAWcqI4AQFVdOujL2mMlhnWFkbwDKwNtR2bI8g4J2UNtAsvwwOxDdIjv+HZb/BX1/sEa4/z
bHrVfJ+yeLuJAqPABdzoZhpMVo182H16zFJKd6PktCTrkiN51SmaJzXs0YxmqN6X7reXOgxn3czcyEtODdncIq86GrLi/Kh9U0iS+zsoso2hMnZlvj1don
7W0GrzVDMsH3548eMr62FN7gzsRX2SXudIt2UYLCRIJ6e4SjmHVmXXbRSYTInkgCoX+M8ylVbfvfjxR4rQGkYXyee2RJt4dNBdfI7DJy6PCaOTzrgovA9/
4Y8fHarwrjbC7ItvX/2IsV+7Nj7a72F+teBoKJQxbDsSqMZtrWhJPnnyyOVYFygZxrixa+Nb76eAQUd2lvJsaJCaIlaPm4b5pgMXA0859jsI8fINyFseBd
4M5yncYfQIcEABx1jgqMNljCm051HQ7qlS3rzm5tFHpBk2xXtEDEtgEhJAzxs7+qLQ8OgJkyx9RyVeHwhrugrujVdhzrZ/G+KFwI6QhNUJWNESnzK+MYtT
dEI/qNdqXm4SBOG7hjRuXoA0Omt6wB+oJKqGCFFYE4tWC7iJUhXSSi+HHxyDIzeZ9IzV6Dk4AD+wE9mxc3UMeWWJC5FT0719a/5bkXJIM7B+OnIG9bk28N
txQT99GsIAiawf12YgcCJOaYMPIkpUaQQ+7bMZY9nWHORZcSn8pvhUaCRnA7zJkWOHdFjZ2N8BhjZv/Qn3FHYHCo7LrFqxGyNT4cBpIvsO/LiBGEHjyB+J
3JGuma/0kigymXB8GFfC7Ul882PMMfCoe3mGFgyC4x7agG2pMdhEC7hdWQpk5YzI5WHQXwNqPb41FJiVgMNCWbUOSq85UNnEFNnIhKqaCxjWbY7txedbZb
mQIC75jI/iwF85nWIqcCR82G5LjVBilbu4OViKaup2G3aiXg0KYxd7tLUNBrVNZh3WFQZsaeQXtxwm9SHPoA0//5Rlfo3L9IS0qaJjC5pj8R4bn2g8/mhh
Kz459C1rZV0VEo5RQkJ3lvEbrIz82G//9u/Ei/32b/8tFAn6ZimKj5o4ejA2NDKVPPmJSYBnz4jCqZH9lvXhvbCJHXLMff1w2/M0FA7eLCFeDLHhqW0pSd
zE8GuDSMYpGXCr6moZ3MLg5Hq7iMbturkVdEQhPC8NLDfTS06Ch1UXCSDliJzpUJmWXaZNgYA2NNiQALoSh/QOjRCbagd1oyKxafriKWvUJM7PVeEHGSOe
q+tFS7s92iVFJqtGu8RBusWtM4868CU9a3qKkg/VOE1y0fCqTQAa4Nq2waH0AvEmfSTpQHfbVc8gpyNhmmhZ/r0A/GbtciHf2yPywVWhnbwDU4n0BQ2nlq
IiilA3Akf8K/WGDpyHZmmYXI6h9eiYbKI4DanJuOO56Xv9N6+UKfCDE1/ZA08ncRKpLYInD3SL5LpGPbpobVWgZLczf7C28lfVBoi5QJ9SuTA4hAjmoTIu
fBPKPoFseGEza2yhvak/lkMokQUhGf4A6IBxOp8kcBfGXrgxPhEV6E+rpAzZe4njowfWHNQ/ikd+8DYyJrPGcZZokLMl8kSuxZqWMi1KU0YSxtjGuUxmMw
9eYXDkZV4JhyhiXB+jRz7s+jmTgMHyoVturjZ6jPR0VfiUTgJtOJkEU9oZMQimnlksCqDbNrmA4D0xfOZmoEaqudpoEA+cc+qwO4JXGAeK0rahe24bnnuV
64XbYv8FjBlC3Yh6T51uBOHKMrnbce1N3g9XzHgkX75KxmeRvemyhhicwmQoSsXlu8xGOshmAx6irxGDVoEWVymUcQIpIdBLdm2YUdc+2eufEC611nwKqM
HKZaHYMCvAQjF9E+lTQ0T1McPSG76vhh0eBj0f9vKLtAmL2ACGjsS20W8rBtG1a5G8LI6rHGoHpY0vWSKNkq2cAtaLzaffU8sgutVcBx9lDKERKXH6Famd
oU03SvwU5WEbB4JOUGBUudCI5f4+nWRJxIIZVMMTFw7roUQ1A8ep2FalF3Vtf+U2LitgMeYkyvSDvJoDojJCuYCqNmqqCkraCtxtZM8S9uGxbei9qVJpdS
Wj5nSWYxh928BOYPK0tVkw5oFLmeuEcNWdlybHaTaLVJMPvdHGqouHXhdu64gR6jjOUMItawB9II1gpoCa7Dhj53ELIZhlCROmk98vJovExQC0lmE6rTIX
Qmo1JwjL4kpA0QxtduCLJwF+W+bwF7Oluf3kTjDleBbryLOZYcQUOWD6qIMxutJncUWIr94L4ZZVohy7TrbLXPgkUnhVw0WYNUUTxEauqKL+sdRu5nM7cL
NHujFu+nblj89ok+BDseNm17PJuk3JRSoRujOFpJgWAQTFv8T63WPBlSwlQ2FBjek2qS0yD7ZaOmOFK3Zh/61IiVetVZ+0RJ1t5Lu3SHS8zUfiPuO4rrXT
IoodP1aqt9O1FHAug60nvMLoVeE6sKUXyfIcVlU9MXWBq7veImnRshMciO9s2RKln+E6pfmTZZZOq3z8XWQXUp9OA1FsTiqBwIrn21Ntlk14sAmfYSoSdK
/1BVaosTuqHlwFhkr9BlVZM0ezR7bTHG8DqHGTNDvxwy0zHo2ScsMNVsMiUFP1CFxvY3ebyIcand6qHMXEhDKVexlJMwVhDk249aSTJyp7RRaqqXlbJEHK
NC3Haf++M6lK+4aab3o9ABYIGRvR1EI3KcZQPE/TBTA7hNi5jCIsAffgXa2sKtpy+5bE9QEYPVCpGJ1JKt2ztLhe5PA2zUqpZqGVp4HPTMZBjbmEaoqTNx
8+DGzS1soXD2kEzQ25z9pUa3syCi3tIsbZKTdsxgl9WKCQPxmXy9kfgLi2Bcms9J4v0jL5A1LddbKHCAwGZ2DAsjkH4rTJL7RqO/dT3GlpDBzZyqK59Bkk
i6Nci6EV6sjJA2KgGzddaaqSf7lR+3dLs8E3tpqUEp4YN4fTtJJXWZFo7sx6YLVjjoEh2nrNGZgp3eS3rEZTU8Zo97rGTwv/fdu9/wGG19QADlvXqTeha3
yXYyZoKz1/NTeC9yre5XvU5lFRYbHR+eEnk9+OtIRGsUUZqsS4lR5QgOGZnmGIzgyTPvtlop0N+3uLz1TgXBMSlv5zeFMRGLDNvLNgjSk7neQOfPHmHd2B
pk24WeSi6U2XsbKMJ3N6I3AiqVRgW/nu1Yu3H7/z5mjy9ak5fueKTG8HB5UZcPpYDEDN83C94aPI25VNrkui7U2Z7axdBZ6yjPaH92/effR3ROKv6NH+4I
pkX7gEiXU1Odkfecd5TEsyMy8qiSbPGqa/1zh9pi2wjVDN2pj31ybb5AJAV1clCyFSRPzKBCv1o72ZmE/yq1JVWTKYqs+DY6SX2tZ/SF4Me6OROGL7hiZI
T71EUs+zgvyHeRroUEb/CCeDqvuA9pTmVXkpDEsQmRCYlC4otnnpCLzknQOu4ixflm91hEsHZrNqMUNYrVigwhj8k0BRAnGOHIjQ63o+16j6BYrgurHO7d
oiPdnyXNoQ4JlaeMD3GM8N52uS39HKvP7p3cuPb96/w4AcP33/7oNYgv7/pV3bbttGEH33VzCsC1CALMdu0gZ2LnDtpDWStA92Hwo3tRlZtoVIokAqbQVH
QD8jf9K3PvRT+iXdue3OLJeKkb7oQnLvy9nZnTlnMDY9CcO+vFFM/YZOBNDIC76Q8t+/6EuTA7sbbmswY5BjfX6ZcTi9Rd3DmvN+1GfwnHW9F15omadUgB
7qIh8u3bybukVxmPeV3HyEkiz5Ir/dQXTsGKmeDl3ygRByRDlLiFeb8f3ujHd1xi51R8Y3Tn4u3NJw/htcsNl/k6o3Wb6TeQEy+1wO7EI2D9c0/6t0TvOy
LqdNIi+Sinev0gzVlOvzy9GcaX7W1srkRGsB/KI1jNg7hTbvhPHCxS3FW8X3+t6PL85ljgdvAdSPnM54lcDHjpuXM5dReOlATehZLAe1qMOp/waYbjNdLp
sEKBlO5xQu1wvy8NoqvgqXawwBOVvrs6/VPyk5YWZOOSROhYqY0z3LOmuofaJXCb/00OakMZ5vw0LBShOtF0aA2tfeANXKGbtctbMmUtH8wD3B7WktO5/C
E0BdfF+krNaueJCGC4MsiDyu5cf35VJW0qsBOFdC5Ay3++WFdAW/MGwbQEQDZefqwjZfr+yQTRvCGqJaWej0W6S3Ausx+vHwbgwkuyTfUg4pUBUljxu57A
SASsFXCTIW6CeYvogOtx6yRt6CkjGHIlhmrJ4tRmCXZ7w+yRzl1x3FwioBMLwNVOPJVsRgNIDlJYFo2SGNNoazryAqT8ZMyshBgkSqb5f4PcBjxFXKYZWq
o/xrcZLBXUiMR2ZVnRHzGZNDLff01JGQFE4aUpyVNmJF04oi0AS9zxOy6o2vpsfwaWYk5oJP+BlzewzmCW8pVYvUl6BqoS2OwSla3cr0DVZ/mFmFNSAyOV
4RLNlrL4q0DYfu0Edhf5IZapYgY+vR5XvX+GKKUdGveoY5mC+2472jjtVHGoTwfsEIkU48tkKfw/Tds6DNDh4BrR4jxt6PmSBjOsI0a/0YoyhbJZljYHq2
X0IxaX/kF8evnq9T9UTnMhw3hKR02uboa7cnp87lHS7QJ4MaiuyH9s7Omw6Nj/n9/Ls5Rsa8VMnEX8xhYbjnKVM9ywrkVzmnxTHvZy36pX4kDZjpieC8ol
nd581d1qkV0ntJqi9msXlLJFJkPiAVJaqYeq06JqeYt9YLLNEb4fogqvqj3fVV3827quf5423dwtjG1RLuIlO+3xdnXRol05rQ/oSLKlrz6Jmb17BBJXgi
hRLvqrkiEEnXfadV98CnZAf+UUftSfO8Q9V3QtUFdrm+8pbbyNSfpZBhwrLNQNbYy+zL/98M2SSOJ2g2UZXqrLne9Fjpa7DfuKSaZ7mWO7v3P0/HtwoOsv
rfWblxT6cUGyJCMkrN2IeLYoUG+ZuMMvPgQazMjCWYiSgy6nhKKzJK8ra9mpXfCIZo1aOBfNSJGFGx6nODsLqWAG2rjy3lpFMxYVEdAEV7CaSsKREXnFi5
YM6pWyPzY/r/z9Q3Xj7/GYAw4Fw0Gf0xXiy3rt+X9eUWgGYgJKaaOosqOH0t6qV1xphUw3Jy4h4pr0dg6cLIQS5z2tlkQ3DMsCkEgb+yGjiUUhCgLC7KlN
GEMgSM2iorzrqsF6fQLjP5L8GS+kR7k+TFvB5duZ4DH+6q3mqGkGgPn+zlmpZH4A6bGAxlylY88EzwWFzpNsWs2RxRkRzVmR995tPgDHaPgByEb3Fr0Ru3
+XwSo0Avq+F7YDocyI/nkxH+J58NbMsJNiUTYC6alScoRbBADg2MzYq8gqjWBcJo//34Z/YKUpHz9se/s6NW6oT5kvaHfZPVT+gEO8qoEtSJkKlcx9FRfY
uvBheRQA+DvT9yGvYjoYud+Nqrdpu5R5ewn9lKhJ84Hmtgy5gAn/RJA+GkEKreGpJJr3XyH0WhAV7c3yL3E7kFPA1nr0jYZADCVpZTYWeQTp1ziA8bxx9x
65c68Q6o0AKJFHoxsrbIa24mIWv5TF6OfIKTYw80d+XzCHaZegBxOO31x0/wBsSm8Ec1gijEJVMOchT40PcAH36gwGd7A2ZyXZ1WFCqKPalbPDPqLvbcJv
1OBn3V/UhGvk/FyXXjXTbL2TDEYYhqhGWWv5dj4C+czk+rAjhe8fCCti5RHXVoPYBkHiPCqmxu8FzIfZOAKLZ//aLwE+sDzqjeL9tCNvoBFcPe5rbZkcEM
ewWZAumuQbKfCZyQsLSCXD2e8ZMYk9efr+lu0tZj0304tYjRt31P4P1FTyCYFDUHSbYk5IiwWHV0UtTvFPsVw7gpG7phBzYnemBkAefivMzDySE+CGZ1aT
5cGPg+6DCssyE9XMAg1pFpvdskbWZHKHCfkR00Yvr6KhrTH9zGSsWUlpXnmAKJLm5COGYO6O6jC4cYzbRrHOC62UBYghC/WbFwNGo3lpId+r6IkSvUlfJ+
KIzPX6CGhTq+60VvtNoSJhr9ArMtKPeIgY7kK0nHlZePdxN7RJcllWYXRPiD6ycghavM3m1pkZ4sKlwCw+8xe9/k23kPPYAp0hJhyIXfTck+rx0T0CjuHN
QLE7R8YlFnxcdybYnEIbNuETrS3zkaN7SS47EoL0pmLPpZuEqVUMrKtJzz5uK0Ho1eYzw7mqG9VhzUi4N65NTkiTkgGGSHyMu+5+mYq5oMzsoSDc5OdJ6I
Z4v+5LGUsYIYgDQyi8r1WuaSug8Oxuq1bQj/rXXt1/hfQp26uwNkwUtNbwykYQ6Q9VMc307twOhtnr07uRmNgDnMZY4HdawnrFIDWVWLIkV9dXZx6FX470
CDV4exTmY2LgOwKvrYf+OpE3TldA5BGIA2ET1cyuZdA01FRDNEuZ0t3bAtXBnviMx7E17dahGYBokJK+LtEnTqP39lOTMFad17f8MyRe5vYFh2RZbciyYt
pTDxf+kSx3GjP9Q3+xteD5Yg0CHsgDS/za/db4X+gepHfepmiuJa7NQ+w7LjalPNDup67HSeAg4CfZAVeuaA6G7pVlhy6K+W9BXTNou0h4zdABwsTqBjod
XrHob7j7eddjOeL566X+CbCt83i+nk6cZ/
""",
    "man": """
vTxrU9tItt/5Fb1TNbUw5TjAvO41tbVFeARmwU5hMrNTIeVtpLatQVZ71BKOt/Lj9zy6pW75gTHJfEgAqfu8+rxP2+3bC3HSu353dfbvy9vf7169fX98cy
oOxDffiG9O9GSaqk9JMX9byjwWB+399j48f29ULuDlRGax+Wan3b8Q3ePrs52oWn/3akQ77l6J+qHQQ3E7n6p+lCfTQsBm8Yt8lPxnSwzLLCoSnYn7efU7
we7/3u2961/2d9pvxAKKnQ93w8veu9vLXvduePOx3W4LfPLu+PbC/r3Tvs+XbhXq0zSVSSbOL6/OPnSuLrvw/0nv6v119+PnDnL0cfXeUS6nY/EB8axHMt
aFmcK/TdaaaKwmUnyIdDZMRp9zNdV5sYYIfoKCMqJ/cXZ1tWapBNgAOVUyWwMRjnT1y9RM1+yMpuLDee/q9Ozm4zpp6Adx0evfig95iYTA+Z6e9U9uLukI
d66VNGWujCiA2lB11KPKa80g9fmjjEewNilQZ4ox7BvrNDbtHRS1ETJXYpiksELnYghvVG6OxCwpxrpE/Zu3GE2Z5yor7IojVNrECFMABiQ5yaZl0SZKwV
Cuj7unoIm373buhm+eViDQwZ13eQLQEZPRZR4pokDMxrIQCk5FpEmmhIxjYFrTsqyc3BOpCLcD702BTJqKeeMIaGhhjW02TgAyM59MUI3so927V0MQbGZ0
qlriD6Ozlog1mN9E5ROZxC0RmccWq/ck3XOIFrUYcd3I7IEZAcqHySf4l5ui4w4OfsYKOIL30VhmeFR6WKjMAV2u7qHIfun3uqLPC0EJWC1weZlL0gPkEc
/XvqT1DMmhWbCSGoP/aghA7qUZt8R/8b9hYsYId6pncBZjlaYVPN+UEFZfzkEKCrQNdNqIB6WmVip4mOpTITSccCQzURoQOmruWM/EpIzGR4LAdIDkiX5U
cMoOC1hiKAl4UMpUTOVIuTVgkIRf5bAVwKs4KXTeoeVXIPAS1gp6m4t3uS50pFOh8a9Qu4kksAn4tULvmXOAA0BmBaO4huNNIRBkBfL4TAQNT4A4LqSHoo
XCHyXwE6QdWTWbSUNMqhjN9O6VlVohH6wbkNEDWSpHBDDUfl+coxU4tLgryaK0jBWgFBAq3l713iD240ymcwO6lKVzazmkuhNZoN2ATilZyPtU7fmw1Kdl
sK4UsoJepgnoSPwNF1mSkV6Q0EromQZqR5nOFVGYGg3yYTJJHiAfwe9NS4yTOFaZc3QtkcHxDCY6LlN8G4MXaYn7MknBxh9VFuscRItn5SkU4pRpqmfA2G
QKbhuxolYzB8MEAj7AZaMramKm0phQxhP5CTwNLLt7dT8vlLEC6pIuPSRTkcp8BHpC8mGbMGBGRvtATBEnGYPJ5MQJGR0rgunCI9pYQFLh7N+62FzJWAxz
PWkq4m6shrJMQYMJeLswe6QkfPpJwMMUxKqKBtZbQJImE3THIACKQBB9WnTYlgbeB6erQJIexlyBv5mA6FUcnPJEFXkSORFdXfZvERFmX2XBHBr0F6SYAN
8o8LDzKNWgUEmEhzjKkiJ5BNcylqkpgPUWcJeXUQFOMoWjL6dpEpG7tJ7dI+oZkAKiPaBAbUt4Ghu+2jkHraloUDFHBRnl2hg+fh8skdcE6B4yqFWxjXlx
2oQSG8pcSBt7UCXAkwTIwPWa4u5VxbavpL/Yk6UTtQcO5/sf7xD/w0Y4loCSYnqmDDJYhWnMLyCVqOB7Gc2R2O8IMDXvJA5/YlV8C1IKyBzKJL17RcIkBT
n79Yxi2BWEJlOIFDKj1BoorOTcCWy2A+4yz5Js1BIqzzFE5mC7EIlqlPR8b8Fu7b7AaM8BNEY5dAUY6jC5moDjQcSZ6DpcAeFVSmYBXZ/d3lye/KP74XWX
HP5VJVYp2AgoCpPQiAF44+ByCBkyyYaiA/LCuRIHb12s9tMjEGrDwIgjnbFJsXXtqhR+hWM5EsmQTgvYjAPDgCdyYgaRLjFG4YkDdYNYTYtxw9JYNweslA
ExM+CAHGNTLt+SWH4jAdtTFKRATEgH9dGlDiCzR5mW5HwLSg9JSyHMzEWeABurRDFWMi3GoFap1rl3xJXJsb65ZeTFVmoCODv9h4qKvxvBG6CIQa1InPvr
+qghv1KY7lpwmN96JwEHQAldFtOBk0ajmmVqRudNYmN9w53kT/M40LhZDsnBSjw3tAH8diznfzc1JpvCH5FGEdrEWDUfoSM3qJqFyonGwDI1BBuEvAQ3HY
TEkA1yNipjtyRtckpvATjniBjJyAps+ELnFgRCSFkcMzdn58wLgeFsxTkcP9mGqIG7BKw/IsdQSRjqH2P5HOmCxepjs/tdtDNAXYssbGZFk2lKnUHbwN2F
AVuu3cjvQRKUrVUPgriSDIeNYwthSVFmyTAB/nApFjT0OIzzobmBC1IYzklTycLQW9tQ6nIYPB17NiBOK0KOMkDujAoA8M69IIsFFXDE9m6uj28DM9JQUR
XN1zvn9NjlCozRSx/waJqJg63XPKZ0KKIKJ+fYDfn9horpYcPEhQwoySjGI+JKfLrBHybZuCng48M/cP9HHzi6bMtLBX4ICSqkmis90VSSgwGDsdBPL2/Y
AYKA8CXX8LlKJYVPAAymymi4YNNopfBcp6ZDLwxWQJCORbNY7CLLoN0PYOSgLOAu8N2eICXiNDnIztzugMZCT33nd6WyEeiOPT0uze0faEd+gvnjXiOtxv
2XUN4IcCWTJMPUDAFQGuB8UctWkgBwTkWCF2TRO5koV3UFzRmTLqdeMHnzO+Lp5chdXTGj/ngujyIJKnfLBd6qReJxgAsCJqC8o5ARZGfuIWSsKbiv1pI8
Ixl6XFM2iw7AA/3oA4Wa5F6TTuz0Mdo1Oj+UaoUyQyaLxJYDuMWdPFWMZorlQI3sTx/Zn2VCOT6ejCerFufcnG1wlYFeqJwYcqMdrIJcatJaogckBShPZf
4QBCiAAM/mKxEGWDhkkPOEfCONyfHeK+ey4iVR3Tk325rqVNKw0RlorKOFTangdcKVGLpkFJsiP8DZKObegQ5QPlMhoty849e5Nien3hbZJ7PBj03Vf+M0
nvQ81siZj0Q3Y4CPiwTCHoZhtmyAsRiwaVCd2BgeYZY8k3Oq2FBxiKowbxg78zkWb5r4mnDQduoiRBxXiOnPN2HCk4P3Mks58ESG9TNGZnrO1OEJohhTLT
GmQa6XZJ4+oCtkOVsnHsbQ3A90Fil4ELsF/T1nkEQx5bIU5dBqrRZ71IEZJ5mqMpVAcJT4+g4yUApuRSD5oI0RwbYFP6RFE5nNuXhxuSJiQBIkuDQ+vwme
F+nhBZgY+Obg0MD+q9T04HDy+XD+2WZHRIVrWnaqYpD6LdQWuDg7PgV/GENZIHb/fx9yEgDQEofzvZbNm/iEOc0haw6rNVgeuMaG/20Q4BKgXGZoXJ6Ltc
YYwML00SyBQgeFrWIAgZoQq1RhwUnrXZbScpZFHSbsEKUacpk86FpNsFBcgqEAAHQMgARqN6O4OivBZPMKA/5kn7GgDmM+pWXG6yHBsEa1A1YudBy40hFe
9ZqxVY0dajHLdaFIC86yEfDarDFlHJSqv6EHQ3Ihy9ZBSEblwrSBfFNpMCERJ+/eNzp6KiqLqjK66P1GvUnQoJmFS6UpyES3sPqJQEwtwWSgmhiVJ9LXFF
y518iSIZ/Cts9Yx6vQONCKkuS8cBiHGNUQzVTOsnVYJmqCJwHVXFRzc85BFbMqZ+eQTwhey9buuMQCpTR+FN9v/xzmNNzfw8Crq6Szf3bS6572uWcMsS0m
DQIho8uCKtawiXO0ydwZHYl9OhiIqlzFemkUe73v64O7frOECsuuLajJh1+rkaTm47aoD3/8iZEfHO4LhlQRgX8GZIBWbCAL7m+gd4GYT/V9RQZ7XAzx3K
qKbfcp4yIYTA0cBzaPuIP2Q5iZ4Y6FzMw+3PnX4kgCUQcjidI1lZXM04SKXYXDjCmQZom2CSLzIItF/Bh5wlSeMGOtl3GNwCCW7IQaG3zxaL5oD7JKTR4y
PcuqAp2LSEjwKJk1yX+BEZQ/5zUJtr/FLthOsUfum4I27wRi8JwjnFxkxV7QFJYFd+FO/ClTTW+0ovDioVTD7703ynUAF0ZWSGOKMxCrexT1wylFUtQFlh
TtunlIs9Q2uUbuKVQ9BzRq7G4cgXQeiNE67/aBz7344pB1cA/q35h6hpRBoadmqRXokKBCUo0WeZIVDe7t7N0bXYXsc19nOgUlI8vE9TaxwcqHrIs7W6gv
EB04D1WZykMmePrjBRj9YIMLxXlH9xgVBZIkiN/Ue8hix6TAdl8NMeg7j1U69blIsMGVTuvVvzZKFmPb3TXb9iGPnIVX2XBbyNGHrbIySTEts1Pm7vnl2/
c3xzQR/5eakwddevwtlhbBxw6g1eM2t0x4ahrxRQ1BR2WaQ9W2Y4i8T9sbje1iDbe3xViMIXmDMQvpSwzFGHamB9VUTOwOQZpI6FefjjFymo8N3HisRv/s
MRmDm8hPA/xtUI3JrLg2mpIxDCxMeOt39Hv7u9Z3bTNVEfwyGNDbweB1C3/h/83rljpUr1vRHGdV5vXezi3WNhhXOlh+Yqgpp2CkMre1FPWXqfcBaRpk91
Nly2Kv5c1xSld1eUjkiAy4oPag2MWKeW/nrXtmUVM7BJ26U2h7FaIlyoxGbfGRHbnBIokEzNlxUogyKLF6gl6P73aDydtzJ3gOnrQjwrY3r9v1xmf1kKAa
nvmzs685z1sg0VsyUBmaUOwr68YjuQqgG8GFIL7MKG4p1RCyBoV+UBnL+cd9NDEQEgQ5dOgS515YPpBnplKSVz8J1BVXALMGCdl0thQorV6AWR/X4FFCup
+xmkUpGHgS7e2AX6EWdQdb+qDMVEhSka2htOR2BXa1SMcjaZahcFoQYACfL/M/zN6O/eXu1Q/tww7bC2Vo6P5ZiyXmkciOOsJDKdRUgtF2xOfPLfHPf9p2
d1RSiALqjDX05gxzgTCS0CCYme7i6PIvGpguWiP58AGqsK+fTA5nHzGFHZPAz7r5ZSmtr41hG3kBuplnBXho7gMSfNv129uhZx2XnhI/vNp1DYNp7AJkjk
yDiiDP9Z+H8xwatfLFOKgJwEthjcDusIVs8PgoF3+WMuXJCD45Et9xV5+LDrIQSPwX6CjAGouB8+kDaVxU9KV5qmukfMBVH7wxfCKvhtBsH6sjLi/PobZ/
f30KnkuZKE/u1WssYuAwMdRXGmbKKUUjhNXO1Z9lAuIB4gxPvutA6y0UrFtFfatP8A4Ray6m6mQWSwbXs61CExzRwMK3w/Atp+r1va1PA39+7o70meNzN6
/2t//ls2ruGQ+qQfEyXjYfALsihdKdRd5eOP3luVW7HrrtVlOzTSduTVAhmS+YolmAdnC1BOZzh2cWII7IBm58tusPsP66CVqDJDsuw9j61KissZMHZJWZ
f9lBmcVBs7LBvU3cabq1/aCsAduNwdzZbj0Ns/DqKVglk68wDbPI3BTMF/9XnoZZzPVAbD3urQZjdZCru8TO9LZuEldA/U7xLvdfn9smXsw3sNc7qFvDC3
A36gsvKVmwOzqoe8G73Mx9Vit4ASrVrV7L01WuX7/vG5JQ934tBX9d57ciBE57jSi+RtvXdXfBS+cl4Pq6Td7AlOznLOoyqG2tn8g5gFrtpHrl5fCgq/d0
XxsD3rJ07Akk5H+44NgYRcZeay0GlzGFXPyIPnyxENmOiQqFx8OmCDZgwTUKBo86LSchI3o4BAdiFwhesBUTTSQ1KxuheA4beLUricAU52tYqRe9jB0P2S
qW1qB6DltqCGZVrGGJF7yMHYtkFSsrUDyHjftyZNYwga9fxgIhWMXAUvAbkE+1B9VCAe3YWbqiAboesoulqYlLsLZixENVc3Gw/0xMG/DkV3gBVxAm3uE7
VVANvgUPAeiai5/XAt6A5KAMbdJ8ig9RPLYzdJ/q6GE7+kM8NQM/bYxlA2Yo/eBeSMjKqrOG9Vtx4yMKVOoZeDbghy8dLdEnMsGzT1w30lXlrVkJcDSM/G
kMGzDhdTZYbs2wflp3vr99ITMLuML4viGmZzJlWy4BX0uR2YUv5swh9DXvOfg24C/oQIWJGA4bVt8u3Iq5EFtDCZ+FbRMnIbNBki2a0yKelzgIRvIkK9tr
IGKA6mYtH+6uBl+I3JoRRLOakyeQbKJseB3gPkmTZfnlZf3yhc7BR9NgZzMkG7BCRePaM4EAqPCi74viD6NZfSZPItkkQdMy3sBKsBdpVQB3bKdlhOspY3
kS0+Z+bTHbIZRXeDXT0Ed2IG6DIrirxC9UPB9pg8stUG7AJl90HuAc8QkHwStZoO5i81ZM+ijXOYuNEDZYpGHD4H7udR9cirqi7fCMT+YtIgmGqT+vagu8
BEWjdrcx/NslVfsXwVLXy0sw+cX0F8HGJa1tDH27pNb9Iliw7lzCDZejL8FQV4vV6GRdlfgSVH5Rx23gsJx7Ceyg4HLAV5VaL0Hk1UJVM3BlDfQSRH6l4l
LRJRXKNihUMhoXpmH5++3vvZZ8fQsiyfyP8NB8dQFQ6Kf224c+pNplbQDKKbwFdOCPCdy7TeDUV5aWQarfbgIr/EqBJn/+HbSlwPoXAr/fSvRvj2/fV1/f
s4/XNelOXjUwOsBH7voGfgil5drizeF2ofGDvdXM+BA3Vp9Vt1ure5/uE/z13QFNM1e6Y+StCz5970B/T6BzCNvVXU6+65uHF2uPqmutM7oaF47CfkAo9Q
d+Fmdm/BkXN9zGl/iB5gIn0PdqiFwf0AjhsBpAHHxPEkwy8B15OaXPAqOku79e3vS612fdW7ey/oaxAX3B2ODk+OSCrkhLI8Lr40TGvrDPq1vsKyFdn133
bn4fnB+f3PZuPIjhxx/c9m5vcNK74oWZFhHNaN3L897NyVn9PrID3GpSS6OiwmrTMdLRD79jKPgurzwiatynixtD42XflWY/7QKKYk+Br3hbSDN7D3zlNx
yFwBaVTix8+F/8375os17wR9wFXjtZDdV93xVQ9FpOp20ovg4OSQeMUnYeL91XMsB2Ze9v/w8=
""",
    "completions bash": """
3Vhtb+M2Ev6+v2LOSeo4XTXI9ptdFyh6u8AC7XXRAlcc1oGPliiJG4pUSCqOb+P77TdDSjLlxF4f7g441NisSIoznHlmOC86gxWzJaS6qiV3QivQeTt7FG
6TFA0z2QwU55kFpUG7khuoWXrHCv4NvFfwz+tviIVJp8AfmITR+eU+fcTe+vMmo1fL3aal37TUec7N5QQ+wxkJgQeBFIpbHDFHLDgI9Rpn2vKwtuKFUMCs
37vWeFCmuZ3BfaMdz15Drg0oViELZngQ3Y5fAf6kTlFUYu+n61JIDu/f/TYHw1kGifHvZsgPPn6Ec5rAfI663Yyu4PYWvvoKfvzl5w+/vv3w09++nl+izr
URyuVwcY+baPtoMpoQPZ6wfUHZIGKrLYlvUU4v8Lv3P72d/uWHn9+itkGTFgGvQ83VjF5kulmhyMjevm51RMxqyfBdWjLDUofKRrq6Tc2z+fnnm+nN9iTF
/XtPjwtI6BlcXEyvttPznp5+IvcY3RBAizHBMyONVEdIj+vrxRj/LRb4N97OgMuWqkP26uNitDhf/H2x+NNtxCLVygnVoEC56A8cWsTLdcAqwRCe8KAlDM
+tt0MhHBkg4SwtE1yFJMFpxdx8fHGJc0J5aktt3GQMb76/zvjDtWqknMELbIljhD45J0JB0i1//+XXP//20Q9/pPHtFnLJikOvkxvcQBY6H8PCLVRw4F7P
+WXQL+A5ggGXq9vpzTRmtcUdhPYIlYNRBLThrjGKYEZ/zNEpLORGV4BXhrwsOuLcXzRkMt9Re/Uiq5I+e1uOqvjmdttbOGV4vQMHoXqbJ0ltuOVuEmseIk
2B3JPfYWQ4ziquMp6BdUakDqxWzNw3Kw7coi+4oLbXYDTB6xm0htksOqfiRGuPHJRuUqnRL0SK/lko4cQDh5JJ6+gK4dFNimzR6llTS5EyH1YLw+oSz/+A
538mAS7a59nZ1evtaNuKFi0dEjBnQiZaHRFwzYwSqgBuDEVA9PxTFHclIlxqmU18vNa1g0QjtcVoz4cOfwI08x028x6c5YOWTRUvZCLPRdpIt4kWeY4Xz0
ULq6awcx9P8KI1Cl/VGOIq280wCmKYKJYZr1059/67lFwVNOGPNTLrdkYmGUyWtdGfeIo7RBX2oyYcD82ZWgoVnrqh98o6thJSkMiGggVKplnWU7ZCrJgx
XOK51s1Pgb9gjv9PnG4f/ZfA38d+CH2E/AD4Ie4x7APUX8J5CHOLcgdyjHGA2CM8ADjG979yrXCH5clq8wf2/hPcMH/qst4xX8Q6TmPd8AnjK6jMPywzGP
wxh5bNih6SreBTgxBgOcLTO+s2SGDC3oqZu0yvMb3bB482VitQukqeck8MJ43+X6WrmSsTLHH50URVayucNhtI19lJscHopva+eZApWR1C7sIqRmbcnML4
OMtGpT6MeN6nM+WPPG1QvSOsGb4HDAUpt1Td+trTciPYSSBjcDCOEnWpsy8dgs58B3iJ1+oUzinGGo78DQbj4hg2KILz1Sk/raqwQqXoEwe6no4avoPvLl
8uUQ/wRbayyfgTod6NKvaYkMnQutg8PBFemVB+iWpYXJCcWZf0IaqlacsGoig5k+jIudTaPLUlR7u24lKvcY2cnGISDtdGOB4vUFx7SjSOMJrXjcOB0zXt
FCrz1KWwdAGeQtnBMjq04hUu4WGpC6eSDk5UXHsOfhr24Mw0KnoX7JYJItMUw9YlbfIR8SlJaYdWuSieqI7EQrCdTvYw5Zalcam7K1Eh4ffwpi9newuEaj
Uua6lcjwpX+lkUrmLHQxZKAyG0fdmd/MG7lvoIY9/c/8NSbsb/ar3GprDkUp54BqF6TGz0I3Uaq1Lru6OcGPoupI2xWLGmuhZS0/3K+COF6y+f0Vuu7SJa
A+4bZu4zou+SsVkc2Lfg8K1fjGm+DTTTXR9z1jOgRh3fUKu+3wt3LdL0WYsUtbGhMySvHvZFb26xW15cb/uNh4OGL2vC7hA7nn156YQdndNB01FcyUz6Ew
Ke/xl+/n7QYqc8dfTj26vp1fNbE1THKk9kpDxRTG+OKRw+lwzC5BFVPwfO4WPFv6tyJ37ygtwH/bcPxNAHYhwpnYhCaUNjJjFsJryqsaTdD9GwH6L7dnfX
j+Ioruw98+FCKPb9i264F+d3zSMMI37c/bWtSFQRwzAfwAv5AHb5APbzQfiOkvIuC1KaLZkqeBZSeRhQyiBSFIEnXZOQ7D7CUDXepZO+CowLLvA5JiAdlU
x0mpZeagSmHT7g7IGbFX1JTO5xct8ID7ZtKiz/iChkKl8iEZD+QyTatkLNadDmL+jzV1T37FUosJfZYJjZYJDZYJDZuoqkFb4d9snuWcFCC6GhojTo4dx4
01Cr5F1IGI9ryIy9YSFJoUuRvqgQtGfj+cT50gNfafKkQCwR8L8GMC164TBOh5QqX86lN89vV/jI1X3h6pJc24l1V8PG1/mLF/N83EaFhfJ3YqFK7WyNfw
sVsvJCRZkUJ4TnQlUMKaStcZTWRKTvxpFuM+jPyJ+rjPFk+6rlykn2jOcMmzxI3j0Pbc8+tr/6Fw==
""",
    "completions zsh": """
1Vp7k9u2Ef8/nwK9OHOiIyW223SmuqrTs2PXTv2qz4nbkTUXHAmd4KMImgBPVh7fvb/dBSlK1F3cjJ1JM/EJBMF9Y1/Ap6lblpmZK/rNzTsb1qPzWlfZJ5
+qH/wiTgfrCuX6i8bK60ujtFenu6+ULZRWc5dnpqJPb8xLHRZD5SpA9q6uUqP+Ouh9tcHnCX+i9DwAAE3bwoYvPukgOuVPTue28mGQqB8/UfjvVOf4oNDB
grBDLF7qIvPjOBgPBuZdmWtbvB4fPK9sEVRYmIaelQ0LtVrooIxOFyq3BXjLMq+C42VFvTwzlT9SDx49vj/Gex+8svg3r4uUaT5Q55UuFy3w1cIC0NzmBg
uXpauaqcGIpFl4l5uheuNdMVSZC0O1NNVS22yoUn85FGDLPDlQCxd8iX+A/EIXF0IlyJrbd4oFMG6Ug9/MgFy8Txe6OAdmBxkWB8qnC7PUW4x/c/LsqTrh
eVISTYGquT2vK81KJ9Khs+Ylr68MMXLQ1VULtKu/Ob470x5K/4H+zC3sCVOlW0GIC5PnAAE5G3x8otdgyVRGVTW+vDCmjCyS2M27oBx0kepC1R4CgyYhkZ
Va1uniSKW50cUYZC0ddG5BGVS9xSaea52rUp+bA5X7kjCaiiy3UCazwVVjXvcY8qqxSPHbSj2vXHCpy5WjJx+AV0y7rAMT4eqAIRCmWzABoggC8gm0kat7
rgjExXsDXDh3AYgPdQcgbR51bvELoaXRBlbYfMSCyY7UaBRlEPQFGVyA+NOLgyQ5VIdsg2P6Oz7l8eEnP+/ZTKLbdjdZ2fPeBDV6rg5vTg6PiKtCCYwjZX
JveAn2iRq9PVETUNFYNhu2KjL+8boCNJC/qM/oJ9dn6k2NPS3c+LDGB5WsXerqInOrgnaBQE+DWoRlfgQruoLuuW+pzl0KbY+0otnJ4MaPg3lycGMApGST
I9rckNQclOJxqcPk8LMBngu9NGO/AP8Q2J2/fZmZyy+LOsf2+zlhuC2fAnkvIUFX5+YqAd6GCMdRhPx6i1rC3yG35xuj51JY8K/k0fMX9x88+vfPewndIZ
YB8wtSV7tCdMiPV0q141lTDVXfWLkq89M7M9hsCygSlqirxHF01K4VJ5RsyBtFjxPdSmdpx5dsrSefwsGJPcrGnXQ/Jb+yjYScRGcFbbCdBbqG40zryjsK
OKXNXWBn+o7MtfPpzaQxf5kzXqf7xNeJSdV5vcQO9mqE/0/U6xbW4c3RyBZpDtST6XGh8zWE7Ip8HYMG+3GYKIUMCMjooM9yk8zG/3j87O5YHe6AMu8iqM
eGPAe8SQ/OkfoDfRt9BDkICtW/CHwwGhVuZM8LV5mkM54e597BRQnl7JJon8lLP1QLm2XwF5II4LmAQE+XLqtzepshhA7VWW1zhLxLU2Sugncj5wiPN9sl
QOe5W43MsgzrZOtpekxxQ5icW8R7oJHQFTa0ldp743tAl/rdiJaOztbB+GR3YjI9ubClysmOKxGmxB+PkOXdbPy0LygfMlswDNp5ye7EZPoUfxlIWJemia
0xCamMztS8csud8ABMx0/u95GVELMJSTOYTF8CVm6XlJeA+zd1hnh2th6yMURUshTaNxBhBAwLoCQJOjBgLlQWLhe+WFdv6zMDG0c2RH5xR3iGFrLUZDSZ
3sMuqIOw5ylIszUDq0egV+k6zR3s0Kak53O4f+RpsBKd+wDGh4S5TgPSjxzWUZe5TTkRibnQbPz40cnL8emlzmvDu2moaKYDdwO2hdoB2oUpIHdZ6i5gO+
9MJFuvpw9gai1Ak0nmpdPKeS+WMvsfgW9P/Ar4zJFA5mESpwTUVdlo1Etj2aS0ua6QvksCSSYJd/pe2Jrhx0EIH+7DqFVw0puZTL+J9s52HrcBrP77jnV/
L25qoYGeU/4CYQ7ibbP4IT62vmNIG89+pG6BeLievRt/rm0+Yk3GERwxwpMPKjeXSAPFQeGVZ/LgswBspavCFudDZaqKMu0KzqswsPT7391/PB7E1/EtvU
r2ubC4rHFgzeNk+gDoKLcm90gJtsa/JXwzEVOopw1632cI8SQs4CkW8N1gpJWlVrLZOcFnSQkjeNUAk1x2LkR7TlwpgZcCSgoDF3ZD2pP7L188ujd5+nr6
5dPXs3E/q7xuj59euhwxdvOc2fncpnUe1ps5M5+TDbbPZzVIpTIPsbtGrVDqSi99fCCrAC+nmSmDGPEp/Pc5xsh3ACYu627pzvi0rNwbAx8qdn8q9g7lF6
cIt/RD/tgWcPJnNodlidEjG4S/it8I5jNdVSYHNh96GxBuIZGfqGhXiKsVrzvg9BzWetQkotB+tuV5uywPt3neccBbjCQfwRP/rnT58fWH7YVk2lOeMZm+
4r0ZnYJi5yPKwr6CM2uKXew9FjglM4FbD+zikNkBv4Wur9pRn/3fbKhdG18YnYfFaJ47eI3oWOMcpy/J9pIdh6eiGg9fHx56JQtRg5D/szH/UU/3+vL3wN
ub+2DIUeIYEmOyGbYbHPuaGzNFxp6WYwo59cKs2NGyUYl3pz6VosiHmm025q5VLP538K0qG0wX6/bEZPqCgSChzPRa2GkJsILniD08U2N9jDXnlGRKLkld
QJB+LRWwpZSQ8+90lwg2ck3VBlTiTSG5g451I78FPukYUX7NkSom1YSul014FF6cndMvschwpPhqUoFuIw3ei1YqFN5HHMVbZYSF85H3cxSNrIHZGOvG+z
sVu5RE+Ek74iTeg4shB8tVlGrBFekSOx75Sp+foAWIDK6AIS+H1LS1nYl+qortnsjPZAeUVnVh5xYCobdqMOLZ7XIlud7ekFOYUdweyc7z9BUlZU3F0JRv
pOyoaignKkRSS7CyQv2/y8KmwZOM5p9PH/CwKYEEVKcqIg3GeujBsxdPjl+OBx+tjZVcQ2nTk/o90+tAr3Qqk5H7fPqK9mmHSqo72fVQeKSoD4Jb65Dvrr
OOLvQ4mHxYHDepU0pQNnApi40ibiGT3C7NbnNEpP16OqFFCKtXNVF7hbqmMAFnlnTGFPk1xcmw8OzFkSrI2QWogGcVUNJLd+RUMe9y/3rMbzy1rlHap6tM
DUg28DwXVCxkFl6f3iWK96u0X2bjrx+9oEK/+ZI+7FUTwZUJ/6UuEofnaIJy3hEfyMeFvbEL6aZ0Z6aP6AgInn9pCyrn6XtKRtvQMYw9f8Bbcz+qU5hQMP
FpZUyxp+x0dYmsKdkMJ9NnVTxoimcYtBG2A5VkUmQMw6aAcVUrmbv/GQ+4Y9TWNjTfE07qck4HUOfyMIlT03v4W1fDpnxTg8zMNZIlYLXzjhi4J0KuN5m9
B+xm+AHAXwLypanOHBng5fSEUkoUpdUm2EkxvK0gkmawsVtFnzRWxgcPvqRu1bWYmtHHRPgWCN/Wlrpgb8noOiYwlB6U1KHScqNQVi89B2+Ir3Bt1TrcY+
Is8sqQa/TX4JXf3xL5CHDwgnZBHO3HvoVSciZOBZBs5xlnFGemCbL9LGAFxXCuK4OJxObNaWTbu+FGMrctH94//lp2Xoa6VA3+cgvZxu07y6G6s06GMYeS
zpDkMswlt1Sw6qc7658oceqnxMQpl0o7FDSJTaWLC3AgO7mxMN7SV+xlSiqpX8K/PbBSs6BeQppBQstMbqhLxKublGMYGZFmOjW+c4fEpOrJETq0OSGTQQ
9bADBWFRBWhhrVnL/WiPNVi41+scZWcqLTQ4Igxj6/HfWFxV6WSxMqIFlfFMYaPpqVCikJpwSrygVzbSpHLSKdEWtxBKTYrobIRlaOqrfrrMh3USzjWrn2
FFLVveffJnsjiXln0jqwI2yGk+lDGNwqIpC+E6TkhlRrpRAceRBuoVNGaiqrYVYPn70aD2hVs6hZIwuSPYl0FaijvXAxnW4fu/gbaIZz6Cq0pMzJXRH+Uq
+KLnp+wbN7OumIfWuUlKkwvPU8gfek5CD6hjnCopIFUnQ08qAaqKbSY8/+4SMN8qyO86ruI8CjvKNjEyCANij3QOXOXSSpnfg2h2jzSN1iDcJ1Se+ho92v
xL/8caPiJ3eh2pP79549/frkCpqEkWTraTJ9Ys41H8D8amLufPVnIef2nVtKQLVk0SP1R/accsGmOmLqPG2kJH1PcmKUbVPDpiVHChLyqtLDzmIrupASHd
sWmRrlitLM/9N10uFDzJgP8HlmnJr+s389gojYuh5RN6dxRle55erb0MWKEkRG8uPlHOFGh9l74G+GvykJqEGrpDOeCHaqXgvJ3Lvp7X4xYhNXiEbn62R3
Qna0jpYF+gqqgJo+hlTJSD0ke/T2BzBHBiHx3NJxphpg+4eEw9jZuo1HII4MMqWrHwXVw+wHaKlq5nqkSm+1GYj3jjeKuge58SyFTZmrAhG4THtOq6hOjL
GJsuvMkVH25OuoxHfzyTYm5kBKIIE4jExF+BSy22yG7kvQCcdKr3mvUjrHNP1Cx2mx5rp/vYN7F6ZItDlGUsctEfx4dzY+Vnf39c+o5+qTdrSHwY486WiY
+jg8L8THnmTs5xbqUtuikz1RdSZKiPXnnv5JJb0NGWwTgG0SP6eyVRq7zBBnHWx25O0af7+hFO7NFqZtcu05YaTmahJ/d2QbD+GJnTLXKcOPJ9re0SWptZ
xTNb1JwkJkaFRZou7llUdf0t1sm7GCuL1r12bysQlKiNsWWzwrksym2YYc0riS32UxVVQq0ZWRZJR+Pv3Wm+a4rndxjSDnzl00MYJVe51ZdmHHweTDYhjR
NcZEfmLzQasvNi0E7iB8wbmXtDfb9ieJiNqvR7COCy/3K5uyr2cGa3Yj68aHCD4yPH9BjmDBB468hykhlN0dKKEp3b5LEiVdpdtIpvs4mW7u2W0LSDrTZQ
nfz57h+fHLh3EHUdXP3ktOM8iFIxWdjWnJFXKTq21JM2gyW7omJ0xwBdJwsiDHTYczec7NziJr2OY7ULsMkoQWJi+T0aJlx1LLPi+vXso/v7T8OymGPR/w
f9eRVZw8kiK4rZOlw92wQccEtc3JTVwLuBl9MPi3x2p8xVXbQ7rEpsb7b4vRrUI7V9OpukEbHApIL6a3Z2oy6V8OU7NZc5uw9+rgxt8POrcL6YZyf9HuDT
m+Hfhf
""",
    "completions fish": """
1Vxtj9y2Ef7uX8GiKe4OlWzHbQp0D27hpHad1HEMO2m+FN1wJWpFH5dUSOr2Nij62zsvpKRdX1w3hwSsgc3eSiI5D+d9hsqvRadDLxq3G4yK2lnhuvTrRs
dDvR2lb1ciyGsltBX/fnC/cbbT2wc47ME8LDw4HXQfn7jXjbahadfr+YE1PbD2qgv3BPzb6ig652slm76Gq6Ku4edOxsdnvzmH31bu1Cr0zseLM/HoTw9a
df3AjsbcU7Z97wr5Hi8TVBS1EVH6Lfx1Dk/vpG2NtkrUTRT/EiF6bbditCo0clAXy1GdNkqcpyeAtKYXtRdn/7z/2z+vzoBg8RHPe3EpnBdexdFbGg9IBA
LA7Ts/3SShbgYj4c5HNP8CGy+O/1TTO77/Ec5D1xE4fhIDEMA7XBM17glyYT0GtQ7jJiEWtZzWrVtx9gowRRF7JYIbfaPEXsde7HsZBXJE0A7Jtg0iOnrM
jruN8uFSPPv8xdMV3A8xCA2fab/PfjplWy+HfkHXvtdAA8KHNXYDCEG6dF6jpNrgjKrE2+BsJVoXK7FTIDq6rUQTriuebmcu7kBR72IY4ENEvZb2ivcGNq
PTN/DxIa7yjPDdKtgkuN/00m6BaNdFZe+wfGh6tZMnnPrizVcvxRu+AxqLl1gxRy9JG0ieQPTSTXreK9y+O5Cy0PcFPcurKO0bGfpK/ID/IeMClwa3B4Hp
lTF3WR2EUdG6b+QBeKC8En6ERa+UGhJPUDrVTRQORLaRVsAslcDxvduL3dj0l6IxStoVbMbOoVG7y37A9wlf4MoojRjkVt1hXhMGxqk8kAiLqFZH51e0xA
sQqxHmF3TXi1feRdc4Ixz+ChHmwPm1HcZI0N0Y4c+7wGxOyIHVbWRqvgR5N+IzZyNu+89PS+/cFRHzXC5oqVDIwI2A0veqSQq6l4E2TrWXYKATv6O8QkMS
QUqbq/9Ox1kiJChlF5SsO+92STPB+ndI2Rkr4Adr2XunXujUND/qFaoVa9X/olLvXwrVagaB2nHHGZFHiwnlCCaxGX0AHjVu0MZFMpM3yLE7LpX82Bktdf
6+EOADPMCZBco+YLXkoya/kCz00g6yrUL7gLqMCpQ2xYAyNAZ3pL4hOX5ipTkEsNXWHJKbI/fBMQaEP4OSUW6MKgaAujkC8EKhJoJiv0P9pfjVX1989WnS
OVQ4CoIKhGRdrbfWeXYvT0xwYFqYL2RKMELlB0Ilet22CjysMy1oYAWDW7XeuXY0eLeFaKgSm1EbCEGuIUhzHqwS2sMP8gm/DF5pjNvXajfEAyNGR8qc67
SFSM86jiDivBGDDEGFUhDs5E2NFNabQwThSrL45koPwmAg7lka2fkHiBeCK4X0EFttiXjKCxLpL/FvJDYeBpXDthSQeyVbwS7nyKWWgmgAvcA06YbMsFe4
Aki+aimlgtwKonPpvx83SqgA6UQ8I8hfw3xG7zBzADl7O7YQ1GwOFdmStAE8MxgPBQJbjOwpRBUy3vO0oBwGAC1A2w+NcWABNRK5tTpqMJC9NCEiH2FLxg
bSQwgT23EwuuGAnSi64I35DOgYI4tDwMiVnAPsR1CrxezVPH01zV8tFqiWK6RcqJRNXGJHzM/A7kwXQXIokZKNdyGwKpdC+JygEsk/lp8yo7IFQiZ20guZ
0kJUaVihGFAQ9YVYz9KajNIXSSdJF5OqgmZ+t1Dx79hD9hKQUuHAqoD8mwKvCgbrsNCEGeWleLhCX1TKLnRSmxrlkRV7L73Fco/yHos4kFOyer6A0DtE2L
NrSH3YacLAQJsEfnQl0sAqjcyDC3KdicLJcT4DAJhSYxCAebWEzw7jIYBnxcuMqBh5jT04hh4isMyr2So+nkXt8WQV19fOjLvlhVZ3nW5GEw+Li6rrQIEX
FzbjNjymChikFqOFW4P0chfyLxR22Jd1q4bYPyYzsAa/vsUfABQmy08u7N3Rj/Xg3VvVwBNsPdZsNmAuadfa8jd4RLhvwftvtNFIMtkPoMzJdhqZiNhI75
WBdUN8nAR20lyZnBcVakgvSWDhziQRlKZ3LLqBEmsspnDNj+s7LpaZmGxlVD+DUz4Vottk6FSEjiVoIUBH8nMsPkvpORKe28TlWFqSsGRZWYoKSwoJypGc
LMUkhR1kBJzlQINjjnNl4E8w0ZdCc2MALEN7FHgsAVXHiE7ijyOSi5GaPYg5phH/L5aEefUtmenkcQT5V+bNCt11rnaCvl9LM1LyFqlET04cNgLkQgNnS1
TjXkkT+7ozDoxN9srpIuUBtzotkRTjH2chzQDLogfTKXsQL0sBuJFBcdvJL/UO1I0K97YlO0yBBfphq/ZkhklQ2SFj40VgEObbYlzy3usIenSC7TURCfld
Kw/ImgmeZhSX5F0Iqw4p+NhixseZo/K0McUEiA7TccRV1yd4UaUkFo5AbIOyHPbLVA2mu9h1pAYFZvrki1N6j7peTHFC22bpRG/t2iZ/8ZqxceUyh/vL5l
ebpnv99NklqfEk5bF3IbF9C7BItEvZgkx7LlEE4FdFkc8+iamlCvYOLClkOuWUleT7qeYHQDCp/zFdKKYgAG40W41jAFKMVncawNEz5zVdPS6FlRNOQFai
6hylkavGrDgVb3IxFY1DMg2gOEnguIgA7NmrUnJiMNjJ7kFENEVI3HWnpruwLX0F6SFA3ALUcYNfRm7EW2Bb5I5ciAcY4PnZnfRXrdtb7NBz3AI71cedSW
EoL5YqgLxLi6IgGo6CyoGQVuEOcWMzy++36BsW5GN9k3w2BuaYbwCSSX4/tCf6y8hvIhiB/PyszvuEeWji87RTuMS1KrNfNEiMRcH1zzXvwQXs0R9Es29z
iC4jPRkojINkS1LSCQhhfcbLJyYcxj1w3ZmwEvNUFc4lzlGMwEFeYSmq1RD14b0LQYaRm1DFVGXcMHcFKY1NSsxHhNIPdPaxoE4Y0fu5hd2EcHOnLdbNkW
C6l+PVKh04AQAHamguymMYwYbGqw855vNL1ajdOCxyWurlTZUfEhlC/ZVvlV8cIEJdX0bplEzi4CqPdr4wmWuccT51TQzE01Uut4rzVnUS0vIV2pKZudRR
wRDoohQHco04rpXfoGujNibm7wquzHE119aPJRKZFnVqG+KQbCno6EsYsG1YCsbvEeP3o1Yxq9tC5CrucnHJkZugGACOu0AJwwrb0bk+Wd1iTCo+c4nOpp
h0GKgHeg4/jvYIIqeLFKk3bjQtpRgblePFYoL0PQjfXIChyDbPtJqaXHTSg9Z8/vTJX9CetFiZPf/jQ8g+Pn60q8Sjw0WVckPun3E2RXwsqB+0MKBZDcmS
Lk3oyR7kZMtLe1UO27BCEW4jl+vLssVePUpgq5DYNg1IqUiVmMTnePAsjHGQsBTjAuBRbL/dAi8C9aRogNArPL9ChZcRsgg/wcNveEbzOe1iDAgExRRP5p
TiBBmGIFT2xMourYphc2bVfGa549h9711UJXXvZDs1H78Fl6WQHxGCKkAzO2504xggUwtjDJgDiM9efVPQUTjVjBHjDzYTIFkOC9ENyFpCKYLyWqZ85zlY
yH1CS403HFDlEVUegtUNHlVObcnHGkLA3rVHWDuMNsIg9/YUYAalAo/OWGkEAqRBxZzogWj+UHeyycykKAzTthRndBDep8e4bJnZiJXdsZziJZ2Jw6AQ6y
UZiILIoyXTB8qD+ecgPXX4uPaM6WjSvUvxkN9YcalTNOviJxyj/G5WyC8/vSgKdmJPQv2l2ko+HPgTAT/65A8M+eNHDwXPNEHHn8WAB0vyYyznNr/iqiS1
CifcXG1EAvksUpvO+VhuOoErbMU54uGjWL8vBu78Hsjf3n3xAyEevfgx5jO8SnqjqZ+k8JWRIdKbWqTbFM6lvZKxKJx1qyeDRHCxdG+5ZFZYIk7khugh1t
9OgTPYfhQgG1U+9YkuQiY1BEZYrA7m/h+3JiB7pcJD0D8AE1GyOSnUeNIaX8KT8YJShc1hireBek0v9dFK5cgqH8+YAjiabLU8KZ/ODJJVoTogiy1fDpT2
o16nCByrT61DrS0FoeuOItQEkNjCdVwGUiVOJViY6015Pr7ZiQfq9vJAxhqrHLQV5fS2+8NRzptQnlLPApnPg4onE1z6+Wk55w/w5E+4nWkL0cQT/9ispe
vMkHQUJR0nsuIaiFnULrC0zfKcGh3lNBf9UTsuIYZHE73YkOEDM8QryovJHmHMkGPAeWsgSNBWTe38YgSVj3bdIqrpbRXkGSzTEKb0hkRwONeBz7PmwzKI
DKFLDztBerorqTKTTvhMKNOkq6kMmh5AlNPJhHSykXP97IAojqcmXCml0obL2vQyYTKt3wSVT1G/85IvojL4VmQKY0lRy3nZTcdFp0+K+zMt/L8JoOoEn5
WZztIgk/DA0CUo4BXJ7Fy+LwXZYenW6xqBrpBc9M09Hf4m/4ZlGvZ8ETPiwRX0DtWAry3Xx5I2v8p8LGp8Gm0YIIQmH/3qydfPk93HthiFL3zUEANTILGc
fja997soobmrVD6jOnVmTo+xJx6bNYYOydg2c1LgGdhSjEPP1s8MR9zSga6VQuTfU0Mr5Jd7ZqlKVy+5n1XXue1FR+cyL/DI5qgNeuWC3hBdnGUuhygaXw
451I0tiBy8e+8/
""",
    "completions powershell": """
3Vrrj9y2Ef/uv4JFXOwevLrablOge3AR2z0nTm2f4cvjg3O9cCVqlz4uKZPU7W0S/++dB6XVyykSO0FbIM6tJHJmOM/fjPSJeOl2yp9vlDEid9vKqKidFa
5MVzc67rN1LX1xLJ5acfvlq7MnT5+dLkePO7uDqJBoIKI/ibM6ZufRa7uGi6f22l2p7PSm8ioEWHzrlVrrEJXPHvp1vVU2PmZCyovshYz6WokMbm2lLV7I
rRozzs5zr6v4yLj8Svx4S4hKermd3945XyzEbRki/D+vfXD+CJ7eLo1cB/FAfDaHKwF/ZlmmbW7qQs0WYvbQSrMPSjhr9qLURgURNzKKrYz5Rsy9qpSMcm
XUEaz+bH50dKCibloqz5QEwV0dRyROxB8+f3b2SER5BfdXEoTW9ufpWpfptXWe5TPBCZmE3CHZtY6Cn4eF2OiiUFaUzhRggoWwrlCXW1fUBp8WGrWxqrUB
1VwrWzi/AI1eKy/XasRXGuN2mdpWcU+cha8tn6TUtghAm04n4kGgSoagwojSVt5kuDRb7SM9np1f6UoY6ddgZ1LRAmgUIsi9CG60P8RCW6JgwQdwP/kC7o
j7SqG/xo2CnbXPlfBKFqL0bitChCXoJNpWdRyRRSdUeHv2Few2eqtjwNO8qYu1Eqv9giyYiPNiMJkCrRCpmVfgjeCzhSqQSAAvz4lccFb6t/WKRFXBaBtn
PX0oXEqKQHevI58lbNyOHQ8YBgVRts+NA7fROZppbTXGAxhZGggZCTYElnUeay8NGLeujM4lhuBCrL2sNizlgQjya8ngRUMoSZ9I4VWHGF4yue4RBguegE
e0EihMBwWcKfcuBLbvlFd/MI3mlLx1t9EQohxwels5H/kW67FxMdRxKb2QIt9IuyZ3yTfTAv6m9I2C3JT17PFlcjxyuOSP4H7fdxztew76jQR2Ox03wqqA
yiprm1P2XcBmHQ7u0smYJ+LuUkBUj0QppTYZG+EZ5O4QhVHXyqRgh4eBJIL4X4qd9BaS+UIo750X8J91lpPHLD0jr8en+IOeDpNBWkgR8ATow6EU5hblwe
LwbwvZDLlb8UJ01valjhsIyQ1kOpK71ZYUHF6QBD3rguSGJw0lshNck4ygMDyGVcLW2xWmI7hcuTiR7Duh9KAXSw+6wXR57QxUsv69QpelzmsT9/37qgR2
sX9vVa8D3YG8oS5zV1teQIUtdG6g6eE8l4Wq4obuoHNeQpZcp2t1g27a2dIJueH1ZeXdG5XzOvbvS3ZsJi3tpbbtT8iMvNBCkl1po9PJyNtZeieLLq2DlC
vpvTIgVQAavXiGuG9dwllOg5wR58rAT3DeE6EZnYCfFL202NXPQvSUM8iOvdMdfew0OfaF97jChCeMHKHvB0M3GHnBwAmGPvAek48sfjB4x94Dc7fWbow9
tPXA1D1LAzoLCAdwzbcU9inBCMpdbN0lpkLMp9saEq8U19LUhDEA8ECsU4IEVLUXXoNv/N+Fa1dfGyVN3GSlcZxVe0lTNGacBcELRcgxg+oEV8SL6ZSfqD
aQ5sOprmRQqIZOEEPsQiQjYqTUSyUFU7xVO8q85Amc67G1EFjrfDHO9juvo+oxeEUrAbAVco9Ctjw0kzqhrE4MdUjFZY0QjoGa8iTdWDMOQCTSH/IkV5OI
v8EKQVmu9xIkJiyAT4E8qQ5hKteihEnR0mNYC31HOglR4J6jKeQsOYMIwIa4Vrw6fXJCBblVbNy4kA65dpG1OWKUiDRIN4B0C6pzu6QcC1sRYugYadkQfs
uf3c3PQR2g+s6NER2MqjEVKWqrSw1nxOdintHdPnQfN0U7KPwq6+SvbxEMJdzctCNon2Qd0GrSJAM4kHWnxlCI5HviPGSNBvgzgU4vgArvdAE52MqRdWdv
AtcBWzS/gvSaaEKXtqlX6ZeR9OsNHJxkB3yYX4W4Zyq+3b2V/qpwO/qdh2tOYpAb+cSbuDWzgeeC3P/DJ3BkSAy6jtzYkVFmwNqDrR0cofUOONJUZ9fe/i
jUeGeXGoLKpNSWXgmdOPTUU3Xov8ZDKonpXlKKgLoLLoJ3AiVkqNM8b4ETQQbl8wUKRofJE+47E5b0IOjoPPTH+a4Qc1Qu5J0rHPEUGvI3PjsSFNo8iGja
5WYjibkreqJFV/HkBKth47lGBwb1iUeIU1MK3PfUAjfI6VttsRnGjYgW26KwwLrGMGNPw5dOj4FlIuReKTvRYbq6SjjlzBdYM1iYxqadukNwBbPLoulAnO
8pIBWBGT8lAMBPe7naGS7xj+FH7RdNhyXmhSolQJIlutrhrDQ1wMQ7OTj6eNTIt84RjUFr6A91irvQvqpRQVGnCQ1uaVwEWjCoDpVnMN2XFqiuHHvmb8jm
bXKWjg0XPHjhbpCHSlig6m2gKrvEQVfTOi4mXJKU6hWG4hi2vK01j5h+R55ABh7s38u1x4pRDJVywJ2mICywUk0NHdtpB/pnuEgld+NiqODfsp180FCT5m
9fnD78B0ZIAX2dmP/tLmCEe/e3C3F/f7RIiIaHKow96FBT84nUJ/TZNejDS3uVxJw13tKA6/fEGKK5MEGSgLeQRQEwAbVSKJxEF4LWN5BhkWTmCS5OX40D
YOHH8+AtTk4m2EScjKMRgBPOwRXPLWoozL5lg39hjfYEJsdGhhrUpNIhecxuBOCxUyJDYIVq5G4WiqwUWEbEzruoJqcrsmDxIaQUSgYgFxq5Tu7ATIIFAt
tAUQeseeLxy6+nZuMqryOnoi/AT3aJJI1m4ORuge1GDsrAsKYJLoJA5bVkd5jhImqreBn+5IVURHnhALT6iJPWjSv6XBtOioCqj40AJWYO5FrJne0zxUfE
hx71R7lQR/bQTuXpdOcbLKYpVksoKoKXMEZvzo3NQj2B1GlKjjkt9dvn0OPgrB3ogV6xNENbSTMR7imwUieznIi7ZAvIHNwZH8z0KQf5nw+2ev7oaJo3C4
usn6u1pHn9r+V6/9O/Mt979+8KptTyx8uxBOANU4fnQR7mCshhNCRomTOYx5TFY9YiTU8t95gQOQBQcPjJ0+S/jHnmuA25/VOpipMKdXDqJhKrHAACWIpP
UjcvXZT0RlMHCeyvoKE/EUlITjdJZhkni/LvzJL4QfflW57YplnGsR2AMt4DnTKk7vW+CSCZzA8CWECdbXPNnR9UXcJAQf8AwqMhubRpfAsl5hBs8YhyPK
xpsjeIgU4Dho7KJtQxw5UMZeluHx+1AypKezRyW3Zfs6XRPLkZAVfWI98OhCOwEUpJHOFg4dCDxk1EOeRCQjPaZ2qLdI5EG0tYW8shmUccpe/knkIIsQvJ
MzHb2OyHrIYkWGfNCwjxsOVJl48mJjE4eAuTJ+goC1/Y4RiB7rN0gqdQAkd6aJ5rqW0HJGB3wBpOHdREm++7PXniDD6d9mHHxQM9kp2KLrkQppcmcR5EhH
yirWrHKmPttcPGnkPwG1A8QGVkToTTi8bgIP3aPb/jaGZZSB75SwD8bMHtJBThSVjLDXRlQD/LFn6mSRlyawc56XUDV/MmgKgSUMs55EGdwddBNS9ybKnX
taeBLe9Gesa5qybxkt3GEUwbPw4tndpQ7n+lOD68VOKvAwhI8DisHZfhkXE2dwK2vSJLHPqMEYd9J6aZ3xK3YWBu6HUTxRUiG464iFUc+skJf6i8trFz/J
d43cDgzvl5FFlVkFUpQF8+/OqL5OfYKVIC4ZEzpkmAURODga3jVwQJgrmrBL8IAzeSbjA94uDcGBqT2aI5lsC3GkOym67QGoevpprwQ7r5n9Z901cAtFT4
1cUJd1Ntz8VTzUZcnO/W2mCgTjVpIeHrj0GVvsjI+fOO/kcZKbD6jNIwldikmgg2ImcDKE1GpDRBL/LCieBvVbh7wjcGbUgOztW+t2FW73vRK+ZZeWil0O
UXUDsitvsesD6+jQrX6d371gyhRoO7aeALPUubTkt9A/+gqWs/q2Gw0pn/IgCMo/FEgBK9lX0VfXl+9kKc04POqGIY9a6dY9D6dsDVpd75oufAovuZD70o
lWGzED/g/0odNkj48PXPkGADe87lPsUYoB3EMiMUhJm4h4Kat0AnAqq/tDiFwtATeig1eFJfIXCjlgYK3egLFxMqRpn+GvOgUAUOp7j0PgOt17BF0FMvXk
KP5HIHFRyv+sNpzu9To8Nt3ucABG1kBs/BwkY8RoAD5/115DHfEDKTHfIEsNaIRGhmyIrFeQgeTxUnoklbqYGF0MRkNYjJlSpxPIYRiZ9QHadPsE6Nwm+0
gvhJ0Fu77GyF83fxo7h9eXx6g2Dt+NQWZ2UZVBQZRHv69Eq8gy1PnD8FH+ht+srxx2HzI/EOOetSzBvuWY4AELJAwJcxsyPY4VWsvQVqn6T4pPaWfMlZFN
xgz/ugSwZkB4CBm9ON19m9C6BAL5R/FLOZeIcbGdA+aD4Qmzjg67sXIJJ6m5hkaBe4e/+COdARz5WB5c2u7AmGtbgH9D8RZ/jGhqxhleLPp97W0HkDZiZc
gxHpVclwoQMe8Gg0f62Ug9ibhWMUl1ubdFCWB0Vr3yrheXE2AQfOMEuC0UvRviN48Mc5XCONJYHMo5m4//fbtgaI+o68C5UzJN2k5HRy/MBOZPxd3Oxf8+
M73x1/t7uzPELWRAM/tsNkAzp9jqtUeH3vIj0ZfcaXiKctjTBTPkML7oDmk6hkPVeWiPaSPkg5ZHFW04QxD5K//m53/KflZ3eyizu3Z9N+uoAouFzALnDS
oYLIb4gX/QJ3+KUUOipOGR3JzQ4AJqXnD6DbzeVEHPM2kv4hpE8G+G8nd38IN0r0fAjM1h9Ci3JcIiXT15WcUrhBrLRxqVcs1E16e/KLGaIvH5/jMCggkg
OkAz0nORslg8Hqbl4RGUh5j9a2OKbrkZOulzLH3YsuTxICZfuJuI3kf32+h35re/xcWkj0mIaPH9aRvm9w9vhxa+FXKtQmXiyXVu3mxGUh0p/ZS/wmAT+u
/QZx7Ywe3LsAprfe3fo3
""",
    "schema config": """
7V3vk9u20f7uvwKv2kxtj3w+X332VPfB8zaJU/d1mswkmX5IXQYiIYk+ipQB8M6axP/7uwuQ4i+AP3Q6He1DppP0KBJc7O7zYAECu78/IGTyZ+Gv2JpOZm
SyknIze/r0vUjiJ/rqScKXTwNOF/LJ6cun+tqfJlN8ToYyYvjU18l6E7GPodx+l1IeED+JF+Ey5VSGSZzdu92oW5P5e+ZLfW3Dkw3jMmQCfvkdrlRk0RdK
jwrJw3g5UZc/TfXt7KNkcSDKtwdM+DzcqFcr2UqykEUYMUFkQuZpGAUkiaeEswh+u2J4Va5CARfZlNA4IBvOBJOCPPR3/XuyxA7OOINLa3gzC6ak8SsK6k
vTD0lM+Yd0zgy/MRGFsXx0QUAaxlEIoYTIRSLXoVal6iSNtz8soHu/ZhfIrv8mlU3LvzUfrT+uNRun68Zd6pc2bVReZbtf66ffrbnGet2tdTip3fmu8ven
aXu/40SWvKn0w4ZKMIzyqf823lx/56cHtr8KaUqSGI1HOafbqu1CydaiIV6bua0GJ6Y+Wo0+3OyDDD/U9P2NXzd/wwGMerA5wVA3qDtC/e+ybMUv+f97V6
E6RV0mXixRqpawSavaeWI/SgNW61idL/83ptFWMKCcaJvT5YpKsqbSX5GHnG0YlXQesUdV1zy0167D+C2Ll3IFtzx7YDEfCL+gaYTG+tUILBgg+nT6LaMw
ACSpbPT4gvzPd29/+DuR9BKuz6l/ScL481NDnHjhMk54p/UjkcCwo13gGrWwDCXRj4opWYVBwGAUTaKAcfg7TgLmrZMgjfDXIBQw6qmRdUqugBgSjgPdFe
N0ycxqmidJxGg8sfRmQSPBjB2iUZRce2y9kduuLhGextqiixBiBRBaWRnH+7ynGyoEwOWwIq7pRw9f5M23kokOKX+6DDcw9PMljP3KB3UIIuiWiMQsGLAd
g9urP4K/hGtF4s+MQoEkskuWn+EesFvAZkSkwPABSTeEbiiXWqgQYqJIOeWUXHO6AbbRsUqQbqLQ15EW5UxrOg7ArcXIUFJ9/PEJquXkcb3Zxydiw/zmdc
9TavS8p/Vf8LrxomhcZWescc3fYswJ93YFDJMliwFWEobedlt+l9+XGTQCjIIBIZqUK2VIGPHnCstp/D4Nliy4IOq/eBNFs25JIleMX5CEE4FeGlZHcHPQ
MFGN1PuHb69fwzYr/bXYTD/cGCQ/FTFxEITYbRr9WB4BC4DmI6mO61vmDD+vGChqjeoBktDqmG+naoBIFsAlbDc3mDPgoWLsbehiYo6SJo1QaGKKdybVoG
anmrJayi+odFOTW3ijmGHNUM4uwsD5XyqZZqxVcq2DB1CTAI/zt36UwFga+jgYLOMQJ1swlIBZJKMwUoAqUl/CDC2alhlkSpbALaubEoclpJ0UYjXiy8lO
zOZPudjNX4puNH8rdav5Y7OblTd5V0mUrltE8YJwsQh9cIdty01ssUi4bLlhntZYOkNszDw/SWPDozAi0LWw/QoTWAlU7QVsIw3dUyOjHkWaP7KPGxC2o+
WJPZSuD4lvMt941m88sPqG1TNsflH2ik5OL3mJx2IMLrvY/XVYGnUzjifU54kQOoo4cEijXbWHTNerEGYLOpgO12hMfUnTQR7dIFUsKCeU+CsaA8lyRv3V
waUu6xWcwZPJJYtFZ9gIPhAz4CkYBCXEOxQGTrUYs8YxMWtjn8DszNKB89Ne0iMi+wovNjQ2iq8b2SustElvFL5AkndFeUhj2SE5TCbCRciCGTiFgCAFvE
ixAK6B+TBs4JyEwYxCxS4+bUTt5mDEjyDAb6I5f1mv8CNvw9zPnBd6dlMN9u/Fk+cnZzMdi2FQod6lIwywGWdoNXaByJFsQ2GAnpE//piSV68UemDgT7nA
WNtPRBaaIzUCDyzS2MdX9VJOJkuDuQoR6z8VAvXSXP4Co+aUZ3oFr7br7Z9ZLKbUlYVooK/fSkHQb3reCridas3WdTLVONi9srQWe0FOwfGiaC9knFr6f/
bCPD1U02YPKbtXp7HHit8hChUh/HfXoVwfcgVB6Qrm5hi2JgcmUbGNJUxoGecJ76IfdRMiWM2zlRH040Q/Dq8JI6Fkhrl5Hx+9pjw2zPtUc718MG/A2De9
vuEVqOkY4XaKVzjFme4avDjl4GVzmCLEidSTBghuwTQxXTOcPH1IaaToRl25II8h8qW4IAGBmZpnSfZRfharSRLGaenlU3+PinwNqENx3ySFbjSClTCI4E
VVp2oCgS/Qk08xI2/evP52Sn75/huYJKhW5+wpTFF9QCuuyh06ZkAs0aCrQ/9O+KVa/JBkDRxMHmZNz9QXG7QrBjQkFRjMka9//OXRAcbcNf2YXX9++rcX
llVPGBskQKNd/H9A/HWddQGACIiFh6Ywt018JhRPohLUxJ/BqBb1QSo2UXe7rMHGuohqvjHu6Ff1AbV6l5mtJIX5A8xeV0nQWwl5xyFmVc/n+gA7XiolbO
h1vK8OsJFGV1WDN+vpmq0TvvUW1O+2908r5KpsBWPBGfIWPq0xl3vCmm7BYy0Ltnq5yDoEnpzafNUWN56evDSHjmqCKMM1g/Guq18w+iORQs8AY7hmA1NT
9Q2D6SEojHOIwgivcBknOnwoQfZch1B/LXD7/d8f7aUFmwpO1T/23mprdHT2e7akakV5336enb/QPX12dkp0S7se45+PDhD99Os0cM5AC6Og6LzXEOao4K
Hor55s4viiZ5FBFhZlS9EU17EfYpSno6jnRzNtEZbVO2lZjWtbkauvTzS/Ura12tVyJdayfACtr/3tZCnF0cCc8wS3VGCgDf+jxBzAdXyhtn2f7TZZPerJ
zWe85dN02HvBFYVi5WSxmJhbNFx9NzVrMyfCZ03hDIJlIe8hbRPrqNyZxmqas9Pu7/oNmHV+jrA8OrHNhe8C3IY5ssP2Htg+Pzy2+5jGQbsT2ufHhHb9m8
6dA/wfmUBEC+SwPdyDzK3dFN5dhnHI3tMuRwB36XvseABeCOVAPjqQtxjHAX28QM/2VIwH5FogB/DRAdxiGAfu8YJb7YcaD7RRHAfs0QHbaBYH69HBurSP
8c4x/RY3X+HHKvUhAr/Z7D5/O4QP96Xzwy+cD7GQA3v3l42jrp9XtiXfOdh/RGmYVHtYHLaHus7zg0O7xR4OyV3meHlMHFcPENw5kL9BMXBMyPaTzqPEv3
SgHgWoe9rGAbzLNC+OCfDyEaBRBuUgn8P3Hvg+PU5EbjKPg3iPaPyo4XjlLN+dw/xbJY3yJAfwca2pdZvGgXt062rlk823AG4VIgyM04vjsF85mN9opOi3
a03ZaFC03s9CDu37bF4zGAhAhui7MY6ydhyU9lijHmSom4HJZiaHp3224N/e0KnzIng6IcLdR8avi8xnWcYGdSJInb90kN/DmQ4eIA+ykEP76GLlBY29MB
4j0l2MPK6pcG8LOZSPEuXNA613C/MsE4f2JffNaow47zCRA/rogB5CL+g8jMIxnPN4UwjjFr3GB/R+5nEgHx3IVS6JUY3lAduwGEtXOJCPdzTvNJKD+vi2
iCc0GOHkHB7Ng0OU0EXv452ld5rKoX58UbxehR/JJtO3SbxU1RdWNIwxUszmgy6mHx/897CVw//o8D+nnLPIwxTKI1uy05LpkQR3PF6Bmzn0j3LprpepHP
jvHvzWnMe9mqhV1LLvfWsWVVMfabNU0AuSl2Y5MZV8qCVK3XDmZ4V+JE9Zd/rZ+l2koYh3h6iiI9KNKlZUS5g9uMQMZx/SkDOPMyq6FUlKryU657suZoS1
eSjRjZAg0alAV8CMWc0qG1fumSp6f71h7nOv0tFmYHGNcUXEroBTdOGycr70Wd6PqSYUotK8xqytClGz55M6GU0qbajzV1dFgn9j6aFS+vW8d1j0LHtZW1
XW19Ahco3JWREXTOdQTziyJfDkv8iuiWndreppaBvUlkuyBNB0SZDEukqRzjf+kIGtMP3/BQkXKq0eiBVUqhaVz5ZOSeWEWq14UWV3z6NmP6op3Q3p3E3g
tlWmsdSlMVelsVUqslYpMlQoaq1O1FmZqLUqUUtFIls1InslopYqRNYKRPbqQ5VaLNk2u1pW/sqerurr9O6PxjX8Vlxto/RdqfKDXouuKiSpG7cyn638Uo
50H9SHgk9lPO3KJVUAtWI0kitvESWVIKkV2vlmxL8Ioh8nwkeYh1nlNPKvJjJqsYwp+3I183JFyjkVTLkJmrcb/wB7VRZaVyksCjrE7HqKxHqdYIJtxUqv
37z9FouuJDww8FKt4IKh1EIuIRh8U9kfMHjIBMwAB3RVqVA35dneOUO3KJWwS6Bb1eJ19ohChXswOtbz12OZ8Pq1ODBdFZSHi/rFJQzb6dxwNaKNq+/TOG
yUDvRXzL8UctuUjBulWFN+GSTXjeu+uGoW+gL2b0z4Jiu57leaINeYNdl7V2UJDiNCyXKY7F05ILKDKsqw0OVDsN565lHTviXAzWVAKpnZ1UtFTyEBzbl/
7cRckCUMR59hqdwNBZJDFunqPFIF3iwUYZTLyMMMMFOgSlivY38J8aWYqR9EKBO+hcDiOiAPVTr7hF/i4nEAgTDWcdg+Qu6hWaHdPQ1rc81CArN3ymTTWS
45L9uiyzAJveiV9UTIgxcQGFRzDOs3tcv/Bj/LScbh5Vh0UtVEhad2wwCWGWMqGGVbVfm5FJuqsmo+Zyw+eG29JN14867yDz9w8Ihc2xnL/EXsRJ9h1QPk
lynRtTvRkUxuZCZ6xUx1XKl2mvVMVJt9uFA1aimbFnUWLfka7kn5NJ/llApZhIuSGVXhUUFC+ajdLkY5YKIzTzoR/xPWK8RJ0XaXDUgXt6r6jirFFa7Zrs
RhjnCY1QgiNo2iNzf3HZhBM9nt9CWXmepCrVk9LpQUfxTpWqigaIaFQ/JJ2NQAcWUPznBEPXTpJaw5TTvLoBi7U+mDnvirYnAQykeBqg0yZ3nR7+BulwF8
rFHSEp/+H2MbLTx2KmYfpSp34gMFpYLpvqV5kXZGeRQiLeAh+UsI/VW1ZlXlR8E0q5tCS7Flc8Hx96Gw+f2G8UbL0gKuYVXUpeLwKjsODputZVN61s0AZk
UnW6c+QJ5c0ShVleOlLoiuquxg7SQe1osnmRd3rd8aLIu51kXc2oKotV1j2KQjHmBR1fP//nr65G/vfn82ffHp4avZf/5zUvz96NVXf55YV1Nt5P+8vVxm
J/ebihw4Owy3w0ujHdrrEXTmpHeGGG6IybPTrybtxrDmj++VP9wZ5VaMYsz13Znv2RljD2OcdRrDkJu5I0OvM8QhUWHNpjsokaqzyXCbnFvWrKwpT9vyXz
oDDDeAucZjW67KvskKnTUOZQ17YsHeaeWcMYYb4+zUUozamgCuRwowZ4jhhnh2iAWqaxYuV/JGW3v6TvN3dal3DyAUcfmq/NH4Fur1WmtS/9W8bNF3Aano
ULGSdMc9OmuNqPv2J7//rnvz7NxS9n23s6Vnh4onRtql/psMd30qPTIir9ufifItHS2r5fUNlpW9KqX1ZctmygPtPVFb+7JX670VY5dYDcoYuPK0moRqMN
eL61D6K88HW3lrCKb23RFbMKZ3RXlIG1uwhm+InYDAX1PR+LCpRf4hjrYT8+bY8ow3WQKkIg87T2XCG8sP+Y7ohkgNgc0TiDSKQgH6SygYwm8eGbjpC5KN
xpqnjqscqP39MS1XnIlVEgXidr7otJzbaDuz0XJeo7cHF10rOfOJ7ZxGu0N3nA0wHlTocSag9TyA4SyA8T3tZwDqu/bftSeJtpy8uKHSzQcu7qnKD3f2wR
rXjwR1uXgOdMcD3U7nDnO3grmOT7XjQF5NSIe/o+GvrnmHwttFof0b/ciQWAjq0Hh8NJa07xB5u4g0b9AYGRq1kA6Jx0dipnmHwttFoWlnzsgwiCI6BB4f
gUrvDn+3gr98U5Vl18M4EFjsGnPwOxr8Skp32LsV7OnNd+OEXHljoAPd0UBXUbuD3a3ALttyOU7cVfaDOuAdDXhVvTvk3U6wad9eOw70lQR02Dsa9spad8
i7FeTprdQjjTXL+7wd7I4Gu4raHe4Oh7v9N7clV2CHMGBtGRB/UIZV5xlElp6BqSMPWRKyNZX+6kIn2MHjDupvch3GYp9cglaGsPODGuZbkjA10zZZEzf1
OA5hS97UZkb2UbI4MIhoc2ZDfmbjhtGd8+U5B54sU8qDGSZ/w4yjQS15iP0J7K4hbbTlZnAt/iGds573MxGFsWzC4l1XwlyDHtqs2mrZLi3uo8eBmhyuyy
HabOrTkJL4ge3+T7XBmAnWzDNe54afVVatNZ5wkgl5nwZLRubbUvI+zKuILQlDCj+7OSZtep9YFDyxa3JiUlktx3M18Vjxejs3Z0OcnXiMqdjbE7FnOaws
OdobSUfWm1Tq9E0qq5DKEqnyxM5KB3oqeWHzjxzT0oGSWkLYZhLVY0DPnC+2ggNT5tjSDcYcslW/MWWTLevXkle2dItNOdWPi4Zcs6bbLFlnTbca8s+abm
tkoi3dZMlJW3ZNW3ba0j32PLW1EdmUsbYyJlpy1zbf1ZPqDA5ZThE7NeFpl2LxwXCf7PDIdn8se+PwcXFiSsfehzJeh8AV+cMs0KeJqc8TIXRM14Z7U8ax
hiabuexN8hsOz/QRf50AZEIWzAgl+lAMUQ6EedR8NlU5xjDvnTpziyd8jP1pDaUghhU2g+evN1isVSe7Vrv1krvUILWoke+9ePL85GymE/2pGB3frodhCN
M5A9sJdgE6Apre0A2WYv/jjyl59UoNIDDmpTxLVo9Z8/Badu4//2Y7WJmZXBYAFEKbbygEHazv/MWd+kadIAmZjwmYtf3PLMzJcoqq6Ae0/FspavhNZ7tb
UczQifaoa3Kqk9H6hrRhF+R0hoka25BoylDanMy26ujsRadywN3TCIeMYIhidLJDoBUIAgXMLYtO5zor1gQw1+yRGEdsY0k/ejqPZK/uqFtneZ00ZUbdSJ
6MslLsYCg2WsvhlOoVDPD6vMlOXYTLOOHMK3Dda+jYmXGXe3wN6Ek5ZgaBeB+TVqoZAMSWYGi9EsTJh5RGijTVlQvyWGeD1ksJMP8lEmbHh482O6bxHVN5
WzxhzMls07LkjErvGgJGoDDhUeFpQPVT9zdJoVHNNLtcxouqJVTUj6/R+ZvFjLx58/rbKfnl+28gsletztnTUMKAGEVz6l8ea5A3Hp3sO0/qnivVY7SZpQ
pQ93v6vatjJbplnmbO0jmkQFbn4mf78uSwBdGeS6OtUOktT3eBJvNKRisrGlz2ma0DVuFbq2zdxNJt9bWcoW9q6DOroYcUFOtfqqulmUl7YDkOcjJmrnXc
dFRuOj8GN/UxtKOmW6Wm8/FQU/sx3RERVCOZs+OmY/psW/uHpKcuMztmujMr3yE5WU8vj5GgysnNHUl90STVYmpHVPeRqIyHusdIUnnCf0dQXzRBWczsyO
k+kpPhrPsYqUkXwHDE9EUTk9HIjpbuES1Za7KMiJNay8E4hjqm954f48PdEHs7srrd77Qj+n7XUq5oRGRVrpTkuOmYzvr8CNTUYl3HRLdp3Jfj4aG2ql0j
IiJbwTBHSl8aKfW0tCOo2zT0i/EQlD3Txsgndap0m+Ono/LT6V3N6EzGdhR1y7O5EU3nWgo8joimDLUlHUF9iWvi3YZ25HSP1sXtBRRviZxU0LbXPK84QP
yVo6k7G1uH7xpXFt9jttfP3o6t7svm8XCtA6mtH7ER7yx4XWSp0hITRv2VPibp2OrIbHWEgGqQvR1b3aPYakFjL4w/J6ZyMdWXPPXrbW/HUveMpZJUfhY0
laVF0d7rvvF9+TzVYXBHVPeIqELoNZ2HUTjmc3lvCiHdItWXTlT9jO1I6h6RFMfJ/2cRSwVsw+KAJG5Hwr2JpjpN7qjqPh2JSWjwGS1OQQP5dAAld7O/+7
JK1Wl4x1r3aRaovwKOfFP62yReMiGJv6JhjHODbAXDzQm/dPraw/KOv+4Rf80p5yzyMN/9Z7LkriXWYy/uab4Cx3bsdQ+W3nsZ3pHXl0levVLTD2i0mak9
Tryu3ae9Kz6aStMYk8l3VHpsr59gfoJYlPiutQxavehlT1VWy4EtWcx41p32omnf5XeqoykzEoUQo4RSV5jAYiIaWWJK0lgXVLjIygDATVSooglK9xdYX0
Fchhv4oW9lNdVQs0AaymCoqAZt9y6appp4YNJxuTAsZx/SkCst/dqs4fjA8J4+5tDvwn+rd7U/8unB/wM=
""",
    "schema report": """
7V1Lk+O2Eb7rV0zJPo4zTi6p8i3ZZB1fklS5KhfXFAsiQQkeEKABcHYV1/z3gA9pSaIbgPiQdjfa21JEo9GPD41usOf3zcPD9ludHmhBtj88bA/GlD88Pf
2qpfiuffoHqfZPmSK5+e77Pz+1z77ZPtbjDDOc1qPeyaLk9CMzxx8rorIHRUupTPfSsWzekbtfado9K5UsqTKMavvL7/aJffZKlWZSnB/0hmqjmNhvm8dv
j+3rLSMJMCqVQhv74I+D942UHKLdY6t5DrDWPBekoIMnCH+9OZFl+YduRiS2iv5WMUUz+/YvI3aAabonz8O1s4JqQ4oyVrgFNSQjhswRGOWk1DRLCo2tnQ
lD91TBcjMHRUmWpLISZhIBawY521eKGFz8v/SePZxF8Th8KirOt71HzxcrqycKbIUo46BCdVUURB3nqCdnnOqECMKP/234naAiaQhP8kqkNafT1PyBKGFl
Pm0wVUqqaUP1CytLOse+9FEY8jFpeJhDpipLRbWexUsl9sTMonCghJtDolOpUJgTVbHDxu8VyZyB1I5wvewvYwf76/jBu/GDv40f/B1xyB5H1upTKgzjNM
75T+KJ9/7eZFxaDaKWOPJJn1+28Mu0roFo/INHFyOGmnezquQshfDvYlK55BlV2kcGWGRooS0CWBc24E894kQpcnRot3oztNDI+DB7cUye3iLm4Pnds60P
/709YjNwJmjcDI43x04BBDILL6KUljkdNwdkfDFzePBqnZlqzehlVLO5gAE4ooDsMqSOOFHGiQF86XkTs1ZgnVtpDjC4xIkVItkuOpF5Ekccs47xApy5/A
rq0A1fcwzrG5+cHaSu47o7Tt9x+o7Td5y+4/Tni9PIsfmO1XesvmP1HavvWH1DrN4gzOGMnXM2nhwMklMBA3h0twimorQhptJxqTj5Mp6oy8eOHzdZzvDc
OWG8UngizN1ykK3Gg5dvcLb/QMTenfhbRfOazDdPGc2ZYI0Mn951L8NZbarNYpm84GkMdMBJsUIUJSTdfjkhMPV+OZl+En0Baudc+mxSXUZ9Np3AnupPwk
6AoQB6YOYAa9erLFz2iCh9kgkiy54KqgCNfLmeubxyg0I8SKNLaRaAZxhX/9HSR9A6slg6Kkx66o1QGdGtDqJFP38tz1eiQytvWEHNKZTBdSq3oOTu69Bu
6+xeoONAhgBWl8eugdgHYBuIXbyvF7fpm8FpKrhEtZWC/isfmMUiPk8F2XEY1E+XRnLCNZ3tqKeJQh55rVUZVVEvjln69aRJTx9JmZq5ZcMTWTAmxeNSOD
b1xKdwjBpOwpyXTfngssukxabcmm2yV7IqvdsBnHfx5FzC+ZZwrsWC5wsV4AWBy07b4Jm6ybGsRpx+JGkE3Z2UnBJxAdOytfSITBeeKwtmy2LzZbEZsw6g
vW9EJ5w8SZp2y1EmCebP4tM0/umoyBae7OLEVERm6CT/OLnFLBd55fminFbBxE+dHf5pctIosPwBiIRwwOPKAW/chCTxNq8CehsA9ia6I9wVxrA2Jm70ol
eA3mZPy9ajH443ojPO8ARo5DFT7ljEEM/uIg6JZqmHhhGh2yj1+ER8qdfOCKsjg1d/MOqL3kBE8V4BHp6g7CGvPNwPNDc80Lg3pBcrrmL7y/TCCs32C1NM
j+nSTLZ5GWa3/+VpW9+zEjBJeiBMLFuzssok+xYTUhkuiqM1K4B2JRTVkr+CphrJ8sxSGJQR7JkUbhkRCg7qKUbcfrEte7Pta4rrciIS1BXmRFw1YVmtcU
xXlKSHNXILkmRrhJ60NGuwy3Sys5ZI+QoZi1QWpQ0lIrIs6L0G+DOH3gvjDx4ClxFAPlsB+AB3loRtDEB2jDNz/Jwj8M6FvV7ocSTcFzzmHLDIgFEFdRlU
x8yjOxYI3RjicyWLNY7uy9N8YcKDlWiyvfv9lfDKc11Js4w+0Dz35jAbztFfs6MgBUvn4osuacpyZv16ea3YcYkU/LhGwtmX3JyOh/Xtw6vlsH355LfVUL
bxQMyLcE8IGE/AAHAdetQwEwHPYPw5wqDn4Ht7O4N1fZCqLol/WVyn1dUY9lGJoBN/s/nagIEcjPs2gcp+pg978wJfZSiz4n680p5pY2wtxSx2V97YAtsU
vg91S5tpxK9MchK82na7jWh5SyuoHZCuYMH01ZcMCAXl4D2Y7jf8NsyJOHQn5tJouz0WLF6aq/ufWCzm2fKk51fnYJdkIl3B8Ajn8gNdQQz4JeYLTjKLbc
dbn9d5PMdjkwG7ul1J8lR+ivm2A0rV988BeHSBQ/YFtcruUuyS9z1/7kgOr3xuujldaZ67V8G9vfodvJyOVuOOVaMOSYMrrcCl00HBdiQR+7/nhuHe2j71
K/vPSdpzujCBe05UXzFoV7nSVz7QfhDVJAhD/KjBEKZHDYRQO0rEMC5HzQkjL463sZfjHbR0MNJBRhcPh/7/U2GN85UWw6rCFS15R/OJTacuM8TJIu4YdC
YGxflz8ynBv5W020IxR6DAwSe28R2vCjGtoRp8AzN+cCr5pLEWzTXZ06W7JI4OSSfRQCsGFgLwB6sc+uzsevo+fRAzxffu+0/0YDBjsLiFnpX5uBTou0sA
jfif0rDBNvlFAJaqOP3CrPdmUNfIymdEfpDDjwmxBgLclIlS1jqeNyrce53j9GHjDRY/2aumNiy+oWtw975IXByI5SoX+7L102Fv1retY5sbO+24q7Pjon
x4CwM48g8N953TFuHyxtf0w7TOvlLpaZa7o8Y4pYTYRrhtI4hpDY1fhPwwbR/ay4leGjhjumNj+4NbrTnKcGUMis6RyHihAP+g9b13I9Or9V3/rSK8Lp9k
yVQKwF2aqHHoV3NXOIO1c089hc05wdWXhmVhsSidGAPua6x9nbbsA+Ha1M3UM6YNs0aX1MZEzNTu4Ag9kc0ktxBXyzDzKlOyq7j7lcSFdDgVezy2ieXFRq
uTznQ9VeU5SytujrPI0Dyv/3TFHBJ1cnoWgV2FN8T3ERC0ttZ9Al1tjlMI+h133PCSKFLoG7ah9zSWiwbQm3XPun0Y6zTUihPEMNgAAw446BgFHkEJeQO0
KwrHH6HOZaSfkZ913BgfJ0Yx0TjWgWOYQLL0U8Thz6Bi/XAGHuttdxM667wf3gq52gk9lbF/+cLOnFXuh6nAZbRe256gU9TzJ5rtJyWA68LonB2cfqz/0t
Md8b8CxA/+IZ+5vJyPg0FWCusnbmI3lir2V3pWW9iw5hdcHdqmcDmGPs0Q5EY0if/VZNPVFe7xxv9BvDFObzY741oxAIhcLoagWAA7JOAYw2CjvsW0edv8
Dw==
""",
}

QUANTILES = """
date 20261130
packages 285
functions 429320
health 27.3 29 33.2 35.3 36.8 39.8 40.4 42.9 46 47.5 49 50.6 52.2 54.5 55.8 57.2 57.8 58.4 60.2 61.1 62.1 62.7 66 66.6
67.6 68.3 68.5 69.1 69.4 69.9 70.6 70.8 71 71.1 71.3 71.4 72.2 73.8 73.9 74.3 74.6 75.1 75.3 75.8 76.3 77.1 77.4 77.8
78.3 78.7 79 79.2 79.3 79.5 79.6 79.9 80.4 80.5 80.7 80.8 81 81.2 81.4 81.7 82 82.5 82.6 82.8 83 83.3 83.6 83.8 84.2
84.2 84.3 84.3 84.6 84.7 85 85.1 85.2 85.5 85.6 86 86.3 87.2 87.3 87.5 87.8 87.8 88.2 88.4 88.6 88.8 89.3 89.7 90.3
90.6 92.1 93.1
shares 0.05 0.1 0.25 0.5 0.75 0.9 0.95 0.96 0.98 0.99 0.995 0.999
cyclomatic 1 1 1 2 3 6 10 11 16 22 30 58
cyclomatic/lines 1 1 2 4 10 23 37 42 64 95 134 299
cognitive 0 0 0 0 2 6 10 12 19 29 42 92
cognitive/lines 0 0 1 3 11 29 52 61 100 151 243 458
line_count 1 1 3 6 14 30 49 57 90 137 211 564
line_count/lines 3 5 10 22 53 126 220 259 423 733 1306 2600
params_count 0 0 0 1 2 3 3 4 4 5 7 11
params_count/lines 0 0 1 1 2 3 5 5 6 8 12 27
nesting_depth 0 0 0 0 1 2 2 3 3 4 4 6
nesting_depth/lines 0 0 0 1 2 3 4 4 5 6 6 8
halstead_volume 2 4.755 11.61 44.97 146.9 381.5 660.6 776.3 1203 1782 2592 5551
halstead_volume/lines 11.61 25.27 89.62 288.4 846.5 2143 3820 4485 7199 11234 20612 52445
halstead_difficulty 0 0 0.5 1.875 5 10 14.51 16.13 21.63 27.89 34.96 53.87
halstead_difficulty/lines 0.5 1 2.857 7 14.49 26.25 36.67 40 51.7 63.89 77 142
halstead_effort 0 0 7.755 84.32 708.5 3537 8638 11136 22353 41459 72539 220448
halstead_effort/lines 5.805 27 280.4 2060 11750 49193 115443 146683 281457 486726 844358 2784716
halstead_bugs 0.000667 0.001585 0.00387 0.01499 0.04898 0.1272 0.2202 0.2588 0.4009 0.594 0.8641 1.85
halstead_bugs/lines 0.00387 0.008422 0.02987 0.09615 0.2822 0.7143 1.273 1.495 2.4 3.745 6.871 17.48
"""

# end of what is generated


if __name__ == "__main__":
    code = run_command_line()
    handle_signals(signal.SIG_IGN)  # all is written, and the exit code is known
    gc.freeze()
    sys.exit(code)
