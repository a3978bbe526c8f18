#!/usr/bin/env python3
"""Build the scan kernel, `complexity_guard_kernel`, for the Python that runs this.

    python build/native/compile.py [FOLDER]              into FOLDER; by default where this Python looks for modules
    python build/native/compile.py --sanitize [FOLDER]   with AddressSanitizer and UBSan, every block malloc's own

Needs a C compiler (CC, else cc, gcc or clang; on Windows clang) and Python's headers. Without one, it says so and ends
with status 3: the program then scans in pure Python, slower and with the same results.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

NATIVE = Path(__file__).resolve().parent
ROOT = NATIVE.parent.parent
sys.path += [str(NATIVE.parent), str(NATIVE.parent / "grammar")]  # started by hand, it finds its own folder alone

import sources  # noqa: E402
import unpack  # noqa: E402

NAME = "complexity_guard_kernel"
NO_COMPILER = 3
# Hidden symbols keep this tree-sitter apart from another one in the same process.
FLAGS = (
    "-std=c11", "-O3", "-DNDEBUG", "-DTREE_SITTER_HIDE_SYMBOLS", "-D_DEFAULT_SOURCE", "-fvisibility=hidden",
    "-fno-strict-aliasing", "-w",
)  # fmt: skip
SANITIZE = (
    "-g", "-O1", "-UNDEBUG", "-DKERNEL_CHECKED", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
)  # fmt: skip
# gcc's default tuning clears each of the parser's stack nodes with `rep stos`, which alone takes 2.5 % of a scan.
TUNING = {"x86_64": ("-mtune=skylake",), "AMD64": ("-mtune=skylake",)}

# On Windows clang alone: what gcc makes there is for another C library than Python's.
COMPILERS = [["clang"]] if sys.platform == "win32" else [["cc"], ["gcc"], ["clang"]]
POSITION_INDEPENDENT = [] if sys.platform == "win32" else ["-fPIC"]  # there, all code is, and clang refuses the option


class BuildError(Exception):
    """Why there is no kernel, in words for the person who wanted one."""


def c_files(grammar: Path) -> list[Path]:
    """The translation units, given the unpacked grammar; tree-sitter's core is part of kernel.c."""
    own = [NATIVE / name for name in ("kernel.c", "typescript.c", "tsx.c")]
    return [*own, *(grammar / name / "scanner.c" for name in ("typescript", "tsx"))]


def include_folders(core: Path, grammar: Path) -> list[Path]:
    """`core` is the unpacked sdist of tree-sitter."""
    library = core / "tree_sitter" / "core" / "lib"
    return [NATIVE, library / "src", library / "include", grammar]


def definitions(grammar: Path) -> list[str]:
    """What `info()` tells of the build."""
    files = [grammar / name / f"{part}.c" for name in ("typescript", "tsx") for part in ("parser", "scanner")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    return [f'-DKERNEL_TREE_SITTER="{sources.SOURCES["tree-sitter"].version}"', f'-DKERNEL_GRAMMAR="patched {digest}"']


def find_compiler() -> list[str]:
    wish = os.environ.get("CC")
    for command in [shlex.split(wish)] if wish else COMPILERS:
        if command and shutil.which(command[0]):
            return command
    tried = wish or ", ".join(name for (name,) in COMPILERS)
    raise BuildError(f"no C compiler found ({tried}); scanning stays in pure Python")


def compile_all(compiler: Sequence[str], flags: Sequence[str], files: Sequence[Path], work: Path) -> list[Path]:
    """Compile each file to an object in `work`; all at once, so that two CPUs are of use."""
    work.mkdir(parents=True, exist_ok=True)
    objects = [work / f"{path.parent.name}-{path.stem}.o" for path in files]
    runs = []
    for path, target in zip(files, objects, strict=True):
        command = [*compiler, *flags, "-c", str(path), "-o", str(target)]
        runs.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
    answers = [(run.communicate()[1], run.returncode) for run in runs]
    for error, status in answers:
        if status:
            raise BuildError(f"the C compiler refused ({shlex.join(compiler)}):\n{error.strip()}")
    return objects


def link_flags() -> list[str]:
    if sys.platform == "darwin":
        return ["-bundle", "-undefined", "dynamic_lookup"]
    if sys.platform == "win32":
        return ["-shared", f"-L{Path(sys.base_prefix) / 'libs'}"]  # holds the library that Python.h names to the linker
    return ["-shared"]


def python_headers() -> Path:
    headers = Path(sysconfig.get_paths()["include"])
    if not (headers / "Python.h").is_file():
        raise BuildError(f"Python's headers are not in {headers}; scanning stays in pure Python")
    return headers


def build(folder: Path, sanitize: bool = False) -> Path:
    """Build the kernel into `folder`, which afterwards holds a whole module or the one it had before."""
    compiler, headers, core = find_compiler(), python_headers(), sources.unpack("tree-sitter")
    work = ROOT / "out" / "native" / (sysconfig.get_config_var("SOABI") + "-sanitized" * sanitize)
    grammar = work / "grammar"
    unpack.unpack(grammar)
    checks = SANITIZE if sanitize else ()
    tuning = TUNING.get(platform.machine(), ())
    folders = [f"-I{path}" for path in (headers, *include_folders(core, grammar))]
    flags = [*FLAGS, *tuning, *POSITION_INDEPENDENT, *checks, *definitions(grammar), *folders]
    objects = compile_all(compiler, flags, c_files(grammar), work)
    target = folder / f"{NAME}{sysconfig.get_config_var('EXT_SUFFIX')}"
    folder.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        command = [*compiler, *link_flags(), *checks, *map(str, objects), "-o", str(partial)]
        subprocess.run(command, check=True)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def main(arguments: Sequence[str]) -> int:
    sanitize = "--sanitize" in arguments
    folders = [Path(argument) for argument in arguments if argument != "--sanitize"]
    if len(folders) > 1 or any(folder.name.startswith("-") for folder in folders):
        print(__doc__)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    try:
        print(build(folders[0] if folders else Path(sysconfig.get_paths()["platlib"]), sanitize))
    except (BuildError, sources.FetchError, OSError, subprocess.CalledProcessError) as error:
        print(f"no kernel: {error}", file=sys.stderr)
        return NO_COMPILER if isinstance(error, BuildError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
