"""What the engines share: the statement they are handed, and the shape their answer must have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from vital_insights.errors import VitalError, WarehouseError

if TYPE_CHECKING:
    import polars as pl

SCHEMAS = ("raw", "model", "metric")


class Statement(Protocol):
    """One SQL file with its header (warehouse.sqlfile.SqlFile); the two rooms know nothing else of each other."""

    @property
    def table(self) -> str: ...
    @property
    def path(self) -> Path: ...
    @property
    def sql(self) -> str: ...
    @property
    def columns(self) -> Mapping[str, Mapping[str, Any]]: ...


def raw_tables(files: Iterable[Statement], folder: Path) -> dict[str, Path]:
    """The Parquet file of each raw table that the files name. Raises WarehouseError where the snapshot has none of it."""
    found = {}
    for file in files:
        for name in re.findall(r"\braw\.(\w+)", file.sql):
            found[name] = folder / f"{name}.parquet"
            if not found[name].is_file():
                raise WarehouseError(
                    f"The snapshot has no raw.{name}, which {file.path.name} reads today.",
                    hint="vital-insights refresh TENANT makes a new one",
                )
    return dict(sorted(found.items()))


def failed(file: Statement, engine: str, told: str) -> VitalError:
    """The error of a file that an engine cannot run."""
    return VitalError(f"{file.path.name} failed on {engine}: {told}")


def shaped(file: Statement, frame: pl.DataFrame, engine: str) -> pl.DataFrame:
    """The frame with the columns and types that the header names. Raises VitalError where that would change a value."""
    import polars as pl

    kinds = {name: dtype(about["type"]) for name, about in file.columns.items()}
    if list(kinds) != frame.columns:
        raise failed(file, engine, f"it gives the columns {', '.join(frame.columns)}, the header {', '.join(kinds)}.")
    cast = frame.cast(pl.Schema(kinds), strict=False)  # what does not fit becomes NULL, and so a difference
    for name in frame.columns:
        if not cast[name].cast(frame[name].dtype, strict=False).equals(frame[name], null_equal=True):
            raise failed(file, engine, f"{name} holds {frame[name].dtype} that does not fit {kinds[name]}.")
    return cast


def dtype(kind: str) -> pl.DataType:
    """The polars type of a header's type; ids are text."""
    import polars as pl

    if decimal := re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", kind):
        return pl.Decimal(int(decimal[1]), int(decimal[2]))
    return {
        "VARCHAR": pl.String(), "UUID": pl.String(), "BIGINT": pl.Int64(), "INTEGER": pl.Int32(), "DOUBLE": pl.Float64(),
        "BOOLEAN": pl.Boolean(), "TIMESTAMP WITH TIME ZONE": pl.Datetime("us", "UTC"), "DATE": pl.Date(),
    }[kind]  # fmt: skip
