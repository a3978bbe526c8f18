"""The manual page and the completions for shells, made from the program's own tables of options and commands.

scripts/assets.py puts their texts into the module, where the commands `man` and `completions` find them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import page

import complexity_guard as cg


# Completions for shells
def worded_commands() -> list[cg.Command]:
    """Commands whose argument is one of a few words."""
    return [command for command in cg.COMMANDS.values() if command.words]


def flagged() -> list[cg.Option]:
    """Options that the command line takes."""
    return [option for option in cg.OPTIONS if option.flags]


def completes_files(option: cg.Option) -> bool:
    return option.metavar in ("FILE", "PATH")


def filled(template: str, **parts: str | Sequence[str]) -> str:
    """A template with its @NAMES@ replaced; a list is lines, each indented as the name is that they stand for."""
    for name, part in parts.items():
        indent = template.partition(f"@{name}@")[0].rpartition("\n")[2]
        template = template.replace(f"@{name}@", part if isinstance(part, str) else f"\n{indent}".join(part))
    return template


def offered(option: cg.Option) -> list[str]:
    """The words to offer behind a flag: names of metrics with the = that their limits follow."""
    end = "=" if option.metavar.startswith("METRIC=") else ""
    return [word + end for word in option.kind.words]


def bash_completions() -> str:
    """Nothing to offer means readline's own completion of file names (-o default)."""
    valued = [option for option in flagged() if option.metavar]
    return filled(
        page.read("completions.bash"),
        VALUES=[_bash_case(option) for option in valued if option.kind.words],
        REFS="|".join(flag for option in valued if option.metavar == "REF" for flag in option.flags),
        ANYTHING="|".join(
            flag for option in valued if not option.kind.words and option.metavar != "REF" for flag in option.flags
        ),
        ARGUMENTS=[_bash_argument(command) for command in worded_commands()],
        FLAGS=" ".join(flag for option in flagged() for flag in option.flags + option.opposite),
        COMMANDS="\\n".join(cg.COMMANDS),
    )


def _bash_case(option: cg.Option) -> str:
    words = offered(option)
    adjoining = "compopt -o nospace 2>/dev/null; " if "=" in words[0] else ""
    head = f'{"|".join(option.flags)}) {adjoining}COMPREPLY=($(compgen -W "{" ".join(words)}" '
    if option.metavar == "LIST":
        return head + '-P "${word%"${word##*,}"}" -- "${word##*,}")); return ;;'
    return head + '-- "$word")); return ;;'


def _bash_argument(command: cg.Command) -> str:
    return f'{command.name}) COMPREPLY=($(compgen -W "{" ".join(command.words)}" -- "$word")); return ;;'


def zsh_completions() -> str:
    return filled(
        page.read("completions.zsh"),
        COMMANDS=" ".join(f'{name}\\:"{command.help}"' for name, command in cg.COMMANDS.items()),
        FORMATS=" ".join(cg.FORMATS),
        ARGUMENTS=[f"{command.name}) compadd -- {' '.join(command.words)};;" for command in worded_commands()],
        OPTIONS=[f"{spec} \\" for option in flagged() for spec in _zsh_specs(option)],
    )


def _zsh_specs(option: cg.Option) -> Iterator[str]:
    every = option.flags + option.opposite
    excluded = "" if option.kind.repeats else f"({' '.join(every)})"
    for flag in every:
        takes = "" if not option.metavar else "=" if flag.startswith("--") else "+"
        value = f":{option.metavar.translate(_ZSH)}:{_zsh_action(option)}" if option.metavar else ""
        repeats = "*" if option.kind.repeats else ""
        yield _zsh_quoted(f"{excluded}{repeats}{flag}{takes}[{option.help.translate(_ZSH)}]{value}")


def _zsh_action(option: cg.Option) -> str:
    if option.name == "output.reports":
        return "_complexity_guard_report"
    if option.metavar == "REF":
        return "_complexity_guard_refs"
    if option.metavar == "LIST":
        return f"_values -s , {option.metavar} {' '.join(option.kind.words)}"
    if option.metavar.startswith("METRIC="):
        return f"compadd -qS = -- {' '.join(option.kind.words)}"
    if option.kind.words:
        return f"({' '.join(option.kind.words)})"
    return "_files" if completes_files(option) else " "


_ZSH = str.maketrans({char: "\\" + char for char in "[]:"})


def _zsh_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def fish_completions() -> str:
    """File names are completed wherever nothing says otherwise, as fish does."""
    head = "# fish completion of complexity-guard: save in ~/.config/fish/completions/complexity-guard.fish\n"
    return head + page.read("completions.fish") + "".join(f"complete -c complexity-guard {r}\n" for r in _fish_rules())


def _fish_rules() -> Iterator[str]:
    first = f"-n 'not __fish_seen_subcommand_from {' '.join(cg.COMMANDS)}'"
    for name, command in cg.COMMANDS.items():
        yield f"-n __fish_use_subcommand -a {name} -d {_fish_quoted(command.help)}"
    for command in worded_commands():
        yield f"-n '__fish_seen_subcommand_from {command.name}' -f -a '{' '.join(command.words)}'"
    yield "-n '__fish_seen_subcommand_from explain' -a '(__complexity_guard_functions)'"
    yield from (f"{first} {_fish_flags(option)}" for option in flagged())
    yield from (f"{first} -l {flag[2:]}" for option in flagged() for flag in option.opposite)


def _fish_flags(option: cg.Option) -> str:
    spellings = " ".join(f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags)
    return f"{spellings}{_fish_value(option)} -d {_fish_quoted(option.help)}"


def _fish_value(option: cg.Option) -> str:
    """What a flag takes: -r is a file's name among others, -x something else; -a are the words to offer."""
    if not option.metavar:
        return ""
    kind = " -r" if completes_files(option) or option.name == "output.reports" else " -x"
    words = " ".join(offered(option)) if option.metavar != "REF" else "(__complexity_guard_refs)"
    if option.metavar == "LIST":
        return f"{kind} -a '(__fish_append , {words})'"
    return f"{kind} -a '{words}'" if words else kind


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def powershell_completions() -> str:
    """Where this returns nothing, PowerShell completes file names."""
    return filled(
        page.read("completions.ps1"),
        FLAGS=[_powershell_flag(option, flag) for option in flagged() for flag in option.flags + option.opposite],
        COMMANDS=[f"@('{name}', {_powershell_quoted(command.help)}, @())" for name, command in cg.COMMANDS.items()],
        ARGUMENTS=[_powershell_argument(command) for command in worded_commands()],
    )


def _powershell_flag(option: cg.Option, flag: str) -> str:
    words = ", ".join(map(_powershell_quoted, offered(option)))
    return f"@({_powershell_quoted(flag)}, {_powershell_quoted(option.help)}, @({words}))"


def _powershell_argument(command: cg.Command) -> str:
    words = ", ".join(map(_powershell_quoted, command.words))
    return f"elseif ($last -ceq '{command.name}') {{ {words} | ForEach-Object {{ ,@($_, $_) }} }}"


def _powershell_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


COMPLETIONS: dict[str, Callable[[], str]] = {
    "bash": bash_completions, "zsh": zsh_completions, "fish": fish_completions, "powershell": powershell_completions,
}  # fmt: skip


# The manual page
def man_page() -> str:
    """The manual in roff's man macros: `complexity-guard man | man -l -`."""
    return "\n".join((*_man_head(), *_man_options(), *_man_tables())) + "\n"


def _man_head() -> Iterator[str]:
    yield f'.TH COMPLEXITY\\-GUARD 1 "" "ComplexityGuard {cg.__version__}" "User Commands"'
    yield ".SH NAME\ncomplexity\\-guard \\- complexity of TypeScript and JavaScript, function by function"
    yield ".SH SYNOPSIS\n.B complexity\\-guard\n[\\fIOPTION\\fR]... [\\fIPATH\\fR]..."
    yield from (f".br\n.B complexity\\-guard {_roff(command.usage)}" for command in cg.COMMANDS.values())
    yield ".SH DESCRIPTION\nMeasures the complexity of every function and judges it by thresholds."
    yield "PATHs are files or folders; without any, the current folder; \\- is standard input."
    yield from _man_table("COMMANDS", {command.usage: command.help for command in cg.COMMANDS.values()})


def _man_options() -> Iterator[str]:
    yield ".SH OPTIONS"
    for section in cg.SECTIONS:
        options = [option for option in flagged() if option.section == section]
        if options:
            yield f".SS {section}"
            yield from map(_man_option, options)
    yield ".SH CONFIGURATION\nKeys of .complexityguard.json, each with its default."
    yield "The schema command prints the JSON Schema."
    yield from map(_man_key, cg.CONFIG_KEYS.values())


def _man_tables() -> Iterator[str]:
    yield from _man_table("EXIT STATUS", {str(code): text for code, text in cg.EXIT_CODES.items()})
    yield from _man_table("ENVIRONMENT", cg.VARIABLES)
    yield from _man_table("EXAMPLES", cg.EXAMPLES)


def _man_table(title: str, rows: dict[str, str]) -> Iterator[str]:
    yield f".SH {title}"
    yield from (_man_entry(f"\\fB{_roff(term)}\\fR", text) for term, text in rows.items())


def _man_option(option: cg.Option) -> str:
    metavar = f" \\fI{_roff(option.metavar)}\\fR" if option.metavar else ""
    spellings = ", ".join(f"\\fB{_roff(flag)}\\fR{metavar}" for flag in option.flags + option.opposite)
    return _man_entry(spellings, cg.help_column(option))


def _man_key(option: cg.Option) -> str:
    default = "none" if option.default is None or option.default == () else cg.option_text(option.default).lower()
    return _man_entry(f"\\fB{_roff(option.name)}\\fR ({_roff(default)})", option.help)


def _man_entry(term: str, text: str) -> str:
    return f".TP\n{term}\n{_roff(text)}"


def _roff(text: str) -> str:
    """Text that roff takes as it is: its escape character, its hyphens, its requests at the start of a line."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text
