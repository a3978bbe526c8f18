"""Collecting: what workers hand over, and what the parent makes of it for the exit code."""

from __future__ import annotations

import subprocess

import pytest
from conftest import COMMAND
from processes import expected as expected
from processes import linux_only, needs_root, report_of
from processes import many as many
from tools import needs


@linux_only
@needs_root
@needs("unshare")
def test_a_temporary_folder_that_fills_up_costs_no_result(many, expected, tmp_path):
    """Workers keep their fragments there; what does not fit comes back with the result."""
    small = tmp_path / "small"
    small.mkdir()
    script = f'mount -t tmpfs -o size=20k none {small} || exit 99; TMPDIR={small} exec "$@"'
    options = ["-f", "json", "--fail-on", "none", "--threads", "2", "--executor", "process"]
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", *COMMAND, str(many), *options],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=many,
        check=False,
    )
    if done.returncode == 99:
        pytest.skip("mounting is not allowed here")
    assert done.stderr == ""
    assert report_of(done.stdout) == expected


def test_fail_health_below_stands_in_for_the_baseline(guard, project):
    folder = project({"a.ts": "export const f = (a, b) => a || b;\n", ".complexityguard.json": '{"baseline": 99.99}'})
    assert guard(cwd=folder).code == 1
    assert guard("--fail-health-below", "50", cwd=folder).code == 0
    assert guard("--fail-health-below", "100", cwd=folder).code == 1
