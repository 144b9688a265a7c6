"""A .sql file with its header: what it says of itself, the order such files build in, and the table built from it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from vital_insights.errors import VitalError

PACKAGE = Path(__file__).parent.parent
FOLDERS = {"model": PACKAGE / "model", "metric": PACKAGE / "metrics"}


@dataclass(frozen=True)
class SqlFile:
    """One statement and its header. `columns` maps a column to type, unit, meaning and null_means; models may leave it out.

    `show` names the columns that a narrow table for people shows.
    """

    schema: str
    name: str
    path: Path
    sql: str
    title: str
    because: str
    grain: tuple[str, ...]
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    show: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return f"{self.schema}.{self.name}"


def read(path: Path, schema: str) -> SqlFile:
    """A file and its header. Raises VitalError naming the file for a header that is missing or incomplete."""
    sql = path.read_text(encoding="utf-8")
    try:
        if not sql.startswith("/*"):
            raise KeyError("a header between /* and */ on top")
        header = tomllib.loads(sql[2 : sql.index("*/")])
        return SqlFile(
            schema,
            path.stem,
            path,
            sql,
            header["title"],
            header["because"],
            tuple(header["grain"]),
            header.get("columns", {}),
            tuple(header.get("show", ())),
        )
    except (KeyError, ValueError) as error:
        raise VitalError(f"{path.name}: the header lacks {error}.") from None


def files(schema: str) -> list[SqlFile]:
    """All files of one schema (`model` or `metric`), by name."""
    return [read(path, schema) for path in sorted(FOLDERS[schema].glob("*.sql"))]


def fingerprint() -> str:
    """A hash of every definition: two snapshots with the same one were computed by the same SQL."""
    parts = (file.path.read_bytes() for schema in FOLDERS for file in files(schema))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def in_build_order(found: Iterable[SqlFile]) -> list[SqlFile]:
    """The files, each after those it reads. Raises VitalError for files that wait for each other."""
    waiting = {file.table: file for file in found}
    with duckdb.connect() as empty:  # empty, so that names resolve to nothing and are all told
        reads = {file.table: _reads(empty, file) & set(waiting) - {file.table} for file in waiting.values()}
    ordered: list[SqlFile] = []
    while waiting:
        ready = [table for table in waiting if not reads[table] & set(waiting)]
        if not ready:
            raise VitalError(f"These SQL files wait for each other: {', '.join(sorted(waiting))}.")
        ordered += [waiting.pop(table) for table in ready]
    return ordered


def _reads(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> set[str]:
    try:
        told = connection.get_table_names(file.sql, qualified=True)  # 'model.jobs AS j', 'model."functions"'
        return {name.split(" AS ")[0].replace('"', "") for name in told}
    except duckdb.Error as error:
        raise VitalError(f"{file.path.name} is not valid SQL: {_first_line(error)}") from None


def build(connection: duckdb.DuckDBPyConnection, ordered: Iterable[SqlFile]) -> None:
    """Materialise each file as `schema.name`. Raises VitalError where a file fails or its header tells another table."""
    for schema in FOLDERS:
        connection.execute(f"create schema if not exists {schema}")
    for file in ordered:
        try:
            connection.execute(f"create table {file.table} as {file.sql}")
        except (duckdb.IOException, duckdb.OutOfMemoryException):
            raise
        except duckdb.Error as error:
            raise VitalError(f"{file.path.name} failed: {_first_line(error)}") from None
        _check_header(connection, file)


def _check_header(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> None:
    built = {name: kind for name, kind, *_ in connection.execute(f"describe {file.table}").fetchall()}
    told = {name: about.get("type", built.get(name)) for name, about in file.columns.items()}
    if file.columns and list(told.items()) != list(built.items()):
        raise VitalError(f"{file.path.name}: the header does not match the query.\nheader: {told}\nquery:  {built}")


def _first_line(error: Exception) -> str:
    """The message without the data it may quote, with its line number."""
    lines = str(error).splitlines()
    at = next((line.split(":", 1)[0] for line in lines if line.startswith("LINE ")), "")
    return f"{lines[0]} {at}".strip()
