"""What stands in the warehouse: which tenants, which snapshots of one, and which of them is the newest."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from vital_insights import settings as configuration
from vital_insights.cards import card
from vital_insights.errors import TenantUnknown, UsageError, WarehouseError, nearest
from vital_insights.settings import Settings
from vital_insights.tenancy import Tenant
from vital_insights.warehouse import reader, snapshot

_DAMAGED = "its snapshot is damaged"


@dataclass(frozen=True)
class Snapshot:
    """One published (or refused) build: `taken_at` is the instant of the source, `manifest` how it was made."""

    id: str
    taken_at: datetime
    path: Path
    manifest: Mapping[str, Any] = field(repr=False)

    def _repr_html_(self) -> str:
        """When it was taken, of what, and what the checks said of it."""
        rows, rejected = self.manifest.get("loaded"), self.manifest["rejected"]
        said = {
            "taken": f"{self.taken_at:%d %b %Y %H:%M} UTC",
            "source rows": "not recorded" if rows is None else f"{rows:,}, {rejected:,} values rejected",
            "made with": f"vital-insights {self.manifest.get('package_version', '(not recorded)')}",
            "checks": self.manifest["verdict"] or "nothing was checked",
        }
        refused = "REFUSED: this build is not served." if self.id.startswith("refused-") else ""
        anyway = "Published although critical checks failed." if self.manifest["published_anyway"] else ""
        return card(f"{self.manifest['tenant']['name']} · {self.id}", said, foot=refused or anyway)

    @property
    def told(self) -> dict[str, Any]:
        """What a list of snapshots says of this one. `rows` are the source's; None in a snapshot of an older package."""
        about = {name: self.manifest[name] for name in ("rejected", "published_anyway", "verdict")}
        at = self.taken_at.isoformat(timespec="seconds")
        return {"snapshot": self.id, "taken_at": at, "rows": self.manifest.get("loaded"), **about}


def tenants(settings: Settings | None = None) -> list[Tenant]:
    """The tenants that have a published snapshot, by slug. A damaged one is listed under its id, so that it is not missed."""
    return _known(settings or configuration.load(), refused=False)


def _known(settings: Settings, *, refused: bool) -> list[Tenant]:
    found = []
    for folder in settings.warehouse.iterdir() if settings.warehouse.is_dir() else ():
        if not _is_tenant(folder.name):
            continue
        names = [*published(folder), *(snapshot.names(folder, "refused") if refused else ())]
        if names:
            found.append(_told(folder, names))
    return sorted(found)


def _is_tenant(folder: str) -> bool:
    try:
        return str(UUID(folder)) == folder
    except ValueError:
        return False


def published(folder: Path) -> list[str]:
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
            return tenant_of(reader.manifest(folder / f"{name}.duckdb", id_))
    return Tenant(str(id_), id_, _DAMAGED, None)


def tenant_of(manifest: Mapping[str, Any]) -> Tenant:
    """Who the tenant of a snapshot was when it was made."""
    told = manifest["tenant"]
    return Tenant(told["slug"], UUID(told["id"]), told["name"], told["status"])


def snapshots(name: str, settings: Settings | None = None) -> list[Snapshot]:
    """The published snapshots of one tenant that can be read, newest first."""
    settings = settings or configuration.load()
    tenant = find(name, settings)
    folder = settings.warehouse / tenant.folder
    found = []
    for each in published(folder):
        path = folder / f"{each}.duckdb"
        with contextlib.suppress(WarehouseError):
            found.append(snapshot_of(path, reader.manifest(path, tenant.id)))
    return found


def snapshot_of(path: Path, manifest: Mapping[str, Any]) -> Snapshot:
    """What a file is, by its name and its manifest."""
    return Snapshot(path.stem, datetime.fromisoformat(manifest["taken_at"]), path, manifest)


def newest_build(name: str, settings: Settings | None = None) -> str:
    """The newest build of a tenant, published or refused: what `check` reports on."""
    settings = settings or configuration.load()
    folder = settings.warehouse / find(name, settings).folder
    return max([*filter(None, [snapshot.current(folder)]), *snapshot.names(folder, "refused")], key=snapshot.instant)


def builds(folder: Path) -> list[str]:
    """The builds of one tenant that can be asked for, published or refused, oldest first."""
    return sorted([*published(folder), *snapshot.names(folder, "refused")], key=snapshot.instant)


def locate(name: str, settings: Settings, snapshot_id: str | None = None) -> tuple[Tenant, Path]:
    """Whose and where the snapshot asked for is, unless told otherwise the newest published one; raises as `open_tenant`."""
    tenant = find(name, settings)
    folder = settings.warehouse / tenant.folder
    wanted = snapshot_id or snapshot.current(folder)
    if wanted is None:
        raise TenantUnknown(f"'{name[:80]}' has no snapshot.", hint=f"vital-insights refresh {name[:80]}")
    known = builds(folder)
    if wanted not in known:  # a name is only compared: it never becomes a path
        raise UsageError(f"There is no snapshot '{wanted[:80]}' of {tenant.slug}.", hint=nearest(wanted[:80], known))
    return tenant, folder / f"{wanted}.duckdb"


def find(name: str, settings: Settings) -> Tenant:
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
            f"{nearest(name[:80], [t.slug for t in known])} (vital-insights refresh TENANT makes a first snapshot)"
            if known
            else "vital-insights refresh TENANT makes the first snapshot; VITAL_WAREHOUSE names another folder"
        )
        raise TenantUnknown(f"The warehouse {settings.warehouse} has no tenant '{name[:80]}'.", hint=hint)
    return matches[0]
