/*
title   = "Bands"
because = "How the outcomes spread over the bands, how many stay where they are, and how many jobs they touch."
grain   = ["band"]
order   = "place"
show    = ["band", "n_outcomes", "share_of_outcomes", "n_firm", "share_firm", "n_jobs"]
[columns]
band              = { type = "VARCHAR", meaning = "HIGH, MEDIUM, LOW or UNSCORED; each has its row, also where it is empty" }
place             = { type = "BIGINT", unit = "1 to 4", meaning = "the order in which to show the bands" }
n_outcomes        = { type = "BIGINT", unit = "outcomes", meaning = "live outcomes in the band" }
share_of_outcomes = { type = "DOUBLE", unit = "0-1", meaning = "n_outcomes / all live outcomes", null_means = "there are no outcomes" }
n_firm            = { type = "BIGINT", unit = "outcomes", meaning = "those whose band stays the same within the tolerance", null_means = "UNSCORED, or no tolerance was set" }
share_firm        = { type = "DOUBLE", unit = "0-1", meaning = "n_firm / n_outcomes", null_means = "the band is empty, UNSCORED, or no tolerance was set" }
n_jobs            = { type = "BIGINT", unit = "jobs", meaning = "different jobs with at least one outcome in the band; a job may be in several" }
*/
with bands as (
    select 'HIGH' as band, 1 as place
    union all
    select 'MEDIUM' as band, 2 as place
    union all
    select 'LOW' as band, 3 as place
    union all
    select 'UNSCORED' as band, 4 as place
),

counted as (
    select
        b.band,
        b.place,
        count(o.outcome_id) as n_outcomes,
        count(o.band_firm) as n_judged,
        count(case when o.band_firm then 1 end) as n_firm,
        count(distinct o.job_id) as n_jobs
    from bands as b
    left join metric.opportunity as o on o.band = b.band
    group by b.band, b.place
),

known as (
    select
        band,
        place,
        n_outcomes,
        n_jobs,
        sum(n_outcomes) over () as n_all,
        -- Where nothing says how sure the scores are, none of them is firm and none is not.
        case when band <> 'UNSCORED' and n_judged = n_outcomes then n_firm end as n_firm
    from counted
)

select
    band,
    cast(place as bigint) as place,
    n_outcomes,
    case when n_all > 0 then cast(n_outcomes as double) / n_all end as share_of_outcomes,
    n_firm,
    case when n_outcomes > 0 then cast(n_firm as double) / n_outcomes end as share_firm,
    n_jobs
from known
