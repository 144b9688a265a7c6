"""Who uses the platform: members by role, keys for programs, and how the tenant stands; a part of the page Inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import downloads
import polars as pl
import streamlit as st
import words
from style import cells, text

from vital_insights.errors import OlderSnapshot

if TYPE_CHECKING:
    from session import Data


def draw(data: Data) -> None:
    """How many members have which role; no member and no key is ever read."""
    try:
        roles = data.metric("tenant_usage")
    except OlderSnapshot:
        st.html(
            '<div class="vi muted">This snapshot was made before members were counted. A new refresh counts them.</div>'
        )
        return
    told = roles.row(0, named=True)
    members, keys = told["n_members_in_all"], told["n_api_keys"]
    said = [
        "How many members the tenant has is unknown: the source has no table of them."
        if members is None
        else f"<b>{words.counted(members, 'member')}</b>.",
        "How many keys for programs is unknown: the source has no table of them." if keys is None else _keys(told),
        f"Status: {text(told['tenant_status'])}. Tier: {text(told['tenant_tier'])}.",
    ]
    note = "Counts only: no member is ever read. What is marked as deleted counts too."
    st.html(f'<div class="vi">{" ".join(said)}</div><div class="vi muted">{note}</div>')
    if members is not None:
        role = (
            pl.when(pl.col("role") == "")
            .then(pl.lit("no role stated"))
            .otherwise(pl.col("role").str.replace_all("_", " "))
        )
        table = roles.select(
            Role=role.str.slice(0, 1).str.to_uppercase() + role.str.slice(1), Members="n_members", Share=100 * pl.col("share_of_members")
        )  # fmt: skip
        st.dataframe(
            cells(table), key="usage", height="content", hide_index=True, placeholder="unknown", alt="Members by role",
            column_config={
                "Role": st.column_config.TextColumn(width=220), "Members": st.column_config.NumberColumn(format="localized"),
                "Share": st.column_config.ProgressColumn(format="%.0f%%", min_value=0, max_value=100, help="Of all members"),
            },
        )  # fmt: skip
    downloads.table(roles, "tenant-usage")


def _keys(told: dict) -> str:
    newest = told["newest_api_key"]
    dated = f", the newest made {newest:%-d %b %Y}" if newest else ""
    return f"<b>{words.counted(told['n_api_keys'], 'key')}</b> for programs{dated}."
