"""What roll-ups say where the source has no table of what they count: unknown, never 0."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests import reference, worlds
from tests.spec.test_reference import plain, world_of
from tests.worlds import SMALL, uid
from tests.worlds_enrichment import built, lack
from vital_insights import insights
from vital_insights.settings import Settings

ROLLED_UP = ("opportunity_by", "capability_map", "coverage_by")
ABSENT = {
    "no outcomes": (["jtbd_outcomes"], []),
    "no roles": (["org_roles", "jtbd_roles", "function_roles", "department_roles"], []),
    "no link to roles": (["jtbd_roles"], []),
    "no link to personas": (["jtbd_personas"], []),
    "no personas": (["personas", "jtbd_personas"], []),
    "personas without a role": ([], [("personas", "role_id")]),
    "functions through roles only": (["jtbd_roles"], [("jobs_to_be_done", "org_function_id")]),
    "no units": (["org_functions", "org_departments"], []),
    "none of them": (["jtbd_outcomes", "org_roles", "jtbd_roles", "personas", "jtbd_personas"], []),
}


@pytest.fixture(scope="module")
def bench():
    return worlds.Bench()


def lacking(world, absent):
    """The world without these tables and columns, as a refresh notes it."""
    tables, columns = ABSENT[absent]
    made = {table: [dict(row) for row in rows] for table, rows in world.items()}
    lack(made, tables, columns)
    return made


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("absent", ABSENT)
def test_a_source_that_lacks_a_table_equals_the_oracle(bench, absent, seed):
    world = lacking(world_of(seed), absent)
    found = built(bench, world, *ROLLED_UP)
    told = reference.Reference({**world, "snapshot": [worlds.made()]})
    for metric in ROLLED_UP:
        assert plain(found[metric]) == plain(getattr(told, metric)()), metric


def of(rows, dimension):
    return [row for row in rows if row["dimension"] == dimension and row["member"]]


def values(rows, *columns):
    return {row[column] for row in rows for column in columns}


def test_without_outcomes_nothing_is_counted_as_0(bench):
    found = built(bench, lacking(SMALL, "no outcomes"), "opportunity_by", "capability_map")
    counts = ("n_outcomes", "n_scored", "n_high", "n_high_firm", "n_medium", "n_low", "n_unscored")
    for metric in found:
        shown = [column for column in counts if column in found[metric][0]]
        assert values(found[metric], *shown) == {None}
    # Where the table is there and empty, nothing is what there is.
    found = built(bench, {**SMALL, "jtbd_outcomes": []}, "opportunity_by")
    assert values(found["opportunity_by"], *counts) == {0}


def test_scores_of_jobs_are_counted_where_there_are_no_outcomes(bench):
    scored = {"importance_score": Decimal(9), "satisfaction_score": Decimal(2)}
    rows = [{"id": uid("a"), "domain_id": uid("d"), **scored}, {"id": uid("b")}]
    world = lacking({"domains": [{"id": uid("d")}], "jobs_to_be_done": rows}, "no outcomes")
    found = built(bench, world, "opportunity_by", "capability_map")
    assert {row["member"]: row["n_high"] for row in of(found["opportunity_by"], "job")} == {
        str(uid("a")): 1, str(uid("b")): None,
    }  # fmt: skip
    of_domains = {row["domain_id"]: row["n_high"] for row in found["capability_map"] if row["level"] == "domain"}
    assert of_domains == {uid("d"): 1, None: None}


def test_without_roles_coverage_keeps_what_the_direct_links_say(bench):
    rows = built(bench, lacking(SMALL, "no link to roles"), "coverage_by")["coverage_by"]
    assert values(of(rows, "role"), "n_jobs", "n_primary", "share_of_live_jobs") == {None}
    assert values(of(rows, "department"), "n_jobs", "n_with_role", "n_with_primary", "share_with_role") == {None}
    assert values(of(rows, "function"), "n_with_role", "share_with_role", "share_with_primary") == {None}
    assert values(of(rows, "job"), "n_roles", "n_primary", "n_inherited", "n_both") == {None}
    assert values(of(rows, "persona"), "n_inherited", "n_both", "n_primary") == {None}
    people, jobs = of(rows, "persona"), of(rows, "job")
    assert people
    assert jobs
    assert all(row["n_jobs"] == row["n_direct"] is not None for row in people)
    assert all(row["n_personas"] == row["n_direct"] is not None for row in jobs)


def test_without_personas_nobody_is_counted_as_none(bench):
    rows = built(bench, lacking(SMALL, "no personas"), "coverage_by")["coverage_by"]
    assert of(rows, "persona") == []
    units = of(rows, "department") + of(rows, "function")
    assert values(units, "n_personas", "n_personas_with_job", "share_personas_with_job") == {None}
    assert values(of(rows, "job"), "n_personas", "n_inherited", "n_direct", "n_both") == {None}
    assert None not in values(units, "n_jobs", "n_with_role")


def test_an_explanation_says_that_nobody_knows_how_many_outcomes_there_are(tmp_path):
    worlds.publish(tmp_path / str(worlds.ACME), lacking(SMALL, "no outcomes"))
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)) as opened:
        told = opened.explain("opportunity_by", "role", uid("r1"))
    assert "unknown" in " ".join(told.reasons)
    assert " 0 " not in " ".join(told.reasons)
