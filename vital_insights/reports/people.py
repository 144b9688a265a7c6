"""The chapters about people: who the opportunities are for, and what nobody does, owns or scored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.dumbbell import FEW
from vital_insights.reports.members import gap_totals, is_named
from vital_insights.reports.parts import Column, Picture, Section, plain, table
from vital_insights.reports.phrases import GAPS, WHOLE, counted

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.reports.basis import Basis

TOP, GROUPS, ROLES, LISTED = 25, 10, 6, 60  # rows of a list, groups and roles of a figure, rows of the list of gaps
GROUP = [
    Column("Outcomes", "number"),
    Column("HIGH", "number"),
    Column("HIGH for sure", "number", "unknown"),
    Column("MEDIUM", "number"),
    Column("LOW", "number"),
    Column("UNSCORED", "number"),
    Column("Mean score", "number", "none"),
    Column("Highest", "number", "none"),
]
COUNTED = ("n_outcomes", "n_high", "n_high_firm", "n_medium", "n_low", "n_unscored", "mean_score", "max_score")


def whom(told: Basis) -> Section:
    """Which functions and roles the opportunities belong to."""
    functions, roles = told.groups("function"), told.groups("role")
    named, of_role = functions.filter(is_named()), roles.filter(is_named())
    title = "Who is it for?"
    if not named.height:
        return Section(
            "whom",
            title,
            "None of these outcomes belongs to a function of the lowest level",
        )
    first = named.to_dicts()[0]
    role = next((row for row in of_role.to_dicts() if row["n_high"]), None)
    name = plain(first["member_name"] or "A function without a name")
    headline = f"{name} holds the most HIGH outcomes: {first['n_high']:,} of its {first['n_outcomes']:,}"
    equal = named.filter(n_high=first["n_high"]).height
    if equal > 1:
        headline = f"{equal:,} functions share the most HIGH outcomes, {first['n_high']:,} each; {name} is one"
    if not first["n_high"]:
        headline = f"No function holds a HIGH outcome; {counted(named.height, 'function')} do these jobs"
    said = (_most(role, of_role.filter(n_high=role["n_high"]).height),) if role else ()
    return Section(
        "whom",
        title,
        headline,
        said,
        (
            Picture(
                "bands",
                functions,
                "Share of each band by function",
                "For each function the share of its outcomes in each band, the largest share of HIGH first",
                f"The {GROUPS} functions with the largest share of HIGH." if named.height > GROUPS else "",
                {"number": GROUPS, "nobody": "in no function of the lowest level"},
            ),
            *(
                (
                    Picture(
                        "side_by_side",
                        of_role.head(ROLES),
                        "The roles with the most HIGH outcomes",
                        "For each role the mean of its scores and its highest score",
                        "From the mean score to the highest, because a mean hides the one outcome that matters.",
                    ),
                )
                if role
                else ()
            ),
        ),
        (
            _groups("Functions", "Function", "in no function of the lowest level", functions, told),
            _groups("Roles", "Role", "in no role", roles, told),
        ),
        "An outcome counts in every function and role that does its job, so the rows add up to more than the whole. A mean is that of the "
        "scored outcomes.",
    )


def _most(role: dict[str, Any], equal: int) -> str:
    name = plain(role["member_name"] or "a role without a name")
    if equal > 1:
        return f"{equal:,} roles share the most, {role['n_high']:,} each; {name} is one."
    return f"Among roles it is {name}, with {role['n_high']:,} of {counted(role['n_outcomes'], 'outcome')}."


def _groups(caption: str, one: str, nobody: str, rows: pl.DataFrame, told: Basis) -> Any:
    import polars as pl

    name = (
        pl.when(pl.col("member").is_null())
        .then(pl.lit(nobody))
        .otherwise(pl.col("member_name").fill_null("without a name"))
    )
    listed = rows.select(name.alias("member_name"), *COUNTED).rows()
    few = (rows["n_scored"] < FEW).to_list()
    return table(caption, [Column(one), *GROUP], listed, most=TOP, rest=told.rest("opportunity_by"), few=few)


def gaps(told: Basis) -> Section:
    """What nobody does, owns or scored."""
    import polars as pl

    found = told.insights.metric("coverage_gaps")
    of = gap_totals(told.insights.table, told.outcomes.filter(band="HIGH").height)
    counts = dict(found.group_by("kind").len().iter_rows())
    title, whole = "What is not covered?", (WHOLE,) if told.filters else ()
    if not found.height:
        return Section("gaps", title, "Every role has a job, and every job a role and an outcome", whole)
    owned = counts.get("high_outcome_without_owner", 0)
    headline = (
        f"{counts.get('job_without_role', 0):,} of {counted(of['jobs'], 'job')} have no role, "
        f"{counts.get('role_without_job', 0):,} of {counted(of['roles'], 'role')} have no job"
        + (f"; {counted(owned, 'HIGH outcome')} without an owner" if owned else "")
    )
    first = {row["kind"]: row for row in found.unique("kind", keep="first", maintain_order=True).to_dicts()}
    kinds = [
        (GAPS[kind][0], counts[kind], of[GAPS[kind][1]], GAPS[kind][1], first[kind]["because"], first[kind]["remedy"])
        for kind in GAPS
        if kind in counts
    ]
    gravest = found.sort(pl.col("kind").replace_strict({kind: n for n, kind in enumerate(GAPS)}), maintain_order=True)
    listed = [(GAPS[row["kind"]][0], row["subject_name"], row["subject_code"]) for row in gravest.to_dicts()]
    columns = [
        Column("Gap"),
        Column("How many", "number"),
        Column("Of", "number"),
        Column("What"),
        Column("Why it matters"),
        Column("What to do"),
    ]
    return Section(
        "gaps",
        title,
        headline,
        whole,
        (),
        (
            table("The gaps by kind, the gravest first", columns, kinds),
            table(
                "Each gap",
                [Column("Gap"), Column("Name", missing="without a name"), Column("Code", "code", "none")],
                listed,
                most=LISTED,
                rest=told.rest("coverage_gaps"),
            ),
        ),
        "A gap is what the source does not say. The job may have an owner whom nobody wrote down.",
    )
