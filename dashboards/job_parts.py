"""Jobs as the address names them, and what the source has written about one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from filters import LENGTH

if TYPE_CHECKING:
    from session import Data

# Of dependencies what the metric counts: each live job once, and not the job itself.
# One statement, for each is a reader of its own: part, what it is under, its texts in the order of the page.
_WRITTEN = """
with wanted as (select cast(? as uuid) as job_id)
select 'obstacle' as part, o.id::varchar as id, null as under, o.obstacle_text as said, o.obstacle_type as kind,
    o.severity as detail, o.created_at
from raw.jtbd_obstacles as o, wanted as w where o.jtbd_id = w.job_id and o.deleted_at is null
union all select 'constraint', c.id::varchar, null, c.constraint_text, c.constraint_type, c.impact, c.created_at
from raw.jtbd_constraints as c, wanted as w where c.jtbd_id = w.job_id and c.deleted_at is null
union all select 'value driver', v.id::varchar, null, v.value_description, v.beneficiary, v.quantified_impact, v.created_at
from raw.jtbd_value_drivers as v, wanted as w where v.jtbd_id = w.job_id and v.deleted_at is null
union all select 'success criterion', s.id::varchar, null, s.criterion_text, null, null, s.created_at
from raw.jtbd_success_criteria as s, wanted as w where s.jtbd_id = w.job_id and s.deleted_at is null
union all select 'stage', s.id::varchar, null, s.name, null, null, s.created_at
from raw.jtbd_workflow_stages as s, wanted as w where s.jtbd_id = w.job_id and s.deleted_at is null
union all select 'activity', a.id::varchar, a.workflow_stage_id::varchar, a.name, null, null, a.created_at
from raw.jtbd_workflow_activities as a inner join raw.jtbd_workflow_stages as s on s.id = a.workflow_stage_id, wanted as w
where s.jtbd_id = w.job_id and s.deleted_at is null and a.deleted_at is null
union all select 'AI opportunity', g.id::varchar, null, g.name, null, null, g.created_at
from raw.jtbd_gen_ai_opportunities as g, wanted as w where g.jtbd_id = w.job_id and g.deleted_at is null
union all select 'use case', u.id::varchar, u.gen_ai_opportunity_id::varchar, u.name, null, null, u.created_at
from raw.jtbd_gen_ai_use_cases as u, wanted as w where u.jtbd_id = w.job_id and u.deleted_at is null
union all select distinct 'waits for', j.job_id::varchar, null, null, null, null, null::timestamptz
from raw.jtbd_dependencies as d inner join model.jobs as j on j.job_id = d.source_jtbd_id and j.is_live, wanted as w
where d.dependent_jtbd_id = w.job_id and j.job_id <> w.job_id and d.deleted_at is null
union all select distinct 'waits for it', j.job_id::varchar, null, null, null, null, null::timestamptz
from raw.jtbd_dependencies as d inner join model.jobs as j on j.job_id = d.dependent_jtbd_id and j.is_live, wanted as w
where d.source_jtbd_id = w.job_id and j.job_id <> w.job_id and d.deleted_at is null
union all select 'consultation', e.id::varchar, null, null, null, null, e.created_at
from raw.expert_consultations as e, wanted as w where e.jtbd_id = w.job_id and e.deleted_at is null
union all select 'panel', p.id::varchar, null, null, null, null, p.created_at
from raw.panel_discussions as p, wanted as w where p.jtbd_id = w.job_id and p.deleted_at is null
order by 1, 7 nulls last, 2
"""
# A statement of its own: snapshots of an older version do not have its table.
_ALTERNATIVES = """
select 'alternative' as part, id::varchar as id, null as under, name as said, null as kind, null as detail, created_at
from raw.jtbd_competitive_alternatives
where jtbd_id = cast(? as uuid) and deleted_at is null
order by created_at nulls last, id
"""
TABLES = {
    "outcome": "jtbd_outcomes", "role": "jtbd_roles", "KPI": "jtbd_kpis", "obstacle": "jtbd_obstacles",
    "constraint": "jtbd_constraints", "value driver": "jtbd_value_drivers", "success criterion": "jtbd_success_criteria",
    "alternative": "jtbd_competitive_alternatives",
    "stage": "jtbd_workflow_stages", "activity": "jtbd_workflow_activities", "AI opportunity": "jtbd_gen_ai_opportunities",
    "use case": "jtbd_gen_ai_use_cases", "waits for": "jtbd_dependencies", "waits for it": "jtbd_dependencies",
    "consultation": "expert_consultations", "panel": "panel_discussions",
}  # fmt: skip

# Parts that a job may have, with the column of `job_completeness` that counts them and their name.
COUNTED = {
    "outcome": ("n_outcomes", "Outcomes"), "role": ("n_roles", "Roles"), "KPI": ("n_kpis", "KPIs"),
    "obstacle": ("n_obstacles", "Obstacles"),
    "success criterion": ("n_success_criteria", "Success criteria"), "value driver": ("n_value_drivers", "Value drivers"),
    "constraint": ("n_constraints", "Constraints"), "stage": ("n_workflow_stages", "Workflow stages"),
    "AI opportunity": ("n_ai_opportunities", "AI opportunities"),
}  # fmt: skip


def codes(jobs: pl.DataFrame) -> dict[str, str]:
    """By id, what the address calls each job of `model.jobs`: its code, or its id where it is missing, repeats or is too long."""
    length = pl.col("job_code").str.len_chars()  # an address holds no longer code
    code = pl.when(length.is_between(1, LENGTH) & pl.col("job_code").is_unique())
    return dict(jobs.select("job_id", code.then("job_code").otherwise("job_id").alias("code")).iter_rows())


def written(data: Data, job_id: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of the source about a job by part (a key of TABLES), each with id, under, said, kind and detail."""
    found: dict[str, list[dict[str, Any]]] = {part: [] for part in TABLES}
    for sql in (_WRITTEN, *([_ALTERNATIVES] if data.holds(f"raw.{TABLES['alternative']}") else [])):
        for row in data.sql(sql, job_id).iter_rows(named=True):
            found[row["part"]].append(row)
    return found


def lacking(data: Data) -> dict[str, str]:
    """By part, why nothing is known of it; nothing for a part that it has."""
    absent = dict(data.table("absent").filter(column_name="*").select("table_name", "because").iter_rows())
    if not data.holds(f"raw.{TABLES['alternative']}"):
        absent[TABLES["alternative"]] = "this snapshot was made before they were read"
    return {part: absent[table] for part, table in TABLES.items() if table in absent}
