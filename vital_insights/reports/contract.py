"""The contract as a document: generated from the declarations, so that it cannot promise another extraction than there is."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vital_insights.source.contract import LOOKUPS, TABLES, VERSION
from vital_insights.source.contract.declare import Own, Shared, Through, scope_of, tally_of
from vital_insights.warehouse import sqlfile

_ABOUT = """# The contract

<!-- Written by `make docs` from vital_insights/source/contract/*.py. Change those, not this. -->

Version {version}: {tables} tables, {rows} of them read as rows and {tallies} only counted at the source, and {lookups} asked for
one thing and never loaded. Without a required column (in bold) a table cannot be read and the refresh is refused; an expected
one that is absent is
a finding; an assumed one is named by no document and no convention, so that it is used where it exists and its absence is nothing.
What the source has beyond this is not read. Whose the rows are: `own` by their `tenant_id` (or, where a live table lacks it, by what
stands in brackets), `through` the rows that these keys name, every one of which must be ours, `shared` by everyone."""


def markdown() -> str:
    """docs/contract.md: a section an area, a line a table."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    tallies = sum(tally_of(table) is not None for table in TABLES.values())
    told = {"version": VERSION, "tables": len(TABLES) + len(LOOKUPS), "rows": len(TABLES) - tallies, "tallies": tallies}
    yield _ABOUT.format(**told, lookups=len(LOOKUPS))
    used = _used()
    for area in sorted({table.info["area"] for table in TABLES.values()}):
        yield from ("", f"## {area.replace('_', ' ').capitalize()}", "")
        yield "| table | whose | required and expected | assumed | where used |"
        yield "|---|---|---|---|---|"
        for name, table in TABLES.items():
            if table.info["area"] == area:
                also = f" (or `{table.info['also']}`)" if table.info["also"] else ""
                where = ", ".join(used.get(name, ())) or "counts only"
                yield f"| `{name}`{also} | {_whose(table)} | {_columns(table)} | {_named(table, 'assumed')} | {where} |"
    yield from ("", "## Asked and never loaded", "")
    for name, table in LOOKUPS.items():
        columns = ", ".join(f"`{column.name}`" for column in table.columns)
        yield f"- `{name}`: {columns} of this tenant's members, who become keyed hashes ([tenancy.md](tenancy.md))"


def _whose(table: Any) -> str:
    scope = scope_of(table)
    match scope:
        case Own():
            through = f" ({', '.join(f'`{key}`' for key in scope.through)})" if scope.through else ""
            whose = f"own{through}"
        case Through():
            whose = "through " + " and ".join(f"`{key}`" for key in scope.keys)
        case Shared():
            whose = "shared"
    tally = tally_of(table)
    if tally is None:
        return whose
    return f"{whose}; counted by {' and '.join(key.replace('_', ' ') for key in tally.key)}"


def _columns(table: Any) -> str:
    required = {column.name for column in table.columns if column.info["level"] == "required"}
    named = [_column(c, bold=c.name in required) for c in table.columns if c.info["level"] in ("required", "optional")]
    return ", ".join(named) or "–"


def _named(table: Any, level: str) -> str:
    return ", ".join(_column(column) for column in table.columns if column.info["level"] == level) or "–"


def _column(column: Any, *, bold: bool = False) -> str:
    return f"**`{column.name}`**" if bold else f"`{column.name}`"


def _used() -> dict[str, list[str]]:
    """By table, the model tables, metrics and rules that read it straight."""
    used: dict[str, list[str]] = {}
    for schema in ("model", "metric", "audit"):
        for file in sqlfile.files(schema):
            for name in sorted(set(re.findall(r"\braw\.(\w+)", file.sql))):
                used.setdefault(name, []).append(Path(file.path).stem)
    return used


if __name__ == "__main__":
    sys.stdout.write(markdown())
