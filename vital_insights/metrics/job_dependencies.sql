/*
title   = "Job dependencies"
because = "Which job holds up the most others when it goes wrong, and which wait in a circle that nobody can begin."
grain   = ["job_id"]
order   = "n_held_up_in_all desc nulls last, n_held_up desc nulls last, job_name nulls last, job_id"
show    = ["job_code", "job_name", "n_waits_for", "n_held_up", "n_held_up_in_all", "in_circle"]
[columns]
job_id           = { type = "UUID", meaning = "the job's id; live jobs only" }
job_code         = { type = "VARCHAR", meaning = "the job's code", null_means = "no code in the source" }
job_name         = { type = "VARCHAR", meaning = "the job's name", null_means = "no name in the source" }
n_waits_for      = { type = "BIGINT", unit = "jobs", meaning = "live jobs that it waits for straight", null_means = "the source has no table of dependencies" }
n_held_up        = { type = "BIGINT", unit = "jobs", meaning = "live jobs that wait for it straight", null_means = "the source has no table of dependencies" }
n_held_up_in_all = { type = "BIGINT", unit = "jobs", meaning = "live jobs that wait for it, straight or through others up to 32 steps away, itself left out", null_means = "the source has no table of dependencies" }
in_circle        = { type = "BOOLEAN", meaning = "it waits for itself, straight or through others up to 32 steps away", null_means = "the source has no table of dependencies" }
is_shared        = { type = "BOOLEAN", meaning = "the job has no tenant and the settings share it" }
*/
with recursive waits as (
    select distinct d.source_jtbd_id as job_id, d.dependent_jtbd_id as held_id
    from raw.jtbd_dependencies as d
    inner join model.jobs as s on d.source_jtbd_id = s.job_id
    inner join model.jobs as t on d.dependent_jtbd_id = t.job_id
    where d.deleted_at is null and s.is_live and t.is_live
),

reached as (
    select job_id, held_id, 1 as depth from waits
    union all
    select distinct r.job_id, w.held_id, r.depth + 1 as depth
    from reached as r
    inner join waits as w on r.held_id = w.job_id
    where r.depth < 32
),

source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select case when count(case when table_name = 'jtbd_dependencies' and column_name = '*' then 1 end) = 0 then 1 end as dependencies
    from model.absent
),

before as (
    select held_id as job_id, count(*) as n from waits where held_id <> job_id group by held_id
),

straight as (
    select job_id, count(*) as n from waits where held_id <> job_id group by job_id
),

in_all as (
    select
        job_id,
        count(distinct case when held_id <> job_id then held_id end) as n,
        count(case when held_id = job_id then 1 end) as n_circles
    from reached
    group by job_id
)

select
    j.job_id,
    j.job_code,
    j.job_name,
    cast(coalesce(b.n, 0) * s.dependencies as bigint) as n_waits_for,
    cast(coalesce(d.n, 0) * s.dependencies as bigint) as n_held_up,
    cast(coalesce(a.n, 0) * s.dependencies as bigint) as n_held_up_in_all,
    case when s.dependencies is not null then coalesce(a.n_circles, 0) > 0 end as in_circle,
    j.is_shared
from model.jobs as j
cross join source as s
left join before as b on j.job_id = b.job_id
left join straight as d on j.job_id = d.job_id
left join in_all as a on j.job_id = a.job_id
where j.is_live
