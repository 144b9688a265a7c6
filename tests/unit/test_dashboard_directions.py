"""The dashboard reads through the public rooms: it names no warehouse, no source and no check runner of the package.

import-linter sees the package; the dashboard is no package, so that this looks at its files one by one.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PUBLIC = {"access", "cards", "charts", "errors", "insights", "reports", "settings", "tenancy"}


def rooms(source: str) -> set[str]:
    """The modules directly under vital_insights that a file imports from, wherever in the file it does."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    parts = [name.split(".") for name in found]
    return {each[1] for each in parts if each[0] == "vital_insights" and len(each) > 1}


def test_the_dashboard_imports_from_public_rooms_only():
    files = [*ROOT.glob("dashboards/**/*.py")]
    assert len(files) > 40
    past = {str(file.relative_to(ROOT)): found for file in files if (found := rooms(file.read_text()) - PUBLIC)}
    assert past == {}


@pytest.mark.parametrize(
    "source",
    [
        "from vital_insights.warehouse.belonging import NONE",
        "from vital_insights import warehouse",
        "import vital_insights.warehouse.reader as reader",
        "def page():\n    from vital_insights.warehouse import reader",
    ],
)
def test_an_import_past_them_is_seen(source):
    assert rooms(source) - PUBLIC == {"warehouse"}
