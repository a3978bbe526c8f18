"""One file: what makes it be named instead of measured, and costs no other one its result."""

from __future__ import annotations

import json

import pytest
from conftest import COMMAND
from processes import linux_only, needs_root, source, with_capabilities
from processes import many as many
from tools import needs

import complexity_guard as cg

SETTINGS = cg.Settings(cg.DEFAULT_ANALYSIS)


def test_a_file_over_its_time_limit_is_named(guard, project):
    folder = project({"a.ts": "const a = 1;", "big.ts": source(1, 60_000)})
    result = guard(".", "-f", "json", "--file-timeout", "0.05", cwd=folder)
    assert result.code == 4
    assert [entry["path"] for entry in result.json["skipped"]] == ["big.ts"]
    assert [entry["path"] for entry in result.json["files"]] == ["a.ts"]


@pytest.mark.parametrize(("seconds", "code"), [("1000000", 0), ("0.0001", 4)])
def test_time_limits_of_any_size(guard, project, seconds, code):
    """32 bits of milliseconds hold neither the first two nor the last."""
    folder = project({"a.ts": "f();" * 100_000})
    assert guard(".", "--file-timeout", seconds, "--fail-on", "none", cwd=folder).code == code


def test_a_file_over_its_memory_limit_is_named_and_the_worker_lives_on(guard, project):
    folder = project({"a.ts": "const a = 1;", "big.ts": source(1, 60_000), "c.ts": "const c = 1;"})
    result = guard(".", "-f", "json", "--file-memory", "4", "--threads", "1", cwd=folder)
    assert result.code == 4
    assert result.json["skipped"] == [{"path": "big.ts", "reason": "not finished within 4 MB of memory"}]
    assert [entry["path"] for entry in result.json["files"]] == ["a.ts", "c.ts"]


def test_what_is_too_costly_to_make_sense_of_is_a_syntax_error_and_the_rest_is_measured(guard, project):
    """As published, tree-sitter takes 25 s and 6 GB for half of it."""
    text = "export const f = (a) => a ? 1 : 2;\n" + "x<y<" * 25_000 + "\n" + "}-" * 20_000 + "\n"
    result = guard(".", "-f", "json", "--fail-on", "none", cwd=project({"a.ts": text, "b.ts": "const b = () => 1;"}))
    assert result.code == 0 and result.json["skipped"] == []
    names = {file["path"]: [f["name"] for f in file["functions"]] for file in result.json["files"]}
    assert names == {"a.ts": ["f"], "b.ts": ["b"]}
    assert any("too much in error" in error["message"] for error in result.json["files"][0]["syntax_errors"])


def test_files_that_vanish_or_turn_into_folders(project):
    folder = project({"a.ts": "const a = 1;"})
    (folder / "b.ts").mkdir()
    jobs = [cg.Job(i, name, str(folder / name), 10) for i, name in enumerate(("a.ts", "b.ts", "gone.ts"))]
    found = {o.path: o.skipped for o in cg.outcomes(jobs, cg.Plan(""), SETTINGS)}
    assert found["a.ts"] == ""
    assert "directory" in found["b.ts"] or "regular" in found["b.ts"]
    assert "no such file" in found["gone.ts"]


@linux_only
@needs_root
@needs("setpriv")
def test_permission_denied_and_read_only_folder(many):
    folder = many.parent / "denied"
    folder.mkdir(exist_ok=True)
    (folder / "open.ts").write_text("export const a = () => 1;")
    (folder / "closed.ts").write_text("export const b = () => 1;")
    (folder / "closed.ts").chmod(0)
    folder.chmod(0o555)
    powerless = ["--bounding-set", "-dac_override,-dac_read_search"]  # even root obeys file modes then
    done = with_capabilities(powerless, [*COMMAND, ".", "-f", "json"], folder)
    report = json.loads(done.stdout)
    assert done.returncode == 4
    assert report["skipped"] == [{"path": "closed.ts", "reason": "permission denied"}]
    assert [f["path"] for f in report["files"]] == ["open.ts"]


def test_a_mistake_of_ours_costs_one_file_and_is_named(project, monkeypatch):
    folder, real = project({"a.ts": "a();", "b.ts": "b();"}), cg.digest_of

    def mistaken(report, *rest):
        return real(report, *rest) if report.path.endswith("a.ts") else 1 / 0

    monkeypatch.setattr(cg, "digest_of", mistaken)
    found = {o.path: o.skipped for o in cg.outcomes(cg.discover([str(folder)], SETTINGS)[0], cg.Plan(""), SETTINGS)}
    assert [*found.values()] == ["", "internal error, please report it: ZeroDivisionError: division by zero"]
