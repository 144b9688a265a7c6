"""Data checks over time: since when each has failed, what is new, what is fixed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from vital_insights.charts.theme import NEUTRAL, SMALL_TEXT_SIZE, axis, layout, rest
from vital_insights.charts.wording import escaped, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

ROW, HEAD, FOOT = 46, 30, 46  # pixels
MARKS = {"failing": ("■", "square", "still failing"), "new": ("◆", "diamond-tall", "new"),
         "fixed": ("○", "circle-open", "fixed"), "gone": ("×", "x-thin-open", "no longer asked")}  # fmt: skip


def check_history(
    history: pl.DataFrame, until: datetime, *, number: int = 12, title: str = "", footer: str = ""
) -> go.Figure:
    """A line from the build since which a check fails to the newest one, for the first `number` rows of `Insights.history()`.

    `until` is the instant of the newest build. What is new, fixed or no longer asked has a mark at the newest build; the figures
    at the right are the rows that failed in the build before and in this one. Needs the columns suite, name, severity, change,
    since, n_failed and n_failed_before.
    """
    import plotly.graph_objects as go

    rows = history.head(number).to_dicts()
    first = min([row["since"] for row in rows if row["change"] == "failing"], default=until)
    lead = (until - first) * 0.04 or timedelta(hours=1)
    return go.Figure(
        data=[_lines(rows, until), *(_marks(change, rows, until) for change in MARKS)],
        layout=layout(
            title=title,
            footer=footer,
            height=HEAD + ROW * len(rows) + FOOT,
            margin={"l": 6, "r": 10, "t": HEAD, "b": FOOT},
            xaxis=axis(range=[_at(first - lead), _at(until + lead)], type="date", visible=False),
            yaxis=axis(range=[len(rows) - 0.5, -0.7], visible=False),
            annotations=[*_head(), *_ends(first, until), *(text for place, row in enumerate(rows) for text in _row(place, row)),
                         *rest(len(rows), history.height, FOOT - 4)],
        ),
    )  # fmt: skip


def _at(then: datetime) -> str:
    return then.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _day(then: datetime) -> str:
    return f"{then.astimezone(UTC):%-d %b %Y %H:%M} UTC"


def _spoken(name: str) -> str:
    return name.rpartition(".")[2].replace("_", " ")


def _lines(rows: list[dict[str, Any]], until: datetime) -> dict[str, Any]:
    placed = [(place, row) for place, row in enumerate(rows) if row["change"] == "failing"]
    return {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "opacity": 0.55, "line": {"width": 3, "color": NEUTRAL},
        "x": [x for _, row in placed for x in (_at(row["since"]), _at(until), None)],
        "y": [y for place, _ in placed for y in (place + 0.2, place + 0.2, None)],
    }  # fmt: skip


def _marks(change: str, rows: list[dict[str, Any]], until: datetime) -> dict[str, Any]:
    placed = [(place, row) for place, row in enumerate(rows) if row["change"] == change]
    return {
        "type": "scatter", "mode": "markers", "name": MARKS[change][2], "cliponaxis": False,
        "x": [_at(until)] * len(placed), "y": [place + 0.2 for place, _ in placed],
        "hovertext": [f"<b>{_name(row, 60)}</b><br>{row['severity']}, {MARKS[change][2]} since {_day(row['since'])}<br>"
                      f"{_figures(row)} rows" for _, row in placed],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"symbol": MARKS[change][1], "size": 9, "color": NEUTRAL, "line": {"width": 1.6, "color": NEUTRAL}},
    }  # fmt: skip


def _name(row: dict[str, Any], width: int) -> str:
    table = "" if row["suite"] == "audit" else f"{_spoken(row['suite']).removeprefix('jtbd ')}: "
    return wrapped(table + _spoken(row["name"]), width, 1)


def _figures(row: dict[str, Any]) -> str:
    before, now = ("unknown" if n is None else f"{n:,}" for n in (row["n_failed_before"], row["n_failed"]))
    return now if before == now else f"{before} → {now}"


def _head() -> list[dict[str, Any]]:
    shared = {"xref": "paper", "yref": "paper", "y": 1, "yshift": HEAD - 2, "yanchor": "top", "showarrow": False,
              "font": {"size": SMALL_TEXT_SIZE}}  # fmt: skip
    said = "   ".join(f'<span style="color:{NEUTRAL}">{glyph}</span> {words}' for glyph, _, words in MARKS.values())
    return [shared | {"x": 0, "xanchor": "left", "text": said, "name": "legend"},
            shared | {"x": 1, "xanchor": "right", "text": "rows", "name": "head"}]  # fmt: skip


def _ends(first: datetime, until: datetime) -> list[dict[str, Any]]:
    """The two instants that the lines run between, below them."""
    shared = {"xref": "paper", "yref": "paper", "y": 0, "yshift": -4, "yanchor": "top", "showarrow": False,
              "font": {"size": SMALL_TEXT_SIZE}}  # fmt: skip
    now = shared | {"x": 1, "xanchor": "right", "text": _day(until), "name": "end"}
    return [now] if first == until else [shared | {"x": 0, "xanchor": "left", "text": _day(first), "name": "end"}, now]


def _row(place: int, row: dict[str, Any]) -> list[dict[str, Any]]:
    above = {
        "xref": "paper",
        "yref": "y",
        "y": place,
        "yshift": -2,
        "yanchor": "bottom",
        "showarrow": False,
        "borderpad": 0,
    }
    grave = f"<b>{escaped(row['severity'])}</b>  " if row["severity"] == "critical" else ""
    return [
        above | {"x": 0, "xanchor": "left", "text": grave + _name(row, 44 if not grave else 36), "name": "check"},
        above | {"x": 1, "xanchor": "right", "text": _figures(row), "font": {"size": SMALL_TEXT_SIZE}, "name": "rows"},
    ]
