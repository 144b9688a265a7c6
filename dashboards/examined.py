"""The agents one by one, and in a sentence whether anybody examined a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from vital_insights.errors import OlderSnapshot
from vital_insights.insights import NOT_TOLD

if TYPE_CHECKING:
    from session import Data

_AGENTS = """
select a.name as agent_name, r.role_name, a.status, a.agent_type, count(distinct s.id) as n_skills,
    count(distinct t.id) as n_tools, a.id::varchar as agent_id, a.role_id::varchar as role_id
from raw.agents as a
left join model.roles as r on r.role_id = a.role_id
left join raw.agent_skills as has on has.agent_id = a.id and has.deleted_at is null
left join raw.skills as s on s.id = has.skill_id and s.deleted_at is null
left join raw.agent_tools as uses on uses.agent_id = a.id and uses.deleted_at is null
left join raw.tools as t on t.id = uses.tool_id and t.deleted_at is null
where a.deleted_at is null and coalesce(lower(trim(a.status)), '') not in ('deprecated', 'archived')
group by a.id, a.name, r.role_name, a.status, a.agent_type, a.role_id
order by lower(a.name) nulls last, a.id
"""
# By count, the tables that it is made of.
_COUNTED = {"n_skills": ("agent_skills", "skills"), "n_tools": ("agent_tools", "tools")}


def agents_one_by_one(data: Data) -> pl.DataFrame | None:
    """Every agent that is not retired: agent_name, role (what a table calls it), role_name, status, agent_type, n_skills, n_tools and
    ids; None where the source has no table of them. A count is NULL where the source does not have what is counted."""
    absent = set(data.table("absent").select("table_name", "column_name").iter_rows())
    if ("agents", "*") in absent:
        return None
    unknown = [name for name, tables in _COUNTED.items() if absent & {(table, "*") for table in tables}]
    nobody = "unknown" if absent & {("agents", "role_id"), ("org_roles", "*")} else "none"
    nameless = pl.when(pl.col("role_id").is_null() | pl.lit(nobody == "unknown")).then(pl.lit(nobody))
    role = pl.coalesce("role_name", nameless.otherwise(pl.lit("without a name"))).alias("role")
    return data.sql(_AGENTS).with_columns(role, *(pl.lit(None, pl.Int64).alias(name) for name in unknown))


def sentence(data: Data, job_id: str) -> str:
    """In what a live job was examined and when last, or why that is unknown, as people read it."""
    try:
        [said] = data.once(
            "examined", lambda: data.insights.explain("validation_activity", "job", job_id).reasons, job_id
        )
    except OlderSnapshot:
        said = NOT_TOLD
    return f"{said[0].upper()}{said[1:]}."
