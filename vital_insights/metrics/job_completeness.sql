/*
title   = "Job completeness"
because = "A job is only as useful as what was written down about it: which parts it has, which are missing, and where collecting pays next. What the source has no place for is not held against a job."
grain   = ["job_id"]
order   = "is_live desc, share_present nulls last, job_name nulls last, job_id"
show    = ["job_code", "job_name", "job_status", "n_present", "n_parts", "share_present", "missing"]
[columns]
job_id             = { type = "UUID", meaning = "the job's id" }
job_code           = { type = "VARCHAR", meaning = "the job's code", null_means = "no code in the source" }
job_name           = { type = "VARCHAR", meaning = "the job's name", null_means = "no name in the source" }
job_status         = { type = "VARCHAR", meaning = "the job's status, as the source has it", null_means = "not stated; counts as live" }
is_live            = { type = "BOOLEAN", meaning = "false for deprecated and archived jobs, which are in no other metric" }
n_outcomes         = { type = "BIGINT", unit = "outcomes", meaning = "desired outcomes of the job", null_means = "the source has no table of outcomes" }
n_scored_outcomes  = { type = "BIGINT", unit = "outcomes", meaning = "those with an opportunity score; no part of its own", null_means = "the source has no outcomes, or no importance or satisfaction of them, or the job is not live and so not scored" }
n_roles            = { type = "BIGINT", unit = "roles", meaning = "roles that do the job", null_means = "the source does not link jobs to roles" }
n_kpis             = { type = "BIGINT", unit = "KPIs", meaning = "key performance indicators of the job", null_means = "the source has no table of KPIs" }
n_obstacles        = { type = "BIGINT", unit = "obstacles", meaning = "obstacles of the job", null_means = "the source has no table of obstacles" }
n_success_criteria = { type = "BIGINT", unit = "criteria", meaning = "success criteria of the job", null_means = "the source has no table of success criteria" }
n_value_drivers    = { type = "BIGINT", unit = "value drivers", meaning = "value drivers of the job", null_means = "the source has no table of value drivers" }
n_constraints      = { type = "BIGINT", unit = "constraints", meaning = "constraints of the job", null_means = "the source has no table of constraints" }
n_workflow_stages  = { type = "BIGINT", unit = "stages", meaning = "workflow stages of the job", null_means = "the source has no table of workflow stages" }
n_ai_opportunities = { type = "BIGINT", unit = "AI opportunities", meaning = "places in the job where generative AI could help", null_means = "the source has no table of AI opportunities" }
n_parts            = { type = "BIGINT", unit = "kinds, at most 9", meaning = "kinds of parts that the source has at all: outcomes, roles, KPIs, obstacles, success criteria, value drivers, constraints, workflow stages, AI opportunities" }
n_present          = { type = "BIGINT", unit = "kinds, at most n_parts", meaning = "kinds of which the job has at least one" }
share_present      = { type = "DOUBLE", unit = "0-1", meaning = "n_present / n_parts", null_means = "the source has none of the nine kinds" }
missing            = { type = "VARCHAR", meaning = "the kinds that the job lacks, always in the same order", null_means = "nothing is missing of what the source has a place for" }
is_shared          = { type = "BOOLEAN", meaning = "the job has no tenant and the settings share it" }
*/
with source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select
        case when count(case when table_name = 'jtbd_outcomes' and column_name = '*' then 1 end) = 0 then 1 end as outcomes,
        case
            when count(case when table_name = 'jtbd_outcomes' and column_name in ('*', 'importance_score', 'satisfaction_score') then 1 end) = 0
                then 1
        end as scores,
        case when count(case when table_name = 'jtbd_roles' and column_name = '*' then 1 end) = 0 then 1 end as roles,
        case when count(case when table_name = 'jtbd_kpis' and column_name = '*' then 1 end) = 0 then 1 end as kpis,
        case when count(case when table_name = 'jtbd_obstacles' and column_name = '*' then 1 end) = 0 then 1 end as obstacles,
        case when count(case when table_name = 'jtbd_success_criteria' and column_name = '*' then 1 end) = 0 then 1 end as success_criteria,
        case when count(case when table_name = 'jtbd_value_drivers' and column_name = '*' then 1 end) = 0 then 1 end as value_drivers,
        case when count(case when table_name = 'jtbd_constraints' and column_name = '*' then 1 end) = 0 then 1 end as constraints,
        case when count(case when table_name = 'jtbd_workflow_stages' and column_name = '*' then 1 end) = 0 then 1 end as workflow_stages,
        case when count(case when table_name = 'jtbd_gen_ai_opportunities' and column_name = '*' then 1 end) = 0 then 1 end as ai_opportunities
    from model.absent
),

outcomes as (
    select jtbd_id as job_id, count(*) as n from raw.jtbd_outcomes where deleted_at is null group by jtbd_id
),

scored_outcomes as (
    select job_id, count(score) as n from metric.opportunity where level = 'outcome' group by job_id
),

roles as (
    select job_id, count(*) as n from model.job_roles group by job_id
),

kpis as (
    select jtbd_id as job_id, count(*) as n from raw.jtbd_kpis where deleted_at is null group by jtbd_id
),

obstacles as (
    select jtbd_id as job_id, count(*) as n from raw.jtbd_obstacles where deleted_at is null group by jtbd_id
),

success_criteria as (
    select jtbd_id as job_id, count(*) as n from raw.jtbd_success_criteria where deleted_at is null group by jtbd_id
),

value_drivers as (
    select jtbd_id as job_id, count(*) as n from raw.jtbd_value_drivers where deleted_at is null group by jtbd_id
),

constraints as (
    select jtbd_id as job_id, count(*) as n from raw.jtbd_constraints where deleted_at is null group by jtbd_id
),

workflow_stages as (
    select jtbd_id as job_id, count(*) as n from raw.jtbd_workflow_stages where deleted_at is null group by jtbd_id
),

ai_opportunities as (
    select jtbd_id as job_id, count(*) as n from raw.jtbd_gen_ai_opportunities where deleted_at is null group by jtbd_id
),

counted as (
    select
        j.job_id,
        j.job_code,
        j.job_name,
        j.job_status,
        j.is_live,
        s.outcomes * coalesce(oc.n, 0) as n_outcomes,
        case when j.is_live then s.scores * coalesce(so.n, 0) end as n_scored_outcomes,
        s.roles * coalesce(ro.n, 0) as n_roles,
        s.kpis * coalesce(kp.n, 0) as n_kpis,
        s.obstacles * coalesce(ob.n, 0) as n_obstacles,
        s.success_criteria * coalesce(sc.n, 0) as n_success_criteria,
        s.value_drivers * coalesce(vd.n, 0) as n_value_drivers,
        s.constraints * coalesce(co.n, 0) as n_constraints,
        s.workflow_stages * coalesce(ws.n, 0) as n_workflow_stages,
        s.ai_opportunities * coalesce(ai.n, 0) as n_ai_opportunities,
        cast(
            coalesce(s.outcomes, 0) + coalesce(s.roles, 0) + coalesce(s.kpis, 0) + coalesce(s.obstacles, 0)
            + coalesce(s.success_criteria, 0) + coalesce(s.value_drivers, 0) + coalesce(s.constraints, 0)
            + coalesce(s.workflow_stages, 0) + coalesce(s.ai_opportunities, 0) as bigint
        ) as n_parts,
        j.is_shared
    from model.jobs as j
    cross join source as s
    left join outcomes as oc on oc.job_id = j.job_id
    left join scored_outcomes as so on so.job_id = j.job_id
    left join roles as ro on ro.job_id = j.job_id
    left join kpis as kp on kp.job_id = j.job_id
    left join obstacles as ob on ob.job_id = j.job_id
    left join success_criteria as sc on sc.job_id = j.job_id
    left join value_drivers as vd on vd.job_id = j.job_id
    left join constraints as co on co.job_id = j.job_id
    left join workflow_stages as ws on ws.job_id = j.job_id
    left join ai_opportunities as ai on ai.job_id = j.job_id
),

told as (
    select
        *,
        cast(
            case when n_outcomes > 0 then 1 else 0 end + case when n_roles > 0 then 1 else 0 end
            + case when n_kpis > 0 then 1 else 0 end + case when n_obstacles > 0 then 1 else 0 end
            + case when n_success_criteria > 0 then 1 else 0 end + case when n_value_drivers > 0 then 1 else 0 end
            + case when n_constraints > 0 then 1 else 0 end + case when n_workflow_stages > 0 then 1 else 0 end
            + case when n_ai_opportunities > 0 then 1 else 0 end as bigint
        ) as n_present,
        case when n_outcomes = 0 then ', outcomes' else '' end
        || case when n_roles = 0 then ', roles' else '' end
        || case when n_kpis = 0 then ', KPIs' else '' end
        || case when n_obstacles = 0 then ', obstacles' else '' end
        || case when n_success_criteria = 0 then ', success criteria' else '' end
        || case when n_value_drivers = 0 then ', value drivers' else '' end
        || case when n_constraints = 0 then ', constraints' else '' end
        || case when n_workflow_stages = 0 then ', workflow stages' else '' end
        || case when n_ai_opportunities = 0 then ', AI opportunities' else '' end as listed
    from counted
)

select
    job_id,
    job_code,
    job_name,
    job_status,
    is_live,
    n_outcomes,
    n_scored_outcomes,
    n_roles,
    n_kpis,
    n_obstacles,
    n_success_criteria,
    n_value_drivers,
    n_constraints,
    n_workflow_stages,
    n_ai_opportunities,
    n_parts,
    n_present,
    case when n_parts > 0 then cast(n_present as double) / n_parts end as share_present,
    nullif(substr(listed, 3), '') as missing,
    is_shared
from told
