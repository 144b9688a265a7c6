/*
title   = "Kinds of what is written down of a persona"
because = "The tables that describe a persona, by the part of its portrait that they are. is_known is false where the source has no such table, or where no row of it says whose it is."
grain   = ["kind"]
*/
with kinds as (
    select 'profile' as part, 'education' as kind, 1 as place
    union all
    select 'profile' as part, 'certifications' as kind, 2 as place
    union all
    select 'profile' as part, 'career_trajectory' as kind, 3 as place
    union all
    select 'profile' as part, 'motivations' as kind, 4 as place
    union all
    select 'profile' as part, 'values' as kind, 5 as place
    union all
    select 'profile' as part, 'personality_traits' as kind, 6 as place
    union all
    select 'profile' as part, 'success_metrics' as kind, 7 as place
    union all
    select 'profile' as part, 'communication_preferences' as kind, 8 as place
    union all
    select 'profile' as part, 'vpanes_scoring' as kind, 9 as place
    union all
    select 'time' as part, 'typical_day' as kind, 10 as place
    union all
    select 'time' as part, 'week_in_life' as kind, 11 as place
    union all
    select 'time' as part, 'weekly_meetings' as kind, 12 as place
    union all
    select 'time' as part, 'weekly_milestones' as kind, 13 as place
    union all
    select 'time' as part, 'month_in_life' as kind, 14 as place
    union all
    select 'time' as part, 'monthly_objectives' as kind, 15 as place
    union all
    select 'time' as part, 'monthly_stakeholders' as kind, 16 as place
    union all
    select 'time' as part, 'year_in_life' as kind, 17 as place
    union all
    select 'time' as part, 'annual_conferences' as kind, 18 as place
    union all
    select 'stakeholders' as part, 'internal_stakeholders' as kind, 19 as place
    union all
    select 'stakeholders' as part, 'external_stakeholders' as kind, 20 as place
    union all
    select 'stakeholders' as part, 'regulatory_stakeholders' as kind, 21 as place
    union all
    select 'stakeholders' as part, 'customer_relationships' as kind, 22 as place
    union all
    select 'stakeholders' as part, 'vendor_relationships' as kind, 23 as place
    union all
    select 'stakeholders' as part, 'industry_relationships' as kind, 24 as place
    union all
    select 'stakeholders' as part, 'internal_networks' as kind, 25 as place
    union all
    select 'stakeholders' as part, 'stakeholder_influence_map' as kind, 26 as place
    union all
    select 'stakeholders' as part, 'stakeholder_journey' as kind, 27 as place
    union all
    select 'stakeholders' as part, 'stakeholder_value_exchange' as kind, 28 as place
    union all
    select 'evidence' as part, 'evidence_sources' as kind, 29 as place
    union all
    select 'evidence' as part, 'evidence_summary' as kind, 30 as place
    union all
    select 'evidence' as part, 'public_research' as kind, 31 as place
    union all
    select 'evidence' as part, 'expert_opinions' as kind, 32 as place
    union all
    select 'evidence' as part, 'industry_reports' as kind, 33 as place
    union all
    select 'evidence' as part, 'supporting_statistics' as kind, 34 as place
    union all
    select 'evidence' as part, 'case_studies' as kind, 35 as place
),

named as (
    select kind, count(persona_id) as n_named from model.persona_entries group by kind
),

absent as (
    select distinct table_name from model.absent where column_name = '*'
)

select
    k.part,
    k.kind,
    k.place,
    -- Whose a row is, is assumed of the tables of profile and time and required of the others.
    a.table_name is null and (k.part in ('stakeholders', 'evidence') or coalesce(n.n_named, 1) > 0) as is_known
from kinds as k
left join named as n on n.kind = k.kind
left join absent as a on a.table_name = 'persona_' || k.kind
