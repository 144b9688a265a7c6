"""Defects of outcomes: scores, what is stored beside them, and statements."""

from __future__ import annotations

from decimal import Decimal

from vital_insights.demo.defects.site import Site, planted
from vital_insights.demo.draft import LAST_DAY, Row

LOOSE_STATEMENTS = (
    "Faster approvals",
    "Better data quality in the affiliates",
    "We need one system for everything",
    "Training for all new starters",
    "Use a chatbot to answer the simple questions",
    "Less bureaucracy",
    "Improve collaboration",
    "Dashboards that load quickly",
)


@planted(46, 17, 14)
def outcome_without_scores(site: Site, _: int) -> None:
    _unscore(site.take("jtbd_outcomes"), importance_score=None, satisfaction_score=None)


@planted(12, 5, 4)
def outcome_called_low_without_scores(site: Site, _: int) -> None:
    """What CASE … ELSE 'low' makes of a missing score."""
    _unscore(site.take("jtbd_outcomes"), importance_score=None, satisfaction_score=None, opportunity_priority="low")


@planted(9, 4, 3)
def outcome_without_importance(site: Site, _: int) -> None:
    _unscore(site.take("jtbd_outcomes"), importance_score=None)


@planted(21, 8, 5)
def outcome_without_satisfaction(site: Site, _: int) -> None:
    _unscore(site.take("jtbd_outcomes"), satisfaction_score=None)


@planted(3, 1, 1)
def outcome_score_out_of_range(site: Site, turn: int) -> None:
    _unscore(site.take("jtbd_outcomes"), importance_score=Decimal(("11", "-1", "85")[turn]))


@planted(2, 0, 1)
def outcome_score_nan(site: Site, _: int) -> None:
    _unscore(site.take("jtbd_outcomes"), satisfaction_score=Decimal("NaN"))


def _unscore(outcome: Row, **scores: object) -> None:
    outcome |= {"opportunity_score": None, "opportunity_priority": None, **scores}


@planted(62, 19, 11)
def outcome_with_two_decimals(site: Site, _: int) -> None:
    """No error, but a narrow cast would round it. The larger importance never crosses a band."""
    outcome = site.take(
        "jtbd_outcomes", lambda row: row["importance_score"] < 10 and row["opportunity_score"] % 4 < Decimal("3.8")
    )
    more = Decimal("0.05")
    grows = more * (2 if outcome["importance_score"] >= outcome["satisfaction_score"] else 1)
    outcome["opportunity_score"] += grows if outcome["importance_score"] != outcome["satisfaction_score"] else more * 2
    outcome["importance_score"] += more


@planted(240, 71, 52)
def outcome_stored_score_missing(site: Site, _: int) -> None:
    _unscore(site.take("jtbd_outcomes"))


@planted(7, 3, 2)
def outcome_stored_score_wrong(site: Site, _: int) -> None:
    """Computed without the lower bound of 0 for importance - satisfaction."""
    outcome = site.take("jtbd_outcomes", lambda row: row["satisfaction_score"] > row["importance_score"])
    outcome["opportunity_score"] = outcome["importance_score"] * 2 - outcome["satisfaction_score"]


@planted(9, 4, 2)
def outcome_stored_priority_wrong(site: Site, _: int) -> None:
    outcome = site.take("jtbd_outcomes")
    outcome["opportunity_priority"] = {"high": "medium", "medium": "high", "low": "medium"}[
        outcome["opportunity_priority"]
    ]


@planted(2, 1, 1)
def outcome_statement_blank(site: Site, _: int) -> None:
    site.take("jtbd_outcomes")["outcome_statement"] = " "


@planted(8, 4, 3)
def outcome_statement_off_grammar(site: Site, turn: int) -> None:
    site.take("jtbd_outcomes")["outcome_statement"] = LOOSE_STATEMENTS[turn]


@planted(3, 1, 1)
def outcome_statement_repeated(site: Site, _: int) -> None:
    """Twice within one job."""
    first = site.take("jtbd_outcomes")
    second = site.take("jtbd_outcomes", lambda row: row["jtbd_id"] == first["jtbd_id"])
    second |= {"outcome_statement": first["outcome_statement"], "outcome_type": first["outcome_type"]}


@planted(3, 2, 1)
def outcome_type_unknown(site: Site, _: int) -> None:
    site.take("jtbd_outcomes")["outcome_type"] = "experience"


@planted(14, 5, 4)
def outcome_deleted(site: Site, _: int) -> None:
    site.take("jtbd_outcomes")["deleted_at"] = LAST_DAY
