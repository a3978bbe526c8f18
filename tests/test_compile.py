"""The kernel's own compilation: by which compiler, arranged by what has run, and what becomes of it where that fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tools
from conftest import ROOT

import compile as kernel

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the compilers here are scripts of a shell")


def compiler(folder: Path, text: str) -> list[str]:
    file = folder / "cc"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return [str(file)]


GCC, CLANG, OTHER = "#define __GNUC__ 12", "#define __GNUC__ 4\n#define __clang__ 1", "#define __TINYC__ 1"


@pytest.mark.parametrize(("defines", "kind"), [(GCC, "gcc"), (CLANG, "clang"), (OTHER, ""), ("", "")])
def test_a_compiler_is_known_by_what_it_defines(tmp_path, defines, kind):
    assert kernel.kind_of(compiler(tmp_path, f"echo '{defines}'")) == kind


def built(folder: Path, script: str) -> list[str]:
    """What a compiler was asked while it compiled one file, call by call."""
    says = f'echo "$*" >> {folder}/calls\n{script}'
    way = kernel.Build(compiler(folder, says), [], folder / "objects")
    way.arranged([folder / "kernel.c"])
    return (folder / "calls").read_text().splitlines()


def test_clang_reads_how_often_lines_run(tmp_path, capsys):
    asked = built(tmp_path, f"echo '{CLANG}'")
    assert kernel.PROFILE in asked[-1] and kernel.PROFILE.partition("=")[2] == str(kernel.NATIVE / "kernel.profile")
    assert len(asked) == 2 and capsys.readouterr().err == ""


@pytest.mark.parametrize("fault", ["-fprofile-generate", "-shared", "-fprofile-use"])
def test_where_gcc_counts_nothing_the_kernel_is_a_plain_one_and_it_is_said(tmp_path, monkeypatch, capsys, fault):
    counters = tmp_path / "objects" / "kernel.gcda"
    monkeypatch.setattr(kernel, "TRAINING", f"open({str(counters)!r}, 'w')")
    refuses = f"case \"$*\" in *{fault}*) echo 'no counters here' >&2; exit 1;; esac"
    linked = 'while [ "$1" ]; do if [ "$1" = -o ]; then touch "$2"; fi; shift; done'
    asked = built(tmp_path, f"echo '{GCC}'\n{refuses}\n{linked}")
    assert asked[-1] == f"-c {tmp_path}/kernel.c -o {tmp_path}/objects/{tmp_path.name}-kernel.o"
    assert "a plain one, which is slower: " in capsys.readouterr().err


@pytest.mark.parametrize("training", ["import nowhere", "import time; time.sleep(9)", "counts = 0"])
def test_a_training_run_that_fails_or_does_not_end_costs_nothing_else(tmp_path, monkeypatch, capsys, training):
    monkeypatch.setattr(kernel, "TRAINING", training)
    monkeypatch.setattr(kernel, "TRAINING_SECONDS", 0.3)
    linked = 'while [ "$1" ]; do if [ "$1" = -o ]; then touch "$2"; fi; shift; done'
    assert "profile" not in built(tmp_path, f"echo '{GCC}'\n{linked}")[-1]
    assert "a plain one" in capsys.readouterr().err


def test_the_training_run_scans_our_own_sources():
    """With whichever kernel there is: all of it works, and there is enough to count."""
    folders = [str(ROOT / name) for name in kernel.TRAINING_FOLDERS]
    said = f"{kernel.TRAINING}\nprint(sum(map(len, (files for _, _, files in os.walk(folders[0])))))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", said, *folders]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 30


@tools.needs("cc")
def test_the_kernel_asks_for_nothing_that_the_stable_abi_lacks(tmp_path):
    """For wheels it is one library for every CPython since 3.11 (build/freeze_kernel.py); which has what, the headers say."""
    grammar = tmp_path / "grammar"
    kernel.unpack.unpack(grammar)
    folders = (kernel.python_headers(), *kernel.include_folders(kernel.sources.unpack("tree-sitter"), grammar))
    words = [*kernel.definitions(grammar), *(f"-I{folder}" for folder in folders), "-DPy_LIMITED_API=0x030B0000"]
    strict = ("-std=c11", "-D_DEFAULT_SOURCE", "-DTREE_SITTER_HIDE_SYMBOLS", "-Werror=implicit-function-declaration")
    command = [*kernel.find_compiler(), "-fsyntax-only", *strict, *words, kernel.NATIVE / "kernel.c"]
    assert subprocess.run(command, capture_output=True, text=True).stderr == ""
