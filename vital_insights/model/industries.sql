/*
title   = "Industries"
because = "The industries that jobs name, for their names."
grain   = ["industry_id"]
*/
select id as industry_id, name as industry_name, code as industry_code, is_shared
from raw.industries
where deleted_at is null
