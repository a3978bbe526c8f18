#!/usr/bin/env python3
"""Hold our parsers against TypeScript's own, over the real files of pinned npm packages.

    python scripts/grammar_check.py                 compare with the frozen answers
    python scripts/grammar_check.py --live          ask TypeScript now (Node), compare with it and the frozen answers
    python scripts/grammar_check.py --refresh       ask TypeScript now and freeze what it says
    python scripts/grammar_check.py --mutants 2000  delete one token from so many files: does each parser notice? (Node)
    python scripts/grammar_check.py --fuzz 60       mangle real files for so many seconds; a crash, or time that grows
                                                    faster than the input, fails (cc with AddressSanitizer)

Where TypeScript reports no syntax error, our tree must have no ERROR and no MISSING node, and the same functions at the
same places. Where it reports one, so must we in 95 of 100. The exceptions are in tests/grammar/exceptions.tsv, each
with its cause. Exit code 3: the packages cannot be had here.
"""

from __future__ import annotations

import argparse
import base64
import ctypes
import hashlib
import io
import json
import lzma
import multiprocessing
import random
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path += [str(ROOT / "build"), str(ROOT / "build" / "grammar")]  # most ways of working are started by hand

import sources  # noqa: E402
import unpack  # noqa: E402

DATA = ROOT / "tests" / "grammar"
PACKAGES = DATA / "packages.tsv"
ANSWERS = DATA / "answers.tsv.xz"
EXCEPTIONS = DATA / "exceptions.tsv"
OUT = ROOT / "out" / "grammar"
CORPUS = OUT / "corpus"
UNAVAILABLE = 3

SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
DIALECT_OF_SUFFIX = {".ts": "typescript", ".mts": "typescript", ".cts": "typescript"}  # every other: tsx
FUNCTIONS = (
    "function_declaration",
    "function_expression",
    "generator_function",
    "generator_function_declaration",
    "arrow_function",
    "method_definition",
    "class_static_block",
)
# What the metrics count: nodes, and tokens. A class is known by its body: modifiers and decorators lie about its start.
BRANCHES = (
    "if_statement",
    "for_statement",
    "for_in_statement",
    "while_statement",
    "do_statement",
    "switch_statement",
    "switch_case",
    "switch_default",
    "catch_clause",
    "ternary_expression",
    "labeled_statement",
)
BRANCH_TOKENS = ("&&", "||", "??", "&&=", "||=", "??=", "?.")

# A package of 10,000 files of one hand proves no more than 400 of them do.
FILES_PER_PACKAGE = 400
LARGEST_FILE = 2_000_000
DETECTED_AT_LEAST = 0.95


# ── Our parsers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def compile_parsers(name: str, *flags: str) -> Path:
    """The parsers of build/grammar as one shared object, compiled once per content and set of flags."""
    compiler = shutil.which(sysconfig.get_config_var("CC").split()[0]) or shutil.which("cc")
    if not compiler:
        raise FileNotFoundError("no C compiler")
    files = list(unpack.unpack(OUT / "c"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files) + repr(flags).encode()).hexdigest()[:12]
    target = OUT / f"{name}-{digest}.so"
    if not target.exists():
        units = [str(path) for path in files if path.suffix == ".c"]
        part = target.with_suffix(".part")
        subprocess.run([compiler, "-fPIC", "-shared", "-w", *flags, f"-I{OUT / 'c'}", *units, "-o", part], check=True)
        part.rename(target)
    return target


def language(library: ctypes.CDLL, dialect: str):
    from tree_sitter import Language

    entry = getattr(library, f"tree_sitter_{dialect}")
    entry.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype, capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return Language(capsule(entry(), b"tree_sitter.Language", None))


class Parsers:
    """Both dialects, and what is asked of a tree besides its errors: where its functions and branches are."""

    def __init__(self, library: Path) -> None:
        from tree_sitter import Parser, Query

        loaded = ctypes.CDLL(str(library))
        languages = {dialect: language(loaded, dialect) for dialect in ("typescript", "tsx")}
        self._parsers = {dialect: Parser(known) for dialect, known in languages.items()}
        query = "\n".join(
            [
                *(f"({kind}) @function" for kind in FUNCTIONS),
                *(f"({kind}) @{kind}" for kind in BRANCHES),
                *(f'(_ "{token}" @t{number})' for number, token in enumerate(BRANCH_TOKENS)),
                "(optional_chain) @t6 (class_body) @class",
            ]
        )
        self._queries = {dialect: Query(known, query) for dialect, known in languages.items()}

    def tree(self, path: str, text: bytes):
        return self._parsers[dialect_of(path)].parse(text)

    def shape(self, path: str, tree) -> tuple[list[tuple[int, int]], list[tuple[int, str]]]:
        """Its functions (start, end) and its branches (start, kind), each in order."""
        from tree_sitter import QueryCursor

        found = QueryCursor(self._queries[dialect_of(path)]).captures(tree.root_node)
        functions = sorted((node.start_byte, node.end_byte) for node in found.pop("function", []))
        names = {f"t{number}": token for number, token in enumerate(BRANCH_TOKENS)}
        return functions, sorted(
            {(node.start_byte, names.get(name, name)) for name, nodes in found.items() for node in nodes}
        )


def dialect_of(path: str) -> str:
    return DIALECT_OF_SUFFIX.get(Path(path).suffix, "tsx")


def first_error(root):
    """The first ERROR or MISSING node, in the order of the text; None in a sound tree."""
    cursor = root.walk()
    while True:
        node = cursor.node
        if node.is_error or node.is_missing:
            return node
        if node.has_error and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return None


# ── The packages ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    integrity: str  # as npm states it: sha512-<base64>


def packages() -> list[Package]:
    rows = (line.split("\t") for line in PACKAGES.read_text().splitlines() if not line.startswith("#"))
    return [Package(*row) for row in rows]


def archive(package: Package) -> bytes:
    """The package's verified archive: from the cache, or by npm."""
    place = sources.CACHE / "npm" / f"{package.name.replace('/', '__')}-{package.version}.tgz"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        wanted = f"{package.name}@{package.version}"
        report = json.loads(sources.run("npm", "pack", "--json", "--ignore-scripts", wanted, cwd=place.parent))
        (place.parent / report[0]["filename"]).rename(place)
    content = place.read_bytes()
    if "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode() != package.integrity:
        place.unlink()
        raise sources.FetchError(f"{package.name}@{package.version} is not what was pinned")
    return content


def corpus() -> list[str]:
    """Every file of the corpus, unpacked; the same list everywhere, because names alone choose it."""
    listing = CORPUS / "list.txt"
    stamp = hashlib.sha256(PACKAGES.read_bytes()).hexdigest()
    if not listing.exists() or listing.read_text().split("\n", 1)[0] != stamp:
        shutil.rmtree(CORPUS, ignore_errors=True)
        seen: set[bytes] = set()
        files = [path for package in packages() for path in unpacked(package, seen)]
        listing.write_text("\n".join([stamp, *files]))
    return listing.read_text().split("\n")[1:]


def unpacked(package: Package, seen: set[bytes]) -> Iterator[str]:
    """The chosen files of one package, written out; `seen` holds the digests of all so far: nothing counts twice."""
    content = archive(package)
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        names = [
            entry.name
            for entry in tar
            if entry.isfile() and 0 < entry.size <= LARGEST_FILE and entry.name.endswith(SUFFIXES)
        ]
    chosen = set(sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())[:FILES_PER_PACKAGE])
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:  # a second pass: seeking back would inflate all again
        for entry in tar:
            if entry.name not in chosen:
                continue
            text = tar.extractfile(entry).read()
            path = f"{package.name}/{entry.name.partition('/')[2]}"
            if (digest := hashlib.sha256(text).digest()) not in seen:
                seen.add(digest)
                place = CORPUS / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(text)
                yield path


def text_of(path: str) -> bytes:
    """A file as TypeScript sees it: what is no UTF-8 replaced."""
    return (CORPUS / path).read_bytes().decode("utf-8", "replace").encode()


# ── TypeScript's answers ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Answer:
    path: str
    error: str  # "" where TypeScript sees none
    functions: str  # a digest of their places
    branches: str  # likewise


def digest(pairs: Iterable[tuple[int, int | str]]) -> str:
    text = ",".join(f"{start}-{other}" for start, other in pairs)
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()


def ask_typescript(paths: list[str], base: Path) -> Iterator[Answer]:
    compiler = next(package for package in packages() if package.name == "typescript")
    with tarfile.open(fileobj=io.BytesIO(archive(compiler))) as tar:
        (OUT / "typescript").mkdir(parents=True, exist_ok=True)
        tar.extractall(OUT / "typescript", **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    typescript = OUT / "typescript/package/lib/typescript.js"
    script = [shutil.which("node"), str(Path(__file__).with_suffix(".mjs")), str(typescript)]
    if not script[0]:
        raise FileNotFoundError("no node")
    listing = OUT / "asked.txt"
    listing.write_text("\n".join(paths))
    with (
        listing.open() as asked,
        subprocess.Popen(script, cwd=base, stdin=asked, stdout=subprocess.PIPE, text=True) as node,
    ):
        for line in node.stdout:
            row = json.loads(line)
            if row.get("failure"):
                raise RuntimeError(f"{row['path']}: {row['failure']}")
            error = row["error"] and "{}:{} {}".format(*row["error"])
            yield Answer(row["path"], error or "", digest(row["functions"]), digest(row["branches"]))


def frozen() -> list[Answer]:
    return [Answer(*line.split("\t")) for line in lzma.decompress(ANSWERS.read_bytes()).decode().splitlines()]


def freeze(answers: Iterable[Answer]) -> None:
    rows = (f"{answer.path}\t{answer.error}\t{answer.functions}\t{answer.branches}\n" for answer in answers)
    ANSWERS.write_bytes(lzma.compress("".join(rows).encode(), preset=9 | lzma.PRESET_EXTREME))


# ── The comparison ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Verdict:
    path: str
    kind: str
    detail: str = ""


SOUND, BROKEN, FALSE_ALARM, UNSEEN, FUNCTIONS_DIFFER, BRANCHES_DIFFER, FLOW = (
    "sound",
    "broken",
    "falsely broken",
    "broken unseen",
    "functions differ",
    "branches differ",
    "Flow",
)


def judge(answer: Answer, parsers: Parsers) -> Verdict:
    text = text_of(answer.path)
    tree = parsers.tree(answer.path, text)
    if answer.error:
        # Flow is another language in the same suffix: TypeScript errs, and the grammar knows parts of it.
        kind = FLOW if b"@flow" in text[:3000] else BROKEN if tree.root_node.has_error else UNSEEN
        return Verdict(answer.path, kind, answer.error)
    if tree.root_node.has_error:
        node = first_error(tree.root_node)
        line = text.split(b"\n")[node.start_point.row].decode()[:100]
        return Verdict(answer.path, FALSE_ALARM, f"line {node.start_point.row + 1}: {line.strip()}")
    functions, branches = map(digest, parsers.shape(answer.path, tree))
    if functions != answer.functions:
        return Verdict(answer.path, FUNCTIONS_DIFFER)
    return Verdict(answer.path, SOUND if branches == answer.branches else BRANCHES_DIFFER)


def exceptions() -> dict[str, str]:
    rows = (line.split("\t") for line in EXCEPTIONS.read_text().splitlines() if line and not line.startswith("#"))
    return dict(rows)


def report(verdicts: Iterable[Verdict]) -> bool:
    """Print the table; whether all is as it should be."""
    known, count, unexpected = exceptions(), Counter(), []
    for verdict in verdicts:
        count[verdict.kind] += 1
        if verdict.kind in (FALSE_ALARM, FUNCTIONS_DIFFER, BRANCHES_DIFFER, UNSEEN):
            print(f"{verdict.kind}: {verdict.path}: {known.get(verdict.path, verdict.detail)}")
            if verdict.path not in known and verdict.kind != UNSEEN:
                unexpected.append(verdict)
    really = count[BROKEN] + count[UNSEEN]
    print(f"{sum(count.values())} files: " + ", ".join(f"{number} {kind}" for kind, number in count.most_common()))
    print(f"broken files that are seen to be: {count[BROKEN]} of {really}")
    return not unexpected and count[BROKEN] >= DETECTED_AT_LEAST * really


def compare(answers: list[Answer]) -> bool:
    library = compile_parsers("parsers", "-O2")
    with multiprocessing.get_context("spawn").Pool(initializer=start_worker, initargs=(library,)) as pool:
        return report(pool.imap(judge_here, answers, chunksize=50))


def start_worker(library: Path) -> None:
    global worker_parsers  # parsers do not travel between processes
    worker_parsers = Parsers(library)


def judge_here(answer: Answer) -> Verdict:
    return judge(answer, worker_parsers)


# ── Broken on purpose ────────────────────────────────────────────────────────────────────────────────────────────────


def mutants(number: int) -> bool:
    """Delete one token from each of `number` files and compare who notices; seeded, so that a run can be repeated."""
    parsers, chance = Parsers(compile_parsers("parsers", "-O2")), random.Random(7)
    sound = [answer.path for answer in frozen() if not answer.error]
    folder = OUT / "mutants"
    shutil.rmtree(folder, ignore_errors=True)
    paths = []
    for index, path in enumerate(chance.sample(sound, number)):
        text = text_of(path)
        if len(text) > 200_000:
            continue
        place = folder / f"{index:05}{Path(path).suffix}"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(without_a_token(parsers.tree(path, text), text, chance))
        paths.append(place.name)
    seen = Counter()
    for answer in ask_typescript(paths, folder):
        ours = parsers.tree(answer.path, (folder / answer.path).read_bytes()).root_node.has_error
        seen[bool(answer.error), ours] += 1
        if bool(answer.error) != ours:
            print(f"{'unseen' if answer.error else 'false alarm'}: {folder / answer.path}: {answer.error}")
    broken = seen[True, True] + seen[True, False]
    print(
        f"one token deleted: {broken} of {len(paths)} broken for TypeScript, {seen[True, True]} of them for us "
        f"({seen[True, True] / broken:.1%}); false alarms {seen[False, True]}"
    )
    # The false alarms are broken too, `type A<> = B`: TypeScript's parser leaves them to its checker.
    return seen[True, True] >= DETECTED_AT_LEAST * broken


def without_a_token(tree, text: bytes, chance: random.Random) -> bytes:
    """The text without one token that was chosen at random: a bracket, an operator, a keyword, a name."""
    offset = chance.randrange(len(text))
    node = tree.root_node.descendant_for_byte_range(offset, offset)
    while node.child_count:
        node = node.children[chance.randrange(node.child_count)]
    return text[: node.start_byte] + text[node.end_byte :]


# ── Mangled on purpose ───────────────────────────────────────────────────────────────────────────────────────────────


def fuzz(files: list[str], seconds: int, seed: int) -> bool:
    """Mangled real files through both parsers, under AddressSanitizer and the clock; see build/grammar/fuzz.c."""
    core = sources.unpack("tree-sitter") / "tree_sitter" / "core" / "lib"
    units = [path for path in unpack.unpack(OUT / "c") if path.suffix == ".c"]
    program = OUT / "fuzz"
    subprocess.run(
        [
            "cc",
            "-std=c11",
            "-O1",
            "-g",
            "-w",
            "-D_DEFAULT_SOURCE",
            "-fsanitize=address,undefined",
            "-fno-sanitize-recover=undefined",
            f"-I{core / 'include'}",
            f"-I{core / 'src'}",
            f"-I{OUT / 'c'}",
            f"-I{ROOT / 'build/native'}",
            ROOT / "build/grammar/fuzz.c",
            *units,
            "-o",
            program,
        ],
        check=True,
    )
    listing = "".join(f"{dialect_of(path)} {CORPUS / path}\n" for path in files[::9])
    return subprocess.run([program, str(seconds), str(seed)], cwd=OUT, input=listing, text=True).returncode == 0


# ── The program ──────────────────────────────────────────────────────────────────────────────────────────────────────


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--live", action="store_true")
    options.add_argument("--refresh", action="store_true")
    options.add_argument("--mutants", type=int, metavar="N")
    options.add_argument("--fuzz", type=int, metavar="SECONDS")
    options.add_argument("--seed", type=int, default=int(time.time()), help="of --fuzz; the time of day by default")
    chosen = options.parse_args()
    try:
        files = corpus()
    except (OSError, subprocess.SubprocessError, sources.FetchError) as error:
        print(f"grammar-check: the packages cannot be had: {sources.reason(error)}", file=sys.stderr)
        return UNAVAILABLE
    if chosen.mutants:
        return 0 if mutants(chosen.mutants) else 1
    if chosen.fuzz:
        print(f"seed {chosen.seed}")
        return 0 if fuzz(files, chosen.fuzz, chosen.seed) else 1
    start = time.monotonic()
    if chosen.refresh:
        freeze(ask_typescript(files, CORPUS))
    answers = frozen()
    if chosen.live and list(ask_typescript(files, CORPUS)) != answers:
        print("TypeScript's answers are not the frozen ones; see --refresh", file=sys.stderr)
        return 1
    sound = compare(answers)
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
