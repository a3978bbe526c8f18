"""The container images, built with a stand-in for the binary: who runs in them, what they say of themselves, what they hold."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from tools import tool

FOLDER = ROOT / "build" / "container"
MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}

# Answers as the program does where dist-checks/container.py asks it, and to nobody else than the image's user.
PROGRAM = r"""
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
  if (argc > 1 && !strcmp(argv[1], "--version")) return puts("complexity-guard 1.0.0") < 0;
  if (getuid() != 65534 || getgid() != 65534) return 7;
  if (!access("/src/bad.ts", R_OK)) return puts("tangle") > 0;
  printf("{\"files\": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}\n");
  return 0;
}
"""


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    if sys.platform != "linux" or os.geteuid() != 0 or os.uname().machine not in MACHINE:
        pytest.skip("podman builds as root on Linux")
    tool("podman")
    binary = tmp_path / f"{os.uname().machine}-linux-musl" / "complexity-guard"
    binary.parent.mkdir()
    compiled(PROGRAM, binary)
    return binary


@pytest.fixture
def store() -> Iterator[tuple[object, ...]]:
    """Where podman keeps what this test builds; it takes no long names for it."""
    with tempfile.TemporaryDirectory(prefix="image-", ignore_cleanup_errors=True) as folder:
        yield ("--root", f"{folder}/images", "--runroot", f"{folder}/run", "--storage-driver", "vfs")


def compiled(source: str, path: Path) -> None:
    command = [tool("cc"), "-static", "-O1", "-xc", "-", "-o", path]
    subprocess.run(command, input=source.encode(), check=True, capture_output=True)


def test_the_image_is_run_by_nobody_and_says_what_it_is(stand_in: Path) -> None:
    check = [sys.executable, ROOT / "dist-checks" / "container.py", stand_in]
    done = subprocess.run(check, capture_output=True, text=True, timeout=120)
    assert done.stdout.startswith("ok "), done.stdout + done.stderr


def test_the_image_with_git_is_the_same_on_another_base(stand_in: Path, store: tuple, tmp_path: Path) -> None:
    """Alpine is not to be had here: on a base whose shell does nothing, whatever it is told to run."""
    context = tmp_path / "context"
    (context / MACHINE[os.uname().machine]).mkdir(parents=True)
    shutil.copy(stand_in, context / MACHINE[os.uname().machine])
    compiled("int main(void) { return 0; }", context / "sh")
    (context / "Base").write_text("FROM scratch\nCOPY sh /bin/sh\n")
    text = (FOLDER / "Dockerfile.git").read_text()
    (context / "Git").write_text(re.sub("^FROM .*$", "FROM localhost/base", text, flags=re.MULTILINE))
    told = {}
    for name, file in (("base", "Base"), ("git", "Git"), ("plain", FOLDER / "Dockerfile")):
        options = ("--isolation", "chroot", "--build-arg", "VERSION=1.2.3")
        build = ["podman", *store, "build", *options, "--tag", f"localhost/{name}", "--file", file, "."]
        done = subprocess.run(build, cwd=context, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        inspect = ["podman", *store, "image", "inspect", f"localhost/{name}"]
        told[name] = json.loads(subprocess.run(inspect, capture_output=True, check=True).stdout)[0]["Config"]
    plain, git = told["plain"], told["git"]
    assert (git["User"], git["WorkingDir"], git["Entrypoint"]) == ("65534:65534", "/src", ["/complexity-guard"])
    for key in ("User", "WorkingDir", "Entrypoint"):
        assert git[key] == plain[key]
    ours = {key for key in git["Labels"] if key.startswith("org.opencontainers.image.")}
    assert ours == {key for key in plain["Labels"] if key.startswith("org.opencontainers.image.")}
    assert git["Labels"]["org.opencontainers.image.version"] == "1.2.3"


def test_the_release_builds_it_for_both_machines(stand_in: Path, store: tuple, tmp_path: Path) -> None:
    """By the step of its workflow, without the image whose base cannot be had here. Both binaries are the same bytes."""
    tree = tmp_path / "tree"
    shutil.copytree(ROOT / "build" / "container", tree / "build" / "container")
    for path in (*(ROOT / "build").glob("*.py"), ROOT / "complexity_guard.py"):
        shutil.copy(path, tree / path.relative_to(ROOT))
    for machine in MACHINE:
        (tree / "out" / "dist" / f"{machine}-linux-musl").mkdir(parents=True)
        shutil.copy(stand_in, tree / "out" / "dist" / f"{machine}-linux-musl")
    (tmp_path / "fake").mkdir()
    for name, text in (("sudo", ""), ("podman", f'exec {tool("podman")} {" ".join(store)} "$@"')):
        (tmp_path / "fake" / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / "fake" / name).chmod(0o755)
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text())["jobs"]
    (script,) = (step["run"] for step in jobs["image"]["steps"] if step.get("name") == "Build for both machines")
    assert 'for kind in "" .git; do' in script
    variables = {
        **os.environ,
        "PATH": f"{tmp_path / 'fake'}:{os.environ['PATH']}",
        "BUILDAH_ISOLATION": "chroot",
        "VERSION": "1.2.3",
        "GITHUB_SHA": "0" * 40,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "someone/guard",
    }
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
    plain = script.replace('for kind in "" .git; do', 'for kind in ""; do')
    done = subprocess.run([*shell, plain], cwd=tree, env=variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    listed = subprocess.run(["podman", *store, "manifest", "inspect", "guard"], capture_output=True, check=True).stdout
    machines = {row["platform"]["architecture"] for row in json.loads(listed)["manifests"]}
    assert machines == {"amd64", "arm64"}


def test_what_has_no_git_says_where_it_is() -> None:
    """For whoever reads the file, the README or the page on gates."""
    for path in (FOLDER / "Dockerfile", ROOT / "README.md"):
        words = " ".join(path.read_text().replace("\n#", " ").replace("`", "").split())
        assert re.search(r"no git[^.]*--since", words) and "--diff" in words, path
