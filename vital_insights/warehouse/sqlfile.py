"""A .sql file with its header: what it says of itself, the order such files build in, and the table built from it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator
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

    `show` names the columns that a narrow table for people shows, `order` which rows come first, `scheme` the band scheme
    that the file states.
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
    order: str = ""
    scheme: str = ""

    @property
    def table(self) -> str:
        return f"{self.schema}.{self.name}"


def read(path: Path, schema: str) -> SqlFile:
    """A file and its header. Raises VitalError naming the file for a header that is missing or incomplete."""
    sql = path.read_text(encoding="utf-8")
    text, closed, _ = sql.removeprefix("/*").partition("*/")
    if not sql.startswith("/*") or not closed:
        raise VitalError(f"{path.name}: there is no header between /* and */ on top.")
    try:
        header = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise VitalError(f"{path.name}: the header is not valid TOML: {error}.") from None
    columns, lists = header.get("columns", {}), {key: header.get(key, []) for key in ("grain", "show")}
    lacking = [key for key in ("title", "because") if not isinstance(header.get(key), str)]
    lacking += [f"{key} as a list" for key, told in lists.items() if not isinstance(told, list)]
    lacking += [] if lists["grain"] else ["grain"]
    lacking += ["[columns]"] if schema == "metric" and not columns else []
    lacking += [f"{name}.{key}" for name, about in columns.items() for key in ("type", "meaning") if key not in about]
    if lacking:
        raise VitalError(f"{path.name}: the header lacks {', '.join(lacking)}.")
    grain, show = (tuple(told) for told in lists.values())
    return SqlFile(
        schema, path.stem, path, sql, header["title"], header["because"], grain, columns, show,
        header.get("order", ""), header.get("scheme", ""),
    )  # fmt: skip


def files(schema: str) -> list[SqlFile]:
    """All files of one schema (`model` or `metric`), by name."""
    return [read(path, schema) for path in sorted(FOLDERS[schema].glob("*.sql"))]


def band_scheme() -> str:
    """The name and version of the band scheme, from the one file that states the bands."""
    return next(file.scheme for file in files("metric") if file.scheme)


def fingerprint() -> str:
    """A hash of every definition: two snapshots with the same one were computed by the same SQL."""
    parts = (file.path.read_bytes() for schema in FOLDERS for file in files(schema))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def in_build_order(found: Iterable[SqlFile]) -> list[SqlFile]:
    """The files, each after those it reads. Raises VitalError for files that wait for each other."""
    waiting = {file.table: file for file in found}
    with duckdb.connect() as parser:
        reads = {file.table: _reads(parser, file) & set(waiting) - {file.table} for file in waiting.values()}
    ordered: list[SqlFile] = []
    while waiting:
        ready = [table for table in waiting if not reads[table] & set(waiting)]
        if not ready:
            raise VitalError(f"These SQL files wait for each other: {', '.join(sorted(waiting))}.")
        ordered += [waiting.pop(table) for table in ready]
    return ordered


def _reads(parser: duckdb.DuckDBPyConnection, file: SqlFile) -> set[str]:
    """The tables that the text names. Parsed, never bound: `join … using` cannot be bound while no table is there."""
    [(text,)] = parser.execute("select json_serialize_sql(?)", [file.sql]).fetchall()
    tree = json.loads(text)
    if tree["error"]:
        line = file.sql.encode()[: int(tree.get("position", 0))].count(b"\n") + 1
        raise VitalError(f"{file.path.name} is not valid SQL: {tree['error_message']} LINE {line}")
    if len(tree["statements"]) != 1:
        raise VitalError(f"{file.path.name} holds {len(tree['statements'])} statements; it is one SELECT.")
    return set(_tables(tree["statements"]))


def _tables(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "BASE_TABLE":
            yield f"{node['schema_name']}.{node['table_name']}".lower()
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _tables(each)


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
            raise VitalError(f"{file.path.name} failed: {_told(error)}") from None
        _check_header(connection, file)


def _check_header(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> None:
    built = {name: kind for name, kind, *_ in connection.execute(f"describe {file.table}").fetchall()}
    told = {name: about["type"] for name, about in file.columns.items()}
    if file.columns and list(told.items()) != list(built.items()):
        raise VitalError(f"{file.path.name}: the header does not match the query.\nheader: {told}\nquery:  {built}")
    named = {"grain": file.grain, "show": file.show}
    for key, columns in named.items():
        if not set(columns) <= set(built):
            raise VitalError(f"{file.path.name}: the {key} names other columns.\n{key}: {columns}\nquery: {built}")


_BEFORE_ROWS = (duckdb.ParserException, duckdb.SyntaxException, duckdb.BinderException, duckdb.CatalogException)


def _told(error: duckdb.Error) -> str:
    """The message and its line. An error that comes while rows are read may quote one, so only its kind is told."""
    lines = str(error).splitlines()
    at = next((line.split(":", 1)[0] for line in lines if line.startswith("LINE ")), "")
    return f"{lines[0] if isinstance(error, _BEFORE_ROWS) else type(error).__name__} {at}".strip()
