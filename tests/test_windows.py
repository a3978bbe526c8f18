"""What Windows does otherwise, as far as it can be told anywhere: paths of drives, errors, globs. The rest is `make windows`."""

from __future__ import annotations

import errno
import ntpath
import os

import pytest

import complexity_guard as cg


@pytest.fixture
def on_windows(monkeypatch):
    """Undone before pytest itself asks where it is."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        patch.setattr(os, "path", ntpath)
        patch.setattr(os, "sep", "\\")
        yield patch


class Gone:
    """Standard output whose reader has gone, or that fails otherwise."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.buffer = self

    def writelines(self, chunks) -> None:
        raise OSError(self.number, os.strerror(self.number))


@pytest.mark.parametrize(
    ("system", "number", "raised"),
    [
        ("nt", errno.EINVAL, BrokenPipeError),
        ("nt", errno.EPIPE, BrokenPipeError),
        ("nt", errno.ENOSPC, OSError),
        ("posix", errno.EPIPE, BrokenPipeError),
        ("posix", errno.EINVAL, OSError),
    ],
)
def test_a_reader_that_has_gone_is_told_from_a_fault(monkeypatch, system, number, raised):
    monkeypatch.setattr(cg.sys, "stdout", Gone(number))
    with monkeypatch.context() as patch, pytest.raises(OSError) as told:
        patch.setattr(os, "name", system)
        cg.write_out([b"x"])
    assert type(told.value) is raised


def start_method(word: str) -> str:
    return cg._start_method(cg.Value(word, "--start-method", cg.FROM_FLAG))


def test_windows_cannot_fork(on_windows):
    assert (start_method("auto"), start_method("spawn")) == ("", "spawn")
    with pytest.raises(cg.ConfigError, match="--start-method: Windows cannot fork; write spawn, or auto"):
        start_method("fork")


def test_elsewhere_all_start_methods_can_be_asked_for():
    assert [start_method(word) for word in ("auto", "spawn", "fork")] == ["", "spawn", "fork"]


@pytest.mark.parametrize("glob", ["src\\generated", "src\\*", "\\*.ts", "src/**/*.gen.ts", "a\\\\b"])
def test_a_backslash_in_a_glob_is_no_separator(glob, monkeypatch):
    """Elsewhere it quotes what follows, and so it does on Windows where it can be meant so."""
    assert cg.GLOBS.check([glob]) == (glob,)
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        if glob == "src\\generated":
            with pytest.raises(ValueError):
                cg.GLOBS.check([glob])
        elif glob != "a\\\\b":
            assert cg.GLOBS.check([glob]) == (glob,)


@pytest.mark.parametrize(
    ("path", "folder", "relative"),
    [
        ("C:\\a\\b\\c.ts", "C:\\a", "b/c.ts"),
        ("c:/A/b.ts", "C:/a", "b.ts"),  # the case of letters does not count
        ("C:/a/b.ts", "C:/x", "../a/b.ts"),
        ("D:/a/b.ts", "C:/a", "D:/a/b.ts"),  # no way leads from one drive to another
        ("//server/share/a.ts", "C:/a", "//server/share/a.ts"),
        ("//server/share/a/b.ts", "//server/share/a", "b.ts"),
    ],
)
def test_paths_of_drives_and_shares(path, folder, relative, on_windows):
    assert cg.path_from_folder(path, folder) == relative


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/a.ts", "src/a.ts"),
        ("C:/a b.ts", "file:///C%3A/a%20b.ts"),
        ("//server/a.ts", "file:////server/a.ts"),
    ],
)
def test_uris(path, uri, on_windows):
    assert cg.uri_of(path) == uri


def test_names_in_tsconfig_may_begin_with_a_drive(on_windows):
    assert cg.path_in("C:/project", "D:/types") == "D:/types"
    assert cg.path_in("C:/project", "../types") == "C:/types"
    assert cg.path_in("C:/project", "/types") == "/types"


@pytest.mark.parametrize(
    ("environment", "told", "colored"),
    [({}, False, False), ({}, True, True), ({"WT_SESSION": "x"}, False, True), ({"TERM": "xterm"}, False, True)],
)
def test_a_console_that_was_not_told_gets_no_colours(environment, told, colored, monkeypatch):
    class Nt:
        @staticmethod
        def _supports_virtual_terminal() -> bool:
            return told

    assert cg.shows_color(environment)
    monkeypatch.setitem(cg.sys.modules, "nt", Nt)
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        assert cg.shows_color(environment) is colored


def test_an_older_python_for_windows_cannot_tell(monkeypatch):
    monkeypatch.setitem(cg.sys.modules, "nt", object())
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        assert not cg.shows_color({})
