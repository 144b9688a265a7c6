"""What this role may see, and what it may do that a reader should not be able to."""

from __future__ import annotations

from vital_insights.errors import RowsHidden
from vital_insights.source.connect import DIALECT, Source
from vital_insights.source.drift import Binding, Finding


def _quoted(name: str) -> str:
    return DIALECT.identifier_preparer.quote_identifier(name)


def remedies(binding: Binding, user: str) -> list[tuple[str, str]]:
    """(table, SQL to ask for) of every table whose rows Postgres would withhold from this role."""
    asked = []
    for name, bound in binding.tables.items():
        path = f"{_quoted(bound.live.schema)}.{_quoted(bound.live.name)}"
        if not bound.live.readable:
            asked.append(
                (
                    name,
                    f"GRANT USAGE ON SCHEMA {_quoted(bound.live.schema)} TO {_quoted(user)}; GRANT SELECT ON {path} TO {_quoted(user)};",
                )
            )
        elif bound.live.hidden:
            asked.append((name, f"ALTER ROLE {_quoted(user)} BYPASSRLS;"))
    return asked


def refuse_hidden(binding: Binding, user: str) -> None:
    """Raises RowsHidden with the exact SQL where a table cannot be read whole: a part would look like the tenant."""
    asked = remedies(binding, user)
    if asked:
        tables, statements = sorted({table for table, _ in asked}), list(dict.fromkeys(sql for _, sql in asked))
        raise RowsHidden(
            f"Postgres hides rows of {', '.join(tables)} from role {user}; nothing was read or published.",
            hint="have the owner run:\n  " + "\n  ".join(statements),
        )


def excess(source: Source, binding: Binding) -> list[Finding]:
    """What this role could do beyond reading: superuser, ownership, write privileges. Warnings, each with its table."""
    row = source.rows(
        "select rolsuper as super, rolcreaterole or rolcreatedb as creates from pg_roles where rolname = current_user"
    )[0]
    found = (
        [Finding("role_superuser", "", detail=f"{source.user} is a superuser: it could write")] if row["super"] else []
    )
    if row["super"]:
        return found  # a superuser owns and writes everything; one line says it
    if row["creates"]:
        found.append(Finding("role_creates", "", detail=f"{source.user} may create roles or databases"))
    for name, bound in binding.tables.items():
        if bound.live.owned:
            found.append(Finding("role_owns", name, detail=f"{source.user} owns {bound.live.path}"))
        elif bound.live.writable:
            found.append(Finding("role_writes", name, detail=f"{source.user} may write {bound.live.path}"))
    return found
