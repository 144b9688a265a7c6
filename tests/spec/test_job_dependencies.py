"""What holds up what, against a plain walk over the raw rows."""

from __future__ import annotations

import random

import pytest

from tests.worlds import Bench, uid
from tests.worlds_enrichment import WHEN, built, lack

LINKS = "jtbd_dependencies"


@pytest.fixture(scope="module")
def bench():
    return Bench()


def world_of(seed, n_links=9):
    chance = random.Random(seed)
    jobs = [uid(f"j{n}") for n in range(8)]
    ends = [*jobs, uid("gone")]
    return {
        "jobs_to_be_done": [{"id": key, "status": chance.choice(["active", None, None, "deprecated"])} for key in jobs],
        LINKS: [
            {"source_jtbd_id": chance.choice(ends), "dependent_jtbd_id": chance.choice(ends),
             "deleted_at": WHEN if chance.random() < 0.1 else None} for _ in range(n_links)
        ],
    }  # fmt: skip


def oracle(world):
    live = {row["id"] for row in world["jobs_to_be_done"] if row["status"] != "deprecated"}
    after = {job: set() for job in live}
    for row in world[LINKS]:
        if not row["deleted_at"] and {row["source_jtbd_id"], row["dependent_jtbd_id"]} <= live:
            after[row["source_jtbd_id"]].add(row["dependent_jtbd_id"])
    told = {}
    for job in live:
        seen, edge = set(), set(after[job])
        while edge:
            seen |= edge
            edge = set().union(*(after[other] for other in edge)) - seen
        told[job] = {
            "n_waits_for": sum(job in held for other, held in after.items() if other != job),
            "n_held_up": len(after[job] - {job}), "n_held_up_in_all": len(seen - {job}), "in_circle": job in seen,
        }  # fmt: skip
    return told


def found(bench, world):
    rows = built(bench, world, "job_dependencies")["job_dependencies"]
    wanted = ("n_waits_for", "n_held_up", "n_held_up_in_all", "in_circle")
    return {row["job_id"]: {column: row[column] for column in wanted} for row in rows}


@pytest.mark.parametrize("seed", range(15))
def test_the_metric_equals_a_plain_walk(bench, seed):
    world = world_of(seed, n_links=seed)
    assert found(bench, world) == oracle(world)


def test_circles_and_long_ways_occur():
    """The property above would pass on worlds in which nothing waits."""
    seen = [row for seed in range(15) for row in oracle(world_of(seed, n_links=seed)).values()]
    assert {row["in_circle"] for row in seen} == {True, False}
    assert any(row["n_held_up_in_all"] > row["n_held_up"] > 1 for row in seen)


def test_without_the_table_all_is_unknown(bench):
    world = world_of(3)
    lack(world, [LINKS], [])
    assert {value for row in found(bench, world).values() for value in row.values()} == {None}
