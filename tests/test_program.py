"""The program as a whole: exit codes, and the streams that it is given."""

from __future__ import annotations

import os
import re
import shlex
import subprocess

import pytest
from conftest import COMMAND
from processes import many as many


def test_a_closed_pipe_is_silent(many):
    command = " ".join(map(repr, [*COMMAND, str(many), "--fail-on", "none", "-f", "json"]))
    done = subprocess.run(
        f"{command} | head -c 10", shell=True, capture_output=True, text=True, timeout=300, check=False
    )
    assert len(done.stdout) == 10
    assert done.stderr == ""


def test_usage_errors_end_with_3_and_one_line(guard, tmp_path):
    result = guard("--fromat", "json", cwd=tmp_path)
    assert (result.code, result.out) == (3, "")
    assert result.err == "complexity-guard: error: unknown option --fromat; did you mean --format?\n"


CLOSED = {
    "standard output": ("f.ts", ">&-", 0),
    "standard error": ("f.ts -v", "2>&-", 0),
    "standard input": ("-", "<&-", 0),
    "all three": ("f.ts -v", "<&- >&- 2>&-", 0),
    "output of help": ("--help", ">&-", 0),
    "a report's is its own": ("f.ts -v -o out.txt", ">&- 2>&-", 0),
}


@pytest.mark.skipif(os.name == "nt", reason="closes streams with a POSIX shell")
@pytest.mark.parametrize(("arguments", "redirection", "code"), CLOSED.values(), ids=CLOSED)
def test_closed_streams(guard, project, arguments, redirection, code):
    root = project({"f.ts": "f()\n"})
    command = f"{shlex.join(guard.command)} {arguments} {redirection}"
    done = subprocess.run(["sh", "-c", command], cwd=root, capture_output=True, timeout=60, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False)
    if "-o" in arguments:
        assert (root / "out.txt").read_text(encoding="utf-8").startswith("f.ts  health 100\n\n✓ 1 file")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "arguments", [["--help"], ["schema", "report"], ["--print-config", "f.ts"], ["f.ts"]], ids=" ".join
)
def test_a_full_disk_is_exit_4(guard, project, arguments):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*guard.command, *arguments],
            cwd=project({"f.ts": "f()\n"}),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 4
    assert re.fullmatch(
        rb"complexity-guard: error: cannot write .*to standard output: No space left on device\n", done.stderr
    )
