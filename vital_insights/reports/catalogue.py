"""The metrics as a document: generated from the headers, so that it cannot say anything else than the SQL does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vital_insights.reports import terminal

_ABOUT = "<!-- Written by `make docs` from the headers of vital_insights/metrics/*.sql. Change those, not this. -->"
_TABLE = {"column": "column", "type": "type", "unit": "unit", "meaning": "meaning", "null_means": "unknown means"}


def metrics(found: Sequence[Mapping[str, Any]]) -> None:
    """Print the metrics: what each says, why it matters, what one row is."""
    terminal.entries("Metrics", ((f"{m['name']}  ({m['grain']})", [f"{m['title']}. {m['because']}"]) for m in found))
    terminal.lines(["", "In brackets what one row is. vital-insights metrics NAME tells the columns of one."])


def columns(metric: Mapping[str, Any]) -> None:
    """Print one metric with all its columns."""
    terminal.lines([f"{metric['title']} ({metric['name']})", metric["because"], f"One row is one: {metric['grain']}"])
    terminal.entries("Columns", map(_column, metric["columns"]))


def _column(told: Mapping[str, Any]) -> tuple[str, list[str]]:
    unit = f", {told['unit']}" if told["unit"] else ""
    unknown = [f"unknown means: {told['null_means']}"] if told["null_means"] else []
    return f"{told['column']}  {told['type']}{unit}", [told["meaning"], *unknown]


def markdown(metrics: Sequence[Mapping[str, Any]]) -> str:
    """docs/metrics.md: a section a metric by name, a table of its columns."""
    return "\n".join(_lines(metrics)) + "\n"


def _lines(metrics: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield from ("# Metrics", "", _ABOUT, "")
    yield 'Every number, what it means, and what it means that it is not there. In Python: `insights.metric("opportunity")`;'
    yield "in a terminal: `vital-insights show TENANT opportunity`, and `vital-insights explain` for one row of it."
    for metric in sorted(metrics, key=lambda metric: metric["name"]):
        yield from section(metric, metric["name"])


def section(told: Mapping[str, Any], name: str) -> Iterator[str]:
    """What is known of one table, as Markdown: what it says, what one row is, a table of its columns."""
    yield from ("", f"## {name}", "")
    if told["title"]:
        yield from (f"**{cell(told['title'])}.** {cell(told['because'])}", "")
    if told["grain"]:
        yield from (f"One row is one: {', '.join(f'`{c}`' for c in told['grain'].split(', '))}.", "")
    yield f"| {' | '.join(_TABLE.values())} |"
    yield "|---" * len(_TABLE) + "|"
    for column in told["columns"]:
        cells = [cell(column[key]) for key in _TABLE]
        yield f"| `{column['column']}` | {' | '.join(cells[1:])} |"


def cell(text: str | None) -> str:
    """A text that stays inside its cell and is shown as it stands."""
    escaped = (text or "").replace("\\", "\\\\").replace("\n", " ")
    return "".join(f"\\{c}" if c in "|*_`<[" else c for c in escaped)
