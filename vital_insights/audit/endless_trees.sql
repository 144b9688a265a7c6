/*
title    = "Endless trees"
because  = "A function, domain or role that lies above itself, or under more than 32 others, is not rolled up whole."
severity = "warning"
grain    = ["tree", "node_id"]
*/
select tree, node_id, kind from model.tree_findings
