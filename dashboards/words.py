"""Sentences that every page shares: counts with their denominators, the way out of an empty page, the footer.

    words.lead("outcomes", "23 HIGH outcomes", band="HIGH")   # a link to the rows behind a number, filters set by code
    words.lead("jobs", "Open the job", keep=False, job="J-12")  # without the filters that are active here

Codes are those of the address: filters.CARRIERS and what a page carries on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import filters
import navigation
import polars as pl
import streamlit as st
from style import text

from vital_insights.charts.wording import exact, share
from vital_insights.errors import UsageError

if TYPE_CHECKING:
    from filters import Selection
    from session import Data

REGIONS = {
    "underserved": "under-served",
    "table_stakes": "table stakes",
    "overserved": "over-served",
    "appropriately_served": "appropriately served",
}


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 outcome`, `2,704 outcomes`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def decimals(numbers: pl.Series) -> int:
    """How many decimals these numbers need: one, or as many as the longest of them has."""
    behind_the_point = numbers.cast(pl.String).str.strip_chars_end("0").str.split(".").list.last().str.len_chars()
    return max(behind_the_point.max() or 1, 1)


def in_words(selection: Selection) -> str:
    """The filters as one phrase."""
    return ", ".join(selection.words) or "none"


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


def finding(outcomes: pl.DataFrame, shown: pl.DataFrame, selection: Selection) -> str:
    """The title of a page about opportunity: how many are HIGH, of all that there are."""
    high = shown.filter(band="HIGH").height
    verb = "is a HIGH opportunity" if high == 1 else "are HIGH opportunities"
    whole = f"{high:,} of {counted(outcomes.height, 'outcome')} {verb}"
    return whole if not selection.words else f"{whole} within the filters"


def title(sentence: str) -> None:
    """The page's heading. As HTML, because Streamlit's own reads Markdown, and names of the data may hold some."""
    st.session_state["headline"] = sentence
    st.html(f'<h1 class="vi">{text(sentence)}</h1>')


def report_unknown(selection: Selection) -> None:
    """Say which codes of the address mean nothing here; they filter nothing."""
    if selection.unknown:
        what = ", ".join(selection.unknown)
        st.html(f'<div class="vi" role="status"><span class="warning">Not applied:</span> the address asks for {text(what)}, '
                "which this tenant does not have.</div>")  # fmt: skip


def nothing_shown(outcomes: pl.DataFrame, selection: Selection) -> None:
    """Why a page is empty, and the way out."""
    if not outcomes.height:
        st.info(
            "This tenant has no outcomes yet. Once outcomes are written and scored in the source, run "
            "`vital-insights refresh TENANT`."
        )
        return
    st.info(f"None of the {counted(outcomes.height, 'outcome')} matches all filters.")
    st.html(f'<div class="vi muted">Active: {text(in_words(selection))}</div>')
    st.button("Reset the filters", key="way_out", on_click=filters.reset)


def method(data: Data) -> dict[str, Any] | None:
    """The row of the metric `method`: formula, thresholds, tolerance; None in a snapshot made before there was one."""
    try:
        return data.metric("method").row(0, named=True)
    except UsageError:
        return None


def bands(data: Data) -> dict[str, str]:
    """What each band means by the scheme of this snapshot; without one only the words remain."""
    found = method(data)

    def bound(name: str) -> str:
        return exact(found[name]).removesuffix(".0")

    meanings = {
        "HIGH": f"above {bound('high_above')}",
        "MEDIUM": f"{bound('medium_from')} to {bound('high_above')}",
        "LOW": f"below {bound('medium_from')}",
    } if found else dict.fromkeys(("HIGH", "MEDIUM", "LOW"), "threshold not recorded")  # fmt: skip
    return meanings | {"UNSCORED": "without a score"}


@dataclass(frozen=True)
class Provenance:
    """What the numbers of one run rest on, as the footer says it; for files also their names, and whether they may still be made."""

    slug: str
    taken_at: datetime
    told: dict[str, str]
    welcome: Callable[[], bool]


def remember(data: Data, selection: Selection, n_shown: int, n_all: int, welcome: Callable[[], bool]) -> None:
    """Keep what this run's numbers rest on, for the footer and for whatever leaves; fragments run on it as well."""
    snapshot, found = data.insights.snapshot, method(data)
    scheme = ", ".join(f"{band} {meaning}" for band, meaning in bands(data).items())
    told = {
        "Tenant": data.tenant.name,
        "Snapshot": f"{instant(snapshot.taken_at)} ({snapshot.id})",
        "Shown": f"{n_shown:,} of {counted(n_all, 'outcome')}",
        "Filters": in_words(selection),
        "Formula": f"opportunity = {found['formula']}" if found else "not recorded in this snapshot",
        "Bands": f"{found['band_scheme']}: {scheme}" if found else "scheme not recorded in this snapshot",
        "Data checks": data.verdict().summary(),
    }
    if snapshot.manifest.get("published_anyway"):
        told["Caution"] = "Published although critical checks failed."
    st.session_state["provenance"] = Provenance(data.tenant.slug, snapshot.taken_at, told, welcome)


def provenance() -> dict[str, str]:
    """What leaves with a table or a picture: the page's title and what its footer says."""
    return {"Title": st.session_state.get("headline", "")} | st.session_state["provenance"].told


def file_stem(name: str) -> str:
    """`aldermoor-outcomes-20261122T1921Z`: whose, what, and the instant of the snapshot."""
    about = st.session_state["provenance"]
    return f"{about.slug}-{name}-{about.taken_at.astimezone(UTC):%Y%m%dT%H%MZ}"


def footer() -> None:
    """What every number on the page rests on."""
    told = dict(st.session_state["provenance"].told)
    snapshot = told["Snapshot"].partition(" (")[0]
    caution = f"<br><span class='critical'>{text(told['Caution'])}</span>" if "Caution" in told else ""
    st.html(
        f'<div class="vi foot">Tenant <b>{text(told["Tenant"])}</b> · snapshot {snapshot} · '
        f"{told['Shown']} shown · filters: {text(told['Filters'])} · {text(told['Formula'])} · "
        f"bands {text(told['Bands'])} · {text(told['Data checks'])}{caution}</div>"
    )


def lead(page: str, label: str, *, keep: bool = True, **codes: str) -> None:
    """Draw a link to a page with these filters set, on top of those that are active; `keep=False` ends the others.

    `page` is the name of its file. Draws nothing where there is no such page.
    """
    if page not in navigation.declared():
        return
    state = st.session_state
    active = {name: state.get(name, "") for name in filters.CARRIERS} if keep else {}
    wanted = {"tenant": state.get("tenant", "")} | active | codes
    asked = urlencode({name: code for name, code in wanted.items() if code})
    # A plain link: one of Streamlit cannot set a field that the session has, and Back would return to other filters.
    path = "" if navigation.first() == page else page
    st.html(f'<div class="vi lead"><a href="./{path}?{text(asked)}" target="_self">{text(label)} →</a></div>')


__all__ = ["REGIONS", "bands", "counted", "decimals", "file_stem", "finding", "footer", "in_words", "instant", "lead", "method",
           "nothing_shown", "provenance", "remember", "report_unknown", "share", "span", "title"]  # fmt: skip
