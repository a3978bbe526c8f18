#!/usr/bin/env python3
"""Hurt the program at random moments and hold every run to what it promises (Linux, root for some faults).

    python scripts/soak.py [--seconds 60] [--seed N] [--only FAULT,…] [--binary FILE] [--list]

Each run takes a fault, an executor and a number of workers by chance. Whatever happens: it ends in time, the exit code
is one that the fault allows, a report is whole or not there, every file that the fault left alone has its right result
and the others are right or named, no temporary file and no process stays, and nobody sees a traceback. A failed run is
told with its seed; `--seed N --runs 1` repeats it, as far as chance lies with us and not with the scheduler.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ["COMPLEXITY_GUARD_CACHE"] = "0"  # each run is to do all of its work
EXECUTORS = [  # arguments, and whether workers are processes
    (["--executor", "process", "--start-method", "fork", "--threads", "2"], True),
    (["--executor", "process", "--start-method", "fork", "--threads", "5"], True),
    (["--executor", "process", "--start-method", "spawn", "--threads", "2"], True),
    (["--executor", "thread", "--threads", "3"], False),
    (["--executor", "serial"], False),
]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(ROOT / "out/pycache")}
BOUND = 60.0  # seconds: the machine is slow and shared; nothing here may take even a third of it
SIGNAL_BOUND = 5.0  # a second is the promise; see `slowest`
INTERRUPTED = {130, 143, 129, -signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP}
ALL_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Run:
    """One run of the program, and what its fault allows."""

    dice: random.Random
    folder: Path  # the sources: this run's own copy
    room: Path  # for the report, and for temporary files
    command: list[str]
    forks: bool
    length: float  # seconds that such a run takes
    codes: set[int] = field(default_factory=lambda: {0})
    touched: set[str] = field(default_factory=set)  # files that may be named as skipped
    may_lack_report: bool = False
    may_leave: bool = False  # a report's temporary file, once the program was killed
    words: str = ""  # that have to be in what it says
    fault: str = ""
    said: str = ""
    process: subprocess.Popen | None = None
    setup: Callable[[], None] | None = None
    prefix: list[str] = field(default_factory=list)
    sent: float = 0.0
    took: float = 0.0
    closed: str = ""  # redirections

    @property
    def report(self) -> Path:
        return self.room / "out" / "report.json"

    def start(self) -> None:
        environment = {**ENVIRONMENT, "TMPDIR": str(self.room / "tmp"), "SOAK": self.mark}
        options = ["--fail-on", "none", "-f", "json", "-o", str(self.report)]
        command = [*self.prefix, *self.command, str(self.folder), *options]
        if self.closed:
            command = ["sh", "-c", f'exec "$@" {self.closed}', "sh", *command]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "errors": "replace"}
        self.process = subprocess.Popen(command, cwd=self.folder, env=environment, preexec_fn=self.setup, **pipes)

    @property
    def mark(self) -> str:
        return self.room.name

    def sleep(self, most: float = 1.0) -> None:
        """Until a random moment of the run."""
        time.sleep(self.dice.random() * self.length * most)

    def children(self) -> list[int]:
        """The workers: not multiprocessing's tracker of semaphores, whose death Python itself reports."""
        try:
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
            found = [int(word) for word in children.split()]
            return [pid for pid in found if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]
        except OSError:
            return []

    def wait_for_children(self) -> list[int]:
        end = time.monotonic() + 10
        while time.monotonic() < end and self.process.poll() is None and not self.children():
            time.sleep(0.002)
        return self.children()

    def signal(self, number: int) -> None:
        self.sent = self.sent or time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


# ── Faults: each starts the run, and says what is allowed then ───────────────────────────────────────────────────────


def nothing(run: Run) -> None:
    run.start()


def kill_one(run: Run) -> None:
    run.start()
    run.wait_for_children()
    run.sleep()
    for child in run.dice.sample(children := run.children(), min(1, len(children))):
        kill(child)


def kill_all(run: Run) -> None:
    run.start()
    run.wait_for_children()
    run.sleep()
    for child in run.children():
        kill(child)


def kill_again_and_again(run: Run) -> None:
    """What is killed twice alone is named, rightly: any file may be."""
    run.codes |= {4}
    run.touched |= set(os.listdir(run.folder))
    run.start()
    run.wait_for_children()
    for _ in range(run.dice.randint(2, 12)):
        time.sleep(run.dice.random() * 0.15)
        for child in run.children():
            if run.dice.random() < 0.5:
                kill(child)


def stop_a_worker(run: Run) -> None:
    """A worker that stands still: its file's time limit ends it."""
    run.command += ["--file-timeout", "1"]
    run.codes |= {4}
    run.touched |= set(os.listdir(run.folder))
    run.start()
    run.wait_for_children()
    run.sleep()
    for child in run.children()[:1]:
        try:
            os.kill(child, signal.SIGSTOP)
        except ProcessLookupError:
            pass


def change_files(run: Run) -> None:
    """Between discovery and reading, or at any other moment."""
    ways: list[Callable[[Path], object]] = [
        lambda path: None,
        lambda path: path.mkdir(),
        os.mkfifo,
        lambda path: path.symlink_to("nowhere.ts"),
        lambda path: path.symlink_to(path.name),
        lambda path: path.write_bytes(b"\0\x80" * 4000),
        lambda path: path.symlink_to("/proc/self/mem"),
        lambda path: path.symlink_to("/dev/zero"),
    ]
    names = run.dice.sample(sorted(os.listdir(run.folder)), run.dice.randint(1, 60))
    run.touched |= set(names)
    run.codes |= {4}
    run.start()
    if run.forks and run.dice.random() < 0.7:
        run.wait_for_children()
    else:
        run.sleep()
    for name in names:
        (run.folder / name).unlink()
        run.dice.choice(ways)(run.folder / name)


def remove_folder(run: Run) -> None:
    """All of it, working directory included."""
    run.touched |= set(os.listdir(run.folder))
    run.codes |= {3, 4}
    run.may_lack_report = True
    run.start()
    run.sleep()
    shutil.rmtree(run.folder)


def signalled(run: Run) -> None:
    run.codes |= INTERRUPTED
    run.may_lack_report = True
    run.start()
    run.sleep(1.1)
    run.signal(run.dice.choice(ALL_SIGNALS))


def signalled_twice(run: Run) -> None:
    signalled(run)
    for _ in range(run.dice.randint(1, 5)):
        time.sleep(run.dice.random() * run.dice.choice((0, 0.003, 0.05)))
        run.signal(run.dice.choice(ALL_SIGNALS))


def group_signalled(run: Run) -> None:
    """As a terminal does: Ctrl-C reaches the workers, too."""
    before = run.setup
    run.setup = lambda: (before() if before else None, os.setpgid(0, 0))
    run.codes |= INTERRUPTED
    run.may_lack_report = True
    run.start()
    run.sleep(1.1)
    run.sent = time.monotonic()
    for _ in range(run.dice.randint(1, 3)):
        if run.process.poll() is None:
            os.killpg(run.process.pid, run.dice.choice((signal.SIGINT, signal.SIGHUP, signal.SIGINT, signal.SIGTERM)))
            time.sleep(run.dice.random() * 0.02)


def kill_parent(run: Run) -> None:
    run.codes |= {-signal.SIGKILL}
    run.may_lack_report = run.may_leave = True
    run.start()
    run.sleep()
    run.process.kill()


def limited(what: int, low: int, high: int) -> Callable[[Run], None]:
    def fault(run: Run) -> None:
        value = run.dice.randint(low, high)
        before = run.setup
        run.setup = lambda: (before() if before else None, resource.setrlimit(what, (value, value)))
        run.codes |= {1, 3, 4, 120, 126, 127, -signal.SIGABRT}  # below, the interpreter itself does not start
        run.touched |= set(os.listdir(run.folder))
        run.may_lack_report = True
        run.words = f"limit {value}"
        run.start()

    return fault


def few_processes(run: Run) -> None:
    """Fork fails with EAGAIN: nobody may not have more."""
    most, rights = run.dice.randint(1, 9), "+dac_override,+dac_read_search"
    nobody = ["setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps", rights, "--ambient-caps", rights]
    run.prefix = [*nobody, "prlimit", f"--nproc={most}:{most}"]
    run.start()


def small_disk(where: str) -> Callable[[Run], None]:
    def fault(run: Run) -> None:
        size = run.dice.choice((4, 16, 64, 200, 500, 1000, 2000))
        place = run.room / where
        steps = [
            f'mount -t tmpfs -o size={size}k none {place} || exit 99; "$@"; code=$?',
            f'ls -A {place} | grep -v "^report.json$" | sed "s/^/LEFT /"',
            f"cp {place}/report.json {run.room}/saved.json 2>/dev/null",
            "exit $code",
        ]
        run.prefix = ["unshare", "-m", "sh", "-c", "; ".join(steps), "sh"]
        run.codes |= {4} if where == "out" else set()
        run.may_lack_report = True
        run.start()

    return fault


def closed_streams(run: Run) -> None:
    run.closed = " ".join(run.dice.sample(["<&-", ">&-", "2>&-"], run.dice.randint(1, 3)))
    run.start()


def deaf_reader(run: Run) -> None:
    """Nobody reads what it says, and then the reader goes."""
    run.command += ["--report", "ndjson=-"]
    run.may_lack_report = True
    run.codes |= {0}
    run.start()
    run.process.stdout.read(run.dice.choice((0, 1, 4000, 70_000)))
    run.process.stdout.close()


def without_shm(run: Run) -> None:
    run.prefix = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o ro none /dev/shm || exit 99; exec "$@"', "sh"]
    run.start()


FAULTS: dict[str, Callable[[Run], None]] = {
    "nothing": nothing,
    "kill-one": kill_one,
    "kill-all": kill_all,
    "kill-again": kill_again_and_again,
    "stop": stop_a_worker,
    "files": change_files,
    "folder": remove_folder,
    "signal": signalled,
    "signals": signalled_twice,
    "group": group_signalled,
    "kill-parent": kill_parent,
    "memory": limited(resource.RLIMIT_AS, 60 << 20, 1500 << 20),
    "descriptors": limited(resource.RLIMIT_NOFILE, 3, 40),
    "file-size": limited(resource.RLIMIT_FSIZE, 0, 3 << 20),
    "processes": few_processes,
    "full-output": small_disk("out"),
    "full-tmp": small_disk("tmp"),
    "closed": closed_streams,
    "pipe": deaf_reader,
    "shm": without_shm,
}
PROCESSES_ONLY = {"kill-one", "kill-all", "kill-again", "stop"}


# ── Checks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def wrong(run: Run, expected: dict[str, dict]) -> Iterator[str]:
    """What this run did against its promises."""
    try:
        out, said = run.process.communicate(timeout=BOUND)
    except subprocess.TimeoutExpired:
        run.process.kill()
        yield f"not over after {BOUND:g} s"
        out, said = "", ""
    except ValueError:  # our end of the pipe is closed
        said = run.process.stderr.read()
        out, _ = "", run.process.wait(BOUND)
    if run.sent:
        run.took = time.monotonic() - run.sent
        if run.took > SIGNAL_BOUND:
            yield f"a signal took {run.took:.1f} s"
    if run.process.returncode not in run.codes:
        yield f"exit code {run.process.returncode}"
    for word in ("Traceback", "Exception ignored", "Error in", "Fatal Python", "most recent call", "leaked"):
        if word in said and not is_pythons(run, said):
            yield "a traceback"
            break
    yield from left_processes(run)
    yield from left_files(run, out or "")
    report = run.report if run.report.exists() else run.room / "saved.json"
    if report.exists():
        yield from wrong_report(run, report, expected)
    elif not run.may_lack_report:
        yield "no report"
    run.said = said


def is_pythons(run: Run, said: str) -> bool:
    """What Python says by itself: Ctrl-C before our first line, or its tracker of semaphores, their owner killed."""
    interrupted = said.endswith("KeyboardInterrupt\n") and 'complexity_guard.py", line' not in said
    return interrupted or ("leaked semaphore" in said and run.may_leave)


def left_processes(run: Run) -> Iterator[str]:
    end = time.monotonic() + (6 if run.process.returncode == -signal.SIGKILL else 1.5)
    while (left := marked(run.mark)) and time.monotonic() < end:
        time.sleep(0.05)
    if left:
        yield f"processes left: {left}"
        for pid in left:
            kill(pid)


def marked(mark: str) -> list[int]:
    found, wanted = [], f"SOAK={mark}".encode()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if wanted in Path(f"/proc/{name}/environ").read_bytes().split(b"\0"):
                    found.append(int(name))
            except OSError:
                pass
    return found


def left_files(run: Run, out: str) -> Iterator[str]:
    left = [*os.listdir(run.room / "tmp"), *(name for name in os.listdir(run.room / "out") if name != "report.json")]
    left += [line for line in out.splitlines() if line.startswith("LEFT")]
    if left and not run.may_leave:
        yield f"files left: {left}"


def wrong_report(run: Run, path: Path, expected: dict[str, dict]) -> Iterator[str]:
    try:
        report = json.loads(path.read_text())
    except ValueError as error:
        yield f"half a report: {error}"
        return
    files = {entry["path"]: entry for entry in report["files"]}
    skipped = {entry["path"]: entry["reason"] for entry in report["skipped"]}
    for name, entry in expected.items():
        if name in run.touched:
            if (
                name not in files
                and name not in skipped
                and "." not in skipped
                and run.folder.exists()
                and not run.may_lack_report
            ):
                if (run.folder / name).is_file():
                    yield f"{name} is neither reported nor named"
        elif name not in files:
            yield f"{name} was lost ({skipped.get(name, 'not named')})"
        if (
            name in files
            and files[name] != entry
            and (name not in run.touched or "syntax" not in json.dumps(files[name]))
        ):
            yield f"{name} has another result"
    if bool(skipped) != (run.process.returncode == 4) and run.process.returncode >= 0:
        yield f"{len(skipped)} skipped and exit code {run.process.returncode}"
    if files.keys() & skipped.keys():
        yield f"both reported and skipped: {sorted(files.keys() & skipped.keys())}"


# ── The soak ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def source(seed: int, functions: int) -> str:
    dice = random.Random(seed)
    bodies = ("if (a && b) c();", "for (const x of y) { while (x) z(); }", "q ??= a ? b : c;")
    return "\n".join(
        f"export function f{seed}_{i}(a = 1, b) {{ {' '.join(dice.choices(bodies, k=dice.randint(1, 6)))} }}"
        for i in range(functions)
    )


def make_sources(folder: Path) -> None:
    folder.mkdir(parents=True)
    for i in range(120):
        (folder / f"f{i:03}.ts").write_text(source(i, 90 if i % 40 else 2500))


def soak(options: argparse.Namespace, work: Path) -> int:
    origin = work / "origin"
    make_sources(origin)
    subjects = [[sys.executable, "-m", "complexity_guard"]]
    subjects += [[str(Path(options.binary).resolve())]] if options.binary else []
    expected, lengths = measured(subjects, origin, work)
    names = options.only.split(",") if options.only else list(FAULTS)
    end, seed, counts, failures, slowest = time.monotonic() + options.seconds, options.seed, Counter(), 0, 0.0
    runs = 0
    while time.monotonic() < end and (not options.runs or runs < options.runs):
        run = prepared(random.Random(seed), seed, origin, work, subjects, lengths, names)
        FAULTS[run.fault](run)
        problems = list(wrong(run, expected))
        counts[run.fault] += 1
        slowest = max(slowest, run.took)
        if problems:
            failures += 1
            ended = f"{' '.join(run.command)} {run.closed} -> {run.process.returncode}"
            print(f"seed {seed}: {run.fault} {run.words}: {ended}")
            print(f"    {'; '.join(problems)[:600]}\n    {run.said[-1500:]!r}", flush=True)
        shutil.rmtree(run.room, ignore_errors=True)
        seed, runs = seed + 1, runs + 1
    print(f"{runs} runs, {failures} failed; the slowest answer to a signal took {slowest:.2f} s; {dict(counts)}")
    return 1 if failures else 0


def measured(subjects: list[list[str]], origin: Path, work: Path) -> tuple[dict[str, dict], dict[str, float]]:
    """What is right, and how long it takes."""
    expected: dict[str, dict] = {}
    lengths = {}
    for subject in subjects:
        for executor, _ in EXECUTORS:
            started = time.monotonic()
            command = [*subject, str(origin), "-f", "json", "--fail-on", "none", *executor]
            done = subprocess.run(command, capture_output=True, cwd=origin, env=ENVIRONMENT, check=True)
            lengths[str((subject, executor))] = time.monotonic() - started
            found = {entry["path"]: entry for entry in json.loads(done.stdout)["files"]}
            assert not expected or found == expected
            expected = found
    return expected, lengths


def prepared(
    dice: random.Random, seed: int, origin: Path, work: Path, subjects: list, lengths: dict, names: list[str]
) -> Run:
    fault, subject = dice.choice(names), dice.choice(subjects)
    executor, forks = dice.choice(EXECUTORS[:3] if fault in PROCESSES_ONLY else EXECUTORS)
    room = work / f"run{os.getpid()}-{seed}"
    shutil.copytree(origin, room / "src")
    for name in ("out", "tmp"):
        (room / name).mkdir()
        (room / name).chmod(0o777)
    return Run(dice, room / "src", room, [*subject, *executor], forks, lengths[str((subject, executor))], fault=fault)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--runs", type=int, default=0)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--only", default="")
    options.add_argument("--binary", default="")
    options.add_argument("--list", action="store_true")
    chosen = options.parse_args()
    if chosen.list:
        print(*FAULTS, sep="\n")
        return 0
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    folder.chmod(0o755)
    try:
        return soak(chosen, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
