"""What the platform could hold and what this source has of it: so that nobody takes what was never there for 0."""

import downloads
import filters
import leads
import polars as pl
import session
import streamlit as st
import usage
import words
from choices import choose
from style import cells

from vital_insights.errors import OlderSnapshot
from vital_insights.reports.lacking import AREAS, entries, inventory_finding, spoken

PAGE = {"title": "Inventory", "icon": ":material/inventory_2:", "place": 9.5, "group": "Can I trust it"}

STATES = {
    "": "All tables",
    "absent": "Not in this source",
    "partial": "With columns missing",
    "empty": "In the source, without a row",
    "counted": "Counted, never read",
}


def in_state(name: str) -> pl.Expr:
    """Whether a table is in a state, by its code in STATES."""
    return {
        "": pl.lit(value=True),
        "absent": ~pl.col("is_present"),
        "partial": pl.col("n_missing_columns") > 0,
        "empty": pl.col("n_rows") == 0,
        "counted": pl.col("how") == "counts",
    }[name]


def tiles() -> None:
    """How many tables are in which state, each with the way to them."""
    counts = {state: tables.filter(in_state(state)).height for state in STATES}
    newest = tables["newest_change"].max()
    lacks = "what they would hold is unknown, not 0" if counts["absent"] else "nothing is missing"
    idle = "they are there, nobody has filled them" if counts["empty"] else "every table that is there is filled"
    dated = f"newest change {words.instant(newest)}" if newest else "no change is dated"
    said = [
        ("In this source", tables.height - counts["absent"], f"of {tables.height:,} tables of the platform", ""),
        ("Not in this source", counts["absent"], lacks, "absent"),
        ("Without a row", counts["empty"], idle, "empty"),
        ("Counted only", counts["counted"], "by kind and day; no row of them is read", "counted"),
        ("Entries", tables.select(entries()).item(), dated, ""),
    ]
    leads.cards(
        (
            name,
            "–" if n is None else f"{n:,}",
            under,
            leads.link("inventory", "List them", have=state) if state and n else "",
        )
        for name, n, under, state in said
    )


def by_area() -> None:
    """The parts of the platform, a row each: how much of it is there."""
    rows = (
        tables.group_by("area")
        .agg(
            pl.len().alias("n_tables"), pl.col("is_present").sum().alias("n_present"), (pl.col("n_rows") > 0).sum().alias("n_filled"),
            entries(), pl.col("newest_change").max(),
        )
        .sort("area")
    )  # fmt: skip
    table = rows.select(
        pl.col("area").replace_strict(AREAS, default=pl.col("area")).alias("Part of the platform"),
        (100 * pl.when(pl.col("n_rows").is_not_null()).then("n_filled") / pl.col("n_tables")).alias("With rows"),
        pl.format("{} of {}", "n_present", "n_tables").alias("Tables there"),
        pl.col("n_rows").alias("Entries"),
        pl.col("newest_change").dt.date().alias("Newest change"),
    )
    table = table.insert_column(1, leads.column("inventory", ({"area": area} for area in rows["area"])))
    st.dataframe(
        table, key="areas", height="content", hide_index=True, placeholder="–", alt="How much of each part of the platform is there",
        column_config={
            "Part of the platform": st.column_config.TextColumn(width=220), leads.OPEN: leads.look("Lists the tables in a new tab"),
            "With rows": st.column_config.ProgressColumn(format="%.0f%%", min_value=0, max_value=100, help="Tables that hold anything"),
            "Entries": st.column_config.NumberColumn(format="localized"),
            "Newest change": st.column_config.DateColumn(format="D MMM YYYY"),
        },
    )  # fmt: skip
    downloads.table(rows, "inventory-areas")


def listing() -> None:
    """The tables of the chosen part, state and words, what is absent first."""
    with st.container(key="inventory_filters", horizontal=True):
        areas = {"": "All parts"} | {area: AREAS.get(area, area) for area in sorted(set(tables["area"]))}
        area = choose("area", "Part of the platform", areas, st.selectbox, width=230)
        have = choose("have", "What there is", STATES, st.selectbox, width=230)
        wanted = st.text_input("Search tables", key="pick_table", value=None, placeholder="Search tables", label_visibility="collapsed",
                               icon=":material/search:", max_chars=200, width=210)  # fmt: skip
    lowered = (wanted or "").strip().lower()
    names = [name for name in tables["table_name"] if lowered in f"{name} {spoken(name)}".lower()]
    rows = tables.filter(
        in_state(have), pl.col("table_name").is_in(names), pl.lit(area == "") | (pl.col("area") == area)
    )
    rows = rows.sort("is_present", "area", "table_name")
    st.html(
        f'<div class="vi muted">{words.counted(rows.height, "table")} of {tables.height:,}, what is absent first.</div>'
    )
    lacks = pl.col("n_missing_columns")
    told = rows.select(
        pl.Series("Table", list(map(spoken, rows["table_name"])), pl.String),
        pl.col("area").replace_strict(AREAS, default=pl.col("area")).alias("Part of the platform"),
        pl.col("n_rows").alias("Entries"),
        pl.col("newest_change").dt.date().alias("Newest change"),
        pl.col("how").replace_strict({"rows": "read", "counts": "counted only"}, default=pl.col("how")).alias("How"),
        pl.coalesce("absent_because", pl.when(lacks == 1).then(pl.lit("1 column is missing")),
                    pl.when(lacks > 1).then(pl.format("{} columns are missing", lacks))).alias("What is missing"),
        pl.col("table_name").alias("Name in the source"),
    )  # fmt: skip
    st.dataframe(
        cells(told), key="tables", height=528, hide_index=True, placeholder="–", alt="The tables of the platform, what is absent first",
        column_config={
            "Table": st.column_config.TextColumn(width=240), "Entries": st.column_config.NumberColumn(format="localized"),
            "Newest change": st.column_config.DateColumn(format="D MMM YYYY"),
        },
    )  # fmt: skip
    downloads.table(rows, "inventory")


view = session.current()
filters.carry("area", "have")
data = view.data
try:
    tables = data.metric("platform_inventory")
except OlderSnapshot:
    tables = pl.DataFrame()
if tables.is_empty():
    words.older(data, "This snapshot does not say what its source has")
else:
    words.title(inventory_finding(tables))
    st.html(
        '<div class="vi muted">Of the whole source, whatever the filters say. What a source lacks is unknown, never 0.</div>'
    )
    tiles()
    with st.container(border=True):
        st.header("Part by part", anchor=False)
        by_area()
    with st.container(border=True):
        st.header("Table by table", anchor=False)
        listing()
    with st.container(border=True):
        st.header("Who uses the platform", anchor=False)
        usage.draw(data)
    words.lead("quality", "What the data checks found")
