/*
title   = "Method"
because = "One row: how the numbers of this snapshot were made, so that no table leaves without saying so."
grain   = ["snapshot_id"]
show    = ["tenant_name", "taken_at", "band_scheme", "formula", "score_tolerance", "n_outcomes", "n_unscored", "n_rejected"]
[columns]
snapshot_id       = { type = "VARCHAR", meaning = "the snapshot the numbers come from" }
taken_at          = { type = "TIMESTAMP WITH TIME ZONE", meaning = "the instant of the source that the snapshot shows" }
tenant_name       = { type = "VARCHAR", meaning = "whose numbers they are", null_means = "no name in the source" }
package_version   = { type = "VARCHAR", meaning = "the version of this package that computed them" }
band_scheme       = { type = "VARCHAR", meaning = "the name and version of the bands" }
formula           = { type = "VARCHAR", meaning = "how a score comes from its two inputs" }
high_above        = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "a score above it is HIGH" }
medium_from       = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "a score from it on, and not HIGH, is MEDIUM; below it LOW" }
extreme_from      = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "classic_band is EXTREME from it on" }
classic_high_from = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "classic_band is HIGH from it on" }
consider_from     = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "classic_band is CONSIDER from it on, NONE below" }
underserved_above = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "a score above it is in the region underserved" }
table_stakes_from = { type = "DECIMAL(18,6)", unit = "0-10", meaning = "importance and satisfaction both from it on are table stakes" }
score_tolerance   = { type = "DECIMAL(18,6)", unit = "0-10", meaning = "how far each input may be off, for the columns that say how sure a score is", null_means = "none was set" }
n_outcomes        = { type = "BIGINT", unit = "outcomes", meaning = "live outcomes, scored or not" }
n_scored          = { type = "BIGINT", unit = "outcomes", meaning = "those with a score" }
n_unscored        = { type = "BIGINT", unit = "outcomes", meaning = "those without: importance or satisfaction missing or outside 0-10" }
n_rejected        = { type = "BIGINT", unit = "values", meaning = "values of the source that did not fit their type and were left out, over all tables" }
*/
with outcomes as (
    select count(*) as n_outcomes, count(score) as n_scored from metric.opportunity
),

rejects as (
    select count(*) as n_rejected from raw.rejects
)

select
    s.snapshot_id,
    s.taken_at,
    s.tenant_name,
    s.package_version,
    b.band_scheme,
    b.formula,
    b.high_above,
    b.medium_from,
    b.extreme_from,
    b.classic_high_from,
    b.consider_from,
    b.underserved_above,
    b.table_stakes_from,
    s.score_tolerance,
    o.n_outcomes,
    o.n_scored,
    o.n_outcomes - o.n_scored as n_unscored,
    r.n_rejected
from model.snapshot as s
cross join model.band_scheme as b
cross join outcomes as o
cross join rejects as r
