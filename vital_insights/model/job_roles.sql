/*
title   = "Roles of a job"
because = "One row a job and role however often the source links them; primary if any of the links says so."
grain   = ["job_id", "role_id"]
*/
select
    j.job_id,
    r.role_id,
    max(l.relevance_score) as relevance,
    case max(case when l.is_primary then 1 when not l.is_primary then 0 end) when 1 then true when 0 then false end as is_primary
from raw.jtbd_roles as l
inner join model.jobs as j on j.job_id = l.jtbd_id
inner join model.roles as r on r.role_id = l.role_id
where l.deleted_at is null
group by j.job_id, r.role_id
