"""What the charts about personas draw, and what they say where nothing is known."""

import json
from decimal import Decimal

import polars as pl
import pytest

from vital_insights.charts import evidence_map, vpanes_bars
from vital_insights.reports.personas import by_unit, carried, finding, weakest_first

KINDS = {"n_sources": "Named sources", "n_research": "Published studies"}
COUNT = pl.Int64


def personas(*rows) -> pl.DataFrame:
    names = ("persona_id", "persona_name", "strength", "n_kinds", "n_sources", "n_research")
    return pl.DataFrame(
        [dict(zip(names, row, strict=True)) for row in rows],
        schema=dict.fromkeys(names[:3], pl.String) | dict.fromkeys(names[3:], COUNT),
    )


ROWS = personas(
    *((f"a{n}", f"A{n}", "thin", 1, 1, None) for n in range(4)), ("a4", "A4", "none", 0, 0, None),
    ("b0", "B0", "thin", 1, 2, None), ("b1", "B1", "none", 0, 0, None),
)  # fmt: skip
UNITS = pl.DataFrame(
    [
        {"unit_id": key[0], "unit_name": {"a": "<b>All</b>", "b": "Few"}[key[0]], "member": key}
        for key in ROWS["persona_id"]
    ]
)


def drawn(figure) -> dict:
    return json.loads(figure.to_json())


@pytest.fixture(scope="module")
def matrix() -> dict:
    return drawn(evidence_map(by_unit(ROWS, KINDS, UNITS)))


def test_a_cell_has_the_number_and_a_ground_as_strong_as_the_share(matrix):
    ground, numbers = matrix["data"]
    assert ground["z"] == [[None, None], [0.8, None]]  # Few comes first, has too few for a share; studies are unknown
    assert numbers["text"] == ["(1)", "?", "4", "?"]
    assert "4 of 5 personas, 80%" in ground["hovertext"][1][0]
    assert "A small group" in ground["hovertext"][0][0]
    assert "Unknown: the source cannot tell" in ground["hovertext"][1][1]


def test_names_are_text_and_the_edge_counts_personas(matrix):
    texts = {
        name: [a["text"] for a in matrix["layout"]["annotations"] if a["name"] == name]
        for name in ("function", "personas", "kind")
    }
    assert texts == {"function": ["Few", "&lt;b&gt;All&lt;/b&gt;"], "personas": ["2", "5"], "kind": [*KINDS.values()]}


def test_nobody_has_anything_is_a_dash_and_not_unknown():
    nothing = by_unit(ROWS.with_columns(n_sources=pl.lit(0, COUNT)), KINDS, UNITS)
    assert drawn(evidence_map(nothing))["data"][1]["text"].count("–") == 1
    assert drawn(evidence_map(nothing.clear()))["data"][1]["text"] == []


SCORES = pl.DataFrame(
    [("Pain", Decimal("7.25"), 5.5, 4), ("Needs", None, None, 0)],
    schema={"dimension": pl.String, "score": pl.Decimal(18, 6), "mean": pl.Float64, "n": COUNT}, orient="row",
)  # fmt: skip


def test_a_score_is_a_bar_with_its_exact_number_and_what_is_not_scored_has_none():
    figure = drawn(vpanes_bars(SCORES, top=12))
    bars, hovers = figure["data"]
    assert (bars["x"], bars["y"]) == ([7.25], [0])
    assert hovers["hovertext"] == ["<b>Pain</b>: 7.25<br>Mean of 4 scored personas 5.5", "<b>Needs</b>: not scored"]
    assert [a["text"] for a in figure["layout"]["annotations"] if a["name"] == "score"] == ["<b>7.25</b>", "<b>–</b>"]
    assert [(line["x0"], line["x1"]) for line in figure["layout"]["shapes"]] == [(5.5, 5.5)]
    assert figure["layout"]["xaxis"]["range"] == [0, 12]


def test_an_outcome_counts_once_for_a_persona_that_two_routes_lead_to():
    shown = pl.DataFrame({"job_id": ["j1", "j1", "j2"], "band": ["HIGH", "LOW", "HIGH"]})
    rows = [
        ("persona", "a0", "j1"),
        ("persona", "a0", "j1"),
        ("persona", "b0", "j2"),
        ("role", "a1", "j2"),
        ("persona", None, "j2"),
    ]
    membership = pl.DataFrame(rows, schema=["dimension", "member", "job_id"], orient="row")
    found = carried(ROWS, shown, membership)
    assert {row["persona_id"]: (row["n_outcomes"], row["n_high"]) for row in found.to_dicts() if row["n_outcomes"]} == {
        "a0": (2, 1), "b0": (1, 1),
    }  # fmt: skip
    assert weakest_first(found)["persona_id"].to_list() == ["a0", "b0"]
    assert finding(found, 7, filters=False) == "2 of 7 personas carry HIGH outcomes on thin evidence or none"


@pytest.mark.parametrize(("rows", "said"), [
    (ROWS.with_columns(n_high=pl.lit(0, COUNT)), "None of 7 personas carries HIGH outcomes on thin evidence or none"),
    (ROWS.with_columns(n_high=pl.lit(1, COUNT), strength=pl.lit(None, pl.String)), "What the 7 personas rest on is unknown"),
    (ROWS.with_columns(n_high=pl.lit(1, COUNT)).clear(), "None of the 7 personas is chosen"),
])  # fmt: skip
def test_the_finding_says_unknown_and_not_none(rows, said):
    assert finding(rows, 7, filters=False) == said
