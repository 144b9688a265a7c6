"""The marks of a full landscape as one picture: a page draws it at once, where each mark would be an element of its own."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from vital_insights.charts.geometry import MILLION, SIDE, Place
from vital_insights.charts.theme import MARKS, Mark

if TYPE_CHECKING:
    from vital_insights.charts.marks import Drawn, Window

STEP, BIGGEST = 6.0, 24.0  # pixels: a cell fuller than nine in ten fills its step of 0.1; none is wider than BIGGEST
DIMMED = 0.18  # opacity of what lies outside a window
UNIT, RIM = 100, 50  # of the picture: units for one of the axis, and room around the square for marks on its edge
POINTED = 1.3  # how much farther than a circle of its size a diamond reaches


def growth(marks: list[Drawn]) -> float:
    """Pixels of diameter for the root of a count: the area of a cell is in proportion to it over the whole landscape."""
    counts = sorted(mark.count for mark in marks)
    return min(STEP / math.sqrt(counts[len(counts) * 9 // 10]), BIGGEST / math.sqrt(counts[-1]))


def diameter(mark: Drawn, scale: float) -> float:
    """Pixels, to a tenth."""
    return round(scale * math.sqrt(mark.count), 1)


def picture(
    marks: list[Drawn], crowded: bool, bands: tuple[str, ...], window: Window | None, side: int
) -> dict[str, Any]:
    """An image of plotly's over the whole square with every mark, the bands in their order, as in a square of `side` pixels."""
    scale, pixel = growth(marks) if crowded else 0, SIDE * UNIT / side
    alike: dict[tuple[str, float, bool], list[str]] = defaultdict(list)
    for mark in marks:
        size = diameter(mark, scale) if crowded else MARKS[mark.band].size
        alike[mark.band, size, window is not None and not mark.within(window)].append(_place(mark.drawn_at))
    drawn = []
    for number, ((band, size, dimmed), places) in enumerate(
        sorted(alike.items(), key=lambda kind: bands.index(kind[0][0]))
    ):
        look, ends = MARKS[band], f"url(%23m{number})"
        drawn.append(
            f'<marker id="m{number}" markerUnits="userSpaceOnUse" overflow="visible" opacity="{DIMMED if dimmed else look.opacity}">'
            f'{_shape(look, size / 2 * pixel, pixel)}</marker><path fill="none" d="M{" ".join(places)}" '
            f'marker-start="{ends}" marker-mid="{ends}" marker-end="{ends}"/>'
        )
    whole, share = SIDE * UNIT + 2 * RIM, RIM / (SIDE * UNIT)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-RIM} {-RIM} {whole} {whole}">{"".join(drawn)}</svg>'
    return {
        "source": "data:image/svg+xml," + svg, "xref": "x domain", "yref": "y domain", "x": -share, "y": 1 + share,
        "sizex": 1 + 2 * share, "sizey": 1 + 2 * share, "sizing": "stretch", "layer": "above", "name": "marks",
    }  # fmt: skip


def _place(place: Place) -> str:
    x, y = (part * UNIT / MILLION for part in place)
    return f"{x:.5g},{SIDE * UNIT - y:.5g}"


def _shape(look: Mark, radius: float, pixel: float) -> str:
    colour = quote(look.colour)  # in an address, which is where the picture stands
    paint = f'fill="{colour}"'
    if look.symbol.endswith("-open"):
        paint = f'fill="none" stroke="{colour}" stroke-width="{look.line * pixel:.2f}"'
    if look.symbol.startswith("diamond"):
        reach = radius * POINTED
        return f'<path {paint} d="M{reach:.2f},0L0,{reach:.2f} {-reach:.2f},0 0,{-reach:.2f}Z"/>'
    return f'<circle {paint} r="{radius:.2f}"/>'
