"""The static freezer: one file that holds CPython, the kernel and the standard library, and needs nothing else.

CPython is built once per target and kept in out/cache under a name made of its inputs; the rest takes seconds.
The same CPython, for the machine that builds, compiles the bytecode: no Python 3.13 need be installed.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import os
import re
import shutil
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import compile as kernel
import deflate
import frozen_modules
import macho
import pack_grammar
import sources
import steps
import targets
import unpack
import windows

ROOT = sources.ROOT
STATIC = ROOT / "build" / "static"

# ── Flags, each with what it is for ──────────────────────────────────────────────────────────────────────────────────

# All of CPython. Its 28 hottest files at -O2 are 162 KB more, and a scan 1 % quicker. With a profile of its lines, made as
# that of the kernel is, a run takes 3 % less for 97 KB, and at -O2 throughout a start takes 13 % less for 362 KB.
# CPython 3.14.7 with its tail-calling interpreter, at -Os: 2,329 million instructions over 298 files where 3.13.5 takes
# 2,332, CPU the same within the noise of pairs, and 296 KB more.
SMALL = "-Os"
# zlib, the kernel, and these files: the first five are 1 % less of a run, for 16 KB, the others 0.8 % less of it and 1.7 % less
# of a start, for 21 KB. Objects/typeobject would be 0.2 and 0.3 % for 15 KB, longobject and listobject nothing.
FAST = "-O2"
QUICK = (
    "Python/ceval", "Objects/tupleobject", "Objects/obmalloc", "Objects/object", "Objects/call",
    "Objects/dictobject", "Python/marshal",
)  # fmt: skip
COMMON = (
    "-fno-sanitize=undefined",          # zig adds it by default; it is a debugging aid
    "-ffunction-sections", "-fdata-sections",  # so that the linker drops what nothing uses (--gc-sections)
    "-fno-unwind-tables", "-fno-asynchronous-unwind-tables",  # C has no exceptions: 150 KB
    "-fomit-frame-pointer", "-fno-stack-protector",
    "-fno-pie",                         # a static file at a fixed place: no relocations, no GOT
    "-w",                               # other people's warnings
)  # fmt: skip
LINK = (
    FAST,                               # how zig builds the C library that it links: one variant for all steps
    "-static", "-no-pie", "-s", "-Wl,--gc-sections",
    "-Wl,-z,stack-size=8388608",        # musl gives threads 128 KB otherwise, too little for an interpreter
)  # fmt: skip

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
    "--without-mimalloc", "--with-computed-gotos", "--with-pkg-config=no", "--prefix=/python",
    "MODULE_BUILDTYPE=static",
    # Answers that a cross-compiling configure cannot find by running a program; true of Linux with musl.
    "ac_cv_file__dev_ptmx=no", "ac_cv_file__dev_ptc=no", "ac_cv_posix_semaphores_enabled=yes",
    "ac_cv_broken_sem_getvalue=no", "ac_cv_buggy_getaddrinfo=no",
    "ac_cv_func_dlopen=no", "ac_cv_lib_dl_dlopen=no",  # a static program loads nothing
    *(f"py_cv_module_{name}=n/a" for name in UNUSED_C_MODULES),
)  # fmt: skip

# Changes to CPython's C files: (file, what stands there, what we put). The first drop a second copy of the
# runtime's initial state, 283 KB, kept for a second interpreter and for starting again after the end: ours does
# neither.
#
# The next one makes classes cheaper, of which a start makes three hundred: for each, some ninety special methods are looked
# for in all that it inherits from, though a class with one base has taken over what that one found. So only those are
# looked for that stand in the class's own body; beside __eq__ or __hash__, all comparisons and the hash.
#
# What a code object is made of was compiled or read, and never instrumented or specialised: its instructions are what they
# say, and asking for what is behind each was a sixtieth of a start.
#
# The last goes with `fold_letters`.
PATCHES = (
    (
        "Python/pystate.c",
        'static const _PyRuntimeState initial = _PyRuntimeState_INIT(_PyRuntime, "");',
        "static const _PyThreadStateImpl initial_thread = _PyThreadStateImpl_INIT;",
    ),
    ("Python/pystate.c", "&initial._main_interpreter._initial_thread", "&initial_thread"),
    ("Python/pystate.c", "memcpy(runtime, &initial, sizeof(*runtime));", "abort();"),
    ("Python/pystate.c", "memcpy(interp, &initial._main_interpreter, sizeof(*interp));", "abort();"),
    (
        "Objects/typeobject.c",
        "    for (pytype_slotdef *p = slotdefs; p->name; ) {\n        p = update_one_slot(type, p);\n",
        """    PyObject *own = lookup_tp_dict(type), *mro = lookup_tp_mro(type), *above = lookup_tp_mro(type->tp_base);
    int inherits = PyTuple_GET_SIZE(lookup_tp_bases(type)) == 1 && PyTuple_GET_SIZE(mro) == PyTuple_GET_SIZE(above) + 1;
    int compares = overrides_hash(type) != 0;
    for (pytype_slotdef *p = slotdefs; p->name; ) {
        int compared = p->offset == offsetof(PyTypeObject, tp_richcompare) || p->offset == offsetof(PyTypeObject, tp_hash);
        int looks = !inherits || (compares && compared);
        pytype_slotdef *next = p;
        for (; next->offset == p->offset && !looks; next++) looks = PyDict_Contains(own, next->name_strobj) != 0;
        p = looks ? update_one_slot(type, p) : next;
""",
    ),
    (
        "Python/specialize.c",
        "opcode = _Py_GetBaseOpcode(code, i);\n        assert(opcode < MIN_INSTRUMENTED_OPCODE);",
        "opcode = instructions[i].op.code;",
    ),
    (
        "Objects/unicodectype.c",
        "index = index2[(index<<SHIFT)+(code&((1<<SHIFT)-1))];",
        "index = index2[index3[index << 4 | (code >> 3 & 15)] << 3 | (code & 7)];",
    ),
)
LETTERS = "Objects/unicodetype_db.h"


@dataclass(frozen=True, slots=True)
class System:
    """What differs by operating system; `{}` stands for the machine."""

    zig_target: str
    host: str  # autoconf's name; "" where CPython has no configure
    compile: tuple[str, ...]
    link: tuple[str, ...]
    configure: tuple[str, ...]
    patches: tuple[tuple[str, str, str], ...]


# zig carries macOS's C headers and a list of what libSystem exports, but no framework: CPython's only use of one,
# reading the proxy settings, is off. Its configure knows of no cross-build for macOS, so it is told what that is.
MAC_FLAGS = tuple(flag for flag in COMMON if flag != "-fno-pie")
MAC_CONFIGURE = (
    *(answer for answer in CONFIGURE if "sem_getvalue" not in answer),
    "ac_cv_broken_sem_getvalue=yes", "py_cv_module__scproxy=n/a",
    "ac_cv_func_openpty=no", "ac_cv_func_forkpty=no", "ac_cv_func_sendfile=no",  # in no header that zig has
    "ac_cv_search_login_tty=no",
    # zig's headers are those of macOS 27, which has these two. Below it they are weak imports, and calling one is a jump to 0.
    "ac_cv_func_dup3=no", "ac_cv_func_pipe2=no",
    "MACOSX_DEPLOYMENT_TARGET=13.0",
)  # fmt: skip
MAC_PATCHES = (
    ("configure", "\t*-*-cygwin*)\n\t\tac_sys_system=Cygwin\n",
     "\t*-apple-darwin*)\n\t\tac_sys_system=Darwin\n\t\t;;\n\t*-*-cygwin*)\n\t\tac_sys_system=Cygwin\n"),
    ("configure", "\t*-*-cygwin*)\n\t\t_host_ident=\n", "\t*-*-cygwin*|*-apple-darwin*)\n\t\t_host_ident=\n"),
    ("configure", '\tLIBS="$LIBS -framework CoreFoundation"\n', "\t:\n"),
)  # fmt: skip
MAC_LINK = (FAST, "-s", "-Wl,-dead_strip")

# Windows unwinds the stack by tables, also where C has no exceptions: when it ends a thread, and to tell of a crash (126 KB).
WINDOWS_FLAGS = (*(flag for flag in COMMON if not flag.endswith(("unwind-tables", "-pie"))), "-DPy_NO_ENABLE_SHARED")
WINDOWS_LINK = (
    FAST,
    "-municode",                        # starts with wmain: arguments as they are, whatever the code page
    "-s", "-Wl,--gc-sections",
    "-Wl,--subsystem,console",          # of Windows 10, the oldest with its C library
    "-Wl,--major-subsystem-version,10", "-Wl,--minor-subsystem-version,0",
    "-Wl,--stack,8388608",              # threads are given as much as the program, 1 MB otherwise
)  # fmt: skip
SYSTEMS = {
    "linux-musl": System("{}-linux-musl", "{}-linux-musl", COMMON, LINK, CONFIGURE, PATCHES),
    "macos": System("{}-macos.13.0", "{}-apple-darwin22", MAC_FLAGS, MAC_LINK, MAC_CONFIGURE, (*PATCHES, *MAC_PATCHES)),
    "windows": System("{}-windows-gnu", "", WINDOWS_FLAGS, WINDOWS_LINK, windows.CORE, (*PATCHES, *windows.PATCHES)),
}

ZLIB_FILES = "adler32 compress crc32 deflate infback inffast inflate inftrees trees uncompr zutil".split()


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
        flags = [level, *self.system.compile, "-DNDEBUG", *options]
        run([*self.cc, *flags, "-c", source.name, "-o", str(to)], source.parent)
        return to


def environment() -> dict[str, str]:
    cache = str(sources.CACHE / "zig")
    zig = {"ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache}
    return steps.environment("CC", "CFLAGS", "LDFLAGS", **zig, LC_ALL="C")


def run(command: list[str], cwd: Path, log: Path | None = None, **more: str) -> None:
    steps.run(command, cwd, {**environment(), **more}, log)


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
        folders = (self.folder / "py", sources.unpack("cpython") / "Include", self.folder / "zlib")
        return [f"-I{folder}" for folder in folders]

    @property
    def python(self) -> Path:
        return self.folder / "py" / "python"


def cpython(triple: str) -> CPython:
    """The CPython for a target, built when the cache has none from the same inputs."""
    system = Toolchain(triple).system
    inputs = [sources.SOURCES[name].places[0].sha256 for name in ("cpython", "zlib", "ziglang")]
    inputs += [triple, SMALL, FAST, system.compile, system.link, system.configure, system.patches, LETTERS]
    key = hashlib.sha256(json.dumps(inputs).encode()).hexdigest()[:16]
    folder = sources.CACHE / f"cpython-{triple}-{key}"
    if not folder.is_dir():
        version = sources.SOURCES["cpython"].version
        print(f"building CPython {version} for {triple} (about four minutes, then cached)", flush=True)
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        build_cpython(triple, partial)
        partial.rename(folder)
    return CPython(folder)


def build_cpython(triple: str, folder: Path) -> None:
    tools, tree = Toolchain(triple), sources.unpack("cpython")
    (folder / "py").mkdir(parents=True)
    build_zlib(tools, folder / "zlib")
    patch_cpython(tree, folder / "py", tools.system.patches)
    fold_letters(tree / LETTERS, folder / "py" / LETTERS)
    (build_configured if tools.system.host else build_listed)(tools, tree, folder)


def build_configured(tools: Toolchain, tree: Path, folder: Path) -> None:
    """As everybody builds it. Where a patch changes configure, the changed one is there already."""
    native = tools.triple == targets.native_triple()
    if not (folder / "py" / "configure").exists():
        shutil.copy(tree / "configure", folder / "py")
    command = ["./configure", f"--srcdir={source_tree()}", *configuration(tools)]
    run(command, folder / "py", folder / "configure.log", **compilers(tools))
    goal = ["python", "pybuilddir.txt"] if native else ["libpython3.13.a"]
    run(["make", f"-j{os.cpu_count()}", *goal], folder / "py", folder / "make.log")


def source_tree() -> str:
    """CPython's sources, as seen from where it is built: relative, for it ends up in the binary."""
    return os.path.relpath(sources.unpack("cpython"), sources.CACHE / "cpython" / "py")


def build_listed(tools: Toolchain, tree: Path, folder: Path) -> None:
    """For Windows: each file by itself, the changed ones instead of the tree's."""
    py = folder / "py"
    shutil.copy(py / "PC" / "pyconfig.h.in", py / "pyconfig.h")
    headers = ("Include", "Include/internal", "PC", "Python", "Modules/_hacl/include", "Modules/_hacl/internal")
    options = [*windows.CORE, f"-I{py}", *(f"-I{tree / name}" for name in headers), f"-I{folder / 'zlib'}"]

    def compiled(name: str) -> Path:
        source = py / name if (py / name).exists() else tree / name
        to = (py / name).with_suffix(".o")
        to.parent.mkdir(parents=True, exist_ok=True)
        return tools.compile(SMALL, source, to, *options, f"-I{(tree / name).parent}")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(compiled, windows.c_files(tree, UNUSED_C_MODULES)))
    # By a file of names: a command line of Windows would be too long.
    (py / "objects").write_text("\n".join(sorted(os.path.relpath(file, py) for file in objects)))
    run([tools.zig, "ar", "rcsD", "libpython3.13.a", "@objects"], py)


def configuration(tools: Toolchain) -> list[str]:
    """What configure is told; a CPython for another machine is built with the help of one for this machine."""
    host = f"--host={tools.system.host.format(tools.machine)}"
    if tools.triple == targets.native_triple():
        return [host, f"--build={targets.machine()}-linux-musl", *tools.system.configure]
    python = cpython(targets.native_triple()).python
    return [host, f"--build={targets.machine()}-linux-gnu", f"--with-build-python={python}", *tools.system.configure]


def compilers(tools: Toolchain) -> dict[str, str]:
    """All flags are in CC: zig builds its C library anew (a minute) for each set that a test of configure uses."""
    return {
        "CC": " ".join((*tools.cc, FAST, *tools.system.compile)),
        "AR": f"{tools.zig} ar",
        "RANLIB": f"{tools.zig} ranlib",
        "READELF": "true",
        "CFLAGS": "-w",
        "CFLAGS_NODIST": SMALL,
        "OPT": "-DNDEBUG",
        "CPPFLAGS": f"-I../zlib -I{source_tree()}/Objects",
        "LDFLAGS": " ".join(("-L../zlib", *tools.system.link)),
        "ZLIB_CFLAGS": "-I../zlib",
        "ZLIB_LIBS": "-L../zlib -lz",
    }


def patch_cpython(tree: Path, into: Path, patches: tuple[tuple[str, str, str], ...]) -> None:
    """Put changed copies where make looks before it looks into the source tree."""
    for file, before, after in patches:
        copy = into / file
        text = (copy if copy.exists() else tree / file).read_text("utf-8")
        if text.count(before) != 1:
            raise SystemExit(f"{file} is not the file that our patch knows: {before}")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text.replace(before, after), "utf-8")
        shutil.copymode(tree / file, copy)


def fold_letters(table: Path, into: Path) -> None:
    """Store what is known of each letter once for eight letters of a kind: 22 KB instead of 74."""
    head, found, tail = re.split(r"static const unsigned short index2\[\] = \{([^}]*)\};", table.read_text("utf-8"))
    numbers = [int(number) for number in found.replace(",", " ").split()]
    eights: dict[tuple[int, ...], int] = {}
    places = [eights.setdefault(tuple(numbers[at : at + 8]), len(eights)) for at in range(0, len(numbers), 8)]
    rows = {"index2": [number for eight in eights for number in eight], "index3": places}
    folded = [f"static const unsigned short {name}[] = {{{', '.join(map(str, row))}}};\n" for name, row in rows.items()]
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text("".join((head, *folded, tail)), "utf-8")


def build_zlib(tools: Toolchain, folder: Path) -> None:
    tree = sources.unpack("zlib")
    folder.mkdir()
    for file in (*tree.glob("*.c"), *tree.glob("*.h")):
        shutil.copy(file, folder)
    places = [(folder / f"{name}.c", folder / f"{name}.o") for name in ZLIB_FILES]
    objects = [tools.compile(FAST, source, to, "-DHAVE_UNISTD_H") for source, to in places]
    run([tools.zig, "ar", "rcsD", "libz.a", *(file.name for file in objects)], folder)


# ── The program ──────────────────────────────────────────────────────────────────────────────────────────────────────


def freeze(triple: str, work: Path) -> Path:
    """Build the binary for a target in the folder `work`; the caller moves it to its place."""
    tools, python = Toolchain(triple), cpython(triple)
    builder = cpython(targets.native_triple())
    frozen = freeze_modules(builder, tools.system, work)
    (work / "version.h").write_text(version_header(targets.version()))
    internal = sources.unpack("cpython") / "Include" / "internal"
    ours = [copied(file, work) for file in sorted(STATIC.glob("*.[ch]"))]
    ours = [*(file for file in ours if file.suffix == ".c"), frozen]
    objects = [tools.compile(SMALL, file, file.with_suffix(".o"), *python.includes, f"-I{internal}") for file in ours]
    objects += compile_kernel(tools, python, work)
    if tools.system is SYSTEMS["linux-musl"]:
        objects += compile_quick(tools, python, work)
    more = [] if tools.system.host else [compile_resources(tools, work), *windows.libraries(sources.unpack("cpython"))]
    binary = work / targets.TARGETS[triple].binary_name
    parts = [*map(str, objects), *map(str, python.archives), *more]
    run([*tools.cc, *parts, *tools.system.link, "-o", str(binary)], work)
    if tools.system is SYSTEMS["macos"]:
        binary.write_bytes(macho.stripped(binary.read_bytes()))
    return binary


def version_header(version: str) -> str:
    """What main.c prints, and what Windows shows of the file: four numbers, and the text."""
    numbers = ", ".join([*re.findall(r"\d+", version), "0", "0", "0"][:4])
    rows = {"LINE": f'"complexity-guard {version}"', "TEXT": f'"{version}"', "NUMBERS": numbers}
    return "".join(f"#define VERSION_{name} {value}\n" for name, value in rows.items())


def compile_resources(tools: Toolchain, work: Path) -> str:
    copied(STATIC / "windows.manifest", work)
    copied(STATIC / "windows.rc", work)
    run([tools.zig, "rc", "windows.rc", "windows.res"], work)
    return str(work / "windows.res")


def copied(file: Path, folder: Path) -> Path:
    return Path(shutil.copy(file, folder))


def freeze_modules(builder: CPython, system: System, work: Path) -> Path:
    """Compile the program and its standard modules with the interpreter they will run in."""
    tree = sources.unpack("cpython")
    kind = ("unix", "") if system.host else ("windows", ",".join(windows.module_names(tree, UNUSED_C_MODULES)))
    arguments = [*kind, tree / "Lib", ROOT / "spec", work, *targets.PROGRAMS]
    # Lines but no columns in tracebacks: nothing could show them, and they are 10 % of the bytecode, which pack badly.
    interpreter = [str(builder.python), "-I", "-S", "-B", "-X", "no_debug_ranges"]
    run([*interpreter, str(STATIC / "frozen_modules.py"), *map(str, arguments)], work, work / "frozen_modules.log")
    rows, in_c = marshal.loads((work / "rows").read_bytes())
    tight = [(name, tightly(code), is_package) for name, code, is_package in rows]
    print(frozen_modules.write(tight, in_c, work))
    return work / "frozen_modules.c"


def tightly(code: bytes) -> bytes:
    """What is packed, packed as tightly as can be."""
    return deflate.deflated(zlib.decompress(code)) if code.startswith(frozen_modules.PACKED) else code


def compile_quick(tools: Toolchain, python: CPython, work: Path) -> list[Path]:
    """What runs most of CPython, for speed. Of its archive the linker takes what nothing before it has, so not these."""
    tree = sources.unpack("cpython")
    options = ["-std=c11", "-fno-strict-overflow", "-fvisibility=hidden", "-DPy_BUILD_CORE"]
    options += [*python.includes, f"-I{tree / 'Include' / 'internal'}"]
    places = [(tree / f"{name}.c", work / f"quick_{Path(name).name}.o") for name in QUICK]
    return [tools.compile(FAST, source, to, *options) for source, to in places]


def kernel_options(python: CPython, grammar: Path) -> list[str]:
    """What all of the kernel is compiled with, in a binary and in a wheel."""
    headers = [f"-I{folder}" for folder in kernel.include_folders(sources.unpack("tree-sitter"), grammar)]
    # How often each line runs (scripts/kernel_profile.py): a tenth less of a scan. A compiler's hint, and no more.
    profile = f"-fprofile-sample-use={kernel.NATIVE / 'kernel.profile'}"
    return [*kernel.definitions(grammar), *kernel.FLAGS, *headers, *python.includes, profile]


def compile_kernel(tools: Toolchain, python: CPython, work: Path) -> list[Path]:
    """The kernel's own list of files, with the parsers' tables packed."""
    grammar = work / "grammar"
    unpack.unpack(grammar)
    options = kernel_options(python, grammar)  # before the packing: they hold a digest of the tables
    for name in ("typescript", "tsx"):
        pack_grammar.pack(grammar / name / "parser.c", Toolchain(targets.native_triple()).cc, environment())
    options.append("-DKERNEL_FOLDED_TABLES")  # as they are packed
    places = [(file, work / f"{file.parent.name}_{file.stem}.o") for file in kernel.c_files(grammar)]
    return [tools.compile(FAST, file, to, *options) for file, to in places]
