/*
title   = "Areas of a unit"
because = "The countries, geographic scopes, therapeutic areas and disease areas that a function, a department or a role is joined to. A dimension that is not in here is one of which the source says nothing."
grain   = ["dimension", "area_id", "unit", "unit_id"]
*/
with joined as (
    select 'country' as dimension, country_id as area_id, 'function' as unit, function_id as unit_id, deleted_at from raw.function_countries
    union all
    select 'country' as dimension, country_id as area_id, 'department' as unit, department_id as unit_id, deleted_at from raw.department_countries
    union all
    select 'country' as dimension, country_id as area_id, 'role' as unit, role_id as unit_id, deleted_at from raw.role_countries
    union all
    select 'geographic_scope' as dimension, geographic_scope_id as area_id, 'function' as unit, function_id as unit_id, deleted_at
    from raw.function_geographic_scopes
    union all
    select 'geographic_scope' as dimension, geographic_scope_id as area_id, 'department' as unit, department_id as unit_id, deleted_at
    from raw.department_geographic_scopes
    union all
    select 'geographic_scope' as dimension, geographic_scope_id as area_id, 'role' as unit, role_id as unit_id, deleted_at
    from raw.role_geographic_scopes
    union all
    select 'therapeutic_area' as dimension, therapeutic_area_id as area_id, 'function' as unit, function_id as unit_id, deleted_at
    from raw.function_therapeutic_areas
    union all
    select 'therapeutic_area' as dimension, therapeutic_area_id as area_id, 'department' as unit, department_id as unit_id, deleted_at
    from raw.department_therapeutic_areas
    union all
    select 'disease_area' as dimension, disease_area_id as area_id, 'department' as unit, department_id as unit_id, deleted_at
    from raw.department_disease_areas
    union all
    select 'disease_area' as dimension, disease_area_id as area_id, 'role' as unit, role_id as unit_id, deleted_at from raw.role_disease_areas
),

units as (
    select 'function' as unit, function_id as unit_id from model.functions
    union all
    select 'department' as unit, department_id as unit_id from model.departments
    union all
    select 'role' as unit, role_id as unit_id from model.roles
)

select distinct j.dimension, j.area_id, j.unit, j.unit_id
from joined as j
inner join model.areas as a on a.dimension = j.dimension and a.area_id = j.area_id
inner join units as u on u.unit = j.unit and u.unit_id = j.unit_id
where j.deleted_at is null
