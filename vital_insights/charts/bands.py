"""Shares of the bands, a bar of 100 % for every member of a dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.theme import BANDS, CLEAR, MARKS, SMALL_TEXT_SIZE, axis, layout
from vital_insights.charts.wording import share, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

BAR, HEAD = 40, 34  # pixels a member, and above the first
COUNTS = {"HIGH": "n_high", "MEDIUM": "n_medium", "LOW": "n_low", "UNSCORED": "n_unscored"}


def band_shares(
    members: pl.DataFrame,
    *,
    number: int | None = None,
    nobody: str = "belongs to none",
    title: str = "",
    footer: str = "",
) -> go.Figure:
    """100 % bars of an `opportunity_by` frame, the largest share of HIGH first, `number` of them or all.

    What belongs to no member is called `nobody` and stands last. Needs the columns member, member_name, n_outcomes, n_high,
    n_medium, n_low and n_unscored; the denominator is n_outcomes, so that UNSCORED is a part of every bar. The words and
    the counts carry the meaning, the hues repeat it.
    """
    import plotly.graph_objects as go

    ranked = sorted((row for row in members.to_dicts() if row["n_outcomes"]), key=_order)
    named = [row for row in ranked if row["member"] is not None]
    rows = named[:number] + [row for row in ranked if row["member"] is None]
    places = list(range(len(rows)))
    return go.Figure(
        data=[_bars(band, rows, places) for band in BANDS],
        layout=layout(
            title=title,
            footer=footer,
            height=HEAD + BAR * len(rows) + 8,
            margin={"l": 4, "r": 4, "t": HEAD, "b": 4},
            barmode="stack",
            bargap=0.62,
            xaxis=axis(range=[0, 1], visible=False),
            yaxis=axis(range=[len(rows) - 0.5, -0.5], visible=False),
            annotations=[
                *_head(),
                *(text for place, row in zip(places, rows, strict=True) for text in _row(place, row, nobody)),
            ],
        ),
    )


def _order(row: dict[str, Any]) -> tuple[float, int, str, str]:
    return -row["n_high"] / row["n_outcomes"], -row["n_high"], row["member_name"] or "", str(row["member"])


def _bars(band: str, rows: list[dict[str, Any]], places: list[int]) -> dict[str, Any]:
    look = MARKS[band]
    counts = [row[COUNTS[band]] for row in rows]
    return {
        "type": "bar",
        "orientation": "h",
        "name": band,
        "x": [count / row["n_outcomes"] for count, row in zip(counts, rows, strict=True)],
        "y": places,
        "hovertext": [f"{band}: {count:,} of {row['n_outcomes']:,}" for count, row in zip(counts, rows, strict=True)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "color": CLEAR if look.pattern else look.colour,
            "line": {"width": 1 if look.pattern else 0, "color": look.colour},
            "pattern": {"shape": look.pattern, "fgcolor": look.colour, "size": 5, "solidity": 0.25},
        },
    }


def _head() -> list[dict[str, Any]]:
    """The legend: one line of coloured glyphs with their words, in the order of the bars."""
    glyphs = {"HIGH": "■", "MEDIUM": "■", "LOW": "■", "UNSCORED": "▨"}
    text = "   ".join(f'<span style="color:{MARKS[band].colour}">{glyphs[band]}</span> {band}' for band in BANDS)
    return [{"xref": "paper", "yref": "paper", "x": 0, "y": 1, "yshift": HEAD - 2, "xanchor": "left", "yanchor": "top",
             "text": text, "showarrow": False, "font": {"size": SMALL_TEXT_SIZE}, "name": "legend"}]  # fmt: skip


def _row(place: int, row: dict[str, Any], nobody: str) -> list[dict[str, Any]]:
    """The member above its bar at the left, its share of HIGH at the right."""
    shared = {
        "xref": "paper",
        "yref": "y",
        "y": place,
        "yshift": 9,
        "yanchor": "bottom",
        "showarrow": False,
        "borderpad": 0,
    }
    name = nobody if row["member"] is None else wrapped(row["member_name"], 34, 1, "without a name")
    counts = f"HIGH {row['n_high']:,} of {row['n_outcomes']:,}, <b>{share(row['n_high'], row['n_outcomes'])}</b>"
    return [
        shared | {"x": 0, "xanchor": "left", "text": name, "name": "member"},
        shared | {"x": 1, "xanchor": "right", "text": counts, "font": {"size": SMALL_TEXT_SIZE}, "name": "share"},
    ]
