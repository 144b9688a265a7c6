"""The demo database: made through the contract's own tables, filled by COPY, recognised again, read through its own role."""

from __future__ import annotations

import hashlib
import secrets
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vital_insights.errors import SourceError, UsageError

if TYPE_CHECKING:
    import psycopg

SCHEMA = "public"
MARKER = "vital_demo.made"  # a table of one row: what we made, from which wording and code, at which scale
MADE_BY_US = "made by the demo of vital-insights"
TABLES_THERE = """
    select n.nspname || '.' || c.relname
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
      and n.nspname not like 'pg\\_toast%' and n.nspname not like 'pg\\_temp%'
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    order by 1
"""


def ensure_database(server_url: str, name: str = "vital_demo") -> str:
    """The URL of the database `name` on that server, made if it is not there."""
    with _connect(server_url, autocommit=True) as connection:
        if connection.execute("select from pg_database where datname = %s", [name]).fetchone() is None:
            connection.execute(f'CREATE DATABASE "{name}"')
    return with_parts(server_url, database=name)


def is_ours(connection_url: str) -> bool:
    """Whether every table of that database is one that `fill` made; an empty database is nobody's."""
    with _connect(connection_url) as connection:
        there, made = _there(connection), _made(connection)
        return bool(made) and there <= made


def fill(connection_url: str, scale: int = 1) -> bool:
    """Make and fill the sample tenants' tables; True if anything was done, False if they were there already.

    `scale` multiplies jobs and what hangs on them. Raises UsageError for a database that holds any other table.
    """
    from psycopg import sql

    if scale < 1:
        raise UsageError(f"A scale of {scale} makes no sense: it is a whole number from 1.")
    with _connect(connection_url) as connection:
        _lock(connection)
        there, made = _there(connection), _made(connection)
        _refuse(sorted(there - made))
        if made == there and _state(connection) == (_fingerprint(), scale):
            return False
        for name in sorted(made & there):
            connection.execute(sql.SQL("drop table {}").format(sql.Identifier(*name.split(".", 1))))
        _create(connection)
        _copy(connection, scale)
        _mark(connection, scale)
    with _connect(connection_url, autocommit=True) as connection:
        connection.execute("analyze")
    return True


def create_reader(connection_url: str) -> str:
    """The URL of the documented least-privilege role of that demo database, with a password made anew.

    The role is called like the database; one of that name that we did not make is refused with UsageError.
    """
    import psycopg
    from psycopg import sql

    from vital_insights.source.grants import reader_sql

    password = secrets.token_urlsafe(18)
    with _connect(connection_url) as connection:
        _lock(connection)
        role = f"{connection.info.dbname[:56]}_reader"
        row = connection.execute(
            "select shobj_description(oid, 'pg_authid') from pg_roles where rolname = %s", [role]
        ).fetchone()
        if row is not None and row[0] != MADE_BY_US:
            raise UsageError(f"This server already has a role {role} that the demo did not make; it was not touched.")
        who = sql.Identifier(role)
        wanted = reader_sql(role, SCHEMA)
        try:
            if row is not None:  # one that an earlier version made may read more
                connection.execute(
                    sql.SQL("revoke all on all tables in schema {} from {}").format(sql.Identifier(SCHEMA), who)
                )
            for statement in wanted if row is None else wanted[1:]:
                connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            raise SourceError(
                f"This login may not make the reading role {role}.",
                hint="the demo's login needs to be a superuser of its server",
            ) from None
        connection.execute(sql.SQL("alter role {} password {}").format(who, sql.Literal(password)))
        connection.execute(sql.SQL("comment on role {} is {}").format(who, sql.Literal(MADE_BY_US)))
    return with_parts(connection_url, user=role, password=password)


def with_parts(url: str, *, database: str | None = None, user: str | None = None, password: str | None = None) -> str:
    """The same URL with another database, or another login."""
    from sqlalchemy.engine import make_url

    parts = make_url(url)
    if database:
        parts = parts.set(database=database)
    if user:
        parts = parts.set(username=user, password=password)
    return parts.render_as_string(hide_password=False)


def _connect(url: str, *, autocommit: bool = False) -> psycopg.Connection[Any]:
    import psycopg

    try:
        return psycopg.connect(url, autocommit=autocommit, connect_timeout=10, prepare_threshold=None)
    except psycopg.Error:  # its text may hold the password
        raise SourceError("The demo's database does not answer.", hint="look at VITAL_DEMO_URL, or unset it") from None


def _lock(connection: psycopg.Connection[Any]) -> None:
    """Two demos at once: one works, the other waits and finds it done."""
    connection.execute("select pg_advisory_xact_lock(hashtext(%s))", [MARKER])


def _refuse(foreign: list[str]) -> None:
    if foreign:
        shown = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        raise UsageError(
            f"This database holds tables that the demo did not make ({shown}); it was not touched.",
            hint="name an empty database in VITAL_DEMO_URL",
        )


def _state(connection: psycopg.Connection[Any]) -> tuple[Any, ...] | None:
    """Fingerprint and scale of what is there; None where nothing is."""
    if not _made(connection):
        return None
    return connection.execute("select fingerprint, scale from vital_demo.made").fetchone()


def _there(connection: psycopg.Connection[Any]) -> set[str]:
    return {row[0] for row in connection.execute(TABLES_THERE)}


def _made(connection: psycopg.Connection[Any]) -> set[str]:
    """The tables that the marker says are ours; none where there is no marker."""
    if connection.execute("select to_regclass(%s)", [MARKER]).fetchone() == (None,):
        return set()
    row = connection.execute("select tables from vital_demo.made").fetchone()
    return set(row[0] if row else ()) | {MARKER}


def _definitions() -> list[str]:
    """The contract as SQL: no foreign keys, as in the field; an index on each key, so that planting and reading stay quick."""
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateColumn

    from vital_insights.source.contract import LOOKUPS, TABLES

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    statements = []
    for name, table in (TABLES | LOOKUPS).items():
        columns = [str(CreateColumn(column).compile(dialect=dialect)) for column in table.columns]
        columns = [f"{text} DEFAULT gen_random_uuid() PRIMARY KEY" if text == "id UUID" else text for text in columns]
        statements.append(f"create table {SCHEMA}.{name} ({', '.join(columns)})")
        keys = [column.name for column in table.columns if column.name == "tenant_id" or "to" in column.info]
        statements += [f"create index on {SCHEMA}.{name} ({key})" for key in keys]
    return statements


def _create(connection: psycopg.Connection[Any]) -> None:
    for statement in _definitions():
        connection.execute(statement)


def _copy(connection: psycopg.Connection[Any], scale: int) -> None:
    from vital_insights.demo.tenants import batches
    from vital_insights.source.contract import LOOKUPS, TABLES

    every = TABLES | LOOKUPS
    for batch in batches(scale):
        for name, records in batch.items():
            columns = [column.name for column in every[name].columns]
            with connection.cursor().copy(f"copy {SCHEMA}.{name} ({', '.join(columns)}) from stdin") as stream:
                for record in records:
                    stream.write_row([record.get(column) for column in columns])


def _mark(connection: psycopg.Connection[Any], scale: int) -> None:
    from vital_insights.source.contract import LOOKUPS, TABLES

    connection.execute("create schema if not exists vital_demo")
    connection.execute("create table vital_demo.made (fingerprint text, scale int, tables text[])")
    names = [f"{SCHEMA}.{name}" for name in TABLES | LOOKUPS]
    connection.execute("insert into vital_demo.made values (%s, %s, %s)", [_fingerprint(), scale, names])


def _fingerprint() -> str:
    """Changes with the wording, the code that makes the rows, and the contract: then the tables are made anew."""
    digest = hashlib.sha256("\n".join(_definitions()).encode())
    for path in sorted(Path(str(resources.files("vital_insights.demo"))).rglob("*")):
        if path.suffix in {".py", ".toml"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()
