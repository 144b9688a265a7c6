"""Whether this server may show its tenants to whoever asks: on this machine yes, from anywhere else no."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

FORWARDED = ("forwarded", "x-forwarded", "x-real-ip", "x-original", "via", "cf-connecting-ip")
START = "Start it with `vital-insights dashboard`, which listens on this machine only."
OPEN = "Open it on the machine it runs on, at http://localhost and the port that this address names."


def _is_loopback(name: str) -> bool:
    if name.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _host_of(header: str) -> str:
    """The host of a Host header without its port; an IPv6 address without its brackets."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


def refusal(listens_on: str | None, headers: Mapping[str, str]) -> str | None:
    """Why nothing may be shown and what to do, in Markdown, or None where everything says that the reader sits at this machine.

    `listens_on` is the server's own address; the headers are those of the request, in any case. Whatever is missing or
    looks forwarded is a refusal.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    if not listens_on or not _is_loopback(listens_on):
        return f"This dashboard listens beyond this machine and has no login, so it shows nothing. {START}"
    if any(name.startswith(FORWARDED) for name in sent):
        return f"This request was forwarded from elsewhere and nobody is logged in, so nothing is shown. {OPEN}"
    if "origin" in sent and not _is_loopback(urlsplit(sent["origin"]).hostname or ""):
        return f"This request was sent by another site and nobody is logged in, so nothing is shown. {OPEN}"
    if not _is_loopback(_host_of(sent.get("host", ""))):
        return f"This request did not come to localhost and nobody is logged in, so nothing is shown. {OPEN}"
    return None
