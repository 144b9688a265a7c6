"""Promise 13: whatever a live schema does, the outcome has a name: typed NULLs and a finding, or an error that names it."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from tests.conftest import PROVE
from tests.tenancy import lab
from vital_insights.errors import SchemaDrift, UsageError
from vital_insights.source import connect, doctor, drift, tenants
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.declare import Own, scope_of
from vital_insights.source.copy import Carried, absent

ACME, BETA = uuid4(), uuid4()
REQUIRED_TABLES = ["tenants", "jobs_to_be_done"]
OPTIONAL_TABLES = [name for name in TABLES if name not in REQUIRED_TABLES]
ODD_NAMES = [
    'we"ird',
    "sp ace",
    "per%cent",
    "%s",
    "100%(tenant)s",
    "co:lon",
    ":tenant",
    "Upper",
    "select",
    "dot.ted",
    "semi;colon--",
    "back\\slash",
    "'quoted'",
    "{braces}",
    "emoji 🧭",
    "a" * 63,
    "(paren)",
    "new\nline",
    "?",
    "$1",
]


@pytest.fixture(scope="module")
def whole(module_database) -> str:
    """A source that follows the documents. Whoever changes it puts it back."""
    return lab.planted(module_database, ACME)


@pytest.fixture(scope="module")
def template(new_database) -> str:
    """A whole source to copy; nobody connects to it."""
    return lab.planted(new_database(), ACME)


@pytest.fixture
def broken(new_database, template) -> str:
    """A whole source of the test's own."""
    return new_database(template)


@pytest.fixture(scope="module")
def types(whole) -> dict[str, list[tuple[str, str]]]:
    """Columns and DuckDB types of every raw table of a whole source."""
    pulled = lab.pull(whole, ACME)
    assert [f for f in pulled.findings if f.kind != "role_superuser"] == []
    return {table: pulled.described(table) for table in TABLES}


def rename(connection: psycopg.Connection, table: str, old: str, new: str) -> None:
    connection.execute(
        sql.SQL("alter table public.{} rename column {} to {}").format(*map(sql.Identifier, (table, old, new)))
    )


@pytest.mark.parametrize("table", TABLES if PROVE else [*dict.fromkeys([*REQUIRED_TABLES, *lab.one_of_each_shape()])])
def test_every_column_may_be_missing(whole, types, table):
    """Dropped or renamed is one thing to a reader: required is an error, optional a finding, assumed is silence."""
    scope = scope_of(TABLES[table])
    for column in TABLES[table].columns:
        level, name = column.info["level"], column.name
        with psycopg.connect(whole, autocommit=True) as connection:
            rename(connection, table, name, f"{name}_old")
            try:
                if level == "required" and not (
                    isinstance(scope, Own) and name == scope.column and table not in REQUIRED_TABLES
                ):
                    with pytest.raises(SchemaDrift) as caught:
                        lab.pull(whole, ACME, only=[table])
                    assert caught.value.exit_code == 12
                    assert all(
                        word in str(caught.value) for word in (table, f"no column {name}", f"{name}_old", "[mapping]")
                    )
                    continue
                pulled = lab.pull(whole, ACME, only=[table])
                found = [(f.table, f.column) for f in pulled.findings if f.kind == "missing_column"]
                assert found == ([(table, name)] if level in ("optional", "required") else [])
                if level in ("optional", "assumed"):
                    assert pulled.described(table) == types[table]
                    if name in getattr(scope, "keys", ()):  # an assumed key that says whose the row is
                        assert ("unscopable", table, None) in pulled.found("unscopable")
                        assert pulled.rows(table) == []
                    elif not TABLES[table].info["tally"]:
                        assert pulled.rows(table, f"count(*), count({name})") == [(1, 0)]
                if PROVE and level != "private":
                    again = lab.pull(whole, ACME, only=[table], mapping={f"{table}.{name}": f"{name}_old"})
                    assert not again.found("missing_column")
                pulled.duck.close()
            finally:
                rename(connection, table, f"{name}_old", name)


def test_every_optional_table_may_be_missing_and_is_found_again_under_its_new_name(broken, types):
    """Two pulls ask for all tables; the tables that answer otherwise are named."""
    with psycopg.connect(broken, autocommit=True) as connection:
        for table in OPTIONAL_TABLES:
            connection.execute(f"alter table {table} rename to {table}_old")
    pulled = lab.pull(broken, ACME)
    missing = {f.table: f.detail for f in pulled.findings if f.kind == "missing_table"}
    assert pulled.found("missing_table") == {("missing_table", table, None): 1 for table in OPTIONAL_TABLES}
    assert [table for table in OPTIONAL_TABLES if f"{table}_old" not in missing[table]] == []
    assert [table for table in OPTIONAL_TABLES if pulled.described(table) != types[table]] == []
    assert [table for table in OPTIONAL_TABLES if pulled.rows(table) != []] == []
    mapped = lab.pull(broken, ACME, mapping={table: f"{table}_old" for table in OPTIONAL_TABLES})
    assert not mapped.found("missing_table")
    assert [table for table in OPTIONAL_TABLES if len(mapped.rows(table)) != 1] == []


@pytest.mark.parametrize(
    "table", OPTIONAL_TABLES if PROVE else [n for n in lab.one_of_each_shape() if n in OPTIONAL_TABLES]
)
def test_one_table_alone_may_be_missing(whole, types, table):
    with psycopg.connect(whole, autocommit=True) as connection:
        connection.execute(f"alter table {table} rename to {table}_old")
        try:
            pulled = lab.pull(whole, ACME, only=[table])
            assert pulled.found("missing_table") == {("missing_table", table, None): 1}
            assert f"{table}_old" in next(f.detail for f in pulled.findings if f.kind == "missing_table")
            assert pulled.described(table) == types[table]
            assert pulled.rows(table) == []
            mapped = lab.pull(whole, ACME, only=[table], mapping={table: f"{table}_old"})
            assert not mapped.found("missing_table")
            assert len(mapped.rows(table)) == 1
        finally:
            connection.execute(f"alter table {table}_old rename to {table}")


@pytest.mark.parametrize("table", REQUIRED_TABLES)
def test_a_required_table_may_not_be_missing(whole, table):
    with psycopg.connect(whole, autocommit=True) as connection:
        connection.execute(f"alter table {table} rename to {table}_old")
        try:
            with pytest.raises(SchemaDrift, match=rf"no table public\.{table}[\s\S]*\[mapping\][\s\S]*{table}_old"):
                lab.pull(whole, ACME)
            assert len(lab.pull(whole, ACME, only=[table], mapping={table: f"{table}_old"}).rows(table)) == 1
        finally:
            connection.execute(f"alter table {table}_old rename to {table}")


def test_a_database_without_tables_and_a_schema_that_is_not_there(database, whole):
    with pytest.raises(SchemaDrift, match=r"no table public\.[a-z_]+, which is required"):
        lab.pull(database, ACME)
    with pytest.raises(SchemaDrift, match=r"no table elsewhere\.[a-z_]+, which is required"):
        lab.pull(lab.settings_of(whole, source_schema="elsewhere"), ACME)


def test_every_table_may_be_missing_at_once_and_every_column(broken, types):
    with psycopg.connect(broken, autocommit=True) as connection:
        for table in OPTIONAL_TABLES:
            connection.execute(f"drop table {table}")
        for table in REQUIRED_TABLES:
            for column in TABLES[table].columns:
                if column.info["level"] != "required":
                    connection.execute(f"alter table {table} drop column {column.name}")
    pulled = lab.pull(broken, ACME)
    assert {table: pulled.described(table) for table in TABLES} == types
    assert {where for _, where, _ in pulled.found("missing_table")} == set(OPTIONAL_TABLES)
    assert pulled.rows("jobs_to_be_done", "count(*)") == [(1,)]


@pytest.mark.parametrize("odd", ODD_NAMES, ids=range(len(ODD_NAMES)))
def test_odd_live_names_are_read(broken, new_role, odd):
    mapping = {
        "personas": odd,
        "personas.id": f"i{odd}"[:63],
        "personas.tenant_id": f"t{odd}"[:63],
        "personas.name": f"n{odd}"[:63],
        "personas.role_id": f"r{odd}"[:63],
        "industries": f"x{odd}"[:63],
        "industries.name": odd,
        "tenants.name": odd,
    }
    with psycopg.connect(broken, autocommit=True) as connection:
        for name, live in mapping.items():
            if "." in name:
                rename(connection, *name.split("."), live)
        for name, live in mapping.items():
            if "." not in name:
                connection.execute(
                    sql.SQL("alter table public.{} rename to {}").format(sql.Identifier(name), sql.Identifier(live))
                )
    pulled = lab.pull(broken, ACME, only=["tenants", "personas", "industries", "jobs_to_be_done"], mapping=mapping)
    assert pulled.rows("personas", "name") == [("x",)]
    assert pulled.rows("personas", "role_id is not null") == [(True,)]
    assert pulled.rows("industries", "name") == [("x",)]
    assert pulled.rows("jobs_to_be_done", "industry_id is not null") == [(True,)]
    assert not pulled.found("missing_column", "missing_table")
    settings = lab.settings_of(broken, mapping=mapping)
    with connect.transaction(settings) as source:
        binding = drift.bind(drift.catalog(source), settings)
        assert [tenant.name for tenant in tenants.tenants(source, binding)] == ["x"]
    assert not [line for line in doctor.examine(settings) if line.status == "problem"]


def test_a_mapping_that_misses_is_an_error(whole):
    with pytest.raises(UsageError, match=r"'job'"):
        lab.pull(whole, ACME, mapping={"job": "x"})
    with pytest.raises(UsageError, match=r"'personas.nam'[\s\S]*personas.name"):
        lab.pull(whole, ACME, mapping={"personas.nam": "x"})
    with pytest.raises(SchemaDrift, match=r"personas is called 'perso'[\s\S]*personas"):
        lab.pull(whole, ACME, mapping={"personas": "perso"})
    with pytest.raises(SchemaDrift, match=r"personas.name is called 'nam'[\s\S]*name"):
        lab.pull(whole, ACME, mapping={"personas.name": "nam"})
    with pytest.raises(UsageError, match=r"'person'[\s\S]*personas"):
        lab.pull(whole, ACME, shared=["person"])


def test_a_view_without_keys_and_with_random_ids(broken):
    lab.run(
        broken,
        "alter table jtbd_personas rename to kept",
        "create view jtbd_personas as select gen_random_uuid() as id, jtbd_id, persona_id from kept, generate_series(1, 2)",
        "alter table org_roles rename to roles_kept",
        "create view org_roles as select * from roles_kept union all select * from roles_kept",
    )
    pulled = lab.pull(broken, ACME)
    assert len(pulled.rows("jtbd_personas")) == 2
    assert len(pulled.rows("jtbd_roles")) == 1  # the role's id stands twice in the view and is one role to its links
    assert pulled.rows("personas", "role_id is null") == [(False,)]


def test_a_view_that_repeats_an_id_for_two_tenants_admits_neither(broken):
    theirs = ", ".join(f"'{BETA}'::uuid" if name == "tenant_id" else name for name in lab.columns("org_roles"))
    lab.run(
        broken,
        "alter table org_roles rename to roles_kept",
        f"create view org_roles as select * from roles_kept union all select {theirs} from roles_kept",
    )
    pulled = lab.pull(broken, ACME, only=["personas", "jtbd_roles"])
    assert pulled.rows("personas", "role_id") == [(None,)]
    assert pulled.rows("jtbd_roles") == []


def test_tables_of_another_schema_and_hundreds_of_others(broken):
    lab.run(
        broken,
        "do $$ begin for n in 1..400 loop execute format('create table other_%s (id int, tenant_id uuid, name text)', n); end loop; end $$",
        "create schema reading",
        "alter table personas set schema reading",
        "create table personas_2 (id uuid)",
    )
    assert lab.pull(broken, ACME, only=["personas"]).found("missing_table")
    assert (
        len(lab.pull(broken, ACME, only=["personas"], mapping={"personas": "reading.personas"}).rows("personas")) == 1
    )


@pytest.mark.parametrize("kind", ["partitioned", "materialised", "inherited"])
def test_other_kinds_of_relations(broken, kind):
    lab.run(broken, "alter table personas rename to kept")
    if kind == "partitioned":
        lab.run(
            broken,
            "create table personas (like kept) partition by hash (id)",
            "create table p1 partition of personas for values with (modulus 2, remainder 0)",
            "create table p2 partition of personas for values with (modulus 2, remainder 1)",
            "insert into personas select * from kept",
        )
    elif kind == "materialised":
        lab.run(broken, "create materialized view personas as select * from kept")
    else:
        lab.run(broken, "create table personas () inherits (kept)")
        lab.run(broken, "insert into personas select * from only kept")
    assert len(lab.pull(broken, ACME, only=["personas"]).rows("personas")) == 1


TENANTLESS = [
    name for name, table in TABLES.items() if isinstance(scope_of(table), Own) and name not in REQUIRED_TABLES
]


@pytest.mark.parametrize("table", TENANTLESS)
def test_a_table_without_its_tenant_column_is_scoped_through_its_parent_or_not_read(whole, table):
    parents = scope_of(TABLES[table]).through
    foreign = {"id": uuid4(), "tenant_id": BETA}
    targets = [lab.targets(table)[key] for key in parents]
    row = {"id": uuid4(), "tenant_id": BETA, **dict.fromkeys(parents, foreign["id"])}
    lab.plant(whole, {**{target: [foreign] for target in targets}, table: [row]})
    naming = [name for name in TABLES if table in lab.targets(name).values()]
    with psycopg.connect(whole, autocommit=True) as connection:
        rename(connection, table, "tenant_id", "tenant_id_old")
        try:
            pulled = lab.pull(whole, ACME, only={table, *naming})
        finally:
            rename(connection, table, "tenant_id_old", "tenant_id")
            for each in {table, *targets}:
                connection.execute(f"delete from {each} where tenant_id = %s", [BETA])
    assert pulled.found("missing_column") == {("missing_column", table, "tenant_id"): 1}
    if parents:
        assert pulled.rows(table, "count(*)") == [(1,)]
        return
    assert pulled.rows(table) == []
    assert ("unscopable", table, None) in pulled.found("unscopable")
    for name in naming:
        for column, target in lab.targets(name).items():
            # Nothing says whose the row is, so its id does not travel either; a tally sends no key at all.
            if target == table and not TABLES[name].info["tally"]:
                assert pulled.rows(name, f"count({column})") == [(0,)], (name, column)


def test_a_shared_table_with_a_tenant_column_is_read_as_owned(broken):
    lab.run(broken, "alter table industries add tenant_id uuid")
    abroad, ours = uuid4(), uuid4()
    lab.plant(
        broken,
        {
            "industries": [
                {"id": abroad, "tenant_id": BETA, "name": "theirs"},
                {"id": ours, "tenant_id": ACME, "name": "ours"},
            ],
            "jobs_to_be_done": [{"tenant_id": ACME, "industry_id": abroad}, {"tenant_id": ACME, "industry_id": ours}],
        },
    )
    pulled = lab.pull(broken, ACME)
    assert set(pulled.rows("industries", "name, is_shared")) == {("x", True), ("ours", False)}
    assert pulled.found("tenant_column_found") == {("tenant_column_found", "industries", "tenant_id"): 1}
    assert pulled.found("cross_tenant_reference") == {("cross_tenant_reference", "jobs_to_be_done", "industry_id"): 1}


def test_absent_tables_have_the_columns_of_present_ones(types):
    for table in TABLES:
        columns = {column.name for column in absent(table).columns if isinstance(column, Carried)}
        assert columns | {"is_shared"} == {name for name, _ in types[table]}
