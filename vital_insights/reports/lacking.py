"""What the source has of all that the platform could hold: as a chapter, and in the words that the dashboard shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vital_insights.errors import OlderSnapshot
from vital_insights.reports.parts import Column, Section, table
from vital_insights.reports.phrases import WHOLE, counted, instant

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.reports.basis import Basis

LISTED = 40
# The parts of the platform, by the name of their module in the contract.
AREAS = {
    "agents": "AI agents", "audit": "Audit and retention", "content": "Content library", "conversations": "Consultations and panels",
    "feedback": "Feedback and votes", "jobs": "Jobs and outcomes", "organisation": "Organisation", "personas": "Personas",
    "reference": "Reference lists", "solutions": "Solutions", "strategy": "Strategy and domains", "tenancy": "Tenant and members",
    "workflows": "Workflows and runs",
}  # fmt: skip


def spoken(name: str) -> str:
    """A table's name as people read it: `jtbd_value_drivers` is `job value drivers`."""
    name = "jobs" if name == "jobs_to_be_done" else name.removeprefix("org_")
    return name.replace("jtbd", "job").replace("_", " ").replace("gen ai", "AI")


def inventory_finding(tables: pl.DataFrame) -> str:
    """How many tables of the platform this source has, by the metric platform_inventory."""
    n, empty = tables.filter("is_present").height, tables.filter(n_rows=0).height
    of = f"All {n:,} tables" if n == tables.height else f"{n:,} of {tables.height:,} tables"
    holds = f", {empty:,} of them without a row" if empty else ""
    return f"{of} of the platform {'is' if n == 1 else 'are'} in this source{holds}"


def entries() -> pl.Expr:
    """The rows of several tables of platform_inventory as n_rows, NULL where none of them is there: their sum would be 0."""
    import polars as pl

    return pl.when(pl.col("n_rows").is_not_null().any()).then(pl.col("n_rows").sum())


def lacking(told: Basis) -> Section:
    """Which parts of the platform the source has, and what it lacks."""
    import polars as pl

    title = "What is in the source?"
    try:
        tables = told.insights.metric("platform_inventory")
    except OlderSnapshot:
        tables = pl.DataFrame()
    if tables.is_empty():
        said = f"vital-insights refresh {told.insights.tenant.slug} makes a new one, which says it."
        return Section("lacking", title, "This snapshot does not say what its source has", (said,))
    rows = (
        tables.group_by("area")
        .agg(
            pl.len(), pl.col("is_present").sum().alias("n_present"), (pl.col("n_rows") == 0).sum().alias("n_empty"),
            entries(), pl.col("newest_change").max(),
        )
        .sort("area")
        .rows()
    )  # fmt: skip
    absent = tables.filter(~pl.col("is_present")).sort("area", "table_name")
    number = [Column(name, "number", "unknown") for name in ("Tables", "There", "Without a row", "Rows")]
    parts = table(
        "Part by part",
        [Column("Part of the platform"), *number, Column("Newest change", missing="none is dated")],
        [(AREAS.get(area, area), *counts, newest and instant(newest)) for area, *counts, newest in rows],
    )
    gone = table(
        "What this source lacks",
        [Column("Part of the platform"), Column("Table"), Column("Why")],
        [
            (AREAS.get(a, a), spoken(n), why)
            for a, n, why in absent.select("area", "table_name", "absent_because").rows()
        ],
        most=LISTED,
        rest=told.rest("platform_inventory"),
    )
    n = tables.filter(how="counts").height
    return Section(
        "lacking",
        title,
        inventory_finding(tables),
        (
            *([WHOLE] if told.filters else []),
            "What a table that is not there would hold is unknown, and no figure of this report takes it for 0.",
            f"{counted(n, 'table')} of members, their messages, keys and logs {'is' if n == 1 else 'are'} only counted, by kind and day.",
        ),
        (),
        (parts, *([gone] if absent.height else [])),
        "Rows marked as deleted are counted here and nowhere else.",
    )
