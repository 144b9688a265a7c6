"""What holds for every page there is, found by the navigation itself: a page that is added is walked without being remembered."""

from __future__ import annotations

import sys
from itertools import product
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .conftest import DASHBOARDS, WHOLE, Watched

sys.path.insert(0, str(DASHBOARDS))
import navigation  # the dashboard is a folder of scripts, no package

PAGES = {name: "/" if name == navigation.first() else f"/{name}" for name in navigation.declared()}
ADDRESSES = {name: f"{path}?tenant=aldermoor" for name, path in PAGES.items()} | {
    "coverage-of-personas": "/coverage?tenant=aldermoor&who=persona&level=function:MA",
    "changes-between-two": "/changes?tenant=zephyr",
}
GROUND = {"light": "rgb(252, 252, 250)", "dark": "rgb(17, 21, 27)"}
# By how much the page, and the part of it that scrolls, are wider than the window: nothing may have to be scrolled sideways.
SIDEWAYS = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
  .map(each => each.scrollWidth - each.clientWidth)"""

# How much room there is between the menu and the filter bar, in pixels.
ABOVE = """() => { const [bar, menu] = ['.st-key-filterbar', '[data-testid="stHeader"]']
  .map(each => document.querySelector(each).getBoundingClientRect()); return bar.top - menu.bottom }"""


def violations(page: Page) -> dict[str, list[str]]:
    """What axe finds, rule by rule."""
    found = Axe().run(page).response["violations"]
    return {each["id"]: [f"{node['target']} {node['html'][:160]}" for node in each["nodes"]] for each in found}


@pytest.fixture(scope="session")
def streamlits_own(browser: Browser, bare: str) -> dict[tuple[str, int], dict[str, list[str]]]:
    """What axe finds on a bare Streamlit page, by scheme and width."""
    found = {}
    for scheme, width in product(GROUND, (1440, 390)):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        page.goto(bare)
        page.wait_for_function(WHOLE, timeout=60_000)
        found[scheme, width] = violations(page)
        context.close()
    return found


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_is_whole_quiet_and_open_to_all_in_both_schemes(watch, shot, streamlits_own, name, scheme, width):
    watched = watch(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = watched.go(ADDRESSES[name])
    assert watched.shifted < 0.05
    shot(page, f"{name}-{scheme}-{width}")
    assert watched.title
    assert page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]').count() == 0
    assert page.evaluate(SIDEWAYS) == [0, 0]
    assert 0 <= page.evaluate(ABOVE) < 16
    assert page.evaluate("document.fonts.check('14px Inter')")
    assert any("inter-latin" in url for url in watched.asked)
    assert {rule: nodes for rule, nodes in violations(page).items() if rule not in streamlits_own[scheme, width]} == {}
    if width == 1440:
        flip(watched, "dark")
        shot(page, f"{name}-dark-{width}")
        assert {
            rule: nodes for rule, nodes in violations(page).items() if rule not in streamlits_own["dark", width]
        } == {}
    assert watched.elsewhere == []
    assert watched.complained == []


def flip(watched: Watched, scheme: str) -> None:
    """Let the system turn dark or light: the page follows, without a reload and with what it says unchanged."""
    said, asked = (watched.title, watched.foot), len(watched.asked)
    watched.page.emulate_media(color_scheme=scheme)
    expect(watched.page.locator('[data-testid="stApp"]')).to_have_css("background-color", GROUND[scheme])
    watched.settled()
    assert (watched.title, watched.foot) == said
    assert [url for url in watched.asked[asked:] if url.startswith("http")] == []


# How often each figure that is there now was drawn: every drawing sets the width of its sheets.
COUNT = """window.sheets = new Map(); new MutationObserver(seen => seen.forEach(each => {
  sheets.set(each.target, (sheets.get(each.target) || 0) + 1)
})).observe(document, {subtree: true, attributeFilter: ['width']})"""
DRAWN = "() => [...new Set([...document.querySelectorAll('.js-plotly-plot .main-svg')].map(each => sheets.get(each)))]"


def test_a_figure_is_drawn_once_when_the_navigation_leads_to_it(watch):
    watched = watch()
    watched.go("/method?tenant=zephyr").evaluate(COUNT)
    for name in ("landscape", "coverage", "compare", "progress"):
        watched.follow(PAGES[name], navigation.declared()[name]["group"])
        assert watched.page.evaluate(DRAWN) == [1], name


# In how many of the pictures that the browser draws from now on the filter bar cannot be seen.
UNSEEN = """window.unseen = 0; (function look() { const bar = document.querySelector('.st-key-filterbar')
  if (!bar || getComputedStyle(bar).visibility != 'visible') window.unseen += 1; requestAnimationFrame(look) })()"""


@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_jumps_and_the_filter_bar_stays_when_the_navigation_leads_to_it(watch, width):
    watched = watch(viewport={"width": width, "height": 900})
    watched.go("/method?tenant=zephyr").evaluate(UNSEEN)
    shifts = {}
    for name, path in PAGES.items():
        before = watched.shifted
        watched.follow(path, navigation.declared()[name]["group"])
        assert urlsplit(watched.page.url).path == path
        shifts[path] = watched.shifted - before
    assert {path: shift for path, shift in shifts.items() if shift >= 0.05} == {}
    assert watched.page.evaluate("unseen") == 0


def test_nothing_of_a_page_that_is_loaded_is_seen_before_all_of_it_can_be_drawn(watch):
    watched, held = watch(), []
    watched.page.route("**/static/js/Html.*.js", lambda route: held.append(route))  # noqa: PLW0108  Playwright takes no built-in
    watched.page.goto(watched.own + ADDRESSES["method"], wait_until="commit")
    bar = watched.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"] .st-key-filterbar')
    expect(bar).to_have_css("visibility", "hidden")
    for route in held:
        route.continue_()
    watched.settled()
    expect(bar).to_have_css("visibility", "visible")
