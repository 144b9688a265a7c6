/*
title   = "Job alternatives"
because = "What people turn to today instead of a solution of ours, job by job. Where outcomes are HIGH, it leaves much to be desired; where nothing is written down, nobody knows what there is to beat."
grain   = ["job_id"]
order   = "n_high desc nulls last, n_alternatives desc nulls last, job_name nulls last, job_id"
show    = ["job_code", "job_name", "n_high", "n_alternatives", "n_different"]
[columns]
job_id         = { type = "UUID", meaning = "the job's id; live jobs only" }
job_code       = { type = "VARCHAR", meaning = "the job's code", null_means = "no code in the source" }
job_name       = { type = "VARCHAR", meaning = "the job's name", null_means = "no name in the source" }
n_alternatives = { type = "BIGINT", unit = "alternatives", meaning = "competitive alternatives that are written down for the job", null_means = "the source has no table of them" }
n_different    = { type = "BIGINT", unit = "names", meaning = "different names among them, whatever their capitals", null_means = "the source has no table of them, or there are some and none has a name" }
n_high         = { type = "BIGINT", unit = "outcomes", meaning = "outcomes of the job in the HIGH band: what today's alternatives leave unserved" }
newest_change  = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when an alternative of the job last changed, or was made where that is all the source says", null_means = "no alternative, or none with a date" }
is_shared      = { type = "BOOLEAN", meaning = "the job has no tenant and the settings share it" }
*/
with source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select case when count(*) = 0 then 1 end as alternatives
    from model.absent
    where table_name = 'jtbd_competitive_alternatives' and column_name = '*'
),

alternatives as (
    select
        jtbd_id as job_id,
        count(*) as n,
        count(distinct nullif(lower(trim(name)), '')) as n_different,
        max(coalesce(updated_at, created_at)) as newest_change
    from raw.jtbd_competitive_alternatives
    where deleted_at is null
    group by jtbd_id
),

needs as (
    select job_id, count(case when band = 'HIGH' then 1 end) as n_high from metric.opportunity group by job_id
)

select
    j.job_id,
    j.job_code,
    j.job_name,
    cast(coalesce(a.n, 0) * s.alternatives as bigint) as n_alternatives,
    cast(case when a.n > 0 and a.n_different = 0 then null else coalesce(a.n_different, 0) end * s.alternatives as bigint) as n_different,
    cast(coalesce(n.n_high, 0) as bigint) as n_high,
    a.newest_change,
    j.is_shared
from model.jobs as j
cross join source as s
left join alternatives as a on j.job_id = a.job_id
left join needs as n on j.job_id = n.job_id
where j.is_live
