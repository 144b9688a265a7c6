"""Coverage maps: jobs down, who does them across; the route as a letter, so that no colour has to carry it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from vital_insights.charts.theme import NEUTRAL, SMALL_TEXT_SIZE, axis, layout
from vital_insights.charts.wording import escaped, exact, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

LINE, LOWEST, LEFT, RIGHT, FOOT = 13, 24, 144, 28, 8  # pixels: a line of a name, the lowest row, the room around
TINY, LETTER, TOTAL = (
    10,
    5.9,
    24,
)  # pixels: the texts of the edges, the width of one of their letters, the room for a total
LONGEST_NAME = 36  # letters of a name across
FAINTEST, STRONGEST = 0.10, 0.42  # opacity of a cell's ground from nothing to everything; its text reads on both
LETTERS = {"role": "R", "inherited": "R", "direct": "D", "both": "B"}
ROUTES = {
    "role": "the role does it",
    "inherited": "inherited from the role",
    "direct": "linked directly, the role does not do it",
    "both": "inherited from the role and linked directly",
}


def route_map(
    links: pl.DataFrame, jobs: pl.DataFrame, people: pl.DataFrame, *, title: str = "", footer: str = ""
) -> go.Figure:
    """One cell a job and a role or persona: R through the role, D linked directly, B both, underlined where the role is primary;
    the stronger the ground, the more relevant the job.

    Jobs run down and people across, both in the order of their frames. `links` has the columns job_id, member, route (role,
    inherited, direct or both), is_primary and relevance (0-1); `jobs` has job_id, job_name, job_code and n; `people` has
    member, member_name and n, the totals of the edges. A relevance that is not stated takes the faintest ground and its
    hover says so.
    """
    named = {row["member"]: row["member_name"] for row in people.to_dicts()}
    titles = {row["job_id"]: row["job_name"] for row in jobs.to_dicts()}
    cells = [
        {"row": row["job_id"], "column": row["member"], "shade": float(row["relevance"] or 0),
         "text": f"<u><b>{LETTERS[row['route']]}</b></u>" if row["is_primary"] else LETTERS[row["route"]],
         "hover": _link(row, titles[row["job_id"]], named[row["member"]])}
        for row in links.iter_rows(named=True) if row["job_id"] in titles and row["member"] in named
    ]  # fmt: skip
    rows = [{"key": row["job_id"], "name": row["job_name"], "n": row["n"]} for row in jobs.to_dicts()]
    return _map(cells, rows, people, strongest=1.0, title=title, footer=footer)


def group_map(
    cells: pl.DataFrame, groups: pl.DataFrame, people: pl.DataFrame, *, title: str = "", footer: str = ""
) -> go.Figure:
    """One cell a group of jobs and a unit: how many jobs of the group somebody of the unit does; the stronger the ground,
    the larger the share of the group, from none to the largest of this picture.

    `cells` has the columns group, member, n, n_primary (NULL where unknown) and words (how the jobs are reached); `groups`
    has group, group_name and n_jobs; `people` has member, member_name and n.
    """
    named = {row["member"]: row["member_name"] for row in people.to_dicts()}
    sizes = {row["group"]: row for row in groups.to_dicts()}
    drawn = [
        {"row": row["group"], "column": row["member"], "shade": row["n"] / sizes[row["group"]]["n_jobs"], "text": f"{row['n']:,}",
         "hover": _group(row, sizes[row["group"]], named[row["member"]])}
        for row in cells.iter_rows(named=True) if row["group"] in sizes and row["member"] in named
    ]  # fmt: skip
    rows = [{"key": row["group"], "name": row["group_name"], "n": row["n_jobs"]} for row in sizes.values()]
    strongest = max((cell["shade"] for cell in drawn), default=1.0)
    return _map(drawn, rows, people, strongest=strongest, title=title, footer=footer)


def _map(
    cells: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    people: pl.DataFrame,
    *,
    strongest: float,
    title: str,
    footer: str,
) -> go.Figure:
    import plotly.graph_objects as go

    columns = people.to_dicts()
    down = {row["key"]: place for place, row in enumerate(rows)}
    across = {row["member"]: place for place, row in enumerate(columns)}
    names = [wrapped(row["name"], 23, 4, "without a name") for row in rows]
    letters = (min(len(row["member_name"] or "without a name"), LONGEST_NAME) for row in columns)
    head = math.ceil(TOTAL + LETTER * max(letters, default=0))  # of half a pixel all would be drawn twice
    height = max(LOWEST, 4 + LINE * max((name.count("<br>") + 1 for name in names), default=0))
    placed = [cell | {"x": across[cell["column"]], "y": down[cell["row"]]} for cell in cells]
    return go.Figure(
        data=[_grounds(placed, len(rows), len(columns), strongest), _letters(placed)],
        layout=layout(
            title=title,
            footer=footer,
            height=head + height * len(rows) + FOOT,
            margin={"l": LEFT, "r": RIGHT, "t": head, "b": FOOT},
            xaxis=axis(range=[-0.5, len(columns) - 0.5], visible=False),
            yaxis=axis(range=[len(rows) - 0.5, -0.5], visible=False),
            shapes=_rules(len(rows)),
            annotations=[*(text for place, row in enumerate(rows) for text in _row(place, names[place], row["n"])),
                         *(text for place, row in enumerate(columns) for text in _column(place, row))],
        ),
    )  # fmt: skip


def _grounds(cells: list[dict[str, Any]], n_rows: int, n_columns: int, strongest: float) -> dict[str, Any]:
    shades: list[list[float | None]] = [[None] * n_columns for _ in range(n_rows)]
    hovers = [[""] * n_columns for _ in range(n_rows)]
    for cell in cells:
        shades[cell["y"]][cell["x"]] = cell["shade"]
        hovers[cell["y"]][cell["x"]] = cell["hover"]
    red, green, blue = (int(NEUTRAL[n : n + 2], 16) for n in (1, 3, 5))
    return {
        "type": "heatmap", "z": shades, "zmin": 0, "zmax": strongest, "showscale": False, "xgap": 1, "ygap": 1, "hoverongaps": False,
        "colorscale": [[place, f"rgba({red},{green},{blue},{opacity})"] for place, opacity in ((0, FAINTEST), (1, STRONGEST))],
        "hovertext": hovers, "hovertemplate": "%{hovertext}<extra></extra>", "name": "relevance",
    }  # fmt: skip


def _letters(cells: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "scatter", "mode": "text", "hoverinfo": "skip", "x": [cell["x"] for cell in cells], "y": [cell["y"] for cell in cells],
            "text": [cell["text"] for cell in cells], "textfont": {"size": SMALL_TEXT_SIZE}, "name": "route"}  # fmt: skip


def _rules(n_rows: int) -> list[dict[str, Any]]:
    """A hairline between rows, so that the eye keeps its line from the name to the total."""
    return [{"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": place - 0.5, "y1": place - 0.5, "layer": "below",
             "line": {"width": 0.5, "color": NEUTRAL}, "opacity": 0.45, "name": "rule"} for place in range(n_rows + 1)]  # fmt: skip


def _row(place: int, name: str, n: int) -> list[dict[str, Any]]:
    shared = {"xref": "paper", "yref": "y", "y": place, "yanchor": "middle", "showarrow": False, "borderpad": 0}
    return [
        shared | {"x": 0, "xanchor": "right", "xshift": -6, "align": "right", "text": name, "font": {"size": TINY}, "name": "row"},
        shared | {"x": 1, "xanchor": "right", "xshift": RIGHT - 4, "text": f"{n:,}", "font": {"size": TINY}, "name": "row total"},
    ]  # fmt: skip


def _column(place: int, row: dict[str, Any]) -> list[dict[str, Any]]:
    shared = {"xref": "x", "yref": "paper", "x": place, "y": 1, "yanchor": "bottom", "showarrow": False, "borderpad": 0}
    name = wrapped(row["member_name"], LONGEST_NAME, 1, "without a name")
    return [
        shared | {"yshift": 18, "textangle": -90, "text": name, "font": {"size": TINY}, "name": "column"},
        shared | {"yshift": 1, "text": f"{row['n']:,}", "font": {"size": TINY}, "name": "column total"},
    ]


def _link(row: dict[str, Any], job: str | None, member: str | None) -> str:
    primary = {True: ", primary", False: ", not primary", None: ""}[row["is_primary"]]
    relevance = "not stated" if row["relevance"] is None else exact(row["relevance"])
    return (f"<b>{wrapped(member, 52, 2, 'without a name')}</b><br>{wrapped(job, 52, 3, 'job without a name')}"
            f"<br>{ROUTES[row['route']].capitalize()}{primary}<br>Relevance {relevance}")  # fmt: skip


def _group(row: dict[str, Any], group: dict[str, Any], member: str | None) -> str:
    primary = "" if row["n_primary"] is None else f"<br>{row['n_primary']:,} with a primary role here"
    return (f"<b>{wrapped(member, 52, 2, 'without a name')}</b><br>{wrapped(group['group_name'], 52, 2, 'without a name')}"
            f"<br>{row['n']:,} of {group['n_jobs']:,} jobs{primary}<br>{escaped(row['words'])}")  # fmt: skip
