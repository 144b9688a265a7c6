"""Groups side by side against numbers made by hand: places, marks, greys, words and hostile names."""

import json
from decimal import Decimal

import polars as pl
import pytest

from vital_insights.charts import side_by_side, theme
from vital_insights.charts.dumbbell import FAINT

from .test_charts_theme import GROUNDS, contrast, over

COLUMNS = (
    "member", "member_name", "n_outcomes", "n_scored", "n_high", "n_high_firm", "n_unscored", "mean_score", "max_score", "max_band",
    "mean_importance", "mean_satisfaction", "top_statement",
)  # fmt: skip


def members(*rows) -> pl.DataFrame:
    return pl.DataFrame(
        [dict(zip(COLUMNS, row, strict=True)) for row in rows],
        schema_overrides={
            "member": pl.String, "member_name": pl.String, "top_statement": pl.String, "n_high_firm": pl.Int64,
            "mean_score": pl.Float64, "max_score": pl.Decimal(18, 6), "mean_importance": pl.Float64, "mean_satisfaction": pl.Float64,
        },
    )  # fmt: skip


ROWS = members(
    ("a", "Access", 10, 8, 2, 1, 2, 9.25, Decimal("15.6"), "HIGH", 7.5, 5.25, "Minimize delay"),
    ("b", "<b>Brand</b>", 4, 4, 0, 0, 0, 7.0, Decimal("12"), "MEDIUM", 6.0, 5.0, "<script>x</script>"),
    ("c", None, 5, 0, 0, None, 5, None, None, "UNSCORED", None, None, None),
    (None, None, 6, 5, 1, None, 1, 5.0, Decimal("7.125"), "LOW", 4.0, 6.0, None),
)


def drawn(figure) -> dict:
    return json.loads(figure.to_json())


def texts(figure, name) -> list[str]:
    return [each["text"] for each in drawn(figure)["layout"]["annotations"] if each["name"] == name]


def test_a_line_runs_from_the_mean_to_the_highest():
    lines, near, far, _ = drawn(side_by_side(ROWS))["data"]
    assert lines["x"] == [9.25, 15.6, None, 7.0, 12.0, None, None, None, None, 5.0, 7.125, None]
    assert near["x"] == [9.25, 7.0, None, 5.0]
    assert far["x"] == [15.6, 12.0, None, 7.125]
    assert near["y"] == far["y"] == [0, 1, 2, 3]


def test_the_highest_has_the_mark_of_its_band_and_a_mean_has_none():
    _, near, far, _ = drawn(side_by_side(ROWS))["data"]
    bands = ["HIGH", "MEDIUM", "UNSCORED", "LOW"]
    assert far["marker"]["symbol"] == [theme.MARKS[band].symbol for band in bands]
    assert [far["marker"]["color"][place] for place in (0, 3)] == [theme.MARKS[band].colour for band in ("HIGH", "LOW")]
    assert set(near["marker"]["symbol"]) == {"circle-open"}
    assert set(near["marker"]["color"]) == {theme.NEUTRAL}


def test_ratings_run_from_satisfaction_to_importance_and_show_no_band():
    figure = drawn(side_by_side(ROWS, ratings=True))
    _, near, far, _ = figure["data"]
    assert near["x"] == [5.25, 5.0, None, 6.0]
    assert far["x"] == [7.5, 6.0, None, 4.0]
    assert set(far["marker"]["color"]) == {theme.NEUTRAL}
    assert figure["layout"]["xaxis"]["range"] == [0, 10]
    assert not [shape for shape in figure["layout"]["shapes"] if shape["name"].startswith("ground")]


def test_the_grounds_are_those_of_the_bands():
    shapes = {shape["name"]: shape for shape in drawn(side_by_side(ROWS))["layout"]["shapes"]}
    assert (shapes["ground MEDIUM"]["x0"], shapes["ground MEDIUM"]["x1"]) == (8, 12)
    assert (shapes["ground HIGH"]["x0"], shapes["ground HIGH"]["x1"]) == (12, 20)
    assert shapes["ground HIGH"]["fillcolor"] == theme.MARKS["HIGH"].colour


def test_the_share_of_high_is_of_all_outcomes_scored_or_not():
    figure = side_by_side(ROWS)
    assert drawn(figure)["data"][3]["x"] == [0.2, 0.0, 0.0, pytest.approx(1 / 6)]
    assert texts(figure, "share") == ["<b>20%</b>", "<b>0%</b>", "<b>0%</b>", "<b>17%</b>"]
    assert texts(figure, "counts") == ["2 of 10", "0 of 4", "0 of 5", "1 of 6"]


def test_every_group_says_what_its_mean_rests_on_and_few_are_grey():
    figure = side_by_side(ROWS, nobody="in none of the 3")
    assert texts(figure, "member") == [
        "<b>Access</b>", "<b>&lt;b&gt;Brand&lt;/b&gt;</b>", "<b>without a name</b>", "<b>in none of the 3</b>",
    ]  # fmt: skip
    assert texts(figure, "rests") == [
        "n 8 scored, 2 UNSCORED", "n 4 scored: too few for a mean", "n 0 scored, 5 UNSCORED: too few for a mean", "n 5 scored, 1 UNSCORED",
    ]  # fmt: skip
    _, _, far, shares = drawn(figure)["data"]
    high, low = theme.MARKS["HIGH"].colour, theme.MARKS["LOW"].colour
    assert far["marker"]["color"] == [high, theme.NEUTRAL, theme.NEUTRAL, low]
    assert shares["marker"]["color"] == [high, theme.NEUTRAL, theme.NEUTRAL, high]
    opacities = [each["opacity"] for each in drawn(figure)["layout"]["annotations"] if each["name"] == "member"]
    assert opacities == [1, FAINT, FAINT, 1]


def test_numbers_stand_outside_their_marks_and_are_never_rounded_into_a_band():
    numbers = [each for each in drawn(side_by_side(ROWS))["layout"]["annotations"] if each["name"] == "number"]
    assert [(each["x"], each["text"], each["xanchor"]) for each in numbers] == [
        (9.25, "9.2", "right"), (15.6, "15.6", "left"), (7.0, "7.0", "right"), (12.0, "12.0", "left"), (5.0, "5.0", "right"),
        (7.125, "7.125", "left"),
    ]  # fmt: skip
    ratings = [
        each for each in drawn(side_by_side(ROWS, ratings=True))["layout"]["annotations"] if each["name"] == "number"
    ]
    last = [(each["x"], each["text"], each["xanchor"]) for each in ratings[-2:]]
    assert last == [(4.0, "4.0", "right"), (6.0, "6.0", "left")]  # better satisfied than important: the other way round


def test_one_outcome_shows_its_number_once():
    one = members(("a", "Access", 1, 1, 0, 0, 0, 7.5, Decimal("7.5"), "LOW", 5.0, 2.5, "Minimize delay"))
    numbers = [each for each in drawn(side_by_side(one))["layout"]["annotations"] if each["name"] == "number"]
    assert [(each["x"], each["text"]) for each in numbers] == [(7.5, "7.5")]


def test_a_hover_says_the_rest_and_never_markup_of_the_data():
    hovers = drawn(side_by_side(ROWS))["data"][1]["hovertext"]
    assert hovers[0] == (
        "<b>Access</b><br>10 outcomes, 8 scored, 2 UNSCORED<br>HIGH 2, 1 stays HIGH for sure<br>Mean score 9.25, highest 15.6, HIGH"
        "<br>Mean importance 7.50, mean satisfaction 5.25<br>Highest: Minimize delay"
    )
    assert "<script>" not in hovers[1]
    assert hovers[2].endswith("how many stay HIGH is unknown")
    assert "no statement" in hovers[3]


def test_nothing_is_an_empty_figure():
    assert texts(side_by_side(ROWS.clear()), "member") == []


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_words_of_a_grey_group_still_read(ground):
    tokens = GROUNDS[ground]
    assert contrast(over(tokens.text, tokens.bg, FAINT), tokens.bg) >= 4.5
