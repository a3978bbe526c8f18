"""A metric, and a format, is added in one place: everything that speaks of all of them speaks of the new one."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BINARY, ROOT

import complexity_guard as cg

pytestmark = pytest.mark.skipif(bool(BINARY), reason="changes the module")

VALUE = """
    bugs: float

    @property
    def minutes(self) -> float:
        return self.time / 60
"""
METRIC = """
    Metric(
        name="halstead_minutes", family="halstead", scope="function", at="halstead.minutes", form="%.3f",
        warning=0.01, error=1000, title="Minutes to read", short="minutes", noun="reading time", rule="SlowReading",
        blame="slow to read",
        gist="effort in minutes", meaning="The minutes that a reader takes.", advice="Write less.", unit=" min",
    ),
)  # fmt: skip
PROJECT_SHARE ="""
FORMAT = """
class Places(Reporter):
    name, help = "places", "where the findings are"
    HEAD = "places:\\n"

    def entry(self, view: View, finding: Finding) -> str:
        return f"{view.path}:{finding.line} {finding.rule}\\n"


FORMAT_CLASSES = (
    Places,"""
BUSY = "export function busy(a, b, c, d, e) {\n  for (const x of a) { if (x && b) { b = x + b * 2 } }\n  return b\n}\n"
Answer = Callable[..., str]


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, str]], Answer]:
    """Writes the module anew with texts replaced, as `make assets` leaves it, and gives what runs it on two files that
    share their code."""

    def changed(texts: dict[str, str]) -> Answer:
        source, folder = Path(cg.__file__).read_text(encoding="utf-8"), tmp_path_factory.mktemp("changed")
        for old, new in texts.items():
            assert source.count(old) == 1, old
            source = source.replace(old, new)
        (folder / "complexity_guard.py").write_text(source, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        subprocess.run([sys.executable, str(ROOT / "scripts" / "assets.py")], env=environment, check=True, timeout=120)
        for name in "ab":
            (folder / f"{name}.ts").write_text(BUSY)
        (folder / ".complexityguard.json").write_text('{"analysis": {"least_cognitive": 0, "least_burden": 0}}')

        def run(*arguments: str) -> str:
            command = [sys.executable, str(folder / "complexity_guard.py"), *arguments]
            environment = {**os.environ, "NO_COLOR": "1"}
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
            assert "Traceback" not in done.stderr
            return done.stdout + done.stderr

        return run

    return changed


@pytest.fixture(scope="module")
def with_metric(changed: Callable[[dict[str, str]], Answer]) -> Answer:
    row_after = "    ),\n)  # fmt: skip\nPROJECT_SHARE ="
    return changed({row_after: "    )," + METRIC, "\n    bugs: float\n": VALUE})


@pytest.fixture(scope="module")
def with_format(changed: Callable[[dict[str, str]], Answer]) -> Answer:
    return changed({"FORMAT_CLASSES = (": FORMAT.lstrip()})


METRIC_IN = {
    "the configuration's schema": (["schema", "config"], '"Minutes to read: above this is a warning"'),
    "the report's schema": (["schema", "report"], '"halstead_minutes": {'),
    "the manual": (["man"], "Minutes to read: above this is an error"),
    "the configuration that applies": (["--print-config", "a.ts"], '"halstead_minutes": {'),
    "a finding on the console": (["a.ts"], "minutes 0.51 > 0.01"),
    "findings by metric": (["--group-by", "metric", "a.ts"], "halstead_minutes  0 errors, 1 warning"),
    "a message": (["-f", "compact", "a.ts"], "'busy' has reading time 0.51 min (warning above 0.01)"),
    "a rule of SARIF": (["-f", "sarif", "a.ts"], '"name": "SlowReading"'),
    "a row of Markdown": (["-f", "markdown", "a.ts"], "reading time **0.51** min (warning above 0.01)"),
    "the words of the page": (["-f", "html", "a.ts"], '"halstead_minutes":["Minutes to read","Minutes","effort in minutes"'),
    "an entry of a baseline": (["--write-baseline", "-", "a.ts"], '"halstead_minutes": 0.5'),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), METRIC_IN.values(), ids=METRIC_IN)
def test_a_metric_is_one_row(with_metric: Answer, arguments: list[str], words: str) -> None:
    assert words in with_metric(*arguments)


def test_a_metric_is_a_number_in_json_and_a_column_in_csv(with_metric: Answer) -> None:
    (function,) = json.loads(with_metric("-f", "json", "a.ts"))["files"][0]["functions"]
    rows = list(csv.DictReader(with_metric("-f", "csv", "a.ts").splitlines()))
    assert function["halstead_minutes"] == round(function["halstead_time"] / 60, 3) > 0
    assert float(rows[2]["halstead_minutes"]) == function["halstead_minutes"]
    assert rows[2]["name"] == "busy" and float(rows[2]["line_count"]) == function["line_count"]
    off = json.loads(with_metric("-f", "json", "--metrics", "cognitive", "a.ts"))["files"][0]["functions"][0]
    assert "halstead_minutes" not in off


FORMAT_IN = {
    "the help": (["--help"], "where the findings are"),
    "the configuration's schema": (["schema", "config"], '"places"'),
    "completions of bash": (["completions", "bash"], "places console json"),
    "completions of zsh": (["completions", "zsh"], "(places console json"),
    "completions of fish": (["completions", "fish"], "places console json"),
    "completions of PowerShell": (["completions", "powershell"], "'places', 'console'"),
    "a complaint": (["--format", "placed", "."], "places"),
    "a report": (["-f", "places", "a.ts"], "places:\na.ts:1 params_count\n"),
    "one of several reports": (["--report", "places", "a.ts"], "places:\na.ts:1"),
    "findings of the project": (
        ["-f", "places", "--preset", "strict", "--duplication", "."], "a.ts:1 duplication_project\n"
    ),
    "a file that cannot be read": (["-f", "places", "--max-file-bytes", "9", "a.ts"], "a.ts:1 skipped-file\n"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), FORMAT_IN.values(), ids=FORMAT_IN)
def test_a_format_is_one_class(with_format: Answer, arguments: list[str], words: str) -> None:
    assert words in with_format(*arguments)
