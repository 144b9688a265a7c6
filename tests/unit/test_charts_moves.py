"""Arrows, signed parts and the bars of the seven steps, against places and counts made by hand."""

import json
from decimal import Decimal

import polars as pl
import pytest

from vital_insights.charts import moves, progress_map, split_changes, widest_moves
from vital_insights.charts.wording import signed


def change(
    name: str, old: tuple[str, str], new: tuple[str, str], parts: tuple[str, str], bands: tuple[str, str], kind="moved"
) -> dict:
    def score(importance: str, satisfaction: str) -> Decimal:
        i, s = Decimal(importance), Decimal(satisfaction)
        return i + max(i - s, Decimal(0))

    return {
        "change": kind, "new_outcome_id": name, "statement": name, "job_name": "Job",
        "old_importance": Decimal(old[0]), "old_satisfaction": Decimal(old[1]),
        "new_importance": Decimal(new[0]), "new_satisfaction": Decimal(new[1]),
        "old_score": score(*old), "new_score": score(*new), "score_change": score(*new) - score(*old),
        "change_from_importance": Decimal(parts[0]), "change_from_satisfaction": Decimal(parts[1]),
        "old_band": bands[0], "new_band": bands[1], "band_crossing": None if bands[0] == bands[1] else " -> ".join(bands),
    }  # fmt: skip


CHANGES = pl.DataFrame(
    [
        change("Up", ("7", "6"), ("9", "5"), ("4", "1"), ("MEDIUM", "HIGH")),
        change("Down", ("9", "5"), ("8", "7"), ("-2", "-2"), ("HIGH", "MEDIUM")),
        change("<b>Near</b>", ("5", "4"), ("5", "3"), ("0", "1"), ("LOW", "LOW")),
        change("Still", ("5", "9"), ("5", "8"), ("0", "0"), ("LOW", "LOW"), kind="unchanged"),
    ]
)


def drawn(figure) -> dict:
    return json.loads(figure.to_json())


def texts(figure, name: str) -> list[str]:
    return [each["text"] for each in drawn(figure)["layout"]["annotations"] if each["name"] == name]


def test_only_what_moved_has_an_arrow_from_the_old_ratings_to_the_new():
    arrows = {trace["name"]: (trace["x"], trace["y"]) for trace in drawn(moves(CHANGES))["data"]}
    assert arrows == {
        "same band": ([5.0, 5.0, None], [4.0, 3.0, None]),
        "into LOW": ([], []),
        "into MEDIUM": ([9.0, 8.0, None], [5.0, 7.0, None]),
        "into HIGH": ([7.0, 9.0, None], [6.0, 5.0, None]),
    }


def test_the_widest_moves_come_first_and_the_cap_keeps_them():
    assert widest_moves(CHANGES, 9)["statement"].to_list() == ["Up", "Down", "<b>Near</b>"]
    assert sum(len(trace["x"]) for trace in drawn(moves(CHANGES, number=2))["data"]) == 2 * 3


def test_bars_are_the_signed_parts_and_the_figure_at_the_right_is_their_sum():
    figure = split_changes(CHANGES, number=3)
    importance, satisfaction = drawn(figure)["data"]
    assert importance["x"] == [4.0, -2.0, 0.0]
    assert satisfaction["x"] == [1.0, -2.0, 1.0]
    assert texts(figure, "sum") == ["<b>+5.0</b>", "<b>−4.0</b>", "<b>+1.0</b>"]
    assert drawn(figure)["layout"]["xaxis"]["range"] == [-5.0, 5.0]


def test_text_of_the_data_is_inert_and_nothing_is_an_empty_picture():
    assert "&lt;b&gt;Near&lt;/b&gt;" in texts(split_changes(CHANGES), "outcome")[2]
    assert all("<b>Near" not in said for trace in drawn(moves(CHANGES))["data"] for said in trace["hovertext"])
    assert texts(split_changes(CHANGES.clear()), "outcome") == []
    assert texts(moves(CHANGES.clear()), "outcome") == []


@pytest.mark.parametrize(("number", "said"), [("2.000000", "+2.0"), ("-0.350000", "−0.35"), ("0", "0.0")])
def test_a_change_carries_its_sign(number, said):
    assert signed(Decimal(number)) == said


def cell(member, step, name, n_done, n_total, because=None, depth=0) -> dict:
    share = n_done / n_total if n_done is not None and n_total else None
    return {"member": member, "member_name": member, "step": step, "step_name": name, "n_done": n_done, "n_total": n_total,
            "share": share, "unknown_because": because, "depth": depth}  # fmt: skip


CELLS = pl.DataFrame(
    [
        cell("All", 1, "scope", 3, 4), cell("All", 2, "personas", 0, 4), cell("All", 3, "evidence", None, 4, "the source lacks it"),
        cell("<i>Field</i>", 1, "scope", 0, 0, depth=1),
    ],
    schema_overrides={"n_done": pl.Int64, "share": pl.Float64, "unknown_because": pl.String},
)  # fmt: skip


def test_unknown_is_hatched_and_none_of_four_is_an_empty_bar():
    figure = drawn(progress_map(CELLS))
    whole, done, unknown, counts = figure["data"]
    assert [mark[1] for mark in whole["customdata"]] == ["scope", "personas"]
    assert [x / whole["x"][0] for x in done["x"]] == [pytest.approx(0.75), 0]
    assert [mark[1] for mark in unknown["customdata"]] == ["evidence"]
    assert unknown["marker"]["pattern"]["shape"] == "/"
    assert "pattern" not in done["marker"]
    assert counts["text"] == ["3/4", "0/4", "?", "–"]
    assert unknown["hovertext"][0].endswith("unknown, the source lacks it")


def test_functions_stand_in_their_order_deeper_ones_further_in():
    names = [each for each in drawn(progress_map(CELLS))["layout"]["annotations"] if each["name"] == "function"]
    assert [each["text"] for each in names] == ["<b>All</b>", "<b>&lt;i&gt;Field&lt;/i&gt;</b>"]
    assert names[1]["xshift"] > names[0]["xshift"]
