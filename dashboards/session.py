"""What one browser session may see and has chosen: access, tenant and data. Holds the only caches of the dashboard.

Every cache is keyed by tenant id and snapshot id: what one tenant's session has loaded can never answer another's.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import access
import login
import places
import streamlit as st
import style
from places import PLACES
from streamlit import config

import vital_insights as vi
from vital_insights import settings
from vital_insights.access import Standing
from vital_insights.errors import VitalError
from vital_insights.insights import Insights, snapshots, tenants

if TYPE_CHECKING:
    import polars as pl
    from filters import Selection
    from places import Member

    from vital_insights.insights import Comparison, Snapshot, Verdict
    from vital_insights.tenancy import Tenant

Made = TypeVar("Made")
SNAPSHOTS_KEPT = 8  # frames of so many snapshots stay in memory; the oldest leave first
FRAMES_KEPT = 12 * SNAPSHOTS_KEPT
THINGS_KEPT = 4 * SNAPSHOTS_KEPT  # figures and the like; that of 50,000 outcomes is a few megabytes
POINTER = "CURRENT"  # beside a tenant's snapshots: the name of the newest


@dataclass(frozen=True)
class Data:
    """One tenant's snapshot, as pages read it."""

    insights: Insights

    @property
    def tenant(self) -> Tenant:
        return self.insights.tenant

    def metric(self, name: str) -> pl.DataFrame:
        """A whole metric; read it, never change it: all sessions of this tenant share the frame."""
        return _frame(*self._key, "metric", name, _insights=self.insights)

    def table(self, name: str) -> pl.DataFrame:
        """A whole model table; shared like a metric."""
        return _frame(*self._key, "table", name, _insights=self.insights)

    def sql(self, query: str, *parameters: str) -> pl.DataFrame:
        """The answer to one statement over the snapshot, as `Insights.sql`; shared like a metric."""
        return _answer(self._key, query, parameters, _insights=self.insights)

    def holds(self, table: str) -> bool:
        """Whether the snapshot has a table, by its whole name; one made before there was such has not."""
        return table in self.once("tables", lambda: {each["table"] for each in self.insights.contents()})

    def verdict(self) -> Verdict:
        """The quality verdict that was stored with the snapshot."""
        return _verdict(*self._key, _insights=self.insights)

    def members(self, dimension: str) -> dict[str, Member]:
        """By code, what the filter of a dimension can name: the members of one of PLACES that have a job."""
        return _members(*self._key, dimension, _data=self)

    def snapshots(self) -> list[Snapshot]:
        """The published snapshots of this tenant that can be read, newest first."""
        return _snapshots(*self._key)

    def compare(self, older_id: str) -> Comparison:
        """What changed since an older snapshot of this tenant, named by its id. Raises VitalError where there is none."""
        return _comparison(*self._key, older_id, _insights=self.insights)

    def older(self, snapshot_id: str) -> Data:
        """One of `snapshots`, named by its id, as pages read it. Raises VitalError where it cannot be opened."""
        [found] = [each for each in self.snapshots() if each.id == snapshot_id]
        return Data(self.once("older", lambda: Insights(self.tenant, found.path), snapshot_id))

    def history(self) -> pl.DataFrame:
        """The verdicts of this tenant's builds, as `Insights.history` tells them."""
        return _history(*self._key, _insights=self.insights)

    def once(self, name: str, make: Callable[[], Made], *of: object) -> Made:
        """What `make` gives, made once for a name, this snapshot and what it is made `of`: texts, numbers, a Selection.

        `of` must say everything of the session that `make` reads; shared like a metric.
        """
        return _once(self._key, name, of, _make=make)

    @property
    def _key(self) -> tuple[str, str]:
        return str(self.tenant.id), self.insights.snapshot.id


@st.cache_resource(max_entries=FRAMES_KEPT, show_spinner=False)
def _frame(tenant_id: str, snapshot_id: str, kind: str, name: str, *, _insights: Insights) -> pl.DataFrame:  # noqa: ARG001
    return _insights.metric(name) if kind == "metric" else _insights.table(name)


# Each statement opens and verifies the file anew, about 50 ms; a page asks the same ones in every run.
@st.cache_resource(max_entries=FRAMES_KEPT, show_spinner=False)
def _answer(key: tuple[str, str], query: str, parameters: tuple[str, ...], *, _insights: Insights) -> pl.DataFrame:  # noqa: ARG001
    return _insights.sql(query, parameters)


@st.cache_resource(max_entries=THINGS_KEPT, show_spinner=False)
def _once(key: tuple[str, str], name: str, of: tuple[object, ...], *, _make: Callable[[], Made]) -> Made:  # noqa: ARG001
    return _make()


@st.cache_resource(max_entries=SNAPSHOTS_KEPT, show_spinner=False)
def _verdict(tenant_id: str, snapshot_id: str, *, _insights: Insights) -> Verdict:  # noqa: ARG001
    return _insights.verdict()


@st.cache_resource(max_entries=len(PLACES) * SNAPSHOTS_KEPT, show_spinner=False)
def _members(tenant_id: str, snapshot_id: str, dimension: str, *, _data: Data) -> dict[str, Member]:  # noqa: ARG001
    membership = _data.table("membership")
    if not (
        membership["dimension"] == dimension
    ).any():  # as in a snapshot of an older version, which lacks its table too
        return {}
    return places.members(dimension, _data.table(PLACES[dimension]), membership)


@st.cache_resource(max_entries=SNAPSHOTS_KEPT, show_spinner=False)
def _snapshots(tenant_id: str, snapshot_id: str) -> list[Snapshot]:  # noqa: ARG001
    return snapshots(tenant_id)


@st.cache_resource(max_entries=SNAPSHOTS_KEPT, show_spinner="Comparing two snapshots")
def _comparison(tenant_id: str, snapshot_id: str, older_id: str, *, _insights: Insights) -> Comparison:  # noqa: ARG001
    return _insights.compare(older_id)


@st.cache_resource(max_entries=SNAPSHOTS_KEPT, show_spinner=False)
def _history(tenant_id: str, snapshot_id: str, *, _insights: Insights) -> pl.DataFrame:  # noqa: ARG001
    return _insights.history()


def refusal() -> str | None:
    """Why this session sees nothing and what to do, in Markdown, or None. Asked anew in every run."""
    configured = login.section()
    if configured is None:
        return access.refusal(config.get_option("server.address"), headers())
    try:
        address, why = login.identity()
        return login.fault(configured) or why or access.strangeness(address, login.standings(address).values())
    except VitalError:  # its text is for whoever runs this server: `vital-insights doctor` tells them the same
        return "This dashboard has a login and no access key that can be used, so it admits nobody. `vital-insights doctor` says why."


def headers() -> dict[str, str]:
    """The headers of this session's request."""
    return dict(st.context.headers)


def visible_tenants() -> list[Tenant]:
    """The tenants this session may choose from, by name: in shared use those that list whoever is logged in."""
    warehouse = settings.load().warehouse
    pointers = tuple(sorted((pointer.parent.name, _read(pointer)) for pointer in warehouse.glob(f"*/{POINTER}")))
    every = _tenants(str(warehouse), pointers)
    if login.section() is None:
        return every
    address, _ = login.identity()
    standings = login.standings(address)
    return [tenant for tenant in every if standings.get(tenant.id) is Standing.MEMBER]


@st.cache_resource(max_entries=1, show_spinner=False)
def _tenants(warehouse: str, pointers: tuple[tuple[str, str], ...]) -> list[Tenant]:  # noqa: ARG001
    return sorted(tenants(settings.load()), key=lambda tenant: (tenant.name.casefold(), tenant.slug))


def _read(pointer: Path) -> str:
    """What a pointer holds; only ever compared, so that a new snapshot is seen without opening a file."""
    return pointer.read_text(errors="replace") if pointer.exists() else ""


def still_welcome() -> Callable[[], bool]:
    """A question for later, from any thread: may whoever is here now still see the tenant of this page?

    A part of a page that is redrawn alone, and a file that is made when it is asked for, do not pass the door again.
    """
    if login.section() is None:
        return lambda: True
    (address, _), tenant = login.identity(), current().data.tenant.id
    return lambda: login.standings(address).get(tenant) is Standing.MEMBER


def fragment(part: Callable[..., None]) -> Callable[..., None]:
    """`st.fragment` for whoever may still see the tenant of the page; everybody else is sent back to the door."""
    welcome, runs = still_welcome(), count()

    @st.fragment
    @wraps(part)
    def guarded(*args: object, **options: object) -> None:
        if not welcome():
            st.rerun()
        style.redrawn(alone=next(runs) > 0)
        with telling():
            part(*args, **options)

    return guarded


@contextmanager
def telling() -> Iterator[None]:
    """Whatever could not be read in here is told where it would have stood; a fragment is redrawn past whoever tells it else."""
    try:
        yield
    except VitalError as error:
        st.error(str(error), icon=":material/error:", title="This could not be read")


def open_data(tenant: Tenant) -> Data:
    """The newest published snapshot of a tenant. Raises VitalError where it cannot be opened."""
    return Data(_open(str(tenant.id), _read(settings.load().warehouse / tenant.folder / POINTER)))


@st.cache_resource(max_entries=SNAPSHOTS_KEPT, show_spinner=False)
def _open(tenant_id: str, pointer: str) -> Insights:  # noqa: ARG001
    return vi.open_tenant(tenant_id)


@dataclass(frozen=True)
class View:
    """What one run of a page may show: the data, what is chosen, and the chosen rows of `opportunity`."""

    data: Data
    selection: Selection
    shown: pl.DataFrame

    def chosen(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of any frame with a `job_id` whose job is chosen: where it belongs, and by its outcomes where these are chosen."""
        placed = self.selection.placed(frame, self.data.table("membership"))
        return placed.join(self.shown, on="job_id", how="semi") if self.selection.by_outcome else placed


@contextmanager
def viewing(view: View) -> Iterator[None]:
    """While this lasts, `current()` is `view`; afterwards nothing is, so that no page ever runs on what an earlier run left."""
    st.session_state["view"] = view
    try:
        yield
    finally:
        del st.session_state["view"]


def current() -> View:
    """What this run of a page may show.

    Streamlit runs a file of pages/ on its own, past main.py, for whoever opens a deep link first on a fresh server. Such a
    run is sent through the door here; main.py then comes back to the page.
    """
    if "view" not in st.session_state:
        runpy.run_path(str(Path(__file__).parent / "main.py"))
        st.stop()
    return st.session_state["view"]
