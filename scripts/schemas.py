"""The JSON Schemas of configurations and of reports, made from the tables and record types of the program.

scripts/assets.py puts their text into the module, where the command `schema` finds it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container
from typing import Any

import complexity_guard as cg

JsonObject = dict[str, Any]
PRESETS = [cg.PRESET_PREFIX + name for name in cg.PRESETS]
_PRESET = {"enum": PRESETS}
TEXTS = {"type": "array", "items": {"type": "string"}}
_FILE_OR_PRESET = {"type": "string", "anyOf": [_PRESET, {"not": {"pattern": f"^{cg.PRESET_PREFIX}"}}]}


def _one_or_list(schema: JsonObject) -> JsonObject:
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


def config_schema() -> JsonObject:
    """The JSON Schema of configuration files: exactly the keys that read_config takes."""
    properties = {
        "$schema": {"type": "string"},
        "extends": {
            "description": f"Configuration files to build on, relative to this one, and presets ({', '.join(PRESETS)}); "
            "later ones and this one win",
            **_one_or_list(_FILE_OR_PRESET),
        },
        **_schema_of(cg.CONFIG_KEYS),
        "overrides": {
            "description": "Other values for the files that match; the last match wins",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"files": cg.TEXTS_SCHEMA, "extends": _one_or_list(_PRESET), **_override_options()},
                "required": ["files"],
                "additionalProperties": False,
            },
        },
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "ComplexityGuard configuration",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _override_options() -> JsonObject:
    options = _schema_of(cg.PER_FILE_KEYS)
    generated = options["files"]["properties"]["generated"]
    return {key: options[key] for key in ("preset", "analysis")} | {"generated": generated}


def _schema_of(keys: dict[str, cg.Option]) -> JsonObject:
    rows: JsonObject = {}
    for name, option in keys.items():
        default = {} if option.default is None else {"default": cg.to_config(option.default)}
        rows[name] = ({"description": option.help} | option.kind.schema | default,)
    for old, (name, kind) in cg.OLD_KEYS.items():
        if name in keys:
            rows[old] = ({"description": f"Another name of {name}", "deprecated": True} | kind.schema,)
    if keys is cg.CONFIG_KEYS:
        rows |= {name: ({"const": True, "deprecated": True},) for name in cg.COUNTED_ALWAYS}
    return _schema_tree(cg.tree_of_names(rows))


def _schema_tree(tree: JsonObject) -> JsonObject:
    """Objects around the leaves, which are 1-tuples to tell them from objects. null is as if not there."""
    properties: JsonObject = {}
    for key, branch in tree.items():
        if isinstance(branch, tuple):
            properties[key] = branch[0]
        else:
            properties[key] = {"type": "object", "properties": _schema_tree(branch), "additionalProperties": False}
    return properties


# The JSON Schema of all that: read off the row types and the templates of the reporter, so that it cannot fall behind them.
# It is open, because readers are to bear fields that a later version adds; the tests close it.
_FIELD_TYPES = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "Violations": {"type": "array", "items": {"$ref": "#/definitions/Violation"}},
}
_TEMPLATED = re.compile(r'"(\w+)": ("?)%(\.\d+f|[sd])')
_TEMPLATE_TYPES = {"s": {"type": "string"}, "d": {"type": "integer"}}  # everything else is a float
_NUMBER_TYPES = ({"type": "number"}, {"type": "integer"})


def report_schema() -> JsonObject:
    rows = (
        cg.Violation,
        cg.Improvement,
        cg.SyntaxProblem,
        cg.Suppressed,
        cg.Notice,
        cg.Skipped,
        cg.Hotspot,
        cg.Changes,
    )
    definitions = {row.__name__: _row_schema(row) for row in rows}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "ComplexityGuard report",
        **_object_schema({
            "version": {"type": "string"},
            "schema_version": {"const": 1},
            "tool": _object_schema({"name": {"type": "string"}, "version": {"type": "string"}}),
            "timestamp": {"type": "string"},
            "metadata": _object_schema({**_integers("elapsed_ms", "thread_count"), "configuration": {"type": ["string", "null"]}}),
            "summary": _summary_schema(),
            "files": {"type": "array", "items": {"$ref": "#/definitions/File"}},
            "duplication": _duplication_schema(),
            "graph": _graph_schema(),
            "coverage": _object_schema({"reports": TEXTS, "remarks": TEXTS}),
            "skipped": _array_of("Skipped"),
        }, {"coverage"}),
        "definitions": {**definitions, "Function": _function_schema(), "File": _file_schema()},
    }  # fmt: skip


def _object_schema(properties: JsonObject, optional: Container[str] = ()) -> JsonObject:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


def _integers(*names: str) -> JsonObject:
    return {name: {"type": "integer"} for name in names}


def _array_of(row: str) -> JsonObject:
    return {"type": "array", "items": {"$ref": f"#/definitions/{row}"}}


def _row_schema(row: type[Any]) -> JsonObject:
    """Of a NamedTuple as json_rows writes it: a field that may be None may be missing."""
    types = {name: kind.split(" | ") for name, kind in row.__annotations__.items()}
    properties = {name: _FIELD_TYPES[kind] for name, (kind, *_) in types.items()}
    if "level" in properties:
        properties["level"] = {"enum": list(cg.LEVELS)}
    return _object_schema(properties, [name for name, kinds in types.items() if "None" in kinds])


def _function_schema() -> JsonObject:
    """A family that is switched off leaves its fields out; the rest is there always."""
    numbers = {number.name: _NUMBER_TYPES[number.form == "%d"] for number in cg.Json.NUMBERS.in_order}
    place, verdict = (_template_schema(template) for template in (cg.Json.PLACE, cg.Json.VERDICT))
    change = _change_schema()
    tests = {name: {"type": ["number", "null"]} for name in cg.NAMES_OF_TESTED}
    fields = place | numbers | verdict | _verdict_schema() | tests | change
    return _object_schema(fields, {*numbers, *tests, *change})


def _template_schema(template: str) -> JsonObject:
    """The fields of a template that holds them as `"name": %d`."""
    return {name: _TEMPLATE_TYPES.get(kind, {"type": "number"}) for name, _, kind in _TEMPLATED.findall(template)}


def _file_schema() -> JsonObject:
    counts = {number.name: _NUMBER_TYPES[number.form == "%d"] for number in cg.FILE_NUMBERS.in_order}
    change = _change_schema()
    return _object_schema({
        "path": {"type": "string"}, "code": {"enum": list(cg.CODE_KINDS)}, "code_sign": {"type": "string"},
        **counts, "health_score": {"type": "number"}, "health_lines": {"type": "integer"}, **_verdict_schema(),
        "functions": _array_of("Function"), "module": {"$ref": "#/definitions/Function"},
        "syntax_errors": _array_of("SyntaxProblem"), "suppressed": _array_of("Suppressed"), "notices": _array_of("Notice"),
        **change,
    }, {"code_sign", *counts, *change})  # fmt: skip


def _verdict_schema() -> JsonObject:
    return {"status": {"enum": list(cg.LEVELS)}, "violations": _array_of("Violation")}


def _change_schema() -> JsonObject:
    """What a comparison adds to a file or a function."""
    return {
        "change": {"enum": list(cg.Changes._fields[:4])},
        "known": _array_of("Violation"),
        "better": _array_of("Improvement"),
    }


def _summary_schema() -> JsonObject:
    counts = "files_analyzed total_functions warnings errors skipped_count syntax_error_count suppressed_count ungated_count".split()
    return _object_schema({
        **_integers(*counts),
        "health_score": {"type": "number"},
        "grade": {"enum": [letter for _, letter in cg.GRADES]},
        "percentile": {"type": ["integer", "null"]},
        "losses": _losses_schema(),
        "status": {"enum": list(cg.LEVELS)},
        "failures": TEXTS,
        "changes": {"$ref": "#/definitions/Changes"},
        "tests": _row_schema(cg.CodeSums),
        "generated": _object_schema(_integers("files", "functions")),
        "hotspots": _array_of("Hotspot"),
    }, ("changes",))  # fmt: skip


def _losses_schema() -> JsonObject:
    """Where the points went. A folder or a file has no line and no name."""
    numbers = {key: {"type": "number"} for key in ("points", "health_score")}
    place = {"path": {"type": "string"}, "line": {"type": "integer"}, "name": {"type": "string"}}
    loss = _object_schema({**place, **numbers, "health_lines": {"type": "integer"}}, ("line", "name"))
    part = _object_schema({
        "worst": {"type": "array", "items": loss}, "others": {"type": "integer"}, "points_of_others": {"type": "number"},
    })  # fmt: skip
    points = {key: {"type": "number"} for key in ("missing", "duplication")}
    return _object_schema({**points, **dict.fromkeys(cg.LOSS_KINDS, part)})


def _duplication_schema() -> JsonObject:
    place = {"file": {"type": "string"}, **_integers("start_line", "end_line")}
    places = {"type": "array", "items": _object_schema(place), "minItems": 2}
    group = {**_integers("token_count", "line_count"), "exact": {"type": "boolean"}, "locations": places}
    found = {
        "project_duplication_pct": {"type": "number"},
        "project_status": {"enum": list(cg.LEVELS)},
        "project_delta": {"type": "number"},
        "clone_groups": {"type": "array", "items": _object_schema(group)},
        "files": {"type": "array", "items": _row_schema(cg.FileDuplication)},
    }
    return {
        "oneOf": [
            _object_schema({"enabled": {"const": False}}),
            _object_schema({"enabled": {"const": True}, **found}, ["project_delta"]),
        ]
    }


def _graph_schema() -> JsonObject:
    """The import graph: files, edges and cycles by paths, what was not found, and what is above a limit."""
    text, number, paths = {"type": "string"}, {"type": "number"}, TEXTS
    sums = cg.ImportGraph((), (), (), (), (), ()).sums()
    summary = {name: {"type": "integer" if isinstance(value, int) else "number"} for name, value in sums.items()}
    file = {
        **_row_schema(cg.GraphFile)["properties"],
        "instability": number,
        "component": {"type": ["integer", "null"]},
    }
    edge = {"from": text, "to": text, "kind": {"enum": [*cg.STATIC_KINDS, "type", "dynamic"]}, "specifier": text}
    edge |= {"type_only": {"type": "boolean"}, "line": {"type": "integer"}, "names": paths}
    unresolved = {"from": text, "specifier": text, "line": {"type": "integer"}, "reason": text}
    violation = _row_schema(cg.Violation)
    violation["properties"] = {"file": text, "line": {"type": "integer"}, "message": text, **violation["properties"]}
    violation["required"] = ["file", "line", "message", *violation["required"]]
    component = {"files": paths, "shortest": paths, "cut": {"type": "array", "items": paths}}
    found = {
        "summary": _object_schema(summary),
        "files": {"type": "array", "items": _object_schema(file)},
        "edges": {"type": "array", "items": _object_schema(edge)},
        "components": {"type": "array", "items": _object_schema(component)},
        "unresolved": {"type": "array", "items": _object_schema(unresolved)},
        "violations": {"type": "array", "items": violation},
        "suppressed": {"type": "array", "items": violation},
        "unused_suppressions": {"type": "array", "items": _object_schema({"file": text, "line": {"type": "integer"}})},
    }
    off, on = _object_schema({"enabled": {"const": False}}), _object_schema({"enabled": {"const": True}, **found})
    return {"oneOf": [off, on]}


SCHEMAS: dict[str, Callable[[], JsonObject]] = {"config": config_schema, "report": report_schema}


def schema_text(name: str) -> str:
    """A schema as `complexity-guard schema NAME` prints it."""
    return json.dumps(SCHEMAS[name](), indent=2) + "\n"
