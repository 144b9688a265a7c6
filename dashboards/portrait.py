"""One persona on the page about them: where it belongs, what it rests on, whom it deals with, its scores, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import downloads
import leads
import lists
import pictures
import polars as pl
import portraits
import streamlit as st
import words
from lists import item
from style import text

from vital_insights.charts import vpanes_bars
from vital_insights.reports.personas import STRENGTHS

if TYPE_CHECKING:
    from session import Data


def draw(data: Data, persona: dict[str, Any], own: dict[str, Any]) -> None:
    """Draw one persona with all that is written down of it; `own` is its row of `reports.personas.carried` over all outcomes."""
    _heading(data, persona, own)
    left, middle, right = st.columns(3, gap="medium")
    with left:
        _written(data, persona, "What it rests on", "evidence", portraits.PIECES)
        _written(data, persona, "What it is like", "profile", portraits.LIKE)
    with middle:
        _written(data, persona, "Whom it deals with, and how", "stakeholders", portraits.WHOM)
        _written(data, persona, "How its time goes", "time", portraits.TIME)
    with right:
        _completeness(data, persona)
        _vpanes(data, persona)


def _heading(data: Data, persona: dict[str, Any], own: dict[str, Any]) -> None:
    """Its name, where it belongs, and the links to the outcomes and jobs that are its own."""
    roles = dict(data.table("roles").select("role_id", "role_name").iter_rows())
    places = [data.table(table).select(pl.col(f"{unit}_id").alias("id"), pl.col(f"{unit}_name").alias("name"))
              for unit, table in (("function", "functions"), ("department", "departments"))]  # fmt: skip
    names = dict(pl.concat(places).iter_rows())
    role = roles.get(persona["role_id"])
    chips = [persona["persona_code"], role or "no role, so it inherits no job", names.get(persona["function_id"]),
             names.get(persona["department_id"])]  # fmt: skip
    marks = "".join(f'<span class="chip">{text(chip)}</span>' for chip in dict.fromkeys(chips) if chip)
    grade = STRENGTHS.get(own["strength"])
    said = (
        f"Evidence: <b>{grade[0].lower()}</b>, {grade[1]}."
        if grade
        else "Evidence: unknown, the source has no table of it."
    )
    name = text(persona["persona_name"], "A persona without a name")
    st.html(f'<div class="vi"><h2 class="name">{name}</h2>{marks}<p style="margin:.3rem 0">{said}</p></div>')
    member = next((code for code, each in data.members("persona").items() if each.id == persona["persona_id"]), None)
    if member:
        said = f"{own['n_high']:,} HIGH of {words.counted(own['n_outcomes'], 'outcome')} of its jobs"
        shown_ = leads.link("outcomes", said, keep=False, persona=member)
        jobs = leads.link("jobs", "Its jobs", keep=False, persona=member)
        st.html(f'<div class="vi lead">{shown_} &nbsp; {jobs}</div>')
    else:
        st.html(
            '<div class="vi muted">No job reaches this persona, through a role or directly, so it carries no outcome.</div>'
        )


def _written(data: Data, persona: dict[str, Any], heading: str, part: str, names: dict[str, str]) -> None:
    """All entries of a part by kind, and by name the kinds that have none or that nobody can know."""
    every = portraits.entries(data, persona["persona_id"], part)
    found = {kind: entries for kind, entries in every.items() if kind in names}  # scores are drawn, not listed
    lines = [
        item(entry["entry_name"] or "without a name", names[kind])
        for kind, entries in found.items() for entry in entries or ()
    ]  # fmt: skip
    unknown = None if any(entries is not None for entries in found.values()) else "the source has no table of it"
    lists.items(heading, lines, "Nothing is written down yet.", unknown)
    empty = [names[kind].lower() for kind, entries in found.items() if entries == []]
    lost = [names[kind].lower() for kind, entries in found.items() if entries is None]
    said = [f"Nothing yet of: {', '.join(empty)}."] if lines and empty else []
    said += [f"Unknown: {', '.join(lost)}."] if lost and not unknown else []
    if said:
        st.html(f'<div class="vi muted">{text(" ".join(said))}</div>')


def _completeness(data: Data, persona: dict[str, Any]) -> None:
    whole = data.metric("persona_completeness").row(
        by_predicate=pl.col("persona_id") == persona["persona_id"], named=True
    )
    lines = ""
    for column, name in portraits.PARTS.items():
        n, of = whole[column], whole[f"{column}_kinds"]
        said = '<span class="muted">unknown: the source cannot tell</span>' if n is None else (
            f"{n:,} of {of:,} kinds" if n else f'<span class="warning">nothing</span> of {of:,} kinds')  # fmt: skip
        lines += f"<dt>{name}</dt><dd>{said}</dd>"
    of = whole["n_kinds"]
    share = (
        f"{whole['n_filled']:,} of {of:,} kinds of entries are written down."
        if of
        else "Unknown: the source has no table of it."
    )
    st.html(f'<div class="vi"><h2 class="name">How complete its portrait is</h2><p>{share}</p><dl>{lines}</dl></div>')


def _vpanes(data: Data, persona: dict[str, Any]) -> None:
    """Its six scores beside the mean of all who are scored."""
    own, told = portraits.scores(data, persona["persona_id"])
    st.html('<div class="vi"><h2 class="name">VPANES scores</h2></div>')
    if own["n_scorings"] is None:
        st.html('<div class="vi muted">Unknown: the source has no such scores, or does not say whose they are.</div>')
    elif own["n_scorings"] and own["n_dimensions"] is None:
        st.html('<div class="vi muted">Unknown: the source has scorings, but none with a score.</div>')
    elif not own["n_dimensions"]:
        st.html('<div class="vi muted">Not scored yet.</div>')
    else:
        top = portraits.top(data)
        figure = vpanes_bars(told, top=top)
        pictures.draw(figure, "vpanes",
                      alt="The six VPANES scores of this persona, each beside the mean of all personas that are scored")  # fmt: skip
        n = max(told["n"])
        more = f" The newest of {own['n_scorings']:,} scorings." if own["n_scorings"] > 1 else ""
        st.html(f'<div class="vi muted">Bar: this persona. Tick: mean of the {words.counted(n, "scored persona")}. '
                f"The source states no scale; it is drawn from 0 to {top:g}.{more}</div>")  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            downloads.figure(figure, "vpanes")
            downloads.table(data.metric("vpanes"), "vpanes")
