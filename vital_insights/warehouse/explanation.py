"""How one number came about: its row, each column with its meaning, the formula with the numbers in it, where it is from."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vital_insights.errors import OlderSnapshot, UsageError, nearest
from vital_insights.warehouse import reasons, sqlfile
from vital_insights.warehouse.reader import Reader, quoted
from vital_insights.warehouse.sqlfile import SqlFile

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Value:
    """One column of the row. `null_means` says what an unknown means here; None where the column is never unknown."""

    column: str
    value: Any
    unit: str | None
    meaning: str
    null_means: str | None

    @property
    def text(self) -> str:
        """The value as people read it: a decimal without idle zeros, an unknown as a dash."""
        return "–" if self.value is None else reasons.said(self.value)

    @property
    def told(self) -> str:
        """What the column means, or what it means that nothing is there."""
        return f"unknown: {self.null_means}" if self.value is None and self.null_means else self.meaning


@dataclass(frozen=True)
class Explanation:
    """One row of a metric, explained. `values` in the order of the table; decimals are exact, ids are text.

    `reasons` are sentences with the numbers in them; `sources` the rows of the source behind the row; `rows_behind` the
    command that lists what was counted, where something was; `provenance` which snapshot and which definitions.
    """

    metric: str
    title: str
    because: str
    key: dict[str, str | None]
    values: tuple[Value, ...]
    reasons: tuple[str, ...]
    sources: tuple[dict[str, Any], ...]
    rows_behind: str | None
    provenance: dict[str, str | None]

    @property
    def lines(self) -> list[str]:
        """All of it as plain lines."""
        named = ", ".join(f"{column} {value or '(none)'}" for column, value in self.key.items())
        told = [f"{self.title} · {named}", self.because, "", *self.reasons, *([""] if self.reasons else [])]
        for value in self.values:
            unit = f" ({value.unit})" if value.unit else ""
            told.append(f"{value.column} = {value.text}{unit}: {value.told}")
        told += ["", *(source_line(source) for source in self.sources)]
        told += [f"The rows behind: {self.rows_behind}"] if self.rows_behind else []
        return [*told, *(f"{name}: {value or 'not recorded'}" for name, value in self.provenance.items())]

    @property
    def text(self) -> str:
        """All of it as one text."""
        return "\n".join(self.lines)

    def as_dict(self) -> dict[str, Any]:
        """The same for machines, in a stable shape."""
        values = [
            {"column": v.column, "value": v.value, "unit": v.unit, "meaning": v.meaning, "null_means": v.null_means}
            for v in self.values
        ]
        return {
            "metric": self.metric, "title": self.title, "because": self.because, "key": self.key, "values": values,
            "reasons": list(self.reasons), "sources": list(self.sources), "rows_behind": self.rows_behind,
            "provenance": self.provenance,
        }  # fmt: skip


def source_line(source: Mapping[str, Any]) -> str:
    """One source row in words."""
    told = (f"{name} {reasons.said(value)}" for name, value in source.items() if name != "table" and value is not None)
    return f"{source['table']}: {', '.join(told)}"


def explain(reader: Reader, metric: str, key: Sequence[Any]) -> Explanation:
    """The row of a metric that a key names, explained. See `Insights.explain` for keys and errors."""
    file = sqlfile.metric(metric, reader.own_metrics)
    if file.table not in reader.tables:
        raise OlderSnapshot(
            f"This snapshot is of an older version, which had no metric '{metric}'.", hint="refresh the tenant"
        )
    row = _row(reader, file, [None if part is None else str(part) for part in key])
    values = tuple(
        Value(column, value, about.get("unit"), about.get("meaning", ""), about.get("null_means"))
        for column, value in row.items()
        for about in [file.columns.get(column, {})]
    )
    why = reasons.of(reader, metric, row)
    named = {column: None if row[column] is None else str(row[column]) for column in file.grain}
    return Explanation(
        metric, file.title, file.because, named, values, tuple(why.sentences), tuple(why.sources), why.rows_behind, _provenance(reader)
    )  # fmt: skip


def _row(reader: Reader, file: SqlFile, key: list[str | None]) -> dict[str, Any]:
    """The one row that the key names: by the grain first, else by codes and names that stand for its columns."""
    table, columns = f"snapshot.{file.table}", reader.tables[file.table]
    only = not key and reader.frame(f"select count(*) as n from {table}")["n"].item() == 1
    if len(key) != len(file.grain) and not only:
        raise UsageError(
            f"A row of {file.name} is named by its {' and its '.join(file.grain)}; {len(key)} given.",
            hint=f"vital-insights explain TENANT {file.name} {' '.join(column.upper() for column in file.grain)}",
        )
    if only:
        return reader.frame(f"select * from {table}").row(0, named=True)
    names = {column: _names(column, columns) for column in file.grain}
    found = _found(reader, table, dict.fromkeys(names, ()), [reasons.plain_id(part) for part in key])
    if found.is_empty():
        found = _found(reader, table, names, key)
    if found.height == 1:
        return found.row(0, named=True)
    asked = " ".join(part or "(none)" for part in key)[:80]
    if found.is_empty():
        raise UsageError(f"{file.name} has no row '{asked}'.", hint=_near(reader, table, names, key))
    raise UsageError(
        f"{found.height} rows of {file.name} are called '{asked}'.", hint=candidates(found, file.grain[-1])
    )


Names = Mapping[str, Sequence[str]]  # a column of the grain -> the columns whose words may stand for its id


def _names(column: str, columns: Mapping[str, str]) -> list[str]:
    stem = column.removesuffix("_id")
    return [name for name in (f"{stem}_code", f"{stem}_name") if name in columns and name != column]


def _found(reader: Reader, table: str, names: Names, key: Sequence[str | None]) -> pl.DataFrame:
    """The rows of which each part of the key is the id or one of the names."""
    conditions, values = _named(names, key)
    return reader.frame(f"select * from {table} where {conditions}", values)


def _named(names: Names, key: Sequence[str | None]) -> tuple[str, list[str | None]]:
    """The conditions that a key sets; of a key cut short, those of the parts it has. An id may stand for itself in any spelling."""
    conditions, values = ["true"], list[str | None]()
    for (column, others), part in zip(names.items(), key, strict=False):
        if part is None:
            conditions.append(f"{quoted(column)} is null")
            continue
        either = [f"{quoted(column)}::varchar in (?, ?)", *(f"{quoted(name)}::varchar = ?" for name in others)]
        conditions.append(f"({' or '.join(either)})")
        values += [reasons.plain_id(part), *[part] * len(either)]
    return " and ".join(conditions), values


def _near(reader: Reader, table: str, names: Names, key: list[str | None]) -> str:
    """What there is instead of the first part of the key that is wrong, given the parts before it."""
    wrong = next(n for n in range(len(key)) if not _is_there(reader, table, names, key[: n + 1]))
    column, asked = [*names][wrong], (key[wrong] or "")[:80]
    conditions, values = _named(names, key[:wrong])
    every = " union ".join(
        f"select {quoted(name)}::varchar as word from {table} where {conditions}" for name in (column, *names[column])
    )
    # The nearest are sought where the rows are: there may be millions, and difflib reads one at a time.
    like = "jaro_winkler_similarity(lower(word), lower(?)) desc, word"
    sql = f"select word from ({every}) where trim(word) <> '' order by try_cast(word as uuid) is not null, {like} limit {_WORDS}"
    words = reader.frame(sql, [*values * (1 + len(names[column])), asked])["word"].to_list()
    hint = nearest(asked, [word for word in words if not reasons.is_id(word)] or words)
    if len(words) < _WORDS or hint.startswith("did you mean"):
        return hint
    return f"there are more than {_WORDS}, among them {', '.join(words[:3])}"


def _is_there(reader: Reader, table: str, names: Names, key: list[str | None]) -> bool:
    conditions, values = _named(names, key)
    return not reader.frame(f"select 1 from {table} where {conditions} limit 1", values).is_empty()


_WORDS, _CANDIDATES, _LINE = 200, 10, 80


def candidates(found: pl.DataFrame, last: str) -> str:
    """What tells rows apart that one name means, the column `last` first: what to name instead."""
    told = [
        name for name in ("statement", "member_name", "subject_name", "job_code", "job_name") if name in found.columns
    ]
    rows = "".join(
        f"\n  {row[last]}" + "".join(f" · {_short(row[name])}" for name in told if row[name] is not None)
        for row in found.sort(last).head(_CANDIDATES).iter_rows(named=True)
    )
    more = f"\n  and {found.height - _CANDIDATES} more" if found.height > _CANDIDATES else ""
    return f"use the id of one:{rows}{more}"


def _short(text: str) -> str:
    """One line of it: a statement may be long and hold lines of its own."""
    return textwrap.shorten(text, _LINE, placeholder=" …") or text[:_LINE]


def _provenance(reader: Reader) -> dict[str, str | None]:
    told = reader.frame("select * from snapshot.raw.snapshot").row(0, named=True)
    at: datetime = told["taken_at"]
    return {
        "snapshot": told["snapshot_id"],
        "taken_at": at.isoformat(timespec="seconds"),
        "package_version": told["package_version"],
        "band_scheme": reasons.method(reader).get("band_scheme") or reader.manifest.get("band_scheme"),
        "definitions": reader.manifest.get("definitions"),
    }
