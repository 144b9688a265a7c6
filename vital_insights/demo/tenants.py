"""The rows of three made-up tenants: the same on every machine and every day, with the field's defects in small numbers."""

from __future__ import annotations

from collections.abc import Iterator

from vital_insights.demo.defects import PLANTED, plant
from vital_insights.demo.draft import Draft, Profile, Row
from vital_insights.demo.enrichment import add_enrichment
from vital_insights.demo.evidence import add_evidence
from vital_insights.demo.jobs import add_jobs
from vital_insights.demo.machines import add_machines
from vital_insights.demo.organisation import add_organisation, profiles
from vital_insights.demo.places import add_places
from vital_insights.demo.portraits import add_portraits
from vital_insights.demo.records import add_records
from vital_insights.demo.reference import lists

__all__ = ["PLANTED", "TENANTS", "batches", "complete", "rows"]

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


def complete(draft: Draft) -> None:
    """Everything that one copy of a tenant has, in an order in which each part finds what it names."""
    add_organisation(draft)
    add_jobs(draft, draft)
    for add in (add_enrichment, add_evidence, add_places, add_portraits, add_machines, add_records):
        add(draft)
    _nest(draft)


def _nest(draft: Draft) -> None:
    """The tree of domains once more as pairs, and what each branch knows."""
    for domain in draft.rows["domains"]:
        if above := domain.get("parent_id"):
            draft.add("domain_hierarchies", domain["id"], parent_domain_id=above, child_domain_id=domain["id"])
        known = draft.key("knowledge_domains", above) if above else None
        draft.add("knowledge_domains", domain["id"], name=f"Knowledge of {domain['name']}", parent_id=known)


def batches(scale: int = 1) -> Iterator[dict[str, list[Row]]]:
    """The same rows piece by piece, so that a large scale needs little more memory than a small one."""
    drafts = [Draft(profile) for profile in TENANTS]
    for draft in drafts:
        complete(draft)
    yield {**lists(), **plant(drafts)}
    for draft in drafts:
        yield {**draft.rows, "user_profiles": profiles(draft)}
        for number in range(1, scale):
            more = Draft(draft.profile, number)
            add_jobs(more, draft)
            add_enrichment(more)
            yield more.rows
