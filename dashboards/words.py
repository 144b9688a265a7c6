"""Sentences that every page shares: counts with their denominators, the way out of an empty page, the footer.

    words.lead("outcomes", "23 HIGH outcomes", band="HIGH")   # a link to the rows behind a number, filters set by code
    words.lead("jobs", "Open the job", keep=False, job="J-12")  # without the filters that are active here

Codes are those of the address: filters.CARRIERS and what a page carries on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import filters
import leads
import polars as pl
import streamlit as st
from style import cut, text

from vital_insights.charts.wording import share
from vital_insights.reports import origin, phrases
from vital_insights.reports.phrases import REGIONS, counted, instant, span

if TYPE_CHECKING:
    from filters import Selection
    from session import Data


def decimals(numbers: pl.Series) -> int:
    """How many decimals these numbers need: one, or as many as the longest of them has."""
    behind_the_point = numbers.cast(pl.String).str.strip_chars_end("0").str.split(".").list.last().str.len_chars()
    return max(behind_the_point.max() or 1, 1)


def in_words(selection: Selection) -> str:
    """The filters as one phrase."""
    return ", ".join(selection.words) or "none"


def finding(outcomes: pl.DataFrame, shown: pl.DataFrame, selection: Selection) -> str:
    """The title of a page about opportunity: how many are HIGH, of all that there are."""
    return phrases.finding(shown.filter(band="HIGH").height, outcomes.height, selection.words)


def title(sentence: str) -> None:
    """The page's heading. As HTML, because Streamlit's own reads Markdown, and names of the data may hold some."""
    st.session_state["headline"] = cut(sentence)
    st.html(f'<h1 class="vi">{text(sentence)}</h1>')


def older(data: Data, sentence: str) -> None:
    """The heading and the way out of a page that a snapshot of an older version has nothing for."""
    title(sentence)
    st.info(f"It was made by an older version. `vital-insights refresh {text(data.tenant.slug)}` makes one that does.")


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
    return origin.method(data)


def bands(data: Data) -> dict[str, str]:
    """What each band means by the scheme of this snapshot; without one only the words remain."""
    return phrases.bands(method(data))


@dataclass(frozen=True)
class Provenance:
    """What the numbers of one run rest on, as the footer says it; for files also their names, and whether they may still be made."""

    slug: str
    taken_at: datetime
    told: dict[str, str]
    welcome: Callable[[], bool]


def remember(data: Data, selection: Selection, n_shown: int, n_all: int, welcome: Callable[[], bool]) -> None:
    """Keep what this run's numbers rest on, for the footer and for whatever leaves; fragments run on it as well."""
    snapshot = data.insights.snapshot
    chosen = phrases.shown(n_shown, n_all, selection.words)
    told = phrases.provenance(data.tenant.name, snapshot, method(data), data.verdict().summary(), chosen)
    st.session_state["provenance"] = Provenance(data.tenant.slug, snapshot.taken_at, told, welcome)


def provenance() -> dict[str, str]:
    """What leaves with a table or a picture: the page's title and what its footer says."""
    return {"Title": st.session_state.get("headline", "")} | st.session_state["provenance"].told


def file_stem(name: str) -> str:
    """`aldermoor-outcomes-20261122T1921Z`: whose, what, and the instant of the snapshot."""
    about = st.session_state["provenance"]
    return phrases.file_stem(about.slug, name, about.taken_at)


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
    """Draw a link of its own line, as `leads.link`; nothing where there is no such page."""
    found = leads.link(page, label, keep=keep, **codes)
    if found:
        st.html(f'<div class="vi lead">{found}</div>')


__all__ = ["REGIONS", "bands", "counted", "decimals", "file_stem", "finding", "footer", "in_words", "instant", "lead", "method",
           "nothing_shown", "older", "provenance", "remember", "report_unknown", "share", "span", "title"]  # fmt: skip
