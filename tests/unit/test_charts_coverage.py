"""Coverage maps against cells placed by hand: places, letters, totals, hostile names and the contrast of what is written."""

import json
from decimal import Decimal

import polars as pl
import pytest

from vital_insights.charts import group_map, route_map, theme
from vital_insights.charts.coverage import FAINTEST, STRONGEST

from .test_charts_theme import GROUNDS, contrast, over

JOBS = pl.DataFrame(
    {
        "job_id": ["j1", "j2", "j3"],
        "job_name": ["Plan a study", "<b>Ship</b>", None],
        "job_code": ["A", "B", "C"],
        "n": [2, 1, 0],
    }
)
PEOPLE = pl.DataFrame({"member": ["p1", "p2"], "member_name": ["Ada", "<i>Bo</i>"], "n": [1, 2]})
LINKS = pl.DataFrame(
    [
        {"job_id": "j1", "member": "p1", "route": "inherited", "is_primary": True, "relevance": Decimal("0.9")},
        {"job_id": "j1", "member": "p2", "route": "direct", "is_primary": None, "relevance": Decimal("0.35")},
        {"job_id": "j2", "member": "p2", "route": "both", "is_primary": False, "relevance": None},
        {"job_id": "elsewhere", "member": "p2", "route": "both", "is_primary": False, "relevance": None},
    ],
    schema_overrides={"relevance": pl.Decimal(18, 6)},
)


def drawn(figure) -> dict:
    return json.loads(figure.to_json())


def texts(figure, name) -> list[str]:
    return [each["text"] for each in drawn(figure)["layout"]["annotations"] if each["name"] == name]


def test_each_link_has_its_cell_and_a_job_outside_has_none():
    grounds, letters = drawn(route_map(LINKS, JOBS, PEOPLE))["data"]
    assert grounds["z"] == [[0.9, 0.35], [None, 0.0], [None, None]]
    assert list(zip(letters["x"], letters["y"], letters["text"], strict=True)) == [
        (0, 0, "<u><b>R</b></u>"),
        (1, 0, "D"),
        (1, 1, "B"),
    ]


def test_a_job_of_a_role_says_so_in_the_roles_own_letter():
    roles = LINKS.head(1).with_columns(route=pl.lit("role"), is_primary=pl.lit(None, pl.Boolean))
    grounds, letters = drawn(route_map(roles, JOBS, PEOPLE))["data"]
    assert letters["text"] == ["R"]
    assert "The role does it<br>" in grounds["hovertext"][0][0]  # whether it is primary is unknown and not said


def test_the_edges_carry_names_and_totals():
    figure = route_map(LINKS, JOBS, PEOPLE)
    assert texts(figure, "row") == ["Plan a study", "&lt;b&gt;Ship&lt;/b&gt;", "without a name"]
    assert texts(figure, "row total") == ["2", "1", "0"]
    assert texts(figure, "column") == ["Ada", "&lt;i&gt;Bo&lt;/i&gt;"]
    assert texts(figure, "column total") == ["1", "2"]


def test_a_cell_names_who_what_how_and_how_relevant():
    hovers = drawn(route_map(LINKS, JOBS, PEOPLE))["data"][0]["hovertext"]
    assert hovers[0][0] == "<b>Ada</b><br>Plan a study<br>Inherited from the role, primary<br>Relevance 0.9"
    assert hovers[1][1] == (
        "<b>&lt;i&gt;Bo&lt;/i&gt;</b><br>&lt;b&gt;Ship&lt;/b&gt;<br>"
        "Inherited from the role and linked directly, not primary<br>Relevance not stated"
    )
    assert hovers[2] == ["", ""]


def test_a_job_that_nobody_does_keeps_its_row():
    figure = drawn(route_map(LINKS.clear(), JOBS, PEOPLE))
    assert figure["data"][0]["z"] == [[None, None]] * 3
    assert figure["data"][1]["x"] == []
    assert texts(route_map(LINKS.clear(), JOBS, PEOPLE), "row total") == ["2", "1", "0"]


def test_a_map_of_nobody_is_an_empty_figure():
    assert "annotations" not in drawn(route_map(LINKS, JOBS.clear(), PEOPLE.clear()))["layout"]


def test_the_largest_map_stays_small():
    """More than a page ever shows: 25 jobs by 10 people."""
    jobs = pl.DataFrame([{"job_id": str(n), "job_name": "x" * 90, "job_code": None, "n": 12} for n in range(30)])
    people = pl.DataFrame([{"member": str(n), "member_name": "y" * 90, "n": 30} for n in range(12)])
    links = pl.DataFrame(
        [
            {"job_id": str(job), "member": str(one), "route": "both", "is_primary": True, "relevance": Decimal(1)}
            for job in range(30)
            for one in range(12)
        ]
    )
    assert len(route_map(links, jobs, people).to_json()) < 250_000


GROUPS = pl.DataFrame({"group": ["g", ""], "group_name": ["<u>Growth</u>", "in none"], "n_jobs": [8, 2]})
CELLS = pl.DataFrame(
    [
        {"group": "g", "member": "p1", "n": 2, "n_primary": 1, "words": "by 2 roles"},
        {"group": "", "member": "p2", "n": 2, "n_primary": None, "words": "by 1 role"},
    ]
)


def test_a_group_is_shaded_by_its_share_and_says_its_count():
    grounds, letters = drawn(group_map(CELLS, GROUPS, PEOPLE))["data"]
    assert grounds["z"] == [[0.25, None], [None, 1.0]]
    assert (grounds["zmin"], grounds["zmax"]) == (0, 1.0)
    assert drawn(group_map(CELLS.head(1), GROUPS, PEOPLE))["data"][0]["zmax"] == 0.25  # the strongest of the picture
    assert letters["text"] == ["2", "2"]
    assert grounds["hovertext"][0][0] == (
        "<b>Ada</b><br>&lt;u&gt;Growth&lt;/u&gt;<br>2 of 8 jobs<br>1 with a primary role here<br>by 2 roles"
    )
    assert "primary" not in grounds["hovertext"][1][1]
    assert texts(group_map(CELLS, GROUPS, PEOPLE), "row total") == ["8", "2"]


def test_the_ground_has_no_hue_of_a_band_and_goes_from_faint_to_strong():
    scale = drawn(route_map(LINKS, JOBS, PEOPLE))["data"][0]["colorscale"]
    red, green, blue = (int(theme.NEUTRAL[n : n + 2], 16) for n in (1, 3, 5))
    assert scale == [[0, f"rgba({red},{green},{blue},{FAINTEST})"], [1, f"rgba({red},{green},{blue},{STRONGEST})"]]


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("opacity", [FAINTEST, STRONGEST])
def test_a_letter_reads_on_the_ground_of_its_cell(ground, opacity):
    tokens = GROUNDS[ground]
    assert contrast(tokens.text, over(theme.NEUTRAL, tokens.bg, opacity)) >= 4.5


def test_no_text_has_a_colour_of_its_own():
    assert '"color"' not in json.dumps(drawn(route_map(LINKS, JOBS, PEOPLE))["layout"]["annotations"])
