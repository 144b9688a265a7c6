"""A stream of CSV into a typed raw table. What does not fit its type goes to raw.rejects, counted; a stray row stops it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import duckdb

from vital_insights.errors import WarehouseError

TYPES = {
    "uuid": "UUID", "text": "VARCHAR", "decimal": "DECIMAL(18,6)", "boolean": "BOOLEAN", "instant": "TIMESTAMPTZ", "count": "BIGINT",
}  # fmt: skip

# A cast that changes a value is a reject. DuckDB would round 8.12345678, and 1.5 into a count, and cut nanoseconds,
# all without a word, so the text is looked at. Instants beyond the years 1 to 9999 cast, and no reader in Python could hold them.
_FITS = {
    "decimal": r"regexp_full_match({0}, '\s*[+-]?[0-9]{{1,12}}([.][0-9]{{0,6}}0*)?\s*') and try_cast({0} as DECIMAL(18,6)) is not null",
    "instant": r"coalesce(try_cast({0} as TIMESTAMPTZ) >= TIMESTAMPTZ '0001-01-01 00:00:00+00'"
    r" and try_cast({0} as TIMESTAMPTZ) < TIMESTAMPTZ '10000-01-01 00:00:00+00', false)"
    r" and not regexp_matches({0}, '[.][0-9]{{6}}[0-9]*[1-9]')",
    "uuid": "try_cast({0} as UUID) is not null",
    "boolean": "try_cast({0} as BOOLEAN) is not null",
    "count": r"regexp_full_match({0}, '\s*[+-]?[0-9]+([.]0*)?\s*') and try_cast({0} as BIGINT) is not null",
}


# DuckDB reads a pipe a whole buffer ahead, and sizes the buffer by the longest line it must expect: at its default for
# 64 MB lines it swallows a table of a gigabyte before it parses the first row. Short lines keep both sides at work.
LINE = 2 << 20


class Column(Protocol):
    """A column on its way (source.copy.Carried)."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def as_text(self) -> bool: ...
    @property
    def present(self) -> bool: ...


class Stream(Protocol):
    """A table on its way (source.copy.Extract): the two rooms agree on this shape and know nothing else of each other."""

    @property
    def table(self) -> str: ...
    @property
    def columns(self) -> tuple[Any, ...]: ...
    @property
    def key(self) -> tuple[str, ...]: ...
    @property
    def owner(self) -> str | None: ...
    @property
    def rows(self) -> int: ...
    @property
    def values(self) -> Any: ...
    @property
    def nulled(self) -> Any: ...
    @property
    def batches(self) -> Iterator[list[bytes]]: ...
    @property
    def area(self) -> str: ...
    @property
    def how(self) -> str: ...


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what every load writes to beside its own table."""
    connection.execute(
        "set TimeZone = 'UTC'"
    )  # else a time without a zone would mean another instant on another machine
    connection.execute("create schema raw")
    connection.execute(
        'create table raw.rejects (table_name VARCHAR, row_key VARCHAR, column_name VARCHAR, "text" VARCHAR)'
    )
    connection.execute(
        "create table raw.counts (table_name VARCHAR, column_name VARCHAR, in_source BIGINT, loaded BIGINT, rejected BIGINT, nulled BIGINT)"
    )
    connection.execute(
        "create table raw.inventory (table_name VARCHAR, area VARCHAR, how VARCHAR, is_present BOOLEAN, n_rows BIGINT, "
        "newest_change TIMESTAMPTZ)"
    )
    connection.execute(
        "create table raw.findings (kind VARCHAR, table_name VARCHAR, column_name VARCHAR, n BIGINT, detail VARCHAR)"
    )


def load(
    connection: duckdb.DuckDBPyConnection, stream: Stream, tenant: UUID, *,
    null_tenant: bool = False, on_rows: Callable[[int], None] = lambda _: None,
) -> int:  # fmt: skip
    """Load one table and return its row count. Raises WarehouseError when a row strays or a count does not add up."""
    table = f"raw.{_quoted(stream.table)}"
    connection.execute(_create(stream, table, tenant, null_tenant))
    present = [column for column in stream.columns if column.present]
    if not present:
        _note(connection, stream, table, present)
        return 0
    long: list[bytes] = []
    _pour(connection, table, present, _short(stream.batches, long, on_rows), LINE)
    if long:
        _pour(connection, table, present, iter([long]), max(map(len, long)) + 1)
    for column in present:
        if column.as_text and column.kind != "text":
            _convert(connection, stream, table, column)
    _reconcile(connection, stream, table, present)
    _note(connection, stream, table, present)
    return stream.rows


def _create(stream: Stream, table: str, tenant: UUID, null_tenant: bool) -> str:
    """Lock 3: a row of another tenant, or of none where none is declared, stops the load."""
    lines = []
    for column in stream.columns:
        line = f"{_quoted(column.name)} {'VARCHAR' if column.as_text and column.name != stream.owner else TYPES[column.kind]}"
        if column.name == stream.owner:
            line += ("" if null_tenant else " not null") + f" check ({_quoted(column.name)} = '{tenant}')"
        lines.append(line)
    return f"create table {table} ({', '.join(lines)}, is_shared BOOLEAN not null)"


def _short(batches: Iterator[list[bytes]], long: list[bytes], on_rows: Callable[[int], None]) -> Iterator[list[bytes]]:
    """The batches without the rows that are too long for the buffer; those are kept in `long` and loaded afterwards."""
    done = 0
    for batch in batches:
        done += len(batch)
        on_rows(done)
        if batch and max(map(len, batch)) >= LINE:
            long += [row for row in batch if len(row) >= LINE]
            yield [row for row in batch if len(row) < LINE]
        else:
            yield batch


def _insert(table: str, present: list[Any], pipe: Path, line: int) -> str:
    types = ["VARCHAR" if c.as_text else TYPES[c.kind] for c in present] + ["BOOLEAN"]
    shape = ", ".join(f"'c{i}': '{kind}'" for i, kind in enumerate(types))
    names = ", ".join([_quoted(c.name) for c in present] + ["is_shared"])
    source = ", ".join(f"c{i}" for i in range(len(types)))
    return (
        f"insert into {table} ({names}) select {source} from read_csv('{pipe}', header=false, delim=',', quote='\"', "
        f"escape='\"', nullstr='', allow_quoted_nulls=false, auto_detect=false, new_line='\\n', "
        f"max_line_size={line}, buffer_size={4 * line}, "
        f"columns={{{shape}}})"
    )


def _pour(
    connection: duckdb.DuckDBPyConnection, table: str, present: list[Any], batches: Iterator[list[bytes]], line: int
) -> None:
    """DuckDB reads a pipe in a thread of its own while this one fills it; the first error on either side wins."""
    failed: list[BaseException] = []
    with tempfile.TemporaryDirectory(prefix="vital-") as folder:  # 0700; a FIFO holds no data on disk
        pipe = Path(folder) / "csv"
        os.mkfifo(pipe, 0o600)

        def read() -> None:
            try:
                connection.execute(_insert(table, present, pipe, line))
            except BaseException as error:
                failed.append(error)

        reader = threading.Thread(target=read, name="load")
        reader.start()
        try:
            with _opened(pipe, reader) as end:
                for batch in batches if end is not None else ():
                    end.write(b"".join(batch))
        except BrokenPipeError:
            pass  # the reader stopped first; its own error is told below
        finally:
            reader.join()
    if failed:
        raise WarehouseError(_told(failed[0])) from None


@contextlib.contextmanager
def _opened(pipe: Path, reader: threading.Thread) -> Iterator[Any]:
    """The writing end, once the reader has opened its own; None if the reader died before it did."""
    while True:
        try:
            handle = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if not reader.is_alive():
                yield None
                return
            reader.join(0.001)
            continue
        os.set_blocking(handle, True)
        if hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux: a wider pipe spares thousands of switches between the two sides
            with contextlib.suppress(OSError):
                fcntl.fcntl(handle, fcntl.F_SETPIPE_SZ, 1 << 20)
        with os.fdopen(handle, "wb") as end:
            yield end
        return


def _told(error: BaseException) -> str:
    """DuckDB's own text may quote a row, so only its kind is told."""
    if isinstance(error, duckdb.ConstraintException):
        return "A row of another tenant reached the load, which stops here; nothing was published."
    if isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
        return "The warehouse cannot be written: the disk is full or failing. Nothing was published."
    return f"The load failed ({type(error).__name__}); nothing was published."


def _convert(connection: duckdb.DuckDBPyConnection, stream: Stream, table: str, column: Any) -> None:
    name = _quoted(column.name)
    fits = _FITS[column.kind].format(name)
    key = " || '|' || ".join(f"coalesce({_quoted(k)}::VARCHAR, '')" for k in stream.key)
    connection.execute(
        f"insert into raw.rejects select ?, {key}, ?, {name} from {table} where {name} is not null and not ({fits})",
        [stream.table, column.name],
    )
    if column.name != stream.owner:
        connection.execute(
            f"alter table {table} alter {name} type {TYPES[column.kind]} "
            f"using case when {fits} then cast({name} as {TYPES[column.kind]}) end"
        )


def _reconcile(connection: duckdb.DuckDBPyConnection, stream: Stream, table: str, present: list[Any]) -> None:
    """Rows in scope = rows loaded; values in the source = values loaded + rejected + keys set to NULL on purpose."""
    names = [column.name for column in present]
    counts = connection.execute(
        f"select count(*), {', '.join(f'count({_quoted(n)})' for n in names)} from {table}"
    ).fetchone()
    rejected = dict(
        connection.execute(
            "select column_name, count(*) from raw.rejects where table_name = ? group by 1", [stream.table]
        ).fetchall()
    )
    rows = [(stream.table, None, stream.rows, counts[0], 0, 0)] if counts else []
    for name, loaded in zip(names, (counts or ())[1:], strict=True):
        rows.append(
            (stream.table, name, stream.values[name], loaded, rejected.get(name, 0), stream.nulled.get(name, 0))
        )
    for _, name, in_source, loaded, refused, nulled in rows:
        if in_source != loaded + refused + nulled:
            what = f"{stream.table}.{name}" if name else stream.table
            raise WarehouseError(
                f"{what}: the source counted {in_source}, {loaded + refused + nulled} arrived. Nothing was published."
            )
    # One statement: executemany takes a millisecond a row, and every refresh has hundreds.
    places = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(rows))
    connection.execute(f"insert into raw.counts values {places}", [value for row in rows for value in row])


def _note(connection: duckdb.DuckDBPyConnection, stream: Stream, table: str, present: list[Any]) -> None:
    """One line about the table as a whole: how many rows stand behind it, and when one of them last changed."""
    instants = [c.name for c in present if c.name in ("updated_at", "created_at", "day")]
    newest = f"max(coalesce({', '.join(sorted(instants, reverse=True))}))" if instants else "cast(null as TIMESTAMPTZ)"
    n_rows = "coalesce(cast(sum(n) as BIGINT), 0)" if stream.how == "counts" else "count(*)"
    told = f"true, {n_rows}, {newest} from {table}" if present else "false, null, null"
    connection.execute(f"insert into raw.inventory select ?, ?, ?, {told}", [stream.table, stream.area, stream.how])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
