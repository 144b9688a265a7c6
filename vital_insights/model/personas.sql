/*
title   = "Personas"
because = "Personas and the role each inherits from; role_id is NULL where the source names none or one that is not there."
grain   = ["persona_id"]
*/
select
    p.id as persona_id,
    p.name as persona_name,
    p.code as persona_code,
    r.role_id,
    p.function_id,
    p.department_id,
    p.is_shared
from raw.personas as p
left join model.roles as r on r.role_id = p.role_id
where p.deleted_at is null
