#!/usr/bin/env python3
"""Write the option tables of README.md anew from the option table: `make docs`."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import complexity_guard as cg  # noqa: E402


def options_markdown() -> str:
    """The README's tables of options: a test keeps the README equal to this."""
    lines = []
    for section in cg.SECTIONS:
        lines += (f"**{section}**\n", *section_rows(section), "")
    return "\n".join(lines)


def section_rows(section: str) -> Iterator[str]:
    options = [option for option in cg.OPTIONS if option.section == section]
    if section == "Thresholds":
        return threshold_rows({option.name: option for option in options})
    columns = {heading: [cell(option) for option in options] for heading, cell in COLUMNS.items()}
    return table({heading: cells for heading, cells in columns.items() if any(cells)})


def flag_cell(option: cg.Option) -> str:
    spellings = ", ".join(map(code, option.flags + option.opposite))
    return f"{spellings} {code(option.metavar)}" if option.metavar else spellings


COLUMNS: dict[str, Callable[[cg.Option], str]] = {
    "flag": flag_cell,
    "key in the configuration": lambda option: code(option.name) if option.in_config else "",
    "default": lambda option: "" if option.default in (None, (), False) else code(cg.option_text(option.default)),
    "what it does": lambda option: option.help.replace("|", "\\|"),
}


def threshold_rows(options: dict[str, cg.Option]) -> Iterator[str]:
    """A warning and the error beside it in one row."""
    pairs = [(name, name.removesuffix("warning") + "error") for name in options if name.endswith("warning")]
    keys = [f"{code(low)}, {code(high.removeprefix('analysis.thresholds.'))}" for low, high in pairs]
    columns = {
        "key in the configuration": keys,
        "warning": [cg.option_text(options[low].default) for low, _ in pairs],
        "error": [cg.option_text(options[high].default) for _, high in pairs],
        "of": [options[low].help.partition(":")[0] for low, _ in pairs],
    }
    return table(columns)


def table(columns: dict[str, list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield "|" + "---|" * len(columns)
    for cells in zip(*columns.values()):
        yield f"| {' | '.join(cells)} |"


def code(text: str) -> str:
    return f"`{text}`"


def main() -> None:
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    begin, end = re.search(r"<!-- options:.*?-->\n", text, re.S).end(), text.index("<!-- end of options -->")
    path.write_text(text[:begin] + "\n" + options_markdown().strip() + "\n\n" + text[end:], encoding="utf-8")


if __name__ == "__main__":
    main()
