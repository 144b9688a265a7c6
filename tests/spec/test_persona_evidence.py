"""What personas rest on, against plain loops over the raw rows."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.worlds import Bench, uid
from tests.worlds_enrichment import WHEN, built, lack

KINDS = {
    "n_sources": "persona_evidence_sources", "n_research": "persona_public_research", "n_opinions": "persona_expert_opinions",
    "n_reports": "persona_industry_reports", "n_statistics": "persona_supporting_statistics", "n_case_studies": "persona_case_studies",
}  # fmt: skip
CHECKABLE = {"n_research", "n_statistics", "n_case_studies"}


@pytest.fixture(scope="module")
def bench():
    return Bench()


def oracle(world, absent=()):
    """By persona: the counts, the grade, and the newest change."""
    told = {}
    for persona in world["personas"]:
        if persona.get("deleted_at"):
            continue
        pieces = {
            column: [r for r in world.get(table, []) if r["persona_id"] == persona["id"] and not r.get("deleted_at")]
            for column, table in KINDS.items()
        }
        row = {column: None if KINDS[column] in absent else len(found) for column, found in pieces.items()}
        kinds = {column for column, found in pieces.items() if found}
        changed = [r.get("updated_at") or r.get("created_at") for found in pieces.values() for r in found]
        grade = ("none", "thin", "fair")[min(len(kinds), 2)]
        if len(kinds) > 2 and kinds & CHECKABLE:
            grade = "strong"
        unknown = set(absent) >= set(KINDS.values())
        row["n_pieces"] = None if unknown else sum(map(len, pieces.values()))
        row["n_kinds"] = None if unknown else len(kinds)
        row["strength"] = None if unknown else grade
        row["newest_change"] = max((instant for instant in changed if instant), default=None)
        told[persona["id"]] = row
    return told


def world_of(seed):
    chance = random.Random(seed)
    people = [uid(f"p{n}") for n in range(6)]
    world = {"personas": [{"id": key, "deleted_at": WHEN if chance.random() < 0.1 else None} for key in people]}
    for table in KINDS.values():
        world[table] = [
            {
                "id": uid(f"{table}{n}"), "persona_id": chance.choice([None, uid("nobody"), *people * 3]),
                "deleted_at": WHEN if chance.random() < 0.2 else None,
                "created_at": chance.choice([None, WHEN, WHEN + timedelta(days=n)]),
                "updated_at": chance.choice([None, WHEN + timedelta(days=9)]),
            }
            for n in range(chance.choice([0, 2, 7]))
        ]  # fmt: skip
    return world


def told(rows):
    wanted = [*KINDS, "n_pieces", "n_kinds", "strength"]
    return {row["persona_id"]: {column: row[column] for column in wanted} for row in rows}


@pytest.mark.parametrize("seed", range(12))
def test_the_metric_equals_plain_loops(bench, seed):
    world = world_of(seed)
    absent = random.Random(seed).sample(list(KINDS.values()), seed % 7)
    lack(world, absent, [])
    rows = built(bench, world, "persona_evidence")["persona_evidence"]
    expected = oracle(world, absent)
    assert told(rows) == {key: {c: v for c, v in row.items() if c != "newest_change"} for key, row in expected.items()}
    newest = {row["persona_id"]: row["newest_change"] for row in rows}
    assert {key: value and value[:19] for key, value in newest.items()} == {
        key: row["newest_change"] and f"{row['newest_change']:%Y-%m-%d %H:%M:%S}" for key, row in expected.items()
    }


def test_every_grade_occurs():
    """The property above would pass on worlds in which all are alike."""
    seen = {row["strength"] for seed in range(12) for row in oracle(world_of(seed)).values()}
    assert seen == {"none", "thin", "fair", "strong"}
