"""A real Streamlit server on loopback, a real Chromium, and screenshots where VITAL_SHOTS names a folder."""

from __future__ import annotations

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

import pytest
from playwright.sync_api import Browser, Page

DASHBOARDS = Path(__file__).parents[2] / "dashboards"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# A deep link makes Streamlit look for its own endpoints beside the page first: two harmless 404s.
HARMLESS = re.compile(r"/landscape/_stcore/(health|host-config)$")


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
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return process, url
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.25)
    process.kill()
    raise AssertionError(f"Streamlit did not start: {(folder / 'server.log').read_text()[-2000:]}")


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def dashboard(demo_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the dashboard over the sample tenants, started from a folder that is not its own."""
    process, url = serve(DASHBOARDS / "app.py", tmp_path_factory.mktemp("server"), demo_warehouse)
    yield url
    stop(process)


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
        self.page.wait_for_selector(".vi.foot", timeout=60_000)
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000)

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
        page.wait_for_timeout(1_000)
        page.screenshot(path=Path(folder) / f"{name}.png")
        page.set_viewport_size(before)

    return take
