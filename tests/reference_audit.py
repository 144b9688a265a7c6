"""An independent oracle of the rules: what breaks each, in plain loops over the raw rows. It knows nothing of the SQL.

`found(world, …)` maps a rule to the rows it must give: dicts of the columns that matter, ids as text. Rows of a world are
dicts keyed by the raw columns; a column that a row leaves out is None.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.reference import Reference, band_of, score_of
from tests.reference_enrichment import direction_of
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.declare import Through

Rows = list[dict[str, Any]]
World = Mapping[str, Iterable[Mapping[str, Any]]]

LINKS = {name for name, table in TABLES.items() if isinstance(s := table.info["scope"], Through) and len(s.keys) > 1}
# The key that says whose a row is names what the row describes.
KEYS = [
    (name, column.name, column.info["to"], column.name in getattr(scope, "keys", getattr(scope, "through", ())))
    for name, table in TABLES.items()
    if not table.info["tally"] and (scope := table.info["scope"])
    for column in table.columns
    if name not in LINKS and "to" in column.info
]
DIRECTIONS = """
minimize minimise maximize maximise reduce decrease lower lessen shorten cut limit avoid eliminate prevent increase raise
improve enhance strengthen ensure extend speed accelerate
"""
MEASURES = """
time likelihood probability chance risk cost expense spend effort number amount quantity volume frequency rate share
percentage proportion percent extent degree level variation variability variance deviation consistency stability accuracy
precision quality delay duration speed error errors waste loss rework reliability predictability reach coverage availability
of that to in for with between from at on by per about against as before after until when while which who
"""
SECOND = [f" and {d} " for d in DIRECTIONS.split()[:4]] + [
    f" and {d} the {m} "
    for d in ("reduce", "decrease", "increase")
    for m in ("time", "likelihood", "number", "amount", "cost", "risk")
]


class Audit:
    """The rules as methods, one a rule, called like it."""

    def __init__(
        self, world: World, taken_at: datetime, findings: Iterable[tuple[Any, ...]] = (),
        rejects: Iterable[tuple[Any, ...]] = (), counts: Iterable[tuple[Any, ...]] = (),
    ) -> None:  # fmt: skip
        self.world = {table: [defaultdict(lambda: None, row) for row in rows] for table, rows in world.items()}
        self.taken_at, self.findings, self.rejects, self.counts = taken_at, list(findings), list(rejects), list(counts)
        self.told = Reference(world)

    def kept(self, table: str) -> list[Any]:
        return [row for row in self.world.get(table, []) if row["deleted_at"] is None]

    def by_id(self, table: str) -> dict[Any, Any]:
        return {row["id"]: row for row in self.kept(table)}

    def _pointing_nowhere(self, *, parent: bool) -> Rows:
        found = []
        for table, column, target, is_parent in KEYS:
            there = {row["id"] for row in self.world.get(target, [])}
            for row in self.kept(table):
                if is_parent == parent and row[column] is not None and row[column] not in there:
                    found.append(
                        {"table_name": table, "row_key": str(row["id"]), "column_name": column, "points_to": target}
                    )
        return found

    def orphans(self) -> Rows:
        return self._pointing_nowhere(parent=True)

    def dangling_references(self) -> Rows:
        return self._pointing_nowhere(parent=False)

    def foreign_references(self) -> Rows:
        n: Counter[Any] = Counter()
        for kind, table, column, count, _ in self.findings:
            if kind in ("cross_tenant_reference", "unshared_reference", "unverifiable_reference"):
                n[kind, table, column] += count
        return [{"kind": k, "table_name": t, "column_name": c, "n": count} for (k, t, c), count in n.items()]

    def lost_links(self) -> Rows:
        n: Counter[Any] = Counter()
        for kind, table, column, count, _ in self.findings:
            if kind == "dangling" and table in LINKS:
                n[table, column] += count
        return [{"table_name": t, "column_name": c, "n": count} for (t, c), count in n.items()]

    def rejected_values(self) -> Rows:
        n = Counter((table, column, key) for table, key, column, _ in self.rejects)
        return [{"table_name": t, "column_name": c, "row_key": k, "n": count} for (t, c, k), count in n.items()]

    def uneven_counts(self) -> Rows:
        listed = Counter((table, column) for table, _, column, _ in self.rejects)
        found = []
        for table, column, in_source, loaded, rejected, nulled in self.counts:
            parts = (in_source, loaded, rejected, nulled)
            if None in parts or in_source != loaded + rejected + nulled or rejected != listed[table, column]:
                found.append({"table_name": table, "column_name": column or "*"})
        return found

    def _above(self, function: Any) -> set[Any]:
        """The function and all above it."""
        functions, found = self.by_id("org_functions"), set()
        while function in functions and function not in found:
            found.add(function)
            function = functions[function]["parent_id"]
        return found

    def _related(self, one: Any, other: Any) -> bool:
        return other in self._above(one) or one in self._above(other)

    def crossed_chains(self) -> Rows:
        functions, departments, found = self.by_id("org_functions"), self.by_id("org_departments"), []
        for role in self.kept("org_roles"):
            if role["department_id"] in departments:
                other = departments[role["department_id"]]["function_id"]
                if {role["function_id"], other} <= set(functions) and not self._related(role["function_id"], other):
                    found.append({"role_id": str(role["id"])})
        return found

    def _units(self, role: Any, column: str, table: str, links: str) -> set[Any]:
        known, roles = self.by_id(table), self.by_id("org_roles")
        if role not in roles:
            return set()
        named = {link[column] for link in self.kept(links) if link["role_id"] == role} | {roles[role][column]}
        return named & set(known)

    def misplaced_personas(self) -> Rows:
        found = []
        for persona in self.kept("personas"):
            departments = self._units(persona["role_id"], "department_id", "org_departments", "department_roles")
            functions = self._units(persona["role_id"], "function_id", "org_functions", "function_roles")
            own, unit = persona["department_id"], persona["function_id"]
            wrong = {
                "other_department": own in self.by_id("org_departments")
                and bool(departments)
                and own not in departments,
                "other_function": unit in self.by_id("org_functions")
                and bool(functions)
                and not any(self._related(unit, each) for each in functions),
            }
            if any(wrong.values()):
                found.append({"persona_id": str(persona["id"]), **wrong})
        return found

    def endless_trees(self) -> Rows:
        found = []
        for tree, table, column in (
            ("function", "org_functions", "parent_id"),
            ("domain", "domains", "parent_id"),
            ("reports_to", "org_roles", "reports_to_role_id"),
        ):
            nodes = self.by_id(table)
            for start in nodes:
                seen, at = set(), start
                while at in nodes and at not in seen:
                    seen.add(at)
                    at = nodes[at][column]
                if at in seen:
                    found.append({"tree": tree, "node_id": str(start), "kind": "cycle"})
        return found

    def circular_dependencies(self) -> Rows:
        waits = {(str(row["source_jtbd_id"]), str(row["dependent_jtbd_id"])) for row in self.kept("jtbd_dependencies")}
        return [{"job_id": a, "other_job_id": b} for a, b in waits if (b, a) in waits and a <= b]

    def _gaps(self, kind: str, key: str) -> Rows:
        return [{key: gap["subject_id"]} for gap in self.told.coverage_gaps() if gap["kind"] == kind]

    def personas_without_role(self) -> Rows:
        return self._gaps("persona_without_role", "persona_id")

    def jobs_without_outcomes(self) -> Rows:
        return self._gaps("job_without_outcome", "job_id")

    def jobs_without_role(self) -> Rows:
        return self._gaps("job_without_role", "job_id")

    def unimplied_links(self) -> Rows:
        return self._gaps("direct_link_not_implied", "link")

    def outcomes(self) -> Rows:
        """Those of retired jobs too, but not those of deleted ones."""
        deleted = {job["id"] for job in self.world.get("jobs_to_be_done", []) if job["deleted_at"] is not None}
        return [row for row in self.kept("jtbd_outcomes") if row["jtbd_id"] not in deleted]

    def duplicate_statements(self) -> Rows:
        of_a_job = [row for row in self.outcomes() if row["jtbd_id"] in self.told.jobs]
        return _repeated(of_a_job, "outcome_statement", "outcome_id", lambda row: row["jtbd_id"])

    def duplicate_job_codes(self) -> Rows:
        return _repeated(self.kept("jobs_to_be_done"), "code", "job_id", lambda _: None)

    def duplicate_job_names(self) -> Rows:
        live = [job for job in self.kept("jobs_to_be_done") if job["id"] in self.told.live]
        return _repeated(live, "name", "job_id", lambda _: None)

    def duplicate_persona_names(self) -> Rows:
        return _repeated(self.kept("personas"), "name", "persona_id", lambda _: None)

    def unclear_directions(self) -> Rows:
        """A KPI of a job that is live, or that nobody knows, whose word for the good way is none of the known ones."""
        every = {job["id"] for job in self.world.get("jobs_to_be_done", [])}
        found = []
        for kpi in self.kept("jtbd_kpis"):
            stated = (kpi["direction"] or "").strip(" ")
            judged = kpi["jtbd_id"] in self.told.live or kpi["jtbd_id"] not in every
            if judged and stated and direction_of(stated) is None:
                found.append({"kpi_id": str(kpi["id"])})
        return found

    def unfounded_scores(self) -> Rows:
        return [
            {"outcome_id": str(row["id"])}
            for row in self.outcomes()
            if score_of(row["importance_score"], row["satisfaction_score"]) is None
            and (row["opportunity_score"] is not None or row["opportunity_priority"] is not None)
        ]

    def retired_jobs_in_use(self) -> Rows:
        found = []
        outcomes = self.kept("jtbd_outcomes")
        for id_, job in self.by_id("jobs_to_be_done").items():
            if id_ in self.told.live:
                continue
            own = [row for row in outcomes if row["jtbd_id"] == id_] or [job]
            roles = {
                link["role_id"]
                for link in self.kept("jtbd_roles")
                if link["jtbd_id"] == id_ and link["is_primary"] and link["role_id"] in self.told.roles
            }
            n = {
                "n_high_outcomes": sum(
                    band_of(score_of(row["importance_score"], row["satisfaction_score"])) == "HIGH" for row in own
                ),
                "n_primary_roles": len(roles),
                "n_ai_opportunities": sum(row["jtbd_id"] == id_ for row in self.kept("jtbd_gen_ai_opportunities")),
            }
            if any(n.values()):
                found.append({"job_id": str(id_), **n})
        return found

    def impossible_dates(self) -> Rows:
        found, latest = [], self.taken_at + timedelta(days=1)
        for table in ("jobs_to_be_done", "jtbd_outcomes", "personas", "org_roles"):
            for row in self.kept(table):
                told = [at for at in (row["created_at"], row["updated_at"]) if at is not None]
                if len(told) == 2 and told[1] < told[0]:
                    reason = "changed before it was made"
                elif any(at > latest for at in told):
                    reason = "later than the snapshot"
                else:
                    continue
                found.append({"table_name": table, "row_key": str(row["id"]), "reason": reason})
        return found

    def stale_data(self) -> Rows:
        newest = None
        for table in ("jobs_to_be_done", "jtbd_outcomes", "personas"):
            for row in self.kept(table):
                at = row["updated_at"] or row["created_at"]
                if at is not None and at <= self.taken_at + timedelta(days=1) and (newest is None or at > newest):
                    newest = at
        stale = newest is not None and (self.taken_at - newest) > timedelta(days=180)
        return [{"newest_change": f"{newest:%Y-%m-%d %H:%M:%S}+00"}] if stale else []

    def unclear_statements(self) -> Rows:
        found = []
        for row in self.outcomes():
            if (row["outcome_statement"] or "").strip(" "):
                reason = _unclear(row["outcome_statement"])
                if reason:
                    found.append({"outcome_id": str(row["id"]), "reason": reason})
        return found


def _unclear(statement: str) -> str | None:
    text = statement
    for sign in "\t\n\r,;:.":
        text = text.replace(sign, " ")
    text = f" {text.lower().strip(' ')} "
    words = text.split(" ")[1:-1]
    if words[0] not in DIRECTIONS.split():
        return "no direction"
    if not set(words) & set(MEASURES.split()):
        return "no metric"
    if any(second in text for second in SECOND):
        return "two ideas"
    return "no object" if len(words) < 3 else None


def _repeated(rows: Iterable[Any], text: str, key: str, group: Callable[[Any], Any]) -> Rows:
    """All but the first of those that say the same within their group; the smallest id is the first."""
    alike = defaultdict(list)
    for row in rows:
        same = "".join(letter for letter in (row[text] or "").lower() if letter not in " \t\n\r")
        if same:
            alike[group(row), same].append(str(row["id"]))
    return [{key: id_, "same_as": min(ids)} for ids in alike.values() for id_ in ids if id_ != min(ids)]
