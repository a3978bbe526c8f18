"""The page, the HTML report, in a real browser: what it shows, how it is used, and that hostile input stays text."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, Page
from samples import measure_file
from tools import needs, tool

import complexity_guard as cg

needs_browser = needs("chromium")
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
TANGLED = """\
// A function whose increments are counted by hand, line by line, below.
export function tangled(a: number[], b = 1, c?: { d?: number }, e?: number) {
  for (const x of a) {
    if (x > b && x < 9) {
      while (b < x) {
        b += c?.d ?? 1;
      }
    } else if (x === 0) {
      return b;
    } else {
      try {
        b = x ? 1 : 2;
      } catch (problem) {
        throw problem;
      }
    }
  }
  switch (b) {
    case 1:
    case 2:
      return [1, 2].map((y) => (y > 1 ? y : 0));
    default:
      return e || 3;
  }
}
"""
# line of TANGLED: (cyclomatic, cognitive), by the rules of ESLint's complexity and SonarJS's S3776
COSTS = {
    2: (1, 0), 3: (1, 1), 4: (2, 3), 5: (1, 3), 6: (2, 0), 8: (1, 1), 10: (0, 1), 12: (1, 3), 13: (1, 3),
    18: (0, 1), 19: (1, 0), 20: (1, 0), 23: (1, 0),
}  # fmt: skip
SMALL = {
    f"src/lib{i % 3}/part{i}.ts": "\n".join(f"export const f{i}_{j} = (x: number) => x + {j};" for j in range(3 + i))
    for i in range(12)
}
QUIET = "// complexity-guard-ignore-next-line -- an old parser\n" + TANGLED.partition("\n")[2]
PROJECT = {
    "src/tangled.ts": TANGLED,
    **SMALL,
    "src/broken.ts": "function ( {{{ ]\n",
    "src/quiet.ts": QUIET,
    "src/data.ts": bytes(range(256)) * 8,
}
IMAGE = "<img src=x onerror=window.pwned=1>"
FRAME = '"><svg onload=window.pwned=1>'
CLOSER = "</script><script>window.pwned=1</script>"
HOSTILE = {
    f"a/{IMAGE}.ts": TANGLED,
    "a/'quote\" & <b>amp.ts": TANGLED.replace("tangled", "plain"),
    "a/source.ts": f"""class A {{
  {json.dumps(CLOSER)}(a, b, c, d) {{ if (a && b) {{ return "x"; }} }}
  {json.dumps(FRAME)}(a, b, c, d) {{ if (a && b) {{ return "y"; }} }}
  method(a, b, c, d) {{
    // {CLOSER} <!-- <script> {IMAGE} \u2028 \u202e backwards \x01
    return `{CLOSER}`;
  }}
}}
""",
}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    running = Browser(tool("chromium"))
    yield running
    running.close()


def analysed(guard: Any, root: Path, files: dict[str, str | bytes], *flags: str) -> tuple[Path, Any]:
    """Writes files, analyses them; the page's path and what the json format says of the same run. By the strict limits,
    which TANGLED is past: by the recommended ones it has warnings alone."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    page, facts = root / "report.html", root / "report.json"
    reports = ("--report", f"html={page}", "--report", f"json={facts}")
    done = guard("--preset", "strict", *reports, *flags, ".", cwd=root, env=EPOCH)
    assert page.exists(), done.err
    return page, json.loads(facts.read_text(encoding="utf-8"))


@pytest.fixture
def report(guard: Any, tmp_path: Path) -> Any:
    return lambda files, *flags: analysed(guard, tmp_path, files, *flags)


@pytest.fixture(scope="session")
def project_report(guard: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    return analysed(guard, tmp_path_factory.mktemp("project"), PROJECT)


@pytest.fixture
def opened(browser: Browser, project_report: tuple[Path, Any]) -> Iterator[tuple[Page, Any]]:
    path, facts = project_report
    with browser.page() as page:
        yield page.goto(path), facts
        assert page.complaints() == []
        assert page.requests() == [path.as_uri()]


def view_of(file: cg.FileReport, source: cg.SourceText, settings: cg.Settings) -> cg.FileView:
    return cg.FileView(file, source, settings, cg.analysis_for(settings, file.path)[1])


def functions_of(facts: Any) -> list[dict[str, Any]]:
    return [{**f, "path": file["path"]} for file in facts["files"] for f in file["functions"]]


def column(page: Page, title: str) -> list[str]:
    titles = page.texts("#function-grid [role=columnheader]")
    return page(
        f"[...document.querySelectorAll('#function-grid .body [role=row]')].map(r => r.children[{titles.index(title)}].textContent)"
    )


# ---- the page itself


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_shows_in_every_size_and_scheme_without_a_complaint(
    browser: Browser, project_report: Any, size: str, scheme: str
) -> None:
    path, facts = project_report
    with browser.page(*SIZES[size], scheme) as page:
        page.goto(path)
        assert page("document.documentElement.scrollWidth <= innerWidth"), "wider than the screen"
        assert f"{facts['summary']['health_score']:.1f}" in page("document.querySelector('.dial').textContent")
        for selector in ("#function-grid .body [role=row]", "#file-grid .body [role=row]"):
            page.click(selector)
            page.wait("document.querySelector('dialog').open")
            assert page("document.querySelector('dialog').scrollWidth <= innerWidth")
            page.press("Escape")
            page.wait("!document.querySelector('dialog').open")
        page("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert (
            page("getComputedStyle(document.body).backgroundColor")
            == {"light": "rgb(245, 246, 248)", "dark": "rgb(14, 17, 22)"}[scheme]
        )
        assert page.complaints() == []
        assert page.requests() == [path.as_uri()]


@needs_browser
@pytest.mark.parametrize(
    "files",
    [
        {},
        {"a.ts": ""},
        {"a.ts": "export const x = 1;\n"},
        {"a.ts": "function ( {{{ ]"},
        {"a.ts": "export const f = (x: number) => x;\n"},
    ],
    ids=["no file", "empty", "data", "broken", "clean"],
)
def test_shows_projects_with_next_to_nothing_in_them(browser: Browser, report: Any, files: dict[str, str]) -> None:
    path, _ = report(files, "--allow-empty")
    with browser.page() as page:
        page.goto(path)
        assert "of 100" in page("document.body.innerText")
        assert page.complaints() == []


@needs_browser
def test_overview_says_what_the_summary_says(opened: tuple[Page, Any]) -> None:
    page, facts = opened
    summary = facts["summary"]
    tiles = dict(zip(page.texts(".tiles dt"), page.texts(".tiles dd:not(.more)")))
    expected = {
        "Errors": "errors",
        "Warnings": "warnings",
        "Functions": "total_functions",
        "Files": "files_analyzed",
        "Suppressed": "suppressed_count",
        "Skipped files": "skipped_count",
    }
    assert {name: tiles[name] for name in expected} == {name: f"{summary[key]:,}" for name, key in expected.items()}
    page("document.querySelectorAll('#notes details').forEach(d => { d.open = true; })")
    page.wait(
        "document.querySelectorAll('#notes .inside').length === document.querySelectorAll('#notes details').length"
    )
    notes = page("document.querySelector('#notes').innerText")
    assert "src/broken.ts:1" in notes
    assert "an old parser" in notes
    assert all(skipped["path"] in notes and skipped["reason"] in notes for skipped in facts["skipped"])
    assert len(facts["skipped"]) == 1


@needs_browser
def test_theme_button_changes_the_theme(opened: tuple[Page, Any]) -> None:
    page, _ = opened
    before = page("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page("getComputedStyle(document.body).backgroundColor") != before
    page.click("#theme")
    assert page("getComputedStyle(document.body).backgroundColor") == before


@needs_browser
def test_everything_that_can_be_pressed_has_a_name(opened: tuple[Page, Any]) -> None:
    page, _ = opened
    nameless = (
        "[...document.querySelectorAll('button, a, input, select, [role=grid]')]"
        ".filter(e => e.offsetParent && !(e.ariaLabel || e.textContent.trim() || e.title)).map(e => e.outerHTML)"
    )
    assert page(nameless) == []
    assert page("document.querySelectorAll('.tree button[tabindex=\"0\"]').length") == 1
    assert page(
        "[...document.querySelectorAll('.plot')].every(p => p.querySelectorAll('button[tabindex=\"0\"]').length === 1)"
    )


# ---- the table


@needs_browser
@pytest.mark.parametrize("width", [390, 768, 1000, 1280])
def test_names_have_room_on_every_screen(browser: Browser, project_report: Any, width: int) -> None:
    with browser.page(width, 900) as page:
        page.goto(project_report[0])
        for grid in ("#function-grid", "#file-grid"):
            assert page(f"document.querySelector('{grid} .body .main').getBoundingClientRect().width") >= 220
            cells = "e => [...e.children].filter(c => getComputedStyle(c).display !== 'none').length"
            heads, rows = (
                page(f"({cells})(document.querySelector('{grid} {row}'))") for row in (".header", ".body [role=row]")
            )
            assert heads == rows
            assert page(
                f"Boolean(document.querySelector('{grid}').parentElement.querySelector('.sorter').offsetParent)"
            ) == (width <= 1000)


@needs_browser
@pytest.mark.parametrize(
    ("title", "key"),
    [("Cyclomatic", "cyclomatic"), ("Lines", "line_count"), ("Params", "params_count"), ("Function", "name")],
)
def test_sorts_by_a_column_either_way(opened: tuple[Page, Any], title: str, key: str) -> None:
    page, facts = opened
    values = [str(f[key]) for f in sorted(functions_of(facts), key=lambda f: f[key], reverse=key != "name")]
    header = page.texts("#function-grid [role=columnheader]").index(title)
    for direction in (1, -1):
        page.click("#function-grid [role=columnheader] button", header)
        shown = page.texts("#function-grid .body .name") if key == "name" else column(page, title)
        assert len(shown) > 10
        assert shown == values[::direction][: len(shown)]
        assert page("document.querySelectorAll('#function-grid [aria-sort]').length") == 1


@needs_browser
def test_filters_by_words_level_and_metric(opened: tuple[Page, Any]) -> None:
    page, facts = opened
    functions = functions_of(facts)
    counter = "document.querySelector('#functions .count').textContent"
    page("document.querySelector('#functions input').focus()")
    page.type("LIB1 f4_")
    wanted = [f for f in functions if "lib1" in f["path"] and "f4_" in f["name"]]
    assert page(counter) == f"{len(wanted)} of {len(functions)} functions"
    assert sorted(text.split("src/")[0] for text in column(page, "Function")) == sorted(f["name"] for f in wanted)
    page(
        "(() => { const i = document.querySelector('#functions input'); i.value = ''; i.dispatchEvent(new Event('input')); })()"
    )
    page(
        "(() => { const s = document.querySelector('#functions select'); s.value = 'error'; s.dispatchEvent(new Event('change')); })()"
    )
    assert page(counter) == f"{sum(f['status'] == 'error' for f in functions)} of {len(functions)} functions"
    page("document.querySelector('#functions input').focus()")
    page.type("no such thing")
    assert "Nothing matches." in page("document.querySelector('#functions').innerText")
    assert page("document.querySelector('#functions .empty').getBoundingClientRect().bottom") < 900, "out of sight"
    page("document.querySelector('#functions input').select()")
    page.type("f4_")
    page("document.querySelector('#functions select').value = 'all'")
    page("document.querySelector('#functions select').dispatchEvent(new Event('change'))")
    page.wait("document.querySelectorAll('#function-grid .body [role=row]').length")


@needs_browser
def test_a_bar_of_a_histogram_lists_what_is_in_it(opened: tuple[Page, Any]) -> None:
    page, facts = opened
    lengths = [f["line_count"] for f in functions_of(facts)]
    bars = "[...[...document.querySelectorAll('.histogram')].find(h => h.textContent.startsWith('Lines of code')).querySelectorAll('button')]"
    counts = [int(re.search(r": (\d+) function", label)[1]) for label in page(f"{bars}.map(b => b.ariaLabel)")]
    assert sum(counts) == len(lengths)
    last = max(i for i, n in enumerate(counts) if n)
    page(f"{bars}[{last}].click()")
    assert sorted(map(int, column(page, "Lines"))) == sorted(lengths)[-counts[last] :]
    page.click("#functions .drop")
    assert page("document.querySelector('#functions .count').textContent") == f"{len(lengths)} functions"


@needs_browser
def test_the_table_is_used_with_the_keyboard_alone(opened: tuple[Page, Any]) -> None:
    page, facts = opened
    page("document.querySelector('#function-grid').focus()")
    page.press("ArrowDown", 2)
    active = "document.getElementById(document.querySelector('#function-grid').getAttribute('aria-activedescendant'))"
    assert page(f"{active}.getAttribute('aria-rowindex')") == "4"
    page.press("End")
    assert page(f"{active}.getAttribute('aria-rowindex')") == str(len(functions_of(facts)) + 1)
    assert page(
        f"{active}.getBoundingClientRect().bottom <= document.querySelector('#function-grid').getBoundingClientRect().bottom + 1"
    ), "out of sight"
    page.press("Home")
    page.press("Enter")
    page.wait("document.querySelector('dialog').open")
    assert page("document.querySelector('dialog').contains(document.activeElement)")
    page.press("n")
    page.wait("document.querySelector('dialog header').textContent.startsWith('2 of ')")
    page.press("p")
    page.wait("document.querySelector('dialog header').textContent.startsWith('1 of ')")
    page.press("Escape")
    page.wait("!document.querySelector('dialog').open")
    assert page("document.activeElement.id") == "function-grid"


# ---- the map


@needs_browser
def test_the_map_zooms_with_the_keyboard(opened: tuple[Page, Any]) -> None:
    page, facts = opened
    crumbs = ".crumbs li button"
    assert page.texts(crumbs) == ["src"]
    page("document.querySelector('.tree button.folder').focus()")
    folder = page("document.activeElement.textContent")
    page.press("Enter")
    assert page.texts(crumbs) == ["src", folder]
    files = [f for f in facts["files"] if f["path"].startswith(f"src/{folder}/")]
    tiles = page("[...document.querySelectorAll('.tree button')].map(b => b.ariaLabel)")
    assert {tile.split(", ")[0] for tile in tiles} == {f["path"].split("/")[-1] for f in files}
    before = page("document.activeElement.ariaLabel")
    page.press("ArrowRight")
    assert page("document.activeElement.ariaLabel") != before
    page.press("Enter")
    assert len(page.texts(crumbs)) == 3
    page.press("Escape", 2)
    assert page.texts(crumbs) == ["src"]


@needs_browser
def test_tiles_have_the_area_of_their_lines_and_do_not_overlap(opened: tuple[Page, Any]) -> None:
    page, facts = opened
    page("document.querySelector('.tree button.folder').click()")
    folder = page.texts(".crumbs li button")[1]
    lines = {
        f["path"].split("/")[-1]: f["file_length"] for f in facts["files"] if f["path"].startswith(f"src/{folder}/")
    }
    sides = "b.offsetLeft, b.offsetTop, b.offsetWidth + 1, b.offsetHeight + 1"
    boxes = page(f"[...document.querySelectorAll('.tree button')].map(b => [b.ariaLabel.split(', ')[0], {sides}])")
    per_line = [width * height / lines[name] for name, _, _, width, height in boxes]
    assert max(per_line) / min(per_line) < 1.05
    for i, (_, x, y, w, h) in enumerate(boxes):
        for _, x2, y2, w2, h2 in boxes[i + 1 :]:
            assert min(x + w, x2 + w2) - max(x, x2) <= 2 or min(y + h, y2 + h2) - max(y, y2) <= 2


@needs_browser
def test_ten_thousand_files_in_one_folder_are_drawn_by_the_hundred(browser: Browser, tmp_path: Path) -> None:
    settings, judge = cg.Settings(cg.DEFAULT_ANALYSIS), cg.Judge(cg.DEFAULT_ANALYSIS, "findings")
    file, source = measure_file("a.ts", TANGLED.encode(), judge, cg.make_scanner())[:2]
    fragments = (
        cg.Html().fragment(view_of(file._replace(path=f"flat/f{i}.ts"), source, settings)) for i in range(10_000)
    )
    path = tmp_path / "report.html"
    path.write_text("".join(cg.Html().assemble(fragments, SUMMARY, settings)), encoding="utf-8")
    with browser.page() as page:
        page.goto(path)
        tiles = page.texts(".tree button")
        assert 400 <= len(tiles) < 8500
        assert any("smaller" in tile for tile in tiles)
        page("[...document.querySelectorAll('.tree button')].find(b => b.textContent.includes('smaller')).click()")
        assert len(page.texts(".crumbs li")) == 2
        assert page.complaints() == []


# ---- one function


@needs_browser
def test_a_function_shows_its_source_with_the_increments_beside_it(browser: Browser, report: Any) -> None:
    path, facts = report({"a.ts": TANGLED})
    with browser.page() as page:
        page.goto(path, "#/a.ts:2")
        page.wait("document.querySelector('dialog').open")
        assert page("document.querySelector('#sheet-title').textContent").endswith("tangled")
        rows = page(
            "[...document.querySelectorAll('.code li')].map(r => [...r.children].slice(0, 3).map(c => Number(c.textContent)))"
        )
        assert {
            line: (cyclomatic, cognitive) for line, cyclomatic, cognitive in rows if cyclomatic or cognitive
        } == COSTS
        tangled = next(f for f in functions_of(facts) if f["name"] == "tangled")
        assert 1 + sum(c for c, _ in COSTS.values()) == tangled["cyclomatic"]
        assert sum(c for _, c in COSTS.values()) == tangled["cognitive"]
        page("document.querySelectorAll('.code em').forEach(e => e.remove())")
        shown = page("[...document.querySelectorAll('.code li')].map(r => r.children[3].textContent)")
        assert shown == TANGLED.splitlines()[1:]
        assert page.complaints() == []


@needs_browser
def test_an_address_opens_a_file_and_follows_to_its_functions(opened: tuple[Page, Any]) -> None:
    page, _ = opened
    page("location.hash = '#/src/tangled.ts'")
    page.wait("document.querySelector('dialog').open")
    assert page("document.querySelector('#sheet-title').textContent").endswith("src/tangled.ts")
    page.click("dialog .list button")
    page.wait("document.querySelector('#sheet-title').textContent.endsWith('tangled')")
    assert page("location.hash").startswith("#/src/tangled.ts:2")


@needs_browser
def test_shows_the_limits_that_apply_to_the_file_and_the_change_since_the_baseline(
    browser: Browser, tmp_path: Path
) -> None:
    strict = cg.DEFAULT_ANALYSIS._replace(thresholds={**cg.DEFAULT_THRESHOLDS, "cyclomatic": (7, cg.OFF)})
    file, source = measure_file("a.ts", TANGLED.encode(), cg.Judge(strict, "findings"), cg.make_scanner())[:2]
    tangled = file.functions[0]
    file = file._replace(
        functions=(
            tangled._replace(violations=tuple(v._replace(delta=2.0) for v in tangled.violations)),
            *file.functions[1:],
        )
    )
    override = cg.Override(
        ("*.ts",), {"analysis.thresholds.cyclomatic.warning": 7, "analysis.thresholds.cyclomatic.error": cg.OFF}
    )
    settings = cg.Settings(cg.DEFAULT_ANALYSIS, overrides=(override,))
    path = tmp_path / "report.html"
    path.write_text(
        "".join(cg.Html().assemble(iter([cg.Html().fragment(view_of(file, source, settings))]), SUMMARY, settings)),
        encoding="utf-8",
    )
    with browser.page() as page:
        page.goto(path, "#/a.ts:2")
        page.wait("document.querySelector('dialog').open")
        meters = page.texts(".meter")
        assert "Cyclomatic complexity14warning above 7 (+2 since baseline)" in meters
        warning, error = cg.DEFAULT_THRESHOLDS["cognitive"]  # which are the project's, and said once
        assert any(f"warning above {warning}, error above {error}" in meter for meter in meters if "Cognitive" in meter)
    row = json.loads(cg.Html().fragment(view_of(file, source, settings)))
    assert row[11] == [["cyclomatic", [7, None]]]


@needs_browser
def test_metrics_that_are_off_are_not_shown(browser: Browser, report: Any) -> None:
    path, _ = report(PROJECT, "--metrics", "cognitive")
    with browser.page() as page:
        page.goto(path)
        titles = page.texts("#function-grid [role=columnheader]")
        assert "Cognitive" in titles
        assert not {"Cyclomatic", "Volume", "Lines", "Params"} & set(titles)
        page.click("#function-grid .body [role=row]")
        page.wait("document.querySelector('dialog').open")
        assert [text.split("complexity")[0].strip() for text in page.texts(".meter")] == ["Cognitive"]
        assert page.complaints() == []


# ---- hostile input


@needs_browser
def test_hostile_names_and_sources_stay_text(browser: Browser, report: Any) -> None:
    path, facts = report(HOSTILE)
    with browser.page() as page:
        page.goto(path)
        names = {f["name"] for f in functions_of(facts)}
        assert any("onload=window.pwned" in name for name in names)
        shown = " ".join(column(page, "Function"))
        assert all(name in shown for name in names)
        assert f"a/{IMAGE}.ts" in " ".join(page.texts("#file-grid .body [role=row]"))
        for f in functions_of(facts):
            if f["status"] != "ok":
                page(
                    f"location.hash = '#/' + encodeURI({json.dumps(f['path'])}) + ':{f['start_line']}:{f['start_col']}'"
                )
                page.wait(
                    f"document.querySelector('#sheet-title') && document.querySelector('#sheet-title').textContent.endsWith({json.dumps(f['name'])})"
                )
        page(f"location.hash = '#/' + encodeURI({json.dumps(f'a/{IMAGE}.ts')})")
        page.wait(f"document.querySelector('#sheet-title').textContent.endsWith({json.dumps(IMAGE + '.ts')})")
        page("location.hash = '#/a/source.ts:4:2'")
        page.wait(
            "document.querySelector('.code') && document.querySelector('.code').textContent.includes('backwards')"
        )
        code = page("document.querySelector('.code').textContent")
        assert CLOSER in code
        assert "⟨U+202E⟩" in code
        assert page("window.pwned === undefined")
        assert page("document.querySelectorAll('img, [onload], [onerror], script[src], iframe').length") == 0
        assert page("document.scripts.length") == 1
        assert page.complaints() == []
        assert page.requests() == [path.as_uri()]


@needs_browser
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_a_file_whose_name_is_no_text_can_be_opened(browser: Browser, report: Any) -> None:
    path, _ = report({"a/\udcff\udcfe.ts": TANGLED})
    with browser.page() as page:
        page.goto(path)
        page.click("#function-grid .body [role=row]")
        page.wait("document.querySelector('dialog').open && document.querySelector('.code')")
        assert "⟨U+DCFF⟩" in page("document.querySelector('dialog').textContent")
        assert page.complaints() == []


@needs_browser
def test_the_policy_forbids_markup_scripts_styles_and_requests(browser: Browser, report: Any) -> None:
    path, _ = report({"a.ts": TANGLED})
    with browser.page() as page:
        page.goto(path)
        refused = "(() => { try { document.body.innerHTML = '<b>x</b>'; return false; } catch (e) { return e instanceof TypeError; } })()"
        assert page(refused)
        page(
            "(() => { const s = document.createElement('style'); s.textContent = 'body { display: none }'; document.head.append(s); })()"
        )
        assert page("getComputedStyle(document.body).display") == "block"
        page("document.body.setAttribute('style', 'display: none')")
        assert page("getComputedStyle(document.body).display") == "block"
        assert page("fetch('file:///etc/hostname').then(() => false, () => true)")
        page(
            "new Promise(done => { const i = new Image(); i.onerror = i.onload = done; i.src = 'http://127.0.0.1:9/x.png'; })"
        )
        assert any("Content Security Policy" in text for text in page.complaints())


def test_data_cannot_end_their_script_element(report: Any) -> None:
    path, _ = report(HOSTILE)
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r'<script type="application/json" id="\w+">(.*?)</script>', text, re.S)
    assert len(blocks) == 2
    for block in blocks:
        assert "<" not in block
        assert block.isascii()
        json.loads(block)
    assert text.count("<script") == text.count("</script>") == 3


# ---- size, speed, sameness

NOTHING = {
    "duplication": None,
    "health_score": 80.0,
    "grade": "B",
    "percentile": None,
    "losses": cg.NO_LOSSES,
    "status": "ok",
    "skipped": (),
    "failures": (),
    "hotspots": (),
    "timestamp": "",
    "tests": cg.CodeSums(*[0] * 7, 100.0),
    "generated": cg.CodeSums(*[0] * 7, 100.0),
}
SUMMARY = cg.Summary(**{**dict.fromkeys(cg.Summary._fields, 0), **NOTHING})


@pytest.fixture(scope="session")
def large_report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """30,000 functions, a quarter of them with findings: measured sources, many times over under other paths."""
    settings = cg.Settings(cg.DEFAULT_ANALYSIS)
    judge, scanner = cg.Judge(cg.DEFAULT_ANALYSIS, "findings"), cg.make_scanner()
    parts = []
    for i in range(12):
        text = "".join(TANGLED.replace("tangled", f"tangled{i}_{j}").replace("9", str(7 * i * j)) for j in range(4))
        text += "".join(f"export const small{i}_{j} = (value: number) => value * {i + j};\n" for j in range(8))
        parts.append(measure_file("part.ts", text.encode(), judge, scanner)[:2])
    fragments, functions = [], 0
    while functions < 30_000:
        file, source = parts[len(fragments) % 12]
        file = file._replace(
            path=f"packages/package{len(fragments) % 40}/src/module{len(fragments) % 7}/file{len(fragments)}.ts"
        )
        functions += len(file.functions)
        fragments.append(cg.Html().fragment(view_of(file, source, settings)))
    path = tmp_path_factory.mktemp("large") / "report.html"
    path.write_text("".join(cg.Html().assemble(iter(fragments), SUMMARY, settings)), encoding="utf-8")
    return path, functions


def test_thirty_thousand_functions_fit_in_eight_megabytes(large_report: tuple[Path, int]) -> None:
    assert large_report[0].stat().st_size <= 8_000_000


@needs_browser
def test_starts_with_the_worst_functions_in_the_order_of_all_formats(browser: Browser, report: Any, guard: Any) -> None:
    """A long function that is a little too complex costs more than a short one that is much too complex."""
    long = "function long(a) {\n" + "  if (a) { b(); }\n" * 30 + "}\n"
    short = f"function short(a) {{ {'a?.b; ' * 60} }}\n"
    warned = "function warned(a) {\n" + "  b();\n" * 300 + "  if (a) { b(); }\n" * 14 + "}\n"
    files = {"a.ts": short + warned, "b.ts": long, "a.test.ts": long.replace("long", "tested")}
    flags = (
        "--preset",
        "recommended",
        "--least-cognitive",
        "0",
        "--least-burden",
        "0",
        "--threshold",
        "line_count=off",
    )
    path, _ = report(files, *flags)
    with browser.page() as page:
        page.goto(path)
        shown = page("[...document.querySelectorAll('.spots .name')].map(name => name.textContent)")
        assert shown == ["long", "short", "warned"]


@needs_browser
def test_thirty_thousand_functions_load_within_two_seconds(browser: Browser, large_report: tuple[Path, int]) -> None:
    path, functions = large_report
    with browser.page() as page:
        page.goto(path)
        assert page.main_thread_seconds() < 2.0
        assert page("document.querySelector('#functions .count').textContent") == f"{functions:,} functions"
        assert page("document.querySelectorAll('#function-grid .body [role=row]').length") < 60
        page("document.querySelector('#function-grid').focus()")
        page.press("End")
        assert page(f"document.getElementById('function-grid-{functions - 1}') !== null")
        assert page.complaints() == []


def test_the_page_is_small(tmp_path: Path) -> None:
    import gzip

    assert len(gzip.compress(cg.unpacked("page").encode())) <= 49_500  # 40,000 before it had the graph and history


def test_the_same_for_every_number_of_threads(guard: Any, project: Any) -> None:
    root = project(PROJECT)
    pages = []
    for threads in ("1", "2"):
        guard("-f", "html", "-o", "report.html", "--threads", threads, "src", cwd=root, env=EPOCH)
        pages.append((root / "report.html").read_bytes())
    assert pages[0] == pages[1]


def test_says_before_the_work_that_it_needs_zlib(monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "zlib", None)
    (tmp_path / "a.ts").write_text(TANGLED)
    assert cg.main(["--report", f"html={tmp_path / 'report.html'}", str(tmp_path)]) == cg.EXIT_USAGE
    assert "the html format needs zlib, which this Python came without" in capsys.readouterr().err
    assert cg.main(["--preset", "strict", "--report", "json", str(tmp_path)]) == cg.EXIT_ERRORS


@needs_browser
def test_shows_clone_groups_and_each_files_share(browser: Browser, report: Any) -> None:
    renamed = TANGLED.replace("tangled", "knotted").replace("problem", "trouble")
    path, facts = report(
        {"a.ts": TANGLED, "b.ts": TANGLED, f"{IMAGE}.ts": renamed, "c.ts": "export const c = 1;\n"},
        "--duplication",
        "--fail-on",
        "none",
    )
    groups, files = facts["duplication"]["clone_groups"], {f["path"]: f for f in facts["duplication"]["files"]}
    assert groups
    with browser.page() as page:
        page.goto(path)
        assert len(page.texts("#duplication .clone")) == len(groups)
        assert sorted(page.texts("#duplication li")) == sorted(
            f"{at['file']}:{at['start_line']}–{at['end_line']}" for group in groups for at in group["locations"]
        )
        title = page.texts("#file-grid [role=columnheader]").index("Cloned %")
        rows = page(
            f"[...document.querySelectorAll('#file-grid .body [role=row]')].map(r => [r.querySelector('.main').textContent, r.children[{title}].textContent])"
        )
        assert {name: float(share) for name, share in rows} == {
            name: round(f["duplication_pct"], 1) for name, f in files.items()
        }
        page.click("#duplication a")
        page.wait("document.querySelector('dialog').open")
        assert any(text.startswith("Duplication") for text in page.texts(".meter"))
        assert page("document.querySelectorAll('img').length") == 0
        assert page.complaints() == []


# ---- the way through: the sheet, Back, the row before and after

IS_OPEN = "document.querySelector('dialog').open"
TITLE = "(document.querySelector('#sheet-title bdi') || {}).textContent"
SPOT = "document.querySelector('dialog header span').textContent"
KNOTS = {f"src/lib{i % 2}/part{i}.ts": TANGLED.replace("tangled", f"tangled{i}") for i in range(6)}
# what is done before, what is clicked and which of its like, what the sheet then says of the place
WAYS_IN = {
    "card": ("", ".spot", 2, "3 of 6"),
    "row of a function": ("", "#function-grid .body [role=row]", 1, "2 of 12"),
    "row of a file": ("", "#file-grid .body [role=row]", 1, "2 of 6"),
    "map": ("document.querySelector('.tree button.folder').click(); document.querySelector('.tree button').click()", ".tree button", 1, "2 of 2"),
    "link in a file": ("location.hash = '#/src/lib0/part2.ts'", "dialog .list button", 1, "2 of 2"),
    "link in a function": ("location.hash = '#/src/lib0/part2.ts:2'", "dialog .path a", 0, "2 of 6"),
    "inner function": ("location.hash = '#/src/lib0/part2.ts:2'", "dialog .code em button", 0, "2 of 2"),
    "address": ("location.hash = '#/src/lib0/part2.ts:2'", "", 0, "2 of 12"),
    "clones": ("", "#duplication a", 1, "2 of 6"),
}  # fmt: skip


@pytest.fixture(scope="session")
def knots(guard: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return analysed(guard, tmp_path_factory.mktemp("knots"), KNOTS, "--duplication")[0]


def back(page: Page) -> None:
    page("history.back()")


@needs_browser
def test_back_closes_the_sheet_and_keeps_the_place_in_the_report(opened: tuple[Page, Any]) -> None:
    page, _ = opened
    page.click("#file-grid .body [role=row]", 3)
    page.wait(IS_OPEN)
    before = page("scrollY")
    assert before > 0
    back(page)
    page.wait(f"!{IS_OPEN}")
    assert page("location.pathname").endswith("report.html")
    assert (page("location.hash"), page("scrollY")) == ("", before)
    page("history.forward()")
    page.wait(IS_OPEN)


@needs_browser
def test_back_goes_from_a_function_to_the_file_that_it_was_chosen_in(opened: tuple[Page, Any]) -> None:
    page, _ = opened
    page.click("#file-grid .body [role=row]", 1)
    page.wait(IS_OPEN)
    file, spot = page(TITLE), page(SPOT)
    page.click("dialog .list button")
    page.wait(f"{TITLE} !== {json.dumps(file)}")
    back(page)
    page.wait(f"{TITLE} === {json.dumps(file)}")
    assert page(SPOT) == spot
    back(page)
    page.wait(f"!{IS_OPEN}")


@needs_browser
@pytest.mark.parametrize("close", ["Escape", "the button", "beside the sheet"])
def test_a_closed_sheet_leaves_nothing_behind_in_the_history(opened: tuple[Page, Any], close: str) -> None:
    page, _ = opened
    closings = {
        "Escape": lambda page: page.press("Escape"),
        "the button": lambda page: page.click("dialog header .button", 2),
        "beside the sheet": lambda page: page("document.querySelector('dialog').click()"),
    }
    for _ in range(2):
        page.click("#file-grid .body [role=row]", 1)
        page.wait(IS_OPEN)
        page.click("dialog .list button")
        page.wait(f"!{TITLE}.includes('/')")
        page.press("n")
        closings[close](page)
        page.wait(f"!{IS_OPEN} && location.hash === '' && history.state === null")


@needs_browser
@pytest.mark.parametrize("way", WAYS_IN)
def test_next_and_previous_turn_the_sheet_wherever_it_was_opened(browser: Browser, knots: Path, way: str) -> None:
    script, selector, index, spot = WAYS_IN[way]
    with browser.page() as page:
        page.goto(knots)
        page(script or "0")
        if "location" in script:
            page.wait(IS_OPEN)
        if selector:
            page.click(selector, index)
        page.wait(f"{IS_OPEN} && {SPOT} === {json.dumps(spot)}")
        title, entries = page(TITLE), page("history.length")
        page.press("p")
        page.wait(f"{SPOT} === {json.dumps(f'{int(spot[0]) - 1}{spot[1:]}')}")
        assert page(TITLE) != title
        page.click("dialog header .button", 1)
        page.wait(f"{SPOT} === {json.dumps(spot)}")
        assert page(TITLE) == title
        assert page("history.length") == entries, "one step back, however many rows were turned"
        assert page.complaints() == []


@needs_browser
def test_the_table_follows_to_the_row_that_was_turned_to(opened: tuple[Page, Any]) -> None:
    page, _ = opened
    page.click("#function-grid .body [role=row]")
    page.wait(IS_OPEN)
    for at in (2, 3):
        page.press("n")
        page.wait(f"{SPOT}.startsWith('{at} of ')")
    page.press("Escape")
    page.wait(f"!{IS_OPEN}")
    assert page("document.querySelector('#function-grid .active').getAttribute('aria-rowindex')") == "4"


@needs_browser
def test_a_link_from_outside_opens_its_sheet_above_the_report(browser: Browser, project_report: Any) -> None:
    path, _ = project_report
    with browser.page() as page:
        page.goto(path, "#/src/tangled.ts:2")
        page.wait(f"{IS_OPEN} && {TITLE} === 'tangled'")
        back(page)
        page.wait(f"!{IS_OPEN}")
        assert page("document.title").startswith("Health")


@needs_browser
def test_a_page_loaded_once_more_keeps_the_sheet_and_the_way_back(opened: tuple[Page, Any]) -> None:
    page, _ = opened
    page.click("#file-grid .body [role=row]", 1)
    page.wait(IS_OPEN)
    file = page(TITLE)
    page.click("dialog .list button")
    page.wait(f"{TITLE} !== {json.dumps(file)}")
    function = page(TITLE)
    page("window.before = true")
    page.call("Page.reload")
    page.wait(f"window.before === undefined && document.readyState === 'complete' && {IS_OPEN}")
    page.wait(f"{TITLE} === {json.dumps(function)}")
    back(page)
    page.wait(f"{TITLE} === {json.dumps(file)}")
    page.press("Escape")
    page.wait(f"!{IS_OPEN} && location.hash === ''")
    page.browser.events.clear()
    page.goto(page_path(page))


def page_path(page: Page) -> Path:
    return Path(page("decodeURIComponent(location.pathname)"))


@needs_browser
@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("src/tangled.ts:2:8", "tangled"),
        ("src/tangled.ts:7", "tangled"),
        ("src/tangled.ts:21:900", "map callback"),
        ("src/tangled.ts:1", "src/tangled.ts"),
    ],
    ids=["its start", "a line in it", "a line of an inner one", "a line of none"],
)
def test_an_address_of_any_line_opens_the_function_around_it(
    browser: Browser, project_report: Any, address: str, title: str
) -> None:
    with browser.page() as page:
        page.goto(project_report[0], f"#/{address}")
        page.wait(f"{IS_OPEN} && {TITLE} === {json.dumps(title)}")


@needs_browser
def test_show_on_the_map_is_a_step_that_back_undoes(opened: tuple[Page, Any]) -> None:
    page, _ = opened
    page.click("#file-grid .body [role=row]")
    page.wait(IS_OPEN)
    file = page(TITLE)
    page.click("dialog .path button")
    page.wait(f"!{IS_OPEN} && location.hash === '#map'")
    assert page.texts(".crumbs li button")[-1] == file.rpartition("/")[2]
    back(page)
    page.wait(f"{IS_OPEN} && {TITLE} === {json.dumps(file)}")


@needs_browser
def test_the_way_back_and_a_reload_find_a_sheet_where_it_was_scrolled_to(browser: Browser, knots: Path) -> None:
    top = "document.querySelector('dialog').scrollTop"
    with browser.page(390, 300) as page:
        page.goto(knots, "#/src/lib0/part2.ts")
        page.wait(IS_OPEN)
        page(f"{top} = 90")
        page("document.querySelector('dialog .list button').click()")
        page.wait(f"{TITLE} === 'tangled2' && {top} === 0")
        page(f"{top} = 150")
        page.wait("history.state.top === 150")
        page("window.before = true")
        page.call("Page.reload")
        page.wait(f"window.before === undefined && document.readyState === 'complete' && {IS_OPEN} && {top} === 150")
        back(page)
        page.wait(f"{TITLE} === 'src/lib0/part2.ts' && {top} === 90")


@needs_browser
def test_a_key_that_is_held_down_loses_no_turn(browser: Browser, knots: Path) -> None:
    with browser.page() as page:
        page.goto(knots)
        page.click(".spot")
        page.wait(IS_OPEN)
        page(
            "for (let i = 0; i < 4; i++) document.querySelector('dialog').dispatchEvent(new KeyboardEvent('keydown', { key: 'n' }))"
        )
        page.wait(f"{SPOT} === '5 of 6'")
        page.press("n", 5)
        page.wait(f"{SPOT} === '6 of 6' && document.querySelectorAll('dialog header .button')[1].disabled")


@needs_browser
def test_an_address_that_is_not_in_the_report_is_named(opened: tuple[Page, Any]) -> None:
    page, _ = opened
    page("location.hash = '#/src/gone.ts:12'")
    page.wait("document.querySelector('#missing')")
    assert page("document.querySelector('#missing').textContent") == "This report has nothing at src/gone.ts:12."
    page("location.hash = '#/src/tangled.ts'")
    page.wait(IS_OPEN)
    page.press("Escape")
    page.wait("location.hash === '#/src/gone.ts:12'")  # the way back from the sheet takes a moment
    back(page)
    page.wait("location.hash === ''")
    assert page("document.querySelector('#missing')") is None


@needs_browser
def test_lines_in_the_notes_lead_to_their_sheet(opened: tuple[Page, Any]) -> None:
    page, _ = opened
    page("document.querySelectorAll('#notes details').forEach(d => { d.open = true; })")
    page.wait("document.querySelector('#notes li a')")
    link = "[...document.querySelectorAll('#notes li a')].find(a => a.textContent.startsWith('src/quiet.ts'))"
    page(f"{link}.click()")
    page.wait(f"{IS_OPEN} && {TITLE} === 'tangled'")
    back(page)
    page.wait(f"!{IS_OPEN}")


@needs_browser
def test_a_bar_lists_all_that_is_in_it_whatever_the_table_was_filtered_by(opened: tuple[Page, Any]) -> None:
    page, facts = opened
    page("document.querySelector('.tiles a').click()")
    page.wait("location.hash === '#functions/error'")
    bar = "[...document.querySelectorAll('.histogram')][1].querySelector('button')"
    label = page(f"{bar}.ariaLabel")
    page(f"{bar}.click()")
    page.wait("location.hash === '#functions'")
    listed = int(re.search(r": (\d+) function", label)[1])
    counter = page("document.querySelector('#functions .count').textContent")
    assert counter == f"{listed} of {len(functions_of(facts))} functions"


# ---- figures that explain themselves


def tile_of(title: str) -> str:
    return f"[...document.querySelectorAll('.tiles > div')].find(e => e.querySelector('dt').textContent === {json.dumps(title)})"


@needs_browser
@pytest.mark.parametrize(("title", "level"), [("Errors", "error"), ("Warnings", "warning")])
def test_findings_are_links_that_list_where_they_are(opened: tuple[Page, Any], title: str, level: str) -> None:
    page, facts = opened
    functions = functions_of(facts)
    hit = [f for f in functions if any(v["level"] == level for v in f["violations"])]
    page("document.querySelector('#functions input').focus()")
    page.type("no such thing")
    page(f"{tile_of(title)}.querySelector('dd a').click()")
    page.wait(f"location.hash === '#functions/{level}'")
    counter = "document.querySelector('#functions .count').textContent"
    assert page(counter) == f"{len(hit)} of {len(functions)} functions"
    assert page("document.querySelector('#functions select').value") == level
    assert page("document.activeElement.id") == "function-grid"
    said, files = page(f"[...{tile_of(title)}.querySelectorAll('.more a')].map(a => a.textContent)")
    assert said == f"{len(hit)} function{'s' * (len(hit) != 1)}"
    page(f"{tile_of(title)}.querySelectorAll('.more a')[1].click()")
    page.wait(f"location.hash === '#files/{level}'")
    listed = page("document.querySelector('#files .count').textContent")
    assert listed == f"{files.split()[0]} of {len(facts['files'])} files"
    back(page)
    page.wait(f"location.hash === '#functions/{level}'")
    page("document.querySelector('#functions input').focus()")
    page.type("no such thing")
    page(f"{tile_of(title)}.querySelector('dd a').click()")
    page.wait(f"{counter} === '{len(hit)} of {len(functions)} functions'")


@needs_browser
def test_an_address_lists_the_errors(browser: Browser, project_report: Any) -> None:
    with browser.page() as page:
        page.goto(project_report[0], "#functions/error")
        assert page("document.querySelector('#functions select').value") == "error"


@needs_browser
def test_a_run_that_fails_is_not_called_healthy(browser: Browser, report: Any) -> None:
    path, facts = report({**SMALL, "src/tangled.ts": TANGLED})
    assert facts["summary"]["health_score"] >= 80
    with browser.page() as page:
        page.goto(path)
        assert "This run fails" in page("document.querySelector('.gate').textContent")
        assert page("document.querySelector('.dial strong').textContent").endswith("This run fails")
    path, _ = report(SMALL, "--fail-on", "none")
    with browser.page() as page:
        page.goto(path)
        assert page("document.querySelector('.dial strong').textContent") == "Grade A"
        assert "This run passes" in page("document.querySelector('.gate').textContent")


@needs_browser
def test_all_of_the_page_counts_the_same_lines_and_says_which(browser: Browser, report: Any) -> None:
    path, facts = report(
        {**SMALL, "src/tangled.ts": TANGLED, "src/nothing.ts": "// only a comment\n"}, "--fail-on", "none"
    )
    code = sum(f["file_length"] for f in facts["files"])
    with browser.page() as page:
        page.goto(path)
        tile = page(f"{tile_of('Lines of code')}.innerText").split("\n")
        assert tile[1] == f"{code:,}"
        every = sum(len((path.parent / f["path"]).read_text().splitlines()) for f in facts["files"])
        assert tile[-1] == f"{every:,} with blanks and comments"
        assert f"{code:,} lines of code" in page("document.querySelector('.mapfoot').textContent")
        assert "lines of code" in page("document.querySelector('#map .head').textContent")
    path, _ = report(PROJECT, "--metrics", "cognitive", "--fail-on", "none")
    with browser.page() as page:
        page.goto(path)
        lines = page(f"{tile_of('Lines')}.querySelector('dd').textContent")
        assert f"{lines} lines ·" in page("document.querySelector('.mapfoot').textContent")


@needs_browser
def test_the_health_of_the_dial_says_why_the_map_has_another(browser: Browser, report: Any) -> None:
    path, _ = report({"a.ts": TANGLED, "b.ts": TANGLED}, "--duplication")
    with browser.page() as page:
        page.goto(path)
        alone = re.search(r"the functions alone have (\d+\.\d)", page("document.querySelector('.dial').textContent"))[1]
        assert f"health {float(alone):g}" in page("document.querySelector('.mapfoot').textContent")


@needs_browser
def test_figures_of_millions_fit_on_every_screen(browser: Browser, large_report: tuple[Path, int]) -> None:
    text = large_report[0].read_text(encoding="utf-8")
    text = re.sub(r'"(errors|warnings|functions)":\d+', r'"\1":1234567', text)
    path = large_report[0].with_name("millions.html")
    path.write_text(text, encoding="utf-8")
    for size in SIZES.values():
        with browser.page(*size) as page:
            page.goto(path)
            assert page(
                "[...document.querySelectorAll('#overview .card')].every(c => c.getBoundingClientRect().right <= innerWidth - 10)"
            )
            assert page(
                "[...document.querySelectorAll('.tiles > div')].every(tile => tile.scrollWidth <= tile.clientWidth)"
            )


@needs_browser
def test_tells_product_test_and_generated_code_apart(browser: Browser, report: Any) -> None:
    made = "// @generated\n" + TANGLED
    path, _ = report(
        {"a.ts": TANGLED, "a.test.ts": TANGLED, "made.ts": made},
        "--preset",
        "recommended",
        "--least-cognitive=0",
        "--least-burden=0",
        "--threshold",
        "cyclomatic=2",
    )
    with browser.page() as page:
        page.goto(path)
        tiles = {
            title: page(f"{tile_of(title)}.innerText") for title in ("Functions", "Files", "Test code", "Generated")
        }
        assert "2" in tiles["Functions"].split() and "1" in tiles["Files"].split()
        assert "1 file" in tiles["Test code"] and "2 functions, 1 error, 1 warning, health" in tiles["Test code"]
        assert "1 file" in tiles["Generated"] and "not judged" in tiles["Generated"]
        names = "[...document.querySelectorAll('#file-grid .body .main')].map(cell => cell.textContent).sort()"
        assert page(names) == ["a.test.ts · test code", "a.ts", "made.ts · generated code"]
        choice = "document.querySelector('#files select[aria-label=\"Kind of code\"]')"
        page(f"(() => {{ const c = {choice}; c.value = 'test'; c.dispatchEvent(new Event('change')); }})()")
        assert page(names) == ["a.test.ts · test code"]
        page(f"{tile_of('Errors')}.querySelector('a').click()")
        page.wait("document.querySelector('#functions .count').textContent.startsWith('1 of 6')")


# ---- where the points went

TWELVE_FOLDERS = {f"f{i:02}/a.ts": TANGLED + "// more\n" * i for i in range(12)}
DUPLICATED = {"a.ts": TANGLED, "lib/b.ts": TANGLED}


def cost_rows(page: Page) -> dict[str, str]:
    return dict(zip(page.texts("#points th[scope=row]"), page.texts("#points td:nth-child(2)")))


@needs_browser
def test_the_points_of_a_function_are_what_its_lines_are_short_of_100(opened: tuple[Page, Any]) -> None:
    """As docs/health.md says: for each function (100 - health) times its lines, by all lines; the file's is their sum."""
    page, facts = opened
    units = [(file["path"], f) for file in facts["files"] for f in file["functions"]]
    lines = sum(f["health_lines"] for _, f in units)
    expected = [(path, (100 - f["health_score"]) * f["health_lines"] / lines) for path, f in units]
    total = sum(points for _, points in expected)
    assert total == pytest.approx(100 - facts["summary"]["health_score"], abs=0.02)
    page("document.querySelector('#function-grid').scrollIntoView()")
    page("[...document.querySelectorAll('#function-grid [role=columnheader] button')].at(-2).click()")
    shown = [float(text.replace("<", "")) for text in column(page, "Points")]
    worst = sorted((points for _, points in expected), reverse=True)
    assert shown == pytest.approx(worst[: len(shown)], abs=0.011)
    assert page.texts("#function-grid [aria-sort=descending]") == ["Points"]
    first = page.texts("#file-grid .body [role=row] .cost")[0]
    of_tangled = sum(points for path, points in expected if path == "src/tangled.ts")
    assert float(first) == pytest.approx(of_tangled, abs=0.011)
    page.click("#file-grid .body [role=row]")
    page.wait("document.querySelector('dialog').open")
    said = page("document.querySelector('dialog .path').textContent")
    assert said.endswith(f" · {first} of the {total:.1f} points that the project's health is short of")


@needs_browser
def test_tables_begin_in_the_order_of_the_console(browser: Browser, report: Any) -> None:
    """Functions by urgency, as the report's hotspots are; files by what they cost."""
    files = {**TWELVE_FOLDERS, "tests/a.test.ts": TANGLED, "g/a.ts": "export function h(a, b, c, d, e, f) {}\n"}
    path, facts = report(files, "--top", "30")
    spots = facts["summary"]["hotspots"]
    assert {spot["level"] for spot in spots} == {"error", "warning"} and len(spots) > 12
    with browser.page() as page:
        page.goto(path)
        page("document.querySelector('#function-grid').scrollIntoView()")
        shown = page.texts("#function-grid .body .where")
        expected = [f"{spot['path']}:{spot['line']}" for spot in spots]
        ours = [place for place in shown if not place.startswith("tests/")]
        assert ours[: len(spots)] == expected[: len(ours)] and len(ours) > 12
        assert page("document.querySelector('#functions .sorter').selectedOptions[0].textContent") == "Urgency ↓"
        assert page.texts("#file-grid [aria-sort=descending]") == ["Points"]


@needs_browser
def test_what_does_not_gate_counts_neither_as_error_nor_as_warning(browser: Browser, report: Any) -> None:
    path, facts = report({"a.ts": TANGLED}, "--gate", "duplication")
    summary = facts["summary"]
    assert (summary["errors"], summary["warnings"]) == (0, 0) and summary["ungated_count"] > 0
    with browser.page() as page:
        page.goto(path)
        legend = " ".join(page.texts(".legend li"))
        assert "2 without findings, or not gated" in legend and "0 with errors" in legend
        assert page.texts(".spot .name") == ["tangled"] and page.texts(".spot .chip.error, .spot .chip.warning") == []
        assert page.complaints() == []


@needs_browser
def test_the_folders_and_the_rest_add_up_to_what_is_missing(browser: Browser, report: Any) -> None:
    path, facts = report({**TWELVE_FOLDERS, "tests/a.test.ts": TANGLED})
    with browser.page() as page:
        page.goto(path)
        rows = cost_rows(page)
        assert list(rows)[-2:] == ["Show 2 other folders", "missing from 100"] and len(rows) == 12
        values = [float(text) for text in rows.values()]
        assert sum(values[:-1]) == pytest.approx(values[-1], abs=0.06)
        assert values[-1] == pytest.approx(facts["summary"]["losses"]["missing"], abs=0.006)
        assert "tests/" not in rows
        page("[...document.querySelectorAll('#points tbody button')].at(-1).focus()")
        page.press("Enter")
        assert set(cost_rows(page)) == {*(f"f{i:02}/" for i in range(12)), "missing from 100"}
        assert page("document.activeElement === document.querySelectorAll('#points tbody button')[10]")
        page("document.querySelectorAll('#points tbody button')[3].focus()")
        page.press("Enter")
        page.wait("location.hash === '#files'")
        assert page("document.querySelector('#files .count').textContent") == "1 of 13 files"
        assert page("document.activeElement.id") == "file-grid"
        assert page.complaints() == []


@needs_browser
def test_duplicated_code_is_named_among_what_is_missing(browser: Browser, report: Any) -> None:
    path, facts = report(DUPLICATED, "--duplication")
    losses = facts["summary"]["losses"]
    assert losses["duplication"] > 0
    with browser.page() as page:
        page.goto(path)
        rows = {name: float(points) for name, points in cost_rows(page).items()}
        assert rows["duplicated code"] == pytest.approx(losses["duplication"], abs=0.006)
        assert rows["missing from 100"] == pytest.approx(losses["missing"], abs=0.006)
        assert sum(rows.values()) == pytest.approx(2 * rows["missing from 100"], abs=0.03)


@needs_browser
@pytest.mark.parametrize("size", SIZES)
def test_the_map_is_coloured_by_what_a_line_costs(browser: Browser, report: Any, size: str) -> None:
    """`bad` has twice its error, 100 points in all lines but one of 25; `good` a third of its warning, 6.7 points in 25 lines.
    The average of the 50 lines is 51.3 points, of which they are 1.87 times and 0.13 times as much."""
    lines = len(TANGLED.splitlines())
    good = "export const good = (x: number) => {\n" + "  x++;\n" * (lines - 3) + "  return x;\n};\n"
    path, _ = report({"bad.ts": TANGLED, "good.ts": good}, "--metrics", "cyclomatic", "--threshold", "cyclomatic=3/7")
    tones = "Object.fromEntries([...document.querySelectorAll('.tree button')].map(b => [b.textContent, b.className.trim()]))"
    with browser.page(*SIZES[size]) as page:
        page.goto(path)
        assert "100 health" in page("document.querySelector('.mapfoot').textContent")
        page.choose("select[aria-label='Colour of the map']", "points")
        assert page(tones) == {"bad.ts": "h2 leaf", "good.ts": "h5 leaf"}
        assert "average" in page("document.querySelector('.mapfoot').textContent")
        assert page("document.documentElement.scrollWidth <= innerWidth"), "wider than the screen"
        assert page.complaints() == []


@needs_browser
def test_the_dial_says_where_the_project_stands(browser: Browser, report: Any) -> None:
    path, facts = report({"a.ts": TANGLED}, "--preset", "recommended")
    summary = facts["summary"]
    with browser.page() as page:
        page.goto(path)
        said = page("document.querySelector('.dial').innerText")
        assert f"Grade {summary['grade']}" in said
        assert f"Better than {summary['percentile']} % of 2" in said
        assert f"{summary['losses']['missing']:.1f} points are missing" in said
        label = page("document.querySelector('.dial svg').getAttribute('aria-label')")
        assert f", {summary['grade']}: better than {summary['percentile']} % of" in label
    path, _ = report({"a.ts": TANGLED}, "--preset", "strict", "--fail-on", "none")
    with browser.page() as page:
        page.goto(path)
        assert "A from 85, B from 70, C from 55, D from 40, else E." in page(
            "document.querySelector('.dial').innerText"
        )


# ---- the import graph

LINKED = {
    "src/app/start.ts": "import { model } from '../model/model';\nimport type { Shape } from '../model/shape';\nmodel();\n",
    "src/app/late.ts": "export const late = () => import('./start');\n",
    "src/model/model.ts": "import { shape } from './shape';\nexport const model = () => shape();\n",
    "src/model/shape.ts": "import { base } from '../base/base';\nexport interface Shape {}\nexport const shape = () => base();\n",
    "src/base/base.ts": "import { model } from '../model/model';\nexport const base = () => model();\n",
    "src/base/alone.ts": "export const alone = 1;\nimport './gone';\n",
}


@pytest.fixture
def linked(browser: Browser, report: Any) -> Iterator[tuple[Page, Any]]:
    path, facts = report(LINKED, "--graph")
    with browser.page() as page:
        yield page.goto(path), facts["graph"]
        assert page.complaints() == []


def rows_of_matrix(page: Page) -> list[list[str]]:
    return page(
        "[...document.querySelectorAll('#imports tbody tr')].map(row => [...row.children].map(cell => cell.textContent))"
    )


@needs_browser
def test_the_matrix_has_each_import_in_its_cell(linked: tuple[Page, Any]) -> None:
    """All folders open, each cell is a pair of files; what loads, then types too."""
    page, graph = linked
    component_of = {path: n for n, one in enumerate(graph["components"]) for path in one["files"]}
    page("document.querySelector('#imports details').open = true")
    for choice, kinds in ((0, ("value", "side effect")), (1, ("value", "side effect", "dynamic", "type"))):
        page(
            f"(() => {{ const all = document.querySelectorAll('#imports select'); const last = all[all.length - 1]; last.value = {choice};"
            " last.dispatchEvent(new Event('change')); })()"
        )
        page.click("#imports .crumbs .button")
        page.wait("document.querySelector('#imports tbody tr')")
        expected = [
            [edge["from"], edge["to"], "1", "1" if edge["kind"] == "value" and edge["from"] in component_of else "0"]
            for edge in graph["edges"]
            if edge["kind"] in kinds
        ]
        for row in expected:
            row[3] = str(int(row[3] == "1" and component_of[row[0]] == component_of.get(row[1])))
        assert sorted(rows_of_matrix(page)) == sorted(expected)


@needs_browser
def test_a_cycle_says_where_it_is(linked: tuple[Page, Any]) -> None:
    page, _ = linked
    assert page.texts("#imports select:first-child option") == ["All files", "Cycle 1: 3 files in src/"]
    page.choose("#imports select:first-child", "1")
    words = "Each of these files in src/ leads to all others. Without the import in a frame there is no cycle; fewer may do."
    assert page("document.querySelector('#imports .said').innerText") == words


@needs_browser
def test_closed_folders_add_up_what_is_in_them(linked: tuple[Page, Any]) -> None:
    page, _ = linked
    page("document.querySelector('#imports details').open = true")
    page.click("#imports .crumbs .button", 1)
    page.wait("document.querySelectorAll('#imports tbody tr').length === 4")
    assert sorted(rows_of_matrix(page)) == [
        ["src/app/", "src/model/", "1", "0"],
        ["src/base/", "src/model/", "1", "1"],
        ["src/model/", "src/base/", "1", "1"],
        ["src/model/", "src/model/", "1", "1"],
    ]


@needs_browser
def test_the_matrix_is_used_with_the_keyboard_alone(linked: tuple[Page, Any]) -> None:
    """Imports lead forward: src/app stands first. Its row is closed, and gone through; then a file's sheet opens."""
    page, _ = linked
    page.click("#imports .crumbs .button", 1)
    page("document.querySelector('.matrix').focus({ preventScroll: true })")
    said = "document.querySelector('#imports .said').innerText"
    page.press("Home")
    assert page(said).startswith("src/app/, 2 files · imports 1 row, imported by 0")
    page.press("ArrowRight")
    assert page(said) == "src/app/ → src/model/: 1 import"
    page.press("Enter")
    assert page(said).strip().endswith("src/app/start.ts → src/model/model.ts")
    page.press("ArrowLeft")
    page.press("Enter")
    page.press("ArrowDown")
    assert re.match(r"src/app/\w+\.ts", page(said))
    page.press("Enter")
    page.wait("document.querySelector('dialog').open")
    assert page("document.querySelector('#sheet-title').textContent").endswith(".ts")


@needs_browser
def test_a_click_opens_a_folder_of_the_matrix(linked: tuple[Page, Any]) -> None:
    page, _ = linked
    page.click("#imports .crumbs .button", 1)
    height = "document.querySelector('.matrix > div').style.height"
    before = page(height)
    place = page(
        "(() => { const box = document.querySelector('.matrix'); box.scrollIntoView({ block: 'center' });"
        " const { left, top } = box.getBoundingClientRect(); return [left + 40, top + 118 + 12]; })()"
    )
    for kind in ("mousePressed", "mouseReleased"):
        page.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)
    assert int(page(height)[:-2]) == int(before[:-2]) + 2 * 24


@needs_browser
def test_the_table_of_files_has_the_numbers_of_the_graph(linked: tuple[Page, Any]) -> None:
    page, graph = linked
    page.click("#file-grid [role=columnheader] button", 1)
    titles = page.texts("#file-grid [role=columnheader]")
    rows = page(
        "[...document.querySelectorAll('#file-grid .body [role=row]')].map(row => [...row.children].map(cell => cell.textContent))"
    )
    shown = {
        row[titles.index("File")]: [row[titles.index(name)] for name in ("Fan-in", "Reach", "Cycle")] for row in rows
    }
    sizes = {path: len(one["files"]) for one in graph["components"] for path in one["files"]}
    assert shown == {
        file["path"]: [str(file["fan_in"]), str(file["reach"]), str(sizes.get(file["path"], ""))]
        for file in graph["files"]
    }


@needs_browser
def test_a_file_stands_among_its_imports_and_leads_to_them(linked: tuple[Page, Any]) -> None:
    """What is walked to is a step that Back undoes; a way round leads through the file itself."""
    page, graph = linked
    page("location.hash = '#/src/model/model.ts'")
    page.wait("document.querySelector('.around')")
    assert page.texts(".around h4") == ["Imported by 2", "Imports 1"]
    assert page.texts(".around ul:first-of-type .name") == ["base.ts", "start.ts"]
    assert page.texts(".way li") == ["model.ts", "src/model/shape.ts", "src/base/base.ts", "model.ts"]
    page.click(".around ul:last-of-type a")
    page.wait("document.querySelector('#sheet-title').textContent.includes('shape.ts')")
    assert "type" in page("document.querySelector('.around ul:first-of-type li:last-of-type').textContent")
    page("history.back()")
    page.wait("document.querySelector('#sheet-title').textContent.includes('model.ts')")
    assert [row["specifier"] for row in graph["unresolved"]] == ["./gone"]
    assert page.texts("#notes summary")[0].startswith("Imports not found1")


@needs_browser
@pytest.mark.parametrize("size", SIZES)
def test_hostile_paths_in_the_graph_stay_text(browser: Browser, tmp_path: Path, size: str) -> None:
    """They may be ten thousand letters long, be markup, and turn the direction of writing."""
    names = [f"{IMAGE}/a.ts", f"{CLOSER}/b.ts", "c/\u202eevil.ts", f"d/{'long' * 2500}.ts", f"e/{FRAME}.ts"]
    files = tuple(cg.GraphFile(name, 1, 1, 4, 4, 5, False, 0) for name in names)
    edges = tuple(cg.GraphEdge(n, (n + 1) % 5, "value", CLOSER, 1, IMAGE) for n in range(5))
    cycle = cg.Component((0, 1, 2, 3, 4), (0, 1, 2, 3, 4), ((4, 0),))
    graph = cg.ImportGraph(files, edges, (cycle,), ((names[1], FRAME, 1, IMAGE),), (), ())
    settings = cg.Settings(cg.DEFAULT_ANALYSIS)
    scanner, judge = cg.make_scanner(), cg.Judge(cg.DEFAULT_ANALYSIS, "findings")
    file, source = measure_file("part.ts", TANGLED.encode(), judge, scanner)[:2]
    fragments = [cg.Html().fragment(view_of(file._replace(path=name), source, settings)) for name in names]
    path = tmp_path / "hostile-report.html"
    summary = SUMMARY._replace(graph=cg.JudgedGraph(graph, ()))
    path.write_text("".join(cg.Html().assemble(iter(fragments), summary, settings)), encoding="utf-8")
    with browser.page(*SIZES[size]) as page:
        page.goto(path)
        page("document.querySelector('#imports details').open = true")
        page.click("#imports .crumbs .button")
        page("location.hash = '#/' + encodeURI(" + json.dumps(names[0]) + ")")
        page.wait("document.querySelector('.way')")
        assert "⟨U+202E⟩evil.ts" in page("document.querySelector('.way').textContent")
        assert page("document.documentElement.scrollWidth <= innerWidth")
        assert page("document.querySelector('dialog').scrollWidth <= innerWidth")
        assert page("window.pwned === undefined && document.querySelectorAll('img, iframe').length === 0")
        assert page.complaints() == []
