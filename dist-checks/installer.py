#!/usr/bin/env python3
"""This machine's installer, on a release that holds the binary: it is installed byte for byte, over an older one too.

Nothing is installed where the archive is damaged, where the download leads to plain http, or over a folder. On Windows that
is install.ps1 under each PowerShell that is here, elsewhere install.sh.
"""

import functools
import http.server
import os
import re
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from _check import ROOT, Skipped, kind_of, last_line, main, require
from release import WRITERS
from sources import sha256
from targets import TARGETS, native_triple, version

POWERSHELLS = ("powershell", "pwsh")  # that of Windows, and the one that comes by itself


def check(binary: Path) -> str:
    kind = kind_of(binary)
    if not kind.is_released or kind.triple != native_triple():
        raise Skipped("an installer installs what is released for its own machine")
    if (ways := installers()) == []:
        raise Skipped("no shell here that an installer is for")
    with tempfile.TemporaryDirectory(prefix="install-") as folder:
        served, place = Path(folder) / "served", Path(folder) / "place"
        archive = release_of(binary, served / "latest" / "download")
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Server, directory=served)) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{server.server_address[1]}"
            for way in ways:
                shutil.rmtree(place, ignore_errors=True)
                installs(way, binary, address, place)
                refuses(way, f"{address}/sent-on", place, "https|disabled")  # disabled: curl's word for it
                (place / binary.name).unlink()
                (place / binary.name).mkdir()
                refuses(way, address, place, "is a folder")
            whole = archive.read_bytes()
            archive.write_bytes(whole[:-9] + b"X" + whole[-8:])
            for way in ways:
                shutil.rmtree(place)
                refuses(way, address, place, "is not what SHA256SUMS says")
            server.shutdown()
    return f"installed, and refused what is damaged, by {', '.join(way[0] for way in ways)}"


class Server(http.server.SimpleHTTPRequestHandler):
    """Serves a folder; what is asked for below /sent-on is sent on to the same file, over plain http."""

    def do_GET(self) -> None:
        if not self.path.startswith("/sent-on/"):
            return super().do_GET()
        self.send_response(302)
        to = self.path.removeprefix("/sent-on")
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}{to}")
        return self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def installers() -> list[tuple[str, ...]]:
    """Commands that take the folder to install to as their last argument."""
    if os.name != "nt":
        return [("sh", str(ROOT / "scripts" / "install.sh"), "--to")]
    options = ("-NoProfile", "-ExecutionPolicy", "Bypass", "-File", str(ROOT / "scripts" / "install.ps1"), "-To")
    return [(name, *options) for name in POWERSHELLS if shutil.which(name)]


def release_of(binary: Path, folder: Path) -> Path:
    """The archive of a release that holds the binary alone, with its checksum beside it."""
    folder.mkdir(parents=True)
    target = TARGETS[kind_of(binary).triple]
    top = f"complexity-guard-{version()}-{target.triple}"
    archive = folder / f"{top}.{target.archive}"
    WRITERS[target.archive](archive, top, {target.binary_name: (binary.read_bytes(), 0o755)})
    (folder / "SHA256SUMS").write_bytes(f"{sha256(archive)}  {archive.name}\n".encode())
    return archive


def install(way: tuple[str, ...], address: str, place: Path) -> subprocess.CompletedProcess:
    variables = {**os.environ, "COMPLEXITY_GUARD_RELEASES": address, "no_proxy": "127.0.0.1"}
    return subprocess.run([*way, place], env=variables, capture_output=True, timeout=120, stdin=subprocess.DEVNULL)


def installs(way: tuple[str, ...], binary: Path, address: str, place: Path) -> None:
    for when in ("", " over an older one"):
        done = install(way, address, place)
        said = last_line(done.stderr.decode(errors="replace"))
        require(done.returncode == 0, f"{way[0]} does not install{when}: {said}")
        held = {path.name: path.read_bytes() for path in place.iterdir()}
        require(held == {binary.name: binary.read_bytes()}, f"{way[0]} installs{when}: {', '.join(held)}")
        (place / binary.name).write_bytes(b"an older one")


def refuses(way: tuple[str, ...], address: str, place: Path, reason: str) -> None:
    before = files_of(place)
    done = install(way, address, place)
    said = done.stderr.decode(errors="replace") + done.stdout.decode(errors="replace")
    words = " ".join(said.split())  # Windows PowerShell wraps what it says
    require(done.returncode != 0 and re.search(reason, words), f"{way[0]} does not say {reason!r}: {last_line(said)}")
    require(files_of(place) == before, f"{way[0]} says {reason!r}, and changes something")


def files_of(place: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in place.rglob("*")}


main(check)
