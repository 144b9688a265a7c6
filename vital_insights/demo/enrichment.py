"""What describes a job beyond its outcomes: its value, its limits, what it waits for, how it is done, where a machine could help."""

from __future__ import annotations

import random

from vital_insights.demo.draft import Draft, Row
from vital_insights.demo.words import Topic

# Beside what a topic says itself: what people use today, what scores rest on, and what a solution must do.
BESIDE = {
    "jtbd_competitive_alternatives": ("A spreadsheet kept by hand", "An agency on contract", "Waiting until somebody asks",
                                      "A general search engine", "The tool of the parent company"),
    "jtbd_evidence_sources": ("Interviews", "A workshop with the team", "A study of working time", "A survey", "Support tickets"),
    "jtbd_solution_requirements": ("Works with the document archive", "Every statement can be traced", "No further login",
                                   "Usable by small affiliates", "Answers within a day"),
}  # fmt: skip


def add_enrichment(draft: Draft) -> None:
    """All of it, for the jobs that collection has reached: never the same share in two functions."""
    steps = {
        _add_values: draft.reach("values", 1.0, 0.7, 0.4),
        _add_constraints: draft.reach("constraints", 0.9, 0.6, 0.2),
        _add_workflow: draft.reach("workflow", 1.0, 0.75, 0.4, 0.0),
        _add_ai: draft.reach("ai", 0.8, 0.45, 0.2, 0.0),
        _add_beside: draft.reach("beside", 0.6, 0.35, 0.1),
    }
    topics = {
        f"{draft.profile.code}_{function.code}_{topic.code}": (function.code, topic)
        for function in draft.functions
        for topic in function.topics
    }
    alike: dict[tuple[str, str], list[Row]] = {}
    for job in draft.rows["jobs_to_be_done"]:
        team = str(job["code"]).rpartition("_")[0]
        function, topic = topics[team]
        for add, reach in steps.items():
            chance = draft.chance(f"{add.__name__}/{job['code']}")
            if chance.random() < reach[function]:
                add(draft, topic, job, chance)
        _add_dependency(draft, job, alike.setdefault((team, _context(topic, job)), []))


def _add_values(draft: Draft, topic: Topic, job: Row, chance: random.Random) -> None:
    for place, (text, impact, beneficiary) in enumerate(_some(topic.values, chance), 1):
        draft.add("jtbd_value_drivers", f"{job['code']}/{place}", jtbd_id=job["id"], value_description=text,
                  quantified_impact=impact if chance.random() < 0.8 else None, beneficiary=beneficiary)  # fmt: skip


def _add_constraints(draft: Draft, topic: Topic, job: Row, chance: random.Random) -> None:
    for place, (kind, impact, text) in enumerate(_some(topic.constraints, chance), 1):
        draft.add("jtbd_constraints", f"{job['code']}/{place}", jtbd_id=job["id"], constraint_text=text,
                  constraint_type=kind, impact=impact if chance.random() < 0.9 else None)  # fmt: skip


def _add_workflow(draft: Draft, topic: Topic, job: Row, chance: random.Random) -> None:
    """Three to five stages. An activity waits for the one before it, or runs beside it."""
    stages = list(topic.workflow)
    if len(stages) > 3 and chance.random() < 0.3:
        del stages[
            chance.randrange(1, len(stages) - 1)
        ]  # a job of the team may skip a stage, never the first or the last
    waits_for = None
    for place, (name, activities) in enumerate(stages, 1):
        stage = draft.add("jtbd_workflow_stages", f"{job['code']}/{place}", jtbd_id=job["id"], name=name)
        for step, activity in enumerate(activities, 1):
            made = draft.add("jtbd_workflow_activities", f"{job['code']}/{place}/{step}", workflow_stage_id=stage["id"],
                             depends_on_activity_id=waits_for, name=activity)  # fmt: skip
            if step == len(activities) or chance.random() < 0.85:
                waits_for = made["id"]


def _add_ai(draft: Draft, topic: Topic, job: Row, chance: random.Random) -> None:
    """One or two opportunities, most of them with use cases."""
    for place, (name, uses) in enumerate(chance.sample(topic.ai, chance.randint(1, len(topic.ai))), 1):
        code = f"{job['code']}/{place}"
        opportunity = draft.add(
            "jtbd_gen_ai_opportunities", code, jtbd_id=job["id"], name=name, **_potential(draft, code)
        )
        for step, use in enumerate(uses if chance.random() < 0.85 else (), 1):
            draft.add("jtbd_gen_ai_use_cases", f"{job['code']}/{place}/{step}", jtbd_id=job["id"],
                      gen_ai_opportunity_id=opportunity["id"], name=use)  # fmt: skip


def _potential(draft: Draft, code: str) -> dict[str, float]:
    """What a machine could do alone, and with a person; a fifth is not judged yet."""
    chance = draft.chance(f"potential/{code}")
    if chance.random() < 0.2:
        return {}
    together = round(chance.uniform(3, 9.5), 1)
    return {
        "augmentation_potential_score": together,
        "automation_potential_score": round(together * chance.uniform(0.2, 1), 1),
    }


def _add_beside(draft: Draft, _topic: Topic, job: Row, chance: random.Random) -> None:
    for table, words in BESIDE.items():
        for place, name in enumerate(chance.sample(words, chance.randint(1, 2)), 1):
            draft.add(table, f"{job['code']}/{place}", jtbd_id=job["id"], name=name)


def _add_dependency(draft: Draft, job: Row, before: list[Row]) -> None:
    """Half of the jobs wait for an earlier one of their team and context: only ever backwards, so that no circle comes of it."""
    chance = draft.chance(f"dependency/{job['code']}")
    if before and chance.random() < 0.55:
        source = chance.choice(before)
        draft.add(
            "jtbd_dependencies",
            f"{source['code']}/{job['code']}",
            source_jtbd_id=source["id"],
            dependent_jtbd_id=job["id"],
        )
    before.append(job)


def _context(topic: Topic, job: Row) -> str:
    """What the job's name says beyond the wording it was made from: "in oncology", or nothing."""
    name = str(job["name"])
    return next(name.removeprefix(words) for words in topic.jobs if name.startswith(words))


def _some(lines: tuple[tuple[str, ...], ...], chance: random.Random) -> list[tuple[str, ...]]:
    return chance.sample(lines, min(len(lines), chance.randint(1, 2)))
