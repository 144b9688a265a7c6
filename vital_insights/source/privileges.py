"""What this role may see, and what it may do that a reader should not be able to."""

from __future__ import annotations

from vital_insights.errors import RowsHidden
from vital_insights.source.connect import Source
from vital_insights.source.drift import Binding, Finding

_ROLE = """
select rolsuper as super, rolcreaterole or rolcreatedb as creates from pg_catalog.pg_roles where rolname = current_user
"""

_WRITABLE = """
select n.nspname || '.' || c.relname as path
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'v', 'p', 'f') and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
   and (has_any_column_privilege(c.oid, 'INSERT') or has_any_column_privilege(c.oid, 'UPDATE')
        or has_table_privilege(c.oid, 'DELETE') or has_table_privilege(c.oid, 'TRUNCATE'))
 order by 1
"""


def remedies(binding: Binding) -> list[tuple[str, str]]:
    """(table, SQL to ask for) of every table whose rows Postgres would withhold from this role."""
    return [(name, sql) for name, bound in binding.tables.items() for sql in bound.live.lacks]


def refuse_hidden(binding: Binding, user: str) -> None:
    """Raises RowsHidden with the exact SQL where a table cannot be read whole: a part would look like the tenant."""
    asked = remedies(binding)
    if asked:
        tables, statements = sorted({table for table, _ in asked}), list(dict.fromkeys(sql for _, sql in asked))
        raise RowsHidden(
            f"Postgres hides rows of {', '.join(tables)} from role {user}; nothing was read or published.",
            hint="have the owner run:\n  " + "\n  ".join(statements),
        )


def excess(source: Source, binding: Binding) -> list[Finding]:
    """What this role could do beyond reading: superuser, ownership, write privileges. Warnings, each with its table."""
    row = source.rows(_ROLE)[0]
    if row["super"]:  # a superuser owns and writes everything; one line says it
        return [Finding("role_superuser", "", detail=f"{source.user} is a superuser: it could write")]
    found = []
    if row["creates"]:
        found.append(Finding("role_creates", "", detail=f"{source.user} may create roles or databases"))
    writable = {row["path"] for row in source.rows(_WRITABLE)}
    for name, bound in binding.tables.items():
        if bound.live.owned:
            found.append(Finding("role_owns", name, detail=f"{source.user} owns {bound.live.path}"))
        elif bound.live.path in writable:
            found.append(Finding("role_writes", name, detail=f"{source.user} may write {bound.live.path}"))
    others = sorted(writable - {bound.live.path for bound in binding.tables.values()})
    if others:
        told = f"{source.user} may write tables that are not read here, such as {others[0]}"
        found.append(Finding("role_writes", "", n=len(others), detail=told))
    return found
