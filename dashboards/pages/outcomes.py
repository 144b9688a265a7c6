"""Every outcome in an order of choice, a page at a time; a row opens how its number came about and what would change it."""

import choices
import downloads
import filters
import job_parts
import polars as pl
import session
import streamlit as st
import words
from style import cells, cut, text

from vital_insights.charts.wording import exact, sum_of

PAGE = {"title": "Outcomes", "icon": ":material/format_list_numbered:", "place": 3, "group": "Where to act"}

ROWS = 100  # sent to the browser at a time, however many there are
SURE = 50
GLYPHS = {"HIGH": "◆ HIGH", "MEDIUM": "● MEDIUM", "LOW": "○ LOW", "UNSCORED": "× UNSCORED"}
ORDERS = {  # the code of the address -> its words, the column, and whether the largest comes first
    "score": ("Highest score first", "score", True),
    "sure": ("Surest of a high rank first", "rank_worst", False),
    "gap": ("Widest gap first", "gap", True),
    "importance": ("Most important first", "importance", True),
    "satisfaction": ("Least satisfied first", "satisfaction", False),
    "job": ("By job", "job_name", False),
    "changed": ("Last changed first", "updated_at", True),
}
COLUMNS = {
    "rank": "Rank", "score": "Score", "outcome": "Outcome", "importance": "Importance", "satisfaction": "Satisfaction", "gap": "Gap",
    "band": "Band", "stays": "Stays HIGH", "top": f"Top {SURE} for sure", "leaves": "Leaves HIGH at", "job": "Job",
    "evidence": "Evidence", "scores": "Score, lowest to highest", "ranks": "Rank, best to worst", "region": "Region", "type": "Type",
    "code": "Code", "status": "Job status", "changed": "Last changed",
}  # fmt: skip
SOURCES = {"raw.jtbd_outcomes": "outcome", "raw.jobs_to_be_done": "job"}
USUAL = [*COLUMNS][:10]
state = st.session_state


def ordered(rows: pl.DataFrame, order: str) -> pl.DataFrame:
    """The rows in the order of a code; what is unknown comes last, equals by score and then by name."""
    _, column, falling = ORDERS[order]
    unscored = pl.col("band") == "UNSCORED"  # after all others: a rating of 85 is not the most important
    return rows.sort(unscored, column, "score", "statement", "outcome_id", descending=[False, falling, True, False, False],
                     nulls_last=True)  # fmt: skip


def exactly(decimals: pl.Series) -> pl.Series:
    """Decimals as text, as exact as the source has them."""
    return pl.Series([None if each is None else exact(each) for each in decimals], dtype=pl.String)


def said_for_sure(rows: pl.DataFrame) -> list[pl.Expr]:
    """What holds whatever the inputs within the tolerance, in words."""
    firm, worst = pl.col("band_firm"), pl.col("rank_worst")
    stays = pl.when(pl.col("band") != "HIGH").then(None).when(firm.is_null()).then(pl.lit("unknown"))
    return [
        stays.when(firm).then(pl.lit("yes")).otherwise(pl.lit("not sure")).alias("stays"),
        pl.when(worst.is_null()).then(None).when(worst <= SURE).then(pl.lit("yes")).otherwise(pl.lit("no")).alias("top"),
        pl.format("{} – {}", exactly(rows["score_low"]), exactly(rows["score_high"])).alias("scores"),
        pl.format("{} – {}", "rank_best", "rank_worst").alias("ranks"),
    ] if rows.height else []  # fmt: skip


def told(rows: pl.DataFrame, wanted: list[str]) -> pl.DataFrame:
    """The page of the table, in the words of the screen; floats only where a bar is drawn or a number is sorted."""
    numbers = {name: pl.col(name).cast(pl.Float64) for name in ("score", "importance", "satisfaction", "gap")}
    return (
        rows.with_columns(said_for_sure(rows))
        .with_columns(
            **numbers,
            leaves=pl.col("satisfaction_to_leave_high").cast(pl.Float64),
            outcome=pl.col("statement").fill_null("no statement"),
            band=pl.col("band").replace_strict(GLYPHS),
            job=pl.col("job_name").fill_null("no job"),
            evidence=pl.col("evidence_source").fill_null("not stated"),
            region=pl.col("region").replace_strict(words.REGIONS, default=None),
            type=pl.col("outcome_type"),
            code=pl.col("outcome_code"),
            status=pl.col("job_status"),
            changed=pl.col("updated_at"),
        )
        .select(pl.col(name).alias(COLUMNS[name]) for name in COLUMNS if name in wanted)
    )


def chosen_columns() -> list[str]:
    """The popover of columns, and what is chosen in it; the usual ones stay out of the address."""
    asked = [name for name in state["columns"].split(",") if name in COLUMNS]
    state["pick_columns"] = asked or USUAL

    def keep() -> None:
        picked = [name for name in COLUMNS if name in state["pick_columns"]]
        state["columns"] = "" if picked == USUAL else ",".join(picked)

    with st.popover("Columns", icon=":material/view_column:", type="tertiary", key="columns_popover"):
        st.pills("Columns of the table", [*COLUMNS], key="pick_columns", selection_mode="multi", format_func=COLUMNS.__getitem__,
                 on_change=keep)  # fmt: skip
    return asked or USUAL


@session.fragment
def listed(rows: pl.DataFrame, wanted: list[str], key: str) -> None:
    """The table and, under it, the row that is ticked or the first; a tick redraws only these."""
    places = words.decimals(pl.concat([rows["importance"], rows["satisfaction"]]))
    form = "%.1f" if places == 1 else "plain"
    number, bar, words_of = st.column_config.NumberColumn, st.column_config.ProgressColumn, st.column_config.TextColumn
    table, pick = f"outcomes_{key}", f"pick_row_{key}"

    def ticked() -> None:
        state[pick] = next(iter(state[table]["selection"]["rows"]), 0)

    def chosen() -> None:
        state[table] = {"selection": {"rows": [state[pick]], "columns": [], "cells": []}}

    st.dataframe(
        cells(told(rows, wanted)), key=table, height=442, row_height=58, hide_index=True, on_select=ticked,
        selection_mode="single-row", placeholder="–", alt=f"Outcomes, {ORDERS[order][0].lower()}",
        column_config={
            "Rank": number(width=58), "Outcome": words_of(width=370), "Gap": number(format=form, width=56),
            "Score": bar(format=form, min_value=0, max_value=20, width=104, color="primary"),
            "Importance": bar(format=form, min_value=0, max_value=10, width=112, color="primary"),
            "Satisfaction": bar(format=form, min_value=0, max_value=10, width=112, color="primary"),
            "Band": words_of(width=108), "Stays HIGH": words_of(width=86), COLUMNS["top"]: words_of(width=112),
            "Leaves HIGH at": number(format=form, width=112, help="The satisfaction from which on it is no longer HIGH"),
            "Job": words_of(width=300), "Last changed": st.column_config.DatetimeColumn(format="D MMM YYYY"),
        },
    )  # fmt: skip
    # The table is a canvas: whoever has no mouse opens a row here.
    names = choices.told_apart(
        f"{'–' if rank is None else f'{rank:,}'} · {cut(statement or 'no statement', 110)}"
        for rank, statement in rows.select("rank", "statement").iter_rows()
    )
    with st.container(key="opened", horizontal=True, vertical_alignment="center"):
        st.html('<div class="vi muted">In detail</div>', width="content")
        st.selectbox("Outcome in detail", range(rows.height), key=pick, format_func=names.__getitem__, on_change=chosen,
                     label_visibility="collapsed", width=640)  # fmt: skip
    detail(rows.row(state[pick], named=True))


def detail(row: dict) -> None:
    """One outcome: the sum worked out, how sure it is, what would change it, and where it comes from."""
    explained = data.insights.explain("opportunity", row["outcome_id"])
    with st.container(border=True, key="card"):
        st.html(f'<div class="vi"><h2 class="name">{text(row["statement"], "no statement")}</h2></div>')
        left, middle, right = st.columns([1, 1.15, 1], gap="medium")
        chips = f'<span class="chip {row["band"]}">{GLYPHS[row["band"]]}</span>'
        chips += "".join(
            f'<span class="chip">{text(value)}</span>'
            for value in (words.REGIONS.get(row["region"]), row["outcome_type"], row["outcome_code"]) if value
        )  # fmt: skip
        if row["score"] is None:
            sums = '<p class="sum">No score</p>'
            reasons = explained.reasons
        else:
            sums = f'<p class="sum">{text(sum_of(row).replace(" - ", " − "))}</p>'
            reasons = explained.reasons[2:]  # the first two are the formula, worked out above
        code = f' <span class="muted">{text(row["job_code"])}</span>' if row["job_code"] else ""
        job = text(row["job_name"], "none") + code
        left.html(f'<div class="vi">{sums}{chips}<dl><dt>Job</dt><dd>{job}</dd></dl></div>')
        if row["job_id"] is not None:
            with left:
                words.lead("jobs", "Open the job", job=job_codes.get(row["job_id"], row["job_id"]))
        sentences = "".join(f"<p>{text(_read(sentence))}</p>" for sentence in reasons)
        middle.html(f'<div class="vi why"><b>How sure, and what would change it</b>{sentences}</div>')
        facts = {
            "Evidence": text(row["evidence_source"]),
            "Job status": text(row["job_status"], "not stated; counts as live"),
            "Validation": "not validated" if row["validation_score"] is None else f"{exact(row['validation_score'])} of 1",
            "Last changed": "not stated" if row["updated_at"] is None else words.instant(row["updated_at"]),
            "Snapshot": words.instant(data.insights.snapshot.taken_at),
            "In the source": "<br>".join(f"{SOURCES.get(each['table'], 'row')} <span class='muted'>{text(each['id'])}</span>"
                                         for each in explained.sources) or "not recorded",
        }  # fmt: skip
        right.html(
            f'<div class="vi"><dl>{"".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in facts.items())}</dl></div>'
        )


def _read(sentence: str) -> str:
    """A sentence of the explanation as people read it."""
    for region, said in words.REGIONS.items():
        sentence = sentence.replace(f"region {region}:", f"{said}:")
    return f"{sentence[0].upper()}{sentence[1:]}."


view = session.current()
filters.carry("sort", "columns")
data, selection, shown = view.data, view.selection, view.shown
outcomes = data.metric("opportunity")
job_codes = job_parts.codes(data.table("jobs"))

words.title(words.finding(outcomes, shown, selection))
st.html(
    "<style>.vi.why p {margin: .2rem 0} .vi.why b {font-weight: 600} .st-key-outcome_tools {min-height: 2.5rem}</style>"
)
if shown.height:
    with st.container(key="outcome_tools", horizontal=True, vertical_alignment="center"):
        order = choices.choose(
            "sort", "Order", {code: said for code, (said, *_) in ORDERS.items()}, st.selectbox, width=240
        )
        wanted = chosen_columns()
        every = ordered(shown, order)
        key = f"{abs(hash((selection, order, data.insights.snapshot.id)))}"
        start = choices.part("Outcomes", every.height, ROWS, f"part_{key}")
        downloads.table(every, "outcomes")
    listed(every.slice(start, ROWS), wanted, f"{key}_{start}")
else:
    words.nothing_shown(outcomes, selection)
