/*
title   = "Capabilities"
because = "What the organisation must be able to do, for their names."
grain   = ["capability_id"]
*/
select id as capability_id, domain_id, name as capability_name, code as capability_code, is_shared
from raw.capabilities
where deleted_at is null
