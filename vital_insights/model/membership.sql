/*
title   = "Who belongs where"
because = "The one place that says which job belongs to which member of a dimension; every roll-up joins it. A job that belongs to no member of a dimension has one row there, its member NULL, so that nothing vanishes; only a country, geographic scope, therapeutic or disease area has none where the source says of no unit where it works."
grain   = ["dimension", "member", "job_id"]
[columns]
dimension   = { type = "VARCHAR", meaning = "job, function, department, role, persona, domain, capability, strategic_priority, industry, job_category, complexity, frequency, functional_area, country, geographic_scope, therapeutic_area or disease_area" }
member      = { type = "VARCHAR", meaning = "the member's id; of a dimension of words the word in lower case", null_means = "the job belongs to no member of this dimension" }
member_name = { type = "VARCHAR", meaning = "the member's name", null_means = "no member, or no name" }
job_id      = { type = "UUID", meaning = "the job, live or not" }
*/
with job_functions as (
    select job_id, function_id from model.jobs where function_id is not null
    union
    select jr.job_id, rf.function_id from model.job_roles as jr inner join model.role_functions as rf on rf.role_id = jr.role_id
),

-- Distinct: a job that hangs below a function twice counts there once.
function_jobs as (
    select distinct jf.job_id, t.ancestor_id as function_id
    from job_functions as jf
    inner join model.function_tree as t on t.function_id = jf.function_id
),

department_jobs as (
    select distinct jr.job_id, rd.department_id
    from model.job_roles as jr
    inner join model.role_departments as rd on rd.role_id = jr.role_id
),

-- Words meet across spellings; an empty one is unknown, an unfamiliar one is kept.
spelled as (
    select
        job_id,
        nullif(lower(trim(job_category)), '') as job_category,
        nullif(lower(trim(complexity)), '') as complexity,
        nullif(lower(trim(frequency)), '') as frequency_word,
        nullif(lower(trim(functional_area)), '') as functional_area
    from model.jobs
),

worded as (
    select
        *,
        -- The two schema documents have two words for each of these.
        case frequency_word when 'annually' then 'yearly' when 'ad_hoc' then 'as_needed' else frequency_word end as frequency
    from spelled
),

-- A list of which no unit is joined to anything would give a row a job and say nothing.
said as (
    select distinct dimension from model.unit_areas
),

area_jobs as (
    select distinct ra.dimension, ra.area_id, jr.job_id
    from model.role_areas as ra
    inner join model.job_roles as jr on jr.role_id = ra.role_id
),

area_labels as (
    select lower(trim(functional_area)) as functional_area, min(trim(functional_area)) as label
    from model.jobs
    group by lower(trim(functional_area))
)

select 'job' as dimension, cast(job_id as varchar(64)) as member, job_name as member_name, job_id
from model.jobs
union all
select 'function' as dimension, cast(f.function_id as varchar(64)) as member, f.function_name as member_name, j.job_id
from model.jobs as j
left join function_jobs as fj on fj.job_id = j.job_id
left join model.functions as f on f.function_id = fj.function_id
union all
select 'department' as dimension, cast(d.department_id as varchar(64)) as member, d.department_name as member_name, j.job_id
from model.jobs as j
left join department_jobs as dj on dj.job_id = j.job_id
left join model.departments as d on d.department_id = dj.department_id
union all
select 'role' as dimension, cast(r.role_id as varchar(64)) as member, r.role_name as member_name, j.job_id
from model.jobs as j
left join model.job_roles as jr on jr.job_id = j.job_id
left join model.roles as r on r.role_id = jr.role_id
union all
select 'persona' as dimension, cast(p.persona_id as varchar(64)) as member, p.persona_name as member_name, j.job_id
from model.jobs as j
left join model.persona_jobs as pj on pj.job_id = j.job_id
left join model.personas as p on p.persona_id = pj.persona_id
union all
select 'domain' as dimension, cast(d.domain_id as varchar(64)) as member, d.domain_name as member_name, j.job_id
from model.jobs as j
left join model.domain_tree as t on t.domain_id = j.domain_id
left join model.domains as d on d.domain_id = t.ancestor_id
union all
select 'capability' as dimension, cast(c.capability_id as varchar(64)) as member, c.capability_name as member_name, j.job_id
from model.jobs as j
left join model.job_capabilities as jc on jc.job_id = j.job_id
left join model.capabilities as c on c.capability_id = jc.capability_id
union all
select
    'strategic_priority' as dimension, cast(s.strategic_priority_id as varchar(64)) as member,
    s.strategic_priority_name as member_name, j.job_id
from model.jobs as j
left join model.strategic_priorities as s on s.strategic_priority_id = j.strategic_priority_id
union all
select 'industry' as dimension, cast(i.industry_id as varchar(64)) as member, i.industry_name as member_name, j.job_id
from model.jobs as j
left join model.industries as i on i.industry_id = j.industry_id
union all
select 'job_category' as dimension, job_category as member, replace(job_category, '_', ' ') as member_name, job_id
from worded
union all
select 'complexity' as dimension, complexity as member, replace(complexity, '_', ' ') as member_name, job_id
from worded
union all
select 'frequency' as dimension, frequency as member, replace(frequency, '_', ' ') as member_name, job_id
from worded
union all
select 'functional_area' as dimension, w.functional_area as member, a.label as member_name, w.job_id
from worded as w
left join area_labels as a on a.functional_area = w.functional_area
union all
select s.dimension, cast(a.area_id as varchar(64)) as member, a.area_name as member_name, j.job_id
from said as s
cross join model.jobs as j
left join area_jobs as aj on aj.dimension = s.dimension and aj.job_id = j.job_id
left join model.areas as a on a.dimension = aj.dimension and a.area_id = aj.area_id
