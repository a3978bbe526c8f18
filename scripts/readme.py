#!/usr/bin/env python3
"""Write the option tables of README.md anew from the program's own table of options: `make docs`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import complexity_guard as cg

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN = re.compile(r"<!-- options:.*?-->\n", re.DOTALL)
END = "<!-- end of options -->"

value = cg.option_text  # as --help states a value


def code(text: str) -> str:
    return f"`{text}`"


def flags(option: cg.Option) -> str:
    names = ", ".join(map(code, option.flags + option.opposite))
    return f"{names} {code(option.metavar)}" if option.metavar else names


# Heading → what an option has in that column. A column that no option of a section has is left out of its table.
COLUMNS: dict[str, Callable[[cg.Option], str]] = {
    "flag": flags,
    "key in the configuration": lambda option: code(option.name) if option.in_config else "",
    "default": lambda option: "" if option.default in (None, (), False) else code(value(option.default)),
    "what it does": lambda option: option.help.replace("|", "\\|"),
}


def option_tables() -> str:
    """The tables of all options, one for each section."""
    return "\n".join(line for section in cg.SECTIONS for line in (f"**{section}**\n", *section_table(section), ""))


def section_table(section: str) -> Iterator[str]:
    options = [option for option in cg.OPTIONS if option.section == section]
    if section == "Thresholds":
        return table(threshold_columns({option.name: option for option in options}))
    columns = {heading: [cell(option) for option in options] for heading, cell in COLUMNS.items()}
    return table({heading: cells for heading, cells in columns.items() if any(cells)})


def threshold_columns(options: dict[str, cg.Option]) -> dict[str, list[str]]:
    """A warning and the error beside it in one row."""
    pairs = [(name, name.removesuffix("warning") + "error") for name in options if name.endswith("warning")]
    short = [error.removeprefix("analysis.thresholds.") for _, error in pairs]
    return {
        "key in the configuration": [f"{code(low)}, {code(high)}" for (low, _), high in zip(pairs, short)],
        "warning": [value(options[low].default) for low, _ in pairs],
        "error": [value(options[high].default) for _, high in pairs],
        "of": [options[low].help.partition(":")[0] for low, _ in pairs],
    }


def table(columns: dict[str, list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield "|" + "---|" * len(columns)
    yield from (f"| {' | '.join(cells)} |" for cells in zip(*columns.values()))


def shown(text: str) -> str:
    """The tables that a README holds."""
    return text[BEGIN.search(text).end() : text.index(END)]


def renewed(text: str) -> str:
    """A README with the tables of today."""
    head, _, tail = text.partition(shown(text) + END)
    return f"{head}\n{option_tables().strip()}\n\n{END}{tail}"


if __name__ == "__main__":
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
