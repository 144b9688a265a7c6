"""Personas: archetypes of the people who do the jobs, not people."""

from vital_insights.source.contract.declare import Own, assumed, private, required, table, text, to

table(
    "personas", Own(), to(department_id="org_departments", function_id="org_functions", role_id="org_roles"),
    text("name"), assumed(text("code", "title", "description")),
)  # fmt: skip


def _detail(name: str, *columns: list) -> None:  # type: ignore[type-arg]
    """What describes a persona: one row belongs to one persona, and to its tenant."""
    table(name, Own(through=("persona_id",)), required(to(persona_id="personas")), assumed(text("name")), *columns)


# What a persona rests on. Who wrote a row is nobody's business here.
_detail("persona_evidence_sources")
for _name in ("evidence_summary", "public_research", "expert_opinions", "case_studies"):
    _detail(f"persona_{_name}", private("created_by", "updated_by"))
