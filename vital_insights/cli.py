"""The command line. Each command is thin and calls one public function; heavy libraries load inside it."""

from __future__ import annotations

import contextlib
import os
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
import typer.core

from vital_insights.errors import UsageError, VitalError


class _Commands(typer.core.TyperGroup):
    """Typer ends with 1 where the reader of a pipe left; here 1 means that checks failed, so leaving is no error."""

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        return result


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Where to act, how sure we are, and who it is for: opportunity scores and coverage of one tenant at a time.\n\n"
        "Set VITAL_SOURCE_URL to a read-only Postgres role, then: doctor, refresh TENANT, show TENANT opportunity, dashboard. "
        "Without a database of your own: demo.\n\n"
        "Exit codes: 0 well; 1 checks failed; 2 usage; 3 could not run; 10 source; 11 rows hidden; 12 schema; 13 tenant; 14 warehouse."
    ),
)


class Shape(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"


class Wide(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    json = "json"


TenantName = Annotated[str, typer.Argument(metavar="TENANT", help="The tenant's slug or its UUID.")]
Format = Annotated[Shape, typer.Option("--format", help="A table for people, or a JSON array of objects.")]


def _version(asked: bool) -> None:
    if asked:
        from vital_insights import __version__

        typer.echo(f"vital-insights {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    _asked: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Say the version.")
    ] = False,
) -> None:
    _state["debug"] = debug


_state = {"debug": False}


@app.command()
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


@app.command()
def doctor(format: Format = Shape.table) -> None:
    """Say what this role can see and what will go wrong, line by line, with the remedy."""
    from vital_insights import settings
    from vital_insights.reports import terminal
    from vital_insights.source import doctor as room

    lines = room.examine(settings.load())
    if format is Shape.json:
        _rows([{"status": n.status, "subject": n.subject, "text": n.text, "remedy": n.remedy} for n in lines], format)
    for told in terminal.diagnosis(lines) if format is Shape.table else ():
        _say(told)
    raise typer.Exit(max(line.exit_code for line in lines))


@app.command()
def tenants(
    source: Annotated[
        bool, typer.Option("--source", help="List those of the source instead of the warehouse.")
    ] = False,
    format: Format = Shape.table,
) -> None:
    """List the tenants that have a snapshot, or those the source has."""
    from vital_insights import insights, settings

    found = _in_source() if source else insights.tenants(settings.load())
    _rows([{"slug": t.slug, "id": str(t.id), "name": t.name, "status": t.status} for t in found], format)
    if not found and format is Shape.table:
        _say(f"No tenant yet in {settings.load().warehouse.resolve()}. Next: vital-insights refresh TENANT")


@app.command()
def refresh(
    tenant: Annotated[str | None, typer.Argument(metavar="TENANT", help="The tenant's slug or its UUID.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All tenants of the source, one after the other.")] = False,
    publish_anyway: Annotated[
        bool, typer.Option("--publish-anyway", help="Publish although critical checks failed; the snapshot says so.")
    ] = False,
) -> None:
    """Pull a tenant into a new snapshot, check it, and publish it if nothing critical is wrong."""
    from vital_insights import pipeline
    from vital_insights.quality import QualityProcess
    from vital_insights.reports import terminal

    if (tenant is None) is not every:
        raise UsageError("Name one tenant, or say --all.", hint="vital-insights tenants --source lists them")
    worst = 0
    with QualityProcess() as checks:
        for name in [tenant] if tenant is not None else [str(found.id) for found in _in_source()]:
            try:
                with terminal.progress(name) as progress:
                    done = pipeline.refresh(name, progress=progress, publish_anyway=publish_anyway, checks=checks)
                for line in terminal.refreshed(done):
                    _say(line)
                refused = VitalError.exit_code if done.verdict.errored else 1
                worst = max(worst, 0 if done.published else refused)
            except VitalError as error:
                if not every:
                    raise
                _say(f"{name}: {error}", error=True)
                worst = max(worst, error.exit_code)
    raise typer.Exit(worst)


@app.command()
def snapshots(tenant: TenantName, format: Format = Shape.table) -> None:
    """List the snapshots of a tenant, newest first."""
    from vital_insights import insights

    rows = [s.told for s in insights.snapshots(tenant)]
    if format is Shape.json:
        _rows(rows, format)
    for row in rows if format is Shape.table else ():
        anyway = " · published although critical checks failed" if row["published_anyway"] else ""
        _say(
            f"{row['snapshot']}  {row['rows'] or 0:,} source rows, {row['rejected']} values rejected{anyway}\n    {row['verdict']}"
        )


@app.command()
def metrics(format: Format = Shape.table) -> None:
    """List the metrics: what each says, why it matters, one row a what."""
    from vital_insights import insights

    _rows(insights.metrics().to_dicts(), format)


@app.command()
def show(
    tenant: TenantName,
    metric: Annotated[str, typer.Argument(help="A name from: vital-insights metrics.")],
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where", metavar="COLUMN=VALUE", help="Keep these rows; repeat for more; 'column=' keeps unknowns."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=0, help="At most so many rows; a table shows 20 unless told.")
    ] = None,
    format: Annotated[
        Wide, typer.Option("--format", help="A table for people, all columns as csv or json for machines.")
    ] = Wide.table,
) -> None:
    """Show a metric of a tenant's newest snapshot, best first."""
    from vital_insights import insights
    from vital_insights.reports import tables

    conditions: dict[str, Any] = {}
    for pair in where or []:
        column, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"'{pair[:80]}' is not a condition.", hint="write --where band=HIGH")
        conditions.setdefault(column, []).append(value)
    wanted = {column: [value or None for value in values] for column, values in conditions.items()}
    with insights.open_tenant(tenant) as opened:
        most = limit if limit is not None else (20 if format is Wide.table else None)
        frame = opened.metric(metric, where=wanted, limit=most)
        if format is Wide.table:
            _rows(tables.as_text(frame.select(c for c in insights.shown_columns(metric) if c in frame.columns)))
            total, at = opened.count(metric, where=wanted), f"{opened.snapshot.taken_at:%d %b %Y %H:%M} UTC"
            more = "" if frame.height == total else " · --limit shows more, --format csv all"
            _say(f"{frame.height} of {total:,} rows · {opened.tenant.name} · taken {at}{more}")
        else:
            typer.echo(tables.csv(frame) if format is Wide.csv else tables.as_json(frame), nl=format is Wide.json)


@app.command()
def check(tenant: TenantName, format: Format = Shape.table) -> None:
    """Report what the checks said of the newest build, published or refused. Exit 1 only when a critical one failed."""
    from vital_insights import insights
    from vital_insights.reports import terminal

    verdict = insights.check(tenant)
    if format is Shape.json:
        from vital_insights.reports import tables

        typer.echo(tables.as_json(verdict.frame()))
    else:
        for line in terminal.verdict(verdict):
            _say(line)
        _say(f"{verdict.summary()} ({insights.newest_build(tenant)})")
    raise typer.Exit(VitalError.exit_code if verdict.errored else int(bool(verdict.failed())))


@app.command(name="dashboard")
def serve(port: Annotated[int, typer.Option(min=1, max=65535, help="The port on 127.0.0.1.")] = 8501) -> None:
    """Serve the dashboard on this machine until Ctrl-C."""
    import subprocess

    from vital_insights.settings import shipped

    # Streamlit reads the safe defaults from the folder of the script; the settings are read from this one.
    script = str(shipped("dashboards") / "app.py")
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    _say(f"The dashboard: http://127.0.0.1:{port} (Ctrl-C ends it)")
    with contextlib.suppress(KeyboardInterrupt):
        code = subprocess.run(command, check=False).returncode  # noqa: S603  our own script and a number
        if code not in (0, 130, -2):
            raise VitalError(
                f"The dashboard ended with code {code}.", hint=f"is port {port} free? --port takes another"
            )


def _in_source() -> list[Any]:
    from vital_insights import settings
    from vital_insights.source import tenants as room

    return room.of_source(settings.load())


def _rows(rows: list[dict[str, Any]], shape: Shape = Shape.table) -> None:
    if shape is Shape.json:
        import json

        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
    else:
        from vital_insights.reports import terminal

        terminal.table(rows)


def _say(text: str, *, error: bool = False) -> None:
    """Print a line; names come from the source, so what a terminal would obey is taken out."""
    typer.echo("".join(c for c in text if c == "\n" or c.isprintable()), err=error)


def main() -> None:
    """Run the command line and turn every error into one sentence and an exit code."""
    try:
        app()
    except VitalError as error:
        _trace()
        _say(f"Error: {error}", error=True)
        sys.exit(error.exit_code)
    except Exception as error:
        _trace()
        _say(
            f"Error: something unforeseen happened ({type(error).__name__}).\n\n"
            "Hint: vital-insights --debug and the same command show where.",
            error=True,
        )
        sys.exit(VitalError.exit_code)


def _trace() -> None:
    if _state["debug"]:
        import traceback

        traceback.print_exc()
