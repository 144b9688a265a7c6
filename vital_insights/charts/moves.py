"""What changed between two snapshots: arrows on the opportunity square, and each change of score split in its two parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.geometry import SIDE, spread, uncrossed
from vital_insights.charts.ground import grounds, lines, place_names, square_axis
from vital_insights.charts.theme import CLEAR, MARKS, NEUTRAL, SMALL_TEXT_SIZE, axis, layout
from vital_insights.charts.wording import exact, signed, wrapped

if TYPE_CHECKING:
    from decimal import Decimal

    import plotly.graph_objects as go
    import polars as pl

HEIGHT, FOOT, SQUARE_ENDS = 480, 88, 0.64  # pixels, and the share of the width that is left of the names
NAMED, COLUMN, NAME_GAP = 5, SIDE + 0.45, 1.25
ROW, HEAD, BAR = 58, 30, 0.3


def widest_moves(changes: pl.DataFrame, number: int) -> pl.DataFrame:
    """The rows of a `Comparison` whose score moved, at most `number`, the widest first; ties by statement, then by id."""
    import polars as pl

    moved = changes.filter(change="moved").with_columns(_width=pl.col("score_change").abs())
    order = moved.sort("_width", "statement", "new_outcome_id", descending=[True, False, False], nulls_last=True)
    return order.drop("_width").head(number)


def moves(changes: pl.DataFrame, *, number: int = 60, title: str = "", footer: str = "") -> go.Figure:
    """Arrows from the old inputs to the new ones, for the `number` widest moves of a `Comparison`'s rows.

    An arrow that crosses a band's edge is thick and in the colour of the band it comes into; one that stays is thin and
    grey. The five widest are named in a column right of the square.
    """
    import plotly.graph_objects as go

    rows = widest_moves(changes, number).to_dicts()
    kinds = [None, "LOW", "MEDIUM", "HIGH"]
    return go.Figure(
        data=[_arrows(band, [row for row in rows if _into(row) == band]) for band in kinds],
        layout=layout(
            title=title,
            footer=footer,
            height=HEIGHT,
            margin={"l": 48, "r": 4, "t": 10, "b": FOOT},
            xaxis=square_axis("Importance →", domain=[0, SQUARE_ENDS], constraintoward="left"),
            yaxis=square_axis("Satisfaction →", scaleanchor="x", scaleratio=1, constraintoward="top"),
            shapes=[*grounds(), *lines()],
            annotations=[*place_names(), *_names(rows[:NAMED])],
        ),
    )


def _into(row: dict[str, Any]) -> str | None:
    """The band a move came into, None where it stayed."""
    return row["new_band"] if row["band_crossing"] else None


def _arrows(band: str | None, rows: list[dict[str, Any]]) -> dict[str, Any]:
    colour = MARKS[band].colour if band else NEUTRAL
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"into {band}" if band else "same band",
        "x": [x for row in rows for x in (float(row["old_importance"]), float(row["new_importance"]), None)],
        "y": [y for row in rows for y in (float(row["old_satisfaction"]), float(row["new_satisfaction"]), None)],
        "hovertext": [said for row in rows for said in (_hover(row), _hover(row), "")],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
        "opacity": 1 if band else 0.6,
        "line": {"width": 2 if band else 1, "color": colour},
        "marker": {
            "symbol": ["circle-open", "arrow", "circle"] * len(rows),
            "size": [4.0, 11.0 if band else 8.0, 0.0] * len(rows),
            "angleref": "previous",
            "color": colour,
            "line": {"width": 0.8, "color": colour},
            "opacity": 1,
        },
    }


def _hover(row: dict[str, Any]) -> str:
    bands = f"{row['old_band']} → {row['new_band']}" if row["band_crossing"] else f"{row['new_band']}, as before"
    return "<br>".join(
        [
            f"<b>{wrapped(row['statement'], 52, 4, 'no statement')}</b>",
            f"Job: {wrapped(row['job_name'], 52, 2, 'none')}",
            f"Importance {exact(row['old_importance'])} → {exact(row['new_importance'])}, "
            f"satisfaction {exact(row['old_satisfaction'])} → {exact(row['new_satisfaction'])}",
            f"Score {exact(row['old_score'])} → {exact(row['new_score'])} ({signed(row['score_change'])}), {bands}",
            _split(row),
        ]
    )


def _split(row: dict[str, Any]) -> str:
    parts = (row["change_from_importance"], row["change_from_satisfaction"])
    return f"{signed(parts[0])} from importance, {signed(parts[1])} from satisfaction"


def _names(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    places = [(float(row["new_importance"]), float(row["new_satisfaction"])) for row in rows]
    wanted = sorted((height for _, height in places), reverse=True)
    heights = spread(wanted, NAME_GAP, NAME_GAP / 2, SIDE - NAME_GAP / 2)
    return [
        {
            "x": places[n][0], "y": places[n][1], "ax": COLUMN, "ay": height, "axref": "x", "ayref": "y", "align": "left",
            "xanchor": "left", "showarrow": True, "arrowhead": 0, "arrowwidth": 0.6, "arrowcolor": NEUTRAL, "standoff": 7,
            "borderpad": 2, "font": {"size": SMALL_TEXT_SIZE}, "name": "outcome",
            "text": f"<b>{signed(rows[n]['score_change'])}</b>  {wrapped(rows[n]['statement'], 30, 3, 'no statement')}",
        }
        for n, height in zip(uncrossed(places, COLUMN, heights), heights, strict=True)
    ]  # fmt: skip


def split_changes(changes: pl.DataFrame, *, number: int = 8, title: str = "", footer: str = "") -> go.Figure:
    """Signed bars for the `number` widest moves: what importance and what satisfaction each did to the score.

    Bars to the right raised the score, bars to the left lowered it; the figure at the right is their sum. Solid is
    importance, hatched is satisfaction.
    """
    import plotly.graph_objects as go

    rows = widest_moves(changes, number).to_dicts()
    reach = max((_reach(row) for row in rows), default=1.0)
    return go.Figure(
        data=[_bars(name, column, pattern, rows) for name, column, pattern in PARTS],
        layout=layout(
            title=title,
            footer=footer,
            height=HEAD + ROW * len(rows) + 8,
            margin={"l": 4, "r": 56, "t": HEAD, "b": 4},
            barmode="relative",
            xaxis=axis(range=[-reach, reach], visible=False),
            yaxis=axis(range=[len(rows) - 0.5, -0.7], visible=False),
            shapes=[{"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "name": "zero",
                     "line": {"width": 0.8, "color": NEUTRAL}}],
            annotations=[*_legend(), *(said for place, row in enumerate(rows) for said in _line(place, row))],
        ),
    )  # fmt: skip


PARTS = (("importance", "change_from_importance", ""), ("satisfaction", "change_from_satisfaction", "/"))


def _reach(row: dict[str, Any]) -> float:
    parts: list[Decimal] = [row[column] for _, column, _ in PARTS]
    return float(max(sum(part for part in parts if part > 0), -sum(part for part in parts if part < 0)))


def _bars(name: str, column: str, pattern: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "width": BAR,
        "x": [float(row[column]) for row in rows],
        "y": [place + 0.2 for place in range(len(rows))],
        "hovertext": [_hover(row) for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "color": CLEAR if pattern else NEUTRAL,
            "line": {"width": 1, "color": NEUTRAL},
            "pattern": {"shape": pattern, "fgcolor": NEUTRAL, "size": 5, "solidity": 0.25},
        },
    }


def _legend() -> list[dict[str, Any]]:
    shared = {"xref": "paper", "yref": "paper", "y": 1, "yshift": HEAD - 2, "yanchor": "top", "showarrow": False,
              "font": {"size": SMALL_TEXT_SIZE}}  # fmt: skip
    said = f'<span style="color:{NEUTRAL}">■</span> importance   <span style="color:{NEUTRAL}">▨</span> satisfaction'
    return [shared | {"x": 0, "xanchor": "left", "text": said, "name": "legend"},
            shared | {"x": 1, "xanchor": "right", "xshift": 52, "text": "score", "name": "head"}]  # fmt: skip


def _line(place: int, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The statement above its bars, the sum of both parts right of them."""
    beside = {"xref": "paper", "yref": "y", "y": place, "showarrow": False, "borderpad": 0}
    statement = wrapped(row["statement"], 56, 1, "no statement")
    return [
        beside | {"x": 0, "xanchor": "left", "yanchor": "bottom", "text": statement, "name": "outcome"},
        beside | {"x": 1, "xanchor": "right", "yanchor": "middle", "xshift": 52, "yshift": -12, "name": "sum",
                  "text": f"<b>{signed(row['score_change'])}</b>"},
    ]  # fmt: skip
