"""Defects of jobs. They come first: some take outcomes and links away."""

from __future__ import annotations

from decimal import Decimal

from vital_insights.demo.defects.site import Site, planted
from vital_insights.demo.draft import LAST_DAY


@planted(6, 4, 3)
def job_without_roles(site: Site, _: int) -> None:
    job = site.idle_job()
    site.drop("jtbd_roles", "jtbd_id", job)
    site.drop("jtbd_personas", "jtbd_id", job)


@planted(5, 3, 2)
def job_without_outcomes(site: Site, _: int) -> None:
    site.drop("jtbd_outcomes", "jtbd_id", site.take("jobs_to_be_done"))


@planted(4, 2, 2)
def job_scored_itself(site: Site, turn: int) -> None:
    """No outcomes either, but scores on the job row."""
    job = site.take("jobs_to_be_done")
    site.drop("jtbd_outcomes", "jtbd_id", job)
    job |= {"importance_score": Decimal("8.5") - turn, "satisfaction_score": Decimal("4.2") + turn}


@planted(8, 3, 3)
def job_without_primary_role(site: Site, _: int) -> None:
    job = site.take("jobs_to_be_done")
    for link in site.draft.rows["jtbd_roles"]:
        link["is_primary"] = link["is_primary"] and link["jtbd_id"] != job["id"]


@planted(11, 3, 4)
def job_deprecated(site: Site, _: int) -> None:
    site.idle_job()["status"] = "deprecated"


@planted(7, 2, 2)
def job_archived(site: Site, _: int) -> None:
    site.idle_job()["status"] = "archived"


@planted(5, 2, 2)
def job_deleted(site: Site, _: int) -> None:
    site.idle_job()["deleted_at"] = LAST_DAY


@planted(31, 14, 12)
def job_draft(site: Site, _: int) -> None:
    site.take("jobs_to_be_done")["status"] = "draft"


@planted(2, 1, 1)
def job_status_missing(site: Site, _: int) -> None:
    site.take("jobs_to_be_done")["status"] = None


@planted(3, 1, 1)
def job_name_repeated(site: Site, _: int) -> None:
    """Two jobs of one team under one name."""
    first = site.take("jobs_to_be_done", lambda job: job["domain_id"] is not None)
    site.take("jobs_to_be_done", lambda job: job["domain_id"] == first["domain_id"])["name"] = first["name"]


@planted(3, 2, 1)
def job_area_unknown(site: Site, _: int) -> None:
    site.take("jobs_to_be_done")["functional_area"] = "Patient Advocacy"


@planted(2, 1, 1)
def job_complexity_unknown(site: Site, _: int) -> None:
    site.take("jobs_to_be_done")["complexity"] = "tricky"


@planted(1, 1, 1)
def job_code_in_every_tenant(site: Site, _: int) -> None:
    site.take("jobs_to_be_done")["code"] = "GLOBAL_CORE_001"


@planted(2, 1, 1)
def job_domain_of_another_tenant(site: Site, turn: int) -> None:
    site.take("jobs_to_be_done")["domain_id"] = site.neighbour.rows["domains"][turn]["id"]
