/*
title    = "Lost links"
because  = "A link whose other end does not exist joins nothing; it was left out, and somebody may believe that it is there."
severity = "warning"
grain    = ["table_name", "column_name"]
*/
select table_name, column_name, cast(sum(n) as bigint) as n
from raw.findings
where
    kind = 'dangling'
    and table_name in (
        'agent_industries', 'agent_knowledge', 'agent_prompts', 'agent_skills', 'agent_tools', 'capability_jtbd_mapping',
        'department_countries', 'department_disease_areas', 'department_geographic_scopes', 'department_roles',
        'department_therapeutic_areas', 'domain_hierarchies', 'function_countries', 'function_departments',
        'function_geographic_scopes', 'function_industries', 'function_roles', 'function_therapeutic_areas', 'jtbd_dependencies',
        'jtbd_personas', 'jtbd_roles', 'role_countries', 'role_disease_areas', 'role_geographic_scopes', 'role_organizational_levels',
        'role_product_lifecycle_stages', 'role_responsibilities', 'role_typical_background', 'solution_agents',
        'solution_industry_matrix', 'solution_knowledge', 'solution_prompts', 'solution_templates', 'solution_workflows', 'task_agents',
        'task_tools', 'workflow_tasks'
    )
group by table_name, column_name
