"""HALLWAY: open_tenant() -> Insights, what pages, notebooks, reports and the command line read through."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vital_insights import settings as configuration
from vital_insights.errors import TenantUnknown, UsageError, WarehouseError, nearest
from vital_insights.quality.verdict import Verdict
from vital_insights.settings import Settings
from vital_insights.tenancy import Tenant
from vital_insights.warehouse import comparison, explanation, reader, selection, snapshot, sqlfile
from vital_insights.warehouse.catalogue import catalogue, metrics, shown_columns
from vital_insights.warehouse.comparison import Comparison
from vital_insights.warehouse.explanation import Explanation
from vital_insights.warehouse.held import Held

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Comparison", "Explanation", "Insights", "Snapshot", "catalogue", "check", "metrics", "newest_build", "open_tenant",
    "shown_columns", "snapshots", "tenants",
]  # fmt: skip

_DAMAGED = "its snapshot is damaged"


@dataclass(frozen=True)
class Snapshot:
    """One published (or refused) build: `taken_at` is the instant of the source, `manifest` how it was made."""

    id: str
    taken_at: datetime
    path: Path
    manifest: Mapping[str, Any]

    @property
    def told(self) -> dict[str, Any]:
        """What a list of snapshots says of this one. `rows` are the source's; None in a snapshot of an older package."""
        about = {name: self.manifest[name] for name in ("rejected", "published_anyway", "verdict")}
        at = self.taken_at.isoformat(timespec="seconds")
        return {"snapshot": self.id, "taken_at": at, "rows": self.manifest.get("loaded"), **about}


class Insights:
    """One tenant at one instant, read-only. Made by `open_tenant()`. Frames are polars; ids are text, scores decimals."""

    def __init__(self, tenant: Tenant, path: Path, settings: Settings | None = None) -> None:
        self._settings = settings or configuration.load()
        self._reader = reader.Reader(path, tenant.id)
        self.tenant = _tenant(self._reader.manifest)
        self.snapshot = _snapshot(path, self._reader.manifest)
        self._held: dict[tuple[str, str], Held] = {}

    def metric(
        self,
        name: str,
        where: Mapping[str, Any] | None = None,
        columns: Sequence[str] | None = None,
        limit: int | None = None,
        engine: str = "duckdb",
    ) -> pl.DataFrame:
        """A metric's rows, in the order its header names, else of its grain; `metrics()` lists them.

        `where` maps a column to a value, to a list of values, or to None for what is unknown; a text is read as the
        column's type. `engine` spark or postgres computes the metric there, from the snapshot's raw tables, instead of
        reading what the refresh stored. Raises UsageError with the nearest names for a metric, column or value that is
        not there, VitalError where an engine is missing or fails.
        """
        return selection.rows(self._reader_of(name, engine), f"metric.{name}", where, columns, limit)

    def count(self, metric: str, where: Mapping[str, Any] | None = None, engine: str = "duckdb") -> int:
        """How many rows `metric(…)` would give."""
        return selection.count(self._reader_of(metric, engine), f"metric.{metric}", where)

    def write_parquet(self, folder: Path) -> Path:
        """The raw tables as Parquet under `folder/<tenant id>/<snapshot>`, for engines that read files; gives that folder."""
        from vital_insights.engines import parquet

        raw = [table for table in self._reader.tables if table.startswith("raw.")]
        frames = ((t.removeprefix("raw."), self._reader.frame(f"select * from snapshot.{t}")) for t in raw)
        return parquet.write(folder, self.tenant.id, self.snapshot.id, frames)

    def _reader_of(self, metric: str, engine: str) -> reader.Reader:
        """What holds the metric: the snapshot, or what another engine computed, once while this is open."""
        if engine == "duckdb":
            return self._reader
        if (engine, metric) not in self._held:
            from vital_insights import engines

            file = sqlfile.metric(metric)
            files = sqlfile.in_build_order([*sqlfile.files("model"), *sqlfile.files("metric")], only=file.table)
            frames = engines.compute(engine, self.write_parquet, files, [file.table], self._settings)
            self._held[engine, metric] = Held({metric: frames[file.table]})
        return self._held[engine, metric]

    def table(
        self, name: str, where: Mapping[str, Any] | None = None, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """A model table's rows: jobs, outcomes, roles, personas, persona_jobs, membership and the others."""
        return selection.rows(self._reader, f"model.{name}", where, columns, None)

    def metrics(self, name: str | None = None) -> pl.DataFrame:
        """The metrics of this package, a row a metric: name, title, because, grain; or the columns of one, a row a column."""
        return metrics(name)

    def explain(self, metric: str, *key: str | None) -> Explanation:
        """How one row of a metric came about: its columns, the formula with its numbers, source rows, provenance.

        `key` is one text per column of the metric's grain, in that order (None where the row has none); a metric of one
        row needs none. In place of an id a code or a name will do where it means one row. Raises UsageError with the
        nearest names, or with the ids of all rows that the name could mean.
        """
        return explanation.explain(self._reader, metric, key)

    def compare(self, older: str | Snapshot | None = None) -> Comparison:
        """What changed since another snapshot of this tenant, by default since the one before: a row an outcome.

        Raises UsageError with the nearest ids where it is not there, WarehouseError for a damaged file or another tenant's.
        """
        path = older.path if isinstance(older, Snapshot) else self._beside(older)
        return comparison.compare(self.snapshot.path, path, self.tenant.id)

    def _beside(self, name: str | None) -> Path:
        folder = self.snapshot.path.parent
        known = _named(folder)
        if name is None:
            before = [each for each in known if snapshot.instant(each) < snapshot.instant(self.snapshot.id)]
            if not before:
                raise UsageError(
                    f"{self.tenant.slug} has no snapshot before {self.snapshot.id}.",
                    hint=f"vital-insights refresh {self.tenant.slug} makes a newer one; then there are two to compare",
                )
            name = before[0]
        if name not in known:  # a name is only compared: it never becomes a path
            raise UsageError(
                f"There is no snapshot '{name[:80]}' of {self.tenant.slug}.", hint=nearest(name[:80], known)
            )
        return folder / f"{name}.duckdb"

    def verdict(self) -> Verdict:
        """What the checks said of this snapshot when it was made."""
        return Verdict.from_frame(self._reader.frame("select * from quality.verdict"))

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """The answer to one statement over this snapshot: read-only, this tenant only, in an instance of its own."""
        other = reader.Reader(self.snapshot.path, self.tenant.id)
        try:
            return other.frame(query, parameters)
        finally:
            other.close()

    def close(self) -> None:
        """Let the file go; frames that were read stay."""
        for each in (self._reader, *self._held.values()):
            each.close()

    def __enter__(self) -> Insights:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def newest_build(name: str, settings: Settings | None = None) -> str:
    """The newest build of a tenant, published or refused: what `check` reports on."""
    settings = settings or configuration.load()
    folder = settings.warehouse / _find(name, settings).folder
    builds = [*filter(None, [snapshot.current(folder)]), *snapshot.names(folder, "refused")]
    return max(builds, key=snapshot.instant)


def check(name: str, *, settings: Settings | None = None) -> Verdict:
    """What the checks said of a tenant's newest build, published or refused. Raises as `open_tenant` does."""
    with open_tenant(name, settings=settings, snapshot_id=newest_build(name, settings)) as opened:
        return opened.verdict()


def tenants(settings: Settings | None = None) -> list[Tenant]:
    """The tenants that have a published snapshot, by slug. A damaged one is listed under its id, so that it is not missed."""
    return _known(settings or configuration.load(), refused=False)


def _known(settings: Settings, *, refused: bool) -> list[Tenant]:
    found = []
    for folder in settings.warehouse.iterdir() if settings.warehouse.is_dir() else ():
        if not _is_tenant(folder.name):
            continue
        names = [*_named(folder), *(snapshot.names(folder, "refused") if refused else ())]
        if names:
            found.append(_told(folder, names))
    return sorted(found)


def _is_tenant(folder: str) -> bool:
    try:
        return str(UUID(folder)) == folder
    except ValueError:
        return False


def _named(folder: Path) -> list[str]:
    """The published snapshots, newest first: what came after CURRENT was never pointed at, and the next refresh removes it."""
    every = snapshot.names(folder)
    try:
        newest = snapshot.current(folder)
    except WarehouseError:
        return every  # a damaged pointer hides no tenant; opening it says what is wrong
    if newest is None:
        return []
    return [newest, *(name for name in every if snapshot.instant(name) < snapshot.instant(newest))]


def _told(folder: Path, names: Sequence[str]) -> Tenant:
    """Who the tenant is, by the newest of its files that can say so."""
    id_ = UUID(folder.name)
    for name in names:
        with contextlib.suppress(WarehouseError):
            return _tenant(reader.manifest(folder / f"{name}.duckdb", id_))
    return Tenant(str(id_), id_, _DAMAGED, None)


def _tenant(manifest: Mapping[str, Any]) -> Tenant:
    told = manifest["tenant"]
    return Tenant(told["slug"], UUID(told["id"]), told["name"], told["status"])


def snapshots(name: str, settings: Settings | None = None) -> list[Snapshot]:
    """The published snapshots of one tenant that can be read, newest first."""
    settings = settings or configuration.load()
    tenant = _find(name, settings)
    folder = settings.warehouse / tenant.folder
    found = []
    for each in _named(folder):
        path = folder / f"{each}.duckdb"
        with contextlib.suppress(WarehouseError):
            found.append(_snapshot(path, reader.manifest(path, tenant.id)))
    return found


def _snapshot(path: Path, manifest: Mapping[str, Any]) -> Snapshot:
    return Snapshot(path.stem, datetime.fromisoformat(manifest["taken_at"]), path, manifest)


def open_tenant(name: str, *, settings: Settings | None = None, snapshot_id: str | None = None) -> Insights:
    """The newest published snapshot of a tenant, by slug or UUID; `snapshot_id` opens an older, or a refused one.

    Raises TenantUnknown where nothing of that name was published, UsageError for a snapshot that is not there,
    WarehouseError for a damaged file.
    """
    settings = settings or configuration.load()
    tenant = _find(name, settings)
    folder = settings.warehouse / tenant.folder
    wanted = snapshot_id or snapshot.current(folder)
    if wanted is None:
        raise TenantUnknown(f"'{name[:80]}' has no snapshot.", hint=f"vital-insights refresh {name[:80]}")
    known = [*_named(folder), *snapshot.names(folder, "refused")]
    if wanted not in known:  # a name is only compared: it never becomes a path
        raise UsageError(f"There is no snapshot '{wanted[:80]}' of {tenant.slug}.", hint=nearest(wanted[:80], known))
    return Insights(tenant, folder / f"{wanted}.duckdb", settings)


def _find(name: str, settings: Settings) -> Tenant:
    """The tenant in the warehouse; a name never becomes a path, it is only compared."""
    known = _known(settings, refused=True)
    # The id first: a tenant whose slug is the id of another must not be opened in its place.
    matches = [t for t in known if name.lower() == str(t.id)] or [t for t in known if name == t.slug]
    if len(matches) > 1:
        raise TenantUnknown(
            f"{len(matches)} tenants are called '{name[:80]}'.",
            hint=f"use an id: {', '.join(str(t.id) for t in matches)}",
        )
    if not matches and (damaged := [str(t.id) for t in known if t.name == _DAMAGED]):
        raise WarehouseError(
            f"No snapshot of '{name[:80]}' can be read; damaged are those of {', '.join(damaged)}.",
            hint="vital-insights refresh TENANT makes a new one",
        )
    if not matches:
        hint = (
            nearest(name[:80], [t.slug for t in known])
            if known
            else "vital-insights refresh TENANT makes the first snapshot; VITAL_WAREHOUSE names another folder"
        )
        raise TenantUnknown(f"The warehouse {settings.warehouse} has no tenant '{name[:80]}'.", hint=hint)
    return matches[0]
