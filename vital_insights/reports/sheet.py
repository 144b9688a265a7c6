"""Boxes, texts and cells of a slide, and how much room a text takes: nothing on a slide may run out of its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vital_insights.charts.theme import LIGHT

WIDE, SIDE, TOP, FOOT = (
    13.333,
    0.55,
    1.65,
    6.95,
)  # inches: the slide, its edges, where the content begins and the footer stands
FONT = "Arial"  # on every machine; ours is not
LINE = 1.22  # height of a line in parts of its size
PAD_X, PAD_Y = 0.07, 0.05  # inches inside a cell
POINTS = 72  # an inch
LONGEST = 400  # signs of one text on a slide, at most


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    def split(self, share: float) -> tuple[Box, Box]:
        """The left part and the right one, with a gap between them."""
        left = self.width * share
        return Box(self.left, self.top, left, self.height), Box(
            self.left + left + 0.3, self.top, self.width - left - 0.3, self.height
        )


# Widths of Arial's signs from the space to the tilde, in thousandths of the size; of others the widest common ones are taken.
_ARIAL = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556,
    278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,
    611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833,
    556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_OTHER, _BROAD, _BOLD = 700, 1400, 1.09


def wide(told: str, size: float, *, bold: bool = False) -> float:
    """Inches that a text takes on one line."""
    parts = (
        _ARIAL[ord(c) - 32] if " " <= c <= "~" else _OTHER if ord(c) < 0x1100 or 0x2000 <= ord(c) < 0x2440 else _BROAD
        for c in told
    )
    return sum(parts) / 1000 * size / POINTS * (_BOLD if bold else 1)


def broken(told: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The lines that a text takes in a cell of so many inches: broken at spaces, within a word only where it is longer than a line."""
    room = width - 2 * PAD_X - 0.02
    lines = [""]
    for word in told.split(" "):
        if not lines[-1] or wide(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
        else:
            lines.append(word)
        while wide(lines[-1], size, bold=bold) > room and len(lines[-1]) > 1:
            kept = next(
                n for n in range(len(lines[-1]) - 1, 0, -1) if n == 1 or wide(lines[-1][:n], size, bold=bold) <= room
            )
            lines[-1:] = [lines[-1][:kept], lines[-1][kept:]]
    return lines


def lines_of(told: str, width: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes."""
    return sum(len(broken(part, width, size, bold=bold)) for part in told.split("\n"))


def shortened(told: str, width: float, size: float, lines: int, *, bold: bool = False) -> str:
    """The text as far as it fits into so many lines, with an ellipsis where it does not."""
    told = " ".join(told.split())
    kept = told[:LONGEST]
    while lines_of(kept if kept == told else f"{kept} …", width, size, bold=bold) > lines:
        kept = kept.rpartition(" ")[0] or kept[: len(kept) * 3 // 4]
    return kept if kept == told else f"{kept} …"


def row_height(row: Sequence[str], widths: Sequence[float], size: float, *, bold: bool = False) -> float:
    """Inches that a row of a table takes."""
    lines = max(lines_of(told, width, size, bold=bold) for told, width in zip(row, widths, strict=True))
    return lines * size * LINE / POINTS + 2 * PAD_Y


def placed(shape: Any, box: Box) -> None:
    from pptx.util import Inches

    shape.left, shape.top, shape.width, shape.height = (
        Inches(each) for each in (box.left, box.top, box.width, box.height)
    )


def text(
    slide: Any, box: Box, told: Sequence[str], size: float, colour: str, *, align: str = "left",
    sizes: Mapping[int, float] | None = None, colours: Mapping[int, str] | None = None,
) -> float:  # fmt: skip
    """A text box of paragraphs; how high it is, in inches."""
    from pptx.util import Inches

    each = [(sizes or {}).get(n, size) for n, _ in enumerate(told)]
    height = (
        sum(lines_of(one, box.width, of) * of * LINE / POINTS + 0.08 for one, of in zip(told, each, strict=True))
        + 2 * PAD_Y
    )
    shape = slide.shapes.add_textbox(Inches(box.left), Inches(box.top), Inches(box.width), Inches(height))
    fitted(shape.text_frame, told, size, colour=colour, align=align, sizes=sizes, colours=colours)
    return height


def fitted(
    frame: Any, told: Sequence[str], size: float, *, colour: str = LIGHT.text, bold: bool = False, align: str = "left",
    anchor: str = "top", sizes: Mapping[int, float] | None = None, colours: Mapping[int, str] | None = None,
) -> None:  # fmt: skip
    """Write paragraphs into a frame that wraps them and never grows by itself."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Inches, Pt

    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP if anchor == "top" else MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = Inches(PAD_X)
    frame.margin_top = frame.margin_bottom = Inches(PAD_Y)
    for n, one in enumerate(told):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if align == "right" else PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = one
        run.font.name, run.font.size, run.font.bold = FONT, Pt((sizes or {}).get(n, size)), bold
        run.font.color.rgb = RGBColor.from_string((colours or {}).get(n, colour).lstrip("#"))
        paragraph.space_after = Pt(4) if n < len(told) - 1 else Pt(0)


INKS = {"HIGH": LIGHT.orange, "MEDIUM": LIGHT.blue}


def cell_of(cell: Any, told: str, size: float, kind: str, *, head: bool, quiet: bool = False) -> None:
    """Write one cell of a table: no ground but a line below, a band in its colour, numbers to the right; `quiet` in grey."""
    from pptx.util import Inches

    cell.fill.background()
    _line_below(cell, LIGHT.muted if head else LIGHT.border)
    cell.margin_left = cell.margin_right = Inches(PAD_X)
    cell.margin_top = cell.margin_bottom = Inches(PAD_Y)
    colour = LIGHT.muted if head or quiet else INKS.get(told, LIGHT.text) if kind == "band" else LIGHT.text
    fitted(
        cell.text_frame,
        [told],
        size,
        colour=colour,
        bold=head or kind == "band",
        align="right" if kind == "number" else "left",
    )


def _line_below(cell: Any, colour: str) -> None:
    """A hairline, for which the library has no word; the format wants it before the ground of the cell."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    line = f'<a:lnB {nsdecls("a")} w="6350"><a:solidFill><a:srgbClr val="{colour.lstrip("#")}"/></a:solidFill></a:lnB>'
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(line))
