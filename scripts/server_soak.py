#!/usr/bin/env python3
"""A day's worth of requests to both servers, mixed by chance: `make server-soak [ARGS="--requests 5000 --seed 7"]`.

Requests of every kind, edits, cancelled ones, malformed and oversized messages, paths that lead out of the folder,
symbolic links, null characters, a document of 50 MB. Every request is answered once; memory stays flat; no file stays
open; now and then the text of a document is compared, by its findings, with a fresh run on the same text; the last
request is answered right; and closing the input ends the process. It ends wherever that cuts what was sent: after any
byte of a conversation, by `--cuts` of them for each server.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "scripts" / "oracles")]

from programs import generated  # noqa: E402
from test_server_editor import as_lines, random_change  # noqa: E402

Json = dict[str, Any]
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
CAPABILITIES = {"textDocument": {"diagnostic": {}, "codeAction": {"codeActionLiteralSupport": {}}}}
STRANGE_PATHS = (
    "../x.ts",
    "/etc/passwd",
    "a\0.ts",
    "link.ts",
    "",
    "nowhere.ts",
    "x" * 5000,
    "\ud800.ts",
    "--output=a.ts",
)


def started(command: str, binary: str) -> list[str]:
    return [*([binary] if binary else [sys.executable, str(ROOT / "complexity_guard.py")]), command]


def framed(message: Json, lines: bool) -> bytes:
    body = json.dumps({"jsonrpc": "2.0"} | message).encode()
    return body + b"\n" if lines else b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class Server:
    """A server and what it has answered. A thread reads, so that neither side waits for the other for ever."""

    def __init__(self, command: str, folder: Path, binary: str) -> None:
        self.process = subprocess.Popen(
            started(command, binary),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.lines = command == "mcp"
        self.answers: dict[Any, Json] = {}
        self.twice: list[Any] = []
        self.arrived = threading.Condition()
        self.count = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        for message in self.messages():
            with self.arrived:
                if "id" in message and "method" not in message and message["id"] is not None:
                    if message["id"] in self.answers:
                        self.twice.append(message["id"])
                    self.answers[message["id"]] = message
                self.arrived.notify_all()

    def messages(self) -> Iterator[Json]:
        stream = self.process.stdout
        while line := stream.readline():
            if self.lines:
                yield json.loads(line)
            elif line.startswith(b"Content-Length: "):
                stream.readline()
                yield json.loads(stream.read(int(line[16:])))

    def write(self, data: bytes) -> None:
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def framed(self, message: Json) -> bytes:
        return framed(message, self.lines)

    def send(self, message: Json) -> None:
        self.write(self.framed(message))

    def ask(self, method: str, params: Any) -> int:
        self.count += 1
        self.send({"id": self.count, "method": method, "params": params})
        return self.count

    def answer(self, number: int, seconds: float = 120) -> Json:
        with self.arrived:
            if not self.arrived.wait_for(lambda: number in self.answers, seconds):
                raise SystemExit(f"no answer to {number} within {seconds:g} s")
        return self.answers[number]

    def memory(self) -> int:
        """Kilobytes."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    def files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def end(self) -> int:
        self.process.stdin.close()
        return self.process.wait(30)


class Editor:
    """What an editor does by chance."""

    def __init__(self, dice: random.Random, folder: Path, binary: str) -> None:
        self.dice, self.folder, self.binary = dice, folder, binary
        self.server = Server("lsp", folder, binary)
        root = {"rootUri": folder.as_uri(), "capabilities": CAPABILITIES, "processId": os.getpid()}
        self.server.answer(self.server.ask("initialize", root))
        self.server.send({"method": "initialized", "params": {}})
        self.texts: dict[str, str] = {}
        self.version = 0
        self.cancelled: set[int] = set()

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> None:
        self.texts[name] = text
        document = {"uri": self.uri(name), "languageId": "typescript", "version": 1, "text": text}
        self.server.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def step(self) -> None:
        dice = self.dice
        dice.choices(
            (self.edit, self.question, self.cancel, self.malformed, self.strange, self.reopen), (60, 25, 5, 4, 4, 2)
        )[0]()

    def edit(self) -> None:
        if not self.texts:
            return self.reopen()
        name = self.dice.choice(list(self.texts))
        self.version += 1
        change, self.texts[name] = random_change(self.dice, self.texts[name])
        document = {"uri": self.uri(name), "version": self.version}
        params = {"textDocument": document, "contentChanges": [change]}
        return self.server.send({"method": "textDocument/didChange", "params": params})

    def reopen(self) -> None:
        name = f"f{self.dice.randrange(4)}.ts"
        if self.texts.pop(name, None) is not None:
            params = {"textDocument": {"uri": self.uri(name)}}
            self.server.send({"method": "textDocument/didClose", "params": params})
        text = generated(self.dice.randrange(1000)).decode("utf-8", "replace")
        self.open(name, re.sub("[\u2028\u2029\ufeff]", "", text))  # runs count them in another way

    def question(self) -> int:
        name = self.dice.choice([*self.texts, "closed.ts"])
        place = {"line": self.dice.randrange(200), "character": self.dice.randrange(100)}
        more = {"position": place, "range": {"start": place, "end": place}, "context": {"diagnostics": []}}
        methods = ("diagnostic", "hover", "codeLens", "inlayHint", "documentSymbol", "codeAction")
        params = {"textDocument": {"uri": self.uri(name)}} | more
        return self.server.ask(f"textDocument/{self.dice.choices(methods, (8, 4, 2, 2, 2, 1))[0]}", params)

    def cancel(self) -> None:
        number = self.question()
        self.cancelled.add(number)
        self.server.send({"method": "$/cancelRequest", "params": {"id": number}})

    def malformed(self) -> None:
        body = self.dice.choice((b"{", b"[]", b"\xff", b'{"id":[]}', b"[" * 9999, b'{"method":1}', b""))
        junk = self.dice.choice(
            (b"Content-Length: x\r\n\r\n", b"x\r\n\r\n", b"Content-Length: %d\r\n\r\n" % len(body) + body)
        )
        self.server.write(junk)

    def strange(self) -> None:
        uri = "file:///" + self.dice.choice(STRANGE_PATHS).replace("\0", "%00").replace("\ud800", "%ed")
        document = {"uri": uri, "languageId": "typescript", "version": 1, "text": "let a\n"}
        self.server.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        self.server.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        self.server.send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}})

    def is_right(self) -> bool:
        """Whether the findings of a document are those of a run on a file with the same text."""
        if not self.texts:
            return True
        name = self.dice.choice(list(self.texts))
        number = self.server.ask("textDocument/diagnostic", {"textDocument": {"uri": self.uri(name)}})
        found = self.server.answer(number)["result"]["items"]
        (self.folder / "a.ts").write_bytes(self.texts[name].encode())
        command = [self.binary] if self.binary else [sys.executable, str(ROOT / "complexity_guard.py")]
        done = subprocess.run([*command, "a.ts", "-f", "compact"], cwd=self.folder, capture_output=True, check=False)
        cold = [line for line in done.stdout.decode().splitlines() if line.startswith("a.ts:")]
        if sorted(cold) != as_lines(found):
            print("-", *sorted(cold)[:3], "+", *as_lines(found)[:3], sep="\n")
        return sorted(cold) == as_lines(found)

    def huge(self) -> None:
        """A document of 50 MB, and what there is to say of it."""
        text = "function f(a) { return a ? 1 : 2 }\n" * (50_000_000 // 35)
        self.open("huge.ts", text)
        number = self.server.ask("textDocument/diagnostic", {"textDocument": {"uri": self.uri("huge.ts")}})
        print("50 MB:", json.dumps(self.server.answer(number, 400))[:200])
        self.texts.pop("huge.ts")
        params = {"textDocument": {"uri": self.uri("huge.ts")}}
        self.server.send({"method": "textDocument/didClose", "params": params})

    def settle(self) -> None:
        self.server.answer(self.server.ask("textDocument/hover", {}))


class Agent:
    """What an agent does by chance."""

    def __init__(self, dice: random.Random, folder: Path, binary: str) -> None:
        self.dice, self.folder = dice, folder
        self.server = Server("mcp", folder, binary)
        self.cancelled: set[int] = set()

    def step(self) -> None:
        self.dice.choices((self.question, self.cancel, self.malformed, self.strange), (80, 6, 7, 7))[0]()

    def call(self, name: str, arguments: Json) -> int:
        more = {"_meta": META} if self.dice.random() < 0.5 else {}
        return self.server.ask("tools/call", {"name": name, "arguments": arguments} | more)

    def question(self) -> int:
        text = generated(self.dice.randrange(1000)).decode("utf-8", "replace")
        calls = (
            ("explain", {"path": "a.ts", "line": self.dice.randrange(1, 50), "text": text}),
            ("check", {"paths": ["a.ts"], "after": text, "before": "let a\n"}),
            ("check", {"paths": ["a.ts"]}),
            ("hotspots", {}),
            ("duplicates", {}),
            ("project", {}),
        )
        return self.call(*self.dice.choices(calls, (400, 400, 20, 2, 2, 2))[0])  # the last four start processes

    def cancel(self) -> None:
        number = self.question()
        self.cancelled.add(number)
        self.server.send({"method": "notifications/cancelled", "params": {"requestId": number}})

    def malformed(self) -> None:
        self.server.write(
            self.dice.choice((b"{", b"[]", b"\xff", b'{"id":[]}', b"[" * 9999, b"", b"x" * 300_000)) + b"\n"
        )

    def strange(self) -> None:
        path = self.dice.choice(STRANGE_PATHS)
        name, arguments = self.dice.choice(
            (("explain", {"path": path, "line": 1}), ("check", {"paths": [path]}), ("duplicates", {"path": path}))
        )
        self.call(name, arguments)

    def is_right(self) -> bool:
        number = self.call(
            "explain", {"path": "a.ts", "text": "function f(a) { if (a) { while (a) {} } }", "function": "f"}
        )
        summary = self.server.answer(number)["result"]["structuredContent"]["summary"]
        return "cognitive 3, cyclomatic 3" in summary

    def huge(self) -> None:
        text = "function f(a) { return a ? 1 : 2 }\n" * (50_000_000 // 35)
        number = self.call("explain", {"path": "a.ts", "line": 1, "text": text})
        print("50 MB:", json.dumps(self.server.answer(number, 400))[:200])

    def settle(self) -> None:
        self.server.answer(self.server.ask("tools/list", {}))


# ── Input that ends ──────────────────────────────────────────────────────────────────────────────────────────────────


def conversation(command: str, folder: Path) -> bytes:
    """What a client sends in a short session: edits and questions to one that reads files itself, calls to the other."""
    text = generated(7).decode("utf-8", "replace")
    document = {"uri": (folder / "a.ts").as_uri(), "languageId": "typescript", "version": 1, "text": text}
    asked = {
        "lsp": (
            {"id": 1, "method": "initialize", "params": {"rootUri": folder.as_uri(), "capabilities": CAPABILITIES}},
            {"method": "initialized", "params": {}},
            {"method": "textDocument/didOpen", "params": {"textDocument": document}},
            {"id": 2, "method": "textDocument/diagnostic", "params": {"textDocument": document}},
            {"id": 3, "method": "textDocument/codeLens", "params": {"textDocument": document}},
        ),
        "mcp": (
            {"id": 1, "method": "tools/list", "params": {"_meta": META}},
            {
                "id": 2,
                "method": "tools/call",
                "params": {"name": "explain", "arguments": {"path": "a.ts", "text": text}},
            },
            {"id": 3, "method": "tools/call", "params": {"name": "check", "arguments": {"paths": ["a.ts"]}}},
            {"id": 4, "method": "tools/call", "params": {"name": "hotspots", "arguments": {}}},
        ),
    }[command]
    return b"".join([framed(message, lines=command == "mcp") for message in asked])


def cut(command: str, cuts: int, dice: random.Random, binary: str) -> list[str]:
    """What is wrong where the input ends after some number of bytes: a process that stays, or shows its innards."""
    wrong, slowest, busiest, longest = [], 0.0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.ts").write_text("let a\n")
        data = conversation(command, folder)
        places = {0, 1, len(data) - 1, len(data)} | {dice.randrange(len(data)) for _ in range(cuts)}
        for place in sorted(places):
            with (folder / "said").open("w+b") as said:
                ended = end_of(started(command, binary), folder, data[:place], said)
                said.seek(0)
                words = said.read()
            slowest, busiest = max(slowest, ended.wall), max(busiest, ended.cpu)
            longest = max(longest, ended.wall - ended.waited - ended.cpu)
            if ended.code not in (0, 1) or b"Traceback" in words:
                wrong.append(f"{command}: cut after {place} bytes it ended with {ended.code}: {words[-200:]!r}")
    print(
        f"{command}: input cut at {len(places)} of {len(data)} places, {len(wrong)} went wrong; of start and end together "
        f"{slowest:.2f} s at most, on a processor {busiest:.2f} s, neither there nor waiting for one {longest:.2f} s; "
        f"load {os.getloadavg()[0]:.0f}",
        flush=True,
    )
    return wrong


class Ended(NamedTuple):
    """How a process has ended, and the seconds that it took: in all, on a processor, and waiting for one."""

    code: int
    wall: float
    cpu: float
    waited: float


def end_of(command: list[str], folder: Path, data: bytes, said: BinaryIO) -> Ended:
    """Starts a process, gives it its input, and waits until it ends; after a minute it is killed."""
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(data)
        process.stdin.close()
    alarm = threading.Timer(60, process.kill)
    alarm.start()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    wall = time.monotonic() - began
    alarm.cancel()
    waited = int(Path(f"/proc/{process.pid}/schedstat").read_text().split()[1]) / 1e9
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ended(process.returncode, wall, usage.ru_utime + usage.ru_stime, waited)


def soak(kind: type, requests: int, seed: int, binary: str) -> list[str]:
    """What is wrong after so many requests."""
    wrong = []
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / ".complexityguard.json").write_text('{"preset": "strict"}')
        (folder / "a.ts").write_text("let a\n")
        (folder / "link.ts").symlink_to("/etc/hostname")
        subprocess.run(["git", "init", "-q", name], check=True)
        client = kind(dice, folder, binary)
        client.huge()
        client.settle()
        marks = []
        started = time.monotonic()
        for number in range(requests):
            client.step()
            if number % 50 == 0:
                client.settle()
            if number % max(1, requests // 40) == 0:
                if not client.is_right():
                    wrong.append(f"step {number}: not what a fresh run says")
                marks.append((client.server.memory(), client.server.files()))
                print(f"{kind.__name__}, step {number}: {marks[-1]} (KB, files)", file=sys.stderr, flush=True)
        client.settle()
        asked = set(range(1, client.server.count + 1))
        for number in sorted(asked - client.cancelled):  # runs may still be under way
            client.server.answer(number)
        unanswered = asked - client.server.answers.keys() - client.cancelled
        early, late = max(marks[5 : len(marks) // 2]), max(marks[len(marks) // 2 :])
        seconds = time.monotonic() - started
        print(
            f"{kind.__name__}: {requests} steps in {seconds:.0f} s, seed {seed}; first half {early}, second {late} (KB, files)"
        )
        wrong += [f"not answered: {sorted(unanswered)[:5]}"] if unanswered else []
        wrong += [f"answered twice: {client.server.twice[:5]}"] if client.server.twice else []
        wrong += [f"memory grows: {early[0]} to {late[0]} KB"] if late[0] > early[0] * 1.1 + 2000 else []
        wrong += [f"files stay open: {early[1]} to {late[1]}"] if late[1] > early[1] + 3 else []
        client.server.end()
    return [f"{kind.__name__}: {words}" for words in wrong]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--binary", default="")
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--only", choices=["Editor", "Agent"])
    chosen = parser.parse_args()
    kinds = [kind for kind in (Editor, Agent) if chosen.only in (None, kind.__name__)]
    wrong = []
    for kind in kinds:
        command, dice = {Editor: "lsp", Agent: "mcp"}[kind], random.Random(chosen.seed)
        wrong += cut(command, chosen.cuts, dice, chosen.binary)
        wrong += soak(kind, chosen.requests, chosen.seed, chosen.binary)
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
