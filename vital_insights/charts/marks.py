"""Where the marks of a landscape stand, what each counts and what it says when pointed at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vital_insights.charts.geometry import MILLION, Place, band_at, petal
from vital_insights.charts.wording import escaped, outcome_hover, wrapped

if TYPE_CHECKING:
    import polars as pl

CROWDED_ABOVE = 2_000  # scored outcomes; beyond, single marks make the page slow and the picture a blot
CELL = MILLION // 10  # one step of 0.1
TOLD = ("statement", "job_name", "importance", "satisfaction", "score", "evidence_source")

Window = tuple[float, float, float, float]  # importance from, to, satisfaction from, to


@dataclass(frozen=True)
class Drawn:
    """One mark: of one outcome, or of the `count` outcomes of a cell. `drawn_at` may be a petal off `place`."""

    place: Place
    drawn_at: Place
    band: str
    count: int
    hover: str

    def within(self, window: Window) -> bool:
        """Whether the mark's true place lies in the window, edges included."""
        left, right, bottom, top = (round(edge * MILLION) for edge in window)
        return left <= self.place[0] <= right and bottom <= self.place[1] <= top


def draw(outcomes: pl.DataFrame) -> tuple[list[Drawn], bool]:
    """The marks of an `opportunity` frame's scored outcomes, and whether they are cells of 0.1 instead of outcomes."""
    import polars as pl

    scored = outcomes.filter(pl.col("band") != "UNSCORED").with_columns(
        x=(pl.col("importance").cast(pl.Decimal(18, 6)) * MILLION).cast(pl.Int64),
        y=(pl.col("satisfaction").cast(pl.Decimal(18, 6)) * MILLION).cast(pl.Int64),
    )
    if scored.height > CROWDED_ABOVE:
        return _tiles(scored), True
    return _flowers(scored), False


def _flowers(scored: pl.DataFrame) -> list[Drawn]:
    """One mark an outcome; exact ties open like a sunflower."""
    already: Counter[Place] = Counter()
    marks = []
    for row in scored.sort("score", "statement", "outcome_id", descending=[True, False, False]).iter_rows(named=True):
        place = (row["x"], row["y"])
        drawn_at = petal(place, already[place])
        already[place] += 1
        marks.append(Drawn(place, drawn_at, row["band"], 1, _hover(row)))
    return marks


def _tiles(scored: pl.DataFrame) -> list[Drawn]:
    """One mark a cell and band: at the cell’s heart, or on the nearest outcome if the heart has another band."""
    import polars as pl

    heart_x, heart_y = (pl.col("x") + CELL // 2) // CELL * CELL, (pl.col("y") + CELL // 2) // CELL * CELL
    cells = (
        scored.with_columns(heart_x=heart_x, heart_y=heart_y)
        .with_columns(off=(pl.col("x") - pl.col("heart_x")).abs() + (pl.col("y") - pl.col("heart_y")).abs())
        .sort("off", "outcome_id")
        .group_by("heart_x", "heart_y", "band", maintain_order=True)
        .agg(pl.len().alias("count"), pl.col("x", "y", *TOLD).first())
    )
    marks = []
    for row in cells.iter_rows(named=True):
        heart = (row["heart_x"], row["heart_y"])
        place = heart if band_at(heart) == row["band"] else (row["x"], row["y"])
        marks.append(Drawn(place, place, row["band"], row["count"], _cell_hover(row)))
    return marks


def _hover(row: dict[str, Any]) -> str:
    return outcome_hover(row, f"Evidence: {wrapped(row['evidence_source'], 52, 2, 'none given')}")


def _cell_hover(row: dict[str, Any]) -> str:
    if row["count"] == 1:
        return _hover(row)
    heart = f"importance {row['heart_x'] / MILLION:.1f}, satisfaction {row['heart_y'] / MILLION:.1f}"
    such_as = wrapped(row["statement"], 52, 2, "no statement")
    return f"<b>{row['count']:,} outcomes</b> around {heart}, {escaped(row['band'])}<br>such as: {such_as}"
