/*
title    = "Personas without a role"
because  = "A persona without a role inherits no job, so its coverage looks worse than it is."
severity = "warning"
grain    = ["persona_id"]
of       = "model.personas"
needs    = ["personas.role_id"]
*/
select subject_id as persona_id, subject_code, subject_name
from metric.coverage_gaps
where kind = 'persona_without_role'
