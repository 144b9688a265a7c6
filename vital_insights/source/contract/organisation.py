"""Functions, departments, roles, teams, who belongs to what and where it works."""

from vital_insights.source.contract.declare import Own, Through, assumed, junction, private, table, text, to

table("org_functions", Own(), to(parent_id="org_functions"), text("name"), assumed(text("code")))
table("org_departments", Own(), to(function_id="org_functions"), text("name"), assumed(text("code")))
table(
    "org_roles", Own(), to(department_id="org_departments", function_id="org_functions", reports_to_role_id="org_roles"),
    text("name"), assumed(text("code")),
)  # fmt: skip
table("org_responsibilities", Own(), text("name"), assumed(text("description")))
table("org_teams", Own(), private("lead_user_id"), text("name"))
table("org_team_members", Through("team_id"), to(team_id="org_teams", role_id="org_roles"), private("user_id"))
table("org_hierarchy", Own(), to(department_id="org_departments", function_id="org_functions", role_id="org_roles"),
      private("user_id", "reports_to_user_id"))  # fmt: skip

_UNITS = {
    "function": ("function_id", "org_functions"),
    "department": ("department_id", "org_departments"),
    "role": ("role_id", "org_roles"),
}
# What a unit is joined to: the junction is called <unit>_<what>.
_JOINED = {
    "function": {
        "departments": ("department_id", "org_departments"), "roles": ("role_id", "org_roles"), "countries": ("country_id", "countries"),
        "geographic_scopes": ("geographic_scope_id", "geographic_scopes"), "industries": ("industry_id", "industries"),
        "therapeutic_areas": ("therapeutic_area_id", "therapeutic_areas"),
    },
    "department": {
        "roles": ("role_id", "org_roles"), "countries": ("country_id", "countries"), "disease_areas": ("disease_area_id", "disease_areas"),
        "geographic_scopes": ("geographic_scope_id", "geographic_scopes"),
        "therapeutic_areas": ("therapeutic_area_id", "therapeutic_areas"),
    },
    "role": {
        "countries": ("country_id", "countries"), "disease_areas": ("disease_area_id", "disease_areas"),
        "geographic_scopes": ("geographic_scope_id", "geographic_scopes"),
        "organizational_levels": ("organizational_level_id", "organizational_levels"),
        "product_lifecycle_stages": ("product_lifecycle_stage_id", "product_lifecycle_stages"),
        "responsibilities": ("responsibility_id", "org_responsibilities"), "typical_background": ("credential_id", "credentials"),
    },
}  # fmt: skip

for _unit, _others in _JOINED.items():
    for _other, _end in _others.items():
        junction(f"{_unit}_{_other}", **dict([_UNITS[_unit], _end]))
