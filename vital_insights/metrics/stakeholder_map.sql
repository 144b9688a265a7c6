/*
title   = "Stakeholder map"
because = "Whom each persona deals with and what is written down of how, kind by kind, so that nobody is forgotten at the table."
grain   = ["persona_id", "kind"]
order   = "persona_name nulls last, persona_id, place"
show    = ["persona_code", "persona_name", "tells", "kind", "n_entries", "newest_change"]
[columns]
persona_id    = { type = "UUID", meaning = "the persona's id" }
persona_code  = { type = "VARCHAR", meaning = "the persona's code", null_means = "no code in the source" }
persona_name  = { type = "VARCHAR", meaning = "the persona's name", null_means = "no name in the source" }
kind          = { type = "VARCHAR", meaning = "the kind: internal_stakeholders, external_stakeholders and so on, as the source's tables are called; every persona has a row for each" }
tells         = { type = "VARCHAR", meaning = "who: whom the persona deals with; how: the influence, the course and the give and take of it" }
place         = { type = "BIGINT", meaning = "the order of the kinds" }
n_entries     = { type = "BIGINT", unit = "entries", meaning = "what is written down of the kind", null_means = "the source has no table of it" }
n_named       = { type = "BIGINT", unit = "entries", meaning = "those that have a name", null_means = "the source has no table of it" }
newest_change = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when an entry last changed, or was made where that is all the source says", null_means = "no entry, or none with a date" }
is_shared     = { type = "BOOLEAN", meaning = "the persona has no tenant and the settings share it" }
*/
with entries as (
    select
        persona_id,
        kind,
        count(*) as n_entries,
        count(nullif(trim(entry_name), '')) as n_named,
        max(changed_at) as newest_change
    from model.persona_entries
    group by persona_id, kind
)

select
    p.persona_id,
    p.persona_code,
    p.persona_name,
    k.kind,
    case when k.kind in ('stakeholder_influence_map', 'stakeholder_journey', 'stakeholder_value_exchange') then 'how' else 'who' end as tells,
    cast(k.place as bigint) as place,
    cast(case when k.is_known then coalesce(e.n_entries, 0) end as bigint) as n_entries,
    cast(case when k.is_known then coalesce(e.n_named, 0) end as bigint) as n_named,
    e.newest_change,
    p.is_shared
from model.personas as p
cross join model.persona_kinds as k
left join entries as e on e.persona_id = p.persona_id and e.kind = k.kind
where k.part = 'stakeholders'
