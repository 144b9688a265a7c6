"""The oracle of the enrichment metrics: plain loops over the raw rows, written from docs/method.md; it knows nothing of the SQL.

Beside the raw tables it reads `findings` (kind, table_name, column_name) and `rejects` (table_name, row_key, column_name).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tests.reference import Reference, Row, Rows

# What a job may have: the count's column, the table, and the words for people.
PARTS = [
    ("n_outcomes", "jtbd_outcomes", "outcomes"),
    ("n_roles", "jtbd_roles", "roles"),
    ("n_kpis", "jtbd_kpis", "KPIs"),
    ("n_obstacles", "jtbd_obstacles", "obstacles"),
    ("n_success_criteria", "jtbd_success_criteria", "success criteria"),
    ("n_value_drivers", "jtbd_value_drivers", "value drivers"),
    ("n_constraints", "jtbd_constraints", "constraints"),
    ("n_workflow_stages", "jtbd_workflow_stages", "workflow stages"),
    ("n_ai_opportunities", "jtbd_gen_ai_opportunities", "AI opportunities"),
]
EVIDENCE = ["persona_evidence_sources", "persona_evidence_summary", "persona_public_research",
            "persona_expert_opinions", "persona_case_studies"]  # fmt: skip
ENRICHMENT = ["jtbd_outcomes", "jtbd_obstacles", "jtbd_kpis", "jtbd_success_criteria", "jtbd_workflow_stages"]
STEPS = ["scope", "personas", "evidence", "jobs", "enrichment", "ai_opportunities", "validation"]
UP = ["increase", "increasing", "up", "higher", "higher is better", "high", "maximize", "maximise", "more", "raise"]
DOWN = ["decrease", "decreasing", "down", "lower", "lower is better", "low", "minimize", "minimise", "less", "reduce"]
RANKS = ["low", "medium", "high", "critical"]


def direction_of(word: str | None) -> str | None:
    said = " ".join((word or "").lower().replace("_", " ").replace("-", " ").split())
    return "increase" if said in UP else "decrease" if said in DOWN else None


class Enrichment(Reference):
    """The four enrichment metrics of one tenant, as methods that return lists of dicts."""

    def __init__(self, raw: Mapping[str, Iterable[Row]]) -> None:
        super().__init__(raw)
        self.absent_tables, self.absent_columns = set(), set()
        for found in self._rows("findings"):
            if found["kind"] in ("missing_table", "unscopable"):
                self.absent_tables.add(found["table_name"])
            elif found["kind"] == "missing_column":
                self.absent_columns.add((found["table_name"], found["column_name"]))
        self.parts_of: dict[str, dict[Any, int]] = {}
        for _, table, _ in PARTS:
            counts: dict[Any, int] = defaultdict(int)
            for row in self._links(table):
                counts[row["jtbd_id"]] += 1
            self.parts_of[table] = counts
        self.parts_of["jtbd_roles"] = {job: len(roles) for job, roles in self.roles_of_job.items()}

    def _lacks(self, table: str, *columns: str) -> bool:
        return table in self.absent_tables or any((table, column) in self.absent_columns for column in columns)

    def job_completeness(self) -> Rows:
        scored: dict[Any, int] = defaultdict(int)
        for outcome in self.opportunity():
            if outcome["level"] == "outcome" and outcome["score"] is not None:
                scored[outcome["job_id"]] += 1
        unscorable = self._lacks("jtbd_outcomes", "importance_score", "satisfaction_score")
        found = []
        for id_, job in self.jobs.items():
            counts, missing = {}, []
            for column, table, words in PARTS:
                counts[column] = None if table in self.absent_tables else self.parts_of[table].get(id_, 0)
                if counts[column] == 0:
                    missing.append(words)
            known = [count for count in counts.values() if count is not None]
            present = len([count for count in known if count > 0])
            found.append({
                "job_id": id_, "job_code": job["code"], "job_name": job["name"], "job_status": job["status"],
                "is_live": id_ in self.live, **counts,
                "n_scored_outcomes": None if unscorable or id_ not in self.live else scored[id_],
                "n_parts": len(known), "n_present": present, "share_present": present / len(known) if known else None,
                "missing": ", ".join(missing) if missing else None, "is_shared": bool(job["is_shared"]),
            })  # fmt: skip
        return found

    def kpi_attainment(self) -> Rows:
        every_job = {row["id"] for row in self._rows("jobs_to_be_done")}
        values = ("target_value", "current_value")
        odd = {
            str(row["row_key"])
            for row in self._rows("rejects")
            if row["table_name"] == "jtbd_kpis" and row["column_name"] in values
        }
        found = []
        for kpi in self._links("jtbd_kpis"):
            named = kpi["jtbd_id"]
            if named in every_job and named not in self.live:
                continue
            job = self.jobs[named] if named in self.live else defaultdict(lambda: None)
            target, current = kpi["target_value"], kpi["current_value"]
            stated = (kpi["direction"] or "").strip(" ") or None
            direction = direction_of(stated)
            both = target is not None and current is not None
            met = None
            if both and direction is not None:
                met = current >= target if direction == "increase" else current <= target
            because = None
            if met is None:
                because = "direction not stated" if stated is None else "direction not understood"
                if current is None:
                    because = "no current value"
                if target is None:
                    because = "no target"
                if str(kpi["id"]) in odd:
                    because = "not a number"
                if any(("jtbd_kpis", value) in self.absent_columns for value in values):
                    because = "the source lacks target_value or current_value"
            found.append({
                "kpi_id": kpi["id"], "kpi_code": kpi["kpi_code"], "kpi_name": kpi["kpi_name"], "job_id": job["id"],
                "job_code": job["code"], "job_name": job["name"], "unit": kpi["unit"], "stated_direction": stated,
                "direction": direction, "target_value": target, "current_value": current,
                "gap": current - target if both else None,
                "attainment": float(current) / float(target) if both and target != 0 else None,
                "met": met, "unknown_because": because, "is_shared": bool(kpi["is_shared"]),
            })  # fmt: skip
        return found

    def barriers(self) -> Rows:
        outcomes = self.opportunity()
        anything_scored = any(outcome["score"] is not None for outcome in outcomes)
        groups: dict[Any, list[Any]] = defaultdict(list)
        for barrier, table, kind, severity in (
            ("obstacle", "jtbd_obstacles", "obstacle_type", "severity"),
            ("constraint", "jtbd_constraints", "constraint_type", "impact"),
        ):
            for row in self._links(table):
                if row["jtbd_id"] in self.live:
                    words = [(row[column] or "").strip(" ").lower() or None for column in (kind, severity)]
                    groups[barrier, words[0], words[1]].append(row["jtbd_id"])
        found = []
        for (barrier, kind, severity), jobs in groups.items():
            high = {o["outcome_id"] for o in outcomes if o["job_id"] in jobs and o["band"] == "HIGH"}
            found.append({
                "barrier": barrier, "kind": kind, "severity": severity,
                "severity_rank": RANKS.index(severity) + 1 if severity in RANKS else None,
                "n_barriers": len(jobs), "n_jobs": len(set(jobs)), "n_live_jobs": len(self.live),
                "share_of_live_jobs": len(set(jobs)) / len(self.live),
                "n_high_outcomes": len(high) if anything_scored else None,
            })  # fmt: skip
        return found

    def collection_progress(self) -> Rows:
        roles_in, personas_in, jobs_in = self._placed_roles(), defaultdict(set), defaultdict(set)
        for (dimension, member), inside in self.personas_in.items():
            if dimension == "function":
                personas_in[member] |= inside
        for (dimension, member), inside in self.jobs_in.items():
            if dimension == "function":
                jobs_in[member] |= inside & self.live
        personas_in[None] = set(self.personas) - set().union(*personas_in.values())
        jobs_in[None] = self.live - set().union(*jobs_in.values())
        members = list(self.functions)
        if roles_in[None] or personas_in[None] or jobs_in[None]:
            members.append(None)
        found = []
        for member in members:
            told = self._steps(roles_in[member], personas_in[member], jobs_in[member])
            for step, (name, (done, total, because)) in enumerate(zip(STEPS, told, strict=True), 1):
                known = done if because is None else None
                found.append({
                    "member": None if member is None else str(member),
                    "member_name": None if member is None else self.functions[member]["name"],
                    "step": step, "step_name": name, "n_done": known, "n_total": total,
                    "share": known / total if known is not None and total else None, "unknown_because": because,
                })  # fmt: skip
        return found

    def _placed_roles(self) -> dict[Any, set[Any]]:
        placed: dict[Any, set[Any]] = defaultdict(set)
        for role, row in self.roles.items():
            direct = {row["function_id"]}
            direct |= {link["function_id"] for link in self._links("function_roles") if link["role_id"] == role}
            todo, reached = list(direct), set()
            while todo:
                function = todo.pop()
                if function in self.functions and function not in reached:
                    reached.add(function)
                    todo.append(self.functions[function]["parent_id"])
            for function in reached or {None}:
                placed[function].add(role)
        return placed

    def _steps(self, roles: set[Any], personas: set[Any], jobs: set[Any]) -> list[tuple[int, int | None, str | None]]:
        """(done, total, why unknown) of each step."""
        lacks = self._lacks
        staffed = {role for role in roles if role in self.role_of.values()}
        working = {role for role in roles if self.jobs_of_role[role] & self.live}
        evidence = {row["persona_id"] for table in EVIDENCE for row in self._links(table)}
        asked = [table for table in ENRICHMENT if not lacks(table)]
        enriched = [job for job in jobs if all(self.parts_of[table].get(job, 0) for table in asked)]
        talks = ("expert_consultations", "panel_discussions")
        validated = {row["jtbd_id"] for table in talks for row in self._links(table)}
        ai = [job for job in jobs if self.parts_of["jtbd_gen_ai_opportunities"].get(job, 0)]
        n_roles = None if lacks("org_roles") else len(roles)
        n_personas = None if lacks("personas") else len(personas)
        of_roles = _first((lacks("org_roles"), "org_roles"))
        inherit, do = lacks("personas", "role_id"), lacks("jtbd_roles")
        return [
            (len(staffed | working), n_roles, of_roles or _first((inherit and do, "jtbd_roles and personas.role_id"))),
            (len(staffed), n_roles, of_roles or _first((lacks("personas"), "personas"), (inherit, "personas.role_id"))),
            (len(personas & evidence), n_personas, _first((lacks("personas"), "personas"), (all(map(lacks, EVIDENCE)), _listed(EVIDENCE)))),
            (len(working), n_roles, of_roles or _first((do, "jtbd_roles"))),
            (len(enriched), len(jobs), _first((not asked, _listed(ENRICHMENT)))),
            (len(ai), len(jobs), _first((lacks("jtbd_gen_ai_opportunities"), "jtbd_gen_ai_opportunities"))),
            (len(jobs & validated), len(jobs),
             _first((all(lacks(table, "jtbd_id") for table in talks), _listed([f"{table}.jtbd_id" for table in talks])))),
        ]  # fmt: skip


def _first(*told: tuple[bool, str]) -> str | None:
    return next((f"the source lacks {what}" for is_so, what in told if is_so), None)


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
