"""What a step of collection still lacks, one by one: the rows behind the counts of the metric `collection_progress`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matrix
import polars as pl

if TYPE_CHECKING:
    from session import Data

OF = {
    "scope": "role", "personas": "role", "jobs": "role", "evidence": "persona", "enrichment": "job", "ai_opportunities": "job",
    "validation": "job",
}  # fmt: skip
EVIDENCE = (
    "persona_evidence_sources", "persona_evidence_summary", "persona_public_research", "persona_expert_opinions",
    "persona_case_studies",
)  # fmt: skip
TALKS = ("expert_consultations", "panel_discussions")
PARTS = ("n_outcomes", "n_obstacles", "n_kpis", "n_success_criteria", "n_workflow_stages")


def missing(data: Data, step: str, member: str | None) -> pl.DataFrame:
    """`id`, `code` and `name` of the roles, personas or live jobs of a function for which a step is not done, by name.

    `member` is the id of the function, None for what belongs to none.
    """
    kind = OF[step]
    every = data.table(f"{kind}s")
    every = every.filter("is_live") if kind == "job" else every
    placed = _placed(data, kind)
    here = placed.filter(pl.col("unit_id") == member) if member else placed
    every = every.join(here, left_on=f"{kind}_id", right_on="member", how="semi" if member else "anti")
    found = every.join(_done(data, step), left_on=f"{kind}_id", right_on="id", how="anti")
    named = found.select(id=f"{kind}_id", code=f"{kind}_code", name=f"{kind}_name")
    return named.sort(pl.col("name").str.to_lowercase(), "id", nulls_last=True)


def _placed(data: Data, kind: str) -> pl.DataFrame:
    """`unit_id` and `member`: which function each belongs to, with all above it."""
    if kind != "job":
        return matrix.units_of(data, kind, "function")
    of_jobs = data.table("membership").filter(pl.col("dimension") == "function", pl.col("member").is_not_null())
    return of_jobs.select(unit_id="member", member="job_id")


def _done(data: Data, step: str) -> pl.DataFrame:
    """`id` of all for which the step is done."""
    if step in ("evidence", "validation"):
        tables, key = (EVIDENCE, "persona_id") if step == "evidence" else (TALKS, "jtbd_id")
        parts = (f"select {key}::varchar as id from raw.{table} where deleted_at is null" for table in tables)  # noqa: S608 - our own names
        return data.sql(" union ".join(parts))
    if step in ("enrichment", "ai_opportunities"):
        asked = PARTS if step == "enrichment" else ("n_ai_opportunities",)
        unknown = 1 if step == "enrichment" else 0  # what the source has no table for is asked of no job
        there = pl.all_horizontal(pl.col(name).fill_null(unknown) > 0 for name in asked)
        return data.metric("job_completeness").filter(there).select(id="job_id")
    staffed = data.table("personas").select(id="role_id")
    working = (
        data.table("job_roles").join(data.table("jobs").filter("is_live"), on="job_id", how="semi").select(id="role_id")
    )
    return {"personas": staffed, "jobs": working, "scope": pl.concat([staffed, working])}[step]
