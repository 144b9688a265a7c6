"""The commands that hand a tenant's numbers on as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vital_insights.cli import answers
from vital_insights.cli.answers import Conditions, Files, TenantName, say
from vital_insights.errors import UsageError


def export(
    tenant: TenantName,
    path: Annotated[Path | None, typer.Argument(metavar="[PATH]", help="The same as -o PATH.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The workbook to write, or the folder: parquet and csv make one."),
    ] = None,
    metric: Annotated[
        list[str] | None, typer.Option("--metric", help="Only this metric; repeat for more. All of them unless named.")
    ] = None,
    where: Conditions = None,
    snapshot: Annotated[
        str | None, typer.Option("--snapshot", metavar="ID", help="Another snapshot than the newest.")
    ] = None,
    format: Annotated[
        Files, typer.Option("--format", help="A workbook of the metrics, or the whole snapshot as a folder of files.")
    ] = Files.xlsx,
) -> None:
    """Write a tenant's metrics into a workbook, or its whole snapshot into a folder of Parquet or CSV files.

    --where keeps some rows of the metrics that --metric names: --metric opportunity --where function=MED.
    """
    from vital_insights import insights
    from vital_insights.reports import export as files

    target = _target(path, output, format)
    named, kept = list(metric or []), answers.conditions(where)
    if kept and not named:
        raise UsageError("--where keeps rows of metrics that are named.", hint="--metric opportunity")
    if format is Files.xlsx:
        with answers.into(target) as write, insights.open_tenant(tenant, snapshot_id=snapshot) as opened:
            write(files.excel(opened, named, kept))
        say(f"{target}: {target.stat().st_size:,} bytes")
    else:
        with answers.into_folder(target) as made, insights.open_tenant(tenant, snapshot_id=snapshot) as opened:
            written = files.folder(opened, made, "parquet" if format is Files.parquet else "csv", named, kept)
        say(f"{target}: {len(written):,} tables and README.md, which says what every column means")


def _target(path: Path | None, output: Path | None, format: Files) -> Path:
    if (path is None) is (output is None):
        raise UsageError("Say once where to write.", hint="vital-insights export TENANT -o metrics.xlsx")
    target = output or path or Path()
    if format is Files.xlsx and target.suffix.lower() != ".xlsx":
        raise UsageError(
            f"{target} is no name for a workbook: Excel opens files that end in .xlsx.",
            hint="--format parquet and --format csv write a folder",
        )
    return target
