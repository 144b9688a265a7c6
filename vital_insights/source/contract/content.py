"""What agents work with: skills, tools, knowledge and templates by name; prompts and chunks as counts."""

from vital_insights.source.contract.declare import Own, Tally, assumed, label, private, table, text, to

table("skills", Own(), to(category_id="skill_categories"), text("name"))
for _name in ("tools", "knowledge_sources", "templates"):
    table(_name, Own(), text("name"))
table("prompts", Own(), assumed(label(role_type="prompt_role_type")), private("content"), tally=Tally("role_type"))
table("knowledge_chunks", Own(through=("knowledge_source_id",)), assumed(to(knowledge_source_id="knowledge_sources")),
      private("content", "embedding"), tally=Tally())  # fmt: skip
