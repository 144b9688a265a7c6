"""What each persona rests on, which carry HIGH outcomes on thin evidence, and one persona with all that is written down."""

from typing import Any

import downloads
import filters
import leads
import lists
import pictures
import polars as pl
import portrait
import portraits
import session
import streamlit as st
import words
from choices import choose, part
from style import cells, cut, text

from vital_insights.charts import evidence_map
from vital_insights.errors import OlderSnapshot
from vital_insights.reports import personas as founded
from vital_insights.reports.personas import STRENGTHS

PAGE = {"title": "Personas and evidence", "icon": ":material/badge:", "place": 5.5, "group": "People"}

DOWN, LISTED = 20, 14  # functions on one map, rows of the list: what stays legible
UNKNOWN = "unknown"
LISTS = {
    "weak": "HIGH outcomes on thin evidence or none",
    **{grade: f"Evidence: {name.lower()}" for grade, (name, _) in STRENGTHS.items()},
    "all": "All personas",
}
state = st.session_state


def figures() -> None:
    """How many personas have which strength of evidence, each card a link to its list, and how whole the portraits are."""
    told = []
    unknown = rows["strength"].is_null().all()
    if unknown:
        told.append(("Evidence", "?", "unknown: the source has no table of it", ""))
    for grade, (name, _) in () if unknown else STRENGTHS.items():
        own = rows.filter(strength=grade)
        carrying = own.filter(pl.col("n_high") > 0).height
        under = f"{words.share(own.height, rows.height)} of personas · {carrying:,} with HIGH outcomes"
        link = leads.link("personas", f"List the {own.height:,}", strength=grade) if own.height else ""
        told.append((f"{name} evidence" if grade != "none" else "No evidence", f"{own.height:,}", under, link))
    whole = data.metric("persona_completeness").join(rows, on="persona_id", how="semi")
    filled, of = whole["n_filled"].sum(), whole["n_kinds"].sum()
    if of:
        link = leads.link("personas", "See the parts", kinds="parts")
        told.append(("Portraits written down", words.share(filled, of), f"{filled:,} of {of:,} kinds of entries", link))
    else:
        told.append(("Portraits written down", "?", "unknown: the source has no table of their parts", ""))
    leads.cards(told)


def map_of_kinds() -> None:
    st.header("What is written down, function by function", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        options = {code: name for code, (name, _) in portraits.VIEWS.items()}
        view_ = choose("kinds", "What is counted", options, st.segmented_control, required=True)
        kinds = portraits.VIEWS[view_][1]
        found = portraits.counts(data, view_).join(rows, on="persona_id", how="semi", maintain_order="left")
        drawn = founded.by_unit(found, kinds, portraits.units(data))
        names = drawn["unit"].unique(maintain_order=True)
        start = part("Functions", names.len(), DOWN, f"pick_functions_{view_}")
    st.html('<div class="vi muted">Each number counts the personas of a function that have something of the kind; the stronger the '
            "ground, the larger their share. Least written down first. (n): fewer than five personas. "
            "?: the source cannot tell.</div>")  # fmt: skip
    kept = names.slice(start, DOWN).to_frame()
    figure = evidence_map(drawn.join(kept, on="unit", how="semi", maintain_order="left"))
    pictures.draw(figure, "founded",
                  alt=f"{options[view_]}: how many personas of each function have each; the download lists the same")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        downloads.figure(figure, "personas-by-function")
        downloads.table(
            drawn.select("unit_name", "kind_name", "n", "n_personas", "unit", "kind"), "personas-by-function"
        )


def listed() -> pl.DataFrame:
    """The personas of the chosen list, those that carry most HIGH outcomes first."""
    wanted = choose("strength", "Which personas", LISTS, st.selectbox)
    if wanted == "weak":
        return founded.weakest_first(rows)
    found = rows if wanted == "all" else rows.filter(strength=wanted)
    order = [-pl.col("n_high"), pl.col("n_kinds"), pl.col("persona_name").str.to_lowercase(), "persona_id"]
    return found.sort(order, nulls_last=True)


def first_of_all() -> None:
    st.header("Persona by persona", anchor=False)
    found = listed()
    if not found.height:
        if rows["strength"].is_null().all():
            st.html(
                '<div class="vi muted">Unknown: the source has no table of evidence. Choose all personas above.</div>'
            )
        else:
            st.html(
                '<div class="vi"><span class="ok">None.</span> No persona within the filters is on this list.</div>'
            )
        return
    start = part("Personas", found.height, LISTED, f"pick_listed_{state['strength']}")
    here = found.slice(start, LISTED)
    named = here.select(
        Persona=pl.col("persona_name").fill_null("without a name"),
        Evidence=pl.col("strength").replace_strict({grade: name for grade, (name, _) in STRENGTHS.items()}, default=UNKNOWN),
        HIGH=pl.col("n_high"), of=pl.col("n_outcomes"), Pieces=pl.col("n_pieces"),
    )  # fmt: skip
    links = leads.column("personas", ({"portrait": codes[key]} for key in here["persona_id"]))
    table = cells(named).insert_column(1, links)
    looks: dict[str, Any] = {
        leads.OPEN: leads.look("Opens the persona in a new tab"),
        "Persona": st.column_config.TextColumn(width=210),
        "HIGH": st.column_config.NumberColumn(help="Outcomes of its jobs in the HIGH band, within the filters"),
        "of": st.column_config.NumberColumn(help="All outcomes of its jobs, within the filters"),
    }
    st.dataframe(table, key="first", height="content", hide_index=True, column_config=looks,
                 alt="Personas with the strength of their evidence and the HIGH outcomes of their jobs")  # fmt: skip
    downloads.table(found, "personas")


def choose_persona() -> str | None:
    """Draw the picker; the id of the persona that the address names, else of the first on offer; None for an unknown one."""
    by_code = {code: persona_id for persona_id, code in codes.items()}
    asked = state["portrait"]
    unknown = bool(asked) and asked not in by_code
    first = founded.weakest_first(rows)["persona_id"].to_list()[:1]
    ordered = rows.sort(pl.col("persona_name").str.to_lowercase(), "persona_id", nulls_last=True)["persona_id"]
    options = [codes[each] for each in ordered]
    if asked in by_code and asked not in options:
        options.insert(0, asked)
    state["pick_portrait"] = None if unknown else asked or next(iter([codes[each] for each in first] or options), None)
    names = dict(every.select("persona_id", "persona_name").iter_rows())

    def keep() -> None:
        state["portrait"] = state["pick_portrait"] or ""

    st.selectbox("Persona", options, key="pick_portrait", placeholder="Choose a persona", on_change=keep, index=None,
                 format_func=lambda code: f"{cut(names[by_code[code]] or 'without a name', 120)} · {cut(code, 60)}",
                 label_visibility="collapsed")  # fmt: skip
    if unknown:
        st.html(f'<div class="vi" role="status"><span class="warning">Not found:</span> the address asks for persona “{text(asked)}”, '
                "which this tenant does not have. Choose one in the list above.</div>")  # fmt: skip
        return None
    return by_code.get(state["pick_portrait"])


view = session.current()
filters.carry("strength", "kinds", "portrait")
data, selection, shown = view.data, view.selection, view.shown
every = data.table("personas")
codes = portraits.codes(every)
st.html(lists.SHEET)
try:
    evidence = data.metric("persona_evidence")
    data.metric("persona_completeness")
except OlderSnapshot:
    evidence = None
if evidence is None:
    words.older(data, "This snapshot does not say what personas rest on")
elif not every.height:
    words.title("This tenant has no personas yet")
    st.info("Once personas are written in the source, run `vital-insights refresh TENANT`.")
else:
    rows = founded.carried(evidence, shown, data.table("membership"))
    rows = rows.join(portraits.chosen(data, selection), on="persona_id", how="semi", maintain_order="left")
    words.title(founded.finding(rows, every.height, bool(selection.words)))
    if not shown.height:
        words.nothing_shown(data.metric("opportunity"), selection)
    elif not rows.height:
        st.info("No persona belongs to what is chosen. Choose another function, role or persona, or reset the filters.")
    if rows.height:
        if selection.words:
            st.html(f'<div class="vi muted">{rows.height:,} of {words.counted(every.height, "persona")} belong to what is chosen; of their '
                    "outcomes those within the filters are counted.</div>")  # fmt: skip
        if selection.bands and "HIGH" not in selection.bands:
            st.html(
                '<div class="vi muted">The bands that are chosen leave HIGH out, so no HIGH outcome is counted.</div>'
            )
        figures()
        with st.container(key="wide"):
            left, right = st.columns([1.25, 1], gap="medium")
            with left, st.container(border=True):
                map_of_kinds()
            with right, st.container(border=True):
                first_of_all()
    if rows.height or state["portrait"]:
        with st.container(border=True):
            st.header("One persona", anchor=False)
            persona_id = choose_persona()
            if persona_id is not None:
                persona = every.row(by_predicate=pl.col("persona_id") == persona_id, named=True)
                all_of_it = founded.carried(
                    evidence.filter(persona_id=persona_id), data.metric("opportunity"), data.table("membership")
                )
                portrait.draw(data, persona, all_of_it.row(0, named=True))
