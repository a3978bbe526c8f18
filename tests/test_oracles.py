"""Our numbers against those of ESLint, SonarJS and TypeScript, function by function; see scripts/oracles/.

Offline: the frozen answers, on the sample of sources that the repository carries. With the corpus fetched
(`make oracles`): on all of it. With Node and `make oracles-setup`: the reference implementations themselves.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import blanking
import compare
import corpus
import navigation
import pytest
from conftest import BINARY, ROOT
from samples import measure_file
from tools import needs

import complexity_guard as cg

SCRIPTS = ROOT / "scripts" / "oracles"
REFERENCES = ROOT / "out" / "oracles" / "node_modules"
references = pytest.mark.skipif(
    not REFERENCES.is_dir(), reason="needs the reference implementations: make oracles-setup"
)
# Without the kernel, which carries the mended grammar, a third of effect's files would be called broken.
mended = needs() if BINARY else needs("kernel")
whole = pytest.mark.skipif(not compare.CORPUS.is_dir(), reason="needs the corpus: make oracles")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compare.unpacked_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def answers() -> list[dict]:
    return list(compare.frozen_answers())


def sources_of(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and corpus.is_source(path.name)
    )


@mended
def test_the_sample_agrees(sample: Path, answers: list[dict]) -> None:
    ours = compare.our_numbers(sample)
    assert sorted(ours) == sources_of(sample), "every source of the sample is analysed"
    comparison = compare.compare((answer for answer in answers if answer["path"] in ours), ours)
    assert comparison.counts["function"] > 2_000
    assert compare.verdict(comparison, all_files=False) == []


@mended
def test_what_typescripts_navigation_tree_names_we_name(sample: Path) -> None:
    counts, unexplained = navigation.counted(navigation.frozen_answers(), compare.analyse(sample))
    assert unexplained == []
    assert counts.total() > 2_000 and min(counts["the same"], counts["`x.map() callback` is `map callback`"]) > 100
    assert navigation.spelling_of("it('adds') callback", "", 'it "subtracts"') is None


@mended
@whole
def test_the_whole_corpus_agrees(answers: list[dict]) -> None:
    comparison = compare.compare(answers, compare.our_numbers(compare.CORPUS))
    assert compare.verdict(comparison, all_files=True) == [], compare.summary(comparison)


def test_the_answers_are_about_the_sources_they_claim(sample: Path, answers: list[dict]) -> None:
    recorded = {answer["path"]: answer["sha256"] for answer in answers}
    found = {path: hashlib.sha256((sample / path).read_bytes()).hexdigest()[:16] for path in sources_of(sample)}
    assert found.items() <= recorded.items()


def test_the_answers_cover_enough(answers: list[dict]) -> None:
    functions = Counter(answer["path"].split("/")[0] for answer in answers for _ in answer.get("functions", ()))
    assert functions.total() >= 25_000
    assert set(functions) == {package.slug for package in corpus.packages()}


def test_the_functions_with_the_fault_are_listed(answers: list[dict]) -> None:
    """Where SonarJS 4.2 counts what follows a function as an arm deeper; the default counts as the rule is written."""
    listed = json.loads(compare.ARMS.read_text("utf-8"))
    assert listed == list(compare.functions_with_the_fault(answers))
    assert all(right < faulty for *_, right, faulty in listed)


@mended
def test_the_variants_differ_where_the_fault_shows_and_nowhere_else(sample: Path) -> None:
    ours = compare.our_numbers(sample)
    differing = [
        [path, line, column, numbers["cognitive"], numbers["sonarjs_4_2"]]
        for path in sorted(ours)
        for (line, column, _), numbers in ours[path].functions.items()
        if numbers["cognitive"] != numbers["sonarjs_4_2"]
    ]
    listed = json.loads(compare.ARMS.read_text("utf-8"))
    assert sorted(differing) == sorted(row for row in listed if row[0] in ours)


def test_every_difference_has_a_cause(answers: list[dict]) -> None:
    table = json.loads(compare.DIFFERENCES.read_text("utf-8"))
    used = {row[-1] for row in table["differences"]}
    assert used == set(table["causes"])
    assert {row[0] for row in table["differences"]} <= {answer["path"] for answer in answers}


def test_a_wrong_number_is_noticed(answers: list[dict]) -> None:
    """The comparison itself: each metric, changed by one, is reported, and so is a function too many or too few."""
    answer = next(answer for answer in answers if len(answer.get("functions", ())) > 3)
    reference = compare.from_reference(answer)
    place = next(iter(reference.functions))
    assert not list(compare.differences_of("x", reference, reference))
    for metric in compare.METRICS[1:]:
        wrong = {**reference.functions[place], metric: reference.functions[place][metric] + 1}
        changed = replace(reference, functions={**reference.functions, place: wrong})
        assert [d.metric for d in compare.differences_of("x", changed, reference)] == [metric]
    fewer = replace(reference, functions={key: value for key, value in reference.functions.items() if key != place})
    assert [(d.ours, d.reference) for d in compare.differences_of("x", fewer, reference)] == [("", "found")]
    assert [(d.ours, d.reference) for d in compare.differences_of("x", reference, fewer)] == [("found", "")]


@needs("node")
@references
def test_the_annotated_cases_agree_with_the_references() -> None:
    done = subprocess.run(
        ["node", SCRIPTS / "check_cases.mjs", ROOT / "tests" / "corpus"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def live_answers(sample: Path) -> list[dict]:
    """What the references say today about the sample, with the cognitive points of each function."""
    done = subprocess.run(
        ["node", SCRIPTS / "freeze.mjs", sample, "--points"], capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@needs("node")
@references
def test_the_frozen_answers_are_those_of_the_references(live_answers: list[dict], answers: list[dict]) -> None:
    recorded = {answer["path"]: answer for answer in answers}
    for answer in live_answers:
        without_points = {**answer, "functions": [row[:-2] for row in answer["functions"]]}
        assert without_points == recorded[answer["path"]]


@mended
@needs("node")
@references
@pytest.mark.parametrize(("variant", "column"), [("sonarjs-4.2", -2), ("sonarjs", -1)])
def test_every_cognitive_point_is_on_the_line_of_the_reference(
    live_answers: list[dict], sample: Path, variant: str, column: int
) -> None:
    """Of SonarJS as it is published, and of SonarJS less its fault."""
    judge = cg.Judge(cg.DEFAULT_ANALYSIS._replace(cognitive_variant=variant), "all")
    scanner, points = cg.make_scanner(), 0
    for answer in live_answers:
        report, _ = measure_file(answer["path"], (sample / answer["path"]).read_bytes(), judge, scanner)
        ours = [
            sorted([point.line, point.cost] for point in function.cognitive_points) for function in report.functions
        ]
        assert ours == [row[column] for row in answer["functions"]], answer["path"]
        points += sum(map(len, ours))
    assert points > 2_000


@mended
@needs("node")
@references
def test_blanking_types_changes_no_number(sample: Path, tmp_path: Path) -> None:
    counts = blanking.blank(sample, tmp_path / "blanked")
    assert counts["blanked"] > 100
    assert blanking.all_changes(sample, tmp_path / "blanked") == []


def test_no_registry_is_named() -> None:
    """The lock file pins by hash, and leaves the place to the user's own npm configuration."""
    lock = json.loads((SCRIPTS / "package-lock.json").read_text("utf-8"))
    pinned = [entry for path, entry in lock["packages"].items() if path]
    assert all("integrity" in entry and "resolved" not in entry for entry in pinned)
