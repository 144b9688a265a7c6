/*
title   = "Tree findings"
because = "Functions, domains and roles whose chain upwards has no end or more than 32 steps: a loop counts every member once, and what lies above step 32 is not rolled up."
grain   = ["tree", "node_id"]
*/
with recursive steps as (
    select 'function' as tree, f.function_id as node_id, p.function_id as above_id
    from model.functions as f
    inner join model.functions as p on p.function_id = f.parent_id
    union all
    select 'domain' as tree, d.domain_id as node_id, p.domain_id as above_id
    from model.domains as d
    inner join model.domains as p on p.domain_id = d.parent_id
    union all
    select 'reports_to' as tree, r.role_id as node_id, p.role_id as above_id
    from model.roles as r
    inner join model.roles as p on p.role_id = r.reports_to_role_id
),

climbed as (
    select tree, node_id, above_id as ancestor_id, 1 as depth
    from steps
    union all
    select distinct c.tree, c.node_id, s.above_id as ancestor_id, c.depth + 1 as depth
    from climbed as c
    inner join steps as s on s.tree = c.tree and s.node_id = c.ancestor_id
    where c.depth < 33
),

looped as (
    select distinct tree, node_id from climbed where node_id = ancestor_id
)

select c.tree, c.node_id, case when max(case when l.node_id is not null then 1 else 0 end) = 1 then 'cycle' else 'too_deep' end as kind
from climbed as c
left join looped as l on l.tree = c.tree and l.node_id = c.ancestor_id
where c.depth = 33
group by c.tree, c.node_id
