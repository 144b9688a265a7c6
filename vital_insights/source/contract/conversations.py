"""Consultations and panels in which experts validate jobs and personas: that they took place, never what was said."""

from vital_insights.source.contract.declare import Own, Tally, assumed, label, number, private, table, to

table(
    "expert_consultations", Own(), private("user_id"),
    to(jtbd_id="jobs_to_be_done", persona_id="personas", agent_id="agents", model_config_id="model_configurations"),
)  # fmt: skip
table("panel_discussions", Own(), private("user_id"),
      to(jtbd_id="jobs_to_be_done", persona_id="personas", facilitator_agent_id="agents"))  # fmt: skip

_CONSULTATION, _PANEL = {"consultation_id": "expert_consultations"}, {"panel_id": "panel_discussions"}

table("consultation_sessions", Own(through=("consultation_id",)), assumed(to(**_CONSULTATION)))
table("panel_members", Own(through=("panel_id",)), to(**_PANEL, agent_id="agents"))
table("panel_rounds", Own(through=("panel_id",)), assumed(to(**_PANEL)))
table("panel_votes", Own(through=("panel_id",)), to(**_PANEL, member_id="panel_members"), private("message_id"))
table("panel_consensus", Own(through=("panel_id",)), to(**_PANEL, round_id="panel_rounds"),
      assumed(number("consensus_score")))  # fmt: skip

table("expert_messages", Own(through=("consultation_id",)), assumed(to(**_CONSULTATION)),
      assumed(label(role="message_role")), private("content"), tally=Tally("role"))  # fmt: skip
table("panel_messages", Own(through=("panel_id",)), to(**_PANEL), assumed(label(role="message_role")),
      private("content", "agent_id", "round_id", "member_id", "in_reply_to_id"), tally=Tally("role"))  # fmt: skip
