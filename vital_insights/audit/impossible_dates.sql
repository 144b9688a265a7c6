/*
title    = "Impossible dates"
because  = "A row that changed after the snapshot was taken, or before it was made, says nothing about how fresh the data are."
severity = "warning"
grain    = ["table_name", "row_key"]
*/
with dated as (
    select 'jobs_to_be_done' as table_name, cast(id as varchar(64)) as row_key, created_at, updated_at
    from raw.jobs_to_be_done
    where deleted_at is null
    union all
    select 'jtbd_outcomes' as table_name, cast(id as varchar(64)) as row_key, created_at, updated_at
    from raw.jtbd_outcomes
    where deleted_at is null
    union all
    select 'personas' as table_name, cast(id as varchar(64)) as row_key, created_at, updated_at
    from raw.personas
    where deleted_at is null
    union all
    select 'org_roles' as table_name, cast(id as varchar(64)) as row_key, created_at, updated_at
    from raw.org_roles
    where deleted_at is null
)

select
    d.table_name,
    d.row_key,
    case when d.updated_at < d.created_at then 'changed before it was made' else 'later than the snapshot' end as reason
from dated as d
cross join model.snapshot as s
where
    d.updated_at < d.created_at
    -- A day of grace, because clocks and time zones of other tools differ.
    or d.created_at > s.taken_at + interval '1' day
    or d.updated_at > s.taken_at + interval '1' day
