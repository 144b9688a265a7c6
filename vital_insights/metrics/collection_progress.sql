/*
title   = "Collection progress"
because = "How far each function has come on the seven steps from scope to validation, so that the next interview goes where it adds most. A step that the source has no place for is unknown, not 0."
grain   = ["member", "step_name"]
order   = "member_name nulls last, member nulls last, step"
show    = ["member_name", "step", "step_name", "n_done", "n_total", "share", "unknown_because"]
[columns]
member          = { type = "VARCHAR", meaning = "the function's id; everything below it in the tree counts", null_means = "roles, personas and jobs that belong to no function" }
member_name     = { type = "VARCHAR", meaning = "the function's name", null_means = "no function, or no name" }
step            = { type = "BIGINT", unit = "1-7", meaning = "the step's place in the order of work" }
step_name       = { type = "VARCHAR", meaning = "scope, personas, evidence, jobs, enrichment, ai_opportunities or validation" }
n_done          = { type = "BIGINT", unit = "roles, personas or live jobs", meaning = "scope: roles with a persona or a live job; personas: roles with a persona; evidence: personas with any evidence; jobs: roles with a live job; enrichment: live jobs with outcomes, obstacles, KPIs, success criteria and workflow stages; ai_opportunities: live jobs with an AI opportunity; validation: live jobs with a consultation or a panel. Of several tables those that the source has", null_means = "the source lacks every table of this step" }
n_total         = { type = "BIGINT", unit = "roles, personas or live jobs", meaning = "scope, personas, jobs: all roles; evidence: all personas; the others: all live jobs", null_means = "the source lacks the table of roles or of personas" }
share           = { type = "DOUBLE", unit = "0-1", meaning = "n_done / n_total", null_means = "n_done is unknown, or there is nothing to do it for" }
unknown_because = { type = "VARCHAR", meaning = "which tables or columns of this step the source lacks", null_means = "n_done is known" }
*/
with source as (
    -- How many of the things that a step could be read from are absent. A key column that is absent takes its table with it.
    select
        count(case when table_name = 'org_roles' and column_name = '*' then 1 end) as roles,
        count(case when table_name = 'personas' and column_name = '*' then 1 end) as personas,
        count(distinct case when table_name = 'personas' and column_name in ('*', 'role_id') then table_name end) as roles_of_personas,
        count(case when table_name = 'jtbd_roles' and column_name = '*' then 1 end) as roles_of_jobs,
        count(
            case
                when
                    table_name in (
                        'persona_evidence_sources', 'persona_evidence_summary', 'persona_public_research', 'persona_expert_opinions',
                        'persona_case_studies'
                    )
                    and column_name = '*'
                    then 1
            end
        ) as evidence,
        count(
            case
                when
                    table_name in ('jtbd_outcomes', 'jtbd_obstacles', 'jtbd_kpis', 'jtbd_success_criteria', 'jtbd_workflow_stages')
                    and column_name = '*'
                    then 1
            end
        ) as enrichment,
        count(case when table_name = 'jtbd_gen_ai_opportunities' and column_name = '*' then 1 end) as ai_opportunities,
        count(
            distinct case
                when table_name in ('expert_consultations', 'panel_discussions') and column_name in ('*', 'jtbd_id') then table_name
            end
        ) as validation
    from model.absent
),

steps as (
    select
        cast(1 as bigint) as step, 'scope' as step_name,
        case
            when roles > 0 then 'the source lacks org_roles'
            when roles_of_personas > 0 and roles_of_jobs > 0 then 'the source lacks jtbd_roles and personas.role_id'
        end as unknown_because
    from source
    union all
    select
        2 as step, 'personas' as step_name,
        case
            when roles > 0 then 'the source lacks org_roles' when personas > 0 then 'the source lacks personas'
            when roles_of_personas > 0 then 'the source lacks personas.role_id'
        end as unknown_because
    from source
    union all
    select
        3 as step, 'evidence' as step_name,
        case
            when personas > 0 then 'the source lacks personas'
            when evidence = 5
                then
                    'the source lacks persona_evidence_sources, persona_evidence_summary, persona_public_research, '
                    || 'persona_expert_opinions and persona_case_studies'
        end as unknown_because
    from source
    union all
    select
        4 as step, 'jobs' as step_name,
        case when roles > 0 then 'the source lacks org_roles' when roles_of_jobs > 0 then 'the source lacks jtbd_roles' end as unknown_because
    from source
    union all
    select
        5 as step, 'enrichment' as step_name,
        case
            when enrichment = 5
                then 'the source lacks jtbd_outcomes, jtbd_obstacles, jtbd_kpis, jtbd_success_criteria and jtbd_workflow_stages'
        end as unknown_because
    from source
    union all
    select
        6 as step, 'ai_opportunities' as step_name,
        case when ai_opportunities > 0 then 'the source lacks jtbd_gen_ai_opportunities' end as unknown_because
    from source
    union all
    select
        7 as step, 'validation' as step_name,
        case when validation = 2 then 'the source lacks expert_consultations.jtbd_id and panel_discussions.jtbd_id' end as unknown_because
    from source
),

staffed_roles as (
    select distinct role_id from model.personas where role_id is not null
),

working_roles as (
    select distinct jr.role_id
    from model.job_roles as jr
    inner join model.jobs as j on j.job_id = jr.job_id
    where j.is_live
),

backed_personas as (
    select persona_id from raw.persona_evidence_sources where deleted_at is null
    union
    select persona_id from raw.persona_evidence_summary where deleted_at is null
    union
    select persona_id from raw.persona_public_research where deleted_at is null
    union
    select persona_id from raw.persona_expert_opinions where deleted_at is null
    union
    select persona_id from raw.persona_case_studies where deleted_at is null
),

validated_jobs as (
    select jtbd_id as job_id from raw.expert_consultations where deleted_at is null
    union
    select jtbd_id as job_id from raw.panel_discussions where deleted_at is null
),

live_jobs as (
    select
        c.job_id,
        -- What the source has no table for is asked of no job.
        case
            when
                coalesce(c.n_outcomes, 1) > 0 and coalesce(c.n_obstacles, 1) > 0 and coalesce(c.n_kpis, 1) > 0
                and coalesce(c.n_success_criteria, 1) > 0 and coalesce(c.n_workflow_stages, 1) > 0
                then 1
        end as enriched,
        case when c.n_ai_opportunities > 0 then 1 end as ai,
        v.job_id as validated
    from metric.job_completeness as c
    left join validated_jobs as v on v.job_id = c.job_id
    where c.is_live
),

placed_roles as (
    select distinct cast(t.ancestor_id as varchar(64)) as member, rf.role_id
    from model.role_functions as rf
    inner join model.function_tree as t on t.function_id = rf.function_id
    union all
    select cast(null as varchar(64)) as member, r.role_id
    from model.roles as r
    where not exists (select 1 from model.role_functions as rf where rf.role_id = r.role_id)
),

placed_personas as (
    select member, persona_id from model.persona_membership where dimension = 'function'
    union all
    select cast(null as varchar(64)) as member, p.persona_id
    from model.personas as p
    where not exists (select 1 from model.persona_membership as m where m.dimension = 'function' and m.persona_id = p.persona_id)
),

placed_jobs as (
    select member, job_id from model.membership where dimension = 'function'
),

counts as (
    select
        cast(function_id as varchar(64)) as member,
        function_name as member_name,
        cast(null as bigint) as n_roles,
        cast(null as bigint) as n_in_scope,
        cast(null as bigint) as n_staffed,
        cast(null as bigint) as n_working,
        cast(null as bigint) as n_personas,
        cast(null as bigint) as n_backed,
        cast(null as bigint) as n_jobs,
        cast(null as bigint) as n_enriched,
        cast(null as bigint) as n_ai,
        cast(null as bigint) as n_validated
    from model.functions
    union all
    select
        p.member, null as member_name, count(*) as n_roles, count(coalesce(s.role_id, w.role_id)) as n_in_scope,
        count(s.role_id) as n_staffed, count(w.role_id) as n_working,
        null as n_personas, null as n_backed, null as n_jobs, null as n_enriched, null as n_ai, null as n_validated
    from placed_roles as p
    left join staffed_roles as s on s.role_id = p.role_id
    left join working_roles as w on w.role_id = p.role_id
    group by p.member
    union all
    select
        p.member, null as member_name, null as n_roles, null as n_in_scope, null as n_staffed, null as n_working,
        count(*) as n_personas, count(b.persona_id) as n_backed,
        null as n_jobs, null as n_enriched, null as n_ai, null as n_validated
    from placed_personas as p
    left join backed_personas as b on b.persona_id = p.persona_id
    group by p.member
    union all
    select
        p.member, null as member_name, null as n_roles, null as n_in_scope, null as n_staffed, null as n_working,
        null as n_personas, null as n_backed,
        count(*) as n_jobs, count(j.enriched) as n_enriched, count(j.ai) as n_ai, count(j.validated) as n_validated
    from placed_jobs as p
    inner join live_jobs as j on j.job_id = p.job_id
    group by p.member
),

members as (
    select
        member,
        max(member_name) as member_name,
        coalesce(max(n_roles), 0) as n_roles,
        coalesce(max(n_in_scope), 0) as n_in_scope,
        coalesce(max(n_staffed), 0) as n_staffed,
        coalesce(max(n_working), 0) as n_working,
        coalesce(max(n_personas), 0) as n_personas,
        coalesce(max(n_backed), 0) as n_backed,
        coalesce(max(n_jobs), 0) as n_jobs,
        coalesce(max(n_enriched), 0) as n_enriched,
        coalesce(max(n_ai), 0) as n_ai,
        coalesce(max(n_validated), 0) as n_validated
    from counts
    group by member
),

stepped as (
    select
        m.member,
        m.member_name,
        s.step,
        s.step_name,
        case
            when s.unknown_because is null
                then
                    case s.step
                        when 1 then m.n_in_scope when 2 then m.n_staffed when 3 then m.n_backed when 4 then m.n_working
                        when 5 then m.n_enriched when 6 then m.n_ai when 7 then m.n_validated
                    end
        end as n_done,
        case
            when s.step in (1, 2, 4) and h.roles = 0 then m.n_roles
            when s.step = 3 and h.personas = 0 then m.n_personas
            when s.step in (5, 6, 7) then m.n_jobs
        end as n_total,
        s.unknown_because
    from members as m
    cross join steps as s
    cross join source as h
)

select
    member,
    member_name,
    step,
    step_name,
    n_done,
    n_total,
    case when n_total > 0 then cast(n_done as double) / n_total end as share,
    unknown_because
from stepped
