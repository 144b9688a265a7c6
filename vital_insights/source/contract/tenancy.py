"""Tenants, and how many members each has by role. No person is loaded: addresses only become keyed hashes, see source/members.py."""

from vital_insights.source.contract.declare import Own, Tally, assumed, identity, label, lookup, private, table, text

table(
    "tenants",
    Own("id"),
    text("name"),
    assumed(text("slug")),
    label(status="tenant_status", tier="tenant_tier"),
    required_table=True,
)
table("tenant_members", Own(), label(role="tenant_role"), private("user_id"), tally=Tally("role", daily=False))
table("api_keys", Own(), private("user_id", "key_hash"), tally=Tally())
lookup("user_profiles", assumed(identity()), assumed(text("email")))
