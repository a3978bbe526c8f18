"""Commands: what is done instead of an analysis."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import threading
import time

import pytest
from configurations import read
from processes import answer_signals

import complexity_guard as cg


def test_every_action_can_be_carried_out():
    flags = {"help", "version", "init", "print_config", "shard", "watch"}
    assert set(cg.ACTIONS) == flags | set(cg.COMMANDS)


def test_version(guard):
    for flag in ("-V", "--version"):
        result = guard(flag)
        assert (result.code, result.out, result.err) == (0, f"complexity-guard {cg.__version__}\n", "")


TANGLED = "if (a) { for (;;) { if (a) { while (a) { if (a) {} } } } }" * 3


def test_init_ends_green(guard, project):
    """With what it wrote, the next run passes: on the whole, on a package, on one file. Something worse does not."""
    worst = f"function f(a) {{ {TANGLED} }}\n"
    folder = project({"pkg/a.ts": worst, "b.ts": "f();\n", "pkg/a.test.ts": worst, "fixtures/c.ts": worst,
                      "fixtures/c.test.ts": worst, "p.min.js": worst})  # fmt: skip
    result = guard("--init", cwd=folder)
    assert result.code == 0, result.err
    assert "Left out: fixtures/ (2 files)\n" in result.out
    assert result.out.startswith(
        "2 files, 1 function\ntest code: 1 file, 1 function: judged apart, and not by length\n"
    )
    written = read((folder / ".complexityguard.json").read_text())
    assert set(written) == {"preset", "files", "baseline_file", "health_floor"}
    assert (written["preset"], written["files"]) == ("recommended", {"exclude": ["fixtures/"]})
    again = guard("--no-ignore", cwd=folder)
    assert again.code == 0
    for line in result.out.splitlines()[:3]:
        assert f"\n  {line.partition(': judged')[0]}" in again.out, "the next run counts the same, in the same words"
    for paths in ([], ["pkg"], ["pkg/a.ts"], ["b.ts"]):
        assert guard(*paths, cwd=folder).code == 0, paths
    health = guard("-f", "json", cwd=folder).json["summary"]["health_score"]
    assert health - 1.5 <= written["health_floor"] <= health
    (folder / "pkg/a.ts").write_text(worst.replace("f(a)", "f(a, b, c, d, e, f, g, h)"))
    assert guard(cwd=folder).code == 1


def test_init_writes_what_its_command_line_sets(guard, project):
    folder = project({"a.ts": "f();\n", "lib/b.ts": "function f() {}\n"})
    assert (
        guard("--init", "--yes", "--preset", "strict", "--fail-on", "warning", "--top", "9", "lib", cwd=folder).code
        == 0
    )
    written = read((folder / ".complexityguard.json").read_text())
    assert (written["preset"], written["fail_on"], written["files"]) == ("strict", "warning", {"include": ["/lib/**"]})
    assert "output" not in written
    assert guard("-f", "json", cwd=folder).json["summary"]["files_analyzed"] == 1
    assert guard("--init", "..", cwd=folder / "lib").code == 3
    assert not (folder / "lib/.complexityguard.json").exists()


def asked(guard, folder, answers: bytes) -> tuple[int, str]:
    """What --init says in a terminal where somebody types these answers."""
    parent, child = pty.openpty()

    def at_the_terminal() -> None:
        answer_signals()
        os.login_tty(child)

    running = subprocess.Popen([*guard.command, "--init"], cwd=folder, preexec_fn=at_the_terminal)
    os.close(child)
    shown = b""
    watch = threading.Timer(60, running.kill)
    watch.start()
    with contextlib.suppress(OSError):  # as Linux says that the other end is closed
        while b"Limits:" not in shown:
            shown += os.read(parent, 65536)
        time.sleep(0.3)  # a Ctrl-C between the question and the reading would be noticed with the next key only
        os.write(parent, answers)
        while chunk := os.read(parent, 65536):
            shown += chunk
    os.close(parent)
    watch.cancel()
    return running.wait(60), shown.decode()


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_init_asks_in_a_terminal(guard, project):
    source = "".join(f"function f{i}(a) {{ {'if (a) {} ' * (i % 7)} }}\n" for i in range(300))
    folder = project({"a.ts": source, "testdata/b.ts": "f();\n"})
    code, shown = asked(guard, folder, b"9\n3\nn\nn\n")
    assert (code, "Please answer 1, 2 or 3." in shown) == (0, True), shown
    written = read((folder / ".complexityguard.json").read_text())
    assert written["analysis"]["thresholds"]["cyclomatic"] == {"warning": 7, "error": 7}  # 1 + 6, which 42 of 300 have
    assert "files" not in written and "baseline_file" not in written
    (folder / ".complexityguard.json").unlink()
    for answers, expected in ((b"\x04", 3), (b"1\n\x04", 3), (b"\x03", 130), (b"1\n\x03", 130)):
        code, shown = asked(guard, folder, answers)
        assert code == expected, shown
        assert "Traceback" not in shown
        assert sorted(path.name for path in folder.iterdir()) == ["a.ts", "testdata"]


def test_after_init_one_file_does_not_fail_for_its_health(guard, project):
    """A hook that names files failed for health alone: that of one file is not the project's."""
    folder = project({
        "src/a.ts": "export function f(a) { if (a) { for (;;) { if (a) { while (a) {} } } } }\n",
        "b.ts": "f();\n", "other/one.json": '{"baseline": 100}',
    })  # fmt: skip
    guard("--init", cwd=folder)
    text = (folder / ".complexityguard.json").read_text()
    (folder / ".complexityguard.json").write_text(re.sub(r'("health_floor": )[0-9.]+', r"\g<1>100", text))
    for paths in (["src/a.ts"], ["src/a.ts", "b.ts"], ["src"], ["--stdin-filename", "src/a.ts", "-"]):
        result = guard(*paths, cwd=folder, stdin=b"f()")
        asked = "the configuration asks it of all of the working directory, and this run looks at a part"
        words = f"the health floor (100) rests: {asked}"
        assert (result.code, result.err) == (0, f"complexity-guard: {words}\n"), paths
        assert guard("--quiet", *paths, cwd=folder, stdin=b"f()").err == ""
    for paths in ([], ["."], [str(folder)], ["src", "."], [".."], ["-c", "../other/one.json", "."]):
        result = guard(*paths, cwd=folder / "src" if ".." in paths or "-c" in paths else folder)
        assert result.code == 1 and "rests" not in result.err, paths
    assert guard("--fail-health-below", "100", "src/a.ts", cwd=folder).code == 1, (
        "a flag is about what stands beside it"
    )


def test_init_never_overwrites(guard, project):
    for name in (*cg.CONFIG_NAMES, cg.BASELINE_NAME):
        folder = project({"a.ts": "", name: "{} // mine"})
        result = guard("--init", cwd=folder)
        assert (result.code, result.err) == (
            3,
            f"complexity-guard: error: {name} is there already; --init does not overwrite it\n",
        )
        assert (folder / name).read_text() == "{} // mine"
        (folder / name).unlink()
    assert [path.name for path in folder.iterdir()] == ["a.ts"]


@pytest.mark.parametrize("sources", [{}, {"a.ts": "export const a = 1\n"}, {"readme": ""}])
def test_init_without_functions_has_no_baseline(guard, project, sources):
    """It wrote a baseline of 100, which the first function then failed."""
    folder = project({**sources, "x/y": ""})
    result = guard("--init", cwd=folder)
    assert (result.code, "Wrote .complexityguard.json (nothing to judge yet)\n" in result.out) == (0, True)
    assert read((folder / ".complexityguard.json").read_text()) == {"preset": "recommended"}
    assert not (folder / cg.BASELINE_NAME).exists()


def test_init_writes_the_limits_that_its_health_was_found_with(guard, project):
    folder = project({"a.ts": "function f(a) { if (a) {} }"})
    assert guard("--init", "--threshold", "cognitive=1/off", cwd=folder).code == 0
    written = read((folder / ".complexityguard.json").read_text())
    assert written["analysis"]["thresholds"]["cognitive"] == {"warning": 1, "error": "off"}
    assert guard(cwd=folder).code == 0


def test_init_and_a_configuration_do_not_go_together(guard, project):
    folder = project({"a.ts": "a();", "other.json": "{}"})
    result = guard("--init", "--config", "other.json", cwd=folder)
    assert (result.code, result.err) == (
        3,
        "complexity-guard: error: --init starts from the defaults; it cannot go with --config\n",
    )
    assert not (folder / ".complexityguard.json").exists()


def test_print_config_says_where_each_value_is_from(guard, project):
    folder = project({
        "base.json": '{"fail_on":\n"none"}',
        ".complexityguard.json": '{\n"extends": "base.json",\n"analysis": {"thresholds": {"cognitive": {"warning": 7}}},\n'
        '"overrides": [{"files": ["old/"],\n"analysis": {"thresholds": {"cognitive": {"error": 99}}}}]}',
        "old/a.ts": "", "new/a.ts": "",
    })  # fmt: skip
    result = guard(
        "--print-config", "old/a.ts", "--threads", "3", cwd=folder, env={"COMPLEXITY_GUARD_MEMORY_FACTOR": "0.5"}
    )
    assert result.code == 0
    found = {
        line.split("//")[0].strip().rstrip(","): line.split("// ")[1]
        for line in result.out.splitlines()
        if "// " in line
    }
    assert found['"fail_on": "none"'] == "base.json:1"
    assert found['"warning": 7'] == ".complexityguard.json:3"
    assert found['"error": 99'] == ".complexityguard.json:5 overrides[0]"
    assert found['"threads": 3'] == "--threads"
    assert found['"memory_factor": 0.5'] == "COMPLEXITY_GUARD_MEMORY_FACTOR"
    assert found['"module_code": false'] == "default"
    assert result.out.startswith("// old/a.ts: .complexityguard.json, overrides[0]\n")
    assert '"error": 25 ' in guard("--print-config", "new/a.ts", cwd=folder).out


NO_RUN, NAMED = "no run analyses it: ", "only runs that name it analyse it: "
LEFT_OUT = {
    "src/a.ts": "",
    "src/none.ts": "",
    "src": "",  # where each of its files is told apart
    "src/a.test.ts": NO_RUN + "files.include and files.exclude leave it out",
    "gen/inner/g.ts": NAMED + "ignored by git or by default",
    "node_modules/x/i.ts": NAMED + "ignored by git or by default",
    "src/t.d.ts": NAMED + "a declaration file",
    "README.md": NO_RUN + "not a TypeScript or JavaScript file",
    "src/big.ts": NO_RUN + "105 bytes are more than files.max_file_bytes",
}


@pytest.mark.parametrize(("path", "words"), LEFT_OUT.items())
def test_print_config_says_where_a_file_is_left_out(guard, project, path, words):
    files = {name: "f();\n" for name in LEFT_OUT if name not in ("src/none.ts", "src")} | {
        "src/big.ts": "f();  \n" * 15
    }
    rules = {"exclude": ["**/*.test.ts"], "max_file_bytes": 100}
    root = project({**files, ".gitignore": "gen/\n", ".complexityguard.json": json.dumps({"files": rules})})
    out = guard("--print-config", path, cwd=root).out
    assert out.startswith(f"// {path}: {words}\n" if words else f"// {path}: .complexityguard.json\n")
    config = ("--config", root / ".complexityguard.json")
    inside = guard("--print-config", os.path.relpath(path, "src"), *config, cwd=root / "src").out
    assert words in inside.splitlines()[0]
    analysed = [file["path"] for file in guard("-f", "json", ".", cwd=root).json["files"]]
    assert (path in analysed) == (not words and path not in ("src/none.ts", "src"))


def test_print_config_shows_no_control_of_a_terminal(guard, project):
    """Directions of writing stood there raw: in values, and in the names of files behind them."""
    hostile = "\u202e\u2066\x9b"
    config = {"files": {"exclude": [hostile]}, "extends": f"{hostile}.json"}
    folder = project(
        {"a.ts": "", ".complexityguard.json": json.dumps(config), f"{hostile}.json": '{"fail_on": "none"}'}
    )
    result = guard("--print-config", "a.ts", cwd=folder)
    assert result.code == 0
    assert not set(hostile) & set(result.out)
    assert read(result.out)["files"]["exclude"] == [hostile]
