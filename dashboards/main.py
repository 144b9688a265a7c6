"""What every run of a session does: through the door, the tenant, the filters and then one page. app.py serves it."""

from pathlib import Path

import downloads
import filters
import login
import navigation
import session
import streamlit as st
import style
import tenants
import words

HERE = Path(__file__).parent
st.set_page_config("Vital Insights", page_icon=str(HERE / "static" / "icon.png"), layout="wide")

refusal = session.refusal()
if refusal:
    st.navigation(navigation.pages(), position="hidden")
    st.header("Nothing to show here")
    st.write(refusal)
    login.buttons()
    st.stop()

page = st.navigation(navigation.pages(), position="top")
with style.curtain(page.url_path), session.telling():
    choices = session.visible_tenants()
    tenants.name_in_address(choices)
    filters.carry("tenant", *filters.CARRIERS)
    with st.container(key="filterbar", horizontal=True, vertical_alignment="center"):
        tenant = tenants.choose(choices)
        data = session.open_data(tenant)
        selection = filters.bar(data)
        login.buttons()
    outcomes = data.metric("opportunity")
    shown = selection.of(outcomes, data.table("membership"))
    words.report_unknown(selection)
    view = session.View(data, selection, shown)
    with session.viewing(view):
        words.remember(data, selection, shown.height, outcomes.height, session.still_welcome())
        page.run()
    downloads.report(view)
    words.footer()
