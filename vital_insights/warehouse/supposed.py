"""A snapshot as it would be if some raw rows were others: read as every snapshot is, while its file stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import duckdb

from vital_insights.errors import WarehouseError
from vital_insights.warehouse import sqlfile
from vital_insights.warehouse.reader import Reader, quoted


class Supposed(Reader):
    """What depends on the changed rows is computed anew in memory, by the same files; all else comes from the file.

    `recomputed` names those tables.
    """

    def __init__(self, path: Path, tenant: UUID, laid: Mapping[str, str]) -> None:
        """`laid` maps a raw table to a SELECT that stands in for it; there `original` is the table as it is stored.

        Raises WarehouseError for a file that is damaged, that holds another tenant, or that is too old for today's SQL, and where a
        file cannot be computed with the changed rows.
        """
        self._search = "set search_path = 'stored.main'"
        self._open({"stored": path}, tenant)
        files = sqlfile.depending([*sqlfile.definitions(), *self.own_metrics], laid)
        self.recomputed = tuple(file.table for file in files)
        try:
            with self._cursor() as cursor:
                self._pass_through(cursor, laid)
                self._compute(cursor, files)
        except BaseException:
            self.close()
            raise
        self._search = Reader._search

    def _pass_through(self, cursor: duckdb.DuckDBPyConnection, laid: Mapping[str, str]) -> None:
        """Every stored table that does not change, and the raw ones that do, under the names a snapshot has."""
        cursor.execute("attach ':memory:' as snapshot")
        stored = self.tables_of("stored")
        for schema in dict.fromkeys(("raw", "model", "metric", "quality", *(t.split(".", 1)[0] for t in stored))):
            cursor.execute(f"create schema if not exists snapshot.{quoted(schema)}")
        for table in stored:
            if table not in self.recomputed:
                name = ".".join(map(quoted, table.split(".", 1)))
                original = f"with original as (select * from stored.{name})"
                cursor.execute(f"create view snapshot.{name} as {original} {laid.get(table, 'select * from original')}")

    def _compute(self, cursor: duckdb.DuckDBPyConnection, files: list[sqlfile.SqlFile]) -> None:
        stored, read = self.tables_of("stored"), sqlfile.read_by(files)
        cursor.execute("set search_path = 'snapshot.model,snapshot.metric,snapshot.raw'")
        for file in files:
            # What nobody else reads is computed when it is asked for: most questions are about one metric.
            kind = "table" if file.table in read else "view"
            try:
                cursor.execute(f"create {kind} snapshot.{file.table} as {file.sql}")
            except (duckdb.BinderException, duckdb.CatalogException):
                if file.table in stored:  # a metric that came after this snapshot is simply not there
                    raise WarehouseError(
                        f"The snapshot of {self.manifest['taken_at']} lacks what {file.path.name} reads today.",
                        hint="vital-insights refresh TENANT makes a new one",
                    ) from None
            except duckdb.Error as error:
                raise WarehouseError(
                    f"{file.path.name} cannot be computed with these inputs ({type(error).__name__}).",
                    hint="try other values; a metric of your own may not hold for them",
                ) from None
