"""The rehearsal of a release: it runs what the workflow says, as GitHub would, and tells what stands in for what."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import rehearse
import yaml
from conftest import ROOT
from tools import tool

JOBS = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8"))["jobs"]
CONTEXTS = {
    "github": {"token": "t", "event": {"repository": {"default_branch": "main"}}},
    "needs": {"a": {"result": "success", "outputs": {"publish": "true", "rows": '{"include": [{"x": 1}]}'}}},
    "runner": {"os": "Linux"},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("github.event.repository.default_branch", "main"),
        ("needs.a.outputs.publish == 'true'", True),
        ("needs.a.outputs.publish == 'true' && vars.REGISTRY != ''", False),
        ("!cancelled() && needs.a.result == 'success' && (needs.b.result == 'success' || needs.a.result == 'success')", True),
        ("runner.os != 'Linux'", False),
        ("fromJson(needs.a.outputs.rows)", {"include": [{"x": 1}]}),
        ("nothing.of.this", ""),
    ],
)  # fmt: skip
def test_expressions_are_those_of_github(text, value):
    assert rehearse.evaluate(text, CONTEXTS) == value


def test_expressions_stand_in_texts():
    assert rehearse.filled("a-${{ needs.a.result }}-${{ github.token }}", CONTEXTS) == "a-success-t"
    assert rehearse.filled("${{ fromJson(needs.a.outputs.rows) }}", CONTEXTS) == {"include": [{"x": 1}]}
    assert rehearse.filled(True, CONTEXTS) is True


def test_something_stands_in_for_each_action_of_the_release():
    used = {step["uses"].partition("@")[0] for job in JOBS.values() for step in job["steps"] if "uses" in step}
    assert used == set(rehearse.ACTIONS)


def test_only_jobs_that_give_nothing_to_others_are_left_out_of_the_second_turn():
    for name in rehearse.ONCE:
        assert "outputs" not in JOBS[name] and not any("upload-artifact" in str(step) for step in JOBS[name]["steps"])


# ── A small workflow ─────────────────────────────────────────────────────────────────────────────────────────────────

WORKFLOW = """
table:
  runs-on: ubuntu
  outputs: {matrix: "${{ steps.told.outputs.matrix }}", version: "${{ steps.told.outputs.version }}"}
  steps:
    - id: told
      run: |
        echo 'matrix={"include": [{"triple": "one"}, {"triple": "two"}]}' >>"$GITHUB_OUTPUT"
        echo version=1.0.0 >>"$GITHUB_OUTPUT"
build:
  needs: table
  runs-on: ${{ matrix.triple }}-runner
  strategy: {matrix: "${{ fromJson(needs.table.outputs.matrix) }}"}
  env: {TRIPLE: "${{ matrix.triple }}"}
  steps:
    - uses: actions/checkout@1
    - run: |
        mkdir -p out/dist/$TRIPLE out/release
        cp file out/dist/$TRIPLE/program; chmod +x out/dist/$TRIPLE/program
        echo $TRIPLE $EXTRA >out/release/$TRIPLE.zip
    - if: runner.os != 'Linux'
      name: of another system
      run: exit 1
    - uses: actions/upload-artifact@1
      with: {name: "binary-${{ matrix.triple }}", path: "out/release/*\\nout/dist/*/program"}
files:
  needs: [table, build]
  runs-on: ubuntu
  steps:
    - uses: actions/download-artifact@1
      with: {pattern: binary-*, path: out, merge-multiple: true}
    - run: |
        test -f out/dist/one/program -a -f out/dist/two/program -a ! -x out/dist/one/program
        mkdir out/release/npm; touch out/release/npm/a.tgz; echo notes >out/release/notes.md
    - uses: actions/upload-artifact@1
      with: {name: release, path: out/release/*}
attest:
  needs: files
  runs-on: ubuntu
  steps:
    - uses: actions/download-artifact@1
      with: {name: release, path: out}
    - uses: actions/attest@1
      with: {subject-path: "out/*.zip\\nout/npm/*"}
publish:
  needs: [table, attest]
  if: needs.table.outputs.version == '1.0.0'
  runs-on: ubuntu
  env: {VERSION: "${{ needs.table.outputs.version }}"}
  steps:
    - uses: actions/checkout@1
    - uses: actions/download-artifact@1
      with: {name: release, path: out}
    - run: |
        gh release create "v$VERSION" --draft --title "v$VERSION" --notes-file out/notes.md out/*.zip
        git tag "v$VERSION"
        git push --quiet origin "v$VERSION"
        npx --yes npm publish out/npm/a.tgz
        gh release edit "v$VERSION" --draft=false
"""


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Path:
    tool("git")
    tool("bash")
    root = tmp_path / "root"
    root.mkdir()
    (root / "file").write_text("what is built\n")
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    monkeypatch.setattr(rehearse, "ROOT", root)
    monkeypatch.setattr(rehearse, "git", lambda *words, cwd=root: GIT(*words, cwd=cwd))
    return root


GIT = rehearse.git


def turn(folder: Path, changed: str = "") -> rehearse.Turn:
    made = rehearse.Turn(folder, str(folder))
    made.run(yaml.safe_load(changed or WORKFLOW), set())
    return made


def test_two_turns_publish_the_same(repository, tmp_path, capsys):
    turns = [turn(tmp_path / "a"), turn(tmp_path / "longer")]
    assert rehearse.report(turns) == 0
    said = capsys.readouterr().out
    published = {
        path.relative_to(tmp_path / "a" / "published").as_posix()
        for path in (tmp_path / "a").rglob("published/**/*")
        if path.is_file()
    }
    assert published == {"release/one.zip", "release/two.zip", "npm/a.tgz", "notes.md", "tag"}
    assert "5 files, the same bytes in 2 turns" in said
    assert (
        "build one: here, for one-runner" in said
        and "not run here: of another system (if: runner.os != 'Linux')" in said
    )
    for words in ("actions/checkout: a clone", "gh: release create", "npx: npm publish"):
        assert f"stands in: {words}" in said


def test_what_differs_is_named(repository, tmp_path, monkeypatch, capsys):
    turns = [turn(tmp_path / "a")]
    monkeypatch.setenv("EXTRA", "more")
    turns.append(turn(tmp_path / "b"))
    assert rehearse.report(turns) == 1
    assert [line for line in capsys.readouterr().out.splitlines() if "differs" in line] == [
        "differs: release/one.zip",
        "differs: release/two.zip",
    ]


def test_what_nobody_attests_is_named(repository, tmp_path, capsys):
    made = turn(tmp_path / "a", WORKFLOW.replace("\\nout/npm/*", ""))
    assert rehearse.report([made]) == 1
    assert f"not attested: {made.published / 'npm' / 'a.tgz'}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("mkdir out/release/npm;", "exit 7;", "failed (7): files, 1"),
        ("actions/attest@1", "somebody/else@1", "nothing here stands in for somebody/else"),
        ("out/*.zip\\nout/npm/*", "out/*.tar", "attest: there is no out/*.tar"),
        ("pattern: binary-*", "pattern: bin-*", "files: no artifact"),
        ("== '1.0.0'", "== '2'", "publish would not run"),
    ],
)
def test_what_would_fail_on_github_fails(repository, tmp_path, before, after, said):
    assert before in WORKFLOW
    with pytest.raises(SystemExit) as ended:
        turn(tmp_path / "a", WORKFLOW.replace(before, after))
    assert said in str(ended.value)
