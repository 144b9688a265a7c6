"""The capability map: from domains through capabilities to the jobs that serve them, with the outcomes counted at every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import downloads
import job_parts
import leads
import polars as pl
import streamlit as st
import words
from choices import told_apart
from filters import INDENT
from places import in_order
from style import cells, cut, text

from vital_insights.errors import OlderSnapshot

if TYPE_CHECKING:
    from session import Data

COUNTS = {
    "n_jobs": "Jobs",
    "n_outcomes": "Outcomes",
    "n_high": "HIGH",
    "n_medium": "MEDIUM",
    "n_low": "LOW",
    "n_unscored": "UNSCORED",
}

SAID = (
    "What the organisation must be able to do, and what is left to do for it. A job stands under each of its capabilities and counts "
    "once above them. Of the whole tenant, whatever the filters say."
)


def draw(data: Data) -> None:
    """Draw the map of the whole tenant, and the jobs of one capability; a sentence in a snapshot made before there was one."""
    try:
        nodes = data.metric("capability_map")
    except OlderSnapshot:
        st.html(
            '<div class="vi muted">This snapshot was made before capabilities were mapped. A new refresh maps them.</div>'
        )
        return
    lines = _lines(nodes)
    if not lines:
        return
    with st.container(border=True):
        st.header("The capability map", anchor=False)
        st.html(f'<div class="vi muted">{SAID}</div>')
        frame = pl.DataFrame([node for _, _, node in lines], infer_schema_length=None)
        table = frame.select(
            pl.Series("Domain or capability", [INDENT * depth + cut(name, 80) for depth, name, _ in lines]),
            *(pl.col(name).alias(label) for name, label in COUNTS.items()),
            pl.col("max_score").cast(pl.Float64).alias("Highest"),
        )
        st.dataframe(cells(table), key="capability_map", height=min(528, 36 * (table.height + 1)), hide_index=True, placeholder="unknown",
                     alt="Domains and capabilities with their jobs and outcomes",
                     column_config={"Domain or capability": st.column_config.TextColumn(width=320),
                                    "Highest": st.column_config.NumberColumn(format="plain")})  # fmt: skip
        _one(data, nodes, [(name, node) for _, name, node in lines if node["level"] == "capability" and node["n_jobs"]])
        downloads.table(nodes, "capability-map")


def _lines(nodes: pl.DataFrame) -> list[tuple[int, str, dict]]:
    """(depth, name, node) of every domain, parents first, with its capabilities below it; what belongs to no domain stands last."""
    domains = {row["domain_id"]: row for row in nodes.filter(level="domain").iter_rows(named=True)}
    below: dict[str | None, list[dict]] = {}
    for row in nodes.filter(level="capability").iter_rows(named=True):
        below.setdefault(row["domain_id"], []).append(row)
    tree = {key: (None, row["domain_name"], row["parent_domain_id"]) for key, row in domains.items() if key}
    order = [*in_order(tree), *([(None, 0)] if None in domains else [])]
    lines = []
    for key, depth in order:
        lines.append(
            (depth, (domains[key]["domain_name"] or "without a name") if key else "In no domain", domains[key])
        )
        some = sorted(
            below.get(key, []),
            key=lambda row: (row["capability_id"] is None, row["capability_name"] or "", row["capability_id"]),
        )
        lines += [(depth + 1, _called(row), row) for row in some]
    return lines


def _called(row: dict) -> str:
    return (row["capability_name"] or "without a name") if row["capability_id"] else "serving no capability"


def _one(data: Data, nodes: pl.DataFrame, capabilities: list[tuple[str, dict]]) -> None:
    """The jobs of the capability that is picked, each with the way to it."""
    if not capabilities:
        return
    labels = told_apart(f"{cut(name, 60)} · {words.counted(node['n_jobs'], 'job')}" for name, node in capabilities)
    at = st.selectbox(
        "Capability",
        range(len(labels)),
        key="pick_capability",
        format_func=labels.__getitem__,
        label_visibility="collapsed",
    )
    node = capabilities[at][1]
    here = pl.col("domain_id").eq_missing(pl.lit(node["domain_id"])) & pl.col("capability_id").eq_missing(
        pl.lit(node["capability_id"])
    )
    jobs = nodes.filter(pl.col("level") == "job", here, pl.col("job_id").is_not_null())
    codes = job_parts.codes(data.table("jobs"))
    counts = [pl.col(name).alias(label) for name, label in COUNTS.items() if name != "n_jobs"]
    table = cells(jobs.select(pl.col("job_name").fill_null("without a name").alias("Job"), *counts))
    table = table.insert_column(1, leads.column("jobs", ({"job": codes[job]} for job in jobs["job_id"]), keep=False))
    st.dataframe(table, key="capability_jobs", height=min(352, 36 * (table.height + 1)), hide_index=True, placeholder="unknown",
                 alt=f"The jobs of {text(capabilities[at][0])}", column_config={
                     "Job": st.column_config.TextColumn(width=320), leads.OPEN: leads.look("Opens the job in a new tab")})  # fmt: skip
