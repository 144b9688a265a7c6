"""Functions, departments, roles and who belongs to what."""

from vital_insights.source.contract.declare import Own, Through, assumed, table, text, to

table("org_functions", Own(), to(parent_id="org_functions"), text("name"), assumed(text("code")))
table("org_departments", Own(), to(function_id="org_functions"), text("name"), assumed(text("code")))
table(
    "org_roles", Own(), to(department_id="org_departments", function_id="org_functions", reports_to_role_id="org_roles"),
    text("name"), assumed(text("code")),
)  # fmt: skip
table("org_responsibilities", Own(), text("name"), assumed(text("description")))

table(
    "function_departments",
    Through("function_id", "department_id"),
    to(function_id="org_functions", department_id="org_departments"),
)
table("function_roles", Through("function_id", "role_id"), to(function_id="org_functions", role_id="org_roles"))
table("department_roles", Through("department_id", "role_id"), to(department_id="org_departments", role_id="org_roles"))
