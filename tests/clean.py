"""A sample tenant without a single defect, alone in a database: not one of the demo's, whose defects are planted."""

from __future__ import annotations

import psycopg

from vital_insights.demo import fill
from vital_insights.demo.draft import Draft, Profile
from vital_insights.demo.reference import lists
from vital_insights.demo.tenants import complete
from vital_insights.source.contract import TABLES

SLUG = "brackwater"
PROFILE = Profile(
    SLUG, "Brackwater Therapeutics", "biotech", "BIOTECH", "active", "starter", "Biotechnology", 112, 88, 3, {"owner": 1}
)  # fmt: skip


def fill_database(url: str) -> None:
    """The contract's tables with this tenant's rows; what collection leaves open in the demo is filled in as well."""
    draft = Draft(PROFILE)
    complete(draft)
    for table, column in (("jtbd_outcomes", "evidence_source"), ("jtbd_value_drivers", "quantified_impact")):
        for row in draft.rows[table]:
            row[column] = row.get(column) or "Interviews"
    with psycopg.connect(url) as connection:
        fill._create(connection)
        for table, records in {**lists(), **draft.rows}.items():
            columns = [column.name for column in TABLES[table].columns]
            with connection.cursor().copy(f"copy public.{table} ({', '.join(columns)}) from stdin") as stream:
                for record in records:
                    stream.write_row([record.get(column) for column in columns])
