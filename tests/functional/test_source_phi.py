"""Promise 20: rows marked phi stay in the source, whatever the contract says of the column; references to them are NULL."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.tenancy import lab
from vital_insights.source.contract import TABLES

ACME, BETA = uuid4(), uuid4()
PHI = [
    "phi",
    "PHI",
    " Phi ",
    "\tphi\n",
    "phi\u00a0",
    "{phi}",
    "P.H.I.",
    "PHI/PII",
    "internal, phi",
    "restricted;PHI",
    "level=phi",
    "phi+pii",
]
FINE = [None, "", "public", "internal", "phi-free", "nophi", "NOPHI", "non_phi", "graphic", "public,graphic", "PHIL"]


@pytest.fixture
def classified(database) -> str:
    """A live table carries data_classification that the contract does not declare."""
    lab.create(database, personas={"data_classification": "text"}, org_roles={"data_classification": "varchar(20)"})
    return database


def test_rows_marked_phi_are_withheld_and_counted(classified, tmp_path):
    assert all("data_classification" not in table.c for table in TABLES.values())
    lab.plant(
        classified,
        {
            "personas": [
                {"tenant_id": owner, "name": f"{'canary' if mark in PHI else 'fine'} {n}", "data_classification": mark}
                for owner in (ACME, BETA)
                for n, mark in enumerate([*PHI, *FINE])
            ]
        },
    )
    pulled = lab.pull(classified, ACME, file=tmp_path / "file.duckdb")
    assert sorted(name for (name,) in pulled.rows("personas", "name")) == sorted(
        f"fine {n}" for n in range(len(PHI), len(PHI) + len(FINE))
    )
    assert pulled.found("withheld") == {("withheld", "personas", None): len(PHI)}
    pulled.duck.close()
    content = (tmp_path / "file.duckdb").read_bytes()
    assert b"fine" in content
    assert b"canary" not in content


def test_references_to_withheld_rows_are_null_and_links_to_them_stay_out(classified):
    role, fine_role, persona, job = uuid4(), uuid4(), uuid4(), uuid4()
    lab.plant(
        classified,
        {
            "org_roles": [
                {"id": role, "tenant_id": ACME, "data_classification": "PHI"},
                {"id": fine_role, "tenant_id": ACME},
            ],
            "jobs_to_be_done": [{"id": job, "tenant_id": ACME}],
            "personas": [
                {"id": persona, "tenant_id": ACME, "role_id": role},
                {"tenant_id": ACME, "role_id": fine_role},
            ],
            "jtbd_roles": [{"jtbd_id": job, "role_id": role}, {"jtbd_id": job, "role_id": fine_role}],
        },
    )
    pulled = lab.pull(classified, ACME)
    assert set(pulled.rows("personas", "role_id")) == {(None,), (fine_role,)}
    assert pulled.rows("jtbd_roles", "jtbd_id, role_id") == [(job, fine_role)]
    assert pulled.found("withheld_reference") == {
        ("withheld_reference", "personas", "role_id"): 1,
        ("withheld_reference", "jtbd_roles", "role_id"): 1,
    }
    assert not any(str(role) in value for _, _, value in lab.texts(pulled.duck))


def test_a_mark_among_several_and_a_column_in_any_case_count(database):
    lab.create(database, personas={"data_classification": "text[]"}, org_roles={"Data_Classification": "jsonb"})
    lists = ["{public,phi}", "{PHI}", "{public}", "{}", None]
    objects = ['["pii", "phi"]', '{"level": "PHI"}', '["public"]', "null", None]
    lab.plant(
        database,
        {
            "personas": [{"tenant_id": ACME, "data_classification": each} for each in lists],
            "org_roles": [{"tenant_id": ACME, "Data_Classification": each} for each in objects],
        },
    )
    pulled = lab.pull(database, ACME, only=["personas", "org_roles"])
    assert len(pulled.rows("personas")) == len(pulled.rows("org_roles")) == 3
    assert pulled.found("withheld") == {("withheld", "personas", None): 2, ("withheld", "org_roles", None): 2}


@pytest.mark.parametrize("kind", ["text", "text[]", "jsonb", "classification"])
def test_the_mark_is_read_whatever_its_type(database, kind):
    lab.run(database, "create type classification as enum ('phi', 'public')")
    lab.create(database, personas={"data_classification": kind}, tenant_members={"data_classification": kind})
    phi, public = {"text[]": ("{phi}", "{public}"), "jsonb": ('"phi"', '"public"')}.get(kind, ("phi", "public"))
    lab.plant(
        database,
        {
            "personas": [
                {"tenant_id": ACME, "data_classification": phi},
                {"tenant_id": ACME, "data_classification": public},
            ],
            "tenant_members": [
                {"tenant_id": ACME, "role": "owner", "data_classification": phi},
                {"tenant_id": ACME, "role": "member"},
            ],
        },
    )
    pulled = lab.pull(database, ACME)
    assert len(pulled.rows("personas")) == 1
    assert pulled.rows("tenant_members", "role, n") == [("member", 1)]
    assert pulled.found("withheld") == {("withheld", "personas", None): 1, ("withheld", "tenant_members", None): 1}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_may_carry_the_mark(contract_with_marks, table):
    """Whatever its scope is: a row that would be loaded is not, once it is marked."""
    pulled = lab.pull(contract_with_marks[0], ACME, only=[table])
    marked = contract_with_marks[1][table]
    assert marked not in [row.get("id") for row in pulled.dicts(table)]
    assert len(pulled.rows(table)) == (0 if table == "tenants" or lab.is_link(table) else 1)
    assert sum(pulled.found("withheld").values()) == 1


@pytest.fixture(scope="module")
def contract_with_marks(new_database) -> tuple[str, dict[str, UUID]]:
    """Each table has a row that is marked, its keys naming rows that are not; and the ids of the marked ones."""
    url = new_database()
    lab.create(url, **{table: {"data_classification": "text"} for table in TABLES})
    fine = {table: uuid4() for table in TABLES}
    world = {}
    for table in TABLES:
        row = {"id": ACME if table == "tenants" else uuid4(), "data_classification": "phi"}
        row |= {column: fine[target] for column, target in lab.targets(table).items()}
        if "tenant_id" in lab.columns(table):
            row["tenant_id"] = ACME
        twin = {"id": fine[table]} | ({"tenant_id": ACME} if "tenant_id" in row else {})
        if not lab.is_link(table):
            twin |= {key: row[key] for key in getattr(TABLES[table].info["scope"], "keys", ())}
        world[table] = [row, twin]
    lab.plant(url, world)
    return url, {table: rows[0]["id"] for table, rows in world.items()}


def test_control_without_the_mark_the_rows_are_there(contract_with_marks, new_database):
    url = new_database(contract_with_marks[0])
    lab.run(url, *(f"update {table} set data_classification = 'public'" for table in TABLES))
    pulled = lab.pull(url, ACME)
    for table, marked in contract_with_marks[1].items():
        assert len(pulled.rows(table)) >= 1
        assert lab.is_link(table) or TABLES[table].info["tally"] or marked in [row["id"] for row in pulled.dicts(table)]
    assert not pulled.found("withheld")
