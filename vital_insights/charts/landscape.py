"""The opportunity landscape: every scored outcome at its importance and satisfaction, on the ground of its band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.geometry import MILLION, SIDE, spread, uncrossed
from vital_insights.charts.ground import grounds, lines, place_names, square_axis
from vital_insights.charts.marks import Drawn, Window, draw
from vital_insights.charts.theme import MARKS, NEUTRAL, SMALL_TEXT_SIZE, TEXT_SIZE, layout
from vital_insights.charts.tiles import DIMMED, diameter, growth, picture
from vital_insights.charts.wording import exact, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

HEIGHT, HEAD, FOOT = 572, 10, 88  # pixels; the foot holds the numbers, the title and the note
SQUARE_ENDS = 0.64  # of the figure's width; the names of the top outcomes stand right of it
BANDS = ("LOW", "MEDIUM", "HIGH")  # the highest is drawn last
SINGLE = 600  # marks; beyond, an element for each makes a page slow
# Plotly draws no axes that have no trace.
HELD = {"type": "scatter", "mode": "lines", "x": [None], "y": [None], "hoverinfo": "skip", "name": "axes"}
NAMED, COLUMN = 5, SIDE + 0.45  # how many outcomes are named, and where on the axis their column begins
NAME_WIDTH, NAME_LINES, NAME_GAP = 30, 3, 1.25  # characters, lines, and units of the axis from name to name


def landscape(
    outcomes: pl.DataFrame,
    *,
    window: Window | None = None,
    names: bool = True,
    flat: bool = False,
    title: str = "",
    footer: str = "",
) -> go.Figure:
    """The landscape of an `opportunity` frame; outcomes outside `window` are dimmed.

    Needs the columns outcome_id, statement, job_name, importance, satisfaction, score, band and evidence_source. Scores
    are decimals and are drawn where they lie; exact ties open like a sunflower without leaving their band, and above
    2,000 scored outcomes one mark stands for one 0.1 cell with its area by count. UNSCORED outcomes have no place: they
    are counted in a note. The five highest are named right of the square; without `names` the square has that room too, as
    in a place of fewer than 560 pixels, where names would lie on each other. With `flat` several hundred marks are one picture
    that a page shows in a fraction of the time; a file of it is not for programs that open no picture inside another.
    """
    import plotly.graph_objects as go

    marks, crowded = draw(outcomes)
    flat = flat and len(marks) > SINGLE
    unscored = sum(1 for band in outcomes["band"] if band == "UNSCORED")
    upright = {"scaleanchor": "x", "scaleratio": 1, "constraintoward": "top"}
    return go.Figure(
        data=[*([HELD] if flat else [_trace(band, marks, crowded, window) for band in BANDS]), *(_told(band, marks) for band in BANDS)],
        layout=layout(
            title=title,
            footer=footer,
            height=HEIGHT,
            margin={"l": 48, "r": 4, "t": HEAD, "b": FOOT},
            dragmode="select",
            clickmode="event",
            hovermode="closest",
            selectdirection="any",
            activeselection={"opacity": 1},
            newselection={"line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}},
            xaxis=square_axis("Importance →", domain=[0, SQUARE_ENDS if names else 1], constraintoward="left"),
            yaxis=square_axis("Satisfaction →", **upright),
            yaxis2=square_axis("", **upright, visible=False),
            shapes=[*grounds(), *lines(), *_window(window)],
            images=[picture(marks, crowded, BANDS, window, HEIGHT - HEAD - FOOT)] if flat else [],
            annotations=[*place_names(), *(_names(outcomes) if names else []), *_note(unscored, crowded)],
        ),
        skip_invalid=False,
    )  # fmt: skip


def _trace(band: str, marks: list[Drawn], crowded: bool, window: Window | None) -> dict[str, Any]:
    ours = [mark for mark in marks if mark.band == band]
    look, scale = MARKS[band], growth(marks) if crowded else 1.0
    return {
        "type": "scatter",
        "mode": "markers",
        "name": band,
        "x": [mark.drawn_at[0] / MILLION for mark in ours],
        "y": [mark.drawn_at[1] / MILLION for mark in ours],
        "hoverinfo": "skip",
        "cliponaxis": False,
        "marker": {
            "color": look.colour,
            "symbol": look.symbol,
            "size": [diameter(mark, scale) for mark in ours] if crowded else look.size,
            "opacity": look.opacity,
            "line": {"width": look.line, "color": look.colour},
        },
        "selectedpoints": None if window is None else [n for n, mark in enumerate(ours) if mark.within(window)],
        "unselected": {"marker": {"opacity": DIMMED}},
    }


def _told(band: str, marks: list[Drawn]) -> dict[str, Any]:
    """What the marks of a band say, on a pane of its own above them that shows nothing.

    A box is drawn on the pane that lies on top. There it finds no mark that it could report, so that it sends its edges
    alone and not all that it holds, word for word, of which a large tenant has megabytes. Pointing needs no more than two
    decimals.
    """
    ours = [mark for mark in marks if mark.band == band]
    return {
        "type": "scatter",
        "mode": "none",
        "name": f"{band}, told",
        "yaxis": "y2",
        "x": [round(mark.drawn_at[0] / MILLION, 2) for mark in ours],
        "y": [round(mark.drawn_at[1] / MILLION, 2) for mark in ours],
        "hovertext": [mark.hover for mark in ours],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _window(window: Window | None) -> list[dict[str, Any]]:
    if window is None:
        return []
    left, right, bottom, top = window
    return [{"type": "rect", "x0": left, "x1": right, "y0": bottom, "y1": top, "name": "window",
             "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"}}]  # fmt: skip


def _names(outcomes: pl.DataFrame) -> list[dict[str, Any]]:
    """The top outcomes, named in a column right of the square, each with a leader to its mark."""
    scored = outcomes.filter(outcomes["band"] != "UNSCORED")
    top = scored.sort("score", "statement", "outcome_id", descending=[True, False, False]).head(NAMED)
    rows = top.to_dicts()
    places = [(float(row["importance"]), float(row["satisfaction"])) for row in rows]
    wanted = sorted((height for _, height in places), reverse=True)
    heights = spread(wanted, NAME_GAP, NAME_GAP / 2, SIDE - NAME_GAP / 2)
    return [_name(rows[n], height) for n, height in zip(uncrossed(places, COLUMN, heights), heights, strict=True)]


def _name(row: dict[str, Any], height: float) -> dict[str, Any]:
    statement = wrapped(row["statement"], NAME_WIDTH, NAME_LINES, "no statement")
    leader = {
        "showarrow": True,
        "arrowhead": 0,
        "arrowwidth": 0.6,
        "arrowcolor": NEUTRAL,
        "standoff": 5,
        "borderpad": 2,
    }
    words = {"text": f"<b>{exact(row['score'])}</b>  {statement}", "font": {"size": SMALL_TEXT_SIZE}, "name": "outcome"}
    column = {"ax": COLUMN, "ay": height, "axref": "x", "ayref": "y", "align": "left", "xanchor": "left"}
    return {"x": float(row["importance"]), "y": float(row["satisfaction"])} | column | leader | words


def _note(unscored: int, crowded: bool) -> list[dict[str, Any]]:
    notes = [f"× {unscored:,} without a score: not on the map"] if unscored else []
    if crowded:
        notes.append("one mark per 0.1 step, area by number of outcomes")
    if not notes:
        return []
    corner = {
        "x": 0,
        "y": 0,
        "xanchor": "left",
        "yanchor": "top",
        "yshift": -50,
        "align": "left",
    }  # below the axis, wherever that lies
    words = {"text": "<br>".join(notes), "font": {"size": TEXT_SIZE}, "name": "note"}
    return [corner | words | {"showarrow": False}]
