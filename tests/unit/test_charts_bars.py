"""Bars and dumbbells against counts and order made by hand."""

import json
from decimal import Decimal

import polars as pl
import pytest

from vital_insights.charts import band_shares, widest_gaps
from vital_insights.charts.wording import exact, share, sum_of, wrapped


def members(*rows) -> pl.DataFrame:
    names = ("member", "member_name", "n_outcomes", "n_high", "n_medium", "n_low", "n_unscored")
    return pl.DataFrame(
        [dict(zip(names, row, strict=True)) for row in rows],
        schema_overrides={"member": pl.String, "member_name": pl.String},
    )


def texts(figure, name) -> list[str]:
    return [each["text"] for each in json.loads(figure.to_json())["layout"]["annotations"] if each["name"] == name]


ROWS = members(
    ("a", "Access", 10, 1, 4, 4, 1),
    ("b", "Brand", 4, 2, 1, 0, 1),
    ("c", "Care", 8, 4, 2, 2, 0),
    (None, None, 5, 5, 0, 0, 0),
    ("e", "Empty", 0, 0, 0, 0, 0),
)


def test_bars_are_whole_and_unscored_is_a_part_of_them():
    figure = json.loads(band_shares(ROWS).to_json())
    assert [trace["name"] for trace in figure["data"]] == ["HIGH", "MEDIUM", "LOW", "UNSCORED"]
    for place in range(4):
        assert sum(trace["x"][place] for trace in figure["data"]) == pytest.approx(1)


def test_bars_go_by_the_share_of_high_then_its_count_and_nobody_stands_last():
    assert texts(band_shares(ROWS, nobody="in no function"), "member") == ["Care", "Brand", "Access", "in no function"]
    assert texts(band_shares(ROWS), "share") == [
        "HIGH 4 of 8, <b>50%</b>", "HIGH 2 of 4, <b>50%</b>", "HIGH 1 of 10, <b>10%</b>", "HIGH 5 of 5, <b>100%</b>",
    ]  # fmt: skip


def test_a_limit_never_hides_what_belongs_to_nobody():
    assert texts(band_shares(ROWS, number=1), "member") == ["Care", "belongs to none"]


def test_names_of_the_data_never_become_markup():
    assert texts(band_shares(members(("a", "<b>Access</b>", 1, 1, 0, 0, 0))), "member") == ["&lt;b&gt;Access&lt;/b&gt;"]


def outcomes(*rows) -> pl.DataFrame:
    names = ("outcome_id", "statement", "job_name", "importance", "satisfaction", "score", "band")
    decimal = pl.Decimal(18, 6)
    return pl.DataFrame(
        [dict(zip(names, row, strict=True)) for row in rows],
        schema_overrides={"importance": decimal, "satisfaction": decimal, "score": decimal},
    )


GAPS = outcomes(
    ("1", "Low one", "Job", Decimal(5), Decimal(6), Decimal(5), "LOW"),
    ("2", "Second by name", "Job", Decimal("9.5"), Decimal(4), Decimal(15), "HIGH"),
    ("3", "First by name", "Job", Decimal(9), Decimal(3), Decimal(15), "HIGH"),
    ("4", "No score", "Job", None, Decimal(3), None, "UNSCORED"),
)


def test_dumbbells_are_ranked_by_score_then_by_name_and_need_a_score():
    assert texts(widest_gaps(GAPS, number=2), "outcome") == ["First by name", "Second by name"]
    assert texts(widest_gaps(GAPS), "outcome") == ["First by name", "Second by name", "Low one"]


def test_a_dumbbell_reaches_from_satisfaction_to_importance():
    lines, ends = json.loads(widest_gaps(GAPS, number=2).to_json())["data"]
    assert lines["x"] == [3.0, 9.0, None, 4.0, 9.5, None]
    assert ends["x"] == [3.0, 4.0, 9.0, 9.5]
    assert ends["marker"]["symbol"] == ["circle-open", "circle-open", "diamond", "diamond"]
    assert "9.0 + max(9.0 - 3.0, 0) = 15.0" in ends["hovertext"][0]


def test_dumbbells_of_nothing_are_an_empty_figure():
    assert texts(widest_gaps(GAPS.filter(pl.col("band") == "UNSCORED")), "outcome") == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("15.000000", "15.0"),
        ("8.250000", "8.25"),
        ("12.004", "12.004"),
        ("0", "0.0"),
        ("10", "10.0"),
        ("1E+1", "10.0"),
        ("0.000001", "0.000001"),
    ],
)
def test_numbers_are_shown_as_they_are(value, text):
    assert exact(Decimal(value)) == text


def test_the_sum_is_worked_out():
    row = {"importance": Decimal("9.800000"), "satisfaction": Decimal("4.600000"), "score": Decimal("15.000000")}
    assert sum_of(row) == "9.8 + max(9.8 - 4.6, 0) = 15.0"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 0, "–"), (0, 5, "0%"), (1, 1000, "under 1%"), (999, 1000, "over 99%"), (5, 5, "100%"), (1, 8, "12%")],
)
def test_a_share_never_says_none_or_all_where_it_is_not(part, whole, text):
    assert share(part, whole) == text


def test_text_is_cut_at_a_word_and_a_missing_one_has_a_name():
    assert wrapped("one two three four", 7, 2) == "one two<br>three …"
    assert wrapped("   ", 7, 2, "nothing") == "nothing"
    assert wrapped(None, 7, 2, "nothing") == "nothing"
