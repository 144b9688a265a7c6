"""Workflows as designed, and as run. Who started or approved a run is not read, nor what it worked on."""

from vital_insights.source.contract.declare import (
    Own,
    Tally,
    Through,
    assumed,
    instant,
    junction,
    private,
    required,
    table,
    text,
    to,
)  # fmt: skip

table("workflows", Own(), text("name"), private("created_by", "organization_id", "project_id"))
table("tasks", Own(), text("name"))
table("steps", Own(through=("task_id",)), assumed(to(task_id="tasks")), text("name"))
table(
    "workflow_step_definitions",
    Own(through=("workflow_id",)),
    required(to(workflow_id="workflows")),
    to(task_id="tasks"),
)
table("workflow_step_connections", Own(through=("workflow_id",)), required(to(workflow_id="workflows")),
      to(from_step_id="workflow_step_definitions", to_step_id="workflow_step_definitions"))  # fmt: skip
table("workflow_tasks", Through("workflow_id", "task_id"), to(workflow_id="workflows", task_id="tasks"))
junction("task_agents", task_id="tasks", agent_id="agents")
junction("task_tools", task_id="tasks", tool_id="tools")

_RUN = {"execution_id": "workflow_executions"}

table("workflow_executions", Own(through=("workflow_id",)), required(to(workflow_id="workflows")), private("triggered_by"),
      assumed(text("status")), assumed(instant("started_at", "completed_at")))  # fmt: skip
# Document 1 calls it workflow_steps, document 2 workflow_execution_steps.
table("workflow_execution_steps", Own(through=("execution_id",)), required(to(**_RUN)), assumed(text("status")),
      to(step_id="workflow_step_definitions", agent_id="agents", task_id="tasks"), also="workflow_steps")  # fmt: skip
table("workflow_approvals", Own(through=("execution_id",)), required(to(**_RUN)), to(step_id="workflow_step_definitions"),
      assumed(text("status")), private("approved_by"))  # fmt: skip
table("workflow_logs", Own(through=("execution_id",)), required(to(**_RUN)), assumed(text("level")),
      private("step_id", "message"), tally=Tally("level"))  # fmt: skip
table("execution_context", Through("execution_id"), to(**_RUN, step_id="workflow_step_definitions"))
table("deliverables", Own(through=("execution_id",)), assumed(to(**_RUN)), text("name"))
