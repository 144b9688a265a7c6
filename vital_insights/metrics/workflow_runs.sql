/*
title   = "Workflow runs"
because = "How often each workflow runs, how it ends, how long it takes and where it waits for somebody's approval. A workflow that never ran stands there as well."
grain   = ["workflow_id", "status"]
order   = "n_waiting desc nulls last, n_runs desc nulls last, workflow_name nulls last, workflow_id, status nulls last"
show    = ["workflow_name", "status", "n_runs", "n_timed", "mean_hours", "n_waiting"]
[columns]
workflow_id   = { type = "UUID", meaning = "the workflow's id", null_means = "the runs name no workflow that is there" }
workflow_name = { type = "VARCHAR", meaning = "the workflow's name", null_means = "no workflow, or no name in the source" }
status        = { type = "VARCHAR", meaning = "the status of the runs, the source's own word in lower case", null_means = "no run, or runs whose status is not stated" }
n_runs        = { type = "BIGINT", unit = "runs", meaning = "runs of the workflow in this status", null_means = "the source has no table of runs" }
n_timed       = { type = "BIGINT", unit = "runs", meaning = "those with a start and an end that is not before it", null_means = "the source has no table of runs, or none of its runs has a start, or none an end" }
mean_hours    = { type = "DOUBLE", unit = "hours", meaning = "mean duration of the n_timed runs, each in whole minutes", null_means = "no run has both a start and an end" }
longest_hours = { type = "DOUBLE", unit = "hours", meaning = "duration of the longest of them, in whole minutes", null_means = "no run has both a start and an end" }
n_open        = { type = "BIGINT", unit = "runs", meaning = "runs that have begun and not ended", null_means = "as n_timed" }
open_since    = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when the oldest of these began", null_means = "no run is open, or n_open is unknown" }
n_approvals   = { type = "BIGINT", unit = "approvals", meaning = "approvals that these runs asked for", null_means = "the source has no table of runs or of approvals" }
n_waiting     = { type = "BIGINT", unit = "approvals", meaning = "those not yet given: pending, waiting, awaiting, requested, submitted, open, in review or in progress", null_means = "the source has no table of runs or of approvals" }
n_unclear     = { type = "BIGINT", unit = "approvals", meaning = "those whose status is not stated, or said in a word that tells neither that it waits nor that it is decided", null_means = "the source has no table of runs or of approvals" }
newest_change = { type = "TIMESTAMP WITH TIME ZONE", meaning = "when one of these runs last changed, or was made where that is all the source says", null_means = "no run, or none with a date" }
is_shared     = { type = "BOOLEAN", meaning = "the workflow, or one of the runs that name none, has no tenant and the settings share it" }
*/
with source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select
        case when count(case when table_name = 'workflow_executions' then 1 end) = 0 then 1 end as runs,
        case when count(case when table_name = 'workflow_approvals' then 1 end) = 0 then 1 end as approvals
    from model.absent
    where column_name = '*'
),

workflows as (
    select id as workflow_id, name as workflow_name, is_shared from raw.workflows where deleted_at is null
),

asked as (
    select execution_id, replace(replace(lower(trim(status)), '_', ' '), '-', ' ') as answer from raw.workflow_approvals where deleted_at is null
),

approvals as (
    select
        execution_id,
        count(*) as n,
        count(
            case when answer in ('pending', 'waiting', 'awaiting', 'awaiting approval', 'requested', 'submitted', 'open', 'in review', 'in progress') then 1 end
        ) as n_waiting,
        count(
            case when answer in (
                'approved', 'accepted', 'granted', 'confirmed', 'completed', 'done', 'rejected', 'declined', 'denied', 'refused', 'requires update',
                'cancelled', 'canceled', 'withdrawn', 'expired', 'skipped'
            ) then 1 end
        ) as n_decided
    from asked
    group by execution_id
),

runs as (
    select
        w.workflow_id,
        w.workflow_name,
        coalesce(w.is_shared, e.is_shared) as is_shared,
        nullif(lower(trim(e.status)), '') as status,
        e.started_at,
        e.completed_at,
        case when e.completed_at >= e.started_at then e.completed_at - e.started_at end as took,
        coalesce(e.updated_at, e.created_at) as changed_at,
        coalesce(a.n, 0) as n_approvals,
        coalesce(a.n_waiting, 0) as n_waiting,
        coalesce(a.n - a.n_waiting - a.n_decided, 0) as n_unclear
    from raw.workflow_executions as e
    left join workflows as w on e.workflow_id = w.workflow_id
    left join raw.workflows as known on e.workflow_id = known.id
    left join approvals as a on e.id = a.execution_id
    -- A run whose workflow is unknown is still a run; one whose workflow was deleted went with it.
    where e.deleted_at is null and (w.workflow_id is not null or known.id is null)
),

dated as (
    -- Where no run at all has a start, or none an end, the source does not record them: that one is missing then tells nothing.
    select case when count(*) = 0 or (count(started_at) > 0 and count(completed_at) > 0) then 1 end as dates from runs
),

timed as (
    select *, extract(day from took) * 1440 + extract(hour from took) * 60 + extract(minute from took) as minutes from runs
),

counted as (
    select
        workflow_id,
        workflow_name,
        status,
        count(*) as n_runs,
        count(minutes) as n_timed,
        cast(sum(minutes) as bigint) as minutes,
        cast(max(minutes) as bigint) as longest,
        count(case when started_at is not null and completed_at is null then 1 end) as n_open,
        min(case when completed_at is null then started_at end) as open_since,
        sum(n_approvals) as n_approvals,
        sum(n_waiting) as n_waiting,
        sum(n_unclear) as n_unclear,
        max(changed_at) as newest_change,
        max(case when is_shared then 1 else 0 end) = 1 as is_shared
    from timed
    group by workflow_id, workflow_name, status
),

every as (
    select * from counted
    union all
    select
        w.workflow_id, w.workflow_name, null as status, 0 as n_runs, 0 as n_timed, null as minutes, null as longest, 0 as n_open, null as open_since,
        0 as n_approvals, 0 as n_waiting, 0 as n_unclear, null as newest_change, w.is_shared
    from workflows as w
    left join counted as c on w.workflow_id = c.workflow_id
    where c.workflow_id is null
)

select
    e.workflow_id,
    e.workflow_name,
    e.status,
    cast(e.n_runs * s.runs as bigint) as n_runs,
    cast(e.n_timed * s.runs * d.dates as bigint) as n_timed,
    case when e.n_timed > 0 then cast(e.minutes as double) / (e.n_timed * 60) end as mean_hours,
    case when e.n_timed > 0 then cast(e.longest as double) / 60 end as longest_hours,
    cast(e.n_open * s.runs * d.dates as bigint) as n_open,
    case when d.dates = 1 then e.open_since end as open_since,
    cast(e.n_approvals * s.runs * s.approvals as bigint) as n_approvals,
    cast(e.n_waiting * s.runs * s.approvals as bigint) as n_waiting,
    cast(e.n_unclear * s.runs * s.approvals as bigint) as n_unclear,
    e.newest_change,
    e.is_shared
from every as e
cross join source as s
cross join dated as d
