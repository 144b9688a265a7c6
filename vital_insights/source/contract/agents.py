"""AI agents, whom they stand in for, what is behind them, and which models they run on."""

from vital_insights.source.contract.declare import Own, assumed, junction, label, table, text, to

table(
    "agents", Own(), to(department_id="org_departments", function_id="org_functions", role_id="org_roles"), text("name"),
    assumed(label(status="agent_status", agent_type="agent_type", validation_status="validation_status",
                  domain_expertise="domain_expertise")),
)  # fmt: skip
for _name, _end in {
    "skills": ("skill_id", "skills"), "tools": ("tool_id", "tools"), "prompts": ("prompt_id", "prompts"),
    "knowledge": ("knowledge_source_id", "knowledge_sources"), "industries": ("industry_id", "industries"),
}.items():  # fmt: skip
    junction(f"agent_{_name}", **dict([("agent_id", "agents"), _end]))
table("agent_metrics", Own(through=("agent_id",)), assumed(to(agent_id="agents")))
table("model_configurations", Own(through=("agent_id",)),
      to(agent_id="agents", model_id="llm_models", fallback_model_id="llm_models"))  # fmt: skip
