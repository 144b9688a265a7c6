"""Every outcome at its importance and satisfaction; a box, or the same range in numbers, lists what lies inside."""

import math

import downloads
import job_parts
import leads
import pictures
import polars as pl
import session
import streamlit as st
import words
from style import cells, text

from vital_insights.charts import landscape
from vital_insights.charts.wording import exact, sum_of

PAGE = {"title": "Landscape", "icon": ":material/bubble_chart:", "place": 2, "group": "Where to act"}
ROWS = 500  # sent to the browser at most; more makes every selection slow
EDGES = ("importance_from", "importance_to", "satisfaction_from", "satisfaction_to")
WHOLE = (0.0, 10.0, 0.0, 10.0)
state = st.session_state


def snapped(low: float, high: float, decimals: int) -> tuple[float, float]:
    """The numbers of so many decimals that lie within a drawn edge's pair: what the box shows is what the range says."""
    step = 10**decimals
    low, high = max(low, 0.0), min(high, 10.0)
    return math.ceil(low * step) / step, math.floor(high * step) / step


def boxed() -> None:
    """A box was drawn, or let go."""
    boxes, window = state["landscape"]["selection"]["box"], WHOLE
    if boxes:
        x, y = sorted(boxes[0]["x"]), sorted(boxes[0]["y"])
        window = (*snapped(*x, state["decimals"]), *snapped(*y, state["decimals"]))
    show_range(window, drawn=True)


def ranged() -> None:
    """A range was typed; the fields are left alone, for somebody may already be typing in the next."""
    remember(tuple(state[name] for name in EDGES), drawn=False)


def show_range(window: tuple[float, ...], *, drawn: bool) -> None:
    """Make a window the one that is listed, and its numbers those of the fields."""
    remember(window, drawn=drawn)
    for name, edge in zip(EDGES, window, strict=True):
        state[name] = edge


def remember(window: tuple[float, ...], *, drawn: bool) -> None:
    """Make a window the one that is listed.

    A drawn box lives in the browser, with the very picture it was drawn on: `drawn` remembers which that was, and a new
    `round` is a new picture, which forgets it.
    """
    state["window"], state["drawn"] = window, state["picture"] if drawn else None
    if not drawn:
        state["round"] = state.get("round", 0) + 1


def inside(outcomes: pl.DataFrame, window: tuple[float, ...]) -> pl.DataFrame:
    """The outcomes of a frame within the window, edges included, the highest score first; without one all of them."""
    if window != WHOLE:
        left, right, bottom, top = (pl.lit(str(edge)).cast(pl.Decimal(18, 6)) for edge in window)
        outcomes = outcomes.filter(pl.col("importance").is_between(left, right) & pl.col("satisfaction").is_between(bottom, top)
                                   & (pl.col("band") != "UNSCORED"))  # fmt: skip
    return outcomes.sort("score", "statement", "outcome_id", descending=[True, False, False], nulls_last=True)


def ranked_table(rows: pl.DataFrame) -> int:
    """Draw the table; the position of the row whose card is wanted: the one that is ticked, or the first."""
    table = rows.select(
        Score=pl.col("score").cast(pl.Float64), Outcome=pl.col("statement").fill_null("no statement"),
        Imp=pl.col("importance").cast(pl.Float64), Sat=pl.col("satisfaction").cast(pl.Float64), Band=pl.col("band"),
    )  # fmt: skip
    places = "%.1f" if state["decimals"] == 1 else "plain"  # no zeros that nobody measured
    number, words_of = st.column_config.NumberColumn, st.column_config.TextColumn
    picked = st.dataframe(
        cells(table), key="table", height=408, row_height=58, hide_index=True, on_select="rerun", selection_mode="single-row",
        alt="Outcomes by score, the highest first",
        column_config={
            "Score": st.column_config.ProgressColumn(format=places, min_value=0, max_value=20, width=92),
            "Outcome": words_of(width=228), "Imp": number("Imp.", format=places, width=46),
            "Sat": number("Sat.", format=places, width=46), "Band": words_of(width=84),
        },
    )  # fmt: skip
    return next(iter(picked["selection"]["rows"]), 0)


def card(row: dict) -> None:
    """One outcome, with its score worked out."""
    if row["score"] is None:
        rated = {
            name: "not rated" if row[name] is None else exact(row[name]) for name in ("importance", "satisfaction")
        }
        sums = f"No score: importance {rated['importance']}, satisfaction {rated['satisfaction']}"
        chips = '<span class="chip">UNSCORED</span>'
    else:
        sums = text(sum_of(row).replace(" - ", " − "))
        chips = f'<span class="chip {row["band"]}">{row["band"]} · {exact(row["score"])}</span>'
        chips += f'<span class="chip">{words.REGIONS[row["region"]]}</span>'
    chips += "".join(
        f'<span class="chip">{text(value)}</span>' for value in (row["outcome_type"], row["outcome_code"]) if value
    )
    rank = (
        "none without a score"
        if row["rank"] is None
        else f"{row['rank']:,} of {words.counted(n_scored, 'scored outcome')}"
    )
    stated = f"{text(row['job_name'])}" + (
        f' <span class="muted">{text(row["job_code"])}</span>' if row["job_code"] else ""
    )
    facts = {
        "Job": stated,
        "Rank": rank,
        "Evidence": text(row["evidence_source"]),
        "Job status": text(row["job_status"]),
    }
    if row["updated_at"] is not None:
        facts["Last changed"] = words.instant(row["updated_at"])
    details = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items())
    with st.container(border=True, key="card"):
        st.html(f'<div class="vi"><h2 class="name">{text(row["statement"], "no statement")}</h2>{chips}'
                f'<div class="sum">{sums}</div><dl>{details}</dl></div>')  # fmt: skip
        if row["job_id"] is not None:
            words.lead(
                "jobs", "Open the job", job=job_parts.codes(data.table("jobs")).get(row["job_id"], row["job_id"])
            )


def ranges() -> None:
    """The same as a box, by keyboard."""
    with st.container(key="ranges", horizontal=True, vertical_alignment="bottom"):
        for name in EDGES:
            st.number_input(name.replace("_", " ").capitalize(), 0.0, 10.0, step=0.1, key=name, format=f"%0.{state['decimals']}f",
                            on_change=ranged, width=130)  # fmt: skip
        st.button(
            "Show all",
            key="everything",
            on_click=show_range,
            args=(WHOLE,),
            kwargs={"drawn": False},
            disabled=state["window"] == WHOLE,
        )


def picture(ringed: tuple[float, ...] | None, turn: int) -> object:
    """The landscape of what is chosen; another `turn` is another picture, even where it looks the same."""
    figure = landscape(shown, window=ringed, flat=True)
    figure.layout.meta = turn
    return figure


@session.fragment
def explore() -> None:
    """The picture, the table and the card; a selection redraws only these."""
    window = state["window"]
    with st.container(key="wide"):
        left, right = st.columns([1.4, 1], gap="medium")
        with left:
            # A picture that drew the reader's own box again would be a new one, and the box would be lost.
            ringed = None if state["drawn"] == state["picture"] or window == WHOLE else window
            turn = state["round"]
            figure = data.once("landscape", lambda: picture(ringed, turn), selection, ringed, turn)
            with st.container(key="picture"):
                alt = (
                    f"{words.counted(shown.height, 'outcome')} by importance and satisfaction; the table lists the same"
                )
                pictures.draw(figure, "landscape", alt, on_select=boxed, selection_mode="box")
            ranges()
            unscored = shown.filter(band="UNSCORED").height
            with st.container(key="landscape_leads", horizontal=True, vertical_alignment="center"):
                if unscored:
                    listed = leads.link(
                        "outcomes", f"List the {words.counted(unscored, 'outcome')} without a score", band="UNSCORED"
                    )
                    st.html(f'<div class="vi lead">{listed}</div>', width="content")
                downloads.figure(
                    lambda: data.once("landscape on paper", lambda: landscape(shown, window=ringed), selection, ringed),
                    "landscape",
                )
        with right:
            listed = inside(shown, window)
            title = (
                "Highest opportunity first"
                if window == WHOLE
                else f"{words.counted(listed.height, 'outcome')} in the range"
            )
            st.header(title, anchor=False)
            if not listed.height:
                st.info("No outcome lies in this range. Draw a larger box, or show all.")
                return
            if listed.height > ROWS:
                st.html(f'<div class="vi muted">The first {ROWS:,} of {listed.height:,}.</div>')
            rows = listed.head(ROWS)
            row = rows.row(ranked_table(rows), named=True)
            downloads.table(listed, "landscape")
            card(row)


view = session.current()
data, selection, shown = view.data, view.selection, view.shown
outcomes = data.metric("opportunity")
n_scored = outcomes.height - outcomes.filter(band="UNSCORED").height
state["decimals"] = data.once(
    "decimals", lambda: words.decimals(pl.concat([shown["importance"], shown["satisfaction"]])), selection
)
state["picture"] = (data.tenant.id, data.insights.snapshot.id, selection)
if EDGES[0] not in state:  # fields and picture forget when the page is left: both start again from the range
    show_range(state.get("window", WHOLE), drawn=False)

words.title(words.finding(outcomes, shown, selection))
st.html('<div class="vi muted">Each mark is one desired outcome. Further right and lower means a bigger opportunity. '
        "Drag a box, or type a range, to list what lies inside.</div>")  # fmt: skip
if shown.height:
    explore()
else:
    words.nothing_shown(outcomes, selection)
