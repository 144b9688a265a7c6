"""What happened: sessions, messages, panels with their rounds and votes, feedback, and the audit trail."""

from __future__ import annotations

from vital_insights.demo.draft import Draft, Row

ACTIONS = ("read", "read", "read", "update", "create", "export", "delete")
POLICIES = ("Audit trail, seven years", "Conversations, two years", "Drafts, one year")


def add_records(draft: Draft) -> None:
    """The traces of a tenant's work; consultations and panels get an agent, where agents are there."""
    for consultation in draft.rows.get("expert_consultations", []):
        _add_consultation(draft, consultation)
    for panel in draft.rows.get("panel_discussions", []):
        _add_panel(draft, panel)
    people = [str(row["user_id"]) for row in draft.rows["tenant_members"]]
    for number, name in enumerate(("Which job next", "Which pilot next")):
        vote = draft.add("votes", name)
        for place, person in enumerate(people[: 5 + number]):
            draft.add("vote_records", f"{name}/{place}", vote_id=vote["id"], user_id=person)
    chance = draft.chance("audit")
    for number in range(len(people) * 4):
        draft.add("audit_log", number, action=chance.choice(ACTIONS), user_id=chance.choice(people), details="{}")
    for number in range(20):
        draft.add("service_role_audit", number, action=chance.choice(("refresh", "backup")), details="{}")
    for name in POLICIES:
        draft.add("data_retention_policies", name, name=name)
    for number in range(2):
        draft.add("api_keys", number, user_id=people[0], key_hash="made up")


def _add_consultation(draft: Draft, consultation: Row) -> None:
    key = consultation["id"]
    chance = draft.chance(f"consultation/{key}")
    if chance.random() < 0.9:
        configured = chance.choice(draft.rows["model_configurations"])
        consultation |= {"agent_id": configured["agent_id"], "model_config_id": configured["id"]}
    draft.add("consultation_sessions", key, consultation_id=key)
    for number in range(chance.randint(2, 8)):
        draft.add("expert_messages", f"{key}/{number}", consultation_id=key, role=("user", "assistant")[number % 2],
                  content="What was said stays where it was said")  # fmt: skip
    if chance.random() < 0.5:
        draft.add(
            "consultation_feedback",
            key,
            consultation_id=key,
            rating=chance.randint(2, 5),
            user_id=consultation["user_id"],
        )


def _add_panel(draft: Draft, panel: Row) -> None:
    key = panel["id"]
    chance = draft.chance(f"panel/{key}")
    agents = chance.sample(draft.rows["agents"], 3)
    panel["facilitator_agent_id"] = agents[0]["id"]
    members = [draft.add("panel_members", f"{key}/{a['id']}", panel_id=key, agent_id=a["id"]) for a in agents]
    for number in range(chance.randint(1, 3)):
        held = draft.add("panel_rounds", f"{key}/{number}", panel_id=key)
        for place, member in enumerate(members):
            draft.add(
                "panel_messages", f"{key}/{number}/{place}", panel_id=key, role="agent", content="A point of view"
            )
            if chance.random() < 0.7:
                draft.add("panel_votes", f"{key}/{number}/{place}", panel_id=key, member_id=member["id"])
        if chance.random() < 0.6:
            draft.add("panel_consensus", f"{key}/{number}", panel_id=key, round_id=held["id"],
                      consensus_score=round(chance.uniform(0.3, 1), 2))  # fmt: skip
