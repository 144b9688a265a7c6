"""Consultations and panels in which experts validate jobs and personas: that they took place, never what was said."""

from vital_insights.source.contract.declare import Own, private, table, to

for _name in ("expert_consultations", "panel_discussions"):
    table(_name, Own(), to(jtbd_id="jobs_to_be_done", persona_id="personas"), private("user_id"))
