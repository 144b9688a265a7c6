"""A report as PDF: Chromium prints the HTML, without a network and without a profile of anybody's."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from vital_insights.errors import VitalError
from vital_insights.reports.html import html
from vital_insights.reports.parts import Report

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PATIENCE = 180  # seconds; a report takes about five
INSTEAD = "write -o report.html and print that from a browser"
FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-quic", "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
    "--generate-pdf-document-outline", "--virtual-time-budget=20000",
)  # fmt: skip


def browser() -> str:
    """The Chromium of this machine. Raises VitalError with the next step where there is none."""
    found = next(filter(None, map(shutil.which, (*NAMES, *PLACES))), None)
    if found is None:
        raise VitalError(
            "There is no Chromium or Chrome on this machine, and a PDF is printed by it.",
            hint="install it (apt-get install chromium), or write -o report.html and print that from any browser",
        )
    return found


def pdf(report: Report) -> bytes:
    """The file. Raises VitalError where Chromium is missing or fails."""
    chromium = browser()
    with tempfile.TemporaryDirectory(prefix="vital-report-", ignore_cleanup_errors=True) as folder:
        page, printed = Path(folder) / "report.html", Path(folder) / "report.pdf"
        page.write_text(html(report), encoding="utf-8")
        # Root has no sandbox to give; the page is ours and can reach nothing.
        unboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = [
            chromium,
            *FLAGS,
            *unboxed,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={printed}",
            page.as_uri(),
        ]
        silent = subprocess.DEVNULL  # a pipe that a process it left behind holds open would keep us waiting
        try:
            ended = subprocess.run(  # noqa: S603  our own words and paths
                command, check=False, stdin=silent, stdout=silent, stderr=silent, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            raise VitalError(f"Chromium did not print the report within {PATIENCE} s.", hint=INSTEAD) from None
        except OSError as error:
            raise VitalError(f"Chromium did not print the report ({type(error).__name__}).", hint=INSTEAD) from None
        if ended.returncode or not printed.is_file():
            raise VitalError(f"Chromium did not print the report: it ended with code {ended.returncode}.", hint=INSTEAD)
        return printed.read_bytes()
