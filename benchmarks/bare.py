"""The least that a Streamlit app of two pages can be: a heading, one choice and a chart on each. What the dashboard is held against."""

import plotly.graph_objects as go
import streamlit as st

POINTS = 100


def page() -> None:
    st.title("A page")
    chosen = st.pills("Band", ["HIGH", "LOW"], selection_mode="multi")
    first = len(chosen) * 10
    st.plotly_chart(go.Figure(data=[{"type": "scatter", "mode": "markers", "y": [*range(first, first + POINTS)]}]))


def other() -> None:
    page()


# In a menu like those of the dashboard, which takes its own time to close.
st.navigation(
    {"Pages": [st.Page(page, title="First", default=True), st.Page(other, title="Second")], "Others": []},
    position="top",
).run()
