"""One suite, two subjects: the module, or the binary that $COMPLEXITY_GUARD_BINARY names."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import tools

ROOT = Path(__file__).resolve().parent.parent

BINARY = os.environ.get("COMPLEXITY_GUARD_BINARY")
# A binary of Windows may run under wine, see scripts/windows_suite.py.
WINDOWS = sys.platform == "win32" or (BINARY or "").endswith(".exe")
# As `make run` does: by name, so that the compiled module is kept (compiling it takes longer than most tests).
COMMAND = [str(Path(BINARY).resolve())] if BINARY else [sys.executable, "-m", "complexity_guard"]
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / "out" / "pycache")
os.environ["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "scripts")))
# A shell has its background jobs ignore Ctrl-C, which programs would inherit that tests send it to.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# A busy machine is no fault of the program: nothing that hypothesis makes up has to be measured within 200 ms.
hypothesis.settings.register_profile("any speed", deadline=None)
hypothesis.settings.load_profile("any speed")
# Tests analyse afresh, and leave nothing in the user's folder. Those of the cache ask for one of their own.
os.environ["COMPLEXITY_GUARD_CACHE"] = "0"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(tool, ...): the test needs one of these tools, see tests/tools.py")
    if unknown := tools.EXPECTED - set(tools.TOOLS):
        raise pytest.UsageError(f"$COMPLEXITY_GUARD_EXPECT names what no test knows: {', '.join(sorted(unknown))}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        if mark.args:
            tools.tool(*mark.args)


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Subject:
    """Runs the program under test as a user would."""

    command = COMMAND

    def __call__(
        self,
        *args: str | Path,
        cwd: Path | None = None,
        stdin: bytes = b"",
        env: dict | None = None,
        timeout: float = 120,
    ) -> Result:
        done = subprocess.run(
            [*self.command, *map(str, args)], cwd=cwd, input=stdin, capture_output=True, timeout=timeout,
            env={**os.environ, "NO_COLOR": "1", **(env or {})}, check=False,
        )  # fmt: skip
        return Result(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


@pytest.fixture(scope="session")
def guard() -> Subject:
    return Subject()


class Strict(Subject):
    """Judges by the preset strict, whatever configurations say: for tests that want findings of every kind."""

    command = [*COMMAND, "--preset", "strict"]


@pytest.fixture(scope="session")
def strict_guard() -> Subject:
    return Strict()


class Flat(Subject):
    """Judges flat code as any other: for tests that want findings of functions with nothing in them to follow."""

    command = [*COMMAND, "--least-cognitive", "0", "--least-burden", "0"]


@pytest.fixture(scope="session")
def flat_guard() -> Subject:
    return Flat()


@pytest.fixture
def project(tmp_path: Path):
    """A function that writes files into a fresh folder: project({"src/a.ts": "..."})."""

    def write(files: dict[str, str | bytes]) -> Path:
        for name, content in files.items():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write


@pytest.fixture
def release(tmp_path, monkeypatch):
    """The module, writing to a folder of its own, with stand-in binaries for two targets."""
    module = importlib.import_module("release")
    for triple, name in (("x86_64-linux-musl", "complexity-guard"), ("x86_64-windows", "complexity-guard.exe")):
        binary = tmp_path / "out" / "dist" / triple / name
        binary.parent.mkdir(parents=True)
        binary.write_bytes(b"binary of " + triple.encode())
    for name in ("README.md", "LICENSE", "CHANGELOG.md", "build", "scripts"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.setattr(module, "program", lambda *arguments: " ".join(arguments).encode())
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(importlib.import_module("targets"), "DIST", tmp_path / "out" / "dist")
    monkeypatch.setattr(module, "RELEASE", tmp_path / "out" / "release")
    return module
