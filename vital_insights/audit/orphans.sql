/*
title    = "Orphans"
because  = "It describes a job or persona that is not there, so it appears on no page and in no roll-up."
severity = "warning"
grain    = ["table_name", "row_key"]
*/
select 'agent_metrics' as table_name, cast(r.id as varchar(64)) as row_key, 'agent_id' as column_name, 'agents' as points_to
from raw.agent_metrics as r
where r.deleted_at is null and r.agent_id is not null and not exists (select 1 from raw.agents as t where t.id = r.agent_id)
union all
select 'model_configurations' as table_name, cast(r.id as varchar(64)) as row_key, 'agent_id' as column_name, 'agents' as points_to
from raw.model_configurations as r
where r.deleted_at is null and r.agent_id is not null and not exists (select 1 from raw.agents as t where t.id = r.agent_id)
union all
select 'consultation_sessions' as table_name, cast(r.id as varchar(64)) as row_key, 'consultation_id' as column_name, 'expert_consultations' as points_to
from raw.consultation_sessions as r
where r.deleted_at is null and r.consultation_id is not null and not exists (select 1 from raw.expert_consultations as t where t.id = r.consultation_id)
union all
select 'panel_members' as table_name, cast(r.id as varchar(64)) as row_key, 'panel_id' as column_name, 'panel_discussions' as points_to
from raw.panel_members as r
where r.deleted_at is null and r.panel_id is not null and not exists (select 1 from raw.panel_discussions as t where t.id = r.panel_id)
union all
select 'panel_rounds' as table_name, cast(r.id as varchar(64)) as row_key, 'panel_id' as column_name, 'panel_discussions' as points_to
from raw.panel_rounds as r
where r.deleted_at is null and r.panel_id is not null and not exists (select 1 from raw.panel_discussions as t where t.id = r.panel_id)
union all
select 'panel_votes' as table_name, cast(r.id as varchar(64)) as row_key, 'panel_id' as column_name, 'panel_discussions' as points_to
from raw.panel_votes as r
where r.deleted_at is null and r.panel_id is not null and not exists (select 1 from raw.panel_discussions as t where t.id = r.panel_id)
union all
select 'panel_consensus' as table_name, cast(r.id as varchar(64)) as row_key, 'panel_id' as column_name, 'panel_discussions' as points_to
from raw.panel_consensus as r
where r.deleted_at is null and r.panel_id is not null and not exists (select 1 from raw.panel_discussions as t where t.id = r.panel_id)
union all
select 'vote_records' as table_name, cast(r.id as varchar(64)) as row_key, 'vote_id' as column_name, 'votes' as points_to
from raw.vote_records as r
where r.deleted_at is null and r.vote_id is not null and not exists (select 1 from raw.votes as t where t.id = r.vote_id)
union all
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
select 'jtbd_competitive_alternatives' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_competitive_alternatives as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_evidence_sources' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_evidence_sources as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_solution_requirements' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_solution_requirements as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_workflow_stages' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_workflow_stages as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_workflow_activities' as table_name, cast(r.id as varchar(64)) as row_key, 'workflow_stage_id' as column_name, 'jtbd_workflow_stages' as points_to
from raw.jtbd_workflow_activities as r
where r.deleted_at is null and r.workflow_stage_id is not null and not exists (select 1 from raw.jtbd_workflow_stages as t where t.id = r.workflow_stage_id)
union all
select 'jtbd_gen_ai_opportunities' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_gen_ai_opportunities as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'jtbd_gen_ai_use_cases' as table_name, cast(r.id as varchar(64)) as row_key, 'jtbd_id' as column_name, 'jobs_to_be_done' as points_to
from raw.jtbd_gen_ai_use_cases as r
where r.deleted_at is null and r.jtbd_id is not null and not exists (select 1 from raw.jobs_to_be_done as t where t.id = r.jtbd_id)
union all
select 'org_team_members' as table_name, cast(r.id as varchar(64)) as row_key, 'team_id' as column_name, 'org_teams' as points_to
from raw.org_team_members as r
where r.deleted_at is null and r.team_id is not null and not exists (select 1 from raw.org_teams as t where t.id = r.team_id)
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
union all
select 'persona_industry_reports' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_industry_reports as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_supporting_statistics' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_supporting_statistics as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_research_quantitative_results' as table_name, cast(r.id as varchar(64)) as row_key, 'research_id' as column_name, 'persona_public_research' as points_to
from raw.persona_research_quantitative_results as r
where r.deleted_at is null and r.research_id is not null and not exists (select 1 from raw.persona_public_research as t where t.id = r.research_id)
union all
select 'persona_statistic_history' as table_name, cast(r.id as varchar(64)) as row_key, 'statistic_id' as column_name, 'persona_supporting_statistics' as points_to
from raw.persona_statistic_history as r
where r.deleted_at is null and r.statistic_id is not null and not exists (select 1 from raw.persona_supporting_statistics as t where t.id = r.statistic_id)
union all
select 'persona_case_study_investments' as table_name, cast(r.id as varchar(64)) as row_key, 'case_study_id' as column_name, 'persona_case_studies' as points_to
from raw.persona_case_study_investments as r
where r.deleted_at is null and r.case_study_id is not null and not exists (select 1 from raw.persona_case_studies as t where t.id = r.case_study_id)
union all
select 'persona_case_study_metrics' as table_name, cast(r.id as varchar(64)) as row_key, 'case_study_id' as column_name, 'persona_case_studies' as points_to
from raw.persona_case_study_metrics as r
where r.deleted_at is null and r.case_study_id is not null and not exists (select 1 from raw.persona_case_studies as t where t.id = r.case_study_id)
union all
select 'persona_case_study_results' as table_name, cast(r.id as varchar(64)) as row_key, 'case_study_id' as column_name, 'persona_case_studies' as points_to
from raw.persona_case_study_results as r
where r.deleted_at is null and r.case_study_id is not null and not exists (select 1 from raw.persona_case_studies as t where t.id = r.case_study_id)
union all
select 'persona_internal_stakeholders' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_internal_stakeholders as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_external_stakeholders' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_external_stakeholders as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_regulatory_stakeholders' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_regulatory_stakeholders as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_customer_relationships' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_customer_relationships as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_vendor_relationships' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_vendor_relationships as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_industry_relationships' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_industry_relationships as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_stakeholder_influence_map' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_stakeholder_influence_map as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_stakeholder_journey' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_stakeholder_journey as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_stakeholder_value_exchange' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_stakeholder_value_exchange as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_internal_networks' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_internal_networks as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_typical_day' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_typical_day as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_week_in_life' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_week_in_life as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_weekly_meetings' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_weekly_meetings as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_weekly_milestones' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_weekly_milestones as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_month_in_life' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_month_in_life as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_monthly_objectives' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_monthly_objectives as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_monthly_stakeholders' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_monthly_stakeholders as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_year_in_life' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_year_in_life as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_annual_conferences' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_annual_conferences as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_education' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_education as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_certifications' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_certifications as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_career_trajectory' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_career_trajectory as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_motivations' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_motivations as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_values' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_values as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_personality_traits' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_personality_traits as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_success_metrics' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_success_metrics as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_communication_preferences' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_communication_preferences as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'persona_vpanes_scoring' as table_name, cast(r.id as varchar(64)) as row_key, 'persona_id' as column_name, 'personas' as points_to
from raw.persona_vpanes_scoring as r
where r.deleted_at is null and r.persona_id is not null and not exists (select 1 from raw.personas as t where t.id = r.persona_id)
union all
select 'steps' as table_name, cast(r.id as varchar(64)) as row_key, 'task_id' as column_name, 'tasks' as points_to
from raw.steps as r
where r.deleted_at is null and r.task_id is not null and not exists (select 1 from raw.tasks as t where t.id = r.task_id)
union all
select 'workflow_step_definitions' as table_name, cast(r.id as varchar(64)) as row_key, 'workflow_id' as column_name, 'workflows' as points_to
from raw.workflow_step_definitions as r
where r.deleted_at is null and r.workflow_id is not null and not exists (select 1 from raw.workflows as t where t.id = r.workflow_id)
union all
select 'workflow_step_connections' as table_name, cast(r.id as varchar(64)) as row_key, 'workflow_id' as column_name, 'workflows' as points_to
from raw.workflow_step_connections as r
where r.deleted_at is null and r.workflow_id is not null and not exists (select 1 from raw.workflows as t where t.id = r.workflow_id)
union all
select 'workflow_executions' as table_name, cast(r.id as varchar(64)) as row_key, 'workflow_id' as column_name, 'workflows' as points_to
from raw.workflow_executions as r
where r.deleted_at is null and r.workflow_id is not null and not exists (select 1 from raw.workflows as t where t.id = r.workflow_id)
union all
select 'workflow_execution_steps' as table_name, cast(r.id as varchar(64)) as row_key, 'execution_id' as column_name, 'workflow_executions' as points_to
from raw.workflow_execution_steps as r
where r.deleted_at is null and r.execution_id is not null and not exists (select 1 from raw.workflow_executions as t where t.id = r.execution_id)
union all
select 'workflow_approvals' as table_name, cast(r.id as varchar(64)) as row_key, 'execution_id' as column_name, 'workflow_executions' as points_to
from raw.workflow_approvals as r
where r.deleted_at is null and r.execution_id is not null and not exists (select 1 from raw.workflow_executions as t where t.id = r.execution_id)
union all
select 'execution_context' as table_name, cast(r.id as varchar(64)) as row_key, 'execution_id' as column_name, 'workflow_executions' as points_to
from raw.execution_context as r
where r.deleted_at is null and r.execution_id is not null and not exists (select 1 from raw.workflow_executions as t where t.id = r.execution_id)
union all
select 'deliverables' as table_name, cast(r.id as varchar(64)) as row_key, 'execution_id' as column_name, 'workflow_executions' as points_to
from raw.deliverables as r
where r.deleted_at is null and r.execution_id is not null and not exists (select 1 from raw.workflow_executions as t where t.id = r.execution_id)
