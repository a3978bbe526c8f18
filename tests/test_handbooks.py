"""Help, the manual read by man, and completions typed into the shells themselves."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import handbooks
import pytest
import schemas
from repository import Repo
from tools import tool

import complexity_guard as cg

# What is typed, with a tab where one is pressed, and the arguments that then reach the program.
TYPED = {
    "--threshold cognit\t20": ["--threshold", "cognitive=20"],  # the = comes with the name
    "--form\tjun\t": ["--format", "junit"],
    "-f jun\t": ["-f", "junit"],
    "--no-col\t": ["--no-color"],
    "--fail-on war\t": ["--fail-on", "warning"],
    "--metrics halstead,cog\t": ["--metrics", "halstead,cognitive"],
    "--report checks\t": ["--report", "checkstyle"],
    "-o rep\t": ["-o", "report file.json"],
    "expl\tsrc/ma\t": ["explain", "src/main.ts"],
    "explain src/main.ts:par\t": ["explain", "src/main.ts:parseAll"],
    "explain src/main.ts:evil\t": ["explain", "src/main.ts:evil$(id) name"],
    "explain src/main.ts:it\t": ["explain", "src/main.ts:it \"adds `two` & 'three'\""],
    "explain src/main.ts:Cart\t": ["explain", "src/main.ts:Cart.load>rows>map callback 2"],
    "explain 'src/main.ts:Cart\t": ["explain", "src/main.ts:Cart.load>rows>map callback 2"],
    'explain "src/main.ts:Cart\t': ["explain", "src/main.ts:Cart.load>rows>map callback 2"],
    "explain src/main.ts:gr\t": ["explain", "src/main.ts:größe der 世界 🎉"],
    "explain src/main.ts:back\t": ["explain", "src/main.ts:back\\slash; * ? [x] {y,z} ~ #!"],
    "--since feat\t": ["--since", "feature/one"],
    "--since evil\t": ["--since", "evil$(id)"],
    "completions pow\t": ["completions", "powershell"],
    "schema rep\t": ["schema", "report"],
    "src/ma\t": ["src/main.ts"],
    "--include a --inclu\tb": ["--include", "a", "--include", "b"],
    "-- --ver\t": ["--", "--version.ts"],
    "--exec\tthr\t--threa\t3": ["--executor", "thread", "--threads", "3"],
}
NAMES = (
    "main", "parseAll", "evil$(id) name", "it \"adds `two` & 'three'\"", "Cart.load>rows>map callback 2",
    "größe der 世界 🎉", "back\\slash; * ? [x] {y,z} ~ #!",
)  # fmt: skip
STARTS = {
    "bash": (
        "bash --noprofile --rcfile {rc} -i",
        "PS1='READY>'\nbind 'set enable-bracketed-paste off'\neval \"$(cat {script})\"\n",
    ),
    "zsh": (
        "zsh -f -i",
        "PS1='REA''DY>'; unsetopt zle_bracketed_paste 2>/dev/null; autoload -Uz compinit; compinit -u -D; source {script}\n",
    ),
    "fish": ("fish --no-config -i", "function fish_prompt; echo -n REA''DY; end; source {script}\n"),
}


class Terminal:
    """A shell on a pseudo-terminal."""

    def __init__(self, command: list[str], cwd: Path, environment: dict[str, str]) -> None:
        self.process, self.file = pty.fork()
        if not self.process:
            os.chdir(cwd)
            os.execvpe(command[0], command, environment)

    def read_until(self, pattern: str, seconds: float = 30) -> str:
        text, end = "", time.monotonic() + seconds
        while not re.search(pattern, text):
            ready, _, _ = select.select([self.file], [], [], max(0, end - time.monotonic()))
            assert ready, f"no {pattern!r} in {text!r}"
            chunk = os.read(self.file, 65536)
            if b"\x1b[c" in chunk or b"\x1b[0c" in chunk:  # "what terminal are you?": fish waits for the answer
                os.write(self.file, b"\x1b[?62;c")
            text += chunk.decode("utf-8", "replace")
        return text

    def settle(self, seconds: float = 0.3) -> str:
        """Everything until nothing more comes for a while."""
        text = ""
        while select.select([self.file], [], [], seconds)[0]:
            text += os.read(self.file, 65536).decode("utf-8", "replace")
        return text

    def type(self, text: str) -> None:
        for part in re.split("(\t)", text):
            os.write(self.file, part.encode())
            if part == "\t":
                self.settle()

    def close(self) -> None:
        os.close(self.file)
        os.waitpid(self.process, 0)


@pytest.fixture(scope="module", params=STARTS)
def shell(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Terminal, Path]]:
    name = request.param
    tool(name)
    root = tmp_path_factory.mktemp(name)
    (root / "bin").mkdir()
    stand_in = root / "bin" / "complexity-guard"  # it writes down what reaches it, and lists functions
    stand_in.write_text(
        "#!/bin/sh\n"
        f'if [ "$*" = "explain src/main.ts:" ]; then exec cat "{root}/names"; fi\n'
        f'printf "%s\\n" "$@" > "{root}/new" && mv "{root}/new" "{root}/arguments"\n'
    )
    stand_in.chmod(0o755)
    (root / "names").write_text("".join(f"{name}\n" for name in NAMES))
    repository = Repo(None, root).commit()
    for ref in ("feature/one", "evil$(id)"):
        repository.git("branch", ref)
    (root / "src").mkdir()
    for file in ("src/main.ts", "src/other.ts", "report file.json", "--version.ts"):
        (root / file).write_text("")
    script = root / "script"
    script.write_text(handbooks.COMPLETIONS[name]())
    command, start = STARTS[name]
    (root / "rc").write_text(start.format(script=script) if name == "bash" else "")
    environment = {
        **os.environ,
        "PATH": f"{root}/bin:{os.environ['PATH']}",
        "HOME": str(root),
        "TERM": "dumb" if name != "fish" else "xterm",
    }
    terminal = Terminal(command.format(rc=root / "rc").split(), root, environment)
    if name == "bash":
        terminal.read_until("READY>")
    else:
        terminal.settle(1)
        terminal.type(start.format(script=script))
        terminal.read_until("READY")
    terminal.settle()
    yield terminal, root
    terminal.close()


@pytest.mark.parametrize("typed", TYPED)
def test_tab_completes(shell: tuple[Terminal, Path], typed: str) -> None:
    terminal, root = shell
    arguments = root / "arguments"
    arguments.unlink(missing_ok=True)
    terminal.type(f"complexity-guard {typed}\n")
    end = time.monotonic() + 20
    while not arguments.exists():
        assert time.monotonic() < end, terminal.settle()
        time.sleep(0.02)
    terminal.settle()
    reached = arguments.read_text().split("\n")[:-1]
    words = [
        word for argument in reached for word in (argument.split("=", 1) if argument.startswith("--") else [argument])
    ]
    assert [word.removesuffix("=") for word in words if word] == TYPED[typed]


def test_powershell_reads_its_completions(tmp_path: Path) -> None:
    tool("pwsh")
    script = tmp_path / "complete.ps1"
    script.write_text(
        handbooks.COMPLETIONS["powershell"]()
        + "\n$text = 'complexity-guard --format jun'\n"
        + "(TabExpansion2 -inputScript $text -cursorColumn $text.Length).CompletionMatches.CompletionText\n"
    )
    done = subprocess.run(["pwsh", "-NoProfile", "-File", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["junit"]


@pytest.mark.parametrize("shell_name", handbooks.COMPLETIONS)
def test_every_flag_and_command_is_offered(guard, shell_name: str) -> None:
    script = guard("completions", shell_name).out
    for option in cg.OPTIONS:
        for flag in option.flags + option.opposite:
            spelled = f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}"
            assert re.search(rf"(?<![\w-]){re.escape(spelled if shell_name == 'fish' else flag)}(?![\w-])", script), (
                flag
            )
    assert all(command in script for command in cg.COMMANDS)


def test_commands_offer_the_words_they_take() -> None:
    assert {command.name: command.words for command in handbooks.worded_commands()} == {
        "cache": ("clean",),
        "completions": tuple(handbooks.COMPLETIONS),
        "hook": cg.HOOK_HOSTS,
        "schema": tuple(schemas.SCHEMAS),
    }


def test_an_unknown_shell_is_an_error(guard) -> None:
    result = guard("completions", "tcsh")
    assert (result.code, result.out) == (3, "") and "bash, zsh, fish or powershell" in result.err


def test_man_formats_the_manual_without_a_warning(guard, tmp_path: Path) -> None:
    tool("man")
    page = tmp_path / "complexity-guard.1"
    page.write_text(guard("man").out)
    environment = {**os.environ, "MANWIDTH": "80", "MAN_KEEP_FORMATTING": "", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["man", "--warnings=all", "-l", str(page)], capture_output=True, text=True, env=environment, check=True
    )
    text = re.sub(r".\x08", "", done.stdout)
    assert done.stderr == ""
    flat = " ".join(text.replace("‐\n", "").split())
    for heading in ("NAME", "SYNOPSIS", "OPTIONS", "CONFIGURATION", "EXIT STATUS", "ENVIRONMENT", "EXAMPLES"):
        assert re.search(rf"^{heading}$", text, re.M)
    for option in cg.OPTIONS:
        assert all(flag in flat for flag in option.flags + option.opposite)
        assert not option.in_config or option.name in flat.replace(" ", "")
    assert max(map(len, text.split("\n"))) <= 80


ANCESTOR_FLAGS = """--init -f --format -o --output --color --no-color -q --quiet -v --verbose --metrics --duplication
    --no-duplication --threads --include --exclude --fail-on --fail-health-below -c --config --baseline -h --help -V --version"""


def test_help_names_every_flag_and_fits_80_columns(guard):
    result = guard("--help")
    assert result.code == 0
    assert result.err == ""
    assert max(map(len, result.out.splitlines())) < 80
    assert not re.search(r"[ \t]$", result.out, re.M)
    for option in cg.OPTIONS:
        for spelling in option.flags + option.opposite:
            assert re.search(rf"(?<![\w-]){re.escape(spelling)}(?![\w-])", result.out), spelling
    for spelling in ANCESTOR_FLAGS.split():
        assert spelling in result.out
    for code in cg.EXIT_CODES:
        assert re.search(rf"^  {code} ", result.out, re.M)


def test_names_of_skipped_folders_are_documented():
    text = re.sub(r"\s+", " ", cg.help_text())
    assert all(name in text for name in cg.SKIPPED_FOLDERS - {".next"})
