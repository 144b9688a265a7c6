"""A frame as CSV or JSON: stable for machines, inert for spreadsheets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

_NAMED = 5  # more tables that are absent are told as a number
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv(frame: pl.DataFrame) -> str:
    """The frame as CSV with a header line; text that a spreadsheet would run gets an apostrophe in front."""
    return inert(frame).rename(inert_names(frame.columns)).write_csv()


def as_json(frame: pl.DataFrame) -> str:
    """The frame as a JSON array of objects, in its own order; decimals as numbers, instants as ISO 8601."""
    return dumped(frame.to_dicts())


def dumped(told: Any) -> str:
    """Anything as JSON, as `as_json` writes a frame."""
    return json.dumps(_plain(told), ensure_ascii=False, indent=2)


def as_text(frame: pl.DataFrame) -> list[dict[str, str | None]]:
    """The rows as people read them: shares in percent, means to two decimals, scores without idle zeros; None stays None."""
    return [{name: _spoken(name, value) for name, value in row.items()} for row in frame.to_dicts()]


def unknown(frame: pl.DataFrame, lacking: Callable[[], Sequence[str]]) -> Iterator[str]:
    """What a table cannot show, in a sentence: columns without a single value, and what the source lacks for them."""
    empty = [name for name in frame.columns if frame[name].null_count() == frame.height]
    if not empty:
        return
    absent = lacking()
    more = f" and {len(absent) - _NAMED} more" if len(absent) > _NAMED else ""
    told = f"the source lacks {', '.join(absent[:_NAMED])}{more}"
    if frame.height:
        named = ", ".join(name.replace("_", " ") for name in empty)
        yield f"Unknown in every row shown: {named}." + (f" Of the tables behind them {told}." if absent else "")
    elif absent:
        yield f"Whether there is anything is unknown: {told}."


def inert(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every text cell that starts like a formula made plain text; a list of texts is one text; others unchanged."""
    import polars as pl

    lists = [name for name, kind in frame.schema.items() if kind == pl.List(pl.String)]
    frame = frame.with_columns(pl.col(name).list.join("; ") for name in lists)

    def harmless(name: str) -> pl.Expr:
        column = pl.col(name)
        live = pl.any_horizontal(*(column.str.starts_with(sign) for sign in _FORMULA))
        return pl.when(live).then("'" + column).otherwise(column).alias(name)

    return frame.with_columns(harmless(name) for name, kind in frame.schema.items() if kind == pl.String)


def inert_names(columns: list[str]) -> dict[str, str]:
    """Column names that a spreadsheet would run, made plain: a pivoted table is named by its data."""
    return {name: f"'{name}" for name in columns if name.startswith(_FORMULA)}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        number = float(value)
        return number if Decimal(repr(number)) == value else str(value)
    return value.isoformat() if isinstance(value, datetime | date) else value


def _spoken(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float):
        return f"{value:.0%}" if name.startswith("share") else f"{value:.2f}"
    if isinstance(value, Decimal):
        plain = f"{value:f}".rstrip("0")
        return plain + "0" if plain.endswith(".") else plain
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
