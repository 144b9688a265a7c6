"""What will go wrong, told before it does: one line each, ok, warning or problem, with the remedy."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from vital_insights.errors import VitalError
from vital_insights.settings import Settings
from vital_insights.source import connect, drift, privileges, tenants
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.declare import Own

SUPPORTED = range(14, 19)


@dataclass(frozen=True)
class Line:
    """One finding of the doctor. `status` is ok, warning or problem; `remedy` is the next thing to do."""

    status: str
    subject: str
    text: str
    remedy: str = ""


def examine(settings: Settings) -> list[Line]:
    """Everything that can be known without reading a tenant's rows. Never raises for what it can tell as a problem."""
    try:
        with connect.transaction(settings) as source:
            return [Line("ok", "connection", "reached, read-only, one instant"), *_examine(source, settings)]
    except VitalError as error:
        text, _, remedy = str(error).partition("\n\nHint: ")
        return [Line("problem", "connection", text, remedy)]


def _examine(source: connect.Source, settings: Settings) -> list[Line]:
    major = int(source.server_version.split(".")[0])
    fine = major in SUPPORTED
    lines = [
        Line(
            "ok" if fine else "warning",
            "server",
            f"PostgreSQL {source.server_version}",
            "" if fine else "tested with 14 to 18",
        )
    ]
    try:
        binding = drift.bind(drift.catalog(source), settings)
    except VitalError as error:
        text, _, remedy = str(error).partition("\n\nHint: ")
        return [*lines, Line("problem", "schema", text, remedy)]
    lines.append(Line("ok", "schema", f"{len(binding.tables)} of {len(TABLES)} contract tables are there"))
    lines += [
        Line(
            "warning",
            finding.table,
            f"{finding.kind.replace('_', ' ')}{f': {finding.column}' if finding.column else ''}",
            finding.detail or "",
        )
        for finding in binding.findings
    ]
    hidden = privileges.remedies(binding, source.user)
    lines += [
        Line("problem", table, "its rows are hidden from this role", f"have the owner run: {sql}")
        for table, sql in hidden
    ]
    if not hidden:
        lines.append(Line("ok", "rows", f"no table hides rows from {source.user}"))
        lines += _nobody(source, binding)
        lines.append(Line("ok", "tenants", f"{len(tenants.tenants(source, binding))} in the source"))
    found = privileges.excess(source, binding)
    lines += [Line("warning", f.table or "role", f.detail or "", "use the role of docs/operators.md") for f in found]
    if not found:
        lines.append(Line("ok", "role", f"{source.user} can read and nothing else"))
    return lines


def _nobody(source: connect.Source, binding: drift.Binding) -> list[Line]:
    """How many rows belong to nobody: this is the only place that counts them."""
    lines = []
    for name, bound in binding.tables.items():
        if not isinstance(bound.scope, Own) or bound.scope.column == "id" or bound.null_is_shared:
            continue
        live = sa.table(
            sa.quoted_name(bound.live.name, quote=True), schema=sa.quoted_name(bound.live.schema, quote=True)
        )
        column: sa.ColumnClause[object] = sa.column(sa.quoted_name(bound.columns[bound.scope.column], quote=True))
        n = source.rows(sa.select(sa.func.count().label("n")).select_from(live).where(column.is_(None)))[0]["n"]
        if n:
            lines.append(
                Line(
                    "warning",
                    name,
                    f"{n} rows have no tenant and are left out",
                    f'to share them: [tenancy] shared = ["{name}"]',
                )
            )
    return lines
