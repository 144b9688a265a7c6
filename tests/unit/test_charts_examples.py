"""The worked examples on the landscape: what is drawn, where, and what steps aside."""

import json
from decimal import Decimal

import polars as pl
import pytest

from vital_insights.charts import worked_examples

DECIMAL = pl.Decimal(18, 6)


def outcomes(*rows) -> pl.DataFrame:
    names = ("statement", "job_name", "importance", "satisfaction", "score", "band")
    return pl.DataFrame(
        [dict(zip(names, row, strict=True)) for row in rows],
        schema_overrides={"importance": DECIMAL, "satisfaction": DECIMAL, "score": DECIMAL},
    )


ROWS = outcomes(
    ("<b>Top</b>", "Job", Decimal("9.3"), Decimal("0.7"), Decimal("17.9"), "HIGH"),
    ("Edge", "Job", Decimal("9.6"), Decimal("7.2"), Decimal("12.0"), "MEDIUM"),
    ("None", "Job", Decimal("7.1"), None, None, "UNSCORED"),
)


def drawn(*arguments, **options) -> dict:
    return json.loads(worked_examples(*arguments, **options).to_json())


def test_scored_rows_are_marks_of_their_band_and_unscored_ones_have_no_place():
    (marks,) = drawn(ROWS)["data"]
    assert (marks["x"], marks["y"]) == ([9.3, 9.6], [0.7, 7.2])
    assert marks["marker"]["symbol"] == ["diamond", "circle"]
    assert "9.3 + max(9.3 - 0.7, 0) = 17.9" in marks["hovertext"][0]
    assert "&lt;b&gt;Top" in marks["hovertext"][0]


def test_each_mark_carries_its_exact_score():
    scores = [each for each in drawn(ROWS)["layout"]["annotations"] if each["name"] == "score"]
    assert [each["text"] for each in scores] == ["<b>17.9</b>", "<b>12.0</b>"]


@pytest.mark.parametrize("limit", [7.5, 8.0])
def test_table_stakes_are_a_corner_from_their_threshold(limit):
    (shape,) = [
        each for each in drawn(ROWS, table_stakes_from=limit)["layout"]["shapes"] if each["name"] == "table stakes"
    ]
    assert shape["path"] == f"M{limit:g},10L{limit:g},{limit:g}L10,{limit:g}"


def corners(frame) -> dict[str, float]:
    return {
        each["text"].split("</b>")[0].removeprefix("<b>"): each["y"]
        for each in drawn(frame)["layout"]["annotations"]
        if each["name"] == "corner"
    }


def test_the_words_of_a_corner_step_aside_for_a_mark():
    assert corners(ROWS[1:2]) == {"OVER-SERVED": 10, "TABLE STAKES": 10, "LOW PRIORITY": 0, "UNDER-SERVED": 0}
    assert corners(ROWS)["UNDER-SERVED"] > 0.7
    top = outcomes(("Both", "Job", Decimal("9.5"), Decimal("9.5"), Decimal("9.5"), "MEDIUM"))
    assert corners(top)["TABLE STAKES"] < 9.5


def test_without_examples_the_ground_stands_alone():
    figure = drawn(ROWS[2:])
    assert figure["data"][0]["x"] == []
    assert {each["name"] for each in figure["layout"]["annotations"]} == {"corner", "contour"}
