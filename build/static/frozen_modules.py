"""Freeze the programs and the standard modules that they can reach, as rows; `write` makes modules.bin and frozen_modules.c of them.

    python frozen_modules.py SYSTEM NATIVE LIB SPEC OUTDIR PROGRAM...

Run by the very CPython that the binary will hold, because bytecode is bound to its version. SYSTEM is a row of SYSTEMS,
NATIVE the modules in C that the binary's CPython has, with commas ("": those of the one that runs this). LIB is its
standard library, SPEC the folder of exclusions.py and of stubs/, which stand in for standard modules, each PROGRAM a
file of `targets.PROGRAMS`. Imports are read from the syntax tree, lazy ones too: a module that is reachable and not
excluded is there, in Python or in C, and no other is. What each start imports is stored as it is, the rest packed, each
module by itself; the Python that builds packs it anew, as tightly as can be.
"""

from __future__ import annotations

import ast
import functools
import marshal
import runpy
import sys
import types
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import late
import names
import seldom

# The first statements are those of complexity_guard.py's section Start-up. The start makes nothing that the collector would
# find, and looking for it took 5 % of a run on one small file. `array` asks for collections.abc, which is _collections_abc by
# the name that `collections` gives it: that one and what it imports in turn would take another 5 %.
ENTRY = """
import _signal as signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import _collections_abc, gc, sys
gc.disable()
sys.modules["collections"] = sys.modules["collections.abc"] = _collections_abc
import array
del sys.modules["collections"]
from complexity_guard import leave, run_command_line
gc.freeze()
gc.enable()
leave(run_command_line())
"""

PROGRAM = "complexity_guard"
PACKED = b"x"  # how zlib's format begins; marshalled code begins otherwise

# Imported by the interpreter itself, out of sight of any import statement.
STARTUP = (
    "encodings", "encodings.utf_8", "codecs", "io", "abc", "_imp", "_thread", "_warnings", "_weakref", "marshal",
    "builtins", "sys", "gc", "_signal", "atexit", "_string", "zlib",
)  # fmt: skip
SYSTEMS = {  # what each asks for beyond that, and the table of exclusions.py that is for the others
    "unix": (("posix",), "WINDOWS_ONLY"),
    "windows": (("nt", "ntpath", "winreg"), "UNIX_ONLY"),
}
BOOTSTRAP = ("_frozen_importlib", "_frozen_importlib_external")  # the two halves of `import`
# The second looks into the file system, where it finds nothing for us: 44 KB, and a fiftieth of a start. What is called of it
# all the same: at the start, and by warnings that show a line.
FINDS_NOTHING = """
class NamespaceLoader:
    pass

def _install(bootstrap):
    pass

def _bless_my_loader(module_globals):
    return module_globals.get("__loader__")
"""
BOOTSTRAP_ALIASES = ("importlib._bootstrap", "importlib._bootstrap_external")  # these same two, by their other names


def find(lib: Path, name: str) -> Path | None:
    """The source file of a standard module, or None for one in C."""
    base = lib / name.replace(".", "/")
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def run_at_import(node: ast.AST) -> Iterable[ast.AST]:
    """The parts of a node that run when the module is imported."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        return ()
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return node.orelse
    return ast.iter_child_nodes(node)


def outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    waiting = [tree]
    while waiting:
        yield (node := waiting.pop())
        waiting.extend(run_at_import(node))


@functools.cache
def parsed(source: str) -> ast.Module:
    """Once for each: with the C library of the static binary, the parser's time grows with the square of the length."""
    return ast.parse(source)


Walk = Callable[[ast.AST], Iterator[ast.AST]]


def imports(source: str, name: str, is_package: bool, walk: Walk = ast.walk) -> Iterator[str]:
    """Every module name that an import statement of this source may mean."""
    package = name if is_package else name.rpartition(".")[0]
    for node in walk(parsed(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            above = parts[: len(parts) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


@dataclass(frozen=True, slots=True)
class Closure:
    """What the programs can reach: name → source text (and whether it is a package), and names of no file: of modules in
    C, of attributes, and of what this system lacks."""

    python: dict[str, tuple[str, bool]]
    native: list[str]


def closure(
    lib: Path, programs: dict[str, Path], spec: Path, excluded: frozenset[str], patches: dict, more: Iterable[str] = ()
) -> Closure:
    python: dict[str, tuple[str, bool]] = {}
    native: set[str] = set()
    waiting = [*programs, *STARTUP, *more]
    while waiting:
        name = waiting.pop()
        stub = spec / "stubs" / f"{name}.py"
        path = programs.get(name) or (stub if stub.is_file() else find(lib, name))
        if name in (*BOOTSTRAP, *BOOTSTRAP_ALIASES):
            continue
        if path is None:
            native.add(name)
            continue
        is_package = path.name == "__init__.py"
        python[name] = (patched(path.read_text("utf-8"), name, patches.get(name, ())), is_package)
        for wanted in imports(python[name][0], name, is_package):
            parents = with_parents(wanted)
            if not excluded.intersection(parents):
                waiting.extend(part for part in parents if part not in python)
    return Closure(python, sorted(native))


def with_parents(name: str) -> list[str]:
    return [".".join(name.split(".")[:i]) for i in range(1, name.count(".") + 2)]


def imported_at_start(python: dict[str, tuple[str, bool]]) -> set[str]:
    """The modules that a run imports whatever it does: by imports outside functions, from the entry on."""
    reached: set[str] = set()
    waiting = [*imports(ENTRY, "__main__", False), *STARTUP]
    while waiting:
        name = waiting.pop()
        if name in python and name not in reached:
            reached.add(name)
            source, is_package = python[name]
            for wanted in imports(source, name, is_package, outside_functions):
                waiting += with_parents(wanted)
    return reached


def patched(text: str, name: str, changes: tuple[tuple[str, str], ...]) -> str:
    for before, after in changes:
        if text.count(before) != 1:
            raise SystemExit(f"{name} is not the module that our patch knows: {before!r}")
        text = text.replace(before, after)
    return text


def with_function_lines(code: types.CodeType) -> types.CodeType:
    """Bytecode of which each line is that of its function's beginning: its own take 18 % of the program.

    A table of locations says of at most eight instructions at a time: no columns (13), and no line further.
    """
    whole, rest = divmod(len(code.co_code) // 2, 8)
    table = bytes((0x80 | 13 << 3 | 7, 0)) * whole
    if rest:
        table += bytes((0x80 | 13 << 3 | rest - 1, 0))
    inner = [with_function_lines(one) if isinstance(one, types.CodeType) else one for one in code.co_consts]
    return code.replace(co_linetable=table, co_consts=tuple(inner))


class WithoutTypes(names.WithoutAnnotations):
    """What annotations say of functions and variables is for readers; of classes it may be their fields, and stays."""

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        for statement in node.body:
            if not isinstance(statement, ast.AnnAssign):
                self.visit(statement)
        return node


def is_for_readers(tree: ast.Module) -> bool:
    """Whether nobody evaluates the annotations of a module, which says so itself."""
    future = (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__")
    return any(alias.name == "annotations" for node in future for alias in node.names)


def compiled(tree: ast.Module, name: str) -> bytes:
    """Bytecode, the same each time.

    marshal marks what others refer to, so texts that this interpreter happens to know as well were marked and others
    not. Held here, all are.
    """
    if is_for_readers(tree):
        tree = WithoutTypes().visit(tree)
    tree = ast.fix_missing_locations(tree)
    code = with_function_lines(compile(tree, f"<frozen {name}>", "exec", dont_inherit=True, optimize=2))
    held = list(texts(code))
    written = marshal.dumps(code)
    del held
    return written


def texts(value: object) -> Iterator[str]:
    """Every text in a code object or a constant."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, frozenset)):
        for part in value:
            yield from texts(part)
    elif isinstance(value, types.CodeType):
        names = (value.co_names, value.co_varnames, value.co_freevars, value.co_cellvars)
        for part in (value.co_name, value.co_qualname, value.co_filename, *names, value.co_consts):
            yield from texts(part)


def freeze(
    lib: Path, python: dict[str, tuple[str, bool]], patches: dict, in_parts: bool = True
) -> list[tuple[str, bytes, bool]]:
    """(name, bytecode, is a package) in the order of the table: the interpreter's bootstrap first.

    The bytecode of a module that not each start needs is packed, as the patch of importlib._bootstrap expects; so is what
    lies behind the program's doors.
    """
    started = imported_at_start(python)
    text = (lib / "importlib" / "_bootstrap.py").read_text("utf-8")
    halves = zip(BOOTSTRAP, (patched(text, BOOTSTRAP[0], patches.get(BOOTSTRAP[0], ())), FINDS_NOTHING))
    rows = [(name, compiled(ast.parse(source), name), False) for name, source in halves]
    for name, (text, is_package) in sorted(python.items()):
        tree = parsed(text)  # which is changed now, and looked at no more
        if name == PROGRAM and in_parts:
            tree, *later = seldom.parts(tree)
            rows += [(part, zlib.compress(compiled(one, PROGRAM), 9), False) for part, one in zip(late.PARTS, later)]
        code = compiled(tree, name)
        rows.append((name, code if name in started else zlib.compress(code, 9), is_package))
    return [*rows, ("__main__", compiled(ast.parse(ENTRY), "__main__"), False)]


# Modules in C whose initialisers are not called PyInit_<name>; None for those that the interpreter makes by itself.
INITIALISERS = {"marshal": "PyMarshal_Init", "_warnings": "_PyWarnings_Init", "builtins": None, "sys": None}


def inittab(native: list[str]) -> tuple[str, str]:
    """C declarations and table rows of the modules in C; the linker then drops all others."""
    calls = {name: INITIALISERS.get(name, f"PyInit_{name}") for name in native}
    declarations = [f"extern PyObject *{call}(void);" for call in calls.values() if call]
    return "\n".join(declarations), "\n".join(f'    {{"{name}", {call or 0}}},' for name, call in calls.items())


def c_source(rows: list[tuple[str, bytes, bool]], native: list[str]) -> str:
    offset, lines = 0, []
    for name, code, is_package in rows:
        lines.append(f'    {{"{name}", modules + {offset}, {len(code)}, {int(is_package)}}},')
        offset += len(code)
    boot = len(BOOTSTRAP)
    declarations, table = inittab(native)
    tables = {"boot": "\n".join(lines[:boot]), "modules": "\n".join(lines[boot:])}
    return TEMPLATE.format(declarations=declarations, inittab=table, **tables)


TEMPLATE = """\
/* Written by frozen_modules.py. */
#include <Python.h>

static const unsigned char modules[] = {{
#embed "modules.bin"
}};

struct _module_alias {{ const char *name; const char *orig; }};

static const struct _frozen bootstrap[] = {{
{boot}
    {{0, 0, 0, 0}},
}};
static const struct _frozen program[] = {{
{modules}
    {{0, 0, 0, 0}},
}};
static const struct _frozen none[] = {{{{0, 0, 0, 0}}}};
static const struct _module_alias aliases[] = {{
    {{"_frozen_importlib", "importlib._bootstrap"}},
    {{"_frozen_importlib_external", "importlib._bootstrap_external"}},
    {{0, 0}},
}};

/* These take the place of CPython's own Python/frozen.c and Modules/config.c. */
const struct _frozen *_PyImport_FrozenBootstrap = bootstrap;
const struct _frozen *_PyImport_FrozenStdlib = none;
const struct _frozen *_PyImport_FrozenTest = none;
const struct _module_alias *_PyImport_FrozenAliases = aliases;
const struct _frozen *PyImport_FrozenModules = program;

{declarations}

struct _inittab _PyImport_Inittab[] = {{
{inittab}
    {{0, 0}},
}};
"""


def main(system: str, native: str, lib: str, spec: str, outdir: str, *programs: str) -> None:
    tables = runpy.run_path(str(Path(spec, "exclusions.py")))
    patches = tables["STANDARD_PATCHES"]
    startup, of_others = SYSTEMS[system]
    excluded = frozenset({*tables["EXCLUDED"], *tables["NOT_IN_STATIC"], *tables[of_others]})
    codecs = {f"encodings.{name}" for name in tables["CODECS"]} - excluded
    named = {Path(program).stem: Path(program) for program in programs}
    reached = closure(Path(lib), named, Path(spec), excluded, patches, [*startup, *sorted(codecs)])
    rows = freeze(Path(lib), reached.python, patches)
    built_in = native.split(",") if native else sys.builtin_module_names
    in_c = [name for name in reached.native if name == "complexity_guard_kernel" or name in built_in]
    (Path(outdir) / "rows").write_bytes(marshal.dumps((rows, in_c)))


def write(rows: list[tuple[str, bytes, bool]], in_c: list[str], outdir: Path) -> str:
    """The table of modules, in C; what was frozen, in words."""
    (outdir / "modules.bin").write_bytes(b"".join(code for _, code, _ in rows))
    (outdir / "frozen_modules.c").write_text(c_source(rows, in_c))
    packed = [code for _, code, _ in rows if code.startswith(PACKED)]
    size = sum(len(code) for _, code, _ in rows)
    said = f"froze {len(rows)} modules: {size:,} bytes, {len(packed)} of them packed to {sum(map(len, packed)):,}"
    return f"{said}; {len(in_c)} modules in C"


if __name__ == "__main__":
    main(*sys.argv[1:])
