"""Two snapshots of one tenant: what appeared, vanished and moved, and how much of each move came from which input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vital_insights.errors import WarehouseError
from vital_insights.warehouse.reader import Overlay

if TYPE_CHECKING:
    import polars as pl

SUPPOSED = " (what if)"  # behind the id of a snapshot that is only supposed
CHANGES = ("moved", "lost_score", "gained_score", "appeared", "vanished", "unchanged")


@dataclass(frozen=True)
class MethodChange:
    """Something of the method that is not the same in both snapshots; None where a snapshot does not record it."""

    what: str
    older: str | None
    newer: str | None


@dataclass(frozen=True)
class Comparison:
    """What changed from `older` to `newer`, both ids of snapshots.

    `rows`: one an outcome, the largest moves first. `change` is moved (another score), lost_score, gained_score, appeared,
    vanished or unchanged; `matched_by` is id, code (job and outcome code), or NULL where there is nothing to match.
    score_change = change_from_importance + change_from_satisfaction exactly; all three NULL without a score on either side.
    `summary`: counts. `method_changes`: what differs in the method; it moves no score here, because both sides are
    computed with today's formula. `restated_older` and `restated_newer` count the scores that were stored otherwise.
    """

    older: str
    newer: str
    rows: pl.DataFrame
    summary: dict[str, int]
    method_changes: tuple[MethodChange, ...]


def compare(newer: Path, older: Path, tenant: UUID, laid: Mapping[str, str] | None = None) -> Comparison:
    """The comparison of two snapshots; where something is `laid` over the newer one, of what is supposed.

    Raises WarehouseError for a damaged file, another tenant's, or one that is too old.
    """
    overlay, laid = Overlay(newer, tenant, older), dict(laid or {})
    try:
        for of in {"snapshot", overlay.older}:
            _refuse_too_old(overlay, of)
        overlay.recompute("opportunity", "new", laid=laid)
        overlay.recompute("opportunity", "old", of=overlay.older)
        overlay.keep("pairs", _PAIRS)
        # The formula is written in one file; mixed inputs run through it as every other outcome does.
        for name, importance, satisfaction in (("new_importance", "new", "old"), ("new_satisfaction", "old", "new")):
            mixed = _MIXED.format(importance=importance, satisfaction=satisfaction)
            overlay.recompute("opportunity", name, laid={**laid, "model.outcomes": mixed})
        overlay.keep("changes", _CHANGES)
        rows = overlay.frame(_ROWS)
        counted = _counted(overlay, "old" if laid else "new")
        summary = {name: overlay.frame(f"select count(*) as n from {what}")["n"].item() for name, what in counted}
        return Comparison(
            older.stem, f"{newer.stem}{SUPPOSED if laid else ''}", rows, summary, tuple(_method_changes(overlay))
        )
    finally:
        overlay.close()


_STORED = {"metric.opportunity": {"outcome_id", "score", "band"}, "model.snapshot": {"score_tolerance"}}


def _refuse_too_old(overlay: Overlay, of: str) -> None:
    there = overlay.tables_of(of)
    for table, columns in _STORED.items():
        if not columns <= there.get(table, {}).keys():
            raise WarehouseError(
                f"The snapshot of {overlay.manifests[of]['taken_at']} lacks what a comparison reads of {table}."
            )


# An empty code is none, and what has none is matched by its id alone.
_PAIRS = """
with by_id as (
    select n.outcome_id as new_id, o.outcome_id as old_id, 'id' as matched_by
    from memory.main.new as n
    inner join memory.main.old as o on o.outcome_id = n.outcome_id
),
rest_new as (
    select *, count(*) over (partition by job_code, outcome_code) as same
    from memory.main.new
    where outcome_id not in (select new_id from by_id) and trim(job_code) <> '' and trim(outcome_code) <> ''
),
rest_old as (
    select *, count(*) over (partition by job_code, outcome_code) as same
    from memory.main.old
    where outcome_id not in (select old_id from by_id) and trim(job_code) <> '' and trim(outcome_code) <> ''
),
matched as (
    from by_id
    union all
    select n.outcome_id as new_id, o.outcome_id as old_id, 'code' as matched_by
    from rest_new as n
    inner join rest_old as o on o.job_code = n.job_code and o.outcome_code = n.outcome_code
    where n.same = 1 and o.same = 1
),
every as (
    from matched
    union all
    select outcome_id, null, null from memory.main.new where outcome_id not in (select new_id from matched)
    union all
    select null, outcome_id, null from memory.main.old where outcome_id not in (select old_id from matched)
)
select
    e.*, n.importance as new_importance, n.satisfaction as new_satisfaction,
    o.importance as old_importance, o.satisfaction as old_satisfaction, n.score is not null and o.score is not null as is_scored
from every as e
left join memory.main.new as n on n.outcome_id = e.new_id
left join memory.main.old as o on o.outcome_id = e.old_id
"""

_MIXED = """
select o.* replace (p.{importance}_importance as importance, p.{satisfaction}_satisfaction as satisfaction)
from original as o
inner join memory.main.pairs as p on p.new_id = o.outcome_id and p.is_scored
"""

# The part of an input is the mean over both orders in which the two inputs can change.
_CHANGES = """
select
    case
        when p.old_id is null then 'appeared' when p.new_id is null then 'vanished'
        when o.score is not null and n.score is null then 'lost_score'
        when o.score is null and n.score is not null then 'gained_score'
        when o.score <> n.score then 'moved' else 'unchanged'
    end as change,
    p.matched_by,
    p.old_id as old_outcome_id,
    p.new_id as new_outcome_id,
    case when p.new_id is null then o.outcome_code else n.outcome_code end as outcome_code,
    case when p.new_id is null then o.statement else n.statement end as statement,
    case when p.new_id is null then o.job_name else n.job_name end as job_name,
    p.old_importance,
    p.new_importance,
    p.old_satisfaction,
    p.new_satisfaction,
    o.score as old_score,
    n.score as new_score,
    o.band as old_band,
    n.band as new_band,
    cast(n.score - o.score as decimal(18, 6)) as score_change,
    cast(((i.score - o.score) + (n.score - s.score)) * 0.5 as decimal(18, 7)) as change_from_importance,
    cast(((s.score - o.score) + (n.score - i.score)) * 0.5 as decimal(18, 7)) as change_from_satisfaction,
    case when o.band <> n.band then o.band || ' -> ' || n.band end as band_crossing
from memory.main.pairs as p
left join memory.main.new as n on n.outcome_id = p.new_id
left join memory.main.old as o on o.outcome_id = p.old_id
left join memory.main.new_importance as i on i.outcome_id = p.new_id
left join memory.main.new_satisfaction as s on s.outcome_id = p.new_id
"""

_ROWS = f"""
select * from memory.main.changes
order by
    list_position({list(CHANGES)}, change), abs(score_change) desc nulls last,
    coalesce(new_score, old_score) desc nulls last, new_outcome_id, old_outcome_id
"""


def _counted(overlay: Overlay, newer: str) -> Iterator[tuple[str, str]]:
    """The name of each count of the summary, and what is counted; `newer` holds the newer file as today's SQL scores it."""
    for change in CHANGES:
        yield change, f"memory.main.changes where change = '{change}'"
    for way in ("id", "code"):
        yield f"matched_by_{way}", f"memory.main.changes where matched_by = '{way}'"
    yield "into_high", "memory.main.changes where old_band <> 'HIGH' and new_band = 'HIGH'"
    yield "out_of_high", "memory.main.changes where old_band = 'HIGH' and new_band <> 'HIGH'"
    for name, of, today in (("restated_older", overlay.older, "old"), ("restated_newer", "snapshot", newer)):
        stored = f"{of}.metric.opportunity as t inner join memory.main.{today} as c on c.outcome_id = t.outcome_id"
        yield name, f"{stored} where t.score is distinct from c.score or t.band <> c.band"


def _method_changes(overlay: Overlay) -> Iterator[MethodChange]:
    older, newer = (_method(overlay, of) for of in (overlay.older, "snapshot"))
    for what in {**newer, **older}:
        if older.get(what) != newer.get(what):
            yield MethodChange(what, older.get(what), newer.get(what))


def _method(overlay: Overlay, of: str) -> dict[str, str]:
    """How a snapshot says that it was computed; an older package recorded less."""
    manifest = overlay.manifests[of]
    told: dict[str, Any] = {"band_scheme": manifest.get("band_scheme")}
    if "model.band_scheme" in overlay.tables_of(of):
        told |= overlay.frame(f"select * from {of}.model.band_scheme").row(0, named=True)
    told["score_tolerance"] = overlay.frame(f"select score_tolerance from {of}.model.snapshot").item()
    told["definitions"] = manifest.get("definitions")
    return {what: _text(value) for what, value in told.items() if value is not None}


def _text(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
