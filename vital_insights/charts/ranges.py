"""How far a score may be off: from its lowest to its highest, on the ground of the bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.geometry import HIGH_ABOVE, MEDIUM_FROM
from vital_insights.charts.theme import MARKS, NEUTRAL, SHADES, SMALL_TEXT_SIZE, axis, layout
from vital_insights.charts.wording import exact, outcome_hover, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

ROW, HEAD, FOOT, RIGHT = 46, 46, 30, 92  # pixels
TOP = 20


def score_ranges(outcomes: pl.DataFrame, *, number: int = 8, title: str = "", footer: str = "") -> go.Figure:
    """A line from score_low to score_high for the `number` highest scores of an `opportunity` frame, its score a mark on it.

    Needs the columns outcome_id, statement, job_name, importance, satisfaction, score, band, score_low and score_high; rows
    without a range are left out. The range stands at the right.
    """
    import plotly.graph_objects as go
    import polars as pl

    known = outcomes.filter(pl.col("score_low").is_not_null())
    rows = known.sort("score", "statement", "outcome_id", descending=[True, False, False]).head(number).to_dicts()
    return go.Figure(
        data=[_lines(rows), _marks(rows)],
        layout=layout(
            title=title,
            footer=footer,
            height=HEAD + ROW * len(rows) + FOOT,
            margin={"l": 10, "r": RIGHT, "t": HEAD, "b": FOOT},
            xaxis=axis(range=[0, TOP], tickvals=[0, 4, 8, 12, 16, 20]),
            yaxis=axis(range=[len(rows) - 0.6, -0.75], visible=False),
            shapes=_grounds(),
            annotations=[*_head(), *(text for place, row in enumerate(rows) for text in _texts(place, row))],
        ),
    )


def _lines(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "opacity": 0.55, "line": {"width": 3, "color": NEUTRAL},
        "x": [x for row in rows for x in (float(row["score_low"]), float(row["score_high"]), None)],
        "y": [y for place, _ in enumerate(rows) for y in (place, place, None)],
    }  # fmt: skip


def _marks(rows: list[dict[str, Any]]) -> dict[str, Any]:
    looks = [MARKS[row["band"]] for row in rows]
    return {
        "type": "scatter", "mode": "markers", "cliponaxis": False,
        "x": [float(row["score"]) for row in rows], "y": list(range(len(rows))),
        "hovertext": [outcome_hover(row, f"May be {_range(row)}") for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": [look.symbol for look in looks], "size": [look.size + 2 for look in looks], "opacity": 1,
            "color": [look.colour for look in looks], "line": {"width": 1.8, "color": [look.colour for look in looks]},
        },
    }  # fmt: skip


def _range(row: dict[str, Any]) -> str:
    return f"{exact(row['score_low'])} to {exact(row['score_high'])}"


def _grounds() -> list[dict[str, Any]]:
    edges = {"MEDIUM": (MEDIUM_FROM, HIGH_ABOVE), "HIGH": (HIGH_ABOVE, TOP)}
    return [
        {"type": "rect", "xref": "x", "yref": "paper", "x0": left, "x1": right, "y0": 0, "y1": 1, "layer": "below",
         "line": {"width": 0}, "fillcolor": MARKS[band].colour, "opacity": SHADES[band], "name": f"ground {band}"}
        for band, (left, right) in edges.items()
    ]  # fmt: skip


def _head() -> list[dict[str, Any]]:
    shared = {
        "xref": "paper",
        "yref": "paper",
        "y": 1,
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": SMALL_TEXT_SIZE},
    }
    line, mark = f'<span style="color:{NEUTRAL}">━</span>', f'<span style="color:{MARKS["HIGH"].colour}">◆</span>'
    edge = shared | {"xref": "x", "x": HIGH_ABOVE, "yshift": HEAD - 24, "name": "band"}
    return [
        shared | {"x": 0, "xanchor": "left", "yshift": HEAD - 2, "text": f"{mark} score  {line} what it may be", "name": "legend"},
        shared | {"x": 1, "xanchor": "right", "xshift": RIGHT - 4, "yshift": HEAD - 2, "text": "may be", "name": "legend"},
        edge | {"xanchor": "right", "xshift": -4, "text": "MEDIUM"},
        edge | {"xanchor": "left", "xshift": 4, "text": "HIGH"},
    ]  # fmt: skip


def _texts(place: int, row: dict[str, Any]) -> list[dict[str, Any]]:
    beside = {"yref": "y", "y": place, "xref": "paper", "showarrow": False, "borderpad": 0}
    statement = wrapped(row["statement"], 84, 1, "no statement")
    return [
        beside | {"x": 0, "xanchor": "left", "yshift": 8, "yanchor": "bottom", "text": statement, "name": "outcome",
                  "font": {"size": SMALL_TEXT_SIZE}},
        beside | {"x": 1, "xanchor": "right", "xshift": RIGHT - 4, "yanchor": "middle", "text": f"<b>{_range(row)}</b>",
                  "font": {"size": SMALL_TEXT_SIZE}, "name": "range"},
    ]  # fmt: skip
