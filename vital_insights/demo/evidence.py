"""What personas rest on, and the experts who were asked whether the jobs and the personas are right."""

from __future__ import annotations

from vital_insights.demo.draft import Draft, Row
from vital_insights.demo.people import CASES, EVIDENCE, OPINIONS, RESEARCH

# By table: where the words come from, and the share of the described personas that have such rows.
MORE = {
    "persona_public_research": (RESEARCH, 0.6),
    "persona_expert_opinions": (OPINIONS, 0.45),
    "persona_case_studies": (CASES, 0.3),
}


def add_evidence(draft: Draft) -> None:
    """Evidence for the personas of most functions, and what experts were consulted on where the tenant does that."""
    reach = draft.reach("evidence", 0.95, 0.85, 0.5, 0.0)
    people: dict[str, list[Row]] = {}
    for function in draft.functions:
        key = draft.key("org_functions", function.code)
        people[function.code] = [persona for persona in draft.rows["personas"] if persona["function_id"] == key]
        for persona in people[function.code]:
            if draft.chance(f"evidence/{persona['code']}").random() < reach[function.code]:
                _describe(draft, persona)
    if draft.profile.validates:
        _ask_experts(draft, people)


def _describe(draft: Draft, persona: Row) -> None:
    chance = draft.chance(f"described/{persona['code']}")
    code, writer = persona["code"], str(draft.key("users", f"member/{chance.randrange(9)}"))
    signed = {"persona_id": persona["id"], "created_by": writer, "updated_by": writer}
    for place, name in enumerate(chance.sample(EVIDENCE, chance.randint(1, 3)), 1):
        draft.add("persona_evidence_sources", f"{code}/{place}", persona_id=persona["id"], name=name)
    if chance.random() < 0.8:
        draft.add("persona_evidence_summary", code, **signed, name=f"{persona['title']}: what we know of the work")
    for table, (words, share) in MORE.items():
        if chance.random() < share:
            draft.add(table, code, **signed, name=chance.choice(words))


def _ask_experts(draft: Draft, people: dict[str, list[Row]]) -> None:
    """Consultations on jobs, on personas, or on both; panels on fewer."""
    consulted, discussed = draft.reach("consultations", 0.5, 0.25, 0.0), draft.reach("panels", 0.0, 0.2)
    jobs = draft.rows["jobs_to_be_done"]
    for table, reach in (("expert_consultations", consulted), ("panel_discussions", discussed)):
        for job in jobs:
            chance, function = draft.chance(f"{table}/{job['code']}"), str(job["code"]).split("_")[1]
            if chance.random() < reach[function]:
                about = chance.choice(("job", "job", "persona", "both"))
                draft.add(table, job["code"], user_id=str(draft.key("users", f"member/{chance.randrange(9)}")),
                          jtbd_id=job["id"] if about != "persona" else None,
                          persona_id=chance.choice(people[function])["id"] if about != "job" else None)  # fmt: skip
