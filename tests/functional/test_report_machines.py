"""The chapter about AI opportunities, agents and examinations: what it counts, what filters choose, what it says that it cannot know."""

from __future__ import annotations

import pytest

from tests.worlds import ACME, publish, uid
from tests.worlds_machines import MACHINES
from vital_insights import insights
from vital_insights.reports.html import html
from vital_insights.reports.report import report
from vital_insights.settings import Settings

LACKING = (
    "jtbd_gen_ai_opportunities",
    "agents",
    "agent_skills",
    "agent_tools",
    "expert_consultations",
    "panel_discussions",
)


@pytest.fixture
def acme(tmp_path):
    """`acme(world)` opens a snapshot of a world."""
    opened = []

    def open_(world=MACHINES, **options):
        publish(tmp_path / str(ACME), world, **options)
        opened.append(insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def chapter(made):
    [found] = [section for section in made.sections if section.key == "machines"]
    return found


def rows(section, caption):
    [found] = [table for table in section.tables if table.caption.startswith(caption)]
    return found.rows


def test_it_says_what_is_needed_and_has_no_ai_no_agent_and_no_examination(acme):
    made = report(acme())
    found = chapter(made)
    assert found.headline == "1 of 2 jobs with a HIGH opportunity has no AI opportunity"
    assert found.paragraphs[0] == "1 of 2 jobs with a HIGH opportunity has no agent, 1 was never examined."
    assert rows(found, "Need and AI") == (
        ("Needed, no AI opportunity", "1", "20%"), ("Needed, with an AI opportunity", "1", "20%"),
        ("AI opportunity, nothing HIGH", "1", "20%"), ("Nothing HIGH, no AI opportunity", "1", "20%"), ("Need or AI unknown", "1", "20%"),
    )  # fmt: skip
    assert rows(found, "Needed, and no AI") == (("Report a visit", "15.8", "1", "0", "0"),)
    assert rows(found, "Functions") == (("Field", "1", "1", "1", "2", "1"),)
    assert rows(found, "Examined") == (
        ("Jobs with a HIGH opportunity", "2", "1", "50%"), ("Jobs whose highest is MEDIUM", "1", "0", "0%"),
        ("Jobs whose highest is LOW", "1", "0", "0%"), ("Jobs without a score", "1", "0", "0%"),
    )  # fmt: skip
    assert "How far AI could go, and how much it is needed" in html(made)


def test_filters_choose_its_jobs(acme):
    opened = acme()
    found = chapter(report(opened, opened.metric("opportunity", where={"job_id": uid("j2")}), ["job J-2"]))
    assert found.headline == "1 of 1 job with a HIGH opportunity within the filters has no AI opportunity"
    assert found.paragraphs[0] == "1 of 1 job with a HIGH opportunity has no agent, 1 was never examined."
    assert not any(table.caption.startswith("Functions") for table in found.tables)


def test_what_the_source_lacks_is_unknown(acme):
    world = {table: rows for table, rows in MACHINES.items() if table not in LACKING and not table.startswith("panel_")}
    world |= {"consultation_feedback": [], "jtbd_gen_ai_use_cases": []}
    found = chapter(
        report(
            acme(world | {"findings": [{"kind": "missing_table", "table_name": table, "n": 1} for table in LACKING]})
        )
    )
    assert found.headline == "Where AI could help is unknown"
    assert found.paragraphs[0] == "Whether agents stand beside these jobs, or anybody examined them, is unknown."
    assert found.pictures == ()
    assert [row[1:] for row in rows(found, "Need and AI")] == [("unknown", "unknown")] * 4 + [("5", "100%")]
    assert {row[3:] for row in rows(found, "Needed jobs")} == {("unknown", "unknown")}
    assert {row[2:] for row in rows(found, "Examined")} == {("unknown", "unknown")}


def test_an_older_snapshot_and_an_empty_tenant_say_so(acme):
    found = chapter(report(acme(without=["metric.agent_coverage"])))
    assert found.headline == "This snapshot was made before AI opportunities and agents were measured"
    assert chapter(report(acme({}))).headline == "There is no live job that AI could help with"
