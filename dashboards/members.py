"""Shown outcomes added up by who and what: the columns of the metric `opportunity_by`, of any choice of outcomes."""

from __future__ import annotations

import polars as pl
from filters import word_of

from vital_insights.reports import members

TYPES = "outcome_type"  # belongs to the outcome and not to its job, so model.membership cannot know it


def by_member(
    shown: pl.DataFrame,
    membership: pl.DataFrame,
    jobs: pl.DataFrame,
    dimension: str,
    only: pl.Series | None = None,
) -> pl.DataFrame:
    """One row a member of the dimension, as `vital_insights.reports.members.by_member`; the type of an outcome is one too."""
    if dimension == TYPES:
        typed = shown.with_columns(member=word_of("type"))
        return members.added_up(typed.with_columns(member_name=pl.col("member").str.replace_all("_", " ")))
    return members.by_member(shown, membership, jobs, dimension, only)
