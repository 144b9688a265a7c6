"""The chapters about what changed and what the numbers rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts import widest_moves
from vital_insights.charts.theme import BANDS
from vital_insights.charts.wording import exact, share, signed
from vital_insights.errors import VitalError
from vital_insights.reports.parts import Column, Picture, Section, plain, table
from vital_insights.reports.phrases import METHOD, NOTHING_OLDER, REGIONS, WHOLE, counted, instant, into_high, span

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.reports.basis import Basis

MOVED, ARROWS, SPLIT = 40, 60, 8  # rows of the list of moves, moves of the two figures


def changed(told: Basis) -> Section:
    """What moved since an older snapshot, and which rating moved it."""
    title, served, compared = "What changed?", told.insights.snapshot.taken_at, told.compared
    if told.older is None or compared is None:
        return Section(
            "changed",
            title,
            "There is nothing to compare yet",
            (f"{NOTHING_OLDER} beside this one, of {instant(served)}. The next one will show here what changed.",),
        )
    then = f"{instant(told.older.taken_at)}, {span(told.older.taken_at, served)} before"
    if isinstance(compared, VitalError):
        return Section(
            "changed", title, "Not compared", (f"The snapshot of {then}, cannot be compared: {plain(str(compared))}",)
        )
    rows = compared.rows
    if told.filters:
        rows = rows.filter(rows["new_outcome_id"].is_in(told.shown["outcome_id"].implode()))
    kinds = {
        "moved": "Moved to another score",
        "appeared": "Appeared",
        "vanished": "Vanished",
        "gained_score": "Gained a score",
        "lost_score": "Lost the score",
        "unchanged": "Stayed as they were",
    }
    counts = dict(rows.group_by("change").len().iter_rows())
    moved = widest_moves(rows, rows.height)
    said = [f"Compared with the snapshot of {then}. Both are computed with today’s formula."]
    if told.filters:
        said.append("The filters choose among today’s outcomes, so what vanished is not counted here.")
    if compared.method_changes:
        differing = ", ".join(METHOD.get(each.what, each.what.replace("_", " ")) for each in compared.method_changes)
        said.append(f"The method is not the same in both snapshots: {differing}. None of that shows as movement here.")
    pictures = (
        (
            Picture(
                "moves",
                rows,
                "Where they moved",
                "Arrows from old to new importance and satisfaction",
                f"{_first(moved.height, ARROWS, 'move')} Thick arrows cross into another band and have its colour.",
                {"number": ARROWS},
            ),
            Picture(
                "split",
                rows,
                "Why the widest moved",
                "For each of the widest moves the part of importance and the part of satisfaction",
                "Right of the line raised the score, left lowered it; the two parts add up exactly.",
                {"number": SPLIT},
            ),
        )
        if moved.height
        else ()
    )
    columns = [
        Column("Outcome", missing="no statement"),
        Column("Job", missing="no job"),
        Column("Score before", "number"),
        Column("Score now", "number"),
        Column("Change", "number"),
        Column("From importance", "number"),
        Column("From satisfaction", "number"),
        Column("Band", "band"),
    ]
    return Section(
        "changed",
        title,
        f"{into_high(rows, left=not told.filters)} since {instant(told.older.taken_at)}"
        if sum(counts.values()) > counts.get("unchanged", 0)
        else f"Nothing changed {'in these outcomes ' if told.filters else ''}since {instant(told.older.taken_at)}",
        tuple(said),
        pictures,
        (
            table(
                "What became of the outcomes",
                [Column("Change"), Column("Outcomes", "number")],
                [
                    (name, counts.get(kind, 0))
                    for kind, name in kinds.items()
                    if not (told.filters and kind == "vanished")
                ],
            ),
            *(
                (
                    table(
                        "The widest moves",
                        columns,
                        [_move(row) for row in moved.to_dicts()],
                        most=MOVED,
                        rest=f"The others: vital-insights compare {told.insights.tenant.slug} {told.older.id} --format csv",
                    ),
                )
                if moved.height
                else ()
            ),
        ),
        "A score moves when somebody rates anew; it does not follow that the work got better or worse.",
    )


def _first(n: int, most: int, one: str) -> str:
    return f"The {most} widest of {n:,} {one}s." if n > most else f"{counted(n, one)}."


def _move(row: dict[str, Any]) -> tuple[Any, ...]:
    parts = (signed(row[name]) for name in ("score_change", "change_from_importance", "change_from_satisfaction"))
    return row["statement"], row["job_name"], row["old_score"], row["new_score"], *parts, row["new_band"]


def quality(told: Basis) -> Section:
    """What the data checks said, the gravest first."""
    verdict = told.verdict
    wrong = [*verdict.errored, *verdict.failed("info")]
    critical = len(verdict.failed("critical"))
    headline = verdict.summary().removesuffix(".") + (
        "" if critical or verdict.errored else ", none of them critical" if wrong else ""
    )
    rows = [
        (
            "could not run" if check.status == "errored" else check.severity,
            check.because,
            check.table.rpartition(".")[2].removeprefix("jtbd_").replace("_", " "),
            check.reason if check.status == "errored" else check.observed,
        )
        for check in wrong
    ]
    newest: Any = told.outcomes["updated_at"].max()
    taken = told.insights.snapshot.taken_at
    said = [*([WHOLE] if told.filters else []), f"The snapshot was taken on {instant(taken)}."]
    if newest is not None:
        before = f", {span(newest, taken)} before it" if newest <= taken else ""
        said.append(f"The newest change of an outcome is of {instant(newest)}{before}.")
    if told.insights.snapshot.manifest.get("published_anyway"):
        said.append("It was published although critical checks failed.")
    columns = [
        Column("Severity", "code"),
        Column("Why it matters"),
        Column("Where"),
        Column("Found", missing="no figure"),
    ]
    return Section(
        "quality",
        "Can this be trusted?",
        headline,
        tuple(said),
        (),
        (table("What the checks found, the gravest first", columns, rows),) if rows else (),
        "A check finds what it was written to find; what nobody thought of it does not.",
    )


def method(told: Basis) -> Section:
    """How the numbers come about."""
    title = "How the numbers come about"
    row = told.method
    if row is None:
        return Section(
            "method",
            title,
            "The method was not recorded with this snapshot",
            (f"vital-insights refresh {told.insights.tenant.slug} makes a new one, which says it.",),
        )
    regions = dict(told.shown.group_by("region").len().iter_rows())
    unscored = told.shown["score"].null_count()
    stakes, under = exact(row["table_stakes_from"]), exact(row["underserved_above"])
    limits = {
        "underserved": f"the score is above {under}",
        "table_stakes": f"importance and satisfaction are both {stakes} or more",
        "overserved": "satisfaction is above importance",
        "appropriately_served": "everything else with a score",
    }
    facts = [
        ("Tenant", row["tenant_name"]),
        ("Snapshot", f"{instant(row['taken_at'])} ({row['snapshot_id']})"),
        ("Computed by", f"version {row['package_version']}"),
        ("Bands", row["band_scheme"]),
        ("Each rating may be off by", row["score_tolerance"]),
        ("Outcomes", row["n_outcomes"]),
        ("Scored", row["n_scored"]),
        ("Without a score", row["n_unscored"]),
        ("Values of the source left out because they did not fit", row["n_rejected"]),
    ]
    words = [
        ("Job", "something people try to get done"),
        ("Outcome", "a measure of success for a job"),
        ("Importance, satisfaction", "how much an outcome matters and how well it is served today, 0 to 10 each"),
        ("Opportunity", "the score of an outcome, 0 to 20"),
        ("Band", "what a score means for priorities"),
        ("HIGH for sure", "HIGH even if every rating is off by the tolerance in the worst direction"),
    ]
    picked = _examples(told.shown)
    return Section(
        "method",
        title,
        f"opportunity = {row['formula'].replace(' - ', ' − ')}",
        (
            "Satisfaction beyond importance takes nothing away. Scores are exact decimals, and nothing is rounded before it is shown.",
            "Where outcomes are gathered, the figure is the mean of the scores, never the score of the mean ratings: in a mean of "
            "ratings one over-served outcome hides the gap of another.",
        ),
        (
            Picture(
                "examples",
                picked,
                "The ground that scores are read on",
                "The landscape with its bands, contours and corners named, and two outcomes on it",
                told={"table_stakes_from": float(row["table_stakes_from"])},
            ),
        )
        if picked.height
        else (),
        (
            table("Bands", [Column("Band", "band"), Column("Score")], [(band, told.meanings[band]) for band in BANDS]),
            table(
                "Regions of the landscape; the first that fits",
                [Column("Region"), Column("Where"), Column("Outcomes", "number"), Column("Share", "number")],
                [
                    (said, limits[region], regions.get(region, 0), share(regions.get(region, 0), told.shown.height))
                    for region, said in REGIONS.items()
                ]
                + [
                    (
                        "without a score",
                        "importance or satisfaction is missing or invalid",
                        unscored,
                        share(unscored, told.shown.height),
                    )
                ],
            ),
            table("Words", [Column("Word"), Column("What it means here")], words),
            table("This snapshot", [Column("What"), Column("Value", missing="none was set")], facts),
        ),
        "After A. W. Ulwick’s outcome-driven innovation; not affiliated with Strategyn.",
    )


def _examples(shown: pl.DataFrame) -> pl.DataFrame:
    """The highest score and the MEDIUM nearest below HIGH."""
    import polars as pl

    scored = shown.filter(shown["score"].is_not_null())
    by_score = scored.sort("score", "statement", "outcome_id", descending=[True, False, False])
    return pl.concat([by_score.head(1), by_score.filter(band="MEDIUM").head(1)]).unique(
        "outcome_id", maintain_order=True
    )
