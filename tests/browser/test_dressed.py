"""The page goes out with the style sheet in it; whatever else the server sends goes out as it is."""

from __future__ import annotations

import sys
import urllib.request
from pathlib import Path

import pytest
import streamlit as st

from .conftest import DASHBOARDS

sys.path.insert(0, str(DASHBOARDS))
from dressed import PLACE, Dressed  # the dashboard is a folder of scripts, no package
from style import SHEET

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding": "gzip"}
OWN = (Path(st.__file__).parent / "static" / "index.html").read_bytes()
REPORT = [b"<html><body>a report", b" in two parts</body></html>"]


def got(url: str, method: str = "GET", **headers: str) -> tuple[bytes, dict[str, str]]:
    asked = urllib.request.Request(url, headers=headers, method=method)
    with urllib.request.urlopen(asked) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


@pytest.mark.parametrize("path", ["/", "/landscape?tenant=aldermoor"])
def test_a_page_has_the_sheet_below_the_place_that_streamlit_fills(dashboard, path):
    body, told = got(dashboard + path, **BROWSER)
    before, after = OWN.split(PLACE)
    assert body == before + PLACE + SHEET.encode() + after
    assert told["content-length"] == str(len(body))
    assert told["cache-control"] == "no-cache"
    assert not {"etag", "last-modified", "content-encoding"} & set(told)


def test_a_page_that_the_browser_has_kept_is_sent_anew(dashboard):
    _, told = got(dashboard + "/", Accept="*/*")
    body, _ = got(
        dashboard + "/", **BROWSER, **{"If-None-Match": told["etag"], "If-Modified-Since": told["last-modified"]}
    )
    assert SHEET.encode() in body


def test_what_is_no_page_or_not_asked_for_as_one_is_left_as_it_is(dashboard):
    assert got(dashboard + "/", Accept="*/*")[0] == OWN
    assert got(dashboard + "/", "HEAD", **BROWSER)[1]["content-length"] == str(len(OWN))
    assert got(dashboard + "/app/static/icon.png", **BROWSER)[0] == (DASHBOARDS / "static" / "icon.png").read_bytes()


@pytest.mark.parametrize(
    ("kind", "sent"), [(b"text/html; charset=utf-8", [b"".join(REPORT)]), (b"application/pdf", REPORT)]
)
def test_a_report_that_is_downloaded_is_left_as_it_is(kind, sent):
    said = []

    async def server(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        for more, part in zip((True, False), REPORT, strict=True):
            await send({"type": "http.response.body", "body": part, "more_body": more})

    async def send(message):
        said.append(message)

    scope = {"type": "http", "method": "GET", "headers": [(b"accept", b"text/html")]}
    with pytest.raises(StopIteration):  # nothing in it waits, and the browser's own loop runs in this thread
        Dressed(server)(scope, None, send).send(None)
    assert [message["body"] for message in said[1:]] == sent
    assert dict(said[0]["headers"])[b"content-type"] == kind
