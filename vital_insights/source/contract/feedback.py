"""What people thought of a consultation, a panel or a run, and what was voted on. Who voted, and on what row, is not read."""

from vital_insights.source.contract.declare import Own, assumed, number, private, table, to

# It hangs on one of three things, so that none of them can say whose it is.
table(
    "consultation_feedback", Own(), private("user_id"), assumed(number("rating")),
    to(consultation_id="expert_consultations", panel_id="panel_discussions", workflow_execution_id="workflow_executions"),
)  # fmt: skip
table("votes", Own())
table("vote_records", Own(through=("vote_id",)), assumed(to(vote_id="votes")), private("user_id"))
