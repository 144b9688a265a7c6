"""How jobs are done, against a plain walk over the raw rows."""

from __future__ import annotations

import random

import pytest

from tests.worlds import Bench, uid
from tests.worlds_enrichment import WHEN, built, lack

STAGES, ACTIVITIES = "jtbd_workflow_stages", "jtbd_workflow_activities"


@pytest.fixture(scope="module")
def bench():
    return Bench()


def world_of(seed):
    chance = random.Random(seed)
    jobs, stages, steps = ([uid(f"{kind}{n}") for n in range(most)] for kind, most in (("j", 3), ("s", 5), ("a", 10)))

    def gone():
        return WHEN if chance.random() < 0.1 else None

    waits = steps if seed % 3 == 0 else None  # else only for an earlier one: no circle comes of it
    return {
        "jobs_to_be_done": [{"id": key, "status": chance.choice(["active", None, "archived"])} for key in jobs],
        STAGES: [{"id": key, "jtbd_id": chance.choice([uid("gone"), *jobs * 2]), "deleted_at": gone()} for key in stages],
        ACTIVITIES: [
            {"id": key, "workflow_stage_id": chance.choice([uid("gone"), *stages * 2]), "deleted_at": gone(),
             "depends_on_activity_id": chance.choice([None, uid("gone"), *(waits or steps[:n]) * 3])}
            for n, key in enumerate(steps)
        ],
    }  # fmt: skip


def oracle(world, absent=(), chains=True):
    job_of = {row["id"]: row["jtbd_id"] for row in world[STAGES] if not row["deleted_at"]}
    placed = [r for r in world[ACTIVITIES] if not r["deleted_at"] and r["workflow_stage_id"] in job_of]
    owner = {row["id"]: job_of[row["workflow_stage_id"]] for row in placed}
    before = {
        row["id"]: row["depends_on_activity_id"]
        for row in placed
        if owner.get(row["depends_on_activity_id"]) == owner[row["id"]]
    }
    known, told = chains and not absent, {}
    for job in (row["id"] for row in world["jobs_to_be_done"] if row["status"] != "archived"):
        mine, longest, circular = [key for key, whose in owner.items() if whose == job], 0, 0
        for key in mine:
            seen, at = [key], before.get(key)
            while at is not None and at not in seen:
                seen.append(at)
                at = before.get(at)
            circular += at == key
            longest = max(longest, len(seen))
        told[job] = {
            "n_stages": None if STAGES in absent else sum(whose == job for whose in job_of.values()),
            "n_activities": None if absent else len(mine),
            "longest_chain": longest if known and mine and not circular else None,
            "n_circular": circular if known else None,
        }
    return told


def found(bench, world):
    rows = built(bench, world, "job_workflow")["job_workflow"]
    wanted = ("n_stages", "n_activities", "longest_chain", "n_circular")
    return {row["job_id"]: {column: row[column] for column in wanted} for row in rows}


@pytest.mark.parametrize("seed", range(18))
def test_the_metric_equals_a_plain_walk(bench, seed):
    world = world_of(seed)
    assert found(bench, world) == oracle(world)


@pytest.mark.parametrize(
    ("absent", "columns"),
    [([STAGES], []), ([ACTIVITIES], []), ([STAGES, ACTIVITIES], []), ([], [(ACTIVITIES, "depends_on_activity_id")])],
)
def test_what_the_source_lacks_is_unknown(bench, absent, columns):
    world = world_of(4)
    expected = oracle(world, absent, chains=not columns)
    lack(world, absent, columns)
    assert found(bench, world) == expected


def test_chains_and_circles_occur():
    """The property above would pass on worlds in which nothing waits."""
    seen = [row for seed in range(18) for row in oracle(world_of(seed)).values()]
    assert max(row["longest_chain"] or 0 for row in seen) > 2
    assert {0, 1, 2} <= {row["n_circular"] for row in seen}
