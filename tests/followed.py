"""A project that changes by chance while it is watched. After each change, what the watching run would tell is what a cold
run tells, byte by byte.

`tests/test_watch.py` takes a hundred steps, `make followed` as many as one likes.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

import warm
from hypothesis import stateful, strategies

import complexity_guard as cg
import complexity_guard_server as server

CHANGES = (
    "write", "write", "write", "same_size", "touch", "rename", "swap", "delete", "rights", "link", "link_folder", "folder",
    "configure", "ignore", "attributes", "repository", "record_baseline", "set_formats", "set_flags", "set_workers",
    "lose", "at_once", "tests", "remove_folder", "move_folder", "break_configuration",
)  # fmt: skip
# Names that come and go, where no link and no rule has all of it looked at each time.
PLAIN = (
    "write", "write", "same_size", "rename", "swap", "delete", "folder", "at_once", "tests", "remove_folder", "move_folder",
)  # fmt: skip

LOOKS = ("at nothing", "at files", "for files", "for rules")  # by what a change asks for


class Followed(warm.Warm):
    """A project with somebody who watches it."""

    def __init__(self) -> None:
        self.session = self.events = None
        self.is_lost = self.is_silent = self.is_plain = False
        self.before = self.wishes = None
        self.waited = 0
        super().__init__()

    def close(self) -> None:
        self.leave()
        super().close()

    def leave(self) -> None:
        if self.events and not isinstance(self.events.source, server.Clock):
            os.close(self.events.source.descriptor)
        self.session = self.events = None

    # What can happen beside

    def lose(self, chance: int, other: int) -> None:
        """Some of what happens gets lost, so that all has to be looked at; or another one watches from now on."""
        if chance % 8 == 0:
            self.leave()
            return
        self.is_lost = True
        change = (self.write, self.write, self.same_size, self.delete, self.rename, self.ignore, self.tests)[chance % 7]
        change(chance // 7, other)

    def at_once(self, chance: int, other: int) -> None:
        """Much changes before anybody looks."""
        changes = CHANGES[: CHANGES.index("set_formats")]
        if self.is_plain:
            changes = tuple(change for change in PLAIN if change != "at_once")
        for number in range(3 + chance % 5):
            change = changes[(chance // 7 + number * (1 + other % 11)) % len(changes)]
            getattr(self, change)(chance + number, other // (number + 1))

    def tests(self, chance: int, _other: int) -> None:
        """A folder of tests with a file in it comes into being, all at once."""
        folder = self.room / "made"
        folder.mkdir()
        (folder / "a.test.ts").write_bytes(self.content(chance))
        target = self.project / f"tests{chance % 2}/deep"
        with contextlib.suppress(OSError):
            target.parent.mkdir(exist_ok=True)
            folder.rename(target)
        warm.shutil.rmtree(folder, ignore_errors=True)

    def some_folder(self, chance: int) -> Path | None:
        folders = sorted(path for path in self.project.rglob("*") if path.is_dir() and ".git" not in path.parts)
        folders = [path for path in folders if not path.is_symlink()]
        return folders[chance % len(folders)] if folders else None

    def remove_folder(self, chance: int, _other: int) -> None:
        if folder := self.some_folder(chance):
            warm.shutil.rmtree(folder)

    def move_folder(self, chance: int, other: int) -> None:
        """Into another one, out of the project and back, or to a name that nobody walks."""
        folder, around = self.some_folder(chance), self.some_folder(other)
        outside = self.room / "outside"
        target = (around or self.project) / ("moved", "node_modules", "b.ts")[other % 3]
        if other % 4 == 0 and folder and not outside.exists():
            target = outside
        elif other % 4 == 1 and outside.exists():
            folder = outside
        with contextlib.suppress(OSError):  # into itself, or to a name that is taken
            folder and folder.rename(target)

    def break_configuration(self, chance: int, _other: int) -> None:
        (self.project / ".complexityguard.json").write_text(("{", '{"extends": "./base.json"}')[chance % 2])
        self.compare()
        if chance % 2:
            (self.project / "base.json").write_text('{"preset": "strict"}')
            self.compare()
        self.configure(chance, 0)

    # To look

    def begin(self) -> None:
        self.leave()
        self.wishes = (self.flags, self.formats, self.workers)
        out = self.room / "watched"
        warm.shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        arguments = [".", "--fail-on", "warning", "--allow-empty", "--no-cache", *self.flags, *self.workers]
        for form in self.formats:
            arguments += ["--report", f"{form}={out / form}"]
        self.session = cg.Session(cg.parse_command_line(arguments))
        self.events = server.Events(self.session)
        if self.waited % 3 == 2:  # by the clock
            os.close(self.events.source.descriptor)
            self.events.source = server.Clock()
        self.waited += 1
        self.session.watch(self.events.add)
        self.before = None
        self.is_news = self.session.look(None)
        self.events.keep(self.session.folders)

    def catch_up(self) -> None:
        """Look at all that changed."""
        touched, self.is_news = set(), False
        if isinstance(self.events.source, server.Clock):
            touched = self.events.source.changes(list(self.events.source.listings))
        else:
            while more := self.events.wait(0):
                touched |= more
        self.is_news = self.look(None if self.is_lost else touched)
        self.is_lost = False
        self.events.keep(self.session.folders)

    def look(self, touched: set[str] | None) -> bool:
        """Look, and count which ways were taken: one that nobody takes is not proven."""
        weights = map(self.session.weight, touched or ())
        self.hits["at all" if touched is None else LOOKS[max(weights, default=0)]] += 1
        return self.session.look(touched)

    def told(self) -> warm.Answer:
        """All that is told of what was found, in whole reports."""
        session, out = self.session, self.room / "watched"
        if not session.is_sound:
            return warm.Answer(session.code, out / "none", "")
        summary = cg.summary_of(session.collected, session.settings, 0, 1)
        assert cg.write_reports(session.held.store, summary, session.settings)
        if self.is_news:
            session.told, session.changed, session.gone = session.collected, set(), set()
        return warm.Answer(summary.exit_code, out, "")

    def compare(self, settled: bool = True) -> None:
        cold = self.ask(["--no-cache"])
        with contextlib.redirect_stderr(warm.io.StringIO()):
            if not self.session or self.wishes != (self.flags, self.formats, self.workers):
                self.begin()
            else:
                self.catch_up()
            told = self.told()
        cold.parts["said"] = told.parts["said"] = b""
        if cold.code in (cg.EXIT_USAGE, cg.EXIT_SKIPPED) and not self.session.is_sound:
            cold.parts.clear(), told.parts.clear()
        difference = told.differs(cold)
        assert not difference, difference
        if self.before and self.session.is_sound and self.before.differs(told):
            assert self.is_news, f"nobody was told: {self.before.differs(told)}"
        self.before = told if self.session.is_sound else None
        self.steps += 1


class Machine(warm.Machine):
    KIND = Followed

    @stateful.initialize(is_plain=strategies.booleans())
    def choose(self, is_plain: bool) -> None:
        self.warm.is_plain = is_plain

    @stateful.rule(change=strategies.sampled_from(CHANGES), chance=warm.NUMBERS, other=warm.NUMBERS)
    def step(self, change: str, chance: int, other: int) -> None:
        if self.warm.is_plain:
            change = PLAIN[chance // 4 % len(PLAIN)]
        getattr(self.warm, change)(chance, other)
        self.warm.compare()
        if chance % 4 == 0:
            time.sleep(2 * warm.YOUNG / 1e9)
            self.warm.is_lost = True
            self.warm.compare()


if __name__ == "__main__":
    sys.exit(warm.main(Machine))
