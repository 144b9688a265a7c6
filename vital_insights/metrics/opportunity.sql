/*
title   = "Opportunity"
because = "High importance, poorly served: where to act first. One row an outcome, the unscored ones among them."
grain   = ["outcome_id"]
scheme  = "vital-v1"
order   = "rank nulls last, outcome_id"
show    = ["rank", "score", "band", "importance", "satisfaction", "statement", "job_name"]
[columns]
outcome_id      = { type = "UUID", meaning = "the outcome's id; the job's own where the job itself is scored" }
outcome_code    = { type = "VARCHAR", meaning = "the outcome's short code; it repeats from job to job", null_means = "no code in the source, or a job-level score" }
statement       = { type = "VARCHAR", meaning = "the desired outcome in words", null_means = "no statement in the source" }
outcome_type    = { type = "VARCHAR", meaning = "speed, stability, output, cost, risk, or the source's own word", null_means = "no type in the source" }
level           = { type = "VARCHAR", meaning = "outcome, or job where only the job itself is scored" }
job_id          = { type = "UUID", meaning = "the job the outcome belongs to", null_means = "the source names no job, or one that is not there" }
job_code        = { type = "VARCHAR", meaning = "the job's code", null_means = "no job, or no code" }
job_name        = { type = "VARCHAR", meaning = "the job's name", null_means = "no job, or no name" }
importance      = { type = "DECIMAL(18,6)", unit = "0-10", meaning = "how important the outcome is, as the source has it", null_means = "not rated" }
satisfaction    = { type = "DECIMAL(18,6)", unit = "0-10", meaning = "how well it is served today, as the source has it", null_means = "not rated" }
gap             = { type = "DECIMAL(18,6)", unit = "-10 to 10", meaning = "importance - satisfaction", null_means = "no score" }
score           = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "importance + max(importance - satisfaction, 0)", null_means = "importance or satisfaction missing or outside 0-10" }
band            = { type = "VARCHAR", meaning = "HIGH above 12, MEDIUM 8 to 12, LOW below 8, UNSCORED without a score" }
classic_band    = { type = "VARCHAR", meaning = "the bands of the book: EXTREME from 15, HIGH from 12, CONSIDER from 10, NONE below, UNSCORED" }
region          = { type = "VARCHAR", meaning = "underserved (score above 10), table_stakes (both 7.5 or more), overserved, appropriately_served, UNSCORED" }
rank            = { type = "BIGINT", unit = "1 is the highest score", meaning = "1 + scored outcomes of the snapshot with a higher score", null_means = "no score" }
evidence_source = { type = "VARCHAR", meaning = "where the scores come from", null_means = "not stated" }
job_status      = { type = "VARCHAR", meaning = "draft or active", null_means = "not stated; counts as live" }
validation_score = { type = "DECIMAL(18,6)", unit = "0-1", meaning = "how well the job is validated", null_means = "not validated" }
updated_at      = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when the scored row last changed", null_means = "not stated" }
stored_score    = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "the score the source stores, never used", null_means = "nothing stored" }
stored_priority = { type = "VARCHAR", meaning = "the priority the source stores, never used", null_means = "nothing stored" }
stored_agrees   = { type = "BOOLEAN", meaning = "the stored score (to its one decimal) and priority equal ours", null_means = "nothing stored" }
is_shared       = { type = "BOOLEAN", meaning = "the row has no tenant and the settings share it" }
*/
with live_outcomes as (
    select
        o.*,
        j.job_code,
        j.job_name,
        j.job_status,
        j.validation_score,
        -- Written out, because greatest(null, 0) is 0 on some engines: a missing score must never look like one.
        case when o.importance >= 0 and o.importance <= 10 and o.satisfaction >= 0 and o.satisfaction <= 10 then o.importance end as i,
        case when o.importance >= 0 and o.importance <= 10 and o.satisfaction >= 0 and o.satisfaction <= 10 then o.satisfaction end as s
    from model.outcomes as o
    left join model.jobs as j on j.job_id = o.job_id
    where o.is_live
),

scored as (
    select
        *,
        cast(i - s as decimal(18, 6)) as gap,
        cast(case when i > s then i + (i - s) when i <= s then i end as decimal(18, 6)) as score
    from live_outcomes
),

banded as (
    select
        *,
        case when score is null then 'UNSCORED' when score > 12 then 'HIGH' when score >= 8 then 'MEDIUM' else 'LOW' end as band
    from scored
)

select
    outcome_id,
    outcome_code,
    statement,
    outcome_type,
    level,
    job_id,
    job_code,
    job_name,
    importance,
    satisfaction,
    gap,
    score,
    band,
    case
        when score is null then 'UNSCORED' when score >= 15 then 'EXTREME' when score >= 12 then 'HIGH' when score >= 10 then 'CONSIDER'
        else 'NONE'
    end as classic_band,
    case
        when score is null then 'UNSCORED' when score > 10 then 'underserved' when i >= 7.5 and s >= 7.5 then 'table_stakes'
        when s > i then 'overserved' else 'appropriately_served'
    end as region,
    case when score is not null then rank() over (order by score desc nulls last) end as rank,
    evidence_source,
    job_status,
    validation_score,
    updated_at,
    stored_score,
    stored_priority,
    case
        when stored_score is null and stored_priority is null then null
        when stored_score is not null and (score is null or abs(stored_score - score) > 0.05) then false
        when stored_priority is not null and lower(trim(stored_priority)) <> lower(band) then false
        else true
    end as stored_agrees,
    is_shared
from banded
