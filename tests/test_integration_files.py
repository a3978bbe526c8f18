"""The files that other systems read: valid by their schemas, and their scripts run for real."""

from __future__ import annotations

import hashlib
import http.server
import importlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import ROOT
from repository import GIT, Repo
from tools import tool

import complexity_guard as cg

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
INSTALL, ANALYSE = ACTION["runs"]["steps"]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
COMPONENT = list(yaml.safe_load_all((ROOT / "templates" / "complexity-guard.yml").read_text(encoding="utf-8")))
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]  # how GitHub runs a step of `shell: bash`
SOURCE = "export function f(a, b, c, d, e, f, g, h) {" + " if (a) b();" * 60 + " }\n"  # 8 parameters: an error


def schema(name: str) -> Any:
    return json.loads((ROOT / "tests" / "schemas" / name).read_text(encoding="utf-8"))


def test_action_is_valid() -> None:
    jsonschema.Draft7Validator(schema("github-action.json")).validate(ACTION)
    used = {
        name
        for step in (INSTALL, ANALYSE)
        for value in step["env"].values()
        for name in re.findall(r"inputs\.([\w-]+)", value)
    }
    assert used == set(ACTION["inputs"])
    assert ACTION["inputs"]["download-url"]["default"] == "", (
        "without an input, releases come from the repository that released the action"
    )
    contexts = {text for step in (INSTALL, ANALYSE) for text in step["env"].values() if "github." in text}
    assert contexts == set(), "github.repository and its kin can be the repository of whoever uses the action"
    assert not any("${{" in step["run"] for step in (INSTALL, ANALYSE)), "inputs must not become part of a script"


def test_hooks_are_valid() -> None:
    jsonschema.Draft7Validator(schema("pre-commit-hooks.json")).validate(HOOKS)


OLD = "export function old(a, b, c, d, e, f, g, h) {" + " if (a) b();" * 60 + " }\n"
HOSTILE = ("--exclude=**/a.ts", "--output=/b.ts", "-q.ts", "@c.ts", "two\nlines.ts")


def run_hook(name: str, guard: Any, repo: Repo, files: list[str], args: list[str] | None = None) -> Any:
    """What a hook makes of the files of a commit. pre-commit puts them behind its entry and its args."""
    (hook,) = (row for row in HOOKS if row["id"] == name)
    program, *entry = shlex.split(hook["entry"], comments=True)
    assert program == "complexity-guard"
    files = [file for file in files if re.search(hook["files"], file) and not re.search(hook["exclude"], file)]
    return guard(*entry, *(hook["args"] if args is None else args), *files, cwd=repo.root, env=GIT)


@pytest.fixture
def repo(guard: Any, tmp_path: Path) -> Repo:
    made = Repo(guard, tmp_path / "repository").commit({"a.ts": OLD, "b.ts": "const a = 1;\n"})
    made.write({"a.ts": OLD + "export function fine() {}\n"}).git("add", "-A")
    return made


def test_the_hook_passes_what_was_there_and_the_strict_one_does_not(guard: Any, repo: Repo) -> None:
    """The only hook held whole files against the limits: nobody could keep it in a project that has some history."""
    assert run_hook("complexity-guard", guard, repo, ["a.ts"]).code == 0
    result = run_hook("complexity-guard-strict", guard, repo, ["a.ts"])
    assert result.code == 1 and "old" in result.out and "1 file" in result.out
    repo.write({"b.ts": SOURCE}).git("add", "-A")
    assert run_hook("complexity-guard", guard, repo, ["a.ts", "b.ts"]).code == 1


@pytest.mark.parametrize("hook", [row["id"] for row in HOOKS])
def test_a_hook_passes_where_all_files_are_excluded(guard: Any, repo: Repo, hook: str) -> None:
    repo.write({".complexityguard.json": '{"files": {"exclude": ["**"]}}'})
    assert run_hook(hook, guard, repo, ["a.ts"]).code == 0


@pytest.mark.parametrize("hook", [row["id"] for row in HOOKS])
def test_a_hook_takes_no_file_for_an_option(guard: Any, repo: Repo, hook: str) -> None:
    """--exclude=**/a.ts left out files, and --output=/b.ts wrote one."""
    repo.write(dict.fromkeys(HOSTILE, SOURCE)).git("add", "-A")
    result = run_hook(hook, guard, repo, [*HOSTILE, "a.ts"])
    assert result.code == 1
    for name in HOSTILE:
        assert cg.printable(name) + "  health" in result.out
    forgotten = run_hook(hook, guard, repo, [*HOSTILE, "a.ts"], args=["--fail-on", "none"])
    assert forgotten.code == 3 and "-- before the names of files" in forgotten.err


def test_the_hooks_and_the_docs_agree() -> None:
    text = (ROOT / "docs" / "gates.md").read_text(encoding="utf-8")
    for hook in HOOKS:
        assert f"- id: {hook['id']}" in text and f"`{hook['id']}`" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert HOOKS[0]["entry"].partition(" #")[0] in text and all(hook["args"] == ["--"] for hook in HOOKS)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("a.ts", 1),
        ("a/b.tsx", 1),
        ("a.mts", 1),
        ("a.cjs", 1),
        ("a.jsx", 1),
        ("a.d.ts", 0),
        ("a.d.mts", 0),
        ("a.json", 0),
        ("a.tsx.md", 0),
        ("a.mtsx", 0),
    ],
)
def test_hooks_take_what_we_read(path: str, wanted: int) -> None:
    for hook in HOOKS:
        assert bool(re.search(hook["files"], path) and not re.search(hook["exclude"], path)) == bool(wanted)
    assert not wanted or cg.grammar_of(path) is not None


def test_component_is_valid() -> None:
    header, jobs = COMPONENT
    used = set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", json.dumps(jobs)))
    assert used == set(header["spec"]["inputs"])
    filled = re.sub(
        r"\$\[\[ inputs\.([\w-]+) \]\]",
        lambda match: header["spec"]["inputs"][match[1]].get("default", "a text"),
        json.dumps(jobs),
    )
    jsonschema.Draft7Validator(schema("gitlab-ci.json")).validate(json.loads(filled))


# ------------------------------------------------------------------------------------- run


class Releases:
    """A web server with one release on it: an archive that holds the program under test."""

    def __init__(self, root: Path, command: list[str]) -> None:
        self.root = root
        machine = os.uname().machine
        self.name = f"complexity-guard-9.9.9-{machine}-linux-musl.tar.gz"
        program = root / "complexity-guard"
        program.write_text(
            f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec " + " ".join(f'"{word}"' for word in command) + ' "$@"\n'
        )
        program.chmod(0o755)
        for folder in ("download/v9.9.9", "latest/download"):
            (root / folder).mkdir(parents=True)
            with tarfile.open(root / folder / self.name, "w:gz") as archive:
                archive.add(program, "complexity-guard-9.9.9/complexity-guard")
        self.write_sums()
        handler = type("Handler", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
        self.handler = handler
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: handler(*a, directory=str(root)))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def redirect(self) -> None:
        """Answer every request by sending on to the same file, over plain http."""

        def do_GET(handler: Any) -> None:
            if handler.path.startswith("/moved/"):
                http.server.SimpleHTTPRequestHandler.do_GET(handler)
            else:
                handler.send_response(302)
                handler.send_header("Location", f"{self.url}/moved{handler.path}")
                handler.end_headers()

        (self.root / "moved").symlink_to(self.root)
        self.handler.do_GET = do_GET

    def write_sums(self) -> None:
        for folder in ("download/v9.9.9", "latest/download"):
            digest = hashlib.sha256((self.root / folder / self.name).read_bytes()).hexdigest()
            (self.root / folder / "SHA256SUMS").write_text(
                f"{'0' * 64}  complexity-guard-9.9.9-other.zip\n{digest}  {self.name}\n"
            )


@pytest.fixture
def releases(tmp_path: Path, guard: Any) -> Iterator[Releases]:
    if sys.platform != "linux":
        pytest.skip("the release here is one for Linux")
    (tmp_path / "releases").mkdir()
    made = Releases(tmp_path / "releases", guard.command)
    yield made
    made.server.shutdown()


class Runner:
    """The parts of a GitHub runner that the steps of action.yml see."""

    def __init__(self, root: Path, url: str) -> None:
        self.root, self.first = root, ""
        (root / "src").mkdir(parents=True)
        (root / "src" / "a.ts").write_text(SOURCE)
        for name in ("output", "path", "summary"):
            (root / name).touch()
        self.inputs = {name: str(row.get("default", "")) for name, row in ACTION["inputs"].items()} | {
            "download-url": url
        }
        (root / "temp").mkdir()

    def step(self, step: dict[str, Any]) -> subprocess.CompletedProcess:
        outputs = dict(line.split("=", 1) for line in (self.root / "output").read_text().splitlines())
        values = {f"inputs.{name}": value for name, value in self.inputs.items()}
        values |= {f"steps.install.outputs.{name}": value for name, value in outputs.items()}
        environment = {
            name: re.sub(r"\$\{\{ (.*?) \}\}", lambda match: values[match[1]], text)
            for name, text in step["env"].items()
        }
        machine = {"x86_64": "X64", "aarch64": "ARM64"}[os.uname().machine]
        environment |= {
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": machine,
            "RUNNER_TEMP": str(self.root / "temp"),
            "PATH": self.first + os.environ["PATH"],
            "GITHUB_REPOSITORY": "somebody/project",
        }
        environment |= {"GITHUB_OUTPUT": str(self.root / "output"), "GITHUB_PATH": str(self.root / "path")}
        environment |= {"GITHUB_STEP_SUMMARY": str(self.root / "summary"), "no_proxy": "127.0.0.1"}
        return subprocess.run(
            [*SHELL, step["run"]], cwd=self.root, env=environment, capture_output=True, text=True, timeout=60
        )

    def output(self, name: str) -> str:
        return dict(line.split("=", 1) for line in (self.root / "output").read_text().splitlines())[name]


@pytest.fixture
def runner(tmp_path: Path, releases: Releases) -> Runner:
    tool("bash")
    tool("curl")
    return Runner(tmp_path / "work space", releases.url)


@pytest.mark.parametrize("version", ("", "9.9.9", "v9.9.9"))
def test_action_downloads_verifies_and_runs(runner: Runner, version: str) -> None:
    runner.inputs["version"] = version
    installed = runner.step(INSTALL)
    assert installed.returncode == 0, installed.stderr
    assert f"complexity-guard {cg.__version__}" in installed.stdout
    done = runner.step(ANALYSE)
    assert (done.returncode, done.stderr) == (1, "")
    assert "::error file=src/a.ts,line=1," in done.stdout
    assert (runner.output("exit-code"), runner.output("sarif")) == ("1", "complexity-guard.sarif")
    assert json.loads((runner.root / "complexity-guard.sarif").read_text())["version"] == "2.1.0"
    assert (runner.root / "summary").read_text().startswith("## ❌ ComplexityGuard failed")


@pytest.mark.parametrize("version", ("", "9.9.9"))
def test_an_action_of_no_release_downloads_nothing_that_it_is_not_told_to(runner: Runner, version: str) -> None:
    runner.inputs |= {"download-url": "", "version": version}
    runner.first = asking(runner.root)
    done = runner.step(INSTALL)
    assert done.returncode == 1 and "::error::This copy of the action belongs to no release" in done.stdout
    assert not (runner.root / "asked").exists()


def asking(folder: Path) -> str:
    """The beginning of a path on which curl notes in the file `asked` what it is asked for, and gives nothing."""
    (folder / "fake").mkdir()
    curl = folder / "fake" / "curl"
    curl.write_text(f"#!/bin/sh\nfor last; do :; done; echo \"$last\" >>'{folder}/asked'; exit 22\n")
    curl.chmod(0o755)
    return f"{curl.parent}:"


@pytest.fixture
def released(tmp_path: Path, releases: Releases, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that the tag of release 9.9.9 holds: made of the tree's by the commands of the release's workflow."""
    release = importlib.import_module("release")
    tree = tmp_path / "tree"
    monkeypatch.setattr(release, "ROOT", tree)
    monkeypatch.setattr(release, "RELEASE", tmp_path / "archives")
    monkeypatch.setattr(release.targets, "version", lambda: "9.9.9")
    for name in release.STAMPS:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    release.RELEASE.mkdir()
    for target in release.targets.ROWS:
        (release.RELEASE / f"complexity-guard-9.9.9-{target.triple}.{target.archive}").write_text(target.triple)
    shutil.copy(releases.root / "download" / "v9.9.9" / releases.name, release.RELEASE)
    release.stamp("someone/guard")
    release.pin()
    return tree


def install_step(tree: Path) -> dict[str, Any]:
    step, _ = yaml.safe_load((tree / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    return step


@pytest.mark.parametrize("version", ("", "9.9.9", "v9.9.9"))
def test_the_action_of_a_release_downloads_that_release(
    runner: Runner, releases: Releases, released: Path, version: str
) -> None:
    """Its own version, though there is a later one, and without SHA256SUMS."""
    shutil.rmtree(releases.root / "latest")
    (releases.root / "download" / "v9.9.9" / "SHA256SUMS").unlink()
    runner.inputs["version"] = version
    done = runner.step(install_step(released))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"complexity-guard {cg.__version__}" in done.stdout and "::notice" not in done.stdout


def test_the_action_of_a_release_asks_the_repository_that_released_it(runner: Runner, released: Path) -> None:
    runner.inputs["download-url"], runner.first = "", asking(runner.root)
    assert runner.step(install_step(released)).returncode != 0
    (asked,) = (runner.root / "asked").read_text().splitlines()
    assert asked.startswith("https://github.com/someone/guard/releases/download/v9.9.9/complexity-guard-9.9.9-")


def alter(releases: Releases) -> None:
    """Another archive in a release that is out, with checksums that are true of it."""
    archive = releases.root / "download" / "v9.9.9" / releases.name
    shutil.copy(archive, releases.root / "first.tar.gz")
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(releases.root / "complexity-guard", "complexity-guard-9.9.9/complexity-guard")
        packed.add(releases.root / "first.tar.gz", "complexity-guard-9.9.9/more")
    releases.write_sums()


def test_the_action_of_a_release_refuses_what_the_release_did_not_hold(
    runner: Runner, releases: Releases, released: Path
) -> None:
    alter(releases)
    done = runner.step(install_step(released))
    assert done.returncode == 1 and "is not what its checksum says" in done.stdout
    assert not (runner.root / "output").read_text()


def test_the_action_of_a_release_says_when_it_has_no_checksum(
    runner: Runner, releases: Releases, released: Path
) -> None:
    """Another version than its own."""
    (releases.root / "download" / "v9.9.8").symlink_to(releases.root / "download" / "v9.9.9")
    runner.inputs["version"] = "9.9.8"
    done = runner.step(install_step(released))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "::notice::complexity-guard 9.9.8 is checked by its release's own SHA256SUMS" in done.stdout


@pytest.mark.parametrize(
    "machine", ["releases.example", "localhost:80@releases.example", "127.0.0.1:x@releases.example"]
)
def test_action_refuses_plain_http(runner: Runner, machine: str) -> None:
    runner.inputs["download-url"] = f"http://{machine}/complexity-guard"
    done = runner.step(INSTALL)
    assert done.returncode == 1 and "download-url must begin with https://" in done.stdout


@pytest.mark.parametrize("name", ["version", "download-url", "sarif"])
def test_an_input_of_action_is_no_second_line_of_what_the_runner_reads(runner: Runner, name: str) -> None:
    """`sarif: "a\\nexit-code=0"` was an output of its own, and a line that begins with :: a command."""
    if name == "sarif":
        runner.step(INSTALL)
    before = (runner.root / "output").read_text()
    runner.inputs[name] = f"{runner.inputs[name]}\nexit-code=0\n::add-mask::x"
    done = runner.step(ANALYSE if name == "sarif" else INSTALL)
    assert done.returncode in (1, 3) and (runner.root / "output").read_text() == before
    assert done.stdout.startswith("::error::") and done.stdout.count("\n") == 1


def test_action_follows_no_redirect_to_plain_http(runner: Runner, releases: Releases) -> None:
    """The mirror sends on to itself, by plain http; only the first address may have it."""
    releases.redirect()
    done = runner.step(INSTALL)
    assert done.returncode != 0 and not (runner.root / "output").read_text()


def test_action_passes_inputs_on_as_they_are(runner: Runner) -> None:
    hostile = "sp ace; touch hacked; $(touch hacked).ts"
    (runner.root / hostile).write_text(SOURCE)
    runner.inputs |= {
        "paths": f"src\n{hostile}",
        "args": "--metrics\nstructural",
        "fail-on": "none",
        "annotations": "false",
        "sarif": "",
        "summary": "false",
    }
    runner.step(INSTALL)
    done = runner.step(ANALYSE)
    assert (done.returncode, done.stderr) == (0, "")
    assert hostile in done.stdout and "::error" not in done.stdout and "2 files" in done.stdout
    assert not (runner.root / "hacked").exists() and not (runner.root / "summary").read_text()


def test_action_takes_no_path_for_an_option(runner: Runner) -> None:
    (runner.root / "--exclude=src").mkdir()
    shutil.copy(runner.root / "src" / "a.ts", runner.root / "--exclude=src")
    runner.inputs |= {"paths": "src\n--exclude=src", "annotations": "false", "fail-on": "none"}
    runner.step(INSTALL)
    done = runner.step(ANALYSE)
    assert done.returncode == 0 and "2 files" in done.stdout, done.stderr


@pytest.mark.parametrize("damage", ("archive", "sums", "missing"))
def test_action_refuses_what_is_damaged(runner: Runner, releases: Releases, damage: str) -> None:
    folder = releases.root / "latest" / "download"
    if damage == "archive":
        (folder / releases.name).write_bytes((folder / releases.name).read_bytes()[:-1])
    elif damage == "sums":
        (folder / "SHA256SUMS").write_text("")
    else:
        (folder / releases.name).unlink()
    done = runner.step(INSTALL)
    assert done.returncode != 0 and not (runner.root / "output").read_text()


class Component:
    """GitLab's component, filled in and run by a shell of POSIX."""

    def __init__(self, path: Path, root: Path, url: str) -> None:
        header, jobs = yaml.safe_load_all(path.read_text(encoding="utf-8"))
        (self.job,) = jobs.values()
        self.inputs = {name: row.get("default") for name, row in header["spec"]["inputs"].items()}
        self.inputs |= {"download-url": url, "paths": "src"}
        self.root, self.path = root, os.environ["PATH"]
        (root / "src").mkdir()
        (root / "src" / "a.ts").write_text(SOURCE)

    def fill(self, text: str) -> str:
        return re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda match: self.inputs[match[1]], text)

    def run(self) -> subprocess.CompletedProcess:
        script = "\n".join(map(self.fill, (*self.job["before_script"], *self.job["script"])))
        environment = {name: self.fill(text) for name, text in self.job["variables"].items()}
        environment |= {"PATH": self.path, "no_proxy": "127.0.0.1"}
        return subprocess.run(
            ["sh", "-c", script], cwd=self.root, env=environment, capture_output=True, text=True, timeout=60
        )


TEMPLATE = ROOT / "templates" / "complexity-guard.yml"


def without_curl(folder: Path) -> str:
    """A path on which curl is missing, as in the image that is the component's default."""
    (folder / "lean").mkdir()
    for name in ("cat", "dirname", "find", "grep", "gzip", "head", "mktemp", "sed", "sha256sum", "tar", "uname"):
        (folder / "lean" / name).symlink_to(shutil.which(name))
    for name in ("sh", "wget"):
        (folder / "lean" / name).symlink_to(tool("busybox"))
    return str(folder / "lean")


@pytest.mark.parametrize("client", ("curl", "wget"))
def test_component_downloads_verifies_and_runs(tmp_path: Path, releases: Releases, client: str) -> None:
    component = Component(TEMPLATE, tmp_path, releases.url)
    component.path = {"curl": os.environ["PATH"], "wget": without_curl(tmp_path)}[client]
    done = component.run()
    assert done.returncode == 1, done.stderr
    reports = component.job["artifacts"]["reports"]
    assert {issue["location"]["path"] for issue in json.loads((tmp_path / reports["codequality"]).read_text())} == {
        "src/a.ts"
    }
    assert "<testsuites" in (tmp_path / reports["junit"]).read_text()


def test_component_takes_no_path_for_an_option(tmp_path: Path, releases: Releases) -> None:
    component = Component(TEMPLATE, tmp_path, releases.url)
    component.inputs |= {"paths": "*/a.ts", "args": "--fail-on none"}
    (tmp_path / "--exclude=src").mkdir()
    shutil.copy(tmp_path / "src" / "a.ts", tmp_path / "--exclude=src")
    done = component.run()
    assert done.returncode == 0 and "2 files" in done.stdout, done.stderr


def test_a_component_of_no_release_downloads_nothing_that_it_is_not_told_to(tmp_path: Path) -> None:
    component = Component(TEMPLATE, tmp_path, "")
    component.path = asking(tmp_path) + component.path
    done = component.run()
    assert done.returncode == 1 and "belongs to no release" in done.stderr and not (tmp_path / "asked").exists()


def test_the_component_of_a_release_downloads_that_release(tmp_path: Path, releases: Releases, released: Path) -> None:
    shutil.rmtree(releases.root / "latest")
    (releases.root / "download" / "v9.9.9" / "SHA256SUMS").unlink()
    done = Component(released / "templates" / TEMPLATE.name, tmp_path, releases.url).run()
    assert done.returncode == 1 and (tmp_path / "gl-code-quality-report.json").exists(), done.stderr


def test_the_component_of_a_release_refuses_what_the_release_did_not_hold(
    tmp_path: Path, releases: Releases, released: Path
) -> None:
    alter(releases)
    done = Component(released / "templates" / TEMPLATE.name, tmp_path, releases.url).run()
    assert done.returncode != 0 and "FAILED" in done.stdout + done.stderr
    assert not (tmp_path / "gl-code-quality-report.json").exists()


@pytest.mark.parametrize("client", ("curl", "wget"))
def test_the_component_comes_over_https_alone(tmp_path: Path, releases: Releases, client: str) -> None:
    """The mirror sends on to itself, by plain http; only the first address may have it."""
    releases.redirect()
    component = Component(TEMPLATE, tmp_path, releases.url)
    component.path = {"curl": os.environ["PATH"], "wget": without_curl(tmp_path)}[client]
    assert component.run().returncode != 0 and not (tmp_path / "gl-code-quality-report.json").exists()
    for machine in ("releases.example", "localhost:80@releases.example"):
        component.inputs["download-url"] = f"http://{machine}"
        assert "must begin with https://" in component.run().stderr


def test_images_are_pinned_by_digest_and_are_one() -> None:
    header, _ = COMPONENT
    image = header["spec"]["inputs"]["image"]["default"]
    assert re.fullmatch(r"docker\.io/library/alpine:[\d.]+@sha256:[0-9a-f]{64}", image)
    assert f"\nFROM {image}\n" in (ROOT / "build" / "container" / "Dockerfile.git").read_text()
