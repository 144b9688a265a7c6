"""Every metric file on Spark and on Postgres, against what the refresh stored: the same rows to the last digit."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import stat
import subprocess
import sys
import types
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import psycopg
import pytest

from tests import worlds
from tests.worlds import uid
from vital_insights import engines, insights
from vital_insights.engines import postgres, session, shape
from vital_insights.errors import UsageError, VitalError, WarehouseError
from vital_insights.settings import Settings
from vital_insights.warehouse import sqlfile

METRICS = [file.name for file in sqlfile.files("metric")]
OTHERS = [engine for engine in engines.ENGINES if engine != "duckdb"]
NOW = datetime(2026, 2, 3, 4, 5, 6, 789012, tzinfo=UTC)

# What differs from engine to engine when anything does: loops, diamonds, ties, NULLs, odd text, thirds, the widest numbers.
ODD: dict[str, list[dict[str, object]]] = {
    **worlds.SMALL,
    "org_functions": [
        *worlds.SMALL["org_functions"],
        {"id": uid("f3"), "name": "Loop", "parent_id": uid("f4")},
        {"id": uid("f4"), "name": None, "parent_id": uid("f3")},
        {"id": uid("f5"), "name": "Commercial", "parent_id": uid("nowhere")},
        {"id": uid("f6"), "name": "Gone", "deleted_at": NOW},
        {"id": uid("f7"), "name": "Team", "parent_id": uid("f2")},
    ],
    "org_roles": [
        *worlds.SMALL["org_roles"],
        {"id": uid("r3"), "name": "a,\"b\"\n'c' \\ é 🙂", "function_id": uid("f3"), "code": ""},
        {"id": uid("r4"), "name": "Deputy", "function_id": uid("f7"), "reports_to_role_id": uid("r2")},
    ],
    "jobs_to_be_done": [
        *worlds.SMALL["jobs_to_be_done"],
        {"id": uid("j3"), "code": "", "name": "\\N", "importance_score": Decimal("9.999999"), "satisfaction_score": Decimal("0.000001"),
         "validation_score": Decimal("0.333333"), "updated_at": NOW, "functional_area": "it_digital", "complexity": " HIGH "},
        {"id": uid("j4"), "code": "J-4", "name": "Old", "status": " Archived ", "org_function_id": uid("f1")},
        {"id": uid("j5"), "code": "J-5", "name": "Odd one", "org_function_id": uid("f3"), "importance_score": Decimal(-1)},
    ],
    "jtbd_outcomes": [
        *worlds.SMALL["jtbd_outcomes"],
        *({"id": uid(f"x{n}"), "outcome_id": "X", "outcome_statement": text, "jtbd_id": uid("j5"),
           "importance_score": Decimal(n) / 3, "satisfaction_score": Decimal("0.1") * n, "updated_at": NOW,
           "opportunity_score": Decimal("12.05"), "opportunity_priority": " High ", "outcome_type": text}
          for n, text in enumerate(["z", "Z", "é", "_", "", None, " ", "ß"])),
        {"id": uid("x9"), "outcome_statement": "nobody's", "importance_score": Decimal("999999999999.999999"), "satisfaction_score": None},
    ],
    "jtbd_roles": [
        *worlds.SMALL["jtbd_roles"],
        {"jtbd_id": uid("j3"), "role_id": uid("r4"), "is_primary": True},
        {"jtbd_id": uid("j5"), "role_id": uid("r3"), "is_primary": None},
        {"jtbd_id": uid("j5"), "role_id": uid("r3"), "is_primary": False, "relevance_score": Decimal("0.1")},
    ],
    "jtbd_kpis": [
        {"id": uid(f"k{n}"), "jtbd_id": uid("j1"), "direction": way, "target_value": target, "current_value": now}
        for n, (way, target, now) in enumerate([
            ("Higher", Decimal("12345678901.5"), Decimal("999999999999.123456")), ("down", Decimal(3), Decimal(1)),
            (" ", Decimal(7), Decimal("-2.5")), ("sideways", Decimal(0), None), (None, None, Decimal("0.000001")),
        ])
    ],
    "jtbd_obstacles": [
        {"id": uid(f"b{n}"), "jtbd_id": uid("j1"), "obstacle_type": kind, "severity": severity}
        for n, (kind, severity) in enumerate([("technical", "critical"), (" Technical", "CRITICAL "), (None, ""), ("É", "awful")])
    ],
    "jtbd_constraints": [{"id": uid("c1"), "jtbd_id": uid("j3"), "constraint_type": "budget", "impact": "low"}],
    "jtbd_success_criteria": [{"id": uid("s1"), "jtbd_id": uid("j3")}],
    "persona_case_studies": [{"id": uid("e1"), "persona_id": uid("p1")}],
    "panel_discussions": [{"id": uid("t1"), "jtbd_id": uid("j1")}],
}  # fmt: skip


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """The odd world as a published snapshot."""
    warehouse = tmp_path_factory.mktemp("odd")
    folder = warehouse / str(worlds.ACME)
    folder.mkdir()
    worlds.publish(folder, ODD)
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as found:
        yield found


@pytest.fixture(scope="module")
def opened(demo_warehouse, odd):
    """A sample tenant and the odd world."""
    with insights.open_tenant("aldermoor", settings=Settings(warehouse=demo_warehouse)) as demo:
        yield {"demo": demo, "odd": odd}


@pytest.fixture(scope="module")
def spark():
    """One session for the whole file, begun as `--engine spark` begins it."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip(
            "no Java on this machine: apt-get install openjdk-17-jre-headless"
        )  # under VITAL_NO_SKIP=1 a failure
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            "JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m"
        )  # plans of tiny tables never repay the second compiler
        with session.opened() as found:
            yield found


@pytest.fixture(scope="module")
def scratch(new_database):
    """Settings that name an empty database, on a server whose texts sort by a language and not by bytes where it can."""
    return Settings(engine_url=new_database())


@pytest.fixture(scope="module")
def computed(request, opened, scratch):
    """`computed(engine, world)`: every metric, computed once for all tests."""
    done: dict[tuple[str, str], dict[str, pl.DataFrame]] = {}

    def compute(engine: str, world: str) -> dict[str, pl.DataFrame]:
        if engine == "spark":
            request.getfixturevalue("spark")
        if (engine, world) not in done:
            done[engine, world] = engines.compute(engine, opened[world].write_parquet, needed(), tables(), scratch)
        return done[engine, world]

    return compute


def tables() -> list[str]:
    return [f"metric.{name}" for name in METRICS]


def needed(*names: str) -> list[sqlfile.SqlFile]:
    """The files of these metrics, or of all, in the order they build in: what no metric reads is left out."""
    every = sqlfile.definitions()
    keep = {f.table for name in names or METRICS for f in sqlfile.in_build_order(every, only=f"metric.{name}")}
    return [file for file in sqlfile.in_build_order(every) if file.table in keep]


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize("world", ["demo", "odd"])
@pytest.mark.parametrize("metric", METRICS)
def test_an_engine_gives_what_the_refresh_stored(computed, opened, engine, world, metric):
    found, stored = computed(engine, world)[f"metric.{metric}"], in_utc(opened[world].metric(metric))
    assert found.schema == stored.schema
    assert world == "odd" or stored.height > 0
    # Texts of whole rows: a decimal with its zeros, a double to its last bit, None and '' apart.
    got, told = Counter(map(repr, found.rows())), Counter(map(repr, stored.rows()))
    assert (list((got - told).elements())[:3], list((told - got).elements())[:3]) == ([], [])


def in_utc(frame: pl.DataFrame) -> pl.DataFrame:
    """The same instants under one name: DuckDB may call UTC Etc/UTC."""
    return frame.with_columns(pl.selectors.datetime().dt.convert_time_zone("UTC"))


def test_the_odd_world_is_odd(opened):
    """Else the comparison above would prove little: loops, ties, halves of text and every band are in it."""
    connection = opened["odd"]
    assert set(connection.metric("opportunity")["band"]) == {"HIGH", "MEDIUM", "LOW", "UNSCORED"}
    assert connection.sql("select count(*) as n from model.tree_findings where kind = 'cycle'")["n"][0] == 2
    means = connection.metric("opportunity_by")["mean_score"].drop_nulls()
    assert any(value != round(value, 6) for value in means)


def test_parquet_holds_one_tenant_with_exact_types(opened, tmp_path):
    reading = opened["odd"]
    folder = reading.write_parquet(tmp_path)
    assert folder == tmp_path / str(worlds.ACME) / reading.snapshot.id
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert pl.read_parquet(path).equals(in_utc(reading._reader.frame(f"select * from raw.{path.stem}")))
    frame = pl.read_parquet(folder / "jtbd_outcomes.parquet")
    kinds = (
        frame.schema["id"],
        frame.schema["importance_score"],
        frame.schema["updated_at"],
        frame.schema["is_shared"],
    )
    assert kinds == (pl.String(), pl.Decimal(18, 6), pl.Datetime("us", "UTC"), pl.Boolean())
    assert frame["importance_score"].max() == Decimal("999999999999.999999")
    assert frame["updated_at"].max() == NOW
    with pytest.raises(UsageError, match="is there already"):
        reading.write_parquet(tmp_path)
    with pytest.raises(WarehouseError, match="cannot be written"):
        reading.write_parquet(Path("/proc/nowhere"))


def broken(sql: str) -> list[sqlfile.SqlFile]:
    return [dataclasses.replace(sqlfile.metric("band_summary"), sql=sql)]


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select nothing from raw.tenants", "nothing"),
        ("select from where", "."),
        ("select cast(name as bigint) as n from raw.tenants", "."),
        ("select * from raw.nowhere", "raw.nowhere"),
        ("select 1 as wrong", "columns wrong"),
    ],
    ids=["column", "syntax", "value", "table", "columns"],
)
def test_a_file_that_fails_is_named_and_nothing_stays(
    request, monkeypatch, opened, scratch, tmp_path, engine, sql, told
):
    if engine == "spark":
        request.getfixturevalue("spark")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(VitalError, match=r"band_summary\.sql") as caught:
        engines.compute(engine, opened["odd"].write_parquet, broken(sql), ["metric.band_summary"], scratch)
    assert engine in str(caught.value) or isinstance(caught.value, WarehouseError)
    assert told in str(caught.value)
    assert "Acme" not in str(caught.value)  # a row's own text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", OTHERS)
def test_nothing_stays_on_the_engine(request, computed, scratch, engine):
    computed(engine, "odd")
    if engine == "spark":
        assert [found.name for found in request.getfixturevalue("spark").catalog.listDatabases()] == ["default"]
    else:
        with psycopg.connect(scratch.engine_url.get_secret_value()) as connection:
            there = connection.execute("select count(*) from pg_namespace where nspname in ('raw', 'model', 'metric')")
            assert there.fetchone() == (0,)


def test_a_spark_that_goes_away_is_one_sentence(odd, scratch, monkeypatch):
    """At any statement, those that clear up among them: they meet the same silence."""
    py4j = pytest.importorskip("py4j.protocol")

    class Gone:
        catalog = types.SimpleNamespace(databaseExists=lambda _: False)

        def sql(self, statement):
            if statement != "create database raw":
                raise py4j.Py4JNetworkError("10.0.0.1 said: a row")

    monkeypatch.setattr(session, "require", lambda: None)
    monkeypatch.setattr(session, "opened", lambda **_: contextlib.nullcontext(Gone()))
    with pytest.raises(VitalError, match=r"^Spark ended before it was done \(Py4JNetworkError\)\.$"):
        engines.compute("spark", odd.write_parquet, needed("method"), ["metric.method"], scratch)


def test_a_spark_that_holds_such_databases_is_left_alone(spark, opened, scratch):
    spark.sql("create database model")
    try:
        with pytest.raises(UsageError, match="already has a database 'model'"):
            engines.compute("spark", opened["odd"].write_parquet, needed("method"), ["metric.method"], scratch)
        assert spark.catalog.databaseExists("model")
        assert not spark.catalog.databaseExists("raw")
    finally:
        spark.sql("drop database model")


@pytest.mark.parametrize("statement", ["create schema model", "create table public.jobs_to_be_done (id uuid)"])
def test_a_database_in_use_is_left_alone(database, opened, statement):
    with psycopg.connect(database) as connection:
        connection.execute(statement)
    with pytest.raises(UsageError, match=r"already holds '(model|public\.jobs_to_be_done)'; nothing was touched"):
        engines.compute(
            "postgres", opened["odd"].write_parquet, needed("method"), ["metric.method"], Settings(engine_url=database)
        )


@pytest.mark.parametrize(
    "source", ["postgresql://reader:r3@DB:5432/vital", "postgresql+psycopg://other:x@DB/vital", "postgres://DB/vital"]
)
def test_the_source_is_never_computed_in(opened, source):
    settings = Settings(source_url=source.replace("DB", "db.test"), engine_url="postgresql://me:s3cret@db.test/vital")
    with pytest.raises(UsageError, match="names the source") as caught:
        postgres.require(settings)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:s3cret@127.0.0.1:1/x",
        "postgresql://me:s3cret@:::/x",
        "me:s3cret",
        "postgresql://me:s3%zzcret@h/x",
    ],
)
def test_a_password_is_never_repeated(odd, url):
    with pytest.raises(VitalError) as caught:
        engines.compute(
            "postgres", odd.write_parquet, needed("method"), ["metric.method"],
            Settings(engine_url=url, source_url="postgresql://me@elsewhere/x", connect_timeout=2),
        )  # fmt: skip
    assert "s3" not in str(caught.value)


def test_without_a_database_the_next_command_is_told():
    with pytest.raises(UsageError, match="export VITAL_ENGINE_URL="):
        postgres.require(Settings())


@pytest.mark.parametrize("engine", OTHERS)
def test_an_empty_tenant_is_empty_everywhere(request, scratch, tmp_path, engine):
    if engine == "spark":
        request.getfixturevalue("spark")
    worlds.publish(tmp_path / str(worlds.ACME))
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)) as empty:
        found = engines.compute(engine, empty.write_parquet, needed("band_summary"), ["metric.band_summary"], scratch)
        assert found["metric.band_summary"].sort("place").equals(empty.metric("band_summary"))


def test_what_a_killed_run_left_is_taken_away_by_the_next(tmp_path):
    """And what another run still holds is not; nor what is not ours by name."""
    leave = (
        "import os, sys; from pathlib import Path; from vital_insights import engines; from vital_insights.settings import Settings\n"
        "with engines._folder(Settings(engine_folder=Path(sys.argv[1]))) as folder:\n"
        "    (folder / 'rows').write_text('x'); print(folder, flush=True); sys.stdin.read(); os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", leave, str(tmp_path)]
    (tmp_path / "vital-parquet").mkdir()
    (tmp_path / "vital-parquet-link").symlink_to(tmp_path / "vital-parquet")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        left = Path(other.stdout.readline().strip())
        settings = Settings(engine_folder=tmp_path)
        with engines._folder(settings):
            assert (left / "rows").is_file()  # it runs
        other.stdin.close()
        assert other.wait() == -9
        assert left.is_dir()
        with engines._folder(settings) as folder:
            assert not left.exists()
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(each.name for each in tmp_path.iterdir()) == ["vital-parquet", "vital-parquet-link"]


def test_a_folder_that_cannot_be_written_is_named(monkeypatch, odd, scratch):
    def compute(settings):
        engines.compute("postgres", odd.write_parquet, needed("method"), ["metric.method"], settings)

    with pytest.raises(WarehouseError, match=r"/proc/nowhere cannot be written"):
        compute(scratch.model_copy(update={"engine_folder": Path("/proc/nowhere")}))
    monkeypatch.setattr("tempfile.tempdir", "/proc/nowhere")
    with pytest.raises(WarehouseError, match="The folder for temporary files cannot be written"):
        compute(scratch)


def test_an_unknown_engine_offers_the_known(opened):
    with pytest.raises(UsageError, match="did you mean spark"):
        opened["odd"].metric("opportunity", engine="sparc")


def test_what_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(VitalError, match=r"pip install 'vital-insights\[spark\]'") as caught:
        session.require()
    assert caught.value.exit_code == 3
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    with pytest.raises(VitalError, match=r"pip install 'vital-insights\[postgres\]'"):
        postgres.require(Settings())


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (None, "there is none at JAVA_HOME"),
        ("exit 1", "there is none at JAVA_HOME"),
        ("printf '\\377\\n' >&2", "this is unknown"),
        ("echo 'openjdk version \"11.0.2\"' >&2", "this is 11"),
        ("echo 'java version \"1.8.0_202\"' >&2", "this is 8"),
    ],
)
def test_the_java_that_is_needed_is_told(monkeypatch, tmp_path, script, told):
    pytest.importorskip("pyspark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    if script is not None:
        java = tmp_path / "bin" / "java"
        java.parent.mkdir()
        java.write_text(f"#!/bin/sh\n{script}\n")
        java.chmod(0o755)
    with pytest.raises(VitalError, match="Java 17") as caught:
        session.require()
    assert told in str(caught.value)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("kind", "values", "fits"),
    [
        ("DECIMAL(18,6)", pl.Series([Decimal("1.5000000"), None], dtype=pl.Decimal(20, 7)), True),
        ("DECIMAL(18,6)", pl.Series([Decimal("1.5000001")], dtype=pl.Decimal(20, 7)), False),
        ("BIGINT", pl.Series([Decimal(7)], dtype=pl.Decimal(38, 0)), True),
        ("BIGINT", pl.Series([Decimal(2**63)], dtype=pl.Decimal(38, 0)), False),
        ("BIGINT", pl.Series([1.5]), False),
        ("VARCHAR", pl.Series(["", None]), True),
    ],
)
def test_the_header_says_the_type_and_no_value_changes(kind, values, fits):
    file = dataclasses.replace(needed("method")[-1], columns={"c": {"type": kind}})
    frame = pl.DataFrame({"c": values})
    if fits:
        shaped = shape.shaped(file, frame, "spark")["c"]
        assert shaped.dtype == shape.dtype(kind)
        assert shaped.to_list() == values.to_list()
    else:
        with pytest.raises(VitalError, match=r"method\.sql failed on spark: c holds"):
            shape.shaped(file, frame, "spark")


HIGH = ["--where", "band=HIGH", "--format", "csv"]


@pytest.mark.parametrize(
    ("engine", "words"),
    [("spark", HIGH), ("postgres", HIGH), ("postgres", ["--limit", "2"]), ("postgres", ["--where", "band=HIHG"])],
)
def test_the_command_line_prints_the_same(request, opened, scratch, tmp_path, engine, words):
    """In a process of its own; on Spark once, for a start of Java takes seconds."""
    if engine == "spark":
        request.getfixturevalue("spark")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VITAL_")}
    environment |= {
        "VITAL_WAREHOUSE": str(opened["odd"].snapshot.path.parents[1]), "VITAL_ENGINE_URL": scratch.engine_url.get_secret_value(),
        "COLUMNS": "200", "TMPDIR": str(tmp_path),
    }  # fmt: skip

    def show(on: str) -> tuple[int, str, str]:
        command = [sys.executable, "-c", "from vital_insights.cli import main; main()", "show", "acme", "opportunity"]
        done = subprocess.run(
            [*command, *words, "--engine", on], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        return done.returncode, done.stdout, done.stderr

    code, out, err = show(engine)
    assert (code, out) == show("duckdb")[:2], err
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_just_begins_keeps_its_folder_when_another_sweeps(tmp_path, monkeypatch):
    hold = engines._hold

    def swept_before(folder: Path) -> int | None:
        monkeypatch.setattr(engines, "_hold", hold)
        engines._clear(tmp_path)
        return hold(folder)

    monkeypatch.setattr(engines, "_hold", swept_before)
    with engines._folder(Settings(engine_folder=tmp_path)) as folder:
        engines._clear(tmp_path)
        assert folder.is_dir()
        assert folder.name.startswith(engines._PREFIX)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not [*tmp_path.iterdir()]
