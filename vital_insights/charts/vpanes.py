"""The six VPANES scores of one persona, each a bar from nothing, with a tick where the others' mean lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.theme import NEUTRAL, SMALL_TEXT_SIZE, TEXT_SIZE, axis, layout
from vital_insights.charts.wording import escaped, exact

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

ROW, LEFT, RIGHT, HEAD, FOOT = 30, 84, 44, 6, 26  # pixels
THICK, TICK = 0.5, 0.36  # height of a bar in rows, half the height of a tick


def vpanes_bars(scores: pl.DataFrame, *, top: float = 10, title: str = "", footer: str = "") -> go.Figure:
    """One row a dimension, in the order of the frame, from 0 to `top`.

    `scores` has the columns dimension, score (a decimal, NULL where it is not scored), mean and n: the mean of so many
    personas that are scored, NULL where there is none. The scale is the source's own.
    """
    import plotly.graph_objects as go

    rows = [row | {"y": place} for place, row in enumerate(scores.to_dicts())]
    scored = [row for row in rows if row["score"] is not None]
    return go.Figure(
        data=[_bars(scored), _hovers(rows)],
        layout=layout(
            title=title,
            footer=footer,
            height=HEAD + ROW * len(rows) + FOOT,
            margin={"l": LEFT, "r": RIGHT, "t": HEAD, "b": FOOT},
            xaxis=axis(range=[0, top], tickvals=[0, top / 2, top], tickfont={"size": SMALL_TEXT_SIZE}),
            yaxis=axis(range=[len(rows) - 0.5, -0.5], visible=False),
            shapes=[_tick(row) for row in rows if row["mean"] is not None],
            annotations=[text for row in rows for text in _texts(row)],
        ),
    )


def _bars(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "bar", "orientation": "h", "name": "score", "width": THICK, "x": [float(row["score"]) for row in rows],
        "y": [row["y"] for row in rows], "hoverinfo": "skip",
        "marker": {"color": NEUTRAL, "opacity": 0.55, "line": {"width": 0}},
    }  # fmt: skip


def _hovers(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A mark that nobody sees on every row, so that also what is not scored says so."""
    return {
        "type": "scatter", "mode": "markers", "name": "hover", "x": [float(row["score"] or 0) for row in rows],
        "y": [row["y"] for row in rows], "hovertext": [_hover(row) for row in rows], "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"size": 22, "opacity": 0},
    }  # fmt: skip


def _hover(row: dict[str, Any]) -> str:
    said = "not scored" if row["score"] is None else exact(row["score"])
    mean = "" if row["mean"] is None else f"<br>Mean of {row['n']:,} scored personas {row['mean']:.1f}"
    return f"<b>{escaped(row['dimension'])}</b>: {said}{mean}"


def _tick(row: dict[str, Any]) -> dict[str, Any]:
    return {"type": "line", "x0": row["mean"], "x1": row["mean"], "y0": row["y"] - TICK, "y1": row["y"] + TICK,
            "line": {"width": 2, "color": NEUTRAL}, "name": "mean"}  # fmt: skip


def _texts(row: dict[str, Any]) -> list[dict[str, Any]]:
    shared = {"xref": "paper", "yref": "y", "y": row["y"], "yanchor": "middle", "xanchor": "right", "showarrow": False,
              "borderpad": 0, "font": {"size": TEXT_SIZE}}  # fmt: skip
    number = "–" if row["score"] is None else exact(row["score"])
    return [
        shared | {"x": 0, "xshift": -8, "text": escaped(row["dimension"]), "name": "dimension"},
        shared | {"x": 1, "xshift": RIGHT - 6, "text": f"<b>{number}</b>", "name": "score"},
    ]
