"""The servers as their clients see them: messages over pipes, and conversations that are written down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conftest import COMMAND, ROOT, WINDOWS

Json = dict[str, Any]
TRANSCRIPTS = ROOT / "tests" / "transcripts"
FLAT_TOO = '{"analysis": {"least_burden": 0}}'  # a configuration by which flat code is judged as any other


def framed(message: Json) -> bytes:
    body = json.dumps({"jsonrpc": "2.0"} | message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def uri_of(path: Path) -> str:
    """As the program's system has it: under wine, all of ours is its drive Z:."""
    return path.as_uri().replace("///", "///Z%3A/", 1) if WINDOWS and os.name == "posix" else path.as_uri()


class Client:
    """One end of a pipe to a server; the other end is a process."""

    def __init__(self, command: str, folder: Path, *, lines: bool = False, env: dict | None = None) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.process = subprocess.Popen([*COMMAND, command], cwd=folder, env=env, **pipes)
        self.lines, self.folder, self.count = lines, folder, 0
        self.passed: list[Json] = []  # what came while something else was waited for

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(20)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process.stderr.close()

    def write(self, data: bytes) -> None:
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: Json) -> None:
        self.write(json.dumps({"jsonrpc": "2.0"} | message).encode() + b"\n" if self.lines else framed(message))

    def read(self) -> Json:
        """The next message; EOFError where the server is gone."""
        stream = self.process.stdout
        if self.lines:
            line = stream.readline()
            if not line:
                raise EOFError
            return json.loads(line)
        length = None
        while (line := stream.readline()) != b"\r\n":
            if not line:
                raise EOFError
            name, _, value = line.partition(b":")
            assert name == b"Content-Length", line
            length = int(value)
        return json.loads(stream.read(length))

    def ask(self, method: str, params: Any = None) -> Json:
        """The whole answer to a request."""
        self.count += 1
        self.send({"id": self.count, "method": method} | ({} if params is None else {"params": params}))
        while True:
            message = self.read()
            if message.get("id") == self.count and "method" not in message:
                return message
            self.passed.append(message)

    def result(self, method: str, params: Any = None) -> Any:
        answer = self.ask(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def tell(self, method: str, params: Any = None) -> None:
        self.send({"method": method} | ({} if params is None else {"params": params}))

    def wait_for(self, method: str) -> Json:
        """The parameters of the next notification or request of this name."""
        while (message := self.read()).get("method") != method:
            self.passed.append(message)
        return message["params"]


RICH = {  # what a client says that can do all that a server may ask of it
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
    },
    "window": {"workDoneProgress": True},
}
PULLING = RICH | {"textDocument": RICH["textDocument"] | {"diagnostic": {}}}


class EditorClient(Client):
    """An editor."""

    def __init__(self, folder: Path, capabilities: Json = RICH, options: Json | None = None, **more: Any) -> None:
        super().__init__("lsp", folder, **more)
        root = uri_of(folder)
        asked = {"processId": None, "rootUri": root, "capabilities": capabilities, "initializationOptions": options}
        self.capabilities = self.result("initialize", asked)["capabilities"]
        self.tell("initialized", {})

    def uri(self, name: str) -> str:
        return uri_of(self.folder / name)

    def open(self, name: str, text: str, version: int = 1) -> None:
        uri = self.uri(name)
        document = {"uri": uri, "languageId": "typescript", "version": version, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def change(self, name: str, version: int, *changes: Json) -> None:
        document = {"uri": self.uri(name), "version": version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)})

    def of(self, name: str, **more: Any) -> Json:
        return {"textDocument": {"uri": self.uri(name)}} | more

    def leave(self) -> int:
        self.result("shutdown")
        self.tell("exit")
        return self.process.wait(20)


# Conversations that are written down: a line of JSON each, {"send": message} or {"expect": what the next message holds}.
# The first line says what it is about and which files there are.


def conversation(path: Path, folder: Path) -> tuple[Json, Iterator[Json]]:
    """What it is about, and its lines; $ROOT is the folder that it happens in."""
    text = path.read_text("utf-8").replace("$ROOT", uri_of(folder))
    head, *lines = [json.loads(line) for line in text.splitlines() if line.strip()]
    return head, iter(lines)


def differences(expected: Any, found: Any, place: str = "") -> Iterator[str]:
    """Where a message lacks what is expected of it: it may hold more keys; of a text in /…/, any match will do."""
    import re

    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            if key in found:
                yield from differences(value, found[key], f"{place}.{key}")
            else:
                yield f"{place}.{key} is missing"
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f"{place} has {len(found)} items, not {len(expected)}"
        for number, (one, other) in enumerate(zip(expected, found)):
            yield from differences(one, other, f"{place}[{number}]")
    elif isinstance(expected, str) and len(expected) > 1 and expected[0] == expected[-1] == "/":
        if not isinstance(found, str) or not re.search(expected[1:-1], found):
            yield f"{place} is {found!r}, not {expected}"
    elif expected != found or type(expected) is not type(found):
        yield f"{place} is {found!r}, not {expected!r}"


def held(path: Path, folder: Path) -> None:
    """Holds a conversation, and asserts that it goes as it is written down."""
    head, lines = conversation(path, folder)
    for name, content in head.get("files", {}).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    with Client(head["command"], folder, lines=head["command"] != "lsp") as client:
        for number, line in enumerate(lines, 2):
            if "send" in line:
                client.send(line["send"])
            elif "bytes" in line:
                client.write(line["bytes"].encode("latin-1"))
            elif "expect" in line:
                found = client.read()
                wrong = list(differences(line["expect"], found))
                assert not wrong, f"{path.name}:{number}: {wrong}\n{json.dumps(found, ensure_ascii=False)}"
            else:
                client.process.stdin.close()
                assert client.process.wait(20) == line["exit"], f"{path.name}:{number}"


if __name__ == "__main__":
    sys.exit("a helper of tests")
