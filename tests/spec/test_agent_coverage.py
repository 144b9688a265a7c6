"""Where agents stand and where the need is, against plain loops over the raw rows and the oracle of the scores."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from tests.reference_machines import agent_coverage
from tests.worlds import Bench, uid
from tests.worlds_enrichment import WHEN, built, lack

TABLES = ("agents", "agent_skills", "agent_tools", "jtbd_roles", "skills", "tools")
HANGING = {"agents": ("agent_skills", "agent_tools"), "skills": ("agent_skills",), "tools": ("agent_tools",)}
COLUMNS = [("agents", f"{one}_id") for one in ("role", "department", "function")]


@pytest.fixture(scope="module")
def bench():
    return Bench()


def world_of(seed):
    chance = random.Random(seed)
    pools = {
        kind: [uid(f"{kind}{n}") for n in range(most)]
        for kind, most in zip("fdrjast", (4, 3, 4, 7, 6, 4, 3), strict=True)
    }

    def to(kind, *more):
        return lambda: chance.choice([None, uid("nowhere"), *more, *pools[kind] * 3])

    def rows(kind, **columns):
        return [
            {"id": key, "name": kind, "deleted_at": WHEN if chance.random() < 0.12 else None}
            | {column: draw() for column, draw in columns.items()}
            for key in pools[kind]
        ]

    def links(most, **columns):
        return [
            {"deleted_at": WHEN if chance.random() < 0.15 else None} | {column: draw() for column, draw in columns.items()}
            for _ in range(chance.choice([0, most, most]))
        ]  # fmt: skip

    def word(*words):
        return lambda: chance.choice(words)

    def number(*some):
        return None if (found := chance.choice(some)) is None else Decimal(found)

    states = [None] if seed % 5 == 4 else [None, "active", " Active", "testing", "deprecated", "Archived "]
    return {
        "org_functions": rows("f", parent_id=to("f")),
        "org_departments": rows("d", function_id=to("f")),
        "org_roles": rows("r", function_id=to("f"), department_id=to("d")),
        "function_roles": links(3, function_id=to("f"), role_id=to("r")),
        "department_roles": links(3, department_id=to("d"), role_id=to("r")),
        "jobs_to_be_done": rows("j", status=word(None, "active", "draft", "archived"), org_function_id=to("f", None, None)),
        "jtbd_roles": links(14, jtbd_id=to("j"), role_id=to("r")),
        "jtbd_outcomes": [
            {"id": uid(f"o{n}"), "jtbd_id": to("j", *pools["j"])(), "importance_score": number(None, 9, 10, 10),
             "satisfaction_score": number(None, 1, 1, 9)} for n in range(14)
        ],
        "agents": rows("a", role_id=to("r"), department_id=to("d", None), function_id=to("f", None), status=word(*states)),
        "skills": rows("s"),
        "tools": rows("t"),
        "agent_skills": links(9, agent_id=to("a"), skill_id=lambda: chance.choice(pools["s"])),
        "agent_tools": links(7, agent_id=to("a"), tool_id=lambda: chance.choice(pools["t"])),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(13))
def test_the_metric_equals_plain_loops(bench, seed):
    world, chance = world_of(seed), random.Random(seed)
    tables = chance.sample(TABLES, chance.choice([0, 0, 1, 2])) if seed > 6 else []
    columns = chance.sample(COLUMNS, seed % 4) if seed > 6 and "agents" not in tables else []
    lack(world, tables, columns)
    rows = built(bench, world, "agent_coverage")["agent_coverage"]
    found = {(row["dimension"], row["member"]): row for row in rows}
    # What hangs on a table that is not there cannot be scoped, so that it is absent with it.
    lost = {*tables, *(each for table in tables for each in HANGING.get(table, ()))}
    expected = agent_coverage(world, lost, columns)
    assert set(found) == set(expected)
    for key, told in expected.items():
        assert {column: found[key][column] for column in told} == told, key


def test_a_skill_or_tool_that_was_deleted_is_none_that_an_agent_has(bench):
    world = {
        "org_roles": [{"id": uid("r")}],
        "agents": [{"id": uid("a"), "role_id": uid("r")}],
        "agent_skills": [{"agent_id": uid("a"), "skill_id": uid(each)} for each in ("s1", "s2")],
        "agent_tools": [{"agent_id": uid("a"), "tool_id": uid("t")}],
        "skills": [{"id": uid("s1")}, {"id": uid("s2"), "deleted_at": WHEN}],
        "tools": [{"id": uid("t"), "deleted_at": WHEN}],
    }
    rows = built(bench, world, "agent_coverage")["agent_coverage"]
    assert [(row["n_skills"], row["n_tools"]) for row in rows if row["member"] == str(uid("r"))] == [(1, 0)]


def test_the_worlds_hold_every_case():
    """The property above would pass on worlds without an agent, and on those in which every job has one."""
    seen = [(key, row) for seed in range(7) for key, row in agent_coverage(world_of(seed)).items()]
    for dimension in ("role", "department", "function", "job"):
        mine = [row for (name, _), row in seen if name == dimension]
        for column in ("n_agents", "n_skills", "n_tools", "n_high"):
            assert {0, 1} <= {min(row[column], 1) for row in mine}, (dimension, column)
        assert (dimension, None) in {key for key, _ in seen}
    shares = {row["share_high_jobs_with_agent"] for _, row in seen}
    assert {None, 0.0, 1.0} <= shares
    assert any(share and share < 1 for share in shares)
    assert {None, 0, 1} <= {row["n_active"] for _, row in seen}
