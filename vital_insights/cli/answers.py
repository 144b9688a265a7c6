"""How an answer is asked for and written: for people, or in a shape that machines can rely on."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from vital_insights.errors import UsageError, VitalError


class Shape(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"


class Wide(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    json = "json"


class Engine(StrEnum):
    """What computes a metric (vital_insights.engines)."""

    duckdb = "duckdb"
    spark = "spark"
    postgres = "postgres"


class Catalogue(StrEnum):
    """How the metrics are written."""

    table = "table"
    json = "json"
    markdown = "markdown"


class Files(StrEnum):
    """What an export is made of."""

    xlsx = "xlsx"
    parquet = "parquet"
    csv = "csv"


class Report(StrEnum):
    """How a verdict is written."""

    table = "table"
    json = "json"
    junit = "junit"
    github = "github"


Grave = Literal["critical", "warning", "info"]
TenantName = Annotated[str, typer.Argument(metavar="TENANT", help="The tenant's slug or its UUID.")]
Conditions = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="COLUMN=VALUE",
        help="Keep these rows; repeat for more; 'column=' keeps unknowns. Rows of jobs also by function=CODE, role=, country= …",
    ),
]
Format = Annotated[Shape, typer.Option("--format", help="A table for people, or JSON.")]


def table(rows: list[dict[str, Any]]) -> None:
    """Print rows for people."""
    from vital_insights.reports import terminal

    terminal.table(rows)


def json(told: Any) -> None:
    """Print something for machines; decimals as numbers, instants as ISO 8601."""
    from vital_insights.reports import tables

    typer.echo(tables.dumped(told))


def say(text: str, *, error: bool = False) -> None:
    """Print a line, or several; names come from the source, so what a terminal would obey is taken out."""
    typer.echo(plain([text]), err=error)


def plain(texts: Iterable[str]) -> str:
    """The texts as lines, without what a terminal would obey."""
    from vital_insights.reports import terminal

    return "\n".join(terminal.plain(line) for text in texts for line in text.split("\n"))


def conditions(pairs: list[str] | None) -> dict[str, list[str | None]]:
    """What `--where` asks for, by column. Raises UsageError for what is no condition."""
    wanted: dict[str, list[str | None]] = {}
    for pair in pairs or []:
        column, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"'{pair[:80]}' is not a condition.", hint="write --where band=HIGH")
        wanted.setdefault(column, []).append(value or None)
    return wanted


@contextlib.contextmanager
def into(path: Path | None) -> Iterator[Callable[[str | bytes], None]]:
    """What writes one answer: to standard output, or into a file, which is then there whole or stays as it was.

    Raises UsageError at once, before any work, for a file that could not be written.
    """
    if path is None:
        yield lambda told: typer.echo(told, nl=isinstance(told, str) and not told.endswith("\n"))
        return
    # Through a link to what it names; a device or a pipe would be replaced by a file, which nobody wants.
    target = Path(os.path.realpath(path))
    if target.exists() and not (target.is_file() and os.access(target, os.W_OK)):
        raise UsageError(f"{path} cannot be written.", hint="-o takes the name of a file")
    with _spare(path, target) as spare:

        def write(told: str | bytes) -> None:
            whole = told if isinstance(told, bytes) else told.encode() if told.endswith("\n") else f"{told}\n".encode()
            with _said(path):
                (spare / target.name).write_bytes(whole)
                (spare / target.name).replace(target)

        yield write


@contextlib.contextmanager
def into_folder(path: Path) -> Iterator[Path]:
    """A folder to write into; it becomes `path` at the end, and where anything goes wrong nothing is left of it.

    Raises UsageError at once, before any work, for a folder that could not be made, or that holds something.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not (target.is_dir() and os.access(target, os.R_OK) and not any(target.iterdir())):
        raise UsageError(f"{path} is there already.", hint="remove it, or name a folder that is not there yet")
    with _spare(path, target) as spare, _said(path):
        made = spare / target.name
        made.mkdir()
        yield made
        made.replace(target)


@contextlib.contextmanager
def _spare(path: Path, target: Path) -> Iterator[Path]:
    """An empty folder beside the target, on the same disk, gone at the end; UsageError where there can be none."""
    spare = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.tmp")
    try:
        spare.mkdir()
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        yield spare
    finally:
        shutil.rmtree(spare, ignore_errors=True)


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except VitalError:
        raise
    except OSError as error:
        raise VitalError(f"{path} could not be written: {error.strerror or 'the disk failed'}.") from None
