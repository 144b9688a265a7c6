"""Buttons that carry a table or a picture away, with what the footer says.

    downloads.table(frame, "outcomes")     # CSV and Excel of a polars frame
    downloads.figure(figure, "landscape")  # PNG and SVG of a plotly figure
    downloads.report(view)                 # the whole report with the filters of the page, one HTML file

Names are words of lower-case letters and "-", one a page. Nothing is made before somebody asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
import words
from style import PAPER_WIDTH

from vital_insights.reports import tables
from vital_insights.reports.html import html
from vital_insights.reports.picture import on_paper
from vital_insights.reports.report import report as written
from vital_insights.reports.workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from plotly.graph_objects import Figure
    from session import View

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHARPNESS = 2  # pixels of the PNG for one of the picture


def table(frame: pl.DataFrame, name: str) -> None:
    """Draw the buttons CSV and Excel for a frame: all its rows and columns, whatever the screen shows of it."""
    about = words.provenance()

    with st.container(key=f"downloads_{name}", horizontal=True, vertical_alignment="center", gap="small"):
        st.download_button(
            "CSV", _guarded(lambda: tables.csv(frame).encode()), f"{words.file_stem(name)}.csv", "text/csv", key=f"csv_{name}",
            on_click="ignore", type="tertiary", icon=":material/download:", help=f"All {frame.height:,} rows",
        )  # fmt: skip
        st.download_button(
            "Excel", _guarded(lambda: workbook({name: frame}, about)), f"{words.file_stem(name)}.xlsx", EXCEL, key=f"excel_{name}",
            on_click="ignore", type="tertiary", icon=":material/download:", help="With the method on a sheet of its own",
        )  # fmt: skip


def figure(drawn: Figure | Callable[[], Figure], name: str) -> None:
    """Draw the button that opens a choice of PNG and SVG: the picture on white, in black, with title and footer.

    It takes the figure, or what makes it where the file is drawn in another way than the page.
    """
    opened = st.popover("Picture", key=f"picture_{name}", icon=":material/image:", type="tertiary", on_change="rerun")
    if not opened.open:
        return
    about = words.provenance()
    lines = [" · ".join(f"{what}: {said}" for what, said in about.items() if what != "Title")]
    made = drawn() if callable(drawn) else drawn
    paper = on_paper(made.to_plotly_json(), about["Title"], lines, PAPER_WIDTH)
    size = {"width": PAPER_WIDTH, "height": paper["layout"]["height"]}
    with opened:
        kind = st.segmented_control("Kind of file", ["PNG", "SVG"], default="PNG", key=f"kind_{name}", required=True)
        options = {
            "format": kind.lower(),
            "filename": words.file_stem(name),
            "scale": SHARPNESS if kind == "PNG" else 1,
        }
        with st.container(key=f"sheet_{name}"):
            st.plotly_chart(
                paper, theme=None, key=f"paper_{name}_{kind}", **size,
                config={"displayModeBar": True, "displaylogo": False, "modeBarButtons": [["toImage"]],
                        "toImageButtonOptions": options | size},
            )  # fmt: skip


def report(view: View) -> None:
    """Draw the button of the report: the outcomes that the filters choose, told as a document that works offline and prints."""
    made = _guarded(lambda: html(written(view.data.insights, view.shown, view.selection.words)).encode())
    st.download_button(
        "Report", made, f"{words.file_stem('report')}.html", "text/html", key="report", on_click="ignore", type="tertiary",
        icon=":material/description:", disabled=view.shown.is_empty(),
        help="With the filters of this page: one file that works offline and prints well",
    )  # fmt: skip


def _guarded(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """The file, for whoever may still see this tenant when it is asked for: that may be hours later."""
    welcome = st.session_state["provenance"].welcome

    def made() -> bytes:
        if not welcome():
            raise PermissionError("no longer a member")
        return make()

    return made
