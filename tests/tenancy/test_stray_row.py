"""Lock 3: whatever went wrong before it, the load takes no row of another tenant, and of nobody only where told so."""

from __future__ import annotations

import functools
from uuid import UUID, uuid4

import duckdb
import pytest

from tests.tenancy import lab
from vital_insights.errors import WarehouseError
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.declare import Own, scope_of
from vital_insights.source.copy import Carried, Extract
from vital_insights.warehouse import load

ACME, BETA = uuid4(), uuid4()
OWN = [name for name, table in TABLES.items() if isinstance(scope_of(table), Own) and not table.info["tally"]]


def stream(table: str, owners: list[UUID | None], *, as_text: bool = False) -> Extract:
    """A stream as the source would send it: one row an owner, every other column empty."""
    column = scope_of(TABLES[table]).column
    carried = tuple(Carried(name, "uuid", as_text) for name in dict.fromkeys(["id", column]))
    lines = [
        ",".join([*(str(owner or "") if name == column else str(uuid4()) for name in (c.name for c in carried)), "f"])
        for owner in owners
    ]
    values = {"id": len(owners), column: sum(owner is not None for owner in owners)}
    batches = iter([[f"{line}\n".encode()] for line in lines])
    return Extract(table, carried, ("id",), column, len(owners), values, {}, (), batches)


@functools.cache
def prepared() -> duckdb.DuckDBPyConnection:
    """One DuckDB for all the loads: to open one costs more than a load of two rows."""
    duck = duckdb.connect(config={"threads": "1"})
    load.prepare(duck)
    return duck


def loaded(table: str, owners: list[UUID | None], *, null_tenant: bool = False, as_text: bool = False) -> int:
    duck = prepared()
    duck.execute(f"drop table if exists raw.{table}")
    load.load(duck, stream(table, owners, as_text=as_text), ACME, null_tenant=null_tenant)
    return len(duck.execute(f"select * from raw.{table}").fetchall())


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("table", OWN)
def test_a_row_of_another_tenant_stops_the_load(table, as_text):
    assert loaded(table, [ACME], as_text=as_text) == 1
    with pytest.raises(WarehouseError, match="another tenant") as caught:
        loaded(table, [ACME, BETA], as_text=as_text)
    assert str(BETA) not in str(caught.value)


@pytest.mark.parametrize("table", [name for name in OWN if name != "tenants"])
def test_a_row_of_nobody_stops_the_load_unless_the_table_is_shared(table):
    with pytest.raises(WarehouseError, match="another tenant"):
        loaded(table, [ACME, None])
    assert loaded(table, [ACME, None], null_tenant=True) == 2
    with pytest.raises(WarehouseError, match="another tenant"):
        loaded(table, [ACME, None, BETA], null_tenant=True)


def test_a_row_missing_from_the_stream_stops_the_load():
    short = stream("personas", [ACME, ACME])
    next(short.batches)
    duck = duckdb.connect()
    load.prepare(duck)
    with pytest.raises(WarehouseError, match="personas: the source counted 2, 1 arrived"):
        load.load(duck, short, ACME)


@pytest.mark.parametrize(
    ("spelling", "why"),
    [
        (str.upper, "upper case"),
        (lambda text: f"{{{text}}}", "braces"),
        (lambda text: text.replace("-", ""), "no hyphens"),
    ],
)
def test_a_foreign_key_kept_as_text_is_recognised_in_any_spelling(new_database, spelling, why):
    """The warehouse reads every spelling as one UUID, so a key taken for `dangling` would name a foreign row there."""
    url = new_database()
    lab.create(url, personas={"role_id": "text", "department_id": "text"}, org_departments={"id": "text"})
    role, department, ours = uuid4(), uuid4(), uuid4()
    lab.plant(
        url,
        {
            "org_roles": [{"id": role, "tenant_id": BETA}, {"id": ours, "tenant_id": ACME}],
            "org_departments": [{"id": str(department), "tenant_id": BETA}],
            "personas": [
                {"tenant_id": ACME, "role_id": spelling(str(role)), "department_id": spelling(str(department))},
                {"tenant_id": ACME, "role_id": spelling(str(ours))},
            ],
        },
    )
    pulled = lab.pull(url, ACME)
    assert set(pulled.rows("personas", "role_id, department_id")) == {(ours, None), (None, None)}, why
    assert pulled.found("cross_tenant_reference") == {
        ("cross_tenant_reference", "personas", "role_id"): 1,
        ("cross_tenant_reference", "personas", "department_id"): 1,
    }
    assert not pulled.found("dangling")


@pytest.mark.parametrize("spelling", [str, str.upper, lambda text: f"{{{text}}}"])
def test_a_tenant_id_kept_as_text_is_ours_in_any_spelling(new_database, spelling):
    url = new_database()
    lab.create(url, personas={"tenant_id": "text"})
    lab.plant(
        url,
        {"personas": [{"tenant_id": spelling(str(ACME))}, {"tenant_id": spelling(str(BETA))}, {"tenant_id": "x"}, {}]},
    )
    assert lab.pull(url, ACME, only=["personas"]).rows("personas", "tenant_id") == [(ACME,)]
