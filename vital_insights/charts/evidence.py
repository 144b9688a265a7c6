"""How many personas of each function have something of a kind: a number a cell, the ground as strong as the share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.dumbbell import FEW
from vital_insights.charts.theme import NEUTRAL, SMALL_TEXT_SIZE, axis, layout
from vital_insights.charts.wording import share, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

LINE, LOWEST, LEFT, RIGHT, FOOT = 13, 24, 144, 34, 8  # pixels: a line of a name, the lowest row, the room around
TINY, LETTER = 10, 5.9  # pixels: the texts of the edges, the width of one of their letters
FAINTEST, STRONGEST = 0.06, 0.42  # opacity of a cell's ground from nobody to everybody; its text reads on both


def evidence_map(cells: pl.DataFrame, *, title: str = "", footer: str = "") -> go.Figure:
    """Functions down, kinds across, both in the order of their first rows; the right edge has the personas of each function.

    `cells` has one row a function and kind: unit, unit_name, n_personas, kind, kind_name and n, the personas that have
    something of the kind. `n` NULL is drawn as ?: the source cannot tell.
    """
    import plotly.graph_objects as go

    rows = cells.to_dicts()
    units = list({row["unit"]: row for row in rows}.values())
    kinds = list({row["kind"]: row for row in rows}.values())
    down = {row["unit"]: place for place, row in enumerate(units)}
    across = {row["kind"]: place for place, row in enumerate(kinds)}
    placed = [row | {"x": across[row["kind"]], "y": down[row["unit"]]} for row in rows]
    names = [wrapped(row["unit_name"], 25, 3, "without a name") for row in units]
    head = 12 + LETTER * max((len(row["kind_name"]) for row in kinds), default=0)
    height = max(LOWEST, 4 + LINE * max((name.count("<br>") + 1 for name in names), default=0))
    return go.Figure(
        data=[_grounds(placed, len(units), len(kinds)), _numbers(placed)],
        layout=layout(
            title=title,
            footer=footer,
            height=head + height * len(units) + FOOT,
            margin={"l": LEFT, "r": RIGHT, "t": head, "b": FOOT},
            xaxis=axis(range=[-0.5, len(kinds) - 0.5], visible=False),
            yaxis=axis(range=[len(units) - 0.5, -0.5], visible=False),
            shapes=[_rule(place) for place in range(len(units) + 1)],
            annotations=[
                *(text for place, row in enumerate(units) for text in _row(place, names[place], row["n_personas"])),
                *(_column(place, row["kind_name"]) for place, row in enumerate(kinds)),
                _edge(),
            ],
        ),
    )


def _grounds(cells: list[dict[str, Any]], n_rows: int, n_columns: int) -> dict[str, Any]:
    shades: list[list[float | None]] = [[None] * n_columns for _ in range(n_rows)]
    hovers = [[""] * n_columns for _ in range(n_rows)]
    for cell in cells:
        hovers[cell["y"]][cell["x"]] = _hover(cell)
        if cell["n"] is not None and cell["n_personas"] >= FEW:  # else no ground, and its numbers stand in brackets
            shades[cell["y"]][cell["x"]] = cell["n"] / cell["n_personas"]
    red, green, blue = (int(NEUTRAL[n : n + 2], 16) for n in (1, 3, 5))
    return {
        "type": "heatmap", "z": shades, "zmin": 0, "zmax": 1, "showscale": False, "xgap": 1, "ygap": 1, "hoverongaps": True,
        "colorscale": [[place, f"rgba({red},{green},{blue},{opacity})"] for place, opacity in ((0, FAINTEST), (1, STRONGEST))],
        "hovertext": hovers, "hovertemplate": "%{hovertext}<extra></extra>", "name": "share",
    }  # fmt: skip


def _numbers(cells: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "scatter", "mode": "text", "hoverinfo": "skip", "x": [cell["x"] for cell in cells], "y": [cell["y"] for cell in cells],
            "text": [_said(cell) for cell in cells], "textfont": {"size": SMALL_TEXT_SIZE}, "name": "personas"}  # fmt: skip


def _said(cell: dict[str, Any]) -> str:
    if cell["n"] is None:
        return "?"
    number = f"{cell['n']:,}" if cell["n"] else "–"
    return number if cell["n_personas"] >= FEW else f"({number})"


def _hover(cell: dict[str, Any]) -> str:
    head = f"<b>{wrapped(cell['unit_name'], 52, 2, 'without a name')}</b><br>{wrapped(cell['kind_name'], 52, 2)}<br>"
    if cell["n"] is None:
        return f"{head}Unknown: the source cannot tell"
    small = "<br>A small group: its share says little" if cell["n_personas"] < FEW else ""
    return f"{head}{cell['n']:,} of {cell['n_personas']:,} personas, {share(cell['n'], cell['n_personas'])}{small}"


def _rule(place: int) -> dict[str, Any]:
    return {"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": place - 0.5, "y1": place - 0.5, "layer": "below",
            "line": {"width": 0.5, "color": NEUTRAL}, "opacity": 0.45, "name": "rule"}  # fmt: skip


def _row(place: int, name: str, n: int) -> list[dict[str, Any]]:
    shared = {
        "xref": "paper",
        "yref": "y",
        "y": place,
        "yanchor": "middle",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": TINY},
    }
    return [
        shared | {"x": 0, "xanchor": "right", "xshift": -6, "align": "right", "text": name, "name": "function"},
        shared | {"x": 1, "xanchor": "right", "xshift": RIGHT - 4, "text": f"{n:,}", "name": "personas"},
    ]  # fmt: skip


def _column(place: int, name: str) -> dict[str, Any]:
    return {"xref": "x", "yref": "paper", "x": place, "y": 1, "yanchor": "bottom", "showarrow": False, "borderpad": 0, "yshift": 4,
            "textangle": -90, "text": wrapped(name, 60, 1), "font": {"size": TINY}, "name": "kind"}  # fmt: skip


def _edge() -> dict[str, Any]:
    """What the numbers on the right edge count."""
    return {"xref": "paper", "yref": "paper", "x": 1, "y": 1, "xanchor": "right", "yanchor": "bottom", "xshift": RIGHT - 4,
            "yshift": 4, "textangle": -90, "text": "of personas", "showarrow": False, "borderpad": 0, "font": {"size": TINY},
            "name": "edge"}  # fmt: skip
