"""The commands that make something: a look at the source, a snapshot, the demo, the dashboard."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from vital_insights.cli import answers
from vital_insights.cli.answers import Format, Shape, say
from vital_insights.errors import UsageError, VitalError

if TYPE_CHECKING:
    from vital_insights.schedule import Done


def demo(
    scale: Annotated[int, typer.Option(min=1, help="Multiply the jobs of the sample tenants.")] = 1,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The dashboard's port on 127.0.0.1.")] = 8501,
    dashboard: Annotated[bool, typer.Option(envvar="DASHBOARD", help="Serve the dashboard until Ctrl-C.")] = True,
) -> None:
    """Start a real Postgres with three made-up tenants, refresh them, show what comes out."""
    from vital_insights.demo import run

    run.demo(scale)
    if dashboard:
        serve(port)


def doctor(format: Format = Shape.table) -> None:
    """Say what this role can see and what will go wrong, line by line, with the remedy."""
    from vital_insights import settings
    from vital_insights.reports import terminal
    from vital_insights.source import doctor as room

    lines = room.examine(settings.load())
    if format is Shape.json:
        answers.json([{"status": n.status, "subject": n.subject, "text": n.text, "remedy": n.remedy} for n in lines])
    for told in terminal.diagnosis(lines) if format is Shape.table else ():
        say(told)
    raise typer.Exit(max(line.exit_code for line in lines))


def refresh(
    tenant: Annotated[str | None, typer.Argument(metavar="TENANT", help="The tenant's slug or its UUID.")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All tenants of the source, each in a process of its own.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help="With --all: how many at a time.")] = 2,
    publish_anyway: Annotated[
        bool, typer.Option("--publish-anyway", help="Publish although critical checks failed; the snapshot says so.")
    ] = False,
    format: Format = Shape.table,
) -> None:
    """Pull a tenant into a new snapshot, check it, and publish it if nothing critical is wrong.

    With --all one tenant that fails stops no other, and the exit code is 0 only if every one was published.
    """
    if (tenant is None) is not every:
        raise UsageError("Name one tenant, or say --all.", hint="vital-insights tenants --source lists them")
    done = [_refreshed(tenant, publish_anyway, format)] if tenant is not None else _all_refreshed(jobs, publish_anyway)
    if format is Shape.json:
        answers.json([asdict(each) for each in done])
    elif every:
        shown = ("tenant", "result", "seconds", "rows", "next_step")
        rows = [
            {name: told[name] for name in shown} | {"seconds": f"{told['seconds']:.1f}"} for told in map(asdict, done)
        ]
        answers.table([row | {"rows": None if row["rows"] is None else f"{row['rows']:,}"} for row in rows])
        n = Counter(each.result for each in done)
        say(f"{n['published']} published, {n['refused']} refused, {n['failed']} failed")
    raise typer.Exit(max((each.exit_code for each in done), default=0))


def _refreshed(tenant: str, publish_anyway: bool, format: Shape) -> Done:
    from vital_insights import pipeline, schedule
    from vital_insights.reports import terminal

    with terminal.progress(tenant) as progress:
        done = pipeline.refresh(tenant, progress=progress, publish_anyway=publish_anyway)
    for line in terminal.refreshed(done) if format is Shape.table else ():
        say(line)
    return schedule.told(done)


def _all_refreshed(jobs: int, publish_anyway: bool) -> list[Done]:
    """What came of every tenant, in the order of their slugs; each is also told as soon as it is done, on standard error."""
    from vital_insights import schedule, settings
    from vital_insights.source import tenants as room

    wanted = room.of_source(settings.load())
    signal.signal(signal.SIGTERM, _interrupt)  # a timer that stops us stops what we started
    done = []
    with contextlib.closing(schedule.refresh_all(wanted, jobs=jobs, publish_anyway=publish_anyway)) as coming:
        for each in coming:
            done.append(each)
            say(
                f"{len(done)} of {len(wanted)}  {each.tenant}: {each.result} in {each.seconds:.1f} s. {each.said}",
                error=True,
            )
    return sorted(done, key=lambda each: (each.tenant, each.id))


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def serve(port: Annotated[int, typer.Option(min=1, max=65535, help="The port on 127.0.0.1.")] = 8501) -> None:
    """Serve the dashboard on this machine until Ctrl-C."""
    import subprocess

    from vital_insights.settings import shipped

    # Streamlit reads the safe defaults from the folder of the script; the settings are read from this one. -P: a click.py
    # that happens to lie here is no part of the dashboard.
    script = str(shipped("dashboards") / "app.py")
    command = [sys.executable, "-P", "-m", "streamlit", "run", script, "--server.port", str(port)]
    say(f"The dashboard: http://127.0.0.1:{port} (Ctrl-C ends it)")
    with contextlib.suppress(KeyboardInterrupt):
        code = subprocess.run(command, check=False).returncode  # noqa: S603  our own script and a number
        if code not in (0, 130, -2):
            raise VitalError(
                f"The dashboard ended with code {code}.", hint=f"is port {port} free? --port takes another"
            )
