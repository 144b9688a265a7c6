/*
title   = "Capability map"
because = "What the organisation must be able to do, and what is left to do for it: from domains through capabilities to jobs, with the outcomes counted at every step. A job stands where its capabilities stand, under each of several, and counts once above them (the dimension domain of opportunity_by goes by the job's own domain instead). The outcomes of a job are the rows of opportunity."
grain   = ["level", "domain_id", "capability_id", "job_id"]
order   = "place, n_high desc nulls last, n_outcomes desc nulls last, domain_name nulls last, domain_id nulls last, capability_name nulls last, capability_id nulls last, job_name nulls last, job_id nulls last"
show    = ["level", "domain_name", "capability_name", "job_name", "n_jobs", "n_outcomes", "n_high", "n_medium", "n_low", "n_unscored", "max_score"]
[columns]
level            = { type = "VARCHAR", meaning = "domain (with everything below it), capability, or job" }
place            = { type = "BIGINT", meaning = "the order of the levels: 1 domain, 2 capability, 3 job" }
domain_id        = { type = "UUID", meaning = "the domain; of a capability its own, of a job that of the capability, or the job's own where it serves none", null_means = "no domain" }
domain_name      = { type = "VARCHAR", meaning = "the domain's name", null_means = "no domain, or no name" }
parent_domain_id = { type = "UUID", meaning = "the domain above it", null_means = "none above it, or no domain" }
capability_id    = { type = "UUID", meaning = "the capability", null_means = "the row is a domain; else jobs that serve no capability, or the source does not say which they serve" }
capability_name  = { type = "VARCHAR", meaning = "the capability's name", null_means = "no capability, or no name" }
job_id           = { type = "UUID", meaning = "the job; live jobs only", null_means = "the row is no job; else outcomes that belong to no job" }
job_code         = { type = "VARCHAR", meaning = "the job's code", null_means = "no job, or no code" }
job_name         = { type = "VARCHAR", meaning = "the job's name", null_means = "no job, or no name" }
n_capabilities   = { type = "BIGINT", unit = "capabilities", meaning = "capabilities of the domain and of those below it", null_means = "the row is no domain, or the source has no table of capabilities" }
n_jobs           = { type = "BIGINT", unit = "jobs", meaning = "live jobs, each once", null_means = "the row is a job, or a capability of which the source does not say what serves it" }
n_outcomes       = { type = "BIGINT", unit = "outcomes", meaning = "live outcomes of these jobs, scored or not", null_means = "the source does not say which jobs serve the capability, or it has no table of outcomes and no job here has scores of its own" }
n_scored         = { type = "BIGINT", unit = "outcomes", meaning = "those with a score", null_means = "as n_outcomes" }
n_high           = { type = "BIGINT", unit = "outcomes", meaning = "those in band HIGH", null_means = "as n_outcomes" }
n_medium         = { type = "BIGINT", unit = "outcomes", meaning = "those in band MEDIUM", null_means = "as n_outcomes" }
n_low            = { type = "BIGINT", unit = "outcomes", meaning = "those in band LOW", null_means = "as n_outcomes" }
n_unscored       = { type = "BIGINT", unit = "outcomes", meaning = "those without a score", null_means = "as n_outcomes" }
max_score        = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "the highest score", null_means = "nothing is scored" }
top_outcome_id   = { type = "UUID", meaning = "the outcome with the highest score; of equals the smallest id", null_means = "nothing is scored" }
*/
with source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0. Where nothing is counted,
    -- no_outcome says whether that is 0.
    select
        case when count(case when table_name = 'capabilities' and column_name = '*' then 1 end) = 0 then 1 end as capabilities,
        case when count(case when table_name in ('capabilities', 'capability_jtbd_mapping') and column_name = '*' then 1 end) = 0 then 1 end as links,
        case when count(case when table_name = 'jtbd_outcomes' and column_name = '*' then 1 end) = 0 then 0 end as no_outcome
    from model.absent
),

-- The outcomes of each job are added up already; those that belong to no job are the row without a member.
items as (
    select
        member, n_outcomes, n_scored, n_high, n_medium, max_score, top_outcome_id,
        -- One number for the score and the smallest id that has it: of several jobs the first place is the highest score and the top.
        case when n_scored > 0 then row_number() over (order by max_score desc nulls last, top_outcome_id) end as place
    from metric.opportunity_by
    where dimension = 'job'
),

live_jobs as (
    select j.job_id, j.job_code, j.job_name, d.domain_id, i.n_outcomes, i.n_scored, i.n_high, i.n_medium, i.place
    from model.jobs as j
    inner join items as i on i.member = cast(j.job_id as varchar(64))
    left join model.domains as d on d.domain_id = j.domain_id
),

capabilities as (
    select c.capability_id, c.capability_name, d.domain_id
    from model.capabilities as c
    left join model.domains as d on d.domain_id = c.domain_id
),

paths as (
    select c.domain_id, c.capability_id, jc.job_id
    from model.job_capabilities as jc
    inner join capabilities as c on c.capability_id = jc.capability_id
    union all
    select j.domain_id, null as capability_id, j.job_id
    from live_jobs as j
    where not exists (select 1 from model.job_capabilities as jc where jc.job_id = j.job_id)
),

of_jobs as (
    select
        p.domain_id, p.capability_id, j.job_id, j.job_code, j.job_name, j.n_outcomes, j.n_scored, j.n_high, j.n_medium, j.place
    from paths as p
    inner join live_jobs as j on j.job_id = p.job_id
    union all
    select
        null as domain_id, null as capability_id, null as job_id, null as job_code, null as job_name, n_outcomes, n_scored, n_high, n_medium, place
    from items
    where member is null
),

of_capabilities as (
    select
        c.domain_id, c.capability_id, count(j.job_id) * s.links as n_jobs, coalesce(sum(j.n_outcomes), s.no_outcome) * s.links as n_outcomes,
        coalesce(sum(j.n_scored), s.no_outcome) * s.links as n_scored, coalesce(sum(j.n_high), s.no_outcome) * s.links as n_high,
        coalesce(sum(j.n_medium), s.no_outcome) * s.links as n_medium, min(j.place) as place
    from capabilities as c
    cross join source as s
    left join of_jobs as j on j.capability_id = c.capability_id
    group by c.domain_id, c.capability_id, s.links, s.no_outcome
    union all
    select
        domain_id, null as capability_id, count(job_id) as n_jobs, sum(n_outcomes) as n_outcomes, sum(n_scored) as n_scored,
        sum(n_high) as n_high, sum(n_medium) as n_medium, min(place) as place
    from of_jobs
    where capability_id is null
    group by domain_id
),

-- Distinct: a job counts once in a domain, however many capabilities and domains below lead to it.
domain_jobs as (
    select distinct t.ancestor_id as domain_id, j.job_id, j.n_outcomes, j.n_scored, j.n_high, j.n_medium, j.place
    from of_jobs as j
    inner join model.domain_tree as t on t.domain_id = j.domain_id
    union all
    select distinct j.domain_id, j.job_id, j.n_outcomes, j.n_scored, j.n_high, j.n_medium, j.place
    from of_jobs as j
    where j.domain_id is null
),

domain_capabilities as (
    select t.ancestor_id as domain_id, count(*) as n_capabilities
    from capabilities as c
    inner join model.domain_tree as t on t.domain_id = c.domain_id
    group by t.ancestor_id
),

of_domains as (
    select
        d.domain_id, coalesce(max(c.n_capabilities), 0) as n_capabilities, count(j.job_id) as n_jobs,
        coalesce(sum(j.n_outcomes), s.no_outcome) as n_outcomes, coalesce(sum(j.n_scored), s.no_outcome) as n_scored,
        coalesce(sum(j.n_high), s.no_outcome) as n_high, coalesce(sum(j.n_medium), s.no_outcome) as n_medium, min(j.place) as place
    from model.domains as d
    cross join source as s
    left join domain_capabilities as c on c.domain_id = d.domain_id
    left join domain_jobs as j on j.domain_id = d.domain_id
    group by d.domain_id, s.no_outcome
    union all
    select
        null as domain_id, n.n_capabilities, j.n_jobs, coalesce(j.n_outcomes, s.no_outcome) as n_outcomes,
        coalesce(j.n_scored, s.no_outcome) as n_scored, coalesce(j.n_high, s.no_outcome) as n_high,
        coalesce(j.n_medium, s.no_outcome) as n_medium, j.place
    from (
        select
            count(job_id) as n_jobs, sum(n_outcomes) as n_outcomes, sum(n_scored) as n_scored, sum(n_high) as n_high, sum(n_medium) as n_medium,
            min(place) as place
        from domain_jobs
        where domain_id is null
    ) as j
    cross join (select count(*) as n_capabilities from capabilities where domain_id is null) as n
    cross join source as s
    where j.n_jobs > 0 or j.n_outcomes > 0 or n.n_capabilities > 0
),

nodes as (
    select
        'domain' as level, n.domain_id, null as capability_id, null as job_id, null as job_code, null as job_name,
        n.n_capabilities * s.capabilities as n_capabilities, n.n_jobs, n.n_outcomes, n.n_scored, n.n_high, n.n_medium, n.place
    from of_domains as n
    cross join source as s
    union all
    select
        'capability' as level, domain_id, capability_id, null as job_id, null as job_code, null as job_name, null as n_capabilities, n_jobs,
        n_outcomes, n_scored, n_high, n_medium, place
    from of_capabilities
    union all
    select
        'job' as level, domain_id, capability_id, job_id, job_code, job_name, null as n_capabilities, null as n_jobs, n_outcomes, n_scored, n_high,
        n_medium, place
    from of_jobs
)

select
    n.level,
    cast(case n.level when 'domain' then 1 when 'capability' then 2 else 3 end as bigint) as place,
    n.domain_id,
    d.domain_name,
    u.domain_id as parent_domain_id,
    n.capability_id,
    c.capability_name,
    n.job_id,
    n.job_code,
    n.job_name,
    cast(n.n_capabilities as bigint) as n_capabilities,
    cast(n.n_jobs as bigint) as n_jobs,
    cast(n.n_outcomes as bigint) as n_outcomes,
    cast(n.n_scored as bigint) as n_scored,
    cast(n.n_high as bigint) as n_high,
    cast(n.n_medium as bigint) as n_medium,
    cast(n.n_scored - n.n_high - n.n_medium as bigint) as n_low,
    cast(n.n_outcomes - n.n_scored as bigint) as n_unscored,
    i.max_score,
    i.top_outcome_id
from nodes as n
left join model.domains as d on d.domain_id = n.domain_id
left join model.domains as u on u.domain_id = d.parent_id
left join model.capabilities as c on c.capability_id = n.capability_id
left join items as i on i.place = n.place
