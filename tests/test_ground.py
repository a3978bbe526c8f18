"""The ground: small functions on words, streams, bytes and time."""

from __future__ import annotations

import re

import pytest

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
