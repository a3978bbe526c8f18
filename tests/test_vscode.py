"""The extension for VS Code: its manifest says what its code does, and its client is driven against the real server.

The editor here is tests/vscode/host.js; `make extension-check` drives the same with the protocol's own library, and has vsce look at
what is packed. Node alone is needed: nothing is fetched."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import COMMAND, ROOT
from samples import CONFIGURATION, function

import complexity_guard_server as server
import pack_vscode
import release
import targets

FOLDER = ROOT / "build" / "vscode"
HOST = ROOT / "tests" / "vscode"
CLIENT = (FOLDER / "src" / "extension.js").read_text("utf-8")
MANIFEST = json.loads((FOLDER / "package.json").read_text("utf-8"))
GIVES = MANIFEST["contributes"]
SETTINGS = GIVES["configuration"]["properties"]
PROGRAM = "complexity-guard"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")
needs_node = pytest.mark.needs("node")


# ── The manifest ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_command_that_is_offered_is_there():
    registered = set(re.findall(r"registerCommand\(`\$\{SECTION\}\.(\w+)`", CLIENT))
    offered = {row["command"].removeprefix("complexityGuard.") for row in GIVES["commands"]}
    assert registered == offered
    texts = json.dumps(GIVES["walkthroughs"])
    assert set(re.findall(r"command:complexityGuard\.(\w+)", texts)) <= registered


def test_commands_are_not_those_of_the_server():
    """Whose names the client library registers by itself: two of one name, and the extension does not start."""
    assert not {row["command"] for row in GIVES["commands"]} & set(server.COMMANDS)


def test_settings_are_what_the_server_takes():
    assert tuple(SETTINGS["complexityGuard.codeLens"]["enum"]) == server.LENSES
    options = server.Options()
    assert SETTINGS["complexityGuard.codeLens"]["default"] == options.lens
    assert SETTINGS["complexityGuard.inlayHints"]["default"] == options.hints
    read = set(re.findall(r'setting\("(\w+)"\)', CLIENT))
    assert {f"complexityGuard.{name}" for name in read} == set(SETTINGS) - {"complexityGuard.trace.server"}


def test_it_starts_for_the_languages_that_it_serves():
    languages = json.loads(re.search(r"LANGUAGES = (\[.*?\])", CLIENT)[1])
    assert MANIFEST["activationEvents"] == [f"onLanguage:{name}" for name in languages]


def test_a_workspace_that_nobody_trusts_names_no_program():
    assert MANIFEST["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] == ["complexityGuard.path"]
    assert SETTINGS["complexityGuard.path"]["scope"] == "machine-overridable"


def test_what_the_walkthrough_shows_is_there():
    steps = [step for walk in GIVES["walkthroughs"] for step in walk["steps"]]
    shown = {step["media"]["markdown"] for step in steps}
    assert shown == {f"walkthrough/{path.name}" for path in (FOLDER / "walkthrough").iterdir()}


def test_configurations_have_a_schema_and_their_language():
    """Names that the program looks for, and no others."""
    (row,) = GIVES["jsonValidation"]
    (language,) = GIVES["languages"]
    assert row["fileMatch"] == language["filenames"]
    assert {f"**/{name}" for name in row["fileMatch"]} < set(server.WATCHED)


def test_the_lock_pins_everything_and_names_no_place():
    lock = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))
    packages = {name: row for name, row in lock["packages"].items() if name}
    assert lock["packages"][""]["devDependencies"] == MANIFEST["devDependencies"]
    assert all(re.fullmatch(r"[\d.]+", version) for version in MANIFEST["devDependencies"].values())
    assert all("integrity" in row and "resolved" not in row for row in packages.values())


def test_the_manifest_that_is_packed(monkeypatch):
    made = pack_vscode.manifest()
    assert made["version"] == targets.version() and "private" not in made and "repository" not in made
    monkeypatch.setattr(release, "home_page", lambda: "https://github.com/someone/guard")
    assert pack_vscode.manifest()["repository"]["url"] == "https://github.com/someone/guard.git"


def test_each_platform_has_one_binary():
    """What VS Code 1.101 calls its platforms, but for those of the web and of 32-bit ARM, for which nothing is built."""
    platforms = [name for triple in targets.TARGETS for name in pack_vscode.platforms_of(triple)]
    assert sorted(platforms) == [
        "alpine-arm64", "alpine-x64", "darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "win32-arm64", "win32-x64",
    ]  # fmt: skip


# ── The program ──────────────────────────────────────────────────────────────────────────────────────────────────────


def program_in(folder: Path, mode: int = 0o755) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PROGRAM
    path.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.join(COMMAND)} "$@"\n')
    path.chmod(mode)
    return str(path)


def install(project: Path, *, is_nested: bool = False) -> str:
    """As a package manager lays it out; where each package sees its own dependencies alone, too."""
    modules = project / "node_modules"
    machine = os.uname().machine
    name = f"{sys.platform}-{'x64' if machine == 'x86_64' else 'arm64'}"
    shim = modules / ".store" / PROGRAM / "node_modules" / PROGRAM if is_nested else modules / PROGRAM
    shim.mkdir(parents=True)
    (shim / "package.json").write_text(json.dumps({"name": PROGRAM, "exports": {"./package.json": "./package.json"}}))
    if is_nested:
        (modules / PROGRAM).symlink_to(shim, target_is_directory=True)
    return program_in(shim.parent / f"@{PROGRAM}" / name)


def found(cases: list[dict]) -> list:
    program = ["node", str(HOST / "find.js"), str(FOLDER / "src" / "binary.js")]
    done = subprocess.run(program, input=json.dumps(cases).encode(), capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


@needs_node
def test_the_program_that_is_found(tmp_path):
    """In order: the setting, the workspace's, the path's, ours. What is set and not there is said."""
    hoisted, nested, empty = (tmp_path / name for name in ("hoisted", "nested ü", "empty"))
    installed, below = install(hoisted), install(nested, is_nested=True)
    set_to, named, ours = (program_in(tmp_path / name) for name in ("set", "path", "ours/bin"))
    unzipped = program_in(tmp_path / "unzipped" / "bin", 0o644)
    empty.mkdir()
    program_in(empty / "relative")
    (tmp_path / "folders" / PROGRAM).mkdir(parents=True)
    path = f"relative:{tmp_path}/nowhere:{tmp_path}/folders:{Path(named).parent}"
    plain = {
        "setting": "",
        "folders": [str(empty)],
        "isTrusted": True,
        "carriedIn": str(tmp_path / "ours"),
        "environment": {},
    }
    cases = [
        ({"setting": set_to, "folders": [str(hoisted)]}, {"from": "setting", "path": set_to}),
        ({"setting": f"${{workspaceFolder}}/../set/{PROGRAM}"}, {"from": "setting", "path": set_to}),
        ({"setting": "/no/where", "folders": [str(hoisted)]}, "complexityGuard.path: /no/where is no program"),
        ({"setting": str(tmp_path)}, f"complexityGuard.path: {tmp_path} is no program"),
        ({"folders": [str(empty), str(hoisted)]}, {"from": "workspace", "path": installed}),
        ({"folders": [str(nested)]}, {"from": "workspace", "path": below}),
        ({"folders": [str(hoisted)], "isTrusted": False}, {"from": "extension", "path": ours}),
        ({"folders": [str(hoisted)], "environment": {"PATH": path}}, {"from": "workspace", "path": installed}),
        ({"environment": {"Path": path}}, {"from": "path", "path": named}),
        ({"environment": {"PATH": "relative"}}, {"from": "extension", "path": ours}),
        ({"folders": []}, {"from": "extension", "path": ours}),
        ({"carriedIn": str(tmp_path / "unzipped")}, {"from": "extension", "path": unzipped}),
    ]
    assert found([plain | case for case, _ in cases]) == [expected for _, expected in cases]
    (words,) = found([plain | {"carriedIn": str(empty)}])
    assert words.startswith("complexity-guard was not found: this extension carries none for ")


# ── The client ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def root(project) -> Path:
    return project({"a.ts": function("hard", 12), ".complexityguard.json": json.dumps(CONFIGURATION)})


def told_by(root: Path, *steps: str, settings: dict | None = None, **more: object) -> dict:
    """What an editor has been told, after these steps; a program of ours is on no path."""
    ours = program_in(root.parent / "ours" / "bin")
    plain = {name: row["default"] for name, row in SETTINGS.items()}
    script = {
        "settings": plain | (settings or {}), "folders": [str(root)], "extensionPath": str(Path(ours).parent.parent),
        "diagnostics": [], "steps": steps, **more,
    }  # fmt: skip
    environment = {
        **os.environ, "SCRIPT": json.dumps(script), "EXTENSION": str(FOLDER / "src" / "extension.js"),
        "PATH": f"{root.parent / 'bin'}:/usr/bin:/bin",
    }  # fmt: skip
    done = subprocess.run(
        ["node", str(HOST / "host.js")], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["left"] == 0  # no server outlives the editor
    return told


@needs_node
def test_it_starts_the_server_with_the_settings(root):
    told = told_by(root, settings={"complexityGuard.codeLens": "all", "complexityGuard.inlayHints": True})
    assert told["options"] == {"codeLens": "all", "inlayHints": True}
    assert told["arguments"] == ["lsp"] and told["running"] == [True] and not told["errors"]
    assert told["status"]["text"] == "$(pulse) Complexity"
    assert re.fullmatch(
        rf"info: \S+/ours/bin/complexity-guard \(from the extension\), {targets.version()}", told["log"][0]
    )


@needs_node
def test_the_status_bar_counts_our_findings(root):
    others = [{"source": "ts"}, {"source": "complexity-guard"}, {"source": "complexity-guard"}]
    told = told_by(root, "show", diagnostics=others)
    assert told["status"]["text"] == "$(pulse) Complexity 2"
    assert "2 findings" in told["status"]["tooltip"]


@needs_node
def test_the_report_is_the_page_as_it_is(root):
    """Once more in the same panel. It brings its policy: scripts of its own, and nothing from anywhere."""
    told = told_by(root, "report", "report")
    (panel,) = told["panels"]
    assert panel["title"] == f"Complexity: {root.name}"
    assert panel["html"].startswith("<!doctype html>") and panel["html"].rstrip().endswith("</html>")
    assert "default-src 'none'" in panel["html"] and "hard" in panel["html"]
    assert panel["options"] == {
        "enableScripts": True, "enableFindWidget": True, "retainContextWhenHidden": True, "localResourceRoots": [],
    }  # fmt: skip


@needs_node
def test_a_report_is_of_the_folder_that_is_chosen(root, tmp_path_factory):
    other = tmp_path_factory.mktemp("other ü %")
    (other / "b.ts").write_text(function("second", 3))
    told = told_by(root, "menu", folders=[str(root), str(other)], choice="Report on a folder")
    assert told["folders"] == [str(root), str(other)]
    (panel,) = told["panels"]
    assert panel["title"] == f"Complexity: {other.name}" and "second" in panel["html"]


@needs_node
def test_a_cancelled_report_says_nothing(root):
    """It is cancelled while its run starts up."""
    told = told_by(root, "report", cancels=True)
    assert told["panels"] == [] and told["errors"] == []


@needs_node
def test_without_a_folder_there_is_no_report(root):
    told = told_by(root, "report", folders=[])
    assert told["infos"] == ["ComplexityGuard: open a folder for a report on it"] and not told["panels"]


@needs_node
def test_restarts_leave_one_server(root):
    told = told_by(root, "both", "restart")
    assert told["running"] == [False, False, False, True]


@needs_node
def test_another_program_is_another_server(root):
    other = program_in(root.parent / "other")
    told = told_by(root, "change", "restart", changed={"complexityGuard.path": other})
    assert f"info: {other} (from the setting), {targets.version()}" in told["log"]
    assert sum(told["running"]) == 1


@needs_node
@pytest.mark.parametrize(
    ("program", "words"),
    [("/no/where", "/no/where is no program"), ("broken", "EXEC|ENOENT|ENOEXEC|spawn")],
)
def test_what_does_not_start_says_so_once(root, program, words):
    (root / "broken").write_text("#!/no/such/interpreter\n")
    (root / "broken").chmod(0o755)
    told = told_by(root, settings={"complexityGuard.path": program}, choice="Settings")
    (error,) = told["errors"]
    assert re.search(words, error)
    assert told["status"]["text"] == "$(error) Complexity" and re.search(words, told["status"]["tooltip"])
    assert told["asked"] == [["workbench.action.openSettings", "complexityGuard"]]


@needs_node
def test_agents_are_offered_a_server_for_each_folder(root, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    told = told_by(root, folders=[str(root), str(other)])
    assert [row["args"] for row in told["servers"]] == [["mcp", str(root)], ["mcp", str(other)]]
    assert {row["version"] for row in told["servers"]} == {targets.version()}


@needs_node
@pytest.mark.parametrize("lack", ["isOld", "refuses"])
def test_an_editor_without_servers_for_agents_is_one_all_the_same(root, lack):
    """Before 1.101 there is no way to offer them, or it is another: 1.100 throws."""
    told = told_by(root, **{lack: True})
    assert told["running"] == [True] and "servers" not in told
