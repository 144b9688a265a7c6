"""Personas: archetypes of the people who do the jobs, not people. What they rest on, whom they meet, how their time goes."""

from vital_insights.source.contract.declare import Own, assumed, number, private, required, table, text, to

table(
    "personas", Own(), to(department_id="org_departments", function_id="org_functions", role_id="org_roles"),
    text("name"), assumed(text("code", "title", "description")),
)  # fmt: skip


def _detail(name: str, *columns: list, key: str = "persona_id", of: str = "personas") -> None:  # type: ignore[type-arg]
    """What describes a persona, or a piece of its evidence: a row belongs to one of those, and to its tenant."""
    table(f"persona_{name}", Own(through=(key,)), required(to(**{key: of})), assumed(text("name")), *columns)


# What a persona rests on. Who wrote a row is nobody's business here.
_detail("evidence_sources")
for _name in (
    "evidence_summary", "public_research", "expert_opinions", "case_studies", "industry_reports", "supporting_statistics",
):  # fmt: skip
    _detail(_name, private("created_by", "updated_by"))
_detail("research_quantitative_results", key="research_id", of="persona_public_research")
_detail("statistic_history", key="statistic_id", of="persona_supporting_statistics")
for _name in ("investments", "metrics", "results"):
    _detail(f"case_study_{_name}", key="case_study_id", of="persona_case_studies")

# Whom it deals with.
for _name in (
    "internal_stakeholders", "external_stakeholders", "regulatory_stakeholders", "customer_relationships",
    "vendor_relationships", "industry_relationships",
):  # fmt: skip
    _detail(_name, private("created_by", "updated_by"))
for _name in ("stakeholder_influence_map", "stakeholder_journey", "stakeholder_value_exchange", "internal_networks"):
    _detail(_name)

# How its time goes, and what it is like: the documents name these tables and not a single column of them.
for _name in (
    "typical_day", "week_in_life", "weekly_meetings", "weekly_milestones", "month_in_life", "monthly_objectives",
    "monthly_stakeholders", "year_in_life", "annual_conferences",
    "education", "certifications", "career_trajectory", "motivations", "values", "personality_traits", "success_metrics",
    "communication_preferences",
):  # fmt: skip
    table(f"persona_{_name}", Own(through=("persona_id",)), assumed(to(persona_id="personas")), assumed(text("name")))
table(
    "persona_vpanes_scoring", Own(through=("persona_id",)), assumed(to(persona_id="personas")),
    assumed(number("visibility_score", "pain_score", "actions_score", "needs_score", "emotions_score", "scenarios_score")),
)  # fmt: skip
