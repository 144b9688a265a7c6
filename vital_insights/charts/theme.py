"""Every colour and every size of the product, in one place: pages and pictures name them, nobody repeats them.

Hue means band and nothing else; a band also has its own shape, size and word. The marks are one set for the light and
the dark theme, and figures carry no colour of text, so that the theme can flip without a new figure.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vital_insights.charts.wording import escaped

if TYPE_CHECKING:
    import plotly.graph_objects as go

BANDS = ("HIGH", "MEDIUM", "LOW", "UNSCORED")

FONT = "Inter, sans-serif"
TEXT_SIZE = 12
SMALL_TEXT_SIZE = 11
TITLE_SIZE = 17
NARROWEST = 390  # pixels: a phone
EDGE, TITLE_LINE, SMALL_LINE = 16, 24, 16  # pixels
TITLE_SIGN, SMALL_SIGN = 9, 5.6  # width of a sign in pixels, on average
QUIET = 0.8  # opacity of a footer's words; they still read at 4.5:1 on both grounds


@dataclass(frozen=True)
class Theme:
    """The colours of one ground. `orange` to `error` are for text and states on `bg` and `secondary`."""

    bg: str
    secondary: str
    text: str
    muted: str
    border: str
    primary: str
    orange: str
    blue: str
    ok: str
    warn: str
    error: str


LIGHT = Theme(
    bg="#FCFCFA", secondary="#F3F2EE", text="#1B2330", muted="#5B6472", border="#E2E0D9", primary="#2B3A55",
    orange="#C2410C", blue="#2B6CB0", ok="#187A49", warn="#8A5A00", error="#B42318",
)  # fmt: skip
DARK = Theme(
    bg="#11151B", secondary="#1C222C", text="#E7EAF0", muted="#A3ACBA", border="#2B333F", primary="#C3D0E6",
    orange="#FF8A4C", blue="#6AA9F2", ok="#5CC98F", warn="#E8B04A", error="#FF8A80",
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """How a band looks on both grounds: colour, plotly symbol, diameter in pixels, width of the outline."""

    colour: str
    symbol: str
    size: float
    line: float = 0.0
    opacity: float = 1.0
    pattern: str = ""


MARKS = {
    "HIGH": Mark("#D9531E", "diamond", 9),
    "MEDIUM": Mark("#3A80CC", "circle", 7),
    "LOW": Mark("#87837E", "circle-open", 6, line=1.2),
    "UNSCORED": Mark("#87837E", "x-thin-open", 6, line=1.2, pattern="/"),
}
NEUTRAL = MARKS["LOW"].colour  # lines that belong to no band: frames, leaders, the diagonal
CLEAR = "rgba(0,0,0,0)"
SHADES = {"HIGH": 0.13, "MEDIUM": 0.10, "LOW": 0.05}  # opacity of a band's ground on the landscape
# What Streamlit would set where a mark can be clicked, after a first drawing without it.
CLICKED: dict[str, Any] = {"clickmode": "event+select", "hovermode": "closest", "dragmode": "pan"}
TOOLTIP = {"bgcolor": DARK.secondary, "bordercolor": NEUTRAL, "text": DARK.text}  # the same on both grounds


def layout(*, title: str = "", footer: str = "", **own: Any) -> dict[str, Any]:
    """The one layout of every figure, with `own` on top: no ground, no zoom, no legend, no colour of text.

    With a title above it, and a footer below that says what the numbers rest on, a figure stands alone on a slide.
    """
    shared: dict[str, Any] = {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"family": FONT, "size": TEXT_SIZE},
        "showlegend": False,
        "dragmode": False,
        # One figure is one picture: Streamlit gives each to Plotly twice, and this says that nothing in it has changed.
        "datarevision": 1,
        "hoverlabel": {
            "bgcolor": TOOLTIP["bgcolor"],
            "bordercolor": TOOLTIP["bordercolor"],
            "font": {"family": FONT, "size": TEXT_SIZE, "color": TOOLTIP["text"]},
            "align": "left",
        },
        # Plotly's own template would bring colours of its own, and it takes an empty one for none.
        "template": {"layout": {"font": {"family": FONT}}},
    }
    return framed(shared | own, title, [footer])


def framed(own: Mapping[str, Any], title: str, lines: Sequence[str], width: int = NARROWEST) -> dict[str, Any]:
    """A layout with room for a title above and lines below; they break to fit `width` pixels, and the picture keeps its size.

    They are plain text: nothing in them is markup. Nothing changes where both are empty.
    """
    heading = textwrap.wrap(title, (width - 2 * EDGE) // TITLE_SIGN)
    foot = [part for line in lines for part in textwrap.wrap(line, round((width - 2 * EDGE) / SMALL_SIGN))]
    if not heading and not foot:
        return dict(own)
    margin = {"l": 80, "r": 80, "t": 100, "b": 80} | dict(
        own.get("margin") or {}
    )  # those of plotly, where none are set
    above, below = (
        len(texts) * line + EDGE if texts else 0 for texts, line in ((heading, TITLE_LINE), (foot, SMALL_LINE))
    )
    beside = {"xref": "paper", "yref": "paper", "x": 0, "xshift": min(EDGE - margin["l"], 0), "xanchor": "left", "align": "left",
              "showarrow": False, "borderpad": 0}  # fmt: skip
    texts = [
        beside | {"y": 1, "yshift": margin["t"] + above - EDGE // 2, "yanchor": "top", "text": _plain(heading), "name": "title",
                  "font": {"size": TITLE_SIZE, "weight": 600}},
        beside | {"y": 0, "yshift": -margin["b"] - below + EDGE // 2, "yanchor": "bottom", "text": _plain(foot), "name": "footer",
                  "font": {"size": SMALL_TEXT_SIZE}, "opacity": QUIET},
    ]  # fmt: skip
    return {
        **own,
        "height": round(own.get("height") or 450) + above + below,
        "margin": margin | {"t": margin["t"] + above, "b": margin["b"] + below},
        "annotations": [*(own.get("annotations") or ()), *(text for text in texts if text["text"])],
    }


def rest(shown: int, every: int, below: int) -> list[dict[str, Any]]:
    """The note that says how many of all are drawn, so many pixels below the picture; none where all are."""
    if shown == every:
        return []
    return [{"xref": "paper", "yref": "paper", "x": 0, "y": 0, "yshift": -below, "xanchor": "left", "yanchor": "bottom",
             "text": f"The first {shown:,} of {every:,}", "showarrow": False, "font": {"size": SMALL_TEXT_SIZE},
             "name": "rest"}]  # fmt: skip


def _plain(lines: Sequence[str]) -> str:
    return "<br>".join(escaped(line) for line in lines)


def in_colours(figure: go.Figure, theme: Theme = LIGHT) -> go.Figure:
    """A copy of a figure on the ground and in the ink of a theme, for a slide or a notebook; on a page the page's own colours count."""
    copy = type(figure)(figure)
    copy.update_layout(paper_bgcolor=theme.bg, plot_bgcolor=theme.bg, font_color=theme.text)
    return copy


def axis(**own: Any) -> dict[str, Any]:
    """An axis without grid or zero line that nobody can zoom, with `own` on top."""
    return {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "", "automargin": False} | own
