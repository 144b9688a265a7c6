"""What-if: every number is that of a world in which the source itself said the other value; the file stays as it was."""

from __future__ import annotations

import json
import math
import tempfile
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import worlds
from tests.conftest import PROVE
from tests.functional.test_compare import AGED, age, with_files
from tests.worlds import ACME, uid
from vital_insights import insights
from vital_insights.errors import UsageError, WarehouseError
from vital_insights.settings import Settings
from vital_insights.warehouse import sqlfile
from vital_insights.warehouse.supposed import Supposed

WORLD = deepcopy(worlds.SMALL)
WORLD["jobs_to_be_done"] += [
    {"id": uid("j3"), "code": "J-3", "name": "Scored itself", "importance_score": Decimal(9), "satisfaction_score": Decimal(2),
     "org_function_id": uid("f2")},
    {"id": uid("j4"), "code": "J-4", "name": "Old", "status": "archived"},
]  # fmt: skip
WORLD["jtbd_outcomes"] += [
    {"id": uid("o8"), "outcome_id": "OUT-3", "outcome_statement": "Reduce the cost", "jtbd_id": uid("j2"),
     "importance_score": Decimal(7), "satisfaction_score": Decimal("1.5")},
    {"id": uid("o9"), "outcome_id": "OLD", "outcome_statement": "Forgotten", "jtbd_id": uid("j4"),
     "importance_score": Decimal(9), "satisfaction_score": Decimal(1)},
    {"id": uid("o10"), "jtbd_id": None, "importance_score": Decimal(9), "satisfaction_score": None},
]  # fmt: skip
LIVE = [f"o{n}" for n in range(11) if n != 9] + ["j3"]
NUMBERS = st.none() | st.integers(0, 10) | st.decimals(0, 10, places=1)


def opened(warehouse, name=None):
    return insights.open_tenant("acme", settings=Settings(warehouse=warehouse), snapshot_id=name)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("supposed") / "warehouse"
    worlds.publish(folder / str(ACME), WORLD, told={"definitions": sqlfile.fingerprint()})
    return folder


@pytest.fixture(scope="module")
def acme(warehouse):
    with opened(warehouse) as told:
        yield told


def told_otherwise(changes):
    """The same world, had the source said so."""
    world = deepcopy(WORLD)
    for row in [*world["jtbd_outcomes"], *world["jobs_to_be_done"]]:
        for name, value in changes.get(str(row["id"]), {}).items():
            row[f"{name}_score"] = value
    return world


def everything(told):
    """Every table; all but the id of the snapshot counts."""
    tables = [table for table in told._reader.tables if table.split(".")[0] in {"raw", "model", "metric"}]
    frames = {table: told._reader.frame(f"select * from snapshot.{table} order by all") for table in tables}
    return {table: frame.drop("snapshot_id", strict=False) for table, frame in frames.items()}


@settings(max_examples=25 if PROVE else 4)
@given(st.dictionaries(
    st.sampled_from(LIVE), st.dictionaries(st.sampled_from(["importance", "satisfaction"]), NUMBERS, min_size=1), min_size=1, max_size=4,
))  # fmt: skip
def test_a_what_if_is_the_world_in_which_the_source_said_so(acme, wanted):
    changes = {str(uid(name)): inputs for name, inputs in wanted.items()}
    with tempfile.TemporaryDirectory() as folder:
        worlds.publish(Path(folder) / str(ACME), told_otherwise(changes))
        with opened(Path(folder)) as so, acme.what_if(changes) as supposed:
            expected, found = everything(so), everything(supposed)
            assert found.keys() == expected.keys()
            assert len(found) > 50
            for table, frame in expected.items():
                assert found[table].equals(frame), table
            for name in sqlfile.files("metric"):  # and in the order that people see
                assert (
                    supposed.metric(name.name)
                    .drop("snapshot_id", strict=False)
                    .equals(so.metric(name.name).drop("snapshot_id", strict=False))
                )


def test_the_file_stays_as_it_was_and_so_does_what_is_read_from_it(warehouse, acme):
    files = {path: path.read_bytes() for path in sorted(warehouse.rglob("*")) if path.is_file()}
    before = acme.metric("opportunity")
    with acme.what_if({"OUT-0": {"satisfaction": 7}}) as supposed:
        supposed.compare(), supposed.difference("opportunity"), supposed.sql("select * from metric.opportunity_by")
        for statement in ("drop table model.outcomes", f"copy (select 1) to '{warehouse}/out'", "select 1; select 2"):
            with pytest.raises(UsageError):
                supposed.sql(statement)
        with pytest.raises(UsageError):
            supposed.sql("select * from read_text('/etc/passwd')")
        assert (
            supposed.sql("select score from metric.opportunity where outcome_code = ?", ["OUT-0"])["score"].item() == 12
        )
    assert acme.metric("opportunity").equals(before)
    assert {path: path.read_bytes() for path in sorted(warehouse.rglob("*")) if path.is_file()} == files


def test_an_outcome_goes_by_its_code_its_id_or_its_statement_and_a_job_by_its_own(acme):
    names = {
        "OUT-0": "o0",
        str(uid("o1")).upper(): "o1",
        "J-1/OUT-3": "o3",
        "Minimize the time of step 4": "o4",
        "J-3": "j3",
    }
    values = [(7, 10), ("7", 10), (Decimal("7.00"), 10), (7.0, 10), (None, None)]  # 8.5 + (8.5 - 7)
    for (name, of), (value, score) in zip(names.items(), values, strict=True):
        with acme.what_if({name: {"importance": 8.5, "satisfaction": value}}) as supposed:
            row = supposed.metric("opportunity", where={"outcome_id": str(uid(of))}).row(0, named=True)
            assert row["score"] == score
            first, second = supposed.changes
            assert (first.input, first.after, second.after) == (
                "importance",
                Decimal("8.5"),
                None if value is None else 7,
            )
            assert {first.outcome_id, second.outcome_id} == {str(uid(of))}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "at least one outcome"),
        ({"OUT-0": {}}, "Nothing is said to change of 'OUT-0'"),
        ({"OUT-0": 7}, "Nothing is said to change"),
        ({7: {"satisfaction": 7}}, "names no outcome"),
        ({"OUT-O": {"satisfaction": 7}}, "did you mean OUT-"),
        ({"OLD": {"satisfaction": 7}}, "There is no outcome 'OLD'"),  # its job is archived, so it is in no metric
        ({"OUT-3": {"satisfaction": 7}}, f"2 outcomes are called 'OUT-3'(.|\n)*{uid('o8')} · Reduce the cost"),
        ({"OUT-0": {"satisfction": 7}}, "no input 'satisfction'(.|\n)*did you mean satisfaction"),
        ({"OUT-0": {"score": 7}}, "no input 'score'"),
        ({"OUT-0": {"satisfaction": 1}, str(uid("o0")): {"importance": 1}}, "named twice"),
        ({"x' or true --": {"satisfaction": 7}}, "There is no outcome"),
    ],
)  # fmt: skip
def test_what_cannot_be_supposed_is_named_with_the_nearest(acme, asked, words):
    with pytest.raises(UsageError, match=words):
        acme.what_if(asked)


@pytest.mark.parametrize(
    "value",
    ["seven", "", -1, 10.1, "1e2", math.nan, math.inf, True, Decimal("NaN"), Decimal("0.0000001"), [7], "7) or (1=1"],
)
def test_an_input_is_a_number_from_0_to_10(acme, value):
    with pytest.raises(UsageError, match="satisfaction cannot be"):
        acme.what_if({"OUT-0": {"satisfaction": value}})


def test_everywhere_it_says_that_it_is_a_what_if(acme):
    with acme.what_if({"OUT-0": {"satisfaction": 7}}) as supposed:
        mark = f"{acme.snapshot.id} (what if)"
        assert supposed.id == mark
        assert supposed.metric("method")["snapshot_id"].to_list() == [mark]
        assert supposed.table("snapshot")["snapshot_id"].to_list() == [mark]
        assert supposed.explain("opportunity", "OUT-0").provenance["snapshot"] == mark
        assert supposed.compare().newer == mark
        assert (
            repr(supposed)
            == f"<WhatIf of acme on {acme.snapshot.id}: satisfaction of Minimize the time of step 0: 3.2 -> 7>"
        )
        assert "what if, nothing was measured" in supposed.footer
        shown = supposed._repr_html_()
        assert "what if" in shown
        assert "Nothing here was measured" in shown
        with pytest.raises(UsageError, match="A what-if is no snapshot"):
            _ = supposed.snapshot
        assert not hasattr(supposed, "write_parquet")
        assert not isinstance(supposed, insights.Insights)


def test_a_comparison_tells_what_moves(acme):
    changes = {"OUT-0": {"satisfaction": 7}, "OUT-1": {"importance": None}, "OUT-5": {"importance": 10}}
    with acme.what_if(changes) as supposed:
        found = supposed.compare()
    rows = {row["outcome_code"]: row for row in found.rows.to_dicts() if row["change"] != "unchanged"}
    assert {code: row["change"] for code, row in rows.items()} == {
        "OUT-0": "moved",
        "OUT-1": "lost_score",
        "OUT-5": "gained_score",
    }
    # 9.5/3.2 is 15.8 and 9.5/7 is 12: all of it comes from satisfaction.
    moved = rows["OUT-0"]
    assert [moved[n] for n in ("score_change", "change_from_importance", "change_from_satisfaction")] == [
        Decimal("-3.8"), Decimal(0), Decimal("-3.8"),
    ]  # fmt: skip
    assert (found.summary["restated_older"], found.summary["restated_newer"]) == (0, 0)
    assert found.method_changes == ()
    with acme.what_if({"J-3": {"importance": None, "satisfaction": None}}) as supposed:
        assert supposed.compare().summary["vanished"] == 1


def test_a_difference_holds_the_rows_and_columns_that_differ(acme):
    with acme.what_if({"OUT-0": {"satisfaction": 7}}) as supposed:
        found = supposed.difference("opportunity")
        before, after = acme.metric("opportunity"), supposed.metric("opportunity")
        others = before.join(after, on=before.columns, nulls_equal=True, how="anti")
        assert set(found["outcome_id"]) == set(others["outcome_id"])
        [row] = found.filter(outcome_id=str(uid("o0"))).to_dicts()
        assert (row["score_before"], row["score_after"], row["band_before"], row["band_after"]) == (
            Decimal("15.8"), Decimal(12), "HIGH", "MEDIUM",
        )  # fmt: skip
        assert row["statement"] == "Minimize the time of step 0"
        assert "importance_before" not in found.columns
        assert supposed.difference("coverage_by").is_empty()
        ranks = after.select("outcome_id").with_row_index()
        assert found["outcome_id"].to_list() == ranks.join(found, on="outcome_id")["outcome_id"].to_list()
        assert [c for c in supposed.difference("method").columns if c.endswith("_after")] == ["snapshot_id_after"]
    with acme.what_if({"J-3": {"importance": None, "satisfaction": None}}) as supposed:
        [gone] = supposed.difference("opportunity").filter(outcome_id=str(uid("j3"))).to_dicts()
        assert (gone["score_before"], gone["score_after"], gone["band_after"]) == (Decimal(16), None, None)
    with acme.what_if({"OUT-0": {"satisfaction": "3.2"}}) as same:
        assert all(same.difference(name).is_empty() for name in same.recomputed if name != "method")
        assert set(same.recomputed) >= {"opportunity", "opportunity_by", "band_summary", "method"}
        assert "coverage_by" not in same.recomputed


def test_a_snapshot_of_another_formula_is_compared_by_todays(tmp_path, monkeypatch):
    """Nothing that is merely computed otherwise today may look like the effect of the change."""
    with monkeypatch.context() as patch:
        with_files(patch, "metric.opportunity", ("then i + (i - s)", "then i + 2 * (i - s)"))
        worlds.publish(tmp_path / str(ACME), WORLD)
    with opened(tmp_path) as acme, acme.what_if({"OUT-0": {"satisfaction": 7}}) as supposed:
        found = supposed.difference("opportunity")
        assert [
            id_ for id_, b, a in found.select("outcome_id", "score_before", "score_after").iter_rows() if a != b
        ] == [str(uid("o0"))]
        assert found.filter(outcome_id=str(uid("o0")))["score_before"].item() == Decimal("15.8")
        assert supposed.compare().summary["moved"] == 1


def test_an_older_snapshot_is_supposed_as_far_as_it_goes(tmp_path):
    path = worlds.publish(tmp_path / str(ACME), WORLD)
    age(
        path,
        [
            "drop table metric.band_summary",
            "drop table metric.coverage_gaps",
            "alter table model.personas drop column persona_name",
        ],
    )
    with opened(tmp_path) as acme, acme.what_if({"OUT-0": {"satisfaction": 7}}) as supposed:
        assert supposed.metric("opportunity", where={"outcome_code": "OUT-0"})["score"].item() == 12
        assert "coverage_gaps" not in supposed.recomputed  # it reads a column that is not there, and was not stored
        assert "band_summary" in supposed.recomputed
        with pytest.raises(UsageError, match="no metric 'coverage_gaps'"):
            supposed.metric("coverage_gaps")


def test_a_snapshot_that_is_too_old_says_so(tmp_path):
    age(worlds.publish(tmp_path / str(ACME), WORLD), AGED["a metric and a model table are not there yet"])
    with (
        opened(tmp_path) as acme,
        pytest.raises(WarehouseError, match=r"lacks what opportunity\.sql reads(.|\n)*refresh"),
    ):
        acme.what_if({"OUT-0": {"satisfaction": 7}})


def test_another_tenants_file_is_refused(warehouse):
    """Lock 4, for what is supposed as for what is stored."""
    [path] = (warehouse / str(ACME)).glob("*.duckdb")
    with pytest.raises(WarehouseError, match="another tenant"):
        Supposed(path, UUID("bbbbbbbb-0000-4000-8000-000000000002"), {})


def test_a_terminal_shows_before_and_after(run, warehouse):
    code, out, err = run("what-if", "acme", "OUT-0", "satisfaction=7", VITAL_WAREHOUSE=str(warehouse), COLUMNS="100")
    assert (code, err) == (0, "")
    words = " ".join(out.split())
    assert "satisfaction of Minimize the time of step 0: 3.2 -> 7" in words
    assert "score: 15.8 -> 12 band: HIGH -> MEDIUM" in words
    assert "Nothing here was measured. It rests on snapshot-" in words
    assert max(map(len, out.splitlines())) <= 100
    few = run("what-if", "acme", "OUT-0", "satisfaction=7", "--limit", "1", VITAL_WAREHOUSE=str(warehouse))[1]
    assert " 1 of " in f" {few.partition('Where it gathers')[2]}".replace("\n", " ")
    same = run("what-if", "acme", "OUT-0", "satisfaction=3.2", VITAL_WAREHOUSE=str(warehouse))[1]
    assert "Nothing changes" in same


def test_machines_get_every_row(run, warehouse, acme):
    told = json.loads(
        run("what-if", "acme", "OUT-5", "importance=10", "--format", "json", VITAL_WAREHOUSE=str(warehouse))[1]
    )
    assert (told["what_if"], told["based_on"]) == (True, acme.snapshot.id)
    assert told["changes"][0] | {"name": ""} == {
        "outcome_id": str(uid("o5")), "name": "", "level": "outcome", "input": "importance", "before": None, "after": 10,
    }  # fmt: skip
    [row] = [row for row in told["differences"]["opportunity"] if row["outcome_id"] == str(uid("o5"))]
    assert (row["score_before"], row["score_after"], row["band_before"], row["band_after"]) == (
        None,
        16,
        "UNSCORED",
        "HIGH",
    )


@pytest.mark.parametrize(
    "words", [["satisfaction"], ["satisfaction=1", "satisfaction=2"], ["satisfaction=11"], ["sat=1"]]
)
def test_a_wrong_word_is_exit_code_2(run, warehouse, words):
    code, out, err = run("what-if", "acme", "OUT-0", *words, VITAL_WAREHOUSE=str(warehouse))
    assert (code, out) == (2, "")
    assert "Hint:" in err


def test_unknown_is_written_as_nothing(run, warehouse):
    out = run("what-if", "acme", "OUT-0", "satisfaction=", VITAL_WAREHOUSE=str(warehouse))[1]
    assert "satisfaction of Minimize the time of step 0: 3.2 -> unknown" in out
    assert "band: HIGH -> UNSCORED" in out
