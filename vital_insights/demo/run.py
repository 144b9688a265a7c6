"""The demo from nothing to a summary: a server, the sample tenants, their snapshots, and what a strategist wants to see."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vital_insights import insights, pipeline
from vital_insights import settings as configuration
from vital_insights.demo import fill, server
from vital_insights.errors import UsageError
from vital_insights.quality import QualityProcess
from vital_insights.reports import terminal
from vital_insights.reports.tables import as_text
from vital_insights.settings import Settings
from vital_insights.source import connect, tenants
from vital_insights.warehouse import sqlfile

if TYPE_CHECKING:
    from vital_insights.insights import Insights
    from vital_insights.tenancy import Tenant

BANDS = {"HIGH": "n_high", "MEDIUM": "n_medium", "LOW": "n_low", "UNSCORED": "n_unscored"}


def demo(scale: int) -> None:
    """Make what is not there yet, and print a summary of every sample tenant.

    Raises UsageError for a database or a warehouse that holds what the demo did not make, SourceError without a server.
    """
    settings = configuration.load()
    given = os.environ.get("VITAL_DEMO_URL")
    if given and settings.source_url and connect.same_database(given, settings.source_url.get_secret_value()):
        raise UsageError("VITAL_DEMO_URL names the database of VITAL_SOURCE_URL, which is never written to.")
    console = Console()
    with nullcontext(given) if given else server.postgres(server.default_folder()) as url:
        database = url if given else fill.ensure_database(url)
        filled = fill.fill(database, scale)
        # Whatever the environment names as the source is left alone: the demo reads its own database, as its own reader.
        reader = SecretStr(fill.create_reader(database))
        own = settings.model_copy(
            update={
                "source_url": reader,
                "source_schema": fill.SCHEMA,
                "mapping": {},
                "tenancy": configuration.Tenancy(),
            }
        )
        samples = tenants.of_source(own)
        _refuse_foreign(own, samples)
        stale = [tenant for tenant in samples if filled or not _is_fresh(tenant, own)]
        if stale:
            with QualityProcess() as checks:
                for tenant in stale:
                    with terminal.progress(tenant.slug) as bar:
                        pipeline.refresh(str(tenant.id), settings=own, progress=bar, checks=checks)
    for tenant in samples:
        with insights.open_tenant(str(tenant.id), settings=own) as opened:
            _summary(console, opened)
    first = samples[0].slug
    us = sys.argv[0] if Path(sys.argv[0]).name == "vital-insights" else "vital-insights"
    for words in (f"show {first} opportunity", f"check {first}", "dashboard"):
        console.print(f"Next: {us} {words}", highlight=False, soft_wrap=True)


def _refuse_foreign(settings: Settings, samples: list[Tenant]) -> None:
    """Raises UsageError for a warehouse that holds real tenants: made-up ones have no business beside them."""
    foreign = {tenant.id for tenant in insights.tenants(settings)} - {tenant.id for tenant in samples}
    if foreign:
        raise UsageError(
            f"The warehouse {settings.warehouse} holds {len(foreign)} tenant(s) that the demo did not make.",
            hint="name another folder in VITAL_WAREHOUSE for the demo",
        )


def _is_fresh(tenant: Tenant, settings: Settings) -> bool:
    """Whether the newest snapshot was computed by the definitions of today."""
    if tenant.id not in {found.id for found in insights.tenants(settings)}:
        return False
    with insights.open_tenant(str(tenant.id), settings=settings) as opened:
        return bool(opened.snapshot.manifest["definitions"] == sqlfile.fingerprint())


def _summary(console: Console, opened: Insights) -> None:
    import polars as pl

    scores = opened.metric("opportunity", columns=["band"])
    bands = " · ".join(f"{band} {scores.filter(pl.col('band') == band).height:,}" for band in BANDS)
    cover = opened.metric("coverage_by", where={"dimension": ["role", "persona"]}, columns=["dimension", "n_jobs"])
    gaps = opened.metric("coverage_gaps", columns=["kind"])["kind"].value_counts(sort=True)
    console.rule(Text(f"{opened.tenant.name} ({opened.tenant.slug})"), align="left")
    console.print(f"{scores.height:,} outcomes: {bands}", highlight=False)
    for dimension, plural in (("role", "roles"), ("persona", "personas")):
        of = cover.filter(pl.col("dimension") == dimension)
        console.print(
            f"Coverage: {of.filter(pl.col('n_jobs') > 0).height} of {of.height} {plural} have a job", highlight=False
        )
    told = ", ".join(f"{row['count']} {row['kind'].replace('_', ' ')}" for row in gaps.to_dicts())
    console.print(f"Gaps: {told}", highlight=False)
    console.print(f"Quality: {opened.verdict().summary()}", highlight=False)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    table.add_column("score", justify="right", min_width=5)
    table.add_column("top opportunities", overflow="ellipsis", no_wrap=True, ratio=3)
    table.add_column("job", overflow="ellipsis", no_wrap=True, ratio=2)
    for row in as_text(opened.metric("opportunity", columns=["score", "statement", "job_name"], limit=5)):
        table.add_row(*(Text(terminal.plain(value or "–")) for value in row.values()))
    console.print(table)
    console.print(f"Snapshot: {opened.snapshot.path}\n", highlight=False, soft_wrap=True)
