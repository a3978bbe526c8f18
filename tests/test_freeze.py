"""The freezers, without freezing: what goes into the binary, where it is put, and what a failed build leaves."""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import marshal
import random
import struct
import subprocess
import sys
import types
import zlib
from array import array
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def module(name: str):
    return importlib.import_module(name)


# ── Targets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_version_is_the_programs_own():
    assert module("targets").version() == module("complexity_guard").__version__


def test_the_release_matrix_names_every_target():
    said = json.loads(
        subprocess.run([sys.executable, ROOT / "build" / "targets.py"], capture_output=True, check=True).stdout
    )
    assert [row["triple"] for row in said["include"]] == list(module("targets").TARGETS)


def test_no_two_freezers_write_the_same_file():
    freeze, targets = module("freeze"), module("targets")
    for triple in targets.TARGETS:
        places = [freeze.destination(freezer, triple) for freezer in targets.FREEZERS]
        assert len(set(places)) == len(places)


def test_what_another_system_builds_for_itself_is_packed(monkeypatch):
    """There the static binary cannot be built."""
    freeze, targets = module("freeze"), module("targets")
    monkeypatch.setattr(targets, "native_triple", lambda: "aarch64-macos")
    assert freeze.options([]).freezer == "static"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert freeze.options([]).freezer == "pyinstaller"
    assert freeze.destination("pyinstaller", "aarch64-macos").parent.name == "aarch64-macos-pyinstaller"


def test_a_folder_tells_how_its_binary_was_made():
    targets = module("targets")
    kinds = [targets.Kind(freezer, triple) for freezer in targets.FREEZERS for triple in targets.TARGETS]
    assert [targets.kind_of(kind.folder) for kind in kinds] == kinds
    assert [kind.triple for kind in kinds if kind.needs_nothing] == ["x86_64-linux-musl", "aarch64-linux-musl"]
    assert (
        targets.kind_of("x86_64-linux-gnu-nuitka").freezer == "nuitka"
        and targets.kind_of("elsewhere").freezer == "pyinstaller"
    )


# ── A build that fails ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "fault", [SystemExit("the compiler refused"), OSError(28, "No space left on device"), KeyboardInterrupt()]
)
def test_a_failed_build_leaves_nothing_that_looks_like_a_binary(tmp_path, monkeypatch, fault):
    freeze = module("freeze")
    final = tmp_path / "dist" / "complexity-guard"
    final.parent.mkdir()
    final.write_text("an older one")

    class Broken:
        @staticmethod
        def freeze(triple, work):
            (work / "complexity-guard").write_text("half of it")
            raise fault

    monkeypatch.setitem(sys.modules, "freeze_static", Broken)
    with pytest.raises(type(fault)):
        freeze.build("static", "x86_64-linux-musl", final)
    assert list(tmp_path.rglob("*")) == [final.parent]


def test_a_built_binary_appears_whole_and_executable(tmp_path, monkeypatch):
    freeze = module("freeze")

    class Works:
        @staticmethod
        def freeze(triple, work):
            made = work / "complexity-guard"
            made.write_bytes(b"whole")
            return made

    monkeypatch.setitem(sys.modules, "freeze_static", Works)
    freeze.build("static", "x86_64-linux-musl", tmp_path / "dist" / "complexity-guard")
    (made,) = (tmp_path / "dist").iterdir()
    assert made.read_bytes() == b"whole" and made.stat().st_mode & 0o777 == 0o755


def test_a_freezer_of_this_machines_python_refuses_another_target():
    other = next(triple for triple in module("targets").TARGETS if triple != module("targets").native_triple())
    done = subprocess.run(
        [sys.executable, ROOT / "build" / "freeze.py", "--freezer", "pyinstaller", "--target", other],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and "cannot build for" in done.stderr


@pytest.mark.parametrize(
    ("freezer", "triple", "wine", "is_built"),
    [
        ("pyinstaller", "x86_64-windows", "/usr/bin/wine", True),
        ("pyinstaller", "x86_64-windows", None, False),
        ("pyinstaller", "aarch64-macos", "/usr/bin/wine", False),
        ("nuitka", "x86_64-windows", "/usr/bin/wine", False),
    ],
)
def test_linux_packs_for_windows_where_there_is_wine(monkeypatch, freezer, triple, wine, is_built):
    freeze, targets = module("freeze"), module("targets")
    monkeypatch.setattr(targets, "native_triple", lambda: "x86_64-linux-musl")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(freeze.shutil, "which", lambda name: {"wine": wine}[name])
    arguments = ["--freezer", freezer, "--target", triple]
    if is_built:
        assert freeze.options(arguments).target == triple
    else:
        with pytest.raises(SystemExit):
            freeze.options(arguments)


def test_pythons_of_other_systems_are_for_targets_that_we_release():
    pythons, targets = module("pythons"), module("targets")
    assert set(pythons.WAYS) < set(targets.TARGETS)
    assert pythons.MACHINES.keys() <= {target.machine for target in targets.ROWS}


def test_the_static_binaries_are_built_on_linux(monkeypatch, capsys):
    arguments = ["--freezer", "static", "--target", "x86_64-windows"]
    assert module("freeze").options(arguments).target == "x86_64-windows"
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SystemExit):
        module("freeze").options(arguments)
    assert "built on Linux" in capsys.readouterr().err


# ── CPython for Windows, by the projects of Visual Studio ────────────────────────────────────────────────────────────


@pytest.fixture
def windows_tree(tmp_path):
    """CPython's tree in small: a core of which one file is a module that nobody needs, and four projects of DLLs."""
    windows = module("windows")
    rows = ["Python\\ceval.c", "Modules\\_csv.c", *(row.replace("/", "\\") for row in windows.NOT_COMPILED)]
    rows = [row if row.endswith(".c") else f"{row}one.c" for row in rows]
    files = {f"PCbuild/{name}.vcxproj": project_text([f"Modules\\{name}.c"]) for name in windows.PROJECTS}
    files["PCbuild/pythoncore.vcxproj"] = project_text(rows) + "<AdditionalDependencies>pathcch.lib;%(More)<"
    files["PC/config.c"] = '    {"_csv", PyInit__csv},\n    {"sys", NULL},\n    {0, 0}\n'
    files["Modules/_csv.c"] = "PyMODINIT_FUNC\nPyInit__csv(void)\n{"
    for name in ("Python/ceval.c", *(f"Modules/{name}.c" for name in windows.PROJECTS[1:])):
        files[name] = ""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def project_text(names):
    return "".join(f'<ClCompile Include="..\\{name}" />\n' for name in names)


def test_what_is_compiled_and_linked_for_windows_is_read_from_the_projects(windows_tree):
    windows = module("windows")
    own = [f"Modules/{name}.c" for name in windows.PROJECTS[1:]]
    assert windows.c_files(windows_tree, ["_csv"]) == ["Python/ceval.c", *own]
    assert windows.c_files(windows_tree, []) == ["Python/ceval.c", "Modules/_csv.c", *own]
    assert windows.module_names(windows_tree, ["_csv"]) == sorted(["sys", *windows.PROJECTS[1:]])
    assert "-lapi-ms-win-core-path-l1-1-0" in windows.libraries(windows_tree)
    assert {f"-l{name}" for name in windows.ALWAYS} < set(windows.libraries(windows_tree))


def test_a_file_that_is_left_out_of_the_projects_must_be_in_one(windows_tree, monkeypatch):
    windows = module("windows")
    monkeypatch.setitem(windows.NOT_COMPILED, "PC/gone.c", "a reason")
    with pytest.raises(SystemExit, match=r"no project of Windows compiles PC/gone\.c"):
        windows.c_files(windows_tree, [])


@pytest.mark.parametrize(
    ("version", "numbers"), [("1.2.3", "1, 2, 3, 0"), ("2.0.0rc1", "2, 0, 0, 1"), ("3", "3, 0, 0, 0")]
)
def test_windows_is_told_the_version_in_four_numbers(version, numbers):
    (line,) = (row for row in module("freeze_static").version_header(version).splitlines() if "NUMBERS" in row)
    assert line == f"#define VERSION_NUMBERS {numbers}"


# ── What is frozen ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def library(tmp_path):
    """A standard library in small: `a` needs `b` lazily and `c` in vain; `pack.sub` looks around itself."""
    files = {
        "a.py": "def f():\n    import b\ntry:\n    import c\nexcept ImportError:\n    pass\n",
        "b.py": "from pack.sub import x\n",
        "c.py": "import d\nif TYPE_CHECKING:\n    import e\nelse:\n    import f\n",
        **{f"{name}.py": "" for name in "defg"},
        "pack/__init__.py": "",
        "pack/sub.py": "from . import near\nx = 1\n",
        "pack/near.py": "",
        "program.py": "import a, _sre\n",
        "second.py": "import g\n",
        **{f"{name.replace('.', '/')}.py": "" for name in module("frozen_modules").STARTUP if "." not in name},
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def reached(library: Path, excluded=frozenset(), patches=None):
    programs = {"complexity_guard": library / "program.py", "second": library / "second.py"}
    return module("frozen_modules").closure(library, programs, library / "no-spec", frozenset(excluded), patches or {})


def test_lazy_and_relative_imports_are_followed(library):
    assert {"complexity_guard", "second", "a", "b", "c", "d", "g", "pack", "pack.sub", "pack.near"} <= set(
        reached(library).python
    )


def test_what_is_excluded_is_left_out_with_all_that_only_it_needs(library):
    assert {"c", "d"}.isdisjoint(reached(library, {"c"}).python)


# What the programs import, the binaries lack, and no run of a binary gets to.
FOR_OTHERS = {
    "typing": "under TYPE_CHECKING",
    "complexity_guard_survey": "for programs in Python, which a binary runs none of",
    "importlib.metadata": "asks which version of tree-sitter scans, where there is no kernel",
}


def test_the_programs_import_nothing_that_binaries_leave_out():
    frozen_modules, exclusions, targets = map(module, ("frozen_modules", "exclusions", "targets"))
    left_out = {*exclusions.EXCLUDED, *exclusions.NOT_IN_STATIC}
    missed = set()
    for program in targets.PROGRAMS:
        for name in frozen_modules.imports(program.read_text("utf-8"), program.stem, False):
            missed.update(left_out.intersection(frozen_modules.with_parents(name)))
    assert missed == FOR_OTHERS.keys()


def test_only_modules_in_c_that_are_reached_are_linked(library):
    """A name without a file is one in C where the target's CPython has it; `main` asks for that."""
    native = reached(library).native
    assert "_sre" in native and "_csv" not in native
    declarations, table = module("frozen_modules").inittab(["_sre", "sys"])
    assert "PyInit__sre" in declarations and table.count("{") == 2


def test_what_each_start_imports_is_stored_as_it_is_and_the_rest_packed(library):
    """`a` is imported by the program, `c` by `a`; `b`, and what only it needs, when a function runs; `second` by nobody yet."""
    frozen_modules = module("frozen_modules")
    (library / "importlib").mkdir(exist_ok=True)
    (library / "importlib" / "_bootstrap.py").write_text("")
    rows = frozen_modules.freeze(library, reached(library).python, {}, in_parts=False)
    packed = {name for name, code, _ in rows if code.startswith(frozen_modules.PACKED)}
    assert packed == {"b", "e", "g", "second", "pack", "pack.sub", "pack.near"}
    code = {name: zlib.decompress(code) if name in packed else code for name, code, _ in rows}
    assert all(isinstance(marshal.loads(part), types.CodeType) for part in code.values())


def test_bytecode_is_the_same_whatever_the_interpreter_knows_already():
    """marshal marks what is referred to more than once, by the running program too."""
    compiled, source = (
        module("frozen_modules").compiled,
        "def outer():\n    class OnlyHere: pass\n    return OnlyHere, 'text only here'\n",
    )
    alone = compiled(ast.parse(source), "m")
    known = [sys.intern(name) for name in ("outer.<locals>.OnlyHere", "OnlyHere", "text only here", "<frozen m>")]
    assert compiled(ast.parse(source), "m") == alone and known


def test_a_frozen_module_runs_as_it_is_and_tells_lines_of_functions():
    """The lines of their own would take 18 % of the program."""
    source = "def f(x):\n    y = 1\n    return [y / one for one in x]\n" + "f.count = 1\n" * 40
    space: dict = {}
    exec(marshal.loads(module("frozen_modules").compiled(ast.parse(source), "m")), space)
    assert space["f"]([1, 2]) == [1, 0.5]
    try:
        space["f"]([0])
    except ZeroDivisionError as error:
        lines = [frame.tb_lineno for frame in frames_of(error.__traceback__)]
    assert lines[1] == 1


TYPED = """
from __future__ import annotations
from typing import NamedTuple
class Pair(NamedTuple):
    left: Nowhere
    right: int = 2
    def sum(self, more: Nowhere = 1, *rest: int, last: int = 3, **named: int) -> Nowhere:
        all: Nowhere = self.left + self.right
        none: Nowhere
        return all + more + last
async def wait(for_what: Nowhere) -> None: return (lambda: [(kept := for_what), kept])
LIMIT: Nowhere = 4
NEVER: Nowhere
"""


@pytest.mark.parametrize("says_so", [True, False])
def test_types_that_nobody_evaluates_are_left_out_but_for_the_fields_of_classes(says_so):
    source = TYPED if says_so else TYPED.replace("from __future__ import annotations", "Nowhere = int")
    space: dict = {"__name__": "m"}
    exec(marshal.loads(module("frozen_modules").compiled(ast.parse(source), "m")), space)
    pair = space["Pair"](1)
    assert (pair, pair.sum(), pair.sum(5, 0, last=6, x=1)) == ((1, 2), 7, 14)
    assert (space["LIMIT"], "NEVER" in space) == (4, False)
    assert list(space["Pair"].__annotations__) == ["left", "right"]
    assert bool(space["Pair"].sum.__annotations__ or space["wait"].__annotations__) is not says_so


def frames_of(traceback):
    while traceback:
        yield traceback
        traceback = traceback.tb_next


def test_a_patch_that_no_longer_fits_stops_the_build(library):
    with pytest.raises(SystemExit, match="not the module that our patch knows"):
        reached(library, patches={"a": (("no such text", ""),)})


def test_namedtuples_made_without_a_compiler_are_those_made_with_one():
    """Standard `collections`, patched as in the binary, against the real one: fields, defaults, errors, signatures."""
    import collections
    import inspect

    exclusions, frozen_modules = module("exclusions"), module("frozen_modules")
    source = Path(collections.__file__).read_text()
    changes = exclusions.STANDARD_PATCHES["collections"]
    if source.count(changes[0][0]) != 1:
        pytest.skip("this Python's collections is written otherwise; the build checks the one it freezes")
    scope = {"__name__": "patched_collections", "__file__": ""}
    exec(compile(frozen_modules.patched(source, "collections", changes), "collections", "exec"), scope)
    for fields, defaults in (
        (["a"], None),
        (["x", "y"], [3]),
        ([f"f{i}" for i in range(exclusions.LONGEST_NAMEDTUPLE)], None),
        ([], None),
    ):
        ours, real = (make("T", fields, defaults=defaults) for make in (scope["namedtuple"], collections.namedtuple))
        values = list(range(len(fields)))
        assert tuple(ours(*values)) == tuple(real(*values)) and ours._fields == real._fields
        assert inspect.signature(ours.__new__) == inspect.signature(real.__new__)
        assert repr(ours(**dict(zip(fields, values)))) == repr(real(*values))
        with pytest.raises(TypeError):
            ours(*values, "one too many")


def test_expressions_without_enumerated_flags_are_those_with_them():
    """Standard `re`, patched as in the binary, against the real one."""
    import re

    exclusions, frozen_modules = module("exclusions"), module("frozen_modules")
    source = Path(re.__file__).read_text()
    changes = exclusions.STANDARD_PATCHES["re"]
    if any(source.count(before) != 1 for before, _ in changes):
        pytest.skip("this Python's re is written otherwise; the build checks the one it freezes")
    scope = {"__name__": "re", "__package__": "re", "__file__": ""}
    exec(compile(frozen_modules.patched(source, "re", changes), "re", "exec"), scope)
    for flags in ("DOTALL", "I", "S", "M", "X", "A"):
        assert scope[flags] == int(getattr(re, flags))
    ours = scope["compile"]("(a.)B", scope["S"] | scope["I"])
    assert ours.findall("A\nb") == ["A\n"] and ours.flags == int(re.compile("(a.)B", re.S | re.I).flags)
    assert scope["sub"](r"([b-d])", r"<\1>", "abc") == "a<b><c>" and scope["escape"]("a.b") == "a\\.b"
    assert scope["split"](r"\s+", "a  b") == ["a", "b"] and scope["fullmatch"]("a*", "aa", scope["I"])


@pytest.mark.parametrize("stub", ["hashlib"])
def test_the_program_asks_a_stub_for_nothing_that_it_lacks(stub):
    """By `from X import a` and by `X.a`; the program is the only one that may import what is cut short so far."""
    tree = ast.parse((ROOT / "complexity_guard.py").read_text())
    wanted = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == stub
        for alias in node.names
    }
    wanted |= {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == stub
    }
    nodes = list(ast.walk(ast.parse((ROOT / "spec" / "stubs" / f"{stub}.py").read_text())))
    offered = {alias.asname or alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    offered |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)} | {
        node.id for node in nodes if isinstance(node, ast.Name)
    }
    assert wanted and wanted <= offered


def test_every_stub_stands_for_a_module_that_the_program_cannot_need_whole():
    stubs = {path.stem for path in (ROOT / "spec" / "stubs").glob("*.py")}
    assert stubs == {"hashlib", "runpy", "_posixshmem"}  # a new one needs a test as above, or no use by the program
    used = {
        alias.name
        for node in ast.walk(ast.parse((ROOT / "complexity_guard.py").read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert not used & {"runpy", "_posixshmem"}


def test_every_exclusion_has_a_reason():
    exclusions = module("exclusions")
    assert all(reason.strip() for reason in {**exclusions.EXCLUDED, **exclusions.WINDOWS_ONLY}.values())


# ── The parsers' tables ──────────────────────────────────────────────────────────────────────────────────────────────


def test_tables_are_replaced_and_the_rest_is_kept():
    pack_grammar = module("pack_grammar")
    names = (*pack_grammar.TABLES, pack_grammar.UNUSED)
    tables = "".join(f"static const uint16_t {table}[] = {{\n  1, 2,\n}};\n" for table in names)
    source = (
        tables
        + '#ifdef __cplusplus\nextern "C" {\n#endif\nTS_PUBLIC const TSLanguage *tree_sitter_x(void) {\n  return 0;\n}\n'
    )
    text = pack_grammar.packed(source, dict.fromkeys(names, 2), "tables.z")
    assert all(f"static uint16_t {table}[2];" in text for table in names)
    assert "(unsigned char *)ts_primary_state_ids" not in text  # nothing is inflated into it
    assert "(void) {\n  inflate_tables();\n  return 0;" in text


@pytest.mark.parametrize("width", [1, 15, 16, 17, 391])
def test_a_folded_table_says_what_it_said(width):
    """Read as the kernel's large_entry reads it."""
    chance = random.Random(width)
    kinds = [[0] * 16, [7] * 16, *([chance.randrange(1 << 16) for _ in range(16)] for _ in range(3))]
    rows = [[number for _ in range(25) for number in chance.choice(kinds)][:width] for _ in range(50)]
    table = module("pack_grammar").folded([number for row in rows for number in row], width)
    sixteens = (width + 15) // 16
    for state, row in enumerate(rows):
        assert row == [table[table[state * sixteens + at // 16] * 16 + at % 16] for at in range(width)]
    assert len(table) <= 50 * sixteens + 16 + 16 * 2 * len(kinds)  # each kind once, whole and cut at a row's end


def test_only_the_large_table_is_folded():
    """Of two states and twenty symbols."""
    large, rest = array("H", [*range(20), *range(20)]), b"as it was"
    source = (
        "#define SYMBOL_COUNT 20\n"
        "static const uint16_t ts_parse_table[LARGE_STATE_COUNT][SYMBOL_COUNT] = {\n"
        "    .parse_table = &ts_parse_table[0][0],\n"
    )
    pack_grammar = module("pack_grammar")
    lengths = {"ts_parse_table": 2, "ts_lex_modes": 9}
    text, lengths, data = pack_grammar.with_folded(source, lengths, large.tobytes() + rest)
    assert "static const uint16_t ts_parse_table[] = {" in text and ".parse_table = ts_parse_table," in text
    assert lengths == {"ts_parse_table": 16 + 2 * 16, "ts_lex_modes": 9}
    assert data == pack_grammar.folded(large, 20).tobytes() + rest


def test_a_parser_without_a_table_is_refused():
    with pytest.raises(SystemExit, match="no table"):
        module("pack_grammar").packed("", {}, "tables.z")


# ── What lies packed ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tells", [None, ImportError("of another C library")], ids=["zopfli or zlib", "zlib"])
def test_what_is_packed_inflates_to_what_it_was(tells, monkeypatch, capsys):
    """With the wheel where it can be had; without it zlib does, and that is said: the binary is larger then."""
    deflate = module("deflate")
    if tells:
        monkeypatch.setattr(deflate, "zopfli", lambda: (_ for _ in ()).throw(tells))
    data = Path(deflate.__file__).read_bytes() * 20
    packed = deflate.deflated(data)
    assert zlib.decompress(packed) == data
    assert zlib.decompress(deflate.deflated(data, raw=True), wbits=-15) == data
    assert len(packed) <= len(zlib.compress(data, 9))
    said = capsys.readouterr().err
    assert not tells or said.count("packed by zlib") == 2


# ── The checks themselves can fail ───────────────────────────────────────────────────────────────────────────────────


def check(name: str, binary: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, ROOT / "dist-checks" / f"{name}.py", binary], capture_output=True, text=True)


@pytest.mark.parametrize(("folder", "over"), [("x86_64-linux-musl", 1), ("x86_64-windows-pyinstaller", 0)])
def test_a_file_over_the_limit_fails_the_size_check(tmp_path, folder, over):
    """If it is shipped; what PyInstaller packs is compared with that."""
    binary = tmp_path / folder / "complexity-guard"
    binary.parent.mkdir()
    for size, code in ((5_000_000, 0), (5_000_001, over)):
        with binary.open("wb") as file:
            file.truncate(size)
        assert check("size", binary).returncode == code


BUSY = "#!/bin/sh\ni=0\nwhile [ $i -lt 100000 ]; do i=$((i + 1)); done\n"


@pytest.mark.parametrize("name", ["smoke", "no_python", "startup", "hostile_env", "same_answers"])
def test_a_program_that_does_nothing_fails(name, tmp_path):
    binary = tmp_path / "x86_64-linux-musl" / "complexity-guard"
    binary.parent.mkdir()
    binary.write_text("#!/bin/sh\nexit 0\n" if name != "startup" else BUSY)
    binary.chmod(0o755)
    done = check(name, binary)
    assert done.returncode == 1 and done.stdout.startswith("FAIL"), done.stdout + done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="ELF")
def test_the_machines_own_python_is_read_as_an_elf():
    elf = module("_elf").read(Path(sys.executable).resolve())
    assert elf.interpreter and any(name.startswith("libc.") for name in elf.needed) and elf.glibc


def test_a_file_that_is_no_elf_has_no_machine(tmp_path):
    (tmp_path / "x").write_bytes(struct.pack("<20s", b"MZ"))
    assert module("_elf").machine_of(tmp_path / "x") is None
    assert module("_macho").machine_of(tmp_path / "x") is None


def mac_program(library: bytes, kind: int) -> bytes:
    """The least that a linker writes, by Apple's loader.h and cs_blobs.h: a library, one symbol of a kind, and a page's digest."""
    name = library.ljust(len(library) + 8 - len(library) % 8, b"\0")
    commands = struct.pack("<6I", 0xC, 24 + len(name), 24, 0, 0, 0) + name + struct.pack("<4I8x", 0x32, 24, 1, 13 << 16)
    symbols = 32 + len(commands) + 24 + 16
    signature = symbols + 16
    commands += struct.pack("<6I", 0x2, 24, symbols, 1, 0, 0) + struct.pack("<4I", 0x1D, 16, signature, 128)
    page = (
        struct.pack("<8I", 0xFEEDFACF, 0x0100000C, 0, 2, 4, len(commands), 0, 0)
        + commands
        + struct.pack("<IBBHQ", 0, kind, 0, 0, 0)
    )
    directory = (
        struct.pack(">9I4BI", 0xFADE0C02, 76, 0x20400, 2, 44, 0, 0, 1, len(page), 32, 2, 0, 12, 0)
        + hashlib.sha256(page).digest()
    )
    return page + struct.pack(">5I", 0xFADE0CC0, 20 + len(directory), 1, 0, 20) + directory


@pytest.mark.parametrize(
    ("library", "kind", "change", "links", "stripped"),
    [
        (
            b"/usr/lib/libSystem.B.dylib",
            0x0F,
            None,
            "ok    links: /usr/lib/libSystem.B.dylib; macOS 13.0 or later; signature: ad hoc",
            "ok",
        ),
        (b"/opt/lib/libz.dylib", 0x0F, None, "FAIL  links: asks for /opt/lib/libz.dylib", "ok"),
        (b"/usr/lib/libSystem.B.dylib", 0x64, None, "ok", "FAIL"),
        (
            b"/usr/lib/libSystem.B.dylib",
            0x0F,
            60,
            "FAIL  links: an aarch64 Mac refuses it: its signature is wrong in page 0",
            "ok",
        ),
    ],
)
def test_a_program_of_macos_is_read(tmp_path, library, kind, change, links, stripped):
    program = bytearray(mac_program(library, kind))
    if change is not None:
        program[change + 12] ^= 0x20  # within the library's name
    (tmp_path / "x").write_bytes(program)
    assert check("links", tmp_path / "x").stdout.startswith(links)
    assert check("stripped", tmp_path / "x").stdout.startswith(stripped)
