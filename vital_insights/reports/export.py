"""A snapshot as files: a workbook of its metrics, or a folder with all its tables and a README of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from vital_insights.reports import catalogue, origin, tables
from vital_insights.reports.basis import in_words
from vital_insights.reports.workbook import workbook

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.insights import Insights

# Values as they stood in the source although they did not fit: nothing that an analyst computes with.
WITHHELD = {"raw.rejects"}
FIRST = ("opportunity", "opportunity_by", "band_summary")
_SCHEMAS = ("metric", "model", "raw", "audit", "quality")
_ABOUT = {
    "metric": "What the package computes: one metric a file.",
    "model": "What the metrics are computed from: cleaned, joined, retired jobs marked.",
    "raw": "What was read, as it stood in the source, rows marked as deleted included; what its columns mean the source must say.",
    "audit": "The rows that break a rule across tables; an empty file is good news.",
    "quality": "What every check said when the snapshot was made.",
}


def excel(opened: Insights, metrics: Sequence[str] = (), where: Mapping[str, Any] | None = None) -> bytes:
    """A workbook with a sheet that leads to the others, one for each of these metrics, or for all, then what their columns
    mean, and the method.

    `where` keeps some rows of each, as in `Insights.metric`, and the method says so. Raises UsageError with the nearest
    names for a metric, column or member that is not there.
    """
    there = {table["name"]: table for table in opened.contents() if table["table"].startswith("metric.")}
    wanted = list(dict.fromkeys(metrics)) or sorted(there, key=lambda name: _place(there[name]))
    frames = {_sheet(name): opened.metric(name, where) for name in wanted}
    told = [there[name] for name in wanted]
    sheets = {_sheet(table["name"]): _sentence(table) for table in told}
    columns = "What every column means, and what an empty cell says in it."
    return workbook(
        {**frames, "Columns": _columns(told)}, _about(opened, told, where), contents={**sheets, "Columns": columns}
    )


def folder(
    opened: Insights, into: Path, kind: Literal["parquet", "csv"], metrics: Sequence[str] = (), where: Mapping[str, Any] | None = None
) -> list[Path]:  # fmt: skip
    """Write each table to `into/<schema>/<name>.<kind>` and README.md beside; of `metrics`, if any are named, only those.

    Ids are text, instants UTC. In Parquet every value is as it stands, with its type; in CSV an unknown value is empty and a
    text that a spreadsheet would run gets an apostrophe in front. `where` keeps some rows of the named metrics, as in
    `Insights.metric`. Gives the files. Raises UsageError with the nearest names for a metric, column or member that is not
    there, OSError where the disk fails.
    """
    for name in metrics:
        opened.count(name, where)
    wanted = {f"metric.{name}" for name in metrics}
    told = [table for table in _ordered(opened) if not wanted or table["table"] in wanted]
    rows, files = {}, []
    for table in told:
        schema, name = table["table"].split(".", 1)
        frame = opened.metric(name, where) if where and schema == "metric" else opened.whole(table["table"])
        files.append(into / schema / f"{name}.{kind}")
        files[-1].parent.mkdir(exist_ok=True)
        _write(frame, files[-1], kind)
        rows[table["table"]] = frame.height
    text = "\n".join(_readme(_about(opened, told, where), told, rows, kind))
    (into / "README.md").write_text(f"{text}\n", encoding="utf-8")
    return files


def _about(opened: Insights, told: Sequence[Mapping[str, Any]], where: Mapping[str, Any] | None) -> dict[str, str]:
    """What the file rests on, and which rows of the tables told of were kept."""
    # What is a column of a table asks for its values; only elsewhere the same name may mean members.
    columns = [{column["column"] for column in table["columns"]} for table in told]
    members = {name: asked for name, asked in (where or {}).items() if not all(name in each for each in columns)}
    kept = in_words(where, opened.named(members))
    return origin.about(opened) | ({"Only rows of": ", ".join(kept)} if kept else {})


def _ordered(opened: Insights) -> list[dict[str, Any]]:
    kept = [table for table in opened.contents() if table["table"] not in WITHHELD and _schema(table) in _SCHEMAS]
    return sorted(kept, key=lambda table: (_SCHEMAS.index(_schema(table)), table["table"]))


def _schema(table: Mapping[str, Any]) -> str:
    return str(table["table"]).split(".", 1)[0]


def _write(frame: pl.DataFrame, path: Path, kind: Literal["parquet", "csv"]) -> None:
    if kind == "parquet":
        frame.write_parquet(path)
    else:
        path.write_bytes(tables.csv(frame).encode())


def _place(table: Mapping[str, Any]) -> tuple[int, str]:
    """The scores first, then the others by title."""
    name = table["name"]
    return (FIRST.index(name) if name in FIRST else len(FIRST), table["title"] or name)


def _sheet(metric: str) -> str:
    """The name of a metric's sheet; "Method" is the one that says in words what the metric of that name says in figures."""
    return "method in figures" if metric == "method" else metric


def _sentence(table: Mapping[str, Any]) -> str:
    if table["title"] is None:
        return "Not described by this version of the package."
    return f"{table['title']}. {table['because']} One row is one: {table['grain']}."


def _columns(told: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """What each column means, a row a column."""
    import polars as pl

    names = (
        {"sheet": "name"} | {key: key for key in ("column", "type", "unit", "meaning")} | {"empty means": "null_means"}
    )
    rows = [{**column, "name": _sheet(table["name"])} for table in told for column in table["columns"]]
    return pl.DataFrame(
        [{new: row[old] for new, old in names.items()} for row in rows], dict.fromkeys(names, pl.String)
    )


def _readme(
    about: Mapping[str, str],
    told: Sequence[Mapping[str, Any]],
    rows: Mapping[str, int],
    kind: Literal["parquet", "csv"],
) -> Iterator[str]:
    yield from ("# A snapshot as files", "")
    yield from (f"- **{what}**: {catalogue.cell(said)}" for what, said in about.items())
    yield from ("", "Ids are texts, instants UTC. Keep these files as you would the database they come from.")
    if kind == "csv":
        yield 'An empty field is unknown; `""` is a text that is empty. A text that a spreadsheet would run (it starts with =, +,'
        yield "-, @, a tab or a line break) has an apostrophe in front. Texts of a list are joined with `; `."
    shown = {_schema(table) for table in told}
    for schema in (schema for schema in _SCHEMAS if schema in shown):
        yield from ("", f"**{schema}/** {_ABOUT[schema]}", "", "| file | rows |", "|---|---:|")
        mine = [table["table"] for table in told if _schema(table) == schema]
        yield from (f"| `{name.replace('.', '/', 1)}.{kind}` | {rows[name]:,} |" for name in mine)
    for table in told:
        yield from catalogue.section(table, table["table"])
