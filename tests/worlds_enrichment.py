"""Made-up worlds for the enrichment metrics: dense, and with tables and columns that the source lacks."""

import contextlib
import random
from datetime import UTC, datetime
from decimal import Decimal

from tests import reference_enrichment
from tests.worlds import uid
from vital_insights.settings import Settings
from vital_insights.source import drift
from vital_insights.source.contract import TABLES

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ATTRIBUTES = [table for _, table, _ in reference_enrichment.PARTS if table != "jtbd_roles"]
TALKS = ["expert_consultations", "panel_discussions"]
MAY_LACK = [*ATTRIBUTES, *reference_enrichment.EVIDENCE, *TALKS, "personas", "jtbd_roles", "function_roles", "org_roles"]  # fmt: skip
COLUMNS = [("personas", "role_id"), *((table, "jtbd_id") for table in TALKS), ("jtbd_kpis", "target_value"),
           ("jtbd_kpis", "current_value"), ("jtbd_outcomes", "importance_score"), ("jtbd_outcomes", "satisfaction_score"),
           ("jtbd_obstacles", "severity")]  # fmt: skip


def built(bench, world, *metrics):
    """The metrics of a world whose `findings` and `rejects` are noted as a refresh notes them."""
    tables = {table: rows for table, rows in world.items() if table not in ("findings", "rejects")}
    with noted(bench.connection, world.get("findings", []), world.get("rejects", [])):
        found = bench.built(tables, *(f"metric.{metric}" for metric in metrics))
    return {name.removeprefix("metric."): rows for name, rows in found.items()}


@contextlib.contextmanager
def noted(connection, findings, rejects):
    try:
        for f in findings:
            told = [f["kind"], f["table_name"], f.get("column_name"), 1, None]
            connection.execute("insert into raw.findings values (?, ?, ?, ?, ?)", told)
        for r in rejects:
            told = [r["table_name"], r["row_key"], r["column_name"], "many"]
            connection.execute("insert into raw.rejects values (?, ?, ?, ?)", told)
        yield
    finally:
        connection.execute("delete from raw.findings")
        connection.execute("delete from raw.rejects")


def world_of(seed):
    """A small dense world; in half of them some tables and columns are absent."""
    chance = random.Random(seed)
    pools = {kind: [uid(f"{kind}{n}") for n in range(most)] for kind, most in zip("frpj", (4, 4, 4, 5), strict=True)}
    numbers = [None, *map(Decimal, ("0", "-2.5", "0.000001", "3", "3", "7.25", "999999999999.123456", "12345678901.5"))]

    def gone():
        return WHEN if chance.random() < 0.12 else None

    def to(kind):
        return chance.choice([None, uid("nowhere"), *pools[kind] * 4])

    def entities(kind, **columns):
        return [
            {"id": id_, "deleted_at": gone(), "name": chance.choice([None, "Sales", "Field"])}
            | {column: draw() for column, draw in columns.items()}
            for id_ in pools[kind] if chance.random() < 0.85
        ]  # fmt: skip

    def many(table, most, **columns):
        return [
            {"id": uid(f"{table}{n}"), "deleted_at": gone()} | {column: draw() for column, draw in columns.items()}
            for n in range(chance.randrange(most))
        ]

    def word(*words):
        return lambda: chance.choice(words)

    def job():
        return to("j")

    world = {
        "org_functions": entities("f", parent_id=lambda: to("f")),
        "org_roles": entities("r", function_id=lambda: to("f")),
        "personas": entities("p", role_id=lambda: to("r"), function_id=lambda: chance.choice([None, to("f")])),
        "jobs_to_be_done": entities(
            "j", code=word(None, "J-1"), status=word(None, "draft", "active", "deprecated", " Archived "),
            org_function_id=lambda: chance.choice([None, to("f")]), is_shared=word(False, True),
            importance_score=word(None, Decimal(9)), satisfaction_score=word(None, Decimal(2)),
        ),
        "jtbd_roles": [{"jtbd_id": job(), "role_id": to("r"), "deleted_at": gone()} for _ in range(chance.randrange(10))],
        "function_roles": [{"function_id": to("f"), "role_id": to("r"), "deleted_at": gone()} for _ in range(chance.randrange(6))],
        "jtbd_outcomes": many(
            "o", 12, jtbd_id=job, importance_score=word(None, Decimal(10), Decimal(9), Decimal(11)),
            satisfaction_score=word(None, Decimal(1), Decimal(9)),
        ),
        "jtbd_kpis": many(
            "k", 14, jtbd_id=job, kpi_code=word(None, "K-1"), kpi_name=word(None, "Cycle time"), unit=word(None, "days"),
            direction=word(None, " ", "sideways", "Higher", "higher_is_better", " UP", "lower-is-better", "down", "Reduce "),
            target_value=lambda: chance.choice(numbers), current_value=lambda: chance.choice(numbers), is_shared=word(False, True),
        ),
        "jtbd_obstacles": many(
            "b", 12, jtbd_id=job, obstacle_type=word(None, " ", "technical", "Technical ", "weather"),
            severity=word(None, "", "low", " HIGH", "critical", "awful"),
        ),
        "jtbd_constraints": many("c", 12, jtbd_id=job, constraint_type=word(None, "budget", "BUDGET"), impact=word(None, "Medium ", "low")),
    }  # fmt: skip
    for table in (*ATTRIBUTES, *TALKS):
        if table not in world:
            world[table] = many(table, 10, jtbd_id=job)
    for table in reference_enrichment.EVIDENCE:
        world[table] = many(table, 3, persona_id=lambda: to("p"))
    for kpi in world["jtbd_kpis"]:
        for column in ("target_value", "current_value"):
            if chance.random() < 0.1:
                kpi[column] = None
                world.setdefault("rejects", []).append(
                    {"table_name": "jtbd_kpis", "row_key": str(kpi["id"]), "column_name": column}
                )
    if chance.random() < 0.5:
        whole = chance.choice([[], [], reference_enrichment.EVIDENCE, reference_enrichment.ENRICHMENT, TALKS])
        some = chance.sample(MAY_LACK, chance.choice([1, 2, 4, 12]))
        lack(world, [*whole, *some], chance.sample(COLUMNS, chance.randrange(4)))
    return world


def lack(world, tables, columns):
    """Take tables and columns out of a world, and note what the binding of such a source finds."""
    live = {
        ("public", name): drift.LiveTable(
            "public", name, {c.name: "" for c in declared.columns if (name, c.name) not in columns}, frozenset(), (), False
        )
        for name, declared in TABLES.items() if name not in tables
    }  # fmt: skip
    world["findings"] = []
    for found in drift.bind(live, Settings()).findings:
        world["findings"].append({"kind": found.kind, "table_name": found.table, "column_name": found.column})
        if found.column is None:
            world[found.table] = []
        else:
            world[found.table] = [
                {k: v for k, v in row.items() if k != found.column} for row in world.get(found.table, [])
            ]
