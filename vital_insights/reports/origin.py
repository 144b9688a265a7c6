"""What the numbers of an open snapshot rest on: for a method sheet, a README, and the line below a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.errors import UsageError
from vital_insights.reports import phrases

if TYPE_CHECKING:
    from vital_insights.insights import Insights


def about(opened: Insights) -> dict[str, str]:
    """Tenant, snapshot, formula, bands, tolerance and checks in words; what an older snapshot did not record is said so."""
    return phrases.provenance(opened.tenant.name, opened.snapshot, _method(opened), opened.verdict().summary())


def footer(opened: Insights) -> str:
    """One line for below a picture: `Aldermoor · snapshot 22 Nov 2026 06:00 UTC · opportunity = importance + …`."""
    found = _method(opened)
    formula = [f"opportunity = {found['formula']}"] if found else []
    return " · ".join([opened.tenant.name, f"snapshot {phrases.instant(opened.snapshot.taken_at)}", *formula])


def _method(opened: Insights) -> dict[str, Any] | None:
    try:
        return opened.metric("method").row(0, named=True)
    except UsageError:  # made before there was this metric
        return None
