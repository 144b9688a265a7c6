"""Dumbbells: from satisfaction to importance, for the outcomes with the highest scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.theme import MARKS, NEUTRAL, SMALL_TEXT_SIZE, axis, layout
from vital_insights.charts.wording import exact, outcome_hover, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

ROW, HEAD, FOOT = 56, 30, 30  # pixels
RIGHT = 52  # pixels for the score


def widest_gaps(outcomes: pl.DataFrame, *, number: int = 8, title: str = "", footer: str = "") -> go.Figure:
    """Dumbbells of the `number` highest scores of an `opportunity` frame, the statement above each line.

    Needs the columns outcome_id, statement, job_name, importance, satisfaction, score and band. A ring is satisfaction,
    the filled mark of the band is importance; the number at the right is the score.
    """
    import plotly.graph_objects as go
    import polars as pl

    scored = outcomes.filter(pl.col("band") != "UNSCORED")
    rows = scored.sort("score", "statement", "outcome_id", descending=[True, False, False]).head(number).to_dicts()
    return go.Figure(
        data=[_lines(rows), _ends(rows)],
        layout=layout(
            title=title,
            footer=footer,
            height=HEAD + ROW * len(rows) + FOOT,
            margin={"l": 10, "r": RIGHT, "t": HEAD, "b": FOOT},
            xaxis=axis(range=[0, 10], tickvals=[0, 2, 4, 6, 8, 10]),
            yaxis=axis(range=[len(rows) - 0.7, -0.8], visible=False),
            annotations=[*_head(), *_texts(rows)],
        ),
    )


def _lines(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Every dumbbell's bar in one trace, parted by gaps; a trace has one colour, so the marks carry the band."""
    return {
        "type": "scatter",
        "mode": "lines",
        "hoverinfo": "skip",
        "opacity": 0.55,
        "line": {"width": 3, "color": NEUTRAL},
        "x": [x for row in rows for x in (float(row["satisfaction"]), float(row["importance"]), None)],
        "y": [y for place, _ in enumerate(rows) for y in (place, place, None)],
    }


def _ends(rows: list[dict[str, Any]]) -> dict[str, Any]:
    looks = [MARKS[row["band"]] for row in rows]
    colours = [NEUTRAL] * len(rows) + [look.colour for look in looks]
    return {
        "type": "scatter", "mode": "markers", "cliponaxis": False,
        "x": [float(row["satisfaction"]) for row in rows] + [float(row["importance"]) for row in rows],
        "y": [*range(len(rows)), *range(len(rows))],
        "hovertext": [outcome_hover(row) for row in rows] * 2,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": ["circle-open"] * len(rows) + [look.symbol for look in looks],
            "color": colours,
            "size": [9.0] * len(rows) + [look.size + 2 for look in looks],
            "line": {"width": 1.8, "color": colours},
            "opacity": 1,
        },
    }  # fmt: skip


def _head() -> list[dict[str, Any]]:
    shared = {"xref": "paper", "yref": "paper", "y": 1, "yshift": HEAD - 2, "yanchor": "top", "showarrow": False,
              "font": {"size": SMALL_TEXT_SIZE}}  # fmt: skip
    high = MARKS["HIGH"].colour
    legend = f'<span style="color:{NEUTRAL}">○</span> satisfaction   <span style="color:{high}">◆</span> importance'
    return [shared | {"x": 0, "xanchor": "left", "text": legend, "xshift": -8, "name": "legend"},
            shared | {"x": 1, "xanchor": "right", "text": "score", "xshift": RIGHT - 4, "name": "score"}]  # fmt: skip


def _texts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    texts: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        beside = {"yref": "y", "y": place, "xref": "paper", "showarrow": False}
        statement = wrapped(row["statement"], 54, 2, "no statement")
        above = {"x": 0, "xanchor": "left", "xshift": -8, "yshift": 8, "yanchor": "bottom", "align": "left"}
        score = {"x": 1, "xanchor": "right", "xshift": RIGHT - 4, "yanchor": "middle"}
        texts.append(beside | above | {"text": statement, "name": "outcome"})
        texts.append(beside | score | {"text": f"<b>{exact(row['score'])}</b>", "name": "score"})
    return texts
