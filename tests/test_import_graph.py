"""The import graph of whole runs: edges of every kind, cycles as findings in every format, and against a baseline."""

from __future__ import annotations

import json

import pytest
import warm

import complexity_guard as cg

RING = {
    "a.ts": 'import { b } from "./b";\nexport const a = () => b;\n',
    "b.ts": 'import { c } from "./c.js";\nexport const b = () => c;\n',
    "c.ts": '\nimport { a } from "./a";\nexport const c = () => a;\n',
    "d.ts": 'import type { A } from "./a";\nexport const d: A = 1;\n',
}


@pytest.fixture
def graph(tmp_path):
    """Makes the graph of files in a folder of their own."""

    def make(files):
        scanner, options = cg.make_scanner(), cg.measure_options(cg.DEFAULT_ANALYSIS)._replace(imports=True)
        imports = {}
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
            if cg.grammar_of(name) is not None:
                imports[str(tmp_path / name)] = cg.measure(name, text.encode(), options, scanner, cg.Bounds())[
                    0
                ].imports
        return cg.graph_of(imports, str(tmp_path))

    return make


def edges(found):
    names = [file.path.rpartition("/")[2] for file in found.files]
    return [(names[edge.start], names[edge.end], edge.kind) for edge in found.edges]


def test_kinds_of_edges(graph):
    found = graph(
        {
            "a.ts": 'import "./b"; import { c } from "./c"; import { type D } from "./d"; import("./e"); import { F } from "./f";'
            'import G from "./g.vue"; import h from "./h.css"; import i from "i"; import j from "./j"; let f: F = c; G(h, i, j);',
            **dict.fromkeys(("b.ts", "c.ts", "d.ts", "e.ts", "f.ts", "g.vue", "h.css"), ""),
        }
    )
    assert edges(found) == [
        ("a.ts", "b.ts", "side effect"), ("a.ts", "c.ts", "value"), ("a.ts", "d.ts", "type"), ("a.ts", "e.ts", "dynamic"),
        ("a.ts", "f.ts", "type"), ("a.ts", "g.vue", "value"),
    ]  # fmt: skip
    assert [name for _, name, _ in found.outside] == ["i"] and len(found.others) == 1
    assert [(name, reason) for _, name, _, reason in found.unresolved] == [("./j", "no such file")]


@pytest.mark.parametrize(
    ("path", "options", "kind"),
    [
        ("a.ts", {}, "type"),
        ("a.js", {}, "value"),
        ("a.d.ts", {}, "type"),
        ("a.ts", {"verbatimModuleSyntax": True}, "value"),
        ("a.ts", {"preserveValueImports": True}, "value"),
        ("a.ts", {"importsNotUsedAsValues": "preserve"}, "value"),
        ("a.ts", {"importsNotUsedAsValues": "remove"}, "type"),
    ],
)
def test_what_becomes_of_an_import_for_types(graph, path, options, kind):
    found = graph(
        {
            path: 'import { B } from "./b"; let b: B;',
            "b.ts": "",
            "tsconfig.json": json.dumps({"compilerOptions": options}),
        }
    )
    assert [edge.kind for edge in found.edges] == [kind]


def test_what_components_import_loads_though_templates_alone_use_it(guard, project):
    script = '<script setup lang="ts">\nimport B from "./b.vue";\nimport type { C } from "./c";\n</script>\n<template><B /></template>\n'
    found = guard("graph", "-f", "json", cwd=project({"a.vue": script, "b.vue": "", "c.ts": ""})).json
    assert [(edge["to"], edge["kind"], edge["line"]) for edge in found["edges"]] == [
        ("b.vue", "value", 2),
        ("c.ts", "type", 3),
    ]


@pytest.mark.parametrize(("emits", "kind"), [(True, "value"), (False, "type")])
def test_metadata_of_decorators(graph, emits, kind):
    config = json.dumps({"compilerOptions": {"emitDecoratorMetadata": emits}})
    found = graph({"a.ts": 'import { B } from "./b"; class C { @d() b: B }', "b.ts": "", "tsconfig.json": config})
    assert [edge.kind for edge in found.edges] == [kind]


def test_numbers_of_a_ring_by_hand(graph):
    found = graph(RING)
    rows = {file.path[-4:]: file for file in found.files}
    assert [rows[name].fan_in for name in RING] == [2, 1, 1, 0]
    assert [rows[name].fan_out for name in RING] == [1, 1, 1, 1]
    assert [rows[name].reach for name in RING] == [3, 3, 3, 0]  # the type of a is in d
    assert [rows[name].load for name in RING] == [2, 2, 2, 0]  # and loads nothing
    assert [rows[name].component for name in RING] == [0, 0, 0, None]
    assert rows["d.ts"].instability == 1 and rows["b.ts"].instability == 0.5
    assert found.sums() == {
        "files": 4, "edges": 4, "cycles": 1, "files_in_cycles": 3, "longest_chain": 0,
        "propagation_cost": round((4 + 4 + 4 + 1) / 16, 4), "unresolved": 0,
    }  # fmt: skip


def test_what_a_tsconfig_extends_and_is_not_there_is_named(graph):
    found = graph({"a.ts": "", "tsconfig.json": '{"extends": "@tsconfig/none"}'})
    assert [row[1:] for row in found.unresolved] == [
        ("@tsconfig/none", 1, "extends what is not there; its options are left out")
    ]


WORDS = "3 files import each other: a.ts → b.ts → c.ts → a.ts (warning above 1)"


def test_a_link_that_is_named_imports_from_its_own_folder(guard, project):
    """As in `tsc --traceResolution link.ts` of TypeScript 5.9.3: './b' beside the file it leads to is not found, './c' is."""
    root = project({"lib/a.ts": "import './b';\nimport './c';", "lib/b.ts": "export {}", "app/c.ts": "export {}"})
    (root / "app" / "link.ts").symlink_to("../lib/a.ts")
    found = guard("graph", "link.ts", "c.ts", "-f", "json", cwd=root / "app").json
    assert [(edge["from"], edge["to"]) for edge in found["edges"]] == [("link.ts", "c.ts")]
    assert [(one["from"], one["specifier"]) for one in found["unresolved"]] == [("link.ts", "./b")]
    inside = guard("graph", "app/link.ts", "lib/b.ts", "-f", "json", cwd=root).json  # there it is the file itself
    assert [(edge["from"], edge["to"]) for edge in inside["edges"]] == [("lib/a.ts", "lib/b.ts")]


def test_a_cycle_is_one_finding(guard, project):
    folder = project(RING)
    shown = guard("--graph", ".", cwd=folder)
    assert shown.code == 0 and f"a.ts:1  {WORDS}" in shown.out and "1 finding (0 errors, 1 warning)" in shown.out
    assert guard("--graph", "--fail-on", "warning", ".", cwd=folder).code == 2
    assert guard("--fail-on", "warning", ".", cwd=folder).code == 0
    assert guard("--metrics", "graph", "--fail-on", "warning", ".", cwd=folder).code == 2


@pytest.mark.parametrize(
    "name", ["ndjson", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown", "csv", "compact", "sarif"]
)
def test_in_every_format(guard, project, name):
    shown = guard("--graph", "-f", name, ".", cwd=project(RING))
    assert "3 files import each other" in shown.out or "import_cycles" in shown.out


def test_the_imports_of_a_cycle_are_related_locations(guard, project):
    run = guard("--graph", "-f", "sarif", ".", cwd=project(RING)).json["runs"][0]
    result = next(result for result in run["results"] if result["ruleId"] == "import_cycles")
    places = [
        (place["physicalLocation"]["artifactLocation"]["uri"], place["physicalLocation"]["region"]["startLine"])
        for place in result["relatedLocations"]
    ]
    assert places == [("a.ts", 1), ("b.ts", 1), ("c.ts", 2)]


def test_imports_are_told_by_reports_as_by_the_command(guard, project):
    """Reports write them by a pattern, for there are many."""
    odd = 'import { type A, b as c } from "./b\\"##\\u202e";\nimport "./c";\nexport * from "./b";\nimport("./c##d");\n'
    folder = project({"a.ts": odd, "b.ts": "", "c.ts": "export const a = 1;", "c##d.ts": "", "z.ts": 'import "./c##d"'})
    told = [guard(*way, "-f", "json", ".", cwd=folder) for way in (("--graph",), ("graph",))]
    graphs = [ran.json.get("graph", ran.json) for ran in told]
    for part in ("files", "edges"):
        assert list(map(list, map(dict.items, graphs[0][part]))) == list(map(list, map(dict.items, graphs[1][part])))
    assert len(graphs[0]["edges"]) == 4 and "##" not in told[0].out


def test_in_json(guard, project):
    found = guard("--graph", "-f", "json", ".", cwd=project(RING)).json["graph"]
    (component,) = found["components"]
    assert component["files"] == component["shortest"] == ["a.ts", "b.ts", "c.ts"]
    assert component["cut"] in ([["a.ts", "b.ts"]], [["b.ts", "c.ts"]], [["c.ts", "a.ts"]])
    assert [edge["to"] for edge in found["edges"]] == ["b.ts", "c.ts", "a.ts", "a.ts"] and found["summary"][
        "edges"
    ] == 4
    assert found["edges"][3] == {
        "from": "d.ts", "to": "a.ts", "kind": "type", "type_only": True, "specifier": "./a", "line": 1, "names": ["A"],
    }  # fmt: skip
    assert [row["reach"] for row in found["files"]] == [3, 3, 3, 0]
    assert [(row["file"], row["metric"], row["value"]) for row in found["violations"]] == [("a.ts", "import_cycles", 3)]
    assert guard("-f", "json", ".", cwd=project(RING)).json["graph"] == {"enabled": False}


ABOVE, BEHIND = "// complexity-guard-ignore-next-line {}\n", " // complexity-guard-ignore-line {}\n"
ON_TOP = "// complexity-guard-ignore-file {}\n"
RULES = {".complexityguard.json": json.dumps({"boundaries": [{"from": "a.ts", "deny": "b.ts"}]})}


@pytest.mark.parametrize(
    ("changed", "kept", "unused"),
    [
        ({}, ["import_cycles", "import_boundaries"], []),
        ({"a.ts": ABOVE.format("import_cycles -- so") + RING["a.ts"]}, ["import_boundaries"], []),
        ({"a.ts": ABOVE.format("graph -- so") + RING["a.ts"]}, [], []),
        ({"a.ts": ON_TOP.format("import_boundaries, import_cycles") + RING["a.ts"]}, [], []),
        ({"a.ts": RING["a.ts"].replace("\n", BEHIND.format("import_boundaries"), 1)}, ["import_cycles"], []),
        ({"b.ts": ABOVE.format("import_cycles") + RING["b.ts"]}, ["import_boundaries"], []),  # any import of the way
        ({"a.ts": ABOVE.format("-- so") + RING["a.ts"]}, ["import_cycles", "import_boundaries"], ["a.ts"]),
        ({"a.ts": ABOVE.format("cyclomatic") + RING["a.ts"]}, ["import_cycles", "import_boundaries"], ["a.ts"]),
        (
            {"a.ts": RING["a.ts"] + ABOVE.format("import_cycles") + "f();\n"},
            ["import_cycles", "import_boundaries"],
            ["a.ts"],
        ),
        ({"d.ts": ON_TOP.format("graph") + RING["d.ts"]}, ["import_cycles", "import_boundaries"], ["d.ts"]),
        ({"d.ts": ON_TOP.format("graph, cognitive") + RING["d.ts"]}, ["import_cycles", "import_boundaries"], []),
    ],
)
def test_comments_that_name_findings_of_the_graph_suppress_them(guard, project, changed, kept, unused):
    folder = project(RING | RULES | changed)
    for _ in range(2):  # cold, and from the cache
        ran = guard("-f", "json", ".", cwd=folder).json
        found = ran["graph"]
        assert [row["metric"] for row in found["violations"]] == kept
        assert ran["summary"]["suppressed_count"] == len(found["suppressed"]) == 2 - len(kept)
        of_files = [file["path"] for file in ran["files"] for _ in file["notices"]]
        assert [row["file"] for row in found["unused_suppressions"]] + of_files == unused
        assert ran["summary"]["warnings"] == kept.count("import_cycles") + len(unused)
    shown = guard("-f", "compact", ".", cwd=folder).out
    assert shown.count("matches no finding") == len(unused)


def test_without_the_graph_nobody_asks_for_its_comments(guard, project):
    folder = project(RING | {"a.ts": ABOVE.format("import_cycles") + RING["a.ts"]})
    assert "suppression" not in guard("-f", "compact", ".", cwd=folder).out


def test_numbers_of_a_file_are_suppressed_above_all_its_code(guard, project):
    limits = {
        ".complexityguard.json": json.dumps({"analysis": {"graph": True, "thresholds": {"fan_out": {"warning": 0.5}}}})
    }
    files = RING | limits | {"a.ts": ON_TOP.format("fan_out -- so") + RING["a.ts"]}
    found = guard("-f", "json", ".", cwd=project(files)).json["graph"]
    assert [row["file"] for row in found["violations"] if row["metric"] == "fan_out"] == ["b.ts", "c.ts", "d.ts"]
    assert [row["file"] for row in found["suppressed"]] == ["a.ts"]


def test_a_baseline_fails_for_the_cycle_that_was_added_alone(guard, project):
    folder = project(RING)
    assert guard("--graph", "--write-baseline", "base.jsonl", ".", cwd=folder).code == 0
    against = ("--graph", "--baseline", "base.jsonl", "--fail-on", "warning", ".")
    assert guard(*against, cwd=folder).code == 0
    (folder / "e.ts").write_text('import "./f";')
    (folder / "f.ts").write_text('import "./e";')
    added = guard(*against, cwd=folder)
    assert added.code == 2 and "2 files import each other: e.ts → f.ts → e.ts (warning above 1, new)" in added.out
    assert "a.ts →" not in added.out
    (folder / "e.ts").write_text('import "./a";')
    assert guard(*against, cwd=folder).code == 0
    (folder / "a.ts").write_text('import { b } from "./b"; import "./e"; export const a = b;')
    larger = guard(*against, cwd=folder)
    assert larger.code == 2 and "+1 since baseline" in larger.out
    (folder / "a.ts").write_text("export const a = 1;")
    assert guard(*against, cwd=folder).code == 0


def test_numbers_have_limits(guard, project):
    folder = project(
        RING | {".complexityguard.json": '{"analysis": {"thresholds": {"reach": {"error": 2}, "fan_in.warning": 1}}}'}
    )
    shown = guard("--graph", ".", cwd=folder)
    assert (
        shown.code == 1 and "the file has reach 3 (error above 2)" in shown.out and "the file has fan-in 2" in shown.out
    )


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_every_report_is_the_same_for_any_number_of_threads(guard, project, tmp_path_factory, threads):
    files = {f"m{number}.ts": f'import "./m{number * 7 % 60}"; import "./m{number * 3 % 60}";' for number in range(60)}
    folder, room = project(files), tmp_path_factory.mktemp("room")
    for count in (1, threads):
        reports = [flag for form in cg.REPORTERS for flag in ("--report", f"{form}={room / f'{count}.{form}'}")]
        guard("--graph", "--threads", str(count), *reports, ".", cwd=folder)
    for form in cg.REPORTERS:
        one, other = (warm.VOLATILE.sub(b"", (room / f"{count}.{form}").read_bytes()) for count in (1, threads))
        assert one == other and one, form


def test_in_sarif_what_is_suppressed_says_why(guard, project):
    files = RING | {"a.ts": f"// complexity-guard-ignore-next-line import_cycles -- known of old\n{RING['a.ts']}"}
    results = guard("--graph", "-f", "sarif", ".", cwd=project(files)).json["runs"][0]["results"]
    (cycle,) = [result for result in results if result["ruleId"] == "import_cycles"]
    assert cycle["suppressions"] == [{"kind": "inSource", "justification": "known of old"}]
    assert "import_cycles" not in guard("--graph", ".", cwd=project(files)).out
