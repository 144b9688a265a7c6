"""Tables that leave: read back by readers of their own, they say the same, and nothing in them runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import polars as pl
import pytest

from vital_insights.reports import tables
from vital_insights.reports.picture import on_paper
from vital_insights.reports.workbook import CELL, workbook

HOSTILE = [
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", "http://example.org/x.png",
    "<script>alert(1)</script>", "\u202eright to left", "a\x00\x0bb", "_x0041_", "x,\"y\"\nz",
]  # fmt: skip
ABOUT = {"Tenant": "Acme", "Filters": "=none", "Formula": "importance + max(importance - satisfaction, 0)"}


def opened(frames: dict[str, pl.DataFrame]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(frames, ABOUT)))


def read(text: str) -> str:
    """A text with the signs that XML has no room for, which openpyxl leaves as Excel writes them."""
    for sign in "\r\x00\x0b":
        text = text.replace(f"_x{ord(sign):04X}_", sign)
    return text


def cells(sheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def test_a_workbook_says_what_the_frame_says():
    frame = pl.DataFrame(
        {
            "statement": ["one", None],
            "score": pl.Series([Decimal("12.004"), None], dtype=pl.Decimal(18, 6)),
            "mean_score": [8.25, float("nan")],
            "n_outcomes": [2704, 0],
            "band_firm": [True, None],
            "updated_at": [datetime(2026, 11, 22, 6, 30, tzinfo=UTC), datetime(1800, 1, 1, tzinfo=UTC)],
            "day": [date(2026, 11, 22), None],
        },
        strict=False,
    )
    sheet = opened({"outcomes": frame})["outcomes"]
    assert [cell.value for cell in sheet[1]] == frame.columns
    first, second = cells(sheet)
    assert first == ["one", 12.004, 8.25, 2704, True, datetime(2026, 11, 22, 6, 30), datetime(2026, 11, 22)]
    assert second == [None, None, "nan", 0, None, "1800-01-01 00:00:00+00:00", None]
    assert sheet.freeze_panes == "A2"
    assert [table.ref for table in sheet.tables.values()] == ["A1:G3"]


def test_hostile_text_is_text_in_csv_and_in_excel():
    frame = pl.DataFrame({"=1+1": HOSTILE, "plain": HOSTILE})
    header, *rows = csv.reader(io.StringIO(tables.csv(frame), newline=""))
    assert header == ["'=1+1", "plain"]
    live = ("=", "+", "-", "@", "\t", "\r", "\n", "＝")
    for said, meant in zip(rows, HOSTILE, strict=True):
        assert said == [("'" + meant if meant.startswith(live) else meant)] * 2
    sheet = opened({"x": frame})["x"]
    for row, meant in zip(sheet.iter_rows(min_row=2), HOSTILE, strict=True):
        for cell in row:
            assert cell.data_type == "s"
            assert cell.hyperlink is None
            assert not str(cell.value).startswith(live)
            wanted = "'" + meant if meant.startswith(live) else meant
            assert read(cell.value) == wanted


def test_a_megabyte_in_one_cell_is_cut_and_reported():
    frame = pl.DataFrame({"statement": ["x" * 1_000_000, "😀" * 20_000, "short"]})
    book = opened({"outcomes": frame})
    assert [len(row[0].encode("utf-16-le")) // 2 for row in cells(book["outcomes"])] == [CELL, CELL - 1, 5]
    told = [row[1].value for row in book["Method"].iter_rows() if row[0].value == "Cut"]
    assert told == [
        f"outcomes: 2 of the cells in column statement were longer than {CELL:,} characters and are cut there."
    ]
    assert len(tables.csv(frame)) > 1_000_000


def test_the_method_sheet_carries_what_the_footer_says():
    told = {row[0].value: row[1] for row in opened({"x": pl.DataFrame({"a": [1]})})["Method"].iter_rows()}
    assert {what: told[what].value for what in ABOUT} == ABOUT
    assert {cell.data_type for cell in told.values()} == {"s"}
    assert "Cut" not in told


def test_bands_are_coloured_by_what_the_cell_says():
    sheet = opened({"x": pl.DataFrame({"band": ["HIGH", "LOW"], "new_band": ["LOW", None]})})["x"]
    rules = {
        str(where.sqref): [rule.formula for rule in rules]
        for where, rules in sheet.conditional_formatting._cf_rules.items()
    }
    bands = [['"HIGH"'], ['"MEDIUM"'], ['"LOW"'], ['"UNSCORED"']]
    assert rules == {"A2:A3": bands, "B2:B3": bands}


@pytest.mark.parametrize(
    ("wanted", "sheets"),
    [
        (["outcomes", "Outcomes"], ["outcomes", "Outcomes (2)"]),
        (["Method", "a/b:c", ""], ["Method (2)", "a b c", "Table"]),
        (["x" * 40, "x" * 41], ["x" * 31, "x" * 27 + " (2)"]),
    ],
)
def test_sheets_have_names_that_excel_takes(wanted, sheets):
    assert opened({name: pl.DataFrame({"a": [1]}) for name in wanted}).sheetnames == [*sheets, "Method"]


def test_an_empty_frame_and_headers_of_one_spelling_are_a_table_all_the_same():
    sheet = opened({"x": pl.DataFrame(schema={"Name": pl.String, "name": pl.String})})["x"]
    assert [cell.value for cell in sheet[1]] == ["Name", "name (2)"]
    assert cells(sheet) == [[None, None]] or cells(sheet) == []


def test_a_picture_on_paper_is_black_on_white_with_title_and_foot():
    figure = {
        "data": [{"x": [1]}],
        "layout": {"height": 400.2, "margin": {"l": 10, "r": 10, "t": 20, "b": 20}, "font": {"size": 12}},
    }
    paper = on_paper(figure, "<b>219</b> of 2,422", ["Snapshot 22 Nov 2026 · " + "long " * 60], width=600)
    layout = paper["layout"]
    assert (layout["paper_bgcolor"], layout["font"]["color"], layout["width"]) == ("#FFFFFF", "#000000", 600)
    heading, foot = layout["annotations"]
    assert heading["text"] == "&lt;b&gt;219&lt;/b&gt; of 2,422"
    assert foot["text"].count("<br>") >= 2
    inside = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    assert isinstance(layout["height"], int)  # Streamlit takes no other
    assert inside == 400 - 20 - 20  # the picture itself keeps its size
    for text in (heading, foot):
        assert 0 < layout["margin"]["b"] + text["y"] * inside < layout["height"]
        assert 0 < layout["margin"]["l"] + text["x"] * 580 < 600
    assert "annotations" not in figure["layout"]
