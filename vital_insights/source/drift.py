"""The contract against the live database: what each table and column is called there, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from vital_insights.errors import SchemaDrift, UsageError, nearest
from vital_insights.settings import Settings
from vital_insights.source.connect import Source
from vital_insights.source.contract import LOOKUPS, TABLES
from vital_insights.source.contract.declare import Own, Scope, Shared, Through, scope_of

# A view reads as its owner (or as the reader, with security_invoker), so `below` walks down to the tables and carries
# the role that reads each: row-level security two views down hides rows just the same. What this role itself must read of
# the table that was asked for is the contract's to say; of what lies below, it is the columns that the view names.
_CATALOG = """
with recursive relation as (
  select c.oid, c.relname, c.relkind, c.relowner, n.oid as schema_id, n.nspname, c.relrowsecurity, c.relforcerowsecurity,
         coalesce((select option_value::boolean from pg_options_to_table(c.reloptions)
                    where option_name = 'security_invoker'), false) as invoker
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname <> 'pg_catalog' and n.nspname <> 'information_schema'
     and n.nspname not like 'pg\\_%'
), named as (
  select v.oid as view, v.invoker, v.relowner, d.refobjid as at, array_agg(distinct d.refobjsubid) as parts
    from relation v join pg_rewrite w on w.ev_class = v.oid
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
   where v.relkind = 'v' and d.refobjid <> v.oid
   group by v.oid, v.invoker, v.relowner, d.refobjid
), below as (
  select c.oid as top, c.oid as at, r.oid as reader, '{}'::integer[] as parts
    from relation c join pg_roles r on r.rolname = current_user
  union
  select b.top, v.at, case when v.invoker then b.reader else v.relowner end, v.parts
    from below b join named v on v.view = b.at
), lacks as (
  select b.top, array_agg(distinct ask.sql order by ask.sql) as asked
    from below b join relation c on c.oid = b.at join pg_roles r on r.oid = b.reader
    cross join lateral (
      select string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns from pg_attribute a
       where a.attrelid = c.oid and a.attnum = any(b.parts) and a.attnum > 0
         and not has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT')) as hidden
    cross join lateral (values
      (case when b.top = b.at and not has_schema_privilege(r.oid, c.schema_id, 'USAGE')
         then format('GRANT USAGE ON SCHEMA %I TO %I;', c.nspname, r.rolname) end),
      (case when hidden.columns is not null
         then format('GRANT SELECT (%s) ON %I.%I TO %I;', hidden.columns, c.nspname, c.relname, r.rolname)
         when b.top <> b.at and not has_any_column_privilege(r.oid, c.oid, 'SELECT')
         then format('GRANT SELECT ON %I.%I TO %I;', c.nspname, c.relname, r.rolname) end),
      (case when c.relrowsecurity and not r.rolsuper and not r.rolbypassrls
              and (c.relforcerowsecurity or not pg_has_role(r.oid, c.relowner, 'USAGE'))
         then format('ALTER ROLE %I BYPASSRLS;', r.rolname) end)) as ask(sql)
   where ask.sql is not null
   group by b.top
)
select c.nspname as schema, c.relname as table, coalesce(lacks.asked, '{}') as lacks,
       pg_has_role(c.relowner, 'USAGE') as owned,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       (select array_agg(case when t.typtype = 'd' then b.typname else t.typname end::text order by a.attnum)
          from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type b on b.oid = t.typbasetype
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as types,
       coalesce((select array_agg(a.attname::text) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           and not has_column_privilege(c.oid, a.attnum, 'SELECT')), '{}') as hidden_columns,
       coalesce((select array_agg(a.attname::text) from pg_index i
          join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
         where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indnkeyatts = 1
           and i.indpred is null and i.indexprs is null), '{}') as unique_columns
  from relation c left join lacks on lacks.top = c.oid
"""


# Tables whose rows may belong to nobody, and may be declared to be everybody's: rows of their own, one by one.
SHARABLE = sorted(
    name
    for name, declared in TABLES.items()
    if isinstance(scope := scope_of(declared), Own) and scope.column != "id" and not declared.info["tally"]
)


@dataclass(frozen=True)
class LiveTable:
    """A table, view or foreign table as the database has it; `types` are Postgres' own short names.

    `hidden` are the columns that this role may not read. `lacks` is the SQL that the owner must run before this role can
    read every row of the others; empty where it can.
    """

    schema: str
    name: str
    types: Mapping[str, str]
    unique: frozenset[str]
    lacks: tuple[str, ...]
    owned: bool
    hidden: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Finding:
    """Something that a reader of the data should know; `n` counts rows or values, 1 where there is nothing to count."""

    kind: str
    table: str
    column: str | None = None
    n: int = 1
    detail: str | None = None


@dataclass(frozen=True)
class Bound:
    """A contract table tied to its live table. `scope` is what is enforced; None means it cannot be scoped and is not read."""

    contract: Table
    live: LiveTable
    columns: Mapping[str, str]
    scope: Scope | None
    null_is_shared: bool = False

    def type_of(self, column: str) -> str:
        return self.live.types[self.columns[column]]


@dataclass(frozen=True)
class Binding:
    """The whole contract as found: the tables that exist, what was found on the way, and the lookups that exist."""

    tables: dict[str, Bound]
    findings: list[Finding] = field(default_factory=list)
    lookups: dict[str, Bound] = field(default_factory=dict)


def catalog(source: Source) -> dict[tuple[str, str], LiveTable]:
    """Every table and view of the database outside Postgres' own schemas, by (schema, name)."""
    return {
        (row["schema"], row["table"]): LiveTable(
            row["schema"], row["table"], dict(zip(row["columns"] or [], row["types"] or [], strict=True)),
            frozenset(row["unique_columns"]), tuple(row["lacks"]), row["owned"], frozenset(row["hidden_columns"]),
        )
        for row in source.rows(_CATALOG)
    }  # fmt: skip


def bind(live: Mapping[tuple[str, str], LiveTable], settings: Settings) -> Binding:
    """Tie the contract to the live tables. Raises SchemaDrift for what is required, UsageError for a mapping that misses."""
    _check_names(settings)
    binding = Binding({})
    for name, declared in TABLES.items():
        found = _find_table(name, live, settings)
        if found is None:
            if declared.info["required"]:
                raise SchemaDrift(
                    f"The source has no table {settings.source_schema}.{name}, which is required.",
                    hint=f'if it has another name, add [mapping] {name} = "…" to vital-insights.toml; '
                    f"{_near_tables(name, live, settings)}",
                )
            binding.findings.append(Finding("missing_table", name, detail=_near_tables(name, live, settings)))
            continue
        bound = _bind_table(declared, found, settings, binding.findings)
        if bound is not None:
            binding.tables[name] = bound
        other = live.get((settings.source_schema, declared.info["also"]))
        if other not in (None, found):
            told = f"{other.path} is there as well and is not read; [mapping] {name} chooses"
            binding.findings.append(Finding("second_name", name, detail=told))
    _drop_unscopable(binding)
    for name, declared in LOOKUPS.items():
        found = _find_table(name, live, settings)
        if found is not None and (bound := _bind_table(declared, found, settings, binding.findings)):
            binding.lookups[name] = bound
    return binding


def _check_names(settings: Settings) -> None:
    every = TABLES | LOOKUPS
    known = set(every) | {f"{t.name}.{c.name}" for t in every.values() for c in t.columns}
    for name in settings.mapping:
        if name not in known:
            raise UsageError(f"[mapping] names '{name}', which the contract does not know.", hint=nearest(name, known))
    for name in settings.tenancy.shared:
        if name not in TABLES:
            raise UsageError(
                f"[tenancy] shared names '{name}', which the contract does not know.", hint=nearest(name, TABLES)
            )
        if name not in SHARABLE:
            raise UsageError(
                f"[tenancy] shared names '{name}', whose rows cannot be shared.", hint=nearest(name, SHARABLE)
            )


def _find_table(name: str, live: Mapping[tuple[str, str], LiveTable], settings: Settings) -> LiveTable | None:
    mapped = settings.mapping.get(name, name)
    found = live.get((settings.source_schema, mapped))
    if found is None and name not in settings.mapping and (also := (TABLES | LOOKUPS)[name].info["also"]):
        found = live.get((settings.source_schema, also))
    if found is None and "." in mapped:
        found = live.get(tuple(mapped.split(".", 1)))  # type: ignore[arg-type]
    if found is None and name in settings.mapping:
        raise SchemaDrift(
            f"[mapping] says that {name} is called '{mapped}', but the source has no such table.",
            hint=_near_tables(mapped, live, settings),
        )
    return found


def _near_tables(name: str, live: Mapping[tuple[str, str], LiveTable], settings: Settings) -> str:
    return nearest(name, [table for schema, table in live if schema == settings.source_schema][:5000])


def _bind_table(declared: Table, live: LiveTable, settings: Settings, findings: list[Finding]) -> Bound | None:
    name, scope = declared.name, scope_of(declared)
    columns: dict[str, str] = {}
    missing: list[Any] = []
    for column in declared.columns:
        mapped = settings.mapping.get(f"{name}.{column.name}", column.name)
        if mapped in live.types:
            columns[column.name] = mapped
        elif f"{name}.{column.name}" in settings.mapping:
            raise SchemaDrift(
                f"[mapping] says that {name}.{column.name} is called '{mapped}', but {live.path} has no such column.",
                hint=nearest(mapped, live.types),
            )
        else:
            missing.append(column)
    null_is_shared = name in settings.tenancy.shared
    enforced: Scope | None = scope
    for column in missing:
        level = column.info["level"]
        if isinstance(scope, Own) and column.name == scope.column and not declared.info["required"]:
            # A documented tenant_id that is absent: the parent decides where there is one, else nobody can.
            known = scope.through and set(scope.through) <= columns.keys()
            enforced = Through(*scope.through) if known else None
            findings.append(
                Finding(
                    "missing_column",
                    name,
                    column.name,
                    detail="scoped through its parent" if enforced else "no tenant_id",
                )
            )
        elif level == "required":
            raise SchemaDrift(
                f"{live.path} has no column {column.name}, which is required.",
                hint=f'if it has another name, add [mapping] "{name}.{column.name}" = "…" to vital-insights.toml; '
                f"{nearest(column.name, live.types)}",
            )
        elif level == "optional":
            findings.append(Finding("missing_column", name, column.name, detail=nearest(column.name, live.types)))
    if isinstance(scope, Shared) and "tenant_id" in live.types:
        enforced, null_is_shared = Own(), True
        columns["tenant_id"] = "tenant_id"
        findings.append(
            Finding(
                "tenant_column_found",
                name,
                "tenant_id",
                detail="a reference list with owners: read as our rows and those of nobody",
            )
        )
    return Bound(declared, live, columns, enforced, null_is_shared)


def _drop_unscopable(binding: Binding) -> None:
    """A table whose parents, or keys to them, are absent or cannot be scoped cannot be scoped either; say so, table by table."""
    changed = True
    while changed:
        changed = False
        for name, bound in binding.tables.items():
            if not isinstance(bound.scope, Through):
                continue
            parents = [binding.tables.get(bound.contract.c[key].info["to"]) for key in bound.scope.keys]
            if not set(bound.scope.keys) <= bound.columns.keys() or any(p is None or p.scope is None for p in parents):
                binding.tables[name] = Bound(bound.contract, bound.live, bound.columns, None)
                changed = True
    for name, bound in binding.tables.items():
        if bound.scope is None:
            binding.findings.append(
                Finding("unscopable", name, detail="nothing says whose its rows are, so none was read")
            )
