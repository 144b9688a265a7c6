"""The chapter on how work is done: what holds up what, what is worth doing, how workflows run; and what pages share about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vital_insights.charts.dumbbell import FEW
from vital_insights.charts.layered import circles
from vital_insights.errors import OlderSnapshot
from vital_insights.reports.parts import Column, Picture, Section, Table, plain, table
from vital_insights.reports.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from vital_insights.reports.basis import Basis

TITLE = "What holds up the work?"
DRAWN, LISTED, NAMED = 18, 15, 3  # jobs in the picture, rows of a table, circles that are named
LINKED = "raw.jtbd_dependencies"  # what LINKS reads; snapshots of an older version do not have it
LINKS = """
select distinct d.source_jtbd_id as job_id, d.dependent_jtbd_id as held_id
from raw.jtbd_dependencies as d
inner join model.jobs as s on d.source_jtbd_id = s.job_id and s.is_live
inner join model.jobs as t on d.dependent_jtbd_id = t.job_id and t.is_live
where d.deleted_at is null
order by 1, 2
"""


def read(ask: Callable[..., pl.DataFrame], *of: str) -> pl.DataFrame | None:
    """What `ask` answers, or None where a snapshot was made before there was such a metric."""
    try:
        return ask(*of)
    except OlderSnapshot:
        return None


def banded(outcomes: pl.DataFrame) -> pl.DataFrame:
    """job_id, the band of its highest outcome and n_high, of every job with an outcome."""
    import polars as pl

    ordered = outcomes.sort("score", descending=True, nulls_last=True, maintain_order=True)
    high = (pl.col("band") == "HIGH").sum().cast(pl.Int64)
    return ordered.group_by("job_id", maintain_order=True).agg(pl.col("band").first(), n_high=high)


def finding(waits: pl.DataFrame | None, within: str = "") -> str:
    """How many of the rows of `job_dependencies` hold up others, and which most; `within` stands behind the jobs."""
    if waits is None:
        return "What waits for what is not counted in this snapshot"
    if not waits.height:
        return f"There is no job{within} that could wait for another"
    if waits["n_held_up"].has_nulls():
        return "What waits for what is unknown"
    holding = waits.filter(waits["n_held_up"] > 0)
    if not holding.height:
        return f"None of {counted(waits.height, 'job')}{within} holds up another"
    most = max(holding["n_held_up_in_all"].to_list())
    equal = holding.filter(n_held_up_in_all=most)
    first = f"“{plain(equal['job_name'][0] or 'a job without a name')}” holds up the most, {most:,}"
    if equal.height > 1:
        first = f"{equal.height:,} of them hold up the most, {most:,} each"
    verb = "holds" if holding.height == 1 else "hold"
    return f"{holding.height:,} of {counted(waits.height, 'job')}{within} {verb} up others; {first}"


def by_status(runs: pl.DataFrame) -> pl.DataFrame:
    """The rows of `workflow_runs` by status: said, n_runs of n_all, n_timed, mean_hours and longest_hours, the most frequent first."""
    import polars as pl

    timed = pl.when(~pl.col("n_timed").has_nulls()).then(pl.col("n_timed").sum())
    mean = pl.when(timed > 0).then((pl.col("mean_hours") * pl.col("n_timed")).sum() / timed)
    found = runs.filter(pl.col("n_runs") > 0).group_by("status").agg(
        pl.col("n_runs").sum(), timed, mean.alias("mean_hours"), pl.col("longest_hours").max()
    )  # fmt: skip
    said = pl.col("status").str.replace_all("_", " ").fill_null("not stated")
    ordered = found.sort("n_runs", "status", descending=[True, False], nulls_last=True)
    return ordered.with_columns(said.alias("said"), n_all=pl.col("n_runs").sum())


def hours(value: float | None) -> str:
    """`45 minutes`, `7.2 hours`, `31 hours`: no more digits than a run of a workflow deserves."""
    if value is None:
        return "not timed"
    if value < 1:
        return counted(round(value * 60), "minute")
    return f"{value:.1f} hours" if value < 10 else f"{value:,.0f} hours"


def work(told: Basis) -> Section:
    """What holds up the jobs of the chosen outcomes, what they are worth, and how workflows run."""
    import polars as pl

    waits = read(told.insights.metric, "job_dependencies")
    links = told.insights.sql(LINKS) if LINKED in {each["table"] for each in told.insights.contents()} else None
    chosen = told.shown.select("job_id").unique()
    if told.filters and waits is not None:
        waits = waits.join(chosen, on="job_id", how="semi", maintain_order="left")
    headline = finding(waits, " within the filters" if told.filters else "")
    pictures, tables, said = [], [], list[str]()
    if waits is not None and links is not None and waits["n_held_up"].is_not_null().any():
        every = told.insights.metric("job_dependencies")
        near = links.filter(
            pl.col("job_id").is_in(waits["job_id"].implode()) | pl.col("held_id").is_in(waits["job_id"].implode())
        )
        bands = banded(told.outcomes)
        if near.height:
            drawn = every.select("job_id", "job_name", "n_held_up_in_all").join(bands, on="job_id", how="left")
            pictures.append(_picture(drawn, near))
            tables.append(_most(waits.join(bands, on="job_id", how="left"), told))
        said += _rounds(near, dict(every.select("job_id", "job_name").iter_rows()))
    said += _worth(told, chosen)
    runs, solutions = read(told.insights.metric, "workflow_runs"), read(told.insights.metric, "solution_reach")
    if runs is not None and runs.height and not runs["n_runs"].has_nulls():
        said.append(_ran(runs))
        tables += [_states(runs)] if runs["n_runs"].sum() else []
    if solutions is not None and solutions.height:
        tables.append(_solutions(solutions, told))
    return Section(
        "work", TITLE, headline, tuple(said), tuple(pictures), tuple(tables),
        "A dependency says that one job waits for another, not for how long. Runs and solutions are of the whole tenant, and durations "
        "only of runs whose start and end are known.",
    )  # fmt: skip


def _picture(jobs: pl.DataFrame, links: pl.DataFrame) -> Picture:
    return Picture(
        "dependencies", jobs, "What waits for what", "Jobs by what they wait for, those first that hold up most",
        "An arrow leads to a job that waits. The number before a name counts all jobs that it holds up; the mark is the band of its "
        "highest outcome: diamond HIGH, disc MEDIUM, ring LOW, cross without a score. A dotted line closes a circle.",
        {"links": links, "number": DRAWN},
    )  # fmt: skip


def _most(rows: pl.DataFrame, told: Basis) -> Table:
    import polars as pl

    listed = rows.filter(pl.col("n_held_up") > 0).with_columns(pl.col("n_high").fill_null(0))
    columns = [Column("Job", missing="without a name"), Column("Code", "code", "none"),
               *(Column(name, "number") for name in ("Holds up in all", "Straight", "Waits for", "HIGH"))]  # fmt: skip
    counts = listed.select("job_name", "job_code", "n_held_up_in_all", "n_held_up", "n_waits_for", "n_high").rows()
    return table("The jobs that hold up most", columns, counts, most=LISTED, rest=told.rest("job_dependencies"))


def _rounds(links: pl.DataFrame, names: dict[str, str | None]) -> list[str]:
    """The circles, named: nobody can begin in one."""
    found = circles(links.iter_rows())
    said = [
        " → ".join(plain(names.get(key) or "a job without a name") for key in [*each, each[0]])
        for each in found[:NAMED]
    ]
    more = f"; {len(found) - NAMED:,} more" if len(found) > NAMED else ""
    return [f"In a circle, where none can begin before the others: {'; '.join(said)}{more}."] if found else []


def _worth(told: Basis, chosen: pl.DataFrame) -> list[str]:
    """How many of the jobs with a HIGH outcome say what they are worth, and what people use today."""
    said = list[str]()
    for metric, column, one, many in (
        ("job_value", "n_quantified", "says", "say"),
        ("job_alternatives", "n_alternatives", "names", "name"),
    ):
        rows = read(told.insights.metric, metric)
        if rows is None:
            continue
        needed = rows.join(chosen, on="job_id", how="semi")
        needed = needed.filter(needed["n_high"] > 0)
        if needed.height and not needed[column].has_nulls():
            n = needed.filter(needed[column] > 0).height
            of = "" if said else f" of {counted(needed.height, 'job')} with a HIGH outcome"
            what = "how much doing it better is worth" if metric == "job_value" else "what people turn to today"
            said.append(f"{n:,}{of} {one if n == 1 else many} {what}")
    return [f"{', '.join(said)}."] if said else []


def _ran(runs: pl.DataFrame) -> str:
    n, idle = runs["workflow_id"].drop_nulls().n_unique(), runs.filter(n_runs=0).height
    waiting = (
        "" if runs["n_waiting"].has_nulls() else f"; they wait for {counted(int(runs['n_waiting'].sum()), 'approval')}"
    )
    return (
        f"{counted(n, 'workflow')} ran {counted(int(runs['n_runs'].sum()), 'time')}, {idle:,} of them never{waiting}."
    )


def _states(runs: pl.DataFrame) -> Table:
    states = by_status(runs)
    took = [(hours(row["mean_hours"]), hours(row["longest_hours"])) for row in states.to_dicts()]
    rows = [
        (*counts, *each) for counts, each in zip(states.select("said", "n_runs", "n_timed").rows(), took, strict=True)
    ]
    columns = [
        Column("Status"),
        *(Column(name, "number", "unknown") for name in ("Runs", "Timed", "On average", "At most")),
    ]
    return table("How workflows ran, by status", columns, rows, few=[0 < (n or 0) < FEW for n in states["n_timed"]])


def _solutions(rows: pl.DataFrame, told: Basis) -> Table:
    import polars as pl

    nobody = pl.when(pl.col("solution_id").is_null()).then(pl.lit("of nobody here"))
    name = nobody.otherwise(pl.col("solution_name").fill_null("without a name")).alias("name")
    counts = ("n_jobs", "n_roles", "n_agents", "n_workflows", "n_industries", "n_installations")
    names = ("Jobs", "Roles", "Agents", "Workflows", "Industries", "Installed")
    columns = [Column("Solution"), *(Column(each, "number", "unknown") for each in names)]
    listed = rows.select(name, *counts).rows()
    return table("What solutions reach", columns, listed, most=LISTED, rest=told.rest("solution_reach"))
