"""A snapshot with the rules of today computed over it in memory: what checks read when they are asked again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import duckdb

from vital_insights.errors import QualityError, VitalError
from vital_insights.warehouse import sqlfile
from vital_insights.warehouse.reader import Overlay, quoted

if TYPE_CHECKING:
    import polars as pl


class Audited(Overlay):
    """`columns()` gives what a check reads: the rules' tables from memory, all others from the file, which stays as it is.

    `unbound` names the rules that read a table or column which the snapshot is too old to hold.
    """

    def __init__(self, path: Path, tenant: UUID, rules: Iterable[sqlfile.SqlFile]) -> None:
        """Raises WarehouseError for a file that is damaged, or that holds another tenant."""
        super().__init__(path, tenant)
        self.unbound: set[str] = set()
        self._failed: dict[str, str] = {}
        with self._rules_first() as cursor:
            cursor.execute("create schema memory.audit")
            for rule in sqlfile.in_build_order(rules):
                try:
                    cursor.execute(f"create table memory.{rule.table} as {rule.sql}")
                except (duckdb.BinderException, duckdb.CatalogException):
                    self.unbound.add(rule.table)
                except duckdb.Error as error:  # its text may quote a row
                    self._failed[rule.table] = type(error).__name__

    def columns(self, table: str, columns: Sequence[str]) -> pl.DataFrame:
        """Columns of a table. Raises QualityError for a rule that failed while it read the rows."""
        if table in self._failed:
            raise QualityError(f"the rule could not be computed ({self._failed[table]})")
        of = "memory" if table.startswith("audit.") else "snapshot"
        return self.frame(f"select {', '.join(map(quoted, columns))} from {of}.{table}")

    def sizes(self, rules: Iterable[sqlfile.SqlFile]) -> dict[str, int]:
        """How many rows each `of` of these rules has, as far as the snapshot holds it."""
        found: dict[str, int] = {}
        with self._rules_first() as cursor:
            for rule in rules:
                if rule.of and rule.of not in found:
                    with contextlib.suppress(VitalError):
                        found[rule.of] = sqlfile.count(cursor, rule)
        return found

    def _rules_first(self) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        cursor.execute("set search_path = 'memory.main,snapshot.model,snapshot.metric,snapshot.quality,snapshot.raw'")
        return cursor
