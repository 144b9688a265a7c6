"""Promise 13: whatever a live schema does, the outcome has a name: typed NULLs and a finding, or an error that names it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from tests.conftest import PROVE
from tests.tenancy import lab
from vital_insights.errors import SchemaDrift, UsageError
from vital_insights.source import connect, doctor, drift, tenants
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.declare import Own, Shared, scope_of
from vital_insights.source.copy import Carried, absent

ACME, BETA = uuid4(), uuid4()
REQUIRED_TABLES = ["tenants", "jobs_to_be_done"]
OPTIONAL_TABLES = [name for name in TABLES if name not in REQUIRED_TABLES]
VALUES = {"text": "x", "numeric": Decimal("1.5"), "boolean": True, "timestamptz": dt.datetime(2026, 1, 2, tzinfo=dt.UTC), "bigint": 3}
ODD_NAMES = [
    'we"ird', "sp ace", "per%cent", "%s", "100%(tenant)s", "co:lon", ":tenant", "Upper", "select", "dot.ted", "semi;colon--",
    "back\\slash", "'quoted'", "{braces}", "emoji 🧭", "a" * 63, "(paren)", "new\nline", "?", "$1",
]  # fmt: skip


def planted(url: str) -> str:
    """Every contract table with one full row of ACME: each key names a row, each column holds a value."""
    lab.create(url)
    first = {table: ACME if table == "tenants" else uuid4() for table in TABLES}
    rows = {}
    for table, declared in TABLES.items():
        row = {"id": first[table]}
        for column in lab.columns(table):
            if column in lab.targets(table):
                row[column] = first[lab.targets(table)[column]]
            elif column != "id":
                row[column] = ACME if column == "tenant_id" else VALUES[lab.kind(table, column)]
        rows[table] = [row]
        assert declared.name == table
    lab.plant(url, rows)
    return url


@pytest.fixture(scope="module")
def whole(module_database) -> str:
    """A source that follows the documents. Whoever changes it puts it back."""
    return planted(module_database)


@pytest.fixture(scope="module")
def template(new_database) -> str:
    """A whole source to copy; nobody connects to it."""
    return planted(new_database())


@pytest.fixture
def broken(new_database, template) -> str:
    """A whole source of the test's own."""
    return new_database(template)


@pytest.fixture(scope="module")
def types(whole) -> dict[str, list[tuple[str, str]]]:
    """Columns and DuckDB types of every raw table of a whole source."""
    pulled = lab.pull(whole, ACME)
    assert [f for f in pulled.findings if f.kind != "role_superuser"] == []
    return {table: described(pulled, table) for table in TABLES}


def described(pulled: lab.Pulled, table: str) -> list[tuple[str, str]]:
    return sorted(row[:2] for row in pulled.duck.execute(f"describe raw.{table}").fetchall())


def rename(connection: psycopg.Connection, table: str, old: str, new: str) -> None:
    connection.execute(sql.SQL("alter table public.{} rename column {} to {}").format(*map(sql.Identifier, (table, old, new))))


@pytest.mark.parametrize("table", TABLES)
def test_every_column_may_be_missing(whole, types, table):
    """Dropped or renamed is one thing to a reader: required is an error, optional a finding, assumed is silence."""
    scope = scope_of(TABLES[table])
    for column in TABLES[table].columns:
        level, name = column.info["level"], column.name
        with psycopg.connect(whole, autocommit=True) as connection:
            rename(connection, table, name, f"{name}_old")
            try:
                if level == "required" and not (isinstance(scope, Own) and name == scope.column and table not in REQUIRED_TABLES):
                    with pytest.raises(SchemaDrift) as caught:
                        lab.pull(whole, ACME, only=[table])
                    assert caught.value.exit_code == 12
                    assert all(word in str(caught.value) for word in (table, f"no column {name}", f"{name}_old", "[mapping]"))
                    continue
                pulled = lab.pull(whole, ACME, only=[table])
                found = [(f.table, f.column) for f in pulled.findings if f.kind == "missing_column"]
                assert found == ([(table, name)] if level in ("optional", "required") else [])
                if level in ("optional", "assumed"):
                    assert described(pulled, table) == types[table]
                    if not TABLES[table].info["tally"]:
                        assert pulled.rows(table, f"count(*), count({name})") == [(1, 0)]
                if PROVE and level != "private":
                    again = lab.pull(whole, ACME, only=[table], mapping={f"{table}.{name}": f"{name}_old"})
                    assert not again.found("missing_column")
                pulled.duck.close()
            finally:
                rename(connection, table, f"{name}_old", name)


@pytest.mark.parametrize("table", OPTIONAL_TABLES)
def test_every_optional_table_may_be_missing(whole, types, table):
    with psycopg.connect(whole, autocommit=True) as connection:
        connection.execute(f"alter table {table} rename to {table}_old")
        try:
            pulled = lab.pull(whole, ACME, only=[table])
            assert pulled.found("missing_table") == {("missing_table", table, None): 1}
            assert f"{table}_old" in next(f.detail for f in pulled.findings if f.kind == "missing_table")
            assert described(pulled, table) == types[table]
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
    assert {table: described(pulled, table) for table in TABLES} == types
    assert {where for _, where, _ in pulled.found("missing_table")} == set(OPTIONAL_TABLES)
    assert pulled.rows("jobs_to_be_done", "count(*)") == [(1,)]


@pytest.mark.parametrize("odd", ODD_NAMES, ids=range(len(ODD_NAMES)))
def test_odd_live_names_are_read(broken, new_role, odd):
    mapping = {"personas": odd, "personas.id": f"i{odd}"[:63], "personas.tenant_id": f"t{odd}"[:63], "personas.name": f"n{odd}"[:63],
               "personas.role_id": f"r{odd}"[:63], "industries": f"x{odd}"[:63], "industries.name": odd, "tenants.name": odd}  # fmt: skip
    with psycopg.connect(broken, autocommit=True) as connection:
        for name, live in mapping.items():
            if "." in name:
                rename(connection, *name.split("."), live)
        for name, live in mapping.items():
            if "." not in name:
                connection.execute(sql.SQL("alter table public.{} rename to {}").format(sql.Identifier(name), sql.Identifier(live)))
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
    with pytest.raises(UsageError, match="'job'"):
        lab.pull(whole, ACME, mapping={"job": "x"})
    with pytest.raises(UsageError, match="'personas.nam'[\\s\\S]*personas.name"):
        lab.pull(whole, ACME, mapping={"personas.nam": "x"})
    with pytest.raises(SchemaDrift, match="personas is called 'perso'[\\s\\S]*personas"):
        lab.pull(whole, ACME, mapping={"personas": "perso"})
    with pytest.raises(SchemaDrift, match="personas.name is called 'nam'[\\s\\S]*name"):
        lab.pull(whole, ACME, mapping={"personas.name": "nam"})
    with pytest.raises(UsageError, match="'person'[\\s\\S]*personas"):
        lab.pull(whole, ACME, shared=["person"])


def test_a_view_without_keys_and_with_random_ids(broken):
    lab.run(
        broken,
        "alter table jtbd_personas rename to kept",
        "create view jtbd_personas as select gen_random_uuid() as id, jtbd_id, persona_id, relevance_score from kept, generate_series(1, 2)",
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
    assert len(lab.pull(broken, ACME, only=["personas"], mapping={"personas": "reading.personas"}).rows("personas")) == 1


@pytest.mark.parametrize("kind", ["partitioned", "materialised", "inherited"])
def test_other_kinds_of_relations(broken, kind):
    lab.run(broken, "alter table personas rename to kept")
    if kind == "partitioned":
        lab.run(broken, "create table personas (like kept) partition by hash (id)", "create table p1 partition of personas for values with (modulus 2, remainder 0)",
                "create table p2 partition of personas for values with (modulus 2, remainder 1)", "insert into personas select * from kept")  # fmt: skip
    elif kind == "materialised":
        lab.run(broken, "create materialized view personas as select * from kept")
    else:
        lab.run(broken, "create table personas () inherits (kept)")
        lab.run(broken, "insert into personas select * from only kept")
    assert len(lab.pull(broken, ACME, only=["personas"]).rows("personas")) == 1


TENANTLESS = [name for name, table in TABLES.items() if isinstance(scope_of(table), Own) and name not in REQUIRED_TABLES]


@pytest.mark.parametrize("table", TENANTLESS)
def test_a_table_without_its_tenant_column_is_scoped_through_its_parent_or_not_read(broken, table):
    parents = scope_of(TABLES[table]).through
    foreign = {"id": uuid4(), "tenant_id": BETA}
    lab.plant(broken, {"jobs_to_be_done": [foreign], table: [{"tenant_id": BETA, **dict.fromkeys(parents, foreign["id"])}]})
    lab.run(broken, f"alter table {table} drop column tenant_id")
    pulled = lab.pull(broken, ACME)
    assert pulled.found("missing_column") == {("missing_column", table, "tenant_id"): 1}
    if parents:
        assert pulled.rows(table, "count(*), count(tenant_id)") == [(1, 0)]
        return
    assert pulled.rows(table) == []
    assert ("unscopable", table, None) in pulled.found("unscopable")
    for name in TABLES:
        for column, target in lab.targets(name).items():
            if target == table:  # nothing says whose the row is, so its id does not travel either
                assert pulled.rows(name, f"count({column})") == [(0,)], (name, column)


def test_a_shared_table_with_a_tenant_column_is_read_as_owned(broken):
    lab.run(broken, "alter table industries add tenant_id uuid")
    abroad, ours = uuid4(), uuid4()
    lab.plant(broken, {
        "industries": [{"id": abroad, "tenant_id": BETA, "name": "theirs"}, {"id": ours, "tenant_id": ACME, "name": "ours"}],
        "jobs_to_be_done": [{"tenant_id": ACME, "industry_id": abroad}, {"tenant_id": ACME, "industry_id": ours}],
    })  # fmt: skip
    pulled = lab.pull(broken, ACME)
    assert set(pulled.rows("industries", "name, is_shared")) == {("x", True), ("ours", False)}
    assert pulled.found("tenant_column_found") == {("tenant_column_found", "industries", "tenant_id"): 1}
    assert pulled.found("cross_tenant_reference") == {("cross_tenant_reference", "jobs_to_be_done", "industry_id"): 1}
    assert [name for name, table in TABLES.items() if isinstance(scope_of(table), Shared)] == ["industries"]


# What a retyped column holds -> what is loaded; a value that is rejected is written `Reject(its text)`.
class Reject(str):
    __slots__ = ()


U = UUID("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
D, T = Decimal, lambda *parts: dt.datetime(*parts, tzinfo=dt.UTC)
RETYPED = {
    "jtbd_outcomes.importance_score": {
        "text": {"8.5": D("8.5"), " 7 ": D(7), "+6": D(6), "8,5": Reject("8,5"), "": Reject(""), "high": Reject("high"), "NaN": Reject("NaN"),
                 "1e1": Reject("1e1"), "0x10": Reject("0x10"), "1_0": Reject("1_0"), "8.12345678": Reject("8.12345678"), "8.1000000": D("8.1")},
        "varchar(9)": {"8.25": D("8.25"), "n/a": Reject("n/a")},
        "char(9)": {"8.25": D("8.25")},
        "float8": {8.25: D("8.25"), 0.1: D("0.1"), 1e6: D(1000000), 1e-7: Reject("0.0000001"), float("nan"): Reject("NaN"),
                   float("inf"): Reject("Infinity"), 1 / 3: Reject("0.3333333333333333")},
        "float4": {8.25: D("8.25"), 0.1: D("0.1")},
        "int": {7: D(7), -1: D(-1)}, "smallint": {7: D(7)}, "bigint": {10**12: Reject("1000000000000"), 10**12 - 1: D(10**12 - 1)},
        "numeric": {D("8.123456"): D("8.123456"), D("8.1234567"): Reject("8.1234567"), D("NaN"): Reject("NaN")},
        "numeric(3,1)": {D("8.5"): D("8.5")},
        "score": {"8.5": D("8.5")}, "score_of_score": {"8.5": D("8.5")},
        "grade": {"8.5": D("8.5"), "high, or so": Reject("high, or so")},
        "jsonb": {'"8.5"': Reject('"8.5"'), "8.5": D("8.5"), "null": Reject("null")},
        "text[]": {"{8.5}": Reject("{8.5}")},
        "boolean": {True: Reject("true")},
        "money": {"8.50": Reject("$8.50")},
    },
    "jtbd_outcomes.outcome_statement": {
        "grade": {"high, or so": "high, or so"}, "varchar(20)": {"a,b": "a,b"}, "phrase": {"é\n": "é\n"}, "int": {5: "5"},
        "jsonb": {'{"a": 1.10}': '{"a": 1.10}'}, "text[]": {'{a,"b,c",NULL}': '["a", "b,c", null]'}, "uuid": {str(U): str(U)},
        "bytea": {b"\x00\xff": "\\x00ff"}, "date": {"2026-01-02": "2026-01-02"}, "interval": {"1 day": "P1D"}, "name": {"n": "n"},
        "grade[]": {'{"high, or so"}': '["high, or so"]'}, "numeric": {D("1.50"): "1.50"}, "boolean": {True: "true"}, "char(3)": {"a": "a"},
    },
    "jobs_to_be_done.domain_id": {
        "text": {str(U): U, str(U).upper(): U, f"{{{U}}}": U, "no uuid": Reject("no uuid"), "": Reject("")},
        "varchar(40)": {str(U): U}, "int": {5: Reject("5")}, "key": {str(U): U},
    },
    "jobs_to_be_done.created_at": {
        "timestamp": {"2026-01-02 03:04:05.678901": T(2026, 1, 2, 3, 4, 5, 678901), "infinity": Reject("infinity")},
        "date": {"2026-01-02": T(2026, 1, 2), "infinity": Reject("infinity")},
        "timestamptz(0)": {"2026-01-02 03:04:05+02": T(2026, 1, 2, 1, 4, 5)},
        "text": {"2026-01-02 03:04:05+00": T(2026, 1, 2, 3, 4, 5), "2026-01-02": T(2026, 1, 2), "2026-01-02T03:04": T(2026, 1, 2, 3, 4),
                 "2026-01-02 00:00:00.1234567": Reject("2026-01-02 00:00:00.1234567"), "2026-01-02 00:00:00.1234560": T(2026, 1, 2, 0, 0, 0, 123456),
                 "tomorrow": Reject("tomorrow"), "infinity": Reject("infinity"), "31.12.2026": Reject("31.12.2026")},
        "int": {20260102: Reject("20260102")},
        "time": {"03:04": Reject("03:04:00")},
    },
    "jtbd_roles.is_primary": {
        "text": {"true": True, "f": False, "yes": True, "maybe": Reject("maybe"), "": Reject("")},
        "int": {1: True, 0: False, 2: Reject("2")},
        "bit": {"1": True}, "truth": {True: True},
    },
}  # fmt: skip
NEW_TYPES = [
    "create type grade as enum ('high, or so', '8.5')", "create domain score as numeric(4,2)", "create domain score_of_score as score",
    "create domain phrase as text", "create domain key as uuid", "create domain truth as boolean",
]  # fmt: skip
CASES = [(column, kind, values) for column, kinds in RETYPED.items() for kind, values in kinds.items()]


@pytest.fixture(scope="module")
def retyping(new_database) -> str:
    url = planted(new_database())
    lab.run(url, *NEW_TYPES)
    return url


@pytest.mark.parametrize(("where", "kind", "values"), CASES, ids=[f"{where}-{kind}" for where, kind, _ in CASES])
def test_a_retyped_column_is_cast_where_lossless_and_else_rejected(retyping, where, kind, values):
    table, column = where.split(".")
    link = table == "jtbd_roles"
    lab.run(retyping, f"delete from {table} where created_at is null" if not link else f"delete from {table}",
            f"alter table {table} drop column {column}", f"alter table {table} add {column} {kind}")  # fmt: skip
    with psycopg.connect(retyping, autocommit=True) as connection:
        for value in values:
            if link:
                connection.execute(f"insert into jtbd_roles (id, jtbd_id, role_id, {column}) select gen_random_uuid(), j.id, r.id, %s from jobs_to_be_done j, org_roles r limit 1", [str(value)])  # fmt: skip
            else:
                bound = value if isinstance(value, bytes) else str(value)
                connection.execute(f"insert into {table} (id, tenant_id, {column}) values (gen_random_uuid(), %s, %s)", [ACME, bound])
    pulled = lab.pull(retyping, ACME, only=[table])
    wanted = sorted((str(v) for v in values.values() if not isinstance(v, Reject)))
    assert sorted(str(row[0]) for row in pulled.rows(table, f"{column} ") if row[0] is not None) == sorted(
        str(D(v).quantize(D("0.000001")) if isinstance(v, D) else v) for v in values.values() if not isinstance(v, Reject)
    ), wanted
    refused = pulled.duck.execute('select "text" from raw.rejects where table_name = ? and column_name = ?', [table, column]).fetchall()
    assert sorted(row[0] for row in refused) == sorted(v for v in values.values() if isinstance(v, Reject))
    assert dict(described(pulled, table)) == dict(described(lab.pull(retyping, ACME, only=[table]), table))
    if refused:
        same_family = {"numeric": ("numeric", "float", "int", "big"), "timestamptz": ("timestamp", "date")}[lab.kind(table, column)] if lab.kind(table, column) in ("numeric", "timestamptz") else ()
        named = ("retyped_column", table, column) in pulled.found("retyped_column")
        assert named or kind.startswith(same_family)


def test_absent_tables_have_the_columns_of_present_ones(types):
    for table in TABLES:
        columns = {column.name for column in absent(table).columns if isinstance(column, Carried)}
        assert columns | {"is_shared"} == {name for name, _ in types[table]}
