"""Changed code only, in real repositories, --since, --changed and --staged; and --diff where there is no git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from repository import CONFIG, GIT, START, Repo, words
from repository import repo as repo
from samples import function

import complexity_guard as cg

# Which versions are compared


def test_what_main_did_meanwhile_is_not_ours(repo):
    repo.git("checkout", "-qb", "feature")
    repo.commit({"lib/c.ts": function("five", 3)})
    repo.git("checkout", "-q", "main")
    repo.commit({"b.ts": function("four", 2)})
    repo.git("checkout", "-q", "feature")
    assert words(repo.run("--since", "main", ".")) == {"five": "worse"}


def test_a_merge_commit_is_compared_from_where_the_histories_met(repo):
    repo.git("checkout", "-qb", "feature")
    repo.commit({"lib/c.ts": function("five", 12)})
    repo.git("checkout", "-q", "main")
    repo.commit({"b.ts": function("four", 22)})
    repo.git("checkout", "-q", "feature")
    repo.git("merge", "-q", "--no-edit", "main")
    assert words(repo.run("--since", "main", ".")) == {"five": "worse"}  # all of main is in us
    assert words(repo.run("--since", "HEAD^1", ".")) == {"four": "worse"}  # what the merge brought


def test_a_commit_is_found_by_its_message_too(repo):
    repo.commit({"b.ts": function("four", 22)})
    assert words(repo.run("--since", ":/step", ".")) == {}
    assert words(repo.run("--since", "main^{/^step}~1", ".")) == {"four": "worse"}


def test_histories_without_a_common_beginning(repo):
    repo.git("checkout", "-q", "--orphan", "fresh")
    repo.commit({"b.ts": function("four", 22)})
    assert words(repo.run("--since", "main", ".")) == {"four": "worse"}


def test_the_index_is_compared_and_not_the_work_tree(repo):
    repo.write({"a.ts": START["a.ts"] + function("six", 12)}).git("add", "a.ts")
    repo.write({"a.ts": START["a.ts"] + function("seven", 12), "b.ts": function("four", 30)})
    result = repo.run("--staged", ".")
    assert words(result) == {"six": "new"}


def test_before_the_first_commit_all_is_new(guard, tmp_path):
    repo = Repo(guard, tmp_path / "r").write(CONFIG | START)
    assert set(words(repo.run("--changed", ".")).values()) == {"new"}
    assert words(repo.run("--staged", ".")) == {}
    repo.git("add", "b.ts")
    assert words(repo.run("--staged", ".")) == {"four": "new"}
    assert (
        "has no commits yet" in repo.run("--since", "HEAD", ".").err
        or "no such commit" in repo.run("--since", "HEAD", ".").err
    )


def test_untracked_files_are_new_and_ignored_ones_are_not_there(repo):
    repo.commit({".gitignore": "gen.ts\n"})
    repo.write({"gen.ts": function("g", 20), "own.ts": function("own", 2)})
    assert words(repo.run("--changed", ".")) == {"own": "new"}


def test_from_a_folder_inside_and_from_outside(repo):
    repo.write({"lib/c.ts": function("five", 12), "a.ts": START["a.ts"].replace("two_", "deux_")})
    assert words(repo.run("--changed", ".", cwd=repo.root / "lib")) == {"five": "worse"}
    assert words(repo.run("--changed", str(repo.root), cwd=repo.root.parent)) == {"five": "worse", "two": "unchanged"}
    assert words(repo.run("--changed", "r/lib/c.ts", cwd=repo.root.parent)) == {"five": "worse"}


def test_two_repositories_at_once(repo, guard, tmp_path):
    other = Repo(guard, tmp_path / "s").commit(START)
    other.write({"b.ts": function("four", 23)})
    repo.write({"lib/c.ts": function("five", 12)})
    result = repo.run("-c", str(repo.root / ".complexityguard.json"), "--changed", "r", "s", cwd=tmp_path)
    assert words(result) == {"five": "worse", "four": "worse"}


def test_links_and_files_that_change_places(repo):
    (repo.root / "link.ts").symlink_to("a.ts")
    repo.commit()
    (repo.root / "link.ts").unlink()
    repo.write({"link.ts": function("six", 12)})
    assert words(repo.run("--changed", ".")) == {"six": "new"}


NAMES = ("with space.ts", 'quo"te.ts', "späße.ts", "-dash.ts", "tab\there.ts", "line\nbreak.ts", "[x].ts", "a b/c'd.ts")


@pytest.mark.skipif(os.name == "nt", reason="such names are not possible there")
def test_names_of_all_kinds(repo, tmp_path):
    repo.commit({name: function("f", 11) for name in NAMES})
    repo.write({name: function("f", 13) for name in NAMES})
    result = repo.run("--changed", ".")
    assert {file["path"]: [f["change"] for f in file["functions"]] for file in result.json["files"]} == {
        name: ["worse"] for name in NAMES
    }
    diff = repo.git("diff").encode()
    again = repo.run("--diff", "-", ".", stdin=diff, env={"PATH": str(tmp_path)})
    assert again.json["files"] == json.loads(result.out.replace('"HEAD"', '"the old version"'))["files"]


def test_a_conflict_is_compared_with_its_base(repo):
    repo.git("checkout", "-qb", "feature")
    repo.commit({"b.ts": function("four", 21)})
    repo.git("checkout", "-q", "main")
    repo.commit({"b.ts": function("four", 22)})
    subprocess.run(
        ["git", "merge", "feature"], cwd=repo.root, env={**os.environ, **GIT}, capture_output=True, check=False
    )
    assert repo.run("--changed", ".").json["files"][0]["path"] == "b.ts"
    result = repo.run("--staged", ".")
    assert result.code == 3 and "b.ts: in conflict" in result.err


# Submodules


@pytest.fixture
def nested(repo, guard, tmp_path):
    """A repository with another one as a submodule in vendored/."""
    inner = Repo(guard, tmp_path / "inner").commit({"in.ts": function("inner", 12)})
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.root), "vendored")
    repo.commit()
    return repo


def test_an_edit_in_a_submodule(nested):
    nested.write({"vendored/in.ts": function("inner", 14), "lib/c.ts": function("five", 3)})
    assert words(nested.run("--changed", ".")) == {"inner": "worse", "five": "worse"}


def test_a_submodule_at_another_commit(nested):
    inner = Repo.__new__(Repo)
    inner.guard, inner.root = nested.guard, nested.root / "vendored"
    inner.commit({"in.ts": function("inner", 14)})
    assert words(nested.run("--since", "main", ".")) == {"inner": "worse"}
    nested.git("add", "vendored")
    inner.write({"in.ts": function("inner", 20)})
    ((found,),) = [f["violations"] for file in nested.run("--staged", ".").json["files"] for f in file["functions"]]
    assert found["value"] == 15  # as it is staged


def test_a_submodule_that_is_not_checked_out(nested):
    nested.git("submodule", "deinit", "-q", "-f", "vendored")
    nested.write({"lib/c.ts": function("five", 3)})
    assert words(nested.run("--changed", ".")) == {"five": "worse"}


def test_another_repository_inside_is_named(repo, guard):
    Repo(guard, repo.root / "clone").commit({"x.ts": function("x", 12)})
    result = repo.run("--changed", ".")
    assert "clone/ is another repository" in result.err


# What is refused


def refusal(result) -> str:
    assert (result.code, result.out) == (3, "") and "Traceback" not in result.err
    return result.err


@pytest.mark.parametrize(
    "ref",
    ["nowhere", "main:a.ts", "main..HEAD", "HEAD~99", "HEAD^{tree}", "@{upstream}", "a b", "ä", "^HEAD", ":/nothing"],
)
def test_an_unknown_commit(repo, ref):
    assert f"--since {ref}: no such commit" in refusal(repo.run("--since", ref, "."))


@pytest.mark.parametrize("ref", ["--output=x", "-p", " ", ""])
def test_what_can_be_no_commit(repo, ref):
    refusal(repo.run(f"--since={ref}", "."))
    assert not (repo.root / "x").exists()


def test_no_repository(guard, tmp_path, repo):
    (tmp_path / "a.ts").write_text(function("a", 3))
    assert "not a git repository" in refusal(repo.run("--changed", ".", cwd=tmp_path))
    assert "not a git repository" in refusal(repo.run("--changed", ".", "../a.ts"))


def test_no_git(repo, tmp_path):
    assert "git is not installed" in refusal(repo.run("--changed", ".", env={"PATH": str(tmp_path)}))


def git_that(tmp_path: Path, script: str) -> dict[str, str]:
    """An environment where git is this script."""
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": f"{program.parent}:{os.environ['PATH']}"}


@pytest.mark.parametrize(("script", "message"), [
    ("exit 0", "git does not say where its repository begins"),
    ("echo nowhere", "git does not say where its repository begins"),
    ("kill -9 $$", "git rev-parse failed"),
    ("echo fatal: no >&2; exit 1", "r: no"),
], ids=["silence", "nonsense", "killed", "a refusal"])  # fmt: skip
def test_a_git_that_does_not_work(repo, tmp_path, script, message):
    assert message in refusal(repo.run("--changed", ".", env=git_that(tmp_path, script)))


def test_a_git_that_never_answers(repo, tmp_path, monkeypatch):
    monkeypatch.setattr(cg, "GIT_SECONDS", 0.5)
    with pytest.raises(cg.GitError, match=r"git rev-parse gives no answer within 0\.5 s"):
        cg.Repository(str(repo.root), {**os.environ, **git_that(tmp_path, "sleep 60")})


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_someone_else(repo):
    os.chown(repo.root, 65534, 65534)
    os.chown(repo.root / ".git", 65534, 65534)
    message = refusal(repo.run("--changed", ".", env={"SUDO_UID": ""}))
    assert f"git config --global --add safe.directory {repo.root}" in message


def test_a_partial_clone_without_its_origin(repo, tmp_path):
    repo.commit({"b.ts": function("four", 25)}).git("config", "uploadpack.allowFilter", "true")
    partial = tmp_path / "partial"
    repo.git("clone", "-q", "--filter=blob:none", f"file://{repo.root}", str(partial))
    moved = repo.root.rename(tmp_path / "moved")
    message = refusal(repo.run("--since", "HEAD~1", ".", cwd=partial))
    assert "this clone is partial, and what it lacks cannot be fetched now" in message
    moved.rename(repo.root)
    assert words(repo.run("--since", "HEAD~1", ".", cwd=partial)) == {"four": "worse"}


def test_standard_input_has_no_older_version(repo):
    assert "standard input" in refusal(repo.run("--changed", "-", stdin=b""))


def test_a_shallow_clone(repo, tmp_path):
    repo.git("checkout", "-qb", "feature")
    repo.commit({"lib/c.ts": function("five", 3)})
    repo.git("checkout", "-q", "main")
    repo.commit({"b.ts": function("four", 2)})
    shallow = tmp_path / "shallow"
    repo.git("clone", "-q", "--depth", "1", "--branch", "feature", f"file://{repo.root}", str(shallow))
    assert "this clone is shallow: fetch it first" in refusal(repo.run("--since", "origin/main", ".", cwd=shallow))
    subprocess.run(
        ["git", "fetch", "-q", "--depth", "1", "origin", "main:refs/remotes/origin/main"],
        cwd=shallow,
        env={**os.environ, **GIT},
        check=True,
    )
    assert "too shallow" in refusal(repo.run("--since", "origin/main", ".", cwd=shallow))
    subprocess.run(["git", "fetch", "-q", "--unshallow"], cwd=shallow, env={**os.environ, **GIT}, check=True)
    assert words(repo.run("--since", "origin/main", ".", cwd=shallow)) == {"five": "worse"}


# What a repository cannot make us do


@dataclass
class Trap:
    """A program that leaves a word when it runs, and does nothing else."""

    program: Path
    marker: Path

    def sprung(self) -> bool:
        """Whether it ran; it is set again."""
        ran = self.marker.exists()
        self.marker.unlink(missing_ok=True)
        return ran


@pytest.fixture
def trap(tmp_path):
    if os.name == "nt":
        pytest.skip("needs a shell")
    program, marker = tmp_path / "bin" / "trap", tmp_path / "ran"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch '{marker}'\ncat \"$@\" 2>/dev/null\n")
    program.chmod(0o755)
    return Trap(program, marker)


READ_BY = [
    ("filter.trap.clean", "diff"), ("filter.trap.process", "diff"), ("filter.A-B+'ß.clean", "diff"),
    ("diff.external", "diff"), ("diff.trap.command", "diff"), ("diff.trap.textconv", "diff"),
    ("core.fsmonitor", "status"), ("core.pager", ""), ("core.editor", ""), ("core.askPass", ""), ("credential.helper", ""),
]  # fmt: skip


@pytest.mark.parametrize(("key", "command"), READ_BY, ids=[key for key, _ in READ_BY])
def test_a_program_of_the_configuration_does_not_run(repo, trap, key, command):
    repo.commit({".gitattributes": f"*.ts diff=trap filter={key.split('.')[1]}\n", "c.ts": function("c", 12)})
    repo.write({"b.ts": function("four", 23), "new.ts": function("new", 1)}).git("mv", "c.ts", "d.ts")
    repo.write({"d.ts": function("c", 13)})
    repo.git("config", key, str(trap.program))
    index = (repo.root / ".git/index").read_bytes()
    for how in (["--changed"], ["--staged"], ["--since", "main"]):
        assert repo.run(*how, ".").code in (0, 1)
        assert not trap.sprung()
    assert (repo.root / ".git/index").read_bytes() == index
    if command:
        subprocess.run(["git", command], cwd=repo.root, env={**os.environ, **GIT}, capture_output=True, check=False)
        assert trap.sprung(), "the trap is none"


@pytest.mark.parametrize(
    "hook", ["post-index-change", "pre-commit", "post-checkout", "fsmonitor-watchman", "pre-auto-gc"]
)
def test_a_hook_does_not_run(repo, trap, hook):
    (repo.root / ".git/hooks").mkdir(exist_ok=True)
    shutil.copy(trap.program, repo.root / ".git/hooks" / hook)
    repo.write({"b.ts": function("four", 23), "c.ts": function("c", 1)})
    for how in (["--changed"], ["--staged"], ["--since", "main"]):
        assert repo.run(*how, ".").code in (0, 1)
    assert not trap.sprung()


@pytest.mark.parametrize("key", ["filter.trap.clean", "filter.trap.process", "core.fsmonitor"])
def test_a_program_of_a_submodule_does_not_run(nested, trap, key):
    inner = Repo.__new__(Repo)
    inner.guard, inner.root = nested.guard, nested.root / "vendored"
    inner.commit({".gitattributes": "*.ts filter=trap\n"}).git("config", key, str(trap.program))
    nested.git("add", "vendored")
    nested.git("commit", "-qm", "the attributes")
    trap.sprung()
    inner.write({"in.ts": function("inner", 12).replace("b1(", "c1(")})  # of the same size: git must read it
    assert words(nested.run("--changed", ".")) == {"inner": "unchanged"}
    assert words(nested.run("--since", "main~1", ".")) == {"inner": "unchanged"}
    assert not trap.sprung()
    subprocess.run(["git", "diff"], cwd=nested.root, env={**os.environ, **GIT}, capture_output=True, check=False)
    assert trap.sprung(), "the trap is none"


def test_a_filter_whose_name_would_let_it_slip_through_is_refused(repo, trap):
    repo.git("config", "filter.a=b.clean", str(trap.program))
    assert "cannot be switched off: filter.a=b.clean" in refusal(repo.run("--changed", "."))


@pytest.mark.parametrize("key", ["filter.trap.clean", "core.sshCommand"])
def test_a_git_that_does_not_tell_where_a_setting_is_from(repo, tmp_path, trap, key):
    """Before 2.26: all are taken for the repository's."""
    old = trap.program.parent / "git"
    old.write_text(
        f'#!/bin/sh\nfor word; do [ "$word" = --show-scope ] && exit 129; done\nexec {shutil.which("git")} "$@"\n'
    )
    old.chmod(0o755)
    repo.commit({".gitattributes": "*.ts filter=trap\n", "c.ts": function("c", 12)})
    repo.git("mv", "c.ts", "d.ts")
    repo.write({"d.ts": function("c", 13)}).git("config", key, str(trap.program))
    result = repo.run("--changed", ".", env={"PATH": f"{old.parent}:{os.environ['PATH']}"})
    assert (words(result), trap.sprung()) == ({"c": "worse"}, False)
    environment = {**os.environ, **GIT, "PATH": f"{old.parent}:{os.environ['PATH']}"}
    disarmed = cg.Repository(str(repo.root), environment).disarmed
    assert f"{key.lower() if 'core' in key else key}={'ssh' if 'core' in key else ''}" in disarmed


def test_a_git_in_the_repository_is_not_git(repo, trap):
    """A relative part of PATH leads there, and so does Windows."""
    shutil.copy(trap.program, repo.root / "git")
    assert repo.run("--changed", ".", env={"PATH": f".::{os.environ['PATH']}"}).code == 0
    assert not trap.sprung()


# What a partial clone lacks is fetched: by git, by the user's programs, and by none that only the repository names

FETCHED_BY = {
    "uploadpack": {"remote.origin.uploadpack": "TRAP"},
    "ssh": {"remote.origin.url": "ssh://127.0.0.1:1/x", "core.sshCommand": "TRAP"},
    "git's proxy": {"remote.origin.url": "git://127.0.0.1:1/x", "core.gitProxy": "TRAP"},
    "ext::": {"remote.origin.url": "ext::TRAP x", "protocol.ext.allow": "always"},
    "another helper": {"remote.origin.url": "trap::x"},
    "another version control": {"remote.origin.vcs": "trap"},
    "credentials": {"remote.origin.url": "HTTP", "credential.helper": "TRAP"},
    "credentials of a place": {"remote.origin.url": "HTTP", "credential.http://127.0.0.1.helper": "TRAP"},
    "what other clones have": {"core.alternateRefsCommand": "TRAP"},
    "a password": {"remote.origin.url": "HTTP", "core.askPass": "TRAP"},
}


@pytest.fixture
def partial(repo, tmp_path):
    """A clone that lacks the older version of b.ts."""
    repo.commit({"b.ts": function("four", 25)}).git("config", "uploadpack.allowFilter", "true")
    clone = Repo(repo.guard, tmp_path / "partial")
    shutil.rmtree(clone.root)
    repo.git("clone", "-q", "--filter=blob:none", f"file://{repo.root}", str(clone.root))
    return clone


class Locked(BaseHTTPRequestHandler):
    """A server that wants a name and a password."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="x"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def locked():
    with ThreadingHTTPServer(("127.0.0.1", 0), Locked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/x"
        server.shutdown()


@pytest.fixture
def open_environment(trap):
    """Where git may use any transport, and finds a helper of the trap's."""
    (trap.program.parent / "git-remote-trap").symlink_to("trap")
    path = f"{os.environ['PATH']}:{trap.program.parent}"
    return {**{name: value for name, value in GIT.items() if name != "GIT_ALLOW_PROTOCOL"}, "PATH": path}


@pytest.mark.parametrize("name", FETCHED_BY)
def test_no_program_of_the_repository_fetches(partial, trap, locked, open_environment, name):
    for key, value in FETCHED_BY[name].items():
        place = key.replace("http://127.0.0.1", locked.removesuffix("/x"))
        partial.git("config", place, value.replace("TRAP", str(trap.program)).replace("HTTP", locked))
    elsewhere = Repo(partial.guard, partial.root.parent / "elsewhere").commit({"x.ts": "x();\n"})
    (partial.root / ".git/objects/info/alternates").write_text(f"{elsewhere.root}/.git/objects\n")
    args = ("--since", "HEAD~1", ".")
    done = partial.guard(*args, cwd=partial.root, env=open_environment, timeout=60)
    assert not trap.sprung()
    assert done.code == 3 or words(partial.run(*args)) == {"four": "worse"}
    if done.code == 3:
        environment = {**os.environ, **open_environment, "GIT_TERMINAL_PROMPT": "0"}
        plain = ["git", "cat-file", "-p", "HEAD~1:b.ts"]
        subprocess.run(plain, cwd=partial.root, env=environment, capture_output=True, check=False, timeout=60)
        assert trap.sprung(), "the trap is none"


def test_a_program_of_the_user_fetches(partial, trap, locked, open_environment, tmp_path):
    """Though the repository names one of its own."""
    own = tmp_path / "own"
    own.write_text(trap.program.read_text().replace("ran", "own-ran"))
    own.chmod(0o755)
    (tmp_path / "gitconfig").write_text(f"[credential]\n\thelper = {own}\n")
    for key, value in {"remote.origin.url": locked, "credential.helper": str(trap.program)}.items():
        partial.git("config", key, value)
    environment = {**open_environment, "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig")}
    assert partial.guard("--since", "HEAD~1", ".", cwd=partial.root, env=environment).code == 3
    assert (tmp_path / "own-ran").exists() and not trap.sprung()


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
@pytest.mark.parametrize("args", [["-a"], ["b.ts"]], ids=["all", "one file"])
def test_as_a_hook_it_sees_the_index_of_the_commit(repo, args):
    """`git commit -a` and `git commit FILE` commit from an index of their own, which only the hook is told of."""
    out = repo.root.parent / "out.json"
    hook = repo.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\nexec "
        + " ".join(f"'{word}'" for word in (*repo.guard.command, "-f", "json", "--staged", "-o", str(out), "."))
        + "\n"
    )
    hook.chmod(0o755)
    repo.write({"b.ts": function("four", 23), "lib/c.ts": function("five", 3)})
    done = subprocess.run(
        ["git", "commit", "-qm", "x", *args], cwd=repo.root, env={**os.environ, **GIT}, capture_output=True, check=False
    )
    assert done.returncode == 1
    found = {f["name"]: f["change"] for file in json.loads(out.read_text())["files"] for f in file["functions"]}
    assert found == ({"four": "worse", "five": "worse"} if args == ["-a"] else {"four": "worse"})


# Diffs of all makes

OLD, NEW = "a();\nfunction f() {\n  x();\n}\nz();\n", "a();\nfunction f() {\n  if (p) x();\n}\nz();\n"
HUNK = "@@ -1,5 +1,5 @@\n a();\n function f() {\n-  x();\n+  if (p) x();\n }\n z();\n"
MAKES = {
    "git": "diff --git a/f.ts b/f.ts\nindex 1..2 100644\n--- a/f.ts\n+++ b/f.ts\n" + HUNK,
    "git without prefixes": "diff --git f.ts f.ts\n--- f.ts\n+++ f.ts\n" + HUNK,
    "git with mnemonic prefixes": "--- i/f.ts\n+++ w/f.ts\n" + HUNK,
    "diff -u": "--- f.ts.orig\t2026-01-01 00:00:00.0 +0000\n+++ f.ts\t2026-01-01 00:00:01.0 +0000\n" + HUNK,
    "svn": "Index: f.ts\n=====\n--- f.ts\t(revision 1)\n+++ f.ts\t(working copy)\n" + HUNK,
    "a mail": "From: a\nSubject: [PATCH] x\n\n---\n f.ts | 2 +-\n\n--- a/f.ts\n+++ b/f.ts\n" + HUNK + "-- \n2.39.5\n",
    "without context": "--- a/f.ts\n+++ b/f.ts\n@@ -3 +3 @@\n-  x();\n+  if (p) x();\n",
    "CRLF": ("--- a/f.ts\n+++ b/f.ts\n" + HUNK).replace("\n", "\r\n"),
    "no newline at the end of the file": "--- a/f.ts\n+++ b/f.ts\n@@ -3,3 +3,3 @@\n-  x();\n+  if (p) x();\n }\n z();\n\\ No newline at end of file\n",
    "with colours": "\x1b[1m--- a/f.ts\x1b[m\n\x1b[1m+++ b/f.ts\x1b[m\n\x1b[36m@@ -3 +3 @@\x1b[m\n\x1b[31m-  x();\x1b[m\n"
                    "\x1b[32m+\x1b[m\x1b[32m  if (p) x();\x1b[m\n",
    "UTF-16": ("\ufeff--- a/f.ts\n+++ b/f.ts\n" + HUNK).replace("\n", "\r\n").encode("utf-16-le"),
    "a series": "--- a/f.ts\n+++ b/f.ts\n@@ -3 +3 @@\n-  x();\n+  y();\n--- a/f.ts\n+++ b/f.ts\n@@ -3 +3 @@\n-  y();\n+  if (p) x();\n",
}  # fmt: skip


@pytest.mark.parametrize("make", MAKES)
def test_diffs_of_all_makes(guard, project, make):
    root = project({"f.ts": NEW, "x.diff": MAKES[make]})
    result = guard("-f", "json", "--diff", "x.diff", ".", cwd=root)
    assert result.code == 0, result.err
    (function,) = result.json["files"][0]["functions"]
    assert (function["name"], function["change"], function["cyclomatic"]) == ("f", "worse", 2)


COPIES = {
    "as it is": "diff --git a/o.ts b/f.ts\nsimilarity index 100%\ncopy from o.ts\ncopy to f.ts\n",
    "edited": "diff --git a/o.ts b/f.ts\nsimilarity index 90%\ncopy from o.ts\ncopy to f.ts\n--- a/o.ts\n+++ b/f.ts\n"
    + HUNK,
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copied_file_is_new_in_a_diff_too(guard, project, name):
    root = project({"o.ts": OLD, "f.ts": NEW, "x.diff": COPIES[name]})
    assert words(guard("-f", "json", "--diff", "x.diff", ".", cwd=root)) == {"f": "new"}


REFUSED = {
    "does not fit": (MAKES["git"].replace(" z();", " q();"), "x.diff:5: does not fit f.ts"),
    "the wrong way round": (MAKES["git"].replace("-  x", "-  if (p) x").replace("+  if (p) x", "+  x"), "x.diff:5: does not fit"),
    "past the end": ("--- a/f.ts\n+++ b/f.ts\n@@ -90 +90 @@\n-x\n+y\n", "x.diff:3: does not fit"),
    "cut short": (MAKES["git"][:-12], "x.diff"),
    "a merge": ("diff --cc f.ts\n--- a/f.ts\n+++ b/f.ts\n@@@ -1,5 -1,5 +1,5 @@@\n", "x.diff:4: a combined diff"),
    "a context diff": ("*** f.ts\n--- f.ts\n***************\n*** 3 ****\n!   x();\n--- 3 ----\n!   if (p) x();\n", "x.diff:3: a context diff"),
    "no hunk": ("--- a/f.ts\n+++ b/f.ts\n@@ hello @@\n", "x.diff:3: not the head of a hunk"),
    "outside": ("--- a/../f.ts\n+++ b/../f.ts\n" + HUNK, "is outside the folder"),
    "outside, by a rename": ("rename from ../x.ts\nrename to f.ts\n", "x.diff:2: ../x.ts is outside the folder"),
    "prose": ("nothing\nof use\n", "x.diff: not a diff; git diff makes one, or diff -u"),
    "bytes": ("\x00\x01\n", "x.diff: not a diff"),
    "half a head": ("--- a/x\n", "x.diff: not a diff"),
    "a hunk of nothing": ("@@ -1 +1 @@\n-a\n+b\n", "x.diff: not a diff"),
    "names alone": (" f.ts | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n", "x.diff: not a diff"),
    "a plain diff": ("diff -r a/f.ts b/f.ts\n3c3\n<   x();\n---\n>   if (p) x();\n", "x.diff:2: a plain diff"),
    "a binary source": ("diff --git a/f.ts b/f.ts\nindex 1..2 100644\nBinary files a/f.ts and b/f.ts differ\n",
                        "x.diff:3: f.ts differs, but not told is by what; git diff --text"),
    "a binary new source": ("diff --git a/f.ts b/f.ts\nBinary files /dev/null and b/f.ts differ\n", "x.diff:2: f.ts differs"),
    "a binary patch": ("diff --git a/ä f.ts b/ä f.ts\nindex 1..2 100644\nGIT binary patch\nliteral 4\nzcmYc\n", "x.diff:3: f.ts differs"),
    "Mercurial's binary source": ("diff -r 12 f.ts\nBinary file f.ts has changed\n", "x.diff:2: f.ts differs"),
    "Subversion's binary source": ("Index: f.ts\n===\nCannot display: file marked as a binary type.\n", "x.diff:3: f.ts differs"),
    "that files differ": ("Files a/f.ts and b/f.ts differ\n", "x.diff:1: f.ts differs"),
    "a new source that is only named": ("Only in b: f.ts\n", "x.diff:1: f.ts is in b only, and what it holds is not told; diff -N"),
    "a new folder that is only named": ("Only in .: src\n", "x.diff:1: src is in . only"),
    "headers alone": ("--- a/f.ts\n+++ b/f.ts\n", "x.diff:2: no hunk of f.ts follows"),
    "headers before another file": ("--- a/f.ts\n+++ b/f.ts\n\ndiff --git a/g.ts b/g.ts\n", "x.diff:2: no hunk of f.ts follows"),
    "too many rows": (MAKES["git"].replace("-1,5 +1,5", "-1,2 +1,2"), "x.diff:8: the hunk of line 5 has more rows than its head says"),
    "a file that is not there": (MAKES["git"].replace("f.ts", "g.ts"), "x.diff names g.ts"),
    "overlapping hunks": ("--- a/f.ts\n+++ b/f.ts\n@@ -3 +3 @@\n-  x();\n+  if (p) x();\n@@ -3 +3 @@\n-  x();\n+  if (p) x();\n", "x.diff:6: does not fit"),
    "a hunk without end": ("--- a/f.ts\n+++ b/f.ts\n@@ -1,999999999999 +1,999999999999 @@\n a();\n", "x.diff:5: the hunk of line 3 is cut short"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_diffs_that_are_refused(guard, project, name):
    text, message = REFUSED[name]
    root = project({"f.ts": NEW, "src/g.ts": NEW, "x.diff": text})
    assert message in refusal(guard("--diff", "x.diff", ".", cwd=root)), name


NO_SOURCES = {
    "nothing": "",
    "an empty line": "\n",
    "a mode": "diff --git a/f.ts b/f.ts\nold mode 100644\nnew mode 100755\n",
    "an empty file": "diff --git a/f.ts b/f.ts\nnew file mode 100644\nindex 0000000..e69de29\n",
    "a picture": "diff --git a/f.png b/f.png\nindex 1..2 100644\nBinary files a/f.png and b/f.png differ\n",
    "a picture's patch": "diff --git a/f.png b/f.png\nGIT binary patch\nliteral 4\nzcmYc\n",
    "a new picture": "Only in b: f.png\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
    "a property": "Index: f.ts\n===\n--- f.ts\t(revision 1)\n+++ f.ts\t(working copy)\n\nProperty changes on: f.ts\n",
}


@pytest.mark.parametrize("name", NO_SOURCES)
def test_diffs_that_change_no_source(guard, project, name):
    root = project({"f.ts": NEW})
    result = guard("--diff", "-", ".", cwd=root, stdin=NO_SOURCES[name].encode())
    assert result.code == 0, result.err


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_a_diff_reads_nothing_behind_a_link_out_of_the_project(guard, project):
    """It told whether its lines are those of a file of the user's."""
    root = (
        project({"secret": "let a\n", "r/a.ts": "", "r/x.diff": "--- /dev/null\n+++ b/b.ts\n@@ -0,0 +1 @@\n+let a\n"})
        / "r"
    )
    (root / "b.ts").symlink_to("../secret")
    for arguments in ([], ["a.ts"], ["b.ts"]):
        assert "a link to a file outside" in refusal(guard("--diff", "x.diff", *arguments, cwd=root))


def test_no_such_diff(guard, project):
    root = project({"f.ts": NEW})
    assert "cannot read the diff nowhere.diff" in refusal(guard("--diff", "nowhere.diff", ".", cwd=root))
