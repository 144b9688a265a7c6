"""What is written down of personas, whom they meet, how they are scored and who uses the platform, against plain loops."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.conftest import PROVE
from tests.reference_people import DIMENSIONS, PORTRAIT, ROLES, People
from tests.worlds import Bench, uid
from tests.worlds_enrichment import WHEN, built, lack

METRICS = {
    "persona_completeness": ("persona_id",), "stakeholder_map": ("persona_id", "kind"), "vpanes": ("persona_id",),
    "tenant_usage": ("role",),
}  # fmt: skip
TABLES = [f"persona_{kind}" for kinds in PORTRAIT.values() for kind in kinds]
ROLE = ("tenant_members", "role")
COUNTED = ["tenant_members", "api_keys"]
SEEDS = range(200 if PROVE else 10)


@pytest.fixture(scope="module")
def bench():
    return Bench()


def world_of(seed):
    """Personas of whom much, little or nothing is written down, and tables of which no row says whose it is."""
    chance = random.Random(seed)
    people = [uid(f"p{n}") for n in range(5)]
    world = {"personas": [{"id": key, "deleted_at": WHEN if chance.random() < 0.1 else None} for key in people]}
    unscored = chance.random() < 0.2
    for table in TABLES:
        nobodys = chance.random() < 0.15
        world[table] = [
            {
                "id": uid(f"{table}{n}"), "persona_id": None if nobodys else chance.choice([None, uid("nobody"), *people * 3]),
                "deleted_at": WHEN if chance.random() < 0.2 else None,
                "created_at": chance.choice([None, WHEN, WHEN + timedelta(days=n)]),
                "updated_at": chance.choice([None, None, WHEN + timedelta(days=9)]),
            }
            for n in range(chance.choice([0, 0, 2, 6]))
        ]  # fmt: skip
        for row in world[table]:
            if table == "persona_vpanes_scoring":
                row |= {
                    f"{d}_score": chance.choice([None, *[Decimal("7.25"), Decimal(3), Decimal(10)] * (not unscored)])
                    for d in DIMENSIONS
                }
            else:
                row["name"] = chance.choice([None, " ", "Payer"])
    world["tenant_members"] = [
        {"role": role, "n": chance.randrange(1, 30)}
        for role in chance.sample([None, " ", "owner", "Owner ", "member", "viewer", "sponsor"], chance.randrange(7))
    ]
    world["api_keys"] = [
        {"day": chance.choice([None, WHEN, WHEN + timedelta(days=n)]), "n": n + 1} for n in range(chance.randrange(3))
    ]
    world["tenants"] = [{"id": uid("t"), "status": "active", "tier": "starter"}][: chance.randrange(2)]
    return world


def lacking(seed):
    """The tables that the source of a world lacks: none, some, a whole part, or all."""
    chance = random.Random(seed)
    part = [f"persona_{kind}" for kind in chance.choice([*PORTRAIT.values()])]
    return chance.choice([[], [], chance.sample([*TABLES, *COUNTED], 4), part, [*part, *COUNTED], TABLES])


def told(rows, key):
    """By key, what a metric says; instants as the oracle's."""
    return {
        tuple(row[name] for name in key) if len(key) > 1 else row[key[0]]: {
            name: value[:19] if value and name in ("newest_change", "scored_at", "newest_api_key") else value
            for name, value in row.items()
        }
        for row in rows
    }


def expected(of):
    return {
        key: {name: f"{value:%Y-%m-%d %H:%M:%S}" if hasattr(value, "year") else value for name, value in row.items()}
        for key, row in of.items()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_metrics_equal_plain_loops(bench, seed):
    world, absent = world_of(seed), lacking(seed)
    columns = [ROLE] if seed % 3 == 0 and "tenant_members" not in absent else []
    lack(world, absent, columns)
    found, oracle = built(bench, world, *METRICS), People(world, absent, columns)
    for metric, key in METRICS.items():
        wanted = expected(getattr(oracle, metric)())
        rows = told(found[metric], key)
        assert rows.keys() == wanted.keys()
        for each, row in wanted.items():
            assert {name: rows[each][name] for name in row} == row, (metric, each)


def test_what_the_property_needs_occurs():
    """It would pass on worlds in which all are alike."""
    rows = [row for seed in range(16) for row in People(world_of(seed), lacking(seed)).persona_completeness().values()]
    assert {row["n_parts"] for row in rows} >= {0, 3, 4}
    assert {row["missing"] for row in rows} >= {None, "time", "profile"}
    assert any(row["n_profile_kinds"] not in (0, 9) for row in rows)
    scored = [row for seed in range(16) for row in People(world_of(seed), lacking(seed)).vpanes().values()]
    assert {row["n_scorings"] for row in scored} >= {None, 0, 1, 2}


def test_a_source_that_says_of_no_row_whose_it_is_leaves_the_kind_unknown_and_not_0(bench):
    world = {
        "personas": [{"id": uid("p")}],
        "persona_education": [{"id": uid("e1")}, {"id": uid("e2")}],
        "persona_internal_stakeholders": [{"id": uid("s")}],
        "persona_vpanes_scoring": [{"id": uid("v"), "pain_score": Decimal(7)}],
    }
    found = built(bench, world, *METRICS)
    [row] = found["persona_completeness"]
    assert (row["n_profile"], row["n_profile_kinds"], row["n_stakeholders_kinds"]) == (0, 7, 10)
    [scores] = found["vpanes"]
    assert (scores["n_scorings"], scores["n_dimensions"], scores["pain"]) == (None, None, None)


def test_a_source_without_roles_counts_its_members_and_not_0_owners(bench):
    world = {"tenant_members": [{"role": None, "n": 7}]}
    lack(world, [], [ROLE])
    rows = told(built(bench, world, "tenant_usage")["tenant_usage"], ("role",))
    assert {role: (row["n_members"], row["share_of_members"]) for role, row in rows.items()} == {
        **dict.fromkeys(ROLES, (None, None)),
        "": (7, 1.0),
    }
    assert {row["n_members_in_all"] for row in rows.values()} == {7}


def test_where_no_scoring_has_a_score_how_many_there_are_is_unknown(bench):
    scorings = [{"id": uid(f"v{n}"), "persona_id": uid("p")} for n in range(2)]
    world = {"personas": [{"id": uid("p")}, {"id": uid("q")}], "persona_vpanes_scoring": scorings}
    rows = told(built(bench, world, "vpanes")["vpanes"], ("persona_id",))
    assert [(rows[uid(each)]["n_scorings"], rows[uid(each)]["n_dimensions"]) for each in "pq"] == [(2, None), (0, None)]
    scorings[0]["pain_score"] = Decimal(0)
    rows = told(built(bench, world, "vpanes")["vpanes"], ("persona_id",))
    assert {rows[uid(each)]["n_dimensions"] for each in "q"} == {0}


def test_of_several_scorings_the_newest_counts(bench):
    world = {
        "personas": [{"id": uid("p")}],
        "persona_vpanes_scoring": [
            {"id": uid("old"), "persona_id": uid("p"), "created_at": WHEN, "pain_score": Decimal(9)},
            {
                "id": uid("new"),
                "persona_id": uid("p"),
                "created_at": WHEN + timedelta(days=1),
                "needs_score": Decimal(2),
            },
            {"id": uid("undated"), "persona_id": uid("p"), "pain_score": Decimal(1)},
        ],
    }
    [row] = built(bench, world, "vpanes")["vpanes"]
    assert (row["n_scorings"], row["n_dimensions"], row["pain"], row["needs"]) == (3, 1, None, Decimal("2.000000"))
