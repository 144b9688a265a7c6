/*
title   = "Capabilities of a job"
because = "One row a job and capability however often the source links them."
grain   = ["job_id", "capability_id"]
*/
select distinct j.job_id, c.capability_id
from raw.capability_jtbd_mapping as l
inner join model.jobs as j on j.job_id = l.jtbd_id
inner join model.capabilities as c on c.capability_id = l.capability_id
where l.deleted_at is null
