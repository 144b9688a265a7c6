"""What waits for what, and how a job, a workflow and a solution are made up, as frames for the page of workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vital_insights.charts.layered import circles, layered
from vital_insights.reports.work import LINKED, LINKS

if TYPE_CHECKING:
    import polars as pl
    from session import Data

_ACTIVITIES = """
select s.id as stage_id, s.name as stage_name, a.id as activity_id, a.name as activity_name, a.depends_on_activity_id as before_id
from raw.jtbd_workflow_stages as s
left join raw.jtbd_workflow_activities as a on a.workflow_stage_id = s.id and a.deleted_at is null
where s.jtbd_id = cast(? as uuid) and s.deleted_at is null
order by s.created_at nulls last, s.id, a.created_at nulls last, a.id
"""
# What is in a solution: kind, name, and for a job its id.
_INSIDE = """
with solution as (select cast(? as uuid) as id),
agents as (
    select distinct a.id, a.name, a.role_id
    from raw.solution_agents as l inner join solution as s on l.solution_id = s.id inner join raw.agents as a on l.agent_id = a.id
    where l.deleted_at is null and a.deleted_at is null and coalesce(lower(trim(a.status)), '') not in ('deprecated', 'archived')
)
select 'agent' as kind, name, id from agents
union all
select distinct 'workflow', w.name, w.id
from raw.solution_workflows as l inner join solution as s on l.solution_id = s.id inner join raw.workflows as w on l.workflow_id = w.id
where l.deleted_at is null and w.deleted_at is null
union all
select distinct 'industry', i.industry_name, i.industry_id
from raw.solution_industry_matrix as l inner join solution as s on l.solution_id = s.id
inner join model.industries as i on l.industry_id = i.industry_id
where l.deleted_at is null
union all
select distinct 'role', r.role_name, r.role_id from agents as a inner join model.roles as r on a.role_id = r.role_id
union all
select distinct 'job', j.job_name, j.job_id
from agents as a inner join model.roles as r on a.role_id = r.role_id inner join model.job_roles as l on r.role_id = l.role_id
inner join model.jobs as j on l.job_id = j.job_id and j.is_live
order by 1, 2 nulls last, 3
"""
_LOGS = "select level, cast(sum(n) as bigint) as n from raw.workflow_logs group by level order by 2 desc, 1 nulls last"


def links(data: Data) -> pl.DataFrame | None:
    """job_id and held_id of every live job that waits for another, or for itself."""
    return data.sql(LINKS) if data.holds(LINKED) else None


def held_after(found: pl.DataFrame, job_id: str) -> list[str]:
    """The jobs that wait for one, straight or through others."""
    after: dict[str, list[str]] = {}
    for one, other in found.iter_rows():
        after.setdefault(one, []).append(other)
    seen, edge = {job_id}, [job_id]
    while edge:
        new = set(after.get(edge.pop(), [])) - seen
        seen |= new
        edge.extend(sorted(new))
    return sorted(seen - {job_id})


def steps(data: Data, job_id: str) -> dict[str, Any] | None:
    """How a job is done: `stages` (name and activities, each with `name` and `before`), in the order in which what is waited for
    comes first (`ordered` where anything waits); `chain` and `circles` as names of activities. None where the snapshot does not have it."""
    if not data.holds("raw.jtbd_workflow_activities"):
        return None
    every = data.sql(_ACTIVITIES, job_id).to_dicts()
    names = {row["activity_id"]: row["activity_name"] or "without a name" for row in every if row["activity_id"]}
    waits = [(row["before_id"], row["activity_id"]) for row in every if row["before_id"] in names]
    at = {key: layer for key, (layer, _) in layered(waits).places.items()}
    stages: dict[str, list[dict[str, Any]]] = {}
    for row in every:
        stages.setdefault(row["stage_id"], []).append(row)

    stage_of = {row["activity_id"]: row["stage_id"] for row in every}
    across = {(stage_of[one], stage_of[other]) for one, other in waits if stage_of[one] != stage_of[other]}
    begins = {key: layer for key, (layer, _) in layered(across).places.items()}
    round_ = circles(waits)
    return {
        "stages": [
            {
                "name": mine[0]["stage_name"],
                "activities": [
                    {"name": names[row["activity_id"]], "before": names.get(row["before_id"])}
                    for row in sorted(mine, key=lambda row: at.get(row["activity_id"], 0.0)) if row["activity_id"]
                ],
            }
            for _, mine in sorted(stages.items(), key=lambda item: begins.get(item[0], 0.0))
        ],
        "ordered": bool(waits),
        "chain": [] if round_ else [names[key] for key in _longest(waits, at)],
        "circles": [[names[key] for key in circle] for circle in round_],
    }  # fmt: skip


def _longest(waits: list[tuple[str, str]], at: dict[str, float]) -> list[str]:
    """The longest way through the links, back from where it ends: an activity waits for one other at most."""
    before = {other: one for one, other in waits}
    key = max(at, key=lambda each: (at[each], each), default=None)
    way = []
    while key is not None:
        way.append(key)
        key = before.get(key)
    return way[::-1]


def inside(data: Data, solution_id: str) -> pl.DataFrame:
    """kind (agent, workflow, industry, role, job), name and id of what a solution holds or touches."""
    return data.sql(_INSIDE, solution_id)


def logged(data: Data) -> pl.DataFrame | None:
    """How many lines the logs of runs have, by level; no line of them is read."""
    return data.sql(_LOGS) if data.holds("raw.workflow_logs") else None
