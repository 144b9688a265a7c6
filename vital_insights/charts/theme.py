"""Every colour and every size of the product, in one place: pages and pictures name them, nobody repeats them.

Hue means band and nothing else; a band also has its own shape, size and word. The marks are one set for the light and
the dark theme, and figures carry no colour of text, so that the theme can flip without a new figure.
"""

from dataclasses import dataclass
from typing import Any

BANDS = ("HIGH", "MEDIUM", "LOW", "UNSCORED")

FONT = "Inter, sans-serif"
TEXT_SIZE = 12
SMALL_TEXT_SIZE = 11


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
TOOLTIP = {"bgcolor": DARK.secondary, "bordercolor": NEUTRAL, "text": DARK.text}  # the same on both grounds


def layout(**own: Any) -> dict[str, Any]:
    """The one layout of every figure, with `own` on top: no ground, no zoom, no legend, no colour of text."""
    shared: dict[str, Any] = {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"family": FONT, "size": TEXT_SIZE},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {
            "bgcolor": TOOLTIP["bgcolor"],
            "bordercolor": TOOLTIP["bordercolor"],
            "font": {"family": FONT, "size": TEXT_SIZE, "color": TOOLTIP["text"]},
            "align": "left",
        },
        # Plotly's own template would bring colours of its own, and it takes an empty one for none.
        "template": {"layout": {"font": {"family": FONT}}},
    }
    return shared | own


def axis(**own: Any) -> dict[str, Any]:
    """An axis without grid or zero line that nobody can zoom, with `own` on top."""
    return {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "", "automargin": False} | own
