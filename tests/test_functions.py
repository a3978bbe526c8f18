"""Functions: what they are called."""

from __future__ import annotations


def test_functions_in_functions_in_functions(guard, project):
    """Qualified names of 20,000 of them took 800 MB, and their time."""
    source = "function f(){" * 20_000 + "}" * 20_000
    found = guard("a.ts", "-f", "json", "--fail-on", "none", cwd=project({"a.ts": source})).json["files"][0][
        "functions"
    ]
    assert len(found) == 20_000
    assert max(len(function["qualified_name"]) for function in found) < 1_100
    assert found[-1]["qualified_name"].startswith("f>f>") and found[-1]["qualified_name"].endswith(">f>f")
