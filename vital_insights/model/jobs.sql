/*
title   = "Jobs"
because = "Every job that is not deleted. Deprecated and archived ones are kept with is_live = false and enter no score."
grain   = ["job_id"]
*/
with keyed as (
    select
        j.*,
        lower(trim(j.status)) as status_key,
        lower(trim(j.complexity)) as complexity_key,
        lower(trim(j.frequency)) as frequency_key,
        replace(replace(replace(replace(replace(lower(trim(j.functional_area)), '&', 'and'), '_', ''), ' ', ''), '/', ''), '-', '') as area_key
    from raw.jobs_to_be_done as j
    where j.deleted_at is null
)

select
    id as job_id,
    code as job_code,
    name as job_name,
    description,
    case area_key
        when 'commercial' then 'Commercial' when 'medicalaffairs' then 'Medical Affairs'
        when 'marketaccess' then 'Market Access' when 'clinical' then 'Clinical' when 'regulatory' then 'Regulatory'
        when 'randd' then 'R&D' when 'rd' then 'R&D' when 'manufacturing' then 'Manufacturing' when 'quality' then 'Quality'
        when 'operations' then 'Operations' when 'itdigital' then 'IT/Digital' when 'legal' then 'Legal'
        when 'finance' then 'Finance' when 'hr' then 'HR' when 'businessdevelopment' then 'Business Development'
        else functional_area
    end as functional_area,
    job_category,
    complexity,
    case
        when complexity_key in ('simple', 'low') then 1
        when complexity_key in ('moderate', 'medium') then 2
        when complexity_key in ('complex', 'high') then 3
        when complexity_key in ('expert', 'very_high') then 4
    end as complexity_rank,
    frequency,
    case
        when frequency_key = 'daily' then 365
        when frequency_key = 'weekly' then 52
        when frequency_key = 'monthly' then 12
        when frequency_key = 'quarterly' then 4
        when frequency_key in ('yearly', 'annually') then 1
    end as times_a_year,
    status as job_status,
    case when status_key in ('deprecated', 'archived') then false else true end as is_live,
    validation_score,
    importance_score,
    satisfaction_score,
    domain_id,
    strategic_priority_id,
    industry_id,
    org_function_id as function_id,
    updated_at,
    is_shared
from keyed
