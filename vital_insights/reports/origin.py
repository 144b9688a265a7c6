"""What the numbers of an open snapshot rest on: for a method sheet, a README, and the line below a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from vital_insights.errors import OlderSnapshot
from vital_insights.reports import phrases

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.insights import Insights


class Metrics(Protocol):
    """What gives a metric's rows by its name: an open snapshot, or a page that keeps what was read."""

    def metric(self, name: str, /) -> pl.DataFrame:
        """The rows of one metric; OlderSnapshot where there is none of that name."""


def about(opened: Insights) -> dict[str, str]:
    """Tenant, snapshot, formula, bands, tolerance and checks in words; what an older snapshot did not record is said so."""
    return phrases.provenance(opened.tenant.name, opened.snapshot, method(opened), opened.verdict().summary())


def footer(opened: Insights) -> str:
    """One line for below a picture: `Aldermoor · snapshot 22 Nov 2026 06:00 UTC · opportunity = importance + …`."""
    found = method(opened)
    formula = [f"opportunity = {found['formula']}"] if found else []
    return " · ".join([opened.tenant.name, f"snapshot {phrases.instant(opened.snapshot.taken_at)}", *formula])


def method(opened: Metrics) -> dict[str, Any] | None:
    """The row of the metric `method`: formula, thresholds, tolerance; None in a snapshot made before there was one."""
    try:
        return opened.metric("method").row(0, named=True)
    except OlderSnapshot:
        return None
