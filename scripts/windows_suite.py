#!/usr/bin/env python3
"""A part of the test suite on the binary for Windows, under wine: the files of FILES, or those that are named.

    python scripts/windows_suite.py [tests/test_console.py …]

What cannot hold there is told apart by a table, with its reason. Exit 1 where anything else fails. A git.exe hands what it is
asked to the git of Linux (windows_git.c): there is no other for wine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "build"), str(ROOT / "dist-checks")]

import _wine  # noqa: E402
import freeze  # noqa: E402, F401  (which puts the folders of freezers on the path)
import freeze_static  # noqa: E402
import targets  # noqa: E402

TRIPLE = "x86_64-windows"
FILES = """
    arguments assets barrels baseline boundaries cache catalogue clones code_kinds collecting commands comparison components configuration
    console determinism discovery engine exemptions explain extraction faults functions git globs graph_changes graph_views handbooks
    history history_cache import_graph one_file owners page page_history program reference reporters rules schemas server_agent
    server_editor server_hooks server_wire shards trend watch
""".split()

# Tests that fail there, by their names, and why none of them can hold.
CANNOT = (
    (
        r"^test_console::(test_a_terminal|test_nothing_breaks_inside_words|test_a_wide_terminal|test_all_lists_in_a_terminal)"
        r"|^test_console::test_what_fits_one_screen|^test_commands::test_init_asks_in_a_terminal",
        "wine's console draws the screen itself: what a terminal gets is not what was written",
    ),
    (
        r"^test_console::test_a_folder_with_a_line_break|^test_arguments::test_a_file_is_never_taken_for_an_option"
        r"|^test_arguments::test_names_that_other_programs_read|^test_page::test_(hostile_names|a_file_whose_name_is_no_text)"
        r"|^test_reporters::(test_is_as_last_time|test_console_groups_as_last_time)\[.*hostile"
        r"|^test_reporters::test_console_groups_hold_every_finding_once"
        r"|^test_configuration::test_a_configuration_writes_nothing_outside|^test_git::test_names_of_all_kinds"
        r"|^test_graph_views::test_(csv_by_python|dot_by|graphml_by|json_is_json_whatever|names_in_mermaid)",
        "names with * or control characters, which Windows does not allow",
    ),
    (
        r"^test_discovery::test_names_that_are_not_utf8_survive|^test_history::test_a_name_with_an_odd_byte_has_a_past",
        "names are UTF-16 there",
    ),
    (r"^test_program::test_closed_streams", "a shell of POSIX closes the streams, and wine does not start without"),
    (r"^test_program::test_a_report_may_go_into_a_pipe_by_name", "named pipes of POSIX"),
    (r"^test_discovery::test_wrong_paths_are_errors|^test_shards::test_what_does_not_go_together_is_named"
     r"|^test_reporters::test_a_destination_that_fails_is_named", "the system words its errors otherwise"),
    (r"^test_baseline::test_usage\[.*/dev/zero|^test_configuration::test_a_socket_is_not_replaced", "devices and sockets of POSIX"),
    (
        r"^test_configuration::(test_a_link_that_waits_for_a_report|test_no_link_of_a_repository_leads|test_what_is_no_file_is_refused"
        r"|test_nothing_of_a_file_that_is_no_configuration_is_shown)",
        "wine follows links of POSIX and tells nobody that they are links",
    ),
    (r"^test_configuration::test_a_configuration_of_somebody_else", "files belong to accounts there, and wine has one"),
    (r"^test_(git|history)::(test_no_git$|test_a_git_that_does_not_work)", "programs of POSIX in git's place, or a PATH without wine"),
    (r"^test_git::test_a_repository_of_someone_else", "git tells a folder by its name, which is another there"),
    (r"^test_server_editor::test_a_signal_ends_the_server", "to end a process is to kill it there"),
    (r"^test_server_editor::test_the_server_ends_though_nobody_reads", "nobody can ask a pipe there whether it has room"),
    (r"^test_server_hooks::test_git_commits_what_is_no_worse", "the git of Linux runs no hook that lacks a permission of POSIX"),
    (r"^test_determinism::.*-fork-", "processes cannot be forked there"),
    (r"^test_configuration::test_a_working_directory_that_is_gone", "nobody can take away the working folder of a process there"),
)  # fmt: skip
WRAPPER = """\
#!/bin/sh
{variables}
exec {wine} {binary} "$@"
"""


def main(files: list[str]) -> int:
    wine, binary = _wine.command(), targets.binary_of(TRIPLE)
    if not wine or not binary.exists():
        print(f"{binary if wine else 'wine'} is missing: see docs/windows.md", file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory(prefix="windows-suite-") as folder:
        git = git_for_wine(Path(folder) / "git")
        results = Path(folder) / "results.xml"
        subject = {"COMPLEXITY_GUARD_BINARY": str(wrapper(Path(folder), wine[0], binary)), "WINEPATH": f"Z:{git}"}
        options = ("-q", "--no-header", "-p", "no:cacheprovider", f"--junitxml={results}")
        command = [sys.executable, "-m", "pytest", *options, *(files or [f"tests/test_{name}.py" for name in FILES])]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **subject}, stdout=subprocess.DEVNULL)
        if not results.exists():
            print(f"pytest ended with {done.returncode}", file=sys.stderr)
            return 1
        return report(list(ET.parse(results).iter("testcase")))


def git_for_wine(folder: Path) -> Path:
    """The folder that git.exe is in, and what it starts."""
    folder.mkdir()
    here = Path(__file__).parent
    tools = freeze_static.Toolchain(TRIPLE)
    command = [*tools.cc, freeze_static.FAST, "-municode", "-w", str(here / "windows_git.c"), "-o", "git.exe"]
    freeze_static.run(command, folder)
    helper = Path(shutil.copy(here / "windows_git.py", folder / "git-of-linux"))
    helper.chmod(0o755)
    return folder


def wrapper(folder: Path, wine: str, binary: Path) -> Path:
    """What the tests start as if it were a program of this system."""
    script = folder / "complexity-guard.exe"
    variables = "\n".join(f"export {name}='{value}'" for name, value in _wine.VARIABLES.items())
    script.write_text(WRAPPER.format(variables=variables, wine=wine, binary=binary))
    script.chmod(0o755)
    return script


def report(cases: list[ET.Element]) -> int:
    """What failed, by its reason."""
    failed = [name_of(case) for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = sum(case.find("skipped") is not None for case in cases)
    print(f"{len(cases):,} tests: {len(cases) - len(failed) - skipped:,} hold, {skipped} skipped, {len(failed)} fail")
    unknown = set(failed)
    for pattern, reason in CANNOT:
        known = {name for name in failed if re.search(pattern, name)}
        unknown -= known
        print(f"{len(known):5}  {reason}")
    for name in sorted(unknown):
        print(f"FAIL   {name}")
    return 1 if unknown or not cases else 0


def name_of(case: ET.Element) -> str:
    return f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
