"""Promise 3: the source is never written; grants are the wall, READ ONLY the seat belt, and a role that could write is named."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from tests.tenancy import lab
from vital_insights.demo.fill import with_parts
from vital_insights.errors import SourceError
from vital_insights.source import connect, doctor, drift, privileges, tenants
from vital_insights.source.contract import TABLES
from vital_insights.source.grants import role_sql

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


@pytest.fixture(scope="module")
def source(module_database) -> str:
    """The contract's tables, a table beside them, and a few things to tamper with."""
    lab.create(module_database)
    lab.run(
        module_database,
        "create table not_read (secret text)",
        "create sequence counter",
        "create materialized view settled as select 1",
    )
    lab.plant(
        module_database,
        {"tenants": [{"id": ACME, "slug": "acme"}], "personas": [{"tenant_id": ACME, "name": "p"} for _ in range(5)]},
    )
    return module_database


@pytest.fixture(scope="module")
def reader(source) -> Iterator[str]:
    """The documented role."""
    name = f"reader_{uuid4().hex[:8]}"
    lab.run(source, *role_sql(name, "public", TABLES), f"alter role {name} password 'x'")
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
