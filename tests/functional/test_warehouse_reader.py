"""Reading: one tenant, read-only, nothing else of the machine, whatever is asked."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import worlds
from tests.conftest import PROVE
from tests.worlds import uid
from vital_insights import insights
from vital_insights.errors import TenantUnknown, UsageError, VitalError, WarehouseError
from vital_insights.settings import Settings
from vital_insights.warehouse import snapshot

BETA = UUID("bbbbbbbb-0000-4000-8000-000000000002")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Two tenants; acme has two snapshots."""
    folder = tmp_path_factory.mktemp("warehouse")
    worlds.publish(folder / str(worlds.ACME), {})
    worlds.publish(folder / str(worlds.ACME), worlds.SMALL)
    worlds.publish(
        folder / str(BETA), {"jobs_to_be_done": [{"id": uid("beta"), "name": "canary of beta"}]}, BETA, "beta"
    )
    return folder


@pytest.fixture(scope="module")
def chosen(warehouse):
    return Settings(warehouse=warehouse)


@pytest.fixture(scope="module")
def acme(chosen):
    with insights.open_tenant("acme", settings=chosen) as opened:
        yield opened


@pytest.fixture
def copied(warehouse, tmp_path):
    """A copy of the warehouse that a test may spoil."""
    shutil.copytree(warehouse, tmp_path / "copied")
    return tmp_path / "copied"


def scores(frame):
    return [str(score) if score is not None else None for score in frame["score"]]


# What a metric gives


def test_the_best_come_first_and_equals_by_id(acme):
    found = acme.metric("opportunity")
    assert scores(found) == ["15.800000", "15.800000", "12.000000", "12.000000", "8.000000", "5.000000", None, None]
    assert found["rank"].to_list() == [1, 1, 3, 3, 5, 6, None, None]
    ids = found["outcome_id"].to_list()
    assert ids[:2] == sorted(ids[:2])
    assert found.schema["outcome_id"] == pl.String
    assert found.schema["score"] == pl.Decimal(18, 6)


@pytest.mark.parametrize(
    ("where", "n"),
    [
        ({}, 8),
        (None, 8),
        ({"band": "HIGH"}, 2),
        ({"band": ["HIGH", "LOW"]}, 3),
        ({"band": ("HIGH", "LOW"), "region": "underserved"}, 2),
        ({"band": {"UNSCORED"}}, 2),
        ({"band": []}, 0),
        ({"score": None}, 2),
        ({"score": [None]}, 2),
        ({"score": [None, Decimal(12)]}, 4),
        ({"score": Decimal(12)}, 2),
        ({"score": 12}, 2),
        ({"score": 12.0}, 2),
        ({"score": "12"}, 2),
        ({"score": ["12.0", "15.8"]}, 4),
        ({"score": 15.8}, 2),
        ({"importance": Decimal("9.5")}, 2),
        ({"score": "12.0000001"}, 0),
        ({"score": Decimal("12.0000001")}, 0),
        ({"score": "high"}, 0),
        ({"score": float("nan")}, 0),
        ({"rank": ["1"]}, 2),
        ({"rank": 1}, 2),
        ({"outcome_id": uid("o0")}, 1),
        ({"outcome_id": str(uid("o0")).upper()}, 1),
        ({"outcome_id": [str(uid("o0")), uid("o1")]}, 2),
        ({"outcome_id": str(uid("of nobody"))}, 0),
        ({"job_id": [str(uid("j2"))]}, 3),
        ({"stored_agrees": None}, 8),
        ({"stored_agrees": True}, 0),
    ],
    ids=str,
)
def test_conditions(acme, where, n):
    assert acme.metric("opportunity", where=where).height == n
    assert acme.count("opportunity", where) == n


def test_flags_may_be_asked_for_alone_in_a_list_and_as_text(acme):
    for asked in (True, [True], "true", ["true"], [True, False]):
        assert acme.table("jobs", where={"is_live": asked}).height == 2, asked
    for asked in (False, [False], "false", ["false"]):
        assert acme.table("jobs", where={"is_live": asked}).height == 0, asked


def test_columns_come_in_the_order_asked_for_and_once(acme):
    assert acme.metric("opportunity", columns=["score", "band", "score"]).columns == ["score", "band"]
    assert acme.table("roles", columns=("role_name",))["role_name"].to_list() == sorted_by_id(
        "r1", "r2", names=("Rep", "Lead")
    )


def sorted_by_id(*ids, names):
    return [name for _, name in sorted(zip([str(uid(i)) for i in ids], names, strict=True))]


@pytest.mark.parametrize(("limit", "n"), [(None, 8), (0, 0), (3, 3), (100, 8)])
def test_a_limit_cuts_and_does_not_reorder(acme, limit, n):
    assert acme.metric("opportunity", limit=limit).equals(acme.metric("opportunity").head(n))


@pytest.mark.parametrize("limit", [-1, 1.5, "3", 2**63])
def test_a_limit_is_a_whole_number(acme, limit):
    with pytest.raises(UsageError, match="limit"):
        acme.metric("opportunity", limit=limit)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda a: a.metric("oportunity"), "opportunity"),
        (lambda a: a.count("oportunity"), "opportunity"),
        (lambda a: a.metric("jobs"), "There is no metric 'jobs'"),
        (lambda a: a.table("job"), "did you mean jobs"),
        (lambda a: a.metric("opportunity", where={"bnad": "HIGH"}), "did you mean band"),
        (lambda a: a.count("opportunity", {"bnad": "HIGH"}), "did you mean band"),
        (lambda a: a.metric("opportunity", columns=["scor"]), "did you mean score"),
        (lambda a: a.metric("opportunity", where={"band": "HIHG"}), "did you mean HIGH"),
        (lambda a: a.metric("opportunity", where={"band": ["HIHG"]}), "did you mean HIGH"),
        (lambda a: a.metric("opportunity", where={"band": "zzz"}), "there are: HIGH, LOW, MEDIUM, UNSCORED"),
        (lambda a: a.metric("opportunity", where={3: "x"}), "no column '3'"),
        (lambda a: a.metric("opportunity", columns=[None]), "no column 'None'"),
        (lambda a: a.sql("select scor from metric.opportunity"), "scor"),
        (lambda a: insights.shown_columns("oportunity"), "opportunity"),
    ],
)
def test_what_is_not_there_is_named_with_the_nearest(acme, call, told):
    with pytest.raises(UsageError) as error:
        call(acme)
    assert told in str(error.value)


def test_a_word_that_is_right_but_met_by_no_row_is_an_empty_answer(acme):
    assert acme.metric("opportunity", where={"band": "LOW", "region": "underserved"}).is_empty()


hostile = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            '"',
            "'",
            "; drop table x",
            "x' or '1'='1",
            '" or true --',
            "../../etc/passwd",
            "\x00",
            "\ud800",
            "a\nb",
            "%",
            "*",
        ]
    ),
)
anything = st.one_of(
    hostile, st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.binary(max_size=9), st.dates(), st.datetimes(),
    st.timedeltas(), st.uuids(), st.complex_numbers(), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.lists(st.one_of(hostile, st.none(), st.integers(), st.lists(st.integers(), max_size=2)), max_size=3),
)  # fmt: skip
COLUMNS = ["band", "score", "outcome_id", "rank", "updated_at", "stored_agrees", "statement"]


@settings(max_examples=5000 if PROVE else 150)
@given(
    name=st.one_of(hostile, st.sampled_from(["opportunity", "coverage_by"])),
    where=st.dictionaries(st.one_of(hostile, st.sampled_from(COLUMNS)), anything, max_size=2),
)
def test_hostile_names_and_values_are_usage_errors_and_escape_nothing(acme, name, where):
    for call in (
        lambda: acme.metric(name, where=where),
        lambda: acme.count(name, where),
        lambda: acme.table(name, where=where),
    ):
        try:
            found = call()
        except UsageError:
            continue
        assert isinstance(found, int) or found.height <= 9
        if not where:
            assert name in ("opportunity", "coverage_by")


@settings(max_examples=2500 if PROVE else 60)  # two names each
@given(name=hostile)
def test_hostile_tenant_and_snapshot_names_open_nothing(chosen, name):
    with pytest.raises(TenantUnknown):
        insights.open_tenant(name, settings=chosen)
    if name:
        with pytest.raises(UsageError):
            insights.open_tenant("acme", settings=chosen, snapshot_id=name)


# Nothing else within reach


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
def test_sql_reaches_no_file_no_setting_and_writes_nothing(acme, warehouse, tmp_path, statement):
    [beta] = (warehouse / str(BETA)).glob("*.duckdb")
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


def test_sql_binds_its_parameters_and_starts_afresh_each_time(acme):
    assert acme.sql("select count(*) as n from metric.opportunity where band = ?", ["HIGH"])["n"][0] == 2
    acme.sql("set search_path = 'snapshot.raw'")
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


def test_sql_gives_ids_as_text_also_where_a_name_comes_twice(acme):
    found = acme.sql("select outcome_id, outcome_id, 1 as n from metric.opportunity")
    assert set(found.dtypes) == {pl.String, pl.Int32}
    assert acme.sql("").is_empty()


def test_reading_leaves_no_trace_on_the_disk(acme, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in acme.snapshot.path.parent.iterdir())
    acme.sql("select a.i from range(300000) a(i) order by hash(a.i)")
    assert list(tmp_path.iterdir()) == []
    assert sorted(path.name for path in acme.snapshot.path.parent.iterdir()) == before


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


# Whose file it is


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
    "the manifest counts more": "update manifest set document = replace(document, '\"metric.opportunity\": 8', '\"metric.opportunity\": 9')",
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
    with pytest.raises(WarehouseError, match="is not opened|cannot be opened"):
        insights.open_tenant("acme", settings=Settings(warehouse=copied))


# Lists


def test_tenants_are_listed_by_slug_and_damage_hides_none(copied):
    chosen = Settings(warehouse=copied)
    (copied / "not-a-tenant").mkdir()
    (copied / str(BETA).upper()).mkdir()
    (copied / "cccccccc-0000-4000-8000-000000000003").mkdir()  # a first refresh that never came to its end
    assert [(t.slug, t.id) for t in insights.tenants(chosen)] == [("acme", worlds.ACME), ("beta", BETA)]
    (copied / str(BETA) / "CURRENT").write_text("junk")
    assert [t.slug for t in insights.tenants(chosen)] == ["acme", "beta"]
    with pytest.raises(WarehouseError, match="CURRENT is damaged"):
        insights.open_tenant("beta", settings=chosen)
    [path] = (copied / str(BETA)).glob("*.duckdb")
    path.chmod(0o600)
    path.write_bytes(b"x")
    assert {t.slug for t in insights.tenants(chosen)} == {"acme", str(BETA)}
    for name in ("beta", str(BETA)):
        with pytest.raises(WarehouseError):
            insights.open_tenant(name, settings=chosen)


def test_a_damaged_newest_snapshot_leaves_the_older_ones_within_reach(copied):
    chosen = Settings(warehouse=copied)
    newest, oldest = [s.id for s in insights.snapshots("acme", chosen)]
    path = copied / str(worlds.ACME) / f"{newest}.duckdb"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(WarehouseError, match="damaged"):
        insights.open_tenant("acme", settings=chosen)
    assert [s.id for s in insights.snapshots("acme", chosen)] == [oldest]
    with insights.open_tenant("acme", settings=chosen, snapshot_id=oldest) as opened:
        assert opened.metric("opportunity").is_empty()


def test_snapshots_are_listed_newest_first_with_what_they_hold(chosen, warehouse):
    found = insights.snapshots("acme", chosen)
    assert [s.id for s in found] == snapshot.names(warehouse / str(worlds.ACME))
    assert [s.manifest["rows"]["metric.opportunity"] for s in found] == [8, 0]
    assert all(s.taken_at == worlds.TAKEN_AT for s in found)


def test_what_was_never_pointed_at_is_neither_listed_nor_opened(copied):
    folder = copied / str(worlds.ACME)
    orphan = snapshot.new_name(folder)
    for suffix in (".duckdb", ".sha256"):
        shutil.copy((folder / snapshot.current(folder)).with_suffix(suffix), folder / f"{orphan}{suffix}")
    chosen = Settings(warehouse=copied)
    assert orphan not in [s.id for s in insights.snapshots("acme", chosen)]
    with pytest.raises(UsageError):
        insights.open_tenant("acme", settings=chosen, snapshot_id=orphan)


@pytest.mark.parametrize(
    "name",
    [
        "../{beta}/{snapshot}",
        "{snapshot}.duckdb",
        "./{snapshot}",
        "{snapshot}/",
        "{snapshot}\n",
        "CURRENT",
        "/etc/passwd",
    ],
)
def test_a_snapshot_id_is_a_name_and_never_a_path(chosen, warehouse, name):
    asked = name.format(beta=BETA, snapshot=snapshot.current(warehouse / str(worlds.ACME)))
    with pytest.raises(UsageError, match="There is no snapshot"):
        insights.open_tenant("acme", settings=chosen, snapshot_id=asked)


def test_the_newest_build_may_be_a_refused_one(copied):
    chosen = Settings(warehouse=copied)
    folder = copied / str(worlds.ACME)
    assert insights.newest_build("acme", chosen) == snapshot.current(folder)
    refused = worlds.publish(folder, worlds.SMALL, refused=True).stem
    assert insights.newest_build("acme", chosen) == refused
    assert insights.newest_build(str(worlds.ACME).upper(), chosen) == refused


def test_a_tenant_of_whom_everything_was_refused_can_be_asked_about(tmp_path):
    refused = worlds.publish(tmp_path / str(worlds.ACME), worlds.SMALL, refused=True).stem
    chosen = Settings(warehouse=tmp_path)
    assert insights.tenants(chosen) == []
    assert insights.newest_build("acme", chosen) == refused
    with pytest.raises(TenantUnknown, match="has no snapshot"):
        insights.open_tenant("acme", settings=chosen)


def test_an_empty_warehouse_says_what_to_do(tmp_path):
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(TenantUnknown, match="vital-insights refresh"):
            insights.open_tenant("acme", settings=Settings(warehouse=folder))


def test_every_error_of_reading_is_of_the_family():
    assert issubclass(WarehouseError, VitalError)
    assert issubclass(UsageError, VitalError)
