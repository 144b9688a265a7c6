"""Promise 3: the source is never written; grants are the wall, READ ONLY the seat belt, and a role that could write is named."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from tests.tenancy import lab
from vital_insights.demo.fill import with_parts
from vital_insights.errors import RowsHidden, SourceError
from vital_insights.source import connect, doctor, drift, privileges, tenants
from vital_insights.source.contract import LOOKUPS, TABLES
from vital_insights.source.contract.declare import tally_of
from vital_insights.source.grants import reader_sql

ACME = uuid4()
# Refused by grants alone: the reader has switched its own read-only default off.
FORBIDDEN = [
    "insert into personas (id) values (gen_random_uuid())",
    "update personas set name = 'x'",
    "delete from personas",
    "truncate personas",
    "merge into personas p using personas q on p.id = q.id when matched then delete",
    "copy personas from stdin",
    "select * from personas for update",
    "select * from personas for share",
    "begin; lock table personas in share row exclusive mode",
    "drop table personas",
    "alter table personas add column x int",
    "alter table personas disable row level security",
    "alter table personas rename to p",
    "alter table personas owner to current_user",
    "create index on personas (name)",
    "create trigger t before insert on personas execute function suppress_redundant_updates_trigger()",
    "create rule r as on select to personas do instead select 1",
    "create policy p on personas using (true)",
    "comment on table personas is 'x'",
    "create table public.mine (x int)",
    "create table public.mine as select * from personas",
    "create view public.mine as select 1",
    "create materialized view public.mine as select 1",
    "create sequence public.mine",
    "create function public.mine() returns int language sql as 'select 1'",
    "create type public.mine as enum ('a')",
    "create schema mine",
    "create extension pageinspect",
    "create role mine",
    "create database mine",
    "alter role current_user superuser",
    "alter role postgres password 'x'",
    "grant pg_write_all_data to current_user",
    "set role postgres",
    "set session authorization postgres",
    "alter system set work_mem = '1MB'",
    "copy personas to program 'cat'",
    "copy personas to '/tmp/vital-forbidden'",
    "copy pg_authid to stdout",
    "select pg_read_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'",
    "select pg_reload_conf()",
    "select pg_switch_wal()",
    "select pg_create_restore_point('x')",
    "create publication mine for table personas",
    "create subscription mine connection '' publication x",
    "create event trigger mine on ddl_command_start execute function x()",
    "create tablespace mine location '/tmp'",
    "select setval('counter', 5)",
    "select nextval('counter')",
    "refresh materialized view settled",
    "select secret from not_read",
    "reindex table personas",
    "cluster personas",
    "checkpoint",
    "drop owned by postgres",
    "reassign owned by postgres to current_user",
    "drop schema public cascade",
]
# Open to everybody in a default database; the reading transaction refuses them.
READ_ONLY = [
    "create temporary table mine (x int)",
    "create temporary sequence mine",
    "create temporary view mine as select 1",
]
LARGE_OBJECTS = {
    "lo_creat(integer)": "lo_creat(-1)",
    "lo_create(oid)": "lo_create(0)",
    "lo_from_bytea(oid, bytea)": "lo_from_bytea(0, 'x')",
}


SECRET = "Jane Doe's message"
COUNTED = [name for name, table in TABLES.items() if tally_of(table)]
# By hand: what nobody needs in order to count.
TEXTS = {
    "audit_log": "details", "service_role_audit": "details", "prompts": "content", "knowledge_chunks": "content",
    "expert_messages": "content", "panel_messages": "content", "tenant_members": None, "api_keys": "key_hash",
    "workflow_logs": "message",
}  # fmt: skip


def counted_row(table: str) -> lab.Row:
    """A row with a text that must not leave, a kind and a day."""
    kind = tally_of(TABLES[table]).kind
    row: lab.Row = {"tenant_id": ACME} | ({kind: "admin"} if kind else {})
    if "created_at" in lab.columns(table):
        row["created_at"] = lab.VALUES["timestamptz"]
    return row | ({TEXTS[table]: SECRET} if TEXTS[table] else {})


@pytest.fixture(scope="module")
def source(module_database) -> str:
    """The contract's tables, a table beside them, and a few things to tamper with."""
    lab.create(module_database)
    lab.run(
        module_database,
        "create table user_profiles (id uuid primary key, email text)",
        "create table not_read (secret text)",
        "create sequence counter",
        "create materialized view settled as select 1",
        "alter table personas add contact_email text",
    )
    lab.plant(
        module_database,
        {"tenants": [{"id": ACME, "slug": "acme"}], "personas": [{"tenant_id": ACME, "name": "p"} for _ in range(5)]},
    )
    lab.plant(module_database, {table: [counted_row(table) for _ in range(3)] for table in COUNTED})
    return module_database


@pytest.fixture(scope="module")
def reader(source) -> Iterator[str]:
    """The documented role."""
    name = f"reader_{uuid4().hex[:8]}"
    lab.run(source, *reader_sql(name, "public"), f"alter role {name} password 'x'")
    yield with_parts(source, user=name, password="x")
    lab.run(source, f"drop owned by {name}", f"drop role {name}")


def bound(url: str) -> tuple[list[str], list[str]]:
    """(the kinds of findings about the role, the doctor's warnings) for this login."""
    settings = lab.settings_of(url)
    with connect.transaction(settings) as source:
        binding = drift.bind(drift.catalog(source), settings)
        found = privileges.excess(source, binding)
    said = [line.text for line in doctor.examine(settings) if line.status == "warning"]
    assert all(finding.detail in said for finding in found)
    return [f"{finding.kind} {finding.table}".strip() for finding in found], said


def test_the_documented_role_reads_everything_and_nothing_is_said_of_it(reader):
    assert bound(reader) == ([], [])
    assert len(lab.pull(reader, ACME).rows("personas")) == 5
    assert not [line for line in doctor.examine(lab.settings_of(reader)) if line.status != "ok"]


def test_the_documented_role_counts_messages_and_cannot_read_them(source, reader):
    assert TEXTS.keys() == set(COUNTED)
    with psycopg.connect(reader, autocommit=True) as connection:
        for table, text in TEXTS.items():
            assert connection.execute(f"select count(*) from {table}").fetchone() == (3,)
            for wanted in filter(None, ["*", text]):
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                    connection.execute(f"select {wanted} from {table}")
    # The control: a login that may read the texts counts the same, and no more of them leaves.
    ours, theirs = (lab.pull(url, ACME, only=COUNTED) for url in (reader, source))
    for table in COUNTED:
        assert ours.rows(table) == theirs.rows(table)
        assert [row["n"] for row in ours.dicts(table)] == [3]
    assert ours.findings == theirs.findings


def granted(url: str) -> dict[str, set[str]]:
    """By table, the columns that this login may read; nothing where it may read none."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            """select c.relname, array_agg(a.attname::text) from pg_class c join pg_attribute a on a.attrelid = c.oid
            where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped and c.relkind = 'r'
              and has_column_privilege(c.oid, a.attnum, 'select') group by c.relname"""
        )
        return {table: set(columns) for table, columns in found}


def test_the_documented_role_may_read_what_is_read_and_no_other_column(reader):
    """No private column of any table, and none that the contract does not know."""
    may = granted(reader)
    assert may.keys() == TABLES.keys() | LOOKUPS.keys()
    assert may["personas"] == {
        "id", "tenant_id", "department_id", "function_id", "role_id", "name", "code", "title", "description", "created_at",
        "updated_at", "deleted_at",
    }  # fmt: skip
    assert may["jtbd_roles"] == {*lab.columns("jtbd_roles")} - {"id"}
    private = {
        (table, column.name)
        for table, declared in TABLES.items() for column in declared.columns if column.info["level"] == "private"
    }  # fmt: skip
    needed = {("tenant_members", "user_id"), ("prompts", "id")}  # whose address it is, and what agents point at
    assert len(private) > 100
    assert {(table, column) for table, column in private if column in may[table]} == needed
    with psycopg.connect(reader, autocommit=True) as connection:
        for table, column in [("personas", "contact_email"), *sorted(private - needed)]:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                connection.execute(f"select {column} from {table}")


def test_the_grants_pass_over_what_a_database_does_not_have_and_take_in_what_is_new(new_database):
    url, name = new_database(), f"reader_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        for table in ("tenants", "jobs_to_be_done", "personas"):
            lab.create_table(connection, table)
    lab.run(url, "alter table personas drop column title, drop column deleted_at", *reader_sql(name, "public"))
    lab.run(url, f"alter role {name} password 'x'")
    role = with_parts(url, user=name, password="x")
    try:
        assert granted(role).keys() == {"tenants", "jobs_to_be_done", "personas"}
        lab.plant(url, {"tenants": [{"id": ACME}], "personas": [{"tenant_id": ACME, "name": "Robin"}]})
        assert lab.pull(role, ACME).rows("personas", "name") == [("Robin",)]
        lab.run(url, "alter table personas add title text, add data_classification text")
        with pytest.raises(RowsHidden, match="hides columns title, data_classification of personas"):
            lab.pull(role, ACME)
        lab.run(url, reader_sql(name, "public")[-1])
        assert len(lab.pull(role, ACME).rows("personas")) == 1
    finally:
        lab.run(url, f"drop owned by {name}", f"drop role {name}")


def test_a_key_to_a_table_that_is_only_counted_is_followed(source, reader):
    """agent_prompts names prompts: whose row that is must be known, though the table is only counted."""
    agent, ours, theirs = (uuid4() for _ in range(3))
    lab.plant(source, {
        "agents": [{"id": agent, "tenant_id": ACME}],
        "prompts": [{"id": ours, "tenant_id": ACME}, {"id": theirs, "tenant_id": uuid4()}],
    })  # fmt: skip
    lab.plant(source, {"agent_prompts": [{"agent_id": agent, "prompt_id": prompt} for prompt in (ours, theirs)]})
    pulled = lab.pull(reader, ACME, only=["agent_prompts"])
    assert pulled.rows("agent_prompts", "prompt_id") == [(ours,)]
    lab.run(source, "delete from agent_prompts", f"delete from prompts where id in ('{ours}', '{theirs}')")


CLOSED = {
    "what is counted": ("audit_log", "revoke select (action) on {table} from {role}", "action"),
    "whose it is": ("api_keys", "revoke select (tenant_id) on {table} from {role}", "tenant_id"),
    "a mark of personal health data": ("expert_messages", "alter table {table} add data_classification text", "data_classification"),
    "a column of a table that is read": (
        "personas", "revoke select on {table} from {role}; grant select (id, tenant_id) on {table} to {role}", "name",
    ),
}  # fmt: skip


@pytest.mark.parametrize("closed", CLOSED)
def test_a_column_that_may_not_be_read_is_named_and_the_remedy_works(source, reader, closed):
    table, closing, column = CLOSED[closed]
    role = psycopg.conninfo.conninfo_to_dict(reader)["user"]
    lab.run(source, closing.format(table=table, role=role))
    try:
        with pytest.raises(
            RowsHidden, match=rf"hides columns? .*\b{column}\b.* of {table} from role {role};"
        ) as caught:
            lab.pull(reader, ACME, only=[table])
        (line,) = (line for line in doctor.examine(lab.settings_of(reader)) if line.status == "problem")
        assert (line.subject, line.exit_code) == (table, 11)
        assert column in line.text
        granted = line.remedy.removeprefix("have the owner run: ")
        assert granted.startswith("GRANT SELECT (")
        assert granted in str(caught.value)
        lab.run(source, granted)
        assert len(lab.pull(reader, ACME, only=[table]).rows(table)) > 0
        assert not [line for line in doctor.examine(lab.settings_of(reader)) if line.status != "ok"]
        if table in COUNTED:
            with psycopg.connect(reader) as plain, pytest.raises(psycopg.errors.InsufficientPrivilege):
                plain.execute(f"select {TEXTS[table]} from {table}")
    finally:
        lab.run(source, f"alter table {table} drop column if exists data_classification")


def test_a_mark_that_may_be_read_withholds_its_rows(source, reader):
    role = psycopg.conninfo.conninfo_to_dict(reader)["user"]
    lab.run(source, 'alter table panel_messages add "Data_Classification" text',
            f'grant select ("Data_Classification") on panel_messages to {role}')  # fmt: skip
    try:
        lab.plant(source, {"panel_messages": [counted_row("panel_messages") | {"Data_Classification": "phi"}]})
        pulled = lab.pull(reader, ACME, only=["panel_messages"])
        assert [row["n"] for row in pulled.dicts("panel_messages")] == [3]
        assert pulled.found("withheld") == {("withheld", "panel_messages", None): 1}
    finally:
        lab.run(source, 'delete from panel_messages where "Data_Classification" is not null',
                'alter table panel_messages drop column "Data_Classification"')  # fmt: skip


def test_a_role_without_grants_learns_all_of_them(source, new_role):
    """The documented way to the grants of one's own database: make the role, ask the doctor, run what it says."""
    role = new_role(source)
    asked = [line for line in doctor.examine(lab.settings_of(role)) if line.status == "problem"]
    assert {line.subject for line in asked} == set(TABLES)
    lab.run(source, *(line.remedy.removeprefix("have the owner run: ") for line in asked))
    assert not [line for line in doctor.examine(lab.settings_of(role)) if line.status == "problem"]
    with psycopg.connect(role) as plain, pytest.raises(psycopg.errors.InsufficientPrivilege):
        plain.execute("select content from expert_messages")


@pytest.mark.parametrize("option", ["", "with (security_invoker = true)"])
def test_a_view_is_held_to_the_columns_that_it_names(source, reader, option):
    """Whoever reads below a view, its owner or this role, needs what the view names and no more."""
    role = psycopg.conninfo.conninfo_to_dict(reader)["user"]
    lab.run(
        source,
        f"create view keys {option} as select tenant_id, created_at from api_keys",
        f"create view hashes {option} as select tenant_id, created_at, key_hash from api_keys",
        f"grant select on keys, hashes to {role}",
    )
    try:
        pulled = lab.pull(reader, ACME, only=["api_keys"], mapping={"api_keys": "keys"})
        assert [row["n"] for row in pulled.dicts("api_keys")] == [3]
        if option:
            with pytest.raises(RowsHidden, match=rf"GRANT SELECT \(key_hash\) ON public.api_keys TO {role};"):
                lab.pull(reader, ACME, only=["api_keys"], mapping={"api_keys": "hashes"})
        else:
            assert lab.pull(reader, ACME, only=["api_keys"], mapping={"api_keys": "hashes"}).rows("api_keys")
    finally:
        lab.run(source, "drop view keys, hashes")


def attempt(connection: psycopg.Connection, statement: str) -> None:
    if "stdin" in statement or "stdout" in statement:
        with connection.cursor().copy(statement) as stream:
            list(stream)
    else:
        connection.execute(statement)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_documented_role_is_refused_by_its_grants(reader, statement):
    assert len(FORBIDDEN) >= 30
    with psycopg.connect(reader, autocommit=True, options="-c search_path=public") as connection:
        connection.execute("set default_transaction_read_only = off")
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidGrantOperation)):
            attempt(connection, statement)


@pytest.mark.parametrize("statement", READ_ONLY)
def test_what_everybody_may_do_is_refused_by_the_reading_transaction(reader, statement):
    with pytest.raises(SourceError), connect.transaction(lab.settings_of(reader)) as open_:
        open_.rows(statement)
    with psycopg.connect(reader) as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute(statement)  # the role's own default, without us


@pytest.mark.parametrize(("function", "call"), LARGE_OBJECTS.items())
def test_large_objects_are_refused_once_revoked_from_everybody(new_database, new_role, function, call):
    """Postgres lets every role make large objects, even in a read-only transaction: only this revoke ends that."""
    url = new_database()
    role = new_role(url, "bypassrls")
    lab.run(url, f"revoke execute on function pg_catalog.{function} from public")
    with pytest.raises(SourceError), connect.transaction(lab.settings_of(role)) as open_:
        open_.rows(f"select {call}")


WRITTEN = """
select (select json_object_agg(relname, array[n_tup_ins, n_tup_upd, n_tup_del] order by relid) from pg_stat_user_tables)::text,
       (select count(*) from pg_largeobject_metadata), (select count(*) from pg_class), (select count(*) from pg_roles),
       (select md5(string_agg(p::text || xmin::text || ctid::text, ',' order by id)) from personas p)
"""


def test_a_read_leaves_no_trace(source, reader):
    """Counters of rows, large objects, relations and the last transaction id are the same before and after."""

    def state() -> tuple[object, ...]:
        with psycopg.connect(source, autocommit=True) as connection:
            connection.execute("select pg_stat_force_next_flush()")
            return (
                *connection.execute(WRITTEN).fetchone(),
                connection.execute("select pg_snapshot_xmax(pg_current_snapshot())").fetchone(),
            )

    def read() -> tuple[object, object]:
        before = state()
        for url in (reader, source):  # a superuser's URL is read through the same transaction
            lab.pull(url, ACME)
            settings = lab.settings_of(url)
            doctor.examine(settings)
            with connect.transaction(settings) as open_:
                tenants.tenants(open_, drift.bind(drift.catalog(open_), settings))
        return before, state()

    # A session that has just ended hands in its counters a little later: those of the fixtures are waited for.
    before = state()
    for _ in range(100):
        time.sleep(0.1)
        before, earlier = state(), before
        if before == earlier:
            break
    # Autovacuum takes transaction ids too, now and then; a read that wrote would take some every time.
    looks = [read() for _ in range(5)]
    assert any(before == after for before, after in looks)
    assert all(before[:-1] == after[:-1] for before, after in looks)
    before = state()
    lab.run(source, "update personas set name = name")
    assert state() != before  # the same look does see a write


def test_a_superuser_is_named(source):
    kinds, said = bound(source)
    assert kinds == ["role_superuser"]
    assert any("superuser" in text for text in said)


@pytest.mark.parametrize("privilege", ["insert", "update", "delete", "truncate", "update (name)", "insert (name)"])
def test_a_role_that_may_write_is_named_with_the_table(source, new_role, privilege):
    role = new_role(source)
    name = psycopg.conninfo.conninfo_to_dict(role)["user"]
    lab.run(
        source, *(f"grant select on {table} to {name}" for table in TABLES), f"grant {privilege} on personas to {name}"
    )
    assert bound(role)[0] == ["role_writes personas"]
    assert len(lab.pull(role, ACME).rows("personas")) == 5


def test_a_role_that_may_write_beyond_the_contract_is_named(source, new_role):
    role = new_role(source)
    name = psycopg.conninfo.conninfo_to_dict(role)["user"]
    lab.run(source, *(f"grant select on {table} to {name}" for table in TABLES), f"grant delete on not_read to {name}")
    kinds, said = bound(role)
    assert kinds == ["role_writes"]
    assert any("public.not_read" in text for text in said)


def test_an_owner_and_a_role_that_makes_roles_are_named(new_database, new_role):
    url = new_database()
    lab.create(url)
    role = new_role(url, "createrole")
    name = psycopg.conninfo.conninfo_to_dict(role)["user"]
    lab.run(url, *(f"grant select on {table} to {name}" for table in TABLES), f"alter table personas owner to {name}")
    assert bound(role)[0] == ["role_creates", "role_owns personas"]


def test_membership_in_a_writing_role_counts(source, new_role):
    role, group = new_role(source), new_role(source)
    name, writers = (psycopg.conninfo.conninfo_to_dict(url)["user"] for url in (role, group))
    lab.run(
        source,
        *(f"grant select on {table} to {name}" for table in TABLES),
        f"grant update on org_roles to {writers}",
        f"grant {writers} to {name}",
    )
    assert bound(role)[0] == ["role_writes org_roles"]


def test_settings_end_with_the_transaction(reader, monkeypatch):
    """Behind a transaction pooler a session setting, a startup option or a prepared statement would reach the next client."""
    opened: list[psycopg.Connection] = []
    original = psycopg.connect

    def kept(*args, **kwargs):
        assert "options" not in kwargs
        assert "options" not in psycopg.conninfo.conninfo_to_dict(args[0])
        connection = original(*args, **kwargs)
        opened.append(connection)
        return connection

    monkeypatch.setattr(psycopg, "connect", kept)
    show = "select name, setting from pg_settings where name = any(%s) order by name"
    settings = lab.settings_of(reader, stall_timeout=7, statement_timeout=9)
    with connect.transaction(settings) as open_:
        connection = opened[0]
        names = [*connect._session(settings)]
        inside = connection.execute(show, [names]).fetchall()
        for _ in range(10):
            open_.rows("select 1")
        assert connection.execute("select count(*) from pg_prepared_statements").fetchone() == (0,)
        connection.execute("commit")  # what the pooler sees as the end of this client
        after = connection.execute(show, [names]).fetchall()
    with original(reader) as fresh:
        assert fresh.execute(show, [names]).fetchall() == after
    assert dict(inside)["row_security"] == "off"
    assert dict(inside)["statement_timeout"] == "9000"
    assert dict(after)["row_security"] == "on"
    assert dict(after)["statement_timeout"] == "0"


def test_a_view_cannot_change_the_session_for_what_is_read_next(source):
    lab.run(
        source,
        """create function unpin() returns text volatile language sql as
        $$select set_config('search_path', 'public', true) || set_config('row_security', 'on', true)$$""",
    )
    settings = lab.settings_of(source)
    look = "select current_setting('search_path') as path, current_setting('row_security') as hidden"
    with connect.transaction(settings) as open_:
        open_.rows("select public.unpin()")
        assert open_.rows(look) == [{"path": "pg_catalog", "hidden": "off"}]
