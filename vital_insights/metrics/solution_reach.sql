/*
title   = "Solution reach"
because = "What is packed into each solution, where it is meant to be used and how often it was installed; through the roles of its agents, how many jobs it touches."
grain   = ["solution_id"]
order   = "n_jobs desc nulls last, n_installations desc nulls last, solution_name nulls last, solution_id nulls last"
show    = ["solution_name", "n_agents", "n_workflows", "n_industries", "n_roles", "n_jobs", "n_installations"]
[columns]
solution_id     = { type = "UUID", meaning = "the solution's id", null_means = "installations that name no solution of this tenant" }
solution_name   = { type = "VARCHAR", meaning = "the solution's name", null_means = "no solution, or no name in the source" }
n_agents        = { type = "BIGINT", unit = "agents", meaning = "agents in the solution; deprecated and archived ones are left out", null_means = "no solution, or the source does not say which agents are in one" }
n_workflows     = { type = "BIGINT", unit = "workflows", meaning = "workflows in the solution", null_means = "no solution, or the source does not say which workflows are in one" }
n_industries    = { type = "BIGINT", unit = "industries", meaning = "industries that it is meant for", null_means = "no solution, or the source does not say which industries it is meant for" }
n_roles         = { type = "BIGINT", unit = "roles", meaning = "different roles that its agents work for", null_means = "no solution, or the source does not say which agents are in one, or whom they work for" }
n_jobs          = { type = "BIGINT", unit = "jobs", meaning = "different live jobs of these roles", null_means = "as n_roles, or the source does not say which role does which job" }
n_installations = { type = "BIGINT", unit = "installations", meaning = "times this tenant has installed it", null_means = "the source has no table of installations, or none of them names a solution of this tenant" }
newest_change   = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when the solution last changed, or was made where that is all the source says", null_means = "no solution, or no date" }
is_shared       = { type = "BOOLEAN", meaning = "the solution, or one of the installations that name none, has no tenant and the settings share it" }
*/
with source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select
        case when count(case when table_name in ('solution_agents', 'agents') and column_name = '*' then 1 end) = 0 then 1 end as agents,
        case when count(case when table_name in ('solution_workflows', 'workflows') and column_name = '*' then 1 end) = 0 then 1 end as workflows,
        case when count(case when table_name in ('solution_industry_matrix', 'industries') and column_name = '*' then 1 end) = 0 then 1 end as industries,
        case
            when count(case when table_name = 'org_roles' and column_name = '*' or table_name = 'agents' and column_name in ('*', 'role_id') then 1 end) = 0
                then 1
        end as roles,
        case when count(case when table_name = 'jtbd_roles' and column_name = '*' then 1 end) = 0 then 1 end as jobs,
        case when count(case when table_name = 'solution_installations' and column_name = '*' then 1 end) = 0 then 1 end as installations
    from model.absent
),

solutions as (
    select id as solution_id, name as solution_name, coalesce(updated_at, created_at) as newest_change, is_shared
    from raw.solutions
    where deleted_at is null
),

solution_agents as (
    select distinct l.solution_id, a.id as agent_id, a.role_id
    from raw.solution_agents as l
    inner join raw.agents as a on l.agent_id = a.id
    where l.deleted_at is null and a.deleted_at is null and coalesce(lower(trim(a.status)), '') not in ('deprecated', 'archived')
),

agents as (
    select s.solution_id, count(distinct s.agent_id) as n, count(distinct r.role_id) as n_roles, count(distinct j.job_id) as n_jobs
    from solution_agents as s
    left join model.roles as r on s.role_id = r.role_id
    left join model.job_roles as l on r.role_id = l.role_id
    left join model.jobs as j on l.job_id = j.job_id and j.is_live
    group by s.solution_id
),

workflows as (
    select l.solution_id, count(distinct w.id) as n
    from raw.solution_workflows as l
    inner join raw.workflows as w on l.workflow_id = w.id
    where l.deleted_at is null and w.deleted_at is null
    group by l.solution_id
),

industries as (
    select l.solution_id, count(distinct i.industry_id) as n
    from raw.solution_industry_matrix as l
    inner join model.industries as i on l.industry_id = i.industry_id
    where l.deleted_at is null
    group by l.solution_id
),

installed as (
    select s.solution_id, count(*) as n, max(case when i.is_shared then 1 else 0 end) = 1 as is_shared
    from raw.solution_installations as i
    left join solutions as s on i.solution_id = s.solution_id
    left join raw.solutions as known on i.solution_id = known.id
    -- An installation of a solution that nobody here knows is still one; one of a deleted solution went with it.
    where i.deleted_at is null and (s.solution_id is not null or known.id is null)
    group by s.solution_id
),

named as (
    -- 1 unless there are installations and none names a solution: then nobody can say whose they are.
    select case when count(*) = 0 or count(solution_id) > 0 then 1 end as installations from installed
)

select
    s.solution_id,
    s.solution_name,
    cast(coalesce(a.n, 0) * k.agents as bigint) as n_agents,
    cast(coalesce(w.n, 0) * k.workflows as bigint) as n_workflows,
    cast(coalesce(i.n, 0) * k.industries as bigint) as n_industries,
    cast(coalesce(a.n_roles, 0) * k.agents * k.roles as bigint) as n_roles,
    cast(coalesce(a.n_jobs, 0) * k.agents * k.roles * k.jobs as bigint) as n_jobs,
    cast(coalesce(t.n, 0) * k.installations * n.installations as bigint) as n_installations,
    s.newest_change,
    s.is_shared
from solutions as s
cross join source as k
cross join named as n
left join agents as a on s.solution_id = a.solution_id
left join workflows as w on s.solution_id = w.solution_id
left join industries as i on s.solution_id = i.solution_id
left join installed as t on s.solution_id = t.solution_id
union all
select
    t.solution_id, cast(null as varchar(64)) as solution_name, null as n_agents, null as n_workflows, null as n_industries, null as n_roles, null as n_jobs,
    cast(t.n as bigint) as n_installations, null as newest_change, t.is_shared
from installed as t
where t.solution_id is null
