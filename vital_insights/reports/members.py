"""Shown outcomes added up by who does their jobs: the columns of the metric `opportunity_by`, of any choice of outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vital_insights.charts.theme import BANDS

if TYPE_CHECKING:
    import polars as pl


def by_member(
    shown: pl.DataFrame,
    membership: pl.DataFrame,
    jobs: pl.DataFrame,
    dimension: str,
    only: pl.Series | None = None,
) -> pl.DataFrame:
    """One row a member of the dimension that has a live job, in no order; member NULL are the outcomes that belong to none.

    `shown` are rows of `opportunity`, `only` restricts the members by id. Columns as in `opportunity_by`, and beside them
    mean_importance, mean_satisfaction, max_band and top_statement. A member without a shown outcome has n_outcomes 0.
    """
    import polars as pl

    live = membership.filter(pl.col("dimension") == dimension).join(jobs.filter("is_live"), on="job_id", how="semi")
    members = live.filter(pl.col("member").is_not_null()).select("job_id", "member", "member_name")
    if only is not None:
        members = members.filter(pl.col("member").is_in(only.implode()))
    inside = shown.join(members, on="job_id", how="inner")
    outside = shown.join(members, on="job_id", how="anti").with_columns(
        pl.lit(None, pl.String).alias("member"), pl.lit(None, pl.String).alias("member_name")
    )
    idle = members.select("member", "member_name").unique("member").join(inside, on="member", how="anti")
    return added_up(pl.concat([inside, outside.select(inside.columns), idle], how="diagonal"))


def is_named() -> pl.Expr:
    """Whether a row is of a member, and not of the outcomes that belong to none."""
    import polars as pl

    return pl.col("member").is_not_null()


def lowest(tree: pl.DataFrame, dimension: str) -> pl.Series:
    """The ids of a tree that have none below them: those above hold all of theirs and would only say them again."""
    import polars as pl

    above = tree["parent_id"].drop_nulls()
    return tree.filter(~pl.col(f"{dimension}_id").is_in(above.implode()))[f"{dimension}_id"].cast(pl.String)


def gap_totals(table: Callable[[str], pl.DataFrame], n_high: int) -> dict[str, int]:
    """How many there are of what each kind of gap is counted of, by the words of GAPS; `table` gives a table of the model."""
    live = table("jobs").filter("is_live")
    links = table("persona_jobs").join(live, on="job_id", how="semi")
    return {
        "roles": table("roles").height,
        "personas": table("personas").height,
        "jobs": live.height,
        "HIGH outcomes": n_high,
        "direct links of a persona and a job": links.filter(links["route"] != "inherited").height,
    }


def added_up(placed: pl.DataFrame) -> pl.DataFrame:
    """Counts, means and the highest of each member; a row without an outcome only keeps its member."""
    import polars as pl

    scored = pl.col("score").is_not_null()
    counts = {f"n_{band.lower()}": (pl.col("band") == band).sum().cast(pl.Int64) for band in BANDS}
    firm = pl.col("band_firm").filter(pl.col("band") == "HIGH")
    found = (
        placed.sort("score", "outcome_id", descending=[True, False], nulls_last=True)
        .group_by("member", maintain_order=True)
        .agg(
            pl.col("member_name").max(),
            pl.col("outcome_id").count().cast(pl.Int64).alias("n_outcomes"),
            scored.sum().cast(pl.Int64).alias("n_scored"),
            *(count.alias(name) for name, count in counts.items()),
            pl.when(firm.is_null().any()).then(None).otherwise(firm.sum()).cast(pl.Int64).alias("n_high_firm"),
            (pl.col("region") == "underserved").sum().cast(pl.Int64).alias("n_underserved"),
            pl.col("score").sum().alias("total_score"),
            *(pl.col(name).filter(scored).sum().alias(f"total_{name}") for name in ("importance", "satisfaction")),
            pl.col("score").max().alias("max_score"),
            *(pl.col(name).first().alias(top) for name, top in
              (("outcome_id", "top_outcome_id"), ("statement", "top_statement"), ("band", "max_band"))),
        )
    )  # fmt: skip
    means = {f"mean_{name}": _mean(name) for name in ("score", "importance", "satisfaction")}
    nothing = pl.col("n_scored") == 0
    return found.with_columns(
        **means,
        share_underserved=pl.when(~nothing).then(pl.col("n_underserved") / pl.col("n_scored")),
        total_importance=pl.when(~nothing).then("total_importance"),
        top_outcome_id=pl.when(~nothing).then("top_outcome_id"),
        top_statement=pl.when(~nothing).then("top_statement"),
        max_band=pl.col("max_band").fill_null("UNSCORED"),
    ).filter(pl.col("member").is_not_null() | (pl.col("n_outcomes") > 0))


def _mean(name: str) -> pl.Expr:
    """The mean of the scored: the sum is exact and is divided once."""
    import polars as pl

    return pl.when(pl.col("n_scored") > 0).then(pl.col(f"total_{name}").cast(pl.Float64) / pl.col("n_scored"))
