"""Jobs to be done, their outcomes and attributes, and who does them."""

from vital_insights.source.contract.declare import Own, Through, assumed, flag, label, number, required, table, text, to

table(
    "jobs_to_be_done", Own(), text("code", "name", "description"),
    label(functional_area="functional_area_type", job_category="job_category_type", complexity="complexity_type",
          frequency="frequency_type", status="jtbd_status"),
    number("validation_score"), assumed(number("importance_score", "satisfaction_score")),
    to(domain_id="domains", strategic_priority_id="strategic_priorities", industry_id="industries", org_function_id="org_functions"),
    required_table=True,
)  # fmt: skip

table("jtbd_roles", Through("jtbd_id", "role_id"), to(jtbd_id="jobs_to_be_done", role_id="org_roles"),
      number("relevance_score"), flag("is_primary"), text("notes"), label(mapping_source="mapping_source"))  # fmt: skip
table(
    "jtbd_personas",
    Through("jtbd_id", "persona_id"),
    to(jtbd_id="jobs_to_be_done", persona_id="personas"),
    number("relevance_score"),
)


def _attribute(name: str, *columns: list) -> None:  # type: ignore[type-arg]
    """What describes a job: one row belongs to one job, and to its tenant."""
    table(name, Own(through=("jtbd_id",)), required(to(jtbd_id="jobs_to_be_done")), *columns)


_attribute(
    "jtbd_outcomes", text("outcome_id", "outcome_statement"), label(outcome_type="outcome_type"),
    number("importance_score", "satisfaction_score", "opportunity_score"), label(opportunity_priority="opportunity_priority"),
    text("evidence_source"),
)  # fmt: skip
_attribute(
    "jtbd_kpis",
    text("kpi_code", "kpi_name", "kpi_description"),
    number("target_value", "current_value"),
    assumed(text("unit", "direction")),
)
_attribute("jtbd_obstacles", text("obstacle_text"), label(obstacle_type="obstacle_type", severity="severity"))
_attribute("jtbd_success_criteria", text("criterion_text"))
_attribute("jtbd_value_drivers", text("value_description", "quantified_impact", "beneficiary"))
_attribute("jtbd_constraints", text("constraint_text"), label(constraint_type="constraint_type", impact="severity"))
for _name in ("competitive_alternatives", "evidence_sources", "solution_requirements"):
    _attribute(f"jtbd_{_name}", assumed(text("name")))

table("jtbd_dependencies", Through("source_jtbd_id", "dependent_jtbd_id"),
      to(source_jtbd_id="jobs_to_be_done", dependent_jtbd_id="jobs_to_be_done"))  # fmt: skip

# How a job is done, step by step, and where a machine could help.
_attribute("jtbd_workflow_stages", assumed(text("name")))
table("jtbd_workflow_activities", Own(through=("workflow_stage_id",)), required(to(workflow_stage_id="jtbd_workflow_stages")),
      to(depends_on_activity_id="jtbd_workflow_activities"), assumed(text("name")))  # fmt: skip
_attribute("jtbd_gen_ai_opportunities", assumed(text("name")),
           assumed(number("automation_potential_score", "augmentation_potential_score")))  # fmt: skip
_attribute("jtbd_gen_ai_use_cases", to(gen_ai_opportunity_id="jtbd_gen_ai_opportunities"), assumed(text("name")))
