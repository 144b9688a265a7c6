"""Snapshot files: their names, the pointer to the newest, and how one is published, verified, pruned and swept.

A snapshot is never changed and never replaced: a process that has a path open would go on reading the old bytes. It
gets a name of its own, and CURRENT, the only file that is ever replaced, says which name to open.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vital_insights.errors import WarehouseError

NAME = re.compile(r"(snapshot|refused)-([0-9]{8}T[0-9]{12}Z)-[0-9a-f]{6}")
_STAMP = "%Y%m%dT%H%M%S%fZ"
KEEP_NEWEST, KEEP_MONTHS, KEEP_REFUSED = 7, 12, 2


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """One refresh a tenant at a time. The lock is the kernel's, so that a crash releases it. Raises WarehouseError."""
    with _disk():
        for each in (folder.parent, folder):  # mkdir's mode does not reach the parents it makes
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WarehouseError(
                "Another refresh of this tenant is running.", hint="wait for it, then try again"
            ) from None
        sweep(folder)
        yield
    finally:
        os.close(handle)


def new_name(folder: Path) -> str:
    """A name later than every other in the folder, whatever the clock says."""
    now = datetime.now(UTC)
    stamps = [instant(name) for name in (*names(folder), *names(folder, "refused"))]
    if stamps and max(stamps) >= now:
        now = max(stamps) + timedelta(microseconds=1)
    return f"snapshot-{now.strftime(_STAMP)}-{secrets.token_hex(3)}"


def instant(name: str) -> datetime:
    """The UTC instant in a name."""
    found = _instant(name)
    if found is None:
        raise WarehouseError(f"'{name[:80]}' is not the name of a snapshot.", hint="vital-insights snapshots TENANT")
    return found


def _instant(name: str) -> datetime | None:
    found = NAME.fullmatch(name)
    try:
        return datetime.strptime(found.group(2), _STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:  # the shape of a name, and no such day
        return None


def names(folder: Path, kind: str = "snapshot") -> list[str]:
    """The snapshots of one tenant, newest first; of kind `refused` those that a check kept from being published."""
    if not folder.is_dir():
        return []
    found = [path.stem for path in folder.glob(f"{kind}-*.duckdb") if _instant(path.stem)]
    return sorted(found, key=instant, reverse=True)


def current(folder: Path) -> str | None:
    """The name that CURRENT holds, or None where nothing was published. Raises WarehouseError for a damaged pointer."""
    try:
        name = (folder / "CURRENT").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        name = ""
    if _instant(name) is None or not name.startswith("snapshot-"):  # a refused build is never served
        raise WarehouseError("CURRENT is damaged.", hint="vital-insights refresh TENANT writes it anew")
    return name


def publish(tmp: Path, folder: Path, name: str, *, refused: bool = False) -> Path:
    """Make a finished, closed file a snapshot, durably, and point CURRENT at it; a refused one is kept and never pointed at."""
    with _disk():
        if tmp.with_name(tmp.name + ".wal").exists():
            raise WarehouseError("The new snapshot was not closed whole; nothing was published.")
        _sync(tmp)
        if refused:
            name = name.replace("snapshot", "refused", 1)
        seal, path = folder / f"{name}.sha256", folder / f"{name}.duckdb"
        _write(seal, f"{digest(tmp)}  {path.name}\n")
        seal.chmod(0o400)
        tmp.chmod(0o400)
        tmp.rename(path)
        _sync(folder)
        if not refused:
            _write(folder / "CURRENT", f"{name}\n")
        return path


def verify(path: Path) -> None:
    """Raises WarehouseError unless the file is byte for byte what was published."""
    try:
        told = path.with_suffix(".sha256").read_text(encoding="ascii").split()[0]
        found = digest(path)
    except (OSError, IndexError, UnicodeDecodeError):
        told, found = "", "missing"
    if told != found:
        raise WarehouseError(
            f"{path.name} is damaged or incomplete and is not opened.",
            hint="vital-insights refresh TENANT makes a new one; vital-insights snapshots TENANT lists older ones",
        )


def digest(path: Path) -> str:
    """The SHA-256 of a file, as sha256sum prints it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def prune(folder: Path) -> list[str]:
    """Remove all but the newest seven and the newest of each of twelve months; the names that went."""
    every = names(folder)
    months: dict[str, str] = {}
    for name in every:
        months.setdefault(instant(name).strftime("%Y-%m"), name)
    keep = {*every[:KEEP_NEWEST], *list(months.values())[:KEEP_MONTHS], current(folder)}
    gone = [name for name in every if name not in keep] + names(folder, "refused")[KEEP_REFUSED:]
    with _disk():
        for name in gone:  # a reader that has the file open goes on reading it
            (folder / f"{name}.duckdb").unlink(missing_ok=True)
            (folder / f"{name}.sha256").unlink(missing_ok=True)
    return gone


def sweep(folder: Path) -> None:
    """Remove what a crash left: temporary files, seals without a file, and files that CURRENT never came to name."""
    with _disk():
        for path in folder.glob("*.tmp*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in folder.glob("*.duckdb.*"):  # a log that somebody laid beside a sealed file
            path.unlink()
        for name in _unnamed(folder):
            (folder / f"{name}.duckdb").unlink()
        for seal in folder.glob("*.sha256"):
            if not seal.with_suffix(".duckdb").exists():
                seal.unlink()


def _unnamed(folder: Path) -> list[str]:
    """What a crash between the file and CURRENT left. A pointer that was lost or damaged makes nobody's history an orphan."""
    every = names(folder)
    try:
        pointed = current(folder)
    except WarehouseError:
        return []
    if pointed is None:
        return every if len(every) == 1 else []  # a second one is only ever made after CURRENT named the first
    return [name for name in every if instant(name) > instant(pointed)]


def _write(path: Path, text: str) -> None:
    """Replace a small file so that a reader sees the old or the new one, also after a power cut."""
    tmp = path.with_name(path.name + ".tmp")
    with os.fdopen(os.open(tmp, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    tmp.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except WarehouseError:
        raise
    except OSError as error:
        raise WarehouseError(
            f"The warehouse cannot be written: {error.strerror or 'the disk failed'}.",
            hint="check space and permissions",
        ) from None
