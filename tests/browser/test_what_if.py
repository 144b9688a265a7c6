"""What if, on the page of a job: what the sliders say is what the snapshot would say, and nothing is stored."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests import worlds
from vital_insights.errors import WarehouseError
from vital_insights.insights import Insights

from .conftest import html

J1 = "J-1"


def told(test) -> str:
    """What the part says, as a reader sees it."""
    [part] = re.findall(r'<div class="vi whatif".*?</div></div>', html(test), re.DOTALL) or [""]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_a_slider_tells_score_band_rank_and_the_totals_around_it(app, small):
    before = {path: path.read_bytes() for path in small.rglob("*.duckdb")}
    test = app(small, "jobs.py", job=J1)
    assert [slider.label for slider in test.slider] == ["Importance (today 9.5)", "Satisfaction (today 3.2)"]
    assert "Move a slider" in html(test)
    test.slider[1].set_value(7.0).run()
    # 9.5 + (9.5 - 3.2) = 15.8 is HIGH and shares the first place; 9.5 + (9.5 - 7) = 12 is MEDIUM, as are the other two of 12.
    said = told(test)
    assert "Score 15.8 → 12.0 Band HIGH → MEDIUM Rank of 6 1 → 2" in said
    # The role does J-1 alone: five scored outcomes, one of them HIGH until now; (15.8 + 12 + 12 + 8 + 5) / 5 = 10.56.
    assert "Rep · role 1 → 0 10.56 → 9.80 15.8 → 12.0 5" in said
    assert "Supposed, not measured" in said
    [back] = [button for button in test.button if "today's ratings" in button.label]
    back.click().run()
    assert "Move a slider" in html(test)
    assert {path: path.read_bytes() for path in small.rglob("*.duckdb")} == before


def test_an_unknown_rating_stays_unknown_until_its_slider_is_moved(app, small):
    test = app(small, "jobs.py", job="J-2")
    [pick] = [box for box in test.selectbox if box.key == "what_if_outcome"]
    pick.set_value(str(worlds.uid("o5"))).run()
    assert test.slider[0].label == "Importance (unknown until it is moved)"
    test.slider[1].set_value(2.0).run()
    assert "Band UNSCORED Rank" in told(test)
    test.slider[0].set_value(8.0).run()
    assert "Score – → 14.0 Band UNSCORED → HIGH" in told(test)


def test_what_cannot_be_computed_is_told_where_it_would_stand(app, small, monkeypatch):
    def broken(*_):
        raise WarehouseError("The snapshot can no longer be read.")

    monkeypatch.setattr(Insights, "what_if", broken)
    test = app(small, "jobs.py", job=J1)
    test.slider[1].set_value(6.5).run()
    assert not test.exception
    assert ["The snapshot can no longer be read." in error.value for error in test.error] == [True]
    assert 'class="vi foot"' in html(test)  # the rest of the page stays


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """A warehouse of acme, where all outcomes are called the same, and two functions as far as a picker shows."""
    outcomes = [row | {"outcome_statement": "Minimize the time"} for row in worlds.SMALL["jtbd_outcomes"]]
    functions = [{"id": worlds.uid(f), "name": f"Field {'and ' * 30}{f}"} for f in ("f1", "f2")]
    folder = tmp_path_factory.mktemp("twins")
    worlds.publish(folder / str(worlds.ACME), worlds.SMALL | {"jtbd_outcomes": outcomes, "org_functions": functions})
    return folder


def box(test, key: str):
    [found] = [each for each in test.selectbox if (each.key or "").startswith(key)]
    return found


@pytest.mark.parametrize(
    ("page", "address", "key"),
    [
        ("jobs.py", {"job": J1}, "what_if_outcome"),
        ("outcomes.py", {}, "pick_row"),
        ("compare.py", {"by": "function"}, "pick_group"),
    ],
)
def test_a_picker_opens_what_was_picked_where_two_are_called_the_same(app, twins, page, address, key):
    test = app(twins, page, **address)
    picker = box(test, key)
    assert len(picker.options) == len({*picker.options}) > 1
    told = set()
    for option in range(len(picker.options)):
        box(test, key).select_index(option).run()
        assert not test.exception
        assert box(test, key).index == option
        told.add(html(test) + " ".join(slider.label for slider in test.slider))
    assert len(told) == len(picker.options)


def test_a_name_that_is_told_apart_never_meets_another(app):
    from choices import told_apart

    assert told_apart(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]
    assert told_apart(["a", "a", "a (2)", "a (2)"]) == ["a", "a (3)", "a (2)", "a (2) (2)"]
    assert told_apart([]) == []


def test_a_rating_that_was_unknown_counts_among_the_scored_and_a_change_too_small_to_show_is_said(app, small):
    test = app(small, "jobs.py", job="J-2")
    box(test, "what_if_outcome").set_value(str(worlds.uid("o5"))).run()
    test.slider[0].set_value(8.0).run()
    # Six were scored and it is the seventh: 8 + (8 - 4) = 12, third with two others of 12.
    said = told(test)
    assert "Rank of 7 – → 3" in said
    # Commercial holds o0, o1, o2, o3, o4 and o7 today: six scored, and seven then.
    assert re.search(r"Commercial · function [^·]* 7( |$)", said)
    import what_if

    assert what_if._step(7.121, 7.122) == "7.12 (changes by less than is shown)"
    assert what_if._step(7.12, 7.12) == "7.12"
    assert what_if._step(Decimal(7), None) == "7.0 → <b>–</b>"
