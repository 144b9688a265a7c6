"""A figure as it leaves the screen: on white, in black, with its title above and what it rests on below."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from vital_insights.charts.theme import FONT, LIGHT, SMALL_TEXT_SIZE
from vital_insights.charts.wording import escaped

PAPER, INK = "#FFFFFF", "#000000"
_LINE, _TITLE_LINE, _EDGE = 16, 24, 16
_SIGN, _TITLE_SIGN = 5.6, 9.6  # width of a sign in pixels, on average, of the small text and of the title


def on_paper(figure: Mapping[str, Any], title: str, lines: Sequence[str], width: int) -> dict[str, Any]:
    """The figure's `data` and `layout` with room for the title and the lines; `width` in pixels, the height grows.

    The picture inside keeps its size. Title and lines are plain text: nothing in them is markup.
    """
    layout = dict(figure["layout"])
    margin = {"l": 80, "r": 80, "t": 100, "b": 80} | dict(layout.get("margin") or {})
    heading = textwrap.wrap(title, int((width - 2 * _EDGE) / _TITLE_SIGN)) or [""]
    foot = [part for line in lines for part in textwrap.wrap(line, int((width - 2 * _EDGE) / _SIGN))]
    above, below = len(heading) * _TITLE_LINE + 2 * _EDGE, len(foot) * _LINE + 2 * _EDGE
    height = round(layout.get("height") or 450) + above + below
    texts = [
        _text(heading, _EDGE, height - _EDGE, "top", {"size": 18, "weight": 600, "color": INK}),
        _text(foot, _EDGE, _EDGE, "bottom", {"size": SMALL_TEXT_SIZE, "color": LIGHT.muted}),
    ]
    inner = {"width": width - margin["l"] - margin["r"], "height": height - margin["t"] - above - margin["b"] - below}
    for text in texts:  # a place in the picture is told in shares of the plot inside its margins
        text["x"] = (text["x"] - margin["l"]) / inner["width"]
        text["y"] = (text["y"] - margin["b"] - below) / inner["height"]
    margin |= {"t": margin["t"] + above, "b": margin["b"] + below}
    layout |= {
        "width": width, "height": height, "margin": margin, "paper_bgcolor": PAPER, "plot_bgcolor": PAPER, "autosize": False,
        "font": dict(layout.get("font") or {}) | {"color": INK, "family": FONT},
        "annotations": [*(layout.get("annotations") or ()), *texts],
    }  # fmt: skip
    return {"data": figure["data"], "layout": layout}


def _text(lines: Sequence[str], x: float, y: float, anchor: str, font: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "text": "<br>".join(escaped(line) for line in lines), "showarrow": False, "align": "left", "x": x, "y": y,
        "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": anchor, "font": dict(font),
    }  # fmt: skip
