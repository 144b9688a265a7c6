"""A snapshot as a strategist would tell it: what matters, how sure, who for, gaps, what changed, quality, method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vital_insights.charts.theme import BANDS
from vital_insights.charts.wording import share
from vital_insights.reports import chapters, foundations, lacking, machines, people, personas, phrases, work
from vital_insights.reports.basis import Basis
from vital_insights.reports.parts import Report, plain

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.insights import Insights

CHAPTERS = (
    chapters.matters,
    chapters.sure,
    people.whom,
    personas.founded,
    people.gaps,
    work.work,
    foundations.changed,
    machines.machines,
    foundations.quality,
    lacking.lacking,
    foundations.method,
    chapters.everything,
)


def report(insights: Insights, shown: pl.DataFrame | None = None, filters: Sequence[str] = ()) -> Report:
    """All that is to be said of a snapshot; `shown` are the rows of `opportunity` it is about, all unless told otherwise.

    `filters` says in words how they were chosen. The same snapshot and choice give the same report: no clock is read.
    """
    outcomes = insights.metric("opportunity")
    told = Basis(insights, outcomes, outcomes if shown is None else shown, tuple(map(plain, filters)))
    about = phrases.provenance(
        insights.tenant.name,
        insights.snapshot,
        told.method,
        told.verdict.summary(),
        phrases.shown(told.shown.height, outcomes.height, told.filters),
    )
    status, counts = told.verdict.by_status, dict(told.shown.group_by("band").len().iter_rows())
    figures = tuple(
        (band, f"{counts.get(band, 0):,}", f"{share(counts.get(band, 0), told.shown.height)} · {told.meanings[band]}")
        for band in BANDS
    )
    checks = (
        "Data checks passed",
        f"{status['passed']:,} of {len(told.verdict):,}",
        f"{status['failed']:,} failed, {status['errored']:,} could not run",
    )
    return Report(
        insights.tenant.slug,
        plain(insights.tenant.name),
        insights.snapshot.taken_at,
        f"Where to act: {plain(insights.tenant.name)}",
        (*figures, checks),
        tuple(chapter(told) for chapter in CHAPTERS),
        {what: plain(said) for what, said in about.items()},
    )
