/*
title   = "Areas of a role"
because = "A role works where it is joined itself, and where its departments and its functions are."
grain   = ["dimension", "area_id", "role_id"]
*/
select dimension, area_id, unit_id as role_id from model.unit_areas where unit = 'role'
union
select u.dimension, u.area_id, rd.role_id
from model.unit_areas as u
inner join model.role_departments as rd on rd.department_id = u.unit_id
where u.unit = 'department'
union
select u.dimension, u.area_id, rf.role_id
from model.unit_areas as u
inner join model.role_functions as rf on rf.function_id = u.unit_id
where u.unit = 'function'
