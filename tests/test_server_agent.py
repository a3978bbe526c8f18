"""`complexity-guard mcp`, as agents see it: both eras of the protocol, and what each tool says."""

from __future__ import annotations

import json
import subprocess

import pytest
from conftest import COMMAND
from processes import children_of, gone_within
from repository import repo  # noqa: F401
from samples import CONFIGURATION, function
from servers import FLAT_TOO, TRANSCRIPTS, Client, held

import complexity_guard_server as server

HARD = function("hard", 12)  # cyclomatic 13: above 10
CONFIG = {".complexityguard.json": json.dumps(CONFIGURATION)}
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}


class AgentClient(Client):
    def __init__(self, folder, *, is_stateless=True):
        super().__init__("mcp", folder, lines=True)
        self.more = {"_meta": META} if is_stateless else {}
        if not is_stateless:
            asked = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
            self.result("initialize", asked)
            self.tell("notifications/initialized")

    def call(self, tool, **arguments):
        return self.result("tools/call", {"name": tool, "arguments": arguments} | self.more)

    def values(self, tool, **arguments):
        found = self.call(tool, **arguments)
        assert not found.get("isError"), found
        return found["structuredContent"]

    def refused(self, tool, **arguments):
        found = self.call(tool, **arguments)
        assert found["isError"] is True and "structuredContent" not in found
        return found["content"][0]["text"]


@pytest.mark.parametrize("path", sorted(TRANSCRIPTS.glob("mcp-*.jsonl")), ids=lambda path: path.stem)
def test_conversations(path, project):
    held(path, project({}))


@pytest.mark.parametrize("is_stateless", [True, False])
def test_what_there_is_takes_few_words(project, is_stateless):
    """Every agent pays for these before it has asked anything."""
    with AgentClient(project({}), is_stateless=is_stateless) as client:
        found = client.result("tools/list", client.more)
        assert len(json.dumps(found, separators=(",", ":"))) <= 4096
        assert all(tool["annotations"]["readOnlyHint"] for tool in found["tools"])
        assert len(found["tools"]) <= 6
    assert len(server.INSTRUCTIONS) <= 600


def test_clean_and_nothing_checked_are_two_things(repo):  # noqa: F811
    repo.write({"a.ts": function("f", 2), **CONFIG}).commit()
    with AgentClient(repo.root) as client:
        assert client.values("check")["status"] == "nothing_checked"
        repo.write({"a.ts": function("f", 3)})
        assert client.values("check")["status"] == "clean"
        repo.write({"a.ts": function("f", 12)})
        found = client.values("check")
        assert found["status"] == "found"
        (item,) = found["items"]
        assert (item["path"], item["line"], item["level"]) == ("a.ts", 1, "error")
        assert item["message"] == "'f' has cyclomatic complexity 13 (error above 10, +10 since HEAD)"
        assert item["costs"] == ["line 1 +12 " + ", ".join(["if"] * 12)]
        assert "Split the function" in item["advice"]
        repo.git("add", "a.ts")
        assert client.values("check", ref="index")["status"] == "found"
        repo.commit()
        assert client.values("check", ref="HEAD~1")["status"] == "found"
        assert client.values("check", paths=["a.ts"])["status"] == "nothing_checked"
        assert "no such commit" in client.refused("check", ref="nowhere")
        assert "--since needs" in client.refused("check", ref="--output=x")


def test_a_file_that_cannot_be_measured_is_no_clean_one(repo):  # noqa: F811
    repo.write({"a.ts": "let a\n", **CONFIG}).commit()
    (repo.root / "a.ts").write_bytes(b"\0\xff\xfe\x01" * 1000)
    with AgentClient(repo.root) as client:
        found = client.values("check")
        assert found["status"] == "incomplete"
        assert "a.ts: not checked" in found["notes"][0]


def test_texts_are_checked_without_a_file(repo):  # noqa: F811
    repo.write({"a.ts": function("f", 2), **CONFIG}).commit()
    with AgentClient(repo.root) as client:
        assert client.values("check", paths=["a.ts"], after=function("f", 11))["status"] == "found"
        assert client.values("check", paths=["a.ts"], after=function("f", 4))["status"] == "clean"
        worse = client.values("check", paths=["b.ts"], before=HARD, after=function("hard", 13))
        assert "+1 since" in worse["items"][0]["message"]
        assert client.values("check", paths=["b.ts"], before=HARD, after=HARD)["status"] == "clean"
        assert "one file" in client.refused("check", after="let a")


def test_a_function_is_explained_line_by_line(project):
    text = "function f(a) {\n  if (a) {\n    while (a) {}\n  }\n}\nconst g = () => 1\n"
    with AgentClient(project({"src/a.ts": text, ".complexityguard.json": FLAT_TOO})) as client:
        for asked in ({"function": "f"}, {"line": 3}):
            items = client.values("explain", path="src/a.ts", **asked)["items"]
            costs = [(item["line"], item["adds"]) for item in items if item["name"] == "cognitive" and "line" in item]
            assert costs == [(2, 1), (3, 2)]
        assert client.values("explain", path="src/a.ts", text="function f() { if (1) {} }", function="f")["items"]
        hard = "function f(c) {\n" + "".join(f"  if (c.a{n} && c.b{n}) c.d();\n" for n in range(14)) + "}\n"
        remarks = client.values("explain", path="src/a.ts", text=hard, function="f")["notes"]
        assert remarks[0].startswith("extracting lines ") and "takes cyclomatic from 29 to " in remarks[0]
        assert client.refused("explain", path="src/a.ts", function="h") == "which function? Those of the file: f, g"
        assert "path is missing" in client.refused("explain", function="f")


def test_long_answers_have_pages(project):
    """All of them once, in the order of the whole, however large the pages are."""
    files = {f"src/f{number:02}.ts": function(f"hard{number}", 11 + number % 7) for number in range(57)} | CONFIG
    with AgentClient(project(files)) as client:
        for limit in (1, 7, 100):
            seen, cursor = [], {}
            while True:
                found = client.values("hotspots", limit=limit, **cursor)
                assert 0 < len(found["items"]) <= limit
                seen += found["items"]
                if "next_cursor" not in found:
                    break
                cursor = {"cursor": found["next_cursor"]}
                if limit == 1 and len(seen) == 3:
                    break
            assert [item["name"] for item in seen] == list(dict.fromkeys(item["name"] for item in seen))
            assert limit == 1 or len(seen) == 57
        other = client.refused("hotspots", paths=["src"], cursor=found.get("next_cursor", "1-0"))
        assert "another question" in other


def test_answers_are_short_unless_more_is_asked_for(project):
    """About four letters are a token."""
    text = "".join(f"export {function(f'hard{number}', 30)}" for number in range(200))
    files = {f"{number}.ts": f'import "./hub"\nimport "./{number - 1}"\n' for number in range(200)}
    files["hub.ts"] = "".join(f'import "./{number}"\n' for number in range(200))
    with AgentClient(project({"a.ts": text, "b.ts": text, **files, **CONFIG})) as client:
        for tool, asked in (
            ("hotspots", {}),
            ("duplicates", {}),
            ("graph", {}),
            ("graph", {"path": "hub.ts"}),
            ("project", {}),
            ("explain", {"path": "a.ts", "line": 1}),
        ):
            found = client.call(tool, **asked)
            assert len(found["content"][0]["text"]) <= 8000, tool
            assert len(json.dumps(found["structuredContent"])) <= 8000, tool


def test_the_first_hotspot_comes_with_what_to_extract(project):
    hard = "function f(c) {\n" + "".join(f"  if (c.a{n} && c.b{n}) c.d();\n" for n in range(14)) + "}\n"
    with AgentClient(project({"src/a.ts": hard, ".complexityguard.json": FLAT_TOO})) as client:
        (note,) = client.values("hotspots")["notes"]
        assert note.startswith("src/a.ts: f: extracting lines ")


def test_clones_of_a_piece_are_found(project):
    body = "".join(f"  if (a.b{n} && c) {{ d(a, {n}); }}\n" for n in range(12))
    files = {
        "a.ts": f"function f(a, c) {{\n{body}}}\n",
        "b.ts": f"\n\nfunction g(a, c) {{\n{body}}}\n",
        "c.ts": "let a\n",
    }
    with AgentClient(project(files)) as client:
        (item,) = client.values("duplicates", path="b.ts", line=5)["items"]
        assert [place.partition(":")[0] for place in item["places"]] == ["a.ts", "b.ts"]
        assert client.values("duplicates", path="c.ts")["status"] == "clean"
        assert client.values("duplicates", path="b.ts", line=1, end_line=1)["status"] == "clean"


RING = {
    "a.ts": 'import { b } from "./b"\nexport const a = b\n',
    "b.ts": 'import { c } from "./c"\nexport const b = c\n',
    "c.ts": 'import { a } from "./a"\nexport const c = a\n',
    "d.ts": 'import type { A } from "./a"\nexport type D = A\n',
    "-e.ts": 'import { D } from "./d"\nexport const e: D = 1\n',
    "alone.ts": "export const alone = 1\n",
}


def test_a_file_in_the_graph(project):
    """Its cycle, what imports it, what else depends on it and by which way, what it imports."""
    with AgentClient(project(RING)) as client:
        found = client.values("graph", path="a.ts")
        assert found["summary"].startswith("a.ts: fan_in 2, fan_out 1, reach 4, load 2, depth ")
        assert found["summary"].endswith("in a cycle of 3 files")
        cycle, *items = found["items"]
        assert (cycle["files"], cycle["way"]) == (3, "a.ts -> b.ts -> c.ts -> a.ts") and len(cycle["cut"]) == 1
        assert [(item["name"], item["path"], item.get("line"), item.get("by")) for item in items] == [
            ("imports it", "c.ts", 1, None), ("imports it", "d.ts", 1, None),
            ("depends on it", "b.ts", None, "b.ts -> c.ts -> a.ts"), ("depends on it", "-e.ts", None, "-e.ts -> d.ts -> a.ts"),
            ("is imported", "b.ts", None, None),
        ]  # fmt: skip
        assert client.values("graph", path="-e.ts")["items"][0]["path"] == "d.ts"
        assert client.values("graph", path="alone.ts")["status"] == "clean"
        assert "not in the graph" in client.refused("graph", path="f.ts")


def test_why_one_file_depends_on_another(project):
    with AgentClient(project(RING)) as client:
        found = client.values("graph", path="-e.ts", to="c.ts")
        steps = [(item["path"], item["to"], item["kind"]) for item in found["items"]]
        assert steps == [
            ("-e.ts", "d.ts", "type"), ("d.ts", "a.ts", "type"), ("a.ts", "b.ts", "value"), ("b.ts", "c.ts", "value"),
        ]  # fmt: skip
        assert "4 steps from -e.ts to c.ts; none of them loads it" in found["summary"]
        assert "loaded by way of b.ts -> c.ts" in client.values("graph", path="a.ts", to="c.ts")["summary"]
        nothing = client.values("graph", path="a.ts", to="alone.ts")
        assert (nothing["status"], nothing["summary"]) == ("clean", "no way from a.ts to alone.ts")
        assert "path, where it begins" in client.refused("graph", to="a.ts")


def test_all_cycles(project):
    with AgentClient(project(RING)) as client:
        found = client.values("graph")
        assert (found["status"], found["summary"]) == ("found", "1 import cycles, of 3 files")
    with AgentClient(project({"c.ts": "export const c = 1\n"})) as client:
        assert client.values("graph")["status"] == "clean"


def test_a_project_says_how_it_stands(project):
    with AgentClient(project({"a.ts": HARD, **CONFIG})) as client:
        found = client.values("project")
        assert "1 files, 1 functions, 1 errors" in found["summary"]
        assert found["notes"][0] == "configuration: .complexityguard.json"
        assert found["items"][0]["path"] == "a.ts"


def test_a_project_of_nothing_is_no_clean_one(project):
    with AgentClient(project({"a.css": ""})) as client:
        assert "no TypeScript or JavaScript file" in client.refused("hotspots")
        assert client.values("check", paths=["."])["status"] == "nothing_checked"


@pytest.mark.parametrize(
    "path", ["../secret.ts", "/etc/passwd", "link.ts", "links/secret.ts", "a\0.ts", "", "src/../../secret.ts"]
)
def test_nothing_outside_of_the_folder_is_read(tmp_path, path):
    root = tmp_path / "root"
    (root / "src").mkdir(parents=True)
    (tmp_path / "secret.ts").write_text("function secret() {}\n")
    (root / "link.ts").symlink_to(tmp_path / "secret.ts")
    (root / "links").symlink_to(tmp_path)
    with AgentClient(root) as client:
        for tool, arguments in (
            ("explain", {"path": path, "line": 1}),
            ("check", {"paths": [path]}),
            ("check", {"paths": [path], "after": ""}),
            ("hotspots", {"paths": [path]}),
            ("duplicates", {"path": path}),
            ("graph", {"path": path}),
            ("graph", {"path": "link.ts", "to": path}),
        ):
            found = json.dumps(client.call(tool, **arguments))
            assert "secret(" not in found and '"isError": true' in found


@pytest.mark.parametrize("name", ["explain", "--output", "-", "-x.ts"])
def test_names_that_mean_something_to_the_command_line_are_names(project, name):
    root = project({f"{name}/a.ts" if not name.endswith(".ts") else name: HARD, **CONFIG})
    with AgentClient(root) as client:
        assert client.values("hotspots", paths=[name])["status"] == "found"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"paths": "a.ts"}, "paths is a list"),
        ({"paths": []}, "paths is a list"),
        ({"paths": [3]}, "paths is a text"),
        ({"limit": 0}, "limit is a whole number from 1 to 100"),
        ({"limit": True}, "limit is a whole number"),
        ({"nothing": 1}, "there is no 'nothing'"),
        ({"cursor": "zz"}, "another question"),
    ],
)
def test_wrong_arguments_are_told_to_who_asks(project, arguments, words):
    with AgentClient(project({"a.ts": HARD})) as client:
        assert words in client.refused("check", **arguments)


def test_a_call_that_is_cancelled_is_not_answered(project):
    root = project({f"{name}.ts": HARD * 2000 for name in range(30)})
    with AgentClient(root) as client:
        asked = {"name": "hotspots", "arguments": {}} | client.more
        client.send({"id": "h", "method": "tools/call", "params": asked})
        client.tell("notifications/cancelled", {"requestId": "h"})
        client.result("tools/list", client.more)
        assert client.passed == []


def test_whatever_an_agent_sends_the_next_request_is_answered(project):
    wrong = [None, [], 3, "x", {}, {"name": 3}, {"name": "check", "arguments": []}, {"name": "check", "arguments": 3},
             {"_meta": 3}, {"_meta": META | {"io.modelcontextprotocol/protocolVersion": 3}},
             {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}}, {"name": "explain", "arguments": {"path": "\ud800"}}]  # fmt: skip
    with AgentClient(project({"a.ts": HARD})) as client:
        for method in [
            "initialize",
            "server/discover",
            "tools/list",
            "tools/call",
            "ping",
            "nothing",
            "",
            "resources/list",
        ]:
            for params in wrong:
                client.tell(method, params)
                client.ask(method, params)
        for line in (
            b"{",
            b"[]",
            b"[{}]",
            b"3",
            b"[" * 100_000,
            b'{"id":{}}',
            b"\xff\xfe",
            b'{"id":null,"method":"ping"}',
        ):
            client.write(line + b"\n")
        assert client.values("explain", path="a.ts", line=1)["status"] == "found"


def test_every_answer_is_as_the_schema_of_its_output_says(project):
    with AgentClient(project({"a.ts": HARD, **CONFIG})) as client:
        for tool in client.result("tools/list", client.more)["tools"]:
            asked = {"path": "a.ts", "line": 1} if tool["name"] == "explain" else {}
            found = client.call(tool["name"], **asked)
            if found.get("isError"):  # here is no repository
                assert tool["name"] == "check"
                continue
            schema, values = tool["outputSchema"], found["structuredContent"]
            assert set(schema["required"]) <= values.keys()
            assert values["status"] in schema["properties"]["status"]["enum"]
            kinds = {"string": str, "array": list}
            for name, one in schema["properties"].items():
                assert name not in values or isinstance(values[name], kinds[one.get("type", "string")])


@pytest.mark.parametrize("count", [0, 1, 20, 45])
def test_the_server_ends_with_its_input(project, count):
    line = b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n{"jsonrpc"'
    done = subprocess.run(
        [*COMMAND, "mcp"], cwd=project({}), input=line[:count], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == (count > 40)


def test_a_folder_can_be_named(project):
    root = project({"sub/a.ts": HARD})
    asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": "explain", "arguments": {"path": "a.ts", "line": 1}}}) + "\n"  # fmt: skip
    done = subprocess.run(
        [*COMMAND, "mcp", "sub"], cwd=root, input=asked.encode(), capture_output=True, timeout=60, check=False
    )
    assert json.loads(done.stdout)["result"]["structuredContent"]["status"] == "found"
    wrong = subprocess.run(
        [*COMMAND, "mcp", "nowhere"], cwd=root, input=b"", capture_output=True, timeout=60, check=False
    )
    assert wrong.returncode == 3 and b"nowhere" in wrong.stderr


def test_lines_that_are_too_long_are_passed_over(monkeypatch):
    monkeypatch.setattr(server, "MOST_MESSAGE", 50)
    framing = server.LineFraming()
    found = [
        message
        for piece in (b"a\n" + b"x" * 100, b"y" * 100, b"\nb\n", b"c", b"d\n")
        for message in framing.messages(piece)
    ]
    assert [message if isinstance(message, bytes) else "refused" for message in found] == [b"a", "refused", b"b", b"cd"]


def test_runs_wait_for_their_turn(project):
    """However many are asked for, a few are made at once; one that is cancelled while it waits is not made."""
    with AgentClient(project({"a.ts": HARD})) as client:
        for number in range(7):
            asked = {"name": "project", "arguments": {}} | client.more
            client.send({"id": number, "method": "tools/call", "params": asked})
        client.count = 100
        client.result("tools/list", client.more)
        client.tell("notifications/cancelled", {"requestId": 5})
        answered = {message["id"] for message in client.passed}
        while len(answered) < 6:
            answered.add(client.read()["id"])
            assert len(children_of(client.process.pid)) <= server.MOST_RUNS
        assert answered == {0, 1, 2, 3, 4, 6}


def test_what_a_run_leaves_behind_is_nothing(project):
    """Closing the input ends a run that is under way."""
    root = project({f"{name}.ts": HARD * 3000 for name in range(30)})
    client = AgentClient(root)
    client.send({"id": "h", "method": "tools/call", "params": {"name": "hotspots", "arguments": {}} | client.more})
    client.result("tools/list", client.more)
    pid = client.process.pid
    started = children_of(pid)
    client.__exit__()
    assert gone_within(0, started)
