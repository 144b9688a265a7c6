"""HALLWAY: open_tenant() -> Insights, what pages, notebooks, reports and the command line read through."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vital_insights import settings as configuration
from vital_insights import shelf
from vital_insights.cards import card
from vital_insights.errors import QualityError, UsageError, WarehouseError, nearest
from vital_insights.quality import history
from vital_insights.quality.verdict import SEVERITIES, Check, Verdict
from vital_insights.settings import Settings
from vital_insights.shelf import Snapshot, newest_build, snapshots, tenants
from vital_insights.tenancy import Tenant
from vital_insights.warehouse import belonging, comparison, explanation, reader, selection, snapshot, sqlfile
from vital_insights.warehouse.belonging import DIMENSIONS, NONE, WORDS
from vital_insights.warehouse.catalogue import catalogue, contents, lacking, metrics, shown_columns
from vital_insights.warehouse.comparison import Comparison
from vital_insights.warehouse.examined import NOT_TOLD
from vital_insights.warehouse.explanation import Explanation
from vital_insights.warehouse.held import Held
from vital_insights.warehouse.sqlfile import own_metrics
from vital_insights.warehouse.what_if import Asked, WhatIf

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "DIMENSIONS", "NONE", "NOT_TOLD", "SEVERITIES", "WORDS", "Check", "Comparison", "Explanation", "Insights", "Snapshot", "Verdict",
    "WhatIf", "catalogue", "metrics", "newest_build", "open_tenant", "own_metrics", "shown_columns", "snapshots", "tenants",
]  # fmt: skip


class Insights:
    """One tenant at one instant, read-only. Made by `open_tenant()`.

    Frames are polars: ids are text, ratings (0-10) and scores (0-20) exact decimals, shares parts of 1, instants UTC, and
    what is unknown is null. `metrics(name)` says of each column what it means, its unit, and what null means in it.
    """

    def __init__(self, tenant: Tenant, path: Path, settings: Settings | None = None) -> None:
        self._settings = settings or configuration.load()
        self._reader = reader.Reader(path, tenant.id)
        self.tenant = shelf.tenant_of(self._reader.manifest)
        self.snapshot = shelf.snapshot_of(path, self._reader.manifest)
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
        column's type. Where rows are of jobs it may also name a dimension of `opportunity_by`, such as function, role or
        country, and the id, code or name of a member (`members()` lists them), or None for what belongs to none.
        `columns` keeps these, in this order; `limit` keeps so many rows. `engine` spark or postgres computes the metric
        there, from the snapshot's raw tables, instead of reading what the refresh stored. Raises UsageError with the
        nearest names for a metric, column, member or value that is not there, VitalError where an engine is missing or fails.
        """
        return selection.rows(self._reader_of(name, engine), f"metric.{name}", where, columns, limit)

    def count(self, metric: str, where: Mapping[str, Any] | None = None, engine: str = "duckdb") -> int:
        """How many rows `metric(…)` would give with the same `where` and `engine`; raises as it does."""
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

            if metric in {each.name for each in self._reader.own_metrics}:
                raise UsageError(
                    f"'{metric}' is a metric of your own; {engine} computes only those of this package.",
                    hint="leave the engine out",
                )
            file = sqlfile.metric(metric)
            files = sqlfile.in_build_order(sqlfile.definitions(), only=file.table)
            frames = engines.compute(engine, self.write_parquet, files, [file.table], self._settings)
            self._held[engine, metric] = Held({metric: frames[file.table]})
        return self._held[engine, metric]

    def table(
        self, name: str, where: Mapping[str, Any] | None = None, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """A model table's rows: jobs, outcomes, roles, personas, persona_jobs, membership and the others, by `name`.

        `where` and `columns` choose as in `metric()`. Raises UsageError with the nearest names for what is not there.
        """
        return selection.rows(self._reader, f"model.{name}", where, columns, None)

    def members(self, dimension: str) -> pl.DataFrame:
        """Whom `where` can name by a dimension, such as function or country: a row a member, with id, code and name.

        Raises UsageError with the nearest names for a dimension that is not there.
        """
        return belonging.members(self._reader, dimension)

    def named(self, where: Mapping[str, Any]) -> dict[str, list[str | None]]:
        """The names of the members that `where` means, by dimension; None stands for what belongs to none.

        Raises UsageError with the nearest names for a member that is not there.
        """
        return belonging.named(self._reader, where)

    def contents(self) -> list[dict[str, Any]]:
        """Every table of this snapshot: table (`metric.opportunity`), title, because, grain and columns, by their headers."""
        return contents(self._reader.tables)

    def whole(self, table: str) -> pl.DataFrame:
        """All rows of a table that `contents()` lists, by its whole name. Raises UsageError with the nearest names."""
        if table not in self._reader.tables:
            raise UsageError(f"There is no table '{table[:80]}'.", hint=nearest(table[:80], self._reader.tables))
        return selection.rows(self._reader, table, None, None, None)

    def metrics(self, name: str | None = None) -> pl.DataFrame:
        """The metrics, a row a metric: name, title, because, grain; or the columns of one, a row a column, with type, unit,
        meaning and null_means. Raises UsageError with the nearest names for a metric that is not there.
        """
        return metrics(name, self._reader.own_metrics)

    def shown_columns(self, metric: str) -> tuple[str, ...]:
        """The columns of a metric that a narrow table for people shows, by its header; all of them where it names none.

        Raises UsageError with the nearest names for a `metric` that is not there.
        """
        return shown_columns(metric, self._reader.own_metrics)

    def lacking(self, metric: str) -> list[str]:
        """The tables behind a metric that the source did not have when this was taken: what they would say is unknown.

        Raises UsageError with the nearest names for a `metric` that is not there.
        """
        return lacking(self._reader, metric)

    def explain(self, metric: str, *key: object) -> Explanation:
        """How one row of a metric came about: its columns, the formula with its numbers, source rows, provenance.

        `key` is one text or UUID per column of the metric's grain, in that order (None where the row has none); a metric of one
        row needs none. In place of an id a code or a name will do where it means one row. Raises UsageError with the
        nearest names, or with the ids of all rows that the name could mean.
        """
        return explanation.explain(self._reader, metric, key)

    def compare(self, older: str | Snapshot | None = None) -> Comparison:
        """What changed since another snapshot of this tenant, by default since the one before: a row an outcome.

        `older` is a snapshot of `older()` or the id of one; the scores of both are computed with today's formula.
        Raises UsageError with the nearest ids where it is not there, WarehouseError for a damaged file or another tenant's.
        """
        path = older.path if isinstance(older, Snapshot) else self._beside(older)
        return comparison.compare(self.snapshot.path, path, self.tenant.id)

    def what_if(self, changes: Asked) -> WhatIf:
        """Every metric as it would be with other inputs: `insights.what_if({"OUT-3": {"satisfaction": 7}})`.

        `changes` maps an outcome, by its code ("JOB/OUTCOME" where codes repeat), its id or its statement, or the code of a
        job that itself is scored, to importance and satisfaction: numbers from 0 to 10, or None for unknown. The same SQL
        files run over the snapshot with those values laid over it in memory; the file stays as it is. Close it when done,
        or use `with`. Frames are those of `metric()`, and every snapshot id in them ends in "(what if)". Raises
        UsageError with the nearest names, WarehouseError for a snapshot that is too old.
        """
        return WhatIf(self.snapshot.path, self.tenant, self._reader, changes)

    def _beside(self, name: str | None) -> Path:
        folder = self.snapshot.path.parent
        known = shelf.published(folder)
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

    def older(self) -> list[Snapshot]:
        """The published snapshots of this tenant that were taken before this one and can be read, newest first."""
        found = snapshots(str(self.tenant.id), self._settings)
        return [each for each in found if each.taken_at < self.snapshot.taken_at and each.id != self.snapshot.id]

    def verdict(self) -> Verdict:
        """What the checks said of this snapshot when it was made."""
        return Verdict.from_frame(self._reader.frame(_VERDICT))

    def history(self) -> pl.DataFrame:
        """What became of each check over this tenant's builds up to this one: new, failing since when, fixed.

        A row a check that is wrong now or was in the build before, the gravest first: suite, name, severity, change (new |
        failing | fixed | gone), since, n_failed, n_failed_before, because. Refused builds count, as long as they are kept;
        a build that cannot be read any more is passed over.
        """
        folder, told = self.snapshot.path.parent, []
        for name in shelf.builds(folder):
            if snapshot.instant(name) < snapshot.instant(self.snapshot.id):
                with contextlib.suppress(WarehouseError, QualityError, UsageError):
                    told.append(_told(folder / f"{name}.duckdb", self.tenant))
        return history.history([*told, (self.snapshot.taken_at, self.verdict())])

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """The rows that one SELECT gives over this snapshot: read-only, this tenant only, in a database of its own.

        `query` names tables with their schema (`metric.opportunity`, `model.jobs`, `raw.personas`; `contents()` lists them),
        `parameters` are bound to its question marks. Ids come as text. Raises UsageError with DuckDB's own sentence for a
        statement that is wrong, or no SELECT.
        """
        other = reader.Reader(self.snapshot.path, self.tenant.id)
        try:
            return other.frame(query, parameters)
        finally:
            other.close()

    def close(self) -> None:
        """Let the file go; frames that were read stay."""
        for each in (self._reader, *self._held.values()):
            each.close()

    def __repr__(self) -> str:
        return f"<Insights {self.tenant.slug} · {self.snapshot.id}>"

    def _repr_html_(self) -> str:
        """Who, when, how the outcomes spread over the bands, what the checks said, and which metrics there are."""
        there = {table.removeprefix("metric.") for table in self._reader.tables if table.startswith("metric.")}
        bands = self._reader.frame("select band, count(*) as n from snapshot.metric.opportunity group by band")
        counts = dict(bands.iter_rows())
        told = ", ".join(f"{counts.get(band, 0):,} {band}" for band in ("HIGH", "MEDIUM", "LOW", "UNSCORED"))
        about = {
            "taken": f"{self.snapshot.taken_at:%d %b %Y %H:%M} UTC",
            "outcomes": f"{sum(counts.values()):,}: {told}",
            "checks": self.snapshot.manifest["verdict"] or "nothing was checked",
        }
        rows = [
            (m["name"], m["title"], m["because"]) for m in catalogue(own=self._reader.own_metrics) if m["name"] in there
        ]
        return card(self.tenant.name, about, (".metric(…)", "", "why"), rows, self.snapshot.id)

    def __enter__(self) -> Insights:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_VERDICT = "select * from quality.verdict"


def _told(path: Path, tenant: Tenant) -> tuple[datetime, Verdict]:
    """When an older build was made, and what its checks said."""
    opened = reader.Reader(path, tenant.id)
    try:
        at = shelf.snapshot_of(path, opened.manifest).taken_at
        return at, Verdict.from_frame(opened.frame(_VERDICT))
    finally:
        opened.close()


def open_tenant(name: str, *, settings: Settings | None = None, snapshot_id: str | None = None) -> Insights:
    """The newest published snapshot of a tenant; `name` is its slug or UUID, `snapshot_id` opens an older, or a refused one.

    Raises TenantUnknown where nothing of that name was published, UsageError for a snapshot that is not there,
    WarehouseError for a damaged file.
    """
    settings = settings or configuration.load()
    tenant, path = shelf.locate(name, settings, snapshot_id)
    return Insights(tenant, path, settings)
