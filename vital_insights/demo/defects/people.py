"""Defects of personas, the organisation, links and what describes a job."""

from __future__ import annotations

from decimal import Decimal

from vital_insights.demo.defects.site import Site, common_role, planted
from vital_insights.demo.draft import LAST_DAY

IDLE_ROLES = (
    "Interim Programme Lead",
    "Chief of Staff",
    "Innovation Fellow",
    "Graduate Trainee",
    "Site Liaison Officer",
)


@planted(92, 27, 24)
def persona_without_role(site: Site, _: int) -> None:
    _without_its_role(site, None)


@planted(4, 2, 1)
def persona_role_dangling(site: Site, turn: int) -> None:
    _without_its_role(site, site.draft.key("org_roles", f"never made {turn}"))


@planted(2, 1, 1)
def persona_role_of_no_tenant(site: Site, turn: int) -> None:
    _without_its_role(site, common_role(turn))


def _without_its_role(site: Site, role: object) -> None:
    persona = site.take("personas")
    site.drop("jtbd_personas", "persona_id", persona)  # no role would imply them any more
    persona["role_id"] = role


@planted(2, 1, 1)
def persona_name_repeated(site: Site, _: int) -> None:
    site.take("personas")["name"] = site.take("personas")["name"]


@planted(6, 2, 2)
def persona_deleted(site: Site, _: int) -> None:
    site.take("personas")["deleted_at"] = LAST_DAY


@planted(18, 7, 5)
def direct_link_not_implied(site: Site, turn: int) -> None:
    """A legacy link that the persona's role does not explain."""
    job = site.take("jobs_to_be_done")
    persona = site.take("personas", lambda row: row["role_id"] not in site.roles(job))
    site.draft.add(
        "jtbd_personas", f"planted {turn}", jtbd_id=job["id"], persona_id=persona["id"], relevance_score=Decimal("0.60")
    )


@planted(5, 3, 3)
def role_without_jobs(site: Site, turn: int) -> None:
    department = site.draft.rows["org_departments"][turn]
    site.draft.add("org_roles", f"idle {turn}", name=IDLE_ROLES[turn], code=f"IDLE-{turn + 1}", department_id=department["id"],
                   function_id=department["function_id"])  # fmt: skip


@planted(1, 0, 0)
def roles_reporting_in_a_circle(site: Site, _: int) -> None:
    """Two roles, each the other's boss."""
    role = site.take("org_roles", lambda row: row["reports_to_role_id"] is not None)
    boss = site.take("org_roles", lambda row: row["id"] == role["reports_to_role_id"])
    boss["reports_to_role_id"] = role["id"]


@planted(1, 1, 0)
def function_name_repeated(site: Site, turn: int) -> None:
    twin = site.take("org_functions", lambda row: row["code"] in {"MA", "CE"})
    site.draft.add(
        "org_functions", f"twin {turn}", name=twin["name"], code=f"{twin['code']}-OLD", parent_id=twin["parent_id"]
    )


@planted(1, 1, 1)
def department_function_of_another_tenant(site: Site, _: int) -> None:
    site.take("org_departments")["function_id"] = site.neighbour.rows["org_functions"][-1]["id"]


@planted(3, 2, 1)
def link_to_role_of_another_tenant(site: Site, turn: int) -> None:
    _link_role(site, f"abroad {turn}", site.neighbour.rows["org_roles"][turn]["id"])


@planted(4, 2, 2)
def link_to_role_of_no_tenant(site: Site, turn: int) -> None:
    _link_role(site, f"common {turn}", common_role(turn))


def _link_role(site: Site, name: str, role: object) -> None:
    job = site.take("jobs_to_be_done")
    site.draft.add("jtbd_roles", name, jtbd_id=job["id"], role_id=role, relevance_score=Decimal("0.40"), is_primary=False,
                   mapping_source="imported")  # fmt: skip


@planted(5, 2, 1)
def link_source_unknown(site: Site, _: int) -> None:
    site.take("jtbd_roles")["mapping_source"] = "survey_2024"


@planted(6, 3, 2)
def kpi_without_code(site: Site, _: int) -> None:
    site.take("jtbd_kpis")["kpi_code"] = None


@planted(2, 1, 1)
def obstacle_blank(site: Site, _: int) -> None:
    site.take("jtbd_obstacles")["obstacle_text"] = ""
