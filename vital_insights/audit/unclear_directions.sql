/*
title    = "Unclear directions"
because  = "The KPI states which way is good in a word that says neither up nor down, so nobody can tell whether its target is met."
severity = "warning"
grain    = ["kpi_id"]
of       = "metric.kpi_attainment"
needs    = ["jtbd_kpis.direction"]
*/
select kpi_id, kpi_code, kpi_name, job_id, stated_direction
from metric.kpi_attainment
where stated_direction is not null and direction is null
