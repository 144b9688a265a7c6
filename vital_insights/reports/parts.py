"""What a report is made of, before it is HTML, PDF or slides: findings in words, pictures as frames, tables as texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from vital_insights.charts.dumbbell import FEW
from vital_insights.charts.wording import exact
from vital_insights.reports.phrases import instant

if TYPE_CHECKING:
    import polars as pl

LONGEST = 1_000  # characters of one text; a cell says how long it was
_KEPT = "\t\n"

Kind = Literal["text", "code", "number", "band"]


@dataclass(frozen=True)
class Column:
    """A column as people read it: its name, what it holds, and what is said where nothing is known."""

    name: str
    kind: Kind = "text"
    missing: str = "not stated"


@dataclass(frozen=True)
class Table:
    """Rows of texts under a caption. `rest` says what is not listed and where it is; `fold` keeps it shut, and off paper; `of`
    is how many rows there are; `few` marks the rows whose mean is of too few to say much, which are greyed."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    rest: str = ""
    fold: bool = False
    of: int = 0
    few: tuple[bool, ...] = ()

    @property
    def note(self) -> str:
        """What grey means, where a row is."""
        return f"Grey: a mean of fewer than {FEW}, which says little." if any(self.few) else ""

    @property
    def total(self) -> int:
        """How many rows there are, with those that are not listed."""
        return max(self.of, len(self.rows))

    @property
    def narrow(self) -> bool:
        """Whether no cell holds more than a few words, so that the table need not be as wide as the page."""
        return len(self.columns) <= 4 and all(len(text) <= 28 for row in self.rows for text in row)


@dataclass(frozen=True)
class Picture:
    """A frame to be drawn as `kind`, which a renderer knows how to draw; `told` are further arguments of that drawing."""

    kind: str
    frame: pl.DataFrame
    title: str
    alt: str
    note: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """One chapter: `headline` is what was found, `caveat` is what it does not say."""

    key: str
    title: str
    headline: str
    paragraphs: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    caveat: str = ""


@dataclass(frozen=True)
class Report:
    """All that is said of one snapshot, in the order it is told. `about` is what the numbers rest on, as footers say it."""

    slug: str
    tenant: str
    taken_at: datetime
    title: str
    figures: tuple[tuple[str, str, str], ...]
    sections: tuple[Section, ...]
    about: Mapping[str, str]


def table(
    caption: str, columns: Iterable[Column], rows: Sequence[Sequence[Any]], *, most: int | None = None, rest: str = "",
    fold: bool = False, few: Sequence[bool] = (),
) -> Table:  # fmt: skip
    """A table of any values as texts, its first `most` rows; the caption then says of how many, `rest` where the others are.

    `few` says of each row whether it is of too few to go by; none is where it is empty.
    """
    columns = tuple(columns)
    kept = rows[:most]
    said = f"{caption}: the first {len(kept):,} of {len(rows):,}" if len(kept) < len(rows) else caption
    texts = tuple(
        tuple(cell(value, column.missing) for value, column in zip(row, columns, strict=True)) for row in kept
    )
    return Table(said, columns, texts, rest if len(kept) < len(rows) else "", fold, len(rows), tuple(few[:most]))


def cell(value: Any, missing: str = "not stated") -> str:
    """A value as people read it: decimals whole, means to two decimals, counts with commas, texts made plain."""
    said = missing
    match value:
        case bool():
            said = "yes" if value else "no"
        case Decimal():
            said = exact(value)
        case int():
            said = f"{value:,}"
        case float():
            said = f"{value:.2f}"
        case datetime():
            said = instant(value)
        case str():
            said = plain(value) or missing
    return said


def plain(text: str) -> str:
    """The text without what no document may hold: control characters are shown as their signs, the over-long is cut and says so."""
    whole = len(text)
    shown = "".join(map(_shown, text[:LONGEST].replace("\r\n", "\n")))
    return shown if whole <= LONGEST else f"{shown} … (cut: {whole:,} characters in all)"


def _shown(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Cc" and sign not in _KEPT:
        return chr(0x2400 + ord(sign)) if ord(sign) < 0x20 else "\ufffd"
    # Surrogates and what is no character at all are in no valid XML.
    return "\ufffd" if kind == "Cs" or ord(sign) & 0xFFFE == 0xFFFE else sign


def plain_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its texts made plain, for pictures."""
    import polars as pl

    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.Series(name, [None if each is None else plain(each) for each in frame[name]], dtype=pl.String)
        for name in texts
    )
