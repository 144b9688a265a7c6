/*
title    = "Crossed chains"
because  = "The role names one function and its department belongs to another, so its jobs count in both."
severity = "warning"
grain    = ["role_id"]
of       = "model.roles"
*/
select
    r.role_id,
    r.role_code,
    r.role_name,
    d.department_name,
    f.function_name,
    g.function_name as department_function_name
from model.roles as r
inner join model.departments as d on d.department_id = r.department_id
inner join model.functions as f on f.function_id = r.function_id
inner join model.functions as g on g.function_id = d.function_id
where
    -- One above the other is no contradiction: a department may be filed higher up than its role.
    not exists (select 1 from model.function_tree as t where t.function_id = f.function_id and t.ancestor_id = g.function_id)
    and not exists (select 1 from model.function_tree as t where t.function_id = g.function_id and t.ancestor_id = f.function_id)
