"""The command `check`: what the checks said, or say now, for people and for CI, and the exit code that goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vital_insights.cli import answers
from vital_insights.cli.answers import Grave, Report, TenantName, say
from vital_insights.errors import UsageError, VitalError

if TYPE_CHECKING:
    from vital_insights.insights import Insights
    from vital_insights.quality.verdict import Verdict


def check(
    tenant: TenantName,
    fail_on: Annotated[
        Grave, typer.Option(help="Exit 1 where a check of this severity, or a graver one, failed.")
    ] = "critical",
    format: Annotated[
        Report, typer.Option("--format", help="A table for people, JSON, JUnit XML, or GitHub's annotations.")
    ] = Report.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the answer there, whole or not at all.")
    ] = None,
    snapshot: Annotated[
        str | None, typer.Option(metavar="ID", help="A certain build instead of the newest, published or refused.")
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="What is new, fixed, or failing since when.")] = False,
    rerun: Annotated[
        bool, typer.Option("--rerun", help="Ask the checks of today again, instead of what is stored.")
    ] = False,
    live: Annotated[bool, typer.Option("--live", help="Check the source as it is now; nothing is stored.")] = False,
) -> None:
    """Report what the checks say of the newest build, published or refused. Exit 1 only when checks failed at --fail-on."""
    from vital_insights import checking, insights

    _refuse_pairs(format, snapshot, history=history, rerun=rerun, live=live)
    with answers.into(output) as write:
        if live:
            about, verdict = _live(tenant)
            write(_told(verdict, about, format, fail_on))
        else:
            wanted = snapshot or insights.newest_build(tenant)
            with insights.open_tenant(tenant, snapshot_id=wanted) as opened:
                verdict = checking.again(opened) if rerun else opened.verdict()
                about = f"{opened.tenant.slug} {wanted}"
                told = _history(opened, format) if history else _told(verdict, about, format, fail_on)
                write(told)
                if format is Report.table and output is None:
                    _say_standing(opened)
    if output is not None:
        say(f"{output}: {verdict.summary()} ({about})")
    raise typer.Exit(VitalError.exit_code if verdict.errored else int(bool(verdict.failed(fail_on))))


def _refuse_pairs(format: Report, snapshot: str | None, *, history: bool, rerun: bool, live: bool) -> None:
    """Raises UsageError for options that contradict each other."""
    if live and (rerun or history or snapshot):
        raise UsageError(
            "--live looks at the source, so there is no snapshot to choose, to rerun or to look back from."
        )
    if history and rerun:
        raise UsageError("--history tells what was stored with each build, so there is nothing to rerun.")
    if history and format not in {Report.table, Report.json}:
        raise UsageError(f"There is no history as {format}.", hint="--format table or json")


def _live(tenant: str) -> tuple[str, Verdict]:
    from vital_insights import pipeline
    from vital_insights.reports import terminal

    with terminal.progress(tenant) as progress:
        found, verdict = pipeline.check_live(tenant, progress=progress)
    return f"{found.slug} live", verdict


def _told(verdict: Verdict, about: str, format: Report, fail_on: Grave) -> str:
    from vital_insights.reports import checks, tables, terminal

    if format is Report.json:
        return tables.as_json(verdict.frame())
    if format is Report.junit:
        return checks.junit(verdict, about, fail_on)
    if format is Report.github:
        return "\n".join(checks.github(verdict, about, fail_on))
    return answers.plain([*terminal.verdict(verdict), f"{verdict.summary()} ({about})"])


def _history(opened: Insights, format: Report) -> str:
    from vital_insights.reports import tables, terminal

    frame = opened.history()
    return tables.as_json(frame) if format is Report.json else answers.plain(terminal.history(frame.to_dicts()))


def _say_standing(opened: Insights) -> None:
    if opened.snapshot.id.startswith("refused-"):
        say("This build was REFUSED and is not served; the snapshot before goes on serving, if there is one.")
    elif opened.snapshot.manifest["published_anyway"]:
        say("This snapshot was published although critical checks failed (--publish-anyway).")
