/*
title    = "Dangling references"
because  = "It names a function, department, role, persona or other row that is not there, so whatever follows that link loses it."
severity = "warning"
grain    = ["table_name", "row_key", "column_name"]
*/
select 'jobs_to_be_done' as table_name, cast(r.id as varchar(64)) as row_key, 'domain_id' as column_name, 'domains' as points_to
from raw.jobs_to_be_done as r
where r.deleted_at is null and r.domain_id is not null and not exists (select 1 from raw.domains as t where t.id = r.domain_id)
union all
select 'jobs_to_be_done' as table_name, cast(r.id as varchar(64)) as row_key, 'strategic_priority_id' as column_name, 'strategic_priorities' as points_to
from raw.jobs_to_be_done as r
where r.deleted_at is null and r.strategic_priority_id is not null and not exists (select 1 from raw.strategic_priorities as t where t.id = r.strategic_priority_id)
union all
select 'jobs_to_be_done' as table_name, cast(r.id as varchar(64)) as row_key, 'industry_id' as column_name, 'industries' as points_to
from raw.jobs_to_be_done as r
where r.deleted_at is null and r.industry_id is not null and not exists (select 1 from raw.industries as t where t.id = r.industry_id)
union all
select 'jobs_to_be_done' as table_name, cast(r.id as varchar(64)) as row_key, 'org_function_id' as column_name, 'org_functions' as points_to
from raw.jobs_to_be_done as r
where r.deleted_at is null and r.org_function_id is not null and not exists (select 1 from raw.org_functions as t where t.id = r.org_function_id)
union all
select 'org_functions' as table_name, cast(r.id as varchar(64)) as row_key, 'parent_id' as column_name, 'org_functions' as points_to
from raw.org_functions as r
where r.deleted_at is null and r.parent_id is not null and not exists (select 1 from raw.org_functions as t where t.id = r.parent_id)
union all
select 'org_departments' as table_name, cast(r.id as varchar(64)) as row_key, 'function_id' as column_name, 'org_functions' as points_to
from raw.org_departments as r
where r.deleted_at is null and r.function_id is not null and not exists (select 1 from raw.org_functions as t where t.id = r.function_id)
union all
select 'org_roles' as table_name, cast(r.id as varchar(64)) as row_key, 'department_id' as column_name, 'org_departments' as points_to
from raw.org_roles as r
where r.deleted_at is null and r.department_id is not null and not exists (select 1 from raw.org_departments as t where t.id = r.department_id)
union all
select 'org_roles' as table_name, cast(r.id as varchar(64)) as row_key, 'function_id' as column_name, 'org_functions' as points_to
from raw.org_roles as r
where r.deleted_at is null and r.function_id is not null and not exists (select 1 from raw.org_functions as t where t.id = r.function_id)
union all
select 'org_roles' as table_name, cast(r.id as varchar(64)) as row_key, 'reports_to_role_id' as column_name, 'org_roles' as points_to
from raw.org_roles as r
where r.deleted_at is null and r.reports_to_role_id is not null and not exists (select 1 from raw.org_roles as t where t.id = r.reports_to_role_id)
union all
select 'personas' as table_name, cast(r.id as varchar(64)) as row_key, 'role_id' as column_name, 'org_roles' as points_to
from raw.personas as r
where r.deleted_at is null and r.role_id is not null and not exists (select 1 from raw.org_roles as t where t.id = r.role_id)
union all
select 'personas' as table_name, cast(r.id as varchar(64)) as row_key, 'department_id' as column_name, 'org_departments' as points_to
from raw.personas as r
where r.deleted_at is null and r.department_id is not null and not exists (select 1 from raw.org_departments as t where t.id = r.department_id)
union all
select 'personas' as table_name, cast(r.id as varchar(64)) as row_key, 'function_id' as column_name, 'org_functions' as points_to
from raw.personas as r
where r.deleted_at is null and r.function_id is not null and not exists (select 1 from raw.org_functions as t where t.id = r.function_id)
union all
select 'domains' as table_name, cast(r.id as varchar(64)) as row_key, 'parent_id' as column_name, 'domains' as points_to
from raw.domains as r
where r.deleted_at is null and r.parent_id is not null and not exists (select 1 from raw.domains as t where t.id = r.parent_id)
union all
select 'capabilities' as table_name, cast(r.id as varchar(64)) as row_key, 'domain_id' as column_name, 'domains' as points_to
from raw.capabilities as r
where r.deleted_at is null and r.domain_id is not null and not exists (select 1 from raw.domains as t where t.id = r.domain_id)
union all
select 'strategic_priorities' as table_name, cast(r.id as varchar(64)) as row_key, 'domain_id' as column_name, 'domains' as points_to
from raw.strategic_priorities as r
where r.deleted_at is null and r.domain_id is not null and not exists (select 1 from raw.domains as t where t.id = r.domain_id)
union all
select 'jtbd_workflow_activities' as table_name, cast(r.id as varchar(64)) as row_key, 'depends_on_activity_id' as column_name, 'jtbd_workflow_activities' as points_to
from raw.jtbd_workflow_activities as r
where r.deleted_at is null and r.depends_on_activity_id is not null and not exists (select 1 from raw.jtbd_workflow_activities as t where t.id = r.depends_on_activity_id)
union all
select 'jtbd_gen_ai_use_cases' as table_name, cast(r.id as varchar(64)) as row_key, 'gen_ai_opportunity_id' as column_name, 'jtbd_gen_ai_opportunities' as points_to
from raw.jtbd_gen_ai_use_cases as r
where r.deleted_at is null and r.gen_ai_opportunity_id is not null and not exists (select 1 from raw.jtbd_gen_ai_opportunities as t where t.id = r.gen_ai_opportunity_id)
union all
select 'expert_consultations' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.expert_consultations as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'expert_consultations' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.expert_consultations as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'panel_discussions' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.panel_discussions as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'panel_discussions' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.panel_discussions as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
