"""What the metrics say of themselves, by their headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from vital_insights.warehouse import sqlfile
from vital_insights.warehouse.sqlfile import SqlFile

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.warehouse.reader import Reader

_ABOUT = ("name", "title", "because", "grain")
_COLUMN = ("column", "type", "unit", "meaning", "null_means")


def catalogue(metric: str | None = None, own: Iterable[SqlFile] = ()) -> list[dict[str, Any]]:
    """The metrics by name, ours and then `own`, or one of them: name, title, because, grain, and `columns` with all that is known of each.

    Raises UsageError with the nearest names for a metric that is not there.
    """
    found = [*sqlfile.files("metric"), *own] if metric is None else [sqlfile.metric(metric, own)]
    return [_told(file, file.columns) for file in found]


def contents(stored: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """What each stored table (`schema.name`, its columns and their types) is: as `catalogue`, and `table`, its whole name.

    Of a raw table, of a rule of somebody's own and of what today's package no longer computes only names and types are known.
    """
    return [{"table": table} | _stored(table, kinds) for table, kinds in stored.items()]


def _stored(table: str, kinds: Mapping[str, str]) -> dict[str, Any]:
    schema, name = table.split(".", 1)
    file = sqlfile.find(schema, name) if schema in sqlfile.FOLDERS else None
    known = {column: {"type": kind} | (file.columns.get(column, {}) if file else {}) for column, kind in kinds.items()}
    if file is None:
        columns = [_column(column, about) for column, about in known.items()]
        return {"name": name, "title": None, "because": None, "grain": None, "columns": columns}
    return _told(file, known)


def _told(file: sqlfile.SqlFile, columns: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    told = [_column(column, about) for column, about in columns.items()]
    about = {"name": file.name, "title": file.title, "because": file.because, "grain": ", ".join(file.grain)}
    return {**about, "columns": told}


def _column(name: str, about: Mapping[str, Any]) -> dict[str, Any]:
    return {"column": name, **{key: about.get(key) for key in _COLUMN[1:]}}


def metrics(name: str | None = None, own: Iterable[SqlFile] = ()) -> pl.DataFrame:
    """A row a metric: name, title, because, grain; of one metric a row a column: column, type, unit, meaning, null_means.

    Raises UsageError with the nearest names for a metric that is not there.
    """
    import polars as pl

    told = catalogue(name, own)
    rows, names = (told, _ABOUT) if name is None else (told[0]["columns"], _COLUMN)
    return pl.DataFrame([{key: row[key] for key in names} for row in rows], schema=dict.fromkeys(names, pl.String))


def shown_columns(metric: str, own: Iterable[SqlFile] = ()) -> tuple[str, ...]:
    """The columns of a metric that a narrow table for people shows, by its header; all of them where it names none."""
    file = sqlfile.metric(metric, own)
    return file.show or tuple(file.columns)


def lacking(reader: Reader, metric: str) -> list[str]:
    """The tables that a metric is made from and that the source lacked: those that it names itself, else those of the models below it."""
    file = sqlfile.metric(metric, reader.own_metrics)
    if "model.absent" not in reader.tables:
        return []
    absent = reader.frame("select table_name from snapshot.model.absent where column_name = '*'")["table_name"]
    gone = {f"raw.{table}" for table in absent}
    known = {each.table: each for each in [*sqlfile.definitions(), *reader.own_metrics]}
    below = sqlfile.in_build_order(known.values(), only=file.table)
    found = gone & sqlfile.read_by([file]) or gone & sqlfile.read_by(below)
    return sorted(table.removeprefix("raw.") for table in found)
