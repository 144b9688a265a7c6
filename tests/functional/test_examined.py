"""Whether anybody examined a score's job: said by `explain`, in words that tell never from unknown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.worlds import ACME, publish, uid
from tests.worlds_machines import MACHINES
from vital_insights import insights
from vital_insights.settings import Settings
from vital_insights.warehouse import examined

ROW = {
    "subject_type": "job", "n_consultations": 0, "n_panels": 0, "n_talks": 0, "n_agreed": 0, "n_votes": 0, "n_feedback": 0,
    "newest_change": None,
}  # fmt: skip
AT = datetime(2026, 2, 3, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(("told", "said"), [
    ({}, "nobody has examined this job yet: no consultation and no panel is about it"),
    ({"subject_type": "persona"}, "nobody has examined this persona yet: no consultation and no panel is about it"),
    ({"n_talks": 1, "n_panels": 1}, "this job was examined in 1 panel, without a date"),
    ({"n_talks": 3, "n_consultations": 2, "n_panels": 1, "newest_change": AT, "n_agreed": 1, "n_votes": 1200, "n_feedback": 1},
     "this job was examined in 2 consultations and 1 panel, last on 3 Feb 2026; consensus in 1 panel, 1,200 votes, 1 comment"),
    ({"n_consultations": None, "n_panels": None, "n_talks": None, "n_agreed": None, "n_votes": None, "n_feedback": None},
     "whether anybody examined this job is unknown: the source does not say what consultations and panels are about"),
    ({"n_panels": None, "n_agreed": None, "n_votes": None},
     "nobody has examined this job yet: no consultation is about it; which panels were about it the source does not say"),
    ({"n_consultations": None, "n_panels": 2, "n_talks": 2, "newest_change": AT},
     "this job was examined in 2 panels, last on 3 Feb 2026; which consultations were about it the source does not say"),
])  # fmt: skip
def test_a_row_is_told_in_a_sentence(told, said):
    assert examined.sentence(ROW | told) == said


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """acme as it is, and one whose snapshot an older package made."""
    folder = tmp_path_factory.mktemp("examined")
    world = MACHINES | {
        "jtbd_outcomes": [
            *MACHINES["jtbd_outcomes"],
            {"id": uid("loose"), "importance_score": 9, "satisfaction_score": 1},
        ]
    }
    publish(folder / "now" / str(ACME), world)
    publish(folder / "then" / str(ACME), world, without=["metric.validation_activity"])
    return folder


def explained(warehouse, *key):
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as opened:
        return opened.explain(*key).reasons


@pytest.mark.parametrize(("outcome", "said"), [
    ("o0", "this job was examined in 1 consultation and 1 panel, last on 3 Feb 2026; consensus in 1 panel, 3 votes, 1 comment"),
    ("o7", "nobody has examined this job yet: no consultation and no panel is about it"),
    ("o5", "nobody has examined this job yet: no consultation and no panel is about it"),  # UNSCORED
    ("loose", "nobody can have examined its job: it belongs to none"),
])  # fmt: skip
def test_a_score_says_whether_anybody_examined_its_job(warehouse, outcome, said):
    assert explained(warehouse / "now", "opportunity", uid(outcome))[-1] == said


def test_a_job_and_a_persona_say_it_themselves(warehouse):
    assert explained(warehouse / "now", "validation_activity", "persona", "Robin") == (
        "this persona was examined in 1 consultation, last on 3 Feb 2026; 1 comment",
    )
    [said] = explained(warehouse / "now", "validation_activity", "job", "J-4")
    assert said.startswith("nobody has examined this job yet")


def test_a_snapshot_of_an_older_version_does_not_know(warehouse):
    reasons = explained(warehouse / "then", "opportunity", uid("o0"))
    assert reasons[1] == "score = 9.5 + max(9.5 - 3.2, 0) = 15.8"
    assert reasons[-1].startswith(
        "whether anybody examined this job is unknown: the snapshot was made by an older version"
    )
