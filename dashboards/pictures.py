"""How a page draws a figure: once, without buttons of Plotly's own, in the colours of the page.

pictures.draw(figure, "compare", "Functions side by side; the table beneath lists the same")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def draw(figure: Figure, key: str, alt: str, **options: Any) -> Any:
    """What `st.plotly_chart` gives for the figure; `alt` says what it shows and where the same stands as text.

    Streamlit hands each figure to Plotly twice. Plotly leaves what it has drawn alone where nothing has changed, but it takes
    a template for another one every time; ours says nothing that the figures do not say themselves.
    """
    if figure.layout.template.to_plotly_json():
        figure.layout.template = None
    return st.plotly_chart(figure, theme=None, key=key, alt=alt, config={"displayModeBar": False}, **options)
