"""Reading snapshots: an in-memory DuckDB with the files attached read-only, nothing else within reach, and locked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import duckdb

from vital_insights.errors import UsageError, WarehouseError
from vital_insights.warehouse import snapshot

if TYPE_CHECKING:
    import polars as pl

_SEARCH = "set search_path = 'snapshot.model,snapshot.metric,snapshot.quality,snapshot.raw,snapshot.main'"


class Reader:
    """One snapshot of one tenant, open for reading. Safe to use from several threads."""

    def __init__(self, path: Path, tenant: UUID) -> None:
        """Raises WarehouseError for a file that is damaged, or that holds another tenant."""
        snapshot.verify(path)
        self._connection, self.manifest = _opened(path, tenant)
        if not self._holds(self.manifest.get("rows")):
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
    def tables(self) -> dict[str, dict[str, str]]:
        """The columns of every table with their types, by `schema.table`."""
        found: dict[str, dict[str, str]] = {}
        for schema, table, column, kind in self._all(_COLUMNS):
            found.setdefault(f"{schema}.{table}", {})[column] = kind
        return found

    def close(self) -> None:
        self._connection.close()

    def _holds(self, rows: Any) -> bool:
        """Whether every table that the manifest names is there with so many rows (DuckDB's own estimate ignores deletes)."""
        try:
            counted = " union all ".join(
                f"select {n} as n, count(*) from snapshot.{'.'.join(map(quoted, table.split('.', 1)))}"
                for n, table in enumerate(rows)
            )
            return dict(self._all(counted)) == dict(enumerate(rows.values()))
        except (duckdb.Error, TypeError, AttributeError):
            return False

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection answers one thread at a time; a cursor a call is the cheap way round. It starts with no search path."""
        cursor = self._connection.cursor()
        cursor.execute(_SEARCH)
        return cursor

    def _all(self, sql: str) -> list[tuple[Any, ...]]:
        with self._cursor() as cursor:
            return cursor.execute(sql).fetchall()


_OF_THE_FILE = (duckdb.IOException, duckdb.InternalException, duckdb.FatalException)
_COLUMNS = """
select schema_name, table_name, column_name, data_type from duckdb_columns()
where database_name = 'snapshot' and not internal order by schema_name, table_name, column_index
"""


def _not_answered(error: Exception) -> UsageError:
    return UsageError(f"The query failed: {(str(error).splitlines() or [''])[0]}")


def manifest(path: Path, tenant: UUID) -> dict[str, Any]:
    """What a snapshot says of itself, for lists: not hashed from end to end, as `Reader` does before it serves a row."""
    connection, found = _opened(path, tenant)
    connection.close()
    return found


def _opened(path: Path, tenant: UUID) -> tuple[duckdb.DuckDBPyConnection, dict[str, Any]]:
    connection = None
    try:
        connection = attach(path)
        told = connection.execute("select document from snapshot.main.manifest").fetchall()
        found: dict[str, Any] = json.loads(told[0][0])
        holds = found["tenant"]["id"]
    except (duckdb.Error, ValueError, TypeError, LookupError):
        if connection is not None:
            connection.close()
        raise WarehouseError(
            f"{path.name} cannot be opened.", hint="vital-insights refresh TENANT makes a new one"
        ) from None
    if holds != str(tenant):
        connection.close()
        raise WarehouseError(f"{path.name} holds another tenant than its folder says and is not opened.")
    return connection, found


def attach(path: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that can read this file and nothing else of the machine, and cannot be talked out of it."""
    if any(path.parent.glob(f"{path.name}.*")):  # a write-ahead log would be replayed over the sealed file
        raise WarehouseError(
            f"Beside {path.name} lies a file that is none of ours, so it is not opened.",
            hint="vital-insights refresh TENANT clears up",
        )
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    literal = str(path).replace("'", "''")
    connection.execute(f"attach '{literal}' as snapshot (read_only)")
    connection.execute("set temp_directory = ''")  # reading writes nothing, not even a spill file
    connection.execute("set timezone = 'UTC'")  # times of day must not follow the reader's machine
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def quoted(name: str) -> str:
    """An identifier that can be nothing else."""
    return '"' + name.replace('"', '""') + '"'
