"""How a table of the contract is written: one entry, one to three lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, MetaData, Numeric, Table, Text, Uuid, func
from sqlalchemy.types import TypeEngine

METADATA = MetaData()
LOOKED_UP = MetaData()
Columns = list["Column[Any]"]


@dataclass(frozen=True)
class Own:
    """Rows carry the tenant's id in `column`. Where a live table lacks it, `through` names the parent that decides."""

    column: str = "tenant_id"
    through: tuple[str, ...] = ()


@dataclass(frozen=True, init=False)
class Through:
    """A row is ours when EVERY parent that these keys name is ours or shared."""

    keys: tuple[str, ...]

    def __init__(self, *keys: str) -> None:
        object.__setattr__(self, "keys", keys)


@dataclass(frozen=True)
class Shared:
    """A reference list that belongs to nobody; `because` says why every tenant may read it."""

    because: str


Scope = Own | Through | Shared


@dataclass(frozen=True)
class Tally:
    """A table that is only ever counted, grouped at the source: by the column `kind`, by day of `created_at`, or by both."""

    kind: str | None = None
    daily: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a group."""
        return tuple(name for name in (self.kind, "day" if self.daily else None) if name)


def _columns(names: Iterable[str], kind: TypeEngine[Any], **info: Any) -> Columns:
    return [Column(name, kind, info={"level": "optional", **info}) for name in names]


def text(*names: str) -> Columns:
    return _columns(names, Text())


def label(**vocabularies: str) -> Columns:
    """Text columns whose values come from a vocabulary: `label(status="jtbd_status")`. Unknown values are kept."""
    return [c for name, words in vocabularies.items() for c in _columns([name], Text(), vocabulary=words)]


def number(*names: str) -> Columns:
    return _columns(names, Numeric(18, 6))


def flag(*names: str) -> Columns:
    return _columns(names, Boolean())


def instant(*names: str) -> Columns:
    return _columns(names, DateTime(timezone=True))


def count(*names: str) -> Columns:
    return _columns(names, BigInteger())


def to(**targets: str) -> Columns:
    """Keys to other contract tables: `to(role_id="org_roles")`."""
    return [c for name, target in targets.items() for c in _columns([name], Uuid(), to=target)]


def private(*names: str) -> Columns:
    """Columns the demo database has and the extraction never reads: people, contacts, message texts."""
    return _columns(names, Text(), level="private")


def required(columns: Columns) -> Columns:
    """Without these a table that is there cannot be read, and the refresh is refused."""
    return [_at(column, "required") for column in columns]


def identity() -> Columns:
    """The id of a lookup, which other tables name."""
    return _columns(["id"], Uuid())


def assumed(columns: Columns) -> Columns:
    """No document names these: used where they exist, no finding where they do not."""
    return [_at(column, "assumed") for column in columns]


def _at(column: Column[Any], level: str) -> Column[Any]:
    column.info["level"] = level
    return column


def table(
    name: str,
    scope: Scope,
    *columns: Columns,
    required_table: bool = False,
    tally: Tally | None = None,
    also: str | None = None,
) -> Table:
    """Declare one table. The conventions of the schema come with it: `id`, `tenant_id` by scope, the instants of change.

    `tally` makes it counts, grouped at the source: no row of such a table is ever fetched. `also` is another name that the
    documents give it. Raises TypeError for a table without a scope: there is no default, on purpose.
    """
    if not isinstance(scope, Own | Through | Shared):
        raise TypeError(f"{name}: every table of the contract says whose its rows are: Own, Through or Shared")
    link = isinstance(scope, Through) and len(scope.keys) > 1
    level = "private" if link or tally else "required"
    key: Columns = [
        Column("id", Uuid(), primary_key=True, server_default=func.gen_random_uuid(), info={"level": level})
    ]
    tenant = (
        _columns([scope.column], Uuid(), level="required") if isinstance(scope, Own) and scope.column != "id" else []
    )
    # A link has no life of its own: no instants, and its id may be random (a view) or absent.
    life = [] if link or tally else instant("created_at", "updated_at")
    life += [] if tally else assumed(instant("deleted_at"))
    if tally and tally.daily:
        life = instant("created_at")
    body = [column for group in columns for column in group]
    if isinstance(scope, Through):
        body = [
            _at(column, "required") if column.name in scope.keys and column.info["level"] != "assumed" else column
            for column in body
        ]
    made = Table(name, METADATA, *key, *tenant, *body, *life)
    made.info |= {"scope": scope, "required": required_table, "tally": tally, "also": also}
    return made


def junction(name: str, /, **ends: str) -> Table:
    """Declare a link of which the documents say what it joins, and not what its two columns are called."""
    return table(name, Through(*ends), assumed(to(**ends)))


def lookup(name: str, *columns: Columns) -> Table:
    """Declare a table that is asked one question and never loaded: it has no scope of its own, so nothing can extract it."""
    made = Table(name, LOOKED_UP, *(column for group in columns for column in group))
    made.info |= {"scope": None, "required": False, "tally": None, "also": None}
    return made


def scope_of(declared: Table) -> Scope:
    """The scope a table was declared with."""
    scope: Scope = declared.info["scope"]
    return scope


def tally_of(declared: Table) -> Tally | None:
    """How a table is counted; None where its rows are read."""
    tally: Tally | None = declared.info["tally"]
    return tally


def key_of(declared: Table) -> tuple[str, ...]:
    """The columns that name a row of this table to people and in rejects: the id, a link's parents, a tally's group."""
    scope = scope_of(declared)
    if tally := tally_of(declared):
        return tally.key
    return scope.keys if isinstance(scope, Through) and len(scope.keys) > 1 else ("id",)
