"""Reading snapshots: an in-memory DuckDB with the files attached read-only, nothing else within reach, and locked."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
        try:
            self._connection = attach(path)
            self.manifest: dict[str, Any] = json.loads(self._one("select document from manifest")[0])
            counts = {f"{s}.{t}": n for s, t, n in self._all(_ROWS)}
        except (duckdb.Error, ValueError, TypeError):
            raise WarehouseError(
                f"{path.name} cannot be opened.", hint="vital-insights refresh TENANT makes a new one"
            ) from None
        if self.manifest["tenant"]["id"] != str(tenant):
            raise WarehouseError(f"{path.name} holds another tenant than its folder says and is not opened.")
        if any(counts.get(table) != n for table, n in self.manifest["rows"].items()):
            raise WarehouseError(f"{path.name} does not hold the rows that its manifest counts and is not opened.")

    def frame(self, sql: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """The answer to one statement. UUIDs come as text. Raises UsageError with DuckDB's own sentence."""
        import polars as pl

        with self._cursor() as cursor:
            try:
                answer = cursor.sql(sql, params=list(parameters))
                if answer is None:
                    return pl.DataFrame()
                uuids = [name for name, kind in zip(answer.columns, answer.types, strict=True) if str(kind) == "UUID"]
                if uuids:
                    shown = ", ".join(
                        f"{_quoted(c)}::VARCHAR as {_quoted(c)}" if c in uuids else _quoted(c) for c in answer.columns
                    )
                    answer = answer.project(shown)
                return answer.pl()
            except duckdb.Error as error:
                raise UsageError(f"The query failed: {str(error).splitlines()[0]}") from None

    def tables(self) -> dict[str, list[str]]:
        """The columns of every table, by `schema.table`."""
        found: dict[str, list[str]] = {}
        for schema, table, column in self._all(_COLUMNS):
            found.setdefault(f"{schema}.{table}", []).append(column)
        return found

    def close(self) -> None:
        self._connection.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection answers one thread at a time; a cursor a call is the cheap way round. It starts with no search path."""
        cursor = self._connection.cursor()
        cursor.execute(_SEARCH)
        return cursor

    def _all(self, sql: str) -> list[tuple[Any, ...]]:
        with self._cursor() as cursor:
            return cursor.execute(sql).fetchall()

    def _one(self, sql: str) -> tuple[Any, ...]:
        return self._all(sql)[0]


_COLUMNS = """
select schema_name, table_name, column_name from duckdb_columns()
where database_name = 'snapshot' and not internal order by schema_name, table_name, column_index
"""
_ROWS = "select schema_name, table_name, estimated_size from duckdb_tables() where database_name = 'snapshot'"


def attach(path: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that can read this file and nothing else of the machine, and cannot be talked out of it."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    literal = str(path).replace("'", "''")
    connection.execute(f"attach '{literal}' as snapshot (read_only)")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
