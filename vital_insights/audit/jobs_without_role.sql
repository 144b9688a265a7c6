/*
title    = "Jobs without a role"
because  = "No role does this job, so no persona inherits it and no unit answers for it."
severity = "info"
grain    = ["job_id"]
of       = "model.jobs where is_live"
needs    = ["jtbd_roles"]
*/
select subject_id as job_id, subject_code, subject_name
from metric.coverage_gaps
where kind = 'job_without_role'
