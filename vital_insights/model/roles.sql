/*
title   = "Roles"
because = "Roles own jobs, and personas inherit jobs through them."
grain   = ["role_id"]
*/
select id as role_id, function_id, department_id, reports_to_role_id, name as role_name, code as role_code, is_shared
from raw.org_roles
where deleted_at is null
