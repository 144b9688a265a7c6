"""Frames that another engine computed, read as a snapshot is: the same conditions, order and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import duckdb

from vital_insights.warehouse import sqlfile
from vital_insights.warehouse.reader import Reader, lock, quoted

if TYPE_CHECKING:
    import polars as pl


class Held(Reader):
    """Metrics in memory under the names they have in a snapshot."""

    def __init__(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """`frames` by metric, each with the columns of its header."""
        self.manifest = {}
        self._connection = duckdb.connect()
        self._connection.execute("attach ':memory:' as snapshot")
        for schema in ("model", "metric", "quality", "raw"):
            self._connection.execute(f"create schema snapshot.{schema}")
        for name, frame in frames.items():
            kinds = sqlfile.metric(name).columns
            shown = ", ".join(f"cast({quoted(c)} as {about['type']}) as {quoted(c)}" for c, about in kinds.items())
            self._connection.register("handed", frame)
            self._connection.execute(f"create table snapshot.metric.{quoted(name)} as select {shown} from handed")
            self._connection.unregister("handed")
        lock(self._connection)
