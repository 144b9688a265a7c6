"""Who is a member is read with every extraction, becomes keyed hashes and is dropped: no address stays anywhere."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.tenancy import lab
from vital_insights import access, checking, insights
from vital_insights.access import Members, Standing
from vital_insights.demo.fill import with_parts
from vital_insights.errors import SchemaDrift, SourceError, UsageError
from vital_insights.pipeline import check_live, refresh
from vital_insights.quality import QualityProcess
from vital_insights.settings import Settings, shipped
from vital_insights.source import connect, doctor, drift, members, tenants
from vital_insights.source.contract import LOOKUPS, TABLES
from vital_insights.source.grants import reader_sql

ACME, BETA = uuid4(), uuid4()
KEY = "canary-key-" + "k" * 32
CANARY = "zebrafink"  # in every address
ANNA, BEN, EVE = (f"{name}.{CANARY}@example.org" for name in ("anna", "ben", "eve"))


def profiles(url: str, *rows: tuple[UUID, str | None], more: str = "") -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create table user_profiles (id uuid primary key, email text, phone text{more})")
        with connection.cursor() as cursor:
            cursor.executemany("insert into user_profiles (id, email) values (%s, %s)", rows)


def joined(url: str, *memberships: tuple[UUID, UUID]) -> None:
    rows = [{"tenant_id": tenant, "user_id": str(user), "role": "member"} for tenant, user in memberships]
    lab.plant(url, {"tenant_members": rows})


@pytest.fixture
def users() -> dict[str, UUID]:
    return {address: uuid4() for address in (ANNA, BEN, EVE)}


@pytest.fixture
def peopled(database: str, users: dict[str, UUID]) -> str:
    """Acme has Anna and Ben, Beta has Ben and Eve; a user is text among the members and a UUID among the profiles."""
    lab.create(database)
    lab.plant(database, {"tenants": [{"id": ACME, "slug": "acme", "status": "active"}, {"id": BETA, "slug": "beta"}]})
    profiles(database, *((user, address.upper()) for address, user in users.items()))
    joined(database, (ACME, users[ANNA]), (ACME, users[BEN]), (BETA, users[BEN]), (BETA, users[EVE]))
    return database


def settings_of(url: str, **changes: Any) -> Settings:
    return Settings(**({"source_url": url, "access_key": KEY} | changes))


def read(url: str, tenant: UUID = ACME, **changes: Any) -> Members:
    settings = settings_of(url, **changes)
    with connect.transaction(settings) as source:
        binding = drift.bind(drift.catalog(source), settings)
        found = members.of(source, binding, tenants.find(source, binding, str(tenant)), access.key_of(settings))
        source.rows("select 1 as one")  # whatever happened, the transaction goes on
        return found


def by_hand(tenant: UUID, *addresses: str) -> set[str]:
    return {hmac.new(KEY.encode(), f"{tenant}\n{each}".encode(), hashlib.sha256).hexdigest() for each in addresses}


def test_each_tenant_lists_its_own_members(peopled):
    assert read(peopled, ACME) == Members(frozenset(by_hand(ACME, ANNA, BEN)))
    assert read(peopled, BETA) == Members(frozenset(by_hand(BETA, BEN, EVE)))


def test_only_ids_that_are_the_same_are_the_same(peopled, users):
    """Text ids are compared as the scope compares them; a member without a profile gives nobody."""
    lab.run(peopled, "alter table user_profiles alter id type text using '{' || upper(id::text) || '}'")
    joined(peopled, (ACME, uuid4()))
    lab.plant(peopled, {"tenant_members": [{"tenant_id": ACME}, {"user_id": str(users[EVE])}]})
    assert read(peopled).hashes == by_hand(ACME, ANNA, BEN)


@pytest.mark.parametrize("mark", ["deleted_at", "data_classification"])
@pytest.mark.parametrize("table", ["tenant_members", "user_profiles", "tenants"])
def test_what_is_marked_as_deleted_or_as_health_data_admits_nobody(peopled, users, table, mark):
    kind, value = {"deleted_at": ("timestamptz", "now()"), "data_classification": ("text", "'PHI'")}[mark]
    lab.run(peopled, f"alter table {table} add column if not exists {mark} {kind}")
    assert read(peopled).hashes == by_hand(ACME, ANNA, BEN)
    which = {"tenant_members": f"user_id = '{users[BEN]}'", "user_profiles": f"id = '{users[BEN]}'", "tenants": "true"}
    lab.run(peopled, f"update {table} set {mark} = {value} where {which[table]}")
    assert read(peopled).hashes == (set() if table == "tenants" else by_hand(ACME, ANNA))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("drop table user_profiles", "no table user_profiles"),
        ("alter table user_profiles rename email to mail", "no column email"),
        ("alter table user_profiles rename id to key", "no column id"),
        ("drop table tenant_members", "no table tenant_members"),
        ("alter table tenant_members drop column user_id", "does not say who is a member"),
        ("alter table tenant_members drop column tenant_id", "does not say who is a member"),
        ("update user_profiles set email = null", "no member of this tenant has an address"),
        ("update user_profiles set email = ' '", "no member of this tenant has an address"),
    ],
)
def test_a_source_that_does_not_say_who_is_a_member_admits_nobody_and_says_so(peopled, change, why):
    lab.run(peopled, change)
    found = read(peopled)
    assert (found.hashes, why in (found.because or "")) == (frozenset(), True)
    lines = {line.subject: line for line in doctor.examine(settings_of(peopled))}
    if "address" not in why:
        assert why in lines["access"].text
        assert (lines["access"].status, "[mapping]" in lines["access"].remedy) == ("warning", True)


def test_other_names_are_mapped(peopled):
    lab.run(
        peopled, "create schema auth", "alter table user_profiles rename email to mail",
        "alter table user_profiles rename to users", "alter table users set schema auth",
    )  # fmt: skip
    mapping = {"user_profiles": "auth.users", "user_profiles.email": "mail"}
    assert read(peopled, mapping=mapping).hashes == by_hand(ACME, ANNA, BEN)
    with pytest.raises(SchemaDrift, match="email is called 'post'"):
        read(peopled, mapping=mapping | {"user_profiles.email": "post"})
    with pytest.raises(UsageError, match="does not know"):
        read(peopled, mapping={"user_profiles.phone": "mail"})


def test_no_key_reads_no_address(peopled):
    lab.run(peopled, "alter table user_profiles rename to kept",
            "create view user_profiles as select id, (1 / 0)::text as email from kept")  # fmt: skip
    assert read(peopled, access_key=None) == Members(because="no access key is set")
    with pytest.raises(SourceError):  # the control: with a key it would have been read
        read(peopled)


@pytest.fixture
def reader(peopled: str) -> Iterator[tuple[str, str]]:
    """(the name of the documented role, its URL)."""
    name = f"vital_test_{uuid4().hex[:12]}"
    lab.run(peopled, *reader_sql(name, "public"), f"alter role {name} password 'x'")
    yield name, with_parts(peopled, user=name, password="x")
    lab.run(peopled, f"drop owned by {name}", f"drop role {name}")


def test_the_documented_role_reads_two_columns_and_no_more(reader):
    _, url = reader
    assert read(url).hashes == by_hand(ACME, ANNA, BEN)
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select phone from user_profiles")


@pytest.mark.parametrize("hidden", ["grant", "column", "policy", "member", "member's end"])
def test_addresses_that_are_withheld_admit_nobody_and_the_remedy_works(peopled, reader, hidden):
    name, url = reader
    lab.run(peopled, *{
        "grant": [f"revoke all (id, email) on user_profiles from {name}"],
        "column": ["alter table user_profiles add deleted_at timestamptz"],
        "member": [f"revoke select (user_id) on tenant_members from {name}"],
        "member's end": ["alter table tenant_members add deleted_at timestamptz"],
        "policy": [f"alter role {name} nobypassrls", "alter table user_profiles enable row level security"],
    }[hidden])  # fmt: skip
    assert read(url) == Members(because="this role may not read the members' addresses")
    (line,) = (each for each in doctor.examine(settings_of(url)) if each.subject == "access")
    assert line.status == "warning"
    lab.run(peopled, *line.remedy.removeprefix("have the owner run: ").rstrip(";").split("; "))
    assert read(url).hashes == by_hand(ACME, ANNA, BEN)
    (line,) = (each for each in doctor.examine(settings_of(url)) if each.subject == "access")
    assert (line.status, access.key_id(KEY.encode()) in line.text) == ("ok", True)


def test_the_doctor_says_what_is_wrong_with_the_key(peopled, tmp_path):
    def told(**changes: Any) -> tuple[str, str]:
        (line,) = (each for each in doctor.examine(settings_of(peopled, **changes)) if each.subject == "access")
        return line.status, line.text

    assert told(access_key="short")[0] == "problem"
    status, text = told(access_key=None)
    assert (status, "no access key is set" in text) == ("ok", True)
    lab.run(peopled, "drop table user_profiles")
    assert "no table user_profiles" in told(access_key=None)[1]


@pytest.fixture(scope="module")
def process() -> Iterator[QualityProcess]:
    with QualityProcess() as running:
        yield running


@pytest.fixture(scope="module")
def checks_of_jobs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our suite of the jobs alone, and the rules: what the other tables hold decides nothing about who is admitted."""
    folder = tmp_path_factory.mktemp("expectations")
    shutil.copy(shipped("expectations") / "jobs_to_be_done.json", folder)
    return folder


@pytest.fixture
def renew(process: QualityProcess, tmp_path: Path, checks_of_jobs: Path) -> Callable[..., Any]:
    """`renew(url)` refreshes acme into this test's warehouse; `every_check` asks all checks of it."""

    def run(url: str, tenant: str = "acme", *, anyway: bool = True, every_check: bool = False, **changes: Any) -> Any:
        settings = settings_of(url, warehouse=tmp_path / "warehouse", **changes)
        with pytest.MonkeyPatch.context() as patch:
            if not every_check:
                patch.setattr(checking, "shipped", lambda _: checks_of_jobs)
            return refresh(tenant, settings=settings, checks=process, publish_anyway=anyway)

    return run


def admitted(folder: Path, address: str, now: datetime | None = None) -> Standing:
    return access.standing(folder, ACME, address, KEY.encode(), now or datetime.now(UTC), timedelta(days=7))


def test_no_address_and_no_key_stays_in_the_warehouse_or_a_log(peopled, renew, tmp_path, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    done = renew(peopled, every_check=True)
    assert done.published
    folder = tmp_path / "warehouse" / str(ACME)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {access.FILE, "CURRENT", done.path.name} <= {path.name for path in files}
    out, err = capfd.readouterr()
    logs = "\n".join([caplog.text, out, err, repr(done)]).encode()
    for content in (*(path.read_bytes() for path in files), logs):
        for word in (CANARY, CANARY.upper(), "anna.", "canary-key"):
            assert word.encode() not in content
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path / "warehouse")) as opened:
        tables = opened.sql("select table_schema || '.' || table_name as name from information_schema.tables")
        assert "raw.tenants" in tables["name"].to_list()
        assert not [name for name in tables["name"] if "profile" in name or "access" in name]
        hashes = by_hand(ACME, ANNA, BEN)
        assert not [each for each in hashes if each.encode() in done.path.read_bytes()]
    path = folder / access.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(path.read_text())["members"]) == hashes
    assert admitted(folder, ANNA) is admitted(folder, BEN) is Standing.MEMBER
    assert admitted(folder, EVE) is Standing.STRANGER


def test_whoever_is_struck_off_is_out_at_the_next_refresh_although_it_is_refused(peopled, users, renew, tmp_path):
    before = renew(peopled)
    folder = tmp_path / "warehouse" / str(ACME)
    assert before.published
    assert admitted(folder, BEN) is Standing.MEMBER
    lab.run(peopled, f"delete from tenant_members where user_id = '{users[BEN]}'")
    assert admitted(folder, BEN) is Standing.MEMBER  # until then nobody can know
    lab.plant(peopled, {"jobs_to_be_done": [{"tenant_id": ACME, "name": "twice"}]})
    lab.run(peopled, "create view doubled as select * from jobs_to_be_done union all select * from jobs_to_be_done")
    refused = renew(peopled, anyway=False, mapping={"jobs_to_be_done": "doubled"})
    assert not refused.published
    assert (folder / "CURRENT").read_text().strip() == before.snapshot
    assert admitted(folder, BEN) is Standing.STRANGER
    assert admitted(folder, ANNA) is Standing.MEMBER
    lab.run(peopled, f"update tenants set status = 'suspended' where id = '{ACME}'")
    renew(peopled, anyway=False, mapping={"jobs_to_be_done": "doubled"})
    assert admitted(folder, ANNA) is Standing.CLOSED


def test_a_source_that_fails_leaves_the_list_to_its_age(peopled, renew, tmp_path):
    renew(peopled)
    folder = tmp_path / "warehouse" / str(ACME)
    told = (folder / access.FILE).read_bytes()
    lab.run(peopled, "drop table jobs_to_be_done")
    with pytest.raises(SchemaDrift):
        renew(peopled)
    assert (folder / access.FILE).read_bytes() == told
    assert admitted(folder, ANNA, datetime.now(UTC) + timedelta(days=8)) is Standing.STALE


def test_without_profiles_or_key_a_refresh_revokes_everybody(peopled, renew, tmp_path):
    folder = tmp_path / "warehouse" / str(ACME)
    renew(peopled)
    assert admitted(folder, ANNA) is Standing.MEMBER
    assert renew(peopled, access_key=None).published
    assert admitted(folder, ANNA) is Standing.OTHER_KEY
    lab.run(peopled, "drop table user_profiles")
    assert renew(peopled).published
    told = json.loads((folder / access.FILE).read_text())
    assert (told["members"], told["because"]) == ([], "the source has no table user_profiles")
    assert admitted(folder, ANNA) is Standing.STRANGER


def test_a_key_that_protects_nothing_stops_the_refresh_before_anything_is_read(renew):
    with pytest.raises(UsageError, match="shorter"):
        renew("postgresql://127.0.0.1:1/x", access_key="short")


def test_a_look_at_the_live_source_writes_no_list(peopled, tmp_path, checks_of_jobs, monkeypatch):
    monkeypatch.setattr(checking, "shipped", lambda _: checks_of_jobs)
    check_live("acme", settings=settings_of(peopled, warehouse=tmp_path / "warehouse"))
    assert not (tmp_path / "warehouse").exists()


def test_the_lookup_is_in_no_table_of_the_contract():
    assert set(LOOKUPS) == {"user_profiles"}
    assert not set(LOOKUPS) & set(TABLES)
    assert all(table.info["scope"] is None for table in LOOKUPS.values())
