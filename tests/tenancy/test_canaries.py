"""Promise 1: not a byte of another tenant. A canary stands in every string of every tenant; one tenant is pulled out."""

from __future__ import annotations

import dataclasses
import zipfile
from uuid import UUID, uuid4

import duckdb
import psycopg
import pytest
from typer.testing import CliRunner

from tests.tenancy import lab
from tests.tenancy.worlds import NOBODY, Canaries
from vital_insights.cli import app as command_line
from vital_insights.errors import WarehouseError
from vital_insights.pipeline import refresh
from vital_insights.source import scope
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.declare import Own, Shared, Through, scope_of
from vital_insights.source.drift import Bound
from vital_insights.source.tally import FREE_TEXT
from vital_insights.warehouse import load

ACME, BETA, GAMMA = UUID(int=uuid4().int), uuid4(), uuid4()
OWNED = [name for name, table in TABLES.items() if not isinstance(scope_of(table), Shared)]
TENANT_COLUMN = [name for name, table in TABLES.items() if isinstance(scope_of(table), Own) and not table.info["tally"]]
LINKS = [name for name in OWNED if lab.is_link(name)]
THROUGH = [name for name in OWNED if isinstance(scope_of(TABLES[name]), Through)]
KEYS = {
    name: keys
    for name in TENANT_COLUMN
    if (keys := [c for c, target in lab.targets(name).items() if not isinstance(scope_of(TABLES[target]), Shared)])
}


@pytest.fixture(scope="module")
def world(contract_database) -> Canaries:
    made = Canaries.of([ACME, BETA, GAMMA])
    lab.plant(contract_database, made.rows)
    return made


@pytest.fixture(scope="module")
def live(contract_database):
    """The catalogue, read once for the tests below that ask table by table."""
    return lab.catalog(contract_database)


def test_every_table_holds_rows_of_every_tenant(world):
    assert all(world.rows[table] for table in TABLES)
    assert all(len(world.words[tenant]) > 50 for tenant in (ACME, BETA, GAMMA, NOBODY))


def test_nothing_of_another_tenant_is_in_any_table_or_byte(contract_database, world, tmp_path):
    file = tmp_path / "acme.duckdb"
    pulled = lab.pull(contract_database, ACME, file=file)
    assert world.strays(pulled.duck, ACME) == {}
    assert pulled.rows("jtbd_roles")
    pulled.duck.close()
    assert world.stray_bytes(file, ACME) == set()
    # The same search finds what is there: every loaded tenant-owned word of our own, text or UUID.
    assert str(ACME) in world.stray_bytes(file, BETA)
    assert len(world.stray_bytes(file, BETA)) > 100


def test_every_own_row_arrives(contract_database, world):
    """The test above would pass on an empty file."""
    pulled = lab.pull(contract_database, ACME)
    for table in TENANT_COLUMN:
        column = scope_of(TABLES[table]).column
        wanted = {str(row["id"]) for row in world.rows[table] if row[column] == ACME}
        assert {str(row[0]) for row in pulled.rows(table, "id")} == wanted, table


def test_members_are_counted_at_the_source_for_this_tenant_only(contract_database, world):
    pulled = lab.pull(contract_database, ACME)
    wanted = sum(row["tenant_id"] == ACME for row in world.rows["tenant_members"])
    assert pulled.rows("tenant_members", "role, n") == [(FREE_TEXT, wanted)]
    assert 0 < wanted < len(world.rows["tenant_members"])


@pytest.mark.parametrize("table", OWNED)
def test_control_a_table_without_its_scope_is_caught(contract_database, world, live, table, monkeypatch):
    def unscoped(name: str, bound: Bound) -> Bound:
        return dataclasses.replace(bound, scope=Shared(because="switched off")) if name == table else bound

    if table in THROUGH:  # a link that strays is masked still, and then miscounted: both guards are off here
        monkeypatch.setattr(scope, "_visible", lambda _: scope.sa.true())
        monkeypatch.setattr(load, "_reconcile", lambda *_: None)
    pulled = lab.pull(contract_database, ACME, only=[table], live=live, alter=unscoped)
    if TABLES[table].info["tally"]:  # days and numbers name nobody: there are more of them
        scoped = lab.pull(contract_database, ACME, only=[table], live=live)
        assert pulled.rows(table, "sum(n)") > scoped.rows(table, "sum(n)")
        return
    assert any(place.startswith(f"raw.{table}.") for place in world.strays(pulled.duck, ACME))


@pytest.mark.parametrize("table", TENANT_COLUMN)
def test_lock_three_stops_the_load_when_the_scope_lets_a_row_through(
    contract_database, world, live, table, monkeypatch
):
    monkeypatch.setattr(scope, "_is", lambda *_: scope.sa.true())
    with pytest.raises(WarehouseError, match="another tenant"):
        lab.pull(contract_database, ACME, only=[table], live=live)


@pytest.mark.parametrize("table", KEYS)
def test_control_a_key_that_is_not_masked_is_caught(contract_database, world, live, table, monkeypatch):
    monkeypatch.setattr(scope, "_visible", lambda _: scope.sa.true())
    with pytest.raises(WarehouseError, match="the source counted"):  # a key that was to be NULL arrived
        lab.pull(contract_database, ACME, only=[table], live=live)
    monkeypatch.setattr(load, "_reconcile", lambda *_: None)
    pulled = lab.pull(contract_database, ACME, only=[table], live=live)
    assert {f"raw.{table}.{column}" for column in KEYS[table]} <= set(world.strays(pulled.duck, ACME))


@pytest.mark.parametrize("table", LINKS)
def test_control_a_link_scoped_through_one_parent_only_is_caught(contract_database, world, live, table):
    keys = scope_of(TABLES[table]).keys
    owned = [key for key in keys if not isinstance(scope_of(TABLES[lab.targets(table)[key]]), Shared)]
    assert owned
    for dropped in owned:
        kept = [key for key in keys if key != dropped]

        def half(name: str, bound: Bound, kept: list[str] = kept) -> Bound:
            return dataclasses.replace(bound, scope=Through(*kept)) if name == table else bound

        pulled = lab.pull(contract_database, ACME, only=[table], live=live, alter=half)
        # The other parent's key is then masked like any key, so that what strays is the row itself.
        assert len(pulled.rows(table)) > sum(row["id"] in world.ids[table, ACME] for row in world.rows[table])


@pytest.mark.parametrize(
    "target", sorted({target for name in TABLES for target in lab.targets(name).values()} - {"jobs_to_be_done"})
)
def test_keys_to_a_table_that_was_renamed_are_not_kept_unseen(contract_database, world, target):
    # Renamed and not mapped, the table looks absent; its rows are still somebody's.
    with psycopg.connect(contract_database, autocommit=True) as connection:
        connection.execute(f"alter table {target} rename to moved_away")
        naming = [name for name in OWNED if target in lab.targets(name).values()]
        try:
            pulled = lab.pull(contract_database, ACME, only=naming)
        finally:
            connection.execute(f"alter table moved_away rename to {target}")
    assert world.strays(pulled.duck, ACME) == {}
    told = {(f.table, f.column) for f in pulled.findings if f.kind == "unverifiable_reference"}
    own = [name for name in naming if name != target and not TABLES[name].info["tally"]]
    deciding = {name: getattr(scope_of(TABLES[name]), "keys", ()) for name in own}
    assert told == {(n, c) for n in own for c, to in lab.targets(n).items() if to == target and c not in deciding[n]}


def test_a_whole_refresh_publishes_nothing_of_another_tenant(
    contract_database, world, tmp_path, capfd, caplog, monkeypatch
):
    settings = lab.settings_of(contract_database, warehouse=tmp_path / "warehouse")
    with caplog.at_level("DEBUG"):
        done = refresh(str(ACME), settings=settings, publish_anyway=True)
    assert done.published
    with duckdb.connect(str(done.path), read_only=True) as duck:
        seen = {table for table, _, _ in lab.texts(duck)}
        assert any(table.startswith("model.") for table in seen)
        assert any(table.startswith("metric.") for table in seen)
        assert world.strays(duck, ACME) == {}
    forbidden = set().union(*(words for owner, words in world.words.items() if owner not in (ACME, "all")))
    # What leaves the warehouse for people is searched as well, inside of what is packed.
    commands = (
        ["report", "-o", "report.html"],
        ["export", "-o", "book.xlsx"],
        ["export", "--format", "csv", "-o", "csv"],
    )
    monkeypatch.chdir(tmp_path)
    for command, *options in commands:
        told = CliRunner().invoke(
            command_line, [command, str(ACME), *options], env={"VITAL_WAREHOUSE": str(tmp_path / "warehouse")}
        )
        assert told.exit_code == 0, told.output
        print(told.output)
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book:
        book.extractall(tmp_path / "book")
    written = [path for path in tmp_path.rglob("*") if path.is_file() and "warehouse" not in path.parts]
    assert len(written) > 100
    together = tmp_path / "together"
    together.write_bytes(b"\n".join(path.read_bytes() for path in written))
    assert world.stray_bytes(together, ACME) == set()
    assert str(ACME) in world.stray_bytes(together, BETA)  # the same search finds what is there
    said = "".join(capfd.readouterr()) + caplog.text + repr(done)
    assert not [word for word in forbidden if word in said]
    for path in (tmp_path / "warehouse").rglob("*"):
        assert str(BETA) not in path.name
        if path.is_file():
            assert world.stray_bytes(path, ACME) == set()
