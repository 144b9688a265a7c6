/*
title    = "Foreign references"
because  = "Rows point at another tenant's rows, or at rows of nobody that are not shared; those links were cut, so coverage and roll-ups lack them."
severity = "warning"
grain    = ["kind", "table_name", "column_name"]
*/
-- The rows themselves never reach a snapshot; what remains is how many there were.
select kind, table_name, column_name, cast(sum(n) as bigint) as n
from raw.findings
where kind in ('cross_tenant_reference', 'unshared_reference', 'unverifiable_reference')
group by kind, table_name, column_name
