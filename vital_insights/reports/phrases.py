"""Words that pages, reports and exports share: counts, instants, what a band means, what the numbers rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from vital_insights.charts.wording import exact

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.insights import Snapshot

REGIONS = {
    "underserved": "under-served",
    "table_stakes": "table stakes",
    "overserved": "over-served",
    "appropriately_served": "appropriately served",
}
# By kind of gap, the gravest first: its name, and what it is counted of.
GAPS = {
    "high_outcome_without_owner": ("HIGH outcomes whose job no role owns", "HIGH outcomes"),
    "job_without_role": ("Jobs without a role", "jobs"),
    "job_without_outcome": ("Jobs without an outcome", "jobs"),
    "job_without_primary_role": ("Jobs with roles, none of them primary", "jobs"),
    "role_without_job": ("Roles without a job", "roles"),
    "persona_without_role": ("Personas without a role", "personas"),
    "direct_link_not_implied": ("Direct links that the role does not imply", "direct links of a persona and a job"),
}
METHOD = {
    "band_scheme": "the bands",
    "formula": "the formula",
    "score_tolerance": "the tolerance of the ratings",
    "definitions": "the definitions of the metrics",
}
WHOLE = "This chapter is about the whole tenant, not only about what was chosen."
NOTHING_OLDER = "No older snapshot that can be read is kept"  # there may be some that were damaged or taken away
A_WEEK = timedelta(days=7)


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 outcome`, `2,704 outcomes`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def span(earlier: datetime, later: datetime) -> str:
    """`3 hours`, to the unit that matters."""
    seconds = (later - earlier).total_seconds()
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return counted(int(seconds // length), unit)
    return "less than a minute"


def instant(then: datetime) -> str:
    """`22 Nov 2026 06:00 UTC`."""
    return f"{then.astimezone(UTC):%-d %b %Y %H:%M} UTC"


def bands(method: Mapping[str, Any] | None) -> dict[str, str]:
    """What each band means by the row of the metric `method`; without one only the words remain."""

    def bound(name: str) -> str:
        return exact(method[name]).removesuffix(".0") if method else ""

    meanings = {
        "HIGH": f"above {bound('high_above')}",
        "MEDIUM": f"{bound('medium_from')} to {bound('high_above')}",
        "LOW": f"below {bound('medium_from')}",
    } if method else dict.fromkeys(("HIGH", "MEDIUM", "LOW"), "threshold not recorded")  # fmt: skip
    return meanings | {"UNSCORED": "without a score"}


def finding(n_high: int, n_all: int, filters: Sequence[str]) -> str:
    """The first thing to say about opportunity: how many are HIGH, of all that there are."""
    verb = "is a HIGH opportunity" if n_high == 1 else "are HIGH opportunities"
    return f"{n_high:,} of {counted(n_all, 'outcome')} {verb}" + (" within the filters" if filters else "")


def into_high(rows: pl.DataFrame, *, left: bool = True) -> str:
    """`2 outcomes came into HIGH, 1 more is new and HIGH and 3 left it`, by the rows of a comparison.

    What was HIGH and is no longer there is said beside it. `left` leaves out who is not HIGH any more, for rows that were
    chosen among today's outcomes.
    """
    pairs = [*rows.select("old_band", "new_band").iter_rows()]
    into = sum(new == "HIGH" and old not in ("HIGH", None) for old, new in pairs)
    new = sum(new == "HIGH" and old is None for old, new in pairs)
    out_of = sum(old == "HIGH" and new not in ("HIGH", None) for old, new in pairs)
    gone = sum(old == "HIGH" and new is None for old, new in pairs)
    said = [f"{counted(into, 'outcome')} came into HIGH"]
    said += [f"{new:,} more {'is' if new == 1 else 'are'} new and HIGH"] if new else []
    said += [f"{out_of:,} left it"] if left else []
    said += (
        [f"{gone:,} that {'was' if gone == 1 else 'were'} HIGH {'is' if gone == 1 else 'are'} gone"]
        if left and gone
        else []
    )
    return " and ".join([*filter(None, [", ".join(said[:-1])]), said[-1]])


def provenance(
    tenant: str,
    snapshot: Snapshot,
    method: Mapping[str, Any] | None,
    checks: str,
    chosen: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """What numbers rest on, as a footer or a method sheet says it; what an older snapshot did not record is said so.

    `checks` is the summary of the verdict, `chosen` what `shown()` says where only some outcomes were chosen.
    """
    scheme = ", ".join(f"{band} {meaning}" for band, meaning in bands(method).items())
    told = {
        "Tenant": tenant,
        "Snapshot": f"{instant(snapshot.taken_at)} ({snapshot.id})",
        **(chosen or {}),
        "Formula": f"opportunity = {method['formula']}" if method else "not recorded in this snapshot",
        "Bands": f"{method['band_scheme']}: {scheme}" if method else "scheme not recorded in this snapshot",
    }
    if method and method["score_tolerance"] is not None:
        off = exact(method["score_tolerance"]).removesuffix(".0")
        told["How sure"] = f"each expert score may be off by {off} in either direction"
    if method:
        told["Without a score"] = (
            f"{method['n_unscored']:,} of {method['n_outcomes']:,} outcomes; never counted as 0 or LOW"
        )
    told["Data checks"] = checks
    if snapshot.manifest.get("published_anyway"):
        told["Caution"] = "Published although critical checks failed."
    return told


def shown(n_shown: int, n_all: int, filters: Sequence[str]) -> dict[str, str]:
    """How many outcomes were chosen of how many, and how; `filters` are in words."""
    return {"Shown": f"{n_shown:,} of {counted(n_all, 'outcome')}", "Filters": ", ".join(filters) or "none"}


def file_stem(slug: str, name: str, taken_at: datetime) -> str:
    """`aldermoor-outcomes-20261122T1921Z`: whose, what, and the instant of the snapshot."""
    return f"{slug}-{name}-{taken_at.astimezone(UTC):%Y%m%dT%H%MZ}"


def older_first(served: Snapshot, every: Sequence[Snapshot]) -> list[Snapshot]:
    """The snapshots before the one that is served, what it is compared with first, then the others, newest first.

    That is the newest that is at least seven days older, else the newest of all.
    """
    older = [each for each in every if each.taken_at < served.taken_at and each.id != served.id]
    default = next((each for each in older if served.taken_at - each.taken_at >= A_WEEK), None) or next(
        iter(older), None
    )
    return [] if default is None else [default, *(each for each in older if each is not default)]
