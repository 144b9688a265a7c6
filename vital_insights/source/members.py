"""Who the members of a tenant are: their addresses are selected, become keyed hashes at once, and are dropped."""

from __future__ import annotations

from uuid import UUID

from vital_insights import access
from vital_insights.access import Members
from vital_insights.errors import RowsHidden
from vital_insights.source.connect import Source
from vital_insights.source.drift import Binding
from vital_insights.source.privileges import statements
from vital_insights.source.scope import find_addresses, touched_for_addresses
from vital_insights.tenancy import Tenant

_WITHHELD = "this role may not read the members' addresses"
MAP = '[mapping] user_profiles = "…" and "user_profiles.email" = "…" name them, if they have other names'


def of(source: Source, binding: Binding, tenant: Tenant, key: bytes | None) -> Members:
    """The members of one tenant as keyed hashes, and why there are none. Raises SourceError for a read that fails.

    Where Postgres withholds the addresses from this role nobody is admitted, and everything else can be read on.
    """
    if key is None:
        return Members(because="no access key is set")
    statement = find_addresses(binding.tables, binding.lookups, tenant.id)
    if statement is None:
        return Members(because=_missing(binding))
    try:
        with source.attempt():
            found = access.hashed(key, tenant.id, (row["address"] for row in source.rows(statement)))
    except RowsHidden:
        return Members(because=_WITHHELD)
    return Members(found, None if found else "no member of this tenant has an address")


def hindrance(source: Source, binding: Binding) -> tuple[str, str]:
    """(why no member of any tenant can be known, what to do about it), two empty texts where they can. Reads no row."""
    statement = find_addresses(binding.tables, binding.lookups, UUID(int=0))
    if statement is None:
        return _missing(binding), MAP
    try:
        with source.attempt():
            source.rows(statement.limit(0))
    except RowsHidden:
        each = touched_for_addresses(binding.tables, binding.lookups)
        asked = [sql for bound, columns in each for sql in statements(bound, columns, source.user)]
        return _WITHHELD, f"have the owner run: {' '.join(dict.fromkeys(asked))}"
    return "", ""


def _missing(binding: Binding) -> str:
    profiles, members = binding.lookups.get("user_profiles"), binding.tables.get("tenant_members")
    if profiles is None:
        return "the source has no table user_profiles"
    if not {"id", "email"} <= profiles.columns.keys():
        return f"{profiles.live.path} has no column {'email' if 'id' in profiles.columns else 'id'}"
    if members is None:
        return "the source has no table tenant_members"
    return f"{members.live.path} does not say who is a member of which tenant"
