#!/usr/bin/env python3
"""Whether --watch hears of the same paths as watchfiles and watchdog, under a storm of operations and branches that change.

    make watchers [ARGS="--operations 5000 --seed 1 --repository FOLDER"]

All three watch one folder while files and folders in it are written, renamed, moved, linked and removed; with a
repository, a copy of it is switched between commits. Each has to have heard of every path that is not at the end what it
was at first, or of a folder around it: that one was moved away is told of the folder alone, and it is walked then. What
came into being and went away within a folder before anybody could watch it, nobody has to know of.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import watchfiles
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

import complexity_guard as cg
import complexity_guard_server as server


class Ours:
    """The paths that the events of --watch name. A folder that is new is watched, and then walked, as by a session."""

    def __init__(self, root: Path) -> None:
        self.paths: set[str] = set()
        self.lost = 0
        self.source = server.Inotify(cg.kernel_module())
        self.walk(str(root))
        self.paths.clear()
        self.is_over = False
        self.thread = threading.Thread(target=self.follow)
        self.thread.start()

    def walk(self, folder: str) -> None:
        self.source.add(folder)
        try:
            entries = list(os.scandir(folder))
        except OSError:
            return
        for entry in entries:
            self.paths.add(entry.path)
            if entry.is_dir(follow_symlinks=False):
                self.walk(entry.path)

    def follow(self) -> None:
        while not self.is_over:
            touched = self.source.wait(0.1)
            if touched is None:
                self.lost += 1
                continue
            self.paths |= touched
            for path in touched:
                if os.path.isdir(path) and not os.path.islink(path):
                    self.walk(path)

    def stop(self) -> set[str]:
        self.is_over = True
        self.thread.join()
        return self.paths


class Watchfiles:
    def __init__(self, root: Path) -> None:
        self.paths: set[str] = set()
        self.over = threading.Event()
        self.root = root
        self.thread = threading.Thread(target=self.follow)
        self.thread.start()

    def follow(self) -> None:
        for changes in watchfiles.watch(self.root, stop_event=self.over, watch_filter=None, debounce=50, step=20):
            self.paths |= {path for _, path in changes}

    def stop(self) -> set[str]:
        self.over.set()
        self.thread.join()
        return self.paths


class Watchdog(FileSystemEventHandler):
    CHANGES = {"created", "deleted", "modified", "moved", "closed"}

    def __init__(self, root: Path) -> None:
        self.paths: set[str] = set()
        self.observer = Observer()
        self.observer.schedule(self, str(root), recursive=True)
        self.observer.start()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in self.CHANGES:
            self.paths |= {path for path in (event.src_path, event.dest_path) if path}

    def stop(self) -> set[str]:
        self.observer.stop()
        self.observer.join()
        return self.paths


class Storm:
    """Operations on a folder by chance."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.dice = root, random.Random(seed)
        self.known: list[Path] = []
        self.steps = 0

    def some(self, folders: bool) -> Path | None:
        """A path of now, or of a few steps ago: a storm has no time to look around."""
        if self.steps % 20 == 0:
            self.known = sorted(self.root.rglob("*"))
        kind = Path.is_dir if folders else Path.is_file
        for path in self.dice.choices(self.known, k=20) if self.known else ():
            if kind(path) and not path.is_symlink():
                return path
        return None

    def place(self) -> Path:
        folder = self.some(folders=True) if self.dice.random() < 0.8 else None
        deep = len((folder or self.root).relative_to(self.root).parts)
        return (
            folder if folder and deep < 6 else self.root
        ) / f"{self.dice.choice('abcdefgh')}{self.dice.choice(('.ts', '.tsx', '.js'))}"

    def step(self) -> None:
        self.steps += 1
        what = self.dice.choice(
            ("write",) * 6
            + ("append", "append", "rename", "rename", "remove", "folder", "folder", "move", "drop", "link", "chmod")
        )
        try:
            getattr(self, what)()
        except OSError:
            pass

    def write(self) -> None:
        path = self.place()
        path.write_text(f"export const x = {self.dice.random()};\n")

    def append(self) -> None:
        if path := self.some(folders=False):
            with path.open("a") as file:
                file.write("// more\n")

    def rename(self) -> None:
        if path := self.some(folders=False):
            path.rename(self.place())

    def remove(self) -> None:
        if path := self.some(folders=False):
            path.unlink()

    def folder(self) -> None:
        path = self.place().with_suffix("")
        path.mkdir()
        for name in self.dice.sample("ijkl", 2):
            (path / f"{name}.ts").write_text("export {};\n")

    def move(self) -> None:
        if path := self.some(folders=True):
            path.rename(self.place().with_suffix(""))

    def drop(self) -> None:
        if self.dice.random() < 0.4 and (path := self.some(folders=True)):
            shutil.rmtree(path)

    def link(self) -> None:
        if target := self.some(folders=False):
            path = self.place()
            path.unlink(missing_ok=True)
            path.symlink_to(target)

    def chmod(self) -> None:
        if path := self.some(folders=False):
            path.chmod(self.dice.choice((0o644, 0o600, 0o755)))


def state(root: Path) -> dict[str, tuple[object, ...]]:
    """What each path is: its type, rights and content. Of folders, that they are there."""
    found: dict[str, tuple[object, ...]] = {}
    for path in root.rglob("*"):
        status = path.lstat()
        if path.is_symlink():
            found[str(path)] = ("link", os.readlink(path))
        elif path.is_dir():
            found[str(path)] = ("folder",)
        else:
            found[str(path)] = (status.st_mode, status.st_ino, path.read_bytes())
    return found


def checkouts(root: Path, dice: random.Random) -> None:
    """Switch between commits that are far from each other, and back."""
    commits = subprocess.run(
        ["git", "rev-list", "HEAD"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split()
    for commit in (*dice.sample(commits[:2000], min(4, len(commits))), commits[0]):
        subprocess.run(["git", "checkout", "-qf", commit], cwd=root, check=True)


def compare(root: Path, change, settle: float = 1.5) -> int:
    """How many paths are missing of ours."""
    before = state(root)
    watchers = {"ours": Ours(root), "watchfiles": Watchfiles(root), "watchdog": Watchdog(root)}
    time.sleep(1)
    began = time.monotonic()
    change()
    seconds = time.monotonic() - began
    time.sleep(settle)
    heard = {name: watcher.stop() - {str(root)} for name, watcher in watchers.items()}
    after = state(root)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    print(f"{len(changed):,} paths changed for good in {seconds:.1f} s; events lost: {watchers['ours'].lost}")
    for name, paths in heard.items():
        missing = [path for path in changed if not is_heard(path, paths)]
        more = [path for path in paths & (before.keys() | after.keys()) if not is_heard(path, heard["ours"])]
        files = sorted(path for path in more if "folder" not in (before.get(path) or after[path]))
        print(
            f"  {name:<11} heard of {len(paths):,}, and not of {len(missing):,} that changed; of {len(files):,} files that we did not hear of"
        )
        print("".join([f"    {path}\n" for path in files[:5]]), end="")
    return sum(not is_heard(path, heard["ours"]) for path in changed)


def is_heard(path: str, paths: set[str]) -> bool:
    """Whether a path is among some, or a folder around it is."""
    while path not in paths and path != os.path.dirname(path):
        path = os.path.dirname(path)
    return path in paths


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--operations", type=int, default=5000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--repository", help="also switch a copy of this one between commits")
    wishes = options.parse_args()
    room = Path(tempfile.mkdtemp(prefix="watchers-")).resolve()
    try:
        root = room / "storm"
        (root / "src/deep").mkdir(parents=True)
        storm = Storm(root, wishes.seed)
        for _ in range(200):
            storm.step()
        missing = compare(root, lambda: [storm.step() for _ in range(wishes.operations)])
        if wishes.repository:
            copy = room / "repository"
            subprocess.run(["git", "clone", "-q", wishes.repository, copy], check=True)
            for path in copy.glob(".git/hooks/*"):
                path.unlink()
            missing += compare(copy, lambda: checkouts(copy, random.Random(wishes.seed)))
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
