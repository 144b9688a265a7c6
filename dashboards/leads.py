"""Links to the rows behind a number: plain addresses that carry the filters, so that Back returns to those there were.

    leads.link("outcomes", "See them", band="HIGH")             # inline HTML, on top of the filters that are active
    leads.address("jobs", keep=False, job="J-12")               # the address alone, as a column of links takes it

Codes are those of the address: filters.CARRIERS and what a page carries on its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import urlencode

import filters
import navigation
import polars as pl
import streamlit as st
from style import text

OPEN = "Rows"  # the column of a table that leads on


def address(page: str, *, keep: bool = True, **codes: str) -> str:
    """The address of a page (the name of its file) with these filters set; `keep=False` ends the active ones."""
    state = st.session_state
    active = {name: state.get(name, "") for name in filters.CARRIERS} if keep else {}
    wanted = {"tenant": state.get("tenant", "")} | active | codes
    asked = urlencode({name: code for name, code in wanted.items() if code})
    return f"./{'' if navigation.first() == page else page}?{asked}"


def link(page: str, label: str, *, keep: bool = True, **codes: str) -> str:
    """The link as inline HTML; nothing where there is no such page."""
    if page not in navigation.declared():
        return ""
    # A plain link: one of Streamlit cannot set a field that the session has, and Back would return to other filters.
    return f'<a href="{escape(address(page, keep=keep, **codes))}" target="_self">{text(label)} →</a>'


def cards(told: Iterable[tuple[str, str, str, str]]) -> None:
    """Draw a row of figures: what it is called, the number, what stands under it, and the link that the whole card is.

    All but the link become HTML text.
    """
    drawn = "".join(
        f'<div>{text(name)}<b>{text(number)}</b><span class="muted">{text(under)}</span><p>{to}</p></div>'
        for name, number, under, to in told
    )
    st.html(f'<div class="vi figures">{drawn}</div>')


def column(page: str, chosen: Iterable[dict[str, str] | None], *, keep: bool = True) -> pl.Series:
    """A column of a table with an address a row, by the codes that each row's link sets; without codes there is none."""
    asked = [None if codes is None else address(page, keep=keep, **codes) for codes in chosen]
    return pl.Series(OPEN, asked, dtype=pl.String)


def look(what: str) -> Any:
    """How a table draws that column; `what` says what opens."""
    return st.column_config.LinkColumn(display_text="Open →", width=72, help=what)
