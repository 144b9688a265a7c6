/*
title   = "Coverage gaps"
because = "What nobody owns, nobody does or nobody scored: each gap with why it matters and what to do."
grain   = ["kind", "subject_id"]
order   = "kind, subject_name nulls last, subject_id"
show    = ["kind", "subject_code", "subject_name", "because", "remedy"]
[columns]
kind         = { type = "VARCHAR", meaning = "which of the seven gaps" }
subject_type = { type = "VARCHAR", meaning = "role, job, persona, outcome, or link (a persona and a job)" }
subject_id   = { type = "VARCHAR", meaning = "the subject's id; for a link the persona's and the job's, with a bar between" }
subject_code = { type = "VARCHAR", meaning = "the subject's code; for a link the job's", null_means = "no code in the source" }
subject_name = { type = "VARCHAR", meaning = "the subject's name; for an outcome its statement", null_means = "no name in the source" }
because      = { type = "VARCHAR", meaning = "why it matters" }
remedy       = { type = "VARCHAR", meaning = "what to do" }
*/
with live_jobs as (
    select job_id, job_code, job_name from model.jobs where is_live
),

live_job_roles as (
    select jr.job_id, jr.role_id, jr.is_primary
    from model.job_roles as jr
    inner join live_jobs as j on j.job_id = jr.job_id
)

select
    'role_without_job' as kind, 'role' as subject_type, cast(r.role_id as varchar(64)) as subject_id, r.role_code as subject_code,
    r.role_name as subject_name, 'Nothing is known of what this role has to get done.' as because,
    'Collect its jobs, or retire the role.' as remedy
from model.roles as r
where not exists (select 1 from live_job_roles as jr where jr.role_id = r.role_id)
union all
select
    'job_without_role' as kind, 'job' as subject_type, cast(j.job_id as varchar(64)) as subject_id, j.job_code as subject_code,
    j.job_name as subject_name, 'No role does this job, so no persona inherits it.' as because,
    'Link the job to the role that does it.' as remedy
from live_jobs as j
where not exists (select 1 from live_job_roles as jr where jr.job_id = j.job_id)
union all
select
    'job_without_outcome' as kind, 'job' as subject_type, cast(j.job_id as varchar(64)) as subject_id, j.job_code as subject_code,
    j.job_name as subject_name, 'Without outcomes the job cannot be prioritised.' as because,
    'Write its desired outcomes and have them scored.' as remedy
from live_jobs as j
where not exists (select 1 from model.outcomes as o where o.job_id = j.job_id and o.level = 'outcome')
union all
select
    'job_without_primary_role' as kind, 'job' as subject_type, cast(j.job_id as varchar(64)) as subject_id, j.job_code as subject_code,
    j.job_name as subject_name, 'None of the roles that do this job is its primary executor.' as because,
    'Name one of its roles as the primary executor.' as remedy
from live_jobs as j
where
    exists (select 1 from live_job_roles as jr where jr.job_id = j.job_id)
    and not exists (select 1 from live_job_roles as jr where jr.job_id = j.job_id and jr.is_primary)
    -- Where the source never says which role is primary, nothing is known and nothing is missing.
    and exists (select 1 from model.job_roles as jr where jr.is_primary is not null)
union all
select
    'persona_without_role' as kind, 'persona' as subject_type, cast(p.persona_id as varchar(64)) as subject_id, p.persona_code as subject_code,
    p.persona_name as subject_name, 'A persona without a role inherits no job.' as because,
    'Assign the persona to its role.' as remedy
from model.personas as p
where p.role_id is null
union all
select
    'high_outcome_without_owner' as kind, 'outcome' as subject_type, cast(o.outcome_id as varchar(64)) as subject_id, o.outcome_code as subject_code,
    o.statement as subject_name, 'A HIGH opportunity whose job no role owns.' as because,
    'Find the owner first: this is where acting pays.' as remedy
from metric.opportunity as o
where o.band = 'HIGH' and not exists (select 1 from live_job_roles as jr where jr.job_id = o.job_id)
union all
select
    'direct_link_not_implied' as kind, 'link' as subject_type,
    cast(pj.persona_id as varchar(64)) || '|' || cast(pj.job_id as varchar(64)) as subject_id, j.job_code as subject_code,
    p.persona_name as subject_name, 'The persona is linked to a job that its role does not do.' as because,
    'Link the role to the job, or remove the direct link.' as remedy
from model.persona_jobs as pj
inner join live_jobs as j on j.job_id = pj.job_id
inner join model.personas as p on p.persona_id = pj.persona_id
where pj.route = 'direct' and p.role_id is not null
