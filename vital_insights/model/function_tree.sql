/*
title   = "Function tree"
because = "Every function with every function above it, itself included, so that a roll-up counts each job once an ancestor."
grain   = ["function_id", "ancestor_id"]
*/
with recursive climbed as (
    select function_id, function_id as ancestor_id, 0 as depth
    from model.functions
    union all
    select distinct c.function_id, f.parent_id as ancestor_id, c.depth + 1 as depth
    from climbed as c
    inner join model.functions as f on f.function_id = c.ancestor_id
    inner join model.functions as p on p.function_id = f.parent_id
    where c.depth < 32
)

select function_id, ancestor_id, min(depth) as depth
from climbed
group by function_id, ancestor_id
