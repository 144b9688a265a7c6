"""The opportunity landscape: every scored outcome at its importance and satisfaction, on the ground of its band."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vital_insights.charts.geometry import HIGH_ABOVE, MEDIUM_FROM, MILLION, SIDE, UNDERSERVED_ABOVE, contour, spread
from vital_insights.charts.marks import Drawn, draw
from vital_insights.charts.theme import MARKS, NEUTRAL, SHADES, SMALL_TEXT_SIZE, TEXT_SIZE, axis, layout
from vital_insights.charts.wording import exact, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

HEIGHT = 560
SQUARE_ENDS = 0.69  # of the figure's width; the names of the top outcomes stand right of it
NAMED = 5
NAME_WIDTH, NAME_LINES, NAME_GAP = 30, 3, 1.25  # characters, lines, and units of the axis from name to name
BIGGEST_TILE = 15.0  # pixels, for the fullest cell of a crowded landscape

Window = tuple[float, float, float, float]  # importance from, to, satisfaction from, to


def landscape(outcomes: pl.DataFrame, *, window: Window | None = None) -> go.Figure:
    """The landscape of an `opportunity` frame; outcomes outside `window` are dimmed.

    Needs the columns outcome_id, statement, job_name, importance, satisfaction, score, band, rank and evidence_source.
    Scores are decimals and are drawn where they lie; exact ties open like a sunflower without leaving their band, and
    above 2,000 scored outcomes one mark stands for one 0.1 cell with its area by count. UNSCORED outcomes have no place:
    they are counted in a note.
    """
    import plotly.graph_objects as go

    drawn = draw(outcomes)
    unscored = sum(1 for band in outcomes["band"] if band == "UNSCORED")
    return go.Figure(
        data=[_trace(band, drawn.marks, drawn.crowded, window) for band in ("LOW", "MEDIUM", "HIGH")],
        layout=layout(
            height=HEIGHT,
            margin={"l": 48, "r": 4, "t": 10, "b": 76},
            dragmode="select",
            selectdirection="any",
            newselection={"line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}},
            xaxis=axis(range=[0, SIDE], domain=[0, SQUARE_ENDS], tickvals=_ticks(), constrain="domain", constraintoward="left",
                       title={"text": "Importance →", "standoff": 8}),
            yaxis=axis(range=[0, SIDE], tickvals=_ticks(), constrain="domain", constraintoward="top", scaleanchor="x",
                       scaleratio=1, title={"text": "Satisfaction →", "standoff": 8}),
            shapes=[*_grounds(), *_lines(), *_window(window)],
            annotations=[*_words(), *_names(outcomes), *_note(unscored, drawn.crowded)],
        ),
        skip_invalid=False,
    )  # fmt: skip


def _ticks() -> list[int]:
    return list(range(0, SIDE + 1, 2))


def _trace(band: str, marks: list[Drawn], crowded: bool, window: Window | None) -> dict[str, Any]:
    ours = [mark for mark in marks if mark.band == band]
    look = MARKS[band]
    fullest = max((mark.count for mark in marks), default=1)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": band,
        "x": [mark.place[0] / MILLION for mark in ours],
        "y": [mark.place[1] / MILLION for mark in ours],
        "customdata": [mark.outcome_id for mark in ours],
        "hovertext": [mark.hover for mark in ours],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "color": look.colour,
            "symbol": look.symbol,
            "size": [BIGGEST_TILE * (mark.count / fullest) ** 0.5 for mark in ours] if crowded else look.size,
            "opacity": look.opacity,
            "line": {"width": look.line, "color": look.colour},
        },
        "selectedpoints": None if window is None else [n for n, mark in enumerate(ours) if mark.within(window)],
        "unselected": {"marker": {"opacity": 0.18}},
    }


def _path(points: list[tuple[float, float]], closed: bool) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points) + ("Z" if closed else "")


def _grounds() -> list[dict[str, Any]]:
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


def _lines() -> list[dict[str, Any]]:
    def line(name: str, points: list[tuple[float, float]], colour: str, width: float, dash: str = "solid") -> dict[str, Any]:
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


def _window(window: Window | None) -> list[dict[str, Any]]:
    if window is None:
        return []
    left, right, bottom, top = window
    return [{"type": "rect", "x0": left, "x1": right, "y0": bottom, "y1": top, "name": "window",
             "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}}]  # fmt: skip


def _words() -> list[dict[str, Any]]:
    """The corners and the contours, named where they lie."""
    steep, even = -63.435, -45  # degrees of a contour and of the diagonal on a square of equal aspect

    def corner(x: float, y: float, name: str, meaning: str) -> dict[str, Any]:
        return {"x": x, "y": y, "text": f"<b>{name}</b><br>{meaning}", "showarrow": False, "font": {"size": SMALL_TEXT_SIZE},
                "xanchor": "left" if x < SIDE / 2 else "right", "yanchor": "bottom" if y < SIDE / 2 else "top",
                "align": "left" if x < SIDE / 2 else "right", "xshift": 6 if x < SIDE / 2 else -6,
                "yshift": 4 if y < SIDE / 2 else -4}  # fmt: skip

    def on_line(x: float, y: float, text: str, angle: float) -> dict[str, Any]:
        return {"x": x, "y": y, "text": text, "textangle": angle, "showarrow": False, "font": {"size": SMALL_TEXT_SIZE - 1},
                "xanchor": "center", "yanchor": "middle", "xshift": -7, "yshift": 4}  # fmt: skip

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


def _names(outcomes: pl.DataFrame) -> list[dict[str, Any]]:
    """The top outcomes, named in a column right of the square, each with a leader to its mark."""
    scored = outcomes.filter(outcomes["band"] != "UNSCORED").sort(["score", "statement", "outcome_id"], descending=[True, False, False])
    top = scored.head(NAMED).sort(["satisfaction", "importance"], descending=True).to_dicts()
    heights = spread([float(row["satisfaction"]) for row in top], NAME_GAP, 0.55, SIDE - 0.55)
    return [
        {"x": float(row["importance"]), "y": float(row["satisfaction"]), "ax": SIDE + 0.45, "ay": height, "axref": "x", "ayref": "y",
         "text": f"<b>{exact(row['score'])}</b>  {wrapped(row['statement'], NAME_WIDTH, NAME_LINES, 'no statement')}",
         "font": {"size": SMALL_TEXT_SIZE}, "align": "left", "xanchor": "left", "yanchor": "middle", "showarrow": True,
         "arrowhead": 0, "arrowwidth": 0.6, "arrowcolor": NEUTRAL, "standoff": 5, "borderpad": 2, "name": "outcome"}
        for row, height in zip(top, heights, strict=True)
    ]  # fmt: skip


def _note(unscored: int, crowded: bool) -> list[dict[str, Any]]:
    notes = []
    if unscored:
        notes.append(f"× {unscored:,} without a score: not on the map" if unscored > 1 else "× 1 without a score: not on the map")
    if crowded:
        notes.append("one mark per 0.1 step, area by number of outcomes")
    return [{"xref": "paper", "yref": "paper", "x": 0, "y": 0, "yshift": -76, "text": " · ".join(notes), "showarrow": False,
             "xanchor": "left", "yanchor": "bottom", "font": {"size": TEXT_SIZE}, "name": "note"}] if notes else []  # fmt: skip


__all__ = ["Window", "landscape"]
