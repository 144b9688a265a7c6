/*
title   = "Departments of a role"
because = "A role belongs to the department its own row names and to those the junction table names; the route is kept."
grain   = ["role_id", "department_id"]
*/
with named as (
    select role_id, department_id, 1 as by_column, 0 as by_link from model.roles where department_id is not null
    union all
    select role_id, department_id, 0 as by_column, 1 as by_link from raw.department_roles where deleted_at is null
)

select
    n.role_id,
    n.department_id,
    case when max(n.by_column) = 1 and max(n.by_link) = 1 then 'both' when max(n.by_column) = 1 then 'column' else 'link' end as route
from named as n
inner join model.roles as r on r.role_id = n.role_id
inner join model.departments as d on d.department_id = n.department_id
group by n.role_id, n.department_id
