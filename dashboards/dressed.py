"""Streamlit's page with our style sheet in it.

A sheet that a script sends by `st.html` comes when the first elements have long been drawn, and everything jumps. So it
stands in the page itself, below the place that Streamlit fills: of equal rules the later wins, and Streamlit's go into the head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from style import SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PLACE = (
    b'<div id="root"></div>'  # only Streamlit's own page has it: a file that leaves, a report for one, stays as it is
)
# A page that is changed on its way must come whole and plain, and is no copy that the browser may keep by Streamlit's marks.
ASKS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range")
MARKS = (b"content-length", b"etag", b"last-modified")


def _told(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    return dict(headers).get(name, b"")


class Dressed:
    """An ASGI middleware: the page goes out with the style sheet in it, all else untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and b"text/html" in _told(scope["headers"], b"accept"):
            scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in ASKS]}
            send = _Page(send).pass_on
        await self.app(scope, receive, send)


class _Page:
    """One answer on its way: held back until it is whole if it is a page, passed on as it comes if it is none."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def pass_on(self, message: Message) -> None:
        """What the dashboard sends by."""
        begins = message["type"] == "http.response.start"
        if begins and _told(message["headers"], b"content-type").startswith(b"text/html"):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._whole(self.start)

    async def _whole(self, start: Message) -> None:
        body = self.body.replace(PLACE, PLACE + SHEET.encode())
        kept = [(name, value) for name, value in start["headers"] if name not in MARKS]
        own = [(b"content-length", str(len(body)).encode()), (b"vary", b"Accept")]
        await self.send({**start, "headers": [*kept, *own]})
        await self.send({"type": "http.response.body", "body": body})
