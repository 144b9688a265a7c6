"""The landscape against algebra: contours, ties, tiles, counts and text, all from data that other hands made."""

import csv
import itertools
import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vital_insights.charts import landscape
from vital_insights.charts.geometry import (
    HIGH_ABOVE,
    MEDIUM_FROM,
    MILLION,
    UNDERSERVED_ABOVE,
    band_at,
    contour,
    petal,
    spread,
)
from vital_insights.charts.marks import draw
from vital_insights.warehouse import sqlfile

VECTORS = Path(__file__).parents[1] / "vectors"
SVG = "{http://www.w3.org/2000/svg}"
CROWD = [(f"{i / 10:.1f}", f"{s / 10:.1f}") for i in range(40, 101) for s in range(20, 100, 2)]
HOSTILE = (
    "<b>bold</b> <script>alert(1)</script> =cmd() %{x} $x^2$ & <img src=http://example.org/x.png> \u202eright to left"
)


def band_of(importance, satisfaction) -> str:
    """The method's own words in exact arithmetic."""
    i, s = Fraction(importance), Fraction(satisfaction)
    score = i + max(i - s, 0)
    return "HIGH" if score > 12 else "MEDIUM" if score >= 8 else "LOW"


def frame(pairs, **texts) -> pl.DataFrame:
    rows = []
    for number, pair in enumerate(pairs):
        i, s = (None if value is None else Decimal(value) for value in pair)
        scored = i is not None and s is not None
        told = {"statement": f"Minimize the time of {number}", "job_name": "A job", "evidence_source": "Survey"} | texts
        made = (
            {"score": i + max(i - s, Decimal(0)), "band": band_of(i, s)}
            if scored
            else {"score": None, "band": "UNSCORED"}
        )
        rows.append({"outcome_id": f"id-{number}", "importance": i, "satisfaction": s} | told | made)
    decimal = pl.Decimal(18, 6)
    kinds = {"outcome_id": pl.String, "statement": pl.String, "job_name": pl.String, "importance": decimal, "satisfaction": decimal,
             "score": decimal, "band": pl.String, "evidence_source": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=kinds, orient="row")


def test_the_lines_of_the_picture_are_the_thresholds_of_the_band_scheme():
    scheme = duckdb.sql(sqlfile.find("model", "band_scheme").sql)
    [row] = scheme.fetchall()
    told = dict(zip(scheme.columns, row, strict=True))
    lines = {"high_above": HIGH_ABOVE, "medium_from": MEDIUM_FROM, "underserved_above": UNDERSERVED_ABOVE}
    assert {name: told[name] for name in lines} == lines


def drawn(figure) -> dict:
    """The figure as the browser gets it."""
    return json.loads(figure.to_json())


def marks_of(figure) -> list[dict]:
    return [trace for trace in drawn(figure)["data"] if trace["mode"] == "markers"]


def told_by(figure) -> list[dict]:
    """The traces that show nothing and say what the marks are."""
    return [trace for trace in drawn(figure)["data"] if trace["mode"] == "none"]


def annotations(figure, name) -> list[str]:
    return [each["text"] for each in drawn(figure)["layout"]["annotations"] if each.get("name") == name]


def points(path: str) -> list[tuple[float, float]]:
    return [tuple(float(part) for part in step.split(",")) for step in path.strip("MZ").split("L")]


def test_contours_end_where_the_algebra_says():
    expected = {}
    with (VECTORS / "v11_landscape_geometry.csv").open() as lines:
        for row in csv.DictReader(lines):
            expected.setdefault(row["curve"], []).append((float(row["importance"]), float(row["satisfaction"])))
    for curve in ("opp=8", "opp=10", "opp=12", "opp=15"):
        assert contour(int(curve.removeprefix("opp="))) == expected[curve]
    shapes = {shape["name"]: shape for shape in drawn(landscape(frame([("9", "4")])))["layout"]["shapes"]}
    for name, curve in {"score 8": "opp=8", "score 10": "opp=10", "score 12": "opp=12", "diagonal": "diagonal"}.items():
        assert points(shapes[name]["path"]) == expected[curve]


def test_the_shaded_grounds_are_the_bands():
    """Every grid point off an edge lies in exactly the polygon of its band."""
    shapes = {
        shape["name"]: points(shape["path"])
        for shape in drawn(landscape(frame([("9", "4")])))["layout"]["shapes"]
        if "ground" in shape["name"]
    }

    def holds(polygon, x, y) -> bool:
        inside = False
        for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
        return inside

    for x in range(100):
        for y in range(100):
            i, s = Fraction(2 * x + 1, 20) + Fraction(1, 1000), Fraction(2 * y + 1, 20)
            assert [band for band in ("HIGH", "MEDIUM", "LOW") if holds(shapes[f"ground {band}"], i, s)] == [
                band_of(i, s)
            ]


def test_the_square_is_fixed_even_and_not_zoomable():
    layout = drawn(landscape(frame([("9", "4")])))["layout"]
    for axis in ("xaxis", "yaxis"):
        assert layout[axis]["range"] == [0, 10]
        assert layout[axis]["fixedrange"] is True
    assert layout["yaxis"]["scaleanchor"] == "x"
    assert layout["yaxis"]["scaleratio"] == 1
    assert "color" not in json.dumps(layout["template"])
    assert "color" not in layout["font"]
    assert not any("color" in each.get("font", {}) for each in layout["annotations"])


def test_the_ground_under_every_grid_point_is_its_band():
    for i in range(101):
        for s in range(101):
            assert band_at((i * MILLION // 10, s * MILLION // 10)) == band_of(Fraction(i, 10), Fraction(s, 10))


def test_no_petal_of_any_tie_leaves_its_band_or_the_square():
    moved = 0
    for i in range(101):
        for s in range(101):
            place = (i * MILLION // 10, s * MILLION // 10)
            band = band_of(Fraction(i, 10), Fraction(s, 10))
            for number in range(30):
                x, y = petal(place, number)
                moved += (x, y) != place
                assert 0 <= x <= 10 * MILLION
                assert 0 <= y <= 10 * MILLION
                assert band_of(Fraction(x, MILLION), Fraction(y, MILLION)) == band
    assert moved > 0.9 * 101 * 101 * 29  # giving up is the exception


def test_ties_open_and_the_rest_stays_where_it_is():
    marks, crowded = draw(frame([("9", "4")] * 7 + [("9.1", "4")]))
    assert not crowded
    assert len({mark.drawn_at for mark in marks}) == 8
    assert [mark.drawn_at for mark in marks if mark.place == (9_100_000, 4_000_000)] == [(9_100_000, 4_000_000)]


def test_tiles_count_everything_and_never_cross_an_edge():
    """Two decimals around the edges of both bands: a cell of 0.1 holds several bands, a mark one."""
    pairs = [(f"{i / 100:.2f}", f"{s / 100:.2f}") for i in range(770, 1000, 3) for s in range(380, 840, 7)]
    outcomes = frame(pairs)
    marks, crowded = draw(outcomes)
    assert crowded
    assert len(marks) < len(pairs)
    counts = Counter()
    for mark in marks:
        counts[mark.band] += mark.count
        assert band_of(Fraction(mark.drawn_at[0], MILLION), Fraction(mark.drawn_at[1], MILLION)) == mark.band
    assert counts == Counter(outcomes["band"])


def test_the_area_of_a_tile_is_in_proportion_to_its_count():
    outcomes = frame([("9", "4")] * 1600 + [("5", "6")] * 400 + [("7", "5")] * 100)
    sizes = {trace["name"]: trace["marker"]["size"] for trace in marks_of(landscape(outcomes))}
    area = {band: size[0] ** 2 for band, size in sizes.items()}
    assert area["HIGH"] / area["LOW"] == pytest.approx(4, rel=0.05)  # diameters are tenths of a pixel
    assert area["LOW"] / area["MEDIUM"] == pytest.approx(4, rel=0.05)


def pictured(figure) -> list[tuple[str, str, str, list[tuple[float, float]]]]:
    """Of the marks that are one picture, by look: shape, colour, opacity and the places on the axes."""
    [image] = drawn(figure)["layout"]["images"]
    assert image["source"].startswith("data:image/svg+xml,")
    svg = ElementTree.fromstring(unquote(image["source"].partition(",")[2]))
    left, top, width, _ = (float(part) for part in svg.get("viewBox").split())
    # On the square of the axes a unit of the picture is this much, and its first corner lies here.
    unit, right, down = 10 * image["sizex"] / width, 10 * image["x"], 10 * image["y"]
    found = []
    looks, paths = svg.findall(f"{SVG}marker"), svg.findall(f"{SVG}path")
    for look, path in zip(looks, paths, strict=True):
        assert {path.get(f"marker-{at}") for at in ("start", "mid", "end")} == {f"url(#{look.get('id')})"}
        [shape] = look
        places = [tuple(float(part) for part in place.split(",")) for place in path.get("d").removeprefix("M").split()]
        colour = shape.get("fill") if shape.get("fill") != "none" else shape.get("stroke")
        kind = (shape.tag.removeprefix(SVG), colour, look.get("opacity"))
        found.append((*kind, [(right + (x - left) * unit, down - (y - top) * unit) for x, y in places]))
    return found


@pytest.mark.parametrize("pairs", [CROWD, CROWD[:1500]], ids=["cells", "outcomes"])
@pytest.mark.parametrize("window", [None, (7.0, 9.0, 3.0, 6.0)], ids=["all", "window"])
def test_marks_as_one_picture_are_the_same_marks(pairs, window):
    """As many, where they are, in the colour of their band, dimmed where the others are; and they say the same."""
    outcomes = frame(pairs)
    single, flat = landscape(outcomes, window=window), landscape(outcomes, window=window, flat=True)
    wanted = Counter()
    for trace in marks_of(single):
        kept = trace.get("selectedpoints")
        for number, place in enumerate(zip(trace["x"], trace["y"], strict=True)):
            bright = kept is None or number in kept
            wanted[trace["marker"]["color"], bright, *(round(part, 2) for part in place)] += 1
    found = Counter(
        (colour, opacity == "1.0", *(round(part, 2) for part in place))
        for _, colour, opacity, places in pictured(flat) for place in places
    )  # fmt: skip
    assert found == wanted
    assert told_by(flat) == told_by(single)
    assert marks_of(flat) == []
    shapes = {colour: shape for shape, colour, _, _ in pictured(flat)}
    assert len(shapes) == 3
    assert [shape for shape in shapes.values() if shape == "path"] == ["path"]  # HIGH alone has corners


def test_few_marks_stay_marks():
    outcomes = frame(CROWD[:600])
    assert landscape(outcomes, flat=True) == landscape(outcomes)


def test_unscored_outcomes_are_counted_in_a_note_and_have_no_mark():
    figure = landscape(frame([("9", "4"), (None, "4"), ("9", None), ("5", "5")]))
    assert [sum(len(trace["x"]) for trace in side(figure)) for side in (marks_of, told_by)] == [2, 2]
    assert "2 without a score" in annotations(figure, "note")[0]
    assert annotations(landscape(frame([("9", "4")])), "note") == []


def test_a_landscape_of_nothing_still_is_a_landscape():
    assert sum(len(trace.get("x", [])) for trace in drawn(landscape(frame([])))["data"]) == 0


def test_the_names_of_the_top_five_stand_apart_and_by_height():
    figure = landscape(frame([("9", "4"), ("9", "4.1"), ("9", "4.2"), ("9", "4.3"), ("9", "4.4"), ("5", "5")]))
    names = [each for each in drawn(figure)["layout"]["annotations"] if each.get("name") == "outcome"]
    assert len(names) == 5
    heights = [name["ay"] for name in names]
    assert all(above - below >= 1.249 for above, below in itertools.pairwise(heights))
    assert [name["y"] for name in names] == sorted((name["y"] for name in names), reverse=True)
    assert all(name["ax"] > 10 for name in names)


def test_without_names_the_square_has_their_room():
    figure = landscape(frame([("9", "4"), ("9", "4.1")]), names=False)
    assert annotations(figure, "outcome") == []
    assert drawn(figure)["layout"]["xaxis"]["domain"] == [0, 1]
    assert drawn(landscape(frame([("9", "4")])))["layout"]["xaxis"]["domain"] == [0, 0.64]


def leaders(figure) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """From each named mark to its name."""
    names = [each for each in drawn(figure)["layout"]["annotations"] if each.get("name") == "outcome"]
    return [((name["x"], name["y"]), (name["ax"], name["ay"])) for name in names]


def cross(one, other) -> bool:
    """Whether two lines meet inside both: the ends of each lie on both sides of the other. A shared mark is no crossing."""

    def side(line, point) -> float:
        (x1, y1), (x2, y2) = line
        return (x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1)

    return all(side(line, a) * side(line, b) < -1e-9 for line, (a, b) in ((one, other), (other, one)))


def crossings(figure) -> int:
    return sum(cross(one, other) for one, other in itertools.combinations(leaders(figure), 2))


TOP_FIVE = {  # of the sample tenants, by satisfaction
    "aldermoor": [("9.2", "1.9"), ("9.2", "1.2"), ("8.4", "0.9"), ("9.3", "0.7"), ("8.4", "0.7")],
    "carewick": [("10", "4.5"), ("10", "3.7"), ("9.4", "3.1"), ("9.6", "2.4"), ("8.9", "1.3")],
    "quillmark": [("9.4", "3.5"), ("8.9", "2.3"), ("8.8", "2.2"), ("9.1", "2"), ("8.8", "1.5")],
}


@pytest.mark.parametrize("tenant", TOP_FIVE)
def test_the_leaders_of_the_sample_tenants_do_not_cross(tenant):
    figure = landscape(frame(TOP_FIVE[tenant]))
    assert len(leaders(figure)) == 5
    assert crossings(figure) == 0


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=7))
def test_no_leaders_cross_wherever_the_marks_lie(pairs):
    figure = landscape(frame([(Decimal(i) / 10, Decimal(s) / 10) for i, s in pairs]))
    assert len(leaders(figure)) == min(len(pairs), 5)
    assert crossings(figure) == 0


@pytest.mark.parametrize("wanted", [[10, 10, 10, 10, 10], [0, 0, 0, 0, 0], [9, 6, 6, 6, 1], [], [5]])
def test_spread_keeps_its_distance_and_its_bounds(wanted):
    placed = spread([float(height) for height in wanted], 1.25, 0.6, 9.4)
    assert all(0.6 - 1e-9 <= height <= 9.4 + 1e-9 for height in placed)
    assert all(above - below >= 1.25 - 1e-9 for above, below in itertools.pairwise(placed))


def test_text_comes_from_the_decimal_and_position_from_a_float():
    figure = landscape(frame([("9.123456", "4.1")]))
    [trace] = [trace for trace in marks_of(figure) if trace["x"]]
    [told] = [trace for trace in told_by(figure) if trace["x"]]
    assert isinstance(trace["x"][0], float)
    assert trace["x"][0] == pytest.approx(9.123456)
    assert "9.123456 + max(9.123456 - 4.1, 0) = 14.146912" in told["hovertext"][0]
    assert told["x"][0] == pytest.approx(9.123456, abs=0.01)


@pytest.mark.parametrize("column", ["statement", "job_name", "evidence_source"])
def test_text_of_the_data_never_becomes_markup(column):
    figure = landscape(frame([("9", "4"), ("5", "5")], **{column: HOSTILE}))
    hovers = [text for trace in told_by(figure) for text in trace["hovertext"]]
    texts = [*hovers, *annotations(figure, "outcome")]
    assert any("&lt;b&gt;bold&lt;/b&gt;" in text for text in texts)
    for text in texts:
        assert "<script" not in text
        assert "<img" not in text
        assert "<b>bold" not in text
    assert {trace["hovertemplate"] for trace in told_by(figure)} == {"%{hovertext}<extra></extra>"}


def test_a_megabyte_of_text_stays_small():
    assert len(landscape(frame([("9", "4")], statement="x" * 1_000_000)).to_json()) < 20_000


def test_a_window_dims_what_lies_outside_and_keeps_its_edges():
    figure = landscape(frame([("9", "4"), ("8.9", "4"), ("5", "5")]), window=(8.9, 9.0, 4.0, 4.0))
    kept = {trace["name"]: trace.get("selectedpoints") for trace in marks_of(figure)}
    assert kept == {"LOW": [], "MEDIUM": [], "HIGH": [0, 1]}


def test_every_mark_is_told_where_it_is_drawn():
    pairs = [("9", "4"), ("9", "4"), ("9", "4"), ("5", "5"), ("7.25", "6")]
    figure = landscape(frame(pairs))
    for mark, told in zip(marks_of(figure), told_by(figure), strict=True):
        assert told["name"] == f"{mark['name']}, told"
        assert (mark["hoverinfo"], mark.get("yaxis"), told["yaxis"]) == ("skip", None, "y2")
        for axis in ("x", "y"):
            assert told[axis] == pytest.approx(mark[axis], abs=0.0051)
    assert sum(len(told["hovertext"]) for told in told_by(figure)) == len(pairs)
    layout = drawn(figure)["layout"]
    for same in ("range", "scaleanchor", "scaleratio", "constraintoward", "fixedrange"):
        assert layout["yaxis2"][same] == layout["yaxis"][same]
