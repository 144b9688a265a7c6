"""The opportunity metric at its edges, by hand."""

from decimal import Decimal

import pytest

from tests import worlds
from tests.worlds import uid


@pytest.fixture(scope="module")
def bench():
    return worlds.Bench()


def rows(bench, *outcomes):
    world = [{"id": uid(str(n)), **told} for n, told in enumerate(outcomes)]
    found = {
        row["outcome_id"]: row
        for row in bench.built({"jtbd_outcomes": world}, "metric.opportunity")["metric.opportunity"]
    }
    return [found[row["id"]] for row in world]


def pair(importance, satisfaction, **told):
    return {"importance_score": Decimal(importance), "satisfaction_score": Decimal(satisfaction), **told}


@pytest.mark.parametrize(
    ("importance", "satisfaction", "band", "classic", "region"),
    [
        ("10", "5", "HIGH", "EXTREME", "underserved"),  # 15
        ("9.999999", "4.999999", "HIGH", "HIGH", "underserved"),  # 14.999999
        ("10", "7.999999", "HIGH", "HIGH", "underserved"),  # 12.000001
        ("10", "8", "MEDIUM", "HIGH", "underserved"),  # 12
        ("9.999999", "7.999999", "MEDIUM", "CONSIDER", "underserved"),  # 11.999999
        ("10", "9.999999", "MEDIUM", "CONSIDER", "underserved"),  # 10.000001
        ("10", "10", "MEDIUM", "CONSIDER", "table_stakes"),  # 10
        ("7.5", "5", "MEDIUM", "CONSIDER", "appropriately_served"),  # 10, on the line of the under-served
        ("7.5", "7.5", "LOW", "NONE", "table_stakes"),
        ("7.5", "7.499999", "LOW", "NONE", "appropriately_served"),
        ("7.499999", "7.5", "LOW", "NONE", "overserved"),
        ("8", "8", "MEDIUM", "NONE", "table_stakes"),
        ("7.999999", "8", "LOW", "NONE", "table_stakes"),
        ("0", "0", "LOW", "NONE", "appropriately_served"),
        ("0", "0.000001", "LOW", "NONE", "overserved"),
        ("0", "10", "LOW", "NONE", "overserved"),
        ("10", "0", "HIGH", "EXTREME", "underserved"),
        ("10.000001", "0", "UNSCORED", "UNSCORED", "UNSCORED"),
        ("-0.000001", "0", "UNSCORED", "UNSCORED", "UNSCORED"),
        ("5", "10.000001", "UNSCORED", "UNSCORED", "UNSCORED"),
        ("5", "-0.000001", "UNSCORED", "UNSCORED", "UNSCORED"),
    ],
)
def test_edges_of_bands_and_regions(bench, importance, satisfaction, band, classic, region):
    [found] = rows(bench, pair(importance, satisfaction))
    assert (found["band"], found["classic_band"], found["region"]) == (band, classic, region)


def test_what_is_missing_is_unscored_and_never_zero(bench):
    for found in rows(bench, {"importance_score": Decimal(9)}, {"satisfaction_score": Decimal(9)}, {}):
        assert [found[c] for c in ("score", "gap", "rank", "stored_agrees")] == [None] * 4
        assert {found[c] for c in ("band", "classic_band", "region")} == {"UNSCORED"}


def test_equals_share_a_rank_and_the_next_one_counts_them(bench):
    found = rows(bench, pair(9, 3), pair(10, 5), pair(10, 0), pair(4, 4), {}, pair(5, 5))
    assert [row["rank"] for row in found] == [2, 2, 1, 5, None, 4]


@pytest.mark.parametrize(
    ("stored", "priority", "agrees"),
    [
        (None, None, None),
        ("15", None, True),
        ("15.05", None, True),
        ("14.95", None, True),
        ("15.050001", None, False),
        ("14.949999", None, False),
        (None, "high", True),
        (None, " HIGH ", True),
        (None, "low", False),
        (None, "", False),
        ("15", "medium", False),
        ("3", "high", False),
        ("15", "High", True),
    ],
)
def test_a_stored_score_agrees_to_its_one_decimal_and_a_priority_by_its_word(bench, stored, priority, agrees):
    told = {"opportunity_score": stored and Decimal(stored), "opportunity_priority": priority}
    [found] = rows(bench, pair(9, 3, **told))
    assert found["stored_agrees"] is agrees
    assert (found["stored_score"], found["stored_priority"]) == (told["opportunity_score"], priority)


@pytest.mark.parametrize("told", [{"opportunity_score": Decimal(0)}, {"opportunity_priority": "low"}])
def test_a_stored_value_for_what_has_no_score_does_not_agree(bench, told):
    [found] = rows(bench, {"importance_score": Decimal(9), **told})
    assert found["stored_agrees"] is False
    assert found["score"] is None  # what is stored is never used
