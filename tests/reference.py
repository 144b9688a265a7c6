"""An independent oracle: every metric again, in plain loops over the raw rows, written from docs/method.md.

It knows nothing of the SQL. Rows are dicts keyed by the raw columns; a column that a row leaves out is None.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]
DIMENSIONS = (
    "job", "function", "department", "role", "persona", "domain", "capability", "strategic_priority", "industry",
    "job_category", "complexity", "frequency", "functional_area",
)  # fmt: skip
# Where and on what people work: the list of what there is, and which units can be joined to it.
WORKED = {
    "country": ("countries", ("function", "department", "role")),
    "geographic_scope": ("geographic_scopes", ("function", "department", "role")),
    "therapeutic_area": ("therapeutic_areas", ("function", "department")),
    "disease_area": ("disease_areas", ("department", "role")),
}
WORDS = ("job_category", "complexity", "frequency", "functional_area")
SAME_WORD = {"annually": "yearly", "ad_hoc": "as_needed"}
AREAS = ("Commercial", "Medical Affairs", "Market Access", "Clinical", "Regulatory", "R&D", "Manufacturing", "Quality",
         "Operations", "IT/Digital", "Legal", "Finance", "HR", "Business Development")  # fmt: skip


def score_of(importance: Decimal | None, satisfaction: Decimal | None) -> Decimal | None:
    if importance is None or satisfaction is None:
        return None
    if not (0 <= importance <= 10 and 0 <= satisfaction <= 10):
        return None
    gap = importance - satisfaction
    return importance + gap if gap > 0 else importance


def band_of(score: Decimal | None) -> str:
    if score is None:
        return "UNSCORED"
    if score > 12:
        return "HIGH"
    return "LOW" if score < 8 else "MEDIUM"


def classic_band_of(score: Decimal | None) -> str:
    if score is None:
        return "UNSCORED"
    for name, least in (("EXTREME", 15), ("HIGH", 12), ("CONSIDER", 10)):
        if score >= least:
            return name
    return "NONE"


def region_of(importance: Decimal, satisfaction: Decimal, score: Decimal | None) -> str:
    if score is None:
        return "UNSCORED"
    if score > 10:
        return "underserved"
    if min(importance, satisfaction) >= Decimal("7.5"):
        return "table_stakes"
    return "overserved" if satisfaction > importance else "appropriately_served"


def span_of(importance: Decimal, satisfaction: Decimal, d: Decimal) -> tuple[Decimal, Decimal]:
    """The lowest and the highest score within d of both inputs: the formula has no dent, so a corner holds each."""
    reach = [[min(max(x + e, Decimal(0)), Decimal(10)) for e in (-d, d)] for x in (importance, satisfaction)]
    scores = [score for i in reach[0] for s in reach[1] if (score := score_of(i, s)) is not None]
    return min(scores), max(scores)


def mean_of(scores: list[Decimal]) -> float | None:
    return float(sum(scores)) / len(scores) if scores else None


class Reference:
    """The model of one tenant and its metrics, as methods that return lists of dicts."""

    def __init__(self, raw: Mapping[str, Iterable[Row]]) -> None:
        self._raw = {table: [defaultdict(lambda: None, row) for row in rows] for table, rows in raw.items()}
        self.tolerance = next((row["score_tolerance"] for row in self._rows("snapshot")), None)
        self.lacking = {(row["table_name"], row["column_name"]) for row in self._rows("findings")}
        self.functions, self.departments = self._kept("org_functions"), self._kept("org_departments")
        self.roles, self.personas = self._kept("org_roles"), self._kept("personas")
        self.jobs = self._kept("jobs_to_be_done")
        self.domains, self.capabilities = self._kept("domains"), self._kept("capabilities")
        self.priorities, self.industries = self._kept("strategic_priorities"), self._kept("industries")
        self.live = {id_ for id_, job in self.jobs.items() if _is_live(job)}
        self._role_jobs()
        self._persona_jobs()
        self._places()

    def _rows(self, table: str) -> list[Any]:
        return self._raw.get(table, [])

    def _links(self, table: str) -> list[Any]:
        return [row for row in self._rows(table) if row["deleted_at"] is None]

    def _kept(self, table: str) -> dict[Any, Any]:
        return {row["id"]: row for row in self._rows(table) if row["deleted_at"] is None}

    def _has(self, *tables: str) -> bool:
        return not any((table, None) in self.lacking for table in tables)

    def _role_jobs(self) -> None:
        """(role, job) -> (relevance, primary): the larger, and True if any link says so."""
        links = defaultdict(list)
        for link in self._links("jtbd_roles"):
            if link["role_id"] in self.roles and link["jtbd_id"] in self.jobs:
                links[link["role_id"], link["jtbd_id"]].append((link["relevance_score"], link["is_primary"]))
        self.role_jobs = {
            pair: (_largest(r for r, _ in told), _any(p for _, p in told)) for pair, told in links.items()
        }
        told = [primary for _, primary in self.role_jobs.values()]
        self.primary_is_known = not told or any(primary is not None for primary in told)
        self.jobs_of_role = defaultdict(set)
        self.roles_of_job = defaultdict(set)
        for role, job in self.role_jobs:
            self.jobs_of_role[role].add(job)
            self.roles_of_job[job].add(role)

    def _persona_jobs(self) -> None:
        """(persona, job) -> (route, relevance, primary)."""
        self.role_of = {id_: p["role_id"] if p["role_id"] in self.roles else None for id_, p in self.personas.items()}
        direct: dict[Any, Any] = {id_: defaultdict(list) for id_ in self.personas}
        for link in self._links("jtbd_personas"):
            if link["persona_id"] in self.personas and link["jtbd_id"] in self.jobs:
                direct[link["persona_id"]][link["jtbd_id"]].append(link["relevance_score"])
        self.persona_jobs = {}
        self.routes_of_persona, self.routes_of_job = defaultdict(list), defaultdict(list)
        for persona, role in self.role_of.items():
            inherited = {job: self.role_jobs[role, job] for job in self.jobs_of_role[role]} if role is not None else {}
            linked = direct[persona]
            for job in {*inherited, *linked}:
                route = "both" if job in inherited and job in linked else "inherited" if job in inherited else "direct"
                relevance, primary = inherited.get(job, (None, None))
                self.persona_jobs[persona, job] = (route, _largest([relevance, *linked.get(job, [])]), primary)
                self.routes_of_persona[persona].append((job, route, primary))
                self.routes_of_job[job].append(route)

    def _above(self, tree: dict[Any, Any], node: Any) -> set[Any]:
        """The node and all above it, also where the chain bites its own tail."""
        seen: set[Any] = set()
        while node in tree and node not in seen:
            seen.add(node)
            node = tree[node]["parent_id"]
        return seen

    def _places(self) -> None:
        """Which jobs and which personas belong to which member of each dimension."""
        linked = {
            "function": [(r["role_id"], r["function_id"]) for r in self._links("function_roles")],
            "department": [(r["role_id"], r["department_id"]) for r in self._links("department_roles")],
        }
        own = {"function": self.functions, "department": self.departments}
        units: dict[tuple[str, Any], set[Any]] = defaultdict(
            set
        )  # (dimension, role) -> its units, by column or by link
        for dimension, there in own.items():
            pairs = [*linked[dimension], *((id_, role[f"{dimension}_id"]) for id_, role in self.roles.items())]
            for role, unit in pairs:
                if role in self.roles and unit in there:
                    units[dimension, role].add(unit)

        def spread(dimension: str, direct: set[Any]) -> set[Any]:
            there = {unit for unit in direct if unit in own[dimension]}
            return (
                set().union(*(self._above(self.functions, unit) for unit in there))
                if dimension == "function"
                else there
            )

        self.jobs_in: dict[tuple[str, Any], set[Any]] = defaultdict(set)
        self.personas_in: dict[tuple[str, Any], set[Any]] = defaultdict(set)
        for job, row in self.jobs.items():
            self.jobs_in["job", job].add(job)
            for dimension in own:
                direct = set().union(*(units[dimension, role] for role in self.roles_of_job[job]))
                if dimension == "function":
                    direct.add(row["org_function_id"])
                for unit in spread(dimension, direct):
                    self.jobs_in[dimension, unit].add(job)
            for domain in self._above(self.domains, row["domain_id"]):
                self.jobs_in["domain", domain].add(job)
            if row["strategic_priority_id"] in self.priorities:
                self.jobs_in["strategic_priority", row["strategic_priority_id"]].add(job)
            if row["industry_id"] in self.industries:
                self.jobs_in["industry", row["industry_id"]].add(job)
            for dimension in WORDS:
                word = _word(_area(row[dimension]) if dimension == "functional_area" else row[dimension])
                if word is not None:
                    self.jobs_in[dimension, SAME_WORD.get(word, word) if dimension == "frequency" else word].add(job)
        for link in self._links("capability_jtbd_mapping"):
            if link["capability_id"] in self.capabilities and link["jtbd_id"] in self.jobs:
                self.jobs_in["capability", link["capability_id"]].add(link["jtbd_id"])
        for role, job in self.role_jobs:
            self.jobs_in["role", role].add(job)
        for persona, job in self.persona_jobs:
            self.jobs_in["persona", persona].add(job)
        for persona, row in self.personas.items():
            for dimension in own:
                direct = {row[f"{dimension}_id"], *units[dimension, self.role_of[persona]]}
                for unit in spread(dimension, direct):
                    self.personas_in[dimension, unit].add(persona)
        self._worked(units)

    def _worked(self, units: Mapping[tuple[str, Any], set[Any]]) -> None:
        """The jobs and personas of each area of work: a role works where it, its departments and its functions are joined."""
        own = {"function": self.functions, "department": self.departments, "role": self.roles}
        self.areas = {dimension: self._kept(listed) for dimension, (listed, _) in WORKED.items()}
        self.joined: dict[str, set[Any]] = defaultdict(set)
        for dimension, (listed, kinds) in WORKED.items():
            joined = defaultdict(set)
            for unit in kinds:
                for link in self._links(f"{unit}_{listed}"):
                    if link[f"{unit}_id"] in own[unit] and link[f"{dimension}_id"] in self.areas[dimension]:
                        joined[unit, link[f"{unit}_id"]].add(link[f"{dimension}_id"])
                        self.joined[dimension].add(link[f"{dimension}_id"])
            of_role = {
                role: joined["role", role].union(*(joined[unit, id_] for unit in ("function", "department") for id_ in units[unit, role]))
                for role in self.roles
            }  # fmt: skip
            for role, job in self.role_jobs:
                for area in of_role[role]:
                    self.jobs_in[dimension, area].add(job)
            for persona, row in self.personas.items():
                told = joined["function", row["function_id"]] | joined["department", row["department_id"]]
                for area in told | of_role.get(self.role_of[persona], set()):
                    self.personas_in[dimension, area].add(persona)

    def _named(self, dimension: str, member: Any) -> str | None:
        if dimension == "functional_area":
            labels = (_area(job["functional_area"]) for job in self.jobs.values())
            return min(label.strip(" ") for label in labels if _word(label) == member)
        if dimension in WORDS:
            return member.replace("_", " ")
        there = {"job": self.jobs, "function": self.functions, "department": self.departments, "role": self.roles,
                 "persona": self.personas, "domain": self.domains, "capability": self.capabilities,
                 "strategic_priority": self.priorities, "industry": self.industries, **self.areas}  # fmt: skip
        return there[dimension][member]["name"]

    def opportunity(self) -> Rows:
        return self._opportunity

    @functools.cached_property
    def _opportunity(self) -> Rows:
        everything = {job["id"]: job for job in self._rows("jobs_to_be_done")}
        written = [o for o in self._rows("jtbd_outcomes") if o["deleted_at"] is None]
        told = {o["jtbd_id"] for o in written}
        found = []
        for outcome in written:
            named = outcome["jtbd_id"]
            if named in everything and named not in self.live:
                continue  # its job is deleted, deprecated or archived
            job = named if named in self.jobs else None
            found.append(self._scored(outcome, job, "outcome", outcome["outcome_id"], outcome["outcome_statement"]))
        for id_ in self.live:
            job = self.jobs[id_]
            has_score = job["importance_score"] is not None or job["satisfaction_score"] is not None
            if has_score and id_ not in told:
                row = {"id": id_, "updated_at": job["updated_at"], "is_shared": job["is_shared"]}
                row |= {"importance_score": job["importance_score"], "satisfaction_score": job["satisfaction_score"]}
                found.append(self._scored(defaultdict(lambda: None, row), id_, "job", None, job["name"]))
        self._rank([row for row in found if row["score"] is not None])
        return found

    def _rank(self, scored: Rows) -> None:
        """Everyone against everyone; outcomes with the same scores share the answer."""
        alike = defaultdict(list)
        for row in scored:
            alike[row["score"], row["score_low"], row["score_high"]].append(row)
        for (score, low, high), rows in alike.items():
            others = [(*scores, len(found) - (found is rows)) for scores, found in alike.items()]
            ranks = {"rank": 1 + sum(n for other, _, _, n in others if other > score)}
            if self.tolerance is not None:
                ranks["rank_best"] = 1 + sum(n for _, their_low, _, n in others if their_low > high)
                ranks["rank_worst"] = 1 + sum(n for _, _, their_high, n in others if their_high > low)
            for row in rows:
                row.update(ranks)

    def method(self) -> Rows:
        scores = [outcome["score"] for outcome in self.opportunity()]
        return [
            {name: made[name] for name in ("snapshot_id", "taken_at", "tenant_name", "package_version")}
            | {"band_scheme": "vital-v1", "formula": "importance + max(importance - satisfaction, 0)"}
            | {"high_above": Decimal(12), "medium_from": Decimal(8)}
            | {"extreme_from": Decimal(15), "classic_high_from": Decimal(12), "consider_from": Decimal(10)}
            | {"underserved_above": Decimal(10), "table_stakes_from": Decimal("7.5"), "score_tolerance": made["score_tolerance"]}
            | {"n_outcomes": len(scores), "n_scored": len(scores) - scores.count(None), "n_unscored": scores.count(None)}
            | {"n_rejected": len(self._rows("rejects"))}
            for made in self._rows("snapshot")
        ]  # fmt: skip

    def band_summary(self) -> Rows:
        outcomes = self.opportunity()
        found = []
        for place, band in enumerate(("HIGH", "MEDIUM", "LOW", "UNSCORED"), start=1):
            inside = [outcome for outcome in outcomes if outcome["band"] == band]
            told = band != "UNSCORED" and (self.tolerance is not None or not inside)
            firm = sum(outcome["band_firm"] is True for outcome in inside) if told else None
            found.append({
                "band": band, "place": place, "n_outcomes": len(inside),
                "share_of_outcomes": _share(len(inside), len(outcomes)), "n_firm": firm,
                "share_firm": None if firm is None else _share(firm, len(inside)),
                "n_jobs": len({outcome["job_id"] for outcome in inside} - {None}),
            })  # fmt: skip
        return found

    def _scored(self, row: Any, job_id: Any, level: str, code: str | None, statement: str | None) -> dict[str, Any]:
        job = self.jobs[job_id] if job_id is not None else defaultdict(lambda: None)
        importance, satisfaction = row["importance_score"], row["satisfaction_score"]
        score = score_of(importance, satisfaction)
        stored, priority = row["opportunity_score"], row["opportunity_priority"]
        agrees = None
        if stored is not None or priority is not None:
            same = stored is None or (score is not None and abs(stored - score) <= Decimal("0.05"))
            agrees = same and (priority is None or priority.strip().upper() == band_of(score))
        return {
            "outcome_id": row["id"], "outcome_code": code, "statement": statement, "outcome_type": row["outcome_type"],
            "level": level, "job_id": job_id, "job_code": job["code"], "job_name": job["name"],
            "importance": importance, "satisfaction": satisfaction,
            "gap": None if score is None else importance - satisfaction, "score": score, "band": band_of(score),
            "classic_band": classic_band_of(score), "region": region_of(importance, satisfaction, score),
            "rank": None, **self._certainty(importance, satisfaction, score),
            "evidence_source": row["evidence_source"], "job_status": job["status"],
            "validation_score": job["validation_score"], "updated_at": row["updated_at"],
            "stored_score": stored, "stored_priority": priority, "stored_agrees": agrees, "is_shared": bool(row["is_shared"]),
        }  # fmt: skip

    def _certainty(self, importance: Decimal, satisfaction: Decimal, score: Decimal | None) -> dict[str, Any]:
        low, high = None, None
        if score is not None and self.tolerance is not None:
            low, high = span_of(importance, satisfaction, self.tolerance)
        bands = [None if end is None else band_of(end) for end in (low, high)]
        return {
            "score_low": low, "score_high": high, "band_low": bands[0], "band_high": bands[1],
            "band_firm": None if low is None else bands[0] == bands[1], "rank_best": None, "rank_worst": None,
            "satisfaction_to_leave_high": 2 * importance - 12 if band_of(score) == "HIGH" else None,
        }  # fmt: skip

    def opportunity_by(self) -> Rows:
        outcomes = self.opportunity()
        of_job = defaultdict(list)
        for outcome in outcomes:
            of_job[outcome["job_id"]].append(outcome)
        found = []
        for dimension in (*DIMENSIONS, *(self.joined if self.jobs else ())):  # areas are told of jobs alone
            placed: set[Any] = set()
            for (which, member), jobs in self.jobs_in.items():
                live = jobs & self.live
                if which == dimension and live:
                    placed |= live
                    inside = [outcome for job in live for outcome in of_job[job]]
                    found.append(self._rolled_up(dimension, str(member), self._named(dimension, member), inside))
            rest = [outcome for outcome in outcomes if outcome["job_id"] is None or outcome["job_id"] not in placed]
            if rest:
                found.append(self._rolled_up(dimension, None, None, rest))
        of_type = defaultdict(list)
        for outcome in outcomes:
            of_type[_word(outcome["outcome_type"])].append(outcome)
        for word, inside in of_type.items():
            found.append(self._rolled_up("outcome_type", word, word and word.replace("_", " "), inside))
        return found

    def capability_map(self) -> Rows:
        """Domains with all below them, capabilities and jobs, each with the outcomes that hang on it."""
        outcomes = defaultdict(list)
        for outcome in self.opportunity():
            outcomes[outcome["job_id"]].append(outcome)
        domain_of = {
            c: row["domain_id"] if row["domain_id"] in self.domains else None for c, row in self.capabilities.items()
        }
        serves = defaultdict(set)
        for link in self._links("capability_jtbd_mapping"):
            if link["capability_id"] in self.capabilities and link["jtbd_id"] in self.live:
                serves[link["jtbd_id"]].add(link["capability_id"])
        own = {
            job: self.jobs[job]["domain_id"] if self.jobs[job]["domain_id"] in self.domains else None
            for job in self.live
        }
        leaves = {(domain_of[c], c, job) for job, told in serves.items() for c in told}
        leaves |= {(own[job], None, job) for job in self.live if not serves[job]}
        leaves |= {(None, None, None)} if outcomes[None] else set()
        below = {d: {each for each in self.domains if d in self._above(self.domains, each)} for d in self.domains}
        rows = [self._node("job", *leaf, [leaf[2]], outcomes) | {"n_jobs": None} for leaf in leaves]
        capabilities = {(d, c) for c, d in domain_of.items()} | {(d, c) for d, c, _ in leaves if c is None}
        unlinked = not self._has("capabilities", "capability_jtbd_mapping")
        for domain, capability in capabilities:
            jobs = {job for d, c, job in leaves if (d, c) == (domain, capability)}
            row = self._node("capability", domain, capability, None, jobs, outcomes)
            if unlinked and capability is not None:
                row |= {name: None for name in row if name.startswith("n_")}
            rows.append(row)
        for domain in [*self.domains, None]:
            inside = below.get(domain, {None})
            jobs = {job for d, _, job in leaves if d in inside}
            n = sum(d in inside for d in domain_of.values())
            if domain is not None or jobs or n:
                told = {"n_capabilities": n if self._has("capabilities") else None}
                rows.append(self._node("domain", domain, None, None, jobs, outcomes) | told)
        return rows

    def _node(
        self, level: str, domain: Any, capability: Any, job: Any, jobs: Iterable[Any], outcomes: Mapping[Any, Rows]
    ) -> dict[str, Any]:
        inside = [outcome for each in jobs for outcome in outcomes[each]]
        counted = self._rolled_up(level, None, None, inside)
        above = self.domains[domain]["parent_id"] if domain is not None else None
        nothing: dict[str, Any] = {"name": None, "code": None}
        return {
            "level": level, "place": ["domain", "capability", "job"].index(level) + 1,
            "domain_id": domain, "domain_name": self.domains.get(domain, nothing)["name"],
            "parent_domain_id": above if above in self.domains else None, "capability_id": capability,
            "capability_name": self.capabilities.get(capability, nothing)["name"], "job_id": job,
            "job_code": self.jobs.get(job, nothing)["code"], "job_name": self.jobs.get(job, nothing)["name"],
            "n_capabilities": None, "n_jobs": sum(each is not None for each in jobs),
            **{n: counted[n] for n in ("n_outcomes", "n_scored", "n_high", "n_medium", "n_low", "n_unscored")},
            "max_score": counted["max_score"], "top_outcome_id": counted["top_outcome_id"],
        }  # fmt: skip

    def _rolled_up(self, dimension: str, member: str | None, name: str | None, outcomes: Rows) -> dict[str, Any]:
        scored = [outcome for outcome in outcomes if outcome["score"] is not None]
        scores = [outcome["score"] for outcome in scored]
        best = max(scores, default=None)
        bands = [outcome["band"] for outcome in outcomes]
        firm = [outcome["band_firm"] for outcome in outcomes if outcome["band"] == "HIGH"]
        row = {
            "dimension": dimension, "member": member, "member_name": name,
            "n_outcomes": len(outcomes), "n_scored": len(scored), "n_high": bands.count("HIGH"),
            "n_high_firm": None if None in firm else sum(firm),
            "n_medium": bands.count("MEDIUM"), "n_low": bands.count("LOW"), "n_unscored": bands.count("UNSCORED"),
            "n_underserved": sum(score > 10 for score in scores),
            "share_underserved": _share(sum(score > 10 for score in scores), len(scores)), "mean_score": mean_of(scores), "max_score": best,
            "total_importance": sum(outcome["importance"] for outcome in scored) if scored else None,
            "top_outcome_id": min((o["outcome_id"] for o in scored if o["score"] == best), key=str, default=None),
        }  # fmt: skip
        unknown = not outcomes and not self._has("jtbd_outcomes")
        return row | ({column: None for column in row if column.startswith("n_")} if unknown else {})

    def coverage_by(self) -> Rows:
        busy = {persona for persona, job in self.persona_jobs if job in self.live}
        return [
            *(self._role_coverage(role) for role in self.roles),
            *(self._persona_coverage(persona) for persona in self.personas),
            *(self._unit_coverage("department", unit, busy) for unit in self.departments),
            *(self._unit_coverage("function", unit, busy) for unit in self.functions),
            *(self._unit_coverage(d, area, busy) for d, areas in self.joined.items() for area in areas),
            *(row for d in ("department", "function", *self.joined) for row in self._nowhere(d, busy)),
            *(self._job_coverage(job) for job in self.live),
        ]

    def _covered(self, dimension: str, member: Any, **told: Any) -> dict[str, Any]:
        counts = ("n_jobs", "n_primary", "n_inherited", "n_direct", "n_both", "n_with_role", "n_with_primary", "n_roles",
                  "n_personas", "n_personas_with_job")  # fmt: skip
        named = (None, None) if member is None else (str(member), self._named(dimension, member))
        row = {"dimension": dimension, "member": named[0], "member_name": named[1]}
        row |= {"n_live_jobs": len(self.live)} | {name: told.get(name) for name in counts}
        who = dimension in ("role", "persona")
        unit = not who and dimension != "job"
        row |= dict.fromkeys(self._untold(dimension))
        return row | {
            "share_of_live_jobs": _share(row["n_jobs"], len(self.live)) if who else None,
            "share_with_role": _share(row["n_with_role"], row["n_jobs"]) if unit else None,
            "share_with_primary": _share(row["n_with_primary"], row["n_jobs"]) if unit else None,
            "share_personas_with_job": _share(row["n_personas_with_job"], row["n_personas"]) if unit else None,
        }

    def _untold(self, dimension: str) -> Iterator[str]:
        """The counts of `coverage_by` for which the source lacks a table."""
        does, peopled = self._has("jtbd_roles", "org_roles"), self._has("personas")
        inherits = does and peopled and ("personas", "role_id") not in self.lacking
        linked = peopled and self._has("jtbd_personas")
        led = inherits or linked
        own = dimension == "function" and ("jobs_to_be_done", "org_function_id") not in self.lacking
        if not self._has({"function": "org_functions", "department": "org_departments"}.get(dimension, dimension)):
            yield from ("n_jobs", "n_with_role", "n_with_primary", "n_personas", "n_personas_with_job")
        if not (led if dimension == "persona" else does or own):
            yield "n_jobs"
        if not does:
            yield from ("n_with_role", "n_roles")
        if not does or not self.primary_is_known:
            yield from ("n_primary", "n_with_primary")
        if dimension == "persona" and not inherits:
            yield "n_primary"
        if not inherits:
            yield from ("n_inherited", "n_both")
        if not linked:
            yield from ("n_direct", "n_both")
        if not (led if dimension == "job" else peopled):
            yield "n_personas"
        if not led:
            yield "n_personas_with_job"

    def _role_coverage(self, role: Any) -> dict[str, Any]:
        jobs = self.jobs_of_role[role] & self.live
        return self._covered(
            "role", role, n_jobs=len(jobs), n_primary=sum(self.role_jobs[role, j][1] is True for j in jobs)
        )

    def _persona_coverage(self, persona: Any) -> dict[str, Any]:
        links = [told for told in self.routes_of_persona[persona] if told[0] in self.live]
        routes = [route for _, route, _ in links]
        return self._covered(
            "persona", persona, n_jobs=len(links), n_primary=sum(primary is True for _, _, primary in links),
            n_inherited=routes.count("inherited"), n_direct=routes.count("direct"), n_both=routes.count("both"),
        )  # fmt: skip

    def _unit_coverage(self, dimension: str, unit: Any, busy: set[Any]) -> dict[str, Any]:
        return self._place(
            dimension, unit, self.jobs_in[dimension, unit] & self.live, self.personas_in[dimension, unit], busy
        )

    def _nowhere(self, dimension: str, busy: set[Any]) -> Rows:
        """The jobs and personas that belong to no unit of the dimension, as one row without a member."""
        placed = [self.jobs_in[d, m] for d, m in list(self.jobs_in) if d == dimension]
        peopled = [self.personas_in[d, m] for d, m in list(self.personas_in) if d == dimension]
        jobs, personas = self.live - set().union(*placed), set(self.personas) - set().union(*peopled)
        return [self._place(dimension, None, jobs, personas, busy)] if jobs or personas else []

    def _place(self, dimension: str, unit: Any, jobs: set[Any], personas: set[Any], busy: set[Any]) -> dict[str, Any]:
        return self._covered(
            dimension, unit, n_jobs=len(jobs), n_with_role=sum(bool(self.roles_of_job[job]) for job in jobs),
            n_with_primary=sum(self._has_primary(job) for job in jobs),
            n_personas=len(personas), n_personas_with_job=len(personas & busy),
        )  # fmt: skip

    def _job_coverage(self, job: Any) -> dict[str, Any]:
        roles = self.roles_of_job[job]
        routes = self.routes_of_job[job]
        return self._covered(
            "job", job, n_roles=len(roles), n_primary=sum(self.role_jobs[role, job][1] is True for role in roles),
            n_personas=len(routes), n_inherited=routes.count("inherited"), n_direct=routes.count("direct"),
            n_both=routes.count("both"),
        )  # fmt: skip

    def _has_primary(self, job: Any) -> bool:
        return any(self.role_jobs[role, job][1] is True for role in self.roles_of_job[job])

    def coverage_gaps(self) -> Rows:
        with_outcome = {o["jtbd_id"] for o in self._rows("jtbd_outcomes") if o["deleted_at"] is None}
        found = [
            ("role_without_job", "role", role, self.roles[role])
            for role in self.roles
            if not self.jobs_of_role[role] & self.live
        ]
        found += [
            ("persona_without_role", "persona", p, self.personas[p]) for p, role in self.role_of.items() if role is None
        ]
        for job in self.live:
            row = self.jobs[job]
            if not self.roles_of_job[job]:
                found.append(("job_without_role", "job", job, row))
            elif self.primary_is_known and not self._has_primary(job):
                found.append(("job_without_primary_role", "job", job, row))
            if job not in with_outcome:
                found.append(("job_without_outcome", "job", job, row))
        for o in self.opportunity():
            if o["band"] == "HIGH" and not self.roles_of_job[o["job_id"]]:
                row = {"code": o["outcome_code"], "name": o["statement"]}
                found.append(("high_outcome_without_owner", "outcome", o["outcome_id"], row))
        for (persona, job), (route, _, _) in self.persona_jobs.items():
            if route == "direct" and job in self.live and self.role_of[persona] is not None:
                row = {"code": self.jobs[job]["code"], "name": self.personas[persona]["name"]}
                found.append(("direct_link_not_implied", "link", f"{persona}|{job}", row))
        return [
            {
                "kind": kind,
                "subject_type": what,
                "subject_id": str(id_),
                "subject_code": row["code"],
                "subject_name": row["name"],
            }
            for kind, what, id_, row in found
        ]

    def links(self) -> Rows:
        """model.persona_jobs."""
        return [
            {"persona_id": persona, "job_id": job, "route": route, "relevance": relevance, "is_primary": primary}
            for (persona, job), (route, relevance, primary) in self.persona_jobs.items()
        ]


def _is_live(job: Any) -> bool:
    return (job["status"] or "").strip().lower() not in ("deprecated", "archived")


def _word(text: str | None) -> str | None:
    """The word that spellings share; an empty text says nothing."""
    return (text or "").strip(" ").lower() or None


def _area(text: str | None) -> str | None:
    """The title-case label of a functional area, however it is written; an unfamiliar one as it stands."""

    def key(label: str) -> str:
        spelled = label.strip(" ").lower().replace("&", "and")
        return "".join(letter for letter in spelled if letter not in "_ /-").replace("randd", "rd")

    return next((label for label in AREAS if text is not None and key(label) == key(text)), text)


def _largest(values: Iterable[Decimal | None]) -> Decimal | None:
    return max((value for value in values if value is not None), default=None)


def _any(values: Iterable[bool | None]) -> bool | None:
    told = {value for value in values if value is not None}
    return any(told) if told else None


def _share(part: int | None, whole: int | None) -> float | None:
    return part / whole if whole and part is not None else None
