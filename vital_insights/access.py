"""Who may see a tenant in shared use: `access.json` beside its snapshots, keyed hashes of its members' addresses.

The file is written after every extraction and never lies inside a snapshot. It holds no address: each is turned into
HMAC-SHA-256(key, tenant id + newline + address) the moment it is read, so that a file says nothing without the key and
admits nobody to another tenant. A seal over the whole file shows that nobody changed it since.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from vital_insights.errors import UsageError, WarehouseError
from vital_insights.settings import Settings
from vital_insights.tenancy import Tenant

FILE = "access.json"
OPEN = {None, "trial", "active"}  # the states of a tenant that admit its members; None: the source says nothing of it
SHORTEST_KEY = 32
AHEAD = timedelta(hours=1)  # how far clocks may differ; what is dated later than that cannot be told to be fresh
_LIMIT = 64 * 2**20
_MAKE_ONE = "`openssl rand -hex 32` makes a good one"


class Standing(Enum):
    """What access.json says of one address and one tenant. Only `MEMBER` opens anything."""

    MEMBER = "member"
    STRANGER = "stranger"
    CLOSED = "closed"  # a member of a tenant that is suspended, cancelled, churned or in a state unknown to us
    STALE = "stale"  # a member, by a list that is too old or dated in the future
    OTHER_KEY = "other key"  # the list was made with another key, or without one
    UNREADABLE = "unreadable"  # no list, one that others may have changed, or one that somebody did change


@dataclass(frozen=True)
class Members:
    """Keyed hashes of the addresses of one tenant's members; `because` says in a sentence why there are none."""

    hashes: frozenset[str] = frozenset()
    because: str | None = None


def normalised(address: str) -> str:
    """The one spelling of an e-mail address that is compared; the tag behind a plus sign and all dots stay."""
    return unicodedata.normalize("NFKC", address).strip().casefold()


def key_of(settings: Settings) -> bytes | None:
    """The secret of this installation, None where none is set. Raises UsageError for one that protects nothing."""
    if settings.access_key is not None and settings.access_key_file is not None:
        raise UsageError("There are two access keys: VITAL_ACCESS_KEY and access_key_file.", hint="unset one of them")
    if settings.access_key_file is not None:
        secret = _key_in(settings.access_key_file, settings.warehouse)
    elif settings.access_key is not None:
        secret = settings.access_key.get_secret_value().strip().encode()
    else:
        return None
    if len(secret) < SHORTEST_KEY:
        raise UsageError(f"The access key is shorter than {SHORTEST_KEY} characters.", hint=_MAKE_ONE)
    return secret


def _key_in(path: Path, warehouse: Path) -> bytes:
    if path.resolve().is_relative_to(warehouse.resolve()):  # a warehouse that is handed on must not take the key along
        raise UsageError("The file of the access key lies inside the warehouse.", hint="keep it elsewhere")
    try:
        return _private(path).strip()
    except OSError as error:
        raise UsageError(
            f"The file of the access key cannot be used: {error.strerror}.",
            hint=f"it must be a plain file that only its owner can read: chmod 600; {_MAKE_ONE}",
        ) from None


def key_id(key: bytes) -> str:
    """Eight characters that name a key and do not give it away."""
    return hmac.digest(key, b"the id of this key", "sha256").hex()[:8]


def hashed(key: bytes, tenant: UUID, addresses: Iterable[str]) -> frozenset[str]:
    """The keyed hash of each address as this tenant's member; an empty address is nobody's."""
    known = {normalised(address) for address in addresses} - {""}
    return frozenset(
        hmac.new(key, f"{tenant}\n{address}".encode(errors="surrogatepass"), hashlib.sha256).hexdigest()
        for address in known
    )


def write(folder: Path, tenant: Tenant, members: Members, key: bytes | None, read_at: datetime) -> None:
    """Replace the tenant's access.json, whole or not at all, readable by its owner only. Raises WarehouseError."""
    told: dict[str, Any] = {
        "tenant": str(tenant.id),
        "status": tenant.status,
        "read_at": read_at.astimezone(UTC).isoformat(),
        "key": key and key_id(key),
        "members": sorted(members.hashes),
        "because": members.because,
    }
    text = json.dumps(told | {"seal": key and _seal(key, told)}, indent=1)
    tmp = folder / f"{FILE}.tmp"
    try:
        tmp.unlink(missing_ok=True)
        handle = os.open(tmp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        tmp.replace(folder / FILE)
        directory = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as error:
        raise WarehouseError(
            f"The list of members cannot be written: {error.strerror}.", hint="check space and permissions"
        ) from None


def _seal(key: bytes, told: dict[str, Any]) -> str:
    whole = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, f"{FILE}\n{whole}".encode(), hashlib.sha256).hexdigest()


def standing(folder: Path, tenant: UUID, address: str, key: bytes, now: datetime, max_age: timedelta) -> Standing:
    """What the access.json in `folder` says of this address. Never raises: whatever cannot be read admits nobody."""
    try:
        told = json.loads(_private(folder / FILE))
        seal, made_with = told.pop("seal"), told["key"]
        if not isinstance(made_with, str) or not hmac.compare_digest(made_with.encode(), key_id(key).encode()):
            return Standing.OTHER_KEY
        if not hmac.compare_digest(seal.encode(), _seal(key, told).encode()) or told["tenant"] != str(tenant):
            return Standing.UNREADABLE
        age = now - datetime.fromisoformat(told["read_at"])
        status, members = told["status"], told["members"]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Standing.UNREADABLE
    if hashed(key, tenant, [address]).isdisjoint(members):
        return Standing.STRANGER
    if not -AHEAD <= age <= max_age:
        return Standing.STALE
    return Standing.MEMBER if (status and status.strip().casefold()) in OPEN else Standing.CLOSED


def _private(path: Path) -> bytes:
    """The bytes of a plain file of ours that nobody else may open; no link is followed. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_mode & 0o077:
            raise PermissionError(0, "others than its owner may open it")
        if about.st_uid not in {os.geteuid(), 0}:
            raise PermissionError(0, "it belongs to somebody else")
        return file.read(_LIMIT)
