"""Personas: archetypes of the people who do the jobs, not people."""

from vital_insights.source.contract.declare import Own, assumed, table, text, to

table(
    "personas", Own(), to(department_id="org_departments", function_id="org_functions", role_id="org_roles"),
    text("name"), assumed(text("code", "title", "description")),
)  # fmt: skip
