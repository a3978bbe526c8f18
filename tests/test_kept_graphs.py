"""The graph of the run before: what it saves, and that it is the one of now."""

from __future__ import annotations

import json
import os

import linked
import pytest
import warm

import complexity_guard as cg

FILES = {
    "a.ts": 'import { b } from "./b"; import { c } from "@/c"; b(c);',
    "b.ts": 'import { a } from "./a"; a();',
    "src/c.ts": 'import "./d.vue"; export const c = 1;',
    "src/d.vue": "<script>export default {}</script>",
    "tsconfig.json": json.dumps({"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["src/*"]}}}),
}


@pytest.fixture
def asked(monkeypatch, project, tmp_path_factory):
    """The graph of a run with a cache, and of which files the imports were resolved for it."""
    room, resolved = tmp_path_factory.mktemp("room"), []
    folder = project(FILES)
    monkeypatch.chdir(folder)
    link_file = cg.Linker.link_file
    monkeypatch.setattr(cg.Linker, "link_file", lambda linker, start: note(linker, start))

    def note(linker, start):
        resolved.append(linker.paths[start])
        return link_file(linker, start)

    def ask():
        resolved.clear()
        out = room / "out.json"
        cg.main([".", "--graph", "--cache-dir", str(room / "cache"), "--report", f"json={out}"])
        return json.loads(out.read_text())["graph"], list(resolved)

    ask.folder = folder
    return ask


def test_a_graph_is_kept_as_long_as_nothing_says_otherwise(asked):
    first, resolved = asked()
    assert len(resolved) == 4 and [one["files"] for one in first["components"]] == [["a.ts", "b.ts"]]
    assert asked() == (first, [])
    (asked.folder / "b.ts").write_text('import { c } from "@/c"; c();')
    second, resolved = asked()
    assert resolved == ["b.ts"] and second["components"] == [] and len(second["edges"]) == 4
    (asked.folder / "notes.txt").write_text("nobody imports it, and nobody knows that")
    assert len(asked()[1]) == 4
    assert asked() == (second, [])
    (asked.folder / "tsconfig.json").write_text("{}")
    third, resolved = asked()
    assert len(resolved) == 4 and len(third["edges"]) == 2


def test_what_reports_tell_of_a_kept_graph_is_not_made_anew(asked, monkeypatch):
    first, _ = asked()
    made = cg.linked_graph
    monkeypatch.setattr(cg, "linked_graph", lambda linker: pytest.fail("nobody asked for more"))
    monkeypatch.setattr(cg.ImportGraph, "texts", lambda graph: pytest.fail("it was told before"))
    assert asked() == (first, [])
    assert [one["message"].split(":")[0] for one in first["violations"]] == ["2 files import each other"]
    monkeypatch.setattr(cg, "linked_graph", made)
    (asked.folder / "b.ts").write_text("")
    with pytest.raises(pytest.fail.Exception, match="told before"):
        asked()


def test_the_page_of_a_kept_graph_has_the_graph(asked, tmp_path):
    """The page asks for more than what is kept as text: links are taken as they are known, and counted."""
    pages = []
    for name in ("cold", "warm"):
        page = tmp_path / f"{name}.html"
        cg.main([".", "--graph", "--cache-dir", str(tmp_path / "cache"), "--report", f"html={page}"])
        summary = page.read_text().partition('id="summary">')[2].partition("</script>")[0]
        pages.append(json.loads(summary)["graph"])
    assert pages[0] == pages[1] and len(pages[0]["files"]) == 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="some changes fork")
def test_what_imports_lead_to_changes_by_chance(monkeypatch):
    """`make linked` goes on with this for as long as one likes."""
    for name in ("HOME", "XDG_CACHE_HOME", "SOURCE_DATE_EPOCH", "COMPLEXITY_GUARD_CACHE"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    assert warm.run(examples=3, steps=8, machine=linked.Machine) >= 24
    assert linked.Machine.ways["graphs"] > linked.Machine.ways["all files linked"]
