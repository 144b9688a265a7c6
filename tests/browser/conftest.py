"""A real Streamlit server on loopback, a real Chromium, and screenshots where VITAL_SHOTS names a folder.

What costs is made once a run (the warehouses) or once a worker (servers, browser, what a bare page shows); each test gets
a browser session of its own.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
import streamlit as st
from playwright.sync_api import Browser, Locator, Page, expect
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests import worlds

from .moved import publish_three

DASHBOARDS = Path(__file__).parents[2] / "dashboards"
TENANTS = ("aldermoor", "carewick", "quillmark")
MOVED = UUID("eeeeeeee-0000-4000-8000-00000000000e")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# A deep link makes Streamlit look for its own endpoints beside the page first: two harmless 404s.
HARMLESS = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")
# Whole: the script has ended, the page is there to be seen, every picture is drawn, the fonts are there, and nothing fades in or out.
WHOLE = """() => document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')
  && document.querySelectorAll('.vi.foot').length == 1 && getComputedStyle(document.querySelector('.vi.foot')).visibility == 'visible'
  && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')
  && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(each => each.querySelector('.main-svg'))
  && document.fonts.status == 'loaded' && document.getAnimations().every(each => each.playState != 'running')"""
# How far what is drawn has moved without a touch.
NOTES = """window.shifted = 0
new PerformanceObserver(list => list.getEntries().forEach(each => {
  if (!each.hadRecentInput) window.shifted += each.value
})).observe({type: 'layout-shift', buffered: true})"""

PATIENT = 90_000  # milliseconds that anything may take: a busy machine is slow, not wrong
expect.set_options(timeout=PATIENT)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    """The browser that the machine has, kept from talking to anybody."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")  # under VITAL_NO_SKIP=1 a failure
    return {"executable_path": chromium, "args": FLAGS}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(script: Path, folder: Path, warehouse: Path, *options: str) -> tuple[subprocess.Popen, str]:
    """A Streamlit server for a script, started from `folder`, and its address; the caller ends it."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), *options]
    environment = os.environ | {"VITAL_WAREHOUSE": str(warehouse)}
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    if not answers(process, f"{url}/_stcore/health"):
        process.kill()
        raise AssertionError(f"Streamlit did not start: {(folder / 'server.log').read_text()[-2000:]}")
    return process, url


def answers(process: subprocess.Popen, url: str) -> bool:
    """Whether the server of a process answers at an address, sooner or later."""
    until = time.monotonic() + PATIENT / 1000
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=10):
            return True
        time.sleep(0.25)
    return False


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def displayed(demo_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample tenants, and one more with three snapshots between which something changed: zephyr. Read only."""
    folder = tmp_path_factory.mktemp("displayed")
    for tenant in demo_warehouse.glob("*/CURRENT"):
        (folder / tenant.parent.name).symlink_to(tenant.parent)
    publish_three(folder, MOVED, "zephyr")
    return folder


@pytest.fixture(scope="session")
def dashboard(displayed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the dashboard over the sample tenants and zephyr, started from a folder that is not its own."""
    process, url = serve(DASHBOARDS / "app.py", tmp_path_factory.mktemp("server"), displayed)
    yield url
    stop(process)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Streamlit page, one of two in a menu of groups: what is found there is Streamlit's own."""
    folder = tmp_path_factory.mktemp("bare")
    script = folder / "bare.py"
    lines = [
        "import streamlit as st",
        'st.set_page_config("Bare", layout="wide")',
        "def one():",
        '    st.title("Bare")',
        '    st.write("A sentence.")',
        "    st.html('<p class=\"vi foot\">end</p>')",
        "def two():",
        '    st.title("Other")',
        'st.navigation({"A": [st.Page(one)], "B": [st.Page(two)]}, position="top").run()',
    ]
    script.write_text("\n".join(lines))
    options = {"server.address": "127.0.0.1", "server.headless": "true", "browser.gatherUsageStats": "false"}
    flags = [word for name, value in options.items() for word in (f"--{name}", value)]
    process, url = serve(script, folder, folder, *flags)
    yield url
    stop(process)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one tenant, acme, with one snapshot of `worlds.SMALL`. Read only."""
    folder = tmp_path_factory.mktemp("small")
    worlds.publish(folder / str(worlds.ACME), worlds.SMALL)
    return folder


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one tenant, acme, with three snapshots between which outcomes moved: two and ten days before today's. Read only."""
    folder = tmp_path_factory.mktemp("two")
    publish_three(folder, worlds.ACME, "acme")
    return folder


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one tenant, acme, that has nothing at all. Read only."""
    folder = tmp_path_factory.mktemp("empty")
    worlds.publish(folder / str(worlds.ACME))
    return folder


# AppTest looks through every installed package for components anew, which takes longer than most pages.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)


@functools.lru_cache(maxsize=1)
def _forget_others(warehouse: Path) -> None:
    """Empty the caches of the dashboard where the last run was on another warehouse: they know tenants and snapshots only."""
    st.cache_resource.clear()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """`app(warehouse, file, tenant="aldermoor")`: a page, run without a browser; the words after the file are those of the address."""
    monkeypatch.syspath_prepend(str(DASHBOARDS))
    import session

    monkeypatch.setattr(session, "headers", lambda: {"Host": "localhost:8501"})
    before = config.get_option("server.address")
    config.set_option("server.address", "127.0.0.1")

    def run(warehouse: Path, file: str = "overview.py", **address: str | list[str]) -> AppTest:
        _forget_others(warehouse)
        monkeypatch.setenv("VITAL_WAREHOUSE", str(warehouse))
        test = AppTest.from_file(str(DASHBOARDS / "main.py"), default_timeout=120)
        for name, value in address.items():
            test.query_params[name] = value
        return (test if file == "overview.py" else test.switch_page(f"pages/{file}")).run()

    yield run
    config.set_option("server.address", before)


@pytest.fixture(scope="module")
def opened() -> dict[tuple[object, ...], AppTest]:
    """The pages that `look` has opened for the tests of one file."""
    return {}


@pytest.fixture
def look(app: Callable[..., AppTest], opened: dict[tuple[object, ...], AppTest]) -> Callable[..., AppTest]:
    """`look(...)` as `app(...)`, for who only reads: a page that a test of the same file has read is not run again."""

    def run(warehouse: Path, file: str = "overview.py", **address: str) -> AppTest:
        asked = (warehouse, file, *sorted(address.items()))
        if asked not in opened:
            opened[asked] = app(warehouse, file, **address)
        return opened[asked]

    return run


def html(test: AppTest) -> str:
    """Everything that a page wrote as HTML."""
    return "".join(element.proto.body for element in test.get("html"))


@dataclass
class Watched:
    """A page with everything it said and asked for."""

    page: Page
    own: str
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def elsewhere(self) -> list[str]:
        """Requests to any other host."""
        return [
            url
            for url in self.asked
            if not url.startswith((self.own, self.own.replace("http", "ws"), "data:", "blob:"))
        ]

    def go(self, path: str) -> Page:
        """Open a page and wait until it is whole."""
        self.page.goto(self.own + path)
        self.settled()
        return self.page

    def settled(self) -> None:
        self.page.wait_for_function(WHOLE, timeout=PATIENT)

    def told(self, *texts: str) -> None:
        """Wait until the footer says all this and the page is whole; while a run lasts, that of the last may stand beside it."""
        foot = self.page.locator(".vi.foot")
        for each in texts:
            foot = foot.filter(has_text=each)
        expect(foot).to_have_count(1)
        self.settled()

    def label(self, mark: Locator) -> Locator:
        """What Plotly says of a mark under the pointer; a figure that is not ready overlooks the pointer, which then comes again."""
        said = self.page.locator(".hoverlayer .hovertext")
        until = time.monotonic() + PATIENT / 1000
        while not said.count() and time.monotonic() < until:
            self.page.mouse.move(1, 1)
            mark.hover(force=True)
            with contextlib.suppress(AssertionError):
                expect(said).not_to_have_count(0, timeout=2_000)
        return said

    def follow(self, path: str, group: str) -> None:
        """Follow the navigation to a page of a group and wait until it is whole; by script, for no shift counts that follows a touch."""
        section = self.page.locator('[data-testid="stTopNavSection"]').filter(has_text=group)
        if section.count():  # a wide window folds a group into a menu, a narrow one shows all in the sidebar
            section.evaluate("menu => menu.click()")
        self.page.locator(f'[data-testid*="Nav"][href="{self.own}{path}"]').evaluate("link => link.click()")
        expect(self.page.locator(f".vi-drawn.of-{path.strip('/')}")).to_have_count(1)
        self.settled()

    @property
    def shifted(self) -> float:
        """How far the parts of the page have moved since it was loaded, without anybody having touched it."""
        return self.page.evaluate("window.shifted")

    @property
    def complained(self) -> list[str]:
        """Errors and warnings of the browser."""
        return [said for said in self.said if not HARMLESS.search(said)]

    @property
    def foot(self) -> str:
        return self.page.locator(".vi.foot").inner_text()

    @property
    def title(self) -> str:
        return self.page.locator("h1").inner_text()


@pytest.fixture
def watch(browser: Browser, dashboard: str) -> Iterator[Callable[..., Watched]]:
    """`watch(color_scheme="dark")` opens a fresh browser session and watches it."""
    contexts = []

    def open_(base: str = dashboard, **options) -> Watched:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 1000}} | options)
        contexts.append(context)
        context.set_default_timeout(PATIENT)
        context.add_init_script(NOTES)
        watched = Watched(context.new_page(), base)
        watched.page.on(
            "console",
            lambda message: (
                message.type in ("error", "warning")
                and watched.said.append(f"{message.text} {message.location.get('url')}")
            ),
        )
        watched.page.on("pageerror", lambda error: watched.said.append(str(error)))
        watched.page.on("request", lambda request: watched.asked.append(request.url))
        watched.page.on("websocket", lambda opened: watched.asked.append(opened.url))
        return watched

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """`shot(page, name)` keeps a picture of the whole page where VITAL_SHOTS names a folder."""
    folder = os.environ.get("VITAL_SHOTS")

    def take(page: Page, name: str) -> None:
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        before = page.viewport_size
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": before["width"], "height": max(before["height"], height)})
        page.wait_for_timeout(1_000)  # for the eye only: no test waits here
        page.screenshot(path=Path(folder) / f"{name}.png")
        page.set_viewport_size(before)

    return take
