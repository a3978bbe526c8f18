#!/usr/bin/env python3
"""How long editors and agents wait, and what an answer costs to read: `make server-latency FOLDER=sources [BINARY=FILE]`.

The texts are the TypeScript files of a folder, one behind the other, cut where they have as many lines as are wanted. Told are
milliseconds of wall time, of processor time (children's included), and of wall time less what the server waited for a processor:
on a busy machine that is what an idle one would show. Where a limit is kept, it stands beside the figure.

Tokens are counted where js-tiktoken is in out/tokens, which carries the ranks of published encodings (`make server-latency` puts it
there, where there is npm): of each answer the larger number of those by cl100k_base and o200k_base, of its text and its values together.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TOKENS = ROOT / "out" / "tokens"
TICK = os.sysconf("SC_CLK_TCK")
Json = dict[str, Any]
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
PUSHING = {"textDocument": {"publishDiagnostics": {"relatedInformation": True, "versionSupport": True}}}
PULLING = {"textDocument": {"diagnostic": {"relatedInformation": True}}}
COUNT = """
const { getEncoding } = require("js-tiktoken");
const encodings = ["cl100k_base", "o200k_base"].map(getEncoding);
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => Math.max(...encodings.map((one) => one.encode(text, "all").length)))));
"""
# Names that take more tokens than letters, and files that have them.
STRANGE = "".join(
    f"export function {name * 30}{number}(a) {{\n" + f"  if (a.{name} && a) a.{name}();\n" * 40 + "}\n"
    for number, name in enumerate(("函数複雑", "𝔁𝓎𝕫", "x1$_Q", "ⴰⵣⵓⵍ", "ශ්‍රී"))
)


class Times(NamedTuple):
    """Milliseconds."""

    wall: float
    cpu: float
    alone: float  # wall time without what the process waited for a processor


class Process:
    """A server at the other end of two pipes."""

    def __init__(self, command: list[str], folder: Path, lines: bool) -> None:
        self.began = time.monotonic()
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=folder, **pipes)
        self.lines, self.count = lines, 0

    def send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        head = b"" if self.lines else b"Content-Length: %d\r\n\r\n" % len(body)
        self.process.stdin.write(head + body + b"\n" * self.lines)
        self.process.stdin.flush()

    def read(self) -> bytes:
        stream = self.process.stdout
        if self.lines:
            return stream.readline()
        size = int(stream.readline().rpartition(b" ")[2])
        stream.readline()
        return stream.read(size)

    def until(self, is_it: Callable[[Json], bool]) -> Json:
        while not is_it(message := json.loads(self.read())):
            pass
        return message

    def ask(self, method: str, params: Json) -> Any:
        self.count += 1
        self.send({"id": self.count, "method": method, "params": params})
        return self.until(lambda message: message.get("id") == self.count and "method" not in message)["result"]

    def used(self) -> tuple[float, float]:
        """Milliseconds on a processor, by itself and its children, and in which it waited for one."""
        running, waiting, _ = map(int, Path(f"/proc/{self.process.pid}/schedstat").read_text().split())
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        children = (int(fields[13]) + int(fields[14])) * 1000 / TICK
        return running / 1e6 + children, waiting / 1e6

    def timed(self, work: Callable[[], Any]) -> Times:
        cpu, waited = self.used()
        began = time.monotonic()
        work()
        wall = (time.monotonic() - began) * 1000
        after, longer = self.used()
        return Times(wall, after - cpu, wall - (longer - waited))

    def memory(self) -> int:
        """Kilobytes that are its own: pages that other processes map, too, are shared out."""
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))

    def end(self) -> Times:
        """Closes its input, and what all of it took."""
        self.process.stdin.close()
        self.process.stdout.read()
        os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT)
        _, waited = self.used()
        wall = (time.monotonic() - self.began) * 1000
        _, _, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = 0
        return Times(wall, (usage.ru_utime + usage.ru_stime) * 1000, wall - waited)


class Figures:
    """What is told: a row a figure, with its limit; `missed` holds those that are past it."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def times(self, name: str, found: list[Times], limit: float, share: float = 0.95) -> None:
        """At a share of them all; the least of all is `share` 0."""
        place = min(len(found) - 1, int(len(found) * share))
        kinds = Times(*(sorted(some)[place] for some in zip(*found, strict=True)))
        words = f"wall {kinds.wall:.1f}, CPU {kinds.cpu:.1f}, alone {kinds.alone:.1f} ms"
        which = f"{share * 100:.0f}th percentile" if share else "least"
        self.say(f"{name} ({which} of {len(found)}): {words}", kinds.alone, limit, "ms")

    def say(self, words: str, value: float, limit: float, unit: str) -> None:
        is_missed = value > limit
        print(f"{words}; limit {limit:,g} {unit}{': MISSED' if is_missed else ''}", flush=True)
        self.missed += [words] if is_missed else []


# ── Texts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def text_of(folder: Path, lines: int) -> str:
    """So many lines of the files in a folder, again from the first where they are too few."""
    paths = sorted(path for path in folder.rglob("*.ts") if not path.name.endswith(".d.ts") and path.is_file())
    found: list[str] = []
    while len(found) < lines:
        before = len(found)
        for path in paths:
            text = path.read_text("utf-8", "replace")
            if max(map(len, text.splitlines()), default=0) < 300:  # data, or built
                found += text.splitlines()
        if len(found) == before:
            raise SystemExit(f"{folder}: there are no TypeScript files")
    return "\n".join(found[:lines]) + "\n"


def project(folder: Path, text: str) -> None:
    """A repository with one file, as it was committed and as it was edited since."""
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "-q"], check=True)
    (folder / "a.ts").write_text(text)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "a"], check=True)
    (folder / "a.ts").write_text(text + "function worse(a) {\n" + "  if (a && a.b) a.c();\n" * 20 + "}\n")


# ── An editor ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Editor:
    def __init__(self, command: list[str], folder: Path, capabilities: Json) -> None:
        self.server = Process([*command, "lsp"], folder, lines=False)
        self.uri, self.version, self.pulls = (folder / "a.ts").as_uri(), 1, capabilities is PULLING
        self.server.ask("initialize", {"rootUri": folder.as_uri(), "capabilities": capabilities})
        self.server.send({"method": "initialized", "params": {}})

    def open(self, text: str) -> None:
        self.version = 1
        document = {"uri": self.uri, "languageId": "typescript", "version": 1, "text": text}
        self.server.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        self.findings()

    def key(self, line: int, start: int, end: int, text: str) -> None:
        self.version += 1
        where = {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
        document = {"uri": self.uri, "version": self.version}
        params = {"textDocument": document, "contentChanges": [{"range": where, "text": text}]}
        self.server.send({"method": "textDocument/didChange", "params": params})
        self.findings()

    def findings(self) -> None:
        if self.pulls:
            self.server.ask("textDocument/diagnostic", {"textDocument": {"uri": self.uri}})
        else:
            self.server.until(lambda message: message.get("params", {}).get("version") == self.version)


def keys(editor: Editor, text: str, count: int, dice: random.Random) -> list[Times]:
    """Letters typed in a text, and taken away again."""
    lines = text.splitlines()
    found = []
    for _ in range(count // 2):
        number = dice.randrange(len(lines))
        place = dice.randrange(len(lines[number]) + 1)
        letter = dice.choice("ab{(.=")
        found.append(editor.server.timed(partial(editor.key, number, place, place, letter)))
        found.append(editor.server.timed(partial(editor.key, number, place, place + 1, "")))
    return found


def first_findings(command: list[str], folder: Path, text: str) -> Times:
    """From the start of the process on."""
    began = time.monotonic()
    editor = Editor(command, folder, PUSHING)
    editor.open(text)
    wall = (time.monotonic() - began) * 1000
    cpu, waited = editor.server.used()
    editor.server.end()
    return Times(wall, cpu, wall - waited)


def of_editors(figures: Figures, command: list[str], sources: Path, count: int, seed: int) -> None:
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        text = text_of(sources, 1000)
        first = [first_findings(command, folder, text) for _ in range(20)]
        figures.times("lsp, first findings, 1,000 lines", first, 60, share=0)
        for kind, capabilities in (("sent", PUSHING), ("fetched", PULLING)):
            editor = Editor(command, folder, capabilities)
            editor.open("let a\n")
            before = editor.server.memory()
            for lines, limit in ((1000, 30), (14000, 250)):
                text = text_of(sources, lines)
                editor.open(text)
                found = keys(editor, text, count if lines == 1000 else count // 8, dice)
                figures.times(f"lsp, after a key, {lines:,} lines, {kind}", found, limit)
            grown = (editor.server.memory() - before) / 1024
            figures.say(f"lsp, memory beyond {before / 1024:.1f} MB of tables: {grown:.1f} MB", grown, 60, "MB")
            used = editor.server.timed(lambda: time.sleep(10)).cpu
            figures.say(f"lsp, idle for 10 s: {used:.2f} ms of CPU", used, 0.5, "ms")
            editor.server.end()


# ── An agent ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def call(server: Process, name: str, arguments: Json) -> Json:
    return server.ask("tools/call", {"name": name, "arguments": arguments, "_meta": META})


def of_agents(figures: Figures, command: list[str], sources: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        project(folder, text_of(sources, 1000))
        server = Process([*command, "mcp"], folder, lines=True)
        listed = json.dumps(server.ask("tools/list", {"_meta": META})["tools"], separators=(",", ":")).encode()
        figures.say(f"mcp, tools/list: {len(listed):,} bytes", len(listed), 4096, "bytes")
        found = [server.timed(lambda: call(server, "check", {"paths": ["a.ts"]})) for _ in range(41)][1:]
        figures.times("mcp, check of an edited file, 1,000 lines, warm", found, 100)
        server.end()
        edit = {"cwd": str(folder), "tool_name": "Edit", "tool_input": {"file_path": str(folder / "a.ts")}}
        hooks = []
        for _ in range(20):
            hook = Process([*command, "hook", "claude", "run"], folder, lines=True)
            hook.process.stdin.write(json.dumps(edit).encode())
            hooks.append(hook.end())
        figures.times("hook, process start included, 1,000 lines", hooks, 100, share=0)


def questions(folder: Path, server: Process) -> Iterator[tuple[str, Json]]:
    """Each tool as it is asked by default, of what is largest in a project."""
    worst = call(server, "hotspots", {})["structuredContent"]["items"]
    yield "hotspots", {}
    yield "project", {}
    yield "duplicates", {}
    yield "graph", {}
    for item in worst[:3]:
        yield "explain", {"path": item["path"], "line": item["line"]}
        yield "graph", {"path": item["path"]}
        yield "duplicates", {"path": item["path"]}
        path = folder / item["path"]
        if path.stat().st_size < 1_000_000:
            yield "check", {"paths": [item["path"]], "before": "", "after": path.read_text("utf-8", "replace")}


def answers(command: list[str], folder: Path) -> Iterator[tuple[str, str]]:
    """What a reader gets of each: a name, and its text and its values."""
    server = Process([*command, "mcp"], folder, lines=True)
    for name, arguments in questions(folder, server):
        found = call(server, name, arguments)
        values = json.dumps(found.get("structuredContent", {}), ensure_ascii=False, separators=(",", ":"))
        shown = {key: value for key, value in arguments.items() if key in ("path", "paths", "line")}
        yield f"{folder.name}: {name} {json.dumps(shown)}", found["content"][0]["text"] + "\n" + values
    server.end()


def hook_words(command: list[str], folder: Path) -> str:
    edit = {"cwd": str(folder), "tool_name": "Edit", "tool_input": {"file_path": str(folder / "a.ts")}}
    done = subprocess.run([*command, "hook", "claude", "run"], input=json.dumps(edit).encode(), capture_output=True)
    return json.loads(done.stdout)["hookSpecificOutput"]["additionalContext"] if done.stdout else ""


def of_readers(figures: Figures, command: list[str], folders: list[Path]) -> None:
    """What answers cost who reads them, in projects as they are and in one whose names take many tokens."""
    if not (TOKENS / "node_modules" / "js-tiktoken").is_dir():
        print("tokens are not counted: there is no js-tiktoken in out/tokens")
        return
    with tempfile.TemporaryDirectory() as name:
        strange = Path(name).resolve()
        project(strange, "let a\n")
        (strange / "a.ts").write_text(STRANGE)
        for number in range(30):
            (strange / f"函数{number}.ts").write_text(STRANGE)
        told = [pair for folder in (*folders, strange) for pair in answers(command, folder)]
        hooked = hook_words(command, strange)
    counts = tokens_of([text for _, text in told] + [hooked])
    for tool in ("check", "explain", "hotspots", "graph", "duplicates", "project"):
        count, which = max((one, name) for one, (name, _) in zip(counts, told) if f": {tool} " in name)
        figures.say(f"mcp, {tool}, the longest answer: {count:,} tokens ({which})", count, 2000, "tokens")
    figures.say(f"hook, in a file of strange names: {counts[-1]} tokens", counts[-1], 300, "tokens")


def tokens_of(texts: list[str]) -> list[int]:
    node = shutil.which("node") or "node"
    done = subprocess.run([node, "-e", COUNT], input=json.dumps(texts), cwd=TOKENS, capture_output=True, text=True)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="projects; the texts are of the first")
    parser.add_argument("--binary", default="")
    parser.add_argument("--keys", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", choices=["editors", "agents", "readers"])
    chosen = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPATH"] = str(ROOT)
    folders = [folder.resolve() for folder in chosen.folders]
    command = [chosen.binary] if chosen.binary else [sys.executable, "-m", "complexity_guard"]
    subprocess.run([*command, "--version"], check=True)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
    figures = Figures()
    if chosen.only in (None, "editors"):
        of_editors(figures, command, folders[0], chosen.keys, chosen.seed)
    if chosen.only in (None, "agents"):
        of_agents(figures, command, folders[0])
    if chosen.only in (None, "readers"):
        of_readers(figures, command, folders)
    sys.exit(f"{len(figures.missed)} missed" if figures.missed else 0)


if __name__ == "__main__":
    main()
