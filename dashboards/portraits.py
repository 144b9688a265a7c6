"""Personas as the page about them shows them: which the filters choose, what is written down of each, what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matrix
import polars as pl
from filters import LENGTH

from vital_insights.insights import NONE
from vital_insights.reports.personas import EVIDENCE

if TYPE_CHECKING:
    from filters import Selection
    from places import Place
    from session import Data

PARTS = {
    "n_profile": "Profile",
    "n_time": "Time",
    "n_stakeholders": "Stakeholders",
    "n_evidence": "Evidence",
}
WHOM = {
    "internal_stakeholders": "Inside the organisation", "external_stakeholders": "Outside the organisation",
    "regulatory_stakeholders": "Regulators", "customer_relationships": "Customers", "vendor_relationships": "Vendors",
    "industry_relationships": "Industry", "internal_networks": "Networks inside", "stakeholder_influence_map": "Influence",
    "stakeholder_journey": "Course over time", "stakeholder_value_exchange": "Give and take",
}  # fmt: skip
PIECES = {
    "evidence_sources": "Named sources", "evidence_summary": "Summary, no evidence of its own", "public_research": "Published studies",
    "expert_opinions": "Expert opinions", "industry_reports": "Industry reports", "supporting_statistics": "Statistics",
    "case_studies": "Case studies",
}  # fmt: skip
LIKE = {
    "education": "Education", "certifications": "Certificates", "career_trajectory": "Career", "motivations": "Motives",
    "values": "Values", "personality_traits": "Traits", "success_metrics": "Measure of success",
    "communication_preferences": "Way of talking",
}  # fmt: skip
TIME = {
    "typical_day": "Day", "week_in_life": "Week", "weekly_meetings": "Weekly meetings", "weekly_milestones": "Weekly goals",
    "month_in_life": "Month", "monthly_objectives": "Monthly goals", "monthly_stakeholders": "Met monthly", "year_in_life": "Year",
    "annual_conferences": "Conferences",
}  # fmt: skip
DIMENSIONS = ("visibility", "pain", "actions", "needs", "emotions", "scenarios")
VIEWS = {
    "evidence": ("Evidence", EVIDENCE),
    "parts": ("Portrait", PARTS),
    "whom": ("Stakeholders", WHOM),
}


def codes(personas: pl.DataFrame) -> dict[str, str]:
    """By id, what the address calls each persona: its code, or its id where it is missing, repeats, is too long or means none."""
    code = pl.col("persona_code")
    usable = code.str.len_chars().is_between(1, LENGTH) & code.is_unique() & (code != NONE)
    return dict(
        personas.select("persona_id", pl.when(usable).then(code).otherwise("persona_id").alias("code")).iter_rows()
    )


def chosen(data: Data, selection: Selection) -> pl.DataFrame:
    """`persona_id` of every persona in all the chosen functions, departments, roles and the like."""
    found = data.table("personas").select("persona_id", "role_id")
    for place in selection.places:
        inside = _of(data, place)
        how = "semi" if place.member else "anti"  # who belongs to none is in no other either
        found = found.join(inside, on="persona_id", how=how, maintain_order="left")
    return found.select("persona_id")


def _of(data: Data, place: Place) -> pl.DataFrame:
    """The personas of a member of a dimension; without a member all who belong to one."""
    if place.dimension in ("role", "persona"):
        key = f"{place.dimension}_id"
        found = data.table("personas").select("persona_id", member=key)
    elif place.dimension == "domain":  # only jobs lie in domains
        jobs = data.table("membership").filter(dimension="domain").select("job_id", "member")
        found = data.table("persona_jobs").join(jobs, on="job_id").select("persona_id", "member")
    else:
        found = data.table("persona_membership").filter(dimension=place.dimension).select("persona_id", "member")
    own = pl.col("member") == place.member if place.member else pl.col("member").is_not_null()
    return found.filter(own).select("persona_id").unique()


def counts(data: Data, view: str) -> pl.DataFrame:
    """persona_id and how much is written down by kind of a view, NULL where the source cannot tell."""
    if view == "evidence":
        return data.metric("persona_evidence")
    if view == "parts":
        return data.metric("persona_completeness")
    return (
        data.metric("stakeholder_map").pivot("kind", index="persona_id", values="n_entries").select("persona_id", *WHOM)
    )


def entries(data: Data, persona_id: str, part: str) -> dict[str, list[dict[str, Any]] | None]:
    """By kind of a part what is written down of a persona, newest first; None where the source cannot tell."""
    kinds = data.table("persona_kinds").filter(part=part).sort("place")
    rows = data.table("persona_entries").filter(persona_id=persona_id)
    rows = rows.sort("changed_at", "entry_id", descending=[True, False], nulls_last=True)
    return {
        row["kind"]: rows.filter(kind=row["kind"]).to_dicts() if row["is_known"] else None
        for row in kinds.iter_rows(named=True)
    }


def scores(data: Data, persona_id: str) -> tuple[dict[str, Any], pl.DataFrame]:
    """The row of `vpanes` of a persona, and its scores as the chart takes them, beside the mean of all who are scored."""
    every = data.metric("vpanes")
    own = every.row(by_predicate=pl.col("persona_id") == persona_id, named=True)
    told = []
    for name in DIMENSIONS:
        known = every[name].drop_nulls()
        mean = float(known.sum()) / known.len() if known.len() else None
        told.append({"dimension": name.capitalize(), "score": own[name], "mean": mean, "n": known.len()})
    types = {"dimension": pl.String, "score": pl.Decimal(18, 6), "mean": pl.Float64, "n": pl.Int64}
    return own, pl.DataFrame(told, schema=types)


def top(data: Data) -> float:
    """Where the scale of the scores ends: 10, or the highest score there is where it lies above; the source says no scale."""
    every = data.metric("vpanes").select(DIMENSIONS)
    return max([10.0, *(float(value) for value in every.max().row(0) if value is not None)])


def units(data: Data) -> pl.DataFrame:
    """unit_id, unit_name and member of every persona, by function of the lowest level."""
    return matrix.units(data, "persona", "function")
