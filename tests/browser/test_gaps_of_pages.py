"""Every page: figures and tables can be taken away, numbers lead to their rows, and texts that are too long are cut."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from datetime import timedelta
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from tests.worlds import ACME, SMALL, TAKEN_AT, publish, uid

from .conftest import DASHBOARDS, html

PAGES = sorted(path.name for path in (DASHBOARDS / "pages").glob("*.py"))
HUGE = "<script>x</script>=1+1 " + "wide open " * 104_858  # a megabyte
BEARABLE = 150_000  # bytes of one page; these worlds are tiny, so whatever a page sends more is the text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a megabyte in a field of each kind: names, statements, words, codes and reasons. Read only."""
    world: dict[str, list[dict[str, Any]]] = copy.deepcopy(SMALL)
    world["jobs_to_be_done"][0] |= {"name": HUGE, "description": HUGE, "functional_area": HUGE, "complexity": HUGE}
    world["jobs_to_be_done"][1] |= {"code": HUGE}
    world["jtbd_outcomes"][0] |= {"outcome_statement": HUGE, "outcome_type": HUGE, "evidence_source": HUGE}
    world["jtbd_outcomes"][1] |= {"outcome_id": HUGE, "importance_score": 3, "satisfaction_score": 3}
    for table in ("org_functions", "org_departments", "org_roles", "personas"):
        world[table][0]["name"] = HUGE
    world["org_roles"][1]["name"] = HUGE
    world["jtbd_obstacles"] = [{"id": uid("hurdle"), "jtbd_id": uid("j1"), "obstacle_text": HUGE, "severity": HUGE}]
    folder = tmp_path_factory.mktemp("hostile")
    publish(folder / str(ACME), SMALL, told={"taken_at": (TAKEN_AT - timedelta(days=9)).isoformat()})
    publish(folder / str(ACME), world)
    return folder


def elements(test: AppTest) -> Iterator[Any]:
    """Everything that a page draws, also what lies in a container."""

    def walk(block: Any) -> Iterator[Any]:
        for child in block.children.values():
            yield child
            if hasattr(child, "children"):
                yield from walk(child)

    return walk(test._tree)


def count(test: AppTest, kind: str, label: str = "") -> int:
    found = [each for each in elements(test) if each.type == kind]
    return sum(label in str(each.proto) for each in found) if label else len(found)


def links(test: AppTest) -> list[tuple[str, str, dict[str, str]]]:
    """What each link of a page says, the page it opens and the codes it sets."""
    found = re.findall(r'<a href="\./([^"]*)" target="_self">([^<]*) →</a>', html(test))
    told = [(unescape(said), urlsplit(unescape(address))) for address, said in found]
    return [(said, address.path or "overview", dict(parse_qsl(address.query))) for said, address in told]


@pytest.mark.parametrize("file", PAGES)
def test_a_megabyte_in_a_field_swells_no_page_and_is_cut_with_a_mark(app, hostile, file):
    test = app(hostile, file)
    assert not test.exception
    assert not test.error
    sizes = [(each.proto.ByteSize(), each.type) for each in elements(test) if getattr(each, "proto", None) is not None]
    assert 2_000 < sum(size for size, _ in sizes) < BEARABLE, sorted(sizes)[-5:]
    assert "<script" not in html(test)
    if file in ("compare.py", "coverage.py", "jobs.py", "landscape.py", "outcomes.py", "progress.py"):
        shown = html(test) + "".join(str(table.value.to_dict()) for table in test.dataframe)
        assert re.search(rf"… \(cut: {len(HUGE):,}|{len(HUGE)} characters\)", shown)


@pytest.mark.parametrize("file", PAGES)
def test_every_figure_and_every_table_can_be_taken_away(look, two, file):
    test = look(two, file)
    assert not test.exception
    assert count(test, "popover", 'label: "Picture"') == count(test, "plotly_chart")
    for kind in ("CSV", "Excel"):
        assert count(test, "download_button", f'label: "{kind}"') >= count(test, "dataframe")


@pytest.mark.parametrize("file", PAGES)
def test_every_link_opens_a_page_that_knows_all_it_asks_for(look, two, file):
    for said, page, codes in links(look(two, file)):
        led = look(two, f"{page}.py", **codes)
        assert not led.exception, (said, page, codes)
        assert "Not applied:" not in html(led), (said, page, codes)
        assert "Not opened:" not in html(led), (said, page, codes)


def test_the_cards_of_the_overview_lead_to_as_many_outcomes_as_they_say(look, two):
    test = look(two)
    led = {
        said.removeprefix("List the "): (page, codes)
        for said, page, codes in links(test)
        if said.startswith("List the ")
    }
    assert list(led) == ["HIGH", "MEDIUM", "LOW", "UNSCORED"]
    for band, (page, codes) in led.items():
        [n] = re.findall(rf"<div>{band}<b>(\d+)</b>", html(test))
        assert page == "outcomes"
        assert f"{n} of 9 outcomes shown" in html(look(two, "outcomes.py", **codes))


def test_a_card_of_none_leads_nowhere(app, two):
    assert [said for said, *_ in links(app(two, band="HIGH")) if said.startswith("List the ")] == ["List the HIGH"]


def test_a_group_with_outcomes_that_the_filter_left_out_is_no_link_that_ends_the_filter(app, small):
    """Field lies in Commercial, which has one job more."""
    for chosen, linked in (("f1", {"f1", "f2"}), ("f2", {"f2"})):
        test = app(small, "compare.py", by="function", function=str(uid(chosen)))
        test.toggle(key="above").set_value(True).run()
        asked = [dict(parse_qsl(urlsplit(to).query))["function"] for to in test.dataframe[0].value["Rows"].dropna()]
        assert sorted(asked) == sorted(str(uid(each)) for each in linked)


def test_a_kind_of_gap_leads_to_its_rows(look, two):
    gaps = {codes["gap"] for _, page, codes in links(look(two)) if page == "coverage" and "gap" in codes}
    assert gaps
    for gap in gaps:
        test = look(two, "coverage.py", gap=gap)
        assert test.selectbox(key="pick_kind").value == gap
    unknown = look(two, "coverage.py", gap="<b>nope</b>")
    assert "there is no gap of the kind “&lt;b&gt;nope&lt;/b&gt;”" in html(unknown)


def test_the_figures_of_what_changed_lead_to_their_rows(look, two):
    asked = {codes["kind"]: said for said, page, codes in links(look(two, "changes.py")) if "kind" in codes}
    assert set(asked) == {"into_high", "out_of_high", "moved", "appeared", "vanished"}
    for kind, n in {"into_high": 2, "out_of_high": 2, "moved": 2, "appeared": 2, "vanished": 1}.items():
        assert look(two, "changes.py", kind=kind).dataframe[-1].value.shape[0] == n


def test_what_a_step_of_collection_lacks_is_as_much_as_the_metric_says(app, displayed):
    app(displayed, "progress.py", tenant="aldermoor")  # the modules of the dashboard are there from here on
    import session
    from missing import missing

    import vital_insights

    data = session.Data(vital_insights.open_tenant("aldermoor"))
    steps = data.metric("collection_progress").drop_nulls("n_done")
    assert steps.height > 100
    for row in steps.iter_rows(named=True):
        assert missing(data, row["step_name"], row["member"]).height == row["n_total"] - row["n_done"], row


@pytest.mark.parametrize(("address", "n"), [
    ({"search": "step 4"}, 1), ({"search": "step 3"}, 0), ({"role": str(uid("r1"))}, 1), ({"role": "none"}, 0), ({"band": "HIGH"}, 0),
    ({"band": "LOW,MEDIUM,UNSCORED"}, 1), ({"type": "none"}, 1), ({"search": "n1"}, 0),
])  # fmt: skip
def test_filters_choose_what_vanished_by_the_older_snapshot(app, two, address, n):
    test = app(two, "changes.py", **address)
    assert not test.exception
    assert f"<div>Vanished<b>{n}</b>" in html(test)
    assert "what vanished is chosen as it stood in the older snapshot" in html(test)


def test_an_older_snapshot_that_cannot_be_filtered_says_so(app, tmp_path):
    folder = tmp_path / str(ACME)
    lost = copy.deepcopy(SMALL)
    del lost["jtbd_outcomes"][4]
    publish(folder, SMALL, told={"taken_at": (TAKEN_AT - timedelta(days=9)).isoformat()}, without=["model.membership"])
    publish(folder, lost)
    said = html(app(tmp_path, "changes.py", search="step"))
    assert "the 1 that vanished are left out, as the older snapshot does not say where they belonged" in said
    assert "<div>Vanished<b>0</b>" in said


@pytest.fixture(scope="module")
def anyway(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse whose snapshot was published although critical checks failed. Read only."""
    folder = tmp_path_factory.mktemp("anyway")
    publish(folder / str(ACME), SMALL, told={"published_anyway": True})
    return folder


@pytest.mark.parametrize("file", PAGES)
def test_what_was_published_anyway_says_so_on_every_page(app, anyway, small, file):
    caution = "Published although critical checks failed."
    assert f"{caution}</span></div>" in html(app(anyway, file))
    assert caution not in html(app(small, file))


def test_an_outcome_is_opened_without_the_table(app, two):
    test = app(two, "outcomes.py")
    [pick] = [each for each in test.selectbox if each.label == "Outcome in detail"]
    rows = test.dataframe[0].value
    assert len(pick.options) == len(rows)
    pick.set_value(2).run()
    assert f'<h2 class="name">{escape(rows["Outcome"].iloc[2])}</h2>' in html(test)


def test_an_outcome_is_opened_by_keyboard(watch):
    opened = watch()
    page = opened.go("/outcomes?tenant=zephyr")
    name = page.locator(".st-key-card h2.name")
    before = name.inner_text()
    page.get_by_label("Outcome in detail").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(name).not_to_have_text(before)
