"""A snapshot in the making: one temporary file, filled, closed and handed to publish, or removed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import duckdb

from vital_insights.errors import VitalError, WarehouseError
from vital_insights.warehouse import load, sqlfile

if TYPE_CHECKING:
    import polars as pl


class Writer:
    """The open file of a refresh. Made by `writing()`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self.path = path

    def load(self, stream: load.Stream, tenant: UUID, **options: Any) -> int:
        """Load one raw table; see warehouse.load."""
        return load.load(self._connection, stream, tenant, **options)

    def record(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows to a table that the writer made itself: raw.findings, raw.snapshot."""
        for row in rows:
            self._connection.execute(f"insert into {table} values ({', '.join('?' * len(row))})", list(row))

    def build(self, more: Iterable[sqlfile.SqlFile]) -> None:
        """Model, metrics and these files, each after what it reads. From here on the file reaches nothing of the machine."""
        self._connection.execute("set enable_external_access = false")
        ordered = sqlfile.in_build_order([*sqlfile.definitions(), *more])
        sqlfile.build(self._connection, ordered)

    def sizes(self, rules: Iterable[sqlfile.SqlFile]) -> dict[str, int]:
        """How many rows each `of` of these rules has. Raises VitalError for one that cannot be counted."""
        found: dict[str, int] = {}
        for rule in rules:
            if rule.of and rule.of not in found:
                found[rule.of] = sqlfile.count(self._connection, rule)
        return found

    def frame(self, table: str, columns: Sequence[str]) -> pl.DataFrame:
        """Columns of a table as it stands; UUIDs as text."""
        kinds = {name: kind for name, kind, *_ in self._connection.execute(f"describe {table}").fetchall()}
        shown = ", ".join(f'"{c}"::VARCHAR as "{c}"' if kinds.get(c) == "UUID" else f'"{c}"' for c in columns)
        frame: pl.DataFrame = self._connection.sql(f"select {shown} from {table}").pl()
        return frame

    def keep(self, table: str, frame: pl.DataFrame) -> None:
        """Store a frame as a table: the verdict."""
        self._connection.execute("create schema if not exists quality")
        self._connection.register("handed", frame)
        self._connection.execute(f"create table {table} as select * from handed")
        self._connection.unregister("handed")

    def rows(self) -> dict[str, int]:
        """How many rows every table holds."""
        tables = self._connection.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name <> 'main' order by all"
        )
        found = tables.fetchall()
        return {f"{s}.{t}": self._connection.execute(f"select count(*) from {s}.{t}").fetchone()[0] for s, t in found}  # type: ignore[index]

    def seal(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, the last thing before the file is closed."""
        self._connection.execute("create table manifest (document VARCHAR)")
        self._connection.execute("insert into manifest values (?)", [json.dumps(manifest, default=str)])
        self._connection.execute("checkpoint")


def rehearse(
    streams: Iterable[load.Stream], rules: Iterable[sqlfile.SqlFile], metrics: Iterable[sqlfile.SqlFile] = ()
) -> dict[str, list[str]]:
    """The columns of every table that a refresh will make, from a build over empty streams, in memory.

    Raises VitalError for a file that will fail whatever the rows are, before anybody waits for rows.
    """
    rules = list(rules)
    with duckdb.connect() as connection:
        _prepare(connection)
        for stream in streams:
            load.load(connection, stream, UUID(int=0))
        rehearsed = Writer(connection, Path())
        rehearsed.build([*metrics, *rules])
        rehearsed.sizes(rules)
        listed = "select schema_name, table_name, column_name from duckdb_columns() where not internal order by all"
        found: dict[str, list[str]] = {}
        for schema, table, column in connection.execute(listed).fetchall():
            found.setdefault(f"{schema}.{table}", []).append(column)
        return found


_SNAPSHOT = """
create table raw.snapshot (
    snapshot_id VARCHAR, tenant_id UUID, tenant_slug VARCHAR, tenant_name VARCHAR, taken_at TIMESTAMPTZ,
    score_tolerance DECIMAL(18,6), package_version VARCHAR
)
"""


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    load.prepare(connection)
    connection.execute(_SNAPSHOT)


@contextlib.contextmanager
def writing(folder: Path, name: str) -> Iterator[Writer]:
    """A Writer on a temporary file in `folder`. The file is closed at the end, and removed if anything failed.

    Raises WarehouseError for the disk; the first error counts, since later calls on a full disk may claim success.
    """
    path = folder / f"{name}.duckdb.tmp"
    connection = None
    with _told():
        try:
            connection = duckdb.connect(str(path))
            path.chmod(0o600)
            _prepare(connection)
            yield Writer(connection, path)
            connection.close()
        except BaseException:
            if connection is not None:
                with contextlib.suppress(duckdb.Error):
                    connection.close()
            path.unlink(missing_ok=True)
            path.with_name(path.name + ".wal").unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def in_memory() -> Iterator[Writer]:
    """A Writer on no file at all, not even one to spill to: when it ends, or is killed, nothing is left."""
    with _told(), duckdb.connect(config={"temp_directory": ""}) as connection:
        _prepare(connection)
        yield Writer(connection, Path())


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """DuckDB's errors as WarehouseError; their own text may quote a row."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, duckdb.OutOfMemoryException):
            raise WarehouseError(
                "The refresh ran out of memory or of temporary space. Nothing was published."
            ) from None
        # A full disk shows as an IOException first, and as a transaction or a database that is no more afterwards; a
        # block that cannot be read back as the bare base class.
        disk = (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException, duckdb.InternalException)
        if (
            type(error) is duckdb.Error
            or isinstance(error, disk)
            or (isinstance(error, OSError) and not isinstance(error, VitalError))
        ):
            raise WarehouseError(
                "The warehouse cannot be written: the disk is full or failing. Nothing was published."
            ) from None
        if isinstance(error, duckdb.Error):
            raise WarehouseError(f"The build failed ({type(error).__name__}). Nothing was published.") from None
        raise
