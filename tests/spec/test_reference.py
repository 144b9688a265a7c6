"""Every metric against an oracle in plain loops, on small worlds that hypothesis makes up and on the sample tenants."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference, worlds
from tests.conftest import PROVE
from tests.worlds import uid
from vital_insights import insights
from vital_insights.settings import Settings

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
METRICS = ("opportunity", "opportunity_by", "coverage_by", "coverage_gaps")


@pytest.fixture(scope="module")
def bench():
    return worlds.Bench()


def ids(kind, most):
    return [uid(f"{kind}{n}") for n in range(most)]


F, D, R, P, J = ids("f", 4), ids("d", 3), ids("r", 4), ids("p", 4), ids("j", 5)
NOWHERE = uid("nowhere")
SCORES = [
    None,
    *(
        Decimal(text)
        for text in ("-0.1", "0", "0.000001", "4.6", "5", "7.5", "8", "8.3", "9.5", "10", "10.000001", "11")
    ),
]


def key(targets):
    return st.sampled_from([None, NOWHERE, *targets, *targets])


def some(pool, **columns):
    """Rows with ids of the pool, each at most once."""
    row = st.fixed_dictionaries({"deleted_at": st.sampled_from([None, None, None, WHEN]), **columns})
    chosen = st.lists(st.sampled_from(pool), unique=True)
    return chosen.flatmap(
        lambda names: st.lists(row, min_size=len(names), max_size=len(names)).map(
            lambda rows: [{"id": name, **told} for name, told in zip(names, rows, strict=True)]
        )
    )


def links(**columns):
    return st.lists(st.fixed_dictionaries(columns), max_size=8)


name = st.sampled_from([None, "Sales", "Sales", "Field"])
code = st.sampled_from([None, "C-1", "C-2"])
score = st.sampled_from(SCORES)
relevance = st.sampled_from([None, Decimal("0.2"), Decimal("0.9")])
made = st.fixed_dictionaries(
    {
        "org_functions": some(F, name=name, parent_id=key(F)),
        "org_departments": some(D, name=name, function_id=key(F)),
        "org_roles": some(R, name=name, code=code, function_id=key(F), department_id=key(D), reports_to_role_id=key(R)),
        "personas": some(P, name=name, code=code, role_id=key(R), function_id=key(F), department_id=key(D)),
        "jobs_to_be_done": some(
            J,
            name=name,
            code=code,
            org_function_id=key(F),
            status=st.sampled_from([None, "draft", "active", "Active", "deprecated", " Archived ", "invented"]),
            importance_score=score,
            satisfaction_score=score,
            validation_score=relevance,
            updated_at=st.sampled_from([None, WHEN]),
        ),
        "jtbd_outcomes": some(
            ids("o", 8),
            jtbd_id=key(J),
            outcome_id=code,
            outcome_statement=name,
            outcome_type=st.sampled_from([None, "speed"]),
            importance_score=score,
            satisfaction_score=score,
            opportunity_score=st.sampled_from(
                [None, None, Decimal("14.4"), Decimal("12.05"), Decimal("8.0"), Decimal(5)]
            ),
            opportunity_priority=st.sampled_from([None, None, "high", " LOW ", "medium"]),
            evidence_source=st.sampled_from([None, "survey"]),
            updated_at=st.sampled_from([None, WHEN]),
        ),
        "jtbd_roles": links(
            jtbd_id=key(J), role_id=key(R), relevance_score=relevance, is_primary=st.sampled_from([None, True, False])
        ),
        "jtbd_personas": links(jtbd_id=key(J), persona_id=key(P), relevance_score=relevance),
        "function_roles": links(function_id=key(F), role_id=key(R)),
        "department_roles": links(department_id=key(D), role_id=key(R)),
    }
)


def plain(rows):
    """Rows that compare: decimals without the zeros of their type, ids as text, instants in UTC, one order for all."""
    return sorted((tuple((column, _plain(value)) for column, value in row.items()) for row in rows), key=repr)


def _plain(value):
    if isinstance(value, Decimal):
        return value.normalize()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}+00"
    return str(value) if isinstance(value, UUID) else value


def compare(world, found):
    told = reference.Reference(world)
    for metric in METRICS:
        got = [{k: v for k, v in row.items() if k not in ("because", "remedy")} for row in found[f"metric.{metric}"]]
        assert plain(got) == plain(getattr(told, metric)()), metric
    assert plain(found["model.persona_jobs"]) == plain(told.links())


@settings(max_examples=1000 if PROVE else 40)
@given(world=made)
def test_metrics_equal_the_oracle(bench, world):
    found = bench.built(world, *(f"metric.{m}" for m in METRICS), "model.persona_jobs", "model.outcomes")
    compare(world, found)
    whole(found)


def whole(found):
    """Nothing lost: a grain is unique, bands add up, and every outcome is in every dimension, the row without a member included."""
    for file in worlds.ordered():
        if file.schema == "metric":
            rows = found[file.table]
            assert len({tuple(row[c] for c in file.grain) for row in rows}) == len(rows), file.table
            assert all(list(row) == list(file.columns) for row in rows)
    outcomes = {row["outcome_id"] for row in found["model.outcomes"] if row["is_live"]}
    assert {row["outcome_id"] for row in found["metric.opportunity"]} == outcomes
    for row in found["metric.opportunity_by"]:
        assert row["n_high"] + row["n_medium"] + row["n_low"] == row["n_scored"]
        assert row["n_scored"] + row["n_unscored"] == row["n_outcomes"]
    of_jobs = [row["n_outcomes"] for row in found["metric.opportunity_by"] if row["dimension"] == "job"]
    assert sum(of_jobs) == len(outcomes)


def test_an_empty_tenant_has_empty_metrics(bench):
    found = bench.built({}, *(f"metric.{m}" for m in METRICS))
    assert all(rows == [] for rows in found.values())


@pytest.mark.parametrize("slug", ["aldermoor", "carewick", "quillmark"])
def test_the_sample_tenants_equal_the_oracle(demo_warehouse, slug):
    opened = insights.open_tenant(slug, settings=Settings(warehouse=demo_warehouse))
    connection = duckdb.connect(str(opened.snapshot.path), read_only=True)
    raw = {
        table: worlds.rows(connection, f"raw.{table}")
        for table in ("org_functions", "org_departments", "org_roles", "personas", "jobs_to_be_done", "jtbd_outcomes",
                      "jtbd_roles", "jtbd_personas", "function_roles", "department_roles")
    }  # fmt: skip
    found = {f"metric.{m}": worlds.rows(connection, f"metric.{m}") for m in METRICS}
    for table in ("model.persona_jobs", "model.outcomes"):
        found[table] = worlds.rows(connection, table)
    assert len(found["metric.opportunity"]) >= 500
    compare(raw, found)
    whole(found)
