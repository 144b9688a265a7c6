"""The square under every picture of importance and satisfaction: its axes, the bands as ground, the contours, the words."""

from typing import Any

from vital_insights.charts.geometry import HIGH_ABOVE, MEDIUM_FROM, SIDE, UNDERSERVED_ABOVE, contour
from vital_insights.charts.theme import MARKS, NEUTRAL, SHADES, SMALL_TEXT_SIZE, axis


def square_axis(title: str, **own: Any) -> dict[str, Any]:
    """0 to 10, always: a shrunken square keeps its aspect and never shows more or less."""
    ticks = list(range(0, SIDE + 1, 2))
    return axis(range=[0, SIDE], tickvals=ticks, constrain="domain", title={"text": title, "standoff": 8}, **own)


def _path(points: list[tuple[float, float]], closed: bool) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points) + ("Z" if closed else "")


def grounds() -> list[dict[str, Any]]:
    """The bands as shaded ground: each reaches from its own contour to the next."""
    low, high = contour(MEDIUM_FROM), contour(HIGH_ABOVE)
    corners = {
        "LOW": [(0.0, 0.0), *low, (0.0, float(SIDE))],
        "MEDIUM": [*low, (float(SIDE), float(SIDE)), *reversed(high)],
        "HIGH": [*high, (float(SIDE), 0.0)],
    }
    return [
        {"type": "path", "path": _path(points, closed=True), "fillcolor": MARKS[band].colour, "opacity": SHADES[band],
         "line": {"width": 0}, "layer": "below", "name": f"ground {band}"}
        for band, points in corners.items()
    ]  # fmt: skip


def lines() -> list[dict[str, Any]]:
    """The frame, the diagonal and the contours of the scores 8, 10 and 12."""

    def line(
        name: str, points: list[tuple[float, float]], colour: str, width: float, dash: str = "solid"
    ) -> dict[str, Any]:
        return {"type": "path", "path": _path(points, closed=False), "layer": "below", "name": name,
                "line": {"color": colour, "width": width, "dash": dash}}  # fmt: skip

    return [
        {"type": "rect", "x0": 0, "x1": SIDE, "y0": 0, "y1": SIDE, "layer": "below", "name": "frame",
         "line": {"color": NEUTRAL, "width": 0.6}},
        line("diagonal", [(0.0, 0.0), (float(SIDE), float(SIDE))], NEUTRAL, 0.8, "dot"),
        line("score 10", contour(UNDERSERVED_ABOVE), NEUTRAL, 1, "dash"),
        line("score 8", contour(MEDIUM_FROM), MARKS["MEDIUM"].colour, 1.4),
        line("score 12", contour(HIGH_ABOVE), MARKS["HIGH"].colour, 1.4),
    ]  # fmt: skip


def place_names() -> list[dict[str, Any]]:
    """The corners and the contours, named where they lie."""
    steep, even = -63.435, -45  # degrees of a contour and of the diagonal on a square of equal aspect

    def corner(x: float, y: float, name: str, meaning: str) -> dict[str, Any]:
        left, low = x < SIDE / 2, y < SIDE / 2
        side = (
            {"xanchor": "left", "align": "left", "xshift": 6}
            if left
            else {"xanchor": "right", "align": "right", "xshift": -6}
        )
        height = {"yanchor": "bottom", "yshift": 4} if low else {"yanchor": "top", "yshift": -4}
        words = {"text": f"<b>{name}</b><br>{meaning}", "font": {"size": SMALL_TEXT_SIZE}, "name": "corner"}
        return {"x": x, "y": y, "showarrow": False} | side | height | words

    def on_line(x: float, y: float, text: str, angle: float) -> dict[str, Any]:
        words = {"text": text, "textangle": angle, "font": {"size": SMALL_TEXT_SIZE - 1}, "name": "contour"}
        return {"x": x, "y": y, "showarrow": False, "xshift": -7, "yshift": 4} | words

    return [
        corner(0, SIDE, "OVER-SERVED", "satisfied beyond need"),
        corner(SIDE, SIDE, "TABLE STAKES", "needed and served"),
        corner(0, 0, "LOW PRIORITY", "little need"),
        corner(SIDE, 0, "UNDER-SERVED", "needed, not served"),
        on_line(4.75, 1.5, "score 8", steep),
        on_line(5.75, 1.5, "score 10", steep),
        on_line(6.75, 1.5, "score 12", steep),
        on_line(2.6, 2.6, "importance = satisfaction", even),
    ]
