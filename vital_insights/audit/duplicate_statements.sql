/*
title    = "Duplicate statements"
because  = "One outcome written twice within a job is asked about twice and counts twice in every band and every mean."
severity = "warning"
grain    = ["outcome_id"]
of       = "model.outcomes where level = 'outcome' and job_id is not null"
*/
with compared as (
    select
        outcome_id,
        outcome_code,
        job_id,
        statement,
        -- Only case and white space are looked past.
        lower(translate(statement, ' ' || chr(9) || chr(10) || chr(13), '')) as same
    from model.outcomes
    where level = 'outcome' and job_id is not null
),

firsts as (
    select job_id, same, min(cast(outcome_id as varchar(64))) as first_id
    from compared
    where same <> ''
    group by job_id, same
    having count(*) > 1
)

select c.outcome_id, c.outcome_code, c.job_id, c.statement, f.first_id as same_as
from compared as c
inner join firsts as f on f.job_id = c.job_id and f.same = c.same
where cast(c.outcome_id as varchar(64)) <> f.first_id
