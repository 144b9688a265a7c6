"""An analyst's own metrics: tried before anything is read, stored with their SQL, and read like ours from then on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests import worlds
from tests.worlds import ACME, uid
from vital_insights import insights
from vital_insights.errors import UsageError, VitalError, WarehouseError
from vital_insights.pipeline import refresh
from vital_insights.settings import Settings
from vital_insights.warehouse import reader, sqlfile
from vital_insights.warehouse.supposed import Supposed

SQL = """/*
title = "Work by job"
because = "How much is left to do in each job."
grain = ["job_code"]
order = "points desc, job_code"
show = ["job_code", "points"]
[columns]
job_code = { type = "VARCHAR", meaning = "the job's code", null_means = "no code" }
points = { type = "DECIMAL(38,6)", unit = "sum of 0-20", meaning = "the scores of its HIGH outcomes added up" }
n = { type = "BIGINT", unit = "outcomes", meaning = "so many" }
*/
select job_code, cast(sum(score) as decimal(38, 6)) as points, count(*) as n
from metric.opportunity where band = 'HIGH' group by job_code
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Acme, refreshed with an own metric; the folder that held it is gone."""
    own = tmp_path_factory.mktemp("own")
    (own / "work_by_job.sql").write_text(SQL)
    [mine] = sqlfile.own_metrics(own)
    (own / "work_by_job.sql").unlink()
    folder = tmp_path_factory.mktemp("own-metrics")
    with pytest.MonkeyPatch.context() as patch:
        files = sqlfile.in_build_order([*sqlfile.definitions(), mine])
        patch.setattr(worlds, "ordered", lambda: files)
        worlds.publish(folder / str(ACME), worlds.SMALL, told={"metrics": {"work_by_job": SQL}})
    return folder


@pytest.fixture(scope="module")
def acme(warehouse):
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as opened:
        yield opened


def test_it_is_read_explained_and_listed_like_ours(acme):
    # 9.5/3.2 is 15.8 in J-1 and once more in J-2; 8.3/4.6 and 10/8 are 12 and stay MEDIUM.
    assert [row[:2] for row in acme.metric("work_by_job").rows()] == [
        ("J-1", Decimal("15.8")),
        ("J-2", Decimal("15.8")),
    ]
    assert acme.metric("work_by_job", where={"job_code": "J-2"}, columns=["n"])["n"].to_list() == [1]
    assert "work_by_job" in acme.metrics()["name"]
    assert acme.metrics("work_by_job")["column"].to_list() == ["job_code", "points", "n"]
    assert acme.shown_columns("work_by_job") == ("job_code", "points")
    told = acme.explain("work_by_job", "J-1")
    assert (told.title, told.values[1].unit) == ("Work by job", "sum of 0-20")
    assert "Work by job" in acme._repr_html_()
    with pytest.raises(UsageError, match="work_by_job"):
        acme.metrics("work_by_jobs")


def test_a_what_if_computes_it_anew(acme):
    with acme.what_if({str(uid("o0")): {"satisfaction": 8}}) as supposed:
        assert "work_by_job" in supposed.recomputed
        assert supposed.metric("work_by_job")["job_code"].to_list() == ["J-2"]
        [gone] = supposed.difference("work_by_job").to_dicts()
        assert (gone["job_code"], gone["n_before"], gone["n_after"]) == ("J-1", 1, None)


def test_the_command_line_shows_and_lists_it(run, warehouse, tmp_path):
    assert "15.8" in run("show", "acme", "work_by_job", VITAL_WAREHOUSE=str(warehouse))[1]
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "work_by_job.sql").write_text(SQL)
    assert "Work by job" in run("metrics", VITAL_METRICS=str(tmp_path / "ours"))[1]
    assert "so many" in run("metrics", "work_by_job", VITAL_METRICS=str(tmp_path / "ours"))[1]


BROKEN = {
    "the name of one of ours": ("opportunity.sql", SQL, "there is a metric 'opportunity' already"),
    "a name that is no word": ("Work by job.sql", SQL, "small letters"),
    "no header": ("mine.sql", "select 1 as n", "no header"),
    "no columns": ("mine.sql", SQL[: SQL.index("[columns]")] + "*/ select 1 as n", r"lacks \[columns\]"),
    "a table that is not there": ("mine.sql", SQL.replace("metric.opportunity", "metric.oportunity"), "mine.sql failed"),
    "another type than it says": ("mine.sql", SQL.replace('type = "BIGINT"', 'type = "INTEGER"'), "header INTEGER, query BIGINT"),
    "two statements": ("mine.sql", SQL + "; select 1", "holds 2 statements"),
    "a file of the machine": ("mine.sql", SQL.replace("from metric.opportunity", "from read_text('/etc/passwd')"), "mine.sql failed"),
    "no file": ("readme.txt", "", r"no \*\.sql metric in"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_one_is_refused_by_name_before_anything_is_extracted(tmp_path, what):
    name, text, said = BROKEN[what]
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / name).write_text(text)
    # Nobody listens there: whoever asked the source first would say so.
    settings = Settings(source_url="postgresql://u@127.0.0.1:1/d", metrics=tmp_path / "ours", warehouse=tmp_path / "w")
    with pytest.raises(VitalError, match=said) as error:
        refresh("acme", settings=settings, checks=object())  # nothing gets as far as asking it
    assert error.value.exit_code == 3
    assert not (tmp_path / "w").exists()


def test_another_engine_says_that_it_computes_no_metric_of_ones_own(acme):
    with pytest.raises(
        UsageError, match="'work_by_job' is a metric of your own; spark computes only those of this package"
    ):
        acme.metric("work_by_job", engine="spark")
    with pytest.raises(UsageError, match="no metric 'work_by_jobs'"):
        acme.metric("work_by_jobs", engine="spark")


def test_inputs_with_which_a_file_cannot_be_computed_are_one_sentence(warehouse):
    path = next((warehouse / str(ACME)).glob("*.duckdb"))
    words = "select * replace (cast({} as decimal(18, 6)) as {}) from original"
    with pytest.raises(WarehouseError, match=r"cannot be computed with these inputs \(ConversionException\)"):
        Supposed(path, ACME, {"raw.jtbd_outcomes": words.format("outcome_id", "importance_score")})
    overlay = reader.Overlay(path, ACME)
    with pytest.raises(WarehouseError, match=r"cannot be computed with these inputs \(ConversionException\)"):
        overlay.recompute("opportunity", "odd", laid={"model.outcomes": words.format("outcome_code", "importance")})
    overlay.close()
