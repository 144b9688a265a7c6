/*
title   = "Strategic priorities"
because = "What the organisation has set out to do, for their names."
grain   = ["strategic_priority_id"]
*/
select
    id as strategic_priority_id,
    domain_id,
    name as strategic_priority_name,
    code as strategic_priority_code,
    is_shared
from raw.strategic_priorities
where deleted_at is null
