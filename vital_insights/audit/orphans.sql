/*
title    = "Orphans"
because  = "It describes a job or persona that is not there, so it appears on no page and in no roll-up."
severity = "warning"
grain    = ["table_name", "row_key"]
*/
select 'jtbd_outcomes' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_outcomes as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_kpis' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_kpis as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_obstacles' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_obstacles as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_success_criteria' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_success_criteria as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_value_drivers' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_value_drivers as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_constraints' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_constraints as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_workflow_stages' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_workflow_stages as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_gen_ai_opportunities' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_gen_ai_opportunities as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_gen_ai_use_cases' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_gen_ai_use_cases as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_workflow_activities' as table_name, cast(r.id as varchar(64)) as row_key, 'workflow_stage_id' as column_name, 'jtbd_workflow_stages' as points_to
from raw.jtbd_workflow_activities as r
where r.deleted_at is null and r.workflow_stage_id is not null and not exists (select 1 from raw.jtbd_workflow_stages as t where t.id = r.workflow_stage_id)
union all
select 'persona_evidence_sources' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_evidence_sources as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_evidence_summary' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_evidence_summary as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_public_research' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_public_research as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_expert_opinions' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_expert_opinions as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_case_studies' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_case_studies as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
