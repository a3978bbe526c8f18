"""The workflows of GitHub: what their jobs may do, in which order a release appears, and their steps run as GitHub runs them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from tools import tool

import complexity_guard as cg
import release

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yml"))}
JOBS = {(stem, name): job for stem, workflow in WORKFLOWS.items() for name, job in workflow["jobs"].items()}
RELEASE = WORKFLOWS["release"]["jobs"]
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]

# What each job may do, and no other job may do anything.
READS = {"contents": "read"}
SIGNS = {"contents": "read", "id-token": "write", "attestations": "write"}
PERMISSIONS = {
    ("ci", "test"): READS,
    ("release", "targets"): READS,
    ("release", "binary"): READS,
    ("release", "check"): READS,
    ("release", "vscode"): READS,
    ("release", "files"): READS,
    ("release", "attest"): SIGNS,
    ("release", "image"): SIGNS | {"packages": "write"},
    ("release", "publish"): {"contents": "write"},
    ("release", "npm"): READS | {"id-token": "write"},
    ("release", "pypi"): READS | {"id-token": "write"},
}
REGISTRIES = {"npm", "pypi"}  # their jobs publish what is released already


def uses(name: str) -> list[dict]:
    return [step for job in JOBS.values() for step in job["steps"] if step.get("uses", "").startswith(name)]


def test_steps_run_as_they_are_run_here():
    """`shell: bash` is bash -eo pipefail; without it, a step has no pipefail."""
    assert WORKFLOWS["release"]["defaults"] == {"run": {"shell": "bash"}}


def test_each_job_may_do_what_it_must():
    assert {key: job["permissions"] for key, job in JOBS.items()} == PERMISSIONS
    assert all(workflow["permissions"] == {} for workflow in WORKFLOWS.values())


def test_every_action_is_pinned_by_commit_and_says_its_version():
    for path in FOLDER.glob("*.yml"):
        lines = re.findall(r"^.*\buses: .*$", path.read_text("utf-8"), re.MULTILINE)
        assert lines
        for line in lines:
            assert re.fullmatch(r" +(- )?uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_one_action_is_one_commit():
    pins = {step["uses"] for step in uses("actions/")}
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


def test_no_checkout_leaves_its_token():
    assert all(step["with"]["persist-credentials"] is False for step in uses("actions/checkout@"))
    assert len(uses("actions/checkout@")) >= 5


def test_a_release_takes_nothing_from_a_cache():
    assert uses("actions/cache") == []
    assert not any("cache" in step.get("with", {}) for step in uses("actions/setup-"))


def test_zizmor_has_nothing_to_say():
    zizmor = Path(sys.executable).with_name("zizmor")
    if not zizmor.exists():
        pytest.skip("no zizmor here: build/requirements-dev.txt has it")
    options = ("--offline", "--no-progress", "--quiet", "--persona", "pedantic")
    done = subprocess.run([zizmor, *options, ".github", "action.yml"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# ── A release ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_what_is_published_is_attested():
    attesting = {name for (_, name), job in JOBS.items() if any("attest" in str(step) for step in job["steps"])}
    assert attesting == {"attest", "image"}
    assert all("needs.targets.outputs.publish == 'true'" in RELEASE[name]["if"] for name in attesting)


def test_every_file_of_a_release_is_attested():
    first, bill = (step["with"] for step in RELEASE["attest"]["steps"] if "subject-path" in step.get("with", {}))
    (create,) = (step["run"] for step in RELEASE["publish"]["steps"] if "release create" in step.get("run", ""))
    files = create.partition("notes.md")[2].replace("\\", " ").split()
    packages = [f"out/release/{registry}/*" for registry in sorted(REGISTRIES)]
    assert first["subject-path"].split() == files + packages and "out/release/SHA256SUMS" in files
    assert bill["sbom-path"] == "out/release/complexity-guard.spdx.json"


def test_both_images_are_attested():
    attested = [step["with"] for step in RELEASE["image"]["steps"] if "attest@" in step.get("uses", "")]
    assert [row["subject-digest"] for row in attested] == [
        "${{ steps.push.outputs.plain }}",
        "${{ steps.push.outputs.git }}",
    ]
    assert all(row["push-to-registry"] for row in attested)


def needed(name: str) -> set[str]:
    """The jobs that end before this one begins."""
    before = RELEASE[name].get("needs", [])
    before = [before] if isinstance(before, str) else before
    return {*before, *(further for one in before for further in needed(one))}


def test_publishing_comes_last():
    assert needed("publish") == set(RELEASE) - {"publish"} - REGISTRIES
    assert all("publish" in needed(registry) for registry in REGISTRIES)
    names = [step.get("name", step.get("uses")) for step in RELEASE["publish"]["steps"]]
    assert names[-3:] == [
        "A draft with every file",
        "The commit whose Action holds the checksums, and its tag",
        "Publish",
    ]


def test_the_package_that_depends_on_the_others_is_published_last(tmp_path):
    """Else whoever installs it in between would get no binary."""
    folder = tmp_path / "out" / "release" / "npm"
    folder.mkdir(parents=True)
    for name in ("complexity-guard-1.2.3", "complexity-guard-linux-x64-1.2.3", "complexity-guard-win32-x64-1.2.3"):
        (folder / f"{name}.tgz").touch()
    fake = tmp_path / "npx"
    fake.write_text('#!/bin/sh\nfor last; do :; done\necho "$last" >>asked\n')
    fake.chmod(0o755)
    step = RELEASE["npm"]["steps"][-1]
    variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "VERSION": "1.2.3"}
    subprocess.run([*SHELL, step["run"]], cwd=tmp_path, env=variables, check=True)
    published = [Path(line).stem for line in (tmp_path / "asked").read_text().split()]
    assert sorted(published) == sorted(path.stem for path in folder.iterdir())
    assert published[-1] == "complexity-guard-1.2.3"


# ── Steps, run ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Runner:
    """A clone of the tree on a runner, with a gh and a podman of ours that note what they are asked."""

    def __init__(self, root: Path) -> None:
        self.root, self.asked = root / "clone", root / "asked"
        self.origin = root / "origin.git"
        (root / "fake").mkdir()
        (root / "home").mkdir()
        self.variables = {
            "PATH": f"{root / 'fake'}:{os.environ['PATH']}",
            "HOME": str(root / "home"),
            "RUNNER_TEMP": str(root),
            "GITHUB_REPOSITORY": "Someone/Guard",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_SHA": "0" * 40,
            "GITHUB_ACTOR": "someone",
            "GITHUB_OUTPUT": str(root / "output"),
            "VERSION": cg.__version__,
        }
        for name in ("gh", "podman", "sudo"):
            self.program(name)

    def program(self, name: str, then: str = "") -> None:
        """Put one on the path. What it is asked for goes to one list, with whether the tag is there by then."""
        tags = f"[ ! -d '{self.origin}' ] || tag=$(git -C '{self.origin}' tag)"
        script = self.asked.parent / "fake" / name
        script.write_text(f"#!/bin/bash\ntag=; {tags}\necho \"$tag|{name} $*\" >>'{self.asked}'\n{then}\n")
        script.chmod(0o755)

    def clone(self) -> None:
        """The tree, committed, and the repository that it is pushed to."""
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        kept = [name for name in listed.split("\0") if name and not name.startswith(("tests/", "build/grammar/src"))]
        for name in kept:
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.root / name)
        own = ("-c", "user.name=a", "-c", "user.email=a@localhost")
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("add", "--all")
        self.git(*own, "commit", "--quiet", "--message", "the tree")
        subprocess.run(["git", "clone", "--quiet", "--bare", self.root, self.origin], check=True)
        self.git("remote", "add", "origin", str(self.origin))

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True, env=self.variables
        ).stdout

    def step(self, job: str, name: str, **more: str) -> subprocess.CompletedProcess[str]:
        (script,) = (step["run"] for step in RELEASE[job]["steps"] if step.get("name") == name)
        return subprocess.run(
            [*SHELL, script], cwd=self.root, env=self.variables | more, capture_output=True, text=True, timeout=60
        )

    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in Path(self.variables["GITHUB_OUTPUT"]).read_text().splitlines())

    def archives(self) -> None:
        folder = self.root / "out" / "release"
        folder.mkdir(parents=True)
        for triple in ("x86_64-linux-musl", "aarch64-linux-musl", "x86_64-macos", "aarch64-macos"):
            (folder / f"complexity-guard-{cg.__version__}-{triple}.tar.gz").write_text(triple)
        (folder / f"complexity-guard-{cg.__version__}-x86_64-windows.zip").write_text("windows")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    tool("bash")
    tool("git")
    made = Runner(tmp_path)
    made.clone()
    return made


WHAT = "What is built, and whether it may be published"


@pytest.mark.parametrize(
    ("publish", "ref", "gh", "said"),
    [
        ("false", "refs/heads/idea", "exit 1", None),
        ("true", "refs/heads/main", "", None),
        ("true", "refs/heads/main", f"echo refs/tags/v{cg.__version__}0", None),
        ("true", "refs/heads/idea", "", "published from main alone"),
        ("true", "refs/tags/v0", "", "published from main alone"),
        ("true", "refs/heads/main", f"echo refs/tags/v{cg.__version__}", "is released already"),
        ("true", "refs/heads/main", "exit 1", ""),  # GitHub gives no answer: nobody knows whether there is a tag
    ],
)
def test_what_may_be_published(runner: Runner, publish: str, ref: str, gh: str, said: str | None):
    runner.program("gh", gh)
    done = runner.step("targets", WHAT, PUBLISH=publish, BRANCH="main", GITHUB_REF=ref)
    if said is not None:
        assert done.returncode == 1 and said in done.stdout and not Path(runner.variables["GITHUB_OUTPUT"]).exists()
    else:
        assert done.returncode == 0, done.stderr
        told = runner.outputs()
        assert (told["version"], told["publish"]) == (cg.__version__, publish)
        assert '"x86_64-linux-musl"' in told["matrix"]


LAST = ("A draft with every file", "The commit whose Action holds the checksums, and its tag", "Publish")


def test_a_release_is_a_draft_then_a_tag_then_published(runner: Runner):
    runner.archives()
    for name in LAST:
        done = runner.step("publish", name)
        assert done.returncode == 0, done.stdout + done.stderr
    tag = f"v{cg.__version__}"
    asked = [line for line in runner.asked.read_text().splitlines() if "gh release" in line]
    assert asked[0].startswith(f"|gh release create {tag} --draft ") and ".zip" in asked[0]
    assert asked[1:] == [f"{tag}|gh release edit {tag} --draft=false"]
    for name in release.PINNED:
        text = runner.git("show", f"{tag}:{name}")
        assert "https://github.com/Someone/Guard/releases\n" in text
        assert f"own_version='{cg.__version__}'" in text and "x86_64-windows.zip'\n" in text
    branch = subprocess.run(
        ["git", "-C", runner.origin, "rev-parse", "main", f"{tag}^"], capture_output=True, text=True
    )
    assert len(set(branch.stdout.split())) == 1, "the tag stands on top of the branch, which stays as it was"
    changed = set(runner.git("diff", "--name-only", f"{tag}^", tag).split())
    assert changed == {*release.STAMPS}


def test_a_draft_that_was_left_behind_is_gone_first(runner: Runner):
    runner.archives()
    runner.program("gh", '[ "$2" != --paginate ] || echo 42')
    assert runner.step("publish", LAST[0]).returncode == 0
    asked = runner.asked.read_text().splitlines()
    assert asked[1] == "|gh api --method DELETE repos/Someone/Guard/releases/42" and "release create" in asked[2]


def test_without_its_tag_no_release_is_published(runner: Runner):
    runner.archives()
    (runner.origin / "hooks" / "pre-receive").write_text("#!/bin/sh\nexit 1\n")
    (runner.origin / "hooks" / "pre-receive").chmod(0o755)
    assert runner.step("publish", LAST[1]).returncode != 0  # and GitHub starts no step after one that failed


def test_the_images_are_pushed_and_their_digests_told(runner: Runner):
    digest = 'while [ "${1-}" != --digestfile ]; do [ $# -gt 0 ] || exit 0; shift; done; echo "sha256:$3" >"$2"'
    runner.program("podman", digest)
    (runner.root / "out").mkdir()
    done = runner.step("image", "Push", REGISTRY="registry.example", TOKEN="secret")
    assert done.returncode == 0, done.stderr
    name = "registry.example/someone/guard"
    assert runner.outputs() == {"plain": "sha256:guard", "git": "sha256:guard.git", "name": name}
    asked = runner.asked.read_text()
    pushed = re.findall(r"manifest push .* (\S+) docker://(\S+)", asked)
    assert pushed == [
        ("guard", f"{name}:latest"),
        ("guard", f"{name}:{cg.__version__}"),
        ("guard.git", f"{name}:git"),
        ("guard.git", f"{name}:{cg.__version__}-git"),
    ]
    assert "secret" not in asked
