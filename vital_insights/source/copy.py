"""One table of one tenant as a stream of CSV, with the counts that prove afterwards that nothing was lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from vital_insights.source.connect import Source
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.declare import Own, Through, key_of
from vital_insights.source.drift import Bound, Finding
from vital_insights.source.scope import KINDS, Scoped, scoped_select

_KINDS = {
    sa.Uuid: "uuid",
    sa.Text: "text",
    sa.Numeric: "decimal",
    sa.Boolean: "boolean",
    sa.DateTime: "instant",
    sa.BigInteger: "count",
}
_INTEGERS, _FLOATS = {"int2", "int4", "int8"}, {"float4", "float8"}
_INSTANTS = {"timestamptz", "timestamp", "date"}


@dataclass(frozen=True)
class Carried:
    """One column on its way: its kind, and whether it travels as text because a value might not fit the kind."""

    name: str
    kind: str
    as_text: bool
    present: bool = True


@dataclass(frozen=True)
class Extract:
    """One table on its way. `values` and `nulled` count per column; `owner` is the column that must hold the tenant's id."""

    table: str
    columns: tuple[Carried, ...]
    key: tuple[str, ...]
    owner: str | None
    rows: int
    values: Mapping[str, int]
    nulled: Mapping[str, int]
    findings: tuple[Finding, ...]
    batches: Iterator[list[bytes]]


def extract(source: Source, name: str, tables: Mapping[str, Bound], tenant: UUID) -> Extract:
    """Count one table at the source and open its stream. Raises SourceError; a count that fails is an error, never 0."""
    bound = tables[name]
    scoped = scoped_select(name, tables, tenant)
    if bound.contract.info["tally"]:
        return _tally(source, name, bound, scoped)
    sent = {column: _sent(bound, column, expression) for column, expression in scoped.columns.items()}
    counted = _count(source, scoped, sent)
    carried, out = [], []
    for column, (expression, kind, doubtful) in sent.items():
        as_text = doubtful is True or bool(counted.get(f"doubtful {column}"))
        carried.append(Carried(column, kind, as_text))
        out.append(sa.cast(expression, sa.Text) if as_text and doubtful is not True else expression)
    named = (expression.label(f"c{i}") for i, expression in enumerate([*out, scoped.is_shared]))
    statement = sa.select(*named).select_from(scoped.origin).where(scoped.where)
    quoted = [f"c{i}" for i, column in enumerate(carried) if column.as_text or column.kind == "text"]
    nulled = {c: sum(int(counted[f"{kind} {c}"]) for kind in KINDS if kind) for c in scoped.states}
    owner = bound.scope.column if isinstance(bound.scope, Own) else None
    present = {column.name for column in carried}
    absent = [
        Carried(c.name, _kind(c), False, present=False)
        for c in bound.contract.columns
        if c.name not in present and c.info["level"] != "private"
    ]
    return Extract(
        name, (*carried, *absent), key_of(bound.contract), owner, int(counted["rows"]),
        {column: int(counted[f"values {column}"]) for column in sent}, nulled,
        tuple(_findings(source, name, bound, scoped, counted)), source.copy(statement, quoted),
    )  # fmt: skip


def absent(name: str) -> Extract:
    """A contract table that the source does not have: its columns, typed, and no row."""
    declared = TABLES[name]
    by = declared.info["tally"]
    columns = [
        Carried(c.name, _kind(c), False, present=False) for c in declared.columns if c.info["level"] != "private"
    ]
    if by:
        columns = [Carried(by, "text", False, present=False), Carried("n", "count", False, present=False)]
    return Extract(name, tuple(columns), key_of(declared), None, 0, {}, {}, (), iter(()))


def _kind(column: sa.Column[Any]) -> str:
    return _KINDS[type(column.type)]


def _sent(bound: Bound, column: str, expression: sa.ColumnElement[Any]) -> tuple[sa.ColumnElement[Any], str, Any]:
    """(what is sent, kind, doubtful): True if every value needs a look, else a condition that finds those that do."""
    declared = bound.contract.c.get(column)
    kind = "uuid" if declared is None else _kind(declared)  # undeclared: a tenant_id that drifted in
    live = bound.type_of(column)
    if kind == "text":
        return (
            (sa.func.to_jsonb(expression).cast(sa.Text) if live.startswith("_") else sa.cast(expression, sa.Text)),
            kind,
            None,
        )
    if kind == "decimal" and live in _INTEGERS | _FLOATS | {"numeric"}:
        # Through text, because a float turned into numeric directly keeps 15 digits only.
        number = sa.cast(sa.cast(expression, sa.Text), sa.Numeric) if live in _FLOATS else expression
        wide = sa.cast(number, sa.Numeric)
        fits = sa.and_(sa.func.abs(wide) < 10**12, wide == sa.func.trunc(wide, 6))
        return number, kind, sa.not_(fits)
    if kind == "instant" and live in _INSTANTS:
        moment = expression if live == "timestamptz" else sa.func.timezone("UTC", sa.cast(expression, sa.TIMESTAMP))
        fits = sa.and_(
            sa.func.isfinite(expression),
            expression >= sa.literal_column("'0001-01-01'"),
            expression < sa.literal_column("'10000-01-01'"),
        )
        return moment, kind, sa.not_(fits)
    if (kind, live) in {("uuid", "uuid"), ("boolean", "bool"), ("count", "int8"), ("count", "int4")}:
        return expression, kind, None
    return sa.cast(expression, sa.Text), kind, True


def _count(
    source: Source, scoped: Scoped, sent: Mapping[str, tuple[sa.ColumnElement[Any], str, Any]]
) -> dict[str, Any]:
    """Rows, values, doubtful values and the states of keys: one aggregate in the transaction that also reads the rows."""
    raw = {column: _unmasked(scoped, column) for column in sent}
    wanted: dict[str, sa.ColumnElement[Any]] = {"rows": sa.func.count()}
    wanted |= {f"values {column}": sa.func.count(expression) for column, expression in raw.items()}
    for column, (_, _, doubtful) in sent.items():
        if doubtful is not None and doubtful is not True:
            wanted[f"doubtful {column}"] = sa.func.count().filter(doubtful)
    for column, state in scoped.states.items():
        for kind in KINDS:
            points = sa.and_(raw[column].is_not(None), state.is_(None) if kind is None else state == kind)
            wanted[f"{kind} {column}"] = sa.func.count().filter(points)
    statement = (
        sa.select(*(e.label(f"n{i}") for i, e in enumerate(wanted.values())))
        .select_from(scoped.origin)
        .where(scoped.where)
    )
    return dict(zip(wanted, source.rows(statement)[0].values(), strict=True))


def _unmasked(scoped: Scoped, column: str) -> sa.ColumnElement[Any]:
    """The live value, before a key that points abroad is set to NULL."""
    expression = scoped.columns[column]
    return expression.whens[0][1] if isinstance(expression, sa.Case) else expression


def _findings(source: Source, name: str, bound: Bound, scoped: Scoped, counted: Mapping[str, Any]) -> Iterator[Finding]:
    for column in scoped.states:
        for kind, told in KINDS.items():
            if n := int(counted[f"{kind} {column}"]):
                yield Finding(told, name, column, n, "kept: it names no row" if kind is None else "set to NULL")
    for column in (c for c in scoped.columns if bound.contract.c.get(c) is not None):
        live, kind = bound.type_of(column), _kind(bound.contract.c[column])
        if _sent(bound, column, scoped.columns[column])[2] is True:
            yield Finding(
                "retyped_column",
                name,
                column,
                detail=f"{live} in the source, {kind} in the contract: cast where nothing is lost",
            )
    yield from _withheld(source, name, scoped)
    if scoped.left_out is not None and isinstance(bound.scope, Through):
        wanted = {
            (column, told): sa.func.count().filter(state.is_(None) if kind is None else state == kind)
            for column in bound.scope.keys for state in [scoped.states[column]] for kind, told in KINDS.items()
        }  # fmt: skip
        statement = (
            sa.select(*(e.label(f"n{i}") for i, e in enumerate(wanted.values())))
            .select_from(scoped.origin)
            .where(scoped.left_out)
        )
        for (column, told), n in zip(wanted, source.rows(statement)[0].values(), strict=True):
            if n:
                yield Finding(told, name, column, n, "link left out")


def _withheld(source: Source, name: str, scoped: Scoped) -> Iterator[Finding]:
    if scoped.withheld is not None:
        n = source.rows(sa.select(sa.func.count().label("n")).select_from(scoped.origin).where(scoped.withheld))[0]["n"]
        if n:
            yield Finding("withheld", name, None, n, "rows marked phi")


def _tally(source: Source, name: str, bound: Bound, scoped: Scoped) -> Extract:
    """Counts by one column, grouped at the source: no row of the table leaves it."""
    by = bound.contract.info["tally"]
    kind = sa.cast(scoped.columns.get(by, sa.null()), sa.Text)
    grouped = (
        sa.select(kind.label(by), sa.func.count().label("n"))
        .select_from(scoped.origin)
        .where(scoped.where)
        .group_by(kind)
    )
    inner = grouped.subquery("g")
    counted = source.rows(
        sa.select(sa.func.count().label("rows"), sa.func.count(inner.c[by]).label("named")).select_from(inner)
    )[0]
    statement = sa.select(inner.c[by].label("c0"), inner.c.n.label("c1"), sa.false().label("c2"))
    return Extract(
        name, (Carried(by, "text", False), Carried("n", "count", False)), (by,), None, counted["rows"],
        {by: counted["named"], "n": counted["rows"]}, {}, tuple(_withheld(source, name, scoped)), source.copy(statement, ["c0"]),
    )  # fmt: skip
