/*
title    = "Jobs without outcomes"
because  = "Without outcomes nobody can say how well the job is served, so it can never come up as an opportunity."
severity = "info"
grain    = ["job_id"]
of       = "model.jobs where is_live"
needs    = ["jtbd_outcomes"]
*/
select subject_id as job_id, subject_code, subject_name
from metric.coverage_gaps
where kind = 'job_without_outcome'
