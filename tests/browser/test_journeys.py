"""What a strategist does, in a real browser against the real server."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from .oracle import Oracle

TITLE = re.compile(r"([\d,]+) of ([\d,]+) outcomes")
EDGES = ("Importance from", "Importance to", "Satisfaction from", "Satisfaction to")


def drag(page: Page, left: float, bottom: float, right: float, top: float) -> None:
    """Draw a box on the landscape, in the numbers of its axes."""
    plot = page.locator(".st-key-landscape .nsewdrag").last
    plot.hover()  # which waits until it stands still
    square = plot.bounding_box()
    unit = square["height"] / 10

    def at(importance: float, satisfaction: float) -> tuple[float, float]:
        return square["x"] + importance * unit, square["y"] + (10 - satisfaction) * unit

    page.mouse.move(*at(left, bottom))
    page.mouse.down()
    page.mouse.move(*at((left + right) / 2, (bottom + top) / 2), steps=4)
    page.mouse.move(*at(right, top), steps=4)
    page.mouse.up()


def test_a_box_sends_its_edges_alone_and_the_marks_inside_still_tell_what_they_are(watch):
    """Not the marks: what a box around everything sends does not grow with what lies inside."""
    watched, sent = watch(), []
    watched.page.on("websocket", lambda opened: opened.on("framesent", lambda frame: sent.append(len(frame))))
    page = watched.go("/landscape?tenant=quillmark")
    before = len(sent)
    drag(page, 0.05, 0.05, 9.95, 9.95)
    expect(page.locator("h2", has_text="in the range")).to_be_visible()
    assert max(sent[before:]) < 4_000
    watched.settled()
    expect(watched.label(page.locator(".st-key-landscape .point").last)).to_contain_text("satisfaction")


# The picture takes the width of its column a moment after the window has changed.
WITHIN = """() => { const edge = document.querySelector('.st-key-landscape .main-svg').getBoundingClientRect().right
  return [...document.querySelectorAll('.st-key-picture .annotation-arrow-g')]
    .every(each => each.parentElement.querySelector('.annotation-text-g').getBoundingClientRect().right <= edge) }"""


def test_the_names_of_the_top_outcomes_show_whole_with_their_leaders_or_not_at_all(watch):
    page = watch(viewport={"width": 1440, "height": 900}).go("/landscape?tenant=aldermoor")
    leaders = page.locator(".st-key-picture .annotation-arrow-g")
    expect(leaders).to_have_count(5)
    for width in (390, 720, 721, 1240, 1241, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for leader in map(leaders.nth, range(5)):
            name = leader.locator("xpath=..").locator(".annotation-text-g")
            for each in (leader, name):
                expect(each).to_be_visible(visible=width > 720)
        page.wait_for_function(WITHIN)


def test_a_link_with_filters_shows_the_same_in_a_fresh_browser(watch, demo_warehouse):
    oracle = Oracle(demo_warehouse, "aldermoor")
    first = watch()
    page = first.go("/?tenant=aldermoor")
    page.get_by_role("button", name="More filters").click()
    page.locator(".st-key-pick_type input").click()
    page.get_by_role("option", name="speed").click()
    expect(page.get_by_role("button", name="More filters · 1")).to_be_visible()
    first.told("type speed")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="HIGH", exact=True).click()
    high = oracle.bands(kind="speed")["HIGH"]
    shown = f"{high:,} of {len(oracle.outcomes):,} outcomes shown"
    first.told("type speed, band HIGH", shown)
    page.get_by_role("button", name="Where to act").click()
    page.get_by_role("menuitem", name="Landscape", exact=True).click()
    page.wait_for_selector(".st-key-landscape .main-svg")
    first.told("type speed, band HIGH")
    for code in ("type=speed", "band=HIGH"):
        expect(page).to_have_url(re.compile(rf"/landscape\?(.*&)?{code}(&|$)"))
    address = page.url
    page.reload()
    first.told("type speed, band HIGH", shown)
    page.go_back()
    expect(page.locator(".vi.figures")).not_to_have_count(0)  # of the overview alone
    first.told("type speed, band HIGH", shown)
    assert "within the filters" in first.title
    second = watch()
    second.go(address.removeprefix(second.own))
    assert second.title == f"{high:,} of {len(oracle.outcomes):,} outcomes are HIGH opportunities within the filters"
    assert "type speed, band HIGH" in second.foot


def test_the_picker_leads_to_another_tenant_without_the_filters_of_the_last(watch, demo_warehouse):
    watched = watch()
    page = watched.go("/?tenant=aldermoor&type=speed")
    assert "type speed" in watched.foot
    page.locator(".st-key-pick_tenant input").click()
    page.get_by_role("option", name=re.compile("^Carewick")).click()
    n = len(Oracle(demo_warehouse, "carewick").outcomes)
    watched.told("Carewick", f"{n:,} of {n:,} outcomes shown", "filters: none")
    expect(page).to_have_url(re.compile(r"/\?tenant=carewick$"))


def test_a_box_and_the_same_range_by_keyboard_list_the_same(watch, shot, demo_warehouse):
    boxed = watch(color_scheme="dark")
    page = boxed.go("/landscape?tenant=quillmark")
    drag(page, 7.45, 1.0, 9.85, 4.65)
    heading = page.locator("h2", has_text="in the range")
    expect(heading).to_be_visible()
    expect(page.locator(".vi-drawn.later")).to_have_count(1)  # a part that is redrawn alone never hides the page
    fields = [page.get_by_label(name, exact=True) for name in EDGES]
    for field, whole in zip(fields, (r"^0\.0+$", r"^10\.0+$") * 2, strict=True):
        expect(field).not_to_have_value(re.compile(whole))  # each field takes its number a moment after the heading
    edges = [field.input_value() for field in fields]
    inside = Oracle(demo_warehouse, "quillmark").inside(*edges)
    assert inside > 3
    expect(heading).to_have_text(f"{inside:,} outcomes in the range")
    boxed.settled()  # the card is drawn a moment after the heading
    card = page.locator(".st-key-card").inner_text()
    shot(page, "landscape-dark-selected")
    expect(page.locator(".st-key-landscape .selectionlayer path")).not_to_have_count(0)  # the box drawn is still there

    page.get_by_role("button", name="Show all").click()
    expect(heading).to_have_count(0)
    expect(page.locator(".st-key-landscape .selectionlayer path")).to_have_count(0)

    typed = watch()
    page = typed.go("/landscape?tenant=quillmark")
    for name, value in zip(EDGES, edges, strict=True):
        page.get_by_label(name, exact=True).focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    expect(page.locator("h2", has_text="in the range")).to_have_text(f"{inside:,} outcomes in the range")
    typed.settled()
    assert page.locator(".st-key-card").inner_text() == card
    shot(page, "landscape-light-range")


def test_the_theme_flips_without_a_reload_and_keeps_the_selection(watch):
    watched = watch(color_scheme="light")
    page = watched.go("/landscape?tenant=quillmark")
    drag(page, 7.45, 1.0, 9.85, 4.65)
    heading = page.locator("h2", has_text="in the range")
    expect(heading).to_be_visible()
    watched.settled()
    before, asked = heading.inner_text(), len([url for url in watched.asked if url.startswith("http")])
    text = page.locator(".st-key-landscape .annotation text").first
    light = text.evaluate("node => getComputedStyle(node).fill")
    page.emulate_media(color_scheme="dark")
    expect(page.locator('[data-testid="stApp"]')).to_have_css("background-color", "rgb(17, 21, 27)")
    expect(text).to_have_css("fill", "rgb(231, 234, 240)")
    assert light == "rgb(27, 35, 48)"
    expect(page.locator(".st-key-landscape .selectionlayer path")).not_to_have_count(0)
    watched.settled()
    assert heading.inner_text() == before
    assert len([url for url in watched.asked if url.startswith("http")]) == asked


def test_a_request_by_another_name_shows_nothing(watch):
    watched = watch(extra_http_headers={"X-Forwarded-Host": "dashboard.example.org"})
    watched.page.goto(watched.own)
    expect(watched.page.get_by_text("nothing is shown")).to_be_visible()
    assert "Aldermoor" not in watched.page.content()
