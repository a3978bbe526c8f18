"""Programs that tests drive, and what a test does where one of them is missing.

It is skipped, and says what for; but where $COMPLEXITY_GUARD_EXPECT, a list with commas, names the program, the test
fails. `.ci/run` names there what it has installed, so that no skip hides a loss.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
from types import ModuleType

import pytest

# What each is for. The kernel is no program, but is missing in the same way: where no C compiler was found.
TOOLS = {
    "bash": "completions typed into it, and the steps of action.yml",
    "busybox": "the installer, where there is little else",
    "cc": "the parsers, compiled to be held against their cases",
    "chromium": "the page of the HTML report",
    "curl": "the installer and action.yml",
    "dash": "the installer",
    "dpkg-deb": "the package for Debian, unpacked",
    "dot": "drawings of the import graph (Debian's graphviz)",
    "emacs": "the language server, in an editor",
    "fish": "completions typed into it",
    "git": "repositories, and the rules that are held against git's own",
    "kernel": "scans, which are held against those of the pure-Python scanner",
    "lintian": "the package for Debian",
    "makepkg": "the package for Arch (Debian's makepkg, pacman-package-manager, libarchive-tools, fakeroot)",
    "man": "the manual",
    "nvim": "the language server, in an editor",
    "node": "TypeScript's own parser, and the generator of ours",
    "podman": "the container image (dist-checks/container.py)",
    "pwsh": "completions and the installer for PowerShell",  # there is no Debian package of it
    "rubocop": "the formula for Homebrew",
    "ruby": "the formula for Homebrew, installed",
    "setpriv": "runs of a user who may not do everything",
    "sh": "the installer",
    "strace": "runs on hostile repositories, watched",
    "unshare": "runs with a disk that is full or missing",
    "wget": "the installer",
    "wine": "the binary for Windows (dist-checks/)",
    "zsh": "completions typed into it",
}
OTHER_NAMES = {
    "cc": ("gcc",),
    "chromium": ("chromium-browser", "google-chrome", "google-chrome-stable"),
}
EXPECTED = frozenset(filter(None, os.environ.get("COMPLEXITY_GUARD_EXPECT", "").split(",")))
KERNEL = "complexity_guard_kernel"


def found(name: str) -> str | None:
    """Where a tool is. $CHROMIUM may name that of a browser which is not on the path."""
    if name == "kernel":
        there = importlib.util.find_spec(KERNEL)
        return there and there.origin
    if name == "chromium" and "CHROMIUM" in os.environ:
        return os.environ["CHROMIUM"]
    return next(filter(None, map(shutil.which, (name, *OTHER_NAMES.get(name, ())))), None)


def tool(*names: str) -> str:
    """Where the first of these is that is there; one suffices. Without any, the test ends here."""
    uses = {name: TOOLS[name] for name in names}
    places = list(filter(None, map(found, names)))
    if places:
        return places[0]
    missing = " or ".join(f"{name} ({use})" for name, use in uses.items())
    if EXPECTED.intersection(names):
        pytest.fail(f"$COMPLEXITY_GUARD_EXPECT promises what is missing: {missing}", pytrace=False)
    pytest.skip(f"no {missing}", allow_module_level=True)


def needs(*names: str) -> pytest.MarkDecorator:
    """A mark for tests that need one of these, or nothing; tests/conftest.py asks for it."""
    return pytest.mark.needs(*names)


def kernel() -> ModuleType:
    tool("kernel")
    return importlib.import_module(KERNEL)
