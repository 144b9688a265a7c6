/*
title   = "Outcomes"
because = "Everything that carries a score: outcomes, and jobs that have scores of their own while they have no outcome."
grain   = ["outcome_id"]
*/
with written as (
    select * from raw.jtbd_outcomes where deleted_at is null
),

of_outcomes as (
    select
        w.id as outcome_id,
        w.outcome_id as outcome_code,
        w.outcome_statement as statement,
        w.outcome_type,
        'outcome' as level,
        j.job_id,
        w.importance_score as importance,
        w.satisfaction_score as satisfaction,
        w.opportunity_score as stored_score,
        w.opportunity_priority as stored_priority,
        w.evidence_source,
        w.updated_at,
        -- An outcome whose job is unknown is still an outcome; one whose job was deleted went with it.
        case when j.job_id is not null then j.is_live when r.id is not null then false else true end as is_live,
        w.is_shared
    from written as w
    left join model.jobs as j on j.job_id = w.jtbd_id
    left join raw.jobs_to_be_done as r on r.id = w.jtbd_id
),

of_jobs as (
    select
        j.job_id as outcome_id,
        cast(null as varchar(64)) as outcome_code,
        j.job_name as statement,
        cast(null as varchar(64)) as outcome_type,
        'job' as level,
        j.job_id,
        j.importance_score as importance,
        j.satisfaction_score as satisfaction,
        cast(null as decimal(18, 6)) as stored_score,
        cast(null as varchar(64)) as stored_priority,
        cast(null as varchar(64)) as evidence_source,
        j.updated_at,
        j.is_live,
        j.is_shared
    from model.jobs as j
    where
        (j.importance_score is not null or j.satisfaction_score is not null)
        and not exists (select 1 from written as w where w.jtbd_id = j.job_id)
)

select * from of_outcomes
union all
select * from of_jobs
