"""The baseline's file: what is written into it and what stays out, what is refused, and that branches merge."""

from __future__ import annotations

import json
import os

import pytest
from baselines import BASELINE, CYCLOMATIC_ONLY, HEADER, apply, changes, entries, run, write
from baselines import root as root
from repository import Repo
from samples import LIMITS, function

# What a baseline makes of a run


def test_the_first_baseline_accepts_everything_and_the_next_run_passes(guard, root):
    assert guard(".", cwd=root).code == 1
    written = write(guard, root)
    assert (written.code, "3 entries" in written.err) == (0, True)
    result = run(guard, root)
    assert (result.code, changes(result)) == (0, {"unchanged": 3, "known": 3})
    assert (result.json["summary"]["errors"], result.json["summary"]["warnings"]) == (0, 0)


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
    apply(root, {"src/b.ts": None, "lib/c.ts": function("vier", 15, mark="four")})
    assert write(guard, root).code == 0
    assert entries(root) == {
        "src/a.ts one": {"cyclomatic": 13},
        "src/a.ts three": {"cyclomatic": 31},
        "lib/c.ts vier": {"cyclomatic": 16},
    }


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
    (root / ".git").mkdir()  # up to which the configuration is looked for
    assert guard("--baseline", "../" + BASELINE, ".", cwd=root / "src").code == 0
    assert guard("--baseline", root / BASELINE, root, cwd=root.parent).code == 0


def test_the_configuration_may_name_it(guard, root):
    write(guard, root)
    (root / ".complexityguard.json").write_text(json.dumps(json.loads(CYCLOMATIC_ONLY) | {"baseline_file": BASELINE}))
    assert guard("src", cwd=root).code == 0
    (root / ".git").mkdir()
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
    "the same entry twice": (
        HEADER + ENTRY + "\n" + ENTRY,
        "baseline.jsonl:4: one of src/a.ts is recorded on line 2 already",
    ),
    "a key twice": (
        HEADER + ENTRY.replace('"values"', '"values": {"cyclomatic": 99}, "values"'),
        "baseline.jsonl:2: the key 'values' stands there twice; the baseline is damaged",
    ),
    "a metric twice": (
        HEADER + ENTRY.replace('{"cyc', '{"cyclomatic": 13, "cyc'),
        "baseline.jsonl:2: the key 'cyclomatic' stands there twice",
    ),
    "a version twice": ('{"complexity-guard-baseline": 1, ' + HEADER[1:], "baseline.jsonl:1: not a baseline"),
    "a whole number that no float holds": (
        HEADER + ENTRY.replace("13", "1" + "0" * 400),
        "baseline.jsonl:2: values must be numbers",
    ),
    "a number of 5,000 digits": (HEADER + ENTRY.replace("13", "1" * 5000), "baseline.jsonl:2: not JSON"),
    "not an object": (HEADER + "[1]\n", "baseline.jsonl:2: not an entry"),
    "unknown fields": (HEADER + ENTRY.replace('"body"', '"soul"'), "baseline.jsonl:2: not an entry"),
    "a path that is none": (HEADER + ENTRY.replace('"src/a.ts"', "1"), "baseline.jsonl:2: path, function and body"),
    "no function": (HEADER + ENTRY.replace('"one"', '""'), "baseline.jsonl:2: path, function and body"),
    "a value that is none": (HEADER + ENTRY.replace("13", '"13"'), "baseline.jsonl:2: values must be numbers"),
    "a value without end": (HEADER + ENTRY.replace("13", "Infinity"), "baseline.jsonl:2: values must be numbers"),
    "a value that is no number": (HEADER + ENTRY.replace("13", "NaN"), "baseline.jsonl:2: values must be numbers"),
    "nothing recorded": (
        HEADER + ENTRY.replace('{"cyclomatic": 13}', "{}"),
        "baseline.jsonl:2: values must be numbers",
    ),
    "an ordinal of 0": (HEADER + ENTRY.replace('"values"', '"nth": 0, "values"'), "baseline.jsonl:2: nth must be"),
    "not UTF-8": (HEADER.encode() + ENTRY.encode().replace(b"one", b"\xff"), "baseline.jsonl:2: not JSON"),
    "nested without end": (HEADER + "[" * 100_000, "baseline.jsonl:2: not JSON"),
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
    (["--baseline", "/dev/zero", "."], "cannot read the baseline /dev/zero"),
    (["--diff", "/dev/zero", "."], "cannot read the diff /dev/zero"),
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


@pytest.mark.parametrize("names", [("one", "two"), ("two", "three"), ("one", "three")])
def test_branches_that_change_neighbours_merge(guard, project, names):
    """Each branch makes one function better and records that."""
    functions = {name: function(name, 12) + "\n// a function of its own\n\n" for name in ("one", "three", "two")}
    root = project({".complexityguard.json": CYCLOMATIC_ONLY, "a.ts": "".join(functions.values())})
    repo = Repo(guard, root)

    def recorded_commit() -> None:
        assert write(guard, root).code == 0
        repo.commit()

    recorded_commit()
    for name in names:
        repo.git("checkout", "-q", "-b", name, "main")
        apply(root, {"a.ts": "".join((functions | {name: functions[name].replace("if (a0) ", "")}).values())})
        recorded_commit()
    repo.git("merge", "-q", "--no-edit", names[0])
    assert [values["cyclomatic"] for key, values in entries(root).items() if key.removeprefix("a.ts ") in names] == [
        12,
        12,
    ]
    assert changes(run(guard, root)) == {"unchanged": 3, "known": 3}


# What was recorded of a file when names did not go through calls, by commit 27b1ebd

NAMED_OTHERWISE = """\
export const Row = memo(forwardRef(function (props, ref) { return say("row") }))
export default wrap(() => { say("default") })
class App {
  onMove = throttle((event) => { if (event) say("move") })
  onKey = batched((event, key) => { if (event) say(key) })
  load() { const rows = list.map((item) => { return item || say("item") }); return rows }
  save() { this.queue.run(() => { list.forEach((item) => { say("saved") }) }) }
}
export const action = { name: "paste", perform: (elements) => { return elements.filter((e) => { return say("paste") }) } }
describe("cart", () => {
  it("adds", () => { say("adds") })
  it("removes", async () => { say("removes") })
})
app.get("/users", (request, response) => { response.send("users") })
button.addEventListener("click", () => { say("clicked") })
function outer() { const inner = useCallback(() => { say("inner") }, []); return cond ? () => { say("yes") } : inner }
namespace Shapes { export function area() { return say("area") } }
"""
RECORDED_THEN = [
    # its name, the how manieth of it, its cyclomatic number, its body
    ("App.load", 1, 1, "ff96c6ea1912aa03"),
    ("App.load>map callback", 1, 2, "6d7f4ac351f2696c"),
    ("App.save", 1, 1, "477ac36b5d84a534"),
    ("App.save>run callback", 1, 1, "16c3dc043c013aba"),
    ("App.save>run callback>forEach callback", 1, 1, "a5e152c99c57f9b6"),
    ("area", 1, 1, "dc08eda60f6d52ce"),
    ("batched callback", 1, 2, "7d8372e4126a5a02"),
    ("click handler", 1, 1, "db7b69e58170b511"),
    ("describe callback", 1, 1, "c4cc4f789a3e8b79"),
    ("describe callback>it callback", 1, 1, "a70ce748a2993242"),
    ("describe callback>it callback", 2, 1, "8e96f3d9f6eaa7e9"),
    ("forwardRef callback", 1, 1, "9d1144ac2afce6f9"),
    ("get callback", 1, 1, "73fac9cc7caa684a"),
    ("outer", 1, 2, "1bc5620c91be0e94"),
    ("outer><anonymous>", 1, 1, "ce9fad6385a6bcce"),
    ("outer>useCallback callback", 1, 1, "93aa7b523ec70b30"),
    ("perform", 1, 1, "8cd43d28f9dfa8b5"),
    ("perform>filter callback", 1, 1, "c1baa15774d08fdc"),
    ("throttle callback", 1, 2, "3d3d16614b777de5"),
    ("wrap callback", 1, 1, "88cfd5c586b600e1"),
]  # fmt: skip
EVERYTHING = {"cyclomatic": {"warning": "off", "error": 0}}


@pytest.mark.parametrize(
    "edited",
    [
        NAMED_OTHERWISE,
        NAMED_OTHERWISE.replace('say("', 'say("now ').replace("say(key)", "say(key, 1)").replace("send(", "send(1, "),
    ],
    ids=["as it was", "every function edited"],
)
def test_a_baseline_of_other_names_is_honoured(guard, project, edited):
    lines = [
        {"path": "a.tsx", "function": name, "nth": nth, "values": {"cyclomatic": value}, "body": body}
        for name, nth, value, body in RECORDED_THEN
    ]
    folder = project({
        ".complexityguard.json": json.dumps({"analysis": {"thresholds": LIMITS | EVERYTHING}}),
        BASELINE: HEADER + "".join(f"{json.dumps(line)}\n" for line in lines),
        "a.tsx": edited,
    })  # fmt: skip
    assert changes(run(guard, folder)) == {"unchanged": 20, "known": 20}
    assert write(guard, folder).code == 0
    recorded = entries(folder)
    assert len(recorded) == 20
    assert {"a.tsx Row", "a.tsx App.onKey", "a.tsx default export", "a.tsx action>perform"} <= recorded.keys()
