"""Where functions, departments and roles work and on what, what roles ask for, and the teams that people form."""

from __future__ import annotations

from vital_insights.demo import reference
from vital_insights.demo.draft import Draft

# By unit: the table it is joined through, the list, the key to it, the share of the units that say so, and at most how often.
_OF = {
    "function": (
        ("function_countries", "countries", "country_id", 0.7, 3),
        ("function_geographic_scopes", "geographic_scopes", "geographic_scope_id", 0.9, 1),
        ("function_industries", "industries", "industry_id", 0.6, 2),
        ("function_therapeutic_areas", "therapeutic_areas", "therapeutic_area_id", 0.6, 3),
    ),
    "department": (
        ("department_countries", "countries", "country_id", 0.5, 3),
        ("department_disease_areas", "disease_areas", "disease_area_id", 0.4, 2),
        ("department_geographic_scopes", "geographic_scopes", "geographic_scope_id", 0.7, 1),
        ("department_therapeutic_areas", "therapeutic_areas", "therapeutic_area_id", 0.5, 2),
    ),
    "role": (
        ("role_countries", "countries", "country_id", 0.4, 2),
        ("role_disease_areas", "disease_areas", "disease_area_id", 0.3, 2),
        ("role_geographic_scopes", "geographic_scopes", "geographic_scope_id", 0.6, 1),
        ("role_organizational_levels", "organizational_levels", "organizational_level_id", 0.9, 1),
        ("role_product_lifecycle_stages", "product_lifecycle_stages", "product_lifecycle_stage_id", 0.4, 2),
        ("role_typical_background", "credentials", "credential_id", 0.7, 2),
    ),
}
TEAMS = ("Launch readiness", "Evidence council", "Data and privacy", "Customer voice", "Continuous improvement")


def add_places(draft: Draft) -> None:
    """The junctions of every unit that has been described so far, the responsibilities of roles, teams and who sits where."""
    for unit, joined in _OF.items():
        for row in draft.rows[f"org_{unit}s"]:
            for table, listed, key, share, most in joined:
                chance = draft.chance(f"{table}/{row['code']}")
                if chance.random() < share:
                    for other in chance.sample(reference.keys(listed), chance.randint(1, most)):
                        draft.add(table, f"{row['code']}/{other}", **{f"{unit}_id": row["id"], key: other})
    duties = draft.rows["org_responsibilities"]
    for role in draft.rows["org_roles"]:
        for duty in draft.chance(f"duties/{role['code']}").sample(duties, 2):
            draft.add(
                "role_responsibilities",
                f"{role['code']}/{duty['id']}",
                role_id=role["id"],
                responsibility_id=duty["id"],
            )
    _add_teams(draft)


def _add_teams(draft: Draft) -> None:
    chance, roles = draft.chance("teams"), draft.rows["org_roles"]
    people = [str(row["user_id"]) for row in draft.rows["tenant_members"]]
    for name in TEAMS:
        team = draft.add("org_teams", name, name=name, lead_user_id=chance.choice(people))
        for place, role in enumerate(chance.sample(roles, 4)):
            draft.add(
                "org_team_members",
                f"{name}/{place}",
                team_id=team["id"],
                role_id=role["id"],
                user_id=chance.choice(people),
            )
    for person in people:
        role = chance.choice(roles)
        draft.add("org_hierarchy", person, user_id=person, reports_to_user_id=people[0], role_id=role["id"],
                  department_id=role["department_id"], function_id=role["function_id"])  # fmt: skip
