"""The texts that the module holds packed: they are current and whole, and the page is by our own measure good."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import handbooks
import page
import pytest

import assets
import complexity_guard as cg

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "build" / "assets"
MODULE = (ROOT / "complexity_guard.py").read_text(encoding="utf-8")
MAIN = 'import { a } from "./first.js";\nimport {\n  b,\n  c,\n} from "./second.js";\n\n// Words.\na(b, c);\n'
FIRST = "export function a(...rest) {\n  // Words.\n  return [...rest, `// ${own}`]; // kept\n}\nconst own = 1;\n"
SECOND = 'import { a } from "./first.js";\n\nexport const b = a(1);\nexport const c = 2;\n'


@pytest.fixture
def small_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a page of a few small scripts in the place of build/assets."""
    monkeypatch.setattr(page, "ASSETS", tmp_path)

    def write(scripts: dict[str, str]) -> None:
        for name, text in {"main": MAIN, "first": FIRST, "second": SECOND, **scripts}.items():
            (tmp_path / f"{name}.js").write_text(text)

    return write


# ---- what the module holds. Compared unpacked: another zlib may pack the same text in other bytes.


@pytest.mark.parametrize(("name", "make"), assets.TEXTS.items(), ids=assets.TEXTS)
def test_the_module_holds_each_text_as_it_is_made_now(name: str, make: Any) -> None:
    assert cg.unpacked(name) == make(), "run `make assets`"


def test_the_module_holds_no_other_text() -> None:
    assert list(cg.PACKED) == list(assets.TEXTS), "run `make assets`"


def test_each_command_prints_its_text(guard: Any) -> None:
    for name in [name for name in assets.TEXTS if name != "page"]:
        assert guard(*name.split()).out == cg.unpacked(name)


def test_says_that_a_text_needs_zlib(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setitem(sys.modules, "zlib", None)
    assert cg.main(["man"]) == cg.EXIT_USAGE
    assert "man lies packed, and this Python came without zlib to unpack it" in capsys.readouterr().err


def test_what_is_written_between_the_marks_is_all_that_is_written() -> None:
    parts = re.split(f"{re.escape(assets.BEGIN)}|{re.escape(assets.END)}", MODULE)
    again = re.split(f"{re.escape(assets.BEGIN)}|{re.escape(assets.END)}", assets.written(MODULE))
    assert len(parts) == len(again) == 3
    assert (parts[0], parts[2]) == (again[0], again[2])
    assert assets.written(assets.written(MODULE)) == assets.written(MODULE)


def test_every_style_and_script_is_in_the_page() -> None:
    whole, lines = cg.unpacked("page"), 0
    for path in (ASSETS / "page").iterdir():
        for line in path.read_text(encoding="utf-8").splitlines():
            text = re.sub(r"^export ", "", line)
            if text and not re.match(r"\s*(//|/\*)|import |[\s\w,$]*$|\} from ", text):
                assert f"\n{text.lstrip()}\n" in whole, f"{path.name}: {line}"
                lines += 1
    assert lines > 2000


def test_the_page_is_one_file_with_two_places_to_fill_in() -> None:
    whole = cg.unpacked("page")
    assert re.findall(r"@[A-Z]+@", whole) == ["@POLICY@", "@DATA@"]
    assert [whole.count(tag) for tag in ("<style>", "</style", "<script>", "</script", "<link", "src=")] == [
        1,
        1,
        1,
        1,
        0,
        0,
    ]


@pytest.mark.parametrize("shell", handbooks.COMPLETIONS)
def test_no_place_of_a_completion_is_left_unfilled(shell: str) -> None:
    assert not re.search(r"@[A-Z]+@", handbooks.COMPLETIONS[shell]())


# ---- how the page is put together


def test_scripts_stand_once_each_after_what_they_import(small_page: Any) -> None:
    small_page({})
    assert page.scripts("main.js") == (
        "function a(...rest) {\nreturn [...rest, `// ${own}`]; // kept\n}\nconst own = 1;\n"
        "\nconst b = a(1);\nconst c = 2;\n"
        "\na(b, c);\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scripts", "complaint"),
    [
        ({"second": "export const b = 1;\n"}, "main.js imports from second.js what it does not export: c"),
        ({"second": SECOND + "const own = 2;\n"}, "declared in two scripts, which share a scope in the page: own"),
        (
            {"first": 'import { c } from "./second.js";\n' + FIRST},
            "in a ring: main.js → first.js → second.js → first.js",
        ),
        (
            {"first": FIRST + "export default a;\n"},
            "first.js: a form of import or export that scripts/page.py does not know",
        ),
        ({"main": 'import * as all from "./first.js";\n' + MAIN}, "main.js: a form of import or export"),
    ],
    ids=["missing", "twice", "ring", "default", "star"],
)
def test_says_why_scripts_do_not_fit_together(small_page: Any, scripts: dict[str, str], complaint: str) -> None:
    small_page(scripts)
    with pytest.raises(page.Wrong, match=re.escape(complaint)):
        page.scripts("main.js")


# ---- by our own measure


def test_the_page_keeps_within_our_own_limits(guard: Any) -> None:
    done = guard("--config", ASSETS / ".complexityguard.json", "--format", "compact", ASSETS, cwd=ROOT)
    assert (done.code, done.out) == (0, ""), done.out + done.err
