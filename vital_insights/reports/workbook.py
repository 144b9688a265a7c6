"""Frames as one Excel workbook: a sheet and a real table each, and a sheet that says what the numbers rest on."""

from __future__ import annotations

import io
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vital_insights.charts.theme import BANDS, LIGHT, MARKS, SHADES
from vital_insights.reports.tables import inert, inert_names

if TYPE_CHECKING:
    import polars as pl
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CELL = 32_767  # characters of UTF-16: all that Excel keeps in one cell
ROWS = 1_048_575  # below the header
_FIRST_DAY = date(1900, 3, 1)  # before it Excel's calendar is wrong or ends
CUT = f"were longer than {CELL:,} characters and are cut there."
ROUNDED = "have more digits than Excel keeps and are rounded to 16."
LOSSES = (CUT, ROUNDED)
_WIDTHS = (9, 60)
LEGIBLE = 330  # characters that a page of paper can be wide
TOLD, LINE = 100, 15  # characters and points of a column and a line of sentences
_INKS = {"HIGH": LIGHT.orange, "MEDIUM": LIGHT.blue}


def workbook(
    frames: Mapping[str, pl.DataFrame], about: Mapping[str, str], contents: Mapping[str, str] | None = None
) -> bytes:
    """The file: a sheet a frame under its name, then "Method" with `about` and with what Excel could not hold whole.

    With `contents`, which says of each frame what it is, the first sheet lists all sheets and leads to them. Texts are texts
    whatever they look like: no formula, no link. Unknown values are empty cells, instants are UTC.
    """
    import xlsxwriter

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        names = _sheet_names(frames)
        if contents is not None:
            _contents(book, about, zip(names, frames.items(), strict=True), contents)
        cuts = [cut for name, frame in zip(names, frames.values(), strict=True) for cut in _sheet(book, name, frame)]
        _method(book, about, cuts)
    return file.getvalue()


def _sheet_names(frames: Mapping[str, pl.DataFrame]) -> list[str]:
    """Names that Excel takes: 31 characters, without its signs; what is taken is for us and for Excel itself."""
    plain = (re.sub(r"[\[\]:*?/\\]", " ", _printable(wanted)).strip(" '") or "Table" for wanted in frames)
    return _apart(plain, 31, taken=("contents", "method", "history"))


def _headers(columns: list[str]) -> list[str]:
    """Headers that a table takes: not empty, and as inert as any cell."""
    plain = (_printable(wanted) or "column" for wanted in map(inert_names(columns).get, columns, columns))
    return _apart(plain, 240)


def _apart(wanted: Iterable[str], longest: int, taken: Iterable[str] = ()) -> list[str]:
    """The names cut to `longest`, and numbered where they are one to Excel, which does not tell small letters from capitals."""
    used, apart = set(taken), []
    for whole in wanted:
        name, number = _cut(whole, longest), 2
        while name.lower() in used:
            mark = f" ({number})"
            name, number = _cut(whole, longest - len(mark)) + mark, number + 1
        used.add(name.lower())
        apart.append(name)
    return apart


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _cut(text: str, longest: int) -> str:
    """As much of a text as fits into so many characters of UTF-16, which Excel counts in."""
    return text.encode("utf-16-le", "replace")[: 2 * longest].decode("utf-16-le", "ignore")


def _sheet(book: Workbook, name: str, frame: pl.DataFrame) -> Iterator[str]:
    """Write one frame; what had to be cut, in words."""
    sheet = _new(book, name)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    rows = inert(frame.head(ROWS))
    headers = _headers(rows.columns)
    last, widths = max(rows.height, 1), [*map(_width, headers, rows)]
    if sum(widths) <= LEGIBLE:
        sheet.fit_to_pages(1, 0)
    sheet.add_table(
        0,
        0,
        last,
        len(headers) - 1,
        {"columns": [{"header": each} for each in headers], "style": "Table Style Light 1"},
    )
    for number, (header, column) in enumerate(zip(headers, rows, strict=True)):
        look = book.add_format({"num_format": number_format}) if (number_format := _number_format(column)) else None
        sheet.set_column(number, number, widths[number])
        lost = Counter(_write(sheet, row, number, value, look) for row, value in enumerate(column, start=1))
        for loss in (loss for loss in LOSSES if lost[loss]):
            yield f"{name}: {lost[loss]:,} of the cells in column {header} {loss}"
        if header == "band" or header.endswith("_band"):
            _colour(book, sheet, number, last)
    if frame.height > ROWS:
        yield f"{name}: the first {ROWS:,} of {frame.height:,} rows; Excel holds no more."


def _new(book: Workbook, name: str) -> Worksheet:
    """An empty sheet that prints on paper that lies, with its name and the page below."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_footer("&L&A&R&P of &N")
    return sheet


def _contents(
    book: Workbook,
    about: Mapping[str, str],
    sheets: Iterable[tuple[str, tuple[str, pl.DataFrame]]],
    contents: Mapping[str, str],
) -> None:
    """The first sheet: whose the file is and of when, then each sheet with what it is, a link to it and its rows."""
    sheet = _new(book, "Contents")
    head, ink = book.add_format({"bold": True, "font_size": 14}), {"valign": "top", "font_color": LIGHT.text}
    link = book.add_format({"valign": "top", "font_color": LIGHT.blue, "underline": 1})
    wrap, number = book.add_format({**ink, "text_wrap": True}), book.add_format({**ink, "num_format": "#,##0"})
    bold = book.add_format({"bold": True, "bottom": 1, "font_color": LIGHT.muted})
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 0)
    for column, width in enumerate((26, TOLD, 10)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, about.get("Tenant", "")[:CELL], head)
    sheet.write_string(1, 0, f"Snapshot of {about.get('Snapshot', '')}"[:CELL])
    for column, name in enumerate(("Sheet", "What it is", "Rows")):
        sheet.write_string(3, column, name, bold)
    listed: list[tuple[str, str, int | None]] = [(name, contents[frame], rows.height) for name, (frame, rows) in sheets]
    listed.append(("Method", "What the numbers rest on, and what Excel could not hold whole.", None))
    for row, (name, said, n_rows) in enumerate(listed, start=4):
        sheet.write_url(row, 0, _place(name), link, name)
        _tell(sheet, row, said, wrap)
        if n_rows is not None:
            sheet.write_number(row, 2, n_rows, number)


def _tell(sheet: Worksheet, row: int, said: str, look: Format) -> None:
    """Write a sentence into the second column, in a row high enough for it: not every program finds the height itself."""
    said = _cut(said, CELL)
    lines = sum(len(textwrap.wrap(line, TOLD * 9 // 10)) or 1 for line in said.split("\n"))
    sheet.set_row(row, min(lines * LINE, 400))
    sheet.write_string(row, 1, said, look)


def _place(sheet: str) -> str:
    """Where a link within the file leads."""
    quoted = sheet.replace("'", "''")
    return f"internal:'{quoted}'!A1"


def _number_format(column: pl.Series) -> str | None:
    import polars as pl

    kind = column.dtype
    if isinstance(kind, pl.Datetime):
        return "yyyy-mm-dd hh:mm:ss"
    if isinstance(kind, pl.Date):
        return "yyyy-mm-dd"
    if kind.is_integer():
        return "#,##0"
    if kind.is_float():
        return "0.0%" if column.name.startswith("share") else "0.00"
    return "0.0#####" if kind.is_decimal() else None


def _write(sheet: Worksheet, row: int, column: int, value: Any, look: Format | None) -> str | None:
    """Write one value as what it is; what it lost on the way, if anything."""
    match value:
        case None:
            return None
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | Decimal():
            # As a decimal: the library writes 16 digits, which turn the float of 9.123456 into another number.
            sheet.write_number(row, column, value, look)
            return None if Decimal(f"{Decimal(value):.16G}") == value else ROUNDED
        case float() if value == value and abs(value) != float("inf"):  # noqa: PLR0124  (NaN is not itself)
            sheet.write_number(row, column, value, look)
        case datetime() if value.date() >= _FIRST_DAY:
            sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), look)
        case date() if not isinstance(value, datetime) and value >= _FIRST_DAY:
            sheet.write_datetime(row, column, value, look)
        case _:
            sheet.write_string(row, column, _cut(str(value), CELL))
            return None if _cut(str(value), CELL) == str(value) else CUT
    return None


def _width(header: str, column: pl.Series) -> float:
    longest = max((len(str(value)) for value in column.head(200) if value is not None), default=0)
    return min(max(len(header) + 3, longest, _WIDTHS[0]), _WIDTHS[1])


def _colour(book: Workbook, sheet: Worksheet, column: int, last: int) -> None:
    """Each band on its ground; the rule reads the cell, so a cell that is changed changes its colour."""
    for band in BANDS:
        look = {"font_color": _INKS.get(band, LIGHT.muted), "bold": band == "HIGH"}
        if band in SHADES:
            look["bg_color"] = _on_white(MARKS[band].colour, SHADES[band])
        sheet.conditional_format(
            1, column, last, column,
            {"type": "cell", "criteria": "==", "value": f'"{band}"', "format": book.add_format(look)},
        )  # fmt: skip


def _on_white(colour: str, opacity: float) -> str:
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * opacity):02X}" for part in parts)


def _method(book: Workbook, about: Mapping[str, str], cuts: list[str]) -> None:
    sheet = _new(book, "Method")
    wrap, bold = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"bold": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, TOLD)
    sheet.fit_to_pages(1, 0)
    told = [*about.items(), *(("Cut", cut) for cut in cuts), ("Cells", "An empty cell is unknown. Instants are UTC.")]
    for row, (what, said) in enumerate(told):
        sheet.write_string(row, 0, what, bold)
        _tell(sheet, row, said, wrap)
