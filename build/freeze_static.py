"""The static freezer: one ELF that holds CPython, the kernel and the standard library, and needs nothing of the machine.

CPython is built once per target and kept in out/cache under a name made of its inputs; the rest takes seconds.
The same CPython, for the machine that builds, compiles the bytecode: no Python 3.13 need be installed.
"""
from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import sources
import targets

ROOT = sources.ROOT
STATIC = ROOT / "build" / "static"
sys.path[:0] = [str(STATIC), str(ROOT / "build" / "native"), str(ROOT / "build" / "grammar")]

import pack_grammar  # noqa: E402
import unpack  # noqa: E402

import build as kernel  # noqa: E402

# ── Flags, each with what it is for ──────────────────────────────────────────────────────────────────────────────────

SMALL = "-Os"  # all of CPython: its 28 hottest files at -O2 are 162 KB more, and a scan 1 % quicker
FAST = "-O2"   # zlib and the kernel
COMMON = (
    "-fno-sanitize=undefined",          # zig adds it by default; it is a debugging aid
    "-ffunction-sections", "-fdata-sections",  # so that the linker drops what nothing uses (--gc-sections)
    "-fno-unwind-tables", "-fno-asynchronous-unwind-tables",  # C has no exceptions: 150 KB
    "-fomit-frame-pointer", "-fno-stack-protector",
    "-fno-pie",                         # a static file at a fixed place: no relocations, no GOT
    "-w",                               # other people's warnings
)
LINK = (
    FAST,                               # how zig builds the C library that it links: one variant for all steps
    "-static", "-no-pie", "-s", "-Wl,--gc-sections",
    "-Wl,-z,stack-size=8388608",        # musl gives threads 128 KB otherwise, too little for an interpreter
)

# C modules that CPython would build and the program cannot reach. What it can reach is left to frozen_modules.py:
# a module missing here but imported there fails the smoke check.
UNUSED_C_MODULES = """
    _asyncio _bz2 _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _csv _ctypes _ctypes_test
    _curses _curses_panel _datetime _dbm _decimal _elementtree _gdbm _hashlib _interpchannels _interpqueues
    _interpreters _lsprof _lzma _multibytecodec _posixshmem _sqlite3 _ssl _statistics _testbuffer _testcapi
    _testclinic _testclinic_limited _testexternalinspection _testimportmultiple _testinternalcapi _testlimitedcapi
    _testmultiphase _testsinglephase _tkinter _uuid _xxtestfuzz _zoneinfo cmath grp mmap pyexpat readline syslog
    termios unicodedata xxlimited xxlimited_35 xxsubtype
""".split()

CONFIGURE = (
    "--disable-shared", "--without-ensurepip", "--disable-test-modules", "--disable-ipv6", "--without-doc-strings",
    "--without-mimalloc", "--with-computed-gotos", "--with-pkg-config=no", "--prefix=/python", "MODULE_BUILDTYPE=static",
    # Answers that a cross-compiling configure cannot find by running a program; true of Linux with musl.
    "ac_cv_file__dev_ptmx=no", "ac_cv_file__dev_ptc=no", "ac_cv_posix_semaphores_enabled=yes",
    "ac_cv_broken_sem_getvalue=no", "ac_cv_buggy_getaddrinfo=no",
    "ac_cv_func_dlopen=no", "ac_cv_lib_dl_dlopen=no",  # a static program loads nothing
    *(f"py_cv_module_{name}=n/a" for name in UNUSED_C_MODULES),
)

# Changes to CPython's C files: (file, what stands there, what we put). Together they drop a second copy of the runtime's
# initial state, 283 KB, kept for a second interpreter and for starting again after the end: ours does neither.
PATCHES = (
    ("Python/pystate.c", "static const _PyRuntimeState initial = _PyRuntimeState_INIT(_PyRuntime, \"\");",
     "static const _PyThreadStateImpl initial_thread = _PyThreadStateImpl_INIT;"),
    ("Python/pystate.c", "&initial._main_interpreter._initial_thread", "&initial_thread"),
    ("Python/pystate.c", "memcpy(runtime, &initial, sizeof(*runtime));", "abort();"),
    ("Python/pystate.c", "memcpy(interp, &initial._main_interpreter, sizeof(*interp));", "abort();"),
)



@dataclass(frozen=True, slots=True)
class System:
    """What differs by operating system; `{}` stands for the machine."""
    zig_target: str
    host: str                              # autoconf's name
    compile: tuple[str, ...]
    link: tuple[str, ...]
    configure: tuple[str, ...]
    patches: tuple[tuple[str, str, str], ...]


# zig carries macOS's C headers and a list of what libSystem exports, but no framework: CPython's only use of one,
# reading the proxy settings, is off. Its configure knows of no cross-build for macOS, so it is told what that is.
MAC_FLAGS = tuple(flag for flag in COMMON if flag != "-fno-pie")
MAC_CONFIGURE = tuple(answer for answer in CONFIGURE if "sem_getvalue" not in answer)
SYSTEMS = {
    "linux-musl": System("{}-linux-musl", "{}-linux-musl", COMMON, LINK, CONFIGURE, PATCHES),
    "macos": System(
        "{}-macos.13.0", "{}-apple-darwin22", MAC_FLAGS, (FAST, "-s", "-Wl,-dead_strip"),
        (*MAC_CONFIGURE, "ac_cv_broken_sem_getvalue=yes", "py_cv_module__scproxy=n/a",
         *(f"ac_cv_func_{name}=no" for name in ("openpty", "forkpty", "sendfile")), "ac_cv_search_login_tty=no",  # in no header that zig has
         "MACOSX_DEPLOYMENT_TARGET=13.0"),
        (*PATCHES, ("configure", "\t*-*-cygwin*)\n\t\tac_sys_system=Cygwin\n",
                    "\t*-apple-darwin*)\n\t\tac_sys_system=Darwin\n\t\t;;\n\t*-*-cygwin*)\n\t\tac_sys_system=Cygwin\n"),
         ("configure", "\t*-*-cygwin*)\n\t\t_host_ident=\n", "\t*-*-cygwin*|*-apple-darwin*)\n\t\t_host_ident=\n"),
         ("configure", "\tLIBS=\"$LIBS -framework CoreFoundation\"\n", "\t:\n"))),
}

ZLIB_FILES = ["adler32", "compress", "crc32", "deflate", "infback", "inffast", "inflate", "inftrees", "trees", "uncompr", "zutil"]


@dataclass(frozen=True, slots=True)
class Toolchain:
    """zig as C compiler for one target."""
    triple: str

    @property
    def machine(self) -> str:
        return self.triple.partition("-")[0]

    @property
    def system(self) -> System:
        return SYSTEMS[self.triple.partition("-")[2]]

    @property
    def zig(self) -> str:
        return str(sources.unpack("ziglang") / "ziglang" / "zig")

    @property
    def cc(self) -> list[str]:
        return [self.zig, "cc", "-target", self.system.zig_target.format(self.machine)]

    def compile(self, level: str, source: Path, to: Path, *options: str) -> Path:
        """Compile one file, seen from its own folder: no path of this machine gets into the object."""
        run([*self.cc, level, *self.system.compile, "-DNDEBUG", *options, "-c", source.name, "-o", str(to)], source.parent)
        return to


def environment() -> dict[str, str]:
    cache = str(sources.CACHE / "zig")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CC", "CFLAGS", "LDFLAGS"))}
    return {**clean, "ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache, "LC_ALL": "C",
            "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "315532800"), "PYTHONHASHSEED": "0"}


def run(command: list[str], cwd: Path, log: Path | None = None, **more: str) -> None:
    """Run a build step; on failure show the end of what it said."""
    done = subprocess.run(command, cwd=cwd, env={**environment(), **more}, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if log:
        log.write_text(done.stdout)
    if done.returncode:
        raise SystemExit(f"{done.stdout[-4000:]}\nfailed ({done.returncode}): {' '.join(command)[:400]}")


# ── CPython, once per target ─────────────────────────────────────────────────────────────────────────────────────────

@dataclass(frozen=True, slots=True)
class CPython:
    """A built CPython: `lib` are its archives in link order, `include` its header folders, `python` the interpreter."""
    folder: Path

    @property
    def archives(self) -> list[Path]:
        hacl = sorted((self.folder / "py" / "Modules" / "_hacl").glob("*.a"))
        return [self.folder / "py" / "libpython3.13.a", *hacl, self.folder / "zlib" / "libz.a"]

    @property
    def includes(self) -> list[str]:
        return [f"-I{folder}" for folder in (self.folder / "py", sources.unpack("cpython") / "Include", self.folder / "zlib")]

    @property
    def python(self) -> Path:
        return self.folder / "py" / "python"


def cpython(triple: str) -> CPython:
    """The CPython for a target, built when the cache has none from the same inputs."""
    system = Toolchain(triple).system
    inputs = [sources.SOURCES[name].places[0].sha256 for name in ("cpython", "zlib", "ziglang")]
    inputs += [triple, SMALL, FAST, system.compile, system.link, system.configure, system.patches]
    key = hashlib.sha256(json.dumps(inputs).encode()).hexdigest()[:16]
    folder = sources.CACHE / f"cpython-{triple}-{key}"
    if not folder.is_dir():
        print(f"building CPython {sources.SOURCES['cpython'].version} for {triple} (about four minutes, then cached)", flush=True)
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        build_cpython(triple, partial)
        partial.rename(folder)
    return CPython(folder)


def build_cpython(triple: str, folder: Path) -> None:
    tools = Toolchain(triple)
    (folder / "py").mkdir(parents=True)
    build_zlib(tools, folder / "zlib")
    native = triple == targets.native_triple()
    source = os.path.relpath(sources.unpack("cpython"), folder / "py")  # relative: it ends up in the binary
    builder = targets.machine() + ("-linux-musl" if native else "-linux-gnu")
    crossing = [] if native else [f"--with-build-python={cpython(targets.native_triple()).python}"]
    shutil.copy(sources.unpack("cpython") / "configure", folder / "py")
    patch_cpython(sources.unpack("cpython"), folder / "py", tools.system.patches)
    run(["./configure", f"--srcdir={source}", f"--host={tools.system.host.format(tools.machine)}", f"--build={builder}", *crossing,
         *tools.system.configure],
        folder / "py", folder / "configure.log",
        # All flags in CC: zig builds its C library anew (a minute) for each set of them that a test of configure uses.
        CC=" ".join((*tools.cc, FAST, *tools.system.compile)), AR=f"{tools.zig} ar", RANLIB=f"{tools.zig} ranlib", READELF="true",
        CFLAGS="-w", CFLAGS_NODIST=SMALL, OPT="-DNDEBUG", CPPFLAGS="-I../zlib", LDFLAGS=" ".join(("-L../zlib", *tools.system.link)),
        ZLIB_CFLAGS="-I../zlib", ZLIB_LIBS="-L../zlib -lz")
    goal = ["python", "pybuilddir.txt"] if native else ["libpython3.13.a"]
    run(["make", f"-j{os.cpu_count()}", *goal], folder / "py", folder / "make.log")


def patch_cpython(tree: Path, into: Path, patches: tuple[tuple[str, str, str], ...]) -> None:
    """Put changed copies where make looks before it looks into the source tree."""
    for file, before, after in patches:
        copy = into / file
        text = (copy if copy.exists() else tree / file).read_text("utf-8")
        if text.count(before) != 1:
            raise SystemExit(f"{file} is not the file that our patch knows: {before}")
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(text.replace(before, after), "utf-8")


def build_zlib(tools: Toolchain, folder: Path) -> None:
    tree = sources.unpack("zlib")
    folder.mkdir()
    for file in (*tree.glob("*.c"), *tree.glob("*.h")):
        shutil.copy(file, folder)
    objects = [tools.compile(FAST, folder / f"{name}.c", folder / f"{name}.o", "-DHAVE_UNISTD_H") for name in ZLIB_FILES]
    run([tools.zig, "ar", "rcsD", "libz.a", *(file.name for file in objects)], folder)


# ── The program ──────────────────────────────────────────────────────────────────────────────────────────────────────

def freeze(triple: str, work: Path) -> Path:
    """Build the binary for a target in the folder `work`; the caller moves it to its place."""
    tools, python = Toolchain(triple), cpython(triple)
    builder = cpython(targets.native_triple())
    frozen = freeze_modules(builder, work)
    (work / "version.h").write_text(f'#define VERSION_LINE "complexity-guard {targets.version()}"\n')
    objects = [
        tools.compile(SMALL, copied(STATIC / "main.c", work), work / "main.o", *python.includes),
        tools.compile(SMALL, copied(STATIC / "no_compiler.c", work), work / "no_compiler.o", *python.includes,
                      f"-I{sources.unpack('cpython') / 'Include' / 'internal'}"),
        tools.compile(SMALL, frozen, work / "frozen_modules.o", *python.includes),
        *compile_kernel(tools, python, work),
    ]
    binary = work / "complexity-guard"
    run([*tools.cc, *map(str, objects), *map(str, python.archives), *tools.system.link, "-o", str(binary)], work)
    return binary


def copied(file: Path, folder: Path) -> Path:
    return Path(shutil.copy(file, folder))


def freeze_modules(builder: CPython, work: Path) -> Path:
    """Compile the program and its standard modules with the interpreter they will run in."""
    lib, program = sources.unpack("cpython") / "Lib", ROOT / "complexity_guard.py"
    # Lines but no columns in tracebacks: nothing could show them, and they are 10 % of the bytecode, which pack badly.
    interpreter = [str(builder.python), "-I", "-S", "-B", "-X", "no_debug_ranges"]
    run([*interpreter, str(STATIC / "frozen_modules.py"), str(lib), str(program), str(ROOT / "spec"), str(work)], work,
        work / "frozen_modules.log")
    print((work / "frozen_modules.log").read_text(), end="")
    return work / "frozen_modules.c"


def compile_kernel(tools: Toolchain, python: CPython, work: Path) -> list[Path]:
    """The kernel's own list of files, with the parsers' tables packed."""
    grammar = work / "grammar"
    unpack.unpack(grammar)
    definitions = kernel.definitions(grammar)
    for name in ("typescript", "tsx"):
        pack_grammar.pack(grammar / name / "parser.c", Toolchain(targets.native_triple()).cc, environment())
    headers = [f"-I{folder}" for folder in kernel.include_folders(sources.unpack("tree-sitter"), grammar)]
    return [tools.compile(FAST, file, work / f"{file.parent.name}_{file.stem}.o", *kernel.FLAGS, *definitions, *headers, *python.includes)
            for file in kernel.c_files(grammar)]
