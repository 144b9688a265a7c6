"""What the model says of labels, lives and routes, case by case."""

from decimal import Decimal

import pytest

from tests import worlds
from tests.worlds import uid

AREAS = {
    "Commercial": ("Commercial", "commercial"), "Medical Affairs": ("Medical Affairs", "medical_affairs", "MEDICAL-AFFAIRS"),
    "Market Access": ("Market Access", "market_access"), "Clinical": ("clinical",), "Regulatory": ("regulatory",),
    "R&D": ("R&D", "r_and_d", "r&d", "R and D"), "Manufacturing": ("manufacturing",), "Quality": ("quality",),
    "Operations": ("operations",), "IT/Digital": ("IT/Digital", "it_digital", "IT Digital"), "Legal": ("legal",),
    "Finance": ("finance",), "HR": ("HR", "hr"), "Business Development": ("Business Development", "business_development"),
    "Space Travel": ("Space Travel",), "": ("",),
}  # fmt: skip
RANKS = {
    "simple": 1,
    "low": 1,
    "Moderate": 2,
    "medium": 2,
    "complex": 3,
    "HIGH": 3,
    "expert": 4,
    "very_high": 4,
    "odd": None,
    None: None,
}
TIMES = {
    "daily": 365,
    "weekly": 52,
    "Monthly": 12,
    "quarterly": 4,
    "yearly": 1,
    "annually": 1,
    "as_needed": None,
    "ad_hoc": None,
    "odd": None,
}
LIVE = {
    None: True,
    "draft": True,
    "active": True,
    "invented": True,
    "": True,
    "deprecated": False,
    "Archived": False,
    " ARCHIVED ": False,
}


@pytest.fixture(scope="module")
def bench():
    return worlds.Bench()


def jobs(bench, column, values):
    world = {"jobs_to_be_done": [{"id": uid(str(n)), column: value} for n, value in enumerate(values)]}
    found = {row["job_id"]: row for row in bench.built(world, "model.jobs")["model.jobs"]}
    return [found[uid(str(n))] for n in range(len(values))]


def test_areas_compare_without_case_and_separators_and_show_the_title(bench):
    pairs = [(label, spelling) for label, spellings in AREAS.items() for spelling in spellings]
    found = jobs(bench, "functional_area", [spelling for _, spelling in pairs])
    assert [row["functional_area"] for row in found] == [label for label, _ in pairs]


@pytest.mark.parametrize(
    ("column", "shown", "told"),
    [("complexity", "complexity_rank", RANKS), ("frequency", "times_a_year", TIMES), ("status", "is_live", LIVE)],
)
def test_both_vocabularies_give_one_order_and_unknown_words_are_kept(bench, column, shown, told):
    found = jobs(bench, column, list(told))
    assert [row[shown] for row in found] == list(told.values())
    kept = {"status": "job_status"}.get(column, column)
    assert [row[kept] for row in found] == list(told)


def test_the_route_of_a_role_to_its_unit_is_kept_and_a_deleted_link_is_none(bench):
    linked = [{"role_id": uid(role)} for role in ("link", "both", "both")]
    linked.append({"role_id": uid("column"), "deleted_at": "2026-01-01"})
    world = {
        "org_functions": [{"id": uid("f")}],
        "org_departments": [{"id": uid("d")}],
        "org_roles": [
            {"id": uid("column"), "function_id": uid("f"), "department_id": uid("d")},
            {"id": uid("link")},
            {"id": uid("both"), "function_id": uid("f"), "department_id": uid("d")},
        ],
        "function_roles": [{"function_id": uid("f"), **link} for link in linked],
        "department_roles": [{"department_id": uid("d"), **link} for link in linked],
    }
    found = bench.built(world, "model.role_functions", "model.role_departments")
    for rows in found.values():
        assert {row["role_id"]: row["route"] for row in rows} == {uid(r): r for r in ("column", "link", "both")}


def test_a_job_without_outcomes_stands_in_with_its_own_scores_and_never_beside_them(bench):
    told = {"importance_score": Decimal(9), "satisfaction_score": Decimal(3)}
    world = {
        "jobs_to_be_done": [{"id": uid("with"), **told}, {"id": uid("without"), **told}, {"id": uid("gone"), **told}],
        "jtbd_outcomes": [
            {"id": uid("o"), "jtbd_id": uid("with"), "importance_score": Decimal(2), "satisfaction_score": Decimal(2)},
            {"id": uid("deleted"), "jtbd_id": uid("gone"), "deleted_at": "2026-01-01", **told},
        ],
    }
    found = bench.built(world, "metric.opportunity")["metric.opportunity"]
    assert {(row["outcome_id"], row["level"], row["score"]) for row in found} == {
        (uid("o"), "outcome", 2), (uid("without"), "job", 15), (uid("gone"), "job", 15),
    }  # fmt: skip


def test_where_no_link_says_which_role_is_primary_nothing_is_counted_as_not_primary(bench):
    world = {
        "org_roles": [{"id": uid("r")}],
        "org_departments": [{"id": uid("d")}],
        "department_roles": [{"department_id": uid("d"), "role_id": uid("r")}],
        "jobs_to_be_done": [{"id": uid("j")}, {"id": uid("k")}],
        "jtbd_roles": [{"jtbd_id": uid("j"), "role_id": uid("r")}, {"jtbd_id": uid("k"), "role_id": uid("r")}],
    }
    for told, n_primary, gaps in ((None, None, 0), (False, 0, 2), (True, 1, 1)):
        world["jtbd_roles"][0]["is_primary"] = told
        found = bench.built(world, "metric.coverage_by", "metric.coverage_gaps")
        of = {
            row["dimension"]: row for row in found["metric.coverage_by"] if row["member"] not in (None, str(uid("k")))
        }
        share = None if n_primary is None else n_primary / 2
        assert (of["role"]["n_primary"], of["department"]["n_with_primary"], of["department"]["share_with_primary"]) == (
            n_primary, n_primary, share,
        )  # fmt: skip
        assert [row["kind"] for row in found["metric.coverage_gaps"]].count("job_without_primary_role") == gaps
