"""Comparison: which function is which recorded one, whatever moves, is renamed or reformatted, and what became of it."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from baselines import BASELINE, HEADER, apply, changes, entries, run, write
from baselines import root as root
from conftest import ROOT
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from repository import CONFIG, Repo
from samples import CONFIGURATION, LIMITS, function

import complexity_guard as cg

# What is new, worse, better or gone

CHANGES = [
    # what is edited, (new, worse, better, gone), exit code
    ("one is worse", {"src/a.ts": function("one", 14) + function("two", 3) + function("three", 30)}, {"worse": 1}, 1),
    ("two is worse", {"src/a.ts": function("one", 12) + function("two", 11) + function("three", 30)}, {"new": 1}, 1),
    ("two is worse, a warning", {"src/a.ts": function("one", 12) + function("two", 7) + function("three", 30)}, {"new": 1}, 0),
    ("one is better", {"src/a.ts": function("one", 11) + function("two", 3) + function("three", 30)}, {"better": 1}, 0),
    ("one is fine", {"src/a.ts": function("one", 2) + function("two", 3) + function("three", 30)}, {"better": 1}, 0),
    ("one is gone", {"src/a.ts": function("two", 3) + function("three", 30)}, {"gone": 1}, 0),
    ("b is gone", {"src/b.ts": None}, {"gone": 1}, 0),
    ("a new one", {"src/c.ts": function("five", 20)}, {"new": 1}, 1),
    ("a new one among the old", {"src/b.ts": function("five", 20) + function("four", 15)}, {"new": 1}, 1),
    ("one is renamed", {"src/a.ts": function("uno", 12, mark="one") + function("two", 3) + function("three", 30)}, {}, 0),
    ("one is moved to b", {"src/a.ts": function("two", 3) + function("three", 30), "src/b.ts": function("four", 15) + function("one", 12)}, {}, 0),
    ("one is moved to c, renamed", {"src/a.ts": function("three", 30), "src/c.ts": function("uno", 12, mark="one")}, {}, 0),
    ("b is renamed", {"src/b.ts": None, "lib/c.ts": function("four", 15)}, {}, 0),
    ("b is renamed, four worse", {"src/b.ts": None, "lib/c.ts": function("four", 17)}, {"worse": 1}, 1),
    ("b becomes tsx", {"src/b.ts": None, "src/b.tsx": function("four", 15)}, {}, 0),
    ("one is moved to c and edited", {"src/a.ts": function("three", 30), "src/c.ts": function("one", 12, "a, b", mark="ein")}, {}, 0),
    ("one is moved to c and worse", {"src/a.ts": function("three", 30), "src/c.ts": function("one", 14)}, {"worse": 1}, 1),
    ("one is moved into another and edited",
     {"src/a.ts": "function outer() { " + function("one", 11) + "}\n" + function("three", 30)}, {"better": 1}, 0),
    ("one is moved and edited, and there are two now",
     {"src/a.ts": function("three", 30), "src/c.ts": function("one", 11), "src/d.ts": function("one", 10)}, {"new": 2, "gone": 1}, 1),
    ("one is moved, renamed and edited", {"src/a.ts": function("three", 30), "src/c.ts": function("uno", 11)}, {"new": 1, "gone": 1}, 1),
    ("one is copied", {"src/c.ts": function("one", 12)}, {"new": 1}, 1),
    ("one wraps what it was",
     {"src/a.ts": "function one() { inner(); }\n" + function("inner", 12, mark="one") + function("three", 30)}, {}, 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "expected", "code"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES]
)
def test_only_what_is_new_or_worse_counts(guard, root, edit, expected, code):
    write(guard, root)
    apply(root, edit)
    result = run(guard, root)
    found = changes(result)
    assert {word: found.get(word, 0) for word in ("new", "worse", "better", "gone")} == {
        "new": 0,
        "worse": 0,
        "better": 0,
        "gone": 0,
    } | expected
    assert result.code == code


def test_which_of_two_was_moved_and_edited_is_not_guessed(guard, root):
    apply(root, {"src/b.ts": function("four", 15) + function("one", 13)})
    write(guard, root)
    apply(root, {"src/a.ts": function("three", 30), "src/b.ts": function("four", 15), "src/c.ts": function("one", 11)})
    assert changes(run(guard, root)) == {"new": 1, "unchanged": 2, "known": 2, "gone": 2}


def test_names_that_many_functions_have_follow_nothing(guard, root):
    nameless = "list.map(" + function("", 12) + ");\n"
    apply(root, {"src/b.ts": function("four", 15) + nameless})
    write(guard, root)
    apply(root, {"src/b.ts": function("four", 15), "src/c.ts": nameless.replace("b3(", "c3(")})
    found = changes(run(guard, root))
    assert (found["new"], found["gone"]) == (1, 1)


def bound(name: str, ifs: int, mark: str) -> str:
    return f"const {name} = debounce({function('', ifs, mark=mark)});\n"


RENAMED = [
    # names and cyclomatic numbers of a baseline, the file now, (new, better, gone)
    ("by what a call is bound to", [("debounce callback", 13)], bound("save", 12, "x"), (0, 0, 0)),
    ("within what it is a part of", [("load", 13)], "const actions = {load: " + function("", 12, mark="x") + "};", (0, 0, 0)),
    ("in a function", [("load>map callback", 13)],
     "function load() { const rows = list.map(" + function("", 12, mark="x") + "); }", (0, 0, 0)),
    ("of several, the nearest", [("debounce callback", 13), ("debounce callback", 16)],
     bound("save", 15, "x") + bound("load", 12, "y"), (0, 0, 0)),
    ("a little better", [("debounce callback", 15)], bound("save", 12, "x"), (0, 1, 0)),
    ("other numbers", [("debounce callback", 20)], bound("save", 12, "x"), (1, 0, 1)),
    ("another function around it", [("load>map callback", 13)],
     "function store() { const rows = list.map(" + function("", 12, mark="x") + "); }", (1, 0, 1)),
    ("the function around it itself", [("load>map callback", 13)], function("load", 12, mark="x"), (1, 0, 1)),
    ("a declared name", [("load", 13)], function("save", 12, mark="x"), (1, 0, 1)),
    ("nothing that has findings", [("debounce callback", 13)], bound("save", 3, "x"), (0, 0, 1)),
    ("one entry for two", [("debounce callback", 13)], bound("save", 12, "x") + bound("load", 12, "y"), (1, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("recorded", "now", "expected"), [case[1:] for case in RENAMED], ids=[case[0] for case in RENAMED]
)
def test_callbacks_that_are_renamed_and_edited_at_once(guard, root, recorded, now, expected):
    lines = [
        {"path": "src/b.ts", "function": name, "nth": nth, "values": {"cyclomatic": value}, "body": "0" * 16}
        for nth, (name, value) in enumerate(recorded, 1)
    ]
    (root / BASELINE).write_text(HEADER + "".join(f"{json.dumps(line)}\n" for line in lines))
    apply(root, {"src/a.ts": None, "src/b.ts": now})
    found = changes(run(guard, root))
    assert (found.get("new", 0), found.get("better", 0), found.get("gone", 0)) == expected


def test_too_many_that_are_left_are_not_compared():
    entries = [cg.Entry("a.ts", f"f{n}>map callback", 1, "0", {"cyclomatic": 13}) for n in range(101)]
    pairing = cg.Pairing(entries, list(entries))
    cg.pair_renamed(pairing)
    assert not pairing.pairs
    pairing = cg.Pairing(entries[:100], entries[:100])
    cg.pair_renamed(pairing)
    assert len(pairing.pairs) == 100


# What reports say of it


def test_known_findings_stay_in_the_report(guard, root):
    write(guard, root)
    files = run(guard, root).json["files"]
    known = {f["name"]: f["known"] for file in files for f in file["functions"] if f.get("known")}
    assert {name: [(v["metric"], v["value"], v["delta"]) for v in found] for name, found in known.items()} == {
        "one": [("cyclomatic", 13, 0)], "three": [("cyclomatic", 31, 0)], "four": [("cyclomatic", 16, 0)],
    }  # fmt: skip
    assert all(f["status"] == "ok" and f["violations"] == [] for file in files for f in file["functions"])


def test_every_format_tells_by_how_much(guard, root):
    write(guard, root)
    apply(root, {"src/b.ts": function("four", 18)})
    formats = ("console", "sarif", "github", "gitlab", "markdown", "compact", "checkstyle", "junit", "rdjson")
    reports = [arg for format in formats for arg in ("--report", f"{format}=out.{format}")]
    guard(*reports, "--baseline", BASELINE, "src", cwd=root)
    assert {
        format: "+3 since baseline" in (root / f"out.{format}").read_text().replace("&#43;", "+") for format in formats
    } == dict.fromkeys(formats, True)
    (found,) = [v for file in run(guard, root).json["files"] for f in file["functions"] for v in f["violations"]]
    assert (found["value"], found["delta"], found["since"]) == (19, 3, "baseline")


def test_thousands_of_changes_read_as_other_numbers_do():
    """ "2,460 files ... 3800 new"."""
    changes = cg.Changes(new=3800, better=1, unchanged=12345, gone=9999, known=1000)
    since = cg.Comparison("baseline", "b.jsonl", write="b.jsonl")
    words = "since baseline: 3,800 new, 0 worse, 1 better, 12,345 unchanged, 9,999 gone (1,000 known findings)"
    assert cg.changes_words(changes, since) == words


def test_the_console_lists_what_got_better(guard, root):
    write(guard, root)
    apply(root, {"src/b.ts": function("four", 11), "src/a.ts": function("one", 12)})
    text = guard("--baseline", BASELINE, ".", cwd=root).out
    assert "cyclomatic 16 → 12" in text
    assert "0 new, 0 worse, 1 better, 1 unchanged, 1 gone" in text
    assert "--write-baseline" in text


def test_two_workers_say_what_one_says(guard, root):
    for index in range(40):
        apply(root, {f"src/f{index}.ts": function(f"f{index}", 12)})
    write(guard, root)
    for index in range(0, 40, 2):
        (root / f"src/f{index}.ts").rename(root / f"src/g{index}.ts")
    reports = [
        run(guard, root, "--threads", "2", "--executor", executor).json for executor in ("serial", "process", "thread")
    ]
    assert reports[0]["summary"]["changes"] == {
        "new": 0,
        "worse": 0,
        "better": 0,
        "unchanged": 43,
        "known": 43,
        "gone": 0,
        "allowed": 0,
    }
    assert reports[0]["files"] == reports[1]["files"] == reports[2]["files"]


# Line breaks are layout


def test_a_longer_layout_of_the_same_code_is_known(guard, project):
    limits = LIMITS | {"cyclomatic": {"warning": 5, "error": 10}, "line_count": {"warning": 3, "error": 6}}
    short = function("one", 12)
    root = project({".complexityguard.json": json.dumps({"analysis": {"thresholds": limits}}), "a.ts": short})
    write(guard, root)
    apply(root, {"a.ts": "\n".join(short.split(" "))})
    result = run(guard, root)
    assert (result.code, changes(result)) == (0, {"unchanged": 1, "known": 2})
    apply(root, {"a.ts": "\n".join(short.replace("b3(", "c3(").split(" "))})  # now the code is another
    result = run(guard, root)
    assert (result.code, changes(result)) == (1, {"worse": 1, "known": 1})


SPREAD = {
    "gate": ["structural"],
    "worse_by": {"line_count": 0, "file_length": 0},
    "analysis": {
        "thresholds": LIMITS | {"line_count": {"warning": 5, "error": 10}, "file_length": {"warning": 6, "error": 12}}
    },
}


def lines(name: str, count: int, more: str = "") -> str:
    return f"function {name}() {{\n" + "".join(f"  {name}{i}();\n" for i in range(count - 2)) + more + "}\n"


@pytest.fixture
def spread(guard, project):
    """A function of four lines, where five are allowed, in a file of five."""
    root = project({".complexityguard.json": json.dumps(SPREAD), "a.ts": lines("near", 4) + ";\n"})
    write(guard, root)
    return root


def test_what_layout_alone_lifts_above_a_limit_is_known(guard, spread):
    assert {key: (line.get("values"), line["path"]) for key, line in recorded(spread).items()} == {
        "<file>": (None, "a.ts"),
        "near": (None, "a.ts"),
    }
    assert changes(run(guard, spread)) == {}
    apply(spread, {"a.ts": None, "b.ts": lines("near", 4).replace("()", "(\n)") + ";\n"})
    result = run(guard, spread)
    assert (result.code, changes(result)) == (0, {"unchanged": 2, "known": 2})
    write(guard, spread)
    assert entries(spread) == {"b.ts <file>": {"file_length": 8}, "b.ts near": {"line_count": 7}}
    apply(spread, {"b.ts": lines("near", 4) + ";\n"})
    assert changes(run(guard, spread)) == {"better": 2}


def recorded(root: Path) -> dict[str, dict]:
    return {line["function"]: line for line in map(json.loads, (root / BASELINE).read_text().splitlines()[2::2])}


@pytest.mark.parametrize(("edit", "expected"), [
    ({"a.ts": lines("near", 6)}, {"new": 1}),  # not layout: two statements more
    ({"a.ts": None, "b.ts": lines("near", 6)}, {"new": 1}),
    ({"a.ts": None, "b.ts": lines("near", 2)}, {}),  # gone, or moved and edited: nobody asks
    ({"a.ts": lines("near", 5)}, {}),
    ({"a.ts": lines("other", 4)}, {}),
])  # fmt: skip
def test_what_is_only_near_a_limit_accepts_no_edit(guard, spread, edit, expected):
    apply(spread, edit)
    assert changes(run(guard, spread)) == expected


TYPED = "interface A {\n" + "".join(f"  f{i}: string | {{ a: number }};\n" for i in range(12)) + "}\n"


@pytest.mark.parametrize(("text", "expected"), [
    (TYPED.replace("}\n", "  more: number;\n}\n"), {"worse": 1}),  # types are no layout
    ("import { x } from 'x';\n" + TYPED, {"worse": 1}),
    (TYPED.replace("string |", "\n    | string\n    |").replace("number }", "number; }"), {"unchanged": 1, "known": 1}),
], ids=["a member", "an import", "layout"])  # fmt: skip
def test_a_file_of_types_that_grows_is_worse(guard, spread, text, expected):
    apply(spread, {"a.ts": TYPED})
    write(guard, spread, "--force")
    apply(spread, {"a.ts": text})
    assert changes(run(guard, spread)) == expected


def test_what_is_near_a_limit_does_not_mislead_what_was_moved_and_edited(guard, spread):
    apply(spread, {"a.ts": lines("near", 4), "old/c.ts": lines("near", 9, "  one();\n")})
    write(guard, spread, "--force")
    apply(spread, {"a.ts": ";\n", "old/c.ts": ";\n", "old/d.ts": lines("near", 9, "  two();\n")})
    found = {
        f["name"]: f["change"] for file in run(guard, spread).json["files"] for f in file["functions"] if "change" in f
    }
    assert found == {"near": "unchanged"}  # its file has grown, which is another thing


def test_commas_of_a_formatter_are_known(guard, project):
    limits = LIMITS | {"halstead_volume": {"warning": 10, "error": 20}}
    call = "function f() { return g(a1, b1, h(c1, d1)); }\n"
    root = project({".complexityguard.json": json.dumps({"analysis": {"thresholds": limits}}), "a.ts": call})
    write(guard, root)
    apply(root, {"a.ts": call.replace("))", ",),)")})
    assert changes(run(guard, root)) == {"unchanged": 1, "known": 1}
    apply(root, {"a.ts": call.replace("))", "), e1)")})
    assert changes(run(guard, root)) == {"worse": 1}


# Properties


class Fn(NamedTuple):
    """A function of a generated program."""

    name: str
    params: int
    body: tuple[str, ...]  # statements, without semicolons
    inner: tuple[Fn, ...]


STATEMENTS = (
    "use('x', 1)", "if (a) { b('y') }", "if (a) { if (b) { c() } }", "for (const i of list) { d(i) }", "const v = p && q || r",
    "while (a) { if (b) { for (;;) { e() } } }", "switch (a) { case 1: f(); break; case 2: g() }", "return `t${u}` ",
)  # fmt: skip
NAMES = ("alpha", "beta", "gamma", "delta")


def functions_of(depth: int):
    inner = st.lists(functions_of(depth - 1), max_size=2).map(tuple) if depth else st.just(())
    return st.builds(
        Fn,
        st.sampled_from(NAMES),
        st.integers(0, 5),
        st.lists(st.sampled_from(STATEMENTS), max_size=6).map(tuple),
        inner,
    )


PROGRAMS = st.lists(st.lists(functions_of(2), min_size=1, max_size=4), min_size=1, max_size=4)
STRICT = {"cyclomatic": (3, 6), "cognitive": (3, 6), "halstead_volume": (60, 120), "halstead_difficulty": (5, 9), "halstead_effort": (300, 900),
          "halstead_bugs": (0.03, 0.1), "line_count": (5, 10), "params_count": (2, 4), "nesting_depth": (1, 2), "export_count": (1, 2)}  # fmt: skip


class Layout:
    """One way to write a program down. All layouts have the same lines of code unless `wraps`: 1 for at most twice as many."""

    def __init__(self, seed: int, wraps: int = 0) -> None:
        self.random, self.wraps = random.Random(seed), wraps
        self.indent = self.random.choice(("", "  ", "\t"))
        self.end = self.random.choice((";", ""))
        self.quote = self.random.choice("'\"")

    def text(self, functions: list[Fn]) -> str:
        return "".join(f"export {self.function(f, 0)}{self.blank()}" for f in functions)

    def function(self, f: Fn, depth: int) -> str:
        params = ", ".join(f"p{i}" for i in range(f.params)) + self.random.choice(("", "," if f.params else ""))
        lines = [f"function {f.name}({params}) {{{self.remark()}\n"]
        lines += [self.statement(text, depth + 1) for text in f.body]
        lines += [self.indent * (depth + 1) + self.function(inner, depth + 1) for inner in f.inner]
        return "".join([*lines, self.indent * depth, "}\n"])

    def statement(self, text: str, depth: int) -> str:
        if self.wraps and self.random.random() < 0.5:
            text = (
                text.replace("{ ", "{\n").replace(" }", "\n}").replace("(", "(\n")
                if self.wraps > 1
                else text.replace("(", "(\n", 1)
            )
        return self.indent * depth + text.replace("'", self.quote) + self.end + self.remark() + "\n" + self.blank()

    def blank(self) -> str:
        return self.random.choice(("", "", "\n", "// a remark\n", "/* two\n lines */\n"))

    def remark(self) -> str:
        return self.random.choice(("", "", " // why", " /* so */", "   "))


def shuffled(functions: list[Fn], random: random.Random) -> list[Fn]:
    """Another order, on every level."""
    mixed = [f._replace(inner=tuple(shuffled(list(f.inner), random))) for f in functions]
    random.shuffle(mixed)
    return mixed


def worsened(f: Fn) -> Fn:
    """Eight more decisions on a line of their own that was there before: nothing else changes."""
    extra = " ".join(f"if (w{i}) x{i}()" + ";" for i in range(8))
    return f._replace(body=(f"{f.body[0]}; {extra}" if f.body else extra, *f.body[1:]))


class Box:
    """A folder that the program analyses in this process."""

    def __init__(self, folder: Path, limits: dict[str, tuple[float, float]], **analysis) -> None:
        self.folder = folder
        thresholds = {name: {"warning": low, "error": high} for name, (low, high) in limits.items()} | analysis.pop(
            "thresholds", {}
        )
        (folder / ".complexityguard.json").write_text(json.dumps({"analysis": {"thresholds": thresholds, **analysis}}))

    def run(self, files: dict[str, str], write: bool) -> dict[str, int]:
        for old in self.folder.glob("**/*.ts*"):
            old.unlink()
        apply(self.folder, files)
        here = os.getcwd()
        os.chdir(self.folder)
        try:
            flag = "--write-baseline" if write else "--baseline"
            extra = ["--force"] if write else []
            request = cg.parse_command_line(["--threads", "1", "--fail-on", "warning", flag, BASELINE, *extra, "."])
            collector, _ = cg.analysed(request.paths, cg.load_settings(request)._replace(reports=()))
            collected = collector.collected()
            assert collector.collected() == collected, "asked again, it answers the same"
            changes = collected.changes
            if write:
                cg.write_baseline(BASELINE, collected.entries)
            assert changes is not None
            return changes._asdict()
        finally:
            os.chdir(here)


@pytest.fixture(scope="module")
def box(tmp_path_factory):
    return Box(tmp_path_factory.mktemp("box"), STRICT)


@pytest.fixture(scope="module")
def long_box(tmp_path_factory):
    return Box(tmp_path_factory.mktemp("long"), STRICT | {"line_count": (0, 1)})


@pytest.fixture(scope="module")
def spread_box(tmp_path_factory):
    return Box(tmp_path_factory.mktemp("spread"), STRICT | {"file_length": (5, 10)})


@pytest.fixture(scope="module")
def clone_box(tmp_path_factory):
    limits = {f"{what}_{level}": 0 for what in ("file", "project") for level in ("warning", "error")}
    return Box(
        tmp_path_factory.mktemp("clones"),
        {},
        thresholds={"duplication": limits},
        metrics=["duplication"],
        duplication_enabled=True,
    )


MANY = settings(
    max_examples=int(os.environ.get("COMPLEXITY_GUARD_EXAMPLES", "20")), database=None, print_blob=True,
    phases=(Phase.explicit, Phase.generate),  # programs are small; to shrink them takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def names_of(program: list, seed: int) -> list[str]:
    folders = random.Random(seed)
    return [f"{folders.choice(('src', 'lib', 'app'))}/{seed}_{index}.ts" for index in range(len(program))]


@MANY
@given(program=PROGRAMS, seed=st.integers(0, 1 << 16))
def test_shuffling_renaming_files_and_reformatting_are_never_new(box, program, seed):
    chance = random.Random(seed)
    box.run({name: Layout(1).text(functions) for name, functions in zip(names_of(program, 0), program)}, write=True)
    moved = names_of(program, seed) if chance.random() < 0.5 else names_of(program, 0)
    texts = [Layout(seed + index).text(shuffled(functions, chance)) for index, functions in enumerate(program)]
    found = box.run(dict(zip(moved, texts)), write=False)
    assert (found["new"], found["worse"], found["gone"]) == (0, 0, 0)


@MANY
@given(program=PROGRAMS, seed=st.integers(0, 1 << 16))
def test_other_line_breaks_in_recorded_functions_are_never_new(long_box, program, seed):
    long_box.run(
        {name: Layout(1).text(functions) for name, functions in zip(names_of(program, 0), program)}, write=True
    )
    texts = [Layout(seed + index, wraps=2).text(functions) for index, functions in enumerate(program)]
    found = long_box.run(dict(zip(names_of(program, 0), texts)), write=False)
    assert (found["new"], found["worse"], found["gone"]) == (0, 0, 0)


@MANY
@given(program=PROGRAMS, seed=st.integers(0, 1 << 16))
def test_up_to_twice_the_lines_are_never_new(spread_box, program, seed):
    spread_box.run(
        {name: Layout(1).text(functions) for name, functions in zip(names_of(program, 0), program)}, write=True
    )
    texts = [Layout(seed + index, wraps=1).text(functions) for index, functions in enumerate(program)]
    found = spread_box.run(dict(zip(names_of(program, seed), texts)), write=False)
    assert (found["new"], found["worse"], found["gone"]) == (0, 0, 0)


@MANY
@given(program=PROGRAMS, seed=st.integers(0, 1 << 16))
def test_one_function_made_worse_is_exactly_one(box, program, seed):
    chance = random.Random(seed)
    box.run({name: Layout(1).text(functions) for name, functions in zip(names_of(program, 0), program)}, write=True)
    file = chance.randrange(len(program))
    victim = chance.randrange(len(program[file]))
    worse = [
        [worsened(f) if (i, j) == (file, victim) else f for j, f in enumerate(functions)]
        for i, functions in enumerate(program)
    ]
    moved = names_of(program, seed) if chance.random() < 0.3 else names_of(program, 0)
    mixed = [shuffled(functions, chance) if chance.random() < 0.5 else functions for functions in worse]
    found = box.run({name: Layout(seed).text(functions) for name, functions in zip(moved, mixed)}, write=False)
    assert found["new"] + found["worse"] == 1


@MANY
@given(program=PROGRAMS, seed=st.integers(0, 1 << 16))
def test_renaming_files_and_reformatting_clones_nothing(clone_box, program, seed):
    """The order of functions is another matter: where two short ones follow each other, they may be one clone."""
    clone_box.run(
        {name: Layout(1).text(functions) for name, functions in zip(names_of(program, 0), program)}, write=True
    )
    texts = [Layout(seed + index, wraps=2).text(functions) for index, functions in enumerate(program)]
    found = clone_box.run(dict(zip(names_of(program, seed), texts)), write=False)
    assert (found["new"], found["worse"], found["better"], found["gone"]) == (0, 0, 0, 0)


@MANY
@given(program=PROGRAMS, seed=st.integers(0, 1 << 16))
def test_a_copy_of_a_file_is_new(clone_box, program, seed):
    long = Fn("long", 2, (*STATEMENTS[:4],), ())
    files = {name: Layout(1).text(functions) for name, functions in zip(names_of(program, 0), program)}
    files["src/original.ts"] = Layout(1).text([long])
    clone_box.run(files, write=True)
    found = clone_box.run(files | {"src/copy.ts": Layout(seed).text([long])}, write=False)
    assert found["new"] >= 1 and found["gone"] == 0
    again = clone_box.run(files, write=False)
    assert (again["new"], again["worse"], again["better"], again["gone"]) == (0, 0, 0, 0)


@MANY
@given(program=PROGRAMS)
def test_writing_again_changes_nothing(box, program):
    files = {name: Layout(1).text(functions) for name, functions in zip(names_of(program, 0), program)}
    box.run(files, write=True)
    first = (box.folder / BASELINE).read_bytes()
    box.run(files, write=True)
    assert (box.folder / BASELINE).read_bytes() == first


# The same with real code, several changes at once: what this repository has, or the folder that is named

SEEDS = Path(os.environ["COMPLEXITY_GUARD_SEEDS"]) if "COMPLEXITY_GUARD_SEEDS" in os.environ else None
REAL = [
    path for folder in ([SEEDS] if SEEDS else [ROOT / "tests/corpus", ROOT / "scripts"]) for path in sorted(folder.glob("**/*.*"))
    if path.suffix in (".ts", ".tsx", ".mjs") and path.stat().st_size < 40_000 and "`" not in path.read_text("utf-8")
]  # fmt: skip


def chunks(text: str) -> list[str]:
    """Pieces that end with a line of "}" alone: whole statements of the outermost level."""
    parts = re.split(r"(?m)(?<=^\}$)\n", text.rstrip("\n"))
    return (
        parts
        if len(parts) < 2 or parts[-1] == "}" or parts[-1].endswith("\n}")
        else [*parts[:-2], "\n".join(parts[-2:])]
    )


def mutated(text: str, chance: random.Random) -> str:
    """Other line ends, indentation, blank lines and remarks, and in another order; no token is another one."""
    parts = chunks(text)
    if chance.random() < 0.7 and not re.search(r"(?m)^(import|#!|/)", "\n".join(parts[1:])):
        parts[1:] = chance.sample(parts[1:], len(parts) - 1)
    rows = "\n".join(parts).split("\n")
    if chance.random() < 0.5:
        rows = [re.sub("^ +", lambda m: chance.choice(("\t", "   ")) * (len(m[0]) // 2), row) for row in rows]
    if chance.random() < 0.5:
        rows = [row + ("\n" if row.endswith((";", "{")) and chance.random() < 0.2 else "") for row in rows]
    if chance.random() < 0.5:
        rows = [
            row
            + (
                " // a remark"
                if row.endswith(");") and "//" not in row and "*" not in row and chance.random() < 0.5
                else ""
            )
            for row in rows
        ]
    return chance.choice(("\n", "\r\n")).join(rows) + "\n"


def placed(files: list[Path], chance: random.Random) -> list[str]:
    return [
        f"{chance.choice(('src', 'lib', 'app'))}/{chance.randrange(10**6)}_{index}.ts{'x' * (path.suffix == '.tsx')}"
        for index, path in enumerate(files)
    ]


FAIR = {
    "cyclomatic": (3, 6),
    "cognitive": (3, 6),
    "halstead_volume": (100, 300),
    "line_count": (5, 10),
    "file_length": (10, 20),
    "params_count": (2, 4),
}


@pytest.fixture(scope="module")
def real_box(tmp_path_factory):
    return Box(tmp_path_factory.mktemp("real"), FAIR)


@MANY
@given(st.randoms(use_true_random=False))
def test_real_code_mutated_is_never_new_and_one_made_worse_is_one(real_box, chance):
    files = chance.sample(REAL, 6)
    texts = [path.read_text("utf-8") for path in files]
    names = placed(files, chance)
    real_box.run(dict(zip(names, texts)), write=True)
    moved = placed(files, chance) if chance.random() < 0.5 else names
    after = [mutated(text, chance) for text in texts]
    found = real_box.run(dict(zip(moved, after)), write=False)
    assert (found["new"], found["worse"], found["gone"]) == (0, 0, 0)
    victims = [
        (i, m.end())
        for i, text in enumerate(after)
        for m in re.finditer(r"(?m)^(?:export )?(?:async )?function \w+\([\w, ]*\)(?:: \w+)? \{", text)
    ]
    if victims:
        number, place = chance.choice(victims)
        after[number] = (
            after[number][:place] + " ".join(f"if (w{i}) x{i}();" for i in range(30)) + after[number][place:]
        )
        found = real_box.run(dict(zip(moved, after)), write=False)
        assert found["new"] + found["worse"] == 1


class Votes(dict):
    """Counts how often something is asked of it."""

    asked = 0

    def __contains__(self, key: object) -> bool:
        Votes.asked += 1
        return super().__contains__(key)


def asked_of(files: int) -> int:
    """How many pairs of an old and a new path are weighed, where all files have a function of one name and all moved."""
    strays = [cg.Entry(f"new{i}.ts", "f", 1, f"a{i}", {}) for i in range(files)]
    free = [cg.Entry(f"old{i}.ts", "f", 1, f"b{i}", {"cyclomatic": 12}) for i in range(files)]
    Votes.asked = 0
    cg.adoptions(strays, free, Votes.fromkeys(entry.path for entry in free))
    return Votes.asked


def test_a_name_that_all_files_have_costs_no_product_of_files():
    assert asked_of(40) == 40 * 40
    assert asked_of(1000) <= 2 * asked_of(500)


# How much worse is too much

RISES = [
    # cyclomatic before and now (a warning above 5, an error above 10), --worse-by, what fails
    (13, 15, "2", None),
    (13, 16, "2", "error"),
    (13, 14, "0", "error"),
    (13, 14, "10%", None),  # 1.3
    (13, 15, "10%", "error"),
    (13, 15, "15.4%", None),  # 2.002
    (30, 33, "10%", None),
    (10, 11, "99", "error"),  # the limit is crossed: 10 is not above it
    (11, 12, "99", None),
    (7, 11, "99", "error"),  # a warning becomes an error
    (7, 9, "2", None),
    (7, 10, "2", "warning"),
    (5, 6, "2", "warning"),
    (3, 11, "99", "error"),
]


@pytest.mark.parametrize(("before", "now", "worse_by", "level"), RISES)
@pytest.mark.parametrize("kind", ["baseline", "since"])
def test_a_value_past_its_limit_may_rise_by_what_is_allowed(guard, project, kind, before, now, worse_by, level):
    """Whatever it is compared with, and never across a limit; what it rose by is told."""
    repo = Repo(guard, project({**CONFIG, "a.ts": function("one", before - 1)})).commit()
    guard("--write-baseline", BASELINE, ".", cwd=repo.root)
    repo.write({"a.ts": function("one", now - 1)})
    against = ["--baseline", BASELINE] if kind == "baseline" else ["--since", "HEAD"]
    result = guard("-f", "json", *against, "--worse-by", f"cyclomatic={worse_by}", ".", cwd=repo.root)
    (one,) = result.json["files"][0]["functions"]
    assert [violation["level"] for violation in one["violations"]] == ([level] if level else [])
    assert result.code == (1 if level == "error" else 0)
    if not level:
        assert (one["change"], one["known"][0]["delta"]) == ("worse", now - before)
        allowed = before * float(worse_by[:-1]) / 100 if "%" in worse_by else float(worse_by)
        assert one["known"][0]["allowed"] == pytest.approx(allowed, abs=1e-4)
        assert (changes(result)["allowed"], changes(result)["worse"]) == (1, 1)


def test_small_rises_add_up_against_a_baseline(guard, root):
    """Each is within the allowance of the one before; the baseline's value stays, written anew or not, and the third
    is one too many."""
    write(guard, root)
    codes = []
    for ifs in (13, 14, 15, 16):
        apply(root, {"src/b.ts": function("four", ifs + 3)})
        codes.append(run(guard, root, "--worse-by", "cyclomatic=3").code)
        write(guard, root, "--worse-by", "cyclomatic=3")
        codes.append(run(guard, root, "--worse-by", "cyclomatic=3").code)
        assert entries(root)["src/b.ts four"] == {"cyclomatic": 16}
    assert codes == [0, 0, 0, 0, 0, 0, 1, 1]


def test_lines_that_were_added_are_no_layout_once_the_baseline_is_written_anew(guard, project):
    """The entry keeps the body of the value it holds; with today's, the same lines would pass as a matter of layout."""
    limits = LIMITS | {"line_count": {"warning": 5, "error": 10}}
    body = ["  a();"] * 20
    source = "function f() {{\n{}\n}}\n".format
    configuration = CONFIGURATION | {
        "analysis": {"thresholds": limits},
        "gate": ["line_count"],
        "worse_by": {"line_count": 3},
    }
    root = project({".complexityguard.json": json.dumps(configuration), "a.ts": source("\n".join(body))})
    write(guard, root)
    for more, code in ((2, 0), (4, 1)):
        (root / "a.ts").write_text(source("\n".join(body + ["  b();"] * more)))
        for _ in range(3):
            assert write(guard, root).code == code
            assert run(guard, root).code == code
        assert entries(root) == {"a.ts f": {"line_count": 22}}


def test_within_the_allowance_is_told_in_words(guard, root):
    write(guard, root)
    apply(root, {"src/b.ts": function("four", 17)})
    flags = ("--baseline", BASELINE, "--worse-by", "cyclomatic=3", ".")
    told = "cyclomatic 18 > 10 (+2 since baseline, within the allowance of 3)"
    console = guard(*flags, cwd=root)
    assert console.code == 0 and told in console.out
    assert "3 known findings, 1 of them worse within the allowance" in console.out
    assert "1 finding worse within the allowance" in guard("-f", "markdown", *flags, cwd=root).out


# Which metrics gate

GATES = [
    # --gate, exit code, errors, ungated
    ("cyclomatic", 1, 2, 2),
    ("structural", 1, 2, 2),
    ("line_count", 1, 2, 2),
    ("params_count", 0, 0, 4),
    ("cognitive,halstead", 0, 0, 4),
    ("cyclomatic,line_count", 1, 4, 0),
]


@pytest.mark.parametrize(("gate", "code", "errors", "ungated"), GATES)
@pytest.mark.parametrize(
    "flags", [(), ("--since", "HEAD"), ("--baseline", BASELINE)], ids=["plain", "since", "baseline"]
)
def test_only_metrics_that_gate_fail_a_run(guard, project, flags, gate, code, errors, ungated):
    limits = LIMITS | {"line_count": {"warning": 5, "error": 5}, "cyclomatic": {"warning": 3, "error": 3}}
    configuration = json.dumps({"preset": "recommended", "analysis": {"thresholds": limits}})
    repo = Repo(guard, project({".complexityguard.json": configuration, "a.ts": "f();\n"})).commit()
    guard("--write-baseline", BASELINE, ".", cwd=repo.root)
    long = "function {}() {{\n" + "  a ? b() : c();\n" * 6 + "}}\n"
    repo.write({"a.ts": long.format("one"), "b.ts": long.format("two")})
    result = guard("-f", "json", "--gate", gate, *flags, ".", cwd=repo.root)
    summary = result.json["summary"]
    assert (result.code, summary["errors"], summary["ungated_count"]) == (code, errors, ungated)
    found = [v for file in result.json["files"] for f in file["functions"] for v in f["violations"]]
    assert len(found) == 4, "all are reported"
    assert sum(violation.get("ungated", False) for violation in found) == ungated
    console = guard("--gate", gate, *flags, ".", cwd=repo.root)
    assert console.code == code and console.out.count("does not gate") >= ungated
    junit = guard("-f", "junit", "--gate", gate, *flags, ".", cwd=repo.root)
    assert junit.out.count("<failure") == (2 if errors else 0)


def test_shares_of_clones_gate_as_their_family_does(guard, project):
    clone = "export function NAME(a, b) { if (a) { return [a, b, a + b, a * b, b - a]; } return { a, b, c: a - b }; }\n"
    configuration = {"analysis": {"thresholds": LIMITS, "duplication_min_tokens": 25, "duplication_min_lines": 1}}
    sources = {f"{name}.ts": clone.replace("NAME", name) for name in "ab"}
    root = project({".complexityguard.json": json.dumps(configuration), **sources})
    flags = ("--duplication", "--threshold", "duplication_project=1", "--threshold", "duplication=1")
    for gate, code, errors, ungated in (("duplication", 1, 3, 0), ("cognitive", 0, 0, 3)):
        result = guard("-f", "json", *flags, "--gate", gate, ".", cwd=root)
        summary = result.json["summary"]
        assert (result.code, summary["errors"], summary["ungated_count"]) == (code, errors, ungated)


def test_every_metric_of_a_file_has_an_allowance():
    assert set(cg.WORSE_KEYS) == set(cg.DEFAULT_ANALYSIS.worse_by) == {metric.name for metric in cg.METRICS}


def test_runs_that_are_compared_gate_by_fewer_metrics_by_default(guard, project):
    """A plain run fails on any error; one that is compared on what makes code hard to follow, unless told otherwise."""
    limits = LIMITS | {"line_count": {"warning": 7, "error": 7}, "params_count": {"warning": 2, "error": 2}}
    configuration = json.dumps({"preset": "recommended", "analysis": {"thresholds": limits}})
    repo = Repo(guard, project({".complexityguard.json": configuration, "a.ts": "f();\n"})).commit()
    repo.write({"a.ts": "function one(a, b, c) {\n" + "  f();\n" * 6 + "}\n"})
    for flags, errors, ungated in (
        ((), 2, 0),
        (("--since", "HEAD"), 1, 1),
        (("--since", "HEAD", "--gate", "structural"), 2, 0),
    ):
        summary = guard("-f", "json", *flags, ".", cwd=repo.root).json["summary"]
        assert (summary["errors"], summary["ungated_count"]) == (errors, ungated)


RISEN = {  # format -> what it says of a function whose cyclomatic number rose, where another one fails
    "console": r"· note     many +cyclomatic 26 > 20 \(\+6 since HEAD, does not gate\)",
    "markdown": r"<details>\n<summary>1 more row .*\n\n\|.*\n\|.*\n\| note \| <code>many</code> .* \*\*26\*\* \(above 20, "
    r"&#43;6 since HEAD, does not gate\) \|\n\n</details>",
    "github": r"^::notice file=a.ts,line=1,.*::'many' has cyclomatic complexity 26 \(above 20, \+6 since HEAD, does not gate",
    "compact": r"^a.ts:1:1: note: 'many' has cyclomatic complexity 26 \(above 20, \+6 since HEAD, does not gate\) \[cyclomatic",
    "sarif": r'"ruleId": "cyclomatic", "ruleIndex": 0, "level": "note", "message": {"text": "\'many\' has .* 26 \(above 20,',
    "checkstyle": r'<error line="1" column="1" severity="info" message="&apos;many&apos; has',
    "rdjson": r"'many' has cyclomatic .* \(above 20, \+6 since HEAD, does not gate.*\"severity\": \"INFO\"",
    "gitlab": r'"description": "\'many\' has cyclomatic .*"severity": "info"',
    "junit": r'<testcase name="many" classname="a.ts"><system-out>a.ts:1:1: note: ',
    "json": r'"level": "error",\s*"value": 26,.*\s*"threshold": 20,\s*"delta": 6,\s*"since": "HEAD",\s*"ungated": true',
}


@pytest.fixture(scope="module")
def risen(guard, tmp_path_factory):
    cog = "function deep(a) {\n" + "  if (a) {" * 8 + "NAME" + "}" * 8 + "\n}\n"
    repo = Repo(guard, tmp_path_factory.mktemp("risen"))
    repo.write({".complexityguard.json": '{"preset": "recommended"}', "a.ts": function_of(20) + cog}).commit()
    return repo.write({"a.ts": function_of(26) + cog.replace("NAME", "if (a) b();")}).root


@pytest.mark.parametrize("format", RISEN)
def test_what_does_not_gate_is_no_error_to_people(flat_guard, risen, format):
    """The function that fails stands in the same report as an error, and before it."""
    result = flat_guard("-f", format, "--since", "HEAD", ".", cwd=risen)
    found = re.search(RISEN[format], result.out, re.M)
    assert result.code == 1 and found, result.out
    assert "error" not in found[0].replace('"level": "error"', "").replace("<error ", "")
    if format in ("markdown", "github"):
        assert result.out.index("deep") < result.out.index("many")


def test_markdown_lists_what_is_within_its_allowance(guard, root):
    write(guard, root)
    apply(root, {"src/b.ts": function("four", 17)})
    shown = guard("-f", "markdown", "--baseline", BASELINE, "--worse-by", "cyclomatic=3", ".", cwd=root).out
    listed = shown.partition("<details>")[2].partition("</details>")[0]
    (row,) = [line for line in listed.splitlines() if line.startswith("| known |")]
    assert "**18** (above 10, &#43;2 since baseline, within the allowance of 3) |" in row


NEW_FUNCTIONS = [  # what a function is made of, how much of it was there before, flags, exit code
    ("cyclomatic 21", 21, None, (), 1),
    ("cyclomatic 20: at the limit", 20, None, (), 0),
    ("cyclomatic 25 of a function that had 19: it is not new", 25, 19, (), 0),
    ("cyclomatic 21 where the gate was chosen", 21, None, ("--gate", "cognitive"), 0),
    ("150 lines", -150, None, (), 0),
    ("151 lines", -151, None, (), 1),
    ("200 lines of a function that had 90: it is not new", -200, -90, (), 0),
]


def function_of(size):
    """A flat function: a switch of so many paths, or as many lines."""
    if size < 0:
        return "function long() {\n" + "  f();\n" * (-size - 2) + "}\n"
    cases = "".join(f"    case {value}: return {value};\n" for value in range(size - 1))
    return "function many(x) {\n  switch (x) {\n" + cases + "  }\n}\n"


@pytest.mark.parametrize(
    ("size", "before", "flags", "code"), [row[1:] for row in NEW_FUNCTIONS], ids=[row[0] for row in NEW_FUNCTIONS]
)
def test_new_functions_are_gated_by_more(flat_guard, project, size, before, flags, code):
    """A value may pass the limits of such metrics little by little; nobody needs to begin with it."""
    files = {".complexityguard.json": '{"preset": "recommended"}', "a.ts": function_of(before) if before else "f();\n"}
    repo = Repo(flat_guard, project(files)).commit()
    repo.write({"a.ts": function_of(size)})
    result = flat_guard("--since", "HEAD", *flags, ".", cwd=repo.root)
    assert (result.code, "does not gate" in result.out) == (code, code == 0)
