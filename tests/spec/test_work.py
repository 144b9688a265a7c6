"""Value, alternatives, runs and reach, against plain loops over the raw rows."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from tests import reference_work
from tests.worlds import Bench, uid
from tests.worlds_enrichment import WHEN, built, lack

METRICS = ("job_value", "job_alternatives", "workflow_runs", "solution_reach")
LACKING = [  # tables and columns that a source may lack, each once
    ["jtbd_value_drivers", "jtbd_competitive_alternatives", "workflow_executions", "solution_agents"],
    ["workflow_approvals", "agents"],
    ["solution_workflows", "solution_installations", "org_roles"],
    ["solution_industry_matrix", "jtbd_roles"],
    [("jtbd_value_drivers", "quantified_impact"), ("agents", "role_id")],
    [("jtbd_value_drivers", "beneficiary")],
    [("workflow_executions", "completed_at")],
    [("workflow_executions", "started_at")],
]
SEEDS = range(10)


@pytest.fixture(scope="module")
def bench():
    return Bench()


def world_of(seed):
    chance = random.Random(seed)
    sizes = {"j": 4, "r": 3, "w": 3, "e": 9, "s": 3, "a": 4, "i": 3}
    pools = {kind: [uid(f"{kind}{n}") for n in range(size)] for kind, size in sizes.items()}

    def to(kind):
        return chance.choice([uid("gone"), *pools[kind] * 3])

    def row(key, n, columns):
        return {
            "id": key,
            "deleted_at": WHEN if chance.random() < 0.12 else None,
            "created_at": chance.choice([None, WHEN, WHEN + timedelta(days=n)]),
            "updated_at": chance.choice([None, WHEN + timedelta(days=9)]),
        } | {column: draw() for column, draw in columns.items()}  # fmt: skip

    def rows(table, most, **columns):
        return [row(uid(f"{table}{n}"), n, columns) for n in range(chance.randrange(most + 1))]

    def named(kind, **columns):
        return [row(key, n, columns) for n, key in enumerate(pools[kind]) if chance.random() < 0.9]

    def links(most, **columns):
        return [
            {column: to(kind) for column, kind in columns.items()} | {"deleted_at": WHEN if chance.random() < 0.1 else None}
            for _ in range(chance.randrange(most + 1))
        ]  # fmt: skip

    def word(*words):
        return lambda: chance.choice(words)

    def instant():
        return chance.choice([None, *[WHEN + timedelta(seconds=chance.randrange(2_000_000))] * 4])

    jobs = [
        {"id": key, "status": chance.choice(["active", None, " Archived "]), "importance_score": chance.choice([None, Decimal(9)]),
         "satisfaction_score": Decimal(chance.choice([1, 8]))}
        for key in pools["j"]
    ]  # fmt: skip
    return {
        "jobs_to_be_done": jobs,
        "jtbd_outcomes": rows("jtbd_outcomes", 9, jtbd_id=lambda: to("j"), importance_score=word(None, *map(Decimal, (10, 10, 11))),
                              satisfaction_score=word(None, Decimal(3), Decimal(9))),
        "jtbd_value_drivers": rows("jtbd_value_drivers", 12, jtbd_id=lambda: to("j"), quantified_impact=word(None, " ", "Save 10 hours"),
                                   beneficiary=word(None, "", "Nurses", " nurses ", "Members")),
        "jtbd_competitive_alternatives": rows("jtbd_competitive_alternatives", 9, jtbd_id=lambda: to("j"),
                                              name=word(None, " ", "A spreadsheet", "a spreadsheet ", "An agency")),
        "workflows": named("w", name=word(None, "Standard course")),
        "workflow_executions": named("e", workflow_id=lambda: to("w"), started_at=instant, completed_at=instant,
                                     status=word(None, " ", "Running", "running ", "failed")),
        "workflow_approvals": rows("workflow_approvals", 8, execution_id=lambda: to("e"),
                                   status=word(None, "Pending", "in_review", "approved", "requires_update", "perhaps")),
        "org_roles": named("r"),
        "jtbd_roles": links(14, jtbd_id="j", role_id="r"),
        "agents": named("a", role_id=lambda: chance.choice([None, *[to("r")] * 4]),
                        status=word(None, "active", "active", "testing", " Deprecated", "archived")),
        "industries": named("i"),
        "solutions": named("s", name=word(None, "Evidence desk")),
        "solution_agents": links(14, solution_id="s", agent_id="a"),
        "solution_workflows": links(6, solution_id="s", workflow_id="w"),
        "solution_industry_matrix": links(6, solution_id="s", industry_id="i"),
        "solution_installations": rows("solution_installations", 5, solution_id=lambda: chance.choice([None, to("s")])),
    }  # fmt: skip


def comparable(value):
    """Instants as the bench gives them; hours within the last digit of a float."""
    if isinstance(value, Fraction):
        return pytest.approx(float(value), rel=1e-12)
    return f"{value:%Y-%m-%d %H:%M:%S}" if hasattr(value, "year") else value


def agree(bench, world, absent=(), columns=()):
    """All four metrics, row by row."""
    told = built(bench, world, *METRICS)
    expected = {
        "job_value": reference_work.job_value(world, absent, columns),
        "job_alternatives": reference_work.job_alternatives(world, absent),
        "workflow_runs": reference_work.workflow_runs(world, absent),
        "solution_reach": reference_work.solution_reach(world, absent, columns),
    }
    for metric, rows in told.items():
        by_key = {}
        for row in rows:
            key = (
                (row["workflow_id"], row["status"])
                if metric == "workflow_runs"
                else row.get("job_id", row.get("solution_id"))
            )
            assert key not in by_key
            by_key[key] = row | {
                name: row[name] and row[name][:19] for name in ("newest_change", "open_since") if name in row
            }
        assert set(by_key) == set(expected[metric]), metric
        for key, counts in expected[metric].items():
            assert {name: by_key[key][name] for name in counts} == {
                name: comparable(value) for name, value in counts.items()
            }, metric


@pytest.mark.parametrize("seed", SEEDS)
def test_the_metrics_equal_plain_loops(bench, seed):
    agree(bench, world_of(seed))


@pytest.mark.parametrize("lacking", LACKING)
def test_what_the_source_lacks_is_unknown(bench, lacking):
    world = world_of(5)
    tables = [each for each in lacking if isinstance(each, str)]
    lack(world, tables, [each for each in lacking if each not in tables])
    absent = {row["table_name"] for row in world["findings"] if row["column_name"] is None}
    assert set(tables) <= absent
    agree(bench, world, absent, {column for _, column in (each for each in lacking if each not in tables)})


@pytest.mark.parametrize("lacking", ["started_at", "completed_at"])
def test_where_no_run_has_a_start_or_none_an_end_nobody_knows_how_many_are_open(bench, lacking):
    dates = {"started_at": WHEN, "completed_at": WHEN} | {lacking: None}
    world = {
        "workflows": [{"id": uid("w")}],
        "workflow_executions": [{"id": uid(f"e{n}"), "workflow_id": uid("w"), **dates} for n in range(2)],
    }
    [row] = built(bench, world, "workflow_runs")["workflow_runs"]
    assert [row[name] for name in ("n_runs", "n_timed", "n_open", "open_since")] == [2, None, None, None]
    world["workflow_executions"][0][lacking] = WHEN
    [row] = built(bench, world, "workflow_runs")["workflow_runs"]
    assert [row[name] for name in ("n_runs", "n_timed", "n_open")] == [2, 1, lacking == "completed_at"]


def test_a_retired_agent_brings_a_solution_no_role_and_no_job(bench):
    world = {
        "jobs_to_be_done": [{"id": uid("j")}], "org_roles": [{"id": uid("r")}], "jtbd_roles": [{"jtbd_id": uid("j"), "role_id": uid("r")}],
        "agents": [{"id": uid("a"), "role_id": uid("r"), "status": "Archived "}, {"id": uid("b"), "status": "active"}],
        "solutions": [{"id": uid("s")}],
        "solution_agents": [{"solution_id": uid("s"), "agent_id": uid(each)} for each in "ab"],
    }  # fmt: skip
    [row] = built(bench, world, "solution_reach")["solution_reach"]
    assert (row["n_agents"], row["n_roles"], row["n_jobs"]) == (1, 0, 0)


def test_what_is_counted_occurs():
    """The properties above would pass on worlds in which nothing happens."""
    told = {metric: [getattr(reference_work, metric)(world_of(seed)) for seed in SEEDS] for metric in METRICS}
    runs = [(key, row) for each in told["workflow_runs"] for key, row in each.items()]
    assert any(row["n_timed"] > 1 for _, row in runs)
    assert any(row["n_waiting"] and row["n_unclear"] for _, row in runs)
    assert {(workflow is None, row["n_runs"] > 0) for (workflow, _), row in runs} == {
        (True, True),
        (False, True),
        (False, False),
    }
    reach = [(key, row) for each in told["solution_reach"] for key, row in each.items()]
    assert any(row["n_jobs"] for _, row in reach)
    assert any(key and row["n_installations"] is None for key, row in reach)
    assert any(key is None for key, _ in reach)
    assert any(row["n_different"] is None for each in told["job_alternatives"] for row in each.values())
    assert any(row["n_high"] and row["n_quantified"] for each in told["job_value"] for row in each.values())
