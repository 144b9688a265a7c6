/*
title   = "Agent coverage"
because = "Which roles, functions, departments and jobs an AI agent stands beside, and with how much behind it: a HIGH opportunity that no agent is near is either work for people or work undone."
grain   = ["dimension", "member"]
order   = "dimension, n_high desc, n_agents nulls last, member_name nulls last, member"
show    = ["dimension", "member_name", "n_agents", "n_skills", "n_tools", "n_high_jobs", "n_high_jobs_with_agent"]
[columns]
dimension                  = { type = "VARCHAR", meaning = "role, department, function (with everything below it), or job" }
member                     = { type = "VARCHAR", meaning = "the member's id; of jobs the live ones", null_means = "agents and jobs that belong to no member of the dimension; of jobs the agents whose role does none" }
member_name                = { type = "VARCHAR", meaning = "the member's name", null_means = "no member, or no name in the source" }
n_agents                   = { type = "BIGINT", unit = "agents", meaning = "agents that name the member or whose role belongs to it; of a job those whose role does it; deprecated and archived ones are left out", null_means = "the source does not say what agents belong to" }
n_active                   = { type = "BIGINT", unit = "agents", meaning = "those whose status is active", null_means = "the source does not say what agents belong to, or gives none a status" }
n_skills                   = { type = "BIGINT", unit = "skills", meaning = "different skills that these agents have", null_means = "the source does not say what agents belong to, or which skills they have" }
n_tools                    = { type = "BIGINT", unit = "tools", meaning = "different tools that these agents use", null_means = "the source does not say what agents belong to, or which tools they use" }
n_jobs                     = { type = "BIGINT", unit = "jobs", meaning = "live jobs of the member" }
n_scored                   = { type = "BIGINT", unit = "outcomes", meaning = "outcomes of these jobs with an opportunity score" }
n_high                     = { type = "BIGINT", unit = "outcomes", meaning = "those in the HIGH band" }
n_high_jobs                = { type = "BIGINT", unit = "jobs", meaning = "live jobs of the member with an outcome in the HIGH band" }
n_high_jobs_with_agent     = { type = "BIGINT", unit = "jobs", meaning = "those that an agent's role does", null_means = "the source does not say which role an agent stands beside, or which roles do a job" }
share_high_jobs_with_agent = { type = "DOUBLE", unit = "0-1", meaning = "n_high_jobs_with_agent / n_high_jobs", null_means = "no such job, or the one is unknown" }
*/
with source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select
        case when count(case when table_name = 'agents' and column_name in ('*', 'role_id') then 1 end) = 0 then 1 end as of_role,
        case when count(case when table_name = 'agents' and column_name in ('*', 'department_id') then 1 end) = 0 then 1 end as of_department,
        case when count(case when table_name = 'agents' and column_name in ('*', 'function_id') then 1 end) = 0 then 1 end as of_function,
        case when count(case when table_name = 'jtbd_roles' and column_name = '*' then 1 end) = 0 then 1 end as doing,
        case when count(case when table_name = 'agent_skills' and column_name = '*' then 1 end) = 0 then 1 end as skills,
        case when count(case when table_name = 'agent_tools' and column_name = '*' then 1 end) = 0 then 1 end as tools
    from model.absent
),

known as (
    select 'role' as dimension, of_role as agents, of_role * doing as helped, skills, tools from source
    union all
    select 'department' as dimension, coalesce(of_department, of_role) as agents, of_role * doing as helped, skills, tools from source
    union all
    select 'function' as dimension, coalesce(of_function, of_role) as agents, of_role * doing as helped, skills, tools from source
    union all
    select 'job' as dimension, of_role * doing as agents, of_role * doing as helped, skills, tools from source
),

agents as (
    select id as agent_id, role_id, department_id, function_id, lower(trim(status)) as status_key
    from raw.agents
    where deleted_at is null and coalesce(lower(trim(status)), '') not in ('deprecated', 'archived')
),

stated as (
    select case when count(*) = 0 or count(status_key) > 0 then 1 end as status_is_known from agents
),

belonging as (
    select a.agent_id, 'role' as dimension, cast(r.role_id as varchar(64)) as member
    from agents as a
    inner join model.roles as r on r.role_id = a.role_id
    union
    select a.agent_id, 'department' as dimension, cast(d.department_id as varchar(64)) as member
    from agents as a
    inner join model.departments as d on d.department_id = a.department_id
    union
    select a.agent_id, 'department' as dimension, cast(rd.department_id as varchar(64)) as member
    from agents as a
    inner join model.role_departments as rd on rd.role_id = a.role_id
    union
    select a.agent_id, 'function' as dimension, cast(t.ancestor_id as varchar(64)) as member
    from agents as a
    inner join model.function_tree as t on t.function_id = a.function_id
    union
    select a.agent_id, 'function' as dimension, cast(t.ancestor_id as varchar(64)) as member
    from agents as a
    inner join model.role_functions as rf on rf.role_id = a.role_id
    inner join model.function_tree as t on t.function_id = rf.function_id
    union
    select a.agent_id, 'job' as dimension, cast(j.job_id as varchar(64)) as member
    from agents as a
    inner join model.job_roles as jr on jr.role_id = a.role_id
    inner join model.jobs as j on j.job_id = jr.job_id
    where j.is_live
),

-- An agent in none of a dimension is a member of NULL there; an empty text stands for it in joins.
placed as (
    select agent_id, dimension, member as member_key from belonging
    union all
    select a.agent_id, k.dimension, '' as member_key
    from agents as a
    cross join known as k
    left join belonging as b on b.dimension = k.dimension and b.agent_id = a.agent_id
    where k.agents = 1 and b.agent_id is null
),

agents_of as (
    select p.dimension, p.member_key, count(*) as n_agents, count(case when a.status_key = 'active' then 1 end) as n_active
    from placed as p
    inner join agents as a on a.agent_id = p.agent_id
    group by p.dimension, p.member_key
),

skills_of as (
    select p.dimension, p.member_key, count(distinct s.id) as n_skills
    from placed as p
    inner join raw.agent_skills as l on l.agent_id = p.agent_id
    inner join raw.skills as s on s.id = l.skill_id
    where l.deleted_at is null and s.deleted_at is null
    group by p.dimension, p.member_key
),

tools_of as (
    select p.dimension, p.member_key, count(distinct t.id) as n_tools
    from placed as p
    inner join raw.agent_tools as l on l.agent_id = p.agent_id
    inner join raw.tools as t on t.id = l.tool_id
    where l.deleted_at is null and t.deleted_at is null
    group by p.dimension, p.member_key
),

needs as (
    select job_id, count(score) as n_scored, count(case when band = 'HIGH' then 1 end) as n_high
    from metric.opportunity
    group by job_id
),

helped as (
    -- Several agents may stand beside one job.
    select distinct member from belonging where dimension = 'job'
),

live_jobs as (
    select
        j.job_id,
        coalesce(n.n_scored, 0) as n_scored,
        coalesce(n.n_high, 0) as n_high,
        case when n.n_high > 0 then 1 else 0 end as is_high,
        case when n.n_high > 0 and h.member is not null then 1 else 0 end as is_high_with_agent
    from model.jobs as j
    left join needs as n on n.job_id = j.job_id
    left join helped as h on h.member = cast(j.job_id as varchar(64))
    where j.is_live
),

work_of as (
    select
        m.dimension, coalesce(m.member, '') as member_key, count(*) as n_jobs, sum(j.n_scored) as n_scored, sum(j.n_high) as n_high,
        sum(j.is_high) as n_high_jobs, sum(j.is_high_with_agent) as n_high_jobs_with_agent
    from model.membership as m
    inner join live_jobs as j on j.job_id = m.job_id
    where m.dimension in ('role', 'department', 'function', 'job')
    group by m.dimension, coalesce(m.member, '')
),

members as (
    select 'role' as dimension, cast(role_id as varchar(64)) as member_key, role_name as member_name from model.roles
    union all
    select 'department' as dimension, cast(department_id as varchar(64)) as member_key, department_name as member_name from model.departments
    union all
    select 'function' as dimension, cast(function_id as varchar(64)) as member_key, function_name as member_name from model.functions
    union all
    select 'job' as dimension, cast(job_id as varchar(64)) as member_key, job_name as member_name from model.jobs where is_live
    union all
    select dimension, member_key, cast(null as varchar(64)) as member_name from agents_of where member_key = ''
    union
    select dimension, member_key, cast(null as varchar(64)) as member_name from work_of where member_key = ''
)

select
    m.dimension,
    nullif(m.member_key, '') as member,
    m.member_name,
    cast(coalesce(a.n_agents, 0) * k.agents as bigint) as n_agents,
    cast(coalesce(a.n_active, 0) * k.agents * st.status_is_known as bigint) as n_active,
    cast(coalesce(s.n_skills, 0) * k.agents * k.skills as bigint) as n_skills,
    cast(coalesce(t.n_tools, 0) * k.agents * k.tools as bigint) as n_tools,
    cast(coalesce(w.n_jobs, 0) as bigint) as n_jobs,
    cast(coalesce(w.n_scored, 0) as bigint) as n_scored,
    cast(coalesce(w.n_high, 0) as bigint) as n_high,
    cast(coalesce(w.n_high_jobs, 0) as bigint) as n_high_jobs,
    cast(coalesce(w.n_high_jobs_with_agent, 0) * k.helped as bigint) as n_high_jobs_with_agent,
    case when w.n_high_jobs > 0 then cast(w.n_high_jobs_with_agent * k.helped as double) / w.n_high_jobs end as share_high_jobs_with_agent
from members as m
inner join known as k on k.dimension = m.dimension
cross join stated as st
left join agents_of as a on a.dimension = m.dimension and a.member_key = m.member_key
left join skills_of as s on s.dimension = m.dimension and s.member_key = m.member_key
left join tools_of as t on t.dimension = m.dimension and t.member_key = m.member_key
left join work_of as w on w.dimension = m.dimension and w.member_key = m.member_key
