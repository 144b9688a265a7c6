"""The ground on which defects are planted: who hands out clean rows, and the list of what is planted where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from uuid import uuid5

from vital_insights.demo.draft import FIRST_DAY, NAMESPACE, Draft, Row

SLUGS = ("aldermoor", "carewick", "quillmark")
# Roles of the platform itself: their tenant_id is NULL.
COMMON_ROLES = ("External Consultant", "Contract Research Partner", "Agency Account Lead")


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


def planted(*numbers: int) -> Callable[[Callable[[Site, int], object]], Callable[[Site, int], object]]:
    """Enter the function below into PLANTED, so many times for each of the tenants."""

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
    return {"org_roles": [{"id": common_role(turn), "name": name, **common} for turn, name in enumerate(COMMON_ROLES)]}


def common_role(turn: int) -> object:
    return uuid5(NAMESPACE, f"common role/{turn % len(COMMON_ROLES)}")
