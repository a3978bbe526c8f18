#!/usr/bin/env python3
"""Rehearse a release: every shell step of release.yml, as it stands there, against a folder that plays GitHub and the registries.

    make rehearse [ARGS="--turns 2"]

Rehearsed is the last commit. Jobs run one after another, each in a clone of its own, and what they publish comes to lie in
out/rehearsal; the second turn runs in other folders, and has to publish the same bytes. Whatever stands in for something
of GitHub's, of another machine or of a registry is named when it does. What the builds keep in out/cache (CPython, what was
fetched, what zopfli packed) they share with this checkout. Needs git, podman, Node, and root for the images.
"""

from __future__ import annotations

import argparse
import functools
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
FOLDER = ROOT / "out" / "rehearsal"
REPOSITORY = "Someone/complexity-guard"
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
ONCE = {"check"}  # jobs that only look: the second turn need not look at the same bytes again

# What GitHub tells a run that publishes to all the places that it can.
GIVEN: dict[str, Any] = {
    "github": {"token": "no token", "event": {"repository": {"default_branch": "main"}}},
    "inputs": {"publish": "true"},
    "vars": {"CONTAINER_REGISTRY": "registry.example", "NPM": "true", "PYPI": "true"},
    "runner": {"os": "Linux"},
}

# ── Programs that stand in for others; $PUBLISHED is the folder of what is out, and each tells what it was asked ─────────

HEAD = '#!/usr/bin/env bash\nset -eu\ntold() { echo "${0##*/}: $*" >>"$TOLD"; }\n'
PROGRAMS = {
    "gh": """
told "$1 ${2%%-H*}"
case "$1 $2" in
"release create")
  mkdir -p "$PUBLISHED/draft"
  shift 3
  while [ $# -gt 0 ]; do
    case $1 in
    --title) shift ;;
    --notes-file) cp "$2" "$PUBLISHED"; shift ;;
    --*) ;;
    *) cp "$1" "$PUBLISHED/draft" ;;
    esac
    shift
  done ;;
"release edit") mv "$PUBLISHED/draft" "$PUBLISHED/release" ;;
esac
""",
    "npx": """
told "$2 $3"
mkdir -p "$PUBLISHED/npm"
cp "${@: -1}" "$PUBLISHED/npm"
""",
    "sudo": 'told "$*"\n',
    # The registry of Alpine is not asked, so the image with git has neither; and a sandbox gives containers no network, and no
    # more open files than it has itself.
    "podman": """
real() { "$PODMAN" --root "$STORE/images" --runroot "$STORE/run" --storage-driver vfs "$@"; }
case "$1 $*" in
build*Dockerfile.git*)
  told "build, of Dockerfile.git: on nothing, in place of Alpine with git"
  sed 's/^FROM .*/FROM scratch/; /^RUN /d' build/container/Dockerfile.git >"$STORE/Dockerfile"
  real "${@/#*Dockerfile.git/$STORE/Dockerfile}" ;;
run*tried.git*) told "run, of the image with git: not run" ;;
run*) shift; real run --network=none --ulimit=nofile=1024:1024 --ulimit=nproc=1024:1024 "$@" ;;
login*) told "login" && echo '{}' >"$REGISTRY_AUTH_FILE" ;;
manifest*push*)
  told "manifest push: into a folder"
  mkdir -p "$PUBLISHED/images"
  last=${!#}
  real "${@:1:$#-1}" "oci:$PUBLISHED/images/${last##*:}" ;;
*) real "$@" ;;
esac
""",
}


# ── Expressions ──────────────────────────────────────────────────────────────────────────────────────────────────────

TOKEN = re.compile(r"'[^']*'|&&|\|\||!=|==|[!(),]|[\w.-]+")
WORDS = {"&&": "and", "||": "or", "!": "not"}
FUNCTIONS = {"fromJson": json.loads, "cancelled": lambda: False}


def evaluate(text: str, contexts: dict[str, Any]) -> Any:
    """GitHub's expressions are Python's but for a few words; a name that leads nowhere is empty."""

    def at(name: str) -> Any:
        steps = name.split(".")
        return functools.reduce(lambda found, key: found.get(key, "") if found else "", steps, contexts)

    def word(token: str) -> str:
        return WORDS.get(token) or (f"at({token!r})" if token[0].isalpha() and token not in FUNCTIONS else token)

    return eval(" ".join(map(word, TOKEN.findall(text))), {**FUNCTIONS, "at": at})


def filled(value: Any, contexts: dict[str, Any]) -> Any:
    """A value of the workflow, with its expressions worked out."""
    if not isinstance(value, str):
        return value
    if whole := re.fullmatch(r"\$\{\{(.*?)\}\}", value):
        return evaluate(whole[1], contexts)
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(evaluate(found[1], contexts)), value)


def is_wanted(row: dict[str, Any], contexts: dict[str, Any]) -> bool:
    condition = row.get("if", "").removeprefix("${{").removesuffix("}}")
    return not condition or bool(evaluate(condition, contexts))


# ── One job ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Job:
    """One machine of a job: its folder, and what its expressions can name."""

    turn: Turn
    name: str
    contexts: dict[str, Any]
    variables: dict[str, str]

    @property
    def folder(self) -> Path:
        return self.turn.folder / "jobs" / self.name

    def run(self, steps: list[dict[str, Any]]) -> None:
        self.folder.mkdir(parents=True)
        for number, step in enumerate(steps):
            title = step.get("name") or step.get("uses", "a step").partition("@")[0]
            if not is_wanted(step, self.contexts):
                print(f"  not run here: {title} (if: {step['if']})")
                continue
            start = time.monotonic()
            (self.script if "run" in step else self.action)(step, f"{number} {title}")
            print(f"  {time.monotonic() - start:7.1f} s  {title}", flush=True)
            self.tell()

    def tell(self) -> None:
        told = Path(self.variables["TOLD"])
        if told.exists():
            for line in dict.fromkeys(told.read_text("utf-8").splitlines()):
                print(f"             stands in: {line}")
            told.unlink()

    def script(self, step: dict[str, Any], title: str) -> None:
        outputs = self.turn.folder / "outputs"
        outputs.write_text("")
        more = {name: str(filled(value, self.contexts)) for name, value in step.get("env", {}).items()}
        variables = {**self.variables, **more, "GITHUB_OUTPUT": str(outputs)}
        log = self.turn.folder / "logs" / f"{self.name} {title.replace('/', ' ')}.txt"
        with log.open("wb") as file:
            done = subprocess.run([*SHELL, filled(step["run"], self.contexts)], cwd=self.folder, env=variables,
                                  stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)  # fmt: skip
        if done.returncode:
            said = log.read_text("utf-8", "replace")[-3000:]
            raise SystemExit(f"{said}\nfailed ({done.returncode}): {self.name}, {title}: {log}")
        told = dict(line.split("=", 1) for line in outputs.read_text("utf-8").splitlines())
        self.contexts["steps"][step.get("id", "")] = {"outputs": told}

    # Actions. Each tells what it is here.

    def action(self, step: dict[str, Any], title: str) -> None:
        name = step["uses"].partition("@")[0]
        if name not in ACTIONS:
            raise SystemExit(f"nothing here stands in for {name}")
        given = {key: filled(value, self.contexts) for key, value in step.get("with", {}).items()}
        print(f"             stands in: {name}: {ACTIONS[name](self, given)}")

    def checkout(self, given: dict[str, Any]) -> str:
        git("clone", "--quiet", self.turn.origin, self.folder)
        (self.folder / "out").mkdir()
        (self.folder / "out" / "cache").symlink_to(ROOT / "out" / "cache")
        return "a clone of the last commit"

    def python(self, given: dict[str, Any]) -> str:
        made = self.turn.folder / "pythons" / self.name
        subprocess.run([sys.executable, "-m", "venv", made], check=True)
        self.variables["PATH"] = f"{made / 'bin'}{os.pathsep}{self.variables['PATH']}"
        return f"Python {sys.version.split()[0]} of this machine, for {given['python-version']}"

    def upload(self, given: dict[str, Any]) -> str:
        """As GitHub keeps files: by their names below the folder that all patterns begin with, without permissions."""
        patterns = given["path"].split()
        top = self.folder / os.path.commonpath([re.split(r"/[^/]*\*", pattern)[0] for pattern in patterns])
        files = self.files(patterns)
        for file in files:
            copied(file, self.turn.artifacts / given["name"] / file.relative_to(top))
        return f"{len(files)} files into the folder {given['name']}"

    def download(self, given: dict[str, Any]) -> str:
        found = sorted(self.turn.artifacts.glob(given.get("name") or given["pattern"]))
        if not found:
            raise SystemExit(f"{self.name}: no artifact {given}")
        for folder in found:
            for file in files_in(folder):
                copied(file, self.folder / given["path"] / file.relative_to(folder))
        return f"from {', '.join(folder.name for folder in found)}"

    def attest(self, given: dict[str, Any]) -> str:
        if "subject-digest" in given:
            self.turn.attested.add(given["subject-digest"].removeprefix("sha256:"))
            return f"notes the digest of {given['subject-name']}"
        files = self.files([*given["subject-path"].split(), *given.get("sbom-path", "").split()])
        self.turn.attested.update(map(digest_of, files))
        return f"notes the digests of {len(files)} files"

    def publish_to_pypi(self, given: dict[str, Any]) -> str:
        files = files_in(self.folder / given["packages-dir"])
        for file in files:
            copied(file, self.turn.published / "pypi" / file.name)
        return f"{len(files)} packages into a folder"

    def files(self, patterns: list[str]) -> list[Path]:
        found: set[Path] = set()
        for pattern in patterns:
            matching = [Path(name) for name in glob.glob(str(self.folder / pattern))]
            files = [file for path in matching for file in (files_in(path) if path.is_dir() else [path])]
            if not files:
                raise SystemExit(f"{self.name}: there is no {pattern}")
            found.update(files)
        return sorted(found)


ACTIONS = {
    "actions/checkout": Job.checkout,
    "actions/setup-python": Job.python,
    "actions/upload-artifact": Job.upload,
    "actions/download-artifact": Job.download,
    "actions/attest": Job.attest,
    "pypa/gh-action-pypi-publish": Job.publish_to_pypi,
}


def git(*arguments: str | Path, cwd: Path = ROOT) -> str:
    return subprocess.run(["git", *arguments], cwd=cwd, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def copied(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, to)


def digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


# ── One turn, and the other ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Turn:
    """All jobs, in a folder that holds whatever they leave."""

    folder: Path
    store: str  # where podman keeps images; it takes no long names for it
    attested: set[str] = field(default_factory=set)
    contexts: dict[str, Any] = field(default_factory=lambda: {**GIVEN, "needs": {}})

    @property
    def origin(self) -> Path:
        return self.folder / "origin.git"

    @property
    def artifacts(self) -> Path:
        return self.folder / "artifacts"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    def prepare(self) -> dict[str, str]:
        """The repository and the programs; the variables that every step has."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("logs", "programs", "home", "published"):
            (self.folder / name).mkdir(parents=True)
        git("init", "--quiet", "--bare", "--initial-branch", "main", self.origin)
        git("push", "--quiet", self.origin, "HEAD:refs/heads/main")
        for name, text in PROGRAMS.items():
            (self.folder / "programs" / name).write_text(HEAD + text, "utf-8")
            (self.folder / "programs" / name).chmod(0o755)
        own = ("GIT_", "GITHUB_", "PYTHON", "VIRTUAL_ENV")
        return {name: value for name, value in os.environ.items() if not name.startswith(own)} | {
            "PATH": f"{self.folder / 'programs'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder / "home"),
            "NPM_CONFIG_USERCONFIG": str(Path("~/.npmrc").expanduser()),  # registries, as this machine reaches them
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_SHA": git("rev-parse", "HEAD"),
            "GITHUB_ACTOR": "someone",
            "RUNNER_TEMP": str(self.folder),
            "PUBLISHED": str(self.published),
            "TOLD": str(self.folder / "told"),
            "PODMAN": shutil.which("podman") or "podman",
            "STORE": self.store,
        }

    def run(self, jobs: dict[str, dict[str, Any]], left_out: set[str]) -> None:
        variables = self.prepare()
        for name, row in jobs.items():
            needs = self.contexts["needs"]
            before = [row["needs"]] if isinstance(row.get("needs"), str) else row.get("needs", [])
            waits = "cancelled()" in row.get("if", "") or all(needs[one]["result"] == "success" for one in before)
            if not waits or not is_wanted(row, self.contexts):
                raise SystemExit(f"{name} would not run")
            needs[name] = {"result": "success", "outputs": {}}
            if name in left_out:
                print(f"{self.folder.name}, {name}: only looks, and did so the first time")
                continue
            for one in self.matrix(row):
                needs[name]["outputs"] |= self.job(name, row, one, variables)
        (self.published / "tag").write_text(self.tagged())

    def matrix(self, row: dict[str, Any]) -> list[dict[str, str]]:
        return filled(row["strategy"]["matrix"], self.contexts)["include"] if "strategy" in row else [{}]

    def job(self, name: str, row: dict[str, Any], one: dict[str, str], variables: dict[str, str]) -> dict[str, str]:
        contexts = {**self.contexts, "matrix": one, "steps": {}}
        own = {key: str(filled(value, contexts)) for key, value in row.get("env", {}).items()}
        title = " ".join((name, *([one["triple"]] if one else [])))
        print(f"{self.folder.name}, {title}: here, for {filled(row['runs-on'], contexts)}", flush=True)
        Job(self, title.replace(" ", "-"), contexts, variables | own).run(row["steps"])
        return {key: filled(value, contexts) for key, value in row.get("outputs", {}).items()}

    def tagged(self) -> str:
        """What the tag of the release holds, as git's digests; its commit has a time."""
        (tag,) = git("tag", cwd=self.origin).split()
        return f"{tag}\n{git('ls-tree', '-r', tag, cwd=self.origin)}\n"

    def unattested(self) -> Iterator[Path]:
        """Files that were published, and that no attestation is about."""
        for name in ("release", "npm", "pypi"):
            yield from (file for file in files_in(self.published / name) if digest_of(file) not in self.attested)


def digests(folder: Path) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): digest_of(file) for file in files_in(folder)}


def report(turns: list[Turn]) -> int:
    """What was published, and where turns differ."""
    first = turns[0].published
    for place in sorted(first.iterdir()):
        files = files_in(place) if place.is_dir() else [place]
        print(f"{len(files):4} files, {sum(file.stat().st_size for file in files):12,} bytes: {place.name}")
    found = [digests(turn.published) for turn in turns]
    names = sorted({name for row in found for name in row})
    different = [name for name in names if len({row.get(name) for row in found}) > 1]
    silent = [str(file) for turn in turns for file in turn.unattested()]
    for name in different:
        print(f"differs: {name}")
    for name in silent:
        print(f"not attested: {name}")
    if not different:
        print(f"{len(names)} files, the same bytes in {len(turns)} turns")
    return 1 if different or silent else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=2, help="(default: 2)")
    parser.add_argument("--leave-out", default="", help="jobs that only look, with commas (check)")
    chosen = parser.parse_args()
    if git("status", "--porcelain"):
        print("what is not committed has no part in this")
    jobs = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]
    turns = []
    for number in range(chosen.turns):
        with tempfile.TemporaryDirectory(prefix="rehearsal-", ignore_cleanup_errors=True) as store:
            turns.append(Turn(FOLDER / ("turn" + "-again" * number), store))  # in names of other lengths
            turns[-1].run(jobs, (ONCE if number else set()) | set(filter(None, chosen.leave_out.split(","))))
    return report(turns)


if __name__ == "__main__":
    sys.exit(main())
