/*
title    = "Duplicate persona names"
because  = "Two personas of one name are easily taken for one, and what is found out about the one is put down to the other."
severity = "info"
grain    = ["persona_id"]
of       = "model.personas"
*/
with compared as (
    select
        persona_id,
        persona_code,
        persona_name,
        -- Only case and white space are looked past.
        lower(translate(persona_name, ' ' || chr(9) || chr(10) || chr(13), '')) as same
    from model.personas
),

firsts as (
    select same, min(cast(persona_id as varchar(64))) as first_id
    from compared
    where same <> ''
    group by same
    having count(*) > 1
)

select c.persona_id, c.persona_code, c.persona_name, f.first_id as same_as
from compared as c
inner join firsts as f on f.same = c.same
where cast(c.persona_id as varchar(64)) <> f.first_id
