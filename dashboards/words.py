"""Sentences that every page shares: counts with their denominators, the way out of an empty page, the footer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import filters
import polars as pl
import streamlit as st
from style import text

from vital_insights.charts.wording import share

if TYPE_CHECKING:
    from filters import Selection
    from session import Data

FORMULA = "opportunity = importance + max(importance − satisfaction, 0)"
SCHEME = "vital-v1: HIGH above 12, MEDIUM 8 to 12, LOW below 8, UNSCORED without a score"
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


def footer(data: Data, selection: Selection, n_shown: int, n_all: int) -> None:
    """What every number on the page rests on."""
    snapshot = data.insights.snapshot
    forced = (
        "<br><span class='critical'>Published although critical checks failed.</span>"
        if snapshot.manifest.get("published_anyway")
        else ""
    )
    st.html(
        f'<div class="vi foot">Tenant <b>{text(data.tenant.name)}</b> · snapshot {instant(snapshot.taken_at)} · '
        f"{n_shown:,} of {counted(n_all, 'outcome')} shown · filters: {text(in_words(selection))} · {FORMULA} · "
        f"bands {SCHEME} · {text(data.verdict().summary())}{forced}</div>"
    )


__all__ = ["FORMULA", "REGIONS", "SCHEME", "counted", "decimals", "finding", "footer", "in_words", "instant", "nothing_shown",
           "report_unknown", "share", "span", "title"]  # fmt: skip
