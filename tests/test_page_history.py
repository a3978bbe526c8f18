"""The page of hotspots and trend: what it shows of history is what the other formats say."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, Page
from repository import GIT, Repo
from samples import function
from test_history import step
from test_page import CLOSER, IMAGE, needs_browser
from test_page import browser as browser

DAY = 86_400
OWNERS = "* @all\n/lib/ @lib ben@example.com\n"
STEPS = [
    {"a.ts": function("one", 12) + function("two", 3), "lib/b.ts": function("three", 20), ".github/CODEOWNERS": OWNERS},
    {"a.ts": function("one", 16) + function("two", 3)},
    {"a.ts": function("one", 14) + function("two", 4), "lib/b.ts": function("three", 22) + function("four", 2)},
    {"lib/b.ts": function("three", 30) + function("four", 2), "a.test.ts": function("t", 40)},
]  # fmt: skip
HINT = 8  # its place in the row of a function of the page
COVERED = "SF:lib/b.ts\nDA:1,1\nDA:2,0\nend_of_record\n"


@pytest.fixture(scope="module")
def past(guard: Any, tmp_path_factory: pytest.TempPathFactory) -> Repo:
    made = Repo(guard, tmp_path_factory.mktemp("history") / "project")
    for number, files in enumerate(STEPS):
        step(made, dict(files), number * 20 * DAY)
        if number == 1:
            made.git("tag", "v1.0")
    return made


def both(repo: Repo, *args: str) -> tuple[Path, Any]:
    """The page and the JSON of a command."""
    page = repo.root.parent / "page-of-history.html"
    told = repo.run(*args, "--report", f"html={page}")
    assert told.code == 0, told.err
    return page, told.json


@pytest.fixture
def hotspots(browser: Browser, past: Repo) -> Iterator[tuple[Page, Any]]:
    (past.root.parent / "lcov.info").write_text(COVERED)
    path, told = both(past, "hotspots", "--window", "all", "--by", "owner", "--coverage", "../lcov.info")
    with browser.page() as page:
        yield page.goto(path), told
        assert page.complaints() == []
        assert page.requests() == [path.as_uri()]


@needs_browser
def test_the_list_is_that_of_all_formats(hotspots: tuple[Page, Any]) -> None:
    """By owner, as it was asked for, and by function without test code."""
    page, told = hotspots
    owners = [row["owner"] for row in told["owners"]]
    assert page.texts(".ranking .name") == owners == ["@lib", "ben", "@all"]
    page.choose(".ranking select", "function")
    rows = [row for row in told["functions"] if row["code"] == "product"]
    assert [row["qualified_name"] for row in rows] == page.texts(".ranking .name")
    assert [row["why"] for row in rows] == page.texts(".ranking .why")
    page.choose(".ranking select", "file")
    files = [row for row in told["files"] if row["code"] == "product"]
    assert [row["path"] for row in files] == page.texts(".ranking .name")


@needs_browser
def test_an_owner_leads_to_the_functions_that_are_theirs(hotspots: tuple[Page, Any]) -> None:
    page, _ = hotspots
    page.click(".ranking li button", 2)
    assert page.texts(".ranking .name") == ["one", "two"]
    page.click(".ranking .drop")
    assert page.texts(".ranking .name") == ["@lib", "ben", "@all"]


@needs_browser
def test_a_function_shows_the_commits_that_changed_it(hotspots: tuple[Page, Any], past: Repo) -> None:
    """With what each made of its numbers, as trend tells it."""
    page, _ = hotspots
    page.choose(".ranking select", "function")
    page.click(".ranking li button", page.texts(".ranking .name").index("one"))
    page.wait("document.querySelector('.commits')")
    told = past.run("trend", "--window", "all", "a.ts:one").json["points"]
    before = [None, *[point["cognitive"] for point in told]]
    expected = [
        "new" if old is None else f"cognitive {old} → {point['cognitive']}"
        for old, point in zip(before, told, strict=False)
    ]
    shown = page.texts(".commits .delta")[::-1]
    assert len(shown) == 3
    assert shown[1:] == expected[1:]
    hashes = [text.split(" · ")[2] for text in page.texts(".commits .where")]
    assert hashes == [point["commit"][:9] for point in told][::-1]
    assert page("document.querySelector('dialog .curve').getAttribute('aria-valuetext')").startswith(
        "2023-12-24: cognitive 14, cyclomatic 15 · A: step"
    )


@needs_browser
def test_the_map_is_coloured_by_change_and_by_coverage(hotspots: tuple[Page, Any]) -> None:
    """Where nothing is known of tests, there is no colour."""
    page, told = hotspots
    tiles = "Object.fromEntries([...document.querySelectorAll('.tree button')].map(t => [t.textContent, t.className.trim()]))"
    assert page("document.querySelector('#map select').value") == "change"
    by_change = page(tiles)
    assert by_change["b.ts"] == "h0 leaf"
    assert by_change["a.test.ts"] == "h6 leaf"
    page.choose("#map select", "coverage")
    by_coverage = page(tiles)
    assert by_coverage["a.ts"] == by_coverage["a.test.ts"] == "unknown leaf"
    assert by_coverage["b.ts"] == "h2 leaf"  # half of its lines
    shares = {row["qualified_name"]: row["coverage"] for row in told["functions"]}
    assert (shares["three"], shares["four"], shares["one"]) == (1.0, 0.0, None)


@needs_browser
def test_coverage_in_the_page_of_an_ordinary_run(browser: Browser, past: Repo) -> None:
    """As a layer of the map, in the sheet of a function, and among the limits; a value below its limit is past it."""
    (past.root.parent / "lcov.info").write_text(COVERED)
    path = past.root.parent / "ordinary.html"
    limit = ("--coverage", "../lcov.info", "--threshold", "coverage=0.9/0.5")
    past.run("lib", *limit, "--report", f"html={path}")
    with browser.page() as page:
        page.goto(path)
        assert page("[...document.querySelectorAll('#map option')].map(o => o.value)") == [
            "health",
            "points",
            "coverage",
        ]
        page("[...document.querySelectorAll('details')].find(d => d.textContent.startsWith('Limits')).open = true")
        page.wait("document.querySelector('table.plain td')")
        rows = page(
            "[...document.querySelectorAll('table.plain tr')].map(row => [...row.children].map(c => c.textContent))"
        )
        assert ["Coverage", "below 0.9", "below 0.5"] in rows
        assert page.complaints() == []


def table_of_points(page: Page) -> list[list[str]]:
    page("document.querySelector('#trend details').open = true")
    return page(
        "[...document.querySelectorAll('#trend tbody tr')].map(row => [...row.children].map(cell => cell.textContent))"
    )


@needs_browser
@pytest.mark.parametrize("command", [("trend", "--points", "4"), ("hotspots", "--points", "4")], ids=lambda one: one[0])
def test_curves_have_the_points_of_the_trend(browser: Browser, past: Repo, command: tuple[str, ...]) -> None:
    """In the page of hotspots, too; tags are marked."""
    path, _ = both(past, *command, "--window", "all")
    told = past.run("trend", "--points", "4", "--window", "all").json["points"]
    with browser.page() as page:
        page.goto(path)
        assert [row[:3] for row in table_of_points(page)] == [
            [point["commit"][:9], point["date"], ", ".join(point["tags"])] for point in told
        ]
        assert [row[4] for row in table_of_points(page)] == [str(point["past_limits"]) for point in told]
        assert page("document.querySelectorAll('#trend .tag').length") == 3
        page("document.querySelector('#trend .curve').focus()")
        page.press("Home")
        assert page("document.querySelector('#trend .said').textContent").startswith(f"{told[0]['date']}: health ")
        page.press("ArrowRight")
        assert page("document.querySelector('#trend .said').textContent").endswith(" · v1.0")
        assert page.complaints() == []


@needs_browser
def test_the_trend_of_a_function_is_a_page_of_its_file(browser: Browser, past: Repo) -> None:
    path, told = both(past, "trend", "--window", "all", "a.ts:one")
    with browser.page() as page:
        page.goto(path)
        assert page.texts("#trend h3 b") == [str(told["points"][-1][key]) for key in ("cognitive", "cyclomatic")]
        assert len(table_of_points(page)) == len(told["points"])
        assert page("document.querySelector('#files .count').textContent") == "1 file"
        assert page.complaints() == []


@needs_browser
@pytest.mark.parametrize("width", [390, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_histories_stay_text(browser: Browser, guard: Any, tmp_path: Path, width: int, scheme: str) -> None:
    """Names and subjects of commits are anybody's, and of any length."""
    repo = Repo(guard, tmp_path / "r")
    repo.write({"a.ts": function("one", 30), "CODEOWNERS": f"* @{'long' * 2500} @<b>x</b>\n"})
    name = {"GIT_AUTHOR_NAME": f"\u202e{CLOSER.replace('<', chr(0xFF1C))}{IMAGE.replace('<', '(')}"}
    for ifs in (30, 33):
        repo.write({"a.ts": function("one", ifs)})
        repo.git("add", "-A")
        environment = {**os.environ, **GIT, **name}
        message = f"{CLOSER}{IMAGE}\u202e{'word' * 2500}"
        subprocess.run(["git", "commit", "-qm", message], cwd=repo.root, env=environment, check=True)
    path, _ = both(repo, "hotspots", "--window", "all")
    with browser.page(width, 900, scheme) as page:
        page.goto(path)
        page.choose(".ranking select", "owner")
        page.choose(".ranking select", "function")
        page.click(".ranking li button")
        page.wait("document.querySelector('.commits')")
        assert CLOSER in page("document.querySelector('.commits').textContent")
        assert "⟨U+202E⟩" in page("document.querySelector('.commits .where').textContent")
        assert page("document.documentElement.scrollWidth <= innerWidth")
        assert page("document.querySelector('dialog').scrollWidth <= innerWidth")
        assert page("window.pwned === undefined && document.querySelectorAll('img, iframe').length === 0")
        assert page.complaints() == []


@needs_browser
def test_files_that_change_together(browser: Browser, guard: Any, tmp_path: Path) -> None:
    repo = Repo(guard, tmp_path / "r")
    for number in range(6):
        step(repo, {"a.ts": function("one", number), "lib/b.ts": function("two", number)}, number * DAY)
    path, told = both(repo, "hotspots", "--window", "all", "--by", "coupling")
    with browser.page() as page:
        page.goto(path)
        assert page.texts(".ranking .name") == ["a.ts and lib/b.ts"]
        assert page.texts(".ranking .why") == [row["why"] for row in told["couplings"]]
        page.click(".ranking li button")
        page.wait("document.querySelector('dialog[open]')")
        assert page.complaints() == []


@needs_browser
def test_a_past_from_a_file_has_no_curves(browser: Browser, past: Repo) -> None:
    """And a window without commits has none either; both have their page."""
    kept = past.root.parent / "past.json"
    kept.write_text(past.run("hotspots", "--window", "all").out)
    for flags, names in ((("--history", str(kept)), ["three", "one", "two", "four"]), (("--window", "HEAD"), [])):
        path, _ = both(past, "hotspots", *flags)
        with browser.page() as page:
            page.goto(path)
            assert sorted(page.texts(".ranking .name")) == sorted(names)
            assert page("document.querySelector('#trend') === null")
            assert page.complaints() == []


@needs_browser
def test_a_hint_stands_with_its_function(browser: Browser, past: Repo) -> None:
    """In the list and in the sheet; what it says is text. Those of the page are those of `next`."""
    words = f"extracting lines 3–9 takes cognitive from 34 to 16 {IMAGE}"
    path, _ = both(past, "hotspots", "--window", "all")
    text = path.read_text(encoding="utf-8")
    steps = past.run("next", "--window", "all", "-n", "3").json["functions"]
    head, data, tail = re.split(r'(?<=id="summary">)(.*?)(?=</script>)', text, maxsplit=1, flags=re.S)
    summary = json.loads(data)
    rows = summary["history"]["functions"]
    hints = {tuple(row[:3]): row[HINT] for row in rows if row[HINT]}
    assert hints == {
        (row["path"], row["qualified_name"], row["number"]): step["what"] for row in steps for step in row["next"]
    }
    assert hints
    for row in rows:
        row[HINT] = words if row is rows[0] else ""
    path.write_text(head + json.dumps(summary).replace("<", "\\u003c") + tail, encoding="utf-8")
    with browser.page() as page:
        page.goto(path)
        assert page.texts(".ranking .hint") == [words]
        page.click(".ranking li button")
        page.wait("document.querySelector('dialog .hint')")
        assert page.texts("dialog .hint") == [words]
        assert page.complaints() == []
