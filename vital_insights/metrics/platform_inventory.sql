/*
title   = "Platform inventory"
because = "Every table that the contract knows: whether this source has it, how much is in it and when it last changed, so that nobody takes what was never there for 0."
grain   = ["table_name"]
order   = "area, table_name"
show    = ["area", "table_name", "how", "n_rows", "newest_change", "absent_because"]
[columns]
table_name        = { type = "VARCHAR", meaning = "the table, as the schema documents call it" }
area              = { type = "VARCHAR", meaning = "the part of the platform that it belongs to" }
how               = { type = "VARCHAR", meaning = "rows, or counts: such a table is counted at the source, by kind and day, and no row of it is read" }
is_present        = { type = "BOOLEAN", meaning = "the source has it and says whose its rows are" }
n_rows            = { type = "BIGINT", unit = "rows", meaning = "rows of this tenant, those marked as deleted included; of a reference list all rows", null_means = "the table is absent or could not be read" }
newest_change     = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when a row last changed, or was made where that is all the source says; of counts the newest day", null_means = "no row, or the source keeps no dates of it, as of links" }
n_missing_columns = { type = "BIGINT", unit = "columns", meaning = "columns that the documents name and the source lacks; of an absent table 0" }
absent_because    = { type = "VARCHAR", meaning = "why the table could not be read", null_means = "it could" }
*/
with missing as (
    select
        table_name,
        count(case when column_name <> '*' then 1 end) as n_columns,
        min(case when column_name = '*' then because end) as because
    from model.absent
    group by table_name
)

select
    i.table_name,
    i.area,
    i.how,
    i.is_present,
    i.n_rows,
    i.newest_change,
    cast(case when m.because is null then coalesce(m.n_columns, 0) else 0 end as bigint) as n_missing_columns,
    m.because as absent_because
from raw.inventory as i
left join missing as m on i.table_name = m.table_name
