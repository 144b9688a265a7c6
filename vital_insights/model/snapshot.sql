/*
title   = "Snapshot"
because = "One row: which tenant at which instant, and the settings every metric was computed with."
grain   = ["snapshot_id"]
*/
select snapshot_id, tenant_id, tenant_slug, tenant_name, taken_at, score_tolerance, package_version
from raw.snapshot
