"""What holds up what, how one job is done step by step, how workflows run and where they wait, and what solutions reach."""

from typing import Any

import downloads
import filters
import how_done
import job_parts
import leads
import lists
import pictures
import polars as pl
import run_parts
import session
import streamlit as st
import words
from choices import choose, part
from style import cells, cut, text

from vital_insights.charts import dependency_graph
from vital_insights.charts.layered import circles
from vital_insights.reports.work import DRAWN, banded, finding, read

PAGE = {
    "title": "Workflows and dependencies",
    "icon": ":material/account_tree:",
    "place": 7.4,
    "group": "How work is done",
}

LISTED = 8  # rows of one table
SHEET = """<style>
.vi.steps ol {margin: 0; padding: 0 0 0 1.4rem}
.vi.steps li {display: list-item; border: 0; padding: .12rem 0}
.vi.steps > ol > li {padding: .4rem 0; font-weight: 600}
.vi.steps ul {font-weight: 400}
.vi.states li {grid-template-columns: 8.5rem 1fr}
</style>"""


def named(job_id: str) -> str:
    return cut(names.get(job_id) or "a job without a name", 120)


def graph() -> None:
    """The links of the jobs within the filters, or around one job; drawn, listed, and the circles named."""
    near = found.filter(pl.col("job_id").is_in(kept) | pl.col("held_id").is_in(kept))
    if not near.height:
        none = "None of the jobs within the filters waits for another or is waited for." if selection.words else (
            "No job waits for another: once dependencies are written in the source, they are drawn here.")  # fmt: skip
        st.info(none)
        return
    drawn = waits.select("job_id", "job_name", "n_held_up_in_all").join(bands, on="job_id", how="left")
    figure = dependency_graph(drawn, near, number=DRAWN)
    st.html('<div class="vi muted">An arrow leads from a job to one that waits for it. The number before a name counts all jobs that '
            "it holds up, straight or through others. The mark is the band of the job’s highest outcome: "
            "◆ HIGH, ● MEDIUM, ○ LOW, × without a score.</div>")  # fmt: skip
    pictures.draw(figure, "dependencies",
                  alt="Which job waits for which; the download lists the same")  # fmt: skip
    rounds = circles(near.iter_rows())
    for circle in rounds:
        way = " → ".join(named(key) for key in [*circle, circle[0]])
        st.html(
            f'<div class="vi"><span class="warning">↻ In a circle:</span> {text(way)}. None of them can begin before the others.</div>'
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        downloads.figure(figure, "dependencies")
        pairs = near.with_columns(
            job_name=pl.col("job_id").replace_strict(names, default=None, return_dtype=pl.String),
            held_name=pl.col("held_id").replace_strict(names, default=None, return_dtype=pl.String),
        )
        downloads.table(pairs.select("job_name", "held_name", "job_id", "held_id"), "dependencies")


def blockers() -> None:
    """The jobs that hold up most, and the jobs behind the number of one of them."""
    rows = waits.filter(pl.col("job_id").is_in(kept), pl.col("n_held_up") > 0).join(bands, on="job_id", how="left")
    if not rows.height:
        st.html('<div class="vi muted">No job within the filters holds up another.</div>')
        return
    start = part("Jobs", rows.height, LISTED, "pick_blockers")
    page = rows.slice(start, LISTED)
    columns = {"Job": pl.col("job_name").fill_null("without a name"), "Holds up": "n_held_up_in_all", "Straight": "n_held_up",
               "Waits for": "n_waits_for", "HIGH": pl.col("n_high").fill_null(0)}  # fmt: skip
    links = leads.column("jobs", ({"job": codes[key]} for key in page["job_id"]), keep=False)
    st.dataframe(
        cells(page.select(**columns)).insert_column(2, links), key="blockers", hide_index=True, height="content", row_height=58,
        column_config={"Job": st.column_config.TextColumn(width=210), leads.OPEN: leads.look("Opens the job in a new tab")},
        alt="The jobs that hold up most",
    )  # fmt: skip
    downloads.table(rows, "held-up")
    options = {codes[key]: f"{named(key)}: {n:,}" for key, n in rows.select("job_id", "n_held_up_in_all").iter_rows()}
    of = {code: key for key, code in codes.items()}[choose("held", "Held up by", options, st.selectbox)]
    held = how_done.held_after(found, of)
    shown = [
        f'<li><span>{text(named(key))}</span><span class="aside">{leads.link("jobs", "Open", keep=False, job=codes[key])}</span></li>'
        for key in sorted(held, key=lambda key: (named(key), key))
    ]
    lists.items("These wait for it, straight or through others", shown[: LISTED * 3], "Only itself.")


def step_by_step() -> None:
    """The stages and activities of one job that has some, and the longest chain."""
    rows = done.filter(pl.col("job_id").is_in(kept), pl.col("n_stages") > 0)
    if not rows.height:
        unknown = done.height and done["n_stages"].null_count()
        st.info(
            "Unknown: the source has no table of stages."
            if unknown
            else "No stage is written down for a job within the filters."
        )
        return
    options = {
        codes[row["job_id"]]: f"{named(row['job_id'])} · {words.counted(row['n_stages'], 'stage')}"
        + ("" if row["n_activities"] is None else f", {words.counted(row['n_activities'], 'activity', 'activities')}")
        for row in rows.iter_rows(named=True)
    }
    of = {code: key for key, code in codes.items()}[choose("steps", "Job", options, st.selectbox)]
    way = how_done.steps(data, of)
    row = rows.row(by_predicate=pl.col("job_id") == of, named=True)
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        stages = "".join(
            f"<li>{text(stage['name'], 'without a name')}<ul>{_activities(stage['activities'])}</ul></li>"
            for stage in way["stages"]
        )
        st.html(f'<div class="vi steps"><ol>{stages}</ol></div>')
    with right:
        if way["circles"]:
            for circle in way["circles"]:
                st.html(f'<div class="vi"><span class="warning">↻ In a circle:</span> {text(" → ".join([*circle, circle[0]]))}. '
                        "None of these activities can begin before the others.</div>")  # fmt: skip
        elif row["longest_chain"] is None:
            st.html(
                '<div class="vi muted">Which activity waits for which is unknown: the source does not say it, or has no activity.</div>'
            )
        elif way["chain"]:
            chain = "".join(f'<li style="font-weight:400">{text(each)}</li>' for each in way["chain"])
            st.html(f'<div class="vi steps"><h2 class="name">The longest chain: {row["longest_chain"]:,} of {row["n_activities"]:,} '
                    f"activities one after the other</h2><ol>{chain}</ol></div>")  # fmt: skip
        else:
            st.html('<div class="vi muted">No activity waits for another: all may be done side by side.</div>')
        words.lead("jobs", "All that is known of this job", keep=False, job=codes[of])
    downloads.table(rows, "job-workflow")


def _activities(activities: list[dict[str, Any]]) -> str:
    lines = ""
    for each in activities:
        after = f' <span class="muted">after: {text(each["before"])}</span>' if each["before"] else ""
        lines += f"<li>{text(each['name'])}{after}</li>"
    return lines or '<li class="muted">No activity is written down.</li>'


view = session.current()
filters.carry("held", "steps", "solution")
data, selection = view.data, view.selection
every, outcomes = data.table("jobs"), data.metric("opportunity")
codes, names, bands = (
    job_parts.codes(every),
    dict(every.select("job_id", "job_name").iter_rows()),
    banded(outcomes),
)
live = view.chosen(every.filter("is_live"))
kept = live["job_id"].implode()
waits, done = (read(data.metric, name) for name in ("job_dependencies", "job_workflow"))
found = how_done.links(data)
st.html(lists.SHEET + SHEET)
words.title(finding(waits))
if not every.height:
    st.info("This tenant has no jobs yet. Once jobs are written in the source, run `vital-insights refresh TENANT`.")
if every.height and not live.height:
    words.nothing_shown(outcomes, selection)
if selection.words:
    st.html(f'<div class="vi muted">{live.height:,} of {words.counted(every.filter("is_live").height, "job")} lie within the filters; '
            "runs and solutions are of the whole tenant.</div>")  # fmt: skip
if live.height:
    with st.container(key="wide"):
        left, right = st.columns([1, 1.15], gap="medium")
        with left, st.container(border=True):
            st.header("What waits for what", anchor=False)
            if waits is None or found is None:
                st.info(run_parts.NOT_YET.format("dependencies were"))
            elif waits["n_held_up"].null_count():
                st.info("Unknown: the source has no table of dependencies.")
            else:
                graph()
        with right, st.container(border=True):
            st.header("What holds up most", anchor=False)
            if waits is None or found is None or waits["n_held_up"].null_count():
                st.html('<div class="vi muted">Unknown, for the same reason.</div>')
            else:
                blockers()
    with st.container(border=True):
        st.header("How one job is done", anchor=False)
        if done is None:
            st.info(run_parts.NOT_YET.format("stages of jobs were"))
        else:
            step_by_step()
with st.container(border=True):
    st.header("How workflows run", anchor=False)
    run_parts.running(data)
with st.container(border=True):
    st.header("What solutions reach", anchor=False)
    run_parts.reach(data, codes)
