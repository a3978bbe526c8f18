"""CPython for Windows, which has no configure: what to compile and to link is read from the projects of Visual Studio.

What they cannot tell stands here in tables: what is left out of them, and what another compiler than theirs needs.
"""

from __future__ import annotations

import re
from pathlib import Path

# What is linked into the program; elsewhere the projects but the first are DLLs, each a module in C of the same name.
PROJECTS = ("pythoncore", "_multiprocessing", "_queue", "_socket", "select")

# Files and folders of the projects that are not compiled. Of the rest, those that hold nothing but unused modules are
# left out as well (freeze_static.UNUSED_C_MODULES), and the linker takes what something asks for.
NOT_COMPILED = {
    "Modules/cjkcodecs/": "codecs of East Asia: the program decodes none (spec/exclusions.py)",
    "Modules/getpath.c": "no_compiler.c stands in its place: every path is set",
    "PC/config.c": "frozen_modules.c stands in its place",
    "PC/dl_nt.c": "the entry of a DLL",
    "Python/frozen.c": "frozen_modules.c stands in its place",
}

# Libraries that the projects do not name, for Visual Studio links them always; and those that mingw calls otherwise.
ALWAYS = ("advapi32", "ole32", "oleaut32", "shell32")
OTHER_NAMES = {"pathcch": "api-ms-win-core-path-l1-1-0"}

# As the projects compile them, but into one program. Microsoft's compiler knows neither of the last three liberties.
CORE = (
    "-DPy_BUILD_CORE", "-DPy_BUILD_CORE_BUILTIN", "-D_Py_HAVE_ZLIB", "-DWIN32", '-DMS_DLL_ID="3.13"',
    '-DVPATH=""', '-DPREFIX=""',
    "-fno-strict-overflow", "-fno-strict-aliasing", "-Wno-incompatible-pointer-types",
)  # fmt: skip

# pyconfig.h is the projects' own, told what it asks of Microsoft's compiler alone, and what configure is told elsewhere:
# neither texts of documentation, nor mimalloc, nor modules from files. `process.h` has getpid, which others bring along.
_PYCONFIG = "PC/pyconfig.h.in"
_FIRST, _LAST = ("#define IPPROTO_ICMP IPPROTO_ICMP\n", "#define IPPROTO_SCTP IPPROTO_SCTP  // WinSock2 only\n")
PATCHES = (
    (_PYCONFIG, "#include <io.h>\n", "#include <io.h>\n#include <process.h>\n#define HAVE_WCSFTIME 1\n"
     "#define HAVE_UINTPTR_T 1\n#define HAVE_INTPTR_T 1\n#define HAVE_COMPUTED_GOTOS 1\n#define USE_COMPUTED_GOTOS 1\n"),
    (_PYCONFIG, "#define WITH_DOC_STRINGS 1\n", ""),
    (_PYCONFIG, "#define WITH_MIMALLOC 1\n", ""),
    (_PYCONFIG, "#define HAVE_DYNAMIC_LOADING\n", ""),
    # Windows does not mind how the name of a header is written.
    ("Modules/socketmodule.c", "# include <Rpc.h>\n", "# include <rpc.h>\n"),
    # Names that are members of an enumeration there are numbers in mingw's headers, and this would undo them.
    ("Modules/socketmodule.c", _FIRST, f"#ifndef __MINGW32__\n{_FIRST}"),
    ("Modules/socketmodule.c", _LAST, f"{_LAST}#endif\n"),
)  # fmt: skip


def project(tree: Path, name: str) -> str:
    return (tree / "PCbuild" / f"{name}.vcxproj").read_text("utf-8-sig")


def c_files(tree: Path, unused: list[str]) -> list[str]:
    """What is compiled, by names in CPython's tree."""
    texts = "".join(project(tree, name) for name in PROJECTS)
    named = [name.replace("\\", "/") for name in re.findall(r'<ClCompile Include="\.\.\\([^"]+)"', texts)]
    missing = [row for row in NOT_COMPILED if not any(name.startswith(row) for name in named)]
    if missing:
        raise SystemExit(f"no project of Windows compiles {', '.join(missing)}")
    return [name for name in named if not name.startswith(tuple(NOT_COMPILED)) and is_of_use(tree / name, unused)]


def is_of_use(file: Path, unused: list[str]) -> bool:
    """Whether a file holds no module, or one that the program may reach."""
    modules = re.findall(r"\bPyInit_(\w+)\(void\)", file.read_text("utf-8"))
    return not modules or not set(modules) <= set(unused)


def module_names(tree: Path, unused: list[str]) -> list[str]:
    """The modules in C that this CPython has: those of its own table, and the projects'."""
    table = re.findall(r'^ +\{"(\w+)", ', (tree / "PC" / "config.c").read_text("utf-8"), re.MULTILINE)
    return sorted({*table, *PROJECTS[1:]} - set(unused))


def libraries(tree: Path) -> list[str]:
    """Linker's options for the libraries of Windows that the projects ask for."""
    rows = re.findall(r"<AdditionalDependencies>([^<]+)<", "".join(project(tree, name) for name in PROJECTS))
    named = {name.removesuffix(".lib").lower() for row in rows for name in row.split(";") if name.endswith(".lib")}
    return [f"-l{OTHER_NAMES.get(name, name)}" for name in sorted({*named, *ALWAYS})]
