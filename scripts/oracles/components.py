"""Components of Vue, Svelte and Astro: our blocks of script against the official compilers', the functions in them
against ESLint and SonarJS.

    python components.py               fetch what components.json pins, ask the references, compare
    python components.py --freeze      the same, and write the answers and a sample of the sources to tests/oracles
    python components.py --mutated N   of N components changed by chance, compare the blocks

Exit 1 where anything differs that is not in the table EXPLAINED.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import subprocess
import sys
import tarfile
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from subprocess import PIPE
from typing import Any

import compare
import corpus
from pack import archive_of, write

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
import complexity_guard as cg  # noqa: E402

HERE = Path(__file__).resolve().parent
CORPUS = ROOT / "out" / "component-corpus"
ANSWERS = compare.FROZEN / "components.jsonl.xz"
SAMPLE = compare.FROZEN / "components.tar.xz"
SUFFIXES = (".vue", ".svelte", ".astro")
SAMPLE_FILES, LARGEST = 160, 8_000
AT_ONCE, SECONDS = 500, 600  # components that one process of the references is asked about, and how long

# Where the references are another opinion, by path; each with its reason.
EXPLAINED: dict[str, str] = {
    "dcloudio-uni-ui/lib/uni-swipe-action-item/uni-swipe-action-item.vue": "vue-eslint-parser reads the last of several"
    " <script>, of which a preprocessor takes one; ours are those of all",
}

EXPLAINED_TEMPLATES: dict[str, str] = {}

Answer = dict[str, Any]
Span = list[int]


def packages() -> list[corpus.Package]:
    rows = json.loads((HERE / "components.json").read_text("utf-8"))
    return [
        corpus.Package(**{**row, "folders": tuple(row["folders"]), "without": tuple(row["without"])}) for row in rows
    ]


def fetch_all() -> None:
    downloads = ROOT / "out" / "oracle-downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    corpus.SOURCES = SUFFIXES
    for package in packages():
        count = corpus.unpack(package, corpus.fetch(package, downloads), CORPUS / package.slug)
        print(f"{package.name}@{package.version}: {count:,} components")


def names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in SUFFIXES)


def ask(folder: Path, names: Iterable[str], *flags: str) -> list[Answer]:
    """What the references say of components. One at which they end, or find no end, they have refused."""
    rest, found = list(names), []
    while rest:
        answers, why = asked(folder, rest[:AT_ONCE], *flags)
        rest = rest[len(answers) :]
        found += answers
        if why and rest:
            found.append({"path": rest.pop(0), "error": why})
    return found


def asked(folder: Path, names: list[str], *flags: str) -> tuple[list[Answer], str]:
    """What they say of so many, and why not of the one that follows."""
    command = ["node", "--max-old-space-size=6144", HERE / "components.mjs", folder, *flags]
    asking = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    try:
        said, errors = asking.communicate("\n".join(names).encode(), timeout=SECONDS)
        why = errors.decode()[-300:] if asking.returncode else ""
    except subprocess.TimeoutExpired:
        asking.kill()
        said, _ = asking.communicate()
        why = f"not finished within {SECONDS} s"
    lines = said.decode().splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")], why


# Blocks


def our_blocks(path: str, raw: bytes) -> tuple[list[Span], list[Span]]:
    """All blocks of script that hold something, and those that are measured."""
    text = cg.to_utf8(raw)
    found = []
    try:
        for block in cg.SCRIPTS_OF_SUFFIX[f".{path.rpartition('.')[2]}"](text):
            found.append(block)
    except cg.Broken:
        pass
    blocks = [block for block in found if block.start < block.end]
    measured = [block for block in blocks if cg.grammar_of_script(block.attributes, 0) is not None]
    return [[block.start, block.end] for block in blocks], [[block.start, block.end] for block in measured]


def differing_blocks(answer: Answer, raw: bytes) -> Iterator[str]:
    for what, ours in zip(("blocks", "measured"), our_blocks(answer["path"], raw), strict=True):
        if ours != answer[what]:
            yield f"{answer['path']}: {what} {ours}, the compiler says {answer[what]}"


# Functions


def functions_in_blocks(report: Answer, raw: bytes) -> Iterator[Answer]:
    """Of our functions those in scripts: others are in the template."""
    text = cg.to_utf8(raw)
    _, spans = our_blocks(report["path"], raw)
    lines = text.decode("utf-8").splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    first_lines = [bisect_right(starts, start) for start, _ in spans]
    last_lines = [bisect_right(starts, end) for _, end in spans]
    for function in report["functions"]:
        if any(first <= function["start_line"] <= last for first, last in zip(first_lines, last_lines, strict=True)):
            yield function


def differing_functions(answer: Answer, ours: dict[compare.Place, Answer]) -> Iterator[compare.Difference]:
    reference = {}
    for row in answer["functions"]:
        numbers = dict(zip(compare.ROW, row, strict=True)) | {"end": f"{row[3]}:{row[4]}"}
        reference[row[1], row[2], row[0] == "i"] = {key: value for key, value in numbers.items() if value != -1}
    for place in sorted(ours.keys() | reference.keys()):
        mine, theirs = ours.get(place), reference.get(place)
        if mine is None or theirs is None:
            found = ("found" if mine else "", "found" if theirs else "")
            yield compare.Difference(answer["path"], *place[:2], "function", *found)
        else:
            yield from compare.unequal(answer["path"], *place[:2], compare.METRICS, mine, theirs)


def our_functions(folder: Path) -> dict[str, dict[compare.Place, Answer]]:
    classic = compare.analyse(folder, cyclomatic_variant="classic")
    other = compare.analyse(folder, cyclomatic_variant="modified", cognitive_variant="sonarjs-4.2")
    found = {}
    for path, report in classic.items():
        raw = (folder / path).read_bytes()
        pairs = zip(functions_in_blocks(report, raw), functions_in_blocks(other[path], raw), strict=True)
        found[path] = {compare.place_of(mine): compare.with_variants(mine, theirs) for mine, theirs in pairs}
    return found


def compared(answers: Sequence[Answer], folder: Path) -> list[str]:
    """What differs, and is not explained."""
    ours = our_functions(folder)
    counts, problems, refused = Counter[str](), [], []
    for answer in answers:
        path = answer["path"]
        if "error" in answer:
            refused.append(f"{path}: {answer['error']}")
            continue
        counts["components"] += 1
        counts["blocks"] += len(answer["blocks"])
        counts["functions"] += len(answer["functions"])
        if path not in EXPLAINED:
            problems += differing_blocks(answer, (folder / path).read_bytes())
            problems += map(str, differing_functions(answer, ours[path]))
    print(
        ", ".join(f"{count:,} {what}" for what, count in counts.items()), f"; {len(refused)} refused by the references"
    )
    print("\n".join(f"  refused: {line}" for line in refused[:40]))
    return problems


# Templates


def our_template(path: str, raw: bytes, scanner: Any) -> Answer:
    """The decisions in a template, and the functions in it: those that are there only where templates are measured."""
    bounds = cg.Bounds(60.0, 0)
    analysis = cg.DEFAULT_ANALYSIS._replace(metrics=frozenset(("cyclomatic", "template")))
    options = cg.measure_options(analysis)
    both, _ = cg.measure(path, raw, options, scanner, bounds)
    scripts, _ = cg.measure(path, raw, options._replace(template=False), scanner, bounds)
    places = [[(f.start_line, f.start_col, f.cyclomatic) for f in one.functions] for one in (both, scripts)]
    rows = Counter(places[0]) - Counter(places[1])
    if path.endswith(".astro"):  # the reference knows no places there
        rows = Counter((0, 0, complexity) for _, _, complexity in rows.elements())
    errors = len(both.syntax_errors) - len(scripts.syntax_errors)
    return {
        "sum": len(both.template or ()),
        "functions": [list(row) for row in sorted(rows.elements())],
        "errors": errors,
    }


def differing_templates(answers: Iterable[Answer], folder: Path) -> Iterator[str]:
    """What differs, and is not explained; and templates in which we find syntax errors."""
    scanner, counts = cg.make_scanner(), Counter[str]()
    for answer in answers:
        path, theirs = answer["path"], answer.get("template", {"error": ""})
        if "error" in theirs:
            counts["refused"] += 1
            continue
        ours = our_template(path, (folder / path).read_bytes(), scanner)
        counts["templates"] += 1
        counts["decisions"] += theirs["sum"]
        counts["functions"] += len(theirs["functions"])
        errors = ours.pop("errors")
        if (ours != theirs or errors) and path not in EXPLAINED_TEMPLATES:
            yield f"{path}: template {ours}, {errors} errors; the compiler says {theirs}"
    print(", ".join(f"{count:,} {what}" for what, count in counts.items()))


# A sample for the suite, and components changed by chance


def chosen(answers: list[Answer]) -> list[str]:
    """Components with functions, in turn from each package."""
    by_package: dict[str, list[tuple[str, str]]] = {}
    for answer in answers:
        if answer.get("functions") and (CORPUS / answer["path"]).stat().st_size <= LARGEST:
            by_package.setdefault(answer["path"].split("/")[0], []).append((answer["sha256"], answer["path"]))
    rounds = zip_longest(*(sorted(rows) for _, rows in sorted(by_package.items())))
    paths = [row[-1] for turn in rounds for row in turn if row]
    return sorted(paths[:SAMPLE_FILES])


def freeze(answers: list[Answer]) -> None:
    write(ANSWERS, "".join(json.dumps(answer, separators=(",", ":")) + "\n" for answer in answers).encode())
    paths = chosen(answers)
    slugs = {path.split("/")[0] for path in paths}
    licences = [
        path.relative_to(CORPUS).as_posix()
        for slug in sorted(slugs)
        for path in sorted((CORPUS / slug).iterdir())
        if path.is_file() and path.suffix not in SUFFIXES
    ]
    write(SAMPLE, archive_of([*licences, *paths], CORPUS))


def frozen() -> list[Answer]:
    return list(compare.frozen_answers(ANSWERS))


def unpacked_sample(folder: Path) -> Path:
    with lzma.open(SAMPLE) as packed, tarfile.open(fileobj=packed) as archive:
        archive.extractall(folder, filter="data")
    return folder


PIECES = (
    "<!--", "-->", "<script>", "</script>", "</script >", "<script setup>", "<script lang=ts>", "<template>", "</template>",
    "<template lang='pug'>", "{{", "}}", "{", "}", "'", '"', "`", "<", ">", "/>", "</", "<div>", "</div>", "<![CDATA[", "]]>",
    "<textarea>", "</textarea>", "<svg>", "</svg>", "<p v-pre>", "</p>", "<style>", "</style>", "//", "/*", "*/", "---", "\n",
    "{#if x}", "{/if}", "{'<script>'}", "{`</script>`}", "{/[/}]/}", "<title>", "</title>", "<a b=<script>>", "<!>", "<?", "&lt;",
    "<SCRIPT>", "<script\n>", "</SCRIPT>", "<br>", "<img a='>'>", "é", "\u2028", "\r\n", "{/* } */ x}", "<script src='x'/>",
)  # fmt: skip


def mutated(text: str, chance: random.Random) -> str:
    """A text with a few places changed: something put in, left out, moved, or doubled."""
    for _ in range(chance.randint(1, 3)):
        one, two = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        two = min(two, one + chance.choice((1, 5, 40, 400)))
        markup = [place for place in range(len(text)) if text[place] in "<>{}"]
        if markup and chance.random() < 0.7:
            one = chance.choice(markup) + chance.randint(0, 1)
            two = max(one, min(two, one + 40))
        what = chance.randrange(4)
        if what == 0:
            text = text[:one] + chance.choice(PIECES) + text[one:]
        elif what == 1:
            text = text[:one] + text[two:]
        elif what == 2:
            text = text[:one] + text[one:two] * 2 + text[two:]
        else:
            text = text[two:] + text[:two] if chance.random() < 0.2 else text[:one] + chance.choice(PIECES) + text[two:]
    return text


def mutants(names: list[str], count: int, folder: Path) -> list[str]:
    """Names of changed components, which are written to a folder."""
    chance = random.Random(count)
    found = []
    for number in range(count):
        name = chance.choice(names)
        text = (CORPUS / name).read_text("utf-8")
        target = folder / f"{number}{Path(name).suffix}"
        target.write_bytes(mutated(text, chance).encode("utf-8", "surrogatepass"))
        found.append(target.name)
    return found


def compare_mutants(count: int) -> list[str]:
    """Of those that the compilers accept; ours must bear the others too."""
    problems, accepted, refused = [], Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for kind in SUFFIXES:
            names = [name for name in names_in(CORPUS) if name.endswith(kind)]
            for answer in ask(folder, mutants(names, count, folder), "--blocks"):
                raw = (folder / answer["path"]).read_bytes()
                if "error" in answer:
                    our_blocks(answer["path"], raw)
                    refused[kind] += 1
                    continue
                accepted[kind] += 1
                problems += differing_blocks(answer, raw)
                (folder / answer["path"]).unlink()
    print(f"{count:,} changed components of each kind; accepted: {dict(accepted)}, refused: {dict(refused)}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--freeze", action="store_true", help="write the answers and a sample to tests/oracles")
    parser.add_argument(
        "--mutated", type=int, metavar="N", help="compare the blocks of N changed components of each kind"
    )
    options = parser.parse_args()
    fetch_all()
    if options.mutated:
        problems = compare_mutants(options.mutated)
    else:
        answers = ask(CORPUS, names_in(CORPUS))
        problems = [*compared(answers, CORPUS), *differing_templates(answers, CORPUS)]
        if options.freeze:
            freeze(answers)
    print("\n".join(problems[:60]), f"\n{len(problems)} differ")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
