/*
title   = "Coverage by who and what"
because = "Which roles, personas, jobs and units (departments, functions, countries and other areas of work) are covered, by which route, and how completely. Where the source never says which role is primary, what counts primaries is unknown, not 0."
grain   = ["dimension", "member"]
order   = "dimension, n_jobs desc nulls last, n_personas desc nulls last, member"
show    = ["dimension", "member_name", "n_jobs", "n_primary", "n_inherited", "n_direct", "n_both", "n_personas", "share_of_live_jobs"]
[columns]
dimension               = { type = "VARCHAR", meaning = "role, persona, department, function (with everything below it), or job; country, geographic_scope, therapeutic_area and disease_area, where the source says of any unit where it works" }
member                  = { type = "VARCHAR", meaning = "the member's id", null_means = "jobs and personas that belong to no department, to no function, or to no area of that kind" }
member_name             = { type = "VARCHAR", meaning = "the member's name", null_means = "no name in the source" }
n_live_jobs             = { type = "BIGINT", unit = "jobs", meaning = "all live jobs of the tenant" }
n_jobs                  = { type = "BIGINT", unit = "jobs", meaning = "live jobs of this member", null_means = "the member is a job" }
n_primary               = { type = "BIGINT", unit = "jobs, or roles where the member is a job", meaning = "those where the role is the primary executor", null_means = "not defined for units, or no link says which role is primary" }
n_inherited             = { type = "BIGINT", unit = "jobs, or personas where the member is a job", meaning = "covered through the role only", null_means = "defined for personas and jobs" }
n_direct                = { type = "BIGINT", unit = "jobs, or personas where the member is a job", meaning = "covered by a direct link only", null_means = "defined for personas and jobs" }
n_both                  = { type = "BIGINT", unit = "jobs, or personas where the member is a job", meaning = "covered by both routes", null_means = "defined for personas and jobs" }
n_with_role             = { type = "BIGINT", unit = "jobs", meaning = "live jobs of the unit that some role does", null_means = "defined for units" }
n_with_primary          = { type = "BIGINT", unit = "jobs", meaning = "live jobs of the unit that have a primary role", null_means = "defined for units, or no link says which role is primary" }
n_roles                 = { type = "BIGINT", unit = "roles", meaning = "roles that do the job", null_means = "defined for jobs" }
n_personas              = { type = "BIGINT", unit = "personas", meaning = "personas of the unit, or personas that have the job", null_means = "not defined for roles and personas" }
n_personas_with_job     = { type = "BIGINT", unit = "personas", meaning = "personas of the unit with at least one live job", null_means = "defined for units" }
share_of_live_jobs      = { type = "DOUBLE", unit = "0-1", meaning = "n_jobs / n_live_jobs", null_means = "the tenant has no live job, or the member is a job or a unit" }
share_with_role         = { type = "DOUBLE", unit = "0-1", meaning = "n_with_role / n_jobs", null_means = "no jobs, or not a unit" }
share_with_primary      = { type = "DOUBLE", unit = "0-1", meaning = "n_with_primary / n_jobs", null_means = "no jobs, not a unit, or no link says which role is primary" }
share_personas_with_job = { type = "DOUBLE", unit = "0-1", meaning = "n_personas_with_job / n_personas", null_means = "no personas, or not a unit" }
*/
with said as (
    select case when count(*) = 0 or count(is_primary) > 0 then 1 end as primary_is_known from model.job_roles
),

owned as (
    select job_id, count(*) as n_roles, count(case when is_primary then 1 end) as n_primary
    from model.job_roles
    group by job_id
),

live_jobs as (
    select j.job_id, j.job_name, o.n_roles, o.n_primary
    from model.jobs as j
    left join owned as o on o.job_id = j.job_id
    where j.is_live
),

total as (
    select count(*) as n_live_jobs from live_jobs
),

units as (
    select 'department' as dimension, cast(department_id as varchar(64)) as member, department_name as member_name from model.departments
    union all
    select 'function' as dimension, cast(function_id as varchar(64)) as member, function_name as member_name from model.functions
    union all
    select a.dimension, cast(a.area_id as varchar(64)) as member, a.area_name as member_name
    from model.areas as a
    inner join (select distinct dimension, area_id from model.unit_areas) as u on u.dimension = a.dimension and u.area_id = a.area_id
),

unit_jobs as (
    select
        m.dimension,
        m.member,
        count(*) as n_jobs,
        count(j.n_roles) as n_with_role,
        count(case when j.n_primary > 0 then 1 end) as n_with_primary
    from model.membership as m
    inner join live_jobs as j on j.job_id = m.job_id
    where m.dimension in ('department', 'function', 'country', 'geographic_scope', 'therapeutic_area', 'disease_area')
    group by m.dimension, m.member
),

-- A job in no unit is a member of NULL.
nowhere_jobs as (
    select dimension, n_jobs, n_with_role, n_with_primary from unit_jobs where member is null
),

of_personas as (
    select
        pj.persona_id,
        count(*) as n_jobs,
        count(case when pj.is_primary then 1 end) as n_primary,
        count(case when pj.route = 'inherited' then 1 end) as n_inherited,
        count(case when pj.route = 'direct' then 1 end) as n_direct,
        count(case when pj.route = 'both' then 1 end) as n_both
    from model.persona_jobs as pj
    inner join live_jobs as j on j.job_id = pj.job_id
    group by pj.persona_id
),

unit_personas as (
    select m.dimension, m.member, count(*) as n_personas, count(b.persona_id) as n_personas_with_job
    from model.persona_membership as m
    left join of_personas as b on b.persona_id = m.persona_id
    group by m.dimension, m.member
),

nowhere_personas as (
    select d.dimension, count(*) as n_personas, count(b.persona_id) as n_personas_with_job
    from model.personas as p
    cross join (
        select 'department' as dimension union all select 'function' as dimension union select dimension from model.unit_areas
    ) as d
    left join of_personas as b on b.persona_id = p.persona_id
    where not exists (select 1 from model.persona_membership as m where m.dimension = d.dimension and m.persona_id = p.persona_id)
    group by d.dimension
),

of_roles as (
    select jr.role_id, count(*) as n_jobs, count(case when jr.is_primary then 1 end) as n_primary
    from model.job_roles as jr
    inner join live_jobs as j on j.job_id = jr.job_id
    group by jr.role_id
),

reached as (
    select
        job_id,
        count(*) as n_personas,
        count(case when route = 'inherited' then 1 end) as n_inherited,
        count(case when route = 'direct' then 1 end) as n_direct,
        count(case when route = 'both' then 1 end) as n_both
    from model.persona_jobs
    group by job_id
),

counted as (
    select
        'role' as dimension, cast(r.role_id as varchar(64)) as member, r.role_name as member_name, coalesce(o.n_jobs, 0) as n_jobs,
        coalesce(o.n_primary, 0) as n_primary,
        cast(null as bigint) as n_inherited, cast(null as bigint) as n_direct, cast(null as bigint) as n_both,
        cast(null as bigint) as n_with_role, cast(null as bigint) as n_with_primary, cast(null as bigint) as n_roles,
        cast(null as bigint) as n_personas, cast(null as bigint) as n_personas_with_job, 1 as of_all_jobs
    from model.roles as r
    left join of_roles as o on o.role_id = r.role_id
    union all
    select
        'persona' as dimension, cast(p.persona_id as varchar(64)) as member, p.persona_name as member_name, coalesce(o.n_jobs, 0) as n_jobs,
        coalesce(o.n_primary, 0) as n_primary,
        coalesce(o.n_inherited, 0) as n_inherited, coalesce(o.n_direct, 0) as n_direct, coalesce(o.n_both, 0) as n_both,
        null as n_with_role, null as n_with_primary, null as n_roles, null as n_personas, null as n_personas_with_job, 1 as of_all_jobs
    from model.personas as p
    left join of_personas as o on o.persona_id = p.persona_id
    union all
    select
        u.dimension, u.member, u.member_name, coalesce(j.n_jobs, 0) as n_jobs, null as n_primary,
        null as n_inherited, null as n_direct, null as n_both,
        coalesce(j.n_with_role, 0) as n_with_role, coalesce(j.n_with_primary, 0) as n_with_primary, null as n_roles,
        coalesce(p.n_personas, 0) as n_personas, coalesce(p.n_personas_with_job, 0) as n_personas_with_job, 0 as of_all_jobs
    from units as u
    left join unit_jobs as j on j.dimension = u.dimension and j.member = u.member
    left join unit_personas as p on p.dimension = u.dimension and p.member = u.member
    union all
    select
        coalesce(j.dimension, p.dimension) as dimension, null as member, null as member_name, coalesce(j.n_jobs, 0) as n_jobs, null as n_primary,
        null as n_inherited, null as n_direct, null as n_both,
        coalesce(j.n_with_role, 0) as n_with_role, coalesce(j.n_with_primary, 0) as n_with_primary, null as n_roles,
        coalesce(p.n_personas, 0) as n_personas, coalesce(p.n_personas_with_job, 0) as n_personas_with_job, 0 as of_all_jobs
    from nowhere_jobs as j
    full join nowhere_personas as p on p.dimension = j.dimension
    union all
    select
        'job' as dimension, cast(j.job_id as varchar(64)) as member, j.job_name as member_name, null as n_jobs, coalesce(j.n_primary, 0) as n_primary,
        coalesce(r.n_inherited, 0) as n_inherited, coalesce(r.n_direct, 0) as n_direct, coalesce(r.n_both, 0) as n_both,
        null as n_with_role, null as n_with_primary, coalesce(j.n_roles, 0) as n_roles,
        coalesce(r.n_personas, 0) as n_personas, null as n_personas_with_job, 0 as of_all_jobs
    from live_jobs as j
    left join reached as r on r.job_id = j.job_id
)

select
    c.dimension,
    c.member,
    c.member_name,
    t.n_live_jobs,
    c.n_jobs,
    case when s.primary_is_known = 1 then c.n_primary end as n_primary,
    c.n_inherited,
    c.n_direct,
    c.n_both,
    c.n_with_role,
    case when s.primary_is_known = 1 then c.n_with_primary end as n_with_primary,
    c.n_roles,
    c.n_personas,
    c.n_personas_with_job,
    case when c.of_all_jobs = 1 and t.n_live_jobs > 0 then cast(c.n_jobs as double) / t.n_live_jobs end as share_of_live_jobs,
    case when c.n_jobs > 0 then cast(c.n_with_role as double) / c.n_jobs end as share_with_role,
    case when s.primary_is_known = 1 and c.n_jobs > 0 then cast(c.n_with_primary as double) / c.n_jobs end as share_with_primary,
    case when c.n_personas > 0 then cast(c.n_personas_with_job as double) / c.n_personas end as share_personas_with_job
from counted as c
cross join total as t
cross join said as s
