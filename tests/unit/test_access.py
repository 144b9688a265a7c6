"""Who is let in by an access.json, and everything that makes one admit nobody."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vital_insights import access
from vital_insights.access import Members, Standing
from vital_insights.errors import UsageError, WarehouseError
from vital_insights.settings import Settings
from vital_insights.tenancy import Tenant

ACME, BETA = (Tenant(slug, uuid4(), slug.title(), "active") for slug in ("acme", "beta"))
KEY, OTHER = b"k" * 32, b"o" * 32
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANNA = "anna@example.org"


def wrote(folder: Path, *addresses: str, tenant: Tenant = ACME, key: bytes | None = KEY, at: datetime = NOW) -> Path:
    members = Members(access.hashed(key, tenant.id, addresses)) if key else Members(because="no access key is set")
    access.write(folder, tenant, members, key, at)
    return folder / access.FILE


def stands(
    folder: Path, address: str = ANNA, *, tenant: Tenant = ACME, key: bytes = KEY, now: datetime = NOW
) -> Standing:
    return access.standing(folder, tenant.id, address, key, now, timedelta(days=7))


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (" Anna@Example.ORG\n", "anna@example.org"),
        ("ＡＮＮＡ＠example．org", "anna@example.org"),
        ("STRASSE@example.org", "straße@example.org"),
        ("anna@\u212aelvin.example.org", "anna@kelvin.example.org"),
    ],
)
def test_one_address_spelt_in_two_ways_is_one(told, meant):
    assert access.normalised(told) == access.normalised(meant)


@pytest.mark.parametrize(
    "other", ["anna+x@example.org", "an.na@example.org", "anna@example.com", "аnna@example.org", ""]
)
def test_another_address_is_another(other, tmp_path):
    wrote(tmp_path, ANNA)
    assert access.normalised(other) != ANNA
    assert stands(tmp_path) is Standing.MEMBER
    assert stands(tmp_path, other) is Standing.STRANGER


@given(st.text(max_size=40))
def test_what_is_normal_is_looked_up_as_it_was_stored(address):
    stored = access.hashed(KEY, ACME.id, [address])
    assert stored == access.hashed(KEY, ACME.id, [f"  {address}\t"])
    assert len(stored) == bool(address.strip() and access.normalised(address))


def test_the_hash_is_the_documented_one():
    by_hand = hmac.new(KEY, str(ACME.id).encode() + b"\n" + ANNA.encode(), hashlib.sha256).hexdigest()
    assert access.hashed(KEY, ACME.id, ["Anna@example.org"]) == {by_hand}
    assert access.hashed(KEY, ACME.id, ["", "  "]) == frozenset()
    assert by_hand not in access.hashed(KEY, BETA.id, [ANNA]) | access.hashed(OTHER, ACME.id, [ANNA])


def test_an_empty_address_is_nobodys(tmp_path):
    wrote(tmp_path, ANNA, "", " ")
    assert stands(tmp_path, "") is stands(tmp_path, "\u3000") is Standing.STRANGER
    assert stands(tmp_path, "\ud800@example.org") is Standing.STRANGER


def test_the_file_is_the_owners_alone_and_names_nobody(tmp_path):
    before = os.umask(0)
    try:
        path = wrote(tmp_path, ANNA)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"anna" not in path.read_bytes()
    assert KEY not in path.read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == [access.FILE]


def test_what_an_earlier_crash_or_an_attacker_left_is_not_written_through(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("kept")
    folder = tmp_path / "tenant"
    folder.mkdir()
    (folder / f"{access.FILE}.tmp").symlink_to(victim)
    (folder / access.FILE).symlink_to(victim)
    assert not wrote(folder, ANNA).is_symlink()
    assert victim.read_text() == "kept"
    assert stands(folder) is Standing.MEMBER


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(WarehouseError, match="list of members"):
        wrote(tmp_path / "nowhere", ANNA)


@pytest.mark.parametrize(
    ("age", "standing"),
    [
        (timedelta(0), Standing.MEMBER),
        (timedelta(days=7), Standing.MEMBER),
        (timedelta(days=7, seconds=1), Standing.STALE),
        (timedelta(days=4000), Standing.STALE),
        (-timedelta(minutes=30), Standing.MEMBER),
        (-timedelta(hours=2), Standing.STALE),
    ],
)
def test_a_list_that_is_too_old_or_from_the_future_admits_nobody(tmp_path, age, standing):
    wrote(tmp_path, ANNA, at=NOW - age)
    assert stands(tmp_path) is standing
    assert stands(tmp_path, "eve@example.org") is Standing.STRANGER


@pytest.mark.parametrize("status", ["suspended", "cancelled", "churned", "Suspended ", "paused", ""])
def test_a_tenant_that_is_not_open_admits_nobody(tmp_path, status):
    closed = Tenant(ACME.slug, ACME.id, ACME.name, status)
    wrote(tmp_path, ANNA, tenant=closed)
    assert stands(tmp_path) is Standing.CLOSED


@pytest.mark.parametrize("status", ["active", "trial", " Active", None])
def test_a_tenant_that_is_open_admits_its_members(tmp_path, status):
    wrote(tmp_path, ANNA, tenant=Tenant(ACME.slug, ACME.id, ACME.name, status))
    assert stands(tmp_path) is Standing.MEMBER


def test_another_key_admits_nobody_and_is_named(tmp_path):
    told = json.loads(wrote(tmp_path, ANNA).read_text())
    assert told["key"] == access.key_id(KEY) != access.key_id(OTHER)
    assert stands(tmp_path, key=OTHER) is Standing.OTHER_KEY
    told = json.loads(wrote(tmp_path, ANNA, key=None).read_text())
    assert (told["key"], told["members"], told["because"]) == (None, [], "no access key is set")
    assert stands(tmp_path) is Standing.OTHER_KEY


def test_another_tenants_list_admits_nobody_here(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    wrote(tmp_path / "b", ANNA, tenant=BETA)
    shutil.copy(tmp_path / "b" / access.FILE, tmp_path / "a" / access.FILE)
    assert stands(tmp_path / "b", tenant=BETA) is Standing.MEMBER
    assert stands(tmp_path / "a") is Standing.UNREADABLE


@pytest.mark.parametrize(
    "change",
    [
        {"status": "trial"},
        {"read_at": (NOW + timedelta(minutes=1)).isoformat()},
        {"members": ["0" * 64]},
        {"tenant": str(BETA.id)},
        {"because": "x"},
        {"seal": "0" * 64},
        {"seal": None},
        {"seal": "é"},
        {"more": 1},
    ],
)
def test_a_list_that_somebody_changed_admits_nobody(tmp_path, change):
    path = wrote(tmp_path, ANNA)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert stands(tmp_path) is Standing.UNREADABLE


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"x"', "{}", '{"seal": 1, "key": 1}', "[" * 100_000, "\x00", "NaN"]
)
def test_what_is_no_list_admits_nobody(tmp_path, text):
    path = wrote(tmp_path, ANNA)
    path.write_text(text)
    assert stands(tmp_path) in (Standing.UNREADABLE, Standing.OTHER_KEY)


def test_no_list_admits_nobody(tmp_path):
    assert stands(tmp_path) is stands(tmp_path / "nowhere") is Standing.UNREADABLE


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o610])
def test_a_list_that_others_may_open_admits_nobody(tmp_path, mode):
    path = wrote(tmp_path, ANNA)
    path.chmod(mode)
    assert stands(tmp_path) is Standing.UNREADABLE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_list_of_another_account_admits_nobody(tmp_path):
    path = wrote(tmp_path, ANNA)
    os.chown(path, 65534, 65534)
    assert stands(tmp_path) is Standing.UNREADABLE


def test_a_link_a_folder_and_a_pipe_are_no_list(tmp_path):
    real = wrote(tmp_path, ANNA).rename(tmp_path / "real.json")
    (tmp_path / access.FILE).symlink_to(real)
    assert stands(tmp_path) is Standing.UNREADABLE
    (tmp_path / access.FILE).unlink()
    (tmp_path / access.FILE).mkdir(0o600)
    assert stands(tmp_path) is Standing.UNREADABLE
    (tmp_path / access.FILE).rmdir()
    os.mkfifo(tmp_path / access.FILE, 0o600)
    assert stands(tmp_path) is Standing.UNREADABLE


def key_file(folder: Path, text: str = "f" * 40, mode: int = 0o600) -> Path:
    path = folder / "key"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_key_comes_from_the_variable_or_from_a_private_file(tmp_path, monkeypatch):
    for name in ("VITAL_ACCESS_KEY", "VITAL_ACCESS_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert access.key_of(Settings()) is None
    assert access.key_of(Settings(access_key_file=key_file(tmp_path, "f" * 40 + "\n"))) == b"f" * 40
    monkeypatch.setenv("VITAL_ACCESS_KEY", "v" * 32)
    assert access.key_of(Settings()) == b"v" * 32
    assert "vvvv" not in repr(Settings())
    with pytest.raises(UsageError, match="two access keys"):
        access.key_of(Settings(access_key_file=key_file(tmp_path)))


@pytest.mark.parametrize("mode", [0o640, 0o644, 0o620, 0o601])
def test_a_key_file_that_others_may_open_is_refused(tmp_path, mode):
    with pytest.raises(UsageError, match="cannot be used") as caught:
        access.key_of(Settings(access_key_file=key_file(tmp_path, mode=mode)))
    assert "chmod 600" in str(caught.value)
    assert "ffff" not in str(caught.value)


def test_a_key_file_behind_a_link_or_inside_the_warehouse_is_refused(tmp_path):
    key_file(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "key")
    for file in ("link", "nowhere"):
        with pytest.raises(UsageError, match="cannot be used"):
            access.key_of(Settings(access_key_file=tmp_path / file))
    with pytest.raises(UsageError, match="inside the warehouse"):
        access.key_of(Settings(access_key_file=tmp_path / "key", warehouse=tmp_path))


@pytest.mark.parametrize("short", ["", "x" * 31, " " * 40])
def test_a_short_key_is_refused(tmp_path, short):
    for settings in (Settings(access_key=short), Settings(access_key_file=key_file(tmp_path, short))):
        with pytest.raises(UsageError, match="shorter than 32"):
            access.key_of(settings)


def test_the_name_of_a_key_says_nothing_of_it():
    names = {access.key_id(bytes([n]) * 32) for n in range(200)}
    assert len(names) == 200
    assert all(len(name) == 8 and int(name, 16) >= 0 for name in names)
