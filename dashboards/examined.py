"""The agents one by one, and in a sentence whether anybody examined a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from vital_insights.errors import UsageError

if TYPE_CHECKING:
    from session import Data

_AGENTS = """
select a.name as agent_name, r.role_name, a.status, a.agent_type, count(distinct s.skill_id) as n_skills,
    count(distinct t.tool_id) as n_tools, a.id::varchar as agent_id, a.role_id::varchar as role_id
from raw.agents as a
left join model.roles as r on r.role_id = a.role_id
left join raw.agent_skills as s on s.agent_id = a.id and s.deleted_at is null
left join raw.agent_tools as t on t.agent_id = a.id and t.deleted_at is null
where a.deleted_at is null and coalesce(lower(trim(a.status)), '') not in ('deprecated', 'archived')
group by a.id, a.name, r.role_name, a.status, a.agent_type, a.role_id
order by lower(a.name) nulls last, a.id
"""


def agents_one_by_one(data: Data) -> pl.DataFrame | None:
    """Every agent that is not retired: agent_name, role_name, status, agent_type, n_skills, n_tools and ids; None where the source has
    no table of them. A count is NULL where the source does not have what is counted."""
    absent = set(data.table("absent").filter(column_name="*")["table_name"])
    if "agents" in absent:
        return None
    unknown = [name for name, table in (("n_skills", "agent_skills"), ("n_tools", "agent_tools")) if table in absent]
    return data.sql(_AGENTS).with_columns(pl.lit(None, pl.Int64).alias(name) for name in unknown)


def sentence(data: Data, job_id: str) -> str:
    """In what a live job was examined and when last, or why that is unknown, as people read it."""
    try:
        [said] = data.once(
            "examined", lambda: data.insights.explain("validation_activity", "job", job_id).reasons, job_id
        )
    except UsageError:  # made before there was this metric
        said = "whether anybody examined this job is unknown: the snapshot was made by an older version; a new refresh will tell"
    return f"{said[0].upper()}{said[1:]}."
