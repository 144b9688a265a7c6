/*
title    = "Duplicate job codes"
because  = "Two jobs of one code cannot be told apart in a meeting or a file."
severity = "warning"
grain    = ["job_id"]
of       = "model.jobs"
*/
with compared as (
    select
        job_id,
        job_code,
        job_name,
        -- Only case and white space are looked past.
        lower(translate(job_code, ' ' || chr(9) || chr(10) || chr(13), '')) as same
    from model.jobs
),

firsts as (
    select same, min(cast(job_id as varchar(64))) as first_id
    from compared
    where same <> ''
    group by same
    having count(*) > 1
)

select c.job_id, c.job_code, c.job_name, f.first_id as same_as
from compared as c
inner join firsts as f on f.same = c.same
where cast(c.job_id as varchar(64)) <> f.first_id
