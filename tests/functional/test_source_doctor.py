"""The doctor: one line each, ok, warning or problem, and for whatever is not ok the next thing to do. It never raises."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from tests.tenancy import lab
from vital_insights.source import doctor
from vital_insights.source.contract import TABLES

ACME = uuid4()


@pytest.fixture
def healthy(database, new_role) -> tuple[str, str]:
    """(the superuser's URL, the URL of a role that can read and nothing else)."""
    lab.create(database)
    lab.plant(database, {"tenants": [{"id": ACME, "slug": "acme"}]})
    role = new_role(database)
    lab.run(database, *(f"grant select on {table} to {user(role)}" for table in TABLES))
    return database, role


def user(url: str) -> str:
    return psycopg.conninfo.conninfo_to_dict(url)["user"]


def lines(url: str, **changes: object) -> dict[tuple[str, str], list[doctor.Line]]:
    """The doctor's lines by (status, subject); each is one sentence, and what is not ok says what to do."""
    found: dict[tuple[str, str], list[doctor.Line]] = {}
    for line in doctor.examine(lab.settings_of(url, **changes)):
        assert line.status in ("ok", "warning", "problem")
        assert line.text
        assert "\n" not in line.text
        assert line.remedy or line.status == "ok"
        found.setdefault((line.status, line.subject), []).append(line)
    return found


def test_a_healthy_source_is_ok_line_by_line(healthy):
    found = lines(healthy[1])
    assert {status for status, _ in found} == {"ok"}
    assert {subject for _, subject in found} >= {"connection", "server", "schema", "role", "rows", "tenants"}
    assert found["ok", "tenants"][0].text == "1 in the source"
    assert found["ok", "schema"][0].text == f"{len(TABLES)} of {len(TABLES)} contract tables are there"


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/x", "nonsense"])
def test_no_connection_is_one_problem(url):
    found = lines(url, connect_timeout=2)
    assert list(found) == [("problem", "connection")]


def test_nothing_set_is_a_problem_with_the_variable_to_set(monkeypatch):
    monkeypatch.delenv("VITAL_SOURCE_URL", raising=False)
    (line,) = doctor.examine(lab.Settings())
    assert line.status == "problem"
    assert "VITAL_SOURCE_URL" in line.remedy


def test_drift_is_a_warning_and_a_missing_required_table_a_problem(healthy):
    owner, role = healthy
    lab.run(
        owner,
        "drop table industries",
        "alter table personas drop column name",
        "alter table personas drop column tenant_id",
    )
    found = lines(role)
    assert "missing table" in found["warning", "industries"][0].text
    assert {line.text for line in found["warning", "personas"]} == {
        "missing column: name",
        "missing column: tenant_id",
        "unscopable",
    }
    lab.run(owner, "alter table jobs_to_be_done rename to jtbd")
    found = lines(role)
    assert "jobs_to_be_done" in found["problem", "schema"][0].text
    assert "[mapping] jobs_to_be_done" in found["problem", "schema"][0].remedy
    assert ("ok", "connection") in found
    assert ("ok", "server") in found


def test_many_missing_tables_of_an_area_are_one_line(healthy):
    owner, role = healthy
    gone = [name for name, table in TABLES.items() if table.info["area"] == "solutions"]
    lab.run(owner, *(f"drop table {name}" for name in [*gone, "votes"]))
    found = lines(role)
    (line,) = found["warning", "solutions"]
    assert line.text.startswith(f"{len(gone)} of {len(gone)} tables of this area are missing: solutions, ")
    assert not any(subject in gone for status, subject in found if subject != "solutions")
    assert "missing table" in found["warning", "votes"][0].text


def test_hidden_rows_are_problems_whose_remedies_work(healthy):
    owner, role = healthy
    lab.run(owner, "alter table personas enable row level security", f"revoke select on org_roles from {user(role)}")
    found = lines(role)
    for table in ("personas", "org_roles"):
        (line,) = found["problem", table]
        lab.run(owner, line.remedy.removeprefix("have the owner run: "))
    assert not [key for key in lines(role) if key[0] == "problem"]


def test_rows_of_nobody_are_counted_here_and_only_here(healthy):
    owner, role = healthy
    lab.plant(owner, {"org_roles": [{}, {}, {}], "personas": [{}]})
    found = lines(role)
    assert found["warning", "org_roles"][0].text.startswith("3 rows ")
    assert 'shared = ["org_roles"]' in found["warning", "org_roles"][0].remedy
    assert ("warning", "personas") in found
    shared = lines(role, tenancy=lab.Tenancy(shared=frozenset({"org_roles"})))
    assert ("warning", "org_roles") not in shared


def test_a_read_that_fails_is_a_problem_and_the_lines_before_it_stay(healthy):
    owner, role = healthy
    lab.run(
        owner,
        "alter table personas rename to kept",
        "create view personas as select id, (1 / 0)::text::uuid as tenant_id from kept",
        f"grant select on personas to {user(role)}",
    )
    found = lines(role)
    assert ("ok", "connection") in found
    assert ("ok", "schema") in found
    assert len(found["problem", "reading"]) == 1


def test_a_superuser_is_a_warning(healthy):
    found = lines(healthy[0])
    assert "superuser" in found["warning", "role"][0].text
    assert not [key for key in found if key[0] == "problem"]


def test_a_wrong_mapping_is_a_problem(healthy):
    assert "personaz" in lines(healthy[1], mapping={"personaz": "x"})["problem", "reading"][0].text
    assert "nowhere" in lines(healthy[1], mapping={"personas": "nowhere"})["problem", "schema"][0].text
