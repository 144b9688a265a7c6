"""KPIs against their targets: how far each has come, and where nobody can say whether that is good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.theme import CLEAR, NEUTRAL, SMALL_TEXT_SIZE, axis, layout, rest
from vital_insights.charts.wording import escaped, exact, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

ROW, HEAD, FOOT = 84, 46, 24  # pixels
BAR, LINE = 0.17, 0.14  # height of a bar, and half of a target's, in rows
FURTHEST = 2.0  # times the target; what lies further is drawn to here, with an arrow
WAYS = {"increase": "more is better", "decrease": "less is better"}
LACKING = "the source has no values"
LOOKS = {True: ("met", NEUTRAL, ""), False: ("not met", CLEAR, "/"), None: ("cannot be said", CLEAR, "")}
GLYPHS = {True: "■", False: "▨", None: "□"}


def kpi_bars(kpis: pl.DataFrame, *, number: int = 12, title: str = "", footer: str = "") -> go.Figure:
    """Bars from nothing to the current value of the first `number` rows of a `kpi_attainment` frame; the line is the target.

    Each bar is on the scale of its own target. Solid is met, hatched is not met; an empty outline has both values and no
    direction that says which way is good, and without one of the values there is no bar. The values stand below each bar in
    the KPI's own unit. Needs the columns kpi_name, job_name, unit, direction, target_value, current_value, attainment, met and
    unknown_because.
    """
    import plotly.graph_objects as go

    rows = kpis.head(number).to_dicts()
    return go.Figure(
        data=[_bars(met, [(place, row) for place, row in enumerate(rows) if row["met"] is met]) for met in LOOKS],
        layout=layout(
            title=title,
            footer=footer,
            height=HEAD + ROW * len(rows) + FOOT,
            margin={"l": 6, "r": 14, "t": HEAD, "b": FOOT},
            barmode="overlay",
            xaxis=axis(range=[0, FURTHEST], visible=False),
            yaxis=axis(range=[len(rows) - 0.5, -0.6], visible=False),
            shapes=[{"type": "line", "x0": 1, "x1": 1, "y0": place - LINE, "y1": place + LINE, "name": "target",
                     "line": {"width": 2, "color": NEUTRAL}} for place, row in enumerate(rows) if row["attainment"] is not None],
            annotations=[*_head(), *(text for place, row in enumerate(rows) for text in _row(place, row)),
                         *rest(len(rows), kpis.height, FOOT - 4)],
        ),
    )  # fmt: skip


def _bars(met: bool | None, placed: list[tuple[int, dict[str, Any]]]) -> dict[str, Any]:
    name, fill, pattern = LOOKS[met]
    known = [(place, row) for place, row in placed if row["attainment"] is not None]
    return {
        "type": "bar", "orientation": "h", "name": name, "width": BAR,
        "x": [min(max(row["attainment"], 0.0), FURTHEST) for _, row in known],
        "y": [place for place, _ in known],
        "hovertext": [f"{_named(row)}<br>{_values(row)}: {name}" for _, row in known],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"color": fill, "line": {"width": 1.2, "color": NEUTRAL},
                   "pattern": {"shape": pattern, "fgcolor": NEUTRAL, "size": 5, "solidity": 0.25}},
    }  # fmt: skip


def _named(row: dict[str, Any]) -> str:
    return f"<b>{wrapped(row['kpi_name'], 52, 3, 'without a name')}</b><br>{wrapped(row['job_name'], 52, 2, 'no job')}"


def _values(row: dict[str, Any]) -> str:
    """Both values in the KPI's own unit, then which way is good, or why nobody can say whether the target is met."""
    unit = f" {escaped(row['unit'])}" if row["unit"] else ""
    told = [f"{name} {'unknown' if value is None else exact(value) + unit}"
            for name, value in (("now", row["current_value"]), ("target", row["target_value"]))]  # fmt: skip
    why = row["unknown_because"]
    last = WAYS[row["direction"]] if why is None else LACKING if why.startswith("the source") else why
    return f"{', '.join(told)} · {last}"


def _head() -> list[dict[str, Any]]:
    shared = {"yref": "paper", "y": 1, "yanchor": "top", "showarrow": False, "font": {"size": SMALL_TEXT_SIZE}}
    said = "   ".join(f'<span style="color:{NEUTRAL}">{GLYPHS[met]}</span> {name}' for met, (name, *_) in LOOKS.items())
    return [
        shared | {"xref": "paper", "x": 0, "xanchor": "left", "yshift": HEAD - 2, "text": said, "name": "legend"},
        shared | {"xref": "x", "x": 1, "xanchor": "center", "yshift": HEAD - 22, "text": "target", "name": "target"},
    ]


def _row(place: int, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Name and verdict above the bar, the values below it, an arrow where the bar ends before its value."""
    beside = {"xref": "paper", "yref": "y", "y": place, "showarrow": False, "borderpad": 0, "align": "left"}
    above, small = beside | {"yshift": 12, "yanchor": "bottom"}, {"font": {"size": SMALL_TEXT_SIZE}}
    verdict = LOOKS[row["met"]][0]
    texts = [
        above
        | {
            "x": 0,
            "xanchor": "left",
            "text": wrapped(row["kpi_name"], 52 - len(verdict), 2, "without a name"),
            "name": "kpi",
        },
        above | {"x": 1, "xanchor": "right", "text": f"<b>{verdict}</b>", "name": "verdict"} | small,
        beside
        | {"x": 0, "xanchor": "left", "yshift": -12, "yanchor": "top", "text": _values(row), "name": "values"}
        | small,
    ]
    reach = row["attainment"]
    if reach is not None and not 0 <= reach <= FURTHEST:
        end = {"x": 1, "xanchor": "left", "text": "→"} if reach > FURTHEST else {"x": 0, "xanchor": "left", "text": "←"}
        texts.append(beside | end | {"yanchor": "middle", "name": "beyond"})
    return texts
