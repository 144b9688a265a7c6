/*
title   = "Departments"
because = "Departments, for their names and the function their own row names."
grain   = ["department_id"]
*/
select id as department_id, function_id, name as department_name, code as department_code, is_shared
from raw.org_departments
where deleted_at is null
