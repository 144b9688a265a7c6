"""What if, on the page of a job: what the sliders say is what the snapshot would say, and nothing is stored."""

from __future__ import annotations

import re

from tests import worlds

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
