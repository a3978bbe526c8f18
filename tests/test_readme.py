"""The README says what the program does."""

from conftest import ROOT

import complexity_guard as cg


def test_option_tables_are_the_option_table():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.partition("<!-- options:")[2].partition("-->\n")[2].partition("<!-- end of options -->")[0]
    assert shown.strip() == cg.options_markdown().strip()


def test_exit_codes_are_documented():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for code in (cg.EXIT_PASSED, cg.EXIT_ERRORS, cg.EXIT_WARNINGS, cg.EXIT_USAGE, cg.EXIT_SKIPPED, cg.EXIT_INTERRUPTED):
        assert f"| {code} |" in text
