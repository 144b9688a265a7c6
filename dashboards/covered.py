"""What the coverage page calls the gaps and the columns of `coverage_by`, in words."""

import polars as pl

# By kind, the gravest first: its name, and what it is counted of.
GAPS = {
    "high_outcome_without_owner": ("HIGH outcomes whose job no role owns", "HIGH outcomes"),
    "job_without_role": ("Jobs without a role", "jobs"),
    "job_without_outcome": ("Jobs without an outcome", "jobs"),
    "job_without_primary_role": ("Jobs with roles, none of them primary", "jobs"),
    "role_without_job": ("Roles without a job", "roles"),
    "persona_without_role": ("Personas without a role", "personas"),
    "direct_link_not_implied": ("Direct links that the role does not imply", "links of a persona and a job"),
}


def columns(*named: tuple[str, str]) -> list[pl.Expr]:
    return [
        (100 * pl.col(column) if column.startswith("share") else pl.col(column)).alias(said) for column, said in named
    ]


OF_UNITS = columns(
    ("n_jobs", "Jobs"), ("n_with_role", "with a role"), ("share_with_role", "% with a role"), ("n_with_primary", "with a primary role"),
    ("share_with_primary", "% with a primary role"), ("n_personas", "Personas"), ("n_personas_with_job", "with a job"),
    ("share_personas_with_job", "% of personas with a job"),
)  # fmt: skip
OF_ALL = columns(
    ("n_jobs", "Jobs"),
    ("n_live_jobs", "of all jobs"),
    ("share_of_live_jobs", "% of all jobs"),
    ("n_primary", "as primary"),
)
OF_ROUTES = columns(("n_inherited", "inherited only"), ("n_direct", "direct only"), ("n_both", "by both routes"))
OF_JOBS = columns(("n_roles", "Roles"), ("n_primary", "primary roles"), ("n_personas", "Personas")) + OF_ROUTES
SHARES = {
    "function": ("Functions", OF_UNITS), "department": ("Departments", OF_UNITS), "role": ("Roles", OF_ALL),
    "persona": ("Personas", OF_ALL + OF_ROUTES), "job": ("Jobs", OF_JOBS),
}  # fmt: skip
