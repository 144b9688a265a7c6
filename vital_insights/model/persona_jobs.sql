/*
title   = "Jobs of a persona"
because = "Effective coverage: a persona inherits every job of its role, and direct links count beside it; the route is kept."
grain   = ["persona_id", "job_id"]
*/
with routes as (
    select p.persona_id, jr.job_id, 1 as inherited, 0 as direct, jr.relevance, jr.is_primary
    from model.personas as p
    inner join model.job_roles as jr on jr.role_id = p.role_id
    union all
    select p.persona_id, j.job_id, 0 as inherited, 1 as direct, l.relevance_score as relevance, cast(null as boolean) as is_primary
    from raw.jtbd_personas as l
    inner join model.personas as p on p.persona_id = l.persona_id
    inner join model.jobs as j on j.job_id = l.jtbd_id
    where l.deleted_at is null
)

select
    persona_id,
    job_id,
    case when max(inherited) = 1 and max(direct) = 1 then 'both' when max(inherited) = 1 then 'inherited' else 'direct' end as route,
    max(relevance) as relevance,
    case max(case when is_primary then 1 when not is_primary then 0 end) when 1 then true when 0 then false end as is_primary
from routes
group by persona_id, job_id
