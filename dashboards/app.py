"""The entry point: `streamlit run app.py`. Every run goes through the door, the tenant, the filters and then one page."""

from pathlib import Path

import filters
import session
import streamlit as st
import style
import words

from vital_insights.errors import VitalError

HERE = Path(__file__).parent
st.set_page_config("Vital Insights", page_icon=str(HERE / "static" / "icon.png"), layout="wide")
st.html(style.SHEET)

refusal = session.refusal()
if refusal:
    st.header("Nothing to show here")
    st.write(refusal)
    st.stop()

page = st.navigation(
    [
        st.Page("pages/overview.py", title="Overview", icon=":material/dashboard:", default=True),
        st.Page("pages/landscape.py", title="Landscape", icon=":material/bubble_chart:"),
    ],
    position="top",
)
try:
    choices = session.visible_tenants()
    session.name_tenant(choices)
    filters.carry("tenant", *filters.CARRIERS)
    with st.container(key="filterbar", horizontal=True, vertical_alignment="center"):
        tenant = session.choose_tenant(choices)
        data = session.open_data(tenant)
        outcomes, membership = data.metric("opportunity"), data.table("membership")
        selection = filters.bar(outcomes, filters.function_codes(data.table("functions"), membership))
    shown = selection.of(outcomes, membership)
    words.report_unknown(selection)
    with session.viewing(session.View(data, selection, shown)):
        page.run()
    words.footer(data, selection, shown.height, outcomes.height)
except VitalError as error:
    st.error(str(error), icon=":material/error:", title="This could not be read")
