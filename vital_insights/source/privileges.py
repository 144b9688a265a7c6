"""What this role may see, and what it may do that a reader should not be able to."""

from __future__ import annotations

from dataclasses import dataclass

from vital_insights.errors import RowsHidden
from vital_insights.source.connect import Source
from vital_insights.source.drift import Binding, Bound, Finding
from vital_insights.source.grants import columns_sql
from vital_insights.source.scope import touched

_ROLE = """
select rolsuper as super, rolcreaterole or rolcreatedb as creates, rolreplication as replicates,
       has_database_privilege(current_database(), 'CREATE') as makes_schemas,
       coalesce((select string_agg(nspname, ', ' order by nspname) from pg_namespace
                  where nspname not like 'pg\\_%' and has_schema_privilege(oid, 'CREATE')), '') as makes_tables,
       coalesce((select string_agg(rolname, ', ' order by rolname) from pg_roles
                  where rolname in ('pg_execute_server_program', 'pg_write_server_files', 'pg_write_all_data')
                    and pg_has_role(oid, 'USAGE')), '') as reaches,
       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind = 'S' and n.nspname not like 'pg\\_%'
                  and (has_sequence_privilege(c.oid, 'UPDATE') or has_sequence_privilege(c.oid, 'USAGE'))) as counts_on
  from pg_roles where rolname = current_user
"""
_TOO_MUCH = {
    "creates": "may create roles or databases",
    "replicates": "may replicate the whole server",
    "makes_schemas": "may create schemas in this database",
    "makes_tables": "may create tables in schema {}",
    "reaches": "is a member of {}",
    "counts_on": "may advance sequences",
}

_WRITABLE = """
select n.nspname || '.' || c.relname as path
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'v', 'p', 'f') and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
   and (has_any_column_privilege(c.oid, 'INSERT') or has_any_column_privilege(c.oid, 'UPDATE')
        or has_table_privilege(c.oid, 'DELETE') or has_table_privilege(c.oid, 'TRUNCATE'))
 order by 1
"""


@dataclass(frozen=True)
class Hidden:
    """What Postgres keeps of a table from this role, and the SQL to ask for. No `columns`: it is the rows."""

    table: str
    columns: tuple[str, ...]
    asked: tuple[str, ...]

    @property
    def told(self) -> str:
        return f"column{'s' * (len(self.columns) > 1)} {', '.join(self.columns)}" if self.columns else "rows"


def hidden(binding: Binding, user: str) -> list[Hidden]:
    """Every table that this role cannot read whole, as far as it is read: all of its rows, and of these what is touched."""
    found = []
    for name, bound in binding.tables.items():
        columns = touched(bound)
        if asked := statements(bound, columns, user):
            closed = tuple(column for column in columns if column in bound.live.hidden)
            some = not bound.live.lacks and len(closed) < len(columns)
            found.append(Hidden(name, closed if some else (), tuple(asked)))
    return found


def statements(bound: Bound, columns: list[str], user: str) -> list[str]:
    """What the owner must run before this role can read these live columns of every row, and no other; none where it can."""
    live, asked = bound.live, list(bound.live.lacks)
    closed = [column for column in columns if column in live.hidden]
    if closed:
        asked.append(f"{columns_sql(user, live.schema, live.name, closed)};")
    return asked


def refuse_hidden(binding: Binding, user: str) -> None:
    """Raises RowsHidden with the exact SQL where a table cannot be read whole: a part would look like the tenant."""
    found = hidden(binding, user)
    if found:
        rows = [each.table for each in found if not each.columns]
        parts = [f"rows of {', '.join(rows)}"] if rows else []
        parts += [f"{each.told} of {each.table}" for each in found if each.columns]
        raise RowsHidden(
            f"Postgres hides {', '.join(parts)} from role {user}; nothing was read or published.",
            hint="have the owner run:\n  " + "\n  ".join(dict.fromkeys(sql for each in found for sql in each.asked)),
        )


def excess(source: Source, binding: Binding) -> list[Finding]:
    """What this role could do beyond reading: superuser, ownership, write privileges. Warnings, each with its table."""
    row = source.rows(_ROLE)[0]
    if row["super"]:  # a superuser owns and writes everything; one line says it
        return [Finding("role_superuser", "", detail=f"{source.user} is a superuser: it could write")]
    found = [
        Finding(f"role_{what}", "", detail=f"{source.user} {told.format(row[what])}")
        for what, told in _TOO_MUCH.items()
        if row[what]
    ]
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
