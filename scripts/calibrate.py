#!/usr/bin/env python3
"""Measure what our limits say of code that many people trust: pinned npm packages, product code only.

    make calibrate ARGS="[--write] [--only NAME[,NAME]] [--also FOLDER] [--again]"

calibration_corpus.json names the packages, each pinned by SHA-256, and the folders that hold their hand-written
sources. The program runs once per package; what it says of each function is kept in out/calibration/functions, so that
an experiment with other limits does not measure again (--again does). `--also` adds a folder of this machine, such as a
clone of a repository, to what is printed, never to docs/calibration.md. Thirty packages are held out: no limit was
chosen by them, and their figures stand apart.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import textwrap
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from itertools import accumulate, groupby
from operator import attrgetter
from pathlib import Path, PurePosixPath
from statistics import median
from typing import NamedTuple

import complexity_guard as cg
import sources

ROOT = sources.ROOT
os.environ["COMPLEXITY_GUARD_CACHE"] = "0"  # each run is to do all of its work
PACKAGES = ROOT / "scripts" / "calibration_corpus.json"
FOLDER = ROOT / "out" / "calibration"
DOCUMENT = ROOT / "docs" / "calibration.md"
QUANTILES = ROOT / "build" / "assets" / "quantiles.txt"  # `make assets` puts it into the module
HELD_OUT = 30


@dataclass(frozen=True, slots=True)
class Function:
    """What the program said of one function; `own_lines` are its lines of code less those of the functions inside, and
    `outer` is how many rows of the same file further up the one around it stands, 0 for none."""

    path: str
    name: str
    start: int
    cyclomatic: int
    cognitive: int
    line_count: int
    params_count: int
    nesting_depth: int
    halstead_volume: float
    halstead_difficulty: float
    halstead_effort: float
    halstead_bugs: float
    own_lines: int
    outer: int


Limits = dict[str, tuple[float, float]]  # metric -> warning, error: a value above violates it
NO_METRICS = ("path", "name", "start", "own_lines", "outer")
METRICS = tuple(field.name for field in fields(Function) if field.name not in NO_METRICS)
PRESETS: dict[str, Limits] = {  # the program's own, without the limits of whole files
    name: {
        metric: limits for metric, limits in preset.limits.items() if metric in METRICS and limits != (cg.OFF, cg.OFF)
    }
    for name, preset in cg.PRESETS.items()
}
RECOMMENDED = PRESETS["recommended"]
LIMITS_ALONE = "recommended, its limits alone"


# ---- the arithmetic: the program's own, with other limits ------------------------------------------------------------


class Unit(NamedTuple):
    """What the program wants to know of a function to find out about which lines it decides."""

    kind: str
    line_count: int
    outer: int
    is_wrapper: bool = False


def judge_of(limits: Limits) -> cg.Judge:
    known = tuple(sorted(limits.items()))
    if known not in JUDGES:
        thresholds = {name: limits.get(name, (cg.OFF, cg.OFF)) for name in cg.DEFAULT_THRESHOLDS}
        JUDGES[known] = cg.Judge(cg.DEFAULT_ANALYSIS._replace(thresholds=thresholds), "none")
    return JUDGES[known]


JUDGES: dict[tuple, cg.Judge] = {}


def function_penalty(function: Function, limits: Limits) -> float:
    """What one function is short of 100."""
    table = judge_of(limits).health
    return 100 - table[table.key_of(tuple(getattr(function, name) for name in cg.JUDGED_VALUES))]


def health(functions: Iterable[Function], limits: Limits) -> float:
    """Of a package, as the program has it."""
    lost = lines = 0.0
    for _, of_file in groupby(functions, key=attrgetter("path")):
        found = list(of_file)
        units = [Unit("module", 0, 0)]
        for number, one in enumerate(found, 1):
            units.append(Unit("function", one.line_count, number - one.outer if one.outer else 0))
        penalties = [0.0, *(function_penalty(one, limits) for one in found)]
        decided = judge_of(limits).deciding_lines(units, [100 - taken for taken in penalties])
        lost += sum(taken * count for taken, count in zip(penalties, decided))
        lines += sum(decided)
    return 100 - lost / lines if lines else 100.0


def level(function: Function, limits: Limits) -> int:
    """0 where nothing is to be said, 1 for a warning, 2 for an error."""
    worst = 0
    for metric, (warning, error) in limits.items():
        value = getattr(function, metric)
        if value > error:
            return 2
        if value > warning:
            worst = 1
    return worst


def quantile(sorted_pairs: Sequence[tuple[float, float]], *shares: float) -> list[float]:
    """For each share the smallest value up to which at least this much of the weight lies, of (value, weight) in order."""
    reached = list(accumulate(weight for _, weight in sorted_pairs))
    places = (bisect_left(reached, share * reached[-1] * (1 - 1e-12)) for share in shares)
    return [sorted_pairs[place][0] for place in places]


def ranks(values: Sequence[float]) -> list[float]:
    """From 1 up; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    begin = 0
    while begin < len(order):
        end = begin
        while end < len(order) and values[order[end]] == values[order[begin]]:
            end += 1
        for place in order[begin:end]:
            found[place] = (begin + 1 + end) / 2
        begin = end
    return found


def spearman(left: Sequence[float], right: Sequence[float]) -> float:
    """The correlation of the ranks of two rows of numbers."""
    a, b = ranks(left), ranks(right)
    middle = (len(a) + 1) / 2
    together = sum((x - middle) * (y - middle) for x, y in zip(a, b))
    spread = sum((x - middle) ** 2 for x in a) * sum((y - middle) ** 2 for y in b)
    return together / spread**0.5 if spread else 0.0


def held_out(names: Iterable[str], count: int = HELD_OUT) -> set[str]:
    """The packages that no limit is chosen by: those whose names hash lowest."""
    return set(sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())[:count])


# ---- product code ---------------------------------------------------------------------------------------------------

# Folders and names of what is not the product; what a row of the list says comes on top. Beside these the program says
# which files are generated, minified or tests, and none of them counts: docs/code-kinds.md.
NOT_PRODUCT = re.compile(
    r"""(^|/)(__tests__|__mocks__|__testfixtures__|__fixtures__|tests?|test-?utils?|testing|specs?|e2e|cypress|fixtures?
             |examples?|samples?|demos?|docs|bench(mark)?s?|(__)?stories(__)?|node_modules|bower_components|vendors?
             |third[_-]?party)/
      | [.\-_](test|spec|stories|story|bench|e2e|fixture|mock)s?\.[cm]?[jt]sx?$
      | \.d(\.[a-z]+)?\.[cm]?ts$ | \.(generated|gen|pb|bundle)\.[cm]?[jt]sx?$""",
    re.VERBOSE | re.IGNORECASE,
)
TYPED = (".ts", ".tsx", ".mts", ".cts")
SOURCES = (*TYPED, ".js", ".jsx", ".mjs", ".cjs")
COMPILED = re.compile(  # what compilers and bundlers leave behind at the start of a line, and hands do not write
    rb"""^(\s*Object\.defineProperty\(exports,\s*["']__esModule | \s*exports\.__esModule\s*=
        | (var|const|let)\s+(__(awaiter|decorate|createBinding|importDefault|extends|assign|spreadArray|defProp)\b
                             |_interopRequire) | function\s+_(interopRequire|classCallCheck|inherits|defineProperty)
        | import\s.*["'](tslib|@swc/helpers|@babel/runtime)
        | //\#\ssourceMappingURL=)""",
    re.VERBOSE | re.MULTILINE,
)


def is_product(path: str) -> bool:
    return path.endswith(SOURCES) and not NOT_PRODUCT.search(path)


def is_compiled(path: str, content: bytes) -> bool:
    return not path.endswith(TYPED) and bool(COMPILED.search(content))


def wanted(row: dict, path: PurePosixPath) -> bool:
    inside = any(folder == "." or path.is_relative_to(folder) for folder in row["folders"])
    return inside and not any(path.is_relative_to(folder) for folder in row.get("without", ()))


def unpack(row: dict, archive: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(archive) as tar:
        for member in tar:
            path = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            if not member.isfile() or ".." in path.parts or not is_product(str(path)) or not wanted(row, path):
                continue
            content = tar.extractfile(member).read()
            if not is_compiled(path.name, content):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(content)


# ---- measuring ------------------------------------------------------------------------------------------------------


def slug(row: dict) -> str:
    return f"{row['name'].strip('@').replace('/', '-')}@{row['version']}"


def functions_of(row: dict, again: bool) -> list[Function]:
    """From the table of an earlier run where the row is as it was."""
    table = FOLDER / "functions" / f"{slug(row)}-{row_hash(row)}.csv.gz"
    if again or not table.exists():
        folder = FOLDER / "sources" / slug(row)
        unpack(row, sources.npm_package(row), folder)
        for old in table.parent.glob(f"{slug(row)}-*.csv.gz"):
            old.unlink()
        if not folder.exists():
            raise SystemExit(f"{slug(row)}: none of its files is product code")
        keep(table, measured(folder, "--no-ignore"))
    return read(table)


def row_hash(row: dict) -> str:
    """Changes with what is measured: the row's folders and this script's idea of product code."""
    what = [row["sha256"], row["folders"], row.get("without", []), NOT_PRODUCT.pattern]
    what += [COMPILED.pattern.decode(), cg.GENERATED_WORDS, cg.LONG_LINE, cg.PACKED_EVENTS, "outer"]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:12]


def measured(folder: Path, *more: str) -> Iterator[Function]:
    """Every function of a folder, as our program prints it."""
    report = FOLDER / "report.json"
    options = ["--config", str(configuration()), "--fail-on", "none", "--threads", "2", "--allow-empty"]
    command = [sys.executable, "-m", "complexity_guard", str(folder), *options, "-f", "json", "-o", str(report), *more]
    done = subprocess.run(command, capture_output=True, text=True, env=environment())
    if done.returncode not in (0, 4):  # 4: a file could not be analysed, and the others are there
        raise SystemExit(f"{folder}: {done.stderr}")
    for file in json.loads(report.read_text("utf-8"))["files"]:
        if file["code"] == "product":
            path = Path(file["path"]).resolve().relative_to(folder.resolve())
            yield from functions_of_file(path.as_posix(), file["functions"])
    report.unlink()


def environment() -> dict[str, str]:
    """As `make run`: by name, so that the compiled module is kept between runs."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(ROOT / "out" / "pycache")}


def configuration() -> Path:
    """One that changes nothing, so that no folder above has a say."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    target = FOLDER / "defaults.json"
    target.write_text("{}")
    return target


def functions_of_file(path: str, entries: list[dict]) -> Iterator[Function]:
    """Own lines: what is left when each function's lines are taken from the innermost one around it."""
    own = [entry["line_count"] for entry in entries]
    around = parents([span(entry) for entry in entries])
    for index, parent in enumerate(around):
        if parent is not None:
            own[parent] -= entries[index]["line_count"]
    for index, (entry, parent) in enumerate(zip(entries, around)):
        values = (entry[metric] for metric in METRICS)
        outer = 0 if parent is None else index - parent
        yield Function(path, entry["qualified_name"], entry["start_line"], *values, max(own[index], 0), outer)


def span(entry: dict) -> tuple[tuple[int, int], tuple[int, int]]:
    return (entry["start_line"], entry["start_col"]), (entry["end_line"], entry["end_col"])


def parents(places: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> list[int | None]:
    """The index of the innermost place around each, None where there is none."""
    found: list[int | None] = [None] * len(places)
    around: list[int] = []
    for index in sorted(range(len(places)), key=lambda i: (places[i][0], tuple(-part for part in places[i][1]))):
        begin, end = places[index]
        while around and not (places[around[-1]][0] <= begin and end <= places[around[-1]][1]):
            around.pop()
        found[index] = around[-1] if around else None
        around.append(index)
    return found


def keep(table: Path, functions: Iterable[Function]) -> None:
    table.parent.mkdir(parents=True, exist_ok=True)
    names = [field.name for field in fields(Function)]
    draft = table.with_suffix(".draft")
    with gzip.open(draft, "wt", encoding="utf-8", newline="", compresslevel=3) as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([getattr(function, name) for name in names] for function in functions)
    draft.replace(table)


def read(table: Path) -> list[Function]:
    kinds = [{"str": str, "int": int, "float": float}[str(field.type)] for field in fields(Function)]
    with gzip.open(table, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return [Function(*(kind(text) for kind, text in zip(kinds, row))) for row in rows]


# ---- summing up -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Package:
    """One row of the tables."""

    name: str
    language: str
    functions: list[Function]
    held_out: bool = False

    @cached_property
    def lines(self) -> int:
        return sum(function.line_count for function in self.functions)

    @cached_property
    def health(self) -> float:
        return health(self.functions, RECOMMENDED)


@dataclass(frozen=True, slots=True)
class Flagged:
    """Shares, in per cent, of what a set of limits says something about."""

    errors: float
    anything: float
    lines: float  # in functions past an error


def cognitive_within(functions: Sequence[Function]) -> list[int]:
    """The cognitive complexity of each, with that of the functions in it."""
    totals = [function.cognitive for function in functions]
    for row in range(len(functions) - 1, -1, -1):
        if functions[row].outer:
            totals[row - functions[row].outer] += totals[row]
    return totals


def burden(function: Function) -> float:
    numbers = function.cognitive, max(0, function.own_lines), function.nesting_depth
    return sum(value / limit for value, limit in zip(numbers, cg.BURDENS.values()))


NO_LEAST = (0, 0.0)


def flagged(functions: Sequence[Function], limits: Limits, least: tuple[int, float] = NO_LEAST) -> Flagged:
    """What is past a limit and has, with the functions in it, at least this cognitive complexity, and this burden."""
    cognitive, weight = least
    within = cognitive_within(functions)
    counts = [total >= cognitive and burden(one) + 1e-9 >= weight for one, total in zip(functions, within)]
    levels = [level(one, limits) if counted else 0 for one, counted in zip(functions, counts)]
    lines = sum(function.line_count for function in functions)
    past = sum(function.line_count for function, worst in zip(functions, levels) if worst == 2)
    count = max(len(levels), 1)
    return Flagged(
        100 * levels.count(2) / count,
        100 * (count - levels.count(0)) / count if levels else 0.0,
        100 * past / max(lines, 1),
    )


def alone(functions: Sequence[Function], limits: Limits) -> dict[str, tuple[float, float, float]]:
    """By metric: the shares, in per cent, past its error, past its warning, and past an error of no other metric."""
    found = {}
    for metric, pair in limits.items():
        own = [level(function, {metric: pair}) for function in functions]
        others = {other: limits[other] for other in limits if other != metric}
        only = sum(1 for function, worst in zip(functions, own) if worst == 2 and level(function, others) < 2)
        errors, anything = own.count(2), len(own) - own.count(0)
        found[metric] = tuple(100 * part / max(len(own), 1) for part in (errors, anything, only))
    return found


SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.96, 0.98, 0.99, 0.995, 0.999)


def quantiles(functions: Sequence[Function], metric: str, weight: str = "") -> list[float]:
    """The metric's values at SHARES of the functions, or of their lines."""
    pairs = sorted((getattr(function, metric), getattr(function, weight) if weight else 1) for function in functions)
    return quantile(pairs, *SHARES)


@dataclass(frozen=True, slots=True)
class Spread:
    """What the scores of many packages look like beside each other."""

    scores: list[float]
    correlation: float  # of score and share of lines past an error, by rank

    def at(self, share: float) -> float:
        return quantile([(score, 1) for score in sorted(self.scores)], share)[0]

    @property
    def middle_half(self) -> float:
        return self.at(0.75) - self.at(0.25)


def spread(packages: Sequence[Package]) -> Spread:
    scores = [package.health for package in packages]
    return Spread(scores, spearman(scores, [flagged(package.functions, RECOMMENDED).lines for package in packages]))


# ---- telling --------------------------------------------------------------------------------------------------------


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|---" + "|--:" * (len(heads) - 1) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def presets_table(packages: Sequence[Package]) -> Iterator[str]:
    everything = [function for package in packages for function in package.functions]
    heads = ("preset", "error %", "anything %", "lines past an error %", "median package: error %", "anything %")
    rows = []
    sets = []
    for name, limits in PRESETS.items():
        preset = cg.PRESETS[name]
        sets.append((f"`{name}`", limits, (preset.least_cognitive, preset.least_burden)))
    for name, limits, least in (*sets[:1], (LIMITS_ALONE, RECOMMENDED, NO_LEAST), *sets[1:]):
        whole = flagged(everything, limits, least)
        each = [flagged(package.functions, limits, least) for package in packages]
        middle = (median(one.errors for one in each), median(one.anything for one in each))
        rows.append((name, *(f"{x:.1f}" for x in (whole.errors, whole.anything, whole.lines, *middle))))
    yield from table(heads, rows)


def metrics_table(packages: Sequence[Package]) -> Iterator[str]:
    everything = [function for package in packages for function in package.functions]
    heads = ("`recommended`", "limits", "past the error %", "past the warning %", "past no other error %")
    shares = alone(everything, RECOMMENDED)
    rows = [
        (f"`{metric}`", " / ".join(map(short, RECOMMENDED[metric])), *(f"{share:.1f}" for share in shares[metric]))
        for metric in RECOMMENDED
    ]
    yield from table(heads, rows)


def quantiles_table(packages: Sequence[Package], weight: str) -> Iterator[str]:
    everything = [function for package in packages for function in package.functions]
    heads = ("metric", *(f"{100 * share:g} %" for share in SHARES))
    yield from table(heads, ((f"`{m}`", *map(short, quantiles(everything, m, weight))) for m in METRICS))


def spread_lines(packages: Sequence[Package]) -> Iterator[str]:
    found = spread(packages)
    heads = ("health of packages", *(f"{100 * share:g} %" for share in (0.05, 0.25, 0.5, 0.75, 0.95)))
    yield from table(heads, [("", *(f"{found.at(share):.1f}" for share in (0.05, 0.25, 0.5, 0.75, 0.95)))])
    letters = [cg.grade_of(score) for score in found.scores]
    yield "Grades: " + ", ".join(f"{letters.count(letter)} {letter}" for _, letter in cg.GRADES) + "."
    yield f"The middle half of the packages spans {found.middle_half:.1f} points; Spearman's rank correlation of health"
    yield f"with the share of lines in functions past an error is {found.correlation:.3f}."
    yield ""


def packages_table(packages: Sequence[Package]) -> Iterator[str]:
    heads = ("package", "functions", "lines", "error %", "anything %", "lines past an error %", "health", "grade")
    rows = []
    for package in packages:
        found = flagged(package.functions, RECOMMENDED)
        shares = (f"{share:.1f}" for share in (found.errors, found.anything, found.lines))
        name = f"{package.name} ({package.language})"
        score = package.health
        rows.append(
            (name, f"{len(package.functions):,}", f"{package.lines:,}", *shares, f"{score:.1f}", cg.grade_of(score))
        )
    yield from table(heads, rows)


def totals(packages: Sequence[Package]) -> str:
    functions = sum(len(package.functions) for package in packages)
    lines = sum(package.lines for package in packages)
    languages = [package.language for package in packages]
    return (
        f"{len(packages)} packages ({languages.count('ts')} TypeScript, {languages.count('js')} JavaScript), "
        f"{functions:,} functions, {lines:,} lines of functions."
    )


HEADLINE = """# Calibration

What the presets say of code that many people trust. Written by `make calibrate ARGS=--write` on {day}; do not edit.

The list is `scripts/calibration_corpus.json`: npm packages that ship hand-written TypeScript or JavaScript, each pinned by
SHA-256. Only product code is measured: tests, examples, declarations, and what is generated, minified, bundled or compiled
are left out, by the rules under "product code" in `scripts/calibrate.py`. Every function counts once, nested ones too, and
the lines of a function include those of the functions inside it;
quantiles by lines count each line once, for the innermost. A value *above* a limit is flagged; of `recommended` only where
there is enough to follow (`least_cognitive`, `least_burden`), and a row beside it says what the limits alone would flag. Limits of whole files
have no part in the shares.
`sonarqube` is judged by the cognitive number of this program's default variant. Health is by the
`recommended` limits. {held} packages, taken by a hash of their names, were held out while limits were looked for; their
figures are the last section. `build/assets/quantiles.txt` holds the quantiles that the program carries.
What a reader says of a hundred functions that `recommended` flags: [flagged.md](flagged.md).
"""


def document(packages: Sequence[Package]) -> Iterator[str]:
    known = [package for package in packages if not package.held_out]
    others = [package for package in packages if package.held_out]
    yield from HEADLINE.format(day=date.today().isoformat(), held=len(others)).splitlines()
    if known:
        yield from ("", "## What the presets flag", "", totals(known), "", *presets_table(known), *metrics_table(known))
        yield from ("## Health", "", *spread_lines(known))
        yield from ("## Quantiles by functions", "", *quantiles_table(known, ""))
        yield from ("## Quantiles by lines of functions", "", *quantiles_table(known, "line_count"))
        yield from ("## The packages", "", *packages_table(known))
    if others:
        yield from ("## Held out", "", totals(others), "", *presets_table(others), *metrics_table(others))
        yield from (*spread_lines(others), *packages_table(others))


def carried(packages: Sequence[Package]) -> str:
    """The quantiles that the program carries, of the packages that were not held out: names, each with its numbers."""
    known = [package for package in packages if not package.held_out]
    everything = [function for package in known for function in package.functions]
    found = spread(known)
    rows = {
        "date": [int(date.today().strftime("%Y%m%d"))],
        "packages": [len(known)],
        "functions": [len(everything)],
        "health": [round(found.at(share / 100), 1) for share in range(1, 101)],
        "shares": SHARES,
    }
    for metric in METRICS:
        rows[metric] = quantiles(everything, metric)
        rows[f"{metric}/lines"] = quantiles(everything, metric, "own_lines")
    lines = (textwrap.fill(" ".join([name, *map(brief, row)]), 118) for name, row in rows.items())
    return "".join(f"{line}\n" for line in lines)


def brief(value: float) -> str:
    """Four digits are enough."""
    return str(value) if isinstance(value, int) else f"{value:.4g}" if value < 1000 else f"{value:.0f}"


# ---- the program ----------------------------------------------------------------------------------------------------


def package_of(row: dict, again: bool) -> Package:
    found = functions_of(row, again)
    return Package(f"{row['name']} {row['version']}", row["language"], found, row.get("held_out", False))


def language_of(functions: Sequence[Function]) -> str:
    typed = sum(1 for function in functions if function.path.endswith(TYPED))
    return "ts" if 2 * typed > len(functions) else "js"


def local_package(folder: Path) -> Package:
    """A folder of this machine, by the same idea of product code; what git ignores in it is not looked at."""
    found = [f for f in measured(folder) if is_product(f.path)]
    return Package(folder.name, language_of(found), found)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--write", action="store_true", help="write docs/calibration.md anew")
    options.add_argument("--only", default="", help="only packages whose names contain one of these")
    options.add_argument("--also", type=Path, action="append", default=[], help="a folder of this machine")
    options.add_argument("--again", action="store_true", help="measure again what was measured before")
    wishes = options.parse_args()
    rows = json.loads(PACKAGES.read_text("utf-8"))
    if wishes.only:
        rows = [row for row in rows if any(word in row["name"] for word in wishes.only.split(","))]
    packages = [package_of(row, wishes.again) for row in rows]
    extra = [local_package(folder) for folder in wishes.also]
    text = "\n".join(document(packages))
    print(text)
    for package in extra:
        print("\n".join(("", *packages_table([package]), *presets_table([package]), *metrics_table([package]))))
    if not wishes.only:
        (FOLDER / "quantiles.txt").write_text(carried(packages), encoding="utf-8")
    if wishes.write and not wishes.only:
        QUANTILES.write_text(carried(packages), encoding="utf-8")
        DOCUMENT.write_text(text.rstrip() + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
