"""The oracle of `agent_coverage`: plain loops over the raw rows, written from docs/method.md; it knows nothing of the SQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.reference import Reference, Row

RETIRED = ("deprecated", "archived")


def _kept(world: dict[str, list[Row]], table: str) -> list[Row]:
    return [row for row in world.get(table, []) if not row.get("deleted_at")]


def _above(functions: dict[Any, Row], start: Any) -> set[Any]:
    """A function and every one above it."""
    reached: set[Any] = set()
    while start in functions and start not in reached:
        reached.add(start)
        start = functions[start].get("parent_id")
    return reached


def agent_coverage(
    world: dict[str, list[Row]], tables: Iterable[str] = (), columns: Iterable[tuple[str, str]] = ()
) -> dict[tuple[str, Any], Row]:
    """(dimension, id or None) -> the counts; None where the source lacks what they are counted from."""
    lacking, gone = set(tables), set(columns)

    def known(table: str, *needed: str) -> bool:
        return table not in lacking and not any((table, column) in gone for column in needed)

    functions, departments, roles = (
        {row["id"]: row for row in _kept(world, table)} for table in ("org_functions", "org_departments", "org_roles")
    )
    jobs = {
        row["id"]: row for row in _kept(world, "jobs_to_be_done") if (row.get("status") or "").strip() not in RETIRED
    }
    links = {
        name: [(row.get(f"{name}_id"), row.get("role_id")) for row in _kept(world, table)]
        for name, table in (("function", "function_roles"), ("department", "department_roles"), ("jtbd", "jtbd_roles"))
    }
    agents = {
        row["id"]: row for row in _kept(world, "agents") if (row.get("status") or "").strip().lower() not in RETIRED
    }

    def units_of(role: Any, unit: str, every: dict[Any, Row]) -> set[Any]:
        if role not in roles:
            return set()
        named = {roles[role].get(f"{unit}_id")} | {one for one, other in links[unit] if other == role}
        return named & set(every)

    belongs: dict[str, dict[Any, set[Any]]] = {name: {} for name in ("role", "department", "function", "job")}
    for key, agent in agents.items():
        role = agent.get("role_id")
        belongs["role"][key] = {role} & set(roles)
        belongs["department"][key] = ({agent.get("department_id")} & set(departments)) | units_of(
            role, "department", departments
        )
        started = {agent.get("function_id")} | units_of(role, "function", functions)
        belongs["function"][key] = set().union(*(_above(functions, each) for each in started))
        belongs["job"][key] = {job for job, other in links["jtbd"] if other == role and role in roles} & set(jobs)

    scores: dict[Any, list[str]] = {job: [] for job in jobs}
    for outcome in Reference(world).opportunity():
        if outcome["job_id"] in scores and outcome["score"] is not None:
            scores[outcome["job_id"]].append(outcome["band"])
    helped = {job for found in belongs["job"].values() for job in found}
    roles_of = {job: {role for one, role in links["jtbd"] if one == job and role in roles} for job in jobs}
    work: dict[str, dict[Any, set[Any]]] = {
        "role": roles_of,
        "department": {job: set().union(*(units_of(role, "department", departments) for role in roles_of[job]), set()) for job in jobs},
        "function": {
            job: set().union(
                *(_above(functions, each) for role in roles_of[job] for each in units_of(role, "function", functions)),
                _above(functions, jobs[job].get("org_function_id")),
            )
            for job in jobs
        },
        "job": {job: {job} for job in jobs},
    }  # fmt: skip
    by_role, doing = known("agents", "role_id"), known("jtbd_roles")
    says = {
        "role": by_role, "department": known("agents", "department_id") or by_role,
        "function": known("agents", "function_id") or by_role, "job": by_role and doing,
    }  # fmt: skip
    stated = not agents or any(agent.get("status") is not None for agent in agents.values())
    told = {}
    for dimension, every in (("role", roles), ("department", departments), ("function", functions), ("job", jobs)):
        for member in [*every, None]:
            mine = [key for key, found in belongs[dimension].items() if (member in found if member else not found)]
            here = [job for job, found in work[dimension].items() if (member in found if member else not found)]
            mine = mine if says[dimension] else []
            if member is None and not mine and not here:
                continue
            high = [job for job in here if "HIGH" in scores[job]]
            behind = {
                n: len({row["id"] for row in _kept(world, of)}
                       & {row.get(key) for row in _kept(world, table) if row.get("agent_id") in mine})
                if known(table) and says[dimension] else None
                for n, table, key, of in (
                    ("n_skills", "agent_skills", "skill_id", "skills"), ("n_tools", "agent_tools", "tool_id", "tools")
                )
            }  # fmt: skip
            n_helped = len(set(high) & helped) if by_role and doing else None
            active = sum((agents[key].get("status") or "").strip().lower() == "active" for key in mine)
            told[dimension, None if member is None else str(member)] = {
                "n_agents": len(mine) if says[dimension] else None,
                "n_active": active if says[dimension] and stated else None,
                **behind,
                "n_jobs": len(here),
                "n_scored": sum(len(scores[job]) for job in here),
                "n_high": sum(scores[job].count("HIGH") for job in here),
                "n_high_jobs": len(high),
                "n_high_jobs_with_agent": n_helped,
                "share_high_jobs_with_agent": None if n_helped is None or not high else n_helped / len(high),
            }
    return told
