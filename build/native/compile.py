#!/usr/bin/env python3
"""Build the scan kernel, `complexity_guard_kernel`, for the Python that runs this.

    python build/native/compile.py [FOLDER]              into FOLDER; by default where this Python looks for modules
    python build/native/compile.py --sanitize [FOLDER]   with AddressSanitizer and UBSan, every block malloc's own
    python build/native/compile.py --plain [FOLDER]      as the compiler's own guesses arrange it, in half the time

Needs a C compiler (CC, else cc, gcc or clang; on Windows clang) and Python's headers. Without one, it says so and ends
with status 3: the program then scans in pure Python, slower and with the same results.

The kernel is arranged by how often its lines run, which takes a tenth or more off a scan. clang reads that from kernel.profile.
gcc reads nothing but what the same gcc has counted, so with it the kernel is compiled twice: first with counters, to scan this
project's own sources for half a second. Where that does not work, the reason is said, and the kernel is a plain one.
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
from dataclasses import dataclass
from pathlib import Path

NATIVE = Path(__file__).resolve().parent
ROOT = NATIVE.parent.parent
sys.path += [str(NATIVE.parent), str(NATIVE.parent / "grammar")]  # started by hand, it finds its own folder alone

import sources  # noqa: E402
import unpack  # noqa: E402

NAME = "complexity_guard_kernel"
TARGET = f"{NAME}{sysconfig.get_config_var('EXT_SUFFIX')}"
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
# The kernel asks for its arena some thousand times a scan. As a rule a library calls a function for what is a thread's own;
# glibc has room for 72 bytes at a place that is known when it is loaded. musl would not load it.
THREAD_LOCALS = ("-ftls-model=initial-exec",) if platform.libc_ver()[0] == "glibc" else ()

# On Windows clang alone: what gcc makes there is for another C library than Python's.
COMPILERS = [["clang"]] if sys.platform == "win32" else [["cc"], ["gcc"], ["clang"]]
COUNTS, COUNTED = ("-fprofile-generate", "-fprofile-update=single"), ("-fprofile-use",)
PROFILE = f"-fprofile-sample-use={NATIVE / 'kernel.profile'}"
TRAINING_SECONDS = 60  # it takes half a second, and ten on the slowest machine that is worth it
TRAINING_FOLDERS = ("tests/corpus", "build/assets", "scripts")  # 170 KB; 1.8 MB of libraries train it no better
TRAINING = """
import os, sys
import complexity_guard as cg
folders, scanner = sys.argv[1:], cg.make_scanner()
options = cg.measure_options(cg.DEFAULT_ANALYSIS)
for top in folders:
    for folder, _, names in os.walk(top):
        for name in sorted(names):
            if (grammar := cg.grammar_of(name)) is not None:
                with open(os.path.join(folder, name), "rb") as file:
                    text = file.read()
                for half in (text, text[: len(text) // 2]):  # cut short, it has syntax errors
                    cg.scanned(half, grammar, options, scanner, cg.Bounds())
cg.main([*folders, "-f", "json", "-o", os.devnull, "--threads", "1", "--duplication"])
"""
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
    own = sorted(path for path in NATIVE.iterdir() if path.suffix in (".c", ".h", ".py"))
    core = sources.SOURCES["tree-sitter"].version
    return [
        f'-DKERNEL_TREE_SITTER="{core}"',
        f'-DKERNEL_GRAMMAR="patched {digest_of(files)[:12]}"',
        f'-DKERNEL_SOURCES="{core} {digest_of([*files, *own])}"',
    ]


def digest_of(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def find_compiler() -> list[str]:
    wish = os.environ.get("CC")
    for command in [shlex.split(wish)] if wish else COMPILERS:
        if command and shutil.which(command[0]):
            return command
    tried = wish or ", ".join(name for (name,) in COMPILERS)
    raise BuildError(f"no C compiler found ({tried}); scanning stays in pure Python")


def compile_all(commands: Sequence[Sequence[str]], files: Sequence[Path], work: Path) -> list[Path]:
    """Compile each file by its command to an object in `work`; all at once, so that two CPUs are of use."""
    work.mkdir(parents=True, exist_ok=True)
    objects = [work / f"{path.parent.name}-{path.stem}.o" for path in files]
    runs = []
    for command, path, target in zip(commands, files, objects, strict=True):
        whole = [*command, "-c", str(path), "-o", str(target)]
        runs.append(subprocess.Popen(whole, stderr=subprocess.PIPE, text=True))
    answers = [(run.communicate()[1], run.returncode) for run in runs]
    for error, status in answers:
        if status:
            raise BuildError(f"the C compiler refused ({commands[0][0]}):\n{error.strip()}")
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


def kind_of(compiler: Sequence[str]) -> str:
    """ "clang", "gcc" or "": by what it defines, for `cc` may be either, and clang claims to be gcc."""
    command = [*compiler, "-dM", "-E", "-x", "c", os.devnull]
    defined = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    names = (("__clang__", "clang"), ("__INTEL_COMPILER", ""), ("__GNUC__", "gcc"))
    return next((kind for name, kind in names if f"#define {name} " in defined), "")


@dataclass(frozen=True)
class Build:
    """One way to compile and link, in a folder of its own."""

    compiler: list[str]
    flags: list[str]
    work: Path

    def compile(self, files: Sequence[Path], kernel: Sequence[str] = (), all_of_them: Sequence[str] = ()) -> list[Path]:
        """Compile files of which the first is the kernel's own, with more flags for that one and for all."""
        command = [*self.compiler, *self.flags, *all_of_them]
        commands = [[*command, *kernel], *([command] * (len(files) - 1))]
        return compile_all(commands, files, self.work)

    def link(self, objects: Sequence[Path], target: Path, *more: str) -> None:
        """The target is whole afterwards, or what it was before."""
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            command = [*self.compiler, *link_flags(), *more, *map(str, objects), "-o", str(partial)]
            subprocess.run(command, check=True)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def trained(self, files: Sequence[Path]) -> list[Path]:
        """Objects of which the kernel's own is arranged by what a run over our own sources has counted. The parsers
        are compiled beside the counting kernel; arranged as well, they save another hundredth and take 20 s more."""
        print("compiling the kernel twice, for it to be faster: half a minute, once", flush=True)
        for old in self.work.glob("*.gcda"):  # what it counts is written beside the object
            old.unlink()
        folder = self.work / "training"
        objects = self.compile(files, kernel=COUNTS)
        self.link(objects, folder / TARGET, *COUNTS)
        command = [sys.executable, "-c", TRAINING, *(str(ROOT / name) for name in TRAINING_FOLDERS)]
        modules = os.pathsep.join((str(folder), str(ROOT)))
        cache = self.work / "cache"
        shutil.rmtree(cache, ignore_errors=True)  # each training is the same: one run that keeps, and one that finds
        alike = {"PYTHONHASHSEED": "0", "COMPLEXITY_GUARD_CACHE": str(cache)}
        environment = {**os.environ, "PYTHONPATH": modules, **alike}
        for _ in range(2):
            subprocess.run(command, check=True, capture_output=True, timeout=TRAINING_SECONDS, env=environment)
        if not any(self.work.glob("*.gcda")):
            raise BuildError("the training run has counted nothing")
        self.compile(files[:1], kernel=COUNTED)
        return objects

    def arranged(self, files: Sequence[Path]) -> list[Path]:
        """Objects arranged by how often their lines run; by the compiler's own guesses where that does not work."""
        kind = kind_of(self.compiler)
        try:
            if kind == "gcc":
                return self.trained(files)
            return self.compile(files, all_of_them=[PROFILE] if kind == "clang" else [])
        except (BuildError, OSError, subprocess.SubprocessError) as error:
            print(f"the kernel is a plain one, which is slower: {reason(error)}", file=sys.stderr)
            return self.compile(files)


def reason(error: Exception) -> str:
    """The last line of what was said."""
    said = getattr(error, "stderr", None) or str(error)
    return (said.decode(errors="replace") if isinstance(said, bytes) else said).strip().splitlines()[-1]


def build(folder: Path, sanitize: bool = False, plain: bool = False) -> Path:
    """Build the kernel into `folder`, which afterwards holds a whole module or the one it had before."""
    compiler, headers, core = find_compiler(), python_headers(), sources.unpack("tree-sitter")
    work = ROOT / "out" / "native" / (sysconfig.get_config_var("SOABI") + "-sanitized" * sanitize)
    grammar = work / "grammar"
    unpack.unpack(grammar)
    checks = SANITIZE if sanitize else ()
    tuning = TUNING.get(platform.machine(), ())
    folders = [f"-I{path}" for path in (headers, *include_folders(core, grammar))]
    flags = [*FLAGS, *tuning, *POSITION_INDEPENDENT, *THREAD_LOCALS, *checks, *definitions(grammar), *folders]
    way, files = Build(compiler, flags, work), c_files(grammar)
    objects = way.compile(files) if sanitize or plain else way.arranged(files)
    way.link(objects, folder / TARGET, *checks)
    return folder / TARGET


def main(arguments: Sequence[str]) -> int:
    sanitize, plain = ("--sanitize" in arguments, "--plain" in arguments)
    folders = [Path(argument) for argument in arguments if argument not in ("--sanitize", "--plain")]
    if len(folders) > 1 or any(folder.name.startswith("-") for folder in folders):
        print(__doc__)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    try:
        print(build(folders[0] if folders else Path(sysconfig.get_paths()["platlib"]), sanitize, plain))
    except (BuildError, sources.FetchError, OSError, subprocess.CalledProcessError) as error:
        print(f"no kernel: {error}", file=sys.stderr)
        return NO_COMPILER if isinstance(error, BuildError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
