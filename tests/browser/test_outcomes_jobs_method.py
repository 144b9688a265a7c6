"""Outcomes, Jobs and Method: what the pages say and list, against plain loops over a snapshot's tables."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from playwright.sync_api import expect

from tests import worlds
from tests.worlds import ACME, publish, uid

from .conftest import TENANTS, html
from .oracle import Oracle

PAGES = ("outcomes.py", "jobs.py", "method.py")
HOSTILE = "<script>alert(1)</script><img src=http://example.org/x.png> =1+1 \u202e**bold**"


class Rows:
    """The raw and model rows of one tenant of a warehouse, as dicts of texts and decimals."""

    def __init__(self, warehouse: Path, slug: str) -> None:
        for pointer in warehouse.glob("*/CURRENT"):
            path = pointer.parent / f"{pointer.read_text().strip()}.duckdb"
            with duckdb.connect(path, read_only=True) as snapshot:
                if snapshot.sql("select slug from raw.tenants").fetchall() == [(slug,)]:
                    self.path = path
                    return
        raise LookupError(slug)

    def of(self, query: str) -> list[tuple]:
        with duckdb.connect(self.path, read_only=True) as snapshot:
            return snapshot.sql(query).fetchall()

    def scores(self) -> list[tuple[Decimal, str, str]]:
        """Score, statement and id of every live scored outcome, the highest first."""
        rated = self.of("select importance, satisfaction, statement, outcome_id from model.outcomes where is_live")
        found = []
        for importance, satisfaction, statement, id_ in rated:
            if importance is None or satisfaction is None or not (0 <= importance <= 10 and 0 <= satisfaction <= 10):
                continue
            found.append((importance + max(importance - satisfaction, Decimal(0)), statement, str(id_)))
        return sorted(found, key=lambda row: (-row[0], row[1], row[2]))


@pytest.mark.parametrize("tenant", TENANTS)
def test_outcomes_are_ranked_and_the_first_opens_with_its_sum(app, demo_warehouse, tenant):
    test, scores = app(demo_warehouse, "outcomes.py", tenant=tenant), Rows(demo_warehouse, tenant).scores()
    shown = test.dataframe[0].value
    assert len(shown) == 100
    assert [Fraction(str(score)) for score in shown["Score"]] == [Fraction(score) for score, _, _ in scores[:100]]
    assert list(shown["Outcome"]) == [statement for _, statement, _ in scores[:100]]
    assert f"= {scores[0][0].normalize():f}" in html(test).replace(".0<", "<")


def test_sorting_by_importance_puts_what_has_no_score_last(app, demo_warehouse):
    test = app(demo_warehouse, "outcomes.py", tenant="aldermoor", band="HIGH,UNSCORED", sort="importance")
    shown = test.dataframe[0].value
    assert list(shown["Importance"]) == sorted(shown["Importance"], reverse=True)
    assert max(shown["Importance"]) <= 10
    assert set(shown["Band"]) == {"◆ HIGH"}


def test_what_is_sure_agrees_with_worst_cases_worked_out(app, demo_warehouse):
    columns = "outcome,score,stays,top,leaves,scores,importance,satisfaction"
    test = app(demo_warehouse, "outcomes.py", tenant="aldermoor", columns=columns, band="HIGH")
    shown, d = test.dataframe[0].value, Decimal("0.5")
    assert list(shown.columns) == [
        "Score", "Outcome", "Importance", "Satisfaction", "Stays HIGH", "Top 50 for sure", "Leaves HIGH at", "Score, lowest to highest",
    ]  # fmt: skip
    said = set()
    for row in shown.to_dict("records"):
        i, s = Decimal(str(row["Importance"])), Decimal(str(row["Satisfaction"]))
        low = max(i - d, Decimal(0)) + max(max(i - d, Decimal(0)) - min(s + d, Decimal(10)), Decimal(0))
        assert row["Stays HIGH"] == ("yes" if low > 12 else "not sure")
        assert Decimal(str(row["Leaves HIGH at"])) == 2 * i - 12
        assert Decimal(row["Score, lowest to highest"].split(" – ")[0]) == low
        said.add(row["Stays HIGH"])
    assert said == {"yes", "not sure"}


def test_outcomes_go_a_page_at_a_time(app, demo_warehouse):
    test, scores = app(demo_warehouse, "outcomes.py", tenant="aldermoor"), Rows(demo_warehouse, "aldermoor").scores()
    (picker,) = [box for box in test.selectbox if box.label == "Outcomes"]
    picker.select(100).run()
    assert not test.exception
    assert list(test.dataframe[0].value["Outcome"]) == [statement for _, statement, _ in scores[100:200]]


@pytest.mark.parametrize("number", [0, 7, 40])
def test_a_link_opens_exactly_its_job_with_all_its_parts(app, demo_warehouse, number):
    rows = Rows(demo_warehouse, "aldermoor")
    job, code, name = rows.of("select job_id, job_code, job_name from model.jobs where is_live order by job_code")[
        number
    ]
    said = html(app(demo_warehouse, "jobs.py", tenant="aldermoor", job=code))
    assert f'<h1 class="vi">{name.replace(chr(39), "&#x27;")}' in said
    tables = {
        "Obstacles": "obstacles", "Constraints": "constraints", "Success criteria": "success_criteria",
        "Workflow stages": "workflow_stages",
        "AI opportunities": "gen_ai_opportunities", "What doing it better is worth": "value_drivers",
    }  # fmt: skip
    for heading, table in tables.items():
        ((n,),) = rows.of(f"select count(*) from raw.jtbd_{table} where jtbd_id = '{job}' and deleted_at is null")
        assert f'{heading} <span class="muted">{n}</span>' in said, heading
    ends = {
        "dependent_jtbd_id": ("It waits for", "source_jtbd_id"),
        "source_jtbd_id": ("These wait for it", "dependent_jtbd_id"),
    }
    for column, (heading, other) in ends.items():  # live jobs, each once and never itself
        ((n,),) = rows.of(
            f"select count(distinct {other}) from raw.jtbd_dependencies where {column} = '{job}' and deleted_at is null "
            f"and {other} <> {column} and {other} in (select job_id from model.jobs where is_live)"
        )
        assert f'{heading} <span class="muted">{n}</span>' in said
    ((roles,),) = rows.of(
        f"select count(distinct role_id) from raw.jtbd_roles where jtbd_id = '{job}' and deleted_at is null"
    )
    assert f'Roles <span class="muted">{roles}</span>' in said
    for table, heading in (
        ("expert_consultations", "Expert consultations"),
        ("panel_discussions", "Panel discussions"),
    ):
        ((n,),) = rows.of(f"select count(*) from raw.{table} where jtbd_id = '{job}' and deleted_at is null")
        assert f"<dt>{heading}</dt><dd>{n}</dd>" in said


def test_an_unknown_job_is_reported_and_no_other_is_shown(app, demo_warehouse):
    test = app(demo_warehouse, "jobs.py", tenant="aldermoor", job="<b>nope</b>")
    assert not test.exception
    assert "the address asks for job “&lt;b&gt;nope&lt;/b&gt;”" in html(test)
    assert "No job is open" in html(test)
    assert not test.tabs


def test_a_retired_job_says_that_it_enters_no_score(app, demo_warehouse):
    code, n = Rows(demo_warehouse, "aldermoor").of(
        "select j.job_code, count(o.id) from model.jobs as j join raw.jtbd_outcomes as o on o.jtbd_id = j.job_id and o.deleted_at is null "
        "where not j.is_live group by 1 order by 1")[0]  # fmt: skip
    test = app(demo_warehouse, "jobs.py", tenant="aldermoor", job=code)
    assert "enters no score" in test.info[0].value
    assert f"{n} outcome" in test.info[0].value


def job(name: str, **columns) -> dict:
    return {"id": uid(name), "tenant_id": ACME, "code": name, "name": name, "status": "active"} | columns


def test_texts_of_the_data_stay_texts(app, tmp_path):
    one = {"tenant_id": ACME, "jtbd_id": uid("J-1")}
    hostile = {"name": HOSTILE, "description": HOSTILE, "functional_area": HOSTILE, "frequency": HOSTILE}
    publish(tmp_path / str(ACME), {
        "tenants": [{"id": ACME, "slug": "acme", "name": "Acme"}],
        "jobs_to_be_done": [job("J-1") | hostile],
        "jtbd_outcomes": [one | {"id": uid("o"), "outcome_statement": HOSTILE, "importance_score": 9, "satisfaction_score": 2,
                                 "outcome_type": HOSTILE, "evidence_source": HOSTILE}],
        "jtbd_obstacles": [one | {"id": uid("b"), "obstacle_text": HOSTILE, "severity": HOSTILE, "obstacle_type": HOSTILE}],
        "jtbd_value_drivers": [one | {"id": uid("v"), "value_description": HOSTILE, "quantified_impact": HOSTILE, "beneficiary": HOSTILE}],
        "jtbd_kpis": [one | {"id": uid("k"), "kpi_name": HOSTILE, "unit": HOSTILE, "direction": HOSTILE, "target_value": 1}],
    })  # fmt: skip
    for file in PAGES:
        test = app(tmp_path, file)
        assert not test.exception
        assert "<script>" not in html(test)
        assert "<img" not in html(test)
        assert "&lt;script&gt;" in html(test)
        assert not any("script" in each.value for each in [*test.markdown, *test.info])


def test_a_table_that_the_source_lacks_is_unknown_and_never_missing(app, tmp_path, monkeypatch):
    def insert(connection, world):
        filled(connection, world)
        connection.execute("insert into raw.findings values ('missing_table', 'jtbd_obstacles', null, 1, 'not there')")

    filled = worlds.insert
    monkeypatch.setattr(worlds, "insert", insert)
    publish(
        tmp_path / str(ACME),
        {"tenants": [{"id": ACME, "slug": "acme", "name": "Acme"}], "jobs_to_be_done": [job("J-1")]},
    )
    said = html(app(tmp_path, "jobs.py"))
    assert '<dt>Obstacles</dt><dd><span class="muted">unknown: the source has no such table</span></dd>' in said
    assert '<dt>Constraints</dt><dd><span class="warning">missing</span></dd>' in said
    assert 'Obstacles</h2><p class="muted">Unknown: the source has no such table.</p>' in said
    assert "0 of 8 kinds of parts are there" in said


def test_codes_that_repeat_give_way_to_ids(app, tmp_path):
    publish(tmp_path / str(ACME), {
        "tenants": [{"id": ACME, "slug": "acme", "name": "Acme"}],
        "jobs_to_be_done": [job("J-1"), job("J-2", code="J-1"), job("J-3")],
    })  # fmt: skip
    assert "No job is open" in html(app(tmp_path, "jobs.py", job="J-1"))
    assert '<h1 class="vi">J-2</h1>' in html(app(tmp_path, "jobs.py", job=str(uid("J-2"))))
    assert '<h1 class="vi">J-3</h1>' in html(app(tmp_path, "jobs.py", job="J-3"))


@pytest.mark.parametrize("tenant", TENANTS)
def test_the_method_counts_and_works_its_examples_out(app, demo_warehouse, tenant):
    said, rows = html(app(demo_warehouse, "method.py", tenant=tenant)), Rows(demo_warehouse, tenant)
    scores = rows.scores()
    medium = max(score for score, _, _ in scores if score <= 12)
    for score in (scores[0][0], medium):
        assert f"= {score.normalize():f}" in said.replace(".0<", "<")
    ((rejected,),) = rows.of("select count(*) from raw.rejects")
    assert f"<b>{rejected:,}</b> values" in said
    bare = Oracle(demo_warehouse, tenant)
    missing = sum(o.importance is None or o.satisfaction is None for o in bare.outcomes)
    assert f"{missing} lack a rating" in said
    assert f"{bare.bands()['UNSCORED'] - missing} have one outside 0 to 10" in said


def test_from_an_outcome_to_its_job_to_the_one_that_waits(watch, demo_warehouse):
    rows = Rows(demo_warehouse, "aldermoor")
    ((code,), *_) = rows.of(
        "select j.job_code from raw.jtbd_dependencies as d join model.jobs as j on j.job_id = d.source_jtbd_id and j.is_live "
        "join model.jobs as k on k.job_id = d.dependent_jtbd_id and k.is_live where d.deleted_at is null "
        "and d.source_jtbd_id in (select job_id from metric.opportunity where score is not null) order by 1")  # fmt: skip
    watched = watch()
    page = watched.go(f"/outcomes?tenant=aldermoor&search={code}")
    page.get_by_role("link", name="Open the job").click()
    expect(page).to_have_url(re.compile(f"/jobs[?].*job={re.escape(quote(code))}(&|$)"))
    watched.settled()
    page.get_by_role("tab", name="Work").click()
    waits = page.locator("h2", has_text="These wait for it")
    expect(waits).to_be_visible()
    before = watched.title
    page.get_by_role("tabpanel").get_by_role("link", name="Open it").last.click()
    expect(page).not_to_have_url(re.compile(f"job={code}(&|$)"))
    watched.settled()
    assert watched.title != before
    second = watch()
    second.go(page.url.removeprefix(watched.own))
    assert second.title == watched.title


def test_a_tick_opens_its_row(watch, demo_warehouse):
    scores = Rows(demo_warehouse, "quillmark").scores()
    watched = watch()
    page = watched.go("/outcomes?tenant=quillmark")
    expect(page.locator(".st-key-card h2")).to_have_text(scores[0][1])
    rows = page.locator('[data-testid="stDataFrame"] .dvn-scroller').first
    rows.click(position={"x": 16, "y": 36 + 58 * 2 + 29})  # the box of the third row
    expect(page.locator(".st-key-card h2")).to_have_text(scores[2][1])
    expect(page.locator(".st-key-card .sum")).to_contain_text("= ")
