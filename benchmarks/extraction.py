"""Extraction against the fastest thing Postgres can do: COPY … TO STDOUT (FORMAT binary), thrown away."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.processes import measured

WHOLE, SLICE = uuid.UUID(int=1, version=4), uuid.UUID(int=2, version=4)
SIZES = {WHOLE: (20_000, 2_000_000, 3), SLICE: (10_000, 100_000, 7)}  # jobs, outcomes, runs


def rows(server: str, folder: Path) -> Iterator[tuple[str, ...]]:
    """One row a measurement: ours, and the same slice through SQLAlchemy rows, each against the same binary COPY."""
    from vital_insights.demo.fill import ensure_database

    url = ensure_database(server, "vital_bench")
    _fill(url)
    for tenant, (_, outcomes, runs) in SIZES.items():
        ways = ["ours"] if tenant == WHOLE else ["ours", "sqlalchemy"]
        for way in ways:
            # A B A B: the machine's speed drifts, the ratio of neighbours does not.
            asked = (url, str(tenant), folder / "bench.duckdb")
            pairs = [(_measured(way, *asked), _measured("binary", *asked)) for _ in range(runs)]
            ratios = [ours["seconds"] / theirs["seconds"] for ours, theirs in pairs]
            yield (
                {"ours": "COPY into DuckDB, counted and reconciled", "sqlalchemy": "SQLAlchemy rows into polars"}[way],
                f"{outcomes:,}",
                f"{statistics.median(ours['seconds'] for ours, _ in pairs):.2f} s",
                f"binary COPY to nowhere, {statistics.median(theirs['seconds'] for _, theirs in pairs):.2f} s",
                f"{statistics.median(ratios):.1f}",
                f"{min(ratios):.1f}-{max(ratios):.1f}",
                f"{max(ours['megabytes'] for ours, _ in pairs):.0f} MB",
            )


def _measured(way: str, url: str, tenant: str, target: Path) -> dict[str, Any]:
    found = measured("benchmarks.extraction", way, url, tenant, target)
    target.unlink(missing_ok=True)
    return found


def _ours(url: str, tenant: uuid.UUID, target: str) -> float:
    import duckdb

    from vital_insights.settings import Settings
    from vital_insights.source import connect, copy, drift
    from vital_insights.warehouse import load

    settings = Settings(source_url=url)
    with duckdb.connect(target) as connection, connect.transaction(settings) as source:
        load.prepare(connection)
        binding = drift.bind(drift.catalog(source), settings)
        started = time.perf_counter()
        load.load(connection, copy.extract(source, "jtbd_outcomes", binding.tables, tenant), tenant)
        connection.execute("checkpoint")
        return time.perf_counter() - started


def _sqlalchemy(url: str, tenant: uuid.UUID, _: str) -> float:
    import polars as pl
    import sqlalchemy as sa

    from vital_insights.source.contract import TABLES

    outcomes = TABLES["jtbd_outcomes"]
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        started = time.perf_counter()
        answer = connection.execute(sa.select(outcomes).where(outcomes.c.tenant_id == tenant))
        found = [[str(value) if isinstance(value, uuid.UUID) else value for value in row] for row in answer]
        frame = pl.DataFrame(found, schema=list(answer.keys()), orient="row", infer_schema_length=None)
        assert frame.height == SIZES[tenant][1]
        return time.perf_counter() - started


def _binary(url: str, tenant: uuid.UUID, _: str) -> float:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        started = time.perf_counter()
        with cursor.copy(
            "COPY (SELECT * FROM jtbd_outcomes WHERE tenant_id = %s) TO STDOUT (FORMAT binary)", [tenant]
        ) as stream:
            for _ in stream:
                pass
        return time.perf_counter() - started


def _fill(url: str) -> None:
    """A table of 2.1 million outcomes: one tenant with nearly all of it, one with a slice."""
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateTable

    from vital_insights.source.contract import TABLES

    with psycopg.connect(url, autocommit=True) as connection:
        for name in TABLES:
            connection.execute(str(CreateTable(TABLES[name]).compile(dialect=postgresql.dialect())))
        for tenant, (jobs, outcomes, _) in SIZES.items():
            given = {"t": tenant, "jobs": jobs, "rows": outcomes}
            connection.execute("insert into tenants (id, slug, name) values (%(t)s, %(t)s, 'Bench')", given)
            connection.execute(
                "insert into jobs_to_be_done (id, tenant_id, code, name, created_at, updated_at) "
                "select md5(%(t)s::text || i)::uuid, %(t)s, 'J' || i, 'Job number ' || i, now(), now() from generate_series(1, %(jobs)s) i",
                given,
            )
            connection.execute(
                "insert into jtbd_outcomes (tenant_id, jtbd_id, outcome_id, outcome_statement, outcome_type, importance_score, "
                "satisfaction_score, opportunity_score, opportunity_priority, evidence_source, created_at, updated_at) "
                "select %(t)s, md5(%(t)s::text || (1 + i %% %(jobs)s))::uuid, 'OUT-' || i %% 100, "
                "'Minimize the time it takes to finish task number ' || i || ' of the workflow', 'speed', i %% 101 / 10.0, "
                "i * 7 %% 101 / 10.0, 12.1, 'high', 'Interviews', now(), now() from generate_series(1, %(rows)s) i",
                given,
            )
        for column in ("tenant_id", "jtbd_id"):
            connection.execute(f"create index on jtbd_outcomes ({column})")
        connection.execute("vacuum analyze")


WAYS: dict[str, Callable[[str, uuid.UUID, str], float]] = {"ours": _ours, "sqlalchemy": _sqlalchemy, "binary": _binary}

if __name__ == "__main__":
    _, way, url, tenant, target = sys.argv
    seconds = WAYS[way](url, uuid.UUID(tenant), target)
    print(json.dumps({"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
