"""Ranked bars: any count, score or share of any frame, the largest first."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vital_insights.charts.theme import MARKS, NEUTRAL, axis, layout, rest
from vital_insights.charts.wording import exact, share, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

LINE, UNDER, BAR, FOOT = 16, 28, 11, 24  # pixels: a line of a label, what is under it, the bar in that, the foot
LABEL = 46  # characters a line, so that it fits a phone


def ranked_bars(
    frame: pl.DataFrame, *, label: str, value: str, of: str | None = None, band: str | None = None, number: int = 10,
    shares: bool = False, nobody: str = "belongs to none", title: str = "", footer: str = "",
) -> go.Figure:  # fmt: skip
    """Bars of the column `value` under the texts of the column `label`, the largest first, `number` of them.

    Ties go by label. `of` names the column of each row's denominator, which is then said beside the value; `band` the column
    of the bands, the only thing that has a hue. An unknown value has no bar and stands last; a row without a label is called
    `nobody`. What is left out is counted below. With `shares` a bar is the part of `of` on a ground that is the whole, and the
    rows keep their order.
    """
    import plotly.graph_objects as go

    every = frame.to_dicts()
    ranked = (
        every if shares else sorted(every, key=lambda row: (row[value] is None, -(row[value] or 0), row[label] or ""))
    )
    rows = ranked[:number]
    lengths = [_length(row, value, of if shares else None) for row in rows]
    left_out = len(ranked) - len(rows)
    names = [wrapped(row[label], LABEL, 2, nobody) for row in rows]
    said = [_said(row, value, of) for row in rows]
    height = UNDER + LINE * (2 if any("<br>" in name for name in names) else 1)
    return go.Figure(
        data=[
            *([_whole(len(rows), height)] if shares else []),
            _bars(rows, lengths, names, said, band, height),
        ],
        layout=layout(
            title=title,
            footer=footer,
            height=height * len(rows) + (FOOT if left_out else 8),
            margin={"l": 4, "r": 4, "t": 4, "b": FOOT if left_out else 4},
            barmode="overlay",
            xaxis=axis(range=[min([0.0, *lengths]), 1.0 if shares else max([0.0, *lengths]) or 1.0], visible=False),
            yaxis=axis(range=[len(rows), 0], visible=False),
            annotations=[
                *(
                    text
                    for place, texts in enumerate(zip(names, said, strict=True))
                    for text in _row(place + 1, *texts)
                ),
                *rest(len(rows), len(ranked), FOOT - 4),
            ],
        ),
    )


def _length(row: dict[str, Any], value: str, of: str | None) -> float:
    whole = 1 if of is None else row[of]
    return 0.0 if row[value] is None or not whole else float(row[value]) / float(whole)


def _whole(n: int, height: int) -> dict[str, Any]:
    """The ground that a share is a part of."""
    return {
        "type": "bar", "orientation": "h", "width": BAR / height, "x": [1.0] * n, "name": "whole", "hoverinfo": "skip",
        "y": [place + 1 - (UNDER - BAR) / height for place in range(n)],
        "marker": {"color": NEUTRAL, "opacity": 0.2, "line": {"width": 0}},
    }  # fmt: skip


def _bars(
    rows: list[dict[str, Any]], lengths: list[float], names: list[str], said: list[str], band: str | None, height: int
) -> dict[str, Any]:
    return {
        "type": "bar", "orientation": "h", "width": BAR / height, "x": lengths,
        "y": [place + 1 - (UNDER - BAR) / height for place in range(len(rows))],
        "hovertext": [f"<b>{name}</b><br>{text}" for name, text in zip(names, said, strict=True)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"color": [MARKS[row[band]].colour if band else NEUTRAL for row in rows], "line": {"width": 0}},
    }  # fmt: skip


def _said(row: dict[str, Any], value: str, of: str | None) -> str:
    found = row[value]
    if found is None:
        return "unknown"
    if of is not None and row[of] is not None:
        return f"{found:,} of {row[of]:,}, {share(found, row[of])}"
    if isinstance(found, Decimal):
        return exact(found)
    return f"{found:,}" if isinstance(found, int) else f"{found:,.2f}"


def _row(below: int, name: str, said: str) -> list[dict[str, Any]]:
    """The label and the value above the bar, whose row ends at `below`."""
    above = {
        "xref": "paper",
        "yref": "y",
        "y": below,
        "yshift": UNDER - 2,
        "yanchor": "bottom",
        "showarrow": False,
        "borderpad": 0,
    }
    return [
        above | {"x": 0, "xanchor": "left", "align": "left", "text": name, "name": "label"},
        above | {"x": 1, "xanchor": "right", "text": f"<b>{said}</b>", "name": "value"},
    ]
