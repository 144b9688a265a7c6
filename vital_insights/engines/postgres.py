"""The files on Postgres, put into its words by sqlglot: one transaction on a scratch database, rolled back at the end."""

from __future__ import annotations

import contextlib
import importlib.util
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vital_insights.engines.shape import SCHEMAS, Statement, dtype, failed, raw_tables
from vital_insights.errors import UsageError, VitalError

if TYPE_CHECKING:
    import polars as pl
    from pydantic import SecretStr

    from vital_insights.settings import Settings

EXAMPLE = "postgresql://user:password@127.0.0.1:5432/scratch"
_SETTINGS = {
    "TimeZone": "UTC", "DateStyle": "ISO, YMD", "extra_float_digits": "1", "search_path": "pg_catalog",
    "jit": "off",  # compiling a query on some thousand rows costs more than running it
    "client_min_messages": "error",
}  # fmt: skip


def require(settings: Settings) -> None:
    """Raises VitalError where sqlglot is missing, UsageError where no database is set or the source is named."""
    if importlib.util.find_spec("sqlglot") is None:
        raise VitalError("sqlglot is not installed.", hint="pip install 'vital-insights[postgres]'")
    url = _url(settings.engine_url)
    if url is None:
        raise UsageError("No database to compute in is set.", hint=f"export VITAL_ENGINE_URL={EXAMPLE} (an empty one)")
    source = _url(settings.source_url)
    if source is not None and _place(url) == _place(source):
        raise UsageError("VITAL_ENGINE_URL names the source, which is only ever read.", hint="name an empty database")


def _url(secret: SecretStr | None) -> str | None:
    return (
        None if secret is None else re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql://", secret.get_secret_value())
    )


def _place(url: str) -> tuple[object, ...]:
    """Which database of which server, whoever logs in. Raises UsageError without repeating the URL: it may hold a password."""
    import psycopg

    try:
        parts = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.Error:
        raise UsageError("A database URL cannot be read.", hint=f"write it like {EXAMPLE}") from None
    host = {"localhost": "127.0.0.1"}.get(str(parts.get("host")), parts.get("host"))
    return host, str(parts.get("port") or 5432), parts.get("dbname") or parts.get("user")


def compute(
    folder: Path, files: Sequence[Statement], wanted: Collection[str], settings: Settings
) -> dict[str, pl.DataFrame]:
    """The wanted tables. Raises UsageError for a database that is not empty, VitalError for a file that fails."""
    statements = [(file, translated(file)) for file in files]
    raw = raw_tables(files, folder)
    columns = {file.table: file.columns for file in files}
    with _scratch(settings) as connection:
        _refuse_used(connection, raw)
        for schema in SCHEMAS:
            connection.execute(f"create schema {schema}")
        collation = _collation(connection)
        for name, path in raw.items():
            _fill(connection, f"raw.{name}", path, collation)
        for file, statement in statements:
            with _told(file):
                connection.execute(f"create table {file.table} as {statement}")
                connection.execute(f"analyze {file.table}")  # else the planner guesses how large it is
        return {table: _frame(connection, table, columns[table]) for table in wanted}


def translated(file: Statement) -> str:
    """The file's SQL as Postgres says it. Raises VitalError naming the file where sqlglot cannot say it."""
    import sqlglot

    try:
        [statement] = sqlglot.transpile(
            file.sql, read="duckdb", write="postgres", unsupported_level=sqlglot.ErrorLevel.RAISE
        )
    except (sqlglot.errors.SqlglotError, ValueError) as error:
        raise failed(file, "postgres", (str(error).splitlines() or [""])[0]) from None
    return str(statement)


@contextlib.contextmanager
def _scratch(settings: Settings) -> Iterator[Any]:
    """A connection in one transaction that is never committed. Its errors are told by their code: texts may repeat secrets."""
    import psycopg

    try:
        connection = psycopg.connect(
            _url(settings.engine_url) or "", connect_timeout=settings.connect_timeout, prepare_threshold=None
        )
    except (psycopg.Error, UnicodeError, ValueError, OSError) as error:
        code = getattr(error, "sqlstate", None) or type(error).__name__
        raise VitalError(
            f"The Postgres of VITAL_ENGINE_URL cannot be reached ({code}).", hint=f"write it like {EXAMPLE}"
        ) from None
    try:
        pairs = {**_SETTINGS, "statement_timeout": f"{int(settings.statement_timeout * 1000)}"}
        calls = ", ".join(["pg_catalog.set_config(%s, %s, true)"] * len(pairs))
        connection.execute(f"select {calls}", [part for pair in pairs.items() for part in pair])
        yield connection
    except psycopg.Error as error:
        code = error.sqlstate or type(error).__name__
        raise VitalError(f"The Postgres of VITAL_ENGINE_URL failed ({code}); nothing stays there.") from None
    finally:
        with contextlib.suppress(psycopg.Error):
            connection.rollback()
        connection.close()


def _refuse_used(connection: Any, raw: Collection[str]) -> None:
    """Two locks: our schemas are somebody's already, or a table of ours lies elsewhere, as it does in a source."""
    found = connection.execute(
        "select nspname::text from pg_namespace where nspname = any(%s) union all "
        "select n.nspname || '.' || c.relname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        " where c.relname = any(%s) and c.relkind = any('{r,p,v,m,f}')"
        " and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'",
        [list(SCHEMAS), list(raw)],
    ).fetchone()
    if found is not None:
        raise UsageError(
            f"The database of VITAL_ENGINE_URL already holds '{found[0]}'; nothing was touched.",
            hint="name an empty database",
        )


def _collation(connection: Any) -> str:
    """One that sorts by bytes, as the other engines do, and still knows É from é: plain "C" knows ASCII only."""
    known = ["pg_c_utf8", "C.utf8"]  # Postgres 17's own; that of most Linux systems
    found = connection.execute(
        "select collname::text from pg_collation where collname = any(%s) and"
        " collencoding in (-1, (select encoding from pg_database where datname = current_database()))"
        " order by array_position(%s, collname::text) limit 1",
        [known, known],
    ).fetchone()
    if found is None:
        raise VitalError(
            "The Postgres of VITAL_ENGINE_URL sorts text by no known rule.", hint="use Postgres 17 or newer in UTF8"
        )
    return f'text collate "{found[0]}"'


def _fill(connection: Any, table: str, path: Path, text: str) -> None:
    import polars as pl

    frame = pl.read_parquet(path)
    columns = ", ".join(f'"{name}" {_kind(kind, text)}' for name, kind in frame.schema.items())
    connection.execute(f"create table {table} ({columns})")
    with connection.cursor() as cursor, cursor.copy(f"copy {table} from stdin (format csv)") as stream:
        for part in frame.iter_slices(50_000):  # text is quoted, so that '' and NULL stay apart
            stream.write(part.write_csv(include_header=False, quote_style="non_numeric"))
    connection.execute(f"analyze {table}")


def _kind(kind: pl.DataType, text: str) -> str:
    import polars as pl

    if isinstance(kind, pl.Decimal):
        return f"numeric({kind.precision}, {kind.scale})"
    return {pl.String(): text, pl.Int64(): "bigint", pl.Boolean(): "boolean"}.get(kind, "timestamptz")


def _frame(connection: Any, table: str, columns: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    import polars as pl

    cursor = connection.execute(f"select * from {table}")
    names = [column.name for column in cursor.description]
    kinds = {name: dtype(columns[name]["type"]) if name in columns else None for name in names}
    return pl.DataFrame(cursor.fetchall(), schema=kinds, orient="row")


@contextlib.contextmanager
def _told(file: Statement) -> Iterator[None]:
    """Postgres' own sentence where it speaks of the text (class 42); its code alone where it may quote a row."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        code = error.sqlstate or type(error).__name__
        told = error.diag.message_primary if code.startswith("42") else None
        raise failed(file, "postgres", f"{told or 'error'} ({code}).") from None
