"""Real repositories to compare versions in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from samples import CONFIGURATION, function
from tools import tool

GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_ALLOW_PROTOCOL": "file",
}  # fmt: skip
CONFIG = {".complexityguard.json": json.dumps(CONFIGURATION)}
START = {
    "a.ts": function("one", 12) + function("two", 3) + function("three", 7),
    "b.ts": function("four", 20),
    "lib/c.ts": function("five", 2),
}  # fmt: skip


class Repo:
    def __init__(self, guard, root: Path) -> None:
        self.guard, self.root = guard, root
        self.program = tool("git")
        if sys.platform == "win32":
            pytest.skip("the repositories are made with POSIX tools")
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *args: str, **more) -> str:
        done = subprocess.run(
            ["git", *args], cwd=self.root, env={**os.environ, **GIT}, capture_output=True, check=True, **more
        )
        return done.stdout.decode()

    def write(self, files: dict[str, str | None]) -> Repo:
        for name, text in files.items():
            target = self.root / name
            if text is None:
                target.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
        return self

    def commit(self, files: dict[str, str | None] | None = None) -> Repo:
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "step")
        return self

    def run(self, *args: str, **more):
        more.setdefault("cwd", self.root)
        return self.guard("-f", "json", *args, env={**GIT, **more.pop("env", {})}, **more)


@pytest.fixture
def repo(guard, tmp_path):
    return Repo(guard, tmp_path / "r").commit(CONFIG | START)


def words(result) -> dict[str, str]:
    """function -> what the report says became of it."""
    return {f["name"]: f["change"] for file in result.json["files"] for f in file["functions"]}
