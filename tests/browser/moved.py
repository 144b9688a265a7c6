"""A tenant whose outcomes moved between its snapshots, for What changed and its like."""

from __future__ import annotations

import copy
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.worlds import SMALL, TAKEN_AT, publish, uid

# What the newer world changes: outcome -> its new (importance, satisfaction).
EDITS: dict[int, tuple[str | None, str | None]] = {
    2: ("9.6", "2.2"),
    0: ("6.0", "6.0"),
    7: (None, "3.2"),
    5: ("9.0", "4.0"),
}


def newer() -> dict[str, list[dict[str, Any]]]:
    """SMALL with changed scores, one outcome that is gone and two that are new, and another id for one that is known by its code."""
    world = copy.deepcopy(SMALL)
    outcomes = world["jtbd_outcomes"]
    for n, (importance, satisfaction) in EDITS.items():
        outcomes[n]["importance_score"] = None if importance is None else Decimal(importance)
        outcomes[n]["satisfaction_score"] = None if satisfaction is None else Decimal(satisfaction)
    outcomes[1]["id"] = uid("o1 anew")
    del outcomes[4]
    for name in ("n1", "n2"):
        outcomes.append({"id": uid(name), "outcome_id": name, "outcome_statement": f"<b>{name}</b>", "jtbd_id": uid("j1"),
                         "importance_score": Decimal(9), "satisfaction_score": Decimal(2)})  # fmt: skip
    return world


def publish_three(warehouse: Path, tenant: UUID, slug: str) -> None:
    """A snapshot of the newer world, one ten days older and one two days older, both of SMALL."""
    for age, world in ((10, SMALL), (2, SMALL), (0, newer())):
        told = {"taken_at": (TAKEN_AT - timedelta(days=age)).isoformat()}
        publish(warehouse / str(tenant), world, tenant, slug, told=told)
