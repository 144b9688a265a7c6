"""Reading: one tenant, read-only, nothing else of the machine, whatever is asked."""

import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import duckdb
import polars as pl
import pytest

from tests import worlds
from tests.functional.warehouse.conftest import BETA
from vital_insights import insights
from vital_insights.errors import TenantUnknown, UsageError, WarehouseError
from vital_insights.settings import Settings
from vital_insights.warehouse import snapshot

FORBIDDEN = [
    "select * from read_text('/etc/passwd')", "select * from read_csv('/etc/passwd')", "select * from '/etc/passwd'",
    "select * from glob('/*')", "select * from read_blob('{beta}')", "select * from read_parquet('/x')",
    "copy metric.opportunity to '{out}'", "copy (select 1) to '{out}'", "export database '{out}'", "import database '/tmp'",
    "attach '{beta}' as other (read_only)", "attach '{out}' as other", "install httpfs", "load httpfs", "load '/tmp/x.so'",
    "set enable_external_access = true", "set lock_configuration = false", "reset lock_configuration", "set threads = 1",
    "set temp_directory = '{out}'", "pragma enable_profiling", "set global memory_limit = '1GB'", "create secret (type s3)",
    "set allowed_directories = ['/']", "select getenv('HOME')", "select * from sniff_csv('/etc/passwd')",
    "use memory; detach snapshot; attach '{beta}' as snapshot (read_only)",
]  # fmt: skip
WRITES = [
    "insert into metric.opportunity select * from metric.opportunity", "delete from raw.jobs_to_be_done", "drop table metric.opportunity",
    "update metric.opportunity set band = 'LOW'", "create table x (i int)", "create table snapshot.main.x (i int)",
    "create view snapshot.metric.v as select 1", "alter table metric.opportunity add column x int", "drop schema raw cascade",
    "truncate raw.personas", "create macro f() as 1", "insert into snapshot.main.manifest values ('{{}}')",
]  # fmt: skip


@pytest.mark.parametrize("statement", FORBIDDEN + WRITES)
def test_sql_reaches_no_file_no_setting_and_writes_nothing(acme, two_tenants, tmp_path, statement):
    [beta] = (two_tenants / str(BETA)).glob("*.duckdb")
    before = snapshot.digest(acme.snapshot.path)
    out = tmp_path / "out"
    with pytest.raises(UsageError):
        acme.sql(statement.format(beta=beta, out=out))
    assert not out.exists()
    assert snapshot.digest(acme.snapshot.path) == before


def test_sql_sees_one_tenant_only(acme):
    databases = acme.sql("select database_name, path from duckdb_databases() where not internal")
    attached = [path for path in databases["path"].to_list() if path]
    assert attached == [str(acme.snapshot.path)]
    assert acme.sql("select name from raw.jobs_to_be_done where name like '%canary%'").is_empty()


def test_sql_sees_no_python_variable_of_ours(acme):
    frame = pl.DataFrame({"secret": [1]})
    with pytest.raises(UsageError, match="frame"):
        acme.sql("select * from frame")
    assert frame.height == 1


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 'x') to '{path}.wal' (format csv)", "copy (select 'x') to '{path}' (format csv)",
        "copy (select 'x') to '{path}.wal.checkpoint'", "copy (select 'x') to '{path}.wal.recovery'",
        "explain analyze copy (select 'x') to '{path}.wal'", "select 1; select 2", "select 1; copy (select 1) to '{path}.wal'",
        "set search_path = 'memory'", "pragma version", "attach ':memory:' as x", "create table memory.main.z (n int)", "",
    ],
)  # fmt: skip
def test_sql_is_one_select_and_leaves_nothing_beside_the_sealed_file(acme, statement):
    # DuckDB counts the attached file and its logs among what may be written, whatever external access says.
    path = acme.snapshot.path
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(UsageError, match="not one SELECT"):
        acme.sql(statement.format(path=path))
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == before


@pytest.mark.parametrize("suffix", [".wal", ".wal.checkpoint", ".wal.recovery"])
def test_a_log_laid_beside_a_sealed_file_is_never_replayed(copied, suffix):
    settings = Settings(source_url=None, warehouse=copied)
    with insights.open_tenant("acme", settings=settings) as opened:
        path = opened.snapshot.path
    (path.parent / (path.name + suffix)).write_bytes(b"x")
    with pytest.raises(WarehouseError):
        insights.open_tenant(path.parent.name, settings=settings)
    with snapshot.exclusive(path.parent):
        pass  # the next refresh clears up
    insights.open_tenant("acme", settings=settings).close()


def test_sql_binds_its_parameters_and_starts_afresh_each_time(acme):
    assert acme.sql("select count(*) as n from metric.opportunity where band = ?", ["HIGH"])["n"][0] == 2
    assert acme.sql("select count(*) as n from jobs")["n"][0] == 2  # model.jobs: the search path is as ever
    assert acme.metric("opportunity").height == 8


@pytest.mark.parametrize(
    "statement",
    [
        "selec",
        "select",
        "select 1/0 +",
        "select cast('x' as int)",
        "select interval 1 day",
        "\ud800",
        "select ?",
        "select 1 where '",
    ],
)
def test_sql_that_cannot_be_answered_is_a_usage_error(acme, statement):
    with pytest.raises(UsageError, match="The query failed"):
        acme.sql(statement)


def test_a_table_or_column_that_is_not_there_has_a_near_one_and_the_statement_is_not_quoted(acme):
    for statement, near in (
        ("select 'secret' from metric.oportunity", 'Did you mean ".*opportunity"'),
        ("select 'secret', scor from metric.opportunity", 'Candidate bindings: .*"score"'),
    ):
        with pytest.raises(UsageError, match=near) as raised:
            acme.sql(statement)
        assert "secret" not in str(raised.value)


def test_sql_gives_ids_as_text_also_where_a_name_comes_twice(acme):
    found = acme.sql("select outcome_id, outcome_id, 1 as n from metric.opportunity")
    assert set(found.dtypes) == {pl.String, pl.Int32}


def test_reading_leaves_no_trace_on_the_disk(acme, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in acme.snapshot.path.parent.iterdir())
    acme.sql("select a.i from range(300000) a(i) order by hash(a.i)")
    assert list(tmp_path.iterdir()) == []
    assert sorted(path.name for path in acme.snapshot.path.parent.iterdir()) == before


def test_instants_are_in_utc_wherever_the_reader_sits(two_tenants):
    code = (
        "from vital_insights import insights\n"
        "with insights.open_tenant('acme') as opened:\n"
        "    print(opened.metric('method')['taken_at'][0].isoformat())\n"
        "    print(opened.sql('select taken_at, hour(taken_at) as h from model.snapshot').row(0))\n"
    )
    there = {**os.environ, "TZ": "America/New_York", "VITAL_WAREHOUSE": str(two_tenants)}
    done = subprocess.run([sys.executable, "-c", code], env=there, capture_output=True, text=True, timeout=300)
    assert done.stdout.splitlines()[0] == worlds.TAKEN_AT.isoformat(), done.stderr
    assert "zoneinfo.ZoneInfo(key='UTC')), 6)" in done.stdout


def test_eight_threads_read_at_once(acme):
    expected = acme.metric("opportunity")
    start = threading.Barrier(8)

    def read(n):
        start.wait()
        return all(
            acme.metric("opportunity").equals(expected)
            and acme.table("jobs").height == 2
            and acme.sql("select count(*) as n from metric.opportunity")["n"][0] == 8
            and acme.metric("opportunity", where={"band": "HIGH"}).height == 2
            for _ in range(10 if n % 2 else 5)
        )

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(8))) == [True] * 8


def test_a_file_in_the_folder_of_another_tenant_is_not_opened(copied):
    [beta] = (copied / str(BETA)).glob("*.duckdb")
    acme = copied / str(worlds.ACME)
    for suffix in (".duckdb", ".sha256"):
        shutil.copy(beta.with_suffix(suffix), acme)
    (acme / "CURRENT").write_text(beta.stem + "\n")
    with pytest.raises(WarehouseError, match="another tenant"):
        insights.open_tenant("acme", settings=Settings(warehouse=copied))
    with pytest.raises(UsageError):
        insights.open_tenant("beta", settings=Settings(warehouse=copied), snapshot_id=snapshot.names(acme)[-1])


def test_a_slug_that_is_the_id_of_another_opens_nobody_elses_file(copied):
    worlds.publish(copied / str(BETA), {}, BETA, slug=str(worlds.ACME))
    with insights.open_tenant(str(worlds.ACME), settings=Settings(warehouse=copied)) as opened:
        assert opened.tenant.id == worlds.ACME


def test_two_tenants_of_one_slug_are_told_apart_by_id(copied):
    worlds.publish(copied / str(BETA), {}, BETA, slug="acme")
    with pytest.raises(TenantUnknown, match=rf"2 tenants(.|\n)*{worlds.ACME}, {BETA}"):
        insights.open_tenant("acme", settings=Settings(warehouse=copied))


SPOILT = {
    "a table lost a row": "delete from metric.opportunity where rank = 5",
    "a table is gone": "drop table quality.verdict",
    "a table grew": "insert into model.jobs select * from model.jobs",
    "the manifest counts more": "update manifest set document = replace(document, 'opportunity\": 8', 'opportunity\": 9')",
    "the manifest is gone": "drop table manifest",
    "the manifest is empty": "delete from manifest",
    "the manifest is no JSON": "update manifest set document = 'x'",
    "the manifest is no object": "update manifest set document = '[]'",
    "the manifest counts nothing": "update manifest set document = replace(document, '\"rows\"', '\"rosw\"')",
    "the manifest names nobody": "update manifest set document = '{}'",
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_file_that_is_not_what_its_manifest_says_is_not_opened(copied, what):
    """Even where the seal was made again to fit."""
    folder = copied / str(worlds.ACME)
    path = folder / f"{snapshot.current(folder)}.duckdb"
    path.chmod(0o600)
    with duckdb.connect(str(path)) as connection:
        connection.execute(SPOILT[what])
    seal = path.with_suffix(".sha256")
    seal.chmod(0o600)
    seal.write_text(f"{snapshot.digest(path)}  {path.name}\n")
    with pytest.raises(WarehouseError, match=r"is not opened|cannot be opened"):
        insights.open_tenant("acme", settings=Settings(warehouse=copied))


DAMAGE = {"cut": lambda b: b[:20_000], "zero": lambda b: bytes(len(b)), "flipped": lambda b: bytes(x ^ 1 for x in b)}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_file_that_is_spoilt_while_it_is_open_is_an_error_of_the_warehouse(copied, damage):
    with insights.open_tenant("acme", settings=Settings(warehouse=copied)) as opened:
        opened.snapshot.path.chmod(0o600)
        opened.snapshot.path.write_bytes(damage(opened.snapshot.path.read_bytes()))
        for read in (opened.metric, opened.table, opened.sql):
            with pytest.raises(WarehouseError):
                read({opened.metric: "opportunity", opened.table: "jobs", opened.sql: "select 1"}[read])
