"""What the metrics say of themselves, by their headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.warehouse import sqlfile

if TYPE_CHECKING:
    import polars as pl

_ABOUT = ("name", "title", "because", "grain")
_COLUMN = ("column", "type", "unit", "meaning", "null_means")


def catalogue(metric: str | None = None) -> list[dict[str, Any]]:
    """The metrics by name, or one of them: name, title, because, grain, and `columns` with all that is known of each.

    Raises UsageError with the nearest names for a metric that is not there.
    """
    found = sqlfile.files("metric") if metric is None else [sqlfile.metric(metric)]
    return [
        {
            "name": file.name,
            "title": file.title,
            "because": file.because,
            "grain": ", ".join(file.grain),
            "columns": [
                {"column": c, **{key: about.get(key) for key in _COLUMN[1:]}} for c, about in file.columns.items()
            ],
        }
        for file in found
    ]


def metrics(name: str | None = None) -> pl.DataFrame:
    """A row a metric: name, title, because, grain; of one metric a row a column: column, type, unit, meaning, null_means.

    Raises UsageError with the nearest names for a metric that is not there.
    """
    import polars as pl

    told = catalogue(name)
    rows, names = (told, _ABOUT) if name is None else (told[0]["columns"], _COLUMN)
    return pl.DataFrame([{key: row[key] for key in names} for row in rows], schema=dict.fromkeys(names, pl.String))


def shown_columns(metric: str) -> tuple[str, ...]:
    """The columns of a metric that a narrow table for people shows, by its header; all of them where it names none."""
    file = sqlfile.metric(metric)
    return file.show or tuple(file.columns)
