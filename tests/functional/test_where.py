"""Conditions by who and where: `function=COM` keeps what belongs there, in Python, on the command line and in a report."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests import worlds
from tests.worlds import uid
from vital_insights import insights
from vital_insights.cli import app
from vital_insights.errors import UsageError
from vital_insights.reports import html
from vital_insights.reports.basis import in_words
from vital_insights.reports.report import report
from vital_insights.settings import Settings

WORLD = {
    **worlds.SMALL,
    "org_functions": [
        {"id": uid("f1"), "name": "Commercial", "code": "COM"}, {"id": uid("f2"), "name": "Field", "code": "com", "parent_id": uid("f1")},
        {"id": uid("f3"), "name": "Twin", "code": "T-1"}, {"id": uid("f4"), "name": "Twin", "code": "T-2"},
    ],
    "countries": [{"id": uid("fr"), "name": "France", "code": "FR"}, {"id": uid("es"), "name": "Spain", "code": "ES"}],
    "role_countries": [{"role_id": uid("r1"), "country_id": uid("fr")}],
    "jobs_to_be_done": [
        {"id": uid("j1"), "code": "J-1", "name": "Plan a visit", "status": "active", "complexity": "Very_high"},
        {"id": uid("j2"), "code": "J-2", "name": "Report a visit", "status": " Draft", "org_function_id": uid("f1")},
    ],
    "jtbd_outcomes": [*worlds.SMALL["jtbd_outcomes"], {"id": uid("alone"), "outcome_id": "OUT-9", "outcome_type": " Speed"}],
}  # fmt: skip
OF_J1, OF_J2, ALONE = {f"OUT-{n}" for n in range(5)}, {f"OUT-{n}" for n in range(5, 8)}, {"OUT-9"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("where")
    worlds.publish(folder / str(worlds.ACME), WORLD)
    return folder


@pytest.fixture(scope="module")
def acme(warehouse):
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"function": "COM"}, OF_J1 | OF_J2), ({"function": "com"}, OF_J1), ({"function": "field"}, OF_J1),
        ({"function": str(uid("f2")).upper()}, OF_J1), ({"function": uid("f2")}, OF_J1), ({"function": "T-1"}, set()),
        ({"function": None}, ALONE), ({"function": "none"}, ALONE), ({"function": ["com", None]}, OF_J1 | ALONE), ({"function": []}, set()),
        ({"role": "Rep"}, OF_J1), ({"role": None}, OF_J2 | ALONE), ({"persona": "Kim"}, OF_J2), ({"job": "J-2"}, OF_J2),
        ({"country": "FR"}, OF_J1), ({"country": "spain"}, set()), ({"country": None}, OF_J2 | ALONE),
        ({"complexity": "very high"}, OF_J1), ({"complexity": "very_high"}, OF_J1), ({"complexity": None}, OF_J2 | ALONE),
        ({"type": "SPEED"}, ALONE), ({"type": None}, OF_J1 | OF_J2), ({"status": "draft"}, OF_J2), ({"status": "none"}, ALONE),
        ({"function": "COM", "band": "HIGH", "role": None}, {"OUT-7"}),
    ],
)  # fmt: skip
def test_a_member_is_named_by_code_name_or_id_and_none_is_who_belongs_to_none(acme, where, expected):
    assert set(acme.metric("opportunity", where=where)["outcome_code"]) == expected
    assert acme.count("opportunity", where) == len(expected)


@pytest.mark.parametrize(
    ("where", "message", "hint"),
    [
        ({"function": "Feild"}, "No function is called 'Feild'.", "did you mean Field"),
        ({"function": "Twin"}, "2 members of 'function' are called 'Twin'.", str(uid("f3"))),
        ({"country": "Frnce"}, "No country is called 'Frnce'.", "did you mean France"),
        ({"disease_area": "Asthma"}, "No disease area is called 'Asthma'.", "the source names none"),
        ({"funktion": "Field"}, "opportunity has no column 'funktion'.", "did you mean function"),
        ({"role": "x' or true --"}, "No role is called 'x' or true --'.", "there are: "),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest_names(acme, where, message, hint):
    with pytest.raises(UsageError) as refused:
        acme.metric("opportunity", where=where)
    assert message in str(refused.value)
    assert hint in str(refused.value)


def test_rows_that_are_of_no_job_have_no_dimension(acme):
    with pytest.raises(UsageError, match="persona_evidence has no column 'function'"):
        acme.metric("persona_evidence", where={"function": "COM"})
    assert acme.metric("job_completeness", where={"function": "com"})["job_code"].to_list() == ["J-1"]


def test_members_lists_whom_a_condition_can_name(acme):
    told = acme.members("function").rows()
    assert {(code, name) for _, code, name in told} == {
        ("COM", "Commercial"),
        ("com", "Field"),
        ("T-1", "Twin"),
        ("T-2", "Twin"),
    }
    assert acme.members("complexity").rows() == [("very_high", None, "very high")]
    with pytest.raises(UsageError, match="did you mean country"):
        acme.members("contry")


def test_a_snapshot_from_before_there_were_areas_says_so(tmp_path):
    worlds.publish(tmp_path / str(worlds.ACME), WORLD, without=["model.areas"])
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)) as opened:
        assert opened.metric("opportunity", where={"function": "com"}).height == 5
        with pytest.raises(UsageError, match=r"older version, which had no country\."):
            opened.metric("opportunity", where={"country": "FR"})


def test_a_report_on_the_command_line_is_the_one_that_the_dashboard_hands_out(acme, warehouse, tmp_path, monkeypatch):
    monkeypatch.setenv("VITAL_WAREHOUSE", str(warehouse))
    file = tmp_path / "report.html"
    asked = ["--where", "function=com", "--where", "country=FR", "--where", "status=Active", "--where", "band=HIGH"]
    ran = CliRunner().invoke(app, ["report", "acme", "-o", str(file), *asked])
    assert ran.exit_code == 0, ran.output
    # As filters.Selection says what is chosen, and as it chooses.
    words = ("function Field", "country France", "status active", "band HIGH")
    shown = acme.metric("opportunity", where={"job_id": str(uid("j1")), "band": "HIGH"})
    assert file.read_text() == html.html(report(acme, shown, words)) + "\n" * (
        not html.html(report(acme, shown, words)).endswith("\n")
    )


def test_words_say_what_belongs_to_none(acme):
    where = {
        "function": [None],
        "geographic_scope": ["none"],
        "type": [None],
        "role": ["Rep", "Lead"],
        "outcome_type": [None],
    }
    assert in_words(where, acme.named(where)) == (
        "in no function", "in no geographic scope", "no type stated", "role Rep or Lead", "no outcome type stated",
    )  # fmt: skip


def test_an_unknown_member_is_a_usage_error_of_the_command_line_too(warehouse, tmp_path, monkeypatch):
    monkeypatch.setenv("VITAL_WAREHOUSE", str(warehouse))
    ran = CliRunner().invoke(app, ["report", "acme", "-o", str(tmp_path / "r.html"), "--where", "function=nowhere"])
    assert isinstance(ran.exception, UsageError) or ran.exit_code == 2
    assert not (tmp_path / "r.html").exists()


def test_an_export_keeps_the_rows_and_says_which(warehouse, tmp_path, monkeypatch):
    monkeypatch.setenv("VITAL_WAREHOUSE", str(warehouse))
    asked = ["--format", "csv", "-o", str(tmp_path / "files"), "--where", "function=com", "--where", "band=HIGH"]
    assert CliRunner().invoke(app, ["export", "acme", *asked]).exit_code != 0  # of what, nobody said
    ran = CliRunner().invoke(app, ["export", "acme", "--metric", "opportunity", *asked])
    assert ran.exit_code == 0, ran.output
    written = (tmp_path / "files" / "metric" / "opportunity.csv").read_text().splitlines()
    assert [line.split(",")[1] for line in written[1:]] == ["OUT-0"]
    assert "**Only rows of**: function Field, band HIGH" in (tmp_path / "files" / "README.md").read_text()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_takes_a_name_that_is_a_column_of_the_metric_for_that_column(kind, warehouse, tmp_path, monkeypatch):
    monkeypatch.setenv("VITAL_WAREHOUSE", str(warehouse))
    asked = ["--metric", "tenant_usage", "--where", "role=admin", "--format", kind, "-o", str(tmp_path / f"out.{kind}")]
    ran = CliRunner().invoke(app, ["export", "acme", *asked])
    assert ran.exit_code == 0, ran.output
    if kind == "csv":
        written = (tmp_path / "out.csv" / "metric" / "tenant_usage.csv").read_text().splitlines()
        assert [line.split(",")[0] for line in written] == ["role", "admin"]
        assert "**Only rows of**: role admin" in (tmp_path / "out.csv" / "README.md").read_text()
