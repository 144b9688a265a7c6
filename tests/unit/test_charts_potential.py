"""AI potential against the need: what is drawn where, what is only counted, and that texts of the data stay texts."""

import json
from decimal import Decimal

import polars as pl
import pytest

from vital_insights.charts import ai_potential, ranked_bars

DECIMAL = pl.Decimal(18, 6)
NAMES = ("job_name", "max_score", "n_high", "n_ai_opportunities", "n_use_cases", "automation", "augmentation")


def fits(*rows) -> pl.DataFrame:
    """Jobs by hand, scores and potentials as texts."""
    scores = dict.fromkeys(("max_score", "automation", "augmentation"), DECIMAL)
    counts = dict.fromkeys(("n_high", "n_ai_opportunities", "n_use_cases"), pl.Int64)
    exact = [[Decimal(cell) if n in (1, 5, 6) and cell else cell for n, cell in enumerate(row)] for row in rows]
    return pl.DataFrame(exact, schema={"job_name": pl.String, "max_score": DECIMAL} | counts | scores, orient="row")


ROWS = fits(
    ("<b>Plan</b>", "15.8", 2, 1, 2, "4.25", "9"),
    ("Edge", "12", 0, 1, 0, None, "3"),
    ("Low", "5", 0, 2, None, "1", None),
    ("Bare", "15.8", 1, 0, 0, None, None),
    ("Bare too", "12", 0, 0, 0, None, None),
    ("Bare at the edge", "8", 0, 0, 0, None, None),
    ("Unrated", "9", 0, 3, 0, None, None),
    ("Unscored", None, 0, 0, 0, None, None),
)


def drawn(frame, **options) -> dict:
    return json.loads(ai_potential(frame, **options).to_json())


def named(figure, name) -> list[str]:
    return [each["text"] for each in figure["layout"]["annotations"] if each["name"] == name]


def test_a_judged_job_is_a_line_from_automation_to_augmentation_with_the_mark_of_its_band():
    lines, ends, *_ = drawn(ROWS)["data"]
    assert (lines["x"], lines["y"]) == ([15.8, 15.8, None], [4.25, 9.0, None])
    places = set(zip(ends["x"], ends["y"], ends["marker"]["symbol"], strict=True))
    assert places == {
        (15.8, 4.25, "circle-open"), (15.8, 9.0, "diamond"), (12.0, 3.0, "circle"), (5.0, 1.0, "circle-open"),
    }  # fmt: skip


def test_jobs_without_an_ai_opportunity_are_counted_by_whole_points_that_end_at_the_edge_of_a_band():
    bars = {trace["name"]: trace for trace in drawn(ROWS)["data"] if trace["type"] == "bar"}
    places = {band: dict(zip(trace["x"], trace["y"], strict=True)) for band, trace in bars.items()}
    assert places == {"HIGH": {15.5: 1}, "MEDIUM": {11.5: 1, 7.5: 1}, "LOW": {}}


def test_what_has_no_place_is_counted_in_a_note():
    figure = drawn(ROWS)
    assert named(figure, "note") == [
        "× 1 without an opportunity score: not shown",
        "1 with an AI opportunity that nobody rated: not shown",
    ]
    assert "AI potential of 3 jobs" in named(figure, "judged")[0]
    assert "3 without an AI opportunity" in named(figure, "bare")[0]
    assert named(drawn(ROWS.head(1)), "note") == []
    assert "AI potential of 1 job<" in named(drawn(ROWS.head(1)), "judged")[0]


def test_a_name_is_text_and_a_number_is_exact():
    [said] = set(drawn(ROWS.head(1))["data"][1]["hovertext"])
    assert "&lt;b&gt;Plan" in said
    assert "automation 4.25, augmentation 9.0" in said
    assert "2 use cases" in said


def test_a_scale_beyond_ten_stretches_the_axis_and_nothing_at_all_is_an_empty_ground():
    assert drawn(fits(("Far", "15", 1, 1, 1, "40", "90")))["layout"]["yaxis"]["range"][1] == pytest.approx(95.4)
    empty = drawn(ROWS.head(0))
    assert empty["layout"]["yaxis"]["range"][1] == 10
    assert all(trace["x"] == [] for trace in empty["data"])


def test_shares_are_parts_of_bars_of_one_length_in_the_order_of_the_rows():
    frame = pl.DataFrame({"name": ["a", "b", "c"], "n": [1, 3, None], "of": [4, 3, 2]})
    whole, part = json.loads(ranked_bars(frame, label="name", value="n", of="of", shares=True).to_json())["data"]
    assert whole["x"] == [1.0, 1.0, 1.0]
    assert part["x"] == [0.25, 1.0, 0.0]
    assert whole["y"] == part["y"]
    assert [text.split("<br>")[0] for text in part["hovertext"]] == ["<b>a</b>", "<b>b</b>", "<b>c</b>"]
