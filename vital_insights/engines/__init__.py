"""The only room that knows Spark and sqlglot: the metric files, unmodified, on another engine than DuckDB."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vital_insights.engines.shape import Statement, shaped
from vital_insights.errors import UsageError, WarehouseError, nearest

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.settings import Settings

ENGINES = ("duckdb", "spark", "postgres")


def compute(
    engine: str,
    write: Callable[[Path], Path],
    files: Sequence[Statement],
    wanted: Collection[str],
    settings: Settings,
) -> dict[str, pl.DataFrame]:
    """The wanted tables (`metric.opportunity`), computed on `spark` or `postgres`: columns and types as each header says.

    `write` puts the raw tables as Parquet below a folder and says where (`Insights.write_parquet`); `files` are the SQL
    files to run, each after those it reads. Nothing stays, neither on the engine nor on disk. Raises UsageError for an
    unknown engine, VitalError for one that is not installed, and with the names of file and engine for a file that fails.
    """
    if engine == "spark":
        from vital_insights.engines import spark

        require, run = spark.require, spark.compute
    elif engine == "postgres":
        from vital_insights.engines import postgres

        require, run = postgres.require, postgres.compute
    else:
        raise UsageError(f"There is no engine '{engine[:80]}'.", hint=nearest(engine[:80], ENGINES))
    require(settings)
    with _folder(settings) as folder:
        frames = run(write(folder), files, wanted, settings)
    return {file.table: shaped(file, frames[file.table], engine) for file in files if file.table in wanted}


@contextlib.contextmanager
def _folder(settings: Settings) -> Iterator[Path]:
    """A folder of this run alone (0700), where the settings say: a cluster must see it too."""
    try:
        place = settings.engine_folder or Path(tempfile.gettempdir())
        _clear(place)
        made = Path(tempfile.mkdtemp(prefix="vital-new-", dir=place))
        held = _hold(made)  # before it has the name that others sweep
        folder = made.rename(place / made.name.replace("vital-new-", _PREFIX, 1))
    except OSError as error:
        named = settings.engine_folder or "The folder for temporary files"
        raise WarehouseError(f"{named} cannot be written: {error.strerror}.") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


_PREFIX = "vital-parquet-"


def _hold(folder: Path) -> int | None:
    """The folder, locked until this process ends however it ends; None where another process holds it."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return None
    return held


def _clear(place: Path) -> None:
    """Take away what a run that was killed left behind: it holds a tenant. What another run holds, or owns, stays."""
    for folder in place.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            held = _hold(folder) if folder.lstat().st_uid == os.getuid() else None
            if held is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(held)
