"""Compare our numbers with the reference's, function by function.

    python compare.py                  the whole corpus, as `corpus.py` fetched it
    python compare.py --sample         the part of it that the repository carries
    python compare.py --write          record today's differences, to be explained by hand, and the list of functions
                                       in which the fault of SonarJS 4.2 shows

Exit 1 where a difference is not in tests/oracles/differences.json, or one there is no longer found.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FROZEN = ROOT / "tests" / "oracles"
ANSWERS = FROZEN / "answers.jsonl.xz"
SAMPLE = FROZEN / "sample.tar.xz"
DIFFERENCES = FROZEN / "differences.json"
ARMS = FROZEN / "arms.json"  # the functions in which the fault of SonarJS 4.2 shows
CORPUS = ROOT / "out" / "oracle-corpus"
TARGET = 0.999  # of functions, for each metric

# What freeze.mjs writes for one function, in this order. -1 where the reference gives no answer.
ROW = ("kind", "start_line", "start_col", "end_line", "end_col",
       "cyclomatic", "modified", "sonarjs_4_2", "nesting_depth", "params_count", "line_count", "cognitive")  # fmt: skip
METRICS = ("end", "cyclomatic", "modified", "cognitive", "sonarjs_4_2", "nesting_depth", "params_count", "line_count")
MODULE_METRICS = ("cyclomatic", "modified", "sonarjs_4_2", "nesting_depth", "cognitive")
FILE_METRICS = ("file_length", "export_count")

Place = tuple[int, int, bool]  # line, column, whether it is a field's initializer
Numbers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileNumbers:
    """One file as either side sees it."""

    functions: dict[Place, Numbers]
    module: Numbers
    file: Numbers


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One disagreement: where, about what, and what each side says ("" where it has nothing there)."""

    path: str
    line: int
    column: int
    metric: str
    ours: str
    reference: str


def frozen_answers(path: Path = ANSWERS) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def from_reference(answer: dict[str, Any]) -> FileNumbers:
    functions = {}
    for row in answer["functions"]:
        numbers = dict(zip(ROW, row, strict=True)) | {"end": f"{row[3]}:{row[4]}"}
        functions[row[1], row[2], row[0] == "i"] = {key: value for key, value in numbers.items() if value != -1}
    module = dict(zip(MODULE_METRICS, answer["module"].values(), strict=True))
    return FileNumbers(functions, module, {"file_length": answer["fileLength"], "export_count": answer["exports"]})


def from_ours(classic: dict[str, Any], other: dict[str, Any]) -> FileNumbers:
    """One file of our JSON, joined with the same file analysed with the other variants."""
    return FileNumbers(
        {
            place_of(mine): with_variants(mine, others)
            for mine, others in zip(classic["functions"], other["functions"], strict=True)
        },
        with_variants(classic["module"], other["module"]),
        {metric: classic[metric] for metric in FILE_METRICS},
    )


def place_of(function: dict[str, Any]) -> Place:
    return function["start_line"], function["start_col"], function["kind"] == "field_initializer"


def with_variants(one: dict[str, Any], other: dict[str, Any]) -> Numbers:
    end = f"{one['end_line']}:{one['end_col']}"
    return {**one, "modified": other["cyclomatic"], "sonarjs_4_2": other["cognitive"], "end": end}


def differences_of(path: str, ours: FileNumbers, reference: FileNumbers) -> Iterator[Difference]:
    for place in sorted(ours.functions.keys() | reference.functions.keys()):
        mine, theirs = ours.functions.get(place), reference.functions.get(place)
        line, column, _ = place
        if mine is None or theirs is None:
            yield Difference(path, line, column, "function", "found" if mine else "", "found" if theirs else "")
        else:
            yield from unequal(path, line, column, METRICS, mine, theirs)
    yield from unequal(path, 0, 0, MODULE_METRICS, ours.module, reference.module)
    yield from unequal(path, 0, 0, FILE_METRICS, ours.file, reference.file)


def unequal(
    path: str, line: int, column: int, metrics: Iterable[str], mine: Numbers, theirs: Numbers
) -> Iterator[Difference]:
    for metric in metrics:
        if metric in theirs and mine[metric] != theirs[metric]:
            yield Difference(path, line, column, metric, str(mine[metric]), str(theirs[metric]))


# Running our side


def subject() -> list[str]:
    """The program under test: the module, or the binary that the suite was pointed at."""
    binary = os.environ.get("COMPLEXITY_GUARD_BINARY")
    return [binary] if binary else [sys.executable, str(ROOT / "complexity_guard.py")]


def analyse(folder: Path, paths: Sequence[str] = (), **analysis: str) -> dict[str, dict[str, Any]]:
    """Our report on a folder (or some files of it), by path, with the given `analysis` settings."""
    with tempfile.TemporaryDirectory() as scratch:
        config, report = Path(scratch, "config.json"), Path(scratch, "report.json")
        config.write_text(json.dumps({"analysis": analysis}), "utf-8")
        flags = ["-f", "json", "-o", str(report), "--fail-on", "none", "--no-ignore", "-c", str(config)]
        done = subprocess.run([*subject(), *flags, "--", *(paths or ["."])], cwd=folder, check=False)
        if done.returncode not in (0, 4):
            raise SystemExit(f"our side ended with exit code {done.returncode}")
        return {file["path"]: file for file in json.loads(report.read_text("utf-8"))["files"]}


def our_numbers(folder: Path) -> dict[str, FileNumbers]:
    classic = analyse(folder, cyclomatic_variant="classic")
    other = analyse(folder, cyclomatic_variant="modified", cognitive_variant="sonarjs-4.2")
    return {path: from_ours(classic[path], other[path]) for path in classic}


# Putting both together


@dataclass(frozen=True, slots=True)
class Comparison:
    files: int
    refused: tuple[str, ...]  # sources that the reference parser does not accept
    counts: Counter[str]  # metric -> how many functions (or modules, or files) were compared
    differences: tuple[Difference, ...]

    def agreement(self, metric: str) -> float:
        return 1 - sum(d.metric == metric for d in self.differences) / max(1, self.counts[metric])


def compare(answers: Iterable[dict[str, Any]], ours: dict[str, FileNumbers]) -> Comparison:
    files, refused, counts, differences = 0, [], Counter[str](), list[Difference]()
    for answer in answers:
        files += 1
        if "error" in answer:
            refused.append(answer["path"])
            continue
        reference = from_reference(answer)
        counts["function"] += len(reference.functions)
        counts.update(metric for numbers in reference.functions.values() for metric in METRICS if metric in numbers)
        counts.update((*MODULE_METRICS, *FILE_METRICS))
        differences += differences_of(answer["path"], ours[answer["path"]], reference)
    return Comparison(files, tuple(refused), counts, tuple(sorted(differences)))


def known_differences() -> dict[Difference, str]:
    """The tracked table: each difference with its cause."""
    if not DIFFERENCES.exists():
        return {}
    table = json.loads(DIFFERENCES.read_text("utf-8"))
    return {Difference(*row[:-1]): row[-1] for row in table["differences"]}


def write_differences(found: Iterable[Difference]) -> None:
    known = known_differences()
    causes = json.loads(DIFFERENCES.read_text("utf-8"))["causes"] if DIFFERENCES.exists() else {}
    rows = [[d.path, d.line, d.column, d.metric, d.ours, d.reference, known.get(d, "?")] for d in found]
    lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
    causes_text = json.dumps(causes, indent=2, ensure_ascii=False).replace("\n", "\n  ")
    DIFFERENCES.write_text(f'{{\n  "causes": {causes_text},\n  "differences": [\n{lines}\n  ]\n}}\n', "utf-8")


def functions_with_the_fault(answers: Iterable[dict[str, Any]]) -> Iterator[list[Any]]:
    """Where the reference says another number without its fault: file, line, column, what is right, what it says."""
    for answer in answers:
        if "error" in answer:
            continue
        for (line, column, _), numbers in from_reference(answer).functions.items():
            if numbers["cognitive"] != numbers["sonarjs_4_2"]:
                yield [answer["path"], line, column, numbers["cognitive"], numbers["sonarjs_4_2"]]


def write_arms() -> None:
    lines = ",\n".join("  " + json.dumps(row) for row in functions_with_the_fault(frozen_answers()))
    ARMS.write_text(f"[\n{lines}\n]\n", "utf-8")


def summary(comparison: Comparison) -> str:
    counted = f"{comparison.files:,} files, {comparison.counts['function']:,} functions"
    rows = [f"{counted}; the reference refuses {len(comparison.refused)} files"]
    for metric in ("function", *METRICS, *FILE_METRICS):
        differing = sum(d.metric == metric for d in comparison.differences)
        rows.append(
            f"  {metric:15}{comparison.agreement(metric):10.4%}   {differing:,} of {comparison.counts[metric]:,} differ"
        )
    return "\n".join(rows)


def unpacked_sample(folder: Path) -> Path:
    with tarfile.open(SAMPLE) as archive:
        archive.extractall(folder, filter="data")
    return folder


def verdict(comparison: Comparison, *, all_files: bool) -> list[str]:
    """What is wrong: unexplained or stale differences, and metrics below the target."""
    known, found = known_differences(), set(comparison.differences)
    problems = [f"unexplained: {d}" for d in comparison.differences if known.get(d, "?") == "?"]
    if all_files:
        problems += [f"no longer found: {d}" for d in known if d not in found]
    low = [metric for metric in ("function", *METRICS) if comparison.agreement(metric) < TARGET]
    return problems + [f"{metric}: {comparison.agreement(metric):.4%} agree, less than {TARGET:.1%}" for metric in low]


def compare_sample() -> Comparison:
    with tempfile.TemporaryDirectory() as scratch:
        ours = our_numbers(unpacked_sample(Path(scratch)))
        return compare((answer for answer in frozen_answers() if answer["path"] in ours), ours)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", action="store_true", help="compare the sample only")
    parser.add_argument("--write", action="store_true", help="record the differences found")
    options = parser.parse_args()
    comparison = compare_sample() if options.sample else compare(frozen_answers(), our_numbers(CORPUS))
    print(summary(comparison))
    if options.write:
        write_differences(comparison.differences)
        write_arms()
    problems = verdict(comparison, all_files=not options.sample)
    print("\n".join(problems[:50]))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
