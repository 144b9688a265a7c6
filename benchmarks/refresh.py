"""A refresh of a source with every table of the contract, against one of the same tenant with the core tables only."""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from benchmarks.processes import measured

TENANT = "aldermoor"
RUNS = 1 if os.environ.get("VITAL_BENCH_QUICK") == "1" else 5
CORE = [
    "tenants", "tenant_members", "org_functions", "org_departments", "org_roles", "org_responsibilities",
    "function_departments", "function_roles", "department_roles", "industries", "domains", "capabilities",
    "strategic_priorities", "capability_jtbd_mapping", "personas", "jobs_to_be_done", "jtbd_outcomes", "jtbd_roles",
    "jtbd_personas", "jtbd_kpis", "jtbd_obstacles", "jtbd_success_criteria",
]  # fmt: skip


def rows(server: str, folder: Path) -> Iterator[tuple[str, ...]]:
    """One row by the clock and one by the processor time of the refresh and its checks; Postgres' own is not counted."""
    from vital_insights.demo.fill import ensure_database, fill
    from vital_insights.source.contract import TABLES

    urls = {what: ensure_database(server, f"vital_refresh_{what}") for what in ("whole", "core")}
    for url in urls.values():
        fill(url)
    with psycopg.connect(urls["core"], autocommit=True) as connection:
        for table in TABLES:
            if table not in CORE:
                connection.execute(f"drop table {table}")
    # A B A B: the machine's speed drifts, the ratio of neighbours does not.
    pairs = [
        tuple(measured("benchmarks.refresh", urls[what], folder / what) for what in ("whole", "core"))
        for _ in range(RUNS)
    ]
    for kind, told in (("seconds", "refresh, by the clock"), ("processor", "refresh, processor time")):
        ratios = [whole[kind] / core[kind] for whole, core in pairs]
        core = statistics.median(core[kind] for _, core in pairs)
        yield (
            f"{told}, {len(TABLES)} tables",
            f"{pairs[0][0]['rows']:,}",
            f"{statistics.median(whole[kind] for whole, _ in pairs):.2f} s",
            f"{len(CORE)} core tables, {core:.2f} s",
            f"{statistics.median(ratios):.1f}",
            f"{min(ratios):.1f}-{max(ratios):.1f}",
            f"{max(whole['megabytes'] for whole, _ in pairs):.0f} MB",
        )


def _processor() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


if __name__ == "__main__":
    from vital_insights.pipeline import refresh
    from vital_insights.settings import Settings

    begun, used = time.perf_counter(), _processor()
    done = refresh(TENANT, settings=Settings(source_url=sys.argv[1], warehouse=Path(sys.argv[2])))
    found = {"seconds": time.perf_counter() - begun, "processor": _processor() - used, "rows": done.rows}
    if not done.published:
        raise SystemExit(done.verdict.summary())
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({**found, "megabytes": peak}))
