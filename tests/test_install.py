"""scripts/install.sh against a local HTTP server: good, corrupted, truncated and missing releases."""

from __future__ import annotations

import functools
import hashlib
import http.server
import importlib
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_powershell as powershell
from tools import TOOLS, needs, tool

ROOT = Path(__file__).resolve().parent.parent
INSTALLER = ROOT / "scripts" / "install.sh"
TRIPLES = {
    ("Linux", "x86_64"): "x86_64-linux-musl",
    ("Linux", "aarch64"): "aarch64-linux-musl",
    ("Darwin", "x86_64"): "x86_64-macos",
    ("Darwin", "arm64"): "aarch64-macos",
}
TRIPLE = TRIPLES.get((platform.system(), platform.machine()))
PROGRAM = "#!/bin/sh\necho complexity-guard 9.8.7\n"

pytestmark = [needs("curl", "wget"), pytest.mark.skipif(TRIPLE is None, reason="needs a machine with a release")]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def releases(tmp_path):
    """A server with release 9.8.7, as the latest and by its number; yields its folder and its address."""
    served = tmp_path / "served"
    top = f"complexity-guard-9.8.7-{TRIPLE}"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        entry = tarfile.TarInfo(f"{top}/complexity-guard")
        entry.size, entry.mode = len(PROGRAM), 0o755
        tar.addfile(entry, io.BytesIO(PROGRAM.encode()))
    for place in ("latest/download", "download/v9.8.7"):
        (served / place).mkdir(parents=True)
        (served / place / f"{top}.tar.gz").write_bytes(packed.getvalue())
        (served / place / "SHA256SUMS").write_text(
            f"{'0' * 64}  complexity-guard-9.8.7-other-machine.tar.gz\n{hashlib.sha256(packed.getvalue()).hexdigest()}  {top}.tar.gz\n"
        )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(served))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield served, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def install(address: str, home: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    home.mkdir(exist_ok=True)
    env = {**os.environ, "HOME": str(home), "COMPLEXITY_GUARD_RELEASES": address, "no_proxy": "127.0.0.1", **more}
    return subprocess.run(["sh", INSTALLER, *args], env=env, capture_output=True, text=True, timeout=60)


def test_the_tree_names_no_repository_and_asks_for_one(tmp_path):
    env = {name: value for name, value in os.environ.items() if name != "COMPLEXITY_GUARD_RELEASES"}
    done = subprocess.run(
        ["sh", INSTALLER], env={**env, "HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and "--repository OWNER/NAME" in done.stderr
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize(
    ("stamped", "args", "wanted"),
    [
        ("someone/guard", [], "https://github.com/someone/guard/releases/latest/download/SHA256SUMS"),
        (
            "someone/guard",
            ["--version", "1.2.3"],
            "https://github.com/someone/guard/releases/download/v1.2.3/SHA256SUMS",
        ),
        (
            "someone/guard",
            ["--repository", "other/fork"],
            "https://github.com/other/fork/releases/latest/download/SHA256SUMS",
        ),
        ("", ["--repository", "other/fork"], "https://github.com/other/fork/releases/latest/download/SHA256SUMS"),
    ],
)
def test_it_asks_the_repository_that_released_it_or_the_one_it_is_told(tmp_path, stamped, args, wanted):
    """With a curl of ours that says what it was asked for, and gives nothing."""
    script = INSTALLER.read_text()
    before, after = importlib.import_module("release").STAMPS["scripts/install.sh"]
    assert script.count(before) == 1
    (tmp_path / "install.sh").write_text(script.replace(before, after.format(stamped)) if stamped else script)
    (tmp_path / "curl").write_text('#!/bin/sh\nfor last; do :; done; echo "$last" >&2; exit 22\n')
    (tmp_path / "curl").chmod(0o755)
    env = {**os.environ, "HOME": str(tmp_path), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    env.pop("COMPLEXITY_GUARD_RELEASES", None)
    done = subprocess.run(["sh", tmp_path / "install.sh", *args], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stderr.splitlines()[0] == wanted


def asset(served: Path) -> Path:
    return next((served / "latest" / "download").glob("*.tar.gz"))


@pytest.mark.parametrize("args", [[], ["--version", "9.8.7"], ["--version", "v9.8.7"]])
def test_installs_without_root_where_the_user_can_write(releases, tmp_path, args):
    done = install(releases[1], tmp_path / "home", *args)
    installed = tmp_path / "home" / ".local" / "bin" / "complexity-guard"
    assert done.returncode == 0, done.stderr
    assert installed.read_text() == PROGRAM and os.access(installed, os.X_OK)
    assert "installed complexity-guard 9.8.7" in done.stdout and "not on your PATH" in done.stdout


def test_installs_where_it_is_told_over_an_older_one(releases, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "complexity-guard").write_text("an older one")
    done = install(
        releases[1], tmp_path / "home", "--to", str(tmp_path / "bin"), PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    )
    assert done.returncode == 0 and "not on your PATH" not in done.stdout
    assert [path.name for path in (tmp_path / "bin").iterdir()] == ["complexity-guard"]
    assert (tmp_path / "bin" / "complexity-guard").read_text() == PROGRAM


def corrupt(served: Path) -> None:
    content = bytearray(asset(served).read_bytes())
    content[len(content) // 2] ^= 1
    asset(served).write_bytes(content)


def truncate(served: Path) -> None:
    asset(served).write_bytes(asset(served).read_bytes()[:-20])


def remove_archive(served: Path) -> None:
    asset(served).unlink()


def remove_sums(served: Path) -> None:
    (served / "latest" / "download" / "SHA256SUMS").unlink()


def forget_this_machine(served: Path) -> None:
    sums = served / "latest" / "download" / "SHA256SUMS"
    sums.write_text(sums.read_text().splitlines(keepends=True)[0])


def lead_elsewhere(served: Path) -> None:
    """A list of checksums that names a path is not followed."""
    sums = served / "latest" / "download" / "SHA256SUMS"
    sums.write_text(f"{'0' * 64}  complexity-guard-../../evil-{TRIPLE}.tar.gz\n")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (corrupt, "is not what SHA256SUMS says"),
        (truncate, "is not what SHA256SUMS says"),
        (remove_archive, "cannot download"),
        (remove_sums, "cannot download"),
        (forget_this_machine, "names no archive"),
        (lead_elsewhere, "names no archive"),
    ],
)
def test_a_damaged_release_installs_nothing(releases, tmp_path, damage, said):
    damage(releases[0])
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = install(releases[1], tmp_path / "home", TMPDIR=str(temporary))
    assert done.returncode == 1 and said in done.stderr
    assert list((tmp_path / "home").rglob("*")) == [] and list(temporary.iterdir()) == []


def test_a_program_that_does_not_run_here_replaces_nothing(releases, tmp_path):
    served, address = releases
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        entry = tarfile.TarInfo(f"complexity-guard-9.8.7-{TRIPLE}/complexity-guard")
        entry.size = 8
        tar.addfile(entry, io.BytesIO(b"\x7fELFjunk"))
    asset(served).write_bytes(packed.getvalue())
    (served / "latest/download/SHA256SUMS").write_text(
        f"{hashlib.sha256(packed.getvalue()).hexdigest()}  {asset(served).name}\n"
    )
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "complexity-guard").write_text("the older one")
    done = install(address, tmp_path / "home", "--to", str(tmp_path / "bin"))
    assert done.returncode == 1 and "does not run here" in done.stderr
    assert [(path.name, path.read_text()) for path in (tmp_path / "bin").iterdir()] == [
        ("complexity-guard", "the older one")
    ]


def test_an_unknown_machine_and_an_unknown_option_are_refused(releases, tmp_path):
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "uname").write_text("#!/bin/sh\necho Plan9\n")
    (tmp_path / "fake" / "uname").chmod(0o755)
    done = install(releases[1], tmp_path / "home", PATH=f"{tmp_path / 'fake'}:{os.environ['PATH']}")
    assert done.returncode == 1 and "no release for Plan9" in done.stderr
    assert install(releases[1], tmp_path / "home", "--nonsense").returncode == 1


# ── Other shells, and little else ────────────────────────────────────────────────────────────────────────────────────

SHELLS = {"dash": ["dash"], "bash": ["bash", "--posix"], "busybox": ["busybox", "sh"]}
NEEDED = (
    "basename",
    "cat",
    "chmod",
    "cp",
    "grep",
    "gzip",
    "head",
    "mkdir",
    "mktemp",
    "mv",
    "rm",
    "sed",
    "sh",
    "sha256sum",
    "tar",
    "uname",
)


@pytest.fixture
def bare(tmp_path):
    """Makes a folder of programs, the only ones there are: what the script needs, one way to download, all from busybox or not."""

    def make(shell: str, client: str) -> list[str]:
        interpreter = tool(SHELLS[shell][0])
        folder = tmp_path / "programs"
        folder.mkdir()
        for name in (*NEEDED, client):
            own = "busybox" if shell == "busybox" and name != "curl" else name
            found = tool(own) if own in TOOLS else shutil.which(own) or pytest.skip(f"no {own}")
            (folder / name).symlink_to(found)
        command = [interpreter, *SHELLS[shell][1:]]
        return ["env", f"PATH={folder}", *command]

    return make


def install_by(command: list[str], address: str, home: Path, **more) -> subprocess.CompletedProcess[str]:
    home.mkdir(exist_ok=True)
    env = {"HOME": str(home), "COMPLEXITY_GUARD_RELEASES": address, "no_proxy": "127.0.0.1", "TMPDIR": str(home)}
    return subprocess.run(
        [shutil.which("env"), *command[1:], *more.pop("args", [INSTALLER])],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        **more,
    )


@pytest.mark.parametrize("client", ["curl", "wget"])
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (None, ""),
        (corrupt, "is not what SHA256SUMS says"),
        (truncate, "is not what SHA256SUMS says"),
        (remove_archive, "cannot download"),
    ],
)
def test_each_shell_with_each_way_to_download(releases, tmp_path, bare, shell, client, damage, said):
    command = bare(shell, client)
    if damage:
        damage(releases[0])
    home = tmp_path / "home"
    done = install_by(command, releases[1], home)
    if damage:
        assert done.returncode == 1 and said in done.stderr and list(home.rglob("*")) == []
    else:
        assert done.returncode == 0, done.stderr
        assert [path for path in home.rglob("*") if path.is_file()] == [home / ".local" / "bin" / "complexity-guard"]


@pytest.mark.parametrize("shell", SHELLS)
def test_read_from_the_network(releases, tmp_path, bare, shell):
    """As `curl … | sh` reads it; and cut off anywhere, it does nothing."""
    command, script, home = bare(shell, "curl"), INSTALLER.read_text(), tmp_path / "home"
    for part in range(1, 8):
        install_by(command, releases[1], home, args=[], input=script[: len(script) * part // 8])
        assert list(home.rglob("*")) == []
    assert install_by(command, releases[1], home, args=[], input=script).returncode == 0
    assert (home / ".local" / "bin" / "complexity-guard").is_file()


@pytest.mark.parametrize("client", ["curl", "wget"])
@pytest.mark.parametrize("shell", ["dash", "busybox"])
def test_a_connection_that_breaks_off_installs_nothing(tmp_path, bare, shell, client):
    class BreaksOff(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b"0" * 64 + f"  complexity-guard-9.8.7-{TRIPLE}.tar.gz\n".encode())

        log_message = Quiet.log_message

    command, home = bare(shell, client), tmp_path / "home"
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), BreaksOff) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = install_by(command, f"http://127.0.0.1:{server.server_address[1]}", home)
        server.shutdown()
    assert done.returncode == 1 and "cannot download" in done.stderr and list(home.rglob("*")) == []


@pytest.mark.parametrize("missing", ["curl", "sha256sum"])
def test_what_it_needs_and_cannot_find_it_names(releases, tmp_path, bare, missing):
    command = bare("dash", "curl")
    (tmp_path / "programs" / missing).unlink()
    done = install_by(command, releases[1], tmp_path / "home")
    assert done.returncode == 1 and f"{missing} or " in done.stderr and "needed" in done.stderr


@needs("pwsh")
def test_the_windows_script_is_valid_powershell():
    check = f"$e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile('{ROOT}/scripts/install.ps1', [ref]$null, [ref]$e); exit $e.Count"
    assert subprocess.run(["pwsh", "-NoProfile", "-Command", check]).returncode == 0


def wrong_places(source: bytes) -> list[tuple[str, int]]:
    """What a grammar of PowerShell cannot read: kinds of nodes, and their lines."""
    found = []
    nodes = [tree_sitter.Parser(tree_sitter.Language(powershell.language())).parse(source).root_node]
    for node in nodes:
        found += [(node.type, node.start_point[0] + 1)] if node.is_error or node.is_missing else []
        nodes += node.children if node.has_error else []
    return found


def test_a_grammar_reads_what_is_for_powershell():
    """No PowerShell can be had here; this at least knows a bracket or a quote too few."""
    completions = importlib.import_module("handbooks").COMPLETIONS["powershell"]()
    script = (ROOT / "scripts" / "install.ps1").read_bytes()
    assert wrong_places(script) == [] and wrong_places(completions.encode()) == []
    assert wrong_places(script.replace(b"} finally {", b"finally {")) and wrong_places(
        completions.replace(")", "", 1).encode()
    )


def test_the_windows_script_follows_no_redirect_but_its_own():
    """Those of PowerShell's and .NET's own ways to download lead to plain http. Windows runs dist-checks/installer.py."""
    script = (ROOT / "scripts" / "install.ps1").read_text()
    other_ways = (
        "Invoke-WebRequest",
        "iwr",
        "Invoke-RestMethod",
        "irm",
        "WebClient",
        "HttpClient",
        "Start-BitsTransfer",
        "curl",
    )
    code = "\n".join(line.partition("# ")[0] for line in script.splitlines())
    assert [way for way in other_ways if re.search(rf"\b{way}\b", code, re.IGNORECASE)] == []
    assert code.count("[Net.WebRequest]::Create(") == 1 == code.count("$request.AllowAutoRedirect = $false")


@pytest.mark.parametrize(
    ("damage", "verdict"),
    [
        (None, "ok    installer: installed, and refused what is damaged, by sh"),
        (("--proto-redir '=https' ", ""), "FAIL  installer: sh does not say 'https|disabled'"),
        (('[ ! -d "$to/complexity-guard" ]', "true"), "FAIL  installer: sh does not say 'is a folder'"),
        (('[ "${found%% *}" = "${line%% *}" ]', "true"), "FAIL  installer: sh does not say 'is not what"),
    ],
)
def test_each_release_tries_its_installer(tmp_path, damage, verdict):
    """As dist-checks/installer.py does with the binary; here with an installer that lets something through."""
    tool("curl")
    for folder in ("dist-checks", "build", "scripts"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("grammar", "oracles"))
    shutil.copy(ROOT / "complexity_guard.py", tmp_path)
    script = tmp_path / "scripts" / "install.sh"
    if damage:
        assert script.read_text().count(damage[0]) == 1
        script.write_text(script.read_text().replace(*damage))
    binary = tmp_path / "out" / "dist" / TRIPLE / "complexity-guard"
    binary.parent.mkdir(parents=True)
    binary.write_text(PROGRAM)
    check = [sys.executable, tmp_path / "dist-checks" / "installer.py", binary]
    done = subprocess.run(check, capture_output=True, text=True, timeout=120)
    assert done.stdout.startswith(verdict), done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX shells")
@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_the_script_parses_in(shell):
    assert subprocess.run([tool(shell), "-n", INSTALLER]).returncode == 0


def test_help_needs_no_file_of_its_own(tmp_path):
    """As `curl … | sh -s -- --help` runs it."""
    done = subprocess.run(
        ["sh", "-s", "--", "--help"], stdin=INSTALLER.open(), capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert done.returncode == 0 and "install.sh [--version 1.2.3]" in done.stdout and "sh -s --" in done.stdout


def test_a_folder_where_the_program_should_go_is_an_error(releases, tmp_path):
    (tmp_path / "bin" / "complexity-guard").mkdir(parents=True)
    done = install(releases[1], tmp_path / "home", "--to", str(tmp_path / "bin"))
    assert done.returncode == 1 and "is a folder" in done.stderr
    assert list((tmp_path / "bin").rglob("*")) == [tmp_path / "bin" / "complexity-guard"]


@pytest.mark.parametrize(
    "address",
    [
        "http://releases.example",
        "ftp://releases.example",
        "http://127.0.0.1.example/x",
        "http://localhost:x@releases.example",
    ],
)
def test_releases_come_over_https_alone(tmp_path, address):
    done = install(address, tmp_path / "home")
    assert done.returncode == 1 and "begins with https://" in done.stderr
    assert list((tmp_path / "home").iterdir()) == []


class Moved(Quiet):
    """Sends every request on to the same file of the same server, over plain http."""

    def do_GET(self):
        if self.path.startswith("/moved/"):
            self.path = self.path.removeprefix("/moved")
            return super().do_GET()
        self.send_response(302)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/moved{self.path}")
        return self.end_headers()


@pytest.mark.parametrize("program", ["curl", "wget", "busybox"])
def test_no_redirect_to_plain_http_is_followed(releases, tmp_path, program):
    """With one of the programs that download on the path, and what else the script calls."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name in (
        "sh",
        "uname",
        "mktemp",
        "rm",
        "grep",
        "head",
        "sha256sum",
        "cat",
        "tar",
        "gzip",
        "mkdir",
        "cp",
        "mv",
        "chmod",
    ):
        (bin_folder / name).symlink_to(shutil.which(name))
    (bin_folder / ("wget" if program == "busybox" else program)).symlink_to(tool(program))
    handler = functools.partial(Moved, directory=str(releases[0]))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = install(f"http://127.0.0.1:{server.server_port}", tmp_path / "home", PATH=str(bin_folder))
        server.shutdown()
    assert done.returncode == 1 and "cannot download" in done.stderr, done.stderr
    assert list((tmp_path / "home").rglob("complexity-guard")) == []


@pytest.mark.parametrize("genuine", [True, False])
def test_the_attestation_is_checked_where_github_s_program_is_logged_in(releases, tmp_path, genuine):
    """With a curl and a gh of ours: the release is said to be GitHub's."""
    served, _ = releases
    programs = {
        "curl": f'#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\ncp "{served}/latest/download/${{3##*/}}" "$2"\n',
        "gh": f'#!/bin/sh\necho "$@" >>{tmp_path}/asked\n[ "$1" = auth ] || exit {0 if genuine else 1}\n',
    }
    for name, text in programs.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    releases_of_github = "https://github.com/someone/guard/releases"
    done = install(releases_of_github, tmp_path / "home", PATH=f"{tmp_path}:{os.environ['PATH']}")
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[0] == "auth status" and asked[1].startswith("attestation verify /")
    assert asked[1].endswith(f"{asset(served).name} --repo someone/guard")
    assert (done.returncode == 0) == genuine, done.stderr
    assert genuine or "was not built by someone/guard; nothing was installed" in done.stderr
    assert (tmp_path / "home" / ".local" / "bin" / "complexity-guard").exists() == genuine
