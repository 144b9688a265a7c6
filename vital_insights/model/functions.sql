/*
title   = "Functions"
because = "Business functions, for their names and their place in the tree."
grain   = ["function_id"]
*/
select id as function_id, parent_id, name as function_name, code as function_code, is_shared
from raw.org_functions
where deleted_at is null
