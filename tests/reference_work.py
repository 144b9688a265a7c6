"""What jobs are worth, what competes for them, how workflows run and what solutions reach: plain loops over the raw rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction

WAITS = {"pending", "waiting", "awaiting", "awaiting approval", "requested", "submitted", "open", "in review", "in progress"}  # fmt: skip
RETIRED = {"deprecated", "archived"}
DECIDED = {
    "approved", "accepted", "granted", "confirmed", "completed", "done", "rejected", "declined", "denied", "refused", "requires update",
    "cancelled", "canceled", "withdrawn", "expired", "skipped",
}  # fmt: skip


def kept(world, table):
    return [row for row in world.get(table, []) if not row.get("deleted_at")]


def live_jobs(world):
    return {
        row["id"]: row
        for row in kept(world, "jobs_to_be_done")
        if (row.get("status") or "").strip().lower() not in ("deprecated", "archived")
    }


def word(text):
    """A text in lower case without the blanks around it; None for one that says nothing."""
    return (text or "").strip(" ").lower() or None


def newest(rows):
    return max((at for row in rows if (at := row.get("updated_at") or row.get("created_at"))), default=None)


def n_high(world, job):
    """How many items of the job score above 12; a job without outcomes stands for itself."""
    rated = [row for row in kept(world, "jtbd_outcomes") if row.get("jtbd_id") == job["id"]] or [job]
    found = 0
    for row in rated:
        i, s = row.get("importance_score"), row.get("satisfaction_score")
        if i is not None and s is not None and 0 <= i <= 10 and 0 <= s <= 10:
            found += Fraction(i) + max(Fraction(i) - Fraction(s), 0) > 12
    return found


def job_value(world, absent=(), columns=()):
    told = {}
    for key, job in live_jobs(world).items():
        rows = [row for row in kept(world, "jtbd_value_drivers") if row["jtbd_id"] == key]
        whole = "jtbd_value_drivers" not in absent
        told[key] = {
            "n_value_drivers": len(rows) if whole else None,
            "n_quantified": sum(word(row.get("quantified_impact")) is not None for row in rows)
            if whole and "quantified_impact" not in columns else None,
            "n_beneficiaries": len({word(row.get("beneficiary")) for row in rows} - {None})
            if whole and "beneficiary" not in columns else None,
            "n_high": n_high(world, job), "newest_change": newest(rows),
        }  # fmt: skip
    return told


def job_alternatives(world, absent=()):
    told = {}
    for key, job in live_jobs(world).items():
        rows = [row for row in kept(world, "jtbd_competitive_alternatives") if row["jtbd_id"] == key]
        names = {word(row.get("name")) for row in rows} - {None}
        whole = "jtbd_competitive_alternatives" not in absent
        told[key] = {
            "n_alternatives": len(rows) if whole else None,
            "n_different": len(names) if whole and (names or not rows) else None,
            "n_high": n_high(world, job), "newest_change": newest(rows),
        }  # fmt: skip
    return told


def workflow_runs(world, absent=()):
    """By workflow and status; hours as fractions."""
    there = {row["id"] for row in kept(world, "workflows")}
    deleted = {row["id"] for row in world.get("workflows", [])} - there
    groups = defaultdict(list)
    for run in kept(world, "workflow_executions"):
        if run["workflow_id"] not in deleted:
            groups[run["workflow_id"] if run["workflow_id"] in there else None, word(run.get("status"))].append(run)
    for workflow in there - {workflow for workflow, _ in groups}:
        groups[workflow, None] = []
    knows, asks = "workflow_executions" not in absent, "workflow_approvals" not in absent
    every = [run for runs in groups.values() for run in runs]
    # Where no run has a start, or none an end, the source does not record it.
    dated = not every or all(any(run.get(column) for run in every) for column in ("started_at", "completed_at"))
    told = {}
    for key, runs in groups.items():
        took = [
            run["completed_at"] - run["started_at"] for run in runs if run.get("completed_at") and run.get("started_at")
        ]
        minutes = [each // timedelta(minutes=1) for each in took if each >= timedelta(0)]
        began = [run["started_at"] for run in runs if run.get("started_at") and not run.get("completed_at")]
        ids = [run["id"] for run in runs]
        answers = [(word(row.get("status")) or "").replace("_", " ").replace("-", " ")
                   for row in kept(world, "workflow_approvals") for each in ids if row["execution_id"] == each]  # fmt: skip
        told[key] = {
            "n_runs": len(runs) if knows else None, "n_timed": len(minutes) if knows and dated else None,
            "mean_hours": Fraction(sum(minutes), 60 * len(minutes)) if minutes else None,
            "longest_hours": Fraction(max(minutes), 60) if minutes else None,
            "n_open": len(began) if knows and dated else None, "open_since": min(began, default=None) if dated else None,
            "n_approvals": len(answers) if knows and asks else None,
            "n_waiting": sum(each in WAITS for each in answers) if knows and asks else None,
            "n_unclear": sum(each not in WAITS | DECIDED for each in answers) if knows and asks else None,
            "newest_change": newest(runs),
        }  # fmt: skip
    return told


def solution_reach(world, absent=(), columns=()):
    def ids(table):
        return {row["id"] for row in kept(world, table)}

    def inside(table, key, of):
        return [(row["solution_id"], row[key]) for row in kept(world, table) if row[key] in ids(of)]

    def known(*tables):
        return not set(tables) & set(absent)

    at_work = [row for row in kept(world, "agents") if word(row.get("status")) not in RETIRED]
    role_of = {row["id"]: row.get("role_id") for row in at_work}
    does, there = defaultdict(set), ids("org_roles")
    for row in kept(world, "jtbd_roles"):
        if row["jtbd_id"] in live_jobs(world):
            does[row["role_id"]].add(row["jtbd_id"])
    every, mine = {row["id"] for row in world.get("solutions", [])}, kept(world, "solutions")
    installed = [row.get("solution_id") for row in kept(world, "solution_installations")]
    own = [key for key in installed if key in {row["id"] for row in mine}]
    strangers = [key for key in installed if key not in every]
    agents, roles = known("solution_agents", "agents"), known("org_roles") and "role_id" not in columns
    told = {}
    for row in mine:
        key = row["id"]
        used = {agent for solution, agent in inside("solution_agents", "agent_id", "agents") if solution == key} & set(
            role_of
        )
        served = {role_of[agent] for agent in used} & there
        told[key] = {
            "n_agents": len(used) if agents else None,
            "n_workflows": len({w for s, w in inside("solution_workflows", "workflow_id", "workflows") if s == key})
            if known("solution_workflows", "workflows") else None,
            "n_industries": len({i for s, i in inside("solution_industry_matrix", "industry_id", "industries") if s == key})
            if known("solution_industry_matrix", "industries") else None,
            "n_roles": len(served) if agents and roles else None,
            "n_jobs": len(set().union(*(does[role] for role in served))) if agents and roles and known("jtbd_roles") else None,
            "n_installations": own.count(key) if known("solution_installations") and (own or not strangers) else None,
            "newest_change": newest([row]),
        }  # fmt: skip
    if strangers:
        told[None] = dict.fromkeys(("n_agents", "n_workflows", "n_industries", "n_roles", "n_jobs", "newest_change"))
        told[None]["n_installations"] = len(strangers)
    return told
