"""Baselines: only what is new or worse fails; whatever moves, is renamed or reformatted is followed."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import complexity_guard as cg

BASELINE = "baseline.jsonl"
HEADER = '{"complexity-guard-baseline": 2}\n'


def function(name: str, ifs: int, params: str = "") -> str:
    """A function with a cyclomatic number of ifs + 1."""
    return f"function {name}({params}) {{ {' '.join(f'if (a{i}) b{i}({name.upper()});' for i in range(ifs))} }}\n"


LIMITS = {metric.name: {"warning": "off", "error": "off"} for metric in cg.METRICS} | {"cyclomatic": {"warning": 5, "error": 10}}
CYCLOMATIC_ONLY = json.dumps({"analysis": {"thresholds": LIMITS}})


@pytest.fixture
def root(project):
    """A project where only cyclomatic above 10 is an error, and its baseline."""
    return project({
        ".complexityguard.json": CYCLOMATIC_ONLY,
        "src/a.ts": function("one", 12) + function("two", 3) + function("three", 30),
        "src/b.ts": function("four", 15),
    })  # fmt: skip


def run(guard, root: Path, *args: str):
    return guard("-f", "json", "--baseline", BASELINE, *args, ".", cwd=root)


def write(guard, root: Path, *args: str):
    return guard("--write-baseline", BASELINE, *args, ".", cwd=root)


def changes(result) -> dict[str, int]:
    """What the summary counts, without zeros."""
    return {name: count for name, count in result.json["summary"]["changes"].items() if count}


def entries(root: Path) -> dict[str, dict[str, float]]:
    lines = map(json.loads, (root / BASELINE).read_text().splitlines()[2::2])
    return {f"{line['path']} {line['function']}": line["values"] for line in lines}


# What a baseline makes of a run


def test_the_first_baseline_accepts_everything_and_the_next_run_passes(guard, root):
    assert guard(".", cwd=root).code == 1
    written = write(guard, root)
    assert (written.code, "3 entries" in written.err) == (0, True)
    result = run(guard, root)
    assert (result.code, changes(result)) == (0, {"unchanged": 3, "known": 3})
    assert (result.json["summary"]["errors"], result.json["summary"]["warnings"]) == (0, 0)


def test_known_findings_stay_in_the_report(guard, root):
    write(guard, root)
    files = run(guard, root).json["files"]
    known = {f["name"]: f["known"] for file in files for f in file["functions"] if f.get("known")}
    assert {name: [(v["metric"], v["value"], v["delta"]) for v in found] for name, found in known.items()} == {
        "one": [("cyclomatic", 13, 0)], "three": [("cyclomatic", 31, 0)], "four": [("cyclomatic", 16, 0)],
    }  # fmt: skip
    assert all(f["status"] == "ok" and f["violations"] == [] for file in files for f in file["functions"])


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
    ("one is renamed", {"src/a.ts": function("uno", 12).replace("UNO", "ONE") + function("two", 3) + function("three", 30)}, {}, 0),
    ("one is moved to b", {"src/a.ts": function("two", 3) + function("three", 30), "src/b.ts": function("four", 15) + function("one", 12)}, {}, 0),
    ("one is moved to c, renamed", {"src/a.ts": function("three", 30), "src/c.ts": function("uno", 12).replace("UNO", "ONE")}, {}, 0),
    ("b is renamed", {"src/b.ts": None, "lib/c.ts": function("four", 15)}, {}, 0),
    ("b is renamed, four worse", {"src/b.ts": None, "lib/c.ts": function("four", 17)}, {"worse": 1}, 1),
    ("b becomes tsx", {"src/b.ts": None, "src/b.tsx": function("four", 15)}, {}, 0),
    ("one is moved to c and edited", {"src/a.ts": function("three", 30), "src/c.ts": function("one", 12, "a, b").replace("ONE", "EIN")}, {}, 0),
    ("one is moved to c and worse", {"src/a.ts": function("three", 30), "src/c.ts": function("one", 14)}, {"worse": 1}, 1),
    ("one is moved into another and edited",
     {"src/a.ts": "function outer() { " + function("one", 11) + "}\n" + function("three", 30)}, {"better": 1}, 0),
    ("one is moved and edited, and there are two now",
     {"src/a.ts": function("three", 30), "src/c.ts": function("one", 11), "src/d.ts": function("one", 10)}, {"new": 2, "gone": 1}, 1),
    ("one is moved, renamed and edited", {"src/a.ts": function("three", 30), "src/c.ts": function("uno", 11)}, {"new": 1, "gone": 1}, 1),
    ("one is copied", {"src/c.ts": function("one", 12)}, {"new": 1}, 1),
    ("one wraps what it was",
     {"src/a.ts": "function one() { inner(); }\n" + function("inner", 12).replace("INNER", "ONE") + function("three", 30)}, {}, 0),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "expected", "code"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
def test_only_what_is_new_or_worse_counts(guard, root, edit, expected, code):
    write(guard, root)
    apply(root, edit)
    result = run(guard, root)
    found = changes(result)
    assert {word: found.get(word, 0) for word in ("new", "worse", "better", "gone")} == {"new": 0, "worse": 0, "better": 0, "gone": 0} | expected
    assert result.code == code


def apply(root: Path, edit: dict[str, str | None]) -> None:
    for name, text in edit.items():
        target = root / name
        if text is None:
            target.unlink()
        else:
            target.parent.mkdir(exist_ok=True)
            target.write_text(text)


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


def test_every_format_tells_by_how_much(guard, root):
    write(guard, root)
    apply(root, {"src/b.ts": function("four", 18)})
    formats = ("console", "sarif", "github", "gitlab", "markdown", "compact", "checkstyle", "junit", "rdjson")
    reports = [arg for format in formats for arg in ("--report", f"{format}=out.{format}")]
    guard(*reports, "--baseline", BASELINE, "src", cwd=root)
    assert {format: "+3 since baseline" in (root / f"out.{format}").read_text().replace("&#43;", "+") for format in formats} == dict.fromkeys(formats, True)
    (found,) = [v for file in run(guard, root).json["files"] for f in file["functions"] for v in f["violations"]]
    assert (found["value"], found["delta"], found["since"]) == (19, 3, "baseline")


def test_the_console_lists_what_got_better(guard, root):
    write(guard, root)
    apply(root, {"src/b.ts": function("four", 11), "src/a.ts": function("one", 12)})
    text = guard("--baseline", BASELINE, ".", cwd=root).out
    assert "cyclomatic 16 → 12" in text
    assert "0 new, 0 worse, 1 better, 1 unchanged, 1 gone" in text
    assert "--write-baseline" in text


# Writing one that is there


def test_a_baseline_gets_stricter_and_drops_what_is_gone(guard, root):
    write(guard, root)
    apply(root, {"src/b.ts": function("four", 11), "src/a.ts": function("one", 2) + function("two", 2)})
    assert write(guard, root).code == 0
    assert entries(root) == {"src/b.ts four": {"cyclomatic": 12}}


def test_a_baseline_never_gets_looser_by_itself(guard, root):
    write(guard, root)
    before = entries(root)
    apply(root, {"src/b.ts": function("four", 19) + function("five", 20)})
    assert write(guard, root).code == 1
    assert entries(root) == before


def test_force_records_what_there_is(guard, root):
    write(guard, root)
    apply(root, {"src/b.ts": function("four", 19) + function("five", 20)})
    assert write(guard, root, "--force").code == 0
    assert entries(root) == {"src/a.ts one": {"cyclomatic": 13}, "src/a.ts three": {"cyclomatic": 31},
                             "src/b.ts four": {"cyclomatic": 20}, "src/b.ts five": {"cyclomatic": 21}}  # fmt: skip


def test_entries_follow_what_was_renamed(guard, root):
    write(guard, root)
    apply(root, {"src/b.ts": None, "lib/c.ts": function("vier", 15).replace("VIER", "FOUR")})
    assert write(guard, root).code == 0
    assert entries(root) == {"src/a.ts one": {"cyclomatic": 13}, "src/a.ts three": {"cyclomatic": 31}, "lib/c.ts vier": {"cyclomatic": 16}}


def test_a_run_over_a_part_keeps_the_rest(guard, root):
    write(guard, root)
    before = entries(root)
    assert guard("--write-baseline", BASELINE, "src/b.ts", cwd=root).code == 0
    assert entries(root) == before


def test_metrics_that_are_off_keep_their_entries(guard, root):
    write(guard, root)
    before = entries(root)
    assert write(guard, root, "--metrics", "halstead").code == 0
    assert entries(root) == before


def test_the_file_is_sorted_and_stable(guard, root):
    write(guard, root)
    text = (root / BASELINE).read_text()
    stamp = os.stat(root / BASELINE).st_mtime_ns
    assert text.startswith(HEADER)
    keys = [(line["path"], line["function"]) for line in map(json.loads, text.splitlines()[2::2])]
    assert keys == sorted(keys) and len(keys) == 3
    assert write(guard, root).code == 0
    assert (root / BASELINE).read_text() == text
    assert os.stat(root / BASELINE).st_mtime_ns == stamp  # not even touched


def test_it_is_the_same_wherever_one_starts(guard, root):
    write(guard, root)
    assert guard("--baseline", "../" + BASELINE, ".", cwd=root / "src").code == 0
    assert guard("--baseline", root / BASELINE, root, cwd=root.parent).code == 0


def test_the_configuration_may_name_it(guard, root):
    write(guard, root)
    (root / ".complexityguard.json").write_text(json.dumps(json.loads(CYCLOMATIC_ONLY) | {"baseline_file": BASELINE}))
    assert guard("src", cwd=root).code == 0
    assert guard(".", cwd=root / "src").code == 0


def test_standard_input_has_its_entries_too(guard, root):
    write(guard, root)
    same, worse = ((function("four", ifs)).encode() for ifs in (15, 16))
    args = ("--baseline", BASELINE, "--stdin-filename", "src/b.ts", "-")
    assert guard(*args, cwd=root, stdin=same).code == 0
    assert guard(*args, cwd=root, stdin=worse).code == 1


def test_a_suppressed_finding_is_not_recorded(guard, root):
    apply(root, {"src/b.ts": "// complexity-guard-ignore-next-line -- a table\n" + function("four", 15)})
    write(guard, root)
    assert set(entries(root)) == {"src/a.ts one", "src/a.ts three"}


def test_two_workers_say_what_one_says(guard, root):
    for index in range(40):
        apply(root, {f"src/f{index}.ts": function(f"f{index}", 12)})
    write(guard, root)
    for index in range(0, 40, 2):
        (root / f"src/f{index}.ts").rename(root / f"src/g{index}.ts")
    reports = [run(guard, root, "--threads", "2", "--executor", executor).json for executor in ("serial", "process", "thread")]
    assert reports[0]["summary"]["changes"] == {"new": 0, "worse": 0, "better": 0, "unchanged": 43, "known": 43, "gone": 0}
    assert reports[0]["files"] == reports[1]["files"] == reports[2]["files"]


# Duplication

CLONE = "export function NAME(items, limit) {\n  const total = items.map((item) => item.price).reduce((a, b) => a + b, 0);\n" + (
    "  if (total > limit) { notify(total, limit); return null; }\n  return { total, rounded: Math.round(total) };\n}\n"
)
OWN = "".join(f"export const c{i} = {'[' * i}{i}{']' * i};\n" for i in range(1, 25))  # no 25 tokens of it stand twice


@pytest.fixture
def cloned(project):
    """Two files that share a function; only clones have thresholds."""
    limits = LIMITS | {
        "cyclomatic": {"warning": "off", "error": "off"},
        "duplication": {f"{what}_{level}": 5 for what in ("file", "project") for level in ("warning", "error")},
    }
    return project({
        ".complexityguard.json": json.dumps({"analysis": {"thresholds": limits, "duplication_enabled": True}}),
        "src/a.ts": OWN + CLONE.replace("NAME", "a"), "src/b.ts": CLONE.replace("NAME", "b"), "src/c.ts": "export const c = 1;\n",
    })  # fmt: skip


def shares(root: Path) -> dict[str, int]:
    return {key.removesuffix(" <duplication>"): values["cloned_tokens"] for key, values in entries(root).items()}


def test_shares_of_clones_are_recorded_and_known(guard, cloned):
    assert guard(".", cwd=cloned).code == 1
    assert write(guard, cloned).code == 0
    assert list(shares(cloned)) == [".", "src/a.ts", "src/b.ts"]
    result = run(guard, cloned)
    assert (result.code, changes(result)) == (0, {"unchanged": 3, "known": 3})
    assert [f["status"] for f in result.json["duplication"]["files"]] == ["ok"] * 3
    assert write(guard, cloned).code == 0 and "as it was" in write(guard, cloned).err


SHARES = [
    # what is edited, what becomes of the shares of the project and of files, exit code
    ("a new clone", {"src/c.ts": CLONE.replace("NAME", "c")}, {"new": 1, "worse": 1, "unchanged": 2}, 1),
    ("a clone is gone", {"src/b.ts": "export const b = 1;\n"}, {"better": 3}, 0),
    ("other code is gone", {"src/a.ts": CLONE.replace("NAME", "a")}, {"unchanged": 3}, 0),
    ("a file is renamed", {"src/b.ts": None, "lib/d.ts": CLONE.replace("NAME", "b")}, {"unchanged": 3}, 0),
    ("half of a clone is edited", {"src/b.ts": CLONE.replace("NAME", "b").replace("notify(total, limit)", "notify()")}, {"better": 3}, 0),
    ("a file is gone", {"src/b.ts": None}, {"better": 2, "gone": 1}, 0),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "expected", "code"), [case[1:] for case in SHARES], ids=[case[0] for case in SHARES])
def test_only_a_larger_share_of_clones_counts(guard, cloned, edit, expected, code):
    write(guard, cloned)
    before = shares(cloned)
    apply(cloned, edit)
    result = run(guard, cloned)
    assert ({word: count for word, count in changes(result).items() if word != "known"}, result.code) == (expected, code)
    write(guard, cloned)
    after = shares(cloned)
    assert all(after[path] <= before.get(path, before["src/b.ts"]) for path in after) and len(after) <= len(before)


def test_every_format_tells_of_a_larger_share(guard, cloned):
    write(guard, cloned)
    apply(cloned, {"src/a.ts": OWN + CLONE.replace("NAME", "a") + CLONE.replace("NAME", "again")})
    for format in ("console", "sarif", "github", "gitlab", "markdown", "compact"):
        text = guard("-f", format, "--baseline", BASELINE, ".", cwd=cloned).out
        assert re.search(r"(\+|&#43;|%2B)\d+(\.\d+)? since baseline", text), (format, text)


def test_parentheses_of_a_formatter_change_no_share(guard, cloned):
    """They are tokens of clones; where nothing else changed in the whole project, its shares are those that were accepted."""
    apply(cloned, {"src/c.ts": CLONE.replace("NAME", "c").replace("(item) =>", "item =>")})
    write(guard, cloned, "--force")
    before = entries(cloned)
    apply(cloned, {"src/c.ts": CLONE.replace("NAME", "c"), "src/b.ts": None, "src/d.ts": CLONE.replace("NAME", "b")})
    result = run(guard, cloned)
    assert (result.code, result.json["summary"]["changes"]["worse"]) == (0, 0)
    apply(cloned, {"src/e.ts": "export const e = 1;\n"})
    assert run(guard, cloned).code == 1  # more than layout
    write(guard, cloned)
    assert entries(cloned)[". <duplication>"] == before[". <duplication>"]
    assert run(guard, cloned).code == 1  # writing it has not accepted it


def test_a_run_over_a_part_of_the_project_leaves_shares_alone(guard, cloned):
    write(guard, cloned)
    before = entries(cloned)
    assert guard("--write-baseline", BASELINE, "src/a.ts", cwd=cloned).code == 0
    assert entries(cloned) == before
    assert write(guard, cloned, "--no-duplication").code == 0
    assert entries(cloned) == before


# What is refused

ENTRY = '{"path": "src/a.ts", "function": "one", "values": {"cyclomatic": 13}, "body": "00"}\n'
DAMAGED = {
    "empty": ("", "baseline.jsonl:1: not a baseline"),
    "another file": ('{"name": "package"}\n', "baseline.jsonl:1: not a baseline"),
    "binary": (b"\xff\xfe\x00", "baseline.jsonl:1: not a baseline"),
    "an earlier version": ('{"complexity-guard-baseline": 1}\n', "baseline.jsonl:1: version 1"),
    "a later version": ('{"complexity-guard-baseline": 3}\n', "baseline.jsonl:1: version 3"),
    "cut short": (HEADER + ENTRY + ENTRY[:40], "baseline.jsonl:3: not JSON"),
    "a conflict": (HEADER + "<<<<<<< HEAD\n" + ENTRY, "baseline.jsonl:2: an unresolved merge conflict"),
    "the same entry twice": (HEADER + ENTRY + "\n" + ENTRY, "baseline.jsonl:4: one of src/a.ts is recorded on line 2 already"),
    "not an object": (HEADER + "[1]\n", "baseline.jsonl:2: not an entry"),
    "unknown fields": (HEADER + ENTRY.replace('"body"', '"soul"'), "baseline.jsonl:2: not an entry"),
    "a path that is none": (HEADER + ENTRY.replace('"src/a.ts"', "1"), "baseline.jsonl:2: path, function and body"),
    "no function": (HEADER + ENTRY.replace('"one"', '""'), "baseline.jsonl:2: path, function and body"),
    "a value that is none": (HEADER + ENTRY.replace("13", '"13"'), "baseline.jsonl:2: values must be numbers"),
    "a value without end": (HEADER + ENTRY.replace("13", "Infinity"), "baseline.jsonl:2: values must be numbers"),
    "a value that is no number": (HEADER + ENTRY.replace("13", "NaN"), "baseline.jsonl:2: values must be numbers"),
    "nothing recorded": (HEADER + ENTRY.replace('{"cyclomatic": 13}', "{}"), "baseline.jsonl:2: values must be numbers"),
    "an ordinal of 0": (HEADER + ENTRY.replace('"values"', '"nth": 0, "values"'), "baseline.jsonl:2: nth must be"),
    "not UTF-8": (HEADER.encode() + ENTRY.encode().replace(b"one", b"\xff"), "baseline.jsonl:2: "),
    "nested without end": (HEADER + "[" * 100_000, "baseline.jsonl:2: "),
}


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("flag", ["--baseline", "--write-baseline"])
def test_a_damaged_baseline_is_refused_by_line(guard, root, name, flag):
    content, message = DAMAGED[name]
    data = content if isinstance(content, bytes) else content.encode()
    (root / BASELINE).write_bytes(data)
    result = guard(flag, BASELINE, ".", cwd=root)
    assert (result.code, result.out) == (3, "")
    assert message in result.err and "Traceback" not in result.err
    assert (root / BASELINE).read_bytes() == data


USAGE = [
    (["--baseline", "nowhere.jsonl", "."], "cannot read the baseline nowhere.jsonl"),
    (["--baseline", "src", "."], "cannot read the baseline src"),
    (["--force", "."], "--force goes with --write-baseline"),
    (["--baseline", "a", "--write-baseline", "b", "."], "name two files"),
    (["--baseline", "a", "--since", "HEAD", "."], "cannot be combined"),
    (["--write-baseline", "a", "--changed", "."], "cannot be combined"),
    (["--whole-project", "."], "--whole-project goes with"),
]


@pytest.mark.parametrize(("args", "message"), USAGE, ids=[" ".join(args) for args, _ in USAGE])
def test_usage(guard, root, args, message):
    result = guard(*args, cwd=root)
    assert result.code == 3 and message in result.err


def test_a_folder_that_cannot_be_written_to_is_an_error_and_leaves_nothing(guard, root):
    result = guard("--write-baseline", "nowhere/b.jsonl", ".", cwd=root)
    assert result.code == 4 and "cannot write the baseline nowhere/b.jsonl" in result.err
    assert not (root / "nowhere").exists()


def test_blank_lines_crlf_and_a_byte_order_mark_do_no_harm(guard, root):
    write(guard, root)
    text = (root / BASELINE).read_text()
    (root / BASELINE).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n\r\n").encode())
    assert run(guard, root).code == 0


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="file names are Unicode there")
def test_names_that_are_not_unicode(guard, root):
    (root / "src/b.ts").rename(root / os.fsdecode(b"src/b\xff.ts"))
    write(guard, root)
    assert changes(run(guard, root)) == {"unchanged": 3, "known": 3}


@pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine")
@pytest.mark.parametrize("names", [("one", "two"), ("two", "three"), ("one", "three")])
def test_branches_that_change_neighbours_merge(guard, project, names):
    """Each branch makes one function better and records that."""
    functions = {name: function(name, 12) + "\n// a function of its own\n\n" for name in ("one", "three", "two")}
    root = project({".complexityguard.json": CYCLOMATIC_ONLY, "a.ts": "".join(functions.values())})

    def git(*args: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main", "-c", "core.hooksPath=/dev/null")
        subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True)

    def recorded_commit() -> None:
        assert write(guard, root).code == 0
        git("add", "-A")
        git("commit", "-qm", "x")

    git("init", "-q")
    recorded_commit()
    for name in names:
        git("checkout", "-q", "-b", name, "main")
        apply(root, {"a.ts": "".join((functions | {name: functions[name].replace("if (a0) ", "")}).values())})
        recorded_commit()
    git("merge", "-q", "--no-edit", names[0])
    assert [values["cyclomatic"] for key, values in entries(root).items() if key.removeprefix("a.ts ") in names] == [12, 12]
    assert changes(run(guard, root)) == {"unchanged": 3, "known": 3}


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


SPREAD = {"analysis": {"thresholds": LIMITS | {"line_count": {"warning": 5, "error": 10}, "file_length": {"warning": 6, "error": 12}}}}


def lines(name: str, count: int, more: str = "") -> str:
    return f"function {name}() {{\n" + "".join(f"  {name}{i}();\n" for i in range(count - 2)) + more + "}\n"


@pytest.fixture
def spread(guard, project):
    """A function of four lines, where five are allowed, in a file of five."""
    root = project({".complexityguard.json": json.dumps(SPREAD), "a.ts": lines("near", 4) + ";\n"})
    write(guard, root)
    return root


def test_what_layout_alone_lifts_above_a_limit_is_known(guard, spread):
    assert {key: (line.get("values"), line["path"]) for key, line in recorded(spread).items()} == {"<file>": (None, "a.ts"), "near": (None, "a.ts")}
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
    found = {f["name"]: f["change"] for file in run(guard, spread).json["files"] for f in file["functions"] if "change" in f}
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
    return st.builds(Fn, st.sampled_from(NAMES), st.integers(0, 5), st.lists(st.sampled_from(STATEMENTS), max_size=6).map(tuple), inner)


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
            text = text.replace("{ ", "{\n").replace(" }", "\n}").replace("(", "(\n") if self.wraps > 1 else text.replace("(", "(\n", 1)
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
        thresholds = {name: {"warning": low, "error": high} for name, (low, high) in limits.items()} | analysis.pop("thresholds", {})
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
            changes = collector.summary(0, 1).changes
            if write:
                cg.write_baseline(BASELINE, collector.baseline_entries())
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
    return Box(tmp_path_factory.mktemp("clones"), {}, thresholds={"duplication": limits}, metrics=["duplication"], duplication_enabled=True)


MANY = settings(
    max_examples=int(os.environ.get("COMPLEXITY_GUARD_EXAMPLES", "20")), deadline=None, database=None, print_blob=True,
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
    long_box.run({name: Layout(1).text(functions) for name, functions in zip(names_of(program, 0), program)}, write=True)
    texts = [Layout(seed + index, wraps=2).text(functions) for index, functions in enumerate(program)]
    found = long_box.run(dict(zip(names_of(program, 0), texts)), write=False)
    assert (found["new"], found["worse"], found["gone"]) == (0, 0, 0)


@MANY
@given(program=PROGRAMS, seed=st.integers(0, 1 << 16))
def test_up_to_twice_the_lines_are_never_new(spread_box, program, seed):
    spread_box.run({name: Layout(1).text(functions) for name, functions in zip(names_of(program, 0), program)}, write=True)
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
    worse = [[worsened(f) if (i, j) == (file, victim) else f for j, f in enumerate(functions)] for i, functions in enumerate(program)]
    moved = names_of(program, seed) if chance.random() < 0.3 else names_of(program, 0)
    mixed = [shuffled(functions, chance) if chance.random() < 0.5 else functions for functions in worse]
    found = box.run({name: Layout(seed).text(functions) for name, functions in zip(moved, mixed)}, write=False)
    assert found["new"] + found["worse"] == 1


@MANY
@given(program=PROGRAMS, seed=st.integers(0, 1 << 16))
def test_renaming_files_and_reformatting_clones_nothing(clone_box, program, seed):
    """The order of functions is another matter: where two short ones follow each other, they may be one clone."""
    clone_box.run({name: Layout(1).text(functions) for name, functions in zip(names_of(program, 0), program)}, write=True)
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

ROOT = Path(__file__).parent.parent
SEEDS = Path(os.environ["COMPLEXITY_GUARD_SEEDS"]) if "COMPLEXITY_GUARD_SEEDS" in os.environ else None
REAL = [
    path for folder in ([SEEDS] if SEEDS else [ROOT / "tests/corpus", ROOT / "scripts"]) for path in sorted(folder.glob("**/*.*"))
    if path.suffix in (".ts", ".tsx", ".mjs") and path.stat().st_size < 40_000 and "`" not in path.read_text("utf-8")
]  # fmt: skip


def chunks(text: str) -> list[str]:
    """Pieces that end with a line of "}" alone: whole statements of the outermost level."""
    parts = re.split(r"(?m)(?<=^\}$)\n", text.rstrip("\n"))
    return parts if len(parts) < 2 or parts[-1] == "}" or parts[-1].endswith("\n}") else [*parts[:-2], "\n".join(parts[-2:])]


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
        rows = [row + (" // a remark" if row.endswith(");") and "//" not in row and "*" not in row and chance.random() < 0.5 else "") for row in rows]
    return chance.choice(("\n", "\r\n")).join(rows) + "\n"


def placed(files: list[Path], chance: random.Random) -> list[str]:
    return [f"{chance.choice(('src', 'lib', 'app'))}/{chance.randrange(10**6)}_{index}.ts{'x' * (path.suffix == '.tsx')}" for index, path in enumerate(files)]


FAIR = {"cyclomatic": (3, 6), "cognitive": (3, 6), "halstead_volume": (100, 300), "line_count": (5, 10), "file_length": (10, 20), "params_count": (2, 4)}


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
    victims = [(i, m.end()) for i, text in enumerate(after) for m in re.finditer(r"(?m)^(?:export )?(?:async )?function \w+\([\w, ]*\)(?:: \w+)? \{", text)]
    if victims:
        number, place = chance.choice(victims)
        after[number] = after[number][:place] + " ".join(f"if (w{i}) x{i}();" for i in range(30)) + after[number][place:]
        found = real_box.run(dict(zip(moved, after)), write=False)
        assert found["new"] + found["worse"] == 1
