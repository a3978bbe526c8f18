#!/usr/bin/env python3
"""Sessions with both servers, every message held against the protocols' own types: `make server-types`.

For the language server, lsprotocol's types, once for each editor whose capabilities pytest-lsp knows, by a client of ours and by
pygls' own, which reads nothing that its types do not know; for agents, the
types of the Model Context Protocol's package, of its last version with a handshake and of its first without. The
packages are in an environment of their own under out/: no test of the suite needs them.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import lsprotocol.types as lsp
import pytest_lsp
from lsprotocol.converters import get_converter
from mcp_types import _v2025_11_25 as handshake
from mcp_types import _v2026_07_28 as stateless
from pygls.lsp.client import BaseLanguageClient

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests")]

from conftest import COMMAND  # noqa: E402
from samples import function  # noqa: E402
from servers import Client  # noqa: E402

SOURCE = function("hard", 12) + "function outer(a) {\n  if (a) {\n    while (a) { a(() => a ? 1 : 2) }\n  }\n}\n"
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
CONVERTER = get_converter()


def check_passed(client: Client) -> set[str]:
    """The names of what the server has sent by itself, each as its type wants it."""
    for message in client.passed:
        CONVERTER.structure(message, lsp.METHOD_TO_TYPES[message["method"]][0])
    return {message["method"] for message in client.passed}


def editor_session(folder: Path, capabilities: dict[str, Any]) -> tuple[int, set[str]]:
    """How many answers there were, and what the server has sent by itself."""
    uri = (folder / "a.ts").as_uri()
    count = 0
    with Client("lsp", folder) as client:

        def ask(method: str, **params: Any) -> Any:
            nonlocal count
            count += 1
            answer = client.ask(method, params or None)
            CONVERTER.structure(answer, lsp.METHOD_TO_TYPES[method][1])
            assert "error" not in answer, answer
            return answer["result"]

        folders = [{"uri": folder.as_uri(), "name": "a"}]
        options = {"inlayHints": True, "codeLens": "all"}
        about = ask(
            "initialize", processId=None, rootUri=None, workspaceFolders=folders, capabilities=capabilities,
            initializationOptions=options,
        )  # fmt: skip
        client.tell("initialized", {})
        opened = {"uri": uri, "languageId": "typescript", "version": 1, "text": SOURCE}
        client.tell("textDocument/didOpen", {"textDocument": opened})
        document, every = {"uri": uri}, {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        pulls = "diagnosticProvider" in about["capabilities"]
        if pulls:
            ask("textDocument/diagnostic", textDocument=document)
        for line in range(4):
            ask("textDocument/hover", textDocument=document, position={"line": line, "character": 9})
        ask("textDocument/codeLens", textDocument=document)
        ask("textDocument/inlayHint", textDocument=document, range=every)
        ask("textDocument/documentSymbol", textDocument=document)
        ask("textDocument/codeAction", textDocument=document, range=every, context={"diagnostics": []})
        report = {"command": "complexity-guard.report", "arguments": [{}], "workDoneToken": "t"}
        ask("workspace/executeCommand", **report)
        there = [{"uri": uri, "position": {"line": 0, "character": 9}}]
        for name in ("explain", "extraction"):
            ask("workspace/executeCommand", command=f"complexity-guard.{name}", arguments=there)
        fetched = {"textDocument": document, "partialResultToken": "p"}
        for method in ("codeLens", "documentSymbol"):
            ask(f"textDocument/{method}", **fetched)
        client.tell("workspace/didChangeWatchedFiles", {"changes": []})
        ask("textDocument/codeLens", textDocument=document)
        ask("shutdown")
        client.tell("exit")
        sent = check_passed(client)
        assert ("textDocument/publishDiagnostics" in sent) != pulls, "sent or fetched, and never both"
    return count, sent


async def pygls_session(folder: Path, capabilities: lsp.ClientCapabilities) -> int:
    """How many answers its client was given, whose types they have."""
    client = BaseLanguageClient("pygls", "1")
    await client.start_io(*COMMAND, "lsp", cwd=folder)
    root, document = lsp.WorkspaceFolder(folder.as_uri(), "a"), lsp.TextDocumentIdentifier((folder / "a.ts").as_uri())
    every = lsp.Range(lsp.Position(0, 0), lsp.Position(9, 0))
    options = {"inlayHints": True, "codeLens": "all"}
    about = await client.initialize_async(
        lsp.InitializeParams(capabilities=capabilities, workspace_folders=[root], initialization_options=options)
    )
    client.initialized(lsp.InitializedParams())
    opened = lsp.TextDocumentItem(document.uri, "typescript", 1, SOURCE)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(opened))
    change = lsp.TextDocumentContentChangePartial(lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0)), "// \U0001f600\n")
    versioned = lsp.VersionedTextDocumentIdentifier(2, document.uri)
    client.text_document_did_change(lsp.DidChangeTextDocumentParams(versioned, [change]))
    answers = [
        await client.text_document_hover_async(lsp.HoverParams(document, lsp.Position(1, 9))),
        await client.text_document_code_lens_async(lsp.CodeLensParams(document)),
        await client.text_document_inlay_hint_async(lsp.InlayHintParams(document, every)),
        await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document)),
        await client.text_document_code_action_async(
            lsp.CodeActionParams(document, every, lsp.CodeActionContext(diagnostics=[]))
        ),
        await client.workspace_execute_command_async(
            lsp.ExecuteCommandParams(
                "complexity-guard.explain", [{"uri": document.uri, "position": {"line": 1, "character": 9}}]
            )
        ),
    ]
    if about.capabilities.diagnostic_provider:
        answers.append(await client.text_document_diagnostic_async(lsp.DocumentDiagnosticParams(document)))
    assert None not in answers and "hard" in str(answers[0]), answers
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return len(answers) + 1


def agent_session(folder: Path) -> int:
    """How many answers there were, in both eras."""
    calls = [("explain", {"path": "a.ts", "function": "hard"}), ("hotspots", {}), ("duplicates", {}), ("project", {})]
    calls += [("graph", {}), ("graph", {"path": "a.ts"})]
    calls += [
        ("check", {"paths": ["a.ts"], "before": "", "after": SOURCE}),
        ("explain", {"path": "../x"}),
        ("check", {"x": 1}),
    ]
    count = 0
    with Client("mcp", folder, lines=True) as client:
        for types, more in ((handshake, {}), (stateless, {"_meta": META})):
            asked = [("tools/list", {}, types.ListToolsResult)]
            asked += [("tools/call", {"name": name, "arguments": given}, types.CallToolResult) for name, given in calls]
            for method, params, kind in asked:
                kind.model_validate(client.result(method, params | more))
                count += 1
            types.JSONRPCErrorResponse.model_validate(client.ask("nothing", more))
        stateless.DiscoverResult.model_validate(client.result("server/discover", {"_meta": META}))
        old = {"_meta": META | {"io.modelcontextprotocol/protocolVersion": "1"}}
        stateless.UnsupportedProtocolVersionError.model_validate(client.ask("tools/list", old))
        about = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
        handshake.InitializeResult.model_validate(client.result("initialize", about))
    return count + 5


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / "a.ts").write_text(SOURCE)
        for path in sorted((Path(pytest_lsp.__file__).parent / "clients").glob("*.json")):
            given = json.loads(path.read_text())
            able = given.get("capabilities", given)
            count, sent = editor_session(folder, able)
            typed = asyncio.run(pygls_session(folder, CONVERTER.structure(able, lsp.ClientCapabilities)))
            print(f"{path.stem}: {count} answers, and {', '.join(sorted(sent))}; {typed} to pygls' client")
        print(f"agents: {agent_session(folder)} answers")


if __name__ == "__main__":
    main()
