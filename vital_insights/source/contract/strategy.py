"""Domains, capabilities and priorities: why a job matters."""

from vital_insights.source.contract.declare import Own, Through, assumed, table, text, to

table("domains", Own(), to(parent_id="domains"), text("name"), assumed(text("code")))
table("capabilities", Own(), to(domain_id="domains"), text("name"), assumed(text("code", "description")))
table("strategic_priorities", Own(), to(domain_id="domains"), text("name"), assumed(text("code", "description")))
table(
    "capability_jtbd_mapping",
    Through("capability_id", "jtbd_id"),
    to(capability_id="capabilities", jtbd_id="jobs_to_be_done"),
)
table("knowledge_domains", Own(), to(parent_id="knowledge_domains"), text("name"))
table(
    "domain_hierarchies",
    Through("parent_domain_id", "child_domain_id"),
    to(parent_domain_id="domains", child_domain_id="domains"),
)
