"""What Homebrew, Scoop, winget, Arch and Debian are told of a release: by their own tools, schemas and a trial installation."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

import jsonschema
import pytest
import yaml
from tools import tool

import targets

SCHEMAS = Path(__file__).parent / "schemas"
TOP = f"complexity-guard-{targets.version()}"
LINUX = "x86_64-linux-musl"
ADDRESS = re.compile(r"https://\S+?/releases/download/v[^/]+/([\w.$-]+)")


@pytest.fixture
def packed(release, tmp_path) -> Path:
    """The folder of a release with an archive for each machine, finished."""
    for triple, target in targets.TARGETS.items():
        (tmp_path / "out" / "dist" / triple).mkdir(parents=True, exist_ok=True)
        targets.binary_of(triple).write_bytes(b"binary of " + triple.encode())
        release.archive(triple)
        assert target.archive in ("tar.gz", "zip")
    release.finish()
    return release.RELEASE


def told(packed: Path) -> dict[str, str]:
    with zipfile.ZipFile(packed / f"complexity-guard_{targets.version()}_systems.zip") as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def test_each_address_names_an_archive_and_has_its_checksum(packed: Path):
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in packed.iterdir()}
    seen = set()
    for name, text in told(packed).items():
        named = [found for found in ADDRESS.findall(text) if "$" not in found]
        assert set(re.findall(r"[0-9A-Fa-f]{64}", text.lower())) == {sums[archive] for archive in named}, name
        seen |= set(named)
    assert seen == {path.name for path in packed.iterdir() if path.name.startswith("complexity-guard-")}


def test_two_releases_are_the_same_bytes(packed: Path, release):
    before = {path.name: path.read_bytes() for path in packed.iterdir()}
    release.finish()
    assert {path.name: path.read_bytes() for path in packed.iterdir()} == before


def test_what_speaks_of_a_missing_archive_is_not_made(packed: Path, release):
    (packed / f"{TOP}-x86_64-windows.zip").unlink()
    (packed / f"{TOP}-aarch64-linux-musl.tar.gz").unlink()
    for path in packed.glob("*.deb"):
        path.unlink()
    release.finish()
    assert set(told(packed)) == {"winget/OWNER.ComplexityGuard.yaml", "winget/OWNER.ComplexityGuard.locale.en-US.yaml"}
    assert [path.name for path in packed.glob("*.deb")] == [f"complexity-guard_{targets.version()}-1_amd64.deb"]


@pytest.mark.parametrize(
    ("name", "kind"), [("", "version"), (".installer", "installer"), (".locale.en-US", "defaultLocale")]
)
def test_winget_accepts_its_manifests(packed: Path, name: str, kind: str):
    manifest = yaml.safe_load(told(packed)[f"winget/OWNER.ComplexityGuard{name}.yaml"])
    jsonschema.validate(manifest, json.loads((SCHEMAS / f"winget-{kind}-1.9.0.json").read_text("utf-8")))


def test_scoop_and_winget_find_the_program_in_the_archive(packed: Path):
    scoop = json.loads(told(packed)["scoop/complexity-guard.json"])
    jsonschema.validate(scoop, json.loads((SCHEMAS / "scoop.json").read_text("utf-8")))
    installer = yaml.safe_load(told(packed)["winget/OWNER.ComplexityGuard.installer.yaml"])
    (nested,) = installer["NestedInstallerFiles"]
    with zipfile.ZipFile(packed / f"{TOP}-x86_64-windows.zip") as archive:
        names = archive.namelist()
    assert nested["RelativeFilePath"].replace("\\", "/") in names
    assert f"{scoop['architecture']['64bit']['extract_dir']}/{scoop['bin']}" in names


# ── Arch ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder():
    """One that everybody may write to: root's own tests lie where nobody else may look."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.mark.needs("makepkg", "setpriv")
def test_makepkg_builds_the_package_and_says_of_it_what_we_say(packed: Path, folder: Path):
    texts = told(packed)
    (folder / "PKGBUILD").write_text(texts["aur/PKGBUILD"])
    (folder / f"{TOP}-{LINUX}.tar.gz").write_bytes((packed / f"{TOP}-{LINUX}.tar.gz").read_bytes())

    def makepkg(*arguments: str) -> str:
        user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
        variables = {**os.environ, "HOME": str(folder), "CARCH": "x86_64", "PKGEXT": ".pkg.tar"}
        command = [*user, "makepkg", *arguments]
        done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert makepkg("--printsrcinfo") == texts["aur/.SRCINFO"]
    makepkg("--nodeps", "--ignorearch")
    with tarfile.open(next(folder.glob("*.pkg.tar"))) as tar:
        kept = {entry.name: entry.mode for entry in tar if entry.isfile()}
    assert kept["usr/bin/complexity-guard"] == 0o755
    assert {name.rpartition("/")[2] for name in kept} >= {"_complexity-guard", "complexity-guard.fish", "zlib.txt"}


# ── Debian ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def debian(packed: Path) -> Path:
    return packed / f"complexity-guard_{targets.version()}-1_amd64.deb"


@pytest.mark.needs("dpkg-deb")
def test_a_package_of_debian_holds_the_program_its_manual_and_its_papers(packed: Path, tmp_path: Path):
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--extract", debian(packed), root], check=True)
    files = {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
    assert files["usr/bin/complexity-guard"].read_bytes() == b"binary of " + LINUX.encode()
    assert files["usr/bin/complexity-guard"].stat().st_mode & 0o777 == 0o755
    papers = "usr/share/doc/complexity-guard"
    assert {f"{papers}/copyright", f"{papers}/licences/zlib.txt", "usr/share/man/man1/complexity-guard.1.gz"} <= set(
        files
    )
    assert f"{papers}/licences/pyinstaller.txt" not in files, "which is in no static binary"
    sums = subprocess.run(["dpkg-deb", "--info", debian(packed), "md5sums"], capture_output=True, text=True, check=True)
    listed = dict(reversed(line.split("  ")) for line in sums.stdout.splitlines())
    assert listed == {name: hashlib.md5(path.read_bytes()).hexdigest() for name, path in files.items()}


@pytest.mark.needs("lintian", "cc")
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the program in the package is made here")
def test_lintian_has_nothing_to_say(packed: Path, release, tmp_path: Path):
    """Of a package with a static program of this machine in it; what stands in for it elsewhere is no program."""
    (tmp_path / "a.c").write_text("int main(void) { return 0; }\n")
    subprocess.run(["cc", "-static", "-s", "-o", targets.binary_of(LINUX), tmp_path / "a.c"], check=True)
    release.program = lambda *arguments: (
        subprocess.run(["python3", targets.PROGRAMS[0], *arguments], check=True, capture_output=True).stdout
    )
    release.archive(LINUX)
    release.finish()
    checked = ["lintian", "--allow-root", "--fail-on", "error,warning,info", debian(packed)]
    done = subprocess.run(checked, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


# ── Homebrew ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# What Homebrew's own configuration says otherwise than RuboCop does by default.
RUBOCOP = """
AllCops: {NewCops: enable, SuggestExtensions: false, DisabledByDefault: false}
Style/StringLiterals: {EnforcedStyle: double_quotes}
Style/StringLiteralsInInterpolation: {EnforcedStyle: double_quotes}
Layout/SpaceAroundOperators: {Enabled: false}
Layout/LineLength: {Max: 118, AllowedPatterns: ['url "']}
Metrics: {Enabled: false}
Naming/FileName: {Enabled: false}
"""

# As much of Homebrew as the formula uses: where things are put, and which archive this machine gets.
HOMEBREW = """
require "pathname"
require "fileutils"
class Place
  def initialize(path) = @path = path
  def install(what)
    FileUtils.mkdir_p(@path)
    pairs = what.is_a?(Hash) ? what : { what => File.basename(what) }
    pairs.each { |from, to| FileUtils.cp_r(from, File.join(@path, to)) }
  end
end
class Formula
  MACHINE = ENV.fetch("MACHINE").split("-")
  %i[desc homepage license url sha256 version].each do |name|
    define_singleton_method(name) { |value| (@told ||= {})[name] = value }
  end
  def self.told = @told
  { on_macos: "macos", on_linux: "linux", on_arm: "arm", on_intel: "intel" }.each do |name, part|
    define_singleton_method(name) { |&block| block.call if MACHINE.include?(part) }
  end
  def self.test; end
  %i[bin man1 bash_completion zsh_completion fish_completion pkgshare].each do |name|
    define_method(name) { Place.new(File.join(ENV.fetch("PREFIX"), name.to_s)) }
  end
end
load ARGV[0]
ComplexityGuard.new.install
puts ComplexityGuard.told.values_at(:url, :sha256)
"""


@pytest.mark.needs("rubocop")
def test_rubocop_has_nothing_to_say(packed: Path, tmp_path: Path):
    (tmp_path / "rubocop.yml").write_text(RUBOCOP)
    (tmp_path / "complexity-guard.rb").write_text(told(packed)["homebrew/complexity-guard.rb"])
    command = ["rubocop", "--config", "rubocop.yml", "--cache", "false", "complexity-guard.rb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("ruby")
@pytest.mark.parametrize(
    ("machine", "triple"),
    [
        ("macos-arm", "aarch64-macos"),
        ("macos-intel", "x86_64-macos"),
        ("linux-arm", "aarch64-linux-musl"),
        ("linux-intel", LINUX),
    ],
)
def test_the_formula_installs_what_the_archive_of_the_machine_holds(packed: Path, tmp_path: Path, machine, triple):
    (tmp_path / "homebrew.rb").write_text(HOMEBREW)
    formula = tmp_path / "complexity-guard.rb"
    formula.write_text(told(packed)["homebrew/complexity-guard.rb"])
    archive = packed / f"{TOP}-{triple}.tar.gz"
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    prefix = tmp_path / "prefix"
    done = subprocess.run(
        [tool("ruby"), tmp_path / "homebrew.rb", formula], cwd=tmp_path / f"{TOP}-{triple}", capture_output=True, text=True,
        env={**os.environ, "MACHINE": machine, "PREFIX": str(prefix)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    address, digest = done.stdout.split()
    assert address.endswith(f"/{archive.name}") and digest == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert (prefix / "bin" / "complexity-guard").read_bytes() == b"binary of " + triple.encode()
    assert (prefix / "bash_completion" / "complexity-guard").exists() and (prefix / "pkgshare" / "licences").is_dir()
