/*
title   = "Opportunity by who and what"
because = "The same scores by job, function, department, role and persona: where opportunity gathers, with the counts that keep a mean honest."
grain   = ["dimension", "member"]
order   = "dimension, n_high desc, mean_score desc nulls last, member"
show    = ["dimension", "member_name", "n_outcomes", "n_high", "n_medium", "n_low", "n_unscored", "mean_score", "max_score"]
[columns]
dimension        = { type = "VARCHAR", meaning = "job, function (with everything below it), department, role, or persona (through its effective jobs)" }
member           = { type = "VARCHAR", meaning = "the member's id", null_means = "outcomes that belong to no member of this dimension" }
member_name      = { type = "VARCHAR", meaning = "the member's name", null_means = "no member, or no name" }
n_outcomes       = { type = "BIGINT", unit = "outcomes", meaning = "live outcomes, scored or not" }
n_scored         = { type = "BIGINT", unit = "outcomes", meaning = "those with a score" }
n_high           = { type = "BIGINT", unit = "outcomes", meaning = "those in band HIGH" }
n_medium         = { type = "BIGINT", unit = "outcomes", meaning = "those in band MEDIUM" }
n_low            = { type = "BIGINT", unit = "outcomes", meaning = "those in band LOW" }
n_unscored       = { type = "BIGINT", unit = "outcomes", meaning = "those without a score" }
n_underserved    = { type = "BIGINT", unit = "outcomes", meaning = "those in the region underserved (score above 10)" }
share_underserved = { type = "DOUBLE", unit = "0-1", meaning = "n_underserved / n_scored", null_means = "nothing is scored" }
mean_score       = { type = "DOUBLE", unit = "0-20", meaning = "mean of the scores, not score of the means", null_means = "nothing is scored" }
max_score        = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "the highest score", null_means = "nothing is scored" }
total_importance = { type = "DECIMAL(38,6)", unit = "sum of 0-10", meaning = "sum of importance over scored outcomes", null_means = "nothing is scored" }
top_outcome_id   = { type = "UUID", meaning = "the outcome with the highest score; of equals the smallest id", null_means = "nothing is scored" }
*/
with dimensions as (
    select 'job' as dimension
    union all
    select 'function' as dimension
    union all
    select 'department' as dimension
    union all
    select 'role' as dimension
    union all
    select 'persona' as dimension
),

live_members as (
    select m.dimension, m.member, m.member_name, m.job_id
    from model.membership as m
    inner join model.jobs as j on j.job_id = m.job_id
    where j.is_live
),

placed as (
    select m.dimension, m.member, m.member_name, o.outcome_id, o.importance, o.score, o.band, o.region
    from live_members as m
    left join metric.opportunity as o on o.job_id = m.job_id
    union all
    select d.dimension, cast(null as varchar(64)) as member, cast(null as varchar(64)) as member_name, o.outcome_id, o.importance, o.score, o.band, o.region
    from metric.opportunity as o
    cross join dimensions as d
    where not exists (select 1 from live_members as m where m.dimension = d.dimension and m.job_id = o.job_id)
),

ranked as (
    select
        *,
        row_number() over (partition by dimension, member order by score desc nulls last, outcome_id) as place
    from placed
)

select
    dimension,
    member,
    max(member_name) as member_name,
    count(outcome_id) as n_outcomes,
    count(score) as n_scored,
    count(case when band = 'HIGH' then 1 end) as n_high,
    count(case when band = 'MEDIUM' then 1 end) as n_medium,
    count(case when band = 'LOW' then 1 end) as n_low,
    count(case when band = 'UNSCORED' then 1 end) as n_unscored,
    count(case when region = 'underserved' then 1 end) as n_underserved,
    case when count(score) > 0 then cast(count(case when region = 'underserved' then 1 end) as double) / count(score) end as share_underserved,
    case when count(score) > 0 then cast(sum(score) as double) / count(score) end as mean_score,
    max(score) as max_score,
    sum(case when score is not null then importance end) as total_importance,
    max(case when place = 1 and score is not null then outcome_id end) as top_outcome_id
from ranked
group by dimension, member
