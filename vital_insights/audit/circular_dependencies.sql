/*
title    = "Circular dependencies"
because  = "Two jobs that wait for each other, or one that waits for itself, can never begin: one of the links is wrong."
severity = "warning"
grain    = ["job_id", "other_job_id"]
needs    = ["jtbd_dependencies"]
*/
with waits as (
    select distinct cast(source_jtbd_id as varchar(64)) as job_id, cast(dependent_jtbd_id as varchar(64)) as other_job_id
    from raw.jtbd_dependencies
    where deleted_at is null
)

select w.job_id, w.other_job_id
from waits as w
inner join waits as b on b.job_id = w.other_job_id and b.other_job_id = w.job_id
-- A pair is told once.
where w.job_id <= w.other_job_id
