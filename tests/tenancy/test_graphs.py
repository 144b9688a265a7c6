"""Promises 1 and 2 on random graphs: what is loaded equals what plain Python says one tenant may see.

The oracle is written from docs/tenancy.md and the schema notes, row by row, over the same graph; it shares nothing
with scope.py.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import PROVE
from tests.tenancy import lab
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.declare import Own, Shared, Through, scope_of

CLASSIFIED = ("personas", "jobs_to_be_done", "domains", "org_roles", "jtbd_roles", "industries", "tenant_members")
TENANTS = [UUID(int=n) for n in (0xA1, 0xB2, 0xC3)]
MARKS = [None, "", "public", "phi", " PHI\t", "Phi "]
KINDS = ["owner", "member", None]
INSTANTS = [None, *(datetime(2026, 3, day, hour, tzinfo=UTC) for day in (1, 2) for hour in (0, 23))]
SHAREABLE = [
    name
    for name, table in TABLES.items()
    if isinstance(scope_of(table), Own) and scope_of(table) != Own("id") and not table.info["tally"]
]
NAMED = {
    "other": "cross_tenant_reference",
    "unshared": "unshared_reference",
    "withheld": "withheld_reference",
    None: "dangling",
}
Graph = dict[str, list[dict[str, Any]]]


def make(random: Random) -> Graph:
    """Rows of three tenants and of nobody whose keys name any row at all: own, foreign, shared, absent, themselves."""
    number = iter(range(1, 10_000))
    chosen = {*random.sample(list(TABLES), 45), *CLASSIFIED}  # all at once would only make the database slower
    graph: Graph = {
        name: [{"id": UUID(int=(7 << 64) + next(number))} for _ in range(random.choice([0, 1, 2, 3, 5]))]
        if name in chosen
        else []
        for name in TABLES
    }
    graph["tenants"] = [{"id": tenant, "name": "t"} for tenant in TENANTS]
    for name, rows in graph.items():
        scope = scope_of(TABLES[name])
        for row in rows:
            if isinstance(scope, Own) and scope.column != "id":
                row[scope.column] = random.choice([TENANTS[0], TENANTS[0], TENANTS[1], TENANTS[2], None])
            if (tally := TABLES[name].info["tally"]) and tally.kind:
                row[tally.kind] = random.choice(KINDS)
            if tally and tally.daily:
                row["created_at"] = random.choice(INSTANTS)
            if name in CLASSIFIED:
                row["data_classification"] = random.choice(MARKS)
            for column, target in lab.targets(name).items():
                known = [other["id"] for other in graph[target]]
                row[column] = random.choice([*known, *known, None, UUID(int=(9 << 64) + next(number))])
    return graph


class Oracle:
    """What tenant `me` may see of a graph: a row is ours, shared, unshared, other or withheld; None is no row."""

    def __init__(self, graph: Graph, me: UUID, shared: frozenset[str]) -> None:
        self.graph, self.me, self.shared = graph, me, shared
        self.rows = {name: {row["id"]: row for row in rows} for name, rows in graph.items()}

    def state(self, table: str, key: UUID | None) -> str | None:
        row = self.rows[table].get(key)
        if row is None:
            return None
        scope = scope_of(TABLES[table])
        if isinstance(scope, Own):
            owner = row[scope.column]
            if owner is None and table not in self.shared:
                return "unshared"
            if owner is not None and owner != self.me:
                return "other"
            said = "ours" if owner else "shared"
        elif isinstance(scope, Shared):
            said = "shared"
        else:
            parents = [self.state(TABLES[table].c[key].info["to"], row[key]) for key in scope.keys]
            if not all(parent in ("ours", "shared") for parent in parents):
                return "unshared" if "unshared" in parents else "other"
            said = "shared" if all(parent == "shared" for parent in parents) else "ours"
        return "withheld" if is_phi(row) else said

    def expect(self, table: str) -> tuple[Counter[Any], Counter[Any]]:
        """(the rows to be loaded: keys and the shared mark; the findings by kind and column)."""
        scope, keys = scope_of(TABLES[table]), lab.targets(table)
        loaded: Counter[Any] = Counter()
        found: Counter[Any] = Counter()
        for row in self.graph[table]:
            states = {column: self.state(target, row[column]) for column, target in keys.items()}
            if isinstance(scope, Through):
                parents = [states[key] for key in scope.keys]
                if not all(parent in ("ours", "shared") for parent in parents):
                    if "ours" in parents:
                        found.update((NAMED[state], column) for column, state in states.items() if state in NAMED)
                    continue
                mark = all(parent == "shared" for parent in parents)
            elif isinstance(scope, Shared):
                mark = True
            else:
                owner = row[scope.column]
                if owner != self.me and not (owner is None and table in self.shared):
                    continue
                mark = owner is None
            if is_phi(row):
                found["withheld", None] += 1
                continue
            kept = {}
            for column, state in states.items():
                if row[column] is not None and state in NAMED:
                    found[NAMED[state], column] += 1
                kept[column] = None if state in ("other", "unshared", "withheld") else row[column]
            own_id = None if lab.is_link(table) else row["id"]
            loaded[own_id, tuple(sorted(kept.items(), key=str)), mark] += 1
        return loaded, found


def is_phi(row: dict[str, Any]) -> bool:
    return (row.get("data_classification") or "").strip().lower() == "phi"


def day_of(instant: datetime | None) -> datetime | None:
    return instant and instant.replace(hour=0)


@pytest.fixture(scope="module")
def graph_database(new_database) -> str:
    url = new_database()
    lab.create(url, **{name: {"data_classification": "text"} for name in CLASSIFIED})
    return url


@pytest.mark.timeout(3600)
@settings(max_examples=1000 if PROVE else 12)
@given(random=st.randoms(use_true_random=False), shared=st.frozensets(st.sampled_from(SHAREABLE), max_size=8))
def test_what_is_loaded_equals_the_oracle(graph_database, random, shared):
    graph, me = make(random), TENANTS[0]
    lab.empty(graph_database)
    lab.plant(graph_database, {name: rows for name, rows in graph.items() if rows})
    filled = [table for table, rows in graph.items() if rows]
    pulled = lab.pull(graph_database, me, only=filled, shared=shared)
    oracle = Oracle(graph, me, shared)
    kinds = {*NAMED.values(), "withheld"}
    found = pulled.found(*kinds)
    for table in filled:
        if tally := TABLES[table].info["tally"]:
            rows = [row for row in graph[table] if not is_phi(row) and row["tenant_id"] == me]
            grouped = Counter((row.get(tally.kind), day_of(row.get("created_at"))) for row in rows)
            counted = {(row.get(tally.kind), row.get("day")): row["n"] for row in pulled.dicts(table)}
            assert counted == grouped, table
            continue
        wanted, named = oracle.expect(table)
        loaded: Counter[Any] = Counter()
        for row in pulled.dicts(table):
            keys = {column: row[column] for column in lab.targets(table)}
            loaded[row.get("id"), tuple(sorted(keys.items(), key=str)), row["is_shared"]] += 1
        assert loaded == wanted, table
        assert {(kind, column): n for (kind, where, column), n in found.items() if where == table} == named, table
    pulled.duck.close()


def test_the_graphs_hold_every_case():
    """The property above would pass on graphs in which nothing ever happens."""
    found: Counter[Any] = Counter()
    for seed in range(600):
        shared = frozenset({"org_roles", "jobs_to_be_done"} if seed % 2 else ())
        oracle = Oracle(make(Random(seed)), TENANTS[0], shared)
        for table in TABLES:
            if not TABLES[table].info["tally"]:
                loaded, named = oracle.expect(table)
                found.update((table, mark) for _, _, mark in loaded)
                found.update((table, kind) for kind, _ in named)
    for kind in NAMED.values():
        assert found["jobs_to_be_done", kind]
        assert found["personas", kind]
        assert found["jtbd_roles", kind]
    assert found["org_roles", True]
    assert found["jtbd_roles", True]
    assert found["jtbd_roles", False]
