"""Messages in streams of bytes: whole, in pieces, damaged, too long, and from threads."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import framed

import complexity_guard_server as server


def all_messages(data, size, framing=None):
    """The messages of bytes that arrive in pieces."""
    framing = framing or server.HeaderFraming()
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return [message for piece in pieces for message in framing.messages(piece)]


@given(bodies=st.lists(st.text(), max_size=5), size=st.integers(1, 50))
def test_messages_arrive_whole_however_they_are_cut(bodies, size):
    data = b"".join(framed({"method": body}) for body in bodies)
    assert [json.loads(message)["method"] for message in all_messages(data, size)] == bodies


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: 2\r\n\r\n",
        b"content-length:2\r\n\r\n",
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n",
        b"X: y\r\nCONTENT-LENGTH:  2 \r\nZ: w\r\n\r\n",
    ],
)
def test_headers_in_every_way(header):
    assert all_messages(header + b"{}", 3) == [b"{}"]


@pytest.mark.parametrize(
    "junk",
    [
        b"Content-Length: -5\r\n\r\n",
        b"Content-Length: x\r\n\r\n",
        b"Content-Length: 99999999999999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\r\n\r\n\r\n\r\n",
        b"x" * 100_000,
        b"\0\xff" * 20_000 + b"\r\n\r\n",
        b"content-length content-length:" * 2_000,
    ],
)
@pytest.mark.parametrize("size", [1, 1000, 1 << 20])
def test_after_what_is_no_header_the_next_message_is_read(junk, size):
    assert all_messages(junk + framed({"method": "a"}), size)[-1] == framed({"method": "a"}).partition(b"\r\n\r\n")[2]


def test_a_message_that_is_too_long_is_passed_over(monkeypatch):
    monkeypatch.setattr(server, "MOST_MESSAGE", 50)
    found = all_messages(framed({"method": "x" * 500}) + framed({"method": "a"}), 7)
    assert isinstance(found[0], server.Refusal)
    assert [json.loads(message)["method"] for message in found[1:]] == ["a"]


def test_junk_takes_no_memory():
    framing = server.HeaderFraming()
    for _ in range(100):
        assert list(framing.messages(b"x" * 100_000)) == []
    assert len(framing.held) <= 1 << 17


def test_halves_of_characters_are_sent_as_json_has_them():
    assert json.loads(server.json_bytes({"a": "\udcff語"})) == {"a": "\udcff語"}


@pytest.mark.parametrize("with_threads", [False, True])
def test_streams_are_read_as_they_come(with_threads):
    if os.name == "nt" and not with_threads:
        pytest.skip("Windows cannot wait for a pipe")
    wires = server.Wires(with_threads)
    got = {}
    ends = []
    for name in ("one", "other"):
        reader, writer = os.pipe()
        wires.add(reader, lambda data, name=name: got.setdefault(name, []).append(data))
        ends.append(writer)
    assert not wires.wait(0)
    for number, writer in enumerate(ends):
        os.write(writer, b"%d" % number)
        while len(got) <= number:
            wires.wait(5)
    assert got == {"one": [b"0"], "other": [b"1"]}
    os.close(ends[0])
    while got["one"][-1]:
        wires.wait(5)
    os.close(ends[1])
