"""Locks 1 and 2: a table without a scope cannot be declared, and no SELECT on the source is built without the tenant."""

from __future__ import annotations

import subprocess
import sys
from uuid import uuid4

import pytest
from sqlalchemy.dialects import postgresql

from vital_insights.errors import UsageError
from vital_insights.settings import Settings, Tenancy
from vital_insights.source.contract import METADATA, TABLES
from vital_insights.source.contract.declare import Own, Shared, Through, scope_of, table, text
from vital_insights.source.drift import SHARABLE, Bound, LiveTable, bind
from vital_insights.source.scope import find_tenants, scoped_select

ACME = uuid4()


def live(name: str, drop: tuple[str, ...] = ()) -> LiveTable:
    kinds = {column.name: "uuid" if column.name.endswith("id") else "text" for column in TABLES[name].columns}
    return LiveTable("public", name, {c: k for c, k in kinds.items() if c not in drop}, frozenset({"id"}), (), False)


def bound(drop: dict[str, tuple[str, ...]] | None = None, shared: frozenset[str] = frozenset()) -> dict[str, Bound]:
    found = {("public", name): live(name, (drop or {}).get(name, ())) for name in TABLES}
    return bind(found, Settings(source_url=None, tenancy=Tenancy(shared=shared))).tables


def compiled(name: str, tables: dict[str, Bound]) -> tuple[str, dict[str, object]]:
    scoped = scoped_select(name, tables, ACME)
    made = scoped.select(*scoped.columns.values()).compile(dialect=postgresql.dialect())
    return str(made), made.params


@pytest.mark.parametrize("scope", [None, "tenant_id", Own, object()])
def test_a_table_without_a_scope_is_a_type_error(scope):
    before = set(METADATA.tables)
    with pytest.raises(TypeError, match="whose its rows are"):
        table("unscoped", scope, text("name"))
    assert set(METADATA.tables) == before


def test_every_table_of_the_contract_is_decided():
    for name, declared in TABLES.items():
        scope = scope_of(declared)
        assert isinstance(scope, Own | Through | Shared)
        if isinstance(scope, Shared):
            assert len(scope.because) > 20, name
        if isinstance(scope, Own):
            assert scope.column in declared.c
            assert set(scope.through) <= set(declared.c.keys())
        if isinstance(scope, Through):
            assert all("to" in declared.c[key].info for key in scope.keys), name


@pytest.mark.parametrize("name", TABLES)
def test_the_tenant_is_a_bound_parameter_and_never_text(name):
    sql, parameters = compiled(name, bound())
    assert str(ACME) not in sql
    if isinstance(scope_of(TABLES[name]), Shared):
        assert ACME not in parameters.values()
    else:
        assert ACME in parameters.values()
        assert " WHERE " in sql.replace("\n", " ")


@pytest.mark.parametrize("name", SHARABLE)
def test_rows_of_nobody_enter_only_where_the_settings_say_so(name):
    column = scope_of(TABLES[name]).column
    # `name` may read NULL owners of what it points at; the condition on its own rows stands in the last WHERE.
    plain = compiled(name, bound())[0].rpartition("WHERE")[2]
    assert "IS NULL" not in plain
    shared = compiled(name, bound(shared=frozenset({name})))[0].rpartition("WHERE")[2]
    assert f'"{column}" IS NULL' in shared


@pytest.mark.parametrize("name", ["tenants", "tenant_members", "jtbd_roles", "industries"])
def test_what_cannot_belong_to_nobody_cannot_be_shared(name):
    with pytest.raises(UsageError, match="cannot be shared"):
        bound(shared=frozenset({name}))


def test_a_table_that_cannot_be_scoped_is_not_selected_from():
    tables = bound({"personas": ("tenant_id",)})
    assert tables["personas"].scope is None
    with pytest.raises(ValueError, match="personas cannot be scoped"):
        scoped_select("personas", tables, ACME)
    assert tables["jtbd_personas"].scope is None  # its parent cannot be scoped, so it cannot either
    assert tables["jtbd_roles"].scope is not None


def test_private_columns_are_never_selected():
    sql, _ = compiled("tenant_members", bound())
    assert "user_id" not in sql
    private = [
        (t.name, c.name) for t in TABLES.values() for c in t.columns if c.info["level"] == "private" and c.name != "id"
    ]
    assert ("tenant_members", "user_id") in private
    for name, column in private:
        assert f'"{column}"' not in compiled(name, bound())[0]


def test_the_one_unscoped_select_reads_four_columns_of_tenants():
    made = find_tenants(bound()["tenants"])
    assert [column.name for column in made.selected_columns] == ["id", "slug", "name", "status"]
    assert str(made).count("FROM") == 1


def test_importing_the_contract_loads_sqlalchemy_and_little_else():
    """What its tables cost is told beside what the library costs, which no machine can upset."""
    code = """
import sys, time
begun = time.process_time()
import sqlalchemy
library = time.process_time() - begun
begun = time.process_time()
import vital_insights.source.contract
print(time.process_time() - begun, library, *sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert float(done[0]) < float(done[1])
    assert not {"psycopg", "duckdb", "polars", "pandas", "pydantic", "great_expectations"} & set(done)
