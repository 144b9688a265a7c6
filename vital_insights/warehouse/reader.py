"""Reading snapshots: an in-memory DuckDB with the files attached read-only, nothing else within reach, and locked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import duckdb

from vital_insights.errors import UsageError, WarehouseError
from vital_insights.warehouse import snapshot, sqlfile

if TYPE_CHECKING:
    import polars as pl


class Reader:
    """One snapshot of one tenant, open for reading. Safe to use from several threads."""

    _search = "set search_path = 'snapshot.model,snapshot.metric,snapshot.quality,snapshot.raw,snapshot.main'"

    def __init__(self, path: Path, tenant: UUID) -> None:
        """Raises WarehouseError for a file that is damaged, or that holds another tenant."""
        self._open({"snapshot": path}, tenant)

    def _open(self, files: Mapping[str, Path], tenant: UUID) -> None:
        for path in files.values():
            snapshot.verify(path)
        self._connection, self.manifests = _opened(files, tenant)
        self.manifest = next(iter(self.manifests.values()))
        for name, path in files.items():
            if not self._holds(name, self.manifests[name].get("rows")):
                self.close()
                raise WarehouseError(f"{path.name} does not hold the rows that its manifest counts and is not opened.")

    def frame(self, sql: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """The answer to one SELECT. UUIDs come as text. Raises UsageError with DuckDB's own sentence.

        Nothing but a SELECT: DuckDB lets COPY write beside an attached file even where all other files are out of reach.
        """
        import polars as pl
        import pyarrow as pa

        with self._cursor() as cursor:
            try:
                sql.encode()  # half a character is told as any odd text below
                kinds = [statement.type for statement in cursor.extract_statements(sql)]
                if kinds != [duckdb.StatementType.SELECT]:
                    raise UsageError("That is not one SELECT statement; a snapshot is only read.")
                answer = cursor.sql(sql, params=list(parameters))
                uuids = [name for name, kind in zip(answer.columns, answer.types, strict=True) if str(kind) == "UUID"]
                if uuids:
                    shown = ", ".join(
                        f"{quoted(c)}::VARCHAR as {quoted(c)}" if c in uuids else quoted(c) for c in answer.columns
                    )
                    answer = answer.project(shown)
                frame: pl.DataFrame = answer.pl()
                return frame
            except duckdb.Error as error:
                # A block whose checksum is wrong is told with the bare base class.
                if type(error) is duckdb.Error or isinstance(error, _OF_THE_FILE):
                    raise WarehouseError("The snapshot can no longer be read.") from None
                raise _not_answered(error) from None
            except (pl.exceptions.PolarsError, pa.ArrowException, UnicodeError) as error:
                raise _not_answered(error) from None

    @cached_property
    def own_metrics(self) -> tuple[sqlfile.SqlFile, ...]:
        """The metrics of somebody's own that the snapshot was made with. It carries their SQL: it can be read anywhere."""
        told = self.manifest.get("metrics", {})
        return tuple(sqlfile.parse(Path(f"{name}.sql"), "metric", sql) for name, sql in told.items())

    @cached_property
    def tables(self) -> dict[str, dict[str, str]]:
        """The columns of every table with their types, by `schema.table`."""
        return self.tables_of("snapshot")

    def tables_of(self, of: str) -> dict[str, dict[str, str]]:
        """The same of any attached snapshot, by the name it is attached under."""
        found: dict[str, dict[str, str]] = {}
        for schema, table, column, kind in self._all(_COLUMNS, [of]):
            found.setdefault(f"{schema}.{table}", {})[column] = kind
        return found

    def close(self) -> None:
        self._connection.close()

    def _holds(self, name: str, rows: Any) -> bool:
        """Whether every table that the manifest names is there with so many rows (DuckDB's own estimate ignores deletes)."""
        try:
            counted = " union all ".join(
                f"select {n} as n, count(*) from {name}.{'.'.join(map(quoted, table.split('.', 1)))}"
                for n, table in enumerate(rows)
            )
            return dict(self._all(counted)) == dict(enumerate(rows.values()))
        except (duckdb.Error, TypeError, AttributeError):
            return False

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection answers one thread at a time; a cursor a call is the cheap way round. It starts with no search path."""
        cursor = self._connection.cursor()
        cursor.execute(self._search)
        return cursor

    def _all(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._cursor() as cursor:
            return cursor.execute(sql, list(parameters)).fetchall()


class Overlay(Reader):
    """A snapshot, and if asked another of the same tenant beside it, with tables in memory that stand in for theirs.

    What it computes lies in memory under the name asked for; the files stay as they are. For one thread.
    """

    def __init__(self, path: Path, tenant: UUID, older: Path | None = None) -> None:
        """Raises WarehouseError for a file that is damaged, or that holds another tenant."""
        # DuckDB attaches a file once: a snapshot beside itself is one file under one name.
        beside = {} if older is None or older == path else {"older": older}
        self._open({"snapshot": path, **beside}, tenant)
        self.older = "older" if beside else "snapshot"

    def keep(self, name: str, sql: str) -> None:
        """Lay the answer to one SELECT into memory as `memory.main.name`."""
        with self._cursor() as cursor:
            cursor.execute(f"create table memory.main.{quoted(name)} as {sql}")

    def recompute(self, metric: str, name: str, *, of: str = "snapshot", laid: Mapping[str, str] | None = None) -> None:
        """Build a metric with today's SQL from the raw tables of one attached snapshot, as `memory.main.name`.

        `laid` maps a table to a SELECT that stands in for it; there `original` is the raw table, or what a table's own file
        makes: {"model.outcomes": "select * replace (9 as importance) from original"}. Raises WarehouseError for a snapshot
        that is too old to hold what today's SQL reads, and where what is laid cannot be computed.
        """
        found = sqlfile.in_build_order(sqlfile.definitions(), only=f"metric.{metric}")
        with self._cursor() as cursor:
            for schema in ("raw", "model", "metric"):
                cursor.execute(f"drop schema if exists memory.{schema} cascade")
                cursor.execute(f"create schema memory.{schema}")
            for table in (table for table in laid or {} if table.startswith("raw.")):
                original = f"with original as (select * from {of}.{table})"
                cursor.execute(f"create view memory.{table} as {original} {(laid or {})[table]}")
            # An unmodified file names model.outcomes: memory is asked first, the rest falls through to the snapshot.
            names = ("memory.raw", "memory.model", "memory.metric", f"{of}.model", f"{of}.metric", f"{of}.raw")
            cursor.execute(f"set search_path = '{','.join(names)}'")
            stored = self.tables_of(of)
            for file in found:
                stands_in = (laid or {}).get(file.table)
                sql = f"with original as ({file.sql}\n) {stands_in}" if stands_in else file.sql
                try:
                    cursor.execute(f"create table memory.{file.table} as {sql}")
                except (duckdb.BinderException, duckdb.CatalogException):
                    # Raw tables of an older package may lack a column; what it made of them then serves instead.
                    if stands_in or file.schema == "metric" or file.table not in stored:
                        raise WarehouseError(
                            f"The snapshot of {self.manifests[of]['taken_at']} lacks what {file.path.name} reads today."
                        ) from None
                except duckdb.Error as error:
                    raise WarehouseError(
                        f"{file.path.name} cannot be computed with these inputs ({type(error).__name__}).",
                        hint="try other values",
                    ) from None
            cursor.execute(f"create table memory.main.{quoted(name)} as select * from memory.metric.{quoted(metric)}")


_OF_THE_FILE = (duckdb.IOException, duckdb.InternalException, duckdb.FatalException)
_COLUMNS = """
select schema_name, table_name, column_name, data_type from duckdb_columns()
where database_name = ? and not internal order by schema_name, table_name, column_index
"""


def _not_answered(error: Exception) -> UsageError:
    """DuckDB's first sentence, and its next where that names what is near; what follows quotes the statement."""
    first, *others = str(error).splitlines() or [""]
    near = next((line for line in others[:1] if line.startswith(("Did you mean", "Candidate bindings"))), None)
    return UsageError(f"The query failed: {first}", hint=near)


def manifest(path: Path, tenant: UUID) -> dict[str, Any]:
    """What a snapshot says of itself, for lists: not hashed from end to end, as `Reader` does before it serves a row."""
    connection, found = _opened({"snapshot": path}, tenant)
    connection.close()
    return found["snapshot"]


def _opened(files: Mapping[str, Path], tenant: UUID) -> tuple[duckdb.DuckDBPyConnection, dict[str, dict[str, Any]]]:
    """Lock 4: each file must say by itself that it holds the tenant asked for."""
    connection, path, found = None, next(iter(files.values())), {}
    try:
        connection = attach(files)
        for name, path in files.items():
            told = connection.execute(f"select document from {name}.main.manifest").fetchall()
            found[name] = json.loads(told[0][0])
            holds = found[name]["tenant"]["id"]
            if holds != str(tenant):
                raise WarehouseError(f"{path.name} holds another tenant than the one asked for and is not opened.")
    except (duckdb.Error, ValueError, TypeError, LookupError):
        if connection is not None:
            connection.close()
        raise WarehouseError(
            f"{path.name} cannot be opened.", hint="vital-insights refresh TENANT makes a new one"
        ) from None
    except WarehouseError:
        if connection is not None:
            connection.close()
        raise
    return connection, found


def attach(files: Mapping[str, Path]) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that can read these files and nothing else of the machine, and cannot be talked out of it."""
    for path in files.values():
        if any(path.parent.glob(f"{path.name}.*")):  # a write-ahead log would be replayed over the sealed file
            raise WarehouseError(
                f"Beside {path.name} lies a file that is none of ours, so it is not opened.",
                hint="vital-insights refresh TENANT clears up",
            )
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    for name, path in files.items():
        literal = str(path).replace("'", "''")
        connection.execute(f"attach '{literal}' as {name} (read_only)")
    lock(connection)
    return connection


def lock(connection: duckdb.DuckDBPyConnection) -> None:
    """From here on the connection reaches nothing of the machine but what it holds."""
    connection.execute("set temp_directory = ''")  # reading writes nothing, not even a spill file
    # Of every cursor: times of day must not follow the reader's machine.
    connection.execute("set global timezone = 'UTC'")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def quoted(name: str) -> str:
    """An identifier that can be nothing else."""
    return '"' + name.replace('"', '""') + '"'
