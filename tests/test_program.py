"""The program as a whole: exit codes, and the streams that it is given."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess

import pytest
from conftest import COMMAND
from processes import many as many
from processes import with_readers_gone
from samples import function

import complexity_guard as cg


def test_a_closed_pipe_is_silent(many):
    command = " ".join(map(repr, [*COMMAND, str(many), "--fail-on", "none", "-f", "json"]))
    done = subprocess.run(
        f"{command} | head -c 10", shell=True, capture_output=True, text=True, timeout=300, check=False
    )
    assert len(done.stdout) == 10
    assert done.stderr == ""


FAILING = {"f.ts": function("f", 60)}
HEARD_ENOUGH = {
    "console": [],
    "by metric": ["--group-by", "metric"],
    "json": ["-f", "json"],
    "sarif in a file, and the console": ["--report", "sarif=F", "--report", "console"],
    "the console, and then sarif in a file": ["--report", "console", "--report", "sarif=F"],
}


@pytest.mark.parametrize("arguments", HEARD_ENOUGH.values(), ids=HEARD_ENOUGH)
def test_a_closed_pipe_turns_no_failing_gate_green(guard, project, arguments):
    root = project(FAILING)
    done = with_readers_gone([*guard.command, *arguments], "stdout", cwd=root)
    assert (done.returncode, done.stderr) == (1, b"")
    if "sarif=F" in arguments:
        whole = guard("-f", "sarif", cwd=root)
        assert (whole.code, (root / "F").read_text()) == (1, whole.out)


def test_a_baseline_is_written_whoever_reads_along(guard, project):
    root = project(FAILING)
    heard = guard("--write-baseline", "heard.json", cwd=root)
    done = with_readers_gone([*guard.command, "--write-baseline", "unheard.json"], "stdout", cwd=root)
    assert (done.returncode, done.stderr) == (
        heard.code,
        b"complexity-guard: unheard.json written: 1 entry, 1 of them past a limit\n",
    )
    assert (root / "unheard.json").read_bytes() == (root / "heard.json").read_bytes()


@pytest.mark.parametrize(("arguments", "code"), [(["-v"], 1), (["--fromat"], 3), (["-v", "-f", "json"], 1)], ids=str)
def test_messages_that_nobody_reads_change_no_exit_code(guard, project, arguments, code):
    done = with_readers_gone([*guard.command, *arguments], "stdout", "stderr", cwd=project(FAILING))
    assert done.returncode == code


def test_what_a_command_prints_may_be_read_in_part(guard, project):
    root = project(FAILING)
    for command in (["--help"], ["man"], ["schema", "report"], ["--print-config", "f.ts"], ["explain", "f.ts"]):
        done = with_readers_gone([*guard.command, *command], "stdout", cwd=root)
        assert (command, done.returncode, done.stderr) == (command, 0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="needs /dev/fd")
def test_a_report_may_go_into_a_pipe_by_name(guard, project):
    """`-o /dev/stdout | jq` and `-o >(jq)`: the name leads to a pipe, which has no other name."""
    root = project(FAILING)
    done = guard("-f", "csv", "-o", "/dev/stdout", cwd=root)
    assert (done.code, done.out, done.err) == (1, guard("-f", "csv", cwd=root).out, "")
    gone = with_readers_gone([*guard.command, "-f", "csv", "-o", "/dev/stdout"], "stdout", cwd=root)
    assert (gone.returncode, gone.stderr) == (1, b"")


def test_a_program_that_calls_main_has_its_signal_handlers_back(project, capsys):
    root = project(FAILING)
    before = [signal.getsignal(number) for number in cg.STOP_SIGNALS]
    for arguments, code in ((["--help"], 0), (["--fromat"], 3), ([str(root), "-o", str(root / "out")], 1)):
        assert cg.main(arguments) == code
        assert [signal.getsignal(number) for number in cg.STOP_SIGNALS] == before


def test_usage_errors_end_with_3_and_one_line(guard, tmp_path):
    result = guard("--fromat", "json", cwd=tmp_path)
    assert (result.code, result.out) == (3, "")
    assert result.err == "complexity-guard: error: unknown option --fromat; did you mean --format?\n"


CLOSED = {
    "standard output": ("f.ts", ">&-", 0),
    "standard error": ("f.ts -v", "2>&-", 0),
    "standard input": ("f.ts", "<&-", 0),
    "all three": ("f.ts -v", "<&- >&- 2>&-", 0),
    "the input of a run": ("-", "<&-", 3),
    "the input of a run, open for writing": ("-", "0>f.out", 3),
    "the diff": ("--diff - f.ts", "<&-", 3),
    "what is explained": ("explain -", "<&-", 3),
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
    assert code != 3 or done.stderr == b"complexity-guard: error: cannot read standard input: bad file descriptor\n"
    if "-o" in arguments:
        assert (root / "out.txt").read_text(encoding="utf-8").startswith("f.ts  health 100\n\n✓ passed\n  1 file")


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
