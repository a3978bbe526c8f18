"""The page of the HTML report, put together from build/assets.

The page is one file for its reader and many for its writers: page.html names its styles and its first script, the
scripts import each other. Here they become one text, which scripts/assets.py puts into the module.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "build" / "assets"

STYLES = re.compile(r'(?:<link rel="stylesheet" href="[^"]+">\n)+')
SCRIPT = re.compile(r'<script type="module" src="([^"]+)"></script>')
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w.]+)";\n', re.M)
REMARK = re.compile(r"^[ \t]*(?://.*|/\*.*\*/)\n", re.M)
INDENT = re.compile(r"^ +", re.M)
EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) )", re.M)
DECLARED = re.compile(r"^(export )?(?:async function|function|const|let|class) ([\w$]+)", re.M)


class Wrong(SystemExit):
    """An asset that cannot be put into the page; the message says which, and why."""


def read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def page() -> str:
    """The whole page, all but what each report fills in."""
    html = STYLES.sub(lambda links: f"<style>\n{styles(links[0])}</style>\n", read("page.html"))
    return SCRIPT.sub(lambda tag: f'<script>\n"use strict";\n(() => {{\n{scripts(tag[1])}}})();\n</script>', html)


def styles(links: str) -> str:
    return "".join(terse(read(name)) for name in re.findall(r'href="([^"]+)"', links))


def scripts(first: str) -> str:
    """The scripts one after another, each after those that it imports, in a scope that they share."""
    found = {name: read(name) for name in in_order(first)}
    names = Counter(name for text in found.values() for _, name in DECLARED.findall(text))
    if twice := [name for name, times in names.items() if times > 1]:
        raise Wrong(f"declared in two scripts, which share a scope in the page: {', '.join(twice)}")
    return "\n".join(bare(name, text) for name, text in found.items())


def in_order(name: str, above: tuple[str, ...] = ()) -> dict[str, None]:
    """A script after all that it imports: a dictionary, because that keeps each once and in order."""
    if name in above:
        raise Wrong(f"scripts import each other in a ring: {' → '.join((*above, name))}")
    order: dict[str, None] = {}
    for names, other in imports(name):
        check_exported(names, other, name)
        order |= in_order(other, (*above, name))
    return order | {name: None}


def imports(name: str) -> Iterator[tuple[list[str], str]]:
    """(names, the script that they come from) for each import of a script."""
    for names, other in IMPORT.findall(read(name)):
        yield [part.strip() for part in names.split(",") if part.strip()], str(PurePosixPath(name).parent / other)


def check_exported(names: list[str], other: str, name: str) -> None:
    exported = {declared for export, declared in DECLARED.findall(read(other)) if export}
    if missing := [wanted for wanted in names if wanted not in exported]:
        raise Wrong(f"{name} imports from {other} what it does not export: {', '.join(missing)}")


def bare(name: str, text: str) -> str:
    """A script without its imports and exports."""
    text = EXPORT.sub("", IMPORT.sub("", text))
    if strange := re.search(r"^(?:import|export)\b.*", text, re.M):
        raise Wrong(f"{name}: a form of import or export that scripts/page.py does not know: {strange[0]}")
    return terse(text)


def terse(text: str) -> str:
    """Without comments and indentation: they are for those who write the page, and an eighth of what the module would
    hold."""
    return INDENT.sub("", re.sub(r"\n{3,}", "\n\n", REMARK.sub("", text))).lstrip("\n")
