/*
title   = "Domains"
because = "Fields of work, for their names and their place in the tree."
grain   = ["domain_id"]
*/
select id as domain_id, parent_id, name as domain_name, code as domain_code, is_shared
from raw.domains
where deleted_at is null
