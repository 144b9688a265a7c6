"""A .sql file with its header: what it says of itself, the order such files build in, and the table built from it."""

from __future__ import annotations

import functools
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from vital_insights.errors import UsageError, VitalError, nearest

PACKAGE = Path(__file__).parent.parent
FOLDERS = {"model": PACKAGE / "model", "metric": PACKAGE / "metrics", "audit": PACKAGE / "audit"}
RULE_KEYS = {"title", "because", "severity", "grain", "of", "needs", "columns"}


@dataclass(frozen=True)
class SqlFile:
    """One statement and its header. `columns` maps a column to type, unit, meaning and null_means; models may leave it out.

    `show` names the columns that a narrow table for people shows, `order` which rows come first. A rule (schema `audit`)
    gives the rows that break it: `severity` says how bad one is, `of` among which rows it looked ("model.jobs where
    is_live"), `needs` the source's tables and columns without which it says nothing.
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
    severity: str = ""
    of: str = ""
    needs: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return f"{self.schema}.{self.name}"


def read(path: Path, schema: str) -> SqlFile:
    """A file and its header. Raises VitalError naming the file for a header that is missing or incomplete."""
    try:
        sql = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise VitalError(f"{path.name} cannot be read ({type(error).__name__}).") from None
    return parse(path, schema, sql)


def parse(path: Path, schema: str, sql: str) -> SqlFile:
    """The same of a text; `path` names it."""
    text, closed, _ = sql.removeprefix("/*").partition("*/")
    if not sql.startswith("/*") or not closed:
        raise VitalError(f"{path.name}: there is no header between /* and */ on top.")
    try:
        header = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise VitalError(f"{path.name}: the header is not valid TOML: {error}.") from None
    if schema == "audit":
        _check_rule(path, header)
    columns, lists = header.get("columns", {}), {key: header.get(key, []) for key in ("grain", "show", "needs")}
    texts = ("title", "because", *(["severity"] if schema == "audit" else []))
    lacking = [key for key in texts if not isinstance(header.get(key), str)]
    lacking += [f"{key} as a list" for key, told in lists.items() if not isinstance(told, list)]
    lacking += [] if lists["grain"] else ["grain"]
    lacking += ["[columns]"] if schema == "metric" and not columns else []
    lacking += [f"{name}.{key}" for name, about in columns.items() for key in ("type", "meaning") if key not in about]
    if lacking:
        raise VitalError(f"{path.name}: the header lacks {', '.join(lacking)}.")
    grain, show, needs = (tuple(told) for told in lists.values())
    return SqlFile(
        schema, path.stem, path, sql, header["title"], header["because"], grain, columns, show,
        header.get("order", ""), header.get("severity", ""), header.get("of", ""), needs,
    )  # fmt: skip


def _check_rule(path: Path, header: dict[str, Any]) -> None:
    """A rule may be an analyst's first file: a misspelt key would be one that is passed over, a name that is no word breaks the build."""
    if not re.fullmatch("[a-z][a-z0-9_]*", path.stem):
        raise VitalError(f"{path.name}: a rule is called by small letters, digits and underscores.")
    for key in header:
        if key not in RULE_KEYS:
            raise VitalError(f"{path.name}: the header has an unknown key '{key}'.", hint=nearest(key, RULE_KEYS))
    of = header.get("of", "")
    if not isinstance(of, str) or not re.fullmatch(r"(\w+\.\w+( where [^;]+)?)?", of):
        raise VitalError(f'{path.name}: "of" names one table with its schema, such as "model.jobs where is_live".')


def files(schema: str, *more: Path) -> list[SqlFile]:
    """All files of one schema (`model`, `metric` or `audit`), by name; those of `more` folders come after ours."""
    return [read(path, schema) for folder in (FOLDERS[schema], *more) for path in sorted(folder.glob("*.sql"))]


def definitions() -> list[SqlFile]:
    """All models and metrics: what a number is. Rules are none of them: they only judge."""
    return [*files("model"), *files("metric")]


def own_metrics(folder: Path | None) -> list[SqlFile]:
    """An analyst's own metrics: a file each in the folder that the setting `metrics` names.

    Raises VitalError naming the file for one that is broken, or that bears the name of one of ours.
    """
    found = [read(path, "metric") for path in sorted(folder.glob("*.sql"))] if folder else []
    if folder and not found:
        raise VitalError(f"There is no *.sql metric in {folder}.")
    for file in found:
        if not re.fullmatch("[a-z][a-z0-9_]*", file.name):
            raise VitalError(f"{file.path.name}: a metric is called by small letters, digits and underscores.")
        if find("metric", file.name):
            raise VitalError(
                f"{file.path}: there is a metric '{file.name}' already.", hint="give the file another name"
            )
    return found


def find(schema: str, name: str) -> SqlFile | None:
    """The one file of that name, or None. The name is only compared: it never becomes a path."""
    path = next((path for path in FOLDERS[schema].glob("*.sql") if path.stem == name), None)
    return _read(path, schema, path.stat().st_mtime_ns) if path else None


@functools.cache
def _read(path: Path, schema: str, _changed: int) -> SqlFile:
    """Parsing a header costs 2 ms of the 10 that reading a metric may take."""
    return read(path, schema)


def metric(name: str, own: Iterable[SqlFile] = ()) -> SqlFile:
    """The file of a metric, ours or one of `own`. Raises UsageError with the nearest names where there is none."""
    others = {file.name: file for file in own}
    found = find("metric", name) or others.get(name)
    if found is None:
        known = [*(path.stem for path in FOLDERS["metric"].glob("*.sql")), *others]
        raise UsageError(f"There is no metric '{name[:80]}'.", hint=nearest(name[:80], known))
    return found


def fingerprint() -> str:
    """A hash of the definitions: two snapshots with the same one were computed by the same SQL."""
    parts = (file.path.read_bytes() for file in definitions())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def in_build_order(found: Iterable[SqlFile], only: str | None = None) -> list[SqlFile]:
    """The files, each after those it reads; of `only` one table, just those it needs and itself.

    Raises VitalError for files that wait for each other.
    """
    known = {file.table: file for file in found}
    wanted = [*known] if only is None else [only]
    reads: dict[str, frozenset[str]] = {}
    for table in wanted:  # it grows while it is walked
        reads[table] = _reads(known[table]) & set(known) - {table}
        wanted += sorted(reads[table] - set(wanted))
    waiting = {table: file for table, file in known.items() if table in reads}
    ordered: list[SqlFile] = []
    while waiting:
        ready = [table for table in waiting if not reads[table] & set(waiting)]
        if not ready:
            raise VitalError(f"These SQL files wait for each other: {', '.join(sorted(waiting))}.")
        ordered += [waiting.pop(table) for table in ready]
    return ordered


def depending(found: Iterable[SqlFile], changed: Iterable[str]) -> list[SqlFile]:
    """The files that read any of these tables, themselves or through others, each after those it reads."""
    reached, files = set(changed), []
    for file in in_build_order(found):
        if _reads(file) & reached:
            reached.add(file.table)
            files.append(file)
    return files


def read_by(found: Iterable[SqlFile]) -> set[str]:
    """All tables that any of these files reads."""
    return set().union(*map(_reads, found))


def _reads(file: SqlFile) -> frozenset[str]:
    """The tables that the text names. Parsed, never bound: `join … using` cannot be bound while no table is there."""
    return _named(file.path.name, file.sql)


@functools.lru_cache(maxsize=512)
def _named(name: str, sql: str) -> frozenset[str]:
    """Parsing all definitions takes a quarter of a second, and a comparison orders them four times."""
    with duckdb.connect() as parser:
        [(text,)] = parser.execute("select json_serialize_sql(?)", [sql]).fetchall()
    tree = json.loads(text)
    if tree["error"]:
        line = sql.encode()[: int(tree.get("position", 0))].count(b"\n") + 1
        raise VitalError(f"{name} is not valid SQL: {tree['error_message']} LINE {line}")
    if len(tree["statements"]) != 1:
        raise VitalError(f"{name} holds {len(tree['statements'])} statements; it is one SELECT.")
    return frozenset(_tables(tree["statements"]))


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


def count(connection: duckdb.DuckDBPyConnection, rule: SqlFile) -> int:
    """How many rows the rule looked at. Raises VitalError naming the file for an `of` that is no such table."""
    try:
        [(n,)] = connection.execute(f"select count(*) from {rule.of}").fetchall()
    except (duckdb.IOException, duckdb.OutOfMemoryException):
        raise
    except duckdb.Error as error:
        raise VitalError(f'{rule.path.name}: "of" failed: {_told(error)}') from None
    return int(n)


def _check_header(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> None:
    built = {name: kind for name, kind, *_ in connection.execute(f"describe {file.table}").fetchall()}
    told = {name: about["type"] for name, about in file.columns.items()}
    if file.columns and list(told.items()) != list(built.items()):
        raise VitalError(f"{file.path.name}: the header does not match the query.\n{_differences(told, built)}")
    # A part that begins with no column would be left out when the rows are read.
    order = tuple(" ".join(part.split()[:1]) for part in file.order.split(",")) if file.order else ()
    named = {"grain": file.grain, "show": file.show, "order": order}
    for key, columns in named.items():
        if not set(columns) <= set(built):
            raise VitalError(f"{file.path.name}: the {key} names other columns.\n{key}: {columns}\nquery: {built}")


def _differences(told: dict[str, str], built: dict[str, str]) -> str:
    """Only the columns that differ, as the header and as the query have them; where none does, the two orders."""
    differing = [name for name in {**told, **built} if told.get(name) != built.get(name)]
    if differing:
        sides = (f"  {name}: header {told.get(name, '–')}, query {built.get(name, '–')}" for name in differing)
        return "\n".join(sides)
    first = next(n for n, (a, b) in enumerate(zip(told, built, strict=True)) if a != b)
    return f"  the order from column {first + 1} on: header {', '.join([*told][first:])}; query {', '.join([*built][first:])}"


_BEFORE_ROWS = (duckdb.ParserException, duckdb.SyntaxException, duckdb.BinderException, duckdb.CatalogException)


def _told(error: duckdb.Error) -> str:
    """The message and its line. An error that comes while rows are read may quote one, so only its kind is told."""
    lines = str(error).splitlines()
    at = next((line.split(":", 1)[0] for line in lines if line.startswith("LINE ")), "")
    return f"{lines[0] if isinstance(error, _BEFORE_ROWS) else type(error).__name__} {at}".strip()
