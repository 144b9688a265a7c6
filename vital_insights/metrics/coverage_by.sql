/*
title   = "Coverage by who and what"
because = "Which roles, personas, jobs and units (departments, functions, countries and other areas of work) are covered, by which route, and how completely. Where the source never says which role is primary, what counts primaries is unknown, not 0; so is every count of what it has no table for."
grain   = ["dimension", "member"]
order   = "dimension, n_jobs desc nulls last, n_personas desc nulls last, member"
show    = ["dimension", "member_name", "n_jobs", "n_primary", "n_inherited", "n_direct", "n_both", "n_personas", "share_of_live_jobs"]
[columns]
dimension               = { type = "VARCHAR", meaning = "role, persona, department, function (with everything below it), or job; country, geographic_scope, therapeutic_area and disease_area, where the source says of any unit where it works" }
member                  = { type = "VARCHAR", meaning = "the member's id", null_means = "jobs and personas that belong to no department, to no function, or to no area of that kind" }
member_name             = { type = "VARCHAR", meaning = "the member's name", null_means = "no name in the source" }
n_live_jobs             = { type = "BIGINT", unit = "jobs", meaning = "all live jobs of the tenant" }
n_jobs                  = { type = "BIGINT", unit = "jobs", meaning = "live jobs of this member", null_means = "the member is a job, or the source has no such units or nothing that leads from jobs to the member" }
n_primary               = { type = "BIGINT", unit = "jobs, or roles where the member is a job", meaning = "those where the role is the primary executor", null_means = "not defined for units, the source does not link jobs to roles, or no link says which role is primary" }
n_inherited             = { type = "BIGINT", unit = "jobs, or personas where the member is a job", meaning = "covered through the role only", null_means = "not defined for roles and units, or the source lacks the roles of jobs or of personas" }
n_direct                = { type = "BIGINT", unit = "jobs, or personas where the member is a job", meaning = "covered by a direct link only", null_means = "not defined for roles and units, or the source does not link jobs to personas" }
n_both                  = { type = "BIGINT", unit = "jobs, or personas where the member is a job", meaning = "covered by both routes", null_means = "not defined for roles and units, or the source lacks one of the routes" }
n_with_role             = { type = "BIGINT", unit = "jobs", meaning = "live jobs of the unit that some role does", null_means = "not defined for others, or the source has no such units or does not link jobs to roles" }
n_with_primary          = { type = "BIGINT", unit = "jobs", meaning = "live jobs of the unit that have a primary role", null_means = "not defined for others, the source does not link jobs to roles, or no link says which role is primary" }
n_roles                 = { type = "BIGINT", unit = "roles", meaning = "roles that do the job", null_means = "the member is no job, or the source does not link jobs to roles" }
n_personas              = { type = "BIGINT", unit = "personas", meaning = "personas of the unit, or personas that have the job", null_means = "not defined for roles and personas, or the source has no personas, or nothing that leads from jobs to them" }
n_personas_with_job     = { type = "BIGINT", unit = "personas", meaning = "personas of the unit with at least one live job", null_means = "not defined for others, or the source has no personas, or nothing that leads from jobs to them" }
share_of_live_jobs      = { type = "DOUBLE", unit = "0-1", meaning = "n_jobs / n_live_jobs", null_means = "n_jobs is unknown, the tenant has no live job, or the member is a job or a unit" }
share_with_role         = { type = "DOUBLE", unit = "0-1", meaning = "n_with_role / n_jobs", null_means = "no jobs, not a unit, or n_with_role is unknown" }
share_with_primary      = { type = "DOUBLE", unit = "0-1", meaning = "n_with_primary / n_jobs", null_means = "no jobs, not a unit, or n_with_primary is unknown" }
share_personas_with_job = { type = "DOUBLE", unit = "0-1", meaning = "n_personas_with_job / n_personas", null_means = "no personas, not a unit, or one of the two is unknown" }
*/
with said as (
    select case when count(*) = 0 or count(is_primary) > 0 then 1 end as primary_is_known from model.job_roles
),

source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select
        case when count(case when table_name in ('jtbd_roles', 'org_roles') and column_name = '*' then 1 end) = 0 then 1 end as roles,
        case when count(case when table_name = 'org_functions' and column_name = '*' then 1 end) = 0 then 1 end as functions,
        case when count(case when table_name = 'org_departments' and column_name = '*' then 1 end) = 0 then 1 end as departments,
        case when count(case when table_name = 'jobs_to_be_done' and column_name = 'org_function_id' then 1 end) = 0 then 1 end as function_of_jobs,
        case when count(case when table_name = 'personas' and column_name = '*' then 1 end) = 0 then 1 end as personas,
        case when count(case when table_name = 'personas' and column_name in ('*', 'role_id') then 1 end) = 0 then 1 end as role_of_personas,
        case when count(case when table_name in ('jtbd_personas', 'personas') and column_name = '*' then 1 end) = 0 then 1 end as direct
    from model.absent
),

-- What is told by several routes is known of those that the source has.
known as (
    select
        s.roles, s.personas, s.direct,
        s.roles * s.role_of_personas as inherited,
        coalesce(s.roles * s.role_of_personas, s.direct) as routes,
        coalesce(s.function_of_jobs, s.roles) as in_function,
        s.roles * p.primary_is_known as primaries
    from source as s
    cross join said as p
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
        cast(null as bigint) as n_personas, cast(null as bigint) as n_personas_with_job
    from model.roles as r
    left join of_roles as o on o.role_id = r.role_id
    union all
    select
        'persona' as dimension, cast(p.persona_id as varchar(64)) as member, p.persona_name as member_name, coalesce(o.n_jobs, 0) as n_jobs,
        coalesce(o.n_primary, 0) as n_primary,
        coalesce(o.n_inherited, 0) as n_inherited, coalesce(o.n_direct, 0) as n_direct, coalesce(o.n_both, 0) as n_both,
        null as n_with_role, null as n_with_primary, null as n_roles, null as n_personas, null as n_personas_with_job
    from model.personas as p
    left join of_personas as o on o.persona_id = p.persona_id
    union all
    select
        u.dimension, u.member, u.member_name, coalesce(j.n_jobs, 0) as n_jobs, null as n_primary,
        null as n_inherited, null as n_direct, null as n_both,
        coalesce(j.n_with_role, 0) as n_with_role, coalesce(j.n_with_primary, 0) as n_with_primary, null as n_roles,
        coalesce(p.n_personas, 0) as n_personas, coalesce(p.n_personas_with_job, 0) as n_personas_with_job
    from units as u
    left join unit_jobs as j on j.dimension = u.dimension and j.member = u.member
    left join unit_personas as p on p.dimension = u.dimension and p.member = u.member
    union all
    select
        coalesce(j.dimension, p.dimension) as dimension, null as member, null as member_name, coalesce(j.n_jobs, 0) as n_jobs, null as n_primary,
        null as n_inherited, null as n_direct, null as n_both,
        coalesce(j.n_with_role, 0) as n_with_role, coalesce(j.n_with_primary, 0) as n_with_primary, null as n_roles,
        coalesce(p.n_personas, 0) as n_personas, coalesce(p.n_personas_with_job, 0) as n_personas_with_job
    from nowhere_jobs as j
    full join nowhere_personas as p on p.dimension = j.dimension
    union all
    select
        'job' as dimension, cast(j.job_id as varchar(64)) as member, j.job_name as member_name, null as n_jobs, coalesce(j.n_primary, 0) as n_primary,
        coalesce(r.n_inherited, 0) as n_inherited, coalesce(r.n_direct, 0) as n_direct, coalesce(r.n_both, 0) as n_both,
        null as n_with_role, null as n_with_primary, coalesce(j.n_roles, 0) as n_roles,
        coalesce(r.n_personas, 0) as n_personas, null as n_personas_with_job
    from live_jobs as j
    left join reached as r on r.job_id = j.job_id
),

-- Without units nobody can say what belongs to none of them.
placed as (
    select c.*, case c.dimension when 'function' then s.functions when 'department' then s.departments else 1 end as placed
    from counted as c
    cross join source as s
),

told as (
    select
        c.dimension,
        c.member,
        c.member_name,
        c.n_jobs * c.placed * case c.dimension when 'persona' then k.routes when 'function' then k.in_function else k.roles end as n_jobs,
        c.n_primary * k.primaries * case when c.dimension = 'persona' then k.inherited else 1 end as n_primary,
        c.n_inherited * k.inherited as n_inherited,
        c.n_direct * k.direct as n_direct,
        c.n_both * k.inherited * k.direct as n_both,
        c.n_with_role * c.placed * k.roles as n_with_role,
        c.n_with_primary * c.placed * k.primaries as n_with_primary,
        c.n_roles * k.roles as n_roles,
        c.n_personas * c.placed * case when c.dimension = 'job' then k.routes else k.personas end as n_personas,
        c.n_personas_with_job * c.placed * k.personas * k.routes as n_personas_with_job
    from placed as c
    cross join known as k
)

select
    c.dimension,
    c.member,
    c.member_name,
    t.n_live_jobs,
    c.n_jobs,
    c.n_primary,
    c.n_inherited,
    c.n_direct,
    c.n_both,
    c.n_with_role,
    c.n_with_primary,
    c.n_roles,
    c.n_personas,
    c.n_personas_with_job,
    case when c.dimension in ('role', 'persona') and t.n_live_jobs > 0 then cast(c.n_jobs as double) / t.n_live_jobs end as share_of_live_jobs,
    case when c.n_jobs > 0 then cast(c.n_with_role as double) / c.n_jobs end as share_with_role,
    case when c.n_jobs > 0 then cast(c.n_with_primary as double) / c.n_jobs end as share_with_primary,
    case when c.n_personas > 0 then cast(c.n_personas_with_job as double) / c.n_personas end as share_personas_with_job
from told as c
cross join total as t
