"""What makes the output of each format valid: its schema, a parser, or the shape of its lines."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import jsonschema
import markdown_it
import schemas
from conftest import ROOT
from lxml import etree

import complexity_guard as cg


def json_schema(name: str) -> Callable[[bytes], None]:
    validator = jsonschema.Draft7Validator(json.loads((ROOT / "tests" / "schemas" / name).read_text(encoding="utf-8")))
    return lambda output: validator.validate(thinned(json.loads(output)))


def thinned(document: Any) -> Any:
    """Of long lists every n-th row, some 300 of them: all rows come out of one function, and validating is slow."""
    if isinstance(document, list):
        return [thinned(row) for row in document[:: len(document) // 300 or 1]]
    return {key: thinned(value) for key, value in document.items()} if isinstance(document, dict) else document


def xml_schema(name: str) -> Callable[[bytes], None]:
    schema = etree.XMLSchema(etree.parse(str(ROOT / "tests" / "schemas" / name)))
    return lambda output: schema.assertValid(etree.fromstring(output))


def is_json_lines(output: bytes) -> None:
    rows = [json.loads(line) for line in output.decode().split("\n")[:-1]]
    assert [row["type"] for row in rows[-1:]] == ["summary"]
    assert {row["type"] for row in rows[:-1]} <= {"file", "skipped"}


GITHUB_LINE = re.compile(
    r"::(error|warning|notice) (?:(?:file=[^,:\n]+(?:,line=\d+,col=\d+)?)?,?(?:title=[^,:\n]+)?)::(?:%(?:25|0A|0D)|[^%\n])+"
)


def is_github(output: bytes) -> None:
    lines = output.decode().split("\n")[:-1]
    assert all(GITHUB_LINE.fullmatch(line) for line in lines), lines
    for level in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{level} ") for line in lines) <= 10


def is_markdown(output: bytes) -> None:
    assert len(output) <= 60_000
    tokens = markdown_it.MarkdownIt("gfm-like", {"linkify": True}).parse(output.decode())
    inline = [child for token in tokens for child in token.children or ()]
    assert not [token.type for token in inline if token.type.startswith(("link", "image"))]
    tags = {token.content for token in inline if token.type == "html_inline"}
    assert tags <= {"<code>", "</code>", "<br>"}
    blocks = [token.content for token in tokens if token.type == "html_block"]
    assert all(re.fullmatch(r"<details>\n<summary>[\w ,:]+</summary>|</details>", block.strip()) for block in blocks)


def is_csv(output: bytes) -> None:
    rows = list(csv.reader(io.StringIO(output.decode(), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(cg.Csv.COLUMNS)}
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "-", "\t", "\r")]


COMPACT_LINE = re.compile(r".+?:\d+:\d+: (error|warning|note): .+ \[[a-z_-]+\]")


def is_compact(output: bytes) -> None:
    assert all(COMPACT_LINE.fullmatch(line) for line in output.decode().split("\n")[:-1])


def is_console(output: bytes) -> None:
    lines = output.decode().split("\n")
    assert all(line.isprintable() for line in lines)
    assert re.search(
        r"^[✓✗] (passed|failed: .+)\n  [\d,]+ files?, [\d,]+ functions?: .*; health [\d.]+, [A-E](: better than \d+ % of \d+ reference packages)?$",
        output.decode(),
        re.M,
    )


def closed(schema: Any) -> Any:
    """The published schema is open to fields of later versions; here a field that it does not name is an error."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {"additionalProperties": False} if schema.get("type") == "object" else {}
    return {key: closed(value) for key, value in schema.items()} | shut


REPORT_SCHEMA = jsonschema.Draft7Validator(closed(schemas.report_schema()))


def is_json(output: bytes) -> None:
    REPORT_SCHEMA.validate(thinned(json.loads(output)))


VALID: dict[str, Callable[[bytes], None]] = {
    "console": is_console,
    "json": is_json,
    "ndjson": is_json_lines,
    "sarif": json_schema("sarif-2.1.0.json"),
    "github": is_github,
    "gitlab": json_schema("gitlab-codequality.schema.json"),
    "junit": xml_schema("junit-10.xsd"),
    "checkstyle": xml_schema("checkstyle.xsd"),
    "rdjson": json_schema("rdjson.schema.json"),
    "markdown": is_markdown,
    "csv": is_csv,
    "compact": is_compact,
}
