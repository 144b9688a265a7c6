"""The frame around every page: navigation, filter bar, leads, footer and what leaves through the downloads."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import duckdb
import openpyxl
import polars as pl
import pytest
from playwright.sync_api import Page, expect

import vital_insights as vi

from .conftest import DASHBOARDS, PATIENT, html
from .oracle import Oracle

sys.path.insert(0, str(DASHBOARDS))
import navigation  # the dashboard is a folder of scripts, no package
import session
from filters import NONE, Place, Selection
from places import members

MEMBERSHIP = pl.DataFrame(
    [
        ("function", "f", "1"), ("function", "f", "2"), ("function", None, "3"), ("department", "d", "2"),
        ("department", None, "1"), ("department", None, "3"),
    ],
    schema=["dimension", "member", "job_id"], orient="row",
)  # fmt: skip
OUTCOMES = pl.DataFrame(
    [
        ("a", "1", " Speed ", "active", "HIGH"), ("b", "2", "speed", "draft", "LOW"), ("c", "3", None, None, "HIGH"),
        ("d", None, "", "active", "UNSCORED"),
    ],
    schema=["outcome_id", "job_id", "outcome_type", "job_status", "band"], orient="row",
)  # fmt: skip


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        (Selection(), "abcd"),
        (Selection((Place("function", "f", "F"),)), "ab"),
        (Selection((Place("function", None, ""),)), "cd"),
        (Selection((Place("function", "f", "F"), Place("department", "d", "D"))), "b"),
        (Selection((Place("function", "f", "F"), Place("department", None, ""))), "a"),
        (Selection(outcome_type="speed"), "ab"),
        (Selection(outcome_type=NONE), "cd"),
        (Selection(status="active"), "ad"),
        (Selection(status=NONE, bands=("HIGH",)), "c"),
    ],
)
def test_a_selection_chooses_by_place_and_by_word(selection, chosen):
    assert "".join(selection.of(OUTCOMES, MEMBERSHIP)["outcome_id"]) == chosen


def test_members_stand_below_their_parents_and_each_has_a_code_of_its_own():
    rows = [
        ("1", None, "Top", "T"), ("2", "1", "Alpha", "X"), ("3", "1", "Beta", "X"), ("4", "2", "Alpha", None),
        ("5", "6", "Ring", "R"), ("6", "5", "Rang", "none"), ("7", None, "No job", "N"), ("8", "7", None, "Q"),
    ]  # fmt: skip
    table = pl.DataFrame(rows, schema=["domain_id", "parent_id", "domain_name", "domain_code"], orient="row")
    membership = pl.DataFrame({"dimension": ["domain"] * 7, "member": ["1", "2", "3", "4", "5", "6", "8"]})
    found = {code: (member.name, member.depth) for code, member in members("domain", table, membership).items()}
    assert list(found.items()) == [
        ("Q", ("without a name", 0)), ("T", ("Top", 0)), ("2", ("Alpha (2)", 1)), ("4", ("Alpha (4)", 2)), ("3", ("Beta", 1)),
        ("R", ("Ring", 0)), ("6", ("Rang", 0)),
    ]  # fmt: skip


def test_every_file_of_pages_says_its_place_and_nothing_of_it_is_run(monkeypatch, tmp_path):
    told = navigation.declared()
    assert set(told) == {path.stem for path in (DASHBOARDS / "pages").glob("*.py")}
    assert next(iter(told)) == "overview"
    assert [each["place"] for each in told.values()] == sorted(each["place"] for each in told.values())
    monkeypatch.setattr(navigation, "FOLDER", tmp_path)
    (tmp_path / "b.py").write_text('raise SystemExit\nPAGE = {"title": "B", "icon": "", "place": 1}\n')
    (tmp_path / "a.py").write_text('PAGE = {"title": "A", "icon": "", "place": 2}\n')
    assert list(navigation.declared()) == ["b", "a"]
    (tmp_path / "0.py").write_text("print()\n")
    assert list(navigation.declared()) == ["b", "a", "0"]


def test_groups_stand_as_their_first_pages_and_what_names_none_comes_last(monkeypatch, tmp_path):
    shown = navigation.groups()
    assert [*shown][:2] == ["Where to act", "People"]
    assert [*shown][-1] == "Can I trust it"
    assert shown["Where to act"] == ["overview", "landscape", "outcomes", "jobs", "compare", "changes"]
    monkeypatch.setattr(navigation, "FOLDER", tmp_path)
    lines = {
        "a": '"place": 0', "b": '"place": 3, "group": "One"', "c": '"place": 2, "group": "Two"',
        "d": '"place": 4, "group": "One"',
    }  # fmt: skip
    for name, said in lines.items():
        (tmp_path / f"{name}.py").write_text(f'PAGE = {{"title": "{name}", "icon": ":material/flag:", {said}}}\n')
    (tmp_path / "e.py").write_text("print()\n")
    assert list(navigation.groups().items()) == [("Two", ["c"]), ("One", ["b", "d"]), ("More", ["a", "e"])]
    assert navigation.first() == "a"  # which page opens does not depend on where the menu lists it


def test_what_is_made_once_is_made_anew_for_another_tenant_snapshot_name_or_selection():
    def ask(tenant: str, snapshot: str, name: str, *of: object) -> object:
        opened = SimpleNamespace(tenant=SimpleNamespace(id=tenant), snapshot=SimpleNamespace(id=snapshot))
        return session.Data(opened).once(name, object, *of)

    here = Selection((Place("role", "r1", "Lead"),), bands=("HIGH",))
    first = ("t1", "s1", "figure", here, 1)
    questions = [
        first, ("t2", *first[1:]), ("t1", "s2", *first[2:]), ("t1", "s1", "words", *first[3:]), first[:4], (*first[:4], 2),
        *((*first[:3], replace(here, **changed), 1) for changed in (
            {"bands": ("LOW",)}, {"places": (Place("role", "r2", "Lead"),)}, {"search": "x"},
        )),
    ]  # fmt: skip
    answers = [ask(*question) for question in questions]
    assert len({*map(id, answers)}) == len(questions)
    assert all(ask(*question) is answer for question, answer in zip(questions, answers, strict=True))


def placed(*wanted: tuple[str, str]) -> int:
    """How many live outcomes belong to a job of every wanted (dimension, name), in plain SQL beside the dashboard's way."""
    with duckdb.connect(vi.open_tenant("aldermoor").snapshot.path, read_only=True) as snapshot:
        sql = "select count(*) from model.outcomes as o where o.is_live"
        for _ in wanted:
            sql += (" and exists (select 1 from model.membership as m where m.job_id = o.job_id and m.dimension = ? "
                    "and m.member_name = ?)")  # fmt: skip
        return snapshot.execute(sql, [word for pair in wanted for word in pair]).fetchone()[0]


def test_what_is_chosen_narrows_what_the_next_field_offers(app, demo_warehouse):
    test = app(demo_warehouse, tenant="aldermoor")
    whole = len(test.selectbox(key="pick_role").options)
    department = test.selectbox(key="pick_department").options[0]
    test.selectbox(key="pick_department").select_index(0).run()
    roles = test.selectbox(key="pick_role").options
    assert 1 < len(roles) < whole
    test.selectbox(key="pick_role").select_index(0).run()
    assert not test.exception
    n = placed(("department", department.strip()), ("role", roles[0].strip()))
    assert n
    assert f"{n:,} of {len(Oracle(demo_warehouse, 'aldermoor').outcomes):,} outcomes shown" in html(test)
    assert f"filters: department {department.strip()}, role {roles[0].strip()}" in html(test)
    assert test.button(key="reset").label == "Reset 2"
    test.button(key="reset").click().run()
    assert "filters: none" in html(test)
    assert len(test.selectbox(key="pick_role").options) == whole


@pytest.mark.parametrize("name", ["function", "department", "role", "persona", "domain", "type", "status"])
def test_a_code_that_means_nothing_is_reported_and_counted(app, demo_warehouse, name):
    test = app(demo_warehouse, tenant="aldermoor", **{name: "=nope"})
    assert not test.exception
    assert f"{name} “=nope”" in html(test)
    assert test.button(key="reset").label == "Reset 1"
    assert "filters: none" in html(test)


def test_a_lead_opens_the_rows_and_back_returns_to_the_filters_there_were(watch, demo_warehouse):
    watched = watch()
    page = watched.go("/compare?tenant=aldermoor")
    lead = page.locator(".vi.lead a").first
    address = lead.get_attribute("href")
    lead.click()
    page.wait_for_url(lambda url: "/compare" not in url)
    watched.settled()
    shown = watched.foot
    assert "filters: none" not in shown
    assert address.removeprefix(".") in page.url
    page.go_back()
    watched.told("filters: none")
    fresh = watch()
    fresh.go(address.removeprefix("."))
    assert fresh.foot == shown


def saved(page: Page, click) -> tuple[str, bytes]:
    with page.expect_download(timeout=PATIENT) as download:
        click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_tables_leave_as_they_are_with_what_the_footer_says(watch, monkeypatch, demo_warehouse):
    monkeypatch.setenv("VITAL_WAREHOUSE", str(demo_warehouse))
    insights = vi.open_tenant("aldermoor")
    meant = insights.metric("opportunity")
    stem = f"aldermoor-outcomes-{insights.snapshot.taken_at:%Y%m%dT%H%MZ}"
    page = watch().go("/outcomes?tenant=aldermoor&band=HIGH&status=active")
    high = [
        row
        for row in meant.to_dicts()
        if row["band"] == "HIGH" and (row["job_status"] or "").strip().lower() == "active"
    ]
    buttons = page.locator(".st-key-downloads_outcomes")
    name, content = saved(page, buttons.get_by_role("button", name="CSV").click)
    assert name == f"{stem}.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert {(row["outcome_id"], Decimal(row["score"])) for row in rows} == {
        (row["outcome_id"], row["score"]) for row in high
    }
    name, content = saved(page, buttons.get_by_role("button", name="Excel").click)
    assert name == f"{stem}.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content))
    header, *cells = book["outcomes"].iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in cells]
    assert {(row["outcome_id"], row["score"]) for row in found} == {
        (row["outcome_id"], float(row["score"])) for row in high
    }
    told = dict(book["Method"].iter_rows(values_only=True))
    assert told["Tenant"] == "Aldermoor Pharma"
    assert insights.snapshot.id in told["Snapshot"]
    assert told["Filters"] == "status active, band HIGH"
    assert told["Shown"] == f"{len(high):,} of {meant.height:,} outcomes"


def test_a_picture_leaves_as_png_and_svg_with_title_and_snapshot(watch, shot):
    watched = watch(color_scheme="dark")
    page = watched.go("/coverage?tenant=aldermoor")
    button = page.locator('[class*="st-key-paper_"] .modebar-btn')

    def choose() -> None:
        page.get_by_role("button", name="Picture").first.click()
        expect(button).to_be_visible()
        watched.settled()

    choose()
    shot(page, "picture-dark")
    name, content = saved(page, button.click)
    assert name.startswith("aldermoor-coverage-")
    assert name.endswith("Z.png")
    assert content.startswith(b"\x89PNG")
    page.reload()  # for the choice may shut, sooner or later, when a picture leaves
    watched.settled()
    choose()
    page.locator('[class*="st-key-kind_"]').get_by_text("SVG", exact=True).click()
    expect(page.locator('[class*="st-key-paper_"][class*="_SVG"]')).to_be_visible()
    watched.settled()
    name, content = saved(page, page.locator('[class*="_SVG"] .modebar-btn').click)
    assert name.endswith("Z.svg")
    drawn = content.decode()
    assert "Snapshot: " in drawn
    assert "rgb(0, 0, 0)" in drawn
    assert "rgb(255, 255, 255)" in drawn


def test_a_file_that_is_asked_for_by_somebody_who_is_gone_is_not_made(monkeypatch):
    import downloads
    import streamlit as st

    made = []
    monkeypatch.setattr(st, "download_button", lambda label, data, *_, **__: made.append(data))
    gone = SimpleNamespace(told={}, slug="a", taken_at=None, welcome=lambda: False)
    monkeypatch.setattr(st, "session_state", {"provenance": gone})
    monkeypatch.setattr(downloads.words, "file_stem", lambda name: name)
    downloads.table(OUTCOMES, "x")
    assert len(made) == 2
    for each in made:
        with pytest.raises(PermissionError):
            each()
