"""A source that has only the tables at the core: it refreshes, and every answer says that the rest is absent, never 0."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import psycopg
import pytest
from typer.testing import CliRunner, Result

from tests.tenancy import lab
from tests.worlds import ACME, SMALL, publish, uid
from vital_insights import insights
from vital_insights.cli import app as command_line
from vital_insights.pipeline import refresh
from vital_insights.quality import QualityProcess
from vital_insights.reports import tables
from vital_insights.settings import Settings
from vital_insights.source.contract import TABLES
from vital_insights.warehouse import sqlfile

from .conftest import DASHBOARDS, html

PAGES = sorted(path.name for path in (DASHBOARDS / "pages").glob("*.py"))
METRICS = [each.name for each in sqlfile.definitions() if each.table.startswith("metric.")]
# What opportunity, and whom it is for, are computed from; and the least that a source must have.
TWELVE = [
    "tenants", "jobs_to_be_done", "jtbd_outcomes", "jtbd_roles", "jtbd_personas", "personas", "org_functions", "org_departments",
    "org_roles", "function_departments", "function_roles", "department_roles",
]  # fmt: skip
CORES = {"twelve": TWELVE, "two": TWELVE[:2]}
# Made of tables that neither has: unknown in every row, never 0.
UNKNOWN = {
    "agent_coverage": ["n_agents", "n_skills", "n_tools", "n_high_jobs_with_agent"],
    "ai_opportunity": ["n_ai_opportunities", "n_use_cases", "automation", "augmentation"],
    "job_alternatives": ["n_alternatives", "n_different"],
    "job_dependencies": ["n_waits_for", "n_held_up", "in_circle"],
    "job_value": ["n_value_drivers", "n_quantified"],
    "job_workflow": ["n_stages", "n_activities", "longest_chain", "n_circular"],
    "persona_evidence": ["strength", "n_kinds", "n_pieces", "newest_change"],
    "tenant_usage": ["n_members", "n_api_keys"],
    "validation_activity": ["n_consultations", "n_panels", "n_votes", "n_feedback", "newest_change"],
}  # fmt: skip
# Of the smaller one the outcomes, roles, personas and units are unknown too; its jobs are not.
UNKNOWN_OF_TWO = {
    "capability_map": ["n_outcomes", "n_scored", "n_high", "n_medium", "n_low", "n_unscored"],
    "coverage_by": [
        "n_primary", "n_inherited", "n_direct", "n_both", "n_with_role", "n_roles", "n_personas", "n_personas_with_job", "share_with_role",
    ],
    "opportunity_by": ["n_outcomes", "n_scored", "n_high", "n_high_firm", "n_medium", "n_low", "n_unscored", "n_underserved"],
}  # fmt: skip
# What contract version 2 measured; beside the tables below that it knew only a few others.
SECOND_ALSO = [
    "expert_consultations", "jtbd_dependencies", "jtbd_gen_ai_opportunities", "jtbd_gen_ai_use_cases", "jtbd_workflow_activities",
    "jtbd_workflow_stages", "panel_discussions",
]  # fmt: skip
SECOND = [
    "band_summary", "barriers", "collection_progress", "coverage_by", "coverage_gaps", "job_completeness", "kpi_attainment", "method",
    "opportunity", "opportunity_by",
]  # fmt: skip


@pytest.fixture(scope="module")
def cores(new_database, tmp_path_factory) -> dict[str, Path]:
    """A warehouse of each core, refreshed from a real source that has those tables and no other."""
    made: dict[str, Path] = {}
    with QualityProcess() as checks:
        for name, there in CORES.items():
            url = new_database()
            with psycopg.connect(url, autocommit=True) as connection:
                for table in there:
                    lab.create_table(connection, table)
            world = {"tenants": [{"id": ACME, "slug": "acme", "name": "Acme", "status": "active"}]}
            world |= {
                table: [row | ({} if lab.is_link(table) else {"tenant_id": ACME}) for row in rows]
                for table, rows in SMALL.items()
                if table in there
            }
            lab.plant(url, world)
            made[name] = tmp_path_factory.mktemp(name)
            done = refresh("acme", settings=Settings(source_url=url, warehouse=made[name]), checks=checks)
            assert done.published, done.verdict.summary()
            absent = {finding.table for finding in done.findings if finding.kind == "missing_table"}
            assert absent == set(TABLES) - set(there)
    return made


@pytest.fixture(scope="module")
def older(tmp_path_factory) -> Path:
    """A snapshot as contract version 2 left it: none of the tables that came later, nor what is made of them. Read only."""
    folder = tmp_path_factory.mktemp("older")
    files = sqlfile.definitions()
    below = [file for name in SECOND for file in sqlfile.in_build_order(files, only=f"metric.{name}")]
    kept = sqlfile.read_by(below) | {file.table for file in below} | {f"raw.{table}" for table in SECOND_ALSO}
    every = {f"raw.{table}" for table in TABLES} | {file.table for file in files if file.table.startswith("metric.")}
    later = every - kept | {"raw.inventory", "model.areas", "model.unit_areas", "model.role_areas"}
    later |= {"model.persona_entries", "model.persona_kinds"}
    assert len(later) > 100
    publish(folder / str(ACME), SMALL, without=sorted(later))
    return folder


@pytest.fixture(params=CORES)
def core(request, cores) -> tuple[str, Path]:
    return request.param, cores[request.param]


@pytest.fixture
def run(monkeypatch, tmp_path) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    return lambda warehouse, *words: CliRunner().invoke(command_line, words, env={"VITAL_WAREHOUSE": str(warehouse)})


@pytest.mark.parametrize("file", PAGES)
def test_every_page_opens_on_a_source_that_has_only_the_core(app, core, file):
    test = app(core[1], file)
    assert not test.exception
    assert [error.value for error in test.error] == []
    assert '<h1 class="vi">' in html(test)


def test_the_inventory_tells_what_is_there_and_what_is_absent(core):
    name, warehouse = core
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as opened:
        told = opened.metric("platform_inventory")
    assert set(told["table_name"]) == set(TABLES)
    there = told.filter(pl.col("is_present"))
    assert set(there["table_name"]) == set(CORES[name])
    assert there["absent_because"].null_count() == there.height
    gone = told.filter(~pl.col("is_present"))
    assert set(gone["absent_because"]) == {"the source has no such table"}
    assert gone["n_rows"].null_count() == gone.height


def test_every_metric_answers_and_what_only_absent_tables_could_say_is_unknown(core):
    name, warehouse = core
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as opened:
        for metric in METRICS:
            frame, lacking = opened.metric(metric), opened.lacking(metric)
            assert set(lacking) <= set(TABLES) - set(CORES[name]), metric
            assert all(frame[column].null_count() == frame.height for column in UNKNOWN.get(metric, ())), metric
            told = list(tables.unknown(frame, lambda found=lacking: found))
            if metric in UNKNOWN:
                assert lacking[0] in told[0], metric


def test_what_cannot_be_counted_without_outcomes_roles_and_personas_is_unknown(cores, app):
    with insights.open_tenant("acme", settings=Settings(warehouse=cores["two"])) as opened:
        for metric, columns in UNKNOWN_OF_TWO.items():
            frame = opened.metric(metric)
            assert frame.height, metric
            assert [column for column in columns if frame[column].null_count() < frame.height] == [], metric
        assert opened.metric("coverage_by")["n_live_jobs"].unique().to_list() == [2]
    # The page shows no 0 for it and says why.
    page = app(cores["two"], "coverage.py")
    assert "Unknown here: Jobs, with a role, with a primary role, Personas, with a job." in html(page)
    page.segmented_control(key="pick_shares").set_value("job").run()
    assert "Unknown here: Roles, primary roles, Personas, inherited only, direct only, by both routes." in html(page)
    shown = page.dataframe[-1].value
    assert shown[["Roles", "Personas"]].isna().all(axis=None)
    # With the tables there it says nothing of the kind.
    assert "Unknown here" not in html(app(cores["twelve"], "coverage.py"))


@pytest.mark.parametrize(("metric", "sentence"), [
    ("job_alternatives", "Unknown in every row shown: n alternatives, n different. Of the tables behind them the source lacks jtbd_comp"),
    ("barriers", "Whether there is anything is unknown: the source lacks jtbd_constraints, jtbd_obstacles."),
    ("opportunity", ""),
])  # fmt: skip
def test_what_is_shown_says_what_it_cannot_know(cores, run, metric, sentence):
    shown = run(cores["twelve"], "show", "acme", metric)
    assert shown.exit_code == 0, shown.output
    assert sentence in shown.output
    assert bool(sentence) == ("unknown" in shown.output.lower())


def test_what_is_checked_explained_exported_and_reported_says_what_is_absent(core, run, tmp_path):
    name, warehouse = core
    checked = run(warehouse, "check", "acme", "--format", "json")
    assert checked.exit_code == 0, checked.output
    checks = {each["name"]: each for each in json.loads(checked.output)}
    assert {each["status"] for each in checks.values()} == {"passed", "failed", "not_applicable"}
    gone = {f"raw.{table}" for table in TABLES if table not in CORES[name]}
    assert {each["status"] for each in checks.values() if each["table"] in gone} == {"not_applicable"}

    explained = run(warehouse, "explain", "acme", "platform_inventory", "agents")
    assert "is_present = no" in explained.output
    assert "unknown: the table is absent or could not be read" in " ".join(explained.output.split())

    assert run(warehouse, "export", "acme", "--format", "csv", "-o", "csv").exit_code == 0
    listed = pl.read_csv(next((tmp_path / "csv").rglob("*platform_inventory.csv")))
    assert listed.filter(~pl.col("is_present"))["n_rows"].null_count() == len(TABLES) - len(CORES[name])
    assert run(warehouse, "report", "acme", "-o", "report.html").exit_code == 0
    assert "the source has no such table" in (tmp_path / "report.html").read_text()


def test_a_snapshot_of_before_these_tables_says_that_it_is_older(older, run):
    for words in (("show", "acme", "persona_evidence"), ("explain", "acme", "persona_evidence", str(uid("p1")))):
        told = run(older, *words)
        assert str(told.exception).startswith(
            "This snapshot is of an older version, which had no metric 'persona_evidence'."
        )
    assert run(older, "report", "acme", "-o", "report.html").exit_code == 0
    assert run(older, "export", "acme", "-o", "book.xlsx").exit_code == 0
    assert run(older, "what-if", "acme", "OUT-0", "satisfaction=7").exit_code == 0


@pytest.mark.parametrize("file", PAGES)
def test_a_page_opens_on_a_snapshot_of_before_these_tables(app, older, file):
    test = app(older, file)
    assert not test.exception
    assert [error.value for error in test.error] == []
