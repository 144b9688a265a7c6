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


WORDS = {
    "job_category": [("strategic", "strategic", ("strategic", " Strategic ")), ("moon_shot", "moon shot", ("Moon_Shot",))],
    # Both vocabularies keep their words: one rank, two members.
    "complexity": [("low", "low", ("low", "LOW")), ("simple", "simple", ("Simple",)), ("very_high", "very high", ("very_high",))],
    "frequency": [
        ("yearly", "yearly", ("yearly", "annually", "Annually ")), ("as_needed", "as needed", ("as_needed", "ad_hoc")),
        ("hourly", "hourly", ("hourly",)),
    ],
    "functional_area": [
        ("medical affairs", "Medical Affairs", ("medical_affairs", "Medical Affairs", "MEDICAL-AFFAIRS")),
        ("r&d", "R&D", ("r_and_d",)), ("space travel", "Space Travel", ("space travel", "Space Travel ")),
    ],
}  # fmt: skip
NOTHING = (None, "", "  ")


def placed(rows, dimension):
    """(member, name, job) of one dimension."""
    return {(row["member"], row["member_name"], row["job_id"]) for row in rows if row["dimension"] == dimension}


@pytest.mark.parametrize("dimension", WORDS)
def test_a_word_is_a_member_whatever_its_spelling_and_no_word_is_no_member(bench, dimension):
    told = [*WORDS[dimension], (None, None, NOTHING)]
    spelled = [(member, name, spelling) for member, name, spellings in told for spelling in spellings]
    world = {
        "jobs_to_be_done": [{"id": uid(f"j{n}"), dimension: spelling} for n, (*_, spelling) in enumerate(spelled)],
        "jtbd_outcomes": [{"id": uid(f"o{n}"), "jtbd_id": uid(f"j{n}")} for n in range(len(spelled))],
    }
    found = bench.built(world, "model.membership", "metric.opportunity_by")
    assert placed(found["model.membership"], dimension) == {
        (member, name, uid(f"j{n}")) for n, (member, name, _) in enumerate(spelled)
    }
    counted = {
        (row["member"], row["member_name"]): row["n_outcomes"]
        for row in found["metric.opportunity_by"]
        if row["dimension"] == dimension
    }
    assert counted == {(member, name): len(spellings) for member, name, spellings in told}


def test_an_outcome_s_type_is_a_member_of_its_own_dimension(bench):
    types = ["speed", " Speed", "COST", "carbon_cost", *NOTHING]
    told = {"importance_score": Decimal(9), "satisfaction_score": Decimal(3), "jtbd_id": uid("j")}
    world = {
        "jobs_to_be_done": [{"id": uid("j")}],
        "jtbd_outcomes": [{"id": uid(str(n)), "outcome_type": word, **told} for n, word in enumerate(types)],
    }
    found = bench.built(world, "metric.opportunity_by")["metric.opportunity_by"]
    (of_job,) = (row for row in found if row["dimension"] == "job")
    assert of_job["top_outcome_id"] == min(map(uid, "0123456"), key=str)
    counted = {
        row["member"]: (row["member_name"], row["n_high"], row["top_outcome_id"])
        for row in found
        if row["dimension"] == "outcome_type"
    }
    assert counted == {
        "speed": ("speed", 2, min(uid("0"), uid("1"), key=str)), "cost": ("cost", 1, uid("2")),
        "carbon_cost": ("carbon cost", 1, uid("3")), None: (None, 3, min(map(uid, "456"), key=str)),
    }  # fmt: skip


NAMED = {"domain": ("domains", "domain_id"), "strategic_priority": ("strategic_priorities", "strategic_priority_id"),
         "industry": ("industries", "industry_id")}  # fmt: skip


@pytest.mark.parametrize("dimension", NAMED)
def test_a_deleted_or_missing_parent_of_a_job_is_no_member(bench, dimension):
    table, key = NAMED[dimension]
    world = {
        table: [{"id": uid("kept"), "name": "Kept"}, {"id": uid("gone"), "name": "Gone", "deleted_at": "2026-01-01"}],
        "jobs_to_be_done": [
            {"id": uid(f"of {parent}"), key: parent and uid(parent)} for parent in ("kept", "gone", "nowhere", None)
        ],
    }
    found = bench.built(world, "model.membership")["model.membership"]
    assert placed(found, dimension) == {
        (str(uid("kept")), "Kept", uid("of kept")), (None, None, uid("of gone")), (None, None, uid("of nowhere")),
        (None, None, uid("of None")),
    }  # fmt: skip


def test_a_job_has_a_capability_once_and_none_that_is_deleted_or_missing(bench):
    links = [("j", "kept"), ("j", "kept"), ("j", "other"), ("k", "gone"), ("k", "nowhere"), ("k", "kept")]
    world = {
        "capabilities": [
            {"id": uid("kept"), "name": "Kept"}, {"id": uid("other"), "name": "Kept"},
            {"id": uid("gone"), "deleted_at": "2026-01-01"},
        ],
        "jobs_to_be_done": [{"id": uid("j")}, {"id": uid("k")}],
        "capability_jtbd_mapping": [
            {"jtbd_id": uid(job), "capability_id": uid(c), "deleted_at": "2026-01-01" if (job, c) == ("k", "kept") else None}
            for job, c in links
        ],
    }  # fmt: skip
    rows = bench.built(world, "model.membership")["model.membership"]
    assert placed(rows, "capability") == {
        (str(uid("kept")), "Kept", uid("j")), (str(uid("other")), "Kept", uid("j")), (None, None, uid("k")),
    }  # fmt: skip
    assert sum(row["dimension"] == "capability" for row in rows) == 3


def test_a_job_is_done_where_one_of_its_roles_works_by_itself_its_department_or_its_function(bench):
    world = {
        "countries": [{"id": uid(c), "name": c} for c in ("France", "Spain", "Italy", "Peru")],
        "org_functions": [{"id": uid("f"), "name": "F"}],
        "org_departments": [{"id": uid("d"), "name": "D"}],
        "org_roles": [{"id": uid("alone")}, {"id": uid("both"), "department_id": uid("d"), "function_id": uid("f")}, {"id": uid("idle")}],
        "jobs_to_be_done": [{"id": uid(job)} for job in ("of alone", "of both", "of idle", "of nobody")],
        "jtbd_roles": [{"jtbd_id": uid(f"of {role}"), "role_id": uid(role)} for role in ("alone", "both", "idle")],
        "personas": [{"id": uid("p"), "department_id": uid("d")}, {"id": uid("q"), "role_id": uid("alone")}, {"id": uid("r")}],
        "role_countries": [
            {"role_id": uid("alone"), "country_id": uid("France")}, {"role_id": uid("both"), "country_id": uid("France")},
            {"role_id": uid("idle"), "country_id": uid("Peru"), "deleted_at": "2026-01-01"}, {"role_id": None, "country_id": uid("Peru")},
            {"role_id": uid("idle"), "country_id": uid("nowhere")},
        ],
        "department_countries": [{"department_id": uid("d"), "country_id": uid("Spain")}],
        "function_countries": [{"function_id": uid("f"), "country_id": uid("Italy")}],
    }  # fmt: skip
    tables = ("model.membership", "model.persona_membership", "metric.coverage_by")
    found = bench.built(world, *tables)
    assert {(name, job) for _, name, job in placed(found["model.membership"], "country")} == {
        ("France", uid("of alone")), ("France", uid("of both")), ("Spain", uid("of both")), ("Italy", uid("of both")),
        (None, uid("of idle")), (None, uid("of nobody")),
    }  # fmt: skip
    people = {
        (row["member"], row["persona_id"]) for row in found["model.persona_membership"] if row["dimension"] == "country"
    }
    assert people == {(str(uid("Spain")), uid("p")), (str(uid("France")), uid("q"))}
    covered = {
        row["member_name"]: (row["n_jobs"], row["n_personas"])
        for row in found["metric.coverage_by"]
        if row["dimension"] == "country"
    }
    assert covered == {"France": (2, 1), "Spain": (1, 1), "Italy": (1, 0), None: (2, 1)}
    # Where the source says nothing of a kind of area, it has no row, not even of those who belong to none.
    assert not [
        row for rows in found.values() for row in rows if row["dimension"] in ("geographic_scope", "disease_area")
    ]


def test_every_job_is_in_every_dimension_and_only_members_are_named(bench):
    rows = bench.built(worlds.SMALL, "model.membership")["model.membership"]
    jobs = {job["id"] for job in worlds.SMALL["jobs_to_be_done"]}
    dimensions = {row["dimension"] for row in rows}
    assert len(dimensions) == 13
    for dimension in dimensions:
        assert {job for *_, job in placed(rows, dimension)} == jobs
    alone = {(row["dimension"], row["job_id"]) for row in rows if row["member"] is None}
    assert not alone & {(row["dimension"], row["job_id"]) for row in rows if row["member"] is not None}
    assert len({(row["dimension"], row["member"], row["job_id"]) for row in rows}) == len(rows)


def test_what_belongs_to_nobody_is_one_row_of_every_dimension_and_not_a_row_where_nothing_is_left(bench):
    told = {"importance_score": Decimal(9), "satisfaction_score": Decimal(3)}
    homeless = [{"id": uid("a"), **told}, {"id": uid("b"), "jtbd_id": uid("nowhere"), **told}]
    rows = bench.built({"jtbd_outcomes": homeless}, "metric.opportunity_by")["metric.opportunity_by"]
    assert len(rows) == len({row["dimension"] for row in rows}) == 14
    top = min(uid("a"), uid("b"), key=str)
    assert {(r["member"], r["n_outcomes"], r["n_high"], r["top_outcome_id"]) for r in rows} == {(None, 2, 2, top)}
    everything = {"jobs_to_be_done": [{"id": uid("j"), "job_category": "tactical"}]}
    rows = bench.built(everything, "metric.opportunity_by")["metric.opportunity_by"]
    assert {(row["dimension"], row["member"], row["n_outcomes"]) for row in rows} == {
        ("job", str(uid("j")), 0), ("job_category", "tactical", 0),
    }  # fmt: skip
