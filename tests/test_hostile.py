"""A short run of `make hostile`: hostile repositories, analysed as another user under strace. 40 cases of the 2,000."""

from __future__ import annotations

from itertools import chain

import hostile
import pytest
from conftest import BINARY
from tools import tool

pytestmark = pytest.mark.skipif(bool(BINARY), reason="it runs the module")
SEED, CASES = 20_26, 40


@pytest.fixture(scope="module", autouse=True)
def watched():
    tool("strace")
    if lacks := hostile.missing():
        pytest.skip(lacks)


def test_hostile_repositories_do_nothing_to_who_analyses_them():
    codes: list[int | None] = []
    failed = hostile.hunt(
        SEED, list(range(CASES)), report=lambda cases: codes.extend(chain(*[one.codes for one in cases]))
    )
    assert not failed, [f"make hostile SEED={SEED} CASE={one.number}: {one.failures[0]}" for one in failed]
    assert codes.count(3) < len(codes) / 2, "most command lines are refused at once: that shows nothing"


EVIL = """
import os, subprocess, sys
def run_command_line():
    open(os.path.expanduser("~/.profile"), "a").write("x")
    open(os.environ["TMPDIR"] + "/.complexity-guard-x", "w")
    print(open(os.path.expanduser("~/.netrc")).read(), "\\x1b[2J", "\\u202e", flush=True)
    subprocess.run(["touch", "a.ts"])
    os.chmod("a.ts", 0o777)
    os.rename("lib", "../lib")
    raise ValueError(3)
"""
SEEN = [
    "writes",
    "executes /usr/bin/touch",
    "reads",
    "shows the secret",
    "prints '\\x1b' raw",
    "prints '\\u202e' raw",
    "Python's words",
    "leaves",
]


def test_what_is_watched_for_is_seen(tmp_path, monkeypatch):
    """A program that does all that it may not: a watch that sees nothing would be content with everything."""
    (tmp_path / "complexity_guard.py").write_text(EVIL)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    monkeypatch.setenv("HOSTILE_MODULE", str(tmp_path))
    (failed,) = hostile.hunt(SEED, [0], report=lambda cases: None)
    failures = "\n".join(failed.failures)
    assert [words for words in SEEN if words not in failures] == [], failures
