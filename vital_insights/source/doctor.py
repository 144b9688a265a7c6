"""What will go wrong, told before it does: one line each, ok, warning or problem, with the remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from vital_insights import access
from vital_insights.errors import RowsHidden, SchemaDrift, VitalError
from vital_insights.settings import Settings
from vital_insights.source import connect, drift, members, privileges, scope, tenants
from vital_insights.source.contract import TABLES, VERSION

SUPPORTED = range(14, 19)
SEVERAL = 3  # more missing tables of one area are told in one line


@dataclass(frozen=True)
class Line:
    """One finding of the doctor. `status` is ok, warning or problem; `remedy` is the next thing to do.

    `exit_code` is that of the error a refresh would end with, 0 where it would not.
    """

    status: str
    subject: str
    text: str
    remedy: str = ""
    exit_code: int = 0


def examine(settings: Settings) -> list[Line]:
    """Everything that can be known without reading a tenant's rows. Never raises for what it can tell as a problem."""
    lines: list[Line] = []
    try:
        with connect.transaction(settings) as source:
            lines.append(Line("ok", "connection", "reached, read-only, one instant"))
            lines.extend(_server(source))
            binding = drift.bind(drift.catalog(source), settings)
            lines.extend(_contract(binding))
            lines.extend(_role(source, binding))
            lines.extend(_rows(source, binding))
            lines.append(_access(source, binding, settings))
    except SchemaDrift as error:
        lines.append(_problem("schema", error))
    except VitalError as error:
        lines.append(_problem("reading" if lines else "connection", error))
    return lines


def _problem(subject: str, error: VitalError) -> Line:
    text, _, remedy = str(error).partition("\n\nHint: ")
    return Line("problem", subject, text, remedy, error.exit_code)


def _server(source: connect.Source) -> Iterator[Line]:
    yield Line("ok", "package", f"vital-insights {version('vital-insights')}, contract {VERSION}")
    fine = int(source.server_version.split(".")[0]) in SUPPORTED
    text = f"PostgreSQL {source.server_version}"
    yield Line("ok", "server", text) if fine else Line("warning", "server", text, "tested with 14 to 18")


def _contract(binding: drift.Binding) -> Iterator[Line]:
    yield Line("ok", "schema", f"{len(binding.tables)} of {len(TABLES)} contract tables are there")
    absent: dict[str, list[str]] = {}
    for finding in binding.findings:
        if finding.kind == "missing_table" and finding.table in TABLES:
            absent.setdefault(TABLES[finding.table].info["area"], []).append(finding.table)
    together = {area: names for area, names in absent.items() if len(names) > SEVERAL}
    for area, names in together.items():
        of = sum(table.info["area"] == area for table in TABLES.values())
        text = f"{len(names)} of {of} tables of this area are missing: {', '.join(names[:SEVERAL])} …"
        yield Line("warning", area, text, "what they would say stays unknown; [mapping] gives a table another name")
    told = {name for names in together.values() for name in names}
    for finding in binding.findings:
        if finding.kind == "missing_table" and finding.table in told:
            continue
        text = finding.kind.replace("_", " ") + (f": {finding.column}" if finding.column else "")
        yield Line("warning", finding.table, text, finding.detail or "")


def _role(source: connect.Source, binding: drift.Binding) -> Iterator[Line]:
    found = privileges.excess(source, binding)
    for finding in found:
        yield Line("warning", finding.table or "role", finding.detail or "", "use the role of docs/operators.md")
    if not found:
        yield Line("ok", "role", f"{source.user} can read and nothing else")


def _rows(source: connect.Source, binding: drift.Binding) -> Iterator[Line]:
    hidden = privileges.hidden(binding, source.user)
    for each in hidden:
        remedy = f"have the owner run: {' '.join(each.asked)}"
        yield Line("problem", each.table, f"this role may not read its {each.told}", remedy, RowsHidden.exit_code)
    if not hidden:
        yield Line("ok", "rows", f"no table hides rows from {source.user}")
        yield from _nobodys(source, binding)
        yield Line("ok", "tenants", f"{len(tenants.tenants(source, binding))} in the source")


def _nobodys(source: connect.Source, binding: drift.Binding) -> Iterator[Line]:
    """How many rows belong to nobody: this is the only place that counts them."""
    for name, bound in binding.tables.items():
        statement = scope.count_nobodys(bound)
        if statement is not None and (n := source.rows(statement)[0]["n"]):
            text = f"{n} row{'' if n == 1 else 's'} without a tenant, left out"
            yield Line("warning", name, text, f'to share them: [tenancy] shared = ["{name}"]')


def _access(source: connect.Source, binding: drift.Binding, settings: Settings) -> Line:
    """Whom a shared dashboard could admit. A warning only where shared use is meant, which is where a key is set."""
    try:
        key = access.key_of(settings)
    except VitalError as error:
        return _problem("access", error)
    why, remedy = members.hindrance(source, binding)
    if key is None:
        also = f", and {why}" if why else ""
        return Line(
            "ok", "access", f"no access key is set{also}: a shared dashboard admits nobody; local use needs neither"
        )
    if why:
        return Line("warning", "access", f"{why}: a shared dashboard admits nobody", remedy)
    return Line("ok", "access", f"members' addresses become keyed hashes, key {access.key_id(key)}")
