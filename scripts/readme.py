#!/usr/bin/env python3
"""Write the option tables of README.md, and docs/rules.md, anew from the program's own tables: `make docs`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import complexity_guard as cg

README = Path(__file__).resolve().parent.parent / "README.md"
RULES = README.parent / "docs" / "rules.md"
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


RULES_HEAD = f"""# Rules

What each rule means, its limits, and what helps. `complexity-guard explain FILE:LINE` shows where a number comes from; how findings
are accepted one by one is in [the README](../README.md#findings), and how a preset is chosen in [its configuration](../README.md#presets).
This page is written from the program's own tables by `make docs`.

The limits that each preset sets, of warnings / of errors: a value above one is a finding. With `recommended` it is one of a function
only where the cognitive complexity of the function, with that of the functions in it, is at least {cg.DEFAULT_PRESET.least_cognitive}
(`analysis.least_cognitive`), and where cognitive complexity / 25 + own lines / 100 + nesting depth / 6 is at least {cg.DEFAULT_PRESET.least_burden}
(`analysis.least_burden`): what is long or has many paths, and little to follow, is none.
"""
ACCEPTED = {  # how a finding is accepted, by what its metric is about
    "function": "**To accept one:** `// complexity-guard-ignore-next-line {} -- reason` above the function.",
    "file": "**To accept one:** `// complexity-guard-ignore-file {} -- reason` at the top of the file.",
}


def rules_page() -> str:
    """A table of all metrics, then a section for each rule, whose heading SARIF's links lead to."""
    columns = {
        "rule": [f"[`{metric.name}`](#{metric.name})" for metric in cg.ALL_METRICS],
        "is about": [
            f"each {metric.scope}" if metric.scope != "project" else "the project" for metric in cg.ALL_METRICS
        ],
        **{code(name): [limits(preset, metric) for metric in cg.ALL_METRICS] for name, preset in cg.PRESETS.items()},
    }
    rules = map(rule_section, (*cg.RULES, *cg.RANKED_RULES, *cg.Sarif.NOTICES))
    return "\n".join((RULES_HEAD, *table(columns), "", *rules))


def limits(preset: cg.Preset, metric: cg.Metric) -> str:
    """What a preset says of a metric: 10 / 20, – / 15 where there is no limit for warnings, or off."""
    pair = preset.limits.get(metric.name, (cg.OFF, cg.OFF))
    if pair == (cg.OFF, cg.OFF):
        return "off"
    return " / ".join("–" if limit == cg.OFF else f"{value(limit)}{metric.unit}" for limit in pair)


def rule_section(rule: cg.Rule) -> str:
    metric = cg.METRIC.get(rule.name)
    lines = [f"## {rule.name}\n", f"{rule.meaning}\n", f"**What helps:** {rule.advice}\n"]
    return "\n".join([*lines, *(metric_lines(metric) if metric else ())])


def metric_lines(metric: cg.Metric) -> Iterator[str]:
    warning, error = (f"{value(limit)}{metric.unit}" for limit in (metric.warning, metric.error))
    text = f"a warning above {warning}, an error above {error}" if warning != "off" else "none, unless they are set"
    keys = " and ".join(map(code, metric.limit_keys))
    yield f"**Limits:** {text}; {keys} in the configuration set them.\n"
    if metric in cg.METRICS:
        yield ACCEPTED[metric.scope].format(metric.name) + "\n"


if __name__ == "__main__":
    RULES.write_text(rules_page(), encoding="utf-8")
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
