"""No Python function runs inside a polars expression.

Polars' `to_pandas` holds the interpreter's lock while it waits for polars' threads; where all of those wait for that lock to
call a Python function for another session, the server stands still for ever. Fifty sessions on one page were enough.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
CALLING_BACK = {"map_elements", "map_batches", "map_groups", "map_rows", "rolling_map"}


def called(source: str) -> set[str]:
    return {
        node.func.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def test_no_python_function_runs_inside_a_polars_expression():
    files = [*ROOT.glob("vital_insights/**/*.py"), *ROOT.glob("dashboards/**/*.py")]
    assert len(files) > 100
    assert {str(f.relative_to(ROOT)): found for f in files if (found := called(f.read_text()) & CALLING_BACK)} == {}


def test_such_a_call_is_seen():
    assert called("pl.col('a').map_elements(str)") & CALLING_BACK
