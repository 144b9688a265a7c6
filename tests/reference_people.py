"""The oracle of the metrics about personas and members: plain loops over the raw rows; it knows nothing of the SQL."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

PORTRAIT = {
    "profile": [
        "education", "certifications", "career_trajectory", "motivations", "values", "personality_traits", "success_metrics",
        "communication_preferences", "vpanes_scoring",
    ],
    "time": [
        "typical_day", "week_in_life", "weekly_meetings", "weekly_milestones", "month_in_life", "monthly_objectives",
        "monthly_stakeholders", "year_in_life", "annual_conferences",
    ],
    "stakeholders": [
        "internal_stakeholders", "external_stakeholders", "regulatory_stakeholders", "customer_relationships",
        "vendor_relationships", "industry_relationships", "internal_networks", "stakeholder_influence_map",
        "stakeholder_journey", "stakeholder_value_exchange",
    ],
    "evidence": [
        "evidence_sources", "evidence_summary", "public_research", "expert_opinions", "industry_reports",
        "supporting_statistics", "case_studies",
    ],
}  # fmt: skip
HOW = {"stakeholder_influence_map", "stakeholder_journey", "stakeholder_value_exchange"}
DIMENSIONS = ["visibility", "pain", "actions", "needs", "emotions", "scenarios"]
ROLES = ["owner", "admin", "manager", "member", "guest", "viewer"]
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class People:
    """The metrics of one world; `absent` are the tables that its source lacks, `columns` those that lack in others."""

    def __init__(self, world, absent=(), columns=()):
        self.world, self.absent, self.columns = world, set(absent), set(columns)
        self.personas = [row["id"] for row in world.get("personas", []) if not row.get("deleted_at")]

    def rows(self, kind):
        return [row for row in self.world.get(f"persona_{kind}", []) if not row.get("deleted_at")]

    def of(self, persona, kind):
        return [row for row in self.rows(kind) if row.get("persona_id") == persona]

    def is_known(self, part, kind):
        if f"persona_{kind}" in self.absent:
            return False
        # That such a table says whose a row is, is only assumed; one in which no row does tells of nobody.
        told = [row.get("persona_id") for row in self.rows(kind)]
        return part in ("stakeholders", "evidence") or not told or any(whose is not None for whose in told)

    def persona_completeness(self):
        found = {}
        for persona in self.personas:
            row, missing, changed = {}, [], []
            for part, kinds in PORTRAIT.items():
                known = [kind for kind in kinds if self.is_known(part, kind)]
                filled = [kind for kind in known if self.of(persona, kind)]
                changed += [_changed(entry) for kind in kinds for entry in self.of(persona, kind)]
                row[f"n_{part}_kinds"] = len(known)
                row[f"n_{part}"] = len(filled) if known else None
                if known and not filled:
                    missing.append(part)
            n_kinds = sum(row[f"n_{part}_kinds"] for part in PORTRAIT)
            n_filled = sum(row[f"n_{part}"] or 0 for part in PORTRAIT)
            n_parts = sum(row[f"n_{part}_kinds"] > 0 for part in PORTRAIT)
            row["n_kinds"], row["n_filled"] = n_kinds, n_filled if n_kinds else None
            row["share_filled"] = float(Fraction(n_filled, n_kinds)) if n_kinds else None
            row["n_parts"], row["n_present"] = n_parts, n_parts - len(missing) if n_parts else None
            row["missing"] = ", ".join(missing) or None
            row["newest_change"] = max((instant for instant in changed if instant), default=None)
            found[persona] = row
        return found

    def stakeholder_map(self):
        found = {}
        for persona in self.personas:
            for kind in PORTRAIT["stakeholders"]:
                entries, known = self.of(persona, kind), self.is_known("stakeholders", kind)
                changed = [_changed(entry) for entry in entries]
                found[persona, kind] = {
                    "tells": "how" if kind in HOW else "who",
                    "n_entries": len(entries) if known else None,
                    "n_named": len([e for e in entries if (e.get("name") or "").strip(" ")]) if known else None,
                    "newest_change": max((instant for instant in changed if instant), default=None),
                }
        return found

    def vpanes(self):
        found, known = {}, self.is_known("profile", "vpanes_scoring")
        every = self.rows("vpanes_scoring")
        judged = not every or any(row.get(f"{name}_score") is not None for row in every for name in DIMENSIONS)
        for persona in self.personas:
            scorings = sorted(self.of(persona, "vpanes_scoring"), key=lambda row: str(row["id"]))
            newest = max(scorings, key=lambda row: _changed(row) or LONG_AGO, default={})
            row = {name: newest.get(f"{name}_score") for name in DIMENSIONS}
            scored = len([value for value in row.values() if value is not None])
            row |= {
                "n_scorings": len(scorings) if known else None,
                "n_dimensions": scored if known and judged else None,
            }
            found[persona] = row | {"scored_at": _changed(newest)}
        return found

    def tenant_usage(self):
        members = {}
        for row in self.world.get("tenant_members", []):
            role = (row.get("role") or "").strip(" ").lower()
            members[role] = members.get(role, 0) + row["n"]
        keys, tenants = self.world.get("api_keys", []), self.world.get("tenants", [])
        whole, counted = sum(members.values()), "tenant_members" not in self.absent
        told = {
            role: counted and (role == "" or ("tenant_members", "role") not in self.columns)
            for role in {*ROLES, *members}
        }
        return {
            role: {
                "place": ROLES.index(role) + 1 if role in ROLES else None,
                "n_members": members.get(role, 0) if told[role] else None,
                "n_members_in_all": whole if counted else None,
                "share_of_members": float(Fraction(members.get(role, 0), whole)) if whole and told[role] else None,
                "tenant_status": tenants[0]["status"] if tenants else None,
                "tenant_tier": tenants[0]["tier"] if tenants else None,
                "n_api_keys": sum(row["n"] for row in keys) if "api_keys" not in self.absent else None,
                "newest_api_key": max((row["day"] for row in keys if row["day"]), default=None),
            }
            for role in told
        }  # fmt: skip


def _changed(row):
    return row.get("updated_at") or row.get("created_at")
