"""The rooms that come late in the static binary: what is cut out of the program, and that the rest does without it."""

from __future__ import annotations

import _imp
import ast
import json
import marshal
import subprocess
import sys
import textwrap
import threading
import types
import zlib
from pathlib import Path

import pytest
from conftest import ROOT

import frozen_modules
import late

PROGRAM = '''
"""What it does."""
from __future__ import annotations
import sys
LIMIT = 3
def leave(): pass
def run_command_line(word):
    return ACTIONS[word](LIMIT) if word in ACTIONS else shared(word)
def shared(word): return f"shared {word}"
def draw(number, *more, **named):
    """A door."""
    return Picture(number, *more, **named).text + shared(NAMES[number])
class Picture(Base if False else object):
    count = 0
    def __init__(self, number, sign="!"):
        Picture.count += 1
        self.text = sign * number
class Slow:
    def __init__(self): self.name = NAMES[0]
NAMES = {0: "zero", 3: shared("three")}
NAMES[1] = "one"
ACTIONS = {"draw": draw, "slow": lambda _: Slow()}
def again(depth): return again(depth - 1) if depth else draw(1)
'''


def opened(monkeypatch, source=PROGRAM, doors=("draw", "Slow")) -> types.ModuleType:
    """The program as the binary starts it, before a door is opened."""
    first, rest = late.split(ast.parse(source), doors)
    data = zlib.compress(frozen_modules.compiled(rest, "complexity_guard"), 9)
    find = _imp.find_frozen

    def find_late(name, *, withdata=False):
        return (memoryview(data), False, name) if name == frozen_modules.LATE else find(name, withdata=withdata)

    monkeypatch.setattr(_imp, "find_frozen", find_late)
    module = types.ModuleType("started")
    monkeypatch.setitem(sys.modules, "started", module)
    exec(marshal.loads(frozen_modules.compiled(first, "complexity_guard")), module.__dict__)
    return module


def test_what_no_door_hides_is_there_and_runs_without_the_rest(monkeypatch):
    module = opened(monkeypatch)
    assert module.run_command_line("x") == "shared x"
    assert module._late_is_here == []
    assert {"LIMIT", "shared", "ACTIONS"} <= module.__dict__.keys()
    assert {"Picture", "again"}.isdisjoint(module.__dict__)


def test_a_door_brings_the_rest_and_goes_on(monkeypatch):
    module = opened(monkeypatch)
    assert module.ACTIONS["draw"](3, sign="?") == "???shared shared three"
    assert module.Picture.count == 1 and module._late_is_here == [True]
    assert (module.draw.__name__, module.draw.__qualname__, module.draw.__module__) == ("draw", "draw", "started")
    assert not [name for name in module.__dict__ if name.startswith("_behind_")]
    assert module.ACTIONS["draw"](0) == "shared zero"  # by the old door


def test_a_class_can_be_a_door_if_it_is_only_called(monkeypatch):
    module = opened(monkeypatch)
    assert type(module.run_command_line("slow")) is module.Slow
    asked = PROGRAM + "\ndef leave(): return Slow.__name__\n"
    with pytest.raises(SystemExit, match="Slow is a door, and this does not call it"):
        late.split(ast.parse(asked), ("Slow",))


def test_a_late_name_is_an_attribute_and_no_other_is(monkeypatch):
    module = opened(monkeypatch)
    with pytest.raises(AttributeError):
        _ = module.__path__
    assert module._late_is_here == []
    assert module.Picture(2).text == "!!"
    with pytest.raises(AttributeError, match="'started' has no attribute 'nothing'"):
        _ = module.nothing


def test_a_door_that_is_not_there_stops_the_build():
    with pytest.raises(SystemExit, match="no function or class of the program: nowhere"):
        late.split(ast.parse(PROGRAM), ("draw", "nowhere"))


def test_threads_that_come_to_doors_at_once_find_one_of_everything(monkeypatch):
    """Each sees the same class, and a door leads nowhere before all of what is behind it is there."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(20):
            module = opened(monkeypatch, PROGRAM + "".join(f"\nFILLER{n} = {n}" for n in range(300)))
            found: list[object] = []
            start = threading.Barrier(4)

            def enter(module=module, found=found, start=start):
                start.wait()
                found.append((module.ACTIONS["draw"](3), module.Picture))

            threads = [threading.Thread(target=enter) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert found == [("!!!shared shared three", module.Picture)] * 4
            assert module.Picture.count == 4
    finally:
        sys.setswitchinterval(before)


# The program itself, as the binary holds it: the first part alone, and both.
STARTED = """
import _imp, marshal, sys, types, zlib
folder, *arguments = sys.argv[1:]
def part(name):
    with open(f"{folder}/{name}", "rb") as file:
        return file.read()
real = _imp.find_frozen
def find(name, withdata=False):
    if name != "complexity_guard_late":
        return real(name, withdata=withdata)
    sys.stderr.write("the rest comes\\n")
    return memoryview(zlib.compress(part("late"))), False, name
_imp.find_frozen = find
module = sys.modules["complexity_guard"] = types.ModuleType("complexity_guard")
exec(marshal.loads(part("early")), module.__dict__)
sys.exit(module.run_command_line(arguments))
"""


@pytest.fixture(scope="module")
def parts(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("parts")
    first, rest = late.split(ast.parse((ROOT / "complexity_guard.py").read_text("utf-8")))
    (folder / "early").write_bytes(frozen_modules.compiled(first, "complexity_guard"))
    (folder / "late").write_bytes(frozen_modules.compiled(rest, "complexity_guard"))
    (folder / "a.ts").write_text("import { b } from './b';\nexport const a = (x: number) => (x ? b(x) : 0);\n")
    (folder / "b.ts").write_text("export function b(x: number) { return x && b(x - 1); }\n")
    past = {
        "files": [{"path": "b.ts", "commits": 2}],
        "functions": [{"path": "b.ts", "qualified_name": "b", "commits": 2}],
    }
    (folder / "past.json").write_text(json.dumps(past))
    return folder


def started(parts: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", textwrap.dedent(STARTED), str(parts), *arguments]
    return subprocess.run(command, cwd=parts, capture_output=True, text=True, timeout=120)


def test_a_third_of_the_program_comes_late(parts):
    early, rest = ((parts / name).stat().st_size for name in ("early", "late"))
    assert rest / (early + rest) > 0.33


@pytest.mark.needs("kernel")
@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("console", "passed\n  2 files, 2 functions"),
        ("json", '"path": "a.ts"'),
        ("sarif", '"totalFunctions": 2'),
        ("markdown", "ComplexityGuard passed"),
    ],
)
def test_a_run_needs_nothing_of_it(parts, form, says):
    done = started(parts, "a.ts", "b.ts", "--format", form, "--no-cache", "--threads", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert says in done.stdout


@pytest.mark.needs("kernel")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--duplication", "a.ts"), "Duplication 0.0 %"),
        (("--graph", "-f", "json", "a.ts", "b.ts"), '"fan_in": 1'),
        (("--help",), "Usage: complexity-guard"),
        (("graph", "a.ts", "b.ts"), "Files: 2"),
        (("explain", "b.ts:b"), "cyclomatic"),
        (("hotspots", "--history", "past.json", "-f", "sarif", "--no-cache"), '"ruleId": "priority"'),
        (("next", "--history", "past.json", "-f", "junit", "--no-cache"), "<testsuites"),
    ],
)
def test_what_is_asked_for_beyond_that_brings_it(parts, arguments, says):
    done = started(parts, *arguments)
    assert done.stderr.count("the rest comes") == 1
    assert says in done.stdout
