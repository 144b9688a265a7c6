"""The least-privilege role that a refresh should read through, as SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vital_insights.source.contract import LOOKUPS, TABLES, read_of

# Who a member is: read where a shared dashboard has a key, and of no use to the counts. What is deleted is nobody.
_OF_MEMBERS = {"tenant_members": ("user_id", "deleted_at"), "user_profiles": ("deleted_at",)}
_GRANTS = """DO $grants$
DECLARE
  wanted record;
  present text;
BEGIN
  FOR wanted IN SELECT * FROM (VALUES
{wanted}
  ) AS listed ("table", "columns") LOOP
    SELECT string_agg(quote_ident(attname), ', ') INTO present FROM pg_attribute
     WHERE attrelid = to_regclass(format('%I.%I', {schema}, wanted."table")) AND attnum > 0 AND NOT attisdropped
       AND (attname = ANY (string_to_array(wanted."columns", ' ')) OR lower(attname) = 'data_classification');
    IF present IS NOT NULL THEN
      EXECUTE format('GRANT SELECT (%s) ON %I.%I TO %I', present, {schema}, wanted."table", {role});
    END IF;
  END LOOP;
END
$grants$"""


def role_sql(role: str, schema: str, columns: Mapping[str, Iterable[str]]) -> list[str]:
    """The statements, in order, that make a role which can read these `columns` by table of `schema` and do nothing else.

    What the database does not have is passed over; a mark of personal health data (`data_classification`) is read wherever
    there is one. BYPASSRLS, because with `row_security = off` a table under row-level security fails for every other role
    but its owner; the role owns nothing, so that it can change nothing. It gets no password here: whoever runs this sets one.
    """
    who, where = _quoted(role), _quoted(schema)
    wanted = ",\n".join(f"    ({_text(table)}, {_text(' '.join(names))})" for table, names in columns.items())
    return [
        f"CREATE ROLE {who} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS",
        f"ALTER ROLE {who} SET default_transaction_read_only = on",
        f"GRANT USAGE ON SCHEMA {where} TO {who}",
        _GRANTS.format(wanted=wanted, schema=_text(schema), role=_text(role)),
    ]


def reader_sql(role: str, schema: str) -> list[str]:
    """`role_sql` for the whole contract: the columns that a refresh reads, and no other of any table."""
    every = TABLES | LOOKUPS
    return role_sql(role, schema, {name: [*read_of(every[name]), *_OF_MEMBERS.get(name, ())] for name in every})


def columns_sql(role: str, schema: str, table: str, columns: Iterable[str]) -> str:
    """The statement that lets a role read these columns of a table and no other."""
    named = ", ".join(map(_quoted, columns))
    return f"GRANT SELECT ({named}) ON {_quoted(schema)}.{_quoted(table)} TO {_quoted(role)}"


def _quoted(identifier: str) -> str:
    if not identifier or "\0" in identifier:
        raise ValueError("an identifier needs at least one character and no zero byte")
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: str) -> str:
    if "$grants$" in value:
        raise ValueError("a name may not hold $grants$, which ends the statement")
    return "'" + value.replace("'", "''") + "'"
