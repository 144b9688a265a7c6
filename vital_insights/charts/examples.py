"""The empty landscape with its lines and regions named, and a few outcomes on it as worked examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.geometry import SIDE
from vital_insights.charts.ground import grounds, lines, place_names, square_axis
from vital_insights.charts.theme import MARKS, NEUTRAL, layout
from vital_insights.charts.wording import exact, outcome_hover

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

HEIGHT = 440  # pixels
TABLE_STAKES_FROM = 7.5
CORNER_WIDTH, CORNER_HEIGHT, ASIDE = 4.0, 1.3, 0.7  # units of the axes: the room of a corner's words, and a label's


def worked_examples(
    outcomes: pl.DataFrame, *, table_stakes_from: float = TABLE_STAKES_FROM, title: str = "", footer: str = ""
) -> go.Figure:
    """The landscape's ground with each scored row of an `opportunity` frame as a mark that carries its score.

    `table_stakes_from` is the rating, 0-10, from which both make table stakes. Needs the columns statement, job_name,
    importance, satisfaction, score and band. Meant for a handful of rows; those
    without a score have no place and are left out.
    """
    import plotly.graph_objects as go

    rows = [row for row in outcomes.to_dicts() if row["band"] != "UNSCORED"]
    corner = f"M{table_stakes_from:g},{SIDE}L{table_stakes_from:g},{table_stakes_from:g}L{SIDE},{table_stakes_from:g}"
    stakes = {"type": "path", "path": corner, "layer": "below", "name": "table stakes",
              "line": {"color": NEUTRAL, "width": 1, "dash": "dashdot"}}  # fmt: skip
    return go.Figure(
        data=[_marks(rows)],
        layout=layout(
            title=title,
            footer=footer,
            height=HEIGHT,
            margin={"l": 48, "r": 8, "t": 10, "b": 48},
            xaxis=square_axis("Importance →", constraintoward="left"),
            yaxis=square_axis("Satisfaction →", scaleanchor="x", scaleratio=1, constraintoward="top"),
            shapes=[*grounds(), *lines(), stakes],
            annotations=[*_corners(rows), *(_label(row) for row in rows)],
        ),
    )


def _marks(rows: list[dict[str, Any]]) -> dict[str, Any]:
    looks = [MARKS[row["band"]] for row in rows]
    return {
        "type": "scatter", "mode": "markers", "cliponaxis": False,
        "x": [float(row["importance"]) for row in rows],
        "y": [float(row["satisfaction"]) for row in rows],
        "hovertext": [outcome_hover(row) for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": [look.symbol for look in looks],
            "color": [look.colour for look in looks],
            "size": [look.size + 4 for look in looks],
            "line": {"width": [look.line for look in looks], "color": [look.colour for look in looks]},
            "opacity": 1,
        },
    }  # fmt: skip


def _corners(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The names of corners and contours; a corner's words step aside, up or down, where a mark would lie on them."""
    names = place_names()
    for name in names:
        low = name["y"] == 0
        for row in rows if name["name"] == "corner" else ():
            across, up = abs(float(row["importance"]) - name["x"]), float(row["satisfaction"])
            if across < CORNER_WIDTH and abs(up - name["y"]) < CORNER_HEIGHT:
                name["y"] = max(name["y"], up + ASIDE) if low else min(name["y"], up - ASIDE)
    return names


def _label(row: dict[str, Any]) -> dict[str, Any]:
    """The score above its mark, or beside it at the square's upper edge."""
    side = {"yanchor": "bottom", "yshift": 6} if row["satisfaction"] < SIDE - 1 else {"xanchor": "right", "xshift": -9}
    text = {"text": f"<b>{exact(row['score'])}</b>", "showarrow": False, "name": "score"}
    return {"x": float(row["importance"]), "y": float(row["satisfaction"])} | side | text
