"""What if one outcome of a job were rated otherwise: its score, band and rank, and what the totals around it would become."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import session
import streamlit as st
from choices import told_apart
from style import cut, text

from vital_insights.charts.dumbbell import FEW
from vital_insights.charts.wording import exact

if TYPE_CHECKING:
    from session import Data

_ONE = threading.Lock()  # what is computed anew may take most of the memory: one session after the other
INPUTS = ("importance", "satisfaction")
AROUND = ("function", "role")
CSS = """<style>
.vi.whatif table {border-collapse: collapse; margin: .6rem 0}
.vi.whatif .around {width: 100%}
.vi.whatif :is(th, td) {text-align: left; padding: .3rem .8rem .3rem 0; vertical-align: top; font-weight: 400;
  overflow-wrap: break-word}
.vi.whatif .n {font-variant-numeric: tabular-nums; white-space: nowrap; text-align: right}
.vi.whatif b {font-weight: 600}
@media (max-width: 720px) {.vi.whatif .around :is(th, td):nth-child(4) {display: none}}
</style>"""


@dataclass(frozen=True)
class Supposed:
    """An outcome as it would be, and the functions and roles that would change, a dict a row."""

    outcome: dict[str, Any]
    around: list[dict[str, Any]]


def part(data: Data, rows: pl.DataFrame) -> None:
    """Draw the choice of an outcome, a slider for each of its ratings, and what would come of them."""
    if not rows.height:
        st.html(
            '<div class="vi muted">None of this job’s outcomes enters a score, so there is nothing to rate otherwise.</div>'
        )
        return
    told = {row["outcome_id"]: row for row in rows.iter_rows(named=True)}
    said = (row["statement"] or row["outcome_code"] or "An outcome without a statement" for row in told.values())
    names = dict(zip(told, told_apart(cut(each, 110) for each in said), strict=True))
    chosen = st.selectbox("Outcome", list(told), format_func=names.__getitem__, key="what_if_outcome")
    session.fragment(_sliders)(data, told[chosen])


def _sliders(data: Data, row: dict[str, Any]) -> None:
    keys = {name: f"what_if_{name}_{row['outcome_id']}" for name in INPUTS}

    def reset() -> None:
        for name, key in keys.items():
            st.session_state[key] = _start(row[name])

    changed: dict[str, Decimal] = {}
    for name, column in zip(INPUTS, st.columns(2, gap="medium"), strict=True):
        with column:
            today = "unknown until it is moved" if row[name] is None else f"today {exact(row[name])}"
            value = st.slider(
                f"{name.capitalize()} ({today})", 0.0, 10.0, _start(row[name]), 0.1, "%.1f", key=keys[name]
            )
        if value != _start(row[name]):  # an unknown rating stays unknown until its slider is moved
            changed[name] = Decimal(f"{value:.1f}")
    if not changed:
        st.html('<div class="vi muted">Move a slider: everything is computed anew with the other rating. '
                "Nothing is stored, and the snapshot stays as it is.</div>")  # fmt: skip
        return
    of = (row["outcome_id"], *(f"{name} {value}" for name, value in changed.items()))
    with st.spinner("Computing with the other rating"):
        found = data.once("what-if", lambda: _computed(data, row["outcome_id"], changed), *of)
    st.html(CSS + _told(data, row, found))
    st.button("Back to today's ratings", on_click=reset, icon=":material/undo:")


def _start(rating: Decimal | None) -> float:
    """Where a slider begins; an unknown or impossible rating has no place on it, so that it begins in the middle."""
    return float(rating) if rating is not None and 0 <= rating <= 10 else 5.0


def _computed(data: Data, outcome_id: str, changed: dict[str, Decimal]) -> Supposed:
    with _ONE, data.insights.what_if({outcome_id: changed}) as supposed:
        outcome = supposed.metric("opportunity", where={"outcome_id": outcome_id}).row(0, named=True)
        around = supposed.difference("opportunity_by").filter(
            pl.col("dimension").is_in(AROUND), pl.col("member").is_not_null()
        )
    return Supposed(outcome, around.to_dicts())


def _told(data: Data, row: dict[str, Any], found: Supposed) -> str:
    """The outcome before and after, then the totals around it; all of it says that it is supposed."""
    scored = data.metric("opportunity")["score"].count() + (row["score"] is None and found.outcome["score"] is not None)
    facts = [("Score", "score"), ("Band", "band"), (f"Rank of {scored:,}", "rank")]
    lines = "".join(
        f'<tr><th class="muted">{name}</th><td>{_step(row[c], found.outcome[c])}</td></tr>' for name, c in facts
    )
    note = '<div class="muted">Supposed, not measured.</div>'
    return f'<div class="vi whatif" role="status"><table>{lines}</table>{_around(data, found.around)}{note}</div>'


def _around(data: Data, rows: list[dict[str, Any]]) -> str:
    if not rows:
        return '<div class="muted">No total of a function or role would change.</div>'
    by = data.metric("opportunity_by").filter(pl.col("dimension").is_in(AROUND))
    n_scored = {(d, m): n for d, m, n in by.select("dimension", "member", "n_scored").iter_rows()}
    lines = []
    for row in rows:
        n = row.get("n_scored_after", n_scored.get((row["dimension"], row["member"]), 0))
        cells = (_pair(row, name) for name in ("n_high", "mean_score", "max_score"))
        lines.append(
            f"<tr{' class=muted' if n < FEW else ''}><td>{text(row['member_name'])} <span class=muted>· {row['dimension']}</span></td>"
            f"{''.join(f'<td class=n>{cell}</td>' for cell in cells)}<td class=n>{n:,}</td></tr>"
        )
    head = "<th>Who</th><th class=n>HIGH</th><th class=n>Mean score</th><th class=n>Highest</th><th class=n>Scored</th>"
    return f'<table class="around"><tr class="muted">{head}</tr>{"".join(lines)}</table>'


def _pair(row: dict[str, Any], name: str) -> str:
    """Both sides; where no row of this column differs, the frame has it once or not at all."""
    return _step(row[f"{name}_before"], row[f"{name}_after"]) if f"{name}_after" in row else "as today"


def _step(before: Any, after: Any) -> str:
    told = [_shown(before), _shown(after)]
    if before == after:
        return told[1]
    return f"{told[1]} (changes by less than is shown)" if told[0] == told[1] else f"{told[0]} → <b>{told[1]}</b>"


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        return exact(value)
    return f"{value:.2f}" if isinstance(value, float) else text(f"{value:,}" if isinstance(value, int) else value)
