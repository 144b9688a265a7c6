"""Defects of what collection adds to jobs and personas: evidence, values, limits, dependencies, workflow, AI opportunities."""

from __future__ import annotations

from vital_insights.demo.defects.site import Site, planted
from vital_insights.demo.draft import LAST_DAY


@planted(3, 2, 1)
def evidence_deleted(site: Site, _: int) -> None:
    site.take("persona_evidence_sources")["deleted_at"] = LAST_DAY


@planted(2, 1, 1)
def evidence_persona_of_another_tenant(site: Site, turn: int) -> None:
    site.take("persona_evidence_sources")["persona_id"] = site.neighbour.rows["personas"][turn]["id"]


@planted(1, 1, 0)
def consultation_persona_dangling(site: Site, turn: int) -> None:
    consultation = site.take("expert_consultations", lambda row: row["jtbd_id"] is not None)
    consultation["persona_id"] = site.draft.key("personas", f"never made {turn}")


@planted(2, 1, 1)
def value_driver_blank(site: Site, _: int) -> None:
    site.take("jtbd_value_drivers")["value_description"] = " "


@planted(3, 1, 1)
def constraint_type_unknown(site: Site, _: int) -> None:
    site.take("jtbd_constraints")["constraint_type"] = "legal"


@planted(2, 1, 1)
def dependency_on_job_of_another_tenant(site: Site, turn: int) -> None:
    _wait_for(site, f"abroad {turn}", site.neighbour.rows["jobs_to_be_done"][turn]["id"])


@planted(2, 1, 1)
def dependency_dangling(site: Site, turn: int) -> None:
    _wait_for(site, f"nowhere {turn}", site.draft.key("jobs_to_be_done", f"never made {turn}"))


def _wait_for(site: Site, name: str, source: object) -> None:
    job = site.take("jobs_to_be_done")
    site.draft.add("jtbd_dependencies", name, source_jtbd_id=source, dependent_jtbd_id=job["id"])


@planted(1, 1, 0)
def jobs_waiting_for_each_other(site: Site, turn: int) -> None:
    first = site.take("jtbd_dependencies")
    site.draft.add("jtbd_dependencies", f"back {turn}", source_jtbd_id=first["dependent_jtbd_id"],
                   dependent_jtbd_id=first["source_jtbd_id"])  # fmt: skip


@planted(2, 1, 1)
def dependency_deleted(site: Site, _: int) -> None:
    site.take("jtbd_dependencies")["deleted_at"] = LAST_DAY


@planted(2, 1, 1)
def activity_waiting_for_nothing(site: Site, turn: int) -> None:
    site.take("jtbd_workflow_activities")["depends_on_activity_id"] = site.draft.key(
        "jtbd_workflow_activities", f"never made {turn}"
    )


@planted(2, 1, 1)
def use_case_of_another_tenant(site: Site, turn: int) -> None:
    """A use case whose opportunity is a neighbour's."""
    abroad = site.neighbour.rows["jtbd_gen_ai_opportunities"][turn]
    site.take("jtbd_gen_ai_use_cases")["gen_ai_opportunity_id"] = abroad["id"]


@planted(3, 1, 1)
def kpi_direction_unclear(site: Site, _: int) -> None:
    """A word that says neither up nor down."""
    site.take("jtbd_kpis", lambda kpi: kpi["direction"] is not None)["direction"] = "stable"
