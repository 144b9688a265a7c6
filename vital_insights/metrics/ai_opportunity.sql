/*
title   = "AI opportunity"
because = "Where generative AI could help with a job, how many uses of it are thought through, and how far a machine could go alone or beside a person. It is no opportunity score."
grain   = ["job_id"]
order   = "n_use_cases desc nulls last, n_ai_opportunities desc nulls last, job_name nulls last, job_id"
show    = ["job_code", "job_name", "n_ai_opportunities", "n_use_cases", "automation", "augmentation"]
[columns]
job_id             = { type = "UUID", meaning = "the job's id; live jobs only" }
job_code           = { type = "VARCHAR", meaning = "the job's code", null_means = "no code in the source" }
job_name           = { type = "VARCHAR", meaning = "the job's name", null_means = "no name in the source" }
n_ai_opportunities = { type = "BIGINT", unit = "AI opportunities", meaning = "places in the job where generative AI could help", null_means = "the source has no table of them" }
n_use_cases        = { type = "BIGINT", unit = "use cases", meaning = "uses that are described for the job", null_means = "the source has no table of them" }
n_judged           = { type = "BIGINT", unit = "AI opportunities", meaning = "those whose automation or augmentation is judged", null_means = "the source has no table of them, or judges none of them" }
automation         = { type = "DECIMAL(18,6)", unit = "as the source has it", meaning = "the highest automation potential of the job's AI opportunities: what a machine could do alone", null_means = "none is judged" }
augmentation       = { type = "DECIMAL(18,6)", unit = "as the source has it", meaning = "the highest augmentation potential: what a machine could do beside a person", null_means = "none is judged" }
newest_change      = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when an AI opportunity of the job last changed, or was made where that is all the source says", null_means = "no AI opportunity, or none with a date" }
is_shared          = { type = "BOOLEAN", meaning = "the job has no tenant and the settings share it" }
*/
with source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select
        case when count(case when table_name = 'jtbd_gen_ai_opportunities' and column_name = '*' then 1 end) = 0 then 1 end as opportunities,
        case when count(case when table_name = 'jtbd_gen_ai_use_cases' and column_name = '*' then 1 end) = 0 then 1 end as use_cases
    from model.absent
),

opportunities as (
    select
        jtbd_id as job_id,
        count(*) as n,
        count(coalesce(automation_potential_score, augmentation_potential_score)) as n_judged,
        max(automation_potential_score) as automation,
        max(augmentation_potential_score) as augmentation,
        max(coalesce(updated_at, created_at)) as newest_change
    from raw.jtbd_gen_ai_opportunities
    where deleted_at is null
    group by jtbd_id
),

stated as (
    -- Where none at all is judged, the source keeps its judgements elsewhere or has none: the two cannot be told apart.
    select case when count(*) = 0 or sum(n_judged) > 0 then 1 end as judgements from opportunities
),

use_cases as (
    select jtbd_id as job_id, count(*) as n from raw.jtbd_gen_ai_use_cases where deleted_at is null group by jtbd_id
)

select
    j.job_id,
    j.job_code,
    j.job_name,
    cast(coalesce(o.n, 0) * s.opportunities as bigint) as n_ai_opportunities,
    cast(coalesce(u.n, 0) * s.use_cases as bigint) as n_use_cases,
    cast(coalesce(o.n_judged, 0) * s.opportunities * st.judgements as bigint) as n_judged,
    o.automation,
    o.augmentation,
    o.newest_change,
    j.is_shared
from model.jobs as j
cross join source as s
cross join stated as st
left join opportunities as o on j.job_id = o.job_id
left join use_cases as u on j.job_id = u.job_id
where j.is_live
