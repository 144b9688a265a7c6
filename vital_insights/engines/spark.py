"""The files on Spark 4, unmodified: databases of our own, dropped at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vital_insights.engines import session
from vital_insights.engines.shape import SCHEMAS, Statement, failed, raw_tables
from vital_insights.errors import UsageError, VitalError

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.settings import Settings


SMALL = 64 << 20  # bytes of Parquet


def require(settings: Settings) -> None:  # noqa: ARG001  every engine is asked the same way
    """Raises VitalError where pyspark or Java is missing, before anything is written."""
    session.require()


def compute(
    folder: Path,
    files: Sequence[Statement],
    wanted: Collection[str],
    settings: Settings,  # noqa: ARG001
) -> dict[str, pl.DataFrame]:
    """The wanted tables. Raises VitalError for a missing pyspark or Java, and for a file that fails."""
    import polars as pl

    raw = raw_tables(files, folder)
    small = sum(path.stat().st_size for path in raw.values()) < SMALL
    with session.opened(small=small) as spark, _alive(), _databases(spark):
        for name, path in raw.items():
            columns = ", ".join(f"{_quoted(c)} {_kind(kind)}" for c, kind in pl.read_parquet_schema(path).items())
            place = str(path.resolve()).replace("\\", "\\\\").replace("'", "\\'")
            spark.sql(f"create table raw.{name} ({columns}) using parquet location '{place}'")
        for file in files:
            with _told(file):  # a table, not a view: what fourteen branches read is computed once
                spark.sql(f"create table {file.table} using parquet as {file.sql}")
        return {table: pl.DataFrame(spark.table(table).toArrow()) for table in wanted}


@contextlib.contextmanager
def _alive() -> Iterator[None]:
    """py4j's own errors, when the machine that runs Spark goes away, told in one sentence; nothing can be dropped then."""
    from py4j.protocol import Py4JError  # type: ignore[import-untyped]

    try:
        yield
    except (Py4JError, ConnectionError) as error:
        raise VitalError(f"Spark ended before it was done ({type(error).__name__}).") from None


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _kind(kind: pl.DataType) -> str:
    import polars as pl

    if isinstance(kind, pl.Decimal):
        return f"decimal({kind.precision}, {kind.scale})"
    return {pl.String(): "string", pl.Int64(): "bigint", pl.Boolean(): "boolean"}.get(kind, "timestamp")


@contextlib.contextmanager
def _databases(spark: Any) -> Iterator[None]:
    """The schemas that the files name. Raises UsageError where a shared catalogue has one: it is somebody else's."""
    there = [schema for schema in SCHEMAS if spark.catalog.databaseExists(schema)]
    if there:
        raise UsageError(
            f"This Spark already has a database '{there[0]}'; nothing was touched.",
            hint="use a catalogue without raw, model and metric",
        )
    made = []
    try:
        for schema in SCHEMAS:
            spark.sql(f"create database {schema}")
            made.append(schema)
        yield
    finally:
        for schema in made:
            spark.sql(f"drop database if exists {schema} cascade")


@contextlib.contextmanager
def _told(file: Statement) -> Iterator[None]:
    """Spark's first line where it speaks of the text; the name of the error alone where it may quote a row."""
    from pyspark.errors import AnalysisException, ParseException, PySparkException

    try:
        yield
    except PySparkException as error:
        of_text = isinstance(error, AnalysisException | ParseException)
        lines = str(error).strip().splitlines() or [""]
        told = lines[0] if of_text else (error.getCondition() or type(error).__name__)
        raise failed(file, "spark", told) from None
    except Exception as error:  # py4j's own, when the machine that runs Spark goes away
        raise VitalError(f"Spark ended while it ran {file.path.name} ({type(error).__name__}).") from None
