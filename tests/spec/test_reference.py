"""Every metric against an oracle in plain loops, on small worlds that hypothesis makes up and on the sample tenants."""

import random
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
METRICS = ("opportunity", "opportunity_by", "coverage_by", "coverage_gaps", "method", "band_summary", "capability_map")
NOWHERE = uid("nowhere")
SCORES = [*map(Decimal, ("0", "0.000001", "4.6", "5", "5.5", "7.5", "8", "8.3", "9.5", "10"))]
TOLERANCES = [None, *map(Decimal, ("0", "0.5", "0.5", "1.300001", "10"))]
BAD_SCORES = [None, *map(Decimal, ("-0.1", "10.000001", "11"))]
STATUSES = [None, "draft", "active", "Active", "invented", "deprecated", " Archived "]


@pytest.fixture(scope="module")
def bench():
    return worlds.Bench()


def world_of(seed):
    """A small world, dense enough that everything meets: dangling and deleted keys, cycles, diamonds, equal names, links twice."""
    chance = random.Random(seed)
    pools = {
        kind: [uid(f"{kind}{n}") for n in range(most)]
        for kind, most in zip("fdrpjomcsiklth", (4, 3, 4, 4, 6, 12, 4, 3, 2, 2, 3, 2, 2, 2), strict=True)
    }

    def one(*values, often=3):
        """The first value often, the others now and then."""
        return values[0] if chance.randrange(often + len(values)) < often else chance.choice(values)

    def to(kind):
        return chance.choice([None, NOWHERE, *pools[kind] * 4])

    def score():
        return chance.choice(BAD_SCORES) if chance.random() < 0.2 else chance.choice(SCORES)

    def entities(kind, *keys, **columns):
        some = [] if chance.random() < 0.1 else [id_ for id_ in pools[kind] if chance.random() < 0.85]
        return [
            {"id": id_, "deleted_at": one(None, WHEN, often=8), "name": chance.choice([None, "Sales", "Sales", "Field"])}
            | {key: to(key_kind) for key, key_kind in keys} | {column: draw() for column, draw in columns.items()}
            for id_ in some
        ]  # fmt: skip

    def links(most, *columns, **keys):
        """Links, some of them twice with other values."""
        told = [{key: to(kind) for key, kind in keys.items()} for _ in range(chance.randrange(most))]
        told += chance.sample(told, len(told) // 3)
        return [
            {**link, "deleted_at": one(None, WHEN, often=8)} | {column: draw() for column, draw in columns}
            for link in told
        ]

    def code():
        return chance.choice([None, "C-1", "C-2"])

    def word(*words):
        return lambda: chance.choice([None, "", " ", "odd", *words])

    def relevance():
        return chance.choice([None, Decimal("0.2"), Decimal("0.9")])

    world = {
        "org_functions": entities("f", ("parent_id", "f")),
        "org_departments": entities("d", ("function_id", "f")),
        "org_roles": entities("r", ("function_id", "f"), ("department_id", "d"), ("reports_to_role_id", "r"), code=code),
        "personas": entities("p", ("role_id", "r"), ("function_id", "f"), ("department_id", "d"), code=code),
        "domains": entities("m", ("parent_id", "m")),
        "capabilities": entities("c", ("domain_id", "m")),
        "strategic_priorities": entities("s"),
        "industries": entities("i"),
        "jobs_to_be_done": entities(
            "j", ("org_function_id", "f"), ("domain_id", "m"), ("strategic_priority_id", "s"), ("industry_id", "i"),
            functional_area=word("R&D", "r_and_d", "Space Travel", "space travel "), job_category=word("tactical", " Tactical"),
            complexity=word("low", "simple", "very_high"), frequency=word("Annually", "yearly", "ad_hoc", "as_needed"),
            code=code, status=lambda: chance.choice(STATUSES), validation_score=relevance,
            importance_score=lambda: one(None, score()), satisfaction_score=lambda: one(None, score()),
            updated_at=lambda: one(WHEN, None),
        ),
        "jtbd_outcomes": entities(
            "o", ("jtbd_id", "j"), outcome_id=code, outcome_statement=code, outcome_type=word("speed", " Speed", "cost"),
            importance_score=score, satisfaction_score=score, evidence_source=lambda: one("survey", None),
            opportunity_score=lambda: chance.choice([None, None, *SCORES, Decimal("12.05"), Decimal("14.45")]),
            opportunity_priority=lambda: chance.choice([None, None, "high", " LOW ", "medium"]), updated_at=lambda: one(WHEN, None),
        ),
        "jtbd_roles": links(
            14, ("relevance_score", relevance), ("is_primary", lambda: chance.choice([None, True, False, False])),
            jtbd_id="j", role_id="r",
        ),
        "jtbd_personas": links(14, ("relevance_score", relevance), jtbd_id="j", persona_id="p"),
        "capability_jtbd_mapping": links(10, capability_id="c", jtbd_id="j"),
        "function_roles": links(10, function_id="f", role_id="r"),
        "department_roles": links(8, department_id="d", role_id="r"),
    }  # fmt: skip
    for kind, (dimension, (listed, units)) in zip("klth", reference.WORKED.items(), strict=True):
        world[listed] = entities(kind, code=code)
        for unit in units if chance.random() < 0.8 else ():
            world[f"{unit}_{listed}"] = links(6, **{f"{unit}_id": unit[0], f"{dimension}_id": kind})
    for row in world["jtbd_outcomes"]:
        del row["name"]
    return world


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


@pytest.mark.timeout(1800)  # the counts of make prove
@settings(max_examples=1000 if PROVE else 40)
@given(seed=st.integers(0, 2**64), tolerance=st.sampled_from(TOLERANCES))
def test_metrics_equal_the_oracle(bench, seed, tolerance):
    world = world_of(seed)
    tables = (*(f"metric.{m}" for m in METRICS), "model.persona_jobs", "model.outcomes")
    found = bench.built(world, *tables, tolerance=tolerance)
    compare({**world, "snapshot": [worlds.made(tolerance)]}, found)
    whole(found)


def whole(found):
    """Nothing lost: a grain is unique, bands add up, and every outcome is in every dimension, the row without a member included."""
    for file in worlds.ordered():
        if file.schema == "metric" and file.table in found:
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
    always = {metric: found.pop(f"metric.{metric}") for metric in ("method", "band_summary")}
    assert all(rows == [] for rows in found.values())
    told = reference.Reference({"snapshot": [worlds.made()]})
    assert all(plain(rows) == plain(getattr(told, metric)()) for metric, rows in always.items())
    assert [len(rows) for rows in always.values()] == [1, 4]


@pytest.mark.parametrize("slug", ["aldermoor", "carewick", "quillmark"])
def test_the_sample_tenants_equal_the_oracle(demo_warehouse, slug):
    opened = insights.open_tenant(slug, settings=Settings(warehouse=demo_warehouse))
    connection = duckdb.connect(str(opened.snapshot.path), read_only=True)
    areas = [
        table
        for listed, units in reference.WORKED.values()
        for table in (listed, *(f"{unit}_{listed}" for unit in units))
    ]
    raw = {
        table: worlds.rows(connection, f"raw.{table}")
        for table in ("org_functions", "org_departments", "org_roles", "personas", "jobs_to_be_done", "jtbd_outcomes",
                      "jtbd_roles", "jtbd_personas", "function_roles", "department_roles", "snapshot", "rejects",
                      "domains", "capabilities", "strategic_priorities", "industries", "capability_jtbd_mapping", *areas)
    }  # fmt: skip
    found = {f"metric.{m}": worlds.rows(connection, f"metric.{m}") for m in METRICS}
    for table in ("model.persona_jobs", "model.outcomes"):
        found[table] = worlds.rows(connection, table)
    assert len(found["metric.opportunity"]) >= 500
    compare(raw, found)
    whole(found)
