"""Recursion ends, quickly, and what has no end is a counted finding."""

import time

import pytest

from tests import worlds
from tests.worlds import uid

LIMIT = 32


@pytest.fixture(scope="module")
def bench():
    return worlds.Bench()


def chain(n, parent="parent_id", kind="n"):
    """n nodes, each below the one before."""
    return [{"id": uid(f"{kind}0")}, *({"id": uid(f"{kind}{i}"), parent: uid(f"{kind}{i - 1}")} for i in range(1, n))]


TREES = [
    ("org_functions", "parent_id", "function"),
    ("domains", "parent_id", "domain"),
    ("org_roles", "reports_to_role_id", "reports_to"),
]


@pytest.mark.parametrize(("table", "parent", "tree"), TREES)
def test_a_tree_of_forty_levels_ends_and_says_how_many_were_too_deep(bench, table, parent, tree):
    found = bench.built({table: chain(40, parent)}, "model.tree_findings")["model.tree_findings"]
    assert {row["node_id"] for row in found} == {uid(f"n{i}") for i in range(LIMIT + 1, 40)}  # n33 has 33 above it
    assert {(row["tree"], row["kind"]) for row in found} == {(tree, "too_deep")}


@pytest.mark.parametrize(("table", "parent", "tree"), TREES)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_cycle_ends_and_names_its_members_and_what_hangs_below(bench, table, parent, tree, size):
    ring = [{"id": uid(f"n{i}"), parent: uid(f"n{(i + 1) % size}")} for i in range(size)]
    below = [
        {"id": uid("below"), parent: uid("n0")},
        {"id": uid("gone"), parent: uid("n0"), "deleted_at": "2026-01-01"},
    ]
    sound = chain(5, parent, "sound")
    found = bench.built({table: ring + below + sound}, "model.tree_findings")["model.tree_findings"]
    assert {row["node_id"] for row in found} == {*(uid(f"n{i}") for i in range(size)), uid("below")}
    assert len(found) == size + 1
    assert {(row["tree"], row["kind"]) for row in found} == {(tree, "cycle")}


def test_a_function_in_a_cycle_counts_each_job_once(bench):
    ring = [{"id": uid("a"), "parent_id": uid("b")}, {"id": uid("b"), "parent_id": uid("a")}]
    world = {"org_functions": ring, "jobs_to_be_done": [{"id": uid("j"), "org_function_id": uid("a")}]}
    found = bench.built(world, "metric.coverage_by", "model.function_tree")
    assert {r["member"]: r["n_jobs"] for r in found["metric.coverage_by"] if r["dimension"] == "function"} == {
        str(uid("a")): 1,
        str(uid("b")): 1,
    }
    assert len(found["model.function_tree"]) == 4
    assert not any(
        row["function_id"] == row["ancestor_id"] and row["depth"] > 0 for row in found["model.function_tree"]
    )


def test_a_deep_tree_rolls_up_to_its_32nd_ancestor(bench):
    world = {"org_functions": chain(40), "jobs_to_be_done": [{"id": uid("j"), "org_function_id": uid("n39")}]}
    counted = {
        r["member"]: r["n_jobs"]
        for r in bench.built(world, "metric.coverage_by")["metric.coverage_by"]
        if r["dimension"] == "function"
    }
    assert {member for member, n in counted.items() if n} == {str(uid(f"n{i}")) for i in range(39 - LIMIT, 40)}


def test_a_domain_holds_the_jobs_of_all_below_once_also_in_a_cycle(bench):
    nodes = [
        {"id": uid("top"), "name": "Top"}, {"id": uid("left"), "parent_id": uid("top")}, {"id": uid("right"), "parent_id": uid("top")},
        {"id": uid("a"), "parent_id": uid("b")}, {"id": uid("b"), "parent_id": uid("a")},
        {"id": uid("gone"), "parent_id": uid("top"), "deleted_at": "2026-01-01"}, {"id": uid("orphan"), "parent_id": uid("gone")},
    ]  # fmt: skip
    homes = ("top", "left", "left", "right", "a", "gone", "orphan")
    world = {
        "domains": nodes,
        "jobs_to_be_done": [{"id": uid(f"j{n}"), "domain_id": uid(home)} for n, home in enumerate(homes)],
        "jtbd_outcomes": [
            {"id": uid(f"o{n}"), "jtbd_id": uid(f"j{n}"), "importance_score": 9, "satisfaction_score": n} for n in range(len(homes))
        ],
    }  # fmt: skip
    found = bench.built(world, "metric.opportunity_by", "model.domain_tree")
    counted = {r["member"]: r["n_outcomes"] for r in found["metric.opportunity_by"] if r["dimension"] == "domain"}
    expected = {"top": 4, "left": 2, "right": 1, "a": 1, "b": 1, "orphan": 1}
    assert counted == {str(uid(name)): n for name, n in expected.items()} | {None: 1}
    top = next(r for r in found["metric.opportunity_by"] if r["member"] == str(uid("top")))
    assert (top["top_outcome_id"], top["max_score"], top["total_importance"]) == (uid("o0"), 18, 36)
    own = {(row["domain_id"], row["ancestor_id"]) for row in found["model.domain_tree"] if row["depth"] == 0}
    assert own == {(uid(name), uid(name)) for name in expected}
    assert len(found["model.domain_tree"]) == 6 + 2 + 2  # with themselves, under the top, around the ring


def test_recursion_is_quick_where_everything_is_one_cycle(bench):
    n = 500
    ring = [{"id": uid(f"n{i}"), "parent_id": uid(f"n{(i + 1) % n}")} for i in range(n)]
    began = time.perf_counter()
    found = bench.built({"org_functions": ring}, "model.tree_findings")["model.tree_findings"]
    assert len(found) == n
    assert time.perf_counter() - began < 30  # a second here; an explosion never ends


@pytest.mark.parametrize(("table", "parent", "tree"), TREES)
def test_a_deleted_member_breaks_a_cycle(bench, table, parent, tree):
    for gone in range(2):
        ring = [
            {"id": uid(f"n{i}"), parent: uid(f"n{1 - i}"), "deleted_at": "2026-01-01" if i == gone else None}
            for i in range(2)
        ]
        assert bench.built({table: ring}, "model.tree_findings")["model.tree_findings"] == []


def test_deleted_nodes_break_the_chain(bench):
    nodes = chain(3)
    nodes[1]["deleted_at"] = "2026-01-01"
    found = bench.built({"org_functions": nodes}, "model.function_tree")["model.function_tree"]
    assert {(row["function_id"], row["ancestor_id"]) for row in found} == {
        (uid("n0"), uid("n0")),
        (uid("n2"), uid("n2")),
    }
