"""The least-privilege role that a refresh should read through, as SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from vital_insights.source.contract import LOOKUPS, TABLES, read_of
from vital_insights.source.contract.declare import tally_of

# Whose address a member has: read where a shared dashboard has a key, and of no use to the counts.
MEMBER = "user_id"


def role_sql(
    role: str, schema: str, tables: Iterable[str], columns: Mapping[str, Iterable[str]] = MappingProxyType({})
) -> list[str]:
    """The statements, in order, that make a role which can read `tables` of `schema` and do nothing else.

    `columns` names, by table, the only columns it may read of that table.

    BYPASSRLS, because with `row_security = off` a table under row-level security fails for every other role but its owner;
    the role owns nothing, so that it can change nothing. It gets no password here: whoever runs this sets one.
    """
    who, where = _quoted(role), _quoted(schema)
    return [
        f"CREATE ROLE {who} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS",
        f"ALTER ROLE {who} SET default_transaction_read_only = on",
        f"GRANT USAGE ON SCHEMA {where} TO {who}",
        *(table_sql(role, schema, table) for table in tables),
        *(columns_sql(role, schema, table, names) for table, names in columns.items()),
    ]


def reader_sql(role: str, schema: str) -> list[str]:
    """`role_sql` for the whole contract, with no more than is read of it.

    Of a table that is only counted, or asked for members' addresses, that is a few columns: no text of a message among them.
    """
    rows = [name for name, table in TABLES.items() if tally_of(table) is None]
    columns = {name: read_of(table) for name, table in (TABLES | LOOKUPS).items() if name not in rows}
    columns["tenant_members"].append(MEMBER)
    return role_sql(role, schema, rows, columns)


def table_sql(role: str, schema: str, table: str) -> str:
    """The statement that lets a role read a table."""
    return f"GRANT SELECT ON {_quoted(schema)}.{_quoted(table)} TO {_quoted(role)}"


def columns_sql(role: str, schema: str, table: str, columns: Iterable[str]) -> str:
    """The statement that lets a role read these columns of a table and no other."""
    named = ", ".join(map(_quoted, columns))
    return f"GRANT SELECT ({named}) ON {_quoted(schema)}.{_quoted(table)} TO {_quoted(role)}"


def _quoted(identifier: str) -> str:
    if not identifier or "\0" in identifier:
        raise ValueError("an identifier needs at least one character and no zero byte")
    return '"' + identifier.replace('"', '""') + '"'
