"""The chapter on what personas rest on, and what pages and reports share about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.dumbbell import FEW
from vital_insights.charts.wording import share
from vital_insights.errors import OlderSnapshot
from vital_insights.reports.members import lowest
from vital_insights.reports.parts import Column, Picture, Section, table
from vital_insights.reports.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from vital_insights.reports.basis import Basis

# By grade, the best first: what it is called, and its rule in words.
STRENGTHS = {
    "strong": ("Strong", "three kinds or more, one of them studies, statistics or case studies"),
    "fair": ("Fair", "two kinds, or more without any of those"),
    "thin": ("Thin", "one kind only"),
    "none": ("None", "nothing is written down"),
}
WEAK = ("thin", "none")
EVIDENCE = {
    "n_sources": "Named sources", "n_research": "Published studies", "n_opinions": "Expert opinions",
    "n_reports": "Industry reports", "n_statistics": "Statistics", "n_case_studies": "Case studies",
}  # fmt: skip
TITLE = "What do the personas rest on?"
NUMBER, LISTED = 20, 25  # functions in the picture, personas in the table


def carried(evidence: pl.DataFrame, shown: pl.DataFrame, membership: pl.DataFrame) -> pl.DataFrame:
    """The rows of `persona_evidence` with `n_outcomes` and `n_high`, how many of the shown outcomes are of the persona's jobs."""
    import polars as pl

    jobs = membership.filter(pl.col("dimension") == "persona", pl.col("member").is_not_null())
    counts = (
        shown.join(jobs.select("job_id", "member").unique(), on="job_id")
        .group_by("member")
        .agg(
            pl.len().cast(pl.Int64).alias("n_outcomes"), (pl.col("band") == "HIGH").sum().cast(pl.Int64).alias("n_high")
        )
    )
    found = evidence.join(counts, left_on="persona_id", right_on="member", how="left")
    return found.with_columns(pl.col("n_outcomes", "n_high").fill_null(0))


def weakest_first(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `carried` with HIGH outcomes on thin evidence or none, those that carry most first, the same under ties."""
    import polars as pl

    weak = rows.filter(pl.col("strength").is_in(WEAK), pl.col("n_high") > 0)
    order = [-pl.col("n_high"), pl.col("n_kinds"), pl.col("persona_name").str.to_lowercase(), "persona_id"]
    return weak.sort(order, nulls_last=True)


def finding(rows: pl.DataFrame, n_all: int, filters: bool) -> str:
    """What matters first: how many personas carry HIGH outcomes on thin evidence or none, of all that there are."""
    within = " within the filters" if filters else ""
    if not rows.height:
        return f"None of the {counted(n_all, 'persona')} is chosen"
    if rows["strength"].is_null().all():
        return f"What the {counted(n_all, 'persona')} rest on is unknown"
    weak = weakest_first(rows).height
    verb = "carry" if weak > 1 else "carries"
    return f"{weak or 'None'} of {counted(n_all, 'persona')} {verb} HIGH outcomes on thin evidence or none{within}"


def by_unit(rows: pl.DataFrame, kinds: dict[str, str], units: pl.DataFrame) -> pl.DataFrame:
    """The cells of `evidence_map`: for each unit and kind how many personas have something of it, least written down first.

    `rows` has persona_id and a count by kind, NULL where the source cannot tell; `units` has unit_id, unit_name and member.
    """
    import polars as pl

    placed = rows.select("persona_id", *kinds).join(units, left_on="persona_id", right_on="member")
    had = placed.group_by("unit_id", "unit_name").agg(
        pl.len().cast(pl.Int64).alias("n_personas"),
        *(
            pl.when(pl.col(kind).is_not_null().any()).then((pl.col(kind) > 0).sum()).cast(pl.Int64).alias(kind)
            for kind in kinds
        ),
    )
    filled = pl.sum_horizontal(*kinds) / pl.col("n_personas")
    had = had.sort(filled, pl.col("unit_name").str.to_lowercase(), "unit_id", nulls_last=True)
    cells = [
        {"unit": row["unit_id"], "unit_name": row["unit_name"], "n_personas": row["n_personas"], "kind": kind, "kind_name": name,
         "n": row[kind]}
        for row in had.iter_rows(named=True) for kind, name in kinds.items()
    ]  # fmt: skip
    names = ("unit", "unit_name", "n_personas", "kind", "kind_name", "n")
    return pl.DataFrame(cells, schema={name: pl.Int64 if name.startswith("n") else pl.String for name in names})


def lowest_units(table_of: Callable[[str], pl.DataFrame]) -> pl.DataFrame:
    """unit_id, unit_name and member of every persona: functions that have none below them, and none where it is in none."""
    import polars as pl

    functions = table_of("functions")
    only = functions.filter(pl.col("function_id").is_in(lowest(functions, "function").implode()))
    belongs = table_of("persona_membership").filter(dimension="function").select(unit_id="member", member="persona_id")
    placed = only.select(unit_id="function_id", unit_name="function_name").join(belongs, on="unit_id")
    nowhere = table_of("personas").select(member="persona_id").join(placed, on="member", how="anti")
    return pl.concat(
        [placed, nowhere.select(unit_id=pl.lit("none"), unit_name=pl.lit("in no function"), member="member")]
    )


def founded(told: Basis) -> Section:
    """What the personas of the chosen outcomes rest on."""
    try:
        evidence = told.insights.metric("persona_evidence")
    except OlderSnapshot:
        return Section("personas", TITLE, "This snapshot was made before the evidence behind personas was measured")
    rows = carried(evidence, told.shown, told.membership)
    if told.filters:
        rows = rows.filter(rows["n_outcomes"] > 0)
    headline = finding(rows, evidence.height, bool(told.filters))
    if not evidence.height:
        return Section("personas", TITLE, "This tenant has no personas yet")
    if not rows.height or rows["strength"].is_null().all():
        return Section(
            "personas", TITLE, headline, ("The source has none of the six tables of evidence.",) if rows.height else ()
        )
    weak = weakest_first(rows)
    cells = by_unit(rows, EVIDENCE, lowest_units(told.insights.table))
    kept = cells["unit"].unique(maintain_order=True).head(NUMBER)
    units = cells["unit"].n_unique()
    return Section(
        "personas",
        TITLE,
        headline,
        (_graded(rows), *_portraits(told, rows)),
        (
            Picture(
                "evidence",
                cells.join(kept.to_frame(), on="unit", how="semi", maintain_order="left"),
                "Personas with each kind of evidence, by function",
                "For each function how many of its personas have evidence of each of six kinds",
                f"The {NUMBER} of {units:,} functions with the least evidence. " * (units > NUMBER)
                + "Each number counts personas; the stronger the ground, the larger their share of the function’s."
                + " (n): of fewer than five." * bool((cells["n_personas"] < FEW).any())
                + " ?: the source cannot tell." * bool(cells["n"].has_nulls()),
            ),
        ),
        (_strengths(rows), *((_first(weak, told),) if weak.height else ())),
        "Evidence is counted, not read: many weak sources count as more than one that settles the matter. A persona counts in every "
        "function that it or its role belongs to.",
    )


def _graded(rows: pl.DataFrame) -> str:
    counts = dict(rows.group_by("strength").len().iter_rows())
    said = [f"{counts.get(grade, 0):,} {name.lower()}" for grade, (name, _) in STRENGTHS.items()]
    return f"Evidence behind {counted(rows.height, 'persona')}: {', '.join(said)}."


def _portraits(told: Basis, rows: pl.DataFrame) -> tuple[str, ...]:
    """How much of the portraits is written down; nothing where the snapshot or the source cannot tell."""
    try:
        portraits = told.insights.metric("persona_completeness")
    except OlderSnapshot:
        return ()
    portraits = portraits.join(rows.select("persona_id"), on="persona_id", how="semi")
    filled, of = (int(portraits[name].sum()) for name in ("n_filled", "n_kinds"))
    if not of:
        return ()
    return (
        f"Of all that could be written down about them (profile, time, stakeholders, evidence) {share(filled, of)} is: "
        f"{filled:,} of {of:,} kinds of entries.",
    )


def _strengths(rows: pl.DataFrame) -> Any:
    listed = []
    for grade, (name, rule) in STRENGTHS.items():
        own = rows.filter(rows["strength"] == grade)
        carrying = own.filter(own["n_high"] > 0).height
        listed.append((name, own.height, share(own.height, rows.height), carrying, rule))
    columns = [
        Column("Evidence"),
        Column("Personas", "number"),
        Column("Share", "number"),
        Column("With HIGH outcomes", "number"),
        Column("Means"),
    ]
    return table("Personas by the strength of their evidence", columns, listed)


def _first(weak: pl.DataFrame, told: Basis) -> Any:
    listed = [
        (row["persona_name"], row["persona_code"], STRENGTHS[row["strength"]][0], row["n_pieces"], row["n_high"], row["n_outcomes"])
        for row in weak.to_dicts()
    ]  # fmt: skip
    columns = [
        Column("Persona", missing="without a name"),
        Column("Code", "code", "none"),
        Column("Evidence"),
        Column("Pieces", "number"),
        Column("HIGH", "number"),
        Column("Outcomes", "number"),
    ]
    return table("Evidence is needed first for", columns, listed, most=LISTED, rest=told.rest("persona_evidence"))
