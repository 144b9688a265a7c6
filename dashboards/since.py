"""Which older snapshot the newest is compared with: one rule for the page What changed and for the overview."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from session import Data

    from vital_insights.insights import Snapshot

A_WEEK = timedelta(days=7)


def older_snapshots(data: Data) -> list[Snapshot]:
    """The snapshots before the one that is served: the default first, then the others, newest first.

    The default is the newest that is at least seven days older, else the newest of all.
    """
    served = data.insights.snapshot
    older = [each for each in data.snapshots() if each.taken_at < served.taken_at and each.id != served.id]
    default = next((each for each in older if served.taken_at - each.taken_at >= A_WEEK), None) or next(
        iter(older), None
    )
    return [] if default is None else [default, *(each for each in older if each is not default)]
