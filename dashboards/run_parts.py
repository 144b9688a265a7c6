"""How workflows run and where they wait, and what solutions reach: two parts of the page of workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import downloads
import how_done
import leads
import lists
import pictures
import polars as pl
import streamlit as st
import words
from choices import choose, part
from style import cells, cut, text

from vital_insights.charts import ranked_bars
from vital_insights.charts.dumbbell import FEW
from vital_insights.reports.work import by_status, hours, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from session import Data

LISTED = 8  # rows of one table
NOT_YET = "This snapshot was made before {} counted. A new refresh counts them."


def running(data: Data) -> None:
    """Runs by status with their durations, and each workflow with the approvals that it waits for."""
    runs = read(data.metric, "workflow_runs")
    if runs is None:
        st.info(NOT_YET.format("runs of workflows were"))
        return
    if not runs.height or runs["n_runs"].null_count():
        st.info(
            "Unknown: the source has no table of runs."
            if runs.height
            else "No workflow is written down in the source yet."
        )
        return
    states, n = by_status(runs), runs["workflow_id"].drop_nulls().n_unique()
    idle, waiting = (
        runs.filter(n_runs=0).height,
        runs["n_waiting"].sum() if not runs["n_waiting"].null_count() else None,
    )
    said = "How many approvals they wait for is unknown: the source has no table of them." if waiting is None else (
        f"They wait for {words.counted(waiting, 'approval')}." if waiting else "They wait for no approval.")  # fmt: skip
    ran = f"<b>{words.counted(runs['n_runs'].sum(), 'run')}</b> of {words.counted(n, 'workflow')}; {idle:,} of these never ran."
    st.html(f'<div class="vi">{ran} {said}</div>')
    left, right = st.columns([1, 1.6], gap="medium")
    with left:
        figure = ranked_bars(states, label="said", value="n_runs", of="n_all")
        pictures.draw(figure, "states", alt="Runs by status, of all runs")
        lines = "".join(map(_took, states.filter(pl.col("n_timed") > 0).iter_rows(named=True)))
        grey = (
            f"Of fewer than {FEW} timed runs, in grey, a mean says little. "
            if states["n_timed"].is_between(1, FEW - 1).any()
            else ""
        )
        st.html(f'<div class="vi states"><ul>{lines}</ul><p class="muted">{grey}A run without a start or an end has no duration.</p>'
                f"{_logs(data)}</div>")  # fmt: skip
        downloads.figure(figure, "runs-by-status")
    with right:
        start = part("Workflows and states", runs.height, 2 * LISTED, "pick_runs")
        page = runs.slice(start, 2 * LISTED)
        means = pl.Series(map(_mean, page["mean_hours"], page["n_timed"]), dtype=pl.String)
        columns = {
            "Workflow": pl.col("workflow_name").fill_null("no workflow that is there"),
            "Status": pl.when(pl.col("n_runs") == 0).then(pl.lit("never ran")).otherwise(pl.col("status").fill_null("not stated")),
            "Runs": "n_runs", "Approvals waiting": "n_waiting", "Mean": means,
            "of timed": "n_timed", "Open": "n_open",
            "Open since": pl.when(pl.col("n_open").is_not_null()).then(pl.col("open_since").dt.strftime("%-d %b %Y").fill_null("")),
        }  # fmt: skip
        wide = {
            name: st.column_config.TextColumn(width=width)
            for name, width in (("Workflow", 220), ("Mean", 84), ("Open since", 96))
        }
        st.dataframe(cells(page.select(**columns)), key="runs", hide_index=True, height="content", row_height=58, placeholder="unknown",
                     column_config=wide, alt="Each workflow by the status of its runs")  # fmt: skip
        if page["n_timed"].is_between(1, FEW - 1).any():
            st.html(f'<div class="vi muted">In brackets: a mean of fewer than {FEW} timed runs.</div>')
        downloads.table(runs, "workflow-runs")


def _mean(value: float | None, n: int | None) -> str | None:
    if n is None:
        return None
    return f"({hours(value)})" if 0 < n < FEW else hours(value)


def _took(row: Mapping[str, Any]) -> str:
    """How long the runs of one status took, as a line of a list."""
    said = f"{hours(row['mean_hours'])} on average, {hours(row['longest_hours'])} at most"
    grey = "muted" if row["n_timed"] < FEW else ""
    return f'<li class="{grey}"><span>{text(row["said"])}</span><span>{said}; {row["n_timed"]:,} of {row["n_runs"]:,} timed</span></li>'


def _logs(data: Data) -> str:
    """The tally of the lines that runs have logged, as HTML."""
    lines = how_done.logged(data)
    if lines is None or not lines.height:
        return ""
    levels = ", ".join(f"{n:,} {level or 'without a level'}" for level, n in lines.iter_rows())
    return f'<p class="muted">Their logs hold {words.counted(lines["n"].sum(), "line")}: {text(levels)}.</p>'


def reach(data: Data, codes: Mapping[str, str]) -> None:
    """Each solution with its counts, and of one of them the rows behind these."""
    solutions = read(data.metric, "solution_reach")
    if solutions is None:
        st.info(NOT_YET.format("what solutions reach was"))
        return
    if not solutions.height:
        st.info("No solution is written down in the source yet.")
        return
    columns = {
        "Solution": pl.coalesce("solution_name", pl.when(pl.col("solution_id").is_null()).then(pl.lit("of nobody here"))
                                .otherwise(pl.lit("without a name"))),
        "Jobs": "n_jobs", "Roles": "n_roles", "Agents": "n_agents", "Workflows": "n_workflows", "Industries": "n_industries",
        "Installed": "n_installations",
    }  # fmt: skip
    st.dataframe(cells(solutions.select(**columns)), key="solutions", hide_index=True, height="content", placeholder="unknown",
                 alt="What each solution holds and reaches")  # fmt: skip
    st.html(
        '<div class="vi muted">Roles are those its agents work for, jobs the live jobs of these roles; each counts once.</div>'
    )
    downloads.table(solutions, "solution-reach")
    mine = solutions.filter(pl.col("solution_id").is_not_null())
    if not mine.height:
        return
    options = {
        row["solution_id"]: cut(row["solution_name"] or "without a name", 120) for row in mine.iter_rows(named=True)
    }
    chosen = choose("solution", "Solution", options, st.selectbox)
    rows, [counts] = how_done.inside(data, chosen), mine.filter(solution_id=chosen).to_dicts()
    kinds = {"agent": "Agents", "workflow": "Workflows", "industry": "Industries", "role": "Roles"}
    for column, (kind, heading) in zip(st.columns(len(kinds), gap="medium"), kinds.items(), strict=True):
        with column:
            named = [lists.item(name or "without a name") for name in rows.filter(kind=kind)["name"]]
            unknown = None if counts[f"n_{heading.lower()}"] is not None else "the source does not say"
            lists.items(heading, named, "None.", unknown)
    jobs = rows.filter(kind="job")
    if jobs.height:
        start = part("Jobs", jobs.height, LISTED, "pick_touched")
        page = jobs.slice(start, LISTED)
        opened = leads.column("jobs", ({"job": codes[key]} for key in page["id"]), keep=False)
        st.dataframe(
            cells(page.select(Job=pl.col("name").fill_null("without a name"))).insert_column(1, opened), key="touched", hide_index=True,
            height="content", column_config={leads.OPEN: leads.look("Opens the job in a new tab")}, alt="The jobs that it touches",
        )  # fmt: skip
