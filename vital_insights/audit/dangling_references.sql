/*
title    = "Dangling references"
because  = "It names a function, department, role, persona or other row that is not there, so whatever follows that link loses it."
severity = "warning"
grain    = ["table_name", "row_key", "column_name"]
*/
select 'agents' as table_name, cast(r.id as varchar(64)) as row_key, 'department_id' as column_name, 'org_departments' as points_to
from raw.agents as r
where r.deleted_at is null and r.department_id is not null and not exists (select 1 from raw.org_departments as t where t.id = r.department_id)
union all
select 'agents' as table_name, cast(r.id as varchar(64)) as row_key, 'function_id' as column_name, 'org_functions' as points_to
from raw.agents as r
where r.deleted_at is null and r.function_id is not null and not exists (select 1 from raw.org_functions as t where t.id = r.function_id)
union all
select 'agents' as table_name, cast(r.id as varchar(64)) as row_key, 'role_id' as column_name, 'org_roles' as points_to
from raw.agents as r
where r.deleted_at is null and r.role_id is not null and not exists (select 1 from raw.org_roles as t where t.id = r.role_id)
union all
select 'model_configurations' as table_name, cast(r.id as varchar(64)) as row_key, 'model_id' as column_name, 'llm_models' as points_to
from raw.model_configurations as r
where r.deleted_at is null and r.model_id is not null and not exists (select 1 from raw.llm_models as t where t.id = r.model_id)
union all
select 'model_configurations' as table_name, cast(r.id as varchar(64)) as row_key, 'fallback_model_id' as column_name, 'llm_models' as points_to
from raw.model_configurations as r
where r.deleted_at is null and r.fallback_model_id is not null and not exists (select 1 from raw.llm_models as t where t.id = r.fallback_model_id)
union all
select 'skills' as table_name, cast(r.id as varchar(64)) as row_key, 'category_id' as column_name, 'skill_categories' as points_to
from raw.skills as r
where r.deleted_at is null and r.category_id is not null and not exists (select 1 from raw.skill_categories as t where t.id = r.category_id)
union all
select 'expert_consultations' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.expert_consultations as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'expert_consultations' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.expert_consultations as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'expert_consultations' as table_name, cast(r.id as varchar(64)) as row_key, 'agent_id' as column_name, 'agents' as points_to
from raw.expert_consultations as r
where r.deleted_at is null and r.agent_id is not null and not exists (select 1 from raw.agents as t where t.id = r.agent_id)
union all
select 'expert_consultations' as table_name, cast(r.id as varchar(64)) as row_key, 'model_config_id' as column_name, 'model_configurations' as points_to
from raw.expert_consultations as r
where r.deleted_at is null and r.model_config_id is not null and not exists (select 1 from raw.model_configurations as t where t.id = r.model_config_id)
union all
select 'panel_discussions' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.panel_discussions as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'panel_discussions' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.panel_discussions as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'panel_discussions' as table_name, cast(r.id as varchar(64)) as row_key, 'facilitator_agent_id' as column_name, 'agents' as points_to
from raw.panel_discussions as r
where r.deleted_at is null and r.facilitator_agent_id is not null and not exists (select 1 from raw.agents as t where t.id = r.facilitator_agent_id)
union all
select 'panel_members' as table_name, cast(r.id as varchar(64)) as row_key, 'agent_id' as column_name, 'agents' as points_to
from raw.panel_members as r
where r.deleted_at is null and r.agent_id is not null and not exists (select 1 from raw.agents as t where t.id = r.agent_id)
union all
select 'panel_votes' as table_name, cast(r.id as varchar(64)) as row_key, 'member_id' as column_name, 'panel_members' as points_to
from raw.panel_votes as r
where r.deleted_at is null and r.member_id is not null and not exists (select 1 from raw.panel_members as t where t.id = r.member_id)
union all
select 'panel_consensus' as table_name, cast(r.id as varchar(64)) as row_key, 'round_id' as column_name, 'panel_rounds' as points_to
from raw.panel_consensus as r
where r.deleted_at is null and r.round_id is not null and not exists (select 1 from raw.panel_rounds as t where t.id = r.round_id)
union all
select 'consultation_feedback' as table_name, cast(r.id as varchar(64)) as row_key, 'consultation_id' as column_name, 'expert_consultations' as points_to
from raw.consultation_feedback as r
where r.deleted_at is null and r.consultation_id is not null and not exists (select 1 from raw.expert_consultations as t where t.id = r.consultation_id)
union all
select 'consultation_feedback' as table_name, cast(r.id as varchar(64)) as row_key, 'panel_id' as column_name, 'panel_discussions' as points_to
from raw.consultation_feedback as r
where r.deleted_at is null and r.panel_id is not null and not exists (select 1 from raw.panel_discussions as t where t.id = r.panel_id)
union all
select 'consultation_feedback' as table_name, cast(r.id as varchar(64)) as row_key, 'workflow_execution_id' as column_name, 'workflow_executions' as points_to
from raw.consultation_feedback as r
where r.deleted_at is null and r.workflow_execution_id is not null and not exists (select 1 from raw.workflow_executions as t where t.id = r.workflow_execution_id)
union all
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
select 'jtbd_workflow_activities' as table_name, cast(r.id as varchar(64)) as row_key, 'depends_on_activity_id' as column_name, 'jtbd_workflow_activities' as points_to
from raw.jtbd_workflow_activities as r
where r.deleted_at is null and r.depends_on_activity_id is not null and not exists (select 1 from raw.jtbd_workflow_activities as t where t.id = r.depends_on_activity_id)
union all
select 'jtbd_gen_ai_use_cases' as table_name, cast(r.id as varchar(64)) as row_key, 'gen_ai_opportunity_id' as column_name, 'jtbd_gen_ai_opportunities' as points_to
from raw.jtbd_gen_ai_use_cases as r
where r.deleted_at is null and r.gen_ai_opportunity_id is not null and not exists (select 1 from raw.jtbd_gen_ai_opportunities as t where t.id = r.gen_ai_opportunity_id)
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
select 'org_team_members' as table_name, cast(r.id as varchar(64)) as row_key, 'role_id' as column_name, 'org_roles' as points_to
from raw.org_team_members as r
where r.deleted_at is null and r.role_id is not null and not exists (select 1 from raw.org_roles as t where t.id = r.role_id)
union all
select 'org_hierarchy' as table_name, cast(r.id as varchar(64)) as row_key, 'department_id' as column_name, 'org_departments' as points_to
from raw.org_hierarchy as r
where r.deleted_at is null and r.department_id is not null and not exists (select 1 from raw.org_departments as t where t.id = r.department_id)
union all
select 'org_hierarchy' as table_name, cast(r.id as varchar(64)) as row_key, 'function_id' as column_name, 'org_functions' as points_to
from raw.org_hierarchy as r
where r.deleted_at is null and r.function_id is not null and not exists (select 1 from raw.org_functions as t where t.id = r.function_id)
union all
select 'org_hierarchy' as table_name, cast(r.id as varchar(64)) as row_key, 'role_id' as column_name, 'org_roles' as points_to
from raw.org_hierarchy as r
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
select 'personas' as table_name, cast(r.id as varchar(64)) as row_key, 'role_id' as column_name, 'org_roles' as points_to
from raw.personas as r
where r.deleted_at is null and r.role_id is not null and not exists (select 1 from raw.org_roles as t where t.id = r.role_id)
union all
select 'solution_installations' as table_name, cast(r.id as varchar(64)) as row_key, 'solution_id' as column_name, 'solutions' as points_to
from raw.solution_installations as r
where r.deleted_at is null and r.solution_id is not null and not exists (select 1 from raw.solutions as t where t.id = r.solution_id)
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
select 'knowledge_domains' as table_name, cast(r.id as varchar(64)) as row_key, 'parent_id' as column_name, 'knowledge_domains' as points_to
from raw.knowledge_domains as r
where r.deleted_at is null and r.parent_id is not null and not exists (select 1 from raw.knowledge_domains as t where t.id = r.parent_id)
union all
select 'workflow_step_definitions' as table_name, cast(r.id as varchar(64)) as row_key, 'task_id' as column_name, 'tasks' as points_to
from raw.workflow_step_definitions as r
where r.deleted_at is null and r.task_id is not null and not exists (select 1 from raw.tasks as t where t.id = r.task_id)
union all
select 'workflow_step_connections' as table_name, cast(r.id as varchar(64)) as row_key, 'from_step_id' as column_name, 'workflow_step_definitions' as points_to
from raw.workflow_step_connections as r
where r.deleted_at is null and r.from_step_id is not null and not exists (select 1 from raw.workflow_step_definitions as t where t.id = r.from_step_id)
union all
select 'workflow_step_connections' as table_name, cast(r.id as varchar(64)) as row_key, 'to_step_id' as column_name, 'workflow_step_definitions' as points_to
from raw.workflow_step_connections as r
where r.deleted_at is null and r.to_step_id is not null and not exists (select 1 from raw.workflow_step_definitions as t where t.id = r.to_step_id)
union all
select 'workflow_execution_steps' as table_name, cast(r.id as varchar(64)) as row_key, 'step_id' as column_name, 'workflow_step_definitions' as points_to
from raw.workflow_execution_steps as r
where r.deleted_at is null and r.step_id is not null and not exists (select 1 from raw.workflow_step_definitions as t where t.id = r.step_id)
union all
select 'workflow_execution_steps' as table_name, cast(r.id as varchar(64)) as row_key, 'agent_id' as column_name, 'agents' as points_to
from raw.workflow_execution_steps as r
where r.deleted_at is null and r.agent_id is not null and not exists (select 1 from raw.agents as t where t.id = r.agent_id)
union all
select 'workflow_execution_steps' as table_name, cast(r.id as varchar(64)) as row_key, 'task_id' as column_name, 'tasks' as points_to
from raw.workflow_execution_steps as r
where r.deleted_at is null and r.task_id is not null and not exists (select 1 from raw.tasks as t where t.id = r.task_id)
union all
select 'workflow_approvals' as table_name, cast(r.id as varchar(64)) as row_key, 'step_id' as column_name, 'workflow_step_definitions' as points_to
from raw.workflow_approvals as r
where r.deleted_at is null and r.step_id is not null and not exists (select 1 from raw.workflow_step_definitions as t where t.id = r.step_id)
union all
select 'execution_context' as table_name, cast(r.id as varchar(64)) as row_key, 'step_id' as column_name, 'workflow_step_definitions' as points_to
from raw.execution_context as r
where r.deleted_at is null and r.step_id is not null and not exists (select 1 from raw.workflow_step_definitions as t where t.id = r.step_id)
