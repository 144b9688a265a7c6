"""A world of AI opportunities, agents and examinations: small enough to count by hand, with something of every case."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.worlds import SMALL, uid

WHEN = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)

# j1 is HIGH, with an AI opportunity, an agent, a consultation and a panel; j2 is HIGH with nothing of that; j3 has no outcome; j4 is
# MEDIUM with an AI opportunity that nobody rated; j5 is LOW without one.
MACHINES: dict[str, list[dict[str, Any]]] = copy.deepcopy(SMALL)
MACHINES["jobs_to_be_done"] += [
    {"id": uid(f"j{n}"), "code": f"J-{n}", "name": name, "status": "active"}
    for n, name in ((3, "Answer a question"), (4, "Train a team"), (5, "File a form"))
]
MACHINES["jtbd_outcomes"] += [
    {"id": uid("o8"), "jtbd_id": uid("j4"), "importance_score": Decimal(9), "satisfaction_score": Decimal(8)},
    {"id": uid("o9"), "jtbd_id": uid("j5"), "importance_score": Decimal(3), "satisfaction_score": Decimal(8)},
]
MACHINES |= {
    "jtbd_gen_ai_opportunities": [
        {"id": uid("g1"), "jtbd_id": uid("j1"), "name": "Draft of a plan", "automation_potential_score": Decimal("4.25"),
         "augmentation_potential_score": Decimal(9)},
        {"id": uid("g2"), "jtbd_id": uid("j4"), "name": "Quiz"},
        {"id": uid("g3"), "jtbd_id": uid("j2"), "name": "Gone", "deleted_at": WHEN},
    ],
    "jtbd_gen_ai_use_cases": [
        {"id": uid("u1"), "jtbd_id": uid("j1"), "gen_ai_opportunity_id": uid("g1"), "name": "Route"},
        {"id": uid("u2"), "jtbd_id": uid("j1"), "gen_ai_opportunity_id": uid("g1"), "name": "Agenda"},
        {"id": uid("u3"), "jtbd_id": uid("j2"), "name": "Summary"},
    ],
    "skills": [{"id": uid("s1"), "name": "Reading"}, {"id": uid("s2"), "name": "Writing"}],
    "tools": [{"id": uid("t1"), "name": "Search"}],
    "agents": [
        {"id": uid("a1"), "name": "Planner", "role_id": uid("r1"), "status": "active"},
        {"id": uid("a2"), "name": "Tester", "role_id": uid("r2"), "status": "testing"},
        {"id": uid("a3"), "name": "Old hand", "role_id": uid("r1"), "status": "archived"},
    ],
    "agent_skills": [{"agent_id": uid("a1"), "skill_id": uid("s1")}, {"agent_id": uid("a1"), "skill_id": uid("s2")}],
    "agent_tools": [{"agent_id": uid("a1"), "tool_id": uid("t1")}],
    "expert_consultations": [{"id": uid("c1"), "jtbd_id": uid("j1"), "persona_id": uid("p1"), "created_at": WHEN}],
    "panel_discussions": [{"id": uid("d1"), "jtbd_id": uid("j1"), "created_at": datetime(2026, 1, 1, tzinfo=UTC)}],
    "panel_consensus": [{"id": uid("k1"), "panel_id": uid("d1")}],
    "panel_votes": [{"id": uid(f"v{n}"), "panel_id": uid("d1")} for n in range(3)],
    "consultation_feedback": [{"id": uid("b1"), "consultation_id": uid("c1")}],
}  # fmt: skip
