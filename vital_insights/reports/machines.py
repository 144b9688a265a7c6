"""The chapter on where AI could help, beside whom agents stand and what anybody examined, and the words that pages share with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vital_insights.charts.theme import BANDS
from vital_insights.charts.wording import share
from vital_insights.errors import OlderSnapshot
from vital_insights.reports.members import lowest
from vital_insights.reports.parts import Column, Picture, Section, Table, table
from vital_insights.reports.phrases import counted
from vital_insights.reports.work import banded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from vital_insights.reports.basis import Basis

TITLE = "Where could AI help, and who looked?"
LISTED, UNITS = 25, 15  # jobs and functions in the tables
# By the word of `ai_fit`, what it is called; NULL there is "unknown" here.
FITS = {
    "need_without_ai": "needed, no AI opportunity",
    "both": "needed, with an AI opportunity",
    "ai_without_need": "AI opportunity, nothing HIGH",
    "neither": "nothing HIGH, no AI opportunity",
    "unknown": "need or AI unknown",
}
OF_BANDS = {
    "HIGH": "Jobs with a HIGH opportunity", "MEDIUM": "Jobs whose highest is MEDIUM", "LOW": "Jobs whose highest is LOW",
    "UNSCORED": "Jobs without a score",
}  # fmt: skip


def most_needed(fits: pl.DataFrame) -> pl.DataFrame:
    """The rows of `ai_fit`, the most needed job first, a fit that is NULL called unknown."""
    import polars as pl

    order, falling = ("max_score", "n_high", "job_name", "job_id"), [True, True, False, False]
    return fits.with_columns(fit=pl.col("fit").fill_null("unknown")).sort(order, descending=falling, nulls_last=True)


def of_fit(fits: pl.DataFrame, fit: str) -> int | None:
    """How many rows of `most_needed` have a fit; None where the source tells of no AI opportunities, for then nobody knows."""
    if fit != "unknown" and fits.height and fits["n_ai_opportunities"].is_null().all():
        return None
    return fits.filter(fit=fit).height


def ai_finding(fits: pl.DataFrame, filters: Sequence[str]) -> str:
    """How many of the needed jobs of `most_needed` have no AI opportunity."""
    if fits.height and fits["n_ai_opportunities"].is_null().all():
        return "Where AI could help is unknown"
    within = " within the filters" if filters else ""
    needed, bare = fits.filter(fits["n_high"] > 0).height, fits.filter(fit="need_without_ai").height
    if not needed:
        return f"No job{within} has a HIGH opportunity, so none waits for an AI opportunity"
    verb = "has" if bare == 1 else "have"
    return f"{bare:,} of {counted(needed, 'job')} with a HIGH opportunity{within} {verb} no AI opportunity"


def looked_after(needed: pl.DataFrame) -> str:
    """How many of the needed jobs, with n_agents and n_talks, have no agent and were never examined."""
    n, said = needed.height, list[str]()
    if not n:
        return "No job has a HIGH opportunity yet, so none waits for an agent or an examination"
    for column, one, many in (
        ("n_agents", "has no agent", "have no agent"),
        ("n_talks", "was never examined", "were never examined"),
    ):
        without = above_0(needed[column])
        if without is not None:
            of = "" if said else f" of {counted(n, 'job')} with a HIGH opportunity"
            said.append(f"{n - without:,}{of} {one if n - without == 1 else many}")
    return ", ".join(said) or "Whether agents stand beside these jobs, or anybody examined them, is unknown"


def above_0(counts: pl.Series) -> int | None:
    """How many are above 0; None where all are unknown."""
    return None if counts.len() and counts.is_null().all() else int((counts > 0).sum())


def needed_jobs(coverage: pl.DataFrame, validation: pl.DataFrame) -> pl.DataFrame:
    """job_id, n_agents and n_talks of every job with a HIGH outcome, by the rows of `agent_coverage` and `validation_activity`."""
    import polars as pl

    jobs = coverage.filter(pl.col("dimension") == "job", pl.col("n_high_jobs") > 0).select("n_agents", job_id="member")
    talks = validation.filter(subject_type="job").select("n_talks", job_id="subject_id")
    return jobs.join(talks, on="job_id", how="left")


def by_band(outcomes: pl.DataFrame, validation: pl.DataFrame) -> pl.DataFrame:
    """The rows of `validation_activity` about jobs with job_id, n_high and the band of their highest score: the most needed first, of
    equals the unexamined."""
    import polars as pl

    jobs = validation.filter(subject_type="job").with_columns(job_id="subject_id")
    rows = jobs.join(banded(outcomes), on="job_id", how="left")
    rows = rows.with_columns(pl.col("n_high").fill_null(0), pl.col("band").fill_null("UNSCORED"))
    order, falling = ("n_high", "n_talks", "subject_name", "subject_id"), [True, False, False, False]
    return rows.sort(order, descending=falling, nulls_last=True)


def machines(told: Basis) -> Section:
    """Which needed jobs have no AI opportunity and no agent, and which nobody ever examined."""
    import polars as pl

    try:
        fits, coverage, validation = (
            told.insights.metric(name) for name in ("ai_fit", "agent_coverage", "validation_activity")
        )
    except OlderSnapshot:
        return Section("machines", TITLE, "This snapshot was made before AI opportunities and agents were measured")
    chosen = told.shown.select("job_id").unique()
    if told.filters:
        fits = fits.join(chosen, on="job_id", how="semi")
        validation = validation.join(chosen, left_on="subject_id", right_on="job_id", how="semi")
        coverage = coverage.join(chosen, left_on="member", right_on="job_id", how="semi")
    fits = most_needed(fits)
    if not fits.height:
        return Section("machines", TITLE, "There is no live job that AI could help with")
    needed = needed_jobs(coverage, validation)
    known = fits["n_ai_opportunities"].is_not_null().any()
    picture = Picture(
        "ai", fits, "How far AI could go, and how much it is needed",
        "Jobs by their highest opportunity score and the AI potential, and those without an AI opportunity",
    )  # fmt: skip
    listed = fits.filter(pl.col("n_high") > 0, pl.col("fit") != "both").join(needed, on="job_id", how="left")
    said = "A job is needed where one of its outcomes is HIGH. An agent stands beside a job when a role that does the job has one."
    return Section(
        "machines",
        TITLE,
        ai_finding(fits, told.filters),
        (f"{looked_after(needed)}.", said),
        (picture,) if known else (),
        (
            _meeting(fits),
            table(
                "Needed, and no AI opportunity yet" if known else "Needed jobs",
                [Column("Job", missing="without a name"), Column("Highest score", "number"), Column("HIGH", "number"),
                 Column("Agents", "number", "unknown"), Column("Times examined", "number", "unknown")],
                listed.select("job_name", "max_score", "n_high", "n_agents", "n_talks").rows(), most=LISTED, rest=told.rest("ai_fit"),
            ),
            *([] if told.filters else [_functions(told, coverage)]),
            _examined(by_band(told.outcomes, validation)),
        ),
        "Automation and augmentation are ratings of the source on its own scale, and no opportunity scores. That an agent stands beside a "
        "job does not say that it helps there, and an examination does not say that the score is right.",
    )  # fmt: skip


def _meeting(fits: pl.DataFrame) -> Table:
    rows = []
    for fit, said in FITS.items():
        n = of_fit(fits, fit)
        rows.append((f"{said[0].upper()}{said[1:]}", n, None if n is None else share(n, fits.height)))
    columns = [Column("Jobs"), *(Column(name, "number", "unknown") for name in ("How many", "Share"))]
    return table("Need and AI opportunities", columns, rows)


def _functions(told: Basis, coverage: pl.DataFrame) -> Table:
    """The functions of the lowest level, those first where most needed jobs have no agent."""
    import polars as pl

    ends = lowest(told.insights.table("functions"), "function").implode()
    rows = coverage.filter(pl.col("dimension") == "function", pl.col("n_high_jobs") > 0)
    rows = rows.filter(pl.col("member").is_in(ends) | pl.col("member").is_null())
    without = pl.col("n_high_jobs") - pl.col("n_high_jobs_with_agent")
    rows = rows.sort(
        without, "n_high_jobs", "member_name", "member", descending=[True, True, False, False], nulls_last=True
    )
    nobody = pl.when(pl.col("member").is_null()).then(pl.lit("in no function"))
    name = nobody.otherwise(pl.col("member_name").fill_null("without a name"))
    columns = [Column("Function"), Column("HIGH jobs", "number"), *(Column(said, "number", "unknown") for said in
               ("With an agent", "Agents", "Skills", "Tools"))]  # fmt: skip
    counts = ("n_high_jobs", "n_high_jobs_with_agent", "n_agents", "n_skills", "n_tools")
    caption = "Functions, those first where most needed jobs have no agent"
    return table(caption, columns, rows.select(name, *counts).rows(), most=UNITS, rest=told.rest("agent_coverage"))


def _examined(rows: pl.DataFrame) -> Table:
    """How many jobs of each band anybody examined."""
    told = []
    for band in BANDS:
        ours = rows.filter(band=band)
        seen = above_0(ours["n_talks"])
        if ours.height:
            told.append((OF_BANDS[band], ours.height, seen, None if seen is None else share(seen, ours.height)))
    columns = [
        Column("Jobs"),
        Column("How many", "number"),
        *(Column(said, "number", "unknown") for said in ("Examined", "Share")),
    ]
    return table("Examined in a consultation or a panel", columns, told)
