"""What a report is told from: one snapshot, the outcomes chosen, and what to compare them with, each read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vital_insights.errors import VitalError
from vital_insights.reports import origin, phrases
from vital_insights.reports.members import by_member, lowest
from vital_insights.warehouse.belonging import WORDS

if TYPE_CHECKING:
    import polars as pl

    from vital_insights.insights import Comparison, Insights, Snapshot
    from vital_insights.quality.verdict import Verdict


@dataclass(frozen=True)
class Basis:
    """`shown` are the chosen rows of `opportunity`, `filters` says in words how they were chosen."""

    insights: Insights
    outcomes: pl.DataFrame
    shown: pl.DataFrame
    filters: tuple[str, ...] = ()

    @cached_property
    def method(self) -> dict[str, Any] | None:
        """The row of the metric `method`; None in a snapshot made before there was one."""
        return origin.method(self.insights)

    @cached_property
    def verdict(self) -> Verdict:
        return self.insights.verdict()

    @cached_property
    def jobs(self) -> pl.DataFrame:
        return self.insights.table("jobs")

    @cached_property
    def membership(self) -> pl.DataFrame:
        return self.insights.table("membership")

    def groups(self, dimension: str) -> pl.DataFrame:
        """The shown outcomes by function (only those without one below), role or the like; most HIGH first, none of them last."""
        import polars as pl

        only = lowest(self.insights.table("functions"), "function") if dimension == "function" else None
        found = by_member(self.shown, self.membership, self.jobs, dimension, only).filter(pl.col("n_outcomes") > 0)
        order = [
            pl.col("member").is_null(),
            -pl.col("n_high"),
            -pl.col("n_high") / pl.col("n_outcomes"),
            "member_name",
            "member",
        ]
        return found.sort(order, nulls_last=True)

    @cached_property
    def older(self) -> Snapshot | None:
        """The snapshot that this one is compared with, if there is one before it."""
        return next(iter(phrases.older_first(self.insights.snapshot, self.insights.older())), None)

    @cached_property
    def compared(self) -> Comparison | VitalError | None:
        """What changed since then, None without an older one; an older file that cannot be read spoils a chapter, not the report."""
        try:
            return self.insights.compare(self.older) if self.older else None
        except VitalError as error:
            return error

    def rest(self, metric: str) -> str:
        """Where to get what a table leaves out."""
        what = "Of the whole tenant, in its newest snapshot" if self.filters else "The others, in the newest snapshot"
        return f"{what}: vital-insights show {self.insights.tenant.slug} {metric} --format csv"

    @property
    def meanings(self) -> dict[str, str]:
        return phrases.bands(self.method)


def in_words(
    where: Mapping[str, Any] | None, members: Mapping[str, Sequence[str | None]] | None = None
) -> tuple[str, ...]:
    """Conditions as people say them: `function Medical Affairs`, `band HIGH or MEDIUM`, `no outcome type stated`.

    `members` has the names of those that conditions by dimension mean, as `Insights.named` gives them.
    """
    named = members or {}
    return tuple(
        _condition(column.replace("_", " "), named.get(column, asked), belongs=column in named and column not in WORDS)
        for column, asked in (where or {}).items()
    )


def _condition(column: str, asked: Any, *, belongs: bool) -> str:
    values: Sequence[Any] = list(asked) if isinstance(asked, list | tuple | set | frozenset) else [asked]
    known = [str(value) for value in values if value is not None]
    unknown = [f"in no {column}" if belongs else f"no {column} stated"] if None in values else []
    return " or ".join([*([f"{column} {' or '.join(known)}"] if known else []), *unknown]) or f"no {column} at all"
