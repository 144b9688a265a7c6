/*
title   = "What the source lacks"
because = "Tables and columns that the source does not have, so that what was never there is unknown and not 0; column_name is * where the whole table is absent."
grain   = ["table_name", "column_name"]
*/
select
    table_name,
    coalesce(column_name, '*') as column_name,
    -- A table can be refused for one reason only; the same finding told twice is still one.
    min(case kind
        when 'missing_table' then 'the source has no such table'
        when 'unscopable' then 'nothing says whose its rows are'
        else 'the source has no such column'
    end) as because
from raw.findings
where kind in ('missing_table', 'unscopable', 'missing_column')
group by table_name, coalesce(column_name, '*')
