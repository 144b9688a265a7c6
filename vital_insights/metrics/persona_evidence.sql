/*
title   = "Persona evidence"
because = "What each persona rests on, how recent that is and how far it carries, so that nobody builds on a persona that was only imagined."
grain   = ["persona_id"]
order   = "n_kinds nulls last, n_pieces nulls last, persona_name nulls last, persona_id"
show    = ["persona_code", "persona_name", "strength", "n_kinds", "n_pieces", "newest_change"]
[columns]
persona_id     = { type = "UUID", meaning = "the persona's id" }
persona_code   = { type = "VARCHAR", meaning = "the persona's code", null_means = "no code in the source" }
persona_name   = { type = "VARCHAR", meaning = "the persona's name", null_means = "no name in the source" }
n_sources      = { type = "BIGINT", unit = "pieces", meaning = "sources of evidence that are named", null_means = "the source has no table of them" }
n_research     = { type = "BIGINT", unit = "pieces", meaning = "published studies", null_means = "the source has no table of them" }
n_opinions     = { type = "BIGINT", unit = "pieces", meaning = "opinions of experts", null_means = "the source has no table of them" }
n_reports      = { type = "BIGINT", unit = "pieces", meaning = "reports of the industry", null_means = "the source has no table of them" }
n_statistics   = { type = "BIGINT", unit = "pieces", meaning = "supporting statistics", null_means = "the source has no table of them" }
n_case_studies = { type = "BIGINT", unit = "pieces", meaning = "case studies", null_means = "the source has no table of them" }
n_pieces       = { type = "BIGINT", unit = "pieces", meaning = "all of them together, of the tables that the source has", null_means = "the source has none of the six tables" }
n_kinds        = { type = "BIGINT", unit = "kinds, at most 6", meaning = "kinds of which the persona has at least one piece", null_means = "the source has none of the six tables" }
newest_change  = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when a piece last changed, or was made where that is all the source says", null_means = "no piece, or none with a date" }
strength       = { type = "VARCHAR", meaning = "strong: three kinds or more, one of them studies, statistics or case studies; fair: two kinds, or more without any of those; thin: one kind; none: nothing", null_means = "the source has none of the six tables" }
is_shared      = { type = "BOOLEAN", meaning = "the persona has no tenant and the settings share it" }
*/
with source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select
        case when count(case when table_name = 'persona_evidence_sources' and column_name = '*' then 1 end) = 0 then 1 end as sources,
        case when count(case when table_name = 'persona_public_research' and column_name = '*' then 1 end) = 0 then 1 end as research,
        case when count(case when table_name = 'persona_expert_opinions' and column_name = '*' then 1 end) = 0 then 1 end as opinions,
        case when count(case when table_name = 'persona_industry_reports' and column_name = '*' then 1 end) = 0 then 1 end as reports,
        case when count(case when table_name = 'persona_supporting_statistics' and column_name = '*' then 1 end) = 0 then 1 end as statistics,
        case when count(case when table_name = 'persona_case_studies' and column_name = '*' then 1 end) = 0 then 1 end as case_studies
    from model.absent
),

pieces as (
    select persona_id, 1 as kind, coalesce(updated_at, created_at) as changed_at
    from raw.persona_evidence_sources
    where deleted_at is null
    union all
    select persona_id, 2 as kind, coalesce(updated_at, created_at) as changed_at
    from raw.persona_public_research
    where deleted_at is null
    union all
    select persona_id, 3 as kind, coalesce(updated_at, created_at) as changed_at
    from raw.persona_expert_opinions
    where deleted_at is null
    union all
    select persona_id, 4 as kind, coalesce(updated_at, created_at) as changed_at
    from raw.persona_industry_reports
    where deleted_at is null
    union all
    select persona_id, 5 as kind, coalesce(updated_at, created_at) as changed_at
    from raw.persona_supporting_statistics
    where deleted_at is null
    union all
    select persona_id, 6 as kind, coalesce(updated_at, created_at) as changed_at
    from raw.persona_case_studies
    where deleted_at is null
),

counted as (
    select
        p.persona_id,
        count(case when e.kind = 1 then 1 end) as n_sources,
        count(case when e.kind = 2 then 1 end) as n_research,
        count(case when e.kind = 3 then 1 end) as n_opinions,
        count(case when e.kind = 4 then 1 end) as n_reports,
        count(case when e.kind = 5 then 1 end) as n_statistics,
        count(case when e.kind = 6 then 1 end) as n_case_studies,
        count(e.kind) as n_pieces,
        count(distinct e.kind) as n_kinds,
        count(case when e.kind in (2, 5, 6) then 1 end) as n_checkable,
        max(e.changed_at) as newest_change
    from model.personas as p
    left join pieces as e on p.persona_id = e.persona_id
    group by p.persona_id
),

known as (
    select s.*, coalesce(s.sources, s.research, s.opinions, s.reports, s.statistics, s.case_studies) as anything from source as s
)

select
    p.persona_id,
    p.persona_code,
    p.persona_name,
    cast(c.n_sources * k.sources as bigint) as n_sources,
    cast(c.n_research * k.research as bigint) as n_research,
    cast(c.n_opinions * k.opinions as bigint) as n_opinions,
    cast(c.n_reports * k.reports as bigint) as n_reports,
    cast(c.n_statistics * k.statistics as bigint) as n_statistics,
    cast(c.n_case_studies * k.case_studies as bigint) as n_case_studies,
    cast(c.n_pieces * k.anything as bigint) as n_pieces,
    cast(c.n_kinds * k.anything as bigint) as n_kinds,
    c.newest_change,
    case
        when k.anything is null then null
        when c.n_kinds = 0 then 'none'
        when c.n_kinds = 1 then 'thin'
        when c.n_kinds >= 3 and c.n_checkable > 0 then 'strong'
        else 'fair'
    end as strength,
    p.is_shared
from model.personas as p
inner join counted as c on p.persona_id = c.persona_id
cross join known as k
