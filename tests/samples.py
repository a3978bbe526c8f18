"""Sources and limits that several files of tests share."""

from __future__ import annotations

from typing import Any

import complexity_guard as cg

LIMITS = {metric.name: {"warning": "off", "error": "off"} for metric in cg.METRICS} | {
    "cyclomatic": {"warning": 5, "error": 10}
}

# Only cyclomatic is judged, and each rise fails.
CONFIGURATION = {
    "preset": "recommended",
    "analysis": {"thresholds": LIMITS},
    "gate": ["cyclomatic"],
    "worse_by": {"cyclomatic": 0},
}


def function(name: str, ifs: int, params: str = "", mark: str = "") -> str:
    """A function with a cyclomatic number of ifs + 1, and a body of its own: its first call says mark or name."""
    calls = [f"{mark or name}_();", *(f"if (a{i}) b{i}();" for i in range(ifs))]
    return f"function {name}({params}) {{ {' '.join(calls)} }}\n"


def measure_file(path: str, raw: bytes, judge: cg.Judge, scanner: Any) -> tuple[cg.FileReport, cg.SourceText]:
    """The report of one file as the judge's analysis wants it, and its source."""
    measured, source = cg.measure(path, raw, judge.options, scanner, cg.Bounds())
    return judge.file(path, measured), source
