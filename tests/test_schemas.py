"""The published JSON Schemas: of configurations, and of reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemas
from configurations import ANCESTOR, ANCESTOR_OLD, REFUSED
from projects import BUSY, FINDINGS, Runs
from projects import report as report
from validators import REPORT_SCHEMA, is_json

import complexity_guard as cg

# The configuration's


def test_the_schema_is_a_schema_and_takes_what_the_reader_takes(guard, tmp_path):
    schema = json.loads(guard("schema", cwd=tmp_path).out)
    jsonschema.Draft7Validator.check_schema(schema)
    for accepted in (ANCESTOR, ANCESTOR_OLD, {}, {"$schema": "x", "extends": ["a"]}, {"overrides": [{"files": ["a"]}]}):
        jsonschema.validate(accepted, schema)


# What a JSON Schema cannot say: the syntax, files, what holds between two keys.
NOT_IN_A_SCHEMA = ("is already set", "this is not JSON", "too large", "all weights", "leads back", "no such file", "expected",
                   "relative paths only", "surrogate", "nested deeper", "is above error", "warning 15", "warning 9", "warning off")  # fmt: skip


@pytest.mark.parametrize(
    "text", [text for text, message in REFUSED if not any(word in message for word in NOT_IN_A_SCHEMA)]
)
def test_the_schema_refuses_what_the_reader_refuses(text):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(text), schemas.config_schema())


def test_the_schema_names_every_key():
    leaves = set()

    def visit(properties, prefix):
        for key, schema in properties.items():
            if "properties" in schema:
                visit(schema["properties"], f"{prefix}{key}.")
            else:
                leaves.add(prefix + key)

    visit(schemas.config_schema()["properties"], "")
    assert leaves == {*cg.CONFIG_KEYS, *cg.OLD_KEYS, *cg.COUNTED_ALWAYS, "$schema", "extends", "overrides"}


# The report's


def test_the_report_schema_is_printed(guard: Any) -> None:
    printed = guard("schema", "report").json
    jsonschema.Draft7Validator.check_schema(printed)
    assert printed == json.loads(json.dumps(schemas.report_schema()))
    assert guard("schema", "config").out == guard("schema").out
    refused = guard("schema", "reprot")
    assert refused.code == 3
    assert "schema takes config or report, not 'reprot'" in refused.err


@pytest.mark.parametrize(
    "options",
    (["--duplication"], ["--graph"], ["--metrics", "cyclomatic"], ["--metrics", "halstead,structural"], ["--top", "3"]),
    ids=" ".join,
)
def test_the_report_schema_holds_whatever_is_switched_on(report: Runs, options: list[str]) -> None:
    is_json(report.run("many", "-f", "json", "--fail-on", "none", *options))


def test_the_report_schema_holds_against_a_baseline(flat_guard: Any, project: Callable[[dict[str, str]], Path]) -> None:
    root = project({"a.ts": FINDINGS, "b.ts": f"function b() {{ {BUSY} }}\nfunction c() {{ {BUSY} {BUSY} }}\n"})
    flat_guard("--write-baseline", "known.json", cwd=root)
    (root / "b.ts").write_text(f"function b() {{ {BUSY} {BUSY} {BUSY} }}\nfunction c() {{ {BUSY} return }}\n")
    output = flat_guard("-f", "json", "--baseline", "known.json", cwd=root)
    is_json(output.out.encode())
    changes = output.json["summary"]["changes"]
    assert changes["worse"] and changes["better"] and changes["known"]


BREAKS: dict[str, Callable[[Any], object]] = {
    "a number as text": lambda report: report["files"][0]["functions"][0].update(start_line="1"),
    "a name missing": lambda report: report["files"][0]["functions"][0].pop("name"),
    "a level that is none": lambda report: report["files"][0]["functions"][0]["violations"][0].update(level="fatal"),
    "a field nobody described": lambda report: report["summary"].update(extra=1),
    "no summary": lambda report: report.pop("summary"),
}


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS)
def test_the_report_schema_refuses(report: Runs, change: Callable[[Any], object]) -> None:
    document = json.loads(report("findings", "json"))
    change(document)
    with pytest.raises(jsonschema.ValidationError):
        REPORT_SCHEMA.validate(document)
