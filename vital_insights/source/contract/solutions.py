"""Packaged solutions, what is in them, and where they are installed."""

from vital_insights.source.contract.declare import Own, assumed, junction, table, text, to

table("solutions", Own(), text("name"))
for _name, _end in {
    "agents": ("agent_id", "agents"), "workflows": ("workflow_id", "workflows"), "prompts": ("prompt_id", "prompts"),
    "templates": ("template_id", "templates"), "knowledge": ("knowledge_source_id", "knowledge_sources"),
    "industry_matrix": ("industry_id", "industries"),
}.items():  # fmt: skip
    junction(f"solution_{_name}", **dict([("solution_id", "solutions"), _end]))
# An installation is the installing tenant's, whoever made the solution: without a tenant_id nothing says whose it is.
table("solution_installations", Own(), assumed(to(solution_id="solutions")))
