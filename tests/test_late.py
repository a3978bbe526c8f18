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
import seldom

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


def opened(monkeypatch, source=PROGRAM, doors=("draw", "Slow"), needed=None) -> types.ModuleType:
    """The program as the binary starts it, before a door is opened; all of it is needed, if nothing else is said."""
    first, rest = late.split(ast.parse(source), doors)
    names = needed or {name for one in first for name in [getattr(one, "name", "")]} | {"Meter.add", "Meter.twice"}
    first, some = seldom.split(first, names)
    first = late.with_threshold(first)
    parts = {
        name: zlib.compress(frozen_modules.compiled(part, "complexity_guard"), 9)
        for name, part in zip(late.PARTS, (some, rest))
    }
    find = _imp.find_frozen

    def find_late(name, *, withdata=False):
        return (memoryview(parts[name]), False, name) if name in parts else find(name, withdata=withdata)

    monkeypatch.setattr(_imp, "find_frozen", find_late)
    module = types.ModuleType("started")
    monkeypatch.setitem(sys.modules, "started", module)
    exec(marshal.loads(frozen_modules.compiled(first, "complexity_guard")), module.__dict__)
    return module


def test_what_no_door_hides_is_there_and_runs_without_the_rest(monkeypatch):
    module = opened(monkeypatch)
    assert module.run_command_line("x") == "shared x"
    assert module._parts_here == []
    assert {"LIMIT", "shared", "ACTIONS"} <= module.__dict__.keys()
    assert {"Picture", "again"}.isdisjoint(module.__dict__)


def test_a_door_brings_the_rest_and_goes_on(monkeypatch):
    module = opened(monkeypatch)
    assert module.ACTIONS["draw"](3, sign="?") == "???shared shared three"
    assert module.Picture.count == 1 and module._parts_here == [*late.PARTS]
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
    assert module._parts_here == []
    assert module.Picture(2).text == "!!"
    with pytest.raises(AttributeError, match="'started' has no attribute 'nothing'"):
        _ = module.nothing


def test_a_door_that_is_not_there_stops_the_build():
    with pytest.raises(SystemExit, match="no function or class of the program: nowhere"):
        late.split(ast.parse(PROGRAM), ("draw", "nowhere"))


def test_what_a_signal_ended_begins_again(monkeypatch):
    def stop():
        raise KeyboardInterrupt

    ways = iter((stop, bool))
    monkeypatch.setattr(sys, "next_way", lambda: next(ways), raising=False)
    source = PROGRAM.replace("    return Picture(", "    WAY; return Picture(")
    module = opened(monkeypatch, f"{source}\nWAY = sys.next_way()()\n")
    with pytest.raises(KeyboardInterrupt):
        module.draw(1)
    assert module._parts_here == [late.PARTS[0]]
    assert module.draw(1) == "!shared one"


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


METERED = (
    PROGRAM
    + '''
class Meter:
    unit = "m"
    def __init__(self, value): self.value = value
    def add(self, more):
        """Called by all."""
        return self.total(self.value + more)
    def total(self, value, *, sign=""): return f"{sign}{value} {FACTORS[self.unit]}{self.unit}"
    def each(self):
        yield from named(self, [self.value])
    @property
    def half(self): return self.value / 2
    plus = add
class Long(Meter):
    unit = "km"
    def total(self, value, *, sign=""): return super().total(value, sign="long ")
    def each(self):
        yield "first"
        yield from Meter.each(self)
FACTORS = {"m": "1 ", "km": "1000 "}
def named(meter, values): return [meter.total(value) for value in values]
ACTIONS["meter"] = Meter
'''
)
NEEDED = frozenset(("leave", "run_command_line", "shared", "Meter.add"))


def test_a_method_that_is_seldom_called_comes_with_its_first_call(monkeypatch):
    module = opened(monkeypatch, METERED, needed=NEEDED)
    meter = module.run_command_line("meter")
    assert (meter.value, meter.half, module._parts_here, "FACTORS" in module.__dict__) == (3, 1.5, [], False)
    assert meter.plus(1) == "4 1 m"
    assert (module._parts_here, module.Meter.total.__name__) == ([late.PARTS[0]], "total")


def test_a_step_goes_to_the_class_it_stands_in(monkeypatch):
    """Not to the class of the object: what overrides a method may ask for it."""
    module = opened(monkeypatch, METERED, needed=NEEDED)
    assert list(module.Long(2).each()) == ["first", "long 2 1000 km"]


def test_a_function_that_is_seldom_called_is_a_door(monkeypatch):
    module = opened(monkeypatch, METERED, needed=NEEDED)
    assert module.named(module.Meter(5), [1]) == ["1 1 m"]
    assert module._parts_here == [late.PARTS[0]]
    assert module.draw(3) == "!!!shared shared three"
    assert module._parts_here == [*late.PARTS]


# The program itself, as the binary holds it: the first part alone, and both.
STARTED = """
import _imp, marshal, sys, types, zlib
folder, *arguments = sys.argv[1:]
def part(name):
    with open(f"{folder}/{name}", "rb") as file:
        return file.read()
real = _imp.find_frozen
def find(name, withdata=False):
    if name not in ("complexity_guard_seldom", "complexity_guard_late"):
        return real(name, withdata=withdata)
    sys.stderr.write(f"{name} comes\\n")
    return memoryview(zlib.compress(part(name))), False, name
_imp.find_frozen = find
module = sys.modules["complexity_guard"] = types.ModuleType("complexity_guard")
exec(marshal.loads(part("complexity_guard")), module.__dict__)
sys.exit(module.run_command_line(arguments))
"""


@pytest.fixture(scope="module")
def parts(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("parts")
    parts = seldom.parts(ast.parse((ROOT / "complexity_guard.py").read_text("utf-8")))
    for name, part in zip(("complexity_guard", *late.PARTS), parts):
        (folder / name).write_bytes(frozen_modules.compiled(part, "complexity_guard"))
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


def test_more_than_half_of_the_program_comes_later(parts):
    first, *rest = ((parts / name).stat().st_size for name in ("complexity_guard", *late.PARTS))
    assert first < 0.33 * (first + sum(rest))


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
def test_a_run_does_without_what_is_behind_doors(parts, form, says):
    done = started(parts, "a.ts", "b.ts", "--format", form, "--no-cache", "--threads", "1")
    assert (done.returncode, late.PARTS[1] in done.stderr) == (0, False)
    assert says in done.stdout


@pytest.mark.needs("kernel")
@pytest.mark.parametrize("form", ["console", "json", "compact"])
def test_a_run_on_one_file_does_without_what_is_seldom_called(parts, form):
    """If it does not any more, `make needed` lists anew what such a run calls."""
    done = started(parts, "a.ts", "--format", form, "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")


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
    assert done.stderr.splitlines() == [f"{name} comes" for name in late.PARTS]
    assert says in done.stdout
