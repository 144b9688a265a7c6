/*
title    = "Lost links"
because  = "A link whose other end does not exist joins nothing; it was left out, and somebody may believe that it is there."
severity = "warning"
grain    = ["table_name", "column_name"]
*/
select table_name, column_name, cast(sum(n) as bigint) as n
from raw.findings
where
    kind = 'dangling'
    and table_name in (
        'capability_jtbd_mapping', 'department_roles', 'function_departments', 'function_roles', 'jtbd_dependencies',
        'jtbd_personas', 'jtbd_roles'
    )
group by table_name, column_name
