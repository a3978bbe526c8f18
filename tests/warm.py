"""A machine that changes a project, its settings and its cache by chance. Each run with the cache says what a cold one says.

`tests/test_cache.py` takes a few hundred steps, `make warm` as many as one likes.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import hypothesis
from hypothesis import stateful, strategies
from programs import generated

import complexity_guard as cg

# Files are young in tests: the two seconds of a file system with coarse clocks would make all of them unbelievable.
# A step of the clocks here is 4 ms, or 10 on some machines.
YOUNG = 30_000_000
VOLATILE = re.compile(rb'"(?:elapsed_ms|thread_count|timestamp)": ?(?:"[^"]*"|\d+)|timestamp="[^"]*"|time="[^"]*"')
FORMATS = tuple(cg.REPORTERS)
NAMES = [
    f"{folder}{name}"
    for folder in ("", "src/", "src/deep/", "tests/")
    for name in ("a.ts", "b.tsx", "c.test.ts", "d.js")
]
PIECES = [
    "export function plain(a: number) { return a ? 1 : 2 }\n",
    "function deep(a, b) { if (a) { for (const x of b) { if (x && a) { while (b) { if (a) { b() } } } } } }\n" * 2,
    "// complexity-guard-ignore-next-line cyclomatic -- a sample\nconst f = (a) => a && b || c ? d : e ?? g;\n",
    "describe('x', () => { it('y', () => { expect(1).toBe(1) }) })\n",
    "// @generated\nexport const table = { a: 1, b: 2 };\n",
    "class Größe { @logged 'ver kaufen'(a, { b = 1 }, ...c) { return a || b } }\n",
    "((( broken\n",
    'import { a } from "./b"; export * from "./a"; a()\n',
    "const same = [1, 2, 3].map((x) => x + 1).filter((y) => y > 2).reduce((a, b) => a + b, 0);\n" * 6,
]
CONFIGURATIONS = [
    {}, {"preset": "strict"}, {"thresholds": {"cyclomatic": {"warning": 1, "error": 2}}},
    {"files": {"tests": ["nothing"]}}, {"files": {"generated": "skip"}}, {"files": {"generated": "judge"}},
    {"overrides": [{"files": ["src/**"], "analysis": {"least_cognitive": 0, "least_burden": 0}}]}, {"analysis": {"metrics": ["cognitive"]}},
    {"analysis": {"module_code": True, "syntax_errors": "error"}}, {"analysis": {"cognitive_variant": "whitepaper"}},
    {"output": {"top": 1}}, {"analysis": {"duplication_enabled": True, "duplication_min_tokens": 10}},
    {"analysis": {"treat_wrappers_as_modules": True}}, {"suppressions": {"require_reason": True}},
]  # fmt: skip
FLAGS = [
    [], ["--least-cognitive", "0", "--least-burden", "0"], ["--preset", "strict"], ["--duplication"], ["--verbose"], ["--quiet"], ["--color"],
    ["--group-by", "metric"], ["--top", "0"], ["--exclude", "src/deep"], ["--no-ignore"], ["--path-base", "cwd"],
    ["--baseline", "../baseline.jsonl"], ["--max-file-bytes", "900"], ["--metrics", "halstead,cognitive"], ["--all"],
    ["--graph"], ["--graph", "--duplication"],
]  # fmt: skip
WORKERS = [["--threads", "1"], ["--executor", "serial"], ["--executor", "thread", "--threads", "2"]]
PROCESSES = [["--executor", "process", "--threads", "2"]]


class Answer:
    """All that a run says, but for the time."""

    def __init__(self, code: int, room: Path, said: str) -> None:
        self.code = code
        lines = [
            line for line in said.splitlines() if "complexity-guard: cache: " not in line and "Analyzed" not in line
        ]
        self.parts = {"said": "\n".join(lines).encode()}
        for form in FORMATS:
            path = room / form
            if path.exists():
                self.parts[form] = VOLATILE.sub(b"", path.read_bytes())

    def differs(self, other: Answer) -> str:
        """Where two answers differ; "" where they do not."""
        if self.code != other.code:
            return f"exit code {self.code} and {other.code}: {self.parts['said']!r:.900}"
        for part in sorted({*self.parts, *other.parts}):
            one, two = self.parts.get(part), other.parts.get(part)
            if one != two:
                rows = list(zip((one or b"").splitlines(), (two or b"").splitlines()))
                first = next((row for row in rows if row[0] != row[1]), (one, two))
                return f"{part}: {first[0]!r:.600} and {first[1]!r:.600}"
        return ""


def write_anyway(path: Path, text: str) -> None:
    """Write a file, also where steps before have made of it a link that leads back to itself, or have taken its rights."""
    try:
        path.write_text(text)
    except OSError:
        path.unlink()
        path.write_text(text)


class Warm:
    """A project in a room, with a cache, and what can happen to them. Chance is a number, so that a step can be told."""

    def __init__(self) -> None:
        self.room = Path(tempfile.mkdtemp(prefix="warm-"))
        self.project, self.cache = self.room / "project", self.room / "cache"
        self.project.mkdir()
        (self.project / ".git").mkdir()
        (self.project / ".git/HEAD").write_text("ref: refs/heads/main\n")
        (self.project / ".git/objects").mkdir()
        (self.project / ".git/refs").mkdir()
        (self.room / "baseline.jsonl").write_text("")
        self.formats = ["json", "sarif"]
        self.flags: list[str] = []
        self.workers = WORKERS[0]
        self.strategy = "stat"
        self.snapshots: list[Path] = []
        self.place = Path.cwd()
        self.steps = 0
        self.hits: Counter[str] = Counter()
        os.environ.update({"HOME": str(self.room), "XDG_CACHE_HOME": str(self.room / "home"), "SOURCE_DATE_EPOCH": "1"})
        os.environ.pop("COMPLEXITY_GUARD_CACHE", None)
        self.save, cg.Cache.save = cg.Cache.save, lambda cache: self.counted(cache)
        for number in range(6):
            self.write(number * 7, number * 11)
        self.record_baseline()

    def counted(self, cache) -> None:
        """Counts what runs found: a cache that finds nothing proves nothing."""
        self.hits += {"as before": len(cache.found), "measured before": cache.hits, "anew": cache.new}
        self.hits["by content"] += cache.renewed
        self.save(cache)

    def close(self) -> None:
        cg.Cache.save = self.save
        os.chdir(self.place)
        for path in self.project.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(self.room, ignore_errors=True)

    # What can happen to the project

    def files(self) -> list[Path]:
        return sorted(path for path in self.project.rglob("*.*s*") if path.is_file() and ".git" not in path.parts)

    def some(self, chance: int) -> Path | None:
        files = self.files()
        return files[chance % len(files)] if files else None

    def content(self, chance: int) -> bytes:
        dice = random.Random(chance % 40)
        if chance % 5 == 0:
            return generated(chance % 40)
        return "".join(dice.choice(PIECES) for _ in range(dice.randrange(6))).encode()

    def write(self, chance: int, other: int) -> None:
        path = self.project / NAMES[chance % len(NAMES)]
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):
            path.write_bytes(self.content(other))

    def same_size(self, chance: int, other: int) -> None:
        """Another content of the same size, with its time put back."""
        path = self.some(chance)
        if path:
            status, data = path.stat(), bytearray(path.read_bytes())
            if data:
                data[other % len(data)] = b"ifa&|{}"[other % 7]
            path.write_bytes(data)
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def touch(self, chance: int, other: int) -> None:
        path = self.some(chance)
        if path:
            when = time.time_ns() + (other % 5 - 3) * 10**9
            os.utime(path, ns=(when, when))

    def rename(self, chance: int, other: int) -> None:
        path = self.some(chance)
        if path:
            target = self.project / NAMES[other % len(NAMES)]
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)

    def swap(self, chance: int, other: int) -> None:
        one, two = self.some(chance), self.some(other)
        if one and two and one != two:
            aside = self.room / "aside"
            one.rename(aside)
            two.rename(one)
            aside.rename(two)

    def delete(self, chance: int, _other: int) -> None:
        path = self.some(chance)
        if path:
            path.unlink()

    def rights(self, chance: int, other: int) -> None:
        path = self.some(chance)
        if path and not path.is_symlink():
            path.chmod((0o000, 0o644, 0o600, 0o444)[other % 4])

    def link(self, chance: int, other: int) -> None:
        path, target = self.project / f"link{chance % 3}.ts", self.some(other)
        if target and target != path:
            path.unlink(missing_ok=True)
            path.symlink_to(target)

    def link_folder(self, chance: int, _other: int) -> None:
        path = self.project / "linked"
        if path.is_symlink():
            path.unlink()
        elif (self.project / "src").is_dir() and chance % 2:
            path.symlink_to("src")

    def folder(self, chance: int, _other: int) -> None:
        source, target = self.project / "src", self.project / f"src{chance % 2}"
        if source.is_dir() and not target.exists():
            source.rename(target)

    def configure(self, chance: int, _other: int) -> None:
        settings = json.dumps(CONFIGURATIONS[chance % len(CONFIGURATIONS)])
        write_anyway(self.project / ".complexityguard.json", settings)

    def ignore(self, chance: int, _other: int) -> None:
        write_anyway(self.project / ".gitignore", ("", "src/deep/\n", "*.js\n", "!x\n")[chance % 4])

    def attributes(self, chance: int, other: int) -> None:
        folder = (self.project, self.project / "src", self.project / ".git/info")[other % 3]
        folder.mkdir(exist_ok=True, parents=True)
        name = "attributes" if other % 3 == 2 else ".gitattributes"
        write_anyway(folder / name, ("", "*.ts linguist-generated\n", "a.ts -linguist-generated\n")[chance % 3])

    def repository(self, chance: int, _other: int) -> None:
        """A repository inside of the project, or none any more."""
        git = self.project / "src/.git"
        if git.is_dir():
            shutil.rmtree(git)
        elif git.parent.is_dir() and chance % 2:
            shutil.copytree(self.project / ".git", git)

    def record_baseline(self, *_: int) -> None:
        (self.room / "baseline.jsonl").unlink(missing_ok=True)
        self.ask(["--no-cache", "--write-baseline", "../baseline.jsonl", "--force"])

    # To the run

    def set_formats(self, chance: int, other: int) -> None:
        self.formats = random.Random(chance).sample(FORMATS, len(FORMATS) if other % 8 == 0 else other % 3 + 1)

    def set_flags(self, chance: int, other: int) -> None:
        self.flags = [*FLAGS[chance % len(FLAGS)], *FLAGS[other % len(FLAGS)]]

    def set_workers(self, chance: int, other: int) -> None:
        self.workers = (PROCESSES if other % 8 == 0 else WORKERS)[chance % (1 if other % 8 == 0 else len(WORKERS))]

    def set_strategy(self, chance: int, _other: int) -> None:
        self.strategy = ("stat", "content")[chance % 2]

    def upgrade(self, chance: int, _other: int) -> None:
        """Another version, and the numbers that it finds are others."""
        cg.__version__ = f"1.0.{chance % 3}"

    # To the cache

    def packs(self) -> list[Path]:
        return sorted(path for path in self.cache.rglob("*") if path.is_file()) if self.cache.is_dir() else []

    def flip(self, chance: int, other: int) -> None:
        packs = [path for path in self.packs() if path.stat().st_size]
        if packs:
            path = packs[chance % len(packs)]
            data = bytearray(path.read_bytes())
            data[other % len(data)] ^= 1 << chance % 8
            path.write_bytes(data)

    def truncate(self, chance: int, other: int) -> None:
        packs = self.packs()
        if packs:
            path = packs[chance % len(packs)]
            os.truncate(path, other % (path.stat().st_size + 1))

    def snapshot(self, *_: int) -> None:
        """The cache as it is now, to come back later: as a CI service restores it."""
        if self.cache.is_dir() and len(self.snapshots) < 4:
            target = self.room / f"snapshot{len(self.snapshots)}"
            shutil.copytree(self.cache, target)
            self.snapshots.append(target)

    def restore(self, chance: int, _other: int) -> None:
        if self.snapshots:
            shutil.rmtree(self.cache, ignore_errors=True)
            shutil.copytree(self.snapshots[chance % len(self.snapshots)], self.cache)

    def foreign(self, chance: int, _other: int) -> None:
        """A cache from another machine or user: another key, or a pack under another's name."""
        packs = self.packs()
        if chance % 2 and self.cache.is_dir():
            (self.cache / "key").write_bytes(bytes(32))
        elif packs:
            packs[chance // 2 % len(packs)].write_bytes(packs[chance % len(packs)].read_bytes())

    def clean(self, *_: int) -> None:
        shutil.rmtree(self.cache, ignore_errors=True)

    # Runs that fail

    def full_disk(self, chance: int, _other: int) -> None:
        """No room for more than so many bytes."""
        room = [chance % 6000]

        class Full(io.FileIO):
            def write(self, data):
                room[0] -= len(data)
                if room[0] < 0:
                    raise OSError(errno.ENOSPC, "No space left on device")
                return super().write(data)

        self.with_opener(lambda path, mode, opener: Full(opener(path, 0), "wb"))

    def read_only(self, *_: int) -> None:
        def refuse(*_: object) -> None:
            raise OSError(errno.EROFS, "Read-only file system")

        self.with_opener(refuse)

    def with_opener(self, opener) -> None:
        """A run for which files of the cache are opened like that."""

        def opened(path, mode="r", *args, **more):
            if more.get("opener") is cg.new_file:
                return opener(path, mode, cg.new_file)
            return open(path, mode, *args, **more)

        cg.open = opened
        try:
            self.compare()
        finally:
            del cg.open

    def killed(self, chance: int, _other: int) -> None:
        """kill -9 when so many bytes of the cache are written, or just before it gets its name."""
        child = os.fork()
        if not child:
            written, add, replace = [0], cg.PackWriter.add, os.replace

            def adding(writer, data):
                written[0] += len(data)
                if written[0] > chance % 5000:
                    writer.file.write(data[: len(data) // 2])
                    writer.file.flush()
                    os._exit(9)
                return add(writer, data)

            def replacing(*names):
                if chance % 3 == 0:
                    os._exit(9)
                replace(*names)

            cg.PackWriter.add, cg.os.replace = adding, replacing
            with contextlib.suppress(BaseException):
                self.ask([])
            os._exit(0)
        os.waitpid(child, 0)
        self.compare()

    def two_at_once(self, chance: int, other: int) -> None:
        child = os.fork()
        if not child:
            with contextlib.suppress(BaseException):
                time.sleep(chance % 20 / 1000)
                self.ask([])
            os._exit(0)
        self.write(chance, other)
        self.compare(settled=False)
        os.waitpid(child, 0)

    # Runs

    def ask(self, more: list[str]) -> Answer:
        out = Path(tempfile.mkdtemp(prefix="out-", dir=self.room))
        os.chdir(self.project)
        arguments = [".", "--fail-on", "warning", "--allow-empty", *self.flags, *self.workers, *more]
        for form in self.formats:
            arguments += ["--report", f"{form}={out / form}"]
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            code = cg.main(arguments)
        answer = Answer(code, out, said.getvalue().replace(str(out), "OUT"))
        shutil.rmtree(out)
        return answer

    def compare(self, settled: bool = True) -> None:
        warm = self.ask(["--cache-dir", str(self.cache), "--cache-strategy", self.strategy])
        cold = self.ask(["--no-cache"])
        difference = warm.differs(cold)
        assert not difference, difference
        if settled:
            left = [path.name for path in self.packs() if path.name.endswith(cg.NEW_SUFFIX)]
            assert len(left) < 40, left
        self.steps += 1


CHANGES = (
    "write", "write", "same_size", "touch", "rename", "swap", "delete", "rights", "link", "link_folder", "folder", "configure",
    "ignore", "attributes", "repository", "record_baseline", "set_formats", "set_flags", "set_workers", "set_strategy",
    "upgrade", "flip", "truncate", "snapshot", "restore", "foreign", "clean", "full_disk", "read_only", "killed", "two_at_once",
)  # fmt: skip
NUMBERS = strategies.integers(0, 1 << 20)


class Machine(stateful.RuleBasedStateMachine):
    KIND = Warm
    taken = 0  # steps of all machines
    hits: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.version, self.racy = cg.__version__, cg.RACY
        cg.RACY = YOUNG
        self.warm = self.KIND()

    @stateful.rule(change=strategies.sampled_from(CHANGES), chance=NUMBERS, other=NUMBERS)
    def step(self, change: str, chance: int, other: int) -> None:
        getattr(self.warm, change)(chance, other)
        self.warm.compare()
        if chance % 4 == 0:
            time.sleep(2 * YOUNG / 1e9)  # what is older than that is believed by its stamp
            self.warm.compare()
            self.warm.compare()

    @classmethod
    def told(cls) -> str:
        """What else there is to say of the comparisons so far."""
        return f"; {dict(Machine.hits)}"

    def teardown(self) -> None:
        Machine.taken += self.warm.steps
        Machine.hits += self.warm.hits
        cg.__version__, cg.RACY = self.version, self.racy
        self.warm.close()


def run(examples: int, steps: int, machine: type[Machine] = Machine) -> int:
    """So many projects, so many changes of each; how many comparisons that were."""
    Machine.taken, Machine.hits = 0, Counter()
    settings = hypothesis.settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck), print_blob=True,
    )  # fmt: skip
    stateful.run_state_machine_as_test(machine, settings=settings)
    return Machine.taken


def main(machine: type[Machine] = Machine) -> int:
    """As many comparisons as the command line wants, and what they came to."""
    wanted, taken, began = int(sys.argv[1]) if len(sys.argv) > 1 else 1000, 0, time.time()
    while taken < wanted:
        taken += run(examples=2, steps=50, machine=machine)
        print(f"{taken:,} comparisons, {time.time() - began:,.0f} s{machine.told()}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
