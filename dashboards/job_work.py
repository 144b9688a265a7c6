"""Two tabs of the page of a job: what doing it better is worth and what competes, and how it is done and what waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import how_done
import leads
import lists
import polars as pl
import streamlit as st
import words
from lists import item
from style import text

from vital_insights.reports.work import read

if TYPE_CHECKING:
    from session import Data


@dataclass(frozen=True)
class Opened:
    """The job that is open: its row of `jobs` by id, what `job_parts` found of it, and what the source lacks."""

    data: Data
    job_id: str
    jobs: Mapping[str, dict[str, Any]]
    codes: Mapping[str, str]
    found: Mapping[str, list[dict[str, Any]]]
    lacking: Mapping[str, str]

    def items(self, part: str, heading: str, rows: list[str], nothing: str) -> None:
        """A list of one part of the job, or why it is empty."""
        lists.items(heading, rows, nothing, self.lacking.get(part))

    def row(self, metric: str) -> dict[str, Any]:
        """The job's row of a metric; empty for a retired job, and in a snapshot made before there was such a metric."""
        rows = read(self.data.metric, metric)
        mine = [] if rows is None else rows.filter(pl.col("job_id") == self.job_id).to_dicts()
        return mine[0] if mine else {}


def value(job: Opened) -> None:
    """What doing the job better is worth to whom, and what people use today."""
    left, right = st.columns(2, gap="medium")
    with left:
        shown = []
        for row in job.found["value driver"]:
            whom = f'<br><span class="muted">for {text(row["kind"])}</span>' if row["kind"] else ""
            impact = text(row["detail"], "not put in figures")
            said = text(row["said"], "without a text")
            shown.append(f'<li><span>{said}{whom}</span><span class="aside muted">{impact}</span></li>')
        job.items("value driver", "What doing it better is worth", shown, "No value driver is written down yet.")
        worth = job.row("job_value")
        if worth.get("n_value_drivers") and worth["n_quantified"] is not None:
            n = words.counted(worth["n_value_drivers"], "value driver")
            st.html(f'<div class="vi muted">How much is said for {worth["n_quantified"]:,} of {n}.</div>')
    with right:
        named = [item(row["said"] or "without a name") for row in job.found["alternative"]]
        job.items("alternative", "What people turn to today", named, "No alternative is written down yet.")
        n_high = job.row("job_alternatives").get("n_high")
        if named and n_high:
            verb = "is a HIGH opportunity" if n_high == 1 else "are HIGH opportunities"
            st.html(f'<div class="vi muted">For all that, {words.counted(n_high, "outcome")} {verb}.</div>')


def work(job: Opened) -> None:
    """Stages with their activities, AI opportunities with their use cases, and the jobs on either side."""
    left, right = st.columns(2, gap="medium")
    with left:
        _stages(job)
    with right:
        ideas = [
            item(row["said"] or "without a name", under=[each["said"] for each in job.found["use case"] if each["under"] == row["id"]])
            for row in job.found["AI opportunity"]
        ]  # fmt: skip
        job.items("AI opportunity", "AI opportunities", ideas, "None is written down yet.")
        _uses(job)
        _linked(job, "waits for", "It waits for", "It waits for no other job.")
        _linked(job, "waits for it", "These wait for it", "No other job waits for it.")
        held = job.row("job_dependencies")
        if (held.get("n_held_up_in_all") or 0) > (held.get("n_held_up") or 0):
            said = (
                f"With those that wait for these it holds up {words.counted(held['n_held_up_in_all'], 'job')} in all. "
            )
            st.html(
                f'<div class="vi muted">{said}{leads.link("workflows", "See them", keep=False, held=job.codes[job.job_id])}</div>'
            )
        if held.get("in_circle"):
            st.html(
                '<div class="vi"><span class="warning">↻ In a circle:</span> it waits for itself, straight or through others.</div>'
            )


def _uses(job: Opened) -> None:
    """The use cases that stand under none of the job's AI opportunities, or why nothing is known of any."""
    known = {row["id"] for row in job.found["AI opportunity"]}
    loose = [item(row["said"] or "without a name") for row in job.found["use case"] if row["under"] not in known]
    if loose or "use case" in job.lacking:
        job.items("use case", "Use cases under none of these" if known else "Use cases of AI", loose, "")


def _stages(job: Opened) -> None:
    way = how_done.steps(job.data, job.job_id)
    stages = [
        item(stage["name"] or "without a name", under=[each["name"] for each in stage["activities"]])
        for stage in way["stages"]
    ]
    job.items("stage", "Workflow stages", stages, "No stage is written down yet.")
    row = job.row("job_workflow")
    if row.get("longest_chain"):
        n = words.counted(row["n_activities"], "activity", "activities")
        said = f"The longest chain: {row['longest_chain']:,} of {n}, one after the other. "
        st.html(
            f'<div class="vi muted">{said}{leads.link("workflows", "See it", keep=False, steps=job.codes[job.job_id])}</div>'
        )
    if len(stages) > 1 and not way["ordered"]:
        st.html('<div class="vi muted">As they were written down: no activity says which stage comes first.</div>')


def _linked(job: Opened, part: str, heading: str, nothing: str) -> None:
    """The jobs on the other side of a dependency, each with a link: its name stays text, for a link's label is Markdown."""
    others = job.found[part]
    if not others or part in job.lacking:
        job.items(part, heading, [], nothing)
        return
    st.html(f'<div class="vi"><h2 class="name">{heading} <span class="muted">{len(others):,}</span></h2></div>')
    for job_id in (row["id"] for row in others):
        st.html(f'<div class="vi">{text(job.jobs[job_id]["job_name"], "without a name")}</div>')
        words.lead("jobs", "Open it", job=job.codes[job_id])
