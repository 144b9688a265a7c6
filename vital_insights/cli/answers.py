"""How an answer is asked for and written: for people, or in a shape that machines can rely on."""

from __future__ import annotations

import contextlib
import os
import secrets
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


class Report(StrEnum):
    """How a verdict is written."""

    table = "table"
    json = "json"
    junit = "junit"
    github = "github"


Grave = Literal["critical", "warning", "info"]
TenantName = Annotated[str, typer.Argument(metavar="TENANT", help="The tenant's slug or its UUID.")]
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


@contextlib.contextmanager
def into(path: Path | None) -> Iterator[Callable[[str], None]]:
    """What writes one answer: to standard output, or into a file, which is then there whole or stays as it was.

    Raises UsageError at once, before any work, for a file that could not be written.
    """
    if path is None:
        yield lambda text: typer.echo(text, nl=not text.endswith("\n"))
        return
    # Through a link to what it names; a device or a pipe would be replaced by a file, which nobody wants.
    target = Path(os.path.realpath(path))
    spare = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    if target.exists() and not (target.is_file() and os.access(target, os.W_OK)):
        raise UsageError(f"{path} cannot be written.", hint="-o takes the name of a file")
    try:
        spare.touch(exist_ok=False)
        spare.unlink()
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None

    def write(text: str) -> None:
        try:
            spare.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
            spare.replace(target)
        except OSError as error:
            spare.unlink(missing_ok=True)
            raise VitalError(f"{path} could not be written: {error.strerror}.") from None

    yield write
