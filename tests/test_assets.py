"""The texts of build/assets: what the module holds of them is current, whole, and by our own measure good."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import page
import pytest

import complexity_guard as cg

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "build" / "assets"
MODULE = (ROOT / "complexity_guard.py").read_text(encoding="utf-8")
MAIN = 'import { a } from "./first.js";\nimport {\n  b,\n  c,\n} from "./second.js";\n\n// Words.\na(b, c);\n'
FIRST = "export function a(...rest) {\n  // Words.\n  return [...rest, `// ${own}`]; // kept\n}\nconst own = 1;\n"
SECOND = 'import { a } from "./first.js";\n\nexport const b = a(1);\nexport const c = 2;\n'


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a page of a few small scripts in the place of build/assets."""
    monkeypatch.setattr(page, "ASSETS", tmp_path)

    def write(scripts: dict[str, str]) -> None:
        for name, text in {"main": MAIN, "first": FIRST, "second": SECOND, **scripts}.items():
            (tmp_path / f"{name}.js").write_text(text)

    return write


# ---- what the module holds. Compared unpacked: another zlib may pack the same text in other bytes.


def test_the_module_holds_the_page_as_it_is_in_build_assets() -> None:
    assert cg.Html().page() == page.page(), "run `make page`"


@pytest.mark.parametrize(("shell", "suffix"), page.COMPLETIONS.items())
def test_the_module_holds_the_completions_as_they_are_in_build_assets(shell: str, suffix: str) -> None:
    assert getattr(cg, f"{shell}_COMPLETIONS") == (ASSETS / f"completions.{suffix}").read_text(encoding="utf-8"), (
        "run `make page`"
    )


def test_what_is_written_between_the_marks_is_all_that_is_written() -> None:
    parts = re.split(f"{re.escape(page.BEGIN)}|{re.escape(page.END)}", MODULE)
    again = re.split(f"{re.escape(page.BEGIN)}|{re.escape(page.END)}", page.written(MODULE))
    assert len(parts) == len(again) == 3
    assert (parts[0], parts[2]) == (again[0], again[2])
    assert page.written(page.written(MODULE)) == page.written(MODULE)


def test_every_style_and_script_is_in_the_page() -> None:
    whole, lines = cg.Html().page(), 0
    for path in (ASSETS / "page").iterdir():
        for line in path.read_text(encoding="utf-8").splitlines():
            text = re.sub(r"^export ", "", line)
            if text and not re.match(r"\s*(//|/\*)|import |[\s\w,$]*$|\} from ", text):
                assert f"\n{text}\n" in whole, f"{path.name}: {line}"
                lines += 1
    assert lines > 2000


def test_the_page_is_one_file_with_two_places_to_fill_in() -> None:
    whole = cg.Html().page()
    assert re.findall(r"@[A-Z]+@", whole) == ["@POLICY@", "@DATA@"]
    assert [whole.count(tag) for tag in ("<style>", "</style", "<script>", "</script", "<link", "src=")] == [
        1,
        1,
        1,
        1,
        0,
        0,
    ]


@pytest.mark.parametrize("shell", cg.COMPLETIONS)
def test_no_place_of_a_completion_is_left_unfilled(shell: str) -> None:
    assert not re.search(r"@[A-Z]+@", cg.COMPLETIONS[shell]())


# ---- how the page is put together


def test_scripts_stand_once_each_after_what_they_import(assets: Any) -> None:
    assets({})
    assert page.scripts("main.js") == (
        "function a(...rest) {\n  return [...rest, `// ${own}`]; // kept\n}\nconst own = 1;\n"
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
def test_says_why_scripts_do_not_fit_together(assets: Any, scripts: dict[str, str], complaint: str) -> None:
    assets(scripts)
    with pytest.raises(page.Wrong, match=re.escape(complaint)):
        page.scripts("main.js")


# ---- by our own measure


def test_the_page_keeps_within_our_own_limits(guard: Any) -> None:
    done = guard("--config", ASSETS / ".complexityguard.json", "--format", "compact", ASSETS, cwd=ROOT)
    assert (done.code, done.out) == (0, ""), done.out + done.err
