"""Every rule: silent on a clean tenant, exact on its own defect, and equal to an oracle in plain loops on made-up worlds."""

import copy
import random
from datetime import timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference_audit, worlds
from tests.conftest import PROVE
from tests.spec.test_reference import NOWHERE, world_of
from tests.worlds import ACME, TAKEN_AT, uid
from vital_insights.source.contract import TABLES
from vital_insights.warehouse import sqlfile

RULES = sqlfile.files("audit")
NAMES = [rule.name for rule in RULES]
NEW, OLD = TAKEN_AT - timedelta(days=180), TAKEN_AT - timedelta(days=180, seconds=1)


def ordered():
    """The rules, and of model and metrics no more than they read."""
    every = [*sqlfile.definitions(), *RULES]
    needed = {file.table for rule in RULES for file in sqlfile.in_build_order(every, only=rule.table)}
    return [file for file in sqlfile.in_build_order(every) if file.table in needed]


class Bench:
    """A DuckDB in memory: `found(world)` gives the rows of every rule, then forgets them."""

    def __init__(self):
        self.connection = duckdb.connect(config={"threads": "1"})
        self.files = ordered()
        worlds.raw(self.connection)

    def found(self, world, findings=(), rejects=(), counts=()):
        self.connection.execute("begin")
        try:
            worlds.insert(self.connection, world)
            made = ("made-up", ACME, "acme", "Acme", TAKEN_AT, Decimal("0.5"), "0")
            told = {"snapshot": [made], "findings": findings, "rejects": rejects, "counts": counts}
            for table, rows in told.items():
                for row in rows:
                    self.connection.execute(f"insert into raw.{table} values ({', '.join('?' * len(row))})", row)
            sqlfile.build(self.connection, self.files)
            self.sizes = {rule.name: sqlfile.count(self.connection, rule) for rule in RULES if rule.of}
            return {name: [plain(row) for row in worlds.rows(self.connection, f"audit.{name}")] for name in NAMES}
        finally:
            self.connection.execute("rollback")


def plain(row):
    return {
        column: value if value is None or isinstance(value, bool | int) else str(value) for column, value in row.items()
    }


@pytest.fixture(scope="module")
def bench():
    return Bench()


def same(found, expected, columns):
    """The same rows, looking only at what the oracle tells."""
    told = [{column: row[column] for column in columns} for row in found]
    return sorted(map(repr, told)) == sorted(repr({c: row[c] for c in columns}) for row in expected)


STATEMENTS = [
    "Minimize the time it takes to plan", " minimize  the TIME it takes\tto plan", "Minimize time", "Minimize the mess of it all",
    "Faster approvals", "Reduce the cost of a visit and maximize the number of visits", "Reduce the time to find and reduce errors",
    "Reduce the cost of a visit and increase the number of visits", "increase the likelihood, that it works", "Time", " ", "", None,
]  # fmt: skip


def more(world, seed):
    """The tables and columns that a world of metrics leaves out, as dense with defects as the rest."""
    chance = random.Random(seed)
    ids = {table: [row["id"] for row in rows if "id" in row] for table, rows in world.items()}

    def when():
        return chance.choice(
            [None, OLD, NEW, TAKEN_AT, TAKEN_AT + timedelta(days=1), TAKEN_AT + timedelta(days=1, seconds=1)]
        )

    def key(table):
        return chance.choice([None, NOWHERE, *ids.get(table, []), *ids.get(table, [])])

    for table, column, target, _ in reference_audit.KEYS:
        if table not in world:
            deleted = [None, None, None, TAKEN_AT]
            world[table] = [
                {"id": uid(f"{table}{n}"), "deleted_at": chance.choice(deleted)} for n in range(chance.randrange(3))
            ]
            ids[table] = [row["id"] for row in world[table]]
        for row in world[table]:
            if column not in row and chance.random() < 0.7:
                row[column] = key(target)
    old = chance.random() < 0.3
    jobs = ids.get("jobs_to_be_done", [])[:3]
    world["jtbd_dependencies"] = [
        {
            "source_jtbd_id": chance.choice(jobs),
            "dependent_jtbd_id": chance.choice(jobs),
            "deleted_at": chance.choice([None, TAKEN_AT]),
        }
        for _ in jobs * 2
    ]
    for table in ("jobs_to_be_done", "jtbd_outcomes", "personas", "org_roles"):
        for row in world.get(table, []):
            row["created_at"], row["updated_at"] = (OLD, OLD) if old else (when(), when())
    for row in world.get("jtbd_outcomes", []):
        row["outcome_statement"] = chance.choice(STATEMENTS)
    for row in world.get("personas", []):
        row["name"] = chance.choice(["Robin", " ROB in", "Kim", " ", None])
    for row in world.get("jtbd_kpis", []):
        row["direction"] = chance.choice(["stable", " up ", "lower is better", " ", None])
    for row in world.get("jobs_to_be_done", []):
        row["name"] = chance.choice([*STATEMENTS, row["name"]])
        row["code"] = chance.choice(["C-1", "c - 1", "C-2", "", None])
    return world


def counted(seed):
    """What the extraction and the load count, some of it wrong."""
    chance = random.Random(seed)
    kinds = [
        "cross_tenant_reference",
        "unshared_reference",
        "unverifiable_reference",
        "withheld_reference",
        "dangling",
        "deleted",
    ]
    tables = ["personas", "jtbd_roles", "jtbd_dependencies"]
    findings = [(chance.choice(kinds), chance.choice(tables), "role_id", chance.randrange(1, 4), "") for _ in range(5)]
    rejects = [
        (chance.choice(tables), chance.choice("ab"), chance.choice("xy"), "text") for _ in range(chance.randrange(5))
    ]
    counts = []
    for table in tables:
        for column in (None, "x", "y"):
            listed = sum((t, c) == (table, column) for t, _, c, _ in rejects)
            row = [table, column, 5 + listed, 4, listed, 1]
            if chance.random() < 0.3:
                row[chance.randrange(2, 6)] = chance.choice([None, 0, 7])
            counts.append(tuple(row))
    return findings, rejects, counts


@pytest.mark.timeout(1800)  # the counts of make prove
@settings(max_examples=500 if PROVE else 25)
@given(seed=st.integers(0, 2**64))
def test_rules_equal_the_oracle(bench, seed):
    world, lists = more(world_of(seed), seed), counted(seed)
    expected = reference_audit.Audit({**world, "snapshot": [worlds.made()]}, TAKEN_AT, *lists)
    found = bench.found(world, *lists)
    for rule in RULES:
        wanted = getattr(expected, rule.name)()
        columns = list(wanted[0]) if wanted else list(rule.grain)
        assert same(found[rule.name], wanted, columns), rule.name
        assert len(wanted) <= bench.sizes.get(rule.name, len(wanted)), f"{rule.name}: more rows than were looked at"
        keys = [tuple(row[column] for column in rule.grain) for row in found[rule.name]]
        assert len(set(keys)) == len(keys), f"{rule.name}: one key, two rows"
        assert not any(None in key for key in keys), f"{rule.name}: a row without its key"


def day(**columns):
    return {"created_at": NEW, "updated_at": NEW, **columns}


CLEAN = {
    "org_functions": [{"id": uid("f1"), "name": "Commercial"}, {"id": uid("f2"), "name": "Medical"}],
    "org_departments": [
        {"id": uid("d1"), "name": "Sales", "function_id": uid("f1")},
        {"id": uid("d2"), "name": "Science", "function_id": uid("f2")},
    ],
    "org_roles": [
        day(id=uid("r1"), name="Lead", department_id=uid("d1"), function_id=uid("f1")),
        day(id=uid("r2"), name="Rep", department_id=uid("d1"), function_id=uid("f1"), reports_to_role_id=uid("r1")),
    ],
    "personas": [
        day(id=uid("p1"), name="Robin", role_id=uid("r1"), department_id=uid("d1"), function_id=uid("f1")),
        day(id=uid("p2"), name="Kim", role_id=uid("r2")),
    ],
    "jobs_to_be_done": [
        day(id=uid("j1"), code="J-1", name="Plan a visit", status="active"),
        day(id=uid("j2"), code="J-2", name="Report a visit", status="draft", org_function_id=uid("f1")),
        day(id=uid("j3"), code="J-3", name="Report a visit", status="archived"),
    ],
    "jtbd_roles": [
        {"jtbd_id": uid("j1"), "role_id": uid("r1"), "is_primary": True},
        {"jtbd_id": uid("j2"), "role_id": uid("r2"), "is_primary": True},
    ],
    "jtbd_personas": [{"jtbd_id": uid("j1"), "persona_id": uid("p1")}],
    "jtbd_outcomes": [
        day(id=uid("o1"), jtbd_id=uid("j1"), outcome_statement="Minimize the time it takes to plan a visit",
            importance_score=Decimal(9), satisfaction_score=Decimal(3), opportunity_score=Decimal(15), opportunity_priority="high"),
        day(id=uid("o2"), jtbd_id=uid("j1"), outcome_statement="Increase: the likelihood of a visit"),
        # The same words in another job, as many jobs have them.
        day(id=uid("o3"), jtbd_id=uid("j2"), outcome_statement="Minimize the time it takes to plan a visit"),
        # Exactly 12 is not HIGH.
        day(id=uid("o4"), jtbd_id=uid("j3"), outcome_statement="Minimize the effort of it all", importance_score=Decimal(9),
            satisfaction_score=Decimal(6)),
    ],
    "jtbd_kpis": [{"id": uid("k1"), "jtbd_id": uid("j1"), "kpi_code": "K-1", "kpi_name": "Visits"}],
}  # fmt: skip
EVEN = [("jobs_to_be_done", None, 3, 3, 0, 0), ("jobs_to_be_done", "code", 3, 2, 1, 0)]
LISTED = [("jobs_to_be_done", "j1", "code", "?")]


def clean(**changed):
    """CLEAN, with rows added (a list) or one column of the first row of a table set (a dict)."""
    world = copy.deepcopy(CLEAN)
    for table, what in changed.items():
        if isinstance(what, list):
            world.setdefault(table, []).extend(what)
        else:
            world[table][0] |= what
    return world


def lists(findings=(), rejects=(), counts=()):
    return {"findings": findings, "rejects": rejects, "counts": counts}


def key(*names):
    return " / ".join(str(uid(name)) for name in names)


OTHER = "Minimize the number of steps in a report"
# defect: the rule that must find it, how grave that is, and by which key; every other rule stays silent
MUTATIONS = {
    "an outcome of no job": (
        "orphans", "warning", f"jtbd_outcomes / {key('x')}",
        clean(jtbd_outcomes=[{"id": uid("x"), "jtbd_id": NOWHERE, "outcome_statement": OTHER}]), {},
    ),
    "evidence of no persona": (
        "orphans", "warning", f"persona_case_studies / {key('x')}",
        clean(persona_case_studies=[{"id": uid("x"), "persona_id": NOWHERE}]), {},
    ),
    "a job of no domain": (
        "dangling_references", "warning", f"jobs_to_be_done / {key('j1')} / domain_id",
        clean(jobs_to_be_done={"domain_id": NOWHERE}), {},
    ),
    "links across tenants": (
        "foreign_references", "warning", "cross_tenant_reference / jtbd_roles / role_id",
        CLEAN, lists([("cross_tenant_reference", "jtbd_roles", "role_id", 3, "link left out")]),
    ),
    "a key to a row of nobody": (
        "foreign_references", "warning", "unshared_reference / personas / role_id",
        CLEAN, lists([("unshared_reference", "personas", "role_id", 1, "set to NULL")]),
    ),
    "links to nothing": (
        "lost_links", "warning", "jtbd_roles / role_id",
        CLEAN, lists([("dangling", "jtbd_roles", "role_id", 2, "link left out")]),
    ),
    "a value that is no number": (
        "rejected_values", "warning", "jtbd_kpis / target_value / k1",
        CLEAN, lists(rejects=[("jtbd_kpis", "k1", "target_value", "about ten")]),
    ),
    "a row lost on the way": (
        "uneven_counts", "critical", "personas / *",
        CLEAN, lists(counts=[*EVEN[:1], ("personas", None, 3, 2, 0, 0)]),
    ),
    "a reject that is not listed": (
        "uneven_counts", "critical", "jobs_to_be_done / code", CLEAN, lists(counts=EVEN),
    ),
    "a count that is missing": (
        "uneven_counts", "critical", "personas / name", CLEAN, lists(counts=[("personas", "name", 3, None, 0, 0)]),
    ),
    "a role between two functions": (
        "crossed_chains", "warning", key("x"),
        clean(org_roles=[{"id": uid("x"), "name": "MSL", "department_id": uid("d1"), "function_id": uid("f2")}]), {},
    ),
    "a persona in another department than its role": (
        "misplaced_personas", "warning", key("p1"), clean(personas={"department_id": uid("d2")}), {},
    ),
    "a persona in another function than its role": (
        "misplaced_personas", "warning", key("p1"), clean(personas={"function_id": uid("f2")}), {},
    ),
    "a function above itself": (
        "endless_trees", "warning", f"function / {key('f1')}", clean(org_functions={"parent_id": uid("f1")}), {},
    ),
    "a domain above itself": (
        "endless_trees", "warning", f"domain / {key('m')}", clean(domains=[{"id": uid("m"), "parent_id": uid("m")}]), {},
    ),
    "two jobs that wait for each other": (
        "circular_dependencies", "warning", " / ".join(sorted([key("j1"), key("j2")])),
        clean(jtbd_dependencies=[{"source_jtbd_id": uid("j1"), "dependent_jtbd_id": uid("j2")},
                                 {"source_jtbd_id": uid("j2"), "dependent_jtbd_id": uid("j1")},
                                 {"source_jtbd_id": uid("j2"), "dependent_jtbd_id": uid("j3")}]), {},
    ),
    "a job that waits for itself": (
        "circular_dependencies", "warning", key("j1", "j1"),
        clean(jtbd_dependencies=[{"source_jtbd_id": uid("j1"), "dependent_jtbd_id": uid("j1")}]), {},
    ),
    "a persona without a role": (
        "personas_without_role", "warning", key("x"), clean(personas=[{"id": uid("x"), "name": "Alex"}]), {},
    ),
    "a job without outcomes": (
        "jobs_without_outcomes", "info", key("x"),
        clean(jobs_to_be_done=[{"id": uid("x"), "name": "Order"}], jtbd_roles=[{"jtbd_id": uid("x"), "role_id": uid("r1")}]), {},
    ),
    "a job without a role": (
        "jobs_without_role", "info", key("x"),
        clean(jobs_to_be_done=[{"id": uid("x"), "name": "Order"}],
              jtbd_outcomes=[{"id": uid("y"), "jtbd_id": uid("x"), "outcome_statement": OTHER}]), {},
    ),
    "a link that the role does not imply": (
        "unimplied_links", "info", f"{uid('p1')}|{uid('j2')}",
        clean(jtbd_personas=[{"jtbd_id": uid("j2"), "persona_id": uid("p1")}]), {},
    ),
    "one statement twice in a job": (
        "duplicate_statements", "warning", max(key("o1"), key("x")),
        clean(jtbd_outcomes=[{"id": uid("x"), "jtbd_id": uid("j1"),
                              "outcome_statement": " minimize\tthe  TIME it takes\r\nto plan a visit"}]), {},
    ),
    "one code on two jobs": (
        "duplicate_job_codes", "warning", max(key("j1"), key("j2")), clean(jobs_to_be_done={"code": "j-2 "}), {},
    ),
    "one name on two live jobs": (
        "duplicate_job_names", "info", max(key("j1"), key("j2")), clean(jobs_to_be_done={"name": "report a  visit"}), {},
    ),
    "one name on two personas": (
        "duplicate_persona_names", "info", max(key("p1"), key("p2")), clean(personas={"name": " k\tIM"}), {},
    ),
    "a KPI that goes neither up nor down": (
        "unclear_directions", "warning", key("k1"), clean(jtbd_kpis={"direction": "stable"}), {},
    ),
    "a score without its inputs": (
        "unfounded_scores", "warning", key("o1"), clean(jtbd_outcomes={"satisfaction_score": None}), {},
    ),
    "a priority of a score out of range": (
        "unfounded_scores", "warning", key("o1"), clean(jtbd_outcomes={"importance_score": Decimal("10.1"), "opportunity_score": None}), {},
    ),
    "an archived job with a HIGH outcome": (
        "retired_jobs_in_use", "info", key("j3"),
        clean(jtbd_outcomes=[{"id": uid("x"), "jtbd_id": uid("j3"), "outcome_statement": OTHER,
                              "importance_score": Decimal(9), "satisfaction_score": Decimal("5.999999")}]), {},
    ),
    "an archived job with a primary role": (
        "retired_jobs_in_use", "info", key("j3"),
        clean(jtbd_roles=[{"jtbd_id": uid("j3"), "role_id": uid("r1"), "is_primary": True}]), {},
    ),
    "an archived job with an AI opportunity": (
        "retired_jobs_in_use", "info", key("j3"), clean(jtbd_gen_ai_opportunities=[{"id": uid("x"), "jtbd_id": uid("j3")}]), {},
    ),
    "a role changed tomorrow": (
        "impossible_dates", "warning", f"org_roles / {key('r1')}",
        clean(org_roles={"updated_at": TAKEN_AT + timedelta(days=1, seconds=1)}), {},
    ),
    "a persona changed before it was made": (
        "impossible_dates", "warning", f"personas / {key('p1')}", clean(personas={"updated_at": OLD}), {},
    ),
    "a wish instead of an outcome": (
        "unclear_statements", "info", key("o1"), clean(jtbd_outcomes={"outcome_statement": "Faster approvals of the plan"}), {},
    ),
    "an outcome that measures nothing": (
        "unclear_statements", "info", key("o1"), clean(jtbd_outcomes={"outcome_statement": "Improve cross-functional collaboration"}), {},
    ),
    "two ideas in one outcome": (
        "unclear_statements", "info", key("o1"),
        clean(jtbd_outcomes={"outcome_statement": "Minimize the time to plan and minimize the cost to travel"}), {},
    ),
    "an outcome about nothing": (
        "unclear_statements", "info", key("o1"), clean(jtbd_outcomes={"outcome_statement": "Minimize time."}), {},
    ),
    "nothing new for half a year": (
        "stale_data", "warning", f"{OLD:%Y-%m-%d %H:%M:%S}+00",
        {table: [row | {"created_at": OLD, "updated_at": OLD} if "created_at" in row else row for row in rows]
         for table, rows in CLEAN.items()}, {},
    ),
}  # fmt: skip


def fired(found):
    grain = {rule.name: rule.grain for rule in RULES}
    return {
        name: {" / ".join(str(row[column]) for column in grain[name]) for row in rows}
        for name, rows in found.items()
        if rows
    }


def test_no_rule_fires_on_a_clean_tenant(bench):
    assert fired(bench.found(CLEAN, counts=EVEN[:1])) == {}
    assert fired(bench.found({})) == {}


@pytest.mark.parametrize("defect", MUTATIONS)
def test_a_defect_is_found_by_its_rule_and_by_no_other(bench, defect):
    rule, severity, expected, world, counted = MUTATIONS[defect]
    found = fired(bench.found(world, **counted))
    if rule == "uneven_counts" or "rejects" not in counted:
        found.pop("rejected_values", None)
    assert found == {rule: {expected}}
    assert bench.sizes.get(rule, 1) >= 1  # a share is of the rows that were looked at
    assert severity == next(each.severity for each in RULES if each.name == rule)


@pytest.mark.parametrize(
    ("changed", "is_stale"),
    [
        ({}, True),
        ({"updated_at": NEW}, False),
        ({"updated_at": None, "created_at": NEW}, False),
        (
            {"updated_at": OLD, "created_at": NEW},
            True,
        ),  # what counts is the change, not the day somebody copied the row
        ({"updated_at": TAKEN_AT + timedelta(days=1)}, False),
        ({"updated_at": TAKEN_AT + timedelta(days=1, seconds=1)}, True),  # a date in the future makes nothing fresh
        ({"updated_at": NEW, "deleted_at": NEW}, True),
    ],
)
def test_data_are_stale_after_180_days_without_a_change(bench, changed, is_stale):
    old = {"created_at": OLD, "updated_at": OLD}
    for table in ("jobs_to_be_done", "jtbd_outcomes", "personas"):
        world = {"jobs_to_be_done": [{"id": uid("j"), **old}]}
        world.setdefault(table, []).append({"id": uid("x"), **old, **changed})
        assert bool(bench.found(world)["stale_data"]) == is_stale, table


def test_every_rule_has_a_defect_that_it_finds():
    assert {rule for rule, *_ in MUTATIONS.values()} == set(NAMES)


def test_a_key_to_nothing_is_found_in_every_table(bench):
    """Also in a table that joins the contract later: then one of the two rules has to learn it."""
    world, expected = {}, {"orphans": set(), "dangling_references": set()}
    for table, column, _, is_parent in reference_audit.KEYS:
        id_ = uid(f"{table} {column}")
        world.setdefault(table, []).append({"id": id_, column: NOWHERE})
        expected["orphans" if is_parent else "dangling_references"].add((table, str(id_), column))
    found = bench.found(world)
    assert expected == {
        name: {(row["table_name"], row["row_key"], row["column_name"]) for row in found[name]} for name in expected
    }


def test_links_are_those_of_the_contract(bench):
    findings = [("dangling", name, "x", 1, "") for name in TABLES]
    assert {row["table_name"] for row in bench.found({}, findings)["lost_links"]} == reference_audit.LINKS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_speaks_to_people_and_keeps_to_the_subset(rule):
    assert rule.because.endswith(".")
    assert len(rule.because.split()) >= 8
    # Nothing that a source holds stops publishing, but numbers that were lost on the way.
    assert (rule.severity == "critical") == (rule.name == "uneven_counts")
    text = rule.sql[rule.sql.index("*/") :].lower()
    for word in (
        "tenant_id",
        "current_",
        "now()",
        "today",
        "read_csv",
        "random",
        '"',
        "group by all",
        "exclude",
        "qualify",
        "filter (",
        "using",
    ):
        assert word not in text, f"{rule.path.name} uses {word}"
    for need in rule.needs:
        table, _, column = need.partition(".")
        assert not column or column in TABLES[table].columns
