"""Where AI is planned and where it is needed, against plain loops over the raw rows and the oracle of the scores."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from tests.reference import Reference
from tests.worlds import Bench, uid
from tests.worlds_enrichment import WHEN, built, lack

IDEAS, USES = "jtbd_gen_ai_opportunities", "jtbd_gen_ai_use_cases"


@pytest.fixture(scope="module")
def bench():
    return Bench()


def world_of(seed):
    chance = random.Random(seed)
    jobs = [uid(f"j{n}") for n in range(7)]
    scores = [None, *map(Decimal, ("0", "3", "9.5", "10", "11"))]
    marks = [None] if seed % 4 == 3 else scores

    def rows(table, most, **more):
        return [
            {"id": uid(f"{table}{n}"), "jtbd_id": chance.choice([None, uid("gone"), *jobs * 2]),
             "deleted_at": WHEN if chance.random() < 0.15 else None, **{column: chance.choice(of) for column, of in more.items()}}
            for n in range(chance.choice([0, most]))
        ]  # fmt: skip

    return {
        "jobs_to_be_done": [
            {"id": key, "status": chance.choice([None, "active", "archived"]), "importance_score": chance.choice(scores),
             "satisfaction_score": chance.choice(scores)} for key in jobs
        ],
        "jtbd_outcomes": rows("jtbd_outcomes", 9, importance_score=scores, satisfaction_score=scores),
        IDEAS: rows(IDEAS, 7, automation_potential_score=marks, augmentation_potential_score=marks, created_at=[None, WHEN]),
        USES: rows(USES, 7),
    }  # fmt: skip


def oracle(world, absent):
    """By live job: what both metrics say of it."""
    scored = {}
    for row in Reference(world).opportunity():
        scored.setdefault(row["job_id"], []).append(row)
    every = [row for row in world[IDEAS] if not row["deleted_at"]]
    judged = not every or any(
        row[f"{each}_potential_score"] is not None for row in every for each in ("automation", "augmentation")
    )
    told = {}
    for job in world["jobs_to_be_done"]:
        if job["status"] == "archived":
            continue
        ideas, uses = (
            [row for row in world[table] if row["jtbd_id"] == job["id"] and not row["deleted_at"]]
            for table in (IDEAS, USES)
        )
        marks = {
            name: [row[f"{name}_potential_score"] for row in ideas if row[f"{name}_potential_score"] is not None]
            for name in ("automation", "augmentation")
        }
        n_judged = sum(any(r[f"{m}_potential_score"] is not None for m in marks) for r in ideas)
        points = [row["score"] for row in scored.get(job["id"], []) if row["score"] is not None]
        n_high = sum(score > 12 for score in points)
        fit = None
        if points and IDEAS not in absent:
            fit = {(True, True): "both", (True, False): "need_without_ai", (False, True): "ai_without_need"}.get(
                (n_high > 0, bool(ideas)), "neither"
            )
        told[job["id"]] = {
            "n_ai_opportunities": None if IDEAS in absent else len(ideas), "n_use_cases": None if USES in absent else len(uses),
            "n_judged": n_judged if judged and IDEAS not in absent else None, "automation": max(marks["automation"], default=None),
            "augmentation": max(marks["augmentation"], default=None), "n_scored": len(points), "n_high": n_high,
            "max_score": max(points, default=None), "fit": fit,
        }  # fmt: skip
    return told


@pytest.mark.parametrize("seed", range(12))
def test_both_metrics_equal_plain_loops(bench, seed):
    world, absent = world_of(seed), [[], [IDEAS], [USES], [IDEAS, USES]][seed % 4 if seed > 5 else 0]
    lack(world, absent, [])
    found = built(bench, world, "ai_opportunity", "ai_fit")
    rows = {row["job_id"]: row for row in found["ai_opportunity"]}
    fits = {row["job_id"]: row for row in found["ai_fit"]}
    expected = oracle(world, absent)
    assert set(rows) == set(fits) == set(expected)
    for key, told in expected.items():
        assert {c: (rows[key] | fits[key])[c] for c in told} == told


def test_every_fit_occurs():
    """The property above would pass on worlds in which all are alike."""
    assert {row["n_judged"] is None for seed in range(6) for row in oracle(world_of(seed), []).values()} == {
        True,
        False,
    }
    seen = {row["fit"] for seed in range(6) for row in oracle(world_of(seed), []).values()}
    assert seen == {None, "both", "need_without_ai", "ai_without_need", "neither"}
