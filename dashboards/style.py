"""The style sheet of the pages, made of the tokens of `vital_insights.charts.theme`.

`light-dark()` follows the theme that Streamlit sets on its root, so a flip needs no rerun.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import polars as pl
import streamlit as st

from vital_insights.charts.theme import DARK, FONT, LIGHT, TOOLTIP

PAPER_WIDTH = 1100  # of a picture that leaves, in pixels
LONGEST = 400  # characters of one text of the data on the screen


def _both(token: str) -> str:
    return f"light-dark({getattr(LIGHT, token)}, {getattr(DARK, token)})"


# Streamlit's page before its first run has drawn all, and then while a part of what that run sent waits for its script.
CLOSED = """[data-test-script-state="initial"], [data-test-script-state="running"]:not(:has(.vi-drawn)),
  :has([data-testid="stMain"] [data-testid="stSkeleton"]):not(:has(.vi-drawn.later))"""

SHEET = f"""<style>
.stMainBlockContainer {{padding-top: 4.35rem; padding-bottom: 2rem; max-width: 1480px}}
/* A page is shown once it is whole; see `curtain`. */
[data-testid="stApp"]:is({CLOSED}) .stMainBlockContainer {{visibility: hidden}}
[data-testid="stApp"]:is({CLOSED}):has(:is(.vi-turning, .turned)) .st-key-filterbar {{visibility: visible}}
[data-testid="stApp"]:is({CLOSED}):not(:has(:is(.vi-turning, .turned))) .stMain::before {{content: "Loading"}}
/* When one page follows another, all of the first goes at once but what stands below every page, which would jump up. */
[data-test-script-state="running"]:not(:has([data-testid="stMain"] h1)) :is(.foot, .st-key-report) {{visibility: hidden}}
.stMain::before {{position: absolute; top: 72px; left: 70px; font: 400 14px {FONT}; color: {_both("muted")}}}
div:has(> .st-key-filterbar) {{position: sticky; top: 3.75rem; z-index: 90; background: {_both("bg")};
  border-bottom: 1px solid {_both("border")}; padding: .35rem 0 .6rem}}
div:has(> [class*="st-key-carriers_"]), [data-testid="stElementContainer"]:has(.vi-drawn),
  [data-testid="stElementToolbar"] {{display: none}}
.st-key-more button, [class*="st-key-picture_"] button {{color: inherit}}
/* Of the picture that leaves only Plotly's own button shows, with its name. It is drawn in its whole size all the same:
   an axis that keeps its aspect would leave in the size it is drawn. */
[class*="st-key-sheet_"] {{height: 3.2rem !important; overflow: hidden; position: relative; max-width: 100%}}
[class*="st-key-paper_"], [class*="st-key-paper_"] * {{max-width: none !important}}
[class*="st-key-paper_"], [class*="st-key-paper_"] .stPlotlyChart {{width: {PAPER_WIDTH}px !important}}
[class*="st-key-paper_"] .main-svg {{visibility: hidden}}
[class*="st-key-paper_"] .modebar-container {{position: absolute !important; inset: 0 !important; width: auto !important}}
[class*="st-key-paper_"] .modebar {{opacity: 1 !important; left: 0; right: auto; top: 2px}}
[class*="st-key-paper_"] .modebar-btn {{display: flex !important; align-items: center; gap: .5rem; height: 2.5rem !important;
  padding: 0 .9rem !important; margin: 2px; border: 1px solid {_both("border")}; border-radius: 8px;
  color: {_both("text")}; font-size: 16px}}
[class*="st-key-paper_"] .modebar-btn .icon path {{fill: {_both("text")} !important}}
[class*="st-key-paper_"] .modebar-btn::before {{display: none !important}}
[class*="st-key-paper_"] .modebar-btn[data-title]::after {{content: "Download" !important; position: static !important;
  display: inline !important; visibility: visible !important; opacity: 1 !important; background: none !important; margin: 0 !important;
  padding: 0 !important; transform: none !important; font: 500 14px/1.2 {FONT} !important; color: {_both("text")} !important}}
.vi a {{color: inherit; white-space: nowrap; text-underline-offset: .2em; text-decoration-color: {_both("border")}}}
.vi a:hover {{text-decoration-color: currentColor}}
.vi.lead a, .vi.figures a {{font-weight: 600; text-decoration-color: currentColor}}
h1.vi {{font-size: 1.75rem; font-weight: 650; letter-spacing: -.01em; line-height: 1.25; margin: 0; padding: .4rem 0 .3rem}}
.stHeading h2 {{padding: 0}}
/* Of a width that is no whole number Streamlit tells Plotly two readings, and all is drawn again. */
[data-testid="stFullScreenFrame"]:has(> .stPlotlyChart) {{width: round(down, 100%, 1px)}}
.js-plotly-plot text {{fill: currentColor !important}}
.js-plotly-plot .hoverlayer text {{fill: {TOOLTIP["text"]} !important}}
.st-key-landscape .annotation text {{paint-order: stroke; stroke: {_both("bg")}; stroke-width: 3px; stroke-linejoin: round;
  stroke-opacity: .75}}
.st-key-landscape .nsewdrag {{touch-action: pan-y !important}}
.st-key-landscape .selectionlayer path {{pointer-events: none !important}}  /* marks in a box tell what they are, too */
.vi {{font-family: {FONT}; line-height: 1.5; overflow-wrap: anywhere}}
.vi.muted, .vi .muted, .vi dt {{color: {_both("muted")}}}
.vi ul {{list-style: none; margin: 0; padding: 0}}
.vi li {{display: grid; grid-template-columns: 6.5rem 1fr; gap: .9rem; padding: .5rem 0; border-top: 1px solid {_both("border")}}}
.vi li:first-child {{border-top: 0}}
.vi .count {{font-weight: 600; white-space: nowrap}}
.vi .critical, .vi .errored {{color: {_both("error")}; font-weight: 600}}
.vi .warning {{color: {_both("warn")}; font-weight: 600}}
.vi .info {{color: {_both("muted")}; font-weight: 600}}
.vi .ok {{color: {_both("ok")}; font-weight: 600}}
.vi .sum {{font-size: 1.15rem; margin: .5rem 0 .6rem; font-variant-numeric: tabular-nums}}
.vi .chip {{display: inline-block; background: {_both("secondary")}; border-radius: 6px; padding: .05rem .5rem;
  margin: 0 .3rem .25rem 0}}
.vi .chip.HIGH {{color: {_both("orange")}; font-weight: 600}}
.vi .chip.MEDIUM {{color: {_both("blue")}; font-weight: 600}}
.vi dl > * {{margin: 0; padding: 0}}
.vi dl {{display: grid; grid-template-columns: 7.5rem 1fr; gap: .15rem .9rem; margin: 0; padding: 0}}
.vi .name {{font-size: 1.1rem; font-weight: 600; margin: 0 0 .4rem}}
.st-key-card {{min-height: 19rem}}
.vi.foot {{border-top: 1px solid {_both("border")}; padding-top: .8rem; margin-top: 1rem; color: {_both("muted")}}}
.vi.figures {{display: grid; grid-template-columns: repeat(5, 1fr); gap: 1rem}}
.vi.figures div {{border: 1px solid {_both("border")}; border-radius: 8px; padding: .8rem 1rem; position: relative;
  display: flex; flex-direction: column}}
.vi.figures div:has(a):hover {{background: {_both("secondary")}}}
.vi.figures p {{margin: auto 0 0; padding-top: .35rem; min-height: 1.85em}}
.vi.figures a::after {{content: ""; position: absolute; inset: 0; border-radius: 8px}}
.vi.figures b {{display: block; font-size: 1.9rem; font-weight: 600; line-height: 1.25; white-space: nowrap;
  font-variant-numeric: tabular-nums}}
@media (max-width: 1400px) {{
  .stMainBlockContainer {{padding-left: 2rem; padding-right: 2rem}}
}}
/* Here the width limits the square of the landscape: without this an empty strip would stay below it. */
@media (min-width: 1241px) and (max-width: 1354px) {{
  .st-key-picture {{overflow: hidden; height: calc(572px - (1354px - 100vw) * .6) !important; flex: none !important}}
}}
@media (max-width: 1240px) {{
  .st-key-wide [data-testid="stHorizontalBlock"] {{flex-wrap: wrap}}
  .st-key-wide [data-testid="stColumn"] {{min-width: 100%}}
  .vi.figures {{grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr))}}
}}
@media (max-width: 720px) {{
  .stMain::before {{left: 14px}}
  .stMainBlockContainer {{padding-left: 1rem; padding-right: 1rem}}
  div:has(> .st-key-filterbar) {{position: static}}
  h1.vi {{font-size: 1.35rem}}
  .st-key-filterbar > div {{flex: 1 1 100% !important}}
  .st-key-filterbar > div:has(.st-key-pick_tenant, .st-key-pick_function, .st-key-more, .st-key-reset),
  .st-key-filterbar > :is(.st-key-pick_tenant, .st-key-pick_function, .st-key-more, .st-key-reset) {{
    flex: 1 1 calc(50% - .5rem) !important}}
  .st-key-filterbar > div > div {{width: 100% !important; max-width: none !important}}
  /* The square fills the width; the names beside it, which the table lists too, go with their leaders. */
  .st-key-picture .annotation:has(.annotation-arrow-g) {{display: none}}
  .st-key-picture {{overflow: hidden; height: min(100vw - 2rem + 42px, 572px) !important; flex: none !important}}
  .st-key-picture > div {{width: 144% !important; max-width: none}}
}}
</style>"""


def cut(said: str, longest: int = LONGEST) -> str:
    """A text as the screen shows it: one that is longer than a page can bear is cut, with a mark that says so."""
    return said if len(said) <= longest else f"{said[:longest].rstrip()} … (cut: {len(said):,} characters)"


def cells(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame as a table shows it, its long texts cut; the files hold them whole."""
    cuts = []
    for name in frame.select(pl.col(pl.String)).columns:
        length = pl.col(name).str.len_chars()
        mark = pl.format("{} … (cut: {} characters)", pl.col(name).str.slice(0, LONGEST), length)
        cuts.append(pl.when(length > LONGEST).then(mark).otherwise(name).alias(name))
    return frame.with_columns(cuts)


def text(value: object, missing: str = "not stated") -> str:
    """A value of the data as inert HTML text, cut where it is too long to read."""
    return escape(cut(missing if value is None or value == "" else str(value)))


@contextmanager
def curtain(page: str) -> Iterator[None]:
    """A whole run of a page: what is shown first of it appears once this has ended, and not while each part moves those below it.

    Every later run of the page shows what it draws as it comes. When one page follows another, the filter bar stays.
    """
    before = st.session_state.get("drawn")
    start = f"vi-drawn later of-{page}" if before == page else "vi-first" if before is None else "vi-turning"
    with st.container(key="carriers_mark", height=1, border=False):
        mark = st.html(f'<i class="{start}"></i>')  # in the place of the last one: there is no moment without
    yield
    if before != page:
        mark.html(f'<i class="vi-drawn {"" if before is None else "turned"} of-{page}"></i>')
        st.session_state["drawn"] = page


def redrawn(*, alone: bool) -> None:
    """The start of a part that can be redrawn alone: what it then draws is shown as it comes, whatever the page waits for."""
    mark = st.empty()
    if alone:
        mark.html('<i class="vi-drawn later"></i>')
