"""The page of workflows and the tabs of a job that share its parts, without a browser: numbers counted by hand, links that lead on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests import worlds
from tests.worlds import SMALL, uid

from .conftest import html

BEGAN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
JOBS = [("j1", "J-1", "Plan a visit"), ("j2", "J-2", "Report a visit"), ("j3", "J-3", "Review <b>reports</b>"),
        ("j4", "J-4", "Order samples"), ("j5", "J-5", "Ship samples")]  # fmt: skip
LINKS = [("j1", "j2"), ("j2", "j3"), ("j1", "j3"), ("j4", "j5"), ("j5", "j4")]
STEPS = {
    "a1": ("s2", "Collect", None),
    "a2": ("s2", "Sort", "a1"),
    "a3": ("s1", "Decide", "a2"),
    "a4": ("s1", "Inform", None),
}
RUNS = {
    "e1": ("w1", "completed", 90),
    "e2": ("w1", "completed", 30),
    "e3": ("w1", "waiting", None),
    "e4": ("w2", "failed", 600),
}
WORLD = {
    **SMALL,
    "jobs_to_be_done": [{"id": uid(key), "code": code, "name": name, "status": "active"} for key, code, name in JOBS],
    "jtbd_roles": [{"jtbd_id": uid(job), "role_id": uid("r1")} for job in ("j1", "j2")],
    "jtbd_dependencies": [{"source_jtbd_id": uid(one), "dependent_jtbd_id": uid(other)} for one, other in LINKS],
    "jtbd_workflow_stages": [
        {"id": uid("s1"), "jtbd_id": uid("j1"), "name": "Act", "created_at": BEGAN},
        {"id": uid("s2"), "jtbd_id": uid("j1"), "name": "Prepare", "created_at": BEGAN + timedelta(days=1)},
    ],
    "jtbd_workflow_activities": [
        {"id": uid(key), "workflow_stage_id": uid(stage), "name": name, "depends_on_activity_id": before and uid(before)}
        for key, (stage, name, before) in STEPS.items()
    ],
    "jtbd_value_drivers": [
        {"id": uid("v1"), "jtbd_id": uid("j1"), "value_description": "Fewer trips", "quantified_impact": "Save 2 hours"},
        {"id": uid("v2"), "jtbd_id": uid("j1"), "value_description": "Calmer days"},
    ],
    "jtbd_competitive_alternatives": [{"id": uid("k1"), "jtbd_id": uid("j1"), "name": "A spreadsheet"}],
    "workflows": [{"id": uid(f"w{n}"), "name": f"Course {n}"} for n in (1, 2, 3)],
    "workflow_executions": [
        {"id": uid(key), "workflow_id": uid(workflow), "status": status, "started_at": BEGAN,
         "completed_at": minutes and BEGAN + timedelta(minutes=minutes)}
        for key, (workflow, status, minutes) in RUNS.items()
    ],
    "workflow_approvals": [{"id": uid("ap1"), "execution_id": uid("e3"), "status": "pending"}],
    "agents": [{"id": uid("g1"), "name": "Helper", "role_id": uid("r1")}],
    "solutions": [{"id": uid("so1"), "name": "Visit desk"}],
    "solution_agents": [{"solution_id": uid("so1"), "agent_id": uid("g1")}],
    "solution_workflows": [{"solution_id": uid("so1"), "workflow_id": uid("w1")}],
    "solution_installations": [{"id": uid("in1"), "solution_id": uid("so1")}],
}  # fmt: skip
LATER = ["metric.job_dependencies", "metric.job_workflow", "metric.workflow_runs", "metric.solution_reach", "metric.job_value",
         "metric.job_alternatives", "raw.jtbd_competitive_alternatives"]  # fmt: skip


@pytest.fixture(scope="module")
def working(tmp_path_factory):
    """A warehouse of one tenant, acme, whose work is known. Read only."""
    folder = tmp_path_factory.mktemp("working")
    worlds.publish(folder / str(worlds.ACME), WORLD)
    return folder


def table(test, *columns):
    """The table that has these columns, and no other than these and links where there is but one."""
    (found,) = [
        each.value
        for each in test.dataframe
        if set(columns) <= set(each.value.columns) and (len(columns) > 1 or len(each.value.columns) < 3)
    ]
    return found


def linked(said, label):
    return [
        dict(parse_qsl(urlsplit(to.replace("&amp;", "&")).query))
        for to in re.findall(rf'<a href="([^"]+)"[^>]*>{label} →', said)
    ]


def test_the_title_says_what_holds_up_most_and_the_list_leads_to_each(app, working):
    test = app(working, "workflows.py", tenant="acme")
    assert not test.exception
    said = html(test)
    assert '<h1 class="vi">4 of 5 jobs hold up others; “Plan a visit” holds up the most, 2</h1>' in said
    rows = table(test, "Job", "Holds up")
    assert list(rows["Job"]) == ["Plan a visit", "Order samples", "Report a visit", "Ship samples"]
    assert list(rows["Holds up"]) == [2, 1, 1, 1]
    assert [dict(parse_qsl(urlsplit(to).query))["job"] for to in rows["Rows"]] == ["J-1", "J-4", "J-2", "J-5"]
    assert [codes["job"] for codes in linked(said, "Open")] == ["J-2", "J-3"]
    assert "In a circle:</span> " in said
    assert {"Order samples → Ship samples → Order samples", "Ship samples → Order samples → Ship samples"} & set(
        re.findall(r"</span> ([^<]+)\. None of them", said)
    )
    assert "Review &lt;b&gt;reports" in said


def test_a_code_of_the_address_opens_what_waits_for_a_job_and_an_unknown_one_is_reported(app, working):
    assert [
        codes["job"] for codes in linked(html(app(working, "workflows.py", tenant="acme", held="J-4")), "Open")
    ] == ["J-5"]
    assert "Not applied:" in html(app(working, "workflows.py", tenant="acme", held="<b>nope</b>"))


def test_the_steps_of_a_job_stand_in_the_order_of_what_waits_for_what(app, working):
    said = html(app(working, "workflows.py", tenant="acme"))
    assert said.index("<li>Prepare<ul>") < said.index("<li>Act<ul>")
    assert 'Decide <span class="muted">after: Sort</span>' in said
    assert "The longest chain: 3 of 4 activities one after the other" in re.sub(r"\s+", " ", said)
    chain = re.findall(r'<li style="font-weight:400">([^<]+)</li>', said)
    assert chain == ["Collect", "Sort", "Decide"]


def test_runs_say_how_long_they_took_and_of_how_many(app, working):
    test = app(working, "workflows.py", tenant="acme")
    said = re.sub(r"\s+", " ", html(test))
    assert "<b>4 runs</b> of 3 workflows; 1 of these never ran. They wait for 1 approval." in said
    assert "1.0 hours on average, 1.5 hours at most; 2 of 2 timed" in said
    assert '<li class="muted"><span>completed</span>' in said  # of two
    assert "in grey, a mean says little" in said
    runs = table(test, "Workflow", "Status")
    assert runs["Workflow"].iloc[0] == "Course 1"
    assert dict(zip(zip(runs["Workflow"], runs["Status"], strict=True), runs["Mean"], strict=True)) == {
        ("Course 1", "waiting"): "not timed", ("Course 1", "completed"): "(1.0 hours)", ("Course 2", "failed"): "(10 hours)",
        ("Course 3", "never ran"): "not timed",
    }  # fmt: skip


def test_a_solution_leads_to_what_it_holds_and_touches(app, working):
    test = app(working, "workflows.py", tenant="acme")
    assert table(test, "Solution", "Jobs").to_dict("records") == [
        {"Solution": "Visit desk", "Jobs": 2, "Roles": 1, "Agents": 1, "Workflows": 1, "Industries": 0, "Installed": 1}
    ]
    touched = table(test, "Job")
    assert list(touched["Job"]) == ["Plan a visit", "Report a visit"]
    assert [dict(parse_qsl(urlsplit(to).query))["job"] for to in touched["Rows"]] == ["J-1", "J-2"]
    said = html(test)
    for heading, name in (("Agents", "Helper"), ("Workflows", "Course 1"), ("Roles", "Rep")):
        assert re.search(rf"{heading} <span.*?</h2><ul><li><span>{name}<", said)


def test_the_filters_choose_the_jobs_and_say_what_they_do_not_choose(app, working):
    test = app(working, "workflows.py", tenant="acme", role=str(uid("r1")))
    assert list(table(test, "Job", "Holds up")["Job"]) == ["Plan a visit", "Report a visit"]
    assert "2 of 5 jobs lie within the filters; runs and solutions are of the whole tenant." in re.sub(
        r"\s+", " ", html(test)
    )


def test_a_job_tells_its_value_its_alternatives_and_its_work(app, working):
    said = re.sub(r"\s+", " ", html(app(working, "jobs.py", tenant="acme", job="J-1")))
    assert 'What doing it better is worth <span class="muted">2</span>' in said
    assert "How much is said for 1 of 2 value drivers." in said
    assert 'What people turn to today <span class="muted">1</span></h2><ul><li><span>A spreadsheet<' in said
    assert "For all that, 1 outcome is a HIGH opportunity." in said
    assert (
        'Workflow stages <span class="muted">2</span></h2><ul><li><span>Prepare<ul><li>Collect</li><li>Sort</li>'
        in said
    )
    assert "The longest chain: 3 of 4 activities, one after the other." in said
    assert 'These wait for it <span class="muted">2</span>' in said
    circle = html(app(working, "jobs.py", tenant="acme", job="J-4"))
    assert "it waits for itself, straight or through others" in circle


def test_a_job_counts_the_jobs_around_it_as_the_metric_does(app, tmp_path):
    retired = {"id": uid("j6"), "code": "J-6", "name": "Fax an order", "status": "archived"}
    more = [
        ("j1", "j2"),
        ("j1", "j1"),
        ("j1", "j6"),
        ("j1", "nobody"),
        ("j6", "j1"),
        ("nobody", "j1"),
        ("j5", "j1"),
        ("j5", "j1"),
    ]
    world = WORLD | {
        "jobs_to_be_done": [*WORLD["jobs_to_be_done"], retired],
        "jtbd_dependencies": [
            {"source_jtbd_id": uid(one), "dependent_jtbd_id": uid(other)} for one, other in [*LINKS, *more]
        ],
    }
    worlds.publish(tmp_path / str(worlds.ACME), world)
    said = html(app(tmp_path, "jobs.py", tenant="acme", job="J-1"))
    assert '>It waits for <span class="muted">1</span>' in said  # J-5, said twice
    assert '>These wait for it <span class="muted">2</span>' in said  # J-2, said twice, and J-3
    assert '>It waits for <span class="muted">1</span>' in html(app(tmp_path, "jobs.py", tenant="acme", job="J-6"))


def test_an_older_snapshot_says_what_it_does_not_count(app, tmp_path):
    worlds.publish(tmp_path / str(worlds.ACME), WORLD, without=LATER)
    test = app(tmp_path, "workflows.py", tenant="acme")
    assert not test.exception
    assert not test.error
    assert '<h1 class="vi">What waits for what is not counted in this snapshot</h1>' in html(test)
    told = [each.value for each in test.info]
    assert len([each for each in told if each.endswith("A new refresh counts them.")]) == 4
    job = app(tmp_path, "jobs.py", tenant="acme", job="J-1")
    assert not job.exception
    assert not job.error
    assert (
        'What people turn to today</h2><p class="muted">Unknown: this snapshot was made before they were read.'
        in html(job)
    )


def test_what_the_source_lacks_is_unknown_and_never_none(app, tmp_path):
    tables = ("jtbd_dependencies", "jtbd_workflow_stages", "workflow_executions", "jtbd_competitive_alternatives",
              "solution_workflows", "solution_industry_matrix")  # fmt: skip
    lacking = WORLD | {name: [] for name in tables}
    lacking["findings"] = [{"kind": "missing_table", "table_name": name, "n": 1} for name in tables]
    worlds.publish(tmp_path / str(worlds.ACME), lacking)
    test = app(tmp_path, "workflows.py", tenant="acme")
    assert not test.exception
    assert '<h1 class="vi">What waits for what is unknown</h1>' in html(test)
    told = " ".join(each.value for each in test.info)
    for what in ("dependencies", "stages", "runs"):
        assert f"Unknown: the source has no table of {what}." in told
    for heading in ("Workflows", "Industries"):
        assert f'>{heading}</h2><p class="muted">Unknown: the source does not say.<' in html(test)
    assert "Unknown: the source has no such table." in html(app(tmp_path, "jobs.py", tenant="acme", job="J-1"))


def test_runs_that_have_no_end_in_the_source_are_neither_open_nor_timed_and_a_retired_agent_is_in_no_solution(
    app, tmp_path
):
    undated = [run | {"completed_at": None} for run in WORLD["workflow_executions"]]
    retired = {"id": uid("g2"), "name": "Old helper", "role_id": uid("r1"), "status": "archived"}
    inside = [*WORLD["solution_agents"], {"solution_id": uid("so1"), "agent_id": uid("g2")}]
    world = WORLD | {"workflow_executions": undated, "agents": [*WORLD["agents"], retired], "solution_agents": inside}
    worlds.publish(tmp_path / str(worlds.ACME), world)
    test = app(tmp_path, "workflows.py", tenant="acme")
    assert not test.exception
    [runs] = [each.value for each in test.dataframe if "Open since" in each.value]
    ran = runs[runs["Runs"] > 0]
    assert len(ran)
    assert ran[["Mean", "of timed", "Open", "Open since"]].isna().all(axis=None)
    assert "Helper" in html(test)
    assert "Old helper" not in html(test)
