"""What matters now: how many outcomes are HIGH, which, where, what is not covered, and whether to trust it."""

from datetime import UTC, datetime

import downloads
import leads
import pictures
import polars as pl
import session
import streamlit as st
import words
from covered import GAPS, gap_totals
from members import by_member
from since import older_snapshots
from style import text

from vital_insights.charts import band_shares, widest_gaps
from vital_insights.errors import VitalError
from vital_insights.reports.members import lowest
from vital_insights.reports.phrases import NOTHING_OLDER

PAGE = {"title": "Overview", "icon": ":material/dashboard:", "place": 1, "group": "Where to act"}
ROWS, CHECKS = 8, 5


def by_function() -> pl.DataFrame:
    """The shown outcomes added up for each function that has none below it: one above others would only say theirs again."""
    only = lowest(data.table("functions"), "function")
    found = by_member(shown, data.table("membership"), data.table("jobs"), "function", only)
    return found.filter(pl.col("n_outcomes") > 0)


def figures(shown: pl.DataFrame) -> None:
    meanings = words.bands(data) | {"UNSCORED": "a rating is missing or invalid"}
    told = []
    for band, meaning in meanings.items():
        number = shown.filter(band=band).height
        under = f"{words.share(number, shown.height)} · {meaning}"
        link = leads.link("outcomes", f"List the {band}", band=band) if number else ""
        told.append((band, f"{number:,}", under, link))
    status = data.verdict().by_status
    under = f"{status['failed']:,} failed, {status['errored']:,} could not run"
    passed = f"{status['passed']:,} of {len(data.verdict()):,}"
    leads.cards([*told, ("Data checks passed", passed, under, leads.link("quality", "See the checks"))])


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
    totals = gap_totals(data)
    items = ""
    for row in kinds.iter_rows(named=True):
        phrase, total = GAPS[row["kind"]]
        of = f'<br><span class="muted">of {totals[total]:,}</span>'
        items += (f'<li><span><span class="count">{row["n"]:,}</span>{of}</span><span><b>{text(phrase)}</b><br>'
                  f'<span class="muted">{text(row["because"])}</span> {text(row["remedy"])} '
                  f"{leads.link('coverage', 'List them', gap=row['kind'])}</span></li>")  # fmt: skip
    st.html(f'<div class="vi"><ul>{items}</ul></div>')


def trust() -> None:
    verdict, snapshot = data.verdict(), data.insights.snapshot
    st.header("Can this be trusted?", anchor=False)
    newest = outcomes["updated_at"].max()
    lines = f"<dt>Snapshot</dt><dd>{words.instant(snapshot.taken_at)}, {words.span(snapshot.taken_at, datetime.now(UTC))} old</dd>"
    if newest is not None:
        lines += (f"<dt>Outcomes</dt><dd>last changed {words.instant(newest)}, {words.span(newest, snapshot.taken_at)} before the "
                  "snapshot</dd>")  # fmt: skip
    lines += f"<dt>Checks</dt><dd>{text(verdict.summary())}</dd>"
    failed = verdict.failed("info")
    items = "".join(
        f'<li><span class="{check.severity}">{check.severity}</span><span>{text(check.because)}<br>'
        f'<span class="muted">{text(check.table.rpartition(".")[2].replace("_", " "))}: {text(check.observed, "no figure")}</span> '
        f"{leads.link('quality', 'See the rows', check=check.name)}</span></li>"
        for check in failed[:CHECKS]
    )
    errored = "".join(
        f'<li><span class="errored">could not run</span><span>{text(check.because)}</span></li>'
        for check in verdict.errored
    )
    more = ""
    if len(failed) > CHECKS:
        more = f'<p class="muted">The {CHECKS} gravest of {len(failed)}. {leads.link("quality", "See all checks")}</p>'
    st.html(f'<div class="vi"><dl>{lines}</dl><ul>{errored}{items}</ul>{more}</div>')


def highest() -> None:
    with st.container(border=True):
        st.header("Highest opportunities", anchor=False)
        if shown.filter(pl.col("band") != "UNSCORED").height:
            figure = widest_gaps(shown, number=ROWS)
            pictures.draw(figure, "gaps",
                          alt="The outcomes with the highest scores, each as a line from satisfaction to importance")  # fmt: skip
            with st.container(key="gaps_leads", horizontal=True, vertical_alignment="center"):
                st.html(f'<div class="vi lead">{leads.link("outcomes", "List them all")}</div>', width="content")
                st.html(
                    f'<div class="vi lead">{leads.link("landscape", "See them on the landscape")}</div>',
                    width="content",
                )
                downloads.figure(figure, "highest-opportunities")
        else:
            st.info("None of the shown outcomes has a score: importance or satisfaction is missing or invalid.")


def shares() -> None:
    named = members.filter(pl.col("member").is_not_null()).height
    with st.container(border=True):
        st.header("Share of outcomes by function", anchor=False)
        figure = band_shares(members, number=ROWS, nobody=f"in none of the {named}")
        pictures.draw(figure, "functions",
                      alt="For each function the share of its outcomes in each band, the largest share of HIGH first")  # fmt: skip
        of = f"The first {ROWS} of {named}, by share of HIGH. " if named > ROWS else ""
        st.html(f'<div class="vi muted">{of}An outcome counts in every function that does its job.</div>')
        with st.container(key="functions_leads", horizontal=True, vertical_alignment="center"):
            st.html(f'<div class="vi lead">{leads.link("compare", "Compare all functions")}</div>', width="content")
            downloads.figure(figure, "functions")


def changed() -> None:
    """What happened since an older snapshot, in one line that leads to the page; one quiet line where there is none."""
    older = older_snapshots(data)
    if not older:
        st.html(f'<div class="vi muted">{NOTHING_OLDER}; the next one will show here what changed.</div>')
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
outcomes = data.metric("opportunity")
members = by_function()
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
