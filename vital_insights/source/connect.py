"""One read-only repeatable-read transaction with bounded waits. Nothing that Postgres says is passed on unread."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql import psycopg as dialect
from sqlalchemy.engine import URL, make_url

from vital_insights.errors import RowsHidden, SourceError, UsageError
from vital_insights.settings import Settings

EXAMPLE = "postgresql://reader:password@db.example.org:5432/vital"
BATCH = 500
LOOK = 0.2  # seconds between two looks of the watchdog: how late it may be
DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]


def parse(url: str) -> URL:
    """The parts of a source URL. Raises UsageError without repeating the URL, which may hold a password."""
    try:
        parts = make_url(url)
    except Exception:
        parts = None
    # A second @, or one behind a ?, is a password without % signs: its tail would be taken for the host, and be shown.
    raw = any(sign in url.rpartition("@")[0] for sign in "@?")
    if raw or parts is None or parts.drivername not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise UsageError(
            "The source URL cannot be read.", hint=f"write it like {EXAMPLE}, with % signs for odd characters"
        )
    return parts


def same_database(one: str, other: str) -> bool:
    """Whether two URLs name one database of one server, whoever logs in. Raises UsageError for one that cannot be read."""
    first, second = (
        (url.host or url.query.get("host"), url.port or 5432, url.database) for url in (parse(one), parse(other))
    )
    return first == second


class Source:
    """An open transaction: `rows()` for small answers, `copy()` for tables. Made by `transaction()`."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]], settings: Settings) -> None:
        self._connection, self._settings = connection, settings
        self._stall, self._statement = settings.stall_timeout, settings.statement_timeout

    @property
    def server_version(self) -> str:
        number = self._connection.info.server_version
        return f"{number // 10000}.{number % 10000}"

    @property
    def user(self) -> str:
        return self._connection.info.user

    def end(self) -> None:
        """Let the source go before long work that no longer needs it."""
        self._connection.close()

    def rows(self, statement: Executable | str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """All rows of a small answer, by column name."""
        sql, bound = (statement, parameters) if isinstance(statement, str) else compiled(statement)
        with _translated(), _Watchdog(self._connection, self._statement):
            _pin(self._connection, self._settings)
            cursor = self._connection.execute(sql, bound)
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """A read that Postgres may refuse: the error still rises, and the transaction goes on as if it had not been tried."""
        with _translated(), self._connection.transaction():
            yield

    def copy(self, statement: Executable, quoted: list[str]) -> Iterator[list[bytes]]:
        """The rows of a SELECT as CSV, in batches; text columns are quoted so that '' and NULL stay apart."""
        sql, bound = compiled(statement)
        force = (
            f", FORCE_QUOTE ({', '.join(DIALECT.identifier_preparer.quote_identifier(q) for q in quoted)})"
            if quoted
            else ""
        )
        command = f"COPY ({sql}) TO STDOUT (FORMAT csv{force})"
        with _translated(), _Watchdog(self._connection, self._statement):
            _pin(self._connection, self._settings)
        # The first byte may take as long as the statement may; after that, silence is a stall.
        with (
            _translated(),
            _Watchdog(self._connection, self._statement) as watchdog,
            self._connection.cursor() as cursor,
            cursor.copy(command, bound) as stream,
        ):
            batch: list[bytes] = []
            watchdog.follow(self._stall, lambda: len(batch))
            for row in stream:  # the protocol sends a row a message
                batch.append(bytes(row))
                if len(batch) == BATCH:
                    with watchdog.asleep():  # the time that the warehouse takes is not Postgres' silence
                        yield batch
                    batch = []
        yield batch


def compiled(statement: Executable) -> tuple[str, dict[str, Any] | None]:
    """The SQL text and bound values of a SQLAlchemy statement, as psycopg takes them; None where nothing is bound."""
    made = statement.compile(dialect=DIALECT)  # type: ignore[attr-defined]
    # SQLAlchemy doubles every % of a name; psycopg takes that back only where it has values to put in.
    return (str(made), dict(made.params)) if made.params else (str(made) % (), None)


@contextlib.contextmanager
def transaction(settings: Settings) -> Iterator[Source]:
    """A Source on one instant of the database, rolled back at the end. Raises SourceError, RowsHidden, UsageError."""
    if settings.source_url is None:
        raise UsageError("No source is set.", hint=f"export VITAL_SOURCE_URL={EXAMPLE}")
    url = parse(settings.source_url.get_secret_value())
    connection = _connect(url, settings.connect_timeout)
    try:
        with _translated(), _Watchdog(connection, settings.connect_timeout):
            # SET LOCAL only: behind a transaction pooler a session setting would leak to the next client.
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            _pin(connection, settings)
        yield Source(connection, settings)
    finally:
        with contextlib.suppress(psycopg.Error):
            connection.close()


def _pin(connection: psycopg.Connection[Any], settings: Settings) -> None:
    """Set the session's settings, before every statement anew: a view may call a function that changes them."""
    pairs = _session(settings)
    calls = ", ".join(["pg_catalog.set_config(%s, %s, true)"] * len(pairs))
    connection.execute(f"SELECT {calls}", [part for pair in pairs.items() for part in pair])


def _session(settings: Settings) -> dict[str, str]:
    lock = min(settings.stall_timeout, settings.statement_timeout)
    return {
        "row_security": "off",  # rows that a policy would hide become an error instead of an empty tenant
        "statement_timeout": f"{int(settings.statement_timeout * 1000)}",
        "lock_timeout": f"{int(lock * 1000)}",
        "idle_in_transaction_session_timeout": "0",  # the load between two tables may take its time
        "search_path": "pg_catalog",
        "client_encoding": "UTF8",  # what DuckDB reads; a LATIN1 database would send LATIN1
        "TimeZone": "UTC",
        "DateStyle": "ISO, YMD",
        "IntervalStyle": "iso_8601",
        "extra_float_digits": "1",
    }


def _connect(url: URL, timeout: int) -> psycopg.Connection[tuple[Any, ...]]:
    query = {key: value for key, value in url.query.items() if isinstance(value, str)}
    if len(query) < len(url.query):  # two hosts, say: taking neither would read from the local socket instead
        raise UsageError("The source URL gives an option twice.", hint=f"write it like {EXAMPLE}")
    parts = {"host": url.host, "port": url.port, "dbname": url.database, "user": url.username, "password": url.password}
    given = {key: str(value) for key, value in parts.items() if value is not None} | query
    port = given.get("port", "5432")
    if not port.replace(",", "").isdecimal():  # what stands there instead may be anything, so it is not repeated
        raise UsageError("The port of the source URL is not a number.", hint=f"write it like {EXAMPLE}")
    where = f"{given.get('host', 'the local socket')}:{port}"
    try:
        info = make_conninfo("", **given)
    except (psycopg.Error, TypeError):
        raise UsageError(
            "The source URL has options that Postgres does not know.", hint=f"write it like {EXAMPLE}"
        ) from None
    try:
        return psycopg.connect(info, connect_timeout=timeout, autocommit=True, prepare_threshold=None)
    except (psycopg.Error, UnicodeError, ValueError, OSError) as error:
        raise _unreachable(error, where) from None


def _unreachable(error: Exception, where: str) -> SourceError:
    """What went wrong, told from the kind of the error only: its text may repeat the password."""
    text = str(error).lower()
    if getattr(error, "sqlstate", None) == "28P01" or "authentication failed" in text or "no password supplied" in text:
        return SourceError(f"Postgres at {where} refused the user or the password.", hint="check VITAL_SOURCE_URL")
    if getattr(error, "sqlstate", None) == "3D000" or "does not exist" in text:
        return SourceError(
            f"Postgres at {where} has no such database or user.", hint="check the end of VITAL_SOURCE_URL"
        )
    if isinstance(error, psycopg.errors.ConnectionTimeout) or "timeout" in text:
        return SourceError(
            f"Postgres at {where} did not answer in time.",
            hint="check host, port and firewall, or raise VITAL_CONNECT_TIMEOUT",
        )
    if (
        "could not translate" in text
        or "resolve" in text
        or "name or service" in text
        or isinstance(error, UnicodeError)
    ):
        return SourceError(f"The host {where.rpartition(':')[0]} is unknown.", hint="check VITAL_SOURCE_URL")
    if "pg_hba" in text or "ssl" in text:
        return SourceError(
            f"Postgres at {where} does not accept this connection.",
            hint="try ?sslmode=require at the end of VITAL_SOURCE_URL",
        )
    return SourceError(
        f"No Postgres can be reached at {where}.", hint="check that the server runs, then try: vital-insights doctor"
    )


class _Watchdog:
    """Shuts the socket when nothing came for so long: a stalled peer would otherwise be waited for without end."""

    def __init__(self, connection: psycopg.Connection[Any], seconds: float) -> None:
        self._fileno = connection.fileno()
        self._seconds = seconds
        self._due = time.monotonic() + seconds
        self._arrived: Callable[[], int] | None = None
        self._seen, self._stall = 0, seconds
        self._awake, self._done = True, threading.Event()
        self.fired = False

    def follow(self, seconds: float, arrived: Callable[[], int]) -> None:
        """From the first arrival on, only so many seconds may pass between two. It looks itself: a call a row is dear."""
        self._stall, self._arrived = seconds, arrived

    @contextlib.contextmanager
    def asleep(self) -> Iterator[None]:
        self._awake = False
        yield
        self._rearm()
        self._awake = True

    def _rearm(self) -> None:
        self._seconds = self._stall
        self._due = time.monotonic() + self._stall

    def __enter__(self) -> _Watchdog:
        threading.Thread(target=self._watch, daemon=True, name="watchdog").start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._done.set()
        if self.fired and isinstance(error, psycopg.Error):
            raise SourceError(
                f"Postgres went silent for {self._seconds:g} seconds; the read was given up and nothing was published.",
                hint="try again, or raise VITAL_STALL_TIMEOUT or VITAL_STATEMENT_TIMEOUT",
            ) from None

    def _watch(self) -> None:
        while not self._done.wait(LOOK):
            if not self._awake:
                continue
            if self._arrived is not None and (now := self._arrived()) != self._seen:
                self._seen = now
                self._rearm()
            if time.monotonic() >= self._due:
                self.fired = True
                with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._fileno)) as line:
                    line.shutdown(socket.SHUT_RDWR)
                return


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn what the server says into our sentences: its own may echo row values."""
    try:
        yield
    except psycopg.errors.InsufficientPrivilege:
        raise RowsHidden(
            "Postgres would hide rows of a table from this role, so nothing was read.",
            hint="vital-insights doctor names the table and the grant to ask for",
        ) from None
    except psycopg.errors.LockNotAvailable:
        raise SourceError(
            "A table stayed locked by someone else; nothing was published.", hint="try again later"
        ) from None
    except psycopg.errors.QueryCanceled:
        raise SourceError(
            "Postgres cancelled a read because it took too long.",
            hint="raise VITAL_STATEMENT_TIMEOUT, or have an index made on the column that names the tenant",
        ) from None
    except UnicodeDecodeError:
        raise SourceError(
            "The source holds text that is not valid UTF-8; nothing was published.",
            hint="the database is SQL_ASCII: have its owner repair the text",
        ) from None
    except psycopg.Error as error:
        code = getattr(error, "sqlstate", None) or type(error).__name__
        raise SourceError(
            f"Postgres failed a read ({code}); nothing was published.", hint="vital-insights doctor"
        ) from None
