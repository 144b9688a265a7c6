"""The tenant of a session: what the address wishes, what may be chosen, and the picker where there are several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import filters
import login
import streamlit as st

if TYPE_CHECKING:
    from vital_insights.tenancy import Tenant


def name_in_address(choices: list[Tenant]) -> None:
    """Let the address name its tenant where there are several, so that a link means the same tomorrow.

    Must run before the carriers are drawn: afterwards Streamlit lets nobody write to them.
    """
    if len(choices) > 1 and "tenant" not in st.session_state and "tenant" not in st.query_params:
        st.session_state["tenant"] = choices[0].slug


def choose(choices: list[Tenant]) -> Tenant:
    """The tenant of this session, with a picker where there are several; what the address says is only a wish.

    Stops the run with a sentence where there is nothing to choose or the wish means nothing here.
    """
    shared = login.section() is not None
    if not choices:
        st.info("No tenant has a published snapshot yet. `vital-insights tenants --source` lists those of the source; run "
                "`vital-insights refresh TENANT` for one of them and open this page again. If they were refreshed elsewhere, "
                "start the dashboard with `VITAL_WAREHOUSE` set to that folder.")  # fmt: skip
        st.stop()
    by_slug = {tenant.slug: tenant for tenant in choices}
    wish = st.session_state["tenant"]
    unknown = bool(wish) and wish not in by_slug
    st.session_state["pick_tenant"] = None if unknown else wish or choices[0].slug
    if len(choices) > 1 or wish:
        st.selectbox(
            "Tenant", list(by_slug), key="pick_tenant", format_func=lambda slug: by_slug[slug].name,
            index=None if unknown else 0, placeholder="Choose a tenant", label_visibility="collapsed", on_change=_switch, width=200,
        )  # fmt: skip
    if unknown and shared:
        st.warning(
            "The address asks for a tenant that is not yours to see, or that does not exist. Choose one in the list above."
        )
        st.stop()
    if unknown:
        st.warning("The address asks for a tenant that does not exist here. Choose one in the list above; a tenant is listed "
                   "once `vital-insights refresh TENANT` has published it.")  # fmt: skip
        st.stop()
    return by_slug[st.session_state["pick_tenant"]]


def _switch() -> None:
    """Codes of one tenant mean nothing to another: its filters end with it."""
    st.session_state["tenant"] = st.session_state["pick_tenant"] or ""
    filters.reset()
