"""What waits for what: jobs as marks, a row each with their name, and lines from whatever is waited for to whatever waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vital_insights.charts.layered import Layout, Link, circles, groups, layered
from vital_insights.charts.theme import MARKS, NEUTRAL, SMALL_TEXT_SIZE, axis, layout
from vital_insights.charts.wording import escaped, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

ROW, EDGE, FOOT = 36, 10, 24  # pixels: a job, the room above the first, the line that counts the rest
NUMBER = 24  # jobs that are still read as one picture
WIDEST, PER_LAYER = 0.34, 0.08  # share of the width that the lines take, at most and by layer; the names have the rest
LABEL = 32  # characters a line, so that it fits a phone
ARROW = 0.3  # of a layer, or of a row: how far before its mark an arrow ends
COUNT = 18  # pixels for the number before a name
ROUND = "↻"


def dependency_graph(
    jobs: pl.DataFrame, links: pl.DataFrame, *, number: int = NUMBER, title: str = "", footer: str = ""
) -> go.Figure:
    """A row a job, further right the more jobs it waits for one after the other; an arrow leads to whatever waits. The number
    before a name counts the jobs that it holds up in all.

    `jobs` has job_id, job_name, band (of its highest outcome, NULL for UNSCORED) and n_held_up_in_all; `links` has job_id and held_id.
    Jobs that hang together stay together, those that hold up most first, at most `number` of them; the rest is counted below. A
    link that closes a circle is dashed, and each job in a circle bears ↻. The same rows give the same figure, in whatever order.
    """
    import plotly.graph_objects as go

    known = {row["job_id"]: row for row in jobs.to_dicts()}
    every = sorted({link for link in links.select("job_id", "held_id").iter_rows() if known.keys() >= set(link)})
    kept = _kept(every, known, number)
    # Keys that sort as the groups shall stand: layered() places by key.
    rank = {key: f"{place:06}" for place, key in enumerate(kept)}
    drawn = layered((rank[one], rank[other]) for one, other in every if one in rank and other in rank)
    of = {rank[key]: known[key] for key in kept}
    round_ = {key for circle in circles(every) for key in circle}
    left_out = len({key for link in every for key in link}) - len(of)
    share = min(WIDEST, PER_LAYER * (drawn.layers + 0.6))
    height = round(ROW * drawn.rows)
    return go.Figure(
        data=[*_lines(drawn), _arrows(drawn), _marks(drawn, of, round_)],
        layout=layout(
            title=title,
            footer=footer,
            height=EDGE + height + (FOOT if left_out else 8),
            margin={"l": 4, "r": 4, "t": EDGE, "b": FOOT if left_out else 8},
            xaxis=axis(range=[-0.8, drawn.layers - 0.4], domain=[0, share], visible=False),
            yaxis=axis(range=[drawn.rows - 0.5, -0.5], visible=False),
            annotations=[*_labels(drawn, of, round_, share), *_rest(left_out)],
        ),
    )


def _kept(every: list[Link], known: Mapping[str, dict[str, Any]], number: int) -> list[str]:
    """The jobs that are drawn, in the order of their groups: whole groups until one does not fit, of the first at least a part."""

    def weight(key: str) -> tuple[int, str, str]:
        row = known[key]
        return -(row["n_held_up_in_all"] or 0), row["job_name"] or "", key

    ordered = sorted(
        (sorted(group, key=weight) for group in groups(every)),
        key=lambda group: (weight(group[0])[0], -len(group), weight(group[0])),
    )
    kept: list[str] = []
    for group in ordered:
        if len(kept) + len(group) > number:
            break
        kept += group
    return kept or [key for group in ordered[:1] for key in group[:number]]


def _lines(drawn: Layout) -> list[dict[str, Any]]:
    shared: dict[str, Any] = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    traces = []
    for name, closes, look in (("waits", False, {"width": 1.3}), ("circle", True, {"width": 2, "dash": "dot"})):
        corners = [points for link, points in drawn.lines.items() if (link in drawn.closing) is closes]
        traces.append(shared | {
            "name": name, "line": {"color": NEUTRAL, **look},
            "x": [x for points in corners for x in (*(point[0] for point in points), None)],
            "y": [y for points in corners for y in (*(point[1] for point in points), None)],
        })  # fmt: skip
    return traces


def _arrows(drawn: Layout) -> dict[str, Any]:
    """A head before each mark that something leads to; from above where a circle closes."""
    beside = sorted({drawn.places[end] for link in drawn.lines if link not in drawn.closing for end in link[1:]})
    above = sorted({drawn.places[end] for link in drawn.closing for end in link[1:]})
    return {
        "type": "scatter", "mode": "markers", "hoverinfo": "skip", "name": "arrows", "cliponaxis": False,
        "x": [x - ARROW for x, _ in beside] + [x for x, _ in above],
        "y": [y for _, y in beside] + [y - ARROW for _, y in above],
        "marker": {"symbol": ["triangle-right"] * len(beside) + ["triangle-down"] * len(above), "size": 8, "color": NEUTRAL,
                   "opacity": 1, "line": {"width": 0}},
    }  # fmt: skip


def _marks(drawn: Layout, of: Mapping[str, dict[str, Any]], round_: set[str]) -> dict[str, Any]:
    keys = sorted(drawn.places, key=lambda key: drawn.places[key][1])
    looks = [MARKS[of[key]["band"] or "UNSCORED"] for key in keys]
    waits = {key: sum(link[1] == key for link in drawn.lines) for key in keys}
    return {
        "type": "scatter", "mode": "markers", "name": "jobs", "cliponaxis": False,
        "x": [drawn.places[key][0] for key in keys],
        "y": [drawn.places[key][1] for key in keys],
        "customdata": [[of[key]["job_id"]] for key in keys],
        "hovertext": [_hover(of[key], waits[key], of[key]["job_id"] in round_) for key in keys],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": [look.symbol for look in looks], "color": [look.colour for look in looks], "size": [look.size + 4 for look in looks],
            "line": {"width": [look.line for look in looks], "color": [look.colour for look in looks]}, "opacity": 1,
        },
    }  # fmt: skip


def _hover(row: Mapping[str, Any], waits: int, in_circle: bool) -> str:
    lines = [
        f"<b>{wrapped(row['job_name'], 52, 4, 'without a name')}</b>",
        f"Its highest outcome: {escaped(row['band'])}" if row["band"] else "None of its outcomes has a score",
        f"Waits for {waits:,}, holds up {row['n_held_up_in_all'] or 0:,} in all",
        *(["It waits for itself, straight or through others"] if in_circle else []),
    ]
    return "<br>".join(lines)


def _labels(drawn: Layout, of: Mapping[str, dict[str, Any]], round_: set[str], share: float) -> list[dict[str, Any]]:
    """The name of each job, before it how many it holds up in all."""
    shared = {"xref": "paper", "yref": "y", "x": share, "yanchor": "middle", "showarrow": False, "borderpad": 0}
    beside = {"name": "job", "xanchor": "left", "align": "left", "xshift": COUNT + 6, "font": {"size": SMALL_TEXT_SIZE}}
    texts = []
    for key, (_, row) in sorted(drawn.places.items(), key=lambda item: item[1][1]):
        job = of[key]
        mark = f"{ROUND} " if job["job_id"] in round_ else ""
        texts.append(shared | beside | {"y": row, "text": mark + wrapped(job["job_name"], LABEL, 2, "without a name")})
        if job["n_held_up_in_all"]:
            number = f"<b>{job['n_held_up_in_all']:,}</b>"
            texts.append(shared | {"y": row, "text": number, "name": "held up", "xanchor": "right", "xshift": COUNT})
    return texts


def _rest(left_out: int) -> list[dict[str, Any]]:
    if not left_out:
        return []
    said = f"{left_out:,} more {'job waits or is' if left_out == 1 else 'jobs wait or are'} waited for"
    return [{"xref": "paper", "yref": "paper", "x": 0, "y": 0, "yshift": -FOOT + 2, "xanchor": "left", "yanchor": "bottom", "text": said,
             "showarrow": False, "font": {"size": SMALL_TEXT_SIZE}, "name": "rest"}]  # fmt: skip
