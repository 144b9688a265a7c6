"""Who and what a filter can name: the members of a dimension with their codes, in the order and depth of their tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from style import cut

from vital_insights.insights import DIMENSIONS, NONE

# What people call the members of the lists that the table `areas` has.
AREAS = {
    "country": "countries",
    "geographic_scope": "geographic scopes",
    "therapeutic_area": "therapeutic areas",
    "disease_area": "disease areas",
}
# The order of the cascade: what is chosen in one narrows what the later ones offer.
PLACES = {name: DIMENSIONS[name] for name in ("function", "department", "role", "persona", "domain", *AREAS)}
LENGTH = 200  # characters of a code that an address can hold
LONGEST_NAME = 80  # characters of a name in a list to choose from


@dataclass(frozen=True)
class Member:
    """One member of a dimension: its id, its name (with the code where the name is not its own), its depth in the tree."""

    id: str
    name: str
    depth: int


def members(dimension: str, table: pl.DataFrame, membership: pl.DataFrame) -> dict[str, Member]:
    """By code: every member that has a job, parents before children, else by name.

    Where a code is missing, too long for an address or means two members the id stands in, so that every member has one code and keeps it.
    """
    with_jobs = set(membership.filter(dimension=dimension)["member"])
    of = "area" if dimension in AREAS else dimension
    rows = {
        str(row[f"{of}_id"]): (row[f"{of}_code"], row[f"{of}_name"], row.get("parent_id"))
        for row in table.iter_rows(named=True)
        if str(row[f"{of}_id"]) in with_jobs
    }
    codes, names = Counter(code for code, _, _ in rows.values()), Counter(name for _, name, _ in rows.values())
    found = {}
    for member, depth in in_order(rows):
        code, name, _ = rows[member]
        code = code if code and codes[code] == 1 and code != NONE and len(code) <= LENGTH else member
        shown = cut(name or "without a name", LONGEST_NAME)
        found[code] = Member(member, shown if names[name] == 1 else f"{shown} ({code})", depth)
    return found


def in_order(rows: dict[str, tuple[Any, Any, Any]]) -> Iterator[tuple[str, int]]:
    """Each id once with its depth: children after their parent, siblings by name. A circle stands at the end, unfolded."""
    below: dict[str | None, list[str]] = {}
    for member in sorted(rows, key=lambda member: ((rows[member][1] or "").casefold(), member)):
        parent = rows[member][2]
        below.setdefault(str(parent) if parent and str(parent) in rows else None, []).append(member)
    seen = set()
    waiting = [(member, 0) for member in reversed(below.get(None, []))]
    while waiting:
        member, depth = waiting.pop()
        seen.add(member)
        yield member, depth
        waiting += [(child, depth + 1) for child in reversed(below.get(member, [])) if child not in seen]
    yield from ((member, 0) for member in rows if member not in seen)
