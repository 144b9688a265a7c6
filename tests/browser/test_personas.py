"""Personas and evidence: what the page and the report's chapter say, against counts made by hand on a small world."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import vital_insights as vi
from tests.reference_people import PORTRAIT
from tests.worlds import ACME, SMALL, publish, uid
from vital_insights.reports import parts
from vital_insights.reports.html import html as written
from vital_insights.reports.report import report

from .conftest import html
from .test_gaps_of_pages import links

WHEN = datetime(2026, 1, 2, tzinfo=UTC)
FILE = "personas.py"


def entry(kind: str, persona: str, name: str) -> tuple[str, dict[str, Any]]:
    row = {"id": uid(f"{kind}{persona}{name}"), "persona_id": uid(persona), "name": name, "updated_at": WHEN}
    return f"persona_{kind}", row


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Robin carries a HIGH outcome on nothing, Kim one on a single source, Alex carries none on strong evidence. Read only."""
    world = copy.deepcopy(SMALL)
    world["personas"] += [{"id": uid("p3"), "name": "Alex", "code": "P-3"}]
    world["jobs_to_be_done"] += [{"id": uid("j3"), "name": "Archive a visit", "status": "active"}]  # nobody's
    world["jtbd_outcomes"] += [
        {"id": uid("o9"), "jtbd_id": uid("j3"), "importance_score": Decimal(5), "satisfaction_score": Decimal(5)}
    ]
    told = [
        entry("evidence_sources", "p2", "Desk research"), entry("evidence_sources", "p2", "Interviews"),
        entry("evidence_sources", "p3", "Survey"), entry("public_research", "p3", "A study"), entry("case_studies", "p3", "A case"),
        entry("evidence_summary", "p1", "What we guess"), entry("regulatory_stakeholders", "p1", "<b>Agency</b>"),
        entry("education", "p1", "Degree"), entry("typical_day", "p3", "Mails"),
    ]  # fmt: skip
    for table, row in told:
        world.setdefault(table, []).append(row)
    world["persona_vpanes_scoring"] = [
        {"id": uid("v1"), "persona_id": uid("p1"), "pain_score": Decimal("7.3"), "updated_at": WHEN},
        {"id": uid("v3"), "persona_id": uid("p3"), "pain_score": Decimal("4.1"), "needs_score": Decimal(12)},
    ]
    folder = tmp_path_factory.mktemp("peopled")
    publish(folder / str(ACME), world)
    return folder


def test_the_title_and_the_cards_count_who_carries_high_outcomes_on_what(app, peopled):
    said = html(app(peopled, FILE))
    assert '<h1 class="vi">2 of 3 personas carry HIGH outcomes on thin evidence or none</h1>' in said
    for name, n, under in (
        ("Strong evidence", 1, "33% of personas · 0 with HIGH outcomes"), ("Fair evidence", 0, "0% of personas · 0 with HIGH outcomes"),
        ("Thin evidence", 1, "33% of personas · 1 with HIGH outcomes"), ("No evidence", 1, "33% of personas · 1 with HIGH outcomes"),
    ):  # fmt: skip
        assert f'<div>{name}<b>{n}</b><span class="muted">{under}</span>' in said
    # Robin 4 (summary, regulator, education, scores), Kim 1, Alex 5 of three times 35 kinds.
    assert "10 of 105 kinds of entries" in said


def test_every_card_leads_to_its_personas(app, peopled):
    led = [(said, codes["strength"]) for said, _, codes in links(app(peopled, FILE)) if "strength" in codes]
    assert led == [("List the 1", "strong"), ("List the 1", "thin"), ("List the 1", "none")]
    for grade, name in (("strong", "Alex"), ("thin", "Kim"), ("none", "Robin")):
        assert app(peopled, FILE, strength=grade).dataframe[0].value["Persona"].to_list() == [name]
    assert "No persona within the filters is on this list" in html(app(peopled, FILE, strength="fair"))


def test_the_list_has_those_first_that_carry_most_on_least_and_opens_exactly_that_persona(app, peopled):
    table = app(peopled, FILE).dataframe[0].value
    assert table[["Persona", "Evidence", "HIGH", "of", "Pieces"]].to_numpy().tolist() == [
        ["Robin", "None", 1, 5, 0],
        ["Kim", "Thin", 1, 3, 2],
    ]
    assert [f"portrait={uid(each)}" in to for each, to in zip(("p1", "p2"), table["Rows"], strict=True)] == [True, True]
    for persona, name in ((str(uid("p2")), "Kim"), ("P-3", "Alex")):
        assert f'<h2 class="name">{name}</h2>' in html(app(peopled, FILE, portrait=persona))


@pytest.mark.parametrize(("address", "n", "names"), [
    ({"function": str(uid("f2"))}, 1, ["Robin"]), ({"role": str(uid("r1"))}, 1, ["Robin"]), ({"persona": str(uid("p2"))}, 1, ["Kim"]),
    ({"function": "none"}, 2, []), ({"role": "none"}, 2, ["Kim"]), ({"band": "LOW"}, 3, []), ({"domain": "none"}, 3, ["Robin", "Kim"]),
])  # fmt: skip
def test_the_filters_choose_personas_and_the_outcomes_that_count(app, peopled, address, n, names):
    test = app(peopled, FILE, **address)
    assert not test.exception
    assert f"{n} of 3 personas belong to what is chosen" in html(test)
    assert (test.dataframe[0].value["Persona"].to_list() if test.dataframe else []) == names
    verb = "carries" if len(names) < 2 else "carry"
    title = f"{len(names) or 'None'} of 3 personas {verb} HIGH outcomes on thin evidence or none within the filters"
    assert f'<h1 class="vi">{title}</h1>' in html(test)


def test_a_choice_without_personas_or_without_high_says_so(app, peopled):
    unmet = app(peopled, FILE, persona="none")
    assert "No persona belongs to what is chosen." in unmet.info[0].value
    nobody = app(peopled, FILE, persona="none", search="nothing of the kind")
    assert "None of the 3 personas is chosen" in html(nobody)
    assert "matches all filters" in nobody.info[0].value
    assert not nobody.dataframe
    assert "leave HIGH out, so no HIGH outcome is counted" in html(app(peopled, FILE, band="LOW"))
    assert "leave HIGH out" not in html(app(peopled, FILE, band="LOW,HIGH"))


def test_a_portrait_has_what_is_written_down_and_says_what_is_not(app, peopled):
    said = html(app(peopled, FILE, portrait=str(uid("p1"))))
    for entry_, kind in (("What we guess", "Summary, no evidence of its own"), ("Degree", "Education")):
        assert f'<li><span>{entry_}</span><span class="aside muted">{kind}</span></li>' in said
    assert 'How its time goes <span class="muted">0</span></h2><p class="muted">Nothing is written down yet.' in said
    assert "Evidence: <b>none</b>, nothing is written down." in said  # a summary is no evidence of its own
    assert "&lt;b&gt;Agency&lt;/b&gt;" in said
    assert "4 of 35 kinds of entries are written down." in said
    assert "<dt>Profile</dt><dd>2 of 9 kinds</dd>" in said
    assert '<dt>Time</dt><dd><span class="warning">nothing</span> of 9 kinds</dd>' in said
    assert "1 HIGH of 5 outcomes of its jobs" in said
    assert "it is drawn from 0 to 12" in said  # the highest score there is


def test_a_persona_without_job_or_scores_says_so(app, peopled):
    said = html(app(peopled, FILE, portrait=str(uid("p2"))))
    assert "Not scored yet." in said
    assert "No job reaches this persona" not in said
    assert "No job reaches this persona" in html(app(peopled, FILE, portrait="P-3"))


def test_a_persona_that_is_not_there_is_reported_and_not_replaced(app, peopled):
    said = html(app(peopled, FILE, portrait="<i>nobody</i>"))
    assert "the address asks for persona “&lt;i&gt;nobody&lt;/i&gt;”, which this tenant does not have" in said
    assert "What it rests on" not in said


def test_a_snapshot_of_an_older_version_says_what_it_lacks(app, tmp_path):
    newer = (
        "metric.persona_completeness",
        "metric.stakeholder_map",
        "metric.vpanes",
        "model.persona_kinds",
        "model.persona_entries",
    )
    publish(tmp_path / str(ACME), SMALL, without=newer)
    test = app(tmp_path, FILE)
    assert not test.exception
    assert not test.error
    assert "This snapshot does not say what personas rest on" in html(test)
    assert "`vital-insights refresh acme`" in test.info[0].value


LACKED = (
    *(f"persona_{kind}" for kind in PORTRAIT["evidence"]),
    "persona_vpanes_scoring",
    "persona_internal_stakeholders",
)


@pytest.fixture(scope="module")
def lacking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source has no table of evidence, none of scores, and none of one kind of stakeholders. Read only."""
    findings = [{"kind": "missing_table", "table_name": table, "n": 1} for table in LACKED]
    others = [entry("vendor_relationships", "p1", "A vendor")]
    folder = tmp_path_factory.mktemp("lacking")
    publish(folder / str(ACME), SMALL | {"findings": findings} | {table: [row] for table, row in others})
    return folder


def test_what_the_source_lacks_is_unknown_and_never_none(app, lacking, monkeypatch):
    test = app(lacking, FILE, strength="all", portrait=str(uid("p1")))
    assert not test.exception
    said = html(test)
    assert '<h1 class="vi">What the 2 personas rest on is unknown</h1>' in said
    assert test.dataframe[0].value["Evidence"].to_list() == ["unknown", "unknown"]
    assert "Evidence: unknown, the source has no table of it." in said
    assert '<dt>Evidence</dt><dd><span class="muted">unknown: the source cannot tell</span></dd>' in said
    assert '<dt>Profile</dt><dd><span class="warning">nothing</span> of 8 kinds</dd>' in said
    assert "Unknown: the source has no such scores" in said
    assert "Unknown: inside the organisation." in said
    assert "1 of 26 kinds of entries are written down." in said
    assert "<div>Evidence<b>?</b>" in said
    assert "Strong evidence" not in said
    assert "Unknown: the source has no table of evidence." in html(app(lacking, FILE))
    found, _ = chapter(lacking, monkeypatch)
    assert found.headline == "What the 2 personas rest on is unknown"
    assert found.paragraphs == ("The source has none of the six tables of evidence.",)


def chapter(warehouse: Path, monkeypatch: pytest.MonkeyPatch, **chosen: Any) -> tuple[parts.Section, str]:
    monkeypatch.setenv("VITAL_WAREHOUSE", str(warehouse))
    with vi.open_tenant("acme") as opened:
        shown = opened.metric("opportunity")
        made = report(opened, shown.filter(**chosen), list(chosen)) if chosen else report(opened)
        return next(section for section in made.sections if section.key == "personas"), written(made)


def test_the_chapter_of_the_report_says_what_the_page_says(peopled, monkeypatch):
    found, page = chapter(peopled, monkeypatch)
    assert found.headline == "2 of 3 personas carry HIGH outcomes on thin evidence or none"
    assert found.headline in page
    assert found.paragraphs[0] == "Evidence behind 3 personas: 1 strong, 0 fair, 1 thin, 1 none."
    assert "10% is: 10 of 105 kinds" in found.paragraphs[1]
    strengths, first = found.tables
    assert [row[:4] for row in strengths.rows] == [
        ("Strong", "1", "33%", "0"), ("Fair", "0", "0%", "0"), ("Thin", "1", "33%", "1"), ("None", "1", "33%", "1"),
    ]  # fmt: skip
    assert first.rows == (("Robin", "none", "None", "0", "1", "5"), ("Kim", "none", "Thin", "2", "1", "3"))
    [cells] = found.pictures
    assert {(row["unit_name"], row["kind"]): row["n"] for row in cells.frame.to_dicts() if row["n"]} == {
        ("in no function", "n_sources"): 2, ("in no function", "n_research"): 1, ("in no function", "n_case_studies"): 1,
    }  # fmt: skip


def test_the_chapter_of_chosen_outcomes_is_about_who_has_them(peopled, monkeypatch):
    found, _ = chapter(peopled, monkeypatch, job_code="J-2")
    assert found.headline == "1 of 3 personas carries HIGH outcomes on thin evidence or none within the filters"
    assert [row[0] for row in found.tables[1].rows] == ["Kim"]


def test_the_chapter_says_when_a_snapshot_or_a_source_cannot_tell(tmp_path, monkeypatch):
    publish(tmp_path / "older" / str(ACME), SMALL, without=["metric.persona_evidence"])
    assert "before the evidence behind personas was measured" in chapter(tmp_path / "older", monkeypatch)[0].headline
    publish(tmp_path / "empty" / str(ACME))
    assert chapter(tmp_path / "empty", monkeypatch)[0].headline == "This tenant has no personas yet"
