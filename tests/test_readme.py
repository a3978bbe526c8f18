"""The README says what the program does."""

import pytest
import readme
from conftest import BINARY, ROOT

import complexity_guard as cg


def test_option_tables_are_the_option_table():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.partition("<!-- options:")[2].partition("-->\n")[2].partition("<!-- end of options -->")[0]
    assert shown.strip() == readme.options_markdown().strip()


def test_exit_codes_are_documented():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for code in (cg.EXIT_PASSED, cg.EXIT_ERRORS, cg.EXIT_WARNINGS, cg.EXIT_USAGE, cg.EXIT_SKIPPED, cg.EXIT_INTERRUPTED):
        assert f"| {code} |" in text


@pytest.mark.skipif(bool(BINARY), reason="the library is the module")
def test_the_library_as_shown(project, monkeypatch, capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = text.partition("```python\n")[2].partition("```")[0]
    monkeypatch.chdir(project({"src/b.ts": "const f = a => a ? 1 : 2", "src/a.ts": "function g() { if (x) { y() } }"}))
    names: dict = {}
    exec(example, names)
    assert sorted(capsys.readouterr().out.splitlines()) == ["src/a.ts 1 g 1", "src/b.ts 1 f 1"]
    assert list(names["reports"]) == ["src/a.ts", "src/b.ts"]


@pytest.mark.skipif(bool(BINARY), reason="the library is the module")
def test_what_the_library_raises(project, monkeypatch):
    config = '{"files": {"max_file_bytes": 50}, "analysis": {"metrics": ["cognitive"]}}'
    monkeypatch.chdir(project({"a.ts": "x", "large.ts": "x;" * 50, "some.json": config, ".complexityguard.json": '{"files": {"exclude": ["a.ts"]}}'}))
    assert list(cg.analyze_all(["."])) == ["a.ts", "large.ts"]
    (report,) = cg.analyze(["."], config="some.json")
    assert (report.path, report.module.cyclomatic) == ("a.ts", None)
    with pytest.raises(cg.UsageError, match="no such file"):
        next(cg.analyze(["none.ts"]))
    with pytest.raises(cg.UsageError, match="no such configuration"):
        next(cg.analyze(["."], config="none.json"))
    monkeypatch.setattr(cg, "read_bytes", lambda path: b"x" if path.endswith("a.ts") else refuse())
    with pytest.raises(cg.Incomplete) as caught:
        list(cg.analyze(["."]))
    assert caught.value.skipped == (cg.Skipped("large.ts", "it is gone"),)


def refuse():
    raise cg.Unreadable("it is gone")
