"""The command that writes a report for people who will never open a terminal."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vital_insights.cli import answers
from vital_insights.cli.answers import Conditions, TenantName, say
from vital_insights.errors import UsageError

if TYPE_CHECKING:
    from vital_insights.reports.parts import Report


class Pages(StrEnum):
    """What a report is written as."""

    html = "html"
    pdf = "pdf"
    pptx = "pptx"


def report(
    tenant: TenantName,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Write the report there, whole or not at all.")
    ],
    where: Conditions = None,
    format: Annotated[
        Pages | None,
        typer.Option(
            "--format",
            help="One page that works offline, a PDF (needs Chromium), or slides. Unless said, as FILE ends.",
        ),
    ] = None,
    snapshot: Annotated[
        str | None, typer.Option("--snapshot", metavar="ID", help="A certain snapshot instead of the newest.")
    ] = None,
) -> None:
    """Write a report for people: what matters, how sure, who for, what is missing, what changed, and what it rests on.

    --where keeps some outcomes. --where function=MED: by the code or name of a function, department, role, persona, country …

    --where band=HIGH: by a column of the metric opportunity. 'function=' keeps what belongs to none.

    What changed is told against the newest snapshot that is a week older, else against the one before.
    """
    from vital_insights import insights

    kind = _kind(output, format)
    wanted = answers.conditions(where)
    with answers.into(output) as write:
        from vital_insights.reports import basis
        from vital_insights.reports import report as room

        written = _writer(kind)
        with insights.open_tenant(tenant, snapshot_id=snapshot) as opened:
            say(f"Reading {opened.tenant.name}, {opened.snapshot.id}", error=True)
            shown = opened.metric("opportunity", where=wanted)
            if wanted and shown.is_empty():
                raise UsageError(
                    "No outcome fits these conditions.",
                    hint=f"vital-insights show {tenant} opportunity lists what there is",
                )
            told = room.report(opened, shown, basis.in_words(wanted, opened.named(wanted)))
        say(f"Writing {len(told.sections)} chapters about {shown.height:,} outcomes as {kind}", error=True)
        write(written(told))
    say(f"{output}: {output.stat().st_size:,} bytes")


def _kind(path: Path, format: Pages | None) -> Pages:
    """What to write: what was said, else as the file ends. Raises UsageError where the two contradict, or neither says it."""
    ending = path.suffix.lower().removeprefix(".")
    known = [each.value for each in Pages]
    if format is None and ending not in known:
        raise UsageError(
            f"{path} does not say what to write.", hint="-o report.html, report.pdf or report.pptx, or --format"
        )
    if format is not None and ending in known and ending != format:
        raise UsageError(f"{path} ends like another format than {format}.", hint=f"-o {path.with_suffix('.' + format)}")
    return format or Pages(ending)


def _writer(kind: Pages) -> Callable[[Report], str | bytes]:
    """What writes a report of this kind. Raises VitalError at once, before any work, where something for it is missing."""
    if kind is Pages.pptx:
        from vital_insights.reports import slides

        slides.needed()
        return slides.slides
    from vital_insights.reports import html, pdf

    if kind is Pages.pdf:
        pdf.browser()
        return pdf.pdf
    return html.html
