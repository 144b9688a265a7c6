"""Industries, domains, capabilities and priorities: why a job matters."""

from vital_insights.source.contract.declare import Own, Shared, Through, assumed, table, text, to

table(
    "industries",
    Shared(because="a list of industries that the platform keeps for everyone"),
    text("name"),
    assumed(text("code")),
)
table("domains", Own(), to(parent_id="domains"), text("name"), assumed(text("code")))
table("capabilities", Own(), to(domain_id="domains"), text("name"), assumed(text("code", "description")))
table("strategic_priorities", Own(), to(domain_id="domains"), text("name"), assumed(text("code", "description")))
table(
    "capability_jtbd_mapping",
    Through("capability_id", "jtbd_id"),
    to(capability_id="capabilities", jtbd_id="jobs_to_be_done"),
)
