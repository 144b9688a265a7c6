/*
title    = "Rejected values"
because  = "A value that is no number, date or key, or that would have been rounded, was left out: here it counts as unknown."
severity = "warning"
grain    = ["table_name", "column_name", "row_key"]
*/
-- The text itself stays in raw.rejects: it may be about a person.
select table_name, column_name, row_key, count(*) as n
from raw.rejects
group by table_name, column_name, row_key
