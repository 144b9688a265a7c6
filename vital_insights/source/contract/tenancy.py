"""Tenants, and how many members each has by role. No person is read."""

from vital_insights.source.contract.declare import Own, assumed, label, private, table, text

table(
    "tenants",
    Own("id"),
    text("name"),
    assumed(text("slug")),
    label(status="tenant_status", tier="tenant_tier"),
    required_table=True,
)
table("tenant_members", Own(), label(role="tenant_role"), private("user_id"), tally="role")
