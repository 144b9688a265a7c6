"""The dashboard in Chromium against a bare Streamlit app in the same minute, and its server's own work."""

from __future__ import annotations

import itertools
import os
import shutil
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Locator, Page, WebSocket, sync_playwright

from benchmarks import large, sample, sessions
from benchmarks.metrics import TENANT
from benchmarks.servers import Server, serving

HERE = Path(__file__).parent
ROUNDS = 2 if os.environ.get("VITAL_BENCH_QUICK") == "1" else 3
OUTCOMES = 50_000
AIM, RERUN_AIM, PAYLOAD_AIM = 4, 100, 250
BANDS = ("HIGH", "MEDIUM", "LOW", "UNSCORED")
QUIET = 300  # milliseconds without a change of the page, after which it counts as stable
WINDOW = {"width": 1440, "height": 1000}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# From the click to the last change that anything made to the page, seen once nothing runs and nothing has changed for a while.
WATCH = """
window.seen = {begun: 0, last: 0};
addEventListener('pointerup', () => { seen.begun = performance.now() }, true);
new MutationObserver(() => { seen.last = performance.now() })
    .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
"""
STABLE = """quiet => performance.now() - seen.last > quiet
    && document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"""

Spent = tuple[float, float]  # milliseconds until the page is stable, and those of the processor


def rows(
    server: str, folder: Path, wanted: Collection[str] = (), rounds: int = ROUNDS, warehouse: Path | None = None
) -> Iterator[tuple[str, ...]]:
    """Filters and switches as ratios, then what the server does alone: of the wanted titles, or of every page.

    Over the sample tenants, made anew where no warehouse that has them is told, and over a large one. A warehouse is read only.
    """
    found = warehouse or sample.refreshed(server, folder / "sample")
    pages = {name: told for name, told in sample.pages().items() if not wanted or told["title"] in wanted}
    if not pages:
        raise SystemExit(f"There are the pages {', '.join(told['title'] for told in sample.pages().values())}.")
    both = folder / "both"
    both.mkdir()
    for tenant in found.glob("*/CURRENT"):
        (both / tenant.parent.name).symlink_to(tenant.parent.absolute())
    large.publish(both / str(TENANT), OUTCOMES)
    with serving(sample.DASHBOARDS / "app.py", both) as ours, serving(HERE / "bare.py", both) as bare:
        yield from _in_the_browser(ours, bare, pages, rounds)
        yield from _reruns(ours, pages, 3 * rounds)


@dataclass(frozen=True)
class Tab:
    """A page of the browser and the server behind it."""

    page: Page
    server: Server
    metrics: CDPSession
    traffic: list[tuple[int, bool]]  # of every frame the bytes, and whether it says that a run is over
    bands: set[str] = field(default_factory=set)  # the active ones
    asked: defaultdict[str, list[set[str]]] = field(default_factory=lambda: defaultdict(list))  # of a page, so far

    @property
    def work(self) -> float:
        """Milliseconds of the processor that the page's main thread and the server have used; a busy machine hardly changes them."""
        found = {each["name"]: each["value"] for each in self.metrics.send("Performance.getMetrics")["metrics"]}
        return 1000 * (found["TaskDuration"] + self.server.seconds)

    def stable(self) -> None:
        """Wait until a run is over, nothing runs any more and nothing changes."""
        while not any(over for _, over in self.traffic):  # the page may show that it runs only after a while, or never
            self.page.wait_for_timeout(20)
        self.page.wait_for_function(STABLE, arg=QUIET, timeout=60_000, polling=50)

    def clicked(self, what: Locator) -> Spent:
        """What a click costs until the page is stable."""
        self.traffic.clear()
        before = self.work
        what.click()
        self.stable()
        return self.page.evaluate("seen.last - seen.begun"), self.work - before

    def switched(self, group: str, title: str) -> Spent:
        """What the way to a page costs, from the click in the menu."""
        self.page.get_by_role("button", name=group, exact=True).click()
        link = self.page.get_by_role("menuitem", name=title, exact=True)
        link.wait_for()
        return self.clicked(link)

    def filtered(self, title: str) -> Spent:
        """What one band more or less costs; where it can be, no choice that this page has been asked for before."""
        asked = self.asked[title]
        asked.append(set(self.bands))
        band = next((band for band in BANDS if self.bands ^ {band} not in asked), BANDS[0])
        self.bands.symmetric_difference_update({band})
        asked.append(set(self.bands))
        return self.clicked(self.page.get_by_role("button", name=band, exact=True))


def _in_the_browser(
    ours: Server, bare: Server, pages: dict[str, dict[str, str]], rounds: int
) -> Iterator[tuple[str, ...]]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser:
        plain, others = opened(browser, bare, "/"), itertools.cycle(["Second", "First"])
        away = next(told for told in sample.pages().values() if [told] != [*pages.values()])
        for slug, n in ((sample.SLUGS[0], "a sample tenant"), (large.SLUG, f"{OUTCOMES:,}")):
            tab = opened(browser, ours, f"/?tenant={slug}")
            spent: defaultdict[str, list[tuple[Spent, Spent]]] = defaultdict(list)
            for walk in range(rounds + 1):
                for told in pages.values():
                    title = told["title"]
                    if len(pages) == 1:
                        tab.switched(away["group"], away["title"])
                    switch = tab.switched(told["group"], title), plain.switched("Pages", next(others))
                    filtered = tab.filtered(title), plain.clicked(plain.page.get_by_role("button", name="HIGH"))
                    if walk:  # what is loaded only once is not counted
                        spent[f"switch to {title}"].append(switch)
                        spent[f"filter, {title}"].append(filtered)
            yield from (_ratio(what, n, pairs) for what, pairs in spent.items())
            if slug == large.SLUG and "landscape" in pages:
                yield _selection(tab, pages["landscape"], rounds)
            tab.page.close()


def opened(browser: Browser, server: Server, path: str) -> Tab:
    """A new tab on a path of a server, once it is stable."""
    page = browser.new_page(viewport=WINDOW)
    page.add_init_script(WATCH)
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
    tab = Tab(page, server, metrics, [])

    def follow(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: tab.traffic.append((len(frame), False)))
        socket.on("framereceived", lambda frame: tab.traffic.append((len(frame), sessions.is_over(frame))))

    page.on("websocket", follow)
    page.goto(server.url + path)
    tab.stable()
    return tab


def _ratio(what: str, n: str, pairs: list[tuple[Spent, Spent]]) -> tuple[str, ...]:
    ratios, worked = ([one[kind] / other[kind] for one, other in pairs] for kind in (0, 1))
    mine, theirs = (statistics.median(took for took, _ in side) for side in zip(*pairs, strict=True))
    told, span = f"{statistics.median(ratios):.1f} (aim {AIM})", f"{min(ratios):.1f}-{max(ratios):.1f}"
    work = f"{statistics.median(worked):.1f} times its work"
    return what, n, f"{mine:.0f} ms", f"a bare page, {theirs:.0f} ms", told, span, work


def _selection(tab: Tab, told: dict[str, str], rounds: int) -> tuple[str, ...]:
    """What crosses the websocket, both ways, when a box is drawn around the whole landscape, each time a little less of it."""
    tab.switched(told["group"], told["title"])
    for band in sorted(tab.bands):
        tab.clicked(tab.page.get_by_role("button", name=band, exact=True))
    square, mouse = tab.page.locator(".st-key-landscape .nsewdrag").first.bounding_box(), tab.page.mouse
    found = []
    for step in range(rounds):
        tab.traffic.clear()
        mouse.move(square["x"] + 2 + step, square["y"] + 2)
        mouse.down()
        mouse.move(square["x"] + square["width"] - 2, square["y"] + square["height"] - 2, steps=8)
        mouse.up()
        tab.stable()
        found.append(sum(size for size, _ in tab.traffic) / 1000)
    median, span = f"{statistics.median(found):.0f} kB", f"{min(found):.0f}-{max(found):.0f} kB"
    return "a box on the landscape, both ways", f"{OUTCOMES:,}", median, f"(aim {PAYLOAD_AIM} kB)", "", span, ""


def _reruns(server: Server, pages: Collection[str], times: int) -> Iterator[tuple[str, ...]]:
    """The server's own work: from being asked until the run is over, every byte of it sent; and the processor's share of it."""
    tenants = (sample.SLUGS[0], "a sample tenant", f" (aim {RERUN_AIM} ms)"), (large.SLUG, f"{OUTCOMES:,}", "")
    for (slug, n, aim), name in itertools.product(tenants, pages):
        sessions.rerun(server.url, name, {"tenant": slug}, 1)
        before = server.seconds
        took = sessions.rerun(server.url, name, {"tenant": slug}, times)
        work = f"{1000 * (server.seconds - before) / (times + 2):.0f} ms of processor{aim}"
        median, span = f"{statistics.median(took):.0f} ms", f"{min(took):.0f}-{max(took):.0f} ms"
        yield f"rerun, {name}", n, work, "until answered", median, span, ""
