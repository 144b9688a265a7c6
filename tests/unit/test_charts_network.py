"""What waits for what: the layout against what must hold of any, and the figure against links made by hand."""

import json
from itertools import combinations, pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vital_insights.charts import dependency_graph
from vital_insights.charts.layered import circles, groups, layered

LINKS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=14)


def reached(key, links):
    seen, edge = set(), {key}
    while edge:
        edge = {other for one, other in links if one in edge} - seen
        seen |= edge
    return seen


@given(LINKS)
def test_a_circle_is_whatever_waits_for_itself(links):
    keys = {key for link in links for key in link}
    found = circles(links)
    assert sorted(key for circle in found for key in circle) == sorted(
        key for key in keys if key in reached(key, links)
    )
    for circle in found:
        assert all(set(circle) <= reached(key, links) for key in circle)


@given(LINKS)
def test_groups_hold_what_hangs_together(links):
    both = [*links, *((other, one) for one, other in links)]
    keys = {key for link in links for key in link}
    assert groups(links) == sorted(sorted(each) for each in {frozenset(reached(key, both) | {key}) for key in keys})


@given(LINKS)
def test_whatever_waits_stands_below_and_further_right_but_for_the_links_that_close_a_circle(links):
    drawn = layered(links)
    assert set(drawn.lines) == set(links)
    rows = [row for _, row in drawn.places.values()]
    assert len(set(rows)) == len(rows)
    for one, other in set(links) - drawn.closing:
        (x0, y0), (x1, y1) = drawn.places[one], drawn.places[other]
        assert x0 < x1
        assert y0 < y1
    assert bool(drawn.closing) == bool(circles(links))
    assert not circles(set(links) - drawn.closing)


@given(LINKS)
def test_no_line_passes_through_a_mark_or_along_another_upright(links):
    drawn = layered(links)
    marks = set(drawn.places.values())
    uprights = {}
    for link, corners in drawn.lines.items():
        assert (corners[0], corners[-1]) == (drawn.places[link[0]], drawn.places[link[1]])
        for (x0, y0), (x1, y1) in pairwise(corners):
            assert x0 == x1 or y0 == y1
            for x, y in marks - {corners[0], corners[-1]}:
                assert not (min(x0, x1) <= x <= max(x0, x1) and min(y0, y1) <= y <= max(y0, y1))
            if x0 == x1 and x0 % 1:
                closes = link in drawn.closing
                owner = (link[1], True) if closes else (link[0], False)
                uprights.setdefault(owner, []).append((x0, *sorted((y0, y1))))
    for one, other in combinations(uprights, 2):
        for x, low, high in uprights[one]:
            assert not any(x == x2 and low <= high2 and low2 <= high for x2, low2, high2 in uprights[other])


@given(LINKS, st.randoms())
def test_the_order_of_the_links_does_not_matter(links, chance):
    shuffled = chance.sample(links, len(links))
    assert layered(links) == layered(shuffled)
    assert circles(links) == circles(shuffled)


def test_a_ring_is_named_round():
    assert circles([("b", "c"), ("c", "a"), ("a", "b"), ("c", "d")]) == [["a", "b", "c"]]
    assert circles([("a", "a")]) == [["a"]]


def jobs(**bands):
    rows = [
        {"job_id": key, "job_name": f"Job {key}", "band": band, "n_held_up_in_all": n}
        for key, (band, n) in bands.items()
    ]
    return pl.DataFrame(
        rows, schema={"job_id": pl.String, "job_name": pl.String, "band": pl.String, "n_held_up_in_all": pl.Int64}
    )


def links(*pairs):
    return pl.DataFrame(pairs, schema={"job_id": pl.String, "held_id": pl.String}, orient="row")


def read(figure):
    told = json.loads(figure.to_json())
    return {trace["name"]: trace for trace in told["data"]}, told["layout"].get("annotations", [])


JOBS = jobs(a=("HIGH", 2), b=("LOW", 1), c=(None, 0), d=("MEDIUM", 3), e=("HIGH", 3), f=("HIGH", 0), z=("HIGH", 0))
PAIRS = [("a", "b"), ("b", "c"), ("d", "e"), ("e", "d"), ("e", "f"), ("d", "gone")]


def test_those_that_hold_up_most_come_first_each_with_its_band_and_count():
    traces, texts = read(dependency_graph(JOBS, links(*PAIRS)))
    assert [data[0] for data in traces["jobs"]["customdata"]] == ["d", "e", "f", "a", "b", "c"]
    assert traces["jobs"]["marker"]["symbol"] == [
        "circle",
        "diamond",
        "diamond",
        "diamond",
        "circle-open",
        "x-thin-open",
    ]
    assert [text["text"] for text in texts if text["name"] == "held up"] == [
        "<b>3</b>",
        "<b>3</b>",
        "<b>2</b>",
        "<b>1</b>",
    ]
    assert [text["text"] for text in texts if text["name"] == "job"] == [
        "↻ Job d",
        "↻ Job e",
        "Job f",
        "Job a",
        "Job b",
        "Job c",
    ]
    assert "None of its outcomes has a score" in traces["jobs"]["hovertext"][5]
    assert "Waits for 1, holds up 3 in all<br>It waits for itself" in traces["jobs"]["hovertext"][0]


def test_a_link_that_closes_a_circle_is_dotted_and_each_line_is_drawn_once():
    traces, _ = read(dependency_graph(JOBS, links(*PAIRS)))
    assert traces["circle"]["line"]["dash"] == "dot"
    assert traces["circle"]["x"].count(None) == 1
    assert traces["waits"]["x"].count(None) == 4
    assert traces["arrows"]["marker"]["symbol"].count("triangle-down") == 1


@pytest.mark.parametrize(
    ("number", "drawn", "said"),
    [(6, 6, []), (5, 3, ["3 more jobs wait or are waited for"]), (3, 3, ["3 more jobs wait or are waited for"]),
     (2, 2, ["4 more jobs wait or are waited for"])],
)  # fmt: skip
def test_groups_are_drawn_whole_and_the_rest_is_counted(number, drawn, said):
    traces, texts = read(dependency_graph(JOBS, links(*PAIRS), number=number))
    assert len(traces["jobs"]["x"]) == drawn
    assert [text["text"] for text in texts if text["name"] == "rest"] == said


def test_the_same_rows_in_any_order_give_the_same_figure():
    assert (
        dependency_graph(JOBS, links(*PAIRS)).to_json()
        == dependency_graph(JOBS.reverse(), links(*reversed(PAIRS))).to_json()
    )


def test_names_of_the_data_never_become_markup():
    odd = JOBS.with_columns(job_name=pl.lit("<b>x</b> & y"))
    _, texts = read(dependency_graph(odd, links(("a", "b"))))
    assert [text["text"] for text in texts if text["name"] == "job"] == ["&lt;b&gt;x&lt;/b&gt; &amp; y"] * 2


def test_without_links_there_is_an_empty_picture():
    traces, texts = read(dependency_graph(JOBS, links()))
    assert traces["jobs"]["x"] == []
    assert texts == []
