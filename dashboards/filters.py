"""The filter bar: one choice for all pages, kept in the address as stable codes.

Streamlit can keep a widget in the address, but only under the text it shows, and it drops what it does not know without a
word. So each filter has a carrier, a text field that nobody sees and that holds the code; the widgets people use read
and write the carriers. A code that means nothing stays where it is and is reported.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl
import streamlit as st

from vital_insights.charts.theme import BANDS

CARRIERS = ("function", "type", "band", "search")


@dataclass(frozen=True)
class Selection:
    """What is chosen. `unknown` are the codes of the address that mean nothing for this tenant."""

    function: str | None
    function_name: str | None
    outcome_type: str | None
    bands: tuple[str, ...]
    search: str
    unknown: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """The active filters, each in words."""
        words = [f"function {self.function_name}"] if self.function else []
        words += [f"type {self.outcome_type}"] if self.outcome_type else []
        words += [f"band {' or '.join(self.bands)}"] if self.bands else []
        return words + ([f"containing “{self.search}”"] if self.search else [])

    def of(self, outcomes: pl.DataFrame, membership: pl.DataFrame) -> pl.DataFrame:
        """The rows of an `opportunity` frame that are chosen, in its order."""
        if self.function:
            jobs = membership.filter(dimension="function", member=self.function).select("job_id").unique()
            outcomes = outcomes.join(jobs, on="job_id", how="semi", maintain_order="left")
        if self.outcome_type:
            outcomes = outcomes.filter(outcome_type=self.outcome_type)
        if self.bands:
            outcomes = outcomes.filter(pl.col("band").is_in(self.bands))
        if self.search:
            wanted = self.search.lower()
            texts = pl.concat_str(
                "statement", "outcome_code", "job_name", "job_code", separator="\n", ignore_nulls=True
            )
            outcomes = outcomes.filter(texts.str.to_lowercase().str.contains(wanted, literal=True))
        return outcomes


def carry(*names: str) -> None:
    """Draw the carriers. Must run before any page, so that they survive a switch of pages, a reload and Back."""
    with st.container(key="carriers"):
        for name in names:
            st.text_input(name, key=name, bind="query-params", max_chars=200)


def function_codes(functions: pl.DataFrame, membership: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """By code: the id and the name of every function that has a job, by name. Where a code is missing or means two
    functions the id stands in; functions that share a name show their code."""
    with_jobs = set(membership.filter(dimension="function")["member"])
    rows = [row for row in functions.to_dicts() if str(row["function_id"]) in with_jobs]
    codes, names = Counter(row["function_code"] for row in rows), Counter(row["function_name"] for row in rows)
    found = {}
    for row in sorted(rows, key=lambda row: ((row["function_name"] or "").casefold(), str(row["function_id"]))):
        member, code, name = str(row["function_id"]), row["function_code"], row["function_name"] or "without a name"
        code = code if code and codes[code] == 1 else member
        found[code] = (member, name if names[row["function_name"]] == 1 else f"{name} ({code})")
    return found


def bar(outcomes: pl.DataFrame, functions: dict[str, tuple[str, str]]) -> Selection:
    """Draw the filter bar and return what is chosen."""
    state = st.session_state
    types = sorted(outcomes["outcome_type"].drop_nulls().unique())
    known = {"function": list(functions), "type": types, "band": list(BANDS)}
    chosen = {name: [code for code in state[name].split(",") if code in codes] for name, codes in known.items()}
    unknown = [
        f"{name} “{code}”"
        for name, codes in known.items()
        for code in state[name].split(",")
        if code and code not in codes
    ]
    state["pick_function"] = next(iter(chosen["function"]), None)
    state["pick_type"] = next(iter(chosen["type"]), None)
    state["pick_band"] = chosen["band"]
    state["pick_search"] = state["search"]
    st.selectbox(
        "Function", list(functions), key="pick_function", format_func=lambda code: functions[code][1], index=None,
        placeholder="All functions", label_visibility="collapsed", on_change=_keep, args=("function",), width=230,
    )  # fmt: skip
    st.selectbox(
        "Outcome type", types, key="pick_type", index=None, placeholder="All outcome types", label_visibility="collapsed",
        on_change=_keep, args=("type",), width=190,
    )  # fmt: skip
    st.pills(
        "Band", list(BANDS), key="pick_band", selection_mode="multi", label_visibility="collapsed",
        on_change=_keep, args=("band",), width="content",
    )  # fmt: skip
    st.text_input(
        "Search outcomes and jobs", key="pick_search", placeholder="Search outcomes and jobs", icon=":material/search:",
        label_visibility="collapsed", on_change=_keep, args=("search",), max_chars=200, width=230,
    )  # fmt: skip
    function = state["pick_function"]
    selection = Selection(
        functions[function][0] if function else None, functions[function][1] if function else None,
        state["pick_type"], tuple(band for band in BANDS if band in state["pick_band"]), state["search"].strip(), tuple(unknown),
    )  # fmt: skip
    active = len(selection.words) + len(unknown)
    st.button(f"Reset {active}" if active else "Reset", key="reset", type="tertiary", icon=":material/filter_alt_off:",
              disabled=not active, on_click=reset)  # fmt: skip
    return selection


def _keep(name: str) -> None:
    """From the widget people use into the carrier, and so into the address."""
    picked = st.session_state[f"pick_{name}"]
    st.session_state[name] = ",".join(picked) if isinstance(picked, list) else picked or ""


def reset() -> None:
    """Nothing chosen."""
    for name in CARRIERS:
        st.session_state[name] = ""
