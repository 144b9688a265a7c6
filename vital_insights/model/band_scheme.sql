/*
title   = "Band scheme"
because = "One row: the formula and every threshold by name. A change here is a new scheme, with a new name."
grain   = ["band_scheme"]
[columns]
band_scheme       = { type = "VARCHAR", meaning = "the name and version of these thresholds" }
formula           = { type = "VARCHAR", meaning = "how a score comes from its two inputs" }
high_above        = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "a score above it is HIGH" }
medium_from       = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "a score from it on, and not HIGH, is MEDIUM; below it LOW" }
extreme_from      = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "the bands of the book: EXTREME from it on" }
classic_high_from = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "the bands of the book: HIGH from it on" }
consider_from     = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "the bands of the book: CONSIDER from it on, NONE below" }
underserved_above = { type = "DECIMAL(18,6)", unit = "0-20", meaning = "a score above it is in the region underserved" }
table_stakes_from = { type = "DECIMAL(18,6)", unit = "0-10", meaning = "importance and satisfaction both from it on are table stakes" }
*/
select
    'vital-v1' as band_scheme,
    'importance + max(importance - satisfaction, 0)' as formula,
    cast(12 as decimal(18, 6)) as high_above,
    cast(8 as decimal(18, 6)) as medium_from,
    cast(15 as decimal(18, 6)) as extreme_from,
    cast(12 as decimal(18, 6)) as classic_high_from,
    cast(10 as decimal(18, 6)) as consider_from,
    cast(10 as decimal(18, 6)) as underserved_above,
    cast(7.5 as decimal(18, 6)) as table_stakes_from
