/*
title   = "AI fit"
because = "Where people need help most and where AI is planned are two questions: jobs with outcomes in the HIGH band that nobody has an idea of AI for, and the reverse."
grain   = ["job_id"]
order   = "n_high desc nulls last, max_score desc nulls last, job_name nulls last, job_id"
show    = ["job_code", "job_name", "fit", "n_high", "max_score", "n_ai_opportunities", "n_use_cases"]
[columns]
job_id             = { type = "UUID", meaning = "the job's id; live jobs only" }
job_code           = { type = "VARCHAR", meaning = "the job's code", null_means = "no code in the source" }
job_name           = { type = "VARCHAR", meaning = "the job's name", null_means = "no name in the source" }
n_scored           = { type = "BIGINT", unit = "outcomes", meaning = "outcomes of the job with an opportunity score, or the job itself where it alone is scored" }
n_high             = { type = "BIGINT", unit = "outcomes", meaning = "those in the HIGH band" }
max_score          = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "the highest opportunity score of the job", null_means = "nothing is scored" }
n_ai_opportunities = { type = "BIGINT", unit = "AI opportunities", meaning = "places in the job where generative AI could help", null_means = "the source has no table of them" }
n_use_cases        = { type = "BIGINT", unit = "use cases", meaning = "uses that are described for the job", null_means = "the source has no table of them" }
automation         = { type = "DECIMAL(18,6)", unit = "as the source has it", meaning = "the highest automation potential of the job's AI opportunities", null_means = "none is judged" }
augmentation       = { type = "DECIMAL(18,6)", unit = "as the source has it", meaning = "the highest augmentation potential", null_means = "none is judged" }
fit                = { type = "VARCHAR", meaning = "need_without_ai: a HIGH outcome and no AI opportunity; ai_without_need: an AI opportunity and no HIGH outcome; both; neither", null_means = "nothing of the job is scored, or the source has no table of AI opportunities" }
is_shared          = { type = "BOOLEAN", meaning = "the job has no tenant and the settings share it" }
*/
with needs as (
    select job_id, count(score) as n_scored, count(case when band = 'HIGH' then 1 end) as n_high, max(score) as max_score
    from metric.opportunity
    group by job_id
)

select
    a.job_id,
    a.job_code,
    a.job_name,
    cast(coalesce(n.n_scored, 0) as bigint) as n_scored,
    cast(coalesce(n.n_high, 0) as bigint) as n_high,
    n.max_score,
    a.n_ai_opportunities,
    a.n_use_cases,
    a.automation,
    a.augmentation,
    case
        when a.n_ai_opportunities is null or coalesce(n.n_scored, 0) = 0 then null
        when n.n_high > 0 and a.n_ai_opportunities > 0 then 'both'
        when n.n_high > 0 then 'need_without_ai'
        when a.n_ai_opportunities > 0 then 'ai_without_need'
        else 'neither'
    end as fit,
    a.is_shared
from metric.ai_opportunity as a
left join needs as n on a.job_id = n.job_id
