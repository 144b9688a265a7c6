/*
title    = "Stale data"
because  = "No job, outcome or persona has changed for more than 180 days: the ranking speaks of the past."
severity = "warning"
grain    = ["newest_change"]
needs    = ["jobs_to_be_done.updated_at"]
*/
with changes as (
    select coalesce(updated_at, created_at) as changed_at from raw.jobs_to_be_done where deleted_at is null
    union all
    select coalesce(updated_at, created_at) as changed_at from raw.jtbd_outcomes where deleted_at is null
    union all
    select coalesce(updated_at, created_at) as changed_at from raw.personas where deleted_at is null
),

newest as (
    -- A date in the future would make old data look fresh for ever.
    select s.taken_at, max(c.changed_at) as newest_change
    from changes as c
    cross join model.snapshot as s
    where c.changed_at <= s.taken_at + interval '1' day
    group by s.taken_at
)

select newest_change, taken_at from newest where newest_change < taken_at - interval '180' day
