/*
title    = "Unfounded scores"
because  = "The source shows a score or a priority where importance or satisfaction is missing or invalid: that number rests on nothing."
severity = "warning"
grain    = ["outcome_id"]
of       = "model.outcomes where level = 'outcome' and (is_live or job_id is not null)"
*/
select outcome_id, outcome_code, job_id, importance, satisfaction, stored_score, stored_priority
from model.outcomes
where
    (is_live or job_id is not null)
    and (stored_score is not null or stored_priority is not null)
    and case when importance between 0 and 10 and satisfaction between 0 and 10 then false else true end
