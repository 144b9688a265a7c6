"""The metrics of one tenant with a million jobs and ten million outcomes, against the least that could be asked instead."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.processes import measured
from vital_insights.warehouse import sqlfile

# VITAL_BENCH_QUICK=1: a tenth, to see that everything runs. The ratios of the docs are of the whole.
PART = 10 if os.environ.get("VITAL_BENCH_QUICK") == "1" else 1
JOBS, OUTCOMES = 1_000_000 // PART, 10_000_000 // PART
RUNS, READS = 5, 20
LIMITS = {"memory_limit": "2GB", "threads": "2"}
TENANT = uuid.UUID(int=3, version=4)

COPIED = "a copy of its inputs"
GROUPED = "one GROUP BY of the scores"
BARE = {
    COPIED: "select * from model.outcomes where is_live",
    GROUPED: "select job_id, count(*) as n, sum(score) as total, max(score) as best from metric.opportunity group by job_id",
}
# How many roll-ups one statement answers at once: the aim is of each roll-up, so the table tells both ratios.
DIMENSIONS = {"opportunity_by": 14, "coverage_by": 5}
AIMS = {
    "opportunity": (COPIED, 6),
    "opportunity_by": (GROUPED, 3),
    "coverage_by": (GROUPED, 3),
    "band_summary": (GROUPED, 3),
    "job_completeness": (GROUPED, 3),
}


def rows(server: str, folder: Path) -> Iterator[tuple[str, ...]]:
    """One row a metric: how long it takes, and how often that is the bare statement's time in the same minute."""
    yield _read(server, folder)
    path = folder / "metrics.duckdb"
    subprocess.run([sys.executable, "-m", "benchmarks.metrics", "fill", str(path)], check=True, timeout=1800)
    there = {file.name for file in sqlfile.files("metric")}
    for name, (bare, aim) in AIMS.items():
        if name not in there:
            continue
        # A B A B: the machine's speed drifts, the ratio of neighbours does not.
        pairs = [
            (measured("benchmarks.metrics", name, path), measured("benchmarks.metrics", bare, path))
            for _ in range(RUNS)
        ]
        ratios = [ours["seconds"] / theirs["seconds"] for ours, theirs in pairs]
        middle, dimensions = statistics.median(ratios), DIMENSIONS.get(name, 1)
        at_once = "" if dimensions == 1 else f", {dimensions} dimensions at once"
        of_each = "" if dimensions == 1 else f" in all, {middle / dimensions:.1f} a dimension"
        yield (
            f"{name}{at_once}",
            f"{OUTCOMES:,}",
            f"{statistics.median(ours['seconds'] for ours, _ in pairs):.2f} s",
            f"{bare}, {statistics.median(theirs['seconds'] for _, theirs in pairs):.2f} s",
            f"{middle:.1f}{of_each} (aim {aim})",
            f"{min(ratios):.1f}-{max(ratios):.1f}",
            f"{max(ours['megabytes'] for ours, _ in pairs):.0f} MB",
        )


def _read(server: str, folder: Path) -> tuple[str, ...]:
    """Every metric of a sample tenant, whole, through Insights: what a page or a notebook waits for."""
    from vital_insights import insights
    from vital_insights.demo import fill
    from vital_insights.pipeline import refresh
    from vital_insights.settings import Settings

    url = fill.ensure_database(server)
    fill.fill(url)
    settings = Settings(source_url=fill.create_reader(url), warehouse=folder / "warehouse")
    refresh("aldermoor", settings=settings)
    with insights.open_tenant("aldermoor", settings=settings) as opened:
        found = []
        for name in opened.metrics()["name"].to_list() * READS:
            started = time.perf_counter()
            rows = opened.metric(name).height
            found.append((1000 * (time.perf_counter() - started), rows, name))
    median, worst = statistics.median(took for took, *_ in found), max(found)
    return (
        "any metric of a sample tenant, through Insights", f"up to {max(n for _, n, _ in found):,}", f"{median:.1f} ms",
        "(aim 10 ms)", "", f"{min(found)[0]:.1f}-{worst[0]:.1f} ms ({worst[2]})", "",
    )  # fmt: skip


def _run(what: str, path: Path) -> float:
    sql = BARE.get(what) or next(file.sql for file in sqlfile.files("metric") if file.name == what)
    scratch = path.with_name("scratch.duckdb")
    with duckdb.connect(path, read_only=True, config=LIMITS) as connection:
        connection.execute(f"attach '{scratch}' as scratch (read_write)")
        started = time.perf_counter()
        connection.execute(f"create table scratch.answer as {sql}")
        seconds = time.perf_counter() - started
    scratch.unlink()
    return seconds


def _fill(path: Path) -> None:
    """The raw tables of one tenant, made inside DuckDB, and every model and metric file built over them."""
    from vital_insights.source.contract import TABLES
    from vital_insights.source.copy import absent
    from vital_insights.warehouse import load, writer

    with duckdb.connect(path, config=LIMITS) as connection:
        load.prepare(connection)
        connection.execute(writer._SNAPSHOT)
        for name in TABLES:
            load.load(connection, absent(name), TENANT)
        connection.execute(
            "insert into raw.snapshot values ('bench', ?, 'bench', 'Bench', timestamptz '2026-01-01 00:00:00+00', 0.5, '0')",
            [TENANT],
        )
        for statement in RAW.split(";"):
            connection.execute(statement.format(jobs=JOBS, outcomes=OUTCOMES))
        for file in sqlfile.in_build_order(sqlfile.definitions()):
            started = time.perf_counter()
            sqlfile.build(connection, [file])
            print(f"… {file.table} {time.perf_counter() - started:.1f} s", file=sys.stderr)
        connection.execute("checkpoint")


# A large company: functions and domains four levels deep, most jobs done by two roles of their function and one of another, five
# personas to two roles, some of everything missing. hash() spreads the keys, so that no table comes in the order of another.
RAW = """
create macro id(kind, n) as cast(md5(kind || n) as uuid);
create macro pick(n, salt, most) as cast(1 + hash(n * 31 + salt) % most as bigint);
insert into raw.org_functions (id, parent_id, name, is_shared)
    select id('f', i), case when i > 4 then id('f', i // 4) end, 'Function ' || i, false from range(1, 201) as t(i);
insert into raw.org_departments (id, function_id, name, is_shared)
    select id('d', i), id('f', pick(i, 1, 200)), 'Department ' || i, false from range(1, 501) as t(i);
insert into raw.org_roles (id, function_id, department_id, name, is_shared)
    select id('r', i), id('f', 1 + i % 200), id('d', 1 + i % 500), 'Role ' || i, false from range(1, 2001) as t(i);
insert into raw.personas (id, role_id, name, is_shared)
    select id('p', i), case when i % 10 > 0 then id('r', pick(i, 4, 2000)) end, 'Persona ' || i, false from range(1, 5001) as t(i);
insert into raw.domains (id, parent_id, name, is_shared)
    select id('m', i), case when i > 5 then id('m', i // 5) end, 'Domain ' || i, false from range(1, 301) as t(i);
insert into raw.capabilities (id, domain_id, name, is_shared)
    select id('c', i), id('m', pick(i, 5, 300)), 'Capability ' || i, false from range(1, 501) as t(i);
insert into raw.strategic_priorities (id, name, is_shared) select id('s', i), 'Priority ' || i, false from range(1, 41) as t(i);
insert into raw.industries (id, name, is_shared) select id('i', i), 'Industry ' || i, false from range(1, 21) as t(i);
insert into raw.jobs_to_be_done (
    id, code, name, functional_area, job_category, complexity, frequency, status, validation_score, domain_id,
    strategic_priority_id, industry_id, org_function_id, is_shared
)
    select
        id('j', i), 'J-' || i, 'Get task number ' || i || ' of the workflow done',
        ['Commercial', 'medical_affairs', 'Regulatory', 'r_and_d', 'Legal', null][pick(i, 6, 6)],
        ['strategic', 'operational', 'tactical', 'technical', null][pick(i, 7, 5)],
        ['simple', 'moderate', 'complex', 'low', 'very_high', null][pick(i, 8, 6)],
        ['daily', 'weekly', 'monthly', 'yearly', 'annually', 'ad_hoc', null][pick(i, 9, 7)],
        ['active', 'active', 'active', 'draft', null, 'archived'][pick(i, 10, 6)], pick(i, 11, 100) / 100,
        case when i % 20 > 0 then id('m', pick(i, 12, 300)) end, case when i % 5 > 0 then id('s', pick(i, 13, 40)) end,
        case when i % 3 > 0 then id('i', pick(i, 14, 20)) end, case when i % 4 > 0 then id('f', 1 + i % 200) end, false
    from range(1, {jobs} + 1) as t(i);
insert into raw.jtbd_roles (jtbd_id, role_id, relevance_score, is_primary, is_shared)
    select
        id('j', i), id('r', case when n < 2 then i % 200 + 200 * (pick(i, 16 + n, 10) - 1) else pick(i, 18, 2000) end),
        pick(i, 20 + n, 10) / 10, n = 0, false
    from range(1, {jobs} + 1) as t(i) cross join range(0, 3) as u(n) where n < i % 7;
insert into raw.jtbd_personas (jtbd_id, persona_id, relevance_score, is_shared)
    select id('j', pick(i, 30, {jobs})), id('p', pick(i, 31, 5000)), 0.5, false from range(1, {jobs} // 5) as t(i);
insert into raw.capability_jtbd_mapping (capability_id, jtbd_id, is_shared)
    select id('c', pick(i, 40, 500)), id('j', pick(i, 41, {jobs})), false from range(1, {jobs} + 1) as t(i);
insert into raw.function_roles (function_id, role_id, is_shared)
    select id('f', 1 + i % 200), id('r', i), false from range(1, 2001) as t(i);
insert into raw.department_roles (department_id, role_id, is_shared)
    select id('d', case when i % 10 = 0 then pick(i, 43, 500) else 1 + i % 500 end), id('r', i), false from range(1, 2001) as t(i);
insert into raw.jtbd_outcomes (
    id, jtbd_id, outcome_id, outcome_statement, outcome_type, importance_score, satisfaction_score, evidence_source, is_shared
)
    select
        id('o', i), case when i % 1000 > 0 then id('j', pick(i, 50, {jobs})) end, 'OUT-' || i % 100,
        'Minimize the time it takes to finish task number ' || i || ' of the workflow',
        ['speed', 'stability', 'output', 'cost', 'risk', null][pick(i, 51, 6)], case when i % 50 > 0 then pick(i, 52, 101) / 10 - 0.1 end,
        case when i % 40 > 0 then pick(i, 53, 101) / 10 - 0.1 end, 'Interviews', false
    from range(1, {outcomes} + 1) as t(i)
"""

if __name__ == "__main__":
    _, what, target = sys.argv
    if what == "fill":
        _fill(Path(target))
    else:
        seconds = _run(what, Path(target))
        print(json.dumps({"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
