"""What the pages must say, worked out in plain loops from a snapshot's model tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Outcome:
    job: str | None
    kind: str | None
    importance: Decimal | None
    satisfaction: Decimal | None

    @property
    def score(self) -> Decimal | None:
        if self.importance is None or self.satisfaction is None:
            return None
        if not (0 <= self.importance <= 10 and 0 <= self.satisfaction <= 10):
            return None
        return self.importance + max(self.importance - self.satisfaction, Decimal(0))

    @property
    def band(self) -> str:
        if self.score is None:
            return "UNSCORED"
        return "HIGH" if self.score > 12 else "MEDIUM" if self.score >= 8 else "LOW"


class Oracle:
    """One tenant of a warehouse, by slug."""

    def __init__(self, warehouse: Path, slug: str) -> None:
        for pointer in warehouse.glob("*/CURRENT"):
            path = pointer.parent / f"{pointer.read_text().strip()}.duckdb"
            with duckdb.connect(path, read_only=True) as snapshot:
                if snapshot.sql("select slug from raw.tenants").fetchall() != [(slug,)]:
                    continue
                rows = snapshot.sql(
                    "select job_id, outcome_type, importance, satisfaction from model.outcomes where is_live"
                ).fetchall()
                self.outcomes = [Outcome(str(job), kind, i, s) for job, kind, i, s in rows]
                members = snapshot.sql(
                    "select f.function_code, m.job_id from model.membership as m join model.functions as f "
                    "on m.dimension = 'function' and m.member = cast(f.function_id as varchar)"
                ).fetchall()
                self.jobs_of: dict[str, set[str]] = {}
                for code, job in members:
                    self.jobs_of.setdefault(code, set()).add(str(job))
                return
        raise LookupError(slug)

    def bands(self, function: str | None = None, kind: str | None = None) -> Counter[str]:
        """How many outcomes of each band there are in a function and of a type."""
        return Counter(
            outcome.band
            for outcome in self.outcomes
            if (function is None or outcome.job in self.jobs_of[function]) and (kind is None or outcome.kind == kind)
        )

    def inside(self, left: str, right: str, bottom: str, top: str) -> int:
        """How many scored outcomes lie in a range, edges included."""
        return sum(
            Decimal(left) <= outcome.importance <= Decimal(right)
            and Decimal(bottom) <= outcome.satisfaction <= Decimal(top)
            for outcome in self.outcomes
            if outcome.score is not None
        )
