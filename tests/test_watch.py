"""A run that goes on: what it tells, how it hears of changes, and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

import followed
import pytest
import warm
from conftest import COMMAND, WINDOWS
from repository import GIT

import complexity_guard as cg
import complexity_guard_server as server

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts" / "watch").glob("*.txt"))
LINUX = sys.platform.startswith("linux")
BY_THE_CLOCK = "complexity-guard: nothing here tells of changes: looking for changes every 1 s or more"  # so on Windows
MASKS = (
    (re.compile(r"^\d\d:\d\d:\d\d  "), "TIME  "),
    (re.compile(r"health \d+(\.\d)?(, [A-E].*)?$"), "health N"),
    (re.compile(r"watching \d+ folders"), "watching N folders"),
)
PROJECT = {
    ".complexityguard.json": json.dumps({
        "preset": "recommended", "analysis": {"metrics": ["cyclomatic"], "least_cognitive": 0, "least_burden": 0},
        "thresholds": {"cyclomatic": {"warning": 2, "error": 3}}, "output": {"top": 0},
    }),
    "a.ts": "export function a(x) { if (x) return 1; }\n",
    "src/b.ts": "export function b(x) { if (x) return 1; }\n",
}  # fmt: skip


def branches(name: str, ifs: int) -> str:
    """A function of that cyclomatic complexity, less one."""
    return f"export function {name}(x) {{ {'if (x) x(); ' * ifs}}}\n"


class Watching:
    """A process that watches, and what it says, line by line."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "--watch", *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, **GIT, "NO_COLOR": "1", **environment},
        )  # fmt: skip
        self.lines: deque[str] = deque()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        for line in self.process.stdout:
            for mask, instead in MASKS:
                line = mask.sub(instead, line)
            if not (WINDOWS and line.startswith(BY_THE_CLOCK)):
                self.lines.append(line.rstrip("\n"))

    def expect(self, wanted: list[str], seconds: float = 30.0) -> None:
        """These lines are said, and no others before the next step."""
        end = time.monotonic() + seconds
        while len(self.lines) < len(wanted) and time.monotonic() < end and self.process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.25)
        said = [self.lines.popleft() for _ in range(len(self.lines))]
        if said != wanted:
            self.process.kill()  # nobody else would
        assert "\n".join(said) == "\n".join(wanted)

    @contextlib.contextmanager
    def stopped(self):
        """All that happens meanwhile is heard of at once, however busy the machine is."""
        self.process.send_signal(signal.SIGSTOP)
        yield
        self.process.send_signal(signal.SIGCONT)

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


def steps_of(text: str) -> list[tuple[str, list[str]]]:
    """What is done ($), and what is said then (>); # begins a remark."""
    steps: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif line.startswith(">"):
            steps[-1][1].append(line[2:])
    return steps


@pytest.mark.skipif(not LINUX, reason="the steps are POSIX's, and a process is stopped for each")
@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    for name, text in PROJECT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    environment = {**os.environ, **GIT, "PATH": f"{tools_in(tmp_path)}:{os.environ['PATH']}"}
    watching = None
    for command, wanted in steps_of(path.read_text()):
        if command.startswith("complexity-guard --watch"):
            watching = Watching(folder, *command.split()[2:])
        elif command.startswith("^C"):
            assert watching.end() == int(command[2:])
        else:
            with watching.stopped() if watching else contextlib.nullcontext():
                subprocess.run(
                    ["/bin/sh", "-ec", command], cwd=folder, env=environment, check=True, capture_output=True
                )
        if watching:
            watching.expect(wanted)


def tools_in(folder: Path) -> Path:
    """`branches NAME IFS` prints a function, for the steps of transcripts."""
    place = folder / "tools"
    place.mkdir()
    script = """#!/bin/sh
printf 'export function %s(x) { ' $1; i=0; while [ $i -lt $2 ]; do printf 'if (x) x(); '; i=$((i+1)); done; echo '}'
"""
    (place / "branches").write_text(script)
    (place / "branches").chmod(0o755)
    return place


def test_a_project_that_changes_by_chance_while_it_is_watched(monkeypatch):
    """`make followed` goes on with this for as long as one likes."""
    for name in ("HOME", "XDG_CACHE_HOME", "SOURCE_DATE_EPOCH", "COMPLEXITY_GUARD_CACHE"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    assert warm.run(examples=3, steps=9, machine=followed.Machine) >= 24


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def session_of(*arguments: str, hear=lambda folder: None) -> cg.Session:
    session = cg.Session(cg.parse_command_line([*arguments, "--watch", "--quiet"]))
    session.watch(hear)
    return session


def test_by_the_clock(project):
    """Said aloud, and as right as by events."""
    watching = Watching(project, ".", COMPLEXITY_GUARD_WATCH="poll")
    passed = ["✓ passed", "  2 files, 2 functions: no findings; health N", "  configuration: .complexityguard.json"]
    said = "complexity-guard: as COMPLEXITY_GUARD_WATCH says: looking for changes every 1 s or more"
    watching.expect([said, *passed, "complexity-guard: watching N folders; Ctrl-C ends"])
    (project / "a.ts").write_text(branches("a", 0))
    watching.expect(["TIME  a.ts", *passed, ""])
    assert watching.end(signal.SIGINT if WINDOWS else signal.SIGTERM) == (0 if WINDOWS else 128 + signal.SIGTERM)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-"], "standard input"),
        (["--write-baseline", "b.jsonl"], "--write-baseline"),
        (["--diff", "x"], "--diff"),
        (["nowhere"], "nowhere"),
    ],
)
def test_runs_that_cannot_go_on(guard, project, arguments, words):
    result = guard("--watch", *arguments, cwd=project)
    assert (result.code, result.out) == (3, "")
    assert words in result.err


@pytest.mark.skipif(not LINUX or WINDOWS, reason="a pipe is heard to close by inotify's poll")
def test_nobody_reads_any_more(project):
    watching = Watching(project, ".")
    watching.expect([*["✓ passed", "  2 files, 2 functions: no findings; health N"], "  configuration: .complexityguard.json",
                     "complexity-guard: watching N folders; Ctrl-C ends"])  # fmt: skip
    reader = subprocess.Popen(
        [*COMMAND, "--watch", "."], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    reader.stdout.readline()
    reader.stdout.close()
    assert reader.wait(30) == 0
    assert watching.end() == 0


@pytest.mark.parametrize(("rows", "shown"), [(40, 12), (12, 6), (4, 0)])
def test_as_much_as_one_screen_has_room_for(rows, shown):
    settings = cg.library_settings(None)._replace(rows=rows, columns=80)
    pieces = [f"{number}\n" for number in range(12)]
    text = "".join(cg.first_pieces(iter(pieces), "head\nverdict\n\n", settings))
    assert text.count("\n") == shown + (shown < 12)
    assert f"and {12 - shown} more files" in text or shown == 12
    assert cg.height(text, 80) + 3 <= rows - cg.PROMPT_ROWS or not shown


def test_what_each_change_asks_for(project):
    session = session_of(".")
    assert session.look(None)
    session.tell()
    (project / "src" / "made").mkdir()
    cases = {
        "a.ts": cg.LOOK_AT_FILES, "new.ts": cg.LOOK_FOR_FILES, "gone": cg.NO_LOOK, "README.md": cg.NO_LOOK, "src/made": cg.LOOK_FOR_FILES,
        ".gitignore": cg.LOOK_FOR_FILES, "src/.gitignore": cg.LOOK_FOR_FILES, ".git": cg.LOOK_FOR_RULES, "src": cg.LOOK_FOR_FILES,
        "tsconfig.build.json": cg.LOOK_FOR_FILES, "src/package.json": cg.LOOK_FOR_FILES, "other.json": cg.NO_LOOK,
        ".complexityguard.json": cg.LOOK_FOR_RULES, "src/.gitattributes": cg.LOOK_FOR_RULES, "node_modules/x/a.ts": cg.NO_LOOK,
    }  # fmt: skip
    assert {name: session.weight(f"{project}/{name}") for name in cases} == cases


def test_a_repository_goes_away(project):
    """What the attributes around it say reaches into its folder from then on, though no file of rules has changed."""
    for git in (project / ".git", project / "src/.git"):
        for name in ("objects", "refs"):
            (git / name).mkdir(parents=True)
        (git / "HEAD").write_text("ref: refs/heads/main\n")
    (project / ".gitattributes").write_text("*.ts linguist-generated\n")
    session = session_of(".")
    assert session.look(None)
    assert (session.collected.files_analyzed, session.collected.generated.files) == (1, 1)
    shutil.rmtree(project / "src/.git")
    assert session.look({f"{project}/src/.git"})
    assert (session.collected.files_analyzed, session.collected.generated.files) == (0, 2)


def test_a_configuration_is_waited_for_where_it_should_be(project):
    """That of a folder which nobody walks, and which is not there when the watching begins."""
    heard, base = [], project / "node_modules/shared/base.json"
    base.parent.mkdir(parents=True)
    (project / ".complexityguard.json").write_text('{"extends": "./node_modules/shared/base.json"}')
    session = session_of(".", hear=heard.append)
    assert not session.look(None)
    assert not session.is_sound
    assert str(base.parent) in heard
    for text, is_sound in (('{"preset": ', False), ('{"preset": "strict"}', True)):
        base.write_text(text)
        session.look({str(base)})
        assert session.is_sound is is_sound


def test_the_report_is_no_change(project):
    """What a look writes asks for no other look: it would go on for ever."""
    (project / "out").mkdir()
    changes = set()
    session = session_of(".", "--report", "json=out/report.json", "--report", "console")
    events = server.Events(session)
    session.watch(events.add)
    assert session.look(None)
    session.tell()
    while touched := events.wait(0.2):
        changes |= touched
    assert not any(map(session.weight, changes))
    assert changes or not LINUX
    os.close(events.source.descriptor)


@pytest.mark.skipif(not LINUX, reason="inotify")
class TestInotify:
    @pytest.fixture
    def source(self):
        source = server.Inotify(cg.kernel_module())
        yield source
        os.close(source.descriptor)

    def test_too_much_happens(self, source):
        """The system says that it lost some: nobody knows where."""
        overflow = server.INOTIFY_HEAD.pack(-1, server.IN_OVERFLOW, 0, 0)
        assert source.changes(overflow) is None
        assert source.changes(b"") == set()

    def test_a_folder_gets_another_name(self, source, tmp_path):
        (tmp_path / "one").mkdir()
        source.add(str(tmp_path / "one"))
        (tmp_path / "one").rename(tmp_path / "two")
        source.add(str(tmp_path / "two"))
        source.keep({str(tmp_path / "two")})
        source.wait(0.1)
        (tmp_path / "two" / "a.ts").write_text("")
        assert source.wait(1) == {f"{tmp_path}/two/a.ts"}

    def test_a_name_that_is_no_text(self, source, tmp_path):
        source.add(str(tmp_path))
        os.close(os.open(os.fsencode(tmp_path) + b"/\xff.ts", os.O_CREAT | os.O_WRONLY))
        assert source.wait(1) == {f"{tmp_path}/\udcff.ts"}

    def test_what_is_no_folder_is_not_watched(self, source, tmp_path):
        (tmp_path / "a.ts").write_text("")
        source.add(str(tmp_path / "a.ts"))
        source.add(str(tmp_path / "gone"))
        assert not source.folders

    def test_too_many_folders(self, project, monkeypatch, capsys):
        """Then all are looked at by the clock, and once at once."""
        monkeypatch.setattr(server.Inotify, "add", refuse)
        session = cg.Session(cg.parse_command_line([".", "--watch"]))
        events = server.Events(session)
        session.watch(events.add)
        assert session.look(None)
        assert isinstance(events.source, server.Clock)
        assert events.source.listings.keys() == session.folders
        assert events.wait(0) is None
        assert events.wait(0) == set()
        assert "lets nobody watch so many folders" in capsys.readouterr().err


def refuse(*_: object) -> None:
    raise OSError(server.errno.ENOSPC, "No space left on device")


MOUNTINFO = rb"""21 1 8:1 / / rw shared:1 - ext4 /dev/root rw
30 21 0:40 / /mnt/nfs rw shared:2 master:3 - nfs4 server:/x rw
31 21 0:41 / /mnt/nfs/inner rw - tmpfs tmpfs rw
32 21 0:42 / /mnt/with\040blank rw - fuse.sshfs host: rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/x", ""),
        ("/mnt/nfs", "nfs4"),
        ("/mnt/nfs/a", "nfs4"),
        ("/mnt/nfsx", ""),
        ("/mnt/nfs/inner/a", ""),
        ("/mnt/with blank/a", "fuse.sshfs"),
    ],
)
def test_file_systems_that_say_nothing(tmp_path, monkeypatch, path, kind):
    (tmp_path / "mounts").write_bytes(MOUNTINFO)
    monkeypatch.setattr(server, "MOUNTS", str(tmp_path / "mounts"))
    assert server.silent_file_system(path) == kind


class FakeQueue:
    """What kqueue is on macOS, as far as we use it."""

    def __init__(self) -> None:
        self.watched: set[int] = set()
        self.happened: list[object] = []

    def control(self, changes, most, seconds=None):
        for event in changes or ():
            self.watched.add(event.ident)
        found, self.happened = self.happened[:most], []
        return found


def test_kqueue(tmp_path, monkeypatch):
    """A folder that is named is looked at alone; all are when nothing was said for a while."""
    import select
    from types import SimpleNamespace

    for bit, name in enumerate(("WRITE", "DELETE", "RENAME")):
        monkeypatch.setattr(select, f"KQ_NOTE_{name}", 1 << bit, raising=False)
    for name in ("KQ_FILTER_VNODE", "KQ_EV_ADD", "KQ_EV_CLEAR"):
        monkeypatch.setattr(select, name, 1, raising=False)
    monkeypatch.setattr(select, "kqueue", FakeQueue, raising=False)
    monkeypatch.setattr(select, "kevent", lambda number, *_: SimpleNamespace(ident=number), raising=False)
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir(), two.mkdir()
    source = server.Kqueue()
    source.add(str(one)), source.add(str(two))
    assert source.queue.watched == set(source.descriptors.values())
    (one / "a.ts").write_text(""), (two / "b.ts").write_text("")
    assert source.wait(0) == set()
    source.queue.happened = [SimpleNamespace(ident=source.descriptors[str(two)], fflags=0)]
    assert source.wait(0) == {f"{two}/b.ts"}
    assert source.wait(None) == {f"{one}/a.ts"}
    source.queue.happened = [SimpleNamespace(ident=source.descriptors[str(two)], fflags=select.KQ_NOTE_DELETE)]
    assert source.wait(0) == set()
    assert source.descriptors.keys() == {str(one)}
    source.keep({str(one)})
    assert source.listings.keys() == {str(one)}
    source.keep(set())
