"""Each header against the table that its file builds: the columns, the exact types, the grain, the words."""

import duckdb
import pytest

from tests import worlds
from tests.worlds import uid
from vital_insights import insights
from vital_insights.errors import VitalError
from vital_insights.settings import Settings
from vital_insights.warehouse import sqlfile

METRICS = sqlfile.files("metric")
TENANTS = ("aldermoor", "carewick", "quillmark")


@pytest.fixture(scope="module")
def demo(demo_warehouse):
    """The sample tenants' snapshots, plainly open."""
    settings = Settings(warehouse=demo_warehouse)
    found = []
    for slug in TENANTS:
        with insights.open_tenant(slug, settings=settings) as opened:
            found.append(duckdb.connect(str(opened.snapshot.path), read_only=True))
    yield found
    for connection in found:
        connection.close()


@pytest.mark.parametrize("file", worlds.ordered(), ids=lambda file: file.table)
def test_the_grain_is_unique_and_complete(demo, file):
    columns = ", ".join(file.grain)
    for connection in demo:
        [(rows, different)] = connection.execute(
            f"select count(*), (select count(*) from (select distinct {columns} from {file.table})) from {file.table}"
        ).fetchall()
        assert rows == different
    for column in file.grain:
        null_means = file.columns.get(column, {}).get("null_means")
        if null_means is None:
            assert all(nulls(connection, file.table, column) == 0 for connection in demo)


def nulls(connection, table, column):
    return connection.execute(f'select count(*) from {table} where "{column}" is null').fetchone()[0]


@pytest.mark.parametrize("file", METRICS, ids=lambda file: file.name)
def test_columns_have_the_types_that_the_header_says(demo, file):
    for connection in demo:
        built = {name: kind for name, kind, *_ in connection.execute(f"describe {file.table}").fetchall()}
        assert list(built.items()) == [(name, about["type"]) for name, about in file.columns.items()]


@pytest.mark.parametrize("file", METRICS, ids=lambda file: file.name)
def test_every_column_says_what_it_means_and_what_null_means_where_it_occurs(demo, file):
    for column, about in file.columns.items():
        assert set(about) <= {"type", "unit", "meaning", "null_means", "age"}, column
        assert about["meaning"].strip(), column
        assert about["type"], column
        if "null_means" not in about:
            assert all(nulls(connection, file.table, column) == 0 for connection in demo), (
                f"{file.name}.{column} is NULL somewhere"
            )


def test_the_header_holds_on_an_empty_tenant_too():
    bench = worlds.Bench()
    bench.built({}, *(file.table for file in METRICS))  # build() compares columns and types, and raises


@pytest.mark.parametrize("order", ["n desc, case word when 'a' then 1 end", "lower(word)", "n,", "m nulls last"])
def test_an_order_by_what_is_no_column_is_refused_and_not_left_out(order, tmp_path):
    header = "[columns]\nword = { type = 'VARCHAR', meaning = 'w' }\nn = { type = 'BIGINT', meaning = 'n' }"

    def made(by):
        text = f'/*\ntitle = "T"\nbecause = "B"\ngrain = ["word"]\norder = "{by}"\n{header}\n*/\n'
        return sqlfile.parse(tmp_path / "made.sql", "metric", f"{text}select 'a' as word, cast(1 as bigint) as n")

    with duckdb.connect() as connection, pytest.raises(VitalError, match=r"made\.sql: the order names other columns"):
        sqlfile.build(connection, [made(order)])
    with duckdb.connect() as connection:
        sqlfile.build(connection, [made("n desc nulls last, word")])


def test_no_metric_can_see_a_tenant_a_clock_or_a_file():
    for file in [*METRICS, *sqlfile.files("model")]:
        text = file.sql[file.sql.index("*/") :].lower()
        if file.table != "model.snapshot":
            for word in (
                "tenant_id",
                "current_date",
                "current_timestamp",
                "now()",
                "read_",
                "today",
                "random",
                "float",
                '"',
            ):
                assert word not in text, f"{file.path.name} uses {word}"


def test_counts_of_the_sum_of_bands_hold_over_the_row_without_a_member(demo):
    for connection in demo:
        wrong = connection.execute(
            "select * from metric.opportunity_by "
            "where n_high + n_medium + n_low + n_unscored <> n_outcomes or n_scored + n_unscored <> n_outcomes"
        ).fetchall()
        assert wrong == []
        total = connection.execute("select count(*) from metric.opportunity").fetchone()
        by_job = connection.execute(
            "select sum(n_outcomes) from metric.opportunity_by where dimension = 'job'"
        ).fetchone()
        assert total == by_job


def test_two_functions_of_one_name_stay_two():
    world = {
        "org_functions": [{"id": uid("a"), "name": "Sales"}, {"id": uid("b"), "name": "Sales"}],
        "jobs_to_be_done": [{"id": uid("j"), "org_function_id": uid("a")}],
    }
    found = worlds.Bench().built(world, "metric.coverage_by")["metric.coverage_by"]
    assert {r["member"]: r["n_jobs"] for r in found if r["dimension"] == "function"} == {
        str(uid("a")): 1,
        str(uid("b")): 0,
    }
