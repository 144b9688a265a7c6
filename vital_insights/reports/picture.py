"""A figure as it leaves the screen: on white, in black, with its title above and what it rests on below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vital_insights.charts.theme import FONT, framed

PAPER, INK = "#FFFFFF", "#000000"


def on_paper(figure: Mapping[str, Any], title: str, lines: Sequence[str], width: int) -> dict[str, Any]:
    """The figure's `data` and `layout` with room for the title and the lines; `width` in pixels, the height grows.

    The picture inside keeps its size. Title and lines are plain text: nothing in them is markup.
    """
    layout = framed(figure["layout"], title, lines, width)
    font = dict(layout.get("font") or {}) | {"color": INK, "family": FONT}
    return {
        "data": figure["data"],
        "layout": layout
        # Without a template a page would put its own colours on the paper.
        | {"width": width, "paper_bgcolor": PAPER, "plot_bgcolor": PAPER, "autosize": False, "font": font}
        | {"template": {"layout": {"font": {"family": FONT}}}},
    }
