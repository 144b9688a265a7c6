/*
title   = "Validation activity"
because = "Whether anybody ever examined a job or a persona: who was consulted, which panels met, what they agreed on and when that was. A score that nobody looked at is an opinion."
grain   = ["subject_type", "subject_id"]
order   = "subject_type, n_talks nulls first, subject_name nulls last, subject_id"
show    = ["subject_type", "subject_name", "n_consultations", "n_panels", "n_agreed", "n_votes", "newest_change"]
[columns]
subject_type    = { type = "VARCHAR", meaning = "job (live ones only) or persona" }
subject_id      = { type = "UUID", meaning = "the id of the job or persona" }
subject_code    = { type = "VARCHAR", meaning = "its code", null_means = "no code in the source" }
subject_name    = { type = "VARCHAR", meaning = "its name", null_means = "no name in the source" }
n_consultations = { type = "BIGINT", unit = "consultations", meaning = "consultations of experts about it", null_means = "the source does not say what consultations are about" }
n_panels        = { type = "BIGINT", unit = "panels", meaning = "panels that discussed it", null_means = "the source does not say what panels are about" }
n_talks         = { type = "BIGINT", unit = "consultations and panels", meaning = "both together, of those that the source tells about", null_means = "the source tells of neither" }
n_agreed        = { type = "BIGINT", unit = "panels", meaning = "panels with a statement of consensus", null_means = "the source does not say what panels are about, or has no table of consensus" }
n_votes         = { type = "BIGINT", unit = "votes", meaning = "votes cast in these panels", null_means = "the source does not say what panels are about, or has no table of their votes" }
n_feedback      = { type = "BIGINT", unit = "comments", meaning = "comments on these consultations and panels", null_means = "the source tells of neither, has no table of feedback, or does not say which of them a comment is on" }
newest_change   = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when one of these consultations or panels last changed, or was made where that is all the source says", null_means = "none, or none with a date" }
is_shared       = { type = "BOOLEAN", meaning = "the job or persona has no tenant and the settings share it" }
*/
with source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select
        case when count(case when table_name = 'expert_consultations' and column_name in ('*', 'jtbd_id') then 1 end) = 0 then 1 end as job_consultations,
        case
            when count(case when table_name = 'expert_consultations' and column_name in ('*', 'persona_id') then 1 end) = 0 then 1
        end as persona_consultations,
        case when count(case when table_name = 'panel_discussions' and column_name in ('*', 'jtbd_id') then 1 end) = 0 then 1 end as job_panels,
        case when count(case when table_name = 'panel_discussions' and column_name in ('*', 'persona_id') then 1 end) = 0 then 1 end as persona_panels,
        case when count(case when table_name = 'panel_consensus' and column_name in ('*', 'panel_id') then 1 end) = 0 then 1 end as consensus,
        case when count(case when table_name = 'panel_votes' and column_name in ('*', 'panel_id') then 1 end) = 0 then 1 end as votes,
        case
            when count(case when table_name = 'consultation_feedback' and column_name in ('*', 'consultation_id', 'panel_id') then 1 end) = 0 then 1
        end as feedback
    from model.absent
),

subjects as (
    select
        'job' as subject_type, j.job_id as subject_id, j.job_code as subject_code, j.job_name as subject_name, j.is_shared,
        s.job_consultations as consultations, s.job_panels as panels, s.consensus, s.votes, s.feedback
    from model.jobs as j
    cross join source as s
    where j.is_live
    union all
    select
        'persona' as subject_type, p.persona_id as subject_id, p.persona_code as subject_code, p.persona_name as subject_name, p.is_shared,
        s.persona_consultations as consultations, s.persona_panels as panels, s.consensus, s.votes, s.feedback
    from model.personas as p
    cross join source as s
),

comments as (
    select consultation_id, panel_id from raw.consultation_feedback where deleted_at is null
),

consultations as (
    select c.id, c.jtbd_id, c.persona_id, coalesce(c.updated_at, c.created_at) as changed_at, count(f.consultation_id) as n_feedback
    from raw.expert_consultations as c
    left join comments as f on c.id = f.consultation_id
    where c.deleted_at is null
    group by c.id, c.jtbd_id, c.persona_id, coalesce(c.updated_at, c.created_at)
),

consensus as (
    select distinct panel_id from raw.panel_consensus where deleted_at is null
),

votes as (
    select panel_id, count(*) as n from raw.panel_votes where deleted_at is null group by panel_id
),

panel_comments as (
    select panel_id, count(*) as n from comments group by panel_id
),

panels as (
    select
        d.id, d.jtbd_id, d.persona_id, coalesce(d.updated_at, d.created_at) as changed_at,
        case when a.panel_id is null then 0 else 1 end as agreed, coalesce(v.n, 0) as n_votes, coalesce(f.n, 0) as n_feedback
    from raw.panel_discussions as d
    left join consensus as a on d.id = a.panel_id
    left join votes as v on d.id = v.panel_id
    left join panel_comments as f on d.id = f.panel_id
    where d.deleted_at is null
),

talks as (
    select 'job' as subject_type, jtbd_id as subject_id, 'consultation' as kind, changed_at, 0 as agreed, 0 as n_votes, n_feedback
    from consultations
    union all
    select 'persona' as subject_type, persona_id as subject_id, 'consultation' as kind, changed_at, 0 as agreed, 0 as n_votes, n_feedback
    from consultations
    union all
    select 'job' as subject_type, jtbd_id as subject_id, 'panel' as kind, changed_at, agreed, n_votes, n_feedback
    from panels
    union all
    select 'persona' as subject_type, persona_id as subject_id, 'panel' as kind, changed_at, agreed, n_votes, n_feedback
    from panels
),

counted as (
    select
        subject_type, subject_id,
        count(case when kind = 'consultation' then 1 end) as n_consultations,
        count(case when kind = 'panel' then 1 end) as n_panels,
        sum(agreed) as n_agreed, sum(n_votes) as n_votes, sum(n_feedback) as n_feedback, max(changed_at) as newest_change
    from talks
    group by subject_type, subject_id
)

select
    s.subject_type,
    s.subject_id,
    s.subject_code,
    s.subject_name,
    cast(coalesce(c.n_consultations, 0) * s.consultations as bigint) as n_consultations,
    cast(coalesce(c.n_panels, 0) * s.panels as bigint) as n_panels,
    cast((coalesce(c.n_consultations, 0) + coalesce(c.n_panels, 0)) * coalesce(s.consultations, s.panels) as bigint) as n_talks,
    cast(coalesce(c.n_agreed, 0) * s.panels * s.consensus as bigint) as n_agreed,
    cast(coalesce(c.n_votes, 0) * s.panels * s.votes as bigint) as n_votes,
    cast(coalesce(c.n_feedback, 0) * coalesce(s.consultations, s.panels) * s.feedback as bigint) as n_feedback,
    c.newest_change,
    s.is_shared
from subjects as s
left join counted as c on s.subject_type = c.subject_type and s.subject_id = c.subject_id
