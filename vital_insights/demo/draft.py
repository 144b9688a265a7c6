"""A tenant's rows while they are being made."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from vital_insights.demo.words import Function, functions

NAMESPACE = UUID("5f0c6f0e-4a43-5d0b-9a55-0d6d0b6f3c11")
FIRST_DAY = datetime(2025, 1, 6, 8, tzinfo=UTC)
LAST_DAY = datetime(2026, 10, 30, 16, tzinfo=UTC)  # the rows never read the clock: the same every day
Row = dict[str, Any]


@dataclass(frozen=True)
class Profile:
    """What is decided about a tenant before a row is made; `outcomes` is the mean per job.

    `progress` says how far collection has come beside the others, `validates` whether experts were asked at all.
    """

    slug: str
    name: str
    kind: str
    code: str
    status: str
    tier: str
    industry: str
    jobs: int
    personas: int
    outcomes: int
    members: dict[str, int]
    progress: float = 1.0
    validates: bool = True


@dataclass
class Draft:
    """Rows by table, in the order of making. `copy` counts the repetitions of a larger scale."""

    profile: Profile
    copy: int = 0
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE, self.profile.slug)

    @property
    def functions(self) -> tuple[Function, ...]:
        return functions(self.profile.kind)

    def chance(self, what: str) -> random.Random:
        """A source of chance of its own for each purpose: adding a table leaves the others as they are."""
        return random.Random(f"{self.profile.slug}/{self.copy}/{what}")

    def reach(self, step: str, *shares: float) -> dict[str, float]:
        """The share of each function (by code) that a step of collection has reached: uneven on purpose, as in the field."""
        codes = [function.code for function in self.functions]
        order = Draft(self.profile).chance(f"reach/{step}").sample(codes, len(codes))
        return {code: shares[place % len(shares)] * self.profile.progress for place, code in enumerate(order)}

    def key(self, table: str, name: object) -> UUID:
        """The id of the row of that name, which may not be made yet."""
        return uuid5(NAMESPACE, f"{self.profile.slug}/{self.copy}/{table}/{name}")

    def add(self, table: str, name: object, /, **values: Any) -> Row:
        """A new row, whose id follows from its name. Columns that the table does not have are never written."""
        key = self.key(table, name)
        created = FIRST_DAY + timedelta(minutes=key.int % 520_000)
        updated = min(created + timedelta(minutes=(key.int >> 32) % 430_000), LAST_DAY)
        row = {"id": key, "tenant_id": self.id, "created_at": created, "updated_at": updated, **values}
        self.rows.setdefault(table, []).append(row)
        return row
