/*
title   = "Domain tree"
because = "Every domain with every domain above it, itself included, so that a roll-up counts each job once an ancestor."
grain   = ["domain_id", "ancestor_id"]
*/
with recursive climbed as (
    select domain_id, domain_id as ancestor_id, 0 as depth
    from model.domains
    union all
    select distinct c.domain_id, d.parent_id as ancestor_id, c.depth + 1 as depth
    from climbed as c
    inner join model.domains as d on d.domain_id = c.ancestor_id
    inner join model.domains as p on p.domain_id = d.parent_id
    where c.depth < 32
)

select domain_id, ancestor_id, min(depth) as depth
from climbed
group by domain_id, ancestor_id
