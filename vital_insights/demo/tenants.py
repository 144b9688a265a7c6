"""The rows of three made-up tenants: the same on every machine and every day, with the field's defects in small numbers."""

from __future__ import annotations

from collections.abc import Iterator

from vital_insights.demo.defects import PLANTED, plant
from vital_insights.demo.draft import Draft, Profile, Row
from vital_insights.demo.enrichment import add_enrichment
from vital_insights.demo.evidence import add_evidence
from vital_insights.demo.jobs import add_jobs
from vital_insights.demo.organisation import add_organisation, industries, profiles

__all__ = ["PLANTED", "TENANTS", "batches", "rows"]

TENANTS = (
    Profile(
        "aldermoor", "Aldermoor Pharma", "pharma", "PHARMA", "active", "enterprise", "Pharmaceuticals", 338, 335, 8,
        {"owner": 1, "admin": 4, "manager": 12, "member": 61, "viewer": 23, "guest": 3},
    ),
    Profile(
        "carewick", "Carewick Digital Health", "digital", "DIGITAL", "trial", "professional", "Digital Health", 126, 96, 7,
        {"owner": 2, "admin": 2, "member": 19, "viewer": 4}, progress=0.85,
    ),
    Profile(
        "quillmark", "Quillmark Biosciences", "biotech", "BIOTECH", "active", "starter", "Biotechnology", 112, 88, 6,
        {"owner": 1, "manager": 3, "member": 9}, progress=0.7, validates=False,
    ),
)  # fmt: skip


def rows(scale: int = 1) -> dict[str, list[Row]]:
    """All rows by table. `scale` multiplies jobs and what hangs on them; the defects stay in the first copy."""
    together: dict[str, list[Row]] = {}
    for batch in batches(scale):
        for table, found in batch.items():
            together.setdefault(table, []).extend(found)
    return together


def batches(scale: int = 1) -> Iterator[dict[str, list[Row]]]:
    """The same rows piece by piece, so that a large scale needs little more memory than a small one."""
    drafts = [Draft(profile) for profile in TENANTS]
    for draft in drafts:
        add_organisation(draft)
        add_jobs(draft, draft)
        add_enrichment(draft)
        add_evidence(draft)
    yield {"industries": industries(), **plant(drafts)}
    for draft in drafts:
        yield {**draft.rows, "user_profiles": profiles(draft)}
        for number in range(1, scale):
            more = Draft(draft.profile, number)
            add_jobs(more, draft)
            add_enrichment(more)
            yield more.rows
