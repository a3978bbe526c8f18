"""What the tests of baselines share: a project with one, ways to run and to write it, and what came of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from samples import CONFIGURATION, function

BASELINE = "baseline.jsonl"
HEADER = '{"complexity-guard-baseline": 2}\n'
CYCLOMATIC_ONLY = json.dumps(CONFIGURATION)


@pytest.fixture
def root(project):
    """A project where only cyclomatic above 10 is an error, and its baseline."""
    return project({
        ".complexityguard.json": CYCLOMATIC_ONLY,
        "src/a.ts": function("one", 12) + function("two", 3) + function("three", 30),
        "src/b.ts": function("four", 15),
    })  # fmt: skip


def run(guard, root: Path, *args: str):
    return guard("-f", "json", "--baseline", BASELINE, *args, ".", cwd=root)


def write(guard, root: Path, *args: str):
    return guard("--write-baseline", BASELINE, *args, ".", cwd=root)


def changes(result) -> dict[str, int]:
    """What the summary counts, without zeros."""
    return {name: count for name, count in result.json["summary"]["changes"].items() if count}


def entries(root: Path) -> dict[str, dict[str, float]]:
    lines = map(json.loads, (root / BASELINE).read_text().splitlines()[2::2])
    return {f"{line['path']} {line['function']}": line["values"] for line in lines}


def apply(root: Path, edit: dict[str, str | None]) -> None:
    for name, text in edit.items():
        target = root / name
        if text is None:
            target.unlink()
        else:
            target.parent.mkdir(exist_ok=True)
            target.write_text(text)
