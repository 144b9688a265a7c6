"""Small worlds for tests: raw tables filled by hand, the real model and metric SQL over them, and real snapshot files."""

from __future__ import annotations

import functools
import hashlib
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from vital_insights import insights
from vital_insights.quality.verdict import Verdict
from vital_insights.settings import Settings
from vital_insights.source.contract import TABLES
from vital_insights.source.copy import absent
from vital_insights.warehouse import load, snapshot, sqlfile, writer

World = Mapping[str, Iterable[Mapping[str, Any]]]

ACME = UUID("aaaaaaaa-0000-4000-8000-000000000001")
TAKEN_AT = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


def uid(name: str) -> UUID:
    """An id that is the same in every run and in no order."""
    return UUID(bytes=hashlib.md5(name.encode(), usedforsecurity=False).digest())


def raw(connection: duckdb.DuckDBPyConnection, tenant: UUID = ACME) -> None:
    """The raw tables as a refresh makes them, all empty."""
    load.prepare(connection)
    connection.execute(writer._SNAPSHOT)
    for name in TABLES:
        load.load(connection, absent(name), tenant)


def made(tolerance: Decimal | None = Decimal("0.5"), name: str = "made-up") -> dict[str, Any]:
    """The row of raw.snapshot: who, when, and the settings."""
    return {
        "snapshot_id": name, "tenant_id": ACME, "tenant_slug": "acme", "tenant_name": "Acme", "taken_at": TAKEN_AT,
        "score_tolerance": tolerance, "package_version": "0",
    }  # fmt: skip


def insert(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Rows into raw tables; columns that a row leaves out are NULL."""
    for table, rows in world.items():
        for row in rows:
            told = row if table == "findings" else {"is_shared": False, **row}
            marks = ", ".join("?" * len(told))
            connection.execute(f"insert into raw.{table} ({', '.join(told)}) values ({marks})", list(told.values()))


@functools.cache
def ordered(*tables: str) -> tuple[sqlfile.SqlFile, ...]:
    """All files in the order they build in; of `tables`, where any are named, these and what they read."""
    every = sqlfile.definitions()
    needed = {file.table for table in tables for file in sqlfile.in_build_order(every, only=table)}
    return tuple(file for file in sqlfile.in_build_order(every) if not tables or file.table in needed)


class Bench:
    """A DuckDB in memory with the raw tables: `built(world)` gives the tables that the SQL makes of it, then forgets them."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": "1"})  # tiny tables: a second thread only costs
        raw(self.connection)

    def built(
        self, world: World, *tables: str, tolerance: Decimal | None = Decimal("0.5")
    ) -> dict[str, list[dict[str, Any]]]:
        self.connection.execute("begin")
        try:
            insert(self.connection, world)
            self.connection.execute(
                "insert into raw.snapshot values (?, ?, ?, ?, ?, ?, ?)", [*made(tolerance).values()]
            )
            # What no table that is asked for reads is left out: it would be three quarters of the work.
            sqlfile.build(self.connection, ordered(*(table for table in tables if not table.startswith("raw."))))
            return {table: rows(self.connection, table) for table in tables}
        finally:
            self.connection.execute("rollback")


def rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    """All rows of a table as dicts of plain Python values."""
    told = connection.execute(f"describe {table}").fetchall()
    kinds = {name: kind for name, kind, *_ in told}
    # An instant as a Python object wants pytz; its text in UTC says the same.
    shown = ", ".join(f'"{c}"::VARCHAR as "{c}"' if "TIME ZONE" in k else f'"{c}"' for c, k in kinds.items())
    return [dict(zip(kinds, row, strict=True)) for row in connection.execute(f"select {shown} from {table}").fetchall()]


def publish(
    folder: Path, world: World = (), tenant: UUID = ACME, slug: str = "acme", *, name: str | None = None, **options: Any
) -> Path:
    """A real published snapshot of a world, made as a refresh makes it, without Postgres and without the checks."""
    with snapshot.exclusive(folder):
        path = publish_unlocked(folder, world, tenant, slug, name=name, **options)
        snapshot.prune(folder)
    return path


def publish_unlocked(
    folder: Path, world: World = (), tenant: UUID = ACME, slug: str = "acme", *, name: str | None = None,
    without: Iterable[str] = (), told: Mapping[str, Any] | None = None, **options: Any,
) -> Path:  # fmt: skip
    name = name or snapshot.new_name(folder)
    with writer.writing(folder, name) as file:
        for table in TABLES:
            file.load(absent(table), tenant)
        insert(file._connection, dict(world))
        file.record("raw.snapshot", [(name, tenant, slug, slug.title(), TAKEN_AT, Decimal("0.5"), "0")])
        sqlfile.build(file._connection, ordered())
        for older in without:  # as an older package would have left it
            file._connection.execute(
                f"alter table {older.replace(':', ' drop column ')}" if ":" in older else f"drop table {older}"
            )
        file.keep("quality.verdict", Verdict(()).frame())
        counted = file.rows()
        file.seal(
            {
                "tenant": {"id": str(tenant), "slug": slug, "name": slug.title(), "status": "active"},
                "taken_at": TAKEN_AT.isoformat(), "rows": counted, "rejected": 0, "published_anyway": False, "verdict": "",
                **(told or {}),
            }
        )  # fmt: skip
    return snapshot.publish(file.path, folder, name, **options)


def add(folder: Path, finished: Path, name: str | None = None, *, refused: bool = False) -> Path:
    """One more published snapshot, by the same steps as a refresh."""
    with snapshot.exclusive(folder):
        name = name or snapshot.new_name(folder)
        tmp = folder / f"{name}.duckdb.tmp"
        shutil.copyfile(finished, tmp)
        path = snapshot.publish(tmp, folder, name, refused=refused)
        snapshot.prune(folder)
    return path


def served(warehouse: Path) -> str:
    """The id of what a reader gets, after reading every row of it."""
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as opened:
        assert opened.metric("opportunity").height == 8
        assert opened.tenant.id == ACME
        return opened.snapshot.id


def is_tidy(folder: Path) -> None:
    """Nothing but the lock, the pointer, and snapshots with their seals, each as it was published."""
    names = snapshot.names(folder)
    expected = {".lock", "CURRENT", *(f"{n}.duckdb" for n in names), *(f"{n}.sha256" for n in names)}
    assert {path.name for path in folder.iterdir()} == expected
    assert snapshot.current(folder) == names[0]
    for name in names:
        snapshot.verify(folder / f"{name}.duckdb")


_OF_THE_RUN = {
    ("raw.snapshot", "snapshot_id"),
    ("raw.snapshot", "taken_at"),
    ("model.snapshot", "snapshot_id"),
    ("model.snapshot", "taken_at"),
    ("metric.method", "snapshot_id"),
    ("metric.method", "taken_at"),
}


def logical_hash(path: Path) -> str:
    """SHA-256 over all rows of raw, model and metric, in one order; what belongs to the run and not to the data left out.

    Left out: the snapshot's id and instant, and the columns whose header says `age = true`.
    """
    ages = {(f.table, column) for f in ordered() for column, about in f.columns.items() if about.get("age")}
    found = hashlib.sha256()
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('raw', 'model', 'metric') order by 1"
        ).fetchall()
        for (table,) in tables:
            kinds = [(name, kind) for name, kind, *_ in connection.execute(f"describe {table}").fetchall()]
            shown = [f'"{name}"::VARCHAR' for name, _ in kinds if (table, name) not in _OF_THE_RUN | ages]
            found.update(repr((table, kinds)).encode())
            for row in connection.execute(f"select {', '.join(shown)} from {table} order by all").fetchall():
                found.update(repr(row).encode())
    return found.hexdigest()


# One world that has something of everything; tests that need more make their own.
SMALL: dict[str, list[dict[str, Any]]] = {
    "org_functions": [
        {"id": uid("f1"), "name": "Commercial"},
        {"id": uid("f2"), "name": "Field", "parent_id": uid("f1")},
    ],
    "org_departments": [{"id": uid("d1"), "name": "Sales", "function_id": uid("f2")}],
    "org_roles": [
        {"id": uid("r1"), "name": "Rep", "department_id": uid("d1"), "function_id": uid("f2")},
        {"id": uid("r2"), "name": "Lead", "reports_to_role_id": uid("r1")},
    ],
    "personas": [{"id": uid("p1"), "name": "Robin", "role_id": uid("r1")}, {"id": uid("p2"), "name": "Kim"}],
    "jobs_to_be_done": [
        {"id": uid("j1"), "code": "J-1", "name": "Plan a visit", "status": "active"},
        {"id": uid("j2"), "code": "J-2", "name": "Report a visit", "status": "draft", "org_function_id": uid("f1")},
    ],
    "jtbd_roles": [{"jtbd_id": uid("j1"), "role_id": uid("r1"), "is_primary": True, "relevance_score": Decimal("0.8")}],
    "jtbd_personas": [{"jtbd_id": uid("j2"), "persona_id": uid("p2"), "relevance_score": Decimal("0.3")}],
    "jtbd_outcomes": [
        {"id": uid(f"o{n}"), "outcome_id": f"OUT-{n}", "outcome_statement": f"Minimize the time of step {n}",
         "jtbd_id": uid("j1" if n < 5 else "j2"), "importance_score": i, "satisfaction_score": s}
        for n, (i, s) in enumerate(
            [(Decimal("9.5"), Decimal("3.2")), (Decimal(10), Decimal(8)), (Decimal("8.3"), Decimal("4.6")), (Decimal(8), Decimal(8)),
             (Decimal(5), Decimal(9)), (None, Decimal(4)), (Decimal(11), Decimal(1)), (Decimal("9.5"), Decimal("3.2"))]
        )
    ],
}  # fmt: skip
