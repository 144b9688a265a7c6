"""AI potential against the need: how far a machine could go with each job, and the jobs that nobody has an AI opportunity for."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

from vital_insights.charts.geometry import HIGH_ABOVE, MEDIUM_FROM
from vital_insights.charts.theme import BANDS, MARKS, NEUTRAL, SHADES, SMALL_TEXT_SIZE, axis, layout
from vital_insights.charts.wording import exact, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

WIDEST = 20  # of the opportunity score
USUAL_SCALE = 10  # a potential is mostly rated 0-10; a source that goes further stretches the axis
UPPER, LOWER = (0.41, 1.0), (0.0, 0.24)  # of the height: jobs with an AI opportunity, and those without
HEAD, FOOT, HEIGHT = 48, 62, 500  # pixels
NOTE = 18  # pixels of one note below


def ai_potential(fits: pl.DataFrame, *, title: str = "", footer: str = "") -> go.Figure:
    """The jobs of an `ai_fit` frame by their highest opportunity score, on the ground of its band.

    Above, each job with a judged AI opportunity: a line from automation (ring) to augmentation (the mark of its band), on
    the scale of the source. Below, how many jobs without an AI opportunity have such a score. Needs the columns job_name,
    n_high, max_score, n_ai_opportunities, n_use_cases, automation and augmentation. What has no place is counted in a note.
    """
    import plotly.graph_objects as go

    rows = sorted(fits.to_dicts(), key=lambda row: (row["max_score"] or 0, row["job_name"] or ""))
    scored = [row for row in rows if row["max_score"] is not None]
    judged = [row for row in scored if row["augmentation"] is not None or row["automation"] is not None]
    bare = [row for row in scored if row["n_ai_opportunities"] == 0]
    notes = _notes(len(rows) - len(scored), len(scored) - len(judged) - len(bare))
    highest = max(
        (float(row[name]) for row in judged for name in ("automation", "augmentation") if row[name] is not None),
        default=0.0,
    )
    return go.Figure(
        data=[_lines(judged), _ends(judged), *(_bars(band, bare) for band in reversed(BANDS[:3])), _totals(bare)],
        layout=layout(
            title=title,
            footer=footer,
            height=HEIGHT + NOTE * len(notes),
            margin={"l": 34, "r": 8, "t": HEAD, "b": FOOT + NOTE * len(notes)},
            barmode="stack",
            bargap=0.3,
            xaxis=axis(range=[0, WIDEST], tickvals=[0, 4, MEDIUM_FROM, HIGH_ABOVE, 16, WIDEST], anchor="y2",
                       title={"text": "Highest opportunity score of the job →", "font": {"size": SMALL_TEXT_SIZE}}),
            yaxis=axis(range=[-0.3, max(highest * 1.06, USUAL_SCALE)], domain=UPPER, nticks=6),
            yaxis2=axis(range=[0, 1.3 * max(_binned(bare).values(), default=1)], domain=LOWER, visible=False),
            shapes=_grounds(),
            annotations=[*_heads(len(judged), len(bare)), *(_note(place, said) for place, said in enumerate(notes))],
        ),
    )  # fmt: skip


def _band(row: dict[str, Any]) -> str:
    return "HIGH" if row["n_high"] else "MEDIUM" if row["max_score"] >= MEDIUM_FROM else "LOW"


def _lines(rows: list[dict[str, Any]]) -> dict[str, Any]:
    both = [row for row in rows if row["automation"] is not None and row["augmentation"] is not None]
    return {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "opacity": 0.5, "line": {"width": 1.5, "color": NEUTRAL},
        "x": [x for row in both for x in (float(row["max_score"]), float(row["max_score"]), None)],
        "y": [y for row in both for y in (float(row["automation"]), float(row["augmentation"]), None)],
    }  # fmt: skip


def _ends(rows: list[dict[str, Any]]) -> dict[str, Any]:
    ends = [(row, name) for name in ("automation", "augmentation") for row in rows if row[name] is not None]
    looks = [MARKS[_band(row)] for row, _ in ends]
    alone = [name == "automation" for _, name in ends]
    colours = [NEUTRAL if ring else look.colour for ring, look in zip(alone, looks, strict=True)]
    return {
        "type": "scatter", "mode": "markers", "cliponaxis": False,
        "x": [float(row["max_score"]) for row, _ in ends],
        "y": [float(row[name]) for row, name in ends],
        "hovertext": [_hover(row) for row, _ in ends],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": ["circle-open" if ring else look.symbol for ring, look in zip(alone, looks, strict=True)],
            "color": colours,
            "size": [5.0 if ring else look.size for ring, look in zip(alone, looks, strict=True)],
            "line": {"width": 1.3, "color": colours},
            "opacity": 1,
        },
    }  # fmt: skip


def _hover(row: dict[str, Any]) -> str:
    potential = ", ".join(
        f"{name} {'not judged' if row[name] is None else exact(row[name])}" for name in ("automation", "augmentation")
    )
    counts = f"{row['n_ai_opportunities'] or 0:,} AI opportunities"
    uses = "unknown use cases" if row["n_use_cases"] is None else f"{row['n_use_cases']:,} use cases"
    return "<br>".join([
        f"<b>{wrapped(row['job_name'], 52, 3, 'without a name')}</b>",
        f"Highest opportunity score {exact(row['max_score'])}, {_band(row)}",
        f"AI potential: {potential}",
        f"{counts}, {uses}",
    ])  # fmt: skip


def _bin(score: Decimal) -> int:
    """The whole point below a score, which itself belongs to the points it ends: 12.0 stands left of the line of HIGH."""
    return max(int(score.to_integral_value(ROUND_CEILING)) - 1, 0)


def _binned(rows: list[dict[str, Any]]) -> Counter[int]:
    return Counter(_bin(row["max_score"]) for row in rows)


def _bars(band: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    counts = sorted(_binned([row for row in rows if _band(row) == band]).items())
    return {
        "type": "bar", "name": band, "yaxis": "y2",
        "x": [place + 0.5 for place, _ in counts],
        "y": [n for _, n in counts],
        "hovertext": [f"<b>{n:,} without an AI opportunity</b><br>score above {place}, at most {place + 1}: {band}" for place, n in counts],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"color": MARKS[band].colour, "line": {"width": 0}},
    }  # fmt: skip


def _totals(rows: list[dict[str, Any]]) -> dict[str, Any]:
    counts = sorted(_binned(rows).items())
    return {
        "type": "scatter", "mode": "text", "yaxis": "y2", "hoverinfo": "skip", "textposition": "top center", "cliponaxis": False,
        "x": [place + 0.5 for place, _ in counts], "y": [n for _, n in counts], "text": [f"{n:,}" for _, n in counts],
        "textfont": {"size": SMALL_TEXT_SIZE - 1},
    }  # fmt: skip


def _grounds() -> list[dict[str, Any]]:
    """The bands as grounds behind both parts, so that a place on the axis has its meaning twice: by ground and by mark."""
    edges = {"LOW": (0, MEDIUM_FROM), "MEDIUM": (MEDIUM_FROM, HIGH_ABOVE), "HIGH": (HIGH_ABOVE, WIDEST)}
    return [
        {"type": "rect", "xref": "x", "yref": "paper", "x0": start, "x1": end, "y0": low, "y1": high, "layer": "below",
         "fillcolor": MARKS[band].colour, "opacity": SHADES[band], "line": {"width": 0}, "name": f"ground {band}"}
        for band, (start, end) in edges.items() for low, high in (UPPER, LOWER)
    ]  # fmt: skip


def _heads(n_judged: int, n_bare: int) -> list[dict[str, Any]]:
    shared = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom", "showarrow": False, "borderpad": 0,
              "align": "left", "font": {"size": SMALL_TEXT_SIZE}}  # fmt: skip
    marks = f'<span style="color:{NEUTRAL}">○</span> alone (automation)   '
    marks += f'<span style="color:{MARKS["HIGH"].colour}">◆</span> beside a person (augmentation)'
    jobs = "job" if n_judged == 1 else "jobs"
    texts = [
        shared | {"y": UPPER[1], "yshift": 6, "text": f"<b>AI potential of {n_judged:,} {jobs}</b>, as the source rates it<br>{marks}",
                  "name": "judged"},
        shared | {"y": LOWER[1], "yshift": 6, "text": f"<b>{n_bare:,} without an AI opportunity</b>, by score", "name": "bare"},
    ]  # fmt: skip
    middles = {"LOW": MEDIUM_FROM / 2, "MEDIUM": (MEDIUM_FROM + HIGH_ABOVE) / 2, "HIGH": (HIGH_ABOVE + WIDEST) / 2}
    words = shared | {"xref": "x", "y": UPPER[0], "xanchor": "center", "yanchor": "top", "yshift": -4, "name": "band"}
    return texts + [words | {"x": middle, "text": band} for band, middle in middles.items()]


def _notes(unscored: int, unjudged: int) -> list[str]:
    notes = [f"× {unscored:,} without an opportunity score: not shown"] if unscored else []
    if unjudged:
        notes.append(f"{unjudged:,} with an AI opportunity that nobody rated: not shown")
    return notes


def _note(place: int, said: str) -> dict[str, Any]:
    return {"xref": "paper", "yref": "paper", "x": 0, "y": 0, "yshift": -FOOT + 14 - NOTE * place, "xanchor": "left", "yanchor": "top",
            "text": said, "showarrow": False, "font": {"size": SMALL_TEXT_SIZE}, "name": "note"}  # fmt: skip
