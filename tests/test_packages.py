"""What npm and PyPI get: the shim and the API of build/npm as Node runs them, and the archives as their readers read them.

The binary inside stands in for a static one: a script that starts the program under test.
"""

from __future__ import annotations

import csv
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from conftest import COMMAND, ROOT
from processes import wait_for_children

import pack_npm
import pack_pypi
import targets

TRIPLE = "x86_64-linux-musl"
OURS = f"{sys.platform}-{'x64' if targets.machine() == 'x86_64' else 'arm64'}"
SOURCE = "export const add = (a: number, b: number): number => a + b;\n"
needs_node = pytest.mark.needs("node")


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory) -> Path:
    """A program that does what the one under test does, in its place: no second process stays."""
    script = tmp_path_factory.mktemp("stand-in") / "complexity-guard"
    path = shlex.quote(str(ROOT))
    script.write_text(f'#!/bin/sh\nPYTHONPATH={path} exec {shlex.join(COMMAND)} "$@"\n')
    script.chmod(0o755)
    return script


@pytest.fixture
def packed(stand_in, tmp_path, monkeypatch) -> Path:
    """Where packages are put; the binary of one machine is built."""
    monkeypatch.setattr(targets, "DIST", tmp_path / "dist")
    targets.binary_of(TRIPLE).parent.mkdir(parents=True)
    shutil.copy(stand_in, targets.binary_of(TRIPLE))
    monkeypatch.setattr(pack_npm, "PACKED", tmp_path / "npm")
    monkeypatch.setattr(pack_pypi, "PACKED", tmp_path / "pypi")
    return tmp_path


@pytest.fixture(scope="module")
def main_package() -> pack_npm.Entries:
    return pack_npm.main_package()


@pytest.fixture
def installed(packed, main_package) -> Path:
    """A project whose node_modules holds both packages, as every manager lays them out."""
    modules = packed / "Größe und Weite" / "node_modules"
    unpack(pack_npm.tarball(main_package), modules / "complexity-guard")
    unpack(pack_npm.tarball(pack_npm.binary_package(TRIPLE)), modules / "@complexity-guard" / OURS)
    (modules.parent / "add.ts").write_text(SOURCE)
    return modules.parent


def unpack(tarball: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    with tarfile.open(tarball) as tar:
        for entry in tar:
            entry.name = entry.name.removeprefix("package/")
            tar.extract(entry, folder, filter="data")


def shim(project: Path) -> list[str]:
    return ["node", str(project / "node_modules" / "complexity-guard" / "cli.js")]


def ended(command: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Without the binary that the suite may be run on: to packages, the variable says that theirs is not to be run."""
    environment = {name: value for name, value in os.environ.items() if name != "COMPLEXITY_GUARD_BINARY"}
    return subprocess.run(
        command, cwd=folder, env=environment | variables, text=True, capture_output=True, timeout=60, check=False
    )


def script(project: Path, text: str) -> object:
    """What a program for Node prints as JSON, with the API at hand."""
    names = "const { analyze, run, binary, ComplexityGuardError } = require('complexity-guard');"
    done = ended(["node", "-e", f"{names} (async () => {{ {text} }})()"], project)
    assert not done.stderr
    return json.loads(done.stdout)


# ── npm: the command ─────────────────────────────────────────────────────────────────────────────────────────────────


@needs_node
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["add.ts"], 0),
        (["--threshold", "params_count=1/1", "--least-cognitive=0", "--least-burden=0", "add.ts"], 1),
        (
            [
                "--fail-on=warning",
                "--threshold",
                "params_count=1/9",
                "--least-cognitive=0",
                "--least-burden=0",
                "add.ts",
            ],
            2,
        ),
        (["--no-such-flag"], 3),
        (["--report", "json=/nowhere/at/all.json", "add.ts"], 4),
    ],
)
def test_exit_codes_come_through(installed, arguments, code):
    assert ended([*shim(installed), *arguments], installed).returncode == code


@needs_node
def test_arguments_and_output_come_through(installed):
    name = 'a "b" $c `d` ü.ts'
    (installed / name).write_text(SOURCE)
    report = json.loads(ended([*shim(installed), "--format=json", name], installed).stdout)
    assert [file["path"] for file in report["files"]] == [name]


@needs_node
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_for_the_shim_ends_the_program(installed, number):
    process = subprocess.Popen(
        [*shim(installed), "-"], cwd=installed, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # which nohup would have it ignore
    )  # fmt: skip
    children = wait_for_children(process, 1) if sys.platform == "linux" else []
    time.sleep(1.0)  # by now the program reads its standard input
    process.send_signal(number)
    assert process.wait(timeout=30) in (128 + number, -number)
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    process.stdin.close()


@needs_node
def test_another_binary_can_be_named(installed, tmp_path):
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho other $1\nexit 42\n")
    other.chmod(0o755)
    done = ended([*shim(installed), "one"], installed, COMPLEXITY_GUARD_BINARY=str(other))
    assert (done.returncode, done.stdout) == (42, "other one\n")


@needs_node
@pytest.mark.parametrize(
    ("agent", "command"),
    [
        ("npm/11.19.1 node/v20.20.2 linux x64", "npm install --save-optional"),
        ("pnpm/10.34.8 npm/? node/v20.20.2 linux x64", "pnpm add --save-optional"),
        ("yarn/4.18.1 npm/? node/v20.20.2 linux x64", "yarn add --optional"),
        ("bun/1.4.5 npm/? node/v24.3.0 linux x64", "bun add --optional"),
        ("", "npm install --save-optional"),
    ],
)
def test_a_missing_binary_is_told_with_the_command_that_brings_it(installed, agent, command):
    shutil.rmtree(installed / "node_modules" / "@complexity-guard")
    done = ended([*shim(installed), "add.ts"], installed, npm_config_user_agent=agent)
    assert done.returncode == 4
    assert f"{command} @complexity-guard/{OURS}@{targets.version()}\n" in done.stderr
    assert "    at " not in done.stderr  # no traceback


@needs_node
def test_a_machine_that_nothing_is_built_for_is_told_so(installed):
    manifest = installed / "node_modules" / "complexity-guard" / "package.json"
    manifest.write_text(manifest.read_text().replace(OURS, "plan9-mips"))
    shutil.rmtree(installed / "node_modules" / "@complexity-guard")
    done = ended([*shim(installed), "add.ts"], installed)
    assert done.returncode == 4
    assert f"no binary for {OURS}" in done.stderr
    assert "plan9-mips" in done.stderr


@needs_node
def test_a_binary_that_cannot_run_is_told(installed):
    binary = installed / "node_modules" / "@complexity-guard" / OURS / "complexity-guard"
    binary.chmod(0o644)
    done = ended([*shim(installed), "add.ts"], installed)
    assert done.returncode == 4
    assert "is not executable" in done.stderr


# ── npm: the API ─────────────────────────────────────────────────────────────────────────────────────────────────────


@needs_node
def test_analyze_gives_the_report(installed):
    report = script(installed, "console.log(JSON.stringify(await analyze('add.ts')))")
    assert [one["name"] for file in report["files"] for one in file["functions"]] == ["add"]


@needs_node
def test_analyze_takes_flags_a_folder_and_standard_input(installed):
    text = f"""
        const options = {{ input: {json.dumps(SOURCE)}, args: ["--stdin-filename", "x.ts", "--metrics", "cognitive"] }};
        const report = await analyze(["-"], {{ cwd: "/", ...options }});
        console.log(JSON.stringify(report.files[0]));"""
    file = script(installed, text)
    assert file["path"] == "x.ts"
    assert "cyclomatic" not in file["functions"][0]


@needs_node
def test_findings_and_lost_files_break_no_promise(installed):
    (installed / "bad.ts").write_text("function f(a) {" + " if (a) {} " * 60 + "}\n")
    (installed / "big.ts").write_text("x;" * 2000)
    text = """
        const report = await analyze(["bad.ts", "big.ts"], { args: ["--max-file-bytes", "3000"] });
        console.log(JSON.stringify([report.files[0].status, report.summary.skipped_count]));"""
    assert script(installed, text) == ["error", 1]


@needs_node
def test_wrong_usage_breaks_the_promise_of_analyze_alone(installed):
    text = """
        const { code, stderr } = await run(["--no-such-flag"]);
        const error = await analyze(".", { args: ["--no-such-flag"] }).catch((error) => error);
        console.log(JSON.stringify([code, stderr === error.stderr, error instanceof ComplexityGuardError, error.code]));"""
    assert script(installed, text) == [3, True, True, 3]


@needs_node
def test_a_run_can_be_given_up(installed):
    text = """
        const stop = new AbortController();
        setTimeout(() => stop.abort(), 300);
        const error = await run(["-"], { signal: stop.signal, input: undefined }).catch((error) => error);
        console.log(JSON.stringify(error.name ?? "ended"));"""
    assert script(installed, text) in ("AbortError", "ended")


# ── npm: the packages ────────────────────────────────────────────────────────────────────────────────────────────────


def manifest_of(entries: pack_npm.Entries) -> dict:
    return json.loads(entries["package.json"][0])


def test_each_target_has_a_package_and_the_main_one_depends_on_exactly_it(main_package):
    wanted = manifest_of(main_package)["optionalDependencies"]
    assert wanted == {pack_npm.platform_package(triple): targets.version() for triple in targets.TARGETS}
    assert len(wanted) == len(targets.TARGETS)


def test_no_package_runs_code_at_installation(packed, main_package):
    for entries in (main_package, pack_npm.binary_package(TRIPLE)):
        assert "scripts" not in manifest_of(entries)


def test_packages_are_the_same_bytes_each_time(packed):
    for make in (lambda: pack_npm.tarball(pack_npm.main_package()), lambda: pack_pypi.wheel(TRIPLE)):
        pack_pypi.PACKED.mkdir(exist_ok=True)
        assert make().read_bytes() == make().read_bytes()


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"type": "string"}, "string"),
        ({"type": ["integer", "null"]}, "number | null"),
        ({"enum": ["A", "B"]}, '"A" | "B"'),
        ({"const": 1}, "1"),
        ({"type": "array", "items": {"$ref": "#/definitions/Violation"}}, "Array<Violation>"),
        ({"$ref": "#/definitions/Function"}, "FunctionReport"),
        ({"oneOf": [{"const": True}, {"type": "null"}]}, "true | null"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "Record<string, number>"),
        (
            {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "number"}}, "required": ["a"]},
            "{\n  a: string;\n  b?: number;\n}",
        ),
    ],
)
def test_types_say_what_the_schema_allows(schema, written):
    assert pack_npm.type_of(schema) == written


# ── PyPI ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def wheel(packed) -> zipfile.ZipFile:
    pack_pypi.PACKED.mkdir()
    return zipfile.ZipFile(pack_pypi.wheel(TRIPLE))


def test_every_target_has_a_tag():
    assert pack_pypi.TAGS.keys() == targets.TARGETS.keys()


def test_a_wheel_has_the_kernel_where_it_was_made(packed):
    pack_pypi.PACKED.mkdir()
    for name in ("complexity_guard_kernel.abi3.so", "complexity_guard_kernel.pyd"):
        assert name not in zipfile.ZipFile(pack_pypi.wheel(TRIPLE)).namelist()
    targets.kernel_of(TRIPLE).write_bytes(b"a library")
    wheel = zipfile.ZipFile(pack_pypi.wheel(TRIPLE))
    assert wheel.read("complexity_guard_kernel.abi3.so") == b"a library"
    assert targets.kernel_of("x86_64-windows").name == "complexity_guard_kernel.pyd"


def test_the_list_of_a_wheel_is_that_of_its_files(wheel):
    record = next(name for name in wheel.namelist() if name.endswith("/RECORD"))
    rows = list(csv.reader(wheel.read(record).decode().splitlines()))
    assert sorted(name for name, *_ in rows) == sorted(wheel.namelist())
    for name, digest, size in rows:
        if name != record:
            content = wheel.read(name)
            assert (digest, int(size)) == (f"sha256={pack_pypi.digest_of(content)}", len(content))


def test_pip_installs_the_command_and_the_module(wheel, tmp_path):
    """As `pip install complexity-guard`, without what it would fetch."""
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(tmp_path / "in"),
    ]
    subprocess.run([*pip, wheel.filename], check=True, capture_output=True)
    command = tmp_path / "in" / "bin" / "complexity-guard"
    assert ended([str(command), "--version"], tmp_path).stdout.startswith(f"complexity-guard {targets.version()}")
    for file in (*targets.PROGRAMS, *targets.LIBRARY):
        assert (tmp_path / "in" / file.name).read_bytes() == file.read_bytes()


def test_the_sdist_holds_what_builds_the_program(packed):
    pack_pypi.PACKED.mkdir()
    with tarfile.open(pack_pypi.sdist()) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    assert {"PKG-INFO", "pyproject.toml", "complexity_guard.py", "build/native/compile.py", "build/freeze.py"} <= names
    assert not any(name.startswith("tests/") for name in names)
