"""What people are asked to do, what they want to come of it, and how well that is served."""

from __future__ import annotations

import random
from decimal import Decimal

from vital_insights.demo import reference
from vital_insights.demo.draft import Draft, Row
from vital_insights.demo.organisation import CAPABILITIES
from vital_insights.demo.people import EVIDENCE
from vital_insights.demo.words import Function, Topic

ZERO, TEN, TENTH = Decimal(0), Decimal(10), Decimal("0.1")
DIRECTIONS = {"output": ("Maximize", "Maximize", "Increase")}  # of everything else one wants less
LESS = ("Minimize", "Minimize", "Minimize", "Reduce")
SOURCES = ("manual", "manual", "manual", "imported", "ai_suggested", "derived")
# Both documents' labels stand side by side in the field.
OTHER_COMPLEXITY = {"simple": "low", "moderate": "medium", "complex": "high", "expert": "very_high"}
OTHER_FREQUENCY = {"yearly": "annually", "as_needed": "ad_hoc"}
# What nobody has filled in yet, as a share of the rows.
BLANK = {
    "jobs_to_be_done": {"domain_id": 0.04, "industry_id": 0.08, "job_category": 0.05, "complexity": 0.04, "frequency": 0.06,
                        "functional_area": 0.03},
    "jtbd_outcomes": {"outcome_type": 0.015},
    "jtbd_kpis": {"current_value": 0.14, "target_value": 0.06, "unit": 0.1, "direction": 0.16},
}  # fmt: skip
OTHER_INDUSTRIES = {
    "pharma": ("BIO", "DIA", "CRO"), "digital": ("PAY", "PRO", "DEV"), "biotech": ("PHA", "DEV", "CRO"),
}  # fmt: skip
CODES_OF_INDUSTRIES = {name: code for code, name in reference.LISTS["industries"].items()}


def add_jobs(draft: Draft, home: Draft) -> None:
    """Jobs with all that hangs on them. `home` holds the organisation they belong to (the draft itself, in the first copy)."""
    chance = draft.chance("jobs")
    people: dict[object, list[Row]] = {}
    for persona in home.rows["personas"]:
        people.setdefault(persona["role_id"], []).append(persona)
    counters: dict[str, int] = {}
    for function, topic, words, context in _statements(home, draft.profile.jobs):
        prefix = f"{draft.profile.code}_{function.code}_{topic.code}"
        first = draft.copy * draft.profile.jobs  # codes stay unique over the copies
        counters[prefix] = counters.get(prefix, first) + 1
        job = _add_job(
            draft, home, function, topic, f"{prefix}_{counters[prefix]:03}", f"{words} {context}".strip(), chance
        )
        _add_outcomes(draft, function, topic, job, context, chance)
        _add_roles(draft, home, topic, job, people, chance)
        _add_attributes(draft, function, topic, job, chance)
    if draft is home:
        _give_everybody_work(draft)
    for table, shares in BLANK.items():
        _leave_blank(draft, table, shares)


def _leave_blank(draft: Draft, table: str, shares: dict[str, float]) -> None:
    for column, share in shares.items():
        chance = draft.chance(f"blank/{table}/{column}")
        for row in draft.rows[table]:
            if chance.random() < share:
                row[column] = None


def _statements(home: Draft, number: int) -> list[tuple[Function, Topic, str, str]]:
    """`number` jobs: first each as written, then in the function's contexts, so that all functions grow alike."""
    plain = [
        (function, topic, job, "") for function in home.functions for topic in function.topics for job in topic.jobs
    ]
    found = plain[:number]
    turn = 0
    while len(found) < number:
        for place, (function, topic, job, _) in enumerate(plain):
            if (place + turn) % 3 == 0 and turn < len(function.contexts):  # one job in three a round: variety first
                found.append((function, topic, job, function.contexts[(place // 3 + turn) % len(function.contexts)]))
        turn += 1
    return found[:number]


def _add_job(
    draft: Draft, home: Draft, function: Function, topic: Topic, code: str, name: str, chance: random.Random
) -> Row:
    other = chance.random() < 0.25
    complexity, frequency = topic.complexity, topic.frequency
    if chance.random() < 0.25:
        frequency = chance.choice(("daily", "weekly", "monthly", "quarterly", "yearly", "as_needed"))
    (_, first), (_, second) = _wanted(topic, name, 2, chance)
    return draft.add(
        "jobs_to_be_done", code, code=code, name=name,
        description=f"{name}. Usually led by the {topic.roles[0]}; progress shows in {first}, and in {second}.",
        functional_area=function.other_label if other else function.area,
        job_category=topic.category,
        complexity=OTHER_COMPLEXITY[complexity] if other else complexity,
        frequency=OTHER_FREQUENCY.get(frequency, frequency) if other else frequency,
        status="active",
        validation_score=Decimal(chance.randint(42, 98)) / 100,
        domain_id=home.key("domains", f"{function.code}-{topic.code}"),
        strategic_priority_id=chance.choice([*home.rows["strategic_priorities"], {"id": None}])["id"],
        industry_id=reference.key("industries", _industry(draft, code)),
        org_function_id=home.key("org_functions", function.code) if chance.random() < 0.8 else None,
    )  # fmt: skip


def _industry(draft: Draft, job: str) -> str:
    """The code of the tenant's own industry for most jobs, of a neighbouring one for every fifth."""
    chance = draft.chance(f"industry/{job}")
    own = CODES_OF_INDUSTRIES[draft.profile.industry]
    return chance.choice(OTHER_INDUSTRIES[draft.profile.kind]) if chance.random() < 0.2 else own


def _add_outcomes(
    draft: Draft, function: Function, topic: Topic, job: Row, context: str, chance: random.Random
) -> None:
    number = min(len(topic.outcomes), max(2, draft.profile.outcomes + chance.choice((-2, -1, 0, 0, 0, 1, 2))))
    for place, (kind, words) in enumerate(_wanted(topic, job["name"], number, chance), 1):
        direction = chance.choice(DIRECTIONS.get(kind, LESS))
        clarifier = f", {context}" if context and chance.random() < 0.45 else ""
        importance, satisfaction = _scores(function, f"{draft.profile.slug}/{topic.code}", words, chance)
        score = importance + max(importance - satisfaction, ZERO)
        draft.add(
            "jtbd_outcomes", f"{job['code']}/{place}", jtbd_id=job["id"], outcome_id=f"OUT-{place:03}",
            outcome_statement=f"{direction} {words}{clarifier}", outcome_type=kind,
            importance_score=importance, satisfaction_score=satisfaction, opportunity_score=score,
            opportunity_priority=priority(score), evidence_source=chance.choice((*EVIDENCE, None)),
        )  # fmt: skip


def _wanted(topic: Topic, job: str, number: int, chance: random.Random) -> list[tuple[str, str]]:
    """So many outcomes of the topic in any order, those that speak of the same things as the job before the others."""
    things = _stems(job)
    drawn = sorted(
        chance.sample(topic.outcomes, len(topic.outcomes)), key=lambda outcome: not things & _stems(outcome[1])
    )
    return chance.sample(drawn[:number], number)


def _stems(text: str) -> set[str]:
    return {word[:6].lower() for word in text.replace(",", " ").split() if len(word) > 4}


def priority(score: Decimal) -> str:
    """The stored word for a score, as the platform computes it."""
    return "high" if score > 12 else "medium" if score >= 8 else "low"


def _scores(function: Function, topic: str, words: str, chance: random.Random) -> tuple[Decimal, Decimal]:
    """Importance and satisfaction with one decimal: alike within a function and a topic, and for one wish across jobs."""
    team, wish = random.Random(topic), random.Random(f"{topic}/{words}")
    importance = function.importance + team.gauss(0, 0.35) + wish.gauss(0, 0.6) + chance.gauss(0, 1.15) - 0.25
    satisfaction = function.satisfaction + team.gauss(0, 0.4) + wish.gauss(0, 0.8) + chance.gauss(0, 1.4)
    return _tenths(min(importance, 9 + (importance - 9) * 0.5)), _tenths(satisfaction)  # few people say 10


def _tenths(value: float) -> Decimal:
    return min(max(Decimal(round(value * 10)) * TENTH, ZERO), TEN)


def _add_roles(
    draft: Draft, home: Draft, topic: Topic, job: Row, people: dict[object, list[Row]], chance: random.Random
) -> None:
    """One role leads, some others take part; a few of their personas are linked directly too, as older data do."""
    leader = chance.choice((topic.roles[0], topic.roles[0], topic.roles[min(1, len(topic.roles) - 1)]))
    others = [role for role in topic.roles if role != leader]
    for role in (leader, *chance.sample(others, chance.randint(0, len(others)))):
        key = home.key("org_roles", role)
        relevance = Decimal(chance.randint(78, 100) if role == leader else chance.randint(35, 80)) / 100
        draft.add("jtbd_roles", f"{job['code']}/{role}", jtbd_id=job["id"], role_id=key, relevance_score=relevance,
                  is_primary=role == leader, mapping_source=chance.choice(SOURCES),
                  notes="Agreed in the role workshop" if role == leader else None)  # fmt: skip
        if chance.random() < 0.3 and people.get(key):
            persona = chance.choice(people[key])
            draft.add("jtbd_personas", f"{job['code']}/{persona['code']}", jtbd_id=job["id"], persona_id=persona["id"],
                      relevance_score=Decimal(chance.randint(40, 100)) / 100)  # fmt: skip


def _give_everybody_work(draft: Draft) -> None:
    """Roles that no job happened to draw take part in three of their function's: gaps are planted, never accidents."""
    busy = {link["role_id"] for link in draft.rows["jtbd_roles"]}
    for function in draft.functions:
        marks = tuple(f"{draft.profile.code}_{function.code}_{topic.code}_" for topic in function.topics)
        theirs = [job for job in draft.rows["jobs_to_be_done"] if job["code"].startswith(marks)]
        for role in (role for roles in function.departments.values() for role in roles):
            if (key := draft.key("org_roles", role)) not in busy:
                for job in draft.chance(f"work/{role}").sample(theirs, 3):
                    draft.add("jtbd_roles", f"{job['code']}/{role}", jtbd_id=job["id"], role_id=key, is_primary=False,
                              relevance_score=Decimal("0.50"), mapping_source="derived", notes=None)  # fmt: skip


def _add_attributes(draft: Draft, function: Function, topic: Topic, job: Row, chance: random.Random) -> None:
    code, link = job["code"], {"jtbd_id": job["id"]}
    for place, (name, unit, direction, target, current) in enumerate(_some(topic.kpis, chance), 1):
        near = Decimal(current) * Decimal(chance.randint(90, 110)) / 100
        number = len(draft.rows.get("jtbd_kpis", [])) + 1 + draft.copy * 10_000
        draft.add("jtbd_kpis", f"{code}/{place}", **link, kpi_code=f"KPI-{function.code}-{number:03}", kpi_name=name,
                  kpi_description=f"{name}, measured over the last four quarters.", target_value=Decimal(target),
                  current_value=round(near, 1), unit=unit, direction=direction)  # fmt: skip
    for place, (kind, severity, text) in enumerate(_some(topic.obstacles, chance), 1):
        draft.add(
            "jtbd_obstacles", f"{code}/{place}", **link, obstacle_text=text, obstacle_type=kind, severity=severity
        )
    for place, (text,) in enumerate(_some(topic.criteria, chance), 1):
        draft.add("jtbd_success_criteria", f"{code}/{place}", **link, criterion_text=text)
    for place in chance.sample(range(len(CAPABILITIES)), chance.choice((0, 1, 1, 2))):
        capability = Draft(draft.profile).key("capabilities", place)
        draft.add("capability_jtbd_mapping", f"{code}/{place}", **link, capability_id=capability)


def _some(lines: tuple[tuple[str, ...], ...], chance: random.Random) -> list[tuple[str, ...]]:
    return chance.sample(lines, min(len(lines), chance.randint(1, 2)))
