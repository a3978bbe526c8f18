"""What keeps a run on one small file short: values that are cheap to define, and modules that nobody asked for."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import typing
from pathlib import Path

import pytest
from conftest import BINARY
from tools import needs

import complexity_guard as cg


class Ours(cg.NamedTuple):
    """Words."""

    a: int
    b: str = "x"
    c: float | None = None

    @property
    def both(self) -> str:
        return f"{self.a}{self.b}"


class Real(typing.NamedTuple):
    """Words."""

    a: int
    b: str = "x"
    c: float | None = None

    @property
    def both(self) -> str:
        return f"{self.a}{self.b}"


GIVEN = [((1,), {}), ((1, "y", 2.5), {}), ((), {"a": 1}), ((1,), {"c": 3}), ((), {"c": 1, "b": "", "a": 0})]
REFUSED = [((), {}), ((1, 2, 3, 4), {}), ((1,), {"a": 1}), ((1,), {"d": 1}), ((), {"b": "y"}), ((1, 2, 3), {"c": 3})]
LOOKS = {
    "values": tuple,
    "repr": lambda row: repr(row).partition("(")[2],
    "fields": lambda row: (row.a, row.b, row.c, row.both),
    "as a dict": lambda row: row._asdict(),
    "replaced": lambda row: tuple(row._replace(c=0, a=9)),
    "pickled": lambda row: [
        type(again) is type(row) and tuple(again) for again in (pickle.loads(pickle.dumps(row, p)) for p in range(6))
    ],
    "copied": lambda row: [type(again) is type(row) and tuple(again) for again in (copy.copy(row), copy.deepcopy(row))],
    "hashed": hash,
    "compared": lambda row: (row == tuple(row), row < (5,), row + (1,), len(row), row[-1], list(row)),
    "made of values": lambda row: tuple(type(row)._make(row)),
    "described": lambda row: (
        row._fields,
        row._field_defaults,
        row.__match_args__,
        row.__doc__,
        row.__module__,
        typing.get_type_hints(type(row)),
    ),
    "closed": lambda row: hasattr(row, "__dict__"),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("values", "named"), GIVEN, ids=str)
def test_our_named_tuples_are_those_of_typing(look, values, named):
    assert look(Ours(*values, **named)) == look(Real(*values, **named))


@pytest.mark.parametrize("make", [Ours, Real])
@pytest.mark.parametrize(("values", "named"), REFUSED, ids=str)
def test_values_that_do_not_fit_are_refused(make, values, named):
    with pytest.raises(TypeError, match=make.__name__):
        make(*values, **named)


@pytest.mark.parametrize("row", [Ours(1), Real(1)], ids=["ours", "typing's"])
def test_named_tuples_cannot_be_changed(row):
    with pytest.raises(AttributeError):
        row.a = 2
    with pytest.raises(AttributeError):
        row.other = 2
    with pytest.raises((TypeError, ValueError)):
        row._replace(other=2)


def test_a_class_of_ours_can_be_extended():
    class More(Ours):
        def twice(self) -> int:
            return 2 * self.a

    assert More(4).twice() == 8 and repr(More(a=4)) == "More(a=4, b='x', c=None)"


def test_every_record_of_the_program_has_its_defaults_last():
    """typing refuses others; ours does not look, to be cheap."""
    for made in vars(cg).values():
        if isinstance(made, type) and issubclass(made, cg.NamedTuple):
            defaults = list(made._field_defaults)
            assert list(made._fields[len(made._fields) - len(defaults) :]) == defaults, made


# What one small file has no use for. Each is imported where it is used, by a function.
NOT_FOR_ONE_FILE = """
    argparse asyncio base64 ctypes dataclasses enum fnmatch functools hashlib inspect json logging multiprocessing pathlib pickle
    queue random re selectors shutil signal socket string subprocess tempfile threading traceback tree_sitter typing zlib
""".split()


@needs("kernel")  # the pure-Python scanner imports more
@pytest.mark.parametrize("form", ["console", "json", "csv"])
def test_one_small_file_imports_only_what_it_needs(tmp_path, form):
    (tmp_path / "add.ts").write_text("export function add(a: number, b: number) {\n  return a && b ? a + b : 0;\n}\n")
    program = f"""if True:
        import sys
        sys.path += {[str(Path(cg.__file__).parent), *sys.path]!r}
        import complexity_guard
        code = complexity_guard.main(["add.ts", "-f", {form!r}])
        print("\\n", code, *sys.modules)
    """
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    code, *modules = done.stdout.splitlines()[-1].split()
    assert code == "0" and "complexity_guard" in modules
    assert not set(modules) & set(NOT_FOR_ONE_FILE)


MODULES = """
    codecs complexity_guard_kernel errno gc json math multiprocessing queue re resource signal sitecustomize stat struct tempfile
    time tree_sitter usercustomize
""".split()


@pytest.mark.skipif(bool(BINARY), reason="a binary looks for no module in any folder")
@pytest.mark.parametrize("way", ["-m", "command", "library"])
@pytest.mark.parametrize("arguments", ["", "--executor process --threads 2 --start-method spawn", "--changed"])
def test_modules_of_what_is_analysed_are_not_run(tmp_path, way, arguments):
    """A folder with a re.py ran it under `python -m`, and one with a multiprocessing.py in each worker that was spawned."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for number in range(3):
        (tmp_path / f"{number}.ts").write_text("export const f = () => 1\n")
    for name in MODULES:
        (tmp_path / f"{name}.py").write_text(
            f"raise SystemExit(open({str(tmp_path / 'ran')!r}, 'a').write({name!r}))\n"
        )
    (tmp_path / "tools").mkdir()
    main = "import complexity_guard as cg\nif __name__ == '__main__': raise SystemExit(cg.main())\n"
    (tmp_path / "tools" / "complexity-guard").write_text(main)
    ways = {
        "-m": ["-m", "complexity_guard"],
        "command": [str(tmp_path / "tools" / "complexity-guard")],
        "library": ["-P", "-c", "import complexity_guard as cg; raise SystemExit(cg.main())"],
    }
    command = [sys.executable, *ways[way], *arguments.split(), "."]
    environment = {**os.environ, "PYTHONPATH": str(Path(cg.__file__).parent)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text() + done.stderr
    assert done.returncode == 0 and "3 files" in done.stdout and not done.stderr, done.stdout + done.stderr


def test_the_environment_is_as_it_was_once_workers_stand(monkeypatch):
    for before in (None, "", "x"):
        monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
        if before is not None:
            monkeypatch.setenv("PYTHONSAFEPATH", before)
        with cg.SafePath():
            assert os.environ["PYTHONSAFEPATH"] == "1"
        assert os.environ.get("PYTHONSAFEPATH") == before


def test_expressions_are_compiled_once_and_when_used():
    made = []
    expression = cg.Lazy(lambda: made.append(1) or cg.re.compile("a+"))
    assert not made
    assert expression.sub("b", "caat") == "cbt" and expression.sub("b", "at") == "bt" and made == [1]
    assert expression.pattern == "a+"


LEAVING = (
    "import atexit, sys; import complexity_guard as cg; atexit.register(print, 'last'); print('first'); cg.leave(7)"
)


def left(**streams) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", LEAVING],
        env={**os.environ, "PYTHONPATH": str(Path(cg.__file__).parent), "PYTHONUNBUFFERED": ""},
        **streams,
    )


def test_leaving_runs_and_writes_what_the_interpreter_would():
    done = left(stdout=subprocess.PIPE)
    assert done.returncode == 7 and done.stdout.split() == [b"first", b"last"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_leaving_says_when_nothing_can_be_written():
    with open("/dev/full", "w") as full:
        done = left(stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 120 and b"No space left" in done.stderr
