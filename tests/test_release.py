"""Release files: archives that hold what they must and are the same each time, checksums, and the bill of materials."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent


def test_an_archive_holds_binary_papers_licences_completions_and_manual(release):
    made = release.archive("x86_64-linux-musl")
    with tarfile.open(made) as tar:
        entries = {entry.name.partition("/")[2]: entry for entry in tar}
    assert entries["complexity-guard"].mode == 0o755
    assert {"README.md", "LICENSE", "completions/complexity-guard.bash", "man/complexity-guard.1"} <= set(entries)
    assert {f"licences/{part}.txt" for part in ("cpython", "cpython-parts", "musl", "tree-sitter", "zlib")} <= set(
        entries
    )
    assert "licences/pyinstaller.txt" not in entries, "which is in none of them"
    assert all(
        entry.uid == entry.gid == 0 and entry.name.startswith(made.name.removesuffix(".tar.gz"))
        for entry in entries.values()
    )


def test_windows_gets_a_zip(release):
    with zipfile.ZipFile(release.archive("x86_64-windows")) as packed:
        assert any(name.endswith("/complexity-guard.exe") for name in packed.namelist())


@pytest.mark.parametrize("triple", ["x86_64-linux-musl", "x86_64-windows"])
def test_two_archives_are_the_same_bytes(release, triple):
    assert release.archive(triple).read_bytes() == release.archive(triple).read_bytes()


def test_checksums_cover_every_archive_and_are_true(release):
    for triple in ("x86_64-linux-musl", "x86_64-windows"):
        release.archive(triple)
    release.finish()
    lines = [line.split("  ") for line in (release.RELEASE / "SHA256SUMS").read_text().splitlines()]
    assert {name for _, name in lines} == {path.name for path in release.archives()} | {
        "complexity-guard.spdx.json",
        f"complexity-guard_{release.targets.version()}-1_amd64.deb",
        f"complexity-guard_{release.targets.version()}_systems.zip",
        "install.sh",
        "install.ps1",
    }
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=release.RELEASE).returncode == 0


def test_the_bill_of_materials_is_closed_and_names_each_source(release):
    release.archive("x86_64-linux-musl")
    release.finish()
    bill = json.loads((release.RELEASE / "complexity-guard.spdx.json").read_text())
    identities = [item["SPDXID"] for item in bill["packages"]]
    assert len(set(identities)) == len(identities)
    assert all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", identity) for identity in identities)
    for row in bill["relationships"]:
        assert {row["spdxElementId"], row["relatedSpdxElement"]} <= {*identities, "SPDXRef-DOCUMENT"}
    pinned = {(source.name, source.version) for source in release.sources.SOURCES.values()}
    assert pinned <= {(item["name"], item["versionInfo"]) for item in bill["packages"]}
    held = {row["relatedSpdxElement"] for row in bill["relationships"] if row["relationshipType"] == "CONTAINS"}
    assert {"SPDXRef-cpython", "SPDXRef-zlib", "SPDXRef-musl", "SPDXRef-tree-sitter"} <= held


def test_the_notes_have_a_row_of_sizes_for_each_archive(release):
    made = release.archive("x86_64-linux-musl")
    release.finish()
    assert f"| `{made.name}` | {len(b'binary of x86_64-linux-musl')} |" in (release.RELEASE / "notes.md").read_text()


def test_the_image_is_laid_out_by_the_names_that_container_builders_use(release, tmp_path):
    """Executable, though a binary from another job of the release is not, and nothing of an earlier build."""
    (tmp_path / "out" / "image" / "old").mkdir(parents=True)
    arm = tmp_path / "out" / "dist" / "aarch64-linux-musl" / "complexity-guard"
    arm.parent.mkdir()
    arm.write_bytes(b"binary of aarch64-linux-musl")
    folder = release.image()
    files = (path for path in folder.rglob("*") if path.is_file())
    made = {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode & 0o777) for path in files}
    assert made == {
        "amd64/complexity-guard": (b"binary of x86_64-linux-musl", 0o755),
        "arm64/complexity-guard": (b"binary of aarch64-linux-musl", 0o755),
    }
    copied = re.search(
        r"^COPY (\S+) /complexity-guard$", (ROOT / "build" / "container" / "Dockerfile").read_text(), re.MULTILINE
    )[1]
    assert {copied.replace("${TARGETARCH}", name) for name in ("amd64", "arm64")} == set(made)


@pytest.fixture
def tree(release, tmp_path, monkeypatch):
    """A copy of the files that a release stamps."""
    monkeypatch.setattr(release, "ROOT", tmp_path / "tree")
    for name in release.STAMPS:
        (release.ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, release.ROOT / name)
    return release.ROOT


def test_a_stamped_tree_names_one_repository_everywhere(release, tree):
    release.stamp("someone/guard")
    namespace: dict = {"__name__": "stamped"}
    exec(re.search(r"^HOME_PAGE = .*$", (tree / "complexity_guard.py").read_text(), re.MULTILINE)[0], namespace)
    assert namespace["HOME_PAGE"] == "https://github.com/someone/guard"
    for name in release.STAMPS:
        stamped = (tree / name).read_text()
        assert re.search(r"(github\.com/|uses: )someone/guard", stamped) and "OWNER/complexity-guard" not in stamped
        assert len(stamped.splitlines()) == len((ROOT / name).read_text().splitlines())
    with pytest.raises(SystemExit, match="already"):
        release.stamp("someone/else")


@pytest.mark.parametrize("name", ["guard", "a/b/c", "a/b\n", "a b/c", '"/x', "/", "$(x)/y"])
def test_what_is_no_repository_is_not_stamped(release, tree, name):
    with pytest.raises(SystemExit, match="OWNER/NAME"):
        release.stamp(name)
    assert all((tree / path).read_text() == (ROOT / path).read_text() for path in release.STAMPS)


def test_the_tree_names_no_repository_of_someone():
    """What a copy of the tree downloads, it must have been told to."""
    files = [ROOT / name for name in ("README.md", "SECURITY.md", "action.yml", "complexity_guard.py")]
    files += [path for folder in ("scripts", "templates", "docs", "build") for path in (ROOT / folder).glob("*.*")]
    address = re.compile(r"(?:github\.com/|githubusercontent\.com/|uses: )([\w.-]+)/complexity-guard")
    named = {(path.name, match[1]) for path in files for match in address.finditer(path.read_text("utf-8", "replace"))}
    assert {owner for _, owner in named} == {"OWNER"}, named


def test_whoever_releases_is_asked_for_in_one_place(release):
    """What names OWNER is stamped; so is nothing else."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name and not name.startswith("tests/")]
    named = {file for file in files if file.is_file() and release.NAMED[0].encode() in file.read_bytes()}
    stamped = {ROOT / name for name, pair in release.STAMPS.items() if pair == release.NAMED}
    assert named - {ROOT / "build" / "release.py"} == stamped


# ── What the tag of a release holds ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def archives(release):
    """An archive for each machine; their lines of checksums."""
    release.RELEASE.mkdir(parents=True)
    for target in release.targets.ROWS:
        name = f"complexity-guard-{release.targets.version()}-{target.triple}.{target.archive}"
        (release.RELEASE / name).write_text(target.triple)
    return [f"{release.sources.sha256(path)}  {path.name}" for path in release.archives()]


def scripts_of(path: Path) -> list[str]:
    """The scripts that install, in the Action or in the component."""
    for document in yaml.safe_load_all(path.read_text()):
        if "runs" in document:
            return [document["runs"]["steps"][0]["run"]]
        if "spec" not in document:
            return [script for job in document.values() for script in job["before_script"]]
    raise AssertionError(path)


@pytest.mark.parametrize("name", ["action.yml", "templates/complexity-guard.yml"])
def test_what_the_tag_holds_downloads_this_release_alone(release, tree, archives, name):
    release.stamp("someone/guard")
    release.pin()
    (script,) = scripts_of(tree / name)
    begin = script.index("releases=")
    constants = script[begin : script.index("'\n", script.index("checksums=")) + 2]
    said = 'printf "%s\\n" "$releases" "$own_version" "$checksums"'
    done = subprocess.run(["sh", "-euc", constants + said], capture_output=True, text=True, check=True)
    wanted = ["https://github.com/someone/guard/releases", release.targets.version(), *archives]
    assert done.stdout.splitlines() == wanted
    with pytest.raises(SystemExit, match="of a release already"):
        release.pin()


def test_what_is_not_stamped_or_not_whole_is_not_tagged(release, tree, archives):
    with pytest.raises(SystemExit, match="stamp it first"):
        release.pin()
    release.stamp("someone/guard")
    release.archives()[0].unlink()
    before = (tree / "action.yml").read_text()
    with pytest.raises(SystemExit, match="no archive for aarch64-linux-musl"):
        release.pin()
    assert (tree / "action.yml").read_text() == before


def test_every_job_of_the_release_that_builds_stamps_first():
    """By order of the text: each checkout that is followed by a build or by the release's files has a stamp between them."""
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    jobs = workflow.split("actions/checkout@")[1:]
    building = [job for job in jobs if "build/freeze.py" in job or "release.py finish" in job]
    assert len(building) == 3 and workflow.index("release.py action") > workflow.rindex("release.py stamp")
    for job in building:
        stamp = job.index('release.py stamp "$GITHUB_REPOSITORY"')
        assert stamp < min(job.index(step) for step in ("build/freeze.py", "release.py finish") if step in job)


def test_no_archives_is_an_error(release):
    with pytest.raises(SystemExit, match="no archives"):
        release.finish()
