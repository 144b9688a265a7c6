"""The dashboard in Chromium against a bare Streamlit app in the same minute, its server's own work, and fifty sessions at once."""

from __future__ import annotations

import itertools
import os
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, WebSocket, sync_playwright

from benchmarks import large, sessions
from benchmarks.metrics import TENANT
from benchmarks.servers import Server, serving

HERE = Path(__file__).parent
DASHBOARDS = HERE.parent / "dashboards"
QUICK = os.environ.get("VITAL_BENCH_QUICK") == "1"
RUNS = 2 if QUICK else 7
OUTCOMES = 50_000
SLUGS = ("aldermoor", "carewick")
SESSIONS, ROUNDS = 50, (2, 4) if QUICK else (10, 50)  # memory is read after both rounds
AIM, RERUN_AIM, PAYLOAD_AIM = 4, 100, 250
# One band more or less a click, and sixteen clicks until a choice comes again: no page has been asked for it before.
PILLS = [("HIGH", "MEDIUM", "LOW", "UNSCORED")[min((n & -n).bit_length() - 1, 3)] for n in range(1, 17)]
QUIET = 500  # milliseconds without a change of the page, after which it counts as stable
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


def rows(server: str, folder: Path) -> Iterator[tuple[str, ...]]:
    """Filters and switches of every page as ratios, then what the server does alone."""
    warehouse = folder / "warehouse"
    _refreshed(server, warehouse)
    yield from measurements(warehouse)


def measurements(warehouse: Path) -> Iterator[tuple[str, ...]]:
    """The rows for a warehouse of the sample tenants; the large tenant is added to it."""
    large.publish(warehouse / str(TENANT), OUTCOMES)
    with serving(DASHBOARDS / "app.py", warehouse) as ours, serving(HERE / "bare.py", warehouse) as bare:
        yield from _in_the_browser(ours, bare)
        yield from _reruns(ours)
    with serving(DASHBOARDS / "app.py", warehouse) as fresh:
        yield _many_sessions(fresh, warehouse)


def _refreshed(server: str, warehouse: Path) -> None:
    from vital_insights.demo import fill
    from vital_insights.pipeline import refresh
    from vital_insights.settings import Settings

    url = fill.ensure_database(server)
    fill.fill(url)
    settings = Settings(source_url=fill.create_reader(url), warehouse=warehouse)
    for slug in SLUGS:
        refresh(slug, settings=settings)


def pages() -> dict[str, str]:
    """The title of every page, by the name of its file."""
    sys.path.insert(0, str(DASHBOARDS))
    import navigation

    return {name: told["title"] for name, told in navigation.declared().items()}


@dataclass(frozen=True)
class Tab:
    """A page of the browser and the server behind it."""

    page: Page
    server: Server
    metrics: CDPSession
    traffic: list[tuple[int, bool]]  # of every frame the bytes, and whether it says that a run is over

    @property
    def work(self) -> float:
        """Milliseconds of the processor that the page's main thread and the server have used; a busy machine does not change them."""
        found = {each["name"]: each["value"] for each in self.metrics.send("Performance.getMetrics")["metrics"]}
        return 1000 * (found["TaskDuration"] + self.server.seconds)

    def stable(self) -> None:
        """Wait until a run is over, nothing runs any more and nothing changes."""
        while not any(over for _, over in self.traffic):  # the page may show that it runs only after a while, or never
            self.page.wait_for_timeout(20)
        self.page.wait_for_function(STABLE, arg=QUIET, timeout=60_000, polling=50)

    def clicked(self, role: str, name: str) -> tuple[float, float]:
        """Milliseconds from a click until the page is stable, and those of the processor."""
        self.traffic.clear()
        before = self.work
        self.page.get_by_role(role, name=name, exact=True).click()
        self.stable()
        return self.page.evaluate("seen.last - seen.begun"), self.work - before

    def switched(self, title: str, back: str) -> tuple[float, float]:
        """The same for the way to a page, from another."""
        self.clicked("link", back)
        return self.clicked("link", title)


def _in_the_browser(ours: Server, bare: Server) -> Iterator[tuple[str, ...]]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    titles = pages()
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser:
        plain = _opened(browser, bare, "/")
        others = itertools.cycle(["Second", "First"])
        for slug, n in ((SLUGS[0], "a sample tenant"), (large.SLUG, f"{OUTCOMES:,}")):
            tab = _opened(browser, ours, f"/?tenant={slug}")
            pills = itertools.cycle(PILLS)
            for title in titles.values():
                back = next(other for other in titles.values() if other != title)
                switched, filtered = partial(tab.switched, title, back), partial(_filtered, tab, pills)
                yield _ratio(f"switch to {title}", n, switched, lambda: plain.clicked("link", next(others)))
                yield _ratio(f"filter, {title}", n, filtered, lambda: plain.clicked("button", "HIGH"))
            if slug == large.SLUG:
                yield _selection(tab, titles["landscape"])
            tab.page.close()


def _opened(browser: Browser, server: Server, path: str) -> Tab:
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


def _filtered(tab: Tab, pills: Iterator[str]) -> tuple[float, float]:
    return tab.clicked("button", next(pills))


def _ratio(
    what: str, n: str, ours: Callable[[], tuple[float, float]], bare: Callable[[], tuple[float, float]]
) -> tuple[str, ...]:
    ours(), bare()  # what is loaded only once is not counted
    pairs = [(ours(), bare()) for _ in range(RUNS)]
    ratios, worked = ([one[kind] / other[kind] for one, other in pairs] for kind in (0, 1))
    mine, theirs = (statistics.median(took for took, _ in side) for side in zip(*pairs, strict=True))
    told, span = f"{statistics.median(ratios):.1f} (aim {AIM})", f"{min(ratios):.1f}-{max(ratios):.1f}"
    work = f"{statistics.median(worked):.1f} times its work"
    return what, n, f"{mine:.0f} ms", f"a bare page, {theirs:.0f} ms", told, span, work


def _selection(tab: Tab, title: str) -> tuple[str, ...]:
    """What crosses the websocket, both ways, when a box is drawn around a quarter of the landscape."""
    tab.clicked("link", title)
    square, mouse = tab.page.locator(".st-key-landscape .nsewdrag").first.bounding_box(), tab.page.mouse
    found = []
    for reach in range(RUNS):
        tab.traffic.clear()
        mouse.move(square["x"] + square["width"] * 0.5, square["y"] + square["height"] * 0.5)
        mouse.down()
        mouse.move(square["x"] + square["width"] * (0.9 + reach / 100), square["y"] + square["height"] * 0.95, steps=8)
        mouse.up()
        tab.stable()
        found.append(sum(size for size, _ in tab.traffic) / 1000)
    median, span = f"{statistics.median(found):.0f} kB", f"{min(found):.0f}-{max(found):.0f} kB"
    return "a box on the landscape, both ways", f"{OUTCOMES:,}", median, f"(aim {PAYLOAD_AIM} kB)", "", span, ""


def _reruns(server: Server) -> Iterator[tuple[str, ...]]:
    """The server's own work: from being asked until the run is over, every byte of it sent; and the processor's share of it."""
    times = 3 * RUNS
    for slug, n, aim in ((SLUGS[0], "a sample tenant", f"(aim {RERUN_AIM} ms)"), (large.SLUG, f"{OUTCOMES:,}", "")):
        for name, title in pages().items():
            sessions.rerun(server.url, name, {"tenant": slug}, 1)
            before = server.seconds
            took = sessions.rerun(server.url, name, {"tenant": slug}, times)
            work = f"{1000 * (server.seconds - before) / (times + 2):.0f} ms of processor {aim}"
            yield (
                f"rerun, {title}",
                n,
                work,
                "until answered",
                f"{statistics.median(took):.0f} ms",
                f"{min(took):.0f}-{max(took):.0f} ms",
                "",
            )


def _many_sessions(server: Server, warehouse: Path) -> tuple[str, ...]:
    """Rounds of fifty sessions at once, each of them new, half of them of the other tenant; every page takes its turn."""
    own, names, memory = _names(warehouse), list(pages()), {}
    foreign, seen = 0, 0
    for number in range(1, ROUNDS[1] + 1):
        page = names[number % len(names)]
        found = sessions.together(server.url, page, SLUGS, SESSIONS)
        for slug, other in (SLUGS, SLUGS[::-1]):
            sent = b"\n".join(found[slug])
            seen += sum(name in sent for name in own[slug])
            foreign += sum(name in sent for name in own[other])
        if number in ROUNDS:
            memory[number] = server.megabytes
    if not seen:
        raise SystemExit("No session was shown a name of its own tenant.")
    told = ", ".join(f"{held:.0f} MB after round {number}" for number, held in memory.items())
    return (
        f"{SESSIONS} sessions at once, two tenants",
        f"{ROUNDS[1]} rounds",
        f"{foreign} foreign names",
        f"{seen:,} own",
        "(aim 0)",
        "",
        told,
    )


def _names(warehouse: Path) -> dict[str, set[bytes]]:
    """The names and statements that only one of the tenants has, as they may stand in what the server sends."""
    import vital_insights as vi
    from vital_insights.settings import Settings

    found = {}
    for slug in SLUGS:
        with vi.open_tenant(slug, settings=Settings(warehouse=warehouse)) as opened:
            jobs, outcomes = opened.table("jobs"), opened.metric("opportunity")
            # Not the tenant's own name: in local use the list of tenants shows it to everybody.
            told = {*jobs["job_name"], *jobs["job_id"], *outcomes["statement"], *outcomes["outcome_id"]}
            found[slug] = {str(name).encode() for name in told if name}
    first, second = SLUGS
    return {first: found[first] - found[second], second: found[second] - found[first]}
