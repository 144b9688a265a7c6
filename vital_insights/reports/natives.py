"""Pictures as charts of PowerPoint's own, which people can recolour, relabel and copy into their decks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from vital_insights.charts.geometry import HIGH_ABOVE, MEDIUM_FROM, contour
from vital_insights.charts.theme import BANDS, LIGHT, MARKS, NEUTRAL
from vital_insights.charts.wording import exact
from vital_insights.reports.parts import Picture, plain_frame
from vital_insights.reports.sheet import FONT, Box
from vital_insights.reports.tables import inert_names

NAME = 40  # signs of a name beside a bar
LINK = re.compile(
    r"(?:(?:ftps?|https?|file)://|mailto:|(?:in|ex)ternal:)", re.IGNORECASE
)  # what its writer takes for one
COUNTS = {"HIGH": "n_high", "MEDIUM": "n_medium", "LOW": "n_low", "UNSCORED": "n_unscored"}


def _landscape(slide: Any, picture: Picture, box: Box) -> None:
    """Importance to the right, satisfaction upwards: a mark a place, and the edges of the bands as lines."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE
    from pptx.util import Pt

    data = XyChartData()
    scored = picture.frame.filter(picture.frame["score"].is_not_null())
    for band in reversed(BANDS[:3]):
        ours = scored.filter(band=band)
        series = data.add_series(f"{band} ({ours.height:,})")
        for x, y in ours.select("importance", "satisfaction").unique(maintain_order=True).iter_rows():
            series.add_data_point(float(x), float(y))
    for score in (MEDIUM_FROM, HIGH_ABOVE):
        series = data.add_series(f"score {score}")
        for x, y in contour(score):
            series.add_data_point(x, y)
    side = min(box.width, box.height)
    chart = _chart(slide, XL_CHART_TYPE.XY_SCATTER, data, Box(box.left, box.top, side, box.height), picture)
    drawn = list(chart.plots[0].series)
    styles = {"HIGH": XL_MARKER_STYLE.DIAMOND, "MEDIUM": XL_MARKER_STYLE.CIRCLE, "LOW": XL_MARKER_STYLE.CIRCLE}
    for band, series in zip(reversed(BANDS[:3]), drawn[:3], strict=True):
        series.format.line.fill.background()
        series.marker.style, series.marker.size = styles[band], 6 if band == "HIGH" else 5
        series.marker.format.line.color.rgb = _rgb(MARKS[band].colour)
        if band == "LOW":
            series.marker.format.fill.background()
        else:
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = _rgb(MARKS[band].colour)
    for band, series in zip(("MEDIUM", "HIGH"), drawn[3:], strict=True):
        series.marker.style, series.smooth = XL_MARKER_STYLE.NONE, False
        series.format.line.color.rgb, series.format.line.width = _rgb(MARKS[band].colour), Pt(1.5)
    for axis, name in ((chart.category_axis, "Importance"), (chart.value_axis, "Satisfaction")):
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, 10, 2
        axis.has_major_gridlines = False
        axis.has_title = True
        axis.axis_title.text_frame.text = name
        _small(axis.axis_title.text_frame.paragraphs[0].runs[0].font)
        _small(axis.tick_labels.font)
        axis.format.line.color.rgb = _rgb(NEUTRAL)


def _bands(slide: Any, picture: Picture, box: Box) -> None:
    """The share of each band, a bar of 100 % for each member."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    rows = [row for row in plain_frame(picture.frame).to_dicts() if row["n_outcomes"]]
    named = sorted(
        (row for row in rows if row["member"] is not None), key=lambda row: -row["n_high"] / row["n_outcomes"]
    )
    shown = named[: picture.told["number"]]
    data = CategoryChartData(number_format="0")
    data.categories = [
        _inert(f"{(row['member_name'] or 'without a name')[:NAME]} ({row['n_outcomes']:,})") for row in shown
    ]
    for band in BANDS:
        data.add_series(band, [row[COUNTS[band]] for row in shown])
    chart = _chart(slide, XL_CHART_TYPE.BAR_STACKED_100, data, box, picture)
    _first_uppermost(chart)
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    chart.plots[0].gap_width, chart.plots[0].overlap = 45, 100
    for band, series in zip(BANDS, chart.plots[0].series, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb("#D9D7D2" if band == "UNSCORED" else MARKS[band].colour)
    labels = chart.plots[0].series[0].data_labels
    labels.show_value = True
    _small(labels.font, "#FFFFFF")
    _small(chart.category_axis.tick_labels.font)
    chart.category_axis.format.line.fill.background()


def _floating(low: str, high: str, top: int) -> Callable[[Any, Picture, Box], None]:
    """Bars that float from one column to another, for the highest scores; the first is uppermost."""

    def draw(slide: Any, picture: Picture, box: Box) -> None:
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE

        frame = plain_frame(picture.frame).drop_nulls(["score", low, high])
        by_score = frame.sort("score", "statement", "outcome_id", descending=[True, False, False])
        rows = by_score.head(picture.told["number"]).to_dicts()
        data = CategoryChartData(number_format="0.0")
        data.categories = [_short(row["statement"] or "no statement", row["score"]) for row in rows]
        data.add_series(low.replace("_", " "), [float(min(row[low], row[high])) for row in rows])
        data.add_series(f"from {_named(low)} to {_named(high)}", [float(abs(row[high] - row[low])) for row in rows])
        chart = _chart(slide, XL_CHART_TYPE.BAR_STACKED, data, box, picture)
        chart.has_legend = False
        _first_uppermost(chart)
        chart.value_axis.minimum_scale, chart.value_axis.maximum_scale, chart.value_axis.major_unit = 0, top, top / 5
        chart.value_axis.major_gridlines.format.line.color.rgb = _rgb(LIGHT.border)
        chart.value_axis.has_title = True
        chart.value_axis.axis_title.text_frame.text = f"From {_named(low)} to {_named(high)}"
        _small(chart.value_axis.axis_title.text_frame.paragraphs[0].runs[0].font)
        chart.plots[0].gap_width, chart.plots[0].overlap = 120, 100
        hidden, shown = chart.plots[0].series
        hidden.format.fill.background()
        shown.format.fill.solid()
        shown.format.fill.fore_color.rgb = _rgb(MARKS["HIGH"].colour)
        for axis in (chart.category_axis, chart.value_axis):
            _small(axis.tick_labels.font)
            axis.format.line.fill.background()

    return draw


def _inert(name: str) -> str:
    """The name as the workbook inside a chart may hold it: nothing that it would take for a formula or a link."""
    return f"'{name}" if LINK.match(name) else inert_names([name]).get(name, name)


def _named(column: str) -> str:
    return {"score_low": "the lowest it may be", "score_high": "the highest"}.get(column, column)


def _short(statement: str, score: Any) -> str:
    """What stands beside a bar; the table beside the chart has the whole statement."""
    words = statement if len(statement) <= NAME else f"{statement[:NAME].rpartition(' ')[0] or statement[:NAME]} …"
    return f"{exact(score)}  {words}"


def _chart(slide: Any, kind: Any, data: Any, box: Box, picture: Picture) -> Any:
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Inches

    frame = slide.shapes.add_chart(kind, *(Inches(each) for each in (box.left, box.top, box.width, box.height)), data)
    frame.name = picture.title
    frame._element.nvGraphicFramePr.cNvPr.set("descr", picture.alt)
    chart = frame.chart
    chart.has_title = False
    chart.font.name = FONT
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _small(chart.legend.font)
    return chart


def _first_uppermost(chart: Any) -> None:
    """The first bar above the others, and the numbers below the last, for which the library has no word."""
    from pptx.oxml.ns import qn

    chart.category_axis.reverse_order = True
    chart.value_axis._element.find(qn("c:crosses")).set("val", "max")


def _small(font: Any, colour: str = LIGHT.text) -> None:
    from pptx.util import Pt

    font.size, font.name = Pt(11), FONT
    font.color.rgb = _rgb(colour)


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.lstrip("#"))


DRAWN: dict[str, Callable[[Any, Picture, Box], None]] = {
    "landscape": _landscape,
    "gaps": _floating("satisfaction", "importance", 10),
    "ranges": _floating("score_low", "score_high", 20),
    "bands": _bands,
}
WIDTHS = {"landscape": 0.44, "gaps": 0.5, "ranges": 0.5, "bands": 0.62}  # share of the slide; the table has the rest
