"""Which older snapshot the newest is compared with: for the page What changed and for the overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vital_insights.reports.phrases import older_first

if TYPE_CHECKING:
    from session import Data

    from vital_insights.insights import Snapshot


def older_snapshots(data: Data) -> list[Snapshot]:
    """The snapshots before the one that is served: the default first, then the others, newest first."""
    return older_first(data.insights.snapshot, data.snapshots())
