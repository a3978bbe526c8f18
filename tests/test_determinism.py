"""Byte-identical reports, in every format, for every number of workers, executor and start method: over the whole corpus."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from os import environ
from pathlib import Path

import compare
import pytest
from conftest import COMMAND, ROOT

import complexity_guard as cg

TOLD = re.compile(rb'("(?:elapsed_ms|thread_count)": ?)\d+')  # what may differ: how long it took, and with how many
KINDS = [("thread", ""), ("process", "fork"), ("process", "spawn")]
WAYS = [
    ("serial", "", 8),
    ("process", "fork", 1),
    *((kind, method, threads) for kind, method in KINDS for threads in (2, 3, 8)),
]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our cases, the sample of real files, and what goes wrong: a broken file, one that is no text, one with a hostile name."""
    folder = compare.unpacked_sample(tmp_path_factory.mktemp("sources"))
    shutil.copytree(ROOT / "tests" / "corpus", folder / "corpus")
    (folder / "broken.ts").write_text("function f( { if (a && ) }\n" * 40)
    (folder / "binary.ts").write_bytes(bytes(range(256)) * 40)
    if sys.platform == "linux":
        (folder / "new\nline \x1b[31m.ts").write_text("export const f = (a, b) => a && b;")
    return folder


def reports(sources: Path, kind: str, method: str, threads: int, room: Path) -> dict[str, bytes]:
    room.mkdir()
    wanted = [word for name in cg.REPORTERS for word in ("--report", f"{name}={room / name}")]
    options = [
        "--duplication",
        "--threads",
        str(threads),
        "--executor",
        kind,
        *(["--start-method", method] if method else []),
    ]
    environment = {**environ, "SOURCE_DATE_EPOCH": "0"}
    done = subprocess.run(
        [*COMMAND, ".", *options, *wanted], cwd=sources, env=environment, capture_output=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (4, b"", b"")  # the binary file
    return {name: TOLD.sub(rb"\g<1>0", (room / name).read_bytes()) for name in cg.REPORTERS}


@pytest.fixture(scope="module")
def expected(sources, tmp_path_factory) -> dict[str, bytes]:
    return reports(sources, "serial", "", 1, tmp_path_factory.mktemp("expected") / "reports")


def test_the_corpus_is_worth_it(expected):
    assert all(len(text) > 2000 for text in expected.values()), {name: len(text) for name, text in expected.items()}
    assert expected["csv"].count(b"\n") > 3000 and b"binary.ts" in expected["json"]


@pytest.mark.parametrize(("kind", "method", "threads"), WAYS, ids=lambda value: str(value) or "-")
def test_the_same_bytes(sources, expected, tmp_path, kind, method, threads):
    if method == "fork" and sys.platform == "win32":
        pytest.skip("nothing forks here")
    found = reports(sources, kind, method, threads, tmp_path / "reports")
    assert [name for name in cg.REPORTERS if found[name] != expected[name]] == []
