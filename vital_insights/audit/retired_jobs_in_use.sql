/*
title    = "Retired jobs in use"
because  = "A deprecated or archived job still has a HIGH outcome, a primary role or an AI opportunity: it was retired too early, or work goes on that nobody counts."
severity = "info"
grain    = ["job_id"]
of       = "model.jobs where not is_live"
*/
with high_outcomes as (
    select o.job_id, count(*) as n
    from model.outcomes as o
    cross join model.band_scheme as b
    where
        o.importance between 0 and 10
        and o.satisfaction between 0 and 10
        -- HIGH is left where satisfaction reaches 2 * importance - 12; opportunity itself speaks of live jobs only.
        and o.satisfaction < 2 * o.importance - b.high_above
    group by o.job_id
),

primary_roles as (
    select job_id, count(*) as n from model.job_roles where is_primary group by job_id
),

ai_opportunities as (
    select jtbd_id as job_id, count(*) as n from raw.jtbd_gen_ai_opportunities where deleted_at is null group by jtbd_id
)

select
    j.job_id,
    j.job_code,
    j.job_name,
    j.job_status,
    coalesce(h.n, 0) as n_high_outcomes,
    coalesce(p.n, 0) as n_primary_roles,
    coalesce(a.n, 0) as n_ai_opportunities
from model.jobs as j
left join high_outcomes as h on h.job_id = j.job_id
left join primary_roles as p on p.job_id = j.job_id
left join ai_opportunities as a on a.job_id = j.job_id
where not j.is_live and coalesce(h.n, 0) + coalesce(p.n, 0) + coalesce(a.n, 0) > 0
