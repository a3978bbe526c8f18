"""`complexity-guard lsp`, as editors see it."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time

import pytest
from conftest import COMMAND, WINDOWS
from processes import children_of, gone_within
from programs import generated
from repository import repo  # noqa: F401
from samples import CONFIGURATION, function
from servers import FLAT_TOO, PULLING, RICH, TRANSCRIPTS, EditorClient, framed, held

import complexity_guard_server as server

HARD = function("hard", 12)  # cyclomatic 13: above 10
CONFIG = {".complexityguard.json": json.dumps(CONFIGURATION)}


@pytest.fixture
def root(project):
    return project({"a.ts": HARD, **CONFIG})


def published(client, name):
    """The next findings that the server sends of a file."""
    while True:
        params = client.wait_for("textDocument/publishDiagnostics")
        if params["uri"] == client.uri(name):
            return params


@pytest.mark.parametrize("path", sorted(TRANSCRIPTS.glob("lsp-*.jsonl")), ids=lambda path: path.stem)
def test_conversations(path, project):
    held(path, project({}))


def test_diagnostics_are_sent_or_fetched_and_never_both(root):
    with EditorClient(root) as client:
        assert "diagnosticProvider" not in client.capabilities
        client.open("a.ts", HARD)
        (found,) = published(client, "a.ts")["diagnostics"]
        assert (found["code"], found["severity"]) == ("cyclomatic", 1)
        assert client.leave() == 0
    with EditorClient(root, PULLING) as client:
        assert client.capabilities["diagnosticProvider"]["workspaceDiagnostics"] is False
        client.open("a.ts", HARD)
        first = client.result("textDocument/diagnostic", client.of("a.ts"))
        assert first["items"] == [found]
        again = client.of("a.ts", previousResultId=first["resultId"])
        assert client.result("textDocument/diagnostic", again) == {"kind": "unchanged", "resultId": first["resultId"]}
        assert client.leave() == 0
        assert not client.passed, "nothing was sent that was not asked for"


def test_the_text_in_the_editor_counts_and_not_the_file(root):
    with EditorClient(root) as client:
        client.open("a.ts", "let a\n", version=7)
        assert published(client, "a.ts") == {"uri": client.uri("a.ts"), "version": 7, "diagnostics": []}
        client.open("nowhere/b.ts", HARD)
        assert len(published(client, "nowhere/b.ts")["diagnostics"]) == 1
        client.tell("textDocument/didClose", client.of("nowhere/b.ts"))
        assert published(client, "nowhere/b.ts")["diagnostics"] == []


def test_a_configuration_and_a_baseline_that_are_written_anew_count_at_once(root, guard):
    with EditorClient(root, PULLING) as client:

        def count():
            return len(client.result("textDocument/diagnostic", client.of("a.ts"))["items"])

        def edit(version):
            client.change("a.ts", version, {"text": HARD + "\n" * version})

        client.open("a.ts", HARD)
        assert count() == 1
        assert guard(".", "--write-baseline", "b.jsonl", cwd=root).code == 0
        (root / ".complexityguard.json").write_text(json.dumps(CONFIGURATION | {"baseline_file": "b.jsonl"}))
        edit(2)
        assert count() == 0
        client.change("a.ts", 3, {"text": function("hard", 13)})
        assert count() == 1, "it is worse than the baseline knows it"
        (root / ".complexityguard.json").write_text("{")
        edit(4)
        assert [item["code"] for item in client.result("textDocument/diagnostic", client.of("a.ts"))["items"]] == [
            "skipped-file"
        ]
        edit(5)
        count()
        told = [message for message in client.passed if message["method"] == "window/showMessage"]
        assert len(told) == 1, "once, and not at every key"


def test_a_function_that_moved_here_from_a_file_that_is_gone_is_known(root, guard):
    assert guard(".", "--write-baseline", "b.jsonl", cwd=root).code == 0
    (root / ".complexityguard.json").write_text(json.dumps(CONFIGURATION | {"baseline_file": "b.jsonl"}))
    (root / "a.ts").rename(root / "moved.ts")
    with EditorClient(root, PULLING) as client:
        client.open("moved.ts", HARD)
        assert client.result("textDocument/diagnostic", client.of("moved.ts"))["items"] == []
    assert guard("moved.ts", cwd=root).code == 0, "as a run has it"


def test_what_runs_leave_out_has_no_findings_and_still_numbers(project):
    root = project({"a.ts": HARD, "dist/b.ts": HARD, "c.ts": HARD, ".complexityguard.json": json.dumps(
        CONFIGURATION | {"files": {"exclude": ["c.ts"]}})})  # fmt: skip
    with EditorClient(root, PULLING) as client:
        for name, expected in (("a.ts", 1), ("dist/b.ts", 0), ("c.ts", 0)):
            client.open(name, HARD)
            assert len(client.result("textDocument/diagnostic", client.of(name))["items"]) == expected, name
            hover = client.result("textDocument/hover", client.of(name, position={"line": 0, "character": 3}))
            assert "cyclomatic" in hover["contents"]["value"]


@pytest.mark.parametrize(
    ("text", "words"), [("\0" * 100, "binary"), ("let a = 1;\ud800\n", None), ("\ufeff" + HARD, "has cyclomatic")]
)
def test_texts_that_are_hardly_any(root, text, words):
    with EditorClient(root, PULLING) as client:
        client.open("a.ts", text)
        items = client.result("textDocument/diagnostic", client.of("a.ts"))["items"]
        assert (not words) == (not items)
        assert not words or any(words in item["message"] or item["code"] == "syntax-error" for item in items)
        assert client.leave() == 0


def test_texts_that_are_no_code_are_said_to_be(root):
    with EditorClient(root, PULLING) as client:
        client.open("a.css", "a {}")
        (item,) = client.result("textDocument/diagnostic", client.of("a.css"))["items"]
        assert "not a TypeScript or JavaScript file" in item["message"]


def test_a_text_without_a_name_is_what_its_language_says(root):
    uri = "untitled:Untitled-1"
    document = {"uri": uri, "languageId": "typescriptreact", "version": 1, "text": "let a = <b>{1}</b>\n" + HARD}
    with EditorClient(root, PULLING) as client:
        client.tell("textDocument/didOpen", {"textDocument": document})
        items = client.result("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"]
        assert [item["code"] for item in items] == ["cyclomatic"]


def test_each_folder_has_its_own_configuration(project):
    strict = CONFIGURATION | {"analysis": {"thresholds": {"cyclomatic": {"warning": 1, "error": 2}}}}
    root = project(
        {"one/.complexityguard.json": json.dumps(CONFIGURATION), "two/.complexityguard.json": json.dumps(strict)}
    )
    text = function("f", 5)
    with EditorClient(root / "one", PULLING) as client:
        event = {"added": [{"uri": (root / "two").as_uri(), "name": "two"}], "removed": []}
        client.tell("workspace/didChangeWorkspaceFolders", {"event": event})
        found = {}
        for name in ("one/a.ts", "two/a.ts"):
            client.folder = root
            client.open(name, text)
            items = client.result("textDocument/diagnostic", client.of(name))["items"]
            found[name] = [item["severity"] for item in items if item["code"] == "cyclomatic"]
        assert found == {"one/a.ts": [2], "two/a.ts": [1]}


# Places


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_places_are_told_in_the_encoding_that_the_editor_wants(root, encoding):
    line = "/* é語🙂 */ " + HARD.rstrip()
    wanted = PULLING | {"general": {"positionEncodings": [encoding]}}
    units = {"utf-8": 1 + len("/* é語🙂 */".encode()), "utf-16": 11, "utf-32": 10}[encoding]
    with EditorClient(root, wanted) as client:
        assert client.capabilities["positionEncoding"] == encoding
        client.open("a.ts", line + "\n")
        (item,) = client.result("textDocument/diagnostic", client.of("a.ts"))["items"]
        assert item["range"]["start"] == {"line": 0, "character": units}


# Random edits


def random_change(dice, text):
    """A change of a text, and the text after it: whole lines, parts of them, letters of every width."""
    start = dice.randrange(len(text) + 1)
    end = min(len(text), start + dice.choice((0, 0, 1, 5, 80)))
    while 0 < start < len(text) and text[start - 1 : start + 1] == "\r\n":
        start -= 1
    while end < len(text) and text[end - 1 : end + 1] == "\r\n":
        end += 1
    pieces = (
        "",
        "{",
        "}",
        "if (a) {\r\n",
        "\t",
        "🙂",
        " && b",
        "\n",
        "\r\n",
        "function f(a) { return a ? 1 : 2 }\n",
        "/* 語 */",
    )
    new = dice.choice(pieces)

    def position(offset):
        lines = re.split("\r\n|\r|\n", text[:offset])
        return {"line": len(lines) - 1, "character": len(lines[-1].encode("utf-16-le")) // 2}

    change = {"range": {"start": position(start), "end": position(end)}, "text": new}
    return change, text[:start] + new + text[end:]


def as_lines(items):
    """Findings as the format `compact` has them."""
    levels = {1: "error", 2: "warning", 3: "note"}
    lines = []
    for item in items:
        start = item["range"]["start"]
        place = f"a.ts:{start['line'] + 1}:{start['character'] + 1}"
        lines.append(f"{place}: {levels[item['severity']]}: {item['message']} [{item['code']}]")
    return sorted(lines)


def test_after_any_edits_the_findings_are_those_of_a_run_on_that_text(project, guard):
    seed = 7
    dice = random.Random(seed)
    root = project({"a.ts": "", ".complexityguard.json": json.dumps({"preset": "strict"})})
    text = generated(seed).decode("utf-8", "replace").replace("\u2028", "").replace("\u2029", "")
    with EditorClient(root, PULLING) as client:
        client.open("a.ts", text)
        for version in range(2, 302):
            change, text = random_change(dice, text)
            client.change("a.ts", version, change)
            if version % 25 == 0:
                items = client.result("textDocument/diagnostic", client.of("a.ts"))["items"]
                (root / "a.ts").write_bytes(text.encode())
                cold = guard("a.ts", "-f", "compact", cwd=root).out.splitlines()
                assert as_lines(items) == sorted(line for line in cold if line.startswith("a.ts:")), version


# What else there is to see


def test_a_lens_says_what_has_changed_since_the_last_commit(repo):  # noqa: F811
    repo.write({"a.ts": HARD, **CONFIG}).commit()
    with EditorClient(repo.root) as client:
        client.open("a.ts", function("hard", 14) + function("fresh", 11) + function("easy", 1))
        lenses = client.result("textDocument/codeLens", client.of("a.ts"))
    assert [(lens["range"]["start"]["line"], lens["command"]["title"]) for lens in lenses] == [
        (0, "cognitive 14 (+2 since the last commit), cyclomatic 15 (+2 since the last commit)"),
        (1, "cognitive 11, cyclomatic 12 (new)"),
    ]


def test_a_lens_knows_of_a_commit_at_once(repo):  # noqa: F811
    """Whoever commits in a terminal has saved before."""
    repo.write({"a.ts": HARD, **CONFIG}).commit()
    with EditorClient(repo.root) as client:
        client.open("a.ts", function("hard", 14))
        (lens,) = client.result("textDocument/codeLens", client.of("a.ts"))
        assert "+2 since the last commit" in lens["command"]["title"]
        repo.write({"a.ts": function("hard", 14)}).commit()
        (lens,) = client.result("textDocument/codeLens", client.of("a.ts"))
        assert lens["command"]["title"] == "cognitive 14, cyclomatic 15"


@pytest.mark.parametrize(("option", "count"), [("off", 0), ("error", 1), ("warning", 2), ("all", 3)])
def test_lenses_have_a_floor(root, option, count):
    text = HARD + function("mid", 7) + function("easy", 1)
    with EditorClient(root, options={"codeLens": option}) as client:
        client.open("a.ts", text)
        assert len(client.result("textDocument/codeLens", client.of("a.ts"))) == count


NESTED = """\
function f(a, b) {
  if (a) {
    for (;;) {
      if (b && a) {
      }
    }
  }
}
"""


def test_hints_say_what_lines_add_where_they_are_wanted(root):
    every = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    with EditorClient(root, options={"inlayHints": True}) as client:
        client.open("a.ts", NESTED)
        hints = client.result("textDocument/inlayHint", client.of("a.ts", range=every))
        assert [(hint["position"]["line"], hint["label"]) for hint in hints] == [
            (1, "+1"),
            (2, "+2 nested"),
            (3, "+4 nested"),
        ]
        assert all(
            hint["position"]["character"] == len(NESTED.splitlines()[hint["position"]["line"]]) for hint in hints
        )
        client.tell("workspace/didChangeConfiguration", {"settings": {"complexityGuard": {"inlayHints": False}}})
        assert client.result("textDocument/inlayHint", client.of("a.ts", range=every)) == []


def test_hovering_over_a_function_explains_it_and_over_a_line_what_it_costs(root):
    with EditorClient(root) as client:
        client.open("a.ts", NESTED)

        def hover(line, character=3):
            at = client.of("a.ts", position={"line": line, "character": character})
            return (client.result("textDocument/hover", at) or {"contents": {"value": ""}})["contents"]["value"]

        assert "| cognitive | 7 |" in hover(0)
        assert hover(3) == "+4 cognitive: if (nested 2), &&\n\n+2 cyclomatic: if, &&"
        assert hover(4) == ""


def test_names_in_a_project_stay_text_in_what_is_shown(root):
    with EditorClient(root) as client:
        client.open("a.ts", 'const a = { "](http://x) <b> `|` **": function () { } }\n')
        at = client.of("a.ts", position={"line": 0, "character": 45})
        value = client.result("textDocument/hover", at)["contents"]["value"]
    assert value.splitlines()[0] == r"**a\>\]\(http://x\) \<b\> \`\|\` \*\***"


def test_symbols_stand_below_the_function_they_are_in(root):
    text = "class A {\n  m() { return () => { if (1) {} } }\n}\nfunction g() {}\n"
    with EditorClient(root) as client:
        client.open("a.ts", text)
        symbols = client.result("textDocument/documentSymbol", client.of("a.ts"))
        part = client.of("a.ts", partialResultToken="p")
        assert client.result("textDocument/documentSymbol", part) == []
        assert client.passed[-1]["params"] == {"token": "p", "value": symbols}
    assert [(symbol["name"], len(symbol["children"])) for symbol in symbols] == [("A.m", 1), ("g", 0)]
    assert symbols[0]["children"][0]["detail"] == "cognitive 1, cyclomatic 2"


JSX = """\
export const View = ({ items }) => (
  <ul>
    {items.map((a) => { if (a) { if (a.b) { return <li key={a.c ? 1 : 2}>{a.d ?? a.e ?? a.f ?? a.g ?? a.h ?? 1}</li> } } })}
  </ul>
)
"""


@pytest.mark.parametrize(
    ("name", "text", "line"), [("a.tsx", JSX, 2), ("a.ts", HARD, 0), ("a.ts", "#!/usr/bin/env node\r\n" + HARD, 1)]
)
def test_what_an_action_does_takes_the_finding_away(project, name, text, line):
    limits = {
        "preset": "strict",
        "analysis": {"metrics": ["cyclomatic"], "thresholds": {"cyclomatic": {"warning": 4, "error": 5}}},
    }
    root = project({".complexityguard.json": json.dumps(limits)})
    with EditorClient(root, PULLING) as client:
        client.open(name, text)
        (item,) = client.result("textDocument/diagnostic", client.of(name))["items"]
        assert item["range"]["start"]["line"] == line
        asked = client.of(name, range=item["range"], context={"diagnostics": [item]})
        actions = [one for one in client.result("textDocument/codeAction", asked) if "edit" in one]
        titles = [re.sub(r" (for .*|in this file)", "", action["title"]) for action in actions]
        value = item["message"].partition("complexity ")[2].partition(" ")[0]
        raising = f"Raise the limit of cyclomatic to {value} in .complexityguard.json"
        assert titles == [*["Suppress cyclomatic"] * (len(actions) - 1), raising] and len(actions) == 3
        for version, action in enumerate(actions[:-1], 2):
            ((_, edits),) = action["edit"]["changes"].items()
            assert "-- REASON" in edits[0]["newText"]
            client.change(name, version, {"text": text})
            client.change(name, version, *({"range": edit["range"], "text": edit["newText"]} for edit in edits))
            assert client.result("textDocument/diagnostic", client.of(name))["items"] == []


def test_an_action_shows_what_to_extract(project):
    """In a message: nothing is edited."""
    text = "function hard(c) {\n" + "".join(f"  if (c.a{n} && c.b{n}) c.d();\n" for n in range(14)) + "}\n"
    with EditorClient(project({".complexityguard.json": FLAT_TOO}), PULLING) as client:
        client.open("a.ts", text)
        asked = client.of(
            "a.ts", range={"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 9}}, context={}
        )
        (action,) = (one for one in client.result("textDocument/codeAction", asked) if "command" in one)
        assert action["title"] == "Show what to extract from hard" and "edit" not in action
        command = {key: action["command"][key] for key in ("command", "arguments")}
        found = client.result("workspace/executeCommand", command)["text"]
        assert re.fullmatch(
            r"hard: extracting lines \d+–\d+ \(1 in, 0 out\) takes cyclomatic from 29 to \d+, .*", found
        )


CONFIGURATIONS = {
    "a limit for errors": ('{ // ours\n  "analysis": {"thresholds": {"cyclomatic": {"error": 25}}},\n}\n', 2),
    "both limits": ('{"analysis": {"thresholds": {"cyclomatic": {"warning": 4 /* low */, "error": 5}}}}', 2),
    "another metric's": (
        '{\r\n\t"preset": "strict",\r\n\t"analysis": {\r\n\t\t"thresholds": {"cognitive": {"error": 90}}\r\n\t}\r\n}', 1,
    ),
    "a preset's": ('{"preset": "strict", /* 🧮 */ "files": {}}', 1),
    "the ancestor's spelling": ('{"thresholds": {"cyclomatic": {"error": 27}}}', 1),
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
@pytest.mark.parametrize("kind", CONFIGURATIONS)
def test_a_limit_is_raised_in_the_configuration(project, kind, encoding):
    """With the edit, a finding is none; all else of the text is as it was."""
    text, count = CONFIGURATIONS[kind]
    root = project({".complexityguard.json": text})
    able = PULLING | {
        "general": {"positionEncodings": [encoding]},
        "workspace": {"workspaceEdit": {"documentChanges": True}},
    }
    hard = function("hard", 30)
    with EditorClient(root, able) as client:
        client.open("a.ts", hard)
        (item,) = (
            one
            for one in client.result("textDocument/diagnostic", client.of("a.ts"))["items"]
            if one["code"] == "cyclomatic"
        )
        asked = client.of("a.ts", range=item["range"], context={"diagnostics": []})
        actions = client.result("textDocument/codeAction", asked)
        (action,) = (one for one in actions if one["title"].startswith("Raise the limit of cyclomatic to 31 in"))
        (change,) = action["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": client.uri(".complexityguard.json"), "version": None}
        assert len(change["edits"]) == count
        document = server.Document("", "", text, 1)
        for edit in sorted(change["edits"], key=lambda edit: edit["range"]["start"]["character"], reverse=True):
            document.change([{"range": edit["range"], "text": edit["newText"]}], 2, encoding)
        (root / ".complexityguard.json").write_text(document.text, encoding="utf-8", newline="")
        client.change("a.ts", 2, {"text": hard})
        assert all(
            one["code"] != "cyclomatic" for one in client.result("textDocument/diagnostic", client.of("a.ts"))["items"]
        )


@pytest.mark.parametrize(
    "files",
    [
        {},
        {
            ".complexityguard.json": '{"preset": "strict", "overrides": [{"files": ["a.ts"], "analysis": {"thresholds": {"cyclomatic": {"error": 27}}}}]}'
        },
        {".complexityguard.json": '{"preset": "strict", "analysis": null}'},
        {".complexityguard.json": '{"files": {}}'},
    ],
    ids=["no configuration", "an override", "null", "limits alone would be another preset"],
)
def test_no_limit_is_raised_where_that_would_not_help(project, files):
    root = project(files)
    with EditorClient(root, PULLING) as client:
        client.open("a.ts", function("hard", 30))
        asked = client.of(
            "a.ts", range={"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 9}}, context={}
        )
        actions = client.result("textDocument/codeAction", asked)
        titles = [action["title"] for action in actions]
        assert not any("limit of cyclomatic" in title for title in titles)
        assert {path.name for path in root.iterdir()} == set(files)


# Neighbours

BODY = "".join(f"  if (a.b{n} && c) {{ d(a, {n}); }}\n" for n in range(12))
TOGETHER = {
    ".complexityguard.json": '{"preset": "recommended", "analysis": {"metrics": ["graph", "duplication"]}}',
    "a.ts": f'import {{ g }} from "./b"\nexport function f(a, c) {{\n{BODY}  g()\n}}\n',
    "b.ts": f'\nimport {{ f }} from "./a"\nexport function g(a, c) {{\n{BODY}  f()\n}}\n',
    "c.ts": "export const c = 1\n",
}


def together(items):
    return {item["code"]: item for item in items if item["code"] in ("duplication", "import_cycles")}


@pytest.mark.parametrize("pulls", [False, True])
def test_cycles_and_clones_show_up_beside_findings(project, tmp_path_factory, pulls):
    """When a run in the background knows of them, and no longer when that was changed and a file saved."""
    root = project(TOGETHER)
    environment = os.environ | {"COMPLEXITY_GUARD_CACHE": str(tmp_path_factory.mktemp("cache"))}
    able = {**PULLING, "workspace": {"diagnostics": {"refreshSupport": True}}} if pulls else RICH

    def seen(wanted):
        for _ in range(9):
            if pulls:
                while client.read().get("method") != "workspace/diagnostic/refresh":
                    pass
                items = client.result("textDocument/diagnostic", client.of("b.ts"))["items"]
            else:
                items = published(client, "b.ts")["diagnostics"]
            if set(together(items)) == wanted:
                return together(items)
        raise AssertionError(items)

    with EditorClient(root, able, env=environment) as client:
        client.open("b.ts", TOGETHER["b.ts"])
        found = seen({"duplication", "import_cycles"})
        cycle, clone = found["import_cycles"], found["duplication"]
        assert cycle["range"]["start"]["line"] == 1 and cycle["severity"] == clone["severity"] == 3
        assert cycle["message"] == "one of 2 files that import each other; a shortest way round: a.ts -> b.ts -> a.ts"
        assert clone["message"].endswith("lines are the same but for names and values in a.ts:2")
        (place,) = clone["relatedInformation"]
        assert place["location"]["uri"] == client.uri("a.ts") and place["location"]["range"]["start"]["line"] == 1
        (root / "a.ts").write_text("export const f = 1\n")
        client.tell("textDocument/didSave", client.of("b.ts"))
        assert seen({"duplication"})["duplication"]["message"].endswith(("in b.ts:4", "in b.ts:10"))
        client.tell("textDocument/didSave", client.of("b.ts"))  # whose run the end does not wait for
        assert client.leave() == 0


def test_cycles_come_and_go_with_the_configuration(project, tmp_path_factory):
    root = project({**TOGETHER, ".complexityguard.json": "{}"})
    environment = os.environ | {"COMPLEXITY_GUARD_CACHE": str(tmp_path_factory.mktemp("cache"))}
    with EditorClient(root, RICH, env=environment) as client:
        client.open("b.ts", TOGETHER["b.ts"])
        assert together(published(client, "b.ts")["diagnostics"]) == {}
        for text, wanted in ((TOGETHER[".complexityguard.json"], {"duplication", "import_cycles"}), ("{}", set())):
            (root / ".complexityguard.json").write_text(text)
            client.tell("workspace/didChangeWatchedFiles", {"changes": []})
            while set(together(published(client, "b.ts")["diagnostics"])) != wanted:
                pass


def test_nothing_is_run_where_neither_is_on(project):
    root = project({**TOGETHER, ".complexityguard.json": "{}"})
    with EditorClient(root, RICH) as client:
        client.open("b.ts", TOGETHER["b.ts"])
        client.tell("textDocument/didSave", client.of("b.ts"))
        assert client.result("textDocument/documentSymbol", client.of("b.ts"))
        pid = client.process.pid
        children = f"/proc/{pid}/task/{pid}/children"
        if os.path.exists(children):
            with open(children) as file:
                assert file.read() == ""
        assert together(published(client, "b.ts")["diagnostics"]) == {}


# Runs


def test_a_report_on_a_folder_comes_with_progress(root):
    with EditorClient(root) as client:
        asked = {"command": "complexity-guard.report", "arguments": [{"format": "json"}], "workDoneToken": "t"}
        found = client.result("workspace/executeCommand", asked)
        assert json.loads(found["text"])["summary"]["total_functions"] == 1
        assert found["exitCode"] == 1
        kinds = [message["params"]["value"]["kind"] for message in client.passed]
        assert kinds == ["begin", "end"]
        elsewhere = {"command": "complexity-guard.report", "arguments": [{"folder": "file:///"}]}
        assert "error" in client.ask("workspace/executeCommand", elsewhere), "no folder is read that is not open"


@pytest.mark.parametrize("by", ["request", "progress"])
def test_a_report_can_be_cancelled(project, by):
    root = project({f"{name}.ts": HARD * 2000 for name in range(40)})
    with EditorClient(root) as client:
        client.send({"id": "r", "method": "workspace/executeCommand", "params": {
            "command": "complexity-guard.report", "arguments": [{}], "workDoneToken": "t"}})  # fmt: skip
        client.wait_for("$/progress")
        if by == "request":
            client.tell("$/cancelRequest", {"id": "r"})
        else:
            client.tell("window/workDoneProgress/cancel", {"token": "t"})
        while (message := client.read()).get("id") != "r":
            pass
        assert message["error"]["code"] == -32800
        assert client.leave() == 0


def test_a_report_ends_with_the_server(project):
    """It is cancelled, which is its answer, and no process of it stays."""
    root = project({f"{name}.ts": HARD * 2000 for name in range(20)})
    with EditorClient(root) as client:
        asked = {"command": "complexity-guard.report", "arguments": [{}], "workDoneToken": "t"}
        client.send({"id": "r", "method": "workspace/executeCommand", "params": asked})
        client.wait_for("$/progress")
        started = children_of(client.process.pid)
        assert started
        client.result("shutdown")
        assert [one["error"]["code"] for one in client.passed if one.get("id") == "r"] == [-32800]
        assert gone_within(0.5 if WINDOWS else 0, started)  # wine ends a process for its parent before Linux does
        client.tell("exit")


def test_what_is_cancelled_before_it_begins_is_not_begun(root):
    with EditorClient(root, PULLING) as client:
        client.open("a.ts", HARD)
        asked = framed(
            {
                "id": 50,
                "method": "textDocument/hover",
                "params": client.of("a.ts", position={"line": 0, "character": 0}),
            }
        )
        client.write(asked + framed({"method": "$/cancelRequest", "params": {"id": 50}}))
        answer = client.read()
        assert (answer["id"], answer["error"]["code"]) == (50, -32800)


def test_of_a_text_that_is_gone_nothing_is_said(root):
    """The request and the next edit arrive at once."""
    with EditorClient(root, PULLING) as client:
        client.open("a.ts", HARD)
        asked = framed({"id": 50, "method": "textDocument/diagnostic", "params": client.of("a.ts")})
        edit = {"textDocument": {"uri": client.uri("a.ts"), "version": 2}, "contentChanges": [{"text": "let a\n"}]}
        client.write(asked + framed({"method": "textDocument/didChange", "params": edit}))
        answer = client.read()
        assert (answer["id"], answer["error"]["code"]) == (50, -32802)
        assert answer["error"]["data"] == {"retriggerRequest": True}
        assert client.result("textDocument/diagnostic", client.of("a.ts"))["items"] == []


# The end


FIRST_WORDS = framed({"id": 1, "method": "initialize", "params": {"capabilities": {}}}) + framed(
    {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file:///a.ts", "text": HARD}}}
)


@pytest.mark.parametrize("count", [0, 1, 14, 25, 60, 150, len(FIRST_WORDS) - 1, len(FIRST_WORDS)])
def test_the_server_ends_with_its_input(root, count):
    done = subprocess.run(
        [*COMMAND, "lsp"], cwd=root, input=FIRST_WORDS[:count], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 1, "nobody has said goodbye"
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there, nobody can say whether a pipe has room")
def test_the_server_ends_though_nobody_reads_its_answers(root):
    """The input is closed while more waits to be told than a pipe holds."""
    client = EditorClient(root)
    client.open("a.ts", HARD * 300)
    for number in range(5):
        client.send({"id": f"{number}", "method": "textDocument/documentSymbol", "params": client.of("a.ts")})
    client.process.stdin.close()
    assert client.process.wait(20) == 1
    client.process.stdout.close()
    client.process.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there, looking for a process would end it")
def test_the_server_ends_with_the_process_that_started_it(root, monkeypatch):
    """Its input may stay open: another process has it, too."""
    import complexity_guard_server as server

    class Silent:
        is_open, watched, waiting, chores = True, 0, (), ()

        class wires:
            wait = staticmethod(lambda seconds: False)

    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    peer = Silent()
    peer.watched = gone.pid
    server.Peer.read(peer, 1)
    assert not peer.is_open
    peer.is_open, peer.watched = True, os.getpid()
    server.Peer.read(peer, 1)
    assert peer.is_open


def test_exit_codes_are_those_of_the_protocol(root):
    with EditorClient(root) as client:
        client.tell("exit")
        assert client.process.wait(20) == 1
    with EditorClient(root) as client:
        client.result("shutdown")
        assert "error" in client.ask("textDocument/hover", {})
        client.tell("exit")
        assert client.process.wait(20) == 0


def test_a_signal_ends_the_server(root):
    with EditorClient(root) as client:
        client.process.terminate()
        assert client.process.wait(20) == 143


def test_whatever_a_client_sends_the_next_request_is_answered(root):
    """Requests and notifications of every method, with parameters of every wrong kind."""
    import complexity_guard_server as server

    wrong = [None, [], {}, 3, "x", {"textDocument": 3}, {"textDocument": {"uri": "file:///%00"}}, {"textDocument": {"uri": None}},
             {"textDocument": {"uri": "A"}, "position": {"line": 1e99, "character": []}}, {"event": 3}, {"command": []},
             {"textDocument": {"uri": "A", "text": 7}}, {"textDocument": {"uri": "A"}, "contentChanges": [{"range": {}, "text": ""}]},
             {"textDocument": {"uri": "A"}, "contentChanges": [{"range": None, "text": None}]}]  # fmt: skip
    with EditorClient(root) as client:
        for method in [*server.METHODS, "nothing", "$/x", ""]:
            if method in ("exit", "shutdown"):
                continue
            for params in wrong:
                text = json.dumps(params).replace('"A"', json.dumps(client.uri("a.ts")))
                client.open("a.ts", HARD)
                client.tell(method, json.loads(text))
                client.ask(method, json.loads(text))
        for body in (
            b"{",
            b"[]",
            b"3",
            b'"x"',
            b"[" * 100_000,
            b'{"id":{}}',
            b'{"method":3,"id":1}',
            b"\xff\xfe",
            b'{"id":1e999}',
        ):
            client.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        client.open("a.ts", HARD)
        hover = client.result("textDocument/hover", client.of("a.ts", position={"line": 0, "character": 3}))
        assert "cyclomatic" in hover["contents"]["value"]
        assert client.leave() == 0


def test_a_server_that_is_idle_uses_no_cpu(root):
    with EditorClient(root) as client:
        client.open("a.ts", HARD)
        published(client, "a.ts")
        stat = f"/proc/{client.process.pid}/stat"
        if not os.path.exists(stat):
            pytest.skip("no /proc")

        def used():
            return sum(map(int, open(stat).read().split()[13:15]))

        before = used()
        time.sleep(2)
        assert used() == before


def test_a_program_without_its_other_half_says_so(tmp_path):
    import shutil

    import complexity_guard as cg

    if len(COMMAND) == 1:
        pytest.skip("a binary holds both")
    shutil.copy(cg.__file__, tmp_path / "complexity_guard.py")
    command = [sys.executable, "-I", str(tmp_path / "complexity_guard.py"), "lsp"]
    done = subprocess.run(command, cwd=tmp_path, input="", capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "complexity_guard_server.py is not there" in done.stderr
