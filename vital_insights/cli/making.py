"""The commands that make something: a look at the source, a snapshot, the demo, the dashboard."""

from __future__ import annotations

import contextlib
import sys
from typing import Annotated

import typer

from vital_insights.cli import answers
from vital_insights.cli.answers import Format, Shape, say
from vital_insights.errors import UsageError, VitalError


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
    every: Annotated[bool, typer.Option("--all", help="All tenants of the source, one after the other.")] = False,
    publish_anyway: Annotated[
        bool, typer.Option("--publish-anyway", help="Publish although critical checks failed; the snapshot says so.")
    ] = False,
) -> None:
    """Pull a tenant into a new snapshot, check it, and publish it if nothing critical is wrong."""
    from vital_insights import pipeline, settings
    from vital_insights.quality import QualityProcess
    from vital_insights.reports import terminal
    from vital_insights.source import tenants as room

    if (tenant is None) is not every:
        raise UsageError("Name one tenant, or say --all.", hint="vital-insights tenants --source lists them")
    worst = 0
    with QualityProcess() as checks:
        wanted = [tenant] if tenant is not None else [str(found.id) for found in room.of_source(settings.load())]
        for name in wanted:
            try:
                with terminal.progress(name) as progress:
                    done = pipeline.refresh(name, progress=progress, publish_anyway=publish_anyway, checks=checks)
                for line in terminal.refreshed(done):
                    say(line)
                refused = VitalError.exit_code if done.verdict.errored else 1
                worst = max(worst, 0 if done.published else refused)
            except VitalError as error:
                if not every:
                    raise
                say(f"{name}: {error}", error=True)
                worst = max(worst, error.exit_code)
    raise typer.Exit(worst)


def serve(port: Annotated[int, typer.Option(min=1, max=65535, help="The port on 127.0.0.1.")] = 8501) -> None:
    """Serve the dashboard on this machine until Ctrl-C."""
    import subprocess

    from vital_insights.settings import shipped

    # Streamlit reads the safe defaults from the folder of the script; the settings are read from this one.
    script = str(shipped("dashboards") / "app.py")
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    say(f"The dashboard: http://127.0.0.1:{port} (Ctrl-C ends it)")
    with contextlib.suppress(KeyboardInterrupt):
        code = subprocess.run(command, check=False).returncode  # noqa: S603  our own script and a number
        if code not in (0, 130, -2):
            raise VitalError(
                f"The dashboard ended with code {code}.", hint=f"is port {port} free? --port takes another"
            )
