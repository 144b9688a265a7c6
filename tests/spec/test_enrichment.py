"""The enrichment metrics: an oracle in plain loops on made-up worlds with tables absent, and the rules one by one."""

from decimal import Decimal
from uuid import UUID

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference_enrichment, worlds
from tests.conftest import PROVE
from tests.worlds import uid
from tests.worlds_enrichment import ATTRIBUTES, TALKS, WHEN, built, lack, world_of
from vital_insights import insights
from vital_insights.settings import Settings
from vital_insights.source.contract import TABLES
from vital_insights.source.copy import Carried, Extract, absent
from vital_insights.warehouse import load, sqlfile

METRICS = ("job_completeness", "kpi_attainment", "barriers", "collection_progress")


@pytest.fixture(scope="module")
def bench():
    return worlds.Bench()


def plain(rows):
    """Rows that compare: by column name, decimals without the zeros of their type, ids as text, one order for all."""
    return sorted((sorted((column, _plain(value)) for column, value in row.items()) for row in rows), key=repr)


def _plain(value):
    if isinstance(value, Decimal):
        return value.normalize()
    return str(value) if isinstance(value, UUID) else value


def compare(world, found):
    told = reference_enrichment.Enrichment(world)
    for metric in METRICS:
        assert plain(found[metric]) == plain(getattr(told, metric)()), metric


@pytest.mark.timeout(1800)  # the counts of make prove
@settings(max_examples=1000 if PROVE else 40)
@given(seed=st.integers(0, 2**64))
def test_enrichment_equals_the_oracle(bench, seed):
    world = world_of(seed)
    found = built(bench, world, *METRICS)
    compare(world, found)
    for metric in METRICS:
        [file] = [file for file in worlds.ordered() if file.table == f"metric.{metric}"]
        assert len({tuple(row[c] for c in file.grain) for row in found[metric]}) == len(found[metric]), metric
        for row in found[metric]:
            unexplained = [c for c, value in row.items() if value is None and "null_means" not in file.columns[c]]
            assert not unexplained, metric


def test_the_made_up_worlds_meet_every_case():
    """Else the comparison above would prove little."""
    reasons, met, steps = set(), set(), set()
    for seed in range(300):
        told = reference_enrichment.Enrichment(world_of(seed))
        reasons |= {row["unknown_because"] for row in told.kpi_attainment()}
        met |= {(row["direction"], row["met"]) for row in told.kpi_attainment()}
        for row in told.collection_progress():
            steps.add((row["step"], "unknown" if row["n_done"] is None else "some" if row["n_done"] else "none"))
            reasons.add(row["unknown_because"])
    assert {(d, m) for d in ("increase", "decrease") for m in (True, False)} <= met
    assert steps == {(step, state) for step in range(1, 8) for state in ("unknown", "some", "none")}
    assert {
        "no target",
        "no current value",
        "not a number",
        "direction not stated",
        "direction not understood",
    } <= reasons


def test_an_empty_tenant_has_empty_metrics(bench):
    assert all(rows == [] for rows in built(bench, {}, *METRICS).values())


def test_what_the_source_lacks_is_unknown_and_not_held_against_a_job(bench):
    world = {"jobs_to_be_done": [{"id": uid("j")}], "jtbd_outcomes": [{"id": uid("o"), "jtbd_id": uid("j")}]}
    lack(world, ["jtbd_kpis", "jtbd_gen_ai_opportunities"], [("jtbd_outcomes", "importance_score")])
    [job] = built(bench, world, "job_completeness")["job_completeness"]
    assert (job["n_kpis"], job["n_ai_opportunities"], job["n_obstacles"]) == (None, None, 0)
    assert (job["n_outcomes"], job["n_scored_outcomes"]) == (1, None)
    assert (job["n_parts"], job["n_present"], job["share_present"]) == (7, 1, 1 / 7)
    assert job["missing"] == "roles, obstacles, success criteria, value drivers, constraints, workflow stages"


def test_a_source_with_no_part_at_all_gives_no_share(bench):
    world = {"jobs_to_be_done": [{"id": uid("j")}]}
    lack(world, [table for _, table, _ in reference_enrichment.PARTS], [])
    [job] = built(bench, world, "job_completeness")["job_completeness"]
    assert (job["n_parts"], job["n_present"], job["share_present"], job["missing"]) == (0, 0, None, None)


def test_rows_marked_deleted_do_not_count(bench):
    world = {
        "org_roles": [{"id": uid("r")}],
        "personas": [{"id": uid("p"), "role_id": uid("r")}],
        "jobs_to_be_done": [{"id": uid("j")}, {"id": uid("gone"), "deleted_at": WHEN}],
        "jtbd_roles": [{"jtbd_id": uid("j"), "role_id": uid("r"), "deleted_at": WHEN}],
    }
    world |= {table: [{"id": uid(table), "jtbd_id": uid("j"), "deleted_at": WHEN}] for table in (*ATTRIBUTES, *TALKS)}
    evidence = reference_enrichment.EVIDENCE
    world |= {table: [{"id": uid(table), "persona_id": uid("p"), "deleted_at": WHEN}] for table in evidence}
    found = built(bench, world, *METRICS)
    [job] = found["job_completeness"]
    assert {job[column] for column, _, _ in reference_enrichment.PARTS} == {0}
    assert found["kpi_attainment"] == found["barriers"] == []
    done = {row["step_name"]: (row["n_done"], row["n_total"]) for row in found["collection_progress"]}
    assert done == {step: (int(step in ("scope", "personas")), 1) for step in reference_enrichment.STEPS}


@pytest.mark.parametrize(
    ("target", "current", "direction", "met", "because"),
    [
        ("10", "10", "increase", True, None),
        ("10", "9.999999", "Higher", False, None),
        ("10", "10", "decrease", True, None),
        ("10", "10.000001", "LOWER_IS_BETTER", False, None),
        ("0", "0", "reduce", True, None),
        ("10", "12", None, None, "direction not stated"),
        ("10", "12", "  ", None, "direction not stated"),
        ("10", "12", "sideways", None, "direction not understood"),
        (None, None, None, None, "no target"),
        ("10", None, None, None, "no current value"),
    ],
)
def test_whether_a_kpi_is_met(bench, target, current, direction, met, because):
    values = {"target_value": target and Decimal(target), "current_value": current and Decimal(current)}
    world = {"jtbd_kpis": [{"id": uid("k"), "direction": direction, **values}]}
    [kpi] = built(bench, world, "kpi_attainment")["kpi_attainment"]
    assert (kpi["met"], kpi["unknown_because"]) == (met, because)
    assert (kpi["attainment"] is None) == (None in (target, current) or target == "0")


def test_texts_are_read_as_numbers_at_loading_and_what_is_none_is_told_as_that():
    """The real load of a source that keeps the values as text."""
    told = {"k1": ("12.50", "10"), "k2": ("many", "1"), "k3": ("10", "n/a"), "k4": (None, "1"), "k5": ("many", None)}
    duck = duckdb.connect(config={"threads": "1"})
    worlds.raw(duck)
    duck.execute("drop table raw.jtbd_kpis")
    load.load(duck, kpis_as_text(told), worlds.ACME)
    for other in (("jtbd_kpis", "updated_at"), ("jtbd_outcomes", "target_value")):
        duck.execute("insert into raw.rejects values (?, ?, ?, 'many')", [other[0], str(uid("k4")), other[1]])
    sqlfile.build(duck, worlds.ordered())
    found = {row["kpi_id"]: row for row in worlds.rows(duck, "metric.kpi_attainment")}
    assert {name: found[uid(name)]["unknown_because"] for name in told} == {
        "k1": "direction not stated", "k2": "not a number", "k3": "not a number", "k4": "no target", "k5": "not a number",
    }  # fmt: skip
    assert (found[uid("k1")]["target_value"], found[uid("k1")]["attainment"]) == (Decimal("12.5"), 0.8)
    assert found[uid("k2")]["target_value"] is None


def kpis_as_text(told):
    """The stream of jtbd_kpis with (target, current) as text, by name of the KPI."""
    sent = [Carried("id", "uuid", False), *(Carried(c, "decimal", True) for c in ("target_value", "current_value"))]
    lines = [
        [str(uid(name)), *(f'"{text}"' if text is not None else "" for text in pair)] for name, pair in told.items()
    ]
    rest = [each for each in absent("jtbd_kpis").columns if each.name not in {column.name for column in sent}]
    values = {"id": len(told)} | {
        column.name: sum(pair[place] is not None for pair in told.values()) for place, column in enumerate(sent[1:])
    }
    batches = iter([[f"{','.join(line)},f\n".encode() for line in lines]])
    return Extract("jtbd_kpis", (*sent, *rest), ("id",), None, len(told), values, {}, (), batches)


def test_a_barrier_counts_jobs_once_and_the_outcomes_behind_it(bench):
    world = {
        "jobs_to_be_done": [{"id": uid("j1")}, {"id": uid("j2")}, {"id": uid("old"), "status": "archived"}],
        "jtbd_outcomes": [
            {"id": uid("o1"), "jtbd_id": uid("j1"), "importance_score": Decimal(9), "satisfaction_score": Decimal(1)},
            {"id": uid("o2"), "jtbd_id": uid("j1"), "importance_score": Decimal(9), "satisfaction_score": Decimal(9)},
        ],
        "jtbd_obstacles": [
            {"id": uid(f"b{n}"), "jtbd_id": uid(job), "obstacle_type": "Political", "severity": " critical"}
            for n, job in enumerate(["j1", "j1", "old", "unknown"])
        ],
    }
    [row] = built(bench, world, "barriers")["barriers"]
    assert row == {
        "barrier": "obstacle", "kind": "political", "severity": "critical", "severity_rank": 4, "n_barriers": 2,
        "n_jobs": 1, "n_live_jobs": 2, "share_of_live_jobs": 0.5, "n_high_outcomes": 1,
    }  # fmt: skip


def test_progress_climbs_the_tree_and_counts_a_role_once(bench):
    """A role in two functions below one: once above. The enrichment asks for what the source has."""
    world = {
        "org_functions": [
            {"id": uid("top"), "name": "Top"},
            {"id": uid("a"), "name": "A", "parent_id": uid("top")},
            {"id": uid("b"), "name": "B", "parent_id": uid("top")},
        ],
        "org_roles": [{"id": uid("r"), "function_id": uid("a")}, {"id": uid("s"), "function_id": uid("b")}],
        "function_roles": [{"function_id": uid("b"), "role_id": uid("r")}],
        "personas": [{"id": uid("p"), "role_id": uid("r")}],
        "persona_case_studies": [{"id": uid("e"), "persona_id": uid("p")}],
        "jobs_to_be_done": [{"id": uid("j"), "org_function_id": uid("b")}],
        "jtbd_roles": [{"jtbd_id": uid("j"), "role_id": uid("r")}],
        "jtbd_kpis": [{"id": uid("k"), "jtbd_id": uid("j")}],
        "panel_discussions": [{"id": uid("d"), "jtbd_id": uid("j")}],
    }
    lack(
        world,
        ["jtbd_outcomes", "jtbd_obstacles", "jtbd_success_criteria", "jtbd_workflow_stages", "expert_consultations"],
        [],
    )
    found = built(bench, world, "collection_progress")["collection_progress"]
    done = {(row["member_name"], row["step_name"]): (row["n_done"], row["n_total"]) for row in found}
    assert {name for name, _ in done} == {"Top", "A", "B"}  # nothing is homeless here
    assert done["Top", "scope"] == done["Top", "jobs"] == done["Top", "personas"] == (1, 2)
    assert done["A", "scope"] == (1, 1)
    assert done["B", "scope"] == (1, 2)
    assert done["Top", "evidence"] == done["Top", "enrichment"] == done["Top", "validation"] == (1, 1)
    assert done["Top", "ai_opportunities"] == (0, 1)


@pytest.mark.parametrize(
    ("tables", "columns", "unknown"),
    [
        (["jtbd_gen_ai_opportunities"], [], {"ai_opportunities"}),
        (["expert_consultations"], [("panel_discussions", "jtbd_id")], {"validation"}),
        (["expert_consultations"], [], set()),
        (["jtbd_roles"], [], {"jobs"}),
        ([], [("personas", "role_id")], {"personas"}),
        (["personas"], [], {"personas", "evidence"}),
        (["personas", "jtbd_roles"], [], {"scope", "personas", "evidence", "jobs"}),
        (["org_roles"], [], {"scope", "personas", "jobs"}),
        (reference_enrichment.EVIDENCE, [], {"evidence"}),
        (reference_enrichment.EVIDENCE[1:], [], set()),
        (reference_enrichment.ENRICHMENT, [], {"enrichment"}),
        (["org_departments", "jtbd_dependencies"], [("personas", "name")], set()),
    ],
)
def test_a_step_without_its_tables_is_unknown_with_the_reason(bench, tables, columns, unknown):
    world = {
        "org_functions": [{"id": uid("f"), "name": "F"}],
        "org_roles": [{"id": uid("r"), "function_id": uid("f")}],
        "personas": [{"id": uid("p"), "role_id": uid("r"), "name": "P"}],
        "jobs_to_be_done": [{"id": uid("j"), "org_function_id": uid("f")}],
        "jtbd_roles": [{"jtbd_id": uid("j"), "role_id": uid("r")}],
        "panel_discussions": [{"id": uid("d"), "jtbd_id": uid("j")}],
    }
    lack(world, tables, columns)
    for row in built(bench, world, "collection_progress")["collection_progress"]:
        if row["step_name"] in unknown:
            assert row["n_done"] is None
            assert row["share"] is None
            assert row["unknown_because"].startswith("the source lacks ")
            assert any(name in row["unknown_because"] for name in [*tables, *(".".join(c) for c in columns)])
        else:
            assert row["n_done"] is not None
            assert row["unknown_because"] is None


@pytest.mark.parametrize("slug", ["aldermoor", "carewick", "quillmark"])
def test_the_sample_tenants_equal_the_oracle(demo_warehouse, slug):
    with insights.open_tenant(slug, settings=Settings(warehouse=demo_warehouse)) as opened:
        connection = duckdb.connect(str(opened.snapshot.path), read_only=True)
    raw = {table: worlds.rows(connection, f"raw.{table}") for table in (*TABLES, "findings", "rejects")}
    found = {metric: worlds.rows(connection, f"metric.{metric}") for metric in METRICS}
    assert len(found["job_completeness"]) == len([j for j in raw["jobs_to_be_done"] if j["deleted_at"] is None]) > 0
    compare(raw, found)
