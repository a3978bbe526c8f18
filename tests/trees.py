"""Trees of files to discover, without any rules of the machine that runs the tests."""

from __future__ import annotations

import os
import sys

import pytest

import complexity_guard as cg

not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX file names")


@pytest.fixture(autouse=True)
def own_git_settings(monkeypatch, tmp_path_factory):
    """No rules of the machine that runs the tests."""
    home = tmp_path_factory.mktemp("home")
    for name, value in {"HOME": home, "XDG_CONFIG_HOME": home / "xdg", "GIT_CONFIG_NOSYSTEM": "1"}.items():
        monkeypatch.setenv(name, str(value))
    return home


@pytest.fixture
def tree(project, monkeypatch):
    """tree("a.ts", "b/c.ts") or tree({"a.ts": text}): files in a fresh folder, which becomes the working directory."""

    def tree(*names, **_):
        files = {name: "" for name in names if isinstance(name, str)}
        for name in names:
            files |= name if isinstance(name, dict) else {}
        folder = project(files)
        monkeypatch.chdir(folder)
        return folder

    return tree


def settings(**changes):
    return cg.Settings(cg.DEFAULT_ANALYSIS, **{"base": cg.real_path(os.getcwd()), **changes})


def found(*paths, **changes):
    return [job.path for job in cg.discover(paths or ["."], settings(**changes))[0]]
