"""complexity-guard graph: each view in each format, read by others' parsers, with names that mean something to them."""

from __future__ import annotations

import csv
import io
import re
import subprocess

import networkx
import pytest
import tools
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

import complexity_guard as cg

RING = {
    "a.ts": 'import { b } from "./b";\nexport const a = () => b;\n',
    "b.ts": 'import { c } from "./c.js";\nexport const b = () => c;\n',
    "c.ts": '\nimport { a } from "./a";\nexport const c = () => a;\n',
    "d.ts": 'import type { A, B as C } from "./a";\nimport("./e");\nexport const d: A = 1;\n',
    "e.ts": "export const e = 1;\n",
}
HOSTILE = (
    "a b.ts", 'q"uote.ts', "back\\slash.ts", "new\nline.ts", "<b>&amp;.ts", "=cmd|x.ts", "-->x.ts", "[br]{ack}(et).ts",
    "ünï.ts", "#35;.ts", "end.ts", "`md`.ts", "semi;colon.ts", "%%comment.ts", "bad\udcff.ts", "class.ts", "@SUM.ts",
    "\\N\\G.ts", "::add-mask::x.ts", "\x1b[31m.ts",
)  # fmt: skip


@pytest.fixture
def ring(project):
    return project(RING)


@pytest.fixture
def hostile(project):
    """Files of hostile names, which "end.ts" imports as far as TypeScript could; and all they, as they are, import it."""
    folder = project({})
    for name in HOSTILE:
        (folder / name).write_text('import "./end";\nimport "./end";\n' if name != "end.ts" else "")
    return folder


def shown_names():
    return sorted(map(cg.printable, HOSTILE))


def test_the_summary_and_what_is_largest(guard, ring):
    shown = guard("graph", cwd=ring)
    assert shown.code == 0 and shown.out.startswith(
        "Files: 5, and 5 pairs of them where one imports the other\n"
        "Cycles: 1, and 3 files in them (--cycles: which)\n"
        "Longest chain of imports: 0, where a cycle is one step\n"
        "A change to a file may reach 60.0 % of all files on average\n"  # 4 + 4 + 4 + 1 + 2 of 25
    )
    assert (
        "Files that import a file (fan-in)\n       2  a.ts\n       1  b.ts\n       1  c.ts\n       1  e.ts\n"
        in shown.out
    )


def test_json_is_that_of_an_analysis(guard, ring):
    alone = guard("graph", "-f", "json", cwd=ring).json
    whole = guard("--graph", "-f", "json", ".", cwd=ring).json["graph"]
    of_runs = {"enabled", "violations", "suppressed", "unused_suppressions"}
    assert alone == {key: whole[key] for key in alone} and set(whole) - set(alone) == of_runs
    assert [edge["type_only"] for edge in alone["edges"]] == [False, False, False, True, False]


def test_cycles(guard, ring):
    shown = guard("graph", "--cycles", ".", cwd=ring).out
    ways = "a.ts:1  imports b.ts  (value)\n  b.ts:1  imports c.ts  (value)\n  c.ts:2  imports a.ts  (value)\n"
    assert shown.startswith("Cycle 1: 3 files import each other\n\nA shortest way round: 3\n  " + ways)
    assert "fewer may do: 1\n" in shown and shown.endswith("Files: 3\n  a.ts\n  b.ts\n  c.ts\n")
    (component,) = guard("graph", "--cycles", "-f", "json", cwd=ring).json["components"]
    assert component["files"] == ["a.ts", "b.ts", "c.ts"] and len(component["cut"]) == 1
    rows = list(csv.DictReader(io.StringIO(guard("graph", "--cycles", "-f", "csv", cwd=ring).out)))
    assert [(row["from"], row["to"]) for row in rows] == [("a.ts", "b.ts"), ("b.ts", "c.ts"), ("c.ts", "a.ts")]
    (ring / "c.ts").write_text("")
    assert guard("graph", "--cycles", cwd=ring).out == "No files import each other.\n"


def test_one_file(guard, ring):
    found = guard("graph", "--of", "./a.ts", "-f", "json", cwd=ring).json
    assert found["file"]["path"] == "a.ts" and found["file"]["reach"] == 3
    assert [edge["to"] for edge in found["imports"]] == ["b.ts"]
    assert [(edge["from"], edge["names"]) for edge in found["imported_by"]] == [
        ("c.ts", ["a"]),
        ("d.ts", ["A", "B as C"]),
    ]
    assert [row["via"] for row in found["reach"]] == [["c.ts", "a.ts"], ["d.ts", "a.ts"], ["b.ts", "c.ts", "a.ts"]]
    assert [row["path"] for row in found["reach"]] == ["c.ts", "d.ts", "b.ts"]
    assert found["cycle"]["files"] == ["a.ts", "b.ts", "c.ts"]
    assert guard("graph", "--of", "d.ts", "-f", "json", cwd=ring).json["cycle"] is None
    assert [(row["path"], row["via"]) for row in found["load"]] == [
        ("b.ts", ["a.ts", "b.ts"]),
        ("c.ts", ["a.ts", "b.ts", "c.ts"]),
    ]
    shown = guard("graph", "--of", str(ring / "a.ts"), cwd=ring).out
    assert "fan-in 2, fan-out 1, instability 0.33\nreach 3, load 2, import depth 0\nin a cycle of 3 files\n" in shown
    assert "Imported by: 2\n  c.ts  (line 2, value) { a }\n  d.ts  (line 1, type) { A, B as C }\n" in shown
    assert "A change to it may reach: 3\n  c.ts → a.ts\n  d.ts → a.ts\n  b.ts → c.ts → a.ts\n" in shown


def test_the_way_from_one_file_to_another(guard, ring):
    shown = guard("graph", "--why", "d.ts", "c.ts", cwd=ring).out
    steps = "  d.ts:1  imports a.ts  (type)\n  a.ts:1  imports b.ts  (value)\n  b.ts:1  imports c.ts  (value)\n"
    assert shown.startswith("\nd.ts imports c.ts, steps: 3\n" + steps) and "Nothing of that is loaded" in shown
    assert guard("graph", "--why=a.ts", "e.ts", cwd=ring).out == "a.ts does not depend on e.ts.\n"
    found = guard("graph", "--why", "d.ts", "b.ts", "-f", "json", cwd=ring).json
    assert [edge["line"] for edge in found["path"]] == [1, 1] and found["loading_path"] == []
    (ring / "e.ts").write_text('import "./f"')
    (ring / "f.ts").write_text('import "./c"')
    (ring / "d.ts").write_text('import "./e"; import type {} from "./c"')
    shown = guard("graph", "--why", "d.ts", "c.ts", cwd=ring).out
    assert (
        "steps: 1\n  d.ts:1  imports c.ts  (type)\n" in shown
        and "What loads it, steps: 3\n  d.ts:1  imports e.ts" in shown
    )


def test_folders(guard, project):
    folder = project(
        {
            "src/a/x/1.ts": 'import "../../b/2"; import "./3";',
            "src/a/x/3.ts": "",
            "src/b/2.ts": 'import type {} from "../a/y/4"; import "../5";',
            "src/a/y/4.ts": "",
            "src/5.ts": 'import "./b/2";',
        }
    )
    found = guard("graph", "--depth", "1", "-f", "json", cwd=folder).json
    assert [file["path"] for file in found["files"]] == ["src", "src/a", "src/b"]
    assert [(edge["from"], edge["to"], edge["kind"]) for edge in found["edges"]] == [
        ("src", "src/b", "side effect"), ("src/a", "src/b", "side effect"), ("src/b", "src/a", "type"),
        ("src/b", "src", "side effect"),
    ]  # fmt: skip
    assert [component["files"] for component in found["components"]] == [["src", "src/b"]]
    deeper = guard("graph", "--depth", "2", "-f", "json", cwd=folder).json
    assert [file["path"] for file in deeper["files"]] == ["src", "src/a/x", "src/a/y", "src/b"]
    assert "src/b imports src/a" in guard("graph", "--depth", "1", "--why", "src/b", "src/a", cwd=folder).out


def test_folders_that_have_nothing_in_common(guard, project):
    folder = project({"here/a.ts": 'import "../other/b";', "other/b.ts": ""})
    paths = [str(folder / "other"), "."]
    found = guard("graph", "--depth", "1", "-f", "json", *paths, cwd=folder / "here").json
    assert len(found["files"]) == 2 and len(found["edges"]) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("graph", "--cycles", "--of", "a.ts"), "--cycles and --of are two views; ask for one at a time"),
        (("graph", "--of", "x/b.ts"), "x/b.ts: not in the graph; did you mean b.ts?"),
        (("graph", "--of", "x.ts"), "x.ts: not in the graph\n"),
        (("graph", "-f", "sarif"), "option -f of graph must be console, json, dot, mermaid, csv or graphml, not sarif"),
        (("-f", "dot", "."), "option -f of an analysis must be console, json,"),
        (("-f", "dott", "graph"), "option -f must be console,"),
        (("--cycles", "."), "--cycles is for complexity-guard graph"),
        (("--depth", "2", "explain", "a.ts"), "--depth is for complexity-guard graph"),
        (("graph", "--why", "a.ts"), "option --why needs a value: --why A B"),
        (("graph", "--depth", "0"), "option --depth must be a whole number of at least 1, not '0'"),
        (("graph", "--since", "HEAD"), "--since is for analyses; graph looks at all files, as they are on disk"),
        (("graph", "--report", "json"), "--report is for analyses; graph prints its text as it is"),
        (("graph", "-"), "- is for analyses"),
        (("graph", "nowhere"), "nowhere"),
    ],
)
def test_what_is_refused(guard, ring, arguments, says):
    shown = guard(*arguments, cwd=ring)
    assert shown.code == 3 and says in shown.err and not shown.out


def test_formats_and_flags_may_stand_anywhere(guard, ring):
    expected = guard("graph", "-f", "dot", ".", cwd=ring).out
    assert expected.startswith("digraph") and guard("-f", "dot", "graph", cwd=ring).out == expected
    assert guard("--format=dot", "graph", ".", "-o", "out.dot", cwd=ring).out == ""
    assert (ring / "out.dot").read_text() == expected
    refused = guard("graph", "-f", "dot", "-o", "a.ts", cwd=ring)
    assert refused.code == 3 and "name of a source file" in refused.err


def test_what_a_configuration_says_of_reports_is_for_analyses(guard, ring):
    (ring / ".complexityguard.json").write_text(
        '{"output": {"format": "sarif", "file": "out.sarif"}, "baseline_file": "none.jsonl", "files": {"exclude": ["e.ts"]}}'
    )
    shown = guard("graph", "-f", "json", cwd=ring)
    assert shown.code == 0 and shown.json["summary"]["files"] == 4 and not (ring / "out.sarif").exists()


def test_a_file_that_cannot_be_read_fails_the_command(guard, ring):
    shown = guard("graph", "--run-timeout", "0.000001", "--threads", "1", "-f", "json", cwd=ring)
    assert shown.code == 4 and "e.ts: could not be analysed: " in shown.err and shown.json["files"] == []


def test_a_repeated_run_says_the_same(guard, ring):
    first = guard("graph", "-f", "json", "--cache-dir", "cache", cwd=ring).out
    assert guard("graph", "-f", "json", "--cache-dir", "cache", cwd=ring).out == first
    assert guard("graph", "-f", "json", "--no-cache", "--threads", "2", cwd=ring).out == first


def test_dot_by_graphviz(guard, hostile):
    drawn = subprocess.run(
        [tools.tool("dot"), "-Tsvg"], input=guard("graph", "-f", "dot", cwd=hostile).out.encode(), capture_output=True
    )
    assert drawn.returncode == 0 and not drawn.stderr
    svg = etree.fromstring(drawn.stdout)
    texts = [text.text for text in svg.iter("{*}text")]
    assert sorted(text for text in texts if text != "2") == shown_names()
    assert texts.count("2") == len(list(svg.iterfind(".//{*}g[@class='edge']"))) == len(HOSTILE) - 1


def test_graphml_by_networkx(guard, hostile):
    graph = networkx.read_graphml(io.BytesIO(guard("graph", "-f", "graphml", cwd=hostile).out.encode()))
    assert sorted(data["path"] for _, data in graph.nodes(data=True)) == shown_names()
    assert {data["imports"] for *_, data in graph.edges(data=True)} == {2}
    assert {data["fan_in"] for _, data in graph.nodes(data=True)} == {0, len(HOSTILE) - 1}


def test_csv_by_python(guard, hostile):
    text = guard("graph", "-f", "csv", cwd=hostile).out
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 2 * (len(HOSTILE) - 1) and {row["to"] for row in rows} == {"end.ts"}
    names = {row["from"] for row in rows}
    assert {name.removeprefix("'") for name in names} == set(shown_names()) - {"end.ts"}
    assert not [name for name in names if name[0] in "=+-@"]


def test_names_in_mermaid_are_letters_and_numbers_of_letters(guard, hostile):
    """Mermaid 11's own parser read these texts back as the names; what a label may hold is all that needs be true."""
    head, *lines = guard("graph", "-f", "mermaid", cwd=hostile).out.splitlines()
    assert head == "flowchart LR"
    nodes, edges = lines[: len(HOSTILE)], lines[len(HOSTILE) :]
    labels = [re.fullmatch(r'  n\d+\["((?:[\w ./-]|#\d+;)+)"\]', line)[1] for line in nodes]
    read = [re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label) for label in labels]
    assert sorted(read) == shown_names()
    assert all(re.fullmatch(r"  n\d+ -->\|2\| n\d+", line) for line in edges) and len(edges) == len(HOSTILE) - 1


def test_the_console_shows_no_control_characters(guard, hostile):
    for arguments in ((), ("--cycles",), ("--of", "end.ts"), ("--why", "a b.ts", "end.ts")):
        shown = guard("graph", *arguments, cwd=hostile).out
        assert all(line.isprintable() for line in shown.splitlines()) and "\n::" not in shown


def view(edges, count):
    rows = tuple(cg.GraphEdge(start, end, "value", "", 1, "") for start, end in edges)
    paths = [f"{node:02}.ts" for node in range(count)]
    return cg.with_edges(cg.ImportGraph((), (), (), (), (), ()), paths, rows), paths


EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDGES, st.integers(0, 9), st.integers(0, 9))
def test_ways_are_as_short_as_networkx_s(monkeypatch, tmp_path, edges, start, end):
    graph, paths = view(edges, 10)
    theirs = networkx.DiGraph(edges)
    theirs.add_nodes_from(range(10))
    found = cg.FileInGraph(graph, 0, paths[start]).as_json()
    for key, lengths in (
        ("reach", networkx.single_target_shortest_path_length(theirs, start)),
        ("load", networkx.single_source_shortest_path_length(theirs, start)),
    ):
        expected = {paths[node]: length for node, length in dict(lengths).items() if node != start}
        assert {row["path"]: len(row["via"]) - 1 for row in found[key]} == expected
        for row in found[key]:
            steps = [paths.index(path) for path in row["via"]]
            assert all(theirs.has_edge(*step) for step in zip(steps, steps[1:]))
    way = cg.WayInGraph(graph, 0, (paths[start], paths[end])).as_json()["path"]
    has_way = start != end and networkx.has_path(theirs, start, end)
    assert len(way) == (networkx.shortest_path_length(theirs, start, end) if has_way else 0)


@given(EDGES)
def test_what_is_drawn_of_cycles_is_what_is_in_them(edges):
    graph, _ = view(edges, 10)
    theirs = networkx.DiGraph([edge for edge in edges if edge[0] != edge[1]])
    groups = [group for group in networkx.strongly_connected_components(theirs) if len(group) > 1]
    found = cg.CyclesView(graph, 0)
    assert list(found.nodes()) == sorted(node for group in groups for node in group)
    expected = {edge for edge in edges if any(set(edge) <= group for group in groups)}
    assert {edge[:2] for edge in found.edges()} == expected


def test_long_lists_are_short_in_a_terminal_alone(guard, project):
    folder = project({"a.ts": "", **{f"b{number}.ts": 'import "./a";' for number in range(30)}})
    assert guard("graph", "--of", "a.ts", cwd=folder).out.count("line 1, side effect") == 30
    graph = cg.GraphView(cg.ImportGraph((), (), (), (), (), ()), 20)
    assert list(graph.listed("Rows", ["x"] * 30))[-1] == "  and 10 more (--all: which)"
    assert len(list(graph.listed("Rows", ["x"] * 20))) == 21


def test_json_is_json_whatever_files_are_called(guard, hostile):
    found = guard("graph", "-f", "json", cwd=hostile).json
    assert len(found["files"]) == len(HOSTILE)
