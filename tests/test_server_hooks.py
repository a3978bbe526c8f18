"""`complexity-guard hook`: what it installs and takes back, and what it says of an edit."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from conftest import COMMAND
from repository import repo  # noqa: F401
from samples import CONFIGURATION, function
from servers import FLAT_TOO

import complexity_guard as cg
import complexity_guard_server as server

CONFIG = {".complexityguard.json": json.dumps(CONFIGURATION)}
AGENTS = [name for name in server.HOSTS if name != "git"]


def run(root, *words, given=None, **more):
    stdin = json.dumps(given).encode() if given is not None else b""
    done = subprocess.run(
        [*COMMAND, "hook", *words], cwd=root, input=stdin, capture_output=True, timeout=60, check=False, **more
    )
    assert b"Traceback" not in done.stderr
    return done


def files_of(root):
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git/" not in str(path)
    }


# What each host's documentation has, in its own words.
INSTALLED = {
    "claude": (".claude/settings.json", lambda d: d["hooks"]["PostToolUse"][0]["hooks"][0]["command"]),
    "codex": (".codex/hooks.json", lambda d: d["hooks"]["PostToolUse"][0]["hooks"][0]["command"]),
    "cursor": (".cursor/hooks.json", lambda d: d["hooks"]["postToolUse"][0]["command"]),
    "copilot": (".github/hooks/complexity-guard.json", lambda d: d["hooks"]["postToolUse"][0]["bash"]),
}


@pytest.mark.parametrize("host", AGENTS)
def test_a_hook_is_installed_once_and_taken_back_whole(project, host):
    root = project({})
    name, command = INSTALLED[host]
    for _ in range(2):
        assert run(root, host).returncode == 0
        document = json.loads((root / name).read_text())
        assert command(document).endswith(f"hook {host} run")
        assert (root / name).read_text().count(f"hook {host} run") == (2 if host == "copilot" else 1)
    assert run(root, host, "--remove").returncode == 0
    assert files_of(root) == {}
    assert b"nothing of ours" in run(root, host, "--remove").stdout


@pytest.mark.parametrize("host", AGENTS)
def test_what_is_not_ours_stays(project, host):
    name, _ = INSTALLED[host]
    event = "PostToolUse" if host in ("claude", "codex") else "postToolUse"
    other = (
        {"matcher": "Bash", "hooks": [{"type": "command", "command": "echo é"}]}
        if event[0] == "P"
        else {"command": "echo é"}
    )
    before = {"permissions": {"allow": ["x"]}, "hooks": {"Stop": [], event: [other]}, "empty": {}, "list": []}
    root = project({name: json.dumps(before, indent=2, ensure_ascii=False) + "\n"})
    assert run(root, host).returncode == 0
    during = json.loads((root / name).read_text())
    assert during["permissions"] == before["permissions"] and during["hooks"][event][0] == other
    assert run(root, host, "--remove").returncode == 0
    after = json.loads((root / name).read_text())
    after.pop("version", None)
    assert after == before


@pytest.mark.parametrize("text", ["{", "[]", '{"hooks": []}', '{"hooks": {"PostToolUse": {}}}'])
def test_settings_that_are_not_as_they_must_be_are_left_alone(project, text):
    root = project({".claude/settings.json": text})
    done = run(root, "claude")
    assert done.returncode == 3 and b"nothing was changed" in done.stderr
    assert files_of(root) == {".claude/settings.json": text.encode()}


def test_a_skill_that_somebody_has_changed_stays(project):
    root = project({})
    run(root, "claude")
    skill = root / ".claude/skills/complexity-guard/SKILL.md"
    assert len(skill.read_text()) <= 1500
    skill.write_text(skill.read_text() + "Mine.\n")
    run(root, "claude")
    run(root, "claude", "--remove")
    assert skill.read_text().endswith("Mine.\n")


INPUTS = {
    "claude": lambda root: {"cwd": str(root), "tool_name": "Edit", "tool_input": {"file_path": str(root / "a.ts")}},
    "cursor": lambda root: {"workspace_roots": [str(root)], "tool_name": "Write", "tool_input": {"file_path": str(root / "a.ts")}},
    "copilot": lambda root: {"cwd": str(root), "toolName": "edit", "toolArgs": json.dumps({"path": str(root / "a.ts")})},
    "codex": lambda root: {"cwd": str(root), "tool_name": "apply_patch", "tool_input": {
        "command": "*** Begin Patch\n*** Update File: a.ts\n@@\n-a\n+b\n*** End Patch"}},
}  # fmt: skip
SAID = {
    "claude": lambda found: found["hookSpecificOutput"]["additionalContext"],
    "cursor": lambda found: found["additional_context"],
    "copilot": lambda found: found["additionalContext"],
    "codex": lambda found: found["hookSpecificOutput"]["additionalContext"],
}


@pytest.mark.parametrize("host", AGENTS)
def test_an_edit_that_makes_a_function_worse_is_told_and_no_other_is(repo, host):  # noqa: F811
    repo.write({"a.ts": function("f", 2), **CONFIG}).commit()
    given = INPUTS[host](repo.root)
    for ifs, says in ((2, False), (4, False), (12, True), (1, False)):
        repo.write({"a.ts": function("f", ifs)})
        done = run(repo.root.parent, host, "run", given=given)
        assert done.returncode == 0
        assert bool(done.stdout) == says, (ifs, done)
        if says:
            words = SAID[host](json.loads(done.stdout))
            assert "a.ts:1 error: 'f' has cyclomatic complexity 13 (error above 10, +10 since HEAD)" in words
            assert "line 1 +12 if, if" in words and "Split the function" in words


def test_an_agent_is_told_what_to_extract(repo):  # noqa: F811
    repo.write({"a.ts": "let a\n", **CONFIG}).commit()
    repo.write({"a.ts": "function f(c) {\n" + "".join(f"  if (c.a{n} && c.b{n}) c.d();\n" for n in range(9)) + "}\n"})
    words = SAID["claude"](json.loads(run(repo.root, "claude", "run", given=INPUTS["claude"](repo.root)).stdout))
    assert "\nf: extracting lines " in words and "takes cyclomatic from 19 to " in words
    assert len(words) <= server.MOST_SAID


def test_many_findings_are_told_in_few_words(repo):  # noqa: F811
    repo.write({"a.ts": "let a\n", **CONFIG}).commit()
    text = "".join(function(f"f{number}" * 50, 40) for number in range(50))
    repo.write({"a.ts": text.replace(" if", "\nif")})  # on one line each, they would be minified code
    words = SAID["claude"](json.loads(run(repo.root, "claude", "run", given=INPUTS["claude"](repo.root)).stdout))
    assert len(words) <= server.MOST_SAID
    assert words.endswith("and 47 more: complexity-guard --changed")


@pytest.mark.parametrize("name", ["函数複雑" * 40, "𝔁𝓎𝕫" * 40, "plain", "x1" * 80])
def test_a_name_that_takes_many_tokens_leaves_room_for_the_rest(project, name):
    """A byte of another script may be a token; a name is cut, and the number, the lines and the advice are still there."""
    workspace = cg.Workspace(project({".complexityguard.json": FLAT_TOO}))
    view = workspace.look("a.ts", function(name, 40).replace(" if", "\nif"), "let a\n")
    words = server.told([("a.ts", finding) for finding in view.findings])
    plain = words.encode("ascii", "ignore").decode()
    assert len(plain) / 4 + len(words.encode()) - len(plain) <= 300
    assert "cognitive complexity 40 " in words and "line 2 +1 if" in words and "Return early" in words


@pytest.mark.parametrize(
    "given",
    [None, [], 3, {}, {"tool_input": 3}, {"tool_input": {"file_path": 3}}, {"tool_input": {"file_path": "a\0.ts"}},
     {"tool_input": {"file_path": "nowhere.ts"}}, {"tool_input": {"file_path": "a.css"}}, {"cwd": "/nowhere", "toolArgs": "{"},
     {"tool_input": {"file_path": "--output=x.ts"}}, {"cwd": 3, "workspace_roots": 3}],
)  # fmt: skip
def test_an_agent_is_never_held_up(project, given):
    root = project({"a.css": "", "b.ts": function("f", 99)})
    for host in AGENTS:
        done = run(root, host, "run", given=given)
        assert (done.returncode, done.stdout) == (0, b"")


def test_git_commits_what_is_no_worse(repo):  # noqa: F811
    repo.write({"a.ts": function("f", 2), **CONFIG}).commit()
    assert run(repo.root, "git").returncode == 0
    environment = os.environ | {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }

    def commit(ifs):
        repo.write({"a.ts": function("f", ifs)})
        repo.git("add", "a.ts")
        command = ["git", "commit", "-qm", "x"]
        return subprocess.run(
            command, cwd=repo.root, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    assert commit(4).returncode == 0
    refused = commit(12)
    assert refused.returncode != 0 and "cyclomatic complexity 13" in refused.stderr
    assert run(repo.root, "git", "--remove").returncode == 0
    assert commit(13).returncode == 0


def test_a_script_of_somebody_else_stays(repo):  # noqa: F811
    script = repo.root / ".git" / "hooks" / "pre-commit"
    script.parent.mkdir(exist_ok=True)
    script.write_text("#!/bin/sh\nmake test\n")
    done = run(repo.root, "git")
    assert done.returncode == 3 and b"add this line" in done.stderr
    assert b"nothing of ours" in run(repo.root, "git", "--remove").stdout
    assert script.read_text() == "#!/bin/sh\nmake test\n"


@pytest.mark.parametrize(("words", "code"), [(["nobody"], 3), (["claude", "walk"], 3), ([], 3), (["git"], 3)])
def test_what_cannot_be_is_refused(tmp_path, words, code):
    assert run(tmp_path, *words).returncode == code
