"""A small laboratory: the contract's tables in an empty database, rows planted in them, one tenant pulled out.

`pull` runs the parts of a refresh up to the load (transaction, binding, extraction, load) and skips the rest, which
costs seconds and has tests of its own.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import duckdb
import psycopg
import sqlalchemy as sa
from psycopg import sql

from vital_insights.settings import Settings, Tenancy
from vital_insights.source import connect, copy, drift, privileges
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.declare import Through, scope_of
from vital_insights.source.drift import Bound, Finding
from vital_insights.warehouse import load

LIVE = {
    sa.Uuid: "uuid",
    sa.Text: "text",
    sa.Numeric: "numeric",
    sa.Boolean: "boolean",
    sa.DateTime: "timestamptz",
    sa.BigInteger: "bigint",
}
VALUES = {
    "text": "x",
    "numeric": Decimal("1.5"),
    "boolean": True,
    "timestamptz": dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
    "bigint": 3,
}
Row = dict[str, Any]
World = dict[str, list[Row]]
Live = dict[tuple[str, str], drift.LiveTable]


def kind(table: str, column: str) -> str:
    """The Postgres type that a contract column has in a source which follows the documents."""
    return LIVE[type(TABLES[table].c[column].type)]


def columns(table: str) -> list[str]:
    return [column.name for column in TABLES[table].columns]


def targets(table: str) -> dict[str, str]:
    """The key columns of a table and the tables they name."""
    return {column.name: column.info["to"] for column in TABLES[table].columns if "to" in column.info}


def is_link(table: str) -> bool:
    """Whether a row is nothing but a pair: its own id is not read."""
    scope = scope_of(TABLES[table])
    return isinstance(scope, Through) and len(scope.keys) > 1


def one_of_each_shape() -> list[str]:
    """A table for every shape of the contract: kind of scope, of columns and of how they may lack. The first of its shape."""
    shapes: dict[object, str] = {}
    for name, table in TABLES.items():
        scope = scope_of(table)
        deciding = getattr(scope, "keys", getattr(scope, "through", ()))
        columns = {(c.info["level"], type(c.type), "to" in c.info, c.name in deciding) for c in table.columns}
        shapes.setdefault((type(scope), len(deciding), table.info["tally"], frozenset(columns)), name)
    return list(shapes.values())


def create_table(connection: psycopg.Connection[Any], table: str, **types: str) -> None:
    """One contract table; `types` overrides column types, or adds columns."""
    wanted = {column: kind(table, column) for column in columns(table)} | types
    lines = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(text)) for name, text in wanted.items()]
    lines.append(sql.SQL("primary key (id)"))
    connection.execute(sql.SQL("create table public.{} ({})").format(sql.Identifier(table), sql.SQL(", ").join(lines)))


def create(url: str, **types: Mapping[str, str]) -> None:
    """Every contract table, empty; `types` by table."""
    with psycopg.connect(url, autocommit=True) as connection:
        for table in TABLES:
            create_table(connection, table, **types.get(table, {}))


def plant(url: str, world: World) -> None:
    """Insert rows; a row names only the columns it has. Ids are made where they are missing."""
    with psycopg.connect(url) as connection:
        for table, rows in world.items():
            names = list(dict.fromkeys(["id", *(name for row in rows for name in row)]))
            into = sql.SQL("copy public.{} ({}) from stdin").format(
                sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
            )
            with connection.cursor().copy(into) as stream:
                for row in rows:
                    stream.write_row([row.get(name, uuid4() if name == "id" else None) for name in names])


def planted(url: str, tenant: UUID) -> str:
    """Every contract table with one full row of `tenant`: each key names a row, each column but deleted_at holds a value."""
    create(url)
    ids = {table: tenant if table == "tenants" else uuid4() for table in TABLES}
    world: World = {}
    for table in TABLES:
        row: Row = {"id": ids[table]}
        for column in columns(table):
            if column in targets(table):
                row[column] = ids[targets(table)[column]]
            elif column not in ("id", "deleted_at"):
                row[column] = tenant if column == "tenant_id" else VALUES[kind(table, column)]
        world[table] = [row]
    plant(url, world)
    return url


def empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        # DELETE: on tables of a few rows it is ten times quicker than TRUNCATE
        connection.execute("; ".join(f"delete from public.{table}" for table in TABLES))


def settings_of(url: str, **changes: Any) -> Settings:
    return Settings(source_url=url, **changes)


@dataclass
class Pulled:
    """What came out: an open DuckDB, and the findings of binding and extraction."""

    duck: duckdb.DuckDBPyConnection
    findings: list[Finding]

    def rows(self, table: str, names: str = "*") -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.dicts(table, names)]

    def dicts(self, table: str, names: str = "*") -> list[Row]:
        answer = self.duck.sql(f"select {names} from raw.{table}")
        instants = [str(kind) == "TIMESTAMP WITH TIME ZONE" for kind in answer.types]
        quoted = ('"{}"'.format(name.replace('"', '""')) for name in answer.columns)
        # DuckDB wants another package for instants with a zone: microseconds since 1970 say the same.
        shown = (f"epoch_us({name})" if instant else name for name, instant in zip(quoted, instants, strict=True))
        return [
            {
                name: instant_of(value) if instant else value
                for name, value, instant in zip(answer.columns, row, instants, strict=True)
            }
            for row in answer.project(", ".join(shown)).fetchall()
        ]

    def described(self, table: str) -> list[tuple[str, str]]:
        """The columns of a raw table and their DuckDB types."""
        return sorted(row[:2] for row in self.duck.execute(f"describe raw.{table}").fetchall())

    def found(self, *kinds: str) -> Counter[tuple[str, str, str | None]]:
        """How many of each (kind, table, column)."""
        counted: Counter[tuple[str, str, str | None]] = Counter()
        for finding in self.findings:
            if not kinds or finding.kind in kinds:
                counted[finding.kind, finding.table, finding.column] += finding.n
        return counted


def pull(
    settings: Settings | str,
    tenant: UUID,
    *,
    only: Iterable[str] | None = None,
    shared: Iterable[str] = (),
    mapping: Mapping[str, str] | None = None,
    file: Path | None = None,
    alter: Callable[[str, Bound], Bound] = lambda _, bound: bound,
    between: Callable[[], None] = lambda: None,
    live: Live | None = None,
) -> Pulled:
    """Extract and load one tenant. `alter` may change how a table is bound; `between` runs after every table.

    `live` is the catalogue as `catalog` gave it, for many pulls of a schema that stays: to read it costs more than a table.
    """
    if isinstance(settings, str):
        settings = settings_of(settings, mapping=dict(mapping or {}), tenancy=Tenancy(shared=frozenset(shared)))
    duck = duckdb.connect(str(file) if file else ":memory:")
    if file:
        duck.execute("pragma force_compression = 'uncompressed'")  # so that a token can be looked for in the bytes
    load.prepare(duck)
    with connect.transaction(settings) as source:
        binding = drift.bind(drift.catalog(source) if live is None else live, settings)
        privileges.refuse_hidden(binding, source.user)
        tables = {name: alter(name, bound) for name, bound in binding.tables.items()}
        findings = list(binding.findings)
        for name in TABLES if only is None else only:
            bound = tables.get(name)
            if bound is None or bound.scope is None:
                load.load(duck, copy.absent(name), tenant)
                continue
            stream = copy.extract(source, name, tables, tenant)
            load.load(duck, stream, tenant, null_tenant=bound.null_is_shared)
            findings += stream.findings
            between()
    return Pulled(duck, findings)


def catalog(url: str) -> Live:
    """What the database has, for `pull(live=…)`."""
    with connect.transaction(settings_of(url)) as source:
        return drift.catalog(source)


def instant_of(microseconds: int | None) -> dt.datetime | None:
    return (
        None
        if microseconds is None
        else dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)
    )


def texts(duck: duckdb.DuckDBPyConnection) -> Iterable[tuple[str, str, str]]:
    """(schema.table, column, value as text) of every value in every table of a DuckDB."""
    found = duck.execute(
        "select schema_name, table_name from duckdb_tables() where not internal order by all"
    ).fetchall()
    for schema, table in found:
        names = [row[0] for row in duck.execute(f'describe "{schema}"."{table}"').fetchall()]
        shown = ", ".join(f'"{name}"::VARCHAR' for name in names)
        for row in duck.execute(f'select {shown} from "{schema}"."{table}"').fetchall():
            yield from (
                (f"{schema}.{table}", name, value) for name, value in zip(names, row, strict=True) if value is not None
            )


def run(url: str, *statements: str, values: Sequence[Any] | None = None) -> None:
    """Statements as the owner of that URL, each committed at once."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement, values)
