/*
title    = "Misplaced personas"
because  = "The persona names a department or function that its role does not belong to, so it is counted in units that do not share its work."
severity = "warning"
grain    = ["persona_id"]
of       = "model.personas"
*/
with related as (
    select function_id, ancestor_id as related_id from model.function_tree
    union
    select ancestor_id as function_id, function_id as related_id from model.function_tree
),

judged as (
    select
        p.persona_id,
        p.persona_code,
        p.persona_name,
        case
            when
                exists (select 1 from model.departments as d where d.department_id = p.department_id)
                and exists (select 1 from model.role_departments as rd where rd.role_id = p.role_id)
                and not exists (
                    select 1 from model.role_departments as rd where rd.role_id = p.role_id and rd.department_id = p.department_id
                )
                then true
            else false
        end as other_department,
        case
            when
                exists (select 1 from model.functions as f where f.function_id = p.function_id)
                and exists (select 1 from model.role_functions as rf where rf.role_id = p.role_id)
                and not exists (
                    select 1
                    from model.role_functions as rf
                    inner join related as t on t.function_id = rf.function_id
                    where rf.role_id = p.role_id and t.related_id = p.function_id
                )
                then true
            else false
        end as other_function
    from model.personas as p
)

select * from judged where other_department or other_function
