"""AI agents and what is behind them, the workflows they take part in, and the solutions that are sold with them."""

from __future__ import annotations

from datetime import timedelta

from vital_insights.demo import reference
from vital_insights.demo.draft import LAST_DAY, Draft, Row

SKILLS = {
    "Literature search": "SEA", "Guideline search": "SEA", "Table extraction": "ANA", "Trend analysis": "ANA", "Cost modelling": "ANA",
    "First drafts": "WRI", "Plain-language summaries": "WRI", "Meeting planning": "PLA", "Deadline tracking": "PLA",
}  # fmt: skip
TOOLS = (
    "Document archive",
    "Literature database",
    "Trial registry",
    "Translation service",
    "Calendar",
    "Spreadsheet reader",
)
KNOWLEDGE = ("Standard procedures", "Product information", "Published guidelines", "Answered questions", "Glossary")
TEMPLATES = ("Briefing note", "Response letter", "Meeting minutes", "Evidence table")
PROMPT_ROLES = ("system", "context", "instruction", "example", "analysis", "synthesis", "panel_orchestration")
KINDS = {
    "specialist": "active",
    "analyst": "active",
    "validator": "testing",
    "researcher": "development",
    "strategist": "maintenance",
}
SOLUTIONS = ("Evidence desk", "Launch cockpit", "Question line")


def add_machines(draft: Draft) -> None:
    """All of it: the larger the tenant, the more agents and runs."""
    _add_content(draft)
    _add_agents(draft)
    _add_workflows(draft)
    _add_runs(draft)
    _add_solutions(draft)


def _add_content(draft: Draft) -> None:
    for name, category in SKILLS.items():
        draft.add("skills", name, name=name, category_id=reference.key("skill_categories", category))
    for table, names in (("tools", TOOLS), ("knowledge_sources", KNOWLEDGE), ("templates", TEMPLATES)):
        for name in names:
            draft.add(table, name, name=name)
    for number in range(5 * len(PROMPT_ROLES)):
        role = PROMPT_ROLES[number % len(PROMPT_ROLES)]
        draft.add("prompts", number, role_type=role, content=f"Wording {number} of the {role} prompt")
    for number in range(60):
        source = draft.key("knowledge_sources", KNOWLEDGE[number % len(KNOWLEDGE)])
        draft.add(
            "knowledge_chunks", number, knowledge_source_id=source, content=f"Passage {number}", embedding=f"[{number}]"
        )


def _add_agents(draft: Draft) -> None:
    reach = draft.reach("agents", 0.5, 0.25, 0.1, 0.0)
    codes = {draft.key("org_functions", function.code): function.code for function in draft.functions}
    for role in draft.rows["org_roles"]:
        chance = draft.chance(f"agent/{role['code']}")
        function = codes.get(role["function_id"])
        if function is None or chance.random() >= reach[function]:
            continue
        kind = chance.choice(list(KINDS))
        agent = draft.add("agents", role["code"], name=f"Assistant of the {role['name']}", role_id=role["id"],
                          department_id=role["department_id"], function_id=role["function_id"], agent_type=kind,
                          status=KINDS[kind], validation_status=chance.choice(("pending", "approved", "approved")),
                          domain_expertise=chance.choice(("general", "medical", "business")))  # fmt: skip
        for table, key, rows, most in (
            ("agent_skills", "skill_id", draft.rows["skills"], 4),
            ("agent_tools", "tool_id", draft.rows["tools"], 3),
            ("agent_prompts", "prompt_id", draft.rows["prompts"], 2),
            ("agent_knowledge", "knowledge_source_id", draft.rows["knowledge_sources"], 2),
        ):
            for other in chance.sample(rows, chance.randint(1, most)):
                draft.add(table, f"{role['code']}/{other['id']}", agent_id=agent["id"], **{key: other["id"]})
        industry = reference.key("industries", chance.choice(list(reference.LISTS["industries"])))
        draft.add("agent_industries", role["code"], agent_id=agent["id"], industry_id=industry)
        draft.add("agent_metrics", role["code"], agent_id=agent["id"])
        model, fallback = chance.sample(reference.keys("llm_models"), 2)
        draft.add(
            "model_configurations", role["code"], agent_id=agent["id"], model_id=model, fallback_model_id=fallback
        )


def _add_workflows(draft: Draft) -> None:
    """Of some topics the stages as tasks and their activities as steps, one after the other."""
    agents, tools = draft.rows["agents"], draft.rows["tools"]
    for function in draft.functions:
        for topic in function.topics[:2]:
            chance, code = draft.chance(f"workflow/{function.code}/{topic.code}"), f"{function.code}/{topic.code}"
            workflow = draft.add("workflows", code, name=f"{topic.name}: standard course",
                                 created_by=str(draft.key("users", "owner/0")))  # fmt: skip
            before: Row | None = None
            for place, (stage, activities) in enumerate(topic.workflow, 1):
                name = f"{code}/{place}"
                task = draft.add("tasks", name, name=stage)
                draft.add("workflow_tasks", name, workflow_id=workflow["id"], task_id=task["id"])
                draft.add("task_agents", name, task_id=task["id"], agent_id=chance.choice(agents)["id"])
                draft.add("task_tools", name, task_id=task["id"], tool_id=chance.choice(tools)["id"])
                for step, activity in enumerate(activities, 1):
                    draft.add("steps", f"{name}/{step}", task_id=task["id"], name=activity)
                made = draft.add("workflow_step_definitions", name, workflow_id=workflow["id"], task_id=task["id"])
                if before:
                    draft.add("workflow_step_connections", name, workflow_id=workflow["id"], from_step_id=before["id"],
                              to_step_id=made["id"])  # fmt: skip
                before = made


def _add_runs(draft: Draft) -> None:
    agents = draft.rows["agents"]
    for workflow in draft.rows["workflows"]:
        steps = [row for row in draft.rows["workflow_step_definitions"] if row["workflow_id"] == workflow["id"]]
        chance = draft.chance(f"runs/{workflow['id']}")
        for number in range(chance.randint(0, 4)):
            code, status = (
                f"{workflow['id']}/{number}",
                chance.choice(("completed", "completed", "failed", "running", "waiting")),
            )
            started = LAST_DAY - timedelta(hours=chance.randint(30, 4000))
            ended = started + timedelta(minutes=chance.randint(5, 1500)) if status in ("completed", "failed") else None
            run = draft.add("workflow_executions", code, workflow_id=workflow["id"], status=status, started_at=started,
                            completed_at=ended, triggered_by=str(draft.key("users", "owner/0")))  # fmt: skip
            draft.add("execution_context", code, execution_id=run["id"], step_id=steps[0]["id"])
            for place, step in enumerate(steps if status == "completed" else steps[:2]):
                draft.add("workflow_execution_steps", f"{code}/{place}", execution_id=run["id"], step_id=step["id"],
                          task_id=step["task_id"], agent_id=chance.choice(agents)["id"], status="completed")  # fmt: skip
                draft.add("workflow_logs", f"{code}/{place}", execution_id=run["id"], level=chance.choice(("info", "info", "warning")),
                          message=f"Step {place + 1} done")  # fmt: skip
            if status in ("completed", "waiting"):
                asked = "pending" if status == "waiting" else "approved"
                draft.add("workflow_approvals", code, execution_id=run["id"], step_id=steps[-1]["id"], status=asked)
            if status == "completed":
                draft.add("deliverables", code, execution_id=run["id"], name=chance.choice(TEMPLATES))


def _add_solutions(draft: Draft) -> None:
    chance = draft.chance("solutions")
    inside = {
        "solution_agents": ("agent_id", "agents"), "solution_workflows": ("workflow_id", "workflows"),
        "solution_prompts": ("prompt_id", "prompts"), "solution_templates": ("template_id", "templates"),
        "solution_knowledge": ("knowledge_source_id", "knowledge_sources"),
    }  # fmt: skip
    for name in SOLUTIONS:
        solution = draft.add("solutions", name, name=name)
        for table, (key, of) in inside.items():
            for row in chance.sample(draft.rows[of], 2):
                draft.add(table, f"{name}/{row['id']}", solution_id=solution["id"], **{key: row["id"]})
        for industry in chance.sample(reference.keys("industries"), 2):
            draft.add(
                "solution_industry_matrix", f"{name}/{industry}", solution_id=solution["id"], industry_id=industry
            )
        draft.add("solution_installations", name, solution_id=solution["id"])
