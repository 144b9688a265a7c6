"""How far each function has come on the seven steps: a small bar a cell, unknown hatched and never drawn as 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.theme import CLEAR, CLICKED, NEUTRAL, SMALL_TEXT_SIZE, axis, layout
from vital_insights.charts.wording import escaped, share, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

STEPS = {
    "scope": "Scope", "personas": "Personas", "evidence": "Evidence", "jobs": "Jobs", "enrichment": "Enrichment",
    "ai_opportunities": "AI opportunities", "validation": "Validation",
}  # fmt: skip
ROW, HEAD, FOOT = 60, 96, 6  # pixels
FULL, THICK = 0.84, 0.18  # width of a whole bar in columns, its height in rows
INDENT = 14  # pixels a level of the tree
TINY = SMALL_TEXT_SIZE - 1


def progress_map(cells: pl.DataFrame, *, title: str = "", footer: str = "") -> go.Figure:
    """Functions by steps, in the order of the rows of a `collection_progress` frame that also has a `depth`.

    A bar is n_done of n_total; hatched is what the source has no table for, a dash where there is nothing to do it for.
    `member_name` is shown as it is, indented by its depth. Each mark carries (member, step_name) as its customdata.
    """
    import plotly.graph_objects as go

    rows = cells.to_dicts()
    members = list(dict.fromkeys(row["member"] for row in rows))
    placed = [
        row | {"x": row["step"] - 1 - FULL / 2, "y": members.index(row["member"]) + 0.34, "kind": _kind(row)}
        for row in rows
    ]
    named = {row["member"]: row for row in rows}
    return go.Figure(
        data=[
            _bars("whole", [row for row in placed if row["kind"] == "known"], lambda _: FULL),
            _bars("done", [row for row in placed if row["kind"] == "known"], lambda row: FULL * row["share"]),
            _bars("unknown", [row for row in placed if row["kind"] == "unknown"], lambda _: FULL),
            _counts(placed),
        ],
        layout=layout(
            title=title,
            footer=footer,
            height=HEAD + ROW * len(members) + FOOT,
            margin={"l": 2, "r": 30, "t": HEAD, "b": FOOT},
            barmode="overlay",
            **CLICKED,
            xaxis=axis(range=[-0.5, len(STEPS) - 0.5], visible=False),
            yaxis=axis(range=[len(members) - 0.4, -0.4], visible=False),
            shapes=[_rule(place) for place in range(len(members))],
            annotations=[*_heads(), *(_name(place, named[member]) for place, member in enumerate(members))],
        ),
    )


def _kind(row: dict[str, Any]) -> str:
    if row["n_done"] is None or row["n_total"] is None:
        return "unknown"
    return "known" if row["n_total"] else "nothing"


def _bars(name: str, rows: list[dict[str, Any]], width: Any) -> dict[str, Any]:
    look: dict[str, Any] = {"color": NEUTRAL if name == "done" else CLEAR, "line": {"width": 1, "color": NEUTRAL}}
    if name == "unknown":
        look["pattern"] = {"shape": "/", "fgcolor": NEUTRAL, "size": 5, "solidity": 0.25}
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "width": THICK,
        "base": [row["x"] for row in rows],
        "x": [width(row) for row in rows],
        "y": [row["y"] for row in rows],
        "customdata": [[row["member"], row["step_name"]] for row in rows],
        "hovertext": [_hover(row) for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": look,
        "unselected": {"marker": {"opacity": 0.6}},  # a part that was clicked stands out, and the others can be read
    }


def _counts(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What each cell says above its bar."""

    def said(row: dict[str, Any]) -> str:
        counts = f"{row['n_done']:,}/{row['n_total']:,}" if row["kind"] == "known" else "–"
        return "?" if row["kind"] == "unknown" else counts

    return {
        "type": "scatter", "mode": "text", "name": "counts", "textposition": "middle right", "hoverinfo": "skip",
        "x": [row["x"] for row in rows], "y": [row["y"] - 0.27 for row in rows],
        "text": [said(row) for row in rows], "textfont": {"size": TINY},
        "unselected": {"textfont": {"color": NEUTRAL}},  # as the bars: else a click fades what all the others say to nothing
    }  # fmt: skip


def _hover(row: dict[str, Any]) -> str:
    head = (
        f"<b>{wrapped(row['member_name'], 52, 2, 'without a name')}</b><br>{row['step']}. {STEPS[row['step_name']]}: "
    )
    if row["kind"] == "unknown":
        return f"{head}unknown, {escaped(row['unknown_because'] or 'the source lacks what is to be counted')}"
    return f"{head}{row['n_done']:,} of {row['n_total']:,}, {share(row['n_done'], row['n_total'])}"


def _rule(place: int) -> dict[str, Any]:
    return {"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": place - 0.4, "y1": place - 0.4,
            "layer": "below", "line": {"width": 0.5, "color": NEUTRAL}, "opacity": 0.45, "name": "rule"}  # fmt: skip


def _heads() -> list[dict[str, Any]]:
    shared = {"xref": "x", "yref": "paper", "y": 1, "yshift": 2, "xanchor": "left", "yanchor": "bottom", "showarrow": False,
              "textangle": -40, "font": {"size": TINY}, "borderpad": 0, "name": "step"}  # fmt: skip
    return [
        shared | {"x": place - FULL / 2, "text": f"{place + 1} {name}"} for place, name in enumerate(STEPS.values())
    ]


def _name(place: int, row: dict[str, Any]) -> dict[str, Any]:
    return {"xref": "paper", "yref": "y", "x": 0, "y": place - 0.37, "xanchor": "left", "yanchor": "top", "showarrow": False,
            "borderpad": 0, "xshift": INDENT * row["depth"], "text": f"<b>{wrapped(row['member_name'], 44, 1, 'without a name')}</b>",
            "font": {"size": SMALL_TEXT_SIZE}, "name": "function"}  # fmt: skip
