"""The login of shared use, OpenID Connect by Streamlit: whether there is one, who came through it, and its buttons."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import Any
from uuid import UUID

import access
import streamlit as st
from streamlit import config

from vital_insights import settings
from vital_insights.access import FILE, SHORTEST_KEY, Standing, key_of, standing
from vital_insights.errors import UsageError

GUIDE = "Whoever runs this dashboard finds it in docs/operators.md, under *A dashboard for others*."
NEEDED = ("client_id", "client_secret", "server_metadata_url")


def section() -> Mapping[str, Any] | None:
    """The `[auth]` part of secrets.toml, None where no login is configured.

    A file that is there and cannot be read may hold one: it counts as a login that nobody can pass.
    """
    try:
        found = st.secrets.get("auth")
    except (OSError, UnicodeDecodeError):  # Streamlit's own error for none at all, and for one that is broken
        return {} if any(os.path.lexists(path) for path in config.get_option("secrets.files")) else None
    return found if found is None or isinstance(found, Mapping) else {}


def providers(configured: Mapping[str, Any]) -> list[str | None]:
    """The names to log in with, as st.login takes them; None is the one that has no name."""
    named = [name for name, part in configured.items() if isinstance(part, Mapping) and set(NEEDED) <= set(part)]
    return [*([None] if set(NEEDED) <= set(configured) else []), *named]


def fault(configured: Mapping[str, Any]) -> str | None:
    """Why this login cannot be trusted or used, in Markdown, or None."""
    told = None
    if find_spec("authlib") is None:
        told = "the package authlib is missing (`pip install 'vital-insights[auth]'`)"
    elif not providers(configured) or "redirect_uri" not in configured:
        told = "its part of `secrets.toml` is not whole or cannot be read"
    # Whoever guesses this secret can sign a cookie that says they are anybody.
    elif len(str(configured.get("cookie_secret", ""))) < SHORTEST_KEY:
        told = f"its `cookie_secret` is shorter than {SHORTEST_KEY} characters"
    return told and f"The login of this dashboard cannot be used: {told}. So nothing is shown. {GUIDE}"


def identity() -> tuple[str, str]:
    """(the address of whoever is logged in, "") or ("", why there is none, in Markdown)."""
    return access.address_of(st.user.to_dict(), settings.load().trusted_issuers)


def standings(address: str) -> dict[UUID, Standing]:
    """What the list of members of each tenant says of this address; read anew, so that whoever was struck off is out.

    Raises UsageError where this server has no key that could be used.
    """
    options = settings.load()
    key = key_of(options)
    if key is None:
        raise UsageError("This dashboard has a login and no access key.", hint="set VITAL_ACCESS_KEY")
    now, oldest = datetime.now(UTC), timedelta(days=options.access_max_age)
    found = {}
    for file in options.warehouse.glob(f"*/{FILE}"):
        with suppress(ValueError):  # a folder that is no tenant's
            tenant = UUID(file.parent.name)
            found[tenant] = standing(file.parent, tenant, address, key, now, oldest)
    return found


def buttons() -> None:
    """Draw the way in for whoever is not logged in, and the way out for whoever is; nothing where there is no login to use.

    A link that asked for a page and filters is not followed across the login: Streamlit 1.67 sends everybody who comes back
    from the provider to the root, in a new session, and offers no place to say where to go instead
    (streamlit/streamlit, issue 10162). So the door says that the link works once one is logged in.
    """
    configured = section()
    if configured is None or fault(configured):
        return
    if st.user.is_logged_in:
        st.button("Log out", key="logout", type="tertiary", icon=":material/logout:", on_click=st.logout)
        return
    for name in providers(configured):
        st.button(
            f"Log in with {name}" if name else "Log in",
            key=f"login-{name}",
            type="primary",
            on_click=st.login,
            args=(name,),
        )
