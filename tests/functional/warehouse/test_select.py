"""What a metric gives: the rows asked for, in the same order every time, and the nearest name where nothing is there."""

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import worlds
from tests.conftest import PROVE
from tests.worlds import uid
from vital_insights import insights
from vital_insights.errors import UsageError
from vital_insights.settings import Settings
from vital_insights.warehouse import sqlfile


def scores(frame):
    return [str(score) if score is not None else None for score in frame["score"]]


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
        ({"score": float("nan")}, 0),
        ({"rank": ["1"]}, 2),
        ({"rank": 1}, 2),
        ({"rank": 1.0}, 2),
        ({"rank": 1.4}, 0),
        ({"rank": "1.4"}, 0),
        ({"rank": Decimal("0.6")}, 0),
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


@pytest.mark.timeout(1800)  # the counts of make prove
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
        assert isinstance(found, int) or found.height <= 11
        if not where:
            assert name in ("opportunity", "coverage_by")


def test_a_text_in_a_column_of_many_texts_is_no_mistake(tmp_path):
    """Above a thousand different words a column is no vocabulary."""
    jobs = [{"id": uid(f"j{n}"), "name": f"Job {n}"} for n in range(1001)]
    for many, world in ((False, jobs[:1000]), (True, jobs)):
        worlds.publish(tmp_path / str(many) / str(worlds.ACME), {"jobs_to_be_done": world})
        with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path / str(many))) as opened:
            if many:
                assert opened.table("jobs", where={"job_name": "Job x"}).is_empty()
            else:
                with pytest.raises(UsageError, match="never is 'Job x'"):
                    opened.table("jobs", where={"job_name": "Job x"})


def test_an_older_snapshot_without_a_column_of_todays_order_still_answers(acme, monkeypatch):
    file = sqlfile.metric("opportunity")
    newer = replace(file, order="invented desc, " + file.order)
    monkeypatch.setattr(sqlfile, "find", lambda schema, name: newer)
    assert acme.metric("opportunity")["rank"].to_list() == [1, 1, 3, 3, 5, 6, None, None]
    monkeypatch.setattr(sqlfile, "find", lambda schema, name: replace(file, order=""))
    ids = acme.metric("opportunity")["outcome_id"].to_list()
    assert ids == sorted(ids)
    monkeypatch.setattr(sqlfile, "find", lambda schema, name: None)
    assert acme.metric("opportunity").height == 8


def test_a_metric_that_an_older_snapshot_does_not_have_is_told_as_such(tmp_path):
    folder = tmp_path / str(worlds.ACME)
    folder.mkdir(mode=0o700)
    worlds.publish(folder, worlds.SMALL, without=["metric.platform_inventory", "raw.agents"])
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)) as opened:
        with pytest.raises(UsageError, match=r"of an older version, which had no metric 'platform_inventory'") as error:
            opened.metric("platform_inventory")
        assert "refresh" in str(error.value)
        assert opened.metric("opportunity").height == 8
