/*
title    = "Unimplied links"
because  = "The persona is linked to a job that its role does not do: either the role lacks the job or the link is out of date."
severity = "info"
grain    = ["link"]
of       = "model.persona_jobs where route <> 'inherited'"
needs    = ["jtbd_personas", "personas.role_id"]
*/
select subject_id as link, subject_code, subject_name
from metric.coverage_gaps
where kind = 'direct_link_not_implied'
