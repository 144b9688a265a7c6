"""HALLWAY: open_tenant() -> Insights, what pages, notebooks, reports and the command line read through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vital_insights import settings as configuration
from vital_insights.errors import TenantUnknown, UsageError, WarehouseError, nearest
from vital_insights.quality.verdict import Verdict
from vital_insights.settings import Settings
from vital_insights.tenancy import Tenant
from vital_insights.warehouse import reader, snapshot, sqlfile

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Snapshot:
    """One published (or refused) build: `taken_at` is the instant of the source, `manifest` how it was made."""

    id: str
    taken_at: datetime
    path: Path
    manifest: Mapping[str, Any]


class Insights:
    """One tenant at one instant, read-only. Made by `open_tenant()`. Frames are polars; ids are text, scores decimals."""

    def __init__(self, tenant: Tenant, path: Path) -> None:
        self._reader = reader.Reader(path, tenant.id)
        manifest = self._reader.manifest
        told = manifest["tenant"]
        self.tenant = Tenant(told["slug"], UUID(told["id"]), told["name"], told["status"])
        self.snapshot = Snapshot(path.stem, datetime.fromisoformat(manifest["taken_at"]), path, manifest)

    def metric(
        self,
        name: str,
        where: Mapping[str, Any] | None = None,
        columns: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> pl.DataFrame:
        """A metric's rows, in the order of its grain; `metrics()` lists them.

        `where` maps a column to a value, to a list of values, or to None for what is unknown. Raises UsageError with the
        nearest names for a metric, column or value that is not there.
        """
        return self._select("metric", name, where, columns, limit)

    def count(self, metric: str, where: Mapping[str, Any] | None = None) -> int:
        """How many rows `metric(…)` would give."""
        conditions, values = _conditions(where or {})
        return int(
            self._reader.frame(f"select count(*) as n from snapshot.metric.{metric}{conditions}", values)["n"][0]
        )

    def table(
        self, name: str, where: Mapping[str, Any] | None = None, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """A model table's rows: jobs, outcomes, roles, personas, persona_jobs, membership and the others."""
        return self._select("model", name, where, columns, None)

    def metrics(self) -> pl.DataFrame:
        """The metrics of this package: name, title, because, grain."""
        return metrics()

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
        self._reader.close()

    def __enter__(self) -> Insights:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _tables(self) -> dict[str, list[str]]:
        return self._reader.tables()

    def _select(
        self, schema: str, name: str, where: Mapping[str, Any] | None, columns: Sequence[str] | None, limit: int | None
    ) -> pl.DataFrame:
        known = self._tables.get(f"{schema}.{name}")
        if known is None:
            names = [table.split(".", 1)[1] for table in self._tables if table.startswith(f"{schema}.")]
            raise UsageError(
                f"There is no {'metric' if schema == 'metric' else 'table'} '{name[:80]}'.",
                hint=nearest(name[:80], names),
            )
        for column in [*(where or {}), *(columns or [])]:
            if column not in known:
                raise UsageError(f"{name} has no column '{column[:80]}'.", hint=nearest(column[:80], known))
        conditions, values = _conditions(where or {})
        shown = ", ".join(f'"{column}"' for column in columns or known)
        order = _order(schema, name, known)
        sql = f"select {shown} from snapshot.{schema}.{name}{conditions}{order}"
        answer = self._reader.frame(sql + (f" limit {int(limit)}" if limit is not None else ""), values)
        if answer.is_empty() and where:
            self._explain_empty(schema, name, where)
        return answer

    def _explain_empty(self, schema: str, name: str, where: Mapping[str, Any]) -> None:
        """Raises UsageError where a value asked for occurs nowhere in its column and another is close to it."""
        for column, asked in where.items():
            for value in asked if isinstance(asked, list | tuple | set | frozenset) else [asked]:
                if not isinstance(value, str):
                    continue
                found = self._reader.frame(
                    f'select distinct "{column}"::VARCHAR as value from snapshot.{schema}.{name} where "{column}" is not null limit 5000'
                )["value"].to_list()
                if found and value not in found:
                    raise UsageError(f"{name}.{column} never is '{value[:80]}'.", hint=nearest(value[:80], found))


def _conditions(where: Mapping[str, Any]) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    for column, asked in where.items():
        if asked is None:
            parts.append(f'"{column}" is null')
        elif isinstance(asked, list | tuple | set | frozenset):
            wanted = sorted(asked, key=str)
            parts.append(f'"{column}"::VARCHAR in ({", ".join("?" * len(wanted))})' if wanted else "false")
            values += [str(value) for value in wanted]
        elif isinstance(asked, bool):
            parts.append(f'"{column}" = ?')
            values.append(asked)
        elif isinstance(asked, str):
            parts.append(f'"{column}"::VARCHAR = ?')
            values.append(asked)
        else:
            parts.append(f'"{column}" = ?')
            values.append(asked)
    return (" where " + " and ".join(parts)) if parts else "", values


def _order(schema: str, name: str, known: Sequence[str]) -> str:
    """The best first where there is a rank, else by grain: the same rows in the same order every time."""
    grain = next((file.grain for file in sqlfile.files(schema) if file.name == name), ())
    by = ["rank"] if "rank" in known else []
    by += [column for column in grain if column in known]
    return " order by " + ", ".join(f'"{column}" nulls last' for column in by) if by else ""


def metrics() -> pl.DataFrame:
    """The metrics of this package: name, title, because, grain."""
    import polars as pl

    rows = [
        {"name": f.name, "title": f.title, "because": f.because, "grain": ", ".join(f.grain)}
        for f in sqlfile.files("metric")
    ]
    return pl.DataFrame(rows)


def shown_columns(metric: str) -> tuple[str, ...]:
    """The columns of a metric that a narrow table for people shows, by its header; all of them where it names none."""
    file = next(file for file in sqlfile.files("metric") if file.name == metric)
    return file.show or tuple(file.columns)


def newest_build(name: str, settings: Settings | None = None) -> str:
    """The newest build of a tenant, published or refused: what `check` reports on."""
    settings = settings or configuration.load()
    folder = settings.warehouse / _find(name, settings).folder
    builds = [*filter(None, [snapshot.current(folder)]), *snapshot.names(folder, "refused")]
    return max(builds, key=snapshot.instant)


def tenants(settings: Settings | None = None) -> list[Tenant]:
    """The tenants that have a published snapshot, by slug. A damaged one is listed under its id, so that it is not missed."""
    return _known(settings or configuration.load(), refused=False)


def _known(settings: Settings, *, refused: bool) -> list[Tenant]:
    found = []
    for folder in settings.warehouse.iterdir() if settings.warehouse.is_dir() else ():
        try:
            id_ = UUID(folder.name)
            name = snapshot.current(folder)
        except (ValueError, WarehouseError):
            continue
        if name is None and refused:
            name = next(iter(snapshot.names(folder, "refused")), None)
        if name is not None:
            found.append(_told(folder / f"{name}.duckdb", id_))
    return sorted(found)


def _told(path: Path, id_: UUID) -> Tenant:
    try:
        with Insights(Tenant(str(id_), id_, str(id_)), path) as insights:
            return insights.tenant
    except WarehouseError:
        return Tenant(str(id_), id_, "its snapshot is damaged", None)


def snapshots(name: str, settings: Settings | None = None) -> list[Snapshot]:
    """The published snapshots of one tenant, newest first."""
    settings = settings or configuration.load()
    tenant = _find(name, settings)
    folder = settings.warehouse / tenant.folder
    newest = snapshot.current(folder)
    found = []
    for each in snapshot.names(folder):
        if newest is None or snapshot.instant(each) > snapshot.instant(newest):
            continue  # written, never pointed at: the next refresh removes it
        with Insights(tenant, folder / f"{each}.duckdb") as insights:
            found.append(insights.snapshot)
    return found


def open_tenant(name: str, *, settings: Settings | None = None, snapshot_id: str | None = None) -> Insights:
    """The newest published snapshot of a tenant, by slug or UUID; `snapshot_id` opens an older, or a refused one.

    Raises TenantUnknown where nothing of that name was published, WarehouseError for a damaged file.
    """
    settings = settings or configuration.load()
    tenant = _find(name, settings)
    folder = settings.warehouse / tenant.folder
    wanted = snapshot_id or snapshot.current(folder)
    if wanted is None:
        raise TenantUnknown(f"'{name[:80]}' has no snapshot.", hint=f"vital-insights refresh {name[:80]}")
    snapshot.instant(wanted)  # a name, never a path
    if not (folder / f"{wanted}.duckdb").exists():
        known = snapshot.names(folder) + snapshot.names(folder, "refused")
        raise UsageError(f"There is no snapshot '{wanted}' of {tenant.slug}.", hint=nearest(wanted, known))
    return Insights(tenant, folder / f"{wanted}.duckdb")


def _find(name: str, settings: Settings) -> Tenant:
    """The tenant in the warehouse; a name never becomes a path, it is only compared."""
    known = _known(settings, refused=True)
    matches = [t for t in known if name == t.slug] or [t for t in known if name.lower() == str(t.id)]
    if len(matches) > 1:
        raise TenantUnknown(
            f"{len(matches)} tenants are called '{name[:80]}'.",
            hint=f"use an id: {', '.join(str(t.id) for t in matches)}",
        )
    if not matches:
        hint = (
            nearest(name[:80], [t.slug for t in known])
            if known
            else "vital-insights refresh TENANT makes the first snapshot"
        )
        raise TenantUnknown(f"The warehouse has no tenant '{name[:80]}'.", hint=hint)
    return matches[0]
