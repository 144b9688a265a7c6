"""The pages about AI opportunities and about agents and validation: what a small world says, counted by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.worlds import ACME, publish, uid
from tests.worlds_machines import MACHINES

from .conftest import html

LACKING = ("jtbd_gen_ai_opportunities", "jtbd_gen_ai_use_cases", "agents", "agent_skills", "agent_tools", "expert_consultations",
           "panel_discussions")  # fmt: skip


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the world of machines. Read only."""
    folder = tmp_path_factory.mktemp("machines")
    publish(folder / str(ACME), MACHINES)
    return folder


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of a source that has none of the tables. Read only."""
    world = {table: rows for table, rows in MACHINES.items() if table not in LACKING and not table.startswith("panel_")}
    world["consultation_feedback"] = []
    world["findings"] = [{"kind": "missing_table", "table_name": table, "n": 1} for table in LACKING]
    folder = tmp_path_factory.mktemp("core")
    publish(folder / str(ACME), world)
    return folder


def told(test) -> dict[str, str]:
    """The number on each card, by its name."""
    return dict(re.findall(r"<div>([^<]+)<b>([^<]*)</b>", html(test)))


def listed(test, column: str) -> list[dict]:
    """The rows of the table that has a column of this name, one on each page."""
    [table] = [each.value for each in test.dataframe if column in each.value]
    return table.to_dict("records")


def test_need_and_ai_are_counted_with_their_denominator(app, machines):
    test = app(machines, "ai.py")
    assert '<h1 class="vi">1 of 2 jobs with a HIGH opportunity has no AI opportunity</h1>' in html(test)
    assert told(test) == {
        "Needed, no AI opportunity": "1", "Needed, with an AI opportunity": "1", "AI opportunity, nothing HIGH": "1",
        "Nothing HIGH, no AI opportunity": "1", "Need or AI unknown": "1",
    }  # fmt: skip
    assert [(row["Job"], row["Score"], row["HIGH"], row["AI opp."], row["Uses"]) for row in listed(test, "Uses")] == [
        ("Plan a visit", 15.8, 1, 1, 2), ("Report a visit", 15.8, 1, 0, 1), ("Train a team", 10.0, 0, 1, 0), ("File a form", 3.0, 0, 0, 0),
        ("Answer a question", pytest.approx(float("nan"), nan_ok=True), 0, 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(("fit", "job"), [
    ("need_without_ai", "Report a visit"), ("both", "Plan a visit"), ("ai_without_need", "Train a team"), ("neither", "File a form"),
    ("unknown", "Answer a question"),
])  # fmt: skip
def test_a_card_lists_its_jobs_and_a_row_leads_to_the_job(app, machines, fit, job):
    [row] = listed(app(machines, "ai.py", fit=fit), "Uses")
    assert row["Job"] == job
    assert re.fullmatch(r"\./jobs\?.*job=J-\d", row["Rows"])


def test_what_is_written_down_stands_with_its_use_cases_and_what_stands_under_none(app, machines):
    rows = listed(app(machines, "ai.py"), "Use cases")
    assert [(row["AI opportunity"], row["Use cases"], row["Job"]) for row in rows] == [
        ("Draft of a plan", "Agenda; Route", "Plan a visit"),
        ("under no AI opportunity", "Summary", "Report a visit"),
        ("Quiz", "none yet", "Train a team"),
    ]


def test_filters_choose_the_jobs_of_both_pages(app, machines):
    test = app(machines, "ai.py", role=str(uid("r1")))
    assert "No job within the filters" not in html(test)
    assert "0 of 1 job with a HIGH opportunity within the filters have no AI opportunity" in html(test)
    assert [row["Name"] for row in listed(app(machines, "agents.py", search="Plan a"), "Consultations")] == [
        "Plan a visit"
    ]


def test_agents_and_examinations_are_counted_with_their_denominators(app, machines):
    test = app(machines, "agents.py")
    assert '<h1 class="vi">1 of 2 jobs with a HIGH opportunity has no agent, 1 was never examined</h1>' in html(test)
    assert told(test) == {
        "Agents": "2", "Roles with an agent": "2", "HIGH jobs with an agent": "1", "HIGH jobs examined": "1", "Personas examined": "1",
    }  # fmt: skip
    assert "1 active" in html(test)
    [first, *_] = listed(test, "Consultations")
    assert (first["Name"], first["HIGH"], first["Consultations"], first["Panels"]) == ("Report a visit", 1, 0, 0)


@pytest.mark.parametrize(("address", "column", "names"), [
    ({"stands": "agents"}, "Skills", ["Planner", "Tester"]),
    ({"stands": "role", "helped": "yes"}, "Skills", ["Rep", "Lead"]),
    ({"stands": "job", "helped": "yes"}, "Skills", ["Plan a visit"]),
    ({"stands": "job", "helped": "no", "band": "HIGH"}, "Skills", ["Report a visit"]),
    ({"seen": "yes"}, "Consultations", ["Plan a visit"]),
    ({"about": "persona", "seen": "yes"}, "Consultations", ["Robin"]),
    ({"about": "persona", "seen": "no"}, "Consultations", ["Kim"]),
])  # fmt: skip
def test_a_number_leads_to_its_rows(app, machines, address, column, names):
    assert [row["Name"] for row in listed(app(machines, "agents.py", **address), column)] == names


def test_a_role_has_the_skills_and_tools_of_its_agents(app, machines):
    rows = {row["Name"]: row for row in listed(app(machines, "agents.py", stands="role"), "Skills")}
    assert [rows["Rep"][name] for name in ("Agents", "Skills", "Tools", "HIGH jobs", "with agent")] == [1, 2, 1, 1, 1]
    assert [rows["Lead"][name] for name in ("Agents", "Skills", "Tools", "HIGH jobs")] == [1, 0, 0, 0]


def test_what_the_source_lacks_is_unknown_and_never_0(app, core):
    test = app(core, "ai.py")
    assert not test.exception
    assert "Where AI could help is unknown" in html(test)
    assert "the source has no such table" in test.info[0].value
    assert told(test) == dict.fromkeys(told(test), "–") | {"Need or AI unknown": "5"}
    test = app(core, "agents.py")
    assert not test.exception
    assert "Whether agents stand beside these jobs, or anybody examined them, is unknown" in html(test)
    assert set(told(test).values()) == {"–"}
    assert "Unknown: the source does not say which functions agents stand beside" in test.info[0].value
    assert "Unknown: the source does not say which jobs consultations" in test.info[1].value
    for half in ({"helped": "no"}, {"helped": "yes"}, {"seen": "no"}, {"seen": "yes"}):
        tables = [each.value for each in app(core, "agents.py", stands="role", **half).dataframe]
        assert len(tables) == 1, half
    assert "Whether anybody examined this job is unknown: the source does not say" in html(
        app(core, "jobs.py", job="J-1")
    )


def test_use_cases_and_roles_that_the_source_does_not_tell_are_unknown_and_not_none(app, tmp_path):
    gone = [
        ("jtbd_gen_ai_use_cases", "missing_table", None),
        ("agents", "missing_column", "role_id"),
        ("skills", "missing_table", None),
    ]
    world = MACHINES | {"jtbd_gen_ai_use_cases": [], "agent_skills": [], "skills": []}
    world["agents"] = [row | {"role_id": None} for row in MACHINES["agents"]]
    world["findings"] = [
        {"kind": kind, "table_name": name, "column_name": column, "n": 1} for name, kind, column in gone
    ]
    publish(tmp_path / str(ACME), world)
    test = app(tmp_path, "ai.py")
    assert {row["Use cases"] for row in listed(test, "Use cases")} == {"unknown"}
    assert "Their use cases are unknown: the source has no table of them." in html(test)
    rows = listed(app(tmp_path, "agents.py", stands="agents"), "Role")
    assert [(row["Role"], row["Skills"] == row["Skills"], row["Tools"]) for row in rows] == [
        ("unknown", False, 1), ("unknown", False, 0),
    ]  # fmt: skip
    assert "Unknown: the source has no such table." in html(app(tmp_path, "jobs.py", job="J-1"))


def test_a_job_tells_the_use_cases_that_stand_under_no_ai_opportunity(app, machines):
    said = html(app(machines, "jobs.py", job="J-2"))
    assert re.search(r"Use cases of AI <span[^>]*>1</span></h2><ul><li><span>Summary<", said)
    assert "Use cases" not in html(app(machines, "jobs.py", job="J-1"))


def test_a_snapshot_of_an_older_version_says_what_it_lacks(app, tmp_path):
    publish(
        tmp_path / str(ACME), MACHINES, without=["metric.ai_fit", "metric.agent_coverage", "metric.validation_activity"]
    )
    for page in ("ai.py", "agents.py"):
        test = app(tmp_path, page)
        assert not test.exception
        assert "This snapshot does not say" in html(test)
        assert "It was made by an older version. `vital-insights refresh acme`" in test.info[0].value
    assert "the snapshot was made by an older version; a new refresh will tell." in html(
        app(tmp_path, "jobs.py", job="J-1")
    )


def test_a_job_and_an_outcome_say_whether_anybody_examined_them(app, machines):
    said = "his job was examined in 1 consultation and 1 panel, last on 3 Feb 2026; consensus in 1 panel, 3 votes, 1 comment."
    assert f"T{said}" in html(app(machines, "jobs.py", job="J-1"))
    assert "Nobody has examined this job yet" in html(app(machines, "jobs.py", job="J-2"))
    assert f"T{said}" in html(app(machines, "outcomes.py", search="step 0"))
