"""The audit trail as counts by action and day, and the rules of retention. No entry is read, nor whom or what it names."""

from vital_insights.source.contract.declare import Own, Tally, assumed, private, table, text

for _name in ("audit_log", "service_role_audit"):
    table(_name, Own(), assumed(text("action")), private("user_id", "resource_id", "details"), tally=Tally("action"))
table("data_retention_policies", Own(), text("name"))
