"""What the pages call the gaps and the columns of `coverage_by`, in words, and what the gaps are counted of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from vital_insights.reports import members
from vital_insights.reports.phrases import GAPS

if TYPE_CHECKING:
    from session import Data


def gap_totals(data: Data) -> dict[str, int]:
    """How many there are of what each kind of gap is counted of, by the words of GAPS."""
    return members.gap_totals(data.table, data.metric("opportunity").filter(band="HIGH").height)


def columns(*named: tuple[str, str]) -> list[pl.Expr]:
    return [
        (100 * pl.col(column) if column.startswith("share") else pl.col(column)).alias(said) for column, said in named
    ]


def unknown_counts(shown: pl.DataFrame) -> str:
    """The columns of counts that are unknown in every row, in a sentence with the reason; nothing where there are none."""
    counts = [name for name in shown.columns if not name.startswith("%")]
    unknown = [name for name in counts if shown.height and shown[name].null_count() == shown.height]
    if not unknown:
        return ""
    if all("primary" in name for name in unknown):
        return "Which role is primary is unknown: no link of the source says so."
    return f"Unknown here: {', '.join(unknown)}. The source has no table or column that would tell."


OF_UNITS = columns(
    ("n_jobs", "Jobs"), ("n_with_role", "with a role"), ("share_with_role", "% with a role"), ("n_with_primary", "with a primary role"),
    ("share_with_primary", "% with a primary role"), ("n_personas", "Personas"), ("n_personas_with_job", "with a job"),
    ("share_personas_with_job", "% of personas with a job"),
)  # fmt: skip
OF_ALL = columns(
    ("n_jobs", "Jobs"),
    ("n_live_jobs", "of all jobs"),
    ("share_of_live_jobs", "% of all jobs"),
    ("n_primary", "as primary"),
)
OF_ROUTES = columns(("n_inherited", "inherited only"), ("n_direct", "direct only"), ("n_both", "by both routes"))
OF_JOBS = columns(("n_roles", "Roles"), ("n_primary", "primary roles"), ("n_personas", "Personas")) + OF_ROUTES
SHARES = {
    "function": ("Functions", OF_UNITS), "department": ("Departments", OF_UNITS), "role": ("Roles", OF_ALL),
    "persona": ("Personas", OF_ALL + OF_ROUTES), "job": ("Jobs", OF_JOBS),
}  # fmt: skip

__all__ = ["GAPS", "SHARES", "gap_totals", "unknown_counts"]
