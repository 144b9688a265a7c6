"""Plotly's own script, for pages that must work without a network."""


def plotly_js() -> str:
    """The text of plotly.js, about 5 MB; it holds no closing script tag."""
    from plotly import offline

    text: str = offline.get_plotlyjs()
    return text
