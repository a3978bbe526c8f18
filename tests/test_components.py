"""That all that files have works for components: names, explain, comments, comparisons, clones, imports, editors. What
agents and people who watch are told stands in tests/transcripts."""

from __future__ import annotations

import json

import pytest
from repository import Repo
from samples import CONFIGURATION, function
from servers import FLAT_TOO, EditorClient

CONFIG = {".complexityguard.json": json.dumps(CONFIGURATION)}  # cyclomatic above 5 is a warning, above 10 an error


def vue(script: str, template: str = "<p/>", attributes: str = "") -> str:
    return f"<template>\n{template}\n</template>\n<script{attributes}>\n{script}</script>\n"


OPTIONS = """import { defineComponent } from 'vue'
export default defineComponent({
  setup() { return () => 1 }, data() {}, methods: { save() {}, load: async () => 2 },
  computed: { total: { get() {}, set(v) {} } }, watch: { a(b) {} },
})
"""
NAMES = [
    (OPTIONS, ["setup", "setup><anonymous>", "data", "methods>save", "methods>load", "computed>total>get",
               "computed>total>set", "watch>a"]),
    ("export default { created() {}, methods: { save() { [1].map(x => x) } } }",
     ["created", "methods>save", "methods>save>map callback"]),
    ("const f = () => 1\nwatch(f, () => {})\nonMounted(async () => {})", ["f", "watch callback", "onMounted callback"]),
]  # fmt: skip


@pytest.mark.parametrize(("script", "names"), NAMES)
def test_names_are_those_of_any_code(guard, project, script, names):
    (report,) = guard("-f", "json", ".", cwd=project({"a.vue": vue(script)})).json["files"]
    assert [f["qualified_name"] for f in report["functions"]] == names


def test_the_code_outside_functions_of_script_setup_is_called_setup(guard, project):
    files = {"a.vue": vue("if (a) b()\n", attributes=" setup"), "b.vue": vue("if (a) b()\n")}
    files[".complexityguard.json"] = json.dumps({"analysis": {"module_code": True, "least_burden": 0, "least_cognitive": 0,
        "thresholds": {"cyclomatic": {"warning": 1, "error": 9}}}})  # fmt: skip
    root = project(files)
    shown = guard("explain", "a.vue:setup", cwd=root)
    assert "     5   +1   +1 │ if (a) b()" in shown.out
    assert guard("explain", "b.vue:setup", cwd=root).code == 3
    rows = guard("-f", "csv", ".", cwd=root).out.splitlines()
    assert [row.split(",")[6:8] for row in rows if row.startswith("module,")] == [["<module>", "module"]] * 2


def test_explain_shows_the_lines_of_the_component(guard, project):
    root = project({"a.vue": vue("function f(a) {\n  if (a) return 1\n}\n", '<p :a="f"/>')})
    shown = guard("explain", "a.vue:f", cwd=root).out
    assert "a.vue:5:0" in shown and "     6   +1   +1 │   if (a) return 1   ← cyclomatic if; cognitive if +1\n" in shown


@pytest.mark.parametrize(("before", "inside", "suppressed"), [
    ("<!-- complexity-guard-ignore-file cyclomatic -- shown once -->\n", "", 1),
    ("<!-- complexity-guard-ignore-next-line -->\n", "", 1),  # the next line of code
    ("", "// complexity-guard-ignore-next-line cyclomatic\n", 1),
    ("<p a='<!-- complexity-guard -->'/><!-- nothing -->", "", 0),
    ("", "const s = '<!-- complexity-guard-ignore-file -->'\n", 0),
])  # fmt: skip
def test_comments_of_markup_keep_quiet_as_those_of_code_do(flat_guard, project, before, inside, suppressed):
    text = f"{before}<script>\n{inside}{function('f', 12)}</script>\n<style/>\n"
    found = flat_guard("-f", "json", ".", cwd=project({"a.vue": text, **CONFIG})).json
    assert found["summary"]["suppressed_count"] == suppressed
    assert len(found["files"][0]["functions"][0]["violations"]) == 1 - suppressed


def test_a_comment_in_a_template_is_for_the_handler_below_it(flat_guard, project):
    calls = " ".join(f"if (a{i}) b();" for i in range(12))
    markup = f'<!-- complexity-guard-ignore-next-line cyclomatic -- on purpose -->\n<p @click="{calls}"/>\n<p @click="{calls}"/>'
    found = flat_guard(
        "-f", "json", "--templates", ".", cwd=project({"a.vue": vue(function("f", 1), markup), **CONFIG})
    ).json
    assert [len(f["violations"]) for f in found["files"][0]["functions"]] == [0, 1, 0]
    assert found["summary"]["suppressed_count"] == 1


def test_baselines_and_older_versions_know_components(flat_guard, tmp_path):
    busy = '@click="' + " ".join(f"if (a{i}) b();" for i in range(12)) + '"'
    files = {"a.vue": vue(function("f", 12), f"<p {busy}/>"), "b.svelte": f"<script>{function('g', 12)}</script>"}
    repo = Repo(flat_guard, tmp_path / "r").commit(files | CONFIG)
    assert repo.run("--templates", ".").code == 1
    repo.run("--templates", "--write-baseline", "known.jsonl", ".")
    known = repo.run("--templates", "--baseline", "known.jsonl", ".").json["summary"]
    assert (known["errors"], known["changes"]["known"]) == (0, 3)
    repo.write({"a.vue": vue("\n\n" + function("f", 14) + function("h", 11), f"<b/>\n<p {busy}/>")})
    changed = repo.run("--templates", "--since", "HEAD", ".").json["files"]
    assert [(f["name"], f["change"]) for file in changed for f in file["functions"]] == [
        ("f", "worse"), ("h", "new"),
    ]  # fmt: skip


def test_clones_are_found_across_components_and_modules(guard, project):
    body = (
        "export function f(list, other) {\n"
        + "".join(f"  list.push(other.get({i}), {i} + list.length)\n" for i in range(9))
        + "}\n"
    )
    root = project(
        {"a.vue": vue(body), "b.ts": body.replace("f(", "g("), "c.svelte": f"<p/>\n<script>\n{body}</script>"}
    )
    (group,) = guard("--duplication", "-f", "json", ".", cwd=root).json["duplication"]["clone_groups"]
    assert [(place["file"], place["start_line"]) for place in group["locations"]] == [
        ("a.vue", 5),
        ("b.ts", 1),
        ("c.svelte", 3),
    ]


def test_imports_lead_into_and_out_of_components(guard, project):
    root = project({
        "a.vue": vue('import B from "./b.svelte"\nimport { c } from "./c"\nc(B)\n') + '<script src="./d.ts"></script>',
        "b.svelte": "<script module>import './e.astro'</script>\n<script>import A from './a.vue'; A</script>",
        "c.ts": 'import A from "./a.vue"\nexport const c = A\n', "d.ts": "export default {}\n", "e.astro": "---\nimport './c'\n---\n",
        "f.html": '<p/><script src="d.ts"></script><script src="https://x.dev/y.js"></script>\n',
    })  # fmt: skip
    edges = guard("graph", "-f", "json", ".", "f.html", cwd=root).json["edges"]
    assert {(e["from"], e["to"], e["line"]) for e in edges} == {
        ("a.vue", "b.svelte", 5), ("a.vue", "c.ts", 6), ("a.vue", "d.ts", 9), ("b.svelte", "e.astro", 1), ("b.svelte", "a.vue", 2),
        ("c.ts", "a.vue", 1), ("e.astro", "c.ts", 2), ("f.html", "d.ts", 1),
    }  # fmt: skip


def test_editors_are_told_at_the_lines_of_the_component(project):
    text = vue(function("f", 30))
    root = project({".complexityguard.json": FLAT_TOO, "a.vue": ""})
    with EditorClient(root) as client:
        client.open("a.vue", text)
        told = client.wait_for("textDocument/publishDiagnostics")
        assert {one["range"]["start"]["line"] for one in told["diagnostics"]} == {4}
        hover = client.result("textDocument/hover", client.of("a.vue", position={"line": 4, "character": 3}))
        assert "cyclomatic" in hover["contents"]["value"]
