"""The filter bar: one choice for all pages, kept in the address as stable codes.

Streamlit can keep a widget in the address, but only under the text it shows, and it drops what it does not know without a
word. So each filter has a carrier, a text field that nobody sees and that holds the code; the widgets people use read
and write the carriers. A code that means nothing stays where it is and is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st
from places import AREAS, LENGTH, PLACES, Member

from vital_insights.charts.theme import BANDS
from vital_insights.insights import NONE, WORDS

if TYPE_CHECKING:
    from session import Data


def _spoken(word: str) -> str:
    return word.replace("_", " ")


CARRIERS = (*PLACES, *WORDS, "band", "search")
LABELS = {
    "function": "Function", "department": "Department", "role": "Role", "persona": "Persona", "domain": "Domain",
    "country": "Country", "geographic_scope": "Geographic scope", "therapeutic_area": "Therapeutic area",
    "disease_area": "Disease area", "type": "Outcome type", "status": "Job status",
}  # fmt: skip
NOWHERE = {name: f"In no {_spoken(name)}" for name in PLACES} | {"type": "No type stated", "status": "No status stated"}
INDENT = "\u2003"


@dataclass(frozen=True)
class Place:
    """A member of a dimension that is chosen; `member` None chooses what belongs to none."""

    dimension: str
    member: str | None
    name: str


@dataclass(frozen=True)
class Selection:
    """What is chosen. `unknown` are the codes of the address that mean nothing for this tenant.

    `outcome_type` and `status` are words in lower case, NONE for what states none.
    """

    places: tuple[Place, ...] = ()
    outcome_type: str | None = None
    status: str | None = None
    bands: tuple[str, ...] = ()
    search: str = ""
    unknown: tuple[str, ...] = ()

    @property
    def by_outcome(self) -> bool:
        """Whether outcomes are chosen by what they are, and not only by where their jobs belong."""
        return bool(self.outcome_type or self.status or self.bands or self.search)

    @property
    def words(self) -> list[str]:
        """The active filters, each in words."""
        words = [
            f"{_spoken(p.dimension)} {p.name}" if p.member else f"in no {_spoken(p.dimension)}" for p in self.places
        ]
        for what, word in (("type", self.outcome_type), ("status", self.status)):
            words += [f"no {what} stated" if word == NONE else f"{what} {_spoken(word)}"] if word else []
        words += [f"band {' or '.join(self.bands)}"] if self.bands else []
        return words + ([f"containing “{self.search}”"] if self.search else [])

    def of(self, outcomes: pl.DataFrame, membership: pl.DataFrame) -> pl.DataFrame:
        """The rows of an `opportunity` frame that are chosen, in its order."""
        outcomes = self.placed(outcomes, membership)
        for name, word in (("type", self.outcome_type), ("status", self.status)):
            if word:
                outcomes = outcomes.filter(word_of(name).fill_null(NONE) == word)
        if self.bands:
            outcomes = outcomes.filter(pl.col("band").is_in(self.bands))
        if self.search:
            wanted = self.search.lower()
            texts = pl.concat_str(
                "statement", "outcome_code", "job_name", "job_code", separator="\n", ignore_nulls=True
            )
            outcomes = outcomes.filter(texts.str.to_lowercase().str.contains(wanted, literal=True))
        return outcomes

    def placed(self, frame: pl.DataFrame, membership: pl.DataFrame) -> pl.DataFrame:
        """The rows of any frame with a `job_id` whose job is in every chosen function, role, domain, country and so on."""
        for place in self.places:
            jobs = _jobs(membership, place)
            how = "semi" if place.member else "anti"  # what has no job belongs to no member either
            frame = frame.join(jobs, on="job_id", how=how, maintain_order="left")
        return frame


def _jobs(membership: pl.DataFrame, place: Place) -> pl.DataFrame:
    """The jobs of a member; for what belongs to none all jobs that do belong to one."""
    rows = membership.filter(pl.col("dimension") == place.dimension)
    rows = rows.filter(member=place.member) if place.member else rows.filter(pl.col("member").is_not_null())
    return rows.select("job_id").unique()


def word_of(name: str) -> pl.Expr:
    """The word of an outcome by a key of WORDS, in lower case; NULL where none is stated. Only spaces go, as in SQL's trim."""
    word = pl.col(WORDS[name]).str.strip_chars(" ").str.to_lowercase()
    return pl.when(word != "").then(word)


def _words(outcomes: pl.DataFrame, name: str) -> list[str]:
    found = outcomes.select(word_of(name))[WORDS[name]].drop_nulls().unique().sort().to_list()
    return [word for word in found if word != NONE and len(word) <= LENGTH]


def carry(*names: str) -> None:
    """Draw the carriers. Must run before any page, so that they survive a switch of pages, a reload and Back.

    A page carries a code of its own the same way, at its top: `filters.carry("job")`, then `st.session_state["job"]` is
    the code of the address or "", and a callback may set it.
    """
    # A pixel high also while the style sheet, which hides them, is still on its way: the page must not jump when it comes.
    with st.container(key=f"carriers_{names[0]}", height=1, border=False):
        for name in names:
            st.text_input(name, key=name, bind="query-params", max_chars=LENGTH)


def bar(data: Data) -> Selection:
    """Draw the filter bar and return what is chosen."""
    state = st.session_state
    outcomes, membership = data.metric("opportunity"), data.table("membership")
    members = {dimension: data.members(dimension) for dimension in PLACES}
    words = data.once("words", lambda: {name: _words(outcomes, name) for name in WORDS})
    known = {name: {*codes, NONE} for name, codes in (members | words).items()}
    codes = {name: state[name] for name in known}
    unknown = [f"{_spoken(name)} “{code}”" for name, code in codes.items() if code and code not in known[name]]
    codes = {name: code if code in known[name] else None for name, code in codes.items()}
    bands = [band for band in BANDS if band in state["band"].split(",")]
    unknown += [f"band “{code}”" for code in state["band"].split(",") if code and code not in BANDS]
    places = tuple(
        Place(name, members[name][code].id, members[name][code].name) if code != NONE else Place(name, None, "")
        for name in PLACES
        if (code := codes[name])
    )
    selection = Selection(places, codes["type"], codes["status"], tuple(bands), state["search"].strip(), tuple(unknown))

    offered = _offered(members, places, membership)
    _choose("function", codes, offered["function"], members["function"], "All functions", "collapsed", 200)
    state["pick_band"], state["pick_search"] = bands, state["search"]
    st.pills(
        "Band", list(BANDS), key="pick_band", selection_mode="multi", label_visibility="collapsed",
        on_change=_keep, args=("band",), width="content",
    )  # fmt: skip
    st.text_input(
        "Search outcomes and jobs", key="pick_search", placeholder="Search outcomes and jobs", icon=":material/search:",
        label_visibility="collapsed", on_change=_keep, args=("search",), max_chars=LENGTH, width=210,
    )  # fmt: skip
    # A snapshot that says of no unit where it works offers no field for it; a code in the address still shows one.
    silent = [name for name in AREAS if not members[name] and not state[name]]
    rest = [name for name in known if name != "function" and name not in silent]
    more = sum(bool(codes[name]) for name in rest)
    with st.popover(
        f"More filters · {more}" if more else "More filters", key="more", icon=":material/tune:", type="tertiary"
    ):
        for name in rest:
            _choose(
                name,
                codes,
                offered[name] if name in offered else words[name],
                members.get(name),
                "All",
                "visible",
                "stretch",
            )
        if silent:
            kinds = " or ".join(AREAS[name] for name in silent)
            st.html(
                f'<div class="vi muted">No filter by {kinds}: the snapshot says of no job where it is done by these.</div>'
            )
    active = len(selection.words) + len(unknown)
    st.button(f"Reset {active}" if active else "Reset", key="reset", type="tertiary", icon=":material/filter_alt_off:",
              disabled=not active, on_click=reset)  # fmt: skip
    return selection


def _offered(
    members: Mapping[str, Mapping[str, Member]], places: tuple[Place, ...], membership: pl.DataFrame
) -> dict[str, list[str]]:
    """The codes that each dimension offers: those with a job among what the dimensions before it chose."""
    offered, within = {}, membership
    chosen = {place.dimension: place for place in places}
    for dimension, found in members.items():
        if within is membership:
            offered[dimension] = [*found]  # a member is only listed if it has a job
        else:
            with_jobs = set(within.filter(pl.col("dimension") == dimension)["member"])
            offered[dimension] = [code for code, member in found.items() if member.id in with_jobs]
        if dimension in chosen:
            within = Selection((chosen[dimension],)).placed(within, membership)
    return offered


def _choose(
    name: str, codes: Mapping[str, str | None], offered: list[str], members: Mapping[str, Member] | None, nothing: str,
    label: str, width: int | str,
) -> None:  # fmt: skip
    """Draw the field of one filter. What is chosen is always offered, also where an earlier choice leaves it nothing."""
    options = [*offered, NONE]
    if codes[name] and codes[name] not in options:
        options.insert(0, codes[name])

    def shown(code: str) -> str:
        if code == NONE:
            return NOWHERE[name]
        return f"{INDENT * members[code].depth}{members[code].name}" if members else _spoken(code)

    st.session_state[f"pick_{name}"] = codes[name]
    st.selectbox(LABELS[name], options, key=f"pick_{name}", format_func=shown, index=None, placeholder=nothing,
                 label_visibility=label, on_change=_keep, args=(name,), width=width)  # fmt: skip


def _keep(name: str) -> None:
    """From the widget people use into the carrier, and so into the address."""
    picked = st.session_state[f"pick_{name}"]
    st.session_state[name] = ",".join(picked) if isinstance(picked, list) else picked or ""


def reset() -> None:
    """Nothing chosen."""
    for name in CARRIERS:
        st.session_state[name] = ""
