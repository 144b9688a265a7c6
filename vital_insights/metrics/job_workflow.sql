/*
title   = "Job workflow"
because = "How a job is done today: its stages, its activities and the longest chain of activities that wait for each other, which is where time goes."
grain   = ["job_id"]
order   = "longest_chain desc nulls last, n_activities desc nulls last, job_name nulls last, job_id"
show    = ["job_code", "job_name", "n_stages", "n_activities", "longest_chain", "n_circular"]
[columns]
job_id        = { type = "UUID", meaning = "the job's id; live jobs only" }
job_code      = { type = "VARCHAR", meaning = "the job's code", null_means = "no code in the source" }
job_name      = { type = "VARCHAR", meaning = "the job's name", null_means = "no name in the source" }
n_stages      = { type = "BIGINT", unit = "stages", meaning = "workflow stages of the job", null_means = "the source has no table of stages" }
n_activities  = { type = "BIGINT", unit = "activities", meaning = "activities in these stages", null_means = "the source has no table of stages or of activities" }
longest_chain = { type = "BIGINT", unit = "activities", meaning = "activities of the job in the longest chain in which each waits for the one before, up to 64", null_means = "no activity, a circle, or the source does not say what waits for what" }
n_circular    = { type = "BIGINT", unit = "activities", meaning = "activities that wait for themselves, straight or through others up to 64 steps away", null_means = "the source does not say what waits for what" }
is_shared     = { type = "BOOLEAN", meaning = "the job has no tenant and the settings share it" }
*/
with recursive stages as (
    select s.id as stage_id, s.jtbd_id as job_id from raw.jtbd_workflow_stages as s where s.deleted_at is null
),

activities as (
    select a.id as activity_id, a.depends_on_activity_id as before_id, s.job_id
    from raw.jtbd_workflow_activities as a
    inner join stages as s on a.workflow_stage_id = s.stage_id
    where a.deleted_at is null
),

walked as (
    select activity_id, activity_id as at_id, job_id, 1 as depth from activities
    union all
    select w.activity_id, b.activity_id as at_id, w.job_id, w.depth + 1 as depth
    from walked as w
    inner join activities as a on w.at_id = a.activity_id
    inner join activities as b on a.before_id = b.activity_id and a.job_id = b.job_id
    where w.depth < 64 and (w.depth = 1 or w.at_id <> w.activity_id)
),

chains as (
    select
        job_id,
        count(distinct activity_id) as n_activities,
        count(distinct case when depth > 1 and at_id = activity_id then activity_id end) as n_circular,
        max(depth) as longest
    from walked
    group by job_id
),

staged as (
    select job_id, count(*) as n from stages group by job_id
),

source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select
        case when count(case when table_name = 'jtbd_workflow_stages' and column_name = '*' then 1 end) = 0 then 1 end as stages,
        case when count(case when table_name = 'jtbd_workflow_activities' and column_name = '*' then 1 end) = 0 then 1 end as activities,
        case
            when count(case when table_name = 'jtbd_workflow_activities' and column_name in ('*', 'depends_on_activity_id') then 1 end) = 0 then 1
        end as chains
    from model.absent
)

select
    j.job_id,
    j.job_code,
    j.job_name,
    cast(coalesce(t.n, 0) * s.stages as bigint) as n_stages,
    cast(coalesce(c.n_activities, 0) * s.stages * s.activities as bigint) as n_activities,
    cast(case when c.n_circular = 0 then c.longest * s.stages * s.chains end as bigint) as longest_chain,
    cast(coalesce(c.n_circular, 0) * s.stages * s.chains as bigint) as n_circular,
    j.is_shared
from model.jobs as j
cross join source as s
left join staged as t on j.job_id = t.job_id
left join chains as c on j.job_id = c.job_id
where j.is_live
