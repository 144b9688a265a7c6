"""Promise 5: rows that Postgres would hide are an error with the exact remedy, never an empty tenant."""

from __future__ import annotations

import re
from uuid import uuid4

import psycopg
import pytest

from tests.tenancy import lab
from vital_insights.errors import RowsHidden
from vital_insights.pipeline import refresh
from vital_insights.source.contract import TABLES

ACME = uuid4()
POLICIES = {"no policy": [], "an all-seeing policy": ["create policy everything on public.personas using (true)"]}


@pytest.fixture
def guarded(database) -> str:
    """A tenant with one persona."""
    lab.create(database)
    lab.plant(database, {"tenants": [{"id": ACME, "name": "Acme"}], "personas": [{"tenant_id": ACME, "name": "p"}]})
    return database


def grant(guarded: str, role: str, *tables: str) -> str:
    name = psycopg.conninfo.conninfo_to_dict(role)["user"]
    lab.run(guarded, *(f"grant select on public.{table} to {name}" for table in tables or TABLES))
    return name


def asked(error: pytest.ExceptionInfo[RowsHidden]) -> list[str]:
    """The statements of the hint, as somebody would paste them."""
    return re.findall(r"^\s+((?:GRANT|ALTER) .*;)$", str(error.value), flags=re.MULTILINE)


def personas(url: str) -> int:
    return len(lab.pull(url, ACME, only=["personas"]).rows("personas"))


@pytest.mark.parametrize("policies", POLICIES.values(), ids=POLICIES)
def test_a_plain_role_is_refused_and_the_remedy_works(guarded, new_role, policies):
    role = new_role(guarded)
    grant(guarded, role)
    lab.run(guarded, "alter table public.personas enable row level security", *policies)
    with psycopg.connect(role) as plain:  # what makes this dangerous: no error, and with no policy no row
        assert len(plain.execute("select * from public.personas").fetchall()) == len(policies)
    with pytest.raises(RowsHidden, match="hides rows of personas") as caught:
        personas(role)
    assert len(asked(caught)) == 1
    assert "BYPASSRLS" in asked(caught)[0]
    lab.run(guarded, *asked(caught))
    assert personas(role) == 1


def test_nothing_is_published_and_the_exit_code_is_its_own(guarded, new_role, tmp_path):
    role = new_role(guarded)
    grant(guarded, role)
    lab.run(guarded, "alter table public.org_roles enable row level security")
    with pytest.raises(RowsHidden) as caught:
        refresh(str(ACME), settings=lab.settings_of(role, warehouse=tmp_path / "w"))
    assert caught.value.exit_code == 11
    assert not list(tmp_path.rglob("*.duckdb*"))
    assert not list(tmp_path.rglob("CURRENT"))


def test_a_bypassing_role_reads_every_row(guarded, new_role):
    role = new_role(guarded, "bypassrls")
    grant(guarded, role)
    lab.run(
        guarded,
        "alter table public.personas enable row level security",
        "alter table public.personas force row level security",
    )
    assert personas(role) == 1


def test_an_owner_reads_every_row_unless_the_policy_is_forced_on_it(guarded, new_role):
    role = new_role(guarded)
    owner = grant(guarded, role)
    lab.run(
        guarded,
        f"alter table public.personas owner to {owner}",
        "alter table public.personas enable row level security",
    )
    assert personas(role) == 1
    lab.run(guarded, "alter table public.personas force row level security")
    with pytest.raises(RowsHidden) as caught:
        personas(role)
    lab.run(guarded, *asked(caught))
    assert personas(role) == 1


@pytest.mark.parametrize("kind", ["", "with (security_invoker = true)"])
@pytest.mark.parametrize("depth", [1, 2])
def test_a_view_over_a_guarded_table_is_refused_and_the_remedy_works(guarded, new_role, kind, depth):
    """The catalogue says of a view that no policy is on it; the rows under it are hidden just the same."""
    role, other = new_role(guarded), new_role(guarded)
    grant(guarded, role)
    middle = grant(guarded, other)
    lab.run(
        guarded,
        "alter table public.personas rename to people",
        "alter table public.people enable row level security",
        f"create view public.inner_people {kind} as select * from public.people",
        f"create view public.personas {kind} as select * from public.{'people' if depth == 1 else 'inner_people'}",
        f"alter view public.inner_people owner to {middle}",
        f"alter view public.personas owner to {middle}",
    )
    grant(guarded, role)
    with pytest.raises(RowsHidden, match="hides rows of personas") as caught:
        personas(role)
    lab.run(guarded, *asked(caught))
    assert personas(role) == 1


def test_a_view_owned_by_the_tables_owner_is_fine(guarded, new_role):
    """The documented way where BYPASSRLS cannot be had."""
    role = new_role(guarded)
    lab.run(
        guarded,
        "alter table public.personas enable row level security",
        "create schema reading",
        "create view reading.personas as select * from public.personas",
    )
    name = grant(guarded, role, *(table for table in TABLES if table != "personas"))
    lab.run(guarded, f"grant usage on schema reading to {name}", f"grant select on reading.personas to {name}")
    pulled = lab.pull(role, ACME, only=["personas"], mapping={"personas": "reading.personas"})
    assert len(pulled.rows("personas")) == 1


@pytest.mark.parametrize("missing", ["table", "schema", "both", "column only", "odd names"])
def test_a_missing_grant_is_named_and_works_when_run(guarded, new_role, missing):
    role = new_role(guarded)
    name = grant(guarded, role)
    mapping = {}
    if missing in ("table", "both"):
        lab.run(guarded, f"revoke select on public.personas from {name}")
    if missing in ("schema", "both"):
        lab.run(guarded, "revoke usage on schema public from public")
    if missing == "column only":
        lab.run(
            guarded,
            f"revoke select on public.personas from {name}",
            f"grant select (id, tenant_id) on public.personas to {name}",
        )
    if missing == "odd names":
        lab.run(
            guarded,
            'create schema "my ""odd"" 100% sch:ema"',
            'alter table public.personas set schema "my ""odd"" 100% sch:ema"',
            'alter table "my ""odd"" 100% sch:ema".personas rename to "P%s; drop"',
        )
        lab.run(guarded, f'revoke select on "my ""odd"" 100% sch:ema"."P%s; drop" from {name}')
        mapping = {"personas": 'my "odd" 100% sch:ema.P%s; drop'}
    with pytest.raises(RowsHidden) as caught:
        lab.pull(role, ACME, only=["personas"], mapping=mapping)
    assert caught.value.exit_code == 11
    lab.run(guarded, *asked(caught))
    assert len(lab.pull(role, ACME, only=["personas"], mapping=mapping).rows("personas")) == 1


def test_a_view_whose_owner_may_not_read_below_is_refused_and_the_remedy_works(guarded, new_role):
    role, other = new_role(guarded), new_role(guarded)
    middle = psycopg.conninfo.conninfo_to_dict(other)["user"]
    lab.run(
        guarded,
        "alter table public.personas rename to people",
        "create view public.personas as select * from public.people",
        f"alter view public.personas owner to {middle}",
    )
    grant(guarded, role)
    with pytest.raises(RowsHidden) as caught:
        personas(role)
    lab.run(guarded, *asked(caught))
    assert personas(role) == 1
