"""How an answer is asked for and written: for people, or in a shape that machines can rely on."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer


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
    from vital_insights.reports import terminal

    typer.echo("\n".join(map(terminal.plain, text.split("\n"))), err=error)
