/*
title   = "Opportunity"
because = "High importance, poorly served: where to act first. One row an outcome, the unscored ones among them."
grain   = ["outcome_id"]
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
score_low       = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "the lowest score while each input is off by no more than the tolerance", null_means = "no score, or no tolerance was set" }
score_high      = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "the highest score while each input is off by no more than the tolerance", null_means = "no score, or no tolerance was set" }
band_low        = { type = "VARCHAR", meaning = "the band of score_low", null_means = "no score, or no tolerance was set" }
band_high       = { type = "VARCHAR", meaning = "the band of score_high", null_means = "no score, or no tolerance was set" }
band_firm       = { type = "BOOLEAN", meaning = "the band stays the same while each input is off by no more than the tolerance", null_means = "no score, or no tolerance was set" }
rank_best       = { type = "BIGINT", unit = "1 is the highest score", meaning = "1 + scored outcomes that stay above it whatever the inputs within the tolerance", null_means = "no score, or no tolerance was set" }
rank_worst      = { type = "BIGINT", unit = "1 is the highest score", meaning = "1 + other scored outcomes that may come above it within the tolerance", null_means = "no score, or no tolerance was set" }
satisfaction_to_leave_high = { type = "DECIMAL(18,6)", unit = "0-10", meaning = "the satisfaction from which on the outcome is no longer HIGH", null_means = "not HIGH" }
evidence_source = { type = "VARCHAR", meaning = "where the scores come from", null_means = "not stated" }
job_status      = { type = "VARCHAR", meaning = "draft or active", null_means = "not stated; counts as live" }
validation_score = { type = "DECIMAL(18,6)", unit = "0-1", meaning = "how well the job is validated", null_means = "not validated" }
updated_at      = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when the scored row last changed", null_means = "not stated" }
stored_score    = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "the score the source stores, never used", null_means = "nothing stored" }
stored_priority = { type = "VARCHAR", meaning = "the priority the source stores, never used", null_means = "nothing stored" }
stored_agrees   = { type = "BOOLEAN", meaning = "the stored score (to its one decimal) and priority equal ours", null_means = "nothing stored" }
is_shared       = { type = "BOOLEAN", meaning = "the row has no tenant and the settings share it" }
*/
-- Outcomes share their inputs: ten million hold some ten thousand pairs of one-decimal scores. Each pair is scored once.
with pairs as (
    select importance, satisfaction, count(*) as n
    from model.outcomes
    -- What is missing or outside 0-10 is in no pair, so it gets no score further down: never 0, never a band.
    where is_live and importance >= 0 and importance <= 10 and satisfaction >= 0 and satisfaction <= 10
    group by importance, satisfaction
),

-- As it stands, and at worst and at best: the score rises with importance and never rises with satisfaction.
-- Without a tolerance there is no worst and no best, and the scores still come.
cases as (
    select 'as_is' as side, cast(0 as decimal(18, 6)) as shift
    union all
    select 'low' as side, cast(-score_tolerance as decimal(18, 6)) as shift
    from model.snapshot
    where score_tolerance is not null
    union all
    select 'high' as side, score_tolerance as shift
    from model.snapshot
    where score_tolerance is not null
),

shifted as (
    select p.importance, p.satisfaction, p.n, c.side, p.importance + c.shift as i, p.satisfaction - c.shift as s
    from pairs as p
    cross join cases as c
),

inputs as (
    select
        importance,
        satisfaction,
        n,
        side,
        case when i < 0 then 0 when i > 10 then 10 else i end as i,
        case when s < 0 then 0 when s > 10 then 10 else s end as s
    from shifted
),

scored as (
    select
        importance,
        satisfaction,
        n,
        side,
        cast(case when i > s then i + (i - s) else i end as decimal(18, 6)) as score
    from inputs
),

-- Every score that occurs on any side, and how many outcomes have it on each.
levels as (
    select
        score,
        sum(case when side = 'as_is' then n else 0 end) as n_as_is,
        sum(case when side = 'low' then n else 0 end) as n_low,
        sum(case when side = 'high' then n else 0 end) as n_high
    from scored
    group by score
),

counted as (
    select
        l.score,
        case when l.score > b.high_above then 'HIGH' when l.score >= b.medium_from then 'MEDIUM' else 'LOW' end as band,
        sum(l.n_as_is) over (order by l.score desc) - l.n_as_is as n_as_is_above,
        sum(l.n_low) over (order by l.score desc) - l.n_low as n_low_above,
        sum(l.n_high) over (order by l.score desc) - l.n_high as n_high_above
    from levels as l
    cross join model.band_scheme as b
),

-- One row a pair again. Above an outcome for sure is what is above its best at its own worst; perhaps, the reverse.
ranked as (
    select
        s.importance,
        s.satisfaction,
        max(case when s.side = 'as_is' then s.score end) as score,
        max(case when s.side = 'low' then s.score end) as score_low,
        max(case when s.side = 'high' then s.score end) as score_high,
        max(case when s.side = 'as_is' then c.band end) as band,
        max(case when s.side = 'low' then c.band end) as band_low,
        max(case when s.side = 'high' then c.band end) as band_high,
        max(case when s.side = 'as_is' then c.n_as_is_above end) as n_above,
        max(case when s.side = 'high' then c.n_low_above end) as n_surely_above,
        max(case when s.side = 'low' then c.n_high_above end) as n_perhaps_above
    from scored as s
    inner join counted as c on c.score = s.score
    group by s.importance, s.satisfaction
),

judged as (
    select
        r.importance,
        r.satisfaction,
        cast(r.importance - r.satisfaction as decimal(18, 6)) as gap,
        r.score,
        r.band,
        case
            when r.score >= b.extreme_from then 'EXTREME' when r.score >= b.classic_high_from then 'HIGH'
            when r.score >= b.consider_from then 'CONSIDER' else 'NONE'
        end as classic_band,
        case
            when r.score > b.underserved_above then 'underserved'
            when r.importance >= b.table_stakes_from and r.satisfaction >= b.table_stakes_from then 'table_stakes'
            when r.satisfaction > r.importance then 'overserved' else 'appropriately_served'
        end as region,
        cast(1 + r.n_above as bigint) as rank,
        r.score_low,
        r.score_high,
        r.band_low,
        r.band_high,
        r.band_low = r.band_high as band_firm,
        cast(1 + r.n_surely_above as bigint) as rank_best,
        -- An outcome whose own best is above its own worst was counted against itself.
        cast(case when r.score_high > r.score_low then r.n_perhaps_above else 1 + r.n_perhaps_above end as bigint) as rank_worst,
        case when r.band = 'HIGH' then cast(2 * r.importance - b.high_above as decimal(18, 6)) end as satisfaction_to_leave_high
    from ranked as r
    cross join model.band_scheme as b
),

outcomes as (
    select
        o.*,
        j.job_code,
        j.job_name,
        j.job_status,
        j.validation_score,
        p.gap,
        p.score,
        coalesce(p.band, 'UNSCORED') as band,
        coalesce(p.classic_band, 'UNSCORED') as classic_band,
        coalesce(p.region, 'UNSCORED') as region,
        p.rank,
        p.score_low,
        p.score_high,
        p.band_low,
        p.band_high,
        p.band_firm,
        p.rank_best,
        p.rank_worst,
        p.satisfaction_to_leave_high
    from model.outcomes as o
    left join model.jobs as j on j.job_id = o.job_id
    left join judged as p on p.importance = o.importance and p.satisfaction = o.satisfaction
    where o.is_live
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
    classic_band,
    region,
    rank,
    score_low,
    score_high,
    band_low,
    band_high,
    band_firm,
    rank_best,
    rank_worst,
    satisfaction_to_leave_high,
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
from outcomes
