/*
title   = "Barriers"
because = "What stands in the way, worst first: how many jobs each kind of obstacle or constraint holds up, and how many HIGH opportunities wait behind it."
grain   = ["barrier", "kind", "severity"]
order   = "severity_rank desc nulls last, n_jobs desc, n_barriers desc, barrier, kind nulls last, severity nulls last"
show    = ["barrier", "kind", "severity", "n_barriers", "n_jobs", "share_of_live_jobs", "n_high_outcomes"]
[columns]
barrier            = { type = "VARCHAR", meaning = "obstacle or constraint" }
kind               = { type = "VARCHAR", meaning = "the type of the obstacle or constraint in small letters, the source's own words kept", null_means = "not stated, or the source has no such column" }
severity           = { type = "VARCHAR", meaning = "an obstacle's severity, a constraint's impact, in small letters, the source's own words kept", null_means = "not stated, or the source has no such column" }
severity_rank      = { type = "BIGINT", unit = "1-4", meaning = "low 1, medium 2, high 3, critical 4", null_means = "not stated, or another word" }
n_barriers         = { type = "BIGINT", unit = "obstacles or constraints", meaning = "those of live jobs" }
n_jobs             = { type = "BIGINT", unit = "jobs", meaning = "live jobs that they hold up" }
n_live_jobs        = { type = "BIGINT", unit = "jobs", meaning = "all live jobs of the tenant" }
share_of_live_jobs = { type = "DOUBLE", unit = "0-1", meaning = "n_jobs / n_live_jobs" }
n_high_outcomes    = { type = "BIGINT", unit = "outcomes", meaning = "HIGH opportunities of those jobs, each once", null_means = "nothing of the tenant is scored" }
*/
with live_jobs as (
    select job_id from model.jobs where is_live
),

total as (
    select count(*) as n_live_jobs from live_jobs
),

scored as (
    select count(score) as n_scored from metric.opportunity
),

high_outcomes as (
    select job_id, count(*) as n_high from metric.opportunity where band = 'HIGH' group by job_id
),

written as (
    select 'obstacle' as barrier, lower(trim(obstacle_type)) as kind, lower(trim(severity)) as severity, jtbd_id as job_id
    from raw.jtbd_obstacles
    where deleted_at is null
    union all
    select 'constraint' as barrier, lower(trim(constraint_type)) as kind, lower(trim(impact)) as severity, jtbd_id as job_id
    from raw.jtbd_constraints
    where deleted_at is null
),

of_jobs as (
    select w.barrier, nullif(w.kind, '') as kind, nullif(w.severity, '') as severity, w.job_id, count(*) as n_barriers
    from written as w
    inner join live_jobs as j on j.job_id = w.job_id
    group by w.barrier, nullif(w.kind, ''), nullif(w.severity, ''), w.job_id
),

counted as (
    select
        o.barrier,
        o.kind,
        o.severity,
        cast(sum(o.n_barriers) as bigint) as n_barriers,
        count(*) as n_jobs,
        cast(sum(coalesce(h.n_high, 0)) as bigint) as n_high_outcomes
    from of_jobs as o
    left join high_outcomes as h on h.job_id = o.job_id
    group by o.barrier, o.kind, o.severity
)

select
    c.barrier,
    c.kind,
    c.severity,
    cast(case c.severity when 'low' then 1 when 'medium' then 2 when 'high' then 3 when 'critical' then 4 end as bigint) as severity_rank,
    c.n_barriers,
    c.n_jobs,
    t.n_live_jobs,
    cast(c.n_jobs as double) / t.n_live_jobs as share_of_live_jobs,
    case when s.n_scored > 0 then c.n_high_outcomes end as n_high_outcomes
from counted as c
cross join total as t
cross join scored as s
