"""The README, docs/formats.md and docs/rules.md say what the program does."""

from __future__ import annotations

import re

import pictures
import pytest
import readme
from conftest import BINARY, ROOT
from lxml import etree

import complexity_guard as cg


def test_option_tables_are_the_option_table():
    text = readme.README.read_text(encoding="utf-8")
    assert readme.shown(text).strip() == readme.option_tables().strip()
    assert readme.renewed(text) == text


def test_exit_codes_are_documented():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for code in (cg.EXIT_PASSED, cg.EXIT_ERRORS, cg.EXIT_WARNINGS, cg.EXIT_USAGE, cg.EXIT_SKIPPED, cg.EXIT_INTERRUPTED):
        assert f"| {code} |" in text


@pytest.mark.skipif(bool(BINARY), reason="the library is the module")
def test_the_library_as_shown(project, monkeypatch, capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = text.partition("```python\n")[2].partition("```")[0]
    monkeypatch.chdir(project({"src/b.ts": "const f = a => a ? 1 : 2", "src/a.ts": "function g() { if (x) { y() } }"}))
    names: dict = {}
    exec(example, names)
    assert sorted(capsys.readouterr().out.splitlines()) == ["src/a.ts 1 g 1", "src/b.ts 1 f 1"]
    assert list(names["reports"]) == ["src/a.ts", "src/b.ts"]


def test_docs_describe_every_format() -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for name in cg.REPORTERS:
        assert re.search(rf"^\| `{name}` \|", text, re.M) and re.search(rf"^## {name}$", text, re.M), name


def test_docs_say_what_the_paths_of_each_format_are_relative_to() -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    own, shared = text.partition("\n## Paths\n")[2].partition("\n## ")[0].split("\n\n")[:2]
    for name, reporter in cg.REPORTERS.items():
        assert f"`{name}`" in (shared if reporter.is_shared else own)
        assert f"`{name}`" not in (own if reporter.is_shared else shared.partition(". There")[0])


def test_each_rule_has_its_place_on_the_page_that_reports_link_to() -> None:
    text = readme.RULES.read_text(encoding="utf-8")
    assert text == readme.rules_page()
    for rule in (*cg.RULES, *cg.RANKED_RULES, *cg.Sarif.NOTICES):
        assert f"## {rule.name}\n\n{rule.meaning}\n\n**What helps:** {rule.advice}\n" in text


def test_the_pictures_are_shown_and_small() -> None:
    text = readme.README.read_text(encoding="utf-8")
    for picture in (pictures.TERMINAL, pictures.PAGE):
        assert f"]({picture.relative_to(ROOT)})" in text
    assert pictures.TERMINAL.stat().st_size + pictures.PAGE.stat().st_size <= 300_000


def test_a_terminal_is_drawn_letter_by_letter() -> None:
    svg = etree.fromstring(pictures.drawn(["\x1b[31m✗ a<b\x1b[0m  \x1b[2m&\x1b[0m", "  関数 f"]))
    texts = svg.findall(".//{*}text")
    assert ["".join(one.itertext()).replace("\xa0", " ") for one in texts] == ["✗ a<b", "  ", "&", "  関数 f"]
    cells = [round((float(one.get("x")) - pictures.MARGIN) / pictures.CELL) for one in texts]
    widths = [round(float(one.get("textLength")) / pictures.CELL) for one in texts]
    assert (cells, widths) == ([0, 5, 7, 0], [5, 2, 1, 8])
    assert [one.get("fill") for one in texts] == [pictures.COLORS["31"], None, pictures.COLORS["2"], None]
