"""Whose rows are these? The only place where a SELECT on the source is built, the tenant bound as a parameter.

A row that another one points at is, seen from one tenant, in one of six states: `ours`, `shared` (nobody's, and
declared so), `unshared` (nobody's, and not declared), `other` (another tenant's), `withheld` (personal health data) or
`unknown` (its table is absent here, or says nothing of whose it is). Only `ours` and `shared` ever leave the database, as
rows or as keys; a key that points at no row at all is kept, since it names nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import quoted_name

from vital_insights.source.contract import read_of
from vital_insights.source.contract.declare import Own, Shared, Through
from vital_insights.source.drift import Bound

KINDS = {
    "other": "cross_tenant_reference",
    "unshared": "unshared_reference",
    "withheld": "withheld_reference",
    "unknown": "unverifiable_reference",
    None: "dangling",
}
Element = sa.ColumnElement[Any]
Select = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Scoped:
    """One table's rows as one tenant may see them. Its three SELECTs are the only way to the rows.

    `columns` are the expressions that may leave, by contract column, `raw` the live values before a key that points
    abroad is set to NULL, `states` the state of the row that each key column points at.
    """

    columns: dict[str, Element]
    raw: dict[str, Element]
    states: dict[str, Element]
    is_shared: Element
    _origin: sa.FromClause
    _inside: Element
    _left_out: Element | None
    _withheld: Element | None

    def select(self, *expressions: sa.ColumnElement[Any]) -> Select:
        """Over the rows that are ours or shared."""
        return sa.select(*expressions).select_from(self._origin).where(self._inside)

    def select_left_out(self, *expressions: sa.ColumnElement[Any]) -> Select | None:
        """Over the links that touch this tenant and may not enter; None for a table that is no link."""
        return (
            None if self._left_out is None else sa.select(*expressions).select_from(self._origin).where(self._left_out)
        )

    def select_withheld(self, *expressions: sa.ColumnElement[Any]) -> Select | None:
        """Over the rows of ours that are marked as personal health data; None for a table that marks none."""
        return (
            None if self._withheld is None else sa.select(*expressions).select_from(self._origin).where(self._withheld)
        )


def count_nobodys(bound: Bound) -> Select | None:
    """How many rows of a table have no tenant: for the doctor only. None where that is not asked, or is declared shared."""
    if not isinstance(bound.scope, Own) or bound.scope.column == "id" or bound.null_is_shared:
        return None
    row = _alias(bound, "r")
    return sa.select(sa.func.count().label("n")).select_from(row).where(_at(row, bound, bound.scope.column).is_(None))


def find_tenants(bound: Bound) -> Select:
    """The one SELECT over rows of all tenants: id, slug, name and status of every tenant, to find the one that was asked for."""
    live = _alias(bound, "tenants")
    wanted = ("id", "slug", "name", "status")
    return sa.select(
        *(sa.cast(_at(live, bound, c), sa.Text).label(c) if c in bound.columns else sa.null().label(c) for c in wanted)
    )


def find_addresses(tables: Mapping[str, Bound], lookups: Mapping[str, Bound], tenant: UUID) -> Select | None:
    """The addresses of one tenant's members, to become keyed hashes and nothing else; None where the source has no such thing.

    A member, a profile or a tenant that is marked deleted, or as personal health data, gives none.
    """
    members, profiles, tenants = tables.get("tenant_members"), lookups.get("user_profiles"), tables["tenants"]
    if members is None or not isinstance(members.scope, Own) or "user_id" not in members.columns:
        return None
    if profiles is None or not {"id", "email"} <= profiles.columns.keys():
        return None
    member, profile, owner = _alias(members, "m"), _alias(profiles, "p"), _alias(tenants, "t")
    user, key = _at(member, members, "user_id"), _at(profile, profiles, "id")
    uuids = members.type_of("user_id") == profiles.type_of("id") == "uuid"
    owns = _is(_at(owner, tenants, "id"), tenants.type_of("id"), tenant)
    ours = _is(_at(member, members, members.scope.column), members.type_of(members.scope.column), tenant)
    rows = ((member, members), (profile, profiles), (owner, tenants))
    standing = [*(_not_phi(*each) for each in rows), *(_not_deleted(*each) for each in rows)]
    address = _at(profile, profiles, "email")
    return (
        sa.select(sa.cast(address, sa.Text).label("address"))
        .select_from(member)
        .join(profile, user == key if uuids else _spelt(user) == _spelt(key))
        .join(owner, owns)
        .where(ours, address.is_not(None), *(each for each in standing if each is not None))
    )


def touched(bound: Bound) -> list[str]:
    """The live columns of a table that its rows are read, counted and kept apart by: what the role must be granted."""
    private = {column.name for column in bound.contract.columns} - set(read_of(bound.contract))
    read = [live for column, live in bound.columns.items() if column not in private]
    return [*dict.fromkeys([*read, *_marks(bound)])]


def touched_for_addresses(tables: Mapping[str, Bound], lookups: Mapping[str, Bound]) -> list[tuple[Bound, list[str]]]:
    """The tables that `find_addresses` goes through, each with the live columns that it touches there."""
    wanted = [
        (lookups["user_profiles"], ("id", "email")),
        (tables["tenant_members"], ("tenant_id", "user_id")),
        (tables["tenants"], ("id",)),
    ]
    return [
        (bound, [*(bound.columns[name] for name in names), *_marks(bound), *_deletion(bound)])
        for bound, names in wanted
    ]


def scoped_select(name: str, tables: Mapping[str, Bound], tenant: UUID) -> Scoped:
    """What `tenant` may see of one table. Raises KeyError for a table that is absent, ValueError for one without a scope."""
    bound = tables[name]
    if bound.scope is None:
        raise ValueError(f"{name} cannot be scoped")
    row = _alias(bound, "r")
    origin: sa.FromClause = row
    columns: dict[str, Element] = {}
    raw: dict[str, Element] = {}
    states: dict[str, Element] = {}
    for column in bound.columns:
        info = bound.contract.c[column].info if column in bound.contract.c else {}
        if info.get("level") == "private":
            continue
        columns[column] = raw[column] = _at(row, bound, column)
        if "to" not in info:
            continue
        target = tables.get(info["to"])
        if (
            target is None or "id" not in target.columns
        ):  # it may only have another name: whose row this is cannot be known
            states[column] = sa.literal("unknown")
        else:
            key = (bound, column, columns[column])
            origin, states[column] = _join_state(origin, key, target, tables, tenant, f"s{len(states)}")
        if not (isinstance(bound.scope, Through) and column in bound.scope.keys):
            # A key that points nowhere is kept: it names no row of anybody. One that points abroad is not.
            visible = sa.or_(states[column].is_(None), _visible(states[column]))
            columns[column] = sa.case((visible, columns[column]))
    fine = _not_phi(row, bound)
    own, is_shared, left_out = _belongs(bound, row, states, tenant)
    inside, withheld = (own, None) if fine is None else (sa.and_(own, fine), sa.and_(own, sa.not_(fine)))
    return Scoped(columns, raw, states, is_shared, origin, inside, left_out, withheld)


def _belongs(
    bound: Bound, row: sa.FromClause, states: Mapping[str, Element], tenant: UUID
) -> tuple[Element, Element, Element | None]:
    """(the row is ours or shared, it is shared, it touches us and may not enter)."""
    if isinstance(bound.scope, Shared):
        return sa.true(), sa.true(), None
    if isinstance(bound.scope, Own):
        column = _at(row, bound, bound.scope.column)
        ours = _is(column, bound.type_of(bound.scope.column), tenant)
        if not bound.null_is_shared:
            return ours, sa.false(), None
        return sa.or_(ours, column.is_(None)), column.is_(None), None
    assert isinstance(bound.scope, Through)  # noqa: S101  the caller has refused None
    parents = [states[key] for key in bound.scope.keys]
    inside = sa.and_(*(_visible(parent) for parent in parents))
    touches = sa.or_(*(sa.and_(parent.is_not(None), parent == "ours") for parent in parents))
    return inside, sa.and_(*(parent == "shared" for parent in parents)), sa.and_(touches, sa.not_(_known(inside)))


def _state(bound: Bound, tables: Mapping[str, Bound], tenant: UUID) -> Select:
    """(id, state) of every row of a table that something points at."""
    row = _alias(bound, "t")
    origin: sa.FromClause = row
    fine = _not_phi(row, bound)
    withheld = [] if fine is None else [(sa.not_(fine), "withheld")]
    state: Any
    if bound.scope is None:
        state = sa.literal("unknown")
    elif isinstance(bound.scope, Shared):
        state = sa.case(*withheld, else_="shared") if withheld else sa.literal("shared")
    elif isinstance(bound.scope, Own):
        column = _at(row, bound, bound.scope.column)
        nobody = "shared" if bound.null_is_shared else "unshared"
        abroad = sa.not_(_is(column, bound.type_of(bound.scope.column), tenant))
        if bound.null_is_shared:
            state = sa.case((abroad, "other"), *withheld, (column.is_(None), nobody), else_="ours")
        else:
            state = sa.case((column.is_(None), nobody), (abroad, "other"), *withheld, else_="ours")
    else:
        parents: list[Element] = []
        for key in bound.scope.keys:
            target = tables[bound.contract.c[key].info["to"]]
            link = (bound, key, _at(row, bound, key))
            origin, parent = _join_state(origin, link, target, tables, tenant, f"p{len(parents)}")
            parents.append(parent)
        inside = sa.and_(*(_visible(parent) for parent in parents))
        state = sa.case(
            (sa.not_(_known(inside)), sa.case((_known(sa.or_(*(p == "unshared" for p in parents))), "unshared"), else_="other")),
            *withheld, (sa.and_(*(p == "shared" for p in parents)), "shared"), else_="ours",
        )  # fmt: skip
    is_uuid = bound.type_of("id") == "uuid"
    key_column = _at(row, bound, "id") if is_uuid else _spelt(_at(row, bound, "id"))
    if is_uuid and bound.columns["id"] in bound.live.unique:
        return sa.select(key_column.label("id"), sa.cast(state, sa.Text).label("state")).select_from(origin)
    # A view may repeat an id, text may spell one twice; min() lets 'other' win, so that doubt never admits a row.
    grouped = sa.func.min(sa.cast(state, sa.Text)).label("state")
    return (
        sa.select(key_column.label("id"), grouped)
        .select_from(origin)
        .where(key_column.is_not(None))
        .group_by(key_column)
    )


def _join_state(
    origin: sa.FromClause, link: tuple[Bound, str, Element], target: Bound,
    tables: Mapping[str, Bound], tenant: UUID, alias: str,
) -> tuple[sa.FromClause, Element]:  # fmt: skip
    bound, column, key = link
    states = _state(target, tables, tenant).subquery(alias)
    uuids = bound.type_of(column) == target.type_of("id") == "uuid"
    on = key == states.c.id if uuids else _spelt(key) == _spelt(states.c.id)
    return sa.outerjoin(origin, states, on), states.c.state


def _alias(bound: Bound, name: str) -> sa.FromClause:
    live = bound.live
    columns: list[sa.ColumnClause[Any]] = [sa.column(quoted_name(column, quote=True)) for column in live.types]
    return sa.table(quoted_name(live.name, quote=True), *columns, schema=quoted_name(live.schema, quote=True)).alias(
        name
    )


def _at(row: sa.FromClause, bound: Bound, column: str) -> Element:
    return row.c[bound.columns[column]]


def _is(column: Element, live_type: str, tenant: UUID) -> Element:
    if live_type == "uuid":
        return column == sa.bindparam("tenant", tenant, sa.Uuid)
    return _spelt(column) == sa.bindparam("tenant_text", tenant.hex, sa.Text)


def _spelt(key: Element) -> Element:
    """One spelling of an id kept as text. The warehouse reads {A0EE…}, a0ee… and a0-ee… as one UUID, so they are one here."""
    return sa.func.lower(sa.func.translate(sa.cast(key, sa.Text), "{}- ", ""))


def _not_phi(row: sa.FromClause, bound: Bound) -> Element | None:
    """True unless the row is marked as personal health data, whatever the contract says of the column.

    A mark may name several classes, as a list or with a sign between them: phi among them is enough.
    """
    marks = [row.c[name] for name in _marks(bound)]
    if not marks:
        return None
    classes = (sa.func.regexp_replace(sa.cast(mark, sa.Text), "[^a-zA-Z,;|/+&:=]", "", "g") for mark in marks)
    return sa.and_(*(sa.not_(_known(each.regexp_match("(^|[^a-z])phi([^a-z]|$)", flags="i"))) for each in classes))


def _not_deleted(row: sa.FromClause, bound: Bound) -> Element | None:
    """True unless the row is marked as deleted; None for a table that marks none."""
    deletion = _deletion(bound)
    return row.c[deletion[0]].is_(None) if deletion else None


def _marks(bound: Bound) -> list[str]:
    return [name for name in bound.live.types if name.lower() == "data_classification"]


def _deletion(bound: Bound) -> list[str]:
    live = bound.columns.get("deleted_at", "deleted_at")
    return [live] if live in bound.live.types else []


def _visible(state: Element) -> Element:
    return sa.or_(state == "ours", state == "shared")


def _known(condition: Element) -> Element:
    """A condition that is never NULL: unknown counts as false."""
    return sa.func.coalesce(condition, sa.false())
