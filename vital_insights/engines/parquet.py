"""The raw tables of one snapshot as Parquet, for engines that read files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from vital_insights.errors import UsageError, WarehouseError

if TYPE_CHECKING:
    import polars as pl


def write(folder: Path, tenant: UUID, snapshot: str, tables: Iterable[tuple[str, pl.DataFrame]]) -> Path:
    """Write each table to `folder/<tenant id>/<snapshot>/<table>.parquet` and return that folder: one tenant, one instant.

    Ids are text, decimals DECIMAL(18,6), instants UTC to the microsecond; only the owner may read it. Raises UsageError
    where the folder is there already: what somebody may be reading is not written over.
    """
    import polars as pl

    target = folder / str(tenant) / snapshot
    try:
        for each in (target.parent, target):
            each.mkdir(mode=0o700, parents=True, exist_ok=each != target)
        for name, frame in tables:
            path = target / f"{name}.parquet"
            path.touch(mode=0o600)
            instants = [column for column, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
            frame.with_columns(pl.col(instants).dt.convert_time_zone("UTC")).write_parquet(path)
    except FileExistsError:
        raise UsageError(f"{target} is there already.", hint="remove it, or name another folder") from None
    except OSError as error:
        raise WarehouseError(f"{folder} cannot be written: {error.strerror or 'the disk failed'}.") from None
    return target
