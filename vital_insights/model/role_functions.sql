/*
title   = "Functions of a role"
because = "A role belongs to the function its own row names and to those the junction table names; the route is kept."
grain   = ["role_id", "function_id"]
*/
with named as (
    select role_id, function_id, 1 as by_column, 0 as by_link from model.roles where function_id is not null
    union all
    select role_id, function_id, 0 as by_column, 1 as by_link from raw.function_roles where deleted_at is null
)

select
    n.role_id,
    n.function_id,
    case when max(n.by_column) = 1 and max(n.by_link) = 1 then 'both' when max(n.by_column) = 1 then 'column' else 'link' end as route
from named as n
inner join model.roles as r on r.role_id = n.role_id
inner join model.functions as f on f.function_id = n.function_id
group by n.role_id, n.function_id
