/*
title   = "VPANES"
because = "Visibility, pain, actions, needs, emotions and scenarios of each persona as the source scores them: where it hurts, beside where the opportunity scores say so."
grain   = ["persona_id"]
order   = "n_dimensions desc nulls last, pain desc nulls last, persona_name nulls last, persona_id"
show    = ["persona_code", "persona_name", "visibility", "pain", "actions", "needs", "emotions", "scenarios", "n_scorings"]
[columns]
persona_id    = { type = "UUID", meaning = "the persona's id" }
persona_code  = { type = "VARCHAR", meaning = "the persona's code", null_means = "no code in the source" }
persona_name  = { type = "VARCHAR", meaning = "the persona's name", null_means = "no name in the source" }
n_scorings    = { type = "BIGINT", unit = "scorings", meaning = "how often it was scored; the newest counts", null_means = "the source has no table of them, or no row of it says whose it is" }
n_dimensions  = { type = "BIGINT", unit = "dimensions, at most 6", meaning = "dimensions that the newest scoring has a score for", null_means = "as n_scorings, or no scoring of the source has a score for any" }
visibility    = { type = "DECIMAL(18,6)", unit = "as the source has it", meaning = "the score for visibility", null_means = "not scored, or the source has no such column" }
pain          = { type = "DECIMAL(18,6)", unit = "as the source has it", meaning = "the score for pain", null_means = "not scored, or the source has no such column" }
actions       = { type = "DECIMAL(18,6)", unit = "as the source has it", meaning = "the score for actions", null_means = "not scored, or the source has no such column" }
needs         = { type = "DECIMAL(18,6)", unit = "as the source has it", meaning = "the score for needs", null_means = "not scored, or the source has no such column" }
emotions      = { type = "DECIMAL(18,6)", unit = "as the source has it", meaning = "the score for emotions", null_means = "not scored, or the source has no such column" }
scenarios     = { type = "DECIMAL(18,6)", unit = "as the source has it", meaning = "the score for scenarios", null_means = "not scored, or the source has no such column" }
scored_at     = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when the newest scoring last changed, or was made where that is all the source says", null_means = "not scored, or without a date" }
is_shared     = { type = "BOOLEAN", meaning = "the persona has no tenant and the settings share it" }
*/
with scorings as (
    select
        id,
        persona_id,
        coalesce(updated_at, created_at) as scored_at,
        visibility_score as visibility,
        pain_score as pain,
        actions_score as actions,
        needs_score as needs,
        emotions_score as emotions,
        scenarios_score as scenarios,
        row_number() over (
            partition by persona_id order by coalesce(updated_at, created_at) desc nulls last, cast(id as varchar(64))
        ) as place,
        count(*) over (partition by persona_id) as n_scorings
    from raw.persona_vpanes_scoring
    where deleted_at is null
),

stated as (
    -- Where no scoring at all has a score, the source keeps its scores elsewhere or has none: the two cannot be told apart.
    select
        case
            when count(*) = 0 or count(coalesce(visibility, pain, actions, needs, emotions, scenarios)) > 0 then 1
        end as scores
    from scorings
)

select
    p.persona_id,
    p.persona_code,
    p.persona_name,
    cast(case when k.is_known then coalesce(s.n_scorings, 0) end as bigint) as n_scorings,
    cast(
        case
            when k.is_known and st.scores = 1 then case when s.visibility is not null then 1 else 0 end
                + case when s.pain is not null then 1 else 0 end
                + case when s.actions is not null then 1 else 0 end
                + case when s.needs is not null then 1 else 0 end
                + case when s.emotions is not null then 1 else 0 end
                + case when s.scenarios is not null then 1 else 0 end
        end as bigint
    ) as n_dimensions,
    s.visibility,
    s.pain,
    s.actions,
    s.needs,
    s.emotions,
    s.scenarios,
    s.scored_at,
    p.is_shared
from model.personas as p
inner join model.persona_kinds as k on k.kind = 'vpanes_scoring'
cross join stated as st
left join scorings as s on s.persona_id = p.persona_id and s.place = 1
