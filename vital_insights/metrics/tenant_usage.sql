/*
title   = "Who uses the platform"
because = "How many members the tenant has in each role, and keys for programs beside them; counts only, no member is ever read. What the source has marked as deleted is counted too: such a count cannot tell it apart."
grain   = ["role"]
order   = "place nulls last, role"
show    = ["role", "n_members", "share_of_members", "n_members_in_all", "tenant_status", "tenant_tier", "n_api_keys"]
[columns]
role             = { type = "VARCHAR", meaning = "the role of the members, in lower case: the six of the schema documents always, then every other word the source has; empty where none is stated" }
place            = { type = "BIGINT", meaning = "the order of the six roles, the one that may do most first", null_means = "a word that the schema documents do not have" }
n_members        = { type = "BIGINT", unit = "members", meaning = "members of that role, those marked as deleted included", null_means = "the source has no table of members, or does not say who has which role" }
n_members_in_all = { type = "BIGINT", unit = "members", meaning = "all members of the tenant, those marked as deleted included", null_means = "the source has no table of members" }
share_of_members = { type = "DOUBLE", unit = "0-1", meaning = "n_members / n_members_in_all", null_means = "there are no members, or n_members is unknown" }
tenant_status    = { type = "VARCHAR", meaning = "the tenant's status in the source", null_means = "not stated" }
tenant_tier      = { type = "VARCHAR", meaning = "the tenant's tier in the source", null_means = "not stated" }
n_api_keys       = { type = "BIGINT", unit = "keys", meaning = "keys for programs that were made, those marked as deleted or no longer valid included", null_means = "the source has no table of them" }
newest_api_key   = { type = "TIMESTAMP WITH TIME ZONE", meaning = "the day the newest of them was made", null_means = "none, or none with a date" }
*/
with roles as (
    select 'owner' as role, 1 as place
    union all
    select 'admin' as role, 2 as place
    union all
    select 'manager' as role, 3 as place
    union all
    select 'member' as role, 4 as place
    union all
    select 'guest' as role, 5 as place
    union all
    select 'viewer' as role, 6 as place
),

members as (
    select lower(trim(coalesce(role, ''))) as role, cast(sum(n) as bigint) as n_members
    from raw.tenant_members
    group by lower(trim(coalesce(role, '')))
),

source as (
    -- 1 where the source has it, NULL where it lacks it: a count times NULL is unknown, never 0.
    select
        case when count(case when table_name = 'tenant_members' and column_name = '*' then 1 end) = 0 then 1 end as members,
        case when count(case when table_name = 'tenant_members' and column_name in ('*', 'role') then 1 end) = 0 then 1 end as roles,
        case when count(case when table_name = 'api_keys' and column_name = '*' then 1 end) = 0 then 1 end as api_keys
    from model.absent
),

total as (
    select cast(coalesce(sum(n_members), 0) as bigint) as n_members from members
),

counted as (
    -- Members whose role is not stated can be counted without roles; the others cannot.
    select
        coalesce(r.role, m.role) as role,
        r.place,
        coalesce(m.n_members, 0) * case when coalesce(r.role, m.role) = '' then s.members else s.roles end as n_members
    from roles as r
    full join members as m on m.role = r.role
    cross join source as s
),

api_keys as (
    select cast(coalesce(sum(n), 0) as bigint) as n, max(day) as newest from raw.api_keys
),

tenant as (
    select max(status) as tenant_status, max(tier) as tenant_tier from raw.tenants
)

select
    c.role,
    cast(c.place as bigint) as place,
    cast(c.n_members as bigint) as n_members,
    cast(a.n_members * s.members as bigint) as n_members_in_all,
    case when a.n_members * s.members > 0 then cast(c.n_members as double) / a.n_members end as share_of_members,
    t.tenant_status,
    t.tenant_tier,
    cast(k.n * s.api_keys as bigint) as n_api_keys,
    k.newest as newest_api_key
from counted as c
cross join source as s
cross join total as a
cross join api_keys as k
cross join tenant as t
