/*
title   = "Opportunity by who and what"
because = "The same scores by job, unit, person, place, strategy and kind of work: where opportunity gathers, with the counts that keep a mean honest."
grain   = ["dimension", "member"]
order   = "dimension, n_high desc, mean_score desc nulls last, member"
show    = ["dimension", "member_name", "n_outcomes", "n_high", "n_medium", "n_low", "n_unscored", "mean_score", "max_score"]
[columns]
dimension        = { type = "VARCHAR", meaning = "job, function and domain (with everything below), department, role, persona (through its effective jobs), capability, strategic_priority, industry, outcome_type, job_category, complexity, frequency, functional_area; country, geographic_scope, therapeutic_area and disease_area (through the roles of the job), where the source says of any unit where it works" }
member           = { type = "VARCHAR", meaning = "the member's id; where a word is the member, the word in lower case", null_means = "outcomes that belong to no member of this dimension" }
member_name      = { type = "VARCHAR", meaning = "the member's name, or the word for people to read", null_means = "no member, or no name" }
n_outcomes       = { type = "BIGINT", unit = "outcomes", meaning = "live outcomes, scored or not", null_means = "the source has no table of outcomes, and no job here has scores of its own" }
n_scored         = { type = "BIGINT", unit = "outcomes", meaning = "those with a score", null_means = "as n_outcomes" }
n_high           = { type = "BIGINT", unit = "outcomes", meaning = "those in band HIGH", null_means = "as n_outcomes" }
n_high_firm      = { type = "BIGINT", unit = "outcomes", meaning = "those in band HIGH that stay there while each input is off by no more than the tolerance", null_means = "as n_outcomes, or the snapshot states no tolerance" }
n_medium         = { type = "BIGINT", unit = "outcomes", meaning = "those in band MEDIUM", null_means = "as n_outcomes" }
n_low            = { type = "BIGINT", unit = "outcomes", meaning = "those in band LOW", null_means = "as n_outcomes" }
n_unscored       = { type = "BIGINT", unit = "outcomes", meaning = "those without a score", null_means = "as n_outcomes" }
n_underserved    = { type = "BIGINT", unit = "outcomes", meaning = "those in the region underserved (score above 10)", null_means = "as n_outcomes" }
share_underserved = { type = "DOUBLE", unit = "0-1", meaning = "n_underserved / n_scored", null_means = "nothing is scored" }
mean_score       = { type = "DOUBLE", unit = "0-20", meaning = "mean of the scores, not score of the means", null_means = "nothing is scored" }
max_score        = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "the highest score", null_means = "nothing is scored" }
total_importance = { type = "DECIMAL(38,6)", unit = "sum of 0-10", meaning = "sum of importance over scored outcomes", null_means = "nothing is scored" }
top_outcome_id   = { type = "UUID", meaning = "the outcome with the highest score; of equals the smallest id", null_means = "nothing is scored" }
*/
-- A job's outcomes are added up once, then the dimensions add up jobs. An outcome without a job stands for itself.
with source as (
    -- Where nothing is counted that is 0, and unknown where the source has no table of outcomes.
    select case when count(*) = 0 then 0 end as no_outcome from model.absent where table_name = 'jtbd_outcomes' and column_name = '*'
),

items as (
    select
        coalesce(job_id, outcome_id) as item_id,
        count(job_id) as n_of_job,
        count(*) as n_outcomes,
        count(score) as n_scored,
        count(case when band = 'HIGH' then 1 end) as n_high,
        sum(case when band = 'HIGH' and band_firm then 1 when band = 'HIGH' and not band_firm then 0 end) as n_high_firm,
        count(case when band = 'MEDIUM' then 1 end) as n_medium,
        count(case when region = 'underserved' then 1 end) as n_underserved,
        sum(score) as sum_score,
        sum(case when score is not null then importance end) as sum_importance,
        max(score) as max_score
    from metric.opportunity
    group by coalesce(job_id, outcome_id)
),

best as (
    select i.item_id, i.max_score, min(o.outcome_id) as top_outcome_id
    from metric.opportunity as o
    inner join items as i on i.item_id = coalesce(o.job_id, o.outcome_id) and i.max_score = o.score
    group by i.item_id, i.max_score
),

-- One number for the score and the smallest id that has it: of several items the first place is the highest score and the top.
places as (
    select item_id, max_score, top_outcome_id, row_number() over (order by max_score desc, top_outcome_id) as place
    from best
),

placed as (
    select i.*, p.top_outcome_id, p.place
    from items as i
    left join places as p on p.item_id = i.item_id
),

live_jobs as (
    select
        j.job_id, j.job_name, i.n_outcomes, i.n_scored, i.n_high, i.n_high_firm, i.n_medium, i.n_underserved, i.sum_score, i.sum_importance,
        i.max_score, i.top_outcome_id, i.place
    from model.jobs as j
    left join placed as i on i.item_id = j.job_id
    where j.is_live
),

without_job as (
    select
        sum(n_outcomes) as n_outcomes, sum(n_scored) as n_scored, sum(n_high) as n_high, sum(n_high_firm) as n_high_firm,
        sum(n_medium) as n_medium, sum(n_underserved) as n_underserved, sum(sum_score) as sum_score,
        sum(sum_importance) as sum_importance, min(place) as place
    from placed
    where n_of_job = 0
),

-- A job is its own member and is added up already, so that dimension skips the join.
members as (
    select
        m.dimension, m.member, m.member_name, j.n_outcomes, j.n_scored, j.n_high, j.n_high_firm, j.n_medium, j.n_underserved, j.sum_score,
        j.sum_importance, j.place
    from model.membership as m
    inner join live_jobs as j on j.job_id = m.job_id
    where m.dimension <> 'job'
    union all
    select
        d.dimension, null as member, null as member_name, w.n_outcomes, w.n_scored, w.n_high, w.n_high_firm, w.n_medium, w.n_underserved, w.sum_score,
        w.sum_importance, w.place
    from without_job as w
    cross join (
        select dimension
        from (
            values ('job'), ('function'), ('department'), ('role'), ('persona'), ('domain'), ('capability'), ('strategic_priority'),
            ('industry'), ('job_category'), ('complexity'), ('frequency'), ('functional_area')
        ) as a (dimension)
        union
        select dimension from model.membership
    ) as d
),

totals as (
    select
        dimension,
        member,
        max(member_name) as member_name,
        sum(n_outcomes) as n_outcomes,
        sum(n_scored) as n_scored,
        sum(n_high) as n_high,
        sum(n_high_firm) as n_high_firm,
        sum(n_medium) as n_medium,
        sum(n_underserved) as n_underserved,
        sum(sum_score) as sum_score,
        sum(sum_importance) as sum_importance,
        min(place) as place
    from members
    group by dimension, member
),

-- A type belongs to the outcome and not to its job, so model.membership, which places jobs, cannot know it.
typed as (
    select nullif(lower(trim(outcome_type)), '') as outcome_type, outcome_id, importance, score, band, band_firm, region
    from metric.opportunity
),

types as (
    select
        outcome_type,
        count(*) as n_outcomes,
        count(score) as n_scored,
        count(case when band = 'HIGH' then 1 end) as n_high,
        sum(case when band = 'HIGH' and band_firm then 1 when band = 'HIGH' and not band_firm then 0 end) as n_high_firm,
        count(case when band = 'MEDIUM' then 1 end) as n_medium,
        count(case when region = 'underserved' then 1 end) as n_underserved,
        sum(score) as sum_score,
        sum(case when score is not null then importance end) as sum_importance,
        max(score) as max_score
    from typed
    group by outcome_type
),

best_of_types as (
    select coalesce(t.outcome_type, '') as outcome_type, min(o.outcome_id) as top_outcome_id
    from typed as o
    inner join types as t on coalesce(t.outcome_type, '') = coalesce(o.outcome_type, '') and t.max_score = o.score
    group by coalesce(t.outcome_type, '')
),

answers as (
    select
        t.dimension, t.member, t.member_name, t.n_outcomes, t.n_scored, t.n_high, t.n_high_firm, t.n_medium, t.n_underserved, t.sum_score,
        t.sum_importance, p.max_score, p.top_outcome_id
    from totals as t
    left join places as p on p.place = t.place
    union all
    select
        'job' as dimension, cast(job_id as varchar(64)) as member, job_name as member_name, n_outcomes, n_scored, n_high, n_high_firm, n_medium,
        n_underserved, sum_score, sum_importance, max_score, top_outcome_id
    from live_jobs
    union all
    select
        'outcome_type' as dimension, t.outcome_type as member, replace(t.outcome_type, '_', ' ') as member_name, t.n_outcomes, t.n_scored, t.n_high,
        t.n_high_firm, t.n_medium, t.n_underserved, t.sum_score, t.sum_importance, t.max_score, b.top_outcome_id
    from types as t
    left join best_of_types as b on b.outcome_type = coalesce(t.outcome_type, '')
)

select
    a.dimension,
    a.member,
    a.member_name,
    cast(coalesce(a.n_outcomes, s.no_outcome) as bigint) as n_outcomes,
    cast(coalesce(a.n_scored, s.no_outcome) as bigint) as n_scored,
    cast(coalesce(a.n_high, s.no_outcome) as bigint) as n_high,
    cast(case when a.n_high > 0 then a.n_high_firm else coalesce(a.n_high, s.no_outcome) end as bigint) as n_high_firm,
    cast(coalesce(a.n_medium, s.no_outcome) as bigint) as n_medium,
    cast(coalesce(a.n_scored - a.n_high - a.n_medium, s.no_outcome) as bigint) as n_low,
    cast(coalesce(a.n_outcomes - a.n_scored, s.no_outcome) as bigint) as n_unscored,
    cast(coalesce(a.n_underserved, s.no_outcome) as bigint) as n_underserved,
    case when a.n_scored > 0 then cast(a.n_underserved as double) / a.n_scored end as share_underserved,
    case when a.n_scored > 0 then cast(a.sum_score as double) / a.n_scored end as mean_score,
    a.max_score,
    cast(a.sum_importance as decimal(38, 6)) as total_importance,
    a.top_outcome_id
from answers as a
cross join source as s
where a.member is not null or a.n_outcomes > 0
