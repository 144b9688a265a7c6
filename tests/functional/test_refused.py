"""A clean tenant passes every check; once its source breaks, each defect is found, the build refused, and the old one serves."""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest

import vital_insights as vi
from tests import clean
from vital_insights import insights, pipeline
from vital_insights.demo.fill import create_reader
from vital_insights.quality import QualityProcess
from vital_insights.settings import Settings
from vital_insights.warehouse import snapshot

TWICE = """
alter table {table} rename to kept_{table};
create view {table} as select * from kept_{table} union all (select * from kept_{table} order by id limit {n});
"""
# The defect, the SQL that makes it, and the critical expectation meant for it with the number of rows that fail.
DEFECTS = {
    "a persona twice in a view without a key": (TWICE.format(table="personas", n=2), "personas.id_unique", 4),
    "a job twice": (TWICE.format(table="jobs_to_be_done", n=1), "jobs_to_be_done.id_unique", 2),
    "outcomes twice": (TWICE.format(table="jtbd_outcomes", n=3), "jtbd_outcomes.id_unique", 6),
    "a KPI whose id is no key": (
        """alter table jtbd_kpis rename to kept_kpis;
        create view jtbd_kpis as select case when row_number() over (order by k.id) = 1 then 'KPI-1' else k.id::text end as id, """
        "{kpis} from kept_kpis k",
        "jtbd_kpis.id_present", 1,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def url(module_database: str) -> str:
    clean.fill_database(module_database)
    return module_database


@pytest.fixture(scope="module")
def settings(url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(source_url=create_reader(url), warehouse=tmp_path_factory.mktemp("refused"))


@pytest.fixture(scope="module")
def process():
    with QualityProcess(deadline=120) as started:
        yield started


@pytest.fixture(scope="module")
def published(settings: Settings, process: QualityProcess) -> pipeline.Refreshed:
    return pipeline.refresh(clean.SLUG, settings=settings, checks=process)


@pytest.fixture(scope="module")
def refused(published, url, settings, process) -> pipeline.Refreshed:
    with psycopg.connect(url, autocommit=True) as connection:
        columns = connection.execute(
            "select string_agg('k.' || column_name, ', ') from information_schema.columns "
            "where table_schema = 'public' and table_name = 'jtbd_kpis' and column_name <> 'id'"
        ).fetchone()[0]
        for defect, *_ in DEFECTS.values():
            connection.execute(defect.replace("{kpis}", columns))
        role = psycopg.conninfo.conninfo_to_dict(settings.source_url.get_secret_value())["user"]
        connection.execute(f'grant select on all tables in schema public to "{role}"')
    return pipeline.refresh(clean.SLUG, settings=settings, checks=process)


def everything(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def test_a_clean_tenant_passes_every_check(published, settings):
    assert published.published
    assert [c.name for c in published.verdict if c.status != "passed"] == []
    assert len(published.verdict) > 350
    assert vi.check(clean.SLUG, settings=settings) == published.verdict


def test_asked_again_the_checks_say_the_same(published, settings):
    def said(verdict):
        return [(c.name, c.status, c.observed, c.n_failed, c.n_total, c.examples) for c in verdict]

    assert said(vi.check(clean.SLUG, settings=settings, rerun=True)) == said(published.verdict)


@pytest.mark.parametrize("defect", DEFECTS)
def test_each_defect_is_found_by_the_expectation_meant_for_it(defect, refused):
    _, name, n = DEFECTS[defect]
    (check,) = (check for check in refused.verdict if check.name == name)
    assert (check.severity, check.status, check.n_failed) == ("critical", "failed", n)
    assert not refused.verdict.errored


def test_the_build_is_refused_and_the_snapshot_before_goes_on_serving(published, refused, settings):
    assert not refused.published
    assert refused.path.name.startswith("refused-")
    snapshot.verify(refused.path)
    with insights.open_tenant(clean.SLUG, settings=settings) as opened:
        assert opened.snapshot.id == published.snapshot
        assert opened.verdict() == published.verdict
    assert [s.id for s in insights.snapshots(clean.SLUG, settings)] == [published.snapshot]
    with insights.open_tenant(clean.SLUG, settings=settings, snapshot_id=refused.snapshot) as opened:
        fates = dict(opened.history().filter(severity="critical").select("name", "change").iter_rows())
    assert {name: fates[name] for _, name, _ in DEFECTS.values()} == {name: "new" for _, name, _ in DEFECTS.values()}


def test_check_reports_the_refused_build(refused, settings, run):
    code, told, _ = run("check", clean.SLUG, VITAL_WAREHOUSE=str(settings.warehouse))
    assert (code, refused.snapshot in told, "REFUSED" in told) == (1, True, True)
    assert all(name in told for _, name, _ in DEFECTS.values())


def test_a_live_check_finds_them_too_and_leaves_nothing(refused, settings, run, tmp_path, monkeypatch):
    """While it works no file appears in the temporary folder, where it runs or in the warehouse: a kill could leave none.

    Only a named pipe, which holds nothing on disk, and an empty folder that Great Expectations makes and removes.
    """
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))  # this process asked long ago where that is
    before, seen, over = everything(settings.warehouse), set(), threading.Event()

    def watch() -> None:
        while not over.is_set():
            for folder in (tmp_path, settings.warehouse):
                with contextlib.suppress(FileNotFoundError):  # a folder went while it was listed
                    seen.update(path for path in folder.rglob("*") if path.is_file())
            time.sleep(0.02)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        url = settings.source_url.get_secret_value()
        code, told, error = run(
            "check", clean.SLUG, "--live", VITAL_SOURCE_URL=url, VITAL_WAREHOUSE=str(settings.warehouse)
        )
    finally:
        over.set()
        watching.join()
    assert (code, f"({clean.SLUG} live)" in told) == (1, True), error
    assert all(name in told for _, name, _ in DEFECTS.values())
    assert everything(settings.warehouse) == before
    assert [*tmp_path.rglob("*")] == [scratch]
    assert {path.name for path in seen} == set(before)


def test_the_command_line_refuses_too_and_publishes_anyway_when_told(published, refused, settings, run):
    """Exit codes, words and marks of the same steps: the older snapshot serves until publishing is asked for."""
    places = {"VITAL_SOURCE_URL": settings.source_url.get_secret_value(), "VITAL_WAREHOUSE": str(settings.warehouse)}

    def kept() -> list[tuple[str, bool]]:
        code, told, error = run("snapshots", clean.SLUG, "--format", "json", **places)
        assert code == 0, error
        return [(row["snapshot"], row["published_anyway"]) for row in json.loads(told)]

    code, told, error = run("refresh", clean.SLUG, **places)
    assert (code, "REFUSED" in told) == (1, True), error
    assert kept() == [(published.snapshot, False)]
    code, told, error = run("refresh", clean.SLUG, "--publish-anyway", **places)
    assert code == 0, error
    newest, before = kept()
    assert (newest[1], before) == (True, (published.snapshot, False))
    with insights.open_tenant(clean.SLUG, settings=settings) as opened:
        assert (opened.snapshot.id, opened.snapshot.manifest["published_anyway"]) == newest
    code, told, _ = run("check", clean.SLUG, **places)
    assert (code, "--publish-anyway" in told, "jtbd_outcomes.id_unique" in told) == (1, True, True)
