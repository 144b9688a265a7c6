"""One table of one tenant as a stream of CSV, with the counts that prove afterwards that nothing was lost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from vital_insights.errors import SourceError
from vital_insights.source.connect import Source
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.declare import Own, Tally, Through, key_of, tally_of
from vital_insights.source.drift import Bound, Finding
from vital_insights.source.scope import KINDS, Scoped, scoped_select
from vital_insights.source.tally import FREE_TEXT, grouped

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
    """One table on its way. `values` and `nulled` count per column; `owner` is the column that must hold the tenant's id.

    `area` is the part of the platform that the table belongs to, `how` says whether its `rows` travel or `counts` of them.
    """

    table: str
    columns: tuple[Carried, ...]
    key: tuple[str, ...]
    owner: str | None
    rows: int
    values: Mapping[str, int]
    nulled: Mapping[str, int]
    findings: tuple[Finding, ...]
    batches: Iterator[list[bytes]]

    @property
    def area(self) -> str:
        return str(TABLES[self.table].info["area"])

    @property
    def how(self) -> str:
        return "counts" if tally_of(TABLES[self.table]) else "rows"


def extract(source: Source, name: str, tables: Mapping[str, Bound], tenant: UUID) -> Extract:
    """Count one table at the source and open its stream. Raises SourceError; a count that fails is an error, never 0."""
    with _naming(tables[name]):
        made = _extract(source, name, tables, tenant)
    return replace(made, batches=_named(tables[name], made.batches))


@contextlib.contextmanager
def _naming(bound: Bound) -> Iterator[None]:
    """Say in an error which table it was: of a hundred and fifty one may be too large for its deadline."""
    try:
        yield
    except SourceError as error:
        raise type(error)(f"{bound.live.path}: {error}") from None


def _named(bound: Bound, batches: Iterator[list[bytes]]) -> Iterator[list[bytes]]:
    with _naming(bound):
        yield from batches


def _extract(source: Source, name: str, tables: Mapping[str, Bound], tenant: UUID) -> Extract:
    bound = tables[name]
    scoped = scoped_select(name, tables, tenant)
    if tally := tally_of(bound.contract):
        return _tally(source, name, bound, scoped, tally)
    sent = {column: _sent(bound, column, expression) for column, expression in scoped.columns.items()}
    counted = _count(source, scoped, sent)
    carried, out = [], []
    for column, each in sent.items():
        as_text = each.retyped or bool(counted.get(f"doubtful {column}"))
        carried.append(Carried(column, each.kind, as_text))
        out.append(each.spelt if as_text else each.expression)
    statement = scoped.select(*(expression.label(f"c{i}") for i, expression in enumerate([*out, scoped.is_shared])))
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
        tuple(_findings(source, name, bound, scoped, sent, counted)), source.copy(statement, quoted),
    )  # fmt: skip


def absent(name: str) -> Extract:
    """A contract table that the source does not have: its columns, typed, and no row."""
    declared = TABLES[name]
    tally = tally_of(declared)
    kinds = _counted(tally) if tally else {c.name: _kind(c) for c in declared.columns if c.info["level"] != "private"}
    columns = (Carried(column, kind, False, present=False) for column, kind in kinds.items())
    return Extract(name, tuple(columns), key_of(declared), None, 0, {}, {}, (), iter(()))


def _kind(column: sa.Column[Any]) -> str:
    return _KINDS[type(column.type)]


@dataclass(frozen=True)
class _Sent:
    """What is sent of a column. `doubtful` finds the values that our kind cannot hold; `retyped`: each needs a look."""

    expression: sa.ColumnElement[Any]
    kind: str
    doubtful: sa.ColumnElement[bool] | None = None
    retyped: bool = False
    original: sa.ColumnElement[Any] | None = None

    @property
    def spelt(self) -> sa.ColumnElement[Any]:
        """The value as text; `original` where the expression cannot be cast for every value."""
        return sa.cast(self.expression if self.original is None else self.original, sa.Text)


def _sent(bound: Bound, column: str, expression: sa.ColumnElement[Any]) -> _Sent:
    declared = bound.contract.c.get(column)
    kind = "uuid" if declared is None else _kind(declared)  # undeclared: a tenant_id that drifted in
    live = bound.type_of(column)
    if kind == "text":
        whole = sa.func.to_jsonb(expression) if live.startswith("_") else expression
        return _Sent(sa.cast(whole, sa.Text), kind)
    if kind == "decimal" and live in _INTEGERS | _FLOATS | {"numeric"}:
        # Through text, because a float turned into numeric directly keeps 15 digits only.
        number = sa.cast(sa.cast(expression, sa.Text), sa.Numeric) if live in _FLOATS else expression
        wide = sa.cast(number, sa.Numeric)
        fits = sa.and_(sa.func.abs(wide) < 10**12, wide == sa.func.trunc(wide, 6))
        return _Sent(number, kind, sa.not_(fits))
    if kind == "instant" and live in _INSTANTS:
        moment = expression if live == "timestamptz" else sa.func.timezone("UTC", sa.cast(expression, sa.TIMESTAMP))
        years = [sa.literal_column(f"'{year}-01-01'", sa.Text) for year in ("0001", "10000")]
        fits = sa.and_(sa.func.isfinite(expression), expression >= years[0], expression < years[1])
        if live != "date":
            return _Sent(moment, kind, sa.not_(fits))
        # A date may lie beyond every instant of Postgres, which then refuses to make one of it.
        reached = expression < sa.literal_column("'294277-01-01'", sa.Text)
        spelt = sa.case((reached, sa.cast(moment, sa.Text)), else_=sa.cast(expression, sa.Text))
        return _Sent(moment, kind, sa.not_(fits), original=spelt)
    if (kind, live) in {("uuid", "uuid"), ("boolean", "bool"), ("count", "int8"), ("count", "int4")}:
        return _Sent(expression, kind)
    return _Sent(sa.cast(expression, sa.Text), kind, retyped=True)


def _count(source: Source, scoped: Scoped, sent: Mapping[str, _Sent]) -> dict[str, Any]:
    """Rows, values, doubtful values and the states of keys: one aggregate in the transaction that also reads the rows."""
    wanted: dict[str, sa.ColumnElement[Any]] = {"rows": sa.func.count()}
    wanted |= {f"values {column}": sa.func.count(expression) for column, expression in scoped.raw.items()}
    wanted |= {
        f"doubtful {column}": sa.func.count().filter(s.doubtful) for column, s in sent.items() if s.doubtful is not None
    }
    for column, state in scoped.states.items():
        for kind in KINDS:
            points = sa.and_(scoped.raw[column].is_not(None), _in_state(state, kind))
            wanted[f"{kind} {column}"] = sa.func.count().filter(points)
    statement = scoped.select(*(expression.label(f"n{i}") for i, expression in enumerate(wanted.values())))
    return dict(zip(wanted, source.rows(statement)[0].values(), strict=True))


def _in_state(state: sa.ColumnElement[Any], kind: str | None) -> sa.ColumnElement[bool]:
    return state.is_(None) if kind is None else state == kind


def _findings(
    source: Source, name: str, bound: Bound, scoped: Scoped, sent: Mapping[str, _Sent], counted: Mapping[str, Any]
) -> Iterator[Finding]:
    for column in scoped.states:
        for kind, told in KINDS.items():
            if n := int(counted[f"{kind} {column}"]):
                yield Finding(told, name, column, n, "kept: it names no row" if kind is None else "set to NULL")
    for column, each in sent.items():
        if each.retyped:
            detail = f"{bound.type_of(column)} in the source, {each.kind} in the contract: cast where nothing is lost"
            yield Finding("retyped_column", name, column, detail=detail)
    if n := int(counted.get("values deleted_at", 0)):
        yield Finding("deleted", name, None, n, "marked deleted: kept in raw, not in the model")
    yield from _withheld(source, name, scoped)
    keys = bound.scope.keys if isinstance(bound.scope, Through) else ()
    wanted = {(key, told): _in_state(scoped.states[key], kind) for key in keys for kind, told in KINDS.items()}
    statement = scoped.select_left_out(
        *(sa.func.count().filter(e).label(f"n{i}") for i, e in enumerate(wanted.values()))
    )
    if statement is not None:
        for (key, told), n in zip(wanted, source.rows(statement)[0].values(), strict=True):
            if n:
                yield Finding(told, name, key, n, "link left out")


def _withheld(source: Source, name: str, scoped: Scoped) -> Iterator[Finding]:
    statement = scoped.select_withheld(sa.func.count().label("n"))
    if statement is not None and (n := source.rows(statement)[0]["n"]):
        yield Finding("withheld", name, None, n, "rows marked phi")


def _tally(source: Source, name: str, bound: Bound, scoped: Scoped, tally: Tally) -> Extract:
    """Counts by kind and day, grouped at the source: no row of the table leaves it. A group without a value is NULL."""
    groups = grouped(bound, scoped, tally, _day(bound, scoped))
    sent = {column: groups.c.day if column == "day" else groups.c.kind for column in tally.key} | {"n": groups.c.n}
    wanted = {
        "rows": sa.func.count(),
        **{column: sa.func.count(each) for column, each in sent.items()},
        "free": sa.func.sum(groups.c.n).filter(groups.c.kind == FREE_TEXT),
        "undated": sa.func.sum(groups.c.dated).filter(groups.c.day.is_(None)),
    }
    counted = source.rows(sa.select(*(e.label(f"n{i}") for i, e in enumerate(wanted.values()))).select_from(groups))
    told = dict(zip(wanted, counted[0].values(), strict=True))
    findings = [*_withheld(source, name, scoped)]
    if n := told["free"]:
        findings.append(Finding("free_text", name, tally.kind, int(n), f"counted together, as {FREE_TEXT}"))
    if tally.daily and (n := told["undated"]):
        findings.append(Finding("undated", name, "created_at", int(n), "counted without a day: no date can be read"))
    statement = sa.select(*(each.label(f"c{i}") for i, each in enumerate(sent.values())), sa.false().label("shared"))
    return Extract(
        name, tuple(Carried(column, kind, False) for column, kind in _counted(tally).items()), tally.key, None, told["rows"],
        {column: told[column] for column in sent}, {}, tuple(findings), source.copy(statement, ["c0"] if tally.kind else []),
    )  # fmt: skip


def _counted(tally: Tally) -> dict[str, str]:
    """The columns of a tally's raw table and their kinds."""
    return {**{column: "instant" if column == "day" else "text" for column in tally.key}, "n": "count"}


def _day(bound: Bound, scoped: Scoped) -> sa.ColumnElement[Any]:
    """The day in UTC on which a row was made; NULL where the source does not say, or says what no calendar holds."""
    made = scoped.columns.get("created_at")
    if made is None or bound.type_of("created_at") not in _INSTANTS:
        return sa.cast(sa.null(), sa.TIMESTAMP(timezone=True))
    sent = _sent(bound, "created_at", made)
    assert sent.doubtful is not None  # noqa: S101  an instant that is kept as an instant
    return sa.case((sa.not_(sent.doubtful), sa.func.date_trunc("day", sent.expression, "UTC")))
