"""The chapters about opportunity: what matters, how sure it is, and every outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.theme import BANDS
from vital_insights.charts.wording import exact, share, sum_of
from vital_insights.reports.members import is_named
from vital_insights.reports.parts import Column, Picture, Section, plain, table
from vital_insights.reports.phrases import counted, finding

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.reports.basis import Basis

TOP, DRAWN, ALL = 25, 8, 3_000  # rows of a list, of a figure, outcomes of the whole list
SCORE = [
    Column("Importance", "number", "missing"),
    Column("Satisfaction", "number", "missing"),
    Column("Score", "number", "none"),
]
OUTCOME = [Column("Outcome", missing="no statement"), Column("Job", missing="no job"), *SCORE, Column("Band", "band")]
LISTED = ("statement", "job_name", "importance", "satisfaction", "score", "band")


def matters(told: Basis) -> Section:
    """How many outcomes are HIGH, where most of them are, and which they are."""
    shown, high = told.shown, told.shown.filter(band="HIGH")
    counts = dict(shown.group_by("band").len().iter_rows())
    headline = finding(high.height, told.outcomes.height, told.filters)
    first = told.groups("function").filter(is_named())
    if first.height and first["n_high"][0]:
        name = plain(first["member_name"][0] or "a function without a name")
        headline += f"; {name} holds {first['n_high'][0]:,} of them"
    said = [
        "An outcome deserves attention where it matters much and is served badly. Its score is importance + max(importance − "
        "satisfaction, 0), from 0 to 20."
    ]
    top = _ranked(shown).head(1).to_dicts()
    if top:
        said.append(
            f"The highest is “{plain(top[0]['statement'] or 'no statement')}”: {sum_of(top[0]).replace(' - ', ' − ')}."
        )
    pictures = (
        (
            Picture(
                "landscape",
                shown,
                "Where every outcome lies",
                "Each outcome at its importance and satisfaction, on the ground of its band",
                "Right and low is where to act: important and not served.",
            ),
            Picture(
                "gaps",
                shown,
                _reach(shown),
                "The outcomes with the highest scores, each as a line from satisfaction to importance",
                told={"number": DRAWN},
            ),
        )
        if top
        else ()
    )
    by_band = [
        (band, counts.get(band, 0), share(counts.get(band, 0), shown.height), told.meanings[band]) for band in BANDS
    ]
    unscored = counts.get("UNSCORED", 0)
    return Section(
        "matters",
        "What matters",
        headline,
        tuple(said),
        pictures,
        (
            table(
                "Outcomes by band",
                [Column("Band", "band"), Column("Outcomes", "number"), Column("Share", "number"), Column("Score")],
                by_band,
            ),
            _list("The highest opportunities", told, high),
        ),
        f"{counted(unscored, 'outcome')} of {shown.height:,} {'has' if unscored == 1 else 'have'} no score, because a rating is missing or "
        "not between 0 and 10. They are counted as UNSCORED, never as LOW."
        if unscored
        else "",
    )


def _reach(shown: pl.DataFrame) -> str:
    scores = _ranked(shown)["score"].head(DRAWN).to_list()
    if len(scores) == 1:
        return f"The only score is {exact(scores[0])}"
    return f"The {len(scores)} highest scores run from {exact(scores[-1])} to {exact(scores[0])}"


def _list(caption: str, told: Basis, rows: pl.DataFrame) -> Any:
    return table(
        caption,
        OUTCOME,
        _ranked(rows).select(LISTED).rows(),
        most=TOP,
        rest=f"The HTML file of this report lists all outcomes at the end. {told.rest('opportunity')}",
    )


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    """The scored, the highest first; the same order under ties."""
    scored = rows.filter(rows["score"].is_not_null())
    return scored.sort("score", "statement", "outcome_id", descending=[True, False, False])


def sure(told: Basis) -> Section:
    """What is left if every rating is a little off."""
    import polars as pl

    tolerance = told.method["score_tolerance"] if told.method else None
    title = "How sure are we?"
    if tolerance is None:
        return Section(
            "sure",
            title,
            "How far the ratings may be off was not recorded",
            ("So nothing can be said about how sure a score is.",),
        )
    high = _ranked(told.shown.filter(band="HIGH"))
    firm, top = high.filter("band_firm"), told.shown.filter(pl.col("rank_worst") <= 50)
    d, edge = exact(tolerance), exact(told.method["high_above"]).removesuffix(".0") if told.method else ""
    bands = [
        (band, rows.height, rows.filter("band_firm").height, share(rows.filter("band_firm").height, rows.height))
        for band in BANDS[:3]
        if (rows := told.shown.filter(band=band)).height
    ]
    listed = [
        (
            row["statement"],
            row["job_name"],
            row["score"],
            f"{exact(row['score_low'])} to {exact(row['score_high'])}",
            f"{row['rank_best']:,} to {row['rank_worst']:,}",
            row["satisfaction_to_leave_high"],
        )
        for row in firm.to_dicts()
    ]
    drawn = (
        (
            Picture(
                "ranges",
                high,
                "What the highest scores may be",
                "For each of the highest scores a line from its lowest to its highest",
                f"Each rating may be off by {d}, on its own and in either direction. A line that stays "
                f"right of {edge} stays HIGH.",
                {"number": DRAWN},
            ),
        )
        if high.height
        else ()
    )
    columns = [
        Column("Outcome", missing="no statement"),
        Column("Job", missing="no job"),
        Column("Score", "number"),
        Column("May be", "number"),
        Column("Rank may be", "number"),
        Column("Leaves HIGH at satisfaction", "number"),
    ]
    return Section(
        "sure",
        title,
        f"{firm.height:,} of the {counted(high.height, 'HIGH outcome')} {'stays' if firm.height == 1 else 'stay'} HIGH "
        f"even if every rating is off by {d}"
        if high.height
        else "No outcome is HIGH, so none can be HIGH for sure",
        (
            f"{counted(top.height, 'outcome')} {'is' if top.height == 1 else 'are'} among the 50 highest of the whole snapshot "
            "whatever the ratings do within that range. These are worst cases, worked out exactly, not samples.",
        ),
        drawn,
        (
            table(
                "Outcomes that stay in their band",
                [
                    Column("Band", "band"),
                    Column("Outcomes", "number"),
                    Column("Stay there", "number"),
                    Column("Share", "number"),
                ],
                bands,
            ),
            table("HIGH for sure", columns, listed, most=TOP, rest=told.rest("opportunity")),
        ),
        "A range says nothing about who was asked. Where the ratings come from is told with each outcome as its evidence; ranks are those "
        "of the whole snapshot, filtered or not.",
    )


def everything(told: Basis) -> Section:
    """Every outcome that the figures show."""
    import polars as pl

    rows = told.shown.sort("score", "statement", "outcome_id", descending=[True, False, False], nulls_last=True)
    listed = rows.select(*LISTED, pl.col("outcome_code"), pl.col("evidence_source")).rows()
    columns = [*OUTCOME, Column("Code", "code", "none"), Column("Evidence", missing="none given")]
    what = "Every outcome that the figures show"
    return Section(
        "all",
        "All outcomes",
        f"{counted(told.shown.height, 'outcome')}, the highest score first",
        tables=(table(what, columns, listed, most=ALL, rest=told.rest("opportunity"), fold=True),),
    )
