"""A report as slides: a finding a slide, charts and tables that PowerPoint itself can edit, the method in the notes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vital_insights.charts.theme import LIGHT
from vital_insights.errors import VitalError
from vital_insights.reports.parts import Column, Picture, Report, Section, Table
from vital_insights.reports.phrases import instant
from vital_insights.reports.sheet import FOOT, INKS, SIDE, TOP, WIDE, Box, fitted, lines_of, placed, shortened, text

if TYPE_CHECKING:
    from pptx.presentation import Presentation

TITLES = (28, 24, 20)  # points; a headline takes the first in which it needs no more than two lines
PLAIN = (
    "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's table style without ground and lines; ours are on the cells
)
TABLES = {  # by chapter: the table that is shown, and the columns of it with their share of the width
    "matters": ("The highest opportunities", {"Outcome": 0.5, "Job": 0.37, "Score": 0.13}),
    "sure": ("HIGH for sure", {"Outcome": 0.52, "Score": 0.12, "May be": 0.18, "Rank may be": 0.18}),
    "whom": ("Functions", {"Function": 0.55, "HIGH": 0.22, "Outcomes": 0.23}),
    "personas": (
        "Evidence is needed first for",
        {"Persona": 0.42, "Evidence": 0.16, "Pieces": 0.12, "HIGH": 0.13, "Outcomes": 0.17},
    ),
    "gaps": (
        "The gaps by kind",
        {"Gap": 0.27, "How many": 0.09, "Of": 0.08, "Why it matters": 0.28, "What to do": 0.28},
    ),
    "work": (
        "The jobs that hold up most",
        {"Job": 0.52, "Holds up in all": 0.14, "Straight": 0.12, "Waits for": 0.12, "HIGH": 0.1},
    ),
    "changed": (
        "The widest moves",
        {"Outcome": 0.46, "Job": 0.26, "Score before": 0.1, "Score now": 0.09, "Change": 0.09},
    ),
    "machines": (
        "Needed, and no AI opportunity yet",
        {"Job": 0.5, "Highest score": 0.14, "HIGH": 0.1, "Agents": 0.1, "Times examined": 0.16},
    ),
    "quality": ("What the checks found", {"Severity": 0.12, "Why it matters": 0.56, "Found": 0.32}),
    "method": ("Words", {"Word": 0.26, "What it means here": 0.74}),
}
# By picture that has a slide of its own: the table beside it.
BESIDE = {
    "gaps": (
        "The highest opportunities",
        {"Outcome": 0.44, "Importance": 0.2, "Satisfaction": 0.22, "Score": 0.14},
    )
}


def needed() -> None:
    """Raises VitalError with the next step where python-pptx is not installed."""
    try:
        import pptx  # noqa: F401
    except ImportError:
        raise VitalError(
            "Slides need python-pptx, which is not installed.", hint="pip install 'vital-insights[pptx]'"
        ) from None


def slides(report: Report) -> bytes:
    """The file, 16:9. What a slide has no room for is counted on it; the notes say what the numbers rest on."""
    needed()
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(7.5)
    deck.core_properties.title, deck.core_properties.author = report.title, "vital-insights"
    deck.core_properties.created = deck.core_properties.modified = report.taken_at  # the same report is the same file
    _first(deck, report)
    _short(deck, report)
    for section in report.sections:
        if section.key in TABLES:
            _chapter(deck, report, section)
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def _new(deck: Presentation, report: Report, title: str, notes: str) -> Any:
    """An empty slide with its title, its footer and its notes."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])  # title only
    size = next((each for each in TITLES if lines_of(title, WIDE - 2 * SIDE, each, bold=True) <= 2), TITLES[-1])
    placed(slide.shapes.title, Box(SIDE, 0.4, WIDE - 2 * SIDE, 1.15))
    fitted(
        slide.shapes.title.text_frame,
        [shortened(title, WIDE - 2 * SIDE, size, 2, bold=True)],
        size,
        bold=True,
        anchor="top",
    )
    filters = "" if report.about["Filters"] == "none" else f" · only {report.about['Filters']}"
    told = f"{report.tenant} · snapshot {instant(report.taken_at)} · {report.about['Shown']}{filters}"
    text(
        slide, Box(SIDE, FOOT, WIDE - 2 * SIDE - 1, 0.3), [shortened(told, WIDE - 2 * SIDE - 1, 10, 1)], 10, LIGHT.muted
    )
    text(slide, Box(WIDE - SIDE - 1, FOOT, 1, 0.3), [str(len(deck.slides))], 10, LIGHT.muted, align="right")
    slide.notes_slide.notes_text_frame.text = "\n".join(
        [notes, "", *(f"{what}: {said}" for what, said in report.about.items())]
    )
    return slide


def _first(deck: Presentation, report: Report) -> None:
    slide = _new(deck, report, report.title, "What matters, how sure it is, who it is for, and what it rests on.")
    text(
        slide,
        Box(SIDE, 1.45, 12, 0.5),
        [f"Opportunity report, snapshot of {instant(report.taken_at)}"],
        18,
        LIGHT.muted,
    )
    width = (WIDE - 2 * SIDE) / len(report.figures)
    for place, (name, number, said) in enumerate(report.figures):
        box = Box(SIDE + place * width, 3, width - 0.15, 1.9)
        text(
            slide,
            box,
            [name, number, said],
            14,
            LIGHT.text,
            sizes={1: 30, 2: 12},
            colours={1: INKS.get(name, LIGHT.text), 2: LIGHT.muted},
        )


def _short(deck: Presentation, report: Report) -> None:
    rows = tuple((each.title, each.headline) for each in report.sections if each.key in TABLES)
    slide = _new(deck, report, "In short", "The headline of each of the slides that follow.")
    table = Table("In short", (Column("Question"), Column("What was found")), rows)
    _grid(
        slide, table, {"Question": 0.26, "What was found": 0.74}, Box(SIDE, TOP, WIDE - 2 * SIDE, FOOT - TOP - 0.2), 15
    )


def _chapter(deck: Presentation, report: Report, section: Section) -> None:
    """The slide of a chapter with its first picture, and one for each other picture that has a table beside it."""
    from vital_insights.reports import natives

    pictures = [each for each in section.pictures if each.kind in natives.DRAWN]
    _told(deck, report, section, section.headline, pictures[0] if pictures else None, TABLES[section.key])
    for picture in pictures[1:]:
        if picture.kind in BESIDE:
            _told(deck, report, section, picture.title, picture, BESIDE[picture.kind])


def _told(
    deck: Presentation,
    report: Report,
    section: Section,
    title: str,
    picture: Picture | None,
    beside: tuple[str, Mapping[str, float]],
) -> None:
    from vital_insights.reports import natives

    slide = _new(deck, report, title, "\n".join([section.title, *section.paragraphs, section.caveat]))
    room = Box(SIDE, TOP, WIDE - 2 * SIDE, FOOT - TOP - 0.2)
    caption, columns = beside
    table = next((each for each in section.tables if each.caption.startswith(caption)), None)
    if table is None and section.tables:
        table, (room, _) = section.tables[0], room.split(0.5)
        columns = {column.name: 1 / len(table.columns) for column in table.columns}
    if picture:
        left, right = room.split(natives.WIDTHS[picture.kind])
        natives.DRAWN[picture.kind](slide, picture, left)
        room = right
    elif section.paragraphs:
        height = text(slide, room, list(section.paragraphs), 15, LIGHT.text)
        room = Box(room.left, room.top + height + 0.2, room.width, room.height - height - 0.2)
    if table is not None and table.rows:
        _grid(slide, table, columns, room, 12)


def _grid(slide: Any, table: Table, columns: Mapping[str, float], room: Box, size: float) -> None:
    """A native table of as many rows as there is room for, and a line that counts the others."""
    from pptx.oxml.ns import qn
    from pptx.util import Inches

    from vital_insights.reports.sheet import cell_of, row_height

    places = [next(n for n, column in enumerate(table.columns) if column.name == name) for name in columns]
    widths = [share * room.width for share in columns.values()]
    rows = [
        [shortened(row[place], width, size, 4, bold=True) for place, width in zip(places, widths, strict=True)]
        for row in table.rows
    ]
    heads = list(columns)
    kept: list[list[str]] = []
    left = room.height - row_height(heads, widths, size, bold=True) - 0.35
    for row in rows:
        left -= row_height(row, widths, size)
        if left < 0:
            break
        kept.append(row)
    heights = [row_height(heads, widths, size, bold=True), *(row_height(row, widths, size) for row in kept)]
    shape = slide.shapes.add_table(
        len(kept) + 1, len(heads), Inches(room.left), Inches(room.top), Inches(room.width), Inches(sum(heights))
    )
    grid = shape.table
    shape._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN
    for place, width in enumerate(widths):
        grid.columns[place].width = Inches(width)
    for n, (row, height) in enumerate(zip((heads, *kept), heights, strict=True)):
        grid.rows[n].height = Inches(height)
        few = n > 0 and n <= len(table.few) and table.few[n - 1]
        for place, said in enumerate(row):
            cell_of(grid.cell(n, place), said, size, table.columns[places[place]].kind, head=n == 0, quiet=few)
    shape.name = table.caption
    notes = [f"The first {len(kept):,} of {table.total:,}"] if len(kept) < table.total else []
    notes += [table.note] if any(table.few[: len(kept)]) else []
    if notes:
        below = Box(room.left, room.top + sum(heights) + 0.05, room.width, 0.3)
        text(slide, below, [shortened(". ".join(notes), room.width, 10, 1)], 10, LIGHT.muted)
