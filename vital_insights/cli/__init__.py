"""The command line. Each command is thin and calls one public function; heavy libraries load inside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
import typer.core

from vital_insights.cli import checks, exports, making, reading, reporting, supposing
from vital_insights.cli.answers import say
from vital_insights.errors import VitalError


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
_COMMANDS: tuple[Callable[..., None], ...] = (
    making.demo, making.doctor, reading.tenants, making.refresh, reading.snapshots, reading.metrics, reading.show,
    reading.explain, reading.compare, checks.check, reporting.report, exports.export,
)  # fmt: skip
for command in _COMMANDS:
    app.command()(command)
app.command(name="what-if")(supposing.what_if)
app.command(name="dashboard")(making.serve)


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


def main() -> None:
    """Run the command line and turn every error into one sentence and an exit code."""
    try:
        app()
    except VitalError as error:
        _trace()
        say(f"Error: {error}", error=True)
        sys.exit(error.exit_code)
    except Exception as error:
        _trace()
        say(
            f"Error: something unforeseen happened ({type(error).__name__}).\n\n"
            "Hint: vital-insights --debug and the same command show where.",
            error=True,
        )
        sys.exit(VitalError.exit_code)


def _trace() -> None:
    if _state["debug"]:
        import traceback

        traceback.print_exc()
