/*
title    = "Uneven counts"
because  = "The source counted another number of rows or values than were loaded, rejected and cut: something was lost, and every number may be wrong."
severity = "critical"
grain    = ["table_name", "column_name"]
of       = "raw.counts"
*/
with listed as (
    select table_name, column_name, count(*) as n from raw.rejects group by table_name, column_name
)

select
    c.table_name,
    coalesce(c.column_name, '*') as column_name,
    c.in_source,
    c.loaded,
    c.rejected,
    c.nulled,
    coalesce(l.n, 0) as rejects_listed
from raw.counts as c
left join listed as l on l.table_name = c.table_name and l.column_name = c.column_name
where
    -- A count that is missing adds up to nothing.
    coalesce(c.in_source, -1) <> coalesce(c.loaded + c.rejected + c.nulled, -2)
    or c.rejected <> coalesce(l.n, 0)
