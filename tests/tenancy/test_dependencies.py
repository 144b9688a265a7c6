"""A dependency names two rows of one table, and a workflow hangs two steps below its job: every one of them must be ours."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

import pytest

from tests.tenancy import lab
from vital_insights.source.contract.declare import Through
from vital_insights.source.drift import Bound

ACME, BETA = uuid4(), uuid4()
OURS, ALSO_OURS, THEIRS, NOBODYS, NOWHERE = (uuid4() for _ in range(5))
JOBS = [
    {"id": OURS, "tenant_id": ACME},
    {"id": ALSO_OURS, "tenant_id": ACME},
    {"id": THEIRS, "tenant_id": BETA},
    {"id": NOBODYS, "tenant_id": None},
]
PAIRS = [
    (source, dependent)
    for source in (OURS, THEIRS, NOBODYS, NOWHERE)
    for dependent in (ALSO_OURS, THEIRS, NOBODYS, NOWHERE)
]
NAMED = {THEIRS: "cross_tenant_reference", NOBODYS: "unshared_reference", NOWHERE: "dangling"}
SIDES = ("source_jtbd_id", "dependent_jtbd_id")


@pytest.fixture(scope="module")
def dependencies(contract_database) -> str:
    lab.plant(
        contract_database,
        {"jobs_to_be_done": JOBS, "jtbd_dependencies": [dict(zip(SIDES, pair, strict=True)) for pair in PAIRS]},
    )
    return contract_database


def pairs(pulled: lab.Pulled) -> list[tuple[object, ...]]:
    return pulled.rows("jtbd_dependencies", ", ".join(SIDES))


def test_a_dependency_enters_only_when_both_of_its_jobs_are_ours(dependencies):
    pulled = lab.pull(dependencies, ACME, only=["jtbd_dependencies"])
    assert pairs(pulled) == [(OURS, ALSO_OURS)]
    # What touches us and stayed outside is counted, once, on the side that leads abroad.
    assert pulled.found(*NAMED.values()) == {
        (kind, "jtbd_dependencies", side): 1 for kind in NAMED.values() for side in SIDES
    }


def test_jobs_of_nobody_count_as_ours_only_where_they_are_shared(dependencies):
    pulled = lab.pull(dependencies, ACME, only=["jtbd_dependencies"], shared=["jobs_to_be_done"])
    assert set(pairs(pulled)) == {(s, d) for s in (OURS, NOBODYS) for d in (ALSO_OURS, NOBODYS)}


@pytest.mark.parametrize("kept", SIDES)
def test_control_with_one_side_switched_off_foreign_dependencies_enter(dependencies, kept):
    def half(name: str, bound: Bound) -> Bound:
        return dataclasses.replace(bound, scope=Through(kept)) if name == "jtbd_dependencies" else bound

    pulled = lab.pull(dependencies, ACME, only=["jtbd_dependencies"], alter=half)
    assert len(pairs(pulled)) == 4
    assert pairs(pulled) != [(OURS, ALSO_OURS)]


def test_a_workflow_without_tenant_columns_belongs_to_whom_its_job_does(new_database):
    """Two steps up from an activity to its job, and sideways to the activity that it waits for."""
    url = new_database()
    lab.create(url)
    for table in ("jtbd_workflow_stages", "jtbd_workflow_activities"):
        lab.run(url, f"alter table {table} drop column tenant_id")
    stage, abroad, first, second, foreign = (uuid4() for _ in range(5))
    lab.plant(
        url,
        {
            "jobs_to_be_done": JOBS,
            "jtbd_workflow_stages": [{"id": stage, "jtbd_id": OURS}, {"id": abroad, "jtbd_id": THEIRS}],
            "jtbd_workflow_activities": [
                {"id": first, "workflow_stage_id": stage, "depends_on_activity_id": foreign},
                {"id": second, "workflow_stage_id": stage, "depends_on_activity_id": first},
                {"id": foreign, "workflow_stage_id": abroad, "depends_on_activity_id": second},
            ],
        },
    )
    pulled = lab.pull(url, ACME, only=["jtbd_workflow_stages", "jtbd_workflow_activities"])
    assert pulled.rows("jtbd_workflow_stages", "id") == [(stage,)]
    assert set(pulled.rows("jtbd_workflow_activities", "id, depends_on_activity_id")) == {
        (first, None),
        (second, first),
    }
    assert pulled.found("cross_tenant_reference") == {
        ("cross_tenant_reference", "jtbd_workflow_activities", "depends_on_activity_id"): 1
    }
