"""Coverage and Compare: what the pages draw and say, against plain loops over a snapshot's model tables."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import expect

import vital_insights as vi
from tests.worlds import ACME, SMALL, publish
from vital_insights.settings import Settings

from .conftest import DASHBOARDS, TENANTS, html
from .oracle import Oracle

DIMENSIONS = (
    "function", "department", "role", "persona", "domain", "capability", "strategic_priority", "industry", "outcome_type",
    "job_category", "complexity", "frequency", "functional_area", "job", "country", "geographic_scope", "therapeutic_area",
    "disease_area",
)  # fmt: skip


class Links:
    """Who does what in one tenant of a warehouse, by its slug, from the raw links."""

    def __init__(self, warehouse: Path, slug: str) -> None:
        for pointer in warehouse.glob("*/CURRENT"):
            with duckdb.connect(pointer.parent / f"{pointer.read_text().strip()}.duckdb", read_only=True) as snapshot:
                if snapshot.sql("select slug from raw.tenants").fetchall() == [(slug,)]:
                    self.read(snapshot)
                    return
        raise LookupError(slug)

    def read(self, snapshot: duckdb.DuckDBPyConnection) -> None:
        def rows(table: str, columns: str, where: str = "true") -> list[tuple]:
            return [
                tuple(str(v) if v is not None else None for v in row)
                for row in snapshot.sql(f"select {columns} from {table} where {where}").fetchall()
            ]

        self.live = {job for (job,) in rows("model.jobs", "job_id", "is_live")}
        self.roles = {role for (role,) in rows("model.roles", "role_id")}
        self.jobs_of: dict[str, set[str]] = defaultdict(set)
        self.roles_of: dict[str, set[str]] = defaultdict(set)
        for job, role in rows("raw.jtbd_roles", "jtbd_id, role_id", "deleted_at is null"):
            if job in self.live and role in self.roles:
                self.jobs_of[role].add(job)
                self.roles_of[job].add(role)
        self.inherited, self.direct = defaultdict(set), defaultdict(set)
        for persona, role in rows("model.personas", "persona_id, role_id"):
            self.inherited[persona] = self.jobs_of[role] if role else set()
        for job, persona in rows("raw.jtbd_personas", "jtbd_id, persona_id", "deleted_at is null"):
            if job in self.live and persona in self.inherited:
                self.direct[persona].add(job)
        self.department = dict(rows("model.departments", "department_id, department_code"))
        self.names = dict(rows("model.departments", "department_id, department_name"))
        self.roles_in: dict[str, set[str]] = defaultdict(set)
        for role, department in rows("model.roles", "role_id, department_id", "department_id is not null"):
            self.roles_in[department].add(role)
        for role, department in rows("raw.department_roles", "role_id, department_id", "deleted_at is null"):
            if role in self.roles and department in self.department:
                self.roles_in[department].add(role)
        self.personas_in: dict[str, set[str]] = defaultdict(set)
        for persona, role, department in rows("model.personas", "persona_id, role_id, department_id"):
            for unit, members in self.roles_in.items():
                if role in members or department == unit:
                    self.personas_in[unit].add(persona)


@pytest.fixture(scope="module")
def aldermoor(demo_warehouse) -> Links:
    return Links(demo_warehouse, "aldermoor")


def figure(test, key: str) -> dict:
    for element in test.get("plotly_chart"):
        if key in element.proto.id:
            return json.loads(element.proto.spec)
    raise LookupError(key)


def texts(drawn: dict, name: str) -> list[str]:
    return [each["text"] for each in drawn["layout"].get("annotations", []) if each["name"] == name]


@pytest.mark.parametrize("tenant", TENANTS)
def test_coverage_says_what_nobody_does_with_its_denominators(app, demo_warehouse, tenant):
    links, bands = Links(demo_warehouse, tenant), Oracle(demo_warehouse, tenant)
    said = html(test := app(demo_warehouse, "coverage.py", tenant=tenant))
    assert not test.exception
    assert not test.error
    lonely = sum(not links.roles_of[job] for job in links.live)
    idle = sum(not links.jobs_of[role] for role in links.roles)
    orphans = sum(outcome.band == "HIGH" and not links.roles_of[outcome.job] for outcome in bands.outcomes)
    assert lonely
    assert idle
    title = f'<h1 class="vi">{lonely:,} of {len(links.live):,} jobs have no role, {idle:,} of {len(links.roles):,} roles have no job'
    assert title in said
    assert f'<span class="count">{orphans:,}</span> <span class="muted">of {bands.bands()["HIGH"]:,}</span>' in said


@pytest.mark.parametrize("who", ["", "persona"])
@pytest.mark.parametrize("level", ["", "department"])
@pytest.mark.parametrize("tenant", TENANTS)
def test_coverage_maps_every_tenant_at_every_level(app, demo_warehouse, tenant, level, who):
    test = app(demo_warehouse, "coverage.py", tenant=tenant, level=level, who=who)
    assert not test.exception
    assert texts(figure(test, "coverage"), "row total")
    assert 0 < len(texts(figure(test, "coverage"), "column total")) <= 10


def test_a_department_is_mapped_role_by_role(app, demo_warehouse, aldermoor):
    unit = max(aldermoor.roles_in, key=lambda unit: (len(aldermoor.roles_in[unit]), unit))
    test = app(demo_warehouse, "coverage.py", tenant="aldermoor", level=f"department:{aldermoor.department[unit]}")
    assert not test.exception
    drawn = figure(test, "coverage")
    counts = [len(aldermoor.jobs_of[role]) for role in aldermoor.roles_in[unit]]
    assert sorted(map(int, texts(drawn, "column total"))) == sorted(counts)
    jobs = set().union(*(aldermoor.jobs_of[role] for role in aldermoor.roles_in[unit]))
    reached = [len(aldermoor.roles_of[job] & aldermoor.roles_in[unit]) for job in jobs]
    assert sorted(map(int, texts(drawn, "row total"))) == sorted(reached)
    assert len(drawn["data"][1]["text"]) == sum(counts)
    # Who shares jobs stands side by side: the first of every row never steps back.
    first = [
        min(x for x, y in zip(drawn["data"][1]["x"], drawn["data"][1]["y"], strict=True) if y == row)
        for row in range(len(jobs))
    ]
    assert first == sorted(first)


def test_personas_are_mapped_with_their_route(app, demo_warehouse, aldermoor):
    def routes(persona: str) -> tuple[int, int, int]:
        inherited, direct = aldermoor.inherited[persona], aldermoor.direct[persona]
        return len(inherited - direct), len(direct - inherited), len(inherited & direct)

    fitting = {unit: people for unit, people in aldermoor.personas_in.items() if len(people) <= 10}
    unit = max(fitting, key=lambda unit: (sum(bool(routes(one)[1]) for one in fitting[unit]), unit))
    totals = [sum(each) for each in zip(*(routes(persona) for persona in fitting[unit]), strict=True)]
    test = app(
        demo_warehouse,
        "coverage.py",
        tenant="aldermoor",
        who="persona",
        level=f"department:{aldermoor.department[unit]}",
    )
    assert not test.exception
    letters = [
        text.replace("<u><b>", "").replace("</b></u>", "") for text in figure(test, "coverage")["data"][1]["text"]
    ]
    assert totals[1]
    assert [letters.count(letter) for letter in "RDB"] == totals


def test_the_filters_choose_the_jobs_of_the_map(app, demo_warehouse, aldermoor):
    oracle = Oracle(demo_warehouse, "aldermoor")
    jobs = {outcome.job for outcome in oracle.outcomes if outcome.band == "HIGH" and outcome.kind == "speed"}
    test = app(demo_warehouse, "coverage.py", tenant="aldermoor", type="speed", band="HIGH")
    said = html(test)
    assert (
        f"The map holds the {len(jobs):,} of {len(aldermoor.live):,} jobs that have an outcome within the filters"
        in said
    )
    assert sum(map(int, texts(figure(test, "coverage"), "row total"))) == len(jobs)
    function = oracle.jobs_of["MA"] & aldermoor.live
    test = app(demo_warehouse, "coverage.py", tenant="aldermoor", function="MA")
    assert f"The map holds the {len(function):,} of {len(aldermoor.live):,} jobs within the filters" in html(test)


def test_gaps_are_listed_by_kind(app, demo_warehouse, aldermoor):
    test = app(demo_warehouse, "coverage.py", tenant="aldermoor")
    idle = sum(not aldermoor.jobs_of[role] for role in aldermoor.roles)
    test.selectbox(key="pick_kind").select("role_without_job").run()
    assert not test.exception
    table = next(frame.value for frame in test.dataframe if "Do" in frame.value.columns)
    assert len(table) == idle
    assert set(table["Gap"]) == {"Roles without a job"}


def numbers(test) -> list[dict]:
    return next(frame.value for frame in test.dataframe if "HIGH %" in frame.value.columns).to_dict("records")


@pytest.mark.parametrize("tenant", TENANTS)
def test_without_filters_the_groups_are_the_metric_to_the_last_digit(demo_warehouse, monkeypatch, tenant):
    monkeypatch.syspath_prepend(str(DASHBOARDS))
    from members import by_member

    with vi.open_tenant(tenant, settings=Settings(warehouse=demo_warehouse)) as insights:
        metric, outcomes = insights.metric("opportunity_by"), insights.metric("opportunity")
        membership, jobs = insights.table("membership"), insights.table("jobs")
    assert set(metric["dimension"]) == set(DIMENSIONS)
    for dimension in DIMENSIONS:
        wanted = metric.filter(dimension=dimension).drop("dimension").sort("member", nulls_last=True)
        found = by_member(outcomes, membership, jobs, dimension).sort("member", nulls_last=True)
        assert found.select(wanted.columns).rows() == wanted.rows(), dimension


@pytest.mark.parametrize("order", ["share", "mean", "name"])
def test_compare_goes_by_every_order(app, demo_warehouse, order):
    test = app(demo_warehouse, "compare.py", tenant="carewick", order=order, measure="ratings")
    assert not test.exception
    assert texts(figure(test, "compare"), "member")


@pytest.mark.parametrize("by", DIMENSIONS)
def test_compare_shows_every_dimension(app, demo_warehouse, by):
    test = app(demo_warehouse, "compare.py", tenant="aldermoor", by="" if by == "function" else by)
    assert not test.exception
    assert not test.error
    assert 0 < len(texts(figure(test, "compare"), "member")) <= 12
    assert len(numbers(test)) == len(texts(figure(test, "compare"), "member"))


def test_within_filters_the_numbers_are_those_of_the_shown_outcomes(app, demo_warehouse, aldermoor):
    shown = [o for o in Oracle(demo_warehouse, "aldermoor").outcomes if o.kind == "speed"]
    test = app(demo_warehouse, "compare.py", tenant="aldermoor", by="department", order="mean", type="speed")
    assert not test.exception
    names = list(aldermoor.names.values())
    unit_of = {name: unit for unit, name in aldermoor.names.items() if names.count(name) == 1}
    checked = 0
    for row in numbers(test):
        if row["Group"] not in unit_of:
            continue
        theirs = set().union(*(aldermoor.jobs_of[role] for role in aldermoor.roles_in[unit_of[row["Group"]]]))
        outcomes = [outcome for outcome in shown if outcome.job in theirs]
        scores = [Fraction(outcome.score) for outcome in outcomes if outcome.score is not None]
        assert (row["Outcomes"], row["Scored"]) == (len(outcomes), len(scores))
        assert row["HIGH"] == sum(outcome.band == "HIGH" for outcome in outcomes)
        assert row["UNSCORED"] == len(outcomes) - len(scores)
        assert row["Mean score"] == pytest.approx(float(sum(scores) / len(scores)))
        assert row["Highest"] == float(max(scores))
        for name, field in (("Mean importance", "importance"), ("Mean satisfaction", "satisfaction")):
            values = [Fraction(getattr(outcome, field)) for outcome in outcomes if outcome.score is not None]
            assert row[name] == pytest.approx(float(sum(values) / len(values)))
        checked += 1
    assert checked >= 10


def test_few_scores_stand_below_the_others(app, demo_warehouse):
    rows = numbers(app(demo_warehouse, "compare.py", tenant="quillmark", by="department", order="mean", search="plan"))
    few = [row["Scored"] < 5 for row in rows]
    assert True in few
    assert False in few
    assert few == sorted(few)
    means = [row["Mean score"] for row in rows if row["Scored"] >= 5]
    assert means == sorted(means, reverse=True)


def test_what_belongs_to_none_stands_last(app, demo_warehouse):
    rows = numbers(app(demo_warehouse, "compare.py", tenant="aldermoor", by="strategic_priority", order="name"))
    names = [row["Group"] for row in rows]
    assert names[-1] == "in no strategic priority"
    assert names[:-1] == sorted(names[:-1], key=str.lower)


def test_a_choice_of_the_address_that_is_not_offered_is_reported(app, demo_warehouse):
    test = app(demo_warehouse, "compare.py", tenant="quillmark", by="<b>nope</b>")
    assert not test.exception
    assert "the address asks for compare by “&lt;b&gt;nope&lt;/b&gt;”" in html(test)
    assert test.selectbox(key="pick_by").value == "function"


HOSTILE = "<script>x</script>[a](http://evil.example) =1+1 \u202eevil"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of acme whose every name is markup. Read only."""
    world = {table: [dict(row) for row in rows] for table, rows in SMALL.items()}
    for table, column in (("org_functions", "name"), ("org_roles", "name"), ("personas", "name"), ("jobs_to_be_done", "name"),
                          ("jtbd_outcomes", "outcome_statement"), ("org_departments", "name")):  # fmt: skip
        for row in world[table]:
            row[column] = f"{HOSTILE} {row[column]}"
    folder = tmp_path_factory.mktemp("hostile")
    publish(folder / str(ACME), world)
    return folder


@pytest.mark.parametrize("file", ["coverage.py", "compare.py"])
@pytest.mark.parametrize("world", ["small", "hostile"])
def test_small_worlds_show_what_they_have(app, request, file, world):
    test = app(request.getfixturevalue(world), file)
    assert not test.exception
    assert not test.error
    assert "<script>" not in html(test)
    assert test.get("plotly_chart")
    assert "<script>" not in "".join(element.proto.spec for element in test.get("plotly_chart"))


def test_who_belongs_to_no_unit_can_be_mapped(app, small):
    test = app(small, "coverage.py", who="persona", level="function:none")
    assert not test.exception
    assert texts(figure(test, "coverage"), "column") == ["Kim"]  # has neither role nor function
    assert figure(test, "coverage")["data"][1]["text"] == ["D"]


def test_a_choice_lives_in_the_address_and_a_fresh_browser_shows_the_same(watch):
    first = watch()
    page = first.go("/compare?tenant=aldermoor")
    assert "by=" not in page.url
    page.locator(".st-key-pick_by input").click()
    page.get_by_role("option", name="Roles", exact=True).click()
    expect(page.get_by_role("heading", name="Roles side by side")).to_be_visible()
    expect(page).to_have_url(re.compile("[?&]by=role(&|$)"))
    first.settled()
    second = watch()
    second.go(page.url.removeprefix(first.own))
    assert second.title == first.title
    expect(second.page.get_by_role("heading", name="Roles side by side")).to_be_visible()


def test_a_cell_says_who_what_and_how(watch):
    watched = watch(viewport={"width": 1280, "height": 900})
    page = watched.go("/coverage?tenant=aldermoor&level=function:MA")
    label = watched.label(page.locator(".st-key-coverage .textpoint").first)
    expect(label).to_contain_text("The role does it")
    expect(label).to_contain_text("Relevance")
