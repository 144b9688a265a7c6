"""Dumbbells of groups: who or what side by side, from a mean to the one outcome that matters, with the share of HIGH."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.geometry import HIGH_ABOVE, MEDIUM_FROM
from vital_insights.charts.theme import CLEAR, MARKS, NEUTRAL, SHADES, SMALL_TEXT_SIZE, axis, layout
from vital_insights.charts.wording import escaped, exact, share, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

FEW = 5  # the mean or the share of fewer says little
ROW, HEAD, FOOT = 70, 46, 30  # pixels
LEFT_ENDS, RIGHT_BEGINS = 0.62, 0.72  # of the width; the share of HIGH stands right of the dumbbells
FAINT = 0.72  # opacity of the words of a small group; they still read at 4.5:1 on both grounds
Ends = tuple[float | None, float | None]


def side_by_side(
    members: pl.DataFrame, *, ratings: bool = False, nobody: str = "belongs to none", title: str = "", footer: str = ""
) -> go.Figure:
    """Dumbbells of a frame of groups, in its order: from the mean score to the highest, on the scale of 0-20.

    With `ratings` they reach from the mean satisfaction to the mean importance, on 0-10. At the right stands the share of
    HIGH among all outcomes of the group, scored or not. A group with fewer than five scored outcomes is greyed; what belongs
    to no member is called `nobody`. Needs the columns member, member_name, n_outcomes, n_scored, n_high, n_high_firm,
    n_unscored, mean_score, max_score, max_band, mean_importance, mean_satisfaction and top_statement.
    """
    import plotly.graph_objects as go

    rows = members.to_dicts()
    ends = [_ratings(row) if ratings else _scores(row) for row in rows]
    widest = 10 if ratings else 20
    height = ROW * len(rows)
    return go.Figure(
        data=[_lines(ends), _near(rows, ends), _far(rows, ends, ratings=ratings), _shares(rows)],
        layout=layout(
            title=title,
            footer=footer,
            height=HEAD + height + FOOT,
            margin={"l": 10, "r": 18, "t": HEAD, "b": FOOT},
            bargap=0.86,
            xaxis=axis(range=[0, widest], domain=[0, LEFT_ENDS], tickvals=[0, widest / 4, widest / 2, widest * 3 / 4, widest]),
            xaxis2=axis(range=[0, 1], domain=[RIGHT_BEGINS, 1], tickvals=[0, 0.5, 1], ticktext=["0", "50%", "100%"]),
            yaxis=axis(range=[len(rows) - 0.62, -0.9], visible=False),
            shapes=_grounds(ratings=ratings),
            annotations=[*_head(ratings=ratings), *(text for place, row in enumerate(rows) for text in _texts(place, row, nobody)),
                         *(text for place, (row, pair) in enumerate(zip(rows, ends, strict=True))
                           for text in _numbers(place, row, pair, ratings=ratings))],
        ),
    )  # fmt: skip


def _scores(row: dict[str, Any]) -> Ends:
    return row["mean_score"], None if row["max_score"] is None else float(row["max_score"])


def _ratings(row: dict[str, Any]) -> Ends:
    return row["mean_satisfaction"], row["mean_importance"]


def _few(row: dict[str, Any]) -> bool:
    return bool(row["n_scored"] < FEW)


def _lines(ends: list[Ends]) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "opacity": 0.55, "line": {"width": 3, "color": NEUTRAL},
        "x": [x for pair in ends for x in (*pair, None)],
        "y": [y for place, _ in enumerate(ends) for y in (place, place, None)],
    }  # fmt: skip


def _near(rows: list[dict[str, Any]], ends: list[Ends]) -> dict[str, Any]:
    """The mean score, or the mean satisfaction: a ring, because a mean has no band."""
    return _marks(
        rows, [pair[0] for pair in ends], ["circle-open"] * len(rows), [NEUTRAL] * len(rows), [10.0] * len(rows)
    )


def _far(rows: list[dict[str, Any]], ends: list[Ends], *, ratings: bool) -> dict[str, Any]:
    """The highest score with the mark of its band, or the mean importance as a disc."""
    looks = [MARKS[row["max_band"]] for row in rows]
    symbols = ["circle" if ratings else look.symbol for look in looks]
    colours = [NEUTRAL if ratings or _few(row) else look.colour for row, look in zip(rows, looks, strict=True)]
    return _marks(
        rows, [pair[1] for pair in ends], symbols, colours, [10.0 if ratings else look.size + 3 for look in looks]
    )


def _marks(
    rows: list[dict[str, Any]], x: list[float | None], symbols: list[str], colours: list[str], sizes: list[float]
) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "cliponaxis": False, "x": x, "y": list(range(len(rows))),
        "hovertext": [_hover(row) for row in rows], "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"symbol": symbols, "color": colours, "size": sizes, "opacity": 1, "line": {"width": 1.8, "color": colours}},
    }  # fmt: skip


def _shares(rows: list[dict[str, Any]]) -> dict[str, Any]:
    colours = [NEUTRAL if _few(row) else MARKS["HIGH"].colour for row in rows]
    return {
        "type": "bar", "orientation": "h", "xaxis": "x2", "yaxis": "y", "name": "HIGH",
        "x": [row["n_high"] / row["n_outcomes"] if row["n_outcomes"] else 0 for row in rows], "y": list(range(len(rows))),
        "hovertext": [_hover(row) for row in rows], "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"color": colours, "line": {"width": 0}},
    }  # fmt: skip


def _hover(row: dict[str, Any]) -> str:
    lines = [f"{row['n_outcomes']:,} outcomes, {row['n_scored']:,} scored, {row['n_unscored']:,} UNSCORED",
             f"HIGH {row['n_high']:,}" + _firm(row)]  # fmt: skip
    if row["n_scored"]:
        lines += [f"Mean score {row['mean_score']:.2f}, highest {exact(row['max_score'])}, {escaped(row['max_band'])}",
                  f"Mean importance {row['mean_importance']:.2f}, mean satisfaction {row['mean_satisfaction']:.2f}",
                  f"Highest: {wrapped(row['top_statement'], 52, 3, 'no statement')}"]  # fmt: skip
    name = "in none" if row["member"] is None else wrapped(row["member_name"], 52, 2, "without a name")
    return "<br>".join([f"<b>{name}</b>", *lines])


def _firm(row: dict[str, Any]) -> str:
    if row["n_high_firm"] is None:
        return ", how many stay HIGH is unknown"
    return f", {row['n_high_firm']:,} stay{'s' if row['n_high_firm'] == 1 else ''} HIGH for sure"


def _grounds(*, ratings: bool) -> list[dict[str, Any]]:
    """The grounds of MEDIUM and HIGH; ratings have none, for a band belongs to a score."""
    track = {"type": "rect", "xref": "x2", "yref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 1, "layer": "below",
             "line": {"width": 0}, "fillcolor": NEUTRAL, "opacity": 0.07, "name": "track"}  # fmt: skip
    if ratings:
        return [track]
    edges = {"MEDIUM": (MEDIUM_FROM, HIGH_ABOVE), "HIGH": (HIGH_ABOVE, 20)}
    return [track] + [
        {"type": "rect", "xref": "x", "yref": "paper", "x0": left, "x1": right, "y0": 0, "y1": 1, "layer": "below",
         "line": {"width": 0}, "fillcolor": MARKS[band].colour, "opacity": SHADES[band], "name": f"ground {band}"}
        for band, (left, right) in edges.items()
    ]  # fmt: skip


def _head(*, ratings: bool) -> list[dict[str, Any]]:
    shared = {
        "xref": "paper",
        "yref": "paper",
        "y": 1,
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": SMALL_TEXT_SIZE},
    }
    ring = f'<span style="color:{NEUTRAL}">○</span>'
    glyphs = (("HIGH", "◆"), ("MEDIUM", "●"), ("LOW", "○"))
    marks = "".join(f'<span style="color:{MARKS[band].colour}">{glyph}</span>' for band, glyph in glyphs)
    disc = f'<span style="color:{NEUTRAL}">●</span>'
    legend = (
        f"{ring} mean satisfaction  {disc} mean importance"
        if ratings
        else f"{ring} mean score  {marks} highest, by its band"
    )
    heads = [shared | {"x": 0, "xanchor": "left", "text": legend, "yshift": HEAD - 2, "name": "legend"},
             shared | {"x": 1, "xanchor": "right", "text": "HIGH, of all", "yshift": HEAD - 2, "name": "legend"}]  # fmt: skip
    if not ratings:
        edge = shared | {
            "xref": "x",
            "x": HIGH_ABOVE,
            "yshift": HEAD - 24,
            "name": "band",
        }  # MEDIUM is narrower than its word
        heads += [
            edge | {"xanchor": "right", "xshift": -4, "text": "MEDIUM"},
            edge | {"xanchor": "left", "xshift": 4, "text": "HIGH"},
        ]
    return heads


def _texts(place: int, row: dict[str, Any], nobody: str) -> list[dict[str, Any]]:
    """The group and what its mean rests on above its line, the share of HIGH above its bar."""
    shared = {"xref": "paper", "yref": "y", "y": place, "yanchor": "bottom", "showarrow": False, "borderpad": 0, "align": "left",
              "opacity": FAINT if _few(row) else 1.0}  # fmt: skip
    name = nobody if row["member"] is None else wrapped(row["member_name"], 32, 1, "without a name")
    rests = f"n {row['n_scored']:,} scored" + (f", {row['n_unscored']:,} UNSCORED" if row["n_unscored"] else "")
    rests += ": too few for a mean" if _few(row) else ""
    left = shared | {"x": 0, "xanchor": "left"}
    right = shared | {"x": 1, "xanchor": "right", "font": {"size": SMALL_TEXT_SIZE}}
    high = share(row["n_high"], row["n_outcomes"])
    return [
        left | {"yshift": 23, "text": f"<b>{name}</b>", "name": "member"},
        left | {"yshift": 10, "text": rests, "font": {"size": SMALL_TEXT_SIZE}, "name": "rests"},
        right | {"yshift": 23, "text": f"<b>{high}</b>", "name": "share"},
        right | {"yshift": 10, "text": f"{row['n_high']:,} of {row['n_outcomes']:,}", "name": "counts"},
    ]


def _numbers(place: int, row: dict[str, Any], pair: Ends, *, ratings: bool) -> list[dict[str, Any]]:
    """The two numbers beside their marks, away from each other."""
    near, far = pair
    if near is None or far is None:
        return []
    shared = {"xref": "x", "yref": "y", "y": place, "yanchor": "middle", "showarrow": False, "borderpad": 0, "bgcolor": CLEAR,
              "font": {"size": SMALL_TEXT_SIZE}, "opacity": FAINT if _few(row) else 1.0, "name": "number"}  # fmt: skip
    last = f"{far:.1f}" if ratings else exact(row["max_score"])
    right = shared | {"xanchor": "left", "xshift": 9}
    if near == far:
        return [right | {"x": far, "text": last}]
    texts = sorted([(near, f"{near:.1f}"), (far, last)], key=lambda each: each[0])
    return [shared | {"xanchor": "right", "xshift": -8, "x": texts[0][0], "text": texts[0][1]},
            right | {"x": texts[1][0], "text": texts[1][1]}]  # fmt: skip
