"""Who works there: functions, departments, roles, what they aim at, and the personas who fill the roles."""

from __future__ import annotations

from vital_insights.demo.draft import Draft, Row
from vital_insights.demo.people import FIRST, LAST, SENIORITY, SKETCHES
from vital_insights.demo.words import Function

# What stands above the functions: a group, and the functions in it by their codes.
GROUPS = {
    "Evidence & Access": ("MA", "MX", "CE", "MP"),
    "Development": ("CD", "RA", "PV", "RD", "DV", "RQ"),
    "Markets & Care": ("CO", "CR"),
    "Technical Operations": ("QA", "MF"),
    "Technology": ("DG", "PD", "DS"),
    "Enterprise": ("LC", "FI", "BD"),
}
PRIORITIES = {
    "pharma": (
        "Launch three specialty medicines with full reimbursement by 2028",
        "Halve the time from database lock to public evidence",
        "Make patient-relevant endpoints the rule in late development",
        "Supply every market without interruption through the site move",
        "Use trustworthy AI in every regulated document process",
        "Bring diversity of trial participants in line with disease burden",
    ),
    "digital": (
        "Reach permanent reimbursement in three countries",
        "Prove clinical benefit in routine use",
        "Double week-eight engagement among members over 65",
        "Release regulated software every two weeks",
        "Connect to fifty health systems without custom work",
    ),
    "biotech": (
        "Take the lead antibody into a pivotal study",
        "Launch the on-body injector with the first indication",
        "Build a second source for drug substance",
        "Find a partner for Asia before the phase II readout",
    ),
}
CAPABILITIES = (
    ("Evidence synthesis", "Finds, grades and combines published and unpublished evidence"),
    ("Stakeholder insight", "Turns conversations into findings that others can use"),
    ("Regulated authoring", "Writes documents whose every statement can be traced"),
    ("Statistical inference", "Designs and analyses studies that withstand critique"),
    ("Decision modelling", "Makes assumptions explicit and shows what they imply"),
    ("Process control", "Keeps a process within limits and knows why it left them"),
    ("Data integration", "Brings sources together without losing their meaning"),
    ("Risk assessment", "Judges what may go wrong, how likely and how badly"),
    ("Partner management", "Keeps promises on both sides of a contract"),
    ("Service design", "Shapes what people experience from first contact to last"),
)


def profiles(draft: Draft) -> list[Row]:
    """The people behind the members of a tenant: `owner.1@aldermoor.example.org` and so on, who get no mail."""
    profile = draft.profile
    return [
        {"id": draft.key("users", f"{role}/{member}"), "email": f"{role}.{member + 1}@{profile.slug}.example.org"}
        for role, number in profile.members.items()
        for member in range(number)
    ]


def add_organisation(draft: Draft) -> None:
    """Everything of a tenant but its jobs."""
    profile = draft.profile
    tenant = draft.add(
        "tenants", profile.slug, name=profile.name, slug=profile.slug, status=profile.status, tier=profile.tier
    )
    tenant["id"] = draft.id
    for role, number in profile.members.items():
        for member in range(number):
            key = f"{role}/{member}"
            draft.add("tenant_members", key, role=role, user_id=str(draft.key("users", key)))
    top = draft.add("org_functions", "top", name=profile.name, code="TOP")
    for place, (group, codes) in enumerate(GROUPS.items(), 1):
        inside = [function for function in draft.functions if function.code in codes]
        if inside:
            above = draft.add("org_functions", group, name=group, code=f"GRP-{place}", parent_id=top["id"])
            domain = draft.add("domains", group, name=group, code=f"GRP-{place}")
            for function in inside:
                _add_function(draft, function, above, domain)
    for place, name in enumerate(PRIORITIES[profile.kind]):
        domain = draft.rows["domains"][place * 3 % len(draft.rows["domains"])]
        draft.add("strategic_priorities", place, name=name, code=f"SP-{place + 1}", domain_id=domain["id"],
                  description=f"{name}. Reviewed by the executive team each quarter.")  # fmt: skip
    for place, (name, description) in enumerate(CAPABILITIES):
        domain = draft.rows["domains"][place * 2 % len(draft.rows["domains"])]
        draft.add(
            "capabilities",
            place,
            name=name,
            code=f"CAP-{place + 1:02}",
            domain_id=domain["id"],
            description=description,
        )
    _add_personas(draft)


def _add_function(draft: Draft, function: Function, above: Row, domain: Row) -> None:
    made = draft.add("org_functions", function.code, name=function.name, code=function.code, parent_id=above["id"])
    subdomain = draft.add("domains", function.code, name=function.name, code=function.code, parent_id=domain["id"])
    for topic in function.topics:
        code = f"{function.code}-{topic.code}"
        draft.add("domains", code, name=topic.name, code=code, parent_id=subdomain["id"])
        draft.add("org_responsibilities", code, name=topic.name, description=f"{'; '.join(topic.jobs[:2])}.")
    head = None
    for place, (name, roles) in enumerate(function.departments.items()):
        code = f"{function.code}-{place + 1}"
        department = draft.add("org_departments", code, name=name, code=code, function_id=made["id"])
        draft.add("function_departments", code, function_id=made["id"], department_id=department["id"])
        boss = head
        for step, role_name in enumerate(roles):
            boss = _add_role(draft, f"{code}-{step + 1}", role_name, made, department, boss)
            head = head or boss


def _add_role(draft: Draft, code: str, name: str, function: Row, department: Row, boss: Row | None) -> Row:
    """A role, whose place is told by its own columns, by the junction tables, or by both."""
    by_column, by_junction = draft.chance(code).choice(((True, True), (True, True), (True, False), (False, True)))
    role = draft.add("org_roles", name, name=name, code=code, reports_to_role_id=boss and boss["id"],
                     department_id=department["id"] if by_column else None,
                     function_id=function["id"] if by_column else None)  # fmt: skip
    if by_junction:
        draft.add("department_roles", code, department_id=department["id"], role_id=role["id"])
        draft.add("function_roles", code, function_id=function["id"], role_id=role["id"])
    return role


def _add_personas(draft: Draft) -> None:
    chance = draft.chance("personas")
    names = chance.sample(range(len(FIRST) * len(LAST)), draft.profile.personas)
    places = [
        (function, department, role)
        for function in draft.functions
        for department, roles in function.departments.items()
        for role in roles
    ]
    departments = {row["name"]: row for row in draft.rows["org_departments"]}
    for number, name in enumerate(names, 1):
        function, department, role = places[(number - 1) % len(places)]
        seniority = (
            ""
            if role.startswith(("Head", "Chief", "VP", "Senior", "Regional", "General"))
            else chance.choice(SENIORITY)
        )
        draft.add("personas", number, name=f"{FIRST[name % len(FIRST)]} {LAST[name // len(FIRST)]}", code=f"P-{number:03}",
                  title=f"{seniority}{role}", description=f"{chance.choice(SKETCHES)}.",
                  department_id=departments[department]["id"], function_id=draft.key("org_functions", function.code),
                  role_id=draft.key("org_roles", role))  # fmt: skip
