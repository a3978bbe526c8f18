"""Compare the names of functions with those in TypeScript's navigation tree, function by function.

    python navigation.py [FOLDER ...]     ask TypeScript about folders (the corpus, as `corpus.py` fetched it), and compare
    python navigation.py --freeze         keep the answers about the sample that the repository carries

Whatever the tree names, we name. Where the spelling is another one, one of SPELLINGS says why. Exit 1 where none does.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import compare

ANSWERS = compare.FROZEN / "names.jsonl.xz"
TYPESCRIPT = compare.ROOT / "out" / "oracles" / "node_modules" / "typescript-5.9" / "lib" / "typescript.js"
CALLED = re.compile(r"(?s)(?P<callee>[^(]*)(?:\((?P<texts>.*)\))? callback")
QUOTES = "\"'`"


def last_part(name: str) -> str:
    """What is behind the class and the words `get` and `set`; private and computed names have dots only before them."""
    return re.sub(r"^(?:get|set) ", "", name).split(".", name.count(".") - name.partition("[")[2].count("."))[-1]


def bare(name: str) -> str:
    """Without quotes, brackets, escapes and white space, and no longer than either side cuts."""
    return re.sub(r"[\s\\\[\]\"'`…]|\.\.\.$", "", name)[:60]


def is_call(theirs: str, ours: str) -> bool:
    found = CALLED.fullmatch(theirs)
    return bool(found and ours == f"{found['callee'].rpartition('.')[2]} callback")


def is_titled(theirs: str, ours: str) -> bool:
    """`it "adds"`, `app.get "/users" handler`, `click handler`; titles put together by + are no texts to the tree."""
    found = CALLED.fullmatch(theirs)
    titled = re.fullmatch(r'(?s)(\S+) "(.*)"(?: callback| handler)?', ours) or re.fullmatch(r"()(.+) handler", ours)
    if not found or not titled:
        return False
    is_callee = not titled[1] or last_part(titled[1]) == last_part(found["callee"])
    return is_callee and (not found["texts"] or bare(found["texts"]).startswith(bare(titled[2])))


def is_bound(theirs: str, ours: str) -> bool:
    return bool(CALLED.fullmatch(theirs)) and not ours.endswith((" callback", " handler", '"', ">"))


def is_last_part(theirs: str, ours: str) -> bool:
    """Whether our name ends with theirs, as far as a name of 80 characters goes."""
    part, whole = "".join(theirs.strip("[]").split()), "".join(ours.split()).removesuffix("]")
    if not whole.endswith("…"):
        return whole.endswith((f".{part}", f"[{part}"))
    shown = re.split(r"[.\[]", whole.removesuffix("…"))[-1]
    return len(shown) > 20 and part.startswith(shown)


# Why the two spellings of a name differ: the first of these that holds says it.
SPELLINGS: dict[str, Callable[[str, str], bool]] = {
    "the same": lambda theirs, ours: theirs == ours,
    "the tree has no item, or no name: `<function>`, `<class>`, `<unknown>`": lambda theirs, ours: (
        theirs in ("", "<function>", "<class>", "<unknown>")
    ),
    "behind its class, `get` or `set`": lambda theirs, ours: theirs == last_part(ours),
    "`default`, `export=` are `default export`": lambda theirs, ours: (
        theirs in ("default", "export=") and ours == "default export"
    ),
    "without quotes, brackets, white space": lambda theirs, ours: bare(theirs) in (bare(ours), bare(last_part(ours))),
    "all that is assigned to, where the tree has its last part": is_last_part,
    "`x.map() callback` is `map callback`": is_call,
    '`it("adds") callback` is `it "adds"`, `x.on("click") callback` is `click handler`': is_titled,
    "bound to a name through calls, where the tree has the innermost call": is_bound,
}


BY_OPERATOR = "bound to a name through `||` or `??`, where the tree has the left side"
CLASS = "`constructor` is a function that the tree takes for a class of before 2015"
OWN_NAME = "by the name of a function expression, where the tree has the variable's or key's"


def spelling(theirs: str, ours: str) -> str | None:
    return next((why for why, holds in SPELLINGS.items() if holds(theirs, ours)), None)


def spelling_of(theirs: str, hint: str, ours: str) -> str | None:
    if why := spelling(theirs, ours):
        return why
    if hint in ("||", "??"):
        return BY_OPERATOR
    if theirs == "constructor" and (hint == "function" or ".prototype." in ours):
        return CLASS
    return OWN_NAME if hint == ours else None


def counted(answers: Iterable[dict[str, Any]], reports: dict[str, Any]) -> tuple[Counter[str], list[str]]:
    """How often each spelling occurs, and what none explains."""
    counts, unexplained = Counter[str](), []
    for answer in answers:
        report = reports.get(answer["path"])
        if not report or report["syntax_errors"]:  # left out (a link, a file of a minifier), or read in another way
            continue
        names = {(one["start_line"], one["start_col"]): one["name"] for one in report["functions"]}
        for line, column, theirs, hint in answer["functions"]:
            ours = names.get((line, column), "")
            why = spelling_of(theirs, hint, ours) if ours else None
            counts[why or "unexplained"] += 1
            if why is None:
                unexplained.append(f"{answer['path']}:{line}: {theirs!r} is {ours!r}")
    return counts, unexplained


def ask(folder: Path) -> Iterator[dict[str, Any]]:
    script = Path(__file__).with_suffix(".mjs")
    asked = subprocess.run(["node", script, TYPESCRIPT, folder], check=True, capture_output=True, text=True)
    yield from map(json.loads, asked.stdout.splitlines())


def frozen_answers() -> Iterator[dict[str, Any]]:
    yield from compare.frozen_answers(ANSWERS)


def freeze() -> None:
    """Keep the answers about the sample of sources that the repository carries."""
    with tempfile.TemporaryDirectory() as scratch:
        answers = list(ask(compare.unpacked_sample(Path(scratch))))
    lines = [json.dumps(answer, separators=(",", ":")) + "\n" for answer in answers]
    ANSWERS.write_bytes(lzma.compress("".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[compare.CORPUS])
    parser.add_argument("--freeze", action="store_true", help="keep the answers about the sample")
    options = parser.parse_args()
    if options.freeze:
        freeze()
        return 0
    total, failed = Counter[str](), False
    for folder in options.folders:
        answers = list(ask(folder))
        counts, unexplained = counted(answers, compare.analyse(folder))
        total += counts
        failed = failed or bool(unexplained)
        print("\n".join(unexplained[:50]))
    print(f"{total.total():,} functions")
    print("\n".join(f"{total[why]:8,}  {why}" for why in [*SPELLINGS, BY_OPERATOR, OWN_NAME, CLASS, "unexplained"]))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
