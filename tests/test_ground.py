"""The ground: small functions on words, streams, bytes and time."""

from __future__ import annotations

import json
import os
import re
import stat

import pytest
from baselines import HEADER
from processes import needs_root
from samples import function

import complexity_guard as cg


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("", "", 0),
        ("a", "", 1),
        ("format", "fromat", 1),
        ("kitten", "sitting", 3),
        ("ab", "ba", 1),
        ("abc", "abc", 0),
        ("a", "b", 1),
    ],
)
def test_edit_distance(one, other, distance):
    assert cg.edit_distance(one, other) == cg.edit_distance(other, one) == distance


@pytest.mark.parametrize(
    ("wish", "environment", "terminal", "expected"),
    [
        (None, {}, True, True),
        (None, {}, False, False),
        (None, {"NO_COLOR": "1"}, True, False),
        (None, {"NO_COLOR": ""}, True, True),
        (None, {"FORCE_COLOR": "1"}, False, True),
        (None, {"FORCE_COLOR": "0"}, True, False),
        (None, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        (None, {"TERM": "dumb"}, True, False),
        (True, {"NO_COLOR": "1"}, False, True),
        (False, {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_color(wish, environment, terminal, expected):
    assert cg.use_color(wish, environment, terminal) is expected


@pytest.mark.parametrize("epoch", ["", "soon", "²", "-1", "9" * 5000, "1700000000"])
def test_the_time_of_a_report(guard, project, epoch):
    result = guard("-f", "json", cwd=project({"a.ts": ""}), env={"SOURCE_DATE_EPOCH": epoch})
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", result.json["timestamp"])
    assert (result.json["timestamp"] == "2023-11-14T22:13:20Z") == (epoch == "1700000000")


PIECES = {
    "UTF-8": "naïve 日本 🎉".encode(),
    "cut short": b"let a\xf0\x9f\x8e",
    "a lone continuation": b"a\x80b",
    "a surrogate": b"\xed\xa0\x80",
    "an overlong slash": b"\xc0\xaf",
    "beyond Unicode": b"\xf4\x90\x80\x80",
}


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("tail", [b"", b";", b" " * 100_000])
def test_bytes_are_read_as_utf8_whole_wherever_a_block_ends(piece, tail):
    for before in range(cg.UTF8_BLOCK - 20, cg.UTF8_BLOCK + 2):
        raw = b" " * before + PIECES[piece] + tail
        assert cg.to_utf8(raw) == raw.decode("utf-8", "replace").encode()


# Files that are written over


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("flag", ["-o", "--write-baseline"])
def test_a_file_that_is_written_anew_keeps_its_mode(guard, project, flag):
    """0600 became 0644, so that others could read what had been for one alone."""
    folder = project({"a.ts": function("f", 60), "out": HEADER})
    for mode in (0o600, 0o640, 0o664, 0o755, 0o4755):
        (folder / "out").chmod(mode)
        before = (folder / "out").read_text()
        assert guard("--fail-on", "none", "--force", flag, "out", "a.ts", cwd=folder).code == 0
        assert (folder / "out").read_text() != before
        assert stat.S_IMODE((folder / "out").stat().st_mode) == mode & 0o777  # no rights for whoever runs it
        (folder / "a.ts").write_text(function(f"f{mode}", 60))
    assert sorted(path.name for path in folder.iterdir()) == ["a.ts", "out"]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("flag", ["-o", "--write-baseline"])
def test_a_read_only_file_is_not_replaced(guard, project, flag):
    folder = project({"a.ts": function("f", 60), "out": HEADER})
    (folder / "out").chmod(0o444)
    result = guard("--fail-on", "none", "--force", flag, "out", "a.ts", cwd=folder)
    assert (result.code, (folder / "out").read_text()) == (4, HEADER)
    assert "out: the file is read-only" in result.err


@needs_root
def test_a_file_that_is_written_anew_keeps_its_owner(guard, project):
    folder = project({"a.ts": "", "out": ""})
    os.chown(folder / "out", 4711, 4712)
    (folder / "out").chmod(0o604)
    assert guard("-o", "out", "a.ts", cwd=folder).code == 0
    status = (folder / "out").stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (4711, 4712, 0o604)


def test_a_file_whose_owner_cannot_be_kept_is_written_in_place(tmp_path, monkeypatch):
    """That of a colleague, which our group may write."""
    target = tmp_path / "out"
    target.write_text("much more than before\n" * 9)
    inode = target.stat().st_ino
    monkeypatch.setattr(cg, "take_rights", lambda path, like: False)
    cg.write_whole(str(target), iter(["new", "er\n"]))
    assert (target.read_text(), target.stat().st_ino) == ("newer\n", inode)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(not os.path.exists("/dev/fd/1"), reason="needs /dev/fd")
def test_reports_go_into_pipes_that_the_command_line_names(guard, project):
    """`-o /dev/stdout | cat` ended with exit code 4: what the link leads to is no path."""
    folder = project({"a.ts": ""})
    for name in ("/dev/stdout", "/dev/fd/1", "/dev/stderr"):
        result = guard("-f", "json", "-o", name, "a.ts", cwd=folder)
        assert result.code == 0
        assert json.loads(result.err if "err" in name else result.out)["summary"]["files_analyzed"] == 1
    assert guard("-o", "/dev/null", "a.ts", cwd=folder).code == 0


def test_a_memo_works_out_each_key_once_and_holds_no_more_than_it_may():
    made = []
    memo = cg.Memo(lambda key: made.append(key) or key * 2, most=3)
    assert [memo[key] for key in (1, 2, 1, 3, 2, 3)] == [2, 4, 2, 6, 4, 6]
    assert made == [1, 2, 3] and len(memo) == 3
    assert memo[4] == 8 and len(memo) == 1


def test_a_record_takes_values_by_name_in_any_order_and_no_more_than_it_has_fields():
    assert cg.Hotspot._fields[:2] == ("path", "line")
    in_order = cg.ClonePlace(path="a", start_line=1, end_line=2)
    assert in_order == cg.ClonePlace("a", end_line=2, start_line=1) == cg.ClonePlace("a", 1, 2) == ("a", 1, 2)
    for values, named in ((("a", 1, 2, 3), {}), (("a", 1, 2), {"end_line": 2}), (("a", 1), {}), ((), {"path": "a"})):
        with pytest.raises(TypeError):
            cg.ClonePlace(*values, **named)


@pytest.mark.parametrize(
    "value",
    ["", 'a "b"\n', "\u2028é\x1b", {"a": [1, 2.5, 1e300, None, True], "é": ("x", {})}, [], {1: 2, None: 3}, 7, False],
)
def test_json_is_what_the_standard_library_writes(value):
    assert cg.json_text(value) == json.dumps(value, ensure_ascii=False)


def test_what_has_no_form_in_json_is_refused():
    with pytest.raises(TypeError, match="set has no form in JSON"):
        cg.json_text({"a": {1}})


def test_texts_are_encoded_each_and_written_together():
    texts = ["é…", "a" * 10, "\udcff", "", "b" * 9]
    assert b"".join(cg.encoded(iter(texts), 8)) == "".join(texts).encode("utf-8", "surrogateescape")
    assert len(list(cg.encoded(iter(["a"] * 100)))) == 1
