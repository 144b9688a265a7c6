/*
title   = "Who belongs where"
because = "The one place that says which job belongs to which member of a dimension; every roll-up joins it."
grain   = ["dimension", "member", "job_id"]
*/
with job_functions as (
    select job_id, function_id from model.jobs where function_id is not null
    union
    select jr.job_id, rf.function_id from model.job_roles as jr inner join model.role_functions as rf on rf.role_id = jr.role_id
),

placed as (
    select 'job' as dimension, job_id as member, job_id from model.jobs
    union all
    select distinct 'function' as dimension, t.ancestor_id as member, jf.job_id
    from job_functions as jf
    inner join model.function_tree as t on t.function_id = jf.function_id
    union all
    select distinct 'department' as dimension, rd.department_id as member, jr.job_id
    from model.job_roles as jr
    inner join model.role_departments as rd on rd.role_id = jr.role_id
    union all
    select 'role' as dimension, role_id as member, job_id from model.job_roles
    union all
    select 'persona' as dimension, persona_id as member, job_id from model.persona_jobs
)

select
    p.dimension,
    cast(p.member as varchar(64)) as member,
    coalesce(j.job_name, f.function_name, d.department_name, r.role_name, pe.persona_name) as member_name,
    p.job_id
from placed as p
left join model.jobs as j on p.dimension = 'job' and j.job_id = p.member
left join model.functions as f on p.dimension = 'function' and f.function_id = p.member
left join model.departments as d on p.dimension = 'department' and d.department_id = p.member
left join model.roles as r on p.dimension = 'role' and r.role_id = p.member
left join model.personas as pe on p.dimension = 'persona' and pe.persona_id = p.member
