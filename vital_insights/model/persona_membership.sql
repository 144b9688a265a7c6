/*
title   = "Personas of a unit"
because = "A persona belongs to the function and department its own row names, and to those of its role; it works where any of these does."
grain   = ["dimension", "member", "persona_id"]
*/
with persona_functions as (
    select persona_id, function_id from model.personas where function_id is not null
    union
    select p.persona_id, rf.function_id from model.personas as p inner join model.role_functions as rf on rf.role_id = p.role_id
)

select distinct 'function' as dimension, cast(t.ancestor_id as varchar(64)) as member, pf.persona_id
from persona_functions as pf
inner join model.function_tree as t on t.function_id = pf.function_id
union all
select 'department' as dimension, cast(d.department_id as varchar(64)) as member, u.persona_id
from (
    select persona_id, department_id from model.personas where department_id is not null
    union
    select p.persona_id, rd.department_id from model.personas as p inner join model.role_departments as rd on rd.role_id = p.role_id
) as u
inner join model.departments as d on d.department_id = u.department_id
union all
select a.dimension, cast(a.area_id as varchar(64)) as member, a.persona_id
from (
    select r.dimension, r.area_id, p.persona_id
    from model.personas as p
    inner join model.role_areas as r on r.role_id = p.role_id
    union
    select u.dimension, u.area_id, p.persona_id
    from model.personas as p
    inner join model.unit_areas as u on u.unit_id = p.department_id
    where u.unit = 'department'
    union
    select u.dimension, u.area_id, p.persona_id
    from model.personas as p
    inner join model.unit_areas as u on u.unit_id = p.function_id
    where u.unit = 'function'
) as a
