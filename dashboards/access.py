"""Who may be shown anything: without a login whoever sits at this machine, with one the members of a tenant."""

import ipaddress
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import urlsplit

from vital_insights.access import Standing

FORWARDED = ("forwarded", "x-forwarded", "x-real-ip", "x-original", "via", "cf-connecting-ip")
START = "Start it with `vital-insights dashboard`, which listens on this machine only."
OPEN = "Open it on the machine it runs on, at http://localhost and the port that this address names."
# Why a list of members admits nobody, the most telling first: only what a member knows anyway, or nothing of the tenant.
TOLD = {
    Standing.CLOSED: "Your organisation's account is not active, so nothing is shown. Whoever runs the account can tell you more.",
    Standing.STALE: "The list of members has not been renewed for too long, so nothing is shown. Ask whoever runs this dashboard "
    "to run `vital-insights refresh` for your tenant.",
    Standing.OTHER_KEY: "The lists of members were made with another access key, so they admit nobody. Ask whoever runs this "
    "dashboard to run `vital-insights refresh` with the key that the dashboard has.",
}  # fmt: skip
UNVERIFIED = (
    "Your account's e-mail address is not verified, so nothing is shown. Verify it where you logged in, then log out here "
    "and in again."
)
STRANGER = "You are logged in as `{}`, and no tenant here lists that address as a member. Another account may be listed: log out first."


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


def address_of(claims: Mapping[str, object], trusted: Collection[str]) -> tuple[str, str]:
    """(the address of whoever is logged in, "") or ("", why it does not count, in Markdown).

    The claims are those of the identity token; `trusted` are the issuers whose addresses count as verified.
    """
    if claims.get("is_logged_in") is not True:
        return "", "Log in to see your tenant. The link that brought you here works once you are logged in."
    address = claims.get("email")
    if not isinstance(address, str) or not address.strip():
        return "", "You are logged in, but your account names no e-mail address, so nothing is shown."
    # `is True`: some providers send the text "false", and every text that is not empty would count as yes.
    if claims.get("email_verified") is not True and claims.get("iss") not in trusted:
        return "", UNVERIFIED
    return address, ""


def strangeness(address: str, standings: Iterable[Standing]) -> str | None:
    """Why nothing may be shown to this address, in Markdown; None where a tenant lists it as a member."""
    found = set(standings)
    if Standing.MEMBER in found:
        return None
    inert = " ".join(address.split()).replace("`", "'")[:120]
    return next((told for standing, told in TOLD.items() if standing in found), STRANGER.format(inert))
