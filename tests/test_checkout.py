"""`pip install .` of a checkout: the command, the module and its scanner, in an environment that had nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
import tree_sitter
from conftest import BINARY, ROOT

import complexity_guard as cg
import targets

pytestmark = [
    pytest.mark.skipif(bool(BINARY), reason="a checkout holds no binary"),
    pytest.mark.skipif(sys.platform == "win32", reason="the folders of an environment have other names there"),
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SOURCE = "export function f(a, b) { if (a && b) { c(); } }\n"


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints, without the paths that lead our own runs to the checkout's module."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The commands of a fresh environment with the checkout in it. Nothing is downloaded: what builds it comes from our
    own environment, and so do copies of the two packages that it needs."""
    folder = tmp_path_factory.mktemp("checkout")
    tree = folder / "tree"
    for name in ("build", "docs", "scripts", "spec", "templates", "tests"):
        (tree / name).mkdir(parents=True)
    parts = ("build/pip_backend.py", "build/targets.py")
    programs = [str(file.relative_to(ROOT)) for file in (*targets.PROGRAMS, *targets.LIBRARY)]
    for name in (*programs, "pyproject.toml", "README.md", "LICENSE", *parts):
        shutil.copy(ROOT / name, tree / name)
    before = sorted(tree.rglob("*"))
    offline = "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps", "--no-index", "--no-build-isolation"
    run(sys.executable, *offline, "--wheel-dir", folder, tree, cwd=folder)
    left = [path for path in sorted(tree.rglob("*")) if "__pycache__" not in path.parts]
    assert left == before, "a build leaves nothing in the checkout that git would see"
    venv.create(folder / "fresh")
    python = folder / "fresh" / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    (packages,) = folder.glob("fresh/lib/python*/site-packages")
    for part in Path(tree_sitter.__file__).parent.parent.glob("tree_sitter*"):
        shutil.copytree(part, packages / part.name)
    return python.parent


def test_a_checkout_that_is_installed_has_the_command(installed, project):
    """It was refused: "Multiple top-level packages discovered"."""
    root = project({"a.ts": SOURCE})
    assert run(installed / "complexity-guard", "--version", cwd=root) == f"complexity-guard {cg.__version__}\n"
    for command in ([installed / "complexity-guard"], [installed / "python", "-m", "complexity_guard"]):
        assert "✓ passed\n  1 file, 1 function:" in run(*command, "--threads", "2", cwd=root)


def test_a_checkout_that_is_installed_serves_editors(installed, project):
    """The module beside it is there, too."""
    leaves = b'Content-Length: 33\r\n\r\n{"jsonrpc":"2.0","method":"exit"}'
    done = subprocess.run([installed / "complexity-guard", "lsp"], cwd=project({}), input=leaves, check=False)
    assert done.returncode == 1, "as the protocol wants it of an exit without a shutdown"


def test_a_checkout_that_is_installed_scans_without_a_kernel(installed, project):
    assert "pure-Python scanner" in run(installed / "complexity-guard", "--version", "--verbose", cwd=project({}))


def test_a_checkout_that_is_installed_can_be_imported(installed, project):
    root = project({"a.ts": SOURCE})
    program = "import complexity_guard as cg; print(cg.analyze_all('a.ts')['a.ts'].functions[0].cognitive)"
    assert run(installed / "python", "-c", program, cwd=root) == "2\n"


def test_what_is_installed_needs_what_the_checkout_needs():
    """The same versions as in build/requirements.in."""
    lines = (ROOT / "build" / "requirements.in").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert [need.replace("~=", "==") for need in PROJECT["dependencies"]] == wanted
