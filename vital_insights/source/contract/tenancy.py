"""Tenants, and how many members each has by role. No person is loaded: addresses only become keyed hashes, see source/members.py."""

from vital_insights.source.contract.declare import Own, assumed, identity, label, lookup, private, table, text

table(
    "tenants",
    Own("id"),
    text("name"),
    assumed(text("slug")),
    label(status="tenant_status", tier="tenant_tier"),
    required_table=True,
)
table("tenant_members", Own(), label(role="tenant_role"), private("user_id"), tally="role")
lookup("user_profiles", assumed(identity()), assumed(text("email")))
