"""The command `what-if`: what would change if an importance or a satisfaction were another."""

from __future__ import annotations

from typing import Annotated

import typer

from vital_insights.cli import answers
from vital_insights.cli.answers import Format, Shape, TenantName
from vital_insights.errors import UsageError


def what_if(
    tenant: TenantName,
    outcome: Annotated[
        str,
        typer.Argument(
            metavar="OUTCOME", help="Its code (JOB/OUTCOME where it repeats), id or statement; or a scored job's code."
        ),
    ],
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT=VALUE...", help="satisfaction=7, importance=9; 'satisfaction=' makes it unknown."
        ),
    ],
    limit: Annotated[int, typer.Option(min=0, help="At most so many roll-ups in the table.")] = 20,
    format: Format = Shape.table,
) -> None:
    """Show what would change if an outcome's importance or satisfaction were another; nothing is stored."""
    from vital_insights import insights
    from vital_insights.reports import supposed

    wanted = _inputs(inputs)
    with insights.open_tenant(tenant) as opened, opened.what_if({outcome: wanted}) as found:
        if format is Shape.json:
            answers.json(supposed.as_dict(found))
        else:
            supposed.what_if(found, limit)


def _inputs(pairs: list[str]) -> dict[str, str | None]:
    wanted: dict[str, str | None] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name in wanted:
            why = "comes twice" if name in wanted else "sets nothing"
            raise UsageError(f"'{pair[:80]}' {why}.", hint="write satisfaction=7")
        wanted[name] = value or None
    return wanted
