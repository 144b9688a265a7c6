"""Worlds with a canary in every string: whose text and whose ids may never be seen by whom."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import duckdb
import numpy as np

from tests.tenancy.lab import Row, World, columns, kind, targets, texts
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.declare import Own, Shared, scope_of

NOBODY = None
UNDECLARED = "remarks"  # a text that every live table has and the contract does not know


@dataclass
class Canaries:
    """Rows of several tenants and of nobody; `words[owner]` are the tokens and ids that only `owner` may see."""

    rows: World = field(default_factory=lambda: {table: [] for table in TABLES})
    words: dict[UUID | str | None, set[str]] = field(default_factory=dict)
    ids: dict[tuple[str, UUID | str | None], list[UUID]] = field(default_factory=dict)

    def word(self, owner: UUID | str | None, table: str, column: str) -> str:
        made = f"canary-{table}-{column}-{secrets.token_hex(8)}"
        self.words.setdefault(owner, set()).add(made)
        return made

    def add(self, table: str, owner: UUID | str | None, **given: object) -> Row:
        """One row with a canary in each of its strings; its keys are the given ones, or rows of the same owner."""
        scope = scope_of(TABLES[table])
        row: Row = {"id": owner if scope == Own("id") else uuid4()}
        for column in columns(table):
            if column == "id" or column in given:
                continue
            if isinstance(scope, Own) and column == scope.column:
                row[column] = owner
            elif column in targets(table):
                target = targets(table)[column]
                known = self.ids.get((target, "all" if isinstance(scope_of(TABLES[target]), Shared) else owner), [])
                row[column] = known[-1] if known else None
            elif kind(table, column) == "text":
                # No text of a table that is only counted may leave, not even to its owner: none of these is a short code.
                kept = not TABLES[table].info["tally"] and TABLES[table].c[column].info["level"] != "private"
                row[column] = self.word(owner if kept else "private", table, column)
        row[UNDECLARED] = self.word("private", table, UNDECLARED)
        row |= given
        self.rows[table].append(row)
        self.ids.setdefault((table, owner), []).append(row["id"])
        if owner != "all":
            self.words.setdefault(owner, set()).add(str(row["id"]))
        return row

    @classmethod
    def of(cls, tenants: list[UUID], each: int = 2) -> Canaries:
        """Every tenant has rows in every table, and so has nobody; own rows point abroad with every key they have."""
        world = cls()
        for _ in range(each):
            for table, declared in TABLES.items():
                scope = scope_of(declared)
                if isinstance(scope, Shared):
                    world.add(table, "all")
                elif scope == Own("id"):
                    for tenant in tenants:
                        if not world.ids.get((table, tenant)):
                            world.add(table, tenant)
                else:
                    for owner in [*tenants, NOBODY]:
                        world.add(table, owner)
        for table in TABLES:
            world.point_abroad(table, tenants[0], tenants[1:])
        return world

    def point_abroad(self, table: str, me: UUID, others: list[UUID]) -> None:
        """Rows of `me` that name rows of others and of nobody, key by key. Where the key says whose the row is, it may not enter."""
        for column, target in targets(table).items():
            if isinstance(scope_of(TABLES[target]), Shared):
                continue
            for other in [*others, NOBODY]:
                own = column not in getattr(scope_of(TABLES[table]), "keys", ())
                self.add(
                    table, me if own else "left out", **self._keys(table, me) | {column: self.ids[target, other][0]}
                )

    def _keys(self, table: str, me: UUID) -> dict[str, UUID]:
        shared = {t for t in TABLES if isinstance(scope_of(TABLES[t]), Shared)}
        return {c: self.ids[t, "all" if t in shared else me][0] for c, t in targets(table).items()}

    def strays(self, duck: duckdb.DuckDBPyConnection, me: UUID) -> dict[str, set[str]]:
        """Where in a DuckDB something stands that `me` may not see: table.column -> the words."""
        forbidden = set().union(*(words for owner, words in self.words.items() if owner not in (me, "all")))
        found: dict[str, set[str]] = {}
        for table, column, value in texts(duck):
            if value in forbidden or (len(value) > 36 and not forbidden.isdisjoint(re.findall(TOKEN, value))):
                found.setdefault(f"{table}.{column}", set()).add(value)
        return found

    def stray_bytes(self, path: Path, me: UUID) -> set[str]:
        """The forbidden words whose bytes stand anywhere in a file: text, and UUIDs as DuckDB keeps them too."""
        content = path.read_bytes()
        forbidden = set().union(*(words for owner, words in self.words.items() if owner not in (me, "all")))
        halves = {half(word): word for word in forbidden if half(word) is not None}
        asked = np.fromiter(halves, dtype=np.uint64)
        found = {token.decode() for token in re.findall(TOKEN.encode(), content)} & forbidden
        for shift in range(min(8, len(content))):  # a UUID may begin at any byte
            seen = np.frombuffer(content, dtype="<u8", offset=shift, count=(len(content) - shift) // 8)
            found |= {halves[int(value)] for value in np.intersect1d(seen, asked)}
        return found


# A word of ours inside a longer text, such as a key in raw.rejects or a finding's detail.
TOKEN = r"canary-\w+-\w+-[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def half(word: str) -> int | None:
    """The low half of a UUID, which stands in a file least byte first; None for a word that is none."""
    try:
        return UUID(word).int & (2**64 - 1)
    except ValueError:
        return None
