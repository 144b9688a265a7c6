"""What can go wrong, as one small family.

VitalError (3)                  could not run; every error below is one
├── UsageError (2)              a name, option or value that does not exist
│   └── OlderSnapshot (2)       a metric or table that the snapshot was made too early to hold
├── SourceError (10)            Postgres refused, stalled or vanished
│   ├── RowsHidden (11)         row-level security or missing grants would make the tenant look smaller than it is
│   └── SchemaDrift (12)        the live tables do not hold what the contract requires
├── TenantUnknown (13)          no such tenant, or a name that means two
├── WarehouseError (14)         the disk, a lock, or a snapshot that is missing or damaged
└── QualityError (3)            the checks themselves could not run

The number is the exit code of the command line. Exit code 1 belongs to data that failed its checks and to nothing else.
"""

import difflib
from collections.abc import Iterable


class VitalError(Exception):
    """Could not run. `str(error)` is a sentence fit for people: no secret, no row value, no traceback."""

    exit_code = 3

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message if hint is None else f"{message}\n\nHint: {hint}")


class UsageError(VitalError, ValueError):
    """A name, option or value that does not exist; the message offers the nearest that do."""

    exit_code = 2


class OlderSnapshot(UsageError):
    """The snapshot was made before there was such a metric or table; a new refresh makes one that has it."""


class SourceError(VitalError, ConnectionError):
    """Postgres refused, stalled or vanished."""

    exit_code = 10


class RowsHidden(SourceError, PermissionError):
    """Row-level security or a missing grant hides rows; the message carries the exact grant to ask for."""

    exit_code = 11


class SchemaDrift(SourceError, LookupError):
    """A required table or column is missing in the source."""

    exit_code = 12


class TenantUnknown(VitalError, LookupError):
    """No such tenant, or a name that more than one tenant bears."""

    exit_code = 13


class WarehouseError(VitalError, OSError):
    """The disk, a lock, or a snapshot that is missing or damaged."""

    exit_code = 14


class QualityError(VitalError, RuntimeError):
    """The checks could not run; this is never the same as data that failed them."""


SHOWN = 10


def nearest(name: str, known: Iterable[str]) -> str:
    """`did you mean a, b?` for the closest known names, or the first ten where none is close."""
    known = sorted(known)
    spelled: dict[str, list[str]] = {}  # high is as near to HIGH as can be
    for each in known:
        spelled.setdefault(each.casefold(), []).append(each)
    close = difflib.get_close_matches(name.casefold(), spelled, n=3, cutoff=0.5)
    if close:
        return f"did you mean {', '.join(each for word in close for each in spelled[word])}?"
    more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    return f"there are: {', '.join(known[:SHOWN])}{more}" if known else "there are none"
