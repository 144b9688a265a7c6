/*
title   = "Persona completeness"
because = "How much of each persona's portrait is written down, so that a sketch is not taken for a portrait, and what to collect next is known."
grain   = ["persona_id"]
order   = "share_filled nulls last, persona_name nulls last, persona_id"
show    = ["persona_code", "persona_name", "n_present", "n_parts", "n_filled", "n_kinds", "share_filled", "missing"]
[columns]
persona_id           = { type = "UUID", meaning = "the persona's id" }
persona_code         = { type = "VARCHAR", meaning = "the persona's code", null_means = "no code in the source" }
persona_name         = { type = "VARCHAR", meaning = "the persona's name", null_means = "no name in the source" }
n_profile           = { type = "BIGINT", unit = "kinds", meaning = "kinds of profile (what it is like: education to communication, and VPANES) of which something is written down", null_means = "the source can tell of none of them" }
n_profile_kinds     = { type = "BIGINT", unit = "kinds, at most 9", meaning = "kinds of profile that the source can tell of" }
n_time              = { type = "BIGINT", unit = "kinds", meaning = "kinds of time (how its day, week, month and year go) of which something is written down", null_means = "the source can tell of none of them" }
n_time_kinds        = { type = "BIGINT", unit = "kinds, at most 9", meaning = "kinds of time that the source can tell of" }
n_stakeholders      = { type = "BIGINT", unit = "kinds", meaning = "kinds of stakeholders (whom it deals with, and how) of which something is written down", null_means = "the source can tell of none of them" }
n_stakeholders_kinds= { type = "BIGINT", unit = "kinds, at most 10", meaning = "kinds of stakeholders that the source can tell of" }
n_evidence          = { type = "BIGINT", unit = "kinds", meaning = "kinds of evidence (what it rests on, the summary included) of which something is written down", null_means = "the source can tell of none of them" }
n_evidence_kinds    = { type = "BIGINT", unit = "kinds, at most 7", meaning = "kinds of evidence that the source can tell of" }
n_kinds              = { type = "BIGINT", unit = "kinds, at most 35", meaning = "all kinds that the source can tell of" }
n_filled             = { type = "BIGINT", unit = "kinds", meaning = "those of which something is written down", null_means = "the source can tell of none" }
share_filled         = { type = "DOUBLE", unit = "0-1", meaning = "n_filled / n_kinds", null_means = "the source can tell of none" }
n_parts              = { type = "BIGINT", unit = "parts, at most 4", meaning = "parts of the portrait (profile, time, stakeholders, evidence) that the source can tell of" }
n_present            = { type = "BIGINT", unit = "parts", meaning = "those with at least one kind written down", null_means = "the source can tell of none" }
missing              = { type = "VARCHAR", meaning = "the parts without anything, listed", null_means = "none: every part that the source can tell of has something" }
newest_change        = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when any of it last changed, or was made where that is all the source says", null_means = "nothing is written down, or nothing with a date" }
is_shared            = { type = "BOOLEAN", meaning = "the persona has no tenant and the settings share it" }
*/
with known as (
    select
        count(case when part = 'profile' and is_known then 1 end) as n_profile_kinds,
        count(case when part = 'time' and is_known then 1 end) as n_time_kinds,
        count(case when part = 'stakeholders' and is_known then 1 end) as n_stakeholders_kinds,
        count(case when part = 'evidence' and is_known then 1 end) as n_evidence_kinds,
        count(case when is_known then 1 end) as n_kinds
    from model.persona_kinds
),

counted as (
    select
        p.persona_id,
        count(distinct case when k.part = 'profile' then k.kind end) as n_profile,
        count(distinct case when k.part = 'time' then k.kind end) as n_time,
        count(distinct case when k.part = 'stakeholders' then k.kind end) as n_stakeholders,
        count(distinct case when k.part = 'evidence' then k.kind end) as n_evidence,
        count(distinct k.kind) as n_filled,
        max(e.changed_at) as newest_change
    from model.personas as p
    left join model.persona_entries as e on e.persona_id = p.persona_id
    left join model.persona_kinds as k on k.kind = e.kind
    group by p.persona_id
),

told as (
    select
        c.persona_id,
        c.newest_change,
        k.n_kinds,
        case when k.n_kinds > 0 then c.n_filled end as n_filled,
        k.n_profile_kinds,
        case when k.n_profile_kinds > 0 then c.n_profile end as n_profile,
        k.n_time_kinds,
        case when k.n_time_kinds > 0 then c.n_time end as n_time,
        k.n_stakeholders_kinds,
        case when k.n_stakeholders_kinds > 0 then c.n_stakeholders end as n_stakeholders,
        k.n_evidence_kinds,
        case when k.n_evidence_kinds > 0 then c.n_evidence end as n_evidence
    from counted as c
    cross join known as k
),

listed as (
    select
        *,
        case when n_profile_kinds > 0 then 1 else 0 end
        + case when n_time_kinds > 0 then 1 else 0 end
        + case when n_stakeholders_kinds > 0 then 1 else 0 end
        + case when n_evidence_kinds > 0 then 1 else 0 end as n_parts,
        case when n_profile > 0 then 1 else 0 end
        + case when n_time > 0 then 1 else 0 end
        + case when n_stakeholders > 0 then 1 else 0 end
        + case when n_evidence > 0 then 1 else 0 end as n_present,
        case when n_profile = 0 then ', profile' else '' end
        || case when n_time = 0 then ', time' else '' end
        || case when n_stakeholders = 0 then ', stakeholders' else '' end
        || case when n_evidence = 0 then ', evidence' else '' end as missing
    from told
)

select
    p.persona_id,
    p.persona_code,
    p.persona_name,
    cast(l.n_profile as bigint) as n_profile,
    cast(l.n_profile_kinds as bigint) as n_profile_kinds,
    cast(l.n_time as bigint) as n_time,
    cast(l.n_time_kinds as bigint) as n_time_kinds,
    cast(l.n_stakeholders as bigint) as n_stakeholders,
    cast(l.n_stakeholders_kinds as bigint) as n_stakeholders_kinds,
    cast(l.n_evidence as bigint) as n_evidence,
    cast(l.n_evidence_kinds as bigint) as n_evidence_kinds,
    cast(l.n_kinds as bigint) as n_kinds,
    cast(l.n_filled as bigint) as n_filled,
    case when l.n_kinds > 0 then cast(l.n_filled as double) / l.n_kinds end as share_filled,
    cast(l.n_parts as bigint) as n_parts,
    cast(case when l.n_parts > 0 then l.n_present end as bigint) as n_present,
    nullif(substr(l.missing, 3), '') as missing,
    l.newest_change,
    p.is_shared
from model.personas as p
inner join listed as l on l.persona_id = p.persona_id
