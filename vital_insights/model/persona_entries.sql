/*
title   = "What is written down of a persona"
because = "All that describes a persona in one place, whichever table it comes from; persona_id is NULL where a row names none."
grain   = ["kind", "entry_id"]
*/
with entries as (
    select 'education' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_education
    union all
    select 'certifications' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_certifications
    union all
    select 'career_trajectory' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_career_trajectory
    union all
    select 'motivations' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_motivations
    union all
    select 'values' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_values
    union all
    select 'personality_traits' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_personality_traits
    union all
    select 'success_metrics' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_success_metrics
    union all
    select 'communication_preferences' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_communication_preferences
    union all
    select 'vpanes_scoring' as kind, id, persona_id, cast(null as varchar(64)) as name, created_at, updated_at, deleted_at
    from raw.persona_vpanes_scoring
    union all
    select 'typical_day' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_typical_day
    union all
    select 'week_in_life' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_week_in_life
    union all
    select 'weekly_meetings' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_weekly_meetings
    union all
    select 'weekly_milestones' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_weekly_milestones
    union all
    select 'month_in_life' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_month_in_life
    union all
    select 'monthly_objectives' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_monthly_objectives
    union all
    select 'monthly_stakeholders' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_monthly_stakeholders
    union all
    select 'year_in_life' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_year_in_life
    union all
    select 'annual_conferences' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_annual_conferences
    union all
    select 'internal_stakeholders' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_internal_stakeholders
    union all
    select 'external_stakeholders' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_external_stakeholders
    union all
    select 'regulatory_stakeholders' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_regulatory_stakeholders
    union all
    select 'customer_relationships' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_customer_relationships
    union all
    select 'vendor_relationships' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_vendor_relationships
    union all
    select 'industry_relationships' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_industry_relationships
    union all
    select 'internal_networks' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_internal_networks
    union all
    select 'stakeholder_influence_map' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_stakeholder_influence_map
    union all
    select 'stakeholder_journey' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_stakeholder_journey
    union all
    select 'stakeholder_value_exchange' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_stakeholder_value_exchange
    union all
    select 'evidence_sources' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_evidence_sources
    union all
    select 'evidence_summary' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_evidence_summary
    union all
    select 'public_research' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_public_research
    union all
    select 'expert_opinions' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_expert_opinions
    union all
    select 'industry_reports' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_industry_reports
    union all
    select 'supporting_statistics' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_supporting_statistics
    union all
    select 'case_studies' as kind, id, persona_id, name, created_at, updated_at, deleted_at
    from raw.persona_case_studies
)

select kind, id as entry_id, persona_id, name as entry_name, coalesce(updated_at, created_at) as changed_at
from entries
where deleted_at is null
