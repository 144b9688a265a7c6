/*
title   = "KPI attainment"
because = "Is the job getting better? Each KPI against its target, and where that cannot be said, why not: a KPI whose good direction nobody stated is not guessed."
grain   = ["kpi_id"]
order   = "met nulls last, unknown_because nulls first, kpi_name nulls last, kpi_id"
show    = ["kpi_code", "kpi_name", "job_name", "unit", "direction", "target_value", "current_value", "met", "unknown_because"]
[columns]
kpi_id           = { type = "UUID", meaning = "the KPI's id" }
kpi_code         = { type = "VARCHAR", meaning = "the KPI's code", null_means = "no code in the source" }
kpi_name         = { type = "VARCHAR", meaning = "the KPI's name", null_means = "no name in the source" }
job_id           = { type = "UUID", meaning = "the live job that the KPI measures", null_means = "the source names no job, or one that is not there" }
job_code         = { type = "VARCHAR", meaning = "the job's code", null_means = "no job, or no code" }
job_name         = { type = "VARCHAR", meaning = "the job's name", null_means = "no job, or no name" }
unit             = { type = "VARCHAR", meaning = "what the values are counted in, as the source has it", null_means = "not stated" }
stated_direction = { type = "VARCHAR", meaning = "which way is good, in the source's own word", null_means = "not stated" }
direction        = { type = "VARCHAR", meaning = "increase (higher, up, maximize … in the source) or decrease (lower, down, minimize, reduce …), never guessed", null_means = "not stated, or in a word that is not understood" }
target_value     = { type = "DECIMAL(18,6)", unit = "the KPI's unit", meaning = "the target; a text that is a number was read as one when it was loaded", null_means = "no target, or not a number" }
current_value    = { type = "DECIMAL(18,6)", unit = "the KPI's unit", meaning = "where the KPI stands; a text that is a number was read as one when it was loaded", null_means = "no current value, or not a number" }
gap              = { type = "DECIMAL(38,6)", unit = "the KPI's unit", meaning = "current_value - target_value", null_means = "one of the two is unknown" }
attainment       = { type = "DOUBLE", unit = "1 is the target", meaning = "current_value / target_value, whichever direction is good", null_means = "one of the two is unknown, or the target is 0" }
met              = { type = "BOOLEAN", meaning = "the current value has reached the target in the stated direction", null_means = "cannot be said: see unknown_because" }
unknown_because  = { type = "VARCHAR", meaning = "why met is unknown, the first that fits: the source lacks target_value or current_value, not a number (or one that cannot be held without loss), no target, no current value, direction not stated, direction not understood", null_means = "met is known" }
is_shared        = { type = "BOOLEAN", meaning = "the row has no tenant and the settings share it" }
*/
with source as (
    select count(*) as n_lacking
    from model.absent
    where table_name = 'jtbd_kpis' and column_name in ('target_value', 'current_value')
),

rejected as (
    select distinct row_key
    from raw.rejects
    where table_name = 'jtbd_kpis' and column_name in ('target_value', 'current_value')
),

kept as (
    select
        k.id as kpi_id,
        k.kpi_code,
        k.kpi_name,
        j.job_id,
        j.job_code,
        j.job_name,
        k.unit,
        nullif(trim(k.direction), '') as stated_direction,
        replace(replace(lower(trim(k.direction)), '_', ' '), '-', ' ') as direction_key,
        k.target_value,
        k.current_value,
        r.row_key as rejected_key,
        k.is_shared
    from raw.jtbd_kpis as k
    left join model.jobs as j on j.job_id = k.jtbd_id
    left join raw.jobs_to_be_done as known on known.id = k.jtbd_id
    left join rejected as r on cast(r.row_key as varchar(64)) = cast(k.id as varchar(64))
    -- A KPI whose job is unknown is still a KPI; one whose job was deleted or retired went with it.
    where k.deleted_at is null and (j.is_live or known.id is null)
),

directed as (
    select
        *,
        case
            when direction_key in (
                'increase', 'increasing', 'increases', 'up', 'upward', 'upwards', 'high', 'higher', 'higher better', 'higher is better',
                'more', 'more is better', 'maximize', 'maximise', 'max', 'grow', 'growing', 'raise', 'rise', 'rising', 'ascending'
            ) then 'increase'
            when direction_key in (
                'decrease', 'decreasing', 'decreases', 'down', 'downward', 'downwards', 'low', 'lower', 'lower better', 'lower is better',
                'less', 'less is better', 'fewer', 'minimize', 'minimise', 'min', 'reduce', 'reducing', 'shrink', 'fall', 'falling', 'descending'
            ) then 'decrease'
        end as direction
    from kept
),

judged as (
    select
        *,
        case direction
            when 'increase' then current_value >= target_value
            when 'decrease' then current_value <= target_value
        end as met
    from directed
)

select
    d.kpi_id,
    d.kpi_code,
    d.kpi_name,
    d.job_id,
    d.job_code,
    d.job_name,
    d.unit,
    d.stated_direction,
    d.direction,
    d.target_value,
    d.current_value,
    cast(cast(d.current_value as decimal(38, 6)) - d.target_value as decimal(38, 6)) as gap,
    case when d.target_value <> 0 then cast(d.current_value as double) / cast(d.target_value as double) end as attainment,
    d.met,
    case
        when d.met is not null then null
        when s.n_lacking > 0 then 'the source lacks target_value or current_value'
        when d.rejected_key is not null then 'not a number'
        when d.target_value is null then 'no target'
        when d.current_value is null then 'no current value'
        when d.stated_direction is null then 'direction not stated'
        else 'direction not understood'
    end as unknown_because,
    d.is_shared
from judged as d
cross join source as s
