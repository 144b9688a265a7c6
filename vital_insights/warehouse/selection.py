"""Rows of one table of a snapshot by plain conditions. Every name is looked up first; every value is bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vital_insights.errors import OlderSnapshot, UsageError, nearest
from vital_insights.warehouse import belonging, reasons, sqlfile
from vital_insights.warehouse.belonging import listed
from vital_insights.warehouse.reader import Reader, quoted

if TYPE_CHECKING:
    import polars as pl

Where = Mapping[str, Any] | None

_WORDS = 1000  # a column with more different texts than these is no vocabulary: a text it lacks is no mistake


def rows(reader: Reader, table: str, where: Where, columns: Sequence[str] | None, limit: int | None) -> pl.DataFrame:
    """The rows of `schema.name` that meet every condition, ordered as the header of its file says, else by grain.

    Raises UsageError with the nearest names for a table, column or value that is not there.
    """
    kinds = _kinds(reader, table)
    shown = list(dict.fromkeys(columns or kinds))
    conditions, values = _conditions(reader, table, where, shown)
    if limit is not None and not (isinstance(limit, int) and 0 <= limit < 2**63):
        raise UsageError(f"A limit of {limit!s:.80} makes no sense: it is a whole number from 0.")
    most = f" limit {int(limit)}" if limit is not None else ""
    # Ids become text here: the reader would have to ask DuckDB twice.
    texts = {column: f"{quoted(column)}::VARCHAR as {quoted(column)}" for column in shown if kinds[column] == "UUID"}
    names = ", ".join(texts.get(column, quoted(column)) for column in shown)
    sql = f"select {names} from snapshot.{table}{conditions}{_order(reader, table, kinds)}{most}"
    answer = reader.frame(sql, values)
    if answer.is_empty() and limit != 0:
        _explain_empty(reader, table, kinds, where or {})
    return answer


def count(reader: Reader, table: str, where: Where) -> int:
    """How many rows meet every condition. Raises as `rows` does for names."""
    conditions, values = _conditions(reader, table, where, ())
    return int(reader.frame(f"select count(*) as n from snapshot.{table}{conditions}", values)["n"][0])


def _kinds(reader: Reader, table: str) -> dict[str, str]:
    """The columns of a table with their types. Raises UsageError for a table that is not there."""
    found = reader.tables.get(table)
    if found is None:
        schema, name = table.split(".", 1)
        known = [other.split(".", 1)[1] for other in reader.tables if other.startswith(f"{schema}.")]
        what = "metric" if schema == "metric" else "table"
        if schema in sqlfile.FOLDERS and name in {path.stem for path in sqlfile.FOLDERS[schema].glob("*.sql")}:
            raise OlderSnapshot(
                f"This snapshot is of an older version, which had no {what} '{name}'.", hint="refresh the tenant"
            )
        raise UsageError(f"There is no {what} '{name[:80]}'.", hint=nearest(name[:80], known))
    return found


def _conditions(reader: Reader, table: str, where: Where, shown: Sequence[str]) -> tuple[str, list[Any]]:
    kinds = _kinds(reader, table)
    # What another engine computed comes without the tables that say who belongs where.
    beside = "model.membership" in reader.tables
    for column in [*(where or {}), *shown]:
        if column not in kinds and not (beside and column not in shown and belonging.knows(column, kinds)):
            name = f"{column!s:.80}"
            by = belonging.DIMENSIONS if beside and column not in shown and "job_id" in kinds else ()
            raise UsageError(f"{table.split('.', 1)[1]} has no column '{name}'.", hint=nearest(name, {*kinds, *by}))
    parts: list[str] = []
    values: list[Any] = []
    for column, asked in (where or {}).items():
        if column not in kinds:
            part, bound = belonging.condition(reader, column, listed(asked))
            parts.append(part)
            values += bound
            continue
        wanted = listed(asked)
        known = [value for value in wanted if value is not None]
        either = [f"{quoted(column)} is null"] if len(known) < len(wanted) else []
        if known:
            either.append(f"{quoted(column)} in ({', '.join([_bound(kinds[column])] * len(known))})")
        parts.append(f"({' or '.join(either)})" if either else "false")
        values += [repr(value) if isinstance(value, float) else value for value in known]
    return (" where " + " and ".join(parts)) if parts else "", values


def _bound(kind: str) -> str:
    """A value as the column has it, so that the text '12.0' finds the decimal; what cannot be one finds nothing.

    Numbers get more digits than any column, so that 12.0000001 is not rounded into 12.
    """
    exact = kind.startswith("DECIMAL") or kind in ("BIGINT", "INTEGER")
    return f"try_cast(? as {'DECIMAL(38,18)' if exact else kind})"


def _order(reader: Reader, table: str, kinds: Mapping[str, str]) -> str:
    """The same rows in the same order every time. An older snapshot may lack a column that today's header orders by."""
    schema, name = table.split(".", 1)
    if schema not in sqlfile.FOLDERS:
        return " order by all"
    own = {file.table: file for file in reader.own_metrics}
    file = sqlfile.find(schema, name) or own.get(table)
    if file is None:
        return ""
    told = [part.strip() for part in file.order.split(",")] if file.order else [f"{c} nulls last" for c in file.grain]
    by = [part for part in told if part.split()[0] in kinds]
    return f" order by {', '.join(by)}" if by else ""


def _explain_empty(reader: Reader, table: str, kinds: Mapping[str, str], where: Mapping[str, Any]) -> None:
    """Raises UsageError where a word asked for is none of its column's words. An id that finds nothing is an answer."""
    for column, asked in where.items():
        if column not in kinds:
            continue  # a member that is there and has no row is an answer
        for value in (value for value in listed(asked) if isinstance(value, str) and kinds[column] != "VARCHAR"):
            if reader.frame(f"select {_bound(kinds[column])} is null as odd", [value])["odd"][0]:
                what = f"{table.split('.', 1)[1]}.{column}"
                raise UsageError(f"'{value[:80]}' is no value for {what}, which holds {kinds[column]}.")
        words = [value for value in listed(asked) if isinstance(value, str) and not reasons.is_id(value)]
        if kinds[column] != "VARCHAR" or not words:
            continue
        name = quoted(column)
        sql = f"select distinct {name} as word from snapshot.{table} where {name} is not null limit {_WORDS + 1}"
        found = reader.frame(sql)["word"].to_list()
        for word in words:
            if 0 < len(found) <= _WORDS and word not in found:
                hint = nearest(word[:80], found)
                what = f"{table.split('.', 1)[1]}.{column}"
                raise UsageError(f"{what} never is '{word[:80]}'.", hint=hint if len(hint) < 500 else None)
