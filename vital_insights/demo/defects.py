"""What live databases of this family get wrong, planted in known numbers: warnings and remarks, never a broken key.

Each function below plants its defect once; the numbers above it say how often per tenant (aldermoor, carewick, quillmark).
A row carries one defect at most, and what is not planted does not occur: a test counts each in the filled database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid5

from vital_insights.demo.draft import FIRST_DAY, LAST_DAY, NAMESPACE, Draft, Row

SLUGS = ("aldermoor", "carewick", "quillmark")
# Roles of the platform itself: their tenant_id is NULL.
COMMON_ROLES = ("External Consultant", "Contract Research Partner", "Agency Account Lead")
IDLE_ROLES = (
    "Interim Programme Lead",
    "Chief of Staff",
    "Innovation Fellow",
    "Graduate Trainee",
    "Site Liaison Officer",
)
LOOSE_STATEMENTS = (
    "Faster approvals",
    "Better data quality in the affiliates",
    "We need one system for everything",
    "Training for all new starters",
    "Use a chatbot to answer the simple questions",
    "Less bureaucracy",
    "Improve collaboration",
    "Dashboards that load quickly",
)


class Site:
    """One tenant, where defects are planted: hands out each clean row once."""

    def __init__(self, draft: Draft, neighbour: Draft) -> None:
        self.draft, self.neighbour = draft, neighbour
        chance = draft.chance("defects")
        self.clean = {table: chance.sample(rows, len(rows)) for table, rows in draft.rows.items()}
        self.live_jobs = Counter(link["role_id"] for link in draft.rows["jtbd_roles"])

    def take(self, table: str, fits: Callable[[Row], bool] = lambda _: True) -> Row:
        """A row without a defect so far; LookupError where too few are left, so that a number below is too large."""
        for place, row in enumerate(self.clean[table]):
            if fits(row):
                return self.clean[table].pop(place)
        raise LookupError(f"{self.draft.profile.slug} has no clean row of {table} left")

    def drop(self, table: str, column: str, row: Row) -> None:
        """Remove what points at that row."""
        for rows in (self.draft.rows, self.clean):
            rows[table] = [other for other in rows[table] if other[column] != row["id"]]

    def idle_job(self) -> Row:
        """A job that may fall out of use without leaving a role with none."""
        job = self.take("jobs_to_be_done", lambda job: all(self.live_jobs[role] > 1 for role in self.roles(job)))
        self.live_jobs.subtract(self.roles(job))
        return job

    def roles(self, job: Row) -> list[object]:
        return [link["role_id"] for link in self.draft.rows["jtbd_roles"] if link["jtbd_id"] == job["id"]]


PLANTED: dict[str, dict[str, int]] = {}
_PLANTERS: dict[str, Callable[[Site, int], object]] = {}


def _planted(*numbers: int) -> Callable[[Callable[[Site, int], object]], Callable[[Site, int], object]]:
    def enter(planter: Callable[[Site, int], object]) -> Callable[[Site, int], object]:
        PLANTED[planter.__name__] = dict(zip(SLUGS, numbers, strict=True))
        _PLANTERS[planter.__name__] = planter
        return planter

    return enter


def plant(drafts: list[Draft]) -> dict[str, list[Row]]:
    """Put the numbers of PLANTED into the drafts; the rows that belong to no tenant come back, by table."""
    for place, draft in enumerate(drafts):
        site = Site(draft, drafts[(place + 1) % len(drafts)])
        for name, planter in _PLANTERS.items():
            for turn in range(PLANTED[name][draft.profile.slug]):
                planter(site, turn)
    common = {"tenant_id": None, "created_at": FIRST_DAY, "updated_at": FIRST_DAY}
    return {"org_roles": [{"id": _common_role(turn), "name": name, **common} for turn, name in enumerate(COMMON_ROLES)]}


def _common_role(turn: int) -> object:
    return uuid5(NAMESPACE, f"common role/{turn % len(COMMON_ROLES)}")


# Jobs come first: the ones below take rows away, and nothing taken away may carry another defect.


@_planted(6, 4, 3)
def job_without_roles(site: Site, _: int) -> None:
    job = site.idle_job()
    site.drop("jtbd_roles", "jtbd_id", job)
    site.drop("jtbd_personas", "jtbd_id", job)


@_planted(5, 3, 2)
def job_without_outcomes(site: Site, _: int) -> None:
    site.drop("jtbd_outcomes", "jtbd_id", site.take("jobs_to_be_done"))


@_planted(4, 2, 2)
def job_scored_itself(site: Site, turn: int) -> None:
    """No outcomes either, but scores on the job row."""
    job = site.take("jobs_to_be_done")
    site.drop("jtbd_outcomes", "jtbd_id", job)
    job |= {"importance_score": Decimal("8.5") - turn, "satisfaction_score": Decimal("4.2") + turn}


@_planted(8, 3, 3)
def job_without_primary_role(site: Site, _: int) -> None:
    job = site.take("jobs_to_be_done")
    for link in site.draft.rows["jtbd_roles"]:
        link["is_primary"] = link["is_primary"] and link["jtbd_id"] != job["id"]


@_planted(11, 3, 4)
def job_deprecated(site: Site, _: int) -> None:
    site.idle_job()["status"] = "deprecated"


@_planted(7, 2, 2)
def job_archived(site: Site, _: int) -> None:
    site.idle_job()["status"] = "archived"


@_planted(5, 2, 2)
def job_deleted(site: Site, _: int) -> None:
    site.idle_job()["deleted_at"] = LAST_DAY


@_planted(31, 14, 12)
def job_draft(site: Site, _: int) -> None:
    site.take("jobs_to_be_done")["status"] = "draft"


@_planted(2, 1, 1)
def job_status_missing(site: Site, _: int) -> None:
    site.take("jobs_to_be_done")["status"] = None


@_planted(3, 1, 1)
def job_name_repeated(site: Site, _: int) -> None:
    site.take("jobs_to_be_done")["name"] = site.take("jobs_to_be_done")["name"]


@_planted(3, 2, 1)
def job_area_unknown(site: Site, _: int) -> None:
    site.take("jobs_to_be_done")["functional_area"] = "Patient Advocacy"


@_planted(2, 1, 1)
def job_complexity_unknown(site: Site, _: int) -> None:
    site.take("jobs_to_be_done")["complexity"] = "tricky"


@_planted(1, 1, 1)
def job_code_in_every_tenant(site: Site, _: int) -> None:
    site.take("jobs_to_be_done")["code"] = "GLOBAL_CORE_001"


@_planted(2, 1, 1)
def job_domain_of_another_tenant(site: Site, turn: int) -> None:
    site.take("jobs_to_be_done")["domain_id"] = site.neighbour.rows["domains"][turn]["id"]


@_planted(46, 17, 14)
def outcome_without_scores(site: Site, _: int) -> None:
    _unscore(site.take("jtbd_outcomes"), importance_score=None, satisfaction_score=None)


@_planted(12, 5, 4)
def outcome_called_low_without_scores(site: Site, _: int) -> None:
    """What CASE … ELSE 'low' makes of a missing score."""
    _unscore(site.take("jtbd_outcomes"), importance_score=None, satisfaction_score=None, opportunity_priority="low")


@_planted(9, 4, 3)
def outcome_without_importance(site: Site, _: int) -> None:
    _unscore(site.take("jtbd_outcomes"), importance_score=None)


@_planted(21, 8, 5)
def outcome_without_satisfaction(site: Site, _: int) -> None:
    _unscore(site.take("jtbd_outcomes"), satisfaction_score=None)


@_planted(3, 1, 1)
def outcome_score_out_of_range(site: Site, turn: int) -> None:
    _unscore(site.take("jtbd_outcomes"), importance_score=Decimal(("11", "-1", "85")[turn]))


@_planted(2, 0, 1)
def outcome_score_nan(site: Site, _: int) -> None:
    _unscore(site.take("jtbd_outcomes"), satisfaction_score=Decimal("NaN"))


def _unscore(outcome: Row, **scores: object) -> None:
    outcome |= {"opportunity_score": None, "opportunity_priority": None, **scores}


@_planted(62, 19, 11)
def outcome_with_two_decimals(site: Site, _: int) -> None:
    """No error, but a narrow cast would round it. The larger importance never crosses a band."""
    outcome = site.take(
        "jtbd_outcomes", lambda row: row["importance_score"] < 10 and row["opportunity_score"] % 4 < Decimal("3.8")
    )
    more = Decimal("0.05")
    grows = more * (2 if outcome["importance_score"] >= outcome["satisfaction_score"] else 1)
    outcome["opportunity_score"] += grows if outcome["importance_score"] != outcome["satisfaction_score"] else more * 2
    outcome["importance_score"] += more


@_planted(240, 71, 52)
def outcome_stored_score_missing(site: Site, _: int) -> None:
    _unscore(site.take("jtbd_outcomes"))


@_planted(7, 3, 2)
def outcome_stored_score_wrong(site: Site, _: int) -> None:
    """Computed without the lower bound of 0 for importance - satisfaction."""
    outcome = site.take("jtbd_outcomes", lambda row: row["satisfaction_score"] > row["importance_score"])
    outcome["opportunity_score"] = outcome["importance_score"] * 2 - outcome["satisfaction_score"]


@_planted(9, 4, 2)
def outcome_stored_priority_wrong(site: Site, _: int) -> None:
    outcome = site.take("jtbd_outcomes")
    outcome["opportunity_priority"] = {"high": "medium", "medium": "high", "low": "medium"}[
        outcome["opportunity_priority"]
    ]


@_planted(2, 1, 1)
def outcome_statement_blank(site: Site, _: int) -> None:
    site.take("jtbd_outcomes")["outcome_statement"] = " "


@_planted(8, 4, 3)
def outcome_statement_off_grammar(site: Site, turn: int) -> None:
    site.take("jtbd_outcomes")["outcome_statement"] = LOOSE_STATEMENTS[turn]


@_planted(3, 1, 1)
def outcome_statement_repeated(site: Site, _: int) -> None:
    """Twice within one job."""
    first = site.take("jtbd_outcomes")
    second = site.take("jtbd_outcomes", lambda row: row["jtbd_id"] == first["jtbd_id"])
    second |= {"outcome_statement": first["outcome_statement"], "outcome_type": first["outcome_type"]}


@_planted(3, 2, 1)
def outcome_type_unknown(site: Site, _: int) -> None:
    site.take("jtbd_outcomes")["outcome_type"] = "experience"


@_planted(14, 5, 4)
def outcome_deleted(site: Site, _: int) -> None:
    site.take("jtbd_outcomes")["deleted_at"] = LAST_DAY


@_planted(92, 27, 24)
def persona_without_role(site: Site, _: int) -> None:
    _without_its_role(site, None)


@_planted(4, 2, 1)
def persona_role_dangling(site: Site, turn: int) -> None:
    _without_its_role(site, site.draft.key("org_roles", f"never made {turn}"))


@_planted(2, 1, 1)
def persona_role_of_no_tenant(site: Site, turn: int) -> None:
    _without_its_role(site, _common_role(turn))


def _without_its_role(site: Site, role: object) -> None:
    persona = site.take("personas")
    site.drop("jtbd_personas", "persona_id", persona)  # no role would imply them any more
    persona["role_id"] = role


@_planted(2, 1, 1)
def persona_name_repeated(site: Site, _: int) -> None:
    site.take("personas")["name"] = site.take("personas")["name"]


@_planted(6, 2, 2)
def persona_deleted(site: Site, _: int) -> None:
    site.take("personas")["deleted_at"] = LAST_DAY


@_planted(18, 7, 5)
def direct_link_not_implied(site: Site, turn: int) -> None:
    """A legacy link that the persona's role does not explain."""
    job = site.take("jobs_to_be_done")
    persona = site.take("personas", lambda row: row["role_id"] not in site.roles(job))
    site.draft.add(
        "jtbd_personas", f"planted {turn}", jtbd_id=job["id"], persona_id=persona["id"], relevance_score=Decimal("0.60")
    )


@_planted(5, 3, 3)
def role_without_jobs(site: Site, turn: int) -> None:
    department = site.draft.rows["org_departments"][turn]
    site.draft.add("org_roles", f"idle {turn}", name=IDLE_ROLES[turn], code=f"IDLE-{turn + 1}", department_id=department["id"],
                   function_id=department["function_id"])  # fmt: skip


@_planted(1, 0, 0)
def roles_reporting_in_a_circle(site: Site, _: int) -> None:
    """Two roles, each the other's boss."""
    role = site.take("org_roles", lambda row: row["reports_to_role_id"] is not None)
    boss = site.take("org_roles", lambda row: row["id"] == role["reports_to_role_id"])
    boss["reports_to_role_id"] = role["id"]


@_planted(1, 1, 0)
def function_name_repeated(site: Site, turn: int) -> None:
    twin = site.take("org_functions", lambda row: row["code"] in {"MA", "CE"})
    site.draft.add(
        "org_functions", f"twin {turn}", name=twin["name"], code=f"{twin['code']}-OLD", parent_id=twin["parent_id"]
    )


@_planted(1, 1, 1)
def department_function_of_another_tenant(site: Site, _: int) -> None:
    site.take("org_departments")["function_id"] = site.neighbour.rows["org_functions"][-1]["id"]


@_planted(3, 2, 1)
def link_to_role_of_another_tenant(site: Site, turn: int) -> None:
    _link_role(site, f"abroad {turn}", site.neighbour.rows["org_roles"][turn]["id"])


@_planted(4, 2, 2)
def link_to_role_of_no_tenant(site: Site, turn: int) -> None:
    _link_role(site, f"common {turn}", _common_role(turn))


def _link_role(site: Site, name: str, role: object) -> None:
    job = site.take("jobs_to_be_done")
    site.draft.add("jtbd_roles", name, jtbd_id=job["id"], role_id=role, relevance_score=Decimal("0.40"), is_primary=False,
                   mapping_source="imported")  # fmt: skip


@_planted(5, 2, 1)
def link_source_unknown(site: Site, _: int) -> None:
    site.take("jtbd_roles")["mapping_source"] = "survey_2024"


@_planted(6, 3, 2)
def kpi_without_code(site: Site, _: int) -> None:
    site.take("jtbd_kpis")["kpi_code"] = None


@_planted(2, 1, 1)
def obstacle_blank(site: Site, _: int) -> None:
    site.take("jtbd_obstacles")["obstacle_text"] = ""
