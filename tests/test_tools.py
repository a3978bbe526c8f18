"""The suite's own tools: what is promised and missing fails, else it is skipped, and CI promises what it can."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
import tools
from conftest import ROOT

PROGRAM = "import tools, sys; print(tools.tool(*sys.argv[1:]))"


def asked(*names: str, expect: str = "", path: str = "/nowhere") -> str:
    """What a test hears that asks for these tools."""
    environment = {name: value for name, value in os.environ.items() if name != "CHROMIUM"}
    environment |= {"PYTHONPATH": str(ROOT / "tests"), "PATH": path, "COMPLEXITY_GUARD_EXPECT": expect}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names], env=environment, capture_output=True, text=True, check=False
    )
    return (done.stdout + done.stderr).strip().splitlines()[-1]


@pytest.mark.parametrize(("names", "expect", "said"), [
    (["zsh"], "", "Skipped: no zsh (completions typed into it)"),
    (["zsh"], "fish,man", "Skipped: no zsh (completions typed into it)"),
    (["zsh"], "fish,zsh", "Failed: $COMPLEXITY_GUARD_EXPECT promises what is missing: zsh (completions typed into it)"),
    (["curl", "wget"], "", "Skipped: no curl (the installer and action.yml) or wget (the installer)"),
    (["curl", "wget"], "wget", "Failed: $COMPLEXITY_GUARD_EXPECT promises what is missing: curl (the installer"),
    (["chromium"], "chromium", "Failed: $COMPLEXITY_GUARD_EXPECT promises what is missing: chromium (the page"),
    (["joe"], "", "KeyError: 'joe'"),
])  # fmt: skip
def test_what_is_missing_is_skipped_and_fails_where_it_is_promised(names, expect, said):
    assert said in asked(*names, expect=expect)


@pytest.mark.parametrize("names", [["wget"], ["curl", "wget"], ["wget", "curl"]])
@pytest.mark.parametrize("expect", ["", "curl,wget"])
def test_one_of_several_suffices(tmp_path, names, expect):
    (tmp_path / "wget").write_text("#!/bin/sh\n")
    (tmp_path / "wget").chmod(0o755)
    assert asked(*names, expect=expect, path=str(tmp_path)) == str(tmp_path / "wget")


def test_a_promise_that_nobody_can_keep_is_refused():
    environment = {**os.environ, "COMPLEXITY_GUARD_EXPECT": "zsh,zhs"}
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests/test_module.py"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 4 and "COMPLEXITY_GUARD_EXPECT names what no test knows: zhs" in done.stderr


def test_ci_installs_and_promises_every_tool_that_debian_has():
    listed = re.search(r'^TOOLS="([^"]+)"', (ROOT / ".ci" / "run").read_text(), re.M)[1]
    assert {row.partition("=")[0] for row in listed.split()} == set(tools.TOOLS) - {"pwsh", "kernel"}
