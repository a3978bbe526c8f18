"""What runs keep of the past: whatever happens to a repository, its settings and the cache, hotspots, next and trend say what
a run without a cache says. `STEPS=500 SEED=7 pytest tests/test_history_cache.py` goes on for as long as one likes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import subprocess
from pathlib import Path

from repository import GIT, Repo
from repository import repo as repo
from samples import function

import complexity_guard as cg

FILES = ["a.ts", "b.ts", "lib/c.ts", "lib/d.test.ts"]
COMMANDS = [
    ["hotspots", "-f", "json"], ["hotspots", "-f", "json", "--window", "all", "--emails"], ["hotspots", "--by", "file", "-f", "csv"],
    ["hotspots", "--by", "owner", "--lines", "-f", "markdown"], ["hotspots", "lib", "-f", "json"], ["hotspots", "--top", "2"],
    ["hotspots", "--graph", "-f", "json"], ["hotspots", "--points", "6", "-f", "html"],
    ["hotspots", "--coverage", "../lcov.info", "-f", "json"], ["next", "-n", "3"], ["next", "-f", "json"],
    ["trend", "--points", "6", "-f", "json", "--window", "all"], ["trend", "lib", "-f", "csv"], ["trend", "a.ts:one", "-f", "json", "--window", "all"],
]  # fmt: skip
CONFIGURATIONS = [
    {},
    {"thresholds": {"cyclomatic": {"warning": 2, "error": 4}}},
    {"files": {"tests": ["lib"]}},
    {"files": {"exclude": ["b.ts"]}},
]


class Past:
    """A repository in a room with a cache, and what can happen to them by chance."""

    def __init__(self, repo: Repo, cache: Path, dice: random.Random) -> None:
        self.repo, self.cache, self.dice = repo, cache, dice
        self.seconds = 1_700_000_000
        for _ in range(3):
            self.commit()

    def git(self, *args: str) -> None:
        self.seconds += self.dice.randrange(1, 90_000)
        who = self.dice.choice("ABC")
        date = {f"GIT_{role}_DATE": f"{self.seconds} +0000" for role in ("AUTHOR", "COMMITTER")}
        names = {"GIT_AUTHOR_NAME": who, "GIT_AUTHOR_EMAIL": f"{who}@example.com"}
        environment = {**os.environ, **GIT, **date, **names}
        subprocess.run(["git", *args], cwd=self.repo.root, env=environment, capture_output=True, check=False)

    def write(self, name: str, text: str) -> None:
        self.repo.write({name: text})

    def edit(self) -> None:
        sizes = [self.dice.randrange(1, 9) for _ in range(2)]
        name = self.dice.choice(FILES)
        marks = [self.dice.choice("xyz") for _ in sizes]
        self.write(name, function("one", sizes[0], mark=marks[0]) + function("two", sizes[1], mark=marks[1]))

    def commit(self) -> None:
        self.edit()
        self.git("add", "-A")
        self.git("commit", "-q", "-m", self.dice.choice(["fix: a", "add", "step"]))

    def amend(self) -> None:
        self.edit()
        self.git("commit", "-qa", "--amend", "-m", "amended", "--reset-author")

    def rename(self) -> None:
        self.git("mv", self.dice.choice(FILES), f"lib/{self.dice.randrange(9)}.ts")
        self.git("commit", "-qm", "renamed")

    def reset(self) -> None:
        self.git("reset", "-q", "--hard", "HEAD~1")

    def branch(self) -> None:
        self.git("checkout", "-q", "-b", f"side{self.dice.randrange(10**6)}", self.dice.choice(["HEAD", "HEAD~1"]))

    def rebase(self) -> None:
        """The last commit on another one than before."""
        self.git("rebase", "-q", "--onto", "HEAD~2", "HEAD~1")
        self.git("rebase", "--abort")

    def replace(self) -> None:
        self.git(*self.dice.choice([("replace", "-f", "--graft", "HEAD~1"), ("replace", "-d", "HEAD~1")]))

    def tag(self) -> None:
        self.git("tag", "-f", f"v{self.dice.randrange(3)}")

    def mailmap(self) -> None:
        self.write(
            ".mailmap",
            self.dice.choice(["", "Ann <ann@example.com> <A@example.com>\n", "B <B@example.com> <C@example.com>\n"]),
        )

    def owners(self) -> None:
        self.write("CODEOWNERS", self.dice.choice(["", "* @a\n", "lib/ @b ann@example.com\n"]))

    def passed_over(self) -> None:
        head = self.dice.choice(self.repo.git("rev-list", "--max-count=2", "HEAD").split())
        self.write(".git-blame-ignore-revs", self.dice.choice(["", head]))

    def configure(self) -> None:
        self.write(".complexityguard.json", json.dumps(self.dice.choice(CONFIGURATIONS)))

    def ignore(self) -> None:
        self.write(
            self.dice.choice([".gitattributes", "lib/.gitignore"]),
            self.dice.choice(["", "b.ts linguist-generated\n", "*.ts\n"]),
        )

    def cover(self) -> None:
        lines = [f"DA:{line},{self.dice.randrange(2)}\n" for line in range(2, 5)]
        self.write("../lcov.info", f"SF:{self.dice.choice(FILES)}\n{''.join(lines)}end_of_record\n")

    def damage(self) -> None:
        """A file of the cache is cut off, gone, or says something else."""
        files = sorted(path for path in self.cache.rglob("*") if path.suffix in cg.PACK_SUFFIXES)
        for path in self.dice.sample(files, min(len(files), 2)):
            data = bytearray(path.read_bytes())
            kind = self.dice.randrange(3)
            if kind == 0:
                path.unlink()
            elif kind == 1 or not data:
                path.write_bytes(data[: len(data) // 2])
            else:
                data[self.dice.randrange(len(data))] ^= 1 << self.dice.randrange(8)
                path.write_bytes(data)

    def nothing(self) -> None:
        """The second time."""


HAPPENINGS = [name for name, value in vars(Past).items() if name in {
    "edit", "commit", "amend", "rename", "reset", "branch", "rebase", "replace", "tag", "mailmap", "owners", "passed_over", "configure",
    "ignore", "cover", "damage", "nothing"} and callable(value)]  # fmt: skip


def said(command: list[str], *flags: str) -> tuple[int, bytes, str]:
    out, err = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cg.main([*command, *flags])
    out.flush()
    return code, out.buffer.getvalue(), err.getvalue()


def test_warm_is_cold(repo, tmp_path, monkeypatch):
    steps, seed = int(os.environ.get("STEPS", 34)), int(os.environ.get("SEED", 20))
    for name, value in GIT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(repo.root)
    cache = tmp_path / "cache"
    dice = random.Random(seed)
    past = Past(repo, cache, dice)
    (repo.root / "../lcov.info").write_text("SF:a.ts\nDA:2,1\nend_of_record\n")
    todo: list[str] = []
    ranked = cg.ranked_of
    worked_out = []
    monkeypatch.setattr(cg, "ranked_of", lambda *values: (worked_out.append(1), ranked(*values))[1])
    remembered = 0
    for number in range(steps):
        todo = todo or dice.sample(HAPPENINGS, len(HAPPENINGS))
        happening = todo.pop()
        getattr(past, happening)()
        for command in [COMMANDS[number % 6], dice.choice(COMMANDS)]:
            before = len(worked_out)
            monkeypatch.setenv("SOURCE_DATE_EPOCH", str(number))
            warm = said(command, "--cache-dir", str(cache))
            remembered += len(worked_out) == before and command[0] != "trend" and warm[0] == 0
            assert warm == said(command, "--no-cache"), (number, happening, command)
    assert remembered > steps / 20
