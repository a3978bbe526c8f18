#!/usr/bin/env python3
"""Measure ComplexityGuard against the parser's own cost and against its rivals.

    make bench ARGS="[--runs N] [--write] [--growth] [--warm] [--only NAME[,NAME]]"

The corpus is every TypeScript file of the npm packages in bench_corpus.json, each pinned by SHA-256. Commands take
turns in every round, so that a machine that gets slower is slower for all; a figure is the minimum of all rounds, a
ratio is between figures of this run. CPU is user + system time of the whole process tree, as the kernel accounts it;
memory is the largest sum of PSS over all processes, sampled in a run of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sources

ROOT = sources.ROOT

# As `make run`: by name, so that the compiled module is kept between runs.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["COMPLEXITY_GUARD_CACHE"] = "0"  # each run is to do all of its work
os.environ |= {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(ROOT / "out" / "pycache")}

CORPUS = ROOT / "out" / "bench" / "corpus"
TOOLS = ROOT / "out" / "bench" / "tools"
GROWTH = ROOT / "out" / "bench" / "growth"
WARM = ROOT / "out" / "bench" / "warm"  # a copy of the corpus, whose files are changed, and caches
DOCUMENT = ROOT / "docs" / "benchmarks.md"
RIVALS = {  # name -> npm package, version, the program inside
    "ancestor": ("@complexity-guard/linux-x64", "0.10.0", "@complexity-guard/linux-x64/complexity-guard"),
    "fta": ("fta-cli", "3.0.1", ".bin/fta"),
    "oxlint": ("oxlint", "1.94.0", ".bin/oxlint"),
}
CACHING_RIVALS = {
    "oxlint": RIVALS["oxlint"],
    "fallow": ("fallow", "3.36.0", ".bin/fallow"),
    "eslint": ("eslint", "10.15.0", ".bin/eslint"),
}
SMALL = {  # packages of small files in the corpus, each against the parsing of itself
    "viem": "a library: 1,494 files, half of them below 0.8 KB",
    "blueprintjs-core": "React: 298 files, half below 4.7 KB",
    "xterm-xterm": "classes: 148 files, half below 4.7 KB; looked at only when the work was done",
}
OXLINT_RULES = ("complexity", "max-depth", "max-params", "max-lines-per-function")
PARSE_ONLY = """
import os, sys, tree_sitter, tree_sitter_typescript as grammars
parsers = [tree_sitter.Parser(tree_sitter.Language(l())) for l in (grammars.language_typescript, grammars.language_tsx)]
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            parsers[name.endswith("x")].parse(file.read())
"""


FLOOR = "parse only"


@dataclass(frozen=True)
class Contestant:
    name: str
    command: tuple[str, ...]
    remark: str
    floor: str = FLOOR  # the contestant that parses the same files, and does no more


@dataclass
class Figure:
    wall: float = float("inf")
    cpu: float = float("inf")
    memory: int = 0


# ---- what is measured -----------------------------------------------------------------------------------------------


def fetch_corpus() -> None:
    # oxlint looks for a .gitignore no further up than here: this project's own hides out/.
    (CORPUS.parent / ".git").mkdir(parents=True, exist_ok=True)
    marker = CORPUS.parent / "complete"
    if marker.exists():
        return
    shutil.rmtree(CORPUS, ignore_errors=True)
    for row in json.loads((ROOT / "scripts" / "bench_corpus.json").read_text()):
        unpack(sources.npm_package(row), CORPUS / row["name"].strip("@").replace("/", "-"))
    marker.touch()


def unpack(archive: Path, folder: Path) -> None:
    """TypeScript sources only, declarations left out, under folders no tool skips."""
    with tarfile.open(archive) as tar:
        for member in tar:
            parts = member.name.split("/")[1:]
            if not member.isfile() or not is_typescript(parts[-1]) or ".." in parts:
                continue
            parts = [f"{part}_" if part.lower() in SKIPPED else part.lstrip(".") or "_" for part in parts]
            target = folder.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(tar.extractfile(member).read())


SKIPPED = ("node_modules", "dist", "build", "vendor", "coverage", ".next")


def is_typescript(name: str) -> bool:
    return name.endswith((".ts", ".tsx", ".mts", ".cts")) and not name.endswith((".d.ts", ".d.mts", ".d.cts"))


def install_rivals(rivals: dict[str, tuple[str, str, str]] = RIVALS) -> dict[str, str]:
    """The rivals that can be had here: name -> program."""
    if not shutil.which("npm"):
        return {}
    found = {}
    for name, (package, version, program) in rivals.items():
        folder = TOOLS / f"{name}-{version}"
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder / "package.json").write_text("{}")
            command = ["npm", "install", "--no-audit", "--no-fund", "--silent", f"{package}@{version}"]
            subprocess.run(command, cwd=folder, check=False)
        if (folder / "node_modules" / program).exists():
            found[name] = str(folder / "node_modules" / program)
    return found


def contestants() -> list[Contestant]:
    module, corpus = (sys.executable, "-m", "complexity_guard"), str(CORPUS)
    report = ("-f", "json", "-o", os.devnull, "--fail-on", "none")
    rows = [
        Contestant(FLOOR, (sys.executable, "-c", PARSE_ONLY, corpus), "py-tree-sitter, one loop: the floor"),
        Contestant("module, 1 worker", (*module, corpus, *report, "--threads", "1"), "all default metrics, JSON"),
        Contestant("module, 2 workers", (*module, corpus, *report, "--threads", "2"), ""),
        Contestant("module, 1 worker, duplication", (*module, corpus, *report, "--threads", "1", "--duplication"), ""),
    ]
    for binary in binaries():
        rows.append(Contestant("binary, 1 worker", (str(binary), corpus, *report, "--threads", "1"), "static"))
        rows.append(Contestant("binary, 2 workers", (str(binary), corpus, *report, "--threads", "2"), "static"))
    for package, remark in SMALL.items():
        rows += small_contestants(package, remark)
    rivals = install_rivals()
    if "ancestor" in rivals:
        rows.append(
            Contestant(
                f"complexity-guard {RIVALS['ancestor'][1]}",
                (rivals["ancestor"], corpus, "-f", "json", "-o", os.devnull, "--threads", "1"),
                "sees no nested functions",
            )
        )
    if "fta" in rivals:
        rows.append(Contestant(f"fta {RIVALS['fta'][1]}", (rivals["fta"], corpus, "--json"), "file level only"))
    if "oxlint" in rivals:
        rules = TOOLS / "oxlintrc.json"
        rules.write_text(json.dumps({"rules": {rule: ["warn", {"max": 1}] for rule in OXLINT_RULES}}))
        command = (rivals["oxlint"], "-c", str(rules), "--threads", "1", corpus)
        rows.append(Contestant(f"oxlint {RIVALS['oxlint'][1]}", command, "no cognitive, no Halstead"))
    return rows


COLD = "module, cold"
CHANGE = 'while read -r file; do echo "// $$" >> "$file"; done < "$0"; exec "$@"'
EMPTY = 'rm -rf "$0"; exec "$@"'
CHANGED = 20  # files


def warm_contestants() -> Iterator[Contestant]:
    """Runs over a copy of the corpus, with a cache and without, and what others' second runs cost."""
    if not (WARM / "corpus").exists():
        shutil.copytree(CORPUS, WARM / "corpus")
    (WARM / ".git").mkdir(exist_ok=True)
    corpus, files = str(WARM / "corpus"), sorted(path for path in (WARM / "corpus").rglob("*") if path.is_file())
    (WARM / "changed").write_text("".join(f"{path}\n" for path in files[:: len(files) // CHANGED][:CHANGED]))
    module = (sys.executable, "-m", "complexity_guard", corpus, "-o", os.devnull, "--fail-on", "none", "--threads", "1")
    caches = {form: ("-f", form, "--cache-dir", str(WARM / f"cache-{form}")) for form in ("json", "console")}
    yield Contestant(COLD, (*module, "-f", "json", "--no-cache"), "JSON, one worker", COLD)
    yield Contestant("console, cold", (*module, "-f", "console", "--no-cache"), "", COLD)
    emptied = ("sh", "-c", EMPTY, str(WARM / "cache-empty"), *module, "-f", "json")
    yield Contestant("module, empty cache", (*emptied, "--cache-dir", str(WARM / "cache-empty")), "", COLD)
    for form, flags in caches.items():
        subprocess.run((*module, *flags), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield Contestant(f"{form}, nothing changed", (*module, *flags), "known by stat", COLD)
    content = (*module, *caches["json"], "--cache-strategy", "content")
    yield Contestant("json, nothing changed, by content", content, "all files read", COLD)
    changed = ("sh", "-c", CHANGE, str(WARM / "changed"), *module, *caches["json"])
    yield Contestant(f"json, {CHANGED} files changed", changed, "", COLD)
    yield from warm_rivals(corpus)


def warm_rivals(corpus: str) -> Iterator[Contestant]:
    """oxlint without a cache, which it has none of; the others' second runs."""
    rivals = install_rivals(CACHING_RIVALS)
    if "oxlint" in rivals:
        rules = TOOLS / "oxlintrc.json"
        rules.write_text(json.dumps({"rules": {rule: ["warn", {"max": 1}] for rule in OXLINT_RULES}}))
        yield Contestant("oxlint, cold", (rivals["oxlint"], "-c", str(rules), "--threads", "1", corpus), "", COLD)
    if "fallow" in rivals:
        command = (rivals["fallow"], "health", "--root", corpus, "--format", "json", "--threads", "1", "--quiet")
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield Contestant("fallow, second run", command, "its health command", COLD)
    if "eslint" in rivals:
        rules = ", ".join(f'"{rule}": ["warn", 1]' for rule in OXLINT_RULES)
        config = WARM / "eslint.config.mjs"
        files = '["**/*.{ts,tsx,mts,cts}"]'
        parser = f'import parser from "{TOOLS}/eslint-parser/node_modules/@typescript-eslint/parser/dist/index.js"'
        config.write_text(
            f"{parser}\nexport default [{{files: {files}, languageOptions: {{parser}}, rules: {{{rules}}}}}]\n"
        )
        package = ("npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(TOOLS / "eslint-parser"))
        if not (TOOLS / "eslint-parser").exists():
            subprocess.run((*package, "@typescript-eslint/parser@8.74.0", "typescript@5.9.3"), check=False)
        command = (
            rivals["eslint"],
            "-c",
            str(config),
            "--cache",
            "--cache-location",
            str(WARM / "eslintcache"),
            corpus,
        )
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield Contestant("eslint --cache, second run", command, "four rules", COLD)


def sizes_of_cache(megabytes: float) -> Iterator[str]:
    """What a cache takes of the disk."""
    taken = sum(path.stat().st_size for path in (WARM / "cache-empty").rglob("*") if path.is_file()) / 1e6
    yield f"- The cache of a first run takes {taken:.1f} MB: {100 * taken / megabytes:.1f} % of the size of the sources."


def binaries() -> list[Path]:
    return sorted((ROOT / "out" / "dist").glob("x86_64-linux-musl*/complexity-guard"))


def small_contestants(package: str, remark: str) -> Iterator[Contestant]:
    """One worker on a package of small files, and what parsing it costs."""
    folder = str(CORPUS / package)
    options = (folder, "-f", "json", "-o", os.devnull, "--fail-on", "none", "--threads", "1")
    floor = f"{package}: {FLOOR}"
    yield Contestant(floor, (sys.executable, "-c", PARSE_ONLY, folder), remark, floor)
    yield Contestant(f"{package}: module", (sys.executable, "-m", "complexity_guard", *options), "", floor)
    for binary in binaries():
        yield Contestant(f"{package}: binary", (str(binary), *options), "", floor)


# ---- measuring ------------------------------------------------------------------------------------------------------


def timed(command: tuple[str, ...]) -> tuple[float, float]:
    """Wall and CPU seconds of a command with all its children."""
    begin = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
        _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime


def peak_memory(command: tuple[str, ...], runs: int = 3) -> int:
    """Largest sum of PSS over the process tree, in bytes.

    Of several runs, for looks every 10 ms may miss the top of a short one.
    """
    return max(peak_of_run(command) for _ in range(runs))


def peak_of_run(command: tuple[str, ...]) -> int:
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(pss(pid) for pid in tree(process.pid)))
            time.sleep(0.01)
    return peak


def tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from tree(int(child))
    except OSError:
        return


def pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(text.partition("\nPss:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        return 0


def measure(rows: list[Contestant], runs: int, with_memory: bool = True) -> dict[str, Figure]:
    figures = {row.name: Figure() for row in rows}
    for number in range(runs):
        for row in rows:
            print(f"round {number + 1}: {row.name}", file=sys.stderr)
            wall, cpu = timed(row.command)
            figure = figures[row.name]
            figure.wall, figure.cpu = min(figure.wall, wall), min(figure.cpu, cpu)
    for row in rows if with_memory else ():
        figures[row.name].memory = peak_memory(row.command)
    return figures


def shares() -> tuple[float, float]:
    """CPU seconds of the parent and of its workers, in a run with two of them."""
    script = "import resource, complexity_guard as cg; " + (
        f"cg.main([{str(CORPUS)!r}, '-f', 'json', '-o', {os.devnull!r}, '--fail-on', 'none', '--threads', '2']); "
        "own, children = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)); "
        "print(own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    own, children = map(float, done.stdout.split())
    return own, children


def derived(figures: dict[str, Figure]) -> Iterator[str]:
    """What the issue of speed asks for, worked out of the table."""
    one, two, cloned = (figures.get(f"module, {rest}") for rest in ("1 worker", "2 workers", "1 worker, duplication"))
    if one and two:
        own, workers = min(shares() for _ in range(3))
        yield f"- Two workers are {one.wall / two.wall:.2f} × as fast as one."
        share = f"{100 * own / (own + workers):.1f} %"
        yield f"- The parent takes {own:.2f} s of the {own + workers:.2f} s of CPU of a run with two workers: {share}."
        eight = f"{own:.2f} + {workers:.2f} / 8 = {own + workers / 8:.1f} s"
        yield f"- Eight idle cores would need about {eight}: the parent's part, which is"
        yield "  sequential (discovery, merging, writing), and an eighth of the workers', all of which is per file."
    if one and cloned:
        yield f"- Duplication adds {100 * (cloned.cpu / one.cpu - 1):.0f} % to the CPU of one worker."


def wished(rows: list[Contestant], words: list[str]) -> list[Contestant]:
    """Those whose names contain one of the words, and what each of them is held against."""
    chosen = [row for row in rows if any(word in row.name for word in words)]
    floors = {FLOOR, *(row.floor for row in chosen)}
    return [row for row in rows if row in chosen or row.name in floors]


# ---- growth ---------------------------------------------------------------------------------------------------------


def growth(sizes: tuple[int, ...]) -> list[tuple[int, Figure]]:
    """Copies of the corpus under new names."""
    found = []
    originals = sorted(path for path in CORPUS.rglob("*") if path.is_file())
    for size in sizes:
        shutil.rmtree(GROWTH, ignore_errors=True)
        for i in range(size):
            source = originals[i % len(originals)]
            target = GROWTH / f"copy{i // len(originals)}" / source.relative_to(CORPUS)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(source, target)
        options = ("-f", "json", "-o", os.devnull, "--fail-on", "none", "--threads", "2")
        command = (sys.executable, "-m", "complexity_guard", str(GROWTH), *options)
        wall, cpu = timed(command)
        found.append((size, Figure(wall, cpu, peak_memory(command))))
    shutil.rmtree(GROWTH, ignore_errors=True)
    return found


# ---- telling --------------------------------------------------------------------------------------------------------


def table(rows: list[Contestant], figures: dict[str, Figure], megabytes: float) -> Iterator[str]:
    floor = "parse only" if FLOOR in figures else COLD
    yield f"| what | wall s | CPU s | CPU ÷ {floor} | MB per CPU-second | peak memory MB | |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        f = figures[row.name]
        speed = f"{megabytes / f.cpu:.1f}" if row.floor == FLOOR else ""
        ratios = f"{f.cpu / figures[row.floor].cpu:.3g} | {speed}"
        memory = f"{f.memory / 1e6:.0f}" if f.memory else ""
        yield f"| {row.name} | {f.wall:.2f} | {f.cpu:.2f} | {ratios} | {memory} | {row.remark} |"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--write", action="store_true", help="write docs/benchmarks.md's tables anew")
    options.add_argument("--growth", action="store_true", help="also 1k, 10k, 50k and 100k files")
    options.add_argument("--warm", action="store_true", help="instead: runs with a cache, and others' second runs")
    options.add_argument("--only", default="", help="only contestants whose names contain one of these")
    wishes = options.parse_args()
    fetch_corpus()
    sizes = [path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()]
    everybody = warm_contestants if wishes.warm else contestants
    rows = wished(list(everybody()), wishes.only.split(","))
    figures = measure(rows, wishes.runs, with_memory=not wishes.warm)
    lines = [
        f"{len(sizes):,} files, {sum(sizes) / 1e6:.1f} MB, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, minimum of {wishes.runs} rounds (`make bench`).",
        "",
        *table(rows, figures, sum(sizes) / 1e6),
        "",
        *(sizes_of_cache(sum(sizes) / 1e6) if wishes.warm else derived(figures)),
    ]
    if wishes.growth:
        lines += [
            "",
            "| files | wall s | CPU s | CPU ms per file | peak memory MB (2 workers and parent) |",
            "|---|---|---|---|---|",
        ]
        for count, f in growth((1_000, 10_000, 50_000, 100_000)):
            lines.append(
                f"| {count:,} | {f.wall:.1f} | {f.cpu:.1f} | {1000 * f.cpu / count:.2f} | {f.memory / 1e6:.0f} |"
            )
    print("\n".join(lines))
    if wishes.write:
        text = DOCUMENT.read_text(encoding="utf-8")
        mark = "warm figures" if wishes.warm else "figures"
        head, _, rest = text.partition(f"<!-- {mark} -->\n")
        DOCUMENT.write_text(
            head
            + f"<!-- {mark} -->\n"
            + "\n".join(lines)
            + f"\n<!-- end of {mark} -->"
            + rest.partition(f"<!-- end of {mark} -->")[2],
            encoding="utf-8",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
