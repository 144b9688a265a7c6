"""What matters now: how many outcomes are HIGH, which, where, what is not covered, and whether to trust it."""

from datetime import UTC, datetime

import polars as pl
import session
import streamlit as st
import words
from since import older_snapshots
from style import text

from vital_insights.charts import band_shares, widest_gaps
from vital_insights.charts.theme import BANDS
from vital_insights.errors import VitalError

PAGE = {"title": "Overview", "icon": ":material/dashboard:", "place": 1}
GAPS = {
    "role_without_job": ("roles", "roles have no job"),
    "job_without_role": ("jobs", "jobs have no role"),
    "job_without_outcome": ("jobs", "jobs have no outcome"),
    "job_without_primary_role": ("jobs", "jobs have roles, but no primary one"),
    "persona_without_role": ("personas", "personas have no role"),
    "high_outcome_without_owner": ("HIGH", "HIGH outcomes belong to a job that no role owns"),
    "direct_link_not_implied": (None, "direct links are not implied by the persona’s role"),
}
ROWS, CHECKS = 8, 5


def by_function(shown: pl.DataFrame, membership: pl.DataFrame, functions: pl.DataFrame) -> pl.DataFrame:
    """The shown outcomes counted by band for each function that has none below it, in the columns of `opportunity_by`.

    A function above others holds all of theirs and would only say it again.
    """
    above = functions["parent_id"].drop_nulls()
    lowest = functions.filter(~pl.col("function_id").is_in(above.implode()))["function_id"].cast(pl.String)
    placed = membership.filter(pl.col("dimension") == "function", pl.col("member").is_in(lowest.implode()))
    counts = {f"n_{band.lower()}": (pl.col("band") == band).sum() for band in BANDS}
    joined = shown.join(placed.select("member", "member_name", "job_id"), on="job_id", how="left")
    return joined.group_by("member", "member_name").agg(pl.len().alias("n_outcomes"), **counts)


def figures(shown: pl.DataFrame) -> None:
    meanings = {
        "HIGH": "score above 12",
        "MEDIUM": "8 to 12",
        "LOW": "below 8",
        "UNSCORED": "a rating is missing or invalid",
    }
    cards = ""
    for band, meaning in meanings.items():
        number = shown.filter(band=band).height
        cards += f'<div>{band}<b>{number:,}</b><span class="muted">{words.share(number, shown.height)} · {meaning}</span></div>'
    status = data.verdict().by_status
    cards += (f'<div>Data checks passed<b>{status["passed"]:,} of {len(data.verdict()):,}</b>'
              f'<span class="muted">{status["failed"]:,} failed, {status["errored"]:,} could not run</span></div>')  # fmt: skip
    st.html(f'<div class="vi figures">{cards}</div>')


def coverage_gaps() -> None:
    gaps = data.metric("coverage_gaps")
    st.header("Biggest gaps in coverage", anchor=False)
    st.html('<div class="vi muted">Of the whole tenant, whatever the filters say.</div>')
    if not gaps.height:
        st.html(
            '<div class="vi"><span class="ok">None.</span> Every role has a job, every job a role and an outcome.</div>'
        )
        return
    kinds = (
        gaps.group_by("kind")
        .agg(pl.len().alias("n"), pl.first("because"), pl.first("remedy"))
        .sort("n", "kind", descending=[True, False])
    )
    totals = {name: data.table(name).height for name in ("roles", "personas")}
    totals |= {"jobs": data.table("jobs").filter("is_live").height, "HIGH": outcomes.filter(band="HIGH").height}
    items = ""
    for row in kinds.iter_rows(named=True):
        total, phrase = GAPS.get(row["kind"], (None, row["kind"].replace("_", " ")))
        of = f'<br><span class="muted">of {totals[total]:,}</span>' if total else ""
        items += (f'<li><span><span class="count">{row["n"]:,}</span>{of}</span><span><b>{text(phrase)}</b><br>'
                  f'<span class="muted">{text(row["because"])}</span> {text(row["remedy"])}</span></li>')  # fmt: skip
    st.html(f'<div class="vi"><ul>{items}</ul></div>')


def trust() -> None:
    verdict, snapshot = data.verdict(), data.insights.snapshot
    st.header("Can this be trusted?", anchor=False)
    newest = outcomes["updated_at"].max()
    lines = f"<dt>Snapshot</dt><dd>{words.instant(snapshot.taken_at)}, {words.span(snapshot.taken_at, datetime.now(UTC))} old</dd>"
    if newest is not None:
        lines += f"<dt>Newest change</dt><dd>{words.instant(newest)}, {words.span(newest, snapshot.taken_at)} before the snapshot</dd>"
    lines += f"<dt>Checks</dt><dd>{text(verdict.summary())}</dd>"
    failed = verdict.failed("info")
    items = "".join(
        f'<li><span class="{check.severity}">{check.severity}</span><span>{text(check.because)}<br>'
        f'<span class="muted">{text(check.table.rpartition(".")[2])}: {text(check.observed, "no figure")}</span></span></li>'
        for check in failed[:CHECKS]
    )
    errored = "".join(
        f'<li><span class="errored">could not run</span><span>{text(check.because)}</span></li>'
        for check in verdict.errored
    )
    more = ""
    if len(failed) > CHECKS:
        command = f"vital-insights check {data.tenant.slug}"
        more = f'<p class="muted">The {CHECKS} gravest of {len(failed)}; all of them: <code>{text(command)}</code></p>'
    st.html(f'<div class="vi"><dl>{lines}</dl><ul>{errored}{items}</ul>{more}</div>')


def highest() -> None:
    with st.container(border=True):
        st.header("Highest opportunities", anchor=False)
        if shown.filter(pl.col("band") != "UNSCORED").height:
            st.plotly_chart(widest_gaps(shown, number=ROWS), theme=None, key="gaps", config={"displayModeBar": False},
                            alt="The outcomes with the highest scores, each as a line from satisfaction to importance")  # fmt: skip
            st.page_link("pages/landscape.py", label="See them all on the landscape", icon=":material/bubble_chart:")
        else:
            st.info("None of the shown outcomes has a score: importance or satisfaction is missing or invalid.")


def shares() -> None:
    named = members.filter(pl.col("member").is_not_null()).height
    with st.container(border=True):
        st.header("Share of outcomes by function", anchor=False)
        st.plotly_chart(band_shares(members, number=ROWS, nobody=f"in none of the {named}"), theme=None, key="functions",
                        config={"displayModeBar": False},
                        alt="For each function the share of its outcomes in each band, the largest share of HIGH first")  # fmt: skip
        of = f"The first {ROWS} of {named}, by share of HIGH. " if named > ROWS else ""
        st.html(f'<div class="vi muted">{of}An outcome counts in every function that does its job.</div>')


def changed() -> None:
    """What happened since an older snapshot, in one line that leads to the page; one quiet line where there is none."""
    older = older_snapshots(data)
    if not older:
        st.html('<div class="vi muted">This is the first snapshot; the next one will show here what changed.</div>')
        return
    try:
        summary = data.compare(older[0].id).summary
    except VitalError as error:  # an older file that cannot be read spoils this line, not the page
        st.html(
            f'<div class="vi"><span class="warning">Not compared</span> with the snapshot before: {text(error)}</div>'
        )
        return
    said = {"into HIGH": "into_high", "out of HIGH": "out_of_high", "appeared": "appeared", "vanished": "vanished"}
    chips = "".join(f'<span class="chip"><b>{summary[key]:,}</b> {name}</span>' for name, key in said.items())
    with st.container(key="changed", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div class="vi">Since {words.instant(older[0].taken_at)}, of all outcomes: {chips}</div>', width="content"
        )
        words.lead("changes", "See what changed")


view = session.current()
data, selection, shown = view.data, view.selection, view.shown
outcomes, membership = data.metric("opportunity"), data.table("membership")
members = by_function(shown, membership, data.table("functions"))
high = members.filter(pl.col("member").is_not_null() & (pl.col("n_high") > 0)).sort(
    "n_high", "member_name", "member", descending=[True, False, False]
)
where = (
    f"; {high['member_name'][0] or 'a function without a name'} holds {high['n_high'][0]:,} of them"
    if high.height
    else ""
)

words.title(words.finding(outcomes, shown, selection) + where)
figures(shown)
changed()
if not shown.height:
    words.nothing_shown(outcomes, selection)
with st.container(key="wide"):
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        if shown.height:
            highest()
        with st.container(border=True):
            trust()
    with right:
        if shown.height:
            shares()
        with st.container(border=True):
            coverage_gaps()
