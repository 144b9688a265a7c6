"""The chapter on how work is done, told from a made-up tenant whose numbers are counted by hand."""

from __future__ import annotations

import pytest

from tests import worlds
from tests.browser.test_workflows import LATER, WORLD
from tests.worlds import uid
from vital_insights import insights
from vital_insights.errors import UsageError
from vital_insights.reports.html import html
from vital_insights.reports.report import report
from vital_insights.reports.work import LINKED, hours, read
from vital_insights.settings import Settings


@pytest.fixture(scope="module")
def working(tmp_path_factory):
    folder = tmp_path_factory.mktemp("working")
    worlds.publish(folder / str(worlds.ACME), WORLD)
    with insights.open_tenant("acme", settings=Settings(warehouse=folder)) as opened:
        yield opened


def chapter(opened, *chosen):
    (found,) = [each for each in report(opened, *chosen).sections if each.key == "work"]
    return found


def rows(section, caption):
    (found,) = [each for each in section.tables if each.caption.startswith(caption)]
    return found.rows


def test_the_chapter_says_what_holds_up_most_what_is_worth_it_and_how_workflows_ran(working):
    told = chapter(working)
    assert told.headline == "4 of 5 jobs hold up others; “Plan a visit” holds up the most, 2"
    circle, worth, ran = told.paragraphs
    assert circle.startswith("In a circle, where none can begin before the others: ")
    assert sorted(set(circle.rstrip(".").split(": ")[1].split(" → "))) == ["Order samples", "Ship samples"]
    assert (
        worth
        == "1 of 2 jobs with a HIGH outcome says how much doing it better is worth, 1 names what people turn to today."
    )
    assert ran == "3 workflows ran 4 times, 1 of them never; they wait for 1 approval."
    assert rows(told, "The jobs that hold up most") == (
        ("Plan a visit", "J-1", "2", "2", "0", "1"),
        ("Order samples", "J-4", "1", "1", "1", "0"),
        ("Report a visit", "J-2", "1", "1", "1", "1"),
        ("Ship samples", "J-5", "1", "1", "1", "0"),
    )
    assert rows(told, "How workflows ran") == (
        ("completed", "2", "2", "1.0 hours", "1.5 hours"),
        ("failed", "1", "1", "10 hours", "10 hours"),
        ("waiting", "1", "0", "not timed", "not timed"),
    )
    assert rows(told, "What solutions reach") == (("Visit desk", "2", "1", "1", "1", "0", "1"),)


def test_the_chapter_is_about_the_chosen_outcomes(working):
    shown = working.metric("opportunity")
    told = chapter(working, shown.filter(shown["job_id"] == str(uid("j2"))), ["role Rep"])
    assert told.headline == "1 of 1 job within the filters holds up others; “Report a visit” holds up the most, 1"
    assert "Order samples" not in str(told.paragraphs)


def test_the_picture_is_in_the_file_and_names_are_inert(working):
    page = html(report(working))
    assert "What waits for what" in page
    assert "<b>reports</b>" not in page


def test_where_no_run_has_an_end_how_many_are_timed_is_unknown_and_not_0(tmp_path):
    undated = [run | {"completed_at": None} for run in WORLD["workflow_executions"]]
    worlds.publish(tmp_path / str(worlds.ACME), WORLD | {"workflow_executions": undated})
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)) as opened:
        assert rows(chapter(opened), "How workflows ran") == (
            ("completed", "2", "unknown", "not timed", "not timed"),
            ("failed", "1", "unknown", "not timed", "not timed"),
            ("waiting", "1", "unknown", "not timed", "not timed"),
        )


def test_an_older_snapshot_tells_that_it_does_not_count(tmp_path):
    worlds.publish(tmp_path / str(worlds.ACME), WORLD, without=LATER)
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)) as opened:
        told = chapter(opened)
        assert told.headline == "What waits for what is not counted in this snapshot"
        assert (told.paragraphs, told.pictures, told.tables) == ((), (), ())


def test_only_what_an_older_snapshot_lacks_is_called_older_and_a_statement_that_is_wrong_is_told(tmp_path):
    worlds.publish(tmp_path / str(worlds.ACME), WORLD, without=[*LATER, LINKED])
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)) as opened:
        assert chapter(opened).headline == "What waits for what is not counted in this snapshot"
        assert read(opened.metric, "job_dependencies") is None
        with pytest.raises(UsageError, match="There is no metric 'job_dependencys'"):
            read(opened.metric, "job_dependencys")
        with pytest.raises(UsageError, match="The query failed"):
            read(opened.sql, "select 1 / 'a'")


HOURS = {
    0.0: "0 minutes",
    1 / 60: "1 minute",
    0.75: "45 minutes",
    7.25: "7.2 hours",
    1234.4: "1,234 hours",
    None: "not timed",
}


@pytest.mark.parametrize(("value", "said"), HOURS.items())
def test_hours_have_no_more_digits_than_they_deserve(value, said):
    assert hours(value) == said
