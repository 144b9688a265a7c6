"""Where the marks of a landscape stand, what each counts and what it says when pointed at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vital_insights.charts.geometry import MILLION, Place, band_at, petal
from vital_insights.charts.wording import escaped, exact, wrapped

if TYPE_CHECKING:
    import polars as pl

CROWDED_ABOVE = 2_000  # scored outcomes; SVG marks beyond that make the page slow and the picture a blot
CELL = MILLION // 10


@dataclass(frozen=True)
class Mark:
    """One mark: of one outcome, or of the `count` outcomes of a cell."""

    place: Place
    band: str
    count: int
    outcome_id: str
    hover: str

    def within(self, window: tuple[float, float, float, float]) -> bool:
        """Whether the mark stands in the window (importance from, to, satisfaction from, to), edges included."""
        left, right, bottom, top = (round(edge * MILLION) for edge in window)
        return left <= self.place[0] <= right and bottom <= self.place[1] <= top
