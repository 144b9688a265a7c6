/*
title   = "Job value"
because = "What doing a job better is worth, whether anybody has put that in figures, and for whom; beside it how many of the job's outcomes are HIGH."
grain   = ["job_id"]
order   = "n_high desc nulls last, n_quantified desc nulls last, n_value_drivers desc nulls last, job_name nulls last, job_id"
show    = ["job_code", "job_name", "n_high", "n_value_drivers", "n_quantified", "n_beneficiaries"]
[columns]
job_id          = { type = "UUID", meaning = "the job's id; live jobs only" }
job_code        = { type = "VARCHAR", meaning = "the job's code", null_means = "no code in the source" }
job_name        = { type = "VARCHAR", meaning = "the job's name", null_means = "no name in the source" }
n_value_drivers = { type = "BIGINT", unit = "value drivers", meaning = "what is written down about the value of doing the job better", null_means = "the source has no table of them" }
n_quantified    = { type = "BIGINT", unit = "value drivers", meaning = "those whose impact is written down as well, in whatever words and figures", null_means = "the source has no table of them, or does not say their impact" }
n_beneficiaries = { type = "BIGINT", unit = "beneficiaries", meaning = "different ones that are named, whatever their capitals", null_means = "the source has no table of value drivers, or does not say who benefits" }
n_high          = { type = "BIGINT", unit = "outcomes", meaning = "outcomes of the job in the HIGH band" }
newest_change   = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when a value driver of the job last changed, or was made where that is all the source says", null_means = "no value driver, or none with a date" }
is_shared       = { type = "BOOLEAN", meaning = "the job has no tenant and the settings share it" }
*/
with source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select
        case when count(case when column_name = '*' then 1 end) = 0 then 1 end as drivers,
        case when count(case when column_name in ('*', 'quantified_impact') then 1 end) = 0 then 1 end as impacts,
        case when count(case when column_name in ('*', 'beneficiary') then 1 end) = 0 then 1 end as beneficiaries
    from model.absent
    where table_name = 'jtbd_value_drivers'
),

drivers as (
    select
        jtbd_id as job_id,
        count(*) as n,
        count(nullif(trim(quantified_impact), '')) as n_quantified,
        count(distinct nullif(lower(trim(beneficiary)), '')) as n_beneficiaries,
        max(coalesce(updated_at, created_at)) as newest_change
    from raw.jtbd_value_drivers
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
    cast(coalesce(d.n, 0) * s.drivers as bigint) as n_value_drivers,
    cast(coalesce(d.n_quantified, 0) * s.impacts as bigint) as n_quantified,
    cast(coalesce(d.n_beneficiaries, 0) * s.beneficiaries as bigint) as n_beneficiaries,
    cast(coalesce(n.n_high, 0) as bigint) as n_high,
    d.newest_change,
    j.is_shared
from model.jobs as j
cross join source as s
left join drivers as d on j.job_id = d.job_id
left join needs as n on j.job_id = n.job_id
where j.is_live
