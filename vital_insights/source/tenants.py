"""Which tenants the source has, and the one that was asked for."""

from __future__ import annotations

from uuid import UUID

from vital_insights.errors import TenantUnknown, nearest
from vital_insights.settings import Settings
from vital_insights.source.connect import Source, transaction
from vital_insights.source.drift import Binding, bind, catalog
from vital_insights.source.scope import find_tenants
from vital_insights.tenancy import Tenant


def of_source(settings: Settings) -> list[Tenant]:
    """Every tenant of the source that the settings name, by slug."""
    with transaction(settings) as source:
        return tenants(source, bind(catalog(source), settings))


def tenants(source: Source, binding: Binding) -> list[Tenant]:
    """Every tenant by slug; where the source has no slug, the id stands in."""
    rows = source.rows(find_tenants(binding.tables["tenants"]))
    known = [
        Tenant(row["slug"] or row["id"], id_, row["name"] or row["id"], row["status"])
        for row in rows
        if (id_ := _uuid(row["id"]))
    ]
    return sorted(known, key=lambda tenant: (tenant.slug, tenant.id))


def _uuid(text: str | None) -> UUID | None:
    """None for what is no UUID: such a tenant cannot be asked for, so it is not offered."""
    try:
        return UUID(text)
    except (TypeError, ValueError):
        return None


def find(source: Source, binding: Binding, name: str) -> Tenant:
    """The tenant with this UUID or slug, exactly. Raises TenantUnknown for none, or for a slug that two bear.

    The id goes first: a tenant whose slug is another's id must not be handed out in its place.
    """
    known = tenants(source, binding)
    matches = [tenant for tenant in known if name.lower() == str(tenant.id)] or [
        tenant for tenant in known if name == tenant.slug
    ]
    if len(matches) > 1:
        raise TenantUnknown(
            f"{len(matches)} tenants are called '{name[:80]}'.",
            hint=f"use an id: {', '.join(str(t.id) for t in matches)}",
        )
    if not matches:
        raise TenantUnknown(
            f"The source has no tenant '{name[:80]}'.", hint=nearest(name[:80], [tenant.slug for tenant in known])
        )
    return matches[0]
