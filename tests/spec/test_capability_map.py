"""The way from domains through capabilities to jobs, case by case; on worlds that are made up test_reference.py compares it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests import reference, worlds
from tests.spec.test_reference import plain
from tests.worlds import uid
from tests.worlds_enrichment import built, lack
from vital_insights import insights
from vital_insights.settings import Settings

WORLD = {
    "domains": [{"id": uid("A"), "name": "Care"}, {"id": uid("B"), "name": "Home care", "parent_id": uid("A")}],
    "capabilities": [
        {"id": uid("c1"), "name": "Listen", "domain_id": uid("B")}, {"id": uid("c2"), "name": "Plan", "domain_id": uid("A")},
        {"id": uid("c3"), "name": "Buy"}, {"id": uid("c4"), "name": "Sell", "domain_id": uid("nowhere")},
        {"id": uid("c5"), "name": "Idle", "domain_id": uid("B")},
    ],
    "jobs_to_be_done": [
        {"id": uid("j1"), "name": "Visit", "domain_id": uid("A")}, {"id": uid("j2"), "name": "Trade", "domain_id": uid("B")},
        {"id": uid("j3"), "name": "Wait", "domain_id": uid("B")}, {"id": uid("j4"), "name": "Fax", "status": "archived"},
    ],
    "capability_jtbd_mapping": [
        {"jtbd_id": uid(job), "capability_id": uid(capability)}
        for job, capability in (("j1", "c1"), ("j1", "c2"), ("j2", "c3"), ("j2", "c4"), ("j4", "c1"))
    ],
    "jtbd_outcomes": [
        {"id": uid(f"o{n}"), "jtbd_id": uid(job) if job else None, "importance_score": Decimal(i), "satisfaction_score": Decimal(s)}
        for n, (job, i, s) in enumerate(
            [("j1", 9, 3), ("j1", 5, 9), ("j3", 9, 3), ("j2", 10, 1), ("j2", 8, 8), (None, 10, 0), ("j4", 10, 0)]
        )
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def bench():
    return worlds.Bench()


def counted(rows, *columns):
    """By level, domain and capability or job: what the columns say."""
    named = ("level", "domain_name", "capability_name", "job_name")
    return {tuple(row[name] for name in named if row[name]): tuple(row[column] for column in columns) for row in rows}


def test_a_job_stands_under_each_of_its_capabilities_and_counts_once_above_them(bench):
    rows = bench.built(WORLD, "metric.capability_map")["metric.capability_map"]
    assert plain(rows) == plain(reference.Reference({**WORLD, "snapshot": [worlds.made()]}).capability_map())
    assert counted(rows, "n_capabilities", "n_jobs", "n_outcomes", "n_high") == {
        ("domain", "Care"): (3, 2, 3, 2), ("domain", "Home care"): (2, 2, 3, 2), ("domain",): (2, 1, 3, 2),
        ("capability", "Care", "Plan"): (None, 1, 2, 1), ("capability", "Home care", "Listen"): (None, 1, 2, 1),
        ("capability", "Home care", "Idle"): (None, 0, 0, 0), ("capability", "Home care"): (None, 1, 1, 1),
        ("capability", "Buy"): (None, 1, 2, 1), ("capability", "Sell"): (None, 1, 2, 1), ("capability",): (None, 0, 1, 1),
        ("job", "Care", "Plan", "Visit"): (None, None, 2, 1), ("job", "Home care", "Listen", "Visit"): (None, None, 2, 1),
        ("job", "Home care", "Wait"): (None, None, 1, 1), ("job", "Buy", "Trade"): (None, None, 2, 1),
        ("job", "Sell", "Trade"): (None, None, 2, 1), ("job",): (None, None, 1, 1),
    }  # fmt: skip


def test_of_two_highest_outcomes_the_smaller_id_is_the_top(bench):
    rows = bench.built(WORLD, "metric.capability_map")["metric.capability_map"]
    tops = counted(rows, "max_score", "top_outcome_id")
    assert tops["domain", "Care"] == (15, min(uid("o0"), uid("o2"), key=str))
    assert tops["domain",] == (20, uid("o5"))
    assert tops["capability", "Home care", "Idle"] == (None, None)


def test_domains_come_first_then_capabilities_then_jobs_the_most_high_ones_first(tmp_path):
    worlds.publish(tmp_path / str(worlds.ACME), {**worlds.SMALL, **WORLD})
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)) as opened:
        rows = opened.metric("capability_map").select("level", "n_high").rows()
    levels = ["domain", "capability", "job"]
    assert rows == sorted(rows, key=lambda row: (levels.index(row[0]), -row[1]))
    assert rows != sorted(rows, key=lambda row: -row[1])


@pytest.mark.parametrize("absent", [["capability_jtbd_mapping"], ["capabilities"], ["domains"]])
def test_what_the_source_lacks_is_unknown_and_not_0(bench, absent):
    world = {table: [dict(row) for row in rows] for table, rows in WORLD.items()}
    lack(world, absent, [])
    rows = built(bench, world, "capability_map")["capability_map"]
    assert plain(rows) == plain(reference.Reference({**world, "snapshot": [worlds.made()]}).capability_map())
    jobs = {row["n_jobs"] for row in rows if row["capability_id"] and row["level"] == "capability"}
    capabilities = {row["n_capabilities"] for row in rows if row["level"] == "domain"}
    assert (jobs, capabilities) == {
        "capability_jtbd_mapping": ({None}, {3, 2}), "capabilities": (set(), {None}), "domains": ({0, 1}, {5}),
    }[absent[0]]  # fmt: skip
