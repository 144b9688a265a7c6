"""Who examined what, against plain loops over the raw rows."""

from __future__ import annotations

import random

import pytest

from tests.worlds import Bench, uid
from tests.worlds_enrichment import WHEN, built, lack

SUBJECTS = {"job": "jtbd_id", "persona": "persona_id"}
TABLES = ("expert_consultations", "panel_discussions", "panel_consensus", "panel_votes", "consultation_feedback")
COLUMNS = [(table, column) for table in TABLES[:2] for column in SUBJECTS.values()] + [
    ("panel_votes", "panel_id"),
    *((TABLES[4], f"{talk}_id") for talk in ("consultation", "panel")),
]


@pytest.fixture(scope="module")
def bench():
    return Bench()


def world_of(seed):
    chance = random.Random(seed)
    jobs, people = ([uid(f"{kind}{n}") for n in range(4)] for kind in "jp")
    talks = {"c": [uid(f"c{n}") for n in range(6)], "d": [uid(f"d{n}") for n in range(5)]}

    def rows(table, ids, **more):
        return [
            {
                "id": key,
                "deleted_at": WHEN if chance.random() < 0.15 else None,
                **{c: chance.choice(of) for c, of in more.items()},
            }
            for key in ids
        ]

    about = {"jtbd_id": [None, uid("gone"), *jobs * 2], "persona_id": [None, uid("gone"), *people * 2]}
    below = {table: [uid(f"{table}{n}") for n in range(7)] for table in TABLES[2:]}
    return {
        "jobs_to_be_done": [{"id": key, "status": chance.choice([None, "archived", "active"])} for key in jobs],
        "personas": rows("personas", people),
        "expert_consultations": rows("c", talks["c"], **about, created_at=[None, WHEN]),
        "panel_discussions": rows("d", talks["d"], **about),
        "panel_consensus": rows("a", below["panel_consensus"], panel_id=[None, *talks["d"]]),
        "panel_votes": rows("v", below["panel_votes"], panel_id=[None, *talks["d"]]),
        "consultation_feedback": rows(
            "f", below["consultation_feedback"], panel_id=[None, *talks["d"]], consultation_id=[None, *talks["c"]]
        ),
    }


def kept(world, table):
    return [row for row in world.get(table, []) if not row.get("deleted_at")]


def oracle(world, tables=(), columns=()):
    """(subject type, id) -> the counts; None where the source lacks what they are counted from."""

    def known(table, *needed):
        return table not in tables and not any((table, column) in columns for column in needed)

    told = {}
    for kind, key in SUBJECTS.items():
        subjects = (
            [j for j in world["jobs_to_be_done"] if j["status"] != "archived"]
            if kind == "job"
            else kept(world, "personas")
        )
        consulted, panels = known("expert_consultations", key), known("panel_discussions", key)
        for subject in subjects:
            mine = {
                table: {row["id"] for row in kept(world, table) if row.get(key) == subject["id"]}
                for table in TABLES[:2]
            }
            talked, met = mine.values()
            agreed = {row.get("panel_id") for row in kept(world, "panel_consensus")} & met
            votes = [row for row in kept(world, "panel_votes") if row.get("panel_id") in met]
            said = [row.get(c) in ids for row in kept(world, "consultation_feedback")
                    for c, ids in (("consultation_id", talked), ("panel_id", met))]  # fmt: skip
            told[kind, subject["id"]] = {
                "n_consultations": len(talked) if consulted else None,
                "n_panels": len(met) if panels else None,
                "n_talks": len(talked) + len(met) if consulted or panels else None,
                "n_agreed": len(agreed) if panels and known("panel_consensus", "panel_id") else None,
                "n_votes": len(votes) if panels and known("panel_votes", "panel_id") else None,
                "n_feedback": sum(said)
                if (consulted or panels) and known("consultation_feedback", "consultation_id", "panel_id")
                else None,
            }
    return told


@pytest.mark.parametrize("seed", range(16))
def test_the_metric_equals_plain_loops(bench, seed):
    world, chance = world_of(seed), random.Random(seed)
    tables = chance.sample(TABLES, chance.choice([0, 0, 1, 2]) if seed > 4 else 0)
    columns = [c for c in chance.sample(COLUMNS, seed % 3 if seed > 4 else 0) if c[0] not in tables]
    lack(world, tables, columns)
    rows = built(bench, world, "validation_activity")["validation_activity"]
    found = {(row["subject_type"], row["subject_id"]): row for row in rows}
    expected = oracle(world, tables, columns)
    assert set(found) == set(expected)
    for key, told in expected.items():
        assert {column: found[key][column] for column in told} == told


@pytest.mark.parametrize("column", ["consultation_id", "panel_id"])
def test_comments_that_do_not_say_what_they_are_on_are_unknown_and_not_0(bench, column):
    world = {
        "personas": [{"id": uid("p")}],
        "expert_consultations": [{"id": uid("c"), "persona_id": uid("p")}],
        "consultation_feedback": [{"id": uid("f"), "consultation_id": uid("c"), "panel_id": None}],
    }
    [row] = built(bench, world, "validation_activity")["validation_activity"]
    assert row["n_feedback"] == 1
    lack(world, [], [("consultation_feedback", column)])
    [row] = built(bench, world, "validation_activity")["validation_activity"]
    assert (row["n_consultations"], row["n_feedback"]) == (1, None)


def test_the_worlds_hold_every_case():
    """The property above would pass on worlds in which nobody ever met."""
    seen = [row for seed in range(5) for row in oracle(world_of(seed)).values()]
    for column in seen[0]:
        assert {0, 1} <= {min(row[column], 1) for row in seen}, column
