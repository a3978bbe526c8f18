"""Texts as editors hold them: edits in every unit of columns, against arrays of code units; places of reports."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

import complexity_guard as cg
import complexity_guard_server as server

# How many units a letter takes, by the standards that define the encodings.
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
LETTERS = ["a", "\t", "é", "語", "🙂", "\u2028", "\ufeff", "\r", "\n", "\r\n", "{", "}"]
texts = st.lists(st.sampled_from(LETTERS), max_size=12).map("".join)


def split(text):
    """Lines by the protocol's words: \\n, \\r\\n and \\r end one, and nothing else does."""
    lines, place = [""], 0
    while place < len(text):
        end = 2 if text[place : place + 2] == "\r\n" else 1
        lines[-1] += text[place : place + end]
        if text[place] in "\r\n":
            lines.append("")
        place += end
    return lines


def edited(text, start, end, new, encoding):
    """The text with an edit, by an array of units: nothing of it is shared with the server."""
    codec, width = CODECS[encoding]

    def offset(place):
        lines = split(text)
        if place[0] >= len(lines):
            return len(text.encode(codec))
        before = "".join(lines[: place[0]]).encode(codec)
        line = lines[place[0]].rstrip("\r\n").encode(codec)
        return len(before) + min(place[1] * width, len(line))

    units = text.encode(codec)
    return (units[: offset(start)] + new.encode(codec) + units[offset(end) :]).decode(codec)


def places_of(text, encoding):
    """Every place between two letters of a text, and some behind its lines."""
    codec, width = CODECS[encoding]
    found = []
    for number, line in enumerate(split(text)):
        bare = line.rstrip("\r\n")
        found += [(number, len(bare[:index].encode(codec)) // width) for index in range(len(bare) + 1)]
        found.append((number, 1 << 31))
    return [*found, (len(split(text)), 0), (1 << 31, 5)]


@given(text=texts, data=st.data())
@pytest.mark.parametrize("encoding", CODECS)
def test_edits_are_what_they_say(encoding, text, data):
    document = server.Document("file:///a.ts", "/a.ts", text, 1)
    for version in range(2, 6):
        places = st.sampled_from(places_of(text, encoding))
        start, end = sorted((data.draw(places), data.draw(places)))
        new = data.draw(texts)
        change = {"text": new, "range": dict(zip(("start", "end"), map(position, (start, end))))}
        text = edited(text, start, end, new, encoding)
        document.change([change], version, encoding)
        assert document.text == text
        assert document.lines == split(text)
        assert document.version == version


def position(place):
    return {"line": place[0], "character": place[1]}


@given(text=texts)
def test_a_text_has_the_lines_that_the_protocol_says(text):
    assert server.lines_in(text) == split(text)


@given(text=texts)
@pytest.mark.parametrize("encoding", CODECS)
def test_places_of_reports_are_where_the_editor_has_them(encoding, text):
    """A report counts U+2028 and U+2029 as ends of lines, as TypeScript does, and columns in UTF-16."""
    document = server.Document("file:///a.ts", "/a.ts", text, 1)
    codec, width = CODECS[encoding]
    place, line, column = 0, 1, 0
    while place <= len(text):
        lines = split(text[:place])
        own = lines[-1]
        shown = {"line": len(lines) - 1, "character": len(own.encode(codec)) // width}
        assert document.shown(line, column, encoding) == shown
        assert document.reported((shown["line"], shown["character"]), encoding) == (line, column)
        step = 2 if text[place : place + 2] == "\r\n" else 1
        if text[place : place + 1] in ("\r", "\n", "\u2028", "\u2029"):
            line, column = line + 1, 0
        elif place < len(text):
            column += len(text[place].encode("utf-16-le")) // 2
        place += step


def test_a_column_within_a_letter_is_that_of_the_letter():
    document = server.Document("file:///a.ts", "/a.ts", "🙂x", 1)
    assert document.index((0, 1), "utf-16") == 0
    assert document.index((0, 2), "utf-16") == 1
    assert document.index((0, 3), "utf-8") == 0


def test_a_text_that_nobody_could_wait_for_is_not_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "MOST_TEXT", 20)
    workspace = cg.Workspace(tmp_path)
    assert server.look(workspace, "a.ts", "let a = 1").findings == []
    (tmp_path / "b.ts").write_text("let b\n" * 10)
    for arguments in (("a.ts", "let a = 1\n" * 3), ("a.ts", "let a", "let b\n" * 10), ("b.ts", None)):
        with pytest.raises(cg.Unreadable, match="not measured while it is edited"):
            server.look(workspace, *arguments)


def test_halves_of_letters_become_letters_of_that_length():
    assert server.whole_text("a\ud83db\udc00") == "a\ufffdb\ufffd"


@pytest.mark.parametrize(
    "wrong", [{}, {"line": -1, "character": 0}, {"line": 0, "character": True}, {"line": 1.5, "character": 0}]
)
def test_places_that_are_none_are_refused(wrong):
    with pytest.raises((server.Refusal, KeyError)):
        server.place_in(wrong)


@pytest.mark.skipif(os.name == "nt", reason="names of other systems")
@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b%20c.ts", "/a/b c.ts"),
        ("file:///a/%C3%A9.ts", "/a/é.ts"),
        ("file:///a/é.ts", "/a/é.ts"),
        ("file://localhost/a.ts", "/a.ts"),
        ("FILE:///a.ts", "/a.ts"),
        ("file:///a%2Fb%ff.ts", "/a/b\udcff.ts"),
        ("file:///a.ts?x#y", "/a.ts"),
        ("untitled:Untitled-1", ""),
        ("vscode-notebook-cell:/a.ts", ""),
    ],
)
def test_files_of_uris(uri, path):
    assert server.path_of(uri) == path


@pytest.mark.parametrize("uri", ["file:///a%00b.ts", None, 3, ["file:///a.ts"]])
def test_uris_that_name_no_file_are_refused(uri):
    with pytest.raises(server.Refusal):
        server.path_of(uri)
