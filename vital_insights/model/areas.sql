/*
title   = "Areas of work"
because = "Countries, geographic scopes, therapeutic areas and disease areas, for their names: four lists of one shape, told apart by the dimension they make."
grain   = ["dimension", "area_id"]
*/
select 'country' as dimension, id as area_id, name as area_name, code as area_code, is_shared from raw.countries where deleted_at is null
union all
select 'geographic_scope' as dimension, id as area_id, name as area_name, code as area_code, is_shared
from raw.geographic_scopes
where deleted_at is null
union all
select 'therapeutic_area' as dimension, id as area_id, name as area_name, code as area_code, is_shared
from raw.therapeutic_areas
where deleted_at is null
union all
select 'disease_area' as dimension, id as area_id, name as area_name, code as area_code, is_shared from raw.disease_areas where deleted_at is null
